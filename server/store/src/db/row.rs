//! Values on their way out of a row.

use super::Raw;
use crate::{Error, Result};
use model::id::Id;
use serde::de::DeserializeOwned;
use sqlx::{ColumnIndex, Row as _, mysql::MySqlRow, postgres::PgRow, sqlite::SqliteRow};

/// A row of an answer, whatever database it is from.
///
/// Columns are read by position, one after the other, with [`Row::take`], or by name with [`Row::get`].
pub struct Row {
    raw: Raw,
    next: usize,
}

impl Row {
    pub(super) fn new(raw: Raw) -> Self {
        Self { raw, next: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    ///
    /// [`Error::Database`] when there is none left or it is of another type: a mistake in the statement.
    pub fn take<T: Value>(&mut self) -> Result<T> {
        let column = self.next;
        self.next += 1;
        T::read(&self.raw, column)
    }

    /// The column of a name, or at a position counted from 0.
    ///
    /// # Errors
    ///
    /// As [`Row::take`].
    pub fn get<T: Value>(&self, column: impl Column) -> Result<T> {
        let position = match &self.raw {
            Raw::Sqlite(row) => column.index(row),
            Raw::Postgres(row) => column.index(row),
            Raw::MySql(row) => column.index(row),
        };
        T::read(&self.raw, position?)
    }
}

/// What names a column: `&str` or `usize`.
pub trait Column: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> + ColumnIndex<MySqlRow> {}
impl<T: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> + ColumnIndex<MySqlRow>> Column for T {}

/// What a column can be read as.
pub trait Value: Sized {
    /// Reads the column at a position.
    #[doc(hidden)]
    fn read(raw: &Raw, column: usize) -> Result<Self>;
}

macro_rules! native {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn read(raw: &Raw, column: usize) -> Result<Self> {
                Ok(match raw {
                    Raw::Sqlite(row) => row.try_get(column)?,
                    Raw::Postgres(row) => row.try_get(column)?,
                    Raw::MySql(row) => row.try_get(column)?,
                })
            }
        }
    )*};
}
native!(String, i64, bool, f64, Vec<u8>, Option<String>, Option<i64>, Option<bool>, Option<f64>, Option<Vec<u8>>);

/// Empty text and NULL are [`Id::NONE`].
impl<K> Value for Id<K> {
    fn read(raw: &Raw, column: usize) -> Result<Self> {
        let text: Option<&str> = match raw {
            Raw::Sqlite(row) => row.try_get(column)?,
            Raw::Postgres(row) => row.try_get(column)?,
            Raw::MySql(row) => row.try_get(column)?,
        };
        match text {
            None | Some("") => Ok(Self::NONE),
            Some(text) => text.parse().map_err(Error::broken),
        }
    }
}

/// A value stored as JSON text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

/// Empty text is the type's default.
impl<T: DeserializeOwned + Default> Value for Json<T> {
    fn read(raw: &Raw, column: usize) -> Result<Self> {
        let text: Option<&str> = match raw {
            Raw::Sqlite(row) => row.try_get(column)?,
            Raw::Postgres(row) => row.try_get(column)?,
            Raw::MySql(row) => row.try_get(column)?,
        };
        match text {
            None | Some("" | "{}" | "[]" | "null") => Ok(Self(T::default())),
            Some(text) => serde_json::from_str(text).map(Json).map_err(Error::broken),
        }
    }
}

/// Reads a row that is one number, such as a count.
pub(crate) fn count(row: &mut Row) -> Result<i64> {
    row.take()
}
