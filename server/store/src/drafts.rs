//! What people have begun to write.

use crate::{
    Drafts, DraftsMut, Result, args,
    db::{Json, Row, Sql},
    sql,
};
use model::{ChannelId, Millis, PostId, TeamId, UserId, drafts::Draft};

macro_rules! columns {
    () => {
        "SELECT d.user_id, d.channel_id, d.root_id, d.create_at, d.update_at, d.message, d.kind, d.props, d.file_ids, \
         d.priority FROM drafts d "
    };
}

const ONE: &Sql = sql!(concat!(columns!(), "WHERE d.user_id = $1 AND d.channel_id = $2 AND d.root_id = $3"));
const IN_TEAM: &Sql = sql!(concat!(
    columns!(),
    "JOIN channels c ON c.id = d.channel_id \
     JOIN channel_members m ON m.channel_id = d.channel_id AND m.user_id = d.user_id \
     WHERE d.user_id = $1 AND c.delete_at = 0 AND (c.team_id = $2 OR c.team_id = '') \
     ORDER BY d.update_at DESC, d.channel_id, d.root_id LIMIT $3"
));
const SAVE: &Sql = sql! {
    all: "INSERT INTO drafts (user_id, channel_id, root_id, create_at, update_at, message, kind, props, file_ids, priority) \
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
          ON CONFLICT (user_id, channel_id, root_id) DO UPDATE SET update_at = excluded.update_at, \
          message = excluded.message, kind = excluded.kind, props = excluded.props, file_ids = excluded.file_ids, \
          priority = excluded.priority",
    mysql: "INSERT INTO drafts (user_id, channel_id, root_id, create_at, update_at, message, kind, props, file_ids, \
            priority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
            ON DUPLICATE KEY UPDATE update_at = VALUES(update_at), message = VALUES(message), kind = VALUES(kind), \
            props = VALUES(props), file_ids = VALUES(file_ids), priority = VALUES(priority)",
};
const DELETE: &Sql = sql!("DELETE FROM drafts WHERE user_id = $1 AND channel_id = $2 AND root_id = $3");

impl Drafts<'_> {
    /// What somebody has begun to write in a channel, or in one of its threads.
    pub async fn get(&mut self, user: UserId, channel: ChannelId, root: PostId) -> Result<Option<Draft>> {
        self.db.one(ONE, args![user, channel, root], draft).await
    }

    /// What somebody has begun to write in a team's channels and in those of no team, the latest first. Of channels
    /// they are in and that are not archived.
    pub async fn in_team(&mut self, user: UserId, team: TeamId, limit: i64) -> Result<Vec<Draft>> {
        self.db.all(IN_TEAM, args![user, team, limit], draft).await
    }
}

impl DraftsMut<'_> {
    /// Keeps a draft, or replaces what is there but for its `create_at`.
    pub async fn save(&mut self, d: &Draft) -> Result<()> {
        let args = args![
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
        ];
        self.db.execute(SAVE, args).await.map(drop)
    }

    /// Forgets a draft; false if there was none.
    pub async fn delete(&mut self, user: UserId, channel: ChannelId, root: PostId) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![user, channel, root]).await? == 1)
    }
}

/// The columns that drafts and scheduled posts share.
pub(crate) fn draft(row: &mut Row) -> Result<Draft> {
    Ok(Draft {
        user_id: row.take()?,
        channel_id: row.take()?,
        root_id: row.take()?,
        create_at: row.take::<Millis>()?,
        update_at: row.take()?,
        message: row.take()?,
        kind: row.take()?,
        props: row.take::<Json<_>>()?.0,
        file_ids: row.take::<Json<_>>()?.0,
        priority: row.take::<Json<_>>()?.0,
        ..Draft::default()
    })
}
