//! Sends a mail.

use super::{Run, Running};
use crate::{
    cx::Cx,
    error::{Error, Result},
    mail,
};
use store::jobs::Letter;

impl Run for Letter {
    /// Some days: a mail server can be away over a weekend.
    const ATTEMPTS: i64 = 60;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let config = cx.settings.get().clone();
        if config.email.smtp_server.is_empty() {
            // Switched off since it was ordered.
            return Ok(());
        }
        // The same id at each attempt, so that a mail that was sent twice is shown once.
        match mail::send(&config, &self, job.id).await {
            Err(mail::Failure::Never(reason)) => {
                tracing::warn!(reason, "a mail cannot be sent and is dropped");
                Ok(())
            }
            sent => sent.map_err(Error::internal),
        }
    }
}
