//! Invitations by mail, of members and of guests; becoming a guest and a member.

use super::{
    Routes,
    extract::{Done, Found, Json, Path, Query},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::{guests, invitations},
    cx::Cx,
    error::Result,
};
use axum::response::{IntoResponse, Response};
use model::{
    endpoint::Method,
    permission::Permission,
    teams::{GracefulQuery, GuestInvitation, GuestQuery, Team},
};

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Post, "/teams/{team_id}/invite/email", Guard::InTeam(Permission::InviteUser), send)
        .at(
            Method::Post,
            "/teams/{team_id}/invite-guests/email",
            Guard::InTeam(Permission::InviteGuest),
            send_to_guests,
        )
        .at(Method::Delete, "/teams/invites/email", Guard::System(Permission::InvalidateEmailInvite), void_all)
        .at(Method::Post, "/users/{user_id}/promote", Guard::System(Permission::PromoteGuest), promote)
        .at(Method::Post, "/users/{user_id}/demote", Guard::System(Permission::DemoteToGuest), demote)
}

async fn send(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Query(how): Query<GracefulQuery>,
    Json(emails): Json<Vec<String>>,
) -> Result<Response> {
    access::must_in_team(&cx, &caller, team.id, Permission::AddUserToTeam).await?;
    let graceful = how.graceful == "true";
    let answers = invitations::send(&cx, &caller, &team, &emails, graceful).await?;
    Ok(if graceful { Json(answers).into_response() } else { Done.into_response() })
}

async fn send_to_guests(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Query(how): Query<GuestQuery>,
    Json(invitation): Json<GuestInvitation>,
) -> Result<Response> {
    let graceful = how.graceful == "true";
    let by_link = how.guest_magic_link == "true";
    let answers = invitations::send_to_guests(&cx, &caller, &team, &invitation, graceful, by_link).await?;
    Ok(if graceful { Json(answers).into_response() } else { Done.into_response() })
}

async fn promote(cx: Cx, caller: Caller, Path(user): Path<String>) -> Result<Done> {
    guests::promote(&cx, caller.resolve(&user)?).await?;
    Ok(Done)
}

async fn demote(cx: Cx, caller: Caller, Path(user): Path<String>) -> Result<Done> {
    guests::demote(&cx, &caller, caller.resolve(&user)?).await?;
    Ok(Done)
}

async fn void_all(cx: Cx) -> Result<Done> {
    invitations::void_all(&cx).await?;
    Ok(Done)
}
