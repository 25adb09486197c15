//! Channels: making, changing, converting and archiving them; conversations of fixed people.

use super::{
    members::{self, enter, props},
    posts::{Said, say},
};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result, taken},
};
use model::{
    ChannelId, Millis, Refusal, TeamId, UserId,
    channels::{
        Channel, ChannelPatch, ChannelType, DEFAULT, DISPLAY_NAME_MAX, GROUP_SIZE, HEADER_MAX, MANAGED_CATEGORY,
        MANAGED_CATEGORY_MAX, NewChannel, PURPOSE_MAX, direct_name, is_valid_name,
    },
    event::{Announcement, Broadcast, Event, Touched},
    permission::Permission,
    teams::Team,
    users::User,
};
use sha1::{Digest as _, Sha1};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use store::Tx;

/// The channels among which some are recommended, and how many these are.
const LIVELY: i64 = 100;
const RECOMMENDED: usize = 20;

/// Makes a public or private channel; the caller becomes its administrator.
///
/// # Errors
///
/// The caller may not make such a channel in that team; a field is not right; the name is taken; the team is full.
pub async fn create(cx: &Cx, caller: &Caller, new: NewChannel) -> Result<Channel> {
    if new.team_id.is_empty() {
        return Err(Refusal::CHANNEL_NO_TEAM.into());
    }
    let (kind, needed) = match ChannelType::parse(&new.kind) {
        Some(ChannelType::Open) => (ChannelType::Open, Permission::CreatePublicChannel),
        Some(ChannelType::Private) => (ChannelType::Private, Permission::CreatePrivateChannel),
        Some(_) => return Err(Refusal::CHANNEL_TYPE_DIRECT.into()),
        None => return Err(Refusal::CHANNEL_TYPE.into()),
    };
    let team: TeamId = new.team_id.parse().map_err(|_| Refusal::missing(needed))?;
    access::must_in_team(cx, caller, team, needed).await?;
    access::team(cx, team).await?;
    if cx.store.channels().count_in(team).await? >= cx.settings.get().team.max_channels_per_team {
        return Err(Refusal::CHANNEL_LIMIT.into());
    }
    let now = cx.clock.now();
    let channel = Channel {
        id: new_id(),
        create_at: now,
        update_at: now,
        team_id: team,
        kind,
        display_name: new.display_name,
        name: new.name,
        header: new.header,
        purpose: new.purpose,
        creator_id: caller.id(),
        ..Channel::default()
    };
    check(&channel)?;
    let (user, cx) = (caller.user.clone(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, channel, user) = (cx.clone(), channel.clone(), user.clone());
            Box::pin(async move {
                insert(tx, &channel).await?;
                enter(tx, &channel, &user, true, channel.create_at).await?;
                let event = Event::ChannelCreated { channel_id: channel.id, team_id: channel.team_id };
                tx.announce(Announcement { event, to: Broadcast::user(user.id) });
                let message = format!("{} joined the channel.", user.username);
                say(tx, &cx, by(&channel, &user, "system_join_channel", message, [])).await?;
                Ok::<_, Error>(channel)
            })
        })
        .await
}

/// Writes a new channel.
pub(super) async fn insert(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let name_taken = [("channels_team_id_name", Refusal::CHANNEL_NAME_TAKEN)];
    tx.channels().insert(channel).await.map_err(|e| taken(e, &name_taken))
}

/// What the server says about what somebody did to a channel.
fn by<const N: usize>(
    channel: &Channel,
    user: &User,
    kind: &'static str,
    message: String,
    more: [(&str, &str); N],
) -> Said {
    let mut all = props([("username", &user.username)]);
    all.extend(props(more));
    Said { channel: channel.id, author: user.id, kind, message, props: all, mentions: Vec::new() }
}

/// Refuses what cannot be a channel.
pub(super) fn check(channel: &Channel) -> Result<(), Refusal> {
    let long = |text: &str, most: usize| text.chars().count() > most;
    if !channel.kind.is_personal() && (!is_valid_name(&channel.name) || is_of_two(&channel.name)) {
        return Err(Refusal::CHANNEL_NAME_INVALID);
    }
    if long(&channel.display_name, DISPLAY_NAME_MAX) {
        return Err(Refusal::CHANNEL_DISPLAY_NAME);
    }
    if long(&channel.header, HEADER_MAX) {
        return Err(Refusal::CHANNEL_HEADER);
    }
    if long(&channel.purpose, PURPOSE_MAX) {
        return Err(Refusal::CHANNEL_PURPOSE);
    }
    if channel.managed_category().is_some_and(|name| long(name, MANAGED_CATEGORY_MAX)) {
        return Err(Refusal::body("managed_category_name"));
    }
    Ok(())
}

/// Whether a name looks like that of a direct channel.
fn is_of_two(name: &str) -> bool {
    name.split_once("__").is_some_and(|(a, b)| a.parse::<UserId>().is_ok() && b.parse::<UserId>().is_ok())
}

/// The direct channel of two people, made if there was none.
///
/// # Errors
///
/// The caller is none of the two and no administrator; one of them does not exist or is out of reach.
pub async fn direct(cx: &Cx, caller: &Caller, people: &[UserId]) -> Result<Channel> {
    let &[a, b] = people else { return Err(Refusal::body("user_ids").into()) };
    if !people.contains(&caller.id()) {
        caller.must(Permission::ManageSystem)?;
    }
    let (Some(a), Some(b)) = (access::find_user(cx, a).await?, access::find_user(cx, b).await?) else {
        return Err(Refusal::DIRECT_INVALID_USER.into());
    };
    if let Some(there) = cx.store.channels().by_name(TeamId::NONE, &direct_name(a.id, b.id)).await? {
        return Ok(there);
    }
    for other in [&a, &b] {
        access::must_see(cx, caller, other.id).await?;
    }
    reachable(cx, &a, &b).await?;
    of_people(cx, if a.id == b.id { vec![a] } else { vec![a, b] }, caller.id()).await
}

/// The conversation of one to eight people, whoever they are, made if there was none. `by` is who asks for it.
///
/// # Errors
///
/// The database fails.
pub(super) async fn of_people(cx: &Cx, mut people: Vec<Arc<User>>, by: UserId) -> Result<Channel> {
    let ids: BTreeSet<UserId> = people.iter().map(|user| user.id).collect();
    let (channel, event) = if let [a, .., b] | [a @ b] = people.as_slice()
        && people.len() < 3
    {
        let teammate_id = if a.id == by { b.id } else { a.id };
        let channel = conversation(cx, ChannelType::Direct, direct_name(a.id, b.id), String::new(), by);
        (channel, Event::DirectAdded { creator_id: by, teammate_id })
    } else {
        people.sort_by(|a, b| a.username.cmp(&b.username));
        let names = people.iter().map(|u| u.username.as_str()).collect::<Vec<_>>().join(", ");
        let display_name = names.chars().take(DISPLAY_NAME_MAX).collect();
        let channel = conversation(cx, ChannelType::Group, group_name(&ids), display_name, UserId::NONE);
        (channel, Event::GroupAdded { teammate_ids: ids.into_iter().collect() })
    };
    open(cx, channel, people, event).await
}

/// Where people may write to those of their teams only, two need a team in common.
async fn reachable(cx: &Cx, a: &User, b: &User) -> Result<()> {
    if cx.settings.get().team.restrict_direct_message != "team" || a.id == b.id || a.is_bot || b.is_bot {
        return Ok(());
    }
    let mut of_a = BTreeSet::new();
    of_a.extend(cx.store.teams().of_user(a.id).await?.into_iter().map(|t| t.id));
    let common = cx.store.teams().of_user(b.id).await?.into_iter().any(|t| of_a.contains(&t.id));
    if common { Ok(()) } else { Err(Refusal::DIRECT_NO_TEAM.into()) }
}

/// The group channel of three to eight people, made if there was none. The caller is always one of them.
///
/// # Errors
///
/// There are too few or too many, or one of them does not exist.
pub async fn group(cx: &Cx, caller: &Caller, people: &[UserId]) -> Result<Channel> {
    let ids: BTreeSet<UserId> = people.iter().copied().chain([caller.id()]).collect();
    if !GROUP_SIZE.contains(&ids.len()) {
        return Err(Refusal::GROUP_SIZE.into());
    }
    if access::seen_among(cx, caller, ids.iter().copied().collect()).await?.len() < ids.len() {
        return Err(Refusal::missing(Permission::ViewMembers).into());
    }
    let mut people = Vec::with_capacity(ids.len());
    for &id in &ids {
        people.push(access::find_user(cx, id).await?.ok_or(Refusal::GROUP_USER)?);
    }
    of_people(cx, people, caller.id()).await
}

/// Mattermost: the SHA-1 of the sorted ids.
fn group_name(ids: &BTreeSet<UserId>) -> String {
    let mut sum = Sha1::new();
    for id in ids {
        sum.update(id.as_str());
    }
    hex::encode(sum.finalize())
}

fn conversation(cx: &Cx, kind: ChannelType, name: String, display_name: String, creator_id: UserId) -> Channel {
    let now = cx.clock.now();
    Channel { id: new_id(), create_at: now, update_at: now, kind, display_name, name, creator_id, ..Channel::default() }
}

/// Makes a group channel a private one of a team in which all of its people are.
///
/// # Errors
///
/// It is no group channel; the caller is not in it, or may not make private channels there; not all of its people are in
/// the team; the name is not right or taken.
pub async fn to_private(cx: &Cx, caller: &Caller, channel: &Channel, new: NewChannel) -> Result<Channel> {
    if channel.kind != ChannelType::Group {
        return Err(Refusal::GROUP_CONVERT_TYPE.into());
    }
    access::must_in_channel(cx, caller, channel, Permission::ReadChannel).await?;
    let team: TeamId = new.team_id.parse().map_err(|_| Refusal::body("team_id"))?;
    access::must_in_team(cx, caller, team, Permission::CreatePrivateChannel).await?;
    if !cx.store.teams().common(channel.id, caller.id()).await?.iter().any(|t| t.id == team) {
        return Err(Refusal::GROUP_CONVERT_TEAM.into());
    }
    if cx.store.channels().count_in(team).await? >= cx.settings.get().team.max_channels_per_team {
        return Err(Refusal::CHANNEL_LIMIT.into());
    }
    let (id, now, user) = (channel.id, cx.clock.now(), caller.user.clone());
    let converted = Channel {
        kind: ChannelType::Private,
        team_id: team,
        name: new.name,
        display_name: new.display_name,
        update_at: now,
        ..fresh(cx, id).await?
    };
    check(&converted)?;
    if converted.display_name.trim().is_empty() {
        return Err(Refusal::CHANNEL_DISPLAY_NAME.into());
    }
    let cx = cx.clone();
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, channel, user) = (cx.clone(), converted.clone(), user.clone());
            Box::pin(async move {
                update(tx, &channel).await?;
                let message = format!("{} made this conversation a private channel.", user.username);
                say(tx, &cx, by(&channel, &user, "system_gm_to_channel", message, [])).await?;
                Ok::<_, Error>(channel)
            })
        })
        .await
}

/// Moves a channel to another team. Who is not in that team stands in the way, or leaves with `force`; who is
/// deactivated leaves anyway. Its webhooks go along; everybody finds it unsorted in their sidebar.
///
/// # Errors
///
/// It is a conversation or the default channel; members are not in the team; the team is archived or full, or has a
/// channel of this name.
pub async fn to_team(cx: &Cx, caller: &Caller, channel: &Channel, team: &Team, force: bool) -> Result<Channel> {
    if channel.kind.is_personal() {
        return Err(Refusal::MOVE_CHANNEL_TYPE.into());
    }
    if channel.name == DEFAULT {
        return Err(Refusal::MOVE_CHANNEL_DEFAULT.into());
    }
    if team.delete_at != 0 {
        return Err(Refusal::NO_TEAM.into());
    }
    if channel.team_id == team.id {
        return Ok(channel.clone());
    }
    if cx.store.channels().count_in(team.id).await? >= cx.settings.get().team.max_channels_per_team {
        return Err(Refusal::CHANNEL_LIMIT.into());
    }
    let from = access::team(cx, channel.team_id).await?;
    let (id, by_user, team_id, now) = (channel.id, caller.user.clone(), team.id, cx.clock.now());
    let cx = cx.clone();
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, user, from) = (cx.clone(), by_user.clone(), from.clone());
            Box::pin(async move {
                let before = tx.channels().by_id(id).await?.ok_or(Refusal::NO_CHANNEL)?;
                let outside = tx.channel_members().outside(id, team_id).await?;
                if !force && outside.iter().any(|(_, active)| *active) {
                    return Err(Error::from(Refusal::MOVE_CHANNEL_MEMBERS));
                }
                tx.channel_members().remove_outside(id, team_id).await?;
                tx.sidebar().remove_channel(id).await?;
                for (user_id, _) in outside {
                    members::exited(tx, id, user_id, user.id);
                }
                tx.webhooks().move_of_channel(id, team_id, now).await?;
                for team in [before.team_id, team_id] {
                    tx.touch(Touched::OutgoingWebhooks(team));
                }
                let channel = Channel { team_id, update_at: now, ..before };
                update(tx, &channel).await?;
                let message = format!("{} moved this channel here from the team {}.", user.username, from.display_name);
                say(tx, &cx, by(&channel, &user, "system_move_channel", message, [("old_team", &*from.name)])).await?;
                Ok(channel)
            })
        })
        .await
}

/// Writes a conversation with its people, unless somebody else was quicker.
async fn open(cx: &Cx, channel: Channel, people: Vec<Arc<User>>, event: Event) -> Result<Channel> {
    cx.store
        .write(move |tx| {
            let (channel, people, event) = (channel.clone(), people.clone(), event.clone());
            Box::pin(async move {
                if let Some(there) = tx.channels().by_name(TeamId::NONE, &channel.name).await? {
                    return Ok(there);
                }
                insert(tx, &channel).await?;
                for user in people {
                    enter(tx, &channel, &user, false, channel.create_at).await?;
                }
                tx.announce(Announcement { event, to: Broadcast::channel(channel.id) });
                Ok::<_, Error>(channel)
            })
        })
        .await
}

/// Changes some fields of a channel. In conversations of fixed people only the header can be changed.
///
/// # Errors
///
/// The caller may not do it; the channel is archived; a field is not right; the name is taken.
pub async fn patch(cx: &Cx, caller: &Caller, channel: &Channel, mut patch: ChannelPatch) -> Result<Channel> {
    access::must_in_channel(cx, caller, channel, who_changes(channel.kind)).await?;
    if channel.delete_at != 0 {
        return Err(Refusal::CHANNEL_ARCHIVED.into());
    }
    if channel.kind.is_personal() {
        patch = ChannelPatch { header: patch.header, ..ChannelPatch::default() };
    }
    if channel.name == DEFAULT && patch.name.as_ref().is_some_and(|n| n != DEFAULT) {
        return Err(Refusal::CHANNEL_DEFAULT_RENAME.into());
    }
    let mut changed = channel.clone();
    apply(&mut changed, &patch);
    check(&changed)?;
    if changed.managed_category() != channel.managed_category() {
        // It moves the channel in everybody's sidebar.
        access::must_in_team(cx, caller, channel.team_id, Permission::ManageTeam).await?;
    }
    let (id, user, now, cx) = (channel.id, caller.user.clone(), cx.clock.now(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, patch, user) = (cx.clone(), patch.clone(), user.clone());
            Box::pin(async move {
                let before = tx.channels().by_id(id).await?.ok_or(Refusal::NO_CHANNEL)?;
                let mut channel = before.clone();
                apply(&mut channel, &patch);
                channel.update_at = now;
                update(tx, &channel).await?;
                for said in changes(&before, &channel, &user) {
                    say(tx, &cx, said).await?;
                }
                Ok::<_, Error>(channel)
            })
        })
        .await
}

/// Channels of a team that somebody may want to join: of those in which something was said last, those with most people.
///
/// # Errors
///
/// The database fails.
pub async fn recommended(cx: &Cx, user: UserId, team: TeamId) -> Result<Vec<Channel>> {
    let mut found = cx.store.channels().not_joined(user, team, LIVELY).await?;
    let ids: Vec<ChannelId> = found.iter().map(|c| c.id).collect();
    let counts: HashMap<ChannelId, i64> = cx.store.channel_members().counts(&ids).await?.into_iter().collect();
    found.sort_by_key(|c| Reverse(counts.get(&c.id).copied().unwrap_or(0)));
    found.truncate(RECOMMENDED);
    Ok(found)
}

fn who_changes(kind: ChannelType) -> Permission {
    match kind {
        ChannelType::Open => Permission::ManagePublicChannelProperties,
        ChannelType::Private => Permission::ManagePrivateChannelProperties,
        _ => Permission::ReadChannel,
    }
}

fn apply(channel: &mut Channel, patch: &ChannelPatch) {
    let ChannelPatch { name, display_name, header, purpose, group_constrained, managed_category_name } = patch.clone();
    channel.name = name.unwrap_or_else(|| channel.name.clone());
    channel.display_name = display_name.unwrap_or_else(|| channel.display_name.clone());
    channel.header = header.unwrap_or_else(|| channel.header.clone());
    channel.purpose = purpose.unwrap_or_else(|| channel.purpose.clone());
    channel.group_constrained = group_constrained.or(channel.group_constrained);
    if let Some(category) = managed_category_name {
        let props = channel.props.get_or_insert_default();
        match category.trim() {
            "" => props.remove(MANAGED_CATEGORY),
            name => props.insert(MANAGED_CATEGORY.to_owned(), name.into()),
        };
    }
}

/// Writes a changed channel and tells its members.
pub(super) async fn update(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let name_taken = [("channels_team_id_name", Refusal::CHANNEL_NAME_TAKEN)];
    tx.channels().update(channel).await.map_err(|e| taken(e, &name_taken))?;
    tx.touch(Touched::Channel(channel.id));
    let event = Event::ChannelUpdated { channel: Box::new(channel.clone()) };
    tx.announce(Announcement { event, to: Broadcast::channel(channel.id) });
    Ok(())
}

/// What there is to say about a change.
fn changes(old: &Channel, new: &Channel, user: &User) -> Vec<Said> {
    let mut said = Vec::new();
    let name = &user.username;
    let (before, after) = (old.display_name.as_str(), new.display_name.as_str());
    if before != after {
        let message = format!("{name} updated the channel display name from: {before} to: {after}");
        let props = [("old_displayname", before), ("new_displayname", after)];
        said.push(by(new, user, "system_displayname_change", message, props));
    }
    if old.header != new.header {
        let message = of_text(name, "header", &old.header, &new.header);
        let props = [("old_header", old.header.as_str()), ("new_header", new.header.as_str())];
        said.push(by(new, user, "system_header_change", message, props));
    }
    if old.purpose != new.purpose {
        let message = of_text(name, "purpose", &old.purpose, &new.purpose);
        let props = [("old_purpose", old.purpose.as_str()), ("new_purpose", new.purpose.as_str())];
        said.push(by(new, user, "system_purpose_change", message, props));
    }
    said
}

/// Set, changed or removed.
fn of_text(user: &str, what: &str, old: &str, new: &str) -> String {
    match (old, new) {
        ("", new) => format!("{user} updated the channel {what} to: {new}"),
        (old, "") => format!("{user} removed the channel {what} (was: {old})"),
        (old, new) => format!("{user} updated the channel {what} from: {old} to: {new}"),
    }
}

/// Makes a channel public or private.
///
/// # Errors
///
/// The caller may not do it; it is the default channel or a conversation of fixed people.
pub async fn set_privacy(cx: &Cx, caller: &Caller, channel: &Channel, kind: ChannelType) -> Result<Channel> {
    let needed = match kind {
        ChannelType::Open => Permission::ConvertPrivateChannelToPublic,
        _ => Permission::ConvertPublicChannelToPrivate,
    };
    access::must_in_channel(cx, caller, channel, needed).await?;
    if channel.kind.is_personal() || kind.is_personal() {
        return Err(Refusal::CHANNEL_TYPE_CHANGE.into());
    }
    if channel.name == DEFAULT && kind == ChannelType::Private {
        return Err(Refusal::CHANNEL_DEFAULT_PRIVACY.into());
    }
    let message = match kind {
        ChannelType::Open => {
            "This channel has been converted to a Public Channel and can be joined by any team member."
        }
        _ => "This channel has been converted to a Private Channel.",
    };
    let (id, user, now, cx) = (channel.id, caller.user.clone(), cx.clock.now(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, user) = (cx.clone(), user.clone());
            Box::pin(async move {
                let mut channel = tx.channels().by_id(id).await?.ok_or(Refusal::NO_CHANNEL)?;
                channel.kind = kind;
                channel.update_at = now;
                update(tx, &channel).await?;
                let event = Event::ChannelConverted { channel_id: id };
                tx.announce(Announcement { event, to: Broadcast::team(channel.team_id) });
                say(tx, &cx, by(&channel, &user, "system_change_chan_privacy", message.to_owned(), [])).await?;
                Ok::<_, Error>(channel)
            })
        })
        .await
}

/// Archives a channel.
///
/// # Errors
///
/// The caller may not do it; it is the default channel, a conversation of fixed people, or archived already.
pub async fn archive(cx: &Cx, caller: &Caller, channel: &Channel) -> Result<()> {
    let needed = match channel.kind {
        ChannelType::Open => Permission::DeletePublicChannel,
        ChannelType::Private => Permission::DeletePrivateChannel,
        _ => return Err(Refusal::CHANNEL_ARCHIVE_TYPE.into()),
    };
    access::must_in_channel(cx, caller, channel, needed).await?;
    if channel.delete_at != 0 {
        return Err(Refusal::CHANNEL_ARCHIVED_ALREADY.into());
    }
    if channel.name == DEFAULT {
        return Err(Refusal::CHANNEL_DEFAULT_ARCHIVE.into());
    }
    let message = format!("{} archived the channel.", caller.user.username);
    let said = by(channel, &caller.user, "system_channel_deleted", message, []);
    let now = cx.clock.now();
    set_deleted(cx, channel, now, now, said).await.map(drop)
}

/// Takes a channel back from the archive.
///
/// # Errors
///
/// It is not archived.
pub async fn restore(cx: &Cx, caller: &Caller, channel: &Channel) -> Result<Channel> {
    if channel.delete_at == 0 {
        return Err(Refusal::CHANNEL_RESTORED_ALREADY.into());
    }
    let message = format!("{} unarchived the channel.", caller.user.username);
    let said = by(channel, &caller.user, "system_channel_restored", message, []);
    set_deleted(cx, channel, 0, cx.clock.now(), said).await
}

/// Removes a channel for good, with all that was said there.
///
/// # Errors
///
/// It is switched off; the caller may not do it; it is the default channel or a conversation of fixed people.
pub async fn delete(cx: &Cx, caller: &Caller, channel: &Channel) -> Result<()> {
    if channel.kind.is_personal() {
        return Err(Refusal::CHANNEL_ARCHIVE_TYPE.into());
    }
    access::must_in_channel(cx, caller, channel, Permission::ManageTeam).await?;
    if !cx.settings.get().service.enable_api_channel_deletion {
        return Err(Refusal::CHANNEL_DELETION_OFF.into());
    }
    if channel.name == DEFAULT {
        return Err(Refusal::CHANNEL_DEFAULT_ARCHIVE.into());
    }
    let (channel_id, team, delete_at) = (channel.id, channel.team_id, cx.clock.now());
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                purge(tx, channel_id).await?;
                let event = Event::ChannelDeleted { channel_id, delete_at };
                tx.announce(Announcement { event, to: Broadcast::team(team) });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Removes a channel and ends all memberships in it.
pub(super) async fn purge(tx: &mut Tx, channel_id: ChannelId) -> Result<()> {
    for user_id in tx.channel_members().ids(channel_id).await? {
        tx.touch(Touched::ChannelLeft { channel_id, user_id });
    }
    tx.channels().purge(channel_id).await?;
    tx.touch(Touched::Channel(channel_id));
    Ok(())
}

async fn set_deleted(cx: &Cx, channel: &Channel, delete_at: Millis, now: Millis, said: Said) -> Result<Channel> {
    let (channel_id, cx) = (channel.id, cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, said) = (cx.clone(), said.clone());
            Box::pin(async move {
                tx.channels().set_deleted(channel_id, delete_at, now).await?;
                let channel = tx.channels().by_id(channel_id).await?.ok_or(Refusal::NO_CHANNEL)?;
                tx.touch(Touched::Channel(channel_id));
                let event = if delete_at == 0 {
                    Event::ChannelRestored { channel_id }
                } else {
                    Event::ChannelDeleted { channel_id, delete_at }
                };
                tx.announce(Announcement { event, to: Broadcast::team(channel.team_id) });
                say(tx, &cx, said).await?;
                Ok::<_, Error>(channel)
            })
        })
        .await
}

/// A channel by id as the database has it, with its counters.
///
/// # Errors
///
/// [`Refusal::NO_CHANNEL`].
pub async fn fresh(cx: &Cx, id: ChannelId) -> Result<Channel> {
    Ok(cx.store.channels().by_id(id).await?.ok_or(Refusal::NO_CHANNEL)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_one_name_in_whatever_order_its_people_come() {
        let ids = [UserId::from_random([1; 16]), UserId::from_random([2; 16]), UserId::from_random([3; 16])];
        let name = group_name(&ids.into());
        assert_eq!(name.len(), 40);
        assert_eq!(name, group_name(&ids.into_iter().rev().collect()));
    }

    #[test]
    fn nobody_can_take_the_name_of_a_conversation() {
        let (a, b) = (UserId::from_random([1; 16]), UserId::from_random([2; 16]));
        assert!(is_of_two(&direct_name(a, b)));
        assert!(!is_of_two("release__notes"));
    }
}
