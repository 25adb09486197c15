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

use crate::{cx::Cx, error::Result};
use model::Millis;
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
#[derive(Clone, Copy, Debug)]
pub struct Running {
    pub id: model::AnyId,
    /// Counted from 1.
    pub attempt: i64,
}

impl Running {
    /// Says how far it is, which also keeps the job ours. Long jobs call it at least every minute.
    ///
    /// # Errors
    ///
    /// [`model::Refusal::JOB_TAKEN`] when it is to be canceled, or another server has taken it over.
    pub async fn beat(&self, cx: &Cx, percent: i64) -> Result<()> {
        let (id, now) = (self.id, cx.clock.now());
        let ours = cx
            .store
            .write(move |tx| Box::pin(async move { tx.jobs().beat(id, percent, now).await }))
            .await
            .map_err(crate::Error::from)?;
        if ours { Ok(()) } else { Err(model::Refusal::JOB_TAKEN.into()) }
    }
}

/// Lists the kinds of job: those done once, and those done over and over.
macro_rules! kinds {
    (once: [$($once:ty),* $(,)?], repeated: [$($repeated:ty),* $(,)?]) => {
        /// Does a claimed job.
        pub(crate) async fn dispatch(cx: &Cx, kind: &str, body: &str, running: Running) -> Result<()> {
            match kind {
                $(<$once as Order>::KIND => queue::decoded::<$once>(body)?.run(cx, &running).await,)*
                $(<$repeated as Order>::KIND => queue::decoded::<$repeated>(body)?.run(cx, &running).await,)*
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
