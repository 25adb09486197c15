//! Carries everything from one store to another, as often as it takes: what is there already is left alone, so that a
//! server can go on while most of it is carried, and the rest is carried once it has stopped.

use super::{Failure, FileStore, Result};
use futures::StreamExt as _;

/// How many keys are listed at a time.
const PAGE: usize = 500;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    pub copied: u64,
    /// In bytes.
    pub bytes: u64,
    /// They were there already.
    pub skipped: u64,
}

/// Copies everything; with `remove`, each file is removed here once it is whole there. `told` hears after each file.
///
/// # Errors
///
/// One of the stores fails, or a file came out with another size. What was copied stays; beginning again goes on.
pub async fn carry(from: &FileStore, to: &FileStore, remove: bool, mut told: impl FnMut(&Carried)) -> Result<Carried> {
    let (mut carried, mut after) = (Carried::default(), String::new());
    loop {
        let page = from.list("", &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(carried) };
        after.clone_from(&last.key);
        for item in page {
            if to.size(&item.key).await? == Some(item.size) {
                carried.skipped += 1;
            } else {
                match copy(from, to, &item.key).await {
                    Ok(bytes) => {
                        carried.copied += 1;
                        carried.bytes += bytes;
                    }
                    // Deleted since it was listed.
                    Err(Failure::Missing) => continue,
                    Err(failure) => return Err(failure),
                }
            }
            if remove {
                from.remove(&item.key).await?;
            }
            told(&carried);
        }
    }
}

async fn copy(from: &FileStore, to: &FileStore, key: &str) -> Result<u64> {
    let mut reading = from.get(key, None).await?;
    let mut spool = to.spool().await?;
    while let Some(chunk) = reading.body.next().await {
        spool.write(&chunk.map_err(|e| Failure::Failed(format!("{key}: {e}")))?).await?;
    }
    let length = spool.length();
    if length != reading.length {
        return Err(Failure::Failed(format!("{key}: {length} of {} bytes came", reading.length)));
    }
    to.put(key, spool).await?;
    match to.size(key).await? {
        Some(kept) if kept == length => Ok(length),
        kept => Err(Failure::Failed(format!("{key}: {length} bytes were sent and {kept:?} are there"))),
    }
}
