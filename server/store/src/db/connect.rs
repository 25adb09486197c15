//! Pools of connections, set up for each database.

use super::Leases;
use crate::{Error, Result};
use sqlx::{
    ConnectOptions, Connection, Executor as _, MySqlPool, PgPool,
    mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlRow},
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous},
};
use std::{fmt, str::FromStr, time::Duration};
use tracing::log::LevelFilter;

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    MySql,
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
        })
    }
}

/// What a commit on SQLite waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// Until the disk has it: what was acknowledged survives a power cut.
    #[default]
    Full,
    /// Until the operating system has it: a power cut may lose the last moments, but breaks nothing.
    Normal,
    /// For nothing. Only for tests and imports.
    Off,
}

/// Which database to open and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:path`, `sqlite::memory:`, `postgres://…` or `mysql://…`.
    pub url: String,
    /// Connections for reading at most. Writing on SQLite has one of its own; on the others it shares these.
    pub max_connections: u32,
    /// Page cache of the writing connection in KiB (SQLite).
    pub cache_kib: u32,
    /// What a commit waits for (SQLite).
    pub synchronous: Synchronous,
    /// How long to wait for a free connection before the store says it is unavailable.
    pub acquire_timeout: Duration,
}

impl Options {
    /// The usual options for a database.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let max_connections = if url.starts_with("sqlite") { 4 } else { 16 };
        Self {
            url,
            max_connections,
            cache_kib: 64 * 1024,
            synchronous: Synchronous::Full,
            acquire_timeout: Duration::from_secs(3),
        }
    }

    /// The usual options for a SQLite file, made if it does not exist.
    pub fn sqlite(path: impl AsRef<std::path::Path>) -> Self {
        Self::new(format!("sqlite:{}", path.as_ref().display()))
    }

    /// A SQLite database in memory, gone with the store.
    pub fn memory() -> Self {
        Self { cache_kib: 2 * 1024, ..Self::new("sqlite::memory:") }
    }
}

/// The pools of one database.
pub enum Db {
    /// SQLite has one connection that writes and several that read.
    Sqlite {
        /// Readers; in memory the one connection there is.
        read: Leases,
        /// The writer's own connection; in memory the same pool.
        write: Leases,
        /// Whether both are the one connection of a database in memory.
        memory: bool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
    /// MySQL or MariaDB.
    MySql(MySqlPool),
}

/// A row as its driver has it.
#[doc(hidden)]
pub enum Raw {
    Sqlite(SqliteRow),
    Postgres(PgRow),
    MySql(MySqlRow),
}

/// Statements kept prepared on each connection; there are some hundreds in all.
const PREPARED: usize = 512;
const SLOW: Duration = Duration::from_secs(1);

impl Db {
    /// Opens the pools and makes sure that the database answers.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] for an address that is none, [`Error::Unavailable`] when the database can't be reached.
    pub async fn open(options: &Options) -> Result<Self> {
        match options.url.split(':').next() {
            Some("sqlite") => sqlite(options).await,
            Some("postgres" | "postgresql") => postgres(options).await,
            Some("mysql" | "mariadb") => mysql(options).await,
            _ => Err(Error::Config("the address has to begin with sqlite:, postgres:// or mysql://".into())),
        }
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
        }
    }

    /// Closes every connection, after the work under way on it.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
            Self::MySql(pool) => pool.close().await,
        }
    }
}

async fn sqlite(options: &Options) -> Result<Db> {
    let memory = options.url.contains(":memory:");
    let base = SqliteConnectOptions::from_str(&options.url)?
        .create_if_missing(true)
        .foreign_keys(false)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(PREPARED)
        .row_buffer_size(512)
        .pragma("temp_store", "memory")
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, SLOW);
    let cache = format!("-{}", options.cache_kib);
    if memory {
        let only = Leases::new(base.pragma("cache_size", cache), 1, options.acquire_timeout);
        return Ok(Db::Sqlite { read: only.clone(), write: only, memory });
    }
    let synchronous = match options.synchronous {
        Synchronous::Full => SqliteSynchronous::Full,
        Synchronous::Normal => SqliteSynchronous::Normal,
        Synchronous::Off => SqliteSynchronous::Off,
    };
    let base = base.synchronous(synchronous);
    // 4,000 pages are 16 MB: a checkpoint comes rarely, and reading through the log stays quick.
    let writer = base
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("cache_size", cache)
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", "67108864");
    let write = Leases::new(writer, 1, options.acquire_timeout);
    // Connected first: it makes the file and switches it to WAL, which a reader may not.
    first(&write).await?;
    let reader = base.pragma("query_only", "on").pragma("mmap_size", "268435456");
    let read = Leases::new(reader, options.max_connections.max(1), options.acquire_timeout);
    Ok(Db::Sqlite { read, write, memory })
}

/// Makes the first connection. Of several nodes that make a new file at once, all but one may find it locked while it
/// is switched to WAL: SQLite does not wait then, so this does.
async fn first(write: &Leases) -> Result<()> {
    for _ in 0..100 {
        match write.acquire().await {
            Err(error) if error.is_locked() => tokio::time::sleep(Duration::from_millis(20)).await,
            other => return other.map(drop),
        }
    }
    write.acquire().await.map(drop)
}

async fn postgres(options: &Options) -> Result<Db> {
    let to = PgConnectOptions::from_str(&options.url)?
        .application_name("confab")
        .statement_cache_capacity(PREPARED)
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, SLOW);
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| Box::pin(alive(connection, meta.idle_for)))
        .connect_with(to)
        .await?;
    Ok(Db::Postgres(pool))
}

async fn mysql(options: &Options) -> Result<Db> {
    let url = options.url.replacen("mariadb:", "mysql:", 1);
    let to = MySqlConnectOptions::from_str(&url)?
        .statement_cache_capacity(PREPARED)
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, SLOW);
    let pool = MySqlPoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| Box::pin(alive(connection, meta.idle_for)))
        .after_connect(|connection, _| {
            Box::pin(async move {
                // As PostgreSQL has it: no locks on gaps, which would make writers of one channel deadlock.
                connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
                Ok(())
            })
        })
        .connect_with(to)
        .await?;
    Ok(Db::MySql(pool))
}

/// Asks a connection whether it lives if it has not been used for a while: the other end may have been restarted.
async fn alive<C: Connection>(connection: &mut C, idle: Duration) -> Result<bool, sqlx::Error> {
    if idle > Duration::from_secs(5) {
        connection.ping().await?;
    }
    Ok(true)
}
