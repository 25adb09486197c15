//! Messages that burn after reading. Their text is kept apart: whoever reads posts, searches, exports or is notified finds
//! it empty, and whoever may read the post asks for it. From then on it is shown to them for a while. The message is
//! deleted when everybody's time is over, and in any case after some days.

use super::posts;
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    Millis, PostId, Refusal,
    channels::Channel,
    event::{Announcement, Broadcast, Event},
    posts::{BURN_ON_READ, Post},
};
use store::{Tx, jobs::Burn};

const SECOND: Millis = 1000;

/// Refuses everything where there are no such messages.
///
/// # Errors
///
/// [`Refusal::BURN_ON_READ_OFF`].
fn on(cx: &Cx) -> Result<(), Refusal> {
    if cx.settings.get().service.enable_burn_on_read { Ok(()) } else { Err(Refusal::BURN_ON_READ_OFF) }
}

/// Takes the text out of a new post, if it is to burn after reading.
///
/// # Errors
///
/// Such messages are switched off; it answers another, or has files.
pub fn take(cx: &Cx, post: &mut Post) -> Result<Option<String>, Refusal> {
    if post.kind != BURN_ON_READ {
        return Ok(None);
    }
    on(cx)?;
    if post.root_id.is_some() || !post.file_ids.is_empty() || post.message.trim().is_empty() {
        return Err(Refusal::BURN_ON_READ_ROOT);
    }
    post.props.clear();
    Ok(Some(std::mem::take(&mut post.message)))
}

/// Keeps the text of a new post, and has the message deleted in time.
///
/// # Errors
///
/// The database fails.
pub async fn keep(tx: &mut Tx, cx: &Cx, post: PostId, text: &str, now: Millis) -> Result<()> {
    let end = now + cx.settings.get().service.burn_on_read_maximum_time_to_live_seconds * SECOND;
    tx.burning().keep(post, text, end).await?;
    Ok(tx.jobs().order(new_id(), &Burn { post_id: post }, now, end).await?)
}

/// Shows somebody a text. To its author always; to others for a while from when they first ask.
///
/// # Errors
///
/// It is no such message; the while is over.
pub async fn reveal(cx: &Cx, caller: &Caller, post: &Post) -> Result<Post> {
    on(cx)?;
    if post.kind != BURN_ON_READ {
        return Err(Refusal::BURN_ON_READ_OTHER.into());
    }
    let (text, end) = cx.store.burning().text(post.id).await?.ok_or(Refusal::NO_POST)?;
    let mut shown = post.clone();
    shown.message = text;
    shown.metadata.expire_at = end;
    if post.user_id == caller.id() {
        return Ok(shown);
    }
    let now = cx.clock.now();
    let until = now + cx.settings.get().service.burn_on_read_duration_seconds * SECOND;
    let (id, reader, author, told) = (post.id, caller.id(), post.user_id, post.clone());
    let until = until.min(end);
    shown.metadata.expire_at = cx
        .store
        .write(move |tx| {
            let told = told.clone();
            Box::pin(async move {
                if !tx.burning().show(id, reader, until).await? {
                    return Ok::<_, Error>(tx.burning().reader(id, reader).await?.unwrap_or(0));
                }
                let event = Event::PostRevealed { post: Box::new(told), recipients: vec![reader] };
                tx.announce(Announcement { event, to: Broadcast::user(author) });
                if tx.burning().left(id).await? == 0 {
                    tx.jobs().order(new_id(), &Burn { post_id: id }, now, until).await?;
                    let event = Event::BurnOnReadAllRevealed { post_id: id, sender_expire_at: until };
                    tx.announce(Announcement { event, to: Broadcast::user(author) });
                }
                Ok(until)
            })
        })
        .await?;
    if shown.metadata.expire_at <= now {
        return Err(Refusal::BURN_ON_READ_OVER.into());
    }
    Ok(shown)
}

/// Ends it: for everybody if the author does, and otherwise for the caller, to whom it was shown.
///
/// # Errors
///
/// It is no such message; it is not shown to the caller.
pub async fn burn(cx: &Cx, caller: &Caller, post: &Post, channel: &Channel) -> Result<()> {
    on(cx)?;
    if post.kind != BURN_ON_READ {
        return Err(Refusal::BURN_ON_READ_OTHER.into());
    }
    if post.user_id == caller.id() {
        return posts::delete(cx, caller, post, channel).await;
    }
    let (id, reader, now) = (post.id, caller.id(), cx.clock.now());
    let ended = cx.store.write(move |tx| {
        Box::pin(async move {
            let ended = tx.burning().end(id, reader, now).await?;
            if ended {
                let event = Event::PostBurned { post_id: id };
                tx.announce(Announcement { event, to: Broadcast::user(reader) });
            }
            Ok::<_, Error>(ended)
        })
    });
    if ended.await? { Ok(()) } else { Err(Refusal::BURN_ON_READ_OVER.into()) }
}

/// Deletes a message whose time is over.
///
/// # Errors
///
/// The database fails.
pub async fn end(cx: &Cx, id: PostId) -> Result<()> {
    match access::post_in_channel(cx, id).await? {
        Some((post, channel)) if post.delete_at == 0 => posts::remove(cx, &post, &channel, post.user_id).await,
        _ => Ok(()),
    }
}
