//! Who is here: online, away, do not disturb, offline.

use crate::{Millis, UserId, endpoints};
use serde::{Deserialize, Serialize};

/// Here, away, not to be disturbed, or gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    Online,
    Away,
    Dnd,
    #[default]
    Offline,
}

impl Presence {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Dnd => "dnd",
            Self::Offline => "offline",
        }
    }

    /// The presence of a word; `ooo` (out of office) counts as offline.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "online" => Some(Self::Online),
            "away" => Some(Self::Away),
            "dnd" => Some(Self::Dnd),
            "offline" | "ooo" => Some(Self::Offline),
            _ => None,
        }
    }
}

/// Somebody's status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Status {
    pub user_id: UserId,
    pub status: Presence,
    /// Whether they chose it themselves, so that activity does not change it.
    pub manual: bool,
    /// 0 on the wire while they are here now.
    pub last_activity_at: Millis,
    /// When do-not-disturb ends, in seconds; 0: not by itself.
    pub dnd_end_time: i64,
}

/// What to change one's status to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewStatus {
    pub user_id: UserId,
    pub status: String,
    pub dnd_end_time: i64,
}

endpoints! {
    /// The statuses of some people.
    StatusesByIds() POST "/users/status/ids" =Vec<UserId> => Vec<Status>;
    /// One person's status.
    GetStatus(user_id: String) GET "/users/{user_id}/status" => Status;
    /// Chooses one's own status.
    SetStatus(user_id: String) PUT "/users/{user_id}/status" =NewStatus => Status;
}
