//! Values on their way into a statement.

use crate::db::Json;
use model::id::Id;
use serde::Serialize;
use sqlx::{Arguments as _, error::BoxDynError, mysql::MySqlArguments, postgres::PgArguments, sqlite::SqliteArguments};

/// The values of a statement's placeholders, in order.
pub type Args = Vec<Arg>;

/// One value: the five kinds that are stored, each optional.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// Text; NUL characters are dropped on the way in.
    Text(Option<String>),
    /// An integer or a time.
    Integer(Option<i64>),
    /// A truth value.
    Boolean(Option<bool>),
    /// A number with a fraction.
    Real(Option<f64>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

/// Collects values for the placeholders of a statement; each may be anything that [`Arg`] is made from.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Arg::from($value)),*] };
}

impl Arg {
    /// The JSON of a value, as text.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        Self::from(serde_json::to_string(value).expect("types of ours have text as keys and so always encode"))
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(mut text: String) -> Self {
        if text.contains('\0') {
            text.retain(|c| c != '\0');
        }
        Self::Text(Some(text))
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::from(text.clone())
    }
}
impl<K> From<Id<K>> for Arg {
    fn from(id: Id<K>) -> Self {
        Self::Text(Some(id.as_str().to_owned()))
    }
}
impl<K> From<&Id<K>> for Arg {
    fn from(id: &Id<K>) -> Self {
        Self::from(*id)
    }
}
impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}
impl From<bool> for Arg {
    fn from(truth: bool) -> Self {
        Self::Boolean(Some(truth))
    }
}
impl From<f64> for Arg {
    fn from(number: f64) -> Self {
        Self::Real(Some(number))
    }
}
impl From<Vec<u8>> for Arg {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}
impl<T: Serialize> From<Json<T>> for Arg {
    fn from(value: Json<T>) -> Self {
        Self::json(&value.0)
    }
}
macro_rules! optional {
    ($($kind:ident of $type:ty),*) => {$(
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                value.map_or(Self::$kind(None), Self::from)
            }
        }
    )*};
}
optional!(Text of &str, Text of String, Integer of i64, Boolean of bool, Real of f64, Bytes of Vec<u8>);

macro_rules! native {
    ($($name:ident -> $arguments:ident),*) => {$(
        pub(super) fn $name(args: Args) -> Result<$arguments, BoxDynError> {
            let mut out = $arguments::default();
            for arg in args {
                match arg {
                    Arg::Text(value) => out.add(value)?,
                    Arg::Integer(value) => out.add(value)?,
                    Arg::Boolean(value) => out.add(value)?,
                    Arg::Real(value) => out.add(value)?,
                    Arg::Bytes(value) => out.add(value)?,
                }
            }
            Ok(out)
        }
    )*};
}
native!(sqlite -> SqliteArguments, postgres -> PgArguments, mysql -> MySqlArguments);
