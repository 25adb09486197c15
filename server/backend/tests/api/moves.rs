//! Threads moved to other channels, and channels moved to other teams.

use backend::testing::TestServer;
use http::StatusCode;
use model::config::Config;
use serde_json::{Value, json};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn named<'e>(heard: &'e [Value], event: &str) -> Vec<&'e Value> {
    heard.iter().filter(|e| e["event"] == event).collect()
}

fn inner(event: &Value) -> Value {
    serde_json::from_str(event["data"]["post"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_thread_goes_to_another_channel_with_all_that_hangs_on_it() {
    let server = TestServer::start().await;
    let (ann, bob, cat) = (server.user("ann").await, server.user("bob").await, server.user("cat").await);
    let team = server.team(&ann, "garden", &[&bob, &cat]).await;
    let open = json!({"team_id": team, "name": "from", "display_name": "From", "type": "O"});
    let from = text(&server.must(&ann, "POST", "/channels", open).await["id"]);
    for who in [&bob, &cat] {
        server.must(&ann, "POST", &format!("/channels/{from}/members"), json!({"user_id": who.id})).await;
    }
    let to = server.channel(&ann, &team, "to", &[&bob]).await;
    let root = server.must(&bob, "POST", "/posts", json!({"channel_id": from, "message": "seeds? #plan"})).await;
    let root = text(&root["id"]);
    let reply = json!({"channel_id": from, "root_id": root, "message": "@bob yes"});
    let reply = server.must(&cat, "POST", "/posts", reply).await;
    let reaction = json!({"user_id": bob.id, "post_id": reply["id"], "emoji_name": "car"});
    server.must(&bob, "POST", "/reactions", reaction).await;
    let (mut at_bob, mut at_cat) = (server.socket(&bob).await, server.socket(&cat).await);
    let before = server.must(&bob, "GET", &format!("/channels/{to}"), Value::Null).await;

    let path = format!("/posts/{root}/move");
    assert_eq!(server.call(&cat, "POST", &path, json!({"channel_id": to})).await.0, StatusCode::FORBIDDEN);
    let (status, refused) = server.call(&bob, "POST", &path, json!({"channel_id": to})).await;
    assert_eq!((status, &refused["id"]), (StatusCode::FORBIDDEN, &json!("api.context.permissions.app_error")));
    let (status, refused) = server.call(&ann, "POST", &path, json!({"channel_id": from})).await;
    let wrong = json!("app.post.move_thread_command.error");
    assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &wrong));
    server.must(&ann, "POST", &path, json!({"channel_id": to})).await;

    assert_eq!(server.call(&bob, "GET", &format!("/posts/{root}"), Value::Null).await.0, StatusCode::NOT_FOUND);
    let heard = server.hear(&bob, &mut at_bob).await;
    assert_eq!(inner(named(&heard, "post_deleted")[0])["id"], json!(root));
    let posted: Vec<Value> = named(&heard, "posted").into_iter().map(inner).collect();
    let there: Vec<&Value> = posted.iter().filter(|p| p["channel_id"] == json!(to)).collect();
    assert_eq!(there.iter().map(|p| &p["message"]).take(2).collect::<Vec<_>>(), ["seeds? #plan", "@bob yes"]);
    assert_eq!((&there[1]["root_id"], &there[1]["create_at"]), (&there[0]["id"], &reply["create_at"]));
    assert_eq!(there[1]["metadata"]["reactions"][0]["post_id"], there[1]["id"]);
    let heard = server.hear(&cat, &mut at_cat).await;
    assert_eq!(named(&heard, "post_deleted").len(), 1);
    let seen: Vec<Value> = named(&heard, "posted").into_iter().map(inner).collect();
    assert!(seen.len() == 1 && seen[0]["type"] == "system_wrangler", "nobody outside learns more: {seen:?}");
    assert!(!seen[0]["message"].as_str().unwrap().contains("/pl/"), "{seen:?}");

    let thread = server.must(&bob, "GET", &format!("/posts/{}/thread", text(&there[0]["id"])), Value::Null).await;
    assert_eq!(thread["posts"].as_object().unwrap().len(), 2);
    let after = server.must(&bob, "GET", &format!("/channels/{to}"), Value::Null).await;
    let count = |c: &Value| c["total_msg_count"].as_i64().unwrap();
    assert_eq!(count(&after), count(&before) + 3, "the thread, and that it came");
    let threads = server.must(&bob, "GET", &format!("/users/me/teams/{team}/threads"), Value::Null).await;
    let ids: Vec<&Value> = threads["threads"].as_array().unwrap().iter().map(|t| &t["id"]).collect();
    assert_eq!(ids, [&there[0]["id"]]);
    assert_eq!(threads["total_unread_mentions"], 1);
    let none = server.must(&cat, "GET", &format!("/users/me/teams/{team}/threads"), Value::Null).await;
    assert_eq!(none["total"], 0);
    let found = server.must(&bob, "POST", &format!("/teams/{team}/posts/search"), json!({"terms": "seeds"})).await;
    assert_eq!(found["order"], json!([there[0]["id"]]));
    let found = server.must(&cat, "POST", &format!("/teams/{team}/posts/search"), json!({"terms": "seeds"})).await;
    assert_eq!(found["order"], json!([]));
}

#[tokio::test]
async fn settings_say_who_moves_threads_and_from_where() {
    let mut config = Config::default();
    config.wrangler.permitted_roles = vec!["channel_user".into()];
    config.wrangler.move_thread_max_count = 2;
    let server = TestServer::start_with(config).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let far = server.team(&ann, "far", &[&bob]).await;
    let open = async |team: &str, name: &str| {
        let new = json!({"team_id": team, "name": name, "display_name": name, "type": "O"});
        let id = text(&server.must(&ann, "POST", "/channels", new).await["id"]);
        server.must(&bob, "POST", &format!("/channels/{id}/members"), json!({"user_id": bob.id})).await;
        id
    };
    let (from, to, away) = (open(&team, "from").await, open(&team, "to").await, open(&far, "away").await);
    let hidden = server.channel(&ann, &team, "hidden", &[&bob]).await;
    let write = async |channel: &str| {
        text(&server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": "x"})).await["id"])
    };
    let go = async |post: &str, to: &str| {
        let (status, answer) =
            server.call(&bob, "POST", &format!("/posts/{post}/move"), json!({"channel_id": to})).await;
        (status.as_u16(), text(&answer["id"]))
    };
    let refused = (400, "app.post.move_thread_command.error".to_owned());
    assert_eq!(go(&write(&hidden).await, &to).await, refused, "out of a private channel");
    assert_eq!(go(&write(&from).await, &away).await, refused, "to another team");
    let long = write(&from).await;
    for _ in 0..2 {
        server.must(&bob, "POST", "/posts", json!({"channel_id": from, "root_id": long, "message": "y"})).await;
    }
    assert_eq!(go(&long, &to).await, refused, "too long");
    assert_eq!(go(&write(&from).await, &to).await.0, 200, "by the role");

    let patch = json!({"WranglerSettings": {"PermittedWranglerRoles": ["team_admin"]}});
    server.must(&ann, "PUT", "/config/patch", patch).await;
    assert_eq!(go(&write(&from).await, &to).await, (403, "api.post.move_thread.no_permission".into()));
    let patch = json!({"WranglerSettings": {
        "PermittedWranglerRoles": ["channel_user"],
        "MoveThreadFromPrivateChannelEnable": true,
        "AllowedEmailDomain": ["example.org"],
    }});
    server.must(&ann, "PUT", "/config/patch", patch).await;
    assert_eq!(go(&write(&hidden).await, &to).await, (403, "api.post.move_thread.no_permission".into()));
    let patch = json!({"WranglerSettings": {"AllowedEmailDomain": ["example.org, example.com"]}});
    server.must(&ann, "PUT", "/config/patch", patch).await;
    assert_eq!(go(&write(&hidden).await, &to).await.0, 200);
}

#[tokio::test]
async fn a_channel_goes_to_another_team_with_those_who_are_there() {
    let server = TestServer::start().await;
    let (ann, bob, cat) = (server.user("ann").await, server.user("bob").await, server.user("cat").await);
    let old = server.team(&ann, "old", &[&bob, &cat]).await;
    let new = server.team(&ann, "new", &[&bob]).await;
    let talk = server.channel(&ann, &old, "talk", &[&bob, &cat]).await;
    server.must(&ann, "POST", "/posts", json!({"channel_id": talk, "message": "hello"})).await;
    let hook = server.must(&ann, "POST", "/hooks/incoming", json!({"channel_id": talk})).await;
    let (mut at_bob, mut at_cat) = (server.socket(&bob).await, server.socket(&cat).await);
    let path = format!("/channels/{talk}/move");

    let (status, refused) = server.call(&ann, "POST", &path, json!({"team_id": new})).await;
    let wrong = json!("app.channel.move_channel.members_do_not_match.error");
    assert_eq!((status, &refused["id"]), (StatusCode::BAD_REQUEST, &wrong));
    assert_eq!(server.call(&bob, "POST", &path, json!({"team_id": new})).await.0, StatusCode::FORBIDDEN);
    let square = server.must(&ann, "GET", &format!("/teams/{old}/channels/name/town-square"), Value::Null).await;
    let of_square = format!("/channels/{}/move", text(&square["id"]));
    let (status, _) = server.call(&ann, "POST", &of_square, json!({"team_id": new, "force": true})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let moved = server.must(&ann, "POST", &path, json!({"team_id": new, "force": true})).await;
    assert_eq!(moved["team_id"], json!(new));

    let heard = server.hear(&bob, &mut at_bob).await;
    let updated: Value =
        serde_json::from_str(named(&heard, "channel_updated")[0]["data"]["channel"].as_str().unwrap()).unwrap();
    assert_eq!(updated["team_id"], json!(new));
    let removed = named(&heard, "user_removed");
    assert_eq!(removed[0]["data"]["user_id"], json!(cat.id));
    let said = named(&heard, "posted");
    assert_eq!(
        (inner(said[0])["type"].clone(), &said[0]["data"]["team_id"]),
        (json!("system_move_channel"), &json!(new))
    );
    let heard = server.hear(&cat, &mut at_cat).await;
    assert_eq!(named(&heard, "user_removed")[0]["data"]["channel_id"], json!(talk));
    assert!(named(&heard, "posted").is_empty() && named(&heard, "channel_updated").is_empty(), "{heard:?}");

    assert_eq!(
        server.call(&cat, "GET", &format!("/channels/{talk}/posts"), Value::Null).await.0,
        StatusCode::FORBIDDEN
    );
    let listed = async |team: &str| {
        let channels = server.must(&bob, "GET", &format!("/users/me/teams/{team}/channels"), Value::Null).await;
        channels.as_array().unwrap().iter().any(|c| c["id"] == json!(talk))
    };
    assert!(listed(&new).await && !listed(&old).await);
    let hook = server.must(&ann, "GET", &format!("/hooks/incoming/{}", text(&hook["id"])), Value::Null).await;
    assert_eq!(hook["team_id"], json!(new));
    let twin = server.channel(&ann, &old, "talk", &[]).await;
    let (status, refused) = server.call(&ann, "POST", &format!("/channels/{twin}/move"), json!({"team_id": new})).await;
    assert_eq!(
        (status, &refused["id"]),
        (StatusCode::BAD_REQUEST, &json!("store.sql_channel.save_channel.exists.app_error"))
    );
}

#[tokio::test]
async fn a_moved_thread_takes_its_quotations_along() {
    let mut config = Config::default();
    config.service.enable_permalink_previews = true;
    config.wrangler.from_private_channel = true;
    "http://chat.example.org".clone_into(&mut config.service.site_url);
    let server = TestServer::start_with(config).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let from = server.channel(&ann, &team, "from", &[&bob]).await;
    let to = server.channel(&ann, &team, "to", &[&bob]).await;
    let say = async |channel: &str, root: &str, message: String| {
        let body = json!({"channel_id": channel, "root_id": root, "message": message});
        text(&server.must(&ann, "POST", "/posts", body).await["id"])
    };
    let link = |id: &str| format!("see http://chat.example.org/garden/pl/{id} there");
    let here = say(&to, "", "written there".into()).await;
    let left = say(&from, "", "left behind".into()).await;
    let root = say(&from, "", "the first".into()).await;
    say(&from, &root, link(&root)).await;
    say(&from, &root, link(&here)).await;
    say(&from, &root, link(&left)).await;
    let mut at_bob = server.socket(&bob).await;
    server.must(&ann, "POST", &format!("/posts/{root}/move"), json!({"channel_id": to})).await;

    let heard = server.hear(&bob, &mut at_bob).await;
    let posted: Vec<Value> = named(&heard, "posted").into_iter().map(inner).collect();
    let there: Vec<&Value> = posted.iter().filter(|p| p["type"] == "" && p["channel_id"] == json!(to)).collect();
    let quoted = |post: &Value| post["metadata"]["embeds"][0]["data"]["post"].clone();
    assert_eq!(there.len(), 4);
    let own = quoted(there[1]);
    assert_eq!((&own["id"], &own["message"]), (&there[0]["id"], &json!("the first")));
    assert_eq!((&own["channel_id"], there[1]["metadata"]["embeds"].as_array().unwrap().len()), (&json!(to), 1));
    assert_eq!(there[1]["message"], json!(link(&text(&there[0]["id"]))), "it leads to where the message is now");
    assert_eq!(quoted(there[2])["message"], "written there");
    assert_eq!(quoted(there[3]), Value::Null, "what is in the other channel is for who may read that");
    let path = format!("/posts/{}/thread", text(&there[0]["id"]));
    let thread = server.must(&bob, "GET", &path, Value::Null).await;
    let messages: Vec<Value> =
        there[1..].iter().map(|p| quoted(&thread["posts"][text(&p["id"])])["message"].clone()).collect();
    assert_eq!(messages, ["the first", "written there", "left behind"], "who may read all of them sees all of them");
}
