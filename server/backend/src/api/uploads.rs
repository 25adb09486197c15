//! Uploads that go on over several requests.

use super::{
    Routes,
    extract::{Created, Done, Json, Path},
    files::receive,
    guard::{Guard, Whose},
};
use crate::{
    access::Caller,
    actions::uploads::{self, Came},
    cx::Cx,
    error::{Error, Result},
};
use axum::{
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request},
    handler::Handler as _,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures::StreamExt as _;
use http::{StatusCode, header};
use model::{
    Refusal, UploadId,
    endpoint::Method,
    files::{CreateUpload, GetUpload, ListUploads, UploadSession},
    permission::Permission,
};

pub(super) fn routes(r: Routes) -> Routes {
    let own = Guard::InAction("only who began an upload sees it and goes on with it");
    r.on::<CreateUpload, _>(Guard::InAction("the channel is in the body; imports are for administrators"), create)
        .on::<GetUpload, _>(own, get)
        .at(Method::Post, "/uploads/{upload_id}", own, take.layer(DefaultBodyLimit::disable()))
        .on::<ListUploads, _>(Guard::Me(Permission::EditOtherUsers), of_user)
        .at(Method::Get, "/imports", Guard::System(Permission::ManageSystem), imports)
        .at(Method::Delete, "/imports/{import_name}", Guard::System(Permission::ManageSystem), remove_import)
}

async fn create(cx: Cx, caller: Caller, Json(new): Json<UploadSession>) -> Result<Created<UploadSession>> {
    Ok(Created(uploads::create(&cx, &caller, new).await?))
}

async fn get(cx: Cx, caller: Caller, Path(id): Path<UploadId>) -> Result<Json<UploadSession>> {
    Ok(Json(uploads::shown(uploads::find(&cx, &caller, id).await?.session)))
}

async fn of_user(cx: Cx, Whose(user): Whose) -> Result<Json<Vec<UploadSession>>> {
    Ok(Json(uploads::of_user(&cx, user).await?))
}

async fn imports(cx: Cx) -> Result<Json<Vec<String>>> {
    Ok(Json(uploads::imports(&cx).await?))
}

async fn remove_import(cx: Cx, Path(name): Path<String>) -> Result<Done> {
    uploads::remove_import(&cx, &name).await?;
    Ok(Done)
}

async fn take(cx: Cx, caller: Caller, Path(id): Path<UploadId>, request: Request) -> Result<Response> {
    let upload = uploads::find(&cx, &caller, id).await?;
    // Goes on when the client goes away, so that what has come is kept.
    let (working, cx) = (cx.tasks.clone(), cx);
    let taken = working.spawn(async move {
        let left = (upload.session.file_size - upload.session.file_offset).max(0) as u64;
        let mut piece = cx.files.spool().await?;
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let came = if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            let mut form = Multipart::from_request(request, &cx).await.map_err(|_| Refusal::FILE_REQUEST)?;
            loop {
                let field = form.next_field().await.map_err(|_| Refusal::FILE_REQUEST)?;
                let Some(field) = field else { return Err(Error::from(Refusal::FILE_REQUEST)) };
                if field.file_name().is_some() || field.name() == Some("data") {
                    break fill(&mut piece, field, left).await?;
                }
            }
        } else {
            fill(&mut piece, request.into_body().into_data_stream(), left).await?
        };
        uploads::take(&cx, &caller, upload, piece, came).await
    });
    Ok(match taken.await.map_err(Error::internal)?? {
        Some(info) => Json(info).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Writes what is missing of an upload to a spool. Mattermost: more than that is not looked at.
async fn fill<E: Send>(
    piece: &mut crate::files::Spool,
    chunks: impl futures::Stream<Item = Result<Bytes, E>> + Unpin + Send,
    left: u64,
) -> Result<Came> {
    let (mut taken, mut came) = (0, Came::Whole);
    let needed = chunks.map(|chunk| {
        if chunk.is_err() {
            came = Came::Broken;
        }
        chunk.ok()
    });
    let needed = needed.take_while(|chunk| std::future::ready(chunk.is_some())).map(|chunk| {
        let mut chunk = chunk.unwrap_or_default();
        chunk.truncate((left - taken) as usize);
        taken += chunk.len() as u64;
        Ok::<_, std::convert::Infallible>(chunk)
    });
    receive(piece, Box::pin(needed), left).await?;
    Ok(came)
}
