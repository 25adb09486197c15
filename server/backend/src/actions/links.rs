//! Links that sign guests in: who is invited by one has no password, and asks for another by mail whenever they come
//! from a new device.

use super::{
    addresses::{self, TOKEN_LENGTH},
    guests, invitations,
    sessions::{self, SignedIn},
    teams,
    users::{self, shown_to_self},
};
use crate::{
    access,
    auth::secrets,
    cx::Cx,
    error::{Error, Result},
    mail::letters,
};
use model::{
    Millis, Refusal, UserId,
    users::{OneTimeLink, User},
};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// What [`User::auth_service`] says of people who sign in by links. Mattermost's name.
pub const BY_LINK: &str = "magic_link";
/// What a link is stored as.
const KIND: &str = "guest_magic_link";
/// How long a link is good that somebody asked for. An invitation is good longer.
const GOOD_FOR: Millis = 15 * 60 * 1000;

/// Whose a link is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Extra {
    user_id: UserId,
    email: String,
}

/// Whether guests may sign in by links at all.
pub fn are_on(cx: &Cx) -> bool {
    let guests = &cx.settings.get().guest_accounts;
    guests.enable && guests.enable_guest_magic_link
}

/// Whether somebody signs in by links, and these are on.
pub fn is_for(cx: &Cx, user: &User) -> bool {
    user.auth_service == BY_LINK && user.delete_at == 0 && are_on(cx)
}

/// Has a link sent to whoever is called so and signs in by links. False for everybody else.
///
/// # Errors
///
/// The address asks too often; the server sends no mail.
pub async fn ask(cx: &Cx, login_id: &str, from: IpAddr) -> Result<bool> {
    if !are_on(cx) || login_id.trim().is_empty() {
        return Ok(false);
    }
    sessions::slowly(cx, from)?;
    let Some(user) = cx.store.users().by_login(login_id.trim()).await?.filter(|u| is_for(cx, u)) else {
        return Ok(false);
    };
    if let Some(user) = addresses::receiver(cx, &user.email).await? {
        send(cx, &user).await?;
    }
    Ok(true)
}

/// Sends somebody a link.
///
/// # Errors
///
/// The database fails.
pub(super) async fn send(cx: &Cx, user: &User) -> Result<()> {
    let config = cx.settings.get().clone();
    let extra = Extra { user_id: user.id, email: user.email.clone() };
    let (text, token) = addresses::secret(KIND, &extra, cx.clock.now());
    addresses::keep(cx, token, addresses::letter(&config, &user.email, &letters::sign_in(&config, &text))).await
}

/// Signs in whoever has the link. The first one, an invitation, makes the account.
///
/// # Errors
///
/// Links are off; this one is none, was used or is too old; the account is not active, or asks for a code that is not
/// there; there is an account of the address that has a password.
pub async fn follow(cx: &Cx, link: &OneTimeLink, from: IpAddr, agent: &str) -> Result<SignedIn> {
    if !are_on(cx) {
        return Err(Refusal::SIGN_IN_LINK_OFF.into());
    }
    sessions::slowly(cx, from)?;
    if link.token.len() != TOKEN_LENGTH {
        return Err(Refusal::SIGN_IN_LINK_INVALID.into());
    }
    let hash = secrets::hash(&link.token);
    let token = cx.store.tokens().by_token(&hash).await?.ok_or(Refusal::SIGN_IN_LINK_INVALID)?;
    let user = if token.kind == KIND {
        let extra: Extra = serde_json::from_str(&token.extra).map_err(Error::internal)?;
        let found = cx.store.users().by_id(extra.user_id).await?.filter(|u| u.email == extra.email);
        let user = found.filter(|u| u.auth_service == BY_LINK && cx.clock.now() - token.create_at <= GOOD_FOR);
        let user = user.ok_or(Refusal::SIGN_IN_LINK_INVALID)?;
        admit(cx, &user, link, from).await?;
        use_up(cx, token.token).await?;
        user
    } else {
        invited(cx, link, from).await?
    };
    let session = sessions::begin(cx, &user, &link.device_id, from, agent).await?;
    Ok(SignedIn { user: shown_to_self(&user), session })
}

/// The guest whom an invitation is for, in the channels it names.
async fn invited(cx: &Cx, link: &OneTimeLink, from: IpAddr) -> Result<User> {
    let (token, invitation) = match invitations::find(cx, &link.token).await {
        Ok((token, invitation)) if invitation.by_link => (token, invitation),
        Ok(_) | Err(Error::Refused(_)) => return Err(Refusal::SIGN_IN_LINK_INVALID.into()),
        Err(error) => return Err(error),
    };
    let user = match cx.store.users().by_email(&invitation.email).await? {
        Some(user) if user.auth_service == BY_LINK => {
            admit(cx, &user, link, from).await?;
            use_up(cx, token).await?;
            user
        }
        Some(_) => return Err(Refusal::SIGN_IN_LINK_TAKEN.into()),
        None => users::create_by_link(cx, &invitation.email, token).await?,
    };
    teams::join(cx, &access::team(cx, invitation.team_id).await?, user.id, None).await?;
    guests::enter(cx, user.id, &invitation.guest_of).await?;
    Ok(user)
}

/// Refuses who may not sign in, before the link is used up.
async fn admit(cx: &Cx, user: &User, link: &OneTimeLink, from: IpAddr) -> Result<()> {
    if user.delete_at != 0 {
        return Err(Refusal::USER_INACTIVE.into());
    }
    if user.failed_attempts >= cx.settings.get().service.maximum_login_attempts {
        return Err(Refusal::TOO_MANY_ATTEMPTS.into());
    }
    sessions::ask_for_code(cx, user, &link.code, from).await
}

async fn use_up(cx: &Cx, token: String) -> Result<()> {
    cx.store
        .write(move |tx| {
            let token = token.clone();
            Box::pin(async move {
                if tx.tokens().delete(&token).await? { Ok(()) } else { Err(Error::from(Refusal::SIGN_IN_LINK_INVALID)) }
            })
        })
        .await
}
