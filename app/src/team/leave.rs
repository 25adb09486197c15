//! Leaving the team, and archiving it.

use leptos::{ev, prelude::*, task::spawn_local};
use model::teams::{ArchiveTeam, RemoveTeamMember};

use super::{current, manages};
use crate::{
    browser,
    chat::use_chat,
    settings::Section,
    state::Topic,
    ui::{Button, ButtonKind, Dialog, Icon, Notice, NoticeKind, TextField},
    words,
};

#[component]
pub fn Leave() -> impl IntoView {
    let chat = use_chat();
    let leaving = RwSignal::new(false);
    let archiving = RwSignal::new(false);
    let name = move || current(chat).display_name;
    let may_archive = move || chat.read(Topic::Allowed, manages);
    let leave = move |_| {
        leaving.set(false);
        spawn_local(async move {
            let (team_id, me) = chat.peek(|m| (m.team, m.me.to_string()));
            match chat.client().send(RemoveTeamMember { team_id, user_id: me, query: (), body: () }).await {
                Ok(_) => browser::go("/"),
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    view! {
        <Section title=words::team_leave() lead=words::team_leave_text()>
            <div><Button kind=ButtonKind::Danger icon=Icon::LogOut on:click=move |_| leaving.set(true)>{words::team_leave()}</Button></div>
        </Section>
        <Show when=may_archive>
            <Section title=words::team_archive() lead=words::team_archive_text()>
                <div><Button kind=ButtonKind::Danger icon=Icon::Archive on:click=move |_| archiving.set(true)>{words::team_archive()}</Button></div>
            </Section>
        </Show>
        <Dialog open=leaving title=move || words::team_leave_ask(&name())>
            <div class="dialog-body"><p>{words::team_leave_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| leaving.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=leave>{words::team_leave()}</Button>
            </footer>
        </Dialog>
        <Dialog open=archiving title=move || words::team_archive_ask(&name())>
            <Archive open=archiving />
        </Dialog>
    }
}

/// Asks for the team's name, so that nobody archives another one than they meant.
#[component]
fn Archive(open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let name = untrack(|| current(chat).display_name);
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let label = words::team_archive_type(&name);
    let wrong = Signal::derive(move || typed.with(|typed| typed.trim() != name.trim()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if wrong.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let call = ArchiveTeam { team_id: chat.peek(|m| m.team), query: (), body: () };
            match chat.client().send(call).await {
                Ok(_) => browser::go("/"),
                Err(failure) => {
                    error.try_set(Some(failure.to_string()));
                    busy.try_set(false);
                }
            }
        });
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
                <p>{words::team_archive_text()}</p>
                <TextField id="team-archive" label value=typed autofocus=true autocomplete="off" />
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger submit=true busy disabled=wrong>{words::team_archive()}</Button>
            </footer>
        </form>
    }
}
