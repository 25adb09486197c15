//! Custom emoji.

use super::{
    Routes,
    extract::{Done, Json, Paging, Path, Query},
    guard::Guard,
};
use crate::{
    access::Caller,
    actions::{self, pictures::KEPT_MAX},
    cx::Cx,
    error::{Error, Result},
    files::Failure,
};
use axum::{
    extract::{DefaultBodyLimit, Multipart},
    handler::Handler as _,
    response::{IntoResponse as _, Response},
};
use http::header;
use model::{
    EmojiId, Refusal,
    emoji::{
        CompleteEmoji, CustomEmoji, DeleteEmoji, EmojiPrefix, EmojiQuery, EmojiSearch, GetEmoji, GetEmojiByName,
        ListEmoji, ListEmojiByNames, SearchEmoji,
    },
    endpoint::Method,
    permission::Permission,
    text::emoji as standard,
};

/// The largest picture that becomes an emoji, in bytes.
const UPLOAD_MAX: usize = 1024 * 1024;
/// The most that a search or a list of names finds.
const FOUND_MAX: i64 = 100;
/// The most names at once.
const NAMES_MAX: usize = 200;

pub(super) fn routes(r: Routes) -> Routes {
    let by_role = Guard::InAction("a role in the system or in any team allows it");
    r.at(Method::Post, "/emoji", by_role, create.layer(DefaultBodyLimit::disable()))
        .on::<ListEmoji, _>(Guard::SignedIn, list)
        .on::<CompleteEmoji, _>(Guard::SignedIn, complete)
        .on::<GetEmojiByName, _>(Guard::SignedIn, by_name)
        .on::<ListEmojiByNames, _>(Guard::SignedIn, by_names)
        .on::<SearchEmoji, _>(Guard::SignedIn, search)
        .on::<GetEmoji, _>(Guard::SignedIn, get)
        .on::<DeleteEmoji, _>(by_role, delete)
        .at(Method::Get, "/emoji/{emoji_id}/image", Guard::SignedIn, picture)
}

async fn create(cx: Cx, caller: Caller, mut form: Multipart) -> Result<Json<CustomEmoji>> {
    actions::emoji::must_be_on(&cx)?;
    actions::emoji::must(&cx, &caller, Permission::CreateEmojis).await?;
    let unreadable = |_| Error::from(Refusal::body("image"));
    let (mut emoji, mut image) = (None, None);
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        let is_image = match field.name() {
            Some("image") => true,
            Some("emoji") => false,
            _ => continue,
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            if bytes.len() + chunk.len() > UPLOAD_MAX {
                return Err(Refusal::EMOJI_LARGE.into());
            }
            bytes.extend_from_slice(&chunk);
        }
        *(if is_image { &mut image } else { &mut emoji }) = Some(bytes);
    }
    let emoji = emoji.ok_or_else(|| Refusal::body("emoji"))?;
    let emoji: CustomEmoji = serde_json::from_slice(&emoji).map_err(|_| Refusal::body("emoji"))?;
    let image = image.ok_or_else(|| Refusal::body("image"))?;
    Ok(Json(actions::emoji::create(&cx, &caller, emoji, image).await?))
}

async fn list(cx: Cx, page: Paging, Query(query): Query<EmojiQuery>) -> Result<Json<Vec<CustomEmoji>>> {
    actions::emoji::must_be_on(&cx)?;
    let by_name = match query.sort.as_deref() {
        None | Some("") => false,
        Some("name") => true,
        Some(_) => return Err(Refusal::url("sort").into()),
    };
    Ok(Json(cx.store.emoji().page(by_name, page.page, page.per_page).await?))
}

async fn complete(cx: Cx, Query(prefix): Query<EmojiPrefix>) -> Result<Json<Vec<CustomEmoji>>> {
    actions::emoji::must_be_on(&cx)?;
    let prefix = prefix.name.filter(|name| !name.is_empty()).ok_or_else(|| Refusal::url("name"))?;
    Ok(Json(cx.store.emoji().search(&prefix, true, FOUND_MAX).await?))
}

async fn by_name(cx: Cx, Path(name): Path<String>) -> Result<Json<CustomEmoji>> {
    actions::emoji::must_be_on(&cx)?;
    if !standard::is_valid_name(&name) {
        return Err(Refusal::url("emoji_name").into());
    }
    Ok(Json(cx.store.emoji().by_name(&name).await?.ok_or(Refusal::NO_EMOJI_NAME)?))
}

async fn by_names(cx: Cx, Json(names): Json<Vec<String>>) -> Result<Json<Vec<CustomEmoji>>> {
    actions::emoji::must_be_on(&cx)?;
    if names.len() > NAMES_MAX {
        return Err(Refusal::EMOJI_NAMES.into());
    }
    Ok(Json(cx.store.emoji().by_names(names.iter().map(String::as_str)).await?))
}

async fn search(cx: Cx, Json(search): Json<EmojiSearch>) -> Result<Json<Vec<CustomEmoji>>> {
    actions::emoji::must_be_on(&cx)?;
    if search.term.is_empty() {
        return Err(Refusal::body("term").into());
    }
    Ok(Json(cx.store.emoji().search(&search.term, search.prefix_only, FOUND_MAX).await?))
}

async fn get(cx: Cx, Path(id): Path<EmojiId>) -> Result<Json<CustomEmoji>> {
    actions::emoji::must_be_on(&cx)?;
    Ok(Json(cx.store.emoji().by_id(id).await?.ok_or(Refusal::NO_EMOJI)?))
}

async fn delete(cx: Cx, caller: Caller, Path(id): Path<EmojiId>) -> Result<Done> {
    actions::emoji::must_be_on(&cx)?;
    actions::emoji::delete(&cx, &caller, id).await?;
    Ok(Done)
}

async fn picture(cx: Cx, Path(id): Path<EmojiId>) -> Result<Response> {
    actions::emoji::must_be_on(&cx)?;
    cx.store.emoji().by_id(id).await?.ok_or(Refusal::NO_EMOJI)?;
    let bytes = match cx.files.read(&actions::emoji::key(id), KEPT_MAX).await {
        Err(Failure::Missing) => return Err(Refusal::NO_EMOJI_PICTURE.into()),
        read => read?,
    };
    // We made it: it is one or the other.
    let kind = if bytes.starts_with(b"GIF8") { "image/gif" } else { "image/png" };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "max-age=2592000, private"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}
