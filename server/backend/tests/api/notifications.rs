//! Who is notified of what, why, and again and again.

use backend::{
    jobs::queue::settled,
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use model::config::Config;
use serde_json::{Value, json};
use std::time::Duration;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn say(server: &TestServer, who: &TestUser, channel: &str, message: &str) -> String {
    text(&server.must(who, "POST", "/posts", json!({"channel_id": channel, "message": message})).await["id"])
}

/// What is told of a post: mention, desktop, email.
async fn why(server: &TestServer, who: &TestUser, post: &str) -> [String; 3] {
    let why = server.must(who, "GET", &format!("/posts/{post}/why_notified"), Value::Null).await;
    assert_eq!(why["push"], json!({"notified": false, "rule": "not_offered", "of_channel": false}));
    let told = |v: &Value| format!("{}{}", if v["notified"] == true { "" } else { "not: " }, text(&v["rule"]));
    let mention = format!("{} {}", text(&why["mention"]["kind"]), text(&why["mention"]["word"]));
    [mention.trim().to_owned(), told(&why["desktop"]), told(&why["email"])]
}

#[tokio::test]
async fn everybody_can_ask_why_they_are_notified() {
    let mut config = Config::default();
    config.email.smtp_server = "127.0.0.1".into();
    let server = TestServer::start_with(config).await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "garden", &[&bob, &eve]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let props = json!({"notify_props": {"mention_keys": "deploy, 配布", "first_name": "true", "channel": "true",
        "comments": "root", "desktop": "mention", "email": "true"}, "first_name": "Bob"});
    server.must(&bob, "PUT", "/users/me/patch", props).await;
    server
        .must(
            &ann,
            "POST",
            "/groups",
            json!({"name": "crew", "display_name": "Crew", "source": "custom",
        "allow_reference": true, "user_ids": [bob.id]}),
        )
        .await;

    for (message, mention) in [
        ("hello @bob.", "name @bob"),
        ("we Deploy now", "keyword deploy"),
        ("今日配布する", "keyword 配布"),
        ("well, Bob", "first_name Bob"),
        ("dear @crew", "group @crew"),
        ("dear @all", "channel_wide @all"),
    ] {
        let post = say(&server, &ann, &talk, message).await;
        assert_eq!(why(&server, &bob, &post).await, [mention, "mentioned", "mentioned"], "{message}");
    }
    let plain = say(&server, &ann, &talk, "nothing, `@bob`").await;
    assert_eq!(why(&server, &bob, &plain).await, ["", "not: not_mentioned", "not: not_mentioned"]);
    assert_eq!(why(&server, &ann, &plain).await, ["", "not: own_message", "not: own_message"]);
    let (status, _) = server.call(&eve, "GET", &format!("/posts/{plain}/why_notified"), Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let direct = server.must(&ann, "POST", "/channels/direct", json!([ann.id, bob.id])).await;
    let direct = say(&server, &ann, &text(&direct["id"]), "psst").await;
    assert_eq!(why(&server, &bob, &direct).await, ["conversation", "mentioned", "mentioned"]);

    // Threads: a reply to them, one they follow, one they do not.
    let reply = |root: &str, message: &str| json!({"channel_id": talk, "root_id": root, "message": message});
    let root = say(&server, &bob, &talk, "a question").await;
    let mut at_bob = server.socket(&bob).await;
    let answer = text(&server.must(&ann, "POST", "/posts", reply(&root, "an answer")).await["id"]);
    let heard = server.hear(&bob, &mut at_bob).await;
    let posted = heard.iter().find(|e| e["event"] == "posted").expect("the reply");
    assert_eq!(posted["data"]["followers"], json!(json!([bob.id]).to_string()));
    // A connection makes one present.
    assert_eq!(why(&server, &bob, &answer).await, ["reply", "mentioned", "not: here"]);
    drop(at_bob);
    let other = say(&server, &ann, &talk, "another").await;
    let aside = text(&server.must(&ann, "POST", "/posts", reply(&other, "aside")).await["id"]);
    assert_eq!(why(&server, &bob, &aside).await[1], "not: not_mentioned");
    let follow = format!("/users/me/teams/{team}/threads/{other}/following");
    server.must(&bob, "PUT", &follow, Value::Null).await;
    assert_eq!(why(&server, &bob, &aside).await[1], "thread_followed");

    // What is set for the channel, and one's status.
    let mention = say(&server, &ann, &talk, "@bob").await;
    let set = async |props: Value| {
        server.must(&bob, "PUT", &format!("/channels/{talk}/members/{}/notify_props", bob.id), props).await;
    };
    set(json!({"desktop": "none", "email": "false"})).await;
    assert_eq!(why(&server, &bob, &mention).await, ["name @bob", "not: off", "not: off"]);
    set(json!({"desktop": "all", "email": "default"})).await;
    assert_eq!(why(&server, &bob, &plain).await[1], "every_message");
    set(json!({"mark_unread": "mention"})).await;
    assert_eq!(why(&server, &bob, &mention).await, ["name @bob", "not: channel_muted", "not: channel_muted"]);
    set(json!({"mark_unread": "all"})).await;
    let dnd = json!({"user_id": bob.id, "status": "dnd"});
    server.must(&bob, "PUT", "/users/me/status", dnd).await;
    assert_eq!(why(&server, &bob, &mention).await, ["name @bob", "not: do_not_disturb", "not: do_not_disturb"]);

    let hook = server.must(&ann, "POST", "/hooks/incoming", json!({"channel_id": talk})).await;
    server
        .raw(&ann, "POST", &format!("/hooks/{}", text(&hook["id"])), "application/json", r#"{"text":"@ann look"}"#)
        .await;
    let list = server.must(&ann, "GET", &format!("/channels/{talk}/posts"), Value::Null).await;
    let by_hook = text(&list["order"][0]);
    assert_eq!(why(&server, &ann, &by_hook).await[..2], ["name @ann", "mentioned"]);
}

#[tokio::test]
async fn an_urgent_message_notifies_until_it_is_answered() {
    let mut config = Config::default();
    config.service.persistent_notification_max_count = 3;
    config.guest_accounts.enable = true;
    let server = TestServer::start_with(config).await;
    let (ann, bob, cat) = (server.user("ann").await, server.user("bob").await, server.user("cat").await);
    let team = server.team(&ann, "garden", &[&bob, &cat]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob, &cat]).await;
    let urgent = |message: &str| {
        let asked = json!({"priority": "urgent", "requested_ack": true, "persistent_notifications": true});
        json!({"channel_id": talk, "message": message, "metadata": {"priority": asked}})
    };
    let refused = async |who: &TestUser, body: Value| {
        let (status, answer) = server.call(who, "POST", "/posts", body).await;
        (status.as_u16(), text(&answer["id"]))
    };
    let id = |name: &str| format!("api.post.post_priority.{name}.request_error");
    let nobody = (400, id("min_recipients_persistent_notification_post"));
    assert_eq!(refused(&ann, urgent("fire")).await, nobody);
    assert_eq!(refused(&ann, urgent("fire @channel")).await, nobody);
    let mut important = urgent("@bob fire");
    important["metadata"]["priority"]["priority"] = json!("important");
    assert_eq!(refused(&ann, important).await, (400, id("urgent_persistent_notification_post")));

    let post = server.must(&ann, "POST", "/posts", urgent("@bob @cat fire")).await;
    assert_eq!(post["metadata"]["priority"]["persistent_notifications"], true);
    let shown = server.must(&bob, "GET", &format!("/posts/{}", text(&post["id"])), Value::Null).await;
    assert_eq!(shown["metadata"]["priority"]["persistent_notifications"], true);
    let (mut at_bob, mut at_cat, mut at_ann) =
        (server.socket(&bob).await, server.socket(&cat).await, server.socket(&ann).await);
    let cx = &server.backend.cx;
    let again = async |socket: &mut backend::testing::Socket, who: &TestUser| {
        let heard = server.hear(who, socket).await;
        heard.into_iter().filter(|e| e["event"] == "persistent_notification_triggered").collect::<Vec<_>>()
    };
    settled(cx).await;
    assert!(again(&mut at_bob, &bob).await.is_empty(), "not before its time");
    cx.clock.advance(Duration::from_mins(5));
    settled(cx).await;
    let heard = again(&mut at_bob, &bob).await;
    assert_eq!(heard.len(), 1);
    assert!(text(&heard[0]["data"]["post"]).contains("fire") && text(&heard[0]["data"]["mentions"]).contains(&bob.id));
    assert_eq!(heard[0]["data"]["sender_name"], "@ann");
    assert_eq!(again(&mut at_cat, &cat).await.len(), 1);
    assert!(again(&mut at_ann, &ann).await.is_empty());

    let path = format!("/users/me/posts/{}/ack", text(&post["id"]));
    server.must(&bob, "POST", &path, Value::Null).await;
    for _ in 0..4 {
        cx.clock.advance(Duration::from_mins(5));
        settled(cx).await;
    }
    assert!(again(&mut at_bob, &bob).await.is_empty(), "whoever acknowledged has peace");
    assert_eq!(again(&mut at_cat, &cat).await.len(), 2, "three times in all");

    // An answer ends it, too, and so does deleting it.
    let second = text(&server.must(&ann, "POST", "/posts", urgent("@bob flood")).await["id"]);
    server.must(&bob, "POST", "/posts", json!({"channel_id": talk, "root_id": second, "message": "coming"})).await;
    let third = text(&server.must(&ann, "POST", "/posts", urgent("@cat flood")).await["id"]);
    server.must(&ann, "DELETE", &format!("/posts/{third}"), Value::Null).await;
    cx.clock.advance(Duration::from_mins(5));
    settled(cx).await;
    assert!(again(&mut at_bob, &bob).await.is_empty() && again(&mut at_cat, &cat).await.is_empty());

    let patch = json!({"ServiceSettings": {"PersistentNotificationMaxRecipients": 1}});
    server.must(&ann, "PUT", "/config/patch", patch).await;
    assert_eq!(refused(&ann, urgent("@bob @cat")).await, (400, id("max_recipients_persistent_notification_post")));
    server.must(&ann, "POST", &format!("/users/{}/demote", cat.id), Value::Null).await;
    assert_eq!(refused(&cat, urgent("@bob")).await, (403, id("persistent_notification_disabled")));
    server
        .must(&ann, "PUT", "/config/patch", json!({"ServiceSettings": {"AllowPersistentNotifications": false}}))
        .await;
    assert_eq!(refused(&ann, urgent("@bob")).await, (403, id("persistent_notification_disabled")));
}

#[tokio::test]
async fn who_lets_others_see_it_sees_who_has_read_a_message() {
    let off = TestServer::start().await;
    let (ann, _, path) = read_by_two(&off).await;
    let (status, why) = off.call(&ann, "GET", &path, Value::Null).await;
    assert_eq!((status.as_u16(), text(&why["id"]).as_str()), (501, "api.post.seen_by.disabled.app_error"));

    let mut config = Config::default();
    config.privacy.enable_seen_by = true;
    let server = TestServer::start_with(config).await;
    let (ann, bob, path) = read_by_two(&server).await;
    let (status, why) = server.call(&ann, "GET", &path, Value::Null).await;
    assert_eq!((status.as_u16(), text(&why["id"]).as_str()), (403, "api.post.seen_by.not_shared.app_error"));
    for (user, shares) in [(&ann, true), (&bob, false), (&bob, true)] {
        let preference = json!([{"user_id": user.id, "category": "privacy_settings", "name": "seen_by",
            "value": shares.to_string()}]);
        server.must(user, "PUT", "/users/me/preferences", preference).await;
        let seen = server.must(&ann, "GET", &path, Value::Null).await;
        let expected = if user.id == bob.id && shares { json!([bob.id]) } else { json!([]) };
        assert_eq!(seen, json!({"user_ids": expected, "more": false}));
    }
}

/// A message of Ann's that Bob has read, and where it is asked for who has.
async fn read_by_two(server: &TestServer) -> (TestUser, TestUser, String) {
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let post = say(server, &ann, &talk, "read this").await;
    server.must(&bob, "POST", "/channels/members/me/view", json!({"channel_id": talk})).await;
    (ann, bob, format!("/posts/{post}/seen_by"))
}
