//! How long messages and files are kept: the policies, and removing what is old for good.

use crate::{
    Result, Retention, RetentionMut, args,
    db::{Args, Query, Row, Sql},
    jobs::Order,
    sql,
};
use model::{
    AnyId, ChannelId, FileId, Millis, PostId, TeamId, UserId,
    retention::{ChannelRetention, RetentionPolicy, TeamRetention},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Removes what is old.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DataRetention {}

impl Order for DataRetention {
    const KIND: &'static str = "data_retention";
}

macro_rules! columns {
    () => {
        "SELECT p.id, p.display_name, p.post_duration, \
         (SELECT COUNT(*) FROM retention_policy_teams t WHERE t.policy_id = p.id), \
         (SELECT COUNT(*) FROM retention_policy_channels c WHERE c.policy_id = p.id) FROM retention_policies p "
    };
}

const COUNT: &Sql = sql!("SELECT COUNT(*) FROM retention_policies");
const PAGE: &Sql = sql!(concat!(columns!(), "ORDER BY p.display_name, p.id LIMIT $1 OFFSET $2"));
const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE p.id = $1"));
const TEAMS: &Sql =
    sql!("SELECT team_id FROM retention_policy_teams WHERE policy_id = $1 ORDER BY team_id LIMIT $2 OFFSET $3");
const CHANNELS: &Sql = sql!(
    "SELECT channel_id FROM retention_policy_channels WHERE policy_id = $1 ORDER BY channel_id LIMIT $2 OFFSET $3"
);
const TEAMS_OF: &Sql = sql!(
    "SELECT t.team_id, p.post_duration FROM retention_policy_teams t JOIN retention_policies p ON p.id = t.policy_id \
     JOIN team_members m ON m.team_id = t.team_id WHERE m.user_id = $1 AND m.delete_at = 0 ORDER BY t.team_id \
     LIMIT $2 OFFSET $3"
);
const COUNT_TEAMS_OF: &Sql = sql!(
    "SELECT COUNT(*) FROM retention_policy_teams t JOIN team_members m ON m.team_id = t.team_id \
     WHERE m.user_id = $1 AND m.delete_at = 0"
);
const CHANNELS_OF: &Sql = sql!(
    "SELECT c.channel_id, p.post_duration FROM retention_policy_channels c \
     JOIN retention_policies p ON p.id = c.policy_id JOIN channel_members m ON m.channel_id = c.channel_id \
     WHERE m.user_id = $1 ORDER BY c.channel_id LIMIT $2 OFFSET $3"
);
const COUNT_CHANNELS_OF: &Sql = sql!(
    "SELECT COUNT(*) FROM retention_policy_channels c JOIN channel_members m ON m.channel_id = c.channel_id \
     WHERE m.user_id = $1"
);
const INSERT: &Sql =
    sql!("INSERT INTO retention_policies (id, display_name, post_duration, create_at) VALUES ($1, $2, $3, $4)");
const UPDATE: &Sql = sql!("UPDATE retention_policies SET display_name = $1, post_duration = $2 WHERE id = $3");
const DELETE: [&Sql; 3] = [
    sql!("DELETE FROM retention_policy_teams WHERE policy_id = $1"),
    sql!("DELETE FROM retention_policy_channels WHERE policy_id = $1"),
    sql!("DELETE FROM retention_policies WHERE id = $1"),
];
const OLD_FILES: &Sql =
    sql!("SELECT id, path FROM file_infos WHERE create_at < $1 AND post_id <> '' ORDER BY create_at LIMIT $2");

/// What is left of a message whose thread goes on.
pub const REMOVED: &str = "system_retention";

/// Whose messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of the channels that have this policy of their own.
    Channels(AnyId),
    /// Of the teams that have this policy, but for channels that have one of their own.
    Teams(AnyId),
    /// Of all others.
    Rest,
}

/// Which messages are old.
#[derive(Clone, Copy, Debug)]
pub struct Old {
    pub scope: Scope,
    /// Those from before this moment.
    pub before: Millis,
    /// But for those that are pinned.
    pub keep_pinned: bool,
}

/// Where a policy applies or not.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    Teams(&'a [TeamId]),
    Channels(&'a [ChannelId]),
}

impl Retention<'_> {
    /// How many policies there are.
    pub async fn count(&mut self) -> Result<i64> {
        self.db.count(COUNT, args![]).await
    }

    /// A page of policies, by name.
    pub async fn page(&mut self, limit: i64, offset: i64) -> Result<Vec<RetentionPolicy>> {
        self.db.all(PAGE, args![limit, offset], policy).await
    }

    /// A policy.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<RetentionPolicy>> {
        self.db.one(BY_ID, args![id], policy).await
    }

    /// The teams that have a policy.
    pub async fn teams(&mut self, id: AnyId, limit: i64, offset: i64) -> Result<Vec<TeamId>> {
        self.db.all(TEAMS, args![id, limit, offset], Row::take).await
    }

    /// The channels that have a policy of their own.
    pub async fn channels(&mut self, id: AnyId, limit: i64, offset: i64) -> Result<Vec<ChannelId>> {
        self.db.all(CHANNELS, args![id, limit, offset], Row::take).await
    }

    /// A page of somebody's teams that have a policy, and how many there are.
    pub async fn teams_of(&mut self, user: UserId, limit: i64, offset: i64) -> Result<(Vec<TeamRetention>, i64)> {
        let page = self.db.all(TEAMS_OF, args![user, limit, offset], |row| {
            Ok(TeamRetention { team_id: row.take()?, post_duration: row.take()? })
        });
        Ok((page.await?, self.db.count(COUNT_TEAMS_OF, args![user]).await?))
    }

    /// A page of somebody's channels that have a policy of their own, and how many there are.
    pub async fn channels_of(&mut self, user: UserId, limit: i64, offset: i64) -> Result<(Vec<ChannelRetention>, i64)> {
        let page = self.db.all(CHANNELS_OF, args![user, limit, offset], |row| {
            Ok(ChannelRetention { channel_id: row.take()?, post_duration: row.take()? })
        });
        Ok((page.await?, self.db.count(COUNT_CHANNELS_OF, args![user]).await?))
    }

    /// Messages that are old, deleted ones and earlier versions among them; but for those under which somebody answered
    /// that are not old.
    pub async fn old_posts(&mut self, old: &Old, limit: i64) -> Result<Vec<PostId>> {
        let mut query = self.old(old);
        query.push(" AND NOT (p.root_id = '' AND EXISTS (SELECT r.id FROM posts r WHERE r.root_id = p.id");
        query.push(" AND r.root_id <> '' AND r.delete_at = 0 AND r.create_at >= ").arg(old.before).push("))");
        query.page(limit, 0);
        let (text, args) = query.done();
        self.db.all(text, args, Row::take).await
    }

    /// Messages that are old and whose threads go on.
    pub async fn old_roots(&mut self, old: &Old, limit: i64) -> Result<Vec<PostId>> {
        let mut query = self.old(old);
        query.push(" AND p.root_id = '' AND p.original_id = '' AND p.delete_at = 0 AND p.reply_count > 0");
        query.push(" AND p.kind <> ").arg(REMOVED).page(limit, 0);
        let (text, args) = query.done();
        self.db.all(text, args, Row::take).await
    }

    fn old(&self, old: &Old) -> Query {
        let mut query = Query::new(self.db.dialect(), "SELECT p.id FROM posts p WHERE p.create_at < ");
        query.arg(old.before);
        match old.scope {
            Scope::Channels(policy) => query
                .push(" AND p.channel_id IN (SELECT x.channel_id FROM retention_policy_channels x WHERE x.policy_id = ")
                .arg(policy)
                .push(")"),
            Scope::Teams(policy) => query
                .push(" AND p.channel_id IN (SELECT c.id FROM channels c JOIN retention_policy_teams t")
                .push(" ON t.team_id = c.team_id WHERE t.policy_id = ")
                .arg(policy)
                .push(")")
                .push(WITHOUT_POLICY),
            Scope::Rest => query
                .push(WITHOUT_POLICY)
                .push(" AND NOT EXISTS (SELECT c.id FROM channels c JOIN retention_policy_teams t")
                .push(" ON t.team_id = c.team_id WHERE c.id = p.channel_id)"),
        };
        if old.keep_pinned {
            query.push(" AND p.is_pinned = FALSE");
        }
        query
    }

    /// Posted files that are old, with where their content lies.
    pub async fn old_files(&mut self, before: Millis, limit: i64) -> Result<Vec<(FileId, String)>> {
        self.db.all(OLD_FILES, args![before, limit], |row| Ok((row.take()?, row.take()?))).await
    }
}

const WITHOUT_POLICY: &str =
    " AND NOT EXISTS (SELECT x.channel_id FROM retention_policy_channels x WHERE x.channel_id = p.channel_id)";

impl RetentionMut<'_> {
    /// Adds a policy.
    pub async fn insert(&mut self, p: &RetentionPolicy, at: Millis) -> Result<()> {
        self.db.execute(INSERT, args![p.id, &p.display_name, p.post_duration, at]).await.map(drop)
    }

    /// Writes name and duration.
    pub async fn update(&mut self, p: &RetentionPolicy) -> Result<bool> {
        Ok(self.db.execute(UPDATE, args![&p.display_name, p.post_duration, p.id]).await? == 1)
    }

    /// Removes a policy.
    pub async fn delete(&mut self, id: AnyId) -> Result<()> {
        for statement in DELETE {
            self.db.execute(statement, args![id]).await?;
        }
        Ok(())
    }

    /// Gives teams or channels a policy, instead of the one they had.
    pub async fn add(&mut self, id: AnyId, to: Place<'_>) -> Result<()> {
        self.remove(None, to).await?;
        let rows: Vec<Args> = match to {
            Place::Teams(ids) => ids.iter().map(|team| args![*team, id]).collect(),
            Place::Channels(ids) => ids.iter().map(|channel| args![*channel, id]).collect(),
        };
        for chunk in rows.chunks(1024) {
            let mut query = Query::new(
                self.db.dialect(),
                match to {
                    Place::Teams(_) => "INSERT INTO retention_policy_teams (team_id, policy_id)",
                    Place::Channels(_) => "INSERT INTO retention_policy_channels (channel_id, policy_id)",
                },
            );
            query.rows(chunk.iter().cloned());
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Takes a policy, or whichever they have, from teams or channels.
    pub async fn remove(&mut self, id: Option<AnyId>, from: Place<'_>) -> Result<()> {
        let (begin, ids): (_, Vec<crate::db::Arg>) = match from {
            Place::Teams(ids) => {
                ("DELETE FROM retention_policy_teams WHERE team_id", ids.iter().map(|id| (*id).into()).collect())
            }
            Place::Channels(ids) => {
                ("DELETE FROM retention_policy_channels WHERE channel_id", ids.iter().map(|id| (*id).into()).collect())
            }
        };
        for chunk in ids.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), begin);
            query.within(chunk.iter().cloned());
            if let Some(id) = id {
                query.push(" AND policy_id = ").arg(id);
            }
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Removes posts for good, with all that hangs on them; the threads that go on count anew. Says where the content of
    /// their files lies. Channels go on counting what was written.
    pub async fn purge(&mut self, posts: &[PostId], at: Millis) -> Result<Vec<String>> {
        if posts.is_empty() {
            return Ok(Vec::new());
        }
        let gone: BTreeSet<PostId> = posts.iter().copied().collect();
        let mut query = self.about("SELECT DISTINCT root_id FROM posts WHERE root_id <> '' AND id", posts);
        query.push(" ORDER BY root_id");
        let (text, args) = query.done();
        let roots: Vec<PostId> = self.db.all(text, args, Row::take).await?;
        let paths = self.purge_files_of(posts).await?;
        for statement in [
            "DELETE FROM reactions WHERE post_id",
            "DELETE FROM acknowledgements WHERE post_id",
            "DELETE FROM thread_members WHERE post_id",
            "DELETE FROM thread_participants WHERE post_id",
            "DELETE FROM pending_posts WHERE post_id",
            "DELETE FROM post_actions WHERE post_id",
            "DELETE FROM mail_waiting WHERE post_id",
            "DELETE FROM preferences WHERE category = 'flagged_post' AND name",
            // The index forgets what is not there any more.
            "INSERT INTO search_pending (post_id) SELECT id FROM posts WHERE original_id = '' AND id",
            "DELETE FROM posts WHERE id",
        ] {
            let (text, args) = self.about(statement, posts).done();
            self.db.execute(text, args).await?;
        }
        let left: Vec<PostId> = roots.into_iter().filter(|root| !gone.contains(root)).collect();
        self.recount(&left, at).await?;
        Ok(paths)
    }

    /// Takes what posts say, and all that hangs on them, but leaves them as the beginnings of their threads.
    pub async fn blank(&mut self, posts: &[PostId], message: &str, at: Millis) -> Result<Vec<String>> {
        if posts.is_empty() {
            return Ok(Vec::new());
        }
        let paths = self.purge_files_of(posts).await?;
        for statement in [
            "DELETE FROM reactions WHERE post_id",
            "DELETE FROM acknowledgements WHERE post_id",
            "DELETE FROM post_actions WHERE post_id",
            "INSERT INTO search_pending (post_id) SELECT id FROM posts WHERE id",
        ] {
            let (text, args) = self.about(statement, posts).done();
            self.db.execute(text, args).await?;
        }
        let mut query = Query::new(self.db.dialect(), "UPDATE posts SET message = ");
        query.arg(message).push(", kind = ").arg(REMOVED).push(", update_at = ").arg(at);
        query.push(", props = '{}', hashtags = '', file_ids = '[]', has_reactions = FALSE, is_pinned = FALSE");
        query.push(", priority = '', ack_requested = FALSE, persistent = FALSE WHERE id").within(posts);
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        Ok(paths)
    }

    /// Removes files for good; their content is not removed by this.
    pub async fn purge_files(&mut self, files: &[FileId]) -> Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let mut query = Query::new(self.db.dialect(), "INSERT INTO file_search_pending (file_id)");
        query.rows(files.iter().map(|id| -> Args { args![*id] }));
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        let mut query = Query::new(self.db.dialect(), "DELETE FROM file_infos WHERE id");
        query.within(files);
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    async fn purge_files_of(&mut self, posts: &[PostId]) -> Result<Vec<String>> {
        let (text, args) = self.about("SELECT id, path FROM file_infos WHERE post_id <> '' AND post_id", posts).done();
        let files: Vec<(FileId, String)> = self.db.all(text, args, |row| Ok((row.take()?, row.take()?))).await?;
        let ids: Vec<FileId> = files.iter().map(|(id, _)| *id).collect();
        self.purge_files(&ids).await?;
        Ok(files.into_iter().map(|(_, path)| path).collect())
    }

    /// Counts the replies of threads anew, and who takes part.
    async fn recount(&mut self, roots: &[PostId], at: Millis) -> Result<()> {
        if roots.is_empty() {
            return Ok(());
        }
        let mut query = self.about(
            "SELECT root_id, COUNT(*), MAX(create_at) FROM posts WHERE root_id <> '' AND delete_at = 0 AND root_id",
            roots,
        );
        query.push(" GROUP BY root_id");
        let (text, args) = query.done();
        let counted: BTreeMap<PostId, (i64, Millis)> =
            self.db.all(text, args, |row| Ok((row.take()?, (row.take()?, row.take()?)))).await?.into_iter().collect();
        let mut query = Query::new(self.db.dialect(), "UPDATE posts SET update_at = ");
        query.arg(at).push(", reply_count = CASE id");
        for root in roots {
            query.push(" WHEN ").arg(*root).push(" THEN ").arg(counted.get(root).map_or(0, |(count, _)| *count));
        }
        query.push(" END, last_reply_at = CASE id");
        for root in roots {
            query.push(" WHEN ").arg(*root).push(" THEN ").arg(counted.get(root).map_or(0, |(_, last)| *last));
        }
        query.push(" END WHERE id").within(roots);
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        let mut query = self.about("DELETE FROM thread_participants WHERE post_id", roots);
        query.push(" AND NOT EXISTS (SELECT r.id FROM posts r WHERE r.root_id = thread_participants.post_id");
        query.push(" AND r.root_id <> '' AND r.user_id = thread_participants.user_id AND r.delete_at = 0)");
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    fn about(&self, begin: &'static str, posts: &[PostId]) -> Query {
        let mut query = Query::new(self.db.dialect(), begin);
        query.within(posts);
        query
    }
}

fn policy(row: &mut Row) -> Result<RetentionPolicy> {
    Ok(RetentionPolicy {
        id: row.take()?,
        display_name: row.take()?,
        post_duration: row.take()?,
        team_count: row.take()?,
        channel_count: row.take()?,
    })
}
