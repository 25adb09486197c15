//! Who is in a channel.

use leptos::prelude::*;
use model::{ChannelId, UserId, channels::ChannelType};

use crate::{
    actions,
    chat::use_chat,
    frame::go_to,
    load,
    people::{Member, MemberRow, PeopleList},
    state::Topic,
    ui::{Icon, Menu, MenuItem},
    words,
};

/// The people, with a search and what can be done with each of them.
#[component]
pub fn Members(id: ChannelId, kind: ChannelType) -> impl IntoView {
    let chat = use_chat();
    let chosen = RwSignal::new(None::<Member>);
    let menu = RwSignal::new(false);
    let point = RwSignal::new(None);
    let count = Memo::new(move |_| chat.read(Topic::Channel(id), |m| m.member_counts.get(&id).copied()));
    let changes = ArcTrigger::new();
    // Again whenever somebody comes or goes, or is something else.
    let again = Signal::derive({
        let changes = changes.clone();
        move || {
            count.track();
            changes.track();
        }
    });
    let find = move |name: String, page| async move { load::members(chat, id, &name, page).await };
    // Outlives the menu, whose choices are answered after it has closed.
    let changed = Callback::new(move |()| changes.notify());
    let open = Callback::new(move |(person, at): (Member, (i32, i32))| {
        chosen.set(Some(person));
        point.set(Some(at));
        menu.set(true);
    });
    let row = Callback::new(move |member: Member| view! { <MemberRow member open /> }.into_any());
    view! {
        <section class="info-section">
            <h3>{move || match count.get() { Some(n) if kind != ChannelType::Direct => words::info_members_count(n), _ => words::channel_members().to_owned() }}</h3>
            <PeopleList find again searched=kind != ChannelType::Direct row />
        </section>
        <Menu open=menu label=words::info_member() point=Signal::derive(move || point.get())>
            {move || chosen.get().map(|(user, admin)| view! { <Items id kind user admin changed /> })}
        </Menu>
    }
}

/// What can be done with a member.
#[component]
fn Items(id: ChannelId, kind: ChannelType, user: UserId, admin: bool, changed: Callback<()>) -> impl IntoView {
    let chat = use_chat();
    let go = go_to();
    let manages = chat.peek(|m| m.is_admin() || m.memberships.get(&id).is_some_and(|m| m.scheme_admin));
    let removable =
        !kind.is_personal() && chat.peek(|m| m.channels.get(&id).is_some_and(|c| c.name != model::channels::DEFAULT));
    let write = Callback::new(move |()| {
        if let Some(path) = chat.peek(|m| m.path_of_person(user)) {
            go(&path, false);
        }
    });
    let remove = Callback::new(move |()| {
        let name = chat.peek(|m| m.name_of(user));
        actions::remove_member(chat, id, user, move || {
            changed.try_run(());
            let put_back = move || actions::add_members(chat, id, vec![user], |_| {});
            chat.toasts.offer(crate::ui::ToastKind::Info, words::info_gone(&name), words::undo(), put_back);
        });
    });
    let promote = Callback::new(move |()| {
        actions::set_channel_admin(chat, id, user, !admin, move || {
            changed.try_run(());
        });
    });
    view! {
        <MenuItem icon=Icon::Message on_choose=write>{words::info_message()}</MenuItem>
        {(manages && !kind.is_personal()).then(|| view! {
            <MenuItem icon=Icon::Shield on_choose=promote>{if admin { words::info_no_admin() } else { words::info_make_admin() }}</MenuItem>
        })}
        {(manages && removable).then(|| view! {
            <MenuItem icon=Icon::LogOut danger=true on_choose=remove>{words::info_remove()}</MenuItem>
        })}
    }
}
