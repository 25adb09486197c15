//! Writes everything into an archive.

use super::{Run, Running};
use crate::{actions::bulk::export, cx::Cx, error::Result};
use store::jobs::ExportProcess;

impl Run for ExportProcess {
    const ATTEMPTS: i64 = 1;
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        job.tend(cx, Box::pin(export::run(cx, job.id, &self, job.teller(cx)))).await
    }
}
