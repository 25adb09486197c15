//! Where the content of files is kept: on the local disk or in S3, by keys such as `posts/2026/09/<id>`.
//!
//! Both may hang: a disk can be a network's. So every operation has a time limit and there is only room for so many at
//! once; who finds none hears [`Unavailable`] instead of waiting. Nothing of chat but files themselves goes through
//! here. What is uploaded is first written beside, in a [`Spool`], and never held in memory.

mod disk;
pub mod initials;
pub mod kinds;
pub mod pictures;
mod s3;
mod spool;
pub mod text;
pub mod transfer;

use bytes::Bytes;
use futures::stream::BoxStream;
use model::{Refusal, config::FileSettings};
use std::{
    io,
    ops::Range,
    path::{Path, PathBuf},
};

pub use spool::Spool;

/// The result of everything here.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why the store has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is nothing under this key.
    #[error("there is no such file in the store")]
    Missing,
    /// It took too long, or too many others wait.
    #[error("the file store does not answer: {0}")]
    Unavailable(String),
    /// It answered with an error.
    #[error("the file store failed: {0}")]
    Failed(String),
}

impl From<Failure> for crate::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Missing => Refusal::FILE_CONTENT_MISSING.into(),
            Failure::Unavailable(cause) => {
                tracing::warn!(cause, "the file store does not answer");
                Refusal::FILES_UNAVAILABLE.into()
            }
            failed @ Failure::Failed(_) => Self::internal(failed),
        }
    }
}

impl Failure {
    fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::TimedOut | io::ErrorKind::StorageFull => Self::Unavailable(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// What is kept under a key, on its way out.
pub struct Reading {
    /// How many bytes come.
    pub length: u64,
    /// Fused: what compresses an answer asks once more after the end.
    pub body: BoxStream<'static, io::Result<Bytes>>,
}

impl Reading {
    /// All of it, if it is at most so large.
    ///
    /// # Errors
    ///
    /// It is larger, or breaks off.
    pub async fn collect(mut self, most: u64) -> Result<Vec<u8>> {
        use futures::StreamExt as _;
        if self.length > most {
            return Err(Failure::Failed(format!("{} bytes are more than {most}", self.length)));
        }
        let mut bytes = Vec::with_capacity(self.length as usize);
        while let Some(chunk) = self.body.next().await {
            bytes.extend_from_slice(&chunk.map_err(|e| Failure::of(&e))?);
        }
        Ok(bytes)
    }
}

/// Something that a store holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub key: String,
    /// In bytes.
    pub size: u64,
}

/// The store.
#[derive(Clone)]
pub enum FileStore {
    Disk(disk::Disk),
    S3(s3::S3),
}

impl FileStore {
    /// The store that the settings name. `folder` is the one on the local disk, which S3 also needs: there uploads
    /// wait until they are whole.
    ///
    /// # Errors
    ///
    /// S3 has not been given what it needs.
    pub fn open(settings: &FileSettings, folder: &Path) -> anyhow::Result<Self> {
        Ok(if settings.driver_name == "amazons3" {
            Self::S3(s3::S3::new(settings, folder)?)
        } else {
            Self::Disk(disk::Disk::new(folder))
        })
    }

    /// Keeps what was uploaded under a key, durably. What was there is replaced.
    pub async fn put(&self, key: &str, spool: Spool) -> Result<()> {
        check(key)?;
        match self {
            Self::Disk(disk) => disk.put(key, spool).await,
            Self::S3(s3) => s3.put(key, spool).await,
        }
    }

    /// The same for something small.
    pub async fn put_bytes(&self, key: &str, bytes: Vec<u8>) -> Result<()> {
        let mut spool = self.spool().await?;
        spool.write(&bytes).await?;
        self.put(key, spool).await
    }

    /// Reads what is under a key, or a part of it.
    pub async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Reading> {
        check(key)?;
        match self {
            Self::Disk(disk) => disk.get(key, range).await,
            Self::S3(s3) => s3.get(key, range).await,
        }
    }

    /// All of what is under a key, if it is at most so large.
    pub async fn read(&self, key: &str, most: u64) -> Result<Vec<u8>> {
        self.get(key, None).await?.collect(most).await
    }

    /// How many bytes are under a key; `None` if there is nothing.
    pub async fn size(&self, key: &str) -> Result<Option<u64>> {
        check(key)?;
        let size = match self {
            Self::Disk(disk) => disk.size(key).await,
            Self::S3(s3) => s3.size(key).await,
        };
        match size {
            Ok(size) => Ok(Some(size)),
            Err(Failure::Missing) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Removes what is under a key; nothing there is as good.
    pub async fn remove(&self, key: &str) -> Result<()> {
        check(key)?;
        match self {
            Self::Disk(disk) => disk.remove(key).await,
            Self::S3(s3) => s3.remove(key).await,
        }
    }

    /// A page of what there is below a prefix, in the order of keys, after a key.
    pub async fn list(&self, prefix: &str, after: &str, most: usize) -> Result<Vec<Item>> {
        match self {
            Self::Disk(disk) => disk.list(prefix, after, most).await,
            Self::S3(s3) => s3.list(prefix, after, most).await,
        }
    }

    /// Whether it answers and can be written to.
    pub async fn check(&self) -> Result<()> {
        match self {
            Self::Disk(disk) => disk.check().await,
            Self::S3(s3) => s3.check().await,
        }
    }

    /// A place for something that is being uploaded.
    pub async fn spool(&self) -> Result<Spool> {
        let (folder, room) = match self {
            Self::Disk(disk) => (disk.folder(), disk.room()),
            Self::S3(s3) => (s3.folder(), s3.room()),
        };
        Spool::new(&folder.join(TEMPORARY), room).await
    }
}

/// Where uploads wait, below the folder of the store.
const TEMPORARY: &str = "tmp";

/// Refuses a key that could lead elsewhere. Keys are ours; this is the second lock.
fn check(key: &str) -> Result<()> {
    let part = |p: &str| !p.is_empty() && !p.starts_with('.') && !p.contains(['\\', '\0', ':']);
    let sound = key.split('/').all(part) && !key.starts_with(TEMPORARY) && key.len() < 512;
    if sound { Ok(()) } else { Err(Failure::Missing) }
}

/// Joins a checked key to a folder.
fn below(folder: &Path, key: &str) -> PathBuf {
    key.split('/').fold(folder.to_owned(), |path, part| path.join(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, FileStore) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = FileStore::open(&FileSettings::default(), folder.path()).expect("a disk needs nothing");
        (folder, store)
    }

    #[tokio::test]
    async fn what_is_put_is_read_in_whole_and_in_part_and_removed() {
        let (folder, store) = store();
        store.check().await.expect("it answers");
        let long: Vec<u8> = (0..700_000_u32).map(|n| n as u8).collect();
        store.put_bytes("posts/2026/one", long.clone()).await.expect("kept");
        store.put_bytes("posts/2026/one", long.clone()).await.expect("replaced");
        store.put_bytes("teams/two", b"x".to_vec()).await.expect("kept");
        assert_eq!(store.read("posts/2026/one", 1_000_000).await.expect("read"), long);
        assert!(store.read("posts/2026/one", 10).await.is_err(), "never more than asked for");
        let part = store.get("posts/2026/one", Some(300_000..600_000)).await.expect("a part");
        assert_eq!(part.length, 300_000);
        assert_eq!(part.collect(1 << 20).await.expect("read"), long[300_000..600_000]);
        let keys = |items: Vec<Item>| items.into_iter().map(|i| (i.key, i.size)).collect::<Vec<_>>();
        let all = keys(store.list("", "", 10).await.expect("listed"));
        assert_eq!(all, [("posts/2026/one".to_owned(), 700_000), ("teams/two".to_owned(), 1)]);
        assert_eq!(keys(store.list("", "posts/2026/one", 10).await.expect("listed")).len(), 1);
        assert_eq!(keys(store.list("posts/", "", 10).await.expect("listed")).len(), 1);
        store.remove("posts/2026/one").await.expect("removed");
        store.remove("posts/2026/one").await.expect("twice is as good");
        assert!(matches!(store.read("posts/2026/one", 10).await, Err(Failure::Missing)));
        assert_eq!(std::fs::read_dir(folder.path().join(TEMPORARY)).expect("a folder").count(), 0, "nothing is left");
    }

    #[tokio::test]
    async fn a_key_never_leads_out_of_the_folder() {
        let (_folder, store) = store();
        for key in ["../secret", "a/../../secret", "/etc/passwd", "", "a//b", "a\\b", ".hidden", "tmp/x", "c:/x"] {
            assert!(matches!(store.put_bytes(key, b"x".to_vec()).await, Err(Failure::Missing)), "{key}");
            assert!(matches!(store.read(key, 10).await, Err(Failure::Missing)), "{key}");
        }
    }

    #[tokio::test]
    async fn an_upload_that_is_given_up_leaves_nothing() {
        let (folder, store) = store();
        let mut spool = store.spool().await.expect("a place");
        spool.write(b"half").await.expect("written");
        assert_eq!(spool.length(), 4);
        drop(spool);
        let empty = || std::fs::read_dir(folder.path().join(TEMPORARY)).expect("a folder").count() == 0;
        for _ in 0..100 {
            if empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the spool is still there");
    }
}
