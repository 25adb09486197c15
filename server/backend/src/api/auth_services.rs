//! By which service somebody signs in.

use super::{
    Routes,
    extract::{Address, Json, MaybeCaller, Path},
    guard::Guard,
};
use crate::{access::Caller, actions::auth_services, cx::Cx, error::Result};
use model::{
    endpoint::Method,
    permission::Permission,
    users::{AuthSwitch, UserAuth},
};
use serde_json::{Value, json};

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Put, "/users/{user_id}/auth", Guard::System(Permission::EditOtherUsers), set).at(
        Method::Post,
        "/users/login/switch",
        Guard::Public,
        switch,
    )
}

async fn set(cx: Cx, caller: Caller, Path(user): Path<String>, Json(auth): Json<UserAuth>) -> Result<Json<UserAuth>> {
    auth_services::set(&cx, caller.resolve(&user)?, &auth).await?;
    Ok(Json(auth))
}

async fn switch(
    cx: Cx,
    MaybeCaller(caller): MaybeCaller,
    Address(from): Address,
    Json(asked): Json<AuthSwitch>,
) -> Result<Json<Value>> {
    let next = auth_services::switch(&cx, caller.as_ref(), &asked, from).await?;
    Ok(Json(json!({"follow_link": next})))
}
