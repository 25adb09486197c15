//! The emoji picker.

use leptos::prelude::*;
use model::text::emoji::{self, Emoji};

use crate::{actions, chat::use_chat, ui::Icon};

/// How many are found at most.
const FOUND: usize = 64;

/// Finds and picks; gives the name.
#[component]
pub fn Picker(pick: Callback<String>) -> impl IntoView {
    let chat = use_chat();
    let wanted = RwSignal::new(String::new());
    let group = RwSignal::new(None::<usize>);
    let shown = RwSignal::new(None::<Emoji>);
    let named = |name: &str| emoji::search(name, 8).into_iter().find(|e| e.name == name);
    let list = move || -> (String, Vec<Emoji>) {
        chat.emoji.track();
        let text = wanted.with(|t| t.trim().trim_matches(':').to_owned());
        if !text.is_empty() {
            return ("Found".to_owned(), emoji::search(&text.replace(' ', "_"), FOUND));
        }
        if let Some(category) = group.get().and_then(|n| emoji::categories().get(n)) {
            return (title_of(category.name), category.emoji.clone());
        }
        let recent = actions::recent_emoji();
        let names = recent.iter().map(String::as_str).chain(emoji::COMMON.iter().copied());
        let mut seen = std::collections::BTreeSet::new();
        ("Frequently used".to_owned(), names.filter(|name| seen.insert(*name)).filter_map(named).take(36).collect())
    };
    let cell = move |e: Emoji| {
        view! {
            <button
                type="button"
                class="emoji-cell"
                aria-label=e.title
                on:pointerenter=move |_| shown.set(Some(e))
                on:focus=move |_| shown.set(Some(e))
                on:click=move |_| pick.run(e.name.to_owned())
            >
                {e.text}
            </button>
        }
    };
    let tab = move |n: Option<usize>, icon: &'static str, label: String| {
        view! {
            <button
                type="button"
                role="tab"
                aria-selected=move || if group.get() == n { "true" } else { "false" }
                aria-label=label
                on:click=move |_| {
                    wanted.set(String::new());
                    group.set(n);
                }
            >
                {icon}
            </button>
        }
    };
    let first = move || list().1.first().map(|e| e.name.to_owned());
    view! {
        <div class="input-wrap">
            <Icon name=Icon::Search />
            <input
                class="input"
                type="search"
                aria-label="Search emoji"
                placeholder="Search emoji"
                prop:value=move || wanted.get()
                on:input=move |event| wanted.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        if let Some(name) = untrack(first) {
                            pick.run(name);
                        }
                    }
                }
            />
        </div>
        <div class="emoji-tabs" role="tablist">
            {tab(None, "🕘", "Frequently used".to_owned())}
            {move || {
                chat.emoji.track();
                emoji::categories().iter().enumerate().map(|(n, c)| tab(Some(n), c.icon, title_of(c.name))).collect_view()
            }}
        </div>
        <div class="emoji-scroll">
            {move || {
                let (title, list) = list();
                view! {
                    <h3 class="emoji-group">{title}</h3>
                    <div class="emoji-grid">{list.into_iter().map(cell).collect_view()}</div>
                }
            }}
        </div>
        <div class="emoji-preview">
            {move || shown.get().map(|e| view! {
                <span class="emoji-big">{e.text}</span>
                <span class="emoji-name">{format!(":{}:", e.name)}</span>
            })}
        </div>
    }
}

/// `smileys-emotion` as people read it.
fn title_of(name: &str) -> String {
    let mut title = name.replacen('-', " and ", 1);
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

#[cfg(test)]
mod tests {
    #[test]
    fn groups_have_titles() {
        assert_eq!(super::title_of("smileys-emotion"), "Smileys and emotion");
        assert_eq!(super::title_of("flags"), "Flags");
    }
}
