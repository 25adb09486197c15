//! Messages found somewhere else than where one is: what is pinned to the channel, and what one has saved.

use leptos::{prelude::*, task::spawn_local};
use model::{ChannelId, PostId};

use crate::{
    channel::MessageItem,
    chat::{Chat, use_chat},
    client::Failure,
    frame::{alone, go_to, jump, use_here},
    load,
    state::Topic,
    ui::{Button, Empty, Icon, IconButton, SkeletonList},
    words,
};

/// The messages that are pinned to a channel.
#[component]
pub fn PinsPanel(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let found = RwSignal::new(None::<Result<Vec<PostId>, Failure>>);
    let fetch = move || {
        spawn_local(async move {
            let list = load::pinned(chat, id).await;
            found.try_set(Some(list));
        });
    };
    // Again whenever something is pinned.
    Effect::new(move |_| {
        chat.track(Topic::Pins(id));
        fetch();
    });
    let shown = Signal::derive(move || kept(chat, found, |m, id| m.posts.get(&id).is_some_and(|post| post.is_pinned)));
    let title =
        Memo::new(move |_| chat.read(Topic::Channels, |m| m.channels.get(&id).map(|c| m.title(c)).unwrap_or_default()));
    view! {
        <Panel title=words::finds_pinned() sub=Signal::derive(move || title.get()) shown retry=Callback::new(move |()| fetch())>
            <Empty icon=Icon::Pin title=words::finds_pinned_none() text=words::finds_pinned_text() />
        </Panel>
    }
}

/// The messages one has saved.
#[component]
pub fn SavedPanel() -> impl IntoView {
    let chat = use_chat();
    let found = RwSignal::new(None::<Result<Vec<PostId>, Failure>>);
    let fetch = move || {
        spawn_local(async move {
            let list = load::saved(chat).await;
            found.try_set(Some(list));
        });
    };
    let count = Memo::new(move |_| chat.read(Topic::Preferences, crate::state::Model::saved_count));
    Effect::new(move |_| {
        let _ = count.get();
        fetch();
    });
    let shown = Signal::derive(move || {
        chat.track(Topic::Preferences);
        kept(chat, found, |m, id| m.is_saved(id))
    });
    view! {
        <Panel title=words::finds_saved() sub=Signal::derive(|| words::finds_only_you().to_owned()) shown retry=Callback::new(move |()| fetch())>
            <Empty icon=Icon::Bookmark title=words::finds_saved_none() text=words::finds_saved_text() />
        </Panel>
    }
}

/// Those of what was found that still fit.
fn kept(
    chat: Chat,
    found: RwSignal<Option<Result<Vec<PostId>, Failure>>>,
    fits: impl Fn(&crate::state::Model, PostId) -> bool,
) -> Option<Result<Vec<PostId>, Failure>> {
    found.get().map(|answer| {
        answer.map(|list| {
            list.into_iter()
                .filter(|id| {
                    chat.track(Topic::Post(*id));
                    chat.peek(|m| m.posts.contains_key(id) && fits(m, *id))
                })
                .collect()
        })
    })
}

/// A panel with a list of messages, each with the way to where it was written.
#[component]
fn Panel(
    title: &'static str,
    sub: Signal<String>,
    shown: Signal<Option<Result<Vec<PostId>, Failure>>>,
    retry: Callback<()>,
    /// What stands there while there is nothing.
    children: ChildrenFn,
) -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let go = go_to();
    let state = Memo::new(move |_| match shown.get() {
        None => (false, None, true),
        Some(Err(failure)) => (false, Some(failure.to_string()), true),
        Some(Ok(list)) => (true, None, list.is_empty()),
    });
    let ids = move || shown.get().and_then(Result::ok).unwrap_or_default();
    view! {
        <aside class="panel" aria-label=title>
            <header class="panel-head">
                <a class="icon-btn back-btn only-narrow" href=move || alone(here, chat) aria-label=words::panel_back()><Icon name=Icon::ArrowLeft /></a>
                <div class="panel-title">
                    <h2>{title}</h2>
                    <span class="panel-sub" dir="auto">{sub}</span>
                </div>
                <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" class="not-narrow" on:click=move |_| go(&alone(here, chat), false) />
            </header>
            <div class="panel-scroll" tabindex="0">
                {move || match state.get() {
                    (true, _, true) => children().into_any(),
                    (true, _, false) => view! {
                        <ol class="results">
                            <For each=ids key=|id| *id let:id><Found id /></For>
                        </ol>
                    }.into_any(),
                    (false, Some(text), _) => view! {
                        <Empty icon=Icon::Offline title=words::auth_did_not_work() text>
                            <Button on:click=move |_| retry.run(())>{words::try_again()}</Button>
                        </Empty>
                    }.into_any(),
                    (false, None, _) => view! { <SkeletonList rows=4 label=words::list_loading() /> }.into_any(),
                }}
            </div>
        </aside>
    }
}

/// One message that was found.
#[component]
pub fn Found(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let jump = jump(true);
    let (place, at, path) = chat.peek(|m| {
        let post = m.posts.get(&id);
        let place = post.and_then(|p| m.channels.get(&p.channel_id)).map(|c| m.title(c)).unwrap_or_default();
        (place, post.map_or(0, |p| p.create_at), m.path_of_post(id))
    });
    let day = move || chat.wall(at).date(chat.wall(chat.now()).year());
    let href = path.clone();
    view! {
        <li class="result">
            <a class="result-place" href=href on:click=move |event| jump(&event, &path)>
                <span dir="auto">{place}</span>
                <time datetime=crate::time::iso(at)>{day}</time>
                <span class="result-jump">{words::search_jump()}</span>
            </a>
            <MessageItem id follow=false in_thread=true />
        </li>
    }
}
