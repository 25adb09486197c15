//! Where one is signed in.

use leptos::{prelude::*, task::spawn_local};
use model::{
    Millis, SessionId,
    sessions::{ListSessions, Revoke, RevokeAllSessions, RevokeSession, Session},
};

use super::parts::Section;
use crate::{
    browser,
    chat::{Chat, use_chat},
    client::Failure,
    time,
    ui::{Button, ButtonKind, Icon, SkeletonList},
    words,
};

/// What a session is called: browser and system, or the app.
fn title(session: &Session) -> String {
    let prop = |name: &str| session.props.get(name).map(String::as_str).unwrap_or_default();
    let title = match (prop("browser"), prop("os")) {
        // A program that was given access.
        _ if session.is_oauth => prop("platform"),
        ("", "") => prop("platform"),
        ("", os) => os,
        (browser, "") => browser,
        (browser, os) => return format!("{browser}, {os}"),
    };
    if title.is_empty() { words::sessions_program() } else { title }.to_owned()
}

fn used(session: &Session, now: Millis) -> String {
    words::sessions_last_used(&time::ago(session.last_activity_at, now))
}

/// The sessions, once they are there.
pub type Listed = RwSignal<Option<Result<Vec<Session>, Failure>>>;

/// Fetches the sessions, at first or anew.
pub fn fetch(chat: Chat, list: Listed) {
    spawn_local(async move {
        let answer = chat.client().send(ListSessions { user_id: "me".into(), query: (), body: () }).await;
        // Tokens of programs have a place of their own.
        let answer = answer.map(|all| {
            let of_people = |s: &Session| s.props.get("type").is_none_or(|kind| kind != "UserAccessToken");
            all.into_iter().filter(of_people).collect()
        });
        list.try_set(Some(answer));
    });
}

/// The sessions, and ways to end them.
#[component]
pub fn Sessions(list: Listed) -> impl IntoView {
    let chat = use_chat();
    fetch(chat, list);
    let everywhere = move |_| {
        spawn_local(async move {
            match chat.client().send(RevokeAllSessions { user_id: "me".into(), query: (), body: () }).await {
                Ok(_) => {
                    crate::waiting::forget();
                    crate::outbox::forget_all().await;
                    browser::forget_pages();
                    browser::go("/login");
                }
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    view! {
        <Section title=words::sessions_title() lead=words::sessions_lead()>
            {move || match list.get() {
                None => view! { <SkeletonList rows=2 label=words::sessions_loading() /> }.into_any(),
                Some(Err(failure)) => view! { <p class="field-error" role="alert">{failure.to_string()}</p> }.into_any(),
                Some(Ok(all)) => view! {
                    <ul class="settings-list">
                        <For each=move || all.clone() key=|session| session.id children=move |session| view! { <Row chat session list /> } />
                    </ul>
                    <div><Button kind=ButtonKind::Danger on:click=everywhere>{words::sessions_everywhere()}</Button></div>
                }.into_any(),
            }}
        </Section>
    }
}

#[component]
fn Row(chat: Chat, session: Session, list: Listed) -> impl IntoView {
    let (id, title) = (session.id, title(&session));
    let mobile = session.props.get("os").is_some_and(|os| os.contains("Android") || os.contains("iOS"));
    let end = move |_| end(chat, id, list);
    view! {
        <li class="settings-item">
            <Icon name=if mobile { Icon::Phone } else { Icon::Monitor } />
            <span class="settings-item-text">
                <span>{title.clone()}</span>
                <small>{used(&session, chat.now())}</small>
            </span>
            <Button small=true attr:aria-label=words::sessions_end_of(&title) on:click=end>{words::sessions_end()}</Button>
        </li>
    }
}

fn end(chat: Chat, id: SessionId, list: Listed) {
    spawn_local(async move {
        let body = Revoke { session_id: id.to_string() };
        match chat.client().send(RevokeSession { user_id: "me".into(), query: (), body }).await {
            Ok(_) => {
                list.try_update(|list| {
                    if let Some(Ok(all)) = list {
                        all.retain(|session| session.id != id);
                    }
                });
            }
            Err(failure) => chat.complain(&failure),
        }
    });
}
