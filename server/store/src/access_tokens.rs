//! Tokens by which programs act as somebody. Only their hashes are stored.

use crate::{
    AccessTokens, AccessTokensMut, Result, args,
    db::{Row, Sql},
    sql,
};
use model::{AnyId, Millis, UserId, access_tokens::AccessToken};

macro_rules! columns {
    () => {
        "SELECT t.id, t.user_id, t.description, t.is_active FROM access_tokens t "
    };
}

const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE t.id = $1"));
const BY_HASH: &Sql = sql!(concat!(columns!(), "WHERE t.hash = $1 AND t.is_active = TRUE"));
const OF_USER: &Sql = sql!(concat!(columns!(), "WHERE t.user_id = $1 ORDER BY t.create_at, t.id LIMIT $2 OFFSET $3"));
const PAGE: &Sql = sql!(concat!(columns!(), "ORDER BY t.create_at, t.id LIMIT $1 OFFSET $2"));
const SEARCH: &Sql = sql!(concat!(
    columns!(),
    "JOIN users u ON u.id = t.user_id WHERE t.id LIKE $1 ESCAPE '!' OR u.username LIKE $2 ESCAPE '!' \
     ORDER BY t.create_at, t.id LIMIT $3"
));
const INSERT: &Sql = sql!(
    "INSERT INTO access_tokens (id, hash, user_id, create_at, description, is_active) VALUES ($1, $2, $3, $4, $5, TRUE)"
);
const SET_ACTIVE: &Sql = sql!("UPDATE access_tokens SET is_active = $1 WHERE id = $2");
const DELETE: &Sql = sql!("DELETE FROM access_tokens WHERE id = $1");

impl AccessTokens<'_> {
    /// A token by id.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<AccessToken>> {
        self.db.one(BY_ID, args![id], token).await
    }

    /// The token of a secret's hash, if it is active.
    pub async fn by_hash(&mut self, hash: &str) -> Result<Option<AccessToken>> {
        self.db.one(BY_HASH, args![hash], token).await
    }

    /// Somebody's tokens, oldest first.
    pub async fn of_user(&mut self, user: UserId, limit: i64, offset: i64) -> Result<Vec<AccessToken>> {
        self.db.all(OF_USER, args![user, limit, offset], token).await
    }

    /// All tokens, oldest first.
    pub async fn page(&mut self, limit: i64, offset: i64) -> Result<Vec<AccessToken>> {
        self.db.all(PAGE, args![limit, offset], token).await
    }

    /// Tokens whose id, or whose owner's name, begins with a text.
    pub async fn search(&mut self, term: &str, limit: i64) -> Result<Vec<AccessToken>> {
        let pattern = format!("{}%", term.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_"));
        self.db.all(SEARCH, args![&pattern, &pattern, limit], token).await
    }
}

impl AccessTokensMut<'_> {
    /// Adds a token.
    pub async fn insert(&mut self, t: &AccessToken, hash: &str, at: Millis) -> Result<()> {
        self.db.execute(INSERT, args![t.id, hash, t.user_id, at, &t.description]).await.map(drop)
    }

    /// Makes a token valid or void.
    pub async fn set_active(&mut self, id: AnyId, active: bool) -> Result<bool> {
        Ok(self.db.execute(SET_ACTIVE, args![active, id]).await? == 1)
    }

    /// Removes a token.
    pub async fn delete(&mut self, id: AnyId) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![id]).await? == 1)
    }
}

fn token(row: &mut Row) -> Result<AccessToken> {
    Ok(AccessToken {
        id: row.take()?,
        user_id: row.take()?,
        description: row.take()?,
        is_active: row.take()?,
        ..AccessToken::default()
    })
}
