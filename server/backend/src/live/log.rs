//! What a client that comes back has missed.
//!
//! The log holds the last events in the order in which they left, each with a position and its
//! audience; a connection remembers the positions of the last events it was sent. Coming back with its
//! id and the number it expects next, it gets all later events that concern it, if its memberships still
//! say so; or it is told to fetch everything anew. At a shutdown both are saved, so that a restart is no
//! gap. After a crash nobody resumes: clients fetch what they need.

use super::queue::{Asks, Encoded};
use model::{
    ConnectionId, Millis, SessionId, UserId,
    event::{Broadcast, Class},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// How long an event, and a connection that is gone, are remembered.
pub const KEPT: Millis = 30 * 60 * 1000;
/// The most events that are remembered.
pub const EVENTS_MAX: usize = 10_000;
/// The most that events may take, in bytes.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;
/// The most connections that are remembered after they are gone.
pub const GONE_MAX: usize = 50_000;
/// How many of the last events a connection was sent can have been lost on the way.
pub const MARKS_MAX: usize = 256;

/// An event that left.
#[derive(Clone, Debug)]
pub struct Entry {
    pub position: u64,
    pub at: Millis,
    pub to: Broadcast,
    pub event: Arc<Encoded>,
}

/// What a connection was sent last: numbers and positions, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Marks {
    /// The number of the first mark.
    first: i64,
    positions: VecDeque<u64>,
}

impl Marks {
    /// Remembers the event with the next number.
    pub fn push(&mut self, seq: i64, position: u64) {
        if self.positions.is_empty() {
            self.first = seq;
        }
        self.positions.push_back(position);
        if self.positions.len() > MARKS_MAX {
            self.positions.pop_front();
            self.first += 1;
        }
    }

    /// Without the marks from `next` on: those events are numbered anew.
    #[must_use]
    pub fn before_only(mut self, next: i64) -> Self {
        self.positions.truncate(usize::try_from(next - self.first).unwrap_or(0));
        self
    }

    /// The position of the event before `next`; `None` if that is too long ago, or still to come.
    pub fn before(&self, next: i64) -> Option<u64> {
        usize::try_from(next - 1 - self.first).ok().and_then(|i| self.positions.get(i)).copied()
    }
}

/// A connection that is gone and may come back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gone {
    pub user_id: UserId,
    pub session_id: SessionId,
    pub at: Millis,
    pub marks: Marks,
}

/// The log.
#[derive(Debug, Default)]
pub struct Log {
    /// The position of the last event.
    position: u64,
    /// Events up to this position are not remembered any more.
    forgotten: u64,
    entries: VecDeque<Entry>,
    bytes: usize,
    gone: HashMap<ConnectionId, Gone>,
    /// The order in which they went, for forgetting.
    order: VecDeque<(Millis, ConnectionId)>,
}

impl Log {
    /// The position of the last event.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Adds an event and tells its position. What is worth something only now is not kept.
    pub fn push(&mut self, to: &Broadcast, event: &Arc<Encoded>, now: Millis) -> u64 {
        if event.class == Class::Ephemeral {
            return self.position;
        }
        self.position += 1;
        self.bytes += event.prefix.len();
        self.entries.push_back(Entry { position: self.position, at: now, to: to.clone(), event: event.clone() });
        while self.entries.len() > EVENTS_MAX
            || self.bytes > BYTES_MAX
            || self.entries.front().is_some_and(|e| e.at < now - KEPT)
        {
            let Some(entry) = self.entries.pop_front() else { break };
            self.bytes -= entry.event.prefix.len();
            self.forgotten = entry.position;
        }
        self.position
    }

    /// Remembers a connection that is gone.
    pub fn remember(&mut self, id: ConnectionId, gone: Gone) {
        while self.order.len() >= GONE_MAX || self.order.front().is_some_and(|(at, _)| *at < gone.at - KEPT) {
            let Some((at, old)) = self.order.pop_front() else { break };
            if self.gone.get(&old).is_some_and(|g| g.at == at) {
                self.gone.remove(&old);
            }
        }
        self.order.push_back((gone.at, id));
        self.gone.insert(id, gone);
    }

    /// Takes back a connection that was gone: the position after which it has missed everything.
    /// `None` if it has to fetch everything anew.
    pub fn resume(&mut self, id: ConnectionId, next: i64, session_id: SessionId, now: Millis) -> Option<(u64, Marks)> {
        let gone = self.gone.get(&id)?;
        if gone.session_id != session_id || gone.at < now - KEPT {
            return None;
        }
        let position = gone.marks.before(next)?;
        if position < self.forgotten {
            return None;
        }
        self.gone.remove(&id).map(|gone| (position, gone.marks))
    }

    /// The events after a position, oldest first.
    pub fn after(&self, position: u64) -> impl Iterator<Item = &Entry> {
        let from = self.entries.partition_point(|e| e.position <= position);
        self.entries.range(from..)
    }

    /// Everything that is worth saving over a restart.
    pub fn save(&self) -> Saved {
        let entries = self.entries.iter().map(|e| SavedEntry {
            position: e.position,
            at: e.at,
            to: e.to.clone(),
            prefix: e.event.prefix.clone(),
            key: e.event.key.clone(),
        });
        Saved {
            position: self.position,
            forgotten: self.forgotten,
            entries: entries.collect(),
            gone: self.gone.clone().into_iter().collect(),
        }
    }

    /// Goes on where another process stopped.
    pub fn restore(saved: Saved) -> Self {
        let entries: VecDeque<_> = saved
            .entries
            .into_iter()
            .map(|e| {
                let class = if e.key.is_some() { Class::State } else { Class::Durable };
                let event = Arc::new(Encoded { prefix: e.prefix, class, key: e.key, asks: Asks::Nobody });
                Entry { position: e.position, at: e.at, to: e.to, event }
            })
            .collect();
        let bytes = entries.iter().map(|e| e.event.prefix.len()).sum();
        let mut order: Vec<_> = saved.gone.iter().map(|(id, g)| (g.at, *id)).collect();
        order.sort_unstable();
        Self {
            position: saved.position,
            forgotten: saved.forgotten,
            entries,
            bytes,
            gone: saved.gone.into_iter().collect(),
            order: order.into(),
        }
    }
}

/// The log as it is kept over a restart.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Saved {
    pub position: u64,
    pub forgotten: u64,
    pub entries: Vec<SavedEntry>,
    pub gone: Vec<(ConnectionId, Gone)>,
}

/// One event of [`Saved`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedEntry {
    position: u64,
    at: Millis,
    to: Broadcast,
    prefix: String,
    key: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> Arc<Encoded> {
        Arc::new(Encoded { prefix: text.into(), class: Class::Durable, key: None, asks: Asks::Nobody })
    }

    fn gone(marks: Marks, at: Millis) -> Gone {
        Gone { user_id: UserId::NONE, session_id: SessionId::NONE, at, marks }
    }

    #[test]
    fn who_comes_back_gets_exactly_what_came_after_the_last_one_they_have() {
        let mut log = Log::default();
        let mut marks = Marks::default();
        for (seq, text) in ["a", "b", "c"].into_iter().enumerate() {
            let position = log.push(&Broadcast::all(), &event(text), 1);
            marks.push(seq as i64, position);
        }
        let id = crate::clock::new_id();
        log.remember(id, gone(marks, 2));
        log.push(&Broadcast::all(), &event("d"), 3);

        // It has 0 and 1 and expects 2: "c" was lost on the way, "d" came later.
        let mut log = Log::restore(log.save());
        let (position, _) = log.resume(id, 2, SessionId::NONE, 4).expect("remembered");
        let missed: Vec<_> = log.after(position).map(|e| e.event.prefix.as_str()).collect();
        assert_eq!(missed, ["c", "d"]);
        assert_eq!(log.resume(id, 2, SessionId::NONE, 4), None, "a connection comes back once");
    }

    #[test]
    fn too_long_ago_or_too_much_missed_means_fetching_anew() {
        let mut log = Log::default();
        let mut marks = Marks::default();
        let position = log.push(&Broadcast::all(), &event("a"), 0);
        marks.push(0, position);
        let id = crate::clock::new_id();
        log.remember(id, gone(marks, 0));
        assert_eq!(log.resume(id, 5, SessionId::NONE, 1), None, "a number that was never sent");
        assert_eq!(log.resume(id, 1, SessionId::NONE, KEPT + 1), None, "too late");
        for i in 0..=EVENTS_MAX {
            log.push(&Broadcast::all(), &event("x"), i as Millis / 1000);
        }
        assert_eq!(log.resume(id, 1, SessionId::NONE, 11), None, "more than is remembered");
    }
}
