//! Making a team, and choosing one to join.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::components::Redirect;
use model::{
    UserId,
    system::Page,
    teams::{self, AddTeamMember, CreateTeam, ListTeams, ListTeamsOf, NewTeamMember, Team},
    users::GetUser,
};
use serde::{Deserialize, Serialize};

use crate::{
    auth::{Broken, Gate, Refused, query},
    browser,
    client::{Client, Failure},
    load,
    ui::{Avatar, Button, ButtonKind, Field, Notice, NoticeKind, TextField},
    words,
};

/// `/create_team`.
#[component]
pub fn CreateTeamPage() -> impl IntoView {
    let display_name = RwSignal::new(query("display_name"));
    let name = RwSignal::new(query("name"));
    // Until somebody writes an address themselves it follows the name.
    let own_name = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let client = StoredValue::new(Client::from_context());
    let shown = move || if own_name.get() { name.get() } else { address_of(&display_name.get()) };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let body = Team {
            display_name: display_name.get_untracked().trim().to_owned(),
            name: untrack(shown),
            kind: teams::OPEN.to_owned(),
            ..Team::default()
        };
        spawn_local(async move {
            match client.get_value().send(CreateTeam { query: (), body }).await {
                Ok(team) => browser::go(&format!("/{}", team.name)),
                Err(failure) => {
                    error.set(Some(failure.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <Gate title=words::team_create() lead=words::team_create_lead() alt=|| view! { <a href="/select_team">{words::team_join()}</a> }>
            <Refused error />
            <form class="form" method="post" action="/forms/create_team" on:submit=submit>
                <CsrfField />
                <TextField id="display_name" label=words::team_name() value=display_name required=true autofocus=true max_length=64_u32 />
                <Field id="name" label=words::team_address() help=words::team_address_help()>
                    <div class="affix">
                        <span class="affix-text">"/"</span>
                        <input
                            class="input"
                            id="name"
                            name="name"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            maxlength="64"
                            aria-describedby="name-help"
                            prop:value=shown
                            on:input=move |event| {
                                own_name.set(true);
                                name.set(event_target_value(&event));
                            }
                        />
                    </div>
                </Field>
                <Button kind=ButtonKind::Primary wide=true submit=true busy>{words::team_create_button()}</Button>
            </form>
        </Gate>
    }
}

/// A name as it can stand in addresses.
pub fn address_of(name: &str) -> String {
    let mut address = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            address.push(c);
        } else if !address.is_empty() && !address.ends_with('-') {
            address.push('-');
        }
    }
    address.truncate(64);
    address.trim_end_matches('-').to_owned()
}

/// What shows the server that a form is ours.
#[component]
pub fn CsrfField() -> impl IntoView {
    view! { <input type="hidden" name="csrf" value=browser::csrf().unwrap_or_default() /> }
}

/// What `/select_team` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Choice {
    me: UserId,
    mine: Vec<Team>,
    open: Vec<Team>,
}

async fn choice(client: Client) -> Result<Choice, Failure> {
    let (me, mine, all) = futures::join!(
        client.send(GetUser { user_id: "me".into(), query: (), body: () }),
        client.send(ListTeamsOf { user_id: "me".into(), query: (), body: () }),
        client.send(ListTeams { query: Page::of(0, 100), body: () }),
    );
    let (me, mine) = (me?.id, mine?);
    let open = all.unwrap_or_default().into_iter();
    let open = open.filter(|t| t.allow_open_invite && t.delete_at == 0 && !mine.iter().any(|m| m.id == t.id)).collect();
    Ok(Choice { me, mine, open })
}

/// `/select_team`: one's teams, and those that anybody may join.
#[component]
pub fn SelectTeamPage() -> impl IntoView {
    let client = Client::from_context();
    let loaded = load::beginning(move || choice(client.clone()));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(choice) => view! { <Teams choice /> }.into_any(),
                    Err(failure) if failure.asks_for_second_factor() => view! { <Redirect path=load::SET_UP /> }.into_any(),
                    Err(failure) if failure.is_signed_out() => view! { <Redirect path="/login" /> }.into_any(),
                    Err(failure) => view! { <Broken reason=failure.to_string() /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Teams(choice: Choice) -> impl IntoView {
    let error = RwSignal::new(None);
    let none = choice.mine.is_empty() && choice.open.is_empty();
    let me = choice.me;
    let row = move |team: Team, mine: bool| {
        view! {
            <li class="team-row">
                <Avatar id=team.id.to_string() name=team.display_name.clone() square=true />
                <span class="person-text">
                    <span class="person-name" dir="auto">{team.display_name.clone()}</span>
                    <span class="person-hint">{team.description.clone()}</span>
                </span>
                {if mine {
                    view! { <a class="btn btn-small" href=format!("/{}", team.name)>{words::team_open()}</a> }.into_any()
                } else {
                    view! { <JoinButton team me error /> }.into_any()
                }}
            </li>
        }
    };
    view! {
        <Gate title=words::team_choose() alt=|| view! { <SignOutForm /> }>
            <Refused error />
            {none.then(|| view! {
                <Notice kind=NoticeKind::Info>{words::team_none()}</Notice>
            })}
            <ul class="team-list">
                {choice.mine.into_iter().map(|team| row(team, true)).collect_view()}
                {choice.open.into_iter().map(|team| row(team, false)).collect_view()}
            </ul>
            <p class="gate-foot"><a class="btn btn-wide" href="/create_team">{words::team_create()}</a></p>
        </Gate>
    }
}

#[component]
fn JoinButton(team: Team, me: UserId, error: RwSignal<Option<String>>) -> impl IntoView {
    let client = StoredValue::new(Client::from_context());
    let busy = RwSignal::new(false);
    let join = move |_| {
        busy.set(true);
        let (id, path) = (team.id, format!("/{}", team.name));
        spawn_local(async move {
            let body = NewTeamMember { team_id: id, user_id: me };
            match client.get_value().send(AddTeamMember { team_id: id, query: (), body }).await {
                Ok(_) => browser::go(&path),
                Err(failure) => {
                    error.set(Some(failure.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! { <Button small=true busy on:click=join>{words::join()}</Button> }
}

/// Signing out as a plain form.
#[component]
pub fn SignOutForm() -> impl IntoView {
    view! {
        <form method="post" action="/forms/logout">
            <CsrfField />
            <button type="submit" class="link-btn">{words::sign_out()}</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_follow_names() {
        assert_eq!(super::address_of("  The Ground Crew! "), "the-ground-crew");
        assert_eq!(super::address_of("Łódź"), "d");
    }
}
