//! Webhooks: making and changing them, what incoming ones post, and which outgoing ones a post concerns.

use super::{channels, posts, slack};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, Refusal, TeamId, UserId,
    channels::{Channel, ChannelType},
    event::Touched,
    permission::Permission,
    posts::{MESSAGE_MAX, NewPost, PROPS_MAX, Post, Props},
    webhooks::{
        DESCRIPTION_MAX, DISPLAY_NAME_MAX, IncomingPost, IncomingWebhook, IncomingWebhookForm, OutgoingAnswer,
        OutgoingWebhook, URL_MAX, USERNAME_MAX,
    },
};
use serde_json::Value;
use std::sync::Arc;
use store::webhooks::CallOutgoing;

/// The name that webhooks post under that have none.
const DEFAULT_NAME: &str = "webhook";
/// The most messages that one call may become.
const PIECES: usize = 16;
/// The most outgoing webhooks of a team that are looked at.
const OUTGOING_MAX: i64 = 10_000;

/// Refuses who may not deal with a team's webhooks, or not with other people's.
///
/// # Errors
///
/// As said, with the permission that is missing.
pub async fn must(cx: &Cx, caller: &Caller, team: TeamId, owner: UserId, needs: Needs) -> Result<()> {
    if team.is_none() {
        return Err(Refusal::missing(needs.own).into());
    }
    access::must_in_team(cx, caller, team, needs.own).await?;
    if owner != caller.id() {
        access::must_in_team(cx, caller, team, needs.others).await?;
    }
    Ok(())
}

/// What it takes to deal with one's own and with others'.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    pub own: Permission,
    pub others: Permission,
}

/// For incoming webhooks.
pub const INCOMING: Needs =
    Needs { own: Permission::ManageIncomingWebhooks, others: Permission::ManageOthersIncomingWebhooks };
/// For outgoing webhooks.
pub const OUTGOING: Needs =
    Needs { own: Permission::ManageOutgoingWebhooks, others: Permission::ManageOthersOutgoingWebhooks };

/// The channel of an incoming webhook, if the caller may have one there.
async fn hooked(cx: &Cx, caller: &Caller, channel: &str, owner: UserId) -> Result<Arc<Channel>> {
    let channel = access::channel(cx, channel.parse().map_err(|_| Refusal::NO_CHANNEL)?).await?;
    must(cx, caller, channel.team_id, owner, INCOMING).await?;
    if channel.kind != ChannelType::Open {
        access::must_in_channel(cx, caller, &channel, Permission::ReadChannel).await?;
    }
    Ok(channel)
}

/// An incoming webhook that the caller may see and change.
///
/// # Errors
///
/// There is none; it is in a channel the caller cannot read, or somebody else's.
pub async fn incoming(cx: &Cx, caller: &Caller, id: AnyId) -> Result<IncomingWebhook> {
    let hook = cx.store.webhooks().incoming(id).await?.ok_or(Refusal::NO_INCOMING)?;
    hooked(cx, caller, hook.channel_id.as_str(), hook.user_id).await?;
    Ok(hook)
}

/// Refuses lengths that a webhook cannot have.
fn check_incoming(hook: &IncomingWebhook) -> Result<(), Refusal> {
    let longer = |text: &str, most: usize| text.chars().count() > most;
    if longer(&hook.display_name, DISPLAY_NAME_MAX) {
        return Err(Refusal::INCOMING_DISPLAY_NAME);
    }
    if longer(&hook.description, DESCRIPTION_MAX) {
        return Err(Refusal::INCOMING_DESCRIPTION);
    }
    if longer(&hook.username, USERNAME_MAX) {
        return Err(Refusal::INCOMING_USERNAME);
    }
    if longer(&hook.icon_url, URL_MAX) {
        return Err(Refusal::INCOMING_ICON);
    }
    Ok(())
}

/// Makes an incoming webhook.
///
/// # Errors
///
/// The caller may not; the channel is none; a text is too long.
pub async fn create_incoming(cx: &Cx, caller: &Caller, form: IncomingWebhookForm) -> Result<IncomingWebhook> {
    let owner = if form.user_id.is_empty() {
        caller.id()
    } else {
        form.user_id.parse().map_err(|_| Refusal::body("user_id"))?
    };
    let channel = hooked(cx, caller, &form.channel_id, owner).await?;
    access::user(cx, owner).await?;
    let now = cx.clock.now();
    let hook = IncomingWebhook {
        id: new_id(),
        create_at: now,
        update_at: now,
        delete_at: 0,
        user_id: owner,
        channel_id: channel.id,
        team_id: channel.team_id,
        display_name: form.display_name,
        description: form.description,
        username: form.username,
        icon_url: form.icon_url,
        channel_locked: form.channel_locked,
    };
    check_incoming(&hook)?;
    let made = hook.clone();
    cx.store
        .write(move |tx| {
            let hook = made.clone();
            Box::pin(async move { tx.webhooks().insert_incoming(&hook).await })
        })
        .await
        .map_err(Error::from)?;
    Ok(hook)
}

/// Changes an incoming webhook.
///
/// # Errors
///
/// The channel is none or of another team; a text is too long.
pub async fn update_incoming(
    cx: &Cx,
    caller: &Caller,
    old: IncomingWebhook,
    form: IncomingWebhookForm,
) -> Result<IncomingWebhook> {
    let channel_id =
        if form.channel_id.is_empty() { old.channel_id.as_str().to_owned() } else { form.channel_id.clone() };
    let channel = hooked(cx, caller, &channel_id, old.user_id).await?;
    if channel.team_id != old.team_id {
        return Err(Refusal::body("channel_id").into());
    }
    let hook = IncomingWebhook {
        channel_id: channel.id,
        update_at: cx.clock.now(),
        display_name: form.display_name,
        description: form.description,
        username: form.username,
        icon_url: form.icon_url,
        channel_locked: form.channel_locked,
        ..old
    };
    check_incoming(&hook)?;
    let changed = hook.clone();
    cx.store
        .write(move |tx| {
            let hook = changed.clone();
            Box::pin(async move {
                if tx.webhooks().update_incoming(&hook).await? {
                    Ok(())
                } else {
                    Err(Error::from(Refusal::NO_INCOMING))
                }
            })
        })
        .await?;
    Ok(hook)
}

/// Removes an incoming webhook.
///
/// # Errors
///
/// The database fails.
pub async fn delete_incoming(cx: &Cx, id: AnyId) -> Result<()> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| Box::pin(async move { tx.webhooks().delete_incoming(id, now).await.map(drop) }))
        .await
        .map_err(Error::from)
}

/// Posts what a program sends to an incoming webhook. Whoever knows the id may.
///
/// # Errors
///
/// There is no such webhook; there is nothing to post; the channel is none, is not the one it is locked to, or cannot
/// be read by whose webhook it is.
pub async fn receive(cx: &Cx, id: &str, sent: IncomingPost) -> Result<()> {
    if !cx.settings.get().service.enable_incoming_webhooks {
        return Err(Refusal::INCOMING_OFF.into());
    }
    let id: AnyId = id.parse().map_err(|_| Refusal::INCOMING_UNKNOWN)?;
    let hook = cx.store.webhooks().incoming(id).await?.ok_or(Refusal::INCOMING_UNKNOWN)?;
    if sent.text.trim().is_empty() && sent.attachments.is_empty() {
        return Err(Refusal::INCOMING_EMPTY.into());
    }
    let owner = access::acting(cx, hook.user_id).await?;
    let channel = destination(cx, &owner, &hook, &sent.channel_name).await?;
    if hook.channel_locked && channel.id != hook.channel_id {
        return Err(Refusal::INCOMING_LOCKED.into());
    }
    if channel.kind != ChannelType::Open
        && !access::may_in_channel(cx, &owner, &channel, Permission::ReadChannel).await?
    {
        return Err(Refusal::INCOMING_FORBIDDEN.into());
    }
    let or = |own: String, of_hook: &str| if own.is_empty() { of_hook.to_owned() } else { own };
    let said = Said {
        text: sent.text,
        attachments: sent.attachments,
        username: or(sent.username, &hook.username),
        icon_url: or(sent.icon_url, &hook.icon_url),
        icon_emoji: sent.icon_emoji,
        display_name: Some(hook.display_name),
        props: sent.props,
        kind: sent.kind,
        root_id: sent.root_id,
        key: String::new(),
    };
    say(cx, &owner, &channel, said).await
}

/// Where a webhook posts: `name`, `#name`, `@user`, or its own channel.
async fn destination(cx: &Cx, owner: &Caller, hook: &IncomingWebhook, wanted: &str) -> Result<Arc<Channel>> {
    if wanted.is_empty() {
        return access::channel(cx, hook.channel_id).await;
    }
    if let Some(username) = wanted.strip_prefix('@') {
        let user = cx.store.users().by_username(&username.to_lowercase()).await?.ok_or(Refusal::INCOMING_USER)?;
        let channel = channels::direct(cx, owner, &[owner.id(), user.id]).await?;
        return access::channel(cx, channel.id).await;
    }
    let name = wanted.strip_prefix('#').unwrap_or(wanted).to_lowercase();
    let found = cx.store.channels().by_name(hook.team_id, &name).await?;
    Ok(Arc::new(found.filter(|c| c.delete_at == 0).ok_or(Refusal::INCOMING_CHANNEL)?))
}

/// What a program says in a channel.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub text: String,
    pub attachments: Vec<Value>,
    pub username: String,
    pub icon_url: String,
    pub icon_emoji: String,
    /// The name of the webhook; none of a command.
    pub display_name: Option<String>,
    pub props: Props,
    pub kind: String,
    pub root_id: String,
    /// What makes it the same, should it be said again; may be empty.
    pub key: String,
}

/// Posts what a program says, in as many messages as it takes.
///
/// # Errors
///
/// It cannot be posted there, or is longer than a few messages.
pub async fn say(cx: &Cx, author: &Caller, channel: &Channel, mut said: Said) -> Result<()> {
    slack::convert(cx, &mut said.text, &mut said.attachments).await?;
    post(cx, author, channel, said).await
}

/// The same for what is in our own markup already.
pub(super) async fn post(cx: &Cx, author: &Caller, channel: &Channel, mut said: Said) -> Result<()> {
    let props = props(cx, &mut said);
    let kind = if said.kind.is_empty() && !said.attachments.is_empty() { "slack_attachment".into() } else { said.kind };
    for (number, (text, attachments)) in pieces(&said.text, said.attachments, &props)?.into_iter().enumerate() {
        let mut props = props.clone();
        if !attachments.is_empty() {
            props.insert("attachments".into(), attachments.into());
        }
        let pending_post_id = if said.key.is_empty() { String::new() } else { format!("{}:{number}", said.key) };
        let root_id = said.root_id.clone();
        let new = NewPost {
            channel_id: channel.id,
            message: text,
            root_id,
            pending_post_id,
            props,
            kind: kind.clone(),
            ..NewPost::default()
        };
        posts::create(cx, author, new, false).await?;
    }
    Ok(())
}

/// The properties of what a program says: those it gives, and whose name and picture to show.
pub(super) fn props(cx: &Cx, said: &mut Said) -> Props {
    let config = cx.settings.get();
    let mut props = std::mem::take(&mut said.props);
    for ours in ["from_webhook", "override_username", "override_icon_url", "override_icon_emoji", "attachments"] {
        if let Some(Value::Array(attached)) = props.remove(ours)
            && ours == "attachments"
            && said.attachments.is_empty()
        {
            said.attachments = attached;
        }
    }
    props.insert("from_webhook".into(), "true".into());
    let by_command = said.display_name.is_none();
    if let Some(name) = &said.display_name {
        props.insert("webhook_display_name".into(), name.as_str().into());
    }
    // What a command without a name says is said by who gave it.
    if config.service.enable_post_username_override && !(by_command && said.username.is_empty()) {
        let name = if said.username.is_empty() { DEFAULT_NAME } else { &said.username };
        props.insert("override_username".into(), name.into());
    }
    if config.service.enable_post_icon_override {
        // Mattermost: a command's is always there.
        if by_command || !said.icon_url.is_empty() {
            props.insert("override_icon_url".into(), said.icon_url.as_str().into());
        }
        let emoji = said.icon_emoji.trim_matches(':');
        if !emoji.is_empty() {
            props.insert("override_icon_emoji".into(), emoji.into());
        }
    }
    props
}

/// Cuts a text and attachments into what fits messages: first the text, then the attachments with its last part.
fn pieces(text: &str, attachments: Vec<Value>, props: &Props) -> Result<Vec<(String, Vec<Value>)>, Refusal> {
    let mut all: Vec<(String, Vec<Value>)> = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.char_indices().nth(MESSAGE_MAX).map(|(at, _)| at);
        let Some(end) = end else {
            all.push((rest.to_owned(), Vec::new()));
            break;
        };
        // At the end of a line or word, unless that would leave little.
        let cut = rest[..end].rfind(['\n', ' ']).filter(|at| *at > end / 2).map_or(end, |at| at + 1);
        all.push((rest[..cut].to_owned(), Vec::new()));
        rest = &rest[cut..];
        if all.len() > PIECES {
            return Err(Refusal::POST_TOO_LONG);
        }
    }
    let length = |value: &Value| value.to_string().chars().count();
    // The other fields that every attachment is given take some room too.
    let each = 300;
    let room = PROPS_MAX.saturating_sub(serde_json::to_string(props).map_or(0, |t| t.chars().count()) + 20);
    let mut left = room;
    for attachment in attachments {
        let takes = length(&attachment) + each;
        if takes > left {
            all.push((String::new(), Vec::new()));
            left = room;
        }
        if takes > room || all.len() > PIECES {
            return Err(Refusal::POST_PROPS_TOO_LONG);
        }
        left -= takes;
        if let Some((_, last)) = all.last_mut() {
            last.push(attachment);
        }
    }
    all.retain(|(text, attachments)| !text.trim().is_empty() || !attachments.is_empty());
    Ok(all)
}

/// An outgoing webhook that the caller may see and change.
///
/// # Errors
///
/// There is none, or it is not for the caller.
pub async fn outgoing(cx: &Cx, caller: &Caller, id: AnyId) -> Result<OutgoingWebhook> {
    let hook = cx.store.webhooks().outgoing(id).await?.ok_or(Refusal::NO_OUTGOING)?;
    must(cx, caller, hook.team_id, hook.creator_id, OUTGOING).await?;
    Ok(hook)
}

/// Refuses what an outgoing webhook cannot be.
async fn check_outgoing(cx: &Cx, hook: &OutgoingWebhook) -> Result<()> {
    if hook.channel_id.is_some() {
        let channel = access::channel(cx, hook.channel_id).await?;
        if channel.kind != ChannelType::Open || channel.team_id != hook.team_id {
            return Err(Refusal::OUTGOING_CHANNEL.into());
        }
    } else if hook.trigger_words.is_empty() {
        return Err(Refusal::OUTGOING_TRIGGERS.into());
    }
    let longer = |text: &str, most: usize| text.chars().count() > most;
    let words: usize = hook.trigger_words.iter().map(|w| w.chars().count() + 3).sum();
    if words > 1024 || hook.trigger_words.iter().any(String::is_empty) {
        return Err(Refusal::OUTGOING_WORDS.into());
    }
    let urls: usize = hook.callback_urls.iter().map(|u| u.chars().count() + 3).sum();
    if hook.callback_urls.is_empty() || urls > URL_MAX {
        return Err(Refusal::OUTGOING_CALLBACK.into());
    }
    let is_url = |text: &String| url::Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
    if !hook.callback_urls.iter().all(is_url) {
        return Err(Refusal::OUTGOING_URL.into());
    }
    if longer(&hook.display_name, DISPLAY_NAME_MAX) {
        return Err(Refusal::OUTGOING_DISPLAY_NAME.into());
    }
    if longer(&hook.description, DESCRIPTION_MAX) {
        return Err(Refusal::OUTGOING_DESCRIPTION.into());
    }
    if longer(&hook.content_type, 128) {
        return Err(Refusal::OUTGOING_CONTENT_TYPE.into());
    }
    if !matches!(hook.trigger_when, 0 | 1) {
        return Err(Refusal::OUTGOING_WHEN.into());
    }
    if longer(&hook.username, USERNAME_MAX) {
        return Err(Refusal::OUTGOING_USERNAME.into());
    }
    if longer(&hook.icon_url, URL_MAX) {
        return Err(Refusal::OUTGOING_ICON.into());
    }
    let shared = |a: &[String], b: &[String]| a.iter().any(|x| b.contains(x));
    let clash = of_team(cx, hook.team_id).await?.iter().any(|other| {
        other.id != hook.id
            && other.channel_id == hook.channel_id
            && shared(&other.trigger_words, &hook.trigger_words)
            && shared(&other.callback_urls, &hook.callback_urls)
    });
    if clash { Err(Refusal::OUTGOING_CLASH.into()) } else { Ok(()) }
}

/// Makes an outgoing webhook.
///
/// # Errors
///
/// The caller may not; it cannot be what it is to be.
pub async fn create_outgoing(cx: &Cx, caller: &Caller, new: OutgoingWebhook) -> Result<OutgoingWebhook> {
    let creator_id = if new.creator_id.is_some() { new.creator_id } else { caller.id() };
    must(cx, caller, new.team_id, creator_id, OUTGOING).await?;
    access::user(cx, creator_id).await?;
    let (now, token) = (cx.clock.now(), new_id::<()>().to_string());
    let hook = OutgoingWebhook { id: new_id(), token, create_at: now, update_at: now, delete_at: 0, creator_id, ..new };
    check_outgoing(cx, &hook).await?;
    let made = hook.clone();
    cx.store
        .write(move |tx| {
            let hook = made.clone();
            Box::pin(async move {
                tx.webhooks().insert_outgoing(&hook).await?;
                tx.touch(Touched::OutgoingWebhooks(hook.team_id));
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(hook)
}

/// Changes an outgoing webhook; its team, creator and token stay.
///
/// # Errors
///
/// It cannot be what it is to be.
pub async fn update_outgoing(cx: &Cx, old: OutgoingWebhook, new: OutgoingWebhook) -> Result<OutgoingWebhook> {
    let hook = OutgoingWebhook {
        id: old.id,
        token: old.token,
        create_at: old.create_at,
        update_at: cx.clock.now(),
        delete_at: 0,
        creator_id: old.creator_id,
        team_id: old.team_id,
        ..new
    };
    check_outgoing(cx, &hook).await?;
    save_outgoing(cx, hook).await
}

/// Gives an outgoing webhook another token.
///
/// # Errors
///
/// The database fails.
pub async fn renew_outgoing(cx: &Cx, hook: OutgoingWebhook) -> Result<OutgoingWebhook> {
    let token = new_id::<()>().to_string();
    save_outgoing(cx, OutgoingWebhook { token, update_at: cx.clock.now(), ..hook }).await
}

/// Removes an outgoing webhook.
///
/// # Errors
///
/// The database fails.
pub async fn delete_outgoing(cx: &Cx, hook: OutgoingWebhook) -> Result<()> {
    let now = cx.clock.now();
    save_outgoing(cx, OutgoingWebhook { delete_at: now, update_at: now, ..hook }).await.map(drop)
}

async fn save_outgoing(cx: &Cx, hook: OutgoingWebhook) -> Result<OutgoingWebhook> {
    let saved = hook.clone();
    cx.store
        .write(move |tx| {
            let hook = saved.clone();
            Box::pin(async move {
                if !tx.webhooks().update_outgoing(&hook).await? {
                    return Err(Error::from(Refusal::NO_OUTGOING));
                }
                tx.touch(Touched::OutgoingWebhooks(hook.team_id));
                Ok(())
            })
        })
        .await?;
    Ok(hook)
}

/// A team's outgoing webhooks; kept in memory, since every message asks for them.
///
/// # Errors
///
/// The database fails.
pub async fn of_team(cx: &Cx, team: TeamId) -> Result<Arc<Vec<OutgoingWebhook>>> {
    let load =
        async { Ok(Some(Arc::new(cx.store.webhooks().outgoing_page(Some(team), None, OUTGOING_MAX, 0).await?))) };
    Ok(cx.caches.outgoing_webhooks.find(team, load).await?.unwrap_or_default())
}

/// The calls that a new post makes necessary. What webhooks post calls none, so that two programs cannot keep each
/// other busy.
///
/// # Errors
///
/// The database fails.
pub async fn calls(cx: &Cx, channel: &Channel, post: &Post) -> Result<Vec<CallOutgoing>> {
    if channel.kind != ChannelType::Open
        || post.is_system()
        || post.prop("from_webhook") == Some("true")
        || !cx.settings.get().service.enable_outgoing_webhooks
    {
        return Ok(Vec::new());
    }
    let mut calls = Vec::new();
    for hook in of_team(cx, channel.team_id).await?.iter() {
        if hook.channel_id.is_some() && hook.channel_id != channel.id {
            continue;
        }
        let Some(trigger_word) = hook.triggered_by(&post.message) else { continue };
        for url in &hook.callback_urls {
            calls.push(CallOutgoing {
                hook_id: hook.id,
                post_id: post.id,
                url: url.clone(),
                trigger_word: trigger_word.clone(),
            });
        }
    }
    Ok(calls)
}

/// Posts what a program answered to the call of an outgoing webhook. `key` makes it the same, should it be done again.
///
/// # Errors
///
/// It cannot be posted.
pub async fn answer(
    cx: &Cx,
    hook: OutgoingWebhook,
    post: &Post,
    channel: &Channel,
    answer: OutgoingAnswer,
    key: String,
) -> Result<()> {
    let text = answer.text.unwrap_or_default();
    if text.trim().is_empty() && answer.attachments.is_empty() {
        return Ok(());
    }
    let comment = answer.response_type == "comment";
    let root = if post.root_id.is_some() { post.root_id } else { post.id };
    let or = |own: String, of_hook: String| if own.is_empty() { of_hook } else { own };
    let said = Said {
        text,
        attachments: answer.attachments,
        username: or(answer.username, hook.username),
        icon_url: or(answer.icon_url, hook.icon_url),
        icon_emoji: String::new(),
        display_name: Some(hook.display_name),
        props: answer.props,
        kind: answer.kind,
        root_id: if comment { root.to_string() } else { String::new() },
        key,
    };
    say(cx, &access::acting(cx, hook.creator_id).await?, channel, said).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_become_several_messages() {
        let text = format!("{} {}", "a".repeat(MESSAGE_MAX - 10), "b".repeat(100));
        let all = pieces(&text, vec![serde_json::json!({"text": "x"})], &Props::new()).expect("fits");
        assert_eq!(all.len(), 2);
        assert_eq!(all.iter().map(|(t, _)| t.as_str()).collect::<String>(), text);
        assert_eq!((all[0].1.len(), all[1].1.len()), (0, 1));
        let large = serde_json::json!({"text": "x".repeat(5_000)});
        assert_eq!(pieces("", vec![large.clone(), large], &Props::new()).expect("fits").len(), 2);
        assert!(pieces("", vec![serde_json::json!({"text": "x".repeat(9_000)})], &Props::new()).is_err());
    }
}
