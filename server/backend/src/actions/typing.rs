//! Somebody is writing: told at once, never stored.

use crate::cx::Cx;
use model::{
    ChannelId, PostId, UserId,
    event::{Announcement, Broadcast, Event},
};

/// How many notices one person may send at once, and how many more each second.
const NOTICES: (f64, f64) = (3.0, 0.5);

/// Tells the others in a channel, unless it was told moments ago.
pub fn tell(cx: &Cx, user_id: UserId, channel: ChannelId, parent_id: PostId) {
    let (burst, rate) = NOTICES;
    let allowed = cx.limits.typing.take(user_id, burst, rate, cx.clock.now()).allowed;
    if allowed && cx.settings.get().service.enable_user_typing_messages {
        let to = Broadcast::channel(channel).but(user_id);
        cx.hub.announce(&Announcement { event: Event::Typing { parent_id, user_id }, to });
    }
}
