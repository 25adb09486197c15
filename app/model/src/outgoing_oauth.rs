//! Where the programs of commands and webhooks ask this server to sign in by OAuth 2.0 before they listen.

use crate::{AnyId, Millis, UserId, endpoint::Done, endpoints, null_default};
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_MAX: usize = 64;
/// The longest id and secret, and the longest name and password, in characters.
pub const SECRET_MAX: usize = 255;
/// The longest address, in characters.
pub const URL_MAX: usize = 256;
/// The most addresses of one connection.
pub const AUDIENCES_MAX: usize = 50;
/// The server signs in as itself.
pub const CLIENT_CREDENTIALS: &str = "client_credentials";
/// The server signs in with a name and a password besides.
pub const PASSWORD: &str = "password";

/// How this server signs in, and to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OutgoingOAuthConnection {
    pub id: AnyId,
    pub creator_id: UserId,
    pub create_at: Millis,
    pub update_at: Millis,
    pub name: String,
    pub client_id: String,
    /// Empty on the way out, and in a change: as it was.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "String::is_empty")]
    pub client_secret: String,
    /// Of [`PASSWORD`] only.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "String::is_empty")]
    pub credentials_username: String,
    /// Empty on the way out, and in a change: as it was.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "String::is_empty")]
    pub credentials_password: String,
    /// Where tokens are asked for.
    pub oauth_token_url: String,
    /// [`CLIENT_CREDENTIALS`] or [`PASSWORD`].
    pub grant_type: String,
    /// The addresses of the programs: what is called below one of them gets a token.
    #[serde(deserialize_with = "null_default")]
    pub audiences: Vec<String>,
}

/// Which connections are listed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ConnectionsQuery {
    /// The team whose commands or webhooks the caller makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    /// After this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_id: Option<String>,
    /// From 1 to 100; 10 if it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Only the one that is used for this address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

endpoints! {
    /// Connections by which this server signs in to programs, without their secrets.
    ListConnections() GET "/oauth/outgoing_connections" ?ConnectionsQuery => Vec<OutgoingOAuthConnection>;
    /// Makes a connection.
    CreateConnection() POST "/oauth/outgoing_connections" =OutgoingOAuthConnection => OutgoingOAuthConnection;
    /// Tries a connection by asking for a token; a kept secret is used where none is given.
    ValidateConnection() POST "/oauth/outgoing_connections/validate" =OutgoingOAuthConnection => Done;
    /// A connection, without its secrets.
    GetConnection(connection_id: String) GET "/oauth/outgoing_connections/{connection_id}" => OutgoingOAuthConnection;
    /// Changes a connection; secrets that are missing stay.
    UpdateConnection(connection_id: String) PUT "/oauth/outgoing_connections/{connection_id}" =OutgoingOAuthConnection => OutgoingOAuthConnection;
    /// Deletes a connection.
    DeleteConnection(connection_id: String) DELETE "/oauth/outgoing_connections/{connection_id}" => Done;
}
