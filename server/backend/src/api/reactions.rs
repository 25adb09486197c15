//! Reactions: the emoji people leave under a post.

use super::{
    Routes,
    extract::{Done, Found, Json, Path},
    guard::Guard,
};
use crate::{access::Caller, actions, cx::Cx, error::Result};
use model::{
    PostId,
    channels::Channel,
    permission::Permission,
    posts::Post,
    reactions::{AddReaction, ListReactions, NewReaction, Reaction, RemoveReaction},
};
use std::collections::BTreeMap;

pub(super) fn routes(r: Routes) -> Routes {
    r.on::<AddReaction, _>(
        Guard::InAction("the post is in the body, and each wrong field has an error of its own"),
        add,
    )
    .on::<RemoveReaction, _>(Guard::InPost(Permission::RemoveReaction), remove)
    .on::<ListReactions, _>(Guard::InPost(Permission::ReadChannel), list)
    .at(
        model::endpoint::Method::Post,
        "/posts/ids/reactions",
        Guard::InAction("many posts; those one may not read are left out"),
        of_posts,
    )
}

async fn add(cx: Cx, caller: Caller, Json(new): Json<NewReaction>) -> Result<Json<Reaction>> {
    Ok(Json(actions::reactions::add(&cx, &caller, new).await?))
}

async fn remove(
    cx: Cx,
    caller: Caller,
    Found(post): Found<Post>,
    Found(channel): Found<Channel>,
    Path((user, _, name)): Path<(String, PostId, String)>,
) -> Result<Done> {
    let of = caller.resolve(&user)?;
    actions::reactions::remove(&cx, &caller, of, &post, &channel, name).await?;
    Ok(Done)
}

async fn list(cx: Cx, Found(post): Found<Post>) -> Result<Json<Vec<Reaction>>> {
    Ok(Json(cx.store.reactions().of_post(post.id).await?))
}

async fn of_posts(
    cx: Cx,
    caller: Caller,
    Json(ids): Json<Vec<PostId>>,
) -> Result<Json<BTreeMap<PostId, Vec<Reaction>>>> {
    let posts = super::posts::readable(&cx, &caller, &ids).await?;
    let ids: Vec<_> = posts.iter().map(|p| p.id).collect();
    let mut found: BTreeMap<PostId, Vec<Reaction>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for reaction in cx.store.reactions().of_posts(&ids).await? {
        found.entry(reaction.post_id).or_default().push(reaction);
    }
    Ok(Json(found))
}
