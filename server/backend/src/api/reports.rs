//! Reports for administrators.

use super::{
    Routes,
    extract::{Done, Json, Query},
    guard::Guard,
};
use crate::{
    access::Caller,
    actions::{
        reports::{self, Wanted},
        users::shown_to,
    },
    cx::Cx,
    error::Result,
};
use model::{
    Refusal,
    permission::Permission,
    reports::{CountUserReports, ExportUserReports, ListUserReports, PAGE_MAX, UserReport, UserReportQuery},
};

pub(super) fn routes(r: Routes) -> Routes {
    let read = Guard::System(Permission::SysconsoleReadUserManagementUsers);
    r.on::<ListUserReports, _>(read, list)
        .on::<CountUserReports, _>(read, count)
        .on::<ExportUserReports, _>(Guard::System(Permission::ManageSystem), export)
}

async fn list(cx: Cx, caller: Caller, Query(query): Query<UserReportQuery>) -> Result<Json<Vec<UserReport>>> {
    let wanted = Wanted::of(&query, cx.clock.now())?;
    let size = if query.page_size.is_empty() { Some(50) } else { query.page_size.parse().ok() };
    let size = size.filter(|n| (1..=PAGE_MAX).contains(n)).ok_or(Refusal::REPORT_PAGE_SIZE)?;
    let mut found = reports::page(&cx, &wanted, wanted.cursor.as_ref(), size).await?;
    for report in &mut found {
        report.user = shown_to(&cx, &caller, &report.user);
    }
    Ok(Json(found))
}

async fn count(cx: Cx, Query(query): Query<UserReportQuery>) -> Result<Json<i64>> {
    let wanted = Wanted::of(&query, cx.clock.now())?;
    Ok(Json(cx.store.users().report_count(&wanted.which, wanted.term()).await?))
}

async fn export(cx: Cx, caller: Caller, Query(query): Query<UserReportQuery>) -> Result<Done> {
    reports::order(&cx, &caller, query).await?;
    Ok(Done)
}
