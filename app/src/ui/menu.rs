//! Menus after the ARIA pattern: the arrow keys walk, Home and End jump, a letter finds, Enter chooses, Escape and Tab
//! leave. On narrow screens the style makes them sheets from below.

use leptos::{ev, prelude::*};

use super::{Icon, Place, Popover};

/// Lets the items close the menu they are in.
#[derive(Clone, Copy)]
struct Close(RwSignal<bool>);

/// A menu that comes later than what opens it.
#[derive(Clone, Copy, Default)]
pub struct MenuOf {
    pub open: RwSignal<bool>,
    /// The `div.menu-anchor` that holds what opens it, and the menu.
    pub anchor: NodeRef<leptos::html::Div>,
}

impl MenuOf {
    /// For `aria-expanded`.
    pub fn expanded(self) -> &'static str {
        if self.open.get() { "true" } else { "false" }
    }

    pub fn toggle(self) {
        self.open.update(|open| *open = !*open);
    }
}

/// A menu and what opens it.
#[component]
pub fn Menu(
    open: RwSignal<bool>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] place: Place,
    /// Opens here instead of beside the trigger.
    #[prop(optional, into)]
    point: Option<Signal<Option<(i32, i32)>>>,
    /// The button that opens it, with `aria-haspopup="menu"`; its click is the caller's: `open.update(|o| *o = !*o)`.
    #[prop(optional, into)]
    trigger: ViewFn,
    /// What it opens beside, where that was there before: see [`MenuOf`].
    #[prop(optional)]
    around: Option<NodeRef<leptos::html::Div>>,
    children: ChildrenFn,
) -> impl IntoView {
    let on_key = Callback::new(move |event: ev::KeyboardEvent| {
        if event.key() == "Tab" {
            open.set(false);
        } else {
            #[cfg(feature = "hydrate")]
            walk(&event);
        }
    });
    view! {
        <Popover open label class="menu" role="menu" place point=point.unwrap_or_default() first=ITEMS trigger around on_key>
            <Provide close=Close(open) children=children.clone() />
        </Popover>
    }
}

/// What the arrow keys reach.
const ITEMS: &str = "[role^=menuitem]:not([aria-disabled=true])";

/// Makes the way to close known to the items; a component, so that it has an owner of its own.
#[component]
fn Provide(close: Close, children: ChildrenFn) -> impl IntoView {
    provide_context(close);
    children()
}

/// One thing to choose. Choosing closes the menu.
#[component]
pub fn MenuItem(
    #[prop(optional, into)] icon: Option<Icon>,
    /// Destroys something.
    #[prop(optional)]
    danger: bool,
    /// For one of several: whether it is the one.
    #[prop(optional, into)]
    checked: Option<Signal<bool>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The key that does the same without the menu.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// A second line.
    #[prop(optional, into)]
    help: Option<String>,
    #[prop(into)] on_choose: Callback<()>,
    children: Children,
) -> impl IntoView {
    let close = use_context::<Close>();
    let choose = move |_| {
        if disabled.get_untracked() {
            return;
        }
        if let Some(Close(open)) = close {
            open.set(false);
        }
        on_choose.run(());
    };
    view! {
        <button
            type="button"
            class="menu-item"
            class:menu-danger=danger
            role=if checked.is_some() { "menuitemradio" } else { "menuitem" }
            tabindex="-1"
            aria-checked=move || checked.map(|c| if c.get() { "true" } else { "false" })
            aria-disabled=move || disabled.get().then_some("true")
            on:click=choose
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span class="menu-text">{children()} {help.map(|help| view! { <small>{help}</small> })}</span>
            {shortcut.map(|keys| view! { <kbd class="kbd">{keys}</kbd> })}
        </button>
    }
}

/// A line between groups.
#[component]
pub fn MenuLine() -> impl IntoView {
    view! { <hr class="menu-line" role="separator" /> }
}

/// What the group below is about.
#[component]
pub fn MenuTitle(children: Children) -> impl IntoView {
    view! { <div class="menu-title">{children()}</div> }
}

/// Moves the keyboard among the items.
#[cfg(feature = "hydrate")]
fn walk(event: &ev::KeyboardEvent) {
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let Some(menu) = target.and_then(|t| t.closest("[role=menu]").ok().flatten()) else { return };
    let Ok(nodes) = menu.query_selector_all(ITEMS) else { return };
    let items: Vec<HtmlElement> = (0..nodes.length()).filter_map(|n| nodes.item(n)?.dyn_into().ok()).collect();
    if items.is_empty() {
        return;
    }
    let here = super::place::dom::focused().and_then(|now| items.iter().position(|item| *item == now));
    let last = items.len() - 1;
    let next = match event.key().as_str() {
        "ArrowDown" => here.map_or(0, |n| if n == last { 0 } else { n + 1 }),
        "ArrowUp" => here.map_or(last, |n| if n == 0 { last } else { n - 1 }),
        "Home" => 0,
        "End" => last,
        letter if letter.chars().count() == 1 && letter != " " && !event.ctrl_key() && !event.meta_key() => {
            let wanted = letter.to_lowercase();
            let from = here.map_or(0, |n| n + 1);
            let found = (0..items.len())
                .map(|n| (from + n) % items.len())
                .find(|n| items[*n].text_content().unwrap_or_default().trim().to_lowercase().starts_with(&wanted));
            let Some(found) = found else { return };
            found
        }
        _ => return,
    };
    event.prevent_default();
    let _ = items[next].focus();
}
