//! Found and allowed: the only way from an id in a request to a thing.
//!
//! Finding goes through the caches. Whether something may be done is decided by the roles somebody has in the
//! channel, its team and the system, whichever holds the permission first.

use crate::{cache::LiveSession, cx::Cx, error::Result};
use model::{
    ChannelId, FileId, PostId, Refusal, SessionId, TeamId, UserId,
    bots::Bot,
    channels::{Channel, ChannelMember, ChannelType},
    permission::{Permission, PermissionSet, default_roles},
    posts::Post,
    sessions::Session,
    teams::{Team, TeamMember},
    users::User,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicI64},
};
use store::files::StoredFile;

/// Who calls: a session, its user, and what their system roles allow.
#[derive(Clone)]
pub struct Caller {
    pub live: Arc<LiveSession>,
    pub user: Arc<User>,
    pub permissions: PermissionSet,
}

impl Caller {
    pub fn id(&self) -> UserId {
        self.user.id
    }

    pub fn session_id(&self) -> SessionId {
        self.live.session.id
    }

    /// Whether a system role allows it.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Refuses what no system role allows.
    pub fn must(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Refusal::missing(permission).into()) }
    }

    /// The user a path means: `me`, or an id.
    pub fn resolve(&self, user_id: &str) -> Result<UserId, Refusal> {
        if user_id == "me" { Ok(self.id()) } else { user_id.parse().map_err(|_| Refusal::url("user_id")) }
    }
}

/// Somebody as the one who does what they ordered earlier, without a session.
///
/// # Errors
///
/// [`Refusal::USER_INACTIVE`] if they are gone.
pub async fn acting_as(cx: &Cx, id: UserId) -> Result<Caller> {
    let user = find_user(cx, id).await?.filter(|u| u.delete_at == 0).ok_or(Refusal::USER_INACTIVE)?;
    let permissions = permissions_of(cx, &user.roles).await?;
    let session = Session { user_id: id, ..Session::default() };
    let live = Arc::new(LiveSession { session, csrf: String::new(), noted_at: AtomicI64::new(0) });
    Ok(Caller { live, user, permissions })
}

/// The same for a program of theirs that posts. Where it may post was decided when it was allowed to, so the permission to
/// write is theirs everywhere; what they may read is not changed.
pub async fn acting(cx: &Cx, id: UserId) -> Result<Caller> {
    let mut caller = acting_as(cx, id).await?;
    caller.permissions |= PermissionSet::of(&[Permission::CreatePost]);
    Ok(caller)
}

/// Whether somebody has to set up a second factor before they do anything else.
pub fn lacks_second_factor(cx: &Cx, caller: &Caller) -> bool {
    let config = cx.settings.get();
    let user = &caller.user;
    let enforced = config.service.enforce_multifactor_authentication
        || (config.guest_accounts.enforce_multifactor_authentication && user.has_role("system_guest"));
    let asked = config.service.enable_multifactor_authentication && enforced;
    // Who signs in elsewhere is asked for it there; programs have nobody to ask.
    asked && !user.mfa_active && !user.is_bot && user.auth_service.is_empty() && !caller.live.session.is_oauth
}

/// The permissions that roles hold together, given as names separated by blanks.
pub async fn permissions_of(cx: &Cx, roles: &str) -> Result<PermissionSet> {
    let all = cx
        .caches
        .roles
        .find((), async {
            let mut all: BTreeMap<String, PermissionSet> =
                default_roles().iter().map(|r| (r.name.to_owned(), r.permissions)).collect();
            for role in cx.store.roles().all().await? {
                let known = role.permissions.iter().filter_map(|name| Permission::from_name(name)).collect();
                all.insert(role.name, known);
            }
            Ok(Some(Arc::new(all)))
        })
        .await?
        .unwrap_or_default();
    let held = roles.split_whitespace().filter_map(|name| all.get(name));
    Ok(held.fold(PermissionSet::default(), |sum, set| sum | *set))
}

/// Whose people a caller sees: everybody, or as a guest those who share a channel with them.
pub fn sees_only_known(caller: &Caller) -> Option<UserId> {
    (!caller.may(Permission::ViewMembers)).then(|| caller.id())
}

/// Those of several people whom the caller sees.
pub async fn seen_among(cx: &Cx, caller: &Caller, ids: Vec<UserId>) -> Result<Vec<UserId>> {
    let Some(viewer) = sees_only_known(caller) else { return Ok(ids) };
    let known: std::collections::BTreeSet<UserId> =
        cx.store.users().known_among(viewer, &ids).await?.into_iter().collect();
    Ok(ids.into_iter().filter(|id| known.contains(id)).collect())
}

/// Refuses whom the caller does not see.
pub async fn must_see(cx: &Cx, caller: &Caller, id: UserId) -> Result<()> {
    if id == caller.id() || !seen_among(cx, caller, vec![id]).await?.is_empty() {
        return Ok(());
    }
    Err(Refusal::missing(Permission::ViewMembers).into())
}

/// Whether anybody has an account yet.
pub async fn any_account(cx: &Cx) -> Result<bool> {
    let load = async { Ok(cx.store.users().exists().await?.then_some(())) };
    Ok(cx.caches.accounts.find((), load).await?.is_some())
}

/// A user, active or not.
pub async fn find_user(cx: &Cx, id: UserId) -> Result<Option<Arc<User>>> {
    cx.caches.users.find(id, async { Ok(cx.store.users().by_id(id).await?.map(Arc::new)) }).await
}

/// A user, or [`Refusal::NO_USER`].
pub async fn user(cx: &Cx, id: UserId) -> Result<Arc<User>> {
    Ok(find_user(cx, id).await?.ok_or(Refusal::NO_USER)?)
}

/// A team, deleted or not.
pub async fn find_team(cx: &Cx, id: TeamId) -> Result<Option<Arc<Team>>> {
    cx.caches.teams.find(id, async { Ok(cx.store.teams().by_id(id).await?.map(Arc::new)) }).await
}

/// A team, or [`Refusal::NO_TEAM`].
pub async fn team(cx: &Cx, id: TeamId) -> Result<Arc<Team>> {
    Ok(find_team(cx, id).await?.ok_or(Refusal::NO_TEAM)?)
}

/// A channel, archived or not.
pub async fn find_channel(cx: &Cx, id: ChannelId) -> Result<Option<Arc<Channel>>> {
    cx.caches.channels.find(id, async { Ok(cx.store.channels().by_id(id).await?.map(Arc::new)) }).await
}

/// A channel, or [`Refusal::NO_CHANNEL`].
pub async fn channel(cx: &Cx, id: ChannelId) -> Result<Arc<Channel>> {
    Ok(find_channel(cx, id).await?.ok_or(Refusal::NO_CHANNEL)?)
}

/// Somebody's membership in a team, if they have not left.
pub async fn team_member(cx: &Cx, team: TeamId, user: UserId) -> Result<Option<Arc<TeamMember>>> {
    let load = async {
        let member = cx.store.team_members().get(team, user).await?;
        Ok(Some(member.filter(|m| m.delete_at == 0).map(Arc::new)))
    };
    Ok(cx.caches.team_members.find((team, user), load).await?.flatten())
}

/// Somebody's membership in a channel; the counters in it may be old.
pub async fn channel_member(cx: &Cx, channel: ChannelId, user: UserId) -> Result<Option<Arc<ChannelMember>>> {
    let load = async { Ok(Some(cx.store.channel_members().get(channel, user).await?.map(Arc::new))) };
    Ok(cx.caches.channel_members.find((channel, user), load).await?.flatten())
}

/// Whether somebody may do something in a team.
pub async fn may_in_team(cx: &Cx, caller: &Caller, team: TeamId, permission: Permission) -> Result<bool> {
    if caller.may(permission) {
        return Ok(true);
    }
    let Some(member) = team_member(cx, team, caller.id()).await? else { return Ok(false) };
    Ok(permissions_of(cx, &member.roles).await?.contains(permission))
}

/// Whether somebody may do something in a channel.
pub async fn may_in_channel(cx: &Cx, caller: &Caller, channel: &Channel, permission: Permission) -> Result<bool> {
    if caller.may(permission) {
        return Ok(true);
    }
    if let Some(member) = channel_member(cx, channel.id, caller.id()).await?
        && permissions_of(cx, &member.roles).await?.contains(permission)
    {
        return Ok(true);
    }
    if channel.team_id.is_none() {
        return Ok(false);
    }
    may_in_team(cx, caller, channel.team_id, permission).await
}

/// Refuses what somebody may not do in a team; an unknown team is refused in the same way.
pub async fn must_in_team(cx: &Cx, caller: &Caller, team: TeamId, permission: Permission) -> Result<()> {
    if may_in_team(cx, caller, team, permission).await? { Ok(()) } else { Err(Refusal::missing(permission).into()) }
}

/// Refuses what somebody may not do in a channel.
pub async fn must_in_channel(cx: &Cx, caller: &Caller, channel: &Channel, permission: Permission) -> Result<()> {
    if may_in_channel(cx, caller, channel, permission).await? {
        Ok(())
    } else {
        Err(Refusal::missing(permission).into())
    }
}

/// Whether somebody may read a channel: as a member, or a public one of their team.
pub async fn may_read(cx: &Cx, caller: &Caller, channel: &Channel) -> Result<bool> {
    if may_in_channel(cx, caller, channel, Permission::ReadChannel).await? {
        return Ok(true);
    }
    Ok(channel.kind == ChannelType::Open
        && may_in_team(cx, caller, channel.team_id, Permission::ReadPublicChannel).await?)
}

/// A channel that somebody may do something in. One that does not exist is refused like a foreign one, so that
/// the answer does not tell whether there is a private channel.
pub async fn channel_for(cx: &Cx, caller: &Caller, id: ChannelId, permission: Permission) -> Result<Arc<Channel>> {
    let Some(channel) = find_channel(cx, id).await? else { return Err(Refusal::missing(permission).into()) };
    must_in_channel(cx, caller, &channel, permission).await?;
    Ok(channel)
}

/// A bot that somebody may see: their own, or any for who may read others'. Others are as if there were none.
pub async fn bot(cx: &Cx, caller: &Caller, id: UserId) -> Result<Bot> {
    let bot = cx.store.bots().by_id(id).await?.ok_or(Refusal::NO_BOT)?;
    let own = bot.owner_id == caller.id() && caller.may(Permission::ReadBots);
    if own || caller.may(Permission::ReadOthersBots) { Ok(bot) } else { Err(Refusal::NO_BOT.into()) }
}

/// A bot that somebody may change.
pub async fn managed_bot(cx: &Cx, caller: &Caller, id: UserId) -> Result<Bot> {
    let bot = cx.store.bots().by_id(id).await?.ok_or(Refusal::NO_BOT)?;
    let (needed, shown) = if bot.owner_id == caller.id() {
        (Permission::ManageBots, Permission::ReadBots)
    } else {
        (Permission::ManageOthersBots, Permission::ReadOthersBots)
    };
    if caller.may(needed) {
        return Ok(bot);
    }
    Err(if caller.may(shown) { Refusal::missing(needed) } else { Refusal::NO_BOT }.into())
}

/// Refuses who may not act for an account: it is neither their own nor a bot of theirs.
pub async fn must_act_for(cx: &Cx, caller: &Caller, id: UserId) -> Result<()> {
    if id == caller.id() || caller.may(Permission::EditOtherUsers) {
        return Ok(());
    }
    let is_bot = find_user(cx, id).await?.is_some_and(|u| u.is_bot);
    if is_bot && managed_bot(cx, caller, id).await.is_ok() {
        return Ok(());
    }
    Err(Refusal::missing(Permission::EditOtherUsers).into())
}

/// A post that has not been deleted, and its channel.
pub async fn post_in_channel(cx: &Cx, id: PostId) -> Result<Option<(Post, Arc<Channel>)>> {
    let Some(post) = cx.store.posts().by_id(id).await? else { return Ok(None) };
    if post.delete_at != 0 {
        return Ok(None);
    }
    let channel = channel(cx, post.channel_id).await?;
    Ok(Some((post, channel)))
}

/// A file that somebody may read: who uploaded it until it is posted, then who may read its channel.
pub async fn file(cx: &Cx, caller: &Caller, id: FileId) -> Result<StoredFile> {
    let file = cx.store.files().by_id(id).await?.ok_or(Refusal::NO_FILE)?;
    let refused = Refusal::missing(Permission::ReadChannel);
    let allowed = if file.info.post_id.is_none() {
        file.info.user_id == caller.id() || caller.may(Permission::ManageSystem)
    } else {
        let channel = find_channel(cx, file.info.channel_id).await?.ok_or_else(|| refused.clone())?;
        may_read(cx, caller, &channel).await?
    };
    if allowed { Ok(file) } else { Err(refused.into()) }
}
