//! Roles: reading them.

use super::{
    Routes,
    extract::{Json, Path},
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
        .at(Method::Get, "/roles", Guard::System(Permission::ManageSystem), all)
        .at(Method::Get, "/roles/{role_id}", Guard::SignedIn, get)
        .at(Method::Put, "/roles/{role_id}/patch", Guard::System(Permission::ManageSystem), patch)
        .at(Method::Get, "/roles/name/{name}", Guard::SignedIn, by_name)
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
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct RolePatch {
    permissions: Option<Vec<String>>,
}

async fn patch(cx: Cx, Path(id): Path<RoleId>, Json(patch): Json<RolePatch>) -> Result<Json<Role>> {
    Ok(Json(actions::roles::set_permissions(&cx, id, patch.permissions).await?))
}
