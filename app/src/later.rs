//! What the browser loads after the page is alive: dialogs, menus above the messages, panels. The client's module is
//! split here (`xtask/src/client.rs`), so a page begins with what it shows and little else.
//!
//! Whatever is reachable only from [`Part::view`] is in the second module. To move something there, make it a part.

use std::sync::Mutex;

use leptos::{prelude::*, reactive::computed::ScopedFuture, task::spawn_local};
use model::{ChannelId, PostId, UserId};

use crate::{
    browser,
    channel::{
        Acknowledgements, Ask, Bookmarks, ChannelMenu, EditForm, HeaderDialogs, Overlays, PendingItem, Preview, Tools,
    },
    client::Failure,
    composer::{Above, Asked, Attached, Chips, CompletionList},
    finds::{PinsPanel, SavedPanel},
    groups::GroupCard,
    inbox::Inbox,
    info::InfoPanel,
    integrations::{Attachments, ProgramDialog},
    manage::{Manage, Screen},
    notify::Notices,
    outbox::Outbox,
    people::{Card, SaidOf, StatusDialog},
    search::SearchPanel,
    settings::Settings,
    sidebar::{Dialogs, MyMenu, SideMenus, TeamMenu},
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

/// A part of the screen that comes later.
#[derive(Clone, Copy)]
pub enum Part {
    /// What is at the edge of every page: notices and tips.
    Everywhere,
    /// All that opens above the chat: dialogs, menus of messages and channels, the emoji picker.
    Above,
    /// What is offered while one types a name.
    Completion(Above),
    /// The files that go with the next message.
    Attached(StoredValue<Attached>, ChannelId, PostId),
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
    /// A message on its way, by its id, and whether it goes on in the group above.
    Pending(StoredValue<String>, bool),
    /// The emoji of what somebody says of themselves.
    Said(UserId),
    /// What is looked after above the chat: groups, the team, integrations. A module of its own.
    Manage,
}

impl Part {
    fn view(self) -> AnyView {
        match self {
            Self::Above => view! {
                <Dialogs />
                <Overlays />
                <ProgramDialog />
                <SideMenus />
                <Drafts />
                <Settings />
                <Manage />
                <Notices />
                <Card />
                <GroupCard />
                <Outbox />
                <StatusDialog />
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
            Self::Acknowledged(id) => view! { <Acknowledgements id /> }.into_any(),
            Self::Bookmarks(id) => view! { <Bookmarks id /> }.into_any(),
            Self::Tools(id, in_thread) => view! { <Tools id in_thread /> }.into_any(),
            Self::Attachments(id) => view! { <Attachments id /> }.into_any(),
            Self::Preview(id) => view! { <Preview id /> }.into_any(),
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
            Self::Pending(id, follow) => view! { <PendingItem id=id.get_value() follow /> }.into_any(),
            Self::Said(user) => view! { <SaidOf user /> }.into_any(),
            Self::Manage => ().into_any(),
        }
    }
}

#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(later, fallible, preload(load))]
fn build(part: Part) -> Result<AnyView, Failure> {
    crate::channel::rendered::install();
    Ok(part.view())
}

/// What is opened seldom: a third module.
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
async fn build(part: Part) -> Result<AnyView, Failure> {
    Ok(part.view())
}

#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "as with a split")]
async fn build_manage() -> Result<AnyView, Failure> {
    Ok(view! { <Screen /> }.into_any())
}

/// Loads the module that a part is in.
async fn fetch(part: Part) -> bool {
    if matches!(part, Part::Manage) { load_manage().await.is_ok() } else { load().await.is_ok() }
}

async fn view_of(part: Part) -> Option<AnyView> {
    if matches!(part, Part::Manage) { build_manage().await.ok() } else { build(part).await.ok() }
}

/// How often a page tries before it says that something is missing; after that it goes on trying.
const TRIES: u32 = 3;

/// Shows a part as soon as its code is there. The server renders what is shown until then, since a page is brought to
/// life in one go.
#[component]
pub fn Later(part: Part) -> impl IntoView {
    // What came of it, to be put on the screen once.
    let built = StoredValue::new(Mutex::new(None::<AnyView>));
    let ready = RwSignal::new(false);
    let failed = RwSignal::new(false);
    Effect::new(move |_| {
        // What is built belongs to this place: it finds its context and goes with it.
        spawn_local(ScopedFuture::new_untracked(async move {
            let mut tries = 0;
            while !fetch(part).await {
                tries += 1;
                if failed.try_set(tries >= TRIES).is_some() {
                    return;
                }
                browser::pause(1_000 << tries.min(5)).await;
            }
            if ready.is_disposed() {
                return;
            }
            if let Some(view) = view_of(part).await {
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
fn waiting(part: Part, failed: RwSignal<bool>) -> AnyView {
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
        Part::Bookmarks(_) => view! { <div class="bookmarks"></div> }.into_any(),
        Part::Manage => view! { <div class="settings-main">{inside}</div> }.into_any(),
        Part::Inbox => view! { <main class="channel" aria-label=words::inbox_title()>{inside}</main> }.into_any(),
        Part::Info(_) | Part::Pins(_) | Part::Saved | Part::Waiting | Part::Search => {
            view! { <aside class="panel" aria-label=words::later_beside()>{inside}</aside> }.into_any()
        }
        _ => ().into_any(),
    }
}
