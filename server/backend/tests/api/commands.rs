//! Slash commands: those that the server knows, and those of teams.

use super::webhooks::program;
use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[tokio::test]
async fn commands_do_what_they_say_and_strangers_give_none() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let give = |command: &str| json!({"channel_id": channel, "command": command});

    let answer = server.must(&bob, "POST", "/commands/execute", give("/me waves")).await;
    assert_eq!((answer["text"].as_str(), answer["type"].as_str()), (Some("*waves*"), Some("me")));
    let list = server.must(&bob, "GET", &format!("/channels/{channel}/posts"), Value::Null).await;
    let said = list["posts"].as_object().unwrap().values().any(|p| p["type"] == "me" && p["message"] == "*waves*");
    assert!(said, "{list}");

    server.must(&bob, "POST", "/commands/execute", give("/dnd")).await;
    let status = server.must(&bob, "GET", "/users/me/status", Value::Null).await;
    assert_eq!(status["status"], "dnd");

    server.must(&bob, "POST", "/commands/execute", give("/mute")).await;
    let member = server.must(&bob, "GET", &format!("/channels/{channel}/members/me"), Value::Null).await;
    assert_eq!(member["notify_props"]["mark_unread"], "mention");
    server.must(&bob, "POST", "/commands/execute", give("/mute")).await;
    let member = server.must(&bob, "GET", &format!("/channels/{channel}/members/me"), Value::Null).await;
    assert_eq!(member["notify_props"]["mark_unread"], "all");

    server.must(&ann, "POST", "/commands/execute", give("/header of the talk")).await;
    let kept = server.must(&ann, "GET", &format!("/channels/{channel}"), Value::Null).await;
    assert_eq!(kept["header"], "of the talk");

    let answer = server.must(&bob, "POST", "/commands/execute", give("/msg @ann hello")).await;
    assert!(answer["goto_location"].as_str().unwrap().ends_with("/team-a/messages/@ann"), "{answer}");

    let (status, body) = server.call(&bob, "POST", "/commands/execute", give("/nothing")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(body["id"], "api.command.execute_command.not_found.app_error");
    let (status, _) = server.call(&bob, "POST", "/commands/execute", give("no slash")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) = server.call(&eve, "POST", "/commands/execute", give("/me looks in")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = server.call(&eve, "GET", &format!("/teams/{team}/commands/autocomplete"), Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_private_channel_is_not_betrayed_and_a_conversation_needs_a_team() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    server.channel(&ann, &team, "secret", &[]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let join = |name: &str| json!({"channel_id": talk, "command": format!("/join {name}")});
    let secret = server.must(&bob, "POST", "/commands/execute", join("secret")).await;
    let nothing = server.must(&bob, "POST", "/commands/execute", join("nothing")).await;
    assert_eq!((&secret["text"], &secret["goto_location"]), (&nothing["text"], &nothing["goto_location"]));

    let direct = server.must(&bob, "POST", "/channels/direct", json!([bob.id, ann.id])).await["id"].clone();
    let mut given = json!({"channel_id": direct, "command": "/me waves"});
    let (status, _) = server.call(&bob, "POST", "/commands/execute", given.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    given["team_id"] = team.into();
    server.must(&bob, "POST", "/commands/execute", given).await;
}

#[tokio::test]
async fn commands_are_suggested_by_their_beginning() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let path = format!("/teams/{team}/commands/autocomplete_suggestions?user_input=/mu");
    let found = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!(found[0]["Complete"], "mute");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_only_the_giver_sees_is_an_event_and_a_status_a_property() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let (mut at_ann, mut at_bob) = (server.socket(&ann).await, server.socket(&bob).await);
    let give = async |command: &str| {
        server.must(&bob, "POST", "/commands/execute", json!({"channel_id": channel, "command": command})).await
    };
    give("/help").await;
    let heard = server.hear(&bob, &mut at_bob).await;
    let event = heard.iter().find(|e| e["event"] == "ephemeral_message").unwrap();
    assert!(event["data"]["post"].as_str().unwrap().contains("/shrug [text]"), "{event}");
    let heard = server.hear(&ann, &mut at_ann).await;
    assert!(!heard.iter().any(|e| e["event"] == "ephemeral_message"), "{heard:?}");

    give("/status :calendar: In a meeting").await;
    let me = server.must(&bob, "GET", "/users/me", Value::Null).await;
    let status: Value = serde_json::from_str(me["props"]["customStatus"].as_str().unwrap()).unwrap();
    assert_eq!((&status["emoji"], &status["text"]), (&json!("calendar"), &json!("In a meeting")));
    give("/status clear").await;
    let me = server.must(&bob, "GET", "/users/me", Value::Null).await;
    assert_eq!(me["props"]["customStatus"], Value::Null);

    let cat = server.user("cat").await;
    let answer = give("/groupmsg @ann, @cat hello you two").await;
    let name = answer["goto_location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let theirs = server.must(&cat, "GET", "/users/me/channels", Value::Null).await;
    let group = theirs.as_array().unwrap().iter().find(|c| c["name"] == name.as_str()).unwrap()["id"].clone();
    let path = format!("/channels/{}/posts", group.as_str().unwrap());
    let list = server.must(&cat, "GET", &path, Value::Null).await;
    assert!(list["posts"].as_object().unwrap().values().any(|p| p["message"] == "hello you two"), "{list}");
}

struct Custom {
    server: TestServer,
    ann: TestUser,
    bob: TestUser,
    team: String,
    channel: String,
}

impl Custom {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let (ann, bob) = (server.user("ann").await, server.user("bob").await);
        let team = server.team(&ann, "team-a", &[&bob]).await;
        let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
        let patch = json!({"ServiceSettings": {"AllowedUntrustedInternalConnections": "127.0.0.1"}});
        server.must(&ann, "PUT", "/config/patch", patch).await;
        Self { server, ann, bob, team, channel }
    }

    async fn command(&self, more: Value) -> Value {
        let mut new = json!({"team_id": self.team, "trigger": "Go", "method": "P", "auto_complete": true,
            "auto_complete_hint": "[where]"});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.server.must(&self.ann, "POST", "/commands", new).await
    }

    async fn give(&self, command: &str) -> (StatusCode, Value) {
        let given = json!({"channel_id": self.channel, "command": command});
        self.server.call(&self.bob, "POST", "/commands/execute", given).await
    }

    async fn said(&self) -> Vec<Value> {
        let path = format!("/channels/{}/posts", self.channel);
        let list = self.server.must(&self.ann, "GET", &path, Value::Null).await;
        let order = list["order"].as_array().unwrap().iter();
        order.map(|id| list["posts"][id.as_str().unwrap()].clone()).collect()
    }
}

fn form(text: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn a_program_is_called_with_its_token_and_its_answer_shown_in_the_channel() {
    let here = Custom::new().await;
    let answer = json!({"response_type": "in_channel", "text": "see <http://x.org|x>", "username": "robot",
        "goto_location": "http://example.com/", "attachments": [{"title": "T"}],
        "extra_responses": [{"response_type": "in_channel", "text": "and more"}]});
    let (url, mut asked) = program(answer).await;
    let command = here.command(json!({"url": url})).await;
    assert_eq!(command["trigger"], "go");
    let (status, answer) = here.give("/GO @ann  to the ~talk").await;
    assert_eq!((status, &answer["goto_location"]), (StatusCode::OK, &json!("http://example.com/")));
    assert_eq!((&answer["text"], &answer["attachments"][0]["color"]), (&json!("see [x](http://x.org)"), &json!("")));
    let request = asked.recv().await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let token = command["token"].as_str().unwrap();
    assert!(head.contains(&format!("authorization: Token {token}")), "{head}");
    let form = form(body);
    let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    assert_eq!((value("text"), value("command")), ("@ann  to the ~talk", "/go"));
    assert_eq!((value("user_name"), value("user_mentions_ids")), ("bob", here.ann.id.as_str()));
    assert_eq!((value("token"), value("team_domain")), (token, "team-a"));
    assert!(value("response_url").contains("/hooks/commands/") && !value("trigger_id").is_empty());
    assert_eq!(value("channel_mentions"), "", "a private channel's id is not told");
    let said = here.said().await;
    assert_eq!((&said[0]["message"], &said[1]["message"]), (&json!("and more"), &json!("see [x](http://x.org)")));
    assert_eq!((&said[1]["user_id"], &said[1]["type"]), (&json!(here.bob.id), &json!("slack_attachment")));
    let props = &said[1]["props"];
    assert_eq!((&props["from_webhook"], &props["override_username"]), (&json!("true"), &json!("robot")));

    // Later, a few times and for a while.
    let later = value("response_url").rsplit_once("/hooks").map(|(_, id)| format!("/hooks{id}")).unwrap();
    let send = async |text: &str| {
        let body = json!({"text": text, "response_type": "in_channel"}).to_string();
        here.server.raw(&TestUser::default(), "POST", &later, "application/json", body).await
    };
    let (status, _, text) = send("later").await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "ok"));
    let last = here.said().await.remove(0);
    assert_eq!((&last["message"], &last["user_id"]), (&json!("later"), &json!(here.bob.id)));
    let path = format!("/channels/{}/members/{}", here.channel, here.bob.id);
    here.server.must(&here.ann, "DELETE", &path, Value::Null).await;
    assert_eq!(send("not any more").await.0, StatusCode::FORBIDDEN, "who left the channel says nothing there");
    here.server
        .must(&here.ann, "POST", &format!("/channels/{}/members", here.channel), json!({"user_id": here.bob.id}))
        .await;
    for _ in 0..3 {
        assert_eq!(send("again").await.0, StatusCode::OK);
    }
    assert_eq!(send("too often").await.0, StatusCode::NOT_FOUND);
    let unknown = "/hooks/commands/yyyyyyyyyyyyyyyyyyyyyyyyyy";
    let (status, ..) = here.server.raw(&TestUser::default(), "POST", unknown, "application/json", "{}").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_program_may_answer_the_giver_alone_by_query_and_be_out_of_reach() {
    let here = Custom::new().await;
    let (url, mut asked) = program(json!({"text": "to you"})).await;
    here.command(json!({"url": format!("{url}?a=b"), "method": "G"})).await;
    let (mut at_ann, mut at_bob) = (here.server.socket(&here.ann).await, here.server.socket(&here.bob).await);
    let (status, answer) = here.give("/go now").await;
    assert_eq!((status, &answer["text"]), (StatusCode::OK, &json!("to you")));
    let request = asked.recv().await.unwrap();
    let line = request.lines().next().unwrap();
    assert!(line.starts_with("GET /x?a=b&channel_id=") && line.contains("&text=now&"), "{line}");
    let heard = here.server.hear(&here.bob, &mut at_bob).await;
    let event = heard.iter().find(|e| e["event"] == "ephemeral_message").unwrap();
    let post: Value = serde_json::from_str(event["data"]["post"].as_str().unwrap()).unwrap();
    assert_eq!((&post["message"], &post["type"]), (&json!("to you"), &json!("system_ephemeral")));
    assert_eq!(post["props"], json!({"from_webhook": "true", "override_icon_url": ""}));
    let heard = here.server.hear(&here.ann, &mut at_ann).await;
    assert!(!heard.iter().any(|e| e.to_string().contains("to you")), "{heard:?}");

    here.command(json!({"trigger": "dead", "url": "http://127.0.0.1:1/x"})).await;
    let (status, answer) = here.give("/dead").await;
    assert_eq!(
        (status, &answer["id"]),
        (StatusCode::BAD_REQUEST, &json!("api.command.execute_command.failed.app_error"))
    );
    // What an administrator has not allowed is not called.
    let patch = json!({"ServiceSettings": {"AllowedUntrustedInternalConnections": ""}});
    here.server.must(&here.ann, "PUT", "/config/patch", patch).await;
    assert_eq!(here.give("/go inside").await.0, StatusCode::BAD_REQUEST);
    assert!(asked.try_recv().is_err());
}

#[tokio::test]
async fn commands_are_looked_after_by_those_who_may() {
    let here = Custom::new().await;
    let server = &here.server;
    let command = here.command(json!({"url": "http://example.com"})).await;
    let path = format!("/commands/{}", command["id"].as_str().unwrap());
    let mut change = command.clone();
    change["trigger"] = "went".into();
    let other = server.team(&here.ann, "team-b", &[]).await;
    let calls = [
        ("GET", path.clone(), Value::Null),
        ("PUT", path.clone(), change.clone()),
        ("PUT", format!("{path}/regen_token"), Value::Null),
        ("PUT", format!("{path}/move"), json!({"team_id": other})),
        ("DELETE", path.clone(), Value::Null),
    ];
    for (method, path, body) in calls.clone() {
        assert_eq!(server.call(&here.bob, method, &path, body).await.0, StatusCode::NOT_FOUND, "{method} {path}");
    }
    let list = format!("/commands?team_id={}", here.team);
    let shown = server.must(&here.bob, "GET", &list, Value::Null).await;
    let shown = shown.as_array().unwrap().iter().find(|c| c["trigger"] == "go").unwrap();
    assert_eq!((&shown["token"], &shown["url"]), (&json!(""), &json!("")), "who may not change it sees no secret");
    let custom = server.must(&here.ann, "GET", &format!("{list}&custom_only=true"), Value::Null).await;
    assert_eq!(custom, json!([command]));

    let refused = async |more: Value| {
        let mut new = json!({"team_id": here.team, "trigger": "x", "method": "P", "url": "http://example.com"});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, body) = server.call(&here.ann, "POST", "/commands", new).await;
        (status.as_u16(), body["id"].as_str().unwrap_or_default().to_owned())
    };
    for (more, id) in [
        (json!({"team_id": "junk"}), "model.command.is_valid.team_id.app_error"),
        (json!({"trigger": "a b"}), "model.command.is_valid.trigger.app_error"),
        (json!({"trigger": "/x"}), "model.command.is_valid.trigger.app_error"),
        (json!({"method": "X"}), "model.command.is_valid.method.app_error"),
        (json!({"url": "nonsense"}), "model.command.is_valid.url_http.app_error"),
        (json!({"trigger": "me"}), "api.command.duplicate_trigger.app_error"),
        (json!({"trigger": "GO"}), "api.command.duplicate_trigger.app_error"),
    ] {
        assert_eq!(refused(more).await, (400, id.to_owned()));
    }

    for (method, path, body) in calls {
        server.must(&here.ann, method, &path, body).await;
    }
    assert_eq!(server.call(&here.ann, "GET", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    let again = here.command(json!({"url": "http://example.com"})).await;
    let patch = json!({"ServiceSettings": {"EnableCommands": false}});
    server.must(&here.ann, "PUT", "/config/patch", patch).await;
    assert_eq!(here.give("/go").await.0, StatusCode::NOT_IMPLEMENTED);
    assert_eq!(refused(json!({})).await, (501, "api.command.disabled.app_error".to_owned()));
    assert_ne!(again["id"], command["id"]);
}
