//! Threads: who follows them, and what they have read.

use super::users::shown_to_others;
use crate::{
    access,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, Millis, PostId, Refusal, TeamId, UserId,
    event::{Announcement, Broadcast, Event},
    posts::{Post, Thread},
};
use std::collections::BTreeMap;
use store::{Tx, threads::ThreadMember};

/// A reply was written: its author, the root's author and those mentioned follow, unless they said otherwise.
pub async fn replied(tx: &mut Tx, root: &Post, reply: &Post, mentioned: &[UserId], now: Millis) -> Result<()> {
    let author = reply.user_id;
    let before = tx.threads().get(root.id, author).await?;
    let is_following = before.is_none_or(|m| m.is_following);
    let member = ThreadMember {
        post_id: root.id,
        user_id: author,
        is_following,
        last_viewed: reply.create_at,
        unread_mentions: 0,
        last_updated: now,
    };
    tx.threads().save(&member).await?;
    if root.user_id != author && !root.is_system() {
        tx.threads().follow(root.id, root.user_id, 0, now).await?;
    }
    for user in mentioned {
        tx.threads().follow(root.id, *user, 0, now).await?;
    }
    tx.threads().mention(root.id, mentioned, now).await?;
    Ok(())
}

/// Tells those who follow a thread and are connected how it stands now; not on the request's path.
pub fn tell_followers(cx: &Cx, root: PostId, team_id: TeamId) {
    let cx = cx.clone();
    cx.tasks.clone().spawn(async move {
        if let Err(Error::Internal(error)) = tell(&cx, root, team_id).await {
            tracing::error!(error = format!("{error:#}"), "followers of a thread were not told of a reply");
        }
    });
}

async fn tell(cx: &Cx, root: PostId, team_id: TeamId) -> Result<()> {
    let followers = cx.store.threads().followers(root).await?;
    for user in followers.into_iter().filter(|u| cx.hub.is_online(*u)) {
        let Some(thread) = list(cx, user, &[root]).await?.pop() else { continue };
        let event =
            Event::ThreadUpdated { thread: Box::new(thread), previous_unread_mentions: 0, previous_unread_replies: 0 };
        cx.hub.announce(&Announcement { event, to: Broadcast { team_id, ..Broadcast::user(user) } });
    }
    Ok(())
}

/// Threads as one person who follows them sees them, in the order asked for.
pub async fn list(cx: &Cx, user: UserId, roots: &[PostId]) -> Result<Vec<Thread>> {
    let followed = cx.store.threads().of_posts(roots, user).await?;
    let members: BTreeMap<PostId, ThreadMember> = followed.into_iter().map(|m| (m.post_id, m)).collect();
    let mut posts: BTreeMap<PostId, Post> =
        cx.store.posts().by_ids(roots).await?.into_iter().map(|p| (p.id, p)).collect();
    let unread: BTreeMap<PostId, i64> = cx.store.threads().unread_replies(roots, user).await?.into_iter().collect();
    let mut people: BTreeMap<PostId, Vec<UserId>> = BTreeMap::new();
    for (root, user) in cx.store.threads().participants(roots).await? {
        people.entry(root).or_default().push(user);
    }
    let mut threads = Vec::with_capacity(roots.len());
    for root in roots {
        let (Some(member), Some(mut post)) = (members.get(root), posts.remove(root)) else { continue };
        let mut participants = Vec::new();
        for id in people.remove(root).unwrap_or_default().into_iter().chain([post.user_id]) {
            if participants.iter().any(|p: &model::users::User| p.id == id) {
                continue;
            }
            if let Some(user) = access::find_user(cx, id).await? {
                participants.push(shown_to_others(cx, &user));
            }
        }
        threads.push(Thread {
            id: *root,
            reply_count: post.reply_count,
            last_reply_at: post.last_reply_at,
            last_viewed_at: member.last_viewed,
            participants,
            unread_replies: unread.get(root).copied().unwrap_or(0),
            unread_mentions: member.unread_mentions,
            is_urgent: false,
            delete_at: 0,
            post: {
                // Mattermost: the thread has them, its post has not.
                (post.reply_count, post.last_reply_at) = (0, 0);
                post
            },
        });
    }
    Ok(threads)
}

/// Marks a thread as read up to a moment.
pub async fn read(cx: &Cx, user: UserId, root: &Post, team_id: TeamId, at: Millis) -> Result<()> {
    let (root_id, channel_id, now) = (root.id, root.channel_id, cx.clock.now());
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let before = tx.threads().get(root_id, user).await?.ok_or(Refusal::NO_POST)?;
                let member = ThreadMember { last_viewed: at, unread_mentions: 0, last_updated: now, ..before };
                tx.threads().save(&member).await?;
                let event = Event::ThreadReadChanged {
                    thread_id: root_id,
                    timestamp: at,
                    unread_mentions: 0,
                    unread_replies: 0,
                    channel_id,
                };
                tx.announce(Announcement { event, to: Broadcast { team_id, ..Broadcast::user(user) } });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Marks all threads of a team as read.
pub async fn read_all(cx: &Cx, user: UserId, team_id: TeamId) -> Result<()> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.threads().read_all(user, team_id, now).await?;
                let event = Event::ThreadReadChanged {
                    thread_id: PostId::NONE,
                    timestamp: now,
                    unread_mentions: 0,
                    unread_replies: 0,
                    channel_id: ChannelId::NONE,
                };
                tx.announce(Announcement { event, to: Broadcast { team_id, ..Broadcast::user(user) } });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Follows a thread, or stops.
pub async fn follow(cx: &Cx, user: UserId, root: &Post, team_id: TeamId, state: bool) -> Result<()> {
    let (root_id, reply_count, now) = (root.id, root.reply_count, cx.clock.now());
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let fresh = ThreadMember {
                    post_id: root_id,
                    user_id: user,
                    is_following: state,
                    last_viewed: now,
                    unread_mentions: 0,
                    last_updated: now,
                };
                let before = tx.threads().get(root_id, user).await?.unwrap_or(fresh);
                tx.threads().save(&ThreadMember { is_following: state, last_updated: now, ..before }).await?;
                let event = Event::ThreadFollowChanged { thread_id: root_id, state, reply_count };
                tx.announce(Announcement { event, to: Broadcast { team_id, ..Broadcast::user(user) } });
                Ok::<_, Error>(())
            })
        })
        .await
}
