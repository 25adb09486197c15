//! Reactions: adding and taking back.

use crate::{
    access::{self, Caller},
    cx::Cx,
    error::{Error, Result},
};
use model::{
    PostId, Refusal, UserId,
    channels::Channel,
    event::{Announcement, Broadcast, Event},
    permission::Permission,
    posts::Post,
    reactions::{NewReaction, Reaction},
    text::emoji,
};

/// The longest name of an emoji, in characters.
const NAME_MAX: usize = 64;

/// Adds a reaction; twice is allowed, and announced once.
///
/// # Errors
///
/// It is for somebody else, for no post, or with no emoji's name; the caller may not react there.
pub async fn add(cx: &Cx, caller: &Caller, new: NewReaction) -> Result<Reaction> {
    let invalid = || Error::from(Refusal::REACTION_INVALID);
    let user_id: UserId = new.user_id.parse().map_err(|_| invalid())?;
    let post_id: PostId = new.post_id.parse().map_err(|_| invalid())?;
    if new.emoji_name.is_empty() || new.emoji_name.len() > NAME_MAX {
        return Err(invalid());
    }
    if user_id != caller.id() {
        return Err(Refusal::REACTION_USER.into());
    }
    let refused = Refusal::missing(Permission::AddReaction);
    let post = cx.store.posts().by_id(post_id).await?.ok_or(refused)?;
    let channel = access::channel(cx, post.channel_id).await?;
    access::must_in_channel(cx, caller, &channel, Permission::AddReaction).await?;
    if post.delete_at != 0 {
        return Err(Refusal::NO_POST.into());
    }
    if !emoji::is_valid_name(&new.emoji_name) {
        return Err(Refusal::REACTION_EMOJI.into());
    }
    if channel.delete_at != 0 {
        return Err(Refusal::REACTION_ARCHIVED.into());
    }
    let now = cx.clock.now();
    let reaction = Reaction {
        user_id,
        post_id,
        emoji_name: new.emoji_name,
        create_at: now,
        update_at: now,
        channel_id: channel.id,
        ..Reaction::default()
    };
    let answer = reaction.clone();
    cx.store
        .write(move |tx| {
            let reaction = reaction.clone();
            Box::pin(async move {
                if tx.reactions().add(&reaction).await? {
                    let to = Broadcast::channel(reaction.channel_id);
                    tx.announce(Announcement { event: Event::ReactionAdded { reaction: on_the_wire(reaction) }, to });
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(on_the_wire(answer))
}

/// The channel is known from the post.
fn on_the_wire(reaction: Reaction) -> Reaction {
    Reaction { channel_id: model::ChannelId::NONE, ..reaction }
}

/// Takes a reaction back; one that is not there changes nothing.
///
/// # Errors
///
/// It is somebody else's, and the caller may not remove those.
pub async fn remove(cx: &Cx, caller: &Caller, of: UserId, post: &Post, channel: &Channel, name: String) -> Result<()> {
    let needed = if of == caller.id() { Permission::RemoveReaction } else { Permission::RemoveOthersReactions };
    access::must_in_channel(cx, caller, channel, needed).await?;
    let (post_id, channel_id, now) = (post.id, channel.id, cx.clock.now());
    cx.store
        .write(move |tx| {
            let emoji_name = name.clone();
            Box::pin(async move {
                if tx.reactions().remove(of, post_id, &emoji_name, now).await? {
                    let reaction = Reaction { user_id: of, post_id, emoji_name, ..Reaction::default() };
                    let to = Broadcast::channel(channel_id);
                    tx.announce(Announcement { event: Event::ReactionRemoved { reaction }, to });
                }
                Ok::<_, Error>(())
            })
        })
        .await
}
