//! Looks for texts in the app that are not in the catalogue: in `view!` a text stands between tags, in an attribute that
//! is read out or shown, or in a block that gives one of several; elsewhere it is a sentence.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Attributes and properties of components whose value people read or hear.
const READ: [&str; 17] = [
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "data-tip",
    "description",
    "help",
    "label",
    "lead",
    "legend",
    "none",
    "note",
    "placeholder",
    "text",
    "title",
    "attr:aria-label",
];

/// What may stand in the code, and why.
const ALLOWED: [(&str, &str, &str); 10] = [
    ("", "Confab", "a name, the same in every language"),
    ("", "{title} · Confab", "a title and that name"),
    ("", "{} · Confab", "a title and that name"),
    ("auth/mod.rs", "design", "the address of a channel: Latin letters everywhere"),
    ("auth/mod.rs", "garden", "as before"),
    ("auth/mod.rs", "planning", "as before"),
    ("auth/mod.rs", "Maya Lindqvist", "a name"),
    ("auth/mod.rs", "Tom Okafor", "a name"),
    ("auth/mod.rs", "Ida Berg", "a name"),
    ("sidebar/mod.rs", "Ctrl K", "what is printed on keys, which `browser::keys` fits to the keyboard"),
];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

/// A token, and the line it is in.
type Found = (Token, usize);

/// What a source is made of; without comments, and without the tests at its end.
fn tokens(source: &str) -> Vec<Found> {
    let source = source.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let letters: Vec<char> = source.chars().collect();
    let at = |n: usize| letters.get(n).copied().unwrap_or('\0');
    let (mut found, mut n, mut line) = (Vec::new(), 0, 1);
    while n < letters.len() {
        let (c, begin, first) = (at(n), n, line);
        if c == '/' && at(n + 1) == '/' {
            while n < letters.len() && at(n) != '\n' {
                n += 1;
            }
            continue;
        }
        let hashes = letters[n + 1..].iter().take_while(|next| **next == '#').count();
        if c == 'r' && at(n + 1 + hashes) == '"' && (n == 0 || !at(n - 1).is_alphanumeric()) {
            n += hashes + 2;
            let end = |n: usize| at(n) == '"' && (1..=hashes).all(|k| at(n + k) == '#');
            let from = n;
            while n < letters.len() && !end(n) {
                line += usize::from(at(n) == '\n');
                n += 1;
            }
            found.push((Token::Text(letters[from..n].iter().collect()), first));
            n += hashes + 1;
        } else if c == '"' {
            n += 1;
            while n < letters.len() && at(n) != '"' {
                line += usize::from(at(n) == '\n');
                n += if at(n) == '\\' { 2 } else { 1 };
            }
            found.push((Token::Text(letters[begin + 1..n.min(letters.len())].iter().collect()), first));
            n += 1;
        } else if c == '\'' && (at(n + 1) == '\\' || at(n + 2) == '\'') {
            // A letter, and no lifetime.
            n += if at(n + 1) == '\\' { 3 } else { 2 };
            while at(n) != '\'' && n < letters.len() {
                n += 1;
            }
            n += 1;
        } else if c.is_alphanumeric() || c == '_' {
            while at(n).is_alphanumeric() || at(n) == '_' {
                n += 1;
            }
            found.push((Token::Word(letters[begin..n].iter().collect()), first));
        } else {
            line += usize::from(c == '\n');
            n += 1;
            if !c.is_whitespace() {
                found.push((Token::Sign(c), first));
            }
        }
    }
    found
}

fn is(token: Option<&Found>, sign: char) -> bool {
    token.is_some_and(|(token, _)| *token == Token::Sign(sign))
}

/// The place after the bracket that closes the one here.
fn closed(tokens: &[Found], open: usize) -> usize {
    let mut depth = 0_usize;
    for (n, (token, _)) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return n + 1;
        }
    }
    tokens.len()
}

/// Whether a `view! {` begins here.
fn is_view(tokens: &[Found], n: usize) -> bool {
    matches!(tokens.get(n), Some((Token::Word(word), _)) if word == "view")
        && is(tokens.get(n + 1), '!')
        && is(tokens.get(n + 2), '{')
}

/// The texts of a piece of code, without those of further views in it, and what comes after each.
fn texts(code: &[Found]) -> Vec<(&str, usize, &[Found])> {
    let (mut all, mut n) = (Vec::new(), 0);
    while n < code.len() {
        if is_view(code, n) {
            n = closed(code, n + 2);
            continue;
        }
        if let (Token::Text(text), line) = &code[n] {
            all.push((text.as_str(), *line, &code[n + 1..]));
        }
        n += 1;
    }
    all
}

fn has_words(text: &str) -> bool {
    // What is filled in is said elsewhere; an address is none.
    let mut outside = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after));
    !text.contains("://") && !text.starts_with('/') && outside.any(|part| part.chars().any(char::is_alphabetic))
}

/// Whether a text in a block is a sentence or a title, rather than a value.
fn is_prose(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let title = letters.len() > 1 && letters[0].is_uppercase() && letters[1].is_lowercase();
    let blank = letters.windows(3).any(|w| w[0].is_alphabetic() && w[1] == ' ' && w[2].is_alphabetic());
    has_words(text) && (title || blank)
}

/// Whether a text anywhere is a sentence: a capital, and further words.
fn is_sentence(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let begins = letters.len() > 1 && letters[0].is_uppercase() && (letters[1].is_lowercase() || letters[1] == ' ');
    begins && letters.windows(2).any(|w| w[0] == ' ' && w[1].is_lowercase())
}

/// Where the value of an attribute ends that begins here.
fn value_end(body: &[Found], from: usize) -> usize {
    const GO_ON: [&str; 9] = ["move", "if", "else", "match", "mut", "ref", "as", "in", "async"];
    let goes_on = |word: &str| GO_ON.contains(&word);
    let mut n = from;
    while n < body.len() {
        let ended = n > from
            && match &body[n - 1].0 {
                Token::Word(word) => !goes_on(word),
                Token::Text(_) => true,
                Token::Sign(sign) => matches!(sign, ')' | ']' | '}' | '?'),
            };
        match &body[n].0 {
            Token::Sign('(' | '[' | '{') => {
                n = closed(body, n);
                continue;
            }
            // `collect::<Vec<_>>()`
            Token::Sign('<') if is(body.get(n - 1), ':') => {
                let mut depth = 0_usize;
                while n < body.len() {
                    match body[n].0 {
                        Token::Sign('<') => depth += 1,
                        Token::Sign('>') => depth -= 1,
                        _ => {}
                    }
                    n += 1;
                    if depth == 0 {
                        break;
                    }
                }
                continue;
            }
            Token::Sign('>') => return n,
            Token::Sign('/') if is(body.get(n + 1), '>') => return n,
            Token::Word(word) if ended && !goes_on(word) => return n,
            _ => {}
        }
        n += 1;
    }
    n
}

/// The texts in the markup of one view that are not from the catalogue.
fn markup(body: &[Found]) -> Vec<(&str, usize)> {
    let (mut found, mut n) = (Vec::new(), 0);
    while n < body.len() {
        match &body[n].0 {
            Token::Text(text) => {
                if has_words(text) {
                    found.push((text.as_str(), body[n].1));
                }
                n += 1;
            }
            Token::Sign('{') => {
                let end = closed(body, n);
                for (text, line, after) in texts(&body[n..end]) {
                    // Not the pattern of an arm.
                    let pattern = is(after.first(), '|') || (is(after.first(), '=') && is(after.get(1), '>'));
                    if is_prose(text) && !pattern {
                        found.push((text, line));
                    }
                }
                n = end;
            }
            Token::Sign('<') => {
                n += 1;
                while n < body.len() && !is(body.get(n), '>') {
                    if !is(body.get(n), '=') {
                        n += 1;
                        continue;
                    }
                    let mut name = Vec::new();
                    let mut k = n;
                    while k > 0 {
                        k -= 1;
                        match &body[k].0 {
                            Token::Word(word) if !matches!(name.last(), Some(Token::Word(_))) => {
                                name.push(Token::Word(word.clone()));
                            }
                            Token::Sign(sign @ ('-' | ':')) => name.push(Token::Sign(*sign)),
                            _ => break,
                        }
                    }
                    let name: String = name
                        .iter()
                        .rev()
                        .map(|token| match token {
                            Token::Word(word) | Token::Text(word) => word.clone(),
                            Token::Sign(sign) => sign.to_string(),
                        })
                        .collect();
                    let end = value_end(body, n + 1);
                    if READ.contains(&name.as_str()) {
                        let said = texts(&body[n + 1..end]).into_iter().filter(|(text, ..)| has_words(text));
                        found.extend(said.map(|(text, line, _)| (text, line)));
                    }
                    n = end;
                }
                n += 1;
            }
            _ => n += 1,
        }
    }
    found
}

/// All the texts of a source.
fn literals(source: &str) -> Vec<(String, usize)> {
    let tokens = tokens(source);
    let views = (0..tokens.len()).filter(|n| is_view(&tokens, *n));
    let mut found: Vec<_> = views.flat_map(|n| markup(&tokens[n + 3..closed(&tokens, n + 2) - 1])).collect();
    for (token, line) in &tokens {
        if let Token::Text(text) = token
            && is_sentence(text)
            && !found.contains(&(text, *line))
        {
            found.push((text, *line));
        }
    }
    found.sort_by_key(|(_, line)| *line);
    found.into_iter().map(|(text, line)| (text.to_owned(), line)).collect()
}

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            all.push(path);
        }
    }
}

#[test]
fn every_text_of_the_app_is_in_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let mut all = Vec::new();
    sources(&root, &mut all);
    all.sort();
    assert!(all.len() > 50, "the app is not where it is looked for");
    let mut wrong = Vec::new();
    for path in all {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let source = fs::read_to_string(&path).expect("sources can be read");
        for (text, line) in literals(&source) {
            if !ALLOWED.iter().any(|(file, allowed, _)| (file.is_empty() || *file == name) && *allowed == text) {
                wrong.push(format!("app/src/{name}:{line}: {text:?} is not in the catalogue"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_are_found_where_people_read_them() {
    let source = r#"
fn f() -> impl IntoView {
    // view! { <p>"Not this"</p> }
    let id = format!("no {}", 1);
    let keys = ["Ctrl Shift X", "Enter", "[data-tip] a", "Too late, {name}"];
    view! {
        <p class="not this" id=format!("no-{n}") on:click=move |_| go("nowhere") aria-label="This">"And this"</p>
        <Toggle label=move || if on { "On" } else { words::off() } value="x" disabled key=|id| *id let:id>
            {words::here()} "@" {name}
            {match state { "Never" => "Also this", _ => view! { <b title=words::this()>"Nested"</b> }.into_any() }}
        </Toggle>
        <img alt="" src="https://example.com" /> <Title text=format!("{title} · {team}") />
        <For each=move || list.get().collect::<Vec<_>>() key=|a| a.id children=|x| x />"Last"
    }
}
"#;
    let found: Vec<(String, usize)> = literals(source);
    let texts: Vec<(&str, usize)> = found.iter().map(|(text, line)| (text.as_str(), *line)).collect();
    let expected = [
        ("Too late, {name}", 5),
        ("This", 7),
        ("And this", 7),
        ("On", 8),
        ("Also this", 10),
        ("Nested", 10),
        ("Last", 13),
    ];
    assert_eq!(texts, expected);
}
