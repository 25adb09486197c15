//! Guests: people who are in the channels they were invited to and see nobody else's. Becoming one, and a member.

use super::{members, teams, users};
use crate::{
    access::{self, Caller},
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, Refusal, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    permission::Permission,
    users::User,
};
use std::sync::Arc;
use store::Tx;

/// How many guests are deactivated in one change.
const AT_ONCE: i64 = 200;

/// Puts a new guest into the channels they were invited to, as far as these are still there.
///
/// # Errors
///
/// The database fails.
pub async fn enter(cx: &Cx, id: UserId, channels: &[ChannelId]) -> Result<()> {
    if channels.is_empty() {
        return Ok(());
    }
    let (user, channels) = (access::user(cx, id).await?, channels.to_vec());
    let (now, cx) = (cx.clock.now(), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, user, channels) = (cx.clone(), user.clone(), channels.clone());
            Box::pin(async move {
                for channel in tx.channels().by_ids(&channels).await? {
                    if channel.delete_at == 0 && members::enter(tx, &channel, &user, false, now).await? {
                        members::welcome(tx, &cx, &channel, &user, None).await?;
                    }
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Makes a guest a member, of the system and of all their teams and channels; they join the channels that everybody
/// is in.
///
/// # Errors
///
/// There is no such person, or they are no guest.
pub async fn promote(cx: &Cx, id: UserId) -> Result<()> {
    let user = access::user(cx, id).await?;
    if !user.has_role("system_guest") {
        return Err(Refusal::NOT_GUEST.into());
    }
    become_(cx, &user, false).await
}

/// Makes a member a guest, of the system and of all their teams and channels.
///
/// # Errors
///
/// Guests are switched off; there is no such person, they are a guest already, a bot, or an administrator whom the
/// caller may not change.
pub async fn demote(cx: &Cx, caller: &Caller, id: UserId) -> Result<()> {
    if !cx.settings.get().guest_accounts.enable {
        return Err(Refusal::GUESTS_OFF.into());
    }
    let user = access::user(cx, id).await?;
    if user.has_role("system_guest") {
        return Err(Refusal::ALREADY_GUEST.into());
    }
    if user.is_bot {
        return Err(Refusal::ROLE_GUEST.into());
    }
    if access::permissions_of(cx, &user.roles).await?.contains(Permission::ManageSystem) {
        caller.must(Permission::ManageSystem)?;
    }
    become_(cx, &user, true).await
}

async fn become_(cx: &Cx, user: &Arc<User>, guest: bool) -> Result<()> {
    let (id, now) = (user.id, cx.clock.now());
    let roles = if guest { "system_guest" } else { "system_user" };
    let user = User { roles: roles.to_owned(), update_at: now, ..User::clone(user) };
    let (own, others, cx) = (users::shown_to_self(&user), users::shown_to_others(cx, &user), cx.clone());
    cx.clone()
        .store
        .write(move |tx| {
            let (cx, user, own, others) = (cx.clone(), user.clone(), own.clone(), others.clone());
            Box::pin(async move {
                tx.users().set_roles(id, roles, now).await?;
                tx.sessions().set_roles(id, roles).await?;
                tx.team_members().set_guest(id, guest).await?;
                tx.channel_members().set_guest(id, guest, now).await?;
                tx.touch(Touched::User(id));
                tx.touch(Touched::Guest { user_id: id, guest });
                let of_teams = tx.team_members().team_ids(id).await?;
                for channel_id in tx.channel_members().channel_ids(id).await? {
                    tx.touch(Touched::ChannelMember { channel_id, user_id: id });
                }
                for team_id in of_teams {
                    tx.touch(Touched::TeamMember { team_id, user_id: id });
                    if !guest {
                        teams::join_default_channels(tx, &cx, team_id, &user, None, false).await?;
                    }
                }
                for (user, to) in [(others, Broadcast::all().but(id)), (own, Broadcast::user(id))] {
                    tx.announce(Announcement { event: Event::UserUpdated { user: Box::new(user) }, to });
                }
                let event = Event::UserRoleUpdated { user_id: id, roles: roles.to_owned() };
                tx.announce(Announcement { event, to: Broadcast::user(id) });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Deactivates all guests: guest accounts were switched off.
///
/// # Errors
///
/// The database fails.
pub async fn deactivate_all(cx: &Cx) -> Result<()> {
    loop {
        let guests = cx.store.users().guests(AT_ONCE).await?;
        if guests.is_empty() {
            break;
        }
        let now = cx.clock.now();
        cx.store
            .write(move |tx| {
                let guests = guests.clone();
                Box::pin(async move { deactivate(tx, &guests, now).await })
            })
            .await?;
    }
    cx.hub.announce(&Announcement { event: Event::GuestsDeactivated {}, to: Broadcast::all() });
    Ok(())
}

async fn deactivate(tx: &mut Tx, guests: &[UserId], now: model::Millis) -> Result<()> {
    for &user_id in guests {
        tx.users().set_active(user_id, now, now).await?;
        tx.touch(Touched::User(user_id));
        let session_ids = tx.sessions().delete_of(user_id).await?;
        tx.touch(Touched::SessionsEnded { user_id, session_ids });
    }
    Ok(())
}
