//! Outgoing webhooks: addresses of programs that are told what was posted.

use leptos::prelude::*;
use model::{
    AnyId, ChannelId,
    webhooks::{
        CreateOutgoing, DESCRIPTION_MAX, DISPLAY_NAME_MAX, DeleteOutgoing, FORM, GetOutgoing, JSON, OutgoingWebhook,
        RenewOutgoing, URL_MAX, USERNAME_MAX, UpdateOutgoing,
    },
};

use super::parts::{Form, Lines, Loaded, Remove, Renewal, Secret, Select, Sent, channels, lines};
use crate::{
    chat::use_chat,
    manage::use_ways,
    state::Topic,
    ui::{Icon, TextField, ToastKind},
    words,
};

/// A new one, or one of them.
pub fn view(id: Option<&str>) -> Option<AnyView> {
    let Some(id) = id else { return Some(one(OutgoingWebhook::default())) };
    let hook_id: AnyId = id.parse().ok()?;
    let chat = use_chat();
    let fetch = move || async move { chat.client().send(GetOutgoing { hook_id, query: (), body: () }).await };
    Some(view! { <Loaded icon=Icon::Upload fetch show=one /> }.into_any())
}

fn one(hook: OutgoingWebhook) -> AnyView {
    view! { <Edit hook /> }.into_any()
}

#[component]
fn Edit(hook: OutgoingWebhook) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let go = ways.goer();
    let (id, new) = (hook.id, hook.id.is_none());
    ways.call(if new { words::hook_out_new().to_owned() } else { hook.display_name.clone() });
    let title = RwSignal::new(hook.display_name.clone());
    let description = RwSignal::new(hook.description.clone());
    let channel = RwSignal::new(hook.channel_id.to_string());
    let triggers = RwSignal::new(hook.trigger_words.join("\n"));
    let when = RwSignal::new(hook.trigger_when.to_string());
    let urls = RwSignal::new(hook.callback_urls.join("\n"));
    let kind = RwSignal::new(if hook.content_type.is_empty() { FORM.to_owned() } else { hook.content_type.clone() });
    let username = RwSignal::new(hook.username.clone());
    let icon = RwSignal::new(hook.icon_url.clone());
    let token = RwSignal::new(hook.token.clone());
    let sent = Sent::new();
    let mut places = vec![(String::new(), words::hook_out_everywhere().to_owned())];
    places.extend(channels(chat, &channel.get_untracked(), true));
    let whens = vec![
        ("0".to_owned(), words::hook_out_is_word().to_owned()),
        ("1".to_owned(), words::hook_out_begins().to_owned()),
    ];
    let kinds = [FORM, JSON].map(|kind| (kind.to_owned(), kind.to_owned())).to_vec();
    let on = move |setting: &'static str| move || chat.read(Topic::Allowed, |m| m.is_on(setting));
    let kept = hook.clone();
    let submit = Callback::new(move |()| {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let body = OutgoingWebhook {
            team_id: chat.peek(|m| m.team),
            channel_id: channel.get_untracked().parse().unwrap_or(ChannelId::NONE),
            trigger_words: triggers.with_untracked(|text| lines(text)),
            trigger_when: when.get_untracked().parse().unwrap_or_default(),
            callback_urls: urls.with_untracked(|text| lines(text)),
            display_name: text(title),
            description: text(description),
            content_type: kind.get_untracked(),
            username: text(username),
            icon_url: text(icon),
            ..kept.clone()
        };
        let go = go.clone();
        let call = async move {
            if new {
                chat.client().send(CreateOutgoing { query: (), body }).await
            } else {
                chat.client().send(UpdateOutgoing { hook_id: id, query: (), body }).await
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
    let renew = Callback::new(move |()| {
        let call = async move { chat.client().send(RenewOutgoing { hook_id: id, query: (), body: () }).await };
        sent.send(call, move |hook| {
            token.try_set(hook.token);
        });
    });
    let incomplete = Signal::derive(move || {
        let has_trigger = channel.with(|channel| !channel.is_empty()) || triggers.with(|text| !lines(text).is_empty());
        title.with(|title| title.trim().is_empty()) || urls.with(|text| lines(text).is_empty()) || !has_trigger
    });
    let remove =
        move || async move { chat.client().send(DeleteOutgoing { hook_id: id, query: (), body: () }).await.map(drop) };
    view! {
        {(!new).then(|| view! {
            <section class="settings-section">
                <Secret label=words::token() value=token help=words::token_help() renew=Renewal::of_token(renew) />
            </section>
        })}
        <Form sent new incomplete submit>
            <TextField id="hook-title" label=words::integration_title() value=title required=true max_length=DISPLAY_NAME_MAX as u32 />
            <TextField id="hook-description" label=words::description() note=words::optional() value=description max_length=DESCRIPTION_MAX as u32 />
            <Lines id="hook-urls" label=words::hook_out_urls() help=words::hook_out_urls_help() value=urls />
            <Select id="hook-kind" label=words::hook_out_kind() options=kinds value=kind />
            <Select id="hook-channel" label=words::channel() help=words::hook_out_channel_help() options=places value=channel />
            <Lines id="hook-triggers" label=words::hook_out_triggers() help=words::hook_out_triggers_help() value=triggers />
            <Select id="hook-when" label=words::hook_out_when() options=whens value=when />
            <Show when=on("EnablePostUsernameOverride")>
                <TextField id="hook-username" label=words::integration_name() note=words::optional() value=username max_length=USERNAME_MAX as u32 help=words::integration_name_help() />
            </Show>
            <Show when=on("EnablePostIconOverride")>
                <TextField id="hook-icon" label=words::integration_picture() note=words::optional() value=icon max_length=URL_MAX as u32 help=words::integration_picture_help() />
            </Show>
        </Form>
        {(!new).then(|| view! { <Remove title=hook.display_name.clone() text=words::hook_out_remove_text() remove /> })}
    }
}
