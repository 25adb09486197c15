//! OAuth 2.0: programs that ask people for access to their accounts.

use crate::{AnyId, Millis, UserId, endpoint::Done, endpoints, null_default, system::Page};
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_MAX: usize = 64;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 512;
/// The longest address, in characters.
pub const URL_MAX: usize = 512;

/// A program. Its id is what OAuth calls the client's id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OAuthApp {
    pub id: AnyId,
    pub creator_id: UserId,
    pub create_at: Millis,
    pub update_at: Millis,
    /// Empty for a program that cannot keep a secret, and for those who may not see it.
    pub client_secret: String,
    pub name: String,
    #[serde(deserialize_with = "null_default")]
    pub description: String,
    #[serde(deserialize_with = "null_default")]
    pub icon_url: String,
    #[serde(deserialize_with = "null_default")]
    pub callback_urls: Vec<String>,
    #[serde(deserialize_with = "null_default")]
    pub homepage: String,
    /// People are not asked.
    pub is_trusted: bool,
    /// It cannot keep a secret, and has to use PKCE.
    #[serde(default)]
    pub is_public: bool,
    /// It has registered itself.
    #[serde(default)]
    pub is_dynamically_registered: bool,
}

/// What a program asks for, and what somebody allows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AuthorizeRequest {
    pub response_type: String,
    pub client_id: String,
    pub redirect_uri: String,
    pub scope: String,
    pub state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code_challenge: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code_challenge_method: String,
    /// Accepted and not needed: tokens are good for this server as a whole.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource: String,
}

/// A program asks for tokens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TokenRequest {
    pub grant_type: String,
    pub code: String,
    pub refresh_token: String,
    pub client_id: String,
    pub client_secret: String,
    pub redirect_uri: String,
    pub code_verifier: String,
}

/// Tokens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TokenAnswer {
    pub access_token: String,
    pub token_type: String,
    /// In seconds.
    pub expires_in: i64,
    pub scope: String,
    pub refresh_token: String,
    pub id_token: String,
}

/// A program registers itself (RFC 7591).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Registration {
    #[serde(deserialize_with = "null_default")]
    pub redirect_uris: Vec<String>,
    #[serde(deserialize_with = "null_default")]
    pub client_name: String,
    #[serde(deserialize_with = "null_default")]
    pub client_uri: String,
    #[serde(deserialize_with = "null_default")]
    pub logo_uri: String,
    /// `none`: a program that cannot keep a secret.
    #[serde(deserialize_with = "null_default")]
    pub token_endpoint_auth_method: String,
}

/// Which program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Deauthorize {
    pub client_id: String,
}

endpoints! {
    /// Registers a program.
    CreateApp() POST "/oauth/apps" =OAuthApp => OAuthApp;
    /// Programs: all of them, or one's own.
    ListApps() GET "/oauth/apps" ?Page => Vec<OAuthApp>;
    /// A program, for who may change it.
    GetApp(app_id: AnyId) GET "/oauth/apps/{app_id}" => OAuthApp;
    /// What everybody may know of a program.
    GetAppInfo(app_id: AnyId) GET "/oauth/apps/{app_id}/info" => OAuthApp;
    /// Changes a program.
    UpdateApp(app_id: AnyId) PUT "/oauth/apps/{app_id}" =OAuthApp => OAuthApp;
    /// Removes a program; all access it was given ends.
    DeleteApp(app_id: AnyId) DELETE "/oauth/apps/{app_id}" => Done;
    /// Gives a program another secret.
    RenewApp(app_id: AnyId) POST "/oauth/apps/{app_id}/regen_secret" => OAuthApp;
    /// The programs that have access to somebody's account.
    AuthorizedApps(user_id: String) GET "/users/{user_id}/oauth/apps/authorized" ?Page => Vec<OAuthApp>;
}
