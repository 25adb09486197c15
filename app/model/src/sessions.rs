//! Signed-in sessions.

use crate::{Millis, SessionId, StringMap, UserId, endpoint::Done, endpoints, null_default};
use serde::{Deserialize, Serialize};

/// One signed-in browser, app or script.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Session {
    pub id: SessionId,
    /// The secret; always empty on the wire.
    pub token: String,
    pub create_at: Millis,
    /// 0: never.
    pub expires_at: Millis,
    pub last_activity_at: Millis,
    pub user_id: UserId,
    pub device_id: String,
    pub roles: String,
    pub is_oauth: bool,
    pub expired_notify: bool,
    /// `browser`, `os`, `platform`, `csrf` and the like.
    #[serde(deserialize_with = "null_default")]
    pub props: StringMap,
    /// Of the user, per team; `[]` where not loaded. Kept only for compatibility.
    #[serde(deserialize_with = "null_default")]
    pub team_members: Vec<crate::teams::TeamMember>,
    pub local: bool,
}

/// Which session to end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoke {
    #[serde(default)]
    pub session_id: String,
}

endpoints! {
    /// The sessions of a user, newest first.
    ListSessions(user_id: String) GET "/users/{user_id}/sessions" => Vec<Session>;
    /// Ends one session.
    RevokeSession(user_id: String) POST "/users/{user_id}/sessions/revoke" =Revoke => Done;
    /// Ends all sessions of a user.
    RevokeAllSessions(user_id: String) POST "/users/{user_id}/sessions/revoke/all" => Done;
}
