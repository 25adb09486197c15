//! Messages that are to be told of by mail, until their mail is written: so several come in one.

use crate::{
    MailWaiting, MailWaitingMut, Result, args,
    db::{Dialect, Query, Row, Sql},
    sql,
};
use model::{AnyId, Millis, PostId, UserId};

const DUE: &Sql = sql!("SELECT DISTINCT user_id FROM mail_waiting WHERE due_at <= $1 ORDER BY user_id LIMIT $2");

/// A message that somebody is to be told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub id: AnyId,
    pub user_id: UserId,
    pub post_id: PostId,
    /// When the mail is to be written at the latest; with what else waits for the same person then.
    pub due_at: Millis,
}

/// The same, and whether it is still news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub id: AnyId,
    pub user_id: UserId,
    pub post_id: PostId,
    /// Of the post.
    pub create_at: Millis,
    /// Whether it is there, and the person in its channel.
    pub readable: bool,
    pub is_reply: bool,
    /// When they last looked at the channel.
    pub channel_viewed_at: Millis,
    /// When they last looked at the thread; 0 for what is no reply.
    pub thread_viewed_at: Millis,
}

impl MailWaiting<'_> {
    /// Who is to get a mail now.
    pub async fn due(&mut self, now: Millis, limit: i64) -> Result<Vec<UserId>> {
        self.db.all(DUE, args![now, limit], Row::take).await
    }

    /// Everything that waits for some people, by person and then oldest first.
    pub async fn of_users(&mut self, users: &[UserId], limit: i64) -> Result<Vec<Found>> {
        let mut query = Query::new(
            self.db.dialect(),
            "SELECT w.id, w.user_id, w.post_id, COALESCE(p.create_at, 0), COALESCE(p.delete_at, 1), \
             COALESCE(p.root_id, ''), COALESCE(m.last_viewed_at, -1), COALESCE(t.last_viewed, 0) FROM mail_waiting w \
             LEFT JOIN posts p ON p.id = w.post_id \
             LEFT JOIN channel_members m ON m.channel_id = p.channel_id AND m.user_id = w.user_id \
             LEFT JOIN thread_members t ON t.post_id = p.root_id AND t.user_id = w.user_id WHERE w.user_id",
        );
        query.within(users).push(" ORDER BY w.user_id, p.create_at, w.id").page(limit, 0);
        let (text, args) = query.done();
        self.db.all(text, args, found).await
    }
}

impl MailWaitingMut<'_> {
    /// Notes messages; what is noted already stays as it is.
    pub async fn add(&mut self, waiting: &[Waiting]) -> Result<()> {
        let mysql = self.db.dialect() == Dialect::MySql;
        for chunk in waiting.chunks(1024) {
            let start = if mysql { "INSERT IGNORE INTO" } else { "INSERT INTO" };
            let mut query = Query::new(self.db.dialect(), start);
            query.push(" mail_waiting (id, user_id, post_id, due_at) VALUES ");
            for (i, w) in chunk.iter().enumerate() {
                query.push(if i == 0 { "(" } else { ", (" }).arg(w.id).push(", ").arg(w.user_id).push(", ");
                query.arg(w.post_id).push(", ").arg(w.due_at).push(")");
            }
            if !mysql {
                query.push(" ON CONFLICT (user_id, post_id) DO NOTHING");
            }
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Forgets what was told.
    pub async fn remove(&mut self, ids: &[AnyId]) -> Result<()> {
        for chunk in ids.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), "DELETE FROM mail_waiting WHERE id");
            query.within(chunk);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }
}

fn found(row: &mut Row) -> Result<Found> {
    let (id, user_id, post_id, create_at) = (row.take()?, row.take()?, row.take()?, row.take()?);
    let (delete_at, root): (Millis, String) = (row.take()?, row.take()?);
    let (channel_viewed_at, thread_viewed_at): (Millis, Millis) = (row.take()?, row.take()?);
    Ok(Found {
        id,
        user_id,
        post_id,
        create_at,
        readable: delete_at == 0 && channel_viewed_at >= 0,
        is_reply: !root.is_empty(),
        channel_viewed_at,
        thread_viewed_at,
    })
}
