//! What handlers take out of a request, and what they give back.

use super::guard::{BodyGuard, Whose};
use crate::{
    access::{self, Caller},
    cx::Cx,
    error::{Error, Result},
};
use axum::{
    extract::{ConnectInfo, FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use model::{ChannelId, ConnectionId, Refusal, TeamId, UserId};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, atomic::Ordering},
};

impl FromRequestParts<Cx> for Cx {
    type Rejection = Error;
    async fn from_request_parts(_: &mut Parts, cx: &Cx) -> Result<Self> {
        Ok(cx.clone())
    }
}

impl FromRequestParts<Cx> for Caller {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Cx) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Refusal::SESSION_EXPIRED.into())
    }
}

/// Who calls a public route, if anybody says so.
pub struct MaybeCaller(pub Option<Caller>);

impl FromRequestParts<Cx> for MaybeCaller {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Cx) -> Result<Self> {
        Ok(Self(parts.extensions.get::<Caller>().cloned()))
    }
}

/// The thing of the path that the guard found.
#[derive(Clone, Debug)]
pub struct Found<T>(pub Arc<T>);

impl<T: Send + Sync + 'static> FromRequestParts<Cx> for Found<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Cx) -> Result<Self> {
        let found = parts.extensions.get::<Self>().map(|f| Self(f.0.clone()));
        found.ok_or_else(|| Error::Internal(anyhow::anyhow!("the route's guard does not find what its handler takes")))
    }
}

impl FromRequestParts<Cx> for Whose {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Cx) -> Result<Self> {
        let whose = parts.extensions.get::<Self>().copied();
        whose.ok_or_else(|| Error::Internal(anyhow::anyhow!("only routes guarded by Me have this")))
    }
}

/// The address of who calls: the connection's, or what a trusted proxy says.
pub fn address(cx: &Cx, parts: &Parts) -> IpAddr {
    let config = cx.settings.get();
    let by_proxy = config.service.trusted_proxy_ip_header.iter().find_map(|name| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        value.split(',').next()?.trim().parse().ok()
    });
    let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    by_proxy.or(connected).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// The address of who calls.
pub struct Address(pub IpAddr);

impl FromRequestParts<Cx> for Address {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, cx: &Cx) -> Result<Self> {
        Ok(Self(address(cx, parts)))
    }
}

/// The connection that a client says it has, so that it is not told of what it did itself; none if it says nothing.
pub struct Connection(pub ConnectionId);

impl FromRequestParts<Cx> for Connection {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Cx) -> Result<Self> {
        let said = parts.headers.get("connection-id").and_then(|v| v.to_str().ok());
        Ok(Self(said.and_then(|text| text.parse().ok()).unwrap_or_default()))
    }
}

/// The values of the path, by position or by name.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Cx> for Path<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, cx: &Cx) -> Result<Self> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, cx).await;
        read.map(|path| Self(path.0)).map_err(|_| Refusal::url("id").into())
    }
}

/// The query parameters. What makes no sense is as if it were not there.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Default + Send> FromRequestParts<Cx> for Query<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, cx: &Cx) -> Result<Self> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, cx).await;
        Ok(Self(read.map(|q| q.0).unwrap_or_default()))
    }
}

/// No list is so long; a page times its size has to stay a number.
const LAST_PAGE: i64 = 1 << 40;

/// Which page of a list: 60 a page, 200 at most; nonsense falls back to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    pub page: i64,
    pub per_page: i64,
}

impl Paging {
    /// Of the texts in a query.
    pub fn of(page: Option<&str>, per_page: Option<&str>) -> Self {
        let number = |text: Option<&str>| text.and_then(|t| t.parse::<i64>().ok()).filter(|n| *n >= 0);
        Self { page: number(page).unwrap_or(0).min(LAST_PAGE), per_page: number(per_page).unwrap_or(60).min(200) }
    }
}

impl FromRequestParts<Cx> for Paging {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, cx: &Cx) -> Result<Self> {
        let Query(page) = Query::<model::system::Page>::from_request_parts(parts, cx).await?;
        Ok(Self::of(page.page.as_deref(), page.per_page.as_deref()))
    }
}

/// The body as JSON. `null` is as if the field were not there.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Cx> for Json<T> {
    type Rejection = Error;
    async fn from_request(request: Request, cx: &Cx) -> Result<Self> {
        let most = cx.settings.get().service.maximum_payload_size_bytes.max(0) as usize;
        let bytes = axum::body::to_bytes(request.into_body(), most).await.map_err(|_| Refusal::TOO_LARGE)?;
        read(&bytes).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut value: Value = serde_json::from_slice(bytes).map_err(|_| Refusal::body("body"))?;
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, v| !v.is_null());
    }
    serde_json::from_value(value).map_err(|e| Refusal::body(&e.to_string()).into())
}

/// Where what a body asks for happens.
pub enum Scope {
    Channel(ChannelId),
    Team(TeamId),
}

/// A body that says where what it asks for happens.
pub trait Scoped {
    /// # Errors
    ///
    /// It does not say it.
    fn scope(&self) -> Result<Scope, Refusal>;
}

/// A body whose sender holds the permission of the route's guard where the body wants something done.
pub struct Permitted<T>(pub T);

impl<T: DeserializeOwned + Scoped + Send> FromRequest<Cx> for Permitted<T> {
    type Rejection = Error;
    async fn from_request(request: Request, cx: &Cx) -> Result<Self> {
        let caller = request.extensions().get::<Caller>().cloned().ok_or(Refusal::SESSION_EXPIRED)?;
        let guard = request.extensions().get::<BodyGuard>().cloned();
        let guard = guard.ok_or_else(|| Error::Internal(anyhow::anyhow!("the route is not guarded by its body")))?;
        let Json(body) = Json::<T>::from_request(request, cx).await?;
        match body.scope()? {
            Scope::Channel(id) => drop(access::channel_for(cx, &caller, id, guard.permission).await?),
            Scope::Team(id) => access::must_in_team(cx, &caller, id, guard.permission).await?,
        }
        guard.discharged.store(true, Ordering::Relaxed);
        Ok(Self(body))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Something was made: 201.
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, axum::Json(self.0)).into_response()
    }
}

/// Done, and nothing to say: `{"status":"OK"}`.
pub struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        axum::Json(model::endpoint::Done).into_response()
    }
}

/// The tag a client says it has.
pub struct IfNoneMatch(pub Option<String>);

impl FromRequestParts<Cx> for IfNoneMatch {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Cx) -> Result<Self> {
        Ok(Self(parts.headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).map(ToOwned::to_owned)))
    }
}

impl IfNoneMatch {
    /// 304 if the client has this already. Mattermost: tags are not quoted, and begin with the version.
    pub fn hit(&self, tag: &str) -> Option<Response> {
        let tag = etag(tag);
        (self.0.as_deref() == Some(&tag)).then(|| {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            set_etag(&mut response, &tag);
            response
        })
    }

    /// The answer with its tag.
    pub fn tagged(tag: &str, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        set_etag(&mut response, &etag(tag));
        response
    }
}

fn etag(tag: &str) -> String {
    format!("{}.{tag}", model::system::API_VERSION)
}

fn set_etag(response: &mut Response, tag: &str) {
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
}

/// Ids in a list that must not be empty; each has to be one.
///
/// # Errors
///
/// [`Refusal::body`] otherwise.
pub fn ids<K>(texts: &[String], name: &str) -> Result<Vec<model::Id<K>>, Refusal> {
    if texts.is_empty() {
        return Err(Refusal::body(name));
    }
    texts.iter().map(|t| t.parse().map_err(|_| Refusal::body(name))).collect()
}

/// The id of a user in a body, where `me` means the caller.
///
/// # Errors
///
/// [`Refusal::body`] if it is none.
pub fn user_id(text: &str, name: &str) -> Result<UserId, Refusal> {
    text.parse().map_err(|_| Refusal::body(name))
}
