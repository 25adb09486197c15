//! Token buckets: how often one caller may do something.

use model::Millis;
use moka::sync::Cache;
use parking_lot::Mutex;
use std::{hash::Hash, sync::Arc, time::Duration};

/// How many callers are remembered; the one longest quiet is forgotten first.
const CALLERS_MAX: u64 = 100_000;

/// One bucket per caller.
#[derive(Clone, Debug)]
pub struct Limit<K: Hash + Eq + Send + Sync + 'static> {
    buckets: Cache<K, Arc<Mutex<Bucket>>>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Millis,
}

/// What a caller may still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub allowed: bool,
    /// How many more at once.
    pub remaining: u64,
    /// Seconds until one more is allowed; 0 if one is now.
    pub retry_after: u64,
}

impl<K: Hash + Eq + Send + Sync + 'static> Limit<K> {
    /// No caller has done anything yet.
    pub fn new() -> Self {
        let buckets = Cache::builder().max_capacity(CALLERS_MAX).time_to_idle(Duration::from_hours(1)).build();
        Self { buckets }
    }

    /// Takes one token of the caller's bucket, which holds `burst` and fills by `per_second`.
    pub fn take(&self, caller: K, burst: f64, per_second: f64, now: Millis) -> Allowance {
        let bucket = self.buckets.get_with(caller, || Arc::new(Mutex::new(Bucket { tokens: burst, at: now })));
        let mut bucket = bucket.lock();
        let elapsed = (now - bucket.at).max(0) as f64 / 1000.0;
        bucket.tokens = (bucket.tokens + elapsed * per_second).min(burst);
        bucket.at = now;
        let allowed = bucket.tokens >= 1.0;
        if allowed {
            bucket.tokens -= 1.0;
        }
        let retry_after = if bucket.tokens >= 1.0 { 0 } else { ((1.0 - bucket.tokens) / per_second).ceil() as u64 };
        Allowance { allowed, remaining: bucket.tokens as u64, retry_after }
    }
}

impl<K: Hash + Eq + Send + Sync + 'static> Default for Limit<K> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again_for_each_caller_alone() {
        let limit = Limit::new();
        assert!(limit.take("ann", 2.0, 1.0, 0).allowed);
        assert!(limit.take("ann", 2.0, 1.0, 0).allowed);
        assert_eq!(limit.take("ann", 2.0, 1.0, 0), Allowance { allowed: false, remaining: 0, retry_after: 1 });
        assert!(limit.take("bob", 2.0, 1.0, 0).allowed);
        assert!(limit.take("ann", 2.0, 1.0, 1_000).allowed);
    }
}
