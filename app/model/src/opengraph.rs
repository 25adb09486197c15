//! What linked pages say of themselves: OpenGraph, and what comes near to it.

use crate::null_default;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A page. The names are OpenGraph's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OpenGraph {
    #[serde(rename = "type")]
    pub kind: String,
    pub url: String,
    pub title: String,
    pub description: String,
    pub determiner: String,
    pub site_name: String,
    pub locale: String,
    pub locales_alternate: Option<Vec<String>>,
    pub images: Option<Vec<Media>>,
    pub audios: Option<Vec<Media>>,
    pub videos: Option<Vec<Media>>,
}

impl OpenGraph {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.title.is_empty() && self.description.is_empty() && self.images.is_none()
    }
}

/// A picture, a film or a sound of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Media {
    pub url: String,
    pub secure_url: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub width: u64,
    pub height: u64,
}

/// How large a linked picture is, in pixels. Mattermost: PostImage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PostImage {
    pub width: u32,
    pub height: u32,
    /// `png`, `jpeg`, `gif` and the like.
    pub format: String,
    /// Always 0: the pictures of a moving one are not counted.
    pub frame_count: i64,
}

/// What was found at an address; neither page nor picture where there was nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "null_default")]
    pub page: Option<OpenGraph>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<PostImage>,
    /// There was no answer, or none that says anything.
    pub failed: bool,
}

/// Whose page is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Asked {
    pub url: String,
}

/// The sizes of linked pictures by their addresses.
pub type Images = BTreeMap<String, PostImage>;
