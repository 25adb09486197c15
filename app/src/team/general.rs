//! What the team is called, and its picture.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::teams::{DeleteTeamPicture, Team, TeamPatch};

use super::{current, patch};
use crate::{
    browser,
    chat::{Chat, use_chat},
    settings::{SaveBar, Section},
    state::Topic,
    ui::{Avatar, Button, Notice, NoticeKind, TextField, ToastKind},
    upload::{self, What},
    words,
};

/// The longest description, in characters.
const DESCRIPTION_MAX: u32 = 255;

fn patch_of(title: RwSignal<String>, description: RwSignal<String>, team: &Team) -> TeamPatch {
    let new = |field: RwSignal<String>, old: &String| {
        let text = field.with(|text| text.trim().to_owned());
        (text != *old).then_some(text)
    };
    TeamPatch {
        display_name: new(title, &team.display_name),
        description: new(description, &team.description),
        ..TeamPatch::default()
    }
}

#[component]
pub fn General() -> impl IntoView {
    let chat = use_chat();
    let team = Memo::new(move |_| current(chat));
    let title = RwSignal::new(team.with_untracked(|team| team.display_name.clone()));
    let description = RwSignal::new(team.with_untracked(|team| team.description.clone()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let changes = Memo::new(move |_| team.with(|team| patch_of(title, description, team)));
    let changed = Signal::derive(move || changes.with(|patch| *patch != TeamPatch::default()));
    let undo = Callback::new(move |()| {
        title.set(team.with_untracked(|team| team.display_name.clone()));
        description.set(team.with_untracked(|team| team.description.clone()));
        error.set(None);
    });
    let save = Callback::new(move |()| {
        let body = changes.get_untracked();
        if body.display_name.as_ref().is_some_and(String::is_empty) {
            return error.set(Some(words::team_needs_name().to_owned()));
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match patch(chat, body).await {
                Ok(()) => chat.toasts.show(ToastKind::Success, words::saved()),
                Err(failure) => {
                    error.try_set(Some(failure.to_string()));
                }
            }
            busy.try_set(false);
        });
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if changed.get_untracked() {
            save.run(());
        }
    };
    view! {
        <form on:submit=submit>
            {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
            <Section title=words::picture()>
                <Picture />
            </Section>
            <Section title=words::name()>
                <TextField id="team-title" label=words::team_name() value=title required=true max_length=64_u32 />
                <TextField id="team-description" label=words::description() note=words::optional() value=description max_length=DESCRIPTION_MAX help=words::team_description_help() />
            </Section>
            <SaveBar changed busy save undo />
            <button type="submit" hidden aria-hidden="true" tabindex="-1">{words::save()}</button>
        </form>
    }
}

/// Notes at once what the server will tell everybody in a moment.
fn note(chat: Chat, at: i64) {
    chat.update(|m| {
        let team = m.team;
        if let Some(team) = m.teams.get_mut(&team) {
            team.last_team_icon_update = at;
        }
        vec![Topic::Teams]
    });
}

#[component]
fn Picture() -> impl IntoView {
    let chat = use_chat();
    let id = chat.peek(|m| m.team);
    let input = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let has = move || chat.read(Topic::Teams, |m| m.picture_of_team(id).is_some());
    let name = Signal::derive(move || current(chat).display_name);
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        busy.set(true);
        let done = move |answer: Result<String, crate::client::Failure>| {
            busy.try_set(false);
            match answer {
                Ok(_) => note(chat, browser::now()),
                Err(failure) => chat.complain(&failure),
            }
        };
        let path = format!("/api/v4/teams/{id}/image");
        if upload::start(&path, What::Field("image", &file), |_| {}, done).is_none() {
            busy.set(false);
        }
    };
    let remove = move |_| {
        spawn_local(async move {
            match chat.client().send(DeleteTeamPicture { team_id: id, query: (), body: () }).await {
                Ok(_) => note(chat, 0),
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    view! {
        <div class="settings-row">
            <Avatar id=id.to_string() name size=72 square=true picture=chat.team_face(id) />
            <input type="file" accept="image/*" hidden aria-label=words::picture() node_ref=input on:change=chosen />
            <Button
                busy
                on:click=move |_| if let Some(input) = input.get_untracked() {
                    input.click();
                }
            >
                {words::picture_choose()}
            </Button>
            {move || has().then(|| view! { <Button on:click=remove>{words::remove()}</Button> })}
        </div>
        <p class="field-help">{words::picture_help()}</p>
    }
}
