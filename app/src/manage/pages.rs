//! The pages of a room, and the ways between them.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

use super::{Asked, PARAMETER, Room};
use crate::{
    above,
    chat::use_chat,
    groups, integrations, load,
    state::{Model, Topic},
    team,
    ui::{Empty, Icon, IconButton, SkeletonList},
    words,
};

/// A page of a room.
#[derive(Clone, Copy)]
pub struct Page {
    /// As the address has it.
    pub name: &'static str,
    pub title: fn() -> &'static str,
    pub lead: fn() -> &'static str,
    pub icon: Icon,
    /// Whether it is for who looks.
    pub is_for: fn(&Model) -> bool,
    /// The page, or what of it the address asks for.
    pub view: fn(String) -> AnyView,
}

impl Room {
    fn pages(self) -> &'static [Page] {
        match self {
            Self::Groups => groups::PAGES,
            Self::Team => team::PAGES,
            Self::Integrations => integrations::PAGES,
        }
    }

    /// Whether its pages are tabs of one screen instead of a list beside it.
    const fn has_tabs(self) -> bool {
        matches!(self, Self::Groups)
    }
}

/// The ways between the screens of a room.
#[derive(Clone, Copy)]
pub struct Ways {
    room: Room,
    page: &'static str,
    /// What the head calls something on a page, once that is known.
    title: RwSignal<String>,
}

/// The ways of this screen.
pub fn use_ways() -> Ways {
    expect_context::<Ways>()
}

impl Ways {
    /// The address of something on this page; of the page itself, if empty. It follows the rest of the address.
    pub fn to(self, item: &str) -> Signal<String> {
        let value = self.room.at(self.page, item);
        let query = use_query_map();
        Signal::derive(move || query.with(|query| above::address(query, PARAMETER, Some(&value))))
    }

    /// Goes to something on this page, or back to the page.
    pub fn goer(self) -> impl Fn(&str) + Clone + Send + Sync + 'static {
        let go = above::goer(PARAMETER);
        move |item: &str| go(Some(&self.room.at(self.page, item)))
    }

    /// Says what is on the screen.
    pub fn call(self, title: impl Into<String>) {
        self.title.try_set(title.into());
    }
}

/// All that is in the dialog.
#[component]
pub fn Screen() -> impl IntoView {
    let chat = use_chat();
    let query = use_query_map();
    let ready = RwSignal::new(false);
    // What one may decides what is shown.
    spawn_local(async move {
        load::roles(chat).await;
        ready.try_set(true);
    });
    let room = Memo::new(move |_| query.with(Asked::of).map(|asked| asked.room));
    move || match (room.get(), ready.get()) {
        (Some(room), true) => view! { <Pages room /> }.into_any(),
        _ => view! { <div class="settings-main"><SkeletonList rows=6 label=words::loading() /></div> }.into_any(),
    }
}

/// One screen: which page, and what of it.
#[derive(Clone, PartialEq)]
struct Shown {
    page: Option<usize>,
    item: String,
    /// Whether the address asks for the list of pages, on phones a screen of its own.
    list: bool,
}

#[component]
fn Pages(room: Room) -> impl IntoView {
    let chat = use_chat();
    let query = use_query_map();
    let all = room.pages();
    let listed = Memo::new(move |_| {
        chat.track(Topic::Teams);
        chat.read(Topic::Allowed, |m| (0..all.len()).filter(|n| (all[*n].is_for)(m)).collect::<Vec<_>>())
    });
    let shown = Memo::new(move |_| {
        let asked = query.with(Asked::of).filter(|asked| asked.room == room);
        let (page, item) = asked.map(|asked| (asked.page, asked.item)).unwrap_or_default();
        let found = listed.with(|listed| listed.iter().copied().find(|n| all[*n].name == page));
        let first = listed.with(|listed| listed.first().copied());
        let item = if found.is_some() { item } else { String::new() };
        Shown { page: found.or(first), item, list: page.is_empty() && !room.has_tabs() }
    });
    let page = move || shown.with(|shown| shown.page).map(|n| all[n]);
    let title = RwSignal::new(String::new());
    let inside = move || shown.with(|shown| !shown.item.is_empty());
    let heading = move || match page() {
        Some(page) if !inside() => (page.title)().to_owned(),
        _ => title.get(),
    };
    let to = move |page: &'static str| {
        move || query.with(|query| above::address(query, PARAMETER, Some(&room.at(page, ""))))
    };
    let close = above::goer(PARAMETER);
    let close_too = close.clone();
    let link = move |n: usize| {
        let page = all[n];
        view! {
            <a class="settings-link" href=to(page.name) aria-current=move || (shown.with(|shown| shown.page) == Some(n)).then_some("page")>
                <Icon name=page.icon />
                <span>{(page.title)()}</span>
            </a>
        }
    };
    let tab = move |n: usize| {
        let page = all[n];
        view! {
            <a class="tab" href=to(page.name) aria-current=move || (shown.with(|shown| shown.page) == Some(n)).then_some("page")>
                {(page.title)()}
            </a>
        }
    };
    view! {
        <div class="settings" data-alone=room.has_tabs().then_some("") data-view=move || if shown.with(|shown| shown.list) { "list" } else { "page" }>
            {(!room.has_tabs()).then(|| view! {
                <nav class="settings-nav" aria-label=room.title()>
                    <div class="settings-nav-head">
                        <h2>{room.title()}</h2>
                        <IconButton icon=Icon::Close label=words::panel_close() class="only-narrow" on:click=move |_| close_too(None) />
                    </div>
                    {move || listed.get().into_iter().map(link).collect_view()}
                </nav>
            })}
            <div class="settings-main" tabindex="0" autofocus=true>
                <header class="settings-head">
                    {move || {
                        let name = page().map_or("", |page| page.name);
                        if inside() {
                            view! { <a class="icon-btn settings-back" href=to(name) aria-label=words::panel_back()><Icon name=Icon::ArrowLeft /></a> }.into_any()
                        } else if room.has_tabs() {
                            ().into_any()
                        } else {
                            view! { <a class="icon-btn only-narrow" href=to("") aria-label=room.title()><Icon name=Icon::ArrowLeft /></a> }.into_any()
                        }
                    }}
                    <div>
                        <h1 dir="auto">{move || if room.has_tabs() && !inside() { room.title().to_owned() } else { heading() }}</h1>
                        {move || (!inside()).then(|| page().map(|page| view! { <p>{(page.lead)()}</p> }))}
                    </div>
                    <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" on:click=move |_| close(None) />
                </header>
                {move || (room.has_tabs() && !inside()).then(|| view! {
                    <nav class="tabs" aria-label=room.title()>{listed.get().into_iter().map(tab).collect_view()}</nav>
                })}
                {move || match page() {
                    Some(page) => {
                        provide_context(Ways { room, page: page.name, title });
                        (page.view)(shown.with(|shown| shown.item.clone()))
                    }
                    None => view! { <Empty icon=Icon::Lock title=words::manage_nothing() text=words::manage_nothing_text() /> }.into_any(),
                }}
            </div>
        </div>
    }
}
