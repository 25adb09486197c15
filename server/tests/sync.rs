//! State plus events is the same as state fetched anew: the browser's own state is fed by real WebSockets while several
//! people do things at random, and in the end it has to be what a page that is opened now begins with.
#![expect(clippy::unwrap_used, reason = "in a test it is the failure")]

use app::{
    chat::Chat,
    client::{Client, InProcess, InProcessRequest},
    load::{self, Start},
    state::{Model, take::Fit},
    ui,
};
use backend::testing::{Socket, TestServer, TestUser};
use http::{Request, header};
use leptos::prelude::{Owner, provide_context};
use model::{ChannelId, PostId, event::Received};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};
use tower::ServiceExt as _;

/// How many things are done in one run.
const STEPS: usize = 250;

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.roll(of.len())) }
    }
}

/// Somebody with a page open.
struct Person {
    user: TestUser,
    owner: Owner,
    chat: Chat,
    socket: Socket,
    path: String,
    thread: Option<PostId>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A page of somebody's, in a reactive scope of its own.
fn page(server: &TestServer, user: &TestUser) -> (Owner, Chat) {
    let owner = Owner::new();
    let (api, token) = (server.backend.api.clone(), user.token.clone());
    let chat = owner.with(|| {
        provide_context(InProcess(Arc::new(move |asked: InProcessRequest| {
            let request = Request::builder()
                .method(asked.method)
                .uri(asked.path_and_query)
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .body(axum::body::Body::from(asked.body.unwrap_or_default()));
            let api = api.clone();
            Box::pin(async move {
                let response = api.oneshot(request.unwrap()).await.unwrap();
                let status = response.status().as_u16();
                let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
                (status, String::from_utf8_lossy(&bytes).into_owned())
            })
        })));
        Chat::new(ui::provide_toasts())
    });
    (owner, chat)
}

/// Opens an address: everything the page shows, with all posts of its channel.
async fn opened(client: Client, chat: Chat, path: &str, thread: Option<PostId>) {
    let start = load::start(client, path.to_owned(), thread).await;
    let Start::Chat(snapshot) = start else { panic!("{path} leads elsewhere: {start:?}") };
    let open = snapshot.open;
    chat.update(|m| {
        m.take(*snapshot);
        Vec::new()
    });
    complete(chat, open).await;
    if path.ends_with("/threads") {
        // As the list does where there was nothing in it.
        load::threads(chat, true).await.unwrap();
    }
    load::wanted(chat).await;
}

/// Brings the posts of a channel that are not here yet, as scrolling does.
async fn complete(chat: Chat, open: ChannelId) {
    for _ in 0..20 {
        let (older, newer) = chat.peek(|m| m.stretches.get(&open).map_or((false, false), |s| (s.older, s.newer)));
        if older {
            load::more(chat, open, Fit::Before).await.unwrap();
        } else if newer {
            load::more(chat, open, Fit::After).await.unwrap();
        } else {
            return;
        }
    }
}

impl Person {
    /// Hears what has happened, and fetches what that asks for.
    async fn catch_up(&mut self, server: &TestServer) {
        let heard = server.hear(&self.user, &mut self.socket).await;
        for event in heard {
            let received = Received {
                seq: event["seq"].as_i64().unwrap(),
                broadcast: serde_json::from_value(event["broadcast"].clone()).unwrap(),
                event: serde_json::from_value(event).unwrap(),
            };
            self.chat.update(|m| m.apply(received));
        }
        load::wanted(self.chat).await;
    }
}

/// What can be seen of a state, line by line.
fn seen(m: &Model, open: ChannelId, thread: Option<PostId>) -> BTreeMap<String, String> {
    let mut lines = BTreeMap::new();
    let mut say = |what: String, value: String| {
        lines.insert(what, value);
    };
    say("me".into(), format!("{:?}", m.my()));
    for (id, team) in &m.teams {
        say(format!("team {id}"), format!("{:?}", (&team.name, &team.display_name, team.delete_at)));
        let member = m.team_members.get(id).map(|t| (&t.roles, t.scheme_admin));
        say(format!("team {id} member"), format!("{member:?}"));
    }
    for (category, name) in m.preferences.keys() {
        say(format!("preference {category} {name}"), m.preference(category, name).unwrap_or_default().to_owned());
    }
    say("sidebar".into(), format!("{:?}", m.sections()));
    let mine = |id: &ChannelId| m.channels.get(id).filter(|c| c.delete_at == 0 && m.memberships.contains_key(&c.id));
    for channel in m.channels.keys().filter_map(mine) {
        let id = channel.id;
        let c = channel;
        let counts = (c.total_msg_count, c.total_msg_count_root, c.last_post_at);
        say(format!("channel {id} {}", c.name), format!("{:?}", (c.kind, &c.display_name, &c.header, &c.purpose)));
        say(format!("channel {id} counts"), format!("{counts:?}"));
        let member = &m.memberships[&id];
        let counts = (member.msg_count, member.msg_count_root, member.mention_count, member.mention_count_root);
        say(format!("member {id}"), format!("{:?}", (&member.roles, member.scheme_admin, &member.notify_props)));
        say(format!("member {id} counts"), format!("{counts:?}"));
        say(format!("member {id} viewed"), format!("{:?}", member.last_viewed_at));
        say(format!("unread {id}"), format!("{:?}", m.unread(id)));
    }
    say("threads".into(), format!("{:?}", (m.inbox.unread, m.inbox.mentions)));
    if m.inbox.loaded {
        say("threads listed".into(), format!("{:?}", m.inbox.order));
        for id in &m.inbox.order {
            say(format!("thread {id}"), format!("{:?}", m.followed.get(id)));
        }
    }
    let mut shown = Vec::new();
    if mine(&open).is_some() {
        say("members".into(), format!("{:?}", m.member_counts.get(&open)));
        let order = m.stretches.get(&open).map(|s| s.order.clone()).unwrap_or_default();
        say("posts".into(), format!("{order:?}"));
        shown.extend(order);
        if let Some(replies) = thread
            .and_then(|root| m.threads.get(&root))
            .filter(|_| thread.is_some_and(|root| m.posts.contains_key(&root)))
        {
            say("replies".into(), format!("{:?}", replies.order));
            shown.extend(&replies.order);
        }
    }
    for id in shown {
        let Some(p) = m.posts.get(&id) else {
            say(format!("post {id}"), "missing".into());
            continue;
        };
        say(format!("post {id}"), format!("{:?}", (&p.message, p.edit_at, p.is_pinned, &p.kind, p.create_at)));
        let mut people: Vec<_> = p.participants.iter().flatten().map(|u| u.id).collect();
        people.sort();
        say(format!("post {id} thread"), format!("{:?}", (p.reply_count, p.last_reply_at, people)));
        let following = p.reply_count > 0 && p.is_following == Some(true);
        say(format!("post {id} followed"), format!("{following:?}"));
        let mut reactions: Vec<_> = p.metadata.reactions.iter().map(|r| (r.user_id, &r.emoji_name)).collect();
        reactions.sort();
        say(format!("post {id} reactions"), format!("{reactions:?}"));
        say(
            format!("author {}", p.user_id),
            format!("{:?}", m.users.get(&p.user_id).map(|u| (&u.username, &u.nickname))),
        );
    }
    lines
}

/// Everything that people know of each other's doings.
struct World {
    server: TestServer,
    team: String,
    channels: Vec<String>,
    posts: Vec<(String, String)>,
    dice: Dice,
    log: Vec<String>,
    done: usize,
}

impl World {
    /// Does something as somebody; being refused is as good as not.
    async fn act(&mut self, who: &TestUser, method: &str, path: &str, body: Value) -> Option<Value> {
        let (status, answer) = self.server.call(who, method, path, body.clone()).await;
        assert!(!status.is_server_error(), "{method} {path} {body}: {status} {answer}");
        self.log.push(format!("{} {method} {path} {body}: {}", who.username, status.as_u16()));
        self.done += usize::from(status.is_success());
        status.is_success().then_some(answer)
    }

    async fn something(&mut self, people: &[TestUser]) {
        let who = self.dice.pick(people).unwrap().clone();
        let other = self.dice.pick(people).unwrap().clone();
        let team = self.team.clone();
        let channel = self.dice.pick(&self.channels).unwrap().clone();
        let (post, of) = self.dice.pick(&self.posts).cloned().unwrap_or_default();
        let number = self.log.len();
        let emoji = ["car", "rocket", "+1"][self.dice.roll(3)];
        let me = &who.id;
        let my_team = format!("/users/{me}/teams/{team}");
        match self.dice.roll(34) {
            0..=6 => {
                let mention = if self.dice.roll(3) == 0 { format!(" @{}", other.username) } else { String::new() };
                let all = if self.dice.roll(12) == 0 { " @channel" } else { "" };
                let new = json!({"channel_id": channel, "message": format!("message {number}{mention}{all}")});
                if let Some(made) = self.act(&who, "POST", "/posts", new).await {
                    self.posts.push((text(&made["id"]), channel));
                }
            }
            7..=10 => {
                let mention = if self.dice.roll(3) == 0 { format!(" @{}", other.username) } else { String::new() };
                let message = format!("reply {number}{mention}");
                let new = json!({"channel_id": of, "root_id": post, "message": message});
                if let Some(made) = self.act(&who, "POST", "/posts", new).await {
                    self.posts.push((text(&made["id"]), of));
                }
            }
            11 => {
                let body = json!({"message": format!("edited {number}")});
                self.act(&who, "PUT", &format!("/posts/{post}/patch"), body).await;
            }
            12 => {
                self.act(&who, "DELETE", &format!("/posts/{post}"), Value::Null).await;
            }
            13 | 14 => {
                let body = json!({"user_id": me, "post_id": post, "emoji_name": emoji});
                self.act(&who, "POST", "/reactions", body).await;
            }
            15 => {
                let path = format!("/users/{me}/posts/{post}/reactions/{emoji}");
                self.act(&who, "DELETE", &path, Value::Null).await;
            }
            16 => {
                let what = if self.dice.roll(2) == 0 { "pin" } else { "unpin" };
                self.act(&who, "POST", &format!("/posts/{post}/{what}"), Value::Null).await;
            }
            17 | 18 => {
                self.act(&who, "POST", "/channels/members/me/view", json!({"channel_id": channel})).await;
            }
            19 => {
                let body = json!({"collapsed_threads_supported": true});
                self.act(&who, "POST", &format!("/users/{me}/posts/{post}/set_unread"), body).await;
            }
            20 => {
                self.act(&who, "POST", &format!("/channels/{channel}/members"), json!({"user_id": me})).await;
            }
            21 => {
                self.act(&who, "DELETE", &format!("/channels/{channel}/members/{me}"), Value::Null).await;
            }
            22 => {
                self.act(&who, "POST", &format!("/channels/{channel}/members"), json!({"user_id": other.id})).await;
            }
            23 => {
                let path = format!("/channels/{channel}/members/{}", other.id);
                self.act(&who, "DELETE", &path, Value::Null).await;
            }
            24 => {
                let kind = if self.dice.roll(2) == 0 { "O" } else { "P" };
                let name = format!("channel-{number}");
                let new = json!({"team_id": team, "name": name, "display_name": name, "type": kind});
                if let Some(made) = self.act(&who, "POST", "/channels", new).await {
                    self.channels.push(text(&made["id"]));
                }
            }
            25 => {
                let body = json!({"header": format!("header {number}"), "display_name": format!("Channel {number}")});
                self.act(&who, "PUT", &format!("/channels/{channel}/patch"), body).await;
            }
            26 if self.dice.roll(3) == 0 => {
                self.act(&who, "DELETE", &format!("/channels/{channel}"), Value::Null).await;
            }
            26 => {
                self.act(&who, "POST", &format!("/channels/{channel}/restore"), Value::Null).await;
            }
            27 => {
                if let Some(made) = self.act(&who, "POST", "/channels/direct", json!([me, other.id])).await {
                    let id = text(&made["id"]);
                    if !self.channels.contains(&id) {
                        self.channels.push(id);
                    }
                }
            }
            28 => {
                let how = if self.dice.roll(2) == 0 { "PUT" } else { "DELETE" };
                self.act(&who, how, &format!("{my_team}/threads/{post}/following"), Value::Null).await;
            }
            29 if self.dice.roll(4) == 0 => {
                self.act(&who, "PUT", &format!("{my_team}/threads/read"), Value::Null).await;
            }
            29 => {
                let now = self.server.backend.cx.clock.now();
                self.act(&who, "PUT", &format!("{my_team}/threads/{post}/read/{now}"), Value::Null).await;
            }
            30 => {
                let saved = json!([{"user_id": me, "category": "flagged_post", "name": post, "value": "true"}]);
                if self.dice.roll(2) == 0 {
                    self.act(&who, "PUT", &format!("/users/{me}/preferences"), saved).await;
                } else {
                    self.act(&who, "POST", &format!("/users/{me}/preferences/delete"), saved).await;
                }
            }
            31 => self.arrange(&who, &channel).await,
            32 => {
                let path = format!("/channels/{channel}/members/{me}/notify_props");
                let mark_unread = if self.dice.roll(2) == 0 { "mention" } else { "all" };
                self.act(&who, "PUT", &path, json!({"user_id": me, "mark_unread": mark_unread})).await;
            }
            _ => match self.dice.roll(3) {
                0 => {
                    let body = json!({"nickname": format!("nick {number}")});
                    self.act(&who, "PUT", &format!("/users/{me}/patch"), body).await;
                }
                1 => {
                    let path = format!("/channels/{channel}/members/{}/schemeRoles", other.id);
                    let body = json!({"scheme_user": true, "scheme_admin": self.dice.roll(2) == 0});
                    self.act(&who, "PUT", &path, body).await;
                }
                _ => {
                    let body = json!({"display_name": format!("Team {number}")});
                    self.act(&who, "PUT", &format!("/teams/{team}/patch"), body).await;
                }
            },
        }
    }

    /// Does something to somebody's sidebar.
    async fn arrange(&mut self, who: &TestUser, channel: &str) {
        let path = format!("/users/{}/teams/{}/channels/categories", who.id, self.team);
        let all = self.server.must(who, "GET", &path, Value::Null).await;
        let categories = all["categories"].as_array().unwrap().clone();
        let category = self.dice.pick(&categories).unwrap().clone();
        match self.dice.roll(4) {
            0 => {
                let name = format!("category {}", self.log.len());
                let new =
                    json!({"user_id": who.id, "team_id": self.team, "display_name": name, "channel_ids": [channel]});
                self.act(who, "POST", &path, new).await;
            }
            1 => {
                self.act(who, "DELETE", &format!("{path}/{}", text(&category["id"])), Value::Null).await;
            }
            2 => {
                let mut order = all["order"].as_array().unwrap().clone();
                order.rotate_left(1);
                self.act(who, "PUT", &format!("{path}/order"), json!(order)).await;
            }
            _ => {
                let mut changed = category.clone();
                changed["collapsed"] = (self.dice.roll(2) == 0).into();
                changed["muted"] = (self.dice.roll(2) == 0).into();
                let mut ids = changed["channel_ids"].as_array().unwrap().clone();
                if !ids.contains(&channel.into()) {
                    ids.insert(0, channel.into());
                }
                changed["channel_ids"] = ids.into();
                self.act(who, "PUT", &path, json!([changed])).await;
            }
        }
    }
}

async fn run(seed: u64) -> Result<(), String> {
    let server = TestServer::start().await;
    let mut users = Vec::new();
    for name in ["ann", "bob", "cat", "dan"] {
        users.push(server.user(name).await);
    }
    let others: Vec<_> = users[1..].iter().collect();
    let team = server.team(&users[0], "team", &others).await;
    let private = server.channel(&users[0], &team, "secret", &[&users[1], &users[2]]).await;
    let by_name = async |name: &str| {
        text(&server.must(&users[0], "GET", &format!("/teams/{team}/channels/name/{name}"), Value::Null).await["id"])
    };
    let (square, topic) = (by_name("town-square").await, by_name("off-topic").await);
    let root = server.must(&users[0], "POST", "/posts", json!({"channel_id": square, "message": "begin"})).await;
    let root = text(&root["id"]);
    server.must(&users[0], "POST", "/posts", json!({"channel_id": square, "root_id": root, "message": "first"})).await;
    let dice = Dice(seed);
    let posts = vec![(root.clone(), square.clone())];
    let channels = vec![square, topic, private];
    let mut world = World { server, team, channels, posts, dice, log: Vec::new(), done: 0 };

    let thread: PostId = root.parse().unwrap();
    let pages = [
        ("/team/channels/town-square", Some(thread)),
        ("/team/channels/secret", None),
        ("/team/threads", None),
        ("/team/channels/off-topic", None),
    ];
    let mut people = Vec::new();
    for (user, (path, thread)) in users.iter().zip(pages) {
        let (owner, chat) = page(&world.server, user);
        let socket = world.server.socket(user).await;
        opened(chat.client(), chat, path, thread).await;
        people.push(Person { user: user.clone(), owner, chat, socket, path: path.to_owned(), thread });
    }
    for _ in 0..STEPS {
        world.something(&users).await;
        // Some are quick to hear and some are not.
        for (at, person) in people.iter_mut().enumerate() {
            if world.dice.roll(2 + 5 * at) == 0 {
                person.catch_up(&world.server).await;
            }
        }
    }
    assert!(world.done > STEPS / 3, "most of it works: {} of {STEPS}", world.done);
    let mut report = String::new();
    // Followers are told beside the request.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    for person in &mut people {
        person.catch_up(&world.server).await;
        let open = person.chat.peek(|m| load::find(m, &app::place::Place::parse(&person.path).1)).unwrap_or_default();
        complete(person.chat, open).await;
        load::wanted(person.chat).await;
        let (owner, fresh) = page(&world.server, &person.user);
        opened(fresh.client(), fresh, &person.path, person.thread).await;
        let now = person.chat.peek(|m| seen(m, open, person.thread));
        let then = fresh.peek(|m| seen(m, open, person.thread));
        for what in now.keys().chain(then.keys()).collect::<std::collections::BTreeSet<_>>() {
            if now.get(what) != then.get(what) {
                let none = String::from("nothing");
                let (has, should) = (now.get(what).unwrap_or(&none), then.get(what).unwrap_or(&none));
                let name = &person.user.username;
                let _ = write!(report, "{name} sees {what}\n     {has}\n  is {should}\n");
            }
        }
        drop(owner);
        person.owner.cleanup();
    }
    if report.is_empty() {
        return Ok(());
    }
    let _ = write!(report, "after, with seed {seed}:\n{}", world.log.join("\n"));
    Err(report)
}

#[tokio::test]
async fn state_and_events_are_a_fresh_fetch() {
    let root = Owner::new();
    root.set();
    let seeds = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).map_or(1..=8, |seed: u64| seed..=seed);
    for seed in seeds {
        if let Err(report) = run(seed).await {
            panic!("{report}");
        }
    }
}
