//! Which language a page is rendered in: the one of the account, else the one chosen in this browser, else the one the
//! browser asks for, else the server's.

use crate::pages::{Caller, text};
use app::Spoken;
use axum::{
    Router,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use backend::{
    api::guard::{TOKEN_COOKIE, cookie},
    cx::Cx,
};
use catalogue::{LANGUAGES, Language, find, preferred};
use http::{HeaderMap, Method, header};
use serde_json::Value;

/// Remembers in a browser which language was chosen there.
pub const COOKIE: &str = "CONFABLANGUAGE";

/// Finds the language for a page and gives it to the app.
pub async fn choose(State((api, cx)): State<(Router, Cx)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let own = match cookie(&parts.headers, TOKEN_COOKIE) {
        Some(_) => of_account(api, Caller::of(&parts)).await,
        None => None,
    };
    let default = cx.settings.get().localization.default_client_locale.clone();
    let spoken = own.unwrap_or_else(|| of_browser(&parts.headers, &default));
    parts.extensions.insert(Spoken(spoken));
    next.run(Request::from_parts(parts, body)).await
}

/// The language somebody has chosen for their account; none while signed out.
async fn of_account(api: Router, caller: Caller) -> Option<&'static Language> {
    let answer = caller.call(api, Method::GET, "/api/v4/users/me", None).await;
    let me: Value = serde_json::from_str(&text(answer).await).ok()?;
    find(me["locale"].as_str()?)
}

/// The language somebody's browser asks for, or was told to.
pub fn of_browser(headers: &HeaderMap, default: &str) -> &'static Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    cookie(headers, COOKIE)
        .and_then(find)
        .or_else(|| preferred(accepted, |_| true))
        .or_else(|| find(default))
        .unwrap_or(&LANGUAGES[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn what_was_chosen_here_comes_before_what_the_browser_asks_for() {
        let mut headers = HeaderMap::new();
        assert_eq!(of_browser(&headers, "fr").code, "fr");
        assert_eq!(of_browser(&headers, "xx").code, "en");
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("de,en;q=0.5"));
        assert_eq!(of_browser(&headers, "fr").code, "de");
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; CONFABLANGUAGE=ar"));
        assert_eq!(of_browser(&headers, "fr").code, "ar");
    }
}
