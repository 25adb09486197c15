//! Teams: making, changing and archiving them, and who comes and goes.
//!
//! Who comes into a team is in its default channels with the same commit; who goes leaves all of its channels.

use super::{
    channels,
    members::{self, enter, invitation, props, roles_of, sum_of_roles, welcome},
    posts::{Said, say},
    sidebar,
};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result, taken},
};
use model::{
    Millis, Refusal, TeamId, UserId,
    channels::{Channel, ChannelType, DEFAULT},
    event::{Announcement, Broadcast, Event, Touched},
    permission::Permission,
    teams::{Added, INVITE, OPEN, RESERVED_NAMES, SchemeRoles, Team, TeamMember, TeamPatch, is_valid_name},
    users::User,
};
use std::sync::Arc;
use store::{
    Tx,
    channels::{Deleted, Which},
};

/// The channel for what belongs nowhere else.
const OFF_TOPIC: &str = "off-topic";
const DISPLAY_NAME_MAX: usize = 64;
const DESCRIPTION_MAX: usize = 255;
const COMPANY_MAX: usize = 64;
const DOMAINS_MAX: usize = 1000;

/// Makes a team with its default channels; the caller becomes its administrator.
///
/// # Errors
///
/// The caller may not make teams; a field is not right; the name is taken.
pub async fn create(cx: &Cx, caller: &Caller, new: Team) -> Result<Team> {
    let open = cx.settings.get().team.enable_team_creation || caller.may(Permission::ManageSystem);
    if !open || !caller.may(Permission::CreateTeam) {
        return Err(Refusal::TEAM_CREATION_OFF.into());
    }
    let now = cx.clock.now();
    let team = Team {
        display_name: new.display_name.trim().to_owned(),
        description: new.description,
        email: caller.user.email.clone(),
        kind: new.kind,
        company_name: new.company_name,
        allowed_domains: new.allowed_domains,
        allow_open_invite: new.allow_open_invite,
        group_constrained: new.group_constrained,
        ..blank(new.name, now)
    };
    check_new(&team)?;
    let (user, cx) = (caller.user.clone(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, team, user) = (cx.clone(), team.clone(), user.clone());
            Box::pin(async move {
                found(tx, &cx, &team).await?;
                enrol(tx, &cx, &team, &user, None, true).await?;
                Ok(team)
            })
        })
        .await
}

/// A new team with nothing but a name.
pub(super) fn blank(name: String, now: Millis) -> Team {
    Team { id: new_id(), create_at: now, update_at: now, name, invite_id: invitation(), ..Team::default() }
}

/// Writes a new team with its default channels.
///
/// # Errors
///
/// The name is taken.
pub(super) async fn found(tx: &mut Tx, cx: &Cx, team: &Team) -> Result<()> {
    let name_taken = [("teams_name", Refusal::TEAM_NAME_TAKEN)];
    tx.teams().insert(team).await.map_err(|e| taken(e, &name_taken))?;
    for (name, display_name) in default_channels(cx) {
        tx.channels().insert(&default_channel(team.id, name, display_name, team.create_at)).await?;
    }
    Ok(())
}

/// The channels everybody of a team is in: names in addresses, and names for people.
pub(super) fn default_channels(cx: &Cx) -> Vec<(String, String)> {
    let mut all = vec![(DEFAULT.to_owned(), "Town Square".to_owned()), (OFF_TOPIC.to_owned(), "Off-Topic".to_owned())];
    for name in &cx.settings.get().team.experimental_default_channels {
        if model::channels::is_valid_name(name) && !all.iter().any(|(known, _)| known == name) {
            all.push((name.clone(), name.clone()));
        }
    }
    all
}

fn default_channel(team_id: TeamId, name: String, display_name: String, now: Millis) -> Channel {
    Channel {
        id: new_id(),
        create_at: now,
        update_at: now,
        team_id,
        kind: ChannelType::Open,
        name,
        display_name,
        ..Channel::default()
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if RESERVED_NAMES.contains(&name) {
        return Err(Refusal::TEAM_NAME_RESERVED);
    }
    if is_valid_name(name) { Ok(()) } else { Err(Refusal::TEAM_NAME_INVALID) }
}

/// Refuses what cannot be a new team.
pub(super) fn check_new(team: &Team) -> Result<(), Refusal> {
    check_name(&team.name)?;
    check(team)
}

/// Refuses what a team cannot become.
pub(super) fn check(team: &Team) -> Result<(), Refusal> {
    if !(1..=DISPLAY_NAME_MAX).contains(&team.display_name.chars().count()) {
        return Err(Refusal::TEAM_DISPLAY_NAME);
    }
    if team.description.chars().count() > DESCRIPTION_MAX {
        return Err(Refusal::TEAM_DESCRIPTION);
    }
    if team.kind != OPEN && team.kind != INVITE {
        return Err(Refusal::TEAM_TYPE);
    }
    if team.company_name.chars().count() > COMPANY_MAX {
        return Err(Refusal::body("company_name"));
    }
    if team.allowed_domains.len() > DOMAINS_MAX {
        return Err(Refusal::body("allowed_domains"));
    }
    Ok(())
}

/// What of a team its caller may see.
///
/// # Errors
///
/// The database fails.
pub async fn shown(cx: &Cx, caller: &Caller, mut team: Team) -> Result<Team> {
    if !access::may_in_team(cx, caller, team.id, Permission::ManageTeam).await? {
        team.email.clear();
    }
    if !access::may_in_team(cx, caller, team.id, Permission::InviteUser).await? {
        team.invite_id.clear();
    }
    Ok(team)
}

/// Changes some fields of a team.
///
/// # Errors
///
/// A field is not right.
pub async fn patch(cx: &Cx, id: TeamId, patch: TeamPatch) -> Result<Team> {
    change(cx, id, move |team| {
        let TeamPatch {
            display_name,
            description,
            company_name,
            allowed_domains,
            allow_open_invite,
            group_constrained,
        } = patch.clone();
        team.display_name = display_name.unwrap_or_else(|| team.display_name.clone());
        team.description = description.unwrap_or_else(|| team.description.clone());
        team.company_name = company_name.unwrap_or_else(|| team.company_name.clone());
        team.allowed_domains = allowed_domains.unwrap_or_else(|| team.allowed_domains.clone());
        team.allow_open_invite = allow_open_invite.unwrap_or(team.allow_open_invite);
        team.group_constrained = group_constrained.or(team.group_constrained);
        check(team)
    })
    .await
}

/// Opens a team to everybody, or closes it; closing makes old invitations void.
///
/// # Errors
///
/// `kind` is neither [`OPEN`] nor [`INVITE`].
pub async fn set_privacy(cx: &Cx, id: TeamId, kind: String) -> Result<Team> {
    if kind != OPEN && kind != INVITE {
        return Err(Refusal::body("privacy").into());
    }
    change(cx, id, move |team| {
        if kind == INVITE && team.kind != INVITE {
            team.invite_id = invitation();
        }
        team.allow_open_invite = kind == OPEN;
        team.kind.clone_from(&kind);
        Ok(())
    })
    .await
}

/// Makes old invitations void.
///
/// # Errors
///
/// The database fails.
pub async fn renew_invitation(cx: &Cx, id: TeamId) -> Result<Team> {
    change(cx, id, |team| {
        team.invite_id = invitation();
        Ok(())
    })
    .await
}

/// Notes that the team's picture is another one, or gone.
///
/// # Errors
///
/// The database fails.
pub async fn picture_changed(cx: &Cx, id: TeamId, there: bool) -> Result<Team> {
    let now = cx.clock.now();
    change(cx, id, move |team| {
        team.last_team_icon_update = if there { now } else { 0 };
        Ok(())
    })
    .await
}

/// Archives a team.
///
/// # Errors
///
/// The database fails.
pub async fn archive(cx: &Cx, id: TeamId) -> Result<()> {
    let now = cx.clock.now();
    set_deleted(cx, id, now).await.map(drop)
}

/// Takes a team back from the archive.
///
/// # Errors
///
/// The database fails.
pub async fn restore(cx: &Cx, id: TeamId) -> Result<Team> {
    set_deleted(cx, id, 0).await
}

/// Removes a team for good, with its channels and all that was said there.
///
/// # Errors
///
/// It is switched off.
pub async fn delete(cx: &Cx, id: TeamId) -> Result<()> {
    if !cx.settings.get().service.enable_api_team_deletion {
        return Err(Refusal::TEAM_DELETION_OFF.into());
    }
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                let team = tx.teams().by_id(id).await?.ok_or(Refusal::NO_TEAM)?;
                let which = Which { team: Some(id), deleted: Deleted::With, ..Which::default() };
                for channel in tx.channels().search(&which, "", i64::MAX, 0).await? {
                    channels::purge(tx, channel.id).await?;
                }
                for user_id in tx.team_members().ids(id).await? {
                    tx.touch(Touched::TeamLeft { team_id: id, user_id });
                    let event = Event::DeleteTeam { team: Box::new(outside(&team)) };
                    tx.announce(Announcement { event, to: Broadcast::user(user_id) });
                }
                tx.teams().purge(id).await?;
                tx.touch(Touched::Team(id));
                Ok::<_, Error>(())
            })
        })
        .await
}

async fn set_deleted(cx: &Cx, id: TeamId, delete_at: Millis) -> Result<Team> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.teams().set_deleted(id, delete_at, now).await?;
                let team = tx.teams().by_id(id).await?.ok_or(Refusal::NO_TEAM)?;
                tx.touch(Touched::Team(id));
                let shown = Box::new(outside(&team));
                let event =
                    if delete_at == 0 { Event::RestoreTeam { team: shown } } else { Event::DeleteTeam { team: shown } };
                // Nobody else is to learn that there is such a team.
                let to = if team.allow_open_invite { Broadcast::all() } else { Broadcast::team(id) };
                tx.announce(Announcement { event, to });
                Ok::<_, Error>(team)
            })
        })
        .await
}

/// A team as everybody may see it.
fn outside(team: &Team) -> Team {
    Team { email: String::new(), invite_id: String::new(), ..team.clone() }
}

async fn change(
    cx: &Cx,
    id: TeamId,
    how: impl Fn(&mut Team) -> Result<(), Refusal> + Send + Sync + 'static,
) -> Result<Team> {
    let (now, how) = (cx.clock.now(), Arc::new(how));
    cx.store
        .write(move |tx| {
            let how = how.clone();
            Box::pin(async move {
                let mut team = tx.teams().by_id(id).await?.ok_or(Refusal::NO_TEAM)?;
                how(&mut team)?;
                team.update_at = now;
                update(tx, &team).await?;
                Ok::<_, Error>(team)
            })
        })
        .await
}

/// Writes a changed team and tells its members.
pub(super) async fn update(tx: &mut Tx, team: &Team) -> Result<()> {
    tx.teams().update(team).await?;
    tx.touch(Touched::Team(team.id));
    let event = Event::UpdateTeam { team: Box::new(outside(team)) };
    tx.announce(Announcement { event, to: Broadcast::team(team.id) });
    Ok(())
}

/// Adds somebody to a team, or lets them join an open one. Who is in it already stays as they are.
///
/// # Errors
///
/// The caller may not do it; the team is full, archived or takes other addresses only; there is no such person.
pub async fn add(cx: &Cx, caller: &Caller, team: &Arc<Team>, user_id: UserId) -> Result<TeamMember> {
    if user_id == caller.id() {
        let needed = if team.allow_open_invite { Permission::JoinPublicTeams } else { Permission::JoinPrivateTeams };
        caller.must(needed)?;
    } else {
        access::must_in_team(cx, caller, team.id, Permission::AddUserToTeam).await?;
    }
    join(cx, team, user_id, None).await
}

/// Adds several people. Those who cannot be added are told of with `graceful`, else the first of them ends it.
///
/// # Errors
///
/// As [`add`], for the first of them, unless it is `graceful`.
pub async fn add_many(
    cx: &Cx,
    caller: &Caller,
    team: &Arc<Team>,
    users: &[UserId],
    graceful: bool,
) -> Result<Vec<Added>> {
    let mut added = Vec::with_capacity(users.len());
    for &user_id in users {
        match join(cx, team, user_id, Some(caller.user.clone())).await {
            Ok(member) => added.push(Added { user_id, member: Some(member), error: None }),
            Err(error) if graceful => {
                let error = error.into_refusal().to_body(&crate::error::request_id());
                added.push(Added { user_id, member: None, error: Some(error) });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(added)
}

/// Joins by the id in an invitation link.
///
/// # Errors
///
/// The invitation is void, or as [`add`].
pub async fn join_by_invitation(cx: &Cx, caller: &Caller, invite_id: &str) -> Result<TeamMember> {
    if caller.user.has_role("system_guest") {
        // Guests come where they were invited to as guests.
        return Err(Refusal::missing(Permission::JoinPublicTeams).into());
    }
    let team = cx.store.teams().by_invite(invite_id).await?.filter(|t| t.delete_at == 0).ok_or(Refusal::NO_INVITE)?;
    join(cx, &Arc::new(team), caller.id(), None).await
}

/// Puts somebody into a team if it has room for them.
///
/// # Errors
///
/// The team is full, archived or takes other addresses only; there is no such person.
pub async fn join(cx: &Cx, team: &Arc<Team>, user_id: UserId, by: Option<Arc<User>>) -> Result<TeamMember> {
    let user = access::user(cx, user_id).await?;
    if let Some(there) = cx.store.team_members().get(team.id, user_id).await?.filter(|m| m.delete_at == 0) {
        return Ok(there);
    }
    if team.delete_at != 0 {
        return Err(Refusal::NO_TEAM.into());
    }
    if !is_allowed(&team.allowed_domains, &user.email) && !user.is_bot {
        return Err(Refusal::TEAM_DOMAIN.into());
    }
    let (members, _) = cx.store.team_members().counts(team.id).await?;
    if members >= cx.settings.get().team.max_users_per_team {
        return Err(Refusal::TEAM_FULL.into());
    }
    let (team, cx) = (team.clone(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, team, user, by) = (cx.clone(), team.clone(), user.clone(), by.clone());
            Box::pin(async move { enrol(tx, &cx, &team, &user, by.as_deref(), false).await })
        })
        .await
}

/// Whether an address is of one of the domains, which are separated by commas or blanks; none are all.
pub(super) fn is_allowed(domains: &str, email: &str) -> bool {
    let mut domains =
        domains.split([',', ' ']).map(|d| d.trim().trim_start_matches('@')).filter(|d| !d.is_empty()).peekable();
    let host = email.rsplit_once('@').map_or("", |(_, host)| host);
    domains.peek().is_none() || domains.any(|d| d.eq_ignore_ascii_case(host))
}

/// Puts somebody into a team and the channels that everybody joins.
pub(super) async fn enrol(
    tx: &mut Tx,
    cx: &Cx,
    team: &Team,
    user: &User,
    by: Option<&User>,
    admin: bool,
) -> Result<TeamMember> {
    if let Some(there) = tx.team_members().get(team.id, user.id).await?.filter(|m| m.delete_at == 0) {
        return Ok(there);
    }
    let now = cx.clock.now();
    let guest = user.has_role("system_guest");
    let scheme = SchemeRoles { scheme_admin: admin, scheme_user: !guest, scheme_guest: guest };
    let member = TeamMember {
        team_id: team.id,
        user_id: user.id,
        roles: sum_of_roles("", "team", scheme),
        scheme_guest: guest,
        scheme_user: !guest,
        scheme_admin: admin,
        ..TeamMember::default()
    };
    tx.team_members().save(&member, now).await?;
    tx.touch(Touched::TeamJoined { team_id: team.id, user_id: user.id });
    let event = Event::AddedToTeam { team_id: team.id, user_id: user.id };
    tx.announce(Announcement { event, to: Broadcast::user(user.id) });
    sidebar::begin(tx, user.id, team.id).await?;
    if !guest {
        join_default_channels(tx, cx, team.id, user, by, admin).await?;
    }
    // The team's scheme decides what its roles are called.
    Ok(tx.team_members().get(team.id, user.id).await?.unwrap_or(member))
}

pub(super) async fn join_default_channels(
    tx: &mut Tx,
    cx: &Cx,
    team: TeamId,
    user: &User,
    by: Option<&User>,
    admin: bool,
) -> Result<()> {
    let now = cx.clock.now();
    let names: Vec<_> = default_channels(cx).into_iter().map(|(name, _)| name).collect();
    for channel in tx.channels().by_names(team, &names).await? {
        if channel.delete_at != 0 || !enter(tx, &channel, user, admin, now).await? {
            continue;
        }
        if channel.name == DEFAULT {
            let event = Event::UserAdded { user_id: user.id, team_id: team };
            tx.announce(Announcement { event, to: Broadcast::channel(channel.id) });
            say(tx, cx, came(&channel, user, by)).await?;
        } else {
            welcome(tx, cx, &channel, user, by).await?;
        }
    }
    Ok(())
}

fn came(channel: &Channel, user: &User, by: Option<&User>) -> Said {
    let (kind, message, author, props) = match by {
        None => (
            "system_join_team",
            format!("{} joined the team.", user.username),
            user.id,
            props([("username", &user.username)]),
        ),
        Some(by) => (
            "system_add_to_team",
            format!("{} added to the team by {}.", user.username, by.username),
            by.id,
            props([
                ("userId", by.id.as_str()),
                ("username", &by.username),
                ("addedUserId", user.id.as_str()),
                ("addedUsername", &user.username),
            ]),
        ),
    };
    Said { channel: channel.id, author, kind, message, props, mentions: Vec::new() }
}

/// Removes somebody from a team and all of its channels, or lets them leave. Who has left already stays so.
///
/// # Errors
///
/// The caller may not do it; there is no such person or they were never in the team.
pub async fn remove(cx: &Cx, caller: &Caller, team: &Arc<Team>, user_id: UserId) -> Result<()> {
    if user_id != caller.id() {
        access::must_in_team(cx, caller, team.id, Permission::RemoveUserFromTeam).await?;
    }
    let user = access::user(cx, user_id).await?;
    let (team_id, by, cx) = (team.id, caller.id(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, user) = (cx.clone(), user.clone());
            Box::pin(async move {
                tx.team_members().get(team_id, user.id).await?.ok_or(Refusal::NO_TEAM_MEMBER)?;
                leave(tx, &cx, team_id, &user, by).await
            })
        })
        .await
}

/// Takes somebody out of a team and all of its channels.
pub(super) async fn leave(tx: &mut Tx, cx: &Cx, team_id: TeamId, user: &User, by: UserId) -> Result<()> {
    let now = cx.clock.now();
    if !tx.team_members().remove(team_id, user.id, now).await? {
        return Ok(());
    }
    for channel in tx.channels().of_user_in(user.id, team_id, Some(0)).await? {
        if channel.team_id == team_id {
            members::drop_member(tx, channel.id, user.id).await?;
        }
    }
    let user_id = user.id;
    tx.touch(Touched::TeamLeft { team_id, user_id });
    // The one who left is no longer reached through the team.
    for to in [Broadcast::team(team_id), Broadcast { team_id, ..Broadcast::user(user_id) }] {
        tx.announce(Announcement { event: Event::LeaveTeam { team_id, user_id }, to });
    }
    let Some(square) = tx.channels().by_name(team_id, DEFAULT).await? else { return Ok(()) };
    let (kind, message) = if by == user_id {
        ("system_leave_team", format!("{} left the team.", user.username))
    } else {
        ("system_remove_from_team", format!("{} removed from the team.", user.username))
    };
    let props = props([("username", &user.username)]);
    say(tx, cx, Said { channel: square.id, author: user_id, kind, message, props, mentions: Vec::new() }).await
}

/// Sets the roles that somebody has in a team.
///
/// # Errors
///
/// A role does not exist or cannot be given here; the person is not in the team.
pub async fn set_roles(cx: &Cx, team: TeamId, user: UserId, names: &str) -> Result<()> {
    let given = roles_of(cx, "team", names).await?;
    change_member(cx, team, user, move |member| {
        if member.scheme_guest != given.scheme.scheme_guest {
            return Err(Refusal::ROLE_GUEST);
        }
        member.explicit_roles.clone_from(&given.explicit);
        set_scheme(member, given.scheme);
        Ok(())
    })
    .await
}

/// Sets the roles that the scheme gives somebody in a team.
///
/// # Errors
///
/// The person is not in the team, or would be guest and member at once.
pub async fn set_scheme_roles(cx: &Cx, team: TeamId, user: UserId, scheme: SchemeRoles) -> Result<()> {
    if scheme.scheme_guest == scheme.scheme_user {
        return Err(Refusal::ROLE_GUEST.into());
    }
    change_member(cx, team, user, move |member| {
        set_scheme(member, scheme);
        Ok(())
    })
    .await
}

fn set_scheme(member: &mut TeamMember, scheme: SchemeRoles) {
    member.scheme_admin = scheme.scheme_admin;
    member.scheme_user = scheme.scheme_user;
    member.scheme_guest = scheme.scheme_guest;
}

async fn change_member(
    cx: &Cx,
    team_id: TeamId,
    user_id: UserId,
    how: impl Fn(&mut TeamMember) -> Result<(), Refusal> + Send + Sync + 'static,
) -> Result<()> {
    let (now, how) = (cx.clock.now(), Arc::new(how));
    cx.store
        .write(move |tx| {
            let how = how.clone();
            Box::pin(async move {
                let member = tx.team_members().get(team_id, user_id).await?.filter(|m| m.delete_at == 0);
                let mut member = member.ok_or(Refusal::NO_TEAM_MEMBER)?;
                how(&mut member)?;
                tx.team_members().save(&member, now).await?;
                // The team's scheme decides what its roles are called.
                let member = tx.team_members().get(team_id, user_id).await?.ok_or(Refusal::NO_TEAM_MEMBER)?;
                tx.touch(Touched::TeamMember { team_id, user_id });
                let event = Event::MemberroleUpdated { member: Box::new(member) };
                tx.announce(Announcement { event, to: Broadcast::user(user_id) });
                Ok::<_, Error>(())
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_takes_addresses_of_its_domains_and_all_if_it_names_none() {
        assert!(is_allowed("", "ann@example.com") && is_allowed(" , ", "ann@example.com"));
        assert!(is_allowed("example.org, @Example.com", "ann@example.com"));
        assert!(!is_allowed("example.org", "ann@example.com"));
        assert!(!is_allowed("example.com", "ann@not-example.com"));
    }
}
