//! What stands in the list of channels, and how writing behaves.

use leptos::prelude::*;
use model::posts::LETS_SEE;

use super::parts::{Answer, Choices, Preferred, Section, Toggle, answer};
use crate::{chat::use_chat, words};

fn limits() -> [Answer; 5] {
    [
        answer("10000", words::behaviour_all()),
        answer("10", words::behaviour_last_10()),
        answer("15", words::behaviour_last_15()),
        answer("20", words::behaviour_last_20()),
        answer("40", words::behaviour_last_40()),
    ]
}

#[component]
pub fn SidebarPage() -> impl IntoView {
    let unread = Preferred::new("sidebar_settings", "show_unread_section", "false");
    let limit = Preferred::new("sidebar_settings", "limit_visible_dms_gms", "40");
    view! {
        <Section title=words::behaviour_unread()>
            <Toggle
                on=unread.is_on()
                on_change=unread.switch()
                label=words::behaviour_unread_top()
                help=words::behaviour_unread_help()
            />
        </Section>
        <Section title=words::side_direct()>
            <Choices name="limit" legend=words::behaviour_listed() answers=limits() chosen=limit.signal() on_choose=limit.choose() />
        </Section>
    }
}

fn sending() -> [Answer; 2] {
    [
        Answer { value: "false", label: words::behaviour_enter_sends(), help: words::behaviour_enter_sends_help() },
        Answer { value: "true", label: words::behaviour_enter_breaks(), help: words::behaviour_enter_breaks_help() },
    ]
}

#[component]
pub fn AdvancedPage() -> impl IntoView {
    let chat = use_chat();
    let seen = Preferred::new(LETS_SEE.0, LETS_SEE.1, "false");
    let enter = Preferred::new("advanced_settings", "send_on_ctrl_enter", "false");
    view! {
        <Section title=words::keys_writing()>
            <Choices name="enter" legend=words::behaviour_enter() answers=sending() chosen=enter.signal() on_choose=enter.choose() />
        </Section>
        {chat.peek(|m| m.is_on("EnableSeenBy")).then(|| view! {
            <Section title=words::seen_section()>
                <Toggle on=seen.is_on() on_change=seen.switch() label=words::seen_share() help=words::seen_share_help() />
            </Section>
        })}
    }
}
