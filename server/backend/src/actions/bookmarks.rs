//! Bookmarks of channels: adding, changing, moving and removing them.

use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, FileId, Millis, Refusal,
    bookmarks::{Bookmark, BookmarkPatch, DISPLAY_NAME_MAX, FILE, LINK, MOST, NewBookmark, Updated},
    channels::{Channel, ChannelType},
    event::{Announcement, Broadcast, Event},
    permission::Permission,
    text::emoji,
    webhooks::URL_MAX,
};
use std::collections::BTreeMap;
use url::Url;

/// What somebody does with a channel's bookmarks.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    Add,
    Edit,
    Delete,
    Order,
}

/// Refuses who may not do this with the channel's bookmarks. In a conversation everybody in it may, but guests.
///
/// # Errors
///
/// As said; or the channel is archived.
pub async fn must(cx: &Cx, caller: &Caller, channel: &Channel, deed: Deed) -> Result<()> {
    use Permission as P;
    let private = channel.kind == ChannelType::Private;
    let needed = match deed {
        _ if channel.kind.is_personal() => {
            access::must_in_channel(cx, caller, channel, P::ReadChannel).await?;
            if caller.user.has_role("system_guest") {
                return Err(Refusal::PERMISSION.into());
            }
            return archived(channel);
        }
        Deed::Add if private => P::AddBookmarkPrivateChannel,
        Deed::Add => P::AddBookmarkPublicChannel,
        Deed::Edit if private => P::EditBookmarkPrivateChannel,
        Deed::Edit => P::EditBookmarkPublicChannel,
        Deed::Delete if private => P::DeleteBookmarkPrivateChannel,
        Deed::Delete => P::DeleteBookmarkPublicChannel,
        Deed::Order if private => P::OrderBookmarkPrivateChannel,
        Deed::Order => P::OrderBookmarkPublicChannel,
    };
    access::must_in_channel(cx, caller, channel, needed).await?;
    archived(channel)
}

fn archived(channel: &Channel) -> Result<()> {
    if channel.delete_at == 0 { Ok(()) } else { Err(Refusal::BOOKMARK_ARCHIVED.into()) }
}

/// A channel's bookmarks, or those that changed after a moment, with their files.
///
/// # Errors
///
/// The database fails.
pub async fn list(cx: &Cx, channel: &Channel, since: Option<Millis>) -> Result<Vec<Bookmark>> {
    let all = match since {
        Some(since) => cx.store.bookmarks().since(channel.id, since).await?,
        None => cx.store.bookmarks().of_channel(channel.id).await?,
    };
    with_files(cx, all).await
}

async fn with_files(cx: &Cx, mut all: Vec<Bookmark>) -> Result<Vec<Bookmark>> {
    let ids: Vec<FileId> = all.iter().filter_map(|b| b.file_id.some()).collect();
    if ids.is_empty() {
        return Ok(all);
    }
    let found = cx.store.files().by_ids(&ids).await?;
    let files: BTreeMap<FileId, _> = found.into_iter().map(|f| (f.info.id, f.info)).collect();
    for bookmark in &mut all {
        bookmark.file = files.get(&bookmark.file_id).cloned();
    }
    Ok(all)
}

fn check(b: &Bookmark) -> Result<(), Refusal> {
    let is_url = |text: &str| {
        text.chars().count() <= URL_MAX && Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https"))
    };
    if b.display_name.trim().is_empty() || b.display_name.chars().count() > DISPLAY_NAME_MAX {
        return Err(Refusal::BOOKMARK_NAME);
    }
    match b.kind.as_str() {
        LINK if !is_url(&b.link_url) => return Err(Refusal::BOOKMARK_LINK),
        FILE if b.file_id.is_none() => return Err(Refusal::BOOKMARK_FILE),
        LINK | FILE => {}
        _ => return Err(Refusal::BOOKMARK_TYPE),
    }
    if !b.image_url.is_empty() && !is_url(&b.image_url) {
        return Err(Refusal::BOOKMARK_IMAGE);
    }
    if !b.emoji.is_empty() && !emoji::is_valid_name(&b.emoji) {
        return Err(Refusal::BOOKMARK_EMOJI);
    }
    Ok(())
}

/// A file that somebody uploaded and that is not used elsewhere.
async fn free_file(cx: &Cx, caller: &Caller, id: FileId) -> Result<()> {
    let file = cx.store.files().by_id(id).await?.ok_or(Refusal::BOOKMARK_FILE)?.info;
    let free = file.user_id == caller.id() && file.post_id.is_none();
    if free { Ok(()) } else { Err(Refusal::BOOKMARK_FILE.into()) }
}

/// Adds a bookmark at the end.
///
/// # Errors
///
/// It cannot be one; the channel has as many as it may have.
pub async fn create(cx: &Cx, caller: &Caller, channel: &Channel, new: NewBookmark) -> Result<Bookmark> {
    let now = cx.clock.now();
    let is_file = new.kind == FILE;
    let bookmark = Bookmark {
        id: new_id(),
        create_at: now,
        update_at: now,
        channel_id: channel.id,
        owner_id: caller.id(),
        file_id: if is_file { new.file_id } else { FileId::NONE },
        display_name: new.display_name,
        link_url: if is_file { String::new() } else { new.link_url },
        image_url: new.image_url,
        emoji: new.emoji.trim_matches(':').to_owned(),
        kind: new.kind,
        ..Bookmark::default()
    };
    check(&bookmark)?;
    if is_file {
        free_file(cx, caller, bookmark.file_id).await?;
    }
    let made = bookmark.clone();
    let number = cx
        .store
        .write(move |tx| {
            let mut bookmark = made.clone();
            Box::pin(async move {
                bookmark.sort_order = tx.bookmarks().count(bookmark.channel_id).await?;
                if bookmark.sort_order >= MOST {
                    return Err(Error::from(Refusal::BOOKMARK_LIMIT));
                }
                take_file(tx, &bookmark, now).await?;
                tx.bookmarks().insert(&bookmark).await?;
                Ok(bookmark.sort_order)
            })
        })
        .await?;
    let made = with_files(cx, vec![Bookmark { sort_order: number, ..bookmark }]).await?.pop().unwrap_or_default();
    let event = Event::ChannelBookmarkCreated { bookmark: Box::new(made.clone()) };
    cx.hub.announce(&Announcement { event, to: Broadcast::channel(channel.id) });
    Ok(made)
}

/// Gives a bookmark its file, which then is its channel's to read.
async fn take_file(tx: &mut store::Tx, b: &Bookmark, now: Millis) -> Result<()> {
    let Some(file) = b.file_id.some() else { return Ok(()) };
    let taken = tx.files().attach(&[file], b.owner_id, b.id.cast(), b.channel_id, now).await?;
    if taken == 1 { Ok(()) } else { Err(Refusal::BOOKMARK_FILE.into()) }
}

/// A bookmark of a channel.
///
/// # Errors
///
/// There is none.
pub async fn find(cx: &Cx, channel: &Channel, id: AnyId) -> Result<Bookmark> {
    let found = cx.store.bookmarks().by_id(id).await?.filter(|b| b.channel_id == channel.id);
    Ok(found.ok_or(Refusal::NO_BOOKMARK)?)
}

/// Changes some fields of a bookmark.
///
/// # Errors
///
/// It cannot be what it is to be.
pub async fn patch(
    cx: &Cx,
    caller: &Caller,
    channel: &Channel,
    old: Bookmark,
    patch: BookmarkPatch,
) -> Result<Updated> {
    let now = cx.clock.now();
    let mut bookmark = Bookmark { update_at: now, ..old.clone() };
    bookmark.display_name = patch.display_name.unwrap_or(bookmark.display_name);
    bookmark.image_url = patch.image_url.unwrap_or(bookmark.image_url);
    bookmark.emoji = patch.emoji.map_or(bookmark.emoji, |name| name.trim_matches(':').to_owned());
    let mut new_file = false;
    if bookmark.kind == LINK {
        bookmark.link_url = patch.link_url.unwrap_or(bookmark.link_url);
    } else if let Some(file) = patch.file_id.filter(|file| *file != old.file_id) {
        free_file(cx, caller, file).await?;
        (bookmark.file_id, bookmark.owner_id, new_file) = (file, caller.id(), true);
    }
    check(&bookmark)?;
    let (made, place) = (bookmark.clone(), patch.sort_order.filter(|place| *place != old.sort_order));
    cx.store
        .write(move |tx| {
            let bookmark = made.clone();
            Box::pin(async move {
                if new_file {
                    take_file(tx, &bookmark, now).await?;
                }
                if !tx.bookmarks().update(&bookmark).await? {
                    return Err(Error::from(Refusal::NO_BOOKMARK));
                }
                if let Some(place) = place {
                    move_within(tx, &bookmark, place, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    bookmark.sort_order = place.unwrap_or(bookmark.sort_order);
    let updated = with_files(cx, vec![bookmark]).await?.pop().unwrap_or_default();
    let answer = Updated { updated, deleted: None };
    let event = Event::ChannelBookmarkUpdated { bookmarks: Box::new(answer.clone()) };
    cx.hub.announce(&Announcement { event, to: Broadcast::channel(channel.id) });
    Ok(answer)
}

async fn move_within(tx: &mut store::Tx, bookmark: &Bookmark, place: i64, now: Millis) -> Result<()> {
    if !(0..tx.bookmarks().count(bookmark.channel_id).await?).contains(&place) {
        return Err(Refusal::BOOKMARK_ORDER.into());
    }
    Ok(tx.bookmarks().place(bookmark, place, now).await?)
}

/// Moves a bookmark to a place; answers all in their new order.
///
/// # Errors
///
/// There is no such place.
pub async fn sort(cx: &Cx, channel: &Channel, bookmark: AnyId, place: i64) -> Result<Vec<Bookmark>> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let bookmark = tx.bookmarks().by_id(bookmark).await?.ok_or(Refusal::NO_BOOKMARK)?;
                move_within(tx, &bookmark, place, now).await
            })
        })
        .await?;
    let bookmarks = list(cx, channel, None).await?;
    let event = Event::ChannelBookmarkSorted { bookmarks: bookmarks.clone() };
    cx.hub.announce(&Announcement { event, to: Broadcast::channel(channel.id) });
    Ok(bookmarks)
}

/// Removes a bookmark; its file goes with it.
///
/// # Errors
///
/// It is gone.
pub async fn delete(cx: &Cx, channel: &Channel, bookmark: Bookmark) -> Result<Bookmark> {
    let (now, channel_id) = (cx.clock.now(), channel.id);
    cx.store
        .write(move |tx| {
            let id = bookmark.id;
            Box::pin(async move {
                let bookmark = tx.bookmarks().by_id(id).await?.ok_or(Refusal::NO_BOOKMARK)?;
                tx.bookmarks().delete(&bookmark, now).await?;
                super::files::delete_of_posts(tx, &[id.cast()], now).await?;
                let bookmark = Bookmark { delete_at: now, update_at: now, ..bookmark };
                let event = Event::ChannelBookmarkDeleted { bookmark: Box::new(bookmark.clone()) };
                tx.announce(Announcement { event, to: Broadcast::channel(channel_id) });
                Ok::<_, Error>(bookmark)
            })
        })
        .await
}
