//! People: lists by place, how somebody signs in, ending sessions, statuses in one's own words.

use backend::testing::{TestServer, TestUser};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use std::time::Duration;

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|u| u["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn lists_of_people_go_by_place_and_by_when_they_were_here() {
    let server = TestServer::start().await;
    let (ann, bob, cat) = (server.user("ann").await, server.user("bob").await, server.user("cat").await);
    let team = server.team(&ann, "team-a", &[&bob, &cat]).await;
    let path = format!("/teams/{team}/members/{}/schemeRoles", bob.id);
    server.must(&ann, "PUT", &path, json!({"scheme_admin": true, "scheme_user": true})).await;
    let list =
        async |query: &str| server.must(&cat, "GET", &format!("/users?in_team={team}&{query}"), Value::Null).await;
    // Administrators of the system have no place in a team.
    assert_eq!(names(&list("team_roles=team_admin").await), ["bob"]);
    assert_eq!(names(&list("team_roles=team_user").await), ["cat"]);
    assert_eq!(names(&list("roles=system_admin,system_guest").await), ["ann"]);
    assert_eq!(names(&list("roles=system_user&team_roles=team_admin").await), ["bob", "cat"]);
    let (status, refused) = server.call(&cat, "GET", "/users?team_roles=nonsense", Value::Null).await;
    assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &json!("api.context.invalid_url_param.app_error")));
    let path = format!("/users/stats/filtered?in_team={team}&team_roles=team_admin");
    assert_eq!(server.must(&ann, "GET", &path, Value::Null).await["total_users_count"], 1);
    let search = json!({"term": "b", "team_id": team, "team_roles": ["team_user"]});
    assert_eq!(names(&server.must(&cat, "POST", "/users/search", search).await), Vec::<&str>::new());

    // What is known of their presence is in the list at once, the last one first.
    let town = server.must(&ann, "GET", &format!("/teams/{team}/channels/name/town-square"), Value::Null).await;
    for who in [&cat, &bob] {
        tokio::time::sleep(Duration::from_millis(5)).await;
        server.must(who, "POST", "/posts", json!({"channel_id": town["id"], "message": "hello"})).await;
    }
    assert_eq!(names(&list("sort=last_activity_at").await), ["bob", "cat"]);
}

#[tokio::test]
async fn a_language_is_a_language() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    for (locale, fits) in [("de", true), ("pt-BR", true), ("xx-bad-locale", false), ("english", false)] {
        let (status, answer) = server.call(&ann, "PUT", "/users/me/patch", json!({"locale": locale})).await;
        assert_eq!(status.is_success(), fits, "{locale}: {answer}");
        assert!(fits || answer["id"] == "model.user.is_valid.locale.app_error", "{answer}");
    }
}

#[tokio::test]
async fn an_account_of_another_service_has_no_password_until_it_gets_one() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let nobody = TestUser::default();
    let path = format!("/users/{}/auth", bob.id);
    let auth = json!({"auth_data": "4711", "auth_service": "gitlab"});
    assert_eq!(server.call(&bob, "PUT", &path, auth.clone()).await.0, StatusCode::FORBIDDEN);
    let wrong = json!({"auth_data": "4711", "auth_service": "abacus"});
    assert_eq!(server.call(&ann, "PUT", &path, wrong).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(server.must(&ann, "PUT", &path, auth.clone()).await, auth);
    assert_eq!(server.must(&ann, "GET", &format!("/users/{}", bob.id), Value::Null).await["auth_service"], "gitlab");
    let (status, taken) = server.call(&ann, "PUT", &format!("/users/{}/auth", ann.id), auth).await;
    assert_eq!(
        (status, &taken["id"]),
        (StatusCode::BAD_REQUEST, &json!("app.user.update_auth_data.email_exists.app_error"))
    );

    let login = json!({"login_id": "bob", "password": "Passw0rd-tests"});
    let (status, refused) = server.call(&nobody, "POST", "/users/login", login).await;
    assert_eq!(
        (status, &refused["id"]),
        (StatusCode::UNAUTHORIZED, &json!("api.user.login.use_auth_service.app_error"))
    );
    let to_password = |email: &str| json!({"current_service": "gitlab", "new_service": "email", "email": email, "new_password": "Another-pass1"});
    let switch = "/users/login/switch";
    assert_eq!(server.call(&nobody, "POST", switch, to_password("bob@example.com")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(server.call(&ann, "POST", switch, to_password("bob@example.com")).await.0, StatusCode::FORBIDDEN);
    let answer = server.must(&bob, "POST", switch, to_password("bob@example.com")).await;
    assert_eq!(answer["follow_link"], "/login?extra=signin_change");
    assert_eq!(server.call(&bob, "GET", "/users/me", Value::Null).await.0, StatusCode::UNAUTHORIZED, "sessions ended");
    let login = json!({"login_id": "bob", "password": "Another-pass1"});
    assert_eq!(server.must(&nobody, "POST", "/users/login", login).await["auth_service"], "");
}

#[tokio::test]
async fn who_changes_to_another_service_proves_the_password_first() {
    let server = TestServer::start().await;
    server.user("ann").await;
    let nobody = TestUser::default();
    let try_it = async |email: &str, password: &str, service: &str| {
        let body = json!({"current_service": "email", "new_service": service, "email": email, "password": password});
        let (status, answer) = server.call(&nobody, "POST", "/users/login/switch", body).await;
        (status.as_u16(), answer["id"].as_str().unwrap_or_default().to_owned())
    };
    let wrong = (401, "api.user.check_user_password.invalid.app_error".to_owned());
    assert_eq!(try_it("ann@example.com", "bad-pass1", "gitlab").await, wrong);
    assert_eq!(try_it("nobody@example.com", "bad-pass1", "gitlab").await, wrong, "not told apart");
    assert_eq!(try_it("ann@example.com", "Passw0rd-tests", "gitlab").await.0, 501);
    assert_eq!(try_it("ann@example.com", "x", "ldap").await.0, 501);
    assert_eq!(try_it("ann@example.com", "x", "y").await.0, 400);
    for _ in 0..10 {
        try_it("ann@example.com", "bad-pass1", "gitlab").await;
    }
    let locked = try_it("ann@example.com", "Passw0rd-tests", "gitlab").await;
    assert_eq!(locked.1, "api.user.check_user_login_attempts.too_many.app_error");
}

#[tokio::test]
async fn all_sessions_can_be_ended_at_once() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut socket = server.socket(&bob).await;
    let path = "/users/sessions/revoke/all";
    assert_eq!(server.call(&bob, "POST", path, Value::Null).await.0, StatusCode::FORBIDDEN);
    server.must(&ann, "POST", path, Value::Null).await;
    for who in [&ann, &bob] {
        assert_eq!(server.call(who, "GET", "/users/me", Value::Null).await.0, StatusCode::UNAUTHORIZED);
    }
    assert!(socket.ends_within(Duration::from_secs(1)).await, "connections end with their sessions");
}

#[tokio::test]
async fn the_last_statuses_are_remembered_and_can_be_forgotten() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let status = |text: &str| json!({"emoji": "house", "text": text, "duration": "", "expires_at": ""});
    for text in ["one", "two", "three", "four", "five", "six", "two"] {
        server.must(&ann, "PUT", "/users/me/status/custom", status(text)).await;
    }
    let recent = async || {
        let path = "/users/me/preferences/custom_status/name/recent_custom_statuses";
        let kept = server.must(&ann, "GET", path, Value::Null).await;
        let all: Vec<Value> = serde_json::from_str(kept["value"].as_str().unwrap()).unwrap();
        all.iter().map(|s| s["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(recent().await, ["two", "six", "five", "four", "three"]);
    server.must(&ann, "POST", "/users/me/status/custom/recent/delete", status("five")).await;
    server.must(&ann, "DELETE", "/users/me/status/custom/recent", status("three")).await;
    assert_eq!(recent().await, ["two", "six", "four"]);
    let again = server.call(&ann, "DELETE", "/users/me/status/custom/recent", status("three")).await;
    assert_eq!(again.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn notifications_can_be_tried() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let mut socket = server.socket(&ann).await;
    server.must(&ann, "POST", "/notifications/test", Value::Null).await;
    server.must(&ann, "POST", "/notifications/test", Value::Null).await;
    let heard = server.hear(&ann, &mut socket).await;
    let told = heard.iter().filter(|e| e["event"] == "posted" && e["data"]["mentions"].to_string().contains(&ann.id));
    assert_eq!(told.count(), 2, "each time anew: {heard:?}");

    let ack = json!({"id": "x", "received_at": 1, "platform": "android", "type": "message"});
    let (status, answer) = server.call(&ann, "POST", "/notifications/ack", ack).await;
    assert_eq!((status.as_u16(), &answer["id"]), (501, &json!("api.push_notification.disabled.app_error")));
    let (status, _, text) = server.raw(&ann, "POST", "/api/v4/notifications/ack", "application/json", "junk").await;
    assert!(status == StatusCode::BAD_REQUEST && text.contains("push_notifications_ack.message.parse"), "{text}");
}

#[tokio::test]
async fn the_address_of_the_site_can_be_tried() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let api = backend::api::router(&server.backend.cx);
    tokio::spawn(async move { axum::serve(listener, api).await });
    let try_it =
        async |who: &TestUser, url: &str| server.call(who, "POST", "/site_url/test", json!({"site_url": url})).await;
    assert_eq!(try_it(&bob, &url).await.0, StatusCode::FORBIDDEN);
    assert_eq!(try_it(&ann, "").await.1["id"], "api.context.invalid_body_param.app_error");
    let failed = "app.admin.test_site_url.failure";
    assert_eq!(try_it(&ann, &url).await.1["id"], failed, "an inner address is not called");
    let inner = json!({"ServiceSettings": {"AllowedUntrustedInternalConnections": "127.0.0.1"}});
    server.must(&ann, "PUT", "/config/patch", inner).await;
    assert_eq!(try_it(&ann, &url).await.1["status"], "OK");
    assert_eq!(try_it(&ann, "http://127.0.0.1:1").await.1["id"], failed);
}

#[tokio::test]
async fn lists_of_threads_say_when_they_were_made_to_who_asks() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let path = format!("/users/me/teams/{team}/threads");
    assert!(server.must(&ann, "GET", &path, Value::Null).await.get("at").is_none());
    assert!(server.must(&ann, "GET", &format!("{path}?at=true"), Value::Null).await["at"].as_i64().unwrap() > 0);
}

#[tokio::test]
async fn a_session_that_is_used_lasts_longer() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let ends = async || {
        let list = server.must(&ann, "GET", "/users/me/sessions", Value::Null).await;
        list[0]["expires_at"].as_i64().unwrap()
    };
    let view = async || {
        let request = Request::post("/api/v4/channels/members/me/view")
            .header(header::COOKIE, format!("MMAUTHTOKEN={}", ann.token))
            .header("X-Requested-With", "XMLHttpRequest")
            .header(header::AUTHORIZATION, format!("Bearer {}", ann.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(r#"{"channel_id": ""}"#.into());
        let answer = server.send(request.unwrap()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let cookies = answer.headers().get_all(header::SET_COOKIE);
        cookies.into_iter().filter_map(|c| c.to_str().ok()).find(|c| c.starts_with("MMAUTHTOKEN=")).map(str::to_owned)
    };
    let first = ends().await;
    // Nothing is written for every view.
    assert_eq!(view().await, None);
    assert_eq!(ends().await, first);
    server.backend.cx.clock.advance(Duration::from_hours(48));
    let cookie = view().await.expect("the browser is told");
    let length = server.backend.cx.settings.get().service.session_length_web_in_days * DAY;
    assert!(cookie.contains(&format!("; Max-Age={};", length / 1000)), "{cookie}");
    let later = ends().await;
    assert!((2 * DAY..2 * DAY + 60_000).contains(&(later - first)), "{}", later - first);
    // By then it would have been over.
    server.backend.cx.clock.advance(Duration::from_millis((length - DAY).unsigned_abs()));
    assert!(view().await.is_some());

    let mut config = server.must(&ann, "GET", "/config", Value::Null).await;
    config["ServiceSettings"]["ExtendSessionLengthWithActivity"] = false.into();
    server.must(&ann, "PUT", "/config", config).await;
    server.backend.cx.clock.advance(Duration::from_hours(48));
    assert_eq!(view().await, None);
}
