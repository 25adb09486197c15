//! Removes the content of files whose posts were deleted.

use super::{Run, Running};
use crate::{
    actions::files::{PREVIEW, THUMBNAIL},
    cx::Cx,
    error::Result,
};
use store::files::RemoveContent;

impl Run for RemoveContent {
    /// A store can be away for days.
    const ATTEMPTS: i64 = 100;
    const AT_ONCE: usize = 2;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        for (number, path) in self.paths.iter().enumerate() {
            for end in [THUMBNAIL, PREVIEW, ""] {
                cx.files.remove(&format!("{path}{end}")).await?;
            }
            if number % 50 == 49 {
                job.beat(cx, (100 * number / self.paths.len()) as i64).await?;
            }
        }
        Ok(())
    }
}
