//! Reports of what was written.

use super::{
    Routes,
    extract::{Created, Json, Paging, Path},
    files::Given,
    guard::Guard,
};
use crate::{access::Caller, actions::compliance, cx::Cx, error::Result};
use axum::response::Response;
use http::HeaderMap;
use model::{
    AnyId, Refusal,
    compliance::{ComplianceReport, CreateComplianceReport, GetComplianceReport, ListComplianceReports, status},
    endpoint::Method,
    permission::Permission,
};

pub(super) fn routes(r: Routes) -> Routes {
    let admin = Guard::System(Permission::ManageSystem);
    r.on::<CreateComplianceReport, _>(admin, create)
        .on::<ListComplianceReports, _>(admin, list)
        .on::<GetComplianceReport, _>(admin, get)
        .at(Method::Get, "/compliance/reports/{report_id}/download", admin, download)
}

async fn create(cx: Cx, caller: Caller, Json(new): Json<ComplianceReport>) -> Result<Created<ComplianceReport>> {
    compliance::on(&cx)?;
    Ok(Created(compliance::order(&cx, &caller, new).await?))
}

async fn list(cx: Cx, paging: Paging) -> Result<Json<Vec<ComplianceReport>>> {
    compliance::on(&cx)?;
    let offset = paging.page.saturating_mul(paging.per_page);
    Ok(Json(cx.store.compliance().page(paging.per_page, offset).await?))
}

async fn get(cx: Cx, Path(id): Path<AnyId>) -> Result<Json<ComplianceReport>> {
    compliance::on(&cx)?;
    Ok(Json(compliance::find(&cx, id).await?))
}

async fn download(cx: Cx, Path(id): Path<AnyId>, asked: HeaderMap) -> Result<Response> {
    compliance::on(&cx)?;
    let report = compliance::find(&cx, id).await?;
    if report.status != status::FINISHED {
        return Err(Refusal::COMPLIANCE_UNFINISHED.into());
    }
    let (key, name) = (compliance::key(id), compliance::name(&report));
    let size = cx.files.size(&key).await?.ok_or(Refusal::NO_COMPLIANCE)?;
    Given { key, name: &name, media_type: "application/zip", size: Some(size), changed: report.create_at, saved: true }
        .answer(&cx, &asked)
        .await
}
