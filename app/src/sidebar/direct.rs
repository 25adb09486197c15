//! Beginning a conversation with one person or a few.

use leptos::{prelude::*, task::spawn_local};
use model::{
    UserId,
    channels::{CreateDirectChannel, CreateGroupChannel, GROUP_SIZE},
    users::User,
};

use super::{Dialogues, list::presence_of};
use crate::{
    chat::{Chat, use_chat},
    frame::go_to,
    load,
    ui::{Avatar, Button, ButtonKind, Dialog, Icon, IconButton, SkeletonList},
    words,
};

/// Opened from the list of direct messages.
#[component]
pub fn DirectDialog() -> impl IntoView {
    let open = expect_context::<Dialogues>().direct;
    view! {
        <Dialog open title=words::side_new_message()>
            <Picker open />
        </Dialog>
    }
}

#[component]
fn Picker(open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let go = go_to();
    let found = RwSignal::new(None::<Vec<User>>);
    let chosen = RwSignal::new(Vec::<User>::new());
    let busy = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let search = move |value: String| {
        text.set(value.clone());
        spawn_local(async move {
            let people = load::people(chat, value.trim().to_lowercase(), 25).await;
            if text.try_get_untracked().as_ref() == Some(&value) {
                found.set(Some(people));
            }
        });
    };
    Effect::new(move |_| search(String::new()));
    let begin = move |_| {
        let ids: Vec<UserId> = chosen.with_untracked(|list| list.iter().map(|u| u.id).collect());
        let my_id = chat.peek(|m| m.me);
        busy.set(true);
        let go = go.clone();
        spawn_local(async move {
            let client = chat.client();
            let made = match ids.as_slice() {
                [] => return,
                [one] => client.send(CreateDirectChannel { query: (), body: vec![my_id, *one] }).await,
                _ => {
                    let body = ids.iter().copied().filter(|id| *id != my_id).chain([my_id]).collect();
                    client.send(CreateGroupChannel { query: (), body }).await
                }
            };
            match made {
                Ok(channel) => {
                    let path = match load::enter(chat, channel.clone()).await {
                        Ok(_) => chat.peek(|m| m.path_of(&channel)),
                        Err(failure) => return chat.complain(&failure),
                    };
                    open.set(false);
                    go(&path, false);
                }
                Err(failure) => {
                    chat.complain(&failure);
                    busy.try_set(false);
                }
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
                    placeholder=words::people_find()
                    autofocus=true
                    on:input=move |event| search(event_target_value(&event))
                />
            </div>
            <Chosen chosen none=words::people_choose() />
            {people_list(chat, found, chosen, *GROUP_SIZE.end() - 1, words::people_none())}
        </div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
            <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || chosen.with(Vec::is_empty)) on:click=begin>{words::people_write()}</Button>
        </footer>
    }
}

/// Who is chosen so far, each with a way out.
#[component]
pub fn Chosen(
    chosen: RwSignal<Vec<User>>,
    /// Said while nobody is.
    none: &'static str,
) -> impl IntoView {
    let chat = use_chat();
    let chip = move |user: User| {
        let id = user.id;
        let name = user.display_name();
        view! {
            <li class="chip">
                <Avatar id=id.to_string() name=name.clone() size=20 picture=chat.face(id) />
                <span dir="auto">{name.clone()}</span>
                <IconButton
                    icon=Icon::Close
                    label=words::people_leave_out(&name)
                    on:click=move |_| chosen.update(|list| list.retain(|u| u.id != id))
                />
            </li>
        }
    };
    view! {
        {move || if chosen.with(Vec::is_empty) {
            view! { <p class="field-help">{none}</p> }.into_any()
        } else {
            view! { <ul class="chips" aria-label=words::people_chosen()>{chosen.get().into_iter().map(chip).collect_view()}</ul> }.into_any()
        }}
    }
}

/// Those who were found, to be chosen by a press on their row.
pub fn people_list(
    chat: Chat,
    found: RwSignal<Option<Vec<User>>>,
    chosen: RwSignal<Vec<User>>,
    most: usize,
    none: &'static str,
) -> impl IntoView {
    let is_chosen = move |id: UserId| chosen.with(|list| list.iter().any(|u| u.id == id));
    let toggle = move |user: User| {
        chosen.update(|list| {
            let before = list.len();
            list.retain(|u| u.id != user.id);
            if list.len() == before && list.len() < most {
                list.push(user);
            }
        });
    };
    let person = move |user: User| {
        let id = user.id;
        let name = user.display_name();
        let handle = user.username.clone();
        let guest = user.has_role("system_guest");
        view! {
            <li>
                <button
                    type="button"
                    class="person"
                    aria-pressed=move || if is_chosen(id) { "true" } else { "false" }
                    on:click=move |_| toggle(user.clone())
                >
                    <Avatar id=id.to_string() name=name.clone() size=32 presence=presence_of(chat, id) picture=chat.face(id) />
                    <span class="person-text">
                        <span class="person-name" dir="auto">{name}</span>
                        <span class="person-hint">"@"{handle}</span>
                    </span>
                    {guest.then(|| view! { <span class="badge">{words::person_guest()}</span> })}
                    <span class="person-mark" aria-hidden="true"><Icon name=Icon::Check /></span>
                </button>
            </li>
        }
    };
    move || match found.get() {
        None => view! { <SkeletonList rows=4 label=words::people_loading() /> }.into_any(),
        Some(list) if list.is_empty() => view! { <p class="field-help">{none}</p> }.into_any(),
        Some(list) => view! { <ul class="people">{list.into_iter().map(person).collect_view()}</ul> }.into_any(),
    }
}
