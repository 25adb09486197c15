//! Pictures of people, bots and teams: the picture if there is one, else initials on a colour that stays the same for
//! the same id everywhere.

use leptos::prelude::*;

use crate::words;

/// Whether somebody is there. Each has its own shape as well as its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Presence {
    Online,
    Away,
    Dnd,
    #[default]
    Offline,
}

impl Presence {
    /// What screen readers say.
    pub fn label(self) -> &'static str {
        match self {
            Self::Online => words::status_online(),
            Self::Away => words::status_away(),
            Self::Dnd => words::status_dnd(),
            Self::Offline => words::status_offline(),
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Online => "presence presence-online",
            Self::Away => "presence presence-away",
            Self::Dnd => "presence presence-dnd",
            Self::Offline => "presence presence-offline",
        }
    }
}

/// How many colours there are in `style/_ui.scss`.
const COLOURS: u32 = 12;

/// The colour of an id: always the same, and evenly spread (FNV-1a).
pub fn colour_of(id: &str) -> u32 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) % COLOURS
}

/// The first letters of the first and the last word.
pub fn initials_of(name: &str) -> String {
    let mut words = name
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-'))
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).take(2).collect()
}

/// A picture or initials, with an optional presence dot.
#[component]
pub fn Avatar(
    /// Decides the colour.
    #[prop(into)]
    id: String,
    /// Decides the initials.
    #[prop(into)]
    name: Signal<String>,
    /// 20, 24, 32, 36, 48 or 72.
    #[prop(default = 36)]
    size: u16,
    /// The address of the picture, if there is one.
    #[prop(optional, into)]
    picture: Signal<Option<String>>,
    /// For bots and teams.
    #[prop(optional)]
    square: bool,
    #[prop(optional, into)] presence: Option<Signal<Presence>>,
) -> impl IntoView {
    let class =
        format!("avatar avatar-{size} avatar-c{}{}", colour_of(&id), if square { " avatar-square" } else { "" });
    view! {
        <span class=class>
            {move || match picture.get() {
                Some(src) => view! { <img class="avatar-img" src=src alt="" width=size height=size loading="lazy" /> }.into_any(),
                None => view! { <span class="avatar-initials" aria-hidden="true">{name.with(|name| initials_of(name))}</span> }.into_any(),
            }}
            {presence.map(|presence| view! { <PresenceDot presence /> })}
        </span>
    }
}

/// The dot alone, for places without a picture.
#[component]
pub fn PresenceDot(#[prop(into)] presence: Signal<Presence>) -> impl IntoView {
    view! { <span class=move || presence.get().class() role="img" aria-label=move || presence.get().label()></span> }
}

#[cfg(test)]
mod tests {
    use super::{colour_of, initials_of};

    #[test]
    fn initials_are_those_of_the_outer_words() {
        assert_eq!(initials_of("Maya Lindqvist"), "ML");
        assert_eq!(initials_of("Ana Lucia de Souza"), "AS");
        assert_eq!(initials_of("tom.okafor"), "TO");
        assert_eq!(initials_of("ida"), "I");
        assert_eq!(initials_of("李 明"), "李明");
        assert_eq!(initials_of("  "), "");
    }

    #[test]
    fn colours_stay_and_spread() {
        assert_eq!(colour_of("abc"), colour_of("abc"));
        let used: std::collections::HashSet<_> = (0..200).map(|n| colour_of(&format!("user-{n}"))).collect();
        assert_eq!(used.len(), 12);
    }
}
