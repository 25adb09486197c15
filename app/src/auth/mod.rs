//! Before one is in: the first page, signing in and up, and what is not there.

mod consent;
mod link;
mod login;
mod recovery;
mod second_factor;
mod signup;

pub use consent::ConsentPage;
pub use link::LinkPage;
pub use login::LoginPage;
pub use recovery::{ForgottenPage, NewPasswordPage, VerifiedPage, VerifyPage};
pub use second_factor::SecondFactorPage;
pub use signup::{JoinPage, SignupPage};

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

use crate::{
    client::Client,
    load::{self, Start},
    time::{MINUTE, Wall},
    ui::{Avatar, Brand, Empty, Icon, Languages, Notice, NoticeKind, TextField},
    words,
};

/// `/`: the chat for those who are signed in, a welcome for the others.
#[component]
pub fn Home() -> impl IntoView {
    let client = Client::from_context();
    let start = load::beginning(move || load::home(client.clone()));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match start.await {
                    Start::Go(path) => view! { <Redirect path /> }.into_any(),
                    Start::Failed(reason) => view! { <Broken reason /> }.into_any(),
                    Start::SignedOut | Start::Chat(_) => view! { <Landing /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// What Confab is, and the two ways in.
#[component]
fn Landing() -> impl IntoView {
    let points = [
        (Icon::Zap, words::auth_at_once(), words::auth_at_once_text()),
        (Icon::Threads, words::auth_in_order(), words::auth_in_order_text()),
        (Icon::Shield, words::auth_yours(), words::auth_yours_text()),
    ];
    view! {
        <Title text="Confab" />
        <div class="landing">
            <header class="landing-head">
                <Brand />
                <nav class="landing-nav">
                    <a href="/login">{words::auth_sign_in()}</a>
                    <a class="btn btn-primary" href="/signup">{words::auth_create_account()}</a>
                </nav>
            </header>
            <main>
                <section class="hero">
                    <div class="hero-text">
                        <h1>{words::auth_hero()}</h1>
                        <p class="hero-lead">{words::auth_hero_lead()}</p>
                        <div class="hero-actions">
                            <a class="btn btn-primary" href="/signup">{words::auth_create_account()}</a>
                            <a class="btn" href="/login">{words::auth_sign_in()}</a>
                        </div>
                        <p class="hero-note">{words::auth_hero_note()}</p>
                    </div>
                    <div class="hero-art" aria-hidden="true"><Demo /></div>
                </section>
                <section class="points">
                    {points
                        .into_iter()
                        .map(|(icon, title, text)| view! {
                            <article class="point">
                                <div class="point-icon"><Icon name=icon /></div>
                                <h2>{title}</h2>
                                <p>{text}</p>
                            </article>
                        })
                        .collect_view()}
                </section>
            </main>
            <footer class="landing-foot">
                <p>{words::auth_foot()}</p>
                <Languages />
            </footer>
        </div>
    }
}

/// What a conversation looks like, for those who have not had one here yet.
#[component]
fn Demo() -> impl IntoView {
    let says = |name: &'static str, minutes: i64, text: &'static str| {
        let at = Wall::of(minutes * MINUTE, 0).shown(words::language().twelve_hours);
        view! {
            <div class="msg">
                <div class="msg-gutter"><Avatar id=name name /></div>
                <div class="msg-main">
                    <div class="msg-head"><span class="msg-author">{name}</span>" "<span class="msg-time">{at}</span></div>
                    <div class="msg-body">{text}</div>
                </div>
            </div>
        }
    };
    let row = |icon: Icon, name: &'static str| {
        view! { <div class="side-row"><span class="side-icon"><Icon name=icon /></span><span class="side-name">{name}</span></div> }
    };
    view! {
        <div class="demo">
            <div class="demo-side">
                <div class="demo-team">{words::demo_team()}</div>
                {row(Icon::Hash, "design")}
                {row(Icon::Hash, "garden")}
                {row(Icon::Lock, "planning")}
            </div>
            <div>
                <div class="demo-head"><Icon name=Icon::Hash />"design"</div>
                {says("Maya Lindqvist", 641, words::demo_one())}
                {says("Tom Okafor", 642, words::demo_two())}
                {says("Ida Berg", 644, words::demo_three())}
                <div class="demo-box">{words::demo_write()}</div>
            </div>
        </div>
    }
}

/// The frame of every page with one form.
#[component]
pub fn Gate(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: String,
    /// Beside the mark: the other way.
    #[prop(optional, into)]
    alt: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=format!("{title} · Confab") />
        <div class="gate">
            <header class="gate-head">
                <Brand />
                <span class="gate-alt">{alt.run()}</span>
            </header>
            <main class="gate-main">
                <div class="gate-card">
                    <h1 class="gate-title">{title}</h1>
                    {(!lead.is_empty()).then(|| view! { <p class="gate-lead">{lead}</p> })}
                    {children()}
                </div>
            </main>
            <footer class="gate-languages"><Languages /></footer>
        </div>
    }
}

/// A text with a link in it.
pub fn around([before, inside, after]: [&'static str; 3], href: &'static str) -> impl IntoView {
    view! { {before}<a href=href>{inside}</a>{after} }
}

/// Why a form was refused: from the address, where the plain form sends people back to, or from the last attempt.
#[component]
pub fn Refused(error: RwSignal<Option<String>>) -> impl IntoView {
    let query = use_query_map();
    let text = move || error.get().or_else(|| query.with(|q| q.get("error"))).filter(|text| !text.is_empty());
    view! { {move || text().map(|text| view! { <Notice kind=NoticeKind::Danger>{text}</Notice> })} }
}

/// Asks for a code of the second factor, and has the page ask again where the code is wrong.
#[component]
fn CodeField(code: RwSignal<String>) -> impl IntoView {
    view! {
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
    }
}

/// A parameter of the address.
pub fn query(name: &'static str) -> String {
    use_query_map().with_untracked(|q| q.get(name)).unwrap_or_default()
}

/// Where to go after signing in: only to this server.
pub fn safe_target(target: &str) -> String {
    if target.starts_with('/') && !target.starts_with("//") && !target.contains('\\') {
        target.to_owned()
    } else {
        "/".to_owned()
    }
}

/// The server could not say what is here.
#[component]
pub fn Broken(reason: String) -> impl IntoView {
    crate::answer_with(503);
    view! {
        <div class="gate">
            <main class="gate-main">
                <Empty icon=Icon::Offline title=words::auth_did_not_work() text=reason>
                    <a class="btn btn-primary" href="">{words::try_again()}</a>
                </Empty>
            </main>
        </div>
    }
}

/// An address without a page.
#[component]
pub fn NotFound() -> impl IntoView {
    crate::answer_with(404);
    view! {
        <Title text=format!("{} · Confab", words::auth_not_found()) />
        <div class="gate">
            <header class="gate-head"><Brand /></header>
            <main class="gate-main">
                <div class="oops">
                    <p class="oops-code">"404"</p>
                    <h1>{words::auth_nothing_here()}</h1>
                    <p>{words::auth_nothing_text()}</p>
                    <div class="empty-actions"><a class="btn btn-primary" href="/">{words::auth_first_page()}</a></div>
                </div>
            </main>
        </div>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn signing_in_leads_to_this_server_only() {
        assert_eq!(super::safe_target("/crew/channels/a"), "/crew/channels/a");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", ""] {
            assert_eq!(super::safe_target(bad), "/");
        }
    }
}
