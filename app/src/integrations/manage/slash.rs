//! Slash commands that programs answer.

use leptos::prelude::*;
use model::{
    AnyId,
    commands::{
        Command, CommandForm, CreateCommand, DeleteCommand, GET, GetCommand, POST, RenewCommand, TRIGGER_MAX,
        UpdateCommand,
    },
    webhooks::{DESCRIPTION_MAX, DISPLAY_NAME_MAX, URL_MAX, USERNAME_MAX},
};

use super::parts::{Form, Loaded, Remove, Renewal, Secret, Select, Sent};
use crate::{
    chat::use_chat,
    manage::use_ways,
    settings::Toggle,
    ui::{Field, Icon, TextField, ToastKind},
    words,
};

/// A new one, or one of them.
pub fn view(id: Option<&str>) -> Option<AnyView> {
    let Some(id) = id else {
        return Some(one(Command { method: POST.to_owned(), auto_complete: true, ..Command::default() }));
    };
    let command_id: AnyId = id.parse().ok()?;
    let chat = use_chat();
    let fetch = move || async move { chat.client().send(GetCommand { command_id, query: (), body: () }).await };
    Some(view! { <Loaded icon=Icon::Zap fetch show=one /> }.into_any())
}

fn one(command: Command) -> AnyView {
    view! { <Edit command /> }.into_any()
}

#[component]
fn Edit(command: Command) -> impl IntoView {
    let chat = use_chat();
    let ways = use_ways();
    let go = ways.goer();
    let (id, new) = (command.id, command.id.is_none());
    ways.call(if new { words::slash_new().to_owned() } else { format!("/{}", command.trigger) });
    let title = RwSignal::new(command.display_name.clone());
    let description = RwSignal::new(command.description.clone());
    let trigger = RwSignal::new(command.trigger.clone());
    let url = RwSignal::new(command.url.clone());
    let method = RwSignal::new(command.method.clone());
    let username = RwSignal::new(command.username.clone());
    let icon = RwSignal::new(command.icon_url.clone());
    let offered = RwSignal::new(command.auto_complete);
    let hint = RwSignal::new(command.auto_complete_hint.clone());
    let offer = RwSignal::new(command.auto_complete_desc.clone());
    let token = RwSignal::new(command.token.clone());
    let sent = Sent::new();
    let methods = vec![(POST.to_owned(), "POST".to_owned()), (GET.to_owned(), "GET".to_owned())];
    let submit = Callback::new(move |()| {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let body = CommandForm {
            id: id.to_string(),
            team_id: chat.peek(|m| m.team.to_string()),
            trigger: text(trigger).trim_start_matches('/').to_lowercase(),
            method: method.get_untracked(),
            username: text(username),
            icon_url: text(icon),
            auto_complete: offered.get_untracked(),
            auto_complete_desc: text(offer),
            auto_complete_hint: text(hint),
            display_name: text(title),
            description: text(description),
            url: text(url),
        };
        let go = go.clone();
        let call = async move {
            if new {
                chat.client().send(CreateCommand { query: (), body }).await
            } else {
                chat.client().send(UpdateCommand { command_id: id, query: (), body }).await
            }
        };
        sent.send(call, move |command| {
            chat.toasts.show(ToastKind::Success, words::saved());
            if new {
                go(command.id.as_str());
            } else {
                ways.call(format!("/{}", command.trigger));
            }
        });
    });
    let renew = Callback::new(move |()| {
        let call = async move { chat.client().send(RenewCommand { command_id: id, query: (), body: () }).await };
        sent.send(call, move |new| {
            token.try_set(new.token);
        });
    });
    let is_blank = |text: &String| text.trim().is_empty();
    let incomplete = Signal::derive(move || trigger.with(is_blank) || url.with(is_blank));
    let remove = move || async move {
        chat.client().send(DeleteCommand { command_id: id, query: (), body: () }).await.map(drop)
    };
    view! {
        {(!new && !token.with_untracked(String::is_empty)).then(|| view! {
            <section class="settings-section">
                <Secret label=words::token() value=token help=words::token_help() renew=Renewal::of_token(renew) />
            </section>
        })}
        <Form sent new incomplete submit>
            <TextField id="slash-title" label=words::integration_title() note=words::optional() value=title max_length=DISPLAY_NAME_MAX as u32 />
            <TextField id="slash-description" label=words::description() note=words::optional() value=description max_length=DESCRIPTION_MAX as u32 />
            <Field id="slash-trigger" label=words::slash_trigger() help=words::slash_trigger_help()>
                <div class="affix">
                    <span class="affix-text">"/"</span>
                    <input
                        class="input"
                        id="slash-trigger"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength=TRIGGER_MAX
                        aria-describedby="slash-trigger-help"
                        prop:value=move || trigger.get()
                        on:input=move |event| trigger.set(event_target_value(&event))
                    />
                </div>
            </Field>
            <TextField id="slash-url" label=words::slash_url() value=url required=true max_length=URL_MAX as u32 help=words::slash_url_help() />
            <Select id="slash-method" label=words::slash_method() options=methods value=method />
            <TextField id="slash-username" label=words::integration_name() note=words::optional() value=username max_length=USERNAME_MAX as u32 help=words::integration_name_help() />
            <TextField id="slash-icon" label=words::integration_picture() note=words::optional() value=icon max_length=URL_MAX as u32 help=words::integration_picture_help() />
            <Toggle on=offered on_change=Callback::new(move |on| offered.set(on)) label=words::slash_offered() help=words::slash_offered_help() />
            <Show when=move || offered.get()>
                <TextField id="slash-hint" label=words::slash_hint() note=words::optional() value=hint max_length=1_024_u32 help=words::slash_hint_help() />
                <TextField id="slash-offer" label=words::slash_offer() note=words::optional() value=offer max_length=1_024_u32 help=words::slash_offer_help() />
            </Show>
        </Form>
        {(!new).then(|| view! { <Remove title=format!("/{}", command.trigger) text=words::slash_remove_text() remove /> })}
    }
}
