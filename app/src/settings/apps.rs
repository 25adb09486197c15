//! The programs one has given access to one's account (OAuth 2.0), and taking it back.

use leptos::{prelude::*, task::spawn_local};
use model::{
    oauth::{AuthorizedApps, OAuthApp, TakeAccess, WhichApp},
    system::Page,
};

use super::{parts::Section, sessions};
use crate::{
    chat::use_chat,
    client::Failure,
    state::Topic,
    ui::{Button, ButtonKind, Dialog, Icon, SkeletonList, ToastKind},
    words,
};

/// The programs; nothing where the server lets none ask for access.
#[component]
pub fn Apps(
    /// Where one is signed in: the sessions of a program end with its access.
    signed_in: sessions::Listed,
) -> impl IntoView {
    let chat = use_chat();
    let on = move || chat.read(Topic::Allowed, |m| m.is_on("EnableOAuthServiceProvider"));
    view! {
        <Show when=on>
            <Allowed signed_in />
        </Show>
    }
}

#[component]
fn Allowed(signed_in: sessions::Listed) -> impl IntoView {
    let chat = use_chat();
    let list = RwSignal::new(None::<Result<Vec<OAuthApp>, Failure>>);
    let chosen = RwSignal::new(None::<OAuthApp>);
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    spawn_local(async move {
        let call = AuthorizedApps { user_id: "me".into(), query: Page::of(0, 200), body: () };
        list.try_set(Some(chat.client().send(call).await));
    });
    let remove = move |_| {
        let Some(app) = chosen.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let body = WhichApp { client_id: app.id.to_string() };
            let answer = chat.client().send(TakeAccess { query: (), body }).await;
            busy.try_set(false);
            // Meanwhile the question may be about another one.
            if chosen.try_get_untracked().flatten().is_some_and(|now| now.id == app.id) {
                asking.try_set(false);
            }
            match answer {
                Ok(_) => {
                    list.try_update(|list| {
                        if let Some(Ok(all)) = list {
                            all.retain(|other| other.id != app.id);
                        }
                    });
                    sessions::fetch(chat, signed_in);
                    chat.toasts.show(ToastKind::Success, words::apps_removed(&app.name));
                }
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    let row = move |app: OAuthApp| {
        let label = words::apps_remove_of(&app.name);
        let (name, about) = (app.name.clone(), app.description.clone());
        let (homepage, address) = (app.homepage.clone(), app.homepage.clone());
        let ask = move |_| {
            chosen.set(Some(app.clone()));
            asking.set(true);
        };
        view! {
            <li class="settings-item">
                <Icon name=Icon::Zap />
                <span class="settings-item-text">
                    <span dir="auto">{name}</span>
                    {(!about.is_empty()).then(|| view! { <small dir="auto">{about}</small> })}
                    <small><a href=address target="_blank" rel="noopener noreferrer" dir="ltr">{homepage}</a></small>
                </span>
                <Button small=true kind=ButtonKind::Danger attr:aria-label=label on:click=ask>{words::apps_remove()}</Button>
            </li>
        }
    };
    let reason = move || list.with(|list| list.as_ref().and_then(|list| list.as_ref().err().map(ToString::to_string)));
    let title = Signal::derive(move || {
        chosen.with(|app| app.as_ref().map(|app| words::apps_remove_ask(&app.name)).unwrap_or_default())
    });
    view! {
        <Section title=words::apps_title() lead=words::apps_lead()>
            <Show when=move || list.with(Option::is_none)>
                <SkeletonList rows=1 label=words::apps_loading() />
            </Show>
            {move || reason().map(|reason| view! { <p class="field-error" role="alert">{reason}</p> })}
            <Show when=move || list.with(|list| matches!(list, Some(Ok(all)) if all.is_empty()))>
                <p class="field-help">{words::apps_none()}</p>
            </Show>
            <ul class="settings-list">
                <For each=move || list.get().and_then(Result::ok).unwrap_or_default() key=|app| app.id children=row />
            </ul>
        </Section>
        <Dialog open=asking title>
            <div class="dialog-body"><p>{words::apps_remove_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| asking.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger busy on:click=remove>{words::apps_remove()}</Button>
            </footer>
        </Dialog>
    }
}
