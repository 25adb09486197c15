//! Reactions: the emoji people leave under a post.

use crate::{ChannelId, Millis, PostId, UserId, endpoint::Done, endpoints, null_default};
use serde::{Deserialize, Serialize};

/// One person's one emoji under one post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Reaction {
    pub user_id: UserId,
    pub post_id: PostId,
    pub emoji_name: String,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    /// Of another server; always empty.
    pub remote_id: String,
    #[serde(skip_serializing_if = "ChannelId::is_none")]
    pub channel_id: ChannelId,
}

/// What somebody sends to react. Texts, since what is wrong with each has an error of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewReaction {
    #[serde(deserialize_with = "null_default")]
    pub user_id: String,
    #[serde(deserialize_with = "null_default")]
    pub post_id: String,
    #[serde(deserialize_with = "null_default")]
    pub emoji_name: String,
}

endpoints! {
    /// Reacts; twice is allowed and changes nothing.
    AddReaction() POST "/reactions" =NewReaction => Reaction;
    /// Takes a reaction back.
    RemoveReaction(user_id: String, post_id: PostId, emoji_name: String) DELETE "/users/{user_id}/posts/{post_id}/reactions/{emoji_name}" => Done;
    /// The reactions under a post.
    ListReactions(post_id: PostId) GET "/posts/{post_id}/reactions" => Vec<Reaction>;
}
