//! Groups that people make to mention several at once.

use crate::{AnyId, Millis, UserId, endpoint::Done, endpoints, null_default, users::User};
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_MAX: usize = 64;
/// The longest title, in characters.
pub const DISPLAY_NAME_MAX: usize = 128;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 1_024;
/// The only source that groups have here.
pub const CUSTOM: &str = "custom";

/// A group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Group {
    pub id: AnyId,
    /// By which it is mentioned.
    pub name: String,
    pub display_name: String,
    pub description: String,
    /// Always [`CUSTOM`].
    pub source: String,
    /// Always null: it is of no directory.
    pub remote_id: Option<String>,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    /// Always false: it is bound to no team or channel.
    pub has_syncables: bool,
    pub member_count: i64,
    /// Always true: it can be mentioned.
    pub allow_reference: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_ids: Option<Vec<UserId>>,
}

/// What somebody sends to make a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewGroup {
    #[serde(deserialize_with = "null_default")]
    pub name: String,
    #[serde(deserialize_with = "null_default")]
    pub display_name: String,
    #[serde(deserialize_with = "null_default")]
    pub description: String,
    #[serde(deserialize_with = "null_default")]
    pub source: String,
    #[serde(deserialize_with = "null_default")]
    pub allow_reference: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<String>,
    pub user_ids: Vec<UserId>,
    /// Some clients put the fields above in here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Box<NewGroup>>,
}

/// The fields to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GroupPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Which groups. Texts, since nonsense falls back to the default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GroupsQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    /// In the name or title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Changed after this time, deleted ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_archived: Option<String>,
    /// Deleted ones only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_archived: Option<String>,
    /// With this person in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_has_member: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_source: Option<String>,
}

/// Several people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UserIds {
    pub user_ids: Vec<UserId>,
}

/// A membership in a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GroupMember {
    pub group_id: AnyId,
    pub user_id: UserId,
    pub create_at: Millis,
    pub delete_at: Millis,
}

/// People of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GroupMembers {
    pub members: Vec<User>,
    pub total_member_count: i64,
}

/// How many are in a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GroupStats {
    pub group_id: AnyId,
    pub total_member_count: i64,
}

/// How many of a group are in a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CountByGroup {
    pub group_id: AnyId,
    pub channel_member_count: i64,
    pub channel_member_timezones_count: i64,
}

endpoints! {
    /// Groups by title.
    ListGroups() GET "/groups" ?GroupsQuery => Vec<Group>;
    /// Makes a group of people.
    CreateGroup() POST "/groups" =NewGroup => Group;
    /// Groups by their names; unknown ones are left out.
    GroupsByNames() POST "/groups/names" =Vec<String> => Vec<Group>;
    /// A group.
    GetGroup(group_id: AnyId) GET "/groups/{group_id}" => Group;
    /// Changes a group's name, title or description.
    PatchGroup(group_id: AnyId) PUT "/groups/{group_id}/patch" =GroupPatch => Group;
    /// Deletes a group; its name stays taken.
    DeleteGroup(group_id: AnyId) DELETE "/groups/{group_id}" => Done;
    /// Brings a deleted group back.
    RestoreGroup(group_id: AnyId) POST "/groups/{group_id}/restore" => Done;
    /// How many are in a group.
    GetGroupStats(group_id: AnyId) GET "/groups/{group_id}/stats" => GroupStats;
    /// The people of a group.
    ListGroupMembers(group_id: AnyId) GET "/groups/{group_id}/members" ?crate::system::Page => GroupMembers;
    /// Adds people to a group.
    AddGroupMembers(group_id: AnyId) POST "/groups/{group_id}/members" =UserIds => Vec<GroupMember>;
    /// Removes people from a group.
    RemoveGroupMembers(group_id: AnyId) DELETE "/groups/{group_id}/members" =UserIds => Vec<GroupMember>;
    /// The groups that somebody is in.
    ListGroupsOfUser(user_id: String) GET "/users/{user_id}/groups" => Vec<Group>;
}
