//! Posts that ask to be seen, and earlier versions of posts.

use backend::testing::TestServer;
use http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_post_asks_to_be_acknowledged_and_tells_who_did() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob, &eve]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let mut at_ann = server.socket(&ann).await;
    let asked = json!({"priority": "urgent", "requested_ack": true});
    let new = |message: &str, priority: &Value| json!({"channel_id": channel, "message": message, "metadata": {"priority": priority}});
    let post = server.must(&ann, "POST", "/posts", new("@bob read this", &asked)).await;
    assert_eq!(post["metadata"]["priority"]["priority"], "urgent");
    let id = post["id"].as_str().unwrap();
    let path = format!("/users/me/posts/{id}/ack");
    let member = server.must(&bob, "GET", &format!("/channels/{channel}/members/me"), Value::Null).await;
    assert_eq!(member["urgent_mention_count"], 1);
    let said = server.must(&bob, "POST", &path, Value::Null).await;
    assert_eq!((&said["user_id"], &said["post_id"]), (&json!(bob.id), &json!(id)));
    let again = server.must(&bob, "POST", &path, Value::Null).await;
    assert_eq!(again["acknowledged_at"], said["acknowledged_at"]);
    let shown = server.must(&ann, "GET", &format!("/posts/{id}"), Value::Null).await;
    assert_eq!(shown["metadata"]["acknowledgements"], json!([said]));
    assert_eq!(shown["metadata"]["priority"]["requested_ack"], true);
    let heard = server.hear(&ann, &mut at_ann).await;
    let added = heard.iter().filter(|e| e["event"] == "post_acknowledgement_added").count();
    assert_eq!(added, 1, "twice is announced once");
    let posted = heard.iter().find(|e| e["event"] == "posted").unwrap();
    assert!(posted["data"]["post"].as_str().unwrap().contains("urgent"), "{posted}");
    assert_eq!(server.call(&eve, "POST", &path, Value::Null).await.0, StatusCode::FORBIDDEN);

    server.must(&bob, "DELETE", &path, Value::Null).await;
    assert_eq!(server.call(&bob, "DELETE", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    let heard = server.hear(&ann, &mut at_ann).await;
    assert!(heard.iter().any(|e| e["event"] == "post_acknowledgement_removed"));
    server.must(&bob, "POST", &path, Value::Null).await;
    server.backend.cx.clock.advance(Duration::from_mins(6));
    let (status, body) = server.call(&bob, "DELETE", &path, Value::Null).await;
    assert_eq!((status, &body["id"]), (StatusCode::FORBIDDEN, &json!("api.acknowledgement.delete.deadline.app_error")));

    let plain = server.must(&ann, "POST", "/posts", new("no hurry", &Value::Null)).await;
    assert_eq!(plain["metadata"], json!({}));
    let of_plain = format!("/users/me/posts/{}/ack", plain["id"].as_str().unwrap());
    assert_eq!(server.call(&bob, "POST", &of_plain, Value::Null).await.0, StatusCode::BAD_REQUEST);
    let mut reply = new("me too", &asked);
    reply["root_id"] = json!(id);
    assert_eq!(server.call(&bob, "POST", "/posts", reply).await.0, StatusCode::BAD_REQUEST);
    let odd = new("x", &json!({"priority": "whenever"}));
    assert_eq!(server.call(&bob, "POST", "/posts", odd).await.0, StatusCode::BAD_REQUEST);
    server.must(&ann, "PUT", "/config/patch", json!({"ServiceSettings": {"PostPriority": false}})).await;
    assert_eq!(server.call(&bob, "POST", "/posts", new("x", &asked)).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn ones_own_post_says_again_what_it_said_before() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let new = |message: &str| json!({"channel_id": channel, "message": message});
    let post = server.must(&bob, "POST", "/posts", new("first")).await;
    let other = server.must(&bob, "POST", "/posts", new("other")).await;
    let path = format!("/posts/{}", post["id"].as_str().unwrap());
    server.must(&bob, "PUT", &format!("{path}/patch"), json!({"message": "second"})).await;
    let versions = server.must(&bob, "GET", &format!("{path}/edit_history"), Value::Null).await;
    let version = versions[0]["id"].as_str().unwrap();
    let restore = format!("{path}/restore/{version}");
    let (status, _) = server.call(&ann, "POST", &restore, Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let restored = server.must(&bob, "POST", &restore, Value::Null).await;
    assert_eq!((&restored["message"], &restored["id"]), (&json!("first"), &post["id"]));
    let versions = server.must(&bob, "GET", &format!("{path}/edit_history"), Value::Null).await;
    assert_eq!((versions.as_array().unwrap().len(), &versions[0]["message"]), (2, &json!("second")));
    let wrong = format!("{path}/restore/{}", other["id"].as_str().unwrap());
    assert_eq!(server.call(&bob, "POST", &wrong, Value::Null).await.0, StatusCode::BAD_REQUEST);
    let none = format!("{path}/restore/yyyyyyyyyyyyyyyyyyyyyyyyyy");
    assert_eq!(server.call(&bob, "POST", &none, Value::Null).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_follows_a_link_is_told_where_it_leads_if_they_could_go_there() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let eve = server.user("eve").await;
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let secret = server.channel(&ann, &team, "secret", &[]).await;
    let open = json!({"team_id": team, "name": "deck", "display_name": "Deck", "type": "O"});
    let open = server.must(&ann, "POST", "/channels", open).await["id"].as_str().unwrap().to_owned();
    let info = async |who, channel: &str| {
        let post = server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": "x"})).await;
        server.call(who, "GET", &format!("/posts/{}/info", post["id"].as_str().unwrap()), Value::Null).await
    };
    let (_, told) = info(&bob, &open).await;
    let expected = json!({"channel_id": open, "channel_type": "O", "channel_display_name": "Deck",
        "has_joined_channel": false, "team_id": team, "team_type": "O", "team_display_name": "team-a",
        "has_joined_team": true});
    assert_eq!(told, expected);
    assert_eq!(info(&bob, &secret).await.0, StatusCode::NOT_FOUND);
    assert_eq!(info(&eve, &open).await.0, StatusCode::NOT_FOUND, "the team does not let everybody in");
    server.must(&ann, "PUT", &format!("/teams/{team}/patch"), json!({"allow_open_invite": true})).await;
    assert_eq!(info(&eve, &open).await.1["has_joined_team"], false);
    assert_eq!(info(&eve, &secret).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_version_comes_back_with_its_files() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let path = format!("/api/v4/files?channel_id={channel}&filename=plan.txt");
    let (status, _, text) = server.raw(&ann, "POST", &path, "text/plain", "the plan").await;
    assert_eq!(status, StatusCode::CREATED, "{text}");
    let uploaded: Value = serde_json::from_str(&text).unwrap();
    let file = uploaded["file_infos"][0]["id"].as_str().unwrap();
    let new = json!({"channel_id": channel, "message": "the plan", "file_ids": [file]});
    let post = server.must(&ann, "POST", "/posts", new).await;
    let path = format!("/posts/{}", post["id"].as_str().unwrap());
    server.must(&ann, "PUT", &format!("{path}/patch"), json!({"message": "no plan", "file_ids": []})).await;
    let gone = format!("/files/{file}/info");
    assert_eq!(server.call(&ann, "GET", &gone, Value::Null).await.0, StatusCode::NOT_FOUND);
    let versions = server.must(&ann, "GET", &format!("{path}/edit_history"), Value::Null).await;
    let restore = format!("{path}/restore/{}", versions[0]["id"].as_str().unwrap());
    server.must(&ann, "POST", &restore, Value::Null).await;
    let shown = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!((&shown["message"], &shown["file_ids"]), (&json!("the plan"), &json!([file])));
    assert_eq!(shown["metadata"]["files"][0]["name"], "plan.txt");
    server.must(&ann, "GET", &gone, Value::Null).await;
}
