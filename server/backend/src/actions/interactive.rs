//! Buttons and menus under posts, and dialogs: what they call, and what comes of it.
//!
//! What an action calls is taken out of the post before it is kept, so that nothing that shows a post can show it. The
//! actions of a post that is not kept are known by a secret of their own, which only who sees the post has.

use super::{posts, slack, triggers};
use crate::{
    access::{self, Caller},
    auth::secrets,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    outbound::{Answer, Call},
};
use http::{HeaderValue, header};
use model::{
    ChannelId, Millis, PostId, Refusal, TeamId, UserId,
    channels::Channel,
    event::{Announcement, Broadcast, Event},
    interactive::{
        ActionAnswer, ActionRequest, ActionStarted, ActionTaken, DialogAnswer, DialogOptions, DialogSubmission,
        Integration, OpenDialog, PostAction, Update,
    },
    permission::Permission,
    posts::{Post, Props},
    webhooks::JSON,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::sync::Arc;
use store::Tx;

/// How long the buttons of a post that is not kept can be used.
pub const PASSING_FOR: Millis = 24 * 60 * 60 * 1000;
/// The most actions of one post.
const ACTIONS_MAX: usize = 100;
/// The longest id of an action, in characters.
const ACTION_ID_MAX: usize = 64;
/// The properties of a post that say who says it. A program that changes the post cannot change them.
const KEPT_PROPS: [&str; 6] = [
    "from_webhook",
    "webhook_display_name",
    "override_username",
    "override_icon_url",
    "override_icon_emoji",
    "from_bot",
];

/// The actions of attachments, whichever shape these have.
fn actions_of(props: &mut Props) -> impl Iterator<Item = &mut Props> {
    let attachments = props.get_mut("attachments").and_then(Value::as_array_mut);
    let lists = attachments.into_iter().flatten().filter_map(|a| a.get_mut("actions")?.as_array_mut());
    lists.flatten().filter_map(Value::as_object_mut)
}

/// Takes what a post's actions call out of it, and gives those an id that have none. For a post that only `user` sees,
/// each is given its secret.
pub(super) fn take(post: &mut Post, user: UserId) -> Vec<PostAction> {
    let (post_id, channel_id, create_at, message) = (post.id, post.channel_id, post.create_at, post.message.clone());
    let mut taken = Vec::new();
    for action in actions_of(&mut post.props) {
        action.remove("cookie");
        let Some(integration) = action.remove("integration") else { continue };
        let integration: Integration = serde_json::from_value(integration).unwrap_or_default();
        let said = action.get("id").and_then(Value::as_str).filter(|id| is_id(id)).map(ToOwned::to_owned);
        let id = said.unwrap_or_else(|| new_id::<()>().to_string());
        action.insert("id".into(), id.as_str().into());
        if integration.url.is_empty() || taken.len() == ACTIONS_MAX {
            continue;
        }
        let mut cookie = String::new();
        if user.is_some() {
            cookie = new_id::<()>().to_string();
            action.insert("cookie".into(), cookie.as_str().into());
        }
        let message = if user.is_some() { message.clone() } else { String::new() };
        taken.push(PostAction {
            post_id,
            action_id: id,
            create_at,
            channel_id,
            user_id: user,
            cookie,
            integration,
            message,
        });
    }
    taken
}

/// Attachments without what their actions call.
pub(super) fn without_integrations(attachments: &[Value]) -> Vec<Value> {
    let mut props = Props::new();
    props.insert("attachments".into(), attachments.into());
    for action in actions_of(&mut props) {
        action.remove("integration");
    }
    props.remove("attachments").and_then(|a| a.as_array().cloned()).unwrap_or_default()
}

/// Whether a text can name an action in an address.
pub fn is_id(text: &str) -> bool {
    (1..=ACTION_ID_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
}

/// Keeps what a post's actions call, as a part of the change that the post is.
pub(super) async fn keep(tx: &mut Tx, actions: &[PostAction]) -> Result<()> {
    for action in actions {
        tx.post_actions().set(action).await?;
    }
    Ok(())
}

/// The kind of an action and what it offers, as the post says.
struct Shown {
    kind: String,
    data_source: String,
}

fn shown(post: &mut Post, id: &str) -> Option<Shown> {
    let text = |a: &Props, name: &str| a.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let action = actions_of(&mut post.props).find(|a| a.get("id").and_then(Value::as_str) == Some(id))?;
    let kind = if text(action, "type") == "select" { "select" } else { "button" };
    Some(Shown { kind: kind.into(), data_source: text(action, "data_source") })
}

/// What was clicked: the action, the post it is under unless that is not kept, and their channel.
struct Clicked {
    action: PostAction,
    post: Option<Post>,
    channel: Arc<Channel>,
    shown: Shown,
}

async fn clicked(cx: &Cx, caller: &Caller, post: PostId, id: &str, taken: &ActionTaken) -> Result<Clicked> {
    let refused = || Refusal::missing(Permission::ReadChannel);
    let kept = access::post_in_channel(cx, post).await?;
    if let Some((_, channel)) = &kept
        && !access::may_read(cx, caller, channel).await?
    {
        return Err(refused().into());
    }
    let action = cx.store.post_actions().get(post, id).await?;
    if let Some((mut post, channel)) = kept {
        // An action that an edit took away is none any more.
        let shown = shown(&mut post, id).ok_or(Refusal::NO_ACTION)?;
        let action = action.filter(|a| a.user_id.is_none()).ok_or(Refusal::NO_ACTION)?;
        return Ok(Clicked { action, post: Some(post), channel, shown });
    }
    let theirs = |a: &PostAction| a.user_id == caller.id() && secrets::same(&a.cookie, &taken.cookie);
    let action = action.filter(theirs).ok_or(Refusal::NO_ACTION)?;
    let channel = access::channel_for(cx, caller, action.channel_id, Permission::ReadChannel).await?;
    let kind = if taken.selected_option.is_empty() { "button" } else { "select" };
    let shown = Shown { kind: kind.into(), data_source: String::new() };
    Ok(Clicked { action, post: None, channel, shown })
}

/// Calls what a button or menu calls, and does what its program answers.
///
/// # Errors
///
/// There is no such action under a post that the caller can read; its program gives no answer, or none that can be used.
pub async fn click(cx: &Cx, caller: &Caller, post: PostId, id: &str, taken: ActionTaken) -> Result<ActionStarted> {
    let Clicked { action, post: kept, channel, shown } = clicked(cx, caller, post, id, &taken).await?;
    let team = access::find_team(cx, channel.team_id).await?;
    let trigger_id = triggers::make(cx, caller.id());
    let mut context = action.integration.context.clone();
    if !taken.selected_option.is_empty() {
        context.insert("selected_option".into(), taken.selected_option.into());
    }
    for (name, value) in taken.query {
        context.entry(name).or_insert(value.into());
    }
    let request = ActionRequest {
        user_id: caller.id(),
        user_name: caller.user.username.clone(),
        channel_id: channel.id,
        channel_name: channel.name.clone(),
        team_id: channel.team_id,
        team_domain: team.map(|t| t.name.clone()).unwrap_or_default(),
        post_id: post,
        trigger_id: trigger_id.clone(),
        kind: shown.kind,
        data_source: shown.data_source,
        context,
    };
    let answer: ActionAnswer = ask(cx, &action.integration.url, &request, &Refusal::ACTION_FAILED).await?;
    // Beside the post that was clicked: in its thread only if that is where it is.
    let root = kept.as_ref().map(|p| p.root_id);
    if let Some(mut update) = answer.update {
        if !answer.skip_slack_parsing {
            written(cx, &mut update).await?;
        }
        if let Some(kept) = &kept {
            revise(cx, caller, kept, &channel, update).await?;
        } else {
            replace(cx, &action, update).await?;
        }
    }
    if !answer.ephemeral_text.is_empty() {
        let mut text = answer.ephemeral_text;
        if !answer.skip_slack_parsing {
            slack::convert(cx, &mut text, &mut Vec::new()).await?;
        }
        let props = kept.map(|p| p.props).unwrap_or_default();
        let said = Post {
            channel_id: channel.id,
            root_id: root.unwrap_or_default(),
            message: text,
            props: props.into_iter().filter(|(name, _)| KEPT_PROPS.contains(&name.as_str())).collect(),
            ..Post::default()
        };
        posts::whisper(cx, caller.id(), caller.id(), said).await?;
    }
    Ok(ActionStarted { status: "OK".into(), trigger_id })
}

/// What a program writes like for Slack, in our own markup.
async fn written(cx: &Cx, update: &mut Update) -> Result<()> {
    let attachments = update.props.as_mut().and_then(|p| p.get_mut("attachments")).and_then(Value::as_array_mut);
    let mut none = Vec::new();
    slack::convert(cx, &mut update.message, attachments.unwrap_or(&mut none)).await
}

/// The properties that a post has after a program changed it.
fn changed_props(old: &Props, new: Option<Props>) -> Props {
    let Some(mut new) = new else { return old.clone() };
    for name in KEPT_PROPS {
        match old.get(name) {
            Some(value) => new.insert(name.to_owned(), value.clone()),
            None => new.remove(name),
        };
    }
    new
}

/// Makes a kept post what its program says.
async fn revise(cx: &Cx, caller: &Caller, post: &Post, channel: &Channel, update: Update) -> Result<()> {
    let props = changed_props(&post.props, update.props);
    posts::revise(cx, caller, post, channel, update.message, props).await
}

/// Shows a post that is not kept as its program says.
async fn replace(cx: &Cx, old: &PostAction, update: Update) -> Result<()> {
    let post = Post {
        id: old.post_id,
        create_at: old.create_at,
        channel_id: old.channel_id,
        user_id: old.user_id,
        message: update.message,
        props: changed_props(&Props::new(), update.props),
        ..Post::default()
    };
    posts::whisper_again(cx, old.user_id, post).await
}

/// Asks a program something in JSON, and reads its answer; an empty one says nothing.
async fn ask<T: DeserializeOwned + Default>(
    cx: &Cx,
    url: &str,
    request: &impl Serialize,
    refusal: &Refusal,
) -> Result<T> {
    let body = serde_json::to_vec(request).map_err(Error::internal)?;
    let call = Call::post(url, JSON, body).header(header::ACCEPT, HeaderValue::from_static(JSON));
    let answer: Answer = cx.outbound.call(call.within(cx.outbound.patience())).await.map_err(|failure| {
        tracing::warn!(%failure, "the program of an action or dialog gave no answer");
        refusal.clone().saying(format!("The program gave no answer: {failure}."))
    })?;
    if !answer.status.is_success() {
        tracing::warn!(status = answer.status.as_u16(), "the program of an action or dialog refused");
        return Err(refusal.clone().into());
    }
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(T::default());
    }
    Ok(serde_json::from_slice(&answer.body).map_err(|_| refusal.clone())?)
}

/// Opens a dialog for the person whom a trigger id was made for. Whoever has one may.
///
/// # Errors
///
/// It says nowhere to send what is entered; the trigger id is none, or too old.
pub fn open(cx: &Cx, asked: OpenDialog) -> Result<()> {
    if asked.url.is_empty() || !asked.dialog.is_object() {
        return Err(Refusal::body(if asked.url.is_empty() { "url" } else { "dialog" }).into());
    }
    let user = triggers::user_of(cx, &asked.trigger_id)?;
    let to = Broadcast::user(user);
    cx.hub.announce(&Announcement { event: Event::OpenDialog { dialog: Box::new(asked) }, to });
    Ok(())
}

/// What a program is told, of what somebody entered; where they are has to be where they may be.
async fn submission(
    cx: &Cx,
    caller: &Caller,
    sent: DialogSubmission,
    kind: &str,
) -> Result<(String, DialogSubmission)> {
    if sent.url.is_empty() {
        return Err(Refusal::body("url").into());
    }
    let channel: ChannelId = sent.channel_id.parse().map_err(|_| Refusal::body("channel_id"))?;
    access::channel_for(cx, caller, channel, Permission::ReadChannel).await?;
    // In a conversation there may be none.
    if !sent.team_id.is_empty() {
        let team: TeamId = sent.team_id.parse().map_err(|_| Refusal::body("team_id"))?;
        access::must_in_team(cx, caller, team, Permission::ViewTeam).await?;
    }
    let told = DialogSubmission { kind: kind.into(), url: String::new(), user_id: caller.id(), ..sent.clone() };
    Ok((sent.url, told))
}

/// Sends what somebody entered in a dialog to its program.
///
/// # Errors
///
/// The caller may not be in that channel or team; the program gives no answer that can be used.
pub async fn submit(cx: &Cx, caller: &Caller, sent: DialogSubmission) -> Result<DialogAnswer> {
    let (url, told) = submission(cx, caller, sent, "dialog_submission").await?;
    ask(cx, &url, &told, &Refusal::DIALOG_FAILED).await
}

/// Asks a dialog's program for the options of a field.
///
/// # Errors
///
/// As [`submit`].
pub async fn look_up(cx: &Cx, caller: &Caller, sent: DialogSubmission) -> Result<DialogOptions> {
    let (url, told) = submission(cx, caller, sent, "dialog_lookup").await?;
    ask(cx, &url, &told, &Refusal::DIALOG_FAILED).await
}
