//! `sql!`: one statement for three databases, its placeholders checked when it is compiled.

/// A statement, as each database wants it. Made by [`sql!`](crate::sql) only.
#[derive(Debug)]
pub struct Sql {
    /// With `$1`, which SQLite takes as written.
    pub sqlite: &'static str,
    /// With `$1`.
    pub postgres: &'static str,
    /// With `?` and blanks in place of `$1`.
    pub mysql: &'static str,
    /// Where it is written: file and line. Tells statements apart in the coverage check.
    pub at: &'static str,
}

/// Writes a statement once, with the placeholders `$1`, `$2` … in order and each once.
///
/// A database that needs another text gets its own:
/// `sql! { all: "…", mysql: "…" }`. The text may be any constant expression, such as `concat!`.
///
/// Does not compile when the placeholders of the text that MySQL gets are not 1, 2, 3 … in order, since MySQL counts
/// positions; a value needed twice is passed twice.
#[macro_export]
macro_rules! sql {
    (all: $all:expr, sqlite: $sqlite:expr, mysql: $mysql:expr $(,)?) => { $crate::sql!(@ $sqlite, $all, $mysql) };
    (all: $all:expr, sqlite: $sqlite:expr $(,)?) => { $crate::sql!(@ $sqlite, $all, $all) };
    (all: $all:expr, postgres: $postgres:expr, mysql: $mysql:expr $(,)?) => { $crate::sql!(@ $all, $postgres, $mysql) };
    (all: $all:expr, postgres: $postgres:expr $(,)?) => { $crate::sql!(@ $all, $postgres, $all) };
    (all: $all:expr, mysql: $mysql:expr $(,)?) => { $crate::sql!(@ $all, $all, $mysql) };
    (sqlite: $sqlite:expr, postgres: $postgres:expr, mysql: $mysql:expr $(,)?) => {
        $crate::sql!(@ $sqlite, $postgres, $mysql)
    };
    (@ $sqlite:expr, $postgres:expr, $mysql:expr) => {{
        const MYSQL: &str = $mysql;
        const PLACED: [u8; MYSQL.len()] = $crate::db::positional(MYSQL);
        const SQL: $crate::db::Sql = $crate::db::Sql {
            sqlite: $sqlite,
            postgres: $postgres,
            mysql: match ::core::str::from_utf8(&PLACED) {
                Ok(text) => text,
                Err(_) => panic!("a statement is UTF-8"),
            },
            at: concat!(file!(), ":", line!()),
        };
        #[cfg(feature = "coverage")]
        ::inventory::submit! { &SQL as &'static $crate::db::Sql }
        &SQL
    }};
    ($all:expr) => { $crate::sql!(@ $all, $all, $all) };
}

/// Turns `$1`, `$2` … into `?` padded with blanks to the same length.
///
/// # Panics
///
/// When compiling, if the numbers are not 1, 2, 3 … in order.
pub const fn positional<const N: usize>(text: &str) -> [u8; N] {
    let from = text.as_bytes();
    let mut to = [b' '; N];
    let mut expected = 1;
    let mut i = 0;
    while i < N {
        if from[i] != b'$' {
            to[i] = from[i];
            i += 1;
            continue;
        }
        to[i] = b'?';
        let mut number = 0;
        i += 1;
        while i < N && from[i].is_ascii_digit() {
            number = number * 10 + (from[i] - b'0') as usize;
            i += 1;
        }
        assert!(number == expected, "placeholders have to be $1, $2, $3 … in order, each once");
        expected += 1;
    }
    to
}

/// The pattern of a `LIKE $1 ESCAPE '!'` that finds what begins with `text`.
pub fn like_prefix(text: &str) -> String {
    let mut pattern = escaped(text);
    pattern.push('%');
    pattern
}

/// The pattern of a `LIKE $1 ESCAPE '!'` that finds what contains `text`.
pub fn like_anywhere(text: &str) -> String {
    format!("%{}%", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out
}

#[cfg(feature = "coverage")]
mod coverage {
    //! Which statements exist, and which of them have run where.

    use super::Sql;
    use crate::db::Dialect;
    use std::{
        collections::HashSet,
        sync::{LazyLock, Mutex, PoisonError},
    };

    inventory::collect!(&'static Sql);

    static RUN: LazyLock<Mutex<HashSet<(&'static str, Dialect)>>> = LazyLock::new(Mutex::default);

    pub(crate) fn ran(sql: &Sql, dialect: Dialect) {
        RUN.lock().unwrap_or_else(PoisonError::into_inner).insert((sql.at, dialect));
    }

    /// Every statement there is.
    pub fn statements() -> impl Iterator<Item = &'static Sql> {
        inventory::iter::<&'static Sql>.into_iter().copied()
    }

    /// Where the statements are written that nothing in this process has run on a database.
    pub fn not_run(dialect: Dialect) -> Vec<&'static str> {
        let run = RUN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut missing: Vec<_> = statements().map(|sql| sql.at).filter(|at| !run.contains(&(*at, dialect))).collect();
        missing.sort_unstable();
        missing
    }
}
#[cfg(feature = "coverage")]
pub(crate) use coverage::ran;
#[cfg(feature = "coverage")]
pub use coverage::{not_run, statements};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_question_marks_of_the_same_length() {
        let sql = sql!("SELECT a FROM t WHERE b = $1 AND c = $2");
        assert_eq!(sql.postgres, "SELECT a FROM t WHERE b = $1 AND c = $2");
        assert_eq!(sql.mysql, "SELECT a FROM t WHERE b = ?  AND c = ? ");
        assert_eq!(sql.sqlite.len(), sql.mysql.len());
        let other = sql! { all: "SELECT $1", mysql: "SELECT 1, $1" };
        assert_eq!((other.sqlite, other.mysql), ("SELECT $1", "SELECT 1, ? "));
    }

    #[test]
    #[should_panic(expected = "in order")]
    fn placeholders_out_of_order_are_refused() {
        let _: [u8; 5] = positional("$2 $1");
    }

    #[test]
    fn patterns_do_not_let_wildcards_through() {
        assert_eq!(like_prefix("a_b%c!"), "a!_b!%c!!%");
        assert_eq!(like_anywhere("x"), "%x%");
    }
}
