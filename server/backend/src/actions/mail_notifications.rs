//! Telling people by mail of what concerns them and they have not seen: whom, and several messages in one mail.

use super::addresses;
use crate::{
    access,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    mail::letters::{self, Said},
};
use model::{
    AnyId, ChannelId, Millis, PostId, TeamId, UserId,
    channels::{Channel, ChannelMember},
    config::Config,
    notifications::Case,
    posts::Post,
    status::Presence,
    teams::Team,
    users::User,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    jobs::{Letter, MailDigest, NotifyByMail},
    mail_waiting::{Found, Waiting},
};

/// How long messages are gathered for one mail, in seconds: what people can choose.
const INTERVALS: &[i64] = &[30, 15 * 60, 60 * 60];
/// Of those who have not chosen.
const INTERVAL: i64 = 15 * 60;
/// Mails are written at full half minutes, so that few jobs do it.
const RHYTHM: Millis = 30_000;
/// How many people are written to in one change, and how many messages are looked at for them.
const PEOPLE_AT_ONCE: i64 = 50;
const MESSAGES_AT_ONCE: i64 = 2_000;

/// Whether the server tells of messages by mail.
pub fn is_on(config: &Config) -> bool {
    config.email.send_email_notifications && !config.email.smtp_server.is_empty()
}

/// Decides who is to be told of a post, and orders it.
///
/// # Errors
///
/// The database fails.
pub async fn note(cx: &Cx, order: &NotifyByMail) -> Result<()> {
    let config = cx.settings.get().clone();
    if !is_on(&config) {
        return Ok(());
    }
    let Some((post, channel)) = access::post_in_channel(cx, order.post_id).await? else { return Ok(()) };
    let mentioned: BTreeSet<UserId> = order.users.iter().copied().collect();
    let mut all = mentioned.clone();
    if post.root_id.is_some() {
        let followers = cx.store.threads().followers(post.root_id).await?;
        all.extend(followers.iter().map(|m| m.user_id).filter(|id| *id != post.user_id));
    }
    let all: Vec<UserId> = all.into_iter().collect();
    let members = cx.store.channel_members().by_ids(channel.id, &all).await?;
    let members: BTreeMap<UserId, ChannelMember> = members.into_iter().map(|m| (m.user_id, m)).collect();
    let presence: BTreeMap<UserId, Presence> =
        cx.statuses.get(cx, &all).await?.into_iter().map(|s| (s.user_id, s.status)).collect();
    let chosen = cx.store.preferences().of_users(&all, "notifications", "email_interval").await?;
    let chosen: BTreeMap<UserId, String> = chosen.into_iter().map(|p| (p.user_id, p.value)).collect();
    let users = cx.store.users().by_ids(&all).await?;
    let wanted = users.iter().filter(|user| {
        members.get(&user.id).is_some_and(|member| {
            let case = Case {
                post: &post,
                user_id: user.id,
                mentioned: mentioned.contains(&user.id),
                // Whoever is not mentioned is here because they follow.
                followed: true,
                of_user: &user.notify_props,
                of_channel: &member.notify_props,
                presence: presence.get(&user.id).copied().unwrap_or_default(),
            };
            case.email(true, is_reachable(&config, user)).notified
        })
    });
    let now = cx.clock.now();
    let waiting: Vec<Waiting> = wanted
        .map(|user| {
            let interval = interval(&config, chosen.get(&user.id).map_or("", String::as_str));
            let due_at = ((now + interval * 1000) / RHYTHM + 1) * RHYTHM;
            Waiting { id: new_id(), user_id: user.id, post_id: post.id, due_at }
        })
        .collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let times: BTreeSet<Millis> = waiting.iter().map(|w| w.due_at).collect();
    cx.store
        .write(move |tx| {
            let (waiting, times) = (waiting.clone(), times.clone());
            Box::pin(async move {
                tx.mail_waiting().add(&waiting).await?;
                // As many as there are intervals at most.
                for due in times {
                    tx.jobs().order_in(&format!("mail-{due}"), new_id(), &MailDigest {}, now, due).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Whether there is somebody behind an account whom a mail reaches.
pub fn is_reachable(config: &Config, user: &User) -> bool {
    user.delete_at == 0
        && !user.is_bot
        && !user.email.is_empty()
        && (user.email_verified || !config.email.require_email_verification)
}

/// How long messages are gathered for somebody, in seconds.
fn interval(config: &Config, chosen: &str) -> i64 {
    if !config.email.enable_email_batching {
        return INTERVALS[0];
    }
    chosen.parse().ok().filter(|seconds| INTERVALS.contains(seconds)).unwrap_or(INTERVAL)
}

/// Writes the mails that are due. What was read in the meantime is no news.
///
/// # Errors
///
/// The database fails.
pub async fn send_due(cx: &Cx) -> Result<()> {
    loop {
        let now = cx.clock.now();
        let people = cx.store.mail_waiting().due(now, PEOPLE_AT_ONCE).await?;
        if people.is_empty() {
            return Ok(());
        }
        let found = cx.store.mail_waiting().of_users(&people, MESSAGES_AT_ONCE).await?;
        let config = cx.settings.get().clone();
        let collapsed = config.service.collapsed_threads != "disabled";
        let told: Vec<AnyId> = found.iter().map(|f| f.id).collect();
        let news: Vec<Found> = found.into_iter().filter(|f| is_news(f, collapsed)).collect();
        let letters = if is_on(&config) { letters(cx, &config, &news).await? } else { Vec::new() };
        let letters: Vec<(AnyId, Letter)> = letters.into_iter().map(|letter| (new_id(), letter)).collect();
        cx.store
            .write(move |tx| {
                let (told, letters) = (told.clone(), letters.clone());
                Box::pin(async move {
                    tx.mail_waiting().remove(&told).await?;
                    tx.jobs().order_all(&letters, now).await?;
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
}

/// Whether somebody can read a message and has not.
fn is_news(found: &Found, collapsed: bool) -> bool {
    // A channel shows no replies where threads are beside it.
    let in_channel = !found.is_reply || !collapsed;
    let seen = found.thread_viewed_at >= found.create_at || (in_channel && found.channel_viewed_at >= found.create_at);
    found.readable && !seen
}

/// One letter to each person.
async fn letters(cx: &Cx, config: &Config, news: &[Found]) -> Result<Vec<Letter>> {
    let ids: Vec<PostId> = news.iter().map(|f| f.post_id).collect::<BTreeSet<_>>().into_iter().collect();
    let posts = cx.store.posts().by_ids(&ids).await?;
    let posts: BTreeMap<PostId, Post> = posts.into_iter().map(|p| (p.id, p)).collect();
    let channel_ids: BTreeSet<ChannelId> = posts.values().map(|p| p.channel_id).collect();
    let channels = cx.store.channels().by_ids(&channel_ids.into_iter().collect::<Vec<_>>()).await?;
    let channels: BTreeMap<ChannelId, Channel> = channels.into_iter().map(|c| (c.id, c)).collect();
    let team_ids: BTreeSet<TeamId> = channels.values().map(|c| c.team_id).filter(|id| id.is_some()).collect();
    let teams = cx.store.teams().by_ids(&team_ids.into_iter().collect::<Vec<_>>()).await?;
    let teams: BTreeMap<TeamId, Team> = teams.into_iter().map(|t| (t.id, t)).collect();
    let people: BTreeSet<UserId> = news.iter().map(|f| f.user_id).chain(posts.values().map(|p| p.user_id)).collect();
    let users = cx.store.users().by_ids(&people.into_iter().collect::<Vec<_>>()).await?;
    let users: BTreeMap<UserId, User> = users.into_iter().map(|u| (u.id, u)).collect();

    let mut of_person: BTreeMap<UserId, Vec<Said>> = BTreeMap::new();
    for found in news {
        let Some(post) = posts.get(&found.post_id) else { continue };
        let Some(channel) = channels.get(&post.channel_id) else { continue };
        let overridden = post.prop("override_username").filter(|_| post.prop("from_webhook") == Some("true"));
        let author = overridden.map(ToOwned::to_owned).or_else(|| users.get(&post.user_id).map(User::display_name));
        of_person.entry(found.user_id).or_default().push(Said {
            author: author.unwrap_or_else(|| "Somebody".into()),
            channel: if channel.kind.is_personal() { String::new() } else { channel.display_name.clone() },
            team: teams.get(&channel.team_id).map(|t| t.name.clone()),
            post: post.id,
            text: post.message.clone(),
        });
    }
    let letter = |(id, said): (UserId, Vec<Said>)| {
        let user = users.get(&id).filter(|u| u.delete_at == 0)?;
        addresses::letter(config, &user.email, &letters::messages(config, &said))
    };
    Ok(of_person.into_iter().filter_map(letter).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_mail_reaches() {
        let config = Config::default();
        let user = User { email: "ann@example.com".into(), ..User::default() };
        assert!(is_reachable(&config, &user));
        for other in [
            User { delete_at: 1, ..user.clone() },
            User { is_bot: true, ..user.clone() },
            User { email: String::new(), ..user.clone() },
        ] {
            assert!(!is_reachable(&config, &other));
        }
        let mut strict = Config::default();
        strict.email.require_email_verification = true;
        assert!(!is_reachable(&strict, &user));
        assert!(is_reachable(&strict, &User { email_verified: true, ..user }));
    }

    #[test]
    fn messages_are_gathered_as_long_as_somebody_chose() {
        let mut config = Config::default();
        let chosen = ["", "30", "3600", "7", "x"].map(|text| interval(&config, text));
        assert_eq!(chosen, [900, 30, 3600, 900, 900]);
        config.email.enable_email_batching = false;
        assert_eq!(interval(&config, "3600"), 30);
    }

    #[test]
    fn what_was_read_is_no_news() {
        let post = Found { create_at: 10, readable: true, ..Found::default() };
        assert!(is_news(&post, true));
        assert!(!is_news(&Found { channel_viewed_at: 10, ..post }, true));
        let reply = Found { is_reply: true, channel_viewed_at: 10, ..post };
        assert!(is_news(&reply, true) && !is_news(&reply, false));
        assert!(!is_news(&Found { thread_viewed_at: 11, ..reply }, true));
        assert!(!is_news(&Found { readable: false, ..post }, true));
    }
}
