//! Everything in one archive, and back, from the command line.

use crate::commands::backend;
use anyhow::{Context as _, Result};
use backend::{
    actions::{bulk, uploads::IMPORTS},
    clock::new_id,
    cx::Cx,
};
use futures::FutureExt as _;
use model::AnyId;
use std::{path::Path, sync::Arc, time::Duration};
use store::{
    jobs::{ExportProcess, ImportProcess},
    users::{Rank, Sort, Which},
};
use tokio::io::AsyncReadExt as _;

const PIECE: usize = 1024 * 1024;

/// Says how far the work is.
fn told() -> bulk::Tell {
    Arc::new(|percent| {
        println!("{percent} %");
        async { Ok(()) }.boxed()
    })
}

/// Writes everything into an archive, which only whoever runs this can read.
///
/// # Errors
///
/// The file is there already or cannot be written; the database or the file store fails.
pub async fn export(file: &Path, without_files: bool) -> Result<()> {
    let place = file.display().to_string();
    let backend = backend().await?;
    let wanted = ExportProcess {
        include_attachments: !without_files,
        include_profile_pictures: !without_files,
        include_archived_channels: true,
        include_roles_and_schemes: true,
    };
    let done = exported(&backend.cx, &wanted, file).await;
    backend.stop(Duration::from_secs(5)).await;
    println!("{} bytes are in {place}", done.context(place.clone())?);
    Ok(())
}

async fn exported(cx: &Cx, wanted: &ExportProcess, file: &Path) -> Result<u64> {
    let mut options = std::fs::File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut to = options.write(true).create_new(true).open(file)?;
    let written = async {
        let mut archive = bulk::export::write(cx, wanted, told()).await?.reopen().await?;
        let copied = tokio::task::spawn_blocking(move || {
            let size = std::io::copy(&mut archive, &mut to)?;
            to.sync_all().map(|()| size)
        });
        Ok(copied.await??)
    };
    let written: Result<u64> = written.await;
    if written.is_err() {
        // Half an archive is none.
        let _ = std::fs::remove_file(file);
    }
    written
}

/// Takes in an archive.
///
/// # Errors
///
/// It cannot be read; a line is not right, which the text tells; there is no administrator who could be said to have
/// brought it.
pub async fn import(file: &Path) -> Result<()> {
    let from = tokio::fs::File::open(file).await.context(file.display().to_string())?;
    let backend = backend().await?;
    let done = imported(&backend.cx, from).await;
    backend.stop(Duration::from_secs(5)).await;
    let skipped = done?;
    if skipped > 0 {
        println!("{skipped} files were passed over: the archive does not have them, or they are too large");
    }
    println!("everything else is in; search finds it when the server runs");
    Ok(())
}

async fn imported(cx: &Cx, mut from: tokio::fs::File) -> Result<usize> {
    let admins = Which { ranks: vec![Rank::SystemAdmin], active: Some(true), no_bots: true, ..Which::default() };
    let admin = cx.store.users().page(&admins, Sort::Username, 0, 1).await?.into_iter().next();
    let by = admin.context("make an administrator first: confab user create --admin")?.id;
    let mut spool = cx.files.spool().await?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            break;
        }
        spool.write(&piece[..read]).await?;
    }
    let id: AnyId = new_id();
    let import_file = format!("{id}.zip");
    let key = format!("{IMPORTS}{import_file}");
    cx.files.put(&key, spool).await?;
    let done = bulk::import(cx, &ImportProcess { by, import_file }, told()).await;
    if done.is_err() {
        cx.files.remove(&key).await?;
    }
    Ok(done?)
}
