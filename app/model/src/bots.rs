//! Bots: accounts of programs.

use crate::{Millis, UserId, endpoints, users::User};
use serde::{Deserialize, Serialize};

/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 1_024;

/// A bot, beside its account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Bot {
    pub user_id: UserId,
    pub username: String,
    pub display_name: String,
    pub description: String,
    /// Who looks after it.
    pub owner_id: UserId,
    pub create_at: Millis,
    pub update_at: Millis,
    /// 0 while it is enabled.
    pub delete_at: Millis,
}

/// What a bot is to be; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct BotPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Which bots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct BotsQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    /// Disabled ones too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_deleted: Option<String>,
    /// Only those whose owner is deactivated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_orphaned: Option<String>,
}

/// Whether the bot that becomes a person is to be administrator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ConvertQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_system_admin: Option<String>,
}

endpoints! {
    /// Makes a bot.
    CreateBot() POST "/bots" =BotPatch => Bot;
    /// Bots that the caller may see.
    ListBots() GET "/bots" ?BotsQuery => Vec<Bot>;
    /// A bot.
    GetBot(bot_user_id: UserId) GET "/bots/{bot_user_id}" ?BotsQuery => Bot;
    /// Changes a bot.
    PatchBot(bot_user_id: UserId) PUT "/bots/{bot_user_id}" =BotPatch => Bot;
    /// Keeps a bot from doing anything.
    DisableBot(bot_user_id: UserId) POST "/bots/{bot_user_id}/disable" => Bot;
    /// Lets a bot do things again.
    EnableBot(bot_user_id: UserId) POST "/bots/{bot_user_id}/enable" => Bot;
    /// Gives a bot another owner.
    AssignBot(bot_user_id: UserId, user_id: UserId) POST "/bots/{bot_user_id}/assign/{user_id}" => Bot;
    /// Makes a person of a bot; the body has the password.
    ConvertBot(bot_user_id: UserId) POST "/bots/{bot_user_id}/convert_to_user" ?ConvertQuery =crate::users::UserPatch => User;
    /// Makes a bot of a person.
    ConvertUser(user_id: UserId) POST "/users/{user_id}/convert_to_bot" => Bot;
}
