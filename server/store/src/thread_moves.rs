//! Moving a thread to another channel: its posts become new ones there, and what hangs on them goes with them.
//!
//! Clients know a post by its id and where it was, so what is moved gets new ids; the old posts are deleted as usual.

use crate::{
    PostsMut, Result, args,
    db::{Args, Query, Row, Sql},
    posts::{COUNT_IN, TO_INDEX_ALL},
    sql,
};
use model::{ChannelId, FileId, Millis, PostId, posts::Post};

const PARTICIPANTS: &Sql = sql!(
    "INSERT INTO thread_participants (post_id, user_id, replied_at) \
     SELECT $1, user_id, replied_at FROM thread_participants WHERE post_id = $2"
);
const FOLLOWERS: &Sql = sql!(
    "INSERT INTO thread_members (post_id, user_id, is_following, last_viewed, unread_mentions, last_updated) \
     SELECT $1, tm.user_id, tm.is_following, tm.last_viewed, tm.unread_mentions, $2 FROM thread_members tm \
     JOIN channel_members cm ON cm.user_id = tm.user_id WHERE cm.channel_id = $3 AND tm.post_id = $4"
);

/// A post, and what it gets where it is moved to.
pub struct Moved<'p> {
    pub old: &'p Post,
    pub new: PostId,
    /// Its text, where messages of the thread are called by their new ids.
    pub message: &'p str,
}

/// Adds `CASE column WHEN old THEN new … END`.
fn renamed(query: &mut Query, column: &'static str, posts: &[Moved<'_>]) {
    query.push(" CASE ").push(column);
    for moved in posts {
        query.push(" WHEN ").arg(moved.old.id).push(" THEN ").arg(moved.new);
    }
    query.push(" END");
}

/// Adds the texts: those that change, and otherwise what is there.
fn rewritten(query: &mut Query, posts: &[Moved<'_>]) {
    let mut changed = posts.iter().filter(|moved| moved.message != moved.old.message).peekable();
    if changed.peek().is_none() {
        query.push(", p.message");
        return;
    }
    query.push(", CASE p.id");
    for moved in changed {
        query.push(" WHEN ").arg(moved.old.id).push(" THEN ").arg(moved.message);
    }
    query.push(" ELSE p.message END");
}

impl PostsMut<'_> {
    /// Copies a thread, root first, to another channel and takes along what hangs on its posts: files, reactions,
    /// acknowledgements, buttons, earlier versions, that somebody saved them, and who follows of those who are there.
    /// The copies keep the times at which they were written. The old posts are left for [`PostsMut::delete`].
    pub async fn copy_thread(&mut self, posts: &[Moved<'_>], to: ChannelId, at: Millis) -> Result<()> {
        let Some(root) = posts.first() else { return Ok(()) };
        let dialect = self.db.dialect();
        let old = || posts.iter().map(|moved| moved.old.id);
        let mut query = Query::new(
            dialect,
            "INSERT INTO posts (id, create_at, update_at, edit_at, delete_at, is_pinned, user_id, channel_id, root_id, \
             original_id, message, kind, props, hashtags, file_ids, has_reactions, reply_count, last_reply_at, \
             remote_id, is_counted, priority, ack_requested, persistent) SELECT",
        );
        renamed(&mut query, "p.id", posts);
        query.push(", p.create_at, ").arg(at).push(", p.edit_at, 0, FALSE, p.user_id, ").arg(to);
        query.push(", CASE WHEN p.root_id = '' THEN '' ELSE ").arg(root.new).push(" END");
        query.push(", ''");
        rewritten(&mut query, posts);
        query.push(
            ", p.kind, p.props, p.hashtags, p.file_ids, p.has_reactions, p.reply_count, p.last_reply_at, \
             '', p.is_counted, p.priority, p.ack_requested, p.persistent FROM posts p WHERE p.delete_at = 0 AND p.id",
        );
        query.within(old()).push(" ORDER BY p.create_at, p.seq");
        let (text, args) = query.done();
        self.db.execute(text, args).await?;

        let counted = posts.iter().filter(|moved| moved.old.counts()).count() as i64;
        let newest = posts.iter().map(|moved| moved.old.create_at).max().unwrap_or(0);
        let (counted_root, root_at) = (i64::from(root.old.counts()), root.old.create_at);
        self.db.execute(COUNT_IN, args![counted, counted_root, newest, newest, root_at, root_at, to]).await?;
        self.db.execute(PARTICIPANTS, args![root.new, root.old.id]).await?;
        self.db.execute(FOLLOWERS, args![root.new, at, to, root.old.id]).await?;

        let mut query = Query::new(dialect, TO_INDEX_ALL);
        query.rows(posts.iter().map(|moved| -> Args { args![moved.new] }));
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        self.take_files(posts, to, at).await?;
        for table in [
            "UPDATE reactions SET channel_id = ",
            "UPDATE acknowledgements SET channel_id = ",
            "UPDATE post_actions SET channel_id = ",
        ] {
            let mut query = Query::new(dialect, table);
            query.arg(to).push(", post_id =");
            renamed(&mut query, "post_id", posts);
            query.push(" WHERE post_id").within(old());
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        let mut query = Query::new(dialect, "UPDATE posts SET channel_id = ");
        query.arg(to).push(", original_id =");
        renamed(&mut query, "original_id", posts);
        query.push(" WHERE original_id <> '' AND original_id").within(old());
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        let mut query = Query::new(dialect, "UPDATE preferences SET name =");
        renamed(&mut query, "name", posts);
        query.push(" WHERE category = 'flagged_post' AND name").within(old());
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    /// The files of the posts; they are found where they are now.
    async fn take_files(&mut self, posts: &[Moved<'_>], to: ChannelId, at: Millis) -> Result<()> {
        let dialect = self.db.dialect();
        let mut query = Query::new(dialect, "SELECT id FROM file_infos WHERE post_id <> '' AND post_id");
        query.within(posts.iter().map(|moved| moved.old.id));
        let (text, args) = query.done();
        let files = self.db.all(text, args, Row::take::<FileId>).await?;
        if files.is_empty() {
            return Ok(());
        }
        let mut query = Query::new(dialect, "UPDATE file_infos SET channel_id = ");
        query.arg(to).push(", update_at = ").arg(at).push(", post_id =");
        renamed(&mut query, "post_id", posts);
        query.push(" WHERE post_id <> '' AND post_id").within(posts.iter().map(|moved| moved.old.id));
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        let mut query = Query::new(dialect, "INSERT INTO file_search_pending (file_id)");
        query.rows(files.iter().map(|id| -> Args { args![*id] }));
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }
}
