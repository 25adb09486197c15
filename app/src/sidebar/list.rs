//! The rows of the list: one per channel, in categories that fold.

use leptos::prelude::*;
use model::{ChannelId, channels::ChannelType, status};

use crate::{
    browser,
    chat::{Chat, use_chat},
    frame::use_here,
    state::Topic,
    ui::{Avatar, Icon, IconButton, Presence},
};

/// A foldable part of the list. Folded, it shows what is unread and what is open.
#[component]
pub fn Category(
    id: &'static str,
    title: &'static str,
    /// What the plus does.
    add: &'static str,
    on_add: Callback<()>,
    channels: Signal<Vec<ChannelId>>,
    /// The last row.
    children: Children,
) -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let folded = RwSignal::new(false);
    Effect::new(move |_| folded.set(browser::stored(&format!("folded:{id}")).is_some()));
    let toggle = move |_| {
        folded.update(|f| *f = !*f);
        browser::store(&format!("folded:{id}"), if folded.get_untracked() { "1" } else { "" });
    };
    let rows = move || {
        let all = channels.get();
        if !folded.get() {
            return all;
        }
        let open = here.channel.get();
        all.into_iter().filter(|id| Some(*id) == open || chat.peek(|m| m.unread(*id).0)).collect()
    };
    view! {
        <section class="category">
            <h2 class="category-head">
                <button
                    type="button"
                    class="category-toggle"
                    aria-expanded=move || if folded.get() { "false" } else { "true" }
                    aria-controls=format!("cat-{id}")
                    on:click=toggle
                >
                    <Icon name=Icon::ChevronDown />
                    <span>{title}</span>
                </button>
                <IconButton icon=Icon::Plus label=add on:click=move |_| on_add.run(()) />
            </h2>
            <ul class="side-list" id=format!("cat-{id}")>
                <For each=rows key=|id| *id let:id>
                    <ChannelRow id />
                </For>
                <li>{children()}</li>
            </ul>
        </section>
    }
}

/// What a row shows of a channel.
#[derive(Clone, PartialEq, Default)]
struct Shown {
    title: String,
    path: String,
    unread: bool,
    mentions: i64,
    muted: bool,
}

#[component]
fn ChannelRow(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let shown = Memo::new(move |_| {
        chat.read(Topic::Channels, |m| {
            let Some(channel) = m.channels.get(&id) else { return Shown::default() };
            let (unread, mentions) = m.unread(id);
            let muted = m.memberships.get(&id).is_some_and(|m| m.is_muted());
            Shown { title: m.title(channel), path: m.path_of(channel), unread, mentions, muted }
        })
    });
    let read = move |f: fn(&Shown) -> bool| shown.with(f).then_some("");
    view! {
        <li>
            <a
                class="side-row"
                href=move || shown.with(|s| s.path.clone())
                aria-current=move || (here.channel.get() == Some(id)).then_some("page")
                data-unread=move || read(|s| s.unread)
                data-muted=move || read(|s| s.muted)
            >
                <ChannelIcon id />
                <span class="side-name" dir="auto">{move || shown.with(|s| s.title.clone())}</span>
                {move || match shown.with(|s| s.mentions) {
                    0 => None,
                    n => Some(view! { <span class="pill pill-mention" aria-label=format!("{n} mentions")>{n}</span> }),
                }}
            </a>
        </li>
    }
}

/// The sign of a channel: what kind it is, or who is at the other end.
#[component]
pub fn ChannelIcon(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let kind = Memo::new(move |_| {
        chat.read(Topic::Channels, |m| {
            let channel = m.channels.get(&id)?;
            Some((
                channel.kind,
                channel.teammate(m.me),
                channel.teammate(m.me).map(|user| m.name_of(user)),
                channel.delete_at != 0,
            ))
        })
    });
    view! {
        <span class="side-icon">
            {move || match kind.get() {
                Some((ChannelType::Direct, Some(user), name, _)) => {
                    view! { <Avatar id=user.to_string() name=name.unwrap_or_default() size=20 presence=presence_of(chat, user) /> }.into_any()
                }
                Some((_, _, _, true)) => view! { <Icon name=Icon::Archive /> }.into_any(),
                Some((ChannelType::Private, ..)) => view! { <Icon name=Icon::Lock /> }.into_any(),
                Some((ChannelType::Group, ..)) => view! { <Icon name=Icon::Users /> }.into_any(),
                _ => view! { <Icon name=Icon::Hash /> }.into_any(),
            }}
        </span>
    }
}

/// A person's presence, as the avatar shows it.
pub fn presence_of(chat: Chat, user: model::UserId) -> Signal<Presence> {
    Signal::derive(move || match chat.read(Topic::Status(user), |m| m.presence(user)) {
        status::Presence::Online => Presence::Online,
        status::Presence::Away => Presence::Away,
        status::Presence::Dnd => Presence::Dnd,
        status::Presence::Offline => Presence::Offline,
    })
}
