//! Second factors: secrets that wait to be confirmed, codes that were used, and codes for when the device is lost.
//! The secret in force is with the user's [`Credentials`](crate::users::Credentials).

use crate::{
    Result, SecondFactors, SecondFactorsMut, args,
    db::{Query, Row, Sql},
    sql,
};
use model::{Millis, UserId};

const BY_USER: &Sql = sql!("SELECT pending, pending_at, last_step FROM second_factors WHERE user_id = $1");
const COUNT_CODES: &Sql = sql!("SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1");
const SET_PENDING: &Sql = sql! {
    all: "INSERT INTO second_factors (user_id, pending, pending_at, last_step) VALUES ($1, $2, $3, 0) \
          ON CONFLICT (user_id) DO UPDATE SET pending = excluded.pending, pending_at = excluded.pending_at",
    mysql: "INSERT INTO second_factors (user_id, pending, pending_at, last_step) VALUES ($1, $2, $3, 0) \
            ON DUPLICATE KEY UPDATE pending = VALUES(pending), pending_at = VALUES(pending_at)",
};
const USE_STEP: &Sql = sql!("UPDATE second_factors SET last_step = $1 WHERE user_id = $2 AND last_step < $3");
const DELETE: &Sql = sql!("DELETE FROM second_factors WHERE user_id = $1");
const DELETE_CODE: &Sql = sql!("DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2");
const DELETE_CODES: &Sql = sql!("DELETE FROM recovery_codes WHERE user_id = $1");

/// What waits to be confirmed, and what was used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The secret that was shown; empty for none.
    pub pending: String,
    pub pending_at: Millis,
    pub last_step: i64,
}

impl SecondFactors<'_> {
    /// What is kept of a user's.
    pub async fn of_user(&mut self, user: UserId) -> Result<Option<Kept>> {
        self.db.one(BY_USER, args![user], kept).await
    }

    /// How many recovery codes are left.
    pub async fn count_codes(&mut self, user: UserId) -> Result<i64> {
        self.db.count(COUNT_CODES, args![user]).await
    }
}

impl SecondFactorsMut<'_> {
    /// Keeps a secret until it is confirmed; an empty one forgets it.
    pub async fn set_pending(&mut self, user: UserId, secret: &str, at: Millis) -> Result<()> {
        self.db.execute(SET_PENDING, args![user, secret, at]).await.map(drop)
    }

    /// Uses up the codes until this period; false if it is used up already.
    pub async fn use_step(&mut self, user: UserId, step: i64) -> Result<bool> {
        Ok(self.db.execute(USE_STEP, args![step, user, step]).await? == 1)
    }

    /// Puts these recovery codes in the place of all others.
    pub async fn replace_codes(&mut self, user: UserId, hashes: &[String]) -> Result<()> {
        self.db.execute(DELETE_CODES, args![user]).await?;
        if hashes.is_empty() {
            return Ok(());
        }
        let mut query = Query::new(self.db.dialect(), "INSERT INTO recovery_codes (user_id, hash) VALUES ");
        for (i, hash) in hashes.iter().enumerate() {
            query.push(if i == 0 { "(" } else { ", (" }).arg(user).push(", ").arg(hash.as_str()).push(")");
        }
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    /// Uses up a recovery code; false if it is none.
    pub async fn use_code(&mut self, user: UserId, hash: &str) -> Result<bool> {
        Ok(self.db.execute(DELETE_CODE, args![user, hash]).await? == 1)
    }

    /// Forgets everything of a user's.
    pub async fn delete(&mut self, user: UserId) -> Result<()> {
        self.db.execute(DELETE_CODES, args![user]).await?;
        self.db.execute(DELETE, args![user]).await.map(drop)
    }
}

fn kept(row: &mut Row) -> Result<Kept> {
    Ok(Kept { pending: row.take()?, pending_at: row.take()?, last_step: row.take()? })
}
