//! The second factor: setting it up, and whether it is asked for.

use super::{
    Routes,
    extract::{Address, Json},
    guard::{Guard, Whose},
};
use crate::{
    access::Caller,
    actions::{mfa, sessions},
    cx::Cx,
    error::Result,
};
use model::{
    endpoint::Method,
    permission::Permission,
    users::{GenerateMfa, MfaChange, MfaSecret, RecoveryCodes, RenewRecoveryCodes, SetMfa},
};
use serde::Deserialize;
use serde_json::json;

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::Me(Permission::EditOtherUsers);
    r.on::<GenerateMfa, _>(own, generate).on::<SetMfa, _>(own, set).on::<RenewRecoveryCodes, _>(own, renew).at(
        Method::Post,
        "/users/mfa",
        Guard::Public,
        check,
    )
}

async fn generate(cx: Cx, caller: Caller, Whose(user): Whose) -> Result<Json<MfaSecret>> {
    Ok(Json(mfa::generate(&cx, &caller, user).await?))
}

async fn set(cx: Cx, caller: Caller, Whose(user): Whose, Json(change): Json<MfaChange>) -> Result<Json<RecoveryCodes>> {
    if change.activate {
        return Ok(Json(mfa::activate(&cx, &caller, user, &change.code).await?));
    }
    mfa::deactivate(&cx, &caller, user).await?;
    Ok(Json(RecoveryCodes::default()))
}

async fn renew(cx: Cx, caller: Caller, Whose(user): Whose) -> Result<Json<RecoveryCodes>> {
    Ok(Json(mfa::renew_codes(&cx, &caller, user).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Which {
    login_id: String,
}

/// Whether somebody has to give a code at sign-in, as apps ask before they show its field.
async fn check(cx: Cx, Address(address): Address, Json(which): Json<Which>) -> Result<Json<serde_json::Value>> {
    sessions::slowly(&cx, address)?;
    let user = cx.store.users().by_login(which.login_id.trim()).await?;
    let required = user.is_some_and(|user| mfa::is_asked_of(&cx, &user));
    Ok(Json(json!({"mfa_required": required})))
}
