//! Where a link leads that signs a guest in. It is not followed by itself: programs that look through mail open links too.

use leptos::prelude::*;

use super::{Gate, Refused, query};
use crate::{
    ui::{Button, ButtonKind, Notice, NoticeKind, TextField},
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
            {asks.then(|| view! { <Notice kind=NoticeKind::Info>{words::auth_asks_for_code()}</Notice> })}
            <form class="form" method="post" action="/forms/link">
                <input type="hidden" name="t" value=query("t") />
                {asks.then(|| view! {
                    <input type="hidden" name="mfa" value="true" />
                    <TextField
                        id="code"
                        label=words::auth_code()
                        help=words::auth_code_help()
                        value=code
                        autocomplete="one-time-code"
                        required=true
                        autofocus=true
                    />
                })}
                <Button kind=ButtonKind::Primary wide=true submit=true>{words::auth_sign_in()}</Button>
            </form>
        </Gate>
    }
}
