//! What stands in the list of channels, and how writing behaves.

use leptos::prelude::*;

use super::parts::{Answer, Choices, Preferred, Section, Toggle, answer};

const LIMITS: &[Answer] = &[
    answer("10000", "All"),
    answer("10", "The last 10"),
    answer("15", "The last 15"),
    answer("20", "The last 20"),
    answer("40", "The last 40"),
];

#[component]
pub fn SidebarPage() -> impl IntoView {
    let unread = Preferred::new("sidebar_settings", "show_unread_section", "false");
    let limit = Preferred::new("sidebar_settings", "limit_visible_dms_gms", "40");
    view! {
        <Section title="Unread channels">
            <Toggle
                on=unread.is_on()
                on_change=unread.switch()
                label="Keep what is unread at the top"
                help="In a section of its own, until it is read."
            />
        </Section>
        <Section title="Direct messages">
            <Choices name="limit" legend="How many conversations are listed" answers=LIMITS chosen=limit.signal() on_choose=limit.choose() />
        </Section>
    }
}

const SENDING: &[Answer] = &[
    Answer { value: "false", label: "Enter sends", help: "Shift and Enter begin a new line." },
    Answer { value: "true", label: "Enter begins a new line", help: "Ctrl and Enter (⌘ and Enter on a Mac) send." },
];

#[component]
pub fn AdvancedPage() -> impl IntoView {
    let enter = Preferred::new("advanced_settings", "send_on_ctrl_enter", "false");
    view! {
        <Section title="Writing">
            <Choices name="enter" legend="The Enter key" answers=SENDING chosen=enter.signal() on_choose=enter.choose() />
        </Section>
    }
}
