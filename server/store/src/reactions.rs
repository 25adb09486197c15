//! Reactions: the emoji people leave under a post.

use crate::{
    Reactions, ReactionsMut, Result, args,
    db::{Dialect, Query, Row, Sql},
    sql,
};
use model::{PostId, UserId, reactions::Reaction};

macro_rules! columns {
    () => {
        "SELECT user_id, post_id, emoji_name, create_at, channel_id FROM reactions "
    };
}

const ADD: &Sql = sql! {
    all: "INSERT INTO reactions (user_id, post_id, emoji_name, create_at, channel_id) VALUES ($1, $2, $3, $4, $5) \
          ON CONFLICT (post_id, user_id, emoji_name) DO NOTHING",
    mysql: "INSERT IGNORE INTO reactions (user_id, post_id, emoji_name, create_at, channel_id) \
            VALUES ($1, $2, $3, $4, $5)",
};
const MARK: &Sql = sql!("UPDATE posts SET has_reactions = TRUE, update_at = $1 WHERE id = $2");
const REMOVE: &Sql = sql!("DELETE FROM reactions WHERE user_id = $1 AND post_id = $2 AND emoji_name = $3");
const UNMARK: &Sql = sql!(
    "UPDATE posts SET has_reactions = EXISTS (SELECT r.post_id FROM reactions r WHERE r.post_id = posts.id), \
     update_at = $1 WHERE id = $2"
);
const REMOVE_ALL: &Sql = sql!("DELETE FROM reactions WHERE post_id = $1");
const OF_POST: &Sql = sql!(concat!(columns!(), "WHERE post_id = $1 ORDER BY create_at, emoji_name, user_id"));
const ONE: &Sql = sql!(concat!(columns!(), "WHERE post_id = $1 AND user_id = $2 AND emoji_name = $3"));

/// Rows in one statement, at most.
const ROWS: usize = 1000;

impl Reactions<'_> {
    /// The reactions under a post, oldest first.
    pub async fn of_post(&mut self, post: PostId) -> Result<Vec<Reaction>> {
        self.db.all(OF_POST, args![post], reaction).await
    }

    /// The reactions under several posts, oldest first within each.
    pub async fn of_posts(&mut self, posts: &[PostId]) -> Result<Vec<Reaction>> {
        let mut found = Vec::new();
        for chunk in posts.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE post_id"));
            query.within(chunk).push(" ORDER BY post_id, create_at, emoji_name, user_id");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, reaction).await?);
        }
        Ok(found)
    }

    /// One person's one emoji under a post, if it is there.
    pub async fn one(&mut self, user: UserId, post: PostId, emoji: &str) -> Result<Option<Reaction>> {
        self.db.one(ONE, args![post, user, emoji], reaction).await
    }
}

impl ReactionsMut<'_> {
    /// Adds a reaction and tells whether it is new: reacting twice is allowed and changes nothing.
    ///
    /// A new one marks the post as having reactions and as changed.
    pub async fn add(&mut self, r: &Reaction) -> Result<bool> {
        let args = args![r.user_id, r.post_id, &r.emoji_name, r.create_at, r.channel_id];
        let added = self.db.execute(ADD, args).await? == 1;
        if added {
            self.db.execute(MARK, args![r.create_at, r.post_id]).await?;
        }
        Ok(added)
    }

    /// Adds many reactions; those that are there stay as they are. Marks their posts.
    pub async fn add_all(&mut self, reactions: &[Reaction], at: model::Millis) -> Result<()> {
        let (begin, end) = match self.db.dialect() {
            Dialect::MySql => ("INSERT IGNORE", ""),
            Dialect::Sqlite | Dialect::Postgres => ("INSERT", " ON CONFLICT (post_id, user_id, emoji_name) DO NOTHING"),
        };
        for chunk in reactions.chunks(ROWS) {
            let mut query = Query::new(self.db.dialect(), begin);
            query.push(" INTO reactions (user_id, post_id, emoji_name, create_at, channel_id)");
            let row = |r: &Reaction| args![r.user_id, r.post_id, &r.emoji_name, r.create_at, r.channel_id];
            query.rows(chunk.iter().map(row)).push(end);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
            let mut query = Query::new(self.db.dialect(), "UPDATE posts SET has_reactions = TRUE, update_at = ");
            query.arg(at).push(" WHERE id").within(chunk.iter().map(|r| r.post_id));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Takes a reaction back and tells whether it was there.
    pub async fn remove(&mut self, user: UserId, post: PostId, emoji: &str, at: model::Millis) -> Result<bool> {
        let removed = self.db.execute(REMOVE, args![user, post, emoji]).await? == 1;
        if removed {
            self.db.execute(UNMARK, args![at, post]).await?;
        }
        Ok(removed)
    }

    /// Removes every reaction under a post that is going.
    pub async fn remove_all(&mut self, post: PostId) -> Result<u64> {
        self.db.execute(REMOVE_ALL, args![post]).await
    }
}

fn reaction(row: &mut Row) -> Result<Reaction> {
    let (user_id, post_id, emoji_name, create_at) = (row.take()?, row.take()?, row.take()?, row.take()?);
    // A reaction never changes: it was last changed when it was made.
    let update_at = create_at;
    Ok(Reaction { user_id, post_id, emoji_name, create_at, update_at, channel_id: row.take()?, ..Reaction::default() })
}
