//! Posts, and the pending ids by which a repeated send is known.
//!
//! Whatever counts posts changes here, in the same transaction: the channel's counters and times, the root's number of
//! replies, who takes part in a thread. Posts have a growing number of their own inside, so that those of the same
//! millisecond keep their order; lists are in the order of `create_at` and that number.

use crate::{
    Dialect, Posts, PostsMut, Result, args,
    db::{Args, Json, Query, Row, Sql},
    sql,
};
use model::{
    ChannelId, Millis, PostId, UserId,
    posts::{LETS_SEE, Post, Priority},
};
use std::collections::BTreeMap;

macro_rules! columns {
    () => {
        "p.id, p.create_at, p.update_at, p.edit_at, p.delete_at, p.is_pinned, p.user_id, p.channel_id, p.root_id, \
         p.original_id, p.message, p.kind, p.props, p.hashtags, p.file_ids, p.has_reactions, p.reply_count, \
         p.last_reply_at, p.priority, p.ack_requested, p.persistent"
    };
}
pub(crate) use columns;
macro_rules! select {
    ($rest:literal) => {
        sql!(concat!("SELECT ", columns!(), " FROM posts p ", $rest))
    };
}

const BY_ID: &Sql = select!("WHERE p.id = $1");
const THREAD: &Sql = select!(
    "WHERE (p.id = $1 OR (p.root_id = $2 AND p.root_id <> '')) AND p.delete_at = 0 ORDER BY p.create_at, p.seq"
);
const PINNED: &Sql =
    select!("WHERE p.channel_id = $1 AND p.is_pinned = TRUE AND p.delete_at = 0 ORDER BY p.create_at, p.seq");
const HISTORY: &Sql = select!("WHERE p.original_id = $1 AND p.original_id <> '' ORDER BY p.edit_at DESC, p.seq DESC");
const PLACE: &Sql = sql!("SELECT create_at, seq FROM posts WHERE id = $1");
const PENDING: &Sql = sql!("SELECT post_id FROM pending_posts WHERE user_id = $1 AND pending_post_id = $2");
const CLAIM: &Sql = sql! {
    all: "INSERT INTO pending_posts (user_id, pending_post_id, post_id, create_at) VALUES ($1, $2, $3, $4) \
          ON CONFLICT (user_id, pending_post_id) DO NOTHING",
    mysql: "INSERT IGNORE INTO pending_posts (user_id, pending_post_id, post_id, create_at) \
            VALUES ($1, $2, $3, $4)",
};
/// Replies are read with their thread by those who follow it; everything else with its channel.
const SEEN_REPLY: &Sql = sql!(
    "SELECT m.user_id FROM thread_members m JOIN preferences p ON p.user_id = m.user_id AND p.category = $1 \
     AND p.name = $2 AND p.value = 'true' JOIN channel_members c ON c.channel_id = $3 AND c.user_id = m.user_id \
     WHERE m.post_id = $4 AND m.last_viewed >= $5 AND m.user_id <> $6 ORDER BY m.user_id LIMIT $7"
);
const SEEN: &Sql = sql!(
    "SELECT m.user_id FROM channel_members m JOIN preferences p ON p.user_id = m.user_id AND p.category = $1 \
     AND p.name = $2 AND p.value = 'true' WHERE m.channel_id = $3 AND m.last_viewed_at >= $4 AND m.user_id <> $5 \
     ORDER BY m.user_id LIMIT $6"
);
const PURGE_PENDING: &Sql = sql!("DELETE FROM pending_posts WHERE create_at < $1");
const COUNT_FROM: &Sql = sql!(
    "SELECT COUNT(*), COUNT(CASE WHEN root_id = '' THEN 1 END) FROM posts \
     WHERE channel_id = $1 AND create_at >= $2 AND is_counted = TRUE"
);
macro_rules! insert {
    () => {
        "INSERT INTO posts (id, create_at, update_at, edit_at, delete_at, is_pinned, user_id, channel_id, root_id, \
         original_id, message, kind, props, hashtags, file_ids, has_reactions, reply_count, last_reply_at, \
         is_counted, priority, ack_requested, persistent, remote_id)"
    };
}
const INSERT: &Sql = sql!(concat!(
    insert!(),
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
));
const COUNT_BETWEEN: &Sql = sql!(
    "SELECT COUNT(*), COUNT(CASE WHEN root_id = '' THEN 1 END) FROM posts \
     WHERE channel_id = $1 AND create_at > $2 AND create_at <= $3 AND is_counted = TRUE"
);
const INSERT_ALL: &str = insert!();
pub(crate) const COUNT_IN: &Sql = sql!(
    "UPDATE channels SET total_msg_count = total_msg_count + $1, total_msg_count_root = total_msg_count_root + $2, \
     last_post_at = CASE WHEN last_post_at > $3 THEN last_post_at ELSE $4 END, \
     last_root_post_at = CASE WHEN last_root_post_at > $5 THEN last_root_post_at ELSE $6 END WHERE id = $7"
);
const REPLY_IN: &Sql = sql!(
    "UPDATE posts SET reply_count = reply_count + 1, \
     last_reply_at = CASE WHEN last_reply_at > $1 THEN last_reply_at ELSE $2 END, \
     update_at = CASE WHEN update_at > $3 THEN update_at ELSE $4 END WHERE id = $5"
);
const JOIN_THREAD: &Sql = sql! {
    all: "INSERT INTO thread_participants (post_id, user_id, replied_at) VALUES ($1, $2, $3) \
          ON CONFLICT (post_id, user_id) DO UPDATE SET replied_at = excluded.replied_at",
    mysql: "INSERT INTO thread_participants (post_id, user_id, replied_at) VALUES ($1, $2, $3) \
            ON DUPLICATE KEY UPDATE replied_at = VALUES(replied_at)",
};
const LEAVE_THREAD: &Sql = sql!(
    "DELETE FROM thread_participants WHERE post_id = $1 AND user_id = $2 AND NOT EXISTS \
     (SELECT p.id FROM posts p WHERE p.root_id = $3 AND p.root_id <> '' AND p.user_id = $4 AND p.delete_at = 0)"
);
const REPLIES: &Sql =
    sql!("SELECT COUNT(*), MAX(create_at) FROM posts WHERE root_id = $1 AND root_id <> '' AND delete_at = 0");
const SET_REPLIES: &Sql = sql!("UPDATE posts SET reply_count = $1, last_reply_at = $2, update_at = $3 WHERE id = $4");
const UPDATE: &Sql = sql!(
    "UPDATE posts SET update_at = $1, edit_at = $2, is_pinned = $3, message = $4, kind = $5, props = $6, \
     hashtags = $7, file_ids = $8, has_reactions = $9 WHERE id = $10 AND delete_at = 0"
);
const SET_PINNED: &Sql = sql!("UPDATE posts SET is_pinned = $1, update_at = $2 WHERE id = $3 AND delete_at = 0");
const DELETE: &Sql =
    sql!("UPDATE posts SET delete_at = $1, update_at = $2, props = $3 WHERE id = $4 AND delete_at = 0");
const DELETE_REPLIES: &Sql =
    sql!("UPDATE posts SET delete_at = $1, update_at = $2 WHERE root_id = $3 AND root_id <> '' AND delete_at = 0");
const REPLY_IDS: &Sql =
    sql!("SELECT id FROM posts WHERE root_id = $1 AND root_id <> '' AND delete_at = 0 ORDER BY create_at, seq");

const TO_INDEX: &Sql = sql!("INSERT INTO search_pending (post_id) VALUES ($1)");
/// The same for several, with their rows.
pub(crate) const TO_INDEX_ALL: &str = "INSERT INTO search_pending (post_id)";
const REPLIES_TO_INDEX: &Sql =
    sql!("INSERT INTO search_pending (post_id) SELECT id FROM posts WHERE root_id = $1 AND root_id <> ''");

/// Posts in one statement, at most: each has more than twenty values, and SQLite takes 32,766.
const ROWS: usize = 500;
/// The bytes of texts in such a statement, roughly.
const STATEMENT: usize = 2 * 1024 * 1024;
const NEWEST: &str = " ORDER BY p.create_at DESC, p.seq DESC";
const OLDEST: &str = " ORDER BY p.create_at, p.seq";
const IN_CHANNEL_ID: &str = "SELECT p.id FROM posts p WHERE p.channel_id = ";

/// Where a post is in its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it was made.
    pub create_at: Millis,
    /// Tells those of the same moment apart.
    pub seq: i64,
}

/// How much is said under a root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replies {
    pub post_id: PostId,
    pub reply_count: i64,
    pub last_reply_at: Millis,
}

/// A stretch of a thread's replies.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Replies after this one, or before it if `backwards`; none: from the end of that side.
    pub from: Option<Place>,
    /// Whether to go from new to old.
    pub backwards: bool,
    /// At most so many.
    pub limit: i64,
}

impl Posts<'_> {
    /// A post by id, deleted ones too: look at `delete_at`.
    pub async fn by_id(&mut self, id: PostId) -> Result<Option<Post>> {
        self.db.one(BY_ID, args![id], post).await
    }

    /// Who has seen a post, of those who let that be seen and are in its channel; without its author.
    pub async fn seen_by(&mut self, post: &Post, most: usize) -> Result<Vec<UserId>> {
        let (category, name) = LETS_SEE;
        let (channel, at, author, most) = (post.channel_id, post.create_at, post.user_id, most as i64);
        let id = |row: &mut Row| row.take();
        if post.root_id.is_some() {
            let args = args![category, name, channel, post.root_id, at, author, most];
            return self.db.all(SEEN_REPLY, args, id).await;
        }
        self.db.all(SEEN, args![category, name, channel, at, author, most], id).await
    }

    /// Those of the ids that exist and have not been deleted, newest first.
    pub async fn by_ids(&mut self, ids: &[PostId]) -> Result<Vec<Post>> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(1024) {
            let mut query = self.select("p.delete_at = 0 AND p.id");
            query.within(chunk).push(" ORDER BY p.create_at DESC, p.seq DESC");
            found.extend(self.list(query).await?);
        }
        Ok(found)
    }

    /// A page of a channel, newest first; pages are counted from 0. With `roots`, posts that answer are left out.
    pub async fn page(&mut self, channel: ChannelId, page: i64, per_page: i64, roots: bool) -> Result<Vec<Post>> {
        let mut query = self.in_channel(channel, roots);
        query.push(NEWEST).page(per_page, page.saturating_mul(per_page));
        self.list(query).await
    }

    /// A page of what came before a place, newest first.
    pub async fn before(
        &mut self,
        channel: ChannelId,
        place: Place,
        page: i64,
        per_page: i64,
        roots: bool,
    ) -> Result<Vec<Post>> {
        let mut query = self.in_channel(channel, roots);
        earlier(&mut query, place);
        query.push(NEWEST).page(per_page, page.saturating_mul(per_page));
        self.list(query).await
    }

    /// A page of what came after a place: the first page is the one next to it, and each is newest first.
    pub async fn after(
        &mut self,
        channel: ChannelId,
        place: Place,
        page: i64,
        per_page: i64,
        roots: bool,
    ) -> Result<Vec<Post>> {
        let mut query = self.in_channel(channel, roots);
        later(&mut query, place);
        query.push(OLDEST).page(per_page, page.saturating_mul(per_page));
        let mut posts = self.list(query).await?;
        posts.reverse();
        Ok(posts)
    }

    /// What has changed in a channel after a moment: made, edited or deleted. Newest first; deleted posts are in it.
    pub async fn changed_since(
        &mut self,
        channel: ChannelId,
        at: Millis,
        limit: i64,
        roots: bool,
    ) -> Result<Vec<Post>> {
        let mut query = self.select("p.original_id = '' AND p.channel_id = ");
        query.arg(channel).push(" AND p.update_at > ").arg(at);
        if roots {
            query.push(" AND p.root_id = ''");
        }
        query.push(NEWEST).page(limit, 0);
        self.list(query).await
    }

    /// What was made in a channel at or after a moment, oldest first.
    pub async fn made_since(&mut self, channel: ChannelId, at: Millis, limit: i64) -> Result<Vec<Post>> {
        let mut query = self.in_channel(channel, false);
        query.push(" AND p.create_at >= ").arg(at).push(OLDEST).page(limit, 0);
        self.list(query).await
    }

    /// What was written in a channel at certain moments, deleted posts and earlier versions of edited ones too.
    pub async fn made_at(&mut self, channel: ChannelId, moments: &[Millis]) -> Result<Vec<Post>> {
        let mut found = Vec::new();
        for chunk in moments.chunks(1024) {
            let mut query = self.select("p.channel_id = ");
            query.arg(channel).push(" AND p.create_at").within(chunk.iter().copied()).push(OLDEST);
            found.extend(self.list(query).await?);
        }
        Ok(found)
    }

    /// The first post made after a moment: the first unread one, if that is when one last looked.
    pub async fn first_after(&mut self, channel: ChannelId, at: Millis, roots: bool) -> Result<Option<PostId>> {
        let mut query = Query::new(self.db.dialect(), IN_CHANNEL_ID);
        query.arg(channel);
        limited(&mut query, roots);
        query.push(" AND p.create_at > ").arg(at).push(OLDEST).page(1, 0);
        let (text, args) = query.done();
        self.db.one(text, args, Row::take).await
    }

    /// Where a post is in its channel.
    pub async fn place(&mut self, id: PostId) -> Result<Option<Place>> {
        self.db.one(PLACE, args![id], place).await
    }

    /// The post next to a place on its older side.
    pub async fn previous(&mut self, channel: ChannelId, place: Place, roots: bool) -> Result<Option<PostId>> {
        let mut query = Query::new(self.db.dialect(), IN_CHANNEL_ID);
        query.arg(channel);
        limited(&mut query, roots);
        earlier(&mut query, place);
        query.push(NEWEST).page(1, 0);
        let (text, args) = query.done();
        self.db.one(text, args, Row::take).await
    }

    /// The post next to a place on its newer side.
    pub async fn next(&mut self, channel: ChannelId, place: Place, roots: bool) -> Result<Option<PostId>> {
        let mut query = Query::new(self.db.dialect(), IN_CHANNEL_ID);
        query.arg(channel);
        limited(&mut query, roots);
        later(&mut query, place);
        query.push(OLDEST).page(1, 0);
        let (text, args) = query.done();
        self.db.one(text, args, Row::take).await
    }

    /// A root and all its replies, oldest first.
    pub async fn thread(&mut self, root: PostId) -> Result<Vec<Post>> {
        self.db.all(THREAD, args![root, root], post).await
    }

    /// Several roots with all their replies, newest first.
    pub async fn threads(&mut self, roots: &[PostId]) -> Result<Vec<Post>> {
        let mut found = Vec::new();
        for chunk in roots.chunks(512) {
            let mut query = self.select("p.delete_at = 0 AND (p.id");
            query.within(chunk).push(" OR (p.root_id <> '' AND p.root_id").within(chunk).push("))").push(NEWEST);
            found.extend(self.list(query).await?);
        }
        Ok(found)
    }

    /// A stretch of a thread's replies, in the order of reading through it.
    pub async fn replies(&mut self, root: PostId, stretch: Stretch) -> Result<Vec<Post>> {
        let mut query = self.select("p.delete_at = 0 AND p.root_id <> '' AND p.root_id = ");
        query.arg(root);
        match (stretch.from, stretch.backwards) {
            (Some(place), true) => earlier(&mut query, place),
            (Some(place), false) => later(&mut query, place),
            (None, _) => {}
        }
        query.push(if stretch.backwards { NEWEST } else { OLDEST }).page(stretch.limit, 0);
        self.list(query).await
    }

    /// How much is said under several roots, in one statement.
    pub async fn reply_counts(&mut self, roots: &[PostId]) -> Result<Vec<Replies>> {
        let mut found = Vec::with_capacity(roots.len());
        for chunk in roots.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), "SELECT id, reply_count, last_reply_at FROM posts WHERE id");
            query.within(chunk);
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, replies).await?);
        }
        Ok(found)
    }

    /// What replies there are under a root by counting them, to see that the root has not drifted apart from them.
    pub async fn recount_replies(&mut self, root: PostId) -> Result<Replies> {
        let counted =
            self.db.one(REPLIES, args![root], |row| Ok((row.take::<i64>()?, row.take::<Option<i64>>()?.unwrap_or(0))));
        let (reply_count, last_reply_at) = counted.await?.unwrap_or_default();
        Ok(Replies { post_id: root, reply_count, last_reply_at })
    }

    /// How many posts of a channel count that were made after a moment and until another: all, and roots.
    pub async fn count_between(&mut self, channel: ChannelId, after: Millis, until: Millis) -> Result<(i64, i64)> {
        let counted = self.db.one(COUNT_BETWEEN, args![channel, after, until], |row| Ok((row.take()?, row.take()?)));
        Ok(counted.await?.unwrap_or_default())
    }

    /// The pinned posts of a channel, oldest first.
    pub async fn pinned(&mut self, channel: ChannelId) -> Result<Vec<Post>> {
        self.db.all(PINNED, args![channel], post).await
    }

    /// What a post was before it was edited, latest first.
    pub async fn history(&mut self, id: PostId) -> Result<Vec<Post>> {
        self.db.all(HISTORY, args![id], post).await
    }

    /// How many posts that count as messages were made in a channel at or after a moment, and how many of them are
    /// roots. Deleted ones are counted, as they are in the channel's counters.
    pub async fn count_from(&mut self, channel: ChannelId, at: Millis) -> Result<(i64, i64)> {
        let counts = self.db.one(COUNT_FROM, args![channel, at], |row| Ok((row.take()?, row.take()?))).await?;
        Ok(counts.unwrap_or_default())
    }

    /// Which post a pending id has become.
    pub async fn pending(&mut self, user: UserId, pending: &str) -> Result<Option<PostId>> {
        self.db.one(PENDING, args![user, pending], Row::take).await
    }

    fn select(&self, conditions: &'static str) -> Query {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM posts p WHERE "));
        query.push(conditions);
        query
    }

    fn in_channel(&self, channel: ChannelId, roots: bool) -> Query {
        let mut query = self.select("p.channel_id = ");
        query.arg(channel);
        limited(&mut query, roots);
        query
    }

    async fn list(&mut self, query: Query) -> Result<Vec<Post>> {
        let (text, args) = query.done();
        self.db.all(text, args, post).await
    }
}

impl PostsMut<'_> {
    /// Takes a pending id for a post about to be made. If it has been taken, says by which post: the send is a
    /// repetition, and that post is its answer. Two at once: the second waits for the first.
    pub async fn claim(&mut self, user: UserId, pending: &str, id: PostId, at: Millis) -> Result<Option<PostId>> {
        if self.db.execute(CLAIM, args![user, pending, id, at]).await? == 1 {
            return Ok(None);
        }
        self.pending(user, pending).await
    }

    /// Forgets pending ids of posts made before a moment; a day is long enough for any client to have heard.
    pub async fn purge_pending(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE_PENDING, args![before]).await
    }

    /// Adds a post and counts it: in its channel, and under its root if it answers one.
    pub async fn insert(&mut self, p: &Post) -> Result<()> {
        self.row(p, p.counts()).await?;
        self.db.execute(TO_INDEX, args![p.id]).await?;
        let (counts, root) = (i64::from(p.counts()), p.root_id.is_none());
        // A reply leaves the time of the last root as it is.
        let root_at = if root { p.create_at } else { 0 };
        let args =
            args![counts, if root { counts } else { 0 }, p.create_at, p.create_at, root_at, root_at, p.channel_id];
        self.db.execute(COUNT_IN, args).await?;
        if !root {
            let at = p.create_at;
            self.db.execute(REPLY_IN, args![at, at, at, at, p.root_id]).await?;
            self.db.execute(JOIN_THREAD, args![p.root_id, p.user_id, at]).await?;
        }
        Ok(())
    }

    /// Adds many posts and counts them, as [`PostsMut::insert`] does one. A root comes before its replies.
    pub async fn insert_all(&mut self, posts: &[Post], at: Millis) -> Result<()> {
        let dialect = self.db.dialect();
        for chunk in posts.chunk_by(fills_up()) {
            let mut query = Query::new(dialect, INSERT_ALL);
            query.rows(chunk.iter().map(|p| values(p, p.counts())));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
            let mut query = Query::new(dialect, TO_INDEX_ALL);
            query.rows(chunk.iter().map(|p| -> Args { args![p.id] }));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        let mut channels: BTreeMap<ChannelId, (i64, i64, Millis, Millis)> = BTreeMap::new();
        let mut roots: BTreeMap<PostId, (i64, Millis)> = BTreeMap::new();
        let mut joined: BTreeMap<(PostId, UserId), Millis> = BTreeMap::new();
        for p in posts {
            let (all, of_roots, last, last_root) = channels.entry(p.channel_id).or_default();
            let counts = i64::from(p.counts());
            (*all, *last) = (*all + counts, (*last).max(p.create_at));
            if p.root_id.is_none() {
                (*of_roots, *last_root) = (*of_roots + counts, (*last_root).max(p.create_at));
                continue;
            }
            let (replies, last) = roots.entry(p.root_id).or_default();
            (*replies, *last) = (*replies + 1, (*last).max(p.create_at));
            let replied = joined.entry((p.root_id, p.user_id)).or_default();
            *replied = (*replied).max(p.create_at);
        }
        for (channel, (all, of_roots, last, last_root)) in channels {
            self.db.execute(COUNT_IN, args![all, of_roots, last, last, last_root, last_root, channel]).await?;
        }
        self.reply_all(&roots, at).await?;
        self.join_all(&joined).await
    }

    /// Counts replies that were added under several roots.
    async fn reply_all(&mut self, roots: &BTreeMap<PostId, (i64, Millis)>, at: Millis) -> Result<()> {
        let ids: Vec<PostId> = roots.keys().copied().collect();
        let mut counted = self.reply_counts(&ids).await?;
        for root in &mut counted {
            let (new, last) = roots.get(&root.post_id).copied().unwrap_or_default();
            (root.reply_count, root.last_reply_at) = (root.reply_count + new, root.last_reply_at.max(last));
        }
        for chunk in counted.chunks(ROWS) {
            let mut query = Query::new(self.db.dialect(), "UPDATE posts SET reply_count = CASE id");
            for root in chunk {
                query.push(" WHEN ").arg(root.post_id).push(" THEN ").arg(root.reply_count);
            }
            query.push(" END, last_reply_at = CASE id");
            for root in chunk {
                query.push(" WHEN ").arg(root.post_id).push(" THEN ").arg(root.last_reply_at);
            }
            query.push(" END, update_at = ").arg(at).push(" WHERE id").within(chunk.iter().map(|root| root.post_id));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Notes who has replied in which threads, and when.
    async fn join_all(&mut self, joined: &BTreeMap<(PostId, UserId), Millis>) -> Result<()> {
        let end = match self.db.dialect() {
            Dialect::MySql => " ON DUPLICATE KEY UPDATE replied_at = GREATEST(replied_at, VALUES(replied_at))",
            Dialect::Sqlite | Dialect::Postgres => {
                " ON CONFLICT (post_id, user_id) DO UPDATE SET replied_at = CASE WHEN thread_participants.replied_at > \
                 excluded.replied_at THEN thread_participants.replied_at ELSE excluded.replied_at END"
            }
        };
        let joined: Vec<_> = joined.iter().collect();
        for chunk in joined.chunks(ROWS) {
            let mut query =
                Query::new(self.db.dialect(), "INSERT INTO thread_participants (post_id, user_id, replied_at)");
            query.rows(chunk.iter().map(|((root, user), at)| args![*root, *user, **at])).push(end);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Keeps what a post was before it is edited: a row of its own, deleted, with `original_id`. Counts nowhere.
    pub async fn keep_old(&mut self, old: &Post) -> Result<()> {
        self.row(old, false).await
    }

    /// Writes text, props, files, pin and the times that go with them. A deleted post is left alone: false.
    pub async fn update(&mut self, p: &Post) -> Result<bool> {
        let args = args![
            p.update_at,
            p.edit_at,
            p.is_pinned,
            &p.message,
            &p.kind,
            Json(&p.props),
            &p.hashtags,
            Json(&p.file_ids),
            p.has_reactions,
            p.id,
        ];
        let updated = self.db.execute(UPDATE, args).await? == 1;
        if updated {
            self.db.execute(TO_INDEX, args![p.id]).await?;
        }
        Ok(updated)
    }

    /// Pins a post to its channel, or takes the pin back.
    pub async fn set_pinned(&mut self, id: PostId, pinned: bool, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_PINNED, args![pinned, at, id]).await? == 1)
    }

    /// Deletes a post; a root takes its replies with it. Says which went, the post first; nothing if it was gone.
    ///
    /// Channels go on counting deleted posts, as clients expect; roots do not.
    pub async fn delete(&mut self, p: &Post, by: UserId, at: Millis) -> Result<Vec<PostId>> {
        let mut props = p.props.clone();
        props.insert("deleteBy".into(), by.as_str().into());
        if self.db.execute(DELETE, args![at, at, Json(&props), p.id]).await? == 0 {
            return Ok(Vec::new());
        }
        let mut gone = vec![p.id];
        self.db.execute(TO_INDEX, args![p.id]).await?;
        if p.root_id.is_none() {
            self.db.execute(REPLIES_TO_INDEX, args![p.id]).await?;
            gone.extend(self.db.all(REPLY_IDS, args![p.id], Row::take::<PostId>).await?);
            self.db.execute(DELETE_REPLIES, args![at, at, p.id]).await?;
            return Ok(gone);
        }
        let left = self.recount_replies(p.root_id).await?;
        self.db.execute(SET_REPLIES, args![left.reply_count, left.last_reply_at, at, p.root_id]).await?;
        self.db.execute(LEAVE_THREAD, args![p.root_id, p.user_id, p.root_id, p.user_id]).await?;
        Ok(gone)
    }

    async fn row(&mut self, p: &Post, counted: bool) -> Result<()> {
        self.db.execute(INSERT, values(p, counted)).await.map(drop)
    }
}

/// Whether a post goes into the same statement as the one before it: these hold so many, and so many bytes, since MariaDB
/// takes 16 MiB in one unless told otherwise.
fn fills_up() -> impl FnMut(&Post, &Post) -> bool {
    let (mut rows, mut bytes) = (1, 0);
    move |_, next| {
        (rows, bytes) =
            (rows + 1, bytes + 4 * next.message.len() + serde_json::to_string(&next.props).map_or(0, |p| p.len()));
        let fits = rows <= ROWS && bytes < STATEMENT;
        if !fits {
            (rows, bytes) = (1, 0);
        }
        fits
    }
}

/// What is written of a post, in the order of [`INSERT_ALL`].
fn values(p: &Post, counted: bool) -> Args {
    let priority = p.metadata.priority.as_ref();
    args![
        p.id,
        p.create_at,
        p.update_at,
        p.edit_at,
        p.delete_at,
        p.is_pinned,
        p.user_id,
        p.channel_id,
        p.root_id,
        p.original_id,
        &p.message,
        &p.kind,
        Json(&p.props),
        &p.hashtags,
        Json(&p.file_ids),
        p.has_reactions,
        p.reply_count,
        p.last_reply_at,
        counted,
        priority.map_or("", |asked| &asked.priority),
        priority.is_some_and(|asked| asked.requested_ack),
        priority.is_some_and(|asked| asked.persistent_notifications),
        "",
    ]
}

fn limited(query: &mut Query, roots: bool) {
    query.push(" AND p.delete_at = 0");
    if roots {
        query.push(" AND p.root_id = ''");
    }
}

/// The bare comparison of times is for MySQL, which finds its way by it and not by a pair.
fn earlier(query: &mut Query, place: Place) {
    if query.dialect() == Dialect::MySql {
        query.push(" AND p.create_at <= ").arg(place.create_at);
    }
    query.push(" AND (p.create_at, p.seq) < (").arg(place.create_at).push(", ").arg(place.seq).push(")");
}

/// As [`earlier`].
fn later(query: &mut Query, place: Place) {
    if query.dialect() == Dialect::MySql {
        query.push(" AND p.create_at >= ").arg(place.create_at);
    }
    query.push(" AND (p.create_at, p.seq) > (").arg(place.create_at).push(", ").arg(place.seq).push(")");
}

pub(crate) fn post(row: &mut Row) -> Result<Post> {
    let mut post = Post {
        id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        edit_at: row.take()?,
        delete_at: row.take()?,
        is_pinned: row.take()?,
        user_id: row.take()?,
        channel_id: row.take()?,
        root_id: row.take()?,
        original_id: row.take()?,
        message: row.take()?,
        kind: row.take()?,
        props: row.take::<Json<_>>()?.0,
        hashtags: row.take()?,
        file_ids: row.take::<Json<_>>()?.0,
        has_reactions: row.take()?,
        reply_count: row.take()?,
        last_reply_at: row.take()?,
        ..Post::default()
    };
    let asked = Priority { priority: row.take()?, requested_ack: row.take()?, persistent_notifications: row.take()? };
    post.metadata.priority = (!asked.is_none()).then_some(asked);
    Ok(post)
}

fn place(row: &mut Row) -> Result<Place> {
    Ok(Place { create_at: row.take()?, seq: row.take()? })
}

fn replies(row: &mut Row) -> Result<Replies> {
    Ok(Replies { post_id: row.take()?, reply_count: row.take()?, last_reply_at: row.take()? })
}
