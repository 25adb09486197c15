//! One's own picture: another one, or none.

use leptos::{html, prelude::*, task::spawn_local};
use model::files::DeletePicture;

use super::Dialogues;
use crate::{
    browser,
    chat::{Chat, use_chat},
    client::Failure,
    state::Topic,
    ui::{Avatar, Button, ButtonKind, Dialog, ToastKind},
    upload::{self, What},
    words,
};

/// Notes at once what the server will tell everybody in a moment.
fn note(chat: Chat, at: i64) {
    chat.update(|m| {
        let me = m.me;
        if let Some(user) = m.users.get_mut(&me) {
            user.last_picture_update = at;
        }
        vec![Topic::User(me), Topic::Channels]
    });
}

/// The dialog.
#[component]
pub fn PictureDialog() -> impl IntoView {
    let chat = use_chat();
    let open = expect_context::<Dialogues>().picture;
    let input = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let me = chat.peek(|m| m.me);
    let has = move || chat.read(Topic::User(me), |m| m.picture_of(me).is_some());
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        busy.set(true);
        let done = move |answer: Result<String, Failure>| {
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => {
                    note(chat, browser::now());
                    open.set(false);
                    chat.toasts.show(ToastKind::Success, words::picture_changed());
                }
                Err(failure) => chat.complain(&failure),
            }
        };
        if upload::start("/api/v4/users/me/image", What::Field("image", &file), |_| {}, done).is_none() {
            busy.set(false);
        }
    };
    let remove = move |_| {
        spawn_local(async move {
            match chat.client().send(DeletePicture { user_id: "me".into(), query: (), body: () }).await {
                Ok(_) => note(chat, 0),
                Err(failure) => chat.complain(&failure),
            }
        });
    };
    view! {
        <Dialog open title=words::picture_yours()>
            <div class="dialog-body picture-dialog">
                <Avatar id=me.to_string() name=chat.peek(|m| m.name_of(me)) size=72 picture=chat.face(me) />
                <p class="field-help">{words::picture_help()}</p>
                <input type="file" accept="image/*" hidden aria-label=words::picture() node_ref=input on:change=chosen />
            </div>
            <footer class="dialog-foot">
                {move || has().then(|| view! { <Button on:click=remove>{words::remove()}</Button> })}
                <Button
                    kind=ButtonKind::Primary
                    busy
                    on:click=move |_| if let Some(input) = input.get_untracked() {
                        input.click();
                    }
                >
                    {words::picture_choose()}
                </Button>
            </footer>
        </Dialog>
    }
}
