//! What was done by whom, for administrators.

use crate::{
    Audits, AuditsMut, Result, args,
    db::{Row, Sql},
    sql,
};
pub use model::system::Audit;
use model::{Millis, UserId};

macro_rules! columns {
    () => {
        "SELECT id, create_at, user_id, action, extra_info, ip_address, session_id FROM audits "
    };
}

const OF_USER: &Sql = sql!(concat!(columns!(), "WHERE user_id = $1 ORDER BY create_at DESC, id LIMIT $2 OFFSET $3"));
const PAGE: &Sql = sql!(concat!(columns!(), "ORDER BY create_at DESC, id LIMIT $1 OFFSET $2"));
const INSERT: &Sql = sql!(
    "INSERT INTO audits (id, create_at, user_id, action, extra_info, ip_address, session_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)"
);
const PURGE: &Sql = sql!("DELETE FROM audits WHERE create_at < $1");

impl Audits<'_> {
    /// What a user did, newest first.
    pub async fn of_user(&mut self, user: UserId, limit: i64, offset: i64) -> Result<Vec<Audit>> {
        self.db.all(OF_USER, args![user, limit, offset], audit).await
    }

    /// What everybody did, newest first.
    pub async fn page(&mut self, limit: i64, offset: i64) -> Result<Vec<Audit>> {
        self.db.all(PAGE, args![limit, offset], audit).await
    }
}

impl AuditsMut<'_> {
    /// Notes something.
    pub async fn insert(&mut self, a: &Audit) -> Result<()> {
        let args = args![a.id, a.create_at, a.user_id, &a.action, &a.extra_info, &a.ip_address, a.session_id];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Forgets what is older.
    pub async fn purge(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE, args![before]).await
    }
}

fn audit(row: &mut Row) -> Result<Audit> {
    Ok(Audit {
        id: row.take()?,
        create_at: row.take()?,
        user_id: row.take()?,
        action: row.take()?,
        extra_info: row.take()?,
        ip_address: row.take()?,
        session_id: row.take()?,
    })
}
