//! Secrets in mails: password reset, address verification, invitation. Each works once.

use crate::{
    Result, Tokens, TokensMut, args,
    db::{Query, Row, Sql},
    sql,
};
use model::Millis;

const BY_TOKEN: &Sql = sql!("SELECT token, create_at, kind, extra FROM tokens WHERE token = $1");
const OF_KIND: &Sql = sql!("SELECT token, create_at, kind, extra FROM tokens WHERE kind = $1 ORDER BY create_at");
const INSERT: &Sql = sql!("INSERT INTO tokens (token, create_at, kind, extra) VALUES ($1, $2, $3, $4)");
const DELETE_KIND: &Sql = sql!("DELETE FROM tokens WHERE kind = $1");
const DELETE: &Sql = sql!("DELETE FROM tokens WHERE token = $1");
const PURGE: &Sql = sql!("DELETE FROM tokens WHERE create_at < $1");

/// A secret and what it is good for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// The secret.
    pub token: String,
    /// When it was made.
    pub create_at: Millis,
    /// What for, such as `password_recovery`.
    pub kind: String,
    /// Whatever belongs to it, as JSON.
    pub extra: String,
}

impl Tokens<'_> {
    /// A token that has not been used. Its age is for the caller to judge.
    pub async fn by_token(&mut self, text: &str) -> Result<Option<Token>> {
        self.db.one(BY_TOKEN, args![text], token).await
    }

    /// All of a kind, oldest first.
    pub async fn of_kind(&mut self, kind: &str) -> Result<Vec<Token>> {
        self.db.all(OF_KIND, args![kind], token).await
    }
}

impl TokensMut<'_> {
    /// Adds a token.
    pub async fn insert(&mut self, t: &Token) -> Result<()> {
        self.db.execute(INSERT, args![&t.token, t.create_at, &t.kind, &t.extra]).await.map(drop)
    }

    /// Adds several tokens.
    pub async fn insert_all(&mut self, tokens: &[Token]) -> Result<()> {
        if tokens.is_empty() {
            return Ok(());
        }
        let mut query = Query::new(self.db.dialect(), "INSERT INTO tokens (token, create_at, kind, extra) VALUES ");
        for (i, t) in tokens.iter().enumerate() {
            query.push(if i == 0 { "(" } else { ", (" }).arg(t.token.as_str()).push(", ").arg(t.create_at).push(", ");
            query.arg(t.kind.as_str()).push(", ").arg(t.extra.as_str()).push(")");
        }
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    /// Removes all of a kind.
    pub async fn delete_kind(&mut self, kind: &str) -> Result<u64> {
        self.db.execute(DELETE_KIND, args![kind]).await
    }

    /// Uses a token up; false when someone else was quicker.
    pub async fn delete(&mut self, text: &str) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![text]).await? == 1)
    }

    /// Removes what was made before a moment.
    pub async fn purge(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE, args![before]).await
    }
}

fn token(row: &mut Row) -> Result<Token> {
    Ok(Token { token: row.take()?, create_at: row.take()?, kind: row.take()?, extra: row.take()? })
}
