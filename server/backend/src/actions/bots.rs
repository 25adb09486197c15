//! Bots: accounts of programs, which sign in by tokens only and are looked after by somebody.

use super::users;
use crate::{
    access::{self, Caller},
    auth::passwords,
    clock::new_id,
    cx::Cx,
    error::{Error, Result, taken},
};
use model::{
    Refusal, UserId,
    bots::{Bot, BotPatch, DESCRIPTION_MAX},
    event::{Announcement, Broadcast, Event, Touched},
    permission::Permission,
    users::{NAME_MAX, User, UserPatch, is_valid_username},
};

/// Makes a bot, which the caller looks after.
///
/// # Errors
///
/// Making bots is switched off; a name cannot be or is taken.
pub async fn create(cx: &Cx, caller: &Caller, new: BotPatch) -> Result<Bot> {
    if !cx.settings.get().service.enable_bot_account_creation {
        return Err(Refusal::BOT_CREATION_OFF.into());
    }
    let description = new.description.unwrap_or_default();
    let (username, display_name) = (new.username.unwrap_or_default(), new.display_name.unwrap_or_default());
    let user = join(cx, caller.id(), username, display_name, description).await?;
    found(cx, user.id).await
}

/// Writes a new bot.
///
/// # Errors
///
/// A name cannot be or is taken.
pub(super) async fn join(
    cx: &Cx,
    owner: UserId,
    username: String,
    display_name: String,
    description: String,
) -> Result<User> {
    let user = account(cx, username, display_name);
    check(&user, &description)?;
    cx.store
        .write(move |tx| {
            let (user, description) = (user.clone(), description.clone());
            Box::pin(async move {
                tx.users().insert(&user, "").await.map_err(named)?;
                tx.bots().insert(user.id, owner, &description, user.create_at).await?;
                tx.touch(Touched::User(user.id));
                tx.announce(Announcement { event: Event::NewUser { user_id: user.id }, to: Broadcast::all() });
                Ok::<_, Error>(user)
            })
        })
        .await
}

/// The account of a new bot.
fn account(cx: &Cx, username: String, display_name: String) -> User {
    let now = cx.clock.now();
    let username = username.to_lowercase();
    User {
        id: new_id(),
        create_at: now,
        update_at: now,
        email: format!("{username}@localhost"),
        username,
        first_name: display_name,
        roles: "system_user".into(),
        notify_props: User::default_notify_props(),
        timezone: User::default_timezone(),
        locale: cx.settings.get().localization.default_client_locale.clone(),
        last_password_update: now,
        is_bot: true,
        ..User::default()
    }
}

fn check(user: &User, description: &str) -> Result<(), Refusal> {
    if !is_valid_username(&user.username) {
        return Err(Refusal::BOT_USERNAME);
    }
    if user.first_name.chars().count() > NAME_MAX {
        return Err(Refusal::BOT_DISPLAY_NAME);
    }
    if description.chars().count() > DESCRIPTION_MAX {
        return Err(Refusal::BOT_DESCRIPTION);
    }
    Ok(())
}

fn named(error: store::Error) -> Error {
    taken(error, &[("users_username", Refusal::USERNAME_TAKEN), ("users_email", Refusal::USERNAME_TAKEN)])
}

async fn found(cx: &Cx, id: UserId) -> Result<Bot> {
    Ok(cx.store.bots().by_id(id).await?.ok_or(Refusal::NO_BOT)?)
}

/// Changes a bot's names or description.
///
/// # Errors
///
/// A name cannot be or is taken.
pub async fn patch(cx: &Cx, bot: Bot, patch: BotPatch) -> Result<Bot> {
    let old = cx.store.users().by_id(bot.user_id).await?.ok_or(Refusal::NO_BOT)?;
    let username = patch.username.map_or_else(|| old.username.clone(), |name| name.to_lowercase());
    let description = patch.description.unwrap_or_else(|| bot.description.clone());
    let now = cx.clock.now();
    let email = if old.email.ends_with("@localhost") { format!("{username}@localhost") } else { old.email.clone() };
    let first_name = patch.display_name.unwrap_or_else(|| old.first_name.clone());
    let user = User { username, email, first_name, bot_description: description.clone(), update_at: now, ..old };
    check(&user, &description)?;
    users::save(cx, user).await?;
    note(cx, bot.user_id, bot.owner_id, Some(description)).await?;
    found(cx, bot.user_id).await
}

/// Gives a bot another owner.
///
/// # Errors
///
/// There is no such person; it is a bot, and the caller may not give bots to bots.
pub async fn assign(cx: &Cx, caller: &Caller, bot: Bot, owner: UserId) -> Result<Bot> {
    if access::user(cx, owner).await?.is_bot {
        caller.must(Permission::AssignBot)?;
    }
    note(cx, bot.user_id, owner, None).await?;
    found(cx, bot.user_id).await
}

/// Writes what a bot has beside its account.
async fn note(cx: &Cx, id: UserId, owner: UserId, description: Option<String>) -> Result<()> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            let description = description.clone();
            Box::pin(async move {
                tx.bots().update(id, owner, now).await?;
                if let Some(description) = description {
                    tx.bots().describe(id, true, &description).await?;
                }
                tx.touch(Touched::User(id));
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Enables or disables a bot; disabled, its tokens are void.
///
/// # Errors
///
/// The database fails.
pub async fn set_enabled(cx: &Cx, bot: Bot, enabled: bool) -> Result<Bot> {
    users::set_active(cx, bot.user_id, enabled).await?;
    found(cx, bot.user_id).await
}

/// Makes a bot of a person, who from then on signs in by tokens only.
///
/// # Errors
///
/// There is no such person.
pub async fn of_user(cx: &Cx, caller: &Caller, id: UserId) -> Result<Bot> {
    let user = access::user(cx, id).await?;
    if user.is_bot {
        return found(cx, id).await;
    }
    let (owner, now) = (caller.id(), cx.clock.now());
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.bots().insert(id, owner, "", now).await?;
                tx.users().set_password(id, "", now).await?;
                let session_ids = tx.sessions().delete_of(id).await?;
                tx.touch(Touched::User(id));
                tx.touch(Touched::SessionsEnded { user_id: id, session_ids });
                Ok::<_, Error>(())
            })
        })
        .await?;
    found(cx, id).await
}

/// Makes a person of a bot.
///
/// # Errors
///
/// There is no such bot; the password is missing or too weak; a name cannot be or is taken.
pub async fn to_user(cx: &Cx, id: UserId, patch: UserPatch, admin: bool) -> Result<User> {
    found(cx, id).await?;
    let password = patch.password.clone().unwrap_or_default();
    if password.is_empty() {
        return Err(Refusal::body("password").into());
    }
    passwords::check(&password, &cx.settings.get().password)?;
    let mut user = cx.store.users().by_id(id).await?.ok_or(Refusal::NO_BOT)?;
    for (field, value) in [
        (&mut user.username, patch.username.map(|v| v.to_lowercase())),
        (&mut user.email, patch.email.map(|v| v.to_lowercase())),
        (&mut user.nickname, patch.nickname),
        (&mut user.first_name, patch.first_name),
        (&mut user.last_name, patch.last_name),
        (&mut user.position, patch.position),
        (&mut user.locale, patch.locale),
    ] {
        *field = value.unwrap_or_else(|| std::mem::take(field));
    }
    user.update_at = cx.clock.now();
    if admin {
        "system_user system_admin".clone_into(&mut user.roles);
    }
    users::check_profile(&user)?;
    let hash = cx.passwords.hash(&password).await?;
    // Mattermost: the answer still says that it is a bot.
    let answer = users::shown_to_self(&user);
    cx.store
        .write(move |tx| {
            let (user, hash) = (user.clone(), hash.clone());
            Box::pin(async move {
                tx.users().update(&user).await.map_err(named)?;
                tx.users().set_roles(id, &user.roles, user.update_at).await?;
                tx.users().set_password(id, &hash, user.update_at).await?;
                tx.bots().delete(id).await?;
                tx.touch(Touched::User(id));
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(answer)
}
