//! When one cannot get in: a forgotten password, and an address that waits to be confirmed. The forms work without
//! scripts.

use leptos::{ev, prelude::*, task::spawn_local};
use model::users::{
    ByEmail, LinkToken, PasswordReset, ResetPassword, SendPasswordReset, SendVerification, VerifyEmail,
};
use serde::{Deserialize, Serialize};

use super::{Gate, Refused, query};
use crate::{
    browser,
    client::Client,
    ui::{Button, ButtonKind, Notice, NoticeKind, PasswordField, TextField},
    words,
};

/// Which link is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Password,
    Verification,
}

/// `/reset_password`: asks for a link to set a new password, or, `for` guests who have none, for one to sign in by.
#[component]
pub fn ForgottenPage() -> impl IntoView {
    let (title, lead) = match query("for").as_str() {
        "guest" => (words::auth_another_link(), words::auth_another_link_lead()),
        _ => (words::auth_forgot(), words::auth_forgot_lead()),
    };
    view! {
        <Gate
            title
            lead
            alt=|| view! { <a href="/login">{words::auth_back_to_sign_in()}</a> }
        >
            <AskForLink link=Link::Password />
        </Gate>
    }
}

/// `/should_verify_email`: the account is there, its address not yet confirmed.
#[component]
pub fn VerifyPage() -> impl IntoView {
    view! {
        <Gate
            title=words::auth_confirm()
            lead=words::auth_confirm_lead()
            alt=|| view! { <a href="/login">{words::auth_back_to_sign_in()}</a> }
        >
            <AskForLink link=Link::Verification />
        </Gate>
    }
}

/// The form that has a link sent.
#[component]
fn AskForLink(link: Link) -> impl IntoView {
    let email = RwSignal::new(query("email"));
    let sent = RwSignal::new(query("sent") == "true");
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let client = StoredValue::new(Client::from_context());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        sent.set(false);
        spawn_local(async move {
            let body = ByEmail { email: email.get_untracked() };
            let answer = match link {
                Link::Password => client.get_value().send(SendPasswordReset { query: (), body }).await,
                Link::Verification => client.get_value().send(SendVerification { query: (), body }).await,
            };
            match answer {
                Ok(_) => sent.set(true),
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.set(false);
        });
    };
    let (action, label) = match link {
        Link::Password => ("/forms/reset_password", words::auth_send_link()),
        Link::Verification => ("/forms/verify_email", words::auth_send_again()),
    };
    view! {
        <Refused error />
        {move || sent.get().then(|| view! {
            <Notice kind=NoticeKind::Success>
                {words::auth_mail_on_its_way()}
            </Notice>
        })}
        <form class="form" method="post" action=action on:submit=submit>
            <TextField id="email" label=words::auth_email() kind="email" value=email autocomplete="email" required=true autofocus=true />
            <Button kind=ButtonKind::Primary wide=true submit=true busy>{label}</Button>
        </form>
    }
}

/// `/reset_password_complete`: where the link in the mail leads.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let token = query("token");
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let client = StoredValue::new(Client::from_context());
    let secret = token.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let body = PasswordReset { token: secret.clone(), new_password: password.get_untracked() };
        spawn_local(async move {
            match client.get_value().send(ResetPassword { query: (), body }).await {
                Ok(_) => browser::go("/login?done=password"),
                Err(failure) => {
                    error.set(Some(failure.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <Gate
            title=words::auth_set_new()
            lead=words::auth_set_new_lead()
            alt=|| view! { <a href="/reset_password">{words::auth_another_link()}</a> }
        >
            <Refused error />
            <form class="form" method="post" action="/forms/new_password" on:submit=submit>
                <input type="hidden" name="token" value=token />
                <PasswordField id="password" label=words::auth_new_password() value=password autocomplete="new-password" required=true />
                <Button kind=ButtonKind::Primary wide=true submit=true busy>{words::auth_set_password()}</Button>
            </form>
        </Gate>
    }
}

/// What came of opening a link that confirms an address.
#[derive(Clone, Serialize, Deserialize)]
struct Verified(Option<String>);

/// `/do_verify_email`: where the link in the mail leads.
#[component]
pub fn VerifiedPage() -> impl IntoView {
    let client = Client::from_context();
    let body = LinkToken { token: query("token") };
    let answer = Resource::new_blocking(
        || (),
        move |()| {
            let (client, body) = (client.clone(), body.clone());
            async move { Verified(client.send(VerifyEmail { query: (), body }).await.err().map(|f| f.to_string())) }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match answer.await.0 {
                    None => view! {
                        <Gate title=words::auth_confirmed() lead=words::auth_confirmed_lead()>
                            <a class="btn btn-primary" href="/login">{words::auth_sign_in()}</a>
                        </Gate>
                    }.into_any(),
                    Some(reason) => view! {
                        <Gate title=words::auth_link_broken() lead=words::auth_another_lead()>
                            <Notice kind=NoticeKind::Danger>{reason}</Notice>
                            <AskForLink link=Link::Verification />
                        </Gate>
                    }.into_any(),
                }
            })}
        </Suspense>
    }
}
