//! Adding people of the team to a channel.

use leptos::{prelude::*, task::spawn_local};
use model::{ChannelId, UserId, users::User};

use crate::{
    actions,
    chat::use_chat,
    load,
    sidebar::{Chosen, people_list},
    ui::{Button, ButtonKind, Icon},
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
                    aria-label="Find people"
                    placeholder="Find people of the team"
                    autofocus=true
                    on:input=move |event| search(event_target_value(&event))
                />
            </div>
            <Chosen chosen none="Those you add see what was written before." />
            {people_list(chat, found, chosen, usize::MAX, "Everybody who fits is in the channel already.")}
        </div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>"Cancel"</Button>
            <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || chosen.with(Vec::is_empty)) on:click=add>"Add"</Button>
        </footer>
    }
}
