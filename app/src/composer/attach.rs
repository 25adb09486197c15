//! Files that go with the next message: chosen, pasted or dropped; sent to the server at once, while one goes on
//! writing. What is attached in a place stays with it when one looks elsewhere meanwhile.

use std::{cell::RefCell, collections::HashMap};

use leptos::{ev, html, prelude::*};
use model::{
    ChannelId, PostId,
    files::{FileInfo, Uploaded},
    json,
    posts::FILES_MAX,
};
use web_sys::{File, FileList, XmlHttpRequest};

use crate::{
    chat::{Chat, use_chat},
    client::percent_encoded,
    later::later,
    ui::{Icon, IconButton, ToastKind},
    upload::{self, What},
    waiting, words,
};

/// A file that is to go with the next message.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    key: u32,
    name: String,
    /// In bytes.
    size: i64,
    state: State,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    /// In percent.
    Sending(u8),
    Sent(Box<FileInfo>),
    Failed(String),
}

/// What is attached in one place.
pub type Attached = ArcRwSignal<Vec<Attachment>>;

/// A file of the browser's, and the request that sends it.
type Running = (File, Option<XmlHttpRequest>);

thread_local! {
    // The browser's own things, which only its one thread may touch.
    static RUNNING: RefCell<(u32, HashMap<u32, Running>)> = RefCell::default();
}

/// What is attached in a channel or thread.
pub fn of(chat: Chat, place: &str) -> Attached {
    chat.attached.try_update_value(|all| all.entry(place.to_owned()).or_default().clone()).unwrap_or_default()
}

/// The files of a list that the browser may empty later.
pub fn listed(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|n| files.get(n)).collect()
}

later! {
    /// Attaches files, and begins to send them.
    pub fn add(chat: Chat, attached: Attached, channel: ChannelId, files: Vec<File>) {
        for file in files {
            if attached.with_untracked(Vec::len) >= FILES_MAX {
                chat.toasts.show(ToastKind::Danger, words::composer_at_most(FILES_MAX as i64));
                return;
            }
            let key = RUNNING.with_borrow_mut(|(last, running)| {
                *last += 1;
                running.insert(*last, (file.clone(), None));
                *last
            });
            let new = Attachment { key, name: file.name(), size: file.size() as i64, state: State::Sending(0) };
            attached.update(|all| all.push(new));
            send(attached.clone(), key, channel);
        }
    }
}

fn send(attached: Attached, key: u32, channel: ChannelId) {
    let Some(file) = RUNNING.with_borrow(|(_, running)| running.get(&key).map(|(file, _)| file.clone())) else {
        return;
    };
    let name = file.name();
    let name = if name.is_empty() { "file" } else { &name };
    let path = format!("/api/v4/files?channel_id={channel}&filename={}", percent_encoded(name));
    let (moved, ended) = (attached.clone(), attached.clone());
    let progress = move |percent| set(&moved, key, State::Sending(percent));
    let done = move |answer: Result<String, String>| {
        let info = answer.and_then(|text| {
            let uploaded: Option<Uploaded> = json::read(&text).ok();
            let info = uploaded.and_then(|mut uploaded| uploaded.file_infos.pop());
            info.ok_or_else(|| words::bookmark_no_sense().to_owned())
        });
        set(&ended, key, info.map_or_else(State::Failed, |info| State::Sent(Box::new(info))));
    };
    match upload::start(&path, What::Bare(&file), progress, done) {
        Some(request) => RUNNING.with_borrow_mut(|(_, running)| {
            if let Some((_, kept)) = running.get_mut(&key) {
                *kept = Some(request);
            }
        }),
        None => set(&attached, key, State::Failed(words::bookmark_not_sent().to_owned())),
    }
}

fn set(attached: &Attached, key: u32, state: State) {
    attached.update(|all| {
        if let Some(attachment) = all.iter_mut().find(|a| a.key == key) {
            attachment.state = state;
        }
    });
}

/// Takes a file away, sent or not.
fn remove(attached: &Attached, key: u32) {
    attached.update(|all| all.retain(|a| a.key != key));
    let running = RUNNING.with_borrow_mut(|(_, running)| running.remove(&key));
    if let Some((_, Some(request))) = running {
        let _ = request.abort();
    }
}

/// Puts back what was to be sent with a message that did not get through.
pub fn put_back(attached: &Attached, files: Vec<FileInfo>) {
    attached.update(|all| {
        for info in files {
            let key = RUNNING.with_borrow_mut(|(last, _)| {
                *last += 1;
                *last
            });
            let (name, size) = (info.name.clone(), info.size);
            all.push(Attachment { key, name, size, state: State::Sent(Box::new(info)) });
        }
    });
}

/// The files that have arrived at the server.
pub fn sent(attached: &Attached) -> Vec<FileInfo> {
    let arrived = |a: &Attachment| if let State::Sent(info) = &a.state { Some((**info).clone()) } else { None };
    attached.with_untracked(|all| all.iter().filter_map(arrived).collect())
}

/// Takes what is attached for a message that is being sent; `Err` says why it cannot be sent yet.
pub fn take(attached: &Attached) -> Result<Vec<FileInfo>, &'static str> {
    let ready = attached.with_untracked(|all| {
        all.iter()
            .map(|a| match &a.state {
                State::Sent(info) => Ok((**info).clone()),
                State::Sending(_) => Err(words::composer_on_their_way()),
                State::Failed(_) => Err(words::composer_file_failed()),
            })
            .collect::<Result<Vec<_>, _>>()
    })?;
    let keys: Vec<u32> = attached.with_untracked(|all| all.iter().map(|a| a.key).collect());
    RUNNING.with_borrow_mut(|(_, running)| running.retain(|key, _| !keys.contains(key)));
    attached.set(Vec::new());
    Ok(ready)
}

/// The files of a drag, if it is one of files.
fn dragged(event: &ev::DragEvent) -> Option<web_sys::DataTransfer> {
    let transfer = event.data_transfer()?;
    transfer.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")).then_some(transfer)
}

/// A place where files can be dropped.
#[derive(Clone, Copy)]
pub struct Drop {
    chat: Chat,
    /// Whether files are held above it.
    pub over: RwSignal<bool>,
}

impl Drop {
    /// Of the chat.
    pub fn new(chat: Chat) -> Self {
        Self { chat, over: RwSignal::new(false) }
    }

    /// Files are held above it.
    pub fn hover(self, event: &ev::DragEvent) {
        if dragged(event).is_some() {
            event.prevent_default();
            self.over.set(true);
        }
    }

    /// They are taken away; what is left may only be the way from one element to another within the place.
    pub fn leave(self, event: &ev::DragEvent) {
        use wasm_bindgen::JsCast;
        let place: Option<web_sys::Node> = event.current_target().and_then(|t| t.dyn_into().ok());
        let to: Option<web_sys::Node> = event.related_target().and_then(|t| t.dyn_into().ok());
        if !place.is_some_and(|place| place.contains(to.as_ref())) {
            self.over.set(false);
        }
    }

    /// They are let go.
    pub fn take(self, event: &ev::DragEvent, place: &str, channel: ChannelId) {
        self.over.set(false);
        let Some(files) = dragged(event).and_then(|transfer| transfer.files()) else { return };
        event.prevent_default();
        add(self.chat, of(self.chat, place), channel, listed(&files));
    }
}

/// The files, above what one writes.
#[component]
pub fn Chips(attached: Attached, channel: ChannelId, root: PostId) -> impl IntoView {
    let chat = use_chat();
    let arrived = attached.clone();
    // They are part of the draft.
    Effect::new(move |before: Option<usize>| {
        arrived.track();
        let count = sent(&arrived).len();
        if before.is_some_and(|before| before != count) {
            waiting::typed(chat, channel, root, true);
        }
        count
    });
    let list = attached.clone();
    let keys = move || list.with(|all| all.iter().map(|a| a.key).collect::<Vec<_>>());
    view! {
        <div class="composer-attachments" role="list" aria-label=words::composer_attached()>
            <For
                each=keys
                key=|key| *key
                children=move |key| view! { <Chip attached=attached.clone() key channel /> }
            />
        </div>
    }
}

#[component]
fn Chip(attached: Attached, key: u32, channel: ChannelId) -> impl IntoView {
    let find = {
        let attached = attached.clone();
        Memo::new(move |_| attached.with(|all| all.iter().find(|a| a.key == key).cloned()))
    };
    let name = find.with_untracked(|a| a.as_ref().map(|a| a.name.clone()).unwrap_or_default());
    let (again, gone) = (attached.clone(), attached);
    let state = move || match find.with(|a| a.as_ref().map(|a| a.state.clone())) {
        Some(State::Failed(_)) => "failed",
        Some(State::Sent(_)) => "sent",
        _ => "sending",
    };
    let picture = move || {
        find.with(|a| match a.as_ref().map(|a| &a.state) {
            Some(State::Sent(info)) if info.has_preview_image => Some(format!("/api/v4/files/{}/thumbnail", info.id)),
            _ => None,
        })
    };
    let about = move || {
        find.with(|a| {
            a.as_ref().map(|a| match &a.state {
                State::Failed(reason) => reason.clone(),
                State::Sending(percent) if *percent < 100 => {
                    words::composer_percent(&percent.to_string(), &upload::size(a.size))
                }
                State::Sending(_) | State::Sent(_) => upload::size(a.size),
            })
        })
    };
    let percent = move || match find.with(|a| a.as_ref().map(|a| a.state.clone())) {
        Some(State::Sending(percent)) => Some(percent),
        _ => None,
    };
    let retry = move |_| {
        set(&again, key, State::Sending(0));
        send(again.clone(), key, channel);
    };
    let failed = Memo::new(move |_| state() == "failed");
    view! {
        <div class="attach-chip" role="listitem" data-state=state>
            {move || match picture() {
                Some(src) => view! { <img src=src alt="" width="36" height="36" /> }.into_any(),
                None => view! { <Icon name=Icon::File /> }.into_any(),
            }}
            <span class="file-text">
                <span class="file-name" dir="auto">{name.clone()}</span>
                <span class="file-meta" role="status">{about}</span>
            </span>
            {move || failed.get().then(|| {
                let retry = retry.clone();
                view! { <IconButton icon=Icon::Upload label=words::composer_try_again(&name) on:click=retry /> }
            })}
            <IconButton
                icon=Icon::Close
                label=find.with_untracked(|a| words::composer_remove(a.as_ref().map(|a| a.name.as_str()).unwrap_or_default()))
                on:click=move |_| remove(&gone, key)
            />
            {move || percent().map(|percent| view! { <progress max="100" value=percent.to_string() aria-label=words::composer_sent()></progress> })}
        </div>
    }
}

/// The button that asks for files, with the browser's own dialog behind it.
#[component]
pub fn Choose(attached: Attached, channel: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let input = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(files) = input.files() {
            add(chat, attached.clone(), channel, listed(&files));
        }
        // The same file again is a change, too.
        input.set_value("");
    };
    view! {
        <input type="file" multiple hidden aria-label=words::composer_files() node_ref=input on:change=chosen />
        <IconButton
            icon=Icon::Paperclip
            label=words::composer_attach()
            on:click=move |_| if let Some(input) = input.get_untracked() {
                input.click();
            }
        />
    }
}
