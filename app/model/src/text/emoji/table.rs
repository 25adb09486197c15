//! The table of emoji, as read from its text.
//!
//! A line is a group (`#name`, tab, icon) or an emoji: its text, its names (the first is the one it goes by, `-` if it
//! has no such), its title, its skin tones (nothing, `+` where the tone simply follows the first character, or the five
//! texts), and `new` where fonts in use cannot show it yet; all with tabs between.

use super::{Category, Emoji, TONES, Tone};
use std::{borrow::Cow, collections::HashSet};

/// Says that the character before is to be shown as an emoji; left out in much of what people write.
const SHOWN: char = '\u{fe0f}';

struct Entry {
    text: &'static str,
    /// The name it goes by.
    name: Option<&'static str>,
    title: &'static str,
    tones: &'static str,
}

/// Everything about the standard emoji.
pub(super) struct Table {
    entries: Vec<Entry>,
    /// Every name, in order, and the place of its emoji.
    names: Vec<(&'static str, usize)>,
    /// Every text without [`SHOWN`], in order, and the place of its emoji.
    texts: Vec<(String, usize)>,
    pub categories: Vec<Category>,
}

impl Table {
    pub fn parse(text: &'static str) -> Self {
        let mut table = Self { entries: Vec::new(), names: Vec::new(), texts: Vec::new(), categories: Vec::new() };
        for line in text.lines() {
            table.add(line);
        }
        table.names.sort_unstable();
        table.texts.sort_unstable();
        table
    }

    fn add(&mut self, line: &'static str) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (text, names) = (next(), next());
        if let Some(name) = text.strip_prefix('#').filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
            self.categories.push(Category { name, icon: names, emoji: Vec::new() });
            return;
        }
        let entry =
            Entry { text, name: names.split(' ').next().filter(|name| *name != "-"), title: next(), tones: next() };
        let is_new = next() == "new";
        let place = self.entries.len();
        self.names.extend(names.split(' ').filter(|name| *name != "-").map(|name| (name, place)));
        self.texts.push((bare(text), place));
        if let Some(category) = self.categories.last_mut().filter(|_| !is_new)
            && let Some(name) = entry.name
        {
            category.emoji.push(Emoji { name, ..entry.emoji() });
        }
        self.entries.push(entry);
    }

    fn named(&self, name: &str) -> Option<&Entry> {
        let found = self.names.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        Some(&self.entries[self.names[found].1])
    }

    fn of_text(&self, text: &str) -> Option<&Entry> {
        let text = bare(text);
        let found = self.texts.binary_search_by(|(known, _)| known.as_str().cmp(&text)).ok()?;
        Some(&self.entries[self.texts[found].1])
    }

    pub fn by_name(&self, name: &str) -> Option<Cow<'static, str>> {
        if let Some(entry) = self.named(name) {
            return Some(entry.text.into());
        }
        // Longer suffixes first: one ends like another.
        let mut tones = TONES;
        tones.sort_unstable_by_key(|tone| std::cmp::Reverse(tone.suffix.len()));
        if let Some((base, tone)) = tones.iter().find_map(|tone| Some((name.strip_suffix(tone.suffix)?, tone))) {
            return self.named(base)?.toned(*tone);
        }
        let country = name.strip_prefix("flag-").filter(|code| code.len() == 2)?;
        let flag: Option<String> = country
            .bytes()
            .map(|byte| char::from_u32(0x1f1e6 + u32::from(byte.to_ascii_lowercase().checked_sub(b'a')?)))
            .collect();
        Some(self.of_text(&flag?)?.text.into())
    }

    pub fn by_text(&self, text: &str) -> Option<String> {
        let Some(tone) = TONES.iter().find(|tone| text.contains(tone.modifier)) else {
            return self.of_text(text)?.name.map(str::to_owned);
        };
        let entry = self.of_text(&text.replace(tone.modifier, ""))?;
        let same = bare(&entry.toned(*tone)?) == bare(text);
        same.then(|| Some(format!("{}{}", entry.name?, tone.suffix))).flatten()
    }

    pub fn search(&self, wanted: &str, limit: usize) -> Vec<Emoji> {
        let start = self.names.partition_point(|(name, _)| *name < wanted);
        let beginning = self.names[start..].iter().take_while(|(name, _)| name.starts_with(wanted));
        let containing = self.names.iter().filter(|(name, _)| name.contains(wanted));
        let mut seen = HashSet::new();
        let each = beginning.chain(containing).filter(|(_, place)| seen.insert(*place));
        each.take(limit).map(|(name, place)| Emoji { name, ..self.entries[*place].emoji() }).collect()
    }
}

impl Entry {
    fn emoji(&self) -> Emoji {
        Emoji { name: "", text: self.text, title: self.title, toned: !self.tones.is_empty() }
    }

    fn toned(&self, tone: Tone) -> Option<Cow<'static, str>> {
        match self.tones {
            "" => None,
            "+" => Some(with_tone(self.text, tone.modifier).into()),
            texts => {
                let place = TONES.iter().position(|known| *known == tone)?;
                texts.split(' ').nth(place).map(Cow::Borrowed)
            }
        }
    }
}

/// A text with the tone behind its first character.
pub(super) fn with_tone(text: &str, modifier: char) -> String {
    let mut rest = text.chars();
    let mut toned: String = rest.next().into_iter().collect();
    toned.push(modifier);
    toned.push_str(rest.as_str().strip_prefix(SHOWN).unwrap_or(rest.as_str()));
    toned
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| *c != SHOWN).collect()
}
