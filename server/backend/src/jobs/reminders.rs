//! Reminds people of posts at the time they chose.

use super::{Run, Running};
use crate::{actions::reminders, cx::Cx, error::Result};
use store::jobs::Remind;

impl Run for Remind {
    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        reminders::tell(cx, &self).await
    }
}
