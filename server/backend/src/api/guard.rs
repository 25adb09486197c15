//! Who may call a route: plain data beside the route, checked before its handler runs.

use super::extract::Found;
use crate::{
    access::{self, Caller},
    actions::audits,
    auth::limits::Allowance,
    cache::LiveSession,
    cx::Cx,
    error::{Error, Result},
};
use axum::{
    extract::{RawPathParams, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header, request::Parts};
use model::{AnyId, ChannelId, Id, Millis, PostId, Refusal, TeamId, UserId, permission::Permission};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

/// Who may call a route. With the permission they need, and where in the path its object is:
/// `{channel_id}`, `{team_id}`, `{post_id}` or `{user_id}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Guard {
    /// Anybody. A session is looked at if there is one; a bad one does no harm.
    Public,
    /// Whoever has a session.
    SignedIn,
    /// Whoever's system roles hold the permission.
    System(Permission),
    /// In the path's team. An unknown one is 404.
    Team(Permission),
    /// The same, but an unknown team is refused as a foreign one is.
    InTeam(Permission),
    /// In the path's channel. An unknown one is 404.
    Channel(Permission),
    /// The same, but an unknown channel is refused as a foreign one is.
    InChannel(Permission),
    /// To read the path's channel: its members, and for a public one its team. An unknown one is refused.
    Reader,
    /// In the channel of the path's post. An unknown post is 404.
    Post(Permission),
    /// The same, but an unknown post is refused as a foreign one is.
    InPost(Permission),
    /// To read the path's post. An unknown post is 404.
    PostReader,
    /// The path's user themselves, or whoever's system roles hold the permission.
    Me(Permission),
    /// Signed in; the action checks the rest, for the reason given.
    InAction(&'static str),
    /// Decided by what the body names: the handler takes `Permitted<T>`.
    Body(Permission),
}

/// As documents say it: "… may call it".
impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("anybody"),
            Self::SignedIn => f.write_str("signed in"),
            Self::System(p) => write!(f, "`{}` in the system", p.name()),
            Self::Team(p) | Self::InTeam(p) => write!(f, "`{}` in the team", p.name()),
            Self::Channel(p) | Self::InChannel(p) => write!(f, "`{}` in the channel", p.name()),
            Self::Reader => f.write_str("may read the channel"),
            Self::Post(p) | Self::InPost(p) => write!(f, "`{}` in the post's channel", p.name()),
            Self::PostReader => f.write_str("may read the post"),
            Self::Me(p) => write!(f, "the user themselves, or `{}` in the system", p.name()),
            Self::InAction(reason) => write!(f, "signed in; {reason}"),
            Self::Body(p) => write!(f, "`{}` for what the body names", p.name()),
        }
    }
}

/// What a route's check needs.
#[derive(Clone)]
pub struct Checked {
    pub cx: Cx,
    pub guard: Guard,
    /// Whether it can wait while an administrator has asked for quiet.
    pub can_wait: bool,
    /// Whether it can be called without the second factor that is asked of everybody.
    pub sets_up: bool,
    /// Whether it is noted for administrators.
    pub audited: bool,
}

/// Left in the request by [`Guard::Body`]; discharged by `Permitted<T>`.
#[derive(Clone)]
pub struct BodyGuard {
    pub permission: Permission,
    pub discharged: Arc<AtomicBool>,
}

/// The middleware of every route.
pub async fn check(State(checked): State<Checked>, params: RawPathParams, request: Request, next: Next) -> Response {
    if checked.audited {
        let (cx, path) = (checked.cx.clone(), request.uri().path().to_owned());
        let (parts, body) = request.into_parts();
        let from = super::extract::address(&cx, &parts);
        let caller = authenticate(&cx, &parts).await.ok().flatten();
        let response = admitted(&checked, &params, Request::from_parts(parts, body), next).await;
        audits::note(&cx, caller.as_ref(), path, from, response.status());
        return response;
    }
    admitted(&checked, &params, request, next).await
}

async fn admitted(checked: &Checked, params: &RawPathParams, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match admit(checked, params, parts).await {
        Ok((parts, None)) => next.run(Request::from_parts(parts, body)).await,
        Ok((parts, Some(discharged))) => {
            let response = next.run(Request::from_parts(parts, body)).await;
            let answered = response.status().is_success();
            if answered && !discharged.load(Ordering::Relaxed) {
                tracing::error!("a route guarded by its body did not check it");
                debug_assert!(false, "a route guarded by its body did not check it");
                return Error::from(Refusal::INTERNAL).into_response();
            }
            response
        }
        Err(error) => {
            drained(body).await;
            error.into_response()
        }
    }
}

/// The most that is read of what was refused, in bytes.
const DRAINED_MAX: usize = 64 * 1024;
/// How long it is waited for.
const DRAINED_WITHIN: std::time::Duration = std::time::Duration::from_secs(1);

/// Reads what a refused caller has sent if it is little: with a body on its way a connection has to be closed, and the
/// caller's next request might already be on it.
async fn drained(body: axum::body::Body) {
    if axum::body::HttpBody::size_hint(&body).upper().is_some_and(|size| size <= DRAINED_MAX as u64) {
        // What does not come is not waited for; then the connection is closed after all.
        let _ = tokio::time::timeout(DRAINED_WITHIN, axum::body::to_bytes(body, DRAINED_MAX)).await;
    }
}

async fn admit(
    checked: &Checked,
    params: &RawPathParams,
    mut parts: Parts,
) -> Result<(Parts, Option<Arc<AtomicBool>>)> {
    let Checked { cx, guard, can_wait, sets_up, .. } = checked;
    if *can_wait && cx.busy_until.load(Ordering::Relaxed) > cx.clock.now() {
        return Err(Refusal::BUSY.into());
    }
    let caller = match authenticate(cx, &parts).await {
        Err(_) | Ok(None) if *guard == Guard::Public => None,
        found => found?,
    };
    limit(cx, &parts, caller.as_ref())?;
    let mut discharged = None;
    if let Some(caller) = &caller {
        well_formed(params)?;
        let own = |(name, value): (&str, &str)| name == "user_id" && (value == "me" || value == caller.id().as_str());
        let sets_up = *sets_up && params.iter().any(own);
        if *guard != Guard::Public && !sets_up && access::lacks_second_factor(cx, caller) {
            return Err(Refusal::MFA_REQUIRED.into());
        }
        let found = permit(cx, *guard, caller, params, &mut parts).await?;
        discharged = found;
        parts.extensions.insert(caller.clone());
    } else if *guard != Guard::Public {
        return Err(Refusal::SESSION_EXPIRED.into());
    }
    Ok((parts, discharged))
}

/// Refuses an id in the path that is none, whatever the route.
fn well_formed(params: &RawPathParams) -> Result<(), Refusal> {
    for (name, value) in params {
        let fits = match name {
            "user_id" => value == "me" || value.parse::<AnyId>().is_ok(),
            "invite_id" | "category_id" | "plugin_id" | "action_id" => true,
            _ if name.ends_with("_id") => value.parse::<AnyId>().is_ok(),
            _ => true,
        };
        if !fits {
            return Err(Refusal::url(name));
        }
    }
    Ok(())
}

fn id<K>(params: &RawPathParams, name: &str) -> Result<Id<K>, Refusal> {
    let value = params.iter().find_map(|(n, v)| (n == name).then_some(v));
    value.and_then(|v| v.parse().ok()).ok_or_else(|| Refusal::url(name))
}

async fn permit(
    cx: &Cx,
    guard: Guard,
    caller: &Caller,
    params: &RawPathParams,
    parts: &mut Parts,
) -> Result<Option<Arc<AtomicBool>>> {
    match guard {
        Guard::Public | Guard::SignedIn | Guard::InAction(_) => {}
        Guard::System(p) => caller.must(p)?,
        Guard::Team(p) => {
            let team = access::team(cx, id::<model::id::kind::Team>(params, "team_id")?).await?;
            access::must_in_team(cx, caller, team.id, p).await?;
            parts.extensions.insert(Found(team));
        }
        Guard::InTeam(p) => {
            let id: TeamId = id(params, "team_id")?;
            access::must_in_team(cx, caller, id, p).await?;
            parts.extensions.insert(Found(access::team(cx, id).await?));
        }
        Guard::Channel(p) => {
            let channel = access::channel(cx, id::<model::id::kind::Channel>(params, "channel_id")?).await?;
            access::must_in_channel(cx, caller, &channel, p).await?;
            parts.extensions.insert(Found(channel));
        }
        Guard::InChannel(p) => {
            let id: ChannelId = id(params, "channel_id")?;
            parts.extensions.insert(Found(access::channel_for(cx, caller, id, p).await?));
        }
        Guard::Reader => {
            let id: ChannelId = id(params, "channel_id")?;
            let refused = Refusal::missing(Permission::ReadChannel);
            let channel = access::find_channel(cx, id).await?.ok_or_else(|| refused.clone())?;
            if !access::may_read(cx, caller, &channel).await? {
                return Err(refused.into());
            }
            parts.extensions.insert(Found(channel));
        }
        Guard::Post(p) | Guard::InPost(p) => {
            let id: PostId = id(params, "post_id")?;
            let unknown = if matches!(guard, Guard::Post(_)) { Refusal::NO_POST } else { Refusal::missing(p) };
            let (post, channel) = access::post_in_channel(cx, id).await?.ok_or(unknown)?;
            access::must_in_channel(cx, caller, &channel, p).await?;
            parts.extensions.insert(Found(Arc::new(post)));
            parts.extensions.insert(Found(channel));
        }
        Guard::PostReader => {
            let id: PostId = id(params, "post_id")?;
            let (post, channel) = access::post_in_channel(cx, id).await?.ok_or(Refusal::NO_POST)?;
            if !access::may_read(cx, caller, &channel).await? {
                return Err(Refusal::missing(Permission::ReadChannel).into());
            }
            parts.extensions.insert(Found(Arc::new(post)));
            parts.extensions.insert(Found(channel));
        }
        Guard::Me(p) => {
            let value = params.iter().find_map(|(n, v)| (n == "user_id").then_some(v)).unwrap_or("me");
            let id = caller.resolve(value)?;
            if id != caller.id() {
                caller.must(p)?;
            }
            parts.extensions.insert(Whose(id));
        }
        Guard::Body(permission) => {
            let discharged = Arc::new(AtomicBool::new(false));
            parts.extensions.insert(BodyGuard { permission, discharged: discharged.clone() });
            return Ok(Some(discharged));
        }
    }
    Ok(None)
}

/// The user of a path under [`Guard::Me`].
#[derive(Clone, Copy, Debug)]
pub struct Whose(pub UserId);

/// The name of the cookie that holds a session's token.
pub const TOKEN_COOKIE: &str = "MMAUTHTOKEN";
/// The name of the cookie that holds the user's id.
pub const USER_COOKIE: &str = "MMUSERID";
/// The name of the cookie that holds what has to come back in `X-CSRF-Token`.
pub const CSRF_COOKIE: &str = "MMCSRF";

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    all.filter_map(|c| c.trim().split_once('=')).find_map(|(n, v)| (n == name).then_some(v))
}

/// The token of the header `Authorization`: `Bearer …` or `token …`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
    known.then_some(token.trim())
}

/// Who calls, by header or cookie. `None`: nobody says they are anybody.
///
/// # Errors
///
/// [`Refusal::SESSION_EXPIRED`] for a token that is none, or a cookie without the proof that the request comes
/// from our own pages.
pub async fn authenticate(cx: &Cx, parts: &Parts) -> Result<Option<Caller>> {
    if let Some(token) = bearer(&parts.headers) {
        return caller_of(cx, token).await.map(Some);
    }
    if let Some(token) = cookie(&parts.headers, TOKEN_COOKIE) {
        let caller = caller_of(cx, token).await?;
        if parts.method != Method::GET && !from_our_pages(&parts.headers, &caller.live.csrf) {
            return Err(Refusal::SESSION_EXPIRED.into());
        }
        return Ok(Some(caller));
    }
    let in_url = parts.uri.query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("access_token=")));
    let Some(token) = in_url else { return Ok(None) };
    // Programs that people gave access may say it there, and nobody else.
    let caller = caller_of(cx, token).await?;
    if caller.live.session.is_oauth { Ok(Some(caller)) } else { Err(Refusal::TOKEN_IN_URL.into()) }
}

/// Whether a request by cookie carries what another site's page cannot make a browser send.
fn from_our_pages(headers: &HeaderMap, csrf: &str) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|v| v.as_bytes() == value.as_bytes());
    is("x-csrf-token", csrf) || is("x-requested-with", "XMLHttpRequest")
}

/// Who has a token.
///
/// # Errors
///
/// [`Refusal::SESSION_EXPIRED`] if it is unknown, over, or its user is not active.
pub async fn caller_of(cx: &Cx, token: &str) -> Result<Caller> {
    let expired = || Error::from(Refusal::SESSION_EXPIRED);
    let key: AnyId = token.parse().map_err(|_| expired())?;
    let load = async {
        let session = match cx.store.sessions().by_token(token).await? {
            Some(session) => Some(session),
            None => crate::actions::access_tokens::session(cx, token).await?,
        };
        Ok(session.map(|session| {
            let csrf = session.props.get("csrf").cloned().unwrap_or_default();
            let noted_at = AtomicI64::new(session.last_activity_at);
            Arc::new(LiveSession { session, csrf, noted_at })
        }))
    };
    let live = cx.caches.sessions.find(key, load).await?.ok_or_else(expired)?;
    let now = cx.clock.now();
    if live.session.expires_at != 0 && live.session.expires_at < now {
        return Err(expired());
    }
    let user = access::find_user(cx, live.session.user_id).await?.filter(|u| u.delete_at == 0).ok_or_else(expired)?;
    if user.has_role("system_guest") && !cx.settings.get().guest_accounts.enable {
        return Err(expired());
    }
    let by_token = live.session.props.get("type").is_some_and(|kind| kind == crate::actions::access_tokens::SESSION);
    if by_token && !user.is_bot && !cx.settings.get().service.enable_user_access_tokens {
        return Err(expired());
    }
    note_activity(cx, &live, now);
    let permissions = access::permissions_of(cx, &user.roles).await?;
    Ok(Caller { live, user, permissions })
}

/// Writes down that a session was used, at most every few minutes and not on the request's path.
fn note_activity(cx: &Cx, live: &Arc<LiveSession>, now: Millis) {
    let before = live.noted_at.load(Ordering::Relaxed);
    if now - before < crate::cache::ACTIVITY_NOTED_EVERY
        || live.noted_at.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_err()
    {
        return;
    }
    let (id, cx) = (live.session.id, cx.clone());
    cx.tasks.clone().spawn(async move {
        let noted: Result<(), store::Error> =
            cx.store.write(move |tx| Box::pin(async move { tx.sessions().touch(id, now).await.map(drop) })).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session was not written down");
        }
    });
}

/// Refuses callers who come too often.
pub(super) fn limit(cx: &Cx, parts: &Parts, caller: Option<&Caller>) -> Result<(), Refusal> {
    let config = cx.settings.get();
    let rules = &config.rate_limit;
    if !rules.enable {
        return Ok(());
    }
    let (burst, rate, now) = (rules.max_burst as f64, rules.per_sec as f64, cx.clock.now());
    let Allowance { allowed, retry_after, .. } = match caller {
        Some(caller) => cx.limits.of_users.take(caller.id(), burst, rate, now),
        None => cx.limits.of_addresses.take(super::extract::address(cx, parts), burst, rate, now),
    };
    if allowed {
        return Ok(());
    }
    Err(Refusal::RATE_LIMITED.saying(format!("Too many requests. Please try again in {retry_after} s.")))
}
