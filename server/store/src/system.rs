//! Small values of the server itself, by name.

use crate::{
    Result, System, SystemMut, args,
    db::{Row, Sql},
    sql,
};

const GET: &Sql = sql!("SELECT value FROM system_values WHERE name = $1");
const ALL: &Sql = sql!("SELECT name, value FROM system_values ORDER BY name");
const SET: &Sql = sql! {
    all: "INSERT INTO system_values (name, value) VALUES ($1, $2) \
          ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    mysql: "INSERT INTO system_values (name, value) VALUES ($1, $2) ON DUPLICATE KEY UPDATE value = VALUES(value)",
};
const ADD: &Sql = sql! {
    all: "INSERT INTO system_values (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
    mysql: "INSERT IGNORE INTO system_values (name, value) VALUES ($1, $2)",
};
const DELETE: &Sql = sql!("DELETE FROM system_values WHERE name = $1");

impl System<'_> {
    /// A value.
    pub async fn get(&mut self, name: &str) -> Result<Option<String>> {
        self.db.one(GET, args![name], Row::take).await
    }

    /// Every value, by name.
    pub async fn all(&mut self) -> Result<Vec<(String, String)>> {
        self.db.all(ALL, args![], |row| Ok((row.take()?, row.take()?))).await
    }
}

impl SystemMut<'_> {
    /// Sets a value.
    pub async fn set(&mut self, name: &str, value: &str) -> Result<()> {
        self.db.execute(SET, args![name, value]).await.map(drop)
    }

    /// Sets a value unless there is one; of several nodes that start at once only one is told `true`.
    pub async fn add(&mut self, name: &str, value: &str) -> Result<bool> {
        Ok(self.db.execute(ADD, args![name, value]).await? == 1)
    }

    /// Forgets a value.
    pub async fn delete(&mut self, name: &str) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![name]).await? == 1)
    }
}
