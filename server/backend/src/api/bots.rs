//! Bots.

use super::{
    Routes,
    extract::{Created, Json, Paging, Path, Query},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::bots,
    cx::Cx,
    error::Result,
};
use model::{
    Refusal, UserId,
    bots::{
        AssignBot, Bot, BotPatch, BotsQuery, ConvertBot, ConvertQuery, ConvertUser, CreateBot, DisableBot, EnableBot,
        GetBot, ListBots, PatchBot,
    },
    permission::Permission,
    users::{User, UserPatch},
};
use store::bots::Which;

pub(super) fn routes(r: Routes) -> Routes {
    let whose = Guard::InAction("whose bot it is decides which permission it takes");
    r.on::<CreateBot, _>(Guard::System(Permission::CreateBot), create)
        .on::<ListBots, _>(Guard::InAction("one's own, or all for who may read others' bots"), list)
        .on::<GetBot, _>(whose, get)
        .on::<PatchBot, _>(whose, patch)
        .on::<DisableBot, _>(whose, disable)
        .on::<EnableBot, _>(whose, enable)
        .on::<AssignBot, _>(whose, assign)
        .on::<ConvertBot, _>(Guard::System(Permission::ManageSystem), to_user)
        .on::<ConvertUser, _>(Guard::System(Permission::ManageSystem), of_user)
}

fn is_true(text: Option<&str>) -> bool {
    text == Some("true")
}

async fn create(cx: Cx, caller: Caller, Json(new): Json<BotPatch>) -> Result<Created<Bot>> {
    Ok(Created(bots::create(&cx, &caller, new).await?))
}

async fn list(cx: Cx, caller: Caller, page: Paging, Query(query): Query<BotsQuery>) -> Result<Json<Vec<Bot>>> {
    let disabled = is_true(query.include_deleted.as_deref());
    let which = if caller.may(Permission::ReadOthersBots) {
        if is_true(query.only_orphaned.as_deref()) { Which::Orphaned } else { Which::All }
    } else {
        caller.must(Permission::ReadBots)?;
        Which::Of(caller.id())
    };
    Ok(Json(cx.store.bots().page(which, disabled, page.per_page, page.page * page.per_page).await?))
}

async fn get(cx: Cx, caller: Caller, Path(id): Path<UserId>, Query(query): Query<BotsQuery>) -> Result<Json<Bot>> {
    let bot = access::bot(&cx, &caller, id).await?;
    if bot.delete_at != 0 && !is_true(query.include_deleted.as_deref()) {
        return Err(Refusal::NO_BOT.into());
    }
    Ok(Json(bot))
}

async fn patch(cx: Cx, caller: Caller, Path(id): Path<UserId>, Json(patch): Json<BotPatch>) -> Result<Json<Bot>> {
    let bot = access::managed_bot(&cx, &caller, id).await?;
    Ok(Json(bots::patch(&cx, bot, patch).await?))
}

async fn disable(cx: Cx, caller: Caller, Path(id): Path<UserId>) -> Result<Json<Bot>> {
    let bot = access::managed_bot(&cx, &caller, id).await?;
    Ok(Json(bots::set_enabled(&cx, bot, false).await?))
}

async fn enable(cx: Cx, caller: Caller, Path(id): Path<UserId>) -> Result<Json<Bot>> {
    let bot = access::managed_bot(&cx, &caller, id).await?;
    Ok(Json(bots::set_enabled(&cx, bot, true).await?))
}

async fn assign(cx: Cx, caller: Caller, Path((id, owner)): Path<(UserId, String)>) -> Result<Json<Bot>> {
    let bot = access::managed_bot(&cx, &caller, id).await?;
    let owner = caller.resolve(&owner)?;
    Ok(Json(bots::assign(&cx, &caller, bot, owner).await?))
}

async fn to_user(
    cx: Cx,
    Path(id): Path<UserId>,
    Query(query): Query<ConvertQuery>,
    Json(patch): Json<UserPatch>,
) -> Result<Json<User>> {
    let admin = is_true(query.set_system_admin.as_deref());
    Ok(Json(bots::to_user(&cx, id, patch, admin).await?))
}

async fn of_user(cx: Cx, caller: Caller, Path(user): Path<String>) -> Result<Json<Bot>> {
    let user = caller.resolve(&user)?;
    Ok(Json(bots::of_user(&cx, &caller, user).await?))
}
