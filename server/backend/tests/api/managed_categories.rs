//! Categories of the sidebar that are the same for everybody, and channels that are recommended.

use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_channel_stays_where_the_team_has_put_it() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "garden", &[&bob, &eve]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let secret = server.channel(&ann, &team, "secret", &[]).await;
    let put = |name: &str| json!({"managed_category_name": name});
    let patch = async |who: &TestUser, channel: &str, body: Value| {
        server.call(who, "PUT", &format!("/channels/{channel}/patch"), body).await
    };
    assert_eq!(patch(&bob, &talk, put("Projects")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(patch(&ann, &talk, put(&"x".repeat(65))).await.0, StatusCode::BAD_REQUEST);
    for channel in [&talk, &secret] {
        assert_eq!(patch(&ann, channel, put(" Projects ")).await.0, StatusCode::OK);
    }
    let path = format!("/teams/{team}/channels/managed_categories");
    assert_eq!(server.must(&bob, "GET", &path, Value::Null).await, json!({talk.as_str(): "Projects"}));
    let sidebar = async |who: &TestUser| {
        server.must(who, "GET", &format!("/users/me/teams/{team}/channels/categories"), Value::Null).await
    };
    let all = sidebar(&bob).await;
    let managed = all["categories"][1].clone();
    assert_eq!((&managed["type"], &managed["display_name"]), (&json!("managed"), &json!("Projects")));
    assert_eq!((&managed["channel_ids"], &all["order"][1]), (&json!([talk]), &managed["id"]));
    assert!(!sidebar(&eve).await.to_string().contains("Projects"), "she is in none of its channels");
    // Nobody takes it out, or puts anything in; but they can close it.
    let (favourites, ordinary) = (all["categories"][0].clone(), all["categories"][2].clone());
    let changed = json!([
        {"id": favourites["id"], "user_id": bob.id, "team_id": team, "type": "favorites", "channel_ids": [talk]},
        {"id": managed["id"], "user_id": bob.id, "team_id": team, "type": "managed", "display_name": "Mine",
            "collapsed": true, "channel_ids": ordinary["channel_ids"]},
    ]);
    let categories = format!("/users/me/teams/{team}/channels/categories");
    server.must(&bob, "PUT", &categories, changed).await;
    let after = sidebar(&bob).await;
    assert_eq!(after["categories"][0]["channel_ids"], json!([]));
    let expected = (&json!([talk]), &json!("Projects"), &json!(true));
    let now = &after["categories"][1];
    assert_eq!((&now["channel_ids"], &now["display_name"], &now["collapsed"]), expected);
    assert_eq!(after["categories"][2]["channel_ids"], ordinary["channel_ids"]);
    let id = managed["id"].as_str().unwrap();
    assert_eq!(
        server.call(&bob, "DELETE", &format!("{categories}/{id}"), Value::Null).await.0,
        StatusCode::BAD_REQUEST
    );
    let mut order: Vec<Value> = after["order"].as_array().unwrap().clone();
    order.reverse();
    let ordered = server.must(&bob, "PUT", &format!("{categories}/order"), json!(order)).await;
    assert_eq!(ordered.as_array().unwrap().len(), 4);
    assert_eq!(sidebar(&bob).await["order"], ordered);

    assert_eq!(patch(&ann, &talk, put("")).await.0, StatusCode::OK);
    assert!(!sidebar(&bob).await.to_string().contains("Projects"));
}

#[tokio::test]
async fn lively_channels_that_one_is_not_in_are_recommended() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "garden", &[&bob, &eve]).await;
    server.channel(&ann, &team, "secret", &[]).await;
    for (name, people) in [("small", vec![]), ("large", vec![&eve]), ("mine", vec![&bob])] {
        let new = json!({"team_id": team, "name": name, "display_name": name, "type": "O"});
        let made = server.must(&ann, "POST", "/channels", new).await;
        for user in people {
            let path = format!("/channels/{}/members", made["id"].as_str().unwrap());
            server.must(&ann, "POST", &path, json!({"user_id": user.id})).await;
        }
    }
    let path = format!("/teams/{team}/channels/recommended");
    let found = server.must(&bob, "GET", &path, Value::Null).await;
    let names: Vec<&str> = found.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["large", "small"]);
    let out = server.user("out").await;
    assert_eq!(server.call(&out, "GET", &path, Value::Null).await.0, StatusCode::FORBIDDEN);
}
