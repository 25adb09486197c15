//! Files: uploading in two ways, reading whole and in parts, thumbnails, previews, public links.

use super::{
    Routes,
    extract::{Created, Done, Found, Json, Path, Query},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::{
        self,
        files::{Incoming, PREVIEW, THUMBNAIL},
    },
    cx::Cx,
    error::{Error, Result},
    files::{Spool, kinds},
};
use axum::{
    body::{Body, HttpBody as _},
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State, multipart::Field},
    handler::Handler as _,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::{
    Timestamp,
    fmt::rfc2822::{DateTimeParser, DateTimePrinter},
};
use model::{
    ChannelId, FileId, Millis, Refusal,
    endpoint::Method,
    files::{FileInfo, GetFileInfo, GetPublicLink, ListFilesOfPost, PublicLink, Uploaded},
    permission::Permission,
    posts::{FILES_MAX, Post},
};
use serde::Deserialize;
use std::ops::Range;
use store::files::StoredFile;

const READ: Guard = Guard::InAction("who uploaded a file reads it, and once it is posted who reads its channel");

pub(super) fn routes(r: Routes) -> Routes {
    let to_channel = Guard::InAction("the channel is in the body or the address");
    r.at(Method::Post, "/files", to_channel, upload.layer(DefaultBodyLimit::disable()))
        .at(Method::Get, "/files/{file_id}", READ, content)
        .at(Method::Get, "/files/{file_id}/thumbnail", READ, thumbnail)
        .at(Method::Get, "/files/{file_id}/preview", READ, preview)
        .on::<GetFileInfo, _>(READ, info)
        .on::<GetPublicLink, _>(READ, link)
        .at(Method::Get, "/files/{file_id}/public", Guard::Public, public)
        .on::<ListFilesOfPost, _>(Guard::PostReader, of_post)
        .at(Method::Post, "/file/test", Guard::System(Permission::TestS3), test_store)
        .at(Method::Post, "/file/s3_test", Guard::System(Permission::TestS3), test_s3)
}

/// Whether a file store works: the one in use, or one with the settings that are sent.
async fn test_store(cx: Cx, caller: Caller, body: Bytes) -> Result<Done> {
    actions::files::test_store(&cx, &caller, given(&body)?).await?;
    Ok(Done)
}

/// The same for S3, whatever is in use.
async fn test_s3(cx: Cx, caller: Caller, body: Bytes) -> Result<Done> {
    let mut settings = given(&body)?;
    settings.insert("DriverName".into(), "amazons3".into());
    actions::files::test_store(&cx, &caller, settings).await?;
    Ok(Done)
}

/// What a configuration says of the file store; nothing where it says nothing.
fn given(body: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>> {
    if body.is_empty() {
        return Ok(serde_json::Map::new());
    }
    let config: serde_json::Value = serde_json::from_slice(body).map_err(|_| Refusal::body("config"))?;
    Ok(config.get("FileSettings").and_then(|s| s.as_object()).cloned().unwrap_or_default())
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct UploadQuery {
    channel_id: String,
    filename: String,
    client_id: Option<String>,
}

async fn upload(
    cx: Cx,
    caller: Caller,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<Created<Uploaded>> {
    actions::files::must_be_on(&cx)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let form = Multipart::from_request(request, &cx).await.map_err(|_| Refusal::FILE_REQUEST)?;
        return of_form(&cx, &caller, form, &query.channel_id).await.map(Created);
    }
    let channel: ChannelId = query.channel_id.parse().map_err(|_| Refusal::url("channel_id"))?;
    if query.filename.is_empty() {
        return Err(Refusal::url("filename").into());
    }
    let channel = actions::files::uploadable(&cx, &caller, channel).await?;
    let most = largest(&cx);
    if request.body().size_hint().lower() > most {
        return Err(Refusal::FILE_TOO_LARGE.into());
    }
    let mut spool = cx.files.spool().await?;
    receive(&mut spool, request.into_body().into_data_stream(), most).await?;
    let incoming = vec![Incoming { name: query.filename, spool }];
    let file_infos = actions::files::keep(&cx, caller.id(), channel.id, incoming).await?;
    let file_infos = actions::files::with_mini_previews(&cx, file_infos).await?;
    Ok(Created(Uploaded { file_infos, client_ids: query.client_id.map(|id| vec![id]) }))
}

/// The largest file, in bytes.
fn largest(cx: &Cx) -> u64 {
    cx.settings.get().file.max_file_size.max(0) as u64
}

/// Writes what comes in to a spool.
///
/// # Errors
///
/// It breaks off, or is larger than it may be.
pub(super) async fn receive<E>(
    spool: &mut Spool,
    mut chunks: impl futures::Stream<Item = Result<Bytes, E>> + Unpin,
    most: u64,
) -> Result<()> {
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::FILE_REQUEST)?;
        if spool.length() + chunk.len() as u64 > most {
            return Err(Refusal::FILE_TOO_LARGE.into());
        }
        spool.write(&chunk).await?;
    }
    Ok(())
}

/// Files and where they go, as a form that may have its fields in any order.
async fn of_form(cx: &Cx, caller: &Caller, mut form: Multipart, in_address: &str) -> Result<Uploaded> {
    let unreadable = |_| Error::from(Refusal::FILE_REQUEST);
    let (mut incoming, mut client_ids) = (Vec::new(), Vec::new());
    let mut channel = match in_address {
        "" => None,
        id => Some(allowed(cx, caller, id).await?),
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "channel_id" => {
                let id = short(field).await?;
                if channel.is_some_and(|c: ChannelId| c.as_str() != id) {
                    return Err(Refusal::FILE_CHANNELS.into());
                }
                // Said before the files, it is looked at before they are taken in.
                channel = Some(allowed(cx, caller, &id).await?);
            }
            "client_ids" => client_ids.push(short(field).await?),
            _ if field.file_name().is_some() => {
                if incoming.len() >= FILES_MAX {
                    return Err(Refusal::FILE_TOO_MANY.into());
                }
                let name = field.file_name().unwrap_or_default().to_owned();
                let mut spool = cx.files.spool().await?;
                receive(&mut spool, field, largest(cx)).await?;
                incoming.push(Incoming { name, spool });
            }
            _ => {}
        }
    }
    let channel = channel.ok_or_else(|| Refusal::url("channel_id"))?;
    if incoming.is_empty() {
        return Err(Refusal::FILE_REQUEST.into());
    }
    if !client_ids.is_empty() && client_ids.len() != incoming.len() {
        return Err(Refusal::FILE_CLIENT_IDS.into());
    }
    let file_infos = actions::files::keep(cx, caller.id(), channel, incoming).await?;
    let file_infos = actions::files::with_mini_previews(cx, file_infos).await?;
    Ok(Uploaded { file_infos, client_ids: Some(client_ids) })
}

async fn allowed(cx: &Cx, caller: &Caller, id: &str) -> Result<ChannelId> {
    let id: ChannelId = id.parse().map_err(|_| Refusal::url("channel_id"))?;
    Ok(actions::files::uploadable(cx, caller, id).await?.id)
}

/// A field of a form that is no file.
async fn short(mut field: Field<'_>) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Refusal::FILE_REQUEST)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > 1024 {
            return Err(Refusal::FILE_REQUEST.into());
        }
    }
    String::from_utf8(bytes).map_err(|_| Refusal::FILE_REQUEST.into())
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct ReadQuery {
    download: Option<String>,
}

impl ReadQuery {
    /// To be saved whatever it is.
    fn saved(&self) -> bool {
        matches!(self.download.as_deref(), Some("1" | "true"))
    }
}

async fn content(
    cx: Cx,
    caller: Caller,
    Path(id): Path<FileId>,
    Query(query): Query<ReadQuery>,
    asked: HeaderMap,
) -> Result<Response> {
    let file = access::file(&cx, &caller, id).await?;
    whole(&cx, &file, &asked, query.saved()).await
}

async fn whole(cx: &Cx, file: &StoredFile, asked: &HeaderMap, saved: bool) -> Result<Response> {
    let given = Given {
        key: file.path.clone(),
        name: &file.info.name,
        media_type: &file.info.mime_type,
        size: Some(file.info.size.max(0) as u64),
        changed: file.info.create_at,
        saved,
    };
    given.answer(cx, asked).await
}

async fn thumbnail(
    cx: Cx,
    caller: Caller,
    Path(id): Path<FileId>,
    Query(query): Query<ReadQuery>,
    asked: HeaderMap,
) -> Result<Response> {
    let file = access::file(&cx, &caller, id).await?;
    let file = actions::files::with_pictures(&cx, file, Refusal::FILE_NO_THUMBNAIL).await?;
    smaller(&cx, &file, THUMBNAIL, &asked, query.saved()).await
}

async fn preview(
    cx: Cx,
    caller: Caller,
    Path(id): Path<FileId>,
    Query(query): Query<ReadQuery>,
    asked: HeaderMap,
) -> Result<Response> {
    let file = access::file(&cx, &caller, id).await?;
    if file.info.mime_type == "image/gif" {
        // It may move, and is shown itself.
        return Err(Refusal::FILE_NO_PREVIEW.into());
    }
    let file = actions::files::with_pictures(&cx, file, Refusal::FILE_NO_PREVIEW).await?;
    smaller(&cx, &file, PREVIEW, &asked, query.saved()).await
}

async fn smaller(cx: &Cx, file: &StoredFile, end: &str, asked: &HeaderMap, saved: bool) -> Result<Response> {
    let given = Given {
        key: format!("{}{end}", file.path),
        name: &file.info.name,
        media_type: "image/jpeg",
        size: None,
        changed: file.info.create_at,
        saved,
    };
    given.answer(cx, asked).await
}

async fn info(cx: Cx, caller: Caller, Path(id): Path<FileId>) -> Result<Response> {
    let file = access::file(&cx, &caller, id).await?;
    let mut answer = Json(file.info).into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=2592000, private"));
    Ok(answer)
}

async fn link(cx: Cx, caller: Caller, Path(id): Path<FileId>) -> Result<Json<PublicLink>> {
    if !cx.settings.get().file.enable_public_link {
        return Err(Refusal::PUBLIC_LINKS_OFF.into());
    }
    let file = access::file(&cx, &caller, id).await?;
    Ok(Json(PublicLink { link: actions::files::public_link(&cx, &caller, &file.info).await? }))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub(super) struct PublicQuery {
    h: String,
}

async fn public(
    cx: Cx,
    Path(id): Path<String>,
    Query(query): Query<PublicQuery>,
    asked: HeaderMap,
) -> Result<Response> {
    let id = id.parse().map_err(|_| Refusal::url("file_id"))?;
    let file = actions::files::by_public_link(&cx, id, &query.h).await?;
    let mut answer = whole(&cx, &file, &asked, false).await?;
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(answer)
}

/// The same for people who follow the link: what is wrong is a page to read.
pub(super) async fn public_page(
    State(cx): State<Cx>,
    path: Path<String>,
    query: Query<PublicQuery>,
    asked: HeaderMap,
) -> Response {
    match public(cx, path, query, asked).await {
        Ok(answer) => answer,
        Err(error) => {
            let refusal = error.into_refusal();
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            // The texts are ours and hold nothing of the request.
            let page = format!(
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>File</title><p>{}</p><p><a href=\"/\">Home</a></p>",
                refusal.message
            );
            (status, axum::response::Html(page)).into_response()
        }
    }
}

async fn of_post(cx: Cx, Found(post): Found<Post>) -> Result<Json<Vec<FileInfo>>> {
    let mut post = (*post).clone();
    actions::metadata::complete(&cx, None, [&mut post]).await?;
    Ok(Json(post.metadata.files))
}

/// Something of the file store that is given to a browser.
pub(super) struct Given<'f> {
    pub key: String,
    pub name: &'f str,
    pub media_type: &'f str,
    /// Where it is known; only then parts can be asked for.
    pub size: Option<u64>,
    pub changed: Millis,
    pub saved: bool,
}

/// What a request asks for of a file.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    /// A part that is not there.
    Nothing,
    /// It is known already.
    Unchanged,
}

impl Given<'_> {
    pub(super) async fn answer(self, cx: &Cx, asked: &HeaderMap) -> Result<Response> {
        let changed = Timestamp::from_millisecond(self.changed).unwrap_or_default();
        let wanted = wanted(asked, self.size, changed);
        let (kind, shown) = kinds::told(self.media_type);
        let mut answer = Response::new(Body::empty());
        let headers = answer.headers_mut();
        let mut say = |name, text: &str| {
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.insert(name, value);
            }
        };
        say(header::CACHE_CONTROL, "private, no-cache");
        say(header::LAST_MODIFIED, &http_date(changed));
        say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        say(header::X_FRAME_OPTIONS, "DENY");
        say(header::CONTENT_SECURITY_POLICY, "Frame-ancestors 'none'");
        if self.size.is_some() {
            say(header::ACCEPT_RANGES, "bytes");
        }
        if wanted == Wanted::Unchanged {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(answer);
        }
        if let (Wanted::Nothing, Some(size)) = (&wanted, self.size) {
            say(header::CONTENT_RANGE, &format!("bytes */{size}"));
            *answer.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            return Ok(answer);
        }
        say(header::CONTENT_TYPE, kind);
        say(header::CONTENT_DISPOSITION, &kinds::disposition(self.name, shown && !self.saved));
        let range = if let Wanted::Part(range) = wanted { Some(range) } else { None };
        let reading = cx.files.get(&self.key, range.clone()).await?;
        say(header::CONTENT_LENGTH, &reading.length.to_string());
        if let (Some(range), Some(size)) = (&range, self.size) {
            say(header::CONTENT_RANGE, &format!("bytes {}-{}/{size}", range.start, range.end - 1));
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
        *answer.body_mut() = Body::from_stream(reading.body);
        Ok(answer)
    }
}

fn http_date(at: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn wanted(asked: &HeaderMap, size: Option<u64>, changed: Timestamp) -> Wanted {
    let known = text(asked, header::IF_MODIFIED_SINCE).and_then(|t| DateTimeParser::new().parse_timestamp(t).ok());
    if known.is_some_and(|known| known.as_second() >= changed.as_second()) {
        return Wanted::Unchanged;
    }
    let (Some(size), Some(range)) = (size, text(asked, header::RANGE)) else { return Wanted::Whole };
    // A part of what has changed since would be put together with another file's.
    if text(asked, header::IF_RANGE).is_some_and(|t| t != http_date(changed)) {
        return Wanted::Whole;
    }
    part(range, size)
}

/// The part that `bytes=…` names. Several at once, or what makes no sense, is answered as a whole.
fn part(range: &str, size: u64) -> Wanted {
    let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|r| r.split_once('-')) else {
        return Wanted::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (first.trim(), last.trim()) {
        ("", last) => number(last).map(|count| size.saturating_sub(count)..size),
        (first, "") => number(first).map(|start| start..size),
        (first, last) => number(first).zip(number(last)).map(|(start, end)| start..end.saturating_add(1).min(size)),
    };
    match range {
        None => Wanted::Whole,
        Some(range) if range.is_empty() => Wanted::Nothing,
        Some(range) => Wanted::Part(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_both_ends() {
        assert_eq!(part("bytes=0-4", 10), Wanted::Part(0..5));
        assert_eq!(part("bytes=5-", 10), Wanted::Part(5..10));
        assert_eq!(part("bytes=-3", 10), Wanted::Part(7..10));
        assert_eq!(part("bytes=-30", 10), Wanted::Part(0..10));
        assert_eq!(part("bytes=8-100", 10), Wanted::Part(8..10));
        assert_eq!(part("bytes=10-", 10), Wanted::Nothing);
        assert_eq!(part("bytes=-0", 10), Wanted::Nothing);
        assert_eq!(part("bytes=0-1,3-4", 10), Wanted::Whole);
        assert_eq!(part("lines=0-1", 10), Wanted::Whole);
        assert_eq!(part("bytes=0-", 0), Wanted::Nothing);
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let changed = Timestamp::from_millisecond(1_790_000_000_123).expect("a moment");
        let with = |name, value: &str| HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("text"))]);
        let date = http_date(changed);
        assert_eq!(date, "Mon, 21 Sep 2026 14:13:20 GMT");
        assert_eq!(wanted(&with(header::IF_MODIFIED_SINCE, &date), Some(10), changed), Wanted::Unchanged);
        let mut asked = with(header::RANGE, "bytes=0-1");
        assert_eq!(wanted(&asked, Some(10), changed), Wanted::Part(0..2));
        assert_eq!(wanted(&asked, None, changed), Wanted::Whole);
        asked.insert(header::IF_RANGE, HeaderValue::from_static("Mon, 21 Sep 2020 14:13:20 GMT"));
        assert_eq!(wanted(&asked, Some(10), changed), Wanted::Whole);
    }
}
