//! How long messages and files are kept.

use crate::{
    AnyId, ChannelId, Millis, TeamId, channels::ChannelInTeam, endpoint::Done, endpoints, null_default, system::Page,
    teams::Team,
};
use serde::{Deserialize, Serialize};

/// The longest name of a policy, in characters.
pub const NAME_MAX: usize = 64;

/// What holds where no policy says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GlobalRetention {
    pub message_deletion_enabled: bool,
    pub file_deletion_enabled: bool,
    /// Messages from before this moment are removed.
    pub message_retention_cutoff: Millis,
    pub file_retention_cutoff: Millis,
}

/// How long messages are kept in some teams and channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RetentionPolicy {
    pub id: AnyId,
    pub display_name: String,
    /// In days; -1: for ever.
    pub post_duration: i64,
    pub team_count: i64,
    pub channel_count: i64,
}

/// A page of policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RetentionPolicies {
    pub policies: Vec<RetentionPolicy>,
    pub total_count: i64,
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RetentionCount {
    pub total_count: i64,
}

/// A new policy, or what to change of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RetentionPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_duration: Option<i64>,
    /// Where it applies, instead of where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_ids: Option<Vec<TeamId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_ids: Option<Vec<ChannelId>>,
}

/// Teams of a policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RetentionTeams {
    pub teams: Vec<Team>,
    pub total_count: i64,
}

/// Channels of a policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RetentionChannels {
    pub channels: Vec<ChannelInTeam>,
    pub total_count: i64,
}

/// What to look for among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RetentionSearch {
    #[serde(deserialize_with = "null_default")]
    pub term: String,
    /// Only channels of these teams; all if empty.
    #[serde(deserialize_with = "null_default")]
    pub team_ids: Vec<TeamId>,
}

/// How long messages are kept in a team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TeamRetention {
    pub team_id: TeamId,
    pub post_duration: i64,
}

/// How long messages are kept in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelRetention {
    pub channel_id: ChannelId,
    pub post_duration: i64,
}

/// A page of the teams of one person that have a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TeamRetentions {
    pub policies: Vec<TeamRetention>,
    pub total_count: i64,
}

/// A page of the channels of one person that have a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelRetentions {
    pub policies: Vec<ChannelRetention>,
    pub total_count: i64,
}

endpoints! {
    /// How long messages and files are kept where no policy says otherwise.
    GetGlobalRetention() GET "/data_retention/policy" => GlobalRetention;
    /// How many policies there are.
    CountRetentionPolicies() GET "/data_retention/policies_count" => RetentionCount;
    /// A page of policies, by name.
    ListRetentionPolicies() GET "/data_retention/policies" ?Page => RetentionPolicies;
    /// Makes a policy.
    CreateRetentionPolicy() POST "/data_retention/policies" =RetentionPatch => RetentionPolicy;
    /// A policy.
    GetRetentionPolicy(policy_id: AnyId) GET "/data_retention/policies/{policy_id}" => RetentionPolicy;
    /// Changes a policy.
    PatchRetentionPolicy(policy_id: AnyId) PATCH "/data_retention/policies/{policy_id}" =RetentionPatch => RetentionPolicy;
    /// Removes a policy; what it kept is kept as long as everything else.
    DeleteRetentionPolicy(policy_id: AnyId) DELETE "/data_retention/policies/{policy_id}" => Done;
    /// A page of the teams that have a policy.
    ListRetentionTeams(policy_id: AnyId) GET "/data_retention/policies/{policy_id}/teams" ?Page => RetentionTeams;
    /// Gives teams a policy, instead of the one they had.
    AddRetentionTeams(policy_id: AnyId) POST "/data_retention/policies/{policy_id}/teams" =Vec<TeamId> => Done;
    /// Takes it from teams.
    RemoveRetentionTeams(policy_id: AnyId) DELETE "/data_retention/policies/{policy_id}/teams" =Vec<TeamId> => Done;
    /// Finds teams that have a policy.
    SearchRetentionTeams(policy_id: AnyId) POST "/data_retention/policies/{policy_id}/teams/search" =RetentionSearch => Vec<Team>;
    /// A page of the channels that have a policy of their own.
    ListRetentionChannels(policy_id: AnyId) GET "/data_retention/policies/{policy_id}/channels" ?Page => RetentionChannels;
    /// Gives channels a policy of their own, instead of the one they had.
    AddRetentionChannels(policy_id: AnyId) POST "/data_retention/policies/{policy_id}/channels" =Vec<ChannelId> => Done;
    /// Takes it from channels.
    RemoveRetentionChannels(policy_id: AnyId) DELETE "/data_retention/policies/{policy_id}/channels" =Vec<ChannelId> => Done;
    /// Finds channels that have a policy of their own.
    SearchRetentionChannels(policy_id: AnyId) POST "/data_retention/policies/{policy_id}/channels/search" =RetentionSearch => Vec<ChannelInTeam>;
    /// How long messages are kept in somebody's teams that have a policy.
    ListTeamRetentionOf(user_id: String) GET "/users/{user_id}/data_retention/team_policies" ?Page => TeamRetentions;
    /// How long messages are kept in somebody's channels that have a policy of their own.
    ListChannelRetentionOf(user_id: String) GET "/users/{user_id}/data_retention/channel_policies" ?Page => ChannelRetentions;
}
