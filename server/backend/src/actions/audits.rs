//! What is noted for administrators: who did what, and from where.

use crate::{access::Caller, clock::new_id, cx::Cx};
use http::StatusCode;
use model::{Millis, SessionId, UserId};
use std::net::IpAddr;
use store::audits::Audit;

/// The path of signing in.
const SIGN_IN: &str = "/api/v4/users/login";

/// Notes a call and what was answered; not on the request's path.
pub fn note(cx: &Cx, caller: Option<&Caller>, path: String, from: IpAddr, status: StatusCode) {
    let audit = Audit {
        id: new_id(),
        create_at: cx.clock.now(),
        user_id: caller.map_or(UserId::NONE, Caller::id),
        action: path,
        extra_info: format!("status={}", status.as_u16()),
        ip_address: from.to_string(),
        session_id: caller.map_or(SessionId::NONE, Caller::session_id),
    };
    let cx = cx.clone();
    cx.tasks.clone().spawn(async move {
        let noted: Result<(), store::Error> = cx
            .store
            .write(move |tx| {
                let audit = audit.clone();
                Box::pin(async move { tx.audits().insert(&audit).await })
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "what somebody did was not noted");
        }
    });
}

/// That somebody signed in, or tried to.
pub(super) fn sign_in(user_id: UserId, session_id: SessionId, from: IpAddr, at: Millis) -> Audit {
    let extra_info = if session_id.is_some() { "success" } else { "fail" };
    Audit {
        id: new_id(),
        create_at: at,
        user_id,
        action: SIGN_IN.into(),
        extra_info: extra_info.into(),
        ip_address: from.to_string(),
        session_id,
    }
}
