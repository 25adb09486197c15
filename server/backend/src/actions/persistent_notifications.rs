//! Messages that notify those they mention again and again, until they acknowledge, react or reply.

use super::{
    mentions::{By, Heard},
    metadata, posts,
};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    Millis, Refusal, UserId,
    event::{Announcement, Broadcast, Event},
    posts::{Post, Priority},
};
use std::collections::BTreeSet;
use store::jobs::NotifyAgain;

const MINUTE: Millis = 60 * 1000;

/// Refuses what may not notify again and again here.
///
/// # Errors
///
/// It is switched off, or for guests; the message is not urgent.
pub fn check(cx: &Cx, caller: &Caller, asked: &Priority) -> Result<(), Refusal> {
    if !asked.persistent_notifications {
        return Ok(());
    }
    let config = &cx.settings.get().service;
    let for_them = config.allow_persistent_notifications_for_guests || !caller.user.has_role("system_guest");
    if !config.allow_persistent_notifications || !for_them {
        return Err(Refusal::PERSISTENT_OFF);
    }
    if asked.priority == Priority::URGENT { Ok(()) } else { Err(Refusal::PERSISTENT_URGENT) }
}

/// The first time a new message notifies again, if it asks for that, and how long it is until then.
///
/// # Errors
///
/// It mentions nobody by name or group, or too many.
pub fn first(cx: &Cx, post: &Post, heard: &Heard) -> Result<Option<(NotifyAgain, Millis)>, Refusal> {
    if !post.metadata.priority.as_ref().is_some_and(|asked| asked.persistent_notifications) {
        return Ok(None);
    }
    // `@channel` and its like are no names.
    let named = |by: &By| matches!(by, By::Word | By::Group | By::Conversation);
    let users: Vec<UserId> = heard.by.iter().filter(|(_, by)| named(by)).map(|(user, _)| *user).collect();
    let config = &cx.settings.get().service;
    if users.is_empty() {
        return Err(Refusal::PERSISTENT_NOBODY);
    }
    if users.len() as i64 > config.persistent_notification_max_recipients {
        return Err(Refusal::PERSISTENT_MANY);
    }
    let wait = config.persistent_notification_interval * MINUTE;
    Ok(Some((NotifyAgain { post_id: post.id, users, time: 1 }, wait)))
}

/// Notifies those who have not answered yet, and orders the next time.
///
/// # Errors
///
/// The database fails.
pub async fn notify(cx: &Cx, order: &NotifyAgain) -> Result<()> {
    let config = cx.settings.get().service.clone();
    if !config.allow_persistent_notifications {
        return Ok(());
    }
    let Some((mut post, channel)) = access::post_in_channel(cx, order.post_id).await? else { return Ok(()) };
    if channel.delete_at != 0 {
        return Ok(());
    }
    let left = unanswered(cx, &post, order).await?;
    if left.is_empty() {
        return Ok(());
    }
    metadata::complete(cx, None, [&mut post]).await?;
    let author = access::find_user(cx, post.user_id).await?.map(|u| u.username.clone()).unwrap_or_default();
    let Event::Posted(posted) = posts::announcement(&channel, &author, &post, &left, false).event else {
        return Ok(());
    };
    let now = cx.clock.now();
    let next = NotifyAgain { time: order.time + 1, ..order.clone() };
    let more = next.time <= config.persistent_notification_max_count;
    let due = now + config.persistent_notification_interval * MINUTE;
    cx.store
        .write(move |tx| {
            let (posted, left, next) = (posted.clone(), left.clone(), next.clone());
            Box::pin(async move {
                for user in left {
                    let event = Event::PersistentNotificationTriggered(posted.clone());
                    tx.announce(Announcement { event, to: Broadcast::user(user) });
                }
                if more {
                    tx.jobs().order_in(&next.slot(), new_id(), &next, now, due).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Those who are still in the channel and have done nothing about the message.
async fn unanswered(cx: &Cx, post: &Post, order: &NotifyAgain) -> Result<Vec<UserId>> {
    let mut done: BTreeSet<UserId> = BTreeSet::new();
    done.extend(cx.store.acknowledgements().of_posts(&[post.id]).await?.into_iter().map(|a| a.user_id));
    done.extend(cx.store.reactions().of_post(post.id).await?.into_iter().map(|r| r.user_id));
    done.extend(cx.store.threads().participants(&[post.id]).await?.into_iter().map(|(_, user)| user));
    let members = cx.store.channel_members().by_ids(post.channel_id, &order.users).await?;
    let there: Vec<UserId> = members.into_iter().map(|m| m.user_id).filter(|user| !done.contains(user)).collect();
    let active = cx.store.users().by_ids(&there).await?.into_iter().filter(|u| u.delete_at == 0 && !u.is_bot);
    Ok(active.map(|u| u.id).collect())
}
