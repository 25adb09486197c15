//! Teams: reading, changing, archiving, invitations, pictures.

use super::{
    Routes,
    extract::{Created, Done, Found, Json, MaybeCaller, Paging, Path, Query},
    guard::{Guard, Whose},
    pictures::Upload,
};
use crate::{
    access::{self, Caller},
    actions,
    cx::Cx,
    error::Result,
};
use axum::{
    extract::Multipart,
    response::{IntoResponse, Response},
};
use model::{
    Refusal, TeamId,
    endpoint::Method,
    permission::Permission,
    teams::{
        CountedTeams, CreateTeam, GetInvite, GetTeam, GetTeamByName, GetTeamStats, InviteInfo, ListTeamUnreads,
        ListTeams, ListTeamsOf, OPEN, PatchTeam, RenewInvitation, Team, TeamPatch, TeamStats, TeamUnread,
    },
};
use serde::{Deserialize, Serialize};
use store::teams::Which;

/// The most that is looked at of what is to be imported, in bytes.
const IMPORT_MAX: usize = 10 * 1024 * 1024;
/// The most teams that a search finds.
const FOUND_MAX: i64 = 1000;
const SEEN: Guard = Guard::InAction("an open team can be seen by everybody");
const LISTED: Guard = Guard::InAction("what is listed depends on two permissions");

pub(super) fn routes(r: Routes) -> Routes {
    let manage = Guard::InTeam(Permission::ManageTeam);
    r.on::<CreateTeam, _>(Guard::InAction("the setting and the permission are refused alike"), create)
        .on::<ListTeams, _>(LISTED, list)
        .at(Method::Post, "/teams/search", LISTED, search)
        .on::<GetTeam, _>(SEEN, get)
        .on::<GetTeamByName, _>(SEEN, by_name)
        .at(Method::Get, "/teams/name/{name}/exists", SEEN, exists)
        .at(Method::Put, "/teams/{team_id}", manage, update)
        .on::<PatchTeam, _>(manage, patch)
        .at(Method::Put, "/teams/{team_id}/privacy", manage, privacy)
        .on::<RenewInvitation, _>(manage, renew)
        .at(Method::Delete, "/teams/{team_id}", manage, archive)
        .at(Method::Post, "/teams/{team_id}/restore", manage, restore)
        .on::<GetTeamStats, _>(Guard::InTeam(Permission::ViewTeam), stats)
        .on::<GetInvite, _>(Guard::Public, invite)
        .on::<ListTeamsOf, _>(Guard::Me(Permission::ManageSystem), of_user)
        .on::<ListTeamUnreads, _>(Guard::Me(Permission::EditOtherUsers), unreads)
        .at(Method::Get, "/users/{user_id}/teams/{team_id}/unread", Guard::Me(Permission::EditOtherUsers), unread)
        .at(Method::Post, "/teams/{team_id}/import", Guard::InTeam(Permission::ImportTeam), import)
}

async fn create(cx: Cx, caller: Caller, Json(new): Json<Team>) -> Result<Created<Team>> {
    Ok(Created(actions::teams::create(&cx, &caller, new).await?))
}

/// Which teams somebody may list: all, open or closed ones.
fn listed(caller: &Caller) -> Option<Which> {
    let open = match (caller.may(Permission::ListPublicTeams), caller.may(Permission::ListPrivateTeams)) {
        (true, true) => None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => return None,
    };
    Some(Which { open, ..Which::default() })
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct ListQuery {
    include_total_count: Option<String>,
}

async fn list(cx: Cx, caller: Caller, page: Paging, Query(query): Query<ListQuery>) -> Result<Response> {
    let which = listed(&caller).ok_or(Refusal::TEAM_NOT_LISTED)?;
    // Administrators also see what is archived.
    let which = Which { with_deleted: which.open.is_none(), ..which };
    let teams = cx.store.teams().page(&which, page.page, page.per_page).await?;
    let count = if query.include_total_count.as_deref() == Some("true") {
        Some(cx.store.teams().count(&which).await?)
    } else {
        None
    };
    counted(&cx, &caller, teams, count).await
}

/// Teams as the caller may see them, with their number if it was asked for.
async fn counted(cx: &Cx, caller: &Caller, teams: Vec<Team>, total_count: Option<i64>) -> Result<Response> {
    let teams = shown(cx, caller, teams).await?;
    Ok(match total_count {
        Some(total_count) => Json(CountedTeams { teams, total_count }).into_response(),
        None => Json(teams).into_response(),
    })
}

async fn shown(cx: &Cx, caller: &Caller, teams: Vec<Team>) -> Result<Vec<Team>> {
    let mut answer = Vec::with_capacity(teams.len());
    for team in teams {
        answer.push(actions::teams::shown(cx, caller, team).await?);
    }
    Ok(answer)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Search {
    term: String,
    page: Option<i64>,
    per_page: Option<i64>,
    allow_open_invite: Option<bool>,
}

async fn search(cx: Cx, caller: Caller, Json(asked): Json<Search>) -> Result<Response> {
    let Some(listed) = listed(&caller) else { return Ok(Json(Vec::<Team>::new()).into_response()) };
    let which = Which { term: asked.term, open: listed.open.or(asked.allow_open_invite), ..listed };
    let (Some(page), Some(per_page)) = (asked.page, asked.per_page) else {
        let teams = cx.store.teams().page(&which, 0, FOUND_MAX).await?;
        return counted(&cx, &caller, teams, None).await;
    };
    let teams = cx.store.teams().page(&which, page.max(0), per_page.clamp(0, FOUND_MAX)).await?;
    let count = cx.store.teams().count(&which).await?;
    counted(&cx, &caller, teams, Some(count)).await
}

/// A team that the caller may see: their own, or one that everybody may join.
pub(super) async fn seen(cx: &Cx, caller: &Caller, team: &Team) -> Result<()> {
    if team.allow_open_invite && team.kind == OPEN {
        return Ok(());
    }
    access::must_in_team(cx, caller, team.id, Permission::ViewTeam).await
}

async fn get(cx: Cx, caller: Caller, Path(id): Path<TeamId>) -> Result<Json<Team>> {
    let team = access::team(&cx, id).await?;
    seen(&cx, &caller, &team).await?;
    Ok(Json(actions::teams::shown(&cx, &caller, (*team).clone()).await?))
}

async fn by_name(cx: Cx, caller: Caller, Path(name): Path<String>) -> Result<Json<Team>> {
    let team = cx.store.teams().by_name(&name).await?.ok_or(Refusal::NO_TEAM_NAME)?;
    seen(&cx, &caller, &team).await?;
    Ok(Json(actions::teams::shown(&cx, &caller, team).await?))
}

#[derive(Serialize, schemars::JsonSchema)]
struct Exists {
    exists: bool,
}

async fn exists(cx: Cx, caller: Caller, Path(name): Path<String>) -> Result<Json<Exists>> {
    let Some(team) = cx.store.teams().by_name(&name).await? else { return Ok(Json(Exists { exists: false })) };
    let needed = if team.allow_open_invite { Permission::ListPublicTeams } else { Permission::ListPrivateTeams };
    let member = access::team_member(&cx, team.id, caller.id()).await?.is_some();
    Ok(Json(Exists { exists: member || caller.may(needed) }))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Update {
    id: String,
    display_name: String,
    description: String,
    company_name: String,
    allowed_domains: String,
    allow_open_invite: bool,
    group_constrained: Option<bool>,
}

async fn update(cx: Cx, caller: Caller, Found(team): Found<Team>, Json(new): Json<Update>) -> Result<Json<Team>> {
    if new.id != team.id.as_str() {
        return Err(Refusal::body("id").into());
    }
    let changes = TeamPatch {
        display_name: Some(new.display_name),
        description: Some(new.description),
        company_name: Some(new.company_name),
        allowed_domains: Some(new.allowed_domains),
        allow_open_invite: Some(new.allow_open_invite),
        group_constrained: new.group_constrained,
    };
    let team = actions::teams::patch(&cx, team.id, changes).await?;
    Ok(Json(actions::teams::shown(&cx, &caller, team).await?))
}

async fn patch(cx: Cx, caller: Caller, Found(team): Found<Team>, Json(changes): Json<TeamPatch>) -> Result<Json<Team>> {
    let team = actions::teams::patch(&cx, team.id, changes).await?;
    Ok(Json(actions::teams::shown(&cx, &caller, team).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Privacy {
    privacy: String,
}

async fn privacy(cx: Cx, caller: Caller, Found(team): Found<Team>, Json(new): Json<Privacy>) -> Result<Json<Team>> {
    let team = actions::teams::set_privacy(&cx, team.id, new.privacy).await?;
    Ok(Json(actions::teams::shown(&cx, &caller, team).await?))
}

async fn renew(cx: Cx, caller: Caller, Found(team): Found<Team>) -> Result<Json<Team>> {
    let team = actions::teams::renew_invitation(&cx, team.id).await?;
    Ok(Json(actions::teams::shown(&cx, &caller, team).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub(super) struct DeleteQuery {
    permanent: Option<String>,
}

impl DeleteQuery {
    /// Whether it is to be gone for good.
    pub(super) fn is_permanent(&self) -> bool {
        self.permanent.as_deref() == Some("true")
    }
}

async fn archive(cx: Cx, Found(team): Found<Team>, Query(query): Query<DeleteQuery>) -> Result<Done> {
    if query.is_permanent() {
        actions::teams::delete(&cx, team.id).await?;
    } else {
        actions::teams::archive(&cx, team.id).await?;
    }
    Ok(Done)
}

async fn restore(cx: Cx, caller: Caller, Found(team): Found<Team>) -> Result<Json<Team>> {
    let team = actions::teams::restore(&cx, team.id).await?;
    Ok(Json(actions::teams::shown(&cx, &caller, team).await?))
}

async fn stats(cx: Cx, caller: Caller, Found(team): Found<Team>) -> Result<Json<TeamStats>> {
    if let Some(viewer) = access::sees_only_known(&caller) {
        let all = store::users::Which { in_team: Some(team.id), known_to: Some(viewer), ..Default::default() };
        let active = store::users::Which { active: Some(true), ..all.clone() };
        let total_member_count = cx.store.users().count_of(&all).await?;
        let active_member_count = cx.store.users().count_of(&active).await?;
        return Ok(Json(TeamStats { team_id: team.id, total_member_count, active_member_count }));
    }
    let (total_member_count, active_member_count) = cx.store.team_members().counts(team.id).await?;
    Ok(Json(TeamStats { team_id: team.id, total_member_count, active_member_count }))
}

async fn invite(cx: Cx, _: MaybeCaller, Path(invite_id): Path<String>) -> Result<Json<InviteInfo>> {
    let team = cx.store.teams().by_invite(&invite_id).await?.filter(|t| t.delete_at == 0).ok_or(Refusal::NO_INVITE)?;
    if team.kind != OPEN {
        return Err(Refusal::TEAM_NOT_OPEN.into());
    }
    let Team { id, name, display_name, description, .. } = team;
    Ok(Json(InviteInfo { id, name, display_name, description }))
}

async fn of_user(cx: Cx, caller: Caller, Whose(user): Whose) -> Result<Json<Vec<Team>>> {
    let teams = cx.store.teams().of_user(user).await?;
    Ok(Json(shown(&cx, &caller, teams).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct UnreadsQuery {
    exclude_team: Option<String>,
}

async fn unreads(cx: Cx, Whose(user): Whose, Query(query): Query<UnreadsQuery>) -> Result<Json<Vec<TeamUnread>>> {
    let mut unreads = cx.store.team_members().unreads(user).await?;
    unreads.retain(|u| query.exclude_team.as_deref() != Some(u.team_id.as_str()));
    Ok(Json(unreads))
}

async fn unread(
    cx: Cx,
    caller: Caller,
    Whose(user): Whose,
    Path((_, team_id)): Path<(String, TeamId)>,
) -> Result<Json<TeamUnread>> {
    access::must_in_team(&cx, &caller, team_id, Permission::ViewTeam).await?;
    let unreads = cx.store.team_members().unreads(user).await?;
    let nothing = TeamUnread { team_id, ..TeamUnread::default() };
    Ok(Json(unreads.into_iter().find(|u| u.team_id == team_id).unwrap_or(nothing)))
}

async fn import(_: Found<Team>, form: Multipart) -> Result<Done> {
    let missing = Refusal::TEAM_IMPORT_FILE;
    Upload { field: "file", most: IMPORT_MAX, missing, too_large: Refusal::TOO_LARGE }.of(form).await?;
    Err(Refusal::NOT_OFFERED.into())
}
