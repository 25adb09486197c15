//! Slash commands that programs answer, and the addresses to which they answer later.

use crate::{
    Commands, CommandsMut, Result, args,
    db::{Row, Sql},
    sql,
};
use model::{
    AnyId, Millis, TeamId,
    commands::{Command, LaterAnswer},
};

macro_rules! columns {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, token, create_at, update_at, delete_at, creator_id, team_id, trigger_word, method, username, \
             icon_url, auto_complete, auto_complete_desc, auto_complete_hint, display_name, description, url \
             FROM commands WHERE delete_at = 0 ",
            $rest
        ))
    };
}

const BY_ID: &Sql = columns!("AND id = $1");
const OF_TEAM: &Sql = columns!("AND team_id = $1 ORDER BY trigger_word, create_at, id");
const INSERT: &Sql = sql!(
    "INSERT INTO commands (id, token, create_at, update_at, delete_at, creator_id, team_id, trigger_word, method, \
     username, icon_url, auto_complete, auto_complete_desc, auto_complete_hint, display_name, description, url) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
);
const UPDATE: &Sql = sql!(
    "UPDATE commands SET token = $1, update_at = $2, delete_at = $3, team_id = $4, trigger_word = $5, method = $6, \
     username = $7, icon_url = $8, auto_complete = $9, auto_complete_desc = $10, auto_complete_hint = $11, \
     display_name = $12, description = $13, url = $14 WHERE id = $15"
);
const ANSWER: &Sql =
    sql!("SELECT id, create_at, command_id, user_id, channel_id, root_id, uses FROM command_answers WHERE id = $1");
const INSERT_ANSWER: &Sql = sql!(
    "INSERT INTO command_answers (id, create_at, command_id, user_id, channel_id, root_id, uses) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)"
);
const USE_ANSWER: &Sql =
    sql!("UPDATE command_answers SET uses = uses + 1 WHERE id = $1 AND create_at > $2 AND uses < $3");
const PURGE_ANSWERS: &Sql = sql!("DELETE FROM command_answers WHERE create_at < $1");

impl Commands<'_> {
    /// A command.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<Command>> {
        self.db.one(BY_ID, args![id], command).await
    }

    /// A team's commands, by their triggers.
    pub async fn of_team(&mut self, team: TeamId) -> Result<Vec<Command>> {
        self.db.all(OF_TEAM, args![team], command).await
    }

    /// Where an answer goes that comes later.
    pub async fn answer(&mut self, id: AnyId) -> Result<Option<LaterAnswer>> {
        self.db.one(ANSWER, args![id], answer).await
    }
}

impl CommandsMut<'_> {
    /// Adds a command.
    pub async fn insert(&mut self, c: &Command) -> Result<()> {
        let args = args![
            c.id,
            &c.token,
            c.create_at,
            c.update_at,
            c.delete_at,
            c.creator_id,
            c.team_id,
            &c.trigger,
            &c.method,
            &c.username,
            &c.icon_url,
            c.auto_complete,
            &c.auto_complete_desc,
            &c.auto_complete_hint,
            &c.display_name,
            &c.description,
            &c.url,
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes what can change of a command.
    pub async fn update(&mut self, c: &Command) -> Result<bool> {
        let args = args![
            &c.token,
            c.update_at,
            c.delete_at,
            c.team_id,
            &c.trigger,
            &c.method,
            &c.username,
            &c.icon_url,
            c.auto_complete,
            &c.auto_complete_desc,
            &c.auto_complete_hint,
            &c.display_name,
            &c.description,
            &c.url,
            c.id,
        ];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Adds an address to which a program can answer later.
    pub async fn insert_answer(&mut self, a: &LaterAnswer) -> Result<()> {
        let args = args![a.id, a.create_at, a.command_id, a.user_id, a.channel_id, a.root_id, a.uses];
        self.db.execute(INSERT_ANSWER, args).await.map(drop)
    }

    /// Counts an answer; false when the address was made before a moment, or has been used so often.
    pub async fn use_answer(&mut self, id: AnyId, made_after: Millis, most: i64) -> Result<bool> {
        Ok(self.db.execute(USE_ANSWER, args![id, made_after, most]).await? == 1)
    }

    /// Forgets addresses that were made before a moment.
    pub async fn purge_answers(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE_ANSWERS, args![before]).await
    }
}

fn command(row: &mut Row) -> Result<Command> {
    Ok(Command {
        id: row.take()?,
        token: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        creator_id: row.take()?,
        team_id: row.take()?,
        trigger: row.take()?,
        method: row.take()?,
        username: row.take()?,
        icon_url: row.take()?,
        auto_complete: row.take()?,
        auto_complete_desc: row.take()?,
        auto_complete_hint: row.take()?,
        display_name: row.take()?,
        description: row.take()?,
        url: row.take()?,
        plugin_id: String::new(),
    })
}

fn answer(row: &mut Row) -> Result<LaterAnswer> {
    Ok(LaterAnswer {
        id: row.take()?,
        create_at: row.take()?,
        command_id: row.take()?,
        user_id: row.take()?,
        channel_id: row.take()?,
        root_id: row.take()?,
        uses: row.take()?,
    })
}
