//! The list of what waits: what one has begun to write, and what is to be sent later.

use leptos::{prelude::*, task::spawn_local};
use model::{
    AnyId, ChannelId, PostId,
    drafts::{Draft, ScheduledPost},
};

use super::{When, discard, kept, named, place_of, unschedule, write_into};
use crate::{
    actions,
    channel::use_over,
    chat::{Chat, use_chat},
    composer::{attach, priority},
    frame::{alone, go_to, jump, use_here},
    state::{Model, Topic, Written},
    ui::{Button, Empty, Icon, IconButton},
    words,
};

/// Beside the channel: drafts and messages that are sent later.
#[component]
pub fn WaitingPanel() -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let go = go_to();
    let drafts = Memo::new(move |_| {
        chat.track(Topic::Channels);
        chat.read(Topic::Drafts, |m| {
            m.drafts_by_time().into_iter().map(|d| (d.channel_id, d.root_id)).collect::<Vec<_>>()
        })
    });
    let scheduled = Memo::new(move |_| {
        chat.track(Topic::Channels);
        chat.read(Topic::Drafts, |m| m.scheduled_by_time().into_iter().map(|s| s.id).collect::<Vec<_>>())
    });
    let nothing = move || drafts.with(Vec::is_empty) && scheduled.with(Vec::is_empty);
    view! {
        <aside class="panel" aria-label=words::waiting_all()>
            <header class="panel-head">
                <a class="icon-btn back-btn only-narrow" href=move || alone(here, chat) aria-label=words::panel_back()><Icon name=Icon::ArrowLeft /></a>
                <div class="panel-title">
                    <h2>{words::waiting_drafts()}</h2>
                    <span class="panel-sub">{words::waiting_and_later()}</span>
                </div>
                <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" class="not-narrow" on:click=move |_| go(&alone(here, chat), false) />
            </header>
            <div class="panel-scroll" tabindex="0">
                <Show when=nothing>
                    <Empty icon=Icon::Edit title=words::waiting_nothing() text=words::waiting_nothing_text() />
                </Show>
                <Show when=move || !scheduled.with(Vec::is_empty)>
                    <h3 class="waiting-title">{words::waiting_later()}</h3>
                    <ol class="results">
                        <For each=move || scheduled.get() key=|id| *id let:id><ScheduledItem id /></For>
                    </ol>
                </Show>
                <Show when=move || !drafts.with(Vec::is_empty)>
                    <h3 class="waiting-title">{words::waiting_begun()}</h3>
                    <ol class="results">
                        <For each=move || drafts.get() key=|of| *of let:of><DraftItem channel=of.0 root=of.1 /></For>
                    </ol>
                </Show>
            </div>
        </aside>
    }
}

/// What is shown of something that waits.
#[derive(Clone, Default, PartialEq)]
struct Shown {
    place: String,
    path: String,
    in_thread: bool,
    text: String,
    files: usize,
}

fn shown(m: &Model, draft: &Draft) -> Shown {
    let channel = m.channels.get(&draft.channel_id);
    let path = channel.map(|c| m.path_of(c)).unwrap_or_default();
    let root = draft.root_id;
    Shown {
        place: channel.map(|c| m.title(c)).unwrap_or_default(),
        path: if root.is_some() { format!("{path}?thread={root}") } else { path },
        in_thread: root.is_some(),
        text: draft.message.clone(),
        files: draft.file_ids.len(),
    }
}

/// One of them, with what can be done with it.
#[component]
fn Item(
    #[prop(into)] shown: Signal<Shown>,
    #[prop(into)] note: Signal<Option<(bool, String)>>,
    children: Children,
) -> impl IntoView {
    let jump = jump(false);
    view! {
        <li class="result waiting">
            <a class="result-place" href=move || shown.with(|s| s.path.clone()) on:click=move |event| jump(&event, &shown.with_untracked(|s| s.path.clone()))>
                <span dir="auto">{move || shown.with(|s| s.place.clone())}</span>
                {move || shown.with(|s| s.in_thread).then(|| view! { <small>{words::waiting_in_thread()}</small> })}
                <span class="result-jump">{words::open()}</span>
            </a>
            <p class="waiting-text" dir="auto">{move || shown.with(|s| s.text.clone())}</p>
            {move || match shown.with(|s| s.files) {
                0 => None,
                n => Some(words::search_files(n as i64)),
            }.map(|text| view! { <p class="waiting-files"><Icon name=Icon::Paperclip />{text}</p> })}
            {move || note.get().map(|(failed, text)| view! {
                <p class="waiting-note" data-kind=if failed { "danger" } else { "plain" }><Icon name=Icon::Clock />{text}</p>
            })}
            <div class="waiting-foot">{children()}</div>
        </li>
    }
}

/// What is sent of a draft.
fn written(draft: Draft) -> Written {
    let priority = draft.asks();
    Written { message: draft.message, files: draft.metadata.files, priority }
}

#[component]
fn DraftItem(channel: ChannelId, root: PostId) -> impl IntoView {
    let chat = use_chat();
    let find = move |m: &Model| m.drafts.get(&(channel, root)).map(|draft| shown(m, draft)).unwrap_or_default();
    let shown = Memo::new(move |_| chat.read(Topic::Drafts, find));
    let send = move |_| {
        let Some(draft) = chat.peek(|m| m.drafts.get(&(channel, root)).cloned()) else { return };
        discard(chat, channel, root);
        actions::write(chat, channel, root, written(draft));
    };
    view! {
        <Item shown note=Signal::derive(|| None)>
            <Button small=true icon=Icon::Send on:click=send>{words::waiting_send_now()}</Button>
            <IconButton icon=Icon::Trash label=words::waiting_throw_away() on:click=move |_| discard(chat, channel, root) />
        </Item>
    }
}

#[component]
fn ScheduledItem(id: AnyId) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let go = go_to();
    let find = move |m: &Model| m.scheduled.get(&id).map(|post| shown(m, &post.draft)).unwrap_or_default();
    let shown = Memo::new(move |_| chat.read(Topic::Drafts, find));
    let note = Memo::new(move |_| {
        let post = chat.read(Topic::Drafts, |m| m.scheduled.get(&id).cloned())?;
        Some(if post.error_code.is_empty() {
            (false, words::waiting_will_be_sent(&named(chat, post.scheduled_at)))
        } else {
            (true, words::waiting_not_sent(reason(&post.error_code)))
        })
    });
    let send = move |_| {
        take(chat, id, move |post| {
            actions::write(chat, post.draft.channel_id, post.draft.root_id, written(post.draft));
        });
    };
    let edit = move |_| {
        // By then the row is gone, and what it keeps.
        let (path, go) = (shown.with_untracked(|s| s.path.clone()), go.clone());
        take(chat, id, move |post| {
            let place = place_of(post.draft.channel_id, post.draft.root_id);
            priority::put_back(chat, post.draft.channel_id, post.draft.asks());
            let before = kept("draft", &place);
            let text =
                if before.is_empty() { post.draft.message } else { [&before, "\n\n", &post.draft.message].concat() };
            attach::put_back(&attach::of(chat, &place), post.draft.metadata.files);
            write_into(chat, place, text);
            go(&path, false);
        });
    };
    view! {
        <Item shown note>
            <Button small=true icon=Icon::Send on:click=send>{words::waiting_send_now()}</Button>
            <Button small=true icon=Icon::Clock on:click=move |_| over.ask_when(When::Move(id))>{words::waiting_other_time()}</Button>
            <IconButton icon=Icon::Edit label=words::message_edit() on:click=edit />
            <IconButton icon=Icon::Trash label=words::waiting_do_not_send() on:click=move |_| take(chat, id, |_| ()) />
        </Item>
    }
}

/// Takes a message from those that are sent later, and does something else with it.
fn take(chat: Chat, id: AnyId, then: impl FnOnce(ScheduledPost) + 'static) {
    let Some(post) = chat.peek(|m| m.scheduled.get(&id).cloned()) else { return };
    spawn_local(async move {
        match unschedule(chat, id).await {
            Ok(()) => then(post),
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Why a message was not sent, in words.
fn reason(code: &str) -> &'static str {
    match code {
        "channel_archived" => words::waiting_is_archived(),
        "channel_not_found" => words::waiting_is_gone(),
        "thread_deleted" => words::waiting_thread_gone(),
        "no_channel_permission" => words::waiting_may_not(),
        "user_missing" | "user_deleted" => words::waiting_no_account(),
        _ => words::waiting_could_not(),
    }
}
