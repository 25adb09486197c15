//! What is to be sent later.

use crate::{
    Result, ScheduledPosts, ScheduledPostsMut, args,
    db::{Json, Row, Sql},
    drafts::draft,
    jobs::Order,
    sql,
};
use model::{AnyId, Millis, TeamId, UserId, drafts::ScheduledPost};
use serde::{Deserialize, Serialize};

/// Sends a message whose time has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SendScheduled {
    pub id: AnyId,
}

impl Order for SendScheduled {
    const KIND: &'static str = "send_scheduled_post";
}

macro_rules! columns {
    () => {
        "d.user_id, d.channel_id, d.root_id, d.create_at, d.update_at, d.message, d.kind, d.props, d.file_ids, \
         d.priority, d.id, d.scheduled_at, d.processed_at, d.error_code"
    };
}

const BY_ID: &Sql = sql!(concat!("SELECT ", columns!(), " FROM scheduled_posts d WHERE d.id = $1"));
const OF_USER: &Sql = sql!(concat!(
    "SELECT ",
    columns!(),
    ", c.team_id FROM scheduled_posts d JOIN channels c ON c.id = d.channel_id \
     WHERE d.user_id = $1 AND (c.team_id = $2 OR c.team_id = '') ORDER BY d.scheduled_at, d.id LIMIT $3"
));
const INSERT: &Sql = sql!(
    "INSERT INTO scheduled_posts (id, user_id, channel_id, root_id, create_at, update_at, message, kind, props, \
     file_ids, priority, scheduled_at, processed_at, error_code) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '')"
);
const UPDATE: &Sql = sql!(
    "UPDATE scheduled_posts SET update_at = $1, message = $2, props = $3, file_ids = $4, priority = $5, \
     scheduled_at = $6, processed_at = 0, error_code = '' WHERE id = $7"
);
const FAIL: &Sql = sql!("UPDATE scheduled_posts SET update_at = $1, processed_at = $2, error_code = $3 WHERE id = $4");
const DELETE: &Sql = sql!("DELETE FROM scheduled_posts WHERE id = $1");

impl ScheduledPosts<'_> {
    /// One by id.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<ScheduledPost>> {
        self.db.one(BY_ID, args![id], scheduled).await
    }

    /// Somebody's in a team and in no team, the next to be sent first, with the channel's team.
    pub async fn of_user(&mut self, user: UserId, team: TeamId, limit: i64) -> Result<Vec<(ScheduledPost, TeamId)>> {
        self.db.all(OF_USER, args![user, team, limit], |row| Ok((scheduled(row)?, row.take()?))).await
    }
}

impl ScheduledPostsMut<'_> {
    /// Adds one.
    pub async fn insert(&mut self, s: &ScheduledPost) -> Result<()> {
        let d = &s.draft;
        let args = args![
            s.id,
            d.user_id,
            d.channel_id,
            d.root_id,
            d.create_at,
            d.update_at,
            &d.message,
            &d.kind,
            Json(&d.props),
            Json(&d.file_ids),
            Json(&d.priority),
            s.scheduled_at,
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Changes text, files and time; what had failed waits again. False if there is none.
    pub async fn update(&mut self, s: &ScheduledPost) -> Result<bool> {
        let d = &s.draft;
        let args =
            args![d.update_at, &d.message, Json(&d.props), Json(&d.file_ids), Json(&d.priority), s.scheduled_at, s.id,];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Notes why one was not sent.
    pub async fn fail(&mut self, id: AnyId, code: &str, at: Millis) -> Result<bool> {
        Ok(self.db.execute(FAIL, args![at, at, code, id]).await? == 1)
    }

    /// Removes one; false if it was gone.
    pub async fn delete(&mut self, id: AnyId) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![id]).await? == 1)
    }
}

fn scheduled(row: &mut Row) -> Result<ScheduledPost> {
    Ok(ScheduledPost {
        draft: draft(row)?,
        id: row.take()?,
        scheduled_at: row.take()?,
        processed_at: row.take()?,
        error_code: row.take()?,
    })
}
