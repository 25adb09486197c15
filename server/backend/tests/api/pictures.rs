//! Pictures of people, bots, teams and the organisation.

use crate::files::{form, png, send};
use backend::testing::{TestServer, TestUser};
use http::{StatusCode, header};
use serde_json::{Value, json};

async fn picture(server: &TestServer, who: &TestUser, path: &str) -> (StatusCode, Option<(u32, u32)>, http::HeaderMap) {
    let request = http::Request::builder().uri(format!("/api/v4{path}"));
    let request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.token));
    let answer = server.send(request.body(axum::body::Body::empty()).unwrap()).await;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let size = image::load_from_memory(&bytes).ok().map(|p| (p.width(), p.height()));
    (status, size, headers)
}

fn image_of(bytes: &[u8]) -> Vec<u8> {
    form(&[], &[("image/a.png", bytes)])
}

#[tokio::test]
async fn a_person_has_initials_until_there_is_a_picture() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let path = format!("/users/{}/image", bob.id);
    let (status, size, headers) = picture(&server, &ann, &path).await;
    assert_eq!((status, size), (StatusCode::OK, Some((128, 128))));
    assert_eq!(headers[header::CACHE_CONTROL], "max-age=300, private");
    assert_eq!(picture(&server, &ann, &format!("{path}/default")).await.1, Some((128, 128)));

    assert_eq!(send(&server, &bob, &path, image_of(&png(300, 200))).await.0, StatusCode::OK);
    let me = server.must(&bob, "GET", "/users/me", Value::Null).await;
    assert!(me["last_picture_update"].as_i64().unwrap() > 0);
    let (_, size, headers) = picture(&server, &ann, &path).await;
    assert_eq!((size, &headers[header::CONTENT_TYPE]), (Some((128, 128)), &"image/png".parse().unwrap()));
    assert_eq!(headers[header::CACHE_CONTROL], "max-age=86400, private");
    let eve = server.user("eve").await;
    assert_eq!(send(&server, &eve, &path, image_of(&png(3, 2))).await.0, StatusCode::FORBIDDEN);
    for (wrong, id) in [
        (form(&[], &[("other/a.png", b"x")]), "api.user.upload_profile_user.no_file.app_error"),
        (image_of(b"<svg onload=alert(1)>"), "api.user.upload_profile_user.decode.app_error"),
    ] {
        let (status, refused) = send(&server, &bob, &path, wrong).await;
        assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &json!(id)));
    }
    assert_eq!(server.call(&eve, "DELETE", &path, Value::Null).await.0, StatusCode::FORBIDDEN);
    server.must(&bob, "DELETE", &path, Value::Null).await;
    let me = server.must(&bob, "GET", "/users/me", Value::Null).await;
    assert_eq!(me["last_picture_update"], Value::Null);
    assert_eq!(picture(&server, &ann, &path).await.1, Some((128, 128)));
}

#[tokio::test]
async fn teams_bots_and_the_organisation_have_pictures() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let path = format!("/teams/{team}/image");
    assert_eq!(picture(&server, &bob, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(&server, &bob, &path, image_of(&png(64, 64))).await.0, StatusCode::FORBIDDEN);
    assert_eq!(send(&server, &ann, &path, image_of(&png(64, 64))).await.0, StatusCode::OK);
    assert_eq!(picture(&server, &bob, &path).await.1, Some((128, 128)));

    let bot = server.must(&ann, "POST", "/bots", json!({"username": "hal"})).await;
    let path = format!("/bots/{}/icon", bot["user_id"].as_str().unwrap());
    assert_eq!(picture(&server, &ann, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(&server, &bob, &path, image_of(&png(64, 64))).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(&server, &ann, &path, image_of(&png(64, 64))).await.0, StatusCode::OK);
    assert_eq!(picture(&server, &ann, &path).await.1, Some((128, 128)));
    server.must(&ann, "DELETE", &path, Value::Null).await;
    assert_eq!(server.call(&ann, "DELETE", &path, Value::Null).await.0, StatusCode::NOT_FOUND);

    let nobody = TestUser::default();
    assert_eq!(picture(&server, &nobody, "/brand/image").await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(&server, &bob, "/brand/image", image_of(&png(50, 40))).await.0, StatusCode::FORBIDDEN);
    assert_eq!(send(&server, &ann, "/brand/image", image_of(&png(50, 40))).await.0, StatusCode::CREATED);
    assert_eq!(picture(&server, &nobody, "/brand/image").await.1, Some((50, 40)));
    server.must(&ann, "DELETE", "/brand/image", Value::Null).await;
    assert_eq!(picture(&server, &nobody, "/brand/image").await.0, StatusCode::NOT_FOUND);
}
