//! Schemes: which roles the members of a team or channel get instead of the usual ones.

use crate::{AnyId, Millis, endpoints};
use serde::{Deserialize, Serialize};

/// A scheme of teams: roles in the team and in its channels.
pub const TEAM: &str = "team";
/// A scheme of channels: roles in the channel only.
pub const CHANNEL: &str = "channel";

/// A scheme. The roles of a channel's scheme that would be in its team are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Scheme {
    pub id: AnyId,
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    /// [`TEAM`] or [`CHANNEL`].
    pub scope: String,
    pub default_team_admin_role: String,
    pub default_team_user_role: String,
    pub default_team_guest_role: String,
    pub default_channel_admin_role: String,
    pub default_channel_user_role: String,
    pub default_channel_guest_role: String,
}

impl Scheme {
    /// Its roles beside the roles that they replace; also those that it does not have, as empty names.
    pub fn roles_mut(&mut self) -> [(&'static str, &mut String); 6] {
        [
            ("team_admin", &mut self.default_team_admin_role),
            ("team_user", &mut self.default_team_user_role),
            ("team_guest", &mut self.default_team_guest_role),
            ("channel_admin", &mut self.default_channel_admin_role),
            ("channel_user", &mut self.default_channel_user_role),
            ("channel_guest", &mut self.default_channel_guest_role),
        ]
    }
}

/// What a new scheme is to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewScheme {
    /// Made up where it is empty.
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub scope: String,
}

/// The fields to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SchemePatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Which scheme a team or channel is to have; empty: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SchemeOf {
    pub scheme_id: AnyId,
}

/// Whether a name can be a scheme's: 2 to 64 of `a-z 0-9 _`.
pub fn is_valid_name(name: &str) -> bool {
    (2..=64).contains(&name.len()) && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
}

endpoints! {
    /// Makes a scheme with roles of its own, which begin as the usual ones.
    CreateScheme() POST "/schemes" =NewScheme => Scheme;
    /// A scheme.
    GetScheme(scheme_id: AnyId) GET "/schemes/{scheme_id}" => Scheme;
    /// Changes a scheme's names; its roles are changed as roles are.
    PatchScheme(scheme_id: AnyId) PUT "/schemes/{scheme_id}/patch" =SchemePatch => Scheme;
}
