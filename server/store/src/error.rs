//! What can go wrong in here: something is taken, the database can't be reached, or it failed.

use sqlx::{error::DatabaseError as _, sqlite::SqliteError};
use std::{error::Error as StdError, sync::Arc};

/// The result of everything in the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;
type Cause = Arc<dyn StdError + Send + Sync>;

/// Why a statement or a change has no result.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Something unique exists already. Holds the name of the unique index, such as `users_email`; where the clash is
    /// in a primary key, the name differs from database to database.
    #[error("{0} is taken")]
    Conflict(String),
    /// What a change needs is not there.
    #[error("not found")]
    NotFound,
    /// The database can't be reached, has no connection free, or cannot write: disk full, file locked. Worth trying again in a while.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The database refused a statement, or holds what it should not: a mistake of ours or a damage.
    #[error("the database failed")]
    Database(#[source] Cause),
    /// The address of the database makes no sense.
    #[error("{0}")]
    Config(String),
    /// The work given to `Store::write` panicked; nothing of it was kept.
    #[error("the work panicked")]
    Panicked,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}

impl Error {
    /// Whether this is a clash in the unique index of that name.
    pub fn is_conflict(&self, index: &str) -> bool {
        matches!(self, Self::Conflict(name) if name == index)
    }

    /// Whether a SQLite file was in someone else's hands.
    pub(crate) fn is_locked(&self) -> bool {
        let Self::Unavailable(cause) = self else { return false };
        let Some(sqlx::Error::Database(cause)) = cause.downcast_ref() else { return false };
        cause.try_downcast_ref::<SqliteError>().is_some_and(|e| matches!(primary_code(e), 5 | 6))
    }

    /// Anything that should not have happened.
    pub(crate) fn broken(cause: impl StdError + Send + Sync + 'static) -> Self {
        Self::Database(Arc::new(cause))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as Sqlx;
        match &error {
            Sqlx::Database(cause) if cause.is_unique_violation() => {
                Self::Conflict(index_name(cause.constraint(), cause.message()))
            }
            // A connection that breaks while it is being made is told as a protocol gone wrong.
            Sqlx::Io(_) | Sqlx::Tls(_) | Sqlx::Protocol(_) | Sqlx::PoolTimedOut | Sqlx::WorkerCrashed => {
                Self::Unavailable(Arc::new(error))
            }
            Sqlx::PoolClosed => Self::Closed,
            Sqlx::Database(cause) if cause.try_downcast_ref::<SqliteError>().is_some_and(is_hindered) => {
                Self::Unavailable(Arc::new(error))
            }
            Sqlx::Configuration(cause) => Self::Config(cause.to_string()),
            _ => Self::broken(error),
        }
    }
}

/// The low byte of SQLite's code, which names the kind of error.
fn primary_code(error: &SqliteError) -> u32 {
    error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default() & 255
}

/// Whether SQLite can't get at its file for now: busy, locked, a failing disk, a full one.
fn is_hindered(error: &SqliteError) -> bool {
    matches!(primary_code(error), 5 | 6 | 10 | 13)
}

/// The name of the unique index that refused a row.
///
/// PostgreSQL says it. MySQL has it in the text: `… for key 'users.users_email'`. SQLite names the columns,
/// `… failed: users.email`, of which the index's name is made by our convention.
fn index_name(constraint: Option<&str>, message: &str) -> String {
    if let Some(name) = constraint {
        return name.to_owned();
    }
    if let Some((_, name)) = message.rsplit_once("for key '") {
        let name = name.trim_end_matches('\'');
        return name.rsplit('.').next().unwrap_or(name).to_owned();
    }
    let Some((_, columns)) = message.rsplit_once(": ") else { return message.to_owned() };
    let mut name = String::new();
    for column in columns.split(", ") {
        let (table, column) = column.split_once('.').unwrap_or(("", column));
        if name.is_empty() {
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    name
}

/// Whether the same transaction may succeed when it is run again: a deadlock, a conflict of versions.
pub(crate) fn is_passing(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(cause) = error else { return false };
    if let Some(mysql) = cause.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        // Deadlock, lock wait timeout, record changed since last read.
        return matches!(mysql.number(), 1213 | 1205 | 1020);
    }
    // Serialization failure, deadlock.
    cause.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some_and(|pg| matches!(pg.code(), "40001" | "40P01"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_has_the_same_name_on_every_database() {
        assert_eq!(index_name(Some("users_email"), ""), "users_email");
        assert_eq!(index_name(None, "UNIQUE constraint failed: users.email"), "users_email");
        assert_eq!(
            index_name(None, "UNIQUE constraint failed: channels.team_id, channels.name"),
            "channels_team_id_name"
        );
        assert_eq!(index_name(None, "Duplicate entry 'a' for key 'users_email'"), "users_email");
        assert_eq!(index_name(None, "Duplicate entry 'a' for key 'users.users_email'"), "users_email");
    }
}
