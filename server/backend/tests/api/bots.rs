//! Bots act by tokens, and tokens end when they are taken back.

use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use serde_json::{Value, json};

fn with(token: &Value) -> TestUser {
    TestUser { token: token.as_str().unwrap().to_owned(), ..TestUser::default() }
}

#[tokio::test]
async fn a_bot_is_made_looked_after_and_disabled_with_its_owner() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let new = json!({"username": "hal", "display_name": "Hal", "description": "opens doors"});
    assert_eq!(server.call(&bob, "POST", "/bots", new.clone()).await.0, StatusCode::FORBIDDEN);
    let bot = server.must(&ann, "POST", "/bots", new.clone()).await;
    let id = bot["user_id"].as_str().unwrap();
    assert_eq!((bot["owner_id"].as_str(), bot["delete_at"].as_i64()), (Some(ann.id.as_str()), Some(0)));
    let (status, taken) = server.call(&ann, "POST", "/bots", new).await;
    assert_eq!((status, &taken["id"]), (StatusCode::BAD_REQUEST, &"app.user.save.username_exists.app_error".into()));
    let user = server.must(&bob, "GET", &format!("/users/{id}"), Value::Null).await;
    assert_eq!((user["is_bot"].as_bool(), user["bot_description"].as_str()), (Some(true), Some("opens doors")));
    // Who may not see others' bots is told that there is none.
    for (method, path) in [("GET", format!("/bots/{id}")), ("POST", format!("/bots/{id}/disable"))] {
        let (status, refused) = server.call(&bob, method, &path, Value::Null).await;
        assert_eq!((status, &refused["id"]), (StatusCode::NOT_FOUND, &"store.sql_bot.get.missing.app_error".into()));
    }
    let changed = server.must(&ann, "PUT", &format!("/bots/{id}"), json!({"description": "closes them"})).await;
    assert_eq!((&changed["description"], &changed["username"]), (&"closes them".into(), &"hal".into()));

    let path = format!("/users/{id}/tokens");
    let token = server.must(&ann, "POST", &path, json!({"description": "ci"})).await;
    let hal = with(&token["token"]);
    let me = server.must(&hal, "GET", "/users/me", Value::Null).await;
    assert_eq!(me["username"], "hal");
    server.must(&ann, "POST", &format!("/bots/{id}/assign/{}", bob.id), Value::Null).await;
    server.must(&ann, "DELETE", &format!("/users/{}", bob.id), Value::Null).await;
    assert_eq!(server.call(&hal, "GET", "/users/me", Value::Null).await.0, StatusCode::UNAUTHORIZED);
    let orphans = server.must(&ann, "GET", "/bots?only_orphaned=true&include_deleted=true", Value::Null).await;
    assert_eq!(orphans[0]["user_id"], id);
    assert_eq!(server.must(&ann, "GET", "/bots", Value::Null).await, json!([]));
    server.must(&ann, "POST", &format!("/bots/{id}/enable"), Value::Null).await;
    assert_eq!(server.call(&hal, "GET", "/users/me", Value::Null).await.0, StatusCode::OK);
}

#[tokio::test]
async fn bots_and_people_become_each_other() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    server.must(&ann, "POST", &format!("/users/{}/convert_to_bot", bob.id), Value::Null).await;
    assert_eq!(server.call(&bob, "GET", "/users/me", Value::Null).await.0, StatusCode::UNAUTHORIZED);
    let sign_in = json!({"login_id": "bob", "password": "Another-pass1"});
    let nobody = TestUser::default();
    assert_eq!(server.call(&nobody, "POST", "/users/login", sign_in.clone()).await.0, StatusCode::UNAUTHORIZED);
    let path = format!("/bots/{}/convert_to_user", bob.id);
    assert_eq!(server.call(&ann, "POST", &path, json!({})).await.0, StatusCode::BAD_REQUEST);
    server.must(&ann, "POST", &path, json!({"password": "Another-pass1"})).await;
    let back = server.must(&nobody, "POST", "/users/login", sign_in).await;
    assert_eq!(back["is_bot"], Value::Null);
    assert_eq!(server.call(&ann, "GET", &format!("/bots/{}", bob.id), Value::Null).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_is_valid_until_it_is_taken_back() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let mine = "/users/me/tokens";
    let new = json!({"description": "script"});
    assert_eq!(server.call(&bob, "POST", mine, new.clone()).await.0, StatusCode::FORBIDDEN, "takes a role");
    let roles = json!({"roles": "system_user system_user_access_token"});
    for user in [&bob, &eve] {
        server.must(&ann, "PUT", &format!("/users/{}/roles", user.id), roles.clone()).await;
    }
    assert_eq!(server.call(&bob, "POST", mine, json!({"description": ""})).await.0, StatusCode::BAD_REQUEST);
    let theirs = format!("/users/{}/tokens", eve.id);
    assert_eq!(server.call(&bob, "POST", &theirs, new.clone()).await.0, StatusCode::FORBIDDEN);
    let token = server.must(&bob, "POST", mine, new).await;
    let script = with(&token["token"]);
    let works = async || server.call(&script, "GET", "/users/me", Value::Null).await.0 == StatusCode::OK;
    assert!(works().await);
    let id = token["id"].as_str().unwrap();
    let which = json!({"token_id": id});
    let listed = server.must(&bob, "GET", mine, Value::Null).await;
    assert_eq!((&listed[0]["id"], &listed[0]["token"]), (&json!(id), &Value::Null), "the secret is shown once");
    assert_eq!(server.call(&eve, "POST", "/users/tokens/revoke", which.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.call(&eve, "GET", &format!("/users/tokens/{id}"), Value::Null).await.0, StatusCode::FORBIDDEN);

    server.must(&bob, "POST", "/users/tokens/disable", which.clone()).await;
    assert!(!works().await);
    server.must(&bob, "POST", "/users/tokens/enable", which.clone()).await;
    assert!(works().await);
    let found = server.must(&ann, "POST", "/users/tokens/search", json!({"term": "bob"})).await;
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    server.must(&bob, "POST", "/users/tokens/revoke", which).await;
    assert!(!works().await);
    let none = server.must(&ann, "GET", "/users/tokens", Value::Null).await;
    assert_eq!(none, json!([]));
}
