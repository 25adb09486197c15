//! People: accounts, profiles, passwords, roles.

use super::{addresses, guests, invitations, links, sessions, teams};
use crate::{
    access::{self, Caller},
    auth::passwords,
    clock::new_id,
    cx::Cx,
    error::{Error, Result, taken},
    mail::letters,
};
use model::{
    Millis, Refusal, TeamId, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    permission::Permission,
    preferences::Preference,
    users::{
        NAME_MAX, NewUser, POSITION_MAX, PasswordChange, User, UserPatch, is_valid_email, is_valid_locale,
        is_valid_username,
    },
};
use store::Tx;

/// How many user names are tried for somebody who cannot choose one, and how much of an address they take.
const NAMES_TRIED: usize = 5;
const NAME_OF_ADDRESS: usize = 16;

/// What somebody sees of their own account.
pub fn shown_to_self(user: &User) -> User {
    User { password: String::new(), auth_data: String::new(), last_activity_at: 0, ..user.clone() }
}

/// What other people see of an account.
pub fn shown_to_others(cx: &Cx, user: &User) -> User {
    let config = cx.settings.get();
    let mut shown = shown_to_self(user);
    shown.notify_props.clear();
    shown.last_password_update = 0;
    shown.failed_attempts = 0;
    shown.email_verified = false;
    shown.mfa_active = false;
    if !config.privacy.show_email_address {
        shown.email.clear();
    }
    if !config.privacy.show_full_name {
        shown.first_name.clear();
        shown.last_name.clear();
    }
    shown
}

/// What the caller sees of an account.
pub fn shown_to(cx: &Cx, caller: &Caller, user: &User) -> User {
    if user.id == caller.id() {
        return shown_to_self(user);
    }
    let mut shown = shown_to_others(cx, user);
    if caller.may(Permission::ManageSystem) {
        shown.email.clone_from(&user.email);
        shown.first_name.clone_from(&user.first_name);
        shown.last_name.clone_from(&user.last_name);
        shown.email_verified = user.email_verified;
        shown.mfa_active = user.mfa_active;
    }
    shown
}

/// How somebody may sign up.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    /// The team whose invitation link was followed.
    pub invited_to: Option<TeamId>,
    /// The secret of the invitation by mail that was followed.
    pub invitation: String,
    /// Made by an administrator, whom the switches for signing up do not concern.
    pub by_admin: bool,
}

/// Makes an account. The first one ever becomes system administrator.
///
/// # Errors
///
/// Signing up is closed; the name or address is taken or none; the password is too weak.
pub async fn create(cx: &Cx, new: NewUser, how: SignUp) -> Result<User> {
    let config = cx.settings.get().clone();
    if new.id.is_some() {
        return Err(Refusal::body("id").into());
    }
    let first = !cx.store.users().exists().await?;
    let invitation = if how.invitation.is_empty() { None } else { Some(invitations::find(cx, &how.invitation).await?) };
    let invited_to = how.invited_to.or(invitation.as_ref().map(|(_, i)| i.team_id));
    if !how.by_admin {
        if !config.team.enable_user_creation {
            return Err(Refusal::USER_CREATION_OFF.into());
        }
        if !config.email.enable_sign_up_with_email {
            return Err(Refusal::SIGN_UP_CLOSED.into());
        }
        if !first && invited_to.is_none() && !config.team.enable_open_server {
            return Err(Refusal::SERVER_NOT_OPEN.into());
        }
    }
    passwords::check(&new.password, &config.password)
        .map_err(|r| Refusal { id: Refusal::PASSWORD_CHECK_FAILED.id, ..r })?;
    let mut user = checked(cx, &new)?;
    let (mut used, mut guest_of) = (None, Vec::new());
    if let Some((token, invitation)) = invitation {
        // The link went to this address and no other.
        if invitation.email != user.email {
            return Err(Refusal::INVITE_LINK_INVALID.into());
        }
        user.email_verified = true;
        used = Some(token);
        if !invitation.guest_of.is_empty() {
            if !config.guest_accounts.enable {
                return Err(Refusal::GUESTS_OFF.into());
            }
            "system_guest".clone_into(&mut user.roles);
            guest_of = invitation.guest_of;
        }
    }
    let hash = cx.passwords.hash(&new.password).await?;
    let user = insert(cx, user, hash, Made { admin: false, used }).await?;
    if let Some(team) = invited_to {
        teams::join(cx, &access::team(cx, team).await?, user.id, None).await?;
    }
    guests::enter(cx, user.id, &guest_of).await?;
    Ok(user)
}

/// How an account comes about.
#[derive(Clone, Default)]
struct Made {
    /// As administrator, whether it is the first or not.
    admin: bool,
    /// By an invitation, which is used up with it.
    used: Option<String>,
}

/// Makes the account of a guest who signs in by links, and uses up the invitation to it.
///
/// # Errors
///
/// The invitation was used; the address is of a foreign domain, or meanwhile taken.
pub(super) async fn create_by_link(cx: &Cx, email: &str, invitation: String) -> Result<User> {
    let name = named_after(email);
    for attempt in 0..NAMES_TRIED {
        let more = new_id::<model::id::kind::Any>().to_string();
        let username = if attempt == 0 { name.clone() } else { format!("{name}-{}", &more[..4]) };
        let mut user = checked(cx, &NewUser { email: email.to_owned(), username, ..NewUser::default() })?;
        user.email_verified = true;
        "system_guest".clone_into(&mut user.roles);
        (user.auth_service, user.auth_data) = (links::BY_LINK.to_owned(), user.id.to_string());
        match insert(cx, user, String::new(), Made { admin: false, used: Some(invitation.clone()) }).await {
            Err(Error::Refused(refusal)) if refusal == Refusal::USERNAME_TAKEN => {}
            made => return made,
        }
    }
    Err(Refusal::USERNAME_TAKEN.into())
}

/// A user name for an address: what is before the `@`, as far as names can have it.
fn named_after(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let name: String = local
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(NAME_OF_ADDRESS)
        .collect();
    let name = name.trim_end_matches(['-', '_', '.']);
    if is_valid_username(name) && name.len() > 2 {
        name.to_owned()
    } else {
        format!("guest-{name}").trim_end_matches('-').to_owned()
    }
}

/// Makes an account from the command line.
///
/// # Errors
///
/// As [`create`].
pub async fn create_by_operator(cx: &Cx, new: NewUser, admin: bool) -> Result<User> {
    let user = checked(cx, &new)?;
    passwords::check(&new.password, &cx.settings.get().password)?;
    let hash = cx.passwords.hash(&new.password).await?;
    insert(cx, user, hash, Made { admin, used: None }).await
}

async fn insert(cx: &Cx, user: User, hash: String, how: Made) -> Result<User> {
    let (token, letter) = addresses::greeting(cx, &user);
    let made = cx
        .store
        .write(move |tx| {
            let (mut user, hash, token, letter) = (user.clone(), hash.clone(), token.clone(), letter.clone());
            let Made { admin, used } = how.clone();
            Box::pin(async move {
                if let Some(used) = &used
                    && !tx.tokens().delete(used).await?
                {
                    return Err(Error::from(Refusal::INVITE_LINK_INVALID));
                }
                // Decided here, so that of two people who sign up first only one becomes administrator.
                if admin || !tx.users().exists().await? {
                    "system_admin system_user".clone_into(&mut user.roles);
                }
                tx.users().insert(&user, &hash).await.map_err(|e| {
                    taken(e, &[("users_username", Refusal::USERNAME_TAKEN), ("users_email", Refusal::EMAIL_TAKEN)])
                })?;
                let name = user.id.to_string();
                let step = Preference { user_id: user.id, category: "tutorial_step".into(), name, value: "0".into() };
                tx.preferences().set(&[step]).await?;
                if let Some(token) = &token {
                    tx.tokens().insert(token).await?;
                }
                addresses::order(tx, letter.as_ref(), user.create_at).await?;
                tx.touch(Touched::User(user.id));
                tx.announce(Announcement { event: Event::NewUser { user_id: user.id }, to: Broadcast::all() });
                Ok::<_, Error>(user)
            })
        })
        .await?;
    Ok(shown_to_self(&made))
}

/// An account of what was sent, if it can be one.
fn checked(cx: &Cx, new: &NewUser) -> Result<User> {
    let config = cx.settings.get();
    let now = cx.clock.now();
    let mut notify_props = User::default_notify_props();
    notify_props.extend(new.notify_props.clone());
    let mut timezone = User::default_timezone();
    timezone.extend(new.timezone.clone());
    let locale =
        if new.locale.is_empty() { config.localization.default_client_locale.clone() } else { new.locale.clone() };
    let user = User {
        id: new_id(),
        create_at: now,
        update_at: now,
        username: new.username.to_lowercase(),
        email: new.email.to_lowercase(),
        nickname: new.nickname.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        position: new.position.clone(),
        roles: "system_user".into(),
        props: new.props.clone(),
        notify_props,
        last_password_update: now,
        locale,
        timezone,
        disable_welcome_email: new.disable_welcome_email,
        ..User::default()
    };
    check_profile(&user)?;
    check_domain(&user.email, &config.team.restrict_creation_to_domains)?;
    Ok(user)
}

fn check_domain(email: &str, domains: &str) -> Result<(), Refusal> {
    let mut allowed =
        domains.split([',', ' ']).map(|d| d.trim().trim_start_matches('@')).filter(|d| !d.is_empty()).peekable();
    if allowed.peek().is_none() {
        return Ok(());
    }
    let host = email.rsplit_once('@').map_or("", |(_, host)| host);
    if allowed.any(|d| d.eq_ignore_ascii_case(host)) { Ok(()) } else { Err(Refusal::EMAIL_DOMAIN) }
}

pub(super) fn check_profile(user: &User) -> Result<(), Refusal> {
    let long = |text: &str, most: usize| text.chars().count() > most;
    if !is_valid_username(&user.username) {
        return Err(Refusal::USERNAME_INVALID);
    }
    if !is_valid_email(&user.email) {
        return Err(Refusal::EMAIL_INVALID);
    }
    if long(&user.nickname, NAME_MAX) {
        return Err(Refusal::NICKNAME_INVALID);
    }
    if long(&user.first_name, NAME_MAX) {
        return Err(Refusal::FIRST_NAME_INVALID);
    }
    if long(&user.last_name, NAME_MAX) {
        return Err(Refusal::LAST_NAME_INVALID);
    }
    if long(&user.position, POSITION_MAX) {
        return Err(Refusal::POSITION_INVALID);
    }
    if !user.locale.is_empty() && !is_valid_locale(&user.locale) {
        return Err(Refusal::LOCALE_INVALID);
    }
    Ok(())
}

/// Notes that an address is the user's own.
///
/// # Errors
///
/// There is no such user.
pub async fn verify_email(cx: &Cx, id: UserId) -> Result<User> {
    let user = cx.store.users().by_id(id).await?.ok_or(Refusal::NO_USER)?;
    save(cx, User { email_verified: true, update_at: cx.clock.now(), ..user }).await
}

/// Changes some fields of a profile. Changing one's own address takes one's password.
///
/// # Errors
///
/// A value cannot be; the name or address is taken; the password is missing or wrong.
pub async fn patch(cx: &Cx, caller: &Caller, id: UserId, patch: UserPatch) -> Result<User> {
    let old = cx.store.users().by_id(id).await?.ok_or(Refusal::NO_USER)?;
    let mut user = old.clone();
    let set = |field: &mut String, value: Option<String>| {
        if let Some(value) = value {
            *field = value;
        }
    };
    set(&mut user.username, patch.username.map(|v| v.to_lowercase()));
    set(&mut user.email, patch.email.map(|v| v.to_lowercase()));
    set(&mut user.nickname, patch.nickname);
    set(&mut user.first_name, patch.first_name);
    set(&mut user.last_name, patch.last_name);
    set(&mut user.position, patch.position);
    set(&mut user.locale, patch.locale);
    user.props = patch.props.unwrap_or(user.props);
    user.notify_props = patch.notify_props.unwrap_or(user.notify_props);
    user.timezone = patch.timezone.unwrap_or(user.timezone);
    if user.email != old.email {
        if id == caller.id() {
            let password = patch.password.unwrap_or_default();
            if password.is_empty() {
                return Err(Refusal::body("password").into());
            }
            if !sessions::fits(cx, id, &password).await? {
                return Err(Refusal::PASSWORD_CHECK_FAILED.into());
            }
        }
        check_domain(&user.email, &cx.settings.get().team.restrict_creation_to_domains)?;
        user.email_verified = false;
    }
    check_profile(&user)?;
    user.update_at = cx.clock.now();
    let moved = user.email != old.email;
    let saved = save(cx, user.clone()).await?;
    if moved {
        tell_of_address(cx, &old, &user).await?;
    }
    Ok(saved)
}

/// Tells the former address that it was replaced, and asks the new one whose it is.
async fn tell_of_address(cx: &Cx, old: &User, new: &User) -> Result<()> {
    let (config, now) = (cx.settings.get().clone(), cx.clock.now());
    let told = letters::address_changed(&config, &new.username, &new.email);
    let mut mail: Vec<_> = addresses::letter(&config, &old.email, &told).into_iter().collect();
    let mut token = None;
    if config.email.require_email_verification && !mail.is_empty() {
        let (made, letter) = addresses::verification(cx, &config, new);
        token = Some(made);
        mail.extend(letter);
    }
    cx.store
        .write(move |tx| {
            let (token, mail) = (token.clone(), mail.clone());
            Box::pin(async move {
                if let Some(token) = &token {
                    tx.tokens().insert(token).await?;
                }
                for letter in &mail {
                    addresses::order(tx, Some(letter), now).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Writes an account and tells everybody.
pub(super) async fn save(cx: &Cx, user: User) -> Result<User> {
    let (own, others) = (shown_to_self(&user), shown_to_others(cx, &user));
    let answer = own.clone();
    cx.store
        .write(move |tx| {
            let (user, own, others) = (user.clone(), own.clone(), others.clone());
            Box::pin(async move {
                tx.users().update(&user).await.map_err(|e| {
                    taken(e, &[("users_username", Refusal::USERNAME_TAKEN), ("users_email", Refusal::EMAIL_TAKEN)])
                })?;
                tx.touch(Touched::User(user.id));
                let to = Broadcast::all().but(user.id);
                tx.announce(Announcement { event: Event::UserUpdated { user: Box::new(others) }, to });
                tx.announce(Announcement {
                    event: Event::UserUpdated { user: Box::new(own) },
                    to: Broadcast::user(user.id),
                });
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(answer)
}

/// Changes a password: one's own with the current one, or anybody's as an administrator. No session ends.
///
/// # Errors
///
/// The current password is wrong, or the new one too weak.
pub async fn change_password(cx: &Cx, caller: &Caller, id: UserId, change: PasswordChange) -> Result<()> {
    if id == caller.id() {
        if change.current_password.is_empty() {
            return Err(Refusal::body("current_password").into());
        }
        if !sessions::fits(cx, id, &change.current_password).await? {
            return Err(Refusal::PASSWORD_WRONG.into());
        }
    } else if !caller.may(Permission::ManageSystem) {
        return Err(Refusal::PASSWORD_NOT_YOURS.into());
    }
    set_password(cx, id, &change.new_password).await
}

/// Sets a password, which also unlocks the account.
///
/// # Errors
///
/// It is too weak.
pub async fn set_password(cx: &Cx, id: UserId, password: &str) -> Result<()> {
    passwords::check(password, &cx.settings.get().password)?;
    let user = access::user(cx, id).await?;
    let (hash, now) = (cx.passwords.hash(password).await?, cx.clock.now());
    let config = cx.settings.get().clone();
    let letter = addresses::letter(&config, &user.email, &letters::password_changed(&config, &user.username));
    cx.store
        .write(move |tx| {
            let (hash, letter) = (hash.clone(), letter.clone());
            Box::pin(async move {
                keep_password(tx, id, &hash, now).await?;
                addresses::order(tx, letter.as_ref(), now).await
            })
        })
        .await
}

/// Puts a password's hash in force, as a part of a change.
pub(super) async fn keep_password(tx: &mut Tx, id: UserId, hash: &str, now: Millis) -> Result<()> {
    tx.users().set_password(id, hash, now).await?;
    tx.users().set_failed_attempts(id, 0).await?;
    tx.touch(Touched::User(id));
    Ok(())
}

/// Forgets how often a wrong password was given.
///
/// # Errors
///
/// There is no such user.
pub async fn unlock(cx: &Cx, id: UserId) -> Result<()> {
    access::user(cx, id).await?;
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.users().set_failed_attempts(id, 0).await?;
                tx.touch(Touched::User(id));
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Lets an account sign in, or keeps it from that and ends its sessions.
///
/// # Errors
///
/// There is no such user.
pub async fn set_active(cx: &Cx, id: UserId, active: bool) -> Result<()> {
    access::user(cx, id).await?;
    let now = cx.clock.now();
    let bots_too = !active && cx.settings.get().service.disable_bots_when_owner_is_deactivated;
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut changed = if bots_too { tx.bots().active_of(id).await? } else { Vec::new() };
                changed.push(id);
                for id in changed {
                    tx.users().set_active(id, if active { 0 } else { now }, now).await?;
                    tx.touch(Touched::User(id));
                    if !active {
                        let session_ids = tx.sessions().delete_of(id).await?;
                        tx.touch(Touched::SessionsEnded { user_id: id, session_ids });
                    }
                }
                tx.announce(Announcement { event: Event::UserActivationStatusChange {}, to: Broadcast::all() });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Gives somebody other system roles.
///
/// # Errors
///
/// There is no such user or role.
pub async fn set_roles(cx: &Cx, id: UserId, roles: String) -> Result<()> {
    access::user(cx, id).await?;
    let names: Vec<String> = roles.split_whitespace().map(ToOwned::to_owned).collect();
    if cx.store.roles().by_names(&names).await?.len() != names.len() {
        return Err(Refusal::ROLE_UNKNOWN.into());
    }
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            let roles = roles.clone();
            Box::pin(async move {
                tx.users().set_roles(id, &roles, now).await?;
                tx.sessions().set_roles(id, &roles).await?;
                tx.touch(Touched::User(id));
                let event = Event::UserRoleUpdated { user_id: id, roles };
                tx.announce(Announcement { event, to: Broadcast::user(id) });
                Ok::<_, Error>(())
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::named_after;

    #[test]
    fn a_name_is_made_of_an_address() {
        for (email, name) in [
            ("Jo.Doe@example.org", "jo.doe"),
            ("42anna+chat@example.org", "anna-chat"),
            ("ü@example.org", "guest"),
            ("ab@example.org", "guest-ab"),
            ("all@example.org", "guest-all"),
            ("somebody.with.a.long.name@example.org", "somebody.with.a"),
        ] {
            assert_eq!(named_after(email), name, "{email}");
        }
    }
}
