//! Sessions: signing in and out, ending sessions, and what keeps people from guessing passwords.

use super::{access_tokens, audits, mfa, users::shown_to_self};
use crate::{
    access::Caller,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, Millis, Refusal, SessionId, StringMap, UserId,
    config::Config,
    event::Touched,
    sessions::Session,
    users::{Login, User},
};
use std::net::IpAddr;

const DAY: Millis = 24 * 60 * 60 * 1000;
/// How many attempts one address may make at once, and how many more each second.
const ATTEMPTS: (f64, f64) = (30.0, 0.5);

/// A session that was just made, with its secret.
pub struct SignedIn {
    pub user: User,
    pub session: Session,
}

/// Refuses an address that asks about accounts too often.
///
/// # Errors
///
/// [`Refusal::RATE_LIMITED`].
pub fn slowly(cx: &Cx, address: IpAddr) -> Result<()> {
    let (burst, rate) = ATTEMPTS;
    let limited = cx.settings.get().rate_limit.enable;
    if limited && !cx.limits.sign_ins.take(address, burst, rate, cx.clock.now()).allowed {
        return Err(Refusal::RATE_LIMITED.into());
    }
    Ok(())
}

/// Signs somebody in by name or address.
///
/// # Errors
///
/// The same for an unknown name as for a wrong password; the account is locked or not active.
pub async fn sign_in(cx: &Cx, login: Login, address: IpAddr, agent: &str) -> Result<SignedIn> {
    let config = cx.settings.get().clone();
    if login.password.is_empty() {
        return Err(Refusal::PASSWORD_BLANK.into());
    }
    slowly(cx, address)?;
    let failed = match (config.email.enable_sign_in_with_email, config.email.enable_sign_in_with_username) {
        (true, false) => Refusal::SIGN_IN_FAILED_EMAIL,
        (false, true) => Refusal::SIGN_IN_FAILED_USERNAME,
        _ => Refusal::SIGN_IN_FAILED,
    };
    let found = match login.id.parse::<UserId>() {
        Ok(id) => cx.store.users().by_id(id).await?,
        Err(_) => cx.store.users().by_login(login.login_id.trim()).await?,
    };
    let by_name = |u: &User| u.username == login.login_id.trim().to_lowercase();
    let found = found.filter(|u| {
        if by_name(u) { config.email.enable_sign_in_with_username } else { config.email.enable_sign_in_with_email }
    });
    let Some(user) = found else {
        // As slow as for an account that exists.
        cx.passwords.verify(&login.password, None).await?;
        return Err(failed.into());
    };
    if user.failed_attempts >= config.service.maximum_login_attempts {
        return Err(Refusal::TOO_MANY_ATTEMPTS.into());
    }
    if !user.auth_service.is_empty() {
        return Err(Refusal::SIGN_IN_ELSEWHERE.into());
    }
    if !fits(cx, user.id, &login.password).await? {
        count_failure(cx, user.id, address).await?;
        return Err(failed.into());
    }
    if user.delete_at != 0 {
        return Err(Refusal::USER_INACTIVE.into());
    }
    if user.has_role("system_guest") && !config.guest_accounts.enable {
        return Err(Refusal::GUEST_SIGN_IN_OFF.into());
    }
    if config.email.require_email_verification && !user.email_verified && !user.is_bot {
        return Err(Refusal::SIGN_IN_NOT_VERIFIED.into());
    }
    ask_for_code(cx, &user, &login.token, address).await?;
    let session = begin(cx, &user, &login.device_id, address, agent).await?;
    Ok(SignedIn { user: shown_to_self(&user), session })
}

/// Uses up a code of the second factor, where the account asks for one.
///
/// # Errors
///
/// As [`mfa::use_code`]; a wrong code counts as an attempt.
pub(super) async fn ask_for_code(cx: &Cx, user: &User, code: &str, from: IpAddr) -> Result<()> {
    if !mfa::is_asked_of(cx, user) {
        return Ok(());
    }
    match mfa::use_code(cx, user.id, code).await {
        // Not a guess: the client did not know that it has to ask.
        Err(Error::Refused(refusal)) if refusal != Refusal::MFA_MISSING => {
            count_failure(cx, user.id, from).await?;
            Err(refusal.into())
        }
        used => used,
    }
}

/// Counts a wrong password or code, and notes where it came from.
pub(super) async fn count_failure(cx: &Cx, id: UserId, from: IpAddr) -> Result<()> {
    let audit = audits::sign_in(id, SessionId::NONE, from, cx.clock.now());
    cx.store
        .write(move |tx| {
            let audit = audit.clone();
            Box::pin(async move {
                tx.audits().insert(&audit).await?;
                tx.users().add_failed_attempt(id).await.map(drop)
            })
        })
        .await
        .map_err(|e: store::Error| Error::from(e))
}

/// Whether a password is the user's; an imported hash is replaced by one of ours.
pub async fn fits(cx: &Cx, id: UserId, password: &str) -> Result<bool> {
    let hash = cx.store.users().credentials(id).await?.map(|c| c.password).unwrap_or_default();
    let fits = cx.passwords.verify(password, Some(&hash)).await?;
    if fits && hash.starts_with("$2") {
        let ours = cx.passwords.hash(password).await?;
        cx.store
            .write(move |tx| {
                let ours = ours.clone();
                Box::pin(async move { tx.users().rehash(id, &ours).await.map(drop) })
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
    }
    Ok(fits)
}

/// Makes a session.
pub(super) async fn begin(cx: &Cx, user: &User, device_id: &str, from: IpAddr, agent: &str) -> Result<Session> {
    let now = cx.clock.now();
    let config = cx.settings.get().clone();
    let session = Session {
        id: new_id(),
        token: new_id::<model::id::kind::Any>().to_string(),
        create_at: now,
        expires_at: now + length(&config, device_id),
        last_activity_at: now,
        user_id: user.id,
        device_id: device_id.to_owned(),
        roles: user.roles.clone(),
        props: props(user, agent),
        ..Session::default()
    };
    let kept = session.clone();
    let audit = audits::sign_in(user.id, session.id, from, now);
    let (id, locked, now) = (user.id, user.failed_attempts != 0, cx.clock.now());
    cx.store
        .write(move |tx| {
            let (session, audit) = (kept.clone(), audit.clone());
            Box::pin(async move {
                tx.sessions().insert(&session).await?;
                tx.audits().insert(&audit).await?;
                if locked {
                    tx.users().set_failed_attempts(id, 0).await?;
                }
                tx.users().set_last_activity(id, now).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(session)
}

/// What people see of a session in their list, and its proof against other sites.
fn props(user: &User, agent: &str) -> StringMap {
    let has = |text: &str| agent.contains(text);
    let os = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Mac OS X", "Mac OS"),
        ("Linux", "Linux"),
    ]
    .iter()
    .find(|(mark, _)| has(mark))
    .map_or("", |(_, name)| name);
    let browser = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
        .iter()
        .find(|(mark, _)| has(mark))
        .map_or("Unknown", |(_, name)| name);
    let version = agent.split(&format!("{browser}/")).nth(1).and_then(|v| v.split(' ').next()).unwrap_or("0.0");
    let version = version.split('.').take(3).collect::<Vec<_>>().join(".");
    let csrf: AnyId = new_id();
    [
        ("browser", format!("{browser}/{version}")),
        ("csrf", csrf.to_string()),
        ("isMobile", agent.contains("Mobi").to_string()),
        ("isOAuthUser", "false".to_owned()),
        ("isSaml", "false".to_owned()),
        ("is_guest", user.has_role("system_guest").to_string()),
        ("os", os.to_owned()),
        ("platform", if os.is_empty() { String::new() } else { os.to_owned() }),
    ]
    .map(|(k, v)| (k.to_owned(), v))
    .into()
}

/// Ends sessions of a user: one, or all. Their connections end before this returns.
///
/// # Errors
///
/// The database fails.
pub async fn end(cx: &Cx, user_id: UserId, which: Option<SessionId>) -> Result<()> {
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let session_ids = match which {
                    Some(id) => {
                        tx.sessions().delete(id).await?;
                        vec![id]
                    }
                    None => tx.sessions().delete_of(user_id).await?,
                };
                tx.touch(Touched::SessionsEnded { user_id, session_ids });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Ends everybody's sessions, the caller's too. Their connections end before this returns.
///
/// # Errors
///
/// The database fails.
pub async fn end_all(cx: &Cx) -> Result<()> {
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.sessions().delete_all().await?;
                tx.touch(Touched::AllSessionsEnded);
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Moves the end of the caller's session to a whole length from now, where activity is to do so, and a day of it has gone
/// by or a hundredth; gives this length if it has moved. Access tokens and the sessions of programs have ends of their own.
///
/// # Errors
///
/// The database fails.
pub async fn extend(cx: &Cx, caller: &Caller) -> Result<Option<Millis>> {
    let config = cx.settings.get().clone();
    let session = &caller.live.session;
    let own = session.props.get("type").is_none_or(|kind| kind != access_tokens::SESSION) && !session.is_oauth;
    if !config.service.extend_session_length_with_activity || session.expires_at == 0 || !own {
        return Ok(None);
    }
    let length = length(&config, &session.device_id);
    let expires_at = cx.clock.now() + length;
    if expires_at - session.expires_at < DAY.min(length / 100) {
        return Ok(None);
    }
    let (id, user_id) = (session.id, caller.id());
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.sessions().extend(id, expires_at).await?;
                tx.touch(Touched::SessionsEnded { user_id, session_ids: Vec::new() });
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(Some(length))
}

/// How long a session is good for.
fn length(config: &Config, device_id: &str) -> Millis {
    let service = &config.service;
    let days =
        if device_id.is_empty() { service.session_length_web_in_days } else { service.session_length_mobile_in_days };
    days * DAY
}

/// Notes the device that a session belongs to, for push notifications.
///
/// # Errors
///
/// The database fails.
pub async fn attach_device(cx: &Cx, caller: &Caller, device_id: String) -> Result<()> {
    let (id, user_id) = (caller.session_id(), caller.id());
    let expires_at = cx.clock.now() + length(&cx.settings.get().clone(), &device_id);
    cx.store
        .write(move |tx| {
            let device_id = device_id.clone();
            Box::pin(async move {
                tx.sessions().set_device(id, &device_id, expires_at).await?;
                tx.touch(Touched::SessionsEnded { user_id, session_ids: Vec::new() });
                Ok::<_, Error>(())
            })
        })
        .await
}
