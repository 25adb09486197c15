//! Where a link leads that signs a guest in. It is not followed by itself: programs that look through mail open links too.

use leptos::prelude::*;

use super::{CodeField, Gate, Refused, query};
use crate::{
    ui::{Button, ButtonKind},
    words,
};

/// `/login/one_time_link`.
#[component]
pub fn LinkPage() -> impl IntoView {
    let asks = query("mfa") == "true";
    let code = RwSignal::new(String::new());
    view! {
        <Gate
            title=words::auth_sign_in()
            lead=words::auth_by_link()
            alt=|| view! { <a href="/reset_password?for=guest">{words::auth_another_link()}</a> }
        >
            <Refused error=RwSignal::new(None) />
            <form class="form" method="post" action="/forms/link">
                <input type="hidden" name="t" value=query("t") />
                {asks.then(|| view! {
                    <CodeField code />
                })}
                <Button kind=ButtonKind::Primary wide=true submit=true>{words::auth_sign_in()}</Button>
            </form>
        </Gate>
    }
}
