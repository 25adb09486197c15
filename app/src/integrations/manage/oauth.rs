//! OAuth apps: programs that ask people for access to their accounts.

use leptos::prelude::*;
use model::{
    AnyId,
    oauth::{
        CreateApp, DESCRIPTION_MAX, DeleteApp, GetApp, HOMEPAGE_MAX, NAME_MAX, OAuthApp, RenewApp, URL_MAX, UpdateApp,
    },
    permission::Permission,
};

use super::parts::{Form, Lines, Loaded, Remove, Renewal, Secret, Select, Sent, lines};
use crate::{
    chat::use_chat,
    manage::use_ways,
    settings::Toggle,
    state::Topic,
    ui::{Icon, Notice, NoticeKind, TextField, ToastKind},
    words,
};

/// What the form calls an app that cannot keep a secret.
const PUBLIC: &str = "public";

/// A new one, or one of them.
pub fn view(id: Option<&str>) -> Option<AnyView> {
    let Some(id) = id else { return Some(one(OAuthApp::default())) };
    let app_id: AnyId = id.parse().ok()?;
    let chat = use_chat();
    let fetch = move || async move { chat.client().send(GetApp { app_id, query: (), body: () }).await };
    Some(view! { <Loaded icon=Icon::Key fetch show=one /> }.into_any())
}

fn one(app: OAuthApp) -> AnyView {
    view! { <Edit app /> }.into_any()
}

#[component]
fn Edit(app: OAuthApp) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let go = ways.goer();
    let (id, new) = (app.id, app.id.is_none());
    ways.call(if new { words::oauth_new().to_owned() } else { app.name.clone() });
    let name = RwSignal::new(app.name.clone());
    let description = RwSignal::new(app.description.clone());
    let homepage = RwSignal::new(app.homepage.clone());
    let callbacks = RwSignal::new(app.callback_urls.join("\n"));
    let icon = RwSignal::new(app.icon_url.clone());
    let kind = RwSignal::new(if app.is_public { PUBLIC.to_owned() } else { String::new() });
    let trusted = RwSignal::new(app.is_trusted);
    let secret = RwSignal::new(app.client_secret.clone());
    let sent = Sent::new();
    let kinds = vec![
        (String::new(), words::oauth_confidential().to_owned()),
        (PUBLIC.to_owned(), words::oauth_public().to_owned()),
    ];
    // The server takes neither the secret nor the kind of an app that is there.
    let kept = OAuthApp { client_secret: String::new(), ..app.clone() };
    let submit = Callback::new(move |()| {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let body = OAuthApp {
            name: text(name),
            description: text(description),
            homepage: text(homepage),
            callback_urls: callbacks.with_untracked(|text| lines(text)),
            icon_url: text(icon),
            is_trusted: trusted.get_untracked(),
            is_public: kind.with_untracked(|kind| kind == PUBLIC),
            ..kept.clone()
        };
        let go = go.clone();
        let call = async move {
            if new {
                chat.client().send(CreateApp { query: (), body }).await
            } else {
                chat.client().send(UpdateApp { app_id: id, query: (), body }).await
            }
        };
        sent.send(call, move |app| {
            chat.toasts.show(ToastKind::Success, words::saved());
            if new {
                go(app.id.as_str());
            } else {
                ways.call(app.name);
            }
        });
    });
    let renew = Callback::new(move |()| {
        let call = async move { chat.client().send(RenewApp { app_id: id, query: (), body: () }).await };
        sent.send(call, move |app| {
            secret.try_set(app.client_secret);
        });
    });
    let is_blank = |text: &String| text.trim().is_empty();
    let incomplete = Signal::derive(move || {
        name.with(is_blank) || homepage.with(is_blank) || callbacks.with(|text| lines(text).is_empty())
    });
    let trusts = move || chat.read(Topic::Allowed, |m| m.may(Permission::ManageSystem));
    let remove =
        move || async move { chat.client().send(DeleteApp { app_id: id, query: (), body: () }).await.map(drop) };
    view! {
        {app.is_dynamically_registered.then(|| view! { <Notice kind=NoticeKind::Info>{words::consent_by_itself()}</Notice> })}
        {(!new).then(|| view! {
            <section class="settings-section">
                <Secret label=words::oauth_client_id() value=RwSignal::new(id.to_string()) />
                {if app.is_public {
                    view! { <p class="field-help">{words::oauth_is_public()}</p> }.into_any()
                } else {
                    view! { <Secret label=words::oauth_secret() value=secret help=words::oauth_secret_help() renew=Renewal::of_secret(renew) covered=true /> }.into_any()
                }}
            </section>
        })}
        <Form sent new incomplete submit>
            <TextField id="oauth-name" label=words::name() value=name required=true max_length=NAME_MAX as u32 />
            <TextField id="oauth-description" label=words::description() note=words::optional() value=description max_length=DESCRIPTION_MAX as u32 />
            <TextField id="oauth-homepage" label=words::oauth_homepage() value=homepage required=true max_length=HOMEPAGE_MAX as u32 help=words::oauth_homepage_help() />
            <Lines id="oauth-callbacks" label=words::oauth_callbacks() help=words::oauth_callbacks_help() value=callbacks />
            <TextField id="oauth-icon" label=words::integration_picture() note=words::optional() value=icon max_length=URL_MAX as u32 />
            {new.then(|| view! { <Select id="oauth-kind" label=words::oauth_kind() help=words::oauth_kind_help() options=kinds value=kind /> })}
            <Show when=trusts>
                <Toggle on=trusted on_change=Callback::new(move |on| trusted.set(on)) label=words::oauth_trusted() help=words::oauth_trusted_help() />
            </Show>
        </Form>
        {(!new).then(|| view! { <Remove title=app.name.clone() text=words::oauth_remove_text() remove /> })}
    }
}
