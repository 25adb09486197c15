//! Statements with optional conditions and lists: the only place that puts SQL together at run time.

use super::{Arg, Args, Dialect, tx::Text};
use std::fmt::Write as _;

/// A statement made of fixed pieces; values go in as placeholders, numbered for the database at hand.
pub struct Query {
    text: String,
    args: Args,
    dialect: Dialect,
}

impl Query {
    /// Begins with a fixed piece.
    pub fn new(dialect: Dialect, text: &'static str) -> Self {
        let mut query = Self { text: String::with_capacity(256), args: Vec::new(), dialect };
        query.push(text);
        query
    }

    /// Adds a fixed piece.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value.
    pub fn arg(&mut self, value: impl Into<Arg>) -> &mut Self {
        self.args.push(value.into());
        if self.dialect == Dialect::MySql {
            self.text.push('?');
        } else {
            write!(self.text, "${}", self.args.len()).expect("writing to a String can't fail");
        }
        self
    }

    /// Adds ` IN (…)` with values; no values are an empty set, so the condition is false.
    ///
    /// The list is filled up to a power of two by repeating its last value, so that few texts are prepared.
    pub fn within<T: Into<Arg>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        let mut values: Vec<Arg> = values.into_iter().map(Into::into).collect();
        if let Some(last) = values.last().cloned() {
            values.resize(values.len().next_power_of_two(), last);
        }
        if values.is_empty() {
            return self.push(" IN (NULL)");
        }
        self.push(" IN (");
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.arg(value);
        }
        self.push(")")
    }

    /// Adds `VALUES (…), (…)`; every row has as many values as the first.
    pub fn rows(&mut self, rows: impl IntoIterator<Item = Args>) -> &mut Self {
        self.push(" VALUES ");
        for (i, row) in rows.into_iter().enumerate() {
            self.push(if i > 0 { ", (" } else { "(" });
            for (j, value) in row.into_iter().enumerate() {
                if j > 0 {
                    self.push(", ");
                }
                self.arg(value);
            }
            self.push(")");
        }
        self
    }

    /// Adds ` LIMIT … OFFSET …`.
    pub fn page(&mut self, limit: i64, offset: i64) -> &mut Self {
        self.push(" LIMIT ").arg(limit).push(" OFFSET ").arg(offset)
    }

    /// Which database this is for.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn done(self) -> (Text, Args) {
        (Text::Built(self.text), self.args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_and_lists_are_filled_up() {
        let mut query = Query::new(Dialect::Postgres, "SELECT a FROM t WHERE b = ");
        query.arg(1).push(" AND c").within(["x", "y", "z"]).page(10, 0);
        assert_eq!(query.text, "SELECT a FROM t WHERE b = $1 AND c IN ($2, $3, $4, $5) LIMIT $6 OFFSET $7");
        assert_eq!(query.args.len(), 7);
        let mut query = Query::new(Dialect::MySql, "SELECT a FROM t WHERE c");
        query.within(Vec::<&str>::new()).push(" AND d").within(["x"]);
        assert_eq!(query.text, "SELECT a FROM t WHERE c IN (NULL) AND d IN (?)");
    }
}
