//! What people write to find something: words, `"phrases"`, `begin*`, `#hashtags`, `-without`, and `from:`, `in:`,
//! `before:`, `after:`, `on:`, `ext:`.

use super::words;
use model::Millis;
use store::search::Term;

/// What is read of a query, at most.
const PIECES: usize = 64;
const DAY: Millis = 24 * 60 * 60 * 1000;

/// A query, read. Names are as written, in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub terms: Vec<Term>,
    pub not_terms: Vec<Term>,
    pub from: Vec<String>,
    pub not_from: Vec<String>,
    pub within: Vec<String>,
    pub not_within: Vec<String>,
    pub during: Vec<(Millis, Millis)>,
    pub not_during: Vec<(Millis, Millis)>,
    /// Kinds of files, as their words.
    pub kinds: Vec<String>,
    pub not_kinds: Vec<String>,
}

impl Asked {
    /// Reads a query. Days begin by a clock that is `offset` seconds before UTC's if negative, after it otherwise.
    pub fn read(text: &str, offset: i64) -> Self {
        let mut asked = Self::default();
        let mut pieces = pieces(text).into_iter().take(PIECES);
        while let Some(piece) = pieces.next() {
            let (negated, bare) = match piece.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => (true, rest),
                _ => (false, piece),
            };
            if let Some((flag, value)) = flag(bare) {
                // `from: bob` is meant as `from:bob`.
                let value = if value.is_empty() { pieces.next().unwrap_or_default() } else { value };
                asked.restrict(flag, value, negated, offset);
                continue;
            }
            let terms = if bare.starts_with('#') && bare.len() > 1 {
                vec![words::of_tag(bare)]
            } else if bare.starts_with('"') {
                words::of_query(bare, false)
            } else {
                words::of_query(bare, bare.ends_with('*'))
            };
            if negated { asked.not_terms.extend(terms) } else { asked.terms.extend(terms) }
        }
        asked
    }

    /// The same for messages, which have no kinds.
    #[must_use]
    pub fn of_messages(self) -> Self {
        Self { kinds: Vec::new(), not_kinds: Vec::new(), ..self }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn restrict(&mut self, flag: Flag, value: &str, negated: bool, offset: i64) {
        let stretch = match flag {
            Flag::From => {
                let names = if negated { &mut self.not_from } else { &mut self.from };
                return names.push(value.trim_start_matches('@').to_lowercase());
            }
            Flag::In => {
                let names = if negated { &mut self.not_within } else { &mut self.within };
                return names.push(value.trim_start_matches('~').to_lowercase());
            }
            Flag::Ext => {
                let kinds = if negated { &mut self.not_kinds } else { &mut self.kinds };
                return kinds.push(words::of_kind(value));
            }
            Flag::Before => day(value, offset).map(|start| (0, start)),
            Flag::After => day(value, offset).map(|start| (start + DAY, Millis::MAX)),
            Flag::On => day(value, offset).map(|start| (start, start + DAY)),
        };
        // What is no date does not restrict.
        let stretches = if negated { &mut self.not_during } else { &mut self.during };
        stretches.extend(stretch);
    }
}

#[derive(Clone, Copy)]
enum Flag {
    From,
    In,
    Before,
    After,
    On,
    Ext,
}

fn flag(piece: &str) -> Option<(Flag, &str)> {
    let (name, value) = piece.split_once(':')?;
    let flag = match name.to_ascii_lowercase().as_str() {
        "from" => Flag::From,
        "in" | "channel" => Flag::In,
        "before" => Flag::Before,
        "after" => Flag::After,
        "on" => Flag::On,
        "ext" => Flag::Ext,
        _ => return None,
    };
    Some((flag, value.trim_matches('"')))
}

/// When a day begins, in UTC.
fn day(text: &str, offset: i64) -> Option<Millis> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    let midnight = jiff::tz::Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_millisecond();
    Some(midnight - offset.clamp(-86_400, 86_400) * 1000)
}

/// Parts a query at blanks that are not within quotes.
fn pieces(text: &str) -> Vec<&str> {
    let mut quoted = false;
    let blank = |c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    };
    text.split(blank).filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read() {
        let asked = Asked::read("\"big dogs\" run* -cat from: Bob in:talk -in:other on:2018-01-01 #x", -18000);
        assert_eq!(asked.terms.len(), 3);
        assert_eq!(asked.terms[0].words, ["wdbig", "wddog"]);
        assert!(asked.terms[1].prefix);
        assert_eq!(asked.not_terms.len(), 1);
        assert_eq!(
            (asked.from, asked.within, asked.not_within),
            (vec!["bob".into()], vec!["talk".into()], vec!["other".into()])
        );
        assert_eq!(asked.during, [(1_514_782_800_000, 1_514_869_200_000)]);
        for nothing in ["", " ' ", "((", "%", "-", "before:yesterday"] {
            assert!(Asked::read(nothing, 0).is_empty(), "{nothing}");
        }
    }
}
