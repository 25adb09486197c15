//! Followed threads: their list, what is unread of them, following and stopping.

use super::{
    Routes,
    extract::{Done, Json, Path, Query},
    guard::{Guard, Whose},
};
use crate::{access, actions, cx::Cx, error::Result};
use model::{
    ChannelId, Millis, PostId, Refusal, TeamId,
    endpoint::Method,
    permission::Permission,
    posts::{
        FollowThread, GetFollowedThread, ListThreads, Post, ReadAllThreads, ReadThread, Thread, Threads, ThreadsQuery,
        UnfollowThread,
    },
};
use std::collections::BTreeMap;
use store::threads::Which;

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::Me(Permission::EditOtherUsers);
    r.on::<ListThreads, _>(own, list)
        .on::<ReadAllThreads, _>(own, read_all)
        .on::<GetFollowedThread, _>(own, get)
        .on::<ReadThread, _>(own, read)
        .on::<FollowThread, _>(own, follow)
        .on::<UnfollowThread, _>(own, unfollow)
        .at(Method::Post, "/users/{user_id}/teams/{team_id}/threads/{thread_id}/set_unread/{post_id}", own, set_unread)
        .at(Method::Put, "/users/{user_id}/teams/{team_id}/threads/{thread_id}/set_unread/{post_id}", own, set_unread)
        .at(Method::Get, "/users/{user_id}/teams/{team_id}/threads/mention_counts", own, mention_counts)
}

async fn list(
    cx: Cx,
    Whose(user): Whose,
    Path((_, team)): Path<(String, TeamId)>,
    Query(query): Query<ThreadsQuery>,
) -> Result<Json<Threads>> {
    let is = |text: &Option<String>| text.as_deref() == Some("true");
    let at = if is(&query.at) { cx.clock.now() } else { 0 };
    let counts = cx.store.threads().counts(user, team).await?;
    let mut threads = Vec::new();
    if !is(&query.totals_only) {
        let limit = query.per_page.as_deref().or(query.page_size.as_deref()).and_then(|t| t.parse().ok());
        let which = Which {
            team,
            unread: is(&query.unread),
            before: last_reply(&cx, query.before.as_deref()).await?,
            after: match last_reply(&cx, query.after.as_deref()).await? {
                Some(at) => Some(at),
                None => query.since.as_deref().and_then(|t| t.parse().ok()),
            },
            limit: limit.filter(|l| (1..=200).contains(l)).unwrap_or(30),
        };
        let ids: Vec<PostId> = cx.store.threads().of_user(user, &which).await?.iter().map(|m| m.post_id).collect();
        threads = actions::threads::list(&cx, user, &ids).await?;
    }
    Ok(Json(Threads {
        total: counts.total,
        total_unread_threads: counts.unread,
        total_unread_mentions: counts.unread_mentions,
        threads,
        at,
    }))
}

/// When the last reply in a thread was made, for paging by a thread's id.
async fn last_reply(cx: &Cx, id: Option<&str>) -> Result<Option<Millis>> {
    let Some(id) = id.and_then(|t| t.parse().ok()) else { return Ok(None) };
    Ok(cx.store.posts().by_id(id).await?.map(|p| p.last_reply_at))
}

/// The thread's root, which the caller has to be able to read.
async fn root(cx: &Cx, caller: &access::Caller, id: PostId) -> Result<Post> {
    let (post, channel) = access::post_in_channel(cx, id).await?.ok_or(Refusal::NO_POST)?;
    if !access::may_read(cx, caller, &channel).await? {
        return Err(Refusal::missing(Permission::ReadChannel).into());
    }
    Ok(post)
}

async fn get(
    cx: Cx,
    caller: access::Caller,
    Whose(user): Whose,
    Path((_, _, id)): Path<(String, TeamId, PostId)>,
) -> Result<Json<Thread>> {
    root(&cx, &caller, id).await?;
    let thread = actions::threads::list(&cx, user, &[id]).await?.pop();
    Ok(Json(thread.ok_or(Refusal::NO_POST)?))
}

async fn read(
    cx: Cx,
    caller: access::Caller,
    Whose(user): Whose,
    Path((_, team, id, at)): Path<(String, TeamId, PostId, Millis)>,
) -> Result<Json<Thread>> {
    let post = root(&cx, &caller, id).await?;
    actions::threads::read(&cx, user, &post, team, at).await?;
    let thread = actions::threads::list(&cx, user, &[id]).await?.pop();
    Ok(Json(thread.ok_or(Refusal::NO_POST)?))
}

async fn set_unread(
    cx: Cx,
    caller: access::Caller,
    Whose(user): Whose,
    Path((_, _, id, from)): Path<(String, TeamId, PostId, PostId)>,
) -> Result<Json<Thread>> {
    let post = root(&cx, &caller, id).await?;
    let channel = access::channel(&cx, post.channel_id).await?;
    actions::threads::set_unread(&cx, user, &post, &channel, from).await?;
    let thread = actions::threads::list(&cx, user, &[id]).await?.pop();
    Ok(Json(thread.ok_or(Refusal::NO_POST)?))
}

async fn mention_counts(
    cx: Cx,
    Whose(user): Whose,
    Path((_, team)): Path<(String, TeamId)>,
) -> Result<Json<BTreeMap<ChannelId, i64>>> {
    Ok(Json(cx.store.threads().mentions(user, team).await?.into_iter().collect()))
}

async fn read_all(cx: Cx, Whose(user): Whose, Path((_, team)): Path<(String, TeamId)>) -> Result<Done> {
    actions::threads::read_all(&cx, user, team).await?;
    Ok(Done)
}

async fn follow(
    cx: Cx,
    caller: access::Caller,
    Whose(user): Whose,
    Path((_, team, id)): Path<(String, TeamId, PostId)>,
) -> Result<Done> {
    let post = root(&cx, &caller, id).await?;
    actions::threads::follow(&cx, user, &post, team, true).await?;
    Ok(Done)
}

async fn unfollow(
    cx: Cx,
    caller: access::Caller,
    Whose(user): Whose,
    Path((_, team, id)): Path<(String, TeamId, PostId)>,
) -> Result<Done> {
    let post = root(&cx, &caller, id).await?;
    actions::threads::follow(&cx, user, &post, team, false).await?;
    Ok(Done)
}
