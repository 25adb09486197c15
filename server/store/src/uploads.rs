//! Uploads that go on over several requests: how far each is, and where its pieces are.

use crate::{
    Result, Uploads, UploadsMut, args,
    db::{Arg, Json, Row, Sql},
    sql,
};
use model::{Millis, UploadId, UserId, files::UploadSession};

macro_rules! columns {
    () => {
        "SELECT id, kind, create_at, user_id, channel_id, filename, file_size, file_offset, parts FROM upload_sessions "
    };
}

const INSERT: &Sql = sql!(
    "INSERT INTO upload_sessions (id, kind, create_at, update_at, user_id, channel_id, filename, file_size, \
     file_offset, parts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '[]')"
);
const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE id = $1"));
const OF_USER: &Sql = sql!(concat!(columns!(), "WHERE user_id = $1 ORDER BY create_at, id LIMIT $2"));
const STALE: &Sql = sql!(concat!(columns!(), "WHERE update_at < $1 ORDER BY update_at LIMIT $2"));
const GROW: &Sql =
    sql!("UPDATE upload_sessions SET file_offset = $1, parts = $2, update_at = $3 WHERE id = $4 AND file_offset = $5");
const DELETE: &Sql = sql!("DELETE FROM upload_sessions WHERE id = $1 AND file_offset = $2");

/// An upload, and where its pieces are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    pub session: UploadSession,
    /// In the file store, in order.
    pub parts: Vec<String>,
}

impl Uploads<'_> {
    /// An upload by id.
    pub async fn by_id(&mut self, id: UploadId) -> Result<Option<Upload>> {
        self.db.one(BY_ID, args![id], upload).await
    }

    /// Somebody's uploads, oldest first.
    pub async fn of_user(&mut self, user: UserId, limit: i64) -> Result<Vec<Upload>> {
        self.db.all(OF_USER, args![user, limit], upload).await
    }

    /// Those to which nothing came since a moment, the oldest first.
    pub async fn stale(&mut self, since: Millis, limit: i64) -> Result<Vec<Upload>> {
        self.db.all(STALE, args![since, limit], upload).await
    }
}

impl UploadsMut<'_> {
    /// Begins an upload.
    pub async fn insert(&mut self, s: &UploadSession) -> Result<()> {
        let args = args![s.id, &s.kind, s.create_at, s.create_at, s.user_id, s.channel_id, &s.filename, s.file_size];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Notes that a piece came in; false when another came in at the same time, or the upload is over.
    pub async fn grow(&mut self, upload: &Upload, from: i64, at: Millis) -> Result<bool> {
        let (session, parts) = (&upload.session, Arg::json(&upload.parts));
        Ok(self.db.execute(GROW, args![session.file_offset, parts, at, session.id, from]).await? == 1)
    }

    /// Ends an upload; false when it is not as far as that any more.
    pub async fn delete(&mut self, id: UploadId, offset: i64) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![id, offset]).await? == 1)
    }
}

fn upload(row: &mut Row) -> Result<Upload> {
    let session = UploadSession {
        id: row.take()?,
        kind: row.take()?,
        create_at: row.take()?,
        user_id: row.take()?,
        channel_id: row.take()?,
        filename: row.take()?,
        file_size: row.take()?,
        file_offset: row.take()?,
        ..UploadSession::default()
    };
    Ok(Upload { session, parts: row.take::<Json<_>>()?.0 })
}
