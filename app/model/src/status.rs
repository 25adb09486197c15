//! Who is here: online, away, do not disturb, offline.

use crate::{Millis, UserId, endpoint::Done, endpoints};
use serde::{Deserialize, Serialize};

/// Here, away, not to be disturbed, or gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Status {
    pub user_id: UserId,
    pub status: Presence,
    /// Whether they chose it themselves, so that activity does not change it; but online is where activity leads.
    pub manual: bool,
    /// When they were last seen; 0: never.
    pub last_activity_at: Millis,
    /// When do-not-disturb ends, in seconds; 0: not by itself.
    pub dnd_end_time: i64,
}

/// What to change one's status to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewStatus {
    pub user_id: UserId,
    pub status: String,
    pub dnd_end_time: i64,
}

/// A status in somebody's own words. It travels as JSON in the property `customStatus` of the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CustomStatus {
    /// The name of an emoji.
    pub emoji: String,
    pub text: String,
    /// For how long, as chosen: `thirty_minutes`, `today`, `date_and_time` and so on; empty: until it is changed.
    pub duration: String,
    /// When it ends, as a date and time of RFC 3339.
    pub expires_at: String,
}

impl CustomStatus {
    /// The longest text, in characters; what is longer is cut.
    pub const TEXT_MAX: usize = 100;
    /// The property of the user that holds it.
    pub const PROP: &str = "customStatus";
    /// The end of what does not end by itself. Mattermost: Go's first moment.
    pub const NO_END: &str = "0001-01-01T00:00:00Z";
    /// The emoji of a text without one.
    const EMOJI: &str = "speech_balloon";
    const DURATIONS: &[&str] =
        &["", "thirty_minutes", "one_hour", "four_hours", "today", "this_week", "date_and_time", "custom_date_time"];

    /// As it is kept, if it can be one: says something, and ends as it says.
    pub fn tidy(mut self) -> Option<Self> {
        let empty = self.emoji.is_empty() && self.text.is_empty();
        let ends = !self.expires_at.is_empty() && self.expires_at != Self::NO_END;
        if empty || !Self::DURATIONS.contains(&self.duration.as_str()) || (!self.duration.is_empty() && !ends) {
            return None;
        }
        if self.emoji.is_empty() {
            Self::EMOJI.clone_into(&mut self.emoji);
        }
        if self.duration.is_empty() && ends {
            "date_and_time".clone_into(&mut self.duration);
        }
        if !ends {
            Self::NO_END.clone_into(&mut self.expires_at);
        }
        if let Some((end, _)) = self.text.char_indices().nth(Self::TEXT_MAX) {
            self.text.truncate(end);
        }
        Some(self)
    }
}

endpoints! {
    /// The statuses of some people.
    StatusesByIds() POST "/users/status/ids" =Vec<UserId> => Vec<Status>;
    /// One person's status.
    GetStatus(user_id: String) GET "/users/{user_id}/status" => Status;
    /// Says something of oneself in one's own words.
    SetCustomStatus(user_id: String) PUT "/users/{user_id}/status/custom" =CustomStatus => Done;
    /// Says nothing of oneself any more.
    ClearCustomStatus(user_id: String) DELETE "/users/{user_id}/status/custom" => Done;
    /// Chooses one's own status.
    SetStatus(user_id: String) PUT "/users/{user_id}/status" =NewStatus => Status;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_status_says_something_and_ends_as_it_says() {
        assert_eq!(CustomStatus::default().tidy(), None);
        let long = CustomStatus { text: "ä".repeat(200), ..CustomStatus::default() }.tidy().expect("a text");
        assert_eq!((long.text.chars().count(), long.emoji.as_str()), (100, "speech_balloon"));
        let endless = CustomStatus { duration: "today".into(), ..long.clone() };
        assert_eq!(endless.tidy(), None);
        let end = CustomStatus { expires_at: "2030-01-01T00:00:00Z".into(), ..long };
        assert_eq!(end.tidy().map(|s| s.duration), Some("date_and_time".to_owned()));
    }
}
