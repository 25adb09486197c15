//! Finding messages: by what words, and by whom.

use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use serde_json::{Value, json};

async fn say(server: &TestServer, who: &TestUser, channel: &str, message: &str) -> String {
    let post = server.must(who, "POST", "/posts", json!({"channel_id": channel, "message": message})).await;
    post["id"].as_str().unwrap().to_owned()
}

/// The messages found, newest first.
async fn found(server: &TestServer, who: &TestUser, path: &str, terms: &str) -> Vec<String> {
    let list = server.must(who, "POST", path, json!({"terms": terms})).await;
    let text = |id: &Value| list["posts"][id.as_str().unwrap()]["message"].as_str().unwrap().to_owned();
    list["order"].as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn words_find_messages_in_ones_own_channels() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let mine = server.channel(&ann, &team, "mine", &[]).await;
    say(&server, &ann, &talk, "Running Dogs at mail.example.org").await;
    say(&server, &bob, &talk, "a crème brûlée #sweet-food").await;
    say(&server, &ann, &mine, "dog food, 日本語のメッセージ").await;
    let path = format!("/teams/{team}/posts/search");

    let (dogs, food) = ("Running Dogs at mail.example.org", "dog food, 日本語のメッセージ");
    for (terms, expected) in [
        ("dog", vec![food, dogs]),
        ("DOGS runs", vec![dogs]),
        ("dog -run", vec![food]),
        ("\"dog food\"", vec![food]),
        ("\"food dog\"", vec![]),
        ("runn*", vec![dogs]),
        ("example.org", vec![dogs]),
        ("日本", vec![food]),
        ("本語の", vec![food]),
        ("ジ", vec![food]),
        ("創", vec![]),
        ("creme", vec!["a crème brûlée #sweet-food"]),
        ("#sweet-food", vec!["a crème brûlée #sweet-food"]),
        ("from:bob", vec!["a crème brûlée #sweet-food"]),
        ("from:nobody", vec![]),
        ("dog in:talk", vec![dogs]),
        ("dog -in:talk", vec![food]),
        ("dog before:1971-01-01", vec![]),
        ("dog after:1971-01-01", vec![food, dogs]),
        ("' OR 1=1) \" * ^ NEAR(", vec![]),
    ] {
        assert_eq!(found(&server, &ann, &path, terms).await, expected, "{terms}");
        assert_eq!(found(&server, &ann, "/posts/search", terms).await, expected, "{terms}");
    }
    // Not a member of one channel, of the team, of anything.
    assert_eq!(found(&server, &bob, &path, "dog").await, [dogs]);
    assert_eq!(server.call(&eve, "POST", &path, json!({"terms": "dog"})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(found(&server, &eve, "/posts/search", "dog").await, [""; 0]);
    assert_eq!(server.call(&ann, "POST", &path, json!({"terms": ""})).await.0, StatusCode::BAD_REQUEST);
    server.must(&bob, "DELETE", &format!("/channels/{talk}/members/me"), Value::Null).await;
    assert_eq!(found(&server, &bob, &path, "dog").await, [""; 0]);
}

#[tokio::test]
async fn the_index_follows_edits_deletions_and_archives() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let talk = server.channel(&ann, &team, "talk", &[]).await;
    let path = format!("/teams/{team}/posts/search");
    let id = say(&server, &ann, &talk, "before").await;
    assert_eq!(found(&server, &ann, &path, "before").await, ["before"]);
    server.must(&ann, "PUT", &format!("/posts/{id}/patch"), json!({"message": "afterwards"})).await;
    assert_eq!(found(&server, &ann, &path, "before").await, [""; 0]);
    assert_eq!(found(&server, &ann, &path, "afterwards").await, ["afterwards"]);
    server.must(&ann, "DELETE", &format!("/channels/{talk}"), Value::Null).await;
    assert_eq!(found(&server, &ann, &path, "afterwards").await, [""; 0]);
    let archived = json!({"terms": "afterwards", "include_deleted_channels": true});
    let list = server.must(&ann, "POST", &path, archived).await;
    assert_eq!(list["order"], json!([id]));

    let second = server.channel(&ann, &team, "second", &[]).await;
    let id = say(&server, &ann, &second, "short lived").await;
    server.must(&ann, "DELETE", &format!("/posts/{id}"), Value::Null).await;
    assert_eq!(found(&server, &ann, &path, "lived").await, [""; 0]);
}

#[tokio::test]
async fn administrators_make_the_index_anew() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[]).await;
    let talk = server.channel(&ann, &team, "talk", &[]).await;
    say(&server, &ann, &talk, "still here").await;
    let order = json!({"type": "search_indexing"});
    assert_eq!(server.call(&bob, "POST", "/jobs", order.clone()).await.0, StatusCode::FORBIDDEN);
    let job = server.must(&ann, "POST", "/jobs", order).await;
    backend::jobs::queue::settled(&server.backend.cx).await;
    let path = format!("/jobs/{}", job["id"].as_str().unwrap());
    let job = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!((&job["status"], &job["progress"]), (&"success".into(), &100.into()));
    assert_eq!(found(&server, &ann, &format!("/teams/{team}/posts/search"), "still").await, ["still here"]);
}
