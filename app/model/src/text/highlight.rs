//! Code in colour: a small highlighter for the languages that turn up in chat.
//!
//! It knows families of languages, not grammars: comments, strings, numbers, keywords, names that are called and
//! names of types. Its output is escaped text in `<span class="hl-…">`: `k` keyword, `s` string, `c` comment,
//! `n` number, `f` function, `t` type, tag or key, `add` and `del` in differences. One pass over the text.

use crate::text::escape;

/// The code as HTML to put inside `<code>`; escaped text without colour if the language is not known.
pub fn highlight(code: &str, language: &str) -> String {
    let mut out = Output { html: String::with_capacity(code.len() + code.len() / 2) };
    match find(language) {
        Some(Family::Code(syntax)) => code_in(&mut out, code, syntax),
        Some(Family::Markup) => markup(&mut out, code),
        Some(Family::Diff) => diff(&mut out, code),
        None => out.plain(code),
    }
    out.html
}

/// Whether code in this language gets colours.
pub fn is_known(language: &str) -> bool {
    find(language).is_some()
}

enum Family {
    Code(&'static Syntax),
    Markup,
    Diff,
}

/// What a family of languages looks like.
struct Syntax {
    /// Begin a comment to the end of the line.
    line_comments: &'static [&'static str],
    block_comment: Option<(&'static str, &'static str)>,
    /// Strings: what opens and closes them, longer ones first.
    strings: &'static [Quote],
    /// Words separated by blanks.
    keywords: &'static str,
    /// Whether keywords count in any case.
    any_case: bool,
    /// Whether a name or string before this character is a key: `:` in JSON.
    key: Option<char>,
    /// Whether names that begin with a capital are types, and names before `(` functions.
    names: bool,
    /// What else may be inside a word: `-` in CSS.
    in_words: &'static str,
    /// Whether `'a` without a second `'` is a name.
    lifetimes: bool,
}

/// A kind of string.
struct Quote {
    mark: &'static str,
    lines: bool,
    escapes: bool,
}

const fn quote(mark: &'static str, lines: bool, escapes: bool) -> Quote {
    Quote { mark, lines, escapes }
}

const SYNTAX: Syntax = Syntax {
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    strings: &[quote("\"", false, true), quote("'", false, true)],
    keywords: "",
    any_case: false,
    key: None,
    names: true,
    in_words: "",
    lifetimes: false,
};

static C: Syntax = Syntax {
    keywords: "abstract alignas alignof as async auto await base bool boolean break byte case catch char checked class \
        co_await co_return co_yield const constexpr continue data decimal default define defer delegate delete do double else \
        elif endif enum event explicit extends extern false final finally fixed float fn for foreach friend func fun get goto \
        guard if ifdef ifndef implements implicit import in include init inline instanceof int interface internal is lateinit \
        let lock long mutable namespace native new noexcept null nullptr object operator out override package params pragma \
        private protected protocol public readonly record ref register return sealed set short signed sizeof static string \
        struct super switch synchronized template this throw throws trait transient true try typedef typeid typename typeof \
        uint ulong union unless unsigned using val var virtual void volatile when where while yield nil self weak when",
    ..SYNTAX
};
static JAVASCRIPT: Syntax = Syntax {
    strings: &[quote("`", true, true), quote("\"", false, true), quote("'", false, true)],
    keywords: "abstract any as async await boolean break case catch class const continue debugger declare default delete \
        do else enum export extends false finally for from function get if implements import in infer instanceof interface is \
        keyof let namespace never new null number object of package private protected public readonly return satisfies set \
        static string super switch symbol this throw true try type typeof undefined unknown var void while with yield",
    ..SYNTAX
};
static RUST: Syntax = Syntax {
    strings: &[quote("\"", true, true), quote("'", false, true)],
    keywords: "as async await bool box break char const continue crate dyn else enum extern f32 f64 false fn for i128 i16 \
        i32 i64 i8 if impl in isize let loop macro_rules match mod move mut pub ref return self Self static str struct super \
        trait true type u128 u16 u32 u64 u8 union unsafe use usize where while",
    lifetimes: true,
    ..SYNTAX
};
static GO: Syntax = Syntax {
    strings: &[quote("`", true, false), quote("\"", false, true), quote("'", false, true)],
    keywords: "any bool break byte case chan complex128 complex64 const continue default defer else error fallthrough false \
        float32 float64 for func go goto if import int int16 int32 int64 int8 interface iota make map new nil package range \
        return rune select string struct switch true type uint uint16 uint32 uint64 uint8 uintptr var",
    ..SYNTAX
};
static PHP: Syntax = Syntax {
    line_comments: &["//", "#"],
    keywords: "abstract and array as break callable case catch class clone const continue declare default do echo else \
        elseif empty enum extends false final finally fn for foreach function global goto if implements include instanceof \
        interface isset list match namespace new null or print private protected public readonly require require_once return \
        self static switch this throw trait true try unset use var while xor yield",
    ..SYNTAX
};
static PYTHON: Syntax = Syntax {
    line_comments: &["#"],
    block_comment: None,
    strings: &[
        quote("\"\"\"", true, true),
        quote("'''", true, true),
        quote("\"", false, true),
        quote("'", false, true),
    ],
    keywords: "False None True and as assert async await break case class continue def del elif else except finally for from \
        global if import in is lambda match nonlocal not or pass raise return self try while with yield",
    ..SYNTAX
};
static RUBY: Syntax = Syntax {
    line_comments: &["#"],
    block_comment: None,
    keywords: "alias and attr_accessor attr_reader attr_writer begin break case class def defined do else elsif end ensure \
        extend false for if in include loop module my next nil not or our package private protected public puts raise redo \
        require require_relative rescue retry return self sub super then true undef unless until use when while yield",
    ..SYNTAX
};
static SHELL: Syntax = Syntax {
    line_comments: &["#"],
    block_comment: None,
    strings: &[quote("\"", true, true), quote("'", true, false)],
    keywords: "add alias apt break case cat cd chmod chown cmd continue copy cp curl declare do docker done echo elif else \
        entrypoint env esac eval exec exit export expose fi find for from function git grep if in kill let local ls make mkdir \
        mv read readonly return rm run sed select set shift source ssh sudo tar test then trap true false unset until user \
        volume wget while workdir",
    any_case: true,
    names: false,
    in_words: "-",
    ..SYNTAX
};
static LUA: Syntax = Syntax {
    line_comments: &["--"],
    block_comment: Some(("--[[", "]]")),
    keywords: "and break case class data deriving do else elseif end false for function goto if import in infixl infixr \
        instance let local module newtype nil not of or repeat return then true type until where while",
    ..SYNTAX
};
static SQL: Syntax = Syntax {
    line_comments: &["--"],
    strings: &[quote("'", true, false), quote("\"", false, false), quote("`", false, false)],
    keywords: "add all alter analyze and as asc begin between bigint boolean by cascade case cast char check column commit \
        constraint create cross database default delete desc distinct drop else end except exists explain false foreign from \
        full function grant group having if in index inner insert int integer intersect into is join key left like limit not \
        null numeric on or order outer over partition primary references replace returning revoke right rollback select set \
        table text then timestamp transaction trigger true truncate union unique update using values varchar view when where \
        with",
    any_case: true,
    ..SYNTAX
};
static JSON: Syntax = Syntax { keywords: "false null true", key: Some(':'), names: false, ..SYNTAX };
static YAML: Syntax = Syntax {
    line_comments: &["#"],
    block_comment: None,
    keywords: "false no null off on true yes",
    key: Some(':'),
    names: false,
    in_words: "-.",
    ..SYNTAX
};
static TOML: Syntax = Syntax {
    line_comments: &["#", ";"],
    block_comment: None,
    strings: &[
        quote("\"\"\"", true, true),
        quote("'''", true, false),
        quote("\"", false, true),
        quote("'", false, false),
    ],
    keywords: "false true",
    key: Some('='),
    names: false,
    in_words: "-.",
    ..SYNTAX
};
static CSS: Syntax = Syntax {
    keywords: "charset container font-face forward function if else import important include keyframes layer media mixin \
        property return supports use var",
    key: Some(':'),
    names: false,
    in_words: "-",
    ..SYNTAX
};

fn find(language: &str) -> Option<Family> {
    Some(match language.to_ascii_lowercase().as_str() {
        "c" | "h" | "c++" | "cpp" | "cc" | "hpp" | "c#" | "cs" | "csharp" | "d" | "dart" | "java" | "groovy"
        | "kotlin" | "kt" | "kts" | "objc" | "objectivec" | "scala" | "swift" | "zig" | "protobuf" | "proto"
        | "glsl" => Family::Code(&C),
        "js" | "javascript" | "jsx" | "mjs" | "cjs" | "ts" | "typescript" | "tsx" => Family::Code(&JAVASCRIPT),
        "rs" | "rust" => Family::Code(&RUST),
        "go" | "golang" => Family::Code(&GO),
        "php" => Family::Code(&PHP),
        "py" | "python" | "python3" | "gdscript" | "starlark" => Family::Code(&PYTHON),
        "rb" | "ruby" | "perl" | "pl" | "elixir" | "ex" | "exs" | "crystal" => Family::Code(&RUBY),
        "sh" | "bash" | "zsh" | "fish" | "shell" | "console" | "dockerfile" | "docker" | "makefile" | "make"
        | "powershell" | "ps1" | "nginx" => Family::Code(&SHELL),
        "lua" | "haskell" | "hs" | "elm" => Family::Code(&LUA),
        "sql" | "mysql" | "pgsql" | "postgres" | "postgresql" | "sqlite" | "plsql" => Family::Code(&SQL),
        "json" | "json5" | "jsonc" | "jsonl" => Family::Code(&JSON),
        "yaml" | "yml" => Family::Code(&YAML),
        "toml" | "ini" | "conf" | "cfg" | "properties" | "env" => Family::Code(&TOML),
        "css" | "scss" | "less" => Family::Code(&CSS),
        "html" | "htm" | "xml" | "xhtml" | "svg" | "vue" | "svelte" | "rss" | "plist" => Family::Markup,
        "diff" | "patch" => Family::Diff,
        _ => return None,
    })
}

/// HTML being written.
struct Output {
    html: String,
}

impl Output {
    fn plain(&mut self, text: &str) {
        escape(&mut self.html, text);
    }

    fn span(&mut self, class: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.html.push_str("<span class=\"hl-");
        self.html.push_str(class);
        self.html.push_str("\">");
        self.plain(text);
        self.html.push_str("</span>");
    }

    fn maybe(&mut self, class: Option<&str>, text: &str) {
        match class {
            Some(class) => self.span(class, text),
            None => self.plain(text),
        }
    }
}

fn code_in(out: &mut Output, code: &str, syntax: &Syntax) {
    let mut rest = code;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let (class, length) = token(rest, character, before, syntax);
        out.maybe(class, &rest[..length]);
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
}

/// What `rest` begins with, and how long that is.
fn token(rest: &str, character: char, before: Option<char>, syntax: &Syntax) -> (Option<&'static str>, usize) {
    let is_start = character.is_alphabetic() || matches!(character, '_' | '$');
    if is_start || (character.is_numeric() && before.is_none_or(|c| !c.is_alphanumeric())) {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$') || syntax.in_words.contains(c);
        if is_start {
            let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
            return (word(&rest[..end], &rest[end..], before, syntax), end);
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').unwrap_or(rest.len());
        return (Some("n"), end.max(character.len_utf8()));
    }
    if let Some((open, close)) = syntax.block_comment
        && let Some(inside) = rest.strip_prefix(open)
    {
        return (Some("c"), inside.find(close).map_or(rest.len(), |end| open.len() + end + close.len()));
    }
    let may_comment =
        |mark: &str| mark != "#" || before.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '(' | '{'));
    if syntax.line_comments.iter().any(|mark| rest.starts_with(mark) && may_comment(mark)) {
        return (Some("c"), rest.find('\n').unwrap_or(rest.len()));
    }
    if syntax.lifetimes && is_lifetime(rest) {
        return (None, character.len_utf8());
    }
    if let Some(quote) = syntax.strings.iter().find(|quote| rest.starts_with(quote.mark)) {
        let (length, closed) = string(rest, quote);
        let is_key = closed && syntax.key.is_some_and(|key| comes_next(&rest[length..], key));
        // An apostrophe that nothing closes is more likely one in a sentence.
        let class = if is_key { "t" } else { "s" };
        return ((closed || quote.mark != "'").then_some(class), length);
    }
    (None, character.len_utf8())
}

/// What a word is, by itself and by what is around it.
fn word(word: &str, after: &str, before: Option<char>, syntax: &Syntax) -> Option<&'static str> {
    if syntax.key.is_some_and(|key| comes_next(after, key)) && before != Some('@') {
        return Some("t");
    }
    let is = |keyword: &str| keyword == word || (syntax.any_case && keyword.eq_ignore_ascii_case(word));
    if syntax.keywords.split_ascii_whitespace().any(is) {
        return Some("k");
    }
    if !syntax.names {
        return None;
    }
    if after.starts_with('(') || after.starts_with("!(") {
        return Some("f");
    }
    (word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase)).then_some("t")
}

/// How long the string is that `text` begins with, and whether it is closed.
fn string(text: &str, quote: &Quote) -> (usize, bool) {
    let start = quote.mark.len();
    let mut escaped = false;
    for (at, c) in text[start..].char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote.escapes {
            escaped = true;
        } else if text[start + at..].starts_with(quote.mark) {
            return (start + at + quote.mark.len(), true);
        } else if c == '\n' && !quote.lines {
            return (start + at, false);
        }
    }
    (text.len(), false)
}

/// Whether `text` begins with the name of a lifetime, as in `&'a str`, and not with a character in quotes.
fn is_lifetime(text: &str) -> bool {
    let Some(name) = text.strip_prefix('\'') else { return false };
    let length = name.chars().take(32).take_while(|c| c.is_alphanumeric() || *c == '_').count();
    length > 0 && name.chars().nth(length) != Some('\'')
}

/// Whether `wanted` comes next, after some blanks; `::` is no `:`.
fn comes_next(text: &str, wanted: char) -> bool {
    let mut next = text.chars().take(8).skip_while(|c| matches!(c, ' ' | '\t'));
    next.next() == Some(wanted) && next.next() != Some(wanted)
}

fn markup(out: &mut Output, code: &str) {
    let mut rest = code;
    let mut in_tag = false;
    while let Some(character) = rest.chars().next() {
        let name_end = |text: &str| {
            text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.' | '@')).unwrap_or(text.len())
        };
        let (class, length) = if rest.starts_with("<!--") {
            (Some("c"), rest.find("-->").map_or(rest.len(), |end| end + 3))
        } else if in_tag {
            match character {
                '>' => {
                    in_tag = false;
                    (None, 1)
                }
                '"' | '\'' => (Some("s"), rest[1..].find(character).map_or(rest.len(), |end| end + 2)),
                c if c.is_alphabetic() => (Some("f"), name_end(rest)),
                c => (None, c.len_utf8()),
            }
        } else if character == '<' {
            let mark = rest[1..].find(|c: char| !matches!(c, '/' | '?' | '!')).map_or(rest.len(), |end| end + 1);
            in_tag = rest[mark..].starts_with(char::is_alphabetic);
            out.plain(&rest[..mark]);
            rest = &rest[mark..];
            (Some("t"), if in_tag { name_end(rest) } else { 0 })
        } else if character == '&' {
            let end =
                rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#').map_or(rest.len(), |end| end + 1);
            let is_entity = rest[end..].starts_with(';');
            (is_entity.then_some("n"), if is_entity { end + 1 } else { 1 })
        } else {
            (None, rest.find(['<', '&']).unwrap_or(rest.len()))
        };
        out.maybe(class, &rest[..length]);
        rest = &rest[length..];
    }
}

fn diff(out: &mut Output, code: &str) {
    for line in code.split_inclusive('\n') {
        let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
        let begins = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
        let class = if begins(&["@@"]) {
            Some("k")
        } else if begins(&["+++ ", "--- ", "diff ", "index "]) {
            Some("c")
        } else if begins(&["+", ">"]) {
            Some("add")
        } else {
            begins(&["-", "<"]).then_some("del")
        };
        out.maybe(class, text);
        out.plain(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The output with short marks instead of spans: `{k:let}`.
    fn marked(code: &str, language: &str) -> String {
        highlight(code, language).replace("<span class=\"hl-", "{").replace("\">", ":").replace("</span>", "}")
    }

    /// The output without its spans and escapes.
    fn text(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            rest = after.split_once('>').map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        text.replace("&amp;", "&")
    }

    #[test]
    fn languages_have_colours() {
        for (language, code, expected) in [
            ("rust", "let x: &'a Foo = f(1); // hi", "{k:let} x: &amp;&#39;a {t:Foo} = {f:f}({n:1}); {c:// hi}"),
            ("rs", "'x' \"a\\\"b\" println!(", "{s:&#39;x&#39;} {s:&quot;a\\&quot;b&quot;} {f:println}!("),
            ("JS", "const s = `a\nb`;", "{k:const} s = {s:`a\nb`};"),
            ("c", "/* a\n */ int x = 0x1f;", "{c:/* a\n */} {k:int} x = {n:0x1f};"),
            (
                "python",
                "def f(): # x\n '''a\nb'''",
                "{k:def} {f:f}(): {c:# x}\n {s:&#39;&#39;&#39;a\nb&#39;&#39;&#39;}",
            ),
            ("bash", "echo $x#y 'a' # c", "{k:echo} $x#y {s:&#39;a&#39;} {c:# c}"),
            ("sql", "SELECT a FROM b -- c", "{k:SELECT} a {k:FROM} b {c:-- c}"),
            (
                "json",
                "{\"a\": \"b\", \"c\": [1, true]}",
                "{{t:&quot;a&quot;}: {s:&quot;b&quot;}, {t:&quot;c&quot;}: [{n:1}, {k:true}]}",
            ),
            ("yaml", "key-a: yes # c", "{t:key-a}: {k:yes} {c:# c}"),
            ("toml", "[a]\nb = 1", "[a]\n{t:b} = {n:1}"),
            ("css", "a { font-size: 12px; }", "a { {t:font-size}: {n:12px}; }"),
            (
                "html",
                "<a href=\"x\">b &amp; c</a><!-- d -->",
                "&lt;{t:a} {f:href}={s:&quot;x&quot;}&gt;b {n:&amp;amp;} c&lt;/{t:a}&gt;{c:&lt;!-- d --&gt;}",
            ),
            ("diff", "--- a\n+++ b\n@@ 1 @@\n-x\n+y\n z", "{c:--- a}\n{c:+++ b}\n{k:@@ 1 @@}\n{del:-x}\n{add:+y}\n z"),
            ("go", "func F() {}", "{k:func} {f:F}() {}"),
            ("lua", "--[[ x ]] local y -- z", "{c:--[[ x ]]} {k:local} y {c:-- z}"),
            ("nonsense", "let <b>", "let &lt;b&gt;"),
            ("", "'\"&", "&#39;&quot;&amp;"),
        ] {
            assert_eq!(marked(code, language), expected, "{language}");
        }
        assert!(is_known("Rust") && !is_known("klingon"));
    }

    const LANGUAGES: &[&str] = &[
        "c", "js", "rust", "go", "php", "py", "rb", "sh", "lua", "sql", "json", "yaml", "toml", "css", "html", "diff",
        "",
    ];

    #[test]
    fn time_is_linear() {
        for language in LANGUAGES {
            for pattern in [
                "/*", "'", "\"", "\\", "<", "<!--", "&", "a ", "'a", "#", "--[[", "<a '", "`", "1.", "a:", "'a\n",
                "\"a\n",
            ] {
                let code = pattern.repeat(4_000 / pattern.len());
                let begin = std::time::Instant::now();
                assert_eq!(text(&highlight(&code, language)), code);
                assert!(begin.elapsed().as_millis() < 500, "{language} {pattern}: {:?}", begin.elapsed());
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_left_unescaped(code in "\\PC{0,80}|[a-c0-9 \\n'\"`/*#<>&;:=@+{}()!\\\\-]{0,80}") {
            for language in LANGUAGES {
                let html = highlight(&code, language);
                prop_assert_eq!(&text(&html), &code.replace(|c| ('\u{202a}'..='\u{202e}').contains(&c), ""));
                let rest = html.replace("</span>", "");
                for part in rest.split('<').skip(1) {
                    prop_assert!(part.starts_with("span class=\"hl-"));
                }
            }
        }
    }
}
