//! Text into words.
//!
//! A word is a run of letters and digits, without case and accents, by its English stem. Whatever else is between them
//! parts words, so that `mail.example.org` is three words that follow each other, and found as that. Chinese, Japanese and
//! Korean, written without blanks, become overlapping pairs of characters.

use super::stem::stem;
use store::search::Term;
use unicode_normalization::UnicodeNormalization as _;

/// The longest word; MariaDB drops words above 84 characters.
const LONGEST: usize = 80;

/// What the index gets for a message: its words in order; and in no order the full forms, for those who know only how a
/// word begins, and the hashtags.
pub fn of_post(message: &str, hashtags: &str) -> (String, String) {
    let (mut out, mut forms) = (String::with_capacity(message.len() * 2), String::new());
    for run in runs(&folded(message)) {
        if is_paired(run) {
            for pair in pairs(run, true) {
                push(&mut out, &word(&pair));
            }
            continue;
        }
        let stem = stem(run);
        push(&mut out, &word(&stem));
        if stem != run {
            push(&mut forms, &word(run));
        }
    }
    for tag in hashtags.split_whitespace() {
        push(&mut forms, &self::tag(tag));
    }
    (out, forms)
}

/// What the index gets for a file: the words of its name and of what is in it, in order; and in no order their full
/// forms, and its kind.
pub fn of_file(name: &str, extension: &str, text: &str) -> (String, String) {
    let (words, forms) = of_post(&format!("{name}\n{text}"), "");
    let mut loose: Vec<&str> = forms.split(' ').collect();
    loose.sort_unstable();
    loose.dedup();
    let mut loose = loose.join(" ");
    push(&mut loose, &of_kind(extension));
    (words, loose)
}

/// The word for a kind of file.
pub fn of_kind(extension: &str) -> String {
    spelt("ex", &folded(extension.trim_start_matches('.')))
}

/// What a piece of a query looks for: words that follow each other. A prefix is a term of its own.
pub fn of_query(text: &str, prefix: bool) -> Vec<Term> {
    let mut words = Vec::new();
    let mut terms = Vec::new();
    let text = folded(text);
    let runs: Vec<&str> = runs(&text).collect();
    for (at, run) in runs.iter().enumerate() {
        let last = at + 1 == runs.len();
        if is_paired(run) && run.chars().count() == 1 {
            // Somewhere in a longer text: as the first of a pair, or as the last character of all.
            terms.push(Term { words: vec![word(run)], prefix: true });
        } else if is_paired(run) {
            words.extend(pairs(run, false).map(|pair| word(&pair)));
        } else if last && prefix {
            terms.push(Term { words: vec![word(run)], prefix: true });
        } else {
            words.push(word(&stem(run)));
        }
    }
    if !words.is_empty() {
        terms.insert(0, Term { words, prefix: false });
    }
    terms
}

/// What a hashtag, with its `#`, looks for.
pub fn of_tag(text: &str) -> Term {
    let prefix = text.ends_with('*');
    Term { words: vec![tag(text.trim_end_matches('*'))], prefix }
}

fn push(out: &mut String, words: &str) {
    if !out.is_empty() && !words.is_empty() {
        out.push(' ');
    }
    out.push_str(words);
}

fn word(text: &str) -> String {
    spelt("wd", text)
}

fn tag(text: &str) -> String {
    spelt("tg", &folded(text.trim_start_matches('#')))
}

/// Writes text with ASCII letters and digits: `q` and `x` begin what is none, by number. What two texts have in common at
/// their beginning, they have in common when spelt.
fn spelt(kind: &str, text: &str) -> String {
    let mut out = String::with_capacity(kind.len() + text.len());
    out.push_str(kind);
    for c in text.chars() {
        let from = out.len();
        match c {
            'a'..='p' | 'r'..='w' | 'y' | 'z' | '0'..='9' => out.push(c),
            _ => {
                let (sign, digits) = if u32::from(c) < 36_u32.pow(3) { ('q', 3) } else { ('x', 4) };
                out.push(sign);
                for digit in (0..digits).rev() {
                    let value = u32::from(c) / 36_u32.pow(digit) % 36;
                    out.push(char::from_digit(value, 36).expect("a remainder is a digit"));
                }
            }
        }
        if out.len() > LONGEST {
            out.truncate(from);
            break;
        }
    }
    out
}

/// Without case, accents and differences of width.
fn folded(text: &str) -> String {
    let lower = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc().collect::<String>().to_lowercase();
    lower.replace('ß', "ss")
}

fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a run is of characters that are taken in pairs; a run is of one kind.
fn is_paired(run: &str) -> bool {
    run.chars().next().is_some_and(is_cjk)
}

/// Runs of letters and digits, parted where a script with blanks meets one without.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let part = |c: char| c.is_alphanumeric() || is_cjk(c);
        let start = rest.find(part)?;
        rest = &rest[start..];
        let paired = is_paired(rest);
        let end = rest.find(|c| !part(c) || is_cjk(c) != paired).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// The pairs of a run; with `closed` its last character too, by itself, so that looking for it alone finds it.
fn pairs(run: &str, closed: bool) -> impl Iterator<Item = String> + '_ {
    let mut chars = run.chars().peekable();
    std::iter::from_fn(move || {
        let first = chars.next()?;
        match chars.peek() {
            Some(second) => Some(String::from_iter([first, *second])),
            None => closed.then(|| first.to_string()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(words: &str, loose: &str) -> (String, String) {
        (words.to_owned(), loose.to_owned())
    }

    #[test]
    fn a_message_becomes_words() {
        assert_eq!(of_post("The Dogs, running!", "#a-b"), both("wdthe wddog wdrun", "wddogs wdrunning tgaq019b"));
        assert_eq!(of_post("Crème BRÛLÉE straße", ""), both("wdcreme wdbrulee wdstrasse", ""));
        assert_eq!(of_post("mail.example.org", ""), both("wdmail wdeq03cample wdorg", ""));
        assert_eq!(of_post("🙂 ' \\ ((", ""), both("", ""));
    }

    #[test]
    fn scripts_without_blanks_are_found_anywhere() {
        let whole = of_post("日本語のabc", "").0;
        let whole: Vec<&str> = whole.split(' ').collect();
        for part in ["本語", "語の", "日本語"] {
            let terms = of_query(part, false);
            assert!(whole.windows(terms[0].words.len()).any(|w| w == terms[0].words), "{part}");
        }
        for single in ["日", "の"] {
            let term = &of_query(single, false)[0];
            assert!(term.prefix && whole.iter().any(|w| w.starts_with(&term.words[0])), "{single}");
        }
        assert!(whole.contains(&"wdabc"));
    }

    #[test]
    fn nothing_is_longer_than_the_databases_take() {
        let long = "Ж".repeat(100);
        assert!(of_post(&long, "").0.len() <= LONGEST);
        assert_eq!(of_post(&long, "").0, of_query(&long, false)[0].words[0]);
    }
}
