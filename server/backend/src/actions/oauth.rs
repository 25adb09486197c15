//! OAuth 2.0: looking after programs, asking people whether one gets access to their account, and exchanging codes for
//! tokens. An access token is the token of a session of its own; whatever ends that session ends the access.

use super::audits;
use crate::{
    access::{self, Caller},
    auth::secrets,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    AnyId, Millis, Refusal, SessionId, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    oauth::{
        ALLOWED, Asked, AuthorizeRequest, DESCRIPTION_MAX, HOMEPAGE_MAX, NAME_MAX, OAuthApp, REDIRECT_MAX, Registered,
        Registration, SCOPE_MAX, STATE_MAX, TokenAnswer, TokenRequest, URL_MAX,
    },
    permission::Permission,
    preferences::Preference,
    sessions::Session,
};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use store::{
    Tx,
    oauth::{Code, Grant},
};
use url::{Url, form_urlencoded};

const SECOND: Millis = 1000;
const DAY: Millis = 24 * 60 * 60 * SECOND;
/// How long a code is good for.
const CODE_FOR: Millis = 5 * 60 * SECOND;
/// How long a token is good for after it was replaced, for requests that are under way with it.
const REPLACED_FOR: Millis = 60 * SECOND;

/// Refuses everything if programs cannot ask for access here.
///
/// # Errors
///
/// `off`.
pub fn on(cx: &Cx, off: &Refusal) -> Result<(), Refusal> {
    if cx.settings.get().service.enable_oauth_service_provider { Ok(()) } else { Err(off.clone()) }
}

/// Whether a text is the address of a page.
fn is_web(text: &str, most: usize) -> bool {
    text.chars().count() <= most
        && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Refuses a program that cannot be.
fn check(app: &OAuthApp) -> Result<(), Refusal> {
    let returns = |text: &String| is_web(text, REDIRECT_MAX) && !text.contains('#');
    if app.name.trim().is_empty() || app.name.chars().count() > NAME_MAX {
        return Err(Refusal::OAUTH_NAME);
    }
    if app.callback_urls.is_empty() || !app.callback_urls.iter().all(returns) {
        return Err(Refusal::OAUTH_CALLBACK);
    }
    if !is_web(&app.homepage, HOMEPAGE_MAX) {
        return Err(Refusal::OAUTH_HOMEPAGE);
    }
    if app.description.chars().count() > DESCRIPTION_MAX {
        return Err(Refusal::OAUTH_DESCRIPTION);
    }
    if !app.icon_url.is_empty() && !is_web(&app.icon_url, URL_MAX) {
        return Err(Refusal::OAUTH_ICON);
    }
    Ok(())
}

fn new_secret() -> String {
    new_id::<model::id::kind::Any>().to_string()
}

/// Registers a program.
///
/// # Errors
///
/// It cannot be.
pub async fn create(cx: &Cx, caller: &Caller, new: OAuthApp) -> Result<OAuthApp> {
    let now = cx.clock.now();
    let app = OAuthApp {
        id: new_id(),
        creator_id: caller.id(),
        create_at: now,
        update_at: now,
        client_secret: if new.is_public { String::new() } else { new_secret() },
        // Whether people are asked is for administrators to say.
        is_trusted: new.is_trusted && caller.may(Permission::ManageSystem),
        is_dynamically_registered: false,
        ..new
    };
    add(cx, app).await
}

/// A program registers itself.
///
/// # Errors
///
/// It cannot be, or programs cannot do that here.
pub async fn register(cx: &Cx, new: Registration) -> Result<Registered> {
    if !cx.settings.get().service.enable_dynamic_client_registration {
        return Err(Refusal::OAUTH_SELF_REGISTER_OFF.into());
    }
    let now = cx.clock.now();
    let is_public = new.token_endpoint_auth_method == "none";
    let home = new.redirect_uris.first().and_then(|text| Url::parse(text).ok());
    let home = home.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let host = home.rsplit('/').next().unwrap_or_default().chars().take(NAME_MAX).collect();
    let app = OAuthApp {
        id: new_id(),
        create_at: now,
        update_at: now,
        client_secret: if is_public { String::new() } else { new_secret() },
        name: if new.client_name.is_empty() { host } else { new.client_name },
        icon_url: new.logo_uri,
        callback_urls: new.redirect_uris,
        homepage: if new.client_uri.is_empty() { home } else { new.client_uri },
        is_public,
        is_dynamically_registered: true,
        ..OAuthApp::default()
    };
    let app = add(cx, app).await?;
    Ok(Registered {
        client_id: app.id.to_string(),
        client_secret: app.client_secret,
        client_id_issued_at: app.create_at / SECOND,
        client_secret_expires_at: 0,
        redirect_uris: app.callback_urls,
        token_endpoint_auth_method: if is_public { "none" } else { "client_secret_post" }.to_owned(),
        grant_types: vec!["authorization_code".to_owned(), "refresh_token".to_owned()],
        response_types: vec!["code".to_owned()],
        client_name: app.name,
        client_uri: app.homepage,
        logo_uri: app.icon_url,
    })
}

async fn add(cx: &Cx, app: OAuthApp) -> Result<OAuthApp> {
    check(&app)?;
    let kept = app.clone();
    cx.store
        .write(move |tx| {
            let app = kept.clone();
            Box::pin(async move { tx.oauth().insert_app(&app).await.map_err(Error::from) })
        })
        .await?;
    Ok(app)
}

/// A program.
///
/// # Errors
///
/// There is none.
pub async fn app(cx: &Cx, id: AnyId) -> Result<OAuthApp> {
    Ok(cx.store.oauth().app(id).await?.ok_or(Refusal::NO_OAUTH_APP)?)
}

/// A program that the caller may change: their own, or any.
///
/// # Errors
///
/// They may not, or there is none.
pub async fn managed(cx: &Cx, caller: &Caller, id: AnyId) -> Result<OAuthApp> {
    caller.must(Permission::ManageOauth)?;
    let app = app(cx, id).await?;
    if app.creator_id != caller.id() {
        caller.must(Permission::ManageSystemWideOauth)?;
    }
    Ok(app)
}

/// Changes a program.
///
/// # Errors
///
/// It cannot be so.
pub async fn update(cx: &Cx, caller: &Caller, old: OAuthApp, new: OAuthApp) -> Result<OAuthApp> {
    let is_trusted = if caller.may(Permission::ManageSystem) { new.is_trusted } else { old.is_trusted };
    write(
        cx,
        OAuthApp {
            update_at: cx.clock.now(),
            name: new.name,
            description: new.description,
            icon_url: new.icon_url,
            callback_urls: new.callback_urls,
            homepage: new.homepage,
            is_trusted,
            ..old
        },
    )
    .await
}

/// Gives a program another secret.
///
/// # Errors
///
/// It has none.
pub async fn renew(cx: &Cx, old: OAuthApp) -> Result<OAuthApp> {
    if old.is_public {
        return Err(Refusal::OAUTH_NO_SECRET.into());
    }
    write(cx, OAuthApp { update_at: cx.clock.now(), client_secret: new_secret(), ..old }).await
}

async fn write(cx: &Cx, app: OAuthApp) -> Result<OAuthApp> {
    check(&app)?;
    let kept = app.clone();
    let there = cx
        .store
        .write(move |tx| {
            let app = kept.clone();
            Box::pin(async move { tx.oauth().update_app(&app).await.map_err(Error::from) })
        })
        .await?;
    if there { Ok(app) } else { Err(Refusal::NO_OAUTH_APP.into()) }
}

/// Removes a program. All access it was given ends at once.
///
/// # Errors
///
/// The database fails.
pub async fn delete(cx: &Cx, id: AnyId) -> Result<()> {
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.oauth().delete_app(id).await?;
                tx.oauth().delete_codes_to(id).await?;
                tx.preferences().delete_everywhere(ALLOWED, id.as_str()).await?;
                let grants = tx.oauth().grants_to(id).await?;
                end(tx, &grants).await
            })
        })
        .await
}

/// Ends what programs were given. The sessions go with the connections they have.
async fn end(tx: &mut Tx, grants: &[Grant]) -> Result<()> {
    tx.oauth().delete_grants(grants).await?;
    tx.sessions().delete_many(&grants.iter().map(|grant| grant.session_id).collect::<Vec<_>>()).await?;
    for grant in grants {
        tx.touch(Touched::SessionsEnded { user_id: grant.user_id, session_ids: vec![grant.session_id] });
    }
    Ok(())
}

/// What everybody may know of a program.
pub fn shown(app: OAuthApp) -> OAuthApp {
    OAuthApp { client_secret: String::new(), ..app }
}

/// The program that asks for access, if what it asks can be answered at all: only then may a browser be led back to it.
async fn asking(cx: &Cx, caller: &Caller, asked: &AuthorizeRequest) -> Result<OAuthApp> {
    on(cx, &Refusal::OAUTH_OFF)?;
    // A program does not give access to another one.
    if caller.live.session.is_oauth {
        return Err(Refusal::missing(Permission::EditOtherUsers).into());
    }
    let id: AnyId = asked.client_id.parse().map_err(|_| Refusal::OAUTH_ASK_CLIENT)?;
    if asked.response_type.is_empty() {
        return Err(Refusal::OAUTH_ASK_TYPE.into());
    }
    if !is_web(&asked.redirect_uri, REDIRECT_MAX) {
        return Err(Refusal::OAUTH_ASK_REDIRECT.into());
    }
    if asked.state.chars().count() > STATE_MAX {
        return Err(Refusal::OAUTH_ASK_STATE.into());
    }
    if asked.scope.chars().count() > SCOPE_MAX {
        return Err(Refusal::OAUTH_ASK_SCOPE.into());
    }
    let app = app(cx, id).await?;
    if !app.callback_urls.contains(&asked.redirect_uri) {
        return Err(Refusal::OAUTH_REDIRECT.into());
    }
    Ok(app)
}

/// What is wrong with what a program asks, in the words of the standard: these it is told itself.
fn wrong(app: &OAuthApp, asked: &AuthorizeRequest) -> Option<&'static str> {
    match asked.response_type.as_str() {
        "code" => {}
        // Without a secret nothing ties the token to the program.
        "token" if app.is_public => return Some("unauthorized_client"),
        "token" => return None,
        _ => return Some("unsupported_response_type"),
    }
    let (challenge, method) = (asked.code_challenge.as_str(), asked.code_challenge_method.as_str());
    if challenge.is_empty() {
        return (app.is_public || !method.is_empty()).then_some("invalid_request");
    }
    let fits = URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|hash| hash.len() == 32);
    (method != "S256" || !fits).then_some("invalid_request")
}

/// An address with more values: in the query, or behind the sign that keeps them from servers.
fn led(address: &str, sign: char, values: &[(&str, &str)]) -> String {
    let mut more = form_urlencoded::Serializer::new(String::new());
    more.extend_pairs(values.iter().filter(|(_, value)| !value.is_empty()));
    let sign = if sign == '?' && address.contains('?') { '&' } else { sign };
    format!("{address}{sign}{}", more.finish())
}

/// Where the browser is led with a refusal.
fn refused(asked: &AuthorizeRequest, error: &str) -> String {
    let sign = if asked.response_type == "token" { '#' } else { '?' };
    led(&asked.redirect_uri, sign, &[("error", error), ("state", &asked.state)])
}

/// What somebody is asked before a program gets access.
///
/// # Errors
///
/// The program is none, or may not come back where it wants to.
pub async fn ask(cx: &Cx, caller: &Caller, asked: &AuthorizeRequest) -> Result<Asked> {
    let app = asking(cx, caller, asked).await?;
    let known = if app.is_trusted || wrong(&app, asked).is_some() {
        true
    } else if app.is_public || asked.response_type != "code" {
        // Anybody can pass themselves off as a program without a secret, so each time is the first.
        false
    } else {
        let allowed = cx.store.preferences().by_name(caller.id(), ALLOWED, app.id.as_str()).await?;
        allowed.is_some_and(|allowed| allowed.value == asked.scope)
    };
    Ok(Asked { refused: refused(asked, "access_denied"), ask: !known, app: shown(app) })
}

/// Gives a program access; tells where the browser goes with the code or the token.
///
/// # Errors
///
/// As [`ask`].
pub async fn give(cx: &Cx, caller: &Caller, asked: AuthorizeRequest, from: IpAddr) -> Result<String> {
    let app = asking(cx, caller, &asked).await?;
    if let Some(error) = wrong(&app, &asked) {
        return Ok(refused(&asked, error));
    }
    let (user_id, now) = (caller.id(), cx.clock.now());
    let allowed =
        Preference { user_id, category: ALLOWED.into(), name: app.id.to_string(), value: asked.scope.clone() };
    if asked.response_type == "token" {
        let session = session(cx, &app, user_id, &caller.user.roles);
        // Nobody has this refresh token: the access ends with its session.
        let grant = grant(&app, &session, &new_secret(), &asked.scope);
        begin(cx, session.clone(), grant, Begun::Allowed(allowed), from).await?;
        let left = ((session.expires_at - now) / SECOND).to_string();
        let values = [
            ("access_token", session.token.as_str()),
            ("token_type", "bearer"),
            ("expires_in", left.as_str()),
            ("scope", asked.scope.as_str()),
            ("state", asked.state.as_str()),
        ];
        return Ok(led(&asked.redirect_uri, '#', &values));
    }
    let secret = new_secret() + &new_secret();
    let code = Code {
        hash: secrets::hash(&secret),
        client_id: app.id,
        user_id,
        create_at: now,
        redirect_uri: asked.redirect_uri.clone(),
        scope: asked.scope.clone(),
        code_challenge: asked.code_challenge.clone(),
    };
    cx.store
        .write(move |tx| {
            let (code, allowed) = (code.clone(), allowed.clone());
            Box::pin(async move {
                tx.oauth().insert_code(&code).await?;
                allow(tx, allowed).await
            })
        })
        .await?;
    Ok(led(&asked.redirect_uri, '?', &[("code", &secret), ("state", &asked.state)]))
}

/// Remembers that somebody has allowed a program.
async fn allow(tx: &mut Tx, allowed: Preference) -> Result<()> {
    let user = allowed.user_id;
    let preferences = vec![allowed];
    tx.preferences().set(&preferences).await?;
    tx.touch(Touched::Preferences(user));
    let event = Event::PreferencesChanged { preferences };
    tx.announce(Announcement { event, to: Broadcast::user(user) });
    Ok(())
}

/// Takes back all access that somebody gave a program. It ends at once.
///
/// # Errors
///
/// The database fails.
pub async fn take(cx: &Cx, user: UserId, client: AnyId) -> Result<()> {
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.oauth().delete_codes_of(user, client).await?;
                let grants = tx.oauth().grants_of(user, client).await?;
                end(tx, &grants).await?;
                let name = client.to_string();
                let preferences =
                    vec![Preference { user_id: user, category: ALLOWED.into(), name, value: String::new() }];
                tx.preferences().delete(&preferences).await?;
                tx.touch(Touched::Preferences(user));
                let event = Event::PreferencesDeleted { preferences };
                tx.announce(Announcement { event, to: Broadcast::user(user) });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Exchanges a code or a refresh token for tokens.
///
/// # Errors
///
/// The program is not the one it says it is, or the code or token is not good.
pub async fn exchange(cx: &Cx, asked: TokenRequest, from: IpAddr) -> Result<TokenAnswer> {
    let by_code = match asked.grant_type.as_str() {
        "authorization_code" if asked.code.is_empty() => return Err(Refusal::OAUTH_CODE_MISSING.into()),
        "authorization_code" => true,
        "refresh_token" if asked.refresh_token.is_empty() => return Err(Refusal::OAUTH_REFRESH_MISSING.into()),
        "refresh_token" => false,
        _ => return Err(Refusal::OAUTH_GRANT.into()),
    };
    let id: AnyId = asked.client_id.parse().map_err(|_| Refusal::OAUTH_CLIENT)?;
    on(cx, &Refusal::OAUTH_TOKENS_OFF)?;
    let app = cx.store.oauth().app(id).await?;
    if asked.client_secret.is_empty() && !app.as_ref().is_some_and(|app| app.is_public) {
        return Err(Refusal::OAUTH_SECRET.into());
    }
    let app = app.ok_or(Refusal::OAUTH_NO_CLIENT)?;
    if !secrets::same(&app.client_secret, &asked.client_secret) {
        return Err(Refusal::OAUTH_WRONG_SECRET.into());
    }
    if by_code { by_a_code(cx, &app, &asked, from).await } else { by_refreshing(cx, &app, &asked, from).await }
}

async fn by_a_code(cx: &Cx, app: &OAuthApp, asked: &TokenRequest, from: IpAddr) -> Result<TokenAnswer> {
    let hash = secrets::hash(&asked.code);
    let code = cx.store.oauth().code(&hash).await?.filter(|code| code.client_id == app.id);
    let code = code.ok_or(Refusal::OAUTH_NO_CODE)?;
    if code.create_at + CODE_FOR < cx.clock.now() {
        return Err(Refusal::OAUTH_OLD_CODE.into());
    }
    if code.redirect_uri != asked.redirect_uri {
        return Err(Refusal::OAUTH_TOKEN_REDIRECT.into());
    }
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(asked.code_verifier.as_bytes()));
    let proven = if code.code_challenge.is_empty() {
        asked.code_verifier.is_empty() && !app.is_public
    } else {
        secrets::same(&proof, &code.code_challenge)
    };
    if !proven {
        return Err(Refusal::OAUTH_VERIFIER.into());
    }
    let user = still_here(cx, code.user_id).await?;
    let session = session(cx, app, code.user_id, &user.roles);
    let refresh = new_secret();
    let grant = grant(app, &session, &refresh, &code.scope);
    begin(cx, session.clone(), grant, Begun::Code(hash), from).await?;
    Ok(answer(&session, refresh, code.scope))
}

async fn by_refreshing(cx: &Cx, app: &OAuthApp, asked: &TokenRequest, from: IpAddr) -> Result<TokenAnswer> {
    let old = cx.store.oauth().grant(&secrets::hash(&asked.refresh_token)).await?;
    let old = old.filter(|grant| grant.client_id == app.id).ok_or(Refusal::OAUTH_NO_REFRESH)?;
    let user = still_here(cx, old.user_id).await?;
    let session = session(cx, app, old.user_id, &user.roles);
    let (refresh, scope) = (new_secret(), old.scope.clone());
    let grant = Grant { id: old.id, ..grant(app, &session, &refresh, &scope) };
    begin(cx, session.clone(), grant, Begun::Renewed(old), from).await?;
    Ok(answer(&session, refresh, scope))
}

/// Who gave access, if they may still sign in.
async fn still_here(cx: &Cx, id: UserId) -> Result<std::sync::Arc<model::users::User>> {
    let guests = cx.settings.get().guest_accounts.enable;
    let user = access::find_user(cx, id).await?;
    let user = user.filter(|user| user.delete_at == 0 && (guests || !user.has_role("system_guest")));
    Ok(user.ok_or(Refusal::OAUTH_NO_USER)?)
}

/// A session of a program's.
fn session(cx: &Cx, app: &OAuthApp, user_id: UserId, roles: &str) -> Session {
    let now = cx.clock.now();
    let days = cx.settings.get().service.session_length_sso_in_days;
    let csrf = new_secret();
    Session {
        id: new_id(),
        token: new_secret(),
        create_at: now,
        expires_at: now + days * DAY,
        last_activity_at: now,
        user_id,
        roles: roles.to_owned(),
        is_oauth: true,
        // Mattermost: this is how clients tell a program from a browser in the list of sessions.
        props: [("platform", app.name.as_str()), ("os", "OAuth2"), ("browser", "OAuth2"), ("csrf", csrf.as_str())]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..Session::default()
    }
}

fn grant(app: &OAuthApp, session: &Session, refresh: &str, scope: &str) -> Grant {
    Grant {
        id: new_id(),
        refresh_hash: secrets::hash(refresh),
        client_id: app.id,
        user_id: session.user_id,
        session_id: session.id,
        create_at: session.create_at,
        scope: scope.to_owned(),
    }
}

/// By what access begins.
#[derive(Clone)]
enum Begun {
    /// Somebody allowed it.
    Allowed(Preference),
    /// A code, by its hash.
    Code(String),
    /// Access that goes on.
    Renewed(Grant),
}

/// Begins a session of a program's, and uses up what it is had for.
async fn begin(cx: &Cx, session: Session, grant: Grant, by: Begun, from: IpAddr) -> Result<()> {
    let now = cx.clock.now();
    let audit = audits::sign_in(session.user_id, session.id, from, now);
    cx.store
        .write(move |tx| {
            let (session, grant, by, audit) = (session.clone(), grant.clone(), by.clone(), audit.clone());
            Box::pin(async move {
                match by {
                    Begun::Allowed(allowed) => {
                        allow(tx, allowed).await?;
                        tx.oauth().insert_grant(&grant).await?;
                    }
                    Begun::Code(hash) => {
                        if !tx.oauth().delete_code(&hash).await? {
                            return Err(Refusal::OAUTH_NO_CODE.into());
                        }
                        tx.oauth().insert_grant(&grant).await?;
                    }
                    Begun::Renewed(old) => {
                        if !tx.oauth().renew_grant(&old, &grant.refresh_hash, session.id, now).await? {
                            return Err(Refusal::OAUTH_NO_REFRESH.into());
                        }
                        replace(tx, old.user_id, old.session_id, now).await?;
                    }
                }
                tx.sessions().insert(&session).await?;
                tx.audits().insert(&audit).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Has a session end soon, if it does not anyway.
async fn replace(tx: &mut Tx, user_id: UserId, id: SessionId, now: Millis) -> Result<()> {
    let ends = now + REPLACED_FOR;
    if tx.sessions().by_id(id).await?.is_some_and(|old| old.expires_at > ends) {
        tx.sessions().extend(id, ends).await?;
        tx.touch(Touched::SessionsEnded { user_id, session_ids: Vec::new() });
    }
    Ok(())
}

fn answer(session: &Session, refresh_token: String, scope: String) -> TokenAnswer {
    TokenAnswer {
        access_token: session.token.clone(),
        token_type: "bearer".to_owned(),
        expires_in: (session.expires_at - session.create_at) / SECOND,
        scope,
        refresh_token,
        id_token: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_what_they_have() {
        assert_eq!(led("http://a.b/c", '?', &[("code", "x"), ("state", "")]), "http://a.b/c?code=x");
        assert_eq!(led("http://a.b/c?d=e", '?', &[("state", "a b&c")]), "http://a.b/c?d=e&state=a+b%26c");
        assert_eq!(led("http://a.b/c?d=e", '#', &[("x", "y")]), "http://a.b/c?d=e#x=y");
    }

    #[test]
    fn a_program_without_a_secret_proves_itself() {
        let public = OAuthApp { is_public: true, ..OAuthApp::default() };
        let secret = OAuthApp::default();
        let asked = |kind: &str, challenge: &str, method: &str| AuthorizeRequest {
            response_type: kind.into(),
            code_challenge: challenge.into(),
            code_challenge_method: method.into(),
            ..AuthorizeRequest::default()
        };
        let good = URL_SAFE_NO_PAD.encode([7; 32]);
        assert_eq!(wrong(&public, &asked("code", "", "")), Some("invalid_request"));
        assert_eq!(wrong(&public, &asked("code", &good, "plain")), Some("invalid_request"));
        assert_eq!(wrong(&public, &asked("code", "short", "S256")), Some("invalid_request"));
        assert_eq!(wrong(&public, &asked("code", &good, "S256")), None);
        assert_eq!(wrong(&public, &asked("token", "", "")), Some("unauthorized_client"));
        assert_eq!(wrong(&secret, &asked("code", "", "")), None);
        assert_eq!(wrong(&secret, &asked("token", "", "")), None);
        assert_eq!(wrong(&secret, &asked("id_token", "", "")), Some("unsupported_response_type"));
    }

    #[test]
    fn people_come_back_to_pages_only() {
        let app = |callback: &str| OAuthApp {
            name: "A".into(),
            homepage: "https://a.example".into(),
            callback_urls: vec![callback.into()],
            ..OAuthApp::default()
        };
        assert_eq!(check(&app("http://127.0.0.1:80/cb?x=y")), Ok(()));
        for bad in ["", "junk", "javascript:alert(1)", "ftp://a/b", "https://a/b#c", "https://"] {
            assert_eq!(check(&app(bad)), Err(Refusal::OAUTH_CALLBACK), "{bad}");
        }
    }
}
