//! The queue: claims what is due, does it beside everything else, and tries again what failed.

use super::{Run, Running, dispatch, order_repeated, rules};
use crate::{cx::Cx, error::Error};
use futures::FutureExt as _;
use model::Millis;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use store::jobs::{Job, status};
use tokio::task::JoinSet;

/// Jobs under way in one server, at most.
const AT_ONCE: usize = 8;
/// How often the database is asked when nothing was ordered here: for what is due by its time, or ordered elsewhere.
const POLL: Duration = Duration::from_secs(1);
/// A claimed job without a sign of life for so long is due again.
const LEASE: Millis = 10 * 60 * 1000;
/// The pause before the second attempt; it doubles with each further one.
const FIRST_PAUSE: Millis = 5_000;
const LONGEST_PAUSE: Millis = 60 * 60 * 1000;

/// How a kind of job is treated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    attempts: i64,
    kept: bool,
    at_once: usize,
    /// For repeated ones.
    every: Option<Millis>,
}

impl Rules {
    pub(crate) fn of<R: Run>(every: Option<Millis>) -> Self {
        Self { attempts: R::ATTEMPTS, kept: R::KEPT, at_once: R::AT_ONCE, every }
    }
}

/// Reads what a job carries.
pub(crate) fn decoded<T: DeserializeOwned>(body: &str) -> Result<T, Error> {
    serde_json::from_str(body).map_err(Error::internal)
}

/// Works until the server stops; then finishes what is under way.
pub(crate) async fn work(cx: Cx) {
    let mut running = JoinSet::new();
    let mut kinds: HashMap<String, usize> = HashMap::new();
    let mut taken_back_at = 0;
    loop {
        let now = cx.clock.now();
        if now - taken_back_at > LEASE / 4 {
            taken_back_at = now;
            take_back(&cx, now).await;
        }
        claim(&cx, &mut running, &mut kinds).await;
        tokio::select! {
            () = cx.stop.cancelled() => break,
            () = cx.job_ordered.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            Some(ended) = running.join_next() => release(&mut kinds, ended),
        }
        while let Some(ended) = running.try_join_next() {
            release(&mut kinds, ended);
        }
    }
    while running.join_next().await.is_some() {}
}

fn release(kinds: &mut HashMap<String, usize>, ended: Result<String, tokio::task::JoinError>) {
    if let Ok(kind) = ended
        && let Some(count) = kinds.get_mut(&kind)
    {
        *count -= 1;
    }
}

/// Begins what is due and has room.
async fn claim(cx: &Cx, running: &mut JoinSet<String>, kinds: &mut HashMap<String, usize>) {
    if running.len() >= AT_ONCE {
        return;
    }
    let due = match cx.store.jobs().due(cx.clock.now(), 4 * AT_ONCE as i64).await {
        Ok(due) => due,
        Err(error) => {
            tracing::warn!(%error, "the queue of jobs cannot be read");
            return;
        }
    };
    for job in due {
        let rules = rules(&job.kind);
        let under_way = kinds.entry(job.kind.clone()).or_default();
        if running.len() >= AT_ONCE || *under_way >= rules.map_or(1, |r| r.at_once) {
            continue;
        }
        *under_way += 1;
        let cx = cx.clone();
        running.spawn(async move {
            let kind = job.kind.clone();
            one(&cx, job).await;
            kind
        });
    }
}

/// Claims a job, does it, and says what came of it.
async fn one(cx: &Cx, job: Job) {
    let (id, now) = (job.id, cx.clock.now());
    match cx.store.write(move |tx| Box::pin(async move { tx.jobs().claim(id, now).await })).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return tracing::warn!(%error, kind = job.kind, "a job could not be claimed"),
    }
    let running = Running { id, attempt: job.attempts + 1, notes: Arc::default(), percent: Arc::default() };
    let done = AssertUnwindSafe(dispatch(cx, &job.kind, &job.body, running.clone())).catch_unwind().await;
    let failure = match done {
        Ok(Ok(())) => None,
        Ok(Err(Error::Internal(cause))) => Some(format!("{cause:#}")),
        Ok(Err(Error::Refused(refusal))) => Some(refusal.to_string()),
        Err(_) => Some("it panicked".to_owned()),
    };
    if let Some(failure) = &failure {
        tracing::warn!(job = %id, kind = job.kind, attempt = running.attempt, failure, "a job failed");
    }
    if let Err(error) = settle(cx, &job, running, failure).await {
        // Its lease ends some time, and then it is done again.
        tracing::warn!(%error, job = %id, kind = job.kind, "what came of a job could not be written down");
    }
}

async fn settle(cx: &Cx, job: &Job, running: Running, failure: Option<String>) -> Result<(), store::Error> {
    let (id, now, rules) = (job.id, cx.clock.now(), rules(&job.kind));
    let again = match (&failure, rules) {
        (None, Some(Rules { every: Some(every), .. })) => Some(now + every),
        (Some(_), Some(Rules { every: Some(every), .. })) => Some(now + every.min(pause(running.attempt))),
        (Some(_), Some(rules)) if running.attempt < rules.attempts => Some(now + pause(running.attempt)),
        // A kind of a newer version: it will be known there.
        (Some(_), None) => Some(now + LONGEST_PAUSE),
        _ => None,
    };
    let kept = failure.is_some() || rules.is_some_and(|r| r.kept);
    if let Some(failure) = &failure {
        running.note("error", failure.as_str());
    }
    let result = Value::Object(std::mem::take(&mut *running.notes.lock())).to_string();
    let ended_as = if failure.is_some() { status::ERROR } else { status::SUCCESS };
    cx.store
        .write(move |tx| {
            let result = result.clone();
            Box::pin(async move {
                if tx.jobs().set_status(id, status::CANCEL_REQUESTED, status::CANCELED).await? {
                    return tx.jobs().finish(id, status::CANCELED, &result, now).await;
                }
                match again {
                    Some(due) => tx.jobs().release(id, due, &result).await,
                    None if kept => tx.jobs().finish(id, ended_as, &result, now).await,
                    None => tx.jobs().delete(id).await,
                }
            })
        })
        .await
}

fn pause(attempt: i64) -> Millis {
    (FIRST_PAUSE << (attempt - 1).clamp(0, 20)).min(LONGEST_PAUSE)
}

/// Makes due again what died with its server, and orders what is missing of the repeated ones.
async fn take_back(cx: &Cx, now: Millis) {
    let taken = cx.store.write(move |tx| Box::pin(async move { tx.jobs().take_back(now - LEASE, now).await })).await;
    match taken {
        Ok(0) => {}
        Ok(count) => tracing::warn!(count, "jobs of a server that died are done again"),
        Err(error) => tracing::warn!(%error, "the queue of jobs cannot be looked after"),
    }
    if let Err(error) = order_repeated(cx).await {
        tracing::warn!(%error, "repeated jobs could not be ordered");
    }
}

/// Orders what is done over and over, as the start of a server does; for tests.
///
/// # Panics
///
/// If the database fails.
#[cfg(feature = "testing")]
pub async fn begin(cx: &Cx) {
    order_repeated(cx).await.expect("the database answers");
}

/// Does what is due, here and now, until nothing is; for tests, where nobody else does it.
///
/// # Panics
///
/// If that takes more than 20 seconds, or the database fails.
#[cfg(feature = "testing")]
pub async fn settled(cx: &Cx) {
    let (mut running, mut kinds) = (JoinSet::new(), HashMap::new());
    let until = tokio::time::Instant::now() + Duration::from_secs(20);
    while tokio::time::Instant::now() < until {
        claim(cx, &mut running, &mut kinds).await;
        match running.join_next().await {
            Some(ended) => release(&mut kinds, ended),
            None if cx.store.jobs().count_due(cx.clock.now()).await.expect("the database answers") == 0 => return,
            None => {}
        }
    }
    panic!("jobs were still due after 20 seconds");
}
