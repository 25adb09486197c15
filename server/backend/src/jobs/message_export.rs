//! Writes an archive of what was written since the last one.

use super::{Run, Running};
use crate::{
    actions::message_export::{self, END},
    cx::Cx,
    error::Result,
};
use store::jobs::MessageExport;

impl Run for MessageExport {
    /// What keeps one from being written keeps the next from it, too; a server that dies is no attempt.
    const ATTEMPTS: i64 = 1;
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let written = job.tend(cx, Box::pin(message_export::write(cx, job.id, job.teller(cx)))).await?;
        // Mattermost's names.
        job.note("job_start_time", written.start_time.to_string());
        job.note(END, written.end_time.to_string());
        job.note("messages_exported", written.messages_count.to_string());
        job.note("is_downloadable", "true");
        Ok(())
    }
}
