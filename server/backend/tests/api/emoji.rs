//! Custom emoji: added, found, named by posts, deleted.

use crate::files::{form, png, send};
use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use model::{SessionId, event::Event};
use serde_json::{Value, json};

fn new(name: &str, by: &TestUser) -> Vec<u8> {
    let emoji = json!({"name": name, "creator_id": by.id}).to_string();
    form(&[("emoji", &emoji)], &[("image/e.png", &png(200, 100))])
}

#[tokio::test]
async fn an_emoji_is_added_found_and_deleted() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let hello =
        |connection_id| Event::Hello { server_version: String::new(), connection_id, server_hostname: String::new() };
    let connection =
        server.backend.cx.hub.connect(eve.id.parse().unwrap(), SessionId::NONE, None, hello).await.unwrap();
    let (status, made) = send(&server, &bob, "/emoji", new("ship_it", &bob)).await;
    assert_eq!((status, &made["name"], &made["creator_id"]), (StatusCode::OK, &json!("ship_it"), &json!(bob.id)));
    let heard: Vec<_> = connection.queue.take().events.iter().map(|w| w.event.prefix.clone()).collect();
    assert!(heard.iter().any(|text| text.contains("emoji_added") && text.contains("ship_it")), "{heard:?}");
    let id = made["id"].as_str().unwrap();

    for (by, name, whose, refusal) in [
        (&eve, "ship_it", &eve, "api.emoji.create.duplicate.app_error"),
        (&eve, "smile", &eve, "model.emoji.system_emoji_name.app_error"),
        (&eve, "no spaces", &eve, "model.emoji.name.app_error"),
        (&eve, "mine", &bob, "api.emoji.create.other_user.app_error"),
    ] {
        let (_, refused) = send(&server, by, "/emoji", new(name, whose)).await;
        assert_eq!(refused["id"], refusal, "{name}");
    }
    let broken = form(&[("emoji", "{\"name\":\"broken\"}")], &[("image/e.png", b"<svg>")]);
    let (status, refused) = send(&server, &eve, "/emoji", broken).await;
    assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &json!("api.emoji.upload.image.app_error")));

    let get = async |path: &str| server.must(&eve, "GET", path, Value::Null).await;
    assert_eq!(get(&format!("/emoji/{id}")).await["name"], "ship_it");
    assert_eq!(get("/emoji/name/ship_it").await["id"], id);
    assert_eq!(get("/emoji?sort=name").await[0]["id"], id);
    assert_eq!(get("/emoji/autocomplete?name=ship").await[0]["id"], id);
    let find = async |path: &str, body: Value| server.must(&eve, "POST", path, body).await;
    assert_eq!(find("/emoji/search", json!({"term": "p_i"})).await[0]["id"], id);
    assert_eq!(find("/emoji/search", json!({"term": "p_i", "prefix_only": true})).await, json!([]));
    assert_eq!(find("/emoji/names", json!(["ship_it", "other"])).await[0]["id"], id);
    let (status, headers, _) = server.raw(&eve, "GET", &format!("/api/v4/emoji/{id}/image"), "", "").await;
    assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"image/png".parse().unwrap()));

    let path = format!("/emoji/{id}");
    assert_eq!(server.call(&eve, "DELETE", &path, Value::Null).await.0, StatusCode::FORBIDDEN);
    server.must(&bob, "DELETE", &path, Value::Null).await;
    assert_eq!(server.call(&ann, "GET", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(&server, &bob, "/emoji", new("ship_it", &bob)).await.0, StatusCode::OK, "the name is free");

    server.backend.cx.settings.patch(&json!({"ServiceSettings": {"EnableCustomEmoji": false}})).unwrap();
    assert_eq!(server.call(&bob, "GET", "/emoji", Value::Null).await.0, StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn posts_say_which_custom_emoji_they_name() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let names = async |post: &Value| -> Vec<Value> {
        let emojis = post["metadata"]["emojis"].as_array().cloned().unwrap_or_default();
        emojis.into_iter().map(|e| e["name"].clone()).collect()
    };
    for name in ["ship_it", "done"] {
        assert_eq!(send(&server, &ann, "/emoji", new(name, &ann)).await.0, StatusCode::OK);
    }
    let body = json!({"channel_id": channel, "message": "see :ship_it: and :smile: and :nothing:"});
    let post = server.must(&ann, "POST", "/posts", body).await;
    assert_eq!(names(&post).await, ["ship_it"]);
    let reaction = json!({"user_id": ann.id, "post_id": post["id"], "emoji_name": "done"});
    server.must(&ann, "POST", "/reactions", reaction).await;
    let read = server.must(&ann, "GET", &format!("/posts/{}", post["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(names(&read).await, ["done", "ship_it"]);
}
