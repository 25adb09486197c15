//! Writes a report about people and sends it.

use super::{Run, Running};
use crate::{actions::reports::Export, cx::Cx, error::Result};
use store::jobs::ExportUsers;

impl Run for ExportUsers {
    const ATTEMPTS: i64 = 3;
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let mut export = Export::begin(cx, &self.query).await?;
        while let Some(percent) = export.go_on(cx).await? {
            job.beat(cx, percent).await?;
        }
        export.send(cx, self.by, job.id).await
    }
}
