//! Archives on their way in and out: ZIP files that may be larger than memory, worked on beside the requests by a thread
//! of their own.
//!
//! What comes in was made elsewhere. Its names are looked up and never become paths here, and what an entry says of its
//! size is not believed.

use crate::{
    cx::Cx,
    error::{Error, Result},
    files::{Failure, FileStore, Spool},
};
use bytes::Bytes;
use futures::StreamExt as _;
use model::Refusal;
use parking_lot::Mutex;
use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
    sync::Arc,
};
use tokio::{sync::mpsc, task::JoinHandle};
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipResult, write::SimpleFileOptions};

/// The longest line that is read, in bytes. A thread of some ten thousand messages fits.
const LINE_MAX: u64 = 32 * 1024 * 1024;
/// Pieces on their way between threads.
const WAITING: usize = 8;
const PIECE: usize = 128 * 1024;

/// What the writing thread is to do next.
enum Command {
    /// Begin an entry; what is compressed already is kept as it is.
    Begin {
        name: String,
        compress: bool,
    },
    Bytes(Bytes),
    /// All of another file, from its beginning.
    Copy(Arc<File>),
    Finish,
}

/// An archive that is being written.
pub struct Writer {
    spool: Spool,
    commands: mpsc::Sender<Command>,
    writing: JoinHandle<ZipResult<()>>,
}

impl Writer {
    /// Begins one.
    ///
    /// # Errors
    ///
    /// The disk does not answer.
    pub async fn new(files: &FileStore) -> Result<Self> {
        let spool = files.spool().await?;
        let file = spool.file()?;
        let (commands, queue) = mpsc::channel(WAITING);
        let writing = tokio::task::spawn_blocking(move || write(file, queue));
        Ok(Self { spool, commands, writing })
    }

    /// Begins an entry, whose bytes follow.
    ///
    /// # Errors
    ///
    /// What was written before failed.
    pub async fn begin(&mut self, name: String, compress: bool) -> Result<()> {
        self.tell(Command::Begin { name, compress }).await
    }

    /// Adds to the entry.
    ///
    /// # Errors
    ///
    /// What was written before failed.
    pub async fn bytes(&mut self, bytes: Bytes) -> Result<()> {
        self.tell(Command::Bytes(bytes)).await
    }

    /// Adds something of the file store as an entry, as it is; false if it is not there.
    ///
    /// # Errors
    ///
    /// The file store does not answer; what was written before failed.
    pub async fn copy(&mut self, files: &FileStore, key: &str, name: String) -> Result<bool> {
        let mut reading = match files.get(key, None).await {
            Ok(reading) => reading,
            Err(Failure::Missing) => {
                tracing::warn!(key, "a file that is to be exported is not in the store");
                return Ok(false);
            }
            Err(failure) => return Err(failure.into()),
        };
        self.begin(name, false).await?;
        while let Some(chunk) = reading.body.next().await {
            self.bytes(chunk.map_err(Error::internal)?).await?;
        }
        Ok(true)
    }

    /// Adds all of a file that waits beside the store as an entry, and ends the archive.
    ///
    /// # Errors
    ///
    /// Writing failed; the disk may be full.
    pub async fn finish(mut self, name: &str, last: &Spool) -> Result<Spool> {
        self.begin(name.to_owned(), true).await?;
        self.tell(Command::Copy(last.file()?)).await?;
        self.tell(Command::Finish).await?;
        self.writing.await.map_err(Error::internal)?.map_err(Error::internal)?;
        self.spool.settle().await?;
        Ok(self.spool)
    }

    async fn tell(&mut self, command: Command) -> Result<()> {
        if self.commands.send(command).await.is_ok() {
            return Ok(());
        }
        // The thread has ended, and knows why.
        let ended = (&mut self.writing).await.map_err(Error::internal)?;
        Err(Error::internal(ended.err().map_or_else(|| anyhow::anyhow!("the archive is over"), Into::into)))
    }
}

fn write(file: Arc<File>, mut queue: mpsc::Receiver<Command>) -> ZipResult<()> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    while let Some(command) = queue.blocking_recv() {
        match command {
            Command::Begin { name, compress } => {
                let how = if compress { CompressionMethod::Deflated } else { CompressionMethod::Stored };
                zip.start_file(name, SimpleFileOptions::default().compression_method(how).large_file(true))?;
            }
            Command::Bytes(bytes) => zip.write_all(&bytes)?,
            Command::Copy(file) => {
                (&*file).seek(SeekFrom::Start(0))?;
                io::copy(&mut &*file, &mut zip)?;
            }
            Command::Finish => {
                zip.finish()?.flush()?;
                return Ok(());
            }
        }
    }
    // Nobody wants it any more.
    Ok(())
}

/// A line of the archive, and which it is, counted from 1.
pub type Numbered = (usize, String);

/// An archive that is being read.
pub struct Archive {
    spool: Spool,
    entries: Arc<Mutex<ZipArchive<BufReader<File>>>>,
    /// The entry with the lines.
    lines: String,
}

impl Archive {
    /// Opens one of the file store.
    ///
    /// # Errors
    ///
    /// It is none, or has no lines.
    pub async fn open(cx: &Cx, key: &str) -> Result<Self> {
        let mut spool = cx.files.spool().await?;
        let mut reading = cx.files.get(key, None).await?;
        while let Some(chunk) = reading.body.next().await {
            spool.write(&chunk.map_err(Error::internal)?).await?;
        }
        let file = spool.reopen().await?;
        let opened = tokio::task::spawn_blocking(move || ZipArchive::new(BufReader::new(file)));
        let entries = opened.await.map_err(Error::internal)?.map_err(|_| Refusal::IMPORT_ARCHIVE)?;
        let name = |name: Result<std::borrow::Cow<'_, str>, _>| Some(name.ok()?.into_owned());
        let is_lines = |name: &str| std::path::Path::new(name).extension().is_some_and(|kind| kind == "jsonl");
        let at_root = |name: &String| !name.contains('/') && is_lines(name);
        let lines = entries.file_names().filter_map(name).find(at_root).ok_or(Refusal::IMPORT_NO_LINES)?;
        Ok(Self { spool, entries: Arc::new(Mutex::new(entries)), lines })
    }

    /// Reads the lines from the beginning, as fast as they are taken. An error is the last that comes.
    ///
    /// # Errors
    ///
    /// The disk does not answer.
    pub async fn lines(&self) -> Result<mpsc::Receiver<Result<Numbered, Refusal>>> {
        let (file, name) = (self.spool.reopen().await?, self.lines.clone());
        let (sender, lines) = mpsc::channel(1);
        tokio::task::spawn_blocking(move || {
            if let Err(refusal) = read_lines(file, &name, &sender) {
                // Whoever read has gone.
                let _ = sender.blocking_send(Err(refusal));
            }
        });
        Ok(lines)
    }

    /// Unpacks an entry of at most so many bytes.
    ///
    /// # Errors
    ///
    /// The disk does not answer. [`Refusal::IMPORT_FILE_UNUSABLE`]: there is none of this name; it is larger, or broken.
    pub async fn extract(&self, cx: &Cx, path: &str, most: u64) -> Result<Spool> {
        let (sender, mut pieces) = mpsc::channel::<Vec<u8>>(WAITING);
        let (entries, wanted) = (self.entries.clone(), path.to_owned());
        let unpacking = tokio::task::spawn_blocking(move || unpack(&entries, &wanted, most, &sender));
        let mut spool = cx.files.spool().await?;
        while let Some(piece) = pieces.recv().await {
            spool.write(&piece).await?;
        }
        unpacking.await.map_err(Error::internal)??;
        Ok(spool)
    }
}

/// The names under which a path of the file may be found in the archive.
fn names(path: &str) -> [String; 2] {
    let path = path.trim_start_matches("./").trim_start_matches('/');
    [format!("{}/{path}", super::DATA), path.to_owned()]
}

fn read_lines(file: File, name: &str, to: &mpsc::Sender<Result<Numbered, Refusal>>) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| Refusal::IMPORT_ARCHIVE)?;
    let entry = archive.by_name(name).map_err(|_| Refusal::IMPORT_ARCHIVE)?;
    let mut reader = BufReader::new(entry);
    for number in 1.. {
        let broken = |why: &str| Refusal::IMPORT_LINE.saying(format!("Line {number}: {why}"));
        let mut line = Vec::new();
        let read = (&mut reader).take(LINE_MAX + 1).read_until(b'\n', &mut line);
        if read.map_err(|e| broken(&e.to_string()))? == 0 {
            break;
        }
        if line.len() as u64 > LINE_MAX {
            return Err(broken("it is too long."));
        }
        let line = String::from_utf8(line).map_err(|_| broken("it is not UTF-8."))?;
        if to.blocking_send(Ok((number, line))).is_err() {
            break;
        }
    }
    Ok(())
}

fn unpack(
    entries: &Mutex<ZipArchive<BufReader<File>>>,
    path: &str,
    most: u64,
    to: &mpsc::Sender<Vec<u8>>,
) -> Result<(), Refusal> {
    let mut entries = entries.lock();
    let name = names(path).into_iter().find(|name| entries.by_name(name).is_ok());
    let missing = || Refusal::IMPORT_FILE_UNUSABLE.saying(format!("The archive has no {path}."));
    let mut entry = entries.by_name(&name.ok_or_else(missing)?).map_err(|_| missing())?.take(most + 1);
    let mut unpacked = 0;
    loop {
        let mut piece = vec![0; PIECE];
        let read = entry.read(&mut piece);
        let read = read.map_err(|_| Refusal::IMPORT_FILE_UNUSABLE.saying(format!("{path} is broken.")))?;
        unpacked += read as u64;
        if unpacked > most {
            return Err(Refusal::IMPORT_FILE_UNUSABLE.saying(format!("{path} is larger than {most} bytes.")));
        }
        piece.truncate(read);
        if read == 0 || to.blocking_send(piece).is_err() {
            return Ok(());
        }
    }
}
