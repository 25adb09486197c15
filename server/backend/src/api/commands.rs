//! Slash commands: giving them, completing them, and looking after those of teams.

use super::{
    Routes,
    extract::{Created, Done, Json, Path, Query},
    guard::{self, Guard},
};
use crate::{
    access::{self, Caller},
    actions::{commands, custom_commands},
    cx::Cx,
    error::Result,
};
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use http::header;
use model::{
    AnyId, Refusal, TeamId,
    commands::{
        AutocompleteCommands, Command, CommandForm, CommandResponse, CommandsQuery, CreateCommand, DeleteCommand,
        ExecuteCommand, GetCommand, Given, ListCommands, MoveCommand, MoveCommandTo, NewToken, RenewCommand,
        SuggestCommands, Suggestion, SuggestionsQuery, UpdateCommand,
    },
    permission::Permission,
};

pub(super) fn routes(r: Routes) -> Routes {
    let team = Guard::InAction("the command's team and creator decide");
    r.on::<ExecuteCommand, _>(Guard::InAction("the channel is in the body, and the team of a conversation"), execute)
        .on::<AutocompleteCommands, _>(Guard::InTeam(Permission::ViewTeam), offered)
        .on::<SuggestCommands, _>(Guard::InTeam(Permission::ViewTeam), suggest)
        .on::<CreateCommand, _>(team, create)
        .on::<ListCommands, _>(team, list)
        .on::<GetCommand, _>(team, get)
        .on::<UpdateCommand, _>(team, update)
        .on::<MoveCommand, _>(team, move_to)
        .on::<DeleteCommand, _>(team, delete)
        .on::<RenewCommand, _>(team, renew)
}

fn on(cx: &Cx) -> Result<(), Refusal> {
    if cx.settings.get().service.enable_commands { Ok(()) } else { Err(Refusal::COMMANDS_OFF) }
}

async fn execute(cx: Cx, caller: Caller, Json(given): Json<Given>) -> Result<Json<CommandResponse>> {
    Ok(Json(commands::execute(&cx, &caller, given).await?))
}

async fn offered(cx: Cx, caller: Caller, Path(team): Path<TeamId>) -> Result<Json<Vec<Command>>> {
    on(&cx)?;
    Ok(Json(commands::offered(&cx, &caller, team).await?))
}

async fn suggest(
    cx: Cx,
    caller: Caller,
    Path(team): Path<TeamId>,
    Query(query): Query<SuggestionsQuery>,
) -> Result<Json<Vec<Suggestion>>> {
    on(&cx)?;
    Ok(Json(commands::suggestions(commands::offered(&cx, &caller, team).await?, &query.user_input)))
}

async fn create(cx: Cx, caller: Caller, Json(form): Json<CommandForm>) -> Result<Created<Command>> {
    on(&cx)?;
    Ok(Created(custom_commands::create(&cx, &caller, form).await?))
}

async fn list(cx: Cx, caller: Caller, Query(query): Query<CommandsQuery>) -> Result<Json<Vec<Command>>> {
    on(&cx)?;
    let team: TeamId = query.team_id.as_deref().and_then(|t| t.parse().ok()).ok_or_else(|| Refusal::url("team_id"))?;
    if query.custom_only.as_deref() == Some("true") {
        access::must_in_team(&cx, &caller, team, Permission::ManageSlashCommands).await?;
        return Ok(Json(custom_commands::of_team(&cx, &caller, team).await?));
    }
    let mut all = commands::offered(&cx, &caller, team).await?;
    all.retain(|c| c.id.is_none());
    all.extend(custom_commands::of_team(&cx, &caller, team).await?);
    Ok(Json(all))
}

async fn get(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Json<Command>> {
    on(&cx)?;
    Ok(Json(custom_commands::managed(&cx, &caller, id).await?))
}

async fn update(cx: Cx, caller: Caller, Path(id): Path<AnyId>, Json(form): Json<CommandForm>) -> Result<Json<Command>> {
    on(&cx)?;
    if form.id != id.as_str() {
        return Err(Refusal::body("command").into());
    }
    let old = custom_commands::managed(&cx, &caller, id).await?;
    if form.team_id != old.team_id.as_str() {
        return Err(Refusal::COMMAND_OTHER_TEAM.into());
    }
    Ok(Json(custom_commands::update(&cx, old, form).await?))
}

async fn move_to(cx: Cx, caller: Caller, Path(id): Path<AnyId>, Json(to): Json<MoveCommandTo>) -> Result<Done> {
    on(&cx)?;
    let team: TeamId = to.team_id.parse().map_err(|_| Refusal::body("team_id"))?;
    let command = custom_commands::managed(&cx, &caller, id).await?;
    custom_commands::move_to(&cx, &caller, command, team).await?;
    Ok(Done)
}

async fn delete(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Done> {
    let command = custom_commands::managed(&cx, &caller, id).await?;
    custom_commands::delete(&cx, command).await?;
    Ok(Done)
}

async fn renew(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Json<NewToken>> {
    on(&cx)?;
    let command = custom_commands::managed(&cx, &caller, id).await?;
    Ok(Json(NewToken { token: custom_commands::renew(&cx, command).await?.token }))
}

/// `POST /hooks/commands/{id}`, at the root of the site: what a program answers later, as JSON.
pub(super) async fn answer_later(
    State(cx): State<Cx>,
    axum::extract::Path(id): axum::extract::Path<String>,
    request: Request,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    guard::limit(&cx, &parts, None)?;
    let most = cx.settings.get().service.maximum_payload_size_bytes.max(0) as usize;
    let bytes = axum::body::to_bytes(body, most).await.map_err(|_| Refusal::TOO_LARGE)?;
    let said: CommandResponse = serde_json::from_slice(&bytes).map_err(|_| Refusal::COMMAND_PARSE)?;
    custom_commands::answer_later(&cx, &id, said).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain")], "ok").into_response())
}
