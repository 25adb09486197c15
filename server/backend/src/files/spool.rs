//! Something that is being uploaded: a file beside the store, gone when nobody wants it any more.

use super::{Failure, Result, disk::Room};
use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How much of the beginning is remembered, to see what it is.
const HEAD: usize = 512;

/// A file that grows as it comes in.
pub struct Spool {
    path: PathBuf,
    file: Option<Arc<File>>,
    room: Room,
    length: u64,
    head: Vec<u8>,
}

impl Spool {
    pub(super) async fn new(folder: &Path, room: Room) -> Result<Self> {
        let id: model::AnyId = crate::clock::new_id();
        let (folder, path) = (folder.to_owned(), folder.join(id.as_str()));
        let made = path.clone();
        let file = room
            .run(move || {
                std::fs::create_dir_all(folder)?;
                File::options().read(true).write(true).create_new(true).open(made)
            })
            .await?;
        Ok(Self { path, file: Some(Arc::new(file)), room, length: 0, head: Vec::new() })
    }

    /// Adds some bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let (file, owned) = (self.file()?, bytes.to_vec());
        self.room.run(move || (&*file).write_all(&owned)).await?;
        self.length += bytes.len() as u64;
        let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        Ok(())
    }

    /// How many bytes came in.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The first bytes.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The file, for who writes it by other means; [`Spool::settle`] notes what has become of it.
    pub fn file(&self) -> Result<Arc<File>> {
        self.file.clone().ok_or_else(over)
    }

    /// The file once more, to be read from its beginning.
    pub async fn reopen(&self) -> Result<File> {
        let path = self.path.clone();
        self.room.run(move || File::open(path)).await
    }

    /// Notes how the file begins and how long it is.
    pub async fn settle(&mut self) -> Result<()> {
        let file = self.reopen().await?;
        let (length, head) = self
            .room
            .run(move || {
                let mut head = Vec::new();
                (&file).take(HEAD as u64).read_to_end(&mut head)?;
                Ok((file.metadata()?.len(), head))
            })
            .await?;
        (self.length, self.head) = (length, head);
        Ok(())
    }

    /// All bytes; only for what is known to be small.
    pub async fn bytes(&self) -> Result<Vec<u8>> {
        let file = self.file()?;
        self.room
            .run(move || {
                let mut bytes = Vec::new();
                (&*file).seek(SeekFrom::Start(0))?;
                (&*file).read_to_end(&mut bytes)?;
                Ok(bytes)
            })
            .await
    }

    /// How wide and high it is, if it is a picture that we can read.
    ///
    /// # Errors
    ///
    /// Too many pictures are looked at.
    pub async fn measure(&self, workshop: &super::pictures::Workshop) -> crate::error::Result<Option<(u32, u32)>> {
        workshop.measure(&self.path).await
    }

    /// Where it lies, for who sends it on.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it durable and moves it to where it stays.
    pub(super) async fn keep(mut self, to: PathBuf) -> Result<()> {
        let file = self.file.take().ok_or_else(over)?;
        let (path, room) = (self.path.clone(), self.room.clone());
        room.run(move || {
            file.sync_all()?;
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::rename(path, &to)?;
            // The name has to be as durable as the content.
            to.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        })
        .await
    }
}

fn over() -> Failure {
    Failure::Failed("the upload is over".to_owned())
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let path = std::mem::take(&mut self.path);
            let remove = move || drop(std::fs::remove_file(path));
            match tokio::runtime::Handle::try_current() {
                // A disk that hangs must not hold up those who serve requests.
                Ok(runtime) => drop(runtime.spawn_blocking(remove)),
                Err(_) => remove(),
            }
        }
    }
}
