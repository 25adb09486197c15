//! Accounts of programs. What a bot has beside its account is who looks after it.

use crate::{
    Bots, BotsMut, Result, args,
    db::{Row, Sql},
    sql,
};
use model::{Millis, UserId, bots::Bot};

macro_rules! columns {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT b.user_id, u.username, u.first_name, u.bot_description, b.owner_id, b.create_at, b.update_at, \
             u.delete_at FROM bots b JOIN users u ON u.id = b.user_id ",
            $rest
        ))
    };
}

const BY_ID: &Sql = columns!("WHERE b.user_id = $1");
const PAGE: &Sql = columns!("WHERE u.delete_at = 0 OR $1 = 1 ORDER BY b.create_at, b.user_id LIMIT $2 OFFSET $3");
const PAGE_OF: &Sql = columns!(
    "WHERE b.owner_id = $1 AND (u.delete_at = 0 OR $2 = 1) ORDER BY b.create_at, b.user_id LIMIT $3 OFFSET $4"
);
const ORPHANED: &Sql = columns!(
    "JOIN users o ON o.id = b.owner_id AND o.delete_at <> 0 WHERE u.delete_at = 0 OR $1 = 1 \
     ORDER BY b.create_at, b.user_id LIMIT $2 OFFSET $3"
);
const INSERT: &Sql = sql!("INSERT INTO bots (user_id, owner_id, create_at, update_at) VALUES ($1, $2, $3, $4)");
const UPDATE: &Sql = sql!("UPDATE bots SET owner_id = $1, update_at = $2 WHERE user_id = $3");
const DELETE: &Sql = sql!("DELETE FROM bots WHERE user_id = $1");
const DESCRIBE: &Sql = sql!("UPDATE users SET is_bot = $1, bot_description = $2 WHERE id = $3");
const ACTIVE_OF: &Sql =
    sql!("SELECT b.user_id FROM bots b JOIN users u ON u.id = b.user_id WHERE b.owner_id = $1 AND u.delete_at = 0");

/// Which bots a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    Of(UserId),
    /// Whose owner is deactivated.
    Orphaned,
}

impl Bots<'_> {
    /// A bot, disabled or not.
    pub async fn by_id(&mut self, id: UserId) -> Result<Option<Bot>> {
        self.db.one(BY_ID, args![id], bot).await
    }

    /// A page of bots, oldest first; on demand with those that are disabled.
    pub async fn page(&mut self, which: Which, disabled: bool, limit: i64, offset: i64) -> Result<Vec<Bot>> {
        let all = i64::from(disabled);
        match which {
            Which::All => self.db.all(PAGE, args![all, limit, offset], bot).await,
            Which::Of(owner) => self.db.all(PAGE_OF, args![owner, all, limit, offset], bot).await,
            Which::Orphaned => self.db.all(ORPHANED, args![all, limit, offset], bot).await,
        }
    }

    /// The bots of an owner that are enabled.
    pub async fn active_of(&mut self, owner: UserId) -> Result<Vec<UserId>> {
        self.db.all(ACTIVE_OF, args![owner], Row::take).await
    }
}

impl BotsMut<'_> {
    /// Makes a bot of an account.
    pub async fn insert(&mut self, id: UserId, owner: UserId, description: &str, at: Millis) -> Result<()> {
        self.db.execute(INSERT, args![id, owner, at, at]).await?;
        self.describe(id, true, description).await
    }

    /// Gives a bot an owner.
    pub async fn update(&mut self, id: UserId, owner: UserId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(UPDATE, args![owner, at, id]).await? == 1)
    }

    /// Says in the account whether it is a bot's, and what it does.
    pub async fn describe(&mut self, id: UserId, is_bot: bool, description: &str) -> Result<()> {
        self.db.execute(DESCRIBE, args![is_bot, description, id]).await.map(drop)
    }

    /// Makes an account one of a person again.
    pub async fn delete(&mut self, id: UserId) -> Result<bool> {
        let there = self.db.execute(DELETE, args![id]).await? == 1;
        self.describe(id, false, "").await?;
        Ok(there)
    }
}

fn bot(row: &mut Row) -> Result<Bot> {
    Ok(Bot {
        user_id: row.take()?,
        username: row.take()?,
        display_name: row.take()?,
        description: row.take()?,
        owner_id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
    })
}
