//! Writes a report of what was written.

use super::{Run, Running};
use crate::{actions::compliance, cx::Cx, error::Result};
use store::jobs::WriteCompliance;

impl Run for WriteCompliance {
    const ATTEMPTS: i64 = 3;
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        job.tend(cx, Box::pin(compliance::write(cx, self.report_id, job.teller(cx)))).await
    }
}
