//! The forms that work without scripts: each is one call of the API, answered by another page.

use crate::{
    assets, languages,
    pages::{Caller, text},
};
use axum::{
    Form, Router,
    extract::{FromRequest as _, Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use backend::api::guard::{TOKEN_COOKIE, cookie};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use model::{Refusal, system::ErrorBody};
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Fields = BTreeMap<String, String>;

/// The routes of all forms.
pub fn router(api: &Router) -> Router {
    Router::new()
        .route("/forms/language", post(language))
        .route("/forms/login", post(login))
        .route("/forms/link", post(link))
        .route("/forms/signup", post(signup))
        .route("/forms/reset_password", post(reset_password))
        .route("/forms/new_password", post(new_password))
        .route("/forms/verify_email", post(verify_email))
        .route("/forms/mfa_on", post(mfa_on))
        .route("/forms/mfa_off", post(mfa_off))
        .route("/forms/recovery_codes", post(recovery_codes))
        .route("/forms/logout", post(logout))
        .route("/forms/create_team", post(create_team))
        .route("/forms/post", post(write))
        .route("/forms/authorize", post(authorize))
        // The browser's worker takes what other apps share; where there is none yet, the way is to the chat.
        .route("/share", post(|| async { Redirect::to("/") }))
        .with_state(api.clone())
}

/// One form that was sent.
struct Sent {
    api: Router,
    caller: Caller,
    headers: HeaderMap,
    fields: Fields,
}

impl Sent {
    /// Reads a form, if it comes from one of our own pages.
    async fn read(api: Router, request: Request) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        if !same_origin(&parts) {
            let reason = app::from_another_site(languages::of_browser(&parts.headers, ""));
            return Err((StatusCode::FORBIDDEN, reason).into_response());
        }
        let (headers, mut caller) = (parts.headers.clone(), Caller::of(&parts));
        let Form(fields) = Form::<Fields>::from_request(Request::from_parts(parts, body), &())
            .await
            .map_err(IntoResponse::into_response)?;
        if let Some(csrf) = fields.get("csrf") {
            caller.insert("x-csrf-token", csrf);
        }
        Ok(Self { api, caller, headers, fields })
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Calls the API: the answer's cookies and value, or what it refused.
    async fn call(&self, path: &str, body: Value) -> Result<(HeaderMap, Value), ErrorBody> {
        self.call_by(Method::POST, path, body).await
    }

    /// The same with another method.
    async fn call_by(&self, method: Method, path: &str, body: Value) -> Result<(HeaderMap, Value), ErrorBody> {
        let response =
            self.caller.call(self.api.clone(), method, &format!("/api/v4{path}"), Some(body.to_string())).await;
        let (ok, headers) = (response.status().is_success(), response.headers().clone());
        let text = text(response).await;
        if ok {
            return Ok((headers, serde_json::from_str(&text).unwrap_or_default()));
        }
        Err(serde_json::from_str(&text).unwrap_or_else(|_| Refusal::INTERNAL.to_body("")))
    }

    /// Back to the page the form was on, which shows why; what was typed is kept where it is no secret.
    fn back(&self, page: &str, error: &ErrorBody) -> Response {
        let from = self.headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(path_of).unwrap_or(page);
        let from = from.split('?').next().unwrap_or(page);
        let mut query = vec![("error".to_owned(), error.message.clone())];
        let kept = |name: &str| !["password", "code", "csrf", "error"].contains(&name);
        query.extend(self.fields.iter().filter(|(n, v)| kept(n) && !v.is_empty()).map(|(n, v)| (n.clone(), v.clone())));
        let query: Vec<String> = query.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        Redirect::to(&format!("{from}?{}", query.join("&"))).into_response()
    }
}

/// Whether a form was sent from a page of this server.
fn same_origin(parts: &Parts) -> bool {
    let text = |name| parts.headers.get(name).and_then(|v: &http::HeaderValue| v.to_str().ok());
    match text(header::ORIGIN) {
        // Some browsers send no origin from a page that hides where it is.
        None | Some("null") => text(header::REFERER).is_none_or(|r| host_of(r) == text(header::HOST)),
        Some(origin) => host_of(origin) == text(header::HOST),
    }
}

fn host_of(url: &str) -> Option<&str> {
    url.split_once("://").and_then(|(_, rest)| rest.split('/').next())
}

fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').map(|i| &rest[i..])
}

/// A value in a query, percent-encoded.
pub fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A page of this server to go to; anything else would send people elsewhere.
fn local(path: &str) -> &str {
    if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') { path } else { "/" }
}

/// To a page, with the cookies of an answer.
fn to(path: &str, headers: &HeaderMap) -> Response {
    let mut response = Redirect::to(local(path)).into_response();
    for cookie in headers.get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    response
}

async fn login(State(api): State<Router>, request: Request) -> Response {
    let mut sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    sent.caller.insert("x-requested-with", "XMLHttpRequest");
    let login_id = sent.field("login_id").trim();
    let body = json!({"login_id": login_id, "password": sent.field("password"), "token": sent.field("code")});
    match sent.call("/users/login", body).await {
        Ok((headers, _)) => to(sent.field("redirect_to"), &headers),
        Err(error) if error.id == Refusal::SIGN_IN_NOT_VERIFIED.id => to("/should_verify_email", &HeaderMap::new()),
        Err(error) if error.id == Refusal::MFA_MISSING.id => {
            let target = encode(sent.field("redirect_to"));
            to(&format!("/login?mfa=true&login_id={}&redirect_to={target}", encode(login_id)), &HeaderMap::new())
        }
        Err(error) => sent.back("/login", &error),
    }
}

/// Signs a guest in by the link of a mail.
async fn link(State(api): State<Router>, request: Request) -> Response {
    let mut sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    sent.caller.insert("x-requested-with", "XMLHttpRequest");
    let token = sent.field("t");
    match sent.call("/users/login/one_time_link", json!({"token": token, "code": sent.field("code")})).await {
        Ok((headers, _)) => to("/", &headers),
        Err(error) if error.id == Refusal::MFA_MISSING.id => {
            to(&format!("/login/one_time_link?mfa=true&t={}", encode(token)), &HeaderMap::new())
        }
        Err(error) => sent.back("/login/one_time_link", &error),
    }
}

async fn reset_password(State(api): State<Router>, request: Request) -> Response {
    ask_for_link(api, request, "/users/password/reset/send", "/reset_password").await
}

async fn verify_email(State(api): State<Router>, request: Request) -> Response {
    ask_for_link(api, request, "/users/email/verify/send", "/should_verify_email").await
}

async fn ask_for_link(api: Router, request: Request, path: &str, page: &str) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    match sent.call(path, json!({"email": sent.field("email").trim()})).await {
        Ok((headers, _)) => to(&format!("{page}?sent=true"), &headers),
        Err(error) => sent.back(page, &error),
    }
}

async fn new_password(State(api): State<Router>, request: Request) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let body = json!({"token": sent.field("token"), "new_password": sent.field("password")});
    match sent.call("/users/password/reset", body).await {
        Ok((headers, _)) => to("/login?done=password", &headers),
        Err(error) => sent.back("/reset_password_complete", &error),
    }
}

async fn mfa_on(State(api): State<Router>, request: Request) -> Response {
    let body = |sent: &Sent| json!({"activate": true, "code": sent.field("code")});
    set_mfa(api, request, body, "/mfa/setup?done=on").await
}

async fn mfa_off(State(api): State<Router>, request: Request) -> Response {
    set_mfa(api, request, |_| json!({"activate": false}), "/mfa/setup").await
}

async fn set_mfa(api: Router, request: Request, body: impl FnOnce(&Sent) -> Value + Send, page: &str) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let body = body(&sent);
    match sent.call_by(Method::PUT, "/users/me/mfa", body).await {
        Ok((headers, _)) => to(page, &headers),
        Err(error) => sent.back("/mfa/setup", &error),
    }
}

/// Answers new recovery codes as a text to keep.
async fn recovery_codes(State(api): State<Router>, request: Request) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    match sent.call("/users/me/mfa/recovery_codes", json!({})).await {
        Ok((_, answer)) => {
            let codes = answer["recovery_codes"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let text = codes.flat_map(|code| [code, "\n"]).collect::<String>();
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Err(error) => sent.back("/mfa/setup", &error),
    }
}

/// Gives a program access, and leads back to it.
async fn authorize(State(api): State<Router>, request: Request) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let body: serde_json::Map<String, Value> =
        sent.fields.iter().filter(|(name, _)| *name != "csrf").map(|(n, v)| (n.clone(), v.as_str().into())).collect();
    match sent.call("/oauth/authorize", Value::Object(body)).await {
        Ok((_, answer)) => away(answer["redirect"].as_str().unwrap_or("/")),
        Err(error) => sent.back("/oauth/authorize", &error),
    }
}

/// Leads to another server. A page does it, since browsers follow a form only to where the page's policy lets it be
/// sent, and that holds for every further address they are led to from there.
fn away(address: &str) -> Response {
    let Ok(refresh) = HeaderValue::from_str(&format!("0; url={address}")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let host = host_of(address).unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{host}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"{css}\"></head><body><div class=\"gate\"><main class=\"gate-main\">\
         <p><a href=\"{href}\">{host}</a></p></main></div></body></html>",
        css = assets::Urls::current().css,
        host = escaped(host),
        href = escaped(address),
    );
    let fixed = |text| HeaderValue::from_static(text);
    let headers = [
        (header::CONTENT_TYPE, fixed("text/html; charset=utf-8")),
        (header::REFRESH, refresh),
        (header::CACHE_CONTROL, fixed("no-store")),
        (header::REFERRER_POLICY, fixed("no-referrer")),
        (header::CONTENT_SECURITY_POLICY, fixed("default-src 'none'; style-src 'self'; frame-ancestors 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
    ];
    (headers, page).into_response()
}

/// A text in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

async fn signup(State(api): State<Router>, request: Request) -> Response {
    let mut sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    sent.caller.insert("x-requested-with", "XMLHttpRequest");
    let invitation = sent.field("invite_id");
    let path = match (sent.field("t"), invitation) {
        ("", "") => "/users".to_owned(),
        ("", id) => format!("/users?iid={}", encode(id)),
        (token, _) => format!("/users?t={}", encode(token)),
    };
    let (email, password) = (sent.field("email").trim(), sent.field("password"));
    let body = json!({"email": email, "username": sent.field("username").trim(), "password": password,
        "locale": sent.field("locale")});
    if let Err(error) = sent.call(&path, body).await {
        return sent.back("/signup", &error);
    }
    match sent.call("/users/login", json!({"login_id": email, "password": password})).await {
        Ok((headers, _)) => to(sent.field("redirect_to"), &headers),
        Err(error) => sent.back("/login", &error),
    }
}

/// Chooses a language: for this browser, and for the account of those who are signed in.
async fn language(State(api): State<Router>, request: Request) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let Some(language) = catalogue::find(sent.field("locale")) else {
        return sent.back("/", &Refusal::LOCALE_INVALID.to_body(""));
    };
    if cookie(&sent.headers, TOKEN_COOKIE).is_some() {
        match sent.call_by(Method::PUT, "/users/me/patch", json!({"locale": language.code})).await {
            Err(error) if error.status_code != 401 => return sent.back("/", &error),
            _ => {}
        }
    }
    let mut response = to(sent.field("back"), &HeaderMap::new());
    let kept = format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", languages::COOKIE, language.code);
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    response
}

async fn logout(State(api): State<Router>, request: Request) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    match sent.call("/users/logout", json!({})).await {
        Ok((headers, _)) => to("/login", &headers),
        Err(error) => sent.back("/", &error),
    }
}

async fn create_team(State(api): State<Router>, request: Request) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let body =
        json!({"display_name": sent.field("display_name").trim(), "name": sent.field("name").trim(), "type": "O"});
    match sent.call("/teams", body).await {
        Ok((headers, team)) => to(&format!("/{}/channels/town-square", team["name"].as_str().unwrap_or("")), &headers),
        Err(error) => sent.back("/create_team", &error),
    }
}

async fn write(State(api): State<Router>, request: Request) -> Response {
    let sent = match Sent::read(api, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let body = json!({
        "channel_id": sent.field("channel_id"),
        "root_id": sent.field("root_id"),
        "message": sent.field("message"),
        "pending_post_id": sent.field("pending_post_id"),
    });
    match sent.call("/posts", body).await {
        Ok((headers, _)) => to(sent.field("back"), &headers),
        Err(error) => sent.back(local(sent.field("back")), &error),
    }
}
