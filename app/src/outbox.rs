//! What was written and is not with the server yet: sent one after another in the order in which it was written, and
//! kept in the browser's database until it is there, so that neither a reload nor a lost network loses it.
//!
//! The server answers the same post to the same `pending_post_id` for a day, so sending twice makes nothing double.

use leptos::prelude::*;
use model::{Millis, posts::CreatePost};

use crate::{
    browser,
    chat::Chat,
    client::Failure,
    later::later,
    sorted::sort_by,
    state::{Link, Model, Pending, Stage, Topic},
    time, words,
};

/// How long to wait before trying again, at first and at most, in milliseconds.
const FIRST_WAIT: u32 = 1_000;
const LONGEST_WAIT: u32 = 30_000;
/// How often it is looked whether the connection is back.
const LOOK_EVERY: u32 = 200;
/// After this the server may no longer know that it has had a message; sending it again is for its author to decide.
const KNOWN: Millis = 20 * 60 * time::MINUTE;

/// Whether sending again later may help.
fn may_pass(failure: &Failure) -> bool {
    matches!(failure, Failure::Unreachable) || failure.is_storage_lost()
}

later! {
    /// Sends what waits, until nothing does. One at a time: what was written first is there first.
    pub async fn send(chat: Chat) {
        if chat.sending.try_get_value() != Some(false) {
            return;
        }
        chat.sending.set_value(true);
        let mut wait = FIRST_WAIT;
        while let Some(pending) = next(chat) {
            keep::put(&pending).await;
            match chat.client().send(CreatePost { query: (), body: pending.to_new_post() }).await {
                Ok(mut post) => {
                    // The echo may be missing; without it the message would be there twice.
                    post.pending_post_id.clone_from(&pending.id);
                    chat.update(|m| m.arrive(post, false));
                    keep::remove(&pending.id).await;
                    wait = FIRST_WAIT;
                }
                Err(failure) if may_pass(&failure) => {
                    chat.update(Model::wait_to_send);
                    keep_all(chat).await;
                    pause(chat, wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                Err(failure) => {
                    let reason = words::failure_not_sent(&failure.to_string());
                    chat.update(|m| m.stage(&pending.id, Stage::Failed(reason)));
                    keep_all(chat).await;
                }
            }
        }
        chat.sending.try_set_value(false);
    }
}

/// What is to be sent next; nothing where the page is gone.
fn next(chat: Chat) -> Option<Pending> {
    if chat.sending.is_disposed() { None } else { chat.peek(Model::next_to_send) }
}

async fn keep_all(chat: Chat) {
    for pending in chat.peek(|m| m.pending.clone()) {
        keep::put(&pending).await;
    }
}

/// Waits, but no longer than until the connection is back, or the server's database.
async fn pause(chat: Chat, milliseconds: u32) {
    let storage = chat.client().storage_lost();
    let lost = || storage.get_untracked() || chat.peek(|m| matches!(m.link, Link::Lost { .. }));
    let was_lost = lost();
    let is_back = || was_lost && !lost();
    let mut left = milliseconds;
    while left > 0 && !chat.sending.is_disposed() && !is_back() {
        browser::pause(LOOK_EVERY).await;
        left = left.saturating_sub(LOOK_EVERY);
    }
}

later! {
    /// Takes up what an earlier page could not send.
    pub async fn restore(chat: Chat) {
        let now = browser::now();
        let mut kept = keep::all().await;
        kept.retain(|pending| pending.user_id == chat.peek(|m| m.me));
        if kept.is_empty() {
            return;
        }
        sort_by(&mut kept, |one| (one.create_at, one.id.clone()));
        for pending in &mut kept {
            if !matches!(pending.stage, Stage::Failed(_)) {
                pending.stage = if now - pending.create_at < KNOWN {
                    Stage::Waiting
                } else {
                    Stage::Failed(words::failure_long_ago().to_owned())
                };
            }
        }
        chat.update(|m| m.write_on(kept));
        send(chat).await;
    }
}

later! {
    /// Forgets a message that its author discarded or took back.
    pub async fn forget(id: String) {
        keep::remove(&id).await;
    }
}

/// Forgets everything, when somebody signs out.
pub async fn forget_all() {
    keep::clear().await;
}

/// The browser's database. A browser that keeps nothing, as some do in private windows, is no failure.
#[cfg(target_arch = "wasm32")]
mod keep {
    use idb::{Database, DatabaseEvent, Error, Factory, ObjectStore, ObjectStoreParams, Query, TransactionMode};
    use wasm_bindgen::JsValue;

    use crate::state::Pending;

    const NAME: &str = "confab";
    const STORE: &str = "outbox";

    async fn open() -> Result<Database, Error> {
        let mut request = Factory::new()?.open(NAME, Some(1))?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                let _ = database.create_object_store(STORE, ObjectStoreParams::new());
            }
        });
        request.await
    }

    /// One change. What the browser refuses is not kept, and no failure.
    async fn change<R: IntoFuture>(with: impl FnOnce(&ObjectStore) -> Result<R, Error>) {
        let done = async {
            let database = open().await?;
            let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
            let _ = with(&transaction.object_store(STORE)?)?.await;
            transaction.commit()?.await?;
            database.close();
            Ok::<_, Error>(())
        };
        let _ = done.await;
    }

    pub async fn put(pending: &Pending) {
        if let Ok(text) = serde_json::to_string(pending) {
            change(|store| store.put(&JsValue::from_str(&text), Some(&JsValue::from_str(&pending.id)))).await;
        }
    }

    pub async fn remove(id: &str) {
        change(|store| store.delete(Query::Key(JsValue::from_str(id)))).await;
    }

    pub async fn clear() {
        change(ObjectStore::clear).await;
    }

    pub async fn all() -> Vec<Pending> {
        let found = async {
            let database = open().await?;
            let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
            let found = transaction.object_store(STORE)?.get_all(None, None)?.await?;
            database.close();
            Ok::<_, Error>(found)
        };
        let texts = found.await.unwrap_or_default();
        texts.iter().filter_map(|text| model::json::read(&text.as_string()?).ok()).collect()
    }
}

/// The server keeps nothing of it.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unused_async, reason = "as in the browser")]
mod keep {
    use crate::state::Pending;

    pub async fn put(_pending: &Pending) {}

    pub async fn remove(_id: &str) {}

    pub async fn clear() {}

    pub async fn all() -> Vec<Pending> {
        Vec::new()
    }
}

/// Takes up what is left over, and sends what is written; draws nothing. Once per page.
#[component]
pub fn Outbox() -> impl IntoView {
    let chat = crate::chat::use_chat();
    let leaving = window_event_listener_untyped("pagehide", move |_| crate::actions::delete_now(chat));
    on_cleanup(move || leaving.remove());
    Effect::new(move |_| leptos::task::spawn_local(restore(chat)));
    // What is tried again by hand, or was written in a moment without the second module.
    Effect::new(move |_| {
        chat.track(Topic::Link);
        leptos::task::spawn_local(send(chat));
    });
}
