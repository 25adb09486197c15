//! Migrations: written once with words for types, rendered for the database at hand, run by sqlx's migrator.
//!
//! | Word | SQLite | PostgreSQL | MySQL |
//! |---|---|---|---|
//! | `{id}` | TEXT | TEXT, by bytes | VARCHAR(32) |
//! | `{key}` | TEXT | TEXT, by bytes | VARCHAR(255) |
//! | `{text}` | TEXT | TEXT | TEXT (64 KB) |
//! | `{long}`, `{json}` | TEXT | TEXT | MEDIUMTEXT |
//! | `{bytes}` | BLOB | BYTEA | MEDIUMBLOB |
//! | `{bool}` | BOOLEAN | BOOLEAN | BOOLEAN |
//! | `{ms}`, `{int}` | INTEGER | BIGINT | BIGINT |
//! | `{real}` | REAL | DOUBLE PRECISION | DOUBLE |
//! | `{seq}` | a growing integer and the primary key, on all three |||
//! | `{rows}` | after a table: nothing | nothing | InnoDB, text by bytes |
//! | `{where …}` | after an index: only rows for which this holds | the same | nothing: all rows |
//! | `{on sqlite …}` | the text | nothing | nothing: so for each database |
//! | `{keyed}` | the same, for a table kept in the order of its primary key |||

use super::{Db, Dialect, connect::BUSY};
use crate::{Error, Result};
use sqlx::{
    AssertSqlSafe, Connection as _, MySqlConnection, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

struct Source {
    version: i64,
    name: &'static str,
    text: &'static str,
    mysql: Option<&'static str>,
}

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Source {
            version: $version,
            name: $name,
            text: include_str!(concat!("../../migrations/", $name, ".sql")),
            mysql: None,
        }
    };
}

/// Every migration, in order. One that has been released is never changed: the migrator compares checksums.
const MIGRATIONS: &[Source] = &[
    migration!(1, "0001_users"),
    migration!(2, "0002_teams_channels"),
    migration!(3, "0003_posts"),
    migration!(4, "0004_rest"),
    migration!(5, "0005_jobs"),
    migration!(10, "0010_files"),
    migration!(11, "0011_uploads_emoji"),
    migration!(20, "0020_search"),
    migration!(21, "0021_file_search"),
    migration!(30, "0030_integrations"),
    migration!(31, "0031_priorities"),
    migration!(32, "0032_bookmarks"),
    migration!(33, "0033_groups"),
    migration!(40, "0040_drafts"),
    migration!(50, "0050_second_factors"),
    migration!(51, "0051_mail_waiting"),
    migration!(52, "0052_terms_of_service"),
    migration!(60, "0060_schemes"),
    migration!(65, "0065_link_previews"),
    migration!(70, "0070_user_reports"),
    migration!(71, "0071_persistent_notifications"),
    migration!(72, "0072_retention"),
    migration!(80, "0080_oauth"),
    migration!(81, "0081_outgoing_oauth"),
    migration!(82, "0082_compliance"),
    migration!(83, "0083_burning"),
];

/// The migrations that this version knows, as their numbers and names.
pub fn known() -> impl Iterator<Item = (i64, &'static str)> {
    MIGRATIONS.iter().map(|source| (source.version, source.name))
}

/// Brings the schema up to date. Safe to run twice and by several nodes at once.
///
/// # Errors
///
/// [`Error::Database`] when a migration fails, or when the database was made by a newer or changed version.
pub async fn run(db: &Db) -> Result<()> {
    let migrator = migrator(db.dialect());
    let outcome = match db {
        Db::Sqlite { write, .. } => {
            // The migrator has no lock for SQLite. The write lock does: whoever comes second finds the work done.
            let mut connection = write.acquire().await?;
            // Whoever comes second waits for the first to finish, however long that takes.
            sqlx::query("PRAGMA busy_timeout = 600000").execute(&mut *connection).await?;
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
            let outcome = match migrator.run_direct(None, &mut *tx, false).await {
                Ok(()) => tx.commit().await.map_err(MigrateError::from),
                Err(error) => {
                    drop(tx);
                    Err(error)
                }
            };
            let usual = AssertSqlSafe(format!("PRAGMA busy_timeout = {}", BUSY.as_millis()));
            sqlx::query(usual).execute(&mut *connection).await?;
            outcome
        }
        Db::Postgres(pool) => {
            let mut connection = pool.acquire().await?.detach();
            sqlx::raw_sql("SET statement_timeout = 0; SET lock_timeout = 0").execute(&mut connection).await?;
            migrator.run(&mut connection).await
        }
        Db::MySql(pool) => {
            let mut connection = pool.acquire().await?.detach();
            // Fails on MySQL, where the limit is on reading only.
            let _ = sqlx::query("SET SESSION max_statement_time = 0").execute(&mut connection).await;
            locked(&mut connection, migrator).await
        }
    };
    outcome.map_err(Error::broken)
}

/// Runs the migrator under a lock of ours: its own asks to wait forever, which MariaDB refuses without an error.
async fn locked(connection: &mut MySqlConnection, mut migrator: Migrator) -> Result<(), MigrateError> {
    const LOCK: &str = "SELECT GET_LOCK(CONCAT('confab.', MD5(DATABASE())), 300)";
    const RELEASE: &str = "SELECT RELEASE_LOCK(CONCAT('confab.', MD5(DATABASE())))";
    let got: Option<i64> = sqlx::query_scalar(LOCK).fetch_one(&mut *connection).await?;
    if got != Some(1) {
        return Err(MigrateError::Execute(sqlx::Error::PoolTimedOut));
    }
    let outcome = migrator.set_locking(false).run_direct(None, &mut *connection, false).await;
    sqlx::query(RELEASE).execute(connection).await?;
    outcome
}

fn migrator(dialect: Dialect) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|source| {
        let text = match dialect {
            Dialect::MySql => source.mysql.unwrap_or(source.text),
            _ => source.text,
        };
        // Safe: nothing but our own files and the words below.
        let sql = AssertSqlSafe(rendered(text, dialect)).into_sql_str();
        Migration::new(source.version, source.name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

fn rendered(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (word, after) = after.split_once('}').expect("a migration closes its braces");
        out.push_str(before);
        if let Some((database, only)) = word.strip_prefix("on ").and_then(|rest| rest.split_once(' ')) {
            if database == dialect.to_string() {
                out.push_str(only);
            }
            rest = after;
            continue;
        }
        match word.strip_prefix("where ") {
            None => out.push_str(typed(word, dialect)),
            Some(_) if dialect == Dialect::MySql => {}
            Some(condition) => out.extend([" WHERE ", condition]),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn typed(word: &str, dialect: Dialect) -> &'static str {
    use Dialect::{MySql, Postgres, Sqlite};
    const MYSQL: &str = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
    match (word, dialect) {
        ("id" | "key", Postgres) => "TEXT COLLATE \"C\"",
        ("id", MySql) => "VARCHAR(32)",
        ("key", MySql) => "VARCHAR(255)",
        ("id" | "key" | "text" | "long" | "json", Sqlite) | ("text" | "long" | "json", Postgres) | ("text", MySql) => {
            "TEXT"
        }
        ("long" | "json", MySql) => "MEDIUMTEXT",
        ("bytes", Sqlite) => "BLOB",
        ("bytes", Postgres) => "BYTEA",
        ("bytes", MySql) => "MEDIUMBLOB",
        ("bool", _) => "BOOLEAN",
        ("ms" | "int", Sqlite) => "INTEGER",
        ("ms" | "int", _) => "BIGINT",
        ("real", Sqlite) => "REAL",
        ("real", Postgres) => "DOUBLE PRECISION",
        ("real", MySql) => "DOUBLE",
        ("seq", Sqlite) => "INTEGER PRIMARY KEY AUTOINCREMENT",
        ("seq", Postgres) => "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        ("seq", MySql) => "BIGINT AUTO_INCREMENT PRIMARY KEY",
        ("rows", Sqlite | Postgres) | ("keyed", Postgres) => "",
        ("keyed", Sqlite) => " WITHOUT ROWID",
        ("rows" | "keyed", MySql) => MYSQL,
        _ => panic!("{{{word}}} is no word for a type"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_renders_for_every_database() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            for source in MIGRATIONS {
                assert!(!rendered(source.text, dialect).contains(['{', '}']), "{}", source.name);
            }
        }
    }

    /// A file that is not listed would never be run, and its number could be given twice.
    #[test]
    fn every_file_is_listed_once_by_its_number() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).expect("migrations");
        let names = folder.map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned());
        let mut files: Vec<String> = names.collect();
        files.sort();
        let listed: Vec<String> = MIGRATIONS.iter().map(|source| format!("{}.sql", source.name)).collect();
        assert_eq!(listed, files);
        assert!(MIGRATIONS.windows(2).all(|pair| pair[0].version < pair[1].version), "each number comes once");
        for source in MIGRATIONS {
            assert!(source.name.starts_with(&format!("{:04}_", source.version)), "{}", source.name);
        }
    }
}
