//! Roles: reading them.

use super::{
    Routes,
    extract::{Json, Path, Query},
    guard::Guard,
};
use crate::{actions, cx::Cx, error::Result};
use model::{
    Refusal, RoleId,
    endpoint::Method,
    permission::Permission,
    roles::{Role, RolesByNames},
};

pub(super) fn routes(r: Routes) -> Routes {
    r.on::<RolesByNames, _>(Guard::SignedIn, by_names)
        .at(Method::Get, "/roles", Guard::System(Permission::SysconsoleReadUserManagementPermissions), all)
        .at(Method::Post, "/permissions/ancillary", Guard::SignedIn, ancillary)
        .at(Method::Get, "/permissions/ancillary", Guard::SignedIn, ancillary_of_query)
        .at(Method::Get, "/roles/{role_id}", Guard::SignedIn, get)
        .at(Method::Put, "/roles/{role_id}/patch", Guard::System(Permission::ManageSystem), patch)
        .at(Method::Get, "/roles/name/{name}", Guard::SignedIn, by_name)
}

/// What the pages of the console need besides their own permission.
const ANCILLARY: &[(&str, &[&str])] = &[
    ("sysconsole_read_about_edition_and_license", &["read_license_information"]),
    ("sysconsole_write_about_edition_and_license", &["manage_license_information"]),
    (
        "sysconsole_read_user_management_channels",
        &["read_public_channel", "read_channel", "read_public_channel_groups", "read_private_channel_groups"],
    ),
    ("sysconsole_read_user_management_users", &["read_other_users_teams", "get_analytics"]),
    ("sysconsole_read_user_management_teams", &["list_private_teams", "list_public_teams", "view_team"]),
    (
        "sysconsole_read_environment_elasticsearch",
        &["read_elasticsearch_post_indexing_job", "read_elasticsearch_post_aggregation_job"],
    ),
    (
        "sysconsole_write_environment_elasticsearch",
        &[
            "test_elasticsearch",
            "create_elasticsearch_post_indexing_job",
            "create_elasticsearch_post_aggregation_job",
            "purge_elasticsearch_indexes",
        ],
    ),
    ("sysconsole_write_environment_web_server", &["test_site_url", "reload_config", "invalidate_caches"]),
    ("sysconsole_write_environment_database", &["recycle_database_connections"]),
    ("sysconsole_write_environment_file_storage", &["test_s3"]),
    ("sysconsole_write_environment_smtp", &["test_email"]),
    ("sysconsole_read_reporting_server_logs", &["get_logs"]),
    ("sysconsole_read_reporting_site_statistics", &["get_analytics"]),
    ("sysconsole_read_reporting_team_statistics", &["view_team"]),
    ("sysconsole_write_user_management_users", &["edit_other_users", "demote_to_guest", "promote_guest"]),
    (
        "sysconsole_write_user_management_channels",
        &[
            "manage_team",
            "manage_public_channel_properties",
            "manage_private_channel_properties",
            "manage_private_channel_members",
            "manage_public_channel_members",
            "delete_private_channel",
            "delete_public_channel",
            "manage_channel_roles",
            "convert_public_channel_to_private",
            "convert_private_channel_to_public",
        ],
    ),
    (
        "sysconsole_write_user_management_teams",
        &[
            "manage_team",
            "manage_team_roles",
            "remove_user_from_team",
            "join_private_teams",
            "join_public_teams",
            "add_user_to_team",
        ],
    ),
    (
        "sysconsole_write_user_management_groups",
        &[
            "manage_private_channel_members",
            "manage_public_channel_members",
            "convert_public_channel_to_private",
            "convert_private_channel_to_public",
        ],
    ),
    ("sysconsole_write_site_customization", &["edit_brand"]),
    ("sysconsole_read_compliance_data_retention_policy", &["read_data_retention_job"]),
    ("sysconsole_write_compliance_data_retention_policy", &["create_data_retention_job"]),
    (
        "sysconsole_read_compliance_compliance_export",
        &["read_compliance_export_job", "download_compliance_export_result"],
    ),
    (
        "sysconsole_write_compliance_compliance_export",
        &["create_compliance_export_job", "download_compliance_export_result"],
    ),
    ("sysconsole_read_authentication_ldap", &["read_ldap_sync_job", "test_ldap"]),
    ("sysconsole_write_authentication_ldap", &["create_ldap_sync_job"]),
    ("sysconsole_write_authentication_email", &["invalidate_email_invite"]),
    ("sysconsole_read_authentication_saml", &["get_saml_cert_status"]),
    ("sysconsole_write_authentication_saml", &["get_saml_metadata_from_idp"]),
];

fn with_ancillary(names: Vec<String>) -> Result<Json<Vec<String>>> {
    if names.is_empty() || names.len() > 200 {
        return Err(Refusal::body("subsection_permissions").into());
    }
    let needed = ANCILLARY.iter().filter(|(page, _)| names.iter().any(|n| n == page)).flat_map(|(_, needed)| *needed);
    let needed: Vec<String> = needed.map(|name| (*name).to_owned()).collect();
    let mut all = names;
    all.extend(needed);
    Ok(Json(all))
}

async fn ancillary(Json(names): Json<Vec<String>>) -> Result<Json<Vec<String>>> {
    with_ancillary(names)
}

#[derive(Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Pages {
    subsection_permissions: String,
}

async fn ancillary_of_query(Query(pages): Query<Pages>) -> Result<Json<Vec<String>>> {
    with_ancillary(pages.subsection_permissions.split(',').filter(|n| !n.is_empty()).map(ToOwned::to_owned).collect())
}

async fn by_names(cx: Cx, Json(names): Json<Vec<String>>) -> Result<Json<Vec<Role>>> {
    let names: Vec<String> = names.into_iter().filter(|n| !n.trim().is_empty()).collect();
    if names.is_empty() || names.len() > 100 {
        return Err(Refusal::body("rolenames").into());
    }
    Ok(Json(cx.store.roles().by_names(&names).await?))
}

async fn all(cx: Cx) -> Result<Json<Vec<Role>>> {
    Ok(Json(cx.store.roles().all().await?))
}

async fn get(cx: Cx, Path(id): Path<RoleId>) -> Result<Json<Role>> {
    let unknown = Refusal { status: 404, id: "app.role.get.app_error", ..Refusal::ROLE_UNKNOWN };
    Ok(Json(cx.store.roles().by_id(id).await?.ok_or(unknown)?))
}

async fn by_name(cx: Cx, Path(name): Path<String>) -> Result<Json<Role>> {
    let unknown = Refusal { status: 404, ..Refusal::ROLE_UNKNOWN };
    Ok(Json(cx.store.roles().by_name(&name).await?.ok_or(unknown)?))
}

/// What can be changed of a role.
#[derive(Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct RolePatch {
    permissions: Option<Vec<String>>,
}

async fn patch(cx: Cx, Path(id): Path<RoleId>, Json(patch): Json<RolePatch>) -> Result<Json<Role>> {
    Ok(Json(actions::roles::set_permissions(&cx, id, patch.permissions).await?))
}
