//! Custom emoji: adding and deleting them, and finding those that a post names.

use super::pictures;
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result, taken},
    files::pictures::Task,
};
use model::{
    EmojiId, Refusal,
    emoji::CustomEmoji,
    event::{Announcement, Broadcast, Event},
    permission::Permission,
    text::emoji as standard,
};
use store::files::RemoveContent;

/// Where the picture of an emoji is kept.
pub fn key(id: EmojiId) -> String {
    format!("emoji/{id}")
}

/// Refuses where they are switched off.
///
/// # Errors
///
/// [`Refusal::EMOJI_OFF`].
pub fn must_be_on(cx: &Cx) -> Result<()> {
    if cx.settings.get().service.enable_custom_emoji { Ok(()) } else { Err(Refusal::EMOJI_OFF.into()) }
}

/// Adds an emoji.
///
/// # Errors
///
/// The name is taken or none, or the picture is none.
pub async fn create(cx: &Cx, caller: &Caller, new: CustomEmoji, picture: Vec<u8>) -> Result<CustomEmoji> {
    if new.creator_id.is_some() && new.creator_id != caller.id() {
        return Err(Refusal::EMOJI_OTHER.into());
    }
    if !standard::is_valid_name(&new.name) {
        return Err(Refusal::EMOJI_NAME.into());
    }
    if standard::by_name(&new.name).is_some() {
        return Err(Refusal::EMOJI_STANDARD.into());
    }
    if cx.store.emoji().by_name(&new.name).await?.is_some() {
        return Err(Refusal::EMOJI_TAKEN.into());
    }
    let picture = pictures::made(cx, Task::Emoji, picture, Refusal::EMOJI_PICTURE).await?;
    let now = cx.clock.now();
    let emoji = CustomEmoji {
        id: new_id(),
        creator_id: caller.id(),
        create_at: now,
        update_at: now,
        name: new.name,
        delete_at: 0,
    };
    cx.files.put_bytes(&key(emoji.id), picture).await?;
    let made = emoji.clone();
    cx.store
        .write(move |tx| {
            let emoji = made.clone();
            Box::pin(async move {
                let clash = [("custom_emoji_name_delete_at", Refusal::EMOJI_TAKEN)];
                tx.emoji().insert(&emoji).await.map_err(|e| taken(e, &clash))?;
                tx.announce(Announcement { event: Event::EmojiAdded { emoji }, to: Broadcast::all() });
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(emoji)
}

/// Whether somebody may do something with emoji: by a system role, or in a team of theirs.
///
/// # Errors
///
/// They may not.
pub async fn must(cx: &Cx, caller: &Caller, permission: Permission) -> Result<()> {
    if caller.may(permission) {
        return Ok(());
    }
    for member in cx.store.team_members().of_user(caller.id()).await? {
        if access::permissions_of(cx, &member.roles).await?.contains(permission) {
            return Ok(());
        }
    }
    Err(Refusal::missing(permission).into())
}

/// Deletes an emoji: one's own, or anybody's as who may do that.
///
/// # Errors
///
/// There is none, or the caller may not.
pub async fn delete(cx: &Cx, caller: &Caller, id: EmojiId) -> Result<()> {
    let emoji = cx.store.emoji().by_id(id).await?.ok_or(Refusal::NO_EMOJI)?;
    let own = emoji.creator_id == caller.id();
    must(cx, caller, if own { Permission::DeleteEmojis } else { Permission::DeleteOthersEmojis }).await?;
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                if tx.emoji().delete(id, now).await? {
                    let order = RemoveContent { paths: vec![key(id)] };
                    tx.jobs().order(new_id(), &order, now, now).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The names in a text that could be those of custom emoji: `:name:`, and no standard one.
pub fn named_in(text: &str) -> impl Iterator<Item = &str> {
    // Between two colons is a name, or nothing of interest; a colon can end one name and begin the next.
    let parts = text.split(':').skip(1);
    let ends = text.matches(':').count().saturating_sub(1);
    parts.take(ends).filter(|name| standard::is_valid_name(name) && standard::by_name(name).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_between_colons() {
        let found = |text| named_in(text).collect::<Vec<_>>();
        assert_eq!(found("see :ship_it: and :smile: at 10:30:15"), ["ship_it", "30"]);
        assert_eq!(found(":one_x::two_x:"), ["one_x", "two_x"]);
        assert_eq!(found("no:end"), Vec::<&str>::new());
        assert_eq!(found(""), Vec::<&str>::new());
    }
}
