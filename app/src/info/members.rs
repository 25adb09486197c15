//! Who is in a channel.

use leptos::{prelude::*, task::spawn_local};
use model::{ChannelId, UserId, channels::ChannelType};

use crate::{
    actions,
    chat::use_chat,
    frame::go_to,
    load,
    sidebar::presence_of,
    state::Topic,
    ui::{Avatar, Button, Icon, IconButton, Menu, MenuItem, SkeletonList},
    words,
};

/// The people, with a search and what can be done with each of them.
#[component]
pub fn Members(id: ChannelId, kind: ChannelType) -> impl IntoView {
    let chat = use_chat();
    let people = RwSignal::new(None::<Vec<(UserId, bool)>>);
    let wanted = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<String>);
    let full = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let chosen = RwSignal::new(None::<(UserId, bool)>);
    let menu = RwSignal::new(false);
    let point = RwSignal::new(None);
    let count = Memo::new(move |_| chat.read(Topic::Channel(id), |m| m.member_counts.get(&id).copied()));
    let fetch = move || {
        let name = wanted.get_untracked();
        failed.set(None);
        spawn_local(async move {
            let answer = load::members(chat, id, name.trim().to_lowercase().trim_start_matches('@'), 0).await;
            if wanted.try_get_untracked().as_ref() != Some(&name) {
                return; // something else is wanted by now
            }
            match answer {
                Ok(list) => {
                    full.set(list.len() < load::MEMBERS || !name.trim().is_empty());
                    people.set(Some(list));
                }
                Err(failure) => failed.set(Some(failure.to_string())),
            }
        });
    };
    // Again whenever somebody comes or goes.
    Effect::new(move |_| {
        count.track();
        fetch();
    });
    let more = move |_| {
        let page = people.with_untracked(|list| list.as_ref().map_or(0, Vec::len)) / load::MEMBERS;
        busy.set(true);
        spawn_local(async move {
            match load::members(chat, id, "", page).await {
                Ok(list) => {
                    full.set(list.len() < load::MEMBERS);
                    people.update(|known| {
                        let known = known.get_or_insert_default();
                        let new: Vec<_> =
                            list.into_iter().filter(|(id, _)| !known.iter().any(|(k, _)| k == id)).collect();
                        known.extend(new);
                    });
                }
                Err(failure) => chat.complain(&failure),
            }
            busy.try_set(false);
        });
    };
    // Outlives the menu, whose choices are answered after it has closed.
    let changed = Callback::new(move |()| fetch());
    let open_menu = move |person: (UserId, bool), x: i32, y: i32| {
        chosen.set(Some(person));
        point.set(Some((x, y)));
        menu.set(true);
    };
    let row = move |(user, admin): (UserId, bool)| {
        let (name, handle, bot, guest) = chat.read(Topic::User(user), |m| {
            let known = m.users.get(&user);
            (
                m.name_of(user),
                known.map(|u| u.username.clone()).unwrap_or_default(),
                known.is_some_and(|u| u.is_bot),
                m.is_guest(user),
            )
        });
        let me = chat.peek(|m| m.me == user);
        let label = words::info_person_menu(&name);
        view! {
            <li class="person">
                <Avatar id=user.to_string() name=name.clone() size=32 square=bot presence=presence_of(chat, user) picture=chat.face(user) />
                <span class="person-text">
                    <span class="person-name" dir="auto">
                        {name}{me.then(|| [" ", words::info_you()].concat())}
                    </span>
                    <span class="person-hint">"@"{handle}</span>
                </span>
                {bot.then(|| view! { <span class="badge">{words::post_bot()}</span> })}
                {guest.then(|| view! { <span class="badge">{words::person_guest()}</span> })}
                {admin.then(|| view! { <span class="badge badge-accent">{words::info_admin()}</span> })}
                {(!me).then(|| view! {
                    <IconButton
                        icon=Icon::More
                        label
                        popup="menu"
                        on:click=move |event: leptos::ev::MouseEvent| open_menu((user, admin), event.client_x(), event.client_y())
                    />
                })}
            </li>
        }
    };
    view! {
        <section class="info-section">
            <h3>{move || match count.get() { Some(n) if kind != ChannelType::Direct => words::info_members_count(n), _ => words::channel_members().to_owned() }}</h3>
            {(kind != ChannelType::Direct).then(|| view! {
                <div class="input-wrap info-search">
                    <Icon name=Icon::Search />
                    <input
                        class="input"
                        type="search"
                        aria-label=words::info_find_members()
                        placeholder=words::info_find_members()
                        on:input=move |event| {
                            wanted.set(event_target_value(&event));
                            fetch();
                        }
                    />
                </div>
            })}
            {move || match (people.get(), failed.get()) {
                (_, Some(text)) => view! {
                    <p class="field-error" role="alert"><Icon name=Icon::Alert /><span>{text}</span></p>
                    <Button small=true on:click=move |_| fetch()>{words::try_again()}</Button>
                }.into_any(),
                (None, None) => view! { <SkeletonList rows=4 label=words::info_loading() /> }.into_any(),
                (Some(list), None) if list.is_empty() => view! { <p class="field-help">{words::people_none()}</p> }.into_any(),
                (Some(list), None) => view! { <ul class="people">{list.into_iter().map(row).collect_view()}</ul> }.into_any(),
            }}
            {move || (people.with(Option::is_some) && !full.get() && wanted.with(|w| w.trim().is_empty())).then(|| view! {
                <Button small=true busy on:click=more>{words::show_more()}</Button>
            })}
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
