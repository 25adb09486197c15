//! What the server does: REST, WebSocket, actions, events. Nothing of pages, and no SQL.
//!
//! The rooms, from the bottom up; each uses only those before it: `error`, `clock`; `auth`, `files`, `live`, `mail`, `search`, `settings`;
//! `outbound`; `cache`, `presence`, `cx`; `access`; `actions`; `api`, `jobs`. [`start`] builds a [`Backend`] and sets it going.

pub mod access;
pub mod actions;
pub mod api;
pub mod auth;
pub mod cache;
pub mod clock;
pub mod cx;
pub mod error;
pub mod files;
pub mod jobs;
pub mod live;
pub mod mail;
pub mod outbound;
pub mod presence;
pub mod search;
pub mod settings;
#[cfg(feature = "testing")]
pub mod testing;

use anyhow::{Context as _, Result};
use clock::Clock;
use cx::{Cx, Inner};
use live::{Hub, log::Saved};
use settings::Settings;
use std::{path::PathBuf, sync::Arc, time::Duration};
use store::Store;

pub use error::Error;

/// Where the server writes about its own work, as JSON.
pub const LOG_FILE: &str = "logs/confab.log";

/// A running server without its pages.
pub struct Backend {
    pub cx: Cx,
    /// The API, below `/api`.
    pub api: axum::Router,
}

/// Starts everything on an open database. `files` is the folder of the file store.
///
/// # Errors
///
/// The database fails, or the file store has not been given what it needs.
pub async fn start(store: Store, settings: Settings, clock: Clock, files: PathBuf) -> Result<Backend> {
    let hub = Hub::new(store.clone(), clock.clone());
    let caches = Arc::new(cache::Caches::default());
    store.set_outlet(hub.clone());
    let kept = caches.clone();
    hub.on_touched(move |touched| kept.touched(touched));
    let ordered = Arc::new(tokio::sync::Notify::new());
    let ring = ordered.clone();
    hub.on_touched(move |touched| {
        if *touched == model::event::Touched::Jobs {
            ring.notify_one();
        }
    });
    let files = files::FileStore::open(&settings.get().file, &files).context("opening the file store")?;
    let cx = Cx::new(Inner {
        outbound: outbound::Outbound::new(settings.clone()),
        store,
        settings,
        hub,
        caches,
        clock,
        passwords: auth::passwords::Passwords::new(),
        statuses: presence::Statuses::default(),
        limits: cx::Limits::default(),
        files,
        pictures: files::pictures::Workshop::default(),
        fetching: tokio::sync::Semaphore::new(actions::previews::AT_ONCE),
        busy_until: std::sync::atomic::AtomicI64::new(0),
        run_id: clock::new_id(),
        job_ordered: ordered,
        stop: tokio_util::sync::CancellationToken::new(),
        telling: parking_lot::Mutex::default(),
        tasks: tokio_util::task::TaskTracker::new(),
    });
    actions::system::note_installation(&cx).await.context("noting the first start")?;
    actions::roles::seed(&cx).await.context("writing the built-in roles")?;
    restore(&cx).await.context("reading what was saved at the last stop")?;
    tick(&cx);
    let api = api::router(&cx);
    Ok(Backend { cx, api })
}

impl Backend {
    /// Does the jobs that are due, from now on: what servers do, and commands that share their database do not.
    pub fn work(&self) {
        self.cx.tasks.spawn(jobs::queue::work(self.cx.clone()));
        self.cx.tasks.spawn(jobs::search::keep_up(self.cx.clone()));
        self.cx.tasks.spawn(jobs::search::keep_up_files(self.cx.clone()));
    }

    /// Stops: connections are told and can resume elsewhere or later, work under way is finished, and what is only in
    /// memory is written down.
    pub async fn stop(self, within: Duration) {
        let cx = self.cx;
        cx.stop.cancel();
        cx.hub.shut_down();
        cx.tasks.close();
        if tokio::time::timeout(within, cx.tasks.wait()).await.is_err() {
            tracing::warn!("not everything under way was finished in time");
        }
        cx.statuses.flush(&cx).await;
        if let Err(error) = save(&cx).await {
            tracing::error!(error = format!("{error:#}"), "connections cannot resume after this stop");
        }
        cx.store.close().await;
    }
}

/// What happens by itself, each second.
fn tick(cx: &Cx) {
    let cx = cx.clone();
    cx.tasks.clone().spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        for second in 0.. {
            tokio::select! {
                _ = ticks.tick() => {}
                () = cx.stop.cancelled() => return,
            }
            cx.hub.tick(second);
            cx.statuses.tick(&cx).await;
        }
    });
}

/// Saves the log, so that clients can resume after a restart.
async fn save(cx: &Cx) -> Result<()> {
    let text = serde_json::to_string(&cx.hub.save())?;
    let chunks: Vec<store::resume::Logged> = text
        .as_bytes()
        .chunks(60_000)
        .enumerate()
        .map(|(i, chunk)| store::resume::Logged {
            place: i as i64,
            at: cx.clock.now(),
            body: String::from_utf8_lossy(chunk).into_owned(),
        })
        .collect();
    cx.store
        .write(move |tx| {
            let chunks = chunks.clone();
            Box::pin(async move { tx.resume().save_all(&chunks, &[]).await })
        })
        .await?;
    Ok(())
}

async fn restore(cx: &Cx) -> Result<()> {
    let (chunks, _) = cx.store.write(|tx| Box::pin(async move { tx.resume().take_all().await })).await?;
    if chunks.is_empty() {
        return Ok(());
    }
    let text: String = chunks.into_iter().map(|c| c.body).collect();
    match serde_json::from_str::<Saved>(&text) {
        Ok(saved) => cx.hub.restore(saved),
        Err(error) => {
            tracing::warn!(%error, "the saved log of events is of another version; clients fetch everything anew");
        }
    }
    Ok(())
}
