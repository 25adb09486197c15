//! Personal access tokens: by them programs act in one's name.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    AnyId,
    access_tokens::{AccessToken, CreateToken, DESCRIPTION_MAX, NewAccessToken, RevokeToken, TokensOf, WhichToken},
    system::Page,
};

use super::parts::Section;
use crate::{
    browser,
    chat::{Chat, use_chat},
    client::Failure,
    ui::{Button, ButtonKind, Icon, Notice, NoticeKind, SkeletonList, TextField, ToastKind},
    words,
};

/// The tokens; nothing where the server or one's role does not allow any.
#[component]
pub fn Tokens() -> impl IntoView {
    let chat = use_chat();
    let list = RwSignal::new(None::<Result<Vec<AccessToken>, Failure>>);
    let made = RwSignal::new(None::<AccessToken>);
    let description = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    spawn_local(async move {
        let call = TokensOf { user_id: "me".into(), query: Page::default(), body: () };
        list.try_set(Some(chat.client().send(call).await));
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let text = description.with_untracked(|text| text.trim().to_owned());
        if text.is_empty() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let body = NewAccessToken { description: text };
            match chat.client().send(CreateToken { user_id: "me".into(), query: (), body }).await {
                Ok(token) => {
                    description.try_set(String::new());
                    list.try_update(|list| {
                        if let Some(Ok(all)) = list {
                            all.insert(0, AccessToken { token: String::new(), ..token.clone() });
                        }
                    });
                    made.try_set(Some(token));
                }
                Err(failure) => chat.complain(&failure),
            }
            busy.try_set(false);
        });
    };
    let refused = move || {
        list.with(|list| matches!(list, Some(Err(failure)) if failure.is_not_found() || matches!(failure, Failure::Refused(body) if body.status_code == 501)))
    };
    view! {
        <Show when=move || !refused()>
            <Section title=words::tokens_title() lead=words::tokens_lead()>
                {move || made.get().map(|token| {
                    let secret = StoredValue::new(token.token);
                    let copy = move |_| {
                        browser::copy(&secret.get_value());
                        chat.toasts.show(ToastKind::Success, words::tokens_copied());
                    };
                    view! {
                        <Notice kind=NoticeKind::Success>{words::tokens_only_now()}</Notice>
                        <div class="settings-row">
                            <code class="key">{secret.get_value()}</code>
                            <Button icon=Icon::Copy on:click=copy>{words::tokens_copy()}</Button>
                        </div>
                    }
                })}
                <form class="settings-inline" on:submit=submit>
                    <TextField id="token_description" label=words::tokens_for() value=description max_length=DESCRIPTION_MAX as u32 />
                    <Button submit=true busy disabled=Signal::derive(move || description.with(|text| text.trim().is_empty()))>{words::tokens_make()}</Button>
                </form>
                {move || match list.get() {
                    None => view! { <SkeletonList rows=1 label=words::tokens_loading() /> }.into_any(),
                    Some(Err(failure)) => view! { <p class="field-error" role="alert">{failure.to_string()}</p> }.into_any(),
                    Some(Ok(all)) => view! {
                        <ul class="settings-list">
                            <For each=move || all.clone() key=|token| token.id children=move |token| view! { <Row chat token list /> } />
                        </ul>
                    }.into_any(),
                }}
            </Section>
        </Show>
    }
}

#[component]
fn Row(chat: Chat, token: AccessToken, list: RwSignal<Option<Result<Vec<AccessToken>, Failure>>>) -> impl IntoView {
    let id = token.id;
    view! {
        <li class="settings-item">
            <Icon name=Icon::Code />
            <span class="settings-item-text">
                <span dir="auto">{token.description.clone()}</span>
                <small>{if token.is_active { id.to_string() } else { words::tokens_off(&id.to_string()) }}</small>
            </span>
            <Button small=true kind=ButtonKind::Danger attr:aria-label=words::tokens_take_back_which(&token.description) on:click=move |_| take_back(chat, id, list)>{words::tokens_take_back()}</Button>
        </li>
    }
}

fn take_back(chat: Chat, id: AnyId, list: RwSignal<Option<Result<Vec<AccessToken>, Failure>>>) {
    spawn_local(async move {
        let body = WhichToken { token_id: id.to_string() };
        match chat.client().send(RevokeToken { query: (), body }).await {
            Ok(_) => {
                list.try_update(|list| {
                    if let Some(Ok(all)) = list {
                        all.retain(|token| token.id != id);
                    }
                });
            }
            Err(failure) => chat.complain(&failure),
        }
    });
}
