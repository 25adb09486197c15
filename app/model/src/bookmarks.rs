//! Links and files that a channel keeps at hand.

use crate::{AnyId, ChannelId, FileId, Millis, UserId, endpoints, files::FileInfo, null_default};
use serde::{Deserialize, Serialize};

/// The most bookmarks of a channel.
pub const MOST: i64 = 50;
/// The longest title, in characters.
pub const DISPLAY_NAME_MAX: usize = 64;
/// The type of a link.
pub const LINK: &str = "link";
/// The type of a file.
pub const FILE: &str = "file";

/// A bookmark.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Bookmark {
    pub id: AnyId,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    pub channel_id: ChannelId,
    pub owner_id: UserId,
    #[serde(deserialize_with = "null_default")]
    pub file_id: FileId,
    pub display_name: String,
    /// Its place in the channel, from 0.
    pub sort_order: i64,
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_default")]
    pub link_url: String,
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_default")]
    pub image_url: String,
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_default")]
    pub emoji: String,
    /// [`LINK`] or [`FILE`].
    #[serde(rename = "type")]
    pub kind: String,
    /// The file, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileInfo>,
}

/// What somebody sends to make a bookmark.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewBookmark {
    #[serde(deserialize_with = "null_default")]
    pub file_id: FileId,
    #[serde(deserialize_with = "null_default")]
    pub display_name: String,
    #[serde(deserialize_with = "null_default")]
    pub link_url: String,
    #[serde(deserialize_with = "null_default")]
    pub image_url: String,
    #[serde(deserialize_with = "null_default")]
    pub emoji: String,
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
}

/// The fields to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct BookmarkPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_id: Option<FileId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
}

/// What came of a change. Mattermost: a bookmark may be replaced by another; here it stays the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Updated {
    pub updated: Bookmark,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Bookmark>,
}

/// Which bookmarks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct BookmarksQuery {
    /// Changed after this time, deleted ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bookmarks_since: Option<String>,
}

endpoints! {
    /// The bookmarks of a channel, in their order.
    ListBookmarks(channel_id: ChannelId) GET "/channels/{channel_id}/bookmarks" ?BookmarksQuery => Vec<Bookmark>;
    /// Adds a bookmark at the end.
    CreateBookmark(channel_id: ChannelId) POST "/channels/{channel_id}/bookmarks" =NewBookmark => Bookmark;
    /// Changes some fields of a bookmark.
    PatchBookmark(channel_id: ChannelId, bookmark_id: AnyId) PATCH "/channels/{channel_id}/bookmarks/{bookmark_id}" =BookmarkPatch => Updated;
    /// Moves a bookmark to a place, from 0, and answers all in their new order.
    SortBookmark(channel_id: ChannelId, bookmark_id: AnyId) POST "/channels/{channel_id}/bookmarks/{bookmark_id}/sort_order" =i64 => Vec<Bookmark>;
    /// Removes a bookmark.
    DeleteBookmark(channel_id: ChannelId, bookmark_id: AnyId) DELETE "/channels/{channel_id}/bookmarks/{bookmark_id}" => Bookmark;
}
