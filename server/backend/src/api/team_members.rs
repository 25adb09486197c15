//! People in teams: listing, adding, removing, roles.

use super::{
    Routes,
    extract::{self, Created, Done, Found, Json, Paging, Path, Query},
    guard::{Guard, Whose},
};
use crate::{
    access::{self, Caller},
    actions,
    cx::Cx,
    error::Result,
};
use axum::response::{IntoResponse, Response};
use model::{
    Refusal, TeamId, UserId,
    endpoint::Method,
    permission::Permission,
    teams::{
        AddTeamMember, InviteQuery, JoinTeamByInvite, ListTeamMembershipsOf, NewTeamMember, RemoveTeamMember,
        SchemeRoles, SetTeamSchemeRoles, Team, TeamMember, TeamMembersByIds,
    },
};
use serde::Deserialize;
use store::users::{Sort, Which};

/// The most people that one call may add.
const BATCH_MAX: usize = 256;

pub(super) fn routes(r: Routes) -> Routes {
    let see = Guard::InTeam(Permission::ViewTeam);
    let roles = Guard::InTeam(Permission::ManageTeamRoles);
    r.at(Method::Get, "/teams/{team_id}/members", see, list)
        .on::<AddTeamMember, _>(Guard::InAction("joining needs another permission than adding"), add)
        .at(Method::Post, "/teams/{team_id}/members/batch", Guard::InTeam(Permission::AddUserToTeam), add_many)
        .on::<TeamMembersByIds, _>(see, by_ids)
        .on::<JoinTeamByInvite, _>(Guard::InAction("the invitation is the permission"), join)
        .at(Method::Get, "/teams/{team_id}/members/{user_id}", see, get)
        .on::<RemoveTeamMember, _>(Guard::InAction("leaving needs no permission"), remove)
        .at(Method::Put, "/teams/{team_id}/members/{user_id}/roles", roles, set_roles)
        .on::<SetTeamSchemeRoles, _>(roles, set_scheme_roles)
        .on::<ListTeamMembershipsOf, _>(Guard::Me(Permission::ReadOtherUsersTeams), of_user)
}

async fn list(cx: Cx, caller: Caller, Found(team): Found<Team>, page: Paging) -> Result<Json<Vec<TeamMember>>> {
    if let Some(viewer) = access::sees_only_known(&caller) {
        let which = Which { in_team: Some(team.id), known_to: Some(viewer), ..Which::default() };
        let known = cx.store.users().page(&which, Sort::Username, page.page, page.per_page).await?;
        let ids: Vec<UserId> = known.iter().map(|user| user.id).collect();
        return Ok(Json(cx.store.team_members().by_ids(team.id, &ids).await?));
    }
    Ok(Json(cx.store.team_members().page(team.id, page.page, page.per_page).await?))
}

async fn get(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Path((_, user)): Path<(String, String)>,
) -> Result<Json<TeamMember>> {
    let user = caller.resolve(&user)?;
    access::must_see(&cx, &caller, user).await?;
    Ok(Json(cx.store.team_members().get(team.id, user).await?.ok_or(Refusal::NO_TEAM_MEMBER)?))
}

async fn by_ids(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Json(users): Json<Vec<String>>,
) -> Result<Json<Vec<TeamMember>>> {
    let users: Vec<UserId> = extract::ids(&users, "user_ids")?;
    let users = access::seen_among(&cx, &caller, users).await?;
    Ok(Json(cx.store.team_members().by_ids(team.id, &users).await?))
}

async fn add(
    cx: Cx,
    caller: Caller,
    Path(team): Path<TeamId>,
    Json(new): Json<NewTeamMember>,
) -> Result<Created<TeamMember>> {
    if new.user_id.is_none() {
        return Err(Refusal::body("user_id").into());
    }
    if new.team_id != team {
        return Err(Refusal::body("team_id").into());
    }
    let team = access::team(&cx, team).await?;
    Ok(Created(actions::teams::add(&cx, &caller, &team, new.user_id).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Graceful {
    graceful: Option<String>,
}

async fn add_many(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Query(query): Query<Graceful>,
    Json(new): Json<Vec<NewTeamMember>>,
) -> Result<Response> {
    if new.is_empty() || new.len() > BATCH_MAX || new.iter().any(|m| m.user_id.is_none()) {
        return Err(Refusal::body("members").into());
    }
    if new.iter().any(|m| m.team_id != team.id) {
        return Err(Refusal::body("team_id").into());
    }
    let graceful = query.graceful.as_deref().is_some_and(|text| !text.is_empty() && text != "false");
    let users: Vec<_> = new.iter().map(|m| m.user_id).collect();
    let added = actions::teams::add_many(&cx, &caller, &team, &users, graceful).await?;
    if graceful {
        return Ok(Created(added).into_response());
    }
    Ok(Created(added.into_iter().filter_map(|a| a.member).collect::<Vec<_>>()).into_response())
}

async fn join(cx: Cx, caller: Caller, Query(query): Query<InviteQuery>) -> Result<Created<TeamMember>> {
    if query.invite_id.is_empty() {
        return Err(Refusal::TEAM_NO_INVITATION.into());
    }
    Ok(Created(actions::teams::join_by_invitation(&cx, &caller, &query.invite_id).await?))
}

async fn remove(cx: Cx, caller: Caller, Path((team, user)): Path<(TeamId, String)>) -> Result<Done> {
    let team = access::team(&cx, team).await?;
    actions::teams::remove(&cx, &caller, &team, caller.resolve(&user)?).await?;
    Ok(Done)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub(super) struct RoleNames {
    pub roles: String,
}

async fn set_roles(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Path((_, user)): Path<(String, String)>,
    Json(new): Json<RoleNames>,
) -> Result<Done> {
    actions::teams::set_roles(&cx, team.id, caller.resolve(&user)?, &new.roles).await?;
    Ok(Done)
}

async fn set_scheme_roles(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Path((_, user)): Path<(String, String)>,
    Json(new): Json<SchemeRoles>,
) -> Result<Done> {
    actions::teams::set_scheme_roles(&cx, team.id, caller.resolve(&user)?, new).await?;
    Ok(Done)
}

async fn of_user(cx: Cx, Whose(user): Whose) -> Result<Json<Vec<TeamMember>>> {
    Ok(Json(cx.store.team_members().of_user(user).await?))
}
