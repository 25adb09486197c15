//! What the members and guests of a channel may do there, as far as it can be taken from them.

use crate::{ChannelId, endpoints};
use serde::{Deserialize, Serialize};

/// Something that members and guests may do or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Moderation {
    /// `create_post`, `create_reactions`, `manage_members`, `use_channel_mentions` or `manage_bookmarks`.
    pub name: String,
    pub roles: ModeratedRoles,
}

/// For whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ModeratedRoles {
    /// Null where guests never may.
    pub guests: Option<Moderated>,
    pub members: Option<Moderated>,
}

/// Whether they may, and whether that can be changed here: what they may not in the whole team, they may not here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Moderated {
    pub value: bool,
    pub enabled: bool,
}

/// A change of one of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ModerationPatch {
    pub name: String,
    pub roles: ModeratedRolesPatch,
}

/// What is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ModeratedRolesPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guests: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<bool>,
}

endpoints! {
    /// What the members and guests of a channel may do there.
    GetModerations(channel_id: ChannelId) GET "/channels/{channel_id}/moderations" => Vec<Moderation>;
    /// Takes something from them, or gives it back.
    PatchModerations(channel_id: ChannelId) PUT "/channels/{channel_id}/moderations/patch" =Vec<ModerationPatch> => Vec<Moderation>;
}
