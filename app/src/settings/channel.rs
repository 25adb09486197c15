//! What one is told of in one channel, where it differs from everywhere else.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use model::{ChannelId, StringMap, channels::SetChannelNotifyProps};

use super::parts::{Answer, Choices, Toggle, answer};
use crate::{
    chat::use_chat,
    state::Topic,
    ui::{Button, ButtonKind, Notice, NoticeKind},
    words,
};

fn desktop() -> [Answer; 4] {
    [
        answer("default", words::notify_default()),
        answer("all", words::notify_every()),
        answer("mention", words::notify_concerns_me()),
        answer("none", words::notify_nothing()),
    ]
}

fn threads() -> [Answer; 3] {
    [
        answer("default", words::notify_default()),
        answer("all", words::notify_replies_me()),
        answer("mention", words::notify_reply_mentions_me()),
    ]
}

/// The form, for a dialog of the channel.
#[component]
pub fn ChannelNotifications(id: ChannelId, open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let me = chat.peek(|m| m.me).to_string();
    let known = move || {
        chat.read(Topic::Channel(id), |m| m.memberships.get(&id).map(|m| m.notify_props.clone()).unwrap_or_default())
    };
    let chosen = RwSignal::new(BTreeMap::<String, String>::new());
    let now = move |name: &'static str| {
        Signal::derive(move || {
            let kept = || known().get(name).cloned().filter(|value| !value.is_empty());
            chosen.with(|all| all.get(name).cloned()).or_else(kept).unwrap_or_else(|| "default".to_owned())
        })
    };
    let choose = move |name: &'static str| {
        Callback::new(move |new: String| {
            chosen.update(|all| {
                all.insert(name.to_owned(), new);
            });
        })
    };
    let muted = Signal::derive(move || now("mark_unread").get() == "mention");
    let ignores = Signal::derive(move || match now("ignore_channel_mentions").get().as_str() {
        "on" => true,
        "off" => false,
        _ => muted.get(),
    });
    let mailed = Signal::derive(move || now("email").get() != "false");
    let set = move |name: &'static str, on: &'static str, off: &'static str| {
        let choose = choose(name);
        Callback::new(move |is: bool| choose.run(if is { on } else { off }.to_owned()))
    };
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let save = move |_| {
        let body: StringMap = chosen.get_untracked();
        if body.is_empty() {
            return open.set(false);
        }
        busy.set(true);
        let user_id = me.clone();
        spawn_local(async move {
            let call = SetChannelNotifyProps { channel_id: id, user_id, query: (), body: body.clone() };
            match chat.client().send(call).await {
                Ok(_) => {
                    chat.update(|m| {
                        if let Some(member) = m.memberships.get_mut(&id) {
                            member.notify_props.extend(body);
                        }
                        vec![Topic::Channels, Topic::Channel(id), Topic::Teams]
                    });
                    open.set(false);
                }
                Err(failure) => error.set(Some(failure.to_string())),
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="dialog-body">
            {move || error.get().map(|reason| view! { <Notice kind=NoticeKind::Danger>{reason}</Notice> })}
            <Toggle on=muted on_change=set("mark_unread", "mention", "all") label=words::notify_mute() help=words::notify_mute_help() />
            <Show when=move || !muted.get()>
                <Choices name="channel_desktop" legend=words::notify_tell() answers=desktop() chosen=now("desktop") on_choose=choose("desktop") />
                <Choices name="channel_threads" legend=words::notify_threads() answers=threads() chosen=now("desktop_threads") on_choose=choose("desktop_threads") />
                <Toggle on=mailed on_change=set("email", "default", "false") label=words::notify_mail_too() help=words::notify_mail_too_help() />
            </Show>
            <Toggle on=ignores on_change=set("ignore_channel_mentions", "on", "off") label=words::notify_pass_over() />
        </div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
            <Button kind=ButtonKind::Primary busy on:click=save>{words::save()}</Button>
        </footer>
    }
}
