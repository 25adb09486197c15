//! OAuth 2.0: programs ask people, get codes and tokens, and lose what they were given.

use backend::testing::{PASSWORD, TestServer, TestUser};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Request, StatusCode, header};
use model::config::Config;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::time::Duration;

const BACK: &str = "http://program.example/cb";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn program() -> Value {
    json!({"name": "Printer", "homepage": "http://program.example", "callback_urls": [BACK], "description": "prints"})
}

fn asks(app: &Value) -> Value {
    json!({"response_type": "code", "client_id": app["id"], "redirect_uri": BACK, "scope": "", "state": "a b"})
}

/// A value in the address that a browser is led to.
fn led(answer: &Value, name: &str) -> String {
    let address = url::Url::parse(answer["redirect"].as_str().unwrap()).unwrap();
    assert_eq!(address.as_str().split(['?', '#']).next(), Some(BACK));
    let all = format!("{}&{}", address.query().unwrap_or_default(), address.fragment().unwrap_or_default());
    let found = url::form_urlencoded::parse(all.as_bytes()).find(|(n, _)| n == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

async fn code(server: &TestServer, who: &TestUser, asked: Value) -> String {
    led(&server.must(who, "POST", "/oauth/authorize", asked).await, "code")
}

/// Sends a form to where tokens are given.
async fn tokens(server: &TestServer, fields: &[(&str, &str)]) -> (StatusCode, HeaderMap, Value) {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = "application/x-www-form-urlencoded";
    let (status, headers, body) = server.raw(&TestUser::default(), "POST", "/oauth/access_token", kind, form).await;
    (status, headers, serde_json::from_str(&body).unwrap())
}

fn by_code<'a>(app: &'a Value, code: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", app["id"].as_str().unwrap()),
        ("client_secret", app["client_secret"].as_str().unwrap()),
        ("code", code),
        ("redirect_uri", BACK),
    ]
}

fn by_refresh<'a>(app: &'a Value, token: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("grant_type", "refresh_token"),
        ("client_id", app["id"].as_str().unwrap()),
        ("client_secret", app["client_secret"].as_str().unwrap()),
        ("refresh_token", token),
    ]
}

fn with(token: &Value) -> TestUser {
    TestUser { token: text(token), ..TestUser::default() }
}

async fn is_in(server: &TestServer, token: &Value) -> bool {
    server.call(&with(token), "GET", "/users/me", Value::Null).await.0 == StatusCode::OK
}

/// Somebody gives a program access: the tokens.
async fn given(server: &TestServer, who: &TestUser, app: &Value) -> Value {
    let code = code(server, who, asks(app)).await;
    let (status, _, answer) = tokens(server, &by_code(app, &code)).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

#[tokio::test]
async fn programs_are_looked_after_by_those_who_may() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    assert_eq!(server.call(&bob, "POST", "/oauth/apps", program()).await.0, StatusCode::FORBIDDEN);
    let app = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let path = format!("/oauth/apps/{}", text(&app["id"]));
    assert_eq!((text(&app["client_secret"]).len(), &app["creator_id"]), (26, &json!(ann.id)));
    let info = server.must(&bob, "GET", &format!("{path}/info"), Value::Null).await;
    assert_eq!((&info["name"], &info["client_secret"]), (&json!("Printer"), &json!("")));
    assert_eq!(server.call(&bob, "GET", &path, Value::Null).await.0, StatusCode::FORBIDDEN);

    // Who may look after their own only.
    let patch = json!({"permissions": ["manage_oauth"]});
    let role = server.must(&ann, "GET", "/roles/name/system_user", Value::Null).await;
    let mut held: Vec<Value> = role["permissions"].as_array().unwrap().clone();
    held.extend(patch["permissions"].as_array().unwrap().iter().cloned());
    let change = json!({"permissions": held});
    server.must(&ann, "PUT", &format!("/roles/{}/patch", text(&role["id"])), change).await;
    let mut new = program();
    new["is_trusted"] = true.into();
    let own = server.must(&bob, "POST", "/oauth/apps", new.clone()).await;
    assert_eq!(own["is_trusted"], false, "only administrators trust");
    let listed = |all: Value| all.as_array().unwrap().iter().map(|a| a["id"].clone()).collect::<Vec<_>>();
    assert_eq!(listed(server.must(&bob, "GET", "/oauth/apps", Value::Null).await), [own["id"].clone()]);
    assert_eq!(listed(server.must(&ann, "GET", "/oauth/apps", Value::Null).await).len(), 2);
    assert_eq!(listed(server.must(&ann, "GET", "/oauth/apps?per_page=1&page=1", Value::Null).await).len(), 1);
    for (method, path) in [("GET", path.clone()), ("DELETE", path.clone()), ("POST", format!("{path}/regen_secret"))] {
        assert_eq!(server.call(&bob, method, &path, Value::Null).await.0, StatusCode::FORBIDDEN, "{method} {path}");
    }
    new["id"] = app["id"].clone();
    new["name"] = "Plotter".into();
    let changed = server.must(&ann, "PUT", &path, new.clone()).await;
    assert_eq!((&changed["name"], &changed["is_trusted"]), (&json!("Plotter"), &json!(true)));
    assert_eq!(changed["client_secret"], app["client_secret"]);
    new["id"] = own["id"].clone();
    assert_eq!(server.call(&ann, "PUT", &path, new).await.0, StatusCode::BAD_REQUEST);
    let renewed = server.must(&ann, "POST", &format!("{path}/regen_secret"), Value::Null).await;
    assert_ne!(renewed["client_secret"], app["client_secret"]);
    server.must(&ann, "DELETE", &path, Value::Null).await;
    let (status, gone) = server.call(&ann, "GET", &path, Value::Null).await;
    assert_eq!((status, &gone["id"]), (StatusCode::NOT_FOUND, &json!("app.oauth.get_app.find.app_error")));
}

#[tokio::test]
async fn a_code_is_good_once_soon_and_for_the_program_it_was_made_for() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let app = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let other = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let led_to = server.must(&bob, "POST", "/oauth/authorize", asks(&app)).await;
    let good = led(&led_to, "code");
    assert_eq!((good.len(), led(&led_to, "state")), (52, "a b".to_owned()));

    let wrong = |name: &'static str, value: &'static str| {
        let mut fields = by_code(&app, &good);
        fields.retain(|(n, _)| *n != name);
        fields.push((name, value));
        fields
    };
    for (fields, status, id) in [
        (wrong("grant_type", "password"), 400, "bad_grant"),
        (wrong("code", ""), 400, "missing_code"),
        (wrong("code", "never"), 400, "expired_code"),
        (wrong("client_id", "short"), 400, "bad_client_id"),
        (wrong("client_id", "yyyyyyyyyyyyyyyyyyyyyyyyyy"), 404, "credentials"),
        (wrong("client_secret", ""), 400, "bad_client_secret"),
        (wrong("client_secret", "yyyyyyyyyyyyyyyyyyyyyyyyyy"), 403, "credentials"),
        (wrong("redirect_uri", "http://program.example/cb/"), 400, "redirect_uri"),
        (wrong("code_verifier", "unasked"), 400, "pkce_invalid"),
        (by_code(&other, &good), 400, "expired_code"),
    ] {
        let (got, headers, body) = tokens(&server, &fields).await;
        let wanted = format!("api.oauth.get_access_token.{id}.app_error");
        assert_eq!((got.as_u16(), text(&body["id"])), (status, wanted), "{fields:?}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(body["error"].is_string(), "as the standard says it: {body}");
    }
    let (status, _, answer) = tokens(&server, &by_code(&app, &good)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(30 * 24 * 60 * 60)));
    let me = server.must(&with(&answer["access_token"]), "GET", "/users/me", Value::Null).await;
    assert_eq!(me["username"], "bob");
    assert_eq!(tokens(&server, &by_code(&app, &good)).await.0, StatusCode::BAD_REQUEST, "used");

    let old = code(&server, &bob, asks(&app)).await;
    server.backend.cx.clock.advance(Duration::from_mins(6));
    let (status, _, body) = tokens(&server, &by_code(&app, &old)).await;
    assert_eq!(
        (status, text(&body["id"])),
        (StatusCode::FORBIDDEN, "api.oauth.get_access_token.expired_code.app_error".to_owned())
    );
    // Two at once: one gets it.
    let raced = code(&server, &bob, asks(&app)).await;
    let fields = by_code(&app, &raced);
    let all = futures::future::join_all((0..4).map(|_| tokens(&server, &fields))).await;
    assert_eq!(all.iter().filter(|(status, ..)| *status == StatusCode::OK).count(), 1);
}

#[tokio::test]
async fn nobody_is_led_to_an_address_that_is_not_registered() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let app = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let with = |name: &str, value: Value| {
        let mut asked = asks(&app);
        asked[name] = value;
        asked
    };
    for (asked, status, id) in [
        (
            with("redirect_uri", json!("http://evil.example/cb")),
            400,
            "api.oauth.allow_oauth.redirect_callback.app_error",
        ),
        (with("redirect_uri", json!(format!("{BACK}?x=y"))), 400, "api.oauth.allow_oauth.redirect_callback.app_error"),
        (with("redirect_uri", json!("")), 400, "model.authorize.is_valid.redirect_uri.app_error"),
        (with("redirect_uri", json!("javascript:alert(1)")), 400, "model.authorize.is_valid.redirect_uri.app_error"),
        (with("client_id", json!("yyyyyyyyyyyyyyyyyyyyyyyyyy")), 404, "app.oauth.get_app.find.app_error"),
        (with("client_id", json!("x")), 400, "model.authorize.is_valid.client_id.app_error"),
        (with("response_type", json!("")), 400, "model.authorize.is_valid.response_type.app_error"),
        (with("state", json!("x".repeat(1025))), 400, "model.authorize.is_valid.state.app_error"),
        (with("scope", json!("x".repeat(129))), 400, "model.authorize.is_valid.scope.app_error"),
    ] {
        let (got, body) = server.call(&bob, "POST", "/oauth/authorize", asked).await;
        assert_eq!((got.as_u16(), text(&body["id"]).as_str()), (status, id));
    }
    let answer = server.must(&bob, "POST", "/oauth/authorize", with("response_type", json!("id_token"))).await;
    assert_eq!(answer["redirect"], format!("{BACK}?error=unsupported_response_type&state=a+b"));
    // Without a session, by the cookie without its proof, and by a program that has access itself.
    let asked = asks(&app);
    assert_eq!(
        server.call(&TestUser::default(), "POST", "/oauth/authorize", asked.clone()).await.0,
        StatusCode::UNAUTHORIZED
    );
    for path in ["/oauth/authorize", "/api/v4/oauth/authorize"] {
        let request = Request::post(path)
            .header(header::COOKIE, format!("MMAUTHTOKEN={}", bob.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(asked.to_string().into());
        assert_eq!(server.send(request.unwrap()).await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let access = given(&server, &bob, &app).await;
    let (status, _) = server.call(&self::with(&access["access_token"]), "POST", "/oauth/authorize", asked).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_program_without_a_secret_proves_that_the_code_is_its_own() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut new = program();
    new["is_public"] = true.into();
    let app = server.must(&ann, "POST", "/oauth/apps", new).await;
    assert_eq!((&app["client_secret"], &app["is_public"]), (&json!(""), &json!(true)));
    let path = format!("/oauth/apps/{}/regen_secret", text(&app["id"]));
    assert_eq!(server.call(&ann, "POST", &path, Value::Null).await.0, StatusCode::BAD_REQUEST);
    let answer = server.must(&bob, "POST", "/oauth/authorize", asks(&app)).await;
    assert_eq!(led(&answer, "error"), "invalid_request");
    let verifier = "a-verifier-that-is-long-enough-to-be-one-of-them";
    let mut asked = asks(&app);
    asked["code_challenge"] = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)).into();
    asked["code_challenge_method"] = "plain".into();
    let answer = server.must(&bob, "POST", "/oauth/authorize", asked.clone()).await;
    assert_eq!(led(&answer, "error"), "invalid_request");
    asked["code_challenge_method"] = "S256".into();
    let code = code(&server, &bob, asked.clone()).await;
    for wrong in ["", "another"] {
        let mut fields = by_code(&app, &code);
        fields.push(("code_verifier", wrong));
        let (status, _, body) = tokens(&server, &fields).await;
        let id = "api.oauth.get_access_token.pkce_invalid.app_error";
        assert_eq!((status, text(&body["id"]).as_str()), (StatusCode::BAD_REQUEST, id));
    }
    let mut fields = by_code(&app, &code);
    fields.push(("code_verifier", verifier));
    let (status, _, answer) = tokens(&server, &fields).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let refresh = text(&answer["refresh_token"]);
    assert_eq!(tokens(&server, &by_refresh(&app, &refresh)).await.0, StatusCode::OK);
    asked["response_type"] = "token".into();
    let answer = server.must(&bob, "POST", "/oauth/authorize", asked.clone()).await;
    assert_eq!(led(&answer, "error"), "unauthorized_client");
    // Anybody could pass themselves off as it: people are asked each time.
    let query = format!("response_type=code&client_id={}&redirect_uri={BACK}", text(&app["id"]));
    let challenge = format!("&code_challenge={}&code_challenge_method=S256", text(&asked["code_challenge"]));
    let asked = server.must(&bob, "GET", &format!("/oauth/authorize?{query}{challenge}"), Value::Null).await;
    assert_eq!(asked["ask"], true);
}

#[tokio::test]
async fn a_token_comes_in_the_address_too_for_programs_in_browsers() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let app = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let mut asked = asks(&app);
    asked["response_type"] = "token".into();
    let answer = server.must(&bob, "POST", "/oauth/authorize", asked).await;
    assert!(text(&answer["redirect"]).starts_with(&format!("{BACK}#")), "servers do not see it: {answer}");
    assert_eq!((led(&answer, "token_type"), led(&answer, "state")), ("bearer".to_owned(), "a b".to_owned()));
    let token = led(&answer, "access_token");
    assert!(is_in(&server, &json!(token)).await);
    // Programs may say it in the address, people may not.
    let nobody = TestUser::default();
    let me = server.must(&nobody, "GET", &format!("/users/me?access_token={token}"), Value::Null).await;
    assert_eq!(me["username"], "bob");
    let (status, body) =
        server.call(&nobody, "GET", &format!("/users/me?access_token={}", bob.token), Value::Null).await;
    assert_eq!(
        (status, text(&body["id"]).as_str()),
        (StatusCode::UNAUTHORIZED, "api.context.token_provided.app_error")
    );
}

#[tokio::test]
async fn a_refresh_token_is_replaced_and_the_old_access_ends_soon() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let app = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let other = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let first = given(&server, &bob, &app).await;
    let refresh = text(&first["refresh_token"]);
    let (status, _, body) = tokens(&server, &by_refresh(&other, &refresh)).await;
    let id = "api.oauth.get_access_token.refresh_token.app_error";
    assert_eq!((status, text(&body["id"]).as_str()), (StatusCode::NOT_FOUND, id), "another program's");
    let (status, _, second) = tokens(&server, &by_refresh(&app, &refresh)).await;
    assert_eq!(status, StatusCode::OK, "{second}");
    assert!(second["access_token"] != first["access_token"] && second["refresh_token"] != first["refresh_token"]);
    assert!(is_in(&server, &second["access_token"]).await);
    assert!(is_in(&server, &first["access_token"]).await, "requests may be under way with it");
    server.backend.cx.clock.advance(Duration::from_mins(2));
    assert!(!is_in(&server, &first["access_token"]).await);
    assert!(is_in(&server, &second["access_token"]).await);
    assert_eq!(tokens(&server, &by_refresh(&app, &refresh)).await.0, StatusCode::NOT_FOUND, "used");
    // By HTTP's Basic as the standard has it.
    let form = format!("grant_type=refresh_token&refresh_token={}", text(&second["refresh_token"]));
    let who = base64::engine::general_purpose::STANDARD.encode(format!(
        "{}:{}",
        text(&app["id"]),
        text(&app["client_secret"])
    ));
    let request = Request::post("/oauth/access_token")
        .header(header::AUTHORIZATION, format!("Basic {who}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.into());
    assert_eq!(server.send(request.unwrap()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn access_ends_with_what_it_hangs_on() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let app = server.must(&ann, "POST", "/oauth/apps", program()).await;
    let path = format!("/users/{}/oauth/apps/authorized", bob.id);
    let apps = async || server.must(&bob, "GET", &path, Value::Null).await.as_array().unwrap().len();
    let ended = async |access: &Value| {
        assert!(!is_in(&server, &access["access_token"]).await);
        let refresh = text(&access["refresh_token"]);
        let (status, _, body) = tokens(&server, &by_refresh(&app, &refresh)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "it cannot be renewed: {body}");
    };
    assert_eq!(apps().await, 0);

    // Taken back: both devices of the program, and what is under way; its connections too.
    let (one, two) = (given(&server, &bob, &app).await, given(&server, &bob, &app).await);
    let waiting = code(&server, &bob, asks(&app)).await;
    let mut socket = server.socket(&with(&one["access_token"])).await;
    assert_eq!(apps().await, 1);
    let shown = server.must(&bob, "GET", &path, Value::Null).await;
    assert_eq!(shown[0]["client_secret"], "");
    let sessions = server.must(&bob, "GET", "/users/me/sessions", Value::Null).await;
    let of_program = sessions.as_array().unwrap().iter().filter(|s| s["is_oauth"] == true);
    assert!(of_program.clone().all(|s| s["props"]["platform"] == "Printer") && of_program.count() == 2);
    server.must(&bob, "POST", "/oauth/deauthorize", json!({"client_id": app["id"]})).await;
    assert!(socket.ends_within(Duration::from_secs(1)).await);
    assert_eq!(apps().await, 0);
    for access in [one, two] {
        ended(&access).await;
    }
    assert_eq!(tokens(&server, &by_code(&app, &waiting)).await.0, StatusCode::BAD_REQUEST);
    assert!(is_in(&server, &json!(bob.token)).await, "their own sessions stay");

    // Its session ended in the list of sessions.
    let access = given(&server, &bob, &app).await;
    let sessions = server.must(&bob, "GET", "/users/me/sessions", Value::Null).await;
    let session = sessions.as_array().unwrap().iter().find(|s| s["is_oauth"] == true).unwrap();
    server.must(&bob, "POST", "/users/me/sessions/revoke", json!({"session_id": session["id"]})).await;
    ended(&access).await;

    // The account deactivated, and active again.
    let access = given(&server, &bob, &app).await;
    let active = format!("/users/{}/active", bob.id);
    server.must(&ann, "PUT", &active, json!({"active": false})).await;
    ended(&access).await;
    server.must(&ann, "PUT", &active, json!({"active": true})).await;
    ended(&access).await;
    let login = json!({"login_id": "bob", "password": PASSWORD});
    let again = server.must(&TestUser::default(), "POST", "/users/login", login).await;
    let bob = TestUser { token: text(&again["token"]), ..bob.clone() };

    // The program removed.
    let access = given(&server, &bob, &app).await;
    server.must(&ann, "DELETE", &format!("/oauth/apps/{}", text(&app["id"])), Value::Null).await;
    assert!(!is_in(&server, &access["access_token"]).await);
    let (status, _, body) = tokens(&server, &by_refresh(&app, &text(&access["refresh_token"]))).await;
    assert_eq!(
        (status, text(&body["id"]).as_str()),
        (StatusCode::NOT_FOUND, "api.oauth.get_access_token.credentials.app_error")
    );
    let kept = server.must(&bob, "GET", "/users/me/preferences", Value::Null).await;
    assert!(!kept.to_string().contains("oauth_app"));
}

#[tokio::test]
async fn people_are_asked_once_and_for_trusted_programs_not_at_all() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut new = program();
    let app = server.must(&ann, "POST", "/oauth/apps", new.clone()).await;
    new["is_trusted"] = true.into();
    let trusted = server.must(&ann, "POST", "/oauth/apps", new).await;
    let asked = async |app: &Value, kind: &str, scope: &str| {
        let query = format!("response_type={kind}&client_id={}&redirect_uri={BACK}&scope={scope}", text(&app["id"]));
        server.must(&bob, "GET", &format!("/oauth/authorize?{query}"), Value::Null).await
    };
    let first = asked(&app, "code", "").await;
    assert_eq!((&first["ask"], &first["app"]["name"]), (&json!(true), &json!("Printer")));
    assert_eq!(first["app"]["client_secret"], "");
    assert_eq!(first["refused"], format!("{BACK}?error=access_denied"));
    given(&server, &bob, &app).await;
    assert_eq!(asked(&app, "code", "").await["ask"], false);
    assert_eq!(asked(&app, "code", "more").await["ask"], true, "it wants something else");
    assert_eq!(asked(&app, "token", "").await["ask"], true, "a token in the address is not given unasked");
    assert_eq!(asked(&trusted, "code", "").await["ask"], false);
}

#[tokio::test]
async fn switched_off_nothing_is_given() {
    let mut config = Config::default();
    config.service.enable_oauth_service_provider = false;
    let server = TestServer::start_with(config).await;
    let ann = server.user("ann").await;
    let client = server.must(&TestUser::default(), "GET", "/config/client?format=old", Value::Null).await;
    assert_ne!(client["EnableOAuthServiceProvider"], "true");
    let client = server.must(&ann, "GET", "/config/client?format=old", Value::Null).await;
    assert_eq!(client["EnableOAuthServiceProvider"], "false");
    let app = json!({"id": "yyyyyyyyyyyyyyyyyyyyyyyyyy", "client_secret": "x"});
    for (method, path, body) in [
        ("POST", "/oauth/apps", program()),
        ("POST", "/oauth/apps/register", json!({"redirect_uris": [BACK]})),
        ("GET", "/oauth/apps", Value::Null),
        ("POST", "/oauth/authorize", asks(&app)),
        ("POST", "/oauth/deauthorize", json!({"client_id": app["id"]})),
    ] {
        assert_eq!(server.call(&ann, method, path, body).await.0, StatusCode::NOT_IMPLEMENTED, "{method} {path}");
    }
    let (status, _, body) = tokens(&server, &by_code(&app, "x")).await;
    assert_eq!(
        (status, text(&body["id"]).as_str()),
        (StatusCode::NOT_IMPLEMENTED, "api.oauth.get_access_token.disabled.app_error")
    );
}

#[tokio::test]
async fn programs_find_their_way_and_register_themselves_where_that_is_allowed() {
    let mut config = Config::default();
    "http://chat.example.org".clone_into(&mut config.service.site_url);
    let server = TestServer::start_with(config.clone()).await;
    let nobody = TestUser::default();
    let metadata = async |server: &TestServer| -> Value {
        let path = "/.well-known/oauth-authorization-server";
        let (status, _, body) = server.raw(&nobody, "GET", path, "", "").await;
        assert_eq!(status, StatusCode::OK);
        serde_json::from_str(&body).unwrap()
    };
    let all = metadata(&server).await;
    assert_eq!(all["issuer"], "http://chat.example.org");
    assert_eq!(all["token_endpoint"], "http://chat.example.org/oauth/access_token");
    assert!(all["registration_endpoint"].is_null());
    let new = json!({"redirect_uris": [BACK], "client_name": "Robot", "token_endpoint_auth_method": "none"});
    let refused = server.call(&nobody, "POST", "/oauth/apps/register", new.clone()).await;
    assert_eq!(refused.0, StatusCode::NOT_IMPLEMENTED);

    config.service.enable_dynamic_client_registration = true;
    let server = TestServer::start_with(config).await;
    let ann = server.user("ann").await;
    assert!(metadata(&server).await["registration_endpoint"].as_str().unwrap().ends_with("/oauth/apps/register"));
    let made = server.must(&nobody, "POST", "/oauth/apps/register", new).await;
    assert_eq!((&made["client_secret"], &made["token_endpoint_auth_method"]), (&Value::Null, &json!("none")));
    let bad = json!({"redirect_uris": ["javascript:alert(1)"], "client_name": "Robot"});
    assert_eq!(server.call(&nobody, "POST", "/oauth/apps/register", bad).await.0, StatusCode::BAD_REQUEST);
    let path = format!("/oauth/apps/{}", text(&made["client_id"]));
    let app = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!((&app["is_dynamically_registered"], &app["is_trusted"]), (&json!(true), &json!(false)));
}
