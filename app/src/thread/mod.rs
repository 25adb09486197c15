//! A thread beside its channel: the first post, the replies, and a box of its own.

use leptos::prelude::*;
use model::PostId;

use crate::{
    actions, browser,
    channel::{MessageItem, Scroll, rows_view},
    chat::use_chat,
    composer::{Composer, Drop},
    frame::{alone, go_to, use_here},
    state::{Topic, rows::Row},
    ui::{Icon, IconButton, SkeletonList},
    words,
};

/// The panel.
#[component]
pub fn ThreadPanel(root: PostId) -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let go = go_to();
    let exists = Memo::new(move |_| chat.read(Topic::Post(root), |m| m.posts.contains_key(&root)));
    let complete =
        Memo::new(move |_| chat.read(Topic::Thread(root), |m| m.threads.get(&root).is_some_and(|t| t.complete)));
    let place = move || {
        let id = chat.read(Topic::Post(root), |m| m.posts.get(&root).map(|p| p.channel_id));
        chat.read(Topic::Channels, |m| id.and_then(|id| m.channels.get(&id)).map(|c| (m.title(c), m.path_of(c))))
            .unwrap_or_default()
    };
    let rows = Memo::new(move |_| {
        let zoned = chat.zoned.get();
        let offset = move |at| if zoned { browser::offset_minutes(at) } else { 0 };
        chat.read(Topic::Thread(root), |m| m.thread_rows(root, offset))
    });
    let count = move || {
        rows.with(|rows| rows.iter().filter(|row| matches!(row, Row::Post { .. } | Row::Pending { .. })).count())
    };
    let scroll = Scroll::new(chat, rows, None);
    let channel = Memo::new(move |_| {
        let known = chat.read(Topic::Post(root), |m| m.posts.get(&root).map(|p| p.channel_id));
        known.or_else(|| here.channel.get()).unwrap_or_default()
    });
    let following = Memo::new(move |_| {
        chat.read(Topic::Post(root), |m| m.posts.get(&root).and_then(|p| p.is_following).unwrap_or_default())
    });
    let back = move || alone(here, chat);
    let drop = Drop::new(chat);
    let key = StoredValue::new(root.to_string());
    view! {
        <aside
            class="panel"
            aria-label=move || words::thread_in(&place().0)
            data-drop=move || drop.over.get().then_some("")
            on:dragover=move |event| drop.hover(&event)
            on:dragleave=move |event| drop.leave(&event)
            on:drop=move |event| key.with_value(|key| drop.take(&event, key, channel.get_untracked()))
        >
            <header class="panel-head">
                <a class="icon-btn back-btn only-narrow" href=back aria-label=words::panel_back()><Icon name=Icon::ArrowLeft /></a>
                <div class="panel-title">
                    <h2>{words::thread_title()}</h2>
                    <a class="panel-sub" href=move || place().1 dir="auto">{move || place().0}</a>
                </div>
                <button
                    type="button"
                    class="btn btn-small btn-ghost"
                    aria-pressed=move || if following.get() { "true" } else { "false" }
                    data-tip=move || if following.get() { words::thread_stop() } else { words::thread_hear() }
                    on:click=move |_| actions::follow(chat, root, !following.get_untracked())
                >
                    {move || if following.get() { words::thread_following() } else { words::thread_follow() }}
                </button>
                <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" class="not-narrow" on:click=move |_| go(&alone(here, chat), false) />
            </header>
            <div class="panel-scroll" tabindex="0" node_ref=scroll.node on:scroll=move |_| scroll.scrolled(chat)>
                {move || match (exists.get(), complete.get()) {
                    (true, _) => view! {
                        <div class="messages-list">
                            {move || scroll.from_first().then(|| view! {
                                <MessageItem id=root follow=false in_thread=true />
                                <div class="replies-line" role="separator">
                                    <span>{move || match count() {
                                        0 => words::thread_none_yet().to_owned(),
                                        n => words::post_replies(n as i64),
                                    }}</span>
                                </div>
                            })}
                            <For each=move || scroll.drawn() key=Clone::clone children=move |row| rows_view(chat, row, true) />
                        </div>
                    }.into_any(),
                    (false, false) => view! { <SkeletonList rows=3 label=words::thread_loading() /> }.into_any(),
                    (false, true) => view! { <p class="field-help">{words::thread_gone()}</p> }.into_any(),
                }}
            </div>
            {move || exists.get().then(|| view! { <Composer channel=channel.get() root placeholder=Signal::derive(|| words::thread_reply().to_owned()) /> })}
        </aside>
    }
}
