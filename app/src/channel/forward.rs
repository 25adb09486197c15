//! Sends something on to a channel or to somebody: a message, or what another app shares.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{ChannelId, PostId};

use super::overlays::use_over;
use crate::{
    actions, browser,
    chat::{Chat, use_chat},
    sidebar::{ChannelIcon, rank},
    state::{Model, Written},
    ui::{Button, ButtonKind, Dialog, Icon, SearchField, ToastKind},
    waiting, words,
};

/// How many places are offered at once.
const OFFERED: usize = 8;

/// Asks where to; once per page.
#[component]
pub fn ForwardDialog(open: RwSignal<bool>, of: RwSignal<Option<PostId>>) -> impl IntoView {
    view! {
        <Dialog open title=words::forward_title()>
            {move || of.get().map(|post| view! { <Form open post /> })}
        </Dialog>
    }
}

/// The places one can write to that fit, those looked at last first.
fn places(m: &Model, wanted: &str) -> Vec<(ChannelId, String)> {
    let wanted = wanted.trim().trim_start_matches(['@', '~', '#']).to_lowercase();
    let mut found: Vec<_> = m
        .channels
        .values()
        .filter(|c| c.delete_at == 0 && (c.team_id.is_none() || c.team_id == m.team))
        .filter_map(|c| {
            let membership = m.memberships.get(&c.id)?;
            let title = m.title(c);
            let rank = rank(&wanted, &title, &c.name)?;
            Some(((rank, -membership.last_viewed_at), (c.id, title)))
        })
        .collect();
    found.sort();
    found.into_iter().take(OFFERED).map(|(_, place)| place).collect()
}

/// What is sent: what one says about it, and the address, which is shown as a quotation.
fn forwarded(chat: Chat, post: PostId, comment: &str) -> String {
    let team = chat.peek(|m| m.current_team().map(|team| team.name.clone()).unwrap_or_default());
    let address = format!("{}/{team}/pl/{post}", browser::origin());
    let comment = comment.trim();
    if comment.is_empty() { address } else { format!("{comment}\n{address}") }
}

/// Where to: what one looks for, and the places that fit.
#[component]
fn Places(chosen: RwSignal<Option<ChannelId>>) -> impl IntoView {
    let chat = use_chat();
    let wanted = RwSignal::new(String::new());
    let found = Memo::new(move |_| wanted.with(|wanted| chat.peek(|m| places(m, wanted))));
    let place = move |(id, title): (ChannelId, String)| {
        view! {
            <label class="switch-row forward-place">
                <input
                    type="radio"
                    name="place"
                    prop:checked=move || chosen.get() == Some(id)
                    on:change=move |_| chosen.set(Some(id))
                />
                <ChannelIcon id />
                <span class="side-name" dir="auto">{title}</span>
            </label>
        }
    };
    view! {
        <SearchField label=words::forward_where() autofocus=true on_type=move |text| wanted.set(text) />
        <div class="forward-places" role="radiogroup" aria-label=words::forward_where()>
            <For each=move || found.get() key=Clone::clone children=place />
            {move || found.with(Vec::is_empty).then(|| view! { <p class="field-help">{words::forward_nothing()}</p> })}
        </div>
    }
}

/// What another app shares, until it is said where it goes; once per page.
#[component]
pub fn ShareDialog() -> impl IntoView {
    let chat = use_chat();
    let open = RwSignal::new(true);
    let shared = use_over().shared;
    let chosen = RwSignal::new(None::<ChannelId>);
    // Closed or passed on, it is asked for no more.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        if was_open == Some(true) && !is_open && chosen.get_untracked().is_none() {
            spawn_local(browser::forget_shared());
        }
        is_open
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(channel) = chosen.get_untracked() else { return };
        pass_on(chat, channel, shared.get_untracked());
        open.set(false);
    };
    view! {
        <Dialog open title=words::share_title()>
            <form on:submit=submit>
                <div class="dialog-body">
                    <blockquote class="share-text" dir="auto">
                        {move || shared.with(|shared| shared.text.clone())}
                        <ul>
                            {move || shared.with(|shared| shared.files.iter().map(|file| view! { <li><Icon name=Icon::File />" "{file.name.clone()}</li> }).collect_view())}
                        </ul>
                    </blockquote>
                    {move || open.get().then(|| view! { <Places chosen /> })}
                </div>
                <footer class="dialog-foot">
                    <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                    <Button kind=ButtonKind::Primary submit=true disabled=Signal::derive(move || chosen.get().is_none())>{words::share_write()}</Button>
                </footer>
            </form>
        </Dialog>
    }
}

/// Puts what was shared into the box of a channel, and goes there: one may say something about it before it is sent.
fn pass_on(chat: Chat, channel: ChannelId, shared: browser::Shared) {
    let place = waiting::place_of(channel, PostId::NONE);
    let before = waiting::written(&place);
    let text = if before.is_empty() { shared.text } else { [before.as_str(), "\n", &shared.text].concat() };
    if !text.is_empty() {
        waiting::write_into(chat, place.clone(), text);
    }
    chat.visit.set(chat.peek(|m| m.channels.get(&channel).map(|c| m.path_of(c))));
    #[cfg(target_arch = "wasm32")]
    spawn_local(async move {
        let mut files = Vec::new();
        for file in &shared.files {
            files.extend(browser::shared_file(file).await);
        }
        crate::composer::attach::add(chat, crate::composer::attach::of(chat, &place), channel, files);
        browser::forget_shared().await;
    });
}

#[component]
fn Form(open: RwSignal<bool>, post: PostId) -> impl IntoView {
    let chat = use_chat();
    let chosen = RwSignal::new(None::<ChannelId>);
    let comment = NodeRef::<html::Textarea>::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(channel) = chosen.get_untracked() else { return };
        let said = comment.get_untracked().map(|area| area.value()).unwrap_or_default();
        let message = forwarded(chat, post, &said);
        actions::write(chat, channel, PostId::NONE, Written { message, ..Written::default() });
        open.set(false);
        let path = chat.peek(|m| m.channels.get(&channel).map(|c| m.path_of(c)).unwrap_or_default());
        let there = move || chat.visit.set(Some(path.clone()));
        chat.toasts.offer(ToastKind::Success, words::forward_done(), words::forward_show(), there);
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                <Places chosen />
                <div class="field">
                    <label class="field-label" for="forward-comment">{words::forward_comment()}" "<span class="field-note">{words::optional()}</span></label>
                    <textarea class="input" id="forward-comment" rows="3" dir="auto" maxlength="4000" node_ref=comment></textarea>
                </div>
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true disabled=Signal::derive(move || chosen.get().is_none())>{words::forward()}</Button>
            </footer>
        </form>
    }
}
