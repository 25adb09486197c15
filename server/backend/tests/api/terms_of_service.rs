//! Terms that people have to accept.

use backend::testing::TestServer;
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn terms_are_put_in_force_by_administrators_and_accepted_by_everybody_for_themselves() {
    let server = TestServer::start().await;
    let (boss, ann, bob) = (server.user("boss").await, server.user("ann").await, server.user("bob").await);
    let (status, body) = server.call(&ann, "GET", "/terms_of_service", Value::Null).await;
    let none = "app.terms_of_service.get.no_rows.app_error";
    assert_eq!((status, body["id"].as_str()), (StatusCode::NOT_FOUND, Some(none)));
    let (status, _) = server.call(&ann, "POST", "/terms_of_service", json!({"text": "Be kind."})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    for text in [String::new(), "x".repeat(16_384)] {
        let (status, _) = server.call(&boss, "POST", "/terms_of_service", json!({"text": text})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    let old = server.must(&boss, "POST", "/terms_of_service", json!({"text": "Be kind."})).await;
    let new = server.must(&boss, "POST", "/terms_of_service", json!({"text": "Be very kind."})).await;
    assert_eq!(server.must(&ann, "GET", "/terms_of_service", Value::Null).await, new);

    let path = "/users/me/terms_of_service";
    let missing = "app.user_terms_of_service.get_by_user.no_rows.app_error";
    let decide = |id: &Value, accepted: Value| json!({"termsOfServiceId": id, "accepted": accepted});
    for (id, accepted) in [(&old["id"], json!(true)), (&new["id"], json!("true"))] {
        server.must(&ann, "POST", path, decide(id, accepted)).await;
        let kept = server.must(&ann, "GET", path, Value::Null).await;
        assert_eq!((&kept["terms_of_service_id"], &kept["user_id"]), (id, &json!(ann.id)));
    }
    let (status, body) = server.call(&bob, "GET", &format!("/users/{}/terms_of_service", ann.id), Value::Null).await;
    assert_eq!((status, body["id"].as_str()), (StatusCode::NOT_FOUND, Some(missing)), "one sees one's own");
    server.must(&ann, "POST", path, decide(&new["id"], json!(false))).await;
    let (status, _) = server.call(&ann, "GET", path, Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, body) = server.call(&ann, "POST", path, decide(&json!(ann.id), json!(true))).await;
    assert_eq!((status, body["id"].as_str()), (StatusCode::NOT_FOUND, Some(none)));
}
