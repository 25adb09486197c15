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
    status::{GetStatus, NewStatus, Presence, SetStatus, Status, StatusesByIds},
    users::UserPatch,
};
use serde::{Deserialize, Serialize};

/// The longest text of a status, in characters; what is longer is cut.
const TEXT_MAX: usize = 100;

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::Me(Permission::EditOtherUsers);
    r.on::<GetStatus, _>(Guard::SignedIn, get)
        .on::<SetStatus, _>(own, set)
        .on::<StatusesByIds, _>(Guard::SignedIn, by_ids)
        .at(Method::Put, "/users/{user_id}/status/custom", own, set_custom)
        .at(Method::Delete, "/users/{user_id}/status/custom", own, delete_custom)
}

async fn get(cx: Cx, caller: Caller, super::extract::Path(user): super::extract::Path<String>) -> Result<Json<Status>> {
    let id = caller.resolve(&user)?;
    let user = access::user(&cx, id).await?;
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

async fn by_ids(cx: Cx, Json(texts): Json<Vec<String>>) -> Result<Json<Vec<Status>>> {
    let ids: Vec<UserId> = ids(&texts, "user_ids")?;
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
    change_custom(&cx, &caller, user, text).await
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
