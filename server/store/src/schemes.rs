//! Schemes. The roles they give are read beside the memberships they apply to.

use crate::{
    Result, Schemes, SchemesMut, args,
    db::{Row, Sql},
    sql,
};
use model::{AnyId, ChannelId, Millis, TeamId, schemes::Scheme};

macro_rules! columns {
    () => {
        "SELECT id, name, display_name, description, create_at, update_at, delete_at, scope, team_admin, team_user, \
         team_guest, channel_admin, channel_user, channel_guest FROM schemes "
    };
}

const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE id = $1 AND delete_at = 0"));
const PAGE: &Sql = sql!(concat!(columns!(), "WHERE delete_at = 0 ORDER BY create_at DESC, id LIMIT $1 OFFSET $2"));
const PAGE_OF_SCOPE: &Sql =
    sql!(concat!(columns!(), "WHERE delete_at = 0 AND scope = $1 ORDER BY create_at DESC, id LIMIT $2 OFFSET $3"));
const INSERT: &Sql = sql!(
    "INSERT INTO schemes (id, name, display_name, description, create_at, update_at, delete_at, scope, team_admin, \
     team_user, team_guest, channel_admin, channel_user, channel_guest) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
);
const UPDATE: &Sql = sql!(
    "UPDATE schemes SET name = $1, display_name = $2, description = $3, update_at = $4, delete_at = $5 WHERE id = $6"
);
const TEAMS: &Sql =
    sql!("SELECT id FROM teams WHERE scheme_id = $1 AND delete_at = 0 ORDER BY display_name, id LIMIT $2 OFFSET $3");
const CHANNELS: &Sql =
    sql!("SELECT id FROM channels WHERE scheme_id = $1 AND delete_at = 0 ORDER BY display_name, id LIMIT $2 OFFSET $3");
const SET_TEAM: &Sql = sql!("UPDATE teams SET scheme_id = $1, update_at = $2 WHERE id = $3");
const SET_CHANNEL: &Sql = sql!("UPDATE channels SET scheme_id = $1, update_at = $2 WHERE id = $3");
/// A scheme that is gone applies nowhere.
const FORGET: [&Sql; 2] = [
    sql!("UPDATE teams SET scheme_id = NULL WHERE scheme_id = $1"),
    sql!("UPDATE channels SET scheme_id = NULL WHERE scheme_id = $1"),
];

impl Schemes<'_> {
    /// A scheme that has not been deleted.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<Scheme>> {
        self.db.one(BY_ID, args![id], scheme).await
    }

    /// Schemes, newest first; with a scope those of it.
    pub async fn page(&mut self, scope: Option<&str>, limit: i64, offset: i64) -> Result<Vec<Scheme>> {
        match scope {
            None => self.db.all(PAGE, args![limit, offset], scheme).await,
            Some(scope) => self.db.all(PAGE_OF_SCOPE, args![scope, limit, offset], scheme).await,
        }
    }

    /// The teams that have a scheme.
    pub async fn teams(&mut self, id: AnyId, limit: i64, offset: i64) -> Result<Vec<TeamId>> {
        self.db.all(TEAMS, args![id, limit, offset], Row::take).await
    }

    /// The channels that have a scheme.
    pub async fn channels(&mut self, id: AnyId, limit: i64, offset: i64) -> Result<Vec<ChannelId>> {
        self.db.all(CHANNELS, args![id, limit, offset], Row::take).await
    }
}

impl SchemesMut<'_> {
    /// Adds a scheme.
    pub async fn insert(&mut self, s: &Scheme) -> Result<()> {
        let args = args![
            s.id,
            &s.name,
            &s.display_name,
            &s.description,
            s.create_at,
            s.update_at,
            s.delete_at,
            &s.scope,
            &s.default_team_admin_role,
            &s.default_team_user_role,
            &s.default_team_guest_role,
            &s.default_channel_admin_role,
            &s.default_channel_user_role,
            &s.default_channel_guest_role,
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes a scheme's names and dates.
    pub async fn update(&mut self, s: &Scheme) -> Result<bool> {
        let args = args![&s.name, &s.display_name, &s.description, s.update_at, s.delete_at, s.id];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Gives a team a scheme, or none.
    pub async fn set_of_team(&mut self, team: TeamId, scheme: Option<AnyId>, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_TEAM, args![scheme.map(|s| s.to_string()), at, team]).await? == 1)
    }

    /// Gives a channel a scheme, or none.
    pub async fn set_of_channel(&mut self, channel: ChannelId, scheme: Option<AnyId>, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_CHANNEL, args![scheme.map(|s| s.to_string()), at, channel]).await? == 1)
    }

    /// Takes a scheme from all teams and channels that have it.
    pub async fn forget(&mut self, id: AnyId) -> Result<()> {
        for statement in FORGET {
            self.db.execute(statement, args![id]).await?;
        }
        Ok(())
    }
}

fn scheme(row: &mut Row) -> Result<Scheme> {
    Ok(Scheme {
        id: row.take()?,
        name: row.take()?,
        display_name: row.take()?,
        description: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        scope: row.take()?,
        default_team_admin_role: row.take()?,
        default_team_user_role: row.take()?,
        default_team_guest_role: row.take()?,
        default_channel_admin_role: row.take()?,
        default_channel_user_role: row.take()?,
        default_channel_guest_role: row.take()?,
    })
}
