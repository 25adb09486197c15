//! Terms that people have to accept.

use super::{
    Routes,
    extract::{Done, Json},
    guard::Guard,
};
use crate::{access::Caller, actions::terms_of_service, cx::Cx, error::Result};
use model::{
    AnyId, Refusal,
    endpoint::Method,
    permission::Permission,
    terms_of_service::{Acceptance, Terms},
};
use serde::Deserialize;
use serde_json::Value;

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Get, "/terms_of_service", Guard::SignedIn, latest)
        .at(Method::Post, "/terms_of_service", Guard::System(Permission::ManageSystem), create)
        .at(Method::Get, "/users/{user_id}/terms_of_service", Guard::SignedIn, accepted)
        .at(Method::Post, "/users/{user_id}/terms_of_service", Guard::SignedIn, decide)
}

async fn latest(cx: Cx) -> Result<Json<Terms>> {
    Ok(Json(cx.store.terms_of_service().latest().await?.ok_or(Refusal::TERMS_NONE)?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct New {
    text: String,
}

async fn create(cx: Cx, caller: Caller, Json(new): Json<New>) -> Result<Json<Terms>> {
    Ok(Json(terms_of_service::create(&cx, &caller, new.text).await?))
}

/// Mattermost: whoever the path names, it is the caller's.
async fn accepted(cx: Cx, caller: Caller) -> Result<Json<Acceptance>> {
    let accepted = cx.store.terms_of_service().accepted(caller.id()).await?;
    Ok(Json(accepted.ok_or(Refusal::TERMS_NOT_ACCEPTED)?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Decision {
    #[serde(rename = "termsOfServiceId", alias = "serviceTermsId")]
    id: String,
    /// True, or the text `true`.
    accepted: Value,
}

async fn decide(cx: Cx, caller: Caller, Json(decision): Json<Decision>) -> Result<Done> {
    let id: AnyId = decision.id.parse().map_err(|_| Refusal::body("termsOfServiceId"))?;
    let accepted = decision.accepted == true || decision.accepted == "true";
    terms_of_service::decide(&cx, &caller, id, accepted).await?;
    Ok(Done)
}
