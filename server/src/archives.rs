//! Everything in one archive, and back, from the command line.

use crate::commands::backend;
use anyhow::{Context as _, Result};
use backend::{
    actions::{bulk, uploads::IMPORTS},
    clock::new_id,
    cx::Cx,
};
use futures::{FutureExt as _, StreamExt as _, future::BoxFuture};
use model::AnyId;
use std::{io::Write as _, path::Path, time::Duration};
use store::{
    jobs::{ExportProcess, ImportProcess},
    users::{Rank, Sort, Which},
};
use tokio::io::AsyncReadExt as _;

const PIECE: usize = 1024 * 1024;

/// Says how far the work is.
fn told(percent: i64) -> BoxFuture<'static, backend::error::Result<()>> {
    println!("{percent} %");
    async { Ok(()) }.boxed()
}

/// Writes everything into an archive.
///
/// # Errors
///
/// The file is there already or cannot be written; the database or the file store fails.
pub async fn export(file: &Path, without_files: bool) -> Result<()> {
    let place = file.display().to_string();
    let mut to = std::fs::File::create_new(file).context(place.clone())?;
    let backend = backend().await?;
    let wanted = ExportProcess {
        include_attachments: !without_files,
        include_profile_pictures: !without_files,
        include_archived_channels: true,
        include_roles_and_schemes: true,
    };
    let done = exported(&backend.cx, &wanted, &mut to).await;
    backend.stop(Duration::from_secs(5)).await;
    if done.is_err() {
        // Half an archive is none.
        let _ = std::fs::remove_file(file);
    }
    println!("{} bytes are in {place}", done?);
    Ok(())
}

async fn exported(cx: &Cx, wanted: &ExportProcess, to: &mut std::fs::File) -> Result<u64> {
    let id: AnyId = new_id();
    bulk::export::run(cx, id, wanted, &told).await?;
    let name = bulk::export::name_of(id);
    let (key, size) = bulk::export::find(cx, &name).await?;
    let mut reading = cx.files.get(&key, None).await?;
    while let Some(chunk) = reading.body.next().await {
        to.write_all(&chunk?)?;
    }
    to.sync_all()?;
    bulk::export::remove(cx, &name).await?;
    Ok(size)
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
    done?;
    println!("everything is in; search finds it when the server runs");
    Ok(())
}

async fn imported(cx: &Cx, mut from: tokio::fs::File) -> Result<()> {
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
    let done = bulk::import(cx, &ImportProcess { by, import_file }, &told).await;
    if done.is_err() {
        cx.files.remove(&key).await?;
    }
    Ok(done?)
}
