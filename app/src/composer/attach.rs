//! Files that go with the next message: chosen, pasted or dropped; sent to the server at once, while one goes on
//! writing. What is attached in a place stays with it when one looks elsewhere meanwhile. A large file goes on where it was
//! broken off.

use std::{cell::RefCell, collections::HashMap};

use futures::channel::oneshot;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    ChannelId, PostId, UploadId,
    files::{CreateUpload, FileInfo, GetUpload, UploadSession, Uploaded},
    json,
    posts::FILES_MAX,
};
use serde::de::DeserializeOwned;
use web_sys::{Blob, File, FileList, XmlHttpRequest};

use crate::{
    browser,
    chat::{Chat, use_chat},
    client::{Failure, percent_encoded},
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
    /// Broken off at so many percent; it goes on by itself.
    Waiting(u8),
    Sent(Box<FileInfo>),
    Failed(String),
}

impl Attachment {
    /// How much of it has gone, while it is on its way.
    fn percent(&self) -> Option<u8> {
        if let State::Sending(percent) | State::Waiting(percent) = self.state { Some(percent) } else { None }
    }
}

/// What is attached in one place.
pub type Attached = ArcRwSignal<Vec<Attachment>>;

/// A file of the browser's that is being sent.
struct Running {
    file: File,
    /// What sends it at the moment.
    request: Option<XmlHttpRequest>,
    /// Under which id the server has the beginning of it.
    upload: UploadId,
}

thread_local! {
    // The browser's own things, which only its one thread may touch.
    static RUNNING: RefCell<(u32, HashMap<u32, Running>)> = RefCell::default();
}

/// Files larger than this are sent so that they can go on where they were broken off, in bytes.
const LARGE: i64 = 1_000_000;
/// How often a file is tried again by itself after the connection was lost; the pauses grow to half a minute.
const TRIES: u32 = 12;

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
                running.insert(*last, Running { file: file.clone(), request: None, upload: UploadId::NONE });
                *last
            });
            let new = Attachment { key, name: file.name(), size: file.size() as i64, state: State::Sending(0) };
            attached.update(|all| all.push(new));
            spawn_local(send(chat, attached.clone(), key, channel));
        }
    }
}

/// Does something with a file that is being sent; nothing if it was removed meanwhile.
fn with_running<T>(key: u32, f: impl FnOnce(&mut Running) -> T) -> Option<T> {
    RUNNING.with_borrow_mut(|(_, running)| running.get_mut(&key).map(f))
}

/// Sends a file, until the server has it, refuses it, or cannot be reached for long.
async fn send(chat: Chat, attached: Attached, key: u32, channel: ChannelId) {
    for tries in 0..=TRIES {
        let Some(file) = with_running(key, |running| running.file.clone()) else { return };
        let large = file.size() as i64 > LARGE;
        let sent = if large {
            go_on(chat, &attached, key, channel, &file).await
        } else {
            send_whole(&attached, key, channel, &file).await
        };
        match sent {
            Ok(Some(info)) => return set(&attached, key, State::Sent(Box::new(info))),
            Err(failure @ Failure::Refused(_)) if !failure.is_storage_lost() => {
                return set(&attached, key, State::Failed(failure.to_string()));
            }
            Err(failure) if tries == TRIES => return set(&attached, key, State::Failed(failure.to_string())),
            // A piece of it is there, or the connection was lost.
            Ok(None) | Err(_) => {
                let percent = attached.with_untracked(|all| all.iter().find(|a| a.key == key).map(Attachment::percent));
                set(&attached, key, State::Waiting(percent.flatten().unwrap_or_default()));
                browser::pause(1_000 << tries.min(5)).await;
            }
        }
    }
    set(&attached, key, State::Failed(Failure::Unreachable.to_string()));
}

/// Sends a file at once.
async fn send_whole(
    attached: &Attached,
    key: u32,
    channel: ChannelId,
    file: &File,
) -> Result<Option<FileInfo>, Failure> {
    let name = file.name();
    let name = if name.is_empty() { "file" } else { &name };
    let path = format!("/api/v4/files?channel_id={channel}&filename={}", percent_encoded(name));
    let mut uploaded: Uploaded = put(attached, key, path, file, |percent| percent).await?;
    Ok(uploaded.file_infos.pop())
}

/// Sends what the server has not got of a file; nothing if it still has not got all of it.
async fn go_on(
    chat: Chat,
    attached: &Attached,
    key: u32,
    channel: ChannelId,
    file: &File,
) -> Result<Option<FileInfo>, Failure> {
    let client = chat.client();
    let begun = with_running(key, |running| running.upload).unwrap_or(UploadId::NONE);
    let known = if begun.is_some() {
        match client.send(GetUpload { upload_id: begun, query: (), body: () }).await {
            Ok(session) => Some(session),
            // It was forgotten: from the beginning.
            Err(failure) if failure.is_not_found() => None,
            Err(failure) => return Err(failure),
        }
    } else {
        None
    };
    let session = if let Some(session) = known {
        session
    } else {
        let body = UploadSession {
            channel_id: channel,
            filename: file.name(),
            file_size: file.size() as i64,
            ..UploadSession::default()
        };
        let session = client.send(CreateUpload { query: (), body }).await?;
        with_running(key, |running| running.upload = session.id);
        session
    };
    let (size, offset) = (file.size(), session.file_offset as f64);
    let Ok(rest) = file.slice_with_f64(offset) else { return Err(Failure::Unreachable) };
    let path = format!("/api/v4/uploads/{}", session.id);
    let of_all = move |percent: u8| ((offset + (size - offset) * f64::from(percent) / 100.0) * 100.0 / size) as u8;
    put(attached, key, path, &rest, of_all).await.map(Some)
}

/// Sends bytes to an address, and tells how far they are.
async fn put<T: DeserializeOwned>(
    attached: &Attached,
    key: u32,
    path: String,
    bytes: &Blob,
    of_all: impl Fn(u8) -> u8 + 'static,
) -> Result<T, Failure> {
    let (tell, told) = oneshot::channel();
    let moved = attached.clone();
    set(attached, key, State::Sending(of_all(0)));
    let progress = move |percent| set(&moved, key, State::Sending(of_all(percent)));
    let request = upload::start(&path, What::Bare(bytes), progress, move |answer| {
        let _ = tell.send(answer);
    });
    let Some(request) = request else { return Err(Failure::Unreachable) };
    with_running(key, |running| running.request = Some(request));
    let text = told.await.unwrap_or(Err(Failure::Unreachable))?;
    json::read(&text).map_err(|_| Failure::Unreachable)
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
    if let Some(request) = running.and_then(|running| running.request) {
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
                State::Sending(_) | State::Waiting(_) => Err(words::composer_on_their_way()),
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
    let chat = use_chat();
    let find = {
        let attached = attached.clone();
        Memo::new(move |_| attached.with(|all| all.iter().find(|a| a.key == key).cloned()))
    };
    let name = find.with_untracked(|a| a.as_ref().map(|a| a.name.clone()).unwrap_or_default());
    let (again, gone) = (attached.clone(), attached);
    let state = move || match find.with(|a| a.as_ref().map(|a| a.state.clone())) {
        Some(State::Failed(_)) => "failed",
        Some(State::Sent(_)) => "sent",
        Some(State::Waiting(_)) => "waiting",
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
                State::Waiting(_) => words::attach_waits().to_owned(),
                State::Sending(percent) if *percent < 100 => {
                    words::composer_percent(&words::number(i64::from(*percent)), &upload::size(a.size))
                }
                State::Sending(_) | State::Sent(_) => upload::size(a.size),
            })
        })
    };
    let percent = move || find.with(|a| a.as_ref().and_then(Attachment::percent));
    let retry = move |_| {
        set(&again, key, State::Sending(0));
        spawn_local(send(chat, again.clone(), key, channel));
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
                label=words::composer_remove(&find.with_untracked(|a| a.as_ref().map(|a| a.name.clone()).unwrap_or_default()))
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
