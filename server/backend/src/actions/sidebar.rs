//! How people arrange their channels: categories, what is in them, and their order.
//!
//! A channel that was put nowhere is in `Channels` or `Direct Messages`; only what people move is kept. What is in
//! `Favorites` is a preference as well, since some clients know only that.

use super::members::notify;
use crate::{
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, Millis, Refusal, StringMap, TeamId, UserId,
    channels::Channel,
    event::{Announcement, Broadcast, Event, Touched},
    preferences::Preference,
    sidebar::{CHANNELS, CUSTOM, Category, DIRECT, FAVORITES, MANAGED},
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;

/// The preferences that say the same as the category of favourites.
pub const FAVORITE: &str = "favorite_channel";

/// The categories that everybody has.
fn defaults(user_id: UserId, team_id: TeamId) -> [Category; 3] {
    [(FAVORITES, "Favorites", ""), (CHANNELS, "Channels", ""), (DIRECT, "Direct Messages", "recent")].map(
        |(kind, display_name, sorting)| Category {
            id: format!("{kind}_{user_id}_{team_id}"),
            user_id,
            team_id,
            sort_order: match kind {
                FAVORITES => 0,
                CHANNELS => 10,
                _ => 20,
            },
            sorting: sorting.to_owned(),
            kind: kind.to_owned(),
            display_name: display_name.to_owned(),
            ..Category::default()
        },
    )
}

/// Gives a new member of a team their categories.
pub(super) async fn begin(tx: &mut Tx, user: UserId, team: TeamId) -> Result<()> {
    if tx.sidebar().of_team(user, team).await?.is_empty() {
        for category in defaults(user, team) {
            tx.sidebar().insert(&category).await?;
        }
    }
    Ok(())
}

/// A user's categories in a team, in order, with all of their channels.
///
/// # Errors
///
/// The database fails.
pub async fn categories(cx: &Cx, user: UserId, team: TeamId) -> Result<Vec<Category>> {
    let kept = cx.store.sidebar().of_team(user, team).await?;
    let channels = cx.store.channels().of_user_in(user, team, None).await?;
    Ok(arrange(kept, &channels, user, team))
}

/// The same inside a change.
async fn arranged(tx: &mut Tx, user: UserId, team: TeamId) -> Result<Vec<Category>> {
    begin(tx, user, team).await?;
    let kept = tx.sidebar().of_team(user, team).await?;
    let channels = tx.channels().of_user_in(user, team, None).await?;
    Ok(arrange(kept, &channels, user, team))
}

fn arrange(kept: Vec<Category>, channels: &[Channel], user: UserId, team: TeamId) -> Vec<Category> {
    let (mut managed, mut categories): (Vec<_>, Vec<_>) = kept.into_iter().partition(|c| c.kind == MANAGED);
    if categories.is_empty() {
        categories = defaults(user, team).into();
    }
    managed = of_everybody(managed, channels, user, team);
    let mut mine: BTreeSet<ChannelId> = channels.iter().map(|c| c.id).collect();
    for id in managed.iter().flat_map(|c| &c.channel_ids) {
        mine.remove(id);
    }
    for category in &mut categories {
        category.channel_ids.retain(|id| mine.remove(id));
    }
    for channel in channels.iter().filter(|c| mine.contains(&c.id)) {
        let kind = if channel.kind.is_personal() { DIRECT } else { CHANNELS };
        if let Some(category) = categories.iter_mut().find(|c| c.kind == kind) {
            category.channel_ids.push(channel.id);
        }
    }
    let place = usize::from(categories.first().is_some_and(|c| c.kind == FAVORITES));
    categories.splice(place..place, managed);
    categories
}

/// The categories that channels name, by name, each with its channels. What somebody has kept of one is whether it is open
/// and how it is sorted.
fn of_everybody(kept: Vec<Category>, channels: &[Channel], user_id: UserId, team_id: TeamId) -> Vec<Category> {
    let mut named: BTreeMap<&str, Vec<ChannelId>> = BTreeMap::new();
    for channel in channels {
        if let Some(name) = channel.managed_category() {
            named.entry(name).or_default().push(channel.id);
        }
    }
    let category = |(name, channel_ids): (&str, Vec<ChannelId>)| {
        let mut sum = Sha256::new();
        for part in [user_id.as_str(), team_id.as_str(), name] {
            sum.update(part);
        }
        let id = format!("{MANAGED_ID}{}", &hex::encode(sum.finalize())[..32]);
        let before = kept.iter().find(|c| c.id == id).cloned().unwrap_or_default();
        Category { id, user_id, team_id, kind: MANAGED.into(), display_name: name.into(), channel_ids, ..before }
    };
    named.into_iter().map(category).collect()
}

/// How the ids of categories begin that are the same for everybody.
const MANAGED_ID: &str = "managed_";

/// Makes a category, after the favourites and before all others. Its channels leave those they were in.
///
/// # Errors
///
/// The database fails.
pub async fn create(cx: &Cx, user: UserId, team: TeamId, new: Category) -> Result<Category> {
    let (id, now) = (new_id::<model::id::kind::Any>().to_string(), cx.clock.now());
    cx.store
        .write(move |tx| {
            let (id, new) = (id.clone(), new.clone());
            Box::pin(async move {
                let before = arranged(tx, user, team).await?;
                let mut made = Category {
                    id: id.clone(),
                    user_id: user,
                    team_id: team,
                    kind: CUSTOM.to_owned(),
                    display_name: new.display_name,
                    sorting: new.sorting,
                    muted: new.muted,
                    collapsed: new.collapsed,
                    channel_ids: new.channel_ids,
                    ..Category::default()
                };
                keep_own(&mut made, &before);
                tx.sidebar().insert(&made).await?;
                let mut order: Vec<_> = before.iter().map(|c| c.id.clone()).collect();
                let place = usize::from(before.first().is_some_and(|c| c.kind == FAVORITES));
                order.insert(place, id.clone());
                tx.sidebar().set_order(user, &order).await?;
                follow(tx, user, team, &before, now).await?;
                announce(tx, user, team, Event::SidebarCategoryCreated { category_id: id });
                made.sort_order = place as i64 * 10;
                Ok::<_, Error>(made)
            })
        })
        .await
}

/// Leaves out channels that the user is not in, and what is named twice.
fn keep_own(category: &mut Category, before: &[Category]) {
    let mut mine: BTreeSet<ChannelId> = before.iter().flat_map(|c| c.channel_ids.iter().copied()).collect();
    category.channel_ids.retain(|id| mine.remove(id));
}

/// Changes categories and what is in them. Of the three that everybody has, the name stays.
///
/// # Errors
///
/// [`Refusal::CATEGORY_INVALID`] if one of them is not the user's in this team.
pub async fn update(cx: &Cx, user: UserId, team: TeamId, changed: Vec<Category>) -> Result<Vec<Category>> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            let changed = changed.clone();
            Box::pin(async move {
                let before = arranged(tx, user, team).await?;
                for new in &changed {
                    let old = before.iter().find(|c| c.id == new.id).ok_or(Refusal::CATEGORY_INVALID)?;
                    let mut category = merged(old, new);
                    if old.kind == MANAGED {
                        // What is in it is not for this person to say.
                        category.channel_ids.clear();
                        if tx.sidebar().by_id(&category.id).await?.is_none() {
                            tx.sidebar().insert(&category).await?;
                        }
                    }
                    keep_own(&mut category, &before);
                    tx.sidebar().update(&category).await?;
                }
                let after = follow(tx, user, team, &before, now).await?;
                let found = |new: &Category| after.iter().find(|c| c.id == new.id).cloned();
                let updated: Vec<_> = changed.iter().filter_map(found).collect();
                announce(tx, user, team, Event::SidebarCategoryUpdated { categories: updated.clone() });
                Ok::<_, Error>(updated)
            })
        })
        .await
}

fn merged(old: &Category, new: &Category) -> Category {
    Category {
        display_name: if old.kind == CUSTOM { new.display_name.clone() } else { old.display_name.clone() },
        sorting: new.sorting.clone(),
        muted: new.muted && old.kind != DIRECT,
        collapsed: new.collapsed,
        channel_ids: new.channel_ids.clone(),
        ..old.clone()
    }
}

/// Sets the order of all of a user's categories in a team.
///
/// # Errors
///
/// [`Refusal::body`] if one is not the user's, [`Refusal::CATEGORY_INVALID`] if one is missing.
pub async fn set_order(cx: &Cx, user: UserId, team: TeamId, order: Vec<String>) -> Result<Vec<String>> {
    cx.store
        .write(move |tx| {
            // Those that are the same for everybody have their place.
            let order: Vec<String> = order.iter().filter(|id| !id.starts_with(MANAGED_ID)).cloned().collect();
            Box::pin(async move {
                begin(tx, user, team).await?;
                let kept = tx.sidebar().of_team(user, team).await?;
                let kept = kept.iter().map(|c| c.id.as_str()).filter(|id| !id.starts_with(MANAGED_ID));
                let kept: BTreeSet<&str> = kept.collect();
                let wanted: BTreeSet<&str> = order.iter().map(String::as_str).collect();
                if !wanted.is_subset(&kept) {
                    return Err(Error::from(Refusal::body("order")));
                }
                if wanted.len() != kept.len() || order.len() != kept.len() {
                    return Err(Refusal::CATEGORY_INVALID.into());
                }
                tx.sidebar().set_order(user, &order).await?;
                let order: Vec<String> = arranged(tx, user, team).await?.into_iter().map(|c| c.id).collect();
                announce(tx, user, team, Event::SidebarCategoryOrderUpdated { order: order.clone() });
                Ok(order)
            })
        })
        .await
}

/// Removes a category; its channels go back to where they belong by themselves.
///
/// # Errors
///
/// [`Refusal::CATEGORY_INVALID`] for one of the three that everybody has, [`Refusal::NO_CATEGORY`] if there is none.
pub async fn delete(cx: &Cx, user: UserId, team: TeamId, id: String) -> Result<()> {
    let now = cx.clock.now();
    cx.store
        .write(move |tx| {
            let id = id.clone();
            Box::pin(async move {
                let before = arranged(tx, user, team).await?;
                let old = before.iter().find(|c| c.id == id).ok_or(Refusal::NO_CATEGORY)?;
                if old.kind != CUSTOM {
                    return Err(Error::from(Refusal::CATEGORY_INVALID));
                }
                tx.sidebar().delete(&id).await?;
                follow(tx, user, team, &before, now).await?;
                announce(tx, user, team, Event::SidebarCategoryDeleted { category_id: id });
                Ok(())
            })
        })
        .await
}

fn announce(tx: &mut Tx, user: UserId, team_id: TeamId, event: Event) {
    tx.announce(Announcement { event, to: Broadcast { team_id, ..Broadcast::user(user) } });
}

/// Makes the rest follow from how categories were and are: favourites are preferences, and a muted category mutes its
/// channels. Gives back how they are.
async fn follow(tx: &mut Tx, user: UserId, team: TeamId, before: &[Category], now: Millis) -> Result<Vec<Category>> {
    let after = arranged(tx, user, team).await?;
    let favourites = |categories: &[Category]| -> BTreeSet<ChannelId> {
        categories.iter().filter(|c| c.kind == FAVORITES).flat_map(|c| c.channel_ids.iter().copied()).collect()
    };
    let (were, are) = (favourites(before), favourites(&after));
    prefer(tx, user, &are - &were, &were - &are).await?;
    let muted = |categories: &[Category]| -> BTreeMap<ChannelId, bool> {
        categories.iter().flat_map(|c| c.channel_ids.iter().map(|id| (*id, c.muted))).collect()
    };
    let was_muted = muted(before);
    for (channel, is_muted) in muted(&after) {
        if was_muted.get(&channel).copied().unwrap_or_default() != is_muted {
            mute(tx, channel, user, is_muted, now).await?;
        }
    }
    Ok(after)
}

async fn prefer(tx: &mut Tx, user: UserId, new: BTreeSet<ChannelId>, gone: BTreeSet<ChannelId>) -> Result<()> {
    let preferences = |ids: BTreeSet<ChannelId>| -> Vec<Preference> {
        let one = |id: ChannelId| Preference {
            user_id: user,
            category: FAVORITE.to_owned(),
            name: id.to_string(),
            value: "true".to_owned(),
        };
        ids.into_iter().map(one).collect()
    };
    let (new, gone) = (preferences(new), preferences(gone));
    if !new.is_empty() {
        tx.preferences().set(&new).await?;
        let event = Event::PreferencesChanged { preferences: new };
        tx.announce(Announcement { event, to: Broadcast::user(user) });
        tx.touch(Touched::Preferences(user));
    }
    if !gone.is_empty() {
        tx.preferences().delete(&gone).await?;
        let event = Event::PreferencesDeleted { preferences: gone };
        tx.announce(Announcement { event, to: Broadcast::user(user) });
        tx.touch(Touched::Preferences(user));
    }
    Ok(())
}

async fn mute(tx: &mut Tx, channel: ChannelId, user: UserId, muted: bool, now: Millis) -> Result<()> {
    let Some(member) = tx.channel_members().get(channel, user).await? else { return Ok(()) };
    let level = if muted { "mention" } else { "all" };
    notify(tx, member, StringMap::from([("mark_unread".to_owned(), level.to_owned())]), now).await
}

/// Which category of everybody's each of somebody's channels in a team is in.
///
/// # Errors
///
/// The database fails.
pub async fn managed(cx: &Cx, user: UserId, team: TeamId) -> Result<BTreeMap<ChannelId, String>> {
    let channels = cx.store.channels().of_user_in(user, team, None).await?;
    Ok(channels.iter().filter_map(|c| Some((c.id, c.managed_category()?.to_owned()))).collect())
}

/// Moves channels into or out of the favourites after preferences were set or forgotten, as a part of that change.
///
/// # Errors
///
/// The database fails.
pub async fn follow_preferences(tx: &mut Tx, user: UserId, preferences: &[Preference], gone: bool) -> Result<()> {
    for preference in preferences.iter().filter(|p| p.category == FAVORITE) {
        let Ok(id) = preference.name.parse::<ChannelId>() else { continue };
        let Some(channel) = tx.channels().by_id(id).await? else { continue };
        let favourite = !gone && preference.value != "false";
        let teams = if channel.team_id.is_some() {
            vec![channel.team_id]
        } else {
            tx.teams().of_user(user).await?.into_iter().map(|t| t.id).collect()
        };
        for team in teams {
            move_favourite(tx, user, team, id, favourite).await?;
        }
    }
    Ok(())
}

async fn move_favourite(tx: &mut Tx, user: UserId, team: TeamId, id: ChannelId, favourite: bool) -> Result<()> {
    let categories = arranged(tx, user, team).await?;
    if categories.iter().any(|c| c.kind == MANAGED && c.channel_ids.contains(&id)) {
        return Ok(());
    }
    let Some(mut favourites) = categories.into_iter().find(|c| c.kind == FAVORITES) else { return Ok(()) };
    if favourites.channel_ids.contains(&id) == favourite {
        return Ok(());
    }
    favourites.channel_ids.retain(|other| *other != id);
    if favourite {
        favourites.channel_ids.insert(0, id);
    }
    tx.sidebar().update(&favourites).await?;
    announce(tx, user, team, Event::SidebarCategoryUpdated { categories: vec![favourites] });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::channels::ChannelType;

    fn channel(byte: u8, kind: ChannelType) -> Channel {
        Channel { id: ChannelId::from_random([byte; 16]), kind, ..Channel::default() }
    }

    #[test]
    fn what_was_put_nowhere_is_where_it_belongs_and_what_was_left_is_gone() {
        let (user, team) = (UserId::from_random([9; 16]), TeamId::from_random([8; 16]));
        let (a, b, dm) =
            (channel(1, ChannelType::Open), channel(2, ChannelType::Private), channel(3, ChannelType::Direct));
        let mut kept = Vec::from(defaults(user, team));
        kept[0].channel_ids = vec![b.id, ChannelId::from_random([7; 16])];
        let ids = |categories: &[Category]| categories.iter().map(|c| c.channel_ids.clone()).collect::<Vec<_>>();
        let arranged = arrange(kept, &[a.clone(), b.clone(), dm.clone()], user, team);
        assert_eq!(ids(&arranged), [vec![b.id], vec![a.id], vec![dm.id]]);
        let arranged = arrange(Vec::new(), std::slice::from_ref(&a), user, team);
        assert_eq!(ids(&arranged), [vec![], vec![a.id], vec![]]);
    }
}
