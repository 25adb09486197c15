//! The emoji picker: standard emoji, and those that people added.

use leptos::prelude::*;
use model::text::emoji::{self, Emoji};

use crate::{
    actions,
    chat::{Chat, use_chat},
    state::{Model, Topic},
    ui::Icon,
    words,
};

/// How many are found at most.
const FOUND: usize = 64;
/// How many custom ones the picker lists; the others are found by typing.
const LISTED: usize = 500;

/// Something to pick.
#[derive(Clone, PartialEq)]
struct Cell {
    name: String,
    title: String,
    look: Look,
}

#[derive(Clone, PartialEq)]
enum Look {
    Text(&'static str),
    /// The address of a picture.
    Picture(String),
}

impl From<Emoji> for Cell {
    fn from(e: Emoji) -> Self {
        Self { name: e.name.to_owned(), title: e.title.to_owned(), look: Look::Text(e.text) }
    }
}

impl Look {
    fn view(self) -> AnyView {
        match self {
            Self::Text(text) => text.into_any(),
            Self::Picture(src) => view! { <img src=src alt="" loading="lazy" /> }.into_any(),
        }
    }
}

/// The groups of the picker.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Recent,
    Standard(usize),
    Custom,
}

/// The custom emoji with something in their names.
fn custom(m: &Model, part: &str, most: usize) -> Vec<Cell> {
    let fits = m.custom_emoji.keys().filter(|name| name.to_lowercase().contains(part)).take(most);
    fits.filter_map(|name| of_custom(m, name)).collect()
}

fn of_custom(m: &Model, name: &str) -> Option<Cell> {
    let look = Look::Picture(m.emoji_picture(name)?);
    Some(Cell { name: name.to_owned(), title: name.replace('_', " "), look })
}

fn named(chat: Chat, name: &str) -> Option<Cell> {
    let standard = emoji::search(name, 8).into_iter().find(|e| e.name == name).map(Cell::from);
    standard.or_else(|| chat.peek(|m| of_custom(m, name)))
}

/// Finds and picks; gives the name.
#[component]
pub fn Picker(pick: Callback<String>) -> impl IntoView {
    let chat = use_chat();
    let wanted = RwSignal::new(String::new());
    let group = RwSignal::new(Group::Recent);
    let shown = RwSignal::new(None::<Cell>);
    let list = move || -> (String, Vec<Cell>) {
        chat.emoji.track();
        chat.track(Topic::Emoji);
        let text = wanted.with(|t| t.trim().trim_matches(':').to_lowercase().replace(' ', "_"));
        if !text.is_empty() {
            let mut found = chat.peek(|m| custom(m, &text, FOUND));
            found.extend(emoji::search(&text, FOUND).into_iter().map(Cell::from));
            return (words::emoji_found().to_owned(), found);
        }
        match group.get() {
            Group::Standard(n) if n < emoji::categories().len() => {
                let category = &emoji::categories()[n];
                (title_of(category.name), category.emoji.iter().copied().map(Cell::from).collect())
            }
            Group::Custom => (words::emoji_custom().to_owned(), chat.peek(|m| custom(m, "", LISTED))),
            _ => {
                let recent = actions::recent_emoji();
                let names = recent.iter().map(String::as_str).chain(emoji::COMMON.iter().copied());
                let mut seen = std::collections::BTreeSet::new();
                let cells = names.filter(|name| seen.insert(*name)).filter_map(|name| named(chat, name));
                (words::emoji_frequent().to_owned(), cells.take(36).collect())
            }
        }
    };
    let cell = move |cell: Cell| {
        let (by_mouse, by_key, name) = (cell.clone(), cell.clone(), cell.name.clone());
        view! {
            <button
                type="button"
                class="emoji-cell"
                aria-label=cell.title
                on:pointerenter=move |_| shown.set(Some(by_mouse.clone()))
                on:focus=move |_| shown.set(Some(by_key.clone()))
                on:click=move |_| pick.run(name.clone())
            >
                {cell.look.view()}
            </button>
        }
    };
    let tab = move |which: Group, icon: &'static str, label: String| {
        view! {
            <button
                type="button"
                role="tab"
                aria-selected=move || if group.get() == which { "true" } else { "false" }
                aria-label=label
                on:click=move |_| {
                    wanted.set(String::new());
                    group.set(which);
                }
            >
                {icon}
            </button>
        }
    };
    let first = move || list().1.first().map(|e| e.name.clone());
    let any_custom = Memo::new(move |_| chat.read(Topic::Emoji, |m| !m.custom_emoji.is_empty()));
    view! {
        <div class="input-wrap">
            <Icon name=Icon::Search />
            <input
                class="input"
                type="search"
                aria-label=words::emoji_search()
                placeholder=words::emoji_search()
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
            {tab(Group::Recent, "🕘", words::emoji_frequent().to_owned())}
            {move || {
                chat.emoji.track();
                let categories = emoji::categories().iter().enumerate();
                categories.map(|(n, c)| tab(Group::Standard(n), c.icon, title_of(c.name))).collect_view()
            }}
            {move || any_custom.get().then(|| tab(Group::Custom, "✨", words::emoji_custom().to_owned()))}
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
                <span class="emoji-big">{e.look.view()}</span>
                <span class="emoji-name">{format!(":{}:", e.name)}</span>
            })}
        </div>
    }
}

/// `smileys-emotion` as people read it.
fn title_of(name: &str) -> String {
    let title = match name {
        "smileys-emotion" => words::emoji_smileys(),
        "people-body" => words::emoji_people(),
        "animals-nature" => words::emoji_animals(),
        "food-drink" => words::emoji_food(),
        "travel-places" => words::emoji_travel(),
        "activities" => words::emoji_activities(),
        "objects" => words::emoji_objects(),
        "symbols" => words::emoji_symbols(),
        "flags" => words::emoji_flags(),
        other => other,
    };
    title.to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn groups_have_titles() {
        assert_eq!(super::title_of("smileys-emotion"), "Smileys and emotion");
        assert_eq!(super::title_of("flags"), "Flags");
    }
}
