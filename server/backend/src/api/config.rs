//! The configuration: whole for administrators, in part for delegated ones, and what clients are told of it.

use super::{
    Routes,
    extract::{Done, Json, MaybeCaller, Query},
    guard::Guard,
};
use crate::{
    access::Caller,
    actions,
    cx::Cx,
    error::Result,
    settings::{
        self,
        areas::{self, Access},
        client,
    },
};
use model::{
    Refusal, StringMap,
    endpoint::Method,
    event::{Announcement, Broadcast, Event},
    permission::Permission,
    system::{FormatQuery, GetClientConfig},
};
use serde_json::Value;

pub(super) fn routes(r: Routes) -> Routes {
    let by_page = Guard::InAction("each setting is for those who hold its page of the console");
    r.on::<GetClientConfig, _>(Guard::Public, client_config)
        .at(Method::Get, "/config", by_page, get)
        .at(Method::Put, "/config", by_page, put)
        .at(Method::Put, "/config/patch", by_page, patch)
        .at(Method::Get, "/config/environment", by_page, environment)
        .at(Method::Post, "/config/reload", Guard::System(Permission::ReloadConfig), reload)
}

/// Refuses any other form than the old one. Mattermost: without a form it is 501, with another 400.
pub(super) fn old_format(query: &FormatQuery) -> Result<(), Refusal> {
    match query.format.as_str() {
        "old" => Ok(()),
        "" => Err(Refusal::FORMAT_MISSING),
        _ => Err(Refusal::body("format")),
    }
}

async fn client_config(
    cx: Cx,
    MaybeCaller(caller): MaybeCaller,
    Query(query): Query<FormatQuery>,
) -> Result<Json<StringMap>> {
    old_format(&query)?;
    told(&cx, caller.is_some()).await.map(Json)
}

async fn told(cx: &Cx, signed_in: bool) -> Result<StringMap> {
    let facts = actions::system::facts(cx, signed_in).await?;
    Ok(client::told(&cx.settings.whole(), &facts))
}

/// Refuses whoever holds no page of the console.
fn must_hold_a_page(caller: &Caller, access: Access) -> Result<()> {
    if areas::any(caller.permissions, access) {
        return Ok(());
    }
    Err(Refusal::missing(Permission::ManageSystem).into())
}

async fn get(cx: Cx, caller: Caller) -> Result<Json<Value>> {
    must_hold_a_page(&caller, Access::Read)?;
    Ok(Json(areas::within(caller.permissions, Access::Read, &cx.settings.shown())))
}

async fn environment(cx: Cx, caller: Caller) -> Result<Json<Value>> {
    must_hold_a_page(&caller, Access::Read)?;
    Ok(Json(areas::within(caller.permissions, Access::Read, &cx.settings.environment())))
}

async fn put(cx: Cx, caller: Caller, Json(config): Json<Value>) -> Result<Json<Value>> {
    must_hold_a_page(&caller, Access::Write)?;
    change(&cx, &caller, &config).await
}

async fn patch(cx: Cx, caller: Caller, Json(patch): Json<Value>) -> Result<Json<Value>> {
    must_hold_a_page(&caller, Access::Write)?;
    change(&cx, &caller, &patch).await
}

async fn change(cx: &Cx, caller: &Caller, patch: &Value) -> Result<Json<Value>> {
    if !patch.is_object() {
        return Err(Refusal::body("config").into());
    }
    let patch = areas::within(caller.permissions, Access::Write, patch);
    let had_guests = cx.settings.get().guest_accounts.enable;
    cx.settings.patch(&patch).map_err(|error| match settings::invalid(&error) {
        Some(invalid) => Refusal::body("config").saying(invalid.to_string()).into(),
        None => crate::Error::Internal(error),
    })?;
    announce(cx).await?;
    if had_guests && !cx.settings.get().guest_accounts.enable {
        actions::guests::deactivate_all(cx).await?;
    }
    Ok(Json(areas::within(caller.permissions, Access::Read, &cx.settings.shown())))
}

async fn announce(cx: &Cx) -> Result<()> {
    let event = Event::ConfigChanged { config: told(cx, true).await? };
    cx.hub.announce(&Announcement { event, to: Broadcast::all() });
    Ok(())
}

async fn reload(cx: Cx) -> Result<Done> {
    cx.settings.reload().map_err(|error| match settings::invalid(&error) {
        Some(invalid) => Refusal::body("config").saying(invalid.to_string()).into(),
        None => crate::Error::Internal(error),
    })?;
    announce(&cx).await?;
    Ok(Done)
}
