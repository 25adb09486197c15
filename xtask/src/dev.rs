//! `cargo xtask dev`: builds again when a file changes. The server is restarted when its binary or the
//! client is a new one; the page reloads itself, since in a debug build it watches for both
//! (server/src/assets.rs).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use notify::{EventKind, RecursiveMode, Watcher};

use crate::guarded::Guarded;
use crate::paths::Profile;
use crate::server::{self, Run};
use crate::{client, paths, steps};

/// Editors write several files at once: wait until it has been quiet for so long.
const QUIET: Duration = Duration::from_millis(150);

/// Where changes matter. The server's sources do not reach the client, style and public reach only it.
const WATCHED: [&str; 6] = ["app", "frontend", "server", "style", "public", "Cargo.toml"];

pub fn run(options: &Run) -> Result<()> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        if matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)) {
            for path in event.paths {
                // The receiver is gone only when this process ends.
                let _ = sender.send(path);
            }
        }
    })
    .context("cannot watch files")?;
    for place in WATCHED {
        let place = paths::at(place);
        if place.exists() {
            watcher.watch(&place, RecursiveMode::Recursive)?;
        }
    }
    let profile = Profile::of(options.release);
    let mut running: Option<(Guarded, Built)> = None;
    let mut build_client = true;
    let mut build_server = true;
    loop {
        match build(profile, build_client, build_server) {
            Ok(()) => running = Some(start(options, profile, running)?),
            Err(error) => steps::failed(&error),
        }
        steps::say(&format!("watching for changes (http://localhost:{})", options.port));
        (build_client, build_server) = wait(&changes)?;
    }
}

fn build(profile: Profile, client: bool, server: bool) -> Result<()> {
    match (client, server) {
        (true, true) => server::build_all(profile).map(|_| ()),
        (true, false) => client::build(profile),
        _ => server::build(profile).map(|_| ()),
    }
}

/// When the server's binary and the manifest of the client were written.
type Built = [SystemTime; 2];

/// Restarts the server if something of it is new or it has ended; leaves it alone otherwise.
fn start(options: &Run, profile: Profile, running: Option<(Guarded, Built)>) -> Result<(Guarded, Built)> {
    let changed = |file: PathBuf| fs::metadata(file)?.modified();
    let built = [changed(paths::server(profile))?, changed(paths::site(profile).join("manifest.json"))?];
    if let Some((mut server, since)) = running {
        if since == built && server.is_alive() {
            return Ok((server, since));
        }
        steps::note("restarting the server");
    }
    let server = Guarded::start(options.command()?.env("CONFAB_DEV", "1"), "TERM", None)?;
    Ok((server, built))
}

/// Waits for a change that matters, then for quiet; says whether client and server are concerned.
fn wait(changes: &Receiver<PathBuf>) -> Result<(bool, bool)> {
    let (mut client, mut server) = (false, false);
    while !(client || server) {
        let mut next = Some(changes.recv().context("the watcher of files has ended")?);
        while let Some(path) = next {
            let (for_client, for_server) = concerns(&path);
            client |= for_client;
            server |= for_server;
            next = changes.recv_timeout(QUIET).ok();
        }
    }
    Ok((client, server))
}

/// Which part a changed file belongs to.
fn concerns(path: &Path) -> (bool, bool) {
    let root = paths::root();
    let relative = path.strip_prefix(&root).unwrap_or(path);
    let room = relative.components().next().map(|first| first.as_os_str().to_string_lossy().into_owned());
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let source = matches!(ending, "rs" | "toml" | "sql" | "json" | "txt" | "html");
    match room.as_deref() {
        Some("style" | "public" | "frontend") => (true, false),
        Some("app" | "Cargo.toml") if source => (true, true),
        Some("server") if source => (false, true),
        _ => (false, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_change_concerns_is_built() {
        assert_eq!(concerns(&paths::at("style/main.scss")), (true, false));
        assert_eq!(concerns(&paths::at("app/src/lib.rs")), (true, true));
        assert_eq!(concerns(&paths::at("server/store/src/posts.rs")), (false, true));
        assert_eq!(concerns(&paths::at("server/store/src/.posts.rs.swp")), (false, false));
    }
}
