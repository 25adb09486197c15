//! Messages as HTML and as one line of text.
//!
//! The renderer comes with the page's second module. Until it is there nothing needs it: the server has rendered what is
//! on the page, bringing that to life leaves it as it is, and new messages come by functions of the second module.

use std::sync::OnceLock;

use model::{posts::Post, text::markdown};

use super::formulas;
use crate::{browser, state::Model, words};

struct Renderer {
    html: fn(&Model, &str, Option<&Post>) -> String,
    plain: fn(&str) -> String,
}

static RENDERER: OnceLock<Renderer> = OnceLock::new();

/// Makes the renderer available. Whatever is split off calls it first.
pub fn install() {
    RENDERER.get_or_init(|| Renderer { html: render, plain: markdown::plain });
}

fn renderer() -> Option<&'static Renderer> {
    #[cfg(not(feature = "split"))]
    install();
    RENDERER.get()
}

/// A text as safe HTML, with names as the viewer knows them.
pub fn html(m: &Model, text: &str) -> String {
    html_of(m, text, None)
}

/// The text of a post, which knows how large the pictures in it are.
pub fn html_of(m: &Model, text: &str, post: Option<&Post>) -> String {
    renderer().map(|renderer| (renderer.html)(m, text, post)).unwrap_or_default()
}

/// A message as one line of text.
pub fn plain(message: &str) -> String {
    renderer().map_or_else(|| message.to_owned(), |renderer| (renderer.plain)(message))
}

fn render(m: &Model, message: &str, post: Option<&Post>) -> String {
    let team = m.current_team().map(|team| team.name.as_str()).unwrap_or_default();
    let viewer = m.my();
    let chosen = |name: &str| viewer.and_then(|u| u.notify_props.get(name)).map(String::as_str).unwrap_or_default();
    let words = chosen("mention_keys").split(',').map(str::trim).filter(|word| !word.is_empty());
    let keys: Vec<String> = words.map(ToOwned::to_owned).collect();
    let emoji = |name: &str| m.emoji_picture(name);
    let user = |name: &str| m.user_named(name).map(|u| markdown::UserRef { id: u.id, username: u.username.clone() });
    let group =
        |name: &str| m.group_named(name).map(|g| markdown::GroupRef { id: g.id, mine: m.my_groups.contains(&g.id) });
    let channel = |name: &str| m.channel_named(name).map(|c| c.display_name.clone());
    let setter = formulas::setter();
    let formula = |source: &str, block| setter.and_then(|set| set(source, block));
    let image = |address: &str| {
        let size = post?.metadata.images.get(address)?;
        let of = |name: &str| size[name].as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
        of("width").zip(of("height"))
    };
    let site = browser::origin();
    markdown::render(
        message,
        &markdown::Context {
            team,
            site: &site,
            viewer: markdown::Viewer {
                username: viewer.map(|u| u.username.as_str()).unwrap_or_default(),
                keys: &keys,
                first_name: viewer
                    .filter(|_| chosen("first_name") == "true")
                    .map(|u| u.first_name.as_str())
                    .unwrap_or_default(),
            },
            user: Some(&user),
            group: Some(&group),
            channel: Some(&channel),
            emoji: Some(&emoji),
            image: Some(&image),
            copy: words::tokens_copy(),
            formulas: m.is_on("EnableLatex"),
            inline_formulas: m.is_on("EnableLatex") && m.is_on("EnableInlineLatex"),
            formula: Some(&formula),
        },
    )
}
