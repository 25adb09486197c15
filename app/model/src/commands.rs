//! Slash commands: those of teams, which programs answer, and what is answered.

use crate::{AnyId, ChannelId, Millis, TeamId, UserId, endpoint::Done, endpoints, null_default, posts::Props};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest trigger, in characters.
pub const TRIGGER_MAX: usize = 128;
/// Called with a form.
pub const POST: &str = "P";
/// Called with a query.
pub const GET: &str = "G";
/// Everybody in the channel sees the answer.
pub const IN_CHANNEL: &str = "in_channel";
/// Only who gave the command sees the answer.
pub const EPHEMERAL: &str = "ephemeral";

/// A slash command of a team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Command {
    pub id: AnyId,
    /// What proves to the program that it is us; hidden from those who may not change the command.
    pub token: String,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    pub creator_id: UserId,
    pub team_id: TeamId,
    /// The word after the slash.
    pub trigger: String,
    /// [`POST`] or [`GET`].
    pub method: String,
    pub username: String,
    pub icon_url: String,
    pub auto_complete: bool,
    pub auto_complete_desc: String,
    pub auto_complete_hint: String,
    pub display_name: String,
    pub description: String,
    pub url: String,
    /// Always empty: there are no plugins.
    pub plugin_id: String,
}

/// What somebody sends to make or change a command. The team is a text: what is none is refused by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CommandForm {
    pub id: String,
    pub team_id: String,
    pub trigger: String,
    pub method: String,
    pub username: String,
    pub icon_url: String,
    pub auto_complete: bool,
    pub auto_complete_desc: String,
    pub auto_complete_hint: String,
    pub display_name: String,
    pub description: String,
    pub url: String,
}

/// A command that somebody gives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Given {
    pub channel_id: String,
    /// Needed where the channel has no team.
    #[serde(deserialize_with = "null_default")]
    pub team_id: String,
    #[serde(deserialize_with = "null_default")]
    pub root_id: String,
    /// With its slash.
    pub command: String,
}

/// What comes of a command. All keys travel always; those that are not set are null or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CommandResponse {
    /// [`IN_CHANNEL`] or [`EPHEMERAL`], which is also what an empty text means.
    #[serde(deserialize_with = "null_default")]
    pub response_type: String,
    #[serde(deserialize_with = "null_default")]
    pub text: String,
    #[serde(deserialize_with = "null_default")]
    pub username: String,
    /// Another channel to answer in.
    #[serde(deserialize_with = "null_default")]
    pub channel_id: String,
    #[serde(deserialize_with = "null_default")]
    pub icon_url: String,
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    pub props: Option<Props>,
    /// Where the client goes.
    #[serde(deserialize_with = "null_default")]
    pub goto_location: String,
    #[serde(deserialize_with = "null_default")]
    pub trigger_id: String,
    #[serde(deserialize_with = "null_default")]
    pub skip_slack_parsing: bool,
    pub attachments: Option<Vec<Value>>,
    pub extra_responses: Option<Vec<CommandResponse>>,
}

impl CommandResponse {
    /// Something that only who gave the command sees.
    pub fn ephemeral(text: impl Into<String>) -> Self {
        Self { response_type: EPHEMERAL.into(), text: text.into(), ..Self::default() }
    }

    /// Something that who gave the command says in the channel.
    pub fn in_channel(text: impl Into<String>) -> Self {
        Self { response_type: IN_CHANNEL.into(), text: text.into(), ..Self::default() }
    }

    /// A place the client goes to.
    pub fn goto(location: impl Into<String>) -> Self {
        Self { goto_location: location.into(), ..Self::default() }
    }
}

/// Which commands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CommandsQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    /// Only those that people have made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_only: Option<String>,
}

/// What was typed, for suggestions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SuggestionsQuery {
    pub user_input: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root_id: Option<String>,
}

/// A suggestion of what could be typed next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "PascalCase")]
pub struct Suggestion {
    /// The whole text, should the suggestion be taken.
    pub complete: String,
    pub suggestion: String,
    pub hint: String,
    pub description: String,
    pub icon_data: String,
}

/// To which team a command moves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MoveCommandTo {
    pub team_id: String,
}

/// A new token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewToken {
    pub token: String,
}

/// Where an answer of a program goes that it gives later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaterAnswer {
    pub id: AnyId,
    pub create_at: Millis,
    pub command_id: AnyId,
    pub user_id: UserId,
    pub channel_id: ChannelId,
    pub root_id: crate::PostId,
    pub uses: i64,
}

endpoints! {
    /// Makes a command.
    CreateCommand() POST "/commands" =CommandForm => Command;
    /// Commands of a team.
    ListCommands() GET "/commands" ?CommandsQuery => Vec<Command>;
    /// A command.
    GetCommand(command_id: AnyId) GET "/commands/{command_id}" => Command;
    /// Changes a command.
    UpdateCommand(command_id: AnyId) PUT "/commands/{command_id}" =CommandForm => Command;
    /// Moves a command to another team.
    MoveCommand(command_id: AnyId) PUT "/commands/{command_id}/move" =MoveCommandTo => Done;
    /// Removes a command.
    DeleteCommand(command_id: AnyId) DELETE "/commands/{command_id}" => Done;
    /// Gives a command another token.
    RenewCommand(command_id: AnyId) PUT "/commands/{command_id}/regen_token" => NewToken;
    /// Does what somebody typed after a slash.
    ExecuteCommand() POST "/commands/execute" =Given => CommandResponse;
    /// Commands to offer while somebody types.
    AutocompleteCommands(team_id: TeamId) GET "/teams/{team_id}/commands/autocomplete" => Vec<Command>;
    /// The same, for what was typed.
    SuggestCommands(team_id: TeamId) GET "/teams/{team_id}/commands/autocomplete_suggestions" ?SuggestionsQuery => Vec<Suggestion>;
}
