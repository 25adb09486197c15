//! Pages: the app rendered on the server, its files, and the forms that work without scripts.

use crate::{assets, forms, languages, oauth};
use app::{
    Assets, PageStatus, Spoken,
    browser::{Csrf, Site},
    client::{InProcess, InProcessRequest},
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use backend::{
    Backend,
    api::guard::{CSRF_COOKIE, cookie},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::{
    config::LeptosOptions,
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list};
use std::{net::SocketAddr, sync::Arc};
use tower::ServiceExt as _;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate as _, SizeAbove},
    },
};

/// Everything the server answers.
pub fn router(backend: &Backend) -> Router {
    let assets::Urls { js, wasm, css, later_css, emoji, words } = assets::Urls::current();
    let assets = Assets { js, wasm, css, later_css, emoji, words };
    let options = LeptosOptions::builder().output_name("confab").build();
    let shell = move || app::shell(assets.clone());
    let api = backend.api.clone();
    let context = move || visit(&api);
    let pages = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(app::App), context.clone(), shell.clone())
        .fallback(leptos_axum::render_app_async_with_context(context, shell))
        .with_state(options)
        .layer(from_fn(headers))
        .layer(from_fn_with_state((backend.api.clone(), backend.cx.clone()), languages::choose))
        .layer(from_fn_with_state(backend.cx.clone(), oauth::answer))
        // A page is much of the same, and somebody waits for all of it: a millisecond more makes it a sixth smaller.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)));
    // What is served compressed already is left alone; so are small answers, which would only grow.
    let worth_it = SizeAbove::new(860).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it);
    Router::new()
        .merge(assets::router())
        .merge(forms::router(&backend.api))
        .merge(pages)
        .merge(backend.api.clone())
        .layer(compression)
}

/// Gives the app what it needs of a request: the way to the API with the visitor's own session.
fn visit(api: &Router) {
    let Some(parts) = use_context::<Parts>() else { return };
    if let Some(csrf) = cookie(&parts.headers, CSRF_COOKIE) {
        provide_context(Csrf(csrf.to_owned()));
    }
    provide_context(Site(site(&parts)));
    let mut caller = Caller::of(&parts);
    if let Some(csrf) = cookie(&parts.headers, CSRF_COOKIE) {
        // The page's own calls: some reads of the API are POSTs.
        caller.insert("x-csrf-token", csrf);
    }
    let api = api.clone();
    if let Some(spoken) = parts.extensions.get::<Spoken>() {
        provide_context(*spoken);
    }
    provide_context(InProcess(Arc::new(move |asked: InProcessRequest| {
        let (api, caller) = (api.clone(), caller.clone());
        Box::pin(async move {
            let method = asked.method.parse().unwrap_or(Method::GET);
            let response = caller.call(api, method, &asked.path_and_query, asked.body).await;
            let status = response.status().as_u16();
            (status, text(response).await)
        })
    })));
    if let Some(options) = use_context::<ResponseOptions>() {
        if let Some(policy) = use_nonce().and_then(|nonce| HeaderValue::from_str(&policy(&nonce)).ok()) {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
        provide_context(PageStatus(Arc::new(move |status| {
            options.set_status(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
        })));
    }
}

/// The address that the browser shows, as far as a request tells it.
fn site(parts: &Parts) -> String {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = header("host").or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
    let scheme = if header("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    host.map(|host| format!("{scheme}://{host}")).unwrap_or_default()
}

/// What a page may load: our own files and scripts, pictures from anywhere.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: https: http:; connect-src 'self' ws: wss:; frame-src 'self' blob:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )
}

/// What every page's answer has.
async fn headers(request: Request, next: Next) -> Response {
    // Without cookies nobody is known, and without values in the address nothing is said: such a page holds nothing of
    // anybody's, and may be kept if it is asked about each time.
    let of_nobody = !request.headers().contains_key(header::COOKIE) && request.uri().query().is_none();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        // Otherwise a page holds what its reader may see, and the next reader may be somebody else.
        (header::CACHE_CONTROL, if of_nobody { "no-cache, max-age=31556926, public" } else { "no-store" }),
        (header::VARY, "Cookie, Accept-Language"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Who asks for a page or sends a form, as far as the API needs to know.
#[derive(Clone)]
pub struct Caller {
    headers: HeaderMap,
    address: Option<SocketAddr>,
}

impl Caller {
    /// Of a request by a browser.
    pub fn of(parts: &Parts) -> Self {
        let mut headers = HeaderMap::new();
        for name in
            [header::COOKIE, header::USER_AGENT, header::ACCEPT_LANGUAGE, HeaderName::from_static("x-forwarded-for")]
        {
            for value in parts.headers.get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Self { headers, address: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0) }
    }

    /// Adds a header to all calls.
    pub fn insert(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// Calls the API as this caller.
    pub async fn call(&self, api: Router, method: Method, path_and_query: &str, body: Option<String>) -> Response {
        let mut request = Request::new(Body::from(body.unwrap_or_default()));
        *request.method_mut() = method;
        let Ok(uri) = path_and_query.parse() else {
            let mut refused = Response::new(Body::empty());
            *refused.status_mut() = StatusCode::BAD_REQUEST;
            return refused;
        };
        *request.uri_mut() = uri;
        request.headers_mut().clone_from(&self.headers);
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        match api.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// The most a page reads of an answer of the API, in bytes.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// The text of an answer; empty where it cannot be read.
pub async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), ANSWER_MAX).await.unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
