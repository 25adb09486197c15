//! Groups that people make to mention several at once.

use crate::{
    Groups, GroupsMut, Result, args,
    db::{Query, Row, Sql, like_anywhere},
    sql,
};
use model::{
    AnyId, ChannelId, Millis, UserId,
    groups::{CUSTOM, CountByGroup, Group},
};

macro_rules! columns {
    () => {
        "SELECT g.id, g.name, g.display_name, g.description, g.create_at, g.update_at, g.delete_at, \
         (SELECT COUNT(*) FROM group_members n JOIN users u ON u.id = n.user_id \
         WHERE n.group_id = g.id AND n.delete_at = 0 AND u.delete_at = 0) FROM user_groups g "
    };
}

const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE g.id = $1"));
const OF_USER: &Sql = sql!(concat!(
    columns!(),
    "JOIN group_members m ON m.group_id = g.id WHERE m.user_id = $1 AND m.delete_at = 0 AND g.delete_at = 0 \
     ORDER BY g.display_name, g.id"
));
const INSERT: &Sql = sql!(
    "INSERT INTO user_groups (id, name, display_name, description, create_at, update_at, delete_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)"
);
const UPDATE: &Sql = sql!(
    "UPDATE user_groups SET name = $1, display_name = $2, description = $3, update_at = $4, delete_at = $5 WHERE id = $6"
);
const MEMBERS: &Sql = sql!(
    "SELECT m.user_id FROM group_members m JOIN users u ON u.id = m.user_id \
     WHERE m.group_id = $1 AND m.delete_at = 0 AND u.delete_at = 0 ORDER BY u.username LIMIT $2 OFFSET $3"
);
const NAMES_IN: &Sql = sql!(
    "SELECT g.name, m.user_id FROM channel_members c JOIN group_members m ON m.user_id = c.user_id \
     JOIN user_groups g ON g.id = m.group_id WHERE c.channel_id = $1 AND m.delete_at = 0 AND g.delete_at = 0"
);
const COUNTS_IN: &Sql = sql!(
    "SELECT m.group_id, COUNT(*), COUNT(DISTINCT u.timezone) FROM channel_members c \
     JOIN group_members m ON m.user_id = c.user_id JOIN user_groups g ON g.id = m.group_id \
     JOIN users u ON u.id = c.user_id \
     WHERE c.channel_id = $1 AND m.delete_at = 0 AND g.delete_at = 0 AND u.delete_at = 0 \
     GROUP BY m.group_id ORDER BY m.group_id"
);

/// Which groups.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// In the name or title.
    pub term: String,
    /// Changed after this moment, deleted ones included.
    pub since: Option<Millis>,
    pub with_deleted: bool,
    pub only_deleted: bool,
    pub of: Option<UserId>,
}

impl Groups<'_> {
    /// A group, deleted or not.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<Group>> {
        self.db.one(BY_ID, args![id], group).await
    }

    /// Groups by their names, without deleted ones.
    pub async fn by_names(&mut self, names: &[String]) -> Result<Vec<Group>> {
        let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE g.delete_at = 0 AND g.name"));
        query.within(names.iter().map(String::as_str)).push(" ORDER BY g.name");
        let (text, args) = query.done();
        self.db.all(text, args, group).await
    }

    /// A page of groups, by title.
    pub async fn page(&mut self, which: &Which, limit: i64, offset: i64) -> Result<Vec<Group>> {
        let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE g.update_at > "));
        query.arg(which.since.unwrap_or(-1));
        if which.only_deleted {
            query.push(" AND g.delete_at > 0");
        } else if !which.with_deleted && which.since.is_none() {
            query.push(" AND g.delete_at = 0");
        }
        if !which.term.is_empty() {
            let term = like_anywhere(&which.term.to_lowercase());
            query.push(" AND (g.name LIKE ").arg(term.clone()).push(" ESCAPE '!' OR LOWER(g.display_name) LIKE ");
            query.arg(term).push(" ESCAPE '!')");
        }
        if let Some(user) = which.of {
            query.push(
                " AND EXISTS (SELECT m.user_id FROM group_members m WHERE m.group_id = g.id AND m.delete_at = 0 ",
            );
            query.push("AND m.user_id = ").arg(user).push(")");
        }
        query.push(" ORDER BY g.display_name, g.id").page(limit, offset);
        let (text, args) = query.done();
        self.db.all(text, args, group).await
    }

    /// The groups somebody is in, by title.
    pub async fn of_user(&mut self, user: UserId) -> Result<Vec<Group>> {
        self.db.all(OF_USER, args![user], group).await
    }

    /// A page of a group's people, by their user names.
    pub async fn members(&mut self, id: AnyId, limit: i64, offset: i64) -> Result<Vec<UserId>> {
        self.db.all(MEMBERS, args![id, limit, offset], Row::take).await
    }

    /// The names of groups with those of them who are in a channel.
    pub async fn names_in(&mut self, channel: ChannelId) -> Result<Vec<(String, UserId)>> {
        self.db.all(NAMES_IN, args![channel], |row| Ok((row.take()?, row.take()?))).await
    }

    /// How many of each group are in a channel.
    pub async fn counts_in(&mut self, channel: ChannelId) -> Result<Vec<CountByGroup>> {
        let count = |row: &mut Row| {
            Ok(CountByGroup {
                group_id: row.take()?,
                channel_member_count: row.take()?,
                channel_member_timezones_count: row.take()?,
            })
        };
        self.db.all(COUNTS_IN, args![channel], count).await
    }
}

impl GroupsMut<'_> {
    /// Adds a group.
    pub async fn insert(&mut self, g: &Group) -> Result<()> {
        let args = args![g.id, &g.name, &g.display_name, &g.description, g.create_at, g.update_at, g.delete_at];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes what can change of a group.
    pub async fn update(&mut self, g: &Group) -> Result<bool> {
        let args = args![&g.name, &g.display_name, &g.description, g.update_at, g.delete_at, g.id];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Adds people; who left comes back.
    pub async fn add(&mut self, id: AnyId, users: &[UserId], at: Millis) -> Result<()> {
        for chunk in users.chunks(500) {
            let mut query =
                Query::new(self.db.dialect(), "INSERT INTO group_members (group_id, user_id, create_at, delete_at)");
            query.rows(chunk.iter().map(|user| args![id, *user, at, 0_i64]));
            query.push(match self.db.dialect() {
                crate::Dialect::MySql => " ON DUPLICATE KEY UPDATE delete_at = 0",
                _ => " ON CONFLICT (group_id, user_id) DO UPDATE SET delete_at = 0",
            });
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Removes people; says how many.
    pub async fn remove(&mut self, id: AnyId, users: &[UserId], at: Millis) -> Result<u64> {
        let mut gone = 0;
        for chunk in users.chunks(500) {
            let mut query = Query::new(self.db.dialect(), "UPDATE group_members SET delete_at = ");
            query.arg(at).push(" WHERE delete_at = 0 AND group_id = ").arg(id).push(" AND user_id").within(chunk);
            let (text, args) = query.done();
            gone += self.db.execute(text, args).await?;
        }
        Ok(gone)
    }
}

fn group(row: &mut Row) -> Result<Group> {
    Ok(Group {
        id: row.take()?,
        name: row.take()?,
        display_name: row.take()?,
        description: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        member_count: row.take()?,
        source: CUSTOM.into(),
        allow_reference: true,
        ..Group::default()
    })
}
