//! Personal access tokens: by them a program acts as a person or a bot, until they are taken back.

use crate::{AnyId, UserId, endpoint::Done, endpoints, system::Page};
use serde::{Deserialize, Serialize};

/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 255;

/// A token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AccessToken {
    pub id: AnyId,
    /// The secret; shown once, when it is made.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub token: String,
    pub user_id: UserId,
    pub description: String,
    pub is_active: bool,
}

/// What a new token is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewAccessToken {
    pub description: String,
}

/// Which token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WhichToken {
    pub token_id: String,
}

/// A search for tokens, by their id or the name of whose they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TokenSearch {
    pub term: String,
}

endpoints! {
    /// Makes a token for oneself or a bot.
    CreateToken(user_id: String) POST "/users/{user_id}/tokens" =NewAccessToken => AccessToken;
    /// The tokens of somebody.
    TokensOf(user_id: String) GET "/users/{user_id}/tokens" ?Page => Vec<AccessToken>;
    /// All tokens.
    ListTokens() GET "/users/tokens" ?Page => Vec<AccessToken>;
    /// Finds tokens.
    SearchTokens() POST "/users/tokens/search" =TokenSearch => Vec<AccessToken>;
    /// A token.
    GetToken(token_id: AnyId) GET "/users/tokens/{token_id}" => AccessToken;
    /// Takes a token back for good.
    RevokeToken() POST "/users/tokens/revoke" =WhichToken => Done;
    /// Makes a token void until it is enabled again.
    DisableToken() POST "/users/tokens/disable" =WhichToken => Done;
    /// Makes a token valid again.
    EnableToken() POST "/users/tokens/enable" =WhichToken => Done;
}
