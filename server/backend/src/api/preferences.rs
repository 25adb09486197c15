//! What people prefer.

use super::{
    Routes,
    extract::{Done, Json, Path},
    guard::{Guard, Whose},
};
use crate::{actions, cx::Cx, error::Result};
use model::{
    Refusal,
    endpoint::Method,
    permission::Permission,
    preferences::{DeletePreferences, ListPreferences, Preference, SetPreferences},
};

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::Me(Permission::EditOtherUsers);
    r.on::<ListPreferences, _>(own, list)
        .on::<SetPreferences, _>(own, set)
        .on::<DeletePreferences, _>(own, delete)
        .at(Method::Get, "/users/{user_id}/preferences/{category}", own, by_category)
        .at(Method::Get, "/users/{user_id}/preferences/{category}/name/{name}", own, by_name)
}

async fn list(cx: Cx, Whose(user): Whose) -> Result<Json<Vec<Preference>>> {
    Ok(Json(cx.store.preferences().all(user).await?))
}

async fn set(cx: Cx, Whose(user): Whose, Json(preferences): Json<Vec<Preference>>) -> Result<Done> {
    actions::preferences::set(&cx, user, preferences).await?;
    Ok(Done)
}

async fn delete(cx: Cx, Whose(user): Whose, Json(preferences): Json<Vec<Preference>>) -> Result<Done> {
    actions::preferences::delete(&cx, user, preferences).await?;
    Ok(Done)
}

async fn by_category(
    cx: Cx,
    Whose(user): Whose,
    Path((_, category)): Path<(String, String)>,
) -> Result<Json<Vec<Preference>>> {
    let found = cx.store.preferences().by_category(user, &category).await?;
    if found.is_empty() { Err(Refusal::NO_PREFERENCE.into()) } else { Ok(Json(found)) }
}

async fn by_name(
    cx: Cx,
    Whose(user): Whose,
    Path((_, category, name)): Path<(String, String, String)>,
) -> Result<Json<Preference>> {
    // Mattermost: a name is longer than one letter.
    if name.chars().count() < 2 {
        return Err(Refusal::url("preference_name").into());
    }
    let found = cx.store.preferences().by_name(user, &category, &name).await?;
    Ok(Json(found.ok_or(Refusal::NO_PREFERENCE)?))
}
