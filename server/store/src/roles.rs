//! Roles: named sets of permissions.

use crate::{
    Result, Roles, RolesMut, args,
    db::{Query, Row, Sql},
    sql,
};
use model::{RoleId, roles::Role};

macro_rules! columns {
    () => {
        "SELECT id, name, display_name, description, create_at, update_at, delete_at, permissions, scheme_managed, \
         built_in FROM roles "
    };
}

const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE id = $1"));
const BY_NAME: &Sql = sql!(concat!(columns!(), "WHERE name = $1"));
const ALL: &Sql = sql!(concat!(columns!(), "ORDER BY name"));
const UPSERT: &Sql = sql! {
    all: "INSERT INTO roles (id, name, display_name, description, create_at, update_at, delete_at, permissions, \
          scheme_managed, built_in) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
          ON CONFLICT (name) DO UPDATE SET display_name = excluded.display_name, \
          description = excluded.description, update_at = excluded.update_at, delete_at = excluded.delete_at, \
          permissions = excluded.permissions, scheme_managed = excluded.scheme_managed, built_in = excluded.built_in",
    mysql: "INSERT INTO roles (id, name, display_name, description, create_at, update_at, delete_at, permissions, \
            scheme_managed, built_in) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
            ON DUPLICATE KEY UPDATE display_name = VALUES(display_name), description = VALUES(description), \
            update_at = VALUES(update_at), delete_at = VALUES(delete_at), permissions = VALUES(permissions), \
            scheme_managed = VALUES(scheme_managed), built_in = VALUES(built_in)",
};

impl Roles<'_> {
    /// A role by id.
    pub async fn by_id(&mut self, id: RoleId) -> Result<Option<Role>> {
        self.db.one(BY_ID, args![id], role).await
    }

    /// A role by name.
    pub async fn by_name(&mut self, name: &str) -> Result<Option<Role>> {
        self.db.one(BY_NAME, args![name], role).await
    }

    /// Those of the names that exist, by name.
    pub async fn by_names(&mut self, names: &[String]) -> Result<Vec<Role>> {
        let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE name"));
        query.within(names).push(" ORDER BY name");
        let (text, args) = query.done();
        self.db.all(text, args, role).await
    }

    /// Every role, by name.
    pub async fn all(&mut self) -> Result<Vec<Role>> {
        self.db.all(ALL, args![], role).await
    }
}

impl RolesMut<'_> {
    /// Writes a role; one of the same name keeps its id and time of creation.
    pub async fn save(&mut self, r: &Role) -> Result<()> {
        let args = args![
            r.id,
            &r.name,
            &r.display_name,
            &r.description,
            r.create_at,
            r.update_at,
            r.delete_at,
            r.permissions.join(" "),
            r.scheme_managed,
            r.built_in,
        ];
        self.db.execute(UPSERT, args).await.map(drop)
    }
}

fn role(row: &mut Row) -> Result<Role> {
    Ok(Role {
        id: row.take()?,
        name: row.take()?,
        display_name: row.take()?,
        description: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        permissions: row.take::<String>()?.split_whitespace().map(str::to_owned).collect(),
        scheme_managed: row.take()?,
        built_in: row.take()?,
    })
}
