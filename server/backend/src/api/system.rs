//! The server itself: health, looking after it, and small things that clients ask every server.

use super::{
    Routes,
    extract::{Done, Json, Paging, Query},
    guard::Guard,
};
use crate::{
    access::Caller,
    actions,
    cx::Cx,
    error::{Error, Result},
    outbound::Call,
};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use model::{
    Millis, Refusal,
    endpoint::Method,
    permission::Permission,
    system::{Audit, Ping, PingQuery},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{io::Write as _, sync::atomic::Ordering};

pub(super) fn routes(r: Routes) -> Routes {
    let admin = Guard::System(Permission::ManageSystem);
    r.on::<Ping, _>(Guard::Public, ping)
        .at(Method::Get, "/system/timezones", Guard::SignedIn, timezones)
        .at(Method::Get, "/system/schema/version", admin, schema)
        .at(Method::Get, "/system/support_packet", admin, support_packet)
        .at(Method::Post, "/site_url/test", Guard::System(Permission::TestSiteUrl), test_site_url)
        .at(Method::Get, "/system/notices/{team_id}", Guard::InTeam(Permission::ViewTeam), nothing)
        .at(Method::Put, "/system/notices/view", Guard::SignedIn, accepted)
        .at(Method::Get, "/system/onboarding/complete", Guard::SignedIn, onboarding)
        .at(Method::Post, "/system/onboarding/complete", admin, complete_onboarding)
        .at(Method::Get, "/server_busy", admin, busy)
        .at(Method::Post, "/server_busy", admin, set_busy)
        .at(Method::Delete, "/server_busy", admin, end_busy)
        .at(Method::Post, "/caches/invalidate", Guard::System(Permission::InvalidateCaches), forget)
        .at(Method::Post, "/database/recycle", Guard::System(Permission::RecycleDatabaseConnections), recycle)
        .at(Method::Post, "/integrity", admin, integrity)
        .at(
            Method::Get,
            "/cluster/status",
            Guard::System(Permission::SysconsoleReadEnvironmentHighAvailability),
            nothing,
        )
        .at(Method::Get, "/plugins/webapp", Guard::Public, nothing)
        .at(Method::Get, "/plugins/statuses", Guard::System(Permission::SysconsoleReadPlugins), nothing)
        .at(Method::Get, "/plugins/marketplace/first_admin_visit", admin, marketplace_visit)
        .at(Method::Post, "/plugins/marketplace/first_admin_visit", admin, note_marketplace_visit)
        .at(Method::Get, "/warn_metrics/status", Guard::SignedIn, no_warnings)
        .at(Method::Get, "/limits/server", Guard::SignedIn, limits)
        .at(Method::Post, "/client_perf", Guard::SignedIn, accepted)
        .at(Method::Get, "/audits", Guard::System(Permission::ReadAudits), audits)
}

async fn ping(cx: Cx, Query(query): Query<PingQuery>) -> (StatusCode, Json<Value>) {
    let mut answer = json!({
        "AndroidLatestVersion": "",
        "AndroidMinVersion": "",
        "DesktopLatestVersion": "",
        "DesktopMinVersion": "",
        "IosLatestVersion": "",
        "IosMinVersion": "",
        "status": "OK",
    });
    if query.device_id.is_some() {
        answer["CanReceiveNotifications"] = "unknown".into();
    }
    if query.get_server_status.as_deref() != Some("true") {
        return (StatusCode::OK, Json(answer));
    }
    let word = |healthy: bool| if healthy { "OK" } else { "UNHEALTHY" };
    let (database, files) = tokio::join!(cx.store.ping(), cx.files.check());
    let healthy = database.is_ok() && files.is_ok();
    answer["database_status"] = word(database.is_ok()).into();
    answer["filestore_status"] = word(files.is_ok()).into();
    answer["status"] = word(healthy).into();
    // Mattermost: load balancers look at the status of the answer, unless they say that they read it.
    let read = query.use_rest_semantics.as_deref() == Some("true");
    let status = if healthy || read { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
    (status, Json(answer))
}

async fn timezones() -> Json<Vec<String>> {
    Json(jiff::tz::db().available().map(|name| name.to_string()).filter(|name| name.contains('/')).collect())
}

async fn schema() -> Json<Vec<Value>> {
    Json(store::Store::schema().map(|(version, name)| json!({"version": version, "name": name})).collect())
}

/// What helps others to help: configuration without secrets, the end of the log, and what runs here.
async fn support_packet(cx: Cx) -> Result<Response> {
    let about = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "api_version": model::system::API_VERSION,
        "database": format!("{:?}", cx.store.dialect()),
        "database_answers": cx.store.ping().await.is_ok(),
        "schema": store::Store::schema().last().map(|(version, _)| version),
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "active_users": cx.store.users().count().await?,
        "connections": cx.hub.count(),
        "jobs": cx.store.jobs().count_due(cx.clock.now()).await?,
        "installed_at": actions::system::installed_at(&cx).await?,
        "made_at": cx.clock.now(),
    });
    let pretty = |value: &Value| serde_json::to_string_pretty(value).map_err(Error::internal);
    let files = [
        ("about.json", pretty(&about)?),
        ("sanitized_config.json", pretty(&cx.settings.shown())?),
        ("confab.log", super::logs::tail().await?),
    ];
    let packed = tokio::task::spawn_blocking(move || packed(&files)).await.map_err(Error::internal)??;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"confab_support_packet.zip\""),
    ];
    Ok((headers, packed).into_response())
}

fn packed(files: &[(&str, String)]) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).map_err(Error::internal)?;
        zip.write_all(text.as_bytes()).map_err(Error::internal)?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}

async fn nothing() -> Json<Vec<Value>> {
    Json(Vec::new())
}

async fn accepted() -> Done {
    Done
}

async fn no_warnings() -> Json<Value> {
    Json(json!({}))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct SiteUrl {
    site_url: String,
}

/// Whether a server answers at an address as this one would.
async fn test_site_url(cx: Cx, Json(asked): Json<SiteUrl>) -> Result<Done> {
    if asked.site_url.is_empty() {
        return Err(Refusal::body("site_url").into());
    }
    let call = Call::get(format!("{}/api/v4/system/ping", asked.site_url.trim_end_matches('/')));
    let answer = cx.outbound.call(call.within(std::time::Duration::from_secs(5)).only_first(64 * 1024)).await;
    match answer {
        Ok(answer) if answer.status.is_success() && answer.media_type() == "application/json" => Ok(Done),
        Ok(_) => Err(Refusal::SITE_URL_FAILED.into()),
        Err(failure) => Err(Refusal::SITE_URL_FAILED.saying(format!("The address does not work: {failure}.")).into()),
    }
}

const ONBOARDED: &str = "FirstAdminSetupComplete";
const MARKETPLACE_VISITED: &str = "FirstAdminVisitMarketplace";

async fn noted(cx: &Cx, name: &'static str) -> Result<Json<Value>> {
    let value = cx.store.system().get(name).await?.unwrap_or_else(|| "false".into());
    Ok(Json(json!({"name": name, "value": value})))
}

async fn onboarding(cx: Cx) -> Result<Json<Value>> {
    noted(&cx, ONBOARDED).await
}

async fn complete_onboarding(cx: Cx) -> Result<Done> {
    actions::system::note(&cx, ONBOARDED).await?;
    Ok(Done)
}

async fn marketplace_visit(cx: Cx) -> Result<Json<Value>> {
    noted(&cx, MARKETPLACE_VISITED).await
}

async fn note_marketplace_visit(cx: Cx) -> Result<Done> {
    actions::system::note(&cx, MARKETPLACE_VISITED).await?;
    Ok(Done)
}

async fn busy(cx: Cx) -> Json<Value> {
    let until = cx.busy_until.load(Ordering::Relaxed);
    let busy = until > cx.clock.now();
    // Mattermost: the beginning of its calendar where there is no end.
    let (expires, text) = if busy { (until / 1000, clock_text(until)) } else { (-62_135_596_800, NEVER.to_owned()) };
    Json(json!({"busy": busy, "expires": expires, "expires_ts": text}))
}

const NEVER: &str = "Mon Jan 1 00:00:00 +0000 UTC 0001";

fn clock_text(at: Millis) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    at.strftime("%a %b %-d %H:%M:%S +0000 UTC %Y").to_string()
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct BusyFor {
    seconds: Option<String>,
}

/// An hour where nothing is said, a day at most.
async fn set_busy(cx: Cx, Query(query): Query<BusyFor>) -> Result<Done> {
    let seconds = match query.seconds.as_deref() {
        None | Some("") => 3600,
        Some(text) => text.parse::<i64>().ok().filter(|n| *n > 0).ok_or_else(|| Refusal::url("seconds"))?,
    };
    cx.busy_until.store(cx.clock.now() + seconds.min(24 * 3600) * 1000, Ordering::Relaxed);
    Ok(Done)
}

async fn end_busy(cx: Cx) -> Done {
    cx.busy_until.store(0, Ordering::Relaxed);
    Done
}

async fn forget(cx: Cx) -> Done {
    cx.caches.clear();
    Done
}

/// The pool replaces broken connections by itself; this says whether it has sound ones.
async fn recycle(cx: Cx) -> Result<Done> {
    cx.store.ping().await?;
    Ok(Done)
}

/// Rows that belong to something that is gone.
async fn integrity(cx: Cx) -> Result<Json<Vec<Value>>> {
    let found = cx.store.analytics().orphans().await?;
    let shown = found.into_iter().map(|(relation, records)| {
        let records: Vec<Value> =
            records.into_iter().map(|(child, parent)| json!({"child_id": child, "parent_id": parent})).collect();
        json!({
            "data": {
                "relation_name": relation.name, "child_name": relation.child, "parent_name": relation.parent,
                "parent_id_attr": "id", "child_id_attr": relation.attribute, "records": records,
            },
            "err": "",
        })
    });
    Ok(Json(shown.collect()))
}

async fn limits(cx: Cx, caller: Caller) -> Result<Json<Value>> {
    let active = if caller.may(Permission::ManageSystem) { cx.store.users().count().await? } else { 0 };
    Ok(Json(json!({"activeUserCount": active, "maxUsersLimit": 0, "maxUsersHardLimit": 0, "postHistoryLimit": 0})))
}

async fn audits(cx: Cx, paging: Paging) -> Result<Json<Vec<Audit>>> {
    Ok(Json(cx.store.audits().page(paging.per_page, paging.page * paging.per_page).await?))
}
