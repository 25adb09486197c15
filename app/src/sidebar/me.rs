//! Oneself: the status one shows, how the page looks, the way out.

use leptos::prelude::*;
use model::status;

use super::Dialogues;
use super::list::presence_of;
use crate::{
    actions, browser,
    chat::use_chat,
    later::{Later, Opened, Opening, Part},
    load,
    state::Topic,
    time,
    ui::{Avatar, Icon, Menu, MenuItem, MenuLine, MenuOf, MenuTitle, Place},
    words,
};

/// One's name at the foot of the list, which opens the menu of what is one's own.
#[component]
pub fn Foot() -> impl IntoView {
    let chat = use_chat();
    let menu = MenuOf::default();
    let id = chat.peek(|m| m.me);
    let name = move || chat.read(Topic::User(id), |m| m.name_of(id));
    let status = move || chat.read(Topic::Status(id), |m| m.presence(id));
    let said = move || match status() {
        status::Presence::Online => words::status_online(),
        status::Presence::Away => words::status_away(),
        status::Presence::Dnd => words::status_dnd(),
        status::Presence::Offline => words::status_offline(),
    };
    let says = move || chat.read(Topic::User(id), |m| m.says_something(id));
    view! {
        <footer class="sidebar-foot">
            <div class="menu-anchor" node_ref=menu.anchor>
                <button
                    type="button"
                    class="me"
                    aria-haspopup="menu"
                    aria-expanded=move || menu.expanded()
                    aria-label=move || format!("{}, {}", name(), said())
                    on:click=move |_| menu.toggle()
                >
                    <Avatar id=id.to_string() name=untrack(name) size=32 presence=presence_of(chat, id) picture=chat.face(id) />
                    {move || says().then(|| view! { <Later part=Part::Said(id) /> })}
                    <span class="me-text">
                        <span class="me-name" dir="auto">{name}</span>
                        <span class="me-status">{said}</span>
                    </span>
                </button>
                <Opened needed=menu.open part=Opening::MyMenu(menu) />
            </div>
            <noscript>
                <a href=load::SET_UP>{words::me_two_step()}</a>
                <crate::teams::SignOutForm />
            </noscript>
        </footer>
    }
}

/// The menu of what is one's own.
#[component]
pub fn MyMenu(menu: MenuOf) -> impl IntoView {
    let chat = use_chat();
    let dialogues = expect_context::<Dialogues>();
    let settings = Callback::new({
        let open = crate::settings::open();
        move |()| open()
    });
    let theme = RwSignal::new(browser::stored("theme").unwrap_or_default());
    let id = chat.peek(|m| m.me);
    let status = move || chat.read(Topic::Status(id), |m| m.presence(id));
    let choose = move |presence| Callback::new(move |()| actions::set_status(chat, presence, 0));
    // For so many minutes, or until tomorrow at nine.
    let quiet = move |minutes: i64| {
        Callback::new(move |()| {
            let now = browser::now();
            let end = if minutes > 0 {
                now + minutes * time::MINUTE
            } else {
                let tomorrow = time::Wall::of(now, browser::offset_minutes(now)).days + 1;
                time::moment(tomorrow, 9 * 60, browser::offset_minutes)
            };
            actions::set_status(chat, status::Presence::Dnd, end);
        })
    };
    let is = move |presence| Signal::derive(move || status() == presence);
    let looks = move |value: &'static str| {
        Callback::new(move |()| {
            browser::set_theme(value);
            theme.set(value.to_owned());
        })
    };
    let looks_so = move |value: &'static str| Signal::derive(move || theme.get() == value);
    view! {
        <Menu open=menu.open around=menu.anchor label=words::me_menu() place=Place::AboveStart>
            <MenuTitle>{words::me_status()}</MenuTitle>
            <MenuItem checked=is(status::Presence::Online) on_choose=choose(status::Presence::Online)>{words::status_online()}</MenuItem>
            <MenuItem checked=is(status::Presence::Away) on_choose=choose(status::Presence::Away)>{words::status_away()}</MenuItem>
            <MenuItem checked=is(status::Presence::Dnd) on_choose=choose(status::Presence::Dnd)>{words::status_dnd()}</MenuItem>
            <MenuItem checked=is(status::Presence::Offline) on_choose=choose(status::Presence::Offline)>{words::status_offline()}</MenuItem>
            <Show when=move || status() != status::Presence::Dnd>
                <MenuItem on_choose=quiet(60)>{words::me_quiet_hour()}</MenuItem>
                <MenuItem on_choose=quiet(0)>{words::me_quiet_tomorrow()}</MenuItem>
            </Show>
            <MenuItem icon=Icon::Smile on_choose=Callback::new(move |()| dialogues.status.set(true))>{words::me_set_status()}</MenuItem>
            <MenuLine />
            <MenuTitle>{words::me_appearance()}</MenuTitle>
            <MenuItem icon=Icon::Monitor checked=looks_so("") on_choose=looks("")>{words::me_system()}</MenuItem>
            <MenuItem icon=Icon::Sun checked=looks_so("light") on_choose=looks("light")>{words::me_light()}</MenuItem>
            <MenuItem icon=Icon::Moon checked=looks_so("dark") on_choose=looks("dark")>{words::me_dark()}</MenuItem>
            <MenuLine />
            <MenuItem icon=Icon::Settings on_choose=settings>{words::me_settings()}</MenuItem>
            <MenuItem icon=Icon::Keyboard shortcut="Ctrl /" on_choose=Callback::new(move |()| dialogues.help.set(true))>{words::keys_title()}</MenuItem>
            <MenuItem icon=Icon::LogOut on_choose=Callback::new(move |()| actions::sign_out(chat))>{words::me_sign_out()}</MenuItem>
        </Menu>
    }
}
