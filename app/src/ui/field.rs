//! Parts of forms: label above, help below, the error in place of the help.
//!
//! Text fields work before the page is awake: what was typed until then is taken over, never thrown away, and the
//! plain form can be sent without scripts.

use leptos::prelude::*;

use super::Icon;
use crate::words;

/// A label, whatever is to be filled in, and a line of help or error. The control gets `id` and
/// `aria-describedby="{id}-help"` from whoever makes it.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// A word after the label, e.g. "optional".
    #[prop(optional, into)]
    note: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// Why it cannot be changed here.
    #[prop(optional, into)]
    locked: Option<String>,
    children: Children,
) -> impl IntoView {
    view! { <Frame id label note help error locked children /> }
}

/// The same for the components of this file, which have options to hand on.
#[component]
fn Frame(
    id: String,
    label: String,
    #[prop(optional_no_strip)] note: Option<String>,
    #[prop(optional_no_strip)] help: Option<String>,
    error: Signal<Option<String>>,
    #[prop(optional_no_strip)] locked: Option<String>,
    children: Children,
) -> impl IntoView {
    let help_id = format!("{id}-help");
    let locked_now = locked.is_some();
    view! {
        <div class="field" data-locked=locked_now.then_some("")>
            <label class="field-label" for=id>
                {label}
                {note.map(|note| view! { <small>{note}</small> })}
            </label>
            {children()}
            {move || {
                let id = help_id.clone();
                if let Some(error) = error.get() {
                    view! { <p class="field-error" id=id role="alert"><Icon name=Icon::Alert /><span>{error}</span></p> }.into_any()
                } else if let Some(reason) = locked.clone() {
                    view! { <p class="field-help" id=id><Icon name=Icon::Lock /><span>{reason}</span></p> }.into_any()
                } else if let Some(help) = help.clone() {
                    view! { <p class="field-help" id=id>{help}</p> }.into_any()
                } else {
                    ().into_any()
                }
            }}
        </div>
    }
}

/// Keeps an input and its signal alike in both directions; the input wins once, when the page wakes up.
#[cfg(feature = "hydrate")]
fn keep_alike(input: NodeRef<leptos::html::Input>, value: RwSignal<String>) {
    Effect::new(move |woken: Option<bool>| {
        let now = value.get();
        let Some(input) = input.get() else { return woken.unwrap_or(false) };
        let typed = input.value();
        if woken != Some(true) && !typed.is_empty() && typed != now {
            value.set(typed);
        } else if typed != now {
            input.set_value(&now);
        }
        true
    });
}

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] note: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] locked: Option<String>,
    /// `text`, `email`, `search` …
    #[prop(default = "text")]
    kind: &'static str,
    /// What the plain form calls it; the id, if not said.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional, into)] autocomplete: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] max_length: Option<u32>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let input = NodeRef::new();
    #[cfg(feature = "hydrate")]
    keep_alike(input, value);
    let locked_now = locked.is_some();
    view! {
        <Frame id=id.clone() label note help error locked>
            <input
                class="input"
                id=id.clone()
                name=name.unwrap_or_else(|| id.clone())
                type=kind
                value=value.get_untracked()
                autocomplete=autocomplete
                placeholder=placeholder
                maxlength=max_length
                required=required
                autofocus=autofocus
                disabled=locked_now
                aria-describedby=format!("{id}-help")
                aria-invalid=move || if error.get().is_some() { "true" } else { "false" }
                node_ref=input
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Frame>
    }
}

/// A password, with a way to look at what was typed.
#[component]
pub fn PasswordField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// `current-password` or `new-password`, for password managers.
    autocomplete: &'static str,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let input = NodeRef::new();
    #[cfg(feature = "hydrate")]
    keep_alike(input, value);
    let shown = RwSignal::new(false);
    let label_of_eye = Signal::derive(move || {
        if shown.get() { words::auth_hide_password() } else { words::auth_show_password() }.to_owned()
    });
    view! {
        <Frame id=id.clone() label help error>
            <div class="input-wrap">
                <input
                    class="input"
                    id=id.clone()
                    name=name.unwrap_or_else(|| id.clone())
                    type=move || if shown.get() { "text" } else { "password" }
                    value=value.get_untracked()
                    autocomplete=autocomplete
                    required=required
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=format!("{id}-help")
                    aria-invalid=move || if error.get().is_some() { "true" } else { "false" }
                    node_ref=input
                    on:input=move |event| value.set(event_target_value(&event))
                />
                // One button whose icon changes, not two: the keyboard stays on it.
                <button
                    type="button"
                    class="icon-btn"
                    aria-label=label_of_eye
                    data-tip=label_of_eye
                    on:click=move |_| shown.update(|s| *s = !*s)
                >
                    {move || {
                        let name = if shown.get() { Icon::EyeOff } else { Icon::Eye };
                        view! { <Icon name /> }
                    }}
                </button>
            </div>
        </Frame>
    }
}

/// A box to tick.
#[component]
pub fn Check(
    checked: RwSignal<bool>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name=name bind:checked=checked disabled=disabled />
            <span>{children()}</span>
        </label>
    }
}

/// Something that is on or off at once, without a button to save.
#[component]
pub fn Switch(
    checked: RwSignal<bool>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="switch">
            <input type="checkbox" role="switch" name=name bind:checked=checked disabled=disabled />
            <span>{children()}</span>
        </label>
    }
}
