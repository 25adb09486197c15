//! The list of messages: where it stands, what it fetches, and what it keeps in sight.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{ChannelId, PostId, channels::ChannelType};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::MessageItem;
use crate::{
    browser,
    chat::{Chat, use_chat},
    later::{Later, Part},
    load,
    sidebar::ChannelIcon,
    state::{Topic, rows::Row, take::Fit},
    ui::{Icon, SkeletonList, Spinner, ToastKind, Toasts},
};

/// How near to an edge one has to be for the next posts to be fetched, in pixels.
const NEAR: i32 = 600;
/// How near to the end counts as being there.
const AT_END: i32 = 48;

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
            view! { <div class="new-line" role="separator"><span class="new-line-label">"New"</span></div> }.into_any()
        }
        Row::Post { id, follow } => view! { <MessageItem id follow in_thread /> }.into_any(),
        Row::Pending { id, follow, .. } => {
            view! { <Later part=Part::Pending(StoredValue::new(id), follow) /> }.into_any()
        }
    }
}

/// The scrolling list.
#[component]
pub fn Messages(id: ChannelId, title: Memo<String>) -> impl IntoView {
    let chat = use_chat();
    let scroller = NodeRef::<html::Div>::new();
    let at_end = StoredValue::new(true);
    let away = RwSignal::new(false);
    let busy = RwSignal::new(None::<Fit>);
    let below = RwSignal::new(0_usize);
    let rows = Memo::new(move |_| {
        let zoned = chat.zoned.get();
        let offset = move |at| if zoned { browser::offset_minutes(at) } else { 0 };
        chat.read(Topic::Posts(id), |m| m.channel_rows(id, offset))
    });
    let loaded = move || chat.read(Topic::Posts(id), |m| m.stretches.contains_key(&id));
    let beginning = Memo::new(move |_| chat.read(Topic::Posts(id), |m| m.stretches.get(&id).is_some_and(|s| !s.older)));
    let newer = Memo::new(move |_| chat.read(Topic::Posts(id), |m| m.stretches.get(&id).is_some_and(|s| s.newer)));

    let fetch = move |fit: Fit| {
        let wanted =
            chat.peek(|m| m.stretches.get(&id).is_some_and(|s| if fit == Fit::Before { s.older } else { s.newer }));
        if !wanted || busy.get_untracked().is_some() {
            return;
        }
        busy.set(Some(fit));
        spawn_local(async move {
            let anchor = scroller.get_untracked().and_then(|s| anchor(&s));
            let done = load::more(chat, id, fit).await;
            browser::next_frame(move || {
                if let (Some((id, top)), Some(scroller)) = (anchor, scroller.try_get_untracked().flatten())
                    && let Some(element) = document().get_element_by_id(&id)
                {
                    let moved = element.get_bounding_client_rect().top() - top;
                    if moved.abs() > 1.0 {
                        scroller.set_scroll_top(scroller.scroll_top() + moved as i32);
                    }
                }
                // Not before: what is being drawn would ask for more at once.
                busy.try_set(None);
            });
            if let Err(failure) = done {
                chat.complain(&failure);
            }
        });
    };
    let on_scroll = move |_| {
        let Some(scroller) = scroller.get_untracked() else { return };
        let (top, rest) =
            (scroller.scroll_top(), scroller.scroll_height() - scroller.scroll_top() - scroller.client_height());
        at_end.set_value(rest < AT_END);
        let is_away = rest > scroller.client_height() || newer.get_untracked();
        if away.get_untracked() != is_away {
            away.set(is_away);
        }
        if rest < AT_END && below.get_untracked() != 0 {
            below.set(0);
        }
        if top < NEAR {
            fetch(Fit::Before);
        } else if rest < NEAR {
            fetch(Fit::After);
        }
    };
    // Stays at the end while one is there; begins where the new messages begin.
    Effect::new(move |before: Option<usize>| {
        let now = rows.with(Vec::len);
        if now == 0 {
            return before.unwrap_or(0);
        }
        let first = before.unwrap_or(0) == 0;
        let mine = rows.with_untracked(|rows| matches!(rows.last(), Some(Row::Pending { .. })));
        if first || at_end.get_value() || mine {
            browser::next_frame(move || {
                let Some(scroller) = scroller.try_get_untracked().flatten() else { return };
                let line = if first { scroller.query_selector(".new-line").ok().flatten() } else { None };
                match line {
                    Some(line) => show(&scroller, &line, f64::from(scroller.client_height()) / 6.0),
                    None => scroller.set_scroll_top(scroller.scroll_height()),
                }
            });
        } else if before.is_some_and(|before| now > before) && busy.get_untracked().is_none() {
            below.update(|n| *n += 1);
        }
        now
    });
    // A post that an address points at comes into the middle.
    Effect::new(move |_| {
        let Some(target) = chat.target.get() else { return };
        if !rows.with(|rows| rows.iter().any(|row| matches!(row, Row::Post { id, .. } if *id == target))) {
            return;
        }
        at_end.set_value(false);
        browser::next_frame(move || {
            browser::next_frame(move || {
                let element = document().get_element_by_id(&element_id(target, false));
                if let (Some(element), Some(scroller)) = (element, scroller.try_get_untracked().flatten()) {
                    show(&scroller, &element, f64::from(scroller.client_height()) / 3.0);
                }
            });
            set_timeout(
                move || {
                    chat.target.try_set(None);
                },
                std::time::Duration::from_secs(3),
            );
        });
    });
    let jump = move |_| {
        below.set(0);
        at_end.set_value(true);
        let to_end = move || {
            browser::next_frame(move || {
                if let Some(scroller) = scroller.try_get_untracked().flatten() {
                    scroller.set_scroll_top(scroller.scroll_height());
                }
            });
        };
        if newer.get_untracked() {
            spawn_local(async move {
                match load::latest_posts(chat, id).await {
                    Ok(()) => to_end(),
                    Err(failure) => chat.complain(&failure),
                }
            });
        } else {
            to_end();
        }
    };
    view! {
        <div
            class="messages"
            id="messages"
            role="log"
            aria-label=move || format!("Messages in {}", title.get())
            tabindex="0"
            node_ref=scroller
            on:scroll=on_scroll
            on:keydown=walk
            on:click=move |event| copy_code(&event, chat.toasts)
        >
            {move || beginning.get().then(|| view! { <Intro id title /> })}
            {move || (busy.get() == Some(Fit::Before)).then(|| view! { <Spinner /> })}
            {move || (!loaded()).then(|| view! { <SkeletonList label="Loading messages" /> })}
            <div class="messages-list">
                <For each=move || rows.get() key=Clone::clone children=move |row| rows_view(chat, row, false) />
            </div>
        </div>
        {move || (away.get() || newer.get()).then(|| view! {
            <button type="button" class="jump" data-new=move || (below.get() > 0).then_some("") on:click=jump>
                <Icon name=Icon::ArrowDown />
                <span>{move || match below.get() {
                    0 => "Jump to the latest".to_owned(),
                    1 => "1 new message".to_owned(),
                    n => format!("{n} new messages"),
                }}</span>
            </button>
        })}
    }
}

/// Scrolls so that an element is this far below the upper edge; the page around stays where it is.
fn show(scroller: &Element, element: &Element, below: f64) {
    let distance = element.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
    scroller.set_scroll_top(scroller.scroll_top() + (distance - below) as i32);
}

/// A message in sight that keeps its place while others come before it, by its id, and where it is.
fn anchor(scroller: &Element) -> Option<(String, f64)> {
    let edge = scroller.get_bounding_client_rect().top();
    let list = scroller.query_selector_all(".msg").ok()?;
    (0..list.length())
        .filter_map(|n| list.item(n)?.dyn_into::<Element>().ok())
        .map(|element| {
            let top = element.get_bounding_client_rect();
            (element, top)
        })
        .find(|(element, area)| area.top() > edge && !element.id().is_empty())
        .map(|(element, area)| (element.id(), area.top()))
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
        toasts.show(ToastKind::Success, "Copied");
    }
}

/// The beginning of a channel.
#[component]
fn Intro(id: ChannelId, title: Memo<String>) -> impl IntoView {
    let chat = use_chat();
    let channel = chat.peek(|m| m.channels.get(&id).cloned().unwrap_or_default());
    let (heading, text) = match channel.kind {
        ChannelType::Direct => (title.get_untracked(), "This is the beginning of your conversation.".to_owned()),
        ChannelType::Group => {
            (title.get_untracked(), "This is the beginning of your conversation with these people.".to_owned())
        }
        ChannelType::Private => (
            format!("#{}", title.get_untracked()),
            "This is the beginning of the channel. Only invited people can see it.".to_owned(),
        ),
        ChannelType::Open => (
            format!("#{}", title.get_untracked()),
            "This is the beginning of the channel. Anyone in the team can join.".to_owned(),
        ),
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
