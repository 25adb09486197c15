//! What is one's own: profile, security, how one is told of things, how the app looks and behaves. It opens above the
//! chat, at `?settings=…`, so that the way back of browsers and phones closes it.

mod behaviour;
mod channel;
mod display;
mod notifications;
mod parts;
mod profile;
mod security;
mod sessions;
mod tokens;

pub use channel::ChannelNotifications;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use crate::{
    frame::go_to,
    ui::{Dialog, Icon, IconButton},
    words,
};

/// A page of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Profile,
    Security,
    Notifications,
    Display,
    Sidebar,
    Advanced,
}

impl Page {
    const ALL: [Self; 6] =
        [Self::Profile, Self::Security, Self::Notifications, Self::Display, Self::Sidebar, Self::Advanced];

    /// As the address has it.
    const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Security => "security",
            Self::Notifications => "notifications",
            Self::Display => "display",
            Self::Sidebar => "sidebar",
            Self::Advanced => "advanced",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Profile => words::settings_profile(),
            Self::Security => words::settings_security(),
            Self::Notifications => words::settings_notifications(),
            Self::Display => words::settings_display(),
            Self::Sidebar => words::settings_sidebar(),
            Self::Advanced => words::settings_advanced(),
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Self::Profile => words::settings_profile_lead(),
            Self::Security => words::settings_security_lead(),
            Self::Notifications => words::settings_notifications_lead(),
            Self::Display => words::settings_display_lead(),
            Self::Sidebar => words::settings_sidebar_lead(),
            Self::Advanced => words::settings_advanced_lead(),
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Profile => Icon::User,
            Self::Security => Icon::Shield,
            Self::Notifications => Icon::Bell,
            Self::Display => Icon::Monitor,
            Self::Sidebar => Icon::List,
            Self::Advanced => Icon::Settings,
        }
    }

    fn view(self) -> AnyView {
        match self {
            Self::Profile => view! { <profile::ProfilePage /> }.into_any(),
            Self::Security => view! { <security::SecurityPage /> }.into_any(),
            Self::Notifications => view! { <notifications::NotificationsPage /> }.into_any(),
            Self::Display => view! { <display::DisplayPage /> }.into_any(),
            Self::Sidebar => view! { <behaviour::SidebarPage /> }.into_any(),
            Self::Advanced => view! { <behaviour::AdvancedPage /> }.into_any(),
        }
    }
}

/// What the address asks for besides the settings, with a page of them or without any.
fn address(query: &leptos_router::params::ParamsMap, page: Option<&str>) -> String {
    let mut query = query.clone();
    query.remove("settings");
    if let Some(page) = page {
        query.insert("settings", page.to_owned());
    }
    query.to_query_string()
}

/// Opens the settings.
pub fn open() -> impl Fn() + Clone + Send + Sync + 'static {
    let query = use_query_map();
    let path = use_location().pathname;
    let go = go_to();
    move || {
        // On phones the list is a screen of its own.
        let page = if crate::browser::is_narrow() { "all" } else { Page::Profile.name() };
        go(&(path.get_untracked() + &query.with_untracked(|query| address(query, Some(page)))), false);
    }
}

/// What the address asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    /// The list of pages, on phones a screen of its own.
    List,
    Page(Page),
}

fn asked(query: &leptos_router::params::ParamsMap) -> Asked {
    let Some(name) = query.get("settings") else { return Asked::Nothing };
    Page::ALL.into_iter().find(|page| page.name() == name).map_or(Asked::List, Asked::Page)
}

/// The settings, where the address asks for them.
#[component]
pub fn Settings() -> impl IntoView {
    let query = use_query_map();
    let path = use_location().pathname;
    let go = go_to();
    let asked = Memo::new(move |_| query.with(asked));
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.get() != Asked::Nothing));
    Effect::new({
        let go = go.clone();
        move |was: Option<bool>| {
            let now = open.get();
            // Closed here, and not by going elsewhere.
            if was == Some(true) && !now && asked.get_untracked() != Asked::Nothing {
                go(&(path.get_untracked() + &query.with_untracked(|query| address(query, None))), false);
            }
            now
        }
    });
    display::follow_accent();
    // Wide, something is beside the list in any case.
    let shown = Memo::new(move |_| if let Asked::Page(page) = asked.get() { page } else { Page::Profile });
    let current = move |it: Page| (shown.get() == it).then_some("page");
    view! {
        <Dialog open title=words::me_settings() bare=true class="settings-dialog">
            <div class="settings" data-view=move || if asked.get() == Asked::List { "list" } else { "page" }>
                <nav class="settings-nav" aria-label=words::me_settings()>
                    <div class="settings-nav-head">
                        <h2>{words::me_settings()}</h2>
                        <IconButton icon=Icon::Close label=words::panel_close() class="only-narrow" on:click=move |_| open.set(false) />
                    </div>
                    {Page::ALL.map(|it| view! {
                        <a class="settings-link" href=move || query.with(|query| address(query, Some(it.name()))) aria-current=move || current(it)>
                            <Icon name=it.icon() />
                            <span>{it.title()}</span>
                        </a>
                    }).collect_view()}
                </nav>
                <div class="settings-main" tabindex="0" autofocus=true>
                    <header class="settings-head">
                        <a class="icon-btn only-narrow" href=move || query.with(|query| address(query, Some("all"))) aria-label=words::settings_all()><Icon name=Icon::ArrowLeft /></a>
                        <div>
                            <h1>{move || shown.get().title()}</h1>
                            <p>{move || shown.get().lead()}</p>
                        </div>
                        <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" on:click=move |_| open.set(false) />
                    </header>
                    {move || shown.get().view()}
                </div>
            </div>
        </Dialog>
    }
}
