//! Drafts, messages that are sent later, reminders.

use backend::{jobs::queue::settled, testing::TestServer};
use http::StatusCode;
use model::{SessionId, event::Event};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_draft_is_the_same_everywhere_and_nobody_elses() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let hello =
        |connection_id| Event::Hello { server_version: String::new(), connection_id, server_hostname: String::new() };
    let connection =
        server.backend.cx.hub.connect(bob.id.parse().unwrap(), SessionId::NONE, None, hello).await.unwrap();
    let heard = || connection.queue.take().events.iter().map(|w| w.event.prefix.clone()).collect::<Vec<_>>().join(" ");
    let body = |text: &str| json!({"channel_id": channel, "message": text});
    let (status, made) = server.call(&bob, "POST", "/drafts", body("half a")).await;
    assert_eq!((status, &made["user_id"]), (StatusCode::CREATED, &json!(bob.id)));
    assert!(heard().contains("draft_created"));
    let changed = server.must(&bob, "POST", "/drafts", body("half a thought")).await;
    assert_eq!(changed["create_at"], made["create_at"]);
    assert!(heard().contains("draft_updated"));
    let list = format!("/users/me/teams/{team}/drafts");
    assert_eq!(server.must(&bob, "GET", &list, Value::Null).await[0]["message"], "half a thought");
    assert_eq!(server.must(&ann, "GET", &list, Value::Null).await, json!([]));
    let of_bob = format!("/users/{}/teams/{team}/drafts", bob.id);
    assert_eq!(server.call(&ann, "GET", &of_bob, Value::Null).await.0, StatusCode::FORBIDDEN);
    for end in ["", "/yyyyyyyyyyyyyyyyyyyyyyyyyy"] {
        let of_bob = format!("/users/{}/channels/{channel}/drafts{end}", bob.id);
        assert_eq!(server.call(&ann, "DELETE", &of_bob, Value::Null).await.0, StatusCode::FORBIDDEN);
    }
    assert_eq!(server.call(&eve, "POST", "/drafts", body("let me in")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.call(&eve, "GET", &list, Value::Null).await.0, StatusCode::FORBIDDEN);
    let one = format!("/users/me/channels/{channel}/drafts");
    server.must(&bob, "DELETE", &one, Value::Null).await;
    assert!(heard().contains("draft_deleted"));
    assert_eq!(server.call(&bob, "DELETE", &one, Value::Null).await.0, StatusCode::NOT_FOUND);
    server.must(&bob, "POST", "/drafts", body("again")).await;
    server.must(&bob, "POST", "/drafts", body("")).await;
    assert_eq!(server.must(&bob, "GET", &list, Value::Null).await, json!([]), "an empty draft is none");
    let long = "x".repeat(16_384);
    assert_eq!(server.call(&bob, "POST", "/drafts", body(&long)).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_message_is_sent_at_its_time_once() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let cx = &server.backend.cx;
    let now = cx.clock.now();
    let at = |seconds: i64| json!({"channel_id": channel, "message": "later", "scheduled_at": now + seconds * 1000});
    let (status, refused) = server.call(&bob, "POST", "/posts/schedule", at(-1)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(refused["id"], "model.scheduled_post.is_valid.scheduled_at.app_error");
    assert_eq!(server.call(&eve, "POST", "/posts/schedule", at(60)).await.0, StatusCode::FORBIDDEN);
    let made = server.must(&bob, "POST", "/posts/schedule", at(60)).await;
    let path = format!("/posts/schedule/{}", made["id"].as_str().unwrap());
    let mut later = at(120);
    later["message"] = "even later".into();
    assert_eq!(server.call(&ann, "PUT", &path, later.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.call(&ann, "DELETE", &path, Value::Null).await.0, StatusCode::FORBIDDEN);
    server.must(&bob, "PUT", &path, later).await;
    let list = format!("/posts/scheduled/team/{team}?includeDirectChannels=true");
    let listed = server.must(&bob, "GET", &list, Value::Null).await;
    assert_eq!(listed[&team][0]["message"], "even later");
    assert_eq!(listed["directChannels"], json!([]));
    assert_eq!(server.must(&ann, "GET", &list, Value::Null).await[&team], json!([]));
    let said = async || {
        let list = server.must(&ann, "GET", &format!("/channels/{channel}/posts"), Value::Null).await;
        list["posts"].as_object().unwrap().values().filter(|p| p["message"] == "even later").count()
    };
    cx.clock.advance(Duration::from_secs(90));
    settled(cx).await;
    assert_eq!(said().await, 0, "the first time does not count any more");
    cx.clock.advance(Duration::from_mins(1));
    settled(cx).await;
    assert_eq!(said().await, 1);
    assert_eq!(server.must(&bob, "GET", &list, Value::Null).await[&team], json!([]));

    let dropped = server.must(&bob, "POST", "/posts/schedule", at(600)).await;
    server.must(&bob, "DELETE", &format!("/posts/schedule/{}", dropped["id"].as_str().unwrap()), Value::Null).await;
    server.must(&bob, "POST", "/posts/schedule", at(600)).await;
    server.must(&ann, "DELETE", &format!("/channels/{channel}/members/{}", bob.id), Value::Null).await;
    cx.clock.advance(Duration::from_hours(1));
    settled(cx).await;
    let failed = server.must(&bob, "GET", &list, Value::Null).await;
    assert_eq!(failed[&team].as_array().unwrap().len(), 1);
    assert_eq!(failed[&team][0]["error_code"], "no_channel_permission");
}

#[tokio::test]
async fn a_reminder_is_a_message_of_the_system_bot() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let post = server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": "do it"})).await;
    let id = post["id"].as_str().unwrap();
    let cx = &server.backend.cx;
    let at = cx.clock.now() / 1000 + 600;
    let path = format!("/users/me/posts/{id}/reminder");
    assert_eq!(server.call(&eve, "POST", &path, json!({"target_time": at})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.call(&bob, "POST", &path, json!({"target_time": 1})).await.0, StatusCode::BAD_REQUEST);
    server.must(&bob, "POST", &path, json!({"target_time": at - 60})).await;
    server.must(&bob, "POST", &path, json!({"target_time": at})).await;
    cx.clock.advance(Duration::from_mins(20));
    settled(cx).await;
    let bot = server.must(&bob, "GET", "/users/username/system-bot", Value::Null).await;
    assert_eq!(bot["is_bot"], true);
    let direct = server.must(&bob, "POST", "/channels/direct", json!([bot["id"], bob.id])).await;
    let path = format!("/channels/{}/posts", direct["id"].as_str().unwrap());
    let list = server.must(&bob, "GET", &path, Value::Null).await;
    let said: Vec<&Value> = list["posts"].as_object().unwrap().values().collect();
    assert_eq!(said.len(), 1, "one for the last time chosen");
    assert!(said[0]["message"].as_str().unwrap().contains(&format!("/team-a/pl/{id}")), "{said:?}");
    assert_eq!(said[0]["props"]["post_id"], id);
}
