//! Buttons. Clicks, form attributes and the like are given from outside (`on:click=…`, `attr:value=…`): Leptos puts
//! them on the button itself.

use leptos::prelude::*;

use super::Icon;

/// How much a button asks for attention. One primary button per form or dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    #[default]
    Neutral,
    Primary,
    Danger,
    Ghost,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "btn",
            Self::Primary => "btn btn-primary",
            Self::Danger => "btn btn-danger",
            Self::Ghost => "btn btn-ghost",
        }
    }
}

/// A button with text.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    /// For rows and bars.
    #[prop(optional)]
    small: bool,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
    /// Sends the form it is in.
    #[prop(optional)]
    submit: bool,
    /// Shows a spinner in place of the text and takes no further clicks; the size stays.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:btn-small=small
            class:btn-wide=wide
            aria-busy=move || busy.get().then_some("true")
            disabled=move || disabled.get() || busy.get()
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span>{children()}</span>
        </button>
    }
}

/// A button that is only an icon: its label is what screen readers say and what the tooltip shows.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: Signal<String>,
    /// Shown beside the label in the tooltip, e.g. `Ctrl K`.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// For buttons that switch something on and off.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// For buttons that open something beside them.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    /// What it opens: `menu`, `dialog`, `listbox`.
    #[prop(optional, into)]
    popup: Option<&'static str>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let truth = |signal: Option<Signal<bool>>| move || signal.map(|s| if s.get() { "true" } else { "false" });
    view! {
        <button
            type="button"
            class=format!("icon-btn {class}").trim_end().to_owned()
            aria-label=label
            data-tip=label
            data-key=shortcut
            aria-pressed=truth(pressed)
            aria-expanded=truth(expanded)
            aria-haspopup=popup
            disabled=disabled
        >
            <Icon name=icon />
        </button>
    }
}

/// A button that reads as part of a sentence.
#[component]
pub fn LinkButton(children: Children) -> impl IntoView {
    view! {
        <button type="button" class="link-btn">
            {children()}
        </button>
    }
}
