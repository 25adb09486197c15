//! Archives of what was written since the last one.

use crate::files::{form, send};
use backend::{
    actions::message_export::order_next,
    jobs::queue::settled,
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use serde_json::{Value, json};
use std::{
    io::{Cursor, Read as _},
    time::Duration,
};

/// The newest of the jobs.
async fn newest(server: &TestServer, ann: &TestUser) -> Value {
    server.must(ann, "GET", "/jobs/type/message_export", Value::Null).await[0].clone()
}

async fn ordered(server: &TestServer, ann: &TestUser) -> Value {
    server.backend.cx.clock.advance(Duration::from_mins(2));
    server.must(ann, "POST", "/jobs", json!({"type": "message_export"})).await;
    settled(&server.backend.cx).await;
    newest(server, ann).await
}

/// The lines and the names in the archive of a job, and what it says of itself.
async fn archive(server: &TestServer, ann: &TestUser, job: &Value) -> (Vec<String>, Vec<String>, Value) {
    let request = http::Request::get(format!("/api/v4/jobs/{}/download", job["id"].as_str().unwrap()));
    let request = request.header("authorization", format!("Bearer {}", ann.token));
    let answer = server.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status(), &answer.headers()["content-type"]),
        (StatusCode::OK, &"application/zip".parse().unwrap())
    );
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names = archive.file_names().map(|name| name.unwrap().into_owned()).collect::<Vec<_>>();
    let mut text = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let (table, about) = (text("posts.csv"), text("metadata.json"));
    assert!(table.starts_with("Post Creation Time,Team Id,"));
    (table.lines().skip(1).map(ToOwned::to_owned).collect(), names, serde_json::from_str(&about).unwrap())
}

#[tokio::test]
async fn each_archive_goes_on_where_the_last_one_ended() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let sent = form(&[("channel_id", &talk)], &[("files/plan.txt", b"the plan")]);
    let file = send(&server, &bob, "/files", sent).await.1["file_infos"][0]["id"].clone();
    let post = json!({"channel_id": talk, "message": "see, all", "file_ids": [file]});
    let first = server.must(&bob, "POST", "/posts", post).await["id"].as_str().unwrap().to_owned();
    let second = server.must(&ann, "POST", "/posts", json!({"channel_id": talk, "message": "before"})).await;
    let second = second["id"].as_str().unwrap();

    // Off, and of a format that is not offered.
    assert_eq!(ordered(&server, &ann).await["status"], "error");
    let config = async |settings: Value| {
        server.must(&ann, "PUT", "/config/patch", json!({"MessageExportSettings": settings})).await;
    };
    config(json!({"EnableExport": true, "ExportFormat": "actiance"})).await;
    let failed = ordered(&server, &ann).await;
    assert_eq!(failed["status"], "error");
    assert!(failed["data"]["error"].as_str().unwrap().contains("csv"), "{failed}");
    config(json!({"ExportFormat": "csv"})).await;

    let job = ordered(&server, &ann).await;
    assert_eq!((&job["status"], &job["data"]["is_downloadable"]), (&json!("success"), &json!("true")));
    let path = format!("/jobs/{}/download", job["id"].as_str().unwrap());
    let (status, refused) = server.call(&ann, "GET", &path, Value::Null).await;
    let off = json!("app.job.download_export_results_not_enabled");
    assert_eq!((status, &refused["id"]), (StatusCode::NOT_IMPLEMENTED, &off));
    config(json!({"DownloadExportResults": true})).await;
    assert_eq!(server.call(&bob, "GET", &path, Value::Null).await.0, StatusCode::FORBIDDEN);
    let (status, refused) =
        server.call(&ann, "GET", &format!("/jobs/{}/download", failed["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &json!("api.job.unable_to_download_job")));

    let (lines, names, about) = archive(&server, &ann, &job).await;
    let of = |what: &str| lines.iter().filter(|line| line.contains(what)).collect::<Vec<_>>();
    assert_eq!(of(&first).len(), 2, "the message and its file: {lines:#?}");
    assert!(of("\"see, all\"")[0].contains(",garden,garden,") && of("\"see, all\"")[0].contains(",private,"));
    assert_eq!(of(second).len(), 1);
    assert!(of("bob@example.com,bob").iter().any(|line| line.contains("-plan.txt,attachment,")));
    assert!(
        names.iter().any(|name| name.starts_with(&format!("files/{first}/")) && name.ends_with("-plan.txt")),
        "{names:?}"
    );
    let in_talk = &about["Channels"][&talk];
    assert_eq!((&in_talk["ChannelName"], &in_talk["AttachmentsCount"]), (&json!("talk"), &json!(1)));
    assert_eq!(about["MessagesCount"].as_u64(), Some(lines.len() as u64 - 1));

    // What was changed since comes again, with what it was before; what was not does not.
    server.must(&ann, "PUT", &format!("/posts/{second}/patch"), json!({"message": "after"})).await;
    let job = ordered(&server, &ann).await;
    let (lines, _, next) = archive(&server, &ann, &job).await;
    assert_eq!(next["StartTime"], about["EndTime"]);
    assert!(!lines.iter().any(|line| line.contains(&first)));
    let texts: Vec<bool> = lines.iter().map(|line| line.contains(",after,")).collect();
    assert_eq!((lines.len(), texts.iter().filter(|after| **after).count()), (2, 1), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains(",before,") && line.contains(&format!(",{second},"))), "{lines:#?}");

    // What is half a minute old is left to the next one, and nothing is in two.
    server.must(&ann, "POST", "/posts", json!({"channel_id": talk, "message": "young"})).await;
    server.must(&ann, "POST", "/jobs", json!({"type": "message_export"})).await;
    settled(&server.backend.cx).await;
    let (lines, ..) = archive(&server, &ann, &newest(&server, &ann).await).await;
    assert_eq!(lines, Vec::<String>::new());
    let (lines, ..) = archive(&server, &ann, &ordered(&server, &ann).await).await;
    assert_eq!(lines.len(), 1);

    // One each day.
    let count = server.must(&ann, "GET", "/jobs/type/message_export", Value::Null).await.as_array().unwrap().len();
    for _ in 0..2 {
        order_next(&server.backend.cx).await.unwrap();
    }
    server.backend.cx.clock.advance(Duration::from_hours(24));
    settled(&server.backend.cx).await;
    let jobs = server.must(&ann, "GET", "/jobs/type/message_export", Value::Null).await;
    let jobs = jobs.as_array().unwrap();
    assert_eq!(jobs.len(), count + 1);
    assert!(jobs.iter().filter(|job| job["status"] == "success").count() == 5, "{jobs:#?}");
}
