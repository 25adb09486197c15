//! Reports about people.

use backend::{jobs::queue::settled, testing::TestServer};
use http::StatusCode;
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|u| u["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn people_are_listed_by_pages_with_how_much_they_write() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let (cat, dan) = (server.user("cat").await, server.user("dan").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    for message in ["one", "two"] {
        server.must(&bob, "POST", "/posts", json!({"channel_id": talk, "message": message})).await;
    }
    server.must(&ann, "POST", "/bots", json!({"username": "robot"})).await;
    server.must(&ann, "PUT", &format!("/users/{}/active", dan.id), json!({"active": false})).await;
    let list = async |query: &str| server.must(&ann, "GET", &format!("/reports/users?{query}"), Value::Null).await;
    let count =
        async |query: &str| server.must(&ann, "GET", &format!("/reports/users/count?{query}"), Value::Null).await;

    let first = list("page_size=2").await;
    assert_eq!(names(&first), ["ann", "bob"]);
    assert_eq!((&first[1]["total_posts"], &first[1]["days_active"]), (&json!(2), &json!(1)));
    assert!(
        first[1]["last_post_date"].is_i64() && first[1]["last_login"].is_i64() && first[1].get("password").is_none()
    );
    assert_eq!(first[1]["email"], "bob@example.com");
    let next = format!("page_size=2&from_column_value=bob&from_id={}", bob.id);
    assert_eq!(names(&list(&next).await), ["cat", "dan"]);
    assert_eq!(names(&list(&format!("direction=prev&from_column_value=cat&from_id={}", cat.id)).await), ["ann", "bob"]);
    assert_eq!(names(&list("sort_column=Email&sort_direction=desc").await), ["dan", "cat", "bob", "ann"]);
    for (query, expected) in [
        (format!("team_filter={team}"), vec!["ann", "bob"]),
        ("has_no_team=true".into(), vec!["cat", "dan"]),
        ("hide_active=true".into(), vec!["dan"]),
        ("hide_inactive=true".into(), vec!["ann", "bob", "cat"]),
        ("role_filter=system_admin".into(), vec!["ann"]),
        ("search_term=c".into(), vec!["cat"]),
    ] {
        assert_eq!(names(&list(&query).await), expected, "{query}");
        assert_eq!(count(&query).await, json!(expected.len()), "{query}");
    }
    for (query, id) in [
        ("page_size=101", "api.getUsersForReporting.invalid_page_size"),
        ("page_size=0", "api.getUsersForReporting.invalid_page_size"),
        ("sort_column=Password", "model.user_report_options.is_valid.invalid_sort_column"),
        ("team_filter=x", "api.getUsersForReporting.invalid_team_filter"),
        ("hide_active=true&hide_inactive=true", "api.getUsersForReporting.invalid_active_filter"),
    ] {
        let (status, refused) = server.call(&ann, "GET", &format!("/reports/users?{query}"), Value::Null).await;
        assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &json!(id)), "{query}");
    }
    server.backend.cx.clock.advance(std::time::Duration::from_hours(24 * 40));
    let bobs = list("date_range=last_30_days&search_term=bob").await;
    assert!(bobs[0].get("total_posts").is_none(), "{bobs}");
    let bobs = list("date_range=last_6_months&search_term=bob").await;
    assert_eq!(bobs[0]["total_posts"], 2);
}

#[tokio::test]
async fn a_report_is_sent_as_a_file() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    server.must(&bob, "PUT", "/users/me/patch", json!({"nickname": "=cmd(), \"x\""})).await;
    assert_eq!(server.call(&bob, "POST", "/reports/users/export", Value::Null).await.0, StatusCode::FORBIDDEN);
    let mut at_ann = server.socket(&ann).await;
    server.must(&ann, "POST", "/reports/users/export?date_range=last_30_days", Value::Null).await;
    let (status, refused) = server.call(&ann, "POST", "/reports/users/export", Value::Null).await;
    if status != StatusCode::OK {
        assert_eq!(refused["id"], "app.report.start_users_batch_export.job_exists");
    }
    settled(&server.backend.cx).await;
    let heard = server.hear(&ann, &mut at_ann).await;
    let posted = heard.iter().find(|e| e["event"] == "posted").expect("a message with the file");
    let post: Value = serde_json::from_str(posted["data"]["post"].as_str().unwrap()).unwrap();
    let file = post["file_ids"][0].as_str().unwrap();
    let (status, _, text) = server.raw(&ann, "GET", &format!("/api/v4/files/{file}"), "application/json", "").await;
    assert_eq!(status, StatusCode::OK);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("Id,Username,Email") && lines.len() == 3, "{text}");
    assert!(lines[2].contains(",bob,bob@example.com,") && lines[2].contains("\"'=cmd(), \"\"x\"\"\""), "{text}");
}
