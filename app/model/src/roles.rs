//! Roles: named sets of permissions.

use crate::{Millis, RoleId, endpoints};
use serde::{Deserialize, Serialize};

/// A role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    /// Names of permissions, also of some we do not know.
    pub permissions: Vec<String>,
    pub scheme_managed: bool,
    pub built_in: bool,
}

endpoints! {
    /// Several roles by their names; unknown ones are left out.
    RolesByNames() POST "/roles/names" =Vec<String> => Vec<Role>;
}
