//! The files a browser loads beside the page: the client, its style sheet, icons. `cargo xtask` puts
//! them together in `target/site/<profile>` with a manifest (xtask/src/site.rs). A release build
//! carries them inside; a debug build reads them from disk at every request, so that `cargo xtask dev`
//! can replace them under a running server.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::get;
use bytes::Bytes;
use catalogue::LANGUAGES;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::Value;

/// Below this path everything is served.
pub const PREFIX: &str = "/static";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Names without a hash: asked again each time, answered with 304.
const ASK_AGAIN: &str = "public, no-cache";

/// Where the page finds its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    pub js: String,
    pub wasm: String,
    pub css: String,
    pub later_css: String,
    pub emoji: String,
    /// The tables of texts, by language.
    pub words: BTreeMap<&'static str, String>,
}

impl Urls {
    /// As the manifest has them; without one (nothing was built) they lead nowhere, and the pages
    /// still work as far as they do without scripts.
    pub fn current() -> Self {
        let manifest = source::manifest();
        let url = |name: &str| {
            let path = manifest.files.get(name).map_or(name, |entry| entry.path.as_str());
            format!("{PREFIX}/{path}")
        };
        Self {
            js: url("pkg/confab.js"),
            wasm: url("pkg/confab_bg.wasm"),
            css: url("pkg/confab.css"),
            later_css: url("pkg/later.css"),
            emoji: url("pkg/emoji.txt"),
            words: LANGUAGES.iter().map(|l| (l.code, url(&format!("pkg/words-{}.txt", l.code)))).collect(),
        }
    }
}

/// Added to the glue under `cargo xtask dev`, which sets the variable `CONFAB_DEV`: asks each second
/// which assets and which server there are, and loads the page again for new ones. While the server
/// restarts it waits.
#[cfg(debug_assertions)]
const RELOAD: &str = "
let seen;setInterval(async()=>{try{const now=await(await fetch('/static/manifest.json',{cache:'no-store'})).text();\
if(seen!==undefined&&seen!==now)location.reload();seen=now}catch{}},1000);";

/// The list of all assets, `/static/manifest.json`.
const MANIFEST: &str = "manifest.json";

/// The routes of all assets: `/static/…`, and at the root what browsers and crawlers look for there
/// (`/favicon.ico`, `/robots.txt`, a service worker).
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let mut router = Router::new().route(
        "/static/{*path}",
        get(|Path(path): Path<String>, headers: HeaderMap| async move { respond(&path, &headers) }),
    );
    for name in source::manifest().files.keys().filter(|name| !name.contains('/')) {
        let name = name.clone();
        router =
            router.route(&format!("/{name}"), get(move |headers: HeaderMap| async move { respond(&name, &headers) }));
    }
    router
}

/// Answers with a file, in the smallest encoding the browser takes.
fn respond(path: &str, headers: &HeaderMap) -> Response<Body> {
    let manifest = source::manifest();
    #[cfg(debug_assertions)]
    if let Some(response) = developing(path) {
        return response;
    }
    if path == MANIFEST {
        return listing();
    }
    let Some(entry) = manifest.files.values().find(|entry| entry.path == path) else {
        return status(StatusCode::NOT_FOUND);
    };
    let encoding = entry.best(headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default());
    let tag = format!("\"{}{}\"", entry.hash, encoding.ending());
    let mut response = status(StatusCode::OK);
    let fields = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        fields.insert(ETAG, tag);
    }
    fields.insert(CACHE_CONTROL, HeaderValue::from_static(if entry.immutable { FOR_EVER } else { ASK_AGAIN }));
    fields.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if matches(headers, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let Some(bytes) = source::read(&format!("{path}{}", encoding.ending())) else {
        return status(StatusCode::NOT_FOUND);
    };
    fields.insert(CONTENT_TYPE, media_type(path));
    fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    fields.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    if let Some(name) = encoding.name() {
        fields.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    *response.body_mut() = Body::from(bytes);
    response
}

/// Which files there are at the moment, for the service worker.
fn listing() -> Response<Body> {
    let Some(bytes) = source::read(MANIFEST) else { return status(StatusCode::NOT_FOUND) };
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(CONTENT_TYPE, media_type(MANIFEST));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN));
    response
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// What is answered differently under `cargo xtask dev`: the manifest and the process, for the page
/// that waits for a change, and the glue that makes it wait.
#[cfg(debug_assertions)]
fn developing(path: &str) -> Option<Response<Body>> {
    std::env::var_os("CONFAB_DEV")?;
    let mut text = match path {
        MANIFEST => std::process::id().to_string(),
        _ if source::manifest().files.get("pkg/confab.js").is_some_and(|entry| entry.path == path) => RELOAD.to_owned(),
        _ => return None,
    };
    text.insert_str(0, &String::from_utf8_lossy(&source::read(path)?));
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(CONTENT_TYPE, media_type(path));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}

/// Whether the browser has this very variant.
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

fn media_type(path: &str) -> HeaderValue {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let text = guess.type_() == "text" || guess.subtype() == "javascript";
    let full = if text { format!("{guess}; charset=utf-8") } else { guess.to_string() };
    HeaderValue::from_str(&full).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// What the file's name has in addition.
    fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// A file of the manifest.
#[derive(Clone, Debug, Default)]
struct Entry {
    /// Its name below the site's folder, with the hash if it has one.
    path: String,
    hash: String,
    br: bool,
    gzip: bool,
    /// Its name changes with its content.
    immutable: bool,
}

impl Entry {
    /// The smallest variant there is that the browser accepts.
    fn best(&self, accepted: &str) -> Encoding {
        let accepts = |name: &str| {
            accepted.split(',').any(|one| {
                let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
                let refused = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()) == Some(0.0);
                coding.trim().eq_ignore_ascii_case(name) && !refused
            })
        };
        if self.br && accepts("br") {
            Encoding::Brotli
        } else if self.gzip && accepts("gzip") {
            Encoding::Gzip
        } else {
            Encoding::Identity
        }
    }
}

/// What was built, by its name in the sources.
#[derive(Clone, Debug, Default)]
struct Manifest {
    files: BTreeMap<String, Entry>,
}

impl Manifest {
    fn parse(text: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(text).unwrap_or_default();
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let files = value["files"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, entry)| {
                let found = Entry {
                    path: text(entry, "path"),
                    hash: text(entry, "hash"),
                    br: entry["br"].is_u64(),
                    gzip: entry["gzip"].is_u64(),
                    immutable: entry["immutable"] == true,
                };
                (name.clone(), found)
            })
            .collect();
        Self { files }
    }
}

/// From disk: the folder named by CONFAB_SITE, or the one beside the binary below `target`.
#[cfg(debug_assertions)]
mod source {
    use std::env;
    use std::fs;
    use std::path::PathBuf;

    use super::{Arc, Bytes, Manifest};

    pub fn manifest() -> Arc<Manifest> {
        Arc::new(Manifest::parse(&read("manifest.json").unwrap_or_default()))
    }

    /// A file by its name below the folder. Only names of the manifest get here, so none leads out of it.
    pub fn read(path: &str) -> Option<Bytes> {
        fs::read(folder()?.join(path)).ok().map(Bytes::from)
    }

    fn folder() -> Option<PathBuf> {
        if let Some(named) = env::var_os("CONFAB_SITE") {
            return Some(named.into());
        }
        let binary = env::current_exe().ok()?;
        binary.ancestors().map(|above| above.join("site/debug")).find(|folder| folder.join("manifest.json").exists())
    }
}

/// From the binary.
#[cfg(not(debug_assertions))]
mod source {
    use std::borrow::Cow;
    use std::sync::LazyLock;

    use rust_embed::Embed;

    use super::{Arc, Bytes, Manifest};

    #[derive(Embed)]
    #[folder = "../target/site/release"]
    struct Site;

    static MANIFEST: LazyLock<Arc<Manifest>> =
        LazyLock::new(|| Arc::new(Manifest::parse(&read("manifest.json").unwrap_or_default())));

    pub fn manifest() -> Arc<Manifest> {
        Arc::clone(&MANIFEST)
    }

    /// A file by its name, without a copy.
    pub fn read(path: &str) -> Option<Bytes> {
        match Site::get(path)?.data {
            Cow::Borrowed(bytes) => Some(Bytes::from_static(bytes)),
            Cow::Owned(bytes) => Some(Bytes::from(bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry { br: true, gzip: true, ..Entry::default() }
    }

    #[test]
    fn the_smallest_accepted_variant_is_sent() {
        assert_eq!(entry().best("gzip, deflate, br"), Encoding::Brotli);
        assert_eq!(entry().best("gzip;q=0.5, br;q=0"), Encoding::Gzip);
        assert_eq!(entry().best(""), Encoding::Identity);
        assert_eq!(Entry { br: false, ..entry() }.best("br, gzip"), Encoding::Gzip);
    }

    #[test]
    fn the_manifest_names_files() {
        let manifest = Manifest::parse(
            br#"{"files": {"pkg/confab.js": {"path": "pkg/confab.01.js", "hash": "01", "br": 5, "gzip": null, "immutable": true}}}"#,
        );
        let entry = &manifest.files["pkg/confab.js"];
        assert_eq!(
            (entry.path.as_str(), entry.br, entry.gzip, entry.immutable),
            ("pkg/confab.01.js", true, false, true)
        );
        assert!(Manifest::parse(b"not JSON").files.is_empty());
    }

    #[test]
    fn types_are_what_browsers_insist_on() {
        assert_eq!(media_type("pkg/confab.1.wasm"), "application/wasm");
        assert_eq!(media_type("pkg/confab.1.js"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("pkg/confab.1.css"), "text/css; charset=utf-8");
    }

    #[test]
    fn a_known_tag_is_recognised() {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"x\", W/\"01.br\""));
        assert!(matches(&headers, "\"01.br\""));
        assert!(!matches(&headers, "\"01\""));
    }

    #[test]
    fn what_was_not_built_is_not_found() {
        assert_eq!(respond("pkg/../../Cargo.toml", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }
}
