//! What is one's own: profile, security, how one is told of things, how the app looks and behaves. It opens above the
//! chat, at `?settings=…`, so that the way back of browsers and phones closes it.

mod apps;
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
pub use display::follow_accent;
pub use parts::{SaveBar, Section, Toggle};

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    above,
    ui::{Dialog, Icon, IconButton, ToastRegion},
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

/// The parameter of the address.
const PARAMETER: &str = "settings";

/// The address of a page.
fn address(query: &leptos_router::params::ParamsMap, page: &str) -> String {
    above::address(query, PARAMETER, Some(page))
}

/// Opens the settings.
pub fn open() -> impl Fn() + Clone + Send + Sync + 'static {
    let go = above::goer(PARAMETER);
    // On phones the list is a screen of its own.
    move || go(Some(if crate::browser::is_narrow() { "all" } else { Page::Profile.name() }))
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
    let Some(name) = query.get(PARAMETER) else { return Asked::Nothing };
    Page::ALL.into_iter().find(|page| page.name() == name).map_or(Asked::List, Asked::Page)
}

/// The settings, where the address asks for them.
#[component]
pub fn Settings() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(asked));
    let open = above::opened_by(PARAMETER);
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
                        <a class="settings-link" href=move || query.with(|query| address(query, it.name())) aria-current=move || current(it)>
                            <Icon name=it.icon() />
                            <span>{it.title()}</span>
                        </a>
                    }).collect_view()}
                </nav>
                <div class="settings-main" tabindex="0" autofocus=true>
                    <header class="settings-head">
                        <a class="icon-btn only-narrow" href=move || query.with(|query| address(query, "all")) aria-label=words::settings_all()><Icon name=Icon::ArrowLeft /></a>
                        <div>
                            <h1>{move || shown.get().title()}</h1>
                            <p>{move || shown.get().lead()}</p>
                        </div>
                        <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" on:click=move |_| open.set(false) />
                    </header>
                    {move || shown.get().view()}
                </div>
            </div>
            <ToastRegion above=true />
        </Dialog>
    }
}
