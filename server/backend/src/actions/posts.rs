//! Posts: what changes when somebody writes, edits, deletes, pins or marks as unread.
//!
//! A post, its counters, mentions and threads are one change. Whether it was sent before is decided inside that
//! change, by the sender's pending id.

use super::{
    burning, files, interactive, mail_notifications, mentions, metadata, persistent_notifications, previews, threads,
    webhooks,
};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, FileId, PostId, Refusal, UserId,
    channels::{Channel, ChannelUnreadAt},
    event::{Announcement, Broadcast, Event, Posted},
    files::FileInfo,
    permission::Permission,
    posts::{BURN_ON_READ, FILES_MAX, MESSAGE_MAX, NewPost, PROPS_MAX, Post, PostPatch, Priority, Props},
    text::hashtags::hashtags,
};
use std::sync::Arc;
use store::{Tx, channel_members::Unread, jobs::NotifyByMail};

/// Posts a message; the same pending id again gives the same post and no second one.
///
/// # Errors
///
/// The message, its root or its type is not right; the channel is archived; the caller may not post there.
pub async fn create(cx: &Cx, caller: &Caller, new: NewPost, set_online: bool) -> Result<Post> {
    let channel = writable(cx, caller, new.channel_id).await?;
    let root = root_of(cx, &new, channel.id).await?;
    let priority = asked_priority(cx, caller, &new)?;
    let mut post = checked(cx, new)?;
    let burning = burning::take(cx, &mut post)?.map(Arc::new);
    let attached = files::for_post(cx, caller, &channel, &post.file_ids).await?;
    let asked_time = post.create_at;
    let now = cx.clock.now();
    post.id = new_id();
    post.user_id = caller.id();
    post.create_at = if asked_time > 0 && caller.may(Permission::ManageSystem) { asked_time } else { now };
    post.update_at = post.create_at;
    post.hashtags = hashtags(&post.message);
    let urgent = priority.as_ref().is_some_and(|asked| asked.priority == Priority::URGENT);
    post.metadata.priority = priority;
    attach(&mut post.props);
    let actions = Arc::new(interactive::take(&mut post, UserId::NONE));
    files::name_in(&mut post, attached);
    metadata::add_emoji(cx, [&mut post]).await?;
    link_channels(cx, &channel, &mut post).await?;
    let heard = mentions::of(cx, &channel, &post, root.as_deref()).await?;
    let again = persistent_notifications::first(cx, &post, &heard)?.map(Arc::new);
    let order = previews::order(cx, &post);
    let mut shown = post.clone();
    previews::add(cx, None, [&mut shown]).await?;
    let mut announced = announcement(&channel, &caller.user.username, &shown, &heard.users, set_online);
    let by_program = post.prop("from_webhook") == Some("true");
    if let (true, Some(name), Event::Posted(posted)) =
        (by_program, post.prop("override_username"), &mut announced.event)
    {
        name.clone_into(&mut posted.sender_name);
    }
    let told_by_mail = (mail_notifications::is_on(&cx.settings.get()) && (root.is_some() || !heard.users.is_empty()))
        .then(|| Arc::new(NotifyByMail { post_id: post.id, users: heard.users.clone() }));
    let calls = Arc::new(webhooks::calls(cx, &channel, &post).await?);
    let (author, auto_follow) = (caller.id(), cx.settings.get().service.thread_auto_follow);

    let (work, mentioned) = (Arc::new(post), Arc::new(heard.users));
    let (in_tx, told, root_in_tx) = (work.clone(), mentioned.clone(), root.clone());
    let announced = Arc::new(announced);
    let (in_tx_burning, in_tx_cx) = (burning.clone(), cx.clone());
    let sent = cx.store.write(move |tx| {
        let (post, mentioned, root, announced) = (in_tx.clone(), told.clone(), root_in_tx.clone(), announced.clone());
        let (calls, actions, told_by_mail) = (calls.clone(), actions.clone(), told_by_mail.clone());
        let (again, order, burning, cx) = (again.clone(), order.clone(), in_tx_burning.clone(), in_tx_cx.clone());
        Box::pin(async move {
            if !post.pending_post_id.is_empty()
                && let Some(first) = tx.posts().claim(author, &post.pending_post_id, post.id, now).await?
            {
                return Ok::<_, Error>(Some(first));
            }
            tx.posts().insert(&post).await?;
            if let Some(text) = &burning {
                burning::keep(tx, &cx, post.id, text, now).await?;
            }
            interactive::keep(tx, &actions).await?;
            files::attach(tx, &post, &post.file_ids, now).await?;
            tx.channel_members().mention(post.channel_id, &mentioned, root.is_none(), urgent, now).await?;
            if !by_program {
                tx.channel_members().view(author, &[post.channel_id], now).await?;
            }
            if let Some(order) = &told_by_mail {
                tx.jobs().order(new_id(), &**order, now, now).await?;
            }
            if let Some((order, wait)) = again.as_deref() {
                tx.jobs().order_in(&order.slot(), new_id(), order, now, now + wait).await?;
            }
            for call in calls.iter() {
                tx.jobs().order(new_id(), call, now, now).await?;
            }
            if let Some(order) = &order {
                tx.jobs().order(new_id(), order, now, now).await?;
            }
            let mut announced = (*announced).clone();
            if let Some(root) = &root {
                if auto_follow {
                    threads::replied(tx, root, &post, &mentioned, now).await?;
                }
                let followers = tx.threads().followers(root.id).await?;
                let others: Vec<UserId> = followers.iter().map(|m| m.user_id).filter(|id| *id != author).collect();
                if let (Event::Posted(posted), false) = (&mut announced.event, others.is_empty()) {
                    posted.followers = serde_json::json!(others).to_string();
                }
            }
            tx.announce(announced);
            Ok(None)
        })
    });
    if let Some(first) = sent.await? {
        return repeated(cx, caller, first, &work.pending_post_id).await;
    }
    if set_online {
        cx.statuses.on_activity(cx, author);
    }
    let mut post = (*work).clone();
    previews::add(cx, Some(caller), [&mut post]).await?;
    if let Some(text) = &burning {
        post.message.clone_from(text);
    }
    if let Some(root) = root {
        post.reply_count = root.reply_count + 1;
        threads::tell_followers(cx, root.id, channel.team_id);
    }
    Ok(post)
}

/// The answer to a message that was sent before.
async fn repeated(cx: &Cx, caller: &Caller, first: PostId, pending_post_id: &str) -> Result<Post> {
    let mut post = cx.store.posts().by_id(first).await?.ok_or(Refusal::NO_POST)?;
    metadata::complete(cx, Some(caller), [&mut post]).await?;
    if post.kind == BURN_ON_READ
        && let Some((text, _)) = cx.store.burning().text(first).await?
    {
        post.message = text;
    }
    pending_post_id.clone_into(&mut post.pending_post_id);
    Ok(post)
}

/// Refuses what could not be posted now.
///
/// # Errors
///
/// As [`create`].
pub async fn sendable(cx: &Cx, caller: &Caller, new: NewPost) -> Result<Arc<Channel>> {
    let channel = writable(cx, caller, new.channel_id).await?;
    root_of(cx, &new, channel.id).await?;
    asked_priority(cx, caller, &new)?;
    checked(cx, new)?;
    Ok(channel)
}

/// The channel, if the caller may post there now.
async fn writable(cx: &Cx, caller: &Caller, id: ChannelId) -> Result<Arc<Channel>> {
    let refused = Refusal::missing(Permission::CreatePost);
    if id.is_none() {
        return Err(Refusal::body("channel_id").into());
    }
    let channel = access::find_channel(cx, id).await?.ok_or_else(|| refused.clone())?;
    let allowed = access::may_in_channel(cx, caller, &channel, Permission::CreatePost).await?
        || (channel.kind == model::channels::ChannelType::Open
            && access::may_in_team(cx, caller, channel.team_id, Permission::CreatePostPublic).await?);
    if !allowed {
        return Err(refused.into());
    }
    if channel.delete_at != 0 {
        return Err(Refusal::POST_ARCHIVED.into());
    }
    Ok(channel)
}

/// The post that is answered: a root in the same channel.
async fn root_of(cx: &Cx, new: &NewPost, channel: ChannelId) -> Result<Option<Arc<Post>>> {
    if new.root_id.is_empty() {
        return Ok(None);
    }
    let id: PostId = new.root_id.parse().map_err(|_| Refusal::POST_ROOT)?;
    let root = cx.store.posts().by_id(id).await?.filter(|p| p.delete_at == 0).ok_or(Refusal::POST_ROOT)?;
    if root.channel_id != channel {
        return Err(Refusal::POST_ROOT_CHANNEL.into());
    }
    if root.root_id.is_some() || root.kind == BURN_ON_READ {
        return Err(Refusal::POST_ROOT.into());
    }
    Ok(Some(Arc::new(root)))
}

/// How much a new post asks to be seen, if it may.
fn asked_priority(cx: &Cx, caller: &Caller, new: &NewPost) -> Result<Option<Priority>, Refusal> {
    let Some(asked) = new.metadata.priority.clone().filter(|asked| !asked.is_none()) else { return Ok(None) };
    if !cx.settings.get().service.post_priority {
        return Err(Refusal::PRIORITY_OFF);
    }
    if !new.root_id.is_empty() {
        return Err(Refusal::PRIORITY_ROOT);
    }
    persistent_notifications::check(cx, caller, &asked)?;
    let known = ["", Priority::IMPORTANT, Priority::URGENT].contains(&asked.priority.as_str());
    if known { Ok(Some(asked)) } else { Err(Refusal::PRIORITY_UNKNOWN) }
}

/// A post of what was sent, if it can be one.
fn checked(cx: &Cx, new: NewPost) -> Result<Post, Refusal> {
    if new.message.chars().count() > MESSAGE_MAX {
        return Err(Refusal::POST_TOO_LONG);
    }
    check_props(&new.props)?;
    if new.kind.starts_with("system_") {
        return Err(Refusal::POST_TYPE_SYSTEM);
    }
    let known = ["", "slack_attachment", "me", BURN_ON_READ].contains(&new.kind.as_str());
    if !known && !new.kind.starts_with("custom_") {
        return Err(Refusal::POST_TYPE);
    }
    if new.file_ids.len() > FILES_MAX {
        return Err(Refusal::POST_FILES);
    }
    Ok(Post {
        channel_id: new.channel_id,
        root_id: new.root_id.parse().unwrap_or_default(),
        message: previews::without_proxy(cx, new.message),
        props: new.props,
        file_ids: new.file_ids,
        pending_post_id: new.pending_post_id.chars().take(100).collect(),
        kind: new.kind,
        create_at: new.create_at,
        ..Post::default()
    })
}

fn check_props(props: &Props) -> Result<(), Refusal> {
    let length = serde_json::to_string(props).map_or(usize::MAX, |text| text.chars().count());
    if length > PROPS_MAX { Err(Refusal::POST_PROPS_TOO_LONG) } else { Ok(()) }
}

/// Gives every attachment all the fields that clients look for. Mattermost: absent ones are empty, `fields` is null.
fn attach(props: &mut Props) {
    if let Some(serde_json::Value::Array(attachments)) = props.get_mut("attachments") {
        complete_attachments(attachments);
    }
}

/// The same for attachments that are no property yet.
pub(super) fn complete_attachments(attachments: &mut [serde_json::Value]) {
    for attachment in attachments.iter_mut().filter_map(serde_json::Value::as_object_mut) {
        attachment.entry("id").or_insert_with(|| 0.into());
        for name in [
            "fallback",
            "color",
            "pretext",
            "author_name",
            "author_link",
            "author_icon",
            "title",
            "title_link",
            "text",
            "image_url",
            "thumb_url",
            "footer",
            "footer_icon",
        ] {
            attachment.entry(name).or_insert_with(|| "".into());
        }
        for name in ["fields", "ts"] {
            attachment.entry(name).or_insert(serde_json::Value::Null);
        }
    }
}

/// Notes the public channels of the team that a message names as `~name`, so that clients can show their names.
async fn link_channels(cx: &Cx, channel: &Channel, post: &mut Post) -> Result<()> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let names: Vec<String> = post
        .message
        .split('~')
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| is_part(*c)).collect::<String>().to_lowercase())
        .filter(|name| model::channels::is_valid_name(name))
        .collect();
    if names.is_empty() || channel.team_id.is_none() {
        return Ok(());
    }
    let team = access::team(cx, channel.team_id).await?;
    let found = cx.store.channels().by_names(channel.team_id, &names).await?;
    let public = found.into_iter().filter(|c| c.kind == model::channels::ChannelType::Open && c.delete_at == 0);
    let linked: Props =
        public.map(|c| (c.name, serde_json::json!({"display_name": c.display_name, "team_name": team.name}))).collect();
    if !linked.is_empty() {
        post.props.insert("channel_mentions".into(), linked.into());
    }
    Ok(())
}

/// What connected clients are told of a new post.
pub(super) fn announcement(
    channel: &Channel,
    sender: &str,
    post: &Post,
    mentioned: &[UserId],
    set_online: bool,
) -> Announcement {
    let sender_name = if post.is_system() { "System".to_owned() } else { format!("@{sender}") };
    let mentions = if mentioned.is_empty() { String::new() } else { serde_json::json!(mentioned).to_string() };
    // Mattermost: what is so is "true", what is not is absent.
    let flag = |so: bool| if so { "true".to_owned() } else { String::new() };
    let personal = channel.kind == model::channels::ChannelType::Direct;
    let posted = Posted {
        channel_display_name: if personal { sender_name.clone() } else { channel.display_name.clone() },
        channel_name: channel.name.clone(),
        channel_type: channel.kind.as_str().to_owned(),
        mentions,
        post: post.clone(),
        image: flag(post.metadata.files.iter().any(FileInfo::is_picture)),
        other_file: flag(!post.metadata.files.is_empty()),
        sender_name,
        set_online,
        team_id: channel.team_id,
        ..Posted::default()
    };
    Announcement { event: Event::Posted(Box::new(posted)), to: Broadcast::channel(channel.id) }
}

/// Something the server says in a channel, because somebody did something there.
#[derive(Clone, Debug)]
pub struct Said {
    pub channel: ChannelId,
    /// Who did it.
    pub author: UserId,
    /// `system_…`.
    pub kind: &'static str,
    pub message: String,
    pub props: Props,
    /// For whom it counts as a mention.
    pub mentions: Vec<UserId>,
}

/// Says something as a part of the change that it is about.
///
/// # Errors
///
/// The database fails, or has no such channel.
pub async fn say(tx: &mut Tx, cx: &Cx, said: Said) -> Result<()> {
    let now = cx.clock.now();
    let post = Post {
        id: new_id(),
        create_at: now,
        update_at: now,
        user_id: said.author,
        channel_id: said.channel,
        message: said.message,
        kind: said.kind.to_owned(),
        props: said.props,
        ..Post::default()
    };
    let channel = tx.channels().by_id(said.channel).await?.ok_or(Refusal::NO_CHANNEL)?;
    tx.posts().insert(&post).await?;
    tx.channel_members().mention(said.channel, &said.mentions, true, false, now).await?;
    tx.announce(announcement(&channel, "", &post, &said.mentions, false));
    Ok(())
}

/// Changes some fields of a post.
///
/// # Errors
///
/// The caller may not edit it, or not any more; the new text is too long.
pub async fn edit(cx: &Cx, caller: &Caller, old: &Post, channel: &Channel, patch: PostPatch) -> Result<Post> {
    let own = old.user_id == caller.id();
    let needed = if own { Permission::EditPost } else { Permission::EditOthersPosts };
    access::must_in_channel(cx, caller, channel, needed).await?;
    if old.is_system() || old.kind == BURN_ON_READ {
        return Err(Refusal::POST_EDIT_SYSTEM.into());
    }
    if channel.delete_at != 0 {
        return Err(Refusal::POST_ARCHIVED.into());
    }
    let now = cx.clock.now();
    let limit = cx.settings.get().service.post_edit_time_limit;
    if limit > 0 && patch.message.is_some() && now > old.create_at + limit * 1000 {
        return Err(Refusal::POST_EDIT_LATE.into());
    }
    change(cx, caller, old, channel, patch).await
}

/// Makes a post what the program of one of its actions says. `caller` is who clicked.
///
/// # Errors
///
/// The channel is archived; the new text or the properties are too long.
pub(super) async fn revise(
    cx: &Cx,
    caller: &Caller,
    old: &Post,
    channel: &Channel,
    message: String,
    props: Props,
) -> Result<()> {
    if channel.delete_at != 0 {
        return Err(Refusal::POST_ARCHIVED.into());
    }
    let patch = PostPatch { message: Some(message), props: Some(props), ..PostPatch::default() };
    change(cx, caller, old, channel, patch).await.map(drop)
}

/// Changes what a patch says, whoever may.
async fn change(cx: &Cx, caller: &Caller, old: &Post, channel: &Channel, patch: PostPatch) -> Result<Post> {
    let now = cx.clock.now();
    let mut post = old.clone();
    let message = patch.message.map(|message| previews::without_proxy(cx, message));
    if let Some(message) = message.filter(|m| *m != old.message) {
        if message.chars().count() > MESSAGE_MAX {
            return Err(Refusal::POST_TOO_LONG.into());
        }
        post.hashtags = hashtags(&message);
        post.message = message;
        post.edit_at = now;
    }
    if let Some(props) = patch.props {
        check_props(&props)?;
        post.props = props;
        attach(&mut post.props);
    }
    let actions = interactive::take(&mut post, UserId::NONE);
    post.is_pinned = patch.is_pinned.unwrap_or(post.is_pinned);
    let (added, removed) = changed_files(cx, caller, channel, &mut post, patch.file_ids).await?;
    if !added.is_empty() || !removed.is_empty() {
        post.edit_at = now;
    }
    if post == *old && actions.is_empty() {
        metadata::complete(cx, Some(caller), [&mut post]).await?;
        return Ok(post);
    }
    post.update_at = now;
    let written = post.message.clone();
    metadata::complete(cx, None, [&mut post]).await?;
    if !added.is_empty() || !removed.is_empty() {
        post.metadata.files.retain(|f| !removed.contains(&f.id));
        let mine = |f: &FileInfo| FileInfo { post_id: post.id, channel_id: post.channel_id, ..f.clone() };
        post.metadata.files.extend(added.iter().map(mine));
    }
    let added: Vec<FileId> = added.iter().map(|f| f.id).collect();
    let kept = Post { id: new_id(), original_id: old.id, delete_at: now, update_at: now, ..old.clone() };
    let edited = post.edit_at == now;
    let order = (written != old.message).then(|| previews::order(cx, &post)).flatten();
    let row = Post { message: written, message_source: String::new(), ..post.clone() };
    let mut result = row.clone();
    previews::add(cx, Some(caller), [&mut result]).await?;
    cx.store
        .write(move |tx| {
            let (post, row, kept) = (post.clone(), row.clone(), kept.clone());
            let (added, removed, actions, order) = (added.clone(), removed.clone(), actions.clone(), order.clone());
            Box::pin(async move {
                interactive::keep(tx, &actions).await?;
                files::attach(tx, &post, &added, now).await?;
                tx.files().delete(&removed, now).await?;
                if edited {
                    tx.posts().keep_old(&kept).await?;
                }
                if !tx.posts().update(&row).await? {
                    return Err(Error::from(Refusal::NO_POST));
                }
                if let Some(order) = &order {
                    tx.jobs().order(new_id(), order, now, now).await?;
                }
                let to = Broadcast::channel(post.channel_id);
                tx.announce(Announcement { event: Event::PostEdited { post: Box::new(post) }, to });
                Ok(())
            })
        })
        .await?;
    Ok(result)
}

/// Makes somebody's own post say again what a version of it said, with the files that it had.
///
/// # Errors
///
/// It is somebody else's; there is no such version of it; it may not be edited any more.
pub async fn restore(cx: &Cx, caller: &Caller, post: &Post, channel: &Channel, version: PostId) -> Result<Post> {
    if post.user_id != caller.id() {
        return Err(Refusal::VERSION_NOT_YOURS.into());
    }
    let old = cx.store.posts().by_id(version).await?.ok_or(Refusal::NO_VERSION)?;
    if old.original_id != post.id {
        return Err(Refusal::VERSION_OTHER.into());
    }
    let gone: Vec<FileId> = old.file_ids.iter().copied().filter(|id| !post.file_ids.contains(id)).collect();
    let mut current = post.clone();
    if !gone.is_empty() {
        let (of, ids, now) = (post.id, gone.clone(), cx.clock.now());
        cx.store
            .write(move |tx| {
                let ids = ids.clone();
                Box::pin(async move { tx.files().restore(&ids, of, now).await.map(drop) })
            })
            .await
            .map_err(Error::from)?;
        current.file_ids.extend(gone);
    }
    let patch = PostPatch { message: Some(old.message), file_ids: Some(old.file_ids), ..PostPatch::default() };
    edit(cx, caller, &current, channel, patch).await
}

/// Which files an edit adds and takes away; what it leaves is noted on the post.
async fn changed_files(
    cx: &Cx,
    caller: &Caller,
    channel: &Channel,
    post: &mut Post,
    wanted: Option<Vec<FileId>>,
) -> Result<(Vec<FileInfo>, Vec<FileId>)> {
    let Some(wanted) = wanted.filter(|wanted| *wanted != post.file_ids) else { return Ok((Vec::new(), Vec::new())) };
    if wanted.len() > FILES_MAX {
        return Err(Refusal::POST_FILES.into());
    }
    let new: Vec<FileId> = wanted.iter().copied().filter(|id| !post.file_ids.contains(id)).collect();
    let added = files::for_post(cx, caller, channel, &new).await?;
    if post.user_id != caller.id() && !added.is_empty() {
        // Files are given to one's own posts.
        return Err(Refusal::POST_EDIT_OFF.into());
    }
    let (kept, removed) = post.file_ids.iter().copied().partition(|id| wanted.contains(id));
    post.file_ids = kept;
    post.file_ids.extend(added.iter().map(|f| f.id));
    Ok((added, removed))
}

/// Deletes a post and, if it is a root, its replies.
///
/// # Errors
///
/// The caller may not delete it.
pub async fn delete(cx: &Cx, caller: &Caller, post: &Post, channel: &Channel) -> Result<()> {
    let own = post.user_id == caller.id();
    let needed = if own { Permission::DeletePost } else { Permission::DeleteOthersPosts };
    access::must_in_channel(cx, caller, channel, needed).await?;
    remove(cx, post, channel, caller.id()).await
}

/// The same, whoever may.
///
/// # Errors
///
/// The database fails.
pub(super) async fn remove(cx: &Cx, post: &Post, channel: &Channel, by: UserId) -> Result<()> {
    let (own, mut post, now) = (post.user_id == by, post.clone(), cx.clock.now());
    post.delete_at = now;
    post.update_at = now;
    let (root, team_id, in_tx) = (post.root_id, channel.team_id, cx.clone());
    let (id, replies) = (post.id, post.reply_count);
    let deleted = cx.store.write(move |tx| {
        let (mut post, cx) = (post.clone(), in_tx.clone());
        Box::pin(async move {
            let gone = tx.posts().delete(&post, by, now).await?;
            files::delete_of_posts(tx, &gone, now).await?;
            if post.kind == BURN_ON_READ {
                tx.burning().forget(post.id).await?;
            }
            if root.is_some()
                && let Some(left) = tx.posts().by_id(root).await?
            {
                // Clients need not ask what is left of the thread.
                (post.reply_count, post.last_reply_at) = (left.reply_count, left.last_reply_at);
                post.participants = Some(threads::left_in(&cx, tx, &left).await?);
            }
            let delete_by = if own { UserId::NONE } else { by };
            let to = Broadcast::channel(post.channel_id);
            tx.announce(Announcement { event: Event::PostDeleted { post: Box::new(post), delete_by }, to });
            Ok::<_, Error>(())
        })
    });
    deleted.await?;
    if root.is_some() {
        threads::tell_followers(cx, root, team_id);
    } else if replies > 0 {
        threads::tell_of_end(cx, id, team_id);
    }
    Ok(())
}

/// Pins a post to its channel, or takes the pin back.
///
/// # Errors
///
/// The database fails.
pub async fn pin(cx: &Cx, post: &Post, pinned: bool) -> Result<()> {
    let (mut post, now) = (post.clone(), cx.clock.now());
    post.is_pinned = pinned;
    post.update_at = now;
    metadata::complete(cx, None, [&mut post]).await?;
    cx.store
        .write(move |tx| {
            let post = post.clone();
            Box::pin(async move {
                tx.posts().set_pinned(post.id, pinned, now).await?;
                let to = Broadcast::channel(post.channel_id);
                tx.announce(Announcement { event: Event::PostEdited { post: Box::new(post) }, to });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The most posts looked through for mentions when a channel is marked as unread.
const LOOKED_THROUGH: i64 = 1_000;

/// Marks a channel as unread for somebody, from a post on.
///
/// # Errors
///
/// They are not in the channel.
pub async fn set_unread(cx: &Cx, user: UserId, post: &Post, channel: &Channel) -> Result<ChannelUnreadAt> {
    let since = cx.store.posts().made_since(channel.id, post.create_at, LOOKED_THROUGH).await?;
    let (mut mentioned, mut mentioned_root) = (0, 0);
    for later in since.iter().filter(|p| p.user_id != user && !p.is_system()) {
        if mentions::of(cx, channel, later, None).await?.users.contains(&user) {
            mentioned += 1;
            mentioned_root += i64::from(later.root_id.is_none());
        }
    }
    let (id, at, now, team_id) = (channel.id, post.create_at, cx.clock.now(), channel.team_id);
    let post_id = post.id;
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let (unread, unread_root) = tx.posts().count_from(id, at).await?;
                let channel = tx.channels().by_id(id).await?.ok_or(Refusal::NO_CHANNEL)?;
                let to = Unread {
                    last_viewed_at: at - 1,
                    msg_count: channel.total_msg_count - unread,
                    msg_count_root: channel.total_msg_count_root - unread_root,
                    mention_count: mentioned,
                    mention_count_root: mentioned_root,
                    urgent_mention_count: 0,
                };
                if !tx.channel_members().set_unread(id, user, &to, now).await? {
                    return Err(Error::from(Refusal::NO_CHANNEL_MEMBER));
                }
                tx.touch(model::event::Touched::ChannelMember { channel_id: id, user_id: user });
                let event = Event::PostUnread {
                    msg_count: to.msg_count,
                    msg_count_root: to.msg_count_root,
                    mention_count: mentioned,
                    mention_count_root: mentioned_root,
                    urgent_mention_count: 0,
                    last_viewed_at: to.last_viewed_at,
                    post_id,
                };
                tx.announce(Announcement { event, to: Broadcast { channel_id: id, team_id, ..Broadcast::user(user) } });
                Ok(ChannelUnreadAt {
                    team_id,
                    user_id: user,
                    channel_id: id,
                    msg_count: to.msg_count,
                    mention_count: mentioned,
                    mention_count_root: mentioned_root,
                    msg_count_root: to.msg_count_root,
                    last_viewed_at: to.last_viewed_at,
                    ..ChannelUnreadAt::default()
                })
            })
        })
        .await
}

/// Shows one person a message that is not kept.
///
/// # Errors
///
/// The database fails, where buttons go with it.
pub async fn whisper(cx: &Cx, from: UserId, to: UserId, mut post: Post) -> Result<Post> {
    post.id = new_id();
    post.user_id = from;
    post.create_at = cx.clock.now();
    passing(cx, to, &mut post).await?;
    let to = Broadcast { channel_id: post.channel_id, ..Broadcast::user(to) };
    cx.hub.announce(&Announcement { event: Event::EphemeralMessage { post: Box::new(post.clone()) }, to });
    Ok(post)
}

/// Shows a message that is not kept as something else.
///
/// # Errors
///
/// As [`whisper`].
pub(super) async fn whisper_again(cx: &Cx, to: UserId, mut post: Post) -> Result<()> {
    passing(cx, to, &mut post).await?;
    let to = Broadcast { channel_id: post.channel_id, ..Broadcast::user(to) };
    cx.hub.announce(&Announcement { event: Event::PostEdited { post: Box::new(post) }, to });
    Ok(())
}

/// Makes a post one that is not kept; only what its buttons call is, for a while.
async fn passing(cx: &Cx, to: UserId, post: &mut Post) -> Result<()> {
    check_props(&post.props)?;
    post.update_at = 0;
    "system_ephemeral".clone_into(&mut post.kind);
    attach(&mut post.props);
    let actions = interactive::take(post, to);
    if actions.is_empty() {
        return Ok(());
    }
    cx.store
        .write(move |tx| {
            let actions = actions.clone();
            Box::pin(async move { interactive::keep(tx, &actions).await })
        })
        .await
}
