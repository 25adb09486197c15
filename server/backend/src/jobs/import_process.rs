//! Takes in an archive.

use super::{Run, Running};
use crate::{actions::bulk, cx::Cx, error::Result};
use store::jobs::ImportProcess;

impl Run for ImportProcess {
    /// What is wrong with an archive is wrong the second time, too; a server that dies is no attempt.
    const ATTEMPTS: i64 = 1;
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let skipped = job.tend(cx, Box::pin(bulk::import(cx, &self, job.teller(cx)))).await?;
        if skipped > 0 {
            job.note("skipped_files", skipped.to_string());
        }
        Ok(())
    }
}
