//! Files: uploaded, posted, read by those who may, in whole and in part; pictures of them; links; gone with the post.

use backend::{
    files::Failure,
    jobs::queue::settled,
    testing::{TestServer, TestUser},
};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

const BOUNDARY: &str = "----confab-test";

/// A form of texts and files: a file's name is given as `field/name`.
pub fn form(texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, text) in texts {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        out.extend(part.into_bytes());
    }
    for (place, bytes) in files {
        let (field, name) = place.split_once('/').unwrap();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        out.extend(head.into_bytes());
        out.extend_from_slice(bytes);
        out.extend(b"\r\n");
    }
    out.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    out
}

/// Sends a form.
pub async fn send(server: &TestServer, who: &TestUser, path: &str, form: Vec<u8>) -> (StatusCode, Value) {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let (status, _, text) = server.raw(who, "POST", &format!("/api/v4{path}"), &kind, form).await;
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// A PNG of one colour.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]))
        .write_to(&mut out, image::ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

struct Place {
    server: TestServer,
    ann: TestUser,
    bob: TestUser,
    eve: TestUser,
    channel: String,
}

async fn place() -> Place {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob, &eve]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    Place { server, ann, bob, eve, channel }
}

impl Place {
    async fn upload(&self, by: &TestUser, name: &str, bytes: &[u8]) -> Value {
        let sent = form(&[("channel_id", &self.channel)], &[(&format!("files/{name}"), bytes)]);
        let (status, answer) = send(&self.server, by, "/files", sent).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["file_infos"][0].clone()
    }

    async fn post(&self, by: &TestUser, files: &[&Value]) -> Value {
        let ids: Vec<_> = files.iter().map(|f| f["id"].clone()).collect();
        let body = json!({"channel_id": self.channel, "message": "see", "file_ids": ids});
        self.server.must(by, "POST", "/posts", body).await
    }

    async fn get(&self, who: &TestUser, path: &str) -> (StatusCode, HeaderMap, String) {
        self.server.raw(who, "GET", path, "", "").await
    }
}

fn content(file: &Value) -> String {
    format!("/api/v4/files/{}", file["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_file_is_the_uploaders_until_it_is_posted_and_then_the_channels() {
    let p = place().await;
    let file = p.upload(&p.bob, "note.txt", b"hello file").await;
    assert_eq!((&file["name"], &file["size"], &file["extension"]), (&json!("note.txt"), &json!(10), &json!("txt")));
    assert_eq!((&file["mime_type"], &file["channel_id"]), (&json!("text/plain; charset=utf-8"), &json!("")));
    let (status, headers, text) = p.get(&p.bob, &content(&file)).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "hello file"));
    let header = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    assert_eq!(header(header::CONTENT_DISPOSITION), "attachment;filename=\"note.txt\"; filename*=UTF-8''note.txt");
    assert_eq!((header(header::X_CONTENT_TYPE_OPTIONS), header(header::ACCEPT_RANGES)), ("nosniff", "bytes"));
    for stranger in [&p.eve, &TestUser::default()] {
        assert!(p.get(stranger, &content(&file)).await.0.is_client_error(), "{}", stranger.username);
    }

    let post = p.post(&p.bob, &[&file]).await;
    assert_eq!(post["file_ids"], json!([file["id"]]));
    let shown = &post["metadata"]["files"][0];
    assert_eq!((&shown["id"], &shown["post_id"], &shown["channel_id"]), (&file["id"], &post["id"], &json!(p.channel)));
    let id = post["id"].as_str().unwrap();
    let read = p.server.must(&p.ann, "GET", &format!("/posts/{id}"), Value::Null).await;
    assert_eq!(read["metadata"]["files"][0]["name"], "note.txt");
    let listed = p.server.must(&p.ann, "GET", &format!("/posts/{id}/files/info"), Value::Null).await;
    assert_eq!(listed[0]["id"], file["id"]);
    assert_eq!(p.get(&p.ann, &content(&file)).await.2, "hello file");
    for end in ["", "/info", "/thumbnail", "/preview", "/link"] {
        let (status, _, text) = p.get(&p.eve, &format!("{}{end}", content(&file))).await;
        assert!(status.is_client_error() || status == StatusCode::NOT_IMPLEMENTED, "{end}: {status} {text}");
    }
    // A file belongs to one post, and is given by who uploaded it.
    let second = p.post(&p.bob, &[&file]).await;
    assert_eq!(second["file_ids"], Value::Null);
    let other = p.upload(&p.bob, "other.txt", b"x").await;
    assert_eq!(p.post(&p.ann, &[&other]).await["file_ids"], Value::Null);
}

#[tokio::test]
async fn several_files_and_a_bare_body_are_taken_and_wrong_ones_refused() {
    let p = place().await;
    let two: &[(&str, &[u8])] = &[("files/a.txt", b"a"), ("files/b.html", b"<html></html>")];
    // The files may come before the channel.
    let mut reversed = form(&[], two);
    reversed.truncate(reversed.len() - BOUNDARY.len() - 6);
    reversed.extend(form(&[("channel_id", &p.channel), ("client_ids", "1"), ("client_ids", "2")], &[]));
    let (status, answer) = send(&p.server, &p.bob, "/files", reversed).await;
    assert_eq!((status, &answer["client_ids"]), (StatusCode::CREATED, &json!(["1", "2"])), "{answer}");
    let page = content(&answer["file_infos"][1]);
    let (_, headers, _) = p.get(&p.bob, &page).await;
    assert_eq!(headers[header::CONTENT_TYPE], "text/plain");

    let path = format!("/api/v4/files?channel_id={}&filename=raw.txt", p.channel);
    let (status, _, text) = p.server.raw(&p.bob, "POST", &path, "text/plain", "raw body").await;
    let raw: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &raw["client_ids"]), (StatusCode::CREATED, &Value::Null));
    assert_eq!(raw["file_infos"][0]["size"], 8);

    let refused = async |who: &TestUser, sent: Vec<u8>| {
        let (status, answer) = send(&p.server, who, "/files", sent).await;
        (status.as_u16(), answer["id"].as_str().unwrap_or_default().to_owned())
    };
    let to = [("channel_id", p.channel.as_str())];
    assert_eq!(refused(&p.eve, form(&to, two)).await, (403, "api.context.permissions.app_error".into()));
    assert_eq!(refused(&p.bob, form(&[], two)).await, (400, "api.context.invalid_url_param.app_error".into()));
    let one_id = [to[0], ("client_ids", "1")];
    let id = "api.file.upload_file.incorrect_number_of_client_ids.app_error";
    assert_eq!(refused(&p.bob, form(&one_id, two)).await, (400, id.into()));
    p.server.backend.cx.settings.patch(&json!({"FileSettings": {"MaxFileSize": 5}})).unwrap();
    let id = "api.file.upload_file.too_large_detailed.app_error";
    assert_eq!(refused(&p.bob, form(&to, two)).await, (413, id.into()));
    assert_eq!(p.server.raw(&p.bob, "POST", &path, "text/plain", "raw body").await.0, StatusCode::PAYLOAD_TOO_LARGE);
    p.server.backend.cx.settings.patch(&json!({"FileSettings": {"EnableFileAttachments": false}})).unwrap();
    assert_eq!(refused(&p.bob, form(&to, two)).await, (501, "api.file.attachments.disabled.app_error".into()));
}

#[tokio::test]
async fn smaller_pictures_are_made_after_the_upload() {
    let p = place().await;
    p.server.backend.work();
    let file = p.upload(&p.bob, "photo.png", &png(2000, 1000)).await;
    assert_eq!((&file["width"], &file["height"]), (&json!(2000), &json!(1000)));
    assert_eq!((&file["has_preview_image"], &file["mime_type"]), (&json!(true), &json!("image/png")));
    // Asking at once waits for them.
    let (status, headers, _) = p.get(&p.bob, &format!("{}/thumbnail", content(&file))).await;
    assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &"image/jpeg".parse().unwrap()));
    assert_eq!(p.get(&p.bob, &format!("{}/preview", content(&file))).await.0, StatusCode::OK);
    let known =
        p.server.must(&p.bob, "GET", &format!("/files/{}/info", file["id"].as_str().unwrap()), Value::Null).await;
    assert!(known["mini_preview"].as_str().is_some_and(|text| text.starts_with("/9j/")), "a JPEG: {known}");

    // What only looks like a picture is kept as it is.
    let broken = p.upload(&p.bob, "broken.png", &png(20, 20)[..40]).await;
    let (status, _, text) = p.get(&p.bob, &format!("{}/thumbnail", content(&broken))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
    assert_eq!(p.get(&p.bob, &content(&broken)).await.0, StatusCode::OK);

    p.server.backend.cx.settings.patch(&json!({"FileSettings": {"MaxImageResolution": 100}})).unwrap();
    let sent = form(&[("channel_id", &p.channel)], &[("files/big.png", &png(20, 20))]);
    let (status, answer) = send(&p.server, &p.bob, "/files", sent).await;
    assert_eq!(
        (status, &answer["id"]),
        (StatusCode::BAD_REQUEST, &"api.file.upload_file.large_image.app_error".into())
    );
}

#[tokio::test]
async fn a_public_link_works_for_everybody_until_it_is_switched_off() {
    let p = place().await;
    let file = p.upload(&p.bob, "note.txt", b"hello").await;
    let link = format!("/files/{}/link", file["id"].as_str().unwrap());
    assert_eq!(p.server.call(&p.bob, "GET", &link, Value::Null).await.0, StatusCode::NOT_IMPLEMENTED);
    let settings = &p.server.backend.cx.settings;
    settings.patch(&json!({"FileSettings": {"EnablePublicLink": true}})).unwrap();
    assert_eq!(p.server.call(&p.bob, "GET", &link, Value::Null).await.0, StatusCode::BAD_REQUEST, "not posted yet");
    p.post(&p.bob, &[&file]).await;
    assert_eq!(p.server.call(&p.eve, "GET", &link, Value::Null).await.0, StatusCode::FORBIDDEN);
    let made = p.server.must(&p.bob, "GET", &link, Value::Null).await;
    let path = made["link"].as_str().unwrap().to_owned();
    let path = &path[path.find("/files/").unwrap()..];
    let nobody = TestUser::default();
    assert_eq!(p.get(&nobody, path).await.2, "hello");
    let (status, _, page) = p.get(&nobody, &format!("{}x", &path[..path.len() - 1])).await;
    assert_eq!((status, page.contains("not valid")), (StatusCode::BAD_REQUEST, true));
    settings.patch(&json!({"FileSettings": {"EnablePublicLink": false}})).unwrap();
    assert_eq!(p.get(&nobody, path).await.0, StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn files_change_with_their_post_and_go_with_it() {
    let p = place().await;
    let (one, two, three) = (
        p.upload(&p.bob, "1.txt", b"1").await,
        p.upload(&p.bob, "2.txt", b"2").await,
        p.upload(&p.bob, "3.txt", b"3").await,
    );
    let post = p.post(&p.bob, &[&one, &two]).await;
    let id = post["id"].as_str().unwrap();
    let patch = json!({"file_ids": [two["id"], three["id"]]});
    let edited = p.server.must(&p.bob, "PUT", &format!("/posts/{id}/patch"), patch).await;
    assert_eq!(edited["file_ids"], json!([two["id"], three["id"]]));
    let names: Vec<_> = edited["metadata"]["files"].as_array().unwrap().iter().map(|f| f["name"].clone()).collect();
    assert_eq!(names, ["2.txt", "3.txt"]);
    assert_eq!(p.get(&p.ann, &content(&one)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(p.get(&p.ann, &content(&three)).await.2, "3");

    let paths = p.server.backend.cx.store.files().of_posts(&[id.parse().unwrap()]).await.unwrap();
    assert_eq!(paths.len(), 2);
    p.server.must(&p.bob, "DELETE", &format!("/posts/{id}"), Value::Null).await;
    for file in [&one, &two, &three] {
        assert_eq!(p.get(&p.bob, &content(file)).await.0, StatusCode::NOT_FOUND);
    }
    settled(&p.server.backend.cx).await;
    for file in paths {
        let left = p.server.backend.cx.files.read(&file.path, 100).await;
        assert!(matches!(left, Err(Failure::Missing)), "the content follows");
    }
}
