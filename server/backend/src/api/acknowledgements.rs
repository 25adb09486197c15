//! Saying that one has seen a post that asked for it.

use super::{
    Routes,
    extract::{Done, Json, Path},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::acknowledgements,
    cx::Cx,
    error::Result,
};
use model::{
    PostId, Refusal, UserId,
    channels::Channel,
    permission::Permission,
    posts::{Acknowledge, Acknowledgement, Post, Unacknowledge},
};
use std::sync::Arc;

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::InAction("oneself or an administrator, and the post's channel");
    r.on::<Acknowledge, _>(own, add).on::<Unacknowledge, _>(own, remove)
}

/// For whom, and the post if the caller can read it.
async fn place(cx: &Cx, caller: &Caller, user: &str, id: PostId) -> Result<(UserId, Post, Arc<Channel>)> {
    let user = caller.resolve(user)?;
    if user != caller.id() {
        caller.must(Permission::EditOtherUsers)?;
    }
    let refused = Refusal::missing(Permission::ReadChannel);
    let (post, channel) = access::post_in_channel(cx, id).await?.ok_or_else(|| refused.clone())?;
    access::must_in_channel(cx, caller, &channel, Permission::ReadChannel).await?;
    Ok((user, post, channel))
}

async fn add(cx: Cx, caller: Caller, Path((user, post)): Path<(String, PostId)>) -> Result<Json<Acknowledgement>> {
    let (user, post, channel) = place(&cx, &caller, &user, post).await?;
    Ok(Json(acknowledgements::add(&cx, user, &post, &channel).await?))
}

async fn remove(cx: Cx, caller: Caller, Path((user, post)): Path<(String, PostId)>) -> Result<Done> {
    let (user, post, channel) = place(&cx, &caller, &user, post).await?;
    acknowledgements::remove(&cx, user, &post, &channel).await?;
    Ok(Done)
}
