//! The threads one follows: what is new in them, the latest first.

use leptos::{prelude::*, task::spawn_local};
use model::{Millis, PostId, UserId, text::markdown};

use crate::{
    actions,
    channel::SearchBox,
    chat::{Chat, use_chat},
    frame::use_here,
    load,
    state::Topic,
    time,
    ui::{Avatar, Button, Empty, Icon, IconButton, SkeletonList},
    words,
};

/// The column in place of a channel.
#[component]
pub fn Inbox() -> impl IntoView {
    let chat = use_chat();
    let only_unread = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let loaded = Memo::new(move |_| chat.read(Topic::Inbox, |m| m.inbox.loaded));
    let older = Memo::new(move |_| chat.read(Topic::Inbox, |m| m.inbox.older));
    let unread = Memo::new(move |_| chat.read(Topic::Inbox, |m| m.inbox.unread));
    let back =
        move || chat.read(Topic::Teams, |m| m.current_team().map(|t| format!("/{}", t.name)).unwrap_or_default());
    let here = use_here();
    let ids = Memo::new(move |_| {
        // What is being read stays in sight, though it is no longer unread.
        let (only, open) = (only_unread.get(), here.thread.get());
        chat.read(Topic::Inbox, |m| {
            m.inbox
                .order
                .iter()
                .copied()
                .filter(|id| !only || m.thread_unread(*id) || open == Some(*id))
                .collect::<Vec<_>>()
        })
    });
    let fetch = move || {
        failed.set(None);
        spawn_local(async move {
            if let Err(failure) = load::threads(chat, true).await {
                failed.try_set(Some(failure.to_string()));
            }
        });
    };
    Effect::new(move |_| {
        if !loaded.get() {
            fetch();
        }
    });
    let more = move |_| {
        busy.set(true);
        spawn_local(async move {
            if let Err(failure) = load::more_threads(chat).await {
                chat.complain(&failure);
            }
            busy.try_set(false);
        });
    };
    let tab = move |only: bool| {
        let label = move || match (only, unread.get()) {
            (false, _) => words::inbox_all().to_owned(),
            (true, 0) => words::inbox_unread().to_owned(),
            (true, count) => words::inbox_unread_count(count),
        };
        view! {
            <button
                type="button"
                class="tab"
                aria-pressed=move || if only_unread.get() == only { "true" } else { "false" }
                on:click=move |_| only_unread.set(only)
            >
                {label}
            </button>
        }
    };
    view! {
        <main class="channel" aria-label=words::inbox_title()>
            <header class="channel-head">
                <a class="icon-btn back-btn only-narrow" href=back aria-label=words::channel_back()><Icon name=Icon::ArrowLeft /></a>
                <div class="page-title"><Icon name=Icon::Threads /><h1>{words::inbox_title()}</h1></div>
                <Button
                    small=true
                    disabled=Signal::derive(move || unread.get() == 0)
                    on:click=move |_| actions::read_all_threads(chat)
                >
                    {words::arrange_read_all()}
                </Button>
                <SearchBox />
            </header>
            <div class="tabs" role="group" aria-label=words::inbox_which()>{tab(false)}{tab(true)}</div>
            <div class="inbox-scroll" id="messages" tabindex="0">
                {move || match (loaded.get(), failed.get(), ids.with(Vec::is_empty)) {
                    (false, Some(text), _) => view! {
                        <Empty icon=Icon::Offline title=words::inbox_failed() text>
                            <Button on:click=move |_| fetch()>{words::try_again()}</Button>
                        </Empty>
                    }.into_any(),
                    (false, None, _) => view! { <SkeletonList label=words::inbox_loading() /> }.into_any(),
                    (true, _, true) if only_unread.get() => view! {
                        <Empty icon=Icon::Success title=words::inbox_nothing() text=words::inbox_nothing_text() />
                    }.into_any(),
                    (true, _, true) => view! {
                        <Empty icon=Icon::Threads title=words::inbox_none() text=words::inbox_none_text() />
                    }.into_any(),
                    (true, _, false) => view! {
                        <ul class="inbox-list">
                            <For each=move || ids.get() key=|id| *id let:id>
                                <ThreadRow id />
                            </For>
                        </ul>
                        {move || older.get().then(|| view! {
                            <p class="inbox-more"><Button small=true busy on:click=more>{words::inbox_older()}</Button></p>
                        })}
                    }.into_any(),
                }}
            </div>
        </main>
    }
}

/// What a row shows of a thread.
#[derive(Clone, PartialEq, Default)]
struct Shown {
    place: String,
    user: UserId,
    author: String,
    text: String,
    replies: i64,
    new: i64,
    mentions: i64,
    at: Millis,
    people: Vec<(UserId, String)>,
}

fn shown(chat: Chat, id: PostId) -> Shown {
    chat.track(Topic::Post(id));
    chat.track(Topic::Channels);
    chat.read(Topic::Inbox, |m| {
        let Some(post) = m.posts.get(&id) else { return Shown::default() };
        let followed = m.followed.get(&id).copied().unwrap_or_default();
        Shown {
            place: m.channels.get(&post.channel_id).map(|c| m.title(c)).unwrap_or_default(),
            user: post.user_id,
            author: m.name_of(post.user_id),
            text: markdown::plain(&post.message),
            replies: post.reply_count,
            new: followed.unread_replies,
            mentions: followed.unread_mentions,
            at: post.last_reply_at,
            people: post.participants.iter().flatten().take(4).map(|u| (u.id, u.display_name())).collect(),
        }
    })
}

#[component]
fn ThreadRow(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let shown = Memo::new(move |_| shown(chat, id));
    let href =
        move || chat.read(Topic::Teams, crate::state::Model::path_of_threads) + "?thread=" + id.to_string().as_str();
    let is_new = move || shown.with(|s| s.new > 0);
    let ago = move || time::ago(shown.with(|s| s.at), chat.now());
    let count = move || {
        shown.with(|s| match (s.new, s.replies) {
            (0, n) => words::post_replies(n),
            (n, _) => words::inbox_new_replies(n),
        })
    };
    view! {
        <li class="inbox-row" data-unread=move || is_new().then_some("")>
            <a class="inbox-link" href=href aria-current=move || (here.thread.get() == Some(id)).then_some("true")>
                <span class="inbox-place">
                    <span dir="auto">{move || shown.with(|s| s.place.clone())}</span>
                    <time datetime=move || time::iso(shown.with(|s| s.at))>{ago}</time>
                </span>
                <span class="inbox-root">
                    {move || shown.with(|s| view! { <Avatar id=s.user.to_string() name=s.author.clone() size=32 picture=chat.face(s.user) /> })}
                    <span class="inbox-text">
                        <strong dir="auto">{move || shown.with(|s| s.author.clone())}</strong>
                        <span dir="auto">{move || shown.with(|s| s.text.clone())}</span>
                    </span>
                </span>
                <span class="inbox-foot">
                    <span class="avatar-stack">
                        {move || shown.with(|s| s.people.clone())
                            .into_iter()
                            .map(|(id, name)| view! { <Avatar id=id.to_string() name size=24 picture=chat.face(id) /> })
                            .collect_view()}
                    </span>
                    <span class="inbox-count">{count}</span>
                    {move || match shown.with(|s| s.mentions) {
                        0 => None,
                        n => Some(view! { <span class="pill pill-mention" role="img" aria-label=words::inbox_mentions(n)>{n}</span> }),
                    }}
                </span>
            </a>
            <span class="inbox-tools">
                {move || is_new().then(|| view! {
                    <IconButton icon=Icon::Check label=words::arrange_mark_read() on:click=move |_| spawn_local(load::view_thread(chat, id)) />
                })}
                <IconButton icon=Icon::BellOff label=words::thread_stop() on:click=move |_| stop(chat, id) />
            </span>
        </li>
    }
}

/// Stops following, with a way back.
fn stop(chat: Chat, id: PostId) {
    actions::follow(chat, id, false);
    chat.toasts.offer(crate::ui::ToastKind::Info, words::inbox_stopped(), words::undo(), move || {
        actions::follow(chat, id, true);
    });
}
