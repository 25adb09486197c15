//! Terms that people have to accept, and who has.

use crate::{
    Result, TermsOfService, TermsOfServiceMut, args,
    db::{Row, Sql},
    sql,
};
use model::{
    AnyId, UserId,
    terms_of_service::{Acceptance, Terms},
};

const LATEST: &Sql =
    sql!("SELECT id, create_at, user_id, body FROM terms_of_service ORDER BY create_at DESC, id LIMIT 1");
const BY_ID: &Sql = sql!("SELECT id, create_at, user_id, body FROM terms_of_service WHERE id = $1");
const INSERT: &Sql = sql!("INSERT INTO terms_of_service (id, create_at, user_id, body) VALUES ($1, $2, $3, $4)");
const ACCEPTED: &Sql = sql!("SELECT user_id, terms_id, create_at FROM accepted_terms WHERE user_id = $1");
const ACCEPT: &Sql = sql! {
    all: "INSERT INTO accepted_terms (user_id, terms_id, create_at) VALUES ($1, $2, $3) \
          ON CONFLICT (user_id) DO UPDATE SET terms_id = excluded.terms_id, create_at = excluded.create_at",
    mysql: "INSERT INTO accepted_terms (user_id, terms_id, create_at) VALUES ($1, $2, $3) \
            ON DUPLICATE KEY UPDATE terms_id = VALUES(terms_id), create_at = VALUES(create_at)",
};
const DECLINE: &Sql = sql!("DELETE FROM accepted_terms WHERE user_id = $1 AND terms_id = $2");

impl TermsOfService<'_> {
    /// The terms in force.
    pub async fn latest(&mut self) -> Result<Option<Terms>> {
        self.db.one(LATEST, args![], terms).await
    }

    /// Terms by id, in force or not.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<Terms>> {
        self.db.one(BY_ID, args![id], terms).await
    }

    /// What a user has accepted last.
    pub async fn accepted(&mut self, user: UserId) -> Result<Option<Acceptance>> {
        self.db.one(ACCEPTED, args![user], acceptance).await
    }
}

impl TermsOfServiceMut<'_> {
    /// Puts terms in force.
    pub async fn insert(&mut self, t: &Terms) -> Result<()> {
        self.db.execute(INSERT, args![t.id, t.create_at, t.user_id, &t.text]).await.map(drop)
    }

    /// Notes that a user accepts terms.
    pub async fn accept(&mut self, a: &Acceptance) -> Result<()> {
        self.db.execute(ACCEPT, args![a.user_id, a.terms_of_service_id, a.create_at]).await.map(drop)
    }

    /// Notes that a user accepts terms no more.
    pub async fn decline(&mut self, user: UserId, id: AnyId) -> Result<()> {
        self.db.execute(DECLINE, args![user, id]).await.map(drop)
    }
}

fn terms(row: &mut Row) -> Result<Terms> {
    Ok(Terms { id: row.take()?, create_at: row.take()?, user_id: row.take()?, text: row.take()? })
}

fn acceptance(row: &mut Row) -> Result<Acceptance> {
    Ok(Acceptance { user_id: row.take()?, terms_of_service_id: row.take()?, create_at: row.take()? })
}
