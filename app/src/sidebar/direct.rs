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
    ui::{Avatar, Button, ButtonKind, Dialog, Icon, IconButton, SearchField, SkeletonList},
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
    let chosen = RwSignal::new(Vec::<User>::new());
    let busy = RwSignal::new(false);
    let find = move |name| load::people(chat, name, 25);
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
            <ChoosePeople chosen find most=*GROUP_SIZE.end() - 1 none_yet=words::people_choose() none=words::people_none() />
        </div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
            <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || chosen.with(Vec::is_empty)) on:click=begin>{words::people_write()}</Button>
        </footer>
    }
}

/// Finds people by their names, and lets one choose some of them.
#[component]
pub fn ChoosePeople<S, F>(
    chosen: RwSignal<Vec<User>>,
    /// Who fits what was typed, in lower case; somebody also where nothing was.
    find: S,
    #[prop(default = usize::MAX)] most: usize,
    #[prop(default = words::people_find())] placeholder: &'static str,
    #[prop(default = true)] autofocus: bool,
    /// Said while nobody is chosen.
    none_yet: &'static str,
    /// Said where nobody fits.
    none: &'static str,
) -> impl IntoView
where
    S: Fn(String) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Vec<User>> + 'static,
{
    let chat = use_chat();
    let found = RwSignal::new(None::<Vec<User>>);
    let text = RwSignal::new(String::new());
    let search = move |value: String| {
        text.set(value.clone());
        spawn_local(async move {
            let people = find(value.trim().trim_start_matches('@').to_lowercase()).await;
            if text.try_get_untracked().as_ref() == Some(&value) {
                found.set(Some(people));
            }
        });
    };
    Effect::new(move |_| search(String::new()));
    view! {
        <SearchField label=words::people_find() placeholder autofocus on_type=search />
        <Chosen chosen none=none_yet />
        {people_list(chat, found, chosen, most, none)}
    }
}

/// Who is chosen so far, each with a way out.
#[component]
fn Chosen(
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
fn people_list(
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
        let guest = chat.peek(|m| m.marks_guest(&user));
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
