//! Moving threads to other channels.

use super::{
    metadata,
    posts::{self, Said, say},
    previews, threads,
};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, FileId, PostId, Refusal, UserId,
    channels::{Channel, ChannelType},
    event::{Announcement, Broadcast, Event},
    permission::Permission,
    posts::{Post, Props},
};
use std::{collections::BTreeMap, sync::Arc};
use store::{Tx, thread_moves::Moved};

/// The longest thread that is moved, whatever the settings say: it is one change.
const MOST: i64 = 1_000;
/// The type of the messages that tell of it. Mattermost's name.
const KIND: &str = "system_wrangler";

/// Moves a thread, given by any of its posts, to another channel in which the caller is.
///
/// # Errors
///
/// The caller may not move it, is not in both channels or may not write there; the settings do not allow it; the thread
/// is too long; one of the channels is archived.
pub async fn to_channel(cx: &Cx, caller: &Caller, post: &Post, from: &Channel, to: ChannelId) -> Result<()> {
    let to = access::channel_for(cx, caller, to, Permission::CreatePost).await?;
    let root = post.root_id.some().unwrap_or(post.id);
    let mut posts = cx.store.posts().thread(root).await?;
    // An administrator may have given replies an earlier time.
    posts.sort_by_key(|p| p.root_id.is_some());
    allowed(cx, caller, &posts, from, &to).await?;
    let mut copies: Vec<Post> = posts.clone();
    metadata::complete(cx, None, copies.iter_mut()).await?;
    let ids: Vec<PostId> = posts.iter().map(|_| new_id()).collect();
    let now = cx.clock.now();
    for (copy, id) in copies.iter_mut().zip(&ids) {
        become_copy(copy, *id, ids[0], to.id, now);
    }
    quote(cx, &posts, &mut copies, &to).await?;
    let mut names: BTreeMap<UserId, String> = BTreeMap::new();
    let authors: Vec<UserId> = posts.iter().map(|p| p.user_id).collect();
    names.extend(cx.store.users().by_ids(&authors).await?.into_iter().map(|u| (u.id, u.username)));
    let news: Vec<Announcement> = copies
        .iter()
        .map(|copy| posts::announcement(&to, names.get(&copy.user_id).map_or("", String::as_str), copy, &[], false))
        .collect();
    let link = permalink(cx, caller, &to, ids[0]).await?;
    let messages = copies.iter().map(|copy| copy.source().to_owned()).collect();
    let change = Arc::new(Change { posts, ids, messages, news, from: from.clone(), to: (*to).clone(), link });
    let (by, in_tx, work) = (caller.id(), cx.clone(), change.clone());
    cx.store
        .write(move |tx| {
            let (cx, change) = (in_tx.clone(), work.clone());
            Box::pin(async move { change.make(&cx, tx, by, now).await })
        })
        .await?;
    threads::tell_of_end(cx, root, from.team_id);
    threads::tell_followers(cx, change.ids[0], to.team_id);
    Ok(())
}

/// Refuses what the settings and roles do not allow.
async fn allowed(cx: &Cx, caller: &Caller, posts: &[Post], from: &Channel, to: &Channel) -> Result<()> {
    let config = cx.settings.get().wrangler.clone();
    let refused = |why: &'static str| Refusal::MOVE_THREAD.saying(why);
    if posts.is_empty() || posts.iter().any(Post::is_system) {
        return Err(refused("What the server said stays where it is.").into());
    }
    if from.id == to.id {
        return Err(refused("The thread is in this channel already.").into());
    }
    if from.delete_at != 0 || to.delete_at != 0 {
        return Err(Refusal::POST_ARCHIVED.into());
    }
    let open = match from.kind {
        ChannelType::Open => true,
        ChannelType::Private => config.from_private_channel,
        ChannelType::Direct => config.from_direct_channel,
        ChannelType::Group => config.from_group_channel,
    };
    if !open {
        return Err(refused("Threads cannot be moved out of channels of this type.").into());
    }
    let elsewhere = from.team_id != to.team_id && !from.kind.is_personal() && !to.kind.is_personal();
    if elsewhere && !config.to_another_team {
        return Err(refused("Threads cannot be moved to another team.").into());
    }
    let most = if config.move_thread_max_count == 0 { MOST } else { config.move_thread_max_count };
    if posts.len() as i64 > most {
        return Err(refused("The thread has too many messages to be moved.").into());
    }
    let Some(member) = access::channel_member(cx, from.id, caller.id()).await? else {
        return Err(refused("You have to be in both channels.").into());
    };
    if access::channel_member(cx, to.id, caller.id()).await?.is_none() {
        return Err(refused("You have to be in both channels.").into());
    }
    let domain = caller.user.email.rsplit('@').next().unwrap_or_default();
    let mut domains = config.allowed_email_domain.iter().flat_map(|d| d.split([',', ' '])).filter(|d| !d.is_empty());
    let of_domain = domains.clone().next().is_none() || domains.any(|d| d.eq_ignore_ascii_case(domain));
    if !of_domain {
        return Err(Refusal::MOVE_THREAD_ROLE.into());
    }
    if config.permitted_roles.is_empty() {
        // What is moved is gone where it was.
        let own = posts.iter().all(|p| p.user_id == caller.id());
        let needed = if own { Permission::DeletePost } else { Permission::DeleteOthersPosts };
        return access::must_in_channel(cx, caller, from, needed).await;
    }
    let in_team = match from.team_id.some() {
        Some(team) => access::team_member(cx, team, caller.id()).await?.map(|m| m.roles.clone()),
        None => None,
    };
    let held = format!("{} {} {}", caller.user.roles, member.roles, in_team.unwrap_or_default());
    let permitted = held.split_whitespace().any(|role| config.permitted_roles.iter().any(|p| p == role));
    if permitted { Ok(()) } else { Err(Refusal::MOVE_THREAD_ROLE.into()) }
}

/// Makes a post what it is in the other channel, as it is announced there.
fn become_copy(post: &mut Post, id: PostId, root: PostId, channel: ChannelId, now: model::Millis) {
    post.id = id;
    post.channel_id = channel;
    if post.root_id.is_some() {
        post.root_id = root;
    }
    post.is_pinned = false;
    post.update_at = now;
    for file in &mut post.metadata.files {
        (file.post_id, file.channel_id) = (id, channel);
    }
    for reaction in &mut post.metadata.reactions {
        (reaction.post_id, reaction.channel_id) = (id, channel);
    }
    for acknowledgement in &mut post.metadata.acknowledgements {
        (acknowledgement.post_id, acknowledgement.channel_id) = (id, channel);
    }
}

/// What the copies quote: of the new channel, as everybody there may read it, and of the thread itself, whose messages
/// are now found by other addresses. What is quoted of the old channel is not for everybody in the new one.
async fn quote(cx: &Cx, posts: &[Post], copies: &mut [Post], to: &Channel) -> Result<()> {
    let found = |embed: &serde_json::Value| {
        let id = embed["data"]["post_id"].as_str()?;
        posts.iter().position(|post| post.id.as_str() == id)
    };
    let own: Vec<Option<usize>> = copies.iter().map(|c| c.metadata.embeds.iter().find_map(found)).collect();
    previews::add(cx, None, copies.iter_mut()).await?;
    let names: Vec<(String, String)> =
        posts.iter().zip(&*copies).map(|(old, new)| (format!("/pl/{}", old.id), format!("/pl/{}", new.id))).collect();
    for text in copies.iter_mut().flat_map(|copy| [&mut copy.message, &mut copy.message_source]) {
        if text.contains("/pl/") {
            *text =
                names.iter().fold(
                    std::mem::take(text),
                    |text, (old, new)| {
                        if text.contains(old) { text.replace(old, new) } else { text }
                    },
                );
        }
    }
    for (index, quoted) in own.into_iter().enumerate().filter_map(|(index, own)| own.map(|own| (index, own))) {
        let mut bare = copies[quoted].clone();
        bare.metadata = model::posts::Metadata::default();
        let embed = previews::quote(cx, &bare, to).await?;
        copies[index].metadata.embeds.push(embed);
    }
    Ok(())
}

/// Where the thread is found; for a conversation, in the team of the channel it came from.
async fn permalink(cx: &Cx, caller: &Caller, to: &Channel, root: PostId) -> Result<String> {
    let team = match to.team_id.some() {
        Some(team) => Some(access::team(cx, team).await?.name.clone()),
        None => cx.store.teams().of_user(caller.id()).await?.into_iter().next().map(|t| t.name),
    };
    let site = cx.settings.get().service.site_url.clone();
    Ok(team.map_or_else(String::new, |team| format!("{site}/{team}/pl/{root}")))
}

struct Change {
    posts: Vec<Post>,
    ids: Vec<PostId>,
    /// What is written in them there.
    messages: Vec<String>,
    news: Vec<Announcement>,
    from: Channel,
    to: Channel,
    link: String,
}

impl Change {
    async fn make(&self, cx: &Cx, tx: &mut Tx, by: UserId, now: model::Millis) -> Result<()> {
        let new = self.ids.iter().zip(&self.messages);
        let moved: Vec<Moved<'_>> =
            self.posts.iter().zip(new).map(|(old, (new, message))| Moved { old, new: *new, message }).collect();
        tx.posts().copy_thread(&moved, self.to.id, now).await?;
        let mut root = self.posts[0].clone();
        (root.delete_at, root.update_at) = (now, now);
        if tx.posts().delete(&root, by, now).await?.len() != self.posts.len() {
            // Somebody wrote or deleted in between.
            return Err(Error::from(Refusal::MOVE_THREAD.saying("The thread has changed. Please try again.")));
        }
        root.file_ids = Vec::<FileId>::new();
        let event = Event::PostDeleted { post: Box::new(root), delete_by: UserId::NONE };
        tx.announce(Announcement { event, to: Broadcast::channel(self.from.id) });
        for news in &self.news {
            tx.announce(news.clone());
        }
        // Only whoever is there may learn where that is.
        let message = if self.to.kind == ChannelType::Open && !self.link.is_empty() {
            format!("A thread was moved to ~{}: {}", self.to.name, self.link)
        } else {
            "A thread was moved to another channel.".to_owned()
        };
        let props: Props = [("num_messages".to_owned(), self.posts.len().into())].into_iter().collect();
        let said = Said { channel: self.from.id, author: by, kind: KIND, message, props, mentions: Vec::new() };
        say(tx, cx, said.clone()).await?;
        // The messages have kept their times, so nobody would come upon them.
        let message = format!("A thread was moved here from another channel: {}", self.link);
        say(tx, cx, Said { channel: self.to.id, message, ..said }).await
    }
}
