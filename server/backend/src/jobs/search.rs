//! The index of words: kept up with posts, and made anew when an administrator wants that.

use super::{Run, Running};
use crate::{actions::search::catch_up, cx::Cx, error::Result};
use std::time::Duration;
use store::search::Reindex;

/// How often it is looked whether posts wait.
const POLL: Duration = Duration::from_secs(1);
/// Posts that are queued at a time.
const STEP: i64 = 1000;

/// Puts posts into the index as they come, until the server stops.
pub(crate) async fn keep_up(cx: Cx) {
    loop {
        let pause = match catch_up(&cx).await {
            Ok(0) => POLL,
            // Others want to write, too.
            Ok(_) => Duration::from_millis(5),
            Err(error) => {
                tracing::warn!(%error, "messages cannot be put into the index");
                10 * POLL
            }
        };
        tokio::select! {
            () = cx.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

impl Run for Reindex {
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let last = cx.store.search().last_seq().await?;
        let mut above = 0;
        while above < last {
            let to = (above + STEP).min(last);
            cx.store
                .write(move |tx| {
                    Box::pin(async move { tx.search().queue(above, to).await.map_err(crate::Error::from) })
                })
                .await?;
            while catch_up(cx).await? > 0 {}
            above = to;
            job.beat(cx, above * 100 / last).await?;
        }
        Ok(())
    }
}
