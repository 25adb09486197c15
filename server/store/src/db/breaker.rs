//! Tells quickly when a database server does not answer, so that nobody waits for it.
//!
//! A time-out on each statement would make every caller wait for it, and callers pile up. Here the first that waits
//! long, or fails to reach the server, has it asked over a connection of its own; if it does not answer twice, the
//! breaker opens: all who wait are told at once, and who comes later does not begin. While it is open the server is
//! asked again and again, and the first answer closes it.

use sqlx::Connection;
use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{Notify, watch};

/// A statement that takes longer has the server asked whether it lives.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long the server may take to say so.
const ANSWER: Duration = Duration::from_millis(300);
/// How often it is asked again while the breaker is open.
const AGAIN: Duration = Duration::from_millis(200);

/// A pool of connections to a server, and the watch over it. Cheap to clone.
pub struct Watched<P> {
    pool: P,
    breaker: Arc<Breaker>,
}

/// The watch over one database server.
pub struct Breaker {
    open: watch::Sender<bool>,
    suspected: Notify,
    began: Instant,
    /// When it last closed, in milliseconds since `began`.
    closed_at: AtomicU64,
}

impl Breaker {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            open: watch::Sender::new(false),
            suspected: Notify::new(),
            began: Instant::now(),
            closed_at: AtomicU64::new(0),
        })
    }

    /// Whether the server does not answer.
    pub fn is_open(&self) -> bool {
        *self.open.borrow()
    }

    /// Waits until the server does not answer.
    pub(crate) async fn opened(&self) {
        // The sender lives in `self`, so there is always somebody to wait for.
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }

    /// Waits for a while, has the server asked, and then waits until it does not answer.
    pub(crate) async fn patient(&self) {
        tokio::time::sleep(PATIENCE).await;
        self.suspect();
        self.opened().await;
    }

    /// Has the server asked whether it lives.
    pub(crate) fn suspect(&self) {
        self.suspected.notify_one();
    }

    /// Whether a connection is older than the last time the server was away: then it may be a dead one.
    pub(super) fn is_older(&self, age: Duration) -> bool {
        let closed_at = self.closed_at.load(Ordering::Relaxed);
        closed_at > 0 && self.began.elapsed().saturating_sub(age) < Duration::from_millis(closed_at)
    }

    /// Waits for a statement, but not for a server that does not answer.
    pub(crate) async fn guard<T>(&self, work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
        if self.is_open() {
            return Err(sqlx::Error::PoolTimedOut);
        }
        tokio::select! {
            biased;
            result = work => self.heard(result),
            () = self.patient() => Err(sqlx::Error::PoolTimedOut),
        }
    }

    fn heard<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Err(sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut) = &result {
            self.suspect();
        }
        result
    }

    /// Asks the server when it is suspected, until the process ends or the breaker is dropped by all but this.
    async fn watch<C: Connection>(self: Arc<Self>, options: C::Options) {
        let mut connection: Option<C> = None;
        loop {
            self.suspected.notified().await;
            if Arc::strong_count(&self) == 1 {
                return;
            }
            // Asked twice: one answer may be late because this machine is busy.
            if answers(&options, &mut connection).await || answers(&options, &mut connection).await {
                continue;
            }
            tracing::error!("the database does not answer: changes are refused until it does");
            self.open.send_replace(true);
            while !answers(&options, &mut connection).await {
                if Arc::strong_count(&self) == 1 {
                    return;
                }
                tokio::time::sleep(AGAIN).await;
            }
            self.closed_at.store(self.began.elapsed().as_millis() as u64, Ordering::Relaxed);
            self.open.send_replace(false);
            tracing::info!("the database answers again");
        }
    }
}

/// Whether the server says that it lives, within [`ANSWER`].
async fn answers<C: Connection>(options: &C::Options, kept: &mut Option<C>) -> bool {
    let ask = async {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => C::connect_with(options).await?,
        };
        connection.ping().await?;
        Ok::<_, sqlx::Error>(connection)
    };
    match tokio::time::timeout(ANSWER, ask).await {
        Ok(Ok(connection)) => {
            *kept = Some(connection);
            true
        }
        _ => false,
    }
}

impl<P> Watched<P> {
    /// Begins to watch over the server of a pool.
    pub(super) fn new<C: Connection + 'static>(pool: P, breaker: Arc<Breaker>, options: C::Options) -> Self {
        tokio::spawn(breaker.clone().watch::<C>(options));
        Self { pool, breaker }
    }

    /// The watch.
    pub fn breaker(&self) -> &Breaker {
        &self.breaker
    }
}

impl<P> Drop for Watched<P> {
    fn drop(&mut self) {
        // Wakes the task, which then sees that nobody is left.
        self.breaker.suspect();
    }
}

impl<P> Deref for Watched<P> {
    type Target = P;
    fn deref(&self) -> &P {
        &self.pool
    }
}
