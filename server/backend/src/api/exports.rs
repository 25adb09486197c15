//! Archives of everything, which jobs write.

use super::{
    Routes,
    extract::{Done, Json, Path},
    files::Given,
    guard::Guard,
};
use crate::{actions::bulk::export, cx::Cx, error::Result};
use axum::response::Response;
use http::HeaderMap;
use model::{Refusal, endpoint::Method, permission::Permission};

pub(super) fn routes(r: Routes) -> Routes {
    let admin = Guard::System(Permission::ManageSystem);
    r.at(Method::Get, "/exports", admin, list)
        .at(Method::Get, "/exports/{export_name}", admin, download)
        .at(Method::Delete, "/exports/{export_name}", admin, remove)
        // Archives are fetched from here, wherever they are kept.
        .refused(Method::Post, "/exports/{export_name}/presign-url", admin, &Refusal::PRESIGN_OFF)
}

async fn list(cx: Cx) -> Result<Json<Vec<String>>> {
    Ok(Json(export::list(&cx).await?))
}

async fn download(cx: Cx, Path(name): Path<String>, asked: HeaderMap) -> Result<Response> {
    archive(&cx, &name, &asked).await
}

/// An archive, or the part of it that is asked for.
pub(super) async fn archive(cx: &Cx, name: &str, asked: &HeaderMap) -> Result<Response> {
    let (key, size) = export::find(cx, name).await?;
    given(cx, key, name, size, asked).await
}

/// An archive in the file store, or the part of it that is asked for.
pub(super) async fn given(cx: &Cx, key: String, name: &str, size: u64, asked: &HeaderMap) -> Result<Response> {
    // What is under a name never changes.
    Given { key, name, media_type: "application/zip", size: Some(size), changed: 0, saved: true }
        .answer(cx, asked)
        .await
}

async fn remove(cx: Cx, Path(name): Path<String>) -> Result<Done> {
    export::remove(&cx, &name).await?;
    Ok(Done)
}
