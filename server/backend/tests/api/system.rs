//! The server itself: configuration, what clients are told, health and quiet.

use super::documented;
use backend::{
    settings::MASK,
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn the_whole_configuration_goes_round_and_secrets_stay() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut config = server.must(&ann, "GET", "/config", Value::Null).await;
    assert_eq!(config.as_object().map(serde_json::Map::len), Some(42), "all sections");
    assert_eq!(config["FileSettings"]["PublicLinkSalt"], MASK);
    let salt = server.backend.cx.settings.whole()["FileSettings"]["PublicLinkSalt"].clone();
    config["TeamSettings"]["SiteName"] = "Ours".into();
    config["SupportSettings"]["HelpLink"] = "https://help.example.com".into();
    config["PluginSettings"]["Plugins"] = json!({"com.example": {"key": 1}});
    let answer = server.must(&ann, "PUT", "/config", config).await;
    assert_eq!(answer["TeamSettings"]["SiteName"], "Ours");
    let kept = server.must(&ann, "GET", "/config", Value::Null).await;
    assert_eq!(kept["PluginSettings"]["Plugins"]["com.example"]["key"], 1);
    assert_eq!(server.backend.cx.settings.whole()["FileSettings"]["PublicLinkSalt"], salt);
    let told = server.must(&TestUser::default(), "GET", "/config/client?format=old", Value::Null).await;
    assert_eq!((&told["SiteName"], &told["HelpLink"]), (&"Ours".into(), &"https://help.example.com".into()));

    let wrong = json!({"SupportSettings": {"HelpLink": 5}});
    let (status, body) = server.call(&ann, "PUT", "/config/patch", wrong).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["message"].as_str().unwrap().contains("SupportSettings.HelpLink"), "{body}");
    let (status, _) = server.call(&bob, "GET", "/config", Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_delegated_administrator_reaches_the_pages_they_hold() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    server.must(&ann, "PUT", &format!("/users/{}/roles", bob.id), json!({"roles": "system_user system_manager"})).await;
    let seen = server.must(&bob, "GET", "/config", Value::Null).await;
    assert_eq!(seen["SqlSettings"]["DriverName"], "sqlite");
    assert_eq!(seen["ComplianceSettings"], json!({}));
    let patch = json!({"TeamSettings": {"SiteName": "Theirs"}, "ServiceSettings": {"EnableAPIUserDeletion": true}});
    server.must(&bob, "PUT", "/config/patch", patch).await;
    let config = server.backend.cx.settings.get();
    assert_eq!(config.team.site_name, "Theirs");
    assert!(!config.service.enable_api_user_deletion, "that is for those who manage the whole system");
    drop(config);

    let role = json!({"roles": "system_user system_read_only_admin"});
    server.must(&ann, "PUT", &format!("/users/{}/roles", bob.id), role).await;
    server.must(&bob, "GET", "/config", Value::Null).await;
    for (method, path) in [("PUT", "/config/patch"), ("POST", "/caches/invalidate"), ("POST", "/config/reload")] {
        let (status, _) = server.call(&bob, method, path, json!({})).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn health_is_told_for_the_database_and_the_files() {
    let server = TestServer::start().await;
    let nobody = TestUser::default();
    let plain = server.must(&nobody, "GET", "/system/ping", Value::Null).await;
    assert!(plain["status"] == "OK" && plain.get("database_status").is_none());
    let full = server.must(&nobody, "GET", "/system/ping?get_server_status=true&device_id=x", Value::Null).await;
    assert_eq!((&full["database_status"], &full["filestore_status"]), (&"OK".into(), &"OK".into()));
    assert_eq!(full["CanReceiveNotifications"], "unknown");

    server.backend.cx.store.close().await;
    let (status, ill) = server.call(&nobody, "GET", "/system/ping?get_server_status=true", Value::Null).await;
    assert_eq!((status, &ill["database_status"]), (StatusCode::INTERNAL_SERVER_ERROR, &"UNHEALTHY".into()));
    let rest = "/system/ping?get_server_status=true&use_rest_semantics=true";
    assert_eq!(server.call(&nobody, "GET", rest, Value::Null).await.0, StatusCode::OK);
}

#[tokio::test]
async fn quiet_refuses_what_can_wait() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    server.must(&ann, "POST", "/server_busy?seconds=60", Value::Null).await;
    let (status, body) = server.call(&bob, "POST", "/users/search", json!({"term": "a"})).await;
    assert_eq!((status, &body["id"]), (StatusCode::SERVICE_UNAVAILABLE, &"api.context.server_busy.app_error".into()));
    server.must(&bob, "GET", "/users/me", Value::Null).await;
    assert_eq!(server.must(&ann, "GET", "/server_busy", Value::Null).await["busy"], true);
    server.must(&ann, "DELETE", "/server_busy", Value::Null).await;
    server.must(&bob, "POST", "/users/search", json!({"term": "a"})).await;
}

#[tokio::test]
async fn statistics_count_what_is_there() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": "one"})).await;
    let rows = server.must(&ann, "GET", "/analytics/old?name=standard", Value::Null).await;
    let value = |name: &str| rows.as_array().unwrap().iter().find(|r| r["name"] == name).unwrap()["value"].clone();
    assert_eq!((value("unique_user_count"), value("team_count")), (json!(2), json!(1)));
    assert_eq!((value("channel_open_count"), value("channel_private_count")), (json!(2), json!(1)));
    let days = server
        .must(&ann, "GET", &format!("/analytics/old?name=user_counts_with_posts_day&team_id={team}"), Value::Null)
        .await;
    assert_eq!(days[0]["name"], "2026-09-21", "{days}");
    assert_eq!(server.call(&ann, "GET", "/analytics/old?name=junk", Value::Null).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(server.call(&bob, "GET", "/analytics/old", Value::Null).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn no_known_route_is_unknown_or_fails() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let missing = documented("missing-routes.txt");
    for line in documented("api-routes.txt").iter().filter(|line| !missing.contains(line)) {
        let (method, path) = line.split_once(' ').unwrap();
        // What stops or empties the server would spoil the rest.
        if path == "/database/recycle" || path.starts_with("/users/logout") || path.contains("sessions/revoke") {
            continue;
        }
        for who in [&bob, &ann] {
            for body in [Value::Null, json!({})] {
                let (status, answer) = server.call(who, method, &super::filled(path), body).await;
                let unknown = answer["id"] == "api.context.404.app_error";
                assert!(!unknown && status != StatusCode::INTERNAL_SERVER_ERROR, "{line}: {status} {answer}");
            }
        }
    }
}
