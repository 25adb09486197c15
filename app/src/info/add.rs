//! Adding people of the team to a channel.

use leptos::prelude::*;
use model::{ChannelId, UserId, users::User};

use crate::{
    actions,
    chat::use_chat,
    load,
    sidebar::ChoosePeople,
    ui::{Button, ButtonKind},
    words,
};

/// The dialog's form.
#[component]
pub fn AddForm(id: ChannelId, open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let chosen = RwSignal::new(Vec::<User>::new());
    let busy = RwSignal::new(false);
    let find = move |name| load::outsiders(chat, id, name);
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
            <ChoosePeople
                chosen
                find
                placeholder=words::info_find_in_team()
                none_yet=words::info_added_see()
                none=words::info_all_in()
            />
        </div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
            <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || chosen.with(Vec::is_empty)) on:click=add>{words::info_add()}</Button>
        </footer>
    }
}
