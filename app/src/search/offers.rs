//! What is offered while one writes a search: filters, and what can be behind them.

use model::channels::ChannelType;

use crate::{browser, chat::Chat, time::Wall, words};

/// Something to take over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub shown: String,
    pub hint: String,
    /// What stands in place of the last word then.
    pub insert: String,
}

/// How to look, and what that means.
pub fn help() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        ("from:ann", words::search_from()),
        ("in:town-square", words::search_in_help()),
        ("before:2026-05-01", words::search_before()),
        ("after:2026-05-01", words::search_after()),
        ("on:2026-05-01", words::search_on()),
        ("ext:pdf", words::search_ext()),
        ("\"door code\"", words::search_phrase()),
        ("conf*", words::search_begin()),
        ("#topic", words::search_hashtag()),
        ("-draft", words::search_without()),
    ]
    .into_iter()
}

fn filters() -> [(&'static str, &'static str); 6] {
    [
        ("from:", words::search_from()),
        ("in:", words::search_in()),
        ("before:", words::search_before()),
        ("after:", words::search_after()),
        ("on:", words::search_on()),
        ("ext:", words::search_ext()),
    ]
}

const KINDS: [&str; 12] = ["pdf", "docx", "xlsx", "pptx", "odt", "txt", "md", "csv", "png", "jpg", "mp4", "zip"];
/// How many are offered.
const OFFERED: usize = 8;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// The word that is being written, its sign, filter and value: `-from:an` is `("-", "from", "an")`.
fn last(text: &str) -> Option<(&str, &str, &str)> {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let bare = word.strip_prefix('-').unwrap_or(word);
    let sign = &word[..word.len() - bare.len()];
    bare.split_once(':').map(|(name, value)| (sign, name, value))
}

/// The text with something in place of its last word.
pub fn with(text: &str, insert: &str) -> String {
    let start =
        text.rfind(char::is_whitespace).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    format!("{}{insert}", &text[..start])
}

/// The beginning of a person's name, if one is being written that others may fit than those known here.
pub fn person(text: &str) -> Option<String> {
    let (_, name, value) = last(text)?;
    let value = match name {
        "from" => value.trim_start_matches('@'),
        "in" => value.strip_prefix('@')?,
        _ => return None,
    };
    (!value.is_empty()).then(|| value.to_lowercase())
}

/// What fits what is being written.
pub fn offers(chat: Chat, text: &str, files: bool) -> Vec<Offer> {
    let Some((sign, name, value)) = last(text) else {
        let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let bare = word.strip_prefix('-').unwrap_or(word).to_lowercase();
        let sign = if word.starts_with('-') { "-" } else { "" };
        let fits = |filter: &&(&str, &str)| filter.0.starts_with(&bare) && (files || filter.0 != "ext:");
        let offer = |(filter, hint): &(&str, &str)| Offer {
            shown: format!("{sign}{filter}"),
            hint: (*hint).to_owned(),
            insert: format!("{sign}{filter}"),
        };
        return if bare.is_empty() && !word.is_empty() {
            Vec::new()
        } else {
            filters().iter().filter(fits).map(offer).collect()
        };
    };
    let wanted = value.to_lowercase();
    let offer =
        |value: &str, shown: String, hint: String| Offer { shown, hint, insert: format!("{sign}{name}:{value} ") };
    match name {
        "from" => people(chat, wanted.trim_start_matches('@'), |user, title| offer(user, title, format!("@{user}"))),
        "in" => {
            if let Some(wanted) = wanted.strip_prefix('@') {
                return people(chat, wanted, |user, title| offer(&format!("@{user}"), title, format!("@{user}")));
            }
            let wanted = wanted.trim_start_matches('~');
            chat.peek(|m| {
                let here = m.channels.values().filter(|c| {
                    m.memberships.contains_key(&c.id)
                        && c.kind != ChannelType::Direct
                        && (c.team_id.is_none() || c.team_id == m.team)
                });
                let mut all: Vec<_> = here
                    .map(|c| (m.title(c), c.name.clone()))
                    .filter(|(title, name)| title.to_lowercase().contains(wanted) || name.contains(wanted))
                    .collect();
                all.sort_by_key(|(title, _)| (!title.to_lowercase().starts_with(wanted), title.to_lowercase()));
                all.into_iter().take(OFFERED).map(|(title, name)| offer(&name, title, String::new())).collect()
            })
        }
        "before" | "after" | "on" => {
            let now = browser::now();
            [
                (words::search_today(), 0),
                (words::search_yesterday(), 1),
                (words::search_week(), 7),
                (words::search_month(), 30),
                (words::search_year(), 365),
            ]
            .into_iter()
            .map(|(title, ago)| {
                let at = now - ago * DAY;
                let date = Wall::of(at, browser::offset_minutes(at)).iso_date();
                (title, date)
            })
            .filter(|(_, date)| date.starts_with(&wanted) && *date != wanted)
            .map(|(title, date)| offer(&date, title.to_owned(), date.clone()))
            .collect()
        }
        "ext" => KINDS
            .iter()
            .filter(|kind| kind.starts_with(&wanted) && **kind != wanted)
            .take(OFFERED)
            .map(|kind| offer(kind, (*kind).to_owned(), String::new()))
            .collect(),
        _ => Vec::new(),
    }
}

fn people(chat: Chat, wanted: &str, offer: impl Fn(&str, String) -> Offer) -> Vec<Offer> {
    chat.peek(|m| {
        let mut all: Vec<(String, String)> = m
            .users
            .values()
            .filter(|user| user.delete_at == 0)
            .map(|user| (user.display_name(), user.username.clone()))
            .filter(|(title, name)| {
                name.starts_with(wanted) || title.to_lowercase().split(' ').any(|word| word.starts_with(wanted))
            })
            .collect();
        all.sort_by_key(|(title, name)| (!name.starts_with(wanted), title.to_lowercase()));
        all.into_iter().take(OFFERED).map(|(title, name)| offer(&name, title)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_completed() {
        assert_eq!(last("dogs -from:an"), Some(("-", "from", "an")));
        assert_eq!(last("dogs"), None);
        assert_eq!(with("dogs fr", "from:"), "dogs from:");
        assert_eq!(with("fr", "from:"), "from:");
        assert_eq!(person("x from:@An"), Some("an".to_owned()));
        assert_eq!(person("x in:an"), None);
    }
}
