//! The API in process: rules that hold for all routes, and those of sending, reading and being removed.
#![expect(clippy::unwrap_used, reason = "in a test it is the failure")]

mod audits;
mod bookmarks;
mod bots;
mod bulk;
mod burning;
mod commands;
mod compliance;
mod drafts;
mod emoji;
mod files;
mod groups;
mod guests;
mod interactive;
mod link_previews;
mod mail;
mod managed_categories;
mod matrix;
mod message_export;
mod moves;
mod notifications;
mod oauth;
mod openapi;
mod outgoing_oauth;
mod people;
mod pictures;
mod priorities;
mod reading;
mod reports;
mod retention;
mod rooms;
mod s3;
mod schemes;
mod search;
mod second_factor;
mod system;
mod terms_of_service;
mod uploads;
mod webhooks;
mod websocket;

use backend::{
    api::{self, guard::Guard},
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use model::{SessionId, UserId, event::Event};
use serde_json::{Value, json};

/// A path with ids that are well formed and name nothing.
fn filled(path: &str) -> String {
    let part = |p: &str| if p.starts_with('{') { "yyyyyyyyyyyyyyyyyyyyyyyyyy".to_owned() } else { p.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn without_a_session_every_route_but_the_public_ones_is_401() {
    let server = TestServer::start().await;
    let nobody = TestUser::default();
    let table = api::table(&server.backend.cx);
    assert!(table.len() > 100, "the table has all routes: {}", table.len());
    for route in table.iter().filter(|r| r.guard != Guard::Public) {
        let (status, body) = server.call(&nobody, route.method.as_str(), &filled(route.path), Value::Null).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{route:?}");
        assert_eq!(body["id"], "api.context.session_expired.app_error", "{route:?}");
    }
}

#[tokio::test]
async fn a_stranger_reads_and_changes_nothing_of_a_team_or_channel() {
    let server = TestServer::start().await;
    let (ann, eve) = (server.user("ann").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "secret", &[]).await;
    let post =
        server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": "psst"})).await["id"].clone();
    let within = |path: &str| path.contains("{team_id}") || path.contains("{channel_id}") || path.contains("{post_id}");
    for route in api::table(&server.backend.cx).iter().filter(|r| within(r.path) && !r.path.starts_with("/users/")) {
        let path = route
            .path
            .replace("{team_id}", &team)
            .replace("{channel_id}", &channel)
            .replace("{post_id}", post.as_str().unwrap())
            .replace("{user_id}", &ann.id);
        let (status, body) = server.call(&eve, route.method.as_str(), &filled(&path), json!({})).await;
        let refused = status.is_client_error() || status == StatusCode::NOT_IMPLEMENTED;
        assert!(refused, "{route:?} answered a stranger {status} {body}");
    }
    let kept = server.must(&ann, "GET", &format!("/channels/{channel}"), Value::Null).await;
    assert_eq!((kept["name"].as_str(), kept["delete_at"].as_i64()), (Some("secret"), Some(0)));
}

#[tokio::test]
async fn the_same_pending_id_is_the_same_post() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let pending = format!("{}:1", ann.id);
    let body = json!({"channel_id": channel, "message": "once", "pending_post_id": pending});
    let first = server.must(&ann, "POST", "/posts", body.clone()).await;
    let again = server.must(&ann, "POST", "/posts", body).await;
    assert_eq!(first["id"], again["id"]);
    assert_eq!(again["pending_post_id"], pending.as_str());
    let list = server.must(&ann, "GET", &format!("/channels/{channel}/posts"), Value::Null).await;
    let sent = list["posts"].as_object().unwrap().values().filter(|p| p["message"] == "once").count();
    assert_eq!(sent, 1);
    let kept = server.must(&ann, "GET", &format!("/channels/{channel}"), Value::Null).await;
    assert_eq!(kept["total_msg_count"], 1);
}

#[tokio::test]
async fn whoever_is_removed_hears_nothing_more_and_resumes_without_it() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let hub = &server.backend.cx.hub;
    let user: UserId = bob.id.parse().unwrap();
    let hello =
        |connection_id| Event::Hello { server_version: String::new(), connection_id, server_hostname: String::new() };
    let connection = hub.connect(user, SessionId::NONE, None, hello).await.unwrap();
    let heard = |work: backend::live::queue::Work| -> Vec<String> {
        let texts = work.events.iter().map(|w| {
            connection.number(w.position);
            w.event.prefix.clone()
        });
        texts.filter(|t| t.contains("\"posted\"")).collect()
    };
    let write = |text: &'static str| json!({"channel_id": channel, "message": text});
    server.must(&ann, "POST", "/posts", write("before")).await;
    assert!(heard(connection.queue.take()).iter().any(|t| t.contains("before")));

    server.must(&ann, "DELETE", &format!("/channels/{channel}/members/{}", bob.id), Value::Null).await;
    drop(connection.queue.take());
    server.must(&ann, "POST", "/posts", write("after")).await;
    assert_eq!(heard(connection.queue.take()), Vec::<String>::new());
    let (status, _) = server.call(&bob, "GET", &format!("/channels/{channel}/posts"), Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_comes_back_gets_what_was_said_meanwhile_with_the_next_numbers() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let hub = &server.backend.cx.hub;
    let user: UserId = bob.id.parse().unwrap();
    let hello =
        |connection_id| Event::Hello { server_version: String::new(), connection_id, server_hostname: String::new() };
    let connection = hub.connect(user, SessionId::NONE, None, hello).await.unwrap();
    let mut next = 0;
    for waiting in connection.queue.take().events {
        next = connection.number(waiting.position) + 1;
    }
    hub.disconnect(&connection, true);
    server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": "meanwhile"})).await;

    // The server stops and starts in between.
    hub.restore(hub.save());
    let back = hub.connect(user, SessionId::NONE, Some((connection.id, next)), hello).await.unwrap();
    assert_eq!(back.id, connection.id, "it is the same connection");
    let events = back.queue.take().events;
    assert!(events[0].event.prefix.contains("meanwhile"), "no greeting, but what was missed");
    assert_eq!(back.number(events[0].position), next);
    assert!(!events.iter().any(|w| w.event.prefix.contains("\"hello\"")));
}

/// Holds a document in `docs` against what it has to be; with `UPDATE` set, writes it.
fn must_be_documented(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(path, text).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == text, "docs/{name} is not up to date: UPDATE=1 cargo test -p backend --test api document");
}

#[tokio::test]
async fn documents_tell_of_every_route_and_who_may_call_it() {
    let server = TestServer::start().await;
    let table = api::table(&server.backend.cx);
    let mut text = String::from(
        "# Routes\n\n<!-- Written by the tests of `backend` with UPDATE=1. -->\n\n\
         All routes below `/api/v4`, each with who may call it, checked before anything else is done. Whoever has no \
         session is answered 401 everywhere but where anybody may call. A permission comes from the roles one has in \
         the system, in the team or in the channel, whichever is wider. Who lacks it is answered 403; \
         unknown teams, channels and posts are answered 404, or 403 where their existence is nobody's business.\n",
    );
    let of = |refused: bool| table.iter().filter(move |r| r.refused.is_some() == refused);
    let mut group = "";
    for route in of(false) {
        let first = route.path.split('/').nth(1).unwrap_or_default();
        if first != group {
            group = first;
            text.extend([format!("\n## {group}\n\n| Route | Who may call it | |\n|---|---|---|\n")]);
        }
        text.extend([format!("| `{} {}` | {} | {} |\n", route.method.as_str(), route.path, route.guard, route.about)]);
    }
    text.push_str(
        "\n## Known and not offered\n\nClients of Mattermost know these. They are refused with the id by which clients \
         hide what belongs to them.\n\n",
    );
    for route in of(true) {
        text.extend([format!("- `{} {}` ({})\n", route.method.as_str(), route.path, route.guard)]);
    }
    must_be_documented("routes.md", &text);
}

/// The lines of a file in `docs`, without comments.
fn documented(name: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn every_route_that_clients_know_is_answered_or_listed_as_missing() {
    let server = TestServer::start().await;
    let table = api::table(&server.backend.cx);
    let known = documented("missing-routes.txt");
    let has = |line: &str| {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        table.iter().any(|r| r.method.as_str() == method && api::same_shape(r.path, path))
    };
    let missing: Vec<String> = documented("api-routes.txt").into_iter().filter(|line| !has(line)).collect();
    if std::env::var_os("UPDATE").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/missing-routes.txt");
        let note = "# Of api-routes.txt, what is not answered yet. Written by the tests with UPDATE=1; may only become shorter.";
        std::fs::write(path, format!("{note}\n{}\n", missing.join("\n"))).unwrap();
        return;
    }
    let unlisted: Vec<_> = missing.iter().filter(|line| !known.contains(line)).collect();
    assert!(unlisted.is_empty(), "neither answered nor listed in docs/missing-routes.txt: {unlisted:#?}");
}

#[tokio::test]
async fn a_connection_goes_on_after_a_refusal_whose_body_comes_late() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let server = TestServer::start().await;
    let (_, bob) = (server.user("ann").await, server.user("bob").await);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let api = server.backend.api.clone();
    tokio::spawn(async move { axum::serve(listener, api).await });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = |method: &str, path: &str, length: usize| {
        format!(
            "{method} /api/v4{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n",
            bob.token
        )
    };
    let body = r#"{"user_id":"yyyyyyyyyyyyyyyyyyyyyyyyyy","status":"away"}"#;
    let path = "/users/yyyyyyyyyyyyyyyyyyyyyyyyyy/status";
    stream.write_all(head("PUT", path, body.len()).as_bytes()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut heard = String::new();
    let mut bytes = [0; 4096];
    for wanted in ["HTTP/1.1 403", "HTTP/1.1 200"] {
        while !(heard.contains(wanted) && heard.ends_with('}')) {
            let count = stream.read(&mut bytes).await.unwrap();
            assert!(count > 0, "the connection ended: {heard}");
            heard.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        heard.clear();
        stream.write_all(head("GET", "/users/me", 0).as_bytes()).await.unwrap();
    }
}
