//! Jobs that administrators order and cancel.

use crate::{
    access::Caller,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{AnyId, Refusal, StringMap, permission::Permission};
use store::{
    jobs::{ExportProcess, ImportProcess, Job, MessageExport, Order, status},
    retention::DataRetention,
    search::Reindex,
};

/// Orders a job of a kind that people can order.
///
/// # Errors
///
/// There is no such kind, or the caller may not order it.
pub async fn order(cx: &Cx, caller: &Caller, kind: &str, data: &StringMap) -> Result<Job> {
    match kind {
        "message_export" => {
            caller.must(Permission::CreateComplianceExportJob)?;
            ordered(cx, MessageExport {}).await
        }
        ExportProcess::KIND => {
            caller.must(Permission::ManageSystem)?;
            let asked = |name: &str| data.get(name).is_some_and(|value| value == "true");
            let order = ExportProcess {
                include_attachments: asked("include_attachments"),
                include_archived_channels: asked("include_archived_channels"),
                include_profile_pictures: asked("include_profile_pictures"),
                include_roles_and_schemes: asked("include_roles_and_schemes"),
            };
            ordered(cx, order).await
        }
        ImportProcess::KIND => {
            caller.must(Permission::ManageSystem)?;
            let import_file = data.get("import_file").cloned().unwrap_or_default();
            if import_file.is_empty() {
                return Err(Refusal::IMPORT_FILE.into());
            }
            ordered(cx, ImportProcess { by: caller.id(), import_file }).await
        }
        Reindex::KIND => {
            caller.must(Permission::ManageJobs)?;
            ordered(cx, Reindex {}).await
        }
        DataRetention::KIND => {
            caller.must(Permission::CreateDataRetentionJob)?;
            ordered(cx, DataRetention {}).await
        }
        _ => {
            caller.must(Permission::ManageJobs)?;
            Err(Refusal::JOB_KIND.into())
        }
    }
}

async fn ordered<O: Order + Clone>(cx: &Cx, order: O) -> Result<Job> {
    let (id, now): (AnyId, _) = (new_id(), cx.clock.now());
    cx.store
        .write(move |tx| {
            let order = order.clone();
            Box::pin(async move {
                tx.jobs().order(id, &order, now, now).await?;
                let job = tx.jobs().by_id(id).await?;
                job.ok_or_else(|| Error::from(Refusal::NO_JOB))
            })
        })
        .await
}

/// Cancels a job that waits, or asks the one who does it to stop.
///
/// # Errors
///
/// There is no such job, or it is over.
pub async fn cancel(cx: &Cx, id: AnyId) -> Result<()> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.jobs().by_id(id).await?.ok_or(Refusal::NO_JOB)?;
                if tx.jobs().set_status(id, status::PENDING, status::CANCELED).await? {
                    tx.jobs().finish(id, status::CANCELED, "{}", now).await?;
                    return Ok(());
                }
                if tx.jobs().set_status(id, status::IN_PROGRESS, status::CANCEL_REQUESTED).await? {
                    return Ok(());
                }
                Err(Error::from(Refusal::JOB_OVER))
            })
        })
        .await
}
