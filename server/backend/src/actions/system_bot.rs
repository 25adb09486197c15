//! The account by which the server itself writes to people.

use super::{
    channels,
    files::{self, Incoming},
    posts,
};
use crate::{
    access,
    clock::new_id,
    cx::Cx,
    error::{Error, Result, taken},
};
use model::{
    Refusal, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    posts::{NewPost, Post},
    users::User,
};

/// Where the database says which account it is.
const KEPT: &str = "SystemBotId";

/// The account, made when it is needed for the first time.
///
/// # Errors
///
/// The database fails, or two servers make it in the same moment and this one has to try again.
pub async fn id(cx: &Cx) -> Result<UserId> {
    if let Some(known) = cx.store.system().get(KEPT).await?.and_then(|id| id.parse().ok()) {
        return Ok(known);
    }
    // Somebody may have taken the name before.
    let free = cx.store.users().by_username("system-bot").await?.is_none();
    let (id, now): (UserId, _) = (new_id(), cx.clock.now());
    let username = if free { "system-bot".to_owned() } else { format!("system-bot-{}", &id.as_str()[..6]) };
    let user = User {
        id,
        create_at: now,
        update_at: now,
        email: format!("{username}@localhost"),
        username,
        first_name: "System".into(),
        roles: "system_user".into(),
        notify_props: User::default_notify_props(),
        timezone: User::default_timezone(),
        locale: cx.settings.get().localization.default_client_locale.clone(),
        is_bot: true,
        ..User::default()
    };
    cx.store
        .write(move |tx| {
            let user = user.clone();
            Box::pin(async move {
                if !tx.system().add(KEPT, user.id.as_str()).await? {
                    let known = tx.system().get(KEPT).await?.and_then(|id| id.parse().ok());
                    return known.ok_or_else(|| Error::from(Refusal::NO_BOT));
                }
                tx.users().insert(&user, "").await.map_err(named)?;
                tx.bots().insert(user.id, UserId::NONE, "Writes for the server.", user.create_at).await?;
                tx.touch(Touched::User(user.id));
                tx.announce(Announcement { event: Event::NewUser { user_id: user.id }, to: Broadcast::all() });
                Ok::<_, Error>(user.id)
            })
        })
        .await
}

fn named(error: store::Error) -> Error {
    taken(error, &[("username", Refusal::USERNAME_TAKEN), ("email", Refusal::EMAIL_TAKEN)])
}

/// Writes to somebody; the same `pending` again writes nothing more.
///
/// # Errors
///
/// They are gone, or the database fails.
pub async fn write(cx: &Cx, to: UserId, message: String, props: model::posts::Props, pending: String) -> Result<Post> {
    write_with(cx, to, message, props, pending, Vec::new()).await
}

/// The same with files.
///
/// # Errors
///
/// As [`write`]; the file store fails.
pub async fn write_with(
    cx: &Cx,
    to: UserId,
    message: String,
    props: model::posts::Props,
    pending: String,
    files: Vec<Incoming>,
) -> Result<Post> {
    let bot = access::acting_as(cx, id(cx).await?).await?;
    let channel = channels::direct(cx, &bot, &[bot.id(), to]).await?;
    let kept = if files.is_empty() { Vec::new() } else { files::keep(cx, bot.id(), channel.id, files).await? };
    let file_ids = kept.iter().map(|f| f.id).collect();
    let new =
        NewPost { channel_id: channel.id, message, props, pending_post_id: pending, file_ids, ..NewPost::default() };
    posts::create(cx, &bot, new, false).await
}
