//! Connections by which this server signs in to the programs of integrations.

use super::{
    Routes,
    extract::{Created, Done, Json, Path, Query},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::outgoing_oauth,
    cx::Cx,
    error::Result,
};
use model::{
    AnyId, Refusal,
    outgoing_oauth::{
        ConnectionsQuery, CreateConnection, DeleteConnection, GetConnection, ListConnections, OutgoingOAuthConnection,
        UpdateConnection, ValidateConnection,
    },
    permission::Permission,
};

pub(super) fn routes(r: Routes) -> Routes {
    let admin = Guard::System(Permission::ManageOutgoingOauthConnections);
    let reader = Guard::InAction(
        "`manage_outgoing_oauth_connections`, or `manage_outgoing_webhooks` or `manage_slash_commands` in the team",
    );
    r.on::<ListConnections, _>(reader, list)
        .on::<CreateConnection, _>(admin, create)
        .on::<ValidateConnection, _>(admin, validate)
        .on::<GetConnection, _>(admin, get)
        .on::<UpdateConnection, _>(admin, update)
        .on::<DeleteConnection, _>(admin, delete)
}

/// Whether somebody may know which connections there are: who makes them, and who makes what uses them.
async fn must_read(cx: &Cx, caller: &Caller, team: Option<&str>) -> Result<()> {
    if caller.may(Permission::ManageOutgoingOauthConnections) {
        return Ok(());
    }
    let refused = Refusal::missing(Permission::ManageSlashCommands);
    let team = team.and_then(|id| id.parse().ok()).ok_or_else(|| refused.clone())?;
    for permission in [Permission::ManageOutgoingWebhooks, Permission::ManageSlashCommands] {
        if access::may_in_team(cx, caller, team, permission).await? {
            return Ok(());
        }
    }
    Err(refused.into())
}

async fn list(
    cx: Cx,
    caller: Caller,
    Query(query): Query<ConnectionsQuery>,
) -> Result<Json<Vec<OutgoingOAuthConnection>>> {
    must_read(&cx, &caller, query.team_id.as_deref()).await?;
    outgoing_oauth::on(&cx)?;
    let limit = query.limit.as_deref().filter(|text| !text.is_empty()).map_or(Ok(10), str::parse::<i64>);
    let limit = limit.ok().filter(|limit| (1..=100).contains(limit)).ok_or(Refusal::OUTGOING_OAUTH_LIST)?;
    let found = if let Some(audience) = query.audience.filter(|audience| !audience.is_empty()) {
        outgoing_oauth::of_address(&cx, &audience).await?.into_iter().collect()
    } else {
        let from: AnyId = query.from_id.as_deref().unwrap_or_default().parse().unwrap_or_default();
        cx.store.outgoing_oauth().after(from, limit).await?
    };
    Ok(Json(found.into_iter().map(outgoing_oauth::shown).collect()))
}

async fn create(
    cx: Cx,
    caller: Caller,
    Json(new): Json<OutgoingOAuthConnection>,
) -> Result<Created<OutgoingOAuthConnection>> {
    outgoing_oauth::on(&cx)?;
    Ok(Created(outgoing_oauth::create(&cx, &caller, new).await?))
}

async fn validate(cx: Cx, Json(asked): Json<OutgoingOAuthConnection>) -> Result<Done> {
    outgoing_oauth::on(&cx)?;
    outgoing_oauth::validate(&cx, asked).await?;
    Ok(Done)
}

async fn get(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<OutgoingOAuthConnection>> {
    outgoing_oauth::on(&cx)?;
    Ok(Json(outgoing_oauth::shown(outgoing_oauth::find(&cx, id).await?)))
}

async fn update(
    cx: Cx,
    Path(id): Path<AnyId>,
    Json(new): Json<OutgoingOAuthConnection>,
) -> Result<Json<OutgoingOAuthConnection>> {
    outgoing_oauth::on(&cx)?;
    if new.id != id {
        return Err(Refusal::body("id").into());
    }
    Ok(Json(outgoing_oauth::update(&cx, id, new).await?))
}

async fn delete(cx: Cx, Path(id): Path<AnyId>) -> Result<Done> {
    outgoing_oauth::on(&cx)?;
    outgoing_oauth::delete(&cx, id).await?;
    Ok(Done)
}
