//! Who is here, and statuses in people's own words.

use super::{
    Routes,
    extract::{Done, Json, ids},
    guard::{Guard, Whose},
};
use crate::{
    access::{self, Caller},
    actions,
    cx::Cx,
    error::Result,
};
use model::{
    Refusal, UserId,
    endpoint::Method,
    permission::Permission,
    preferences::{Preference, VALUE_MAX},
    status::{GetStatus, NewStatus, Presence, SetStatus, Status, StatusesByIds},
    users::UserPatch,
};
use serde::{Deserialize, Serialize};

/// The longest text of a status, in characters; what is longer is cut.
const TEXT_MAX: usize = 100;
/// How many statuses are remembered to choose from again.
const RECENT_MAX: usize = 5;
/// The category and the name of the preference that remembers them.
const RECENT: (&str, &str) = ("custom_status", "recent_custom_statuses");

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::Me(Permission::EditOtherUsers);
    r.on::<GetStatus, _>(Guard::SignedIn, get)
        .on::<SetStatus, _>(own, set)
        .on::<StatusesByIds, _>(Guard::SignedIn, by_ids)
        .at(Method::Put, "/users/{user_id}/status/custom", own, set_custom)
        .at(Method::Delete, "/users/{user_id}/status/custom", own, delete_custom)
        .at(Method::Delete, "/users/{user_id}/status/custom/recent", own, forget_recent)
        .at(Method::Post, "/users/{user_id}/status/custom/recent/delete", own, forget_recent)
}

async fn get(cx: Cx, caller: Caller, super::extract::Path(user): super::extract::Path<String>) -> Result<Json<Status>> {
    let id = caller.resolve(&user)?;
    let user = access::user(&cx, id).await?;
    access::must_see(&cx, &caller, id).await?;
    let mut status = cx.statuses.get(&cx, &[id]).await?.pop().unwrap_or_default();
    if user.delete_at != 0 {
        status = Status { user_id: id, ..Status::default() };
    }
    Ok(Json(status))
}

async fn set(cx: Cx, Whose(user): Whose, Json(new): Json<NewStatus>) -> Result<Json<Status>> {
    if new.user_id != user {
        return Err(Refusal::body("user_id").into());
    }
    let presence = Presence::parse(&new.status).ok_or_else(|| Refusal::body("status"))?;
    cx.statuses.set_manual(&cx, user, presence, new.dnd_end_time);
    Ok(Json(cx.statuses.get(&cx, &[user]).await?.pop().unwrap_or_default()))
}

async fn by_ids(cx: Cx, caller: Caller, Json(texts): Json<Vec<String>>) -> Result<Json<Vec<Status>>> {
    let ids: Vec<UserId> = ids(&texts, "user_ids")?;
    let ids = access::seen_among(&cx, &caller, ids).await?;
    Ok(Json(cx.statuses.get(&cx, &ids).await?))
}

/// A status in one's own words.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct CustomStatus {
    emoji: String,
    text: String,
    duration: String,
    expires_at: String,
}

async fn set_custom(cx: Cx, caller: Caller, Whose(user): Whose, Json(mut status): Json<CustomStatus>) -> Result<Done> {
    if !cx.settings.get().team.enable_custom_user_statuses {
        return Err(Refusal::CUSTOM_STATUS_OFF.into());
    }
    if status.emoji.is_empty() && status.text.is_empty() {
        return Err(Refusal::body("custom_status").into());
    }
    status.text = status.text.chars().take(TEXT_MAX).collect();
    let text = serde_json::to_string(&status).unwrap_or_default();
    change_custom(&cx, &caller, user, text).await?;
    let mut recent = recent(&cx, user).await?;
    recent.retain(|before| before.text != status.text);
    recent.insert(0, status);
    recent.truncate(RECENT_MAX);
    keep_recent(&cx, user, &recent).await
}

/// The statuses somebody has had, the latest first. Mattermost: they are a preference.
async fn recent(cx: &Cx, user: UserId) -> Result<Vec<CustomStatus>> {
    let kept = cx.store.preferences().by_name(user, RECENT.0, RECENT.1).await?;
    Ok(kept.and_then(|p| serde_json::from_str(&p.value).ok()).unwrap_or_default())
}

async fn keep_recent(cx: &Cx, user_id: UserId, mut recent: &[CustomStatus]) -> Result<Done> {
    let mut value = serde_json::to_string(recent).unwrap_or_default();
    while value.chars().count() > VALUE_MAX {
        recent = recent.split_last().map_or(&[], |(_, rest)| rest);
        value = serde_json::to_string(recent).unwrap_or_default();
    }
    let (category, name) = (RECENT.0.to_owned(), RECENT.1.to_owned());
    actions::preferences::set(cx, user_id, vec![Preference { user_id, category, name, value }]).await?;
    Ok(Done)
}

async fn forget_recent(cx: Cx, Whose(user): Whose, Json(status): Json<CustomStatus>) -> Result<Done> {
    if !cx.settings.get().team.enable_custom_user_statuses {
        return Err(Refusal::CUSTOM_STATUS_OFF.into());
    }
    let mut recent = recent(&cx, user).await?;
    let before = recent.len();
    recent.retain(|kept| (&kept.emoji, &kept.text) != (&status.emoji, &status.text));
    if recent.len() == before {
        return Err(Refusal::RECENT_STATUS_NONE.into());
    }
    keep_recent(&cx, user, &recent).await
}

async fn delete_custom(cx: Cx, caller: Caller, Whose(user): Whose) -> Result<Done> {
    if !cx.settings.get().team.enable_custom_user_statuses {
        return Err(Refusal::CUSTOM_STATUS_OFF.into());
    }
    change_custom(&cx, &caller, user, String::new()).await
}

/// Mattermost: it is a property of the user, as JSON.
async fn change_custom(cx: &Cx, caller: &Caller, user: UserId, text: String) -> Result<Done> {
    let mut props = access::user(cx, user).await?.props.clone();
    if text.is_empty() {
        props.remove("customStatus");
    } else {
        props.insert("customStatus".into(), text);
    }
    actions::users::patch(cx, caller, user, UserPatch { props: Some(props), ..UserPatch::default() }).await?;
    Ok(Done)
}
