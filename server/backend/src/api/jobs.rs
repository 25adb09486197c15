//! Jobs, as administrators see them: what waits, what is done, and what came of it.

use super::{
    Routes,
    exports::{archive, given},
    extract::{Created, Done, Json, Paging, Path},
    guard::Guard,
};
use crate::{
    access::Caller,
    actions::{self, bulk::export::name_of, message_export},
    cx::Cx,
    error::Result,
};
use axum::response::Response;
use http::HeaderMap;
use model::{AnyId, Refusal, StringMap, endpoint::Method, permission::Permission};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::jobs::{ExportProcess, ImportProcess, Job, Order as _};

pub(super) fn routes(r: Routes) -> Routes {
    let read = Guard::System(Permission::ReadJobs);
    r.at(Method::Get, "/jobs", read, list)
        .at(Method::Post, "/jobs", Guard::InAction("each kind has a permission of its own"), create)
        .at(Method::Get, "/jobs/type/{kind}", read, of_kind)
        .at(Method::Get, "/jobs/{job_id}", read, get)
        .at(Method::Post, "/jobs/{job_id}/cancel", Guard::System(Permission::ManageJobs), cancel)
        .at(
            Method::Get,
            "/jobs/{job_id}/download",
            Guard::InAction("`manage_system`, or `download_compliance_export_result` of what is written for compliance; what no job has written is refused to everybody alike"),
            download,
        )
}

fn shown(job: Job) -> Value {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    // What was asked for is told of those jobs that people give something along.
    let asked = [ExportProcess::KIND, ImportProcess::KIND].contains(&job.kind.as_str());
    let mut data: Map<String, Value> = if asked { read(&job.body) } else { Map::new() };
    for value in data.values_mut().filter(|value| value.is_boolean()) {
        *value = value.to_string().into();
    }
    data.extend(read(&job.result));
    json!({
        "id": job.id, "type": job.kind, "priority": 0, "create_at": job.create_at, "start_at": job.start_at,
        "last_activity_at": job.last_activity_at, "status": job.status, "progress": job.progress, "data": data,
    })
}

async fn list(cx: Cx, paging: Paging) -> Result<Json<Vec<Value>>> {
    let offset = paging.page.saturating_mul(paging.per_page);
    let jobs = cx.store.jobs().page(paging.per_page, offset).await?;
    Ok(Json(jobs.into_iter().map(shown).collect()))
}

async fn of_kind(cx: Cx, Path(kind): Path<String>, paging: Paging) -> Result<Json<Vec<Value>>> {
    let offset = paging.page.saturating_mul(paging.per_page);
    let jobs = cx.store.jobs().page_of_kind(&kind, paging.per_page, offset).await?;
    Ok(Json(jobs.into_iter().map(shown).collect()))
}

async fn get(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<Value>> {
    Ok(Json(shown(cx.store.jobs().by_id(id).await?.ok_or(Refusal::NO_JOB)?)))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Wanted {
    #[serde(rename = "type")]
    kind: String,
    /// What the type of job takes: `import_file` of an import; `include_attachments`, `include_archived_channels`,
    /// `include_profile_pictures` and `include_roles_and_schemes` of an export, each `"true"` or not.
    data: StringMap,
}

async fn create(cx: Cx, caller: Caller, Json(wanted): Json<Wanted>) -> Result<Created<Value>> {
    Ok(Created(shown(actions::jobs::order(&cx, &caller, &wanted.kind, &wanted.data).await?)))
}

/// Mattermost: where what is exported for compliance cannot be downloaded, this is so for whatever is asked for.
async fn download(cx: Cx, caller: Caller, Path(id): Path<AnyId>, asked: HeaderMap) -> Result<Response> {
    match cx.store.jobs().by_id(id).await? {
        Some(job) if job.kind == ExportProcess::KIND => {
            caller.must(Permission::ManageSystem)?;
            archive(&cx, &name_of(id), &asked).await
        }
        _ if !cx.settings.get().message_export.download_export_results => Err(Refusal::JOB_DOWNLOAD_OFF.into()),
        job => {
            caller.must(Permission::DownloadComplianceExportResult)?;
            let job = job.ok_or(Refusal::NO_JOB)?;
            if !message_export::is_written(&job) {
                return Err(Refusal::NO_DOWNLOAD.into());
            }
            let key = message_export::key(id);
            let size = cx.files.size(&key).await?.ok_or(Refusal::NO_DOWNLOAD)?;
            given(&cx, key, &format!("{id}.zip"), size, &asked).await
        }
    }
}

async fn cancel(cx: Cx, Path(id): Path<AnyId>) -> Result<Done> {
    actions::jobs::cancel(&cx, id).await?;
    Ok(Done)
}
