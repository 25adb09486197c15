//! Somebody in a list of people.

use leptos::prelude::*;
use model::UserId;

use crate::{chat::use_chat, sidebar::presence_of, state::Topic, ui::Avatar, words};

/// Who it is and what they are; as children, what they are here and what can be done with them.
#[component]
pub fn PersonRow(user: UserId, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let chat = use_chat();
    let known = Memo::new(move |_| {
        chat.read(Topic::User(user), |m| {
            let known = m.users.get(&user);
            let handle = known.map(|u| u.username.clone()).unwrap_or_default();
            (m.name_of(user), handle, known.is_some_and(|u| u.is_bot), m.is_guest(user))
        })
    });
    let me = chat.peek(|m| m.me == user);
    let name = Signal::derive(move || known.with(|known| known.0.clone()));
    let bot = known.with_untracked(|known| known.2);
    view! {
        <li class="person">
            <Avatar id=user.to_string() name size=32 square=bot presence=presence_of(chat, user) picture=chat.face(user) />
            <span class="person-text">
                <span class="person-name" dir="auto">
                    {move || name.get()}{me.then(|| [" ", words::info_you()].concat())}
                </span>
                <span class="person-hint">"@"{move || known.with(|known| known.1.clone())}</span>
            </span>
            {bot.then(|| view! { <span class="badge">{words::post_bot()}</span> })}
            {move || known.with(|known| known.3).then(|| view! { <span class="badge">{words::person_guest()}</span> })}
            {children.map(|children| children())}
        </li>
    }
}
