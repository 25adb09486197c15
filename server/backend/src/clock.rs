//! The time, and new ids: the only place that asks the system for either, so that tests can hold the clock.

use model::{Id, Millis};
use rand::RngCore as _;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Tells the time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's.
    System,
    /// A test's: stands still until it is moved.
    Still(Arc<AtomicI64>),
}

impl Clock {
    /// Milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    pub fn now(&self) -> Millis {
        match self {
            Self::System => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as Millis),
            // Each reading is a moment later, so that what happens after something else also looks it.
            Self::Still(now) => now.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Moves a test's clock; the system's goes by itself.
    pub fn advance(&self, by: Duration) {
        if let Self::Still(now) = self {
            now.fetch_add(by.as_millis() as Millis, Ordering::Relaxed);
        }
    }
}

/// A new id.
pub fn new_id<K>() -> Id<K> {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    Id::from_random(bytes)
}
