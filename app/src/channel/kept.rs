//! Lists of messages that were on the screen a moment ago stay as they were drawn: whoever goes back to a channel is shown
//! its list again, with what has come since, instead of waiting until all of it is built anew.

use std::{collections::VecDeque, time::Duration};

use leptos::{
    html,
    prelude::*,
    reactive::owner::{LocalStorage, Owner, WeakOwner},
    tachys::view::any_view::AnyViewState,
};
use model::{ChannelId, TeamId};
use web_sys::Element;

use super::{
    list::{Messages, lines},
    scroll::Scroll,
};
use crate::chat::{Chat, use_chat};

/// How many lists are kept, that on the screen among them.
const KEPT: usize = 5;
/// How long a list is off the screen before it lets go of lines that it would not begin with.
const REST: Duration = Duration::from_millis(600);

/// The lists that are kept; from the context.
#[derive(Clone, Copy)]
pub struct Lists {
    /// What they belong to: they outlive the column that shows them.
    page: StoredValue<WeakOwner>,
    /// Only in the browser, whose elements they hold.
    kept: StoredValue<Option<StoredValue<Kept, LocalStorage>>>,
}

#[derive(Default)]
struct Kept {
    /// The one that was shown last is the last.
    lists: VecDeque<List>,
    shown: Option<ChannelId>,
}

struct List {
    channel: ChannelId,
    /// Links lead into the team that was open.
    team: TeamId,
    scroll: Scroll,
    /// Goes before its owner does.
    view: AnyViewState,
    _owner: Owner,
}

impl Default for Lists {
    /// None yet; they will belong to what calls this.
    fn default() -> Self {
        let page = Owner::current().unwrap_or_default().downgrade();
        Self { page: StoredValue::new(page), kept: StoredValue::new(None) }
    }
}

impl Lists {
    /// Shows a channel's list in a place.
    fn show(self, chat: Chat, id: ChannelId, place: &Element) {
        let Some(page) = self.page.with_value(WeakOwner::upgrade) else { return };
        let kept = self.kept.get_value().unwrap_or_else(|| {
            let kept = page.with(|| StoredValue::new_local(Kept::default()));
            self.kept.set_value(Some(kept));
            kept
        });
        let team = chat.peek(|m| m.team);
        let found = kept.try_update_value(|kept| {
            kept.shown = Some(id);
            let at = kept.lists.iter().position(|list| list.channel == id)?;
            kept.lists.remove(at)
        });
        let found = found.flatten().filter(|list| list.team == team);
        let mut list = found.unwrap_or_else(|| List::new(chat, id, team, &page));
        list.view.mount(place, None);
        let scroll = list.scroll;
        kept.update_value(|kept| kept.lists.push_back(list));
        scroll.open(chat);
    }

    /// Takes a channel's list off the screen.
    fn hide(self, chat: Chat, id: ChannelId) {
        let Some(kept) = self.kept.try_get_value().flatten() else { return };
        // Whoever comes back comes for something else.
        let here = |post| chat.peek(|m| m.posts.get(&post).is_some_and(|post| post.channel_id == id));
        if chat.target.try_get_untracked().flatten().is_some_and(here) {
            chat.target.set(None);
        }
        kept.try_update_value(|kept| {
            kept.shown = kept.shown.filter(|shown| *shown != id);
            if let Some(list) = kept.lists.iter_mut().find(|list| list.channel == id) {
                list.view.unmount();
            }
        });
        set_timeout(
            move || {
                // What goes takes its effects along, which may look at others.
                let mut gone = Vec::new();
                let resting = kept.try_update_value(|kept| {
                    let more = kept.lists.len().saturating_sub(KEPT);
                    gone.extend(kept.lists.drain(..more));
                    let list = kept.lists.iter().find(|list| list.channel == id && kept.shown != Some(id));
                    list.map(|list| list.scroll)
                });
                if let Some(scroll) = resting.flatten() {
                    scroll.rest();
                }
            },
            REST,
        );
    }
}

impl List {
    fn new(chat: Chat, channel: ChannelId, team: TeamId, page: &Owner) -> Self {
        let owner = page.child();
        let (scroll, view) = owner.with(|| {
            let (scroll, view) = list(chat, channel);
            (scroll, view.build())
        });
        Self { channel, team, scroll, view, _owner: owner }
    }
}

/// A channel's list, and where it stands.
fn list(chat: Chat, id: ChannelId) -> (Scroll, AnyView) {
    let (scroll, rows) = lines(chat, id);
    (scroll, view! { <Messages id scroll rows /> }.into_any())
}

/// Where a channel's list is shown.
#[component]
pub fn Place(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let lists = expect_context::<Lists>();
    let place = NodeRef::<html::Div>::new();
    // What comes with the page is a part of it.
    let first = (!chat.zoned.get_untracked()).then(|| list(chat, id).1);
    if first.is_none() {
        Effect::new(move |_| {
            if let Some(place) = place.get() {
                lists.show(chat, id, &place);
            }
        });
        on_cleanup(move || lists.hide(chat, id));
    }
    view! { <div class="messages-place" node_ref=place>{first}</div> }
}
