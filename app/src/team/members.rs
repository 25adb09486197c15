//! Who is in the team.

use leptos::{prelude::*, task::spawn_local};
use model::{
    UserId,
    permission::Permission,
    teams::{GetTeamStats, RemoveTeamMember, SchemeRoles, SetTeamSchemeRoles},
};

use crate::{
    chat::use_chat,
    client::Failure,
    frame::go_to,
    load,
    people::{Member, MemberRow, PeopleList},
    state::Topic,
    ui::{Button, ButtonKind, Dialog, Icon, Menu, MenuItem, ToastKind},
    words,
};

#[component]
pub fn Members() -> impl IntoView {
    let chat = use_chat();
    let count = RwSignal::new(None::<i64>);
    let chosen = RwSignal::new(None::<Member>);
    let menu = RwSignal::new(false);
    let point = RwSignal::new(None);
    let removing = RwSignal::new(false);
    let changes = RwSignal::new(());
    let again = Signal::derive(move || changes.track());
    Effect::new(move |_| {
        changes.track();
        spawn_local(async move {
            let call = GetTeamStats { team_id: chat.peek(|m| m.team), query: (), body: () };
            if let Ok(stats) = chat.client().send(call).await {
                count.try_set(Some(stats.active_member_count));
            }
        });
    });
    let find = move |name: String, page| async move { load::team_members(chat, &name, page).await };
    // Outlives the menu, whose choices are answered after it has closed.
    let done = Callback::new(move |answer: Result<(), Failure>| match answer {
        Ok(()) => changes.set(()),
        Err(failure) => chat.complain(&failure),
    });
    let open = Callback::new(move |(person, at): (Member, (i32, i32))| {
        chosen.set(Some(person));
        point.set(Some(at));
        menu.set(true);
    });
    let row = Callback::new(move |member: Member| view! { <MemberRow member open /> }.into_any());
    let name =
        move || chosen.get().map(|(user, _)| chat.read(Topic::User(user), |m| m.name_of(user))).unwrap_or_default();
    let remove = move |_| {
        removing.set(false);
        let Some((user, _)) = chosen.get_untracked() else { return };
        spawn_local(async move {
            let team_id = chat.peek(|m| m.team);
            let call = RemoveTeamMember { team_id, user_id: user.to_string(), query: (), body: () };
            let answer = chat.client().send(call).await.map(drop);
            if answer.is_ok() {
                let name = chat.peek(|m| m.name_of(user));
                chat.toasts.show(ToastKind::Info, words::team_person_gone(&name));
            }
            done.try_run(answer);
        });
    };
    view! {
        <section class="settings-section">
            <div class="settings-section-head">
                <h2>{move || count.get().map_or_else(|| words::channel_members().to_owned(), words::info_members_count)}</h2>
            </div>
            <PeopleList find again row />
        </section>
        <Menu open=menu label=words::info_member() point=Signal::derive(move || point.get())>
            {move || chosen.get().map(|(user, admin)| view! { <Items user admin removing done /> })}
        </Menu>
        <Dialog open=removing title=move || words::team_remove_ask(&name())>
            <div class="dialog-body"><p>{words::team_remove_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| removing.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=remove>{words::team_remove()}</Button>
            </footer>
        </Dialog>
    }
}

/// What can be done with a member.
#[component]
fn Items(user: UserId, admin: bool, removing: RwSignal<bool>, done: Callback<Result<(), Failure>>) -> impl IntoView {
    let chat = use_chat();
    let go = go_to();
    let may = |what: Permission| chat.peek(|m| m.may(what));
    let guest = chat.peek(|m| m.users.get(&user).is_some_and(|user| user.has_role("system_guest")));
    let write = Callback::new(move |()| {
        if let Some(path) = chat.peek(|m| m.path_of_person(user)) {
            go(&path, false);
        }
    });
    let promote = Callback::new(move |()| {
        spawn_local(async move {
            let body = SchemeRoles { scheme_admin: !admin, scheme_user: true, ..SchemeRoles::default() };
            let team_id = chat.peek(|m| m.team);
            let call = SetTeamSchemeRoles { team_id, user_id: user.to_string(), query: (), body };
            done.try_run(chat.client().send(call).await.map(drop));
        });
    });
    view! {
        <MenuItem icon=Icon::Message on_choose=write>{words::info_message()}</MenuItem>
        {(may(Permission::ManageTeamRoles) && !guest).then(|| view! {
            <MenuItem icon=Icon::Shield on_choose=promote>{if admin { words::info_no_admin() } else { words::team_make_admin() }}</MenuItem>
        })}
        {may(Permission::RemoveUserFromTeam).then(|| view! {
            <MenuItem icon=Icon::LogOut danger=true on_choose=Callback::new(move |()| removing.set(true))>{words::team_remove()}</MenuItem>
        })}
    }
}
