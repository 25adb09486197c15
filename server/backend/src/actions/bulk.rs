//! Everything in one archive, and back: people, teams, channels and messages with their files, in Mattermost's format.
//!
//! Settings, webhooks, commands, bookmarks, drafts and passwords are not part of that format.

pub mod archive;
pub mod export;
mod import;
mod lines;
mod messages;
mod people;

pub use import::run as import;

use crate::error::Result;
use futures::future::BoxFuture;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The folder of an archive with files and pictures.
const DATA: &str = "data";

/// How often a job that works says so.
const BEAT: Duration = Duration::from_secs(5);

/// Says how far the work is, in percent; fails when it is to end.
pub type Tell = Arc<dyn Fn(i64) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// The signs of life of long work.
pub(super) struct Pulse {
    tell: Tell,
    last: Instant,
}

impl Pulse {
    pub(super) fn new(tell: Tell) -> Self {
        Self { tell, last: Instant::now() }
    }

    /// Says how far it is, unless that was said a moment ago.
    pub(super) async fn beat(&mut self, percent: i64) -> Result<()> {
        if self.last.elapsed() < BEAT {
            return Ok(());
        }
        self.last = Instant::now();
        (self.tell)(percent.clamp(0, 99)).await
    }
}
