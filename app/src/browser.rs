//! The few things asked of the browser directly; on the server each has an answer that changes nothing.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The CSRF token, which the server provides as context while it renders a page for somebody signed in.
#[derive(Clone, Debug)]
pub struct Csrf(pub String);

/// The token that forms and calls carry; none while signed out.
pub fn csrf() -> Option<String> {
    if cfg!(target_arch = "wasm32") { cookie("MMCSRF") } else { use_context::<Csrf>().map(|csrf| csrf.0) }
}

/// A cookie that scripts may read.
fn cookie(name: &str) -> Option<String> {
    let document = document().dyn_into::<web_sys::HtmlDocument>().ok()?;
    let all = document.cookie().ok()?;
    all.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

/// Now, in milliseconds since 1970.
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        clippy::disallowed_methods,
        reason = "a page says when it was made; tests of the server do not depend on it"
    )
)]
pub fn now() -> model::Millis {
    #[cfg(target_arch = "wasm32")]
    {
        js_sys::Date::now() as model::Millis
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_millis() as model::Millis)
    }
}

/// How far the clock on the wall is from UTC at that moment, in minutes; east is positive.
pub fn offset_minutes(at: model::Millis) -> i64 {
    if cfg!(target_arch = "wasm32") {
        -js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64)).get_timezone_offset() as i64
    } else {
        0
    }
}

/// The same in a time zone with a name, `Europe/Berlin`; nothing where the browser does not know it.
pub fn offset_in(zone: &str, at: model::Millis) -> Option<i64> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    // As a text in that zone, read again as if it were UTC. Of the Swedish way of writing dates only the blank is not ISO's.
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64));
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    // An unknown zone is thrown.
    let method = js_sys::Reflect::get(&date, &"toLocaleString".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    let text = method.call2(&date, &"sv-SE".into(), &options).ok()?.as_string()?;
    let there = crate::time::from_iso(&format!("{text}Z"))?;
    Some((there - at).div_euclid(crate::time::MINUTE))
}

/// What was kept in this browser under a name.
pub fn stored(name: &str) -> Option<String> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a text in this browser; an empty one is forgotten. A browser that keeps nothing is no failure.
pub fn store(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = if value.is_empty() { storage.remove_item(name) } else { storage.set_item(name, value) };
    }
}

/// The names under which something is kept in this browser.
pub fn stored_names() -> Vec<String> {
    let Ok(Some(storage)) = window().local_storage() else { return Vec::new() };
    let count = storage.length().unwrap_or_default();
    (0..count).filter_map(|n| storage.key(n).ok().flatten()).collect()
}

/// Waits a while.
#[cfg_attr(not(target_arch = "wasm32"), expect(clippy::unused_async, reason = "only the browser waits"))]
pub async fn pause(milliseconds: u32) {
    #[cfg(target_arch = "wasm32")]
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
    #[cfg(not(target_arch = "wasm32"))]
    let _ = milliseconds;
}

/// Fetches the second style sheet (`style/later.scss`), unless the page came with it; afterwards it is in force.
///
/// # Errors
/// If it could not be fetched; asked again, it tries again.
#[cfg(target_arch = "wasm32")]
pub async fn later_style() -> Result<(), wasm_bindgen::JsValue> {
    // The page of a chat says where it is.
    const LATER_STYLE: &str = "data-later-style";
    let document = document();
    let Some(root) = document.document_element() else { return Ok(()) };
    let Some(address) = root.get_attribute(LATER_STYLE) else { return Ok(()) };
    let link = if let Some(link) = document.get_element_by_id(LATER_STYLE) {
        link.unchecked_into::<web_sys::HtmlLinkElement>()
    } else {
        let link = document.create_element("link")?.unchecked_into::<web_sys::HtmlLinkElement>();
        link.set_id(LATER_STYLE);
        link.set_rel("stylesheet");
        link.set_href(&address);
        root.first_element_child().unwrap_or(root).append_child(&link)?;
        link
    };
    if link.sheet().is_some() {
        return Ok(());
    }
    let loaded = js_sys::Promise::new(&mut |done, failed| {
        let _ = link.add_event_listener_with_callback("load", &done);
        let _ = link.add_event_listener_with_callback("error", &failed);
    });
    let loaded = wasm_bindgen_futures::JsFuture::from(loaded).await;
    if loaded.is_err() {
        link.remove();
    }
    loaded.map(drop)
}

/// Loads the page again.
pub fn reload() {
    let _ = window().location().reload();
}

/// Loads another page, as a link without scripts would.
pub fn go(path: &str) {
    let _ = window().location().set_href(path);
}

/// Calls the API while the page is being left: nobody waits for the answer.
pub fn call_on_leaving(method: &str, path: &str) {
    let request = web_sys::RequestInit::new();
    request.set_method(method);
    let _ = js_sys::Reflect::set(&request, &"keepalive".into(), &true.into());
    if let Ok(headers) = web_sys::Headers::new() {
        let _ = headers.append("X-Requested-With", "XMLHttpRequest");
        let _ = headers.append("X-CSRF-Token", &csrf().unwrap_or_default());
        request.set_headers(&headers);
    }
    let _ = window().fetch_with_str_and_init(path, &request);
}

/// Opens another site in a tab of its own, which learns nothing of this one.
pub fn open(address: &str) {
    let _ = window().open_with_url_and_target_and_features(address, "_blank", "noopener,noreferrer");
}

/// The path of the address; empty on the server.
pub fn path() -> String {
    if cfg!(target_arch = "wasm32") { window().location().pathname().unwrap_or_default() } else { String::new() }
}

/// What the address asks for: `?panel=info`, or nothing.
pub fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// Keys as they are called on the keyboard one has: `Ctrl K`, or `⌘ K` on a Mac.
pub fn keys(names: &str) -> String {
    let mac = cfg!(target_arch = "wasm32") && window().navigator().platform().is_ok_and(|name| name.starts_with("Mac"));
    if mac { names.replace("Ctrl", "⌘").replace("Alt", "⌥").replace("Shift", "⇧") } else { names.to_owned() }
}

/// Brings an element into sight, no further than needed.
pub fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Copies a text.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

/// Whether the style sheet's `field-sizing` is known here.
pub fn sizes_fields() -> bool {
    cfg!(target_arch = "wasm32") && web_sys::css::supports_with_value("field-sizing", "content").unwrap_or(false)
}

/// Whether this browser shows documents of pages by itself.
pub fn shows_pages() -> bool {
    cfg!(target_arch = "wasm32")
        && js_sys::Reflect::get(&window().navigator(), &"pdfViewerEnabled".into())
            .is_ok_and(|enabled| enabled.as_bool() == Some(true))
}

/// An address that only this page knows, for as long as this is kept.
#[derive(Debug)]
pub struct ObjectAddress(String);

impl std::fmt::Display for ObjectAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Drop for ObjectAddress {
    fn drop(&mut self) {
        let _ = web_sys::Url::revoke_object_url(&self.0);
    }
}

/// Fetches a file of this server and gives it an address of its own, to be shown as what it is said to be; nothing if it
/// cannot be had.
#[cfg(target_arch = "wasm32")]
pub async fn object_address(path: &str, kind: &str) -> Option<ObjectAddress> {
    let answer = gloo_net::http::Request::get(path).send().await.ok().filter(gloo_net::http::Response::ok)?;
    let bytes = js_sys::Uint8Array::from(answer.binary().await.ok()?.as_slice());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(&bytes), &options).ok()?;
    web_sys::Url::create_object_url_with_blob(&blob).ok().map(ObjectAddress)
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unused_async, reason = "only the browser fetches")]
pub async fn object_address(_path: &str, _kind: &str) -> Option<ObjectAddress> {
    None
}

/// By which address a page is asked for, which the server provides as context while it renders one.
#[derive(Clone, Debug)]
pub struct Site(pub String);

/// Where this server is, as in links to share: `https://chat.example.org`.
pub fn origin() -> String {
    if cfg!(target_arch = "wasm32") {
        window().location().origin().unwrap_or_default()
    } else {
        use_context::<Site>().map(|site| site.0).unwrap_or_default()
    }
}

/// Whether somebody can see the page and has it in focus.
pub fn is_watched() -> bool {
    cfg!(target_arch = "wasm32")
        && document().visibility_state() == web_sys::VisibilityState::Visible
        && document().has_focus().unwrap_or(false)
}

/// Whether one column at a time is shown.
pub fn is_narrow() -> bool {
    cfg!(target_arch = "wasm32")
        && window().inner_width().ok().and_then(|w| w.as_f64()).is_some_and(|width| width < 640.0)
}

/// The window's height in pixels; on the server nothing.
pub fn height() -> f64 {
    if cfg!(target_arch = "wasm32") {
        window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or_default()
    } else {
        0.0
    }
}

/// Runs something when the next frame is drawn; at once where none will be, as in a tab in the background.
pub fn next_frame(run: impl FnOnce() + 'static) {
    if document().visibility_state() == web_sys::VisibilityState::Visible {
        request_animation_frame(run);
    } else {
        set_timeout(run, std::time::Duration::ZERO);
    }
}

/// Sets the theme: `light`, `dark`, or empty for what the system prefers; remembered in this browser.
pub fn set_theme(theme: &str) {
    store("theme", theme);
    if let Some(root) = document().document_element() {
        let _ = if theme.is_empty() {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
}

/// Paints the page in an accent of this hue, in degrees; empty for the product's own. Remembered in this browser, so that
/// the next page begins with it.
pub fn set_accent(hue: &str) {
    store("accent", hue);
    let Some(root) = document().document_element().and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    if hue.is_empty() {
        let _ = root.remove_attribute("data-accent");
    } else {
        let _ = root.set_attribute("data-accent", "");
        let _ = web_sys::HtmlElement::style(&root).set_property("--own-hue", hue);
    }
}

/// The service worker that answers for the server when it is away; none where the browser has none.
#[cfg(target_arch = "wasm32")]
fn workers() -> Option<web_sys::ServiceWorkerContainer> {
    // Only over TLS and on this machine is there any.
    let navigator = window().navigator();
    js_sys::Reflect::has(&navigator, &"serviceWorker".into()).ok()?.then(|| navigator.service_worker())
}

/// Lets the browser open the app when the server cannot be reached (`public/sw.js`).
pub fn work_offline() {
    #[cfg(target_arch = "wasm32")]
    if let Some(workers) = workers() {
        // Refused or unknown, the app works while there is a network.
        let _ = workers.register("/sw.js");
    }
}

/// Something that another app shares with this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Shared {
    pub text: String,
    pub files: Vec<SharedFile>,
}

/// A file of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct SharedFile {
    pub name: String,
    /// As in `Content-Type`.
    pub kind: String,
    /// Where the service worker has it.
    pub path: String,
}

/// What another app shared and the service worker keeps; nothing where there is none.
#[cfg_attr(not(target_arch = "wasm32"), expect(clippy::unused_async, reason = "only the browser has a worker"))]
pub async fn shared() -> Option<Shared> {
    #[cfg(target_arch = "wasm32")]
    if workers()?.controller().is_some() {
        let answer =
            gloo_net::http::Request::get("/share/items").send().await.ok().filter(gloo_net::http::Response::ok)?;
        let shared: Shared = model::json::read(&answer.text().await.ok()?).ok()?;
        return Some(shared).filter(|shared| !shared.text.is_empty() || !shared.files.is_empty());
    }
    None
}

/// Fetches a file that was shared.
#[cfg(target_arch = "wasm32")]
pub async fn shared_file(shared: &SharedFile) -> Option<web_sys::File> {
    let answer = gloo_net::http::Request::get(&shared.path).send().await.ok().filter(gloo_net::http::Response::ok)?;
    let bytes = js_sys::Uint8Array::from(answer.binary().await.ok()?.as_slice());
    let options = web_sys::FilePropertyBag::new();
    options.set_type(&shared.kind);
    web_sys::File::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(&bytes), &shared.name, &options).ok()
}

/// Has what was shared forgotten.
#[cfg_attr(not(target_arch = "wasm32"), expect(clippy::unused_async, reason = "only the browser has a worker"))]
pub async fn forget_shared() {
    #[cfg(target_arch = "wasm32")]
    let _ = gloo_net::http::Request::delete("/share/items").send().await;
}

/// Has the page at a path kept for when the server cannot be reached.
pub fn keep_page(path: &str) {
    tell_worker("keep", path);
}

/// Has all kept pages forgotten.
pub fn forget_pages() {
    tell_worker("forget", "");
}

#[cfg_attr(not(target_arch = "wasm32"), expect(unused_variables, reason = "only the browser has one"))]
fn tell_worker(name: &str, value: &str) {
    #[cfg(target_arch = "wasm32")]
    if let Some(worker) = workers().and_then(|workers| workers.controller()) {
        let message = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&message, &name.into(), &value.into());
        let _ = worker.post_message(&message);
    }
}

/// Sets the sign of the tab.
pub fn set_favicon(path: &str) {
    if let Some(link) = document().get_element_by_id("favicon") {
        let _ = link.set_attribute("href", path);
    }
}

/// Whether the browser shows notifications: nothing where it has not been asked yet, false also where it shows none.
pub fn notifications_allowed() -> Option<bool> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    // Some browsers have none of it, and some have it only over TLS.
    if !js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false) {
        return Some(false);
    }
    match web_sys::Notification::permission() {
        web_sys::NotificationPermission::Granted => Some(true),
        web_sys::NotificationPermission::Denied => Some(false),
        _ => None,
    }
}

/// Asks whether notifications may be shown; only when something was pressed.
#[cfg_attr(not(target_arch = "wasm32"), expect(clippy::unused_async, reason = "only the browser asks"))]
pub async fn allow_notifications() -> Option<bool> {
    #[cfg(target_arch = "wasm32")]
    if let Ok(asked) = web_sys::Notification::request_permission() {
        let _ = wasm_bindgen_futures::JsFuture::from(asked).await;
    }
    notifications_allowed()
}

/// The element with an id, focused.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
