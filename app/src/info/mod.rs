//! What a channel is about and who is in it, beside the channel.

mod add;
mod members;

pub use add::AddForm;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ChannelId,
    channels::{ChannelPatch, ChannelType, HEADER_MAX, MANAGED_CATEGORY_MAX, PURPOSE_MAX},
};

use crate::{
    actions,
    actions::arrange,
    browser,
    channel::html,
    chat::use_chat,
    frame::{alone, go_to, use_here},
    load, sidebar,
    state::Topic,
    team,
    ui::{Button, ButtonKind, Dialog, Icon, IconButton, LinkButton, TextField, ToastKind},
    words,
};

/// The panel.
#[component]
pub fn InfoPanel(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let go = go_to();
    let adding = RwSignal::new(false);
    let editing = RwSignal::new(false);
    let channel = Memo::new(move |_| {
        chat.track(Topic::Channels);
        chat.read(Topic::Channel(id), |m| m.channels.get(&id).cloned().unwrap_or_default())
    });
    let title =
        Memo::new(move |_| chat.read(Topic::Channels, |m| m.channels.get(&id).map(|c| m.title(c)).unwrap_or_default()));
    let back = move || alone(here, chat);
    let kind = channel.with_untracked(|c| c.kind);
    let personal = kind.is_personal();
    let favourite = Memo::new(move |_| arrange::is_favourite(chat, id));
    let muted =
        Memo::new(move |_| chat.read(Topic::Channel(id), |m| m.memberships.get(&id).is_some_and(|m| m.is_muted())));
    let leave = StoredValue::new(sidebar::leave(chat, id));
    let may_leave = move || !personal && channel.with(|c| c.name != model::channels::DEFAULT && c.delete_at == 0);
    let copy = move |_| {
        browser::copy(
            &(browser::origin() + &chat.peek(|m| m.channels.get(&id).map(|c| m.path_of(c)).unwrap_or_default())),
        );
        chat.toasts.show(ToastKind::Success, words::link_copied());
    };
    let text = move |header: bool| {
        let text = channel.with(|c| if header { c.header.clone() } else { c.purpose.clone() });
        (!text.is_empty()).then(|| chat.peek(|m| html(m, &text)))
    };
    let about = move |label: &'static str, header: bool| {
        view! {
            <div class="about">
                <dt>{label}</dt>
                <dd>
                    {move || match text(header) {
                        Some(html) => view! { <div class="md" dir="auto" inner_html=html></div> }.into_any(),
                        None => view! { <span class="about-none">{words::info_not_said()}</span> }.into_any(),
                    }}
                </dd>
            </div>
        }
    };
    view! {
        <aside class="panel" aria-label=move || words::info_about_channel(&title.get())>
            <header class="panel-head">
                <a class="icon-btn back-btn only-narrow" href=back aria-label=words::panel_back()><Icon name=Icon::ArrowLeft /></a>
                <div class="panel-title">
                    <h2>{words::info_about()}</h2>
                    <a class="panel-sub" href=back dir="auto">{title}</a>
                </div>
                <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" class="not-narrow" on:click=move |_| go(&alone(here, chat), false) />
            </header>
            <div class="panel-scroll" tabindex="0">
                <div class="info-actions">
                    <Show when=move || arrange::is_movable(chat, id)>
                        <button type="button" class="info-action" aria-pressed=move || if favourite.get() { "true" } else { "false" } on:click=move |_| arrange::toggle_favourite(chat, id)>
                            <Icon name=Icon::Star />
                            <span>{move || if favourite.get() { words::info_favourite() } else { words::arrange_favourite() }}</span>
                        </button>
                    </Show>
                    <button type="button" class="info-action" aria-pressed=move || if muted.get() { "true" } else { "false" } on:click=move |_| arrange::toggle_mute(chat, id)>
                        <Icon name=Icon::BellOff />
                        <span>{move || if muted.get() { words::info_muted() } else { words::arrange_mute() }}</span>
                    </button>
                    {(!personal).then(|| view! {
                        <button type="button" class="info-action" on:click=move |_| adding.set(true)>
                            <Icon name=Icon::UserPlus />
                            <span>{words::channel_add_people()}</span>
                        </button>
                    })}
                    <button type="button" class="info-action" on:click=copy>
                        <Icon name=Icon::Link />
                        <span>{words::copy_link()}</span>
                    </button>
                </div>
                {(kind != ChannelType::Direct).then(|| view! {
                    <section class="info-section">
                        <h3>
                            {words::info_about()}
                            {(!personal).then(|| view! { <LinkButton on:click=move |_| editing.set(true)>{words::message_edit()}</LinkButton> })}
                        </h3>
                        <dl class="abouts">
                            {(!personal).then(|| about(words::channel_purpose(), false))}
                            {about(words::channel_header(), true)}
                            <div class="about">
                                <dt>{words::info_made()}</dt>
                                <dd>{move || {
                                    let at = channel.with(|c| c.create_at);
                                    chat.wall(at).date(chat.wall(chat.now()).year())
                                }}</dd>
                            </div>
                        </dl>
                    </section>
                })}
                <members::Members id kind />
                <Show when=may_leave>
                    <section class="info-section">
                        <button type="button" class="info-leave" on:click=move |_| leave.with_value(|leave| leave())>
                            <Icon name=Icon::LogOut />
                            <span>{words::channel_leave()}</span>
                        </button>
                    </section>
                </Show>
            </div>
        </aside>
        <Dialog open=adding title=move || words::list_add_to(&title.get())>
            <AddForm id open=adding />
        </Dialog>
        <Dialog open=editing title=words::info_edit()>
            <AboutForm id open=editing />
        </Dialog>
    }
}

#[component]
fn AboutForm(id: ChannelId, open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let before = chat.peek(|m| m.channels.get(&id).cloned().unwrap_or_default());
    let name = RwSignal::new(before.display_name.clone());
    let purpose = RwSignal::new(before.purpose.clone());
    let header = RwSignal::new(before.header.clone());
    let placed = before.managed_category().unwrap_or_default().to_owned();
    let category = RwSignal::new(placed.clone());
    // What one may decides what is offered.
    spawn_local(load::roles(chat));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let changed = |now: RwSignal<String>, before: &str| {
            let now = now.get_untracked().trim().to_owned();
            (now != before).then_some(now)
        };
        let patch = ChannelPatch {
            display_name: changed(name, &before.display_name),
            purpose: changed(purpose, &before.purpose),
            header: changed(header, &before.header),
            managed_category_name: changed(category, &placed),
            ..ChannelPatch::default()
        };
        open.set(false);
        if patch != ChannelPatch::default() {
            actions::patch_channel(chat, id, patch);
        }
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                <TextField id="about-name" label=words::name() value=name required=true autofocus=true max_length=64_u32 />
                <TextField id="about-purpose" label=words::channel_purpose() note=words::optional() value=purpose max_length=PURPOSE_MAX as u32 help=words::info_purpose_help() />
                <TextField id="about-header" label=words::channel_header() note=words::optional() value=header max_length=HEADER_MAX as u32 help=words::channel_header_help() />
                <Show when=move || chat.read(Topic::Allowed, team::manages)>
                    <TextField id="about-category" label=words::info_category() note=words::optional() value=category max_length=MANAGED_CATEGORY_MAX as u32 help=words::info_category_help() />
                </Show>
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true disabled=Signal::derive(move || name.with(|n| n.trim().is_empty()))>{words::save()}</Button>
            </footer>
        </form>
    }
}
