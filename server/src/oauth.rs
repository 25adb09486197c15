//! `GET /oauth/authorize`: what needs no question is answered at once, so that only the question itself is a page.

use crate::forms::encode;
use axum::{
    extract::{Query, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use backend::{
    access,
    actions::oauth,
    api::{extract, guard},
    cx::Cx,
};
use http::{HeaderValue, Method, StatusCode, header};
use model::oauth::AuthorizeRequest;

const PATH: &str = "/oauth/authorize";

/// Leads whoever is not signed in to where they can, and back to a trusted program without asking.
pub async fn answer(State(cx): State<Cx>, request: Request, next: Next) -> Response {
    if request.uri().path() != PATH || *request.method() != Method::GET {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(Some(caller)) = guard::authenticate(&cx, &parts).await else {
        let here = parts.uri.path_and_query().map_or(PATH, |here| here.as_str());
        return found(&format!("/login?redirect_to={}", encode(here)));
    };
    if !access::lacks_second_factor(&cx, &caller) {
        let asked = Query::<AuthorizeRequest>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
        if oauth::ask(&cx, &caller, &asked).await.is_ok_and(|question| !question.ask)
            && let Ok(address) = oauth::give(&cx, &caller, asked, extract::address(&cx, &parts)).await
        {
            return found(&address);
        }
    }
    // Why there is no question to ask is said by the page.
    next.run(Request::from_parts(parts, body)).await
}

/// Leads elsewhere. What is in the address is meant for whoever is there alone.
fn found(address: &str) -> Response {
    let Ok(place) = HeaderValue::from_str(address) else { return StatusCode::BAD_REQUEST.into_response() };
    let headers = [
        (header::LOCATION, place),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::FOUND, headers).into_response()
}
