//! Messages that burn after reading.

use backend::{
    jobs::queue::settled,
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_text_is_shown_to_who_asks_for_a_while_and_to_nobody_else() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "garden", &[&bob, &eve]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let new = json!({"channel_id": talk, "message": "the safe is 1234 @bob", "type": "burn_on_read"});
    let (status, refused) = server.call(&ann, "POST", "/posts", new.clone()).await;
    let off = json!("api.post.burn_on_read.license.error");
    assert_eq!((status, &refused["id"]), (StatusCode::NOT_IMPLEMENTED, &off));
    server.must(&ann, "PUT", "/config/patch", json!({"ServiceSettings": {"EnableBurnOnRead": true}})).await;
    let mut his = server.socket(&bob).await;
    let post = server.must(&ann, "POST", "/posts", new.clone()).await;
    assert_eq!((&post["message"], &post["type"]), (&new["message"], &json!("burn_on_read")));
    let id = post["id"].as_str().unwrap();
    let heard = server.hear(&bob, &mut his).await;
    assert!(heard.iter().any(|event| event.to_string().contains(id)) && !json!(heard).to_string().contains("1234"));
    // Nothing that reads posts has the text, not even for its author.
    for (who, path) in [
        (&bob, format!("/posts/{id}")),
        (&ann, format!("/posts/{id}")),
        (&bob, format!("/channels/{talk}/posts")),
        (&bob, format!("/posts/{id}/thread")),
    ] {
        let found = server.must(who, "GET", &path, Value::Null).await;
        assert!(found.to_string().contains(id) && !found.to_string().contains("1234"), "{path}");
    }
    settled(&server.backend.cx).await;
    let found = server.must(&bob, "POST", &format!("/teams/{team}/posts/search"), json!({"terms": "1234"})).await;
    assert_eq!(found["order"], json!([]));

    let reveal = async |who: &TestUser| server.call(who, "GET", &format!("/posts/{id}/reveal"), Value::Null).await;
    let burn = async |who: &TestUser| server.call(who, "DELETE", &format!("/posts/{id}/burn"), Value::Null).await.0;
    assert_eq!(reveal(&eve).await.0, StatusCode::FORBIDDEN);
    assert_eq!(burn(&bob).await, StatusCode::FORBIDDEN, "it is not shown to him yet");
    let mut hers = server.socket(&ann).await;
    let (_, shown) = reveal(&bob).await;
    assert_eq!(shown["message"], new["message"]);
    let until = shown["metadata"]["expire_at"].as_i64().unwrap();
    assert!((599_000..=600_000).contains(&(until - server.backend.cx.clock.now())));
    let heard = server.hear(&ann, &mut hers).await;
    let of = |name: &str| heard.iter().find(|event| event["event"] == name).cloned().unwrap_or_default();
    assert_eq!(of("post_revealed")["data"]["recipients"], json!([bob.id]));
    assert_eq!(of("burn_on_read_all_revealed")["data"]["sender_expire_at"], until);
    server.backend.cx.clock.advance(Duration::from_mins(5));
    assert_eq!(reveal(&bob).await.1["metadata"]["expire_at"], until, "asking again makes it no longer");
    assert_eq!(reveal(&ann).await.1["message"], new["message"], "its author may always read it");
    assert_eq!(burn(&bob).await, StatusCode::OK);
    assert_eq!(reveal(&bob).await.0, StatusCode::FORBIDDEN);

    let patch = json!({"message": "other"});
    assert_eq!(server.call(&ann, "PUT", &format!("/posts/{id}/patch"), patch).await.0, StatusCode::BAD_REQUEST);
    let reply = json!({"channel_id": talk, "message": "what?", "root_id": id});
    assert_eq!(server.call(&bob, "POST", "/posts", reply).await.0, StatusCode::BAD_REQUEST);

    // Everybody has read it: when their time is over, it goes.
    server.backend.cx.clock.advance(Duration::from_secs(301));
    settled(&server.backend.cx).await;
    assert_eq!(server.call(&ann, "GET", &format!("/posts/{id}"), Value::Null).await.0, StatusCode::NOT_FOUND);
    let post = id.parse().unwrap();
    assert_eq!(server.backend.cx.store.burning().text(post).await.unwrap(), None);

    // Nobody reads the next one, and its author ends the one after that.
    let unread = server.must(&ann, "POST", "/posts", new.clone()).await;
    let ended = server.must(&ann, "POST", "/posts", new).await;
    let path = |post: &Value, what: &str| format!("/posts/{}{what}", post["id"].as_str().unwrap());
    server.must(&ann, "DELETE", &path(&ended, "/burn"), Value::Null).await;
    assert_eq!(server.call(&bob, "GET", &path(&ended, "/reveal"), Value::Null).await.0, StatusCode::NOT_FOUND);
    server.backend.cx.clock.advance(Duration::from_hours(7 * 24 + 1));
    settled(&server.backend.cx).await;
    assert_eq!(server.call(&bob, "GET", &path(&unread, ""), Value::Null).await.0, StatusCode::NOT_FOUND);
    let plain = server.must(&ann, "POST", "/posts", json!({"channel_id": talk, "message": "plain"})).await;
    assert_eq!(server.call(&bob, "GET", &path(&plain, "/reveal"), Value::Null).await.0, StatusCode::BAD_REQUEST);
}
