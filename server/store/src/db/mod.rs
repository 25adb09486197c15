//! The narrow waist under every query: one text of SQL for SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! Nothing outside this folder knows a driver. A resource file writes its statements with [`sql!`](crate::sql), hands values over
//! with [`args!`](crate::args) and reads columns from a [`Row`]; lists with optional conditions go through [`Query`].
//!
//! Traps, all of which have a rule:
//!
//! | Trap | Rule |
//! |---|---|
//! | PostgreSQL types a literal `1` as INT4, and `i64` will not decode it | select columns, not literals; `COUNT(*)` is a 64-bit integer on all three |
//! | `SUM` of a BIGINT is NUMERIC on PostgreSQL, DECIMAL on MySQL | `CAST(SUM(…) AS BIGINT)`, on MySQL `AS SIGNED`; or keep the count in a column |
//! | `EXISTS(…)` is a boolean on one, an integer on two | decode as `bool`: all three drivers accept that |
//! | MySQL compares text without case, SQLite's `LIKE` ignores ASCII case only | tables are `utf8mb4_bin` on MySQL; what must ignore case is stored lower-cased or compared with `LOWER` |
//! | PostgreSQL sorts by the database's locale | indexed text is `COLLATE "C"` there: bytes, as on the other two |
//! | MySQL cannot index unbounded TEXT | `{id}` and `{key}` are VARCHAR there |
//! | MySQL has no `RETURNING`, no partial index, no `ON CONFLICT` | no `RETURNING` at all; the rest by override |
//! | MySQL assigns the columns of an `UPDATE` from left to right and sees the new values | a column that others read is assigned last |
//! | MySQL refuses a sub-select on the table it changes | select first, or join |
//! | MySQL treats `\` in a literal as an escape | `LIKE … ESCAPE '!'`, see [`like_prefix`] |
//! | SQLite writers collide when a read turns into a write | writing transactions start with `BEGIN IMMEDIATE` |
//! | `sqlite::memory:` vanishes with its connection | such a pool holds exactly one connection and never lets it idle out |
//! | MySQL and PostgreSQL may abort a transaction by deadlock | `Store::write` runs it again, up to three times |
//! | A failed statement spoils the whole transaction on PostgreSQL | expect conflicts with `ON CONFLICT`; hand every error up |
//! | `NUL` cannot be in a PostgreSQL text | [`Arg`] drops it |

mod args;
mod breaker;
mod connect;
mod filter;
mod lease;
pub(crate) mod migrate;
mod row;
mod sql;
mod tx;

pub use args::{Arg, Args};
pub use breaker::{Breaker, Watched};
pub use connect::{Db, Dialect, Options, Synchronous};
pub use filter::Query;
pub use lease::Leases;
pub use row::{Json, Row, Value};
pub use sql::{Sql, like_anywhere, like_prefix, positional};
#[cfg(feature = "coverage")]
pub use sql::{not_run, statements};
pub use tx::Tx;

pub(crate) use connect::Raw;
pub(crate) use lease::Lease;
pub(crate) use row::count;
pub(crate) use tx::{Connection, Exec};
