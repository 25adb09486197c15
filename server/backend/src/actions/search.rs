//! Finding posts and files, and keeping the indexes of words up with them.

use crate::{
    access::Caller,
    cx::Cx,
    error::{Error, Result},
    files::{
        Failure,
        pictures::{BYTES_MAX, Task},
    },
    search::{query::Asked, words},
};
use model::{
    FileId, Refusal, TeamId,
    channels::direct_name,
    files::{FileInfo, FoundFiles},
    posts::{FoundPosts, PostSearch},
};
use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};
use store::{
    files::StoredFile,
    search::{Entry, PendingFile, Source, Wanted, place_of},
};

/// Posts put into the index at a time: few enough that nobody's change waits long for them.
const BATCH: i64 = 128;
/// How many such batches a search does itself, so that what was just said is found.
const BATCHES: usize = 2;
/// Files put into the index at a time.
const FILES: i64 = 8;
/// How long a search waits for files that are being put into the index.
const FILES_WAIT: Duration = Duration::from_secs(1);
/// Found posts in a page. Mattermost: the client's wish is not heard.
const PAGE: i64 = 100;

/// Puts what waits into the index, a batch of it; says how many posts that were.
///
/// # Errors
///
/// The database fails.
pub async fn catch_up(cx: &Cx) -> Result<usize> {
    let pending = cx.store.search().pending(BATCH).await?;
    if pending.is_empty() {
        return Ok(0);
    }
    let count = pending.len();
    cx.store
        .write(move |tx| {
            let pending = pending.clone();
            Box::pin(async move {
                let sources = tx.search().take(&pending).await?;
                let entries: Vec<Entry> = sources.into_iter().filter_map(entry).collect();
                tx.search().put(&entries).await
            })
        })
        .await?;
    Ok(count)
}

/// What the index gets of a post: nothing of old versions and of what the system says.
fn entry(Source { place, post }: Source) -> Option<Entry> {
    let said = post.original_id.is_none() && !post.kind.starts_with("system_");
    said.then(|| {
        let (words, loose) = words::of_post(&post.message, &post.hashtags);
        Entry { place, id: post.id.cast(), channel_id: post.channel_id, user_id: post.user_id, words, loose }
    })
}

/// Puts files that wait into the index, a few of them; says how many that were.
///
/// # Errors
///
/// The database fails, or the file store does not answer.
pub async fn catch_up_files(cx: &Cx) -> Result<usize> {
    let pending = cx.store.search().pending_files(FILES).await?;
    let count = pending.len();
    for one in pending {
        let file = cx.store.files().by_id(one.file_id).await?.filter(|f| f.info.post_id.is_some());
        let Some(file) = file else {
            put_file(cx, one, None).await?;
            continue;
        };
        let text = text_of(cx, &file).await?;
        if let Err(error) = put_file(cx, one, Some(file_entry(one, &file.info, &text))).await {
            // What the database does not want of its text must not keep the others out.
            tracing::warn!(%error, file = %one.file_id, "a file is found by its name only");
            put_file(cx, one, Some(file_entry(one, &file.info, ""))).await?;
        }
    }
    Ok(count)
}

async fn put_file(cx: &Cx, pending: PendingFile, entry: Option<Entry>) -> Result<()> {
    cx.store
        .write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move { tx.search().put_file(pending, entry.as_ref()).await })
        })
        .await
        .map_err(Error::from)
}

fn file_entry(pending: PendingFile, info: &FileInfo, text: &str) -> Entry {
    let (words, loose) = words::of_file(&info.name, &info.extension, text);
    Entry {
        place: place_of(info.create_at, pending.seq),
        id: info.id.cast(),
        channel_id: info.channel_id,
        user_id: info.user_id,
        words,
        loose,
    }
}

/// The text in a file; empty where there is none for us.
async fn text_of(cx: &Cx, file: &StoredFile) -> Result<String> {
    let kind = file.info.mime_type.split('/').next().unwrap_or_default();
    if matches!(kind, "image" | "video" | "audio") || file.info.size > BYTES_MAX as i64 {
        return Ok(String::new());
    }
    let bytes = match cx.files.read(&file.path, BYTES_MAX).await {
        Ok(bytes) => bytes,
        Err(failure @ Failure::Unavailable(_)) => return Err(failure.into()),
        Err(_) => return Ok(String::new()),
    };
    let made = cx.pictures.make(Task::Text, 0, bytes).await?;
    Ok(made.ok().and_then(|pieces| String::from_utf8(pieces.into_iter().next()?).ok()).unwrap_or_default())
}

/// Files that the caller may read, newest first: of a team and of what is in none, or of everything.
///
/// # Errors
///
/// Nothing is asked for, or the database fails.
pub async fn files(cx: &Cx, caller: &Caller, team: Option<TeamId>, search: PostSearch) -> Result<FoundFiles> {
    if search.terms.is_empty() {
        return Err(Refusal::body("terms").into());
    }
    let asked = Asked::read(&search.terms, search.time_zone_offset);
    if asked.is_empty() || search.page < 0 {
        return Ok(FoundFiles::default());
    }
    // So that what was just posted is found; large files are not waited for.
    if let Ok(Err(error)) = tokio::time::timeout(FILES_WAIT, catch_up_files(cx)).await {
        tracing::warn!(%error, "files cannot be put into the index");
    }
    let wanted = wanted(cx, caller, team, &search, asked).await?;
    let order = cx.store.search().files(&wanted, PAGE, search.page.saturating_mul(PAGE)).await?;
    let files = cx.store.files().by_ids(&order).await?;
    let file_infos: BTreeMap<FileId, FileInfo> = files.into_iter().map(|f| (f.info.id, f.info)).collect();
    let order = order.into_iter().filter(|id| file_infos.contains_key(id)).collect();
    Ok(FoundFiles { order, file_infos, ..FoundFiles::default() })
}

/// Posts that the caller may read, newest first: of a team and of what is in none, or of everything.
///
/// # Errors
///
/// Nothing is asked for, or the database fails.
pub async fn posts(cx: &Cx, caller: &Caller, team: Option<TeamId>, search: PostSearch) -> Result<FoundPosts> {
    if search.terms.is_empty() {
        return Err(Refusal::body("terms").into());
    }
    let asked = Asked::read(&search.terms, search.time_zone_offset).of_messages();
    if asked.is_empty() || search.page < 0 {
        return Ok(FoundPosts::default());
    }
    for _ in 0..BATCHES {
        match catch_up(cx).await {
            Ok(count) if count == BATCH as usize => {}
            Ok(_) => break,
            Err(error) => {
                tracing::warn!(%error, "messages cannot be put into the index");
                break;
            }
        }
    }
    let wanted = wanted(cx, caller, team, &search, asked).await?;
    let posts = cx.store.search().posts(&wanted, PAGE, search.page.saturating_mul(PAGE)).await?;
    let mut found = FoundPosts { order: posts.iter().map(|p| p.id).collect(), ..FoundPosts::default() };
    found.posts = posts.into_iter().map(|p| (p.id, p)).collect();
    super::metadata::complete(cx, Some(caller), found.posts.values_mut()).await?;
    Ok(found)
}

async fn wanted(cx: &Cx, caller: &Caller, team: Option<TeamId>, search: &PostSearch, asked: Asked) -> Result<Wanted> {
    // `in:@ann`: the direct channel with her.
    let with = asked.within.iter().chain(&asked.not_within).filter_map(|name| name.strip_prefix('@'));
    let names: HashSet<&str> =
        with.chain(asked.from.iter().map(String::as_str)).chain(asked.not_from.iter().map(String::as_str)).collect();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let people = if names.is_empty() { Vec::new() } else { cx.store.users().by_usernames(&names).await? };
    let id_of = |name: &str| people.iter().find(|u| u.username == name).map(|u| u.id);
    let ids = |names: &[String]| names.iter().filter_map(|name| id_of(name)).collect::<Vec<_>>();
    let channels = |names: &[String]| {
        let channel = |name: &String| match name.strip_prefix('@') {
            Some(person) => id_of(person).map_or_else(|| name.clone(), |id| direct_name(caller.id(), id)),
            None => name.clone(),
        };
        names.iter().map(channel).collect::<Vec<_>>()
    };
    Ok(Wanted {
        reader: caller.id(),
        team,
        any: search.is_or_search,
        from: (!asked.from.is_empty()).then(|| ids(&asked.from)),
        not_from: ids(&asked.not_from),
        within: (!asked.within.is_empty()).then(|| channels(&asked.within)),
        not_within: channels(&asked.not_within),
        terms: asked.terms,
        not_terms: asked.not_terms,
        during: asked.during,
        not_during: asked.not_during,
        archived: search.include_deleted_channels,
        kinds: asked.kinds,
        not_kinds: asked.not_kinds,
    })
}
