//! The indexes of words: kept up with posts and files, and made anew when an administrator wants that.

use super::{Run, Running};
use crate::{
    actions::search::{catch_up, catch_up_files},
    cx::Cx,
    error::{Error, Result},
};
use model::FileId;
use std::time::Duration;
use store::search::Reindex;

/// How often it is looked whether something waits.
const POLL: Duration = Duration::from_secs(1);

/// Posts queued at a time when the index is made anew.
const STEP: i64 = 1000;
/// Files queued at a time.
const FILES: i64 = 50;

/// Puts posts into the index as they come, until the server stops.
pub(crate) async fn keep_up(cx: Cx) {
    loop {
        let done = catch_up(&cx).await;
        if rest(&cx, "messages", done).await {
            return;
        }
    }
}

/// The same for files, which take longer and are not waited for.
pub(crate) async fn keep_up_files(cx: Cx) {
    loop {
        let done = catch_up_files(&cx).await;
        if rest(&cx, "files", done).await {
            return;
        }
    }
}

/// Waits as long as is fit after what was done; true when the server stops.
async fn rest(cx: &Cx, what: &str, done: Result<usize>) -> bool {
    let pause = match done {
        Ok(0) => POLL,
        // Others want to write, too.
        Ok(_) => Duration::from_millis(5),
        Err(error) => {
            tracing::warn!(%error, what, "the index of words cannot be kept up");
            10 * POLL
        }
    };
    tokio::select! {
        () = cx.stop.cancelled() => true,
        () = tokio::time::sleep(pause) => false,
    }
}

impl Run for Reindex {
    const KEPT: bool = true;
    const AT_ONCE: usize = 1;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        rebuild(cx, Some(job), &|_| ()).await
    }
}

/// Puts everything into the indexes again; `told` hears how far it is, in percent, as does the job if it is one.
///
/// # Errors
///
/// The database fails, the file store does not answer, or the job is to be canceled.
pub async fn rebuild(cx: &Cx, job: Option<&Running>, told: &(dyn Fn(i64) + Send + Sync)) -> Result<()> {
    let beat = async |percent| {
        told(percent);
        match job {
            Some(job) => job.beat(cx, percent).await,
            None => Ok(()),
        }
    };
    let last = cx.store.search().last_seq().await?;
    let mut above = 0;
    while above < last {
        let to = (above + STEP).min(last);
        cx.store
            .write(move |tx| Box::pin(async move { tx.search().queue(above, to).await.map_err(Error::from) }))
            .await?;
        while catch_up(cx).await? > 0 {}
        above = to;
        beat(above * 80 / last).await?;
    }
    let mut after = FileId::NONE;
    loop {
        let ids = cx.store.search().files_after(after, FILES).await?;
        let Some(end) = ids.last().copied() else { break };
        cx.store
            .write(move |tx| {
                let ids = ids.clone();
                Box::pin(async move { tx.search().queue_files(&ids).await.map_err(Error::from) })
            })
            .await?;
        while catch_up_files(cx).await? > 0 {
            beat(90).await?;
        }
        after = end;
    }
    Ok(())
}
