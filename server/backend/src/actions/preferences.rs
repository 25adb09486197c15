//! Preferences: setting and forgetting.

use crate::{
    cx::Cx,
    error::{Error, Result},
};
use model::{
    Refusal, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    preferences::{BATCH_MAX, NAME_MAX, Preference, VALUE_MAX},
};

/// Refuses what cannot be a preference of that user.
fn check(user: UserId, preferences: &[Preference]) -> Result<(), Refusal> {
    if preferences.len() > BATCH_MAX {
        return Err(Refusal::body("preferences"));
    }
    for p in preferences {
        if p.user_id != user {
            return Err(Refusal::PERMISSION);
        }
        if p.category.is_empty() || p.category.chars().count() > NAME_MAX {
            return Err(Refusal::PREFERENCE_CATEGORY);
        }
        if p.name.chars().count() > NAME_MAX {
            return Err(Refusal::PREFERENCE_NAME);
        }
        if p.value.chars().count() > VALUE_MAX {
            return Err(Refusal::PREFERENCE_VALUE);
        }
        let themed = p.category == "theme";
        if themed && serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&p.value).is_err() {
            return Err(Refusal::PREFERENCE_THEME);
        }
    }
    Ok(())
}

/// Sets some preferences of a user.
///
/// # Errors
///
/// One of them cannot be, or is somebody else's.
pub async fn set(cx: &Cx, user: UserId, preferences: Vec<Preference>) -> Result<()> {
    check(user, &preferences)?;
    if preferences.is_empty() {
        return Ok(());
    }
    cx.store
        .write(move |tx| {
            let preferences = preferences.clone();
            Box::pin(async move {
                tx.preferences().set(&preferences).await?;
                super::sidebar::follow_preferences(tx, user, &preferences, false).await?;
                tx.touch(Touched::Preferences(user));
                let event = Event::PreferencesChanged { preferences };
                tx.announce(Announcement { event, to: Broadcast::user(user) });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Forgets some preferences of a user.
///
/// # Errors
///
/// One of them is somebody else's.
pub async fn delete(cx: &Cx, user: UserId, preferences: Vec<Preference>) -> Result<()> {
    if preferences.iter().any(|p| p.user_id != user) {
        return Err(Refusal::PERMISSION.into());
    }
    cx.store
        .write(move |tx| {
            let preferences = preferences.clone();
            Box::pin(async move {
                tx.preferences().delete(&preferences).await?;
                super::sidebar::follow_preferences(tx, user, &preferences, true).await?;
                tx.touch(Touched::Preferences(user));
                let event = Event::PreferencesDeleted { preferences };
                tx.announce(Announcement { event, to: Broadcast::user(user) });
                Ok::<_, Error>(())
            })
        })
        .await
}
