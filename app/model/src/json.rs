//! Reads JSON with little code for each type, which the browser has to load.
//!
//! `serde_json` has a parser in every type it reads. Here a text is parsed once, for all types, into a tree; each type
//! then takes what it needs from that. What is wrong with a text is not said: nobody could do anything about it.

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The text is not JSON, or not of the type that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not what was expected")]
pub struct Unreadable;

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Reads a text.
///
/// # Errors
///
/// If it is not JSON or not of this type.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(Tree(serde_json::from_str(text).map_err(|_| Unreadable)?))
}

/// A value that was parsed.
pub(crate) struct Tree(pub Value);

impl Tree {
    fn number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Unreadable> {
        if let Some(n) = number.as_i64() {
            visitor.visit_i64(n)
        } else if let Some(n) = number.as_u64() {
            visitor.visit_u64(n)
        } else {
            visitor.visit_f64(number.as_f64().ok_or(Unreadable)?)
        }
    }
}

/// The methods that take a number.
macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            let Value::Number(number) = &self.0 else { return Err(Unreadable) };
            Self::number(number, visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(yes),
            Value::Number(number) => Self::number(&number, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::String(text) = self.0 else { return Err(Unreadable) };
        visitor.visit_string(text)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(Unreadable) }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::Array(items) = self.0 else { return Err(Unreadable) };
        visitor.visit_seq(Items(items.into_iter()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::Object(fields) = self.0 else { return Err(Unreadable) };
        visitor.visit_map(Fields::of(fields))
    }

    /// Only an object: lists in place of objects, which serde reads as well, are no part of the API.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Named { name, data: Value::Null }),
            Value::Object(fields) => {
                let mut fields = fields.into_iter();
                let (Some((name, data)), None) = (fields.next(), fields.next()) else { return Err(Unreadable) };
                visitor.visit_enum(Named { name, data })
            }
            _ => Err(Unreadable),
        }
    }

    serde::forward_to_deserialize_any! { bytes byte_buf unit_struct tuple_struct }
}

/// The name of a variant and what is in it; with [`Deserializer`], an enum whose name and data are apart.
pub(crate) struct Named {
    pub name: String,
    pub data: Value,
}

impl<'de> Deserializer<'de> for Named {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Named {
    type Error = Unreadable;
    type Variant = Tree;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Tree), Unreadable> {
        Ok((seed.deserialize(Tree(Value::String(self.name)))?, Tree(self.data)))
    }
}

impl<'de> VariantAccess<'de> for Tree {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        self.0.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields {
    rest: serde_json::map::IntoIter,
    /// What belongs to the name that was read last.
    value: Value,
}

impl Fields {
    fn of(fields: Map<String, Value>) -> Self {
        Self { rest: fields.into_iter(), value: Value::Null }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Tree(Value::String(name))).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(Tree(std::mem::take(&mut self.value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        Plain,
        With { n: u8 },
        Of(i64),
        Two(i64, bool),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        List(Vec<f64>),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct All {
        yes: bool,
        number: i64,
        big: u64,
        real: f64,
        text: String,
        #[serde(default)]
        missing: Option<String>,
        null: Option<bool>,
        list: Vec<(u8, String)>,
        kinds: Vec<Kind>,
        either: Vec<Either>,
        id: crate::UserId,
        by_id: BTreeMap<crate::UserId, Value>,
        flat: Flat,
    }

    fn example() -> Value {
        json!({
            "yes": true, "number": -5, "big": u64::MAX, "real": 2, "text": "ä\"\n", "null": null, "unknown": [{}],
            "list": [[1, "a"], [2, "b"]], "kinds": ["Plain", {"With": {"n": 7}}, {"Of": -1}, {"Two": [1, true]}],
            "either": ["a", [1.5]], "id": "abcdefghijklmnopqrstuvwxyz", "by_id": {"abcdefghijklmnopqrstuvwxyz": {"x": []}},
            "flat": {"a": [1, {"b": null}]},
        })
    }

    #[test]
    fn everything_is_read_as_serde_json_reads_it() {
        let text = example().to_string();
        assert_eq!(read::<All>(&text), Ok(serde_json::from_str(&text).expect("of this type")));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (place, value) in [
            ("yes", json!(1)),
            ("number", json!("1")),
            ("number", json!(u64::MAX)),
            ("text", json!(null)),
            ("null", json!("")),
            ("list", json!([[1]])),
            ("list", json!({})),
            ("kinds", json!(["Other"])),
            ("kinds", json!([{"Of": 1, "With": {}}])),
            ("id", json!("short")),
            ("flat", json!([])),
        ] {
            let mut wrong = example();
            wrong[place] = value;
            assert_eq!(read::<All>(&wrong.to_string()), Err(Unreadable), "{wrong}");
        }
        assert_eq!(read::<bool>("true false"), Err(Unreadable));
        assert_eq!(read::<Vec<u8>>("[1"), Err(Unreadable));
    }
}
