//! The mark of Confab: a letter C that is also a speech bubble, with somebody in its opening.

use leptos::prelude::*;

/// The mark alone, in the colours of the theme.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <path class="mark-c" d="M21.8 8.4A9.9 9.9 0 0 0 4.6 15.4V24.6Q4.6 25.3 5.3 25.3H14.5A9.9 9.9 0 0 0 21.8 22.2"></path>
            <circle class="mark-dot" cx="25.6" cy="15.4" r="3.4"></circle>
        </svg>
    }
}

/// The mark with the name, leading to the first page.
#[component]
pub fn Brand(
    /// The name of this installation.
    #[prop(into, default = "Confab".to_owned())]
    name: String,
) -> impl IntoView {
    view! {
        <a class="brand" href="/">
            <Mark />
            <span class="brand-name">{name}</span>
        </a>
    }
}
