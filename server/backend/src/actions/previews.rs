//! Previews of what messages link to: fetched after a message was saved, kept in the database, added to messages when
//! they are read.
//!
//! Pages are of strangers. They are fetched by the guarded client with nobody's session, bounded in bytes and time, and
//! read by a tokenizer, which holds no tree and goes into no depth. Of a picture only the head is looked at.

mod page;

use crate::{
    access::{self, Caller},
    auth::secrets,
    cx::Cx,
    error::{Error, Result},
    outbound::{Answer, Call, Failure},
};
use futures::future::join_all;
use http::{HeaderValue, header};
use model::{
    Millis, PostId,
    channels::Channel,
    opengraph::{Media, OpenGraph, PostImage, Preview},
    posts::Post,
    text::links::{Links, links},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Cursor,
    sync::Arc,
    time::Duration,
};
use store::link_previews::{Kept, PreviewLinks};
use url::Url;

/// How many pages and pictures one server fetches at once.
pub const AT_ONCE: usize = 8;
/// How long one may take.
const WITHIN: Duration = Duration::from_secs(5);
/// How long one waits for one's turn.
const WAIT: Duration = Duration::from_secs(20);
/// How much of a page is read, in bytes.
const PAGE_MAX: usize = 1024 * 1024;
/// How much of a picture is read to know its size.
const HEAD_MAX: usize = 256 * 1024;
/// How much of an oEmbed answer is read.
const OEMBED_MAX: usize = 128 * 1024;
/// The most pictures of one message whose sizes are looked for.
const IMAGES_MAX: usize = 5;
/// After this a page is looked at again when somebody links to it.
const FRESH_FOR: Millis = 24 * 60 * 60 * 1000;
/// The longest address that is looked at, in bytes.
pub const URL_MAX: usize = 2048;

/// What one message is to show.
struct Wanted {
    /// What has an embed: its first link.
    first: Option<String>,
    /// The pictures whose sizes are told.
    images: Vec<String>,
    /// The message here that its first link leads to.
    quoted: Option<PostId>,
}

/// What there is to look at for a message, by the settings.
fn wanted(cx: &Cx, post: &Post) -> Option<Wanted> {
    if post.delete_at != 0 || post.is_system() {
        return None;
    }
    let Links { links, mut images } = links(post.source());
    let config = cx.settings.get();
    let removed = post.props.get("remove_link_preview").is_some_and(|v| v == "true" || v == true);
    let first = links.into_iter().next().filter(|_| !removed);
    let quoted = first.as_deref().and_then(|url| post_of(&config.service.site_url, url));
    let allowed = |url: &String| {
        url.len() <= URL_MAX
            && config.service.enable_link_previews
            && !is_restricted(&config.service.restrict_link_previews, url)
    };
    let first = first.filter(|_| quoted.is_none()).filter(allowed);
    images.extend(images_of_attachments(post));
    images.truncate(IMAGES_MAX);
    images.retain(allowed);
    let quoted = quoted.filter(|_| config.service.enable_permalink_previews);
    let nothing = first.is_none() && images.is_empty() && quoted.is_none();
    (!nothing).then_some(Wanted { first, images, quoted })
}

/// The message here that another one quotes.
pub fn quoted_by(cx: &Cx, post: &Post) -> Option<PostId> {
    wanted(cx, post)?.quoted
}

fn images_of_attachments(post: &Post) -> Vec<String> {
    let attachments = post.props.get("attachments").and_then(Value::as_array);
    let field = |attachment: &Value, name| attachment.get(name)?.as_str().map(str::to_owned);
    let all = attachments.into_iter().flatten().flat_map(|a| [field(a, "image_url"), field(a, "thumb_url")]);
    all.flatten().filter(|url| url.starts_with("http://") || url.starts_with("https://")).collect()
}

/// The message here that an address leads to. A server that was not told its address takes any, since the message is
/// found by its id and quoted only to those who may read it.
fn post_of(site: &str, url: &str) -> Option<PostId> {
    let path = match site.trim_end_matches('/') {
        "" => url.split_once("://")?.1.split_once('/')?.1,
        site => url.strip_prefix(site)?.strip_prefix('/')?,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    match path.split('/').collect::<Vec<_>>()[..] {
        // Below a team's name, or `_redirect` where it is not known.
        [_, "pl", id] => id.parse().ok(),
        _ => None,
    }
}

/// Whether an address is of a domain without previews, or of one below it.
fn is_restricted(domains: &str, url: &str) -> bool {
    let host = Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_lowercase)).unwrap_or_default();
    domains
        .split([',', ' '])
        .map(|d| d.trim().to_lowercase())
        .filter(|d| !d.is_empty())
        .any(|domain| host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.')))
}

/// The job that looks at what a new or changed message links to, if there is anything.
pub fn order(cx: &Cx, post: &Post) -> Option<PreviewLinks> {
    wanted(cx, post).map(|_| PreviewLinks { post_id: post.id })
}

/// Adds to messages what is known of what they link to; with a viewer also the messages that they link to and that the
/// viewer may read, without one only those of the same channel. Sends pictures through the proxy if that is on.
///
/// # Errors
///
/// The database fails.
pub async fn add<'p>(cx: &Cx, viewer: Option<&Caller>, posts: impl IntoIterator<Item = &'p mut Post>) -> Result<()> {
    let mut posts: Vec<(Wanted, &mut Post)> =
        posts.into_iter().filter_map(|post| wanted(cx, post).map(|wanted| (wanted, post))).collect();
    if posts.is_empty() {
        return Ok(());
    }
    let urls: BTreeSet<&str> =
        posts.iter().flat_map(|(w, _)| w.first.iter().chain(&w.images)).map(String::as_str).collect();
    let mut found = known(cx, urls).await?;
    let of_pages: BTreeSet<String> = found.values().filter_map(|p| first_image(p.page.as_ref()?)).collect();
    found.extend(known(cx, of_pages.iter().map(String::as_str)).await?);
    let ids: Vec<PostId> = posts.iter().filter_map(|(w, _)| w.quoted).collect::<BTreeSet<_>>().into_iter().collect();
    let quoted = quotes(cx, viewer, &ids).await?;
    let (proxied, site) = {
        let config = cx.settings.get();
        (config.image_proxy.enable, config.service.site_url.trim_end_matches('/').to_owned())
    };
    let through = |url: &str| if proxied { by_proxy(&site, url) } else { url.to_owned() };
    for (wanted, post) in &mut posts {
        post.metadata.embeds.clear();
        post.metadata.images.clear();
        let first = wanted.first.as_ref().and_then(|url| Some((url, found.get(url)?)));
        if let Some((url, preview)) = first.filter(|(_, preview)| !preview.failed) {
            post.metadata.embeds.push(embed(url, preview, &through));
        }
        let sized = wanted.images.iter().chain(&wanted.first).cloned();
        let of_page = first.and_then(|(_, preview)| first_image(preview.page.as_ref()?));
        for url in sized.chain(of_page) {
            if let Some(image) = found.get(&url).and_then(|preview| preview.image.as_ref()) {
                post.metadata.images.insert(through(&url), json!(image));
            }
        }
        if let Some(quote) = wanted.quoted.and_then(|id| quoted.get(&id))
            && (viewer.is_some() || quote.channel_id == post.channel_id)
        {
            post.metadata.embeds.push(quote.embed.clone());
        }
        if proxied && post.message_source.is_empty() {
            let rewritten = rewritten(&post.message, &wanted.images, &site);
            if rewritten != post.message {
                post.message_source = std::mem::replace(&mut post.message, rewritten);
            }
        }
    }
    Ok(())
}

/// What clients show under a message for a page or a picture.
fn embed(url: &str, preview: &Preview, through: &dyn Fn(&str) -> String) -> Value {
    match (&preview.page, &preview.image) {
        (Some(page), _) if !page.is_empty() => {
            let mut page = page.clone();
            for image in page.images.iter_mut().flatten() {
                for url in [&mut image.url, &mut image.secure_url] {
                    if !url.is_empty() {
                        *url = through(url);
                    }
                }
            }
            json!({"type": "opengraph", "url": url, "data": page})
        }
        (_, Some(_)) => json!({"type": "image", "url": through(url)}),
        _ => json!({"type": "link", "url": url}),
    }
}

fn first_image(page: &OpenGraph) -> Option<String> {
    let image = page.images.as_ref()?.first()?;
    let url = if image.secure_url.is_empty() { &image.url } else { &image.secure_url };
    (!url.is_empty()).then(|| url.clone())
}

/// A message that others link to.
struct Quote {
    channel_id: model::ChannelId,
    embed: Value,
}

/// The messages of these that the viewer may read; without a viewer all of them.
async fn quotes(cx: &Cx, viewer: Option<&Caller>, ids: &[PostId]) -> Result<HashMap<PostId, Quote>> {
    let mut all = HashMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    for post in cx.store.posts().by_ids(ids).await? {
        let Some(channel) = access::find_channel(cx, post.channel_id).await? else { continue };
        if post.delete_at != 0 || channel.delete_at != 0 {
            continue;
        }
        if let Some(viewer) = viewer
            && !access::may_read(cx, viewer, &channel).await?
        {
            continue;
        }
        let embed = quote(cx, &post, &channel).await?;
        all.insert(post.id, Quote { channel_id: channel.id, embed });
    }
    Ok(all)
}

/// What clients show of a message that another one links to.
///
/// # Errors
///
/// The database fails.
pub async fn quote(cx: &Cx, post: &Post, channel: &Channel) -> Result<Value> {
    let team = access::find_team(cx, channel.team_id).await?;
    Ok(json!({
        "type": "permalink",
        "url": "",
        "data": {
            "post_id": post.id,
            "post": post,
            "team_name": team.map(|t| t.name.clone()).unwrap_or_default(),
            "channel_display_name": channel.display_name,
            "channel_type": channel.kind.as_str(),
            "channel_id": channel.id,
        },
    }))
}

/// What is known of addresses.
async fn known<'u>(cx: &Cx, urls: impl IntoIterator<Item = &'u str>) -> Result<HashMap<String, Arc<Preview>>> {
    let (mut all, mut missing) = (HashMap::new(), BTreeMap::new());
    for url in urls {
        let hash = secrets::hash(url);
        match cx.caches.previews.get(&hash) {
            Some(preview) => drop(all.insert(url.to_owned(), preview)),
            None => drop(missing.insert(hash, url)),
        }
    }
    if missing.is_empty() {
        return Ok(all);
    }
    let hashes: Vec<String> = missing.keys().cloned().collect();
    for kept in cx.store.link_previews().by_hashes(&hashes).await? {
        let preview = Arc::new(kept.preview);
        if let Some(url) = missing.get(&kept.hash) {
            all.insert((*url).to_owned(), preview.clone());
        }
        cx.caches.previews.insert(kept.hash, preview);
    }
    Ok(all)
}

/// Looks at what a message links to and has not been looked at lately, and keeps what is found. True if there is
/// something to show.
///
/// # Errors
///
/// The database fails.
pub async fn look(cx: &Cx, post: &Post) -> Result<bool> {
    let Some(wanted) = wanted(cx, post) else { return Ok(false) };
    let urls: BTreeSet<&String> = wanted.first.iter().chain(&wanted.images).collect();
    let hashes: Vec<String> = urls.iter().map(|url| secrets::hash(url)).collect();
    let now = cx.clock.now();
    let fresh: BTreeSet<String> = cx
        .store
        .link_previews()
        .by_hashes(&hashes)
        .await?
        .into_iter()
        .filter(|kept| now - kept.fetch_at < FRESH_FOR)
        .map(|kept| kept.hash)
        .collect();
    let stale: Vec<&String> = urls.into_iter().filter(|url| !fresh.contains(&secrets::hash(url))).collect();
    let found: Vec<Kept> = join_all(stale.into_iter().map(|url| fetch(cx, url)))
        .await
        .into_iter()
        .flatten()
        .map(|(url, preview)| Kept { hash: secrets::hash(&url), preview, fetch_at: now })
        .collect();
    keep(cx, found).await?;
    Ok(true)
}

/// Whether a message quotes one of another channel.
///
/// # Errors
///
/// The database fails.
pub async fn quotes_elsewhere(cx: &Cx, post: &Post) -> Result<bool> {
    let Some(id) = wanted(cx, post).and_then(|wanted| wanted.quoted) else { return Ok(false) };
    Ok(cx.store.posts().by_id(id).await?.is_some_and(|quoted| quoted.channel_id != post.channel_id))
}

async fn keep(cx: &Cx, found: Vec<Kept>) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    for kept in &found {
        cx.caches.previews.insert(kept.hash.clone(), Arc::new(kept.preview.clone()));
    }
    cx.store
        .write(move |tx| {
            let found = found.clone();
            Box::pin(async move {
                for kept in &found {
                    tx.link_previews().put(kept).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// What a page says of itself, known or fetched; empty but for the address where there is nothing.
///
/// # Errors
///
/// The database fails.
pub async fn of_page(cx: &Cx, url: &str) -> Result<OpenGraph> {
    let nothing = || OpenGraph { url: url.to_owned(), ..OpenGraph::default() };
    if url.len() > URL_MAX || is_restricted(&cx.settings.get().service.restrict_link_previews, url) {
        return Ok(nothing());
    }
    if let Some(preview) = known(cx, [url]).await?.get(url) {
        return Ok(preview.page.clone().unwrap_or_else(nothing));
    }
    let (found, now) = (fetch(cx, url).await, cx.clock.now());
    let page = found.first().and_then(|(_, preview)| preview.page.clone());
    let found = found.into_iter().map(|(url, preview)| Kept { hash: secrets::hash(&url), preview, fetch_at: now });
    keep(cx, found.collect()).await?;
    Ok(page.unwrap_or_else(nothing))
}

/// Looks at an address: what is there, and the size of the picture that goes with it.
async fn fetch(cx: &Cx, url: &str) -> Vec<(String, Preview)> {
    let found = looked_at(cx, url).await;
    let image = found.page.as_ref().and_then(first_image).filter(|image| image != url && image.len() <= URL_MAX);
    let mut all = vec![(url.to_owned(), found)];
    if let Some(image) = image {
        let answer = call(cx, Call::get(&image).only_first(HEAD_MAX)).await;
        let size = answer.ok().and_then(|answer| size_of(&answer.body));
        all.push((image, Preview { failed: size.is_none(), image: size, page: None }));
    }
    all
}

async fn looked_at(cx: &Cx, url: &str) -> Preview {
    let failed = || Preview { failed: true, ..Preview::default() };
    let accept = HeaderValue::from_static("text/html,application/xhtml+xml;q=0.9,image/*;q=0.8,*/*;q=0.5");
    let asked = Call::get(url).only_first(PAGE_MAX).header(header::ACCEPT, accept);
    let answer = match call(cx, asked).await {
        Ok(answer) if answer.status.is_success() => answer,
        Ok(_) => return failed(),
        Err(failure) => {
            tracing::debug!(%failure, "a linked page cannot be looked at");
            return failed();
        }
    };
    if let Some(image) = size_of(&answer.body) {
        return Preview { image: Some(image), ..Preview::default() };
    }
    if !matches!(answer.media_type().as_str(), "text/html" | "application/xhtml+xml") {
        return Preview::default();
    }
    let Ok(read) = tokio::task::spawn_blocking(move || page::read(&answer)).await else { return failed() };
    let (mut page, oembed) = read;
    if let Some(oembed) = oembed.filter(|_| page.title.is_empty() || page.images.is_none()) {
        add_oembed(cx, &mut page, oembed.as_str()).await;
    }
    url.clone_into(&mut page.url);
    Preview { page: (!page.is_empty()).then_some(page), ..Preview::default() }
}

/// Fills what a page does not say by what its oEmbed address says.
async fn add_oembed(cx: &Cx, page: &mut OpenGraph, url: &str) {
    let Ok(answer) = call(cx, Call::get(url).at_most(OEMBED_MAX)).await else { return };
    let Ok(said) = serde_json::from_slice::<Value>(&answer.body) else { return };
    let text = |name: &str| said.get(name).and_then(Value::as_str).map(page::short).unwrap_or_default();
    if page.title.is_empty() {
        page.title = text("title");
    }
    if page.site_name.is_empty() {
        page.site_name = text("provider_name");
    }
    let picture = if said.get("type").is_some_and(|kind| kind == "photo") { "url" } else { "thumbnail_url" };
    if page.images.is_none()
        && let Some(url) = answer.url.join(&text(picture)).ok().filter(|_| !text(picture).is_empty())
        && matches!(url.scheme(), "http" | "https")
    {
        page.images = Some(vec![Media { url: url.into(), ..Media::default() }]);
    }
}

/// A call in its turn.
async fn call(cx: &Cx, call: Call) -> Result<Answer, Failure> {
    let turn = tokio::time::timeout(WAIT, cx.fetching.acquire()).await;
    let Ok(Ok(_place)) = turn else { return Err(Failure::TooLate) };
    cx.outbound.call(call.within(WITHIN)).await
}

/// The size of a picture by its first bytes.
fn size_of(head: &[u8]) -> Option<PostImage> {
    let reader = image::ImageReader::new(Cursor::new(head)).with_guessed_format().ok()?;
    let format = reader.format()?;
    let (width, height) = reader.into_dimensions().ok()?;
    let format = format.extensions_str().first().copied().unwrap_or_default();
    let format = if format == "jpg" { "jpeg" } else { format };
    Some(PostImage { width, height, format: format.to_owned(), frame_count: 0 })
}

/// Where an address redirects to; empty if nowhere.
pub async fn redirect_of(cx: &Cx, url: &str) -> String {
    if url.len() > URL_MAX {
        return String::new();
    }
    let Ok(answer) = call(cx, Call::get(url).only_first(1).staying()).await else { return String::new() };
    let location = answer.status.is_redirection().then(|| answer.headers.get(header::LOCATION)).flatten();
    let location = location.and_then(|v| v.to_str().ok()).unwrap_or_default();
    if location.len() > URL_MAX { String::new() } else { location.to_owned() }
}

/// A picture of another server.
///
/// # Errors
///
/// [`Failure`] as the server behaves.
pub async fn picture(cx: &Cx, url: &str, most: usize) -> Result<Answer, Failure> {
    let accept = HeaderValue::from_static("image/*");
    call(cx, Call::get(url).at_most(most).header(header::ACCEPT, accept)).await
}

/// Where a picture is found by way of our proxy.
fn by_proxy(site: &str, url: &str) -> String {
    let own = !site.is_empty() && url.strip_prefix(site).is_some_and(|rest| rest.starts_with('/'));
    if own {
        return url.to_owned();
    }
    let encoded: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    format!("{site}{PROXY}{encoded}")
}

const PROXY: &str = "/api/v4/image?url=";

/// A message whose pictures are loaded by way of the proxy.
fn rewritten(message: &str, images: &[String], site: &str) -> String {
    images.iter().fold(message.to_owned(), |text, url| {
        ["](", "](<"].iter().fold(text, |text, before| {
            text.replace(&format!("{before}{url}"), &format!("{before}{}", by_proxy(site, url)))
        })
    })
}

/// A message as it is kept: with the addresses of its pictures themselves. Clients send back what they were given.
pub fn without_proxy(cx: &Cx, message: String) -> String {
    let prefix = format!("{}{PROXY}", cx.settings.get().service.site_url.trim_end_matches('/'));
    if !message.contains(&prefix) {
        return message;
    }
    let mut out = String::with_capacity(message.len());
    let mut rest = message.as_str();
    while let Some(at) = rest.find(&prefix) {
        out.push_str(&rest[..at]);
        let encoded = &rest[at + prefix.len()..];
        let end = encoded.find(|c: char| !(c.is_ascii_alphanumeric() || "%-_.*+".contains(c))).unwrap_or(encoded.len());
        let pair = format!("url={}", &encoded[..end]);
        let url = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, url)| url.into_owned());
        out.push_str(&url.unwrap_or_default());
        rest = &encoded[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permalinks_and_restricted_domains_are_known_by_their_addresses() {
        let id = crate::clock::new_id::<model::id::kind::Post>();
        let site = "https://chat.example.org";
        for path in [format!("/crew/pl/{id}"), format!("/_redirect/pl/{id}"), format!("/crew/pl/{id}/?x#y")] {
            assert_eq!(post_of(site, &format!("{site}{path}")), Some(id), "{path}");
        }
        assert_eq!(post_of(site, &format!("{site}.evil.org/crew/pl/{id}")), None);
        assert_eq!(post_of("", &format!("/crew/pl/{id}")), None);
        assert_eq!(post_of("", &format!("http://10.0.0.7:8065/crew/pl/{id}")), Some(id));
        assert!(is_restricted("a.org, B.org", "https://x.b.org/") && is_restricted("a.org", "http://a.org:8/"));
        assert!(!is_restricted("a.org", "https://ba.org/") && !is_restricted("", "https://a.org/"));
    }

    #[test]
    fn addresses_go_through_the_proxy_and_back() {
        let images = ["http://x.org/a?b=c&d".to_owned()];
        let message = "![cat](http://x.org/a?b=c&d) http://x.org/a?b=c&d";
        let shown = rewritten(message, &images, "http://chat");
        assert_eq!(
            shown,
            "![cat](http://chat/api/v4/image?url=http%3A%2F%2Fx.org%2Fa%3Fb%3Dc%26d) http://x.org/a?b=c&d"
        );
        assert_eq!(by_proxy("http://chat", "http://chat/x.png"), "http://chat/x.png");
    }
}
