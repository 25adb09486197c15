//! Where one types to find something in a list.

use leptos::prelude::*;

use super::Icon;

/// A field that tells at once what is typed into it. What is found stands below it and is the caller's.
#[component]
pub fn SearchField(
    /// Says what is found, to screen readers and in the empty field.
    #[prop(into)]
    label: String,
    /// What the empty field says, where that differs.
    #[prop(optional, into)]
    placeholder: Option<String>,
    #[prop(optional)] autofocus: bool,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    #[prop(into)] on_type: Callback<String>,
) -> impl IntoView {
    view! {
        <div class=format!("input-wrap {class}").trim_end().to_owned()>
            <Icon name=Icon::Search />
            <input
                class="input"
                type="search"
                autocomplete="off"
                placeholder=placeholder.unwrap_or_else(|| label.clone())
                aria-label=label
                autofocus=autofocus
                on:input=move |event| on_type.run(event_target_value(&event))
            />
        </div>
    }
}
