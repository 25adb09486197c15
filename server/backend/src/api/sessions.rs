//! Signing in and out, and the list of one's sessions.

use super::{
    Routes,
    extract::{Address, Done, Json, MaybeCaller},
    guard::{CSRF_COOKIE, Guard, TOKEN_COOKIE, USER_COOKIE, Whose, cookie},
};
use crate::{
    access::Caller,
    actions::{self, links, sessions::SignedIn},
    cx::Cx,
    error::Result,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use model::{
    Millis, Refusal, SessionId,
    endpoint::Method,
    permission::Permission,
    sessions::{ListSessions, Revoke, RevokeAllSessions, RevokeSession, Session},
    users::{Login, OneTimeLink, SignIn, SignInByLink, SignOut},
};
use serde::Deserialize;
use serde_json::json;

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::Me(Permission::EditOtherUsers);
    r.on::<SignIn, _>(Guard::Public, sign_in)
        .at(Method::Post, "/users/login/type", Guard::Public, kind)
        .on::<SignInByLink, _>(Guard::Public, sign_in_by_link)
        .on::<SignOut, _>(Guard::Public, sign_out)
        .on::<ListSessions, _>(own, list)
        .on::<RevokeSession, _>(own, revoke)
        .on::<RevokeAllSessions, _>(own, revoke_all)
        .at(Method::Post, "/users/sessions/revoke/all", Guard::System(Permission::ManageSystem), revoke_everybodys)
        .at(Method::Put, "/users/sessions/device", Guard::SignedIn, attach)
}

async fn sign_in(cx: Cx, Address(address): Address, headers: HeaderMap, Json(login): Json<Login>) -> Result<Response> {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let signed_in = actions::sessions::sign_in(&cx, login, address, agent).await?;
    Ok(answer(&cx, signed_in, &headers))
}

async fn sign_in_by_link(
    cx: Cx,
    Address(address): Address,
    headers: HeaderMap,
    Json(link): Json<OneTimeLink>,
) -> Result<Response> {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let signed_in = links::follow(&cx, &link, address, agent).await?;
    Ok(answer(&cx, signed_in, &headers))
}

/// The user, and the session in the places where programs and pages look for it.
fn answer(cx: &Cx, signed_in: SignedIn, headers: &HeaderMap) -> Response {
    let session = signed_in.session;
    let mut response = Json(signed_in.user).into_response();
    put(&mut response, "token", &session.token);
    // Mattermost: only pages get cookies, and pages say so.
    if headers.get("x-requested-with").is_some_and(|v| v == "XMLHttpRequest") {
        append_cookies(cx, &mut response, &session, session.expires_at - session.create_at);
    }
    response
}

fn put(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Gives a browser what it signs in with, for as long as that is good, in milliseconds.
fn append_cookies(cx: &Cx, response: &mut Response, session: &Session, age: Millis) {
    let age = age / 1000;
    let secure = if cx.settings.get().service.site_url.starts_with("https://") { "; Secure" } else { "" };
    let csrf = session.props.get("csrf").map_or("", String::as_str);
    let (token, user) = (session.token.as_str(), session.user_id.as_str());
    for (name, value, hidden) in [(TOKEN_COOKIE, token, "; HttpOnly"), (USER_COOKIE, user, ""), (CSRF_COOKIE, csrf, "")]
    {
        let cookie = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{hidden}{secure}");
        append_cookie(response, &cookie);
    }
}

/// Has a session that is used last longer, and tells the browser. Mattermost: this is done when somebody views a channel.
pub(super) async fn extend(cx: &Cx, caller: &Caller, headers: &HeaderMap, response: &mut Response) {
    match actions::sessions::extend(cx, caller).await {
        Ok(Some(age)) if cookie(headers, TOKEN_COOKIE) == Some(&caller.live.session.token) => {
            append_cookies(cx, response, &caller.live.session, age);
        }
        Ok(_) => {}
        // It is good for a while yet, and the next view tries again.
        Err(error) => tracing::warn!(%error, "a session was not extended"),
    }
}

fn append_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct WhichLogin {
    login_id: String,
}

/// How somebody signs in; the same whether there is such an account or not. Mattermost: who signs in by links is sent one.
async fn kind(cx: Cx, Address(address): Address, Json(who): Json<WhichLogin>) -> Result<Json<serde_json::Value>> {
    let by_link = links::ask(&cx, &who.login_id, address).await?;
    Ok(Json(json!({"auth_service": if by_link { links::BY_LINK } else { "" }})))
}

async fn sign_out(cx: Cx, MaybeCaller(caller): MaybeCaller) -> Result<Response> {
    if let Some(caller) = caller {
        actions::sessions::end(&cx, caller.id(), Some(caller.session_id())).await?;
    }
    let mut response = Done.into_response();
    // Mattermost: the other cookies mean nothing without this one.
    append_cookie(&mut response, &format!("{TOKEN_COOKIE}=; Path=/; Max-Age=0; HttpOnly"));
    Ok(response)
}

async fn list(cx: Cx, Whose(user): Whose) -> Result<Json<Vec<Session>>> {
    let mut sessions = cx.store.sessions().of_user(user).await?;
    for session in &mut sessions {
        session.token.clear();
    }
    Ok(Json(sessions))
}

async fn revoke(cx: Cx, Whose(user): Whose, Json(which): Json<Revoke>) -> Result<Done> {
    let id: SessionId = which.session_id.parse().map_err(|_| Refusal::body("session_id"))?;
    let session = cx.store.sessions().by_id(id).await?.filter(|s| s.user_id == user);
    // Mattermost: somebody else's session is a fault of the address, which names the user.
    session.ok_or_else(|| Refusal::url("user_id"))?;
    actions::sessions::end(&cx, user, Some(id)).await?;
    Ok(Done)
}

async fn revoke_all(cx: Cx, Whose(user): Whose) -> Result<Done> {
    actions::sessions::end(&cx, user, None).await?;
    Ok(Done)
}

async fn revoke_everybodys(cx: Cx) -> Result<Done> {
    actions::sessions::end_all(&cx).await?;
    Ok(Done)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Device {
    device_id: String,
}

async fn attach(cx: Cx, caller: Caller, Json(device): Json<Device>) -> Result<Done> {
    if device.device_id.is_empty() {
        return Err(Refusal::body("device_id").into());
    }
    actions::sessions::attach_device(&cx, &caller, device.device_id).await?;
    Ok(Done)
}
