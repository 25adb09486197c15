//! Buttons under posts, posts that only one person sees, and dialogs.

use super::webhooks::program;
use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use serde_json::{Value, json};

struct Place {
    server: TestServer,
    ann: TestUser,
    bob: TestUser,
    eve: TestUser,
    team: String,
    channel: String,
}

impl Place {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
        let team = server.team(&ann, "team-a", &[&bob]).await;
        let channel = server.channel(&ann, &team, "talk", &[&bob]).await;
        let patch = json!({"ServiceSettings": {"AllowedUntrustedInternalConnections": "127.0.0.1"}});
        server.must(&ann, "PUT", "/config/patch", patch).await;
        Self { server, ann, bob, eve, team, channel }
    }

    async fn click(&self, who: &TestUser, post: &Value, action: &str, body: Value) -> (StatusCode, Value) {
        let path = format!("/posts/{}/actions/{action}", post["id"].as_str().unwrap());
        self.server.call(who, "POST", &path, body).await
    }
}

fn buttons(url: &str) -> Value {
    json!([{"text": "Ship it?", "actions": [
        {"id": "yes", "name": "Yes", "integration": {"url": url, "context": {"secret": "s3cret"}}},
        {"name": "Where", "type": "select", "data_source": "channels", "integration": {"url": url}},
        {"id": "no", "name": "No", "cookie": "mine"},
    ]}])
}

/// The body of a request that a program was sent.
fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn event<'e>(heard: &'e [Value], name: &str) -> Option<&'e Value> {
    heard.iter().find(|e| e["event"] == name)
}

fn post_of(event: &Value) -> Value {
    serde_json::from_str(event["data"]["post"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_button_calls_its_program_and_nobody_sees_what_it_calls() {
    let place = Place::new().await;
    let server = &place.server;
    let answer =
        json!({"update": {"message": "shipped", "props": {"from_webhook": "true"}}, "ephemeral_text": "thanks"});
    let (url, mut asked) = program(answer).await;
    let (mut at_ann, mut at_bob) = (server.socket(&place.ann).await, server.socket(&place.bob).await);
    let new = json!({"channel_id": place.channel, "message": "ready", "props": {"attachments": buttons(&url)}});
    let post = server.must(&place.ann, "POST", "/posts", new).await;
    let actions = &post["props"]["attachments"][0]["actions"];
    let select = actions[1]["id"].as_str().unwrap().to_owned();
    assert_eq!((&actions[0], &actions[2]), (&json!({"id": "yes", "name": "Yes"}), &json!({"id": "no", "name": "No"})));
    let path = format!("/posts/{}", post["id"].as_str().unwrap());
    let shown = server.must(&place.bob, "GET", &path, Value::Null).await;
    let heard = server.hear(&place.bob, &mut at_bob).await;
    for seen in [&shown, event(&heard, "posted").unwrap(), &post] {
        assert!(!seen.to_string().contains("s3cret") && !seen.to_string().contains("integration"), "{seen}");
    }

    assert_eq!(place.click(&place.eve, &post, "yes", json!({})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(place.click(&place.bob, &post, "no", json!({})).await.0, StatusCode::NOT_FOUND);
    assert_eq!(place.click(&place.bob, &post, "other", json!({})).await.0, StatusCode::NOT_FOUND);
    assert!(asked.try_recv().is_err());
    let chosen = json!({"selected_option": place.channel});
    let (status, started) = place.click(&place.bob, &post, &select, chosen).await;
    assert_eq!((status, &started["status"]), (StatusCode::OK, &json!("OK")));
    let told = body(&asked.recv().await.unwrap());
    assert_eq!((&told["type"], &told["data_source"]), (&json!("select"), &json!("channels")));
    assert_eq!(told["context"], json!({"selected_option": place.channel}));
    assert_eq!((&told["trigger_id"], &told["user_name"]), (&started["trigger_id"], &json!("bob")));
    assert_eq!((&told["post_id"], &told["team_domain"]), (&post["id"], &json!("team-a")));

    // What the program answers: the post is another, and who clicked is told something.
    let shown = server.must(&place.ann, "GET", &path, Value::Null).await;
    assert_eq!((&shown["message"], &shown["user_id"]), (&json!("shipped"), &json!(place.ann.id)));
    assert_eq!(shown["props"], json!({}), "a program cannot make a person's post look like a program's");
    let heard = server.hear(&place.bob, &mut at_bob).await;
    assert_eq!(post_of(event(&heard, "post_edited").unwrap())["message"], "shipped");
    assert_eq!(post_of(event(&heard, "ephemeral_message").unwrap())["message"], "thanks");
    let heard = server.hear(&place.ann, &mut at_ann).await;
    assert!(event(&heard, "post_edited").is_some() && event(&heard, "ephemeral_message").is_none());
    // The buttons are gone with the attachment.
    assert_eq!(place.click(&place.bob, &post, "yes", json!({})).await.0, StatusCode::NOT_FOUND);
    assert!(asked.try_recv().is_err());
}

#[tokio::test]
async fn an_edit_that_leaves_a_button_leaves_what_it_calls() {
    let place = Place::new().await;
    let server = &place.server;
    let (url, mut asked) = program(json!({})).await;
    let new = json!({"channel_id": place.channel, "message": "ready", "props": {"attachments": buttons(&url)}});
    let post = server.must(&place.bob, "POST", "/posts", new).await;
    let path = format!("/posts/{}/patch", post["id"].as_str().unwrap());
    let patch = json!({"message": "ready!", "props": post["props"]});
    server.must(&place.bob, "PUT", &path, patch).await;
    assert_eq!(place.click(&place.ann, &post, "yes", Value::Null).await.0, StatusCode::OK);
    assert_eq!(body(&asked.recv().await.unwrap())["context"], json!({"secret": "s3cret"}));
    let patch = json!({"ServiceSettings": {"AllowedUntrustedInternalConnections": ""}});
    server.must(&place.ann, "PUT", "/config/patch", patch).await;
    let (status, answer) = place.click(&place.ann, &post, "yes", Value::Null).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "an inner address is not called");
    assert_eq!(answer["id"], "api.post.do_action.action_integration.app_error");
    assert!(asked.try_recv().is_err());
}

#[tokio::test]
async fn buttons_of_a_post_that_is_not_kept_are_for_who_sees_it() {
    let place = Place::new().await;
    let server = &place.server;
    let (url, mut asked) = program(json!({"update": {"message": "done"}})).await;
    let (mut at_ann, mut at_bob) = (server.socket(&place.ann).await, server.socket(&place.bob).await);
    let post = json!({"channel_id": place.channel, "message": "psst", "props": {"attachments": buttons(&url)}});
    let new = json!({"user_id": place.bob.id, "post": post});
    assert_eq!(server.call(&place.bob, "POST", "/posts/ephemeral", new.clone()).await.0, StatusCode::FORBIDDEN);
    server.must(&place.ann, "POST", "/posts/ephemeral", new).await;
    let heard = server.hear(&place.bob, &mut at_bob).await;
    let shown = post_of(event(&heard, "ephemeral_message").unwrap());
    assert!(!shown.to_string().contains("s3cret"), "{shown}");
    let cookie = shown["props"]["attachments"][0]["actions"][0]["cookie"].clone();
    assert_eq!(cookie.as_str().map(str::len), Some(26));
    let with = json!({"cookie": cookie});
    assert_eq!(place.click(&place.bob, &shown, "yes", json!({"cookie": "guess"})).await.0, StatusCode::NOT_FOUND);
    assert_eq!(place.click(&place.bob, &shown, "yes", Value::Null).await.0, StatusCode::NOT_FOUND);
    assert_eq!(place.click(&place.ann, &shown, "yes", with.clone()).await.0, StatusCode::NOT_FOUND);
    assert_eq!(place.click(&place.bob, &shown, "yes", with).await.0, StatusCode::OK);
    assert_eq!(body(&asked.recv().await.unwrap())["context"], json!({"secret": "s3cret"}));
    let heard = server.hear(&place.bob, &mut at_bob).await;
    let changed = post_of(event(&heard, "post_edited").unwrap());
    assert_eq!((&changed["id"], &changed["message"]), (&shown["id"], &json!("done")));
    assert_eq!(changed["type"], "system_ephemeral");
    let heard = server.hear(&place.ann, &mut at_ann).await;
    assert!(event(&heard, "post_edited").is_none() && event(&heard, "ephemeral_message").is_none(), "{heard:?}");
}

#[tokio::test]
async fn a_dialog_is_opened_in_time_for_whom_it_is_and_what_is_entered_goes_to_its_program() {
    let place = Place::new().await;
    let server = &place.server;
    let nobody = TestUser::default();
    let give = json!({"channel_id": place.channel, "command": "/me thinks"});
    let trigger = server.must(&place.bob, "POST", "/commands/execute", give).await["trigger_id"].clone();
    let (mut at_ann, mut at_bob) = (server.socket(&place.ann).await, server.socket(&place.bob).await);
    let (url, mut asked) = program(json!({"errors": {"name": "taken"}})).await;
    let open = |trigger: &Value| json!({"trigger_id": trigger, "url": url, "dialog": {"title": "New", "state": "st"}});
    let refused = async |body: Value| server.call(&nobody, "POST", "/actions/dialogs/open", body).await.1["id"].clone();
    let decode = "interactive_message.decode_trigger_id";
    assert_eq!(refused(open(&json!("bad"))).await, format!("{decode}.base64_decode_failed"));
    assert_eq!(refused(json!({"trigger_id": trigger, "dialog": {}})).await, "api.context.invalid_body_param.app_error");
    let forged = base64(&unbase64(trigger.as_str().unwrap()).replace(&place.bob.id, &place.ann.id));
    assert_eq!(refused(open(&json!(forged))).await, format!("{decode}.verify_signature_failed"));
    server.must(&nobody, "POST", "/actions/dialogs/open", open(&trigger)).await;
    let heard = server.hear(&place.bob, &mut at_bob).await;
    let dialog = event(&heard, "open_dialog").unwrap()["data"]["dialog"].as_str().unwrap();
    let dialog: Value = serde_json::from_str(dialog).unwrap();
    assert_eq!((&dialog["url"], &dialog["dialog"]["title"]), (&json!(url), &json!("New")));
    let heard = server.hear(&place.ann, &mut at_ann).await;
    assert!(event(&heard, "open_dialog").is_none());
    server.backend.cx.clock.advance(std::time::Duration::from_secs(4));
    assert_eq!(refused(open(&trigger)).await, format!("{decode}.expired"));

    let mut entered = json!({"url": url, "callback_id": "cb", "state": "st", "channel_id": place.channel,
        "team_id": place.team, "user_id": place.ann.id, "submission": {"name": "x"}, "cancelled": false});
    let answer = server.must(&place.bob, "POST", "/actions/dialogs/submit", entered.clone()).await;
    assert_eq!(answer, json!({"errors": {"name": "taken"}}));
    let told = body(&asked.recv().await.unwrap());
    assert_eq!((&told["type"], &told["user_id"]), (&json!("dialog_submission"), &json!(place.bob.id)));
    assert_eq!((&told["state"], &told["submission"]), (&json!("st"), &json!({"name": "x"})));
    assert_eq!(told["url"], Value::Null);
    server.must(&place.bob, "POST", "/actions/dialogs/lookup", entered.clone()).await;
    assert_eq!(body(&asked.recv().await.unwrap())["type"], "dialog_lookup");
    let (status, _) = server.call(&place.eve, "POST", "/actions/dialogs/submit", entered.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    entered["url"] = "".into();
    let (status, _) = server.call(&place.bob, "POST", "/actions/dialogs/submit", entered).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(text)
}

fn unbase64(text: &str) -> String {
    use base64::Engine as _;
    String::from_utf8(base64::prelude::BASE64_STANDARD.decode(text).unwrap()).unwrap()
}
