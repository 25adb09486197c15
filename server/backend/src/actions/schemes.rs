//! Schemes: roles of their own for the members of some teams and channels.

use crate::{
    access,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, ChannelId, Refusal, TeamId,
    event::{Announcement, Broadcast, Event, Touched},
    roles::Role,
    schemes::{CHANNEL, NewScheme, Scheme, SchemePatch, TEAM, is_valid_name},
};

/// Makes a scheme. Its roles begin with what the roles that they replace hold at the moment.
///
/// # Errors
///
/// The names or the scope cannot be a scheme's.
pub async fn create(cx: &Cx, new: NewScheme) -> Result<Scheme> {
    let now = cx.clock.now();
    let id: AnyId = new_id();
    let mut scheme = Scheme {
        id,
        name: if new.name.is_empty() { id.to_string() } else { new.name },
        display_name: new.display_name,
        description: new.description,
        create_at: now,
        update_at: now,
        scope: new.scope,
        ..Scheme::default()
    };
    check(&scheme)?;
    if ![TEAM, CHANNEL].contains(&scheme.scope.as_str()) {
        return Err(Refusal::body("scope").into());
    }
    let mut roles = Vec::new();
    let (scope, title) = (scheme.scope.clone(), scheme.display_name.clone());
    for (replaced, name) in scheme.roles_mut() {
        if !replaced.starts_with(CHANNEL) && scope == CHANNEL {
            continue;
        }
        let usual = cx.store.roles().by_name(replaced).await?.ok_or(Refusal::ROLE_UNKNOWN)?;
        let role = Role {
            id: new_id(),
            name: new_id::<model::id::kind::Any>().to_string(),
            display_name: format!("{replaced} of the scheme {title}"),
            description: String::new(),
            create_at: now,
            update_at: now,
            built_in: false,
            scheme_managed: true,
            ..usual
        };
        name.clone_from(&role.name);
        roles.push(role);
    }
    let made = scheme.clone();
    cx.store
        .write(move |tx| {
            let (scheme, roles) = (scheme.clone(), roles.clone());
            Box::pin(async move {
                for role in &roles {
                    tx.roles().save(role).await?;
                    tx.touch(Touched::Role(role.name.clone()));
                }
                tx.schemes().insert(&scheme).await?;
                Ok::<_, store::Error>(())
            })
        })
        .await
        .map_err(|e| crate::error::taken(e, &[("schemes_name", Refusal::SCHEME_NAME)]))?;
    Ok(made)
}

fn check(scheme: &Scheme) -> Result<(), Refusal> {
    if !is_valid_name(&scheme.name) {
        return Err(Refusal::body("name"));
    }
    if scheme.display_name.trim().is_empty() || scheme.display_name.chars().count() > 128 {
        return Err(Refusal::body("display_name"));
    }
    if scheme.description.chars().count() > 1024 {
        return Err(Refusal::body("description"));
    }
    Ok(())
}

/// A scheme, or [`Refusal::NO_SCHEME`].
///
/// # Errors
///
/// There is none.
pub async fn find(cx: &Cx, id: AnyId) -> Result<Scheme> {
    Ok(cx.store.schemes().by_id(id).await?.ok_or(Refusal::NO_SCHEME)?)
}

/// Changes a scheme's names.
///
/// # Errors
///
/// There is no such scheme, or the names cannot be a scheme's.
pub async fn patch(cx: &Cx, id: AnyId, patch: SchemePatch) -> Result<Scheme> {
    let mut scheme = find(cx, id).await?;
    scheme.name = patch.name.unwrap_or(scheme.name);
    scheme.display_name = patch.display_name.unwrap_or(scheme.display_name);
    scheme.description = patch.description.unwrap_or(scheme.description);
    scheme.update_at = cx.clock.now();
    check(&scheme)?;
    let changed = scheme.clone();
    cx.store
        .write(move |tx| {
            let scheme = scheme.clone();
            Box::pin(async move { tx.schemes().update(&scheme).await.map(drop) })
        })
        .await
        .map_err(|e| crate::error::taken(e, &[("schemes_name", Refusal::SCHEME_NAME)]))?;
    Ok(changed)
}

/// Deletes a scheme: where it applied, the usual roles hold again.
///
/// # Errors
///
/// There is no such scheme.
pub async fn delete(cx: &Cx, id: AnyId) -> Result<()> {
    let mut scheme = find(cx, id).await?;
    scheme.delete_at = cx.clock.now();
    // Its name can be another's.
    scheme.name = scheme.id.to_string();
    cx.store
        .write(move |tx| {
            let scheme = scheme.clone();
            Box::pin(async move {
                tx.schemes().forget(scheme.id).await?;
                tx.schemes().update(&scheme).await?;
                tx.touch(Touched::Schemes);
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The scheme that something is to have, if it fits there.
async fn fitting(cx: &Cx, id: AnyId, scope: &str, refused: Refusal) -> Result<Option<AnyId>> {
    if id.is_none() {
        return Ok(None);
    }
    if find(cx, id).await?.scope == scope { Ok(Some(id)) } else { Err(refused.into()) }
}

/// Gives a team a scheme, or none.
///
/// # Errors
///
/// There is no such scheme, or it is one of channels.
pub async fn set_of_team(cx: &Cx, team: TeamId, scheme: AnyId) -> Result<()> {
    let scheme = fitting(cx, scheme, TEAM, Refusal::SCHEME_OF_TEAM).await?;
    access::team(cx, team).await?;
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.schemes().set_of_team(team, scheme, now).await?;
                tx.touch(Touched::Team(team));
                tx.touch(Touched::Schemes);
                if let Some(team) = tx.teams().by_id(team).await? {
                    let to = Broadcast::team(team.id);
                    let mut team = team;
                    // What only some may see stays with them.
                    team.email.clear();
                    team.invite_id.clear();
                    tx.announce(Announcement { event: Event::UpdateTeamScheme { team: Box::new(team) }, to });
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Gives a channel a scheme, or none.
///
/// # Errors
///
/// There is no such scheme, or it is one of teams.
pub async fn set_of_channel(cx: &Cx, channel: ChannelId, scheme: AnyId) -> Result<()> {
    let scheme = fitting(cx, scheme, CHANNEL, Refusal::SCHEME_OF_CHANNEL).await?;
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.schemes().set_of_channel(channel, scheme, now).await?;
                tx.touch(Touched::Channel(channel));
                tx.touch(Touched::Schemes);
                let event = Event::ChannelSchemeUpdated {};
                tx.announce(Announcement { event, to: Broadcast::channel(channel) });
                Ok::<_, Error>(())
            })
        })
        .await
}
