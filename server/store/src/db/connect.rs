//! Pools of connections, set up for each database.

use super::{
    Leases,
    breaker::{Breaker, Watched},
};
use crate::{Error, Result};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor as _, MySqlConnection, MySqlPool, PgConnection, PgPool,
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
    Postgres(Watched<PgPool>),
    /// MySQL or MariaDB.
    MySql(Watched<MySqlPool>),
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
/// A statement that runs longer is ended by the database server; migrations are not.
const STATEMENT: Duration = Duration::from_secs(30);
/// How long a statement waits for what another transaction holds.
const LOCK: Duration = Duration::from_secs(5);
/// How long SQLite waits for a file that another process has locked: less than callers wait for an answer.
pub(super) const BUSY: Duration = Duration::from_millis(900);

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

    /// Whether the database can be reached, as far as is known. SQLite always can.
    pub fn is_reachable(&self) -> bool {
        match self {
            Self::Sqlite { .. } => true,
            Self::Postgres(pool) => !pool.breaker().is_open(),
            Self::MySql(pool) => !pool.breaker().is_open(),
        }
    }

    /// Waits until the database stops answering; asks it when that takes a while. For ever on SQLite.
    pub(crate) async fn away(&self) {
        match self {
            Self::Sqlite { .. } => std::future::pending().await,
            Self::Postgres(pool) => pool.breaker().patient().await,
            Self::MySql(pool) => pool.breaker().patient().await,
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
        .busy_timeout(BUSY)
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
    // The file is read, not mapped: each reader's map would count as memory of its own, and was no quicker.
    let reader = base.pragma("query_only", "on");
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
    let breaker = Breaker::new();
    let watch = breaker.clone();
    let limits = format!("SET statement_timeout = {}; SET lock_timeout = {}", STATEMENT.as_millis(), LOCK.as_millis());
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(move |connection, meta| Box::pin(alive(connection, watch.is_older(meta.age), meta.idle_for)))
        .after_connect(move |connection, _| {
            // Numbers of ours only.
            let limits = sqlx::raw_sql(AssertSqlSafe(limits.clone()));
            Box::pin(async move { limits.execute(connection).await.map(drop) })
        })
        .connect_with(to.clone())
        .await?;
    Ok(Db::Postgres(Watched::new::<PgConnection>(pool, breaker, to)))
}

async fn mysql(options: &Options) -> Result<Db> {
    let url = options.url.replacen("mariadb:", "mysql:", 1);
    let to = MySqlConnectOptions::from_str(&url)?
        .statement_cache_capacity(PREPARED)
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, SLOW);
    let breaker = Breaker::new();
    let watch = breaker.clone();
    let pool = MySqlPoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(move |connection, meta| Box::pin(alive(connection, watch.is_older(meta.age), meta.idle_for)))
        .after_connect(|connection, _| {
            Box::pin(async move {
                let lock = format!("SET SESSION innodb_lock_wait_timeout = {}", LOCK.as_secs());
                sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *connection).await?;
                // MariaDB's name for it, in seconds; MySQL has another one, in milliseconds.
                let maria = format!("SET SESSION max_statement_time = {}", STATEMENT.as_secs());
                if sqlx::raw_sql(AssertSqlSafe(maria)).execute(&mut *connection).await.is_err() {
                    let mysql = format!("SET SESSION max_execution_time = {}", STATEMENT.as_millis());
                    sqlx::raw_sql(AssertSqlSafe(mysql)).execute(&mut *connection).await?;
                }
                // As PostgreSQL has it: no locks on gaps, which would make writers of one channel deadlock.
                connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
                Ok(())
            })
        })
        .connect_with(to.clone())
        .await?;
    Ok(Db::MySql(Watched::new::<MySqlConnection>(pool, breaker, to)))
}

/// Asks a connection whether it lives if the other end may have been restarted: it is older than the last time the
/// server was away, or has not been used for a while.
async fn alive<C: Connection>(connection: &mut C, older: bool, idle: Duration) -> Result<bool, sqlx::Error> {
    if older || idle > Duration::from_secs(5) {
        connection.ping().await?;
    }
    Ok(true)
}
