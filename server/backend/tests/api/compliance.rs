//! Reports of what was written.

use backend::{jobs::queue::settled, testing::TestServer};
use http::StatusCode;
use serde_json::{Value, json};
use std::{
    io::{Cursor, Read as _},
    time::Duration,
};

#[tokio::test]
async fn a_report_has_what_was_written_in_its_time_and_what_became_of_it() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let write = async |who, message: &str| {
        server.backend.cx.clock.advance(Duration::from_secs(1));
        let post = json!({"channel_id": talk, "message": message});
        server.must(who, "POST", "/posts", post).await["id"].as_str().unwrap().to_owned()
    };
    write(&bob, "too early").await;
    server.backend.cx.clock.advance(Duration::from_secs(1));
    let start = server.backend.cx.clock.now();
    let gone = write(&bob, "the secret plan").await;
    server.must(&bob, "DELETE", &format!("/posts/{gone}"), Value::Null).await;
    let fixed = write(&bob, "befor").await;
    server.must(&bob, "PUT", &format!("/posts/{fixed}/patch"), json!({"message": "before, \"quoted\""})).await;
    write(&ann, "=1+2 of a plan").await;
    server.backend.cx.clock.advance(Duration::from_secs(1));
    let end = server.backend.cx.clock.now();
    write(&ann, "too late").await;

    let path = "/compliance/reports";
    let new = json!({"desc": "audit", "start_at": start, "end_at": end});
    assert_eq!(server.call(&ann, "POST", path, new.clone()).await.0, StatusCode::NOT_IMPLEMENTED);
    server.must(&ann, "PUT", "/config/patch", json!({"ComplianceSettings": {"Enable": true}})).await;
    assert_eq!(server.call(&bob, "POST", path, new.clone()).await.0, StatusCode::FORBIDDEN);
    for (field, wrong, id) in
        [("desc", json!(""), "desc"), ("start_at", json!(0), "start_at"), ("end_at", json!(start), "start_end_at")]
    {
        let mut body = new.clone();
        body[field] = wrong;
        let (status, refused) = server.call(&ann, "POST", path, body).await;
        let expected = json!(format!("model.compliance.is_valid.{id}.app_error"));
        assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &expected));
    }
    let table = async |more: Value| -> (Value, Vec<String>) {
        let mut body = new.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = server.must(&ann, "POST", path, body).await;
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        assert_eq!((&made["status"], &made["type"]), (&json!("created"), &json!("adhoc")));
        assert_eq!(server.call(&ann, "GET", &format!("{one}/download"), Value::Null).await.0, StatusCode::NOT_FOUND);
        settled(&server.backend.cx).await;
        let done = server.must(&ann, "GET", &one, Value::Null).await;
        assert_eq!(done["status"], "finished");
        let request = http::Request::get(format!("/api/v4{one}/download"));
        let request = request.header("authorization", format!("Bearer {}", ann.token));
        let answer = server.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.headers()["content-type"], "application/zip");
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let mut text = String::new();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        archive.by_name("posts.csv").unwrap().read_to_string(&mut text).unwrap();
        assert!(text.starts_with("TeamName,"));
        (done, text.lines().skip(1).map(ToOwned::to_owned).collect())
    };
    let (done, lines) = table(json!({})).await;
    assert_eq!((done["count"].as_i64(), lines.len()), (Some(4), 4), "{lines:#?}");
    assert!(lines[0].starts_with("garden,garden,talk,talk,P,bob,bob@example.com,,user,"), "{}", lines[0]);
    let deleted = lines.iter().find(|line| line.contains("the secret plan")).unwrap();
    assert_eq!(deleted.matches("2026-").count(), 2, "when it was written and when it was deleted: {deleted}");
    assert!(lines.iter().any(|line| line.contains("\"before, \"\"quoted\"\"\"")));
    assert!(lines.iter().any(|line| line.contains(",befor,") && line.contains(&fixed)), "with the earlier text");
    assert!(lines.iter().any(|line| line.contains("'=1+2")), "no formula for a table");
    assert_eq!(table(json!({"keywords": "nothing PLAN"})).await.1.len(), 2);
    assert_eq!(table(json!({"emails": "ann@example.com"})).await.1.len(), 1);
    assert_eq!(table(json!({"emails": "nobody@example.com"})).await.1.len(), 0);
    let list = server.must(&ann, "GET", path, Value::Null).await;
    assert_eq!(list.as_array().unwrap().len(), 4);

    // One of each day, if that is wanted.
    let patch = json!({"ComplianceSettings": {"EnableDaily": true}});
    server.must(&ann, "PUT", "/config/patch", patch).await;
    server.backend.cx.clock.advance(Duration::from_hours(24));
    for _ in 0..2 {
        backend::actions::compliance::order_daily(&server.backend.cx).await.unwrap();
        settled(&server.backend.cx).await;
    }
    let list = server.must(&ann, "GET", path, Value::Null).await;
    assert_eq!(list.as_array().unwrap().iter().filter(|report| report["type"] == "daily").count(), 1);
}
