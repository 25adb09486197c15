//! What the browser loads after the page is alive. The client's module is split here (`xtask/src/client.rs`), so a page
//! begins with what it shows and little else.
//!
//! Whatever is reachable only from [`Part::view`] is in the second module, which every page loads at once: what goes on by
//! itself, and what hangs on messages. Whatever is reachable only from [`Opening::view`] is in the third, which is
//! loaded when it is first needed: dialogs, menus, panels. To move something there, make it a part.

use std::sync::Mutex;

use leptos::{prelude::*, reactive::computed::ScopedFuture, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{ChannelId, PostId, UserId};

use crate::{
    browser,
    channel::{
        Acknowledgements, Answered, Ask, Bookmarks, ChannelMenu, EditForm, HeaderDialogs, Overlays, PendingItem,
        Preview, ShareDialog, Tools, use_over,
    },
    chat::use_chat,
    client::Failure,
    composer::{Above, AsShown, Asked, Attached, Chips, CompletionList, Formats, Mark},
    finds::{PinsPanel, SavedPanel},
    frame::Banner,
    groups::GroupCard,
    inbox::Inbox,
    info::InfoPanel,
    integrations::{Attachments, ProgramDialog},
    manage::{Manage, Screen},
    notify::Notices,
    outbox::Outbox,
    people::{Card, SaidOf, StatusDialog},
    search::SearchPanel,
    settings::{self, Settings},
    sidebar::{Arrange, Dialogs, Dialogues, MyMenu, SideMenus, TeamMenu},
    state::Topic,
    ui::{Button, Empty, Icon, MenuOf, SkeletonList, ToastRegion, TooltipLayer},
    waiting::{Drafts, WaitingPanel},
    words,
};

/// Says of a function that its code comes with the second module: the caller waits until that is there.
///
/// An `async fn` that gives a `Result` with [`Failure`](crate::client::Failure) fails as unreachable where the module
/// cannot be loaded, any other gives its type's default. A plain `fn` is done as soon as the module is there; its first
/// argument is the [`Chat`](crate::chat::Chat), which says if it cannot be.
macro_rules! later {
    ($(#[$doc:meta])* $vis:vis async fn $name:ident($($arg:ident: $of:ty),*) -> Result<$ok:ty, Failure> $body:block) => {
        $(#[$doc])*
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split(
            later, fallible, return_wrapper(let answer = _; { answer.await } -> Result<$ok, crate::client::Failure>)
        )]
        $vis fn $name($($arg: $of),*) -> crate::later::Answer<Result<$ok, crate::client::Failure>> {
            crate::channel::rendered::install();
            Box::pin(send_wrapper::SendWrapper::new(async move $body))
        }
        $(#[$doc])*
        #[cfg(not(feature = "split"))]
        $vis async fn $name($($arg: $of),*) -> Result<$ok, crate::client::Failure> $body
    };
    ($(#[$doc:meta])* $vis:vis async fn $name:ident($($arg:ident: $of:ty),*) -> $ok:ty $body:block) => {
        $(#[$doc])*
        $vis async fn $name($($arg: $of),*) -> $ok {
            crate::later::later! {
                async fn $name($($arg: $of),*) -> Result<$ok, Failure> { Ok((async move $body).await) }
            }
            $name($($arg),*).await.unwrap_or_default()
        }
    };
    ($(#[$doc:meta])* $vis:vis async fn $name:ident($($arg:ident: $of:ty),*) $body:block) => {
        crate::later::later! { $(#[$doc])* $vis async fn $name($($arg: $of),*) -> () $body }
    };
    ($(#[$doc:meta])* $vis:vis fn $name:ident($chat:ident: Chat $(, $arg:ident: $of:ty)*) $body:block) => {
        $(#[$doc])*
        $vis fn $name($chat: Chat $(, $arg: $of)*) {
            crate::later::later! {
                async fn $name($chat: Chat $(, $arg: $of)*) -> Result<(), Failure> {
                    fn act($chat: Chat $(, $arg: $of)*) $body
                    act($chat $(, $arg)*);
                    Ok(())
                }
            }
            leptos::task::spawn_local(async move {
                if let Err(failure) = $name($chat $(, $arg)*).await {
                    $chat.complain(&failure);
                }
            });
        }
    };
}
pub(crate) use later;

/// What a function of the second module gives once it is done.
#[cfg(feature = "split")]
pub(crate) type Answer<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send>>;

/// A part of the screen that is in the second module.
#[derive(Clone, Copy)]
pub enum Part {
    /// What is at the edge of every page: notices and tips.
    Everywhere,
    /// What goes on by itself, and what waits to be opened above the chat.
    Above,
    /// What is offered while one types a name.
    Completion(Above),
    /// The files that go with the next message.
    Attached(StoredValue<Attached>, ChannelId, PostId),
    /// Ways to mark what one writes; whether one looks at what becomes of it.
    Formats(Callback<Mark>, RwSignal<bool>),
    /// What is being written, as the others will see it.
    AsShown(Signal<String>),
    /// Who has seen a message that asks for it.
    Acknowledged(PostId),
    /// What a channel keeps at hand.
    Bookmarks(ChannelId),
    /// The small bar at a message's corner; whether in a thread.
    Tools(PostId, bool),
    /// What programs attached to a message.
    Attachments(PostId),
    /// What a message links to.
    Preview(PostId),
    /// A message on its way, by its id, and whether it goes on in the group above.
    Pending(StoredValue<String>, bool),
    /// The emoji of what somebody says of themselves.
    Said(UserId),
    /// What a message among others replies to.
    Answered(PostId),
    /// What cannot be reached.
    Banner,
}

/// A part of the screen that is in the third.
#[derive(Clone, Copy)]
pub enum Opening {
    /// The dialogs that open from several places.
    Dialogs,
    /// What opens above the messages.
    Overlays,
    /// A dialog that a program opens.
    ProgramDialog,
    /// What can be done with the list of channels.
    SideMenus,
    /// The settings.
    Settings,
    /// Somebody's card.
    Card,
    /// What one says of oneself.
    StatusDialog,
    /// What another app shares.
    Share,
    /// A message's text, being changed.
    Edit(PostId),
    /// The dialogs of a channel's header.
    Header(Ask),
    /// What can be done with a channel.
    ChannelMenu(MenuOf, Ask),
    /// What is one's own.
    MyMenu(MenuOf),
    /// What can be done with the team.
    TeamMenu(MenuOf),
    /// The threads one follows, in place of a channel.
    Inbox,
    /// What a channel is about and who is in it.
    Info(ChannelId),
    /// What is pinned to a channel.
    Pins(ChannelId),
    /// What one has saved.
    Saved,
    /// What waits to be sent.
    Waiting,
    /// What one looks for.
    Search,
    /// The card of a group.
    GroupCard,
    /// The dialog of what is looked after above the chat.
    ManageDialog,
}

/// Any part of the screen that comes later.
#[derive(Clone, Copy)]
pub enum Late {
    Part(Part),
    Opening(Opening),
    /// What is looked after above the chat: groups, the team, integrations. A module of its own.
    Manage,
}

impl From<Part> for Late {
    fn from(part: Part) -> Self {
        Self::Part(part)
    }
}

impl From<Opening> for Late {
    fn from(opening: Opening) -> Self {
        Self::Opening(opening)
    }
}

impl Part {
    fn view(self) -> AnyView {
        match self {
            Self::Above => view! {
                <WaitsAbove />
                <Drafts />
                <Notices />
                <Outbox />
            }
            .into_any(),
            Self::Everywhere => view! {
                <ToastRegion />
                <TooltipLayer />
            }
            .into_any(),
            Self::Completion(of) => view! { <CompletionList of /> }.into_any(),
            Self::Attached(files, channel, root) => view! {
                {root.is_none().then(|| view! { <Asked channel /> })}
                <Chips attached=files.get_value() channel root />
            }
            .into_any(),
            Self::Formats(mark, previews) => view! { <Formats mark previews /> }.into_any(),
            Self::AsShown(text) => view! { <AsShown text /> }.into_any(),
            Self::Acknowledged(id) => view! { <Acknowledgements id /> }.into_any(),
            Self::Bookmarks(id) => view! { <Bookmarks id /> }.into_any(),
            Self::Tools(id, in_thread) => view! { <Tools id in_thread /> }.into_any(),
            Self::Attachments(id) => view! { <Attachments id /> }.into_any(),
            Self::Preview(id) => view! { <Preview id /> }.into_any(),
            Self::Pending(id, follow) => view! { <PendingItem id=id.get_value() follow /> }.into_any(),
            Self::Said(user) => view! { <SaidOf user /> }.into_any(),
            Self::Answered(id) => view! { <Answered id /> }.into_any(),
            Self::Banner => view! { <Banner /> }.into_any(),
        }
    }
}

impl Opening {
    fn view(self) -> AnyView {
        match self {
            Self::Dialogs => view! { <Dialogs /> }.into_any(),
            Self::Overlays => view! { <Overlays /> }.into_any(),
            Self::ProgramDialog => view! { <ProgramDialog /> }.into_any(),
            Self::SideMenus => view! { <SideMenus /> }.into_any(),
            Self::Settings => view! { <Settings /> }.into_any(),
            Self::Card => view! { <Card /> }.into_any(),
            Self::StatusDialog => view! { <StatusDialog /> }.into_any(),
            Self::Share => view! { <ShareDialog /> }.into_any(),
            Self::Edit(id) => view! { <EditForm id /> }.into_any(),
            Self::Header(ask) => view! { <HeaderDialogs ask /> }.into_any(),
            Self::ChannelMenu(menu, ask) => view! { <ChannelMenu menu ask /> }.into_any(),
            Self::MyMenu(menu) => view! { <MyMenu menu /> }.into_any(),
            Self::TeamMenu(menu) => view! { <TeamMenu menu /> }.into_any(),
            Self::Inbox => view! { <Inbox /> }.into_any(),
            Self::Info(id) => view! { <InfoPanel id /> }.into_any(),
            Self::Pins(id) => view! { <PinsPanel id /> }.into_any(),
            Self::Saved => view! { <SavedPanel /> }.into_any(),
            Self::Waiting => view! { <WaitingPanel /> }.into_any(),
            Self::Search => view! { <SearchPanel /> }.into_any(),
            Self::GroupCard => view! { <GroupCard /> }.into_any(),
            Self::ManageDialog => view! { <Manage /> }.into_any(),
        }
    }
}

/// When the third module is fetched at the latest, in milliseconds: what a page begins with is long there.
const IDLE: u32 = 8_000;

/// What opens above the chat, each part once it is first needed.
#[component]
fn WaitsAbove() -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let dialogues = expect_context::<Dialogues>();
    let side = expect_context::<Arrange>();
    let query = use_query_map();
    let sharing = RwSignal::new(false);
    Effect::new(move |_| {
        spawn_local(async move {
            if let Some(shared) = browser::shared().await {
                over.shared.set(shared);
                sharing.set(true);
            }
        });
    });
    // Nobody waits for it then.
    spawn_local(async move {
        browser::pause(IDLE).await;
        let _ = load_opened().await;
    });
    let program = Signal::derive(move || chat.read(Topic::Dialog, |m| m.dialog.is_some()));
    let settings = Signal::derive(move || query.with(|query| query.get("settings").is_some()));
    let managing = Signal::derive(move || query.with(|query| query.get("manage").is_some()));
    settings::follow_accent();
    view! {
        <Opened needed=Signal::derive(move || dialogues.is_needed()) part=Opening::Dialogs />
        <Opened needed=Signal::derive(move || over.is_needed()) part=Opening::Overlays />
        <Opened needed=program part=Opening::ProgramDialog />
        <Opened needed=Signal::derive(move || side.is_needed()) part=Opening::SideMenus />
        <Opened needed=settings part=Opening::Settings />
        <Opened needed=over.card part=Opening::Card />
        <Opened needed=over.group_card part=Opening::GroupCard />
        <Opened needed=managing part=Opening::ManageDialog />
        <Opened needed=dialogues.status part=Opening::StatusDialog />
        <Opened needed=sharing part=Opening::Share />
    }
}

/// Shows a part from the moment on that it is first needed.
#[component]
pub fn Opened(#[prop(into)] needed: Signal<bool>, part: Opening) -> impl IntoView {
    let was_needed = Memo::new(move |before: Option<&bool>| before == Some(&true) || needed.get());
    move || was_needed.get().then(|| view! { <Later part /> })
}

#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(later, fallible, preload(load))]
fn build(part: Part) -> Result<AnyView, Failure> {
    crate::channel::rendered::install();
    Ok(part.view())
}

#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(opened, fallible, preload(load_opened))]
fn build_opened(part: Opening) -> Result<AnyView, Failure> {
    crate::channel::rendered::install();
    Ok(part.view())
}

/// What is opened seldom.
#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(manage, fallible, preload(load_manage))]
fn build_manage() -> Result<AnyView, Failure> {
    crate::channel::rendered::install();
    Ok(view! { <Screen /> }.into_any())
}

/// Without a split everything is there already.
#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn load() -> Result<(), Failure> {
    Ok(())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn load_manage() -> Result<(), Failure> {
    Ok(())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn build_manage() -> Result<AnyView, Failure> {
    Ok(view! { <Screen /> }.into_any())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn build(part: Part) -> Result<AnyView, Failure> {
    Ok(part.view())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn load_opened() -> Result<(), Failure> {
    Ok(())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn build_opened(part: Opening) -> Result<AnyView, Failure> {
    Ok(part.view())
}

impl Late {
    /// The code and how it looks.
    async fn load(self) -> Result<(), Failure> {
        #[cfg(target_arch = "wasm32")]
        browser::later_style().await.map_err(|_| Failure::Unreachable)?;
        match self {
            Self::Part(_) => load().await?,
            Self::Opening(_) => load_opened().await?,
            Self::Manage => load_manage().await?,
        }
        Ok(())
    }

    async fn build(self) -> Result<AnyView, Failure> {
        match self {
            Self::Part(part) => build(part).await,
            Self::Opening(opening) => build_opened(opening).await,
            Self::Manage => build_manage().await,
        }
    }
}

/// How often a page tries before it says that something is missing; after that it goes on trying.
const TRIES: u32 = 3;

/// Shows a part as soon as its code is there. The server renders what is shown until then, since a page is brought to
/// life in one go.
#[component]
pub fn Later(#[prop(into)] part: Late) -> impl IntoView {
    // What came of it, to be put on the screen once.
    let built = StoredValue::new(Mutex::new(None::<AnyView>));
    let ready = RwSignal::new(false);
    let failed = RwSignal::new(false);
    Effect::new(move |_| {
        // What is built belongs to this place: it finds its context and goes with it.
        spawn_local(ScopedFuture::new_untracked(async move {
            let mut tries = 0;
            while part.load().await.is_err() {
                tries += 1;
                if failed.try_set(tries >= TRIES).is_some() {
                    return;
                }
                browser::pause(1_000 << tries.min(5)).await;
            }
            if ready.is_disposed() {
                return;
            }
            if let Ok(view) = part.build().await {
                built.try_update_value(|slot| *slot = Mutex::new(Some(view)));
                ready.try_set(true);
            }
        }));
    });
    move || {
        if ready.get() {
            built.try_update_value(|slot| slot.get_mut().ok().and_then(Option::take)).flatten()
        } else {
            Some(waiting(part, failed))
        }
    }
}

/// What is shown until the part is there.
fn waiting(part: Late, failed: RwSignal<bool>) -> AnyView {
    let inside = move || {
        if failed.get() {
            view! {
                <Empty icon=Icon::Offline title=words::later_failed() text=words::later_failed_text()>
                    <Button on:click=move |_| browser::reload()>{words::later_anew()}</Button>
                </Empty>
            }
            .into_any()
        } else {
            view! { <SkeletonList label=words::loading() /> }.into_any()
        }
    };
    match part {
        Late::Part(Part::Bookmarks(_)) => view! { <div class="bookmarks"></div> }.into_any(),
        Late::Manage => view! { <div class="settings-main">{inside}</div> }.into_any(),
        Late::Opening(Opening::Inbox) => {
            view! { <main class="channel" aria-label=words::inbox_title()>{inside}</main> }.into_any()
        }
        Late::Opening(Opening::Info(_) | Opening::Pins(_) | Opening::Saved | Opening::Waiting | Opening::Search) => {
            view! { <aside class="panel" aria-label=words::later_beside()>{inside}</aside> }.into_any()
        }
        _ => ().into_any(),
    }
}
