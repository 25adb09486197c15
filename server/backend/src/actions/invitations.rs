//! Invitations by mail: a link for one address, which joins one team.

use super::{
    addresses::{self, TOKEN_LENGTH},
    links,
};
use crate::{
    access::{self, Caller},
    auth::secrets,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    mail::letters,
};
use model::{
    ChannelId, Millis, Refusal, TeamId, UserId,
    channels::Channel,
    permission::Permission,
    teams::{EmailInvitation, GuestInvitation, Team},
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
/// The most channels that one invitation of a guest may name.
const CHANNELS_MAX: usize = 100;
/// The longest text of one's own in a letter, in characters.
const MESSAGE_MAX: usize = 2_000;
/// The most addresses in one call.
const AT_ONCE: usize = 20;

/// What an invitation is for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    pub team_id: TeamId,
    /// The only address that may use it.
    pub email: String,
    pub by: UserId,
    /// Of a guest: the channels they are to be in.
    pub guest_of: Vec<ChannelId>,
    /// Of a guest: the link signs them in, without a password.
    pub by_link: bool,
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
    send_as(cx, caller, team, emails, graceful, &As::default()).await
}

/// As what people are invited.
#[derive(Clone, Debug, Default)]
struct As {
    /// As guests of these channels; none for members.
    guest_of: Vec<ChannelId>,
    /// By links that sign them in.
    by_link: bool,
    /// What the letter says besides.
    message: String,
}

/// Invites addresses as guests into some channels of a team; with `by_link` the links sign them in.
///
/// # Errors
///
/// Guests are switched off, or such links are; a channel is none of the team's, or the caller cannot read it; otherwise as [`send`].
pub async fn send_to_guests(
    cx: &Cx,
    caller: &Caller,
    team: &Team,
    invitation: &GuestInvitation,
    graceful: bool,
    by_link: bool,
) -> Result<Vec<EmailInvitation>> {
    if !cx.settings.get().guest_accounts.enable {
        return Err(Refusal::GUESTS_OFF.into());
    }
    if by_link && !links::are_on(cx) {
        return Err(Refusal::SIGN_IN_LINK_OFF.into());
    }
    if invitation.emails.is_empty() {
        return Err(Refusal::body("emails").into());
    }
    let ids: BTreeSet<ChannelId> = invitation
        .channels
        .iter()
        .map(|id| id.parse().map_err(|_| Refusal::body("channels")))
        .collect::<Result<_, _>>()?;
    if ids.is_empty() || ids.len() > CHANNELS_MAX {
        return Err(Refusal::body("channels").into());
    }
    let guest_of: Vec<ChannelId> = ids.into_iter().collect();
    let channels = cx.store.channels().by_ids(&guest_of).await?;
    let fits = |c: &&Channel| c.team_id == team.id && c.delete_at == 0;
    if channels.iter().filter(fits).count() != guest_of.len() {
        return Err(Refusal::GUEST_CHANNEL.into());
    }
    for channel in &channels {
        if !access::may_read(cx, caller, channel).await? {
            return Err(Refusal::missing(Permission::ReadChannel).into());
        }
    }
    let message = invitation.message.chars().take(MESSAGE_MAX).collect();
    send_as(cx, caller, team, &invitation.emails, graceful, &As { guest_of, by_link, message }).await
}

async fn send_as(
    cx: &Cx,
    caller: &Caller,
    team: &Team,
    emails: &[String],
    graceful: bool,
    invited: &As,
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
        match check(cx, caller, team, &email, invited) {
            Ok(()) if cx.limits.invitations.take(caller.id(), burst, rate, now).allowed => {
                let (token, letter) = invitation(cx, caller, team, &email, invited);
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

fn check(cx: &Cx, caller: &Caller, team: &Team, email: &str, invited: &As) -> Result<(), Refusal> {
    if !is_valid_email(email) {
        return Err(Refusal::EMAIL_INVALID);
    }
    let allowed = |domains: &str| super::teams::is_allowed(domains, email);
    if !invited.guest_of.is_empty() {
        let domains = &cx.settings.get().guest_accounts.restrict_creation_to_domains;
        return if allowed(domains) { Ok(()) } else { Err(Refusal::INVITATION_DOMAIN) };
    }
    let by_admin = caller.may(Permission::ManageSystem);
    if !allowed(&team.allowed_domains) || (!by_admin && !allowed(&cx.settings.get().team.restrict_creation_to_domains))
    {
        return Err(Refusal::INVITATION_DOMAIN);
    }
    Ok(())
}

fn invitation(cx: &Cx, caller: &Caller, team: &Team, email: &str, invited: &As) -> (Token, Letter) {
    let extra = Invitation {
        team_id: team.id,
        email: email.to_owned(),
        by: caller.id(),
        guest_of: invited.guest_of.clone(),
        by_link: invited.by_link,
    };
    let (text, token) = addresses::secret(KIND, &extra, cx.clock.now());
    let config = cx.settings.get();
    let mut draft = letters::invitation(&config, team, &caller.user.display_name(), &text, email);
    if invited.by_link {
        draft.button = Some(letters::sign_in_button(&config, &text));
    }
    if !invited.message.trim().is_empty() {
        draft.paragraphs.insert(1, invited.message.clone());
    }
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
