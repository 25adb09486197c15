//! Who is here: kept in memory, written behind.
//!
//! Activity makes somebody online, silence makes them away, the end of their last connection offline. What they chose
//! themselves stays until they choose again, or until do-not-disturb ends. A change of presence is told at once to
//! the person's own connections; it is written down within two minutes, and at the latest when the server stops.

use crate::{cx::Cx, error::Result};
use model::{
    Millis, UserId,
    event::{Announcement, Broadcast, Event},
    status::{Presence, Status},
};
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use store::statuses::Kept;

/// How often presence is written down.
const WRITTEN_EVERY: Millis = 2 * 60 * 1000;
/// How many people are remembered who are not connected.
const REMEMBERED_MAX: usize = 100_000;

/// Everybody's presence.
#[derive(Default)]
pub struct Statuses {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: HashMap<UserId, Kept>,
    /// Not written down yet.
    changed: HashSet<UserId>,
    written_at: Millis,
}

impl Statuses {
    /// Presence of some people, read from the database where it is not known; in the order asked for.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn get(&self, cx: &Cx, ids: &[UserId]) -> Result<Vec<Status>> {
        let unknown: Vec<UserId> = {
            let state = self.state.lock();
            ids.iter().filter(|id| !state.known.contains_key(id)).copied().collect()
        };
        if !unknown.is_empty() {
            let read = cx.store.statuses().by_ids(&unknown).await?;
            let mut state = self.state.lock();
            if state.known.len() > REMEMBERED_MAX {
                let State { known, changed, .. } = &mut *state;
                known.retain(|id, _| changed.contains(id) || cx.hub.is_online(*id));
            }
            for kept in read {
                state.known.entry(kept.status.user_id).or_insert(kept);
            }
        }
        let state = self.state.lock();
        let shown = |id: &UserId| {
            let mut status = state.known.get(id).map_or_else(Status::default, |k| k.status.clone());
            status.user_id = *id;
            if !status.manual && !cx.hub.is_online(*id) && status.last_activity_at < cx.clock.now() - 60_000 {
                status.status = Presence::Offline;
            }
            // Mattermost: the time is not shown to others.
            status.last_activity_at = 0;
            status
        };
        Ok(ids.iter().map(shown).collect())
    }

    /// The presence of everybody who is not offline, as far as it is known.
    pub fn all_known(&self) -> Vec<(UserId, Presence)> {
        let state = self.state.lock();
        let here = state.known.iter().filter(|(_, k)| k.status.status != Presence::Offline);
        here.map(|(id, k)| (*id, k.status.status)).collect()
    }

    /// Somebody did something.
    pub fn on_activity(&self, cx: &Cx, user: UserId) {
        let now = cx.clock.now();
        self.change(cx, user, |kept| {
            kept.status.last_activity_at = now;
            if !kept.status.manual {
                kept.status.status = Presence::Online;
            }
        });
    }

    /// Somebody connected.
    pub fn on_connect(&self, cx: &Cx, user: UserId) {
        self.on_activity(cx, user);
    }

    /// Somebody's last connection ended.
    pub fn on_disconnect(&self, cx: &Cx, user: UserId) {
        self.change(cx, user, |kept| {
            if !kept.status.manual {
                kept.status.status = Presence::Offline;
            }
        });
    }

    /// Somebody's device fell asleep.
    pub fn set_away(&self, cx: &Cx, user: UserId) {
        self.change(cx, user, |kept| {
            if !kept.status.manual && kept.status.status == Presence::Online {
                kept.status.status = Presence::Away;
            }
        });
    }

    /// Somebody chose. Online means going by activity again. `until` is when do-not-disturb ends, in seconds since
    /// 1970; 0: not by itself.
    pub fn set_manual(&self, cx: &Cx, user: UserId, presence: Presence, until: i64) {
        let now = cx.clock.now();
        self.change(cx, user, |kept| {
            kept.before = kept.status.status;
            kept.status.status = presence;
            kept.status.manual = presence != Presence::Online;
            kept.status.dnd_end_time = if presence == Presence::Dnd { until } else { 0 };
            kept.status.last_activity_at = now;
        });
    }

    fn change(&self, cx: &Cx, user: UserId, change: impl FnOnce(&mut Kept)) {
        let mut state = self.state.lock();
        let kept = state.known.entry(user).or_default();
        kept.status.user_id = user;
        let before = kept.status.status;
        change(kept);
        let after = kept.status.status;
        state.changed.insert(user);
        drop(state);
        if after != before {
            let event = Event::StatusChange { status: after, user_id: user };
            cx.hub.announce(&Announcement { event, to: Broadcast::user(user) });
        }
    }

    /// What happens by itself, each second: away after silence, the end of do-not-disturb, writing down.
    pub async fn tick(&self, cx: &Cx) {
        let now = cx.clock.now();
        let silence = now - cx.settings.get().team.user_status_away_timeout * 1000;
        let (away, over): (Vec<UserId>, Vec<UserId>) = {
            let state = self.state.lock();
            let is_away = |k: &&Kept| {
                !k.status.manual && k.status.status == Presence::Online && k.status.last_activity_at < silence
            };
            let is_over = |k: &&Kept| k.status.dnd_end_time != 0 && k.status.dnd_end_time * 1000 <= now;
            (
                state.known.values().filter(is_away).map(|k| k.status.user_id).collect(),
                state.known.values().filter(is_over).map(|k| k.status.user_id).collect(),
            )
        };
        for user in away {
            self.set_away(cx, user);
        }
        for user in over {
            self.change(cx, user, |kept| {
                kept.status.status = kept.before;
                kept.status.manual = kept.before != Presence::Online;
                kept.status.dnd_end_time = 0;
            });
        }
        if self.state.lock().written_at < now - WRITTEN_EVERY {
            self.flush(cx).await;
        }
    }

    /// Writes down what has changed.
    pub async fn flush(&self, cx: &Cx) {
        let changed: Vec<Kept> = {
            let mut state = self.state.lock();
            state.written_at = cx.clock.now();
            let changed = std::mem::take(&mut state.changed);
            changed.iter().filter_map(|id| state.known.get(id).cloned()).collect()
        };
        if changed.is_empty() {
            return;
        }
        let ids: Vec<_> = changed.iter().map(|k| k.status.user_id).collect();
        let written: Result<(), store::Error> = cx
            .store
            .write(move |tx| {
                let changed = changed.clone();
                Box::pin(async move { tx.statuses().set(&changed).await })
            })
            .await;
        if let Err(error) = written {
            tracing::warn!(%error, "presence was not written down; it will be tried again");
            self.state.lock().changed.extend(ids);
        }
    }
}
