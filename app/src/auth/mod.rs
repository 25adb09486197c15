//! Before one is in: the first page, signing in and up, and what is not there.

mod login;
mod recovery;
mod second_factor;
mod signup;

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
    ui::{Avatar, Brand, Empty, Icon, Notice, NoticeKind},
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
        (
            Icon::Zap,
            "At once",
            "What you write is there in the same moment, and what others write reaches you just as fast.",
        ),
        (
            Icon::Threads,
            "In order",
            "Channels for what concerns everybody, threads for what concerns a few, and messages for the two of you.",
        ),
        (Icon::Shield, "Yours", "It runs on your own server. Your conversations stay where you put them."),
    ];
    view! {
        <Title text="Confab" />
        <div class="landing">
            <header class="landing-head">
                <Brand />
                <nav class="landing-nav">
                    <a href="/login">"Sign in"</a>
                    <a class="btn btn-primary" href="/signup">"Create an account"</a>
                </nav>
            </header>
            <main>
                <section class="hero">
                    <div class="hero-text">
                        <h1>"Talk things through, together"</h1>
                        <p class="hero-lead">"Confab is a calm place for a team to talk: quick, tidy, and on a server of your own."</p>
                        <div class="hero-actions">
                            <a class="btn btn-primary" href="/signup">"Create an account"</a>
                            <a class="btn" href="/login">"Sign in"</a>
                        </div>
                        <p class="hero-note">"Free and open. Works with the apps you already have."</p>
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
                <p>"Confab, a chat for teams."</p>
            </footer>
        </div>
    }
}

/// What a conversation looks like, for those who have not had one here yet.
#[component]
fn Demo() -> impl IntoView {
    let says = |name: &'static str, at: &'static str, text: &'static str| {
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
                <div class="demo-team">"Fieldnotes"</div>
                {row(Icon::Hash, "design")}
                {row(Icon::Hash, "garden")}
                {row(Icon::Lock, "planning")}
            </div>
            <div>
                <div class="demo-head"><Icon name=Icon::Hash />"design"</div>
                {says("Maya Lindqvist", "10:41", "The new sketches are up. Which one reads best?")}
                {says("Tom Okafor", "10:42", "The second. It is the calmest of the three.")}
                {says("Ida Berg", "10:44", "Agreed. Let us go with that one.")}
                <div class="demo-box">"Message #design"</div>
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
        </div>
    }
}

/// Why a form was refused: from the address, where the plain form sends people back to, or from the last attempt.
#[component]
pub fn Refused(error: RwSignal<Option<String>>) -> impl IntoView {
    let query = use_query_map();
    let text = move || error.get().or_else(|| query.with(|q| q.get("error"))).filter(|text| !text.is_empty());
    view! { {move || text().map(|text| view! { <Notice kind=NoticeKind::Danger>{text}</Notice> })} }
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
                <Empty icon=Icon::Offline title="That did not work" text=reason>
                    <a class="btn btn-primary" href="">"Try again"</a>
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
        <Title text="Not found · Confab" />
        <div class="gate">
            <header class="gate-head"><Brand /></header>
            <main class="gate-main">
                <div class="oops">
                    <p class="oops-code">"404"</p>
                    <h1>"There is nothing here"</h1>
                    <p>"The address may be old, or it may never have existed."</p>
                    <div class="empty-actions"><a class="btn btn-primary" href="/">"To the first page"</a></div>
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
