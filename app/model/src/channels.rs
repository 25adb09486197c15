//! Channels of all types, their members and counters.

use crate::{ChannelId, Millis, StringMap, TeamId, UserId, endpoint::Done, endpoints, is_zero, null_default};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest header, in characters.
pub const HEADER_MAX: usize = 1024;
/// The longest purpose, in characters.
pub const PURPOSE_MAX: usize = 250;
/// The longest display name, in characters.
pub const DISPLAY_NAME_MAX: usize = 64;
/// The channel every member of a team is in; it cannot be left or archived.
pub const DEFAULT: &str = "town-square";
/// How many people a group channel has, its maker included.
pub const GROUP_SIZE: std::ops::RangeInclusive<usize> = 3..=8;

/// What kind of channel it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ChannelType {
    /// Everybody of the team may find and join it.
    #[default]
    #[serde(rename = "O")]
    Open,
    /// By invitation only.
    #[serde(rename = "P")]
    Private,
    /// Two people, or one with themselves.
    #[serde(rename = "D")]
    Direct,
    /// Three to eight people.
    #[serde(rename = "G")]
    Group,
}

impl ChannelType {
    /// The letter on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "O",
            Self::Private => "P",
            Self::Direct => "D",
            Self::Group => "G",
        }
    }

    /// The type of a letter.
    pub fn parse(letter: &str) -> Option<Self> {
        [Self::Open, Self::Private, Self::Direct, Self::Group].into_iter().find(|t| t.as_str() == letter)
    }

    /// Whether it is a conversation of fixed people, outside any team.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Direct | Self::Group)
    }
}

/// A place where people write.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Channel {
    pub id: ChannelId,
    pub create_at: Millis,
    pub update_at: Millis,
    /// 0 while it is not archived.
    pub delete_at: Millis,
    /// Empty for direct and group channels.
    pub team_id: TeamId,
    #[serde(rename = "type")]
    pub kind: ChannelType,
    pub display_name: String,
    /// The name in addresses; for direct channels `<smaller id>__<larger id>`.
    pub name: String,
    pub header: String,
    pub purpose: String,
    pub last_post_at: Millis,
    pub total_msg_count: i64,
    pub extra_update_at: Millis,
    pub creator_id: UserId,
    pub scheme_id: Option<String>,
    pub props: Option<serde_json::Map<String, serde_json::Value>>,
    pub group_constrained: Option<bool>,
    pub shared: Option<bool>,
    pub total_msg_count_root: i64,
    pub policy_id: Option<String>,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_root_post_at: Millis,
}

/// The property that names the category in which everybody finds the channel.
pub const MANAGED_CATEGORY: &str = "managed_category_name";
/// The longest name of such a category, in characters.
pub const MANAGED_CATEGORY_MAX: usize = 64;

impl Channel {
    /// The category in which everybody finds it, if whoever looks after the team has chosen one.
    pub fn managed_category(&self) -> Option<&str> {
        self.props.as_ref()?.get(MANAGED_CATEGORY)?.as_str().filter(|name| !name.is_empty())
    }

    /// In a direct channel, the one who is not `me`; oneself where one talks to oneself.
    pub fn teammate(&self, me: UserId) -> Option<UserId> {
        let (a, b) = self.name.split_once("__")?;
        let (a, b) = (a.parse().ok()?, b.parse().ok()?);
        Some(if a == me { b } else { a })
    }
}

/// The name of the direct channel of two people.
pub fn direct_name(a: UserId, b: UserId) -> String {
    format!("{}__{}", a.min(b), a.max(b))
}

/// Whether `name` can be a channel's name in addresses: 2 to 64 of `a-z 0-9 - _`, a letter or digit at the ends.
pub fn is_valid_name(name: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    (2..=64).contains(&name.len())
        && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_".contains(&c))
        && edge(name.chars().next())
        && edge(name.chars().last())
}

/// A person in a channel, with what they have read and how they want to hear of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelMember {
    pub channel_id: ChannelId,
    pub user_id: UserId,
    /// Sum of scheme and explicit roles.
    pub roles: String,
    pub last_viewed_at: Millis,
    /// Of the channel's `total_msg_count`, how many were there when it was last read.
    pub msg_count: i64,
    pub mention_count: i64,
    pub mention_count_root: i64,
    pub msg_count_root: i64,
    pub urgent_mention_count: i64,
    #[serde(deserialize_with = "null_default")]
    pub notify_props: StringMap,
    pub last_update_at: Millis,
    pub scheme_guest: bool,
    pub scheme_user: bool,
    pub scheme_admin: bool,
    pub explicit_roles: String,
}

impl ChannelMember {
    /// How somebody hears of a channel they have not set up. Mattermost's defaults.
    pub fn default_notify_props() -> StringMap {
        [
            ("desktop", "default"),
            ("email", "default"),
            ("ignore_channel_mentions", "default"),
            ("mark_unread", "all"),
            ("push", "default"),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into()
    }

    /// Whether only mentions make it unread.
    pub fn is_muted(&self) -> bool {
        is_muted(&self.notify_props)
    }
}

/// Whether what somebody chose for a channel mutes it.
pub fn is_muted(of_channel: &StringMap) -> bool {
    of_channel.get("mark_unread").is_some_and(|v| v == "mention")
}

/// What somebody chose for a channel, or else for all of them, or else what holds for everybody; and whether it is the
/// first.
pub fn chosen<'a>(of_channel: &'a StringMap, of_user: &'a StringMap, name: &str, default: &'a str) -> (&'a str, bool) {
    let own = |props: &'a StringMap| props.get(name).map(String::as_str).filter(|v| !v.is_empty() && *v != "default");
    match own(of_channel) {
        Some(value) => (value, true),
        None => (own(of_user).unwrap_or(default), false),
    }
}

/// What to make a channel of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewChannel {
    pub team_id: String,
    pub name: String,
    pub display_name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub header: String,
    pub purpose: String,
}

/// The fields to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_constrained: Option<bool>,
    /// The category in which everybody finds it, empty for none; for those who manage the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_category_name: Option<String>,
}

/// Where a channel is moved to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelMove {
    pub team_id: String,
    /// Remove those who are not in that team.
    #[serde(deserialize_with = "null_default")]
    pub force: bool,
}

/// Whom to add to a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewChannelMember {
    pub user_id: String,
    /// Several at once; the answer is a list then.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub user_ids: Vec<String>,
    #[serde(deserialize_with = "null_default")]
    pub post_root_id: String,
}

/// Which channel was opened, and which was left for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelView {
    pub channel_id: ChannelId,
    pub prev_channel_id: ChannelId,
    pub collapsed_threads_supported: bool,
}

/// The answer to a view: when each channel was last read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Viewed {
    pub status: String,
    pub last_viewed_at_times: BTreeMap<ChannelId, Millis>,
}

/// What one has not read of a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelUnread {
    pub team_id: TeamId,
    pub channel_id: ChannelId,
    pub msg_count: i64,
    pub mention_count: i64,
    pub mention_count_root: i64,
    pub msg_count_root: i64,
    pub urgent_mention_count: i64,
}

/// The state after marking as unread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelUnreadAt {
    pub team_id: TeamId,
    pub user_id: UserId,
    pub channel_id: ChannelId,
    pub msg_count: i64,
    pub mention_count: i64,
    pub mention_count_root: i64,
    pub urgent_mention_count: i64,
    pub msg_count_root: i64,
    pub last_viewed_at: Millis,
    #[serde(skip)]
    pub notify_props: StringMap,
}

/// How many are in a channel, and how much is in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelStats {
    pub channel_id: ChannelId,
    pub member_count: i64,
    pub guest_count: i64,
    pub pinnedpost_count: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub files_count: i64,
}

/// A channel with the name of its team, as administrators see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelInTeam {
    #[serde(flatten)]
    pub channel: Channel,
    pub team_display_name: String,
    pub team_name: String,
    pub team_update_at: Millis,
}

/// A page of channels, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CountedChannels {
    pub channels: Vec<ChannelInTeam>,
    pub total_count: i64,
}

/// A search for channels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ChannelSearch {
    pub term: String,
}

/// Which of one's channels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OwnChannelsQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_deleted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_delete_at: Option<String>,
}

endpoints! {
    /// Makes a public or private channel.
    CreateChannel() POST "/channels" =NewChannel => Channel;
    /// The direct channel of two people, made if there was none.
    CreateDirectChannel() POST "/channels/direct" =Vec<UserId> => Channel;
    /// The group channel of three to eight people, made if there was none.
    CreateGroupChannel() POST "/channels/group" =Vec<UserId> => Channel;
    /// A channel by id.
    GetChannel(channel_id: ChannelId) GET "/channels/{channel_id}" => Channel;
    /// A channel by the name in its address.
    GetChannelByName(team_id: TeamId, name: String) GET "/teams/{team_id}/channels/name/{name}" => Channel;
    /// The public channels of a team.
    ListPublicChannels(team_id: TeamId) GET "/teams/{team_id}/channels" ?crate::system::Page => Vec<Channel>;
    /// One's channels in a team, direct and group channels among them.
    ListChannelsOf(user_id: String, team_id: TeamId) GET "/users/{user_id}/teams/{team_id}/channels" ?OwnChannelsQuery => Vec<Channel>;
    /// One's memberships in a team's channels.
    ListChannelMembershipsOf(user_id: String, team_id: TeamId) GET "/users/{user_id}/teams/{team_id}/channels/members" => Vec<ChannelMember>;
    /// Changes some fields of a channel.
    PatchChannel(channel_id: ChannelId) PUT "/channels/{channel_id}/patch" =ChannelPatch => Channel;
    /// Moves a channel to another team.
    MoveChannel(channel_id: ChannelId) POST "/channels/{channel_id}/move" =ChannelMove => Channel;
    /// Archives a channel.
    ArchiveChannel(channel_id: ChannelId) DELETE "/channels/{channel_id}" => Done;
    /// A page of a channel's members.
    ListChannelMembers(channel_id: ChannelId) GET "/channels/{channel_id}/members" ?crate::system::Page => Vec<ChannelMember>;
    /// One membership; `me` for one's own.
    GetChannelMember(channel_id: ChannelId, user_id: String) GET "/channels/{channel_id}/members/{user_id}" => ChannelMember;
    /// Adds somebody, or joins.
    AddChannelMember(channel_id: ChannelId) POST "/channels/{channel_id}/members" =NewChannelMember => ChannelMember;
    /// Removes somebody, or leaves.
    RemoveChannelMember(channel_id: ChannelId, user_id: String) DELETE "/channels/{channel_id}/members/{user_id}" => Done;
    /// Several memberships at once.
    ChannelMembersByIds(channel_id: ChannelId) POST "/channels/{channel_id}/members/ids" =Vec<String> => Vec<ChannelMember>;
    /// Makes somebody an administrator of a channel, or an ordinary member again.
    SetChannelSchemeRoles(channel_id: ChannelId, user_id: String) PUT "/channels/{channel_id}/members/{user_id}/schemeRoles" =crate::teams::SchemeRoles => Done;
    /// Changes how one hears of a channel.
    SetChannelNotifyProps(channel_id: ChannelId, user_id: String) PUT "/channels/{channel_id}/members/{user_id}/notify_props" =StringMap => Done;
    /// Marks several channels as read.
    MarkChannelsRead(user_id: String) POST "/channels/members/{user_id}/mark_read" =Vec<String> => Viewed;
    /// Says which channel one looks at, which makes it read.
    ViewChannel(user_id: String) POST "/channels/members/{user_id}/view" =ChannelView => Viewed;
    /// How many are in a channel.
    GetChannelStats(channel_id: ChannelId) GET "/channels/{channel_id}/stats" => ChannelStats;
    /// What one has not read of a channel.
    GetChannelUnread(user_id: String, channel_id: ChannelId) GET "/users/{user_id}/channels/{channel_id}/unread" => ChannelUnread;
}
