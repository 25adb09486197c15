//! What a page says of itself in its tags.

use crate::outbound::Answer;
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use http::header;
use model::opengraph::{Media, OpenGraph};
use std::collections::BTreeMap;
use url::Url;

/// The longest text that is kept, in characters.
const TEXT_MAX: usize = 1000;
/// The most pictures, films or sounds that are kept of each.
const MEDIA_MAX: usize = 5;

/// Reads a page, and the address where it says more of itself (oEmbed).
pub fn read(answer: &Answer) -> (OpenGraph, Option<Url>) {
    let text = decoded(answer);
    let mut page = Reader::new(&answer.url);
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(text.as_str(), emitter) {
        match token {
            Token::StartTag(tag) => page.tag(&tag),
            Token::String(text) if page.in_title => page.title.push_str(&String::from_utf8_lossy(&text)),
            Token::EndTag(tag) if *tag.name == b"title" => page.in_title = false,
            _ => {}
        }
    }
    page.done()
}

/// The text of a page, by the encoding that the server or the page itself names.
fn decoded(answer: &Answer) -> String {
    let told = answer.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let head = String::from_utf8_lossy(&answer.body[..answer.body.len().min(1024)]).to_lowercase();
    let named = |text: &str| {
        let rest = text.split_once("charset=")?.1.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).unwrap_or(rest.len());
        encoding_rs::Encoding::for_label(&rest.as_bytes()[..end])
    };
    let encoding = named(&told.to_lowercase()).or_else(|| named(&head)).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(&answer.body).0.into_owned()
}

/// A text in one line, and not too long.
pub fn short(text: &str) -> String {
    let words = text.split_whitespace().flat_map(|word| [" ", word]).skip(1);
    words.flat_map(str::chars).filter(|c| !c.is_control()).take(TEXT_MAX).collect()
}

struct Reader {
    base: Url,
    page: OpenGraph,
    /// What the page says in other ways.
    also: BTreeMap<&'static str, String>,
    in_title: bool,
    title: String,
    oembed: Option<Url>,
}

impl Reader {
    fn new(base: &Url) -> Self {
        Self {
            base: base.clone(),
            page: OpenGraph::default(),
            also: BTreeMap::new(),
            in_title: false,
            title: String::new(),
            oembed: None,
        }
    }

    fn tag(&mut self, tag: &StartTag<()>) {
        let value = |name: &str| {
            let value = tag.attributes.get(name.as_bytes()).map(|v| String::from_utf8_lossy(v).into_owned());
            value.unwrap_or_default()
        };
        match tag.name.as_slice() {
            // A picture's description in SVG has such a tag, too.
            b"title" => self.in_title = self.title.is_empty(),
            b"meta" => {
                let name = if value("property").is_empty() { value("name") } else { value("property") };
                self.said(&name.trim().to_ascii_lowercase(), short(&value("content")));
            }
            b"link" if value("type").eq_ignore_ascii_case("application/json+oembed") && self.oembed.is_none() => {
                self.oembed = self.absolute(&value("href")).and_then(|url| Url::parse(&url).ok());
            }
            _ => {}
        }
    }

    /// A web address that the page names.
    fn absolute(&self, address: &str) -> Option<String> {
        let url = self.base.join(address.trim()).ok().filter(|_| !address.trim().is_empty())?;
        matches!(url.scheme(), "http" | "https").then(|| url.into())
    }

    fn said(&mut self, name: &str, content: String) {
        if content.is_empty() {
            return;
        }
        let Some(property) = name.strip_prefix("og:") else {
            let known = ["twitter:title", "twitter:description", "twitter:image", "twitter:image:src", "description"];
            if let Some(known) = known.into_iter().find(|known| *known == name) {
                self.also.entry(known).or_insert(content);
            }
            return;
        };
        let field = match property {
            "title" => &mut self.page.title,
            "type" => &mut self.page.kind,
            "description" => &mut self.page.description,
            "determiner" => &mut self.page.determiner,
            "site_name" => &mut self.page.site_name,
            "locale" => &mut self.page.locale,
            "locale:alternate" => {
                let all = self.page.locales_alternate.get_or_insert_default();
                if all.len() < MEDIA_MAX {
                    all.push(content);
                }
                return;
            }
            _ => return self.media(property, content),
        };
        if field.is_empty() {
            *field = content;
        }
    }

    /// `image`, and what is said of the last one as `image:width` and the like; films and sounds alike.
    fn media(&mut self, property: &str, content: String) {
        let (kind, of_it) = property.split_once(':').unwrap_or((property, ""));
        let url = self.absolute(&content);
        let all = match kind {
            "image" => &mut self.page.images,
            "video" => &mut self.page.videos,
            "audio" => &mut self.page.audios,
            _ => return,
        };
        match (of_it, url) {
            ("" | "url", Some(url)) => {
                let all = all.get_or_insert_default();
                let again = all.last().is_some_and(|last| last.url == url);
                if all.len() < MEDIA_MAX && !again {
                    all.push(Media { url, ..Media::default() });
                }
            }
            (field, url) => {
                let Some(last) = all.as_mut().and_then(|all| all.last_mut()) else { return };
                match field {
                    "secure_url" => last.secure_url = url.unwrap_or_default(),
                    "type" => last.kind = content,
                    "width" => last.width = content.parse().unwrap_or_default(),
                    "height" => last.height = content.parse().unwrap_or_default(),
                    _ => {}
                }
            }
        }
    }

    fn done(mut self) -> (OpenGraph, Option<Url>) {
        let mut take =
            |names: &[&'static str]| names.iter().find_map(|name| self.also.remove(name)).unwrap_or_default();
        if self.page.title.is_empty() {
            self.page.title = take(&["twitter:title"]);
        }
        if self.page.title.is_empty() {
            self.page.title = short(&self.title);
        }
        if self.page.description.is_empty() {
            self.page.description = take(&["twitter:description", "description"]);
        }
        let image = take(&["twitter:image", "twitter:image:src"]);
        if self.page.images.is_none()
            && let Some(url) = self.absolute(&image)
        {
            self.page.images = Some(vec![Media { url, ..Media::default() }]);
        }
        (self.page, self.oembed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue, StatusCode};

    fn page(content_type: &'static str, body: &[u8]) -> (OpenGraph, Option<Url>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        let url = Url::parse("https://x.org/a/b").expect("an address");
        read(&Answer { status: StatusCode::OK, headers, body: body.to_vec(), url })
    }

    #[test]
    fn a_page_is_what_its_tags_say() {
        let (found, oembed) = page(
            "text/html",
            br#"<!doctype html><title>Not this</title><script>"<meta property='og:title' content='nor this'>"</script>
            <meta property="og:title" content=" A &amp;  B "><META NAME=Description content="about"><meta property=og:type
            content=article><meta property="og:image" content="../p.png"><meta property="og:image:width" content="20">
            <meta property="og:image:height" content="many"><meta property="og:image" content="javascript:x">
            <meta property="og:site_name" content="X"><link type="application/json+oembed" href="/oembed?x=1">"#,
        );
        assert_eq!(
            (found.title.as_str(), found.description.as_str(), found.kind.as_str()),
            ("A & B", "about", "article")
        );
        let image = Media { url: "https://x.org/p.png".into(), width: 20, ..Media::default() };
        assert_eq!(found.images, Some(vec![image]));
        assert_eq!(oembed.map(String::from).as_deref(), Some("https://x.org/oembed?x=1"));
    }

    #[test]
    fn titles_cards_and_encodings_are_understood() {
        let (found, _) = page("text/html; charset=ISO-8859-1", b"<title>Caf\xe9 &eacute;</title>");
        assert_eq!(found.title, "Caf\u{e9} \u{e9}");
        let (found, _) = page("text/html", b"<meta charset=windows-1251><title>\xcf\xf0\xe8</title>");
        assert_eq!(found.title, "\u{41f}\u{440}\u{438}");
        let card = br#"<meta name="twitter:title" content="T"><meta name="twitter:image" content="//y.org/i">"#;
        let (found, _) = page("text/html", card);
        assert_eq!((found.title.as_str(), found.images.expect("a picture")[0].url.as_str()), ("T", "https://y.org/i"));
    }

    #[test]
    fn what_is_meant_to_do_harm_takes_little() {
        let deep = "<div>".repeat(200_000);
        assert!(page("text/html", deep.as_bytes()).0.is_empty());
        let open = format!("<title>{}", "x".repeat(1_000_000));
        assert_eq!(page("text/html", open.as_bytes()).0.title.len(), TEXT_MAX);
        let many = "<meta property=og:image content=/a><meta property=og:image content=/b>".repeat(10_000);
        assert_eq!(page("text/html", many.as_bytes()).0.images.expect("pictures").len(), MEDIA_MAX);
        assert!(page("text/html", b"<meta property=og:title content=\"").0.is_empty());
    }
}
