//! Reports of what was written: what they are of, and what goes into them.

use crate::{
    Compliance, ComplianceMut, Posts, Result, args,
    db::{Query, Row, Sql},
    posts::{columns, post},
    sql,
};
use model::{AnyId, Millis, UserId, compliance::ComplianceReport, posts::Post};

macro_rules! select {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, create_at, user_id, status, msg_count, description, kind, start_at, end_at, keywords, emails \
             FROM compliance_reports ",
            $rest
        ))
    };
}

const BY_ID: &Sql = select!("WHERE id = $1");
const PAGE: &Sql = select!("ORDER BY create_at DESC, id LIMIT $1 OFFSET $2");
const OF_DAY: &Sql = sql!("SELECT COUNT(*) FROM compliance_reports WHERE kind = 'daily' AND start_at = $1");
const INSERT: &Sql = sql!(
    "INSERT INTO compliance_reports (id, create_at, user_id, status, msg_count, description, kind, start_at, end_at, \
     keywords, emails) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
);
const SET: &Sql = sql!("UPDATE compliance_reports SET status = $1, msg_count = $2 WHERE id = $3");

impl Compliance<'_> {
    /// A report.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<ComplianceReport>> {
        self.db.one(BY_ID, args![id], report).await
    }

    /// Reports, the newest first.
    pub async fn page(&mut self, limit: i64, offset: i64) -> Result<Vec<ComplianceReport>> {
        self.db.all(PAGE, args![limit, offset], report).await
    }

    /// Whether there is a report of the day that begins at a moment.
    pub async fn has_day(&mut self, start: Millis) -> Result<bool> {
        Ok(self.db.count(OF_DAY, args![start]).await? > 0)
    }
}

impl ComplianceMut<'_> {
    /// Adds a report.
    pub async fn insert(&mut self, r: &ComplianceReport) -> Result<()> {
        let args = args![
            r.id,
            r.create_at,
            r.user_id,
            &r.status,
            r.count,
            &r.description,
            &r.kind,
            r.start_at,
            r.end_at,
            &r.keywords,
            &r.emails,
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Says how far a report is.
    pub async fn set_status(&mut self, id: AnyId, status: &str, count: i64) -> Result<bool> {
        Ok(self.db.execute(SET, args![status, count, id]).await? == 1)
    }
}

/// Which moment of a post counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When it was written.
    Created,
    /// When it was last changed: written, edited, deleted, or something about it.
    Changed,
}

impl Posts<'_> {
    /// Of the posts with these numbers, what was written or changed from one moment until another, by some people or
    /// all: deleted messages and earlier versions of edited ones too. There is no index of moments over all channels,
    /// so whoever wants all goes through the numbers, a stretch at a time.
    pub async fn written(
        &mut self,
        numbers: std::ops::Range<i64>,
        moment: Moment,
        from: Millis,
        until: Millis,
        by: &[UserId],
    ) -> Result<Vec<Post>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM posts p WHERE p.seq >= "));
        query.arg(numbers.start).push(" AND p.seq < ").arg(numbers.end);
        let (since, before) = match moment {
            Moment::Created => (" AND p.create_at >= ", " AND p.create_at < "),
            Moment::Changed => (" AND p.update_at >= ", " AND p.update_at < "),
        };
        query.push(since).arg(from).push(before).arg(until);
        if !by.is_empty() {
            query.push(" AND p.user_id").within(by);
        }
        query.push(" ORDER BY p.seq");
        let (text, args) = query.done();
        self.db.all(text, args, post).await
    }
}

fn report(row: &mut Row) -> Result<ComplianceReport> {
    Ok(ComplianceReport {
        id: row.take()?,
        create_at: row.take()?,
        user_id: row.take()?,
        status: row.take()?,
        count: row.take()?,
        description: row.take()?,
        kind: row.take()?,
        start_at: row.take()?,
        end_at: row.take()?,
        keywords: row.take()?,
        emails: row.take()?,
    })
}
