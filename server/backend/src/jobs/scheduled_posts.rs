//! Sends messages whose time has come.

use super::{Run, Running};
use crate::{actions::scheduled_posts, cx::Cx, error::Result};
use store::scheduled_posts::SendScheduled;

impl Run for SendScheduled {
    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        scheduled_posts::send(cx, self.id).await
    }
}
