//! Bookmarks of channels.

use backend::testing::TestServer;
use http::StatusCode;
use serde_json::{Value, json};

use crate::files::{form, send};

#[tokio::test]
async fn a_channel_keeps_links_in_their_order_and_tells_its_members() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob, &eve]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let path = format!("/channels/{channel}/bookmarks");
    let (mut at_bob, mut at_eve) = (server.socket(&bob).await, server.socket(&eve).await);
    let link =
        |name: &str| json!({"display_name": name, "type": "link", "link_url": "https://example.com", "emoji": ":car:"});
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        made.push(server.must(&bob, "POST", &path, link(name)).await);
    }
    assert_eq!(
        (&made[2]["sort_order"], &made[2]["emoji"], &made[2]["owner_id"]),
        (&json!(2), &json!("car"), &json!(bob.id))
    );
    let of = |b: &Value| format!("{path}/{}", b["id"].as_str().unwrap());
    let order = async |list: &Value| -> String {
        list.as_array().unwrap().iter().map(|b| b["display_name"].as_str().unwrap()).collect()
    };
    let sorted = server.must(&ann, "POST", &format!("{}/sort_order", of(&made[2])), json!(0)).await;
    assert_eq!(order(&sorted).await, "cab");
    let patch = json!({"display_name": "A", "link_url": "https://example.org"});
    let updated = server.must(&ann, "PATCH", &of(&made[0]), patch).await;
    assert_eq!(updated["updated"]["link_url"], "https://example.org");
    let before = server.must(&ann, "GET", &path, Value::Null).await;
    let since = before.as_array().unwrap().iter().map(|b| b["update_at"].as_i64().unwrap()).max().unwrap();
    let gone = server.must(&ann, "DELETE", &of(&made[2]), Value::Null).await;
    assert_ne!(gone["delete_at"], 0);
    assert_eq!(order(&server.must(&bob, "GET", &path, Value::Null).await).await, "Ab");
    let changed = server.must(&bob, "GET", &format!("{path}?bookmarks_since={since}"), Value::Null).await;
    assert!(changed.as_array().unwrap().iter().any(|b| b["id"] == made[2]["id"] && b["delete_at"] != 0), "{changed}");

    let heard = server.hear(&bob, &mut at_bob).await;
    for (name, key) in
        [("created", "bookmark"), ("updated", "bookmarks"), ("deleted", "bookmark"), ("sorted", "bookmarks")]
    {
        let event = heard.iter().find(|e| e["event"] == format!("channel_bookmark_{name}")).unwrap();
        assert!(event["data"][key].is_string(), "{event}");
    }
    let heard = server.hear(&eve, &mut at_eve).await;
    assert!(!heard.iter().any(|e| e["event"].as_str().unwrap().starts_with("channel_bookmark")));
    let calls = [("GET", path.clone()), ("PATCH", of(&made[0])), ("DELETE", of(&made[0]))];
    for (method, path) in calls.into_iter().chain([("POST", format!("{}/sort_order", of(&made[0])))]) {
        let body = if method == "POST" { json!(0) } else { json!({}) };
        assert_eq!(server.call(&eve, method, &path, body).await.0, StatusCode::FORBIDDEN, "{method} {path}");
    }
    // One is not found by way of another channel.
    let own = server.channel(&eve, &team, "own", &[]).await;
    let other = format!("/channels/{own}/bookmarks/{}", made[0]["id"].as_str().unwrap());
    assert_eq!(server.call(&eve, "DELETE", &other, Value::Null).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_bookmark_is_refused() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let path = format!("/channels/{channel}/bookmarks");
    for (bad, id) in [
        (json!({"type": "link", "link_url": "https://example.com"}), "display_name.missing_or_invalid"),
        (json!({"display_name": "x", "type": "link", "link_url": "javascript:x"}), "link_url.missing_or_invalid"),
        (json!({"display_name": "x", "type": "file"}), "file_id.missing_or_invalid"),
        (json!({"display_name": "x", "type": "other"}), "type"),
    ] {
        let (status, body) = server.call(&ann, "POST", &path, bad).await;
        let expected = format!("model.channel_bookmark.is_valid.{id}.app_error");
        assert_eq!((status, &body["id"]), (StatusCode::BAD_REQUEST, &json!(expected)));
    }
    let good = json!({"display_name": "x", "type": "link", "link_url": "https://example.com"});
    for _ in 0..50 {
        server.must(&ann, "POST", &path, good.clone()).await;
    }
    let (status, body) = server.call(&ann, "POST", &path, good.clone()).await;
    assert_eq!((status, &body["id"]), (StatusCode::BAD_REQUEST, &json!("app.channel.bookmark.save.limit.app_error")));
    let first = server.must(&ann, "GET", &path, Value::Null).await[0]["id"].as_str().unwrap().to_owned();
    let (status, _) = server.call(&ann, "POST", &format!("{path}/{first}/sort_order"), json!(50)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    server.must(&ann, "DELETE", &format!("/channels/{channel}"), Value::Null).await;
    assert_eq!(server.call(&ann, "POST", &path, good).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_file_that_is_kept_is_the_channels_to_read() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob, &eve]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let path = format!("/channels/{channel}/bookmarks");
    let sent = form(&[("channel_id", &channel)], &[("files/minutes.txt", b"We met.")]);
    let (status, answer) = send(&server, &ann, "/files", sent).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    let file = answer["file_infos"][0]["id"].clone();
    let new = json!({"display_name": "Minutes", "type": "file", "file_id": file});
    let (status, refused) = server.call(&bob, "POST", &path, new.clone()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "another's file: {refused}");
    let made = server.must(&ann, "POST", &path, new.clone()).await;
    assert_eq!((&made["file"]["id"], &made["file"]["name"]), (&file, &json!("minutes.txt")));
    let (status, _) = server.call(&ann, "POST", &path, new).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "it is used already");
    let content = format!("/api/v4/files/{}", file.as_str().unwrap());
    let (status, _, text) = server.raw(&bob, "GET", &content, "", "").await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "We met."));
    assert!(server.raw(&eve, "GET", &content, "", "").await.0.is_client_error());
}
