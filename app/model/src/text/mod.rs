//! What the text of a message means: Markdown made safe HTML, mentions, hashtags, emoji, code in colour.
//!
//! The same on the server (search, notifications) and in the browser (display). Everything takes time linear in
//! the length of the message, whatever it says.
//!
//! | Module | From a message |
//! |---|---|
//! | [`markdown`] | safe HTML to show, plain text for notifications |
//! | [`mentions`] | who is addressed |
//! | [`hashtags`] | the tags it is found by |
//! | [`emoji`] | names and characters, the picker's lists |
//! | [`highlight`] | code in colour |

pub mod emoji;
pub mod hashtags;
pub mod highlight;
pub mod links;
pub mod markdown;
pub mod mentions;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use std::borrow::Cow;

/// The Markdown that chat uses, beyond the common one.
pub(crate) const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_TASKLISTS);

/// Characters that the parser would take for markup, and what stands for them while it parses.
///
/// The stand-ins are noncharacters of Unicode, which no text contains that is meant to be read.
const STAND_INS: [(char, char); 4] = [('<', '\u{fdd0}'), ('_', '\u{fdd1}'), ('*', '\u{fdd2}'), ('~', '\u{fdd3}')];

/// Prepares a message for the parser, so that it sees no HTML, and no markup inside bare addresses.
///
/// Chat has no HTML: what looks like it is text. `<https://…>` is left alone. [`restore`] undoes it.
pub(crate) fn protect(source: &str) -> Cow<'_, str> {
    let wanted = |byte: u8| matches!(byte, b'<' | b':') || byte == STAND_IN_LEAD;
    if !source.bytes().any(wanted) && !source.contains('.') {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '<' if !opens_address(rest, before) => out.push(STAND_INS[0].1),
            '\u{fdd0}'..='\u{fdef}' => out.push('\u{fffd}'),
            'h' | 'H' | 'w' | 'W' | 'f' | 'F' if !before.is_some_and(is_word) => {
                if let Some(address) = address(rest) {
                    length = address.len();
                    out.extend(address.chars().map(|c| match STAND_INS[1..].iter().find(|(from, _)| *from == c) {
                        Some((_, to)) => *to,
                        None if ('\u{fdd0}'..='\u{fdef}').contains(&c) => '\u{fffd}',
                        None => c,
                    }));
                } else {
                    out.push(character);
                }
            }
            _ => out.push(character),
        }
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    Cow::Owned(out)
}

/// The first byte of every stand-in (and of some other characters).
const STAND_IN_LEAD: u8 = 0xef;

/// Puts back what [`protect`] took out.
pub(crate) fn restore(text: &str) -> Cow<'_, str> {
    if !text.as_bytes().contains(&STAND_IN_LEAD) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| STAND_INS.iter().find(|(_, to)| *to == c).map_or(c, |(from, _)| *from)).collect())
}

/// Whether a `<` opens an address in angle brackets: `<https://…>`, `<ann@example.org>`, or the target of a link.
fn opens_address(rest: &str, before: Option<char>) -> bool {
    let inside = &rest[1..];
    let end = inside.find(|c: char| c.is_whitespace() || c == '<' || c == '>');
    let Some(end) = end.filter(|end| inside.as_bytes()[*end] == b'>') else { return false };
    let inside = &inside[..end];
    before == Some('(') || inside.contains('@') || markdown::allowed_scheme(inside)
}

/// Whether a character is part of a word.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `text` begins with `prefix` (lower-case ASCII), in whatever case.
pub(crate) fn starts_with_fold(text: &str, prefix: &str) -> bool {
    text.len() >= prefix.len() && text.as_bytes()[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
}

/// The bare web address that `text` begins with, if it begins with one: `http(s)://…`, `ftp://…` or `www.…`, without the
/// punctuation that ends the sentence around it.
pub(crate) fn address(text: &str) -> Option<&str> {
    let prefix = ["https://", "http://", "ftp://", "www."].into_iter().find(|prefix| starts_with_fold(text, prefix))?;
    let named = text[prefix.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '[');
    if !named {
        return None; // before looking on, so that many such beginnings cost no more than one
    }
    let is_end = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '。' | '，' | '、' | '」' | '）')
    };
    let end = text.find(is_end).unwrap_or(text.len());
    let mut found = &text[..end];
    let mut surplus = 0_i32; // closing brackets without an opening one
    for byte in found.bytes() {
        surplus += match byte {
            b')' => 1,
            b'(' => -1,
            _ => 0,
        };
    }
    while let Some(last) = found.chars().next_back() {
        let bracket = last == ')' && surplus > 0;
        if !bracket
            && !matches!(last, '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | ']' | '}' | '|' | '\\')
        {
            break;
        }
        surplus -= i32::from(bracket);
        found = &found[..found.len() - last.len_utf8()];
    }
    let host = found.get(prefix.len()..)?;
    (prefix != "www." || host.contains('.')).then_some(found)
}

/// Adds `text` with the characters escaped that mean something in HTML, in text or in a quoted attribute.
///
/// Characters that reverse the direction of what follows are left out: they serve to disguise. So are stand-ins.
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{fdd0}'..='\u{fdef}' | '\0' => {}
            _ => out.push(c),
        }
    }
}

/// Hands over each run of prose in a message: not code, not the addresses in angle brackets, undivided by escapes.
///
/// Emphasis, links and line breaks divide runs.
pub(crate) fn prose(source: &str, mut each: impl FnMut(&str)) {
    let source = protect(source);
    let mut run = String::new();
    let mut skipping = 0_u32; // inside a code block or an address
    for event in Parser::new_ext(&source, OPTIONS) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                if skipping == 0 {
                    run.push_str(&text);
                }
                continue;
            }
            Event::Start(Tag::CodeBlock(_) | Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                skipping += 1;
            }
            Event::End(TagEnd::CodeBlock) => skipping = skipping.saturating_sub(1),
            Event::End(TagEnd::Link) => skipping = 0,
            _ => {}
        }
        if !run.is_empty() {
            each(&restore(&run));
            run.clear();
        }
    }
    if !run.is_empty() {
        each(&restore(&run));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(source: &str) -> Vec<String> {
        let mut runs = Vec::new();
        prose(source, |run| runs.push(run.to_owned()));
        runs
    }

    #[test]
    fn protecting_and_restoring_gives_the_same_text() {
        for source in
            ["a < b", "<b>x</b>", "http://x.org/_a_*b*~c~ _d_", "plain", "é ﷐x", "www.a.b/__init__.py", "<<<<"]
        {
            let again = restore(&protect(source)).into_owned();
            assert_eq!(again, source.replace('\u{fdd0}', "\u{fffd}"));
        }
        assert_eq!(protect("<https://x.org/a_b>").as_bytes()[0], b'<');
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, expected) in [
            ("http://x.org/a, and", Some("http://x.org/a")),
            ("https://x.org/a_(b))", Some("https://x.org/a_(b)")),
            ("HTTPS://X.org?", Some("HTTPS://X.org")),
            ("www.x.org**", Some("www.x.org")),
            ("www.x", None),
            ("http://", None),
            ("httpx", None),
            ("ftp://x/y", Some("ftp://x/y")),
            ("http://x.org/<b>", Some("http://x.org/")),
        ] {
            assert_eq!(address(text), expected, "{text}");
        }
    }

    #[test]
    fn prose_is_what_is_not_code() {
        assert_eq!(runs("a_b_c `x` **y**\n\n```\nz\n```\nw\n\n    v"), ["a_b_c ", " ", "y", "w"].map(String::from));
        assert_eq!(runs("<div>\n@a <b>"), ["<div>", "@a <b>"].map(String::from));
        assert_eq!(runs("<https://x.org> z"), [" z".to_owned()]);
    }
}
