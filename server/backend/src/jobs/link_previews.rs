//! Looks at what a message links to, and shows it to those who see the message.

use super::{Run, Running};
use crate::{
    access,
    actions::{metadata, previews},
    cx::Cx,
    error::{Error, Result},
};
use model::{
    Refusal,
    event::{Announcement, Broadcast, Event},
    posts::Post,
};
use store::link_previews::PreviewLinks;

/// The most people who are shown at once what others may not see.
const SHOWN_MAX: usize = 200;

impl Run for PreviewLinks {
    const ATTEMPTS: i64 = 3;

    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        let Some(kept) = cx.store.posts().by_id(self.post_id).await?.filter(|p| p.delete_at == 0) else {
            return Ok(());
        };
        if !previews::look(cx, &kept).await? {
            return Ok(());
        }
        let mut shown = kept.clone();
        metadata::complete(cx, None, [&mut shown]).await?;
        let seen = shown.metadata.embeds.len() + shown.metadata.images.len();
        if seen > 0 {
            let (id, version) = (kept.id, kept.update_at);
            cx.store
                .write(move |tx| {
                    let post = Box::new(shown.clone());
                    Box::pin(async move {
                        // Who changed it meanwhile told so, and this would take it back: looked at once more.
                        if tx.posts().by_id(id).await?.is_some_and(|now| now.update_at != version) {
                            return Err(Error::from(Refusal::NO_POST));
                        }
                        let to = Broadcast::channel(post.channel_id);
                        tx.announce(Announcement { event: Event::PostEdited { post }, to });
                        Ok(())
                    })
                })
                .await?;
        }
        show_to_those_who_may(cx, &kept, seen).await
    }
}

/// A message that quotes one of another channel is shown with the quotation to those who may read that.
async fn show_to_those_who_may(cx: &Cx, post: &Post, seen: usize) -> Result<()> {
    if !previews::quotes_elsewhere(cx, post).await? {
        return Ok(());
    }
    for user in cx.hub.present(post.channel_id, SHOWN_MAX) {
        let Ok(viewer) = access::acting_as(cx, user).await else { continue };
        let mut shown = post.clone();
        metadata::complete(cx, Some(&viewer), [&mut shown]).await?;
        if shown.metadata.embeds.len() + shown.metadata.images.len() > seen {
            let to = Broadcast { channel_id: post.channel_id, ..Broadcast::user(user) };
            cx.hub.announce(&Announcement { event: Event::PostEdited { post: Box::new(shown) }, to });
        }
    }
    Ok(())
}
