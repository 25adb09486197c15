//! Slash commands that the server knows.

use backend::testing::TestServer;
use http::StatusCode;
use serde_json::{Value, json};

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
    assert_eq!(secret, nothing);

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
