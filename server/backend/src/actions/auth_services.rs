//! How somebody proves who they are: by their password here, or by another service.

use super::{
    addresses, mfa, sessions,
    users::{self, shown_to_others, shown_to_self},
};
use crate::{
    access::{self, Caller},
    auth::passwords,
    cx::Cx,
    error::{Error, Result},
    mail::letters,
};
use model::{
    Refusal, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    users::{AuthSwitch, UserAuth},
};
use std::net::IpAddr;

/// Services that accounts can belong to besides this server.
const SERVICES: &[&str] = &["gitlab", "google", "office365", "openid", "ldap", "saml"];
/// Those of them that people are sent to by OAuth.
const BY_OAUTH: &[&str] = &["gitlab", "google", "office365", "openid"];
/// What a password kept here is called.
const HERE: &str = "email";

/// Says that an account belongs to another service, which calls its owner by `auth_data`. Its password is no more.
///
/// # Errors
///
/// There is no such account or service; another account is called so there already.
pub async fn set(cx: &Cx, id: UserId, auth: &UserAuth) -> Result<()> {
    let Some(data) = auth.auth_data.clone().filter(|data| !data.is_empty()) else {
        return Err(Refusal::body("auth_data").into());
    };
    if !SERVICES.contains(&auth.auth_service.as_str()) {
        return Err(Refusal::body("auth_service").into());
    }
    let user = access::user(cx, id).await?;
    if user.is_bot {
        return Err(Refusal::SIGN_IN_BOT.into());
    }
    let (service, now) = (auth.auth_service.clone(), cx.clock.now());
    let mut changed = (*user).clone();
    (changed.auth_service, changed.auth_data, changed.update_at) = (service.clone(), data.clone(), now);
    let (own, others) = (shown_to_self(&changed), shown_to_others(cx, &changed));
    cx.store
        .write(move |tx| {
            let (service, data, own, others) = (service.clone(), data.clone(), own.clone(), others.clone());
            Box::pin(async move {
                if tx.users().by_auth(&service, &data).await?.is_some_and(|other| other.id != id) {
                    return Err(Error::from(Refusal::AUTH_TAKEN));
                }
                tx.users().set_auth(id, &service, &data, now).await?;
                tx.touch(Touched::User(id));
                for (user, to) in [(others, Broadcast::all().but(id)), (own, Broadcast::user(id))] {
                    tx.announce(Announcement { event: Event::UserUpdated { user: Box::new(user) }, to });
                }
                Ok(())
            })
        })
        .await
}

/// Changes how somebody signs in, and says where to go next.
///
/// # Errors
///
/// It is switched off, the password is wrong, the service is not offered, or nothing of that kind was asked for.
pub async fn switch(cx: &Cx, caller: Option<&Caller>, switch: &AuthSwitch, from: IpAddr) -> Result<&'static str> {
    let is_oauth = |service: &str| BY_OAUTH.contains(&service);
    match (switch.current_service.as_str(), switch.new_service.as_str()) {
        (HERE, service) if is_oauth(service) => to_oauth(cx, switch, from).await,
        (service, HERE) if is_oauth(service) => {
            let caller = caller.ok_or(Refusal::SESSION_EXPIRED)?;
            to_password(cx, caller, switch).await?;
            Ok("/login?extra=signin_change")
        }
        (HERE, "ldap") | ("ldap", HERE) => Err(Refusal::LDAP_OFF.into()),
        _ => Err(Refusal::body("switch_request").into()),
    }
}

/// Whoever knows the password may go on to the other service; this server offers none so far.
async fn to_oauth(cx: &Cx, switch: &AuthSwitch, from: IpAddr) -> Result<&'static str> {
    sessions::slowly(cx, from)?;
    let config = cx.settings.get().clone();
    if !config.service.experimental_enable_authentication_transfer {
        return Err(Refusal::AUTH_TRANSFER_OFF.into());
    }
    let user = cx.store.users().by_email(switch.email.trim()).await?;
    let Some(user) = user.filter(|u| u.delete_at == 0 && !u.is_bot) else {
        // As slow, and the same answer, as for an account that exists.
        cx.passwords.verify(&switch.password, None).await?;
        return Err(Refusal::PASSWORD_CHECK_FAILED.into());
    };
    if user.failed_attempts >= config.service.maximum_login_attempts {
        return Err(Refusal::TOO_MANY_ATTEMPTS.into());
    }
    if !sessions::fits(cx, user.id, &switch.password).await? {
        sessions::count_failure(cx, user.id, from).await?;
        return Err(Refusal::PASSWORD_CHECK_FAILED.into());
    }
    if mfa::is_asked_of(cx, &user) {
        mfa::use_code(cx, user.id, &switch.mfa_code).await?;
    }
    Err(Refusal::AUTH_SERVICE_OFF.into())
}

/// Gives an account a password of its own instead of the other service. All its sessions end.
async fn to_password(cx: &Cx, caller: &Caller, switch: &AuthSwitch) -> Result<()> {
    let config = cx.settings.get().clone();
    if !config.service.experimental_enable_authentication_transfer {
        return Err(Refusal::AUTH_TRANSFER_OFF.into());
    }
    let user = access::user(cx, caller.id()).await?;
    if user.email != switch.email.trim().to_lowercase() || user.auth_service != switch.current_service {
        return Err(Refusal::AUTH_NOT_YOURS.into());
    }
    passwords::check(&switch.new_password, &config.password)?;
    let (hash, id, now) = (cx.passwords.hash(&switch.new_password).await?, user.id, cx.clock.now());
    let letter = addresses::letter(&config, &user.email, &letters::password_changed(&config, &user.username));
    cx.store
        .write(move |tx| {
            let (hash, letter) = (hash.clone(), letter.clone());
            Box::pin(async move {
                users::keep_password(tx, id, &hash, now).await?;
                addresses::order(tx, letter.as_ref(), now).await?;
                let session_ids = tx.sessions().delete_of(id).await?;
                tx.touch(Touched::SessionsEnded { user_id: id, session_ids });
                Ok::<_, Error>(())
            })
        })
        .await
}
