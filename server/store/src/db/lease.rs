//! Connections to a SQLite file, lent one by one.
//!
//! sqlx's pool looks after what can go wrong on a network: it gives every connection back in a task of its own, and
//! only after asking it whether it still lives. A SQLite connection is a thread of this process, and reads are so quick
//! that this care would cost more than the reading. So: a stack of idle connections, and permits to wait for.

use crate::{Error, Result};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections to one file, made when they are first needed.
#[derive(Clone)]
pub struct Leases(Arc<Inner>);

struct Inner {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<SqliteConnection>>,
    permits: Arc<Semaphore>,
    count: u32,
    timeout: Duration,
}

/// A connection on loan; dropping it gives it back.
pub struct Lease {
    /// `None` only while dropping.
    connection: Option<SqliteConnection>,
    home: Arc<Inner>,
    _permit: OwnedSemaphorePermit,
}

impl Leases {
    pub(super) fn new(options: SqliteConnectOptions, count: u32, timeout: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(count as usize));
        Self(Arc::new(Inner { options, idle: Mutex::default(), permits, count, timeout }))
    }

    /// Lends a connection, waiting for one if all are out.
    pub(crate) async fn acquire(&self) -> Result<Lease> {
        let inner = &self.0;
        let permit = tokio::time::timeout(inner.timeout, inner.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| Error::from(sqlx::Error::PoolTimedOut))?.map_err(|_| Error::Closed)?;
        let idle = inner.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&inner.options).await?,
        };
        Ok(Lease { connection: Some(connection), home: inner.clone(), _permit: permit })
    }

    /// Waits for what is out to come back, then closes everything.
    pub(super) async fn close(&self) {
        // An error means that it has been closed already.
        let Ok(_all) = self.0.permits.acquire_many(self.0.count).await else { return };
        self.0.permits.close();
        let idle = std::mem::take(&mut *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a connection did not close well");
            }
        }
    }
}

impl Lease {
    /// Closes the connection instead of giving it back: it is in a state that nobody should find it in.
    pub(crate) fn discard(mut self) {
        self.connection = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Deref for Lease {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("taken out in drop only")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("taken out in drop only")
    }
}
