//! What is copied from other programs, as Markdown: tables, code, and an address that becomes what is selected.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Document, Element, HtmlTextAreaElement, Node};

use super::format::{self, Selected};
use crate::{chat::Chat, later::later};

/// Under which name editors such as VS Code give the language of a text that is copied from them.
const EDITOR: &str = "vscode-editor-data";

/// A text in the forms that the program gave it which it was copied from; empty where there is none.
#[derive(Clone, Debug, Default)]
pub struct Pasted {
    pub plain: String,
    html: String,
    /// JSON, with the language as `mode`.
    editor: String,
}

impl Pasted {
    pub fn of(event: &ClipboardEvent) -> Self {
        let Some(data) = event.clipboard_data() else { return Self::default() };
        let of = |kind: &str| data.get_data(kind).unwrap_or_default();
        Self { plain: of("text/plain"), html: of("text/html"), editor: of(EDITOR) }
    }

    /// Whether it may be more than its plain text.
    pub fn is_rich(&self) -> bool {
        let marked = || ["<table", "<pre"].iter().any(|tag| self.html.contains(tag));
        !self.plain.is_empty() && (!self.editor.is_empty() || is_address(&self.plain) || marked())
    }
}

later! {
    /// Puts it in place of what is selected, as if it had been typed.
    pub fn put(_chat: Chat, area: HtmlTextAreaElement, pasted: Pasted) {
        let mut what = format::read(&area);
        let text = as_markdown(&what, &pasted).unwrap_or(pasted.plain);
        what.text.replace_range(what.from..what.to, &text);
        what.from += text.len();
        what.to = what.from;
        format::write(&area, &what);
    }
}

/// What becomes of it in this place; nothing where the plain text is meant.
fn as_markdown(what: &Selected, pasted: &Pasted) -> Option<String> {
    let before = &what.text[..what.from];
    if in_code(before) {
        return None;
    }
    let selected = &what.text[what.from..what.to];
    if is_address(&pasted.plain) {
        let linked = !selected.trim().is_empty() && !selected.contains(['\n', '[', ']']) && !is_address(selected);
        return linked.then(|| format!("[{selected}]({})", pasted.plain.trim()));
    }
    if !pasted.editor.is_empty() {
        let about: serde_json::Value = serde_json::from_str(&pasted.editor).unwrap_or_default();
        let language = about["mode"].as_str().filter(|mode| *mode != "plaintext").unwrap_or_default();
        return pasted.plain.trim_end().contains('\n').then(|| code(before, language, &pasted.plain));
    }
    of_page(before, &pasted.html)
}

/// Whether what is written there is inside of a block of code.
fn in_code(before: &str) -> bool {
    before.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1
}

/// Whether a text is the address of a page and nothing else.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c == ')')
}

/// A block of its own, after what is written before it.
fn block(before: &str, lines: &str) -> String {
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    [gap, lines, "\n"].concat()
}

fn code(before: &str, language: &str, text: &str) -> String {
    // Longer than any row of backticks in it.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    let text = text.trim_matches(['\n', '\r']).replace("\r\n", "\n");
    block(before, &format!("{fence}{language}\n{text}\n{fence}"))
}

/// Rows of cells, the first of which is the head; nothing of a single cell.
fn table(before: &str, rows: &[Vec<String>]) -> Option<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    if columns == 0 || columns * rows.len() < 2 {
        return None;
    }
    let line = |cells: &[String]| {
        let cell = |n: usize| cells.get(n).map(String::as_str).unwrap_or_default();
        (0..columns).fold(String::from("|"), |line, n| line + " " + cell(n) + " |")
    };
    let (head, body) = rows.split_first()?;
    let mut lines = vec![line(head), format!("|{}", " --- |".repeat(columns))];
    lines.extend(body.iter().map(|row| line(row)));
    // A table begins after an empty line.
    let before_block = if before.trim().is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
    Some(format!("{before_block}{}", block(before, &lines.join("\n"))))
}

/// A table or code that makes up all of a page. Parsing a page neither runs its scripts nor loads its pictures.
fn of_page(before: &str, html: &str) -> Option<String> {
    let page = web_sys::DomParser::new().ok()?;
    let page: Document = page.parse_from_string(html, web_sys::SupportedType::TextHtml).ok()?;
    let body = page.body()?;
    let letters = |node: &Node| node.text_content().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).count();
    let all = letters(&body);
    let is_all = |element: &Element| letters(element) == all;
    if let Some(pre) = body.query_selector("pre").ok()?.filter(is_all) {
        let text = pre.text_content().unwrap_or_default();
        return text.trim().contains('\n').then(|| code(before, "", &text));
    }
    let found = body.query_selector("table").ok()?.filter(is_all)?;
    let rows = elements(&found, "tr");
    // Lines of a file, as sites for code show them: a number, and the line.
    if found.query_selector(".blob-code, .code-line, td.line").ok()?.is_some() {
        let lines = rows.iter().filter_map(|row| elements(row, "td").last().and_then(|cell| cell.text_content()));
        return Some(code(before, "", &lines.collect::<Vec<_>>().join("\n")));
    }
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| elements(row, "th, td").iter().map(cell).collect())
        .filter(|row: &Vec<String>| !row.is_empty())
        .collect();
    table(before, &rows)
}

fn elements(of: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = of.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|n| list.get(n)?.dyn_into().ok()).collect()
}

/// The text of a cell, on one line.
fn cell(element: &Element) -> String {
    one_line(&element.text_content().unwrap_or_default())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_end(text: &str) -> Selected {
        Selected { text: text.into(), from: text.len(), to: text.len() }
    }

    fn rows(of: &[&[&str]]) -> Vec<Vec<String>> {
        of.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect()
    }

    #[test]
    fn a_table_has_a_head_and_all_its_columns() {
        let of = rows(&[&["Name", "What\nit is"], &["a|b"]]);
        assert_eq!(table("", &of).as_deref(), Some("| Name | What it is |\n| --- | --- |\n| a\\|b |  |\n"));
        assert_eq!(table("See", &of).as_deref().map(|t| &t[..4]), Some("\n\n| "));
        assert_eq!(table("See\n", &of).as_deref().map(|t| &t[..3]), Some("\n| "));
        assert_eq!(table("", &rows(&[&["alone"]])), None);
        assert_eq!(table("", &[]), None);
    }

    #[test]
    fn code_is_fenced_by_more_than_it_holds() {
        assert_eq!(code("", "rust", "let a;\r\nlet b;\n"), "```rust\nlet a;\nlet b;\n```\n");
        assert_eq!(code("So:", "", "a\n```\nb"), "\n````\na\n```\nb\n````\n");
    }

    #[test]
    fn an_editor_tells_the_language() {
        let pasted =
            |plain: &str| Pasted { plain: plain.into(), editor: r#"{"mode":"rust"}"#.into(), ..Pasted::default() };
        assert!(pasted("fn a() {\n}").is_rich());
        assert_eq!(as_markdown(&at_end(""), &pasted("fn a() {\n}")).as_deref(), Some("```rust\nfn a() {\n}\n```\n"));
        // A word out of a line is a word.
        assert_eq!(as_markdown(&at_end(""), &pasted("a()\n")), None);
        // Inside of code it is what it is.
        assert_eq!(as_markdown(&at_end("```\n"), &pasted("fn a() {\n}")), None);
    }

    #[test]
    fn an_address_links_what_is_selected() {
        let pasted = Pasted { plain: "https://example.org/x\n".into(), ..Pasted::default() };
        assert!(pasted.is_rich());
        let selected = Selected { text: "see this page".into(), from: 4, to: 8 };
        assert_eq!(as_markdown(&selected, &pasted).as_deref(), Some("[this](https://example.org/x)"));
        assert_eq!(as_markdown(&at_end("see "), &pasted), None);
        assert!(!Pasted { plain: "not https://x".into(), ..Pasted::default() }.is_rich());
    }
}
