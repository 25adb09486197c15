//! Fetches: what a page begins with, and what the screen needs as one moves about. What is called before the page's
//! second module is there is said with [`later!`].

use std::collections::BTreeSet;

use futures::join;
use leptos::{
    prelude::{GetUntracked, Resource, Set},
    server::codee::{Decoder, Encoder},
};
use model::{
    ChannelId, Millis, PostId, TeamId, UserId,
    bookmarks::{Bookmark, BookmarksQuery, ListBookmarks},
    channels::*,
    emoji::{EmojiQuery, ListEmoji},
    files::{FileInfo, SearchFiles},
    json,
    posts::*,
    preferences::ListPreferences,
    sidebar::{Categories, ListCategories},
    status::StatusesByIds,
    system::Page,
    teams::*,
    users::*,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    browser,
    chat::Chat,
    client::{Client, Failure},
    later::later,
    place::Place,
    state::{Model, Snapshot, Topic, Wanted, inbox, take::Fit},
    words,
};

/// How many posts a page begins with, on each side of the first unread one.
const FIRST: usize = 30;
/// How many posts are fetched at a time after that.
const PAGE: usize = 60;
/// How many members of a channel are fetched at a time.
pub const MEMBERS: usize = 50;

/// What a page begins with: fetched by the server, which writes it into the page, and read there by the browser.
pub fn beginning<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Resource<T, InPage>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| fetch(), true)
}

/// How it is written there.
#[derive(Debug)]
pub struct InPage;

impl<T: Serialize> Encoder<T> for InPage {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for InPage {
    type Error = json::Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, json::Unreadable> {
        json::read(text)
    }
}

/// What comes of opening an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// The chat.
    Chat(Box<Snapshot>),
    /// Another address.
    Go(String),
    /// Nobody is signed in.
    SignedOut,
    /// It did not work; the text says why.
    Failed(String),
}

/// Where a second factor is set up.
pub const SET_UP: &str = "/mfa/setup";

fn me() -> String {
    "me".to_owned()
}

later! {
    /// Fetches the table of emoji, once.
    pub async fn emoji(chat: Chat) {
        #[cfg(target_arch = "wasm32")]
        if !model::text::emoji::is_here() {
            let Some(text) = emoji_table().await else { return };
            model::text::emoji::install(text);
        }
        chat.emoji.try_set(true);
    }
}

#[cfg(target_arch = "wasm32")]
async fn emoji_table() -> Option<String> {
    let address = leptos::prelude::document().document_element()?.get_attribute("data-emoji")?;
    let answer = gloo_net::http::Request::get(&address).send().await.ok()?;
    if answer.ok() { answer.text().await.ok() } else { None }
}

/// How many emoji that people have added are kept in mind; more are known as they are met.
const CUSTOM_EMOJI: usize = 1_000;

later! {
    /// Fetches the emoji that people have added.
    pub async fn custom_emoji(chat: Chat) {
        let (mut all, client) = (Vec::new(), chat.client());
        for page in 0.. {
            let query =
                EmojiQuery { page: Some(page.to_string()), per_page: Some("200".into()), sort: Some("name".into()) };
            // Where they are switched off, there are none.
            let Ok(some) = client.send(ListEmoji { query, body: () }).await else { break };
            let last = some.len() < 200;
            all.extend(some);
            if last || all.len() >= CUSTOM_EMOJI {
                break;
            }
        }
        chat.update(|m| m.take_emoji(all));
    }
}

/// What `/{team}/…` begins with.
pub async fn start(client: Client, path: String, thread: Option<PostId>) -> Start {
    match starting(client, path, thread).await {
        Ok(start) => start,
        Err(failure) if failure.is_signed_out() => Start::SignedOut,
        Err(failure) if failure.asks_for_second_factor() => Start::Go(SET_UP.into()),
        Err(failure) => Start::Failed(failure.to_string()),
    }
}

later! {
    async fn starting(client: Client, path: String, thread: Option<PostId>) -> Result<Start, Failure> {
        try_start(&client, &path, thread).await
    }
}

async fn try_start(client: &Client, path: &str, thread: Option<PostId>) -> Result<Start, Failure> {
    let (team_name, place) = Place::parse(path);
    let (user, teams, team_members, preferences) = join!(
        client.send(GetUser { user_id: me(), query: (), body: () }),
        client.send(ListTeamsOf { user_id: me(), query: (), body: () }),
        client.send(ListTeamMembershipsOf { user_id: me(), query: (), body: () }),
        client.send(ListPreferences { user_id: me(), query: (), body: () }),
    );
    let mut snapshot = Snapshot {
        me: user?,
        teams: teams?,
        team_members: team_members?,
        preferences: preferences?,
        at: browser::now(),
        ..Snapshot::default()
    };
    let Some(team) = snapshot.teams.iter().find(|team| team.name == team_name).map(|team| team.id) else {
        return Ok(Start::Go(first_place(&snapshot.teams)));
    };
    snapshot.team = team;
    let own = own(client, team, place == Place::Threads).await?;
    snapshot.channels = own.channels;
    snapshot.memberships = own.memberships;
    snapshot.categories = own.categories;
    snapshot.threads = own.threads;

    let mut model = Model::default();
    model.take(snapshot.clone());
    let teammates: Vec<UserId> = wanted_users(&mut model);
    if !teammates.is_empty() {
        // A page without somebody's name is better than none; the browser asks again.
        let users = client.send(UsersByIds { query: (), body: teammates }).await.unwrap_or_default();
        model.take_users(users.clone());
        snapshot.users = users;
    }

    let open = match &place {
        Place::Team => return Ok(Start::Go(landing_in(&model))),
        Place::Post(id) => {
            let post = client.send(GetPost { post_id: *id, query: (), body: () }).await;
            let post = post.ok().filter(|post| model.channels.contains_key(&post.channel_id));
            if let Some(post) = post.as_ref().filter(|post| post.root_id.is_some())
                && let Some(channel) = model.channels.get(&post.channel_id)
            {
                // A reply is read in its thread.
                let path = model.path_of(channel);
                return Ok(Start::Go([path.as_str(), "?thread=", post.root_id.to_string().as_str()].concat()));
            }
            post.map(|post| {
                snapshot.target = post.id;
                post.channel_id
            })
        }
        place => find(&model, place),
    };
    if let Some(open) = open {
        snapshot.open = open;
        let (posts, stats, bookmarks) = join!(
            posts_to_open(client, open, FIRST, snapshot.target),
            client.send(GetChannelStats { channel_id: open, query: (), body: () }),
            list_bookmarks(client, open),
        );
        snapshot.bookmarks = bookmarks.unwrap_or_default();
        snapshot.members = stats.map_or(0, |stats| stats.member_count);
        snapshot.posts = Some(posts?);
    }
    if let Some(thread) = thread {
        snapshot.thread = thread;
        snapshot.replies = get_thread(client, thread).await.ok();
    }
    model.take(snapshot.clone());
    model.take_users(snapshot.users.clone());
    let missing = wanted_users(&mut model);
    let mut people: BTreeSet<UserId> = snapshot.users.iter().map(|user| user.id).collect();
    people.extend(&missing);
    people.insert(snapshot.me.id);
    let (users, statuses) = join!(
        users_by_ids(client, missing),
        client.send(StatusesByIds { query: (), body: people.into_iter().collect() }),
    );
    snapshot.users.extend(users.unwrap_or_default());
    snapshot.statuses = statuses.unwrap_or_default();
    Ok(Start::Chat(Box::new(snapshot)))
}

async fn users_by_ids(client: &Client, ids: Vec<UserId>) -> Result<Vec<User>, Failure> {
    if ids.is_empty() { Ok(Vec::new()) } else { client.send(UsersByIds { query: (), body: ids }).await }
}

fn wanted_users(model: &mut Model) -> Vec<UserId> {
    let users = std::mem::take(&mut model.wanted).into_iter();
    users.filter_map(|wanted| if let Wanted::User(id) = wanted { Some(id) } else { None }).collect()
}

/// What one has in a team.
struct Own {
    channels: Vec<Channel>,
    memberships: Vec<ChannelMember>,
    categories: Categories,
    threads: Threads,
}

async fn own(client: &Client, team: TeamId, list: bool) -> Result<Own, Failure> {
    let (channels, memberships, categories, threads) = join!(
        client.send(ListChannelsOf { user_id: me(), team_id: team, query: OwnChannelsQuery::default(), body: () }),
        client.send(ListChannelMembershipsOf { user_id: me(), team_id: team, query: (), body: () }),
        client.send(ListCategories { user_id: me(), team_id: team, query: (), body: () }),
        list_threads(client, team, list, None),
    );
    Ok(Own { channels: channels?, memberships: memberships?, categories: categories?, threads: threads? })
}

/// The counts of the threads one follows, with a page of the list where it is wanted.
async fn list_threads(client: &Client, team: TeamId, list: bool, before: Option<PostId>) -> Result<Threads, Failure> {
    let query = ThreadsQuery {
        per_page: Some(inbox::PAGE.to_string()),
        before: before.map(|id| id.to_string()),
        totals_only: (!list).then(|| "true".to_owned()),
        at: Some("true".into()),
        ..ThreadsQuery::default()
    };
    client.send(ListThreads { user_id: me(), team_id: team, query, body: () }).await
}

async fn get_thread(client: &Client, root: PostId) -> Result<PostList, Failure> {
    let query = PostsQuery { collapsed_threads: Some("true".into()), ..PostsQuery::default() };
    client.send(GetThread { post_id: root, query, body: () }).await
}

/// Where somebody in these teams begins.
fn first_place(teams: &[Team]) -> String {
    let first = teams.iter().filter(|t| t.delete_at == 0).min_by_key(|t| t.display_name.to_lowercase());
    first.map_or_else(|| "/select_team".to_owned(), |team| format!("/{}", team.name))
}

/// The channel that was looked at last in the current team, else the one that everybody is in.
pub fn landing_in(model: &Model) -> String {
    landing_without(model, ChannelId::NONE)
}

/// The same when a channel is left.
pub fn landing_without(model: &Model, left: ChannelId) -> String {
    let mut channels = model.team_channels();
    channels.retain(|channel| channel.id != left);
    let viewed = |channel: &&&Channel| model.memberships.get(&channel.id).map_or(0, |m| m.last_viewed_at);
    let last = channels.iter().filter(|c| viewed(c) > 0).max_by_key(viewed);
    let found = last.or_else(|| channels.iter().find(|c| c.name == DEFAULT)).or_else(|| channels.first());
    if let Some(channel) = found {
        return model.path_of(channel);
    }
    let team = model.current_team().map(|team| team.name.clone()).unwrap_or_default();
    format!("/{team}/channels/{DEFAULT}")
}

/// What `/` means to the visitor: nothing yet, or a place in the chat.
pub async fn home(client: Client) -> Start {
    match landing(client).await {
        Ok(place) => Start::Go(place),
        Err(failure) if failure.asks_for_second_factor() => Start::Go(SET_UP.into()),
        Err(Failure::Refused(_)) => Start::SignedOut,
        Err(failure) => Start::Failed(failure.to_string()),
    }
}

later! {
    async fn landing(client: Client) -> Result<String, Failure> {
        let teams = client.send(ListTeamsOf { user_id: me(), query: (), body: () }).await?;
        Ok(first_place(&teams))
    }
}

/// The channel of a place, as far as it is known.
pub fn find(model: &Model, place: &Place) -> Option<ChannelId> {
    let channel = match place {
        Place::Channel(name) | Place::Group(name) => model.channel_named(name),
        Place::Person(username) => model.user_named(username).and_then(|user| model.direct_with(user.id)),
        Place::Post(id) => model.posts.get(id).and_then(|post| model.channels.get(&post.channel_id)),
        Place::Team | Place::Threads | Place::Nowhere => None,
    };
    channel.filter(|c| model.memberships.contains_key(&c.id)).map(|c| c.id)
}

async fn posts_to_open(
    client: &Client,
    channel: ChannelId,
    each_side: usize,
    around: PostId,
) -> Result<PostList, Failure> {
    if around.is_some() {
        return posts_around(client, channel, around).await;
    }
    let query = PostsQuery {
        limit_before: Some(each_side.to_string()),
        limit_after: Some(each_side.to_string()),
        collapsed_threads: Some("true".into()),
        ..PostsQuery::default()
    };
    client.send(ListPostsAroundUnread { user_id: me(), channel_id: channel, query, body: () }).await
}

/// The posts on both sides of one, and itself.
async fn posts_around(client: &Client, channel: ChannelId, id: PostId) -> Result<PostList, Failure> {
    let side = |before: bool| {
        let id = Some(id.to_string());
        let query = PostsQuery {
            per_page: Some(FIRST.to_string()),
            before: if before { id.clone() } else { None },
            after: if before { None } else { id },
            collapsed_threads: Some("true".into()),
            ..PostsQuery::default()
        };
        client.send(ListPosts { channel_id: channel, query, body: () })
    };
    let (before, after, post) =
        join!(side(true), side(false), client.send(GetPost { post_id: id, query: (), body: () }));
    let (before, mut list, post) = (before?, after?, post?);
    list.order.push(id);
    list.order.extend(before.order);
    list.posts.extend(before.posts);
    list.posts.insert(id, post);
    list.prev_post_id = before.prev_post_id;
    Ok(list)
}

later! {
    /// Finds the channel of a place that is not known yet: joins it, or begins the conversation.
    pub async fn resolve(chat: Chat, place: Place) -> Result<ChannelId, Failure> {
        let client = chat.client();
        let (my_id, team) = chat.peek(|m| (m.me, m.team));
        let channel = match place {
            Place::Channel(name) => {
                client.send(GetChannelByName { team_id: team, name, query: (), body: () }).await?
            }
            Place::Person(username) => {
                let query = AutocompleteQuery { name: username.clone(), ..AutocompleteQuery::default() };
                let found = client.send(AutocompleteUsers { query, body: () }).await?;
                let user = found.users.into_iter().chain(found.out_of_channel).find(|user| user.username == username);
                let user = user.ok_or_else(|| not_found(words::frame_nobody()))?;
                let id = user.id;
                chat.update(|m| m.take_users([user]));
                client.send(CreateDirectChannel { query: (), body: vec![my_id, id] }).await?
            }
            Place::Post(id) => {
                let post = client.send(GetPost { post_id: id, query: (), body: () }).await?;
                let channel_id = post.channel_id;
                chat.update(|m| m.take_post(post));
                client.send(GetChannel { channel_id, query: (), body: () }).await?
            }
            Place::Group(_) | Place::Team | Place::Threads | Place::Nowhere => {
                return Err(not_found(words::frame_no_conversation()));
            }
        };
        enter(chat, channel).await
    }
}

fn not_found(message: &str) -> Failure {
    Failure::Refused(model::system::ErrorBody { message: message.into(), status_code: 404, ..Default::default() })
}

/// Makes sure that one is a member of a channel, and knows it.
pub async fn enter(chat: Chat, channel: Channel) -> Result<ChannelId, Failure> {
    let id = channel.id;
    let (known, my_id) = chat.peek(|m| (m.memberships.contains_key(&id), m.me));
    if known {
        chat.update(|m| m.take_channel(channel, None));
        return Ok(id);
    }
    let member = if channel.kind.is_personal() {
        ChannelMember { channel_id: id, user_id: my_id, msg_count: channel.total_msg_count, ..ChannelMember::default() }
    } else {
        let body = NewChannelMember { user_id: my_id.to_string(), ..NewChannelMember::default() };
        chat.client().send(AddChannelMember { channel_id: id, query: (), body }).await?
    };
    chat.update(|m| m.take_channel(channel, Some(member)));
    Ok(id)
}

later! {
    /// Brings a channel's posts that are not here, and counts its members.
    pub async fn open(chat: Chat, id: ChannelId, target: Option<PostId>) -> Result<(), Failure> {
        let client = chat.client();
        let (have, stale, counted) = chat.peek(|m| {
            let stretch = m.stretches.get(&id);
            let has_target = target.is_none_or(|t| stretch.is_some_and(|s| s.order.contains(&t)));
            (stretch.is_some() && has_target, stretch.is_some_and(|s| s.stale), m.member_counts.contains_key(&id))
        });
        let around = async {
            if !counted {
                join!(count_members(chat, id), bookmarks(chat, id));
            }
        };
        let posts = async {
            if !have {
                let list = posts_to_open(&client, id, FIRST, target.unwrap_or_default()).await?;
                chat.update(|m| m.take_posts(id, list, Fit::Whole));
            } else if stale {
                since(chat, id).await?;
            }
            Ok(())
        };
        join!(around, posts).1
    }
}

/// Brings what a channel keeps at hand.
async fn bookmarks(chat: Chat, id: ChannelId) {
    if let Ok(list) = list_bookmarks(&chat.client(), id).await {
        chat.update(|m| m.take_bookmarks(id, list));
    }
}

async fn list_bookmarks(client: &Client, channel_id: ChannelId) -> Result<Vec<Bookmark>, Failure> {
    client.send(ListBookmarks { channel_id, query: BookmarksQuery::default(), body: () }).await
}

/// Counts who is in a channel.
pub async fn count_members(chat: Chat, id: ChannelId) {
    if let Ok(stats) = chat.client().send(GetChannelStats { channel_id: id, query: (), body: () }).await {
        chat.update(|m| {
            m.member_counts.insert(id, stats.member_count);
            vec![Topic::Channel(id)]
        });
    }
}

/// Brings what has changed in a channel since it was last certain.
async fn since(chat: Chat, id: ChannelId) -> Result<(), Failure> {
    let latest = chat.peek(|m| m.latest_change(id));
    if latest == 0 {
        return latest_posts(chat, id).await;
    }
    let query = PostsQuery { since: Some(latest.to_string()), ..PostsQuery::default() };
    let list = chat.client().send(ListPosts { channel_id: id, query, body: () }).await?;
    if list.posts.len() >= 500 {
        return latest_posts(chat, id).await; // more than can be told at once: begin anew
    }
    chat.update(|m| m.take_posts(id, list, Fit::Since));
    Ok(())
}

later! {
    /// Shows the end of a channel.
    pub async fn latest_posts(chat: Chat, id: ChannelId) -> Result<(), Failure> {
        let query = PostsQuery {
            per_page: Some(PAGE.to_string()),
            collapsed_threads: Some("true".into()),
            ..PostsQuery::default()
        };
        let list = chat.client().send(ListPosts { channel_id: id, query, body: () }).await?;
        chat.update(|m| m.take_posts(id, list, Fit::Whole));
        Ok(())
    }
}

later! {
    /// Brings the posts before the first or after the last one that is here.
    pub async fn more(chat: Chat, id: ChannelId, fit: Fit) -> Result<(), Failure> {
        let edge = chat.peek(|m| {
            let stretch = m.stretches.get(&id)?;
            if fit == Fit::Before {
                stretch.order.first().filter(|_| stretch.older)
            } else {
                stretch.order.last().filter(|_| stretch.newer)
            }
            .copied()
        });
        let Some(edge) = edge else { return Ok(()) };
        let edge = Some(edge.to_string());
        let query = PostsQuery {
            per_page: Some(PAGE.to_string()),
            before: if fit == Fit::Before { edge.clone() } else { None },
            after: if fit == Fit::Before { None } else { edge },
            collapsed_threads: Some("true".into()),
            ..PostsQuery::default()
        };
        let list = chat.client().send(ListPosts { channel_id: id, query, body: () }).await?;
        chat.update(|m| m.take_posts(id, list, fit));
        Ok(())
    }
}

later! {
    /// Brings a thread.
    pub async fn thread(chat: Chat, root: PostId) -> Result<(), Failure> {
        let list = get_thread(&chat.client(), root).await?;
        chat.update(|m| m.take_thread(root, list));
        Ok(())
    }
}

/// The posts that are pinned to a channel.
pub async fn pinned(chat: Chat, channel: ChannelId) -> Result<Vec<PostId>, Failure> {
    let list = chat.client().send(ListPinned { channel_id: channel, query: (), body: () }).await?;
    Ok(chat.change(|m| m.take_found(list)))
}

/// The posts one has saved.
pub async fn saved(chat: Chat) -> Result<Vec<PostId>, Failure> {
    let list = chat.client().send(ListSaved { user_id: me(), query: Page::of(0, 200), body: () }).await?;
    Ok(chat.change(|m| m.take_found(list)))
}

/// The posts of the current team that a search finds, the newest first; `page` counts from 0.
pub async fn search_posts(chat: Chat, terms: String, page: i64) -> Result<Vec<PostId>, Failure> {
    let team_id = chat.peek(|m| m.team);
    let found = chat.client().send(SearchPosts { team_id, query: (), body: asked(terms, page) }).await?;
    let list = PostList { order: found.order, posts: found.posts, ..PostList::default() };
    Ok(chat.change(|m| m.take_found(list)))
}

/// The files of the current team that a search finds, the newest first.
pub async fn search_files(chat: Chat, terms: String, page: i64) -> Result<Vec<FileInfo>, Failure> {
    let team_id = chat.peek(|m| m.team);
    let mut found = chat.client().send(SearchFiles { team_id, query: (), body: asked(terms, page) }).await?;
    Ok(found.order.into_iter().filter_map(|id| found.file_infos.remove(&id)).collect())
}

fn asked(terms: String, page: i64) -> PostSearch {
    let time_zone_offset = browser::offset_minutes(browser::now()) * 60;
    PostSearch { terms, time_zone_offset, page, ..PostSearch::default() }
}

later! {
    /// Tells the server that a thread is being looked at, which makes it read.
    pub async fn view_thread(chat: Chat, root: PostId) {
        let team = chat.peek(|m| m.team);
        chat.update(|m| m.thread_read(root, 0, 0, Millis::MAX, TeamId::NONE));
        // This clock may be behind the server's.
        let timestamp = browser::now().max(chat.peek(|m| m.posts.get(&root).map_or(0, |post| post.last_reply_at)));
        let call = ReadThread { user_id: me(), team_id: team, thread_id: root, timestamp, query: (), body: () };
        // Refused, it is still unread for the server, which tells so the next time it is asked.
        let _ = chat.client().send(call).await;
    }
}

later! {
    /// Tells the server that a channel is being looked at, which makes it read.
    pub async fn view(chat: Chat, id: ChannelId) {
        let body = ChannelView { channel_id: id, ..ChannelView::default() };
        chat.update(|m| {
            let at = m.channels.get(&id).map_or(0, |c| c.last_post_at);
            m.viewed(id, at)
        });
        if let Ok(viewed) = chat.client().send(ViewChannel { user_id: me(), query: (), body }).await {
            chat.update(|m| viewed.last_viewed_at_times.into_iter().flat_map(|(id, at)| m.viewed(id, at)).collect());
        }
    }
}

later! {
    /// Brings what events told of without bringing it.
    pub async fn wanted(chat: Chat) {
        loop {
            let wanted = chat.change(|m| (std::mem::take(&mut m.wanted), Vec::new()));
            if wanted.is_empty() {
                return;
            }
            let client = chat.client();
            let mut users = Vec::new();
            for want in wanted {
                match want {
                    Wanted::User(id) => users.push(id),
                    Wanted::Channel(id) => {
                        let my_id = chat.peek(|m| m.me);
                        let (channel, member) = join!(
                            client.send(GetChannel { channel_id: id, query: (), body: () }),
                            client.send(GetChannelMember {
                                channel_id: id,
                                user_id: my_id.to_string(),
                                query: (),
                                body: ()
                            }),
                        );
                        if let Ok(channel) = channel {
                            chat.update(|m| m.take_channel(channel, member.ok()));
                        }
                    }
                    Wanted::Channels => channels(chat).await,
                    Wanted::Teams => teams(chat).await,
                    Wanted::Categories => categories(chat).await,
                    Wanted::Emoji => custom_emoji(chat).await,
                    Wanted::Threads => {
                        let listed = chat.peek(|m| m.inbox.loaded);
                        let _ = threads(chat, listed).await;
                    }
                }
            }
            if !users.is_empty() {
                let (people, statuses) = join!(
                    client.send(UsersByIds { query: (), body: users.clone() }),
                    client.send(StatusesByIds { query: (), body: users }),
                );
                chat.update(|m| {
                    let mut topics = m.take_users(people.unwrap_or_default());
                    topics.extend(m.take_statuses(&statuses.unwrap_or_default()));
                    topics.push(Topic::Channels);
                    topics
                });
            }
        }
    }
}

/// Brings one's teams anew.
pub async fn teams(chat: Chat) {
    let client = chat.client();
    let (teams, members) = join!(
        client.send(ListTeamsOf { user_id: me(), query: (), body: () }),
        client.send(ListTeamMembershipsOf { user_id: me(), query: (), body: () }),
    );
    if let (Ok(teams), Ok(members)) = (teams, members) {
        chat.update(|m| m.take_teams(teams, members));
    }
}

/// Brings one's channels of the current team anew.
pub async fn channels(chat: Chat) {
    let team = chat.peek(|m| m.team);
    let listed = chat.peek(|m| m.inbox.loaded);
    if let Ok(own) = own(&chat.client(), team, listed).await {
        chat.update(|m| take_own(m, team, own));
    }
}

/// Takes what one has in a team, unless another team is on the screen by now.
fn take_own(m: &mut Model, team: TeamId, own: Own) -> Vec<Topic> {
    if m.team != team {
        return Vec::new();
    }
    let mut topics = m.take_channels(own.channels, own.memberships);
    topics.extend(m.take_categories(own.categories));
    if m.inbox.loaded {
        topics.extend(m.take_threads(own.threads, true));
    } else {
        topics.extend(m.count_threads(&own.threads));
    }
    topics
}

/// Brings the categories of the sidebar anew.
async fn categories(chat: Chat) {
    let team = chat.peek(|m| m.team);
    let call = ListCategories { user_id: me(), team_id: team, query: (), body: () };
    if let Ok(all) = chat.client().send(call).await {
        chat.update(|m| if m.team == team { m.take_categories(all) } else { Vec::new() });
    }
}

/// Brings the counts of the threads one follows, with the beginning of the list where it is wanted.
pub async fn threads(chat: Chat, list: bool) -> Result<(), Failure> {
    let team = chat.peek(|m| m.team);
    let page = list_threads(&chat.client(), team, list, None).await?;
    chat.update(|m| match (m.team == team, list) {
        (false, _) => Vec::new(),
        (true, true) => m.take_threads(page, true),
        (true, false) => m.count_threads(&page),
    });
    Ok(())
}

/// Brings the threads after the last one of the list.
pub async fn more_threads(chat: Chat) -> Result<(), Failure> {
    let (team, last) = chat.peek(|m| (m.team, m.inbox.order.last().copied()));
    let page = list_threads(&chat.client(), team, true, last).await?;
    chat.update(|m| if m.team == team { m.take_threads(page, false) } else { Vec::new() });
    Ok(())
}

later! {
    /// Goes to another team without loading the page anew.
    pub async fn switch_team(chat: Chat, team: TeamId) -> Result<(), Failure> {
        let own = own(&chat.client(), team, false).await?;
        chat.update(|m| {
            m.team = team;
            m.inbox = inbox::Inbox::default();
            m.followed.clear();
            let mut topics = take_own(m, team, own);
            topics.push(Topic::Inbox);
            topics
        });
        Ok(())
    }
}

/// After a time without events: brings everything on the screen up to date, and remembers that the rest may not be.
pub async fn resync(chat: Chat) {
    let open = chat.open.get_untracked();
    chat.update(|m| {
        m.forget_freshness(open.unwrap_or_default());
        Vec::new()
    });
    join!(channels(chat), teams(chat), statuses(chat));
    if let Some(open) = open {
        let _ = since(chat, open).await;
        join!(count_members(chat, open), bookmarks(chat, open));
    }
    if let Some(root) = chat.thread.get_untracked() {
        let _ = thread(chat, root).await;
    }
}

later! {
    /// Asks who is here, of those on the screen first, and of others that are known.
    pub async fn statuses(chat: Chat) {
        let open = chat.open.get_untracked().unwrap_or_default();
        let people: Vec<UserId> = chat.peek(|m| {
            let authors = m.stretches.get(&open).into_iter().flat_map(|s| s.order.iter().rev());
            let authors = authors.filter_map(|id| m.posts.get(id)).map(|post| post.user_id);
            let partners = m.channels.values().filter_map(|c| c.teammate(m.me));
            let mut seen = BTreeSet::new();
            let all = authors.chain(partners).chain(m.users.keys().copied());
            all.filter(|id| m.users.contains_key(id) && seen.insert(*id)).take(200).collect()
        });
        if let Ok(statuses) = chat.client().send(StatusesByIds { query: (), body: people }).await {
            chat.update(|m| m.take_statuses(&statuses));
        }
    }
}

/// People of the team who are not in a channel and whose name fits; their profiles are kept.
pub async fn outsiders(chat: Chat, channel: ChannelId, name: String) -> Vec<User> {
    let team = chat.peek(|m| m.team);
    let query =
        AutocompleteQuery { name, in_team: team.some(), in_channel: channel.some(), limit: Some("25".to_owned()) };
    let found = chat.client().send(AutocompleteUsers { query, body: () }).await.unwrap_or_default();
    chat.update(|m| m.take_users(found.out_of_channel.clone()));
    found.out_of_channel
}

/// A page of the people in a channel, administrators first, or those whose name fits; their profiles and statuses are
/// kept. With who of them administrates the channel.
pub async fn members(chat: Chat, channel: ChannelId, name: &str, page: usize) -> Result<Vec<(UserId, bool)>, Failure> {
    let client = chat.client();
    let users = if name.is_empty() {
        let query = UsersQuery {
            page: Some(page.to_string()),
            per_page: Some(MEMBERS.to_string()),
            in_channel: Some(channel.to_string()),
            sort: Some("admin".to_owned()),
            ..UsersQuery::default()
        };
        client.send(ListUsers { query, body: () }).await?
    } else {
        let query = AutocompleteQuery {
            name: name.to_owned(),
            in_team: chat.peek(|m| m.team).some(),
            in_channel: channel.some(),
            limit: Some(MEMBERS.to_string()),
        };
        client.send(AutocompleteUsers { query, body: () }).await?.users
    };
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let body = ids.iter().map(UserId::to_string).collect();
    let (roles, statuses) = join!(
        client.send(ChannelMembersByIds { channel_id: channel, query: (), body }),
        client.send(StatusesByIds { query: (), body: ids.clone() }),
    );
    let roles = roles?;
    chat.update(|m| {
        let mut topics = m.take_users(users);
        topics.extend(m.take_statuses(&statuses.unwrap_or_default()));
        topics
    });
    let is_admin = |id: &UserId| roles.iter().any(|member| member.user_id == *id && member.scheme_admin);
    Ok(ids.into_iter().map(|id| (id, is_admin(&id))).collect())
}

later! {
    /// People whose name fits, for pickers; their profiles are kept.
    pub async fn people(chat: Chat, name: String, limit: usize) -> Vec<User> {
        let team = chat.peek(|m| m.team);
        let query = AutocompleteQuery {
            name,
            in_team: team.some(),
            limit: Some(limit.to_string()),
            ..AutocompleteQuery::default()
        };
        let found = chat.client().send(AutocompleteUsers { query, body: () }).await.unwrap_or_default();
        let users: Vec<User> = found.users.into_iter().chain(found.out_of_channel).take(limit).collect();
        chat.update(|m| m.take_users(users.clone()));
        users
    }
}

/// The public channels of the current team.
pub async fn public_channels(chat: Chat) -> Result<Vec<Channel>, Failure> {
    let team_id = chat.peek(|m| m.team);
    chat.client().send(ListPublicChannels { team_id, query: Page::of(0, 200), body: () }).await
}
