//! What programs attach to a message: a coloured edge, a title, fields, pictures, and buttons and menus that call them.

use leptos::{html, prelude::*, task::spawn_local};
use model::{
    PostId,
    interactive::{ActionTaken, DoAction},
    posts::Props,
};

use super::{Choice, address, choices, flag, objects, text};
use crate::{
    channel::html as rendered,
    chat::use_chat,
    state::{Model, Topic},
    ui::{Button, ButtonKind},
    words,
};

/// The names of colours.
const NAMED: [&str; 3] = ["good", "warning", "danger"];

#[derive(Clone, PartialEq, Default)]
struct Card {
    colour: String,
    pretext: String,
    author: String,
    author_link: Option<String>,
    author_icon: Option<String>,
    title: String,
    title_link: Option<String>,
    text: String,
    fields: Vec<Field>,
    picture: Option<String>,
    thumb: Option<String>,
    footer: String,
    footer_icon: Option<String>,
    actions: Vec<Action>,
}

#[derive(Clone, PartialEq, Default)]
struct Field {
    title: String,
    value: String,
    short: bool,
}

#[derive(Clone, PartialEq, Default)]
struct Action {
    id: String,
    name: String,
    is_menu: bool,
    style: String,
    cookie: String,
    disabled: bool,
    chosen: String,
    choices: Vec<Choice>,
}

fn card(m: &Model, of: &Props) -> Card {
    let md = |name: &str| {
        let text = text(of, name);
        if text.is_empty() { text } else { rendered(m, &text) }
    };
    let field =
        |f: &Props| Field { title: text(f, "title"), value: rendered(m, &text(f, "value")), short: flag(f, "short") };
    let action = |a: &Props| {
        let is_menu = text(a, "type") == "select";
        Action {
            id: text(a, "id"),
            name: text(a, "name"),
            is_menu,
            style: text(a, "style"),
            cookie: text(a, "cookie"),
            disabled: flag(a, "disabled"),
            chosen: text(a, "default_option"),
            choices: if is_menu { choices(m, a) } else { Vec::new() },
        }
    };
    Card {
        colour: text(of, "color"),
        pretext: md("pretext"),
        author: text(of, "author_name"),
        author_link: address(of, "author_link"),
        author_icon: address(of, "author_icon"),
        title: text(of, "title"),
        title_link: address(of, "title_link"),
        text: md("text"),
        fields: objects(of, "fields").map(field).collect(),
        picture: address(of, "image_url"),
        thumb: address(of, "thumb_url"),
        footer: text(of, "footer"),
        footer_icon: address(of, "footer_icon"),
        actions: objects(of, "actions").map(action).filter(|a| !a.id.is_empty() && !a.name.is_empty()).collect(),
    }
}

/// All attachments of a post.
#[component]
pub fn Attachments(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let cards = Memo::new(move |_| {
        chat.emoji.track();
        chat.track(Topic::Emoji);
        chat.read(Topic::Post(id), |m| {
            let post = m.posts.get(&id);
            post.map(|p| objects(&p.props, "attachments").map(|of| card(m, of)).collect::<Vec<_>>()).unwrap_or_default()
        })
    });
    view! {
        <div class="cards">
            {move || cards.get().into_iter().map(|card| view! { <CardView id card /> }).collect_view()}
        </div>
    }
}

/// A picture of somebody else's.
fn picture(src: String, class: &'static str, alt: &str) -> impl IntoView + use<> {
    view! { <img class=class src=src alt=alt.to_owned() loading="lazy" referrerpolicy="no-referrer" /> }
}

#[component]
fn CardView(id: PostId, card: Card) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let colour = card.colour.clone();
    let named = NAMED.contains(&colour.as_str()).then(|| colour.clone());
    let is_hex = colour.strip_prefix('#').is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_hex {
        // The page's policy allows no style in the markup.
        Effect::new(move |_| {
            if let Some(element) = node.get() {
                let _ = web_sys::HtmlElement::style(&element).set_property("--bar", &colour);
            }
        });
    }
    let link = |text: String, to: Option<String>, class: &'static str| match to {
        Some(href) => {
            view! { <a class=class href=href target="_blank" rel="noopener noreferrer" dir="auto">{text}</a> }
                .into_any()
        }
        None => view! { <span class=class dir="auto">{text}</span> }.into_any(),
    };
    let alt = if card.title.is_empty() { words::picture().to_owned() } else { card.title.clone() };
    let buttons = !card.actions.is_empty();
    view! {
        {(!card.pretext.is_empty()).then(|| view! { <div class="md card-pretext" dir="auto" inner_html=card.pretext></div> })}
        <div class="card" data-colour=named node_ref=node>
            <div class="card-main">
                {(!card.author.is_empty()).then(|| view! {
                    <div class="card-author">
                        {card.author_icon.map(|src| picture(src, "card-icon", ""))}
                        {link(card.author, card.author_link, "card-author-name")}
                    </div>
                })}
                {(!card.title.is_empty()).then(|| link(card.title, card.title_link, "card-title"))}
                {(!card.text.is_empty()).then(|| view! { <div class="md" dir="auto" inner_html=card.text></div> })}
                {(!card.fields.is_empty()).then(|| view! {
                    <dl class="card-fields">
                        {card.fields.into_iter().map(|f| view! {
                            <div data-short=f.short.then_some("")>
                                <dt dir="auto">{f.title}</dt>
                                <dd class="md" dir="auto" inner_html=f.value></dd>
                            </div>
                        }).collect_view()}
                    </dl>
                })}
                {card.picture.map(|src| picture(src, "card-picture", &alt))}
                {buttons.then(|| view! {
                    <div class="card-actions">
                        {card.actions.into_iter().map(|action| view! { <ActionView id action /> }).collect_view()}
                    </div>
                })}
                {(!card.footer.is_empty()).then(|| view! {
                    <div class="card-footer">
                        {card.footer_icon.map(|src| picture(src, "card-icon", ""))}
                        <span dir="auto">{card.footer}</span>
                    </div>
                })}
            </div>
            {card.thumb.map(|src| picture(src, "card-thumb", ""))}
        </div>
    }
}

#[component]
fn ActionView(id: PostId, action: Action) -> impl IntoView {
    let chat = use_chat();
    let busy = RwSignal::new(false);
    let (action_id, cookie) = (action.id, action.cookie);
    let take = move |selected_option: String| {
        let body = ActionTaken { selected_option, cookie: cookie.clone(), ..ActionTaken::default() };
        let call = DoAction { post_id: id, action_id: action_id.clone(), query: (), body };
        busy.set(true);
        spawn_local(async move {
            let answer = chat.client().send(call).await;
            busy.try_set(false);
            if let Err(failure) = answer {
                chat.complain(&failure);
            }
        });
    };
    if !action.is_menu {
        let kind = match action.style.as_str() {
            "primary" => ButtonKind::Primary,
            "danger" => ButtonKind::Danger,
            _ => ButtonKind::Neutral,
        };
        return view! {
            <Button kind small=true busy disabled=action.disabled on:click=move |_| take(String::new())>{action.name}</Button>
        }
        .into_any();
    }
    let chosen = action.chosen;
    let none = chosen.is_empty();
    let option = move |choice: Choice| {
        let selected = choice.value == chosen;
        view! { <option value=choice.value selected=selected>{choice.text}</option> }
    };
    view! {
        <select
            class="input card-menu"
            aria-label=action.name.clone()
            disabled=move || action.disabled || busy.get()
            on:change=move |event| take(event_target_value(&event))
        >
            <option value="" selected=none disabled=true>{action.name.clone()}</option>
            {action.choices.into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}
