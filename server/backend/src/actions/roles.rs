//! Roles: the built-in ones are there from the first start.

use crate::{clock::new_id, cx::Cx, error::{Error, Result}};
use model::{event::Touched, permission::default_roles, roles::Role};
use std::collections::BTreeSet;

/// Writes the built-in roles that are missing; what an administrator changed stays.
///
/// # Errors
///
/// The database fails.
pub async fn seed(cx: &Cx) -> Result<()> {
    let there: BTreeSet<String> = cx.store.roles().all().await?.into_iter().map(|r| r.name).collect();
    let now = cx.clock.now();
    let missing: Vec<Role> = default_roles()
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
                Ok::<_, Error>(())
            })
        })
        .await
}
