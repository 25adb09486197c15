//! What connected clients are told, and to whom.
//!
//! On the wire an event is `{"event", "data", "broadcast", "seq"}`. Everything but `seq` is the same
//! for all receivers and is written once; `seq` counts each connection's events from 0.

use crate::{
    ChannelId, ConnectionId, Millis, PostId, TeamId, UserId, bookmarks::Bookmark, bookmarks::Updated,
    channels::Channel, channels::ChannelMember, drafts::Draft, drafts::ScheduledPost, emoji::CustomEmoji,
    groups::Group, groups::GroupMember, interactive::OpenDialog, json::Named, json::Unreadable, json_string,
    posts::Acknowledgement, posts::Post, posts::Thread, preferences::Preference, reactions::Reaction, roles::Role,
    sidebar::Category, status::Presence, teams::Team, teams::TeamMember, users::User,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Makes an enum of events that is written as `{"event", "data"}`, and read by its name and its data. What serde derives
/// for reading that form keeps anything anywhere in memory first, in a second way of reading every type there is: a
/// sixth of the browser's program, and twice the work.
macro_rules! events {
    ($(#[$about:meta])* pub enum $name:ident { $($variants:tt)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(tag = "event", content = "data", rename_all = "snake_case")]
        pub enum $name { $($variants)* }

        /// How it is read: the variant named outside of its data.
        #[derive(Deserialize)]
        #[serde(remote = "Event", rename_all = "snake_case")]
        enum ByName { $($variants)* }
    };
}

events! {
    /// Something that happened. Mattermost: objects in `data` are JSON inside strings, but for `user`.
    pub enum Event {
        /// The connection is signed in. A new `connection_id` tells a client to fetch everything anew. To the
        /// connection itself.
        Hello {
            server_version: String,
            connection_id: ConnectionId,
            #[serde(default)]
            server_hostname: String,
        },
        /// A post appeared in a channel. To the channel.
        Posted(Box<Posted>),
        /// A message asks once more to be seen. To the person, whom it mentions.
        PersistentNotificationTriggered(Box<Posted>),
        /// A post's text, pin or properties changed. To the channel.
        PostEdited {
            #[serde(with = "json_string")]
            post: Box<Post>,
        },
        /// A post is gone, with its replies if it began a thread. To the channel.
        PostDeleted {
            #[serde(with = "json_string")]
            post: Box<Post>,
            #[serde(default, skip_serializing_if = "UserId::is_none")]
            delete_by: UserId,
        },
        /// Somebody looks at a text that burns after reading. To its author, and without its text to them.
        PostRevealed {
            #[serde(with = "json_string")]
            post: Box<Post>,
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            recipients: Vec<UserId>,
        },
        /// A text that burns after reading is shown no more. To whoever it was shown to.
        PostBurned { post_id: PostId },
        /// Everybody has looked at a text that burns after reading. To its author.
        BurnOnReadAllRevealed { post_id: PostId, sender_expire_at: Millis },
        /// The receiver marked a channel as unread; its counts are these now. To the person.
        PostUnread {
            msg_count: i64,
            msg_count_root: i64,
            mention_count: i64,
            mention_count_root: i64,
            #[serde(default)]
            urgent_mention_count: i64,
            last_viewed_at: Millis,
            post_id: PostId,
        },
        /// A post that only the receiver sees, and that is not kept. To the person.
        EphemeralMessage {
            #[serde(with = "json_string")]
            post: Box<Post>,
        },
        /// A program opens a dialog for the receiver, who just gave its command or clicked its button. To the person.
        OpenDialog {
            #[serde(with = "json_string")]
            dialog: Box<OpenDialog>,
        },
        /// Somebody reacted to a post. To the channel.
        ReactionAdded {
            #[serde(with = "json_string")]
            reaction: Reaction,
        },
        /// Somebody took their reaction back. To the channel.
        ReactionRemoved {
            #[serde(with = "json_string")]
            reaction: Reaction,
        },
        /// Somebody said that they have seen a post that asked for it. To the channel.
        PostAcknowledgementAdded {
            #[serde(with = "json_string")]
            acknowledgement: Acknowledgement,
        },
        /// Somebody took that back. To the channel.
        PostAcknowledgementRemoved {
            #[serde(with = "json_string")]
            acknowledgement: Acknowledgement,
        },
        /// There is a new group, or one was changed or deleted. To everybody.
        ReceivedGroup {
            #[serde(with = "json_string")]
            group: Box<Group>,
        },
        /// The receiver was added to a group. To the person.
        GroupMemberAdd {
            #[serde(with = "json_string")]
            group_member: GroupMember,
        },
        /// The receiver was removed from a group. To the person.
        GroupMemberDeleted {
            #[serde(with = "json_string")]
            group_member: GroupMember,
        },
        /// A channel has a new bookmark. To the channel.
        ChannelBookmarkCreated {
            #[serde(with = "json_string")]
            bookmark: Box<Bookmark>,
        },
        /// A bookmark was changed. To the channel.
        ChannelBookmarkUpdated {
            #[serde(with = "json_string")]
            bookmarks: Box<Updated>,
        },
        /// A bookmark is gone. To the channel.
        ChannelBookmarkDeleted {
            #[serde(with = "json_string")]
            bookmark: Box<Bookmark>,
        },
        /// The bookmarks of a channel stand in this order now. To the channel.
        ChannelBookmarkSorted {
            #[serde(with = "json_string")]
            bookmarks: Vec<Bookmark>,
        },
        /// Somebody is writing, in the thread of `parent_id` if there is one. Never stored, first to be dropped. To
        /// the channel, but for the writer.
        Typing {
            parent_id: PostId,
            user_id: UserId,
        },
        /// The receiver's own status changed. To the person.
        StatusChange {
            status: Presence,
            user_id: UserId,
        },
        /// The receiver made a channel. To the person.
        ChannelCreated {
            channel_id: ChannelId,
            team_id: TeamId,
        },
        /// A channel's name, header or purpose changed. To the channel.
        ChannelUpdated {
            #[serde(with = "json_string")]
            channel: Box<Channel>,
        },
        /// A public channel became private, or a private one public. To the team.
        ChannelConverted {
            channel_id: ChannelId,
        },
        /// A channel was archived. To the team.
        ChannelDeleted {
            channel_id: ChannelId,
            delete_at: Millis,
        },
        /// An archived channel is back. To the team.
        ChannelRestored {
            channel_id: ChannelId,
        },
        /// The receiver's own roles or notification settings in a channel changed. To the person.
        ChannelMemberUpdated {
            #[serde(rename = "channelMember", with = "json_string")]
            member: Box<ChannelMember>,
        },
        /// The receiver read a channel on one of their devices. To the person; `multiple_channels_viewed` says the
        /// same.
        ChannelViewed {
            channel_id: ChannelId,
        },
        /// The receiver read channels, up to these moments (milliseconds since 1970). To the person.
        MultipleChannelsViewed {
            channel_times: BTreeMap<ChannelId, Millis>,
        },
        /// A direct channel between two people was made. To both.
        DirectAdded {
            creator_id: UserId,
            teammate_id: UserId,
        },
        /// A group channel was made. To its members.
        GroupAdded {
            #[serde(with = "json_string")]
            teammate_ids: Vec<UserId>,
        },
        /// Somebody is new in a channel. To the channel, them among it.
        UserAdded {
            user_id: UserId,
            team_id: TeamId,
        },
        /// Somebody left a channel or was removed: to the channel with `user_id`, to the person themselves with
        /// `channel_id`.
        UserRemoved {
            #[serde(default, skip_serializing_if = "UserId::is_none")]
            user_id: UserId,
            #[serde(default, skip_serializing_if = "ChannelId::is_none")]
            channel_id: ChannelId,
            #[serde(default)]
            remover_id: UserId,
        },
        /// The receiver is a member of a team now. To the person.
        AddedToTeam {
            team_id: TeamId,
            user_id: UserId,
        },
        /// Somebody left a team or was removed. To the team, and to the person themselves.
        LeaveTeam {
            team_id: TeamId,
            user_id: UserId,
        },
        /// A team's name, description, picture or rules of joining changed. To the team.
        UpdateTeam {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        /// A team was archived or deleted. To the team or, where nothing of it is left, to each member.
        DeleteTeam {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        /// An archived team is back. To the team.
        RestoreTeam {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        /// Somebody made an account. To everybody.
        NewUser {
            user_id: UserId,
        },
        /// A profile changed. To everybody as others may see it, and to the person themselves with all of it.
        UserUpdated {
            user: Box<User>,
        },
        /// The receiver's roles in the system changed. To the person.
        UserRoleUpdated {
            user_id: UserId,
            roles: String,
        },
        /// The receiver's roles in a team changed. To the person.
        MemberroleUpdated {
            #[serde(with = "json_string")]
            member: Box<TeamMember>,
        },
        /// A team's members have other roles now. To the team.
        UpdateTeamScheme {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        /// The members of a channel have other roles now. To the channel.
        ChannelSchemeUpdated {},
        /// A role holds other permissions now. To everybody.
        RoleUpdated {
            #[serde(with = "json_string")]
            role: Box<Role>,
        },
        /// An account was activated or deactivated; it does not say which. To everybody.
        UserActivationStatusChange {},
        /// Guest accounts were switched off, and all guests deactivated.
        GuestsDeactivated {},
        /// The receiver's own preferences, those that are new or changed. To the person.
        PreferencesChanged {
            #[serde(with = "json_string")]
            preferences: Vec<Preference>,
        },
        /// Preferences of the receiver's own that are gone. To the person.
        PreferencesDeleted {
            #[serde(with = "json_string")]
            preferences: Vec<Preference>,
        },
        /// The receiver has a new category in a team's sidebar. To the person.
        SidebarCategoryCreated {
            category_id: String,
        },
        /// Categories of the receiver's own as they are now; what is in them is no longer in others. To the person.
        SidebarCategoryUpdated {
            #[serde(rename = "updatedCategories", with = "json_string")]
            categories: Vec<Category>,
        },
        /// A category of the receiver's own is gone. To the person.
        SidebarCategoryDeleted {
            category_id: String,
        },
        /// The receiver's categories stand in this order now. To the person.
        SidebarCategoryOrderUpdated {
            order: Vec<String>,
        },
        /// Something new in a thread the receiver follows, with their own counts. To the person.
        ThreadUpdated {
            #[serde(with = "json_string")]
            thread: Box<Thread>,
            #[serde(default)]
            previous_unread_mentions: i64,
            #[serde(default)]
            previous_unread_replies: i64,
        },
        /// The receiver follows a thread now, or no longer. To the person.
        ThreadFollowChanged {
            thread_id: PostId,
            state: bool,
            reply_count: i64,
        },
        /// The receiver read a thread; without `thread_id`, all threads of the team. To the person.
        ThreadReadChanged {
            #[serde(default, skip_serializing_if = "PostId::is_none")]
            thread_id: PostId,
            timestamp: Millis,
            #[serde(default)]
            unread_mentions: i64,
            #[serde(default)]
            unread_replies: i64,
            #[serde(default)]
            channel_id: ChannelId,
        },
        /// The receiver began to write something elsewhere. To the person.
        DraftCreated {
            #[serde(with = "json_string")]
            draft: Box<Draft>,
        },
        /// The receiver changed elsewhere what they are writing. To the person.
        DraftUpdated {
            #[serde(with = "json_string")]
            draft: Box<Draft>,
        },
        /// What the receiver had begun to write is gone. To the person.
        DraftDeleted {
            #[serde(with = "json_string")]
            draft: Box<Draft>,
        },
        /// The receiver has a message to be sent later. To the person.
        ScheduledPostCreated {
            #[serde(rename = "scheduledPost", with = "json_string")]
            scheduled: Box<ScheduledPost>,
        },
        /// A message to be sent later was changed, or could not be sent. To the person.
        ScheduledPostUpdated {
            #[serde(rename = "scheduledPost", with = "json_string")]
            scheduled: Box<ScheduledPost>,
        },
        /// A message to be sent later was sent, or will not be. To the person.
        ScheduledPostDeleted {
            #[serde(rename = "scheduledPost", with = "json_string")]
            scheduled: Box<ScheduledPost>,
        },
        /// Somebody added an emoji. To everybody.
        EmojiAdded {
            #[serde(with = "json_string")]
            emoji: CustomEmoji,
        },
        /// What clients know of the settings changed. To everybody.
        ConfigChanged {
            config: BTreeMap<String, String>,
        },
    }
}

/// What goes with a new post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Posted {
    pub channel_display_name: String,
    pub channel_name: String,
    pub channel_type: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// The ids of those mentioned, as JSON in a string; absent where nobody is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mentions: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub followers: String,
    #[serde(rename = "otherFile", skip_serializing_if = "String::is_empty")]
    pub other_file: String,
    #[serde(with = "json_string")]
    pub post: Post,
    /// `@name`.
    pub sender_name: String,
    pub set_online: bool,
    pub team_id: TeamId,
}

/// What may be done with an event when a connection cannot keep up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Worth something only now: the first to be dropped, and never logged.
    Ephemeral,
    /// A later one of the same kind replaces it.
    State,
    /// Never dropped: the connection is closed instead, and resumes from the log.
    Durable,
}

impl Event {
    /// What may be done with it when a connection cannot keep up.
    pub fn class(&self) -> Class {
        match self {
            Self::Typing { .. } => Class::Ephemeral,
            Self::StatusChange { .. } | Self::UserActivationStatusChange {} | Self::ConfigChanged { .. } => {
                Class::State
            }
            _ => Class::Durable,
        }
    }
}

/// Who gets an event: one user, else a channel's members, else a team's, else everybody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Broadcast {
    /// Who of them does not.
    pub omit_users: Option<BTreeMap<UserId, bool>>,
    pub user_id: UserId,
    pub channel_id: ChannelId,
    pub team_id: TeamId,
    pub connection_id: ConnectionId,
    pub omit_connection_id: ConnectionId,
}

impl Broadcast {
    /// To everybody who is signed in.
    pub fn all() -> Self {
        Self::default()
    }
    /// To one person's connections.
    pub fn user(user_id: UserId) -> Self {
        Self { user_id, ..Self::default() }
    }
    /// To the members of a channel.
    pub fn channel(channel_id: ChannelId) -> Self {
        Self { channel_id, ..Self::default() }
    }
    /// To the members of a team.
    pub fn team(team_id: TeamId) -> Self {
        Self { team_id, ..Self::default() }
    }
    /// The same without one person.
    #[must_use]
    pub fn but(mut self, user: UserId) -> Self {
        self.omit_users.get_or_insert_default().insert(user, true);
        self
    }
}

/// An event and its receivers; released when the change that caused it is committed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    pub event: Event,
    pub to: Broadcast,
}

/// What a change makes stale or moves: told to caches and to the index of connections before the
/// change is answered, and before its events leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Touched {
    User(UserId),
    /// The user's sessions changed; those of the ids are over and their connections end.
    SessionsEnded {
        user_id: UserId,
        session_ids: Vec<crate::SessionId>,
    },
    /// Somebody became a guest, or is none any more.
    Guest {
        user_id: UserId,
        guest: bool,
    },
    /// Everybody's sessions are over, and their connections end; those by tokens of programs are not.
    AllSessionsEnded,
    Team(TeamId),
    TeamJoined {
        team_id: TeamId,
        user_id: UserId,
    },
    TeamLeft {
        team_id: TeamId,
        user_id: UserId,
    },
    TeamMember {
        team_id: TeamId,
        user_id: UserId,
    },
    Channel(ChannelId),
    /// Who is in which group that can be mentioned.
    Groups,
    ChannelJoined {
        channel_id: ChannelId,
        user_id: UserId,
    },
    ChannelLeft {
        channel_id: ChannelId,
        user_id: UserId,
    },
    /// Roles, notification settings or read state of a member.
    ChannelMember {
        channel_id: ChannelId,
        user_id: UserId,
    },
    Role(String),
    /// Which roles members of some teams and channels have.
    Schemes,
    Preferences(UserId),
    Status(UserId),
    /// Work was ordered.
    Jobs,
    /// A team's outgoing webhooks.
    OutgoingWebhooks(TeamId),
}

/// An event as it arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub event: Event,
    pub broadcast: Broadcast,
    pub seq: i64,
}

impl Event {
    /// Reads an event by its name and its data.
    ///
    /// # Errors
    ///
    /// If there is no such event, or its data are not what belongs to it.
    pub fn read(name: String, data: Value) -> Result<Self, Unreadable> {
        ByName::deserialize(Named { name, data })
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            event: String,
            data: Value,
        }
        let Parts { event, data } = Parts::deserialize(deserializer)?;
        Self::read(event, data).map_err(serde::de::Error::custom)
    }
}

/// Writes everything but the number: `{"event":…,"data":…,"broadcast":…,"seq":`. A connection adds
/// its number and `}`.
pub fn encode(announcement: &Announcement) -> String {
    #[derive(Serialize)]
    struct Envelope<'a> {
        #[serde(flatten)]
        event: &'a Event,
        broadcast: &'a Broadcast,
    }
    let mut text = serde_json::to_string(&Envelope { event: &announcement.event, broadcast: &announcement.to })
        .expect("events are plain data with text keys, which JSON can always hold");
    text.pop();
    text.push_str(",\"seq\":");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of a block: name on the wire, type, comment.
    fn entries(block: &str) -> Vec<(String, String, String)> {
        let (mut found, mut about, mut other_name) = (Vec::new(), Vec::new(), None);
        for line in block.lines().map(str::trim) {
            if let Some(text) = line.strip_prefix("///") {
                about.push(text.trim());
            } else if line.starts_with("#[") {
                other_name = line.split_once("rename = \"").and_then(|(_, rest)| rest.split_once('"')).map(|(n, _)| n);
                if line.contains("json_string") {
                    about.push("(JSON in a string)");
                }
            } else if let Some((name, kind)) = line.trim_start_matches("pub ").trim_end_matches(',').split_once(": ") {
                let name = other_name.take().unwrap_or(name);
                found.push((
                    name.to_owned(),
                    kind.replace("Box<", "").trim_end_matches('>').to_owned(),
                    about.join(" "),
                ));
                about.clear();
            }
        }
        found
    }

    /// `TwoWords` as `two_words`.
    fn snake(name: &str) -> String {
        let mut text = String::new();
        for c in name.chars() {
            if c.is_uppercase() && !text.is_empty() {
                text.push('_');
            }
            text.extend(c.to_lowercase());
        }
        text
    }

    /// The lines of a block of this file, from the line after `start` to the first `end`.
    fn block<'s>(source: &'s str, start: &str, end: &str) -> &'s str {
        let rest = source.split_once(start).expect("in this file").1;
        rest.split_once(end).expect("it ends").0
    }

    fn fields(of: &[(String, String, String)]) -> String {
        of.iter().fold(String::new(), |text, (name, kind, about)| {
            format!("{text}- `{name}`: `{kind}`{}{about}\n", if about.is_empty() { "" } else { " " })
        })
    }

    #[test]
    fn documents_tell_of_every_event() {
        let source = include_str!("event.rs");
        let all = block(source, "    pub enum Event {\n", "\n    }\n}\n");
        let mut text = String::from(
            "# Events\n\n<!-- Written by the tests of `model` with UPDATE=1. -->\n\n\
             What a client hears over the WebSocket at `/api/v4/websocket`, as JSON: `event` is the name, `data` holds \
             what is listed below, `broadcast` says to whom it goes, `seq` counts the events of the connection from 0 \
             without gaps. Names and shapes are Mattermost's. A value marked *(JSON in a string)* has to be parsed once \
             more. Ids are texts of 26 characters, `Millis` are milliseconds since 1970; what has no value is left out \
             or empty.\n\nFor a client that cannot keep up, `typing` is dropped first and of `status_change`, \
             `user_activation_status_change` and `config_changed` the latest is kept; for the sake of any other the \
             connection is closed, to be resumed with `connection_id` and `sequence_number`.\n",
        );
        let (mut about, mut name, mut data) = (Vec::new(), "", String::new());
        for line in all.lines() {
            if let Some(comment) = line.strip_prefix("        ///") {
                about.push(comment.trim());
                continue;
            }
            let Some(rest) = line.strip_prefix("        ") else { continue };
            if !rest.starts_with([' ', '}']) {
                name = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                data.clear();
                if rest.contains("(Box<Posted>)") {
                    data.push_str(block(source, "pub struct Posted {\n", "\n}"));
                }
            }
            let ends = rest.starts_with('}') || rest.ends_with("{},") || rest.ends_with("),");
            if !ends {
                data.push_str(line);
                data.push('\n');
                continue;
            }
            assert!(!about.is_empty(), "{name} needs a line on what happened and who hears of it");
            let about = std::mem::take(&mut about).join(" ");
            text.extend([format!("\n## `{}`\n\n{about}\n", snake(name))]);
            let listed = fields(&entries(&data));
            if !listed.is_empty() {
                text.extend([format!("\n{listed}")]);
            }
        }
        crate::documented("events.md", &text);
    }

    #[test]
    fn an_event_comes_back_from_what_is_sent() {
        let reaction = Reaction { emoji_name: "rocket".into(), create_at: 5, ..Reaction::default() };
        let sent = Announcement {
            event: Event::ReactionAdded { reaction },
            to: Broadcast::all().but(UserId::from_random([7; 16])),
        };
        let text = format!("{}3}}", encode(&sent));
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(value["data"]["reaction"].is_string(), "objects travel as texts: {text}");
        let back: Event = serde_json::from_str(&text).expect("our own event");
        assert_eq!(back, sent.event);
        assert_eq!(Event::read("reaction_added".into(), value["data"].clone()).expect("named"), sent.event);
        for (name, data) in [("no_such_event", "{}"), ("reaction_added", "{}"), ("typing", "[]")] {
            let data = serde_json::from_str(data).expect("JSON");
            assert!(Event::read(name.into(), data).is_err(), "{name}");
        }
    }
}
