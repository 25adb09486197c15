//! What a handler takes and gives, read off its type. The description of the API is made of this, so that it cannot
//! say anything else than the handlers do.

use super::{
    extract::{
        Address, Connection, Created, Done, Found, IfNoneMatch, Json, MaybeCaller, Paging, Path, Permitted, Query,
    },
    guard::Whose,
};
use crate::{access::Caller, cx::Cx, error::Error};
use axum::{
    extract::{Multipart, Request},
    handler::{Handler, Layered},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use model::endpoint::{self, Endpoint};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::Value;
use std::any::TypeId;

/// Where the document keeps its types.
pub const COMPONENTS: &str = "/components/schemas";

/// What goes in or comes out: a media type and a schema.
#[derive(Clone, Debug)]
pub struct Content {
    pub media: &'static str,
    pub schema: Schema,
}

/// A call of the API while it is being described.
pub struct Draft {
    /// Makes the schemas of what is read; they differ from those of what is written where fields may be left out.
    pub read: SchemaGenerator,
    pub written: SchemaGenerator,
    pub call: Call,
}

/// What is known of a call.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Parameters of the query, by name.
    pub query: Vec<(String, Value)>,
    pub body: Option<Content>,
    /// Whether the body may be left out.
    pub optional_body: bool,
    /// The status of success; 200 where nothing else is said.
    pub status: Option<u16>,
    pub answer: Option<Content>,
    /// Whether the answer has a tag, and is 304 for who has it.
    pub tagged: bool,
    /// Whether it may be 204 too.
    pub nothing_more: bool,
    /// Whether a client may name its connection, which is then not told of what it did itself.
    pub names_connection: bool,
}

impl Default for Draft {
    fn default() -> Self {
        let settings = |settings: SchemaSettings| settings.with(|s| s.definitions_path = COMPONENTS.into());
        Self {
            read: settings(SchemaSettings::draft2020_12().for_deserialize()).into_generator(),
            written: settings(SchemaSettings::draft2020_12().for_serialize()).into_generator(),
            call: Call::default(),
        }
    }
}

impl Draft {
    /// It takes JSON.
    pub fn takes<T: JsonSchema>(&mut self) {
        self.call.body = Some(Content { media: "application/json", schema: self.read.subschema_for::<T>() });
    }

    /// It takes something else: bytes, or a form with these fields.
    pub fn takes_other(&mut self, media: &'static str, schema: Schema) {
        self.call.body = Some(Content { media, schema });
    }

    /// It takes these parameters in the query.
    pub fn asks<T: JsonSchema>(&mut self) {
        let schema = T::json_schema(&mut self.read);
        let Some(Value::Object(fields)) = schema.get("properties").cloned() else { return };
        for (name, field) in fields {
            if !self.call.query.iter().any(|(known, _)| *known == name) {
                self.call.query.push((name, field));
            }
        }
    }

    /// It answers with JSON.
    pub fn gives<T: JsonSchema>(&mut self) {
        self.call.answer = Some(Content { media: "application/json", schema: self.written.subschema_for::<T>() });
    }

    /// It answers with JSON of one form or the other, as the query says.
    pub fn gives_either<A: JsonSchema, B: JsonSchema>(&mut self) {
        let (a, b) = (self.written.subschema_for::<A>(), self.written.subschema_for::<B>());
        self.call.answer = Some(Content { media: "application/json", schema: json_schema!({ "anyOf": [a, b] }) });
    }

    /// It answers with a file.
    pub fn gives_bytes(&mut self, media: &'static str) {
        self.call.answer = Some(Content { media, schema: json_schema!({ "type": "string", "format": "binary" }) });
    }

    /// What the endpoint's type says, which is more than the handler's where that answers with a bare response.
    pub fn endpoint<E>(&mut self)
    where
        E: Endpoint,
        E::Body: JsonSchema,
        E::Query: JsonSchema,
        E::Output: JsonSchema,
    {
        let nothing = TypeId::of::<()>();
        if TypeId::of::<E::Body>() != nothing {
            self.takes::<E::Body>();
        }
        if TypeId::of::<E::Query>() != nothing {
            self.asks::<E::Query>();
        }
        if TypeId::of::<E::Output>() != nothing {
            self.gives::<E::Output>();
        }
    }
}

/// Something a handler takes out of a request.
pub trait Takes {
    fn describe(draft: &mut Draft);
}

/// Something a handler answers with.
pub trait Gives {
    fn describe(draft: &mut Draft);
}

/// A handler that can be described; `T` is what axum calls its arguments.
pub trait Described<T> {
    fn describe(draft: &mut Draft);
}

/// What says nothing of the request's form: who calls, what the guard found, what is in the path.
macro_rules! silent {
    ($trait:ident: $($ty:ty),*) => {
        $(impl $trait for $ty {
            fn describe(_: &mut Draft) {}
        })*
    };
}
silent!(Takes: Cx, Caller, MaybeCaller, Whose, Address, HeaderMap, Request);
silent!(Gives: Response, StatusCode, Error);

impl<T> Takes for Found<T> {
    fn describe(_: &mut Draft) {}
}

impl<T> Takes for Path<T> {
    fn describe(_: &mut Draft) {}
}

impl Takes for Connection {
    fn describe(draft: &mut Draft) {
        draft.call.names_connection = true;
    }
}

impl Takes for IfNoneMatch {
    fn describe(draft: &mut Draft) {
        draft.call.tagged = true;
    }
}

impl<T: JsonSchema> Takes for Query<T> {
    fn describe(draft: &mut Draft) {
        draft.asks::<T>();
    }
}

impl Takes for Paging {
    fn describe(draft: &mut Draft) {
        draft.asks::<model::system::Page>();
    }
}

impl<T: JsonSchema> Takes for Json<T> {
    fn describe(draft: &mut Draft) {
        draft.takes::<T>();
    }
}

impl<T: JsonSchema> Takes for Permitted<T> {
    fn describe(draft: &mut Draft) {
        draft.takes::<T>();
    }
}

impl Takes for Bytes {
    fn describe(draft: &mut Draft) {
        draft.call.optional_body = true;
        draft.takes_other("application/json", json_schema!({ "type": "object" }));
    }
}

impl Takes for Multipart {
    fn describe(draft: &mut Draft) {
        let picture = json_schema!({
            "type": "object",
            "properties": { "image": { "type": "string", "format": "binary" } },
            "required": ["image"],
        });
        draft.takes_other("multipart/form-data", picture);
    }
}

impl<T: JsonSchema> Gives for Json<T> {
    fn describe(draft: &mut Draft) {
        draft.gives::<T>();
    }
}

impl<T: JsonSchema> Gives for Created<T> {
    fn describe(draft: &mut Draft) {
        draft.call.status = Some(201);
        draft.gives::<T>();
    }
}

impl Gives for Done {
    fn describe(draft: &mut Draft) {
        draft.gives::<endpoint::Done>();
    }
}

/// The status is whatever the server's state is; the form stays.
impl<T: JsonSchema> Gives for (StatusCode, Json<T>) {
    fn describe(draft: &mut Draft) {
        draft.gives::<T>();
    }
}

impl<T: Gives> Gives for Result<T, Error> {
    fn describe(draft: &mut Draft) {
        T::describe(draft);
    }
}

impl<F, Fut> Described<((),)> for F
where
    F: Fn() -> Fut,
    Fut: Future,
    Fut::Output: Gives,
{
    fn describe(draft: &mut Draft) {
        Fut::Output::describe(draft);
    }
}

macro_rules! described {
    ($($arg:ident)*) => {
        impl<F, Fut, M, $($arg),*> Described<(M, $($arg,)*)> for F
        where
            F: Fn($($arg),*) -> Fut,
            Fut: Future,
            Fut::Output: Gives,
            $($arg: Takes,)*
        {
            fn describe(draft: &mut Draft) {
                $($arg::describe(draft);)*
                Fut::Output::describe(draft);
            }
        }
    };
}
described!(A);
described!(A B);
described!(A B C);
described!(A B C D);
described!(A B C D E);
described!(A B C D E G);
described!(A B C D E G H);
described!(A B C D E G H I);

impl<L, H: Handler<T, S> + Described<T>, T, S> Described<T> for Layered<L, H, T, S> {
    fn describe(draft: &mut Draft) {
        H::describe(draft);
    }
}
