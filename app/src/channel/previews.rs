//! What a message links to, shown below it: a page, a picture, or another message here.
//!
//! How much room it takes is known from the message's metadata and kept free at once; what stands there comes with the
//! second module.

use leptos::prelude::*;
use model::{
    Millis, PostId, UserId,
    posts::{Post, Props},
};
use serde_json::Value;

use super::{Over, rendered, use_over};
use crate::{
    actions,
    chat::{Chat, use_chat},
    state::{Model, Topic},
    ui::{Avatar, Icon, IconButton},
    words,
};

/// What takes room below a message.
#[derive(Clone, PartialEq)]
pub struct Shape {
    /// `page`, `wide` for a page with a wide picture, `image` or `quote`.
    kind: &'static str,
    /// Of the picture, in pixels; at least 1.
    width: u64,
    height: u64,
    /// Only the line above it shows.
    folded: bool,
}

impl Shape {
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// The size for the style sheet.
    pub fn size(&self) -> String {
        ["--w:", &self.width.to_string(), ";--h:", &self.height.to_string()].concat()
    }

    pub fn folded(&self) -> Option<&'static str> {
        self.folded.then_some("")
    }
}

/// What to keep free for a message.
pub fn shape(chat: Chat, over: Over, id: PostId) -> Option<Shape> {
    chat.track(Topic::Post(id));
    chat.track(Topic::Preferences);
    let folds = over.folded.with(|all| all.get(&id).copied());
    chat.peek(|m| {
        let post = m.posts.get(&id)?;
        let embed = post.metadata.embeds.first()?;
        let (kind, (width, height)) = match embed["type"].as_str()? {
            "opengraph" => {
                let size = size_of(post, page_picture(embed));
                (if size.0 >= 300 && size.0 * 3 >= size.1 * 4 { "wide" } else { "page" }, size)
            }
            "image" => ("image", size_of(post, embed["url"].as_str())),
            "permalink" => ("quote", (1, 1)),
            _ => return None,
        };
        if kind != "quote" && !liked(m, "link_previews", true) {
            return None;
        }
        let usual = liked(m, "collapse_previews", false);
        let folded = folds.filter(|(_, then)| *then == usual).map_or(usual, |(folded, _)| folded);
        Some(Shape { kind, width: width.max(1), height: height.max(1), folded })
    })
}

fn liked(m: &Model, name: &str, usual: bool) -> bool {
    m.preference("display_settings", name).map_or(usual, |value| value == "true")
}

/// The first picture of a page.
fn page_picture(embed: &Value) -> Option<&str> {
    let image = &embed["data"]["images"][0];
    [&image["secure_url"], &image["url"]].into_iter().find_map(|url| url.as_str().filter(|url| !url.is_empty()))
}

fn size_of(post: &Post, url: Option<&str>) -> (u64, u64) {
    let size = url.and_then(|url| post.metadata.images.get(url));
    let side = |name: &str| size.and_then(|size| size[name].as_u64()).unwrap_or_default().min(100_000);
    (side("width"), side("height"))
}

/// What is said of what a message links to.
#[derive(Clone, PartialEq)]
enum Shown {
    Page { address: String, site: String, title: String, text: String, picture: Option<String> },
    Image { address: String, name: String },
    Quote(Quote),
}

#[derive(Clone, PartialEq)]
struct Quote {
    user: UserId,
    /// Whom a program speaks for.
    called: Option<String>,
    place: String,
    at: Millis,
    message: String,
    address: String,
}

fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_default().trim().to_owned()
}

/// The name of the server in an address.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://") || address.starts_with("/api/")
}

/// The last part of the path, without what asks for something.
fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

fn shown(m: &Model, id: PostId) -> Option<Shown> {
    let post = m.posts.get(&id)?;
    let embed = post.metadata.embeds.first()?;
    let (data, address) = (&embed["data"], text(embed, "url"));
    match embed["type"].as_str()? {
        "permalink" => {
            let quoted = &data["post"];
            let channel = text(data, "channel_id").parse().ok().and_then(|id| m.channels.get(&id));
            let of_quoted = &quoted["props"];
            let called = (of_quoted["from_webhook"] == "true").then(|| text(of_quoted, "override_username"));
            Some(Shown::Quote(Quote {
                user: text(quoted, "user_id").parse().unwrap_or_default(),
                called: called.filter(|name| !name.is_empty()),
                place: channel.map_or_else(|| text(data, "channel_display_name"), |c| m.title(c)),
                at: quoted["create_at"].as_i64().unwrap_or_default(),
                message: text(quoted, "message"),
                address: {
                    let (team, id) = (text(data, "team_name"), text(data, "post_id"));
                    if team.is_empty() {
                        m.path_of_post(id.parse().unwrap_or_default())
                    } else {
                        ["/", team.as_str(), "/pl/", id.as_str()].concat()
                    }
                },
            }))
        }
        _ if !is_web(&address) => None,
        "image" => {
            let name = if address.contains("/api/v4/image?") { String::new() } else { file_name(&address).to_owned() };
            Some(Shown::Image { name, address })
        }
        "opengraph" => {
            let site = text(data, "site_name");
            let title = text(data, "title");
            Some(Shown::Page {
                site: if site.is_empty() { host(&address).to_owned() } else { site },
                title: if title.is_empty() { host(&address).to_owned() } else { title },
                text: text(data, "description"),
                picture: page_picture(embed).filter(|url| is_web(url)).map(ToOwned::to_owned),
                address,
            })
        }
        _ => None,
    }
}

/// What stands below a message.
#[component]
pub fn Preview(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let what = Memo::new(move |_| chat.read(Topic::Post(id), |m| shown(m, id)));
    let folded = Memo::new(move |_| shape(chat, over, id).is_some_and(|shape| shape.folded));
    let removable = chat.peek(|m| m.posts.get(&id).is_some_and(|p| p.user_id == m.me));
    let fold = move |_| {
        let usual = chat.peek(|m| liked(m, "collapse_previews", false));
        let folded = !folded.get_untracked();
        over.folded.update(|all| {
            all.insert(id, (folded, usual));
        });
    };
    let about = move || match what.get() {
        Some(Shown::Page { site, .. }) => site,
        Some(Shown::Image { name, .. }) if !name.is_empty() => name,
        Some(Shown::Image { .. }) => words::preview_picture().to_owned(),
        Some(Shown::Quote(quote)) => quote.place,
        None => String::new(),
    };
    view! {
        <div>
            <div class="preview-bar">
                <button
                    type="button"
                    class="preview-fold"
                    aria-expanded=move || if folded.get() { "false" } else { "true" }
                    aria-label=move || words::preview_of(&about())
                    on:click=fold
                >
                    <Icon name=Icon::ChevronDown />
                    <span dir="auto">{about}</span>
                </button>
                {removable.then(|| view! {
                    <IconButton icon=Icon::Close label=words::preview_remove() class="preview-remove" on:click=move |_| actions::remove_preview(chat, id) />
                })}
            </div>
            {move || if folded.get() { None } else { what.get() }.map(|what| match what {
                Shown::Page { address, title, text, picture, .. } => page(address, title, text, picture).into_any(),
                Shown::Image { address, name } => image(address, name).into_any(),
                Shown::Quote(quote) => view! { <Quoted quote /> }.into_any(),
            })}
        </div>
    }
}

/// What a page says of itself.
fn page(address: String, title: String, text: String, picture: Option<String>) -> impl IntoView {
    view! {
        <div class="preview">
            <div class="preview-main">
                <a class="preview-title" href=address target="_blank" rel="noopener noreferrer" dir="auto">{title}</a>
                {(!text.is_empty()).then(|| view! { <p class="preview-text" dir="auto">{text}</p> })}
            </div>
            {picture.map(|src| view! {
                <img class="preview-thumb" src=src alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer" />
            })}
        </div>
    }
}

fn image(address: String, name: String) -> impl IntoView {
    let alt = if name.is_empty() { words::preview_picture().to_owned() } else { name };
    let src = address.clone();
    view! {
        <a class="preview-image" href=address target="_blank" rel="noopener noreferrer">
            <img src=src alt=alt loading="lazy" decoding="async" referrerpolicy="no-referrer" />
        </a>
    }
}

/// Another message here.
#[component]
fn Quoted(quote: Quote) -> impl IntoView {
    let chat = use_chat();
    let Quote { user, called, place, at, message, address } = quote;
    chat.update(|m| {
        m.want_user(user);
        Vec::new()
    });
    let name = move || called.clone().unwrap_or_else(|| chat.read(Topic::User(user), |m| m.name_of(user)));
    let body = move || {
        chat.emoji.track();
        chat.track(Topic::Emoji);
        chat.peek(|m| rendered::html(m, &message))
    };
    let when = move || {
        let (wall, now) = (chat.wall(at), chat.wall(chat.now()));
        let (date, clock) = (wall.date(now.year()), chat.clock(wall));
        [date.as_str(), " ", clock.as_str()].concat()
    };
    view! {
        <blockquote class="preview preview-quote">
            <div class="preview-main">
                <div class="preview-who">
                    {move || {
                        let name = name();
                        view! {
                            <Avatar id=user.to_string() name=name.clone() size=20 picture=chat.face(user) />
                            <span dir="auto">{name}</span>
                        }
                    }}
                </div>
                <div class="md preview-said" dir="auto" inner_html=body></div>
                <a class="preview-there" href=address>
                    <span dir="auto">{place}</span>
                    " "
                    <time datetime=crate::time::iso(at)>{when}</time>
                </a>
            </div>
        </blockquote>
    }
}

/// `props` with which a message goes without a preview.
pub fn without(props: &Props) -> Props {
    let mut props = props.clone();
    props.insert("remove_link_preview".to_owned(), "true".into());
    props
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_shown_is_read_from_the_metadata() {
        let mut post = Post { id: "a".repeat(26).parse().expect("an id"), ..Post::default() };
        post.metadata.embeds = vec![json!({"type": "opengraph", "url": "https://www.x.org/page?q", "data": {
            "title": "T", "images": [{"url": "http://x.org/p.png", "secure_url": ""}]
        }})];
        post.metadata.images.insert("http://x.org/p.png".to_owned(), json!({"width": 640, "height": 320}));
        assert_eq!(size_of(&post, page_picture(&post.metadata.embeds[0])), (640, 320));
        let id = post.id;
        let mut model = Model::default();
        model.posts.insert(id, post.clone());
        let Some(Shown::Page { site, title, picture, .. }) = shown(&model, id) else { panic!("a page") };
        assert_eq!((site.as_str(), title.as_str(), picture.as_deref()), ("x.org", "T", Some("http://x.org/p.png")));
        for hostile in ["javascript:alert(1)", "//x.org", "data:text/html,x"] {
            post.metadata.embeds = vec![json!({"type": "image", "url": hostile})];
            model.posts.insert(id, post.clone());
            assert!(shown(&model, id).is_none(), "{hostile}");
        }
        assert_eq!(file_name("https://x.org/a/cat.png?size=2#top"), "cat.png");
    }
}
