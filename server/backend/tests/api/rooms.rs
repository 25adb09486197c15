//! The arrows between the rooms of `backend`: each uses only those before it, and those beside it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The rooms from the bottom up, as docs/architecture.md draws them. A new room gets its place here.
const FLOORS: &[&[&str]] = &[
    &["error", "clock"],
    &["auth", "files", "live", "mail", "search", "settings"],
    &["outbound"],
    &["cache", "presence", "cx"],
    &["access"],
    &["actions"],
    &["api", "jobs"],
    &["lib", "testing"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// A file's text without comments, texts and its tests, which may use anything.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let without = |line: &str| line.split("//").next().unwrap_or_default().to_owned() + "\n";
    let text: String = text.lines().map(without).collect();
    text.split('"').step_by(2).collect()
}

/// The rooms that a file names: `crate::room…`, and each of `crate::{room, other::…}`.
fn named(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            rooms.insert(word(rest));
            continue;
        };
        let (mut depth, mut begins) = (0, true);
        for (i, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                c if begins && !c.is_whitespace() => {
                    rooms.insert(word(&list[i..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    // What begins with a capital is one of the few names of `lib` itself, which come from `error`.
    rooms.retain(|room| room.starts_with(char::is_lowercase));
    rooms
}

#[test]
fn a_room_uses_only_those_before_and_beside_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 50, "all files are looked at");
    let mut wrong = BTreeSet::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let room = path.split(['/', '.']).next().unwrap_or_default();
        let Some(own) = floor(room) else {
            wrong.insert(format!("{path}: the room {room} has no place in FLOORS"));
            continue;
        };
        for used in named(&code(&fs::read_to_string(&file).unwrap())) {
            if own + 1 < FLOORS.len() && floor(&used).is_none_or(|floor| floor > own) {
                wrong.insert(format!("{path} uses {used}, which is above it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn uses_are_found_in_all_their_forms() {
    let text = "use crate::{access::{self, Caller}, cx::Cx};\nfn f() { crate::live::x() } // crate::api\nlet x = \"crate::jobs\";";
    assert_eq!(named(&code(text)).into_iter().collect::<Vec<_>>(), ["access", "cx", "live"]);
}
