//! The list of messages: where it stands, what it fetches, and what it keeps in sight.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{ChannelId, PostId, channels::ChannelType};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{MessageItem, scroll::Scroll};
use crate::{
    browser,
    chat::{Chat, use_chat},
    later::{Later, Part},
    load,
    sidebar::ChannelIcon,
    state::{Topic, rows::Row, take::Fit},
    ui::{Icon, SkeletonList, Spinner, ToastKind, Toasts},
    words,
};

/// One line of a list of messages.
pub fn rows_view(chat: Chat, row: Row, in_thread: bool) -> AnyView {
    match row {
        Row::Day(_, at) => {
            let wall = move || chat.wall(at);
            let text = move || wall().date(chat.wall(chat.now()).year());
            view! {
                <div class="day" role="separator">
                    <span class="day-pill"><time datetime=move || wall().iso_date()>{text}</time></span>
                </div>
            }
            .into_any()
        }
        Row::New => {
            view! { <div class="new-line" role="separator"><span class="new-line-label">{words::list_new()}</span></div> }.into_any()
        }
        Row::Post { id, follow, answers } => view! { <MessageItem id follow answers in_thread /> }.into_any(),
        Row::Pending { id, follow, .. } => {
            view! { <Later part=Part::Pending(StoredValue::new(id), follow) /> }.into_any()
        }
    }
}

/// The lines of a channel, and where its list stands.
pub fn lines(chat: Chat, id: ChannelId) -> (Scroll, Memo<Vec<Row>>) {
    let rows = Memo::new(move |_| {
        let zoned = chat.zoned.get();
        let offset = move |at| if zoned { browser::offset_minutes(at) } else { 0 };
        chat.read(Topic::Posts(id), |m| m.channel_rows(id, offset))
    });
    (Scroll::new(chat, rows, Some(id)), rows)
}

/// The scrolling list.
#[component]
pub fn Messages(id: ChannelId, scroll: Scroll, rows: Memo<Vec<Row>>) -> impl IntoView {
    let chat = use_chat();
    let title =
        Memo::new(move |_| chat.read(Topic::Channels, |m| m.channels.get(&id).map(|c| m.title(c)).unwrap_or_default()));
    let loaded = move || chat.read(Topic::Posts(id), |m| m.stretches.contains_key(&id));
    let beginning = Memo::new(move |_| chat.read(Topic::Posts(id), |m| m.stretches.get(&id).is_some_and(|s| !s.older)));
    let newer = Memo::new(move |_| chat.read(Topic::Posts(id), |m| m.stretches.get(&id).is_some_and(|s| s.newer)));

    // How many came while one was further up.
    let below = RwSignal::new(0_usize);
    Effect::new(move |before: Option<Option<PostId>>| {
        let last = rows.with(|rows| rows.iter().rev().find_map(Row::post));
        let seen = scroll.at_end() || newer.get_untracked();
        below.update(|below| *below = if seen { 0 } else { *below + usize::from(before.is_some_and(|b| b != last)) });
        last
    });
    // A post that an address points at comes into the middle.
    Effect::new(move |_| {
        let Some(target) = chat.target.get() else { return };
        if scroll.to_post(target, false) {
            set_timeout(
                move || {
                    chat.target.try_set(None);
                },
                std::time::Duration::from_secs(3),
            );
        }
    });
    let jump = move |_| {
        if !newer.get_untracked() {
            scroll.to_end();
            return;
        }
        spawn_local(async move {
            match load::latest_posts(chat, id).await {
                Ok(()) => scroll.to_end(),
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    view! {
        <div
            class="messages"
            id="messages"
            role="log"
            aria-label=move || words::list_in(&title.get())
            tabindex="0"
            node_ref=scroll.node
            on:scroll=move |_| scroll.scrolled(chat)
            on:keydown=walk
            on:click=move |event| copy_code(&event, chat.toasts)
        >
            {move || (beginning.get() && scroll.from_first()).then(|| view! { <Intro id title /> })}
            {move || (scroll.busy.get() == Some(Fit::Before)).then(|| view! { <Spinner /> })}
            {move || (!loaded()).then(|| view! { <SkeletonList label=words::list_loading() /> })}
            <div class="messages-list">
                <For each=move || scroll.drawn() key=Clone::clone children=move |row| rows_view(chat, row, false) />
            </div>
        </div>
        {move || (scroll.away.get() || newer.get()).then(|| view! {
            <button type="button" class="jump" data-new=move || (below.get() > 0).then_some("") on:click=jump>
                <Icon name=Icon::ArrowDown />
                <span>{move || match below.get() {
                    0 => words::list_latest().to_owned(),
                    n => words::list_new_messages(n as i64),
                }}</span>
            </button>
        })}
    }
}

/// The arrow keys go from message to message once one of them, or the list, has the keyboard.
pub fn walk(event: ev::KeyboardEvent) {
    let key = event.key();
    if (key != "ArrowUp" && key != "ArrowDown") || event.alt_key() {
        return;
    }
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return };
    let next = if target.id() == "messages" {
        let Ok(list) = target.query_selector_all(".msg") else { return };
        list.item(list.length().saturating_sub(1)).and_then(|n| n.dyn_into::<HtmlElement>().ok())
    } else if target.class_list().contains("msg") {
        let step = |e: &Element| if key == "ArrowUp" { e.previous_element_sibling() } else { e.next_element_sibling() };
        let mut next = step(&target);
        while let Some(element) = next.take() {
            if element.class_list().contains("msg") {
                next = Some(element);
                break;
            }
            next = step(&element);
        }
        next.and_then(|e| e.dyn_into::<HtmlElement>().ok())
    } else {
        return;
    };
    if let Some(next) = next {
        event.prevent_default();
        let _ = next.focus();
    }
}

/// The button in a block of code copies the block.
pub fn copy_code(event: &ev::MouseEvent, toasts: Toasts) {
    let button =
        event.target().and_then(|t| t.dyn_into::<Element>().ok()).and_then(|e| e.closest("[data-copy]").ok().flatten());
    let Some(block) = button.as_ref().and_then(|b| b.closest(".code").ok().flatten()) else { return };
    if let Ok(Some(code)) = block.query_selector("pre") {
        browser::copy(&code.text_content().unwrap_or_default());
        toasts.show(ToastKind::Success, words::list_copied());
    }
}

/// The beginning of a channel.
#[component]
fn Intro(id: ChannelId, title: Memo<String>) -> impl IntoView {
    let chat = use_chat();
    let channel = chat.peek(|m| m.channels.get(&id).cloned().unwrap_or_default());
    let (heading, text) = match channel.kind {
        ChannelType::Direct => (title.get_untracked(), words::list_begins_two()),
        ChannelType::Group => (title.get_untracked(), words::list_begins_group()),
        ChannelType::Private => (format!("#{}", title.get_untracked()), words::list_begins_private()),
        ChannelType::Open => (format!("#{}", title.get_untracked()), words::list_begins_open()),
    };
    view! {
        <div class="channel-intro">
            <div class="intro-art"><ChannelIcon id /></div>
            <h2 dir="auto">{heading}</h2>
            <p>{text}</p>
            {(!channel.purpose.is_empty()).then(|| view! { <p dir="auto">{channel.purpose}</p> })}
        </div>
    }
}

/// Names a post's element; the one in the panel is another.
pub fn element_id(id: PostId, in_thread: bool) -> String {
    format!("{}-{id}", if in_thread { "reply" } else { "post" })
}
