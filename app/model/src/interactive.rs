//! Buttons and menus under posts, and dialogs that programs open.

use crate::{ChannelId, PostId, TeamId, UserId, endpoint::Done, endpoints, null_default, posts::Props};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a button or menu calls. Nobody but the server sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Integration {
    #[serde(deserialize_with = "null_default")]
    pub url: String,
    #[serde(skip_serializing_if = "Props::is_empty", deserialize_with = "null_default")]
    pub context: Props,
}

/// An action as it is kept: what it calls, where it is, and for whom if it is not for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PostAction {
    pub post_id: PostId,
    pub action_id: String,
    pub create_at: crate::Millis,
    pub channel_id: ChannelId,
    /// Of a post that only one person sees.
    pub user_id: UserId,
    /// What they send back then.
    pub cookie: String,
    pub integration: Integration,
    /// What the post was, of a post that is not kept.
    pub message: String,
}

/// What somebody clicked or chose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ActionTaken {
    #[serde(deserialize_with = "null_default")]
    pub selected_option: String,
    #[serde(deserialize_with = "null_default")]
    pub cookie: String,
    #[serde(deserialize_with = "null_default")]
    pub query: std::collections::BTreeMap<String, String>,
}

/// What the client is told of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ActionStarted {
    pub status: String,
    pub trigger_id: String,
}

/// What a program is told of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ActionRequest {
    pub user_id: UserId,
    pub user_name: String,
    pub channel_id: ChannelId,
    pub channel_name: String,
    pub team_id: TeamId,
    pub team_domain: String,
    pub post_id: PostId,
    pub trigger_id: String,
    /// `button` or `select`.
    #[serde(rename = "type")]
    pub kind: String,
    pub data_source: String,
    #[serde(skip_serializing_if = "Props::is_empty")]
    pub context: Props,
}

/// What a program answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ActionAnswer {
    /// What the post becomes.
    #[serde(deserialize_with = "null_default")]
    pub update: Option<Update>,
    #[serde(deserialize_with = "null_default")]
    pub ephemeral_text: String,
    #[serde(deserialize_with = "null_default")]
    pub skip_slack_parsing: bool,
    #[serde(deserialize_with = "null_default")]
    pub goto_location: String,
}

/// What a post becomes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Update {
    #[serde(deserialize_with = "null_default")]
    pub message: String,
    /// Stay as they are where absent.
    #[serde(deserialize_with = "null_default")]
    pub props: Option<Props>,
}

/// A dialog that a program opens, for whom it has a trigger id of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OpenDialog {
    #[serde(deserialize_with = "null_default")]
    pub trigger_id: String,
    /// Where what is entered goes.
    #[serde(deserialize_with = "null_default")]
    pub url: String,
    /// Title, introduction, elements; shown as they are.
    pub dialog: Value,
}

/// What somebody entered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DialogSubmission {
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_default")]
    pub url: String,
    #[serde(deserialize_with = "null_default")]
    pub callback_id: String,
    #[serde(deserialize_with = "null_default")]
    pub state: String,
    pub user_id: UserId,
    #[serde(deserialize_with = "null_default")]
    pub channel_id: String,
    #[serde(deserialize_with = "null_default")]
    pub team_id: String,
    #[serde(deserialize_with = "null_default")]
    pub submission: Props,
    #[serde(deserialize_with = "null_default")]
    pub cancelled: bool,
}

/// What the program finds wrong with it; nothing if it takes it. May also be the form of a next step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DialogAnswer {
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_default")]
    pub error: String,
    #[serde(skip_serializing_if = "Props::is_empty", deserialize_with = "null_default")]
    pub errors: Props,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty", deserialize_with = "null_default")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Value>,
}

/// Options that a program offers for what was typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DialogOptions {
    #[serde(deserialize_with = "null_default")]
    pub items: Vec<DialogOption>,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DialogOption {
    #[serde(deserialize_with = "null_default")]
    pub text: String,
    #[serde(deserialize_with = "null_default")]
    pub value: String,
}

endpoints! {
    /// Clicks a button or chooses from a menu.
    DoAction(post_id: PostId, action_id: String) POST "/posts/{post_id}/actions/{action_id}" =ActionTaken => ActionStarted;
    /// Opens a dialog for somebody.
    OpenDialogFor() POST "/actions/dialogs/open" =OpenDialog => Done;
    /// Sends what was entered.
    SubmitDialog() POST "/actions/dialogs/submit" =DialogSubmission => DialogAnswer;
    /// Asks for options.
    LookupDialog() POST "/actions/dialogs/lookup" =DialogSubmission => DialogOptions;
}
