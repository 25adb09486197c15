//! One group: who is in it, and what can be done with it.

use leptos::{prelude::*, task::spawn_local};
use model::{
    AnyId, UserId,
    groups::{AddGroupMembers, DeleteGroup, GetGroup, Group, RemoveGroupMembers, RestoreGroup, UserIds},
    permission::Permission,
    users::User,
};

use super::{AT_ONCE, form::EditGroup, people_of};
use crate::{
    chat::{Chat, use_chat},
    client::Failure,
    load,
    manage::use_ways,
    people::PersonRow,
    sidebar::ChoosePeople,
    state::Topic,
    ui::{Button, ButtonKind, Dialog, Empty, Icon, IconButton, Notice, NoticeKind, SkeletonList, ToastKind},
    words,
};

/// What is known of the people.
#[derive(Clone, Default, PartialEq)]
struct People {
    ids: Vec<UserId>,
    total: i64,
}

#[component]
pub fn OneGroup(id: AnyId) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let group = RwSignal::new(None::<Result<Group, Failure>>);
    let people = RwSignal::new(None::<People>);
    let fetch = move || {
        spawn_local(async move {
            let found = chat.client().send(GetGroup { group_id: id, query: (), body: () }).await;
            let is_there = found.as_ref().is_ok_and(|group| group.delete_at == 0);
            if let Ok(found) = &found {
                ways.call(found.display_name.clone());
            }
            group.try_set(Some(found));
            // An archived one has nobody who could be listed.
            let listed = if is_there { people_of(chat, id, 0).await.ok() } else { None };
            people.try_set(listed.map(|(ids, total)| People { ids, total }));
        });
    };
    // Again whenever it is changed, by oneself or by others.
    Effect::new(move |_| {
        chat.track(Topic::Groups);
        fetch();
    });
    view! {
        {move || match group.get() {
            None => view! { <SkeletonList rows=5 label=words::groups_loading() /> }.into_any(),
            Some(Err(failure)) if failure.is_not_found() => view! {
                <Empty icon=Icon::Users title=words::group_gone() text=words::group_gone_text() />
            }.into_any(),
            Some(Err(failure)) => view! {
                <Empty icon=Icon::Offline title=words::auth_did_not_work() text=failure.to_string()>
                    <Button on:click=move |_| fetch()>{words::try_again()}</Button>
                </Empty>
            }.into_any(),
            Some(Ok(group)) => view! { <Known group people /> }.into_any(),
        }}
    }
}

/// Somebody comes or goes, or the group does.
#[derive(Clone, Copy)]
enum Change {
    Add,
    Remove,
    Archive,
    Restore,
}

/// Changes a group and tells those parts of the screen that show it; true if it was done.
async fn change(chat: Chat, id: AnyId, what: Change, user_ids: Vec<UserId>) -> bool {
    let (client, body) = (chat.client(), UserIds { user_ids });
    let answer = match what {
        Change::Add => client.send(AddGroupMembers { group_id: id, query: (), body }).await.map(drop),
        Change::Remove => client.send(RemoveGroupMembers { group_id: id, query: (), body }).await.map(drop),
        Change::Archive => client.send(DeleteGroup { group_id: id, query: (), body: () }).await.map(drop),
        Change::Restore => client.send(RestoreGroup { group_id: id, query: (), body: () }).await.map(drop),
    };
    match answer {
        Ok(()) => chat.update(|_| vec![Topic::Groups]),
        Err(failure) => {
            chat.complain(&failure);
            return false;
        }
    }
    true
}

#[component]
fn Known(group: Group, people: RwSignal<Option<People>>) -> impl IntoView {
    let chat = use_chat();
    let id = group.id;
    let me = chat.peek(|m| m.me);
    let archived = group.delete_at != 0;
    let may = move |what: Permission| move || chat.read(Topic::Allowed, |m| m.may(what));
    let members = may(Permission::ManageCustomGroupMembers);
    let mine = move || chat.read(Topic::Groups, |m| m.my_groups.contains(&id));
    let adding = RwSignal::new(false);
    let editing = RwSignal::new(false);
    let archiving = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let title = StoredValue::new(group.display_name.clone());
    let more = move |_| {
        let page = people.with_untracked(|p| p.as_ref().map_or(0, |p| p.ids.len())) / AT_ONCE;
        busy.set(true);
        spawn_local(async move {
            match people_of(chat, id, page).await {
                Ok((ids, total)) => {
                    people.try_update(|known| {
                        let known = known.get_or_insert_default();
                        known.total = total;
                        let new: Vec<_> = ids.into_iter().filter(|id| !known.ids.contains(id)).collect();
                        known.ids.extend(new);
                    });
                }
                Err(failure) => chat.complain(&failure),
            }
            busy.try_set(false);
        });
    };
    let remove = move |user: UserId| {
        spawn_local(async move {
            if change(chat, id, Change::Remove, vec![user]).await {
                let name = chat.peek(|m| m.name_of(user));
                let back = move || {
                    spawn_local(async move {
                        change(chat, id, Change::Add, vec![user]).await;
                    });
                };
                let text = if user == me { words::group_left().to_owned() } else { words::group_person_gone(&name) };
                chat.toasts.offer(ToastKind::Info, text, words::undo(), back);
            }
        });
    };
    let archive = move |_| {
        archiving.set(false);
        spawn_local(async move {
            change(chat, id, Change::Archive, Vec::new()).await;
        });
    };
    let restore = move |_| {
        spawn_local(async move {
            change(chat, id, Change::Restore, Vec::new()).await;
        });
    };
    let row = move |user: UserId| {
        let label = move || words::group_remove(&chat.read(Topic::User(user), |m| m.name_of(user)));
        view! {
            <PersonRow user>
                {move || members().then(|| view! {
                    <IconButton icon=Icon::Close label=Signal::derive(label) on:click=move |_| remove(user) />
                })}
            </PersonRow>
        }
    };
    let known = StoredValue::new(group.clone());
    view! {
        <div class="settings-section">
            <div class="group-about">
                <span class="mention">"@"{group.name.clone()}</span>
                {(!group.description.is_empty()).then(|| view! { <p dir="auto">{group.description.clone()}</p> })}
            </div>
            {archived.then(|| view! {
                <Notice kind=NoticeKind::Info>{words::group_is_archived()}</Notice>
                {move || may(Permission::RestoreCustomGroup)().then(|| view! { <div><Button icon=Icon::Archive on:click=restore>{words::group_restore()}</Button></div> })}
            })}
            {(!archived).then(|| view! {
                <div class="settings-row">
                    {move || members().then(|| view! { <Button kind=ButtonKind::Primary icon=Icon::UserPlus on:click=move |_| adding.set(true)>{words::channel_add_people()}</Button> })}
                    {move || may(Permission::EditCustomGroup)().then(|| view! { <Button icon=Icon::Edit on:click=move |_| editing.set(true)>{words::message_edit()}</Button> })}
                    {move || (members() && mine()).then(|| view! { <Button icon=Icon::LogOut on:click=move |_| remove(me)>{words::group_leave()}</Button> })}
                    {move || may(Permission::DeleteCustomGroup)().then(|| view! { <Button icon=Icon::Archive on:click=move |_| archiving.set(true)>{words::channel_archive()}</Button> })}
                </div>
            })}
        </div>
        {(!archived).then(|| view! {
            <section class="settings-section">
                <div class="settings-section-head"><h2>{move || words::info_members_count(people.with(|p| p.as_ref().map_or(group.member_count, |p| p.total)))}</h2></div>
                {move || match people.with(|p| p.as_ref().map(|p| p.ids.clone())) {
                    None => view! { <SkeletonList rows=3 label=words::people_loading() /> }.into_any(),
                    Some(ids) if ids.is_empty() => view! { <p class="field-help">{words::group_nobody()}</p> }.into_any(),
                    Some(_) => view! {
                        <ul class="people">
                            <For each=move || people.with(|p| p.as_ref().map(|p| p.ids.clone()).unwrap_or_default()) key=|id| *id children=row />
                        </ul>
                    }.into_any(),
                }}
                {move || people.with(|p| p.as_ref().is_some_and(|p| (p.ids.len() as i64) < p.total && p.ids.len() >= AT_ONCE)).then(|| view! {
                    <div><Button small=true busy on:click=more>{words::show_more()}</Button></div>
                })}
            </section>
        })}
        <Dialog open=adding title=move || words::list_add_to(&title.get_value())>
            <AddForm id open=adding people />
        </Dialog>
        <Dialog open=editing title=words::group_edit()>
            <EditGroup group=known.get_value() open=editing />
        </Dialog>
        <Dialog open=archiving title=move || words::group_archive_ask(&title.get_value())>
            <div class="dialog-body"><p>{words::group_archive_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| archiving.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=archive>{words::channel_archive()}</Button>
            </footer>
        </Dialog>
    }
}

/// Adds people to the group.
#[component]
fn AddForm(id: AnyId, open: RwSignal<bool>, people: RwSignal<Option<People>>) -> impl IntoView {
    let chat = use_chat();
    let chosen = RwSignal::new(Vec::<User>::new());
    let busy = RwSignal::new(false);
    let find = move |name| async move {
        let mut found = load::everybody(chat, name, 50).await;
        let is_in =
            |id: &UserId| people.try_with_untracked(|p| p.as_ref().is_some_and(|p| p.ids.contains(id))) == Some(true);
        found.retain(|user| !is_in(&user.id));
        found
    };
    let add = move |_| {
        let ids = chosen.with_untracked(|all| all.iter().map(|user| user.id).collect());
        busy.set(true);
        spawn_local(async move {
            let done = change(chat, id, Change::Add, ids).await;
            busy.try_set(false);
            if done {
                open.try_set(false);
            }
        });
    };
    view! {
        <div class="dialog-body">
            <ChoosePeople chosen find none_yet=words::group_people_help() none=words::people_none() />
        </div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
            <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || chosen.with(Vec::is_empty)) on:click=add>{words::info_add()}</Button>
        </footer>
    }
}
