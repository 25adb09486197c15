//! Adding people of the team to a channel.

use leptos::{prelude::*, task::spawn_local};
use model::{ChannelId, UserId, users::User};

use crate::{
    actions,
    chat::use_chat,
    load,
    sidebar::{Chosen, people_list},
    ui::{Button, ButtonKind, Icon},
    words,
};

/// The dialog's form.
#[component]
pub fn AddForm(id: ChannelId, open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let found = RwSignal::new(None::<Vec<User>>);
    let chosen = RwSignal::new(Vec::<User>::new());
    let text = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let search = move |value: String| {
        text.set(value.clone());
        spawn_local(async move {
            let people = load::outsiders(chat, id, value.trim().trim_start_matches('@').to_lowercase()).await;
            if text.try_get_untracked().as_ref() == Some(&value) {
                found.set(Some(people));
            }
        });
    };
    Effect::new(move |_| search(String::new()));
    let add = move |_| {
        let users: Vec<UserId> = chosen.with_untracked(|list| list.iter().map(|u| u.id).collect());
        busy.set(true);
        actions::add_members(chat, id, users, move |done| {
            busy.try_set(false);
            if done {
                open.set(false);
            }
        });
    };
    view! {
        <div class="dialog-body">
            <div class="input-wrap">
                <Icon name=Icon::Search />
                <input
                    class="input"
                    type="search"
                    aria-label=words::people_find()
                    placeholder=words::info_find_in_team()
                    autofocus=true
                    on:input=move |event| search(event_target_value(&event))
                />
            </div>
            <Chosen chosen none=words::info_added_see() />
            {people_list(chat, found, chosen, usize::MAX, words::info_all_in())}
        </div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
            <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || chosen.with(Vec::is_empty)) on:click=add>{words::info_add()}</Button>
        </footer>
    }
}
