//! The ways in by HTTP: one file per resource with its route lines and handlers, joined here.

pub mod extract;
pub mod guard;

pub mod about;
mod access_tokens;
mod acknowledgements;
mod addresses;
mod analytics;
mod auth_services;
mod bookmarks;
mod bots;
mod channel_members;
mod channels;
mod commands;
mod compliance;
mod config;
mod drafts;
mod elsewhere;
mod emoji;
mod exports;
mod files;
mod groups;
mod interactive;
mod invitations;
mod jobs;
mod license;
mod logs;
mod manual;
mod mfa;
mod notifications;
mod oauth;
pub mod openapi;
mod opengraph;
mod outgoing_oauth;
mod pictures;
mod posts;
mod preferences;
mod reactions;
mod reports;
mod retention;
mod roles;
mod schemes;
mod search;
mod sessions;
pub mod shape;
mod sidebar;
mod statuses;
mod system;
mod team_members;
mod teams;
mod terms_of_service;
mod threads;
mod uploads;
mod users;
mod webhooks;
mod websocket;

use crate::{
    cx::Cx,
    error::{self, refuse, with_request_id},
};
use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, MethodRouter},
};
use guard::{Checked, Guard};
use http::{HeaderValue, header};
use model::{
    AnyId, Refusal,
    endpoint::{Endpoint, Method},
};
use schemars::JsonSchema;
use shape::{Described, Draft};

/// What is refused while an administrator has asked for quiet: searches, and what nobody misses.
const CAN_WAIT: &[&str] = &[
    "/users/search",
    "/users/autocomplete",
    "/users/{user_id}/typing",
    "/channels/search",
    "/channels/group/search",
    "/teams/search",
    "/teams/{team_id}/posts/search",
    "/teams/{team_id}/files/search",
    "/posts/search",
    "/files/search",
];

/// What people may call who have yet to set up the second factor that is asked of everybody.
const SETS_UP: &[(Method, &str)] = &[
    (Method::Get, "/users/{user_id}"),
    (Method::Put, "/users/{user_id}/mfa"),
    (Method::Post, "/users/{user_id}/mfa/generate"),
];

/// What is noted for administrators: who did it, from where, and what was answered. Signing in notes itself.
const AUDITED: &[(Method, &str)] = &[
    (Method::Put, "/config"),
    (Method::Put, "/config/patch"),
    (Method::Post, "/compliance/reports"),
    (Method::Get, "/compliance/reports/{report_id}/download"),
    (Method::Post, "/jobs"),
    (Method::Get, "/jobs/{job_id}/download"),
    (Method::Get, "/exports/{export_name}"),
    (Method::Delete, "/exports/{export_name}"),
    (Method::Delete, "/imports/{import_name}"),
    (Method::Post, "/users/logout"),
    (Method::Post, "/users/password/reset"),
    (Method::Post, "/users/tokens/revoke"),
    (Method::Put, "/users/{user_id}"),
    (Method::Delete, "/users/{user_id}"),
    (Method::Put, "/users/{user_id}/active"),
    (Method::Put, "/users/{user_id}/auth"),
    (Method::Post, "/users/login/switch"),
    (Method::Post, "/users/sessions/revoke/all"),
    (Method::Post, "/users/{user_id}/promote"),
    (Method::Post, "/users/{user_id}/demote"),
    (Method::Put, "/users/{user_id}/mfa"),
    (Method::Post, "/users/{user_id}/mfa/recovery_codes"),
    (Method::Put, "/users/{user_id}/password"),
    (Method::Put, "/users/{user_id}/patch"),
    (Method::Put, "/users/{user_id}/roles"),
    (Method::Post, "/users/{user_id}/sessions/revoke"),
    (Method::Post, "/users/{user_id}/sessions/revoke/all"),
    (Method::Post, "/users/{user_id}/tokens"),
    (Method::Post, "/oauth/apps"),
    (Method::Put, "/oauth/apps/{app_id}"),
    (Method::Delete, "/oauth/apps/{app_id}"),
    (Method::Post, "/oauth/apps/{app_id}/regen_secret"),
    (Method::Post, "/oauth/authorize"),
    (Method::Post, "/oauth/outgoing_connections"),
    (Method::Put, "/oauth/outgoing_connections/{connection_id}"),
    (Method::Delete, "/oauth/outgoing_connections/{connection_id}"),
    (Method::Post, "/oauth/deauthorize"),
];

/// Describes a call.
pub type Describe = fn(&mut Draft);

/// One line of the route table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub method: Method,
    /// Below `/api/v4`.
    pub path: &'static str,
    pub guard: Guard,
    /// What it does.
    pub about: &'static str,
    /// With what it is refused if it exists only for that.
    pub refused: Option<&'static Refusal>,
    /// What it takes and gives as its handler says.
    pub handler: Describe,
    /// The same as its endpoint's type says, and what that is called.
    pub endpoint: Option<(&'static str, Describe)>,
}

/// Routes with their guards.
pub struct Routes {
    cx: Cx,
    router: Router<Cx>,
    table: Vec<Route>,
}

impl Routes {
    /// Adds an endpoint: who may call it, and what answers.
    #[must_use]
    pub fn on<E, T: 'static>(self, guard: Guard, handler: impl Handler<T, Cx> + Described<T>) -> Self
    where
        E: Endpoint,
        E::Body: JsonSchema,
        E::Query: JsonSchema,
        E::Output: JsonSchema,
    {
        let mut routes = self.at(E::METHOD, E::PATH, guard, handler);
        if let Some(route) = routes.table.last_mut() {
            let name = std::any::type_name::<E>();
            route.about = E::ABOUT.trim();
            route.endpoint = Some((name.rsplit("::").next().unwrap_or(name), Draft::endpoint::<E>));
        }
        routes
    }

    /// Answers a route that clients know and this server does not offer; one that is offered stays as it is.
    #[must_use]
    pub fn refused(self, method: Method, path: &'static str, guard: Guard, refusal: &'static Refusal) -> Self {
        let same = |r: &Route| same_shape(r.path, path);
        if self.table.iter().any(|r| r.method == method && same(r)) {
            return self;
        }
        // The router wants the same names for the same places.
        let path = self.table.iter().find(|r| same(r)).map_or(path, |r| r.path);
        let mut routes = self.at(method, path, guard, move || async move { error::Error::from(refusal.clone()) });
        if let Some(route) = routes.table.last_mut() {
            route.refused = Some(refusal);
        }
        routes
    }

    /// Adds a route that no client of ours calls, and that therefore has no type.
    #[must_use]
    pub fn at<T: 'static, H: Handler<T, Cx> + Described<T>>(
        mut self,
        method: Method,
        path: &'static str,
        guard: Guard,
        handler: H,
    ) -> Self {
        let filter = match method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        };
        let can_wait = CAN_WAIT.contains(&path);
        let sets_up = SETS_UP.contains(&(method, path));
        let audited = AUDITED.contains(&(method, path));
        let checked = Checked { cx: self.cx.clone(), guard, can_wait, sets_up, audited };
        let check = from_fn_with_state(checked, guard::check);
        let route = MethodRouter::new().on(filter, handler).route_layer(check);
        let about = about::of(method, path);
        self.table.push(Route { method, path, guard, about, refused: None, handler: H::describe, endpoint: None });
        Self { router: self.router.route(&format!("/api/v4{path}"), route), ..self }
    }
}

/// Whether two paths differ in the names of their values at most, `me` being the value of a user.
pub fn same_shape(a: &str, b: &str) -> bool {
    let me = |a: &str, b: &str| a == "{user_id}" && b == "me";
    let same = |(a, b): (&str, &str)| a == b || me(a, b) || me(b, a) || (a.starts_with('{') && b.starts_with('{'));
    a.split('/').count() == b.split('/').count() && a.split('/').zip(b.split('/')).all(same)
}

/// All routes of the API.
pub fn routes(cx: &Cx) -> Routes {
    let mut routes = Routes { cx: cx.clone(), router: Router::new(), table: Vec::new() };
    for add in [
        users::routes,
        addresses::routes,
        invitations::routes,
        sessions::routes,
        auth_services::routes,
        mfa::routes,
        access_tokens::routes,
        bots::routes,
        preferences::routes,
        statuses::routes,
        notifications::routes,
        oauth::routes,
        teams::routes,
        team_members::routes,
        channels::routes,
        channel_members::routes,
        bookmarks::routes,
        commands::routes,
        compliance::routes,
        interactive::routes,
        groups::routes,
        posts::routes,
        acknowledgements::routes,
        search::routes,
        files::routes,
        uploads::routes,
        opengraph::routes,
        outgoing_oauth::routes,
        pictures::routes,
        drafts::routes,
        emoji::routes,
        exports::routes,
        terms_of_service::routes,
        threads::routes,
        reactions::routes,
        sidebar::routes,
        reports::routes,
        retention::routes,
        roles::routes,
        analytics::routes,
        config::routes,
        jobs::routes,
        license::routes,
        logs::routes,
        schemes::routes,
        system::routes,
        webhooks::routes,
        websocket::routes,
        manual::routes,
        // Last: what is offered above stays.
        elsewhere::routes,
    ] {
        routes = add(routes);
    }
    routes
}

/// The table of all routes, for documents and tests.
pub fn table(cx: &Cx) -> Vec<Route> {
    let mut table = routes(cx).table;
    table.sort_by_key(|r| (r.path, r.method));
    table
}

/// The guards of all routes with nothing behind them, for tests: 204 for whoever is let in. What the body decides is
/// left out, since it takes a handler to look at it.
#[cfg(feature = "testing")]
pub fn guards(cx: &Cx) -> Router {
    let hollow = routes(cx).table.into_iter().filter(|r| !matches!(r.guard, Guard::Body(_)));
    let mut all = Routes { cx: cx.clone(), router: Router::new(), table: Vec::new() };
    for Route { method, path, guard, .. } in hollow {
        all = all.at(method, path, guard, async || http::StatusCode::NO_CONTENT);
    }
    all.router.with_state(cx.clone())
}

/// The whole API as a service.
pub fn router(cx: &Cx) -> Router {
    let Routes { router, .. } = routes(cx);
    router
        .method_not_allowed_fallback(unknown)
        .route("/api/{*rest}", axum::routing::any(unknown))
        .route("/hooks/{hook_id}", axum::routing::post(webhooks::receive))
        .route("/hooks/commands/{answer_id}", axum::routing::post(commands::answer_later))
        .route("/files/{file_id}/public", axum::routing::get(files::public_page))
        .merge(oauth::outside(cx))
        .layer(from_fn_with_state(cx.clone(), front))
        .with_state(cx.clone())
}

async fn unknown(uri: http::Uri) -> Response {
    // Mattermost: slashes too many lead to where they are not; some drivers rely on it.
    if uri.path().contains("//") {
        let mut clean = uri.path().to_owned();
        while clean.contains("//") {
            clean = clean.replace("//", "/");
        }
        if let Some(query) = uri.query() {
            clean.extend(["?", query]);
        }
        if let Ok(place) = HeaderValue::from_str(&clean) {
            // What follows begins anew, so that no client waits on a connection that it may not be able to go on with.
            let close = HeaderValue::from_static("close");
            let headers = [(header::LOCATION, place), (header::CONNECTION, close)];
            return (http::StatusCode::MOVED_PERMANENTLY, headers).into_response();
        }
    }
    refuse(&Refusal::NO_ROUTE, "")
}

/// What every answer of the API has: the request's id, the version, and no caching.
async fn front(State(cx): State<Cx>, request: Request, next: Next) -> Response {
    // Mattermost: a known path with another method is as unknown as any other.
    if matches!(*request.method(), http::Method::HEAD | http::Method::OPTIONS) {
        return refuse(&Refusal::NO_ROUTE, "");
    }
    let id: AnyId = crate::clock::new_id();
    let get = request.method() == http::Method::GET;
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", id = %id);
    let started = std::time::Instant::now();
    let answer = with_request_id(id, tracing::Instrument::instrument(next.run(request), span));
    let mut response = answer.await;
    tracing::debug!(request = %id, %method, path, status = response.status().as_u16(), elapsed = ?started.elapsed(), "answered");
    let headers = response.headers_mut();
    for (name, value) in [("x-request-id", id.to_string()), ("x-version-id", version_id(&cx))] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if get {
        headers.entry(header::EXPIRES).or_insert(HeaderValue::from_static("0"));
    }
    headers.entry(header::VARY).or_insert(HeaderValue::from_static("Accept-Encoding"));
    response
}

/// What clients compare to see that the server was changed: version, build, configuration, licence.
fn version_id(cx: &Cx) -> String {
    let v = model::system::API_VERSION;
    format!("{v}.{v}.{}.true", cx.run_id)
}
