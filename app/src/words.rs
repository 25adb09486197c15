//! Every text of the app, in the language of the page: a function for each key of `app/catalogue/en.txt`, such as
//! `words::composer_send()` or `words::thread_replies(count)`. A key that nobody uses is a warning.
//!
//! The server knows all languages and renders a page in the one of the request's [`Spoken`]. The browser is given the
//! table of that language before it brings the page to life, so both say the same.

use catalogue::{BETWEEN_FORMS, LANGUAGES, Language};
#[cfg(not(target_arch = "wasm32"))]
use leptos::prelude::use_context;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The language a page is rendered in; the server provides it as context.
#[derive(Clone, Copy, Debug)]
pub struct Spoken(pub &'static Language);

/// A language's texts, by number.
struct Table {
    language: &'static Language,
    lines: Vec<&'static str>,
}

impl Table {
    fn of(table: &'static str) -> Self {
        let mut lines = table.split('\n');
        let language = lines.next().and_then(catalogue::find).unwrap_or(&LANGUAGES[0]);
        Self { language, lines: lines.collect() }
    }
}

/// The one table a browser has.
#[cfg(target_arch = "wasm32")]
static TABLE: std::sync::OnceLock<Table> = std::sync::OnceLock::new();

/// Takes a language's table, once, before anything is said.
#[cfg(target_arch = "wasm32")]
pub fn speak(table: String) {
    let _ = TABLE.set(Table::of(table.leak()));
}

#[cfg(target_arch = "wasm32")]
fn table() -> &'static Table {
    TABLE.get_or_init(|| Table::of(""))
}

#[cfg(not(target_arch = "wasm32"))]
fn table() -> &'static Table {
    use std::sync::LazyLock;
    static TABLES: LazyLock<Vec<Table>> =
        LazyLock::new(|| LANGUAGES.iter().map(|l| Table::of(catalogue::table(l.code).leak())).collect());
    let spoken = use_context::<Spoken>().map_or("", |spoken| spoken.0.code);
    TABLES.iter().find(|table| table.language.code == spoken).unwrap_or(&TABLES[0])
}

/// Says something in a language, where no page is rendered.
#[cfg(not(target_arch = "wasm32"))]
pub fn in_language<T>(language: &'static Language, what: impl FnOnce() -> T) -> T {
    use leptos::prelude::{Owner, provide_context};
    Owner::new().with(|| {
        provide_context(Spoken(language));
        what()
    })
}

/// Why the server does not take a form.
#[cfg(not(target_arch = "wasm32"))]
pub fn from_another_site(language: &'static Language) -> &'static str {
    in_language(language, failure_other_site)
}

// Only the server says it.
#[cfg(target_arch = "wasm32")]
const _: fn() -> &'static str = failure_other_site;

/// The language of the page.
pub fn language() -> &'static Language {
    table().language
}

/// Whether one writes from right to left.
pub fn is_rtl() -> bool {
    language().direction == "rtl"
}

/// A text without parameters.
fn text(number: usize) -> &'static str {
    table().lines.get(number).copied().unwrap_or_default()
}

/// What is before, in and after the brackets of a text.
fn pieces(text: &'static str) -> [&'static str; 3] {
    let (before, rest) = text.split_once('[').unwrap_or((text, ""));
    let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
    [before, inside, after]
}

/// The form of a text for a number.
fn formed(number: usize, count: Option<i64>) -> &'static str {
    let mut forms = text(number).split(BETWEEN_FORMS);
    let other = forms.next().unwrap_or_default();
    let Some(count) = count else { return other };
    let mark = catalogue::form(language().code, count).mark();
    forms.find_map(|form| form.strip_prefix(mark)).unwrap_or(other)
}

fn filled(number: usize, count: Option<i64>, with: &[&str]) -> String {
    fill(formed(number, count), count, with)
}

fn filled_pieces(number: usize, count: Option<i64>, with: &[&str]) -> [String; 3] {
    pieces(formed(number, count)).map(|piece| fill(piece, count, with))
}

/// A value that stands for itself: where one writes from right to left, other letters do not turn it around.
pub fn apart(value: &str) -> String {
    if is_rtl() { ["\u{2068}", value, "\u{2069}"].concat() } else { value.to_owned() }
}

/// Puts values in the place of their numbers, each standing for itself.
fn fill(text: &str, count: Option<i64>, with: &[&str]) -> String {
    let mut full = String::new();
    let mut parts = text.split('{');
    full.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        if name == "#" {
            full.push_str(&number(count.unwrap_or_default()));
        } else {
            let value = name.parse::<usize>().ok().and_then(|n| with.get(n)).copied().unwrap_or_default();
            full.push_str(&apart(value));
        }
        full.push_str(rest);
    }
    full
}

/// A whole number as the language writes it: `12,345`.
pub fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push_str(language().group);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaking<T>(code: &str, what: impl FnOnce() -> T) -> T {
        in_language(catalogue::find(code).unwrap_or(&LANGUAGES[0]), what)
    }

    #[test]
    fn a_text_is_that_of_the_language() {
        assert_eq!(auth_sign_in(), "Sign in");
        assert_eq!(speaking("de", auth_sign_in), "Anmelden");
        assert_eq!(speaking("xx", auth_sign_in), "Sign in");
        assert_eq!(auth_new_here(), ["New here? ", "Create an account", ""]);
    }

    #[test]
    fn numbers_choose_the_form() {
        let left = |code: &str, count| speaking(code, || composer_left(count));
        assert_eq!(left("en", 1), "1 left");
        assert_eq!(left("de", 1_234_567), "noch 1.234.567");
        assert_eq!(left("ar", 2), "بقي حرفان");
        assert_eq!(number(-1_000), "-1,000");
        assert_eq!(number(999), "999");
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("{1}, {0}", None, &["b", "{1}"]), "{1}, b");
        let name = speaking("ar", || fill("{0}!", None, &["Maya"]));
        assert_eq!(name, "\u{2068}Maya\u{2069}!");
    }
}
