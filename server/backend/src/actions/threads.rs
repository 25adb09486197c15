//! Threads: who follows them, and what they have read.

use super::{mentions, users::shown_to_others};
use crate::{
    access,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, Millis, PostId, Refusal, TeamId, UserId,
    channels::Channel,
    event::{Announcement, Broadcast, Event},
    posts::{Post, Thread},
    users::User,
};
use std::collections::{BTreeMap, HashMap, hash_map::Entry};
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
    let mut called = mentioned.to_vec();
    if root.user_id != author && !root.is_system() && !mentioned.contains(&root.user_id) {
        called.push(root.user_id);
    }
    tx.threads().follow(root.id, &called, 0, now).await?;
    tx.threads().mention(root.id, mentioned, now).await?;
    Ok(())
}

/// Tells those who follow a thread and are connected how it stands now; not on the request's path.
///
/// A thread's followers are told by one task at a time, so that what is older never comes after what is newer; replies
/// that are written meanwhile are told of together.
pub fn tell_followers(cx: &Cx, root: PostId, team_id: TeamId) {
    match cx.telling.lock().entry(root) {
        Entry::Occupied(mut again) => {
            again.insert(true);
            return;
        }
        Entry::Vacant(free) => free.insert(false),
    };
    let cx = cx.clone();
    cx.tasks.clone().spawn(async move {
        loop {
            if let Err(Error::Internal(error)) = tell(&cx, root, team_id).await {
                tracing::error!(error = format!("{error:#}"), "followers of a thread were not told of a reply");
            }
            let mut telling = cx.telling.lock();
            if telling.insert(root, false) != Some(true) {
                telling.remove(&root);
                return;
            }
        }
    });
}

/// Tells those who follow a thread and are connected that it was deleted, so that they count it no longer.
pub fn tell_of_end(cx: &Cx, root: PostId, team_id: TeamId) {
    let cx = cx.clone();
    cx.tasks.clone().spawn(async move {
        let followers = match cx.store.threads().followers(root).await {
            Ok(followers) => followers,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "followers of a thread were not told of its end");
                return;
            }
        };
        for member in followers.iter().filter(|m| cx.hub.is_online(m.user_id)) {
            let event = Event::ThreadFollowChanged { thread_id: root, state: false, reply_count: 0 };
            let to = Broadcast { team_id, ..Broadcast::user(member.user_id) };
            cx.hub.announce(&Announcement { event, to });
        }
    });
}

/// Tells them, and those whose reading changed in between once more: the news of that may have come first.
async fn tell(cx: &Cx, root: PostId, team_id: TeamId) -> Result<()> {
    let mut told: HashMap<UserId, ThreadMember> = HashMap::new();
    loop {
        let mut members = cx.store.threads().followers(root).await?;
        members.retain(|m| told.get(&m.user_id) != Some(m) && cx.hub.is_online(m.user_id));
        if members.is_empty() {
            return Ok(());
        }
        let Some(post) = cx.store.posts().by_id(root).await? else { return Ok(()) };
        let replied = cx.store.threads().participants(&[root]).await?.into_iter().map(|(_, user)| user);
        let participants = participants(cx, &post, replied).await?;
        let users: Vec<UserId> = members.iter().map(|m| m.user_id).collect();
        let unread: HashMap<_, _> = cx.store.threads().unread_by_user(root, &users).await?.into_iter().collect();
        for member in members {
            let user = member.user_id;
            let unread = unread.get(&user).copied().unwrap_or(0);
            let thread = Box::new(seen_by(&member, post.clone(), participants.clone(), unread));
            let event = Event::ThreadUpdated { thread, previous_unread_mentions: 0, previous_unread_replies: 0 };
            cx.hub.announce(&Announcement { event, to: Broadcast { team_id, ..Broadcast::user(user) } });
            told.insert(user, member);
        }
    }
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
        let (Some(member), Some(post)) = (members.get(root), posts.remove(root)) else { continue };
        let participants = participants(cx, &post, people.remove(root).unwrap_or_default()).await?;
        threads.push(seen_by(member, post, participants, unread.get(root).copied().unwrap_or(0)));
    }
    Ok(threads)
}

/// Who takes part in a thread after a reply was deleted.
///
/// # Errors
///
/// The database fails.
pub async fn left_in(cx: &Cx, tx: &mut Tx, root: &Post) -> Result<Vec<User>> {
    if root.reply_count == 0 {
        return Ok(Vec::new());
    }
    let mut ids: Vec<UserId> = tx.threads().participants(&[root.id]).await?.into_iter().map(|(_, user)| user).collect();
    ids.push(root.user_id);
    Ok(tx.users().by_ids(&ids).await?.iter().map(|user| shown_to_others(cx, user)).collect())
}

/// Who takes part in a thread: those who replied, and who began it.
async fn participants(cx: &Cx, root: &Post, replied: impl IntoIterator<Item = UserId>) -> Result<Vec<User>> {
    let mut found: Vec<User> = Vec::new();
    if root.reply_count == 0 {
        return Ok(found);
    }
    for id in replied.into_iter().chain([root.user_id]) {
        if found.iter().all(|user| user.id != id)
            && let Some(user) = access::find_user(cx, id).await?
        {
            found.push(shown_to_others(cx, &user));
        }
    }
    Ok(found)
}

/// A thread as somebody who follows it sees it.
fn seen_by(member: &ThreadMember, mut post: Post, participants: Vec<User>, unread_replies: i64) -> Thread {
    Thread {
        id: post.id,
        reply_count: post.reply_count,
        last_reply_at: post.last_reply_at,
        last_viewed_at: member.last_viewed,
        participants,
        unread_replies,
        unread_mentions: member.unread_mentions,
        is_urgent: false,
        delete_at: 0,
        post: {
            // Mattermost: the thread has them, its post has not.
            (post.reply_count, post.last_reply_at) = (0, 0);
            post
        },
    }
}

/// Marks a thread as read up to a moment.
pub async fn read(cx: &Cx, user: UserId, root: &Post, team_id: TeamId, at: Millis) -> Result<()> {
    let (root_id, channel_id, now) = (root.id, root.channel_id, cx.clock.now());
    // A reader's clock may be ahead; what is written until then would never be new.
    let at = at.min(now);
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

/// Marks a thread as unread from one of its posts on.
///
/// # Errors
///
/// The person does not follow the thread; the post is not of it.
pub async fn set_unread(cx: &Cx, user: UserId, root: &Post, channel: &Channel, from: PostId) -> Result<()> {
    let posts = cx.store.posts().thread(root.id).await?;
    let at = posts.iter().find(|p| p.id == from).ok_or(Refusal::NO_POST)?.create_at;
    let later = posts.iter().filter(|p| p.root_id == root.id && p.create_at >= at && p.user_id != user);
    let (mut unread_replies, mut unread_mentions) = (0, 0);
    for reply in later {
        unread_replies += 1;
        unread_mentions += i64::from(mentions::of(cx, channel, reply, Some(root)).await?.users.contains(&user));
    }
    let (root_id, channel_id, team_id, now) = (root.id, channel.id, channel.team_id, cx.clock.now());
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let before = tx.threads().get(root_id, user).await?.ok_or(Refusal::NO_POST)?;
                let member = ThreadMember { last_viewed: at - 1, unread_mentions, last_updated: now, ..before };
                tx.threads().save(&member).await?;
                let event = Event::ThreadReadChanged {
                    thread_id: root_id,
                    timestamp: at - 1,
                    unread_mentions,
                    unread_replies,
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
