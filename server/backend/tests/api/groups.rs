//! Groups that people make to mention several at once.

use backend::testing::TestServer;
use http::StatusCode;
use serde_json::{Value, json};

fn group(name: &str, ids: &[&str]) -> Value {
    json!({"name": name, "display_name": "The Crew", "source": "custom", "allow_reference": true, "user_ids": ids})
}

#[tokio::test]
async fn a_group_is_mentioned_as_those_of_it_who_are_there() {
    let server = TestServer::start().await;
    let (ann, bob, cat) = (server.user("ann").await, server.user("bob").await, server.user("cat").await);
    let team = server.team(&ann, "team-a", &[&bob, &cat]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let mut at_bob = server.socket(&bob).await;
    let made = server.must(&ann, "POST", "/groups", group("crew", &[&bob.id, &cat.id])).await;
    assert_eq!((&made["member_count"], &made["remote_id"]), (&json!(2), &Value::Null));
    let path = format!("/groups/{}", made["id"].as_str().unwrap());
    let heard = server.hear(&bob, &mut at_bob).await;
    assert!(heard.iter().any(|e| e["event"] == "received_group"), "{heard:?}");

    let mentions = async |who| {
        let member = server.must(who, "GET", &format!("/channels/{channel}/members/me"), Value::Null).await;
        member["mention_count"].as_i64().unwrap()
    };
    let say =
        async |text: &str| server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": text})).await;
    say("hello").await;
    let before = mentions(&bob).await;
    say("hello @crew, and @crewless").await;
    assert_eq!(mentions(&bob).await, before + 1);
    let counts = server.must(&bob, "GET", &format!("/channels/{channel}/member_counts_by_group"), Value::Null).await;
    assert_eq!((&counts[0]["group_id"], &counts[0]["channel_member_count"]), (&made["id"], &json!(1)));

    // Who leaves the group is not mentioned by it any more, nor is anybody by a group that is gone.
    let ids = json!({"user_ids": [bob.id]});
    server.must(&ann, "DELETE", &format!("{path}/members"), ids.clone()).await;
    say("@crew again").await;
    assert_eq!(mentions(&bob).await, before + 1);
    let added = server.must(&ann, "POST", &format!("{path}/members"), ids).await;
    assert_eq!(added[0]["user_id"], json!(bob.id));
    let heard = server.hear(&bob, &mut at_bob).await;
    for name in ["group_member_deleted", "group_member_add"] {
        assert!(heard.iter().any(|e| e["event"] == name && e["data"]["group_member"].is_string()), "{name}");
    }
    server.must(&ann, "DELETE", &path, Value::Null).await;
    say("@crew gone").await;
    assert_eq!(mentions(&bob).await, before + 1);
    assert_eq!(server.call(&ann, "DELETE", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    server.must(&ann, "POST", &format!("{path}/restore"), Value::Null).await;
    say("@crew back").await;
    assert_eq!(mentions(&bob).await, before + 2);
}

#[tokio::test]
async fn groups_are_found_changed_and_listed() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let made = server.must(&bob, "POST", "/groups", group("crew", &[&ann.id, &bob.id])).await;
    let path = format!("/groups/{}", made["id"].as_str().unwrap());
    let changed = server.must(&bob, "PUT", &format!("{path}/patch"), json!({"display_name": "Sailors"})).await;
    assert_eq!((&changed["display_name"], &changed["name"]), (&json!("Sailors"), &json!("crew")));
    let found = server.must(&ann, "GET", "/groups?q=sail&include_member_count=true", Value::Null).await;
    assert_eq!((&found[0]["id"], &found[0]["member_count"]), (&made["id"], &json!(2)));
    assert_eq!(server.must(&ann, "GET", "/groups?q=nobody", Value::Null).await, json!([]));
    let found = server.must(&ann, "POST", "/groups/names", json!(["crew", "none"])).await;
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    let members = server.must(&ann, "GET", &format!("{path}/members"), Value::Null).await;
    assert_eq!((&members["total_member_count"], &members["members"][1]["username"]), (&json!(2), &json!("bob")));
    let stats = server.must(&ann, "GET", &format!("{path}/stats"), Value::Null).await;
    assert_eq!(stats["total_member_count"], 2);
    let mine = server.must(&bob, "GET", "/users/me/groups", Value::Null).await;
    assert_eq!(mine[0]["id"], made["id"]);
    let (status, _) = server.call(&bob, "GET", &format!("/users/{}/groups", ann.id), Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);

    for (bad, id) in [
        (group("crew", &[]), "app.custom_group.unique_name"),
        (group("ann", &[]), "app.custom_group.unique_name"),
        (group("here", &[]), "model.group.name.invalid_chars.app_error"),
        (group("two words", &[]), "model.group.name.invalid_chars.app_error"),
        (
            json!({"name": "x", "display_name": "x", "source": "ldap", "allow_reference": true}),
            "app.group.crud_permission",
        ),
        (json!({"name": "x", "display_name": "x", "source": "custom"}), "api.custom_groups.must_be_referenceable"),
    ] {
        let (status, body) = server.call(&bob, "POST", "/groups", bad).await;
        assert_eq!((status, &body["id"]), (StatusCode::BAD_REQUEST, &json!(id)));
    }
    let (status, _) = server.call(&bob, "POST", "/groups", group("ghosts", &["yyyyyyyyyyyyyyyyyyyyyyyyyy"])).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    server.must(&ann, "PUT", "/config/patch", json!({"ServiceSettings": {"EnableCustomGroups": false}})).await;
    let (status, body) = server.call(&bob, "GET", "/groups", Value::Null).await;
    assert_eq!((status, &body["id"]), (StatusCode::NOT_IMPLEMENTED, &json!("api.custom_groups.feature_disabled")));
}
