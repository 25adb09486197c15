//! Previews of links, quotations of messages, and pictures by way of this server.

use axum::{Router, body::Body, routing::get};
use backend::{
    jobs::queue::settled,
    testing::{TestServer, TestUser},
};
use http::{HeaderMap, Request, StatusCode, header};
use model::config::Config;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

const SITE: &str = "http://chat.example.org";

/// A picture of 3 by 2 pixels.
fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(3, 2).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Another server, which counts how often its page is fetched.
async fn elsewhere() -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let asked = count.clone();
    let page = move |headers: HeaderMap| {
        asked.fetch_add(1, Ordering::Relaxed);
        assert!(!headers.contains_key(header::COOKIE) && !headers.contains_key(header::AUTHORIZATION));
        let html = "<title>x</title><meta property=og:title content=Hello><meta property=og:image content=/pic>";
        async move { axum::response::Html(html) }
    };
    let inward = "http://127.0.0.2:9/";
    let router = Router::new()
        .route("/page", get(page))
        .route("/pic", get(async || ([(header::CONTENT_TYPE, "text/html")], png())))
        .route("/script", get(async || ([(header::CONTENT_TYPE, "image/png")], "<script>alert(1)</script>")))
        .route("/inward", get(async move || (StatusCode::FOUND, [(header::LOCATION, inward)])));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base, count)
}

fn config(inner: &str) -> Config {
    let mut config = Config::default();
    SITE.clone_into(&mut config.service.site_url);
    config.service.enable_link_previews = true;
    inner.clone_into(&mut config.service.allowed_untrusted_internal_connections);
    config
}

async fn say(server: &TestServer, who: &TestUser, channel: &str, message: &str) -> String {
    let post = server.must(who, "POST", "/posts", json!({"channel_id": channel, "message": message})).await;
    post["id"].as_str().unwrap().to_owned()
}

async fn metadata(server: &TestServer, who: &TestUser, id: &str) -> Value {
    server.must(who, "GET", &format!("/posts/{id}"), Value::Null).await["metadata"].clone()
}

#[tokio::test]
async fn a_preview_comes_after_the_message_and_is_fetched_once() {
    let (base, count) = elsewhere().await;
    let server = TestServer::start_with(config("127.0.0.1")).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "crew", &[&bob]).await;
    let channel = server.channel(&ann, &team, "deck", &[&bob]).await;
    let mut socket = server.socket(&bob).await;
    let id = say(&server, &ann, &channel, &format!("look: {base}/page ![p]({base}/pic)")).await;
    assert_eq!(count.load(Ordering::Relaxed), 0, "nothing is fetched on the request's path");
    assert_eq!(metadata(&server, &bob, &id).await["embeds"], Value::Null);
    settled(&server.backend.cx).await;

    let shown = metadata(&server, &bob, &id).await;
    let embed = &shown["embeds"][0];
    assert_eq!((&embed["type"], &embed["url"]), (&json!("opengraph"), &json!(format!("{base}/page"))));
    assert_eq!(
        (&embed["data"]["title"], &embed["data"]["images"][0]["url"]),
        (&json!("Hello"), &json!(format!("{base}/pic")))
    );
    let size = json!({"width": 3, "height": 2, "format": "png", "frame_count": 0});
    assert_eq!(shown["images"], json!({format!("{base}/pic"): size}));
    let heard = server.hear(&bob, &mut socket).await;
    let edited = heard.iter().find(|e| e["event"] == "post_edited").expect("those who see it are told");
    let told: Value = serde_json::from_str(edited["data"]["post"].as_str().unwrap()).unwrap();
    assert_eq!((&told["metadata"], &told["edit_at"]), (&shown, &json!(0)));

    let again = say(&server, &bob, &channel, &format!("{base}/page")).await;
    settled(&server.backend.cx).await;
    assert_eq!(metadata(&server, &ann, &again).await["embeds"][0]["data"]["title"], "Hello");
    assert_eq!(count.load(Ordering::Relaxed), 1);
    let props = json!({"props": {"remove_link_preview": "true"}});
    let patched = server.must(&bob, "PUT", &format!("/posts/{again}/patch"), props).await;
    assert_eq!(patched["metadata"]["embeds"], Value::Null);
    let picture = say(&server, &ann, &channel, &format!("{base}/pic")).await;
    settled(&server.backend.cx).await;
    assert_eq!(
        metadata(&server, &ann, &picture).await["embeds"],
        json!([{"type": "image", "url": format!("{base}/pic")}])
    );
}

#[tokio::test]
async fn inner_and_restricted_addresses_are_not_fetched() {
    let (base, count) = elsewhere().await;
    let mut closed = config("");
    "example.org, other.example".clone_into(&mut closed.service.restrict_link_previews);
    let server = TestServer::start_with(closed).await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "crew", &[]).await;
    let channel = server.channel(&ann, &team, "deck", &[]).await;
    let hostile = [format!("{base}/page"), "http://[::ffff:127.0.0.1]/".into(), "http://www.example.org/".into()];
    for url in &hostile {
        let id = say(&server, &ann, &channel, url).await;
        settled(&server.backend.cx).await;
        assert_eq!(metadata(&server, &ann, &id).await["embeds"], Value::Null, "{url}");
        let page = server.must(&ann, "POST", "/opengraph", json!({"url": url})).await;
        assert_eq!((&page["title"], &page["url"]), (&json!(""), &json!(url)));
    }
    assert_eq!(count.load(Ordering::Relaxed), 0);

    let server = TestServer::start_with(config("127.0.0.1")).await;
    let ann = server.user("ann").await;
    let page = server.must(&ann, "POST", "/opengraph", json!({"url": format!("{base}/inward")})).await;
    assert_eq!(page["title"], "", "a redirect is checked as well");
    let page = server.must(&ann, "POST", "/opengraph", json!({"url": format!("{base}/page")})).await;
    assert_eq!((&page["title"], &page["videos"]), (&json!("Hello"), &Value::Null));
    let path = format!("/redirect_location?url={base}/inward");
    let found = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!(found, json!({"location": "http://127.0.0.2:9/"}));
    let patch = json!({"ServiceSettings": {"EnableLinkPreviews": false}});
    server.must(&ann, "PUT", "/config/patch", patch).await;
    let (status, body) = server.call(&ann, "POST", "/opengraph", json!({"url": base})).await;
    assert_eq!(
        (status, &body["id"]),
        (StatusCode::NOT_IMPLEMENTED, &json!("api.post.link_preview_disabled.app_error"))
    );
    assert_eq!(server.must(&ann, "GET", &path, Value::Null).await, json!({"location": ""}));
}

#[tokio::test]
async fn a_linked_message_is_quoted_to_those_who_may_read_it() {
    let server = TestServer::start_with(config("")).await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "crew", &[&bob, &eve]).await;
    let secret = server.channel(&ann, &team, "secret", &[&bob]).await;
    let deck = server.channel(&ann, &team, "deck", &[&bob, &eve]).await;
    let (mut at_bob, mut at_eve) = (server.socket(&bob).await, server.socket(&eve).await);
    let target = say(&server, &ann, &secret, "a secret").await;
    let id = say(&server, &ann, &deck, &format!("see {SITE}/crew/pl/{target}")).await;
    settled(&server.backend.cx).await;
    let embed = metadata(&server, &bob, &id).await["embeds"][0].clone();
    assert_eq!((&embed["type"], &embed["data"]["post"]["message"]), (&json!("permalink"), &json!("a secret")));
    assert_eq!((&embed["data"]["team_name"], &embed["data"]["channel_id"]), (&json!("crew"), &json!(secret)));
    assert_eq!(metadata(&server, &eve, &id).await["embeds"], Value::Null);
    let heard = server.hear(&bob, &mut at_bob).await;
    assert!(heard.iter().any(|e| e["event"] == "post_edited" && e.to_string().contains("a secret")));
    let heard = server.hear(&eve, &mut at_eve).await;
    assert!(!heard.is_empty() && !json!(heard).to_string().contains("a secret"));
    server.must(&ann, "DELETE", &format!("/channels/{secret}/members/{}", bob.id), Value::Null).await;
    assert_eq!(metadata(&server, &bob, &id).await["embeds"], Value::Null);
    let list = server.must(&bob, "GET", &format!("/channels/{deck}/posts"), Value::Null).await;
    assert!(!list.to_string().contains("a secret"));
}

#[tokio::test]
async fn pictures_are_passed_on_as_what_they_are() {
    let (base, _) = elsewhere().await;
    let mut through = config("127.0.0.1");
    through.image_proxy.enable = true;
    let server = TestServer::start_with(through).await;
    let ann = server.user("ann").await;
    let image = |url: String| {
        Request::get(format!("/api/v4/image?url={url}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", ann.token))
            .body(Body::empty())
            .unwrap()
    };
    let answer = server.send(image(format!("{base}/pic"))).await;
    let said = |name| answer.headers()[name].to_str().unwrap();
    assert_eq!((answer.status(), said(header::CONTENT_TYPE)), (StatusCode::OK, "image/png"), "sniffed");
    assert_eq!(said(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert_eq!(said(header::CONTENT_SECURITY_POLICY), "default-src 'none'; sandbox");
    for url in [format!("{base}/script"), format!("{base}/inward"), "file:///etc/passwd".into(), String::new()] {
        assert_eq!(server.send(image(url)).await.status(), StatusCode::NOT_FOUND);
    }
    let team = server.team(&ann, "crew", &[]).await;
    let channel = server.channel(&ann, &team, "deck", &[]).await;
    let message = format!("![p]({base}/pic)");
    let id = say(&server, &ann, &channel, &message).await;
    settled(&server.backend.cx).await;
    let post = server.must(&ann, "GET", &format!("/posts/{id}"), Value::Null).await;
    let shown = post["message"].as_str().unwrap();
    assert!(shown.starts_with(&format!("![p]({SITE}/api/v4/image?url=http%3A")), "{shown}");
    assert_eq!(post["message_source"], json!(message));
    let patched = server.must(&ann, "PUT", &format!("/posts/{id}/patch"), json!({"message": shown})).await;
    assert_eq!((&patched["message_source"], &patched["edit_at"]), (&json!(message), &json!(0)), "nothing has changed");
    let more = format!("{shown} more");
    server.must(&ann, "PUT", &format!("/posts/{id}/patch"), json!({"message": more})).await;
    let kept = server.backend.cx.store.posts().by_id(id.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(kept.message, format!("{message} more"));

    let patch = json!({"ImageProxySettings": {"Enable": false}});
    server.must(&ann, "PUT", "/config/patch", patch).await;
    let answer = server.send(image(format!("{base}/pic"))).await;
    let location = answer.headers()[header::LOCATION].to_str().unwrap();
    assert_eq!((answer.status(), location), (StatusCode::FOUND, &*format!("{base}/pic")));
}
