//! The sidebar: categories of channels and their order, per user and team.

use super::{
    Routes,
    extract::{Done, Json, Path},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions,
    cx::Cx,
    error::Result,
};
use model::{
    ChannelId, Refusal, TeamId, UserId,
    endpoint::Method,
    permission::Permission,
    sidebar::{
        Categories, Category, CreateCategory, DeleteCategory, GetCategory, GetCategoryOrder, ListCategories,
        SetCategoryOrder, UpdateCategories, UpdateCategory,
    },
};

use std::collections::BTreeMap;

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::InAction("oneself or an administrator, and the team");
    r.on::<ListCategories, _>(own, list)
        .on::<CreateCategory, _>(own, create)
        .on::<UpdateCategories, _>(own, update)
        .on::<GetCategoryOrder, _>(own, order)
        .on::<SetCategoryOrder, _>(own, set_order)
        .on::<GetCategory, _>(own, get)
        .on::<UpdateCategory, _>(own, update_one)
        .on::<DeleteCategory, _>(own, delete)
        .at(Method::Get, "/teams/{team_id}/channels/managed_categories", Guard::Team(Permission::ViewTeam), managed)
}

/// Whose sidebar it is, if the caller may arrange it.
async fn whose(cx: &Cx, caller: &Caller, user: &str, team: TeamId) -> Result<UserId> {
    let user = caller.resolve(user)?;
    if user != caller.id() {
        caller.must(Permission::EditOtherUsers)?;
    }
    access::must_in_team(cx, caller, team, Permission::ViewTeam).await?;
    Ok(user)
}

async fn list(cx: Cx, caller: Caller, Path((user, team)): Path<(String, TeamId)>) -> Result<Json<Categories>> {
    let user = whose(&cx, &caller, &user, team).await?;
    let categories = actions::sidebar::categories(&cx, user, team).await?;
    let order = categories.iter().map(|c| c.id.clone()).collect();
    Ok(Json(Categories { categories, order }))
}

async fn managed(cx: Cx, caller: Caller, Path(team): Path<TeamId>) -> Result<Json<BTreeMap<ChannelId, String>>> {
    Ok(Json(actions::sidebar::managed(&cx, caller.id(), team).await?))
}

async fn create(
    cx: Cx,
    caller: Caller,
    Path((user, team)): Path<(String, TeamId)>,
    Json(new): Json<Category>,
) -> Result<Json<Category>> {
    let user = whose(&cx, &caller, &user, team).await?;
    if new.user_id != user || new.team_id != team {
        return Err(Refusal::body("category").into());
    }
    Ok(Json(actions::sidebar::create(&cx, user, team, new).await?))
}

async fn update(
    cx: Cx,
    caller: Caller,
    Path((user, team)): Path<(String, TeamId)>,
    Json(changed): Json<Vec<Category>>,
) -> Result<Json<Vec<Category>>> {
    let user = whose(&cx, &caller, &user, team).await?;
    if changed.iter().any(|c| c.user_id != user || c.team_id != team) {
        return Err(Refusal::body("category").into());
    }
    Ok(Json(actions::sidebar::update(&cx, user, team, changed).await?))
}

async fn order(cx: Cx, caller: Caller, Path((user, team)): Path<(String, TeamId)>) -> Result<Json<Vec<String>>> {
    let user = whose(&cx, &caller, &user, team).await?;
    let categories = actions::sidebar::categories(&cx, user, team).await?;
    Ok(Json(categories.into_iter().map(|c| c.id).collect()))
}

async fn set_order(
    cx: Cx,
    caller: Caller,
    Path((user, team)): Path<(String, TeamId)>,
    Json(order): Json<Vec<String>>,
) -> Result<Json<Vec<String>>> {
    let user = whose(&cx, &caller, &user, team).await?;
    Ok(Json(actions::sidebar::set_order(&cx, user, team, order).await?))
}

/// A category of the user's in this team. One that is not there is refused like somebody else's.
async fn find(cx: &Cx, caller: &Caller, user: UserId, team: TeamId, id: &str) -> Result<Category> {
    let found = actions::sidebar::categories(cx, user, team).await?.into_iter().find(|c| c.id == id);
    let unknown = if caller.may(Permission::EditOtherUsers) {
        Refusal::NO_CATEGORY
    } else {
        Refusal::missing(Permission::EditOtherUsers)
    };
    Ok(found.ok_or(unknown)?)
}

async fn get(cx: Cx, caller: Caller, Path((user, team, id)): Path<(String, TeamId, String)>) -> Result<Json<Category>> {
    let user = whose(&cx, &caller, &user, team).await?;
    Ok(Json(find(&cx, &caller, user, team, &id).await?))
}

async fn update_one(
    cx: Cx,
    caller: Caller,
    Path((user, team, id)): Path<(String, TeamId, String)>,
    Json(changed): Json<Category>,
) -> Result<Json<Category>> {
    let user = whose(&cx, &caller, &user, team).await?;
    find(&cx, &caller, user, team, &id).await?;
    if changed.user_id != user || changed.team_id != team {
        return Err(Refusal::body("category").into());
    }
    let changed = vec![Category { id, ..changed }];
    let updated = actions::sidebar::update(&cx, user, team, changed).await?;
    Ok(Json(updated.into_iter().next().ok_or(Refusal::NO_CATEGORY)?))
}

async fn delete(cx: Cx, caller: Caller, Path((user, team, id)): Path<(String, TeamId, String)>) -> Result<Done> {
    let user = whose(&cx, &caller, &user, team).await?;
    find(&cx, &caller, user, team, &id).await?;
    actions::sidebar::delete(&cx, user, team, id).await?;
    Ok(Done)
}
