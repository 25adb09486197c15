//! Why a request has no answer, and what the caller is told of it.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use model::{AnyId, Refusal};

tokio::task_local! {
    /// The id of the request that is being answered.
    static REQUEST: AnyId;
}

/// The id of the request that is being answered, by which its refusal and the log name it; empty outside of one.
pub fn request_id() -> String {
    REQUEST.try_with(ToString::to_string).unwrap_or_default()
}

/// Answers a request under an id.
pub fn with_request_id<F: Future>(id: AnyId, answer: F) -> impl Future<Output = F::Output> {
    REQUEST.scope(id, answer)
}

/// Either we refuse a request, or we failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller can do something about it; the text is shown to people.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The caller cannot; the cause goes to the log under the request's id, never to the caller.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

/// The result of everything that can be refused or fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure, for `map_err`.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(cause.into())
    }

    /// What the caller is told; writes the cause of a failure to the log.
    pub fn into_refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Internal(cause) => {
                tracing::error!(error = format!("{cause:#}"), "request failed");
                Refusal::INTERNAL
            }
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(cause) => {
                // The outage itself is told once, by who finds it.
                tracing::debug!(error = %cause, "the database is not available");
                Refusal::STORAGE_UNAVAILABLE.into()
            }
            store::Error::Closed => Refusal::STORAGE_UNAVAILABLE.into(),
            other => Self::internal(other),
        }
    }
}

/// Finds the refusal for a clash in a unique index; any other error stays what it is.
pub fn taken(error: store::Error, refusals: &[(&str, Refusal)]) -> Error {
    refusals.iter().find(|(index, _)| error.is_conflict(index)).map_or_else(|| error.into(), |(_, r)| r.clone().into())
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        refuse(&self.into_refusal(), &request_id())
    }
}

/// The answer to a refused request. Mattermost: an unknown route is answered as plain text, without an id.
pub fn refuse(refusal: &Refusal, request_id: &str) -> Response {
    let unknown_route = refusal == &Refusal::NO_ROUTE;
    let body = refusal.to_body(if unknown_route { "" } else { request_id });
    let text = serde_json::to_string(&body).expect("texts and a number are always JSON");
    let kind = if unknown_route { "text/plain; charset=utf-8" } else { "application/json" };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
    if refusal == &Refusal::STORAGE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, http::HeaderValue::from_static("1"));
    }
    response
}
