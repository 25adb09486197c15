//! What people see: the same code renders pages on the server and brings them to life in the browser.
//!
//! | room | what is in it |
//! |---|---|
//! | [`state`] | what this client knows: plain data, events applied, what is shown before an answer |
//! | [`chat`] | the state made reactive; the handle components hold |
//! | [`client`] | sends calls of the API: in process on the server, fetch in the browser |
//! | [`live`] | the WebSocket: connects, resumes, hands events to the state |
//! | [`load`] | fetches what a page begins with, and what the screen needs later |
//! | [`later`] | which parts the browser loads after the page is alive |
//! | [`above`] | what opens above the chat because the address asks for it |
//! | [`words`] | every text, in the language of the page |
//! | [`ui`] | buttons, menus, dialogs: nothing that knows of chat |
//! | [`manage`] [`groups`] [`team`] [`integrations`] | what is looked after above the chat: a module of its own |
//! | [`auth`] [`teams`] [`sidebar`] [`channel`] [`info`] [`finds`] [`search`] [`thread`] [`inbox`] [`composer`] [`waiting`] | one room per part of the screen |
//!
//! Deliberately not here: anything of the server. What a page needs of it comes by context ([`Assets`],
//! [`client::InProcess`], [`browser::Csrf`], [`PageStatus`]).

#![recursion_limit = "512"]

pub mod above;
pub mod actions;
pub mod auth;
pub mod browser;
pub mod channel;
pub mod chat;
pub mod client;
pub mod composer;
pub mod finds;
pub mod frame;
pub mod groups;
mod held;
pub mod inbox;
pub mod info;
pub mod integrations;
pub mod later;
pub mod live;
pub mod load;
pub mod manage;
pub mod notify;
pub mod outbox;
pub mod people;
pub mod place;
pub mod search;
pub mod settings;
pub mod sidebar;
pub mod sorted;
pub mod state;
pub mod team;
pub mod teams;
pub mod thread;
pub mod time;
pub mod ui;
pub mod upload;
pub mod waiting;
mod words;

pub use words::Spoken;
#[cfg(not(target_arch = "wasm32"))]
pub use words::from_another_site;
#[cfg(target_arch = "wasm32")]
pub use words::speak;

use std::{collections::BTreeMap, sync::Arc};

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    location::RequestUrl,
    path,
};

/// Where the files of the browser's part are: addresses, with the hash of what is in them.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The JavaScript that loads the WebAssembly.
    pub js: String,
    pub wasm: String,
    pub css: String,
    /// The second style sheet, which a page of the chat fetches once it is awake.
    pub later_css: String,
    /// The table of emoji, fetched when one is met.
    pub emoji: String,
    /// The tables of texts, by language.
    pub words: BTreeMap<&'static str, String>,
}

/// Sets the status of the page's answer; the server provides it as context.
#[derive(Clone)]
pub struct PageStatus(pub Arc<dyn Fn(u16) + Send + Sync>);

/// Answers the page with this status, if it is not sent yet.
pub fn answer_with(status: u16) {
    if let Some(PageStatus(set)) = use_context::<PageStatus>() {
        set(status);
    }
}

/// Applies the theme that was chosen in this browser before anything is drawn.
const THEME: &str = "try{let s=localStorage,d=document.documentElement,t=s.getItem('theme'),a=s.getItem('accent');\
                     if(t)d.dataset.theme=t;if(a){d.dataset.accent='';d.style.setProperty('--own-hue',a)}}catch{}";

/// The whole HTML document, as the server renders it. Its script marks the page with `data-alive` once it is, which
/// tests wait for.
pub fn shell(assets: Assets) -> impl IntoView {
    let text = |value: &str| serde_json::Value::from(value).to_string();
    let language = words::language();
    let texts = assets.words.get(language.code).cloned().unwrap_or_default();
    let start = format!(
        "import init,{{hydrate}} from {};Promise.all([fetch({}).then(r=>r.text()),init({{module_or_path:{}}})])\
         .then(all=>hydrate(all[0])).then(()=>{{document.documentElement.dataset.alive=''}})",
        text(&assets.js),
        text(&texts),
        text(&assets.wasm)
    );
    // What a page of the chat does not begin with comes later.
    let is_chat =
        use_context::<RequestUrl>().is_some_and(|url| !is_gate(url.as_ref().split('?').next().unwrap_or_default()));
    view! {
        <!DOCTYPE html>
        <html
            lang=language.code
            dir=language.direction
            data-emoji=assets.emoji
            data-later-style=is_chat.then(|| assets.later_css.clone())
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <link id="favicon" rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <script nonce=use_nonce()>{THEME}</script>
                <link rel="stylesheet" href=assets.css />
                {(!is_chat).then(|| view! { <link rel="stylesheet" href=assets.later_css.clone() /> })}
                <link rel="modulepreload" href=assets.js />
                <link rel="preload" href=assets.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <link rel="preload" href=texts r#as="fetch" r#type="text/plain" crossorigin="anonymous" />
                <script type="module" nonce=use_nonce()>
                    {start}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
                {ui::shapes()}
            </body>
        </html>
    }
}

/// Every page, as the server renders it.
///
/// The browser brings a page to life as [`ChatApp`] or as [`GateApp`], whose code it loads instead of all.
#[component]
pub fn App() -> impl IntoView {
    page(|| {
        view! {
            <Routes fallback=|| view! { <auth::NotFound /> }>
                <Route path=path!("/") view=auth::Home ssr=SsrMode::Async />
                <Route path=path!("/login") view=auth::LoginPage ssr=SsrMode::Async />
                <Route path=path!("/login/one_time_link") view=auth::LinkPage ssr=SsrMode::Async />
                <Route path=path!("/signup") view=auth::SignupPage ssr=SsrMode::Async />
                <Route path=path!("/signup_user_complete") view=auth::JoinPage ssr=SsrMode::Async />
                <Route path=path!("/reset_password") view=auth::ForgottenPage ssr=SsrMode::Async />
                <Route path=path!("/reset_password_complete") view=auth::NewPasswordPage ssr=SsrMode::Async />
                <Route path=path!("/should_verify_email") view=auth::VerifyPage ssr=SsrMode::Async />
                <Route path=path!("/do_verify_email") view=auth::VerifiedPage ssr=SsrMode::Async />
                <Route path=path!("/mfa/setup") view=auth::SecondFactorPage ssr=SsrMode::Async />
                <Route path=path!("/oauth/authorize") view=auth::ConsentPage ssr=SsrMode::Async />
                <Route path=path!("/create_team") view=teams::CreateTeamPage ssr=SsrMode::Async />
                <Route path=path!("/select_team") view=teams::SelectTeamPage ssr=SsrMode::Async />
                <ParentRoute path=path!("/:team") view=frame::Workspace ssr=SsrMode::Async>
                    <Route path=path!("") view=|| () />
                    <Route path=path!("channels/:name") view=|| () />
                    <Route path=path!("messages/:who") view=|| () />
                    <Route path=path!("threads") view=|| () />
                    <Route path=path!("pl/:post") view=|| () />
                </ParentRoute>
            </Routes>
        }
        .into_any()
    })
}

/// The pages before one is in the chat.
const GATE: [&str; 12] = [
    "/login",
    "/login/one_time_link",
    "/signup",
    "/signup_user_complete",
    "/reset_password",
    "/reset_password_complete",
    "/should_verify_email",
    "/do_verify_email",
    "/mfa/setup",
    "/oauth/authorize",
    "/create_team",
    "/select_team",
];

/// Whether an address is one of the pages before the chat.
pub fn is_gate(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.is_empty() || GATE.contains(&path)
}

/// The pages of a team.
#[component]
pub fn ChatApp() -> impl IntoView {
    page(|| {
        view! {
            <Routes fallback=Elsewhere>
                <ParentRoute path=path!("/:team") view=frame::Workspace>
                    <Route path=path!("") view=|| () />
                    <Route path=path!("channels/:name") view=|| () />
                    <Route path=path!("messages/:who") view=|| () />
                    <Route path=path!("threads") view=|| () />
                    <Route path=path!("pl/:post") view=|| () />
                </ParentRoute>
            </Routes>
        }
        .into_any()
    })
}

/// The pages before the chat.
#[component]
pub fn GateApp() -> impl IntoView {
    page(|| {
        view! {
            <Routes fallback=Elsewhere>
                <Route path=path!("/") view=auth::Home />
                <Route path=path!("/login") view=auth::LoginPage />
                <Route path=path!("/login/one_time_link") view=auth::LinkPage />
                <Route path=path!("/signup") view=auth::SignupPage />
                <Route path=path!("/signup_user_complete") view=auth::JoinPage />
                <Route path=path!("/reset_password") view=auth::ForgottenPage />
                <Route path=path!("/reset_password_complete") view=auth::NewPasswordPage />
                <Route path=path!("/should_verify_email") view=auth::VerifyPage />
                <Route path=path!("/do_verify_email") view=auth::VerifiedPage />
                <Route path=path!("/mfa/setup") view=auth::SecondFactorPage />
                <Route path=path!("/oauth/authorize") view=auth::ConsentPage />
                <Route path=path!("/create_team") view=teams::CreateTeamPage />
                <Route path=path!("/select_team") view=teams::SelectTeamPage />
            </Routes>
        }
        .into_any()
    })
}

/// The path of the page that was loaded, from the server.
#[derive(Clone)]
struct Loaded(String);

/// An address that the code at hand has no page for: loads that page, or says that there is none if it is the one that
/// was loaded.
#[component]
fn Elsewhere() -> impl IntoView {
    let location = use_location();
    let loaded = use_context::<Loaded>();
    Effect::new(move |_| {
        let path = location.pathname.get();
        if loaded.as_ref().is_some_and(|loaded| loaded.0 != path) {
            let query = location.search.get_untracked();
            browser::go(&[path.as_str(), if query.is_empty() { "" } else { "?" }, query.as_str()].concat());
        }
    });
    view! { <auth::NotFound /> }
}

/// What every page has.
fn page(routes: fn() -> AnyView) -> impl IntoView {
    provide_meta_context();
    provide_context(Loaded(browser::path()));
    let toasts = ui::provide_toasts();
    provide_context(chat::Chat::new(toasts));
    view! {
        <Title text="Confab" />
        <Router>{routes()}</Router>
        <later::Later part=later::Part::Everywhere />
    }
}
