//! Who is mentioned by a post.

use super::groups;
use crate::{
    cache::{Audience, Hearer},
    cx::Cx,
    error::Result,
};
use model::{UserId, channels::Channel, posts::Post, text::mentions::find};
use std::{collections::BTreeSet, sync::Arc};

/// Who hears of a post more than that there is one.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// In the order of their ids; without the author.
    pub users: Vec<UserId>,
}

/// Who of a channel's members a post mentions: by name, by their words, by `@channel`, in direct and group
/// channels always, and by answering where they asked for that.
///
/// # Errors
///
/// The members cannot be read.
pub async fn of(cx: &Cx, channel: &Channel, post: &Post, root: Option<&Post>) -> Result<Heard> {
    let audience = audience(cx, channel).await?;
    let mut users: BTreeSet<UserId> = BTreeSet::new();
    if channel.kind.is_personal() {
        users.extend(audience.members.keys());
    } else {
        let found = find(&post.message, &audience.keywords);
        users.extend(found.users.iter().filter(|u| audience.members.contains_key(u)));
        let grouped = find(&post.message, &audience.groups).users;
        if !grouped.is_empty() && groups::may_mention(cx, post.user_id, channel).await? {
            users.extend(grouped);
        }
        let few = audience.members.len() as i64 <= cx.settings.get().team.max_notifications_per_channel;
        if few && (found.channel || found.all) {
            users.extend(&audience.channel_wide);
        } else if few && found.here {
            users.extend(audience.channel_wide.iter().filter(|u| cx.hub.is_online(**u)));
        }
        if let Some(root) = root
            && audience.members.get(&root.user_id).is_some_and(|h| matches!(h.comments.as_str(), "root" | "any"))
        {
            users.insert(root.user_id);
        }
    }
    // What a program says in somebody's name is news to them.
    if post.prop("from_webhook") != Some("true") {
        users.remove(&post.user_id);
    }
    Ok(Heard { users: users.into_iter().collect() })
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
