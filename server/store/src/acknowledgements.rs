//! Who has seen the posts that asked for it.

use crate::{
    Acknowledgements, AcknowledgementsMut, Result, args,
    db::{Query, Row, Sql},
    sql,
};
use model::{Millis, PostId, UserId, posts::Acknowledgement};

const ONE: &Sql = sql!(
    "SELECT user_id, post_id, channel_id, acknowledged_at FROM acknowledgements WHERE post_id = $1 AND user_id = $2"
);
const ADD: &Sql = sql! {
    all: "INSERT INTO acknowledgements (user_id, post_id, channel_id, acknowledged_at) VALUES ($1, $2, $3, $4) \
          ON CONFLICT (post_id, user_id) DO NOTHING",
    mysql: "INSERT IGNORE INTO acknowledgements (user_id, post_id, channel_id, acknowledged_at) VALUES ($1, $2, $3, $4)",
};
const REMOVE: &Sql = sql!("DELETE FROM acknowledgements WHERE post_id = $1 AND user_id = $2");
const TOUCH: &Sql = sql!("UPDATE posts SET update_at = $1 WHERE id = $2");

impl Acknowledgements<'_> {
    /// Of several posts, the oldest first within each.
    pub async fn of_posts(&mut self, posts: &[PostId]) -> Result<Vec<Acknowledgement>> {
        let mut found = Vec::new();
        for chunk in posts.chunks(1024) {
            let mut query = Query::new(
                self.db.dialect(),
                "SELECT user_id, post_id, channel_id, acknowledged_at FROM acknowledgements WHERE post_id",
            );
            query.within(chunk).push(" ORDER BY post_id, acknowledged_at, user_id");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, read).await?);
        }
        Ok(found)
    }

    /// One person's.
    pub async fn one(&mut self, post: PostId, user: UserId) -> Result<Option<Acknowledgement>> {
        self.db.one(ONE, args![post, user], read).await
    }
}

impl AcknowledgementsMut<'_> {
    /// Adds one, and marks the post as changed; says whether it is new.
    pub async fn add(&mut self, a: &Acknowledgement) -> Result<bool> {
        let args = args![a.user_id, a.post_id, a.channel_id, a.acknowledged_at];
        let added = self.db.execute(ADD, args).await? == 1;
        if added {
            self.db.execute(TOUCH, args![a.acknowledged_at, a.post_id]).await?;
        }
        Ok(added)
    }

    /// Takes one back, and marks the post as changed; says whether it was there.
    pub async fn remove(&mut self, post: PostId, user: UserId, at: Millis) -> Result<bool> {
        let removed = self.db.execute(REMOVE, args![post, user]).await? == 1;
        if removed {
            self.db.execute(TOUCH, args![at, post]).await?;
        }
        Ok(removed)
    }
}

fn read(row: &mut Row) -> Result<Acknowledgement> {
    Ok(Acknowledgement {
        user_id: row.take()?,
        post_id: row.take()?,
        channel_id: row.take()?,
        acknowledged_at: row.take()?,
    })
}
