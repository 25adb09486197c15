//! The lines of a bulk export: JSON, one thing each, as Mattermost's bulk loading format says in version 1. Things are
//! known by names and not by ids, so that a file can be read by another server.

use model::{Millis, StringMap, posts::Props};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format.
pub const VERSION: i64 = 1;

/// A line. `type` says which of the other fields there is.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Line {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<Info>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Box<SchemeLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<EmojiLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Box<UserLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<BotLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<Box<PostLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_channel: Option<DirectChannelLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_post: Option<Box<PostLine>>,
}

/// Who wrote the file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Info {
    pub generator: String,
    pub version: String,
    /// RFC 3339.
    pub created: String,
}

/// A role, by its name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct RoleLine {
    pub name: String,
    pub display_name: String,
    pub description: String,
    /// What is missing leaves the role as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    pub scheme_managed: bool,
}

/// A scheme and what its roles hold.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SchemeLine {
    pub name: String,
    pub display_name: String,
    pub description: String,
    /// `team` or `channel`.
    pub scope: String,
    /// `default_team_admin_role` and so on; those of a scheme for teams are missing from one for channels.
    #[serde(flatten)]
    pub roles: BTreeMap<String, Option<RoleLine>>,
}

/// A custom emoji.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct EmojiLine {
    pub name: String,
    /// Where its picture is in the archive.
    pub image: String,
}

/// A team. What is missing stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TeamLine {
    pub name: String,
    pub display_name: String,
    /// `O` or `I`.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_open_invite: Option<bool>,
    /// The name of a scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
}

/// A channel of a team. What is missing stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ChannelLine {
    pub team: String,
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// `O` or `P`.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The name of a scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// When it was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Millis>,
}

/// A person. What is missing stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct UserLine {
    /// Where the picture is in the archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_image: Option<String>,
    pub username: String,
    pub email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_data: Option<String>,
    /// In clear. An export has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// When the account was deactivated; 0: it is active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_props: Option<StringMap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_status: Option<serde_json::Value>,
    pub teams: Vec<UserTeam>,
    /// Preferences, each under a name of its own: see [`PREFERENCES`].
    #[serde(flatten)]
    pub more: BTreeMap<String, serde_json::Value>,
}

/// The preferences that have a name of their own in a line of a person: that name, their category and name here. No name
/// stands for the person's id.
pub const PREFERENCES: [(&str, &str, Option<&str>); 20] = [
    ("feature_enabled_markdown_preview", "advanced_settings", Some("feature_enabled_markdown_preview")),
    ("formatting", "advanced_settings", Some("formatting")),
    ("show_unread_section", "sidebar_settings", Some("show_unread_section")),
    ("theme", "theme", Some("")),
    ("military_time", "display_settings", Some("use_military_time")),
    ("link_previews", "display_settings", Some("collapse_previews")),
    ("show_link_previews", "display_settings", Some("link_previews")),
    ("message_display", "display_settings", Some("message_display")),
    ("collapse_consecutive_messages", "display_settings", Some("collapse_consecutive_messages")),
    ("colorize_usernames", "display_settings", Some("colorize_usernames")),
    ("channel_display_mode", "display_settings", Some("channel_display_mode")),
    ("name_format", "display_settings", Some("name_format")),
    ("tutorial_step", "tutorial_step", None),
    (INTERVAL, "notifications", Some("email_interval")),
    ("send_on_ctrl_enter", "advanced_settings", Some("send_on_ctrl_enter")),
    ("show_join_leave", "advanced_settings", Some("join_leave")),
    ("sync_drafts", "advanced_settings", Some("sync_drafts")),
    ("code_block_ctrl_enter", "advanced_settings", Some("code_block_ctrl_enter")),
    ("show_unread_scroll_position", "advanced_settings", Some("unread_scroll_position")),
    ("limit_visible_dms_gms", "sidebar_settings", Some("limit_visible_dms_gms")),
];

/// The field that says how often somebody gets mail, in words; the preference has seconds.
pub const INTERVAL: &str = "email_interval";

/// The seconds that a word of [`INTERVAL`] stands for, or the word for seconds. What is neither is left as it is.
pub fn interval(value: &str, to_seconds: bool) -> &str {
    let words = [("immediately", "30"), ("fifteen", "900"), ("hour", "3600")];
    let found = words.into_iter().find(|(word, seconds)| value == if to_seconds { *word } else { *seconds });
    found.map_or(value, |(word, seconds)| if to_seconds { seconds } else { word })
}

/// A membership in a team.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct UserTeam {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    /// The colours that the person has chosen for this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    pub channels: Vec<UserChannel>,
}

/// A membership in a channel of a team.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct UserChannel {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_props: Option<StringMap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favorite: Option<bool>,
    #[serde(flatten)]
    pub read: Read,
}

/// What somebody has read of a channel, where the file says so.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Read {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_viewed_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention_count_root: Option<i64>,
    /// Spelt so in Mattermost's files.
    #[serde(skip_serializing_if = "Option::is_none", rename = "urgend_mention_count", alias = "urgent_mention_count")]
    pub urgent_mention_count: Option<i64>,
}

/// A bot. What is missing stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct BotLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_image: Option<String>,
    pub username: String,
    /// The name of whoever looks after it, or of the program that does.
    pub owner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_at: Option<Millis>,
}

/// A message that begins a thread, with the replies to it. In a conversation of fixed people these are
/// `channel_members`, otherwise it is in `channel` of `team`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct PostLine {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub team: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channel_members: Vec<String>,
    #[serde(flatten)]
    pub said: Said,
    /// `null` in other servers' files where there are none.
    pub replies: Option<Vec<Said>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_followers: Option<Vec<Follower>>,
}

/// What a message and a reply have in common.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Said {
    pub user: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub props: Option<Props>,
    pub create_at: Millis,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_pinned: Option<bool>,
    /// Who has saved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flagged_by: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reactions: Option<Vec<Reacted>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// How much it asked to be seen. Our own addition to the format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<model::posts::Priority>,
}

/// An emoji under a message.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Reacted {
    pub user: String,
    pub emoji_name: String,
    pub create_at: Millis,
}

/// A file of a message.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Attachment {
    /// In the archive, below [`super::DATA`]. What is behind the last `/` is the file's name.
    pub path: String,
}

/// Somebody who follows a thread.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Follower {
    pub user: String,
    pub last_viewed: Option<Millis>,
    pub unread_mentions: Option<i64>,
}

/// A conversation of fixed people. The people are `participants`, or only their names in `members`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct DirectChannelLine {
    pub members: Option<Vec<String>>,
    pub participants: Option<Vec<Participant>>,
    pub favorited_by: Option<Vec<String>>,
    /// In whose sidebar it is.
    pub shown_by: Option<Vec<String>>,
    pub header: Option<String>,
}

/// Somebody in a conversation of fixed people.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Participant {
    pub username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_props: Option<StringMap>,
    #[serde(flatten)]
    pub read: Read,
}

impl DirectChannelLine {
    /// The names of the people.
    pub fn people(&self) -> Vec<&str> {
        match (&self.participants, &self.members) {
            (Some(people), _) if !people.is_empty() => people.iter().map(|p| p.username.as_str()).collect(),
            (_, Some(names)) => names.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}
