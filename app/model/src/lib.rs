//! What travels between browser and server: types, endpoints, events, settings, permissions, refusals.
//!
//! No async, no I/O, nothing of the server: it compiles to WebAssembly as it is. One file per
//! resource of the API; a path, an event, an error or a setting is said here once and nowhere else.

pub mod access_tokens;
pub mod bookmarks;
pub mod bots;
pub mod channels;
pub mod commands;
pub mod compliance;
pub mod config;
pub mod drafts;
pub mod emoji;
pub mod endpoint;
pub mod event;
pub mod files;
pub mod groups;
pub mod id;
pub mod interactive;
pub mod json;
pub mod moderations;
pub mod notifications;
pub mod oauth;
pub mod opengraph;
pub mod outgoing_oauth;
pub mod permission;
pub mod posts;
pub mod preferences;
pub mod reactions;
pub mod refusal;
pub mod reports;
pub mod retention;
pub mod roles;
pub mod schemes;
pub mod sessions;
pub mod sidebar;
pub mod status;
pub mod system;
pub mod teams;
pub mod terms_of_service;
pub mod text;
pub mod users;
pub mod webhooks;

pub use id::{
    AnyId, ChannelId, ConnectionId, EmojiId, FileId, Id, Millis, PostId, RoleId, SessionId, TeamId, UploadId, UserId,
};
pub use refusal::Refusal;

use std::collections::BTreeMap;

/// A map of texts, as the API's `props` and `notify_props` often are.
pub type StringMap = BTreeMap<String, String>;

/// Serialises a value as JSON inside a JSON string. Mattermost: most objects in WebSocket events travel so.
pub mod json_string {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

    pub fn serialize<T: Serialize, S: Serializer>(value: &T, s: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(value).map_err(serde::ser::Error::custom)?;
        s.serialize_str(&text)
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(d: D) -> Result<T, D::Error> {
        let text = String::deserialize(d)?;
        crate::json::read(&text).map_err(serde::de::Error::custom)
    }
}

/// Reads `null` as the type's default value, as servers written in Go do.
pub fn null_default<'de, D, T>(d: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + serde::Deserialize<'de>,
{
    Ok(<Option<T> as serde::Deserialize>::deserialize(d)?.unwrap_or_default())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(crate) fn is_zero(value: &i64) -> bool {
    *value == 0
}

/// Holds a document in `docs` against what it has to be; with `UPDATE` set, writes it.
#[cfg(test)]
pub(crate) fn documented(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).expect("docs can be written");
        return;
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == text, "docs/{name} is not up to date: UPDATE=1 cargo test -p model documents");
}
