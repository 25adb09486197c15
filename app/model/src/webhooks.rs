//! Webhooks: addresses that programs post to, and addresses of programs that are told what was posted.

use crate::{AnyId, ChannelId, Millis, TeamId, UserId, endpoint::Done, endpoints, null_default, posts::Props};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest display name, in characters.
pub const DISPLAY_NAME_MAX: usize = 64;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 500;
/// The longest name to post under, in characters.
pub const USERNAME_MAX: usize = 64;
/// The longest address, in characters.
pub const URL_MAX: usize = 1_024;
/// A body as JSON.
pub const JSON: &str = "application/json";
/// A body as a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// An address that a program posts to. Whoever knows its id may.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct IncomingWebhook {
    pub id: AnyId,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    /// As whom it posts.
    pub user_id: UserId,
    /// Where it posts if the program does not say.
    pub channel_id: ChannelId,
    pub team_id: TeamId,
    pub display_name: String,
    pub description: String,
    /// The name it posts under, if that is allowed.
    pub username: String,
    pub icon_url: String,
    /// The program cannot choose another channel.
    pub channel_locked: bool,
}

/// What somebody sends to make or change an incoming webhook. Ids are texts: what is none is refused as unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct IncomingWebhookForm {
    pub id: String,
    pub channel_id: String,
    /// Taken from administrators only.
    pub user_id: String,
    pub display_name: String,
    pub description: String,
    pub username: String,
    pub icon_url: String,
    pub channel_locked: bool,
}

/// What a program posts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct IncomingPost {
    #[serde(deserialize_with = "null_default")]
    pub text: String,
    #[serde(deserialize_with = "null_default")]
    pub username: String,
    #[serde(deserialize_with = "null_default")]
    pub icon_url: String,
    #[serde(deserialize_with = "null_default")]
    pub icon_emoji: String,
    /// `name`, `#name` or `@user`.
    #[serde(rename = "channel", deserialize_with = "null_default")]
    pub channel_name: String,
    #[serde(deserialize_with = "null_default")]
    pub root_id: String,
    #[serde(deserialize_with = "null_default")]
    pub props: Props,
    #[serde(deserialize_with = "null_default")]
    pub attachments: Vec<Value>,
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    #[serde(deserialize_with = "null_default")]
    pub priority: Option<Value>,
}

/// An address that is told of posts with certain first words, or in a certain channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OutgoingWebhook {
    pub id: AnyId,
    /// What proves to the program that it is us.
    pub token: String,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    pub creator_id: UserId,
    /// Empty: all public channels of the team.
    #[serde(deserialize_with = "null_default")]
    pub channel_id: ChannelId,
    pub team_id: TeamId,
    #[serde(deserialize_with = "null_default")]
    pub trigger_words: Vec<String>,
    /// 0: the first word is one of them; 1: it begins with one.
    pub trigger_when: i64,
    #[serde(deserialize_with = "null_default")]
    pub callback_urls: Vec<String>,
    pub display_name: String,
    pub description: String,
    /// [`JSON`] or [`FORM`]; empty means a form.
    pub content_type: String,
    pub username: String,
    pub icon_url: String,
}

impl OutgoingWebhook {
    /// The trigger word that a message begins with. `None`: the hook is not for it.
    pub fn triggered_by(&self, message: &str) -> Option<String> {
        let first = message.split_whitespace().next().unwrap_or_default();
        if self.trigger_words.is_empty() {
            return self.channel_id.is_some().then(String::new);
        }
        let fits = |word: &&String| {
            if self.trigger_when == 1 { first.starts_with(word.as_str()) } else { first == word.as_str() }
        };
        self.trigger_words.iter().find(fits).cloned()
    }
}

/// What a program answers to be posted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OutgoingAnswer {
    #[serde(deserialize_with = "null_default")]
    pub text: Option<String>,
    #[serde(deserialize_with = "null_default")]
    pub username: String,
    #[serde(deserialize_with = "null_default")]
    pub icon_url: String,
    #[serde(deserialize_with = "null_default")]
    pub props: Props,
    #[serde(deserialize_with = "null_default")]
    pub attachments: Vec<Value>,
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    /// `comment`: in the thread of the post.
    #[serde(deserialize_with = "null_default")]
    pub response_type: String,
    #[serde(deserialize_with = "null_default")]
    pub priority: Option<Value>,
}

/// Which webhooks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct HooksQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_total_count: Option<String>,
}

endpoints! {
    /// Makes an incoming webhook.
    CreateIncoming() POST "/hooks/incoming" =IncomingWebhookForm => IncomingWebhook;
    /// Incoming webhooks of a team, or of all.
    ListIncoming() GET "/hooks/incoming" ?HooksQuery => Vec<IncomingWebhook>;
    /// An incoming webhook.
    GetIncoming(hook_id: AnyId) GET "/hooks/incoming/{hook_id}" => IncomingWebhook;
    /// Changes an incoming webhook.
    UpdateIncoming(hook_id: AnyId) PUT "/hooks/incoming/{hook_id}" =IncomingWebhookForm => IncomingWebhook;
    /// Removes an incoming webhook.
    DeleteIncoming(hook_id: AnyId) DELETE "/hooks/incoming/{hook_id}" => Done;
    /// Makes an outgoing webhook.
    CreateOutgoing() POST "/hooks/outgoing" =OutgoingWebhook => OutgoingWebhook;
    /// Outgoing webhooks of a channel, a team, or of all.
    ListOutgoing() GET "/hooks/outgoing" ?HooksQuery => Vec<OutgoingWebhook>;
    /// An outgoing webhook.
    GetOutgoing(hook_id: AnyId) GET "/hooks/outgoing/{hook_id}" => OutgoingWebhook;
    /// Changes an outgoing webhook.
    UpdateOutgoing(hook_id: AnyId) PUT "/hooks/outgoing/{hook_id}" =OutgoingWebhook => OutgoingWebhook;
    /// Removes an outgoing webhook.
    DeleteOutgoing(hook_id: AnyId) DELETE "/hooks/outgoing/{hook_id}" => Done;
    /// Gives an outgoing webhook another token.
    RenewOutgoing(hook_id: AnyId) POST "/hooks/outgoing/{hook_id}/regen_token" => OutgoingWebhook;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_triggers() {
        let hook = |when: i64| OutgoingWebhook {
            trigger_words: vec!["bang".into()],
            trigger_when: when,
            ..OutgoingWebhook::default()
        };
        assert_eq!(hook(0).triggered_by("bang now").as_deref(), Some("bang"));
        assert_eq!(hook(0).triggered_by("banger"), None);
        assert_eq!(hook(1).triggered_by("banger").as_deref(), Some("bang"));
        assert_eq!(hook(1).triggered_by("a bang"), None);
        let channel = OutgoingWebhook { channel_id: ChannelId::from_random([1; 16]), ..OutgoingWebhook::default() };
        assert_eq!(channel.triggered_by("anything").as_deref(), Some(""));
        assert_eq!(OutgoingWebhook::default().triggered_by("anything"), None);
    }
}
