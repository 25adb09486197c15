//! What waits to be written to one connection: bounded in bytes, with a policy for each class of event.

use model::{UserId, event::Class};
use parking_lot::Mutex;
use std::{collections::VecDeque, sync::Arc};
use tokio::sync::Notify;

/// The most that may wait, in bytes. Beyond it typing is dropped, state is replaced by later state, and
/// for anything else the connection is closed, to resume from the log.
pub const BYTES_MAX: usize = 256 * 1024;
/// The most that goes out in one write, in frames.
const BATCH_MAX: usize = 64;

/// An event, written once for all its receivers.
#[derive(Debug)]
pub struct Encoded {
    /// Everything up to the number: `{"event":…,"seq":`.
    pub prefix: String,
    pub class: Class,
    /// For state: a later event of the same key replaces this one.
    pub key: Option<String>,
    /// Whose clients are to acknowledge it, if they can.
    pub asks: Asks,
}

/// Whom an event notifies, of those who get it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Asks {
    #[default]
    Nobody,
    AllBut(UserId),
    Those(Vec<UserId>),
}

impl Asks {
    /// Whether somebody is among them.
    pub fn includes(&self, user: UserId) -> bool {
        match self {
            Self::Nobody => false,
            Self::AllBut(author) => user != *author,
            Self::Those(users) => users.contains(&user),
        }
    }
}

/// How the text of a new post begins.
const POSTED: &str = r#"{"event":"posted","data":{"#;

impl Encoded {
    /// The whole text with a connection's number, and the wish that a new post be acknowledged.
    pub fn text(&self, seq: i64, should_ack: bool) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(self.prefix.len() + 40);
        match self.prefix.strip_prefix(POSTED).filter(|_| should_ack) {
            Some(rest) => text.extend([POSTED, r#""should_ack":true,"#, rest]),
            None => text.push_str(&self.prefix),
        }
        // Writing to a text cannot fail.
        let _ = write!(text, "{seq}}}");
        text
    }
}

/// One waiting event.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub event: Arc<Encoded>,
    /// The log's position with this event in it.
    pub position: u64,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It did not keep up; it can resume.
    Overflow,
    /// Its session is over.
    Session,
    /// The server stops; it can resume.
    Shutdown,
    /// Nothing was heard of it for too long.
    Silence,
}

/// The queue of one connection.
#[derive(Debug, Default)]
pub struct Queue {
    state: Mutex<State>,
    /// Wakes the connection.
    pub wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Waiting>,
    bytes: usize,
    end: Option<End>,
    ping: bool,
}

/// What a connection has to do next.
#[derive(Debug, Default)]
pub struct Work {
    pub events: Vec<Waiting>,
    pub ping: bool,
    pub end: Option<End>,
}

impl Queue {
    /// Adds an event, or does what its class allows when there is no room.
    pub fn push(&self, waiting: Waiting) {
        let mut state = self.state.lock();
        if state.end.is_some() {
            return;
        }
        let size = waiting.event.prefix.len();
        if state.bytes + size > BYTES_MAX {
            match waiting.event.class {
                Class::Ephemeral => return,
                Class::State => state.replace(&waiting),
                Class::Durable => {
                    state.drop_ephemeral();
                    if state.bytes + size > BYTES_MAX && !state.waiting.is_empty() {
                        state.end = Some(End::Overflow);
                    }
                }
            }
        }
        state.bytes += size;
        state.waiting.push_back(waiting);
        drop(state);
        self.wake.notify_one();
    }

    /// Ends the connection once what waits has been written, or at once where it must hear nothing more.
    pub fn end(&self, why: End) {
        let mut state = self.state.lock();
        if why == End::Session {
            state.waiting.clear();
            state.bytes = 0;
        }
        state.end.get_or_insert(why);
        drop(state);
        self.wake.notify_one();
    }

    /// Has the connection ask whether the client is there.
    pub fn ping(&self) {
        self.state.lock().ping = true;
        self.wake.notify_one();
    }

    /// Takes what is to be written now.
    pub fn take(&self) -> Work {
        let mut state = self.state.lock();
        let count = state.waiting.len().min(BATCH_MAX);
        let events: Vec<_> = state.waiting.drain(..count).collect();
        state.bytes -= events.iter().map(|w| w.event.prefix.len()).sum::<usize>();
        if !state.waiting.is_empty() {
            self.wake.notify_one();
        } else if state.waiting.capacity() > BATCH_MAX {
            // An idle connection keeps no room.
            state.waiting = VecDeque::new();
        }
        let end = if state.waiting.is_empty() { state.end } else { None };
        Work { events, ping: std::mem::take(&mut state.ping), end }
    }
}

impl State {
    /// Takes out the earlier events that this one replaces.
    fn replace(&mut self, by: &Waiting) {
        self.retain(|w| w.event.class != Class::State || w.event.key != by.event.key);
    }

    fn drop_ephemeral(&mut self) {
        self.retain(|w| w.event.class != Class::Ephemeral);
    }

    fn retain(&mut self, keep: impl Fn(&Waiting) -> bool) {
        self.waiting.retain(keep);
        self.bytes = self.waiting.iter().map(|w| w.event.prefix.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(class: Class, size: usize) -> Waiting {
        let event = Encoded { prefix: "x".repeat(size), class, key: Some("k".into()), asks: Asks::Nobody };
        Waiting { event: Arc::new(event), position: 0 }
    }

    #[test]
    fn when_full_typing_is_dropped_and_posts_close_the_connection() {
        let queue = Queue::default();
        for _ in 0..4 {
            queue.push(event(Class::Durable, BYTES_MAX / 4));
        }
        queue.push(event(Class::Ephemeral, 10));
        assert_eq!(queue.state.lock().waiting.len(), 4);
        assert_eq!(queue.state.lock().end, None);
        queue.push(event(Class::Durable, 10));
        assert_eq!(queue.state.lock().end, Some(End::Overflow));
    }

    #[test]
    fn when_full_later_state_replaces_earlier_state() {
        let queue = Queue::default();
        queue.push(event(Class::State, BYTES_MAX / 2));
        queue.push(event(Class::Durable, BYTES_MAX / 2));
        queue.push(event(Class::State, 10));
        let work = queue.take();
        let classes: Vec<_> = work.events.iter().map(|w| w.event.class).collect();
        assert_eq!(classes, [Class::Durable, Class::State]);
        assert_eq!(work.end, None);
    }

    #[test]
    fn only_who_is_notified_is_asked_to_acknowledge() {
        let (ann, bob) = (UserId::from_random([1; 16]), UserId::from_random([2; 16]));
        assert!(Asks::AllBut(ann).includes(bob) && !Asks::AllBut(ann).includes(ann));
        assert!(Asks::Those(vec![bob]).includes(bob) && !Asks::Nobody.includes(bob));
        let prefix = format!(r#"{POSTED}"image":""}},"seq":"#);
        let event = Encoded { prefix, class: Class::Durable, key: None, asks: Asks::Nobody };
        assert_eq!(event.text(7, true), r#"{"event":"posted","data":{"should_ack":true,"image":""},"seq":7}"#);
        assert_eq!(event.text(7, false), r#"{"event":"posted","data":{"image":""},"seq":7}"#);
    }

    #[test]
    fn the_end_of_a_session_leaves_nothing_to_be_written() {
        let queue = Queue::default();
        queue.push(event(Class::Durable, 10));
        queue.end(End::Session);
        let work = queue.take();
        assert!(work.events.is_empty());
        assert_eq!(work.end, Some(End::Session));
    }
}
