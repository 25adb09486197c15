//! Terms that people have to accept.

use crate::{AnyId, Millis, UserId};
use serde::{Deserialize, Serialize};

/// The longest terms, in characters. Mattermost's limit.
pub const TEXT_MAX: usize = 16_383;

/// Terms of service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Terms {
    pub id: AnyId,
    pub create_at: Millis,
    /// Who put them in force.
    pub user_id: UserId,
    /// In Markdown.
    pub text: String,
}

/// That somebody accepted terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Acceptance {
    pub user_id: UserId,
    pub terms_of_service_id: AnyId,
    pub create_at: Millis,
}
