//! What people do: shown at once, then sent, and taken back with a reason if the server refuses.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ChannelId, PostId,
    channels::{ChannelPatch, PatchChannel, RemoveChannelMember},
    posts::{CreatePost, DeletePost, PatchPost, PinPost, Post, PostPatch, SetUnread, UnpinPost},
    preferences::{Preference, SetPreferences},
    reactions::{AddReaction, NewReaction, RemoveReaction},
    status::{NewStatus, Presence, SetStatus},
    users::SignOut,
};

use crate::{
    browser,
    chat::Chat,
    state::{Pending, Topic},
    ui::ToastKind,
};

/// Writes a message into a channel or a thread.
pub fn write(chat: Chat, channel: ChannelId, root: PostId, message: String) {
    let pending = chat.change(|m| {
        let (pending, topics) = m.write(channel, root, message, browser::now());
        (Some(pending), topics)
    });
    if let Some(pending) = pending {
        send(chat, pending);
    }
}

/// Sends a message that was not sent.
pub fn write_again(chat: Chat, id: &str) {
    if let Some(pending) = chat.change(|m| m.write_again(id)) {
        send(chat, pending);
    }
}

fn send(chat: Chat, pending: Pending) {
    spawn_local(async move {
        let body = pending.to_new_post();
        match chat.client().send(CreatePost { query: (), body }).await {
            Ok(mut post) => {
                // The echo may be missing; without it the message would be there twice.
                post.pending_post_id.clone_from(&pending.id);
                chat.update(|m| m.arrive(post, false));
            }
            Err(failure) => {
                let reason = format!("Not sent. {failure}");
                chat.update(|m| m.write_failed(&pending.id, reason));
            }
        }
    });
}

/// Adds or takes back one's reaction.
pub fn toggle_reaction(chat: Chat, post: PostId, emoji: String) {
    let added = chat.change(|m| m.toggle_reaction(post, &emoji, browser::now()));
    remember_emoji(&emoji);
    spawn_local(async move {
        let me = chat.peek(|m| m.me).to_string();
        let client = chat.client();
        let answer = if added {
            let body = NewReaction { user_id: me, post_id: post.to_string(), emoji_name: emoji.clone() };
            client.send(AddReaction { query: (), body }).await.map(|_| ())
        } else {
            let emoji_name = emoji.clone();
            client
                .send(RemoveReaction { user_id: me, post_id: post, emoji_name, query: (), body: () })
                .await
                .map(|_| ())
        };
        if let Err(failure) = answer {
            chat.change(|m| m.toggle_reaction(post, &emoji, browser::now()));
            chat.complain(&failure);
        }
    });
}

/// The emoji used last in this browser, the latest first.
pub fn recent_emoji() -> Vec<String> {
    let kept = browser::stored("emoji").unwrap_or_default();
    kept.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn remember_emoji(name: &str) {
    let mut recent = recent_emoji();
    recent.retain(|known| known != name);
    recent.insert(0, name.to_owned());
    recent.truncate(16);
    browser::store("emoji", &recent.join(" "));
}

/// Changes the text of a post.
pub fn edit(chat: Chat, id: PostId, message: String) {
    let before: Option<Post> = chat.change(|m| m.edit(id, message.clone(), browser::now()));
    let Some(before) = before else { return };
    spawn_local(async move {
        let body = PostPatch { message: Some(message), ..PostPatch::default() };
        match chat.client().send(PatchPost { post_id: id, query: (), body }).await {
            Ok(post) => chat.update(|m| {
                if let Some(known) = m.posts.get_mut(&id) {
                    known.message = post.message;
                    known.edit_at = post.edit_at;
                    known.update_at = post.update_at;
                }
                vec![Topic::Post(id)]
            }),
            Err(failure) => {
                chat.update(|m| {
                    m.posts.insert(id, before);
                    vec![Topic::Post(id)]
                });
                chat.complain(&failure);
            }
        }
    });
}

/// Deletes a post.
pub fn delete(chat: Chat, id: PostId) {
    let post: Option<Post> = chat.change(|m| (m.posts.get(&id).cloned(), m.forget_post(id)));
    let Some(post) = post else { return };
    if chat.thread.get_untracked() == Some(id) {
        chat.thread.set(None);
    }
    spawn_local(async move {
        if let Err(failure) = chat.client().send(DeletePost { post_id: id, query: (), body: () }).await {
            chat.update(|m| m.restore(post));
            chat.complain(&failure);
        }
    });
}

/// Pins a post to its channel, or takes the pin back.
pub fn toggle_pin(chat: Chat, id: PostId) {
    let flip = move || {
        chat.change(|m| match m.posts.get_mut(&id) {
            Some(post) => {
                post.is_pinned = !post.is_pinned;
                (post.is_pinned, vec![Topic::Post(id)])
            }
            None => (false, Vec::new()),
        })
    };
    let pinned = flip();
    spawn_local(async move {
        let client = chat.client();
        let answer = if pinned {
            client.send(PinPost { post_id: id, query: (), body: () }).await
        } else {
            client.send(UnpinPost { post_id: id, query: (), body: () }).await
        };
        if let Err(failure) = answer {
            flip();
            chat.complain(&failure);
        }
    });
}

/// Marks a channel as unread from a post on.
pub fn mark_unread(chat: Chat, id: PostId) {
    spawn_local(async move {
        match chat.client().send(SetUnread { user_id: "me".into(), post_id: id, query: (), body: () }).await {
            Ok(unread) => chat.update(|m| {
                let channel = unread.channel_id;
                if let Some(member) = m.memberships.get_mut(&channel) {
                    member.msg_count = unread.msg_count;
                    member.msg_count_root = unread.msg_count_root;
                    member.mention_count = unread.mention_count;
                    member.mention_count_root = unread.mention_count_root;
                    member.last_viewed_at = unread.last_viewed_at;
                }
                m.new_since.insert(channel, unread.last_viewed_at);
                vec![Topic::Channels, Topic::Teams, Topic::Posts(channel)]
            }),
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Changes the line below a channel's name.
pub fn set_header(chat: Chat, id: ChannelId, header: String) {
    spawn_local(async move {
        let body = ChannelPatch { header: Some(header), ..ChannelPatch::default() };
        match chat.client().send(PatchChannel { channel_id: id, query: (), body }).await {
            Ok(channel) => chat.update(|m| m.take_channel(channel, None)),
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Leaves a channel; `then` runs when it is done.
pub fn leave(chat: Chat, id: ChannelId, then: impl FnOnce() + 'static) {
    spawn_local(async move {
        let me = chat.peek(|m| m.me).to_string();
        match chat.client().send(RemoveChannelMember { channel_id: id, user_id: me, query: (), body: () }).await {
            Ok(_) => {
                then();
                chat.update(|m| m.left_channel(id));
            }
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Chooses one's own status.
pub fn set_status(chat: Chat, status: Presence) {
    let me = chat.peek(|m| m.me);
    let before = chat.change(|m| {
        let before = m.presence(me);
        m.statuses.insert(me, status);
        (before, vec![Topic::Status(me)])
    });
    spawn_local(async move {
        let body = NewStatus { user_id: me, status: status.as_str().to_owned(), dnd_end_time: 0 };
        if let Err(failure) = chat.client().send(SetStatus { user_id: "me".into(), query: (), body }).await {
            chat.update(|m| {
                m.statuses.insert(me, before);
                vec![Topic::Status(me)]
            });
            chat.complain(&failure);
        }
    });
}

/// Hides a conversation from the list until somebody writes in it.
pub fn prefer(chat: Chat, category: &str, name: String, value: &str) {
    let user_id = chat.peek(|m| m.me);
    let preference = Preference { user_id, category: category.to_owned(), name, value: value.to_owned() };
    chat.update(|m| {
        m.preferences.insert((preference.category.clone(), preference.name.clone()), preference.value.clone());
        vec![Topic::Preferences, Topic::Channels]
    });
    spawn_local(async move {
        let _ = chat.client().send(SetPreferences { user_id: "me".into(), query: (), body: vec![preference] }).await;
    });
}

/// Copies the address of a post.
pub fn copy_link(chat: Chat, id: PostId) {
    let team = chat.peek(|m| m.current_team().map(|team| team.name.clone()).unwrap_or_default());
    browser::copy(&format!("{}/{team}/pl/{id}", browser::origin()));
    chat.toasts.show(ToastKind::Success, "Link copied");
}

/// Ends the session and leaves.
pub fn sign_out(chat: Chat) {
    spawn_local(async move {
        let _ = chat.client().send(SignOut { query: (), body: () }).await;
        browser::go("/login");
    });
}
