//! Signing in to the programs of integrations.

use super::webhooks::program;
use backend::testing::TestServer;
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_called_at_an_audience_gets_a_token_and_nothing_else_does() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
    let (giver, mut asked) = program(json!({"access_token": "t0k3n", "token_type": "bearer", "expires_in": 60})).await;
    let (bot, mut heard) = program(json!({"text": "done"})).await;
    let new = json!({
        "name": "inner", "client_id": "confab", "client_secret": "s3c/r3t", "oauth_token_url": giver,
        "grant_type": "client_credentials", "audiences": [bot],
    });
    let path = "/oauth/outgoing_connections";
    let (status, refused) = server.call(&ann, "POST", path, new.clone()).await;
    let off = "api.context.outgoing_oauth_connection.not_available.configuration_disabled";
    assert_eq!((status, &refused["id"]), (StatusCode::NOT_IMPLEMENTED, &json!(off)));
    let patch = json!({"ServiceSettings": {
        "EnableOutgoingOAuthConnections": true, "AllowedUntrustedInternalConnections": "127.0.0.1",
    }});
    server.must(&ann, "PUT", "/config/patch", patch).await;

    assert_eq!(server.call(&bob, "POST", path, new.clone()).await.0, StatusCode::FORBIDDEN);
    for (field, wrong, id) in [
        ("name", json!(""), "name.error"),
        ("client_id", json!("x".repeat(300)), "client_id.error"),
        ("client_secret", json!(null), "client_secret.error"),
        ("oauth_token_url", json!("ftp://x.org"), "oauth_token_url.error"),
        ("grant_type", json!("implicit"), "grant_type.error"),
        ("grant_type", json!("password"), "password_credentials.error"),
        ("audiences", json!([]), "audience.empty"),
        ("audiences", json!(["here"]), "audience.error"),
    ] {
        let mut body = new.clone();
        body[field] = wrong;
        let (status, refused) = server.call(&ann, "POST", path, body).await;
        let expected = json!(format!("model.outgoing_oauth_connection.is_valid.{id}"));
        assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &expected));
    }
    let made = server.must(&ann, "POST", path, new.clone()).await;
    let id = made["id"].as_str().unwrap();
    let one = format!("{path}/{id}");
    assert!(made.get("client_secret").is_none(), "secrets do not come back");
    assert!(server.must(&ann, "GET", &one, Value::Null).await.get("client_secret").is_none());

    server.must(&ann, "POST", &format!("{path}/validate"), json!({"id": id})).await;
    let request = asked.recv().await.unwrap();
    // confab:s3c%2Fr3t
    assert!(request.to_lowercase().contains("authorization: basic y29uzmfionmzyyuyrniz"), "{request}");
    assert!(request.ends_with("grant_type=client_credentials"), "{request}");

    for (trigger, url) in [("go", bot.clone()), ("other", bot.replace("/x", "/y"))] {
        let command = json!({"team_id": team, "trigger": trigger, "method": "P", "url": url});
        server.must(&ann, "POST", "/commands", command).await;
    }
    let give = |command: &str| json!({"channel_id": channel, "command": command});
    server.must(&bob, "POST", "/commands/execute", give("/go on")).await;
    let request = heard.recv().await.unwrap().to_lowercase();
    assert!(request.contains("authorization: bearer t0k3n"), "{request}");
    asked.recv().await.unwrap();
    server.must(&bob, "POST", "/commands/execute", give("/other one")).await;
    let request = heard.recv().await.unwrap().to_lowercase();
    assert!(request.contains("authorization: token ") && !request.contains("t0k3n"), "{request}");
    assert!(asked.try_recv().is_err(), "no token was asked for");

    // With a name and a password; the secret stays where a change has none.
    let change = json!({"id": id, "name": "renamed", "grant_type": "password", "credentials_username": "confab@x",
        "credentials_password": "p w"});
    let changed = server.must(&ann, "PUT", &one, change.clone()).await;
    assert_eq!((&changed["name"], &changed["client_id"]), (&json!("renamed"), &json!("confab")));
    assert_eq!(server.call(&ann, "PUT", &format!("{path}/{}", ann.id), change).await.0, StatusCode::BAD_REQUEST);
    server.must(&bob, "POST", "/commands/execute", give("/go on")).await;
    let request = asked.recv().await.unwrap();
    assert!(request.ends_with("grant_type=password&username=confab%40x&password=p+w"), "{request}");
    // A kept secret is not sent to an address that it was not kept for.
    let (thief, mut stolen) = program(json!({"access_token": "x"})).await;
    let (status, _) =
        server.call(&ann, "POST", &format!("{path}/validate"), json!({"id": id, "oauth_token_url": thief})).await;
    assert_eq!((status, stolen.try_recv().is_err()), (StatusCode::BAD_REQUEST, true));

    let list = async |who, query: &str| server.call(who, "GET", &format!("{path}?{query}"), Value::Null).await;
    assert_eq!(list(&ann, "").await.1[0]["id"], id);
    assert_eq!(list(&ann, &format!("from_id={id}")).await.1, json!([]));
    assert_eq!(list(&ann, &format!("audience={bot}/deeper")).await.1[0]["id"], id);
    assert_eq!(list(&ann, "audience=https://x.org").await.1, json!([]));
    assert_eq!(list(&ann, "limit=0").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(list(&bob, &format!("team_id={team}")).await.0, StatusCode::FORBIDDEN, "bob makes no commands");

    for (field, value) in [("oauth_token_url", json!(bot)), ("audiences", json!([bot, "https://x.org"]))] {
        let mut patch = json!({"client_secret": "other", "id": id});
        patch[field] = value.clone();
        let (status, refused) = server.call(&ann, "PUT", &one, patch).await;
        let expected = json!("model.outgoing_oauth_connection.is_valid.client_secret.error");
        assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &expected), "secrets are not led elsewhere");
    }
    let patch = json!({"client_secret": "s", "credentials_password": "p", "oauth_token_url": bot, "id": id});
    server.must(&ann, "PUT", &one, patch).await;
    let (status, refused) = server.call(&bob, "POST", "/commands/execute", give("/go on")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(refused["message"], "renamed gave no token (200 OK).");
    server.must(&ann, "DELETE", &one, Value::Null).await;
    assert_eq!(server.call(&ann, "GET", &one, Value::Null).await.0, StatusCode::NOT_FOUND);
    server.must(&bob, "POST", "/commands/execute", give("/go on")).await;
}
