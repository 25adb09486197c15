//! The public channels of the team, to look into and to join.

use leptos::{prelude::*, task::spawn_local};
use model::channels::Channel;

use super::Dialogues;
use crate::{
    chat::use_chat,
    frame::go_to,
    load,
    state::Topic,
    ui::{Button, ButtonKind, Dialog, Icon, SearchField, SkeletonList},
    words,
};

/// Opened from the list of channels.
#[component]
pub fn BrowseDialog() -> impl IntoView {
    let open = expect_context::<Dialogues>().browse;
    view! {
        <Dialog open title=words::side_browse() wide=true>
            <Browse />
        </Dialog>
    }
}

#[component]
fn Browse() -> impl IntoView {
    let chat = use_chat();
    let dialogues = expect_context::<Dialogues>();
    let found = RwSignal::new(None::<Vec<Channel>>);
    let filter = RwSignal::new(String::new());
    Effect::new(move |_| {
        spawn_local(async move {
            match load::public_channels(chat).await {
                Ok(mut channels) => {
                    channels.sort_by_key(|c| c.display_name.to_lowercase());
                    found.try_set(Some(channels));
                }
                Err(failure) => {
                    chat.complain(&failure);
                    found.try_set(Some(Vec::new()));
                }
            }
        });
    });
    let shown = move || {
        let wanted = filter.get().trim().to_lowercase();
        let fits = |c: &Channel| c.display_name.to_lowercase().contains(&wanted) || c.name.contains(&wanted);
        found.get().map(|list| list.into_iter().filter(fits).collect::<Vec<_>>())
    };
    let create = move |_| {
        dialogues.browse.set(false);
        dialogues.create.set(true);
    };
    view! {
        <div class="dialog-body">
            <div class="browse-tools">
                <SearchField label=words::browse_find() autofocus=true on_type=move |text| filter.set(text) />
                <Button kind=ButtonKind::Primary on:click=create>{words::channel_new()}</Button>
            </div>
            {move || match shown() {
                None => view! { <SkeletonList rows=4 label=words::browse_loading() /> }.into_any(),
                Some(list) if list.is_empty() => view! { <p class="field-help">{words::browse_none()}</p> }.into_any(),
                Some(list) => view! {
                    <ul class="browse-list">
                        {list.into_iter().map(|channel| view! { <Row channel /> }).collect_view()}
                    </ul>
                }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Row(channel: Channel) -> impl IntoView {
    let chat = use_chat();
    let dialogues = expect_context::<Dialogues>();
    let go = go_to();
    let id = channel.id;
    let busy = RwSignal::new(false);
    let joined = move || chat.read(Topic::Channels, |m| m.memberships.contains_key(&id));
    let kept = channel.clone();
    let enter = move |_| {
        busy.set(true);
        let (channel, go) = (kept.clone(), go.clone());
        spawn_local(async move {
            match load::enter(chat, channel.clone()).await {
                Ok(_) => {
                    dialogues.browse.set(false);
                    go(&chat.peek(|m| m.path_of(&channel)), false);
                }
                Err(failure) => {
                    chat.complain(&failure);
                    busy.try_set(false);
                }
            }
        });
    };
    view! {
        <li class="browse-row">
            <span class="side-icon"><Icon name=Icon::Hash /></span>
            <span class="browse-text">
                <span class="browse-name" dir="auto">{channel.display_name}</span>
                <span class="browse-meta" dir="auto">{if channel.purpose.is_empty() { channel.header } else { channel.purpose }}</span>
            </span>
            <Button small=true busy on:click=enter>{move || if joined() { words::open() } else { words::browse_join() }}</Button>
        </li>
    }
}
