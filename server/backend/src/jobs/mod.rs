//! What is done later: by moment or after a change, by one server of those that share the database.
//!
//! A job is ordered inside a change (`tx.jobs().order(…)`, see [`store::jobs`]); what it does is said here, one file
//! per job, and listed in [`kinds!`]. A job may be done twice (a server can die after the work and before saying so),
//! so each has to be safe to repeat.

mod burn;
mod call_outgoing;
mod compliance_report;
mod data_retention;
mod export_process;
mod export_users;
mod housekeeping;
mod import_process;
mod letter;
mod link_previews;
mod message_export;
mod notify_again;
mod notify_by_mail;
mod pictures;
pub mod queue;
mod reminders;
mod remove_content;
mod scheduled_posts;
pub mod search;

use crate::{actions::bulk::Tell, cx::Cx, error::Result};
use futures::FutureExt as _;
use model::Millis;
use parking_lot::Mutex;
use serde_json::{Map, Value};
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use store::jobs::Order;

/// What an order makes happen.
pub trait Run: Order {
    /// How often it is tried before it is given up.
    const ATTEMPTS: i64 = 8;
    /// Whether it stays in the list of jobs when it has succeeded.
    const KEPT: bool = false;
    /// How many of the kind one server does at a time.
    const AT_ONCE: usize = 4;

    /// Does it. What it returns is shown in the list of jobs.
    fn run(self, cx: &Cx, job: &Running) -> impl Future<Output = Result<()>> + Send;
}

/// A job that is done over and over: ordered at the start of a server, and again each time it has been done.
pub trait Repeated: Run + Default {
    /// How long after it was done it is due again.
    const EVERY: Millis;
}

/// A job that is being done.
#[derive(Clone, Debug)]
pub struct Running {
    pub id: model::AnyId,
    /// Counted from 1.
    pub attempt: i64,
    /// What the list of jobs is to show of it besides.
    notes: Arc<Mutex<Map<String, Value>>>,
    percent: Arc<AtomicI64>,
}

impl Running {
    /// Says how far it is, which also keeps the job ours. Long jobs call it at least every minute.
    ///
    /// # Errors
    ///
    /// [`model::Refusal::JOB_TAKEN`] when it is to be canceled, or another server has taken it over.
    pub async fn beat(&self, cx: &Cx, percent: i64) -> Result<()> {
        let (id, attempt, now) = (self.id, self.attempt, cx.clock.now());
        let ours = cx
            .store
            .write(move |tx| Box::pin(async move { tx.jobs().beat(id, attempt, percent, now).await }))
            .await
            .map_err(crate::Error::from)?;
        if ours { Ok(()) } else { Err(model::Refusal::JOB_TAKEN.into()) }
    }

    /// Does long work, and gives a sign of life now and then if it does not say itself how far it is.
    ///
    /// # Errors
    ///
    /// What the work returns; as [`Running::beat`].
    pub async fn tend<T>(&self, cx: &Cx, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let mut working = pin!(work);
        loop {
            tokio::select! {
                done = &mut working => return done,
                () = tokio::time::sleep(ALIVE) => self.beat(cx, self.percent.load(Ordering::Relaxed)).await?,
            }
        }
    }

    /// By what long work says how far it is.
    pub fn teller(&self, cx: &Cx) -> Tell {
        let (job, cx) = (self.clone(), cx.clone());
        Arc::new(move |percent| {
            let (job, cx) = (job.clone(), cx.clone());
            job.percent.store(percent, Ordering::Relaxed);
            async move { job.beat(&cx, percent).await }.boxed()
        })
    }

    /// Has the list of jobs show something.
    pub fn note(&self, name: &str, value: impl Into<Value>) {
        self.notes.lock().insert(name.to_owned(), value.into());
    }
}

/// How often long work gives a sign of life by itself.
const ALIVE: Duration = Duration::from_mins(1);

/// Lists the kinds of job: those done once, and those done over and over.
macro_rules! kinds {
    (once: [$($once:ty),* $(,)?], repeated: [$($repeated:ty),* $(,)?]) => {
        /// Does a claimed job.
        pub(crate) async fn dispatch(cx: &Cx, kind: &str, body: &str, running: Running) -> Result<()> {
            match kind {
                $(<$once as Order>::KIND => Box::pin(queue::decoded::<$once>(body)?.run(cx, &running)).await,)*
                $(<$repeated as Order>::KIND => Box::pin(queue::decoded::<$repeated>(body)?.run(cx, &running)).await,)*
                other => Err(crate::Error::internal(anyhow::anyhow!("this version knows no job of the kind {other}"))),
            }
        }

        /// How a kind is treated.
        pub(crate) fn rules(kind: &str) -> Option<queue::Rules> {
            match kind {
                $(<$once as Order>::KIND => Some(queue::Rules::of::<$once>(None)),)*
                $(<$repeated as Order>::KIND =>
                    Some(queue::Rules::of::<$repeated>(Some(<$repeated as Repeated>::EVERY))),)*
                _ => None,
            }
        }

        /// Orders what is done over and over, unless it waits already.
        pub(crate) async fn order_repeated(cx: &Cx) -> Result<()> {
            let now = cx.clock.now();
            cx.store
                .write(move |tx| {
                    Box::pin(async move {
                        $(
                            let due = now + <$repeated as Repeated>::EVERY;
                            let id = crate::clock::new_id();
                            tx.jobs().order_in(<$repeated>::KIND, id, &<$repeated>::default(), now, due).await?;
                        )*
                        Ok::<_, crate::Error>(())
                    })
                })
                .await
        }
    };
}

kinds! {
    once: [
        store::jobs::Burn,
        store::jobs::ExportProcess,
        store::jobs::ExportUsers,
        store::jobs::ImportProcess,
        store::jobs::Letter,
        store::link_previews::PreviewLinks,
        store::jobs::MailDigest,
        store::jobs::MessageExport,
        store::jobs::NotifyAgain,
        store::jobs::NotifyByMail,
        store::jobs::Remind,
        store::jobs::WriteCompliance,
        store::files::MakePictures,
        store::files::RemoveContent,
        store::retention::DataRetention,
        store::scheduled_posts::SendScheduled,
        store::search::Reindex,
        store::webhooks::CallOutgoing,
    ],
    repeated: [housekeeping::Housekeeping]
}
