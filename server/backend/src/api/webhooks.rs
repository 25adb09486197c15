//! Webhooks: looking after them, and what programs send to incoming ones.

use super::{
    Routes,
    extract::{Created, Done, Json, Paging, Path, Query},
    guard::{self, Guard},
};
use crate::{
    access::{self, Caller},
    actions::webhooks::{self, INCOMING, OUTGOING},
    cx::Cx,
    error::{Error, Result},
};
use axum::{
    extract::{FromRequest as _, Multipart, Request, State},
    response::{IntoResponse as _, Response},
};
use http::header;
use model::{
    AnyId, Refusal, TeamId,
    permission::Permission,
    webhooks::{
        CreateIncoming, CreateOutgoing, DeleteIncoming, DeleteOutgoing, GetIncoming, GetOutgoing, HooksQuery,
        IncomingPost, IncomingWebhook, IncomingWebhookForm, ListIncoming, ListOutgoing, OutgoingWebhook, RenewOutgoing,
        UpdateIncoming, UpdateOutgoing,
    },
};

pub(super) fn routes(r: Routes) -> Routes {
    let channel = Guard::InAction("the webhook's channel and owner decide");
    let team = Guard::InAction("the webhook's team and owner decide");
    r.on::<CreateIncoming, _>(channel, create_incoming)
        .on::<ListIncoming, _>(team, list_incoming)
        .on::<GetIncoming, _>(channel, get_incoming)
        .on::<UpdateIncoming, _>(channel, update_incoming)
        .on::<DeleteIncoming, _>(channel, delete_incoming)
        .on::<CreateOutgoing, _>(team, create_outgoing)
        .on::<ListOutgoing, _>(team, list_outgoing)
        .on::<GetOutgoing, _>(team, get_outgoing)
        .on::<UpdateOutgoing, _>(team, update_outgoing)
        .on::<DeleteOutgoing, _>(team, delete_outgoing)
        .on::<RenewOutgoing, _>(team, renew_outgoing)
}

fn incoming_on(cx: &Cx) -> Result<(), Refusal> {
    let on = cx.settings.get().service.enable_incoming_webhooks;
    if on { Ok(()) } else { Err(Refusal::INCOMING_MANAGE_OFF) }
}

fn outgoing_on(cx: &Cx) -> Result<(), Refusal> {
    let on = cx.settings.get().service.enable_outgoing_webhooks;
    if on { Ok(()) } else { Err(Refusal::OUTGOING_OFF) }
}

async fn create_incoming(
    cx: Cx,
    caller: Caller,
    Json(form): Json<IncomingWebhookForm>,
) -> Result<Created<IncomingWebhook>> {
    incoming_on(&cx)?;
    Ok(Created(webhooks::create_incoming(&cx, &caller, form).await?))
}

/// Whose webhooks somebody may list in a team, or in all.
async fn listed(
    cx: &Cx,
    caller: &Caller,
    team: Option<TeamId>,
    own: Permission,
    others: Permission,
) -> Result<Option<model::UserId>> {
    let all = if let Some(team) = team {
        access::must_in_team(cx, caller, team, own).await?;
        access::may_in_team(cx, caller, team, others).await?
    } else {
        caller.must(own)?;
        caller.may(others)
    };
    Ok((!all).then(|| caller.id()))
}

fn team_of(query: &HooksQuery) -> Result<Option<TeamId>, Refusal> {
    let team = query.team_id.as_deref().filter(|t| !t.is_empty());
    team.map(|t| t.parse().map_err(|_| Refusal::url("team_id"))).transpose()
}

async fn list_incoming(cx: Cx, caller: Caller, page: Paging, Query(query): Query<HooksQuery>) -> Result<Response> {
    incoming_on(&cx)?;
    let team = team_of(&query)?;
    let of = listed(&cx, &caller, team, INCOMING.own, INCOMING.others).await?;
    let hooks = cx.store.webhooks().incoming_page(team, of, page.per_page, page.page * page.per_page).await?;
    if query.include_total_count.as_deref() != Some("true") {
        return Ok(Json(hooks).into_response());
    }
    let total = cx.store.webhooks().incoming_count(team, of).await?;
    Ok(Json(serde_json::json!({"incoming_webhooks": hooks, "total_count": total})).into_response())
}

async fn get_incoming(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Json<IncomingWebhook>> {
    Ok(Json(webhooks::incoming(&cx, &caller, id).await?))
}

async fn update_incoming(
    cx: Cx,
    caller: Caller,
    Path(id): Path<AnyId>,
    Json(form): Json<IncomingWebhookForm>,
) -> Result<Created<IncomingWebhook>> {
    incoming_on(&cx)?;
    if form.id != id.as_str() {
        return Err(Refusal::body("hook_id").into());
    }
    let old = webhooks::incoming(&cx, &caller, id).await?;
    // Mattermost: 201, though nothing is made.
    Ok(Created(webhooks::update_incoming(&cx, &caller, old, form).await?))
}

async fn delete_incoming(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Done> {
    webhooks::incoming(&cx, &caller, id).await?;
    webhooks::delete_incoming(&cx, id).await?;
    Ok(Done)
}

async fn create_outgoing(cx: Cx, caller: Caller, Json(new): Json<OutgoingWebhook>) -> Result<Created<OutgoingWebhook>> {
    outgoing_on(&cx)?;
    Ok(Created(webhooks::create_outgoing(&cx, &caller, new).await?))
}

async fn list_outgoing(
    cx: Cx,
    caller: Caller,
    page: Paging,
    Query(query): Query<HooksQuery>,
) -> Result<Json<Vec<OutgoingWebhook>>> {
    outgoing_on(&cx)?;
    let (limit, offset) = (page.per_page, page.page * page.per_page);
    let Some(channel) = query.channel_id.as_deref().filter(|c| !c.is_empty()) else {
        let team = team_of(&query)?;
        let of = listed(&cx, &caller, team, OUTGOING.own, OUTGOING.others).await?;
        return Ok(Json(cx.store.webhooks().outgoing_page(team, of, limit, offset).await?));
    };
    let id = channel.parse().map_err(|_| Refusal::url("channel_id"))?;
    let channel = access::channel_for(&cx, &caller, id, OUTGOING.own).await?;
    let all = access::may_in_channel(&cx, &caller, &channel, OUTGOING.others).await?;
    let of_team = webhooks::of_team(&cx, channel.team_id).await?;
    let of_channel = of_team.iter().filter(|h| h.channel_id == channel.id && (all || h.creator_id == caller.id()));
    Ok(Json(of_channel.skip(offset as usize).take(limit as usize).cloned().collect()))
}

async fn get_outgoing(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Json<OutgoingWebhook>> {
    Ok(Json(webhooks::outgoing(&cx, &caller, id).await?))
}

async fn update_outgoing(
    cx: Cx,
    caller: Caller,
    Path(id): Path<AnyId>,
    Json(new): Json<OutgoingWebhook>,
) -> Result<Json<OutgoingWebhook>> {
    outgoing_on(&cx)?;
    if new.id != id {
        return Err(Refusal::body("hook_id").into());
    }
    let old = webhooks::outgoing(&cx, &caller, id).await?;
    Ok(Json(webhooks::update_outgoing(&cx, old, new).await?))
}

async fn delete_outgoing(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Done> {
    let hook = webhooks::outgoing(&cx, &caller, id).await?;
    webhooks::delete_outgoing(&cx, hook).await?;
    Ok(Done)
}

async fn renew_outgoing(cx: Cx, caller: Caller, Path(id): Path<AnyId>) -> Result<Json<OutgoingWebhook>> {
    let hook = webhooks::outgoing(&cx, &caller, id).await?;
    Ok(Json(webhooks::renew_outgoing(&cx, hook).await?))
}

/// `POST /hooks/{id}`, at the root of the site: JSON, a form's or a multipart form's `payload`.
pub(super) async fn receive(
    State(cx): State<Cx>,
    axum::extract::Path(id): axum::extract::Path<String>,
    request: Request,
) -> Result<Response> {
    let sent = sent(&cx, request).await?;
    webhooks::receive(&cx, &id, sent).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain")], "ok").into_response())
}

/// What a program sends, in whichever of the three ways.
async fn sent(cx: &Cx, request: Request) -> Result<IncomingPost> {
    let (parts, body) = request.into_parts();
    guard::limit(cx, &parts, None)?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.trim_start().to_ascii_lowercase();
    let most = cx.settings.get().service.maximum_payload_size_bytes.max(0) as usize;
    if kind.starts_with("multipart/form-data") {
        let whole = axum::body::to_bytes(body, most).await.map_err(|_| Refusal::TOO_LARGE)?;
        let request = Request::from_parts(parts, whole.into());
        let mut form = Multipart::from_request(request, cx).await.map_err(|_| Refusal::INCOMING_PARSE)?;
        while let Some(field) = form.next_field().await.map_err(|_| Refusal::INCOMING_PARSE)? {
            if field.name() == Some("payload") {
                return read(&field.bytes().await.map_err(|_| Refusal::INCOMING_PARSE)?);
            }
        }
        return Err(Refusal::INCOMING_PARSE.into());
    }
    let bytes = axum::body::to_bytes(body, most).await.map_err(|_| Refusal::TOO_LARGE)?;
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return read(&bytes);
    }
    let payload = url::form_urlencoded::parse(&bytes).find(|(name, _)| name == "payload").map(|(_, value)| value);
    // Some programs send JSON and call it a form.
    payload.map_or_else(|| read(&bytes), |text| read(text.as_bytes()))
}

fn read(bytes: &[u8]) -> Result<IncomingPost> {
    if let Ok(sent) = serde_json::from_slice(bytes) {
        return Ok(sent);
    }
    // Many programs do not escape the line breaks in their texts.
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::INCOMING_PARSE)?;
    serde_json::from_str(&escaped(text)).map_err(|_| Error::from(Refusal::INCOMING_PARSE))
}

/// JSON with the control characters inside its texts escaped.
fn escaped(json: &str) -> String {
    use std::fmt::Write as _;
    let (mut out, mut inside, mut after_backslash) = (String::with_capacity(json.len() + 16), false, false);
    for c in json.chars() {
        if inside && c.is_control() {
            let _ = write!(out, "\\u{:04x}", c as u32);
        } else {
            out.push(c);
        }
        if c == '"' && !after_backslash {
            inside = !inside;
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    out
}
