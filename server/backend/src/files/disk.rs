//! The local disk, which may be a network's.

use super::{Failure, Item, Reading, Result, Spool, TEMPORARY, below};
use bytes::Bytes;
use futures::StreamExt as _;
use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::sync::Semaphore;

/// Operations under way at once, at most; those that hang go on counting.
const AT_ONCE: usize = 32;
/// How long one waits for room.
const WAIT: Duration = Duration::from_secs(5);
/// How long one operation may take.
const WITHIN: Duration = Duration::from_secs(30);
/// How much is read at a time.
const CHUNK: usize = 256 * 1024;

/// Room for operations that block.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// Runs something that blocks, if there is room, and gives it up when it takes too long. Its place stays taken
    /// until it really ends, so that a disk that hangs holds few threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let busy = |_| Failure::Unavailable("too many operations are under way".to_owned());
        let place = tokio::time::timeout(WAIT, self.0.clone().acquire_owned()).await.map_err(busy)?;
        let working = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        match tokio::time::timeout(WITHIN, working).await {
            Ok(Ok(done)) => done.map_err(|e| Failure::of(&e)),
            Ok(Err(_)) => Err(Failure::Failed("an operation panicked".to_owned())),
            Err(_) => Err(Failure::Unavailable("an operation took too long".to_owned())),
        }
    }
}

/// A folder.
#[derive(Clone)]
pub struct Disk {
    folder: Arc<Path>,
    room: Room,
}

impl Disk {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.into(), room: Room::new() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn room(&self) -> Room {
        self.room.clone()
    }

    pub(super) async fn put(&self, key: &str, spool: Spool) -> Result<()> {
        spool.keep(below(&self.folder, key)).await
    }

    pub(super) async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Reading> {
        let path = below(&self.folder, key);
        let (file, length) = self
            .room
            .run(move || {
                let mut file = File::open(path)?;
                let about = file.metadata()?;
                if !about.is_file() {
                    return Err(io::ErrorKind::NotFound.into());
                }
                let range = range.unwrap_or(0..about.len());
                let (start, end) = (range.start.min(about.len()), range.end.min(about.len()));
                file.seek(SeekFrom::Start(start))?;
                Ok((file, end.saturating_sub(start)))
            })
            .await?;
        let room = self.room.clone();
        let chunks = futures::stream::unfold(Some((file, length)), move |rest| {
            let room = room.clone();
            async move {
                let (mut file, left) = rest.filter(|(_, left)| *left > 0)?;
                let read = room.run(move || {
                    let mut chunk = vec![0; CHUNK.min(left as usize)];
                    let count = file.read(&mut chunk)?;
                    if count == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    chunk.truncate(count);
                    Ok((file, chunk))
                });
                match read.await {
                    Ok((file, chunk)) => {
                        let left = left - chunk.len() as u64;
                        Some((Ok(Bytes::from(chunk)), Some((file, left))))
                    }
                    Err(failure) => Some((Err(io::Error::other(failure)), None)),
                }
            }
        });
        Ok(Reading { length, body: chunks.fuse().boxed() })
    }

    pub(super) async fn size(&self, key: &str) -> Result<u64> {
        let path = below(&self.folder, key);
        self.room.run(move || std::fs::metadata(path).map(|about| about.len())).await
    }

    pub(super) async fn remove(&self, key: &str) -> Result<()> {
        let path = below(&self.folder, key);
        match self.room.run(move || std::fs::remove_file(path)).await {
            Err(Failure::Missing) => Ok(()),
            done => done,
        }
    }

    pub(super) async fn list(&self, prefix: &str, after: &str, most: usize) -> Result<Vec<Item>> {
        let (folder, prefix, after) = (self.folder.clone(), prefix.to_owned(), after.to_owned());
        self.room
            .run(move || {
                let mut found = Vec::new();
                walk(&folder, "", &mut |item| {
                    if item.key > after && item.key.starts_with(&prefix) {
                        found.push(item);
                    }
                    found.len() < most
                })?;
                Ok(found)
            })
            .await
    }

    pub(super) async fn check(&self) -> Result<()> {
        let folder: PathBuf = self.folder.join(TEMPORARY);
        self.room
            .run(move || {
                std::fs::create_dir_all(&folder)?;
                // A disk can be there and refuse to be written to.
                let id: model::AnyId = crate::clock::new_id();
                let probe = folder.join(id.as_str());
                std::fs::write(&probe, b"?")?;
                std::fs::remove_file(probe)
            })
            .await
    }
}

/// Goes through the files below a folder in the order of their keys; false from `take` ends it.
fn walk(folder: &Path, prefix: &str, take: &mut dyn FnMut(Item) -> bool) -> io::Result<bool> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let about = entry.metadata()?;
        if name.starts_with('.') || (prefix.is_empty() && name == TEMPORARY) {
            continue;
        }
        // Folders are in the order of what is in them: with the slash.
        let key = format!("{prefix}{name}{}", if about.is_dir() { "/" } else { "" });
        entries.push((key, entry.path(), about));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (key, path, about) in entries {
        let more = if about.is_dir() { walk(&path, &key, take)? } else { take(Item { key, size: about.len() }) };
        if !more {
            return Ok(false);
        }
    }
    Ok(true)
}
