//! The keys, listed.

use leptos::prelude::*;

use super::Dialogues;
use crate::ui::Dialog;

const KEYS: &[(&str, &str)] = &[
    ("Ctrl K", "Find a channel or a person"),
    ("Alt ↑  Alt ↓", "Previous and next channel"),
    ("Alt Shift ↑  Alt Shift ↓", "Previous and next unread channel"),
    ("Enter", "Send"),
    ("Shift Enter", "New line"),
    ("↑ in an empty box", "Edit your last message"),
    ("Ctrl B  Ctrl I", "Bold, italic"),
    ("Ctrl Shift X", "Struck through"),
    ("Ctrl Alt K", "Link"),
    ("Esc", "Close what is open"),
];

/// Opened by Ctrl and the slash.
#[component]
pub fn HelpDialog() -> impl IntoView {
    let open = expect_context::<Dialogues>().help;
    view! {
        <Dialog open title="Keyboard shortcuts">
            <div class="dialog-body">
                <dl class="info-list">
                    {KEYS.iter().map(|(keys, what)| view! { <dt><kbd class="kbd">{*keys}</kbd></dt><dd>{*what}</dd> }).collect_view()}
                </dl>
            </div>
        </Dialog>
    }
}
