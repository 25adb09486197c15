//! What opens above the messages, once for all of them: the menu of a message, the emoji picker, the question before
//! something is deleted.

use std::{collections::HashMap, ops::Deref};

use leptos::{ev::MouseEvent, prelude::*};
use model::{AnyId, ChannelId, PostId, UserId, files::FileInfo};
use wasm_bindgen::JsCast;

use super::{forward::ForwardDialog, picker::Picker, viewer::Viewer};
use crate::{
    actions, browser,
    chat::use_chat,
    composer::PriorityCard,
    held::Held,
    state::Topic,
    ui::{Button, ButtonKind, Dialog, Icon, Menu, MenuItem, MenuLine, Popover, ToastKind, point_of},
    waiting::{When, WhenDialog},
    words,
};

/// What an emoji is picked for.
#[derive(Clone, Copy)]
pub enum PickFor {
    /// To react to a post.
    React(PostId),
    /// To be written; gets its name.
    Write(Callback<String>),
}

/// The way to open them.
#[derive(Clone, Copy)]
pub struct Over(Held<Handles>);

/// What an [`Over`] holds.
#[derive(Clone, Copy)]
pub struct Handles {
    hovered: RwSignal<Option<PostId>>,
    /// Previews that were folded or unfolded, and what was usual then.
    pub(super) folded: RwSignal<HashMap<PostId, (bool, bool)>>,
    is_hovered: StoredValue<Selector<Option<PostId>>>,
    menu: RwSignal<bool>,
    menu_for: RwSignal<Option<PostId>>,
    picker: RwSignal<bool>,
    pick_for: RwSignal<Option<PickFor>>,
    point: RwSignal<Option<(i32, i32)>>,
    deleting: RwSignal<bool>,
    delete: RwSignal<Option<PostId>>,
    history: RwSignal<bool>,
    history_of: RwSignal<Option<PostId>>,
    why: RwSignal<bool>,
    why_of: RwSignal<Option<PostId>>,
    seen: RwSignal<bool>,
    seen_of: RwSignal<Option<PostId>>,
    viewing: RwSignal<bool>,
    pictures: RwSignal<Vec<FileInfo>>,
    picture_at: RwSignal<usize>,
    asking_when: RwSignal<bool>,
    when: RwSignal<Option<When>>,
    forwarding: RwSignal<bool>,
    forward: RwSignal<Option<PostId>>,
    asking_priority: RwSignal<bool>,
    priority_of: RwSignal<ChannelId>,
    /// What another app shares.
    pub shared: RwSignal<browser::Shared>,
    /// Whether somebody's card shows.
    pub card: RwSignal<bool>,
    person: RwSignal<Option<UserId>>,
    /// Whether a group's card shows.
    pub group_card: RwSignal<bool>,
    group: RwSignal<Option<AnyId>>,
}

impl Deref for Over {
    type Target = Handles;

    fn deref(&self) -> &Handles {
        &self.0
    }
}

/// The way to open what opens above the messages.
pub fn use_over() -> Over {
    expect_context::<Over>()
}

impl Over {
    /// Nothing open.
    pub fn new() -> Self {
        let hovered = RwSignal::new(None);
        Self(Held::new(Handles {
            hovered,
            folded: RwSignal::new(HashMap::new()),
            is_hovered: StoredValue::new(Selector::new(move || hovered.get())),
            menu: RwSignal::new(false),
            menu_for: RwSignal::new(None),
            picker: RwSignal::new(false),
            pick_for: RwSignal::new(None),
            point: RwSignal::new(None),
            deleting: RwSignal::new(false),
            delete: RwSignal::new(None),
            history: RwSignal::new(false),
            history_of: RwSignal::new(None),
            why: RwSignal::new(false),
            why_of: RwSignal::new(None),
            seen: RwSignal::new(false),
            seen_of: RwSignal::new(None),
            viewing: RwSignal::new(false),
            pictures: RwSignal::new(Vec::new()),
            picture_at: RwSignal::new(0),
            asking_when: RwSignal::new(false),
            when: RwSignal::new(None),
            forwarding: RwSignal::new(false),
            forward: RwSignal::new(None),
            asking_priority: RwSignal::new(false),
            priority_of: RwSignal::new(ChannelId::default()),
            shared: RwSignal::new(browser::Shared::default()),
            card: RwSignal::new(false),
            person: RwSignal::new(None),
            group_card: RwSignal::new(false),
            group: RwSignal::new(None),
        }))
    }

    /// Whether something is to be opened, cards of people aside.
    pub fn is_needed(self) -> bool {
        let opened = [
            self.menu,
            self.picker,
            self.deleting,
            self.history,
            self.why,
            self.seen,
            self.viewing,
            self.asking_when,
            self.forwarding,
            self.asking_priority,
        ];
        opened.iter().any(Get::get)
    }

    /// The mouse or the keyboard is at this message.
    pub fn hover(self, id: PostId) {
        if self.hovered.get_untracked() != Some(id) && !self.menu.get_untracked() && !self.picker.get_untracked() {
            self.hovered.set(Some(id));
        }
    }

    /// Whether this message shows its bar.
    pub fn hovered(self, id: PostId) -> bool {
        self.is_hovered.with_value(|selector| selector.selected(&Some(id)))
    }

    /// Opens the menu of a message.
    pub fn menu_at(self, id: PostId, event: &MouseEvent) {
        self.menu_for.set(Some(id));
        self.point.set(Some(point_of(event)));
        self.menu.set(true);
    }

    /// Opens the emoji picker where something was pressed.
    pub fn pick_at(self, what: PickFor, event: &MouseEvent) {
        self.point.set(Some(point_of(event)));
        self.pick(what);
    }

    /// Opens the emoji picker in the place of what is open.
    fn pick(self, what: PickFor) {
        self.pick_for.set(Some(what));
        self.picker.set(true);
    }

    /// Shows what a post said before.
    pub fn show_history(self, id: PostId) {
        self.history_of.set(Some(id));
        self.history.set(true);
    }

    /// Shows who has read a post.
    pub fn show_seen(self, id: PostId) {
        self.seen_of.set(Some(id));
        self.seen.set(true);
    }

    /// Shows why one is notified of a post, or not.
    pub fn show_why(self, id: PostId) {
        self.why_of.set(Some(id));
        self.why.set(true);
    }

    /// Shows pictures and texts large, beginning with one of them.
    pub fn view_files(self, pictures: Vec<FileInfo>, at: usize) {
        self.pictures.set(pictures);
        self.picture_at.set(at);
        self.viewing.set(true);
    }

    /// Asks for a time.
    pub fn ask_when(self, what: When) {
        self.when.set(Some(what));
        self.asking_when.set(true);
    }

    /// Asks where a message is to be sent on to.
    pub fn ask_where(self, id: PostId) {
        self.forward.set(Some(id));
        self.forwarding.set(true);
    }

    /// Asks how much the next message of a channel is to be seen.
    pub fn ask_priority(self, channel: ChannelId, event: &MouseEvent) {
        self.priority_of.set(channel);
        self.point.set(Some(point_of(event)));
        self.asking_priority.set(true);
    }

    /// Shows who somebody is, unless the press was meant for the browser, as with Ctrl.
    pub fn card_at(self, user: UserId, event: &MouseEvent) {
        if event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        self.person.set(Some(user));
        self.point_under(event);
        self.card.set(true);
    }

    /// Shows who is in a group.
    fn group_at(self, group: AnyId, event: &MouseEvent) {
        self.group.set(Some(group));
        self.point_under(event);
        self.group_card.set(true);
    }

    /// What opens next opens below what was pressed, which stays in sight.
    fn point_under(self, event: &MouseEvent) {
        let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let under = element.map(|element| element.get_bounding_client_rect());
        let under = under.map(|rect| (rect.left() as i32, rect.bottom() as i32 + 4));
        self.point.set(Some(under.unwrap_or((event.client_x(), event.client_y()))));
    }

    /// Of which group the card is.
    pub fn group_of(self) -> Option<AnyId> {
        self.group.get()
    }

    /// Of whom the card is.
    pub fn card_of(self) -> Option<UserId> {
        self.person.get()
    }

    /// Where it opens.
    pub fn card_point(self) -> Option<(i32, i32)> {
        self.point.get()
    }

    /// Asks before a post is deleted.
    pub fn confirm_delete(self, id: PostId) {
        self.delete.set(Some(id));
        self.deleting.set(true);
    }
}

impl Default for Over {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows who is mentioned, where a mention was pressed.
pub fn mention_pressed(over: Over, event: &MouseEvent) {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
    let Ok(Some(mention)) = element.closest("[data-user], [data-group]") else { return };
    if let Some(user) = mention.get_attribute("data-user").and_then(|id| id.parse().ok()) {
        over.card_at(user, event);
    } else if let Some(group) = mention.get_attribute("data-group").and_then(|id| id.parse().ok()) {
        over.group_at(group, event);
    }
}

/// Once per page.
#[component]
pub fn Overlays() -> impl IntoView {
    let over = use_over();
    let chat = use_chat();
    let point = Signal::derive(move || over.point.get());
    let pick = Callback::new(move |name: String| {
        over.picker.set(false);
        match over.pick_for.get_untracked() {
            Some(PickFor::React(id)) => actions::toggle_reaction(chat, id, name),
            // Where it was opened for may be gone.
            Some(PickFor::Write(write)) => drop(write.try_run(name)),
            None => {}
        }
    });
    let delete = move |_| {
        over.deleting.set(false);
        if let Some(id) = over.delete.get_untracked() {
            actions::delete(chat, id);
        }
    };
    let picture_name = Signal::derive(move || {
        over.pictures.with(|all| all.get(over.picture_at.get()).map(|file| file.name.clone()).unwrap_or_default())
    });
    view! {
        <Menu open=over.menu label=words::message_actions() point>
            {move || over.menu_for.get().map(|id| view! { <Items id /> })}
        </Menu>
        <Popover open=over.picker label=words::composer_emoji() class="emoji-picker" point first="input">
            <Picker pick />
        </Popover>
        <Dialog open=over.history title=words::message_earlier() wide=true>
            {move || over.history_of.get().map(|id| view! { <super::history::Versions id /> })}
        </Dialog>
        <Dialog open=over.why title=words::why_ask()>
            {move || over.why_of.get().map(|id| view! { <super::why::Why id /> })}
        </Dialog>
        <Dialog open=over.seen title=words::seen_title()>
            {move || over.seen_of.get().filter(|_| over.seen.get()).map(|id| view! { <super::seen::SeenByList id /> })}
        </Dialog>
        <Dialog open=over.viewing title=picture_name wide=true class="viewer-dialog">
            <Viewer files=over.pictures at=over.picture_at />
        </Dialog>
        <ForwardDialog open=over.forwarding of=over.forward />
        <PriorityCard open=over.asking_priority channel=over.priority_of point />
        <WhenDialog open=over.asking_when what=over.when />
        <Dialog open=over.deleting title=words::message_delete_ask()>
            <div class="dialog-body"><p>{words::message_delete_text()}</p></div>
            <footer class="dialog-foot">
                <Button on:click=move |_| over.deleting.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Danger on:click=delete>{words::delete()}</Button>
            </footer>
        </Dialog>
    }
}

/// What can be done with a message.
#[component]
fn Items(id: PostId) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let here = crate::frame::use_here();
    let go = crate::frame::go_to();
    let post = chat.peek(|m| m.posts.get(&id).cloned()).unwrap_or_default();
    let (own, admin) = chat.peek(|m| (post.user_id == m.me, m.is_admin()));
    let pinned = move || chat.read(Topic::Post(id), |m| m.posts.get(&id).is_some_and(|p| p.is_pinned));
    let root = post.root_id.some().unwrap_or(id);
    let is_root = post.root_id.is_none();
    let text = post.source().to_owned();
    let following =
        move || chat.read(Topic::Post(root), |m| m.posts.get(&root).and_then(|p| p.is_following) == Some(true));
    let follow = Callback::new(move |()| actions::follow(chat, root, !untrack(following)));
    let react = Callback::new(move |()| over.pick(PickFor::React(id)));
    let reply = Callback::new(move |()| {
        go(&crate::frame::with_thread(here, chat, root), false);
    });
    let copy = Callback::new(move |()| {
        browser::copy(&text);
        chat.toasts.show(ToastKind::Success, words::message_copied());
    });
    view! {
        <MenuItem icon=Icon::SmilePlus on_choose=react>{words::message_react()}</MenuItem>
        <MenuItem icon=Icon::Reply on_choose=reply>{words::message_reply()}</MenuItem>
        <MenuItem icon=Icon::Bell on_choose=follow>
            {move || if following() { words::message_unfollow() } else { words::message_follow() }}
        </MenuItem>
        {is_root.then(|| view! {
            <MenuItem icon=Icon::Eye on_choose=Callback::new(move |()| actions::mark_unread(chat, id))>{words::message_mark_unread()}</MenuItem>
        })}
        <MenuItem icon=Icon::Bookmark on_choose=Callback::new(move |()| actions::toggle_saved(chat, id))>
            {if chat.peek(|m| m.is_saved(id)) { words::message_unsave() } else { words::message_save() }}
        </MenuItem>
        <MenuItem icon=Icon::Clock on_choose=Callback::new(move |()| over.ask_when(When::Remind(id)))>{words::message_remind()}</MenuItem>
        <MenuItem icon=Icon::Forward on_choose=Callback::new(move |()| over.ask_where(id))>{words::forward_menu()}</MenuItem>
        <MenuItem icon=Icon::Pin on_choose=Callback::new(move |()| actions::toggle_pin(chat, id))>
            {move || if pinned() { words::message_unpin() } else { words::message_pin() }}
        </MenuItem>
        <MenuItem icon=Icon::Info on_choose=Callback::new(move |()| over.show_why(id))>{words::why_ask()}</MenuItem>
        {chat.peek(super::seen::is_offered).then(|| view! {
            <MenuItem icon=Icon::Eye on_choose=Callback::new(move |()| over.show_seen(id))>{words::seen_menu()}</MenuItem>
        })}
        <MenuLine />
        <MenuItem icon=Icon::Link on_choose=Callback::new(move |()| actions::copy_link(chat, id))>{words::copy_link()}</MenuItem>
        <MenuItem icon=Icon::Copy on_choose=copy>{words::message_copy_text()}</MenuItem>
        {own.then(|| view! {
            <MenuItem icon=Icon::Edit on_choose=Callback::new(move |()| chat.editing.set(Some(id)))>{words::message_edit()}</MenuItem>
        })}
        {(own || admin).then(|| view! {
            <MenuItem icon=Icon::Trash danger=true on_choose=Callback::new(move |()| over.confirm_delete(id))>{words::delete()}</MenuItem>
        })}
    }
}
