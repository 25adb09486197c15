//! What buttons and menus under posts call. It is kept apart from the posts, so that nothing that shows a post can
//! show it.

use crate::{
    PostActions, PostActionsMut, Result, args,
    db::{Json, Row, Sql},
    sql,
};
use model::{
    Millis, PostId,
    interactive::{Integration, PostAction},
};
use serde::{Deserialize, Serialize};

const GET: &Sql = sql!(
    "SELECT post_id, action_id, create_at, channel_id, user_id, cookie, body FROM post_actions \
     WHERE post_id = $1 AND action_id = $2"
);
const SET: &Sql = sql! {
    all: "INSERT INTO post_actions (post_id, action_id, create_at, channel_id, user_id, cookie, body) \
          VALUES ($1, $2, $3, $4, $5, $6, $7) \
          ON CONFLICT (post_id, action_id) DO UPDATE SET body = excluded.body, cookie = excluded.cookie",
    mysql: "INSERT INTO post_actions (post_id, action_id, create_at, channel_id, user_id, cookie, body) \
            VALUES ($1, $2, $3, $4, $5, $6, $7) \
            ON DUPLICATE KEY UPDATE body = VALUES(body), cookie = VALUES(cookie)",
};
const PURGE: &Sql = sql!("DELETE FROM post_actions WHERE user_id <> '' AND create_at < $1");

/// What is kept as JSON.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Body {
    integration: Integration,
    message: String,
}

impl PostActions<'_> {
    /// What an action of a post calls.
    pub async fn get(&mut self, post: PostId, action: &str) -> Result<Option<PostAction>> {
        self.db.one(GET, args![post, action], row).await
    }
}

impl PostActionsMut<'_> {
    /// Notes what an action of a post calls.
    pub async fn set(&mut self, a: &PostAction) -> Result<()> {
        let body = Body { integration: a.integration.clone(), message: a.message.clone() };
        let args = args![a.post_id, &a.action_id, a.create_at, a.channel_id, a.user_id, &a.cookie, Json(body)];
        self.db.execute(SET, args).await.map(drop)
    }

    /// Forgets the actions of posts that were shown to one person before a moment.
    pub async fn purge(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE, args![before]).await
    }
}

fn row(row: &mut Row) -> Result<PostAction> {
    let mut action = PostAction {
        post_id: row.take()?,
        action_id: row.take()?,
        create_at: row.take()?,
        channel_id: row.take()?,
        user_id: row.take()?,
        cookie: row.take()?,
        ..PostAction::default()
    };
    let Json(Body { integration, message }) = row.take()?;
    (action.integration, action.message) = (integration, message);
    Ok(action)
}
