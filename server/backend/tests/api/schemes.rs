//! Schemes change what members may do, and jobs are seen and canceled by administrators only.

use backend::testing::TestServer;
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_teams_scheme_changes_what_its_members_may_do() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let new = json!({"display_name": "Quiet", "scope": "team"});
    assert_eq!(server.call(&bob, "POST", "/schemes", new.clone()).await.0, StatusCode::FORBIDDEN);
    let scheme = server.must(&ann, "POST", "/schemes", new).await;
    let name = scheme["default_team_user_role"].as_str().unwrap();
    let role = server.must(&ann, "GET", &format!("/roles/name/{name}"), Value::Null).await;
    let fewer: Vec<&Value> =
        role["permissions"].as_array().unwrap().iter().filter(|p| *p != "create_public_channel").collect();
    let patch = format!("/roles/{}/patch", role["id"].as_str().unwrap());
    server.must(&ann, "PUT", &patch, json!({"permissions": fewer})).await;

    let make = |name: &str| json!({"team_id": team, "name": name, "display_name": name, "type": "O"});
    server.must(&bob, "POST", "/channels", make("before")).await;
    let of_team = format!("/teams/{team}/scheme");
    server.must(&ann, "PUT", &of_team, json!({"scheme_id": scheme["id"]})).await;
    let member = server.must(&bob, "GET", &format!("/teams/{team}/members/me"), Value::Null).await;
    assert_eq!(member["roles"], name);
    assert_eq!(server.call(&bob, "POST", "/channels", make("during")).await.0, StatusCode::FORBIDDEN);
    let id = scheme["id"].as_str().unwrap();
    let teams = server.must(&ann, "GET", &format!("/schemes/{id}/teams"), Value::Null).await;
    assert_eq!(teams[0]["id"], team.as_str());

    server.must(&ann, "DELETE", &format!("/schemes/{id}"), Value::Null).await;
    server.must(&bob, "POST", "/channels", make("after")).await;
    assert_eq!(server.call(&ann, "GET", &format!("/schemes/{id}"), Value::Null).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_scheme_fits_where_it_is_meant_for() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let scheme = server.must(&ann, "POST", "/schemes", json!({"display_name": "C", "scope": "channel"})).await;
    assert_eq!(scheme["default_team_user_role"], "");
    let body = json!({"scheme_id": scheme["id"]});
    let (status, refused) = server.call(&ann, "PUT", &format!("/teams/{team}/scheme"), body.clone()).await;
    assert_eq!(
        (status, &refused["id"]),
        (StatusCode::BAD_REQUEST, &"api.team.update_team_scheme.scheme_scope.error".into())
    );
    server.must(&ann, "PUT", &format!("/channels/{channel}/scheme"), body).await;
    let member = server.must(&ann, "GET", &format!("/channels/{channel}/members/me"), Value::Null).await;
    let roles = member["roles"].as_str().unwrap();
    assert!(roles.contains(scheme["default_channel_admin_role"].as_str().unwrap()), "{roles}");
    for wrong in [json!({"display_name": "", "scope": "team"}), json!({"display_name": "x", "scope": "world"})] {
        assert_eq!(server.call(&ann, "POST", "/schemes", wrong).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn jobs_are_ordered_and_seen_by_administrators() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let wanted = json!({"type": "message_export"});
    assert_eq!(server.call(&bob, "POST", "/jobs", wanted.clone()).await.0, StatusCode::FORBIDDEN);
    let job = server.must(&ann, "POST", "/jobs", wanted).await;
    assert_eq!((&job["type"], &job["status"]), (&"message_export".into(), &"pending".into()));
    backend::jobs::queue::settled(&server.backend.cx).await;
    let id = job["id"].as_str().unwrap();
    let over = server.must(&ann, "GET", &format!("/jobs/{id}"), Value::Null).await;
    assert_eq!(over["status"], "error");
    assert!(over["data"]["error"].is_string(), "it says why: {over}");
    let (status, refused) = server.call(&ann, "POST", &format!("/jobs/{id}/cancel"), Value::Null).await;
    assert_eq!(
        (status, &refused["id"]),
        (StatusCode::BAD_REQUEST, &"app.job.request_cancellation.status.error".into())
    );
    let (status, refused) = server.call(&ann, "POST", "/jobs", json!({"type": "nonsense"})).await;
    assert_eq!(
        (status, &refused["id"]),
        (StatusCode::BAD_REQUEST, &"api.job.unable_to_create_job.incorrect_job_type".into())
    );
    let listed = server.must(&ann, "GET", "/jobs/type/message_export", Value::Null).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    assert_eq!(server.call(&bob, "GET", "/jobs", Value::Null).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_members_may_do_in_a_channel_is_taken_and_given_back() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "moderated", &[&bob]).await;
    let talk = server.channel(&ann, &team, "mod-talk", &[&bob]).await;
    let other = server.channel(&ann, &team, "mod-other", &[&bob]).await;
    let path = format!("/channels/{talk}/moderations");
    let of = |list: &Value, name: &str| {
        let found = list.as_array().unwrap().iter().find(|m| m["name"] == name).unwrap();
        found["roles"].clone()
    };
    let all = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!(of(&all, "create_post")["members"], json!({"value": true, "enabled": true}));
    assert_eq!(of(&all, "manage_members")["guests"], Value::Null);
    assert_eq!(server.call(&bob, "GET", &path, Value::Null).await.0, StatusCode::FORBIDDEN);
    let change = |members: bool| json!([{"name": "create_post", "roles": {"members": members}}]);
    let patch = format!("{path}/patch");
    assert_eq!(server.call(&bob, "PUT", &patch, change(false)).await.0, StatusCode::FORBIDDEN);
    let all = server.must(&ann, "PUT", &patch, change(false)).await;
    assert_eq!(of(&all, "create_post")["members"], json!({"value": false, "enabled": true}));
    assert_eq!(of(&all, "create_post")["guests"]["value"], true);
    let say = async |channel: &str| {
        let new = json!({"channel_id": channel, "message": "x"});
        server.call(&bob, "POST", "/posts", new).await.0
    };
    assert_eq!((say(&talk).await, say(&other).await), (StatusCode::FORBIDDEN, StatusCode::CREATED));
    assert_eq!(server.must(&ann, "GET", &path, Value::Null).await, all);
    let all = server.must(&ann, "PUT", &patch, change(true)).await;
    assert_eq!(of(&all, "create_post")["members"]["value"], true);
    assert_eq!(say(&talk).await, StatusCode::CREATED);
    let kept = server.must(&ann, "GET", &format!("/channels/{talk}"), Value::Null).await;
    assert!(kept["scheme_id"].as_str().unwrap_or_default().is_empty(), "a scheme that says nothing is gone: {kept}");
    let unknown = json!([{"name": "fly", "roles": {"members": true}}]);
    assert_eq!(server.call(&ann, "PUT", &patch, unknown).await.0, StatusCode::BAD_REQUEST);
}
