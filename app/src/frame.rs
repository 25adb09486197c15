//! The chat's page: teams, channels, one channel, and beside it perhaps a thread; and what follows from its address.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::Redirect,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};
use model::{ChannelId, PostId};

use crate::{
    auth::Broken,
    browser,
    channel::{ChannelColumn, Lists, Over},
    chat::{Chat, Said, use_chat},
    client::{Client, percent_encoded},
    later::{Later, Opening, Part},
    load::{self, Start},
    place::Place,
    sidebar::{Arrange, Dialogues, Rail, Sidebar},
    state::{Link, Topic, take::Snapshot},
    thread::ThreadPanel,
    ui::{Empty, Icon, SkeletonList},
    words,
};

/// What the address says.
#[derive(Clone, Copy)]
pub struct Here {
    pub place: Memo<Place>,
    /// The channel of the place, once it is known.
    pub channel: Memo<Option<ChannelId>>,
    /// The thread that is open beside it: `?thread=…`.
    pub thread: Memo<Option<PostId>>,
    /// What is open beside it.
    pub side: Memo<Side>,
}

/// What is open beside the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Nothing,
    /// `?thread=…`.
    Thread(PostId),
    /// `?panel=info`: what the channel is about, and who is in it.
    Info,
    /// `?panel=pins`: what is pinned to the channel.
    Pins,
    /// `?panel=saved`: what one has saved.
    Saved,
    /// `?panel=drafts`: what waits to be sent.
    Waiting,
    /// `?panel=search`: what one looks for.
    Search,
}

impl Side {
    fn of(query: &ParamsMap) -> Self {
        if let Some(root) = query.get("thread").and_then(|id| id.parse().ok()) {
            return Self::Thread(root);
        }
        match query.get("panel").as_deref() {
            Some("info") => Self::Info,
            Some("pins") => Self::Pins,
            Some("saved") => Self::Saved,
            Some("drafts") => Self::Waiting,
            Some("search") => Self::Search,
            _ => Self::Nothing,
        }
    }
}

/// Where the page is.
pub fn use_here() -> Here {
    expect_context::<Here>()
}

/// Goes somewhere inside the page; false if that is not possible here.
pub fn go_to() -> impl Fn(&str, bool) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |path: &str, replace: bool| {
        navigate(path, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    }
}

/// What a press on a link does that leads somewhere inside the page. A press that is meant for the browser, as with Ctrl,
/// is left to it. What is open beside the channel can stay there, where there is room.
pub fn jump(stays: bool) -> impl Fn(&ev::MouseEvent, &str) + Clone + Send + Sync + 'static {
    let go = go_to();
    move |event: &ev::MouseEvent, path: &str| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return; // another tab or window
        }
        event.prevent_default();
        let beside = if stays && !browser::is_narrow() { browser::query() } else { String::new() };
        go(&[path, beside.as_str()].concat(), false);
    }
}

/// `/{team}/…`: fetches what the page begins with, and shows it.
#[component]
pub fn Workspace() -> impl IntoView {
    let chat = use_chat();
    let path = use_location().pathname;
    let query = use_query_map();
    let client = Client::from_context();
    let start = load::beginning(move || {
        let thread = query.with_untracked(|q| q.get("thread")).and_then(|id| id.parse().ok());
        load::start(client.clone(), path.get_untracked(), thread)
    });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match start.await {
                    Start::Chat(snapshot) => {
                        begin(chat, *snapshot);
                        view! { <Frame /> }.into_any()
                    }
                    Start::Go(path) => view! { <Redirect path /> }.into_any(),
                    Start::SignedOut => {
                        let path = format!("/login?redirect_to={}", percent_encoded(&path.get_untracked()));
                        view! { <Redirect path /> }.into_any()
                    }
                    Start::Failed(reason) => view! { <Broken reason /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Fills the state with what the page begins with.
fn begin(chat: Chat, snapshot: Snapshot) {
    chat.made.set_value(snapshot.at);
    if snapshot.target.is_some() {
        chat.target.set(Some(snapshot.target));
    }
    chat.update(|m| {
        m.take(snapshot);
        Vec::new()
    });
}

#[component]
fn Frame() -> impl IntoView {
    let chat = use_chat();
    let location = use_location();
    let path = location.pathname;
    let query = use_query_map();
    let place = Memo::new(move |_| Place::parse(&path.get()).1);
    let channel = Memo::new(move |_| {
        let place = place.get();
        chat.read(Topic::Channels, |m| load::find(m, &place))
    });
    let side = Memo::new(move |_| query.with(Side::of));
    let thread = Memo::new(move |_| if let Side::Thread(root) = side.get() { Some(root) } else { None });
    let here = Here { place, channel, thread, side };
    provide_context(here);
    provide_context(Dialogues::default());
    provide_context(Over::new());
    provide_context(Lists::default());
    provide_context(Arrange::new());
    let lost = RwSignal::new(None::<String>);
    follow(chat, here, path, lost);
    keys(chat, here);

    let view_name = move || {
        if side.get() != Side::Nothing {
            "thread"
        } else if matches!(place.get(), Place::Team) {
            "sidebar"
        } else {
            "channel"
        }
    };
    let title = move || {
        let id = channel.get();
        let threads = place.get() == Place::Threads;
        chat.track(Topic::Inbox);
        chat.read(Topic::Channels, |m| {
            let channel = id.and_then(|id| m.channels.get(&id));
            let mentions: i64 = m.memberships.keys().map(|id| m.unread(*id).1).sum::<i64>() + m.thread_news().1;
            let count = if mentions > 0 { format!("({mentions}) ") } else { String::new() };
            let team = m.current_team().map(|team| team.display_name.clone()).unwrap_or_default();
            match channel {
                Some(channel) => format!("{count}{} · {team}", m.title(channel)),
                None if threads => format!("{count}{} · {team}", words::inbox_title()),
                None => format!("{count}{team}"),
            }
        })
    };
    let density = move || {
        let chosen =
            chat.read(Topic::Preferences, |m| m.preference("display_settings", "message_display") == Some("compact"));
        chosen.then_some("compact")
    };
    view! {
        <Title text=title />
        <div class="app" data-density=density data-view=view_name data-panel=move || if side.get() == Side::Nothing { "closed" } else { "open" }>
            <a class="skip-link" href="#messages">{words::frame_skip()}</a>
            <Later part=Part::Banner />
            <Rail />
            <Sidebar />
            {move || match (channel.get(), place.get() == Place::Threads) {
                (_, true) => view! { <Later part=Opening::Inbox /> }.into_any(),
                (Some(id), false) => view! { <ChannelColumn id /> }.into_any(),
                (None, false) => view! { <Unknown lost /> }.into_any(),
            }}
            {move || match (side.get(), channel.get()) {
                (Side::Thread(root), _) => Some(view! { <ThreadPanel root /> }.into_any()),
                (Side::Search, _) => Some(view! { <Later part=Opening::Search /> }.into_any()),
                (Side::Saved, _) => Some(view! { <Later part=Opening::Saved /> }.into_any()),
                (Side::Waiting, _) => Some(view! { <Later part=Opening::Waiting /> }.into_any()),
                (Side::Pins, Some(id)) => Some(view! { <Later part=Opening::Pins(id) /> }.into_any()),
                (Side::Info, Some(id)) => Some(view! { <Later part=Opening::Info(id) /> }.into_any()),
                _ => None,
            }}
        </div>
        <Later part=Part::Above />
    }
}

/// A channel that is not known yet, or not at all.
#[component]
fn Unknown(lost: RwSignal<Option<String>>) -> impl IntoView {
    let chat = use_chat();
    let back = move || chat.read(Topic::Channels, load::landing_in);
    view! {
        <main class="channel" aria-label=words::channel()>
            {move || match lost.get() {
                Some(reason) => view! {
                    <Empty icon=Icon::Compass title=words::auth_nothing_here() text=reason>
                        <a class="btn" href=back>{words::frame_back_to_team()}</a>
                    </Empty>
                }.into_any(),
                None => view! { <SkeletonList label=words::list_loading() /> }.into_any(),
            }}
        </main>
    }
}

/// What does not work at the moment.
#[derive(Clone, Copy, PartialEq)]
enum Outage {
    /// Nothing gets through.
    Server,
    /// Only the connection that tells what happens is lost.
    Socket,
    /// The server cannot write.
    Storage,
}

/// Says when the server, its events or its database cannot be reached, and what still works.
#[component]
pub fn Banner() -> impl IntoView {
    let chat = use_chat();
    let link = Memo::new(move |_| chat.read(Topic::Link, |m| m.link));
    let storage = chat.client().storage_lost();
    let storage_lost = Memo::new(move |_| storage.get());
    // A moment without connection is not worth a word.
    let late = RwSignal::new(false);
    Effect::new(move |_| match link.get() {
        Link::Lost { at, .. } => {
            let wait = (at + 2_000 - browser::now()).max(0);
            set_timeout(
                move || {
                    late.try_set(matches!(link.try_get_untracked(), Some(Link::Lost { .. })));
                },
                std::time::Duration::from_millis(wait as u64),
            );
        }
        Link::Starting | Link::Connected => late.set(false),
    });
    #[cfg(target_arch = "wasm32")]
    Effect::new(move |_| {
        if storage_lost.get() {
            spawn_local(crate::live::await_storage(chat));
        }
    });
    let outage = Memo::new(move |_| match link.get() {
        Link::Lost { calls: false, .. } if late.get() => Some(Outage::Server),
        _ if storage_lost.get() => Some(Outage::Storage),
        Link::Lost { .. } if late.get() => Some(Outage::Socket),
        _ => None,
    });
    view! {
        {move || outage.get().map(|outage| view! {
            <div class="banner" data-kind="warning" role="status">
                <Icon name=Icon::Offline />
                <span class="banner-text">
                    {match outage {
                        Outage::Server | Outage::Socket => words::outage_reached(),
                        Outage::Storage => words::outage_storage(),
                    }}
                    {match outage {
                        Outage::Server => None,
                        Outage::Socket => Some(words::outage_go_on()),
                        Outage::Storage => Some(words::outage_nothing_lost()),
                    }.map(|text| view! { " "<small>{text}</small> })}
                </span>
                {(outage != Outage::Storage).then(|| view! {
                    <button type="button" class="btn btn-small" on:click=move |_| chat.say(Said::Hurry)>{words::outage_now()}</button>
                })}
            </div>
        })}
    }
}

/// What happens when the address changes: the team is switched, the channel found, opened and marked as read.
fn follow(chat: Chat, here: Here, path: Memo<String>, lost: RwSignal<Option<String>>) {
    let go = go_to();
    Effect::new(move |_| {
        chat.zoned.set(true);
        #[cfg(target_arch = "wasm32")]
        model::text::emoji::when_missed(move || spawn_local(load::emoji(chat)));
        #[cfg(target_arch = "wasm32")]
        spawn_local(load::custom_emoji(chat));
        #[cfg(target_arch = "wasm32")]
        spawn_local(load::groups(chat));
        #[cfg(target_arch = "wasm32")]
        spawn_local(crate::live::run(chat));
    });
    Effect::new({
        let go = go.clone();
        move |_| {
            let (team, place) = Place::parse(&path.get());
            let found = chat.peek(|m| m.teams.values().find(|t| t.name == team).map(|t| (t.id, t.id == m.team)));
            let go = go.clone();
            match found {
                None => go("/", true),
                Some((id, false)) => spawn_local(async move {
                    match load::switch_team(chat, id).await {
                        Ok(()) => arrive(chat, here, &place, lost, &go),
                        Err(failure) => chat.complain(&failure),
                    }
                }),
                Some((_, true)) => arrive(chat, here, &place, lost, &go),
            }
        }
    });
    Effect::new(move |before: Option<Option<ChannelId>>| {
        let now = here.channel.get();
        if before == Some(now) {
            return now;
        }
        let pointed = matches!(here.place.get_untracked(), Place::Post(_));
        chat.open.set(now);
        chat.editing.set(None);
        chat.say(chat.showing());
        if let Some(id) = now {
            if before.is_some() {
                chat.update(|m| {
                    m.mark_new(id);
                    if !pointed {
                        m.forget_past(id);
                    }
                    vec![Topic::Posts(id)]
                });
            }
            spawn_local(async move {
                // A post that is pointed at is brought by `arrive`, with what is around it.
                if !pointed && let Err(failure) = load::open(chat, id, None).await {
                    lost.set(Some(failure.to_string()));
                }
                if browser::is_watched() {
                    load::view(chat, id).await;
                }
            });
        }
        now
    });
    Effect::new(move |_| {
        let thread = here.thread.get();
        chat.thread.set(thread);
        chat.say(chat.showing());
        if let Some(root) = thread {
            let complete = chat.peek(|m| m.threads.get(&root).is_some_and(|t| t.complete));
            if !complete {
                spawn_local(async move {
                    match load::thread(chat, root).await {
                        Ok(()) => chat.say(chat.showing()),
                        Err(failure) => chat.complain(&failure),
                    }
                });
            }
        }
    });
    // A thread that is being looked at is read.
    let look_at_thread = move || {
        let Some(root) = chat.thread.get_untracked() else { return };
        if browser::is_watched() && chat.peek(|m| m.thread_unread(root)) {
            spawn_local(load::view_thread(chat, root));
        }
    };
    Effect::new(move |_| {
        here.thread.track();
        chat.track(Topic::Inbox);
        look_at_thread();
    });
    // New messages in a channel that is being looked at are read.
    let look = move || {
        let Some(id) = chat.open.get_untracked() else { return };
        if browser::is_watched() && chat.peek(|m| m.unread(id).0) {
            spawn_local(load::view(chat, id));
        }
    };
    Effect::new(move |first: Option<()>| {
        if let Some(id) = here.channel.get() {
            chat.track(Topic::Posts(id));
        }
        if first.is_some() {
            look();
        }
    });
    Effect::new(move |_| {
        let listener = window_event_listener(ev::focus, move |_| {
            look();
            look_at_thread();
            spawn_local(load::statuses(chat));
        });
        on_cleanup(move || listener.remove());
    });
}

/// Finds out what a place is that the address names.
fn arrive(
    chat: Chat,
    here: Here,
    place: &Place,
    lost: RwSignal<Option<String>>,
    go: &(impl Fn(&str, bool) + Clone + 'static),
) {
    lost.set(None);
    if *place == Place::Threads {
        return;
    }
    if *place == Place::Team {
        // One column at a time: the address of the team is its list of channels.
        if !browser::is_narrow() {
            go(&chat.peek(load::landing_in), true);
        }
        return;
    }
    let known = chat.peek(|m| load::find(m, place));
    if known.is_some() && !matches!(place, Place::Post(_)) {
        return;
    }
    let place = place.clone();
    let go = go.clone();
    spawn_local(async move {
        let found = match known {
            Some(id) => Ok(id),
            None => load::resolve(chat, place.clone()).await,
        };
        match found {
            Ok(id) => {
                let Place::Post(post) = place else { return };
                // A reply is read in its thread.
                let root = chat.peek(|m| m.posts.get(&post).map(|p| p.root_id)).unwrap_or_default();
                let done = load::open(chat, id, Some(root.some().unwrap_or(post))).await;
                match done {
                    Ok(()) if root.is_some() => {
                        let path = chat.peek(|m| m.channels.get(&id).map(|c| m.path_of(c)).unwrap_or_default());
                        chat.target.set(Some(post));
                        go(&[path.as_str(), "?thread=", root.to_string().as_str()].concat(), true);
                    }
                    Ok(()) => {
                        chat.target.set(Some(post));
                        chat.update(|_| vec![Topic::Channels]);
                    }
                    Err(failure) => chat.complain(&failure),
                }
            }
            Err(failure) if here.place.try_get_untracked() == Some(place) => lost.set(Some(failure.to_string())),
            Err(_) => {}
        }
    });
}

/// The keys that work everywhere.
fn keys(chat: Chat, here: Here) {
    let dialogues = expect_context::<Dialogues>();
    let go = go_to();
    Effect::new(move |_| {
        let go = go.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            if event.default_prevented() || event.is_composing() {
                return;
            }
            let command = event.ctrl_key() || event.meta_key();
            match event.key().as_str() {
                "k" | "K" if command && !event.shift_key() => {
                    event.prevent_default();
                    dialogues.switcher.update(|open| *open = !*open);
                }
                "/" if command => {
                    event.prevent_default();
                    dialogues.help.update(|open| *open = !*open);
                }
                "f" | "F" if command && event.shift_key() => {
                    event.prevent_default();
                    if here.side.get_untracked() == Side::Search {
                        browser::focus("search-input");
                    } else {
                        go(&beside(here, chat, Side::Search), false);
                    }
                }
                "l" | "L" if command && event.shift_key() => {
                    event.prevent_default();
                    browser::focus("messages");
                }
                "." if command && here.channel.get_untracked().is_some() => {
                    event.prevent_default();
                    go(&beside(here, chat, Side::Info), false);
                }
                "ArrowUp" | "ArrowDown" if event.alt_key() => {
                    event.prevent_default();
                    let down = event.key() == "ArrowDown";
                    let now = here.channel.get_untracked();
                    if let Some(path) = chat.peek(|m| neighbour(m, now, down, event.shift_key())) {
                        go(&path, false);
                    }
                }
                "Escape"
                    if here.side.get_untracked() != Side::Nothing
                        && !dialogues.any()
                        && !["settings=", "manage="].iter().any(|asked| browser::query().contains(asked)) =>
                {
                    event.prevent_default();
                    go(&alone(here, chat), false);
                }
                _ => {}
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// The address of what is on the screen without anything beside it.
pub fn alone(here: Here, chat: Chat) -> String {
    let id = here.channel.get_untracked();
    chat.peek(|m| match id.and_then(|id| m.channels.get(&id)) {
        Some(channel) => m.path_of(channel),
        None => m.path_of_threads(),
    })
}

/// The address of a thread beside what is on the screen.
pub fn with_thread(here: Here, chat: Chat, root: PostId) -> String {
    alone(here, chat) + "?thread=" + root.to_string().as_str()
}

/// The address of the same with something beside it; without it, where it is there already.
pub fn beside(here: Here, chat: Chat, side: Side) -> String {
    let path = alone(here, chat);
    if here.side.get_untracked() == side {
        return path;
    }
    match side {
        Side::Nothing => path,
        Side::Thread(root) => with_thread(here, chat, root),
        Side::Info => path + "?panel=info",
        Side::Pins => path + "?panel=pins",
        Side::Saved => path + "?panel=saved",
        Side::Waiting => path + "?panel=drafts",
        Side::Search => path + "?panel=search",
    }
}

/// The channel above or below in the list; of the unread ones only, if asked for.
fn neighbour(m: &crate::state::Model, now: Option<ChannelId>, down: bool, unread: bool) -> Option<String> {
    let list = m.listed();
    let here = list.iter().position(|id| Some(*id) == now);
    let fits = |id: &&ChannelId| !unread || m.unread(**id).0;
    let start = here.map_or(0, |i| i + 1);
    let found = if down {
        list[start.min(list.len())..].iter().find(fits).or_else(|| list.iter().find(fits))
    } else {
        list[..here.unwrap_or(0)].iter().rev().find(fits).or_else(|| list.iter().rev().find(fits))
    };
    found.filter(|id| Some(**id) != now).and_then(|id| m.channels.get(id)).map(|channel| m.path_of(channel))
}
