//! Notifies of urgent messages once more.

use super::{Run, Running};
use crate::{actions::persistent_notifications, cx::Cx, error::Result};
use store::jobs::NotifyAgain;

impl Run for NotifyAgain {
    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        persistent_notifications::notify(cx, &self).await
    }
}
