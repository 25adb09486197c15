//! Posts: writing, reading in all orders, editing, deleting, pinning, marking as unread.

use super::{
    Routes,
    extract::{Created, Done, Found, IfNoneMatch, Json, Paging, Path, Query},
    guard::{Guard, Whose},
};
use crate::{
    access::{self, Caller},
    actions,
    cx::Cx,
    error::Result,
};
use axum::response::Response;
use model::{
    PostId, Refusal, UserId,
    channels::{Channel, ChannelType, ChannelUnreadAt},
    endpoint::Method,
    notifications::{GetWhyNotified, WhyNotified},
    permission::Permission,
    posts::{
        CreatePost, DeletePost, GetEditHistory, GetPost, GetPostInfo, GetSeenBy, GetThread, LETS_SEE, ListPinned,
        ListPosts, ListPostsAroundUnread, ListSaved, MoveThread, NewPost, PatchPost, PinPost, Post, PostInfo, PostList,
        PostPatch, PostsQuery, RestorePost, SeenBy, SetUnread, ThreadMove, UnpinPost,
    },
    users::User,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::posts::{Place, Stretch};

/// The most people who are told to have seen a post.
const SEEN_BY_MAX: usize = 100;

pub(super) fn routes(r: Routes) -> Routes {
    r.on::<CreatePost, _>(
        Guard::InAction("the channel is in the body, and a public one may be written to from its team"),
        create,
    )
    .at(Method::Post, "/posts/ephemeral", Guard::System(Permission::CreatePostEphemeral), whisper)
    .at(Method::Post, "/posts/ids", Guard::InAction("many posts; those one may not read are left out"), by_ids)
    .on::<GetPost, _>(Guard::PostReader, get)
    .at(Method::Put, "/posts/{post_id}", Guard::InPost(Permission::EditPost), update)
    .on::<PatchPost, _>(Guard::InPost(Permission::EditPost), patch)
    .on::<DeletePost, _>(Guard::InPost(Permission::DeletePost), delete)
    .on::<PinPost, _>(Guard::Post(Permission::ReadChannel), pin)
    .on::<UnpinPost, _>(Guard::Post(Permission::ReadChannel), unpin)
    .on::<MoveThread, _>(Guard::Post(Permission::ReadChannel), move_thread)
    .on::<GetThread, _>(Guard::PostReader, thread)
    .on::<ListPosts, _>(Guard::Reader, list)
    .on::<ListPinned, _>(Guard::Reader, pinned)
    .on::<ListPostsAroundUnread, _>(Guard::InAction("oneself or an administrator, and the channel"), around_unread)
    .on::<SetUnread, _>(Guard::InAction("oneself or an administrator, and the post's channel"), set_unread)
    .on::<ListSaved, _>(Guard::Me(Permission::EditOtherUsers), flagged)
    .on::<RestorePost, _>(Guard::Post(Permission::EditPost), restore)
    .on::<GetPostInfo, _>(Guard::InAction("who could join the channel may know where it is"), info)
    .on::<GetWhyNotified, _>(Guard::PostReader, why_notified)
    .on::<GetSeenBy, _>(Guard::PostReader, seen_by)
    .at(Method::Get, "/posts/{post_id}/reveal", Guard::PostReader, reveal)
    .at(Method::Delete, "/posts/{post_id}/burn", Guard::PostReader, burn)
    .on::<GetEditHistory, _>(Guard::Post(Permission::EditPost), history)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct CreateQuery {
    set_online: Option<String>,
}

async fn create(
    cx: Cx,
    caller: Caller,
    Query(query): Query<CreateQuery>,
    Json(new): Json<NewPost>,
) -> Result<Created<Post>> {
    let set_online = query.set_online.as_deref() != Some("false");
    Ok(Created(actions::posts::create(&cx, &caller, new, set_online).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Whisper {
    user_id: UserId,
    post: Post,
}

async fn whisper(cx: Cx, caller: Caller, Json(asked): Json<Whisper>) -> Result<Created<Post>> {
    if asked.user_id.is_none() {
        return Err(Refusal::body("user_id").into());
    }
    let channel = access::channel(&cx, asked.post.channel_id).await?;
    let post = Post { channel_id: channel.id, ..asked.post };
    Ok(Created(actions::posts::whisper(&cx, caller.id(), asked.user_id, post).await?))
}

/// Those of the posts that exist and that the caller may read.
pub(super) async fn readable(cx: &Cx, caller: &Caller, ids: &[PostId]) -> Result<Vec<Post>> {
    let mut posts = Vec::new();
    for post in cx.store.posts().by_ids(ids).await? {
        let channel = access::channel(cx, post.channel_id).await?;
        if access::may_read(cx, caller, &channel).await? {
            posts.push(post);
        }
    }
    Ok(posts)
}

async fn by_ids(cx: Cx, caller: Caller, Json(ids): Json<Vec<PostId>>) -> Result<Json<Vec<Post>>> {
    if ids.is_empty() || ids.len() > 1000 {
        return Err(Refusal::body("post_ids").into());
    }
    let mut posts = readable(&cx, &caller, &ids).await?;
    actions::metadata::complete(&cx, Some(&caller), posts.iter_mut()).await?;
    Ok(Json(posts))
}

async fn get(cx: Cx, caller: Caller, tag: IfNoneMatch, Found(post): Found<Post>) -> Result<Response> {
    let mut post = (*post).clone();
    actions::metadata::complete(&cx, Some(&caller), [&mut post]).await?;
    let etag = format!("{}.{}.{}", post.id, post.update_at, previews_of(&post));
    Ok(tag.hit(&etag).unwrap_or_else(|| IfNoneMatch::tagged(&etag, Json(post))))
}

/// How much was added to a post without changing it.
fn previews_of(post: &Post) -> usize {
    post.metadata.embeds.len() + post.metadata.images.len()
}

/// A whole post; only its text, pin and properties can change.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct WholePost {
    id: String,
    message: Option<String>,
    is_pinned: Option<bool>,
    props: Option<model::posts::Props>,
}

async fn update(
    cx: Cx,
    caller: Caller,
    Found(post): Found<Post>,
    Found(channel): Found<Channel>,
    Json(whole): Json<WholePost>,
) -> Result<Json<Post>> {
    if whole.id != post.id.as_str() {
        return Err(Refusal::body("id").into());
    }
    let patch =
        PostPatch { message: whole.message, is_pinned: whole.is_pinned, props: whole.props, ..PostPatch::default() };
    Ok(Json(actions::posts::edit(&cx, &caller, &post, &channel, patch).await?))
}

async fn patch(
    cx: Cx,
    caller: Caller,
    Found(post): Found<Post>,
    Found(channel): Found<Channel>,
    Json(patch): Json<PostPatch>,
) -> Result<Json<Post>> {
    Ok(Json(actions::posts::edit(&cx, &caller, &post, &channel, patch).await?))
}

async fn delete(cx: Cx, caller: Caller, Found(post): Found<Post>, Found(channel): Found<Channel>) -> Result<Done> {
    actions::posts::delete(&cx, &caller, &post, &channel).await?;
    Ok(Done)
}

async fn pin(cx: Cx, Found(post): Found<Post>) -> Result<Done> {
    actions::posts::pin(&cx, &post, true).await?;
    Ok(Done)
}

async fn unpin(cx: Cx, Found(post): Found<Post>) -> Result<Done> {
    actions::posts::pin(&cx, &post, false).await?;
    Ok(Done)
}

async fn move_thread(
    cx: Cx,
    caller: Caller,
    Found(post): Found<Post>,
    Found(channel): Found<Channel>,
    Json(to): Json<ThreadMove>,
) -> Result<Done> {
    let to = to.channel_id.parse().map_err(|_| Refusal::body("channel_id"))?;
    actions::thread_moves::to_channel(&cx, &caller, &post, &channel, to).await?;
    Ok(Done)
}

async fn set_unread(cx: Cx, caller: Caller, Path((user, id)): Path<(String, PostId)>) -> Result<Json<ChannelUnreadAt>> {
    let user = caller.resolve(&user)?;
    if user != caller.id() {
        caller.must(Permission::EditOtherUsers)?;
    }
    let refused = Refusal::missing(Permission::ReadChannel);
    let (post, channel) = access::post_in_channel(&cx, id).await?.ok_or_else(|| refused.clone())?;
    if !access::may_read(&cx, &caller, &channel).await? {
        return Err(refused.into());
    }
    Ok(Json(actions::posts::set_unread(&cx, user, &post, &channel).await?))
}

async fn history(cx: Cx, caller: Caller, Found(post): Found<Post>) -> Result<Json<Vec<Post>>> {
    if post.user_id != caller.id() {
        return Err(Refusal::missing(Permission::EditPost).into());
    }
    Ok(Json(cx.store.posts().history(post.id).await?))
}

async fn reveal(cx: Cx, caller: Caller, Found(post): Found<Post>) -> Result<Json<Post>> {
    Ok(Json(actions::burning::reveal(&cx, &caller, &post).await?))
}

async fn burn(cx: Cx, caller: Caller, Found(post): Found<Post>) -> Result<Done> {
    let channel = access::channel(&cx, post.channel_id).await?;
    actions::burning::burn(&cx, &caller, &post, &channel).await?;
    Ok(Done)
}

async fn restore(
    cx: Cx,
    caller: Caller,
    Found(post): Found<Post>,
    Found(channel): Found<Channel>,
    Path((_, version)): Path<(PostId, PostId)>,
) -> Result<Json<Post>> {
    Ok(Json(actions::posts::restore(&cx, &caller, &post, &channel, version).await?))
}

async fn why_notified(
    cx: Cx,
    caller: Caller,
    Found(post): Found<Post>,
    Found(channel): Found<Channel>,
) -> Result<Json<WhyNotified>> {
    Ok(Json(actions::notifications::why(&cx, &caller, &post, &channel).await?))
}

async fn seen_by(cx: Cx, caller: Caller, Found(post): Found<Post>) -> Result<Json<SeenBy>> {
    if !cx.settings.get().privacy.enable_seen_by {
        return Err(Refusal::SEEN_BY_OFF.into());
    }
    let (category, name) = LETS_SEE;
    let own = cx.store.preferences().by_name(caller.id(), category, name).await?;
    if own.is_none_or(|preference| preference.value != "true") {
        return Err(Refusal::SEEN_BY_NOT_SHARED.into());
    }
    let mut user_ids = cx.store.posts().seen_by(&post, SEEN_BY_MAX + 1).await?;
    let more = user_ids.len() > SEEN_BY_MAX;
    user_ids.truncate(SEEN_BY_MAX);
    Ok(Json(SeenBy { user_ids, more }))
}

/// For whom the post or its channel is not to be known, there is none.
async fn info(cx: Cx, caller: Caller, Path(id): Path<PostId>) -> Result<Json<PostInfo>> {
    let (_, channel) = access::post_in_channel(&cx, id).await?.ok_or(Refusal::NO_POST)?;
    let has_joined_channel = access::channel_member(&cx, channel.id, caller.id()).await?.is_some();
    let mut info = PostInfo {
        channel_id: channel.id,
        channel_type: channel.kind.as_str().to_owned(),
        channel_display_name: channel.display_name.clone(),
        has_joined_channel,
        ..PostInfo::default()
    };
    let mut known = access::may_read(&cx, &caller, &channel).await?;
    if channel.team_id.is_some() {
        let team = access::team(&cx, channel.team_id).await?;
        info.has_joined_team = access::team_member(&cx, team.id, caller.id()).await?.is_some();
        known |= channel.kind == ChannelType::Open && team.allow_open_invite && caller.may(Permission::JoinPublicTeams);
        info.team_id = team.id;
        info.team_type.clone_from(&team.kind);
        info.team_display_name.clone_from(&team.display_name);
    }
    if known { Ok(Json(info)) } else { Err(Refusal::NO_POST.into()) }
}

/// Which posts of a channel a query means.
struct Wanted {
    paging: Paging,
    since: Option<i64>,
    before: Option<PostId>,
    after: Option<PostId>,
    /// Replies are left out: they are read in their threads.
    roots: bool,
    with_participants: bool,
    /// Count replies, and leave roots that are not in the stretch out.
    counted: bool,
}

impl Wanted {
    fn of(query: &PostsQuery) -> Result<Self, Refusal> {
        let is = |text: &Option<String>| text.as_deref() == Some("true");
        let id = |text: &Option<String>, name| {
            text.as_deref().filter(|t| !t.is_empty()).map(|t| t.parse().map_err(|_| Refusal::url(name))).transpose()
        };
        let since = query.since.as_deref().map(|t| t.parse().map_err(|_| Refusal::url("since"))).transpose()?;
        let roots = is(&query.collapsed_threads);
        Ok(Self {
            paging: Paging::of(query.page.as_deref(), query.per_page.as_deref()),
            since,
            before: id(&query.before, "before")?,
            after: id(&query.after, "after")?,
            roots,
            with_participants: is(&query.collapsed_threads_extended),
            counted: roots || is(&query.skip_fetch_threads),
        })
    }
}

async fn list(
    cx: Cx,
    caller: Caller,
    tag: IfNoneMatch,
    Found(channel): Found<Channel>,
    Query(query): Query<PostsQuery>,
) -> Result<Response> {
    let wanted = Wanted::of(&query)?;
    let mut list = stretch(&cx, &channel, &wanted).await?;
    complete(&cx, &caller, &mut list, &wanted).await?;
    let newest = list.posts.values().map(|p| p.update_at).max().unwrap_or(0);
    let previews: usize = list.posts.values().map(previews_of).sum();
    let first = list.order.first().copied().unwrap_or_default();
    let etag = format!("{first}.{newest}.{}.{previews}", list.order.len());
    if let Some(unchanged) = tag.hit(&etag) {
        return Ok(unchanged);
    }
    if wanted.roots && wanted.with_participants {
        return Ok(IfNoneMatch::tagged(&etag, Json(with_whole_people(&list)?)));
    }
    Ok(IfNoneMatch::tagged(&etag, Json(list)))
}

/// A list in which the people of threads have every field that clients read there. Mattermost: also those that are
/// nobody's business, which are empty here.
fn with_whole_people(list: &PostList) -> Result<Value> {
    let mut value = serde_json::to_value(list).map_err(crate::error::Error::internal)?;
    let posts = value["posts"].as_object_mut().into_iter().flat_map(|posts| posts.values_mut());
    let people = posts.filter_map(|post| post.get_mut("participants")?.as_array_mut()).flatten();
    for person in people.filter_map(Value::as_object_mut) {
        person.remove("auth_data");
        for (name, nothing) in
            [("password", json!("")), ("notify_props", json!({})), ("last_password_update", json!(0))]
        {
            person.entry(name).or_insert(nothing);
        }
    }
    Ok(value)
}

/// The posts asked for, with their neighbours.
async fn stretch(cx: &Cx, channel: &Channel, wanted: &Wanted) -> Result<PostList> {
    let Paging { page, per_page } = wanted.paging;
    let (id, roots) = (channel.id, wanted.roots);
    if let Some(since) = wanted.since {
        let changed = cx.store.posts().changed_since(id, since, 1000, roots).await?;
        return Ok(listed(changed));
    }
    if let Some(anchor) = wanted.after.or(wanted.before) {
        let place = place_of(cx, anchor).await?;
        let posts = if wanted.after.is_some() {
            cx.store.posts().after(id, place, page, per_page, roots).await?
        } else {
            cx.store.posts().before(id, place, page, per_page, roots).await?
        };
        let empty = posts.is_empty();
        let mut list = with_neighbours(cx, channel, posts, roots).await?;
        if empty && wanted.after.is_some() {
            list.prev_post_id = anchor;
        } else if empty {
            list.next_post_id = anchor;
        }
        return Ok(list);
    }
    let posts = cx.store.posts().page(id, page, per_page, roots).await?;
    with_neighbours(cx, channel, posts, roots).await
}

async fn place_of(cx: &Cx, id: PostId) -> Result<Place> {
    Ok(cx.store.posts().place(id).await?.ok_or(Refusal::NO_POST)?)
}

fn listed(posts: Vec<Post>) -> PostList {
    let order = posts.iter().map(|p| p.id).collect();
    PostList { order, posts: posts.into_iter().map(|p| (p.id, p)).collect(), ..PostList::default() }
}

/// A stretch, newest first, and what lies beyond its ends.
async fn with_neighbours(cx: &Cx, channel: &Channel, posts: Vec<Post>, roots: bool) -> Result<PostList> {
    let mut list = listed(posts);
    if let (Some(first), Some(last)) = (list.order.first(), list.order.last()) {
        let (first, last) = (place_of(cx, *first).await?, place_of(cx, *last).await?);
        list.next_post_id = cx.store.posts().next(channel.id, first, roots).await?.unwrap_or_default();
        list.prev_post_id = cx.store.posts().previous(channel.id, last, roots).await?.unwrap_or_default();
    }
    Ok(list)
}

async fn around_unread(
    cx: Cx,
    caller: Caller,
    Path((user, channel_id)): Path<(String, model::ChannelId)>,
    Query(query): Query<PostsQuery>,
) -> Result<Json<PostList>> {
    let user = caller.resolve(&user)?;
    if user != caller.id() {
        caller.must(Permission::EditOtherUsers)?;
    }
    let refused = Refusal::missing(Permission::ReadChannel);
    let channel = access::find_channel(&cx, channel_id).await?.ok_or_else(|| refused.clone())?;
    if !access::may_read(&cx, &caller, &channel).await? {
        return Err(refused.into());
    }
    let wanted = Wanted::of(&query)?;
    let limit = |text: &Option<String>| Paging::of(None, text.as_deref()).per_page;
    let (before, after) = (limit(&query.limit_before), limit(&query.limit_after).max(1));
    let member = cx.store.channel_members().get(channel.id, user).await?;
    let viewed = member.map_or(i64::MAX, |m| m.last_viewed_at);
    let first = cx.store.posts().first_after(channel.id, viewed, wanted.roots).await?;
    let posts = match first {
        None => cx.store.posts().page(channel.id, 0, before, wanted.roots).await?,
        Some(first) => {
            let place = place_of(&cx, first).await?;
            let mut posts = cx.store.posts().after(channel.id, place, 0, after - 1, wanted.roots).await?;
            posts.extend(cx.store.posts().by_ids(&[first]).await?);
            posts.extend(cx.store.posts().before(channel.id, place, 0, before, wanted.roots).await?);
            posts
        }
    };
    let mut list = with_neighbours(&cx, &channel, posts, wanted.roots).await?;
    complete(&cx, &caller, &mut list, &wanted).await?;
    Ok(Json(list))
}

/// How many replies of a thread and in which direction.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct ThreadQuery {
    #[serde(rename = "perPage")]
    per_page: Option<String>,
    #[serde(rename = "fromPost")]
    from_post: Option<String>,
    direction: Option<String>,
    #[serde(rename = "collapsedThreadsExtended")]
    extended: Option<String>,
}

async fn thread(
    cx: Cx,
    caller: Caller,
    Found(post): Found<Post>,
    Query(query): Query<ThreadQuery>,
) -> Result<Json<PostList>> {
    let root = post.root_id.some().unwrap_or(post.id);
    let limit: i64 = query.per_page.as_deref().and_then(|t| t.parse().ok()).unwrap_or(0);
    let (mut posts, mut has_next) = (Vec::new(), false);
    if limit > 0 {
        let from = query.from_post.as_deref().and_then(|t| t.parse().ok());
        let from = match from {
            Some(id) => Some(place_of(&cx, id).await?),
            None => None,
        };
        let backwards = query.direction.as_deref() != Some("down");
        posts = cx.store.posts().replies(root, Stretch { from, backwards, limit: limit + 1 }).await?;
        has_next = posts.len() as i64 > limit;
        posts.truncate(limit as usize);
        posts.extend(cx.store.posts().by_ids(&[root]).await?);
    } else {
        posts.extend(cx.store.posts().thread(root).await?);
    }
    let mut list = listed(posts);
    list.has_next = Some(has_next);
    let wanted = Wanted {
        counted: true,
        roots: false,
        with_participants: query.extended.as_deref() == Some("true"),
        ..Wanted::of(&PostsQuery::default())?
    };
    complete(&cx, &caller, &mut list, &wanted).await?;
    Ok(Json(list))
}

async fn pinned(cx: Cx, caller: Caller, Found(channel): Found<Channel>) -> Result<Json<PostList>> {
    let mut list = listed(cx.store.posts().pinned(channel.id).await?);
    let wanted = Wanted { counted: true, ..Wanted::of(&PostsQuery::default())? };
    complete(&cx, &caller, &mut list, &wanted).await?;
    Ok(Json(list))
}

async fn flagged(cx: Cx, caller: Caller, Whose(user): Whose, paging: Paging) -> Result<Json<PostList>> {
    let marked = cx.store.preferences().by_category(user, "flagged_post").await?;
    let ids: Vec<PostId> = marked.iter().filter(|p| p.value == "true").filter_map(|p| p.name.parse().ok()).collect();
    let posts = readable(&cx, &caller, &ids).await?;
    let page = posts.into_iter().skip((paging.page * paging.per_page) as usize).take(paging.per_page as usize);
    let mut list = listed(page.collect());
    actions::metadata::complete(&cx, Some(&caller), list.posts.values_mut()).await?;
    Ok(Json(list))
}

/// Adds what goes with posts: reactions; roots of listed replies, or counts; participants and whether one follows.
async fn complete(cx: &Cx, caller: &Caller, list: &mut PostList, wanted: &Wanted) -> Result<()> {
    if !wanted.counted {
        let missing: BTreeSet<PostId> =
            list.posts.values().filter_map(|p| p.root_id.some()).filter(|id| !list.posts.contains_key(id)).collect();
        if !missing.is_empty() {
            let missing: Vec<_> = missing.into_iter().collect();
            let roots = cx.store.posts().by_ids(&missing).await?;
            list.posts.extend(roots.into_iter().map(|p| (p.id, p)));
        }
        for post in list.posts.values_mut() {
            // Mattermost: who gets the replies themselves counts them.
            post.reply_count = 0;
            post.last_reply_at = 0;
        }
    }
    actions::metadata::complete(cx, Some(caller), list.posts.values_mut()).await?;
    if wanted.roots {
        follow_states(cx, caller, list, wanted.with_participants).await?;
    }
    Ok(())
}

async fn follow_states(cx: &Cx, caller: &Caller, list: &mut PostList, with_participants: bool) -> Result<()> {
    let roots: Vec<PostId> = list.posts.values().filter(|p| p.reply_count > 0).map(|p| p.id).collect();
    if roots.is_empty() {
        return Ok(());
    }
    let followed: BTreeMap<PostId, bool> = {
        let members = cx.store.threads().of_posts(&roots, caller.id()).await?;
        members.into_iter().map(|m| (m.post_id, m.is_following)).collect()
    };
    for root in &roots {
        if let Some(post) = list.posts.get_mut(root) {
            post.is_following = Some(followed.get(root).copied().unwrap_or(false));
        }
    }
    let mut people = cx.store.threads().participants(&roots).await?;
    // Whoever began a thread takes part in it, too.
    people.extend(roots.iter().filter_map(|root| Some((*root, list.posts.get(root)?.user_id))));
    for (root, user) in people {
        let Some(post) = list.posts.get_mut(&root) else { continue };
        if post.participants.iter().flatten().any(|known| known.id == user) {
            continue;
        }
        let shown = if with_participants {
            let Some(user) = access::find_user(cx, user).await? else { continue };
            actions::users::shown_to_others(cx, &user)
        } else {
            User { id: user, ..User::default() }
        };
        post.participants.get_or_insert_default().push(shown);
    }
    Ok(())
}
