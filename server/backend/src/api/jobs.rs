//! Jobs, as administrators see them: what waits, what is done, and what came of it.

use super::{
    Routes,
    extract::{Created, Done, Json, Paging, Path},
    guard::Guard,
};
use crate::{access::Caller, actions, cx::Cx, error::Result};
use model::{AnyId, Refusal, endpoint::Method, permission::Permission};
use serde::Deserialize;
use serde_json::{Value, json};
use store::jobs::Job;

pub(super) fn routes(r: Routes) -> Routes {
    let read = Guard::System(Permission::ReadJobs);
    r.at(Method::Get, "/jobs", read, list)
        .at(Method::Post, "/jobs", Guard::InAction("each kind has a permission of its own"), create)
        .at(Method::Get, "/jobs/type/{kind}", read, of_kind)
        .at(Method::Get, "/jobs/{job_id}", read, get)
        .at(Method::Post, "/jobs/{job_id}/cancel", Guard::System(Permission::ManageJobs), cancel)
        .refused(Method::Get, "/jobs/{job_id}/download", Guard::SignedIn, &Refusal::JOB_DOWNLOAD_OFF)
}

fn shown(job: Job) -> Value {
    let data: Value = serde_json::from_str(&job.result).unwrap_or_default();
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
}

async fn create(cx: Cx, caller: Caller, Json(wanted): Json<Wanted>) -> Result<Created<Value>> {
    Ok(Created(shown(actions::jobs::order(&cx, &caller, &wanted.kind).await?)))
}

async fn cancel(cx: Cx, Path(id): Path<AnyId>) -> Result<Done> {
    actions::jobs::cancel(&cx, id).await?;
    Ok(Done)
}
