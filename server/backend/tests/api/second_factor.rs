//! The second factor: codes of an app, recovery codes, and asking it of everybody.

use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use model::{Millis, config::Config};
use serde_json::{Value, json};
use std::time::Duration;
use totp_rs::{Builder, Secret};

/// What an authenticator app shows some time from now.
fn code_in(server: &TestServer, secret: &str, later: Millis) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let at = u64::try_from((server.backend.cx.clock.now() + later) / 1000).unwrap();
    Builder::new().with_secret(secret).build().unwrap().generate(at).to_string()
}

/// Switches it on for somebody: the secret, and the recovery codes.
async fn switch_on(server: &TestServer, who: &TestUser) -> (String, Vec<String>) {
    let made = server.must(who, "POST", "/users/me/mfa/generate", Value::Null).await;
    let secret = made["secret"].as_str().unwrap().to_owned();
    let body = json!({"activate": true, "code": code_in(server, &secret, 0)});
    let answer = server.must(who, "PUT", "/users/me/mfa", body).await;
    assert_eq!(answer["status"], "OK");
    let codes = answer["recovery_codes"].as_array().unwrap();
    (secret, codes.iter().map(|c| c.as_str().unwrap().to_owned()).collect())
}

async fn sign_in(server: &TestServer, name: &str, code: &str) -> (StatusCode, String) {
    let body = json!({"login_id": name, "password": "Passw0rd-tests", "token": code});
    let (status, body) = server.call(&TestUser::default(), "POST", "/users/login", body).await;
    (status, body["id"].as_str().unwrap_or_default().to_owned())
}

const MISSING: &str = "mfa.validate_token.authenticate.app_error";
const WRONG: &str = "api.user.check_user_mfa.bad_code.app_error";

#[tokio::test]
async fn signing_in_asks_for_a_code_which_is_good_once() {
    let server = TestServer::start().await;
    let (ann, nobody) = (server.user("ann").await, TestUser::default());
    let asked = json!({"login_id": "ann"});
    let made = server.must(&ann, "POST", "/users/me/mfa/generate", Value::Null).await;
    let again = server.must(&ann, "POST", "/users/me/mfa/generate", Value::Null).await;
    assert_eq!(made["secret"], again["secret"], "a page that is loaded again shows what was scanned");
    assert!(made["qr_code"].as_str().unwrap().starts_with("iVBOR"), "a PNG");
    assert!(made["qr_svg"].as_str().unwrap().starts_with("<svg"));
    assert_eq!(sign_in(&server, "ann", "").await.0, StatusCode::OK, "nothing is asked before it is confirmed");
    let wrong = json!({"activate": true, "code": "000000"});
    let (status, body) = server.call(&ann, "PUT", "/users/me/mfa", wrong).await;
    assert_eq!((status, body["id"].as_str()), (StatusCode::UNAUTHORIZED, Some(WRONG)));
    assert_eq!(server.must(&nobody, "POST", "/users/mfa", asked.clone()).await["mfa_required"], false);

    let (secret, codes) = switch_on(&server, &ann).await;
    assert_eq!((json!(secret), codes.len()), (made["secret"].clone(), 10));
    assert_eq!(server.must(&nobody, "POST", "/users/mfa", asked).await["mfa_required"], true);
    assert_eq!(server.must(&ann, "GET", "/users/me", Value::Null).await["mfa_active"], true);
    assert_eq!(sign_in(&server, "ann", "").await, (StatusCode::UNAUTHORIZED, MISSING.to_owned()));
    assert_eq!(sign_in(&server, "ann", "000000").await, (StatusCode::UNAUTHORIZED, WRONG.to_owned()));
    let used = code_in(&server, &secret, 0);
    assert_eq!(sign_in(&server, "ann", &used).await.1, WRONG, "the code that switched it on was used");
    server.backend.cx.clock.advance(Duration::from_mins(1));
    let code = code_in(&server, &secret, 0);
    assert_eq!(sign_in(&server, "ann", &code).await.0, StatusCode::OK);
    assert_eq!(sign_in(&server, "ann", &code).await.1, WRONG);

    // Each recovery code once, however it is typed; new ones end the old ones.
    assert_eq!(sign_in(&server, "ann", &codes[0].replace('-', " ").to_uppercase()).await.0, StatusCode::OK);
    assert_eq!(sign_in(&server, "ann", &codes[0]).await.1, WRONG);
    let renewed = server.must(&ann, "POST", "/users/me/mfa/recovery_codes", Value::Null).await;
    assert_eq!(sign_in(&server, "ann", &codes[1]).await.1, WRONG);
    assert_eq!(sign_in(&server, "ann", renewed["recovery_codes"][0].as_str().unwrap()).await.0, StatusCode::OK);

    server.must(&ann, "PUT", "/users/me/mfa", json!({"activate": false})).await;
    assert_eq!(sign_in(&server, "ann", "").await.0, StatusCode::OK);
    let (status, _) = server.call(&ann, "POST", "/users/me/mfa/recovery_codes", Value::Null).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn wrong_codes_lock_an_account_and_missing_ones_do_not() {
    let mut config = Config::default();
    config.service.maximum_login_attempts = 3;
    let server = TestServer::start_with(config).await;
    let ann = server.user("ann").await;
    switch_on(&server, &ann).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&server, "ann", "").await.1, MISSING);
    }
    for _ in 0..3 {
        assert_eq!(sign_in(&server, "ann", "123").await.1, WRONG);
    }
    assert_eq!(sign_in(&server, "ann", "123").await.1, "api.user.check_user_login_attempts.too_many.app_error");
}

#[tokio::test]
async fn administrators_switch_it_off_for_others_who_cannot_for_each_other() {
    let server = TestServer::start().await;
    let (boss, ann, eve) = (server.user("boss").await, server.user("ann").await, server.user("eve").await);
    switch_on(&server, &ann).await;
    let path = format!("/users/{}/mfa", ann.id);
    for (method, path) in
        [("PUT", path.clone()), ("POST", format!("{path}/generate")), ("POST", format!("{path}/recovery_codes"))]
    {
        let (status, _) = server.call(&eve, method, &path, json!({"activate": false})).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    server.must(&boss, "PUT", &path, json!({"activate": false})).await;
    assert_eq!(sign_in(&server, "ann", "").await.0, StatusCode::OK);
}

#[tokio::test]
async fn where_it_is_switched_off_it_is_neither_offered_nor_asked_for() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    switch_on(&server, &ann).await;
    let off = json!({"ServiceSettings": {"EnableMultifactorAuthentication": false}});
    server.must(&ann, "PUT", "/config/patch", off).await;
    assert_eq!(sign_in(&server, "ann", "").await.0, StatusCode::OK);
    for (method, path) in [("POST", "/users/me/mfa/generate"), ("PUT", "/users/me/mfa")] {
        let (status, body) = server.call(&ann, method, path, json!({"activate": false})).await;
        assert_eq!((status, body["id"].as_str()), (StatusCode::NOT_IMPLEMENTED, Some("mfa.mfa_disabled.app_error")));
    }
    let told = server.must(&TestUser::default(), "GET", "/config/client?format=old", Value::Null).await;
    assert_eq!(told["EnableMultifactorAuthentication"], "false");
}

#[tokio::test]
async fn whoever_has_to_set_it_up_first_can_do_nothing_else() {
    let server = TestServer::start().await;
    let (boss, ann) = (server.user("boss").await, server.user("ann").await);
    let bot = server.must(&boss, "POST", "/bots", json!({"username": "thing"})).await;
    let path = format!("/users/{}/tokens", bot["user_id"].as_str().unwrap());
    let token = server.must(&boss, "POST", &path, json!({"description": "x"})).await["token"].clone();
    let bot = TestUser { token: token.as_str().unwrap().to_owned(), ..TestUser::default() };
    let asked = json!({"ServiceSettings": {"EnforceMultifactorAuthentication": true}});
    server.must(&boss, "PUT", "/config/patch", asked).await;

    let others = format!("/users/{}", boss.id);
    for path in ["/users/me/teams", "/config", others.as_str()] {
        let (status, body) = server.call(&ann, "GET", path, Value::Null).await;
        let wanted = (StatusCode::UNAUTHORIZED, Some("api.context.mfa_required.app_error"));
        assert_eq!((status, body["id"].as_str()), wanted, "{path}");
    }
    server.must(&ann, "GET", "/users/me", Value::Null).await;
    server.must(&bot, "GET", "/users/me/teams", Value::Null).await;
    switch_on(&server, &ann).await;
    server.must(&ann, "GET", "/users/me/teams", Value::Null).await;
}
