//! The standard emoji: by the names people type, by character, and in the groups a picker shows.
//!
//! Names are those of Mattermost: gemoji's (`smile`, `+1`, `thumbsup`), the character's Unicode name where
//! gemoji has none (`thinking_face`), the country's code for flags (`flag-fr`), and with the tone behind for
//! skin tones (`wave_dark_skin_tone`). Custom emoji are the server's and not here.
//!
//! All of it is read from one text, `table.txt`, which the tests hold against the `emojis` crate. The server has it
//! inside; a browser begins without ([`is_here`]) and is given it by [`install`] once an emoji is met
//! (`when_missed`), since it is larger than the rest of what a channel needs to be read.

mod table;

#[cfg(target_arch = "wasm32")]
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::{borrow::Cow, sync::OnceLock};
use table::Table;

/// The table as text: what [`install`] takes.
#[cfg(not(target_arch = "wasm32"))]
pub const TABLE: &str = include_str!("table.txt");

/// The longest name an emoji may have.
pub const MAX_NAME: usize = 64;

/// What is offered before somebody has used any, the most common first.
pub const COMMON: &[&str] = &[
    "+1",
    "white_check_mark",
    "heart",
    "joy",
    "tada",
    "eyes",
    "pray",
    "smile",
    "raised_hands",
    "rocket",
    "100",
    "fire",
    "clap",
    "thinking",
    "wave",
    "-1",
    "cry",
    "heavy_check_mark",
];

/// A standard emoji: a name, the character and a description to read aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emoji {
    /// The name it goes by, without colons; it may have others.
    pub name: &'static str,
    /// The character, or characters.
    pub text: &'static str,
    /// What it shows, in English: "grinning face".
    pub title: &'static str,
    /// Whether it comes in skin tones.
    pub toned: bool,
}

/// A group of the picker.
#[derive(Clone, Debug)]
pub struct Category {
    /// The id of the group: `smileys-emotion`.
    pub name: &'static str,
    /// The emoji that stands for the group.
    pub icon: &'static str,
    /// What is in it, in Unicode's order.
    pub emoji: Vec<Emoji>,
}

/// A tone of skin, as it stands behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tone {
    /// `_light_skin_tone`.
    pub suffix: &'static str,
    /// What follows a person in the text.
    pub modifier: char,
}

/// The tones, from light to dark.
pub const TONES: [Tone; 5] = [
    Tone { suffix: "_light_skin_tone", modifier: '\u{1f3fb}' },
    Tone { suffix: "_medium_light_skin_tone", modifier: '\u{1f3fc}' },
    Tone { suffix: "_medium_skin_tone", modifier: '\u{1f3fd}' },
    Tone { suffix: "_medium_dark_skin_tone", modifier: '\u{1f3fe}' },
    Tone { suffix: "_dark_skin_tone", modifier: '\u{1f3ff}' },
];

static TABLE_HERE: OnceLock<Table> = OnceLock::new();

/// Whether the table was asked for in a browser and was not there, since [`still_missing`] was said last.
#[cfg(target_arch = "wasm32")]
static MISSED: AtomicBool = AtomicBool::new(false);

/// What fetches it.
#[cfg(target_arch = "wasm32")]
static FETCH: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// The table; on the server it is always there.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unnecessary_wraps, reason = "in the browser it may not be there yet")]
fn here() -> Option<&'static Table> {
    Some(TABLE_HERE.get_or_init(|| Table::parse(TABLE)))
}

#[cfg(target_arch = "wasm32")]
fn here() -> Option<&'static Table> {
    let table = TABLE_HERE.get();
    if table.is_none()
        && !MISSED.swap(true, Relaxed)
        && let Some(fetch) = FETCH.get()
    {
        fetch();
    }
    table
}

/// Says how the table is fetched, which is done when the first emoji is met; at once if one has been. The first one who
/// says so stays.
#[cfg(target_arch = "wasm32")]
pub fn when_missed(fetch: impl Fn() + Send + Sync + 'static) {
    let fetch = FETCH.get_or_init(|| Box::new(fetch));
    if MISSED.load(Relaxed) && !is_here() {
        fetch();
    }
}

/// Says that the table could not be fetched: the next emoji that is met tries again.
#[cfg(target_arch = "wasm32")]
pub fn still_missing() {
    MISSED.store(false, Relaxed);
}

/// Whether emoji are known: always on the server, in a browser once the table has been fetched.
pub fn is_here() -> bool {
    cfg!(not(target_arch = "wasm32")) || TABLE_HERE.get().is_some()
}

/// Takes the table; the first one stays.
pub fn install(text: String) {
    TABLE_HERE.get_or_init(|| Table::parse(text.leak()));
}

/// Whether a text may be the name of an emoji: 1 to 64 of `a-z A-Z 0-9 _ + -`.
pub fn is_valid_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_name_byte)
}

/// Whether a byte may be in a name.
pub(crate) const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-')
}

/// The character of this name: `smile`, `+1`, `flag-fr`, `wave_dark_skin_tone`.
pub fn by_name(name: &str) -> Option<Cow<'static, str>> {
    if !is_valid_name(name) {
        return None;
    }
    here()?.by_name(name)
}

/// The name of this character, with or without a skin tone's.
pub fn by_text(text: &str) -> Option<String> {
    here()?.by_text(text)
}

/// Emoji one of whose names begins with `prefix`, then those that contain it; whatever the case.
pub fn search(prefix: &str, limit: usize) -> Vec<Emoji> {
    here().map(|table| table.search(&prefix.to_ascii_lowercase(), limit)).unwrap_or_default()
}

/// The groups of a picker, each with its emoji in their default skin tone.
pub fn categories() -> &'static [Category] {
    here().map(|table| table.categories.as_slice()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
