//! The keys, listed.

use leptos::prelude::*;

use super::Dialogues;
use crate::{browser, ui::Dialog};

const KEYS: &[(&str, &[(&str, &str)])] = &[
    (
        "Getting around",
        &[
            ("Ctrl K", "Find a channel or a person"),
            ("Ctrl Shift F", "Search messages and files"),
            ("Alt ↑", "Previous channel"),
            ("Alt ↓", "Next channel"),
            ("Alt Shift ↑", "Previous unread channel"),
            ("Alt Shift ↓", "Next unread channel"),
            ("Ctrl .", "About the channel"),
            ("Ctrl Shift L", "To the messages"),
            ("↑ ↓", "From message to message"),
            ("Ctrl /", "This list"),
            ("Esc", "Close what is open"),
        ],
    ),
    (
        "Writing",
        &[
            ("Enter", "Send"),
            ("Shift Enter", "New line"),
            ("↑", "Edit your last message, in an empty box"),
            ("Ctrl B", "Bold"),
            ("Ctrl I", "Italic"),
            ("Ctrl Shift X", "Struck through"),
            ("Ctrl Alt K", "Link"),
        ],
    ),
];

/// Opened by Ctrl and the slash.
#[component]
pub fn HelpDialog() -> impl IntoView {
    let open = expect_context::<Dialogues>().help;
    let row = |(keys, what): &(&str, &'static str)| {
        view! { <dt><kbd class="kbd">{browser::keys(keys)}</kbd></dt><dd>{*what}</dd> }
    };
    view! {
        <Dialog open title="Keyboard shortcuts" wide=true>
            <div class="dialog-body keys">
                {KEYS
                    .iter()
                    .map(|(title, keys)| view! {
                        <section>
                            <h3>{*title}</h3>
                            <dl class="info-list">{keys.iter().map(row).collect_view()}</dl>
                        </section>
                    })
                    .collect_view()}
            </div>
        </Dialog>
    }
}
