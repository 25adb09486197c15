//! Files: keeping what is uploaded, giving it to posts, links for those without an account.

use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    files::{FileStore, Spool, kinds, pictures::BYTES_MAX},
    settings::MASK,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    ChannelId, FileId, Millis, PostId, Refusal, UserId,
    channels::Channel,
    config::FileSettings,
    files::FileInfo,
    permission::Permission,
    posts::{FILES_MAX, Post},
};
use ring::hmac;
use serde_json::{Map, Value};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use store::{
    Tx,
    files::{MakePictures, Pictures, RemoveContent, StoredFile},
};

/// What is behind the key of a picture for its thumbnail and preview.
pub const THUMBNAIL: &str = ".thumbnail";
pub const PREVIEW: &str = ".preview";

/// How long a request waits for pictures that are being made, and how often it looks.
const PICTURES_WAIT: Duration = Duration::from_secs(10);
const PICTURES_LOOK: Duration = Duration::from_millis(100);
/// How long an upload waits for tiny pictures, how often it looks, and for pictures of which size it waits at all.
const MINI_WAIT: Duration = Duration::from_secs(1);
const MINI_LOOK: Duration = Duration::from_millis(25);
const MINI_PIXELS: i64 = 4_000_000;

/// Tries a file store: the one in use, with these of its settings changed.
///
/// # Errors
///
/// It has not been given what it needs, or does not work; the text says why.
pub async fn test_store(cx: &Cx, caller: &Caller, changes: Map<String, Value>) -> Result<()> {
    let now = cx.settings.get().file.clone();
    let mut settings = serde_json::to_value(&now).map_err(Error::internal)?;
    for (name, value) in changes {
        // A secret that is not known stays what it is.
        if value.as_str() != Some(MASK) {
            settings[name] = value;
        }
    }
    let settings: FileSettings = serde_json::from_value(settings).map_err(|_| Refusal::body("FileSettings"))?;
    if settings.directory != now.directory {
        // Trying a folder makes it.
        caller.must(Permission::ManageSystem)?;
    }
    let opened = FileStore::open(&settings, std::path::Path::new(&settings.directory));
    let store = opened.map_err(|error| Refusal::FILE_STORE_SETTINGS.saying(error.to_string()))?;
    store.check().await.map_err(|failure| Refusal::FILE_STORE_TEST.saying(failure.to_string()).into())
}

/// Refuses where files are switched off.
///
/// # Errors
///
/// [`Refusal::FILES_OFF`].
pub fn must_be_on(cx: &Cx) -> Result<()> {
    if cx.settings.get().file.enable_file_attachments { Ok(()) } else { Err(Refusal::FILES_OFF.into()) }
}

/// The channel, if the caller may upload to it.
///
/// # Errors
///
/// They may not, or it is archived.
pub async fn uploadable(cx: &Cx, caller: &Caller, id: ChannelId) -> Result<Arc<Channel>> {
    let channel = access::channel_for(cx, caller, id, Permission::UploadFile).await?;
    if channel.delete_at == 0 { Ok(channel) } else { Err(Refusal::POST_ARCHIVED.into()) }
}

/// Something that has been uploaded.
pub struct Incoming {
    pub name: String,
    pub spool: Spool,
}

/// Keeps what was uploaded to a channel, all or nothing.
///
/// # Errors
///
/// A picture has too many pixels; the file store does not answer.
pub async fn keep(cx: &Cx, by: UserId, channel: ChannelId, incoming: Vec<Incoming>) -> Result<Vec<FileInfo>> {
    let mut kept = Vec::with_capacity(incoming.len());
    for one in incoming {
        match keep_content(cx, new_id(), by, cx.clock.now(), one).await {
            Ok(file) => kept.push(file),
            Err(error) => {
                forget(cx, &kept).await;
                return Err(error);
            }
        }
    }
    let (files, now) = (Arc::new(kept), cx.clock.now());
    let in_tx = files.clone();
    let written = cx.store.write(move |tx| {
        let files = in_tx.clone();
        Box::pin(async move { note(tx, &files, channel, now).await })
    });
    if let Err(error) = written.await {
        forget(cx, &files).await;
        return Err(error);
    }
    Ok(files.iter().map(|f| f.info.clone()).collect())
}

/// Puts one file of somebody's into the store.
///
/// # Errors
///
/// As [`keep`].
pub(super) async fn keep_content(
    cx: &Cx,
    id: FileId,
    by: UserId,
    at: Millis,
    Incoming { name, spool }: Incoming,
) -> Result<StoredFile> {
    let name = kinds::name(&name);
    let extension = kinds::extension(&name);
    let mime_type = kinds::media_type(&extension, spool.head());
    let mut info = FileInfo {
        id,
        user_id: by,
        create_at: at,
        update_at: at,
        name,
        extension,
        size: spool.length() as i64,
        mime_type,
        ..FileInfo::default()
    };
    let mut pictures = Pictures::None;
    if kinds::is_readable_picture(spool.head())
        && spool.length() <= BYTES_MAX
        && let Some((width, height)) = spool.measure(&cx.pictures).await?
    {
        (info.width, info.height) = (width.into(), height.into());
        if info.width * info.height > cx.settings.get().file.max_image_resolution {
            return Err(Refusal::FILE_PICTURE_LARGE.into());
        }
        pictures = Pictures::Ordered;
        // Mattermost: a GIF may move, and is shown itself.
        info.has_preview_image = info.mime_type != "image/gif";
    }
    let path = format!("posts/{}/{}", month(at), info.id);
    cx.files.put(&path, spool).await?;
    Ok(StoredFile { info, path, pictures })
}

/// Writes down files whose content is in the store, and has pictures made of those that are some.
///
/// # Errors
///
/// The database fails.
pub(super) async fn note(tx: &mut Tx, files: &[StoredFile], channel: ChannelId, now: Millis) -> Result<()> {
    for file in files {
        tx.files().insert(file, channel).await?;
        if file.pictures == Pictures::Ordered {
            let order = MakePictures { file_id: file.info.id };
            tx.jobs().order(new_id(), &order, now, now).await?;
        }
    }
    Ok(())
}

/// `2026/09`: a folder does not grow without end.
fn month(at: Millis) -> String {
    let date = jiff::Timestamp::from_millisecond(at).unwrap_or_default().to_zoned_datetime(jiff::tz::TimeZone::UTC);
    format!("{:04}/{:02}", date.year(), date.month())
}

/// Removes content that nothing will ever name.
async fn forget(cx: &Cx, files: &[StoredFile]) {
    for file in files {
        if let Err(failure) = cx.files.remove(&file.path).await {
            tracing::warn!(key = file.path, %failure, "a file that was given up stays in the store");
        }
    }
}

/// Those of the files that somebody may give to a post: their own, that belong to none. In the order of the ids.
/// Mattermost: others are left out and not refused.
///
/// # Errors
///
/// There are too many, or the caller may not upload there.
pub async fn for_post(cx: &Cx, caller: &Caller, channel: &Channel, ids: &[FileId]) -> Result<Vec<FileInfo>> {
    if ids.len() > FILES_MAX {
        return Err(Refusal::POST_FILES.into());
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    access::must_in_channel(cx, caller, channel, Permission::UploadFile).await?;
    let found = cx.store.files().by_ids(ids).await?;
    let mut seen = BTreeSet::new();
    let free = ids.iter().filter(|id| seen.insert(**id)).filter_map(|id| found.iter().find(|f| f.info.id == *id));
    Ok(free.filter(|f| f.info.user_id == caller.id() && f.info.post_id.is_none()).map(|f| f.info.clone()).collect())
}

/// Notes on a post which files it has.
pub fn name_in(post: &mut Post, files: Vec<FileInfo>) {
    post.file_ids = files.iter().map(|f| f.id).collect();
    let of_post = |f| FileInfo { post_id: post.id, channel_id: post.channel_id, ..f };
    post.metadata.files = files.into_iter().map(of_post).collect();
}

/// Gives files to a post as a part of the change that writes it.
///
/// # Errors
///
/// One of them was given to another post in between.
pub async fn attach(tx: &mut Tx, post: &Post, ids: &[FileId], at: Millis) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let attached = tx.files().attach(ids, post.user_id, post.id, post.channel_id, at).await?;
    if attached == ids.len() as u64 { Ok(()) } else { Err(Refusal::POST_FILES_TAKEN.into()) }
}

/// Deletes the files of posts as a part of the change that deletes them; the content follows.
///
/// # Errors
///
/// The database fails.
pub async fn delete_of_posts(tx: &mut Tx, posts: &[PostId], at: Millis) -> Result<()> {
    let paths = tx.files().delete_of_posts(posts, at).await?;
    if !paths.is_empty() {
        tx.jobs().order(new_id(), &RemoveContent { paths }, at, at).await?;
    }
    Ok(())
}

/// A picture's file once its smaller pictures are there: they are made after the upload has been answered, so that who
/// asks at once waits a moment.
///
/// # Errors
///
/// `missing` if there are none.
pub async fn with_pictures(cx: &Cx, mut file: StoredFile, missing: Refusal) -> Result<StoredFile> {
    let waiting = std::time::Instant::now();
    while file.pictures == Pictures::Ordered && waiting.elapsed() < PICTURES_WAIT {
        tokio::time::sleep(PICTURES_LOOK).await;
        file = cx.store.files().by_id(file.info.id).await?.ok_or(Refusal::NO_FILE)?;
    }
    match file.pictures {
        Pictures::Made => Ok(file),
        Pictures::Ordered => Err(Refusal::FILES_UNAVAILABLE.into()),
        Pictures::None | Pictures::Failed => Err(missing.into()),
    }
}

/// The same files with their tiny pictures, where those are made in a moment: a client shows them while it waits for the
/// whole.
///
/// # Errors
///
/// The database fails.
pub async fn with_mini_previews(cx: &Cx, mut files: Vec<FileInfo>) -> Result<Vec<FileInfo>> {
    let soon = |f: &FileInfo| f.width > 0 && f.width * f.height <= MINI_PIXELS && f.mini_preview.is_none();
    let waiting = std::time::Instant::now();
    while waiting.elapsed() < MINI_WAIT {
        let ids: Vec<FileId> = files.iter().filter(|f| soon(f)).map(|f| f.id).collect();
        if ids.is_empty() {
            break;
        }
        tokio::time::sleep(MINI_LOOK).await;
        let made = cx.store.files().by_ids(&ids).await?;
        if made.iter().any(|f| f.pictures == Pictures::Failed) {
            break;
        }
        for file in &mut files {
            if let Some(known) = made.iter().find(|known| known.info.id == file.id) {
                file.mini_preview.clone_from(&known.info.mini_preview);
            }
        }
    }
    Ok(files)
}

/// The link by which anybody can read a posted file.
///
/// # Errors
///
/// Such links are switched off; the file is not posted; the caller may not make links there.
pub async fn public_link(cx: &Cx, caller: &Caller, file: &FileInfo) -> Result<String> {
    let config = cx.settings.get().clone();
    if !config.file.enable_public_link {
        return Err(Refusal::PUBLIC_LINKS_OFF.into());
    }
    if file.post_id.is_none() {
        return Err(Refusal::PUBLIC_LINK_NO_POST.into());
    }
    let channel = access::channel(cx, file.channel_id).await?;
    access::must_in_channel(cx, caller, &channel, Permission::GetPublicLink).await?;
    let site = config.service.site_url.trim_end_matches('/');
    let signed = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&link_key(cx)?, file.id.as_str().as_bytes()));
    Ok(format!("{site}/files/{}/public?h={signed}", file.id))
}

/// The file of such a link.
///
/// # Errors
///
/// They are switched off; the link was not made by us; the file is gone.
pub async fn by_public_link(cx: &Cx, id: FileId, signed: &str) -> Result<StoredFile> {
    if !cx.settings.get().file.enable_public_link {
        return Err(Refusal::PUBLIC_LINKS_OFF.into());
    }
    let invalid = || Error::from(Refusal::PUBLIC_LINK_INVALID);
    let tag = BASE64_URL_SAFE_NO_PAD.decode(signed).map_err(|_| invalid())?;
    hmac::verify(&link_key(cx)?, id.as_str().as_bytes(), &tag).map_err(|_| invalid())?;
    let file = cx.store.files().by_id(id).await?.ok_or(Refusal::NO_FILE)?;
    if file.info.post_id.is_some() { Ok(file) } else { Err(invalid()) }
}

fn link_key(cx: &Cx) -> Result<hmac::Key> {
    let salt = cx.settings.get().file.public_link_salt.clone();
    // Nothing is signed with what everybody knows.
    if salt.is_empty() {
        Err(Refusal::PUBLIC_LINK_INVALID.into())
    } else {
        Ok(hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes()))
    }
}
