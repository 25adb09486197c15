//! Pictures of people, bots, teams and the organisation.

use super::{
    Routes,
    extract::{Created, Done, Found, IfNoneMatch, Path},
    guard::Guard,
};
use crate::{
    access::{self, Caller},
    actions::{
        self,
        pictures::{BRAND, KEPT_MAX, UPLOAD_MAX, bot_key, made, user_key, words_of},
    },
    cx::Cx,
    error::{Error, Result},
    files::{Failure, initials, pictures::Task},
};
use axum::{
    extract::{DefaultBodyLimit, Multipart},
    handler::Handler as _,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use model::{
    Refusal, TeamId, UserId, endpoint, endpoint::Method, files::DeletePicture, permission::Permission, teams::Team,
    users::User,
};

/// How long a picture need not be asked for again. Its address changes with it.
const DAY: &str = "max-age=86400, private";
/// A drawn one gives way to a real one sooner.
const MINUTES: &str = "max-age=300, private";

pub(super) fn routes(r: Routes) -> Routes {
    let theirs = Guard::InAction("one's own, or a bot's of one's own");
    let bots = Guard::InAction("whose bot it is decides which permission it takes");
    let brand = Guard::System(Permission::EditBrand);
    let unlimited = DefaultBodyLimit::disable;
    r.at(Method::Get, "/users/{user_id}/image", Guard::SignedIn, of_user)
        .at(Method::Get, "/users/{user_id}/image/default", Guard::SignedIn, default_of_user)
        .at(Method::Post, "/users/{user_id}/image", theirs, set_of_user.layer(unlimited()))
        .on::<DeletePicture, _>(theirs, remove_of_user)
        .at(Method::Get, "/bots/{bot_user_id}/icon", bots, of_bot)
        .at(Method::Post, "/bots/{bot_user_id}/icon", bots, set_of_bot.layer(unlimited()))
        .at(Method::Delete, "/bots/{bot_user_id}/icon", bots, remove_of_bot)
        .at(Method::Get, "/teams/{team_id}/image", Guard::InAction("an open team can be seen by everybody"), of_team)
        .at(
            Method::Post,
            "/teams/{team_id}/image",
            Guard::InTeam(Permission::ManageTeam),
            set_of_team.layer(unlimited()),
        )
        .at(Method::Delete, "/teams/{team_id}/image", Guard::InTeam(Permission::ManageTeam), remove_of_team)
        .at(Method::Get, "/brand/image", Guard::Public, brand_image)
        .at(Method::Post, "/brand/image", brand, set_brand.layer(unlimited()))
        .at(Method::Delete, "/brand/image", brand, remove_brand)
}

/// A picture with its tag, or 304 if the client has it. Only what we have encoded ourselves is given.
fn picture(tag: &IfNoneMatch, at: i64, caching: &'static str, bytes: Vec<u8>) -> Response {
    let etag = at.to_string();
    let mut answer = match &tag.0 {
        Some(known) if *known == etag => http::StatusCode::NOT_MODIFIED.into_response(),
        _ => ([(header::CONTENT_TYPE, "image/png")], bytes).into_response(),
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    answer
}

/// A kept picture; `None` if there is none.
async fn kept(cx: &Cx, key: &str) -> Result<Option<Vec<u8>>> {
    match cx.files.read(key, KEPT_MAX).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Failure::Missing) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

/// The file of a form's field, read to the end.
pub(super) struct Upload<'r> {
    pub(super) field: &'r str,
    /// In bytes.
    pub(super) most: usize,
    pub(super) missing: Refusal,
    pub(super) too_large: Refusal,
}

impl Upload<'_> {
    pub(super) async fn of(self, mut form: Multipart) -> Result<Vec<u8>> {
        let unreadable = || Error::from(self.missing.clone());
        while let Some(mut field) = form.next_field().await.map_err(|_| unreadable())? {
            if field.name() != Some(self.field) {
                continue;
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(|_| unreadable())? {
                if bytes.len() + chunk.len() > self.most {
                    return Err(self.too_large.into());
                }
                bytes.extend_from_slice(&chunk);
            }
            return Ok(bytes);
        }
        Err(unreadable())
    }
}

fn image(missing: Refusal, too_large: Refusal) -> Upload<'static> {
    Upload { field: "image", most: UPLOAD_MAX, missing, too_large }
}

/// Draws the picture of somebody who has none.
async fn drawn(cx: &Cx, user: &User) -> Vec<u8> {
    let (id, words) = (user.id, words_of(cx, user));
    tokio::task::spawn_blocking(move || initials::drawn(id.as_str(), &words)).await.unwrap_or_default()
}

async fn of_user(cx: Cx, caller: Caller, tag: IfNoneMatch, Path(id): Path<String>) -> Result<Response> {
    let user = access::user(&cx, caller.resolve(&id)?).await?;
    access::must_see(&cx, &caller, user.id).await?;
    if user.last_picture_update != 0
        && let Some(bytes) = kept(&cx, &user_key(user.id)).await?
    {
        return Ok(picture(&tag, user.last_picture_update, DAY, bytes));
    }
    Ok(picture(&tag, 0, MINUTES, drawn(&cx, &user).await))
}

async fn default_of_user(cx: Cx, caller: Caller, tag: IfNoneMatch, Path(id): Path<String>) -> Result<Response> {
    let user = access::user(&cx, caller.resolve(&id)?).await?;
    access::must_see(&cx, &caller, user.id).await?;
    Ok(picture(&tag, 0, DAY, drawn(&cx, &user).await))
}

async fn set_of_user(cx: Cx, caller: Caller, Path(id): Path<String>, form: Multipart) -> Result<Done> {
    let id = caller.resolve(&id)?;
    access::must_act_for(&cx, &caller, id).await?;
    let bytes = image(Refusal::PICTURE_MISSING, Refusal::PICTURE_LARGE).of(form).await?;
    actions::pictures::set_of_user(&cx, id, bytes).await?;
    Ok(Done)
}

async fn remove_of_user(cx: Cx, caller: Caller, Path(id): Path<String>) -> Result<Done> {
    let id = caller.resolve(&id)?;
    access::must_act_for(&cx, &caller, id).await?;
    actions::pictures::remove_of_user(&cx, id).await?;
    Ok(Done)
}

async fn of_bot(cx: Cx, caller: Caller, tag: IfNoneMatch, Path(id): Path<UserId>) -> Result<Response> {
    let bot = access::bot(&cx, &caller, id).await?;
    let bytes = kept(&cx, &bot_key(id)).await?.ok_or(Refusal::NO_BOT_ICON)?;
    Ok(picture(&tag, bot.update_at, MINUTES, bytes))
}

async fn set_of_bot(cx: Cx, caller: Caller, Path(id): Path<UserId>, form: Multipart) -> Result<Done> {
    access::managed_bot(&cx, &caller, id).await?;
    let bytes = image(Refusal::BOT_ICON_FILE, Refusal::BOT_ICON_LARGE).of(form).await?;
    let icon = made(&cx, Task::Square, bytes, Refusal::BOT_ICON_FILE).await?;
    cx.files.put_bytes(&bot_key(id), icon).await?;
    Ok(Done)
}

async fn remove_of_bot(cx: Cx, caller: Caller, Path(id): Path<UserId>) -> Result<Done> {
    access::managed_bot(&cx, &caller, id).await?;
    kept(&cx, &bot_key(id)).await?.ok_or(Refusal::NO_BOT_ICON_TO_DELETE)?;
    cx.files.remove(&bot_key(id)).await?;
    Ok(Done)
}

fn team_key(team: TeamId) -> String {
    format!("teams/{team}")
}

async fn of_team(cx: Cx, caller: Caller, tag: IfNoneMatch, Path(id): Path<TeamId>) -> Result<Response> {
    let team = access::team(&cx, id).await?;
    super::teams::seen(&cx, &caller, &team).await?;
    let bytes = kept(&cx, &team_key(id)).await?.ok_or(Refusal::TEAM_ICON_MISSING)?;
    Ok(picture(&tag, team.last_team_icon_update, DAY, bytes))
}

async fn set_of_team(cx: Cx, Found(team): Found<Team>, form: Multipart) -> Result<Done> {
    let bytes = image(Refusal::TEAM_ICON_FILE, Refusal::TEAM_ICON_LARGE).of(form).await?;
    let icon = made(&cx, Task::Square, bytes, Refusal::TEAM_ICON_KIND).await?;
    cx.files.put_bytes(&team_key(team.id), icon).await?;
    actions::teams::picture_changed(&cx, team.id, true).await?;
    Ok(Done)
}

/// Mattermost: clients go by `last_team_icon_update`, and who asks all the same is given what was there.
async fn remove_of_team(cx: Cx, Found(team): Found<Team>) -> Result<Done> {
    actions::teams::picture_changed(&cx, team.id, false).await?;
    Ok(Done)
}

async fn brand_image(cx: Cx) -> Result<Response> {
    let bytes = kept(&cx, BRAND).await?.ok_or(Refusal::SYSTEM_BRAND_MISSING)?;
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((headers, bytes).into_response())
}

async fn set_brand(cx: Cx, form: Multipart) -> Result<Created<endpoint::Done>> {
    let bytes = image(Refusal::BRAND_FILE, Refusal::BRAND_LARGE).of(form).await?;
    let brand = made(&cx, Task::Again, bytes, Refusal::BRAND_KIND).await?;
    cx.files.put_bytes(BRAND, brand).await?;
    Ok(Created(endpoint::Done))
}

async fn remove_brand(cx: Cx) -> Result<Done> {
    kept(&cx, BRAND).await?.ok_or(Refusal::NO_BRAND_TO_DELETE)?;
    cx.files.remove(BRAND).await?;
    Ok(Done)
}
