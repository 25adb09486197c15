//! People in channels: coming and going, roles, how they want to hear of a channel, and what they have read.
//!
//! Coming in goes through [`enter`] wherever it happens, so that the row, what it makes stale and the event can not
//! come apart.

use super::posts::{Said, say};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, Millis, Refusal, StringMap, TeamId, UserId,
    channels::{Channel, ChannelMember, ChannelType, DEFAULT, Viewed},
    event::{Announcement, Broadcast, Event, Touched},
    permission::{Permission, default_role},
    posts::Props,
    teams::SchemeRoles,
    users::User,
};
use std::{collections::BTreeMap, sync::Arc};
use store::{Tx, channel_members::View};

/// The most people that one call may add.
pub const BATCH_MAX: usize = 1000;

/// Properties of texts.
pub(super) fn props<const N: usize>(texts: [(&str, &str); N]) -> Props {
    texts.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect()
}

/// Gives somebody a membership in a channel and nothing else; false if they have one.
///
/// Whoever is new has read everything: nothing is unread for them.
///
/// # Errors
///
/// The database fails.
pub(super) async fn enter(tx: &mut Tx, channel: &Channel, user: &User, admin: bool, now: Millis) -> Result<bool> {
    let member = newcomer(channel, user, admin, now);
    let new = tx.channel_members().add(&member).await?;
    if new {
        tx.touch(Touched::ChannelJoined { channel_id: channel.id, user_id: user.id });
    }
    Ok(new)
}

/// The membership of somebody new.
pub(super) fn newcomer(channel: &Channel, user: &User, admin: bool, now: Millis) -> ChannelMember {
    let guest = user.has_role("system_guest");
    let mut member = ChannelMember {
        channel_id: channel.id,
        user_id: user.id,
        msg_count: channel.total_msg_count,
        msg_count_root: channel.total_msg_count_root,
        last_viewed_at: if channel.total_msg_count > 0 { channel.last_post_at } else { 0 },
        notify_props: ChannelMember::default_notify_props(),
        last_update_at: now,
        scheme_guest: guest,
        scheme_user: !guest,
        scheme_admin: admin && !guest,
        ..ChannelMember::default()
    };
    member.roles = sum_of_roles(
        "",
        "channel",
        SchemeRoles { scheme_admin: member.scheme_admin, scheme_user: !guest, scheme_guest: guest },
    );
    member
}

/// Explicit roles and those that a scheme gives, as one text.
pub(super) fn sum_of_roles(explicit: &str, place: &str, scheme: SchemeRoles) -> String {
    let given = [(scheme.scheme_guest, "guest"), (scheme.scheme_user, "user"), (scheme.scheme_admin, "admin")];
    let given = given.into_iter().filter(|(given, _)| *given).map(|(_, role)| format!("{place}_{role}"));
    explicit.split_whitespace().map(ToOwned::to_owned).chain(given).collect::<Vec<_>>().join(" ")
}

/// Tells a channel that somebody is new, as an event and as a message. `by` is who added them, if it was another.
pub(super) async fn welcome(tx: &mut Tx, cx: &Cx, channel: &Channel, user: &User, by: Option<&User>) -> Result<()> {
    let event = Event::UserAdded { user_id: user.id, team_id: channel.team_id };
    tx.announce(Announcement { event, to: Broadcast::channel(channel.id) });
    say(tx, cx, greeting(channel.id, user, by)).await
}

fn greeting(channel: ChannelId, user: &User, by: Option<&User>) -> Said {
    match by {
        None => Said {
            channel,
            author: user.id,
            kind: "system_join_channel",
            message: format!("{} joined the channel.", user.username),
            props: props([("username", &user.username)]),
            mentions: Vec::new(),
        },
        Some(by) => Said {
            channel,
            author: by.id,
            kind: "system_add_to_channel",
            message: format!("{} added to the channel by {}.", user.username, by.username),
            props: props([
                ("userId", by.id.as_str()),
                ("username", &by.username),
                ("addedUserId", user.id.as_str()),
                ("addedUsername", &user.username),
            ]),
            mentions: vec![user.id],
        },
    }
}

/// Adds somebody to a channel, or lets them join a public one. Who is in it already stays as they are.
///
/// # Errors
///
/// The caller may not do it here; the channel is a conversation of fixed people or archived; the person does not
/// exist or is not in the team.
pub async fn add(cx: &Cx, caller: &Caller, channel: &Arc<Channel>, user_id: UserId) -> Result<ChannelMember> {
    if channel.kind.is_personal() {
        return Err(Refusal::CHANNEL_ADD_TYPE.into());
    }
    let there = cx.store.channel_members().get(channel.id, user_id).await?;
    may_add(cx, caller, channel, user_id, there.is_some()).await?;
    let user = access::user(cx, user_id).await?;
    if let Some(there) = there {
        return Ok(there);
    }
    if channel.delete_at != 0 {
        return Err(Refusal::CHANNEL_ADD_ARCHIVED.into());
    }
    let by = (user_id != caller.id()).then(|| caller.user.clone());
    let (id, now, cx) = (channel.id, cx.clock.now(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, user, by) = (cx.clone(), user.clone(), by.clone());
            Box::pin(async move {
                let channel = tx.channels().by_id(id).await?.ok_or(Refusal::NO_CHANNEL)?;
                let of_team = tx.team_members().get(channel.team_id, user.id).await?.ok_or(Refusal::NO_TEAM_MEMBER)?;
                if of_team.delete_at != 0 {
                    return Err(Error::from(Refusal::CHANNEL_JOIN_TEAM));
                }
                let new = enter(tx, &channel, &user, false, now).await?;
                let member = tx.channel_members().get(id, user.id).await?.ok_or(Refusal::NO_CHANNEL_MEMBER)?;
                if new {
                    welcome(tx, &cx, &channel, &user, by.as_deref()).await?;
                }
                Ok(member)
            })
        })
        .await
}

async fn may_add(cx: &Cx, caller: &Caller, channel: &Channel, user: UserId, there: bool) -> Result<()> {
    if user == caller.id() && there {
        return Ok(());
    }
    match channel.kind {
        ChannelType::Open if user == caller.id() => {
            access::must_in_team(cx, caller, channel.team_id, Permission::JoinPublicChannels).await
        }
        kind => access::must_in_channel(cx, caller, channel, who_manages(kind)).await,
    }
}

fn who_manages(kind: ChannelType) -> Permission {
    match kind {
        ChannelType::Open => Permission::ManagePublicChannelMembers,
        _ => Permission::ManagePrivateChannelMembers,
    }
}

/// Removes somebody from a channel, or lets them leave.
///
/// # Errors
///
/// The caller may not do it here; it is a conversation of fixed people or the default channel; the person does not
/// exist or is not in the channel.
pub async fn remove(cx: &Cx, caller: &Caller, channel: &Arc<Channel>, user_id: UserId) -> Result<()> {
    let user = access::user(cx, user_id).await?;
    if channel.kind.is_personal() {
        return Err(Refusal::CHANNEL_REMOVE_TYPE.into());
    }
    if user_id != caller.id() {
        access::must_in_channel(cx, caller, channel, who_manages(channel.kind)).await?;
    }
    if channel.name == DEFAULT && !user.has_role("system_guest") {
        return Err(Refusal::CHANNEL_DEFAULT_LEAVE.into());
    }
    let (channel, by, cx) = (channel.clone(), caller.id(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, channel, user) = (cx.clone(), channel.clone(), user.clone());
            Box::pin(async move {
                if !exit(tx, channel.id, user.id, by).await? {
                    return Err(Error::from(Refusal::NO_CHANNEL_MEMBER));
                }
                if channel.delete_at == 0 {
                    say(tx, &cx, farewell(channel.id, &user, by)).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Ends a membership with all that hangs on it, and tells the channel and the person; false if there was none.
async fn exit(tx: &mut Tx, channel_id: ChannelId, user_id: UserId, remover_id: UserId) -> Result<bool> {
    if !drop_member(tx, channel_id, user_id).await? {
        return Ok(false);
    }
    tell_of_exit(tx, channel_id, user_id, remover_id);
    Ok(true)
}

fn tell_of_exit(tx: &mut Tx, channel_id: ChannelId, user_id: UserId, remover_id: UserId) {
    let none = ChannelId::NONE;
    let event = Event::UserRemoved { user_id, channel_id: none, remover_id };
    tx.announce(Announcement { event, to: Broadcast::channel(channel_id) });
    let event = Event::UserRemoved { user_id: UserId::NONE, channel_id, remover_id };
    tx.announce(Announcement { event, to: Broadcast::user(user_id) });
}

/// What follows from somebody's membership having ended with those of others.
pub(super) fn exited(tx: &mut Tx, channel_id: ChannelId, user_id: UserId, remover_id: UserId) {
    tx.touch(Touched::ChannelLeft { channel_id, user_id });
    tell_of_exit(tx, channel_id, user_id, remover_id);
}

/// Ends a membership and takes the channel out of the person's sidebar; false if there was none.
pub(super) async fn drop_member(tx: &mut Tx, channel_id: ChannelId, user_id: UserId) -> Result<bool> {
    if !tx.channel_members().remove(channel_id, user_id).await? {
        return Ok(false);
    }
    tx.sidebar().remove(user_id, channel_id).await?;
    tx.touch(Touched::ChannelLeft { channel_id, user_id });
    Ok(true)
}

fn farewell(channel: ChannelId, user: &User, by: UserId) -> Said {
    if by == user.id {
        return Said {
            channel,
            author: user.id,
            kind: "system_leave_channel",
            message: format!("@{} left the channel.", user.username),
            props: props([("username", &user.username)]),
            mentions: Vec::new(),
        };
    }
    Said {
        channel,
        author: by,
        kind: "system_remove_from_channel",
        message: format!("@{} removed from the channel.", user.username),
        props: props([("removedUserId", user.id.as_str()), ("removedUsername", &user.username)]),
        mentions: Vec::new(),
    }
}

/// Roles as a call names them, taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub explicit: String,
    pub scheme: SchemeRoles,
}

/// Takes apart what roles somebody is to have in a channel or team (`place`).
///
/// # Errors
///
/// A role does not exist or cannot be given here.
pub(super) async fn roles_of(cx: &Cx, place: &str, names: &str) -> Result<Given> {
    let mut given = Given::default();
    let mut explicit = Vec::new();
    for name in names.split_whitespace() {
        let by_scheme = match cx.store.roles().by_name(name).await? {
            Some(role) => role.scheme_managed,
            None => default_role(name).ok_or(Refusal::ROLE_UNKNOWN)?.scheme_managed,
        };
        match name.strip_prefix(place).unwrap_or_default() {
            _ if !by_scheme => explicit.push(name),
            "_admin" => given.scheme.scheme_admin = true,
            "_user" => given.scheme.scheme_user = true,
            "_guest" => given.scheme.scheme_guest = true,
            _ => return Err(Refusal::ROLE_OF_SCHEME.into()),
        }
    }
    given.explicit = explicit.join(" ");
    Ok(given)
}

/// Sets the roles that somebody has in a channel.
///
/// # Errors
///
/// A role does not exist or cannot be given here; the person is not in the channel.
pub async fn set_roles(cx: &Cx, channel: ChannelId, user: UserId, names: &str) -> Result<()> {
    let given = roles_of(cx, "channel", names).await?;
    change(cx, channel, user, move |member| {
        if member.scheme_guest != given.scheme.scheme_guest {
            return Err(Refusal::ROLE_GUEST);
        }
        member.explicit_roles.clone_from(&given.explicit);
        set_scheme(member, given.scheme);
        Ok(())
    })
    .await
}

/// Sets the roles that the scheme gives somebody in a channel.
///
/// # Errors
///
/// The person is not in the channel, or would be guest and member at once.
pub async fn set_scheme_roles(cx: &Cx, channel: ChannelId, user: UserId, scheme: SchemeRoles) -> Result<()> {
    if scheme.scheme_guest == scheme.scheme_user {
        return Err(Refusal::ROLE_GUEST.into());
    }
    change(cx, channel, user, move |member| {
        set_scheme(member, scheme);
        Ok(())
    })
    .await
}

fn set_scheme(member: &mut ChannelMember, scheme: SchemeRoles) {
    member.scheme_admin = scheme.scheme_admin;
    member.scheme_user = scheme.scheme_user;
    member.scheme_guest = scheme.scheme_guest;
}

/// Sets how somebody wants to hear of a channel; what is not named stays, what is not known is passed over.
///
/// # Errors
///
/// A value is none; the person is not in the channel.
pub async fn set_notify_props(cx: &Cx, channel: ChannelId, user: UserId, new: &StringMap) -> Result<()> {
    let new = known_props(new)?;
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            let new = new.clone();
            Box::pin(async move {
                let member = tx.channel_members().get(channel, user).await?.ok_or(Refusal::NO_CHANNEL_MEMBER)?;
                notify(tx, member, new, now).await
            })
        })
        .await
}

/// Writes and announces settings of notification.
pub(super) async fn notify(tx: &mut Tx, mut member: ChannelMember, new: StringMap, now: Millis) -> Result<()> {
    member.notify_props.extend(new);
    member.last_update_at = now;
    tx.channel_members().set_notify_props(member.channel_id, member.user_id, &member.notify_props, now).await?;
    updated(tx, member);
    Ok(())
}

fn known_props(new: &StringMap) -> Result<StringMap> {
    let levels: &[&str] = &["default", "all", "mention", "none"];
    let switch: &[&str] = &["default", "on", "off"];
    let known: [(&str, &[&str], Refusal); 9] = [
        ("desktop", levels, Refusal::MEMBER_NOTIFY_LEVEL),
        ("desktop_threads", levels, Refusal::MEMBER_NOTIFY_LEVEL),
        ("desktop_sound", switch, Refusal::MEMBER_NOTIFY_LEVEL),
        ("email", &["default", "true", "false"], Refusal::MEMBER_EMAIL_LEVEL),
        ("push", levels, Refusal::MEMBER_PUSH_LEVEL),
        ("push_threads", levels, Refusal::MEMBER_PUSH_LEVEL),
        ("mark_unread", &["all", "mention"], Refusal::MEMBER_UNREAD_LEVEL),
        ("ignore_channel_mentions", switch, Refusal::MEMBER_IGNORE_LEVEL),
        ("channel_auto_follow_threads", &["on", "off"], Refusal::MEMBER_NOTIFY_LEVEL),
    ];
    let mut kept = StringMap::new();
    for (name, values, refusal) in known {
        let Some(value) = new.get(name) else { continue };
        if !values.contains(&value.as_str()) {
            return Err(refusal.into());
        }
        kept.insert(name.to_owned(), value.clone());
    }
    Ok(kept)
}

/// Changes the roles in a membership and tells the person.
async fn change(
    cx: &Cx,
    channel: ChannelId,
    user: UserId,
    how: impl Fn(&mut ChannelMember) -> Result<(), Refusal> + Send + Sync + 'static,
) -> Result<()> {
    let (now, how) = (cx.clock.now(), Arc::new(how));
    cx.store
        .write(move |tx| {
            let how = how.clone();
            Box::pin(async move {
                let mut member = tx.channel_members().get(channel, user).await?.ok_or(Refusal::NO_CHANNEL_MEMBER)?;
                how(&mut member)?;
                tx.channel_members().set_roles(&member, now).await?;
                let member = tx.channel_members().get(channel, user).await?.ok_or(Refusal::NO_CHANNEL_MEMBER)?;
                updated(tx, member);
                Ok::<_, Error>(())
            })
        })
        .await
}

fn updated(tx: &mut Tx, member: ChannelMember) {
    let (channel_id, user_id) = (member.channel_id, member.user_id);
    tx.touch(Touched::ChannelMember { channel_id, user_id });
    let event = Event::ChannelMemberUpdated { member: Box::new(member) };
    tx.announce(Announcement { event, to: Broadcast::user(user_id) });
}

/// Marks channels as read up to their end and tells the person's other devices. Writes only what is new.
///
/// # Errors
///
/// [`Refusal::VIEW_CHANNEL`] if the person is in none of the channels.
pub async fn view(cx: &Cx, user: UserId, channels: &[ChannelId]) -> Result<Viewed> {
    let (mut times, mut unread) = (BTreeMap::new(), Vec::new());
    for &id in channels {
        let Some(member) = cx.store.channel_members().get(id, user).await? else { continue };
        let Some(channel) = cx.store.channels().by_id(id).await? else { continue };
        times.insert(id, channel.last_post_at.max(member.last_viewed_at));
        let read = member.mention_count == 0
            && member.msg_count >= channel.total_msg_count
            && member.msg_count_root >= channel.total_msg_count_root
            && member.last_viewed_at >= channel.last_post_at;
        if !read {
            unread.push(View {
                channel_id: id,
                user_id: user,
                msg_count: channel.total_msg_count,
                msg_count_root: channel.total_msg_count_root,
                last_viewed_at: channel.last_post_at,
            });
        }
    }
    if times.is_empty() && !channels.is_empty() {
        return Err(Refusal::VIEW_CHANNEL.into());
    }
    if !unread.is_empty() {
        note(cx, user, unread).await?;
    }
    Ok(Viewed { status: "OK".to_owned(), last_viewed_at_times: times })
}

/// Marks all of somebody's channels of a team as read, or with none their conversations.
///
/// # Errors
///
/// The database fails.
pub async fn read_all(cx: &Cx, user: UserId, team: TeamId) -> Result<Viewed> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let read = tx.channel_members().read_all(user, team, now).await?;
                let channel_times: BTreeMap<ChannelId, Millis> = read.into_iter().collect();
                for &channel_id in channel_times.keys() {
                    tx.touch(Touched::ChannelMember { channel_id, user_id: user });
                }
                if !channel_times.is_empty() {
                    let event = Event::MultipleChannelsViewed { channel_times: channel_times.clone() };
                    tx.announce(Announcement { event, to: Broadcast::user(user) });
                }
                Ok::<_, Error>(Viewed { status: "OK".to_owned(), last_viewed_at_times: channel_times })
            })
        })
        .await
}

async fn note(cx: &Cx, user: UserId, views: Vec<View>) -> Result<()> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            let views = views.clone();
            Box::pin(async move {
                let mut channel_times = BTreeMap::new();
                for view in views {
                    if !tx.channel_members().viewed(&view, now).await? {
                        continue;
                    }
                    let channel_id = view.channel_id;
                    channel_times.insert(channel_id, view.last_viewed_at);
                    // Mattermost: older clients know only this one.
                    tx.announce(Announcement { event: Event::ChannelViewed { channel_id }, to: Broadcast::user(user) });
                }
                let event = Event::MultipleChannelsViewed { channel_times };
                tx.announce(Announcement { event, to: Broadcast::user(user) });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// A new id for an invitation.
pub(super) fn invitation() -> String {
    new_id::<model::id::kind::Any>().to_string()
}
