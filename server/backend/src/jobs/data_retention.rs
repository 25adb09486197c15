//! Removes what is old, each night and when an administrator orders it.

use super::{Run, Running};
use crate::{actions::retention::Removal, cx::Cx, error::Result};
use store::retention::DataRetention;

impl Run for DataRetention {
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let mut removal = Removal::begin(cx).await?;
        while removal.go_on(cx).await? {
            // How much there is in all is not counted.
            job.beat(cx, 50).await?;
        }
        Ok(())
    }
}
