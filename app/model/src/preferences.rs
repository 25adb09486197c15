//! What people prefer: small texts by category and name.

use crate::{UserId, endpoint::Done, endpoints};
use serde::{Deserialize, Serialize};

/// The longest category and the longest name, in characters.
pub const NAME_MAX: usize = 32;
/// The longest value, in characters.
pub const VALUE_MAX: usize = 2_000;
/// The most that one call may set.
pub const BATCH_MAX: usize = 100;

/// One preference.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Preference {
    pub user_id: UserId,
    pub category: String,
    pub name: String,
    pub value: String,
}

endpoints! {
    /// All of a user's preferences.
    ListPreferences(user_id: String) GET "/users/{user_id}/preferences" => Vec<Preference>;
    /// Sets some.
    SetPreferences(user_id: String) PUT "/users/{user_id}/preferences" =Vec<Preference> => Done;
    /// Forgets some.
    DeletePreferences(user_id: String) POST "/users/{user_id}/preferences/delete" =Vec<Preference> => Done;
}
