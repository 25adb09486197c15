//! Bookmarks of channels.

use super::{
    Routes,
    extract::{Created, Found, Json, Path, Query},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::bookmarks::{self, Deed},
    cx::Cx,
    error::Result,
};
use model::{
    AnyId, ChannelId, Refusal,
    bookmarks::{
        Bookmark, BookmarkPatch, BookmarksQuery, CreateBookmark, DeleteBookmark, ListBookmarks, NewBookmark,
        PatchBookmark, SortBookmark, Updated,
    },
    channels::Channel,
    permission::Permission,
};
use std::sync::Arc;

pub(super) fn routes(r: Routes) -> Routes {
    let by_type = Guard::InAction("what is needed depends on the channel's type");
    r.on::<ListBookmarks, _>(Guard::Reader, list)
        .on::<CreateBookmark, _>(by_type, create)
        .on::<PatchBookmark, _>(by_type, patch)
        .on::<SortBookmark, _>(by_type, sort)
        .on::<DeleteBookmark, _>(by_type, delete)
}

/// The channel, if the caller may do this with its bookmarks.
async fn channel_for(cx: &Cx, caller: &Caller, id: ChannelId, deed: Deed) -> Result<Arc<Channel>> {
    let channel = access::find_channel(cx, id).await?.ok_or_else(|| Refusal::missing(Permission::ReadChannel))?;
    bookmarks::must(cx, caller, &channel, deed).await?;
    Ok(channel)
}

async fn list(
    cx: Cx,
    Found(channel): Found<Channel>,
    Query(query): Query<BookmarksQuery>,
) -> Result<Json<Vec<Bookmark>>> {
    let since = query.bookmarks_since.as_deref().and_then(|t| t.parse().ok()).filter(|since| *since > 0);
    Ok(Json(bookmarks::list(&cx, &channel, since).await?))
}

async fn create(
    cx: Cx,
    caller: Caller,
    Path(channel): Path<ChannelId>,
    Json(new): Json<NewBookmark>,
) -> Result<Created<Bookmark>> {
    let channel = channel_for(&cx, &caller, channel, Deed::Add).await?;
    Ok(Created(bookmarks::create(&cx, &caller, &channel, new).await?))
}

async fn patch(
    cx: Cx,
    caller: Caller,
    Path((channel, id)): Path<(ChannelId, AnyId)>,
    Json(patch): Json<BookmarkPatch>,
) -> Result<Json<Updated>> {
    let channel = channel_for(&cx, &caller, channel, Deed::Edit).await?;
    let old = bookmarks::find(&cx, &channel, id).await?;
    Ok(Json(bookmarks::patch(&cx, &caller, &channel, old, patch).await?))
}

async fn sort(
    cx: Cx,
    caller: Caller,
    Path((channel, id)): Path<(ChannelId, AnyId)>,
    Json(place): Json<i64>,
) -> Result<Json<Vec<Bookmark>>> {
    let channel = channel_for(&cx, &caller, channel, Deed::Order).await?;
    let bookmark = bookmarks::find(&cx, &channel, id).await?;
    Ok(Json(bookmarks::sort(&cx, &channel, bookmark.id, place).await?))
}

async fn delete(cx: Cx, caller: Caller, Path((channel, id)): Path<(ChannelId, AnyId)>) -> Result<Json<Bookmark>> {
    let channel = channel_for(&cx, &caller, channel, Deed::Delete).await?;
    let bookmark = bookmarks::find(&cx, &channel, id).await?;
    Ok(Json(bookmarks::delete(&cx, &channel, bookmark).await?))
}
