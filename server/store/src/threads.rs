//! Who follows which thread, what they have not read of it, and who takes part.
//!
//! A thread is its root post: the number of replies and the time of the last one are there, see [`Posts`](crate::Posts).

use crate::{
    Result, Threads, ThreadsMut, args,
    db::{Dialect, Query, Row, Sql},
    sql,
};
use model::{ChannelId, Millis, PostId, TeamId, UserId};

macro_rules! columns {
    () => {
        "SELECT tm.post_id, tm.user_id, tm.is_following, tm.last_viewed, tm.unread_mentions, tm.last_updated \
         FROM thread_members tm "
    };
}
macro_rules! counts {
    ($integer:literal) => {
        concat!(
            "SELECT COUNT(*), COUNT(CASE WHEN p.last_reply_at > tm.last_viewed THEN 1 END), \
             CAST(COALESCE(SUM(tm.unread_mentions), 0) AS ",
            $integer,
            ") FROM thread_members tm JOIN posts p ON p.id = tm.post_id JOIN channels c ON c.id = p.channel_id \
             JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = tm.user_id \
             WHERE tm.user_id = $1 AND c.team_id IN ('', $2) AND tm.is_following = TRUE AND p.reply_count > 0 \
             AND p.delete_at = 0 AND c.delete_at = 0"
        )
    };
}

macro_rules! mentions {
    ($integer:literal) => {
        concat!(
            "SELECT p.channel_id, CAST(SUM(tm.unread_mentions) AS ",
            $integer,
            ") FROM thread_members tm JOIN posts p ON p.id = tm.post_id JOIN channels c ON c.id = p.channel_id \
             JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = tm.user_id \
             WHERE tm.user_id = $1 AND c.team_id IN ('', $2) AND tm.is_following = TRUE AND tm.unread_mentions > 0 \
             AND p.delete_at = 0 AND c.delete_at = 0 GROUP BY p.channel_id ORDER BY p.channel_id"
        )
    };
}

const MENTIONS: &Sql = sql! { all: mentions!("BIGINT"), mysql: mentions!("SIGNED") };
const ONE: &Sql = sql!(concat!(columns!(), "WHERE tm.post_id = $1 AND tm.user_id = $2"));
const FOLLOWERS: &Sql =
    sql!(concat!(columns!(), "WHERE tm.post_id = $1 AND tm.is_following = TRUE ORDER BY tm.user_id"));
const COUNTS: &Sql = sql! { all: counts!("BIGINT"), mysql: counts!("SIGNED") };
const SAVE: &Sql = sql! {
    all: "INSERT INTO thread_members (post_id, user_id, is_following, last_viewed, unread_mentions, last_updated) \
          VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (post_id, user_id) DO UPDATE SET \
          is_following = excluded.is_following, last_viewed = excluded.last_viewed, \
          unread_mentions = excluded.unread_mentions, last_updated = excluded.last_updated",
    mysql: "INSERT INTO thread_members (post_id, user_id, is_following, last_viewed, unread_mentions, last_updated) \
            VALUES ($1, $2, $3, $4, $5, $6) ON DUPLICATE KEY UPDATE is_following = VALUES(is_following), \
            last_viewed = VALUES(last_viewed), unread_mentions = VALUES(unread_mentions), \
            last_updated = VALUES(last_updated)",
};
const READ_ALL: &Sql = sql!(
    "UPDATE thread_members SET last_viewed = $1, unread_mentions = 0, last_updated = $2 WHERE user_id = $3 \
     AND is_following = TRUE AND post_id IN \
     (SELECT p.id FROM posts p JOIN channels c ON c.id = p.channel_id WHERE c.team_id IN ('', $4))"
);

/// How many people one statement is about; databases bound the values of a statement.
const MANY: usize = 4096;

/// How somebody follows a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadMember {
    pub post_id: PostId,
    pub user_id: UserId,
    pub is_following: bool,
    pub last_viewed: Millis,
    pub unread_mentions: i64,
    pub last_updated: Millis,
}

/// What somebody has not read of the threads they follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: i64,
    /// Threads with a reply they have not seen.
    pub unread: i64,
    pub unread_mentions: i64,
}

/// Which of the threads that somebody follows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    /// Of this team, and of direct and group channels.
    pub team: TeamId,
    /// Only those with replies they have not seen.
    pub unread: bool,
    /// Only those whose last reply is before this moment.
    pub before: Option<Millis>,
    /// Only those whose last reply is after this moment.
    pub after: Option<Millis>,
    /// At most so many.
    pub limit: i64,
}

impl Threads<'_> {
    /// How somebody follows a thread, if they ever had to do with it.
    pub async fn get(&mut self, root: PostId, user: UserId) -> Result<Option<ThreadMember>> {
        self.db.one(ONE, args![root, user], member).await
    }

    /// How somebody follows each of several threads.
    pub async fn of_posts(&mut self, roots: &[PostId], user: UserId) -> Result<Vec<ThreadMember>> {
        let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE tm.user_id = "));
        query.arg(user).push(" AND tm.post_id").within(roots);
        let (text, args) = query.done();
        self.db.all(text, args, member).await
    }

    /// Who follows a thread, and how.
    pub async fn followers(&mut self, root: PostId) -> Result<Vec<ThreadMember>> {
        self.db.all(FOLLOWERS, args![root], member).await
    }

    /// Who follows each of several threads, and how.
    pub async fn followers_of(&mut self, roots: &[PostId]) -> Result<Vec<ThreadMember>> {
        let mut query =
            Query::new(self.db.dialect(), concat!(columns!(), "WHERE tm.is_following = TRUE AND tm.post_id"));
        query.within(roots).push(" ORDER BY tm.post_id, tm.user_id");
        let (text, args) = query.done();
        self.db.all(text, args, member).await
    }

    /// Who has replied in several threads, latest reply first within each.
    pub async fn participants(&mut self, roots: &[PostId]) -> Result<Vec<(PostId, UserId)>> {
        let mut query = Query::new(self.db.dialect(), "SELECT post_id, user_id FROM thread_participants WHERE post_id");
        query.within(roots).push(" ORDER BY post_id, replied_at DESC, user_id");
        let (text, args) = query.done();
        self.db.all(text, args, |row| Ok((row.take()?, row.take()?))).await
    }

    /// The threads somebody follows, latest reply first. Threads of channels they have left are not among them.
    pub async fn of_user(&mut self, user: UserId, which: &Which) -> Result<Vec<ThreadMember>> {
        let mut query = Query::new(
            self.db.dialect(),
            concat!(
                columns!(),
                "JOIN posts p ON p.id = tm.post_id JOIN channels c ON c.id = p.channel_id \
                 JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = tm.user_id \
                 WHERE tm.is_following = TRUE AND p.reply_count > 0 AND p.delete_at = 0 AND c.delete_at = 0 \
                 AND tm.user_id = "
            ),
        );
        query.arg(user).push(" AND c.team_id IN ('', ").arg(which.team).push(")");
        if which.unread {
            query.push(" AND p.last_reply_at > tm.last_viewed");
        }
        if let Some(before) = which.before {
            query.push(" AND p.last_reply_at < ").arg(before);
        }
        if let Some(after) = which.after {
            query.push(" AND p.last_reply_at > ").arg(after);
        }
        query.push(" ORDER BY p.last_reply_at DESC, p.seq DESC").page(which.limit, 0);
        let (text, args) = query.done();
        self.db.all(text, args, member).await
    }

    /// How often somebody is mentioned in threads they have not read, by channel.
    pub async fn mentions(&mut self, user: UserId, team: TeamId) -> Result<Vec<(ChannelId, i64)>> {
        self.db.all(MENTIONS, args![user, team], |row| Ok((row.take()?, row.take()?))).await
    }

    /// What somebody has not read of the threads of a team, direct and group channels among them.
    pub async fn counts(&mut self, user: UserId, team: TeamId) -> Result<Counts> {
        let counts = self.db.one(COUNTS, args![user, team], |row| {
            Ok(Counts { total: row.take()?, unread: row.take()?, unread_mentions: row.take()? })
        });
        Ok(counts.await?.unwrap_or_default())
    }

    /// How many replies somebody has not seen in each of several threads; those without any are left out.
    pub async fn unread_replies(&mut self, roots: &[PostId], user: UserId) -> Result<Vec<(PostId, i64)>> {
        let mut query = Query::new(
            self.db.dialect(),
            "SELECT p.root_id, COUNT(*) FROM posts p JOIN thread_members tm ON tm.post_id = p.root_id \
             WHERE p.delete_at = 0 AND p.root_id <> '' AND p.create_at > tm.last_viewed AND tm.user_id = ",
        );
        query.arg(user).push(" AND p.root_id").within(roots).push(" GROUP BY p.root_id");
        let (text, args) = query.done();
        self.db.all(text, args, |row| Ok((row.take()?, row.take()?))).await
    }

    /// How many replies of a thread each of several users has not seen; those who have seen all are left out.
    pub async fn unread_by_user(&mut self, root: PostId, users: &[UserId]) -> Result<Vec<(UserId, i64)>> {
        let mut found = Vec::new();
        for chunk in users.chunks(MANY) {
            let mut query = Query::new(
                self.db.dialect(),
                "SELECT tm.user_id, COUNT(*) FROM posts p JOIN thread_members tm ON tm.post_id = p.root_id \
                 WHERE p.delete_at = 0 AND p.create_at > tm.last_viewed AND p.root_id = ",
            );
            query.arg(root).push(" AND tm.user_id").within(chunk).push(" GROUP BY tm.user_id");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, |row| Ok((row.take()?, row.take()?))).await?);
        }
        Ok(found)
    }
}

impl ThreadsMut<'_> {
    /// Writes how somebody follows a thread.
    pub async fn save(&mut self, m: &ThreadMember) -> Result<()> {
        let args = args![m.post_id, m.user_id, m.is_following, m.last_viewed, m.unread_mentions, m.last_updated];
        self.db.execute(SAVE, args).await.map(drop)
    }

    /// Writes how people follow threads, where nothing is known of that yet; tells how many are new.
    pub async fn add_all(&mut self, members: &[ThreadMember]) -> Result<u64> {
        let (begin, end) = match self.db.dialect() {
            Dialect::MySql => ("INSERT IGNORE", ""),
            Dialect::Sqlite | Dialect::Postgres => ("INSERT", " ON CONFLICT (post_id, user_id) DO NOTHING"),
        };
        let mut new = 0;
        for chunk in members.chunks(MANY) {
            let mut query = Query::new(self.db.dialect(), begin);
            query.push(
                " INTO thread_members (post_id, user_id, is_following, last_viewed, unread_mentions, last_updated)",
            );
            let row = |m: &ThreadMember| {
                args![m.post_id, m.user_id, m.is_following, m.last_viewed, m.unread_mentions, m.last_updated]
            };
            query.rows(chunk.iter().map(row)).push(end);
            let (text, args) = query.done();
            new += self.db.execute(text, args).await?;
        }
        Ok(new)
    }

    /// Makes people follow a thread unless they have said whether they want to; tells how many are new.
    pub async fn follow(&mut self, root: PostId, users: &[UserId], last_viewed: Millis, at: Millis) -> Result<u64> {
        let follower = |user: &UserId| ThreadMember {
            post_id: root,
            user_id: *user,
            is_following: true,
            last_viewed,
            unread_mentions: 0,
            last_updated: at,
        };
        self.add_all(&users.iter().map(follower).collect::<Vec<_>>()).await
    }

    /// Counts one more mention for each of the users who follow, in one statement.
    pub async fn mention(&mut self, root: PostId, users: &[UserId], at: Millis) -> Result<u64> {
        let mut changed = 0;
        for chunk in users.chunks(MANY) {
            let mut query = Query::new(
                self.db.dialect(),
                "UPDATE thread_members SET unread_mentions = unread_mentions + 1, last_updated = ",
            );
            query.arg(at).push(" WHERE post_id = ").arg(root).push(" AND user_id").within(chunk);
            let (text, args) = query.done();
            changed += self.db.execute(text, args).await?;
        }
        Ok(changed)
    }

    /// Marks every followed thread of a team as read, direct and group channels among them.
    pub async fn read_all(&mut self, user: UserId, team: TeamId, at: Millis) -> Result<u64> {
        self.db.execute(READ_ALL, args![at, at, user, team]).await
    }
}

fn member(row: &mut Row) -> Result<ThreadMember> {
    Ok(ThreadMember {
        post_id: row.take()?,
        user_id: row.take()?,
        is_following: row.take()?,
        last_viewed: row.take()?,
        unread_mentions: row.take()?,
        last_updated: row.take()?,
    })
}
