//! What is noted of who did what.

use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use model::config::Config;
use serde_json::{Value, json};

/// What was noted of somebody: actions and what came of them, newest first.
async fn noted(server: &TestServer, by: &TestUser, of: &str) -> Vec<(String, String)> {
    let audits = server.must(by, "GET", &format!("/users/{of}/audits"), Value::Null).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    audits.as_array().unwrap().iter().map(|a| (text(&a["action"]), text(&a["extra_info"]))).collect()
}

#[tokio::test]
async fn sign_ins_and_changes_of_an_account_are_noted() {
    let server = TestServer::start().await;
    let (boss, ann) = (server.user("boss").await, server.user("ann").await);
    let login = |password: &str| json!({"login_id": "ann", "password": password});
    let (status, _) = server.call(&TestUser::default(), "POST", "/users/login", login("wrong")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let change = json!({"current_password": "wrong", "new_password": "Another-passw0rd"});
    let (status, _) = server.call(&ann, "PUT", "/users/me/password", change).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    server.must(&ann, "PUT", "/users/me/patch", json!({"nickname": "annie"})).await;

    let sign_in = |came: &str| ("/api/v4/users/login".to_owned(), came.to_owned());
    let wanted = [
        ("/api/v4/users/me/patch".to_owned(), "status=200".to_owned()),
        ("/api/v4/users/me/password".to_owned(), "status=400".to_owned()),
        sign_in("fail"),
        sign_in("success"),
    ];
    let mut found = Vec::new();
    // Calls are noted after they were answered.
    for _ in 0..200 {
        found = noted(&server, &ann, "me").await;
        if found.len() >= wanted.len() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(found, wanted);
    assert_eq!(noted(&server, &boss, &ann.id).await, wanted);
    let (status, _) = server.call(&ann, "GET", &format!("/users/{}/audits", boss.id), Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let all = server.must(&boss, "GET", "/audits", Value::Null).await;
    assert!(all.as_array().unwrap().iter().all(|a| a["ip_address"] == "127.0.0.1"), "{all}");
}

#[tokio::test]
async fn administrators_unlock_accounts() {
    let mut config = Config::default();
    config.service.maximum_login_attempts = 1;
    let server = TestServer::start_with(config).await;
    let (boss, ann) = (server.user("boss").await, server.user("ann").await);
    let nobody = TestUser::default();
    let login = |password: &str| json!({"login_id": "ann", "password": password});
    server.call(&nobody, "POST", "/users/login", login("wrong")).await;
    let (status, _) = server.call(&nobody, "POST", "/users/login", login("Passw0rd-tests")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let path = format!("/users/{}/reset_failed_attempts", ann.id);
    let (status, _) = server.call(&ann, "POST", &path, Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    server.must(&boss, "POST", &path, Value::Null).await;
    server.must(&nobody, "POST", "/users/login", login("Passw0rd-tests")).await;
}
