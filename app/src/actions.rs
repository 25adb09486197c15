//! What people do: shown at once, then sent, and taken back with a reason if the server refuses.

pub mod arrange;

use leptos::{prelude::*, task::spawn_local};
use model::{
    ChannelId, Millis, PostId, TeamId, UserId,
    channels::{
        AddChannelMember, ChannelPatch, NewChannelMember, PatchChannel, RemoveChannelMember, SetChannelSchemeRoles,
    },
    posts::{
        Acknowledge, Acknowledgement, DeletePost, FollowThread, PatchPost, PinPost, Post, PostPatch, ReadAllThreads,
        SetUnread, Unacknowledge, UnfollowThread, UnpinPost,
    },
    preferences::{DeletePreferences, Preference, SetPreferences},
    reactions::{AddReaction, NewReaction, RemoveReaction},
    status::{NewStatus, Presence, SetStatus},
    teams::SchemeRoles,
    users::SignOut,
};

use crate::{
    browser,
    channel::without,
    chat::Chat,
    later::later,
    outbox,
    state::{SAVED, Stage, Topic, Written},
    ui::ToastKind,
    words,
};

/// Writes a message into a channel or a thread.
pub fn write(chat: Chat, channel: ChannelId, root: PostId, written: Written) {
    chat.update(|m| m.write(channel, root, written, browser::now()).1);
    spawn_local(outbox::send(chat));
}

/// Sends a message that was not sent.
pub fn write_again(chat: Chat, id: &str) {
    chat.update(|m| m.stage(id, Stage::Sending));
    spawn_local(outbox::send(chat));
}

/// Takes a message back that was not sent.
pub fn discard(chat: Chat, id: &str) {
    chat.update(|m| m.settle(id).1);
    spawn_local(outbox::forget(id.to_owned()));
}

later! {
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
}

later! {
    /// Says that one has seen a post that asks for it, or takes that back.
    pub fn acknowledge(chat: Chat, post_id: PostId, seen: bool) {
        let me = chat.peek(|m| m.me);
        let said = move |acknowledged_at| Acknowledgement { user_id: me, post_id, acknowledged_at, ..Acknowledgement::default() };
        chat.update(|m| m.acknowledged(said(browser::now()), seen));
        spawn_local(async move {
            let (client, user_id) = (chat.client(), me.to_string());
            let answer = if seen {
                client.send(Acknowledge { user_id, post_id, query: (), body: () }).await.map(|_| ())
            } else {
                client.send(Unacknowledge { user_id, post_id, query: (), body: () }).await.map(|_| ())
            };
            if let Err(failure) = answer {
                chat.update(|m| m.acknowledged(said(browser::now()), !seen));
                chat.complain(&failure);
            }
        });
    }
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

later! {
    async fn patch(chat: Chat, id: PostId, message: String) -> Result<Post, Failure> {
        let body = PostPatch { message: Some(message), ..PostPatch::default() };
        chat.client().send(PatchPost { post_id: id, query: (), body }).await
    }
}

later! {
    /// Takes the preview off a message of one's own, for everybody.
    pub fn remove_preview(chat: Chat, id: PostId) {
        let Some(props) = chat.peek(|m| m.posts.get(&id).map(|post| without(&post.props))) else { return };
        let body = PostPatch { props: Some(props), ..PostPatch::default() };
        spawn_local(async move {
            match chat.client().send(PatchPost { post_id: id, query: (), body }).await {
                Ok(post) => chat.update(|m| {
                    if let Some(known) = m.posts.get_mut(&id) {
                        known.props = post.props;
                        known.metadata.embeds = post.metadata.embeds;
                        known.update_at = post.update_at;
                    }
                    vec![Topic::Post(id)]
                }),
                Err(failure) => chat.complain(&failure),
            }
        });
    }
}

/// Changes the text of a post.
pub fn edit(chat: Chat, id: PostId, message: String) {
    let before: Option<Post> = chat.change(|m| m.edit(id, message.clone(), browser::now()));
    let Some(before) = before else { return };
    spawn_local(async move {
        match patch(chat, id, message).await {
            Ok(post) => chat.update(|m| {
                if let Some(known) = m.posts.get_mut(&id) {
                    known.message = post.message;
                    known.message_source = post.message_source;
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

/// How long a deletion can be taken back, in seconds.
const SECOND_THOUGHTS: u32 = 6;

/// Deletes a post: it is gone from the screen at once, and from the server when it was not taken back for a while.
pub fn delete(chat: Chat, id: PostId) {
    let post: Option<Post> = chat.change(|m| (m.posts.get(&id).cloned(), m.forget_post(id)));
    let Some(post) = post else { return };
    if chat.thread.get_untracked() == Some(id) {
        chat.thread.set(None);
    }
    chat.deleting.update_value(|ids| ids.push(id));
    let kept = post.clone();
    let take_back = move || {
        if is_deleting(chat, id) {
            chat.update(|m| m.restore(kept.clone()));
        }
    };
    chat.toasts.offer_for(SECOND_THOUGHTS, words::message_deleted(), words::undo(), take_back);
    spawn_local(async move {
        browser::pause(SECOND_THOUGHTS * 1_000).await;
        if is_deleting(chat, id)
            && let Err(failure) = chat.client().send(DeletePost { post_id: id, query: (), body: () }).await
        {
            chat.update(|m| m.restore(post));
            chat.complain(&failure);
        }
    });
}

/// Whether a post is still about to be deleted, which whoever asks sees to.
fn is_deleting(chat: Chat, id: PostId) -> bool {
    let taken = chat.deleting.try_update_value(|ids| {
        let before = ids.len();
        ids.retain(|other| *other != id);
        ids.len() < before
    });
    taken.unwrap_or(false)
}

/// Deletes at once what could still have been taken back: the page is being left.
pub fn delete_now(chat: Chat) {
    for id in chat.deleting.try_update_value(std::mem::take).unwrap_or_default() {
        browser::call_on_leaving("DELETE", &format!("/api/v4/posts/{id}"));
    }
}

/// Pins a post to its channel, or takes the pin back.
pub fn toggle_pin(chat: Chat, id: PostId) {
    let flip = move || {
        chat.change(|m| match m.posts.get_mut(&id) {
            Some(post) => {
                post.is_pinned = !post.is_pinned;
                (post.is_pinned, vec![Topic::Post(id), Topic::Pins(post.channel_id)])
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

later! {
    /// Changes what a channel says of itself.
    pub fn patch_channel(chat: Chat, id: ChannelId, body: ChannelPatch) {
        spawn_local(async move {
            match chat.client().send(PatchChannel { channel_id: id, query: (), body }).await {
                Ok(channel) => chat.update(|m| m.take_channel(channel, None)),
                Err(failure) => chat.complain(&failure),
            }
        });
    }
}

/// Adds people to a channel; `then` runs when it is done.
pub fn add_members(chat: Chat, id: ChannelId, users: Vec<UserId>, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let mut done = true;
        for user in users {
            let body = NewChannelMember { user_id: user.to_string(), ..NewChannelMember::default() };
            if let Err(failure) = chat.client().send(AddChannelMember { channel_id: id, query: (), body }).await {
                chat.complain(&failure);
                done = false;
                break;
            }
        }
        then(done);
    });
}

/// Removes somebody from a channel; `then` runs when it is done.
pub fn remove_member(chat: Chat, id: ChannelId, user: UserId, then: impl FnOnce() + 'static) {
    spawn_local(async move {
        let user_id = user.to_string();
        match chat.client().send(RemoveChannelMember { channel_id: id, user_id, query: (), body: () }).await {
            Ok(_) => then(),
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Makes somebody an administrator of a channel, or an ordinary member again; `then` runs when it is done.
pub fn set_channel_admin(chat: Chat, id: ChannelId, user: UserId, admin: bool, then: impl FnOnce() + 'static) {
    spawn_local(async move {
        let body = SchemeRoles { scheme_admin: admin, scheme_user: true, ..SchemeRoles::default() };
        let call = SetChannelSchemeRoles { channel_id: id, user_id: user.to_string(), query: (), body };
        match chat.client().send(call).await {
            Ok(_) => then(),
            Err(failure) => chat.complain(&failure),
        }
    });
}

later! {
    /// Follows a thread, or stops following it.
    pub fn follow(chat: Chat, root: PostId, state: bool) {
        let team = chat.peek(|m| m.team);
        chat.update(|m| m.thread_followed(root, state));
        // One request at a time for each thread: what was said last has to be what the server heard last.
        if chat.following.try_update_value(|all| all.insert(root, state)).flatten().is_some() {
            return;
        }
        spawn_local(async move {
            let client = chat.client();
            let mut said = state;
            loop {
                let user_id = "me".to_owned();
                let answer = if said {
                    client.send(FollowThread { user_id, team_id: team, thread_id: root, query: (), body: () }).await
                } else {
                    client.send(UnfollowThread { user_id, team_id: team, thread_id: root, query: (), body: () }).await
                };
                let wanted = chat.following.try_with_value(|all| all.get(&root).copied()).flatten().unwrap_or(said);
                if let (Err(failure), true) = (&answer, wanted == said) {
                    chat.update(|m| m.thread_followed(root, !said));
                    chat.complain(failure);
                }
                if wanted == said {
                    break;
                }
                said = wanted;
            }
            chat.following.try_update_value(|all| all.remove(&root));
        });
    }
}

/// Marks all threads of the team as read.
pub fn read_all_threads(chat: Chat) {
    let team = chat.peek(|m| m.team);
    chat.update(|m| m.thread_read(PostId::NONE, 0, 0, Millis::MAX, TeamId::NONE));
    spawn_local(async move {
        let call = ReadAllThreads { user_id: "me".into(), team_id: team, query: (), body: () };
        if let Err(failure) = chat.client().send(call).await {
            chat.complain(&failure);
            let _ = crate::load::threads(chat, true).await;
        }
    });
}

later! {
    /// Leaves a channel; `then` runs when it is done.
    pub fn leave(chat: Chat, id: ChannelId, then: Box<dyn FnOnce()>) {
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
}

later! {
    /// Chooses one's own status; do-not-disturb perhaps until a time, 0 for none.
    pub fn set_status(chat: Chat, status: Presence, until: Millis) {
        let me = chat.peek(|m| m.me);
        let before = chat.change(|m| {
            let before = m.presence(me);
            m.statuses.insert(me, status);
            (before, vec![Topic::Status(me)])
        });
        spawn_local(async move {
            let body = NewStatus { user_id: me, status: status.as_str().to_owned(), dnd_end_time: until / 1_000 };
            if let Err(failure) = chat.client().send(SetStatus { user_id: "me".into(), query: (), body }).await {
                chat.update(|m| {
                    m.statuses.insert(me, before);
                    vec![Topic::Status(me)]
                });
                chat.complain(&failure);
            }
        });
    }
}

/// Saves a post for oneself, or no longer.
pub fn toggle_saved(chat: Chat, id: PostId) {
    let (me, saved) = chat.peek(|m| (m.me, m.is_saved(id)));
    if !saved {
        return prefer(chat, SAVED, id.to_string(), "true");
    }
    let preference =
        Preference { user_id: me, category: SAVED.to_owned(), name: id.to_string(), value: "true".to_owned() };
    let key = (preference.category.clone(), preference.name.clone());
    chat.update(|m| {
        m.preferences.remove(&key);
        vec![Topic::Preferences]
    });
    spawn_local(async move {
        let call = DeletePreferences { user_id: "me".into(), query: (), body: vec![preference] };
        if let Err(failure) = chat.client().send(call).await {
            chat.update(|m| {
                m.preferences.insert(key, "true".to_owned());
                vec![Topic::Preferences]
            });
            chat.complain(&failure);
        }
    });
}

/// Sets a preference: at once here, then on the server; taken back if that refuses.
pub fn prefer(chat: Chat, category: &str, name: String, value: &str) {
    let user_id = chat.peek(|m| m.me);
    let preference = Preference { user_id, category: category.to_owned(), name, value: value.to_owned() };
    let key = (preference.category.clone(), preference.name.clone());
    let topics = || vec![Topic::Preferences, Topic::Channels];
    let before: Option<String> =
        chat.change(|m| (m.preferences.insert(key.clone(), preference.value.clone()), topics()));
    spawn_local(async move {
        let call = SetPreferences { user_id: "me".into(), query: (), body: vec![preference] };
        if let Err(failure) = chat.client().send(call).await {
            chat.update(|m| {
                match before {
                    Some(before) => m.preferences.insert(key, before),
                    None => m.preferences.remove(&key),
                };
                topics()
            });
            chat.complain(&failure);
        }
    });
}

/// Sets a preference that a page is made by: once the server has it, the page is loaded anew.
pub fn prefer_anew(chat: Chat, category: &str, name: &str, value: &str) {
    let user_id = chat.peek(|m| m.me);
    let (category, name, value) = (category.to_owned(), name.to_owned(), value.to_owned());
    let body = vec![Preference { user_id, category, name, value }];
    spawn_local(async move {
        match chat.client().send(SetPreferences { user_id: "me".into(), query: (), body }).await {
            Ok(_) => browser::reload(),
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// Copies the address of a post.
pub fn copy_link(chat: Chat, id: PostId) {
    let team = chat.peek(|m| m.current_team().map(|team| team.name.clone()).unwrap_or_default());
    browser::copy(&format!("{}/{team}/pl/{id}", browser::origin()));
    chat.toasts.show(ToastKind::Success, words::link_copied());
}

later! {
    /// Ends the session and leaves.
    pub fn sign_out(chat: Chat) {
        spawn_local(async move {
            let _ = chat.client().send(SignOut { query: (), body: () }).await;
            crate::waiting::forget();
            outbox::forget_all().await;
            browser::forget_pages();
            browser::go("/login");
        });
    }
}
