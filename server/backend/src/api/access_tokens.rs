//! Personal access tokens.

use super::{
    Routes,
    extract::{Done, Json, Paging, Path},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::access_tokens,
    cx::Cx,
    error::Result,
};
use model::{
    access_tokens::{
        AccessToken, CreateToken, DisableToken, EnableToken, GetToken, ListTokens, NewAccessToken, RevokeToken,
        SearchTokens, TokenSearch, TokensOf, WhichToken,
    },
    permission::Permission,
};

/// At most so many are found.
const FOUND: i64 = 100;

pub(super) fn routes(r: Routes) -> Routes {
    let whose = Guard::InAction("one's own, or those of a bot that one looks after");
    r.on::<CreateToken, _>(whose, create)
        .on::<TokensOf, _>(Guard::System(Permission::ReadUserAccessToken), of_user)
        .on::<ListTokens, _>(Guard::System(Permission::ManageSystem), list)
        .on::<SearchTokens, _>(Guard::System(Permission::ManageSystem), search)
        .on::<GetToken, _>(whose, get)
        .on::<RevokeToken, _>(whose, revoke)
        .on::<DisableToken, _>(whose, disable)
        .on::<EnableToken, _>(whose, enable)
}

async fn create(
    cx: Cx,
    caller: Caller,
    Path(user): Path<String>,
    Json(new): Json<NewAccessToken>,
) -> Result<Json<AccessToken>> {
    let user = caller.resolve(&user)?;
    Ok(Json(access_tokens::create(&cx, &caller, user, new.description).await?))
}

async fn of_user(cx: Cx, caller: Caller, Path(user): Path<String>, page: Paging) -> Result<Json<Vec<AccessToken>>> {
    let user = caller.resolve(&user)?;
    access::must_act_for(&cx, &caller, user).await?;
    Ok(Json(cx.store.access_tokens().of_user(user, page.per_page, page.page * page.per_page).await?))
}

async fn list(cx: Cx, page: Paging) -> Result<Json<Vec<AccessToken>>> {
    Ok(Json(cx.store.access_tokens().page(page.per_page, page.page * page.per_page).await?))
}

async fn search(cx: Cx, Json(search): Json<TokenSearch>) -> Result<Json<Vec<AccessToken>>> {
    if search.term.is_empty() {
        return Err(model::Refusal::body("term").into());
    }
    Ok(Json(cx.store.access_tokens().search(&search.term, FOUND).await?))
}

async fn get(cx: Cx, caller: Caller, Path(id): Path<String>) -> Result<Json<AccessToken>> {
    Ok(Json(access_tokens::permitted(&cx, &caller, &id, Permission::ReadUserAccessToken).await?))
}

async fn revoke(cx: Cx, caller: Caller, Json(which): Json<WhichToken>) -> Result<Done> {
    let token = access_tokens::permitted(&cx, &caller, &which.token_id, Permission::RevokeUserAccessToken).await?;
    access_tokens::revoke(&cx, token).await?;
    Ok(Done)
}

async fn disable(cx: Cx, caller: Caller, Json(which): Json<WhichToken>) -> Result<Done> {
    let token = access_tokens::permitted(&cx, &caller, &which.token_id, Permission::RevokeUserAccessToken).await?;
    access_tokens::set_active(&cx, token, false).await?;
    Ok(Done)
}

async fn enable(cx: Cx, caller: Caller, Json(which): Json<WhichToken>) -> Result<Done> {
    let token = access_tokens::permitted(&cx, &caller, &which.token_id, Permission::CreateUserAccessToken).await?;
    access_tokens::set_active(&cx, token, true).await?;
    Ok(Done)
}
