//! The hashtags of a message, as the field `hashtags` of a post has them.
//!
//! A tag is `#`, a letter, then letters, digits and `-` `_` `.`, with a letter or digit at the end. Punctuation
//! around it does not matter; a tag inside a word, an address or code is none.

use crate::text::prose;

/// The most characters the field holds; what goes beyond is left out, tag by tag.
pub const MAX_LENGTH: usize = 1000;

/// The tags of a message in order, each with its `#`, separated by blanks.
pub fn hashtags(message: &str) -> String {
    let mut found = String::new();
    let mut length = 0;
    let mut full = !message.contains('#');
    if full {
        return found;
    }
    prose(message, |run| {
        for tag in run.split_whitespace().filter_map(tag) {
            let characters = 1 + tag.chars().count();
            let blank = usize::from(!found.is_empty());
            full |= length + blank + characters > MAX_LENGTH;
            if full {
                return;
            }
            if blank == 1 {
                found.push(' ');
            }
            found.push('#');
            found.push_str(tag);
            length += blank + characters;
        }
    });
    found
}

/// The tag (without `#`) that a word between blanks is, apart from the punctuation around it.
fn tag(word: &str) -> Option<&str> {
    let word = word.trim_start_matches(|c: char| !c.is_alphabetic() && !is_digit(c) && c != '#');
    let tag = word.strip_prefix('#')?.trim_start_matches('#');
    let tag = tag.trim_end_matches(|c: char| !c.is_alphabetic() && !is_digit(c));
    (length(tag) == tag.len() && tag.chars().nth(1).is_some()).then_some(tag)
}

/// How many bytes of `text` (what follows a `#`) are a tag; 0 if it is none.
pub(crate) fn length(text: &str) -> usize {
    if !text.starts_with(char::is_alphabetic) {
        return 0;
    }
    let inside = |c: char| c.is_alphabetic() || is_digit(c) || matches!(c, '-' | '_' | '.');
    let end = text.find(|c| !inside(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['-', '_', '.']).len()
}

/// The digits that a tag may have.
fn is_digit(c: char) -> bool {
    c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_have_a_form() {
        for (message, expected) in [
            ("hello", ""),
            ("#tag", "#tag"),
            ("say #one and #two.", "#one #two"),
            ("x #multi-word and #dotted.tag", "#multi-word #dotted.tag"),
            ("(#bracket), \"#quote\"", "#bracket #quote"),
            ("**#bold** _#it_", "#bold #it"),
            ("##double", "#double"),
            ("#1 #123 #1st", ""),
            ("#a #ab", "#ab"),
            ("#under_score_ #end-", "#under_score #end"),
            ("foo#bar http://x.org/#frag #c++", ""),
            ("`#code` and\n```\n#block\n```", ""),
            ("# heading #tag", "#tag"),
            ("#été #日本語 #тег", "#été #日本語 #тег"),
            ("#same #same", "#same #same"),
            ("#a#b", ""),
            ("#Tag", "#Tag"),
        ] {
            assert_eq!(hashtags(message), expected, "{message}");
        }
    }

    #[test]
    fn no_more_than_a_thousand_characters() {
        let tags = hashtags(&"#abcdefghi ".repeat(200));
        assert_eq!(tags.chars().count(), 1000);
        assert!(tags.ends_with("#abcdefghi"));
        assert_eq!(hashtags(&format!("#{}", "a".repeat(2000))), "");
    }

    proptest! {
        #[test]
        fn what_comes_out_is_found_again(message in "[#a-zé0-9 ._*`\\n-]{0,80}") {
            let tags = hashtags(&message);
            for tag in tags.split_whitespace() {
                prop_assert!(message.contains(tag));
                prop_assert_eq!(length(&tag[1..]), tag.len() - 1);
            }
        }
    }
}
