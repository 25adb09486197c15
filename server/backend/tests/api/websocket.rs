//! What clients say over the WebSocket: what they show, and that a notification was shown.

use backend::testing::{TestServer, TestUser};
use serde_json::{Value, json};

async fn types(server: &TestServer, who: &TestUser, channel: &str) {
    server.must(who, "POST", "/users/me/typing", json!({"channel_id": channel})).await;
}

fn of(heard: &[Value], event: &str) -> Vec<Value> {
    heard.iter().filter(|e| e["event"] == event).cloned().collect()
}

#[tokio::test]
async fn typing_is_told_only_where_a_client_looks() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let (here, there) =
        (server.channel(&ann, &team, "here", &[&bob]).await, server.channel(&ann, &team, "there", &[&bob]).await);
    let mut socket = server.socket(&bob).await;

    types(&server, &ann, &here).await;
    let heard = server.hear(&bob, &mut socket).await;
    assert_eq!(of(&heard, "typing").len(), 1, "who says nothing hears all: {heard:?}");

    let reply = socket.ask("presence", json!({"channel_id": there})).await;
    assert_eq!(reply["status"], "OK");
    types(&server, &ann, &here).await;
    server.must(&ann, "POST", "/posts", json!({"channel_id": here, "message": "posts come all the same"})).await;
    let heard = server.hear(&bob, &mut socket).await;
    assert_eq!(of(&heard, "typing"), Vec::<Value>::new());
    assert!(of(&heard, "posted").iter().any(|e| e.to_string().contains("all the same")));

    socket.ask("presence", json!({"thread_channel_id": here, "is_thread_view": false})).await;
    types(&server, &ann, &here).await;
    let heard = server.hear(&bob, &mut socket).await;
    assert_eq!(of(&heard, "typing").len(), 1, "a thread beside the channel is looked at too");

    for nonsense in [json!({"channel_id": "x"}), json!({"thread_channel_id": 5}), json!({})] {
        let reply = socket.ask("presence", nonsense).await;
        assert_eq!(reply["error"]["id"], "api.websocket_handler.invalid_param.app_error");
    }
    assert_eq!(socket.ask("presence", json!({"team_id": team})).await["status"], "OK");
}

#[tokio::test]
async fn clients_that_can_are_asked_to_acknowledge_what_notifies_their_user() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let direct = server.must(&ann, "POST", "/channels/direct", json!([ann.id, bob.id])).await;
    let (mut able, mut plain) = (server.socket_with(&bob, "posted_ack=true").await, server.socket(&bob).await);
    let mut own = server.socket_with(&ann, "posted_ack=true").await;
    let mut ids = Vec::new();
    for (channel, message) in [(json!(talk), "for all"), (json!(talk), "for @bob"), (direct["id"].clone(), "directly")]
    {
        let post = server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": message})).await;
        ids.push(post["id"].clone());
    }
    let asked = async |who: &TestUser, socket: &mut backend::testing::Socket| -> Vec<bool> {
        let heard = server.hear(who, socket).await;
        let marked = ["for all", "for @bob", "directly"].iter().flat_map(|text| {
            let quoted = format!(r#"\"message\":\"{text}\""#);
            heard.iter().filter(move |e| e["event"] == "posted" && e.to_string().contains(&quoted))
        });
        marked.map(|e| e["data"]["should_ack"] == true).collect()
    };
    assert_eq!(asked(&bob, &mut able).await, [false, true, true]);
    assert_eq!(asked(&bob, &mut plain).await, [false, false, false]);
    assert_eq!(asked(&ann, &mut own).await, [false, false, false]);

    let told = json!({"post_id": ids[1], "user_agent": "desktop", "status": "success", "reason": "", "data": ""});
    assert_eq!(able.ask("posted_notify_ack", told).await["status"], "OK");
    let failed = json!({"post_id": ids[1], "status": "error", "reason": "no permission"});
    assert_eq!(able.ask("posted_notify_ack", failed).await["status"], "OK");
    let reply = able.ask("posted_notify_ack", json!({"status": "success"})).await;
    assert_eq!(reply["error"]["id"], "api.websocket_handler.invalid_param.app_error");
}
