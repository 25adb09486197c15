//! What other programs show and ask: attachments of messages, dialogs, and slash commands.
//!
//! All of it comes with the page's second module, and what looks after them with the third; only the box one writes in
//! knows that there are commands.

mod attachments;
mod commands;
mod dialog;
mod manage;

pub use attachments::Attachments;
pub use commands::{arrive, give, offered};
pub use dialog::ProgramDialog;
pub use manage::{PAGES, any_for};

use model::posts::Props;
use serde_json::Value;

/// A text of an object; numbers as they are written, anything else as if it were not there.
fn text(of: &Props, name: &str) -> String {
    match of.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Whether an object says yes to something.
fn flag(of: &Props, name: &str) -> bool {
    of.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// The objects of a list.
fn objects<'a>(of: &'a Props, name: &str) -> impl Iterator<Item = &'a Props> {
    of.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// An address that may be followed.
fn address(of: &Props, name: &str) -> Option<String> {
    let text = text(of, name);
    ["https://", "http://", "mailto:"].iter().any(|begin| text.starts_with(begin)).then_some(text)
}

/// Something to choose: what is shown, and what is sent.
#[derive(Clone, Debug, Default, PartialEq)]
struct Choice {
    text: String,
    value: String,
}

/// What can be chosen: what is listed, or people or channels that are known here.
fn choices(m: &crate::state::Model, of: &Props) -> Vec<Choice> {
    match text(of, "data_source").as_str() {
        "users" => {
            let mut people: Vec<Choice> = m
                .users
                .values()
                .filter(|u| u.delete_at == 0)
                .map(|u| Choice { text: u.display_name(), value: u.id.to_string() })
                .collect();
            people.sort_by_cached_key(|person| person.text.to_lowercase());
            people
        }
        "channels" => m
            .team_channels()
            .into_iter()
            .map(|c| Choice { text: c.display_name.clone(), value: c.id.to_string() })
            .collect(),
        _ => objects(of, "options").map(|o| Choice { text: text(o, "text"), value: text(o, "value") }).collect(),
    }
}
