//! Incoming webhooks: addresses that programs post to.

use leptos::prelude::*;
use model::{
    AnyId,
    webhooks::{
        CreateIncoming, DESCRIPTION_MAX, DISPLAY_NAME_MAX, DeleteIncoming, GetIncoming, IncomingWebhook,
        IncomingWebhookForm, URL_MAX, USERNAME_MAX, UpdateIncoming,
    },
};

use super::parts::{Form, Loaded, Remove, Secret, Select, Sent, channels};
use crate::{
    browser,
    chat::use_chat,
    manage::use_ways,
    settings::Toggle,
    state::Topic,
    ui::{Icon, TextField, ToastKind},
    words,
};

/// Where programs post to.
pub fn address(id: &AnyId) -> String {
    format!("{}/hooks/{id}", browser::origin())
}

/// A new one, or one of them.
pub fn view(id: Option<&str>) -> Option<AnyView> {
    let Some(id) = id else { return Some(one(IncomingWebhook::default())) };
    let hook_id: AnyId = id.parse().ok()?;
    let chat = use_chat();
    let fetch = move || async move { chat.client().send(GetIncoming { hook_id, query: (), body: () }).await };
    Some(view! { <Loaded icon=Icon::Download fetch show=one /> }.into_any())
}

fn one(hook: IncomingWebhook) -> AnyView {
    view! { <Edit hook /> }.into_any()
}

#[component]
fn Edit(hook: IncomingWebhook) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let go = ways.goer();
    let (id, new) = (hook.id, hook.id.is_none());
    ways.call(if new { words::hook_in_new().to_owned() } else { hook.display_name.clone() });
    let title = RwSignal::new(hook.display_name.clone());
    let description = RwSignal::new(hook.description.clone());
    let channel = RwSignal::new(hook.channel_id.to_string());
    let locked = RwSignal::new(hook.channel_locked);
    let username = RwSignal::new(hook.username.clone());
    let icon = RwSignal::new(hook.icon_url.clone());
    let sent = Sent::new();
    let options = channels(chat, &channel.get_untracked(), false);
    if new && let Some((first, _)) = options.first() {
        channel.set(first.clone());
    }
    let on = move |setting: &'static str| move || chat.read(Topic::Allowed, |m| m.is_on(setting));
    let submit = Callback::new(move |()| {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let body = IncomingWebhookForm {
            id: id.to_string(),
            channel_id: channel.get_untracked(),
            display_name: text(title),
            description: text(description),
            username: text(username),
            icon_url: text(icon),
            channel_locked: locked.get_untracked(),
            ..IncomingWebhookForm::default()
        };
        let go = go.clone();
        let call = async move {
            if new {
                chat.client().send(CreateIncoming { query: (), body }).await
            } else {
                chat.client().send(UpdateIncoming { hook_id: id, query: (), body }).await
            }
        };
        sent.send(call, move |hook| {
            chat.toasts.show(ToastKind::Success, words::saved());
            if new {
                go(hook.id.as_str());
            } else {
                ways.call(hook.display_name);
            }
        });
    });
    let incomplete =
        Signal::derive(move || channel.with(String::is_empty) || title.with(|title| title.trim().is_empty()));
    let remove =
        move || async move { chat.client().send(DeleteIncoming { hook_id: id, query: (), body: () }).await.map(drop) };
    view! {
        {(!new).then(|| view! {
            <section class="settings-section">
                <Secret label=words::hook_in_address() value=RwSignal::new(address(&id)) help=words::hook_in_address_help() />
            </section>
        })}
        <Form sent new incomplete submit>
            <TextField id="hook-title" label=words::integration_title() value=title required=true max_length=DISPLAY_NAME_MAX as u32 />
            <TextField id="hook-description" label=words::description() note=words::optional() value=description max_length=DESCRIPTION_MAX as u32 />
            <Select id="hook-channel" label=words::channel() help=words::hook_in_channel_help() options value=channel />
            <Toggle on=locked on_change=Callback::new(move |on| locked.set(on)) label=words::hook_in_lock() help=words::hook_in_lock_help() />
            <Show when=on("EnablePostUsernameOverride")>
                <TextField id="hook-username" label=words::integration_name() note=words::optional() value=username max_length=USERNAME_MAX as u32 help=words::integration_name_help() />
            </Show>
            <Show when=on("EnablePostIconOverride")>
                <TextField id="hook-icon" label=words::integration_picture() note=words::optional() value=icon max_length=URL_MAX as u32 help=words::integration_picture_help() />
            </Show>
        </Form>
        {(!new).then(|| view! { <Remove title=hook.display_name.clone() text=words::hook_in_remove_text() remove /> })}
    }
}
