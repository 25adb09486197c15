//! Who a message addresses: `@name`, words that people asked to be told of, `@channel`, `@all`, `@here`.
//!
//! Mattermost: mentions count in text, in emphasis, in brackets and with punctuation around them; not in code, not
//! in addresses, and not as a part of a word. What follows from being mentioned is decided elsewhere.

use crate::{
    id::UserId,
    text::{address, is_word, prose},
};
use std::collections::{BTreeSet, HashMap};

/// The longest keyword that is looked for, in characters; longer ones are never found.
pub const MAX_KEYWORD: usize = 64;

/// The names a message addresses, before anyone looks whether they exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentioned {
    /// Possible user names in lower case, without `@`; of `@ann.` both `ann.` and `ann`.
    pub names: BTreeSet<String>,
    pub here: bool,
    pub channel: bool,
    pub all: bool,
}

/// Who is mentioned, as far as a channel's keywords tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub users: BTreeSet<UserId>,
    pub here: bool,
    pub channel: bool,
    pub all: bool,
}

/// The words by which the members of a channel are addressed.
///
/// Made once for a channel and asked for each message: the time to ask does not depend on how many words it holds.
#[derive(Clone, Debug, Default)]
pub struct Keywords {
    /// In lower case, found whatever the case: `@ann`, `deploy`.
    folded: HashMap<String, Vec<UserId>>,
    /// Found in this case only: first names.
    exact: HashMap<String, Vec<UserId>>,
    /// Words of languages that put no blanks between words, letter by letter; node 0 is the beginning.
    letters: HashMap<(u32, char), u32>,
    /// Who waits for the word that ends at a node of `letters`.
    ends: HashMap<u32, Vec<UserId>>,
    nodes: u32,
    /// The longest of `folded` and `exact`, in bytes.
    longest: usize,
}

impl Keywords {
    /// No words yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has the user found by `@username`.
    pub fn add_username(&mut self, user: UserId, username: &str) {
        self.add_folded(user, format!("@{}", username.to_lowercase()));
    }

    /// Has the user found by words of their own: `mention_keys`, separated by commas. Case does not matter.
    pub fn add_words(&mut self, user: UserId, mention_keys: &str) {
        for word in mention_keys.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            if word.contains(is_unspaced) { self.add_letters(user, &word) } else { self.add_folded(user, word) }
        }
    }

    /// Has the user found by their first name, in exactly this case.
    pub fn add_first_name(&mut self, user: UserId, name: &str) {
        let name = name.trim();
        if name.contains(is_unspaced) {
            self.add_letters(user, name);
        } else if !name.is_empty() && name.chars().count() <= MAX_KEYWORD {
            self.longest = self.longest.max(name.len());
            push(self.exact.entry(name.to_owned()).or_default(), user);
        }
    }

    /// Forgets every word of the user.
    pub fn remove(&mut self, user: UserId) {
        for words in [&mut self.folded, &mut self.exact] {
            words.retain(|_, users| {
                users.retain(|other| *other != user);
                !users.is_empty()
            });
        }
        self.ends.retain(|_, users| {
            users.retain(|other| *other != user);
            !users.is_empty()
        });
        if self.ends.is_empty() {
            self.letters.clear();
            self.nodes = 0;
        }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty() && self.exact.is_empty() && self.ends.is_empty()
    }

    fn add_folded(&mut self, user: UserId, word: String) {
        if word.chars().count() <= MAX_KEYWORD + 1 {
            self.longest = self.longest.max(word.len());
            push(self.folded.entry(word).or_default(), user);
        }
    }

    fn add_letters(&mut self, user: UserId, word: &str) {
        if word.chars().count() > MAX_KEYWORD {
            return;
        }
        let mut node = 0;
        for letter in word.chars() {
            let next = self.nodes + 1;
            node = *self.letters.entry((node, letter)).or_insert(next);
            self.nodes = self.nodes.max(node);
        }
        push(self.ends.entry(node).or_default(), user);
    }

    /// Who waits for exactly this word.
    fn of(&self, word: &str, found: &mut Found) -> bool {
        // The lower-case form of a word may be longer than it is, so a little over the longest is tried as well.
        if word.len() > self.longest * 2 {
            return false;
        }
        let mut any = false;
        for users in [self.exact.get(word), self.folded.get(&word.to_lowercase())].into_iter().flatten() {
            found.users.extend(users);
            any = true;
        }
        any
    }

    /// Who waits for a word that begins anywhere in this one, in languages without blanks.
    fn inside(&self, word: &str, found: &mut Found) {
        let lower = word.to_lowercase();
        let starts = lower.char_indices().filter(|(_, c)| is_unspaced(*c) || self.letters.contains_key(&(0, *c)));
        for (start, _) in starts {
            let mut node = 0;
            for letter in lower[start..].chars() {
                let Some(next) = self.letters.get(&(node, letter)) else { break };
                node = *next;
                if let Some(users) = self.ends.get(&node) {
                    found.users.extend(users);
                }
            }
        }
    }
}

fn push(users: &mut Vec<UserId>, user: UserId) {
    if !users.contains(&user) {
        users.push(user);
    }
}

/// The names that a message addresses.
pub fn words(message: &str) -> Mentioned {
    let mut mentioned = Mentioned::default();
    let Mentioned { names, here, channel, all } = &mut mentioned;
    if !message.contains(['@', '＠']) {
        return mentioned;
    }
    each_word(message, |word| {
        if flags(word, here, channel, all) {
            return;
        }
        let mut add = |name: &str| {
            let Some(name) = name.strip_prefix('@') else { return };
            let mut name = name;
            loop {
                if !name.is_empty() && name.len() <= MAX_KEYWORD {
                    names.insert(name.to_lowercase());
                }
                let Some(shorter) = name.strip_suffix(is_suffix) else { break };
                name = shorter;
            }
        };
        if word.starts_with('@') {
            add(word);
        } else {
            for part in word.split(is_divider) {
                if !flags(part, here, channel, all) {
                    add(part);
                }
            }
        }
    });
    mentioned
}

/// Who of a channel a message mentions, by the channel's keywords.
pub fn find(message: &str, keywords: &Keywords) -> Found {
    let mut found = Found::default();
    each_word(message, |word| {
        let Found { here, channel, all, .. } = &mut found;
        if flags(word, here, channel, all) {
            return;
        }
        if !keywords.ends.is_empty() {
            keywords.inside(word, &mut found);
        }
        // The word, then the word without what may end a sentence, then its parts.
        let mut shorter = word;
        loop {
            if keywords.of(shorter, &mut found) {
                return;
            }
            match shorter.strip_suffix(is_suffix) {
                Some(next) => shorter = next,
                None => break,
            }
        }
        if !word.starts_with('@') {
            for part in word.split(is_divider).filter(|part| !part.is_empty()) {
                let Found { here, channel, all, .. } = &mut found;
                if !flags(part, here, channel, all) {
                    keywords.of(part, &mut found);
                }
            }
        }
    });
    found
}

/// Notes `@here`, `@channel` and `@all`, with whatever ends the sentence; true if the word is one of them.
fn flags(word: &str, here: &mut bool, channel: &mut bool, all: &mut bool) -> bool {
    let Some(name) = word.strip_prefix('@') else { return false };
    let name = name.trim_end_matches(is_suffix);
    for (flag, text) in [(here, "here"), (channel, "channel"), (all, "all")] {
        if name.eq_ignore_ascii_case(text) {
            *flag = true;
            return true;
        }
    }
    false
}

/// What a word may end with and still be the name before it.
fn is_suffix(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | ':')
}

/// What divides a word into words, where it is not a name as a whole.
fn is_divider(c: char) -> bool {
    matches!(c, '.' | '-' | ':')
}

/// The letters of languages that put no blanks between words: there a keyword counts inside a word as well.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1100}'..='\u{11ff}' // Korean
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{2e80}'..='\u{9fff}' // Japanese, Chinese
        | '\u{ac00}'..='\u{d7ff}' // Korean
        | '\u{f900}'..='\u{faff}' // Chinese
        | '\u{ff66}'..='\u{ff9f}' // Japanese
        | '\u{20000}'..='\u{3ffff}') // Chinese
}

/// Hands over the words outside code and addresses, with an `@` in front where there is one, and with what may be a
/// part of a name inside or at the end.
fn each_word(message: &str, mut each: impl FnMut(&str)) {
    prose(message, |run| {
        let wide; // Mattermost: the full-width @ of Asian keyboards counts as well
        let mut rest = if run.contains('＠') {
            wide = run.replace('＠', "@");
            &wide
        } else {
            run
        };
        let mut before = None;
        while let Some(character) = rest.chars().next() {
            let length = if !before.is_some_and(is_word) && address(rest).is_some() {
                address(rest).map_or(1, str::len)
            } else if is_inside(character) {
                let end = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
                let end = address_inside(&rest[..end]).map_or(end, |start| start.max(1));
                let word = &rest[..end];
                let is_emoji = word.len() > 2 && word.starts_with(':') && word.ends_with(':');
                let word = word.trim_start_matches(is_suffix);
                if !is_emoji && !word.is_empty() {
                    each(word);
                }
                end
            } else {
                character.len_utf8()
            };
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
        }
    });
}

/// Where an address may begin inside what else would be one word: `see:https://…`.
fn address_inside(word: &str) -> Option<usize> {
    let colon = word.strip_suffix(':')?;
    ["https", "http", "ftp"].into_iter().find_map(|scheme| {
        let start = colon.len().checked_sub(scheme.len())?;
        let found = colon.get(start..)?.eq_ignore_ascii_case(scheme) && !colon[..start].ends_with(is_word);
        (found && start > 0).then_some(start)
    })
}

/// Whether a character can be in a word or name.
fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '@' | ':' | '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> UserId {
        UserId::from_random([n; 16])
    }

    fn keywords() -> Keywords {
        let mut keywords = Keywords::new();
        keywords.add_username(id(1), "ann");
        keywords.add_username(id(2), "Bob.Smith");
        keywords.add_username(id(3), "under_score");
        keywords.add_words(id(4), "pineapple, Kiwi,,@ops,e-mail");
        keywords.add_words(id(5), "日本,été");
        keywords.add_first_name(id(6), "Mark");
        keywords.add_first_name(id(6), "");
        keywords
    }

    fn who(message: &str) -> Vec<UserId> {
        find(message, &keywords()).users.into_iter().collect()
    }

    #[test]
    fn a_name_counts_with_punctuation_and_not_in_code_or_words() {
        for message in [
            "@ann",
            "hi @ANN!",
            "@ann: hi",
            "(@ann)",
            "@ann.",
            "@ann...",
            "@ann,@x",
            "**@ann**",
            "_@ann_",
            "~~@ann~~",
            "# @ann",
            "> @ann",
            "- @ann",
            "| a | b |\n|--|--|\n| @ann | x |",
            "[@ann](http://x.org)",
            "@ann-",
            "@ann_",
            "a\n@ann",
            "<b>@ann</b>",
            "<div>\n@ann\n</div>",
            "＠ann",
            "\\@ann",
            "\"@ann\"",
            "@ann's",
            "@ann/@x",
            "-@ann",
            ".@ann:",
            "x.@ann",
            "日本@ann".trim_start_matches("日本"),
        ] {
            assert_eq!(who(message), [id(1)], "{message}");
        }
        for message in [
            "`@ann`",
            "```\n@ann\n```",
            "    @ann",
            "x@ann",
            "@annx",
            "@ann.x",
            "ann",
            "http://x.org/@ann",
            "<http://x.org/@ann>",
            "mail ann@ann.org",
            "@ ann",
            ":@ann:",
            "~~~\n@ann",
            "www.x.org/@ann",
            "(see:https://x.org/@ann)",
        ] {
            assert_eq!(who(message), [], "{message}");
        }
    }

    #[test]
    fn names_may_have_dots_and_underscores() {
        assert_eq!(who("@bob.smith. @under_score_"), {
            let mut expected = [id(2), id(3)];
            expected.sort();
            expected
        });
        assert_eq!(who("@bob"), []);
    }

    #[test]
    fn words_of_ones_own_count_whatever_the_case() {
        for message in ["I like Pineapple", "KIWI!", "kiwi-like", "a.kiwi", "@ops", "E-Mail", "kiwi's"] {
            assert_eq!(who(message), [id(4)], "{message}");
        }
        for message in ["kiwis", "`kiwi`", "xkiwi", "ops", "@kiwi", ":kiwi:"] {
            assert_eq!(who(message), [], "{message}");
        }
    }

    #[test]
    fn languages_without_blanks_are_searched_inside_words() {
        assert_eq!(who("今日は日本語です"), [id(5)]);
        assert_eq!(who("ÉTÉ"), [id(5)]);
        assert_eq!(who("étés"), []);
        assert_eq!(who("本日"), []);
    }

    #[test]
    fn first_names_count_in_their_case_only() {
        assert_eq!(who("thanks Mark."), [id(6)]);
        assert_eq!(who("a mark, Marks, MARK"), []);
    }

    #[test]
    fn everyone_can_be_addressed() {
        let found = find("@here, @Channel: (@ALL)", &Keywords::new());
        assert!(found.here && found.channel && found.all && found.users.is_empty());
        let found = find("`@here` @channels x@all @allx", &keywords());
        assert_eq!(found, Found::default());
        assert!(words("@all.").all && words("x.@here").here && words("**@channel**").channel);
    }

    #[test]
    fn candidates_have_alternatives() {
        let names = |message: &str| words(message).names.into_iter().collect::<Vec<_>>();
        assert_eq!(names("Hi @Ann.-! `@no` x@no @bob.smith"), ["ann", "ann.", "ann.-", "bob.smith"]);
        assert!(names(&format!("@{}", "a".repeat(65))).is_empty());
        assert!(names("nobody here").is_empty());
        assert!(!words("@here").names.contains("here"));
    }

    #[test]
    fn what_is_removed_is_found_no_more() {
        let mut keywords = keywords();
        for n in 1..=6 {
            assert!(!keywords.is_empty());
            keywords.remove(id(n));
        }
        assert!(keywords.is_empty());
        assert_eq!(find("@ann 日本 kiwi Mark", &keywords), Found::default());
        keywords.add_words(id(5), "日本");
        assert_eq!(find("日本", &keywords).users.len(), 1);
    }

    #[test]
    fn several_may_share_a_word() {
        let mut keywords = Keywords::new();
        for n in 0..10 {
            keywords.add_words(id(n), "deploy,deploy");
        }
        assert_eq!(find("deploy", &keywords).users.len(), 10);
    }

    #[test]
    fn time_is_linear() {
        let mut keywords = keywords();
        keywords.add_words(id(7), &"日".repeat(64));
        for pattern in ["@ann ", "@", "-", "@a-", ".", "日", ":", "http://", "@a.", "＠", "<", "e-", "_"] {
            let message = pattern.repeat(16_383 / pattern.chars().count());
            let begin = std::time::Instant::now();
            find(&message, &keywords);
            words(&message);
            assert!(begin.elapsed().as_millis() < 2_000, "{pattern}: {:?}", begin.elapsed());
        }
    }

    proptest! {
        #[test]
        fn a_name_between_blanks_is_always_found(before in "[a-z ().,!?]{0,20}", after in "[a-z ().,!?]{0,20}") {
            let before = before.trim_start();
            let message = format!("x{before} @ann {after}");
            prop_assert!(find(&message, &keywords()).users.contains(&id(1)));
            prop_assert!(words(&message).names.contains("ann"));
        }

        #[test]
        fn whatever_comes_in_is_read(message in "\\PC{0,100}|[@a.b:_`*<>\\n -]{0,60}") {
            find(&message, &keywords());
            words(&message);
        }
    }
}
