//! How long messages and files are kept.

use backend::{
    jobs::queue::settled,
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use model::config::Config;
use serde_json::{Value, json};
use std::time::Duration;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn say(server: &TestServer, who: &TestUser, channel: &str, root: &str, message: &str) -> String {
    let body = json!({"channel_id": channel, "message": message, "root_id": root});
    text(&server.must(who, "POST", "/posts", body).await["id"])
}

async fn messages(server: &TestServer, who: &TestUser, channel: &str) -> Vec<String> {
    let list = server.must(who, "GET", &format!("/channels/{channel}/posts"), Value::Null).await;
    let post = |id: &Value| list["posts"][id.as_str().unwrap()].clone();
    let posts = list["order"].as_array().unwrap().iter().map(post);
    let mut said: Vec<String> = posts
        .filter(|p| !text(&p["type"]).starts_with("system_") || p["type"] == "system_retention")
        .map(|p| text(&p["message"]))
        .collect();
    said.sort();
    said
}

#[tokio::test]
async fn policies_are_made_and_applied_to_teams_and_channels() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let direct = server.must(&ann, "POST", "/channels/direct", json!([ann.id, bob.id])).await;
    let new = json!({"display_name": "Short", "post_duration": 30, "team_ids": [team], "channel_ids": []});
    assert_eq!(server.call(&bob, "POST", "/data_retention/policies", new.clone()).await.0, StatusCode::FORBIDDEN);
    let (status, made) = server.call(&ann, "POST", "/data_retention/policies", new.clone()).await;
    assert_eq!((status, &made["team_count"], &made["channel_count"]), (StatusCode::CREATED, &json!(1), &json!(0)));
    let path = format!("/data_retention/policies/{}", text(&made["id"]));
    for (change, id) in [
        (json!({"display_name": ""}), "model.retention_policy.is_valid.display_name.app_error"),
        (json!({"post_duration": 0}), "model.retention_policy.is_valid.post_duration.app_error"),
        (json!({"channel_ids": [direct["id"]]}), "app.retention_policy.channel.app_error"),
    ] {
        let (status, refused) = server.call(&ann, "PATCH", &path, change).await;
        assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &json!(id)));
    }
    server.must(&ann, "POST", &format!("{path}/channels"), json!([talk])).await;
    let patched = server.must(&ann, "PATCH", &path, json!({"post_duration": 7})).await;
    assert_eq!((&patched["post_duration"], &patched["channel_count"]), (&json!(7), &json!(1)));
    let listed = server.must(&ann, "GET", "/data_retention/policies", Value::Null).await;
    assert_eq!((&listed["total_count"], &listed["policies"][0]), (&json!(1), &patched));
    assert_eq!(server.must(&ann, "GET", "/data_retention/policies_count", Value::Null).await["total_count"], 1);
    let teams = server.must(&ann, "GET", &format!("{path}/teams"), Value::Null).await;
    assert_eq!((&teams["teams"][0]["id"], &teams["total_count"]), (&json!(team), &json!(1)));
    let channels = server.must(&ann, "GET", &format!("{path}/channels"), Value::Null).await;
    assert_eq!(channels["channels"][0]["team_display_name"], "garden");
    for (of, term, count) in [("teams", "gard", 1), ("teams", "x", 0), ("channels", "TAL", 1), ("channels", "x", 0)] {
        let found = server.must(&ann, "POST", &format!("{path}/{of}/search"), json!({"term": term})).await;
        assert_eq!(found.as_array().unwrap().len(), count, "{of} {term}");
    }
    let own = server.must(&bob, "GET", "/users/me/data_retention/team_policies", Value::Null).await;
    assert_eq!(own, json!({"policies": [{"team_id": team, "post_duration": 7}], "total_count": 1}));
    let own = server.must(&bob, "GET", "/users/me/data_retention/channel_policies", Value::Null).await;
    assert_eq!(own["policies"], json!([{"channel_id": talk, "post_duration": 7}]));
    server.must(&ann, "DELETE", &format!("{path}/teams"), json!([team])).await;
    server.must(&ann, "DELETE", &format!("{path}/channels"), json!([talk])).await;
    let left = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!((&left["team_count"], &left["channel_count"]), (&json!(0), &json!(0)));
    server.must(&ann, "DELETE", &path, Value::Null).await;
    assert_eq!(server.call(&ann, "GET", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    let global = server.must(&bob, "GET", "/data_retention/policy", Value::Null).await;
    assert_eq!(global["message_deletion_enabled"], false);
    let license = server.must(&bob, "GET", "/license/client?format=old", Value::Null).await;
    assert_eq!(license["DataRetention"], "true");
}

#[tokio::test]
async fn what_is_old_is_gone_with_all_that_hung_on_it() {
    let mut config = Config::default();
    config.data_retention.enable_message_deletion = true;
    config.data_retention.message_retention_days = 10;
    config.data_retention.batch_size = 2;
    config.data_retention.time_between_batches = 0;
    config.data_retention.preserve_pinned_posts = true;
    let server = TestServer::start_with(config).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let kept = server.channel(&ann, &team, "kept", &[&bob]).await;
    let forever = json!({"display_name": "Forever", "post_duration": -1, "team_ids": [], "channel_ids": [kept]});
    server.must(&ann, "POST", "/data_retention/policies", forever).await;

    let upload = format!("/api/v4/files?channel_id={talk}&filename=notes.txt");
    let (_, _, answer) = server.raw(&ann, "POST", &upload, "text/plain", "turnips in it").await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let file = text(&answer["file_infos"][0]["id"]);
    let body = json!({"channel_id": talk, "message": "old turnips", "file_ids": [file]});
    let old = text(&server.must(&ann, "POST", "/posts", body).await["id"]);
    for message in ["old one", "old two", "old three"] {
        say(&server, &bob, &talk, "", message).await;
    }
    say(&server, &ann, &kept, "", "old but kept").await;
    let pinned = say(&server, &ann, &talk, "", "old and pinned").await;
    server.must(&ann, "POST", &format!("/posts/{pinned}/pin"), Value::Null).await;
    let root = say(&server, &ann, &talk, "", "a long talk").await;
    say(&server, &bob, &talk, &root, "old reply").await;
    let search = async |who: &TestUser, terms: &str| {
        let found = server.must(who, "POST", &format!("/teams/{team}/posts/search"), json!({"terms": terms})).await;
        found["order"].as_array().unwrap().len()
    };
    assert_eq!(search(&bob, "turnips").await, 1);
    let cx = &server.backend.cx;
    settled(cx).await;

    cx.clock.advance(Duration::from_hours(9 * 24));
    say(&server, &ann, &talk, &root, "young reply").await;
    say(&server, &ann, &talk, "", "young").await;
    let order = json!({"type": "data_retention"});
    assert_eq!(server.call(&bob, "POST", "/jobs", order.clone()).await.0, StatusCode::FORBIDDEN);
    server.must(&ann, "POST", "/jobs", order.clone()).await;
    settled(cx).await;
    assert_eq!(messages(&server, &bob, &talk).await.len(), 9, "nothing is old yet");

    cx.clock.advance(Duration::from_hours(2 * 24));
    let ordered = server.must(&ann, "POST", "/jobs", order).await;
    settled(cx).await;
    let job = server.must(&ann, "GET", &format!("/jobs/{}", text(&ordered["id"])), Value::Null).await;
    assert_eq!(job["status"], "success", "{job}");
    assert_eq!(
        messages(&server, &bob, &talk).await,
        ["This message was removed because of its age.", "old and pinned", "young", "young reply"]
    );
    assert_eq!(messages(&server, &bob, &kept).await, ["old but kept"]);
    assert_eq!(server.call(&ann, "GET", &format!("/posts/{old}"), Value::Null).await.0, StatusCode::NOT_FOUND);
    assert_eq!(server.call(&ann, "GET", &format!("/files/{file}"), Value::Null).await.0, StatusCode::NOT_FOUND);
    assert_eq!(search(&bob, "turnips").await, 0);
    assert_eq!(search(&bob, "long").await, 0);
    let thread = server.must(&bob, "GET", &format!("/posts/{root}/thread"), Value::Null).await;
    assert_eq!(thread["posts"][&root]["reply_count"], 1);
    assert_eq!(search(&bob, "young").await, 2);
}

#[tokio::test]
async fn files_go_alone_and_every_night() {
    let mut config = Config::default();
    config.data_retention.enable_file_deletion = true;
    config.data_retention.file_retention_hours = 12;
    let server = TestServer::start_with(config).await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "garden", &[]).await;
    let talk = server.channel(&ann, &team, "talk", &[]).await;
    let upload = format!("/api/v4/files?channel_id={talk}&filename=notes.txt");
    let (_, _, answer) = server.raw(&ann, "POST", &upload, "text/plain", "turnips").await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let file = text(&answer["file_infos"][0]["id"]);
    let body = json!({"channel_id": talk, "message": "with a file", "file_ids": [file]});
    let post = text(&server.must(&ann, "POST", "/posts", body).await["id"]);
    let cx = &server.backend.cx;
    backend::jobs::queue::begin(cx).await;
    // Housekeeping, which orders the night's work, and two nights.
    for _ in 0..52 {
        cx.clock.advance(Duration::from_hours(1));
        settled(cx).await;
    }
    assert_eq!(server.call(&ann, "GET", &format!("/files/{file}"), Value::Null).await.0, StatusCode::NOT_FOUND);
    let shown = server.must(&ann, "GET", &format!("/posts/{post}"), Value::Null).await;
    assert_eq!((&shown["message"], shown["metadata"].get("files")), (&json!("with a file"), None));
    let jobs = server.must(&ann, "GET", "/jobs/type/data_retention", Value::Null).await;
    let done = jobs.as_array().unwrap().iter().filter(|j| j["status"] == "success").count();
    assert_eq!(done, 2, "once a night: {jobs}");
}
