//! What a message links to: its links and its pictures, in the order of the text. What stands in code is none.

use super::{OPTIONS, address, protect, restore};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The most links of one message that are looked at.
pub const MOST: usize = 20;

/// What a message links to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub links: Vec<String>,
    pub images: Vec<String>,
}

/// The web addresses in a message; `www.…` is given with its scheme.
pub fn links(message: &str) -> Links {
    let mut found = Links::default();
    if !message.contains("://") && !message.contains("www.") {
        return found;
    }
    let source = protect(message);
    let (mut inside, mut run) = (0_u32, String::new());
    for event in Parser::new_ext(&source, OPTIONS) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) if inside == 0 => {
                run.push_str(&text);
                continue;
            }
            Event::Start(Tag::CodeBlock(_)) => inside += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Link | TagEnd::Image) => inside = inside.saturating_sub(1),
            Event::Start(Tag::Link { dest_url, .. }) => {
                inside += 1;
                scan(&std::mem::take(&mut run), &mut found.links);
                add(&mut found.links, &restore(&dest_url));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                inside += 1;
                add(&mut found.images, &restore(&dest_url));
            }
            _ => {}
        }
        scan(&std::mem::take(&mut run), &mut found.links);
    }
    scan(&run, &mut found.links);
    found
}

/// Adds the bare addresses in a text.
fn scan(text: &str, into: &mut Vec<String>) {
    let text = restore(text);
    let mut rest = &*text;
    while let Some(at) = ["http", "HTTP", "Http", "www."].iter().filter_map(|word| rest.find(word)).min() {
        let before = rest[..at].chars().next_back();
        let here = &rest[at..];
        match address(here).filter(|_| !before.is_some_and(char::is_alphanumeric)) {
            Some(found) => {
                add(into, found);
                rest = &here[found.len()..];
            }
            None => rest = &here[4..],
        }
    }
}

fn add(into: &mut Vec<String>, url: &str) {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let url = if lower.starts_with("www.") { format!("http://{url}") } else { url.to_owned() };
    let is_web = lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.");
    if is_web && into.len() < MOST && !into.contains(&url) {
        into.push(url);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_pictures_are_found_and_code_is_left_alone() {
        let found = links(
            "see https://x.org/a_b_c, [there](http://y.org/?q=1) and ![a cat](https://z.org/cat.png) \
             `http://code.org` www.w.org (https://x.org/a_b_c)\n\n```\nhttp://block.org\n```\n",
        );
        assert_eq!(found.links, ["https://x.org/a_b_c", "http://y.org/?q=1", "http://www.w.org"]);
        assert_eq!(found.images, ["https://z.org/cat.png"]);
        assert_eq!(links("ftp://x.org, xhttp://y and nothing"), Links::default());
        let many = (0..100).map(|i| format!("http://x{i}.org")).collect::<Vec<_>>().join(" ");
        assert_eq!(links(&many).links.len(), MOST);
    }
}
