//! What waits to be sent: drafts, the same on all of one's devices, and messages that are sent later.
//!
//! What one types is kept in this browser at once (`draft:…`) and at the server soon after. Beside it lies what both
//! agreed on last (`agreed:…`), so that it is known which of them has changed since.

mod panel;
mod when;

use leptos::{prelude::*, task::spawn_local};
use model::{
    AnyId, ChannelId, FileId, Millis, PostId,
    drafts::{
        DeleteScheduledPost, Draft, ListDrafts, ListScheduledPosts, Reminder, SaveDraft, SchedulePost, ScheduledPost,
        ScheduledQuery, SetReminder, UpdateScheduledPost,
    },
};

pub use panel::WaitingPanel;
pub use when::{When, WhenDialog, named};

use crate::{
    browser,
    chat::{Chat, use_chat},
    client::Failure,
    composer::{attach, priority},
    later::later,
    state::{Topic, Written},
    ui::ToastKind,
    words,
};

/// How long nothing has to be typed before the server is told, in milliseconds.
const SETTLED: u32 = 1_200;

/// Where in this browser something about a channel or thread is kept.
fn key(kind: &str, place: &str) -> String {
    [kind, ":", place].concat()
}

/// What is kept here for a channel or thread.
fn kept(kind: &str, place: &str) -> String {
    browser::stored(&key(kind, place)).unwrap_or_default()
}

/// What is written in the box of a channel or thread, and not sent.
pub fn written(place: &str) -> String {
    kept("draft", place)
}

/// What a channel's or thread's box is called in this browser.
pub fn place_of(channel: ChannelId, root: PostId) -> String {
    if root.is_some() { root.to_string() } else { channel.to_string() }
}

/// Gives a text to the box of a channel or thread, also if it is not on the screen at the moment.
pub fn write_into(chat: Chat, place: String, text: String) {
    browser::store(&key("draft", &place), &text);
    chat.drafts.update_value(|drafts| {
        drafts.insert(place, text);
    });
    chat.draft_set.update(|n| *n += 1);
}

later! {
    /// Tells the server what is written in a channel or thread, once nothing was typed for a moment; at once where
    /// nothing is written any more. `files`: those attached have changed.
    pub fn typed(chat: Chat, channel: ChannelId, root: PostId, files: bool) {
        let place = place_of(channel, root);
        let text = kept("draft", &place);
        if text == kept("agreed", &place) && !files {
            return;
        }
        let turn = chat.drafts_typed.try_update_value(|turns| {
            let turn = turns.entry(place.clone()).or_default();
            *turn += 1;
            *turn
        });
        spawn_local(async move {
            if !text.is_empty() || files {
                browser::pause(SETTLED).await;
            }
            if chat.drafts_typed.try_with_value(|turns| turns.get(&place).copied()).flatten() == turn {
                save(chat, channel, root).await;
            }
        });
    }
}

async fn save(chat: Chat, channel_id: ChannelId, root_id: PostId) {
    let place = place_of(channel_id, root_id);
    let message = kept("draft", &place);
    let file_ids: Vec<FileId> = attach::sent(&attach::of(chat, &place)).iter().map(|file| file.id).collect();
    let mut draft = Draft { channel_id, root_id, message: message.clone(), file_ids, ..Draft::default() };
    if root_id.is_none() {
        chat.priorities.with_untracked(|all| draft.ask(all.get(&channel_id)));
    }
    // Refused or not reached, it is still here, and told with the next word or when the page is opened again.
    if let Ok(saved) = chat.client().send(SaveDraft { query: (), body: draft }).await {
        browser::store(&key("agreed", &place), &message);
        chat.update(|m| m.draft_changed(saved, message.is_empty()));
    }
}

/// Brings what one has begun to write elsewhere, and what is to be sent later.
pub async fn load(chat: Chat) {
    let (client, team) = (chat.client(), chat.peek(|m| m.team));
    let query = ScheduledQuery { include_direct_channels: Some("true".to_owned()) };
    let (drafts, scheduled) = futures::join!(
        client.send(ListDrafts { user_id: "me".to_owned(), team_id: team, query: (), body: () }),
        client.send(ListScheduledPosts { team_id: team, query, body: () }),
    );
    let is_here = chat.peek(|m| m.team == team);
    if let Ok(drafts) = drafts
        && is_here
    {
        chat.update(|m| m.take_drafts(drafts));
    }
    if let Ok(scheduled) = scheduled
        && is_here
    {
        chat.update(|m| m.take_scheduled(scheduled.into_values().flatten().collect()));
    }
}

/// Keeps what is typed here and what is kept at the server alike; draws nothing. Once per page.
#[component]
pub fn Drafts() -> impl IntoView {
    let chat = use_chat();
    let team = Memo::new(move |_| chat.read(Topic::Teams, |m| m.team));
    Effect::new(move |_| {
        if team.get().is_some() {
            spawn_local(load(chat));
        }
    });
    Effect::new(move |before: Option<Vec<String>>| {
        let drafts = chat.read(Topic::Drafts, |m| m.drafts.values().cloned().collect::<Vec<_>>());
        let places: Vec<String> = drafts.iter().map(|d| place_of(d.channel_id, d.root_id)).collect();
        for draft in drafts {
            agree(chat, draft);
        }
        for place in before.into_iter().flatten().filter(|place| !places.contains(place)) {
            gone(chat, place);
        }
        places
    });
}

/// Takes what the server has for a place, unless something was typed here that it does not know.
fn agree(chat: Chat, draft: Draft) {
    let asks = draft.asks();
    let place = place_of(draft.channel_id, draft.root_id);
    let (here, agreed) = (kept("draft", &place), kept("agreed", &place));
    if here != draft.message && here != agreed {
        return typed(chat, draft.channel_id, draft.root_id, false);
    }
    browser::store(&key("agreed", &place), &draft.message);
    if here != draft.message {
        write_into(chat, place.clone(), draft.message);
    }
    if draft.root_id.is_none() && !chat.priorities.with_untracked(|all| all.contains_key(&draft.channel_id)) {
        priority::put_back(chat, draft.channel_id, asks);
    }
    let attached = attach::of(chat, &place);
    if attached.with_untracked(Vec::is_empty) && !draft.metadata.files.is_empty() {
        attach::put_back(&attached, draft.metadata.files);
    }
}

/// The server has nothing for a place any more: it was sent or thrown away elsewhere.
fn gone(chat: Chat, place: String) {
    let (here, agreed) = (kept("draft", &place), kept("agreed", &place));
    if here == agreed {
        browser::store(&key("agreed", &place), "");
        if !here.is_empty() {
            write_into(chat, place, String::new());
        }
    }
}

later! {
    /// Sends a message later. What does not get through comes back to be changed.
    pub fn schedule(chat: Chat, channel_id: ChannelId, root_id: PostId, written: Written, at: Millis) {
        let mut draft = Draft {
            channel_id,
            root_id,
            message: written.message.clone(),
            file_ids: written.files.iter().map(|file| file.id).collect(),
            ..Draft::default()
        };
        draft.ask(written.priority.as_ref());
        let body = ScheduledPost { draft, scheduled_at: at, ..ScheduledPost::default() };
        spawn_local(async move {
            match chat.client().send(SchedulePost { query: (), body }).await {
                Ok(mut scheduled) => {
                    scheduled.draft.metadata.files = written.files;
                    chat.update(|m| m.scheduled_changed(scheduled, false));
                    chat.toasts.show(ToastKind::Success, words::waiting_will_be_sent(&named(chat, at)));
                }
                Err(failure) => {
                    let place = place_of(channel_id, root_id);
                    attach::put_back(&attach::of(chat, &place), written.files);
                    priority::put_back(chat, channel_id, written.priority);
                    write_into(chat, place, written.message);
                    chat.complain(&failure);
                }
            }
        });
    }
}

/// Sends a message at another time than it was to be.
fn reschedule(chat: Chat, id: AnyId, at: Millis) {
    let Some(mut body) = chat.peek(|m| m.scheduled.get(&id).cloned()) else { return };
    body.scheduled_at = at;
    spawn_local(async move {
        match chat.client().send(UpdateScheduledPost { scheduled_post_id: id, query: (), body }).await {
            Ok(scheduled) => {
                chat.update(|m| m.scheduled_changed(scheduled, false));
                chat.toasts.show(ToastKind::Success, words::waiting_will_be_sent(&named(chat, at)));
            }
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Does not send a message after all, and says what it was.
async fn unschedule(chat: Chat, id: AnyId) -> Result<(), Failure> {
    let call = DeleteScheduledPost { scheduled_post_id: id, query: (), body: () };
    let gone = chat.client().send(call).await?;
    chat.update(|m| m.scheduled_changed(gone, true));
    Ok(())
}

/// Throws away what one has begun to write.
fn discard(chat: Chat, channel: ChannelId, root: PostId) {
    let place = place_of(channel, root);
    attach::of(chat, &place).set(Vec::new());
    write_into(chat, place, String::new());
    spawn_local(save(chat, channel, root));
}

/// Forgets in this browser what the server keeps, for the next person who signs in.
pub fn forget() {
    for name in browser::stored_names() {
        let Some(place) = name.strip_prefix("agreed:") else { continue };
        if kept("draft", place) == kept("agreed", place) {
            browser::store(&key("draft", place), "");
            browser::store(&name, "");
        }
    }
}

/// Reminds oneself of a post.
fn remind(chat: Chat, post_id: PostId, at: Millis) {
    let body = Reminder { target_time: at / 1_000 };
    spawn_local(async move {
        match chat.client().send(SetReminder { user_id: "me".to_owned(), post_id, query: (), body }).await {
            Ok(_) => {
                chat.toasts.show(ToastKind::Success, words::waiting_reminded(&named(chat, at)));
            }
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// What is done at the time that was chosen.
fn at(chat: Chat, what: When, moment: Millis) {
    match what {
        // The composer may be gone; its text is a draft then.
        When::Send(send) => drop(send.try_run(moment)),
        When::Move(id) => reschedule(chat, id, moment),
        When::Remind(id) => remind(chat, id, moment),
    }
}
