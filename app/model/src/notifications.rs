//! Whether somebody is notified of a message, and by which rule. The app and the server ask the same functions, and what
//! they decide is also what they tell somebody who wants to know why.

use crate::{
    PostId, StringMap, UserId,
    channels::{chosen, is_muted},
    endpoints,
    posts::Post,
    status::Presence,
};
use serde::{Deserialize, Serialize};

/// How a message addresses somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    /// It is written in a direct or group conversation.
    Conversation,
    /// By `@name`.
    #[default]
    Name,
    /// By one of the words that they chose.
    Keyword,
    /// By their first name.
    FirstName,
    /// By the name of a group they are in.
    Group,
    /// By `@channel`, `@all` or `@here`.
    ChannelWide,
    /// It answers them, and they asked to hear of that.
    Reply,
}

/// That a message addresses somebody, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Mention {
    pub kind: MentionKind,
    /// The word in the message; empty where there is none.
    pub word: String,
}

/// What decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// They are told of what mentions them, and it does.
    Mentioned,
    /// They are told of replies in threads that they follow.
    ThreadFollowed,
    /// They are told of every message of the channel.
    EveryMessage,
    /// They are told of mentions only.
    #[default]
    NotMentioned,
    /// They are told of every message, but of replies only in threads that they follow.
    ThreadNotFollowed,
    /// Of threads they are told where they are mentioned only.
    ThreadMentionsOnly,
    /// They are told of nothing.
    Off,
    /// The channel is muted.
    ChannelMuted,
    /// They do not want to be disturbed.
    DoNotDisturb,
    /// They are here, and see it without a mail.
    Here,
    /// They wrote it themselves.
    OwnMessage,
    /// The server said it, not a person.
    SystemMessage,
    /// They are not in the channel.
    NotInChannel,
    /// The server does not notify in this way.
    NotOffered,
    /// There is no confirmed address, or nobody behind the account.
    NoAddress,
}

/// Whether somebody is notified in one way, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Verdict {
    pub notified: bool,
    pub rule: Rule,
    /// Whether it is set for the channel, and not for all of them.
    pub of_channel: bool,
}

impl Verdict {
    const fn told(rule: Rule) -> Self {
        Self { notified: true, rule, of_channel: false }
    }

    /// Not notified.
    pub const fn not(rule: Rule) -> Self {
        Self { notified: false, rule, of_channel: false }
    }

    const fn set_for(self, of_channel: bool) -> Self {
        Self { of_channel, ..self }
    }
}

/// Why somebody is notified of a message, or not, as things are set now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WhyNotified {
    pub post_id: PostId,
    /// How the message addresses them, if it does.
    pub mention: Option<Mention>,
    /// Whether it is a reply in a thread that they follow.
    pub thread_followed: bool,
    pub desktop: Verdict,
    pub push: Verdict,
    pub email: Verdict,
}

/// Somebody and a message in a channel in which they are.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub post: &'a Post,
    pub user_id: UserId,
    pub mentioned: bool,
    /// Whether they follow the thread it is a reply in.
    pub followed: bool,
    /// What they chose for all channels.
    pub of_user: &'a StringMap,
    /// What they chose for this one.
    pub of_channel: &'a StringMap,
    pub presence: Presence,
}

impl Case<'_> {
    /// What nobody is told of, however they set it.
    fn never(&self) -> Option<Verdict> {
        // What a program says in somebody's name is news to them.
        let from_program = self.post.prop("from_webhook") == Some("true");
        if self.post.is_system() {
            Some(Verdict::not(Rule::SystemMessage))
        } else if self.post.user_id == self.user_id && !from_program {
            Some(Verdict::not(Rule::OwnMessage))
        } else {
            None
        }
    }

    /// Whether a notification is shown on their desktop; of what they look at none is.
    pub fn desktop(&self) -> Verdict {
        if let Some(never) = self.never() {
            return never;
        }
        if self.presence == Presence::Dnd {
            return Verdict::not(Rule::DoNotDisturb);
        }
        if is_muted(self.of_channel) {
            return Verdict::not(Rule::ChannelMuted).set_for(true);
        }
        let (level, of_channel) = chosen(self.of_channel, self.of_user, "desktop", "mention");
        let (threads, threads_of_channel) = chosen(self.of_channel, self.of_user, "desktop_threads", "all");
        let reply = self.post.root_id.is_some();
        if level == "none" {
            return Verdict::not(Rule::Off).set_for(of_channel);
        }
        if self.mentioned {
            return Verdict::told(Rule::Mentioned);
        }
        if reply && self.followed {
            return if threads == "all" {
                Verdict::told(Rule::ThreadFollowed)
            } else {
                Verdict::not(Rule::ThreadMentionsOnly).set_for(threads_of_channel)
            };
        }
        match (level, reply) {
            ("all", false) => Verdict::told(Rule::EveryMessage).set_for(of_channel),
            // Replies are in the list of threads, and not among the channel's messages.
            ("all", true) => Verdict::not(Rule::ThreadNotFollowed),
            _ => Verdict::not(Rule::NotMentioned).set_for(of_channel),
        }
    }

    /// Whether they are told by mail. `offered`: the server sends such mails; `reachable`: there is somebody with an
    /// address.
    pub fn email(&self, offered: bool, reachable: bool) -> Verdict {
        if let Some(never) = self.never() {
            return never;
        }
        let is = |props: &StringMap, name: &str, value: &str| props.get(name).is_some_and(|v| v == value);
        if !offered {
            return Verdict::not(Rule::NotOffered);
        }
        if !reachable {
            return Verdict::not(Rule::NoAddress);
        }
        for (props, of_channel) in [(self.of_user, false), (self.of_channel, true)] {
            if is(props, "email", "false") {
                return Verdict::not(Rule::Off).set_for(of_channel);
            }
        }
        if is_muted(self.of_channel) {
            return Verdict::not(Rule::ChannelMuted).set_for(true);
        }
        let rule = if self.mentioned {
            Rule::Mentioned
        } else if !self.followed {
            return Verdict::not(Rule::NotMentioned);
        } else if is(self.of_user, "email_threads", "all") {
            Rule::ThreadFollowed
        } else {
            return Verdict::not(Rule::ThreadMentionsOnly);
        };
        match self.presence {
            Presence::Dnd => Verdict::not(Rule::DoNotDisturb),
            Presence::Online => Verdict::not(Rule::Here),
            Presence::Away | Presence::Offline => Verdict::told(rule),
        }
    }
}

endpoints! {
    /// Why one is notified of a message, or not, as things are set now. Ours.
    GetWhyNotified(post_id: PostId) GET "/posts/{post_id}/why_notified" => WhyNotified;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;

    fn id<K>(n: u8) -> Id<K> {
        Id::from_random([n; 16])
    }

    fn props(list: &[(&str, &str)]) -> StringMap {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_first_rule_that_holds_decides() {
        let post = Post { user_id: id(2), ..Post::default() };
        let reply = Post { root_id: id(9), ..post.clone() };
        let none = StringMap::new();
        let (muted, all, off) =
            (props(&[("mark_unread", "mention")]), props(&[("desktop", "all")]), props(&[("desktop", "none")]));
        let case = Case {
            post: &post,
            user_id: id(1),
            mentioned: true,
            followed: false,
            of_user: &none,
            of_channel: &none,
            presence: Presence::Offline,
        };
        let desktop = |case: Case<'_>| {
            let Verdict { notified, rule, of_channel } = case.desktop();
            (notified, rule, of_channel)
        };
        assert_eq!(desktop(case), (true, Rule::Mentioned, false));
        assert_eq!(desktop(Case { mentioned: false, ..case }), (false, Rule::NotMentioned, false));
        assert_eq!(desktop(Case { user_id: id(2), ..case }), (false, Rule::OwnMessage, false));
        assert_eq!(desktop(Case { presence: Presence::Dnd, ..case }), (false, Rule::DoNotDisturb, false));
        assert_eq!(desktop(Case { of_channel: &muted, ..case }), (false, Rule::ChannelMuted, true));
        assert_eq!(desktop(Case { of_channel: &off, ..case }), (false, Rule::Off, true));
        assert_eq!(desktop(Case { of_user: &off, ..case }), (false, Rule::Off, false));
        assert_eq!(desktop(Case { of_user: &off, of_channel: &all, ..case }), (true, Rule::Mentioned, false));
        let unmentioned = Case { mentioned: false, ..case };
        assert_eq!(desktop(Case { of_channel: &all, ..unmentioned }), (true, Rule::EveryMessage, true));
        let of_thread = Case { post: &reply, ..unmentioned };
        assert_eq!(desktop(Case { of_user: &all, ..of_thread }), (false, Rule::ThreadNotFollowed, false));
        let followed = Case { followed: true, ..of_thread };
        assert_eq!(desktop(followed), (true, Rule::ThreadFollowed, false));
        let mentions = props(&[("desktop_threads", "mention")]);
        assert_eq!(desktop(Case { of_channel: &mentions, ..followed }), (false, Rule::ThreadMentionsOnly, true));
        let mut said = post.clone();
        said.kind = "system_join_channel".into();
        assert_eq!(desktop(Case { post: &said, ..case }), (false, Rule::SystemMessage, false));

        assert_eq!(case.email(true, true), Verdict::told(Rule::Mentioned));
        assert_eq!(case.email(false, true), Verdict::not(Rule::NotOffered));
        assert_eq!(case.email(true, false), Verdict::not(Rule::NoAddress));
        for (presence, rule) in [(Presence::Online, Rule::Here), (Presence::Dnd, Rule::DoNotDisturb)] {
            assert_eq!(Case { presence, ..case }.email(true, true), Verdict::not(rule));
        }
        let no_mail = props(&[("email", "false")]);
        assert_eq!(Case { of_channel: &no_mail, ..case }.email(true, true).rule, Rule::Off);
        assert_eq!(followed.email(true, true), Verdict::not(Rule::ThreadMentionsOnly));
        let threads = props(&[("email_threads", "all")]);
        assert_eq!(Case { of_user: &threads, ..followed }.email(true, true), Verdict::told(Rule::ThreadFollowed));
    }

    #[test]
    fn it_travels_as_words() {
        let why = WhyNotified {
            mention: Some(Mention { kind: MentionKind::ChannelWide, word: "@here".into() }),
            push: Verdict::not(Rule::NotOffered),
            ..WhyNotified::default()
        };
        let text = serde_json::to_value(&why).expect("it is JSON");
        assert_eq!(text["mention"]["kind"], "channel_wide");
        assert_eq!((&text["push"]["rule"], &text["push"]["notified"]), (&"not_offered".into(), &false.into()));
        assert_eq!(serde_json::from_value::<WhyNotified>(text).expect("it is read"), why);
    }
}
