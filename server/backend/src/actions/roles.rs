//! Roles: the built-in ones are there from the first start.

use crate::{
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    Refusal, RoleId,
    event::{Announcement, Broadcast, Event, Touched},
    permission::{PermissionSet, default_role, default_roles},
    roles::Role,
};
use std::collections::BTreeSet;

/// Writes the built-in roles that are missing; what an administrator changed stays.
///
/// # Errors
///
/// The database fails.
pub async fn seed(cx: &Cx) -> Result<()> {
    let there: BTreeSet<String> = cx.store.roles().all().await?.into_iter().map(|r| r.name).collect();
    let now = cx.clock.now();
    let mut missing: Vec<Role> = default_roles()
        .iter()
        .filter(|r| !there.contains(r.name))
        .map(|r| Role {
            id: new_id(),
            name: r.name.into(),
            display_name: r.display_name.into(),
            description: r.description.into(),
            create_at: now,
            update_at: now,
            delete_at: 0,
            permissions: r.permissions.iter().map(|p| p.name().to_owned()).collect(),
            scheme_managed: r.scheme_managed,
            built_in: r.built_in,
        })
        .collect();
    if !there.is_empty() && cx.store.system().get(LATER_GIVEN).await?.is_none() {
        missing.extend(grown(cx, now).await?);
    }
    if missing.is_empty() {
        return Ok(());
    }
    cx.store
        .write(move |tx| {
            let missing = missing.clone();
            Box::pin(async move {
                for role in &missing {
                    tx.roles().save(role).await?;
                    tx.touch(Touched::Role(role.name.clone()));
                }
                tx.system().set(LATER_GIVEN, "true").await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Noted when the built-in roles have got the permissions that came after the first version.
const LATER_GIVEN: &str = "roles_with_later_permissions";

/// Built-in roles of an earlier version, with the permissions that have come since.
async fn grown(cx: &Cx, now: model::Millis) -> Result<Vec<Role>> {
    let mut grown = Vec::new();
    for mut role in cx.store.roles().all().await? {
        let Some(usual) = default_role(&role.name) else { continue };
        let later = usual.permissions.intersection(PermissionSet::LATER);
        let new: Vec<String> = later.iter().map(|p| p.name().to_owned()).collect();
        let new: Vec<String> = new.into_iter().filter(|name| !role.permissions.contains(name)).collect();
        if !new.is_empty() {
            role.permissions.extend(new);
            role.update_at = now;
            grown.push(role);
        }
    }
    Ok(grown)
}

/// Gives a role other permissions; without any it stays as it is.
///
/// # Errors
///
/// There is no such role.
pub async fn set_permissions(cx: &Cx, id: RoleId, permissions: Option<Vec<String>>) -> Result<Role> {
    let unknown = Refusal { status: 404, id: "app.role.get.app_error", ..Refusal::ROLE_UNKNOWN };
    let mut role = cx.store.roles().by_id(id).await?.ok_or(unknown)?;
    let Some(permissions) = permissions else { return Ok(role) };
    role.permissions = permissions;
    role.update_at = cx.clock.now();
    save(cx, vec![role.clone()]).await?;
    Ok(role)
}

/// Writes roles and tells everybody.
///
/// # Errors
///
/// The database fails.
pub(super) async fn save(cx: &Cx, roles: Vec<Role>) -> Result<()> {
    cx.store
        .write(move |tx| {
            let roles = roles.clone();
            Box::pin(async move {
                for role in roles {
                    tx.roles().save(&role).await?;
                    tx.touch(Touched::Role(role.name.clone()));
                    let event = Event::RoleUpdated { role: Box::new(role) };
                    tx.announce(Announcement { event, to: Broadcast::all() });
                }
                Ok::<_, Error>(())
            })
        })
        .await
}
