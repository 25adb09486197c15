//! What everyone may reach: one cheap handle, built once.

use crate::{
    auth::{limits::Limit, passwords::Passwords},
    cache::Caches,
    clock::Clock,
    files::{FileStore, pictures::Workshop},
    live::Hub,
    outbound::Outbound,
    presence::Statuses,
    settings::Settings,
};
use model::{AnyId, PostId, UserId};
use std::{
    collections::HashMap,
    net::IpAddr,
    ops::Deref,
    sync::{Arc, atomic::AtomicI64},
};
use store::Store;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

/// What it holds.
pub struct Inner {
    pub store: Store,
    pub settings: Settings,
    /// Calls to other servers.
    pub outbound: Outbound,
    pub hub: Arc<Hub>,
    pub caches: Arc<Caches>,
    pub clock: Clock,
    pub passwords: Passwords,
    pub statuses: Statuses,
    pub limits: Limits,
    /// Where the content of files is.
    pub files: FileStore,
    /// Where pictures are worked on.
    pub pictures: Workshop,
    /// How many linked pages and pictures are fetched at once.
    pub fetching: tokio::sync::Semaphore,
    /// Until when an administrator has asked for quiet: what is not urgent is refused.
    pub busy_until: AtomicI64,
    /// Changes with every start; part of what clients are told the version is.
    pub run_id: AnyId,
    /// Ends when the server is to stop.
    pub stop: tokio_util::sync::CancellationToken,
    /// The threads whose followers are being told of replies, and whether more was written since.
    pub telling: parking_lot::Mutex<HashMap<PostId, bool>>,
    /// Rung when a job was ordered here.
    pub job_ordered: Arc<tokio::sync::Notify>,
    /// The work that has to be finished before the server may stop.
    pub tasks: tokio_util::task::TaskTracker,
}

/// How often one caller may do something.
#[derive(Default)]
pub struct Limits {
    /// Requests of a signed-in person.
    pub of_users: Limit<UserId>,
    /// Requests without a session.
    pub of_addresses: Limit<IpAddr>,
    /// Attempts to sign in, from one address.
    pub sign_ins: Limit<IpAddr>,
    /// Mails that anybody can have sent to one person.
    pub mails: Limit<UserId>,
    /// Addresses that one person invites.
    pub invitations: Limit<UserId>,
    /// Typing notices of one person.
    pub typing: Limit<UserId>,
}

impl Cx {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl Deref for Cx {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}
