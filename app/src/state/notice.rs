//! Whether a new message is worth a notification, after what one has chosen for oneself and for the channel.

use model::{
    ChannelId, Millis, PostId, StringMap, UserId, channels::chosen, event::Posted, json, notifications::Case,
    posts::Post, text::markdown::plain,
};

use super::Model;
use crate::words;

/// How much of a message is shown, in characters.
const LENGTH: usize = 160;

/// A notification to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who writes, and where.
    pub title: String,
    /// What.
    pub text: String,
    /// The sound that goes with it; none where none is wanted.
    pub sound: Option<String>,
    pub channel: ChannelId,
    /// The thread it belongs to; none for what begins one.
    pub root: PostId,
    pub post: PostId,
    pub at: Millis,
}

impl Model {
    /// What to show of a new message; nothing where it is not to be shown. `seen` says whether a post is on the screen
    /// of somebody who looks at it.
    pub fn notice(&self, posted: &Posted, seen: impl FnOnce(&Post) -> bool) -> Option<Notice> {
        let post = &posted.post;
        let from_program = post.prop("from_webhook") == Some("true");
        let none = StringMap::new();
        let of_channel = self.memberships.get(&post.channel_id).map_or(&none, |m| &m.notify_props);
        let of_user = self.my().map_or(&none, |user| &user.notify_props);
        let is_me = |list: &str| json::read::<Vec<UserId>>(list).is_ok_and(|ids| ids.contains(&self.me));
        // Where replies are among the messages of a channel they are told of as those.
        let plain_reply = self.is_flat() && post.root_id.is_some() && !is_me(&posted.followers);
        let in_channel = plain_reply.then(|| Post { root_id: PostId::NONE, ..post.clone() });
        let case = Case {
            post: in_channel.as_ref().unwrap_or(post),
            user_id: self.me,
            mentioned: is_me(&posted.mentions),
            followed: post.root_id.is_some() && is_me(&posted.followers),
            of_user,
            of_channel,
            presence: self.presence(self.me),
        };
        if !case.desktop().notified || seen(post) {
            return None;
        }
        let author = match post.prop("override_username").filter(|name| from_program && !name.is_empty()) {
            Some(name) => name.to_owned(),
            None if self.users.contains_key(&post.user_id) => self.name_of(post.user_id),
            None => posted.sender_name.clone(),
        };
        let personal = matches!(posted.channel_type.as_str(), "D");
        let place = self
            .channels
            .get(&post.channel_id)
            .map_or_else(|| posted.channel_display_name.clone(), |channel| self.title(channel));
        let title = if personal { author } else { format!("{author} · {place}") };
        let mut text = plain(&post.message);
        if text.trim().is_empty() {
            text = if post.file_ids.is_empty() { String::new() } else { words::frame_file().to_owned() };
        }
        if let Some((end, _)) = text.char_indices().nth(LENGTH) {
            text.truncate(end);
            text.push('…');
        }
        let set = |name, default| chosen(of_channel, of_user, name, default).0;
        let sound =
            (set("desktop_sound", "true") != "false").then(|| set("desktop_notification_sound", "Bing").to_owned());
        Some(Notice {
            title,
            text,
            sound,
            channel: post.channel_id,
            root: post.root_id,
            post: post.id,
            at: post.create_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        Id,
        channels::{Channel, ChannelMember},
        status::Presence,
        users::User,
    };

    fn id<K>(n: u8) -> Id<K> {
        Id::from_random([n; 16])
    }

    fn model(user: &[(&str, &str)], channel: &[(&str, &str)]) -> Model {
        let props = |list: &[(&str, &str)]| -> StringMap {
            list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let mut model = Model { me: id(1), ..Model::default() };
        model.users.insert(id(1), User { id: id(1), notify_props: props(user), ..User::default() });
        model.users.insert(id(2), User { id: id(2), username: "ann".into(), ..User::default() });
        model.channels.insert(id(9), Channel { id: id(9), display_name: "Design".into(), ..Channel::default() });
        let member = ChannelMember { channel_id: id(9), notify_props: props(channel), ..ChannelMember::default() };
        model.memberships.insert(id(9), member);
        model
    }

    fn posted(mentions: bool, followers: bool, root: bool) -> Posted {
        let me = format!("[\"{}\"]", id::<()>(1));
        let list = |on: bool| if on { me.clone() } else { String::new() };
        Posted {
            mentions: list(mentions),
            followers: list(followers),
            post: Post {
                id: id(20),
                channel_id: id(9),
                user_id: id(2),
                root_id: if root { id(21) } else { PostId::NONE },
                message: "Look at **this**".into(),
                ..Post::default()
            },
            ..Posted::default()
        }
    }

    #[test]
    fn what_is_told_follows_from_what_was_chosen() {
        let told = |user: &[(&str, &str)], channel: &[(&str, &str)], posted: &Posted| {
            model(user, channel).notice(posted, |_| false).is_some()
        };
        let (plain, mention) = (posted(false, false, false), posted(true, false, false));
        let (reply, followed) = (posted(false, false, true), posted(false, true, true));
        assert!(!told(&[], &[], &plain));
        assert!(told(&[], &[], &mention));
        assert!(told(&[], &[], &followed));
        assert!(!told(&[("desktop_threads", "mention")], &[], &followed));
        assert!(told(&[("desktop", "all")], &[], &plain));
        assert!(!told(&[("desktop", "all")], &[], &reply));
        assert!(!told(&[("desktop", "none")], &[], &mention));
        assert!(told(&[("desktop", "none")], &[("desktop", "mention")], &mention));
        assert!(told(&[], &[("desktop", "all")], &plain));
        assert!(told(&[("desktop", "all")], &[("desktop", "default")], &plain));
        assert!(!told(&[("desktop", "all")], &[("mark_unread", "mention")], &plain));
    }

    #[test]
    fn nothing_is_told_of_oneself_of_what_one_sees_and_when_not_to_be_disturbed() {
        let mention = posted(true, false, false);
        let mut model = model(&[], &[]);
        assert!(model.notice(&mention, |_| true).is_none());
        let mut own = mention.clone();
        own.post.user_id = id(1);
        assert!(model.notice(&own, |_| false).is_none());
        own.post.props = [("from_webhook".to_owned(), "true".into())].into_iter().collect();
        assert!(model.notice(&own, |_| false).is_some());
        model.statuses.insert(id(1), Presence::Dnd);
        assert!(model.notice(&mention, |_| false).is_none());
    }

    #[test]
    fn a_notice_says_who_where_and_what() {
        let notice = model(&[], &[]).notice(&posted(true, false, false), |_| false).expect("one is mentioned");
        assert_eq!((notice.title.as_str(), notice.text.as_str()), ("ann · Design", "Look at this"));
        assert_eq!(notice.sound.as_deref(), Some("Bing"));
        let quiet = model(&[("desktop_sound", "false")], &[]).notice(&posted(true, false, false), |_| false);
        assert_eq!(quiet.expect("one is mentioned").sound, None);
    }
}
