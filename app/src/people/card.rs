//! The card that tells who somebody is; it opens where their name or picture was pressed.

use leptos::{prelude::*, task::spawn_local};
use model::{StringMap, UserId, users::GetUser};

use super::SaidOf;
use crate::{
    browser,
    channel::use_over,
    chat::{Chat, use_chat},
    frame::go_to,
    settings,
    sidebar::{Dialogues, presence_of},
    state::Topic,
    time::Wall,
    ui::{Avatar, Button, ButtonKind, Icon, Popover},
    words,
};

/// The name of the time zone somebody has chosen, or that their browser said.
fn zone(timezone: &StringMap) -> Option<&str> {
    let field = |name: &str| timezone.get(name).map(String::as_str).filter(|value| !value.is_empty());
    match field("useAutomaticTimezone") {
        Some("false") => field("manualTimezone"),
        _ => field("automaticTimezone").or_else(|| field("manualTimezone")),
    }
}

/// The card; once per page.
#[component]
pub fn Card() -> impl IntoView {
    let over = use_over();
    let chat = use_chat();
    let point = Signal::derive(move || over.card_point());
    let label = Signal::derive(move || {
        let user = over.card_of().unwrap_or_default();
        chat.read(Topic::User(user), |m| m.name_of(user))
    });
    view! {
        <Popover open=over.card label class="profile-card" point first=".btn">
            {move || over.card_of().map(|user| view! { <Inside user /> })}
        </Popover>
    }
}

/// Fetches somebody of whom only little is known.
fn fetch(chat: Chat, user: UserId) {
    spawn_local(async move {
        // Nobody is waited for: what is known is shown.
        if let Ok(user) = chat.client().send(GetUser { user_id: user.to_string(), query: (), body: () }).await {
            chat.update(|m| {
                let id = user.id;
                if id != m.me {
                    m.take_users([user]);
                }
                vec![Topic::User(id)]
            });
        }
    });
}

#[component]
fn Inside(user: UserId) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let dialogues = expect_context::<Dialogues>();
    let go = go_to();
    let edit = settings::open();
    fetch(chat, user);
    let known = Memo::new(move |_| chat.read(Topic::User(user), |m| m.users.get(&user).cloned().unwrap_or_default()));
    let name = move || chat.read(Topic::User(user), |m| m.name_of(user));
    let me = chat.peek(|m| m.me == user);
    let full = move || known.with(|u| format!("{} {}", u.first_name, u.last_name).trim().to_owned());
    let now = move || {
        let zone = known.with(|u| zone(&u.timezone).map(ToOwned::to_owned))?;
        let now = browser::now();
        let offset = browser::offset_in(&zone, now)?;
        (offset != browser::offset_minutes(now)).then(|| chat.clock(Wall::of(now, offset)))
    };
    let line = move |label: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{label}</dt><dd dir="auto">{value}</dd></div> })
    };
    let write = move |_| {
        over.card.set(false);
        if let Some(path) = chat.peek(|m| m.path_of_person(user)) {
            go(&path, false);
        }
    };
    view! {
        <div class="profile-top">
            <Avatar id=user.to_string() name=untrack(name) size=72 square=known.with_untracked(|u| u.is_bot) presence=presence_of(chat, user) picture=chat.face(user) />
        </div>
        <h2 class="profile-name" dir="auto">{name}</h2>
        <p class="profile-handle">
            "@"{move || known.with(|u| u.username.clone())}
            {move || known.with(|u| u.is_bot).then(|| view! { <span>{words::post_bot()}</span> })}
            {move || chat.read(Topic::User(user), |m| m.is_guest(user)).then(|| view! { <span>{words::person_guest()}</span> })}
            {move || known.with(|u| u.delete_at > 0).then(|| view! { <span>{words::person_deactivated()}</span> })}
        </p>
        <SaidOf user full=true />
        <dl class="info-list">
            {move || (full() != name()).then(|| line(words::name(), full()))}
            {move || line(words::profile_position(), known.with(|u| u.position.clone()))}
            {move || line(words::auth_email(), known.with(|u| if u.is_bot { String::new() } else { u.email.clone() }))}
            {move || line(words::info_about(), known.with(|u| u.bot_description.clone()))}
            {move || now().map(|clock| line(words::person_local_time(), clock))}
        </dl>
        <div class="profile-actions">
            {if me {
                let set = move |_| {
                    over.card.set(false);
                    dialogues.status.set(true);
                };
                let edit = move |_| {
                    over.card.set(false);
                    edit();
                };
                view! {
                    <Button icon=Icon::Smile on:click=set>{words::said_set()}</Button>
                    <Button icon=Icon::Edit on:click=edit>{words::person_edit()}</Button>
                }.into_any()
            } else {
                view! { <Button kind=ButtonKind::Primary icon=Icon::Message on:click=write>{words::info_message()}</Button> }.into_any()
            }}
        </div>
    }
}
