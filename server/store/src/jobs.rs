//! Work that is ordered inside a change and done after it: claimed by one server, tried again when it fails.
//!
//! What a job carries is a small struct that implements [`Order`]; what it does is `backend`'s. A job that was claimed
//! by a server that died is due again after its lease, so everything a job does has to be safe to do twice.

use crate::{
    Jobs, JobsMut, Result, args,
    db::{Query, Row, Sql},
    sql,
};
use model::{AnyId, Millis, PostId, UserId};
use serde::{Serialize, de::DeserializeOwned};

/// What a job carries. Stored as JSON, so fields added later need a default.
pub trait Order: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name in the database and on the wire: `send_mail`.
    const KIND: &'static str;
}

/// Exports messages for compliance; ordered by administrators.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
pub struct MessageExport {}

impl Order for MessageExport {
    const KIND: &'static str = "message_export";
}

/// Writes everything into an archive; ordered by administrators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ExportProcess {
    pub include_attachments: bool,
    pub include_archived_channels: bool,
    pub include_profile_pictures: bool,
    pub include_roles_and_schemes: bool,
}

impl Order for ExportProcess {
    const KIND: &'static str = "export_process";
}

/// Deletes a message that burns after reading.
#[derive(Clone, Copy, Debug, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Burn {
    pub post_id: PostId,
}

impl Order for Burn {
    const KIND: &'static str = "delete_burning_post";
}

/// Writes a report of what was written.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct WriteCompliance {
    pub report_id: AnyId,
}

impl Order for WriteCompliance {
    const KIND: &'static str = "compliance_report";
}

/// Takes in an archive that was uploaded; ordered by administrators.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ImportProcess {
    pub by: UserId,
    /// Its name among those to import.
    pub import_file: String,
}

impl Order for ImportProcess {
    const KIND: &'static str = "import_process";
}

/// Reminds somebody of a post.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
pub struct Remind {
    pub user_id: UserId,
    pub post_id: PostId,
    /// When it was to be done, in seconds since 1970.
    pub target_time: i64,
}

impl Order for Remind {
    const KIND: &'static str = "remind";
}

/// A mail to one person, ready to be sent.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Letter {
    /// The address.
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Order for Letter {
    const KIND: &'static str = "letter";
}

/// Decides whom to tell of a post by mail.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct NotifyByMail {
    pub post_id: PostId,
    /// Those it mentions.
    pub users: Vec<UserId>,
}

impl Order for NotifyByMail {
    const KIND: &'static str = "notify_by_mail";
}

/// Writes the mails about messages that are due.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
pub struct MailDigest {}

impl Order for MailDigest {
    const KIND: &'static str = "mail_digest";
}

/// Notifies those whom a message mentions once more, and orders the next time.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct NotifyAgain {
    pub post_id: PostId,
    /// Those it mentions.
    pub users: Vec<UserId>,
    /// Which time it is, counted from 1.
    pub time: i64,
}

impl NotifyAgain {
    /// The slot of this time, so that it is ordered once.
    pub fn slot(&self) -> String {
        format!("again-{}-{}", self.post_id, self.time)
    }
}

impl Order for NotifyAgain {
    const KIND: &'static str = "notify_again";
}

/// Writes a report about people for the administrator who ordered it.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ExportUsers {
    pub by: UserId,
    pub query: model::reports::UserReportQuery,
}

impl Order for ExportUsers {
    const KIND: &'static str = "export_users_to_csv";
}

/// How a job stands; the names are those of API v4.
pub mod status {
    pub const PENDING: &str = "pending";
    pub const IN_PROGRESS: &str = "in_progress";
    pub const SUCCESS: &str = "success";
    pub const ERROR: &str = "error";
    pub const CANCEL_REQUESTED: &str = "cancel_requested";
    pub const CANCELED: &str = "canceled";
}

macro_rules! columns {
    () => {
        "SELECT id, kind, status, create_at, due_at, start_at, last_activity_at, attempts, progress, body, result FROM jobs "
    };
}

const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE id = $1"));
const DUE: &Sql = sql!(concat!(columns!(), "WHERE status = 'pending' AND due_at <= $1 ORDER BY due_at, id LIMIT $2"));
const COUNT_DUE: &Sql =
    sql!("SELECT COUNT(*) FROM jobs WHERE (status = 'pending' AND due_at <= $1) OR status = 'in_progress'");
const PAGE: &Sql = sql!(concat!(columns!(), "ORDER BY create_at DESC, id LIMIT $1 OFFSET $2"));
const PAGE_OF_KIND: &Sql = sql!(concat!(columns!(), "WHERE kind = $1 ORDER BY create_at DESC, id LIMIT $2 OFFSET $3"));
const LAST_DONE: &Sql =
    sql!(concat!(columns!(), "WHERE kind = $1 AND status = 'success' ORDER BY start_at DESC, id LIMIT 1"));
const INSERT: &Sql = sql! {
    all: "INSERT INTO jobs (id, kind, status, create_at, due_at, start_at, last_activity_at, attempts, progress, \
          body, result, slot) VALUES ($1, $2, 'pending', $3, $4, 0, 0, 0, 0, $5, '{}', $6) ON CONFLICT (slot) DO NOTHING",
    mysql: "INSERT IGNORE INTO jobs (id, kind, status, create_at, due_at, start_at, last_activity_at, attempts, \
            progress, body, result, slot) VALUES ($1, $2, 'pending', $3, $4, 0, 0, 0, 0, $5, '{}', $6)",
};
const CLAIM: &Sql = sql!(
    "UPDATE jobs SET status = 'in_progress', start_at = $1, last_activity_at = $2, attempts = attempts + 1 \
     WHERE id = $3 AND status = 'pending'"
);
const BEAT: &Sql = sql!(
    "UPDATE jobs SET last_activity_at = $1, progress = $2 WHERE id = $3 AND attempts = $4 AND status = 'in_progress'"
);
const RELEASE: &Sql =
    sql!("UPDATE jobs SET status = 'pending', due_at = $1, result = $2 WHERE id = $3 AND status = 'in_progress'");
const FINISH: &Sql =
    sql!("UPDATE jobs SET status = $1, progress = $2, result = $3, last_activity_at = $4, slot = id WHERE id = $5");
const SET_STATUS: &Sql = sql!("UPDATE jobs SET status = $1 WHERE id = $2 AND status = $3");
const DELETE: &Sql = sql!("DELETE FROM jobs WHERE id = $1");
const DELETE_SLOT: &Sql = sql!("DELETE FROM jobs WHERE slot = $1 AND status = 'pending'");
const TAKE_BACK: &Sql =
    sql!("UPDATE jobs SET status = 'pending', due_at = $1 WHERE status = 'in_progress' AND last_activity_at < $2");
const PURGE: &Sql = sql!(
    "DELETE FROM jobs WHERE status IN ('success', 'error', 'canceled') AND last_activity_at < $1 \
     AND NOT (kind = 'message_export' AND status = 'success')"
);

/// A job as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    pub id: AnyId,
    pub kind: String,
    /// One of [`status`].
    pub status: String,
    pub create_at: Millis,
    /// Not done before.
    pub due_at: Millis,
    /// When it was last begun; 0: never.
    pub start_at: Millis,
    /// When whoever does it last gave a sign of life.
    pub last_activity_at: Millis,
    /// How often it was begun.
    pub attempts: i64,
    /// In percent.
    pub progress: i64,
    /// The [`Order`], as JSON.
    pub body: String,
    /// What came of it, as a JSON object of texts; `error` says why it failed.
    pub result: String,
}

impl Jobs<'_> {
    /// A job by id.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<Job>> {
        self.db.one(BY_ID, args![id], job).await
    }

    /// Jobs that may be claimed, those that have waited longest first.
    pub async fn due(&mut self, now: Millis, limit: i64) -> Result<Vec<Job>> {
        self.db.all(DUE, args![now, limit], job).await
    }

    /// How many are due or under way.
    pub async fn count_due(&mut self, now: Millis) -> Result<i64> {
        self.db.count(COUNT_DUE, args![now]).await
    }

    /// Jobs, newest first.
    pub async fn page(&mut self, limit: i64, offset: i64) -> Result<Vec<Job>> {
        self.db.all(PAGE, args![limit, offset], job).await
    }

    /// Jobs of a kind, newest first.
    pub async fn page_of_kind(&mut self, kind: &str, limit: i64, offset: i64) -> Result<Vec<Job>> {
        self.db.all(PAGE_OF_KIND, args![kind, limit, offset], job).await
    }

    /// The job of a kind that was begun last of those that are done.
    pub async fn last_done(&mut self, kind: &str) -> Result<Option<Job>> {
        self.db.one(LAST_DONE, args![kind], job).await
    }
}

impl JobsMut<'_> {
    /// Orders a job as a part of the change under way.
    pub async fn order<O: Order>(&mut self, id: AnyId, order: &O, now: Millis, due: Millis) -> Result<()> {
        self.order_in(id.as_str(), id, order, now, due).await.map(drop)
    }

    /// Orders a job unless one waits in that slot or is being done there; true if it was ordered.
    pub async fn order_in<O: Order>(
        &mut self,
        slot: &str,
        id: AnyId,
        order: &O,
        now: Millis,
        due: Millis,
    ) -> Result<bool> {
        let body = crate::db::Arg::json(order);
        let ordered = self.db.execute(INSERT, args![id, O::KIND, now, due, body, slot]).await? == 1;
        self.db.touch(model::event::Touched::Jobs);
        Ok(ordered)
    }

    /// Orders several jobs of a kind at once.
    pub async fn order_all<O: Order>(&mut self, orders: &[(AnyId, O)], now: Millis) -> Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let mut query = Query::new(
            self.db.dialect(),
            "INSERT INTO jobs (id, kind, status, create_at, due_at, start_at, last_activity_at, attempts, progress, \
             body, result, slot) VALUES ",
        );
        for (i, (id, order)) in orders.iter().enumerate() {
            query.push(if i == 0 { "(" } else { ", (" }).arg(*id).push(", ").arg(O::KIND).push(", 'pending', ");
            query.arg(now).push(", ").arg(now).push(", 0, 0, 0, 0, ").arg(crate::db::Arg::json(order));
            query.push(", '{}', ").arg(id.as_str()).push(")");
        }
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        self.db.touch(model::event::Touched::Jobs);
        Ok(())
    }

    /// Claims a job; false when another server was quicker.
    pub async fn claim(&mut self, id: AnyId, now: Millis) -> Result<bool> {
        Ok(self.db.execute(CLAIM, args![now, now, id]).await? == 1)
    }

    /// Gives a sign of life; false when the job is no longer ours, or is to be canceled.
    pub async fn beat(&mut self, id: AnyId, attempt: i64, progress: i64, now: Millis) -> Result<bool> {
        Ok(self.db.execute(BEAT, args![now, progress, id, attempt]).await? == 1)
    }

    /// Puts a claimed job back, to be tried again at `due`.
    pub async fn release(&mut self, id: AnyId, due: Millis, result: &str) -> Result<()> {
        self.db.execute(RELEASE, args![due, result, id]).await.map(drop)
    }

    /// Keeps a finished job for people to see, and frees its slot.
    pub async fn finish(&mut self, id: AnyId, status: &str, result: &str, now: Millis) -> Result<()> {
        let progress = if status == status::SUCCESS { 100_i64 } else { 0 };
        self.db.execute(FINISH, args![status, progress, result, now, id]).await.map(drop)
    }

    /// Moves a job from one status to another; false when it is in neither.
    pub async fn set_status(&mut self, id: AnyId, from: &str, to: &str) -> Result<bool> {
        Ok(self.db.execute(SET_STATUS, args![to, id, from]).await? == 1)
    }

    /// Removes a job that is done.
    pub async fn delete(&mut self, id: AnyId) -> Result<()> {
        self.db.execute(DELETE, args![id]).await.map(drop)
    }

    /// Takes back what waits in a slot; true if something did.
    pub async fn delete_slot(&mut self, slot: &str) -> Result<bool> {
        Ok(self.db.execute(DELETE_SLOT, args![slot]).await? == 1)
    }

    /// Makes due again what servers have claimed that gave no sign of life since a moment.
    pub async fn take_back(&mut self, silent_since: Millis, now: Millis) -> Result<u64> {
        self.db.execute(TAKE_BACK, args![now, silent_since]).await
    }

    /// Forgets finished jobs that ended before a moment, but those whose archives are kept for good.
    pub async fn purge(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE, args![before]).await
    }
}

fn job(row: &mut Row) -> Result<Job> {
    Ok(Job {
        id: row.take()?,
        kind: row.take()?,
        status: row.take()?,
        create_at: row.take()?,
        due_at: row.take()?,
        start_at: row.take()?,
        last_activity_at: row.take()?,
        attempts: row.take()?,
        progress: row.take()?,
        body: row.take()?,
        result: row.take()?,
    })
}
