//! What people prefer: small texts by category and name.

use crate::{
    Preferences, PreferencesMut, Result, args,
    db::{Dialect, Query, Row, Sql},
    sql,
};
use model::{UserId, preferences::Preference};

const ALL: &Sql =
    sql!("SELECT user_id, category, name, value FROM preferences WHERE user_id = $1 ORDER BY category, name");
const BY_CATEGORY: &Sql =
    sql!("SELECT user_id, category, name, value FROM preferences WHERE user_id = $1 AND category = $2 ORDER BY name");
const BY_NAME: &Sql =
    sql!("SELECT user_id, category, name, value FROM preferences WHERE user_id = $1 AND category = $2 AND name = $3");
const SET: &Sql = sql! {
    all: "INSERT INTO preferences (user_id, category, name, value) VALUES ($1, $2, $3, $4) \
          ON CONFLICT (user_id, category, name) DO UPDATE SET value = excluded.value",
    mysql: "INSERT INTO preferences (user_id, category, name, value) VALUES ($1, $2, $3, $4) \
            ON DUPLICATE KEY UPDATE value = VALUES(value)",
};
const DELETE: &Sql = sql!("DELETE FROM preferences WHERE user_id = $1 AND category = $2 AND name = $3");
const DELETE_CATEGORY: &Sql = sql!("DELETE FROM preferences WHERE user_id = $1 AND category = $2");
const DELETE_NAME: &Sql = sql!("DELETE FROM preferences WHERE category = $1 AND name = $2");

/// Rows in one statement, at most.
const ROWS: usize = 1000;

impl Preferences<'_> {
    /// Everything a user prefers.
    pub async fn all(&mut self, user: UserId) -> Result<Vec<Preference>> {
        self.db.all(ALL, args![user], preference).await
    }

    /// A category of what a user prefers.
    pub async fn by_category(&mut self, user: UserId, category: &str) -> Result<Vec<Preference>> {
        self.db.all(BY_CATEGORY, args![user, category], preference).await
    }

    /// One preference.
    pub async fn by_name(&mut self, user: UserId, category: &str, name: &str) -> Result<Option<Preference>> {
        self.db.one(BY_NAME, args![user, category, name], preference).await
    }

    /// Everything that several users prefer.
    pub async fn of_all(&mut self, users: &[UserId]) -> Result<Vec<Preference>> {
        let mut query =
            Query::new(self.db.dialect(), "SELECT user_id, category, name, value FROM preferences WHERE user_id");
        query.within(users).push(" ORDER BY user_id, category, name");
        let (text, args) = query.done();
        self.db.all(text, args, preference).await
    }

    /// Who has set a preference about each of several things, such as the flag on posts.
    pub async fn about(&mut self, category: &str, names: &[String]) -> Result<Vec<Preference>> {
        let mut found = Vec::new();
        for chunk in names.chunks(1024) {
            let mut query = Query::new(
                self.db.dialect(),
                "SELECT user_id, category, name, value FROM preferences WHERE category = ",
            );
            query.arg(category).push(" AND name").within(chunk.iter().map(String::as_str));
            query.push(" ORDER BY name, user_id");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, preference).await?);
        }
        Ok(found)
    }

    /// One preference of several users.
    pub async fn of_users(&mut self, users: &[UserId], category: &str, name: &str) -> Result<Vec<Preference>> {
        let mut query =
            Query::new(self.db.dialect(), "SELECT user_id, category, name, value FROM preferences WHERE category = ");
        query.arg(category).push(" AND name = ").arg(name).push(" AND user_id").within(users);
        let (text, args) = query.done();
        self.db.all(text, args, preference).await
    }
}

impl PreferencesMut<'_> {
    /// Sets many in one statement, none of them twice.
    pub async fn set_all(&mut self, preferences: &[Preference]) -> Result<()> {
        let end = match self.db.dialect() {
            Dialect::MySql => " ON DUPLICATE KEY UPDATE value = VALUES(value)",
            Dialect::Sqlite | Dialect::Postgres => {
                " ON CONFLICT (user_id, category, name) DO UPDATE SET value = excluded.value"
            }
        };
        for chunk in preferences.chunks(ROWS) {
            let mut query = Query::new(self.db.dialect(), "INSERT INTO preferences (user_id, category, name, value)");
            query.rows(chunk.iter().map(|p| args![p.user_id, &p.category, &p.name, &p.value])).push(end);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Sets some, whether or not they were set.
    pub async fn set(&mut self, preferences: &[Preference]) -> Result<()> {
        for p in preferences {
            self.db.execute(SET, args![p.user_id, &p.category, &p.name, &p.value]).await?;
        }
        Ok(())
    }

    /// Forgets some; their values do not matter.
    pub async fn delete(&mut self, preferences: &[Preference]) -> Result<()> {
        for p in preferences {
            self.db.execute(DELETE, args![p.user_id, &p.category, &p.name]).await?;
        }
        Ok(())
    }

    /// Forgets a user's category.
    pub async fn delete_category(&mut self, user: UserId, category: &str) -> Result<u64> {
        self.db.execute(DELETE_CATEGORY, args![user, category]).await
    }

    /// Forgets what everybody preferred about one thing, such as the flag on a post that is gone.
    pub async fn delete_everywhere(&mut self, category: &str, name: &str) -> Result<u64> {
        self.db.execute(DELETE_NAME, args![category, name]).await
    }
}

fn preference(row: &mut Row) -> Result<Preference> {
    Ok(Preference { user_id: row.take()?, category: row.take()?, name: row.take()?, value: row.take()? })
}
