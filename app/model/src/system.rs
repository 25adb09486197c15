//! The server itself: health, what clients are told of the configuration, and paging.

use crate::{AnyId, Millis, SessionId, StringMap, UserId, endpoints};
use serde::{Deserialize, Serialize};

/// The version of the API that we speak, as clients compare it.
pub const API_VERSION: &str = "11.2.0";

/// A page of a list. Texts, since nonsense falls back to the default rather than being refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Page {
    /// From 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// 60 where absent, 200 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
}

impl Page {
    /// One page of up to 200.
    pub fn of(page: usize, per_page: usize) -> Self {
        Self { page: Some(page.to_string()), per_page: Some(per_page.to_string()) }
    }
}

/// The body of an error answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ErrorBody {
    /// What clients act on: `api.context.session_expired.app_error`.
    pub id: String,
    /// What people read.
    pub message: String,
    pub detailed_error: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub request_id: String,
    pub status_code: u16,
}

/// One thing that somebody did, as administrators are told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Audit {
    pub id: AnyId,
    pub create_at: Millis,
    pub user_id: UserId,
    /// The path of the call.
    pub action: String,
    pub extra_info: String,
    pub ip_address: String,
    pub session_id: SessionId,
}

/// What to find out beyond whether the server lives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PingQuery {
    /// `true`: whether the database and the file store work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub get_server_status: Option<String>,
    /// `true`: the answer's own status says nothing of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_rest_semantics: Option<String>,
    /// A device that wants to know whether it can be notified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
}

/// Which form of the configuration; only `old` exists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FormatQuery {
    pub format: String,
}

endpoints! {
    /// Whether the server lives.
    Ping() GET "/system/ping" ?PingQuery => serde_json::Value;
    /// What clients need of the configuration; texts only.
    GetClientConfig() GET "/config/client" ?FormatQuery => StringMap;
}
