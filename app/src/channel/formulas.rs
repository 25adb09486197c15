//! Formulas of LaTeX as MathML, which browsers set themselves.
//!
//! In the browser their code is a module of its own that is fetched when a message has one. Until it is there the source
//! is shown; what the server has set already stays as it is.

use leptos::prelude::{Get as _, Set as _};
use model::text::markdown::{UNSET, UNSET_BLOCK};
use pulldown_latex::{
    Parser, RenderConfig, Storage,
    config::{DisplayMode, RenderConfig as Config},
    mathml::push_mathml,
};

use crate::{chat::Chat, client::Failure};

/// The longest source of a formula that is set, in bytes. The parser takes time quadratic in the depth.
const LONGEST: usize = 4_000;
/// How many braces and brackets may be inside each other: the parser calls itself for some of them.
const DEEPEST: usize = 60;
/// What is not set. Macros grow without a bound; the parser ends in a panic on `\char` before other letters than ASCII.
const REFUSED: [&str; 8] =
    ["\\def", "\\edef", "\\gdef", "\\let", "\\futurelet", "\\newcommand", "\\renewcommand", "\\char"];

/// Sets a formula; whether it stands by itself.
pub type Set = fn(&str, bool) -> Option<String>;

/// What sets formulas, if it is here.
pub fn setter() -> Option<Set> {
    #[cfg(feature = "split")]
    return SETTER.get().copied();
    #[cfg(not(feature = "split"))]
    Some(set)
}

#[cfg(feature = "split")]
static SETTER: std::sync::OnceLock<Set> = std::sync::OnceLock::new();

#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(formulas, fallible)]
fn install() -> Result<(), Failure> {
    SETTER.get_or_init(|| set);
    Ok(())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn install() -> Result<(), Failure> {
    Ok(())
}

/// Fetches what sets formulas. Afterwards messages with formulas are shown anew; where it cannot be had, with their source.
async fn fetch(chat: Chat) {
    let _ = install().await;
    chat.formulas.try_set(true);
}

/// Whether the HTML of a message has formulas that are not set, but will be: what sets them is fetched, and whoever asks is
/// told when it is there.
pub fn wait(chat: Chat, html: &str) -> bool {
    let waits = !chat.formulas.get() && (html.contains(UNSET) || html.contains(UNSET_BLOCK));
    if waits {
        leptos::task::spawn_local(fetch(chat));
    }
    waits
}

/// A formula as MathML, or nothing if it is none, or too much of one.
fn set(source: &str, block: bool) -> Option<String> {
    if source.len() > LONGEST || REFUSED.iter().any(|word| source.contains(word)) || depth(source) > DEEPEST {
        return None;
    }
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(source, &storage).collect();
    let config = Config {
        display_mode: if block { DisplayMode::Block } else { DisplayMode::Inline },
        ..RenderConfig::default()
    };
    let mut html = String::new();
    push_mathml(&mut html, events.ok()?.into_iter().map(Ok::<_, std::fmt::Error>), config).ok()?;
    Some(sieve(&html))
}

/// How deep braces, brackets and environments are inside each other at most.
fn depth(source: &str) -> usize {
    let (mut deepest, mut depth) = (0_usize, 0_usize);
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'\\' if source[at..].starts_with("\\left") => depth += 1,
            b'\\' if source[at..].starts_with("\\right") => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The elements of MathML that a formula is made of.
const ELEMENTS: [&str; 25] = [
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "none",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
];
/// And what may be said of them. Styles and classes are left out: the page's policy forbids the one, the other is ours.
const ATTRIBUTES: [&str; 18] = [
    "display",
    "mathvariant",
    "stretchy",
    "symmetric",
    "largeop",
    "movablelimits",
    "accent",
    "accentunder",
    "form",
    "fence",
    "separator",
    "lspace",
    "rspace",
    "minsize",
    "maxsize",
    "linethickness",
    "width",
    "height",
];

/// The MathML with nothing in it but the elements and attributes above: what writes it escapes not all that it might.
fn sieve(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_text(&mut out, &rest[..at]);
        rest = &rest[at..];
        if let Some((tag, length)) = tag(rest) {
            out.push_str(&tag);
            rest = &rest[length..];
        } else {
            out.push_str("&lt;");
            rest = &rest[1..];
        }
    }
    push_text(&mut out, rest);
    out
}

/// Text that is escaped already, but for what it may have left.
fn push_text(out: &mut String, text: &str) {
    for (at, c) in text.char_indices() {
        match c {
            '>' => out.push_str("&gt;"),
            '&' if !["&lt;", "&gt;", "&amp;", "&quot;", "&#"].iter().any(|known| text[at..].starts_with(known)) => {
                out.push_str("&amp;");
            }
            c => out.push(c),
        }
    }
}

/// The tag that `rest` begins with, as it may stand, and how long it is there.
fn tag(rest: &str) -> Option<(String, usize)> {
    let end = rest.find('>')?;
    let inside = &rest[1..end];
    let (close, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
    let inside = inside.trim_end_matches('/');
    let name = inside.split_ascii_whitespace().next()?;
    let name = ELEMENTS.iter().find(|known| **known == name)?;
    let mut tag = String::from(if close { "</" } else { "<" });
    tag.push_str(name);
    let mut attributes = &inside[name.len()..];
    while let Some((key, after)) = attributes.split_once("=\"").filter(|_| !close) {
        let (value, after) = after.split_once('"')?;
        let safe = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .-+%#".contains(&byte));
        if safe && ATTRIBUTES.contains(&key.trim()) {
            tag.push(' ');
            tag.push_str(key.trim());
            tag.push_str("=\"");
            tag.push_str(value);
            tag.push('"');
        }
        attributes = after;
    }
    tag.push('>');
    // Elements without content are written `<mspace … />`; HTML knows that only of foreign elements, and says both.
    if rest[..end].ends_with('/') {
        tag.push_str("</");
        tag.push_str(name);
        tag.push('>');
    }
    Some((tag, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_set() {
        let set = |source| set(source, false);
        let html = set("\\frac{a}{b}").expect("a fraction");
        assert_eq!(
            html,
            "<math display=\"inline\"><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac></math>"
        );
        assert!(super::set("x", true).is_some_and(|html| html.starts_with("<math display=\"block\">")));
        assert_eq!(set("a<b").as_deref(), Some("<math display=\"inline\"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>"));
        for good in ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\sum_{i=1}^n i^2", "\\text{für }x\\in\\mathbb{R}"] {
            assert!(set(good).is_some(), "{good}");
        }
    }

    #[test]
    fn what_is_none_or_too_much_is_left_as_it_is() {
        let deep = "{".repeat(DEEPEST + 1) + &"}".repeat(DEEPEST + 1);
        let long = "x".repeat(LONGEST + 1);
        for bad in ["\\frac{a", "a}b", "\\undefined", "\\def\\a{\\a\\a}\\a", "\\char\u{e9}", &*deep, &*long] {
            assert_eq!(set(bad, false), None, "{bad}");
        }
    }

    #[test]
    fn nothing_but_mathml_passes() {
        for (hostile, shown) in [
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("<mi onclick=\"x\" mathvariant=\"normal\">a</mi>", "<mi mathvariant=\"normal\">a</mi>"),
            ("<mi mathvariant=\"a'b&\">a</mi>", "<mi>a</mi>"),
            ("<mo><</mo>&x &lt;", "<mo>&lt;</mo>&amp;x &lt;"),
            ("<mspace width=\"1em\" />", "<mspace width=\"1em\"></mspace>"),
            ("<math", "&lt;math"),
        ] {
            assert_eq!(sieve(hostile), shown);
        }
    }
}
