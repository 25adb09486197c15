//! Why somebody is notified of a message, or not: told by what decides it.

use super::{mail_notifications, mentions};
use crate::{
    access::{self, Caller},
    cx::Cx,
    error::Result,
};
use model::{
    StringMap,
    channels::Channel,
    notifications::{Case, Rule, Verdict, WhyNotified},
    posts::Post,
    status::Presence,
};

/// Why the caller is notified of a message that they can read, or not, as things are set now.
///
/// # Errors
///
/// The database fails.
pub async fn why(cx: &Cx, caller: &Caller, post: &Post, channel: &Channel) -> Result<WhyNotified> {
    let (config, me) = (cx.settings.get().clone(), caller.id());
    let push = Verdict::not(Rule::NotOffered);
    let Some(member) = access::channel_member(cx, channel.id, me).await? else {
        let not = Verdict::not(Rule::NotInChannel);
        return Ok(WhyNotified { post_id: post.id, desktop: not, push, email: not, ..WhyNotified::default() });
    };
    let root = match post.root_id.some() {
        Some(root) => cx.store.posts().by_id(root).await?,
        None => None,
    };
    let heard = mentions::of(cx, channel, post, root.as_ref()).await?;
    let thread_followed = match post.root_id.some() {
        Some(root) => cx.store.threads().get(root, me).await?.is_some_and(|m| m.is_following),
        None => false,
    };
    let mention = match heard.by.get(&me) {
        Some(by) => Some(mentions::in_words(cx, channel, post, &caller.user, *by).await?),
        None => None,
    };
    let presence = cx.statuses.get(cx, &[me]).await?.first().map_or(Presence::Offline, |s| s.status);
    let (of_user, of_channel): (&StringMap, &StringMap) = (&caller.user.notify_props, &member.notify_props);
    let case = Case {
        post,
        user_id: me,
        mentioned: mention.is_some(),
        followed: thread_followed,
        of_user,
        of_channel,
        presence,
    };
    let email = case.email(mail_notifications::is_on(&config), mail_notifications::is_reachable(&config, &caller.user));
    Ok(WhyNotified { post_id: post.id, mention, thread_followed, desktop: case.desktop(), push, email })
}
