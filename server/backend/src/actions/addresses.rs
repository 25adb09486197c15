//! What is done by mail: proving that an address is one's own, setting a forgotten password, and the letters of an
//! account.

use super::{links, users};
use crate::{
    auth::{passwords, secrets},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    mail::{
        self,
        letters::{self, Draft},
    },
};
use model::{AnyId, Millis, Refusal, UserId, config::Config, event::Touched, users::User};
use serde::{Deserialize, Serialize};
use store::{Tx, jobs::Letter, tokens::Token};

/// The length of a link's secret, in characters; clients look at it.
pub const TOKEN_LENGTH: usize = 64;
/// How long a link is good.
const GOOD_FOR: Millis = 24 * 60 * 60 * 1000;
const RESET: &str = "password_recovery";
const VERIFY: &str = "verify_email";
/// How many mails anybody may have sent to one person at once, and how many more each second.
const MAILS: (f64, f64) = (5.0, 1.0 / 120.0);

/// Whose a link is, and what has to be as it was for it to be good.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Extra {
    user_id: UserId,
    email: String,
    /// Of a reset: when the password was last set, so that one link used ends the others.
    password_at: Millis,
}

/// A letter to somebody, or nothing while the server sends no mail.
pub fn letter(config: &Config, to: &str, draft: &Draft) -> Option<Letter> {
    (!config.email.smtp_server.is_empty()).then(|| draft.to(config, to))
}

/// Orders a letter as a part of a change.
///
/// # Errors
///
/// The database fails.
pub async fn order(tx: &mut Tx, letter: Option<&Letter>, now: Millis) -> Result<()> {
    if let Some(letter) = letter {
        tx.jobs().order(new_id(), letter, now, now).await?;
    }
    Ok(())
}

/// A secret for a link, and what is stored of it.
pub(super) fn secret(kind: &str, extra: &impl Serialize, now: Millis) -> (String, Token) {
    let mut text: String = (0..3).map(|_| new_id::<model::id::kind::Any>().to_string()).collect();
    text.truncate(TOKEN_LENGTH);
    let extra = serde_json::to_string(extra).unwrap_or_default();
    // Only its hash is kept: whoever reads the database cannot follow the link.
    let token = Token { token: secrets::hash(&text), create_at: now, kind: kind.to_owned(), extra };
    (text, token)
}

/// What greets a new account: a link that proves its address where that is asked for, else a welcome.
pub fn greeting(cx: &Cx, user: &User) -> (Option<Token>, Option<Letter>) {
    let config = cx.settings.get();
    if config.email.smtp_server.is_empty() || user.is_bot {
        return (None, None);
    }
    if config.email.require_email_verification && !user.email_verified {
        let (token, letter) = verification(cx, &config, user);
        return (Some(token), letter);
    }
    let wanted = config.email.send_email_notifications && !user.disable_welcome_email;
    (None, wanted.then(|| letters::welcome(&config, &user.username).to(&config, &user.email)))
}

/// A link that proves an address, and the letter that carries it.
pub fn verification(cx: &Cx, config: &Config, user: &User) -> (Token, Option<Letter>) {
    let extra = Extra { user_id: user.id, email: user.email.clone(), ..Extra::default() };
    let (text, token) = secret(VERIFY, &extra, cx.clock.now());
    (token, letter(config, &user.email, &letters::verification(config, &text, &user.email)))
}

/// The person whom anybody may have a mail sent to now.
///
/// # Errors
///
/// The server sends no mail; whether there is such an account is not told.
pub(super) async fn receiver(cx: &Cx, email: &str) -> Result<Option<User>> {
    let email = email.trim().to_lowercase();
    if email.is_empty() {
        return Err(Refusal::body("email").into());
    }
    if cx.settings.get().email.smtp_server.is_empty() {
        return Err(Refusal::MAIL_OFF.into());
    }
    let found = cx.store.users().by_email(&email).await?.filter(|u| u.delete_at == 0 && !u.is_bot);
    let (burst, rate) = MAILS;
    Ok(found.filter(|u| cx.limits.mails.take(u.id, burst, rate, cx.clock.now()).allowed))
}

/// Has a link sent that proves an address. Answers alike whether there is such an account or not.
///
/// # Errors
///
/// The server sends no mail.
pub async fn send_verification(cx: &Cx, email: &str) -> Result<()> {
    let Some(user) = receiver(cx, email).await?.filter(|u| !u.email_verified) else { return Ok(()) };
    let config = cx.settings.get().clone();
    let (token, letter) = verification(cx, &config, &user);
    keep(cx, token, letter).await
}

/// Has a link for a new password sent; who has none and signs in by links gets one of those. Answers alike whether there is such an account or not.
///
/// # Errors
///
/// The server sends no mail.
pub async fn send_reset(cx: &Cx, email: &str) -> Result<()> {
    let Some(user) = receiver(cx, email).await? else { return Ok(()) };
    if links::is_for(cx, &user) {
        return links::send(cx, &user).await;
    }
    if !user.auth_service.is_empty() {
        return Ok(());
    }
    let config = cx.settings.get().clone();
    let extra = Extra { user_id: user.id, email: user.email.clone(), password_at: user.last_password_update };
    let (text, token) = secret(RESET, &extra, cx.clock.now());
    keep(cx, token, letter(&config, &user.email, &letters::password_reset(&config, &text))).await
}

pub(super) async fn keep(cx: &Cx, token: Token, letter: Option<Letter>) -> Result<()> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            let (token, letter) = (token.clone(), letter.clone());
            Box::pin(async move {
                tx.tokens().insert(&token).await?;
                order(tx, letter.as_ref(), now).await
            })
        })
        .await
}

/// The stored token of a link's secret, and whose it is.
async fn found(cx: &Cx, text: &str, kind: &str, invalid: &Refusal) -> Result<(Token, Extra, User)> {
    if text.len() != TOKEN_LENGTH {
        return Err(Refusal::body("token").into());
    }
    let token = cx.store.tokens().by_token(&secrets::hash(text)).await?;
    let token = token.filter(|t| t.kind == kind).ok_or_else(|| invalid.clone())?;
    let extra: Extra = serde_json::from_str(&token.extra).map_err(Error::internal)?;
    let user = cx.store.users().by_id(extra.user_id).await?.filter(|u| u.email == extra.email);
    Ok((token, extra, user.ok_or_else(|| invalid.clone())?))
}

/// Notes by a link that an address is its owner's.
///
/// # Errors
///
/// The link is none, was used, is too old, or the address has changed since.
pub async fn verify(cx: &Cx, text: &str) -> Result<()> {
    let (token, _, user) = found(cx, text, VERIFY, &Refusal::VERIFY_LINK_INVALID).await?;
    let now = cx.clock.now();
    if now - token.create_at > GOOD_FOR {
        return Err(Refusal::VERIFY_LINK_INVALID.into());
    }
    let id = user.id;
    cx.store
        .write(move |tx| {
            let (token, email) = (token.token.clone(), user.email.clone());
            Box::pin(async move {
                if !tx.tokens().delete(&token).await? {
                    return Err(Error::from(Refusal::VERIFY_LINK_INVALID));
                }
                tx.users().set_verified(id, &email, now).await?;
                tx.touch(Touched::User(id));
                Ok(())
            })
        })
        .await
}

/// Sets a password by a link, and ends all sessions of the account: whoever knew the old password may be in one.
///
/// # Errors
///
/// The link is none, was used, or is too old; the password is too weak.
pub async fn reset(cx: &Cx, text: &str, password: &str) -> Result<()> {
    let (token, extra, user) = found(cx, text, RESET, &Refusal::RESET_LINK_INVALID).await?;
    if cx.clock.now() - token.create_at > GOOD_FOR {
        return Err(Refusal::RESET_LINK_EXPIRED.into());
    }
    if !user.auth_service.is_empty() {
        return Err(Refusal::RESET_ELSEWHERE.into());
    }
    if user.last_password_update != extra.password_at {
        return Err(Refusal::RESET_LINK_INVALID.into());
    }
    let config = cx.settings.get().clone();
    passwords::check(password, &config.password)?;
    // Before the link is used up: if there is no room for hashing now, it can be followed again.
    let hash = cx.passwords.hash(password).await?;
    let (id, now) = (user.id, cx.clock.now());
    let told = letter(&config, &user.email, &letters::password_changed(&config, &user.username));
    cx.store
        .write(move |tx| {
            let (used, hash, told) = (token.token.clone(), hash.clone(), told.clone());
            Box::pin(async move {
                if !tx.tokens().delete(&used).await? {
                    return Err(Error::from(Refusal::RESET_LINK_INVALID));
                }
                users::keep_password(tx, id, &hash, now).await?;
                order(tx, told.as_ref(), now).await?;
                let session_ids = tx.sessions().delete_of(id).await?;
                tx.touch(Touched::SessionsEnded { user_id: id, session_ids });
                Ok(())
            })
        })
        .await
}

/// Sends a mail at once, to try settings that need not be in force.
///
/// # Errors
///
/// No mail server is named, or it does not take the mail.
pub async fn test(config: &Config, to: &str) -> Result<()> {
    if config.email.smtp_server.is_empty() {
        return Err(Refusal::MAIL_OFF.into());
    }
    let id: AnyId = new_id();
    mail::send(config, &letters::test().to(config, to), id)
        .await
        .map_err(|e| Refusal::MAIL_REFUSED.saying(format!("The mail could not be sent: {e}")).into())
}
