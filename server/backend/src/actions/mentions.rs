//! Who is mentioned by a post.

use super::groups;
use crate::{
    cache::{Audience, Hearer},
    cx::Cx,
    error::Result,
};
use model::{
    UserId,
    channels::Channel,
    notifications::{Mention, MentionKind},
    posts::Post,
    text::mentions::{Keywords, find},
    users::User,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// By which rule a post addresses somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// In a direct or group conversation all are addressed.
    Conversation,
    /// By a name or word of theirs.
    Word,
    /// By the name of a group.
    Group,
    /// By one of these words, with its `@`.
    ChannelWide(&'static str),
    /// It answers them.
    Reply,
}

/// Who hears of a post more than that there is one.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// In the order of their ids; without the author.
    pub users: Vec<UserId>,
    /// By which rule each of them; the first that holds.
    pub by: BTreeMap<UserId, By>,
}

/// Who of a channel's members a post mentions: by name, by their words, by `@channel`, in direct and group
/// channels always, and by answering where they asked for that.
///
/// # Errors
///
/// The members cannot be read.
pub async fn of(cx: &Cx, channel: &Channel, post: &Post, root: Option<&Post>) -> Result<Heard> {
    let audience = audience(cx, channel).await?;
    let mut heard: BTreeMap<UserId, By> = BTreeMap::new();
    if channel.kind.is_personal() {
        heard.extend(audience.members.keys().map(|user| (*user, By::Conversation)));
    } else {
        let mut add = |user: &UserId, by: By| {
            heard.entry(*user).or_insert(by);
        };
        let found = find(&post.message, &audience.keywords);
        for user in found.users.iter().filter(|u| audience.members.contains_key(u)) {
            add(user, By::Word);
        }
        let grouped = find(&post.message, &audience.groups).users;
        if !grouped.is_empty() && groups::may_mention(cx, post.user_id, channel).await? {
            for user in &grouped {
                add(user, By::Group);
            }
        }
        let few = audience.members.len() as i64 <= cx.settings.get().team.max_notifications_per_channel;
        if few && (found.channel || found.all) {
            let word = if found.channel { "@channel" } else { "@all" };
            for user in &audience.channel_wide {
                add(user, By::ChannelWide(word));
            }
        } else if few && found.here {
            for user in audience.channel_wide.iter().filter(|u| cx.hub.is_online(**u)) {
                add(user, By::ChannelWide("@here"));
            }
        }
        if let Some(root) = root
            && audience.members.get(&root.user_id).is_some_and(|h| matches!(h.comments.as_str(), "root" | "any"))
        {
            add(&root.user_id, By::Reply);
        }
    }
    // What a program says in somebody's name is news to them.
    if post.prop("from_webhook") != Some("true") {
        heard.remove(&post.user_id);
    }
    Ok(Heard { users: heard.keys().copied().collect(), by: heard })
}

/// How a post addresses somebody by a rule, with the word of the message that does.
///
/// # Errors
///
/// The groups of the channel cannot be read.
pub async fn in_words(cx: &Cx, channel: &Channel, post: &Post, user: &User, by: By) -> Result<Mention> {
    let says = |keywords: &Keywords| find(&post.message, keywords).users.contains(&user.id);
    let mention = |kind, word: &str| Mention { kind, word: word.to_owned() };
    Ok(match by {
        By::Conversation => mention(MentionKind::Conversation, ""),
        By::Reply => mention(MentionKind::Reply, ""),
        By::ChannelWide(word) => mention(MentionKind::ChannelWide, word),
        By::Group => {
            let names = cx.store.groups().names_in(channel.id).await?;
            let mut mine = names.into_iter().filter(|(_, member)| *member == user.id).map(|(name, _)| name);
            let name = mine.find(|name| {
                let mut keywords = Keywords::new();
                keywords.add_username(user.id, name);
                says(&keywords)
            });
            mention(MentionKind::Group, &name.map(|name| format!("@{name}")).unwrap_or_default())
        }
        By::Word => {
            let mut by_name = Keywords::new();
            by_name.add_username(user.id, &user.username);
            if says(&by_name) {
                return Ok(mention(MentionKind::Name, &format!("@{}", user.username)));
            }
            let words = user.notify_props.get("mention_keys").map_or("", String::as_str);
            let word = words.split(',').map(str::trim).find(|word| {
                let mut keywords = Keywords::new();
                keywords.add_words(user.id, word);
                says(&keywords)
            });
            match word {
                Some(word) => mention(MentionKind::Keyword, word),
                None => mention(MentionKind::FirstName, user.first_name.trim()),
            }
        }
    })
}

/// Who hears of a channel's posts, and by which words; kept in memory.
async fn audience(cx: &Cx, channel: &Channel) -> Result<Arc<Audience>> {
    let load = async {
        let members = cx.store.channel_members().all(channel.id).await?;
        let ids: Vec<_> = members.iter().map(|m| m.user_id).collect();
        let mut audience = Audience::default();
        let muted: BTreeSet<UserId> = members
            .iter()
            .filter(|m| {
                let ignore = m.notify_props.get("ignore_channel_mentions").map_or("default", String::as_str);
                ignore == "on" || (ignore == "default" && m.is_muted())
            })
            .map(|m| m.user_id)
            .collect();
        for user in cx.store.users().by_ids(&ids).await?.into_iter().filter(|u| u.delete_at == 0) {
            let prop = |name: &str| user.notify_props.get(name).map_or("", String::as_str);
            audience.keywords.add_username(user.id, &user.username);
            audience.keywords.add_words(user.id, prop("mention_keys"));
            if prop("first_name") == "true" {
                audience.keywords.add_first_name(user.id, &user.first_name);
            }
            if prop("channel") != "false" && !muted.contains(&user.id) {
                audience.channel_wide.insert(user.id);
            }
            let comments = prop("comments").to_owned();
            audience.members.insert(user.id, Hearer { comments });
        }
        if cx.settings.get().service.enable_custom_groups {
            for (name, user) in cx.store.groups().names_in(channel.id).await? {
                if audience.members.contains_key(&user) {
                    audience.groups.add_username(user, &name);
                }
            }
        }
        Ok(Some(Arc::new(audience)))
    };
    Ok(cx.caches.audiences.find(channel.id, load).await?.unwrap_or_default())
}
