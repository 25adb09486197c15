//! People in channels: listing, adding, removing, roles, notifications, and what they have read.

use super::{
    Routes,
    extract::{self, Created, Done, Found, Json, Paging, Path},
    guard::{Guard, Whose},
    sessions,
    team_members::RoleNames,
};
use crate::{
    access::{self, Caller},
    actions::{self, members::BATCH_MAX},
    cx::Cx,
    error::Result,
};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use model::{
    ChannelId, PostId, Refusal, StringMap, TeamId, UserId,
    channels::{
        AddChannelMember, Channel, ChannelMember, ChannelMembersByIds, ChannelUnread, ChannelView, GetChannelMember,
        GetChannelUnread, ListChannelMembers, ListChannelMembershipsOf, MarkChannelsRead, NewChannelMember,
        RemoveChannelMember, SetChannelNotifyProps, SetChannelSchemeRoles, ViewChannel, Viewed,
    },
    endpoint::Method,
    permission::Permission,
    teams::{SchemeRoles, Team},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most channels whose people are counted in one call.
const COUNTED_MAX: usize = 1_000;

pub(super) fn routes(r: Routes) -> Routes {
    let read = Guard::InChannel(Permission::ReadChannel);
    let roles = Guard::InChannel(Permission::ManageChannelRoles);
    let own = Guard::Me(Permission::EditOtherUsers);
    r.on::<ListChannelMembers, _>(read, list)
        .on::<ChannelMembersByIds, _>(read, by_ids)
        .on::<GetChannelMember, _>(read, get)
        .on::<AddChannelMember, _>(Guard::InAction("joining needs another permission than adding"), add)
        .on::<RemoveChannelMember, _>(Guard::InAction("leaving needs no permission"), remove)
        .at(Method::Put, "/channels/{channel_id}/members/{user_id}/roles", roles, set_roles)
        .on::<SetChannelSchemeRoles, _>(roles, set_scheme_roles)
        .on::<SetChannelNotifyProps, _>(own, set_notify_props)
        .on::<ListChannelMembershipsOf, _>(own, of_user_in)
        .at(Method::Get, "/users/{user_id}/channel_members", own, of_user)
        .on::<GetChannelUnread, _>(own, unread)
        .on::<ViewChannel, _>(own, view)
        .at(Method::Put, "/channels/members/{user_id}/direct/read", own, read_conversations)
        .at(Method::Put, "/users/{user_id}/teams/{team_id}/read", own, read_team)
        .at(
            Method::Post,
            "/channels/stats/member_count",
            Guard::InAction("many channels; those one may not read are left out"),
            counts,
        )
        .on::<MarkChannelsRead, _>(own, mark_read)
}

async fn list(cx: Cx, Found(channel): Found<Channel>, page: Paging) -> Result<Json<Vec<ChannelMember>>> {
    Ok(Json(cx.store.channel_members().page(channel.id, page.page, page.per_page).await?))
}

async fn by_ids(
    cx: Cx,
    Found(channel): Found<Channel>,
    Json(users): Json<Vec<String>>,
) -> Result<Json<Vec<ChannelMember>>> {
    let users: Vec<UserId> = extract::ids(&users, "user_ids")?;
    Ok(Json(cx.store.channel_members().by_ids(channel.id, &users).await?))
}

async fn get(
    cx: Cx,
    caller: Caller,
    Found(channel): Found<Channel>,
    Path((_, user)): Path<(String, String)>,
) -> Result<Json<ChannelMember>> {
    let user = caller.resolve(&user)?;
    Ok(Json(cx.store.channel_members().get(channel.id, user).await?.ok_or(Refusal::NO_CHANNEL_MEMBER)?))
}

/// One member is answered by one member, several by a list.
async fn add(cx: Cx, caller: Caller, Path(id): Path<ChannelId>, Json(new): Json<NewChannelMember>) -> Result<Response> {
    let users = whom(&new)?;
    let root = new.post_root_id.as_str();
    if !root.is_empty() && root.parse::<PostId>().is_err() {
        return Err(Refusal::body("post_root_id").into());
    }
    let channel = access::channel(&cx, id).await?;
    let mut added = Vec::with_capacity(users.len());
    for user in users {
        added.push(actions::members::add(&cx, &caller, &channel, user).await?);
    }
    match added.pop() {
        Some(one) if new.user_ids.is_empty() => Ok(Created(one).into_response()),
        last => Ok(Created(added.into_iter().chain(last).collect::<Vec<_>>()).into_response()),
    }
}

fn whom(new: &NewChannelMember) -> Result<Vec<UserId>, Refusal> {
    if new.user_ids.is_empty() {
        return Ok(vec![extract::user_id(&new.user_id, "user_id")?]);
    }
    if new.user_ids.len() > BATCH_MAX {
        return Err(Refusal::body("user_ids"));
    }
    extract::ids(&new.user_ids, "user_ids")
}

async fn remove(cx: Cx, caller: Caller, Path((channel, user)): Path<(ChannelId, String)>) -> Result<Done> {
    let channel = access::channel(&cx, channel).await?;
    actions::members::remove(&cx, &caller, &channel, caller.resolve(&user)?).await?;
    Ok(Done)
}

async fn set_roles(
    cx: Cx,
    caller: Caller,
    Found(channel): Found<Channel>,
    Path((_, user)): Path<(String, String)>,
    Json(new): Json<RoleNames>,
) -> Result<Done> {
    actions::members::set_roles(&cx, channel.id, caller.resolve(&user)?, &new.roles).await?;
    Ok(Done)
}

async fn set_scheme_roles(
    cx: Cx,
    caller: Caller,
    Found(channel): Found<Channel>,
    Path((_, user)): Path<(String, String)>,
    Json(new): Json<SchemeRoles>,
) -> Result<Done> {
    actions::members::set_scheme_roles(&cx, channel.id, caller.resolve(&user)?, new).await?;
    Ok(Done)
}

async fn set_notify_props(
    cx: Cx,
    Whose(user): Whose,
    Path((channel, _)): Path<(ChannelId, String)>,
    Json(new): Json<StringMap>,
) -> Result<Done> {
    actions::members::set_notify_props(&cx, channel, user, &new).await?;
    Ok(Done)
}

async fn of_user_in(
    cx: Cx,
    caller: Caller,
    Whose(user): Whose,
    Path((_, team)): Path<(String, TeamId)>,
) -> Result<Json<Vec<ChannelMember>>> {
    access::must_in_team(&cx, &caller, team, Permission::ViewTeam).await?;
    Ok(Json(cx.store.channel_members().of_user_in(user, team).await?))
}

/// A membership with the name of its channel's team.
#[derive(Serialize, schemars::JsonSchema)]
struct InTeam {
    #[serde(flatten)]
    member: ChannelMember,
    team_display_name: String,
    team_name: String,
    team_update_at: i64,
}

async fn of_user(cx: Cx, Whose(user): Whose, page: Paging) -> Result<Json<Vec<InTeam>>> {
    let members = cx.store.channel_members().of_user(user, page.page, page.per_page).await?;
    let ids: Vec<_> = members.iter().map(|m| m.channel_id).collect();
    let team_of: BTreeMap<_, _> =
        cx.store.channels().by_ids(&ids).await?.into_iter().map(|c| (c.id, c.team_id)).collect();
    let ids: BTreeSet<TeamId> = team_of.values().filter_map(|t| t.some()).collect();
    let teams = cx.store.teams().by_ids(&ids.into_iter().collect::<Vec<_>>()).await?;
    let teams: BTreeMap<TeamId, Team> = teams.into_iter().map(|t| (t.id, t)).collect();
    let with = |member: ChannelMember| {
        let team = team_of.get(&member.channel_id).and_then(|t| teams.get(t)).cloned().unwrap_or_default();
        let Team { display_name: team_display_name, name: team_name, update_at: team_update_at, .. } = team;
        InTeam { member, team_display_name, team_name, team_update_at }
    };
    Ok(Json(members.into_iter().map(with).collect()))
}

async fn unread(
    cx: Cx,
    caller: Caller,
    Whose(user): Whose,
    Path((_, channel)): Path<(String, ChannelId)>,
) -> Result<Json<ChannelUnread>> {
    access::channel_for(&cx, &caller, channel, Permission::ReadChannel).await?;
    let missing = || Refusal::NO_CHANNEL_MEMBER;
    let mut unread = cx.store.channel_members().unread(channel, user).await?.ok_or_else(missing)?;
    let member = access::channel_member(&cx, channel, user).await?.ok_or_else(missing)?;
    if member.is_muted() {
        (unread.msg_count, unread.msg_count_root) = (0, 0);
    }
    Ok(Json(unread))
}

async fn read_conversations(cx: Cx, Whose(user): Whose) -> Result<Json<Viewed>> {
    Ok(Json(actions::members::read_all(&cx, user, TeamId::NONE).await?))
}

/// Its channels and its threads.
async fn read_team(cx: Cx, Whose(user): Whose, Path((_, team)): Path<(String, TeamId)>) -> Result<Json<Viewed>> {
    actions::threads::read_all(&cx, user, team).await?;
    Ok(Json(actions::members::read_all(&cx, user, team).await?))
}

/// How many are in several channels.
async fn counts(cx: Cx, caller: Caller, Json(ids): Json<Vec<String>>) -> Result<Json<BTreeMap<ChannelId, i64>>> {
    let ids: Vec<ChannelId> = extract::ids(&ids, "channel_ids")?;
    if ids.len() > COUNTED_MAX {
        return Err(Refusal::body("channel_ids").into());
    }
    let mut readable = Vec::new();
    for channel in cx.store.channels().by_ids(&ids).await? {
        if access::may_read(&cx, &caller, &channel).await? {
            readable.push(channel.id);
        }
    }
    Ok(Json(cx.store.channel_members().counts(&readable).await?.into_iter().collect()))
}

async fn view(
    cx: Cx,
    caller: Caller,
    headers: HeaderMap,
    Whose(user): Whose,
    Json(view): Json<ChannelView>,
) -> Result<Response> {
    let channels: BTreeSet<_> = [view.channel_id, view.prev_channel_id].into_iter().filter_map(|c| c.some()).collect();
    let channels: Vec<_> = channels.into_iter().collect();
    let mut response = Json(actions::members::view(&cx, user, &channels).await?).into_response();
    sessions::extend(&cx, &caller, &headers, &mut response).await;
    Ok(response)
}

async fn mark_read(cx: Cx, Whose(user): Whose, Json(channels): Json<Vec<String>>) -> Result<Json<Viewed>> {
    let channels: Vec<ChannelId> = extract::ids(&channels, "channel_ids")?;
    Ok(Json(actions::members::view(&cx, user, &channels).await?))
}
