//! Where one can go: teams, channels, people; and what belongs to oneself.

mod arrange;
mod browse;
mod create;
mod direct;
mod help;
mod list;
mod me;
mod picture;
mod switcher;

use leptos::{prelude::*, task::spawn_local};
use model::TeamId;

pub use arrange::{Arrange, SideMenus};
pub use direct::ChoosePeople;
pub use list::{ChannelIcon, presence_of};
pub use me::MyMenu;
pub use switcher::rank;

use crate::{
    actions, browser,
    chat::use_chat,
    frame::{Side, go_to, use_here},
    groups, integrations,
    later::{Opened, Opening},
    load,
    manage::{self, Room},
    place::Place,
    sorted::sort_by,
    state::{Model, Topic},
    team,
    ui::{Avatar, Icon, IconButton, Menu, MenuItem, MenuLine, MenuOf},
    words,
};
use arrange::sections;
use list::Category;

/// The dialogs that open from several places.
#[derive(Clone, Copy)]
pub struct Dialogues {
    pub switcher: RwSignal<bool>,
    pub browse: RwSignal<bool>,
    pub create: RwSignal<bool>,
    pub direct: RwSignal<bool>,
    pub help: RwSignal<bool>,
    pub picture: RwSignal<bool>,
    pub status: RwSignal<bool>,
}

impl Default for Dialogues {
    fn default() -> Self {
        let closed = || RwSignal::new(false);
        Self {
            switcher: closed(),
            browse: closed(),
            create: closed(),
            direct: closed(),
            help: closed(),
            picture: closed(),
            status: closed(),
        }
    }
}

impl Dialogues {
    /// Whether one of them is to be opened, that of the status aside.
    pub fn is_needed(self) -> bool {
        [self.switcher, self.browse, self.create, self.direct, self.help, self.picture].iter().any(Get::get)
    }

    /// Whether one of them is open.
    pub fn any(self) -> bool {
        [self.switcher, self.browse, self.create, self.direct, self.help, self.picture, self.status]
            .iter()
            .any(|open| open.get_untracked())
    }
}

/// All of them; once per page.
#[component]
pub fn Dialogs() -> impl IntoView {
    view! {
        <switcher::Switcher />
        <browse::BrowseDialog />
        <create::CreateDialog />
        <direct::DirectDialog />
        <help::HelpDialog />
        <picture::PictureDialog />
    }
}

/// The dark edge with one's teams.
#[component]
pub fn Rail() -> impl IntoView {
    let chat = use_chat();
    let teams = move || {
        chat.read(Topic::Teams, |m| {
            let mut teams: Vec<_> = m.teams.values().map(|t| (t.id, t.name.clone(), t.display_name.clone())).collect();
            sort_by(&mut teams, |(id, _, title)| (title.to_lowercase(), *id));
            teams
        })
    };
    view! {
        <nav class="rail" aria-label=words::side_teams()>
            <ul class="rail-list">
                <For each=teams key=Clone::clone let:team>
                    <TeamRow id=team.0 name=team.1 title=team.2 />
                </For>
            </ul>
            <a class="rail-btn" href="/select_team" rel="external" aria-label=words::side_add_team() data-tip=words::side_add_team()><Icon name=Icon::Plus /></a>
        </nav>
    }
}

#[component]
fn TeamRow(id: TeamId, name: String, title: String) -> impl IntoView {
    let chat = use_chat();
    let state = Memo::new(move |_| chat.read(Topic::Teams, |m| (m.team == id, m.unread_in_team(id))));
    let current = move || chat.read(Topic::Channels, |m| m.team == id);
    let label = {
        let title = title.clone();
        move || match state.get().1 {
            (_, mentions) if mentions > 0 => words::side_team_mentions(mentions, &title),
            (true, _) => words::side_team_unread(&title),
            _ => title.clone(),
        }
    };
    view! {
        <li>
            <a
                class="rail-team"
                href=format!("/{name}")
                aria-current=move || current().then_some("page")
                aria-label=label
                data-tip=title.clone()
                data-unread=move || state.get().1.0.then_some("")
            >
                <Avatar id=id.to_string() name=title.clone() square=true picture=chat.team_face(id) />
                {move || match state.get().1.1 {
                    0 => None,
                    mentions => Some(view! { <span class="pill pill-mention">{mentions}</span> }),
                }}
            </a>
        </li>
    }
}

/// The list of channels and people of the team, with one's own name at the foot.
#[component]
pub fn Sidebar() -> impl IntoView {
    let chat = use_chat();
    let dialogues = expect_context::<Dialogues>();
    let team =
        move || chat.read(Topic::Teams, |m| m.current_team().map(|t| t.display_name.clone()).unwrap_or_default());
    let direct = move |_| dialogues.direct.set(true);
    let sections = sections(chat);
    let ids = move || sections.with(|all| all.iter().map(|s| s.id.clone()).collect::<Vec<_>>());
    let flat = Memo::new(move |_| {
        chat.track(Topic::Allowed);
        chat.read(Topic::Preferences, crate::state::Model::is_flat)
    });
    view! {
        <nav class="sidebar" aria-label=move || words::side_channels_of(&team())>
            <header class="sidebar-head">
                <TeamName />
                <IconButton icon=Icon::Compose label=words::side_new_message() on:click=direct />
            </header>
            <button type="button" class="quick-switch" on:click=move |_| dialogues.switcher.set(true)>
                <Icon name=Icon::Search />
                <span>{words::side_find()}</span>
                <kbd class="kbd">{move || if chat.zoned.get() { browser::keys("Ctrl K") } else { "Ctrl K".to_owned() }}</kbd>
            </button>
            <div class="sidebar-scroll">
                <ul class="side-list">
                    {move || (!flat.get()).then(|| view! { <li><ThreadsRow /></li> })}
                    <li><SavedRow /></li>
                    <WaitingRow />
                </ul>
                <For each=ids key=Clone::clone let:id>
                    <Category id sections />
                </For>
            </div>
            <me::Foot />
        </nav>
    }
}

/// The way to the threads one follows.
#[component]
fn ThreadsRow() -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let href = move || chat.read(Topic::Teams, crate::state::Model::path_of_threads);
    let news = Memo::new(move |_| chat.read(Topic::Inbox, crate::state::Model::thread_news));
    view! {
        <a
            class="side-row"
            href=href
            aria-current=move || (here.place.get() == Place::Threads).then_some("page")
            data-unread=move || (news.get().0 > 0).then_some("")
        >
            <span class="side-icon"><Icon name=Icon::Threads /></span>
            <span class="side-name">{words::inbox_title()}</span>
            {move || match news.get() {
                (_, n) if n > 0 => Some(view! { <span class="pill pill-mention" role="img" aria-label=words::inbox_mentions(n)>{n}</span> }.into_any()),
                (n, _) if n > 0 => Some(view! { <span class="pill" role="img" aria-label=words::side_unread(n)>{n}</span> }.into_any()),
                _ => None,
            }}
        </a>
    }
}

/// The way to what one has saved.
#[component]
fn SavedRow() -> impl IntoView {
    let here = use_here();
    let is_open = move || here.side.get() == Side::Saved;
    view! {
        <a class="side-row" href="?panel=saved" aria-current=move || is_open().then_some("true")>
            <span class="side-icon"><Icon name=Icon::Bookmark /></span>
            <span class="side-name">{words::finds_saved()}</span>
        </a>
    }
}

/// The way to what waits to be sent, where there is something.
#[component]
fn WaitingRow() -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let is_open = move || here.side.get() == Side::Waiting;
    let waiting = Memo::new(move |_| chat.read(Topic::Drafts, crate::state::Model::waiting));
    view! {
        {move || (waiting.get() > 0 || is_open()).then(|| view! {
            <li>
                <a class="side-row" href="?panel=drafts" aria-current=move || is_open().then_some("true")>
                    <span class="side-icon"><Icon name=Icon::Edit /></span>
                    <span class="side-name">{words::waiting_drafts()}</span>
                    <span class="side-count">{waiting}</span>
                </a>
            </li>
        })}
    }
}

/// The team's name, which opens the menu of what can be done with the team.
#[component]
fn TeamName() -> impl IntoView {
    let chat = use_chat();
    let menu = MenuOf::default();
    let name =
        move || chat.read(Topic::Teams, |m| m.current_team().map(|t| t.display_name.clone()).unwrap_or_default());
    view! {
        <div class="menu-anchor" node_ref=menu.anchor>
            <button
                type="button"
                class="team-switch"
                aria-haspopup="menu"
                aria-expanded=move || menu.expanded()
                on:click=move |_| menu.toggle()
            >
                <span class="team-name" dir="auto">{name}</span>
                <Icon name=Icon::ChevronDown />
            </button>
            <Opened needed=menu.open part=Opening::TeamMenu(menu) />
        </div>
    }
}

/// What can be done with the team.
#[component]
pub fn TeamMenu(menu: MenuOf) -> impl IntoView {
    let chat = use_chat();
    let dialogues = expect_context::<Dialogues>();
    let side = expect_context::<Arrange>();
    let may = move |what: fn(&Model) -> bool| move || chat.read(Topic::Allowed, what);
    let opener = manage::opener();
    let opens = move |room: Room, page: &'static str| {
        let open = opener.clone();
        Callback::new(move |()| open(room, page))
    };
    let (invite, members, settings, groups, integrations, leave) = (
        opens(Room::Team, "invite"),
        opens(Room::Team, "members"),
        opens(Room::Team, "general"),
        opens(Room::Groups, "all"),
        opens(Room::Integrations, if browser::is_narrow() { "" } else { "incoming" }),
        opens(Room::Team, "leave"),
    );
    // What one may decides what is offered.
    spawn_local(load::roles(chat));
    view! {
        <Menu open=menu.open around=menu.anchor label=words::side_team()>
            <Show when=may(team::invites)>
                <MenuItem icon=Icon::UserPlus on_choose=invite>{words::team_invite()}</MenuItem>
            </Show>
            <Show when=move || !team::link(chat).is_empty()>
                <MenuItem icon=Icon::Link on_choose=Callback::new(move |()| team::copy_link(chat))>{words::side_copy_invitation()}</MenuItem>
            </Show>
            <MenuItem icon=Icon::Users on_choose=members>{words::team_members()}</MenuItem>
            <Show when=may(team::manages)>
                <MenuItem icon=Icon::Settings on_choose=settings>{words::team_settings()}</MenuItem>
            </Show>
            <MenuLine />
            <Show when=may(groups::are_on)>
                <MenuItem icon=Icon::Users on_choose=groups>{words::groups()}</MenuItem>
            </Show>
            <Show when=may(integrations::any_for)>
                <MenuItem icon=Icon::Zap on_choose=integrations>{words::integrations()}</MenuItem>
            </Show>
            <MenuLine />
            <MenuItem icon=Icon::Plus on_choose=Callback::new(move |()| dialogues.create.set(true))>{words::side_create_channel()}</MenuItem>
            <MenuItem icon=Icon::Compass on_choose=Callback::new(move |()| dialogues.browse.set(true))>{words::side_browse()}</MenuItem>
            <MenuItem icon=Icon::List on_choose=Callback::new(move |()| side.new_category(None))>{words::side_new_category()}</MenuItem>
            <MenuLine />
            <MenuItem icon=Icon::Users on_choose=Callback::new(move |()| browser::go("/select_team"))>{words::side_join_team()}</MenuItem>
            <MenuItem icon=Icon::Plus on_choose=Callback::new(move |()| browser::go("/create_team"))>{words::team_create()}</MenuItem>
            <MenuItem icon=Icon::LogOut on_choose=leave>{words::team_leave()}</MenuItem>
        </Menu>
    }
}

/// Leaves a channel and goes to where one lands.
pub fn leave(chat: crate::chat::Chat, id: model::ChannelId) -> impl Fn() + Clone + Send + Sync + 'static {
    let go = go_to();
    let here = use_here();
    move || {
        let go = go.clone();
        let open = here.channel.get_untracked() == Some(id);
        let then = move || {
            if open {
                go(&chat.peek(|m| crate::load::landing_without(m, id)), true);
            }
        };
        actions::leave(chat, id, Box::new(then));
    }
}
