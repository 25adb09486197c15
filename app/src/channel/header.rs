//! A channel's name, what it is about, how many are in it, and what can be done with it.

use leptos::prelude::*;
use model::{ChannelId, channels::ChannelType};

use super::ask::Ask;

use crate::{
    actions::arrange,
    chat::use_chat,
    frame::{Side, beside, go_to, use_here},
    later::{Opened, Opening},
    sidebar::{self, Arrange, ChannelIcon},
    state::Topic,
    ui::{Icon, IconButton, Menu, MenuItem, MenuLine, MenuOf, Place},
    words,
};

/// The row above the messages.
#[component]
pub fn Header(id: ChannelId, title: Memo<String>) -> impl IntoView {
    let chat = use_chat();
    let menu = MenuOf::default();
    let editing = RwSignal::new(false);
    let closed = || RwSignal::new(false);
    let ask =
        Ask { id, title, editing, adding: closed(), archiving: closed(), notifying: closed(), bookmarking: closed() };
    let here = use_here();
    let go = go_to();
    let pins = {
        let go = go.clone();
        StoredValue::new(move || go(&beside(here, chat, Side::Pins), false))
    };
    let about = StoredValue::new(move || go(&beside(here, chat, Side::Info), false));
    let channel = Memo::new(move |_| {
        chat.track(Topic::Channels);
        chat.read(Topic::Channel(id), |m| m.channels.get(&id).cloned().unwrap_or_default())
    });
    let members = move || chat.read(Topic::Channel(id), |m| m.member_counts.get(&id).copied().unwrap_or_default());
    let back =
        move || chat.read(Topic::Teams, |m| m.current_team().map(|t| format!("/{}", t.name)).unwrap_or_default());
    let header = move || channel.with(|c| super::rendered::plain(&c.header));
    let kind = channel.with_untracked(|c| c.kind);
    view! {
        <header class="channel-head">
            <a class="icon-btn back-btn only-narrow" href=back aria-label=words::channel_back()><Icon name=Icon::ArrowLeft /></a>
            <div class="channel-title">
                <div class="menu-anchor" node_ref=menu.anchor>
                    <button
                        type="button"
                        class="channel-name"
                        aria-haspopup="menu"
                        aria-expanded=move || menu.expanded()
                        on:click=move |_| menu.toggle()
                    >
                        <ChannelIcon id />
                        <h1 dir="auto">{title}</h1>
                        <Icon name=Icon::ChevronDown />
                    </button>
                    <Opened needed=menu.open part=Opening::ChannelMenu(menu, ask) />
                </div>
                {move || (!header().is_empty()).then(|| view! {
                    <button type="button" class="channel-topic" data-tip=words::channel_edit_header() on:click=move |_| editing.set(true)>{header}</button>
                })}
            </div>
            <div class="channel-tools">
                {(kind != ChannelType::Direct).then(|| view! {
                    <button
                        type="button"
                        class="member-count wide-tool"
                        aria-label=move || words::list_members(members())
                        data-tip=words::channel_members()
                        on:click=move |_| about.with_value(|about| about())
                    >
                        <Icon name=Icon::Users />
                        <span>{members}</span>
                    </button>
                })}
                <SearchBox />
                <IconButton
                    icon=Icon::Pin
                    label=words::channel_pinned()
                    class="wide-tool"
                    pressed=Signal::derive(move || here.side.get() == Side::Pins)
                    on:click=move |_| pins.with_value(|pins| pins())
                />
                <IconButton
                    icon=Icon::Info
                    label=words::keys_about()
                    shortcut="Ctrl ."
                    pressed=Signal::derive(move || here.side.get() == Side::Info)
                    on:click=move |_| about.with_value(|about| about())
                />
            </div>
        </header>
        <Opened needed=Signal::derive(move || ask.is_needed()) part=Opening::Header(ask) />
    }
}

/// The way to the panel in which one searches.
#[component]
pub fn SearchBox() -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let go = go_to();
    view! {
        <button
            type="button"
            class="search-box"
            aria-label=words::channel_search()
            aria-keyshortcuts="Control+Shift+F"
            data-tip=words::channel_search()
            data-key="Ctrl Shift F"
            aria-pressed=move || (here.side.get() == Side::Search).to_string()
            on:click=move |_| go(&beside(here, chat, Side::Search), false)
        >
            <Icon name=Icon::Search />
            <span aria-hidden="true">{words::channel_search()}</span>
        </button>
    }
}

/// What can be done with the channel; it opens at its name.
#[component]
pub fn ChannelMenu(menu: MenuOf, ask: Ask) -> impl IntoView {
    let chat = use_chat();
    let Ask { id, editing, adding, archiving, notifying, bookmarking, .. } = ask;
    let side = expect_context::<Arrange>();
    let here = use_here();
    let go = go_to();
    let pins = {
        let go = go.clone();
        StoredValue::new(move || go(&beside(here, chat, Side::Pins), false))
    };
    let about = StoredValue::new(move || go(&beside(here, chat, Side::Info), false));
    let muted = move || chat.read(Topic::Channel(id), |m| m.memberships.get(&id).is_some_and(|m| m.is_muted()));
    let channel = Memo::new(move |_| {
        chat.track(Topic::Channels);
        chat.read(Topic::Channel(id), |m| m.channels.get(&id).cloned().unwrap_or_default())
    });
    let personal = channel.with_untracked(|c| c.kind.is_personal());
    let may_leave = move || !personal && channel.with(|c| c.name != model::channels::DEFAULT);
    let leave = StoredValue::new(sidebar::leave(chat, id));
    let may_archive = move || {
        may_leave()
            && chat.read(Topic::Channels, |m| m.is_admin() || m.memberships.get(&id).is_some_and(|m| m.scheme_admin))
    };
    view! {
        <Menu open=menu.open around=menu.anchor label=words::channel() place=Place::BelowStart>
            <MenuItem icon=Icon::Info on_choose=Callback::new(move |()| about.with_value(|about| about()))>{words::keys_about()}</MenuItem>
            <MenuItem icon=Icon::Pin on_choose=Callback::new(move |()| pins.with_value(|pins| pins()))>{words::channel_pinned()}</MenuItem>
            {(!personal).then(|| view! {
                <MenuItem icon=Icon::UserPlus on_choose=Callback::new(move |()| adding.set(true))>{words::channel_add_people()}</MenuItem>
            })}
            <Show when=move || arrange::is_movable(chat, id)>
                <MenuItem icon=Icon::Star on_choose=Callback::new(move |()| arrange::toggle_favourite(chat, id))>
                    {move || if arrange::is_favourite(chat, id) { words::arrange_no_favourite() } else { words::arrange_favourite() }}
                </MenuItem>
            </Show>
            <MenuItem icon=Icon::BellOff on_choose=Callback::new(move |()| arrange::toggle_mute(chat, id))>
                {move || if muted() { words::arrange_unmute() } else { words::arrange_mute() }}
            </MenuItem>
            <MenuItem icon=Icon::Bell on_choose=Callback::new(move |()| notifying.set(true))>{words::list_notifications()}</MenuItem>
            <MenuItem icon=Icon::List on_choose=Callback::new(move |()| side.channel_menu_again(id))>{words::channel_move()}</MenuItem>
            <MenuItem icon=Icon::Bookmark on_choose=Callback::new(move |()| bookmarking.set(true))>{words::bookmark_new_menu()}</MenuItem>
            <MenuLine />
            <MenuItem icon=Icon::Edit on_choose=Callback::new(move |()| editing.set(true))>{words::channel_edit_header()}</MenuItem>
            <Show when=may_leave>
                <MenuLine />
                <MenuItem icon=Icon::LogOut on_choose=Callback::new(move |()| leave.with_value(|leave| leave()))>{words::channel_leave()}</MenuItem>
            </Show>
            <Show when=may_archive>
                <MenuItem icon=Icon::Archive danger=true on_choose=Callback::new(move |()| archiving.set(true))>{words::channel_archive_it()}</MenuItem>
            </Show>
        </Menu>
    }
}
