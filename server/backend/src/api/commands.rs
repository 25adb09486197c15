//! Slash commands.

use super::{
    Routes,
    extract::{Json, Path, Query},
    guard::Guard,
};
use crate::{access::Caller, actions::commands, cx::Cx, error::Result};
use model::{
    TeamId,
    commands::{
        AutocompleteCommands, Command, CommandResponse, ExecuteCommand, Given, SuggestCommands, Suggestion,
        SuggestionsQuery,
    },
    permission::Permission,
};

pub(super) fn routes(r: Routes) -> Routes {
    r.on::<ExecuteCommand, _>(Guard::InAction("the channel is in the body, and the team of a conversation"), execute)
        .on::<AutocompleteCommands, _>(Guard::InTeam(Permission::ViewTeam), offered)
        .on::<SuggestCommands, _>(Guard::InTeam(Permission::ViewTeam), suggest)
}

async fn execute(cx: Cx, caller: Caller, Json(given): Json<Given>) -> Result<Json<CommandResponse>> {
    Ok(Json(commands::execute(&cx, &caller, given).await?))
}

async fn offered(cx: Cx, caller: Caller, Path(team): Path<TeamId>) -> Result<Json<Vec<Command>>> {
    Ok(Json(commands::offered(&cx, &caller, team).await?))
}

async fn suggest(
    cx: Cx,
    caller: Caller,
    Path(team): Path<TeamId>,
    Query(query): Query<SuggestionsQuery>,
) -> Result<Json<Vec<Suggestion>>> {
    Ok(Json(commands::suggestions(commands::offered(&cx, &caller, team).await?, &query.user_input)))
}
