//! What a call to the server is: method, path, what goes in, what comes out. Said once, used by the
//! route table, the browser's client and the tests.

use serde::{Serialize, de::DeserializeOwned};

/// The HTTP methods the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One call of the API. A value of the type is one request.
pub trait Endpoint: Send + 'static {
    const METHOD: Method;
    /// Below `/api/v4`, with `{name}` where a value goes in: `/posts/{post_id}`.
    const PATH: &'static str;
    /// What the call does, for documents.
    const ABOUT: &'static str;
    /// The JSON body; `()` where there is none.
    type Body: Serialize + DeserializeOwned + Send + 'static;
    /// The query parameters; `()` where there are none.
    type Query: Serialize + DeserializeOwned + Send + 'static;
    /// What a successful call answers.
    type Output: Serialize + DeserializeOwned + Send + 'static;

    /// The path of this request, values filled in and percent-encoded.
    fn path(&self) -> String;
    fn body(&self) -> &Self::Body;
    fn query(&self) -> &Self::Query;
}

/// Replaces the first `{…}` in `path` by a value, percent-encoding what may not stand in a path.
pub fn fill(path: &mut String, value: &dyn std::fmt::Display) {
    use std::fmt::Write as _;
    let (Some(start), Some(end)) = (path.find('{'), path.find('}')) else { return };
    let mut text = String::new();
    for byte in value.to_string().bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~+@".contains(&byte) {
            text.push(byte as char);
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    path.replace_range(start..=end, &text);
}

/// Declares endpoints: name, method, path, path values in the path's order, then `?Query` and `=Body` where there are any.
///
/// ```ignore
/// endpoints! {
///     /// Changes some fields of a channel.
///     PatchChannel(channel_id: ChannelId) PUT "/channels/{channel_id}/patch" =ChannelPatch => Channel;
///     /// The posts of a channel, newest first.
///     ListPosts(channel_id: ChannelId) GET "/channels/{channel_id}/posts" ?PostsQuery => PostList;
/// }
/// ```
///
/// A value is made with the struct's fields: `PatchChannel { channel_id, body }`, `ListPosts { channel_id, query }`;
/// without body or query those fields are `()` and [`Default`].
#[macro_export]
macro_rules! endpoints {
    ($( $(#[doc = $doc:literal])* $name:ident ($($field:ident : $ty:ty),*) $method:ident $path:literal $(?$query:ty)? $(=$body:ty)? => $output:ty; )*) => {
        $(
            $crate::endpoints!(@one [$($doc)*] $name ($($field: $ty),*) $method $path [$($query)?] [$($body)?] $output);
        )*
    };
    (@one [$($doc:literal)*] $name:ident ($($field:ident : $ty:ty),*) $method:ident $path:literal [$($query:ty)?] [$($body:ty)?] $output:ty) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $(pub $field: $ty,)*
            pub query: $crate::endpoints!(@or_unit $($query)?),
            pub body: $crate::endpoints!(@or_unit $($body)?),
        }
        impl $crate::endpoint::Endpoint for $name {
            const METHOD: $crate::endpoint::Method = $crate::endpoints!(@method $method);
            const PATH: &'static str = $path;
            const ABOUT: &'static str = concat!($($doc),*);
            type Body = $crate::endpoints!(@or_unit $($body)?);
            type Query = $crate::endpoints!(@or_unit $($query)?);
            type Output = $output;
            fn path(&self) -> String {
                #[allow(unused_mut, clippy::allow_attributes, reason = "paths without values exist")]
                let mut path = String::from($path);
                $($crate::endpoint::fill(&mut path, &self.$field);)*
                path
            }
            fn body(&self) -> &Self::Body { &self.body }
            fn query(&self) -> &Self::Query { &self.query }
        }
    };
    (@or_unit) => { () };
    (@or_unit $ty:ty) => { $ty };
    (@method GET) => { $crate::endpoint::Method::Get };
    (@method POST) => { $crate::endpoint::Method::Post };
    (@method PUT) => { $crate::endpoint::Method::Put };
    (@method PATCH) => { $crate::endpoint::Method::Patch };
    (@method DELETE) => { $crate::endpoint::Method::Delete };
}

/// `{"status":"OK"}`: done, and nothing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done;

impl Serialize for Done {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = s.serialize_map(Some(1))?;
        map.serialize_entry("status", "OK")?;
        map.end()
    }
}

impl<'de> serde::Deserialize<'de> for Done {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(d).map(|_| Self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Done {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Done".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "Done, and nothing to say.",
            "properties": { "status": { "type": "string", "const": "OK" } },
            "required": ["status"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    endpoints! {
        /// A test's endpoint.
        Named(team: String, channel: String) GET "/teams/{team}/name/{channel}" => Done;
    }

    #[test]
    fn values_are_filled_in_and_encoded() {
        let call = Named { team: "a/b".into(), channel: "c d".into(), query: (), body: () };
        assert_eq!(call.path(), "/teams/a%2Fb/name/c%20d");
        assert_eq!(serde_json::to_string(&Done).ok().as_deref(), Some(r#"{"status":"OK"}"#));
    }
}
