//! Every text of the app in every language: `en.txt` and its like beside this file's folder.
//!
//! A line is `key = text`. In a text, `{name}` is filled in, `{count}` is a number, and `[…]` is what a link or an
//! emphasis goes around. A text with a number has a form for each that the language's plurals need: `key.one = text`;
//! the line without a form is for all other numbers.
//!
//! English is what the others are held against: its keys become functions of the app (`app/build.rs`), numbered in the
//! order of the file, and a language's [`table`] has its texts in that order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A language there is.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// As in `<html lang>` and a user's `locale`.
    pub code: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// Which way it is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// What stands between thousands.
    pub group: &'static str,
    /// Whether its clocks begin anew at noon, where nobody has chosen.
    pub twelve_hours: bool,
}

/// All of them; the first is spoken where nothing else is known.
pub static LANGUAGES: [Language; 4] = [
    Language { code: "en", name: "English", direction: "ltr", group: ",", twelve_hours: false },
    Language { code: "de", name: "Deutsch", direction: "ltr", group: ".", twelve_hours: false },
    Language { code: "fr", name: "Français", direction: "ltr", group: "\u{202f}", twelve_hours: false },
    Language { code: "ar", name: "العربية", direction: "rtl", group: ",", twelve_hours: true },
];

const SOURCES: [(&str, &str); 4] = [
    ("en", include_str!("../en.txt")),
    ("de", include_str!("../de.txt")),
    ("fr", include_str!("../fr.txt")),
    ("ar", include_str!("../ar.txt")),
];

/// What separates the forms of one text in a table.
pub const BETWEEN_FORMS: char = '\u{1f}';

/// What a language does with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Form {
    pub const ALL: [Self; 6] = [Self::Zero, Self::One, Self::Two, Self::Few, Self::Many, Self::Other];

    /// As in the browser's `Intl.PluralRules`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }

    /// What marks it in a table.
    pub const fn mark(self) -> char {
        match self {
            Self::Zero => 'z',
            Self::One => '1',
            Self::Two => '2',
            Self::Few => 'f',
            Self::Many => 'm',
            Self::Other => 'o',
        }
    }
}

/// The form for a number, by Unicode's rules for whole numbers, the same on the server and in the browser.
pub const fn form(code: &str, count: i64) -> Form {
    let count = count.unsigned_abs();
    match (code.as_bytes(), count, count % 100) {
        (b"ar", 0, _) => Form::Zero,
        (b"ar", 2, _) => Form::Two,
        (b"ar", _, 3..=10) => Form::Few,
        (b"ar", _, 11..=99) => Form::Many,
        (b"fr", 0, _) | (_, 1, _) => Form::One,
        _ => Form::Other,
    }
}

/// The language of a code: `pt-BR` is found as `pt` too.
pub fn find(code: &str) -> Option<&'static Language> {
    let is = |wanted: &str| LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(wanted));
    is(code).or_else(|| is(code.split(['-', '_']).next().unwrap_or(code)))
}

/// The language a browser would like best of those there are: `de-AT,de;q=0.8,en;q=0.5`.
pub fn preferred(accepted: &str, offered: impl Fn(&Language) -> bool) -> Option<&'static Language> {
    let mut best: Option<(u32, &'static Language)> = None;
    for wish in accepted.split(',') {
        let (code, weight) = wish.split_once(';').unwrap_or((wish, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        let weight = (weight.clamp(0.0, 1.0) * 1_000.0) as u32;
        if let Some(language) = find(code.trim()).filter(|language| offered(language))
            && weight > best.map_or(0, |(most, _)| most)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// One text.
#[derive(Clone, Debug, Default)]
struct Entry {
    key: String,
    forms: BTreeMap<Form, String>,
}

impl Entry {
    fn other(&self) -> &str {
        self.forms.get(&Form::Other).map_or("", String::as_str)
    }

    /// What is filled in, in the order of the text for all numbers; without the number.
    fn parameters(&self) -> Vec<String> {
        parameters(self.other()).into_iter().filter(|name| name != "count").collect()
    }

    fn counts(&self) -> bool {
        self.forms.len() > 1 || parameters(self.other()).iter().any(|name| name == "count")
    }

    fn goes_around(&self) -> bool {
        self.other().contains('[')
    }
}

/// The names in braces, each once.
fn parameters(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Reads a language's file; what is wrong with it is said by line.
fn read(source: &str) -> (Vec<Entry>, Vec<String>) {
    let (mut entries, mut wrong) = (Vec::<Entry>::new(), Vec::new());
    for (number, line) in source.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let Some((key, text)) = line.split_once(" = ") else {
            wrong.push(format!("line {}: not `key = text`", number + 1));
            continue;
        };
        let (key, form) = key.split_once('.').unwrap_or((key, "other"));
        let Some(form) = Form::ALL.into_iter().find(|known| known.name() == form) else {
            wrong.push(format!("line {}: there is no form {form}", number + 1));
            continue;
        };
        let at = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            entries.push(Entry { key: key.to_owned(), ..Entry::default() });
            entries.len() - 1
        });
        if entries[at].forms.insert(form, text.to_owned()).is_some() {
            wrong.push(format!("line {}: {key} is there twice", number + 1));
        }
        let marks = |mark: char| text.matches(mark).count();
        if marks('[') > 1 || marks('[') != marks(']') || marks('{') != marks('}') || text.contains(BETWEEN_FORMS) {
            wrong.push(format!("line {}: brackets of {key} do not match", number + 1));
        }
    }
    (entries, wrong)
}

fn source(code: &str) -> &'static str {
    SOURCES.iter().find(|(known, _)| *known == code).map_or("", |(_, source)| source)
}

/// The texts of a language as the app reads them: the code, then a line for each, in the order of English. What is
/// filled in goes by number there: `{0}`; the number of things is `{#}`. A text that is missing is English.
pub fn table(code: &str) -> String {
    let (english, _) = read(source("en"));
    let own: BTreeMap<String, Entry> =
        read(source(code)).0.into_iter().map(|entry| (entry.key.clone(), entry)).collect();
    let mut table = code.to_owned();
    for entry in &english {
        let names = entry.parameters();
        let entry = own.get(&entry.key).unwrap_or(entry);
        let numbered = |text: &str| {
            let mut text = text.replace("{count}", "{#}");
            for (n, name) in names.iter().enumerate() {
                text = text.replace(&format!("{{{name}}}"), &format!("{{{n}}}"));
            }
            text
        };
        table.push('\n');
        table.push_str(&numbered(entry.other()));
        for (form, text) in entry.forms.iter().filter(|(form, _)| **form != Form::Other) {
            table.extend([BETWEEN_FORMS, form.mark()]);
            table.push_str(&numbered(text));
        }
    }
    table
}

/// The functions of the app that give the texts, as Rust.
pub fn functions() -> String {
    let mut code = String::new();
    for (n, entry) in read(source("en")).0.iter().enumerate() {
        let names = entry.parameters();
        let mut takes: Vec<String> = entry.counts().then(|| "count: i64".to_owned()).into_iter().collect();
        takes.extend(names.iter().map(|name| format!("{name}: &str")));
        let (takes, names) = (takes.join(", "), names.join(", "));
        let count = if entry.counts() { "Some(count)" } else { "None" };
        let (gives, body) = match (takes.is_empty(), entry.goes_around()) {
            (true, false) => ("&'static str", format!("text({n})")),
            (true, true) => ("[&'static str; 3]", format!("pieces(text({n}))")),
            (false, false) => ("String", format!("filled({n}, {count}, &[{names}])")),
            (false, true) => ("[String; 3]", format!("filled_pieces({n}, {count}, &[{names}])")),
        };
        let (key, text) = (&entry.key, entry.other());
        let _ = writeln!(code, "/// `{text}`\n#[inline]\npub fn {key}({takes}) -> {gives} {{\n    {body}\n}}\n");
    }
    code
}

/// What is wrong with the languages: keys that English has not or that are missing, other parameters, missing forms.
pub fn faults() -> Vec<String> {
    let (english, mut wrong) = read(source("en"));
    let english: BTreeMap<&str, &Entry> = english.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    for language in &LANGUAGES {
        let code = language.code;
        let needed: BTreeSet<Form> = (0..200).map(|count| form(code, count)).chain([Form::Other]).collect();
        let (entries, faults) = read(source(code));
        wrong.extend(faults.into_iter().map(|fault| format!("{code}: {fault}")));
        let own: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        wrong.extend(
            english.keys().filter(|key| !own.contains_key(**key)).map(|key| format!("{code}: {key} is missing")),
        );
        for (key, entry) in own {
            let Some(model) = english.get(key) else {
                wrong.push(format!("{code}: {key} is not in English"));
                continue;
            };
            let mut names: Vec<_> = model.parameters();
            names.sort();
            for (form, text) in &entry.forms {
                let mut own: Vec<_> = parameters(text).into_iter().filter(|name| name != "count").collect();
                own.sort();
                if own != names || text.contains('[') != model.goes_around() {
                    wrong.push(format!("{code}: {key}.{} has not the parameters of English", form.name()));
                }
            }
            let forms: BTreeSet<Form> = entry.forms.keys().copied().collect();
            let wanted = if model.forms.len() > 1 { needed.clone() } else { [Form::Other].into() };
            if forms != wanted {
                let names: Vec<_> = wanted.iter().map(|form| form.name()).collect();
                wrong.push(format!("{code}: {key} needs the forms {}", names.join(", ")));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text_in_every_form() {
        assert_eq!(faults(), Vec::<String>::new());
    }

    #[test]
    fn numbers_take_the_form_of_the_language() {
        let forms = |code, counts: &[i64]| counts.iter().map(|n| form(code, *n).name()).collect::<Vec<_>>();
        assert_eq!(forms("en", &[0, 1, 2, 21]), ["other", "one", "other", "other"]);
        assert_eq!(forms("fr", &[0, 1, 2]), ["one", "one", "other"]);
        assert_eq!(
            forms("ar", &[0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103]),
            ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "other", "few"]
        );
    }

    #[test]
    fn a_browser_gets_the_language_it_likes_best() {
        let of = |accepted| preferred(accepted, |_| true).map(|language| language.code);
        assert_eq!(of("de-AT,de;q=0.8,en;q=0.5"), Some("de"));
        assert_eq!(of("xx, en;q=0.2, ar;q=0.9"), Some("ar"));
        assert_eq!(of("fr;q=0, *"), None);
        assert_eq!(preferred("de, fr;q=0.1", |language| language.code != "de").map(|l| l.code), Some("fr"));
        assert_eq!(find("pt-BR"), None);
    }
}
