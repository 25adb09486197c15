//! Sends the calls of the API: in process while a page is rendered, by fetch in the browser.

use std::{fmt, fmt::Write as _, future::Future, pin::Pin, sync::Arc};

use leptos::prelude::{ArcRwSignal, GetUntracked, Set};
use model::{
    Refusal,
    endpoint::{Endpoint, Method},
    json,
    system::ErrorBody,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::words;

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    /// The server refused, and says why.
    #[error("{}", .0.message)]
    Refused(ErrorBody),
    /// No answer, or one that makes no sense.
    #[error("{}", words::failure_unreachable())]
    Unreachable,
}

/// The code of a call could not be loaded: the server is not reached, as without an answer.
#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Failure {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self::Unreachable
    }
}

impl Failure {
    /// Whether there is no session (any more).
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Self::Refused(body) if body.status_code == 401) && !self.asks_for_second_factor()
    }

    /// Whether a second factor has to be set up first.
    pub fn asks_for_second_factor(&self) -> bool {
        matches!(self, Self::Refused(body) if body.id == Refusal::MFA_REQUIRED.id)
    }

    /// Whether the server cannot write at the moment because of its database.
    pub fn is_storage_lost(&self) -> bool {
        let lost = &Refusal::STORAGE_UNAVAILABLE;
        matches!(self, Self::Refused(body) if body.status_code == lost.status && body.id == lost.id)
    }

    /// Whether what was asked for is not there, or not for the one who asks.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(body) if matches!(body.status_code, 400 | 403 | 404))
    }
}

/// A call as the server answers it without a network in between.
#[derive(Clone, Debug)]
pub struct InProcessRequest {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// From `/api/v4` on.
    pub path_and_query: String,
    /// JSON.
    pub body: Option<String>,
}

/// The status and the body of an answer, once it is there.
pub type InProcessAnswer = Pin<Box<dyn Future<Output = (u16, String)> + Send>>;

/// The way to the API while a page is rendered; the server provides it as context, with the visitor's session in it.
#[derive(Clone)]
pub struct InProcess(pub Arc<dyn Fn(InProcessRequest) -> InProcessAnswer + Send + Sync>);

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

/// Sends calls, on behalf of whoever looks at the page.
#[derive(Clone, Debug, Default)]
pub struct Client {
    #[cfg(not(target_arch = "wasm32"))]
    in_process: Option<InProcess>,
    storage_lost: ArcRwSignal<bool>,
}

impl Client {
    /// The client of this page; on the server with what the context provides.
    pub fn from_context() -> Self {
        Self {
            #[cfg(not(target_arch = "wasm32"))]
            in_process: leptos::prelude::use_context(),
            storage_lost: ArcRwSignal::default(),
        }
    }

    /// Whether the server said that it cannot write at the moment, and has not been seen to write since.
    pub fn storage_lost(&self) -> ArcRwSignal<bool> {
        self.storage_lost.clone()
    }

    /// Sends a call and waits for its answer.
    pub async fn send<E: Endpoint>(&self, call: E) -> Result<E::Output, Failure> {
        let body = serde_json::to_string(call.body()).map_err(|_| Failure::Unreachable)?;
        let body = (body != "null").then_some(body);
        // By way of a text: a second kind of writer for every type would be much of the browser's program.
        let query = serde_json::to_string(call.query()).map_err(|_| Failure::Unreachable)?;
        let query = serde_json::from_str(&query).map_err(|_| Failure::Unreachable)?;
        let path = format!("/api/v4{}{}", call.path(), query_text(&query));
        let (status, text) = self.transmit(E::METHOD.as_str(), path, body).await.ok_or(Failure::Unreachable)?;
        let result = answer(status, &text);
        let lost = result.as_ref().is_err_and(Failure::is_storage_lost);
        // What is only read may come from memory, and tells nothing of the database.
        let known = lost || (result.is_ok() && E::METHOD != Method::Get);
        if known && self.storage_lost.get_untracked() != lost {
            self.storage_lost.set(lost);
        }
        result
    }

    /// Fetches a text that is no answer of the API, as a file's.
    pub async fn text(&self, path: String) -> Result<String, Failure> {
        let (status, text) = self.transmit("GET", path, None).await.ok_or(Failure::Unreachable)?;
        if (200..300).contains(&status) { Ok(text) } else { Err(refused(status, &text)) }
    }

    #[cfg(not(target_arch = "wasm32"))]
    async fn transmit(
        &self,
        method: &'static str,
        path_and_query: String,
        body: Option<String>,
    ) -> Option<(u16, String)> {
        let way = self.in_process.as_ref()?;
        Some((way.0)(InProcessRequest { method, path_and_query, body }).await)
    }

    #[cfg(target_arch = "wasm32")]
    #[expect(clippy::unused_self, reason = "called as on the server, where the client holds the way to the API")]
    fn transmit(
        &self,
        method: &'static str,
        path: String,
        body: Option<String>,
    ) -> impl Future<Output = Option<(u16, String)>> + Send + use<> {
        use gloo_net::http::{Method, RequestBuilder};
        send_wrapper::SendWrapper::new(async move {
            let method = match method {
                "POST" => Method::POST,
                "PUT" => Method::PUT,
                "PATCH" => Method::PATCH,
                "DELETE" => Method::DELETE,
                _ => Method::GET,
            };
            let request = RequestBuilder::new(&path)
                .method(method)
                .credentials(web_sys::RequestCredentials::SameOrigin)
                .header("X-Requested-With", "XMLHttpRequest")
                .header("X-CSRF-Token", &crate::browser::csrf().unwrap_or_default());
            let response = match body {
                Some(text) => request.header("Content-Type", "application/json").body(text).ok()?.send().await,
                None => request.send().await,
            }
            .ok()?;
            let text = response.text().await.ok()?;
            Some((response.status(), text))
        })
    }
}

/// Reads an answer: the output, or the reason there is none.
fn answer<T: DeserializeOwned>(status: u16, text: &str) -> Result<T, Failure> {
    if (200..300).contains(&status) {
        return json::read(text).map_err(|_| Failure::Unreachable);
    }
    Err(refused(status, text))
}

/// Why there is no output.
pub fn refused(status: u16, text: &str) -> Failure {
    match json::read::<ErrorBody>(text) {
        Ok(mut body) if !body.message.is_empty() => {
            body.status_code = status;
            Failure::Refused(body)
        }
        _ if matches!(status, 400..500) => Failure::Refused(ErrorBody {
            message: words::failure_refused(&status.to_string()),
            status_code: status,
            ..ErrorBody::default()
        }),
        _ => Failure::Unreachable,
    }
}

/// `?name=value&…` of an object; nothing where there is nothing to say.
fn query_text(query: &serde_json::Value) -> String {
    let mut text = String::new();
    for (name, value) in query.as_object().into_iter().flatten() {
        let value = match value {
            serde_json::Value::String(value) => value.clone(),
            serde_json::Value::Null => continue,
            other => other.to_string(),
        };
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&percent_encoded(&value));
    }
    text
}

/// Percent-encodes what may not stand in a query.
pub fn percent_encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~@".contains(&byte) {
            text.push(byte as char);
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_leave_out_what_is_not_set() {
        let query = serde_json::json!({"page": "0", "name": "a b&c", "none": null});
        assert_eq!(query_text(&query), "?name=a%20b%26c&page=0");
        assert_eq!(query_text(&serde_json::Value::Null), "");
    }

    #[test]
    fn a_lost_database_is_told_by_its_id() {
        let body = |id: &str| format!(r#"{{"id":"{id}","message":"no"}}"#);
        let lost = |status, id: &str| answer::<i32>(status, &body(id)).is_err_and(|e| e.is_storage_lost());
        assert!(lost(503, Refusal::STORAGE_UNAVAILABLE.id));
        assert!(!lost(503, Refusal::BUSY.id));
        assert!(!lost(400, Refusal::STORAGE_UNAVAILABLE.id));
    }

    #[test]
    fn answers_are_outputs_or_reasons() {
        assert_eq!(answer::<i32>(200, "5"), Ok(5));
        assert!(answer::<i32>(401, r#"{"id":"x","message":"Sign in"}"#).is_err_and(|e| e.is_signed_out()));
        assert_eq!(answer::<i32>(502, "<html>"), Err(Failure::Unreachable));
    }
}
