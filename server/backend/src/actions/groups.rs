//! Groups that people make to mention several at once.

use crate::{
    access,
    clock::new_id,
    cx::Cx,
    error::{Error, Result, taken},
};
use model::{
    AnyId, Millis, Refusal, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    groups::{CUSTOM, DESCRIPTION_MAX, DISPLAY_NAME_MAX, Group, GroupMember, GroupPatch, NAME_MAX, NewGroup},
    permission::Permission,
};
use std::collections::BTreeSet;
use store::Tx;

/// The most people that one call adds or removes.
pub const BATCH_MAX: usize = 1_000;
/// What addresses others already.
const RESERVED: [&str; 3] = ["all", "channel", "here"];

/// Refuses everybody where groups are switched off.
///
/// # Errors
///
/// As said.
pub fn must_be_on(cx: &Cx) -> Result<()> {
    if cx.settings.get().service.enable_custom_groups { Ok(()) } else { Err(Refusal::GROUPS_OFF.into()) }
}

fn check(group: &Group) -> Result<(), Refusal> {
    let longer = |text: &str, most: usize| text.chars().count() > most;
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    let name = group.name.as_str();
    if name.is_empty() || name.len() > NAME_MAX || !name.bytes().all(fits) || RESERVED.contains(&name) {
        return Err(Refusal::GROUP_NAME);
    }
    if group.display_name.trim().is_empty() || longer(&group.display_name, DISPLAY_NAME_MAX) {
        return Err(Refusal::GROUP_DISPLAY_NAME);
    }
    if longer(&group.description, DESCRIPTION_MAX) {
        return Err(Refusal::GROUP_DESCRIPTION);
    }
    Ok(())
}

/// Refuses a name by which a person is mentioned.
async fn free(tx: &mut Tx, name: &str) -> Result<()> {
    if tx.users().by_username(name).await?.is_some() { Err(Refusal::GROUP_NAME_TAKEN.into()) } else { Ok(()) }
}

fn name_taken(error: store::Error) -> Error {
    taken(error, &[("user_groups_name", Refusal::GROUP_NAME_TAKEN)])
}

/// Those of the ids that are people with an account.
async fn people(cx: &Cx, ids: Vec<UserId>) -> Result<Vec<UserId>> {
    if ids.len() > BATCH_MAX {
        return Err(Refusal::body("user_ids").into());
    }
    let ids: Vec<UserId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let found = cx.store.users().by_ids(&ids).await?;
    if found.iter().filter(|u| u.delete_at == 0).count() != ids.len() {
        return Err(Refusal::NO_USER.into());
    }
    Ok(ids)
}

/// Tells everybody of a group as it is now.
fn tell(tx: &mut Tx, group: &Group) {
    tx.touch(Touched::Groups);
    let event = Event::ReceivedGroup { group: Box::new(group.clone()) };
    tx.announce(Announcement { event, to: Broadcast::all() });
}

/// Makes a group of people.
///
/// # Errors
///
/// It cannot be one; its name is taken; one of the people does not exist.
pub async fn create(cx: &Cx, mut asked: NewGroup) -> Result<Group> {
    let user_ids = std::mem::take(&mut asked.user_ids);
    if let Some(group) = asked.group.take() {
        asked = *group;
    }
    if asked.source != CUSTOM {
        return Err(Refusal::GROUP_SOURCE.into());
    }
    if !asked.allow_reference {
        return Err(Refusal::GROUP_REFERENCE.into());
    }
    if asked.remote_id.is_some_and(|id| !id.is_empty()) {
        return Err(Refusal::GROUP_REMOTE.into());
    }
    let members = people(cx, user_ids).await?;
    let now = cx.clock.now();
    let group = Group {
        id: new_id(),
        name: asked.name.to_lowercase(),
        display_name: asked.display_name,
        description: asked.description,
        source: CUSTOM.into(),
        create_at: now,
        update_at: now,
        member_count: members.len() as i64,
        allow_reference: true,
        ..Group::default()
    };
    check(&group)?;
    let made = group.clone();
    cx.store
        .write(move |tx| {
            let (group, members) = (made.clone(), members.clone());
            Box::pin(async move {
                free(tx, &group.name).await?;
                tx.groups().insert(&group).await.map_err(name_taken)?;
                tx.groups().add(group.id, &members, now).await?;
                tell(tx, &group);
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(group)
}

/// A group that is not deleted.
///
/// # Errors
///
/// There is none.
pub async fn find(cx: &Cx, id: AnyId) -> Result<Group> {
    Ok(cx.store.groups().by_id(id).await?.filter(|g| g.delete_at == 0).ok_or(Refusal::NO_GROUP)?)
}

async fn save(cx: &Cx, group: Group, named: bool) -> Result<Group> {
    let saved = group.clone();
    cx.store
        .write(move |tx| {
            let group = saved.clone();
            Box::pin(async move {
                if named {
                    free(tx, &group.name).await?;
                }
                if !tx.groups().update(&group).await.map_err(name_taken)? {
                    return Err(Error::from(Refusal::NO_GROUP));
                }
                tell(tx, &group);
                Ok(())
            })
        })
        .await?;
    Ok(group)
}

/// Changes a group's name, title or description.
///
/// # Errors
///
/// It cannot be what it is to be; its name is taken.
pub async fn patch(cx: &Cx, old: Group, patch: GroupPatch) -> Result<Group> {
    let name = patch.name.map_or(old.name.clone(), |name| name.to_lowercase());
    let named = name != old.name;
    let group = Group {
        name,
        display_name: patch.display_name.unwrap_or(old.display_name),
        description: patch.description.unwrap_or(old.description),
        update_at: cx.clock.now(),
        ..old
    };
    check(&group)?;
    save(cx, group, named).await
}

/// Deletes a group, or brings it back.
///
/// # Errors
///
/// The database fails.
pub async fn set_deleted(cx: &Cx, group: Group, deleted: bool) -> Result<()> {
    let now = cx.clock.now();
    save(cx, Group { delete_at: if deleted { now } else { 0 }, update_at: now, ..group }, !deleted).await.map(drop)
}

/// Adds people to a group, or removes them.
///
/// # Errors
///
/// One of them does not exist.
pub async fn change_members(cx: &Cx, group: &Group, ids: Vec<UserId>, added: bool) -> Result<Vec<GroupMember>> {
    let ids = if added { people(cx, ids).await? } else { ids };
    if ids.is_empty() || ids.len() > BATCH_MAX {
        return Err(Refusal::body("user_ids").into());
    }
    let (id, now): (AnyId, Millis) = (group.id, cx.clock.now());
    let members = move |ids: &[UserId]| -> Vec<GroupMember> {
        let delete_at = if added { 0 } else { now };
        ids.iter().map(|user| GroupMember { group_id: id, user_id: *user, create_at: now, delete_at }).collect()
    };
    let answer = members(&ids);
    cx.store
        .write(move |tx| {
            let ids = ids.clone();
            Box::pin(async move {
                if added {
                    tx.groups().add(id, &ids, now).await?;
                } else {
                    tx.groups().remove(id, &ids, now).await?;
                }
                let group = tx.groups().by_id(id).await?.ok_or(Refusal::NO_GROUP)?;
                tell(tx, &group);
                for group_member in members(&ids) {
                    let to = Broadcast::user(group_member.user_id);
                    let event = if added {
                        Event::GroupMemberAdd { group_member }
                    } else {
                        Event::GroupMemberDeleted { group_member }
                    };
                    tx.announce(Announcement { event, to });
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(answer)
}

/// Whether somebody may mention groups in a channel.
///
/// # Errors
///
/// The database fails.
pub(super) async fn may_mention(cx: &Cx, author: UserId, channel: &model::channels::Channel) -> Result<bool> {
    if access::find_user(cx, author).await?.is_none_or(|u| u.delete_at != 0) {
        return Ok(false);
    }
    let caller = access::acting_as(cx, author).await?;
    access::may_in_channel(cx, &caller, channel, Permission::UseGroupMentions).await
}
