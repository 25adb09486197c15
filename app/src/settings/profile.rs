//! How others see one: names, position, picture, address.

use leptos::{ev, prelude::*, task::spawn_local};
use model::users::{GetUser, PatchUser, User, UserPatch};

use super::parts::{SaveBar, Section};
use crate::{
    chat::{Chat, use_chat},
    sidebar::Dialogues,
    state::Topic,
    ui::{Avatar, Button, Notice, NoticeKind, PasswordField, TextField, ToastKind},
    words,
};

/// What can be changed here, as it is typed.
#[derive(Clone, Copy)]
struct Form {
    first: RwSignal<String>,
    last: RwSignal<String>,
    nickname: RwSignal<String>,
    username: RwSignal<String>,
    position: RwSignal<String>,
    email: RwSignal<String>,
}

impl Form {
    fn of(user: &User) -> Self {
        let text = |text: &String| RwSignal::new(text.clone());
        Self {
            first: text(&user.first_name),
            last: text(&user.last_name),
            nickname: text(&user.nickname),
            username: text(&user.username),
            position: text(&user.position),
            email: text(&user.email),
        }
    }

    fn fill(self, user: &User) {
        self.first.set(user.first_name.clone());
        self.last.set(user.last_name.clone());
        self.nickname.set(user.nickname.clone());
        self.username.set(user.username.clone());
        self.position.set(user.position.clone());
        self.email.set(user.email.clone());
    }

    /// What differs from what is known.
    fn patch(self, user: &User) -> UserPatch {
        let new = |field: RwSignal<String>, old: &String| {
            let text = field.with(|text| text.trim().to_owned());
            (text != *old).then_some(text)
        };
        UserPatch {
            first_name: new(self.first, &user.first_name),
            last_name: new(self.last, &user.last_name),
            nickname: new(self.nickname, &user.nickname),
            username: new(self.username, &user.username),
            position: new(self.position, &user.position),
            email: new(self.email, &user.email),
            ..UserPatch::default()
        }
    }
}

/// What the server says of oneself now.
pub fn note(chat: Chat, user: User) {
    chat.update(|m| {
        let id = user.id;
        m.users.insert(id, user);
        vec![Topic::User(id), Topic::Channels]
    });
}

#[component]
pub fn ProfilePage() -> impl IntoView {
    let chat = use_chat();
    let dialogues = expect_context::<Dialogues>();
    let id = chat.peek(|m| m.me);
    let known = move || chat.read(Topic::User(id), |m| m.my().cloned().unwrap_or_default());
    let form = Form::of(&untrack(known));
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    // Others may have changed something meanwhile, and what the page began with may leave something out.
    spawn_local(async move {
        if let Ok(user) = chat.client().send(GetUser { user_id: "me".into(), query: (), body: () }).await {
            // The page may have been left meanwhile, and its form with it.
            let untouched = !form.first.is_disposed() && form.patch(&untrack(known)) == UserPatch::default();
            note(chat, user.clone());
            if untouched {
                form.fill(&user);
            }
        }
    });
    let patch = Memo::new(move |_| form.patch(&known()));
    let changed = Signal::derive(move || patch.with(|patch| *patch != UserPatch::default()));
    let new_address = move || patch.with(|patch| patch.email.is_some());
    let undo = Callback::new(move |()| {
        form.fill(&untrack(known));
        password.set(String::new());
        error.set(None);
    });
    let save = Callback::new(move |()| {
        let mut body = patch.get_untracked();
        if body.email.is_some() {
            body.password = Some(password.get_untracked());
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match chat.client().send(PatchUser { user_id: "me".into(), query: (), body }).await {
                Ok(user) => {
                    note(chat, user.clone());
                    form.fill(&user);
                    password.set(String::new());
                    chat.toasts.show(ToastKind::Success, words::profile_saved());
                }
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.set(false);
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
                <div class="settings-row">
                    <Avatar id=id.to_string() name=chat.peek(|m| m.name_of(id)) size=72 picture=chat.face(id) />
                    <Button on:click=move |_| dialogues.picture.set(true)>{words::profile_change_picture()}</Button>
                </div>
            </Section>
            <Section title=words::name()>
                <div class="settings-pair">
                    <TextField id="first_name" label=words::profile_first_name() value=form.first autocomplete="given-name" max_length=64_u32 />
                    <TextField id="last_name" label=words::profile_last_name() value=form.last autocomplete="family-name" max_length=64_u32 />
                </div>
                <TextField id="nickname" label=words::profile_nickname() value=form.nickname autocomplete="nickname" max_length=64_u32 help=words::profile_nickname_help() />
                <TextField id="username" label=words::auth_user_name() value=form.username autocomplete="username" max_length=64_u32 help=words::profile_user_name_help() />
                <TextField id="position" label=words::profile_position() value=form.position autocomplete="organization-title" max_length=128_u32 help=words::profile_position_help() />
            </Section>
            <Section title=words::auth_email()>
                <TextField id="email" kind="email" label=words::profile_email() value=form.email autocomplete="email" max_length=128_u32 />
                <Show when=new_address>
                    <PasswordField id="email_password" label=words::profile_your_password() value=password autocomplete="current-password" help=words::profile_password_help() />
                </Show>
            </Section>
            <SaveBar changed busy save undo />
            <button type="submit" hidden aria-hidden="true" tabindex="-1">{words::save()}</button>
        </form>
    }
}
