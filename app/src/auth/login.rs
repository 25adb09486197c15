//! Signing in. The form works without scripts; with them it answers in place.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Refusal,
    users::{Login, SignIn},
};

use super::{CodeField, Gate, Refused, around, query, safe_target};
use crate::{
    browser,
    client::{Client, Failure},
    ui::{Button, ButtonKind, Notice, NoticeKind, PasswordField, TextField},
    words,
};

/// `/login`.
#[component]
pub fn LoginPage() -> impl IntoView {
    let login_id = RwSignal::new(query("login_id"));
    let password = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    // Whether the account is known to ask for a code; the plain form comes back with it in the address.
    let asks = RwSignal::new(query("mfa") == "true");
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let target = query("redirect_to");
    let client = StoredValue::new(Client::from_context());
    let go_to = target.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let target = safe_target(&go_to);
        spawn_local(async move {
            let body = Login {
                login_id: login_id.get_untracked(),
                password: password.get_untracked(),
                token: code.get_untracked(),
                ..Login::default()
            };
            match client.get_value().send(SignIn { query: (), body }).await {
                Ok(_) => browser::go(&target),
                // The account waits for its address to be confirmed; that page can send the link again.
                Err(Failure::Refused(body)) if body.id == Refusal::SIGN_IN_NOT_VERIFIED.id => {
                    browser::go("/should_verify_email");
                }
                Err(Failure::Refused(body))
                    if body.id == Refusal::MFA_MISSING.id && asks.try_get_untracked() == Some(false) =>
                {
                    asks.set(true);
                    busy.set(false);
                }
                Err(failure) => {
                    error.set(Some(failure.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <Gate
            title=words::auth_sign_in()
            lead=words::auth_to_your_team()
            alt=|| around(words::auth_new_here(), "/signup")
        >
            <Refused error />
            {(query("done") == "password").then(|| view! {
                <Notice kind=NoticeKind::Success>{words::auth_password_is_set()}</Notice>
            })}
            {(query("mfa") == "true").then(|| view! {
                <Notice kind=NoticeKind::Info>{words::auth_asks_for_code()}</Notice>
            })}
            <form class="form" method="post" action="/forms/login" on:submit=submit>
                <input type="hidden" name="redirect_to" value=target />
                <TextField id="login_id" label=words::auth_email_or_name() value=login_id autocomplete="username" required=true autofocus=true />
                <PasswordField id="password" label=words::auth_password() value=password autocomplete="current-password" required=true />
                {move || asks.get().then(|| view! {
                    <CodeField code />
                })}
                <Button kind=ButtonKind::Primary wide=true submit=true busy>{words::auth_sign_in()}</Button>
            </form>
            <p class="gate-more"><a href="/reset_password">{words::auth_forgot()}</a></p>
        </Gate>
    }
}
