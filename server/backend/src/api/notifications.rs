//! Notifications: what phones say of those that reached them, and trying whether any does.

use super::{Routes, extract::Done, guard::Guard};
use crate::{access::Caller, actions::system_bot, clock::new_id, cx::Cx, error::Result};
use axum::body::Bytes;
use model::{AnyId, Refusal, endpoint::Method, posts::Props};
use serde::Deserialize;

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Post, "/notifications/ack", Guard::SignedIn, acknowledge).at(
        Method::Post,
        "/notifications/test",
        Guard::SignedIn,
        test,
    )
}

/// What a phone got. Mattermost: PushNotificationAck.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Received {
    id: String,
}

/// No notification is sent to phones yet, so there is none to acknowledge.
async fn acknowledge(body: Bytes) -> Result<Done> {
    let received: Received = serde_json::from_slice(&body).map_err(|_| Refusal::PUSH_ACK)?;
    Err(if received.id.is_empty() { Refusal::PUSH_ACK } else { Refusal::PUSH_OFF }.into())
}

/// A message to who asks, which notifies them in every way that they have chosen.
async fn test(cx: Cx, caller: Caller) -> Result<Done> {
    let text = "This is a test. If you were notified of it, notifications reach you.";
    let pending: AnyId = new_id();
    system_bot::write(&cx, caller.id(), text.to_owned(), Props::new(), pending.to_string()).await?;
    Ok(Done)
}
