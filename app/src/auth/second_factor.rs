//! The second factor: setting it up, its recovery codes, switching it off. Works without scripts.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::components::Redirect;
use model::users::{GenerateMfa, GetUser, MfaChange, MfaSecret, RenewRecoveryCodes, SetMfa};
use serde::{Deserialize, Serialize};

use super::{Gate, Refused, query};
use crate::{
    browser,
    client::Client,
    teams::CsrfField,
    ui::{Button, ButtonKind, Notice, NoticeKind, TextField},
    words,
};

/// What the page shows.
#[derive(Clone, Serialize, Deserialize)]
enum Shown {
    SignedOut,
    /// A code is asked for already.
    On,
    SetUp(MfaSecret),
    /// It cannot be set up; the text says why.
    Failed(String),
}

fn me() -> String {
    "me".to_owned()
}

async fn shown(client: Client) -> Shown {
    match client.send(GetUser { user_id: me(), query: (), body: () }).await {
        Ok(user) if user.mfa_active => return Shown::On,
        Err(failure) if failure.is_signed_out() => return Shown::SignedOut,
        Err(failure) => return Shown::Failed(failure.to_string()),
        Ok(_) => {}
    }
    match client.send(GenerateMfa { user_id: me(), query: (), body: () }).await {
        Ok(secret) => Shown::SetUp(secret),
        Err(failure) => Shown::Failed(failure.to_string()),
    }
}

/// `/mfa/setup`.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let client = Client::from_context();
    let found = Resource::new_blocking(|| (), move |()| shown(client.clone()));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match found.await {
                    Shown::SignedOut => view! { <Redirect path="/login?redirect_to=/mfa/setup" /> }.into_any(),
                    Shown::On => view! { <On /> }.into_any(),
                    Shown::SetUp(secret) => view! { <SetUp secret /> }.into_any(),
                    Shown::Failed(reason) => view! {
                        <Gate title=words::mfa_title() alt=Back>
                            <Notice kind=NoticeKind::Danger>{reason}</Notice>
                        </Gate>
                    }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Back() -> impl IntoView {
    view! { <a href="/" rel="external">{words::mfa_back()}</a> }
}

/// A new secret, and the code that confirms it.
#[component]
fn SetUp(secret: MfaSecret) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let codes = RwSignal::new(None::<Vec<String>>);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let client = StoredValue::new(Client::from_context());
    let secret = StoredValue::new(secret);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let body = MfaChange { activate: true, code: code.get_untracked() };
            match client.get_value().send(SetMfa { user_id: me(), query: (), body }).await {
                Ok(answer) => codes.set(Some(answer.recovery_codes)),
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.set(false);
        });
    };
    let or_type = move || {
        let [before, key, after] = words::mfa_or_type(&secret.with_value(|s| s.secret.clone()));
        view! { {before}<code class="key" dir="ltr">{key}</code>{after} }
    };
    view! {
        {move || match codes.get() {
            Some(list) => view! {
                <Gate title=words::mfa_is_on() alt=Back>
                    <Codes list />
                    <a class="btn btn-primary" href="/" rel="external">{words::mfa_kept()}</a>
                </Gate>
            }.into_any(),
            None => view! {
                <Gate
                    title=words::mfa_title()
                    lead=words::mfa_lead()
                    alt=Back
                >
                    <Refused error />
                    <ol class="steps">
                        <li>
                            <p>{words::mfa_scan()}</p>
                            <div class="qr" role="img" aria-label=words::mfa_qr() inner_html=secret.with_value(|s| s.qr_svg.clone())></div>
                            <p class="field-help">{or_type}</p>
                            <p class="field-help"><a href=secret.with_value(|s| s.address.clone()) rel="external">{words::mfa_open_here()}</a></p>
                        </li>
                        <li>
                            <p>{words::mfa_type_code()}</p>
                            <form class="form" method="post" action="/forms/mfa_on" on:submit=submit>
                                <CsrfField />
                                <TextField id="code" label=words::auth_code() value=code autocomplete="one-time-code" required=true max_length=16_u32 />
                                <Button kind=ButtonKind::Primary wide=true submit=true busy>{words::mfa_switch_on()}</Button>
                            </form>
                        </li>
                    </ol>
                </Gate>
            }.into_any(),
        }}
    }
}

/// It is on: new recovery codes, and the way to switch it off.
#[component]
fn On() -> impl IntoView {
    let codes = RwSignal::new(None::<Vec<String>>);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let client = StoredValue::new(Client::from_context());
    let renew = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match client.get_value().send(RenewRecoveryCodes { user_id: me(), query: (), body: () }).await {
                Ok(answer) => codes.set(Some(answer.recovery_codes)),
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.set(false);
        });
    };
    let off = move |event: ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        spawn_local(async move {
            let body = MfaChange::default();
            match client.get_value().send(SetMfa { user_id: me(), query: (), body }).await {
                Ok(_) => browser::go("/mfa/setup"),
                Err(failure) => error.set(Some(failure.to_string())),
            }
        });
    };
    view! {
        <Gate
            title=words::mfa_is_on()
            lead=words::mfa_on_lead()
            alt=Back
        >
            <Refused error />
            {(query("done") == "on").then(|| view! {
                <Notice kind=NoticeKind::Success>{words::mfa_get_codes_now()}</Notice>
            })}
            {move || codes.get().map(|list| view! { <Codes list /> })}
            <form class="form" method="post" action="/forms/recovery_codes" on:submit=renew>
                <CsrfField />
                <p class="field-help">{words::mfa_take_place()}</p>
                <Button wide=true submit=true busy>{words::mfa_get_codes()}</Button>
            </form>
            <form class="form" method="post" action="/forms/mfa_off" on:submit=off>
                <CsrfField />
                <Button kind=ButtonKind::Danger wide=true submit=true>{words::mfa_switch_off()}</Button>
            </form>
        </Gate>
    }
}

/// Recovery codes, shown this once.
#[component]
fn Codes(list: Vec<String>) -> impl IntoView {
    let text = list.join("\n");
    view! {
        <p>{words::mfa_keep_codes()}</p>
        <pre class="codes">{text.clone()}</pre>
        <Button wide=true on:click=move |_| browser::copy(&text)>{words::mfa_copy()}</Button>
    }
}
