//! Making a channel.

use leptos::{ev, prelude::*, task::spawn_local};
use model::channels::{ChannelType, CreateChannel, NewChannel};

use super::Dialogues;
use crate::{
    browser,
    chat::use_chat,
    frame::go_to,
    load,
    teams::address_of,
    ui::{Button, ButtonKind, Dialog, Icon, Notice, NoticeKind, TextField},
    words,
};

/// Opened from the team's menu and from the list of channels.
#[component]
pub fn CreateDialog() -> impl IntoView {
    let open = expect_context::<Dialogues>().create;
    view! {
        <Dialog open title=words::channel_new()>
            <Form open />
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let go = go_to();
    let title = RwSignal::new(String::new());
    let purpose = RwSignal::new(String::new());
    let private = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let display_name = title.get_untracked().trim().to_owned();
        let mut name = address_of(&display_name);
        if name.len() < 2 {
            // A name without Latin letters still needs an address.
            name = format!("channel-{}", browser::now());
        }
        let kind = if private.get_untracked() { ChannelType::Private } else { ChannelType::Open };
        let body = NewChannel {
            team_id: chat.peek(|m| m.team).to_string(),
            name,
            display_name,
            kind: kind.as_str().to_owned(),
            purpose: purpose.get_untracked().trim().to_owned(),
            ..NewChannel::default()
        };
        busy.set(true);
        error.set(None);
        let go = go.clone();
        spawn_local(async move {
            let made = chat.client().send(CreateChannel { query: (), body }).await;
            let entered = match made {
                Ok(channel) => {
                    let member = model::channels::ChannelMember {
                        channel_id: channel.id,
                        user_id: chat.peek(|m| m.me),
                        scheme_admin: true,
                        scheme_user: true,
                        msg_count: channel.total_msg_count,
                        ..Default::default()
                    };
                    chat.update(|m| m.take_channel(channel.clone(), Some(member)));
                    Ok(channel)
                }
                Err(failure) => Err(failure),
            };
            match entered {
                Ok(channel) => {
                    open.set(false);
                    go(&chat.peek(|m| m.path_of(&channel)), false);
                    load::channels(chat).await;
                }
                Err(failure) => {
                    error.try_set(Some(failure.to_string()));
                    busy.try_set(false);
                }
            }
        });
    };
    let choice = move |value: bool, icon: Icon, name: &'static str, text: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="kind" prop:checked=move || private.get() == value on:change=move |_| private.set(value) />
                <Icon name=icon />
                <span class="choice-text"><strong>{name}</strong><small>{text}</small></span>
            </label>
        }
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                {move || error.get().map(|text| view! { <Notice kind=NoticeKind::Danger>{text}</Notice> })}
                <TextField id="channel-title" label=words::name() value=title required=true autofocus=true max_length=64_u32 />
                <TextField id="channel-purpose" label=words::channel_purpose() note=words::optional() value=purpose max_length=250_u32 help=words::channel_purpose_help() />
                <fieldset class="choices">
                    <legend class="field-label">{words::channel_who_sees()}</legend>
                    {choice(false, Icon::Hash, words::channel_public(), words::channel_public_help())}
                    {choice(true, Icon::Lock, words::channel_private(), words::channel_private_help())}
                </fieldset>
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true busy disabled=Signal::derive(move || title.with(|t| t.trim().is_empty()))>
                    {words::create()}
                </Button>
            </footer>
        </form>
    }
}
