//! Counts for administrators. Each reads much: callers keep what they learn for a while.

use crate::{
    Analytics, Result, args,
    db::{Dialect, Query, Row, Sql},
    sql,
};
use model::{Millis, TeamId};

/// Mattermost: deleted posts count as well, and so do those of the system.
const POSTS: &Sql = sql!("SELECT COUNT(*) FROM posts WHERE original_id = ''");
const POSTS_OF_TEAM: &Sql = sql!(
    "SELECT COUNT(*) FROM posts p JOIN channels c ON c.id = p.channel_id WHERE p.original_id = '' AND c.team_id = $1"
);
const BYTES: &Sql = sql! {
    all: "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM file_infos WHERE delete_at = 0",
    mysql: "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM file_infos WHERE delete_at = 0",
};
const CHANNELS: &Sql = sql!("SELECT COUNT(*) FROM channels WHERE kind = $1 AND delete_at = 0");
const CHANNELS_OF_TEAM: &Sql = sql!("SELECT COUNT(*) FROM channels WHERE kind = $1 AND delete_at = 0 AND team_id = $2");
const TEAMS: &Sql = sql!("SELECT COUNT(*) FROM teams WHERE delete_at = 0");
const PEOPLE: &Sql = sql!("SELECT COUNT(*) FROM users WHERE delete_at = 0 AND is_bot = FALSE");
const PEOPLE_OF_TEAM: &Sql = sql!(
    "SELECT COUNT(*) FROM team_members m JOIN users u ON u.id = m.user_id \
     WHERE m.team_id = $1 AND m.delete_at = 0 AND u.delete_at = 0 AND u.is_bot = FALSE"
);
const DEACTIVATED: &Sql = sql!("SELECT COUNT(*) FROM users WHERE delete_at > 0 AND is_bot = FALSE");
const ACTIVE_SINCE: &Sql = sql!(
    "SELECT COUNT(*) FROM statuses s JOIN users u ON u.id = s.user_id \
     WHERE s.last_activity_at >= $1 AND u.delete_at = 0 AND u.is_bot = FALSE"
);

/// A row that names another that should be there.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    pub name: &'static str,
    pub child: &'static str,
    pub parent: &'static str,
    /// The child's column with the parent's id.
    pub attribute: &'static str,
    query: &'static Sql,
}

macro_rules! relation {
    ($child:literal, $id:literal, $attribute:literal, $parent:literal $(, $unless:literal)?) => {
        Relation {
            name: concat!($child, ".", $attribute),
            child: $child,
            parent: $parent,
            attribute: $attribute,
            query: {
                const FIND: &Sql = sql!(concat!(
                    "SELECT c.", $id, ", c.", $attribute, " FROM ", $child, " c LEFT JOIN ", $parent, " p ON p.id = c.",
                    $attribute, " WHERE p.id IS NULL AND c.", $attribute, " <> ''", $(" AND c.", $unless,)? " LIMIT 100"
                ));
                FIND
            },
        }
    };
}

/// What is looked at when the database's integrity is checked.
const RELATIONS: &[Relation] = &[
    relation!("channels", "id", "team_id", "teams"),
    relation!("team_members", "user_id", "team_id", "teams"),
    relation!("team_members", "team_id", "user_id", "users"),
    relation!("channel_members", "user_id", "channel_id", "channels"),
    relation!("channel_members", "channel_id", "user_id", "users"),
    relation!("posts", "id", "channel_id", "channels"),
    relation!("posts", "id", "root_id", "posts", "delete_at = 0"),
    relation!("reactions", "user_id", "post_id", "posts"),
    relation!("thread_members", "user_id", "post_id", "posts"),
    relation!("sessions", "id", "user_id", "users"),
];

/// What is counted day by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Daily {
    Posts,
    PostsOfBots,
    PeopleWhoPosted,
}

impl Analytics<'_> {
    /// Posts, of everybody or of a team's channels.
    pub async fn posts(&mut self, team: Option<TeamId>) -> Result<i64> {
        match team {
            None => self.db.count(POSTS, args![]).await,
            Some(team) => self.db.count(POSTS_OF_TEAM, args![team]).await,
        }
    }

    /// How large all files are together, in bytes.
    pub async fn bytes(&mut self) -> Result<i64> {
        self.db.count(BYTES, args![]).await
    }

    /// Channels of a type that are not archived: `O` or `P`.
    pub async fn channels(&mut self, kind: &str, team: Option<TeamId>) -> Result<i64> {
        match team {
            None => self.db.count(CHANNELS, args![kind]).await,
            Some(team) => self.db.count(CHANNELS_OF_TEAM, args![kind, team]).await,
        }
    }

    /// Teams that are not archived.
    pub async fn teams(&mut self) -> Result<i64> {
        self.db.count(TEAMS, args![]).await
    }

    /// People with an active account, without bots.
    pub async fn people(&mut self, team: Option<TeamId>) -> Result<i64> {
        match team {
            None => self.db.count(PEOPLE, args![]).await,
            Some(team) => self.db.count(PEOPLE_OF_TEAM, args![team]).await,
        }
    }

    /// People whose account is deactivated.
    pub async fn deactivated(&mut self) -> Result<i64> {
        self.db.count(DEACTIVATED, args![]).await
    }

    /// People who did something since a moment.
    pub async fn active_since(&mut self, since: Millis) -> Result<i64> {
        self.db.count(ACTIVE_SINCE, args![since]).await
    }

    /// The rows of each relation that belong to something that is gone, as ids of child and parent; 100 of each at most.
    pub async fn orphans(&mut self) -> Result<Vec<(Relation, Vec<(String, String)>)>> {
        let mut found = Vec::new();
        for relation in RELATIONS {
            let rows = self.db.all(relation.query, args![], |row: &mut Row| Ok((row.take()?, row.take()?))).await?;
            found.push((*relation, rows));
        }
        Ok(found)
    }

    /// Counts by day (days since 1970, UTC), latest first; days without any are left out.
    pub async fn daily(&mut self, what: Daily, team: Option<TeamId>, since: Millis) -> Result<Vec<(i64, i64)>> {
        let dialect = self.db.dialect();
        let day = if dialect == Dialect::MySql { "p.create_at DIV 86400000" } else { "p.create_at / 86400000" };
        let mut query = Query::new(dialect, "SELECT ");
        query.push(day);
        query.push(if what == Daily::PeopleWhoPosted { ", COUNT(DISTINCT p.user_id)" } else { ", COUNT(*)" });
        query.push(" FROM posts p");
        if team.is_some() {
            query.push(" JOIN channels c ON c.id = p.channel_id");
        }
        if what == Daily::PostsOfBots {
            query.push(" JOIN users u ON u.id = p.user_id AND u.is_bot = TRUE");
        }
        query.push(" WHERE p.original_id = '' AND p.create_at >= ").arg(since);
        if let Some(team) = team {
            query.push(" AND c.team_id = ").arg(team);
        }
        query.push(" GROUP BY ").push(day).push(" ORDER BY 1 DESC");
        let (text, args) = query.done();
        self.db.all(text, args, |row: &mut Row| Ok((row.take()?, row.take()?))).await
    }
}
