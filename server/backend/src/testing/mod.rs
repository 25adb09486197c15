//! A server in process, for tests: its own database in memory, a clock that stands still, callers without a network.

mod socket;

pub use socket::Socket;

use crate::{Backend, clock::Clock, settings::Settings};
use axum::{Router, body::Body};
use http::{Method, Request, StatusCode, header};
use model::config::Config;
use serde_json::{Value, json};
use std::sync::{Arc, atomic::AtomicI64};
use store::Store;
use tower::ServiceExt as _;

/// The server.
pub struct TestServer {
    pub backend: Backend,
    api: Router,
    _files: tempfile::TempDir,
}

/// Somebody who calls it; without a token, nobody.
#[derive(Clone, Debug, Default)]
pub struct TestUser {
    pub id: String,
    pub username: String,
    pub token: String,
}

/// The password of everybody.
pub const PASSWORD: &str = "Passw0rd-tests";
/// When the clock starts: some day in 2026.
const BEGINNING: i64 = 1_790_000_000_000;

impl TestServer {
    /// Starts an empty server.
    ///
    /// # Panics
    ///
    /// If it cannot.
    pub async fn start() -> Self {
        Self::start_with(Config::default()).await
    }

    /// Starts an empty server with some settings.
    ///
    /// # Panics
    ///
    /// If it cannot.
    pub async fn start_with(mut config: Config) -> Self {
        let files = tempfile::tempdir().expect("a temporary folder");
        let store = Store::memory().await.expect("a database in memory");
        config.rate_limit.enable = false;
        let clock = Clock::Still(Arc::new(AtomicI64::new(BEGINNING)));
        let backend = crate::start(store, Settings::in_memory(config), clock, files.path().to_owned())
            .await
            .expect("a server on an empty database");
        let api = backend.api.clone();
        Self { backend, api, _files: files }
    }

    /// Sends one request below `/api/v4`: status and JSON of the answer, null where there is none.
    ///
    /// # Panics
    ///
    /// If the answer cannot be read.
    pub async fn call(&self, who: &TestUser, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let mut request = Request::builder()
            .method(method.parse::<Method>().expect("a method"))
            .uri(format!("/api/v4{path}"))
            .header(header::CONTENT_TYPE, "application/json");
        if !who.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.token));
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let response = self.api.clone().oneshot(request.body(body).expect("a request")).await.expect("an answer");
        let status = response.status();
        let token = response.headers().get("token").and_then(|v| v.to_str().ok()).map(ToOwned::to_owned);
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let mut value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if let Some(token) = token {
            value["token"] = token.into();
        }
        (status, value)
    }

    /// Sends one request with any path and body: status, headers and text of the answer.
    ///
    /// # Panics
    ///
    /// If the answer cannot be read.
    pub async fn raw(
        &self,
        who: &TestUser,
        method: &str,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> (StatusCode, http::HeaderMap, String) {
        let mut request = Request::builder()
            .method(method.parse::<Method>().expect("a method"))
            .uri(path)
            .header(header::CONTENT_TYPE, content_type);
        if !who.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.token));
        }
        let request = request.body(body.into()).expect("a request");
        let response = self.api.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Sends any request.
    ///
    /// # Panics
    ///
    /// Never: the API always answers.
    pub async fn send(&self, request: Request<Body>) -> axum::response::Response {
        self.api.clone().oneshot(request).await.expect("an answer")
    }

    /// Sends one request as [`Self::call`], which has to succeed.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn must(&self, who: &TestUser, method: &str, path: &str, body: Value) -> Value {
        let (status, value) = self.call(who, method, path, body).await;
        assert!(status.is_success(), "{method} {path} by {}: {status} {value}", who.username);
        value
    }

    /// Connects somebody by a WebSocket through a real port, and waits for the greeting.
    ///
    /// # Panics
    ///
    /// If it does not come.
    pub async fn socket(&self, who: &TestUser) -> Socket {
        self.socket_with(who, "").await
    }

    /// The same with a query: `posted_ack=true`.
    ///
    /// # Panics
    ///
    /// If it cannot.
    pub async fn socket_with(&self, who: &TestUser, query: &str) -> Socket {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let api = self.api.clone();
        // It ends with the test's runtime.
        tokio::spawn(async move { axum::serve(listener, api).await });
        Socket::connect(address, &who.token, query).await
    }

    /// What somebody has heard until now: everything up to the event of a preference that is set for it.
    ///
    /// # Panics
    ///
    /// If it does not come.
    pub async fn hear(&self, who: &TestUser, socket: &mut Socket) -> Vec<Value> {
        let mark = crate::clock::new_id::<model::id::kind::Any>().to_string();
        let body = json!([{"user_id": who.id, "category": "heard", "name": "mark", "value": mark}]);
        self.must(who, "PUT", "/users/me/preferences", body).await;
        socket.until(&mark).await
    }

    /// Makes an account and signs in. The first one is the administrator.
    pub async fn user(&self, name: &str) -> TestUser {
        let nobody = TestUser::default();
        let email = format!("{name}@example.com");
        let made =
            self.must(&nobody, "POST", "/users", json!({"username": name, "email": email, "password": PASSWORD})).await;
        let login = json!({"login_id": name, "password": PASSWORD});
        let signed_in = self.must(&nobody, "POST", "/users/login", login).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        TestUser { id: text(&made["id"]), username: name.to_owned(), token: text(&signed_in["token"]) }
    }

    /// Makes a team, and adds people to it.
    pub async fn team(&self, by: &TestUser, name: &str, members: &[&TestUser]) -> String {
        let team = self.must(by, "POST", "/teams", json!({"name": name, "display_name": name, "type": "O"})).await;
        let id = team["id"].as_str().unwrap_or_default().to_owned();
        for member in members {
            let body = json!({"team_id": id, "user_id": member.id});
            self.must(by, "POST", &format!("/teams/{id}/members"), body).await;
        }
        id
    }

    /// Makes a private channel, and adds people to it.
    pub async fn channel(&self, by: &TestUser, team: &str, name: &str, members: &[&TestUser]) -> String {
        let body = json!({"team_id": team, "name": name, "display_name": name, "type": "P"});
        let channel = self.must(by, "POST", "/channels", body).await;
        let id = channel["id"].as_str().unwrap_or_default().to_owned();
        for member in members {
            self.must(by, "POST", &format!("/channels/{id}/members"), json!({"user_id": member.id})).await;
        }
        id
    }
}
