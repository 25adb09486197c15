//! Something small that opens beside what was pressed and closes on Escape or a press elsewhere. It lives in the
//! browser's top layer, so no scrolling list cuts it off. Menus, pickers and cards are made of it.

use leptos::{ev, prelude::*};

use super::Place;

/// A trigger and, while `open`, the thing beside it.
///
/// `popover="manual"` instead of `auto`: with the latter the press on the trigger closes it and the click that
/// follows opens it again.
#[component]
pub fn Popover(
    /// Whether it shows; the trigger switches it.
    open: RwSignal<bool>,
    /// What screen readers call it.
    #[prop(into)]
    label: Signal<String>,
    /// `menu`, `emoji-picker`, `profile-card` …
    #[prop(into)]
    class: &'static str,
    #[prop(default = "dialog")] role: &'static str,
    #[prop(optional)] place: Place,
    /// Opens at this point of the window instead of beside the trigger, e.g. where a context menu was asked for.
    #[prop(optional, into)]
    point: Option<Signal<Option<(i32, i32)>>>,
    /// Which element inside gets the keyboard first, as a selector; without it, the thing itself.
    #[prop(default = "")]
    first: &'static str,
    /// What opens it. Nothing, if only `point` does, or if it is within `around`.
    #[prop(optional, into)]
    trigger: ViewFn,
    /// What it opens beside and is within, where that was there before.
    #[prop(default = None)]
    around: Option<NodeRef<leptos::html::Div>>,
    /// Keys that were pressed inside.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    children: ChildrenFn,
) -> impl IntoView {
    let anchor = around.unwrap_or_default();
    let floating = NodeRef::<leptos::html::Div>::new();

    #[cfg(feature = "hydrate")]
    {
        Effect::new(move |before: Option<Option<web_sys::HtmlElement>>| {
            let before = before.flatten();
            if !open.get() {
                give_back(before);
                return None;
            }
            let (Some(anchor), Some(floating)) = (anchor.get(), floating.get()) else { return before };
            let opener = before.or_else(super::place::dom::focused);
            show(&anchor, &floating, place, point.and_then(|p| p.get_untracked()), first);
            opener
        });
        let outside = window_event_listener(ev::pointerdown, move |event| {
            use wasm_bindgen::JsCast;
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
            // Untracked and fallible: the listener may fire while the component is being taken down.
            if open.try_get_untracked() == Some(true)
                && !anchor.get_untracked().is_some_and(|anchor| anchor.contains(target.as_ref()))
            {
                open.set(false);
            }
        });
        on_cleanup(move || outside.remove());
    }
    // The server renders it closed and has nothing to place.
    #[cfg(not(feature = "hydrate"))]
    let _ = (place, point, first);

    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            // A dialog that it is in stays open.
            event.prevent_default();
            open.set(false);
        } else if let Some(on_key) = on_key {
            on_key.run(event);
        }
    };
    let children = StoredValue::new(children);
    let inside = view! {
        <Show when=move || open.get()>
            <div class=class role=role popover="manual" tabindex="-1" aria-label=label node_ref=floating on:keydown=key>
                {children.with_value(|children| children())}
            </div>
        </Show>
    };
    if around.is_some() {
        inside.into_any()
    } else {
        view! { <div class="menu-anchor" node_ref=anchor>{trigger.run()} {inside}</div> }.into_any()
    }
}

/// Brings it to the top layer, beside its anchor, with the keyboard.
#[cfg(feature = "hydrate")]
fn show(
    anchor: &web_sys::HtmlElement,
    floating: &web_sys::HtmlElement,
    place: Place,
    point: Option<(i32, i32)>,
    first: &str,
) {
    use wasm_bindgen::JsCast;

    use super::place::{Area, dom};

    // An old browser without popovers still shows it, only not above everything.
    let _ = floating.show_popover();
    let area = point.map_or_else(
        || dom::area_of(anchor),
        |(x, y)| Area { left: f64::from(x), top: f64::from(y), ..Area::default() },
    );
    dom::put(floating, place, area, 4.0, "--x", "--y");
    let inner = (!first.is_empty()).then(|| floating.query_selector(first).ok().flatten()).flatten();
    let target = inner.and_then(|element| element.dyn_into().ok()).unwrap_or_else(|| floating.clone());
    let _ = target.focus();
}

/// Returns the keyboard to what had it, unless the person has already moved on to something else.
#[cfg(feature = "hydrate")]
fn give_back(opener: Option<web_sys::HtmlElement>) {
    let Some(opener) = opener else { return };
    let moved_on = super::place::dom::focused().is_some_and(|now| now.tag_name() != "BODY" && now.is_connected());
    if !moved_on && opener.is_connected() {
        let _ = opener.focus();
    }
}
