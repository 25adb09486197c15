//! Uploads that go on over several requests, and are taken up where they broke off.

use crate::files::form;
use axum::body::Body;
use backend::{jobs::queue::settled, testing::TestServer};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

const PIECE: usize = 5 * 1024 * 1024;

#[tokio::test]
async fn a_file_comes_in_pieces_and_a_broken_piece_counts() {
    let server = TestServer::start().await;
    let (ann, eve) = (server.user("ann").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&eve]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let whole: Vec<u8> = (0..PIECE + 1000).map(|n| (n % 251) as u8).collect();
    let new = json!({"channel_id": channel, "filename": "big.bin", "file_size": whole.len()});
    assert_eq!(server.call(&eve, "POST", "/uploads", new.clone()).await.0, StatusCode::FORBIDDEN);
    let upload = server.must(&ann, "POST", "/uploads", new).await;
    assert_eq!((&upload["type"], &upload["file_offset"]), (&json!("attachment"), &json!(0)));
    let path = format!("/uploads/{}", upload["id"].as_str().unwrap());
    let full = format!("/api/v4{path}");
    assert_eq!(server.call(&eve, "GET", &path, Value::Null).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.raw(&eve, "POST", &full, "", "x").await.0, StatusCode::FORBIDDEN);

    let (status, _, refused) = server.raw(&ann, "POST", &full, "", "too little").await;
    assert_eq!((status, refused.contains("first_part_too_small")), (StatusCode::BAD_REQUEST, true));
    let (status, _, _) = server.raw(&ann, "POST", &full, "", whole[..PIECE].to_vec()).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    // The connection breaks off within the next piece.
    let broken = [Ok(Bytes::copy_from_slice(&whole[PIECE..PIECE + 400])), Err(std::io::Error::other("gone"))];
    server.raw(&ann, "POST", &full, "", Body::from_stream(futures::stream::iter(broken))).await;
    let now = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!(now["file_offset"], PIECE + 400);
    assert_eq!(server.must(&ann, "GET", "/users/me/uploads", Value::Null).await[0]["id"], upload["id"]);

    let (status, _, text) = server.raw(&ann, "POST", &full, "", whole[PIECE + 400..].to_vec()).await;
    let info: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &info["size"], &info["name"]), (StatusCode::OK, &json!(whole.len()), &json!("big.bin")));
    assert_eq!(server.call(&ann, "GET", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    settled(&server.backend.cx).await;
    assert_eq!(server.backend.cx.files.list("uploads/", "", 10).await.unwrap(), [], "the pieces are gone");
    let file =
        server.backend.cx.store.files().by_id(info["id"].as_str().unwrap().parse().unwrap()).await.unwrap().unwrap();
    assert!(server.backend.cx.files.read(&file.path, 1 << 30).await.unwrap() == whole);
}

#[tokio::test]
async fn a_form_is_taken_too_and_what_is_left_lying_goes() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let begin = async |size: usize| {
        let new = json!({"channel_id": channel, "filename": "a.txt", "file_size": size});
        server.must(&ann, "POST", "/uploads", new).await["id"].as_str().unwrap().to_owned()
    };
    let (status, info) = crate::files::send(
        &server,
        &ann,
        &format!("/uploads/{}", begin(5).await),
        form(&[], &[("data/blob", b"01234")]),
    )
    .await;
    assert_eq!((status, &info["name"], &info["size"]), (StatusCode::OK, &json!("a.txt"), &json!(5)));

    let left = begin(10).await;
    server.backend.cx.clock.advance(std::time::Duration::from_hours(8 * 24));
    backend::actions::uploads::purge(&server.backend.cx).await.unwrap();
    assert_eq!(server.backend.cx.store.uploads().by_id(left.parse().unwrap()).await.unwrap(), None);

    for (wrong, status) in [
        (json!({"channel_id": channel, "filename": "", "file_size": 1}), 400),
        (json!({"channel_id": channel, "filename": "a", "file_size": 0}), 400),
        (json!({"channel_id": channel, "filename": "a", "file_size": 1_000_000_000_000_i64}), 413),
        (json!({"channel_id": "", "filename": "a", "file_size": 1}), 403),
        (json!({"channel_id": channel, "filename": "a", "file_size": 1, "type": "else"}), 400),
    ] {
        assert_eq!(server.call(&ann, "POST", "/uploads", wrong.clone()).await.0.as_u16(), status, "{wrong}");
    }
}

#[tokio::test]
async fn archives_to_import_are_for_administrators() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let new = json!({"type": "import", "filename": "all.zip", "file_size": 3});
    assert_eq!(server.call(&bob, "POST", "/uploads", new.clone()).await.0, StatusCode::FORBIDDEN);
    let upload = server.must(&ann, "POST", "/uploads", new).await;
    let id = upload["id"].as_str().unwrap();
    assert_eq!(server.raw(&ann, "POST", &format!("/api/v4/uploads/{id}"), "", "zip").await.0, StatusCode::OK);
    let listed = server.must(&ann, "GET", "/imports", Value::Null).await;
    assert_eq!(listed, json!([format!("{id}_all.zip")]));
    assert_eq!(server.call(&bob, "GET", "/imports", Value::Null).await.0, StatusCode::FORBIDDEN);
    server.must(&ann, "DELETE", &format!("/imports/{id}_all.zip"), Value::Null).await;
    assert_eq!(
        server.call(&ann, "DELETE", &format!("/imports/{id}_all.zip"), Value::Null).await.0,
        StatusCode::NOT_FOUND
    );
}
