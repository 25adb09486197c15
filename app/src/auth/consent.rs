//! A program asks for access to somebody's account. The form works without scripts, and is the same with them: it leads
//! away from here.

use leptos::prelude::*;
use leptos_router::components::Redirect;
use model::oauth::{AskAccess, Asked, AuthorizeRequest};
use serde::{Deserialize, Serialize};

use super::{Gate, Refused, query};
use crate::{
    client::Client,
    teams::CsrfField,
    ui::{Button, ButtonKind, Notice, NoticeKind},
    words,
};

/// What the page shows.
#[derive(Clone, Serialize, Deserialize)]
enum Shown {
    SignedOut,
    Asks(Box<Asked>),
    /// The program cannot ask so; the text says why.
    Failed(String),
}

async fn shown(client: Client, asked: AuthorizeRequest) -> Shown {
    match client.send(AskAccess { query: asked, body: () }).await {
        Ok(asked) => Shown::Asks(Box::new(asked)),
        Err(failure) if failure.is_signed_out() => Shown::SignedOut,
        Err(failure) => Shown::Failed(failure.to_string()),
    }
}

/// What the program says in the address.
fn asked() -> AuthorizeRequest {
    AuthorizeRequest {
        response_type: query("response_type"),
        client_id: query("client_id"),
        redirect_uri: query("redirect_uri"),
        scope: query("scope"),
        state: query("state"),
        code_challenge: query("code_challenge"),
        code_challenge_method: query("code_challenge_method"),
        resource: query("resource"),
    }
}

/// `/oauth/authorize`.
#[component]
pub fn ConsentPage() -> impl IntoView {
    let client = Client::from_context();
    let request = StoredValue::new(asked());
    let found = Resource::new_blocking(|| (), move |()| shown(client.clone(), request.get_value()));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match found.await {
                    Shown::SignedOut => view! { <Redirect path="/login" /> }.into_any(),
                    Shown::Asks(asked) => view! { <Question asked=*asked request=request.get_value() /> }.into_any(),
                    Shown::Failed(reason) => {
                        crate::answer_with(400);
                        view! {
                            <Gate title=words::consent_broken() lead=words::consent_broken_lead()>
                                <Notice kind=NoticeKind::Danger>{reason}</Notice>
                                <a class="btn" href="/" rel="external">{words::auth_first_page()}</a>
                            </Gate>
                        }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

/// The server of an address.
fn host(address: &str) -> String {
    let after = address.split_once("://").map_or(address, |(_, rest)| rest);
    after.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

#[component]
fn Question(asked: Asked, request: AuthorizeRequest) -> impl IntoView {
    let Asked { app, refused, .. } = asked;
    let goes_to = host(&request.redirect_uri);
    let fields = [
        ("response_type", request.response_type),
        ("client_id", request.client_id),
        ("redirect_uri", request.redirect_uri),
        ("scope", request.scope),
        ("state", request.state),
        ("code_challenge", request.code_challenge),
        ("code_challenge_method", request.code_challenge_method),
    ];
    let about = app.description.trim().to_owned();
    view! {
        <Gate title=words::consent_title(&app.name) lead=words::consent_lead()>
            <Refused error=RwSignal::new(None) />
            {(!about.is_empty()).then(|| view! { <p class="consent-about">{about}</p> })}
            <ul class="consent-facts">
                <li>{words::consent_may()}</li>
                <li>{words::consent_back(&goes_to)}</li>
                <li>{words::consent_page()}" "<a href=app.homepage.clone() rel="external noreferrer" dir="ltr">{host(&app.homepage)}</a></li>
                <li>{words::consent_end()}</li>
            </ul>
            {app.is_dynamically_registered.then(|| view! {
                <Notice kind=NoticeKind::Warning>{words::consent_by_itself()}</Notice>
            })}
            <form class="form" method="post" action="/forms/authorize">
                <CsrfField />
                {fields
                    .into_iter()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                    .collect_view()}
                <Button kind=ButtonKind::Primary wide=true submit=true>{words::consent_allow()}</Button>
                <a class="btn btn-wide" href=refused rel="external">{words::consent_refuse()}</a>
            </form>
        </Gate>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_server_is_shown_without_the_rest() {
        assert_eq!(super::host("https://a.example:8080/cb?x#y"), "a.example:8080");
        assert_eq!(super::host("https://a.example"), "a.example");
    }
}
