//! How one signs in, and who may act in one's name.

use leptos::{ev, prelude::*, task::spawn_local};
use model::users::{ChangePassword, PasswordChange};

use super::{
    apps::Apps,
    parts::Section,
    sessions::{Listed, Sessions},
    tokens::Tokens,
};
use crate::{
    chat::use_chat,
    load,
    state::Topic,
    ui::{Button, ButtonKind, Icon, Notice, NoticeKind, PasswordField, ToastKind},
    words,
};

#[component]
pub fn SecurityPage() -> impl IntoView {
    let chat = use_chat();
    let me = chat.peek(|m| m.me);
    let second = move || chat.read(Topic::User(me), |m| m.my().is_some_and(|user| user.mfa_active));
    let sessions: Listed = RwSignal::new(None);
    let elsewhere = chat.peek(|m| m.my().map(|user| user.auth_service.clone()).unwrap_or_default());
    view! {
        <Section title=words::auth_password()>
            {match elsewhere.as_str() {
                "" => view! { <PasswordForm /> }.into_any(),
                "magic_link" => view! { <p class="field-help">{words::security_by_link()}</p> }.into_any(),
                _ => view! { <p class="field-help">{words::security_elsewhere()}</p> }.into_any(),
            }}
        </Section>
        <Section title=words::mfa_title() lead=words::mfa_lead()>
            <div class="settings-row">
                <span class="settings-state" data-on=move || second().then_some("")>
                    <Icon name=Icon::Shield />
                    {move || if second() { words::security_on() } else { words::security_off() }}
                </span>
                <a class="btn" href=load::SET_UP rel="external">{move || if second() { words::security_codes() } else { words::security_set_up() }}</a>
            </div>
        </Section>
        <Sessions list=sessions />
        <Apps signed_in=sessions />
        <Tokens />
    }
}

#[component]
fn PasswordForm() -> impl IntoView {
    let chat = use_chat();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let body = PasswordChange { current_password: current.get_untracked(), new_password: new.get_untracked() };
        spawn_local(async move {
            match chat.client().send(ChangePassword { user_id: "me".into(), query: (), body }).await {
                Ok(_) => {
                    current.set(String::new());
                    new.set(String::new());
                    chat.toasts.show(ToastKind::Success, words::security_password_changed());
                }
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.set(false);
        });
    };
    let empty = Signal::derive(move || current.with(String::is_empty) || new.with(String::is_empty));
    view! {
        <form class="settings-form" on:submit=submit>
            {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
            <PasswordField id="current_password" label=words::security_current_password() value=current autocomplete="current-password" />
            <PasswordField id="new_password" label=words::auth_new_password() value=new autocomplete="new-password" />
            <div><Button kind=ButtonKind::Primary submit=true busy disabled=empty>{words::security_change_password()}</Button></div>
        </form>
    }
}
