//! OAuth 2.0: programs that ask people for access to their accounts.

use crate::{AnyId, Millis, UserId, endpoint::Done, endpoints, null_default, system::Page};
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_MAX: usize = 64;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 512;
/// The longest address, in characters.
pub const URL_MAX: usize = 512;
/// The longest address of an app's page, in characters.
pub const HOMEPAGE_MAX: usize = 256;
/// The longest address to come back to, in characters.
pub const REDIRECT_MAX: usize = 256;
/// The longest state, in characters.
pub const STATE_MAX: usize = 1024;
/// The longest scope, in characters.
pub const SCOPE_MAX: usize = 128;
/// The category of the preferences that say which programs somebody has allowed.
pub const ALLOWED: &str = "oauth_app";

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

/// What a program gets that has registered itself (RFC 7591).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Registered {
    pub client_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client_secret: String,
    /// In seconds, as the standard wants it.
    pub client_id_issued_at: i64,
    /// A secret is good until it is replaced: 0.
    pub client_secret_expires_at: i64,
    pub redirect_uris: Vec<String>,
    pub token_endpoint_auth_method: String,
    pub grant_types: Vec<String>,
    pub response_types: Vec<String>,
    pub client_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client_uri: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub logo_uri: String,
}

/// Which program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WhichApp {
    pub client_id: String,
}

/// What somebody is asked before a program gets access.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Asked {
    pub app: OAuthApp,
    /// Whether they have to be asked at all: not for a trusted program, nor for one they have allowed already.
    pub ask: bool,
    /// Where the browser goes if they refuse.
    pub refused: String,
}

/// Where the browser goes next, with what the program is to have in the address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Leads {
    pub redirect: String,
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
    /// What somebody is asked before a program gets access; refused if the program may not ask it.
    AskAccess() GET "/oauth/authorize" ?AuthorizeRequest => Asked;
    /// Gives a program access to one's own account.
    GiveAccess() POST "/oauth/authorize" =AuthorizeRequest => Leads;
    /// Takes all access back that one gave a program.
    TakeAccess() POST "/oauth/deauthorize" =WhichApp => Done;
    /// A program registers itself, without an account here (RFC 7591).
    RegisterApp() POST "/oauth/apps/register" =Registration => Registered;
}
