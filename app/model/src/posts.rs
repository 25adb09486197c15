//! Posts, lists of posts, threads.

use crate::{
    ChannelId, FileId, Millis, PostId, TeamId, UserId, emoji::CustomEmoji, endpoint::Done, endpoints, files::FileInfo,
    is_false, is_zero, null_default, reactions::Reaction, users::User,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest message, in characters.
pub const MESSAGE_MAX: usize = 16_383;
/// The most `props` may take, in characters of JSON.
pub const PROPS_MAX: usize = 8_000;
/// The most files one post can have.
pub const FILES_MAX: usize = 10;

/// Free-form properties of a post.
pub type Props = serde_json::Map<String, serde_json::Value>;

/// A message in a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Post {
    pub id: PostId,
    pub create_at: Millis,
    pub update_at: Millis,
    /// 0 until the text is edited.
    pub edit_at: Millis,
    pub delete_at: Millis,
    pub is_pinned: bool,
    pub user_id: UserId,
    pub channel_id: ChannelId,
    /// The first post of the thread this one answers in; empty for a post of its own.
    #[serde(deserialize_with = "null_default")]
    pub root_id: PostId,
    /// Always empty; kept on the wire for old clients.
    #[serde(deserialize_with = "null_default")]
    pub parent_id: PostId,
    #[serde(deserialize_with = "null_default")]
    pub original_id: PostId,
    pub message: String,
    /// The message as it was written, where the addresses of its pictures were changed to lead through the proxy.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message_source: String,
    /// Empty for people's posts; `system_…` for what the server says.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(deserialize_with = "null_default")]
    pub props: Props,
    /// The hashtags in the message, separated by blanks.
    pub hashtags: String,
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub file_ids: Vec<FileId>,
    /// What the sender called it before it had an id; echoed once.
    pub pending_post_id: String,
    #[serde(skip_serializing_if = "is_false")]
    pub has_reactions: bool,
    pub reply_count: i64,
    pub last_reply_at: Millis,
    pub participants: Option<Vec<User>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_following: Option<bool>,
    #[serde(deserialize_with = "null_default")]
    pub metadata: Metadata,
}

impl Post {
    /// Whether the server said it rather than a person.
    pub fn is_system(&self) -> bool {
        self.kind.starts_with("system_")
    }

    /// Whether it counts as a message: joining and leaving does not.
    pub fn counts(&self) -> bool {
        !matches!(
            self.kind.as_str(),
            "system_join_channel"
                | "system_leave_channel"
                | "system_join_leave"
                | "system_join_team"
                | "system_leave_team"
                | "system_add_remove"
                | "system_add_to_channel"
                | "system_remove_from_channel"
                | "system_add_to_team"
                | "system_remove_from_team"
        )
    }

    /// The text as it was written: with pictures by way of the server's proxy, `message` has other addresses.
    pub fn source(&self) -> &str {
        if self.message_source.is_empty() { &self.message } else { &self.message_source }
    }

    /// A text in `props`, if it is there.
    pub fn prop(&self, name: &str) -> Option<&str> {
        self.props.get(name).and_then(serde_json::Value::as_str)
    }
}

/// What goes with a post: files, reactions, the custom emoji in it, and previews where there are any.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Metadata {
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub embeds: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub emojis: Vec<CustomEmoji>,
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub files: Vec<FileInfo>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_default")]
    pub images: BTreeMap<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub reactions: Vec<Reaction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_default")]
    pub acknowledgements: Vec<Acknowledgement>,
    /// Until when a text is shown that burns after reading; 0 for all others.
    #[serde(skip_serializing_if = "is_zero")]
    pub expire_at: Millis,
}

/// The type of a message whose text burns after reading: it is empty wherever it is not asked for.
pub const BURN_ON_READ: &str = "burn_on_read";

/// How much a post asks to be seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Priority {
    /// Empty, [`Priority::IMPORTANT`] or [`Priority::URGENT`].
    #[serde(deserialize_with = "null_default")]
    pub priority: String,
    /// Whether people are asked to say that they have seen it.
    #[serde(deserialize_with = "null_default")]
    pub requested_ack: bool,
    /// Whether those it mentions are notified again and again until they acknowledge, react or reply.
    #[serde(deserialize_with = "null_default")]
    pub persistent_notifications: bool,
}

impl Priority {
    pub const IMPORTANT: &str = "important";
    pub const URGENT: &str = "urgent";

    /// Whether it asks for nothing.
    pub fn is_none(&self) -> bool {
        self.priority.is_empty() && !self.requested_ack && !self.persistent_notifications
    }
}

/// That somebody has seen a post that asked for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Acknowledgement {
    pub user_id: UserId,
    pub post_id: PostId,
    pub channel_id: ChannelId,
    pub acknowledged_at: Millis,
}

/// The preference with which somebody lets others see what they have read, and sees it of others: category, name; `true`.
pub const LETS_SEE: (&str, &str) = ("privacy_settings", "seen_by");

/// Who has seen a post, of those who let that be seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SeenBy {
    /// Without its author; at most a hundred.
    pub user_ids: Vec<UserId>,
    /// Whether there are more.
    pub more: bool,
}

/// Where a post is, for somebody who may not be there yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PostInfo {
    pub channel_id: ChannelId,
    pub channel_type: String,
    pub channel_display_name: String,
    pub has_joined_channel: bool,
    pub team_id: TeamId,
    pub team_type: String,
    pub team_display_name: String,
    pub has_joined_team: bool,
}

/// Where a thread is moved to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ThreadMove {
    pub channel_id: String,
}

/// What somebody says about a post they send beside its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewMetadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// What somebody sends to post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewPost {
    pub channel_id: ChannelId,
    #[serde(deserialize_with = "null_default")]
    pub message: String,
    #[serde(deserialize_with = "null_default")]
    pub root_id: String,
    #[serde(deserialize_with = "null_default")]
    pub pending_post_id: String,
    #[serde(deserialize_with = "null_default")]
    pub props: Props,
    #[serde(deserialize_with = "null_default")]
    pub file_ids: Vec<FileId>,
    /// Taken from administrators only.
    pub create_at: Millis,
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    #[serde(deserialize_with = "null_default")]
    pub metadata: NewMetadata,
}

/// The fields to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PostPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_pinned: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub props: Option<Props>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_ids: Option<Vec<FileId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_reactions: Option<bool>,
}

/// A stretch of a channel: which posts in which order, and what lies beyond its ends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PostList {
    /// Newest first.
    pub order: Vec<PostId>,
    /// May hold more than `order`: the roots of listed replies.
    pub posts: BTreeMap<PostId, Post>,
    /// The newer neighbour, or empty at the end.
    pub next_post_id: PostId,
    /// The older neighbour, or empty at the beginning.
    pub prev_post_id: PostId,
    /// Whether a thread has more posts than listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_next: Option<bool>,
}

/// What is looked for. Mattermost: SearchParameter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PostSearch {
    /// Words, `"phrases"`, `begin*`, `#hashtags`, `-without`; `from:`, `in:`, `before:`, `after:`, `on:`.
    pub terms: String,
    /// One of the words is enough.
    pub is_or_search: bool,
    /// In seconds east of UTC: when days begin.
    pub time_zone_offset: i64,
    /// In archived channels too.
    pub include_deleted_channels: bool,
    /// Counted from 0; a page has 100 posts.
    pub page: i64,
}

/// Posts that were found, newest first. Mattermost: PostListWithSearchMatches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FoundPosts {
    pub order: Vec<PostId>,
    pub posts: BTreeMap<PostId, Post>,
    pub next_post_id: PostId,
    pub prev_post_id: PostId,
    /// Which words of a post were found; not said.
    pub matches: Option<BTreeMap<PostId, Vec<String>>>,
}

/// Which posts of a channel. Texts, since nonsense falls back to the default rather than being refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PostsQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    /// Changed after this time, edits and deletions included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(rename = "collapsedThreads", skip_serializing_if = "Option::is_none")]
    pub collapsed_threads: Option<String>,
    #[serde(rename = "collapsedThreadsExtended", skip_serializing_if = "Option::is_none")]
    pub collapsed_threads_extended: Option<String>,
    #[serde(rename = "skipFetchThreads", skip_serializing_if = "Option::is_none")]
    pub skip_fetch_threads: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_after: Option<String>,
}

/// A thread one follows. Mattermost: ThreadResponse.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Thread {
    pub id: PostId,
    pub reply_count: i64,
    pub last_reply_at: Millis,
    pub last_viewed_at: Millis,
    pub participants: Vec<User>,
    pub post: Post,
    pub unread_replies: i64,
    pub unread_mentions: i64,
    pub is_urgent: bool,
    pub delete_at: Millis,
}

/// Which of one's threads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ThreadsQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    #[serde(rename = "pageSize", skip_serializing_if = "Option::is_none")]
    pub page_size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
    /// Those whose last reply is older than that of this thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Only the counts, no threads.
    #[serde(rename = "totalsOnly", skip_serializing_if = "Option::is_none")]
    pub totals_only: Option<String>,
    #[serde(rename = "threadsOnly", skip_serializing_if = "Option::is_none")]
    pub threads_only: Option<String>,
    /// Ours: with the moment at which this was so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A page of threads, the latest reply first, with the counts of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Threads {
    pub total: i64,
    pub total_unread_threads: i64,
    pub total_unread_mentions: i64,
    pub threads: Vec<Thread>,
    /// When this was so, for who asked. Ours: clients can tell which events are counted here already.
    #[serde(skip_serializing_if = "is_zero")]
    pub at: Millis,
}

endpoints! {
    /// Posts a message; the same `pending_post_id` again gives the same post.
    CreatePost() POST "/posts" =NewPost => Post;
    /// A post by id.
    GetPost(post_id: PostId) GET "/posts/{post_id}" => Post;
    /// Changes some fields of a post.
    PatchPost(post_id: PostId) PUT "/posts/{post_id}/patch" =PostPatch => Post;
    /// Deletes a post and, if it is a root, its replies.
    DeletePost(post_id: PostId) DELETE "/posts/{post_id}" => Done;
    /// The posts of a channel.
    ListPosts(channel_id: ChannelId) GET "/channels/{channel_id}/posts" ?PostsQuery => PostList;
    /// The posts around the oldest unread one.
    ListPostsAroundUnread(user_id: String, channel_id: ChannelId) GET "/users/{user_id}/channels/{channel_id}/posts/unread" ?PostsQuery => PostList;
    /// A root and its replies.
    GetThread(post_id: PostId) GET "/posts/{post_id}/thread" ?PostsQuery => PostList;
    /// The threads one follows.
    ListThreads(user_id: String, team_id: TeamId) GET "/users/{user_id}/teams/{team_id}/threads" ?ThreadsQuery => Threads;
    /// A thread one follows.
    GetFollowedThread(user_id: String, team_id: TeamId, thread_id: PostId) GET "/users/{user_id}/teams/{team_id}/threads/{thread_id}" => Thread;
    /// Marks a thread as read up to a moment.
    ReadThread(user_id: String, team_id: TeamId, thread_id: PostId, timestamp: Millis) PUT "/users/{user_id}/teams/{team_id}/threads/{thread_id}/read/{timestamp}" => Thread;
    /// Marks all threads of a team as read.
    ReadAllThreads(user_id: String, team_id: TeamId) PUT "/users/{user_id}/teams/{team_id}/threads/read" => Done;
    /// Follows a thread.
    FollowThread(user_id: String, team_id: TeamId, thread_id: PostId) PUT "/users/{user_id}/teams/{team_id}/threads/{thread_id}/following" => Done;
    /// Stops following a thread.
    UnfollowThread(user_id: String, team_id: TeamId, thread_id: PostId) DELETE "/users/{user_id}/teams/{team_id}/threads/{thread_id}/following" => Done;
    /// Marks a channel unread from a post on.
    SetUnread(user_id: String, post_id: PostId) POST "/users/{user_id}/posts/{post_id}/set_unread" => crate::channels::ChannelUnreadAt;
    /// Moves a thread to another channel. Its messages get new ids there and keep their times.
    MoveThread(post_id: PostId) POST "/posts/{post_id}/move" =ThreadMove => Done;
    /// Pins a post to its channel.
    PinPost(post_id: PostId) POST "/posts/{post_id}/pin" => Done;
    /// Takes the pin back.
    UnpinPost(post_id: PostId) POST "/posts/{post_id}/unpin" => Done;
    /// The posts one has saved, the latest first.
    ListSaved(user_id: String) GET "/users/{user_id}/posts/flagged" ?crate::system::Page => PostList;
    /// What one's own post said before, the latest version first.
    GetEditHistory(post_id: PostId) GET "/posts/{post_id}/edit_history" => Vec<Post>;
    /// Makes one's own post say again what a version of it said, with the files that it had.
    RestorePost(post_id: PostId, restore_version_id: PostId) POST "/posts/{post_id}/restore/{restore_version_id}" => Post;
    /// Where a post is, for somebody who follows a link to it.
    GetPostInfo(post_id: PostId) GET "/posts/{post_id}/info" => PostInfo;
    /// Who has seen a post, where the server lets people see that; of those, and for those, who chose it for themselves.
    GetSeenBy(post_id: PostId) GET "/posts/{post_id}/seen_by" => SeenBy;
    /// Says that one has seen a post that asked for it.
    Acknowledge(user_id: String, post_id: PostId) POST "/users/{user_id}/posts/{post_id}/ack" => Acknowledgement;
    /// Takes that back, within a few minutes.
    Unacknowledge(user_id: String, post_id: PostId) DELETE "/users/{user_id}/posts/{post_id}/ack" => Done;
    /// Finds posts in one's channels of a team, and in those without a team.
    SearchPosts(team_id: TeamId) POST "/teams/{team_id}/posts/search" =PostSearch => FoundPosts;
    /// Finds posts in all of one's channels.
    SearchAllPosts() POST "/posts/search" =PostSearch => FoundPosts;
    /// The pinned posts of a channel.
    ListPinned(channel_id: ChannelId) GET "/channels/{channel_id}/pinned" => PostList;
}
