//! English endings: plurals, `-ed`, `-ing` and `-y`, after M. F. Porter's "An algorithm for suffix stripping" (1980),
//! step 1. The later steps join words that mean different things too often to help those who look for a message.

/// Cuts the ending off a lower-case word; words of other alphabets stay as they are.
pub fn stem(word: &str) -> String {
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut word = plural(word).to_owned();
    if let Some(start) = word.strip_suffix("eed") {
        if measure(start) > 0 {
            word.pop();
        }
    } else if let Some(start) = ["ed", "ing"].iter().find_map(|end| word.strip_suffix(end)).filter(|s| has_vowel(s)) {
        word = mended(start);
    }
    if let Some(start) = word.strip_suffix('y').filter(|s| has_vowel(s)) {
        word = format!("{start}i");
    }
    word
}

fn plural(word: &str) -> &str {
    if word.ends_with("sses") || word.ends_with("ies") {
        &word[..word.len() - 2]
    } else if word.ends_with("ss") {
        word
    } else {
        word.strip_suffix('s').unwrap_or(word)
    }
}

/// What is left without `-ed` or `-ing`, as it was before they came.
fn mended(start: &str) -> String {
    let bytes = start.as_bytes();
    let twice =
        bytes.len() > 1 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && is_consonant(bytes, bytes.len() - 1);
    if ["at", "bl", "iz"].iter().any(|end| start.ends_with(end)) || (measure(start) == 1 && ends_short(bytes)) {
        format!("{start}e")
    } else if twice && !start.ends_with(['l', 's', 'z']) {
        start[..start.len() - 1].to_owned()
    } else {
        start.to_owned()
    }
}

fn is_consonant(word: &[u8], at: usize) -> bool {
    match word[at] {
        b'a' | b'e' | b'i' | b'o' | b'u' => false,
        b'y' => at == 0 || !is_consonant(word, at - 1),
        _ => true,
    }
}

fn has_vowel(word: &str) -> bool {
    (0..word.len()).any(|at| !is_consonant(word.as_bytes(), at))
}

/// How often a consonant follows a vowel.
fn measure(word: &str) -> usize {
    let word = word.as_bytes();
    (1..word.len()).filter(|at| is_consonant(word, *at) && !is_consonant(word, at - 1)).count()
}

/// Consonant, vowel, consonant, of which the last is not silent.
fn ends_short(word: &[u8]) -> bool {
    let [.., last] = word else { return false };
    let n = word.len();
    n > 2
        && is_consonant(word, n - 1)
        && !is_consonant(word, n - 2)
        && is_consonant(word, n - 3)
        && !matches!(last, b'w' | b'x' | b'y')
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            ["running", "runs", "run"],
            ["dogs", "dog", "dog"],
            ["hoping", "hoped", "hope"],
            ["ponies", "pony", "pony"],
            ["agreed", "agree", "agrees"],
            ["falling", "falls", "fall"],
        ] {
            let stems = forms.map(stem);
            assert!(stems.iter().all(|s| *s == stems[0]), "{forms:?} {stems:?}");
        }
        for word in ["glass", "sing", "sky", "straße", "x1", ""] {
            assert_eq!(stem(word), word);
        }
    }
}
