//! Who has read a message, of those who let that be seen.

use leptos::{prelude::*, task::spawn_local};
use model::{
    PostId,
    posts::{GetSeenBy, LETS_SEE, SeenBy},
};

use crate::{
    chat::use_chat,
    state::{Model, Topic},
    ui::{Avatar, Empty, Icon, SkeletonList},
    words,
};

/// Whether one may ask: the server lets people see it, and so does one oneself.
pub fn is_offered(m: &Model) -> bool {
    m.is_on("EnableSeenBy") && m.preference(LETS_SEE.0, LETS_SEE.1) == Some("true")
}

/// The people, in a dialog.
#[component]
pub fn SeenByList(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let found = RwSignal::new(None::<Result<SeenBy, String>>);
    spawn_local(async move {
        let seen = chat.client().send(GetSeenBy { post_id: id, query: (), body: () }).await;
        if let Ok(seen) = &seen {
            chat.update(|m| {
                for user in &seen.user_ids {
                    m.want_user(*user);
                }
                Vec::new()
            });
        }
        found.try_set(Some(seen.map_err(|failure| failure.to_string())));
    });
    view! {
        <div class="dialog-body">
            {move || match found.get() {
                None => view! { <SkeletonList label=words::loading() /> }.into_any(),
                Some(Err(reason)) => view! { <p class="field-error" role="alert"><Icon name=Icon::Alert /><span>{reason}</span></p> }.into_any(),
                Some(Ok(seen)) if seen.user_ids.is_empty() => {
                    view! { <Empty icon=Icon::Eye title=words::seen_none() text=words::seen_help() /> }.into_any()
                }
                Some(Ok(seen)) => view! {
                    <ul class="seen-list">
                        {seen.user_ids.iter().map(|user| {
                            let user = *user;
                            let name = Signal::derive(move || chat.read(Topic::User(user), |m| m.name_of(user)));
                            view! {
                                <li class="side-row">
                                    <Avatar id=user.to_string() name size=24 picture=chat.face(user) />
                                    <span class="side-name" dir="auto">{name}</span>
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                    <p class="field-help">{if seen.more { words::seen_more() } else { words::seen_help() }}</p>
                }.into_any(),
            }}
        </div>
    }
}
