//! Custom emoji: pictures that people add to the standard ones.

use crate::{EmojiId, Millis, UserId, endpoint::Done, endpoints, null_default};
use serde::{Deserialize, Serialize};

/// An emoji that somebody added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CustomEmoji {
    #[serde(deserialize_with = "null_default")]
    pub id: EmojiId,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    #[serde(deserialize_with = "null_default")]
    pub creator_id: UserId,
    /// Without colons.
    #[serde(deserialize_with = "null_default")]
    pub name: String,
}

/// Which custom emoji, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EmojiQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    /// `name`, or nothing for the order in which they were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// What the names of emoji begin with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EmojiPrefix {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What to look for in the names of emoji.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EmojiSearch {
    #[serde(deserialize_with = "null_default")]
    pub term: String,
    /// At the beginning of names only, not anywhere in them.
    #[serde(deserialize_with = "null_default")]
    pub prefix_only: bool,
}

endpoints! {
    /// Custom emoji, a page of them.
    ListEmoji() GET "/emoji" ?EmojiQuery => Vec<CustomEmoji>;
    /// A custom emoji by id.
    GetEmoji(emoji_id: EmojiId) GET "/emoji/{emoji_id}" => CustomEmoji;
    /// A custom emoji by name.
    GetEmojiByName(emoji_name: String) GET "/emoji/name/{emoji_name}" => CustomEmoji;
    /// Those of the names that are custom emoji.
    ListEmojiByNames() POST "/emoji/names" =Vec<String> => Vec<CustomEmoji>;
    /// Custom emoji with something in their names.
    SearchEmoji() POST "/emoji/search" =EmojiSearch => Vec<CustomEmoji>;
    /// Custom emoji whose names begin with something.
    CompleteEmoji() GET "/emoji/autocomplete" ?EmojiPrefix => Vec<CustomEmoji>;
    /// Deletes a custom emoji.
    DeleteEmoji(emoji_id: EmojiId) DELETE "/emoji/{emoji_id}" => Done;
}
