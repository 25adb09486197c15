//! Deletes a message that burns after reading.

use super::{Run, Running};
use crate::{actions::burning, cx::Cx, error::Result};
use store::jobs::Burn;

impl Run for Burn {
    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        burning::end(cx, self.post_id).await
    }
}
