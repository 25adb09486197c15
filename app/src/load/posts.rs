//! Messages: those of a channel, of a thread, and those found elsewhere; and that they were looked at.

use futures::join;
use model::{
    ChannelId, Millis, PostId, TeamId,
    channels::{ChannelView, ViewChannel},
    files::{FileInfo, SearchFiles},
    posts::*,
    system::Page,
};

use super::{
    channels::{bookmarks, count_members},
    me,
};
use crate::{
    browser,
    chat::Chat,
    client::{Client, Failure},
    later::later,
    state::{Model, take::Fit},
};

/// How many posts a page begins with, on each side of the first unread one.
pub(super) const FIRST: usize = 30;
/// How many posts are fetched at a time after that.
const PAGE: usize = 60;

pub(super) async fn get_thread(client: &Client, root: PostId) -> Result<PostList, Failure> {
    let query = PostsQuery { collapsed_threads: Some("true".into()), ..PostsQuery::default() };
    client.send(GetThread { post_id: root, query, body: () }).await
}

/// Whether lists of a channel's posts are to be without replies.
pub(super) fn collapsed(model: &Model) -> Option<String> {
    (!model.is_flat()).then(|| "true".into())
}

pub(super) async fn posts_to_open(
    client: &Client,
    channel: ChannelId,
    each_side: usize,
    around: PostId,
    collapsed_threads: Option<String>,
) -> Result<PostList, Failure> {
    if around.is_some() {
        return posts_around(client, channel, around, collapsed_threads).await;
    }
    let query = PostsQuery {
        limit_before: Some(each_side.to_string()),
        limit_after: Some(each_side.to_string()),
        collapsed_threads,
        ..PostsQuery::default()
    };
    client.send(ListPostsAroundUnread { user_id: me(), channel_id: channel, query, body: () }).await
}

/// The posts on both sides of one, and itself.
async fn posts_around(
    client: &Client,
    channel: ChannelId,
    id: PostId,
    collapsed_threads: Option<String>,
) -> Result<PostList, Failure> {
    let side = |before: bool| {
        let id = Some(id.to_string());
        let query = PostsQuery {
            per_page: Some(FIRST.to_string()),
            before: if before { id.clone() } else { None },
            after: if before { None } else { id },
            collapsed_threads: collapsed_threads.clone(),
            ..PostsQuery::default()
        };
        client.send(ListPosts { channel_id: channel, query, body: () })
    };
    let (before, after, post) =
        join!(side(true), side(false), client.send(GetPost { post_id: id, query: (), body: () }));
    let (before, mut list, post) = (before?, after?, post?);
    list.order.push(id);
    list.order.extend(before.order);
    list.posts.extend(before.posts);
    list.posts.insert(id, post);
    list.prev_post_id = before.prev_post_id;
    Ok(list)
}

later! {
    /// Brings a channel's posts that are not here, and counts its members.
    pub async fn open(chat: Chat, id: ChannelId, target: Option<PostId>) -> Result<(), Failure> {
        let client = chat.client();
        let (have, stale, counted) = chat.peek(|m| {
            let stretch = m.stretches.get(&id);
            let has_target = target.is_none_or(|t| stretch.is_some_and(|s| s.order.contains(&t)));
            (stretch.is_some() && has_target, stretch.is_some_and(|s| s.stale), m.member_counts.contains_key(&id))
        });
        let around = async {
            if !counted {
                join!(count_members(chat, id), bookmarks(chat, id));
            }
        };
        let posts = async {
            if !have {
                let list = posts_to_open(&client, id, FIRST, target.unwrap_or_default(), chat.peek(collapsed)).await?;
                chat.update(|m| m.take_posts(id, list, Fit::Whole));
            } else if stale {
                since(chat, id).await?;
            }
            Ok(())
        };
        join!(around, posts).1
    }
}

/// Brings what has changed in a channel since it was last certain.
pub(super) async fn since(chat: Chat, id: ChannelId) -> Result<(), Failure> {
    let latest = chat.peek(|m| m.latest_change(id));
    if latest == 0 {
        return latest_posts(chat, id).await;
    }
    let query = PostsQuery { since: Some(latest.to_string()), ..PostsQuery::default() };
    let list = chat.client().send(ListPosts { channel_id: id, query, body: () }).await?;
    if list.posts.len() >= 500 {
        return latest_posts(chat, id).await; // more than can be told at once: begin anew
    }
    chat.update(|m| m.take_posts(id, list, Fit::Since));
    Ok(())
}

later! {
    /// Shows the end of a channel.
    pub async fn latest_posts(chat: Chat, id: ChannelId) -> Result<(), Failure> {
        let query = PostsQuery {
            per_page: Some(PAGE.to_string()),
            collapsed_threads: chat.peek(collapsed),
            ..PostsQuery::default()
        };
        let list = chat.client().send(ListPosts { channel_id: id, query, body: () }).await?;
        chat.update(|m| m.take_posts(id, list, Fit::Whole));
        Ok(())
    }
}

later! {
    /// Brings the posts before the first or after the last one that is here.
    pub async fn more(chat: Chat, id: ChannelId, fit: Fit) -> Result<(), Failure> {
        let edge = chat.peek(|m| {
            let stretch = m.stretches.get(&id)?;
            if fit == Fit::Before {
                stretch.order.first().filter(|_| stretch.older)
            } else {
                stretch.order.last().filter(|_| stretch.newer)
            }
            .copied()
        });
        let Some(edge) = edge else { return Ok(()) };
        let edge = Some(edge.to_string());
        let query = PostsQuery {
            per_page: Some(PAGE.to_string()),
            before: if fit == Fit::Before { edge.clone() } else { None },
            after: if fit == Fit::Before { None } else { edge },
            collapsed_threads: chat.peek(collapsed),
            ..PostsQuery::default()
        };
        let list = chat.client().send(ListPosts { channel_id: id, query, body: () }).await?;
        chat.update(|m| m.take_posts(id, list, fit));
        Ok(())
    }
}

later! {
    /// Brings a thread.
    pub async fn thread(chat: Chat, root: PostId) -> Result<(), Failure> {
        let list = get_thread(&chat.client(), root).await?;
        chat.update(|m| m.take_thread(root, list));
        Ok(())
    }
}

/// The posts that are pinned to a channel.
pub async fn pinned(chat: Chat, channel: ChannelId) -> Result<Vec<PostId>, Failure> {
    let list = chat.client().send(ListPinned { channel_id: channel, query: (), body: () }).await?;
    Ok(chat.change(|m| m.take_found(list)))
}

/// The posts one has saved.
pub async fn saved(chat: Chat) -> Result<Vec<PostId>, Failure> {
    let list = chat.client().send(ListSaved { user_id: me(), query: Page::of(0, 200), body: () }).await?;
    Ok(chat.change(|m| m.take_found(list)))
}

/// The posts of the current team that a search finds, the newest first; `page` counts from 0.
pub async fn search_posts(chat: Chat, terms: String, page: i64) -> Result<Vec<PostId>, Failure> {
    let team_id = chat.peek(|m| m.team);
    let found = chat.client().send(SearchPosts { team_id, query: (), body: asked(terms, page) }).await?;
    let list = PostList { order: found.order, posts: found.posts, ..PostList::default() };
    Ok(chat.change(|m| m.take_found(list)))
}

/// The files of the current team that a search finds, the newest first.
pub async fn search_files(chat: Chat, terms: String, page: i64) -> Result<Vec<FileInfo>, Failure> {
    let team_id = chat.peek(|m| m.team);
    let mut found = chat.client().send(SearchFiles { team_id, query: (), body: asked(terms, page) }).await?;
    Ok(found.order.into_iter().filter_map(|id| found.file_infos.remove(&id)).collect())
}

fn asked(terms: String, page: i64) -> PostSearch {
    let time_zone_offset = browser::offset_minutes(browser::now()) * 60;
    PostSearch { terms, time_zone_offset, page, ..PostSearch::default() }
}

later! {
    /// Tells the server that a thread is being looked at, which makes it read.
    pub async fn view_thread(chat: Chat, root: PostId) {
        let team = chat.peek(|m| m.team);
        chat.update(|m| m.thread_read(root, 0, 0, Millis::MAX, TeamId::NONE));
        // This clock may be behind the server's.
        let timestamp = browser::now().max(chat.peek(|m| m.posts.get(&root).map_or(0, |post| post.last_reply_at)));
        let call = ReadThread { user_id: me(), team_id: team, thread_id: root, timestamp, query: (), body: () };
        // Refused, it is still unread for the server, which tells so the next time it is asked.
        let _ = chat.client().send(call).await;
    }
}

later! {
    /// Tells the server that a channel is being looked at, which makes it read.
    pub async fn view(chat: Chat, id: ChannelId) {
        let body = ChannelView { channel_id: id, ..ChannelView::default() };
        chat.update(|m| {
            let at = m.channels.get(&id).map_or(0, |c| c.last_post_at);
            m.viewed(id, at)
        });
        if let Ok(viewed) = chat.client().send(ViewChannel { user_id: me(), query: (), body }).await {
            chat.update(|m| viewed.last_viewed_at_times.into_iter().flat_map(|(id, at)| m.viewed(id, at)).collect());
        }
    }
}
