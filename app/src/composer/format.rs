//! Markdown put around what is selected, or taken away again.

use std::ops::Range;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use crate::{chat::Chat, later::later};

/// A way to mark text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Bold,
    Italic,
    Strike,
    Code,
    Link,
    Quote,
    List,
    Numbers,
}

/// A text and what is selected in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    pub text: String,
    pub from: usize,
    pub to: usize,
}

/// The byte at which the UTF-16 position `at` lies; browsers count so.
pub fn byte_of(text: &str, at: u32) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= at {
            return byte;
        }
        units += c.len_utf16() as u32;
    }
    text.len()
}

/// The UTF-16 position of a byte.
pub fn unit_of(text: &str, byte: usize) -> u32 {
    text.get(..byte).unwrap_or(text).encode_utf16().count() as u32
}

/// What the box holds.
pub fn read(area: &HtmlTextAreaElement) -> Selected {
    let text = area.value();
    let end = area.selection_end().ok().flatten();
    let to = end.map_or(text.len(), |at| byte_of(&text, at));
    let from = area.selection_start().ok().flatten().map_or(to, |at| byte_of(&text, at)).min(to);
    Selected { text, from, to }
}

/// Puts it into the box as typing does, so that the browser's undo takes it back.
pub fn write(area: &HtmlTextAreaElement, what: &Selected) {
    let before = area.value();
    let (changed, new) = difference(&before, &what.text);
    let _ = area.focus();
    if !(changed.is_empty() && new.is_empty()) {
        let _ = area.set_selection_range(unit_of(&before, changed.start), unit_of(&before, changed.end));
        if !type_in(new) {
            area.set_value(&what.text);
            tell(area);
        }
    }
    let _ = area.set_selection_range(unit_of(&what.text, what.from), unit_of(&what.text, what.to));
}

/// Types a text in place of what is selected on the page. The call is deprecated, but browsers have no other that keeps
/// what can be undone.
fn type_in(text: &str) -> bool {
    let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() else { return false };
    let done = if text.is_empty() {
        document.exec_command("delete")
    } else {
        document.exec_command_with_show_ui_and_value("insertText", false, text)
    };
    done.unwrap_or(false)
}

/// Which bytes of one text have to be replaced, and by what, to make the other of it.
fn difference<'a>(before: &str, after: &'a str) -> (Range<usize>, &'a str) {
    let start: usize = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let tails = before[start..].chars().rev().zip(after[start..].chars().rev());
    let end: usize = tails.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (start..before.len() - end, &after[start..after.len() - end])
}

later! {
    /// Puts a text in place of what is selected, as if it had been typed.
    pub fn insert(_chat: Chat, area: HtmlTextAreaElement, text: String) {
        let mut what = read(&area);
        what.text.replace_range(what.from..what.to, &text);
        what.from += text.len();
        what.to = what.from;
        write(&area, &what);
    }
}

later! {
    /// Marks what is selected, as if the marks had been typed.
    pub fn apply(_chat: Chat, area: HtmlTextAreaElement, mark: Mark) {
        let what = marked(read(&area), mark);
        write(&area, &what);
    }
}

/// Says that the box holds something else, as a key does, and goes on there.
fn tell(area: &HtmlTextAreaElement) {
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &options) {
        let _ = area.dispatch_event(&event);
    }
}

/// The text with the selection marked; what was marked so is freed.
pub fn marked(what: Selected, mark: Mark) -> Selected {
    match mark {
        Mark::Bold => around(what, "**", "**"),
        Mark::Italic => around(what, "_", "_"),
        Mark::Strike => around(what, "~~", "~~"),
        Mark::Code if what.text[what.from..what.to].contains('\n') => around(what, "```\n", "\n```"),
        Mark::Code => around(what, "`", "`"),
        Mark::Link => link(what),
        Mark::Quote => lines(what, |_| "> ".to_owned()),
        Mark::List => lines(what, |_| "- ".to_owned()),
        Mark::Numbers => lines(what, |n| format!("{}. ", n + 1)),
    }
}

fn around(mut what: Selected, before: &str, after: &str) -> Selected {
    let inside = what.text[..what.from].ends_with(before) && what.text[what.to..].starts_with(after);
    if inside && what.from != what.to {
        what.text.replace_range(what.to..what.to + after.len(), "");
        what.text.replace_range(what.from - before.len()..what.from, "");
        what.from -= before.len();
        what.to -= before.len();
    } else {
        what.text.insert_str(what.to, after);
        what.text.insert_str(what.from, before);
        what.from += before.len();
        what.to += before.len();
    }
    what
}

fn link(mut what: Selected) -> Selected {
    what.text.insert_str(what.to, "](https://)");
    what.text.insert(what.from, '[');
    if what.from == what.to {
        // Nothing selected: the words come first.
        what.from += 1;
        what.to = what.from;
    } else {
        what.from = what.to + "[](".len();
        what.to = what.from + "https://".len();
    }
    what
}

fn lines(mut what: Selected, prefix: impl Fn(usize) -> String) -> Selected {
    let start = what.text[..what.from].rfind('\n').map_or(0, |n| n + 1);
    let inner: Vec<String> =
        what.text[start..what.to].split('\n').enumerate().map(|(n, line)| format!("{}{line}", prefix(n))).collect();
    let inner = inner.join("\n");
    what.text.replace_range(start..what.to, &inner);
    what.to = start + inner.len();
    what.from = what.to;
    what
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(text: &str, from: usize, to: usize) -> Selected {
        Selected { text: text.into(), from, to }
    }

    #[test]
    fn marks_go_around_and_come_off() {
        let bold = marked(selected("a bc d", 2, 4), Mark::Bold);
        assert_eq!(bold, selected("a **bc** d", 4, 6));
        assert_eq!(marked(bold, Mark::Bold), selected("a bc d", 2, 4));
        assert_eq!(marked(selected("x", 1, 1), Mark::Italic), selected("x__", 2, 2));
        assert_eq!(marked(selected("see this", 4, 8), Mark::Link), selected("see [this](https://)", 11, 19));
        assert_eq!(marked(selected("a\nb", 0, 3), Mark::Numbers).text, "1. a\n2. b");
        assert_eq!(marked(selected("a\nb", 0, 3), Mark::Code).text, "```\na\nb\n```");
    }

    #[test]
    fn only_what_differs_is_typed() {
        assert_eq!(difference("a bc d", "a **bc** d"), (2..4, "**bc**"));
        assert_eq!(difference("aa", "aaa"), (2..2, "a"));
        assert_eq!(difference("a😀b", "ab"), (1..5, ""));
        assert_eq!(difference("", "x"), (0..0, "x"));
        assert_eq!(difference("same", "same"), (4..4, ""));
    }

    #[test]
    fn positions_of_browsers_are_in_sixteen_bits() {
        assert_eq!(byte_of("a😀b", 3), 5);
        assert_eq!(unit_of("a😀b", 5), 3);
        assert_eq!(byte_of("é", 9), 2);
    }
}
