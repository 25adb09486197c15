//! Who has seen a message that asks for it.

use leptos::prelude::*;
use model::PostId;

use crate::{
    actions,
    chat::use_chat,
    state::{Model, Topic},
    time::MINUTE,
    ui::Icon,
    words,
};

/// For how long one may take it back; later the server refuses that.
const TAKEN_BACK: i64 = 5 * MINUTE;

/// What is shown of it.
#[derive(Clone, PartialEq, Default)]
struct Seen {
    own: bool,
    /// When the viewer has said so.
    mine: Option<i64>,
    names: Vec<String>,
}

fn seen(m: &Model, id: PostId) -> Seen {
    let Some(post) = m.posts.get(&id) else { return Seen::default() };
    let all = &post.metadata.acknowledgements;
    Seen {
        own: post.user_id == m.me,
        mine: all.iter().find(|a| a.user_id == m.me).map(|a| a.acknowledged_at),
        names: all.iter().map(|a| m.name_of(a.user_id)).collect(),
    }
}

/// The button, and how many have pressed it.
#[component]
pub fn Acknowledgements(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let seen = Memo::new(move |_| chat.read(Topic::Post(id), |m| seen(m, id)));
    let count = move || seen.with(|s| s.names.len() as i64);
    let press = move |_| {
        let mine = seen.with_untracked(|s| s.mine);
        if mine.is_none_or(|at| crate::browser::now() - at < TAKEN_BACK) {
            actions::acknowledge(chat, id, mine.is_none());
        }
    };
    view! {
        <div class="acks">
            {move || (!seen.with(|s| s.own)).then(|| view! {
                <button
                    type="button"
                    class="ack"
                    aria-pressed=move || if seen.with(|s| s.mine.is_some()) { "true" } else { "false" }
                    on:click=press
                >
                    <Icon name=Icon::Check />
                    {move || if seen.with(|s| s.mine.is_some()) { words::priority_acknowledged() } else { words::priority_acknowledge() }}
                </button>
            })}
            {move || (count() > 0).then(|| view! {
                <span class="acks-count" tabindex="0" data-tip=move || seen.with(|s| s.names.join(", "))>{words::priority_seen_by(count())}</span>
            })}
        </div>
    }
}
