//! Tells people by mail of messages that concern them: first whom, then, gathered, the mails.

use super::{Run, Running};
use crate::{actions::mail_notifications, cx::Cx, error::Result};
use store::jobs::{MailDigest, NotifyByMail};

impl Run for NotifyByMail {
    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        mail_notifications::note(cx, &self).await
    }
}

impl Run for MailDigest {
    /// Two at once would write the same mail twice.
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        mail_notifications::send_due(cx).await
    }
}
