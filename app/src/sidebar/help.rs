//! The keys, listed.

use leptos::prelude::*;

use super::Dialogues;
use crate::{browser, ui::Dialog, words};

/// A group of keys: its title, and what each of them does.
type Group = (&'static str, Vec<(&'static str, &'static str)>);

fn keys() -> [Group; 2] {
    [
        (
            words::keys_around(),
            vec![
                ("Ctrl K", words::keys_find()),
                ("Ctrl Shift F", words::keys_search()),
                ("Alt ↑", words::keys_previous()),
                ("Alt ↓", words::keys_next()),
                ("Alt Shift ↑", words::keys_previous_unread()),
                ("Alt Shift ↓", words::keys_next_unread()),
                ("Ctrl .", words::keys_about()),
                ("Ctrl Shift L", words::keys_to_messages()),
                ("↑ ↓", words::keys_by_message()),
                ("Ctrl /", words::keys_this()),
                ("Esc", words::keys_close()),
            ],
        ),
        (
            words::keys_writing(),
            vec![
                ("Enter", words::composer_send()),
                ("Shift Enter", words::keys_line()),
                ("↑", words::keys_edit_last()),
                ("Ctrl B", words::composer_bold()),
                ("Ctrl I", words::composer_italic()),
                ("Ctrl Shift X", words::composer_struck()),
                ("Ctrl Alt K", words::composer_link()),
                ("Ctrl Alt P", words::composer_preview()),
            ],
        ),
    ]
}

/// Opened by Ctrl and the slash.
#[component]
pub fn HelpDialog() -> impl IntoView {
    let open = expect_context::<Dialogues>().help;
    let row = |(keys, what): (&str, &'static str)| {
        view! { <dt><kbd class="kbd" dir="ltr">{browser::keys(keys)}</kbd></dt><dd>{what}</dd> }
    };
    view! {
        <Dialog open title=words::keys_title() wide=true>
            <div class="dialog-body keys">
                {keys()
                    .into_iter()
                    .map(|(title, keys)| view! {
                        <section>
                            <h3>{title}</h3>
                            <dl class="info-list">{keys.into_iter().map(row).collect_view()}</dl>
                        </section>
                    })
                    .collect_view()}
            </div>
        </Dialog>
    }
}
