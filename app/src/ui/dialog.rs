//! Dialogs on the browser's own `<dialog>`: it makes the rest of the page inert, keeps the keyboard inside and knows
//! Escape. What is added: a title with a way out, closing by a press on the backdrop, and giving the keyboard back.

use leptos::{ev, prelude::*};

use super::{Icon, IconButton};
use crate::words;

/// What gets the keyboard when a dialog opens.
#[cfg(feature = "hydrate")]
const FIRST: &str = "[autofocus], input:not([type=radio], [type=checkbox], [disabled]), textarea, .btn-primary";

/// A dialog that exists while `open`. Its children are a `.dialog-body` and a `.dialog-foot`, or a form around both.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// For lists.
    #[prop(optional)]
    wide: bool,
    /// Without the row of the title, which is then only said to screen readers.
    #[prop(optional)]
    bare: bool,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Dialog>::new();

    #[cfg(feature = "hydrate")]
    Effect::new(move |before: Option<Option<web_sys::HtmlElement>>| {
        let before = before.flatten();
        if !open.get() {
            // The element is gone before the browser could return the keyboard by itself.
            if let Some(opener) = before.filter(|opener| opener.is_connected()) {
                let _ = opener.focus();
            }
            return None;
        }
        let Some(dialog) = node.get() else { return before };
        let opener = before.or_else(super::place::dom::focused);
        if !dialog.open() {
            let _ = dialog.show_modal();
            // By itself the browser would choose the way out; people came to fill something in.
            if let Ok(Some(field)) = dialog.query_selector(FIRST) {
                use wasm_bindgen::JsCast;
                let _ = field.unchecked_into::<web_sys::HtmlElement>().focus();
            }
        }
        opener
    });

    let press = move |event: ev::PointerEvent| {
        // The backdrop belongs to the dialog, and everything else in it is a child.
        let on_backdrop = node.get_untracked().is_some_and(|dialog| {
            let target: Option<leptos::web_sys::EventTarget> = event.target();
            target.is_some_and(|target| *AsRef::<leptos::web_sys::EventTarget>::as_ref(&dialog) == target)
        });
        if on_backdrop {
            open.set(false);
        }
    };
    let children = StoredValue::new(children);
    view! {
        <Show when=move || open.get()>
            <dialog
                class=format!("dialog {class}").trim_end().to_owned()
                class:dialog-wide=wide
                aria-label=title
                node_ref=node
                on:close=move |_| open.set(false)
                on:pointerdown=press
            >
                <Show when=move || !bare>
                    <header class="dialog-head">
                        <h2 class="dialog-title">{title}</h2>
                        <IconButton icon=Icon::Close label=words::panel_close() on:click=move |_| open.set(false) />
                    </header>
                </Show>
                {children.with_value(|children| children())}
            </dialog>
        </Show>
    }
}
