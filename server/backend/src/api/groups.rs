//! Groups that people make to mention several at once.

use super::{
    Routes,
    extract::{Created, Done, Found, Json, Paging, Path, Query},
    guard::{Guard, Whose},
};
use crate::{
    access::{self, Caller},
    actions::{self, groups},
    cx::Cx,
    error::Result,
};
use model::{
    AnyId, Refusal,
    channels::Channel,
    endpoint::Method,
    groups::{
        AddGroupMembers, CUSTOM, CountByGroup, CreateGroup, DeleteGroup, GetGroup, GetGroupStats, Group, GroupMember,
        GroupMembers, GroupPatch, GroupStats, GroupsByNames, GroupsQuery, ListGroupMembers, ListGroups,
        ListGroupsOfUser, NewGroup, PatchGroup, RemoveGroupMembers, RestoreGroup, UserIds,
    },
    permission::Permission,
};
use serde_json::{Value, json};
use store::groups::Which;

/// The most names that one call asks for.
const NAMES_MAX: usize = 200;

pub(super) fn routes(r: Routes) -> Routes {
    let of_channel = Guard::InChannel(Permission::ReadChannel);
    r.on::<ListGroups, _>(Guard::SignedIn, list)
        .on::<CreateGroup, _>(Guard::System(Permission::CreateCustomGroup), create)
        .on::<GroupsByNames, _>(Guard::SignedIn, by_names)
        .on::<GetGroup, _>(Guard::SignedIn, get)
        .on::<PatchGroup, _>(Guard::System(Permission::EditCustomGroup), patch)
        .on::<DeleteGroup, _>(Guard::System(Permission::DeleteCustomGroup), delete)
        .on::<RestoreGroup, _>(Guard::System(Permission::RestoreCustomGroup), restore)
        .on::<GetGroupStats, _>(Guard::SignedIn, stats)
        .on::<ListGroupMembers, _>(Guard::SignedIn, members)
        .on::<AddGroupMembers, _>(Guard::System(Permission::ManageCustomGroupMembers), add)
        .on::<RemoveGroupMembers, _>(Guard::System(Permission::ManageCustomGroupMembers), remove)
        .on::<ListGroupsOfUser, _>(Guard::Me(Permission::ManageSystem), of_user)
        .at(Method::Get, "/channels/{channel_id}/member_counts_by_group", of_channel, counts)
        .at(Method::Get, "/channels/{channel_id}/groups", of_channel, bound_to_channel)
        .at(Method::Get, "/teams/{team_id}/groups", Guard::InTeam(Permission::ViewTeam), bound_to_team)
        .at(Method::Get, "/teams/{team_id}/groups_by_channels", Guard::InTeam(Permission::ViewTeam), bound_by_channel)
}

async fn list(cx: Cx, Query(query): Query<GroupsQuery>) -> Result<Json<Vec<Group>>> {
    groups::must_be_on(&cx)?;
    let is = |text: &Option<String>| text.as_deref() == Some("true");
    if query.group_source.as_deref().is_some_and(|source| !source.is_empty() && source != CUSTOM) {
        return Ok(Json(Vec::new()));
    }
    let of = query.filter_has_member.as_deref().filter(|id| !id.is_empty());
    let of = of.map(|id| id.parse().map_err(|_| Refusal::url("filter_has_member"))).transpose()?;
    let which = Which {
        term: query.q.unwrap_or_default(),
        since: query.since.as_deref().and_then(|t| t.parse().ok()).filter(|since| *since > 0),
        with_deleted: is(&query.include_archived),
        only_deleted: is(&query.filter_archived),
        of,
    };
    let Paging { page, per_page } = Paging::of(query.page.as_deref(), query.per_page.as_deref());
    Ok(Json(cx.store.groups().page(&which, per_page, page * per_page).await?))
}

async fn create(cx: Cx, Json(asked): Json<NewGroup>) -> Result<Created<Group>> {
    groups::must_be_on(&cx)?;
    Ok(Created(groups::create(&cx, asked).await?))
}

async fn by_names(cx: Cx, Json(names): Json<Vec<String>>) -> Result<Json<Vec<Group>>> {
    groups::must_be_on(&cx)?;
    if names.is_empty() || names.len() > NAMES_MAX {
        return Err(Refusal::body("group_names").into());
    }
    Ok(Json(cx.store.groups().by_names(&names).await?))
}

async fn get(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<Group>> {
    groups::must_be_on(&cx)?;
    Ok(Json(cx.store.groups().by_id(id).await?.ok_or(Refusal::NO_GROUP)?))
}

async fn patch(cx: Cx, Path(id): Path<AnyId>, Json(patch): Json<GroupPatch>) -> Result<Json<Group>> {
    groups::must_be_on(&cx)?;
    let old = groups::find(&cx, id).await?;
    Ok(Json(groups::patch(&cx, old, patch).await?))
}

async fn delete(cx: Cx, Path(id): Path<AnyId>) -> Result<Done> {
    groups::must_be_on(&cx)?;
    let group = groups::find(&cx, id).await?;
    groups::set_deleted(&cx, group, true).await?;
    Ok(Done)
}

async fn restore(cx: Cx, Path(id): Path<AnyId>) -> Result<Done> {
    groups::must_be_on(&cx)?;
    let group = cx.store.groups().by_id(id).await?.filter(|g| g.delete_at != 0).ok_or(Refusal::GROUP_RESTORE)?;
    groups::set_deleted(&cx, group, false).await?;
    Ok(Done)
}

async fn stats(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<GroupStats>> {
    groups::must_be_on(&cx)?;
    let group = groups::find(&cx, id).await?;
    Ok(Json(GroupStats { group_id: id, total_member_count: group.member_count }))
}

async fn members(cx: Cx, caller: Caller, page: Paging, Path(id): Path<AnyId>) -> Result<Json<GroupMembers>> {
    groups::must_be_on(&cx)?;
    let group = groups::find(&cx, id).await?;
    let ids = cx.store.groups().members(id, page.per_page, page.page * page.per_page).await?;
    let ids = access::seen_among(&cx, &caller, ids).await?;
    let mut found = cx.store.users().by_ids(&ids).await?;
    found.sort_by(|a, b| a.username.cmp(&b.username));
    let members = found.iter().map(|user| actions::users::shown_to_others(&cx, user)).collect();
    Ok(Json(GroupMembers { members, total_member_count: group.member_count }))
}

async fn add(cx: Cx, Path(id): Path<AnyId>, Json(ids): Json<UserIds>) -> Result<Json<Vec<GroupMember>>> {
    groups::must_be_on(&cx)?;
    let group = groups::find(&cx, id).await?;
    Ok(Json(groups::change_members(&cx, &group, ids.user_ids, true).await?))
}

async fn remove(cx: Cx, Path(id): Path<AnyId>, Json(ids): Json<UserIds>) -> Result<Json<Vec<GroupMember>>> {
    groups::must_be_on(&cx)?;
    let group = groups::find(&cx, id).await?;
    Ok(Json(groups::change_members(&cx, &group, ids.user_ids, false).await?))
}

async fn of_user(cx: Cx, Whose(user): Whose) -> Result<Json<Vec<Group>>> {
    groups::must_be_on(&cx)?;
    Ok(Json(cx.store.groups().of_user(user).await?))
}

async fn counts(cx: Cx, Found(channel): Found<Channel>) -> Result<Json<Vec<CountByGroup>>> {
    if !cx.settings.get().service.enable_custom_groups {
        return Ok(Json(Vec::new()));
    }
    Ok(Json(cx.store.groups().counts_in(channel.id).await?))
}

/// Only groups of a directory are bound to channels and teams, and there are none.
async fn bound_to_channel(_: Found<Channel>) -> Json<Value> {
    Json(json!({"groups": [], "total_group_count": 0}))
}

async fn bound_to_team(_: Found<model::teams::Team>) -> Json<Value> {
    Json(json!({"groups": [], "total_group_count": 0}))
}

async fn bound_by_channel(_: Found<model::teams::Team>) -> Json<Value> {
    Json(json!({"groups": {}}))
}
