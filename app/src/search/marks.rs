//! What was looked for, marked in what was found. Words fit by their beginnings, as the server finds other forms of a
//! word too; nothing is found by this.

/// Which words are marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<Word>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// Any form of a word, by what its forms have in common.
    Form(String),
    /// A word that begins so.
    Beginning(String),
    /// Anywhere: scripts without blanks.
    Inside(String),
}

/// What restricts where to look, and is no word.
const FILTERS: [&str; 7] = ["from", "in", "channel", "before", "after", "on", "ext"];

impl Marks {
    /// The words of a query that have to be in what is found.
    pub fn of(query: &str) -> Self {
        let mut quoted = false;
        let pieces = query.split(|c: char| {
            quoted ^= c == '"';
            c.is_whitespace() && !quoted
        });
        let (mut words, mut after_filter) = (Vec::new(), false);
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            if std::mem::take(&mut after_filter) || piece.starts_with('-') {
                after_filter = piece.starts_with('-') && piece.ends_with(':');
                continue;
            }
            if let Some((name, value)) = piece.split_once(':')
                && FILTERS.contains(&name.to_ascii_lowercase().as_str())
            {
                after_filter = value.is_empty();
                continue;
            }
            let begins = piece.ends_with('*');
            let runs: Vec<&str> = piece.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()).collect();
            for (at, run) in runs.iter().enumerate() {
                let run = run.to_lowercase();
                words.push(if run.chars().any(is_unspaced) {
                    Word::Inside(run)
                } else if begins && at + 1 == runs.len() {
                    Word::Beginning(run)
                } else {
                    Word::Form(stem(&run))
                });
            }
        }
        Self(words)
    }

    /// Marks the words in HTML, outside of tags and entities.
    pub fn mark(&self, html: &str) -> String {
        if self.0.is_empty() {
            return html.to_owned();
        }
        let mut out = String::with_capacity(html.len() + 64);
        let mut rest = html;
        while let Some(first) = rest.chars().next() {
            let end = match first {
                '<' => rest.find('>').map_or(rest.len(), |at| at + 1),
                '&' => rest.find(';').map_or(rest.len(), |at| at + 1),
                c if c.is_alphanumeric() => {
                    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                    self.run(&rest[..end], &mut out);
                    rest = &rest[end..];
                    continue;
                }
                c => c.len_utf8(),
            };
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        out
    }

    fn run(&self, run: &str, out: &mut String) {
        let lower = run.to_lowercase();
        let whole = self.0.iter().any(|word| match word {
            Word::Form(form) => stem(&lower) == *form,
            Word::Beginning(start) => lower.starts_with(start.as_str()),
            Word::Inside(_) => false,
        });
        if whole {
            out.extend(["<mark class=\"hit\">", run, "</mark>"]);
            return;
        }
        let inside = self.0.iter().find_map(|word| match word {
            Word::Inside(part) => run.find(part.as_str()).map(|at| (at, at + part.len())),
            _ => None,
        });
        match inside {
            Some((from, to)) => {
                out.extend([&run[..from], "<mark class=\"hit\">", &run[from..to], "</mark>"]);
                self.run(&run[to..], out);
            }
            None => out.push_str(run),
        }
    }
}

/// Chinese, Japanese and Korean.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}')
}

/// What the English forms of a word have in common, roughly.
fn stem(word: &str) -> String {
    let mut word = word;
    for end in ["ing", "ed", "es", "s", "e"] {
        if let Some(start) = word.strip_suffix(end)
            && start.len() >= 3
        {
            word = start;
            break;
        }
    }
    let mut stem = word.to_owned();
    let mut last = stem.chars().rev();
    if let (Some(a), Some(b)) = (last.next(), last.next()) {
        if a == b && a.is_alphabetic() {
            stem.pop();
        } else if a == 'y' {
            stem.pop();
            stem.push('i');
        }
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_words_are_marked_and_filters_are_not() {
        let marks = Marks::of("run \"big dog\" app* -cat from:ann in: talk 日本");
        assert_eq!(
            marks.mark("<p title=\"run\">Running <b>dogs</b> &amp; apples in the cat's talk, 日本語</p>"),
            "<p title=\"run\"><mark class=\"hit\">Running</mark> <b><mark class=\"hit\">dogs</mark></b> &amp; \
             <mark class=\"hit\">apples</mark> in the cat's talk, <mark class=\"hit\">日本</mark>語</p>"
        );
        assert_eq!(Marks::of("from:ann -x").mark("from ann"), "from ann");
        assert_eq!(Marks::of("amp").mark("a &amp; b"), "a &amp; b");
    }
}
