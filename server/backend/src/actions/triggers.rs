//! Trigger ids: what lets a program open a dialog for whoever just gave its command or clicked its button.
//!
//! One says for whom and when, signed by us, so that nothing is kept.

use crate::{auth::secrets, clock::new_id, cx::Cx};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use model::{AnyId, Millis, Refusal, UserId};

/// For how long a program can open a dialog. Mattermost: the same.
const VALID_FOR: Millis = 3_000;

/// A new trigger id for somebody.
pub fn make(cx: &Cx, user: UserId) -> String {
    let id: AnyId = new_id();
    let said = format!("{id}:{user}:{}", cx.clock.now());
    let signature = secrets::sign(&key(cx), &said);
    BASE64_STANDARD.encode(format!("{said}:{signature}"))
}

/// For whom a trigger id was made.
///
/// # Errors
///
/// It is none of ours, or too old.
pub fn user_of(cx: &Cx, trigger: &str) -> Result<UserId, Refusal> {
    let bytes = BASE64_STANDARD.decode(trigger).map_err(|_| Refusal::TRIGGER_DECODE)?;
    let text = String::from_utf8(bytes).map_err(|_| Refusal::TRIGGER_DECODE)?;
    let (said, signature) = text.rsplit_once(':').ok_or(Refusal::TRIGGER_PARTS)?;
    let [_, user, at] = said.split(':').collect::<Vec<_>>()[..] else { return Err(Refusal::TRIGGER_PARTS) };
    let at: Millis = at.parse().map_err(|_| Refusal::TRIGGER_PARTS)?;
    if !secrets::is_signed(&key(cx), said, signature) {
        return Err(Refusal::TRIGGER_SIGNATURE);
    }
    if cx.clock.now() - at > VALID_FOR {
        return Err(Refusal::TRIGGER_EXPIRED);
    }
    user.parse().map_err(|_| Refusal::TRIGGER_PARTS)
}

/// Apart from what else is signed with the same secret.
fn key(cx: &Cx) -> String {
    format!("trigger:{}", cx.settings.get().file.public_link_salt)
}
