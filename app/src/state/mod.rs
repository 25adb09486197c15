//! What this client knows of the server: plain data, and the questions the screen asks of it.
//!
//! No reactivity and no network here: the same code runs in the browser, on the server and in tests. It is changed by
//! [`Model::apply`] (events), by [`Model::take`] (answers) and by what is shown before any answer ([`optimistic`]).

pub mod allowed;
pub mod apply;
mod bookmarks;
pub mod drafts;
mod groups;
pub mod inbox;
pub mod notice;
pub mod optimistic;
pub mod rows;
pub mod sidebar;
pub mod system;
pub mod take;

use std::collections::{HashMap, HashSet};

use model::{
    AnyId, ChannelId, EmojiId, Millis, PostId, TeamId, UserId,
    bookmarks::Bookmark,
    channels::{Channel, ChannelMember, ChannelType},
    drafts::{Draft, ScheduledPost},
    groups::Group,
    interactive::OpenDialog,
    json,
    posts::Post,
    sidebar::Category,
    status::{CustomStatus, Presence},
    teams::{Team, TeamMember},
    users::User,
};

use crate::{sorted::sort_by, words};

pub use inbox::{Followed, Inbox};
pub use optimistic::{Pending, Stage, Written};
pub use take::Snapshot;

/// What a part of the screen shows, so that it is told when that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A person's profile.
    User(UserId),
    /// Whether a person is here.
    Status(UserId),
    /// Which teams there are, and what is unread in them.
    Teams,
    /// Which channels there are, and what is unread in them.
    Channels,
    /// A channel's own fields and its counts.
    Channel(ChannelId),
    /// Which posts of a channel are shown, in which order; those not sent yet among them.
    Posts(ChannelId),
    /// A post's text and what hangs on it.
    Post(PostId),
    /// The replies of a thread.
    Thread(PostId),
    /// Who writes in a channel.
    Typing(ChannelId),
    /// How the sidebar is arranged.
    Categories,
    /// The threads one follows.
    Inbox,
    /// What is pinned to a channel.
    Pins(ChannelId),
    /// How one likes things.
    Preferences,
    /// Which emoji people have added.
    Emoji,
    /// What waits to be sent.
    Drafts,
    /// The groups by which several are mentioned.
    Groups,
    /// What one may do, and what the server offers.
    Allowed,
    /// A dialog that a program opens.
    Dialog,
    /// Whether the server can be reached.
    Link,
}

/// The posts of a channel that are here: one stretch without holes, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stretch {
    pub order: Vec<PostId>,
    /// Whether the channel goes on before the first one.
    pub older: bool,
    /// Whether the channel goes on after the last one.
    pub newer: bool,
    /// Whether something may have been missed since, so that it has to be fetched again when it is opened.
    pub stale: bool,
}

/// The replies of a thread, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replies {
    pub order: Vec<PostId>,
    /// Whether all were fetched, and not only those that happened to arrive.
    pub complete: bool,
}

/// Somebody writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Typing {
    pub channel_id: ChannelId,
    pub root_id: PostId,
    pub user_id: UserId,
    /// When they were last heard of.
    pub at: Millis,
}

/// How it stands with the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Not connected yet: the page has just come.
    #[default]
    Starting,
    Connected,
    /// Lost, at this time; `calls` tells whether other calls still get through.
    Lost {
        at: Millis,
        calls: bool,
    },
}

/// Something that an event told of but did not bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wanted {
    User(UserId),
    Channel(ChannelId),
    Channels,
    Teams,
    Categories,
    Threads,
    /// The emoji that people have added.
    Emoji,
    /// What one's roles allow.
    Roles,
}

/// Everything this client knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    pub me: UserId,
    pub users: HashMap<UserId, User>,
    pub statuses: HashMap<UserId, Presence>,
    pub teams: HashMap<TeamId, Team>,
    /// One's own memberships.
    pub team_members: HashMap<TeamId, TeamMember>,
    /// The team on the screen.
    pub team: TeamId,
    /// One's channels, those of other teams that were seen among them.
    pub channels: HashMap<ChannelId, Channel>,
    /// One's own memberships.
    pub memberships: HashMap<ChannelId, ChannelMember>,
    /// How the channels of the team on the screen are arranged, in order.
    pub categories: Vec<Category>,
    /// How many people are in a channel.
    pub member_counts: HashMap<ChannelId, i64>,
    /// What the channels that were looked at keep at hand, in order.
    pub bookmarks: HashMap<ChannelId, Vec<Bookmark>>,
    /// By category and name.
    pub preferences: HashMap<(String, String), String>,
    pub posts: HashMap<PostId, Post>,
    /// The emoji that people have added, by name.
    pub custom_emoji: HashMap<String, EmojiId>,
    pub stretches: HashMap<ChannelId, Stretch>,
    pub threads: HashMap<PostId, Replies>,
    /// The threads one follows, as far as they are known.
    pub followed: HashMap<PostId, Followed>,
    pub inbox: Inbox,
    /// What one has begun to write, by channel and thread.
    pub drafts: HashMap<(ChannelId, PostId), Draft>,
    /// What is to be sent later.
    pub scheduled: HashMap<AnyId, ScheduledPost>,
    /// What is not confirmed by the server yet, oldest first.
    pub pending: Vec<Pending>,
    pub typing: Vec<Typing>,
    /// Where the new-messages line stands: after this moment.
    pub new_since: HashMap<ChannelId, Millis>,
    /// What roles allow, as names of permissions: those of one's own roles.
    pub roles: HashMap<String, HashSet<String>>,
    /// The settings of the server that are on, of those that the screen depends on.
    pub switched_on: HashSet<String>,
    /// The groups by which several are mentioned.
    pub groups: HashMap<AnyId, Group>,
    /// Those one is in.
    pub my_groups: HashSet<AnyId>,
    /// A dialog that a program opens, until it is shown.
    pub dialog: Option<OpenDialog>,
    pub link: Link,
    /// What has to be fetched; emptied by whoever fetches it.
    pub wanted: HashSet<Wanted>,
}

impl Model {
    /// Oneself.
    pub fn my(&self) -> Option<&User> {
        self.users.get(&self.me)
    }

    /// The team on the screen.
    pub fn current_team(&self) -> Option<&Team> {
        self.teams.get(&self.team)
    }

    /// A person's name as people read it.
    pub fn name_of(&self, user: UserId) -> String {
        let Some(user) = self.users.get(&user) else { return words::person_somebody().to_owned() };
        match self.preference("display_settings", "name_format") {
            Some("username") => user.username.clone(),
            Some("full_name") => User { nickname: String::new(), ..user.clone() }.display_name(),
            _ => user.display_name(),
        }
    }

    /// The address of a person's picture; nothing where initials are shown.
    pub fn picture_of(&self, user: UserId) -> Option<String> {
        let at = self.users.get(&user)?.last_picture_update;
        (at > 0).then(|| format!("/api/v4/users/{user}/image?_={at}"))
    }

    /// The address of a team's picture.
    pub fn picture_of_team(&self, team: TeamId) -> Option<String> {
        let at = self.teams.get(&team)?.last_team_icon_update;
        (at > 0).then(|| format!("/api/v4/teams/{team}/image?_={at}"))
    }

    /// The address of the picture of an emoji that somebody added.
    pub fn emoji_picture(&self, name: &str) -> Option<String> {
        self.custom_emoji.get(name).map(|id| format!("/api/v4/emoji/{id}/image"))
    }

    /// The person with a user name.
    pub fn user_named(&self, username: &str) -> Option<&User> {
        self.users.values().find(|user| user.username == username)
    }

    /// A person's presence.
    pub fn presence(&self, user: UserId) -> Presence {
        self.statuses.get(&user).copied().unwrap_or_default()
    }

    /// The channel of the current team, or the group channel, with a name.
    pub fn channel_named(&self, name: &str) -> Option<&Channel> {
        self.channels.values().find(|c| c.name == name && (c.team_id == self.team || c.kind.is_personal()))
    }

    /// The direct channel with a person.
    pub fn direct_with(&self, user: UserId) -> Option<&Channel> {
        let name = model::channels::direct_name(self.me, user);
        self.channels.values().find(|c| c.kind == ChannelType::Direct && c.name == name)
    }

    /// A channel's name as people read it.
    pub fn title(&self, channel: &Channel) -> String {
        match channel.kind {
            ChannelType::Direct => match channel.teammate(self.me) {
                Some(user) if user == self.me => words::person_and_you(&self.name_of(user)),
                Some(user) => self.name_of(user),
                None => channel.display_name.clone(),
            },
            ChannelType::Group => {
                let me = self.my().map(|user| user.username.as_str()).unwrap_or_default();
                let others: Vec<_> = channel.display_name.split(", ").filter(|name| *name != me).collect();
                others.join(", ")
            }
            ChannelType::Open | ChannelType::Private => channel.display_name.clone(),
        }
    }

    /// The address of a channel in the current team.
    pub fn path_of(&self, channel: &Channel) -> String {
        let team = self.current_team().map(|team| team.name.clone()).unwrap_or_default();
        let username = |user| self.users.get(&user).map(|user: &User| user.username.clone());
        crate::place::of_channel(&team, channel, username, self.me)
    }

    /// The address of a post in the current team.
    pub fn path_of_post(&self, id: PostId) -> String {
        let team = self.current_team().map(|team| team.name.as_str()).unwrap_or_default();
        ["/", team, "/pl/", id.to_string().as_str()].concat()
    }

    /// The address of the conversation with a person.
    pub fn path_of_person(&self, user: UserId) -> Option<String> {
        let team = self.current_team().map(|team| team.name.as_str()).unwrap_or_default();
        self.users.get(&user).map(|user| ["/", team, "/messages/@", &user.username].concat())
    }

    /// The address of the threads one follows in the current team.
    pub fn path_of_threads(&self) -> String {
        let team = self.current_team().map(|team| team.name.as_str()).unwrap_or_default();
        format!("/{team}/threads")
    }

    /// Whether replies are among the messages of a channel, and not in threads beside it.
    pub fn is_flat(&self) -> bool {
        let chosen = self.preference("display_settings", "collapsed_reply_threads");
        let usual = self.is_on("CollapsedThreads=disabled") || self.is_on("CollapsedThreads=default_off");
        chosen.filter(|_| self.may_choose_flat()).map_or(usual, |chosen| chosen == "off")
    }

    /// Whether one may choose that.
    pub fn may_choose_flat(&self) -> bool {
        self.is_on("CollapsedThreads=default_on") || self.is_on("CollapsedThreads=default_off")
    }

    /// How many threads have something new, and how many mentions are in them; where replies are in the channels, they
    /// are counted there.
    pub fn thread_news(&self) -> (i64, i64) {
        if self.is_flat() { (0, 0) } else { (self.inbox.unread, self.inbox.mentions) }
    }

    /// Whether there is something new in a channel, and how many mentions.
    pub fn unread(&self, id: ChannelId) -> (bool, i64) {
        let (Some(channel), Some(member)) = (self.channels.get(&id), self.memberships.get(&id)) else {
            return (false, 0);
        };
        let (all, seen, mentions) = if self.is_flat() {
            (channel.total_msg_count, member.msg_count, member.mention_count)
        } else {
            // Replies are in the list of threads, and not in the channel's.
            (channel.total_msg_count_root, member.msg_count_root, member.mention_count_root)
        };
        let new = (all - seen).max(0);
        // In a conversation of few people every message is for oneself.
        let mentions = if channel.kind == ChannelType::Direct { mentions.max(new) } else { mentions };
        (if member.is_muted() { mentions > 0 } else { new > 0 || mentions > 0 }, mentions)
    }

    /// The same for a whole team; direct channels belong to none.
    pub fn unread_in_team(&self, team: TeamId) -> (bool, i64) {
        self.channels.values().filter(|c| c.team_id == team && c.delete_at == 0).fold(
            (false, 0),
            |(unread, mentions), c| {
                let (u, m) = self.unread(c.id);
                (unread || u, mentions + m)
            },
        )
    }

    /// The channels of the current team that one is in, by name.
    pub fn team_channels(&self) -> Vec<&Channel> {
        let mut list: Vec<_> = self
            .channels
            .values()
            .filter(|c| c.team_id == self.team && c.delete_at == 0 && self.memberships.contains_key(&c.id))
            .collect();
        sort_by(&mut list, |c| (c.display_name.to_lowercase(), c.id));
        list
    }

    /// A preference's value.
    pub fn preference(&self, category: &str, name: &str) -> Option<&str> {
        self.preferences.get(&(category.to_owned(), name.to_owned())).map(String::as_str)
    }

    /// Whether clocks begin anew at noon: as one has chosen, by Mattermost's name for it, else as the language has it.
    pub fn twelve_hours(&self) -> bool {
        match self.preference("display_settings", "use_military_time") {
            Some("true") => false,
            Some("false") => true,
            _ => words::language().twelve_hours,
        }
    }

    /// Whether somebody says something of themselves, perhaps no longer.
    pub fn says_something(&self, user: UserId) -> bool {
        self.users.get(&user).is_some_and(|user| user.props.contains_key(CustomStatus::PROP))
    }

    /// What somebody says of themselves; nothing once it has ended.
    pub fn custom_status(&self, user: UserId, now: Millis) -> Option<CustomStatus> {
        let text = self.users.get(&user)?.props.get(CustomStatus::PROP)?;
        let said = json::read::<CustomStatus>(text).ok()?;
        let over = ends_at(&said).is_some_and(|end| end <= now);
        let empty = said.emoji.is_empty() && said.text.is_empty();
        (!over && !empty).then_some(said)
    }

    /// What one has said of oneself before, the latest first.
    pub fn recent_statuses(&self) -> Vec<CustomStatus> {
        let kept = self.preference("custom_status", "recent_custom_statuses").unwrap_or_default();
        json::read(kept).unwrap_or_default()
    }

    /// Notes what somebody says of themselves, or that it is nothing any more.
    pub fn say(&mut self, user: UserId, said: Option<CustomStatus>) -> Vec<Topic> {
        let Some(known) = self.users.get_mut(&user) else { return Vec::new() };
        match said.and_then(|said| serde_json::to_string(&said).ok()) {
            Some(text) => known.props.insert(CustomStatus::PROP.to_owned(), text),
            None => known.props.remove(CustomStatus::PROP),
        };
        vec![Topic::User(user)]
    }

    /// Whether one has saved a post.
    pub fn is_saved(&self, id: PostId) -> bool {
        self.preference(SAVED, &id.to_string()) == Some("true")
    }

    /// How many posts one has saved.
    pub fn saved_count(&self) -> usize {
        self.preferences.keys().filter(|(category, _)| category == SAVED).count()
    }

    /// Whether one may change and delete what others wrote in the team on the screen.
    pub fn is_admin(&self) -> bool {
        self.my().is_some_and(|user| user.has_role("system_admin"))
            || self.team_members.get(&self.team).is_some_and(|m| m.scheme_admin || m.roles.contains("team_admin"))
    }

    /// Whether somebody is marked as a guest.
    pub fn is_guest(&self, user: UserId) -> bool {
        self.users.get(&user).is_some_and(|user| self.marks_guest(user))
    }

    /// The same of somebody who may not be known yet.
    pub fn marks_guest(&self, user: &User) -> bool {
        user.has_role("system_guest") && !self.is_on("HideGuestTags")
    }

    /// One's latest own post in a channel or a thread, for the arrow key that edits it.
    pub fn last_own(&self, channel: ChannelId, root: PostId) -> Option<PostId> {
        let order = if root.is_some() {
            self.threads.get(&root).map(|t| &t.order)
        } else {
            self.stretches.get(&channel).map(|s| &s.order)
        };
        let mine = |id: &&PostId| self.posts.get(id).is_some_and(|p| p.user_id == self.me && !p.is_system());
        order?.iter().rev().find(mine).copied()
    }

    /// The names of those who write in a channel or a thread right now.
    pub fn typing_in(&self, channel: ChannelId, root: PostId, now: Millis) -> Vec<String> {
        self.typing
            .iter()
            .filter(|t| t.channel_id == channel && t.root_id == root && now - t.at < TYPING_LASTS)
            .map(|t| self.name_of(t.user_id))
            .collect()
    }
}

/// When what somebody says of themselves ends; nothing if it does not by itself.
pub fn ends_at(said: &CustomStatus) -> Option<Millis> {
    if said.duration.is_empty() || said.expires_at == CustomStatus::NO_END {
        return None;
    }
    crate::time::from_iso(&said.expires_at)
}

/// The category of preferences that says which posts one has saved. Mattermost's word.
pub const SAVED: &str = "flagged_post";

/// How long somebody counts as writing after they were last heard of.
pub const TYPING_LASTS: Millis = 5_000;
