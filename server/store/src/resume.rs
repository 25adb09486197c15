//! What connected clients may have missed, kept over a restart: saved when a server stops, taken when it starts.

use crate::{
    Result, Resume, ResumeMut, args,
    db::{Query, Row, Sql},
    sql,
};
use model::{ConnectionId, Millis, SessionId, UserId};

const EVENTS: &Sql = sql!("SELECT place, noted_at, body FROM resume_log ORDER BY place");
const CONNECTIONS: &Sql =
    sql!("SELECT connection_id, user_id, session_id, state, noted_at FROM resume_connections ORDER BY connection_id");
const DELETE_EVENTS: &Sql = sql!("DELETE FROM resume_log");
const DELETE_CONNECTIONS: &Sql = sql!("DELETE FROM resume_connections");
/// Rows in one statement; five values each stay far from every database's limit.
const ROWS: usize = 500;

/// An event of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// Its place in the log; unique.
    pub place: i64,
    /// When it happened.
    pub at: Millis,
    /// The event, encoded.
    pub body: String,
}

/// A connection that may come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connected {
    pub connection_id: ConnectionId,
    pub user_id: UserId,
    pub session_id: SessionId,
    /// Where it is in the log and what else it needs, encoded.
    pub state: String,
    /// When it was last heard of.
    pub at: Millis,
}

impl Resume<'_> {
    /// What has been saved, events in the order of their places.
    pub async fn saved(&mut self) -> Result<(Vec<Logged>, Vec<Connected>)> {
        Ok((self.db.all(EVENTS, args![], logged).await?, self.db.all(CONNECTIONS, args![], connected).await?))
    }
}

impl ResumeMut<'_> {
    /// Saves everything, in place of what was saved before.
    pub async fn save_all(&mut self, events: &[Logged], connections: &[Connected]) -> Result<()> {
        self.clear().await?;
        for chunk in events.chunks(ROWS) {
            let mut query = Query::new(self.db.dialect(), "INSERT INTO resume_log (place, noted_at, body)");
            query.rows(chunk.iter().map(|e| args![e.place, e.at, &e.body]));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        for chunk in connections.chunks(ROWS) {
            let mut query = Query::new(
                self.db.dialect(),
                "INSERT INTO resume_connections (connection_id, user_id, session_id, state, noted_at)",
            );
            query.rows(chunk.iter().map(|c| args![c.connection_id, c.user_id, c.session_id, &c.state, c.at]));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Reads what has been saved and forgets it.
    pub async fn take_all(&mut self) -> Result<(Vec<Logged>, Vec<Connected>)> {
        let saved = self.saved().await?;
        self.clear().await?;
        Ok(saved)
    }

    async fn clear(&mut self) -> Result<()> {
        self.db.execute(DELETE_EVENTS, args![]).await?;
        self.db.execute(DELETE_CONNECTIONS, args![]).await?;
        Ok(())
    }
}

fn logged(row: &mut Row) -> Result<Logged> {
    Ok(Logged { place: row.take()?, at: row.take()?, body: row.take()? })
}

fn connected(row: &mut Row) -> Result<Connected> {
    Ok(Connected {
        connection_id: row.take()?,
        user_id: row.take()?,
        session_id: row.take()?,
        state: row.take()?,
        at: row.take()?,
    })
}
