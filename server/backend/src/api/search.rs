//! Finding messages and files.

use super::{
    Routes,
    extract::{Json, Path},
    guard::Guard,
};
use crate::{access::Caller, actions, cx::Cx, error::Result};
use model::{
    TeamId,
    files::{FoundFiles, SearchAllFiles, SearchFiles},
    permission::Permission,
    posts::{FoundPosts, PostSearch, SearchAllPosts, SearchPosts},
};

pub(super) fn routes(r: Routes) -> Routes {
    r.on::<SearchPosts, _>(Guard::Team(Permission::ViewTeam), in_team)
        .on::<SearchAllPosts, _>(Guard::SignedIn, everywhere)
        .on::<SearchFiles, _>(Guard::Team(Permission::ViewTeam), files_in_team)
        .on::<SearchAllFiles, _>(Guard::SignedIn, files_everywhere)
}

async fn files_in_team(
    cx: Cx,
    caller: Caller,
    Path(team): Path<TeamId>,
    Json(search): Json<PostSearch>,
) -> Result<Json<FoundFiles>> {
    Ok(Json(actions::search::files(&cx, &caller, Some(team), search).await?))
}

async fn files_everywhere(cx: Cx, caller: Caller, Json(search): Json<PostSearch>) -> Result<Json<FoundFiles>> {
    Ok(Json(actions::search::files(&cx, &caller, None, search).await?))
}

async fn in_team(
    cx: Cx,
    caller: Caller,
    Path(team): Path<TeamId>,
    Json(search): Json<PostSearch>,
) -> Result<Json<FoundPosts>> {
    Ok(Json(actions::search::posts(&cx, &caller, Some(team), search).await?))
}

async fn everywhere(cx: Cx, caller: Caller, Json(search): Json<PostSearch>) -> Result<Json<FoundPosts>> {
    Ok(Json(actions::search::posts(&cx, &caller, None, search).await?))
}
