//! What people have begun to write, and what is to be sent later.

use crate::{
    AnyId, ChannelId, FileId, Millis, PostId, TeamId, UserId,
    endpoint::Done,
    endpoints, null_default,
    posts::{Metadata, NewMetadata, NewPost, Priority, Props},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody has begun to write in a channel or thread; the same on all of their devices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Draft {
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    pub user_id: UserId,
    pub channel_id: ChannelId,
    /// The thread it answers in; empty: the channel itself.
    #[serde(deserialize_with = "null_default")]
    pub root_id: PostId,
    #[serde(deserialize_with = "null_default")]
    pub message: String,
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    #[serde(deserialize_with = "null_default")]
    pub props: Props,
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub file_ids: Vec<FileId>,
    #[serde(deserialize_with = "null_default")]
    pub metadata: Metadata,
    /// As in a post's metadata.
    #[serde(skip_serializing_if = "Props::is_empty", deserialize_with = "null_default")]
    pub priority: Props,
}

/// A message that is to be sent at a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScheduledPost {
    #[serde(deserialize_with = "null_default")]
    pub id: AnyId,
    #[serde(flatten)]
    pub draft: Draft,
    pub scheduled_at: Millis,
    /// When sending it failed; 0: it waits.
    #[serde(deserialize_with = "null_default")]
    pub processed_at: Millis,
    /// Why it was not sent: `channel_archived`, `thread_deleted` and so on.
    #[serde(deserialize_with = "null_default")]
    pub error_code: String,
}

impl Draft {
    /// What would be posted.
    pub fn to_post(&self) -> NewPost {
        NewPost {
            channel_id: self.channel_id,
            message: self.message.clone(),
            root_id: self.root_id.to_string(),
            props: self.props.clone(),
            file_ids: self.file_ids.clone(),
            kind: self.kind.clone(),
            metadata: NewMetadata { priority: self.asks() },
            ..NewPost::default()
        }
    }

    /// How much it will ask to be seen.
    pub fn asks(&self) -> Option<Priority> {
        serde_json::from_value(self.priority.clone().into()).ok().filter(|p: &Priority| !p.is_none())
    }

    /// Sets it.
    pub fn ask(&mut self, priority: Option<&Priority>) {
        let value = priority.and_then(|priority| serde_json::to_value(priority).ok());
        self.priority = value.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.message.is_empty() && self.file_ids.is_empty()
    }
}

/// Whether messages to people are wanted with those of the team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ScheduledQuery {
    #[serde(rename = "includeDirectChannels", skip_serializing_if = "Option::is_none")]
    pub include_direct_channels: Option<String>,
}

/// When to be reminded, in seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Reminder {
    pub target_time: i64,
}

endpoints! {
    /// Keeps what somebody has begun to write, or replaces it; without text and files, forgets it.
    SaveDraft() POST "/drafts" =Draft => Draft;
    /// What one has begun to write in a team and to people, the latest first.
    ListDrafts(user_id: String, team_id: TeamId) GET "/users/{user_id}/teams/{team_id}/drafts" => Vec<Draft>;
    /// Forgets what one has begun to write in a channel.
    DeleteDraft(user_id: String, channel_id: ChannelId) DELETE "/users/{user_id}/channels/{channel_id}/drafts" => Draft;
    /// Forgets what one has begun to write in a thread.
    DeleteThreadDraft(user_id: String, channel_id: ChannelId, thread_id: PostId) DELETE "/users/{user_id}/channels/{channel_id}/drafts/{thread_id}" => Draft;
    /// Sends a message at a time.
    SchedulePost() POST "/posts/schedule" =ScheduledPost => ScheduledPost;
    /// Changes a message that is to be sent, or its time.
    UpdateScheduledPost(scheduled_post_id: AnyId) PUT "/posts/schedule/{scheduled_post_id}" =ScheduledPost => ScheduledPost;
    /// Does not send a message after all.
    DeleteScheduledPost(scheduled_post_id: AnyId) DELETE "/posts/schedule/{scheduled_post_id}" => ScheduledPost;
    /// What is to be sent, by team; to people under `directChannels`.
    ListScheduledPosts(team_id: TeamId) GET "/posts/scheduled/team/{team_id}" ?ScheduledQuery => BTreeMap<String, Vec<ScheduledPost>>;
    /// Reminds somebody of a post at a time.
    SetReminder(user_id: String, post_id: PostId) POST "/users/{user_id}/posts/{post_id}/reminder" =Reminder => Done;
}
