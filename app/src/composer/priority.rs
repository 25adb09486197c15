//! How much the next message asks to be seen: important or urgent, and whether people are to say that they have seen it.
//! Chosen for a channel, it goes with the next message there.

use leptos::{ev, prelude::*};
use model::{ChannelId, PostId, posts::Priority};

use crate::{
    chat::{Chat, use_chat},
    ui::{Check, Icon, IconButton, Popover},
    waiting, words,
};

/// What the next message of a channel asks for, and no longer.
pub fn take(chat: Chat, channel: ChannelId) -> Option<Priority> {
    chat.priorities.try_update(|all| all.remove(&channel)).flatten()
}

/// Gives back what a message asked for that is to be written anew.
pub fn put_back(chat: Chat, channel: ChannelId, priority: Option<Priority>) {
    if let Some(priority) = priority {
        chat.priorities.update(|all| {
            all.insert(channel, priority);
        });
    }
}

/// The mark of a message that asks to be seen.
pub fn badge(priority: &Priority) -> Option<impl IntoView + use<>> {
    let name = match priority.priority.as_str() {
        Priority::IMPORTANT => words::priority_important(),
        Priority::URGENT => words::priority_urgent(),
        _ => return None,
    };
    let kind = priority.priority.clone();
    Some(view! { <span class="badge" data-priority=kind>{name}</span> })
}

/// Changes what the next message of a channel asks for; what asks for nothing is not kept.
fn change(chat: Chat, channel: ChannelId, change: impl FnOnce(&mut Priority)) {
    chat.priorities.update(|all| {
        let mut priority = all.remove(&channel).unwrap_or_default();
        change(&mut priority);
        if !priority.is_none() {
            all.insert(channel, priority);
        }
    });
    // It is part of the draft.
    waiting::typed(chat, channel, PostId::NONE, true);
}

/// What the next message asks for, above what one writes.
#[component]
pub fn Asked(channel: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let asked = Memo::new(move |_| chat.priorities.with(|all| all.get(&channel).cloned()));
    view! {
        {move || asked.get().map(|asked| view! {
            <div class="composer-asked">
                {badge(&asked)}
                {asked.requested_ack.then(|| view! { <span class="composer-asked-ack"><Icon name=Icon::Check />{words::priority_ack_asked()}</span> })}
                <IconButton
                    icon=Icon::Close
                    label=words::priority_remove()
                    on:click=move |_| change(chat, channel, |p| *p = Priority::default())
                />
            </div>
        })}
    }
}

/// Asks how much the next message of a channel is to be seen; once per page.
#[component]
pub fn PriorityCard(
    open: RwSignal<bool>,
    channel: RwSignal<ChannelId>,
    point: Signal<Option<(i32, i32)>>,
) -> impl IntoView {
    view! {
        <Popover open label=words::priority_title() class="profile-card priority-card" point first="input:checked">
            <Choices open channel=channel.get_untracked() />
        </Popover>
    }
}

#[component]
fn Choices(open: RwSignal<bool>, channel: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let now = chat.priorities.with_untracked(|all| all.get(&channel).cloned()).unwrap_or_default();
    let ack = RwSignal::new(now.requested_ack);
    Effect::new(move |before: Option<bool>| {
        let ack = ack.get();
        if before.is_some_and(|before| before != ack) {
            change(chat, channel, |p| p.requested_ack = ack);
        }
        ack
    });
    let choice = move |value: &'static str, name: &'static str, help: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="priority"
                    checked=now.priority == value
                    on:change=move |_| change(chat, channel, |p| value.clone_into(&mut p.priority))
                />
                <span class="choice-text"><span>{name}</span><small>{help}</small></span>
            </label>
        }
    };
    let done = move |event: ev::SubmitEvent| {
        event.prevent_default();
        open.set(false);
    };
    view! {
        <form on:submit=done>
            <fieldset class="choices">
                <legend class="profile-name">{words::priority_title()}</legend>
                {choice("", words::priority_standard(), words::priority_standard_help())}
                {choice(Priority::IMPORTANT, words::priority_important(), words::priority_important_help())}
                {choice(Priority::URGENT, words::priority_urgent(), words::priority_urgent_help())}
            </fieldset>
            <Check checked=ack>{words::priority_ask_ack()}</Check>
            <div class="profile-actions"><button type="submit" class="btn btn-primary">{words::done()}</button></div>
        </form>
    }
}
