//! How long messages and files are kept.

use super::{
    Routes,
    channels::in_teams,
    extract::{Created, Done, Json, Paging, Path},
    guard::{Guard, Whose},
};
use crate::{actions::retention, cx::Cx, error::Result};
use model::{
    AnyId, ChannelId, Refusal, TeamId,
    channels::ChannelInTeam,
    permission::Permission,
    retention::{
        AddRetentionChannels, AddRetentionTeams, ChannelRetentions, CountRetentionPolicies, CreateRetentionPolicy,
        DeleteRetentionPolicy, GetGlobalRetention, GetRetentionPolicy, GlobalRetention, ListChannelRetentionOf,
        ListRetentionChannels, ListRetentionPolicies, ListRetentionTeams, ListTeamRetentionOf, PatchRetentionPolicy,
        RemoveRetentionChannels, RemoveRetentionTeams, RetentionChannels, RetentionCount, RetentionPatch,
        RetentionPolicies, RetentionPolicy, RetentionSearch, RetentionTeams, SearchRetentionChannels,
        SearchRetentionTeams, TeamRetentions,
    },
    teams::Team,
};
use store::retention::Place;

/// The most that a search looks at, and finds.
const LOOKED_AT: i64 = 10_000;
const FOUND_MAX: usize = 100;

pub(super) fn routes(r: Routes) -> Routes {
    let read = Guard::System(Permission::SysconsoleReadComplianceDataRetentionPolicy);
    let write = Guard::System(Permission::SysconsoleWriteComplianceDataRetentionPolicy);
    let own = Guard::Me(Permission::ManageSystem);
    r.on::<GetGlobalRetention, _>(Guard::SignedIn, global)
        .on::<CountRetentionPolicies, _>(read, count)
        .on::<ListRetentionPolicies, _>(read, list)
        .on::<CreateRetentionPolicy, _>(write, create)
        .on::<GetRetentionPolicy, _>(read, get)
        .on::<PatchRetentionPolicy, _>(write, patch)
        .on::<DeleteRetentionPolicy, _>(write, delete)
        .on::<ListRetentionTeams, _>(read, teams)
        .on::<AddRetentionTeams, _>(write, add_teams)
        .on::<RemoveRetentionTeams, _>(write, remove_teams)
        .on::<SearchRetentionTeams, _>(read, search_teams)
        .on::<ListRetentionChannels, _>(read, channels)
        .on::<AddRetentionChannels, _>(write, add_channels)
        .on::<RemoveRetentionChannels, _>(write, remove_channels)
        .on::<SearchRetentionChannels, _>(read, search_channels)
        .on::<ListTeamRetentionOf, _>(own, of_teams)
        .on::<ListChannelRetentionOf, _>(own, of_channels)
}

fn offset(page: &Paging) -> i64 {
    page.page.saturating_mul(page.per_page)
}

async fn global(cx: Cx) -> Json<GlobalRetention> {
    Json(retention::global(&cx))
}

async fn count(cx: Cx) -> Result<Json<RetentionCount>> {
    Ok(Json(RetentionCount { total_count: cx.store.retention().count().await? }))
}

async fn list(cx: Cx, page: Paging) -> Result<Json<RetentionPolicies>> {
    let policies = cx.store.retention().page(page.per_page, offset(&page)).await?;
    Ok(Json(RetentionPolicies { policies, total_count: cx.store.retention().count().await? }))
}

async fn create(cx: Cx, Json(new): Json<RetentionPatch>) -> Result<Created<RetentionPolicy>> {
    Ok(Created(retention::create(&cx, new).await?))
}

async fn found(cx: &Cx, id: AnyId) -> Result<RetentionPolicy> {
    Ok(cx.store.retention().by_id(id).await?.ok_or(Refusal::NO_RETENTION_POLICY)?)
}

async fn get(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<RetentionPolicy>> {
    Ok(Json(found(&cx, id).await?))
}

async fn patch(cx: Cx, Path(id): Path<AnyId>, Json(patch): Json<RetentionPatch>) -> Result<Json<RetentionPolicy>> {
    Ok(Json(retention::patch(&cx, id, patch).await?))
}

async fn delete(cx: Cx, Path(id): Path<AnyId>) -> Result<Done> {
    retention::delete(&cx, id).await?;
    Ok(Done)
}

/// Teams without what only their own administrators see.
async fn shown(cx: &Cx, ids: &[TeamId]) -> Result<Vec<Team>> {
    let teams = cx.store.teams().by_ids(ids).await?;
    Ok(teams.into_iter().map(|t| Team { email: String::new(), invite_id: String::new(), ..t }).collect())
}

async fn teams(cx: Cx, Path(id): Path<AnyId>, page: Paging) -> Result<Json<RetentionTeams>> {
    let policy = found(&cx, id).await?;
    let ids = cx.store.retention().teams(id, page.per_page, offset(&page)).await?;
    Ok(Json(RetentionTeams { teams: shown(&cx, &ids).await?, total_count: policy.team_count }))
}

async fn add_teams(cx: Cx, Path(id): Path<AnyId>, Json(ids): Json<Vec<TeamId>>) -> Result<Done> {
    retention::set(&cx, id, Place::Teams(&ids), true).await?;
    Ok(Done)
}

async fn remove_teams(cx: Cx, Path(id): Path<AnyId>, Json(ids): Json<Vec<TeamId>>) -> Result<Done> {
    retention::set(&cx, id, Place::Teams(&ids), false).await?;
    Ok(Done)
}

async fn search_teams(cx: Cx, Path(id): Path<AnyId>, Json(search): Json<RetentionSearch>) -> Result<Json<Vec<Team>>> {
    found(&cx, id).await?;
    let ids = cx.store.retention().teams(id, LOOKED_AT, 0).await?;
    let term = search.term.trim().to_lowercase();
    let mut teams = shown(&cx, &ids).await?;
    teams.retain(|t| t.name.contains(&term) || t.display_name.to_lowercase().contains(&term));
    teams.truncate(FOUND_MAX);
    Ok(Json(teams))
}

async fn channels(cx: Cx, Path(id): Path<AnyId>, page: Paging) -> Result<Json<RetentionChannels>> {
    let policy = found(&cx, id).await?;
    let ids = cx.store.retention().channels(id, page.per_page, offset(&page)).await?;
    let channels = in_teams(&cx, cx.store.channels().by_ids(&ids).await?).await?;
    Ok(Json(RetentionChannels { channels, total_count: policy.channel_count }))
}

async fn add_channels(cx: Cx, Path(id): Path<AnyId>, Json(ids): Json<Vec<ChannelId>>) -> Result<Done> {
    retention::set(&cx, id, Place::Channels(&ids), true).await?;
    Ok(Done)
}

async fn remove_channels(cx: Cx, Path(id): Path<AnyId>, Json(ids): Json<Vec<ChannelId>>) -> Result<Done> {
    retention::set(&cx, id, Place::Channels(&ids), false).await?;
    Ok(Done)
}

async fn search_channels(
    cx: Cx,
    Path(id): Path<AnyId>,
    Json(search): Json<RetentionSearch>,
) -> Result<Json<Vec<ChannelInTeam>>> {
    found(&cx, id).await?;
    let ids = cx.store.retention().channels(id, LOOKED_AT, 0).await?;
    let term = search.term.trim().to_lowercase();
    let mut channels = cx.store.channels().by_ids(&ids).await?;
    channels.retain(|c| {
        let of_team = search.team_ids.is_empty() || search.team_ids.contains(&c.team_id);
        of_team && [&c.name, &c.display_name, &c.purpose].iter().any(|text| text.to_lowercase().contains(&term))
    });
    channels.truncate(FOUND_MAX);
    Ok(Json(in_teams(&cx, channels).await?))
}

async fn of_teams(cx: Cx, Whose(user): Whose, page: Paging) -> Result<Json<TeamRetentions>> {
    let (policies, total_count) = cx.store.retention().teams_of(user, page.per_page, offset(&page)).await?;
    Ok(Json(TeamRetentions { policies, total_count }))
}

async fn of_channels(cx: Cx, Whose(user): Whose, page: Paging) -> Result<Json<ChannelRetentions>> {
    let (policies, total_count) = cx.store.retention().channels_of(user, page.per_page, offset(&page)).await?;
    Ok(Json(ChannelRetentions { policies, total_count }))
}
