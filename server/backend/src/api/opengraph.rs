//! What linked pages say of themselves, and pictures of other servers by way of this one.

use super::{
    Routes,
    extract::{Json, Query},
    guard::Guard,
};
use crate::{actions::previews, cx::Cx, error::Result, files::kinds};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use model::{
    Refusal,
    endpoint::Method,
    opengraph::{Asked, OpenGraph},
};
use serde::{Deserialize, Serialize};

/// The largest picture that is passed on, in bytes.
const PICTURE_MAX: usize = 16 * 1024 * 1024;

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Post, "/opengraph", Guard::SignedIn, page)
        .at(Method::Get, "/redirect_location", Guard::SignedIn, redirect)
        .at(Method::Get, "/image", Guard::SignedIn, picture)
}

async fn page(cx: Cx, Json(asked): Json<Asked>) -> Result<Json<OpenGraph>> {
    if !cx.settings.get().service.enable_link_previews {
        return Err(Refusal::LINK_PREVIEWS_OFF.into());
    }
    if asked.url.is_empty() {
        return Err(Refusal::body("url").into());
    }
    Ok(Json(previews::of_page(&cx, &asked.url).await?))
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Which {
    url: String,
}

/// Where an address leads to.
#[derive(Serialize, schemars::JsonSchema)]
struct Location {
    location: String,
}

/// Mattermost: where previews are off, nowhere.
async fn redirect(cx: Cx, Query(which): Query<Which>) -> Result<Json<Location>> {
    if which.url.is_empty() {
        return Err(Refusal::url("url").into());
    }
    let on = cx.settings.get().service.enable_link_previews;
    let location = if on { previews::redirect_of(&cx, &which.url).await } else { String::new() };
    Ok(Json(Location { location }))
}

/// A picture, told to be what its bytes begin as; where the proxy is off, the way to it.
async fn picture(cx: Cx, Query(which): Query<Which>) -> Result<Response> {
    if !cx.settings.get().image_proxy.enable {
        let web = url::Url::parse(&which.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let to = web.and_then(|url| HeaderValue::from_str(url.as_str()).ok()).ok_or_else(|| Refusal::url("url"))?;
        return Ok((StatusCode::FOUND, [(header::LOCATION, to)]).into_response());
    }
    let answer = previews::picture(&cx, &which.url, PICTURE_MAX).await.map_err(|failure| {
        tracing::debug!(%failure, "a linked picture cannot be passed on");
        Refusal::NO_LINKED_PICTURE
    })?;
    let kind = kinds::sniffed(&answer.body).filter(|kind| answer.status.is_success() && kind.starts_with("image/"));
    let kind = kind.ok_or(Refusal::NO_LINKED_PICTURE)?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CACHE_CONTROL, "max-age=86400, private"),
    ];
    Ok((headers, answer.body).into_response())
}
