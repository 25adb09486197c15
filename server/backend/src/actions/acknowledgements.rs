//! Saying that one has seen a post that asked for it.

use crate::{
    cx::Cx,
    error::{Error, Result},
};
use model::{
    Millis, Refusal, UserId,
    channels::Channel,
    event::{Announcement, Broadcast, Event},
    posts::{Acknowledgement, Post},
};

/// For how long it can be taken back. Mattermost: the same.
const TAKEN_BACK_FOR: Millis = 5 * 60 * 1000;

/// Notes that somebody has seen a post; twice is allowed, and announced once.
///
/// # Errors
///
/// The post does not ask for it; the channel is archived.
pub async fn add(cx: &Cx, user: UserId, post: &Post, channel: &Channel) -> Result<Acknowledgement> {
    if !post.metadata.priority.as_ref().is_some_and(|asked| asked.requested_ack) {
        return Err(Refusal::ACK_NOT_ASKED.into());
    }
    if channel.delete_at != 0 {
        return Err(Refusal::ACK_ARCHIVED.into());
    }
    let (post_id, channel_id) = (post.id, channel.id);
    let said = Acknowledgement { user_id: user, post_id, channel_id, acknowledged_at: cx.clock.now() };
    cx.store
        .write(move |tx| {
            let acknowledgement = said.clone();
            Box::pin(async move {
                if !tx.acknowledgements().add(&acknowledgement).await? {
                    let before = tx.acknowledgements().one(post_id, user).await?;
                    return Ok::<_, Error>(before.unwrap_or(acknowledgement));
                }
                let event = Event::PostAcknowledgementAdded { acknowledgement: acknowledgement.clone() };
                tx.announce(Announcement { event, to: Broadcast::channel(channel_id) });
                Ok(acknowledgement)
            })
        })
        .await
}

/// Takes it back.
///
/// # Errors
///
/// It was not said, or too long ago; the channel is archived.
pub async fn remove(cx: &Cx, user: UserId, post: &Post, channel: &Channel) -> Result<()> {
    if channel.delete_at != 0 {
        return Err(Refusal::ACK_ARCHIVED.into());
    }
    let (post_id, channel_id, now) = (post.id, channel.id, cx.clock.now());
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let said = tx.acknowledgements().one(post_id, user).await?.ok_or(Refusal::NO_ACK)?;
                if now - said.acknowledged_at > TAKEN_BACK_FOR {
                    return Err(Error::from(Refusal::ACK_LATE));
                }
                tx.acknowledgements().remove(post_id, user, now).await?;
                let acknowledgement = Acknowledgement { acknowledged_at: 0, ..said };
                let event = Event::PostAcknowledgementRemoved { acknowledgement };
                tx.announce(Announcement { event, to: Broadcast::channel(channel_id) });
                Ok(())
            })
        })
        .await
}
