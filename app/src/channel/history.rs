//! What one's own message said before it was edited.

use leptos::{prelude::*, task::spawn_local};
use model::{
    PostId,
    posts::{GetEditHistory, Post},
};

use super::html;
use crate::{
    actions,
    chat::use_chat,
    client::Failure,
    time,
    ui::{Button, Notice, NoticeKind, SkeletonList},
    words,
};

/// The versions, the latest first, each with the way back to it.
#[component]
pub fn Versions(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let found = RwSignal::new(None::<Result<Vec<Post>, Failure>>);
    Effect::new(move |_| {
        spawn_local(async move {
            let answer = chat.client().send(GetEditHistory { post_id: id, query: (), body: () }).await;
            found.try_set(Some(answer));
        });
    });
    let version = move |post: Post| {
        // The time of a version is that of the edit before it, or of the message itself.
        let at = if post.edit_at > 0 { post.edit_at } else { post.create_at };
        let day = move || {
            let wall = chat.wall(at);
            [wall.date(chat.wall(chat.now()).year()).as_str(), ", ", chat.clock(wall).as_str()].concat()
        };
        let body = chat.peek(|m| html(m, &post.message));
        view! {
            <li class="version">
                <p class="version-head">
                    <time datetime=time::iso(at)>{day}</time>
                    <Button small=true on:click=move |_| {
                        actions::edit(chat, id, post.message.clone());
                        chat.toasts.show(crate::ui::ToastKind::Success, words::history_back());
                    }>{words::history_use()}</Button>
                </p>
                <div class="md" dir="auto" inner_html=body></div>
            </li>
        }
    };
    view! {
        <div class="dialog-body">
            {move || match found.get() {
                None => view! { <SkeletonList rows=2 label=words::history_loading() /> }.into_any(),
                Some(Err(failure)) => view! { <Notice kind=NoticeKind::Danger>{failure.to_string()}</Notice> }.into_any(),
                Some(Ok(list)) if list.is_empty() => view! { <p>{words::history_none()}</p> }.into_any(),
                Some(Ok(list)) => view! { <ol class="versions">{list.into_iter().map(version).collect_view()}</ol> }.into_any(),
            }}
        </div>
    }
}
