//! Making an account, and joining a team by a link.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{components::Redirect, hooks::use_query_map};
use model::{
    teams::{GetInvite, InviteInfo, InviteQuery, JoinTeamByInvite},
    users::{CreateUser, Login, NewUser, SignIn, SignUpQuery},
};
use serde::{Deserialize, Serialize};

use super::{Gate, Refused, around, query};
use crate::{
    browser,
    client::{Client, Failure},
    load::{self, Start},
    ui::{Button, ButtonKind, Notice, NoticeKind, PasswordField, TextField},
    words,
};

/// `/signup`.
#[component]
pub fn SignupPage() -> impl IntoView {
    view! {
        <Gate
            title=words::auth_create_account()
            lead=words::auth_takes_a_minute()
            alt=|| around(words::auth_have_account(), "/login")
        >
            <SignupForm invite_id=String::new() next="/".to_owned() />
        </Gate>
    }
}

/// The form, for those with a link and those without.
#[component]
fn SignupForm(invite_id: String, next: String) -> impl IntoView {
    let email = RwSignal::new(query("email"));
    let username = RwSignal::new(query("username"));
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let client = StoredValue::new(Client::from_context());
    let (invite, token) = (invite_id.clone(), query("t"));
    let secret = token.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let (next, token) = (next.clone(), secret.clone());
        // An invitation by mail is for its address alone, and says more than the team's link.
        let iid = if token.is_empty() { invite.clone() } else { String::new() };
        spawn_local(async move {
            let done = sign_up(
                client.get_value(),
                email.get_untracked(),
                username.get_untracked(),
                password.get_untracked(),
                SignUpQuery { iid, t: token },
            );
            match done.await {
                Ok(()) => browser::go(&next),
                Err(failure) => {
                    error.set(Some(failure.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <Refused error />
        <form class="form" method="post" action="/forms/signup" on:submit=submit>
            <input type="hidden" name="locale" value=words::language().code />
            <input type="hidden" name="invite_id" value=invite_id.clone() />
            <input type="hidden" name="id" value=invite_id />
            <input type="hidden" name="t" value=token />
            <TextField id="email" label=words::auth_email() kind="email" value=email autocomplete="email" required=true autofocus=true />
            <TextField
                id="username"
                label=words::auth_user_name()
                value=username
                autocomplete="username"
                help=words::auth_user_name_help()
                required=true
            />
            <PasswordField id="password" label=words::auth_password() value=password autocomplete="new-password" help=words::auth_password_help() required=true />
            <Button kind=ButtonKind::Primary wide=true submit=true busy>{words::auth_create()}</Button>
        </form>
    }
}

async fn sign_up(
    client: Client,
    email: String,
    username: String,
    password: String,
    query: SignUpQuery,
) -> Result<(), Failure> {
    let email = email.trim().to_lowercase();
    let username = username.trim().to_lowercase();
    let body = NewUser {
        email: email.clone(),
        username,
        password: password.clone(),
        locale: words::language().code.to_owned(),
        ..NewUser::default()
    };
    client.send(CreateUser { query, body }).await?;
    client.send(SignIn { query: (), body: Login { login_id: email, password, ..Login::default() } }).await?;
    Ok(())
}

/// What a link leads to, and whether the visitor has an account already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Invitation {
    team: Result<InviteInfo, Failure>,
    signed_in: bool,
}

/// `/signup_user_complete/?id=…`: the link by which people join a team.
#[component]
pub fn JoinPage() -> impl IntoView {
    let client = Client::from_context();
    let params = use_query_map();
    let id = move || params.with_untracked(|q| q.get("id")).unwrap_or_default();
    let asked = id();
    let invitation = load::beginning(move || {
        let (client, id) = (client.clone(), asked.clone());
        async move {
            let (team, home) = futures::join!(
                client.send(GetInvite { invite_id: id, query: (), body: () }),
                load::home(client.clone())
            );
            Invitation { team, signed_in: matches!(home, Start::Go(_)) }
        }
    });
    view! {
        <Suspense>
            {move || {
                let id = id();
                Suspend::new(async move {
                    let Invitation { team, signed_in } = invitation.await;
                    match team {
                        Err(failure) => view! {
                            <Gate title=words::auth_link_broken()>
                                <Notice kind=NoticeKind::Danger>{failure.to_string()}</Notice>
                                <p class="gate-foot">{around(words::auth_link_ask(), "/")}</p>
                            </Gate>
                        }.into_any(),
                        Ok(team) if signed_in => view! { <JoinForm team id /> }.into_any(),
                        Ok(team) => view! {
                            <Gate
                                title=words::auth_join_team(&team.display_name)
                                lead=words::auth_create_to_go_on()
                                alt=|| around(words::auth_have_account(), "/login")
                            >
                                <SignupForm invite_id=id next=format!("/{}", team.name) />
                            </Gate>
                        }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// The last step for those who are signed in.
#[component]
fn JoinForm(team: InviteInfo, id: String) -> impl IntoView {
    let client = StoredValue::new(Client::from_context());
    let error = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let done = RwSignal::new(None::<String>);
    let path = format!("/{}", team.name);
    let join = move |_| {
        busy.set(true);
        let (path, query) = (path.clone(), InviteQuery { invite_id: id.clone(), ..InviteQuery::default() });
        spawn_local(async move {
            match client.get_value().send(JoinTeamByInvite { query, body: () }).await {
                Ok(_) => done.set(Some(path)),
                Err(failure) => {
                    error.set(Some(failure.to_string()));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <Gate title=words::auth_join_team(&team.display_name) lead=team.description>
            <Refused error />
            <Button kind=ButtonKind::Primary wide=true busy on:click=join>{words::auth_join_the_team()}</Button>
            {move || done.get().map(|path| view! { <Redirect path /> })}
        </Gate>
    }
}
