//! Texts that burn after reading. They are kept apart from their posts, so that nothing that reads posts can show them.

use crate::{
    Burning, BurningMut, Result, args,
    db::{Row, Sql},
    sql,
};
use model::{Millis, PostId, UserId};

const TEXT: &Sql = sql!("SELECT message, expire_at FROM burning_texts WHERE post_id = $1");
const KEEP: &Sql = sql!("INSERT INTO burning_texts (post_id, message, expire_at) VALUES ($1, $2, $3)");
const FORGET: [&Sql; 2] =
    [sql!("DELETE FROM burning_texts WHERE post_id = $1"), sql!("DELETE FROM burning_readers WHERE post_id = $1")];
const PURGE: [&Sql; 2] = [
    sql!("DELETE FROM burning_texts WHERE expire_at < $1"),
    sql!("DELETE FROM burning_readers WHERE post_id NOT IN (SELECT post_id FROM burning_texts)"),
];
const READER: &Sql = sql!("SELECT expire_at FROM burning_readers WHERE post_id = $1 AND user_id = $2");
const SHOW: &Sql = sql! {
    all: "INSERT INTO burning_readers (post_id, user_id, expire_at) VALUES ($1, $2, $3) \
          ON CONFLICT (post_id, user_id) DO NOTHING",
    mysql: "INSERT IGNORE INTO burning_readers (post_id, user_id, expire_at) VALUES ($1, $2, $3)",
};
const END: &Sql =
    sql!("UPDATE burning_readers SET expire_at = $1 WHERE post_id = $2 AND user_id = $3 AND expire_at > $4");
/// Of those who are in the channel and did not write it.
const LEFT: &Sql = sql!(
    "SELECT COUNT(*) FROM posts p JOIN channel_members m ON m.channel_id = p.channel_id AND m.user_id <> p.user_id \
     WHERE p.id = $1 AND NOT EXISTS \
     (SELECT r.user_id FROM burning_readers r WHERE r.post_id = p.id AND r.user_id = m.user_id)"
);

impl Burning<'_> {
    /// The text of a post, and when it is deleted at the latest.
    pub async fn text(&mut self, post: PostId) -> Result<Option<(String, Millis)>> {
        self.db.one(TEXT, args![post], |row| Ok((row.take()?, row.take()?))).await
    }

    /// Until when it is shown to somebody who has asked for it.
    pub async fn reader(&mut self, post: PostId, user: UserId) -> Result<Option<Millis>> {
        self.db.one(READER, args![post, user], Row::take).await
    }

    /// How many in the channel have not looked at it, its author left aside.
    pub async fn left(&mut self, post: PostId) -> Result<i64> {
        self.db.count(LEFT, args![post]).await
    }
}

impl BurningMut<'_> {
    /// Keeps a text.
    pub async fn keep(&mut self, post: PostId, message: &str, expire_at: Millis) -> Result<()> {
        self.db.execute(KEEP, args![post, message, expire_at]).await.map(drop)
    }

    /// Shows it to somebody until a moment; false if it has been shown before.
    pub async fn show(&mut self, post: PostId, user: UserId, until: Millis) -> Result<bool> {
        Ok(self.db.execute(SHOW, args![post, user, until]).await? == 1)
    }

    /// Shows it to somebody no more; false if it was not shown.
    pub async fn end(&mut self, post: PostId, user: UserId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(END, args![at, post, user, at]).await? == 1)
    }

    /// Forgets the text of a post.
    pub async fn forget(&mut self, post: PostId) -> Result<()> {
        for statement in FORGET {
            self.db.execute(statement, args![post]).await?;
        }
        Ok(())
    }

    /// Forgets what should have been deleted by a moment, such as texts of channels that are gone.
    pub async fn purge(&mut self, before: Millis) -> Result<()> {
        self.db.execute(PURGE[0], args![before]).await?;
        self.db.execute(PURGE[1], args![]).await.map(drop)
    }
}
