//! Invitations by mail.

use super::{
    Routes,
    extract::{Done, Found, Json, Query},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::invitations,
    cx::Cx,
    error::Result,
};
use axum::response::{IntoResponse, Response};
use model::{endpoint::Method, permission::Permission, teams::Team};
use serde::Deserialize;

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Post, "/teams/{team_id}/invite/email", Guard::InTeam(Permission::InviteUser), send).at(
        Method::Delete,
        "/teams/invites/email",
        Guard::System(Permission::InvalidateEmailInvite),
        void_all,
    )
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct How {
    graceful: String,
}

async fn send(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Query(how): Query<How>,
    Json(emails): Json<Vec<String>>,
) -> Result<Response> {
    access::must_in_team(&cx, &caller, team.id, Permission::AddUserToTeam).await?;
    let graceful = how.graceful == "true";
    let answers = invitations::send(&cx, &caller, &team, &emails, graceful).await?;
    Ok(if graceful { Json(answers).into_response() } else { Done.into_response() })
}

async fn void_all(cx: Cx) -> Result<Done> {
    invitations::void_all(&cx).await?;
    Ok(Done)
}
