//! The second factor of an account: a code from an authenticator app, or a recovery code where the app is lost.

use super::addresses;
use crate::{
    access::{self, Caller},
    auth::{
        secrets,
        totp::{self, Qr},
    },
    cx::Cx,
    error::{Error, Result},
    mail::letters,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::{
    Millis, Refusal, UserId,
    event::Touched,
    users::{MfaSecret, RecoveryCodes, User},
};
use std::sync::Arc;

/// How long a secret that was shown may wait for its first code; until then the same is shown again.
const PENDING_FOR: Millis = 60 * 60 * 1000;

/// Refuses what is switched off, what is a bot's, and what a program asks for that was only lent the account.
async fn may_change(cx: &Cx, caller: &Caller, id: UserId) -> Result<Arc<User>> {
    if !cx.settings.get().service.enable_multifactor_authentication {
        return Err(Refusal::MFA_OFF.into());
    }
    if caller.live.session.is_oauth {
        return Err(Refusal::PERMISSION.into());
    }
    access::user(cx, id).await
}

/// A secret to set up in an authenticator app. Nothing is asked for at sign-in until a code confirms it.
///
/// # Errors
///
/// The second factor is switched off.
pub async fn generate(cx: &Cx, caller: &Caller, id: UserId) -> Result<MfaSecret> {
    let user = may_change(cx, caller, id).await?;
    let now = cx.clock.now();
    let kept = cx.store.second_factors().of_user(id).await?.unwrap_or_default();
    let secret = if !kept.pending.is_empty() && now - kept.pending_at < PENDING_FOR {
        // A page that is loaded again shows what was scanned already.
        kept.pending
    } else {
        let secret = totp::new_secret();
        let new = secret.clone();
        cx.store
            .write(move |tx| {
                let new = new.clone();
                Box::pin(async move { tx.second_factors().set_pending(id, &new, now).await })
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        secret
    };
    let name = cx.settings.get().team.site_name.clone();
    let address = totp::address(&secret, &name, &user.email);
    let qr = address.as_deref().and_then(Qr::of).ok_or(Refusal::INTERNAL)?;
    Ok(MfaSecret { secret, qr_code: STANDARD.encode(qr.png()), qr_svg: qr.svg(), address: address.unwrap_or_default() })
}

/// Asks for a code at sign-in from now on, if `code` is one of the secret that was shown. Answers recovery codes, which
/// are shown this once.
///
/// # Errors
///
/// The second factor is switched off, no secret was asked for, or the code is not right.
pub async fn activate(cx: &Cx, caller: &Caller, id: UserId, code: &str) -> Result<RecoveryCodes> {
    let user = may_change(cx, caller, id).await?;
    if code.trim().is_empty() {
        return Err(Refusal::body("code").into());
    }
    let now = cx.clock.now();
    let kept = cx.store.second_factors().of_user(id).await?.unwrap_or_default();
    let (codes, hashes) = new_codes();
    let step = totp::step_of(&kept.pending, code, now).ok_or(Refusal::MFA_CODE_WRONG)?;
    let config = cx.settings.get().clone();
    let letter = addresses::letter(&config, &user.email, &letters::mfa_changed(&config, &user.username, true));
    cx.store
        .write(move |tx| {
            let (secret, hashes, letter) = (kept.pending.clone(), hashes.clone(), letter.clone());
            Box::pin(async move {
                // Of a former device, which may have been ahead.
                tx.second_factors().delete(id).await?;
                tx.second_factors().set_pending(id, "", now).await?;
                tx.second_factors().use_step(id, step).await?;
                tx.second_factors().replace_codes(id, &hashes).await?;
                tx.users().set_mfa(id, true, &secret, now).await?;
                addresses::order(tx, letter.as_ref(), now).await?;
                tx.touch(Touched::User(id));
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(codes)
}

/// Asks for no code any more.
///
/// # Errors
///
/// The second factor is switched off.
pub async fn deactivate(cx: &Cx, caller: &Caller, id: UserId) -> Result<()> {
    let user = may_change(cx, caller, id).await?;
    let (config, now) = (cx.settings.get().clone(), cx.clock.now());
    let draft = letters::mfa_changed(&config, &user.username, false);
    let letter = addresses::letter(&config, &user.email, &draft).filter(|_| user.mfa_active);
    cx.store
        .write(move |tx| {
            let letter = letter.clone();
            Box::pin(async move {
                tx.second_factors().delete(id).await?;
                tx.users().set_mfa(id, false, "", now).await?;
                addresses::order(tx, letter.as_ref(), now).await?;
                tx.touch(Touched::User(id));
                Ok::<_, Error>(())
            })
        })
        .await
}

/// New recovery codes; those made before are good no more.
///
/// # Errors
///
/// The second factor is switched off, or is not asked of this account.
pub async fn renew_codes(cx: &Cx, caller: &Caller, id: UserId) -> Result<RecoveryCodes> {
    let user = may_change(cx, caller, id).await?;
    if !user.mfa_active {
        return Err(Refusal::MFA_NOT_ACTIVE.into());
    }
    let (codes, hashes) = new_codes();
    cx.store
        .write(move |tx| {
            let hashes = hashes.clone();
            Box::pin(async move { tx.second_factors().replace_codes(id, &hashes).await })
        })
        .await
        .map_err(|e: store::Error| Error::from(e))?;
    Ok(codes)
}

/// New codes, and what is stored of them.
fn new_codes() -> (RecoveryCodes, Vec<String>) {
    let codes = totp::recovery_codes();
    let hashes = codes.iter().filter_map(|code| totp::recovery_code(code)).map(|code| secrets::hash(&code)).collect();
    (RecoveryCodes { recovery_codes: codes, ..RecoveryCodes::default() }, hashes)
}

/// Whether a code has to be given at sign-in by this account.
pub fn is_asked_of(cx: &Cx, user: &User) -> bool {
    user.mfa_active && cx.settings.get().service.enable_multifactor_authentication
}

/// Uses up a code of somebody's app or one of their recovery codes.
///
/// # Errors
///
/// [`Refusal::MFA_MISSING`] without a code, [`Refusal::MFA_CODE_WRONG`] for one that is wrong or was used.
pub async fn use_code(cx: &Cx, id: UserId, code: &str) -> Result<()> {
    if code.trim().is_empty() {
        return Err(Refusal::MFA_MISSING.into());
    }
    let secret = cx.store.users().credentials(id).await?.map(|c| c.mfa_secret).unwrap_or_default();
    let step = totp::step_of(&secret, code, cx.clock.now());
    let recovery = totp::recovery_code(code).map(|code| secrets::hash(&code));
    let used = cx.store.write(move |tx| {
        let recovery = recovery.clone();
        Box::pin(async move {
            match (step, recovery) {
                (Some(step), _) => tx.second_factors().use_step(id, step).await,
                (None, Some(hash)) => tx.second_factors().use_code(id, &hash).await,
                (None, None) => Ok(false),
            }
        })
    });
    if used.await.map_err(|e: store::Error| Error::from(e))? { Ok(()) } else { Err(Refusal::MFA_CODE_WRONG.into()) }
}
