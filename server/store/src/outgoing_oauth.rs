//! How this server signs in to the programs of integrations. There are few of these, so all are read to find one.

use crate::{
    OutgoingOAuth, OutgoingOAuthMut, Result, args,
    db::{Json, Row, Sql},
    sql,
};
use model::{AnyId, outgoing_oauth::OutgoingOAuthConnection};

macro_rules! select {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, creator_id, create_at, update_at, name, client_id, client_secret, credentials_username, \
             credentials_password, oauth_token_url, grant_type, audiences FROM outgoing_oauth_connections ",
            $rest
        ))
    };
}

const BY_ID: &Sql = select!("WHERE id = $1");
const AFTER: &Sql = select!("WHERE id > $1 ORDER BY id LIMIT $2");
const INSERT: &Sql = sql!(
    "INSERT INTO outgoing_oauth_connections (id, creator_id, create_at, update_at, name, client_id, client_secret, \
     credentials_username, credentials_password, oauth_token_url, grant_type, audiences) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
const UPDATE: &Sql = sql!(
    "UPDATE outgoing_oauth_connections SET update_at = $1, name = $2, client_id = $3, client_secret = $4, \
     credentials_username = $5, credentials_password = $6, oauth_token_url = $7, grant_type = $8, audiences = $9 \
     WHERE id = $10"
);
const DELETE: &Sql = sql!("DELETE FROM outgoing_oauth_connections WHERE id = $1");

impl OutgoingOAuth<'_> {
    /// A connection with its secrets.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<OutgoingOAuthConnection>> {
        self.db.one(BY_ID, args![id], connection).await
    }

    /// Connections with their secrets by id, after one.
    pub async fn after(&mut self, id: AnyId, limit: i64) -> Result<Vec<OutgoingOAuthConnection>> {
        self.db.all(AFTER, args![id, limit], connection).await
    }
}

impl OutgoingOAuthMut<'_> {
    /// Adds a connection.
    pub async fn insert(&mut self, c: &OutgoingOAuthConnection) -> Result<()> {
        let args = args![
            c.id,
            c.creator_id,
            c.create_at,
            c.update_at,
            &c.name,
            &c.client_id,
            &c.client_secret,
            &c.credentials_username,
            &c.credentials_password,
            &c.oauth_token_url,
            &c.grant_type,
            Json(&c.audiences),
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes everything but by whom and when it was made; false if it is gone.
    pub async fn update(&mut self, c: &OutgoingOAuthConnection) -> Result<bool> {
        let args = args![
            c.update_at,
            &c.name,
            &c.client_id,
            &c.client_secret,
            &c.credentials_username,
            &c.credentials_password,
            &c.oauth_token_url,
            &c.grant_type,
            Json(&c.audiences),
            c.id,
        ];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Deletes a connection; false if it is gone.
    pub async fn delete(&mut self, id: AnyId) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![id]).await? == 1)
    }
}

fn connection(row: &mut Row) -> Result<OutgoingOAuthConnection> {
    Ok(OutgoingOAuthConnection {
        id: row.take()?,
        creator_id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        name: row.take()?,
        client_id: row.take()?,
        client_secret: row.take()?,
        credentials_username: row.take()?,
        credentials_password: row.take()?,
        oauth_token_url: row.take()?,
        grant_type: row.take()?,
        audiences: row.take::<Json<_>>()?.0,
    })
}
