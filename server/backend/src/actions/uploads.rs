//! Uploads that go on over several requests. Each request brings a piece, which is kept in the file store at once; when
//! all have come, they are put together. So an upload can be taken up again after any interruption, on any server.

use super::files::{self, Incoming};
use crate::{
    access::Caller,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    files::{Spool, kinds},
};
use futures::StreamExt as _;
use model::{
    AnyId, Millis, Refusal, UploadId,
    files::{FileInfo, UploadSession},
    permission::Permission,
};
use store::{files::RemoveContent, uploads::Upload};

/// The kinds of upload.
pub const ATTACHMENT: &str = "attachment";
pub const IMPORT: &str = "import";
/// Where files to import lie in the store.
pub const IMPORTS: &str = "import/";
/// A first piece that is not the whole has at least so many bytes. Mattermost: S3 asks for it.
const FIRST_MIN: i64 = 5 * 1024 * 1024;
/// How long an upload waits for its next piece.
pub const KEPT: Millis = 7 * 24 * 60 * 60 * 1000;
/// The most uploads of one person that are listed.
const LISTED: i64 = 200;

/// Begins an upload.
///
/// # Errors
///
/// The caller may not upload there; the name or the size cannot be.
pub async fn create(cx: &Cx, caller: &Caller, new: UploadSession) -> Result<UploadSession> {
    let session = UploadSession {
        id: new_id(),
        kind: if new.kind.is_empty() { ATTACHMENT.to_owned() } else { new.kind },
        create_at: cx.clock.now(),
        user_id: caller.id(),
        channel_id: new.channel_id,
        filename: new.filename,
        file_size: new.file_size,
        ..UploadSession::default()
    };
    may_upload(cx, caller, &session).await?;
    if session.filename.is_empty() || session.filename.chars().count() > model::files::NAME_MAX {
        return Err(Refusal::UPLOAD_NAME.into());
    }
    if session.file_size < 1 {
        return Err(Refusal::UPLOAD_SIZE.into());
    }
    // Archives to import are larger than what people attach.
    if session.kind == ATTACHMENT && session.file_size > cx.settings.get().file.max_file_size {
        return Err(Refusal::UPLOAD_TOO_LARGE.into());
    }
    let made = session.clone();
    cx.store
        .write(move |tx| {
            let session = session.clone();
            Box::pin(async move { tx.uploads().insert(&session).await.map_err(Error::from) })
        })
        .await?;
    Ok(shown(made))
}

/// Whether somebody may go on with an upload; it can change while it is under way.
async fn may_upload(cx: &Cx, caller: &Caller, session: &UploadSession) -> Result<()> {
    match session.kind.as_str() {
        ATTACHMENT => {
            files::must_be_on(cx)?;
            files::uploadable(cx, caller, session.channel_id).await.map(drop)
        }
        IMPORT => caller.must(Permission::ManageSystem),
        _ => Err(Refusal::UPLOAD_KIND.into()),
    }
}

/// An upload of the caller.
///
/// # Errors
///
/// There is none, or it is somebody else's.
pub async fn find(cx: &Cx, caller: &Caller, id: UploadId) -> Result<Upload> {
    let upload = cx.store.uploads().by_id(id).await?.ok_or(Refusal::NO_UPLOAD)?;
    if upload.session.user_id == caller.id() {
        return Ok(upload);
    }
    Err(Refusal::missing(Permission::UploadFile).into())
}

/// What clients are told of an upload.
pub fn shown(session: UploadSession) -> UploadSession {
    let path = if session.kind == IMPORT { import_key(&session) } else { String::new() };
    UploadSession { path, ..session }
}

/// Somebody's uploads that are under way.
///
/// # Errors
///
/// The database fails.
pub async fn of_user(cx: &Cx, user: model::UserId) -> Result<Vec<UploadSession>> {
    Ok(cx.store.uploads().of_user(user, LISTED).await?.into_iter().map(|upload| shown(upload.session)).collect())
}

/// How a piece came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// As long as the sender meant it to be.
    Whole,
    /// The connection broke off; what came counts.
    Broken,
}

/// Takes a piece of an upload, whose bytes follow those that are here. The file, when it was the last one.
///
/// # Errors
///
/// The caller may not upload there any more; another piece came in at the same time.
pub async fn take(cx: &Cx, caller: &Caller, mut upload: Upload, piece: Spool, came: Came) -> Result<Option<FileInfo>> {
    may_upload(cx, caller, &upload.session).await?;
    let (from, length) = (upload.session.file_offset, piece.length() as i64);
    if length == 0 {
        return Err(Refusal::FILE_REQUEST.into());
    }
    upload.session.file_offset += length;
    let last = upload.session.file_offset >= upload.session.file_size;
    if last && upload.parts.is_empty() {
        return finish(cx, upload, from, piece).await.map(Some);
    }
    if from == 0 && length < FIRST_MIN && came == Came::Whole && !last {
        return Err(Refusal::UPLOAD_FIRST_PIECE.into());
    }
    let key: AnyId = new_id();
    let key = format!("uploads/{}/{key}", upload.session.id);
    cx.files.put(&key, piece).await?;
    upload.parts.push(key.clone());
    let (grown, now) = (upload.clone(), cx.clock.now());
    let noted = cx.store.write(move |tx| {
        let upload = grown.clone();
        Box::pin(async move { tx.uploads().grow(&upload, from, now).await.map_err(Error::from) })
    });
    if !noted.await? {
        cx.files.remove(&key).await?;
        return Err(Refusal::UPLOAD_CONCURRENT.into());
    }
    if !last {
        return Ok(None);
    }
    let mut whole = cx.files.spool().await?;
    for part in &upload.parts {
        let mut reading = cx.files.get(part, None).await?;
        while let Some(chunk) = reading.body.next().await {
            whole.write(&chunk.map_err(Error::internal)?).await?;
        }
    }
    let at = upload.session.file_offset;
    finish(cx, upload, at, whole).await.map(Some)
}

/// Keeps the whole file, and forgets the upload. `from` is how far the database knows it to be.
async fn finish(cx: &Cx, upload: Upload, from: i64, whole: Spool) -> Result<FileInfo> {
    let Upload { session, parts } = upload;
    let info = if session.kind == IMPORT {
        let info = FileInfo {
            id: session.id.cast(),
            user_id: session.user_id,
            create_at: session.create_at,
            update_at: cx.clock.now(),
            name: session.filename.clone(),
            extension: kinds::extension(&session.filename),
            size: whole.length() as i64,
            ..FileInfo::default()
        };
        cx.files.put(&import_key(&session), whole).await?;
        info
    } else {
        let incoming = vec![Incoming { name: session.filename.clone(), spool: whole }];
        let mut kept = files::keep(cx, session.user_id, session.channel_id, incoming).await?;
        kept.pop().ok_or_else(|| Error::internal(anyhow::anyhow!("what is kept is told")))?
    };
    let (id, now) = (session.id, cx.clock.now());
    cx.store
        .write(move |tx| {
            let order = RemoveContent { paths: parts.clone() };
            Box::pin(async move {
                if !tx.uploads().delete(id, from).await? {
                    return Err(Error::from(Refusal::UPLOAD_CONCURRENT));
                }
                if !order.paths.is_empty() {
                    tx.jobs().order(new_id(), &order, now, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(info)
}

fn import_key(session: &UploadSession) -> String {
    format!("{IMPORTS}{}_{}", session.id, kinds::name(&session.filename).replace(':', "_"))
}

/// The files to import that have been uploaded, by name.
///
/// # Errors
///
/// The file store does not answer.
pub async fn imports(cx: &Cx) -> Result<Vec<String>> {
    let items = cx.files.list(IMPORTS, "", 1000).await?;
    Ok(items.into_iter().filter_map(|item| item.key.strip_prefix(IMPORTS).map(ToOwned::to_owned)).collect())
}

/// Removes a file to import.
///
/// # Errors
///
/// There is none of this name.
pub async fn remove_import(cx: &Cx, name: &str) -> Result<()> {
    if name.contains('/') || !imports(cx).await?.iter().any(|known| known == name) {
        return Err(Refusal::NO_IMPORT.into());
    }
    Ok(cx.files.remove(&format!("{IMPORTS}{name}")).await?)
}

/// Forgets uploads that nobody has gone on with.
///
/// # Errors
///
/// The database fails.
pub async fn purge(cx: &Cx) -> Result<()> {
    let now = cx.clock.now();
    for upload in cx.store.uploads().stale(now - KEPT, 500).await? {
        let (id, offset, paths) = (upload.session.id, upload.session.file_offset, upload.parts);
        cx.store
            .write(move |tx| {
                let order = RemoveContent { paths: paths.clone() };
                Box::pin(async move {
                    if tx.uploads().delete(id, offset).await? && !order.paths.is_empty() {
                        tx.jobs().order(new_id(), &order, now, now).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
    Ok(())
}
