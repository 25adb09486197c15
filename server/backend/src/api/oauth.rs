//! OAuth 2.0: programs, the access people give them, and the tokens they get for it.

use super::{
    Routes,
    extract::{Address, Created, Done, Json, Paging, Path, Query},
    guard::{self, Checked, Guard, Whose},
};
use crate::{
    access::Caller,
    actions::oauth,
    cx::Cx,
    error::{Error, Result, request_id},
};
use axum::{
    Router,
    extract::{Request, State},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header};
use model::{
    AnyId, Refusal,
    oauth::{
        AskAccess, Asked, AuthorizeRequest, AuthorizedApps, CreateApp, DeleteApp, GetApp, GetAppInfo, GiveAccess,
        Leads, ListApps, OAuthApp, RegisterApp, Registered, Registration, RenewApp, TakeAccess, TokenRequest,
        UpdateApp, WhichApp,
    },
    permission::Permission,
};
use serde_json::{Value, json};

/// The longest form that asks for tokens, in bytes.
const FORM_MAX: usize = 64 * 1024;

const OWN: Guard = Guard::InAction("one's own account, and no program for another");

pub(super) fn routes(r: Routes) -> Routes {
    let managed = Guard::InAction("`manage_oauth`, and for what others registered `manage_system_wide_oauth`");
    r.on::<CreateApp, _>(Guard::System(Permission::ManageOauth), create)
        .on::<ListApps, _>(managed, list)
        .on::<RegisterApp, _>(Guard::Public, register)
        .on::<GetApp, _>(managed, get_app)
        .on::<UpdateApp, _>(managed, update)
        .on::<DeleteApp, _>(managed, delete)
        .on::<RenewApp, _>(managed, renew)
        .on::<GetAppInfo, _>(Guard::SignedIn, info)
        .on::<AuthorizedApps, _>(Guard::Me(Permission::EditOtherUsers), authorized)
        .on::<AskAccess, _>(OWN, ask)
        .on::<GiveAccess, _>(OWN, give)
        .on::<TakeAccess, _>(OWN, take)
}

/// What is called outside of the API: there the standard, and clients, look for it.
pub(super) fn outside(cx: &Cx) -> Router<Cx> {
    let own = Checked { cx: cx.clone(), guard: OWN, can_wait: false, sets_up: false, audited: true };
    let check = from_fn_with_state(own, guard::check);
    Router::new()
        .route("/oauth/authorize", post(give).route_layer(check.clone()))
        .route("/oauth/deauthorize", post(take).route_layer(check))
        .route("/oauth/access_token", post(tokens))
        .route("/.well-known/oauth-authorization-server", get(metadata))
}

async fn create(cx: Cx, caller: Caller, Json(new): Json<OAuthApp>) -> Result<Created<OAuthApp>> {
    oauth::on(&cx, &Refusal::OAUTH_REGISTER_OFF)?;
    Ok(Created(oauth::create(&cx, &caller, new).await?))
}

async fn register(cx: Cx, Json(new): Json<Registration>) -> Result<Created<Registered>> {
    oauth::on(&cx, &Refusal::OAUTH_REGISTER_OFF)?;
    Ok(Created(oauth::register(&cx, new).await?))
}

async fn list(cx: Cx, caller: Caller, page: Paging) -> Result<Json<Vec<OAuthApp>>> {
    oauth::on(&cx, &Refusal::OAUTH_OFF)?;
    if !caller.may(Permission::ManageOauth) {
        return Err(Refusal::OAUTH_LIST.into());
    }
    let of = (!caller.may(Permission::ManageSystemWideOauth)).then(|| caller.id());
    Ok(Json(cx.store.oauth().page(of, page.per_page, page.page * page.per_page).await?))
}

async fn managed(cx: &Cx, caller: &Caller, id: AnyId) -> Result<OAuthApp> {
    oauth::on(cx, &Refusal::OAUTH_OFF)?;
    oauth::managed(cx, caller, id).await
}

async fn get_app(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Json<OAuthApp>> {
    Ok(Json(managed(&cx, &caller, id).await?))
}

async fn info(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<OAuthApp>> {
    oauth::on(&cx, &Refusal::OAUTH_OFF)?;
    Ok(Json(oauth::shown(oauth::app(&cx, id).await?)))
}

async fn update(cx: Cx, caller: Caller, Path(id): Path<AnyId>, Json(new): Json<OAuthApp>) -> Result<Json<OAuthApp>> {
    if new.id != id {
        return Err(Refusal::body("app_id").into());
    }
    let old = managed(&cx, &caller, id).await?;
    Ok(Json(oauth::update(&cx, &caller, old, new).await?))
}

async fn delete(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Done> {
    managed(&cx, &caller, id).await?;
    oauth::delete(&cx, id).await?;
    Ok(Done)
}

async fn renew(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Json<OAuthApp>> {
    let old = managed(&cx, &caller, id).await?;
    Ok(Json(oauth::renew(&cx, old).await?))
}

async fn authorized(cx: Cx, Whose(user): Whose, page: Paging) -> Result<Json<Vec<OAuthApp>>> {
    oauth::on(&cx, &Refusal::OAUTH_OFF)?;
    let apps = cx.store.oauth().apps_of(user, page.per_page, page.page * page.per_page).await?;
    Ok(Json(apps.into_iter().map(oauth::shown).collect()))
}

async fn ask(cx: Cx, caller: Caller, Query(asked): Query<AuthorizeRequest>) -> Result<Json<Asked>> {
    Ok(Json(oauth::ask(&cx, &caller, &asked).await?))
}

async fn give(
    cx: Cx,
    caller: Caller,
    Address(from): Address,
    Json(asked): Json<AuthorizeRequest>,
) -> Result<Json<Leads>> {
    Ok(Json(Leads { redirect: oauth::give(&cx, &caller, asked, from).await? }))
}

async fn take(cx: Cx, caller: Caller, Json(which): Json<WhichApp>) -> Result<Done> {
    oauth::on(&cx, &Refusal::OAUTH_OFF)?;
    if caller.live.session.is_oauth {
        return Err(Refusal::missing(Permission::EditOtherUsers).into());
    }
    let client = which.client_id.parse().map_err(|_| Refusal::body("client_id"))?;
    oauth::take(&cx, caller.id(), client).await?;
    Ok(Done)
}

/// `POST /oauth/access_token`: a form; the program says who it is in the form or by HTTP's Basic.
async fn tokens(State(cx): State<Cx>, request: Request) -> Response {
    let mut response = match exchanged(&cx, request).await {
        Ok(answer) => answer,
        Err(error) => refusal(error),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

async fn exchanged(cx: &Cx, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    guard::limit(cx, &parts, None)?;
    let from = super::extract::address(cx, &parts);
    let bytes = axum::body::to_bytes(body, FORM_MAX).await.map_err(|_| Refusal::TOO_LARGE)?;
    let mut asked = TokenRequest::default();
    for (name, value) in url::form_urlencoded::parse(&bytes) {
        let field = match &*name {
            "grant_type" => &mut asked.grant_type,
            "code" => &mut asked.code,
            "refresh_token" => &mut asked.refresh_token,
            "client_id" => &mut asked.client_id,
            "client_secret" => &mut asked.client_secret,
            "redirect_uri" => &mut asked.redirect_uri,
            "code_verifier" => &mut asked.code_verifier,
            _ => continue,
        };
        *field = value.into_owned();
    }
    if let Some((id, secret)) = basic(&parts.headers) {
        asked.client_id = id;
        asked.client_secret = secret;
    }
    Ok(Json(oauth::exchange(cx, asked, from).await?).into_response())
}

/// Name and password of HTTP's Basic, which the standard has encoded as in a form.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, value) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let text = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(value.trim()).ok())??;
    let text = String::from_utf8(text).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |text: &str| {
        let pair = format!("x={text}");
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((decoded(id)?, decoded(secret)?))
}

/// A refusal as the API says it, and as the standard does (RFC 6749, 5.2).
fn refusal(error: Error) -> Response {
    let refusal = error.into_refusal();
    let word = match refusal.id {
        id if id == Refusal::OAUTH_GRANT.id => "unsupported_grant_type",
        id if id == Refusal::OAUTH_WRONG_SECRET.id || id == Refusal::OAUTH_SECRET.id => "invalid_client",
        _ if refusal.status >= 500 => "server_error",
        id if [Refusal::OAUTH_CODE_MISSING.id, Refusal::OAUTH_REFRESH_MISSING.id, Refusal::OAUTH_CLIENT.id]
            .contains(&id) =>
        {
            "invalid_request"
        }
        _ => "invalid_grant",
    };
    let mut response = crate::error::refuse(&refusal, &request_id());
    if let Ok(Value::Object(mut body)) = serde_json::to_value(refusal.to_body(&request_id())) {
        body.insert("error".to_owned(), word.into());
        *response.body_mut() = Value::Object(body).to_string().into();
    }
    response
}

/// `GET /.well-known/oauth-authorization-server`: where programs find what they call (RFC 8414).
async fn metadata(State(cx): State<Cx>) -> Result<Response> {
    oauth::on(&cx, &Refusal::OAUTH_OFF)?;
    let config = cx.settings.get();
    let site = config.service.site_url.trim_end_matches('/');
    let mut all = json!({
        "issuer": site,
        "authorization_endpoint": format!("{site}/oauth/authorize"),
        "token_endpoint": format!("{site}/oauth/access_token"),
        "response_types_supported": ["code", "token"],
        "grant_types_supported": ["authorization_code", "refresh_token", "implicit"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
        "code_challenge_methods_supported": ["S256"],
    });
    if config.service.enable_dynamic_client_registration {
        all["registration_endpoint"] = format!("{site}/api/v4/oauth/apps/register").into();
    }
    Ok(axum::Json(all).into_response())
}
