//! The rows of the list: one per channel, in categories that fold.

use leptos::{ev, prelude::*};
use model::{
    ChannelId,
    channels::ChannelType,
    sidebar::{CHANNELS, CUSTOM, DIRECT, FAVORITES},
    status,
};

use super::{Arrange, Dialogues};
use crate::{
    actions::arrange,
    chat::{Chat, use_chat},
    frame::use_here,
    later::{Later, Part},
    state::{
        Topic,
        sidebar::{Section, UNREAD},
    },
    ui::{Avatar, Icon, IconButton, Presence},
    words,
};

/// A foldable part of the list. Folded, it shows what is unread and what is open.
#[component]
pub fn Category(id: String, sections: Memo<Vec<Section>>) -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let side = expect_context::<Arrange>();
    let dialogues = expect_context::<Dialogues>();
    let kept = StoredValue::new(id.clone());
    let own = id.clone();
    let section =
        Memo::new(move |_| sections.with(|all| all.iter().find(|s| s.id == own).cloned().unwrap_or_default()));
    let folded = move || section.with(|s| s.collapsed);
    let toggle = move |_| kept.with_value(|id| arrange::edit(chat, id, |c| c.collapsed = !c.collapsed));
    let rows = move || {
        section.with(|section| {
            if !section.collapsed {
                return section.channels.clone();
            }
            let open = here.channel.get();
            chat.read(Topic::Channels, |m| {
                let shown = |id: &ChannelId| Some(*id) == open || m.unread(*id).0;
                section.channels.iter().copied().filter(shown).collect()
            })
        })
    };
    let kind = section.with_untracked(|s| s.kind.clone());
    let adds = match kind.as_str() {
        CHANNELS => Some((words::side_browse(), dialogues.browse)),
        DIRECT => Some((words::side_new_message(), dialogues.direct)),
        _ => None,
    };
    // Favourites have no place while there are none.
    let hidden = move || section.with(|s| s.kind == FAVORITES && s.channels.is_empty());
    let empty = move || section.with(|s| s.channels.is_empty() && s.kind == CUSTOM);
    let list_id = ["cat-", id.as_str()].concat();
    let controls = list_id.clone();
    let over = move |event: ev::DragEvent| side.over((kept.get_value(), None), &event);
    // What is unread is no category that could be changed.
    let arranges = kind != UNREAD;
    let more = move |event: ev::MouseEvent| {
        if arranges {
            side.category_menu(kept.get_value(), &event);
        }
    };
    let name = move || section.with(|s| s.title.clone());
    view! {
        <section
            class="category"
            hidden=hidden
            data-drop=move || kept.with_value(|id| side.is_target(id, None)).then_some("")
            on:dragover=over
            on:drop=move |event| side.drop(chat, &event)
        >
            <h2 class="category-head" on:contextmenu=more>
                <button
                    type="button"
                    class="category-toggle"
                    aria-expanded=move || if folded() { "false" } else { "true" }
                    aria-controls=controls
                    on:click=toggle
                >
                    <Icon name=Icon::ChevronDown />
                    <span dir="auto">{name}</span>
                    {move || section.with(|s| s.muted).then(|| view! { <Icon name=Icon::BellOff /> })}
                </button>
                {arranges.then(|| view! {
                    <IconButton
                        icon=Icon::More
                        label=Signal::derive(move || words::arrange_what(&name()))
                        popup="menu"
                        class="category-more"
                        on:click=more
                    />
                })}
                {adds.map(|(label, open)| view! { <IconButton icon=Icon::Plus label on:click=move |_| open.set(true) /> })}
            </h2>
            <ul class="side-list" id=list_id>
                <For each=rows key=|id| *id let:id>
                    <ChannelRow id category=kept />
                </For>
                {move || empty().then(|| view! { <li class="side-none">{words::side_drag_here()}</li> })}
                {adds.map(|(label, open)| view! {
                    <li>
                        <button type="button" class="side-row side-add" on:click=move |_| open.set(true)>
                            <span class="side-icon"><Icon name=Icon::Plus /></span>
                            <span class="side-name">{label}</span>
                        </button>
                    </li>
                })}
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
fn ChannelRow(id: ChannelId, category: StoredValue<String>) -> impl IntoView {
    let chat = use_chat();
    let side = expect_context::<Arrange>();
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
    // Who is at the other end, where they say something of themselves or are marked as a guest.
    let says = Memo::new(move |_| {
        chat.track(Topic::Allowed);
        let user = chat
            .read(Topic::Channels, |m| m.channels.get(&id).filter(|c| c.kind == ChannelType::Direct)?.teammate(m.me))?;
        chat.read(Topic::User(user), |m| m.says_something(user) || m.is_guest(user)).then_some(user)
    });
    let label = move || shown.with(|s| words::arrange_what(&s.title));
    view! {
        <li
            draggable="true"
            data-drop=move || category.with_value(|c| side.is_target(c, Some(id))).then_some("")
            on:dragstart=move |event| side.drag(id, &event)
            on:dragend=move |_| side.end()
            on:dragover=move |event| side.over((category.get_value(), Some(id)), &event)
            on:contextmenu=move |event| side.channel_menu(id, &event)
        >
            <a
                class="side-row"
                draggable="false"
                href=move || shown.with(|s| s.path.clone())
                aria-current=move || (here.channel.get() == Some(id)).then_some("page")
                data-unread=move || read(|s| s.unread)
                data-muted=move || read(|s| s.muted)
            >
                <ChannelIcon id />
                <span class="side-name" dir="auto">{move || shown.with(|s| s.title.clone())}</span>
                {move || says.get().map(|user| view! { <Later part=Part::Said(user) /> })}
                {move || match shown.with(|s| s.mentions) {
                    0 => None,
                    n => Some(view! { <span class="pill pill-mention" aria-label=words::inbox_mentions(n)>{n}</span> }),
                }}
            </a>
            <span class="side-more">
                <IconButton
                    icon=Icon::More
                    label=Signal::derive(label)
                    popup="menu"
                    on:click=move |event: ev::MouseEvent| side.channel_menu(id, &event)
                />
            </span>
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
                    view! { <Avatar id=user.to_string() name=name.unwrap_or_default() size=20 presence=presence_of(chat, user) picture=chat.face(user) /> }.into_any()
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
