//! The languages, each by the name it has for itself.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::words;

/// Chooses one: for this browser, and for the account of whoever is signed in. The page is loaded anew; so it works
/// without scripts, too.
#[component]
pub fn Languages() -> impl IntoView {
    let here = use_location();
    let back = move || {
        let (path, query) = (here.pathname.get(), here.search.get());
        [path.as_str(), if query.is_empty() { "" } else { "?" }, query.as_str()].concat()
    };
    view! {
        <form class="languages" method="post" action="/forms/language" aria-label=words::language_choose()>
            <crate::teams::CsrfField />
            <input type="hidden" name="back" value=back />
            {catalogue::LANGUAGES
                .iter()
                .map(|language| view! {
                    <button
                        type="submit"
                        class="link-btn"
                        name="locale"
                        value=language.code
                        lang=language.code
                        dir=language.direction
                        aria-current=(language == words::language()).then_some("true")
                    >
                        {language.name}
                    </button>
                })
                .collect_view()}
        </form>
    }
}
