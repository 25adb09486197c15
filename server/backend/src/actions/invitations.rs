//! Invitations by mail: a link for one address, which joins one team.

use super::addresses::{self, TOKEN_LENGTH};
use crate::{
    access::Caller,
    auth::secrets,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    mail::letters,
};
use model::{
    Millis, Refusal, TeamId, UserId,
    teams::{EmailInvitation, Team},
    users::is_valid_email,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{jobs::Letter, tokens::Token};

/// How long an invitation is good.
const GOOD_FOR: Millis = 48 * 60 * 60 * 1000;
const KIND: &str = "team_invitation";
/// How many addresses one person may invite at once, and how many more each second. Mattermost's limits.
const INVITATIONS: (f64, f64) = (20.0, 20.0 / 3600.0);
/// The most addresses in one call.
const AT_ONCE: usize = 20;

/// What an invitation is for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    pub team_id: TeamId,
    pub email: String,
    pub by: UserId,
}

/// Invites addresses into a team. With `graceful` each is answered for itself; else the first that cannot be invited
/// ends it, and nobody is.
///
/// # Errors
///
/// Invitations by mail are switched off, there are too many of them, or an address is none or of a foreign domain.
pub async fn send(
    cx: &Cx,
    caller: &Caller,
    team: &Team,
    emails: &[String],
    graceful: bool,
) -> Result<Vec<EmailInvitation>> {
    let config = cx.settings.get().clone();
    if !config.service.enable_email_invitations {
        return Err(Refusal::INVITATIONS_OFF.into());
    }
    if config.email.smtp_server.is_empty() {
        return Err(Refusal::MAIL_OFF.into());
    }
    // Each address once, whatever its case.
    let emails: BTreeSet<String> = emails.iter().map(|e| e.trim().to_lowercase()).collect();
    if emails.is_empty() {
        return Err(Refusal::body("user_email").into());
    }
    if emails.len() > AT_ONCE {
        return Err(Refusal::INVITATIONS_MANY.into());
    }
    let (now, (burst, rate)) = (cx.clock.now(), INVITATIONS);
    let (mut tokens, mut mail, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for email in emails {
        match check(cx, caller, team, &email) {
            Ok(()) if cx.limits.invitations.take(caller.id(), burst, rate, now).allowed => {
                let (token, letter) = invitation(cx, caller, team, &email, now);
                tokens.push(token);
                mail.push((new_id(), letter));
                answers.push(EmailInvitation { email, error: None });
            }
            checked => {
                let refusal = checked.err().unwrap_or(Refusal::INVITATIONS_MANY);
                if !graceful {
                    return Err(refusal.into());
                }
                answers.push(EmailInvitation { email, error: Some(refusal.to_body(&crate::error::request_id())) });
            }
        }
    }
    cx.store
        .write(move |tx| {
            let (tokens, mail) = (tokens.clone(), mail.clone());
            Box::pin(async move {
                tx.tokens().insert_all(&tokens).await?;
                tx.jobs().order_all(&mail, now).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(answers)
}

fn check(cx: &Cx, caller: &Caller, team: &Team, email: &str) -> Result<(), Refusal> {
    if !is_valid_email(email) {
        return Err(Refusal::EMAIL_INVALID);
    }
    let allowed = |domains: &str| super::teams::is_allowed(domains, email);
    let by_admin = caller.may(model::permission::Permission::ManageSystem);
    if !allowed(&team.allowed_domains) || (!by_admin && !allowed(&cx.settings.get().team.restrict_creation_to_domains))
    {
        return Err(Refusal::INVITATION_DOMAIN);
    }
    Ok(())
}

fn invitation(cx: &Cx, caller: &Caller, team: &Team, email: &str, now: Millis) -> (Token, Letter) {
    let extra = Invitation { team_id: team.id, email: email.to_owned(), by: caller.id() };
    let (text, token) = addresses::secret(KIND, &extra, now);
    let config = cx.settings.get();
    let draft = letters::invitation(&config, team, &caller.user.display_name(), &text, email);
    (token, draft.to(&config, email))
}

/// What a link invites to, and what is stored of it.
///
/// # Errors
///
/// It is no invitation, was used, or is too old.
pub async fn find(cx: &Cx, text: &str) -> Result<(String, Invitation)> {
    let invalid = || Error::from(Refusal::INVITE_LINK_INVALID);
    if text.len() != TOKEN_LENGTH {
        return Err(invalid());
    }
    let token = cx.store.tokens().by_token(&secrets::hash(text)).await?.filter(|t| t.kind == KIND);
    let token = token.ok_or_else(invalid)?;
    if cx.clock.now() - token.create_at > GOOD_FOR {
        return Err(Refusal::INVITE_LINK_EXPIRED.into());
    }
    Ok((token.token, serde_json::from_str(&token.extra).map_err(Error::internal)?))
}

/// Makes all invitations by mail void.
///
/// # Errors
///
/// The database fails.
pub async fn void_all(cx: &Cx) -> Result<()> {
    cx.store
        .write(move |tx| Box::pin(async move { tx.tokens().delete_kind(KIND).await.map(drop) }))
        .await
        .map_err(|e: store::Error| Error::from(e))
}
