//! A message as HTML that is safe to show, and as plain text.
//!
//! The HTML is written from the parser's events, tag by tag, from the list of tags in this file: nothing a
//! message contains is copied into it unescaped, and there is no raw HTML in chat. Links lead only where
//! `allowed_scheme` lets them. Depth is bounded, and the time is linear in the length of the message.
//!
//! Formulas are found here and set by whoever calls ([`Context::formula`]). Deliberately not here: link previews, and what
//! happens on a click (the browser's code looks at the `data-` attributes).

use crate::{
    id::{AnyId, UserId},
    text::{OPTIONS, address, emoji, escape, hashtags, highlight, is_word, protect, restore, starts_with_fold},
};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use std::{borrow::Cow, fmt::Write as _};

/// How many tags may be inside each other; what is deeper is shown without them.
pub const MAX_DEPTH: usize = 24;
/// A message of nothing but emoji shows them large if they are no more than this.
pub const MAX_JUMBO: usize = 3;
/// The longest name of a user, channel or group that is looked up.
const MAX_NAME: usize = 64;

/// What a name stands for, if anything; without a lookup, nothing.
pub type Lookup<'a, T> = Option<&'a dyn Fn(&str) -> Option<T>>;

/// What sets a formula, if anything.
pub type Formula<'a> = Option<&'a dyn Fn(&str, bool) -> Option<String>>;

/// What a message is shown with: who looks at it, and what names mean there. Cheap to make for each message.
///
/// Without lookups, names stay text: `Context::default()` shows plain Markdown.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// The name of the team in the browser's address; links to channels, people and searches begin with it.
    pub team: &'a str,
    /// The address of this server, as `https://chat.example.org`; links to it open in place.
    pub site: &'a str,
    pub viewer: Viewer<'a>,
    /// Who has this user name (in lower case), if there is such a user.
    pub user: Lookup<'a, UserRef>,
    /// The group that is mentioned by this name (in lower case), if there is one.
    pub group: Lookup<'a, GroupRef>,
    /// The display name of the channel of this name, if the viewer may know it.
    pub channel: Lookup<'a, String>,
    /// The address of the image of this custom emoji, if there is one.
    pub emoji: Lookup<'a, String>,
    /// How large the picture at an address is, in pixels, if that is known. Without it, pictures are shown as links.
    pub image: Lookup<'a, (u32, u32)>,
    /// The text of the button that copies a block of code; "Copy" if empty.
    pub copy: &'a str,
    /// Whether blocks of code in `latex`, `tex` or `math` are formulas.
    pub formulas: bool,
    /// Whether `$…$` and `$$…$$` are formulas too.
    pub inline_formulas: bool,
    /// A formula of LaTeX as HTML, which is taken as it is; whether it stands by itself. Where there is none, or it gives
    /// nothing, the source is shown, marked [`UNSET`] or [`UNSET_BLOCK`].
    pub formula: Formula<'a>,
}

/// How a formula begins that is shown as its source.
pub const UNSET: &str = "<code class=\"formula\" dir=\"ltr\">";
/// The same of one that stands by itself.
pub const UNSET_BLOCK: &str = "<pre class=\"formula\" dir=\"ltr\"><code>";

/// The person who looks at a message.
#[derive(Clone, Copy, Default)]
pub struct Viewer<'a> {
    /// Their user name.
    pub username: &'a str,
    /// The words they want to be told of, whatever the case.
    pub keys: &'a [String],
    /// Their first name, if they want to be told of it, in exactly this case.
    pub first_name: &'a str,
}

/// Somebody who can be mentioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRef {
    pub id: UserId,
    /// The user name, as it is to be shown.
    pub username: String,
}

/// A group that can be mentioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRef {
    pub id: AnyId,
    /// Whether the viewer is in it.
    pub mine: bool,
}

/// A message as HTML.
///
/// Blocks have `dir="auto"`; a message of up to [`MAX_JUMBO`] emoji and nothing else is `<p class="jumbo" …>`.
pub fn render(source: &str, context: &Context) -> String {
    let protected = protect(source);
    let mut html = Html::new(context, source.len());
    let options = if context.inline_formulas { OPTIONS.union(Options::ENABLE_MATH) } else { OPTIONS };
    for (event, range) in Parser::new_ext(&protected, options).into_offset_iter() {
        let after = protected[range.end..].chars().next();
        html.event(event, protected.get(range).unwrap_or_default(), after);
    }
    html.finish(source)
}

/// A message as one line of text, for notifications and titles: no markup, emoji as characters.
pub fn plain(source: &str) -> String {
    let protected = protect(source);
    let mut out = String::with_capacity(source.len());
    let mut run = String::new();
    for event in Parser::new_ext(&protected, OPTIONS) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => run.push_str(&text),
            other => {
                flush_plain(&mut out, &mut run);
                match other {
                    Event::Code(code) => out.push_str(&restore(&code)),
                    Event::TaskListMarker(done) => out.push_str(if done { "☑ " } else { "☐ " }),
                    Event::Start(tag) if is_block(tag.to_end()) => out.push(' '),
                    Event::End(tag) if is_block(tag) => out.push(' '),
                    Event::SoftBreak | Event::HardBreak | Event::Rule => out.push(' '),
                    _ => {}
                }
            }
        }
    }
    flush_plain(&mut out, &mut run);
    let mut line = String::with_capacity(out.len());
    for word in out.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}')));
    }
    // Only definitions of links, say: better the source than nothing.
    if line.is_empty() { source.split_whitespace().collect::<Vec<_>>().join(" ") } else { line }
}

/// Whether a tag divides text.
fn is_block(tag: TagEnd) -> bool {
    !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// Adds a run of text with emoji names replaced by their characters.
fn flush_plain(out: &mut String, run: &mut String) {
    let text = restore(run);
    let mut rest = &*text;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((name, emoji)) = emoji_name(rest).and_then(|name| Some((name, emoji::by_name(name)?))) {
            out.push_str(&emoji);
            rest = &rest[name.len() + 2..];
        } else {
            out.push(':');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    drop(text);
    run.clear();
}

/// The name between colons that `text` begins with: `smile` of `:smile: …`.
fn emoji_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix(':')?;
    let length = name.bytes().take(emoji::MAX_NAME + 1).take_while(|byte| emoji::is_name_byte(*byte)).count();
    (length > 0 && name[length..].starts_with(':')).then(|| &name[..length])
}

/// Whether an address may be linked to: `http`, `https`, `mailto`, `ftp` and `tel`, by the scheme it begins with.
pub(crate) fn allowed_scheme(address: &str) -> bool {
    ["http://", "https://", "mailto:", "ftp://", "tel:"].iter().any(|scheme| starts_with_fold(address, scheme))
}

/// Where a link leads.
enum Target {
    /// To a page of this server.
    Here(String),
    Elsewhere(String),
}

/// The address to link to, or nothing if it leads where it must not.
fn target(address: &str, context: &Context) -> Option<Target> {
    // Browsers pass over white space and control characters, so they may hide no scheme from us.
    let address: String = address.chars().filter(|c| !c.is_control() && !is_disguise(*c)).collect();
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    if allowed_scheme(address) {
        let site = context.site.trim_end_matches('/');
        let below = address.strip_prefix(site).filter(|_| !site.is_empty());
        return Some(match below {
            Some(path) if path.is_empty() || path.starts_with(['/', '?', '#']) => below_site(path, address),
            _ => Target::Elsewhere(address.to_owned()),
        });
    }
    if address.starts_with("//") || address.starts_with("/\\") || address.starts_with('\\') {
        return None;
    }
    if address.starts_with(['/', '#', '?']) {
        return Some(below_site(address, address));
    }
    // What stands before a colon is a scheme, and none that is allowed; or a host with its port.
    let head = address.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some((host, port)) = head.split_once(':') {
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if !is_port || !host.contains('.') || host.contains(['&', '%']) {
            return None;
        }
    }
    if address.starts_with("./") || address.starts_with("../") {
        return Some(Target::Here(address.to_owned()));
    }
    // Mattermost: `[x](example.org)` leads to the web.
    Some(Target::Elsewhere(format!("http://{address}")))
}

/// Where a path of this server opens: what is no screen of the app does so beside it.
fn below_site(path: &str, address: &str) -> Target {
    let is_screen = !["/api/", "/files/", "/static/", "/hooks/", "/oauth/"].iter().any(|other| path.starts_with(other));
    if is_screen { Target::Here(address.to_owned()) } else { Target::Elsewhere(address.to_owned()) }
}

/// Characters that nobody sees, or that turn around what follows.
fn is_disguise(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// HTML being written.
struct Html<'c, 'a> {
    context: &'c Context<'a>,
    out: String,
    /// What closes the tags that are open; nothing for those that are not shown.
    open: Vec<Option<&'static str>>,
    /// Text that is not written yet: the parser cuts it into pieces.
    run: String,
    /// Inside a block of code: its language and text.
    code: Option<(String, String)>,
    /// How many links are around.
    links: u32,
    /// Inside an image: its address, the text that stands for it, and how many images are around.
    image: Option<Image>,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    in_table: bool,
    /// Cells that are shown only if another one with text follows in their row.
    empty_cells: usize,
    emoji: usize,
    has_text: bool,
}

struct Image {
    address: String,
    title: String,
    text: String,
    depth: u32,
}

impl<'c, 'a> Html<'c, 'a> {
    fn new(context: &'c Context<'a>, length: usize) -> Self {
        Self {
            context,
            out: String::with_capacity(length + length / 2 + 32),
            open: Vec::new(),
            run: String::new(),
            code: None,
            links: 0,
            image: None,
            columns: Vec::new(),
            column: 0,
            in_head: false,
            in_table: false,
            empty_cells: 0,
            emoji: 0,
            has_text: false,
        }
    }

    /// Takes one event, the part of the source that it is about, and what follows that.
    fn event(&mut self, event: Event, source: &str, after: Option<char>) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.run.push_str(&text),
            // Sums of money: `$10/$20`.
            Event::InlineMath(_) if after.is_some_and(is_word) => self.run.push_str(source),
            other => {
                self.flush();
                match other {
                    Event::Start(tag) => self.start(tag, source),
                    Event::End(tag) => self.end(tag),
                    other => self.leaf(other),
                }
            }
        }
    }

    fn finish(mut self, source: &str) -> String {
        self.flush();
        while let Some(close) = self.open.pop() {
            self.out.push_str(close.unwrap_or_default());
        }
        if self.out.is_empty() && !source.trim().is_empty() {
            // Only definitions of links, say: better the source than nothing.
            self.out.push_str("<p dir=\"auto\">");
            escape(&mut self.out, source.trim());
            self.out.push_str("</p>");
        }
        let jumbo = (1..=MAX_JUMBO).contains(&self.emoji) && !self.has_text;
        if jumbo && let Some(rest) = self.out.strip_prefix("<p ") {
            return format!("<p class=\"jumbo\" {rest}");
        }
        self.out
    }

    fn leaf(&mut self, event: Event) {
        if let Some(image) = &mut self.image {
            match event {
                Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                    image.text.push_str(&restore(&text));
                }
                _ => image.text.push(' '),
            }
            return;
        }
        match event {
            Event::Code(code) => {
                self.has_text = true;
                self.cell_has_text();
                self.out.push_str("<code>");
                escape(&mut self.out, &restore(&code));
                self.out.push_str("</code>");
            }
            Event::InlineMath(source) => self.formula(&restore(&source), false),
            Event::DisplayMath(source) => self.formula(&restore(&source), true),
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => {
                self.has_text = true;
                self.out.push_str("<hr>");
            }
            Event::TaskListMarker(done) => self.out.push_str(if done {
                "<input type=\"checkbox\" disabled checked>"
            } else {
                "<input type=\"checkbox\" disabled>"
            }),
            _ => {}
        }
    }

    /// Writes a formula inside of a paragraph.
    fn formula(&mut self, source: &str, block: bool) {
        self.has_text = true;
        self.cell_has_text();
        if let Some(set) = self.context.formula.and_then(|set| set(source, block)) {
            self.out.push_str(&set);
        } else {
            self.out.push_str(UNSET);
            escape(&mut self.out, source);
            self.out.push_str("</code>");
        }
    }

    /// Writes an opening tag, and notes what closes it, unless too many are open.
    fn tag(&mut self, open: &str, close: &'static str) {
        if self.open.len() < MAX_DEPTH {
            self.out.push_str(open);
            self.open.push(Some(close));
        } else {
            self.open.push(None);
        }
    }

    fn start(&mut self, tag: Tag, source: &str) {
        if let Some(image) = &mut self.image {
            image.depth += u32::from(matches!(tag, Tag::Image { .. }));
            self.open.push(None);
            return;
        }
        if !matches!(tag, Tag::Paragraph | Tag::HtmlBlock | Tag::Image { .. }) {
            self.has_text = true;
        }
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.tag("<p dir=\"auto\">", "</p>"),
            Tag::Heading { level, .. } => self.heading(level),
            Tag::BlockQuote(_) => self.tag("<blockquote dir=\"auto\">", "</blockquote>"),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => language(&restore(&info)),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
                self.open.push(None);
            }
            Tag::List(None) => self.tag("<ul dir=\"auto\">", "</ul>"),
            Tag::List(Some(1)) => self.tag("<ol dir=\"auto\">", "</ol>"),
            Tag::List(Some(first)) => self.tag(&format!("<ol dir=\"auto\" start=\"{first}\">"), "</ol>"),
            Tag::Item => self.tag("<li dir=\"auto\">", "</li>"),
            Tag::Table(columns) => {
                self.columns = columns;
                // A table cut off in the middle would be none: all of its tags, or nothing but its text.
                self.in_table = self.open.len() + 2 < MAX_DEPTH;
                if self.in_table {
                    self.tag("<div class=\"table\"><table dir=\"auto\">", "</tbody></table></div>");
                } else {
                    self.open.push(None);
                }
            }
            Tag::TableHead | Tag::TableRow if !self.in_table => self.open.push(None),
            Tag::TableHead => {
                (self.in_head, self.column, self.empty_cells) = (true, 0, 0);
                self.tag("<thead><tr>", "</tr></thead><tbody>");
            }
            Tag::TableRow => {
                (self.in_head, self.column, self.empty_cells) = (false, 0, 0);
                self.tag("<tr>", "</tr>");
            }
            Tag::TableCell => {
                self.empty_cells += 1;
                self.column += 1;
                self.open.push(None);
            }
            Tag::Emphasis => {
                self.cell_has_text();
                self.tag("<em>", "</em>");
            }
            Tag::Strong => {
                self.cell_has_text();
                self.tag("<strong>", "</strong>");
            }
            Tag::Strikethrough => {
                self.cell_has_text();
                // Chat strikes through with two of them only: one begins the name of a channel.
                if source.starts_with("~~") {
                    self.tag("<del>", "</del>");
                } else {
                    self.out.push('~');
                    self.open.push(Some("~"));
                }
            }
            Tag::Link { dest_url, title, link_type, .. } => {
                self.cell_has_text();
                let mut address = restore(&dest_url).into_owned();
                if link_type == LinkType::Email {
                    address.insert_str(0, "mailto:");
                }
                self.link(&address, &restore(&title));
            }
            Tag::Image { dest_url, title, .. } => {
                self.cell_has_text();
                self.image = Some(Image {
                    address: restore(&dest_url).into_owned(),
                    title: restore(&title).into_owned(),
                    text: String::new(),
                    depth: 1,
                });
                self.open.push(None);
            }
            _ => self.open.push(None),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let close = self.open.pop().flatten();
        if tag == TagEnd::Image && self.image.as_ref().is_some_and(|image| image.depth == 1) {
            if let Some(image) = self.image.take() {
                self.image(&image);
            }
            return;
        }
        if let Some(image) = &mut self.image {
            image.depth -= u32::from(tag == TagEnd::Image);
            return;
        }
        match tag {
            TagEnd::Link => self.links = self.links.saturating_sub(1),
            TagEnd::CodeBlock => {
                if let Some((language, code)) = self.code.take() {
                    if self.context.formulas && matches!(&*language, "latex" | "tex" | "math") {
                        formula_block(&mut self.out, code.trim(), self.context);
                        return;
                    }
                    code_block(&mut self.out, &code, &language, self.context);
                }
            }
            TagEnd::TableCell if !self.in_table => self.out.push(' '),
            TagEnd::TableCell if self.empty_cells == 0 => {
                self.out.push_str(if self.in_head { "</th>" } else { "</td>" });
            }
            TagEnd::TableHead | TagEnd::TableRow => self.empty_cells = 0,
            TagEnd::Table => self.in_table = false,
            _ => {}
        }
        self.out.push_str(close.unwrap_or_default());
    }

    fn heading(&mut self, level: HeadingLevel) {
        // The page's own headings are above those of a message.
        let (open, close) = match level {
            HeadingLevel::H1 => ("<h3 class=\"heading-1\" dir=\"auto\">", "</h3>"),
            HeadingLevel::H2 => ("<h4 class=\"heading-2\" dir=\"auto\">", "</h4>"),
            HeadingLevel::H3 => ("<h5 class=\"heading-3\" dir=\"auto\">", "</h5>"),
            HeadingLevel::H4 => ("<h6 class=\"heading-4\" dir=\"auto\">", "</h6>"),
            HeadingLevel::H5 => ("<h6 class=\"heading-5\" dir=\"auto\">", "</h6>"),
            HeadingLevel::H6 => ("<h6 class=\"heading-6\" dir=\"auto\">", "</h6>"),
        };
        self.tag(open, close);
    }

    /// Opens the cell that text is about to be written to, and those before it in the row.
    fn cell_has_text(&mut self) {
        if !self.in_table {
            return;
        }
        let first = self.column - self.empty_cells.min(self.column);
        for column in first..self.column {
            if column > first {
                self.out.push_str(if self.in_head { "</th>" } else { "</td>" });
            }
            self.out.push_str(if self.in_head { "<th" } else { "<td" });
            self.out.push_str(match self.columns.get(column) {
                Some(Alignment::Left) => " class=\"left\"",
                Some(Alignment::Center) => " class=\"center\"",
                Some(Alignment::Right) => " class=\"right\"",
                _ => "",
            });
            self.out.push_str(" dir=\"auto\">");
        }
        self.empty_cells = 0;
    }

    fn link(&mut self, address: &str, title: &str) {
        let target = target(address, self.context).filter(|_| self.links == 0 && self.open.len() < MAX_DEPTH);
        self.links += 1;
        match target {
            Some(target) => {
                self.open_link(&target, title);
                self.open.push(Some("</a>"));
            }
            None => self.open.push(None),
        }
    }

    fn open_link(&mut self, target: &Target, title: &str) {
        self.out.push_str("<a class=\"link\"");
        match target {
            Target::Here(address) => self.attribute("href", address),
            Target::Elsewhere(address) => {
                self.attribute("href", address);
                self.out.push_str(" rel=\"noopener noreferrer nofollow\" target=\"_blank\"");
            }
        }
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.out.push('>');
    }

    /// A path of this server, within the team if there is one.
    fn path(&self, rest: &str) -> String {
        let team = segment(self.context.team);
        if team.is_empty() { format!("/{rest}") } else { format!("/{team}/{rest}") }
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value);
        self.out.push('"');
    }

    fn image(&mut self, image: &Image) {
        self.has_text = true;
        let target = target(&image.address, self.context);
        let address = match &target {
            Some(Target::Here(address) | Target::Elsewhere(address)) => address,
            None => "",
        };
        let is_web =
            starts_with_fold(address, "http://") || starts_with_fold(address, "https://") || address.starts_with('/');
        if let Some(size_of) = self.context.image.filter(|_| is_web) {
            // The way to the whole picture, unless the author leads elsewhere.
            let whole = self.links == 0;
            if whole {
                self.open_link(&Target::Elsewhere(address.to_owned()), "");
            }
            self.out
                .push_str("<img class=\"image\" loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer\"");
            self.attribute("src", address);
            if let Some((width, height)) = size_of(address) {
                let _ = write!(self.out, " width=\"{width}\" height=\"{height}\"");
            }
            self.attribute("alt", image.text.trim());
            if !image.title.is_empty() {
                self.attribute("title", &image.title);
            }
            self.out.push('>');
            if whole {
                self.out.push_str("</a>");
            }
        } else {
            let text = if image.text.trim().is_empty() { &image.address } else { image.text.trim() };
            let target = target.filter(|_| self.links == 0);
            if let Some(target) = &target {
                self.open_link(target, &image.title);
            }
            escape(&mut self.out, text);
            if target.is_some() {
                self.out.push_str("</a>");
            }
        }
    }

    /// Writes the text that has come together.
    fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        let text = restore(&run);
        if let Some(image) = &mut self.image {
            image.text.push_str(&text);
        } else if let Some((_, code)) = &mut self.code {
            code.push_str(&text);
        } else {
            if !text.trim().is_empty() {
                self.cell_has_text();
            }
            self.text(&text);
        }
        drop(text);
        self.run = run;
        self.run.clear();
    }

    /// Writes text, with what is found in it: addresses, mentions, channels, hashtags, emoji, the viewer's words.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        let mut before = None;
        while let Some(character) = rest.chars().next() {
            let special = match character {
                ':' => self.emoji(rest, before),
                '@' | '＠' | '~' | '#'
                    if self.links == 0 && !before.is_some_and(|c| is_word(c) || matches!(c, '/' | '&')) =>
                {
                    self.name(rest, character)
                }
                '<' | '>' | ';' | '8' => self.emoticon(rest, before),
                _ => None,
            };
            let special = special.or_else(|| self.unicode_emoji(rest, character));
            let length = special.or_else(|| self.word(rest, character, before)).unwrap_or_else(|| {
                self.has_text |= !character.is_whitespace();
                let length = character.len_utf8();
                escape(&mut self.out, &rest[..length]);
                length
            });
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
        }
    }

    /// Writes the word that `rest` begins with: an address, one of the viewer's own, or any.
    fn word(&mut self, rest: &str, character: char, before: Option<char>) -> Option<usize> {
        let begins = !before.is_some_and(is_word);
        if self.links == 0 {
            if begins && let Some(length) = self.address(rest).or_else(|| self.email(rest)) {
                return Some(length);
            }
            let mention = if begins { own_word(rest, &self.context.viewer) } else { None };
            let mention = mention.or_else(|| own_letters(rest, character, &self.context.viewer));
            if let Some(length) = mention {
                self.has_text = true;
                self.out.push_str("<span class=\"mention mention-me\">");
                escape(&mut self.out, &rest[..length]);
                self.out.push_str("</span>");
                return Some(length);
            }
        }
        if !is_word(character) || !begins {
            return None;
        }
        // The rest of the word in one go, unless something may begin inside it.
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        self.has_text = true;
        escape(&mut self.out, &rest[..end]);
        Some(end)
    }

    fn address(&mut self, rest: &str) -> Option<usize> {
        let found = address(rest)?;
        let linked = if starts_with_fold(found, "www.") { format!("http://{found}") } else { found.to_owned() };
        let target = target(&linked, self.context)?;
        self.has_text = true;
        self.open_link(&target, "");
        escape(&mut self.out, found);
        self.out.push_str("</a>");
        Some(found.len())
    }

    fn email(&mut self, rest: &str) -> Option<usize> {
        let is_local = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-');
        let local = rest.bytes().take(MAX_NAME).take_while(|byte| is_local(*byte)).count();
        let domain = rest.get(local..)?.strip_prefix('@').filter(|_| local > 0)?;
        let length = domain
            .bytes()
            .take(253)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
            .count();
        let domain = domain[..length].trim_end_matches(['.', '-']);
        let (name, top) = domain.rsplit_once('.')?;
        if name.is_empty()
            || top.len() < 2
            || name.starts_with('.')
            || !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            return None;
        }
        let length = local + 1 + domain.len();
        self.has_text = true;
        self.open_link(&Target::Here(format!("mailto:{}", &rest[..length])), "");
        escape(&mut self.out, &rest[..length]);
        self.out.push_str("</a>");
        Some(length)
    }

    /// Writes a mention, a link to a channel or a hashtag, if that is what begins here.
    fn name(&mut self, rest: &str, mark: char) -> Option<usize> {
        let after = &rest[mark.len_utf8()..];
        let length = match mark {
            '#' => self.hashtag(after),
            '~' => self.channel(after),
            _ => self.mention(after),
        }?;
        self.has_text = true;
        Some(mark.len_utf8() + length)
    }

    fn mention(&mut self, after: &str) -> Option<usize> {
        for name in names(after) {
            if ["all", "channel", "here"].iter().any(|all| name.eq_ignore_ascii_case(all)) {
                self.out.push_str("<span class=\"mention mention-me\"");
                self.attribute("data-mention", &name.to_ascii_lowercase());
                self.out.push_str(">@");
                escape(&mut self.out, name);
                self.out.push_str("</span>");
                return Some(name.len());
            }
            let lower = name.to_lowercase();
            let viewer = &self.context.viewer;
            let Some(user) = self.context.user.and_then(|user| user(&lower)) else {
                if let Some(group) = self.context.group.and_then(|group| group(&lower)) {
                    self.group(name, &group);
                    return Some(name.len());
                }
                continue;
            };
            let at_name = |key: &String| key.strip_prefix('@').is_some_and(|key| key.eq_ignore_ascii_case(name));
            let is_me = viewer.username.eq_ignore_ascii_case(&user.username) || viewer.keys.iter().any(at_name);
            self.out.push_str(if is_me { "<a class=\"mention mention-me\"" } else { "<a class=\"mention\"" });
            self.attribute("data-user", user.id.as_str());
            let path = self.path(&format!("messages/@{}", segment(&user.username)));
            self.attribute("href", &path);
            self.out.push_str(">@");
            escape(&mut self.out, &user.username);
            self.out.push_str("</a>");
            return Some(name.len());
        }
        None
    }

    /// Nothing it could link to: a press shows who is in it.
    fn group(&mut self, name: &str, group: &GroupRef) {
        let class = if group.mine { "mention mention-me" } else { "mention" };
        self.out.push_str("<button");
        self.attribute("type", "button");
        self.attribute("class", class);
        self.attribute("data-group", group.id.as_str());
        self.out.push_str(">@");
        escape(&mut self.out, name);
        self.out.push_str("</button>");
    }

    fn channel(&mut self, after: &str) -> Option<usize> {
        let known = self.context.channel?;
        for name in names(after) {
            let Some(display_name) = known(&name.to_lowercase()) else { continue };
            self.out.push_str("<a class=\"channel-link\"");
            let path = self.path(&format!("channels/{}", segment(&name.to_lowercase())));
            self.attribute("href", &path);
            self.attribute("data-channel", &name.to_lowercase());
            self.out.push_str(">~");
            escape(&mut self.out, &display_name);
            self.out.push_str("</a>");
            return Some(name.len());
        }
        None
    }

    fn hashtag(&mut self, after: &str) -> Option<usize> {
        let length = hashtags::length(after);
        let tag = &after[..length];
        if tag.chars().nth(1).is_none() || after[length..].starts_with('#') {
            return None;
        }
        self.out.push_str("<a class=\"hashtag\"");
        self.attribute("href", &self.path(&format!("search?q=%23{}", segment(tag))));
        self.attribute("data-hashtag", &format!("#{tag}"));
        self.out.push_str(">#");
        escape(&mut self.out, tag);
        self.out.push_str("</a>");
        Some(length)
    }

    /// Writes an emoji by its name, standard or custom, or by an emoticon.
    fn emoji(&mut self, rest: &str, before: Option<char>) -> Option<usize> {
        let Some(name) = emoji_name(rest) else { return self.emoticon(rest, before) };
        if let Some(character) = emoji::by_name(name) {
            self.emoji_span(name, &character);
        } else if let Some(url) = self.context.emoji.and_then(|emoji| emoji(name)) {
            self.emoji += 1;
            self.out.push_str("<img class=\"emoji\" loading=\"lazy\"");
            if allowed_scheme(&url) || url.starts_with('/') {
                self.attribute("src", &url);
            }
            let label = format!(":{name}:");
            self.attribute("alt", &label);
            self.attribute("title", &label);
            self.out.push('>');
        } else {
            return None;
        }
        Some(name.len() + 2)
    }

    fn emoji_span(&mut self, name: &str, character: &str) {
        self.emoji += 1;
        let label = format!(":{name}:");
        self.out.push_str("<span class=\"emoji\"");
        self.attribute("title", &label);
        self.out.push_str(" role=\"img\"");
        self.attribute("aria-label", &label);
        self.out.push('>');
        escape(&mut self.out, character);
        self.out.push_str("</span>");
    }

    /// Writes an emoticon, if one stands here between blanks.
    fn emoticon(&mut self, rest: &str, before: Option<char>) -> Option<usize> {
        if before.is_some_and(|c| !c.is_whitespace()) {
            return None;
        }
        let (text, name) = EMOTICONS.iter().find(|(text, _)| rest.starts_with(text))?;
        if !rest[text.len()..].chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ',' | '!' | '?')) {
            return None;
        }
        self.emoji_span(name, &emoji::by_name(name)?);
        Some(text.len())
    }

    /// Writes an emoji that is in the text as a character.
    fn unicode_emoji(&mut self, rest: &str, character: char) -> Option<usize> {
        let mut ends = rest.char_indices().skip(1).map(|(at, _)| at);
        let second = rest.chars().nth(1);
        let may_be = match character {
            '\u{1f000}'..='\u{1faff}' => true,
            '0'..='9' | '#' | '*' => matches!(second, Some('\u{fe0f}' | '\u{20e3}')),
            '\u{203c}'..='\u{3299}' | '©' | '®' => second == Some('\u{fe0f}') || is_coloured(character),
            _ => false,
        };
        if !may_be {
            return None;
        }
        let mut lengths = [0; MAX_SEQUENCE];
        let mut count = 0;
        while count < MAX_SEQUENCE {
            let Some(end) = ends.next() else {
                lengths[count] = rest.len();
                count += 1;
                break;
            };
            lengths[count] = end;
            count += 1;
        }
        let (length, name) =
            lengths[..count].iter().rev().find_map(|length| Some((*length, emoji::by_text(&rest[..*length])?)))?;
        self.emoji_span(&name, &rest[..length]);
        Some(length)
    }
}

/// How many characters the longest emoji has.
const MAX_SEQUENCE: usize = 10;

/// What people type for a face, and the emoji's name; the longer ones first where one begins like another.
const EMOTICONS: &[(&str, &str)] = &[
    (":'(", "cry"),
    (":-)", "slightly_smiling_face"),
    (":)", "slightly_smiling_face"),
    (";-)", "wink"),
    (";)", "wink"),
    (":-D", "smile"),
    (":D", "smile"),
    (":-(", "slightly_frowning_face"),
    (":(", "slightly_frowning_face"),
    (":-P", "stuck_out_tongue"),
    (":-p", "stuck_out_tongue"),
    (":P", "stuck_out_tongue"),
    (":p", "stuck_out_tongue"),
    (":-/", "confused"),
    (":/", "confused"),
    (":-|", "neutral_face"),
    (":|", "neutral_face"),
    (":-O", "scream"),
    (":O", "scream"),
    (":-o", "open_mouth"),
    (":o", "open_mouth"),
    ("<3", "heart"),
    ("</3", "broken_heart"),
    ("8)", "sunglasses"),
    (">:(", "angry"),
];

/// Whether an older symbol is an emoji without a sign that says so.
fn is_coloured(c: char) -> bool {
    matches!(c,
        '⌚' | '⌛' | '⏩'..='⏬' | '⏰' | '⏳' | '◽' | '◾' | '☔' | '☕' | '♈'..='♓' | '♿' | '⚓' | '⚡' | '⚪' | '⚫' | '⚽'
        | '⚾' | '⛄' | '⛅' | '⛎' | '⛔' | '⛪' | '⛲' | '⛳' | '⛵' | '⛺' | '⛽' | '✅' | '✊' | '✋' | '✨' | '❌' | '❎' | '❓'..='❕'
        | '❗' | '➕'..='➗' | '➰' | '➿' | '⬛' | '⬜' | '⭐' | '⭕' | '❤' | '☀' | '✌' | '☝')
}

/// The names that text may begin with: all of it, then without what may end a sentence.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let length = text.bytes().take_while(|byte| is_inside(*byte)).count();
    let first = Some(&text[..length]);
    std::iter::successors(first, |name| name.strip_suffix(['.', '-', '_']))
        .filter(|name| !name.is_empty() && name.len() <= MAX_NAME)
}

/// One of the viewer's own words that `rest` begins with.
fn own_word(rest: &str, viewer: &Viewer) -> Option<usize> {
    let ends = |length: usize| length > 0 && !rest[length..].starts_with(is_word);
    let name = viewer.first_name;
    if !name.is_empty() && rest.starts_with(name) && ends(name.len()) {
        return Some(name.len());
    }
    viewer.keys.iter().filter_map(|key| prefix_fold(rest, key.trim())).filter(|length| ends(*length)).max()
}

/// One of the viewer's own words in a language that puts no blanks between words.
fn own_letters(rest: &str, character: char, viewer: &Viewer) -> Option<usize> {
    if !matches!(character, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
    {
        return None;
    }
    viewer.keys.iter().map(|key| key.trim()).filter(|key| !key.is_empty() && rest.starts_with(*key)).map(str::len).max()
}

/// How many bytes of `text` are `key`, whatever the case.
fn prefix_fold(text: &str, key: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    for wanted in key.chars() {
        let (_, found) = letters.next()?;
        if found != wanted && !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(letters.next().map_or(text.len(), |(at, _)| at))
}

/// A part of a path, percent-encoded.
fn segment(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])));
        }
    }
    Cow::Owned(encoded)
}

/// The language that the first line of a block of code names.
fn language(info: &str) -> String {
    let name =
        info.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | ':' | ';')).find(|name| !name.is_empty());
    name.unwrap_or_default().chars().take(32).collect()
}

fn formula_block(out: &mut String, source: &str, context: &Context) {
    if let Some(set) = context.formula.and_then(|set| set(source, true)) {
        out.push_str("<div class=\"formula-block\" dir=\"ltr\">");
        out.push_str(&set);
        out.push_str("</div>");
    } else {
        out.push_str(UNSET_BLOCK);
        escape(out, source);
        out.push_str("</code></pre>");
    }
}

fn code_block(out: &mut String, code: &str, language: &str, context: &Context) {
    let copy = if context.copy.is_empty() { "Copy" } else { context.copy };
    out.push_str("<div class=\"code\" dir=\"ltr\"><div class=\"code-head\"><span class=\"code-language\">");
    escape(out, language);
    out.push_str("</span><button class=\"code-copy\" type=\"button\" data-copy>");
    escape(out, copy);
    out.push_str("</button></div><pre><code class=\"hl\">");
    out.push_str(&highlight::highlight(code, language));
    out.push_str("</code></pre></div>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn someone() -> UserId {
        UserId::from_random([7; 16])
    }

    fn user(name: &str) -> Option<UserRef> {
        ["ann", "bob", "bob.smith", "me"].contains(&name).then(|| UserRef { id: someone(), username: name.to_owned() })
    }

    fn group(name: &str) -> Option<GroupRef> {
        ["crew", "board"].contains(&name).then(|| GroupRef { id: AnyId::from_random([3; 16]), mine: name == "board" })
    }

    fn channel(name: &str) -> Option<String> {
        (name == "town-square").then(|| "Town <Square>".to_owned())
    }

    fn custom(name: &str) -> Option<String> {
        (name == "party_parrot").then(|| "/api/v4/emoji/x/image".to_owned())
    }

    fn size(address: &str) -> Option<(u32, u32)> {
        (address == "http://x.org/large.png").then_some((640, 480))
    }

    /// With everything known.
    fn full(source: &str) -> String {
        let keys = ["kiwi".to_owned(), "hot fix".to_owned(), "日本".to_owned(), "@ops".to_owned()];
        let context = Context {
            team: "core",
            site: "https://chat.example.org",
            viewer: Viewer { username: "me", keys: &keys, first_name: "Mark" },
            user: Some(&user),
            group: Some(&group),
            channel: Some(&channel),
            emoji: Some(&custom),
            image: Some(&size),
            formulas: true,
            inline_formulas: true,
            ..Context::default()
        };
        let html = render(source, &context);
        check(&html);
        html
    }

    /// With nothing known.
    fn bare(source: &str) -> String {
        let html = render(source, &Context::default());
        check(&html);
        html
    }

    /// What is inside the only paragraph.
    fn inside(source: &str) -> String {
        let html = full(source);
        html.strip_prefix("<p dir=\"auto\">").unwrap_or(&html).strip_suffix("</p>").unwrap_or(&html).to_owned()
    }

    const TAGS: &[&str] = &[
        "a",
        "blockquote",
        "br",
        "button",
        "code",
        "del",
        "div",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "input",
        "li",
        "ol",
        "p",
        "pre",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    const ATTRIBUTES: &[&str] = &[
        "alt",
        "aria-label",
        "checked",
        "class",
        "data-channel",
        "data-copy",
        "data-group",
        "data-hashtag",
        "data-mention",
        "data-user",
        "decoding",
        "dir",
        "disabled",
        "height",
        "href",
        "loading",
        "referrerpolicy",
        "rel",
        "role",
        "src",
        "start",
        "target",
        "title",
        "type",
        "width",
    ];

    /// Reads HTML as strictly as it is written: only known tags and attributes, all closed, no doubtful address.
    fn check(html: &str) {
        let mut open: Vec<&str> = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find(['<', '>']) {
            assert!(rest[at..].starts_with('<'), "stray > in {html}");
            let end = at + rest[at..].find('>').unwrap_or_else(|| panic!("open tag in {html}"));
            let tag = &rest[at + 1..end];
            rest = &rest[end + 1..];
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "{html}");
                continue;
            }
            let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            assert!(TAGS.contains(&name), "<{name}> in {html}");
            assert!(!(name == "a" && open.contains(&"a")), "link in link: {html}");
            if !["br", "hr", "img", "input"].contains(&name) {
                open.push(name);
            }
            while !attributes.is_empty() {
                let name_end = attributes.find(['=', ' ']).unwrap_or(attributes.len());
                let attribute = &attributes[..name_end];
                assert!(ATTRIBUTES.contains(&attribute), "{attribute} in {html}");
                attributes = &attributes[name_end..];
                if let Some(value) = attributes.strip_prefix("=\"") {
                    let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("open quote in {html}"));
                    attributes = after;
                    let fine = match attribute {
                        "href" => allowed_scheme(value) || value.starts_with(['/', '#', '?', '.']),
                        "src" => value.starts_with('/') || value.starts_with("http"),
                        _ => true,
                    };
                    assert!(fine && !value.starts_with("//"), "{attribute}={value} in {html}");
                }
                attributes = attributes.trim_start_matches(' ');
            }
        }
        assert!(open.is_empty(), "{open:?} in {html}");
        assert!(!html.contains(|c| ('\u{fdd0}'..='\u{fdef}').contains(&c)), "stand-in in {html}");
    }

    #[test]
    fn markdown_becomes_html() {
        for (source, expected) in [
            ("hi", "<p dir=\"auto\">hi</p>"),
            ("a\nb", "<p dir=\"auto\">a<br>b</p>"),
            ("a\n\nb", "<p dir=\"auto\">a</p><p dir=\"auto\">b</p>"),
            ("*a* **b** ~~c~~ `d`", "<p dir=\"auto\"><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
            ("# A", "<h3 class=\"heading-1\" dir=\"auto\">A</h3>"),
            ("> a", "<blockquote dir=\"auto\"><p dir=\"auto\">a</p></blockquote>"),
            ("- a\n- b", "<ul dir=\"auto\"><li dir=\"auto\">a</li><li dir=\"auto\">b</li></ul>"),
            ("3. a", "<ol dir=\"auto\" start=\"3\"><li dir=\"auto\">a</li></ol>"),
            (
                "- [x] a\n- [ ] b",
                "<ul dir=\"auto\"><li dir=\"auto\"><input type=\"checkbox\" disabled checked>a</li>\
                 <li dir=\"auto\"><input type=\"checkbox\" disabled>b</li></ul>",
            ),
            ("a\n\n***", "<p dir=\"auto\">a</p><hr>"),
            (
                "|a|b|c|\n|:-|-:|:-:|\n|1||**3**|\n|4|",
                "<div class=\"table\"><table dir=\"auto\"><thead><tr><th class=\"left\" dir=\"auto\">a</th>\
                 <th class=\"right\" dir=\"auto\">b</th><th class=\"center\" dir=\"auto\">c</th></tr></thead><tbody>\
                 <tr><td class=\"left\" dir=\"auto\">1</td><td class=\"right\" dir=\"auto\"></td>\
                 <td class=\"center\" dir=\"auto\"><strong>3</strong></td></tr><tr><td class=\"left\" dir=\"auto\">4</td></tr>\
                 </tbody></table></div>",
            ),
            ("[x]: http://x.org", "<p dir=\"auto\">[x]: http://x.org</p>"),
            ("", ""),
            ("  ", ""),
        ] {
            assert_eq!(bare(source), expected, "{source}");
        }
    }

    #[test]
    fn code_is_shown_as_it_is() {
        assert_eq!(
            full("```rust,x\nlet <b> @ann :smile:\n```\nx"),
            "<div class=\"code\" dir=\"ltr\"><div class=\"code-head\"><span class=\"code-language\">rust</span>\
             <button class=\"code-copy\" type=\"button\" data-copy>Copy</button></div><pre><code class=\"hl\">\
             <span class=\"hl-k\">let</span> &lt;b&gt; @ann :smile:\n</code></pre></div><p dir=\"auto\">x</p>"
        );
        assert!(full("```\n```").contains("<pre>"));
        assert!(full("    a_b <x> http://x.org/a_b").contains("a_b &lt;x&gt; http://x.org/a_b"));
        assert_eq!(inside("`@ann <b> :smile: http://x.org`"), "<code>@ann &lt;b&gt; :smile: http://x.org</code>");
    }

    #[test]
    fn there_is_no_html() {
        assert_eq!(inside("<b>x</b> & <script>"), "&lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;");
        assert_eq!(inside("<div>\n**x**\n</div>"), "&lt;div&gt;<br><strong>x</strong><br>&lt;/div&gt;");
        assert_eq!(inside("<!-- x -->"), "&lt;!-- x --&gt;");
        assert_eq!(inside("&lt;b&gt; &amp;"), "&lt;b&gt; &amp;");
        assert_eq!(inside("a \u{202e}b"), "a b");
    }

    const OUT: &str = "rel=\"noopener noreferrer nofollow\" target=\"_blank\"";

    #[test]
    fn links_lead_only_where_they_may() {
        for (source, address) in [
            ("[x](http://x.org/a_b_c?d=1&e=2)", "http://x.org/a_b_c?d=1&amp;e=2"),
            ("[x](HTTPS://x.org)", "HTTPS://x.org"),
            ("[x](mailto:a@x.org)", "mailto:a@x.org"),
            ("[x](tel:+123)", "tel:+123"),
            ("[x](ftp://x.org)", "ftp://x.org"),
            ("[x](x.org/a)", "http://x.org/a"),
            ("[x](x.org:80/a)", "http://x.org:80/a"),
            ("[x](<http://x.org/'\">)", "http://x.org/&#39;&quot;"),
        ] {
            assert_eq!(inside(source), format!("<a class=\"link\" href=\"{address}\" {OUT}>x</a>"), "{source}");
        }
        for address in ["/core/pl/x", "https://chat.example.org/core", "#a", "?a=b", "https://chat.example.org", "./a"]
        {
            assert_eq!(inside(&format!("[x]({address})")), format!("<a class=\"link\" href=\"{address}\">x</a>"));
        }
        assert!(inside("[x](https://chat.example.org.evil.com)").contains("_blank"));
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "javascript&colon;alert(1)",
            "&#106;avascript:alert(1)",
            "java&#9;script:alert(1)",
            "java&NewLine;script:alert(1)",
            "&#1;javascript:alert(1)",
            "\u{200b}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:x",
            "//evil.org",
            "/\\\\evil.org",
            "http:x",
            "javascript:80",
            "x-y:z",
            "",
        ] {
            assert_eq!(inside(&format!("[x]({address})")), "x", "{address}");
            assert!(!bare(&format!("[x]: {address}\n[x] ![x]({address})")).contains("href"), "{address}");
        }
        assert!(inside("<javascript:alert(1)>").starts_with("&lt;java"));
    }

    #[test]
    fn bare_addresses_are_links() {
        let link = |address: &str| format!("<a class=\"link\" href=\"{address}\" {OUT}>{address}</a>");
        assert_eq!(inside("see http://x.org/a."), format!("see {}.", link("http://x.org/a")));
        assert_eq!(inside("(https://x.org/(a))"), format!("({})", link("https://x.org/(a)")));
        assert_eq!(inside("<https://x.org>"), link("https://x.org"));
        assert_eq!(
            inside("**https://x.org/__a__b_*c*d**"),
            format!("<strong>{}</strong>", link("https://x.org/__a__b_*c*d"))
        );
        assert_eq!(
            inside("www.x.org/@ann"),
            format!("<a class=\"link\" href=\"http://www.x.org/@ann\" {OUT}>www.x.org/@ann</a>")
        );
        assert_eq!(inside("a.b@x.org."), "<a class=\"link\" href=\"mailto:a.b@x.org\">a.b@x.org</a>.");
        assert_eq!(inside("<a@x.org>"), format!("<a class=\"link\" href=\"mailto:a@x.org\" {OUT}>a@x.org</a>"));
        for source in ["xhttp://x.org", "http://", "www.", "a@b", "javascript:alert(1)"] {
            assert_eq!(inside(source), source);
        }
        assert_eq!(
            inside("[http://a.org](http://b.org)"),
            format!("<a class=\"link\" href=\"http://b.org\" {OUT}>http://a.org</a>")
        );
    }

    #[test]
    fn images_are_shown_only_if_allowed() {
        const IMG: &str = "<img class=\"image\" loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer\"";
        assert_eq!(
            inside("![a *b* \"](http://x.org/y.png \"t\")"),
            format!(
                "<a class=\"link\" href=\"http://x.org/y.png\" {OUT}>\
                 {IMG} src=\"http://x.org/y.png\" alt=\"a b &quot;\" title=\"t\"></a>"
            )
        );
        assert_eq!(
            inside("[![a](http://x.org/y.png)](http://z.org)"),
            format!("<a class=\"link\" href=\"http://z.org\" {OUT}>{IMG} src=\"http://x.org/y.png\" alt=\"a\"></a>")
        );
        assert!(inside("![a](http://x.org/large.png)").contains(" width=\"640\" height=\"480\" alt=\"a\">"));
        assert_eq!(
            bare("![a](http://x.org/y.png)"),
            format!("<p dir=\"auto\"><a class=\"link\" href=\"http://x.org/y.png\" {OUT}>a</a></p>")
        );
        assert_eq!(
            bare("[![a](http://x.org/y.png)](http://z.org)"),
            format!("<p dir=\"auto\"><a class=\"link\" href=\"http://z.org\" {OUT}>a</a></p>")
        );
        assert_eq!(inside("![a](data:image/png;base64,x)"), "a");
    }

    #[test]
    fn people_are_mentioned() {
        let mention = |name: &str| {
            format!("<a class=\"mention\" data-user=\"{}\" href=\"/core/messages/@{name}\">@{name}</a>", someone())
        };
        assert_eq!(
            inside("hi @ann, (@Bob.) @bob.smith"),
            format!("hi {}, ({}.) {}", mention("ann"), mention("bob"), mention("bob.smith"))
        );
        assert_eq!(inside("**@ann**"), format!("<strong>{}</strong>", mention("ann")));
        assert_eq!(inside("@me"), mention("me").replace("class=\"mention\"", "class=\"mention mention-me\""));
        assert_eq!(inside("@HERE!"), "<span class=\"mention mention-me\" data-mention=\"here\">@HERE</span>!");
        for source in ["@nobody", "x@ann", "x/@ann", "@annx", "@", "@."] {
            assert_eq!(inside(source), source);
        }
        let mine = |word: &str| format!("<span class=\"mention mention-me\">{word}</span>");
        assert_eq!(inside("a Kiwi, kiwis, xkiwi"), format!("a {}, kiwis, xkiwi", mine("Kiwi")));
        assert_eq!(inside("Mark mark hot fix"), format!("{} mark {}", mine("Mark"), mine("hot fix")));
        assert_eq!(inside("在日本的 @ops"), format!("在{}的 {}", mine("日本"), mine("@ops")));
        assert_eq!(bare("@ann ~town-square"), "<p dir=\"auto\">@ann ~town-square</p>");
    }

    #[test]
    fn groups_are_mentioned() {
        let id = AnyId::from_random([3; 16]);
        let mention = |class: &str, name: &str| {
            format!("<button type=\"button\" class=\"{class}\" data-group=\"{id}\">@{name}</button>")
        };
        assert_eq!(inside("hi @Crew."), format!("hi {}.", mention("mention", "Crew")));
        assert_eq!(inside("@board"), mention("mention mention-me", "board"));
        assert_eq!(bare("@crew"), "<p dir=\"auto\">@crew</p>");
    }

    #[test]
    fn channels_and_hashtags_are_links() {
        assert_eq!(
            inside("see ~town-square."),
            "see <a class=\"channel-link\" href=\"/core/channels/town-square\" data-channel=\"town-square\">~Town &lt;Square&gt;</a>."
        );
        assert_eq!(inside("~nothing a~town-square"), "~nothing a~town-square");
        assert_eq!(inside("~a b~"), "~a b~");
        assert_eq!(
            inside("(#tag-é.)"),
            "(<a class=\"hashtag\" href=\"/core/search?q=%23tag-%C3%A9\" data-hashtag=\"#tag-é\">#tag-é</a>.)"
        );
        for source in ["#1", "a#tag", "#a", "# ", "##", "a/#tag"] {
            assert!(!full(source).contains("hashtag"), "{source}");
        }
    }

    #[test]
    fn emoji_are_shown() {
        let smile = "<span class=\"emoji\" title=\":smile:\" role=\"img\" aria-label=\":smile:\">😄</span>";
        assert_eq!(inside("a :smile: 😄b"), format!("a {smile} {smile}b"));
        assert_eq!(full(":smile: 😄"), format!("<p class=\"jumbo\" dir=\"auto\">{smile} {smile}</p>"));
        assert_eq!(full(":smile:\n:smile:"), format!("<p class=\"jumbo\" dir=\"auto\">{smile}<br>{smile}</p>"));
        assert!(!full(&":smile:".repeat(4)).contains("jumbo"));
        assert!(!full("- :smile:").contains("jumbo"));
        assert!(full("<3").contains("❤️") && full(":)").contains("🙂") && full("a ;)").contains("😉"));
        assert_eq!(inside("a:) http://x:8 8) x 1:0"), inside("a:) http://x:8 8) x 1:0"));
        assert_eq!(
            inside("x :party_parrot:"),
            "x <img class=\"emoji\" loading=\"lazy\" src=\"/api/v4/emoji/x/image\" alt=\":party_parrot:\" title=\":party_parrot:\">"
        );
        for source in [":nonsense:", ":", "::", ":a b:", "10:30:45", "1 2 © →"] {
            assert_eq!(inside(source), source);
        }
        assert!(full("👩‍👩‍👧‍👦").contains("jumbo") && full("1️⃣ 🇫🇷 👋🏿").contains("jumbo"));
        assert_eq!(full("👩‍👩‍👧‍👦").matches("<span").count(), 1);
    }

    #[test]
    fn plain_text_is_one_line() {
        for (source, expected) in [
            ("**a** _b_ `c`\nd\n\n# e", "a b c d e"),
            ("- [x] a\n- b", "☑ a b"),
            ("[text](http://x.org) <b>", "text <b>"),
            ("![alt](http://x.org)", "alt"),
            ("```rust\nlet a;\n```", "let a;"),
            (":smile: :nonsense: 10:30", "😄 :nonsense: 10:30"),
            ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
            ("in_word http://x.org/a_b_c", "in_word http://x.org/a_b_c"),
            ("[x]: http://x.org", "[x]: http://x.org"),
            ("> quote\n\n@ann", "quote @ann"),
            ("", ""),
        ] {
            assert_eq!(plain(source), expected, "{source}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        for pattern in [">", "> ", "- ", "1. ", "*a ", "**a", "[", "![", "[a](", "~~a "] {
            let html = full(&pattern.repeat(4_000));
            let (mut depth, mut deepest) = (0_i32, 0);
            for part in html.split('<').skip(1) {
                let single = ["br", "hr", "img", "input"].iter().any(|tag| part.starts_with(tag));
                depth += if part.starts_with('/') { -1 } else { i32::from(!single) };
                deepest = deepest.max(depth);
            }
            assert!(deepest <= i32::try_from(MAX_DEPTH).unwrap_or(0) + 8, "{pattern}: {deepest}");
        }
    }

    #[test]
    fn time_is_linear_and_so_is_the_length() {
        for pattern in [
            "a",
            "*",
            "_",
            "**a*",
            "`",
            "`a",
            "[",
            "[a](",
            "![",
            "](",
            "<",
            "<a",
            "&",
            "&amp;",
            ":",
            ":a",
            ":smile:",
            "@",
            "@ann",
            "@a-",
            "@a.",
            "~",
            "~a",
            "~~",
            "#",
            "#a",
            "# a\n",
            ">",
            "> a\n",
            "- ",
            "- a\n",
            "1. a\n",
            "|",
            "|a|\n|-|\n",
            "\\",
            "\n",
            " ",
            "    a\n",
            "```\n",
            "http://",
            "http://a,",
            "http://,",
            "www.",
            "www.a",
            "https://a.b/(",
            "a@",
            "a.",
            "a@a.",
            "kiwi ",
            "日",
            "日本",
            "😄",
            "👩‍",
            "<http://a",
            "<a@",
            "🇫",
            "[a]: b\n",
            "[a]",
            "***a** ",
            "\u{fdd0}",
            "1️",
            "<!--",
            "<?",
            "&#",
            "\t",
            "*a_ ",
            "$",
            "^",
            "\u{301}",
            "((",
            "))",
            "'",
            "\"",
            ">:(",
            "- [x] ",
        ] {
            let source = pattern.repeat(6_000 / pattern.chars().count());
            let begin = std::time::Instant::now();
            let html = full(&source);
            plain(&source);
            let time = begin.elapsed();
            assert!(time.as_millis() < 1_000, "{pattern:?}: {time:?}");
            assert!(html.len() < source.len() * 150 + 1_000, "{pattern:?}: {} of {}", html.len(), source.len());
        }
        let wide = format!("{}\n{}\n{}", "|a".repeat(1_500), "|-".repeat(1_500), "|\n".repeat(4_000));
        let html = full(&wide);
        assert!(html.len() < wide.len() * 30, "{}", html.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn whatever_comes_in_only_known_tags_come_out(source in "\\PC{0,120}") {
            full(&source);
            bare(&source);
            plain(&source);
        }

        #[test]
        fn markup_of_all_kinds_gives_only_known_tags(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..40),
        ) {
            let source = parts.concat();
            full(&source);
            bare(&source);
            plain(&source);
        }
    }

    const PARTS: &[&str] = &[
        "a",
        "b ",
        " ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "~",
        "~~",
        "`",
        "```",
        "```rust\n",
        "[",
        "]",
        "(",
        ")",
        "](",
        "![",
        "<",
        ">",
        "> ",
        "- ",
        "1. ",
        "# ",
        "#tag",
        "|",
        "|-|",
        "|a|b|\n|-|-|\n",
        "\\",
        "&",
        "&lt;",
        "&#60;",
        "&colon;",
        ":",
        ":smile:",
        "😄",
        "@ann",
        "@all",
        "~town-square",
        "http://x.org/",
        "www.x.org",
        "javascript:",
        "data:",
        "\"",
        "'",
        " onclick=",
        "<script>",
        "</p>",
        "<img src=x onerror=alert(1)>",
        "[x]: ",
        "    ",
        "\t",
        "kiwi",
        "- [x] ",
        "---",
        "===",
        "\u{fdd0}",
        "\u{202e}",
        "<http://x.org>",
        "a@x.org",
        ":party_parrot:",
        "//",
        "mailto:",
    ];
}
