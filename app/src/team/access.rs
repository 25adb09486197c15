//! Who may come into the team.

use leptos::{ev, prelude::*, task::spawn_local};
use model::teams::{RenewInvitation, TeamPatch};

use super::{copy_link, current, keep, link, patch};
use crate::{
    chat::use_chat,
    settings::{Section, Toggle},
    ui::{Button, ButtonKind, Dialog, Icon, Notice, NoticeKind, TextField, ToastKind},
    words,
};

#[component]
pub fn Access() -> impl IntoView {
    let chat = use_chat();
    let known = Memo::new(move |_| current(chat).allow_open_invite);
    let open_to_all = RwSignal::new(known.get_untracked());
    // Others may change it meanwhile.
    Effect::new(move |_| open_to_all.set(known.get()));
    let domains = RwSignal::new(untrack(|| current(chat).allowed_domains));
    let kept = Memo::new(move |_| current(chat).allowed_domains);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let renewing = RwSignal::new(false);
    let opened = Callback::new(move |on: bool| {
        open_to_all.set(on);
        spawn_local(async move {
            let body = TeamPatch { allow_open_invite: Some(on), ..TeamPatch::default() };
            if let Err(failure) = patch(chat, body).await {
                chat.complain(&failure);
                open_to_all.try_set(!on);
            }
        });
    });
    let now = move || domains.with(|text| text.trim().to_owned());
    let unchanged = Signal::derive(move || now() == kept.get());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let body = TeamPatch { allowed_domains: Some(untrack(now)), ..TeamPatch::default() };
        spawn_local(async move {
            match patch(chat, body).await {
                Ok(()) => chat.toasts.show(ToastKind::Success, words::saved()),
                Err(failure) => {
                    error.try_set(Some(failure.to_string()));
                }
            }
            busy.try_set(false);
        });
    };
    let renew = move |_| {
        renewing.set(false);
        spawn_local(async move {
            let call = RenewInvitation { team_id: chat.peek(|m| m.team), query: (), body: () };
            match chat.client().send(call).await {
                Ok(team) => {
                    keep(chat, team);
                    chat.toasts.show(ToastKind::Success, words::team_link_renewed());
                }
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    view! {
        <Section title=words::team_who_joins()>
            <Toggle on=open_to_all on_change=opened label=words::team_open_to_all() help=words::team_open_to_all_help() />
            <form class="settings-form" on:submit=submit>
                {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
                <TextField id="team-domains" label=words::team_domains() note=words::optional() value=domains max_length=1_000_u32 help=words::team_domains_help() />
                <div><Button kind=ButtonKind::Primary submit=true busy disabled=unchanged>{words::save()}</Button></div>
            </form>
        </Section>
        <Section title=words::team_link() lead=words::team_link_lead()>
            <Link />
            <div><Button icon=Icon::Refresh on:click=move |_| renewing.set(true)>{words::team_link_renew()}</Button></div>
        </Section>
        <Dialog open=renewing title=words::team_link_renew_ask()>
            <div class="dialog-body"><p>{words::team_link_renew_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| renewing.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=renew>{words::team_link_renew()}</Button>
            </footer>
        </Dialog>
    }
}

/// The link that invites, with a way to copy it.
#[component]
pub fn Link() -> impl IntoView {
    let chat = use_chat();
    view! {
        <div class="settings-row">
            <code class="key" dir="ltr">{move || link(chat)}</code>
            <Button icon=Icon::Copy on:click=move |_| copy_link(chat)>{words::copy_link()}</Button>
        </div>
    }
}
