//! Arranging the list: the menus of channels and categories, naming a category, and what is being dragged.

use leptos::{ev, prelude::*};
use model::{
    ChannelId,
    sidebar::{CUSTOM, DIRECT, FAVORITES, MANAGED},
};

use crate::{
    actions::{self, arrange},
    browser,
    chat::{Chat, use_chat},
    load,
    state::{
        Topic,
        sidebar::{ALPHA, MANUAL, RECENT, Section},
    },
    ui::{Button, ButtonKind, Dialog, Icon, Menu, MenuItem, MenuLine, MenuTitle, TextField, ToastKind, point_of},
    words,
};

/// What a menu is about.
#[derive(Clone, PartialEq)]
enum What {
    Channel(ChannelId),
    Category(String),
}

/// Which name is asked for.
#[derive(Clone, PartialEq)]
enum Naming {
    /// That of a new category, with a channel in it.
    New(Option<ChannelId>),
    /// Another one for a category.
    Again(String),
}

/// Where what is dragged would go: into a category, before a channel of it.
type Target = (String, Option<ChannelId>);

/// The way to the menus, and what is being dragged.
#[derive(Clone, Copy)]
pub struct Arrange {
    menu: RwSignal<bool>,
    what: RwSignal<Option<What>>,
    point: RwSignal<Option<(i32, i32)>>,
    naming: RwSignal<bool>,
    name: RwSignal<Naming>,
    dragged: RwSignal<Option<ChannelId>>,
    target: RwSignal<Option<Target>>,
}

impl Arrange {
    /// Whether something of it is to be opened.
    pub fn is_needed(self) -> bool {
        self.menu.get() || self.naming.get()
    }

    /// Nothing open, nothing dragged.
    pub fn new() -> Self {
        Self {
            menu: RwSignal::new(false),
            what: RwSignal::new(None),
            point: RwSignal::new(None),
            naming: RwSignal::new(false),
            name: RwSignal::new(Naming::New(None)),
            dragged: RwSignal::new(None),
            target: RwSignal::new(None),
        }
    }

    fn open(self, what: What, event: &ev::MouseEvent) {
        event.prevent_default();
        self.what.set(Some(what));
        self.point.set(Some(point_of(event)));
        self.menu.set(true);
    }

    /// Opens the menu of a channel.
    pub fn channel_menu(self, id: ChannelId, event: &ev::MouseEvent) {
        self.open(What::Channel(id), event);
    }

    /// Opens the menu of a channel where the last one was.
    pub fn channel_menu_again(self, id: ChannelId) {
        self.what.set(Some(What::Channel(id)));
        self.menu.set(true);
    }

    /// Opens the menu of a category.
    pub fn category_menu(self, id: String, event: &ev::MouseEvent) {
        self.open(What::Category(id), event);
    }

    /// Asks for the name of a new category.
    pub fn new_category(self, channel: Option<ChannelId>) {
        self.name.set(Naming::New(channel));
        self.naming.set(true);
    }

    /// A channel is taken up.
    pub fn drag(self, id: ChannelId, event: &ev::DragEvent) {
        if let Some(transfer) = event.data_transfer() {
            transfer.set_effect_allowed("move");
            let _ = transfer.set_data("text/plain", &id.to_string());
        }
        self.dragged.set(Some(id));
    }

    /// What is dragged is above a place where it may go.
    pub fn over(self, target: Target, event: &ev::DragEvent) {
        if self.dragged.get_untracked().is_none() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if self.target.with_untracked(|now| now.as_ref() != Some(&target)) {
            self.target.set(Some(target));
        }
    }

    /// It is let go there.
    pub fn drop(self, chat: Chat, event: &ev::DragEvent) {
        let (dragged, target) = (self.dragged.get_untracked(), self.target.get_untracked());
        self.end();
        if let (Some(id), Some((category, before))) = (dragged, target) {
            event.prevent_default();
            arrange::put(chat, id, &category, before);
        }
    }

    /// Nothing is dragged any more.
    pub fn end(self) {
        self.dragged.set(None);
        self.target.set(None);
    }

    /// Whether it would go here.
    pub fn is_target(self, category: &str, before: Option<ChannelId>) -> bool {
        self.target.with(|target| target.as_ref().is_some_and(|(c, b)| c == category && *b == before))
    }
}

impl Default for Arrange {
    fn default() -> Self {
        Self::new()
    }
}

/// The menus and dialogs; once per page.
#[component]
pub fn SideMenus() -> impl IntoView {
    let side = expect_context::<Arrange>();
    let title = move || match side.name.get() {
        Naming::New(_) => words::arrange_new(),
        Naming::Again(_) => words::arrange_rename_category(),
    };
    view! {
        <Menu open=side.menu label=words::arrange() point=Signal::derive(move || side.point.get())>
            {move || match side.what.get() {
                Some(What::Channel(id)) => view! { <ChannelItems id /> }.into_any(),
                Some(What::Category(id)) => view! { <CategoryItems id /> }.into_any(),
                None => ().into_any(),
            }}
        </Menu>
        <Dialog open=side.naming title=Signal::derive(move || title().to_owned())>
            <NameForm />
        </Dialog>
    }
}

/// What can be done with a channel in the list.
#[component]
fn ChannelItems(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let side = expect_context::<Arrange>();
    let leave = StoredValue::new(super::leave(chat, id));
    let (unread, muted, personal, leavable, path) = chat.peek(|m| {
        let channel = m.channels.get(&id).cloned().unwrap_or_default();
        let personal = channel.kind.is_personal();
        (
            m.unread(id).0,
            m.memberships.get(&id).is_some_and(|m| m.is_muted()),
            personal,
            !personal && channel.name != model::channels::DEFAULT,
            m.path_of(&channel),
        )
    });
    let favourite = untrack(move || arrange::is_favourite(chat, id));
    let now = chat.peek(|m| m.category_of(id)).map(|section| section.id).unwrap_or_default();
    let others: Vec<(String, String)> = chat.peek(|m| {
        let fits = |s: &Section| {
            s.id != now
                && ![FAVORITES, MANAGED].contains(&s.kind.as_str())
                && (s.kind == CUSTOM || (s.kind == DIRECT) == personal)
        };
        m.arranged().into_iter().filter(fits).map(|s| (s.id, s.title)).collect()
    });
    let movable = untrack(move || arrange::is_movable(chat, id));
    let read = Callback::new(move |()| leptos::task::spawn_local(load::view(chat, id)));
    let copy = Callback::new(move |()| {
        browser::copy(&(browser::origin() + &path));
        chat.toasts.show(ToastKind::Success, words::link_copied());
    });
    let close = Callback::new(move |()| close(chat, id));
    view! {
        {unread.then(|| view! { <MenuItem icon=Icon::Check on_choose=read>{words::arrange_mark_read()}</MenuItem> })}
        {movable.then(|| view! {
            <MenuItem icon=Icon::Star on_choose=Callback::new(move |()| arrange::toggle_favourite(chat, id))>
                {if favourite { words::arrange_no_favourite() } else { words::arrange_favourite() }}
            </MenuItem>
        })}
        <MenuItem icon=if muted { Icon::Bell } else { Icon::BellOff } on_choose=Callback::new(move |()| arrange::toggle_mute(chat, id))>
            {if muted { words::arrange_unmute() } else { words::arrange_mute() }}
        </MenuItem>
        <MenuItem icon=Icon::Link on_choose=copy>{words::copy_link()}</MenuItem>
        {movable.then(|| view! {
            <MenuLine />
            <MenuTitle>{words::arrange_move_to()}</MenuTitle>
            {others
                .into_iter()
                .map(|(category, title)| {
                    let put = Callback::new(move |()| arrange::put(chat, id, &category, None));
                    view! { <MenuItem icon=Icon::List on_choose=put>{title}</MenuItem> }
                })
                .collect_view()}
            <MenuItem icon=Icon::Plus on_choose=Callback::new(move |()| side.new_category(Some(id)))>{words::side_new_category()}</MenuItem>
        })}
        {personal.then(|| view! {
            <MenuLine />
            <MenuItem icon=Icon::Close on_choose=close>{words::arrange_close()}</MenuItem>
        })}
        {leavable.then(|| view! {
            <MenuLine />
            <MenuItem icon=Icon::LogOut danger=true on_choose=Callback::new(move |()| leave.with_value(|leave| leave()))>{words::channel_leave()}</MenuItem>
        })}
    }
}

/// Takes a conversation off the list until somebody writes in it.
fn close(chat: Chat, id: ChannelId) {
    let choice = chat.peek(|m| {
        let channel = m.channels.get(&id)?;
        Some(match channel.kind {
            model::channels::ChannelType::Direct => ("direct_channel_show", channel.teammate(m.me)?.to_string()),
            _ => ("group_channel_show", id.to_string()),
        })
    });
    if let Some((category, name)) = choice {
        actions::prefer(chat, category, name, "false");
    }
}

/// What can be done with a category.
#[component]
fn CategoryItems(id: String) -> impl IntoView {
    let chat = use_chat();
    let side = expect_context::<Arrange>();
    let (section, at, count) = chat.peek(|m| {
        let sections = m.sections();
        let at = sections.iter().position(|s| s.id == id).unwrap_or_default();
        (sections.get(at).cloned().unwrap_or_default(), at, sections.len())
    });
    let unread = chat.peek(|m| section.channels.iter().any(|id| m.unread(*id).0));
    let sorting = match (section.sorting.as_str(), section.kind.as_str()) {
        (MANUAL, _) => MANUAL,
        (RECENT, _) | ("", DIRECT) => RECENT,
        _ => ALPHA,
    };
    let id = StoredValue::new(id);
    let sort = move |by: &'static str, name: &'static str| {
        let choose = Callback::new(move |()| {
            id.with_value(|id| {
                let shown = chat.peek(|m| m.sections().into_iter().find(|s| s.id == *id).map(|s| s.channels));
                arrange::edit(chat, id, |c| {
                    by.clone_into(&mut c.sorting);
                    if let (MANUAL, Some(shown)) = (by, shown) {
                        c.channel_ids.retain(|other| !shown.contains(other));
                        c.channel_ids.splice(0..0, shown);
                    }
                });
            });
        });
        view! { <MenuItem checked=Signal::derive(move || sorting == by) on_choose=choose>{name}</MenuItem> }
    };
    let muted = section.muted;
    let mute = Callback::new(move |()| id.with_value(|id| arrange::edit(chat, id, |c| c.muted = !muted)));
    let shift = move |down: bool| Callback::new(move |()| id.with_value(|id| arrange::shift(chat, id, down)));
    let rename = Callback::new(move |()| {
        side.name.set(Naming::Again(id.get_value()));
        side.naming.set(true);
    });
    let delete = Callback::new(move |()| arrange::delete(chat, id.get_value()));
    let custom = section.kind == CUSTOM;
    let silent = section.kind != DIRECT;
    let all = section.clone();
    view! {
        {unread.then(|| view! {
            <MenuItem icon=Icon::Check on_choose=Callback::new(move |()| arrange::read_all(chat, &all))>{words::arrange_read_all()}</MenuItem>
            <MenuLine />
        })}
        <MenuTitle>{words::arrange_sort()}</MenuTitle>
        {sort(ALPHA, words::arrange_by_name())}
        {sort(RECENT, words::arrange_latest())}
        {(section.kind != MANAGED).then(|| sort(MANUAL, words::arrange_by_hand()))}
        <MenuLine />
        {silent.then(|| view! {
            <MenuItem icon=if muted { Icon::Bell } else { Icon::BellOff } on_choose=mute>
                {if muted { words::arrange_unmute_category() } else { words::arrange_mute_category() }}
            </MenuItem>
        })}
        {(section.kind != MANAGED).then(|| view! {
            <MenuItem icon=Icon::ArrowDown disabled=Signal::derive(move || at + 1 >= count) on_choose=shift(true)>{words::arrange_down()}</MenuItem>
            <MenuItem icon=Icon::ArrowUp disabled=Signal::derive(move || at == 0) on_choose=shift(false)>{words::arrange_up()}</MenuItem>
        })}
        <MenuLine />
        <MenuItem icon=Icon::Plus on_choose=Callback::new(move |()| side.new_category(None))>{words::side_new_category()}</MenuItem>
        {custom.then(|| view! {
            <MenuItem icon=Icon::Edit on_choose=rename>{words::arrange_rename_menu()}</MenuItem>
            <MenuItem icon=Icon::Trash danger=true on_choose=delete>{words::delete()}</MenuItem>
        })}
    }
}

#[component]
fn NameForm() -> impl IntoView {
    let chat = use_chat();
    let side = expect_context::<Arrange>();
    let naming = side.name.get_untracked();
    let before = match &naming {
        Naming::New(_) => String::new(),
        Naming::Again(id) => {
            chat.peek(|m| m.categories.iter().find(|c| c.id == *id).map(|c| c.display_name.clone()).unwrap_or_default())
        }
    };
    let new = matches!(naming, Naming::New(_));
    let name = RwSignal::new(before);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let title = name.get_untracked().trim().to_owned();
        if title.is_empty() {
            return;
        }
        side.naming.set(false);
        match &naming {
            Naming::New(channel) => arrange::create(chat, title, *channel),
            Naming::Again(id) => arrange::edit(chat, id, |c| c.display_name = title),
        }
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                <TextField id="category-name" label=words::name() value=name required=true autofocus=true max_length=22_u32 help=words::arrange_only_you() />
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| side.naming.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true disabled=Signal::derive(move || name.with(|n| n.trim().is_empty()))>
                    {if new { words::create() } else { words::rename() }}
                </Button>
            </footer>
        </form>
    }
}

/// The sections of the list, told when they change.
pub fn sections(chat: Chat) -> Memo<Vec<Section>> {
    Memo::new(move |_| {
        chat.track(Topic::Categories);
        chat.track(Topic::Preferences);
        chat.read(Topic::Channels, crate::state::Model::sections)
    })
}
