//! Marking as read and unread, counting people, and conversations that become channels.

use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use serde_json::{Value, json};

async fn say(server: &TestServer, who: &TestUser, channel: &str, text: &str, root: &str) -> String {
    let new = json!({"channel_id": channel, "message": text, "root_id": root});
    server.must(who, "POST", "/posts", new).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_team_and_all_conversations_are_read_at_once() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let direct = server.must(&ann, "POST", "/channels/direct", json!([ann.id, bob.id])).await["id"].clone();
    let direct = direct.as_str().unwrap();
    for place in [&channel, direct] {
        say(&server, &ann, place, "@bob look", "").await;
    }
    let unread = async |place: &str| {
        let counts = server.must(&bob, "GET", &format!("/users/me/channels/{place}/unread"), Value::Null).await;
        (counts["msg_count"].as_i64().unwrap(), counts["mention_count"].as_i64().unwrap())
    };
    assert_ne!((unread(&channel).await.0, unread(direct).await), (0, (0, 0)));
    let mut at_bob = server.socket(&bob).await;
    let path = format!("/users/me/teams/{team}/read");
    let read = server.must(&bob, "PUT", &path, Value::Null).await;
    assert!(
        read["last_viewed_at_times"][&channel].is_i64() && read["last_viewed_at_times"][direct].is_null(),
        "{read}"
    );
    assert_eq!(unread(&channel).await, (0, 0));
    assert_ne!(unread(direct).await, (0, 0));
    server.must(&bob, "PUT", "/channels/members/me/direct/read", Value::Null).await;
    assert_eq!(unread(direct).await, (0, 0));
    let heard = server.hear(&bob, &mut at_bob).await;
    assert_eq!(heard.iter().filter(|e| e["event"] == "multiple_channels_viewed").count(), 2);
    let of_ann = format!("/users/{}/teams/{team}/read", ann.id);
    assert_eq!(server.call(&bob, "PUT", &of_ann, Value::Null).await.0, StatusCode::FORBIDDEN);

    let eve = server.user("eve").await;
    let counts = server.must(&bob, "POST", "/channels/stats/member_count", json!([channel])).await;
    assert_eq!(counts, json!({&channel: 2}));
    assert_eq!(server.must(&eve, "POST", "/channels/stats/member_count", json!([channel])).await, json!({}));
}

#[tokio::test]
async fn a_thread_is_unread_again_from_a_reply_on() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let root = say(&server, &bob, &channel, "question", "").await;
    say(&server, &ann, &channel, "first", &root).await;
    let second = say(&server, &ann, &channel, "second for @bob", &root).await;
    let thread = format!("/users/me/teams/{team}/threads/{root}");
    let now = server.must(&bob, "GET", &thread, Value::Null).await["last_reply_at"].as_i64().unwrap();
    server.backend.cx.clock.advance(std::time::Duration::from_secs(1));
    server.must(&bob, "PUT", &format!("{thread}/read/{now}"), Value::Null).await;
    let counts = format!("/users/me/teams/{team}/threads/mention_counts");
    assert_eq!(server.must(&bob, "GET", &counts, Value::Null).await, json!({}));
    let again = server.must(&bob, "POST", &format!("{thread}/set_unread/{second}"), Value::Null).await;
    assert_eq!((&again["unread_replies"], &again["unread_mentions"]), (&json!(1), &json!(1)));
    assert_eq!(server.must(&bob, "GET", &counts, Value::Null).await, json!({&channel: 1}));
    let wrong = format!("{thread}/set_unread/yyyyyyyyyyyyyyyyyyyyyyyyyy");
    assert_eq!(server.call(&bob, "POST", &wrong, Value::Null).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_group_conversation_becomes_a_channel_of_a_team_of_all() {
    let server = TestServer::start().await;
    let (ann, bob, cat) = (server.user("ann").await, server.user("bob").await, server.user("cat").await);
    let team = server.team(&ann, "team-a", &[&bob, &cat]).await;
    let other = server.team(&ann, "team-b", &[&bob]).await;
    let group = server.must(&bob, "POST", "/channels/group", json!([ann.id, bob.id, cat.id])).await;
    let id = group["id"].as_str().unwrap();
    let teams = server.must(&bob, "GET", &format!("/channels/{id}/common_teams"), Value::Null).await;
    assert_eq!((teams.as_array().map(Vec::len), &teams[0]["id"]), (Some(1), &json!(team)));
    let path = format!("/channels/{id}/convert_to_channel");
    let new = |team: &str, name: &str| json!({"channel_id": id, "team_id": team, "name": name, "display_name": "Ours"});
    assert_eq!(server.call(&bob, "POST", &path, new(&other, "ours")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(server.call(&bob, "POST", &path, new(&team, "town-square")).await.0, StatusCode::BAD_REQUEST);
    let eve = server.user("eve").await;
    assert_eq!(server.call(&eve, "POST", &path, new(&team, "ours")).await.0, StatusCode::FORBIDDEN);
    let channel = server.must(&bob, "POST", &path, new(&team, "ours")).await;
    assert_eq!((&channel["type"], &channel["team_id"], &channel["id"]), (&json!("P"), &json!(team), &json!(id)));
    let found = server.must(&cat, "GET", &format!("/teams/{team}/channels/name/ours"), Value::Null).await;
    assert_eq!(found["id"], json!(id));
    say(&server, &cat, id, "still here", "").await;
    assert_eq!(server.call(&bob, "POST", &path, new(&team, "again")).await.0, StatusCode::BAD_REQUEST);
}
