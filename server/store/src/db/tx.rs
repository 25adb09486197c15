//! Where statements run: on a pool when reading, in a transaction when writing.

use super::{Args, Db, Dialect, Lease, Raw, Row, Sql, args};
use crate::{Error, Result};
use futures::TryStreamExt;
use model::event::{Announcement, Touched};
use sqlx::{AssertSqlSafe, MySql, Postgres, SqlSafeStr as _, SqlStr, Transaction};

/// A transaction under way: what it changes is seen by no one until it commits.
///
/// Handed to the closure of [`Store::write`](crate::Store::write), which alone can make one.
pub struct Tx {
    pub(crate) connection: Connection,
    /// What to tell people once this has committed.
    pub(crate) outbox: Vec<Announcement>,
    /// What other places remember and now have to look up again.
    pub(crate) touched: Vec<Touched>,
    /// Whether a statement failed in a way that running the transaction again may cure.
    pub(crate) again: bool,
    /// The first error of a statement. It spoils the transaction, whether the work hands it up or not.
    pub(crate) failure: Option<Error>,
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, outbox: Vec::new(), touched: Vec::new(), again: false, failure: None }
    }

    /// Tells an audience about this change once it has committed, and never if it does not.
    pub fn announce(&mut self, what: Announcement) {
        self.outbox.push(what);
    }

    /// Says what this change makes stale in memory; released as [`Tx::announce`] is.
    pub fn touch(&mut self, what: Touched) {
        self.touched.push(what);
    }

    /// Which database this runs on.
    pub fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }
}

/// The connection of a transaction.
pub(crate) enum Connection {
    /// The transaction is opened and closed by the writer, with plain statements.
    Sqlite(Lease),
    Postgres(Transaction<'static, Postgres>),
    MySql(Transaction<'static, MySql>),
}

impl Connection {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
        }
    }
}

/// What runs the statements of a resource.
pub(crate) enum Exec<'a> {
    Pool(&'a Db),
    Tx(&'a mut Tx),
}

/// The text of a statement: written in a source file, or put together by [`Query`](super::Query).
pub(crate) enum Text {
    Fixed(&'static Sql),
    Built(String),
}

impl From<&'static Sql> for Text {
    fn from(sql: &'static Sql) -> Self {
        Self::Fixed(sql)
    }
}

impl Text {
    fn of(self, dialect: Dialect) -> SqlStr {
        match self {
            Self::Fixed(sql) => {
                #[cfg(feature = "coverage")]
                super::sql::ran(sql, dialect);
                match dialect {
                    Dialect::Sqlite => sql.sqlite,
                    Dialect::Postgres => sql.postgres,
                    Dialect::MySql => sql.mysql,
                }
                .into_sql_str()
            }
            // Made of fixed pieces and placeholders only: `Query` takes values apart from the text.
            Self::Built(text) => AssertSqlSafe(text).into_sql_str(),
        }
    }
}

/// Runs a query of either kind on whatever connection there is. The three arms differ in types alone.
macro_rules! on_each {
    ($self:expr, $text:expr, $args:expr, $query:ident, $on:ident => $sqlite:expr, $postgres:expr, $mysql:expr) => {{
        let dialect = $self.dialect();
        let text = $text.of(dialect);
        macro_rules! query {
            ($make:path) => {
                sqlx::query_with(text, $make($args).map_err(sqlx::Error::Encode)?)
            };
        }
        let result = match $self {
            Exec::Pool(Db::Sqlite { read, .. }) => {
                let query = query!(args::sqlite);
                let mut lease = read.acquire().await?;
                let ($query, $on) = (query, &mut *lease);
                $sqlite
            }
            Exec::Pool(Db::Postgres(pool)) => {
                let ($query, $on) = (query!(args::postgres), &**pool);
                pool.breaker().guard(async { $postgres }).await
            }
            Exec::Pool(Db::MySql(pool)) => {
                let ($query, $on) = (query!(args::mysql), &**pool);
                pool.breaker().guard(async { $mysql }).await
            }
            Exec::Tx(tx) => match &mut tx.connection {
                Connection::Sqlite(c) => {
                    let ($query, $on) = (query!(args::sqlite), &mut **c);
                    $sqlite
                }
                Connection::Postgres(c) => {
                    let ($query, $on) = (query!(args::postgres), &mut **c);
                    $postgres
                }
                Connection::MySql(c) => {
                    let ($query, $on) = (query!(args::mysql), &mut **c);
                    $mysql
                }
            },
        };
        match result {
            Ok(value) => Ok(value),
            Err(error) => Err($self.failed(error)),
        }
    }};
}

impl Exec<'_> {
    /// As [`Tx::touch`]; nothing where no change is under way.
    pub(crate) fn touch(&mut self, what: Touched) {
        if let Self::Tx(tx) = self {
            tx.touch(what);
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Pool(db) => db.dialect(),
            Self::Tx(tx) => tx.dialect(),
        }
    }

    /// Changes rows and tells how many were found. Only the writing halves of resources call this.
    pub(crate) async fn execute(&mut self, text: impl Into<Text>, args: Args) -> Result<u64> {
        let text = text.into();
        on_each!(self, text, args, query, on =>
            query.execute(on).await.map(|done| done.rows_affected()),
            query.execute(on).await.map(|done| done.rows_affected()),
            query.execute(on).await.map(|done| done.rows_affected()))
    }

    /// Every row.
    pub(crate) async fn all<T>(
        &mut self,
        text: impl Into<Text>,
        args: Args,
        read: impl Fn(&mut Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.rows(text.into(), args).await?.into_iter().map(|raw| read(&mut Row::new(raw))).collect()
    }

    /// The first row, if there is one.
    pub(crate) async fn one<T>(
        &mut self,
        text: impl Into<Text>,
        args: Args,
        read: impl Fn(&mut Row) -> Result<T>,
    ) -> Result<Option<T>> {
        let row = self.row(text.into(), args).await?;
        row.map(|raw| read(&mut Row::new(raw))).transpose()
    }

    /// A count, or 0 where there is no row.
    pub(crate) async fn count(&mut self, text: impl Into<Text>, args: Args) -> Result<i64> {
        Ok(self.one(text, args, super::count).await?.unwrap_or(0))
    }

    async fn rows(&mut self, text: Text, args: Args) -> Result<Vec<Raw>> {
        on_each!(self, text, args, query, on =>
            query.fetch(on).map_ok(Raw::Sqlite).try_collect().await,
            query.fetch(on).map_ok(Raw::Postgres).try_collect().await,
            query.fetch(on).map_ok(Raw::MySql).try_collect().await)
    }

    async fn row(&mut self, text: Text, args: Args) -> Result<Option<Raw>> {
        on_each!(self, text, args, query, on =>
            query.fetch_optional(on).await.map(|row| row.map(Raw::Sqlite)),
            query.fetch_optional(on).await.map(|row| row.map(Raw::Postgres)),
            query.fetch_optional(on).await.map(|row| row.map(Raw::MySql)))
    }

    fn failed(&mut self, error: sqlx::Error) -> Error {
        let passing = crate::error::is_passing(&error);
        let error = Error::from(error);
        if let Self::Tx(tx) = self {
            tx.again |= passing;
            tx.failure.get_or_insert_with(|| error.clone());
        }
        error
    }
}
