//! One channel: its name, its messages, and the box to write in.

mod acknowledged;
mod ask;
mod bookmarks;
mod files;
pub mod formulas;
mod forward;
mod header;
mod history;
mod kept;
mod list;
mod message;
mod overlays;
mod picker;
mod previews;
pub mod rendered;
pub mod scroll;
mod seen;
mod viewer;
mod why;

use leptos::prelude::*;
use model::{ChannelId, PostId, channels::ChannelType};

pub use acknowledged::Acknowledgements;
pub use ask::{Ask, HeaderDialogs};
pub use bookmarks::Bookmarks;
pub use files::{FileCard, Files};
pub use forward::ShareDialog;
pub use header::{ChannelMenu, SearchBox};
pub use kept::Lists;
pub use list::rows_view;
pub use message::{Answered, Dress, EditForm, MessageItem, PendingItem, Tools};
pub use overlays::{Over, Overlays, PickFor, mention_pressed, use_over};
pub use picker::Picker;
pub use previews::{Preview, without};
pub use rendered::html;
pub use scroll::Scroll;

use crate::{
    chat::use_chat,
    composer::{Composer, Drop},
    later::{Later, Part},
    state::Topic,
    ui::Icon,
    words,
};

/// The column of a channel.
#[component]
pub fn ChannelColumn(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let title =
        Memo::new(move |_| chat.read(Topic::Channels, |m| m.channels.get(&id).map(|c| m.title(c)).unwrap_or_default()));
    let archived =
        Memo::new(move |_| chat.read(Topic::Channel(id), |m| m.channels.get(&id).is_some_and(|c| c.delete_at != 0)));
    let any_bookmarks =
        Memo::new(move |_| chat.read(Topic::Channel(id), |m| m.bookmarks.get(&id).is_some_and(|all| !all.is_empty())));
    let sign = chat.peek(|m| m.channels.get(&id).map(|c| c.kind));
    let placeholder = Signal::derive(move || match sign {
        Some(ChannelType::Open | ChannelType::Private) => words::list_write(&["#", &title.get()].concat()),
        _ => words::list_write(&title.get()),
    });
    let drop = Drop::new(chat);
    let place = StoredValue::new(id.to_string());
    view! {
        <main
            class="channel"
            aria-label=title
            data-drop=move || drop.over.get().then_some("")
            on:dragover=move |event| drop.hover(&event)
            on:dragleave=move |event| drop.leave(&event)
            on:drop=move |event| if !archived.get_untracked() {
                place.with_value(|place| drop.take(&event, place, id));
            }
        >
            <header::Header id title />
            {move || any_bookmarks.get().then(|| view! { <Later part=Part::Bookmarks(id) /> })}
            <kept::Place id />
            {move || if archived.get() {
                view! { <div class="composer-closed"><Icon name=Icon::Archive /><span>{words::list_archived()}</span></div> }.into_any()
            } else {
                view! { <Composer channel=id root=PostId::NONE placeholder /> }.into_any()
            }}
        </main>
    }
}
