//! Buttons and menus under posts, and dialogs.

use super::{
    Routes,
    extract::{Done, Json, Path},
    guard::Guard,
};
use crate::{access::Caller, actions::interactive, cx::Cx, error::Result};
use axum::body::Bytes;
use model::{
    PostId, Refusal,
    interactive::{
        ActionStarted, ActionTaken, DialogAnswer, DialogOptions, DialogSubmission, DoAction, LookupDialog, OpenDialog,
        OpenDialogFor, SubmitDialog,
    },
};

pub(super) fn routes(r: Routes) -> Routes {
    let place = Guard::InAction("the channel and team are in the body");
    r.on::<DoAction, _>(Guard::InAction("the post's channel decides, or the secret of a post that is not kept"), click)
        .on::<OpenDialogFor, _>(Guard::Public, open)
        .on::<SubmitDialog, _>(place, submit)
        .on::<LookupDialog, _>(place, look_up)
}

async fn click(
    cx: Cx,
    caller: Caller,
    Path((post, action)): Path<(PostId, String)>,
    sent: Bytes,
) -> Result<Json<ActionStarted>> {
    if !interactive::is_id(&action) {
        return Err(Refusal::url("action_id").into());
    }
    // Mattermost: what cannot be read is as if nothing was sent.
    let taken: ActionTaken = serde_json::from_slice(&sent).unwrap_or_default();
    Ok(Json(interactive::click(&cx, &caller, post, &action, taken).await?))
}

/// By a program, which has no session: the trigger id says for whom.
async fn open(cx: Cx, Json(asked): Json<OpenDialog>) -> Result<Done> {
    interactive::open(&cx, asked)?;
    Ok(Done)
}

async fn submit(cx: Cx, caller: Caller, Json(sent): Json<DialogSubmission>) -> Result<Json<DialogAnswer>> {
    Ok(Json(interactive::submit(&cx, &caller, sent).await?))
}

async fn look_up(cx: Cx, caller: Caller, Json(sent): Json<DialogSubmission>) -> Result<Json<DialogOptions>> {
    Ok(Json(interactive::look_up(&cx, &caller, sent).await?))
}
