//! Schemes, and which teams and channels have them.

use super::{
    Routes,
    extract::{Created, Done, Found, Json, Paging, Path, Query},
    guard::Guard,
};
use crate::{actions, cx::Cx, error::Result};
use model::{
    AnyId, Refusal,
    channels::Channel,
    endpoint::Method,
    permission::Permission,
    schemes::{CHANNEL, CreateScheme, GetScheme, NewScheme, PatchScheme, Scheme, SchemeOf, SchemePatch, TEAM},
    teams::Team,
};
use serde::Deserialize;

pub(super) fn routes(r: Routes) -> Routes {
    let read = Guard::System(Permission::SysconsoleReadUserManagementPermissions);
    // Whoever decides what roles hold could give themselves anything.
    let write = Guard::System(Permission::ManageSystem);
    r.on::<CreateScheme, _>(write, create)
        .on::<GetScheme, _>(read, get)
        .on::<PatchScheme, _>(write, patch)
        .at(Method::Get, "/schemes", read, list)
        .at(Method::Delete, "/schemes/{scheme_id}", write, delete)
        .at(Method::Get, "/schemes/{scheme_id}/teams", read, teams)
        .at(Method::Get, "/schemes/{scheme_id}/channels", read, channels)
        .at(Method::Put, "/teams/{team_id}/scheme", write, set_of_team)
        .at(Method::Put, "/channels/{channel_id}/scheme", Guard::Channel(Permission::ManageSystem), set_of_channel)
}

async fn create(cx: Cx, Json(new): Json<NewScheme>) -> Result<Created<Scheme>> {
    Ok(Created(actions::schemes::create(&cx, new).await?))
}

async fn get(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<Scheme>> {
    Ok(Json(actions::schemes::find(&cx, id).await?))
}

async fn patch(cx: Cx, Path(id): Path<AnyId>, Json(patch): Json<SchemePatch>) -> Result<Json<Scheme>> {
    Ok(Json(actions::schemes::patch(&cx, id, patch).await?))
}

async fn delete(cx: Cx, Path(id): Path<AnyId>) -> Result<Done> {
    actions::schemes::delete(&cx, id).await?;
    Ok(Done)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Which {
    scope: String,
}

async fn list(cx: Cx, Query(which): Query<Which>, paging: Paging) -> Result<Json<Vec<Scheme>>> {
    let scope = match which.scope.as_str() {
        "" => None,
        scope @ (TEAM | CHANNEL) => Some(scope),
        _ => return Err(Refusal::url("scope").into()),
    };
    Ok(Json(cx.store.schemes().page(scope, paging.per_page, paging.page.saturating_mul(paging.per_page)).await?))
}

async fn teams(cx: Cx, Path(id): Path<AnyId>, paging: Paging) -> Result<Json<Vec<Team>>> {
    actions::schemes::find(&cx, id).await?;
    let offset = paging.page.saturating_mul(paging.per_page);
    let ids = cx.store.schemes().teams(id, paging.per_page, offset).await?;
    Ok(Json(cx.store.teams().by_ids(&ids).await?))
}

async fn channels(cx: Cx, Path(id): Path<AnyId>, paging: Paging) -> Result<Json<Vec<Channel>>> {
    actions::schemes::find(&cx, id).await?;
    let offset = paging.page.saturating_mul(paging.per_page);
    let ids = cx.store.schemes().channels(id, paging.per_page, offset).await?;
    Ok(Json(cx.store.channels().by_ids(&ids).await?))
}

async fn set_of_team(cx: Cx, Path(id): Path<model::TeamId>, Json(new): Json<SchemeOf>) -> Result<Done> {
    actions::schemes::set_of_team(&cx, id, new.scheme_id).await?;
    Ok(Done)
}

async fn set_of_channel(cx: Cx, Found(channel): Found<Channel>, Json(new): Json<SchemeOf>) -> Result<Done> {
    actions::schemes::set_of_channel(&cx, channel.id, new.scheme_id).await?;
    Ok(Done)
}
