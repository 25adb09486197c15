//! What connected clients are told, and to whom.
//!
//! On the wire an event is `{"event", "data", "broadcast", "seq"}`. Everything but `seq` is the same
//! for all receivers and is written once; `seq` counts each connection's events from 0.

use crate::{
    ChannelId, ConnectionId, Millis, PostId, TeamId, UserId, channels::Channel, channels::ChannelMember,
    emoji::CustomEmoji, json_string, posts::Post, posts::Thread, preferences::Preference, reactions::Reaction,
    roles::Role, sidebar::Category, status::Presence, teams::Team, teams::TeamMember, users::User,
};
use serde::{Deserialize, Serialize};
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
        /// The connection is signed in. A new `connection_id` tells a client to fetch everything anew.
        Hello {
            server_version: String,
            connection_id: ConnectionId,
            #[serde(default)]
            server_hostname: String,
        },
        /// A post appeared in a channel the receiver is in.
        Posted(Box<Posted>),
        /// A post's text, pin or properties changed.
        PostEdited {
            #[serde(with = "json_string")]
            post: Box<Post>,
        },
        /// A post is gone.
        PostDeleted {
            #[serde(with = "json_string")]
            post: Box<Post>,
            #[serde(default, skip_serializing_if = "UserId::is_none")]
            delete_by: UserId,
        },
        /// The receiver marked a channel as unread.
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
        /// A post that only the receiver sees, and that is not kept.
        EphemeralMessage {
            #[serde(with = "json_string")]
            post: Box<Post>,
        },
        ReactionAdded {
            #[serde(with = "json_string")]
            reaction: Reaction,
        },
        ReactionRemoved {
            #[serde(with = "json_string")]
            reaction: Reaction,
        },
        /// Somebody is writing. Never stored, first to be dropped.
        Typing {
            parent_id: PostId,
            user_id: UserId,
        },
        /// The receiver's own status changed.
        StatusChange {
            status: Presence,
            user_id: UserId,
        },
        ChannelCreated {
            channel_id: ChannelId,
            team_id: TeamId,
        },
        ChannelUpdated {
            #[serde(with = "json_string")]
            channel: Box<Channel>,
        },
        ChannelConverted {
            channel_id: ChannelId,
        },
        ChannelDeleted {
            channel_id: ChannelId,
            delete_at: Millis,
        },
        ChannelRestored {
            channel_id: ChannelId,
        },
        ChannelMemberUpdated {
            #[serde(rename = "channelMember", with = "json_string")]
            member: Box<ChannelMember>,
        },
        /// The receiver read a channel on one of their devices.
        ChannelViewed {
            channel_id: ChannelId,
        },
        /// The receiver read several channels.
        MultipleChannelsViewed {
            channel_times: BTreeMap<ChannelId, Millis>,
        },
        DirectAdded {
            creator_id: UserId,
            teammate_id: UserId,
        },
        GroupAdded {
            #[serde(with = "json_string")]
            teammate_ids: Vec<UserId>,
        },
        /// Somebody is new in a channel.
        UserAdded {
            user_id: UserId,
            team_id: TeamId,
        },
        /// Somebody left a channel: to the channel with `user_id`, to the removed person with `channel_id`.
        UserRemoved {
            #[serde(default, skip_serializing_if = "UserId::is_none")]
            user_id: UserId,
            #[serde(default, skip_serializing_if = "ChannelId::is_none")]
            channel_id: ChannelId,
            #[serde(default)]
            remover_id: UserId,
        },
        AddedToTeam {
            team_id: TeamId,
            user_id: UserId,
        },
        LeaveTeam {
            team_id: TeamId,
            user_id: UserId,
        },
        UpdateTeam {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        DeleteTeam {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        RestoreTeam {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        NewUser {
            user_id: UserId,
        },
        UserUpdated {
            user: Box<User>,
        },
        UserRoleUpdated {
            user_id: UserId,
            roles: String,
        },
        MemberroleUpdated {
            #[serde(with = "json_string")]
            member: Box<TeamMember>,
        },
        /// A team's members have other roles now.
        UpdateTeamScheme {
            #[serde(with = "json_string")]
            team: Box<Team>,
        },
        /// The members of a channel have other roles now.
        ChannelSchemeUpdated {},
        RoleUpdated {
            #[serde(with = "json_string")]
            role: Box<Role>,
        },
        UserActivationStatusChange {},
        PreferencesChanged {
            #[serde(with = "json_string")]
            preferences: Vec<Preference>,
        },
        PreferencesDeleted {
            #[serde(with = "json_string")]
            preferences: Vec<Preference>,
        },
        SidebarCategoryCreated {
            category_id: String,
        },
        SidebarCategoryUpdated {
            #[serde(rename = "updatedCategories", with = "json_string")]
            categories: Vec<Category>,
        },
        SidebarCategoryDeleted {
            category_id: String,
        },
        SidebarCategoryOrderUpdated {
            order: Vec<String>,
        },
        ThreadUpdated {
            #[serde(with = "json_string")]
            thread: Box<Thread>,
            #[serde(default)]
            previous_unread_mentions: i64,
            #[serde(default)]
            previous_unread_replies: i64,
        },
        ThreadFollowChanged {
            thread_id: PostId,
            state: bool,
            reply_count: i64,
        },
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
        EmojiAdded {
            #[serde(with = "json_string")]
            emoji: CustomEmoji,
        },
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
}

/// An event as it arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub event: Event,
    pub broadcast: Broadcast,
    pub seq: i64,
}

impl Event {
    /// Reads an event by its name and its data, which is JSON.
    pub fn read(name: &str, data: &str) -> serde_json::Result<Self> {
        ByName::deserialize(named::Named { name, data })
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            event: String,
            data: Box<serde_json::value::RawValue>,
        }
        let Parts { event, data } = Parts::deserialize(deserializer)?;
        Self::read(&event, data.get()).map_err(serde::de::Error::custom)
    }
}

/// A name and data apart, as a reader of enums.
mod named {
    use serde::de::{
        DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, VariantAccess, Visitor, value,
    };
    use serde_json::Error;

    pub struct Named<'a> {
        pub name: &'a str,
        pub data: &'a str,
    }

    impl<'de> Deserializer<'de> for Named<'de> {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
            Err(Error::custom("an event is an enum"))
        }

        fn deserialize_enum<V: Visitor<'de>>(
            self,
            _: &'static str,
            _: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            visitor.visit_enum(self)
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map struct identifier ignored_any
        }
    }

    impl<'de> EnumAccess<'de> for Named<'de> {
        type Error = Error;
        type Variant = Self;

        fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
            let name: value::StrDeserializer<'_, Error> = self.name.into_deserializer();
            Ok((seed.deserialize(name)?, self))
        }
    }

    impl<'de> VariantAccess<'de> for Named<'de> {
        type Error = Error;

        fn unit_variant(self) -> Result<(), Error> {
            Ok(())
        }

        fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
            seed.deserialize(&mut serde_json::Deserializer::from_str(self.data))
        }

        fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
            serde_json::Deserializer::from_str(self.data).deserialize_seq(visitor)
        }

        fn struct_variant<V: Visitor<'de>>(
            self,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            serde_json::Deserializer::from_str(self.data).deserialize_struct("", fields, visitor)
        }
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
        let data = value["data"].to_string();
        assert_eq!(Event::read("reaction_added", &data).expect("named"), sent.event);
        for (name, data) in [("no_such_event", "{}"), ("reaction_added", "{}"), ("typing", "[")] {
            assert!(Event::read(name, data).is_err(), "{name} {data}");
        }
    }
}
