//! Webhooks: programs post by them, and are called by them.

use axum::body::Body;
use backend::testing::{TestServer, TestUser};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

struct Place {
    server: TestServer,
    ann: TestUser,
    bob: TestUser,
    team: String,
    channel: String,
}

async fn place() -> Place {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "crew", &[&bob]).await;
    let open = json!({"team_id": team, "name": "deck", "display_name": "Deck", "type": "O"});
    let channel = server.must(&ann, "POST", "/channels", open).await["id"].as_str().unwrap().to_owned();
    server.must(&ann, "POST", &format!("/channels/{channel}/members"), json!({"user_id": bob.id})).await;
    Place { server, ann, bob, team, channel }
}

impl Place {
    async fn send(&self, id: &str, kind: &str, body: String) -> (StatusCode, String) {
        let request =
            Request::post(format!("/hooks/{id}")).header("content-type", kind).body(Body::from(body)).unwrap();
        let answer = self.server.send(request).await;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn hook(&self, more: Value) -> String {
        let mut body = json!({"channel_id": self.channel, "display_name": "ci"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.server.must(&self.ann, "POST", "/hooks/incoming", body).await["id"].as_str().unwrap().to_owned()
    }

    /// The posts of the channel, newest first.
    async fn posts(&self) -> Vec<Value> {
        let path = format!("/channels/{}/posts", self.channel);
        let list = self.server.must(&self.ann, "GET", &path, Value::Null).await;
        let order = list["order"].as_array().unwrap().iter();
        order.map(|id| list["posts"][id.as_str().unwrap()].clone()).collect()
    }
}

#[tokio::test]
async fn whoever_knows_the_address_posts() {
    let place = place().await;
    let id = place.hook(json!({"username": "robot"})).await;
    let ok = (StatusCode::OK, "ok".to_owned());
    assert_eq!(place.send(&id, "application/json", json!({"text": "<!here> <http://x.org|x>"}).to_string()).await, ok);
    let post = place.posts().await.remove(0);
    assert_eq!((&post["message"], &post["user_id"]), (&json!("@here [x](http://x.org)"), &json!(place.ann.id)));
    let props = json!({"from_webhook": "true", "override_username": "robot", "webhook_display_name": "ci"});
    assert_eq!(post["props"], props);
    let form = url_form(&json!({"text": "by form", "icon_emoji": ":tada:", "username": "other"}).to_string());
    assert_eq!(place.send(&id, "application/x-www-form-urlencoded", form).await, ok);
    let post = place.posts().await.remove(0);
    assert_eq!((&post["message"], &post["props"]["override_username"]), (&json!("by form"), &json!("other")));
    assert_eq!(post["props"]["override_icon_emoji"], "tada");
    let multipart =
        "--b\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\"text\": \"in parts\"}\r\n--b--\r\n";
    assert_eq!(place.send(&id, "multipart/form-data; boundary=b", multipart.into()).await, ok);
    assert_eq!(place.posts().await[0]["message"], "in parts");
    let attached = json!({"attachments": [{"text": "<http://x.org|x>", "color": "#f00"}]}).to_string();
    assert_eq!(place.send(&id, "application/json", attached).await, ok);
    let post = place.posts().await.remove(0);
    assert_eq!(
        (&post["type"], &post["props"]["attachments"][0]["text"]),
        (&json!("slack_attachment"), &json!("[x](http://x.org)"))
    );
    // A line break that is not escaped, as many programs send it.
    assert_eq!(place.send(&id, "text/plain", "{\"text\": \"one\ntwo\"}".into()).await, ok);
    assert_eq!(place.posts().await[0]["message"], "one\ntwo");
    assert_eq!(place.send(&id, "application/json", json!({"text": "word ".repeat(5000)}).to_string()).await, ok);
    assert!(place.posts().await[..2].iter().all(|p| p["message"].as_str().unwrap().contains("word")));
}

fn url_form(payload: &str) -> String {
    payload.bytes().fold("payload=".to_owned(), |form, byte| form + &format!("%{byte:02X}"))
}

#[tokio::test]
async fn an_incoming_webhook_refuses_what_it_may_not() {
    let place = place().await;
    let server = &place.server;
    let other = server.channel(&place.ann, &place.team, "hold", &[]).await;
    let id = place.hook(json!({"channel_locked": true})).await;
    let refused = async |id: &str, body: Value| {
        let (status, text) = place.send(id, "application/json", body.to_string()).await;
        let body: Value = serde_json::from_str(&text).unwrap();
        (status.as_u16(), body["id"].as_str().unwrap().to_owned())
    };
    let error = |status: u16, name: &str| (status, format!("web.incoming_webhook.{name}.app_error"));
    assert_eq!(refused(&id, json!({})).await, error(400, "text"));
    assert_eq!(refused(&id, json!({"text": "x", "channel": "hold"})).await, error(403, "channel_locked"));
    assert_eq!(refused(&id, json!({"text": "x", "channel": "none"})).await, error(404, "channel"));
    assert_eq!(refused(&id, json!({"text": "x", "channel": "@none"})).await, error(400, "user"));
    assert_eq!(refused("aaaaaaaaaaaaaaaaaaaaaaaaaa", json!({"text": "x"})).await, error(400, "invalid"));
    let new = json!({"channel_id": other});
    assert_eq!(server.call(&place.bob, "POST", "/hooks/incoming", new).await.0, StatusCode::FORBIDDEN);
    let path = format!("/hooks/incoming/{id}");
    for (method, body) in [("GET", Value::Null), ("PUT", json!({"id": id})), ("DELETE", Value::Null)] {
        assert_eq!(server.call(&place.bob, method, &path, body).await.0, StatusCode::FORBIDDEN);
    }
    let list = format!("/hooks/incoming?team_id={}", place.team);
    assert_eq!(server.call(&place.bob, "GET", &list, Value::Null).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.must(&place.ann, "GET", &list, Value::Null).await[0]["id"], json!(id));
    let free = json!({"id": id, "channel_id": other, "display_name": "free"});
    assert_eq!(server.must(&place.ann, "PUT", &path, free).await["channel_id"], json!(other));
    server.must(&place.ann, "DELETE", &path, Value::Null).await;
    assert_eq!(refused(&id, json!({"text": "x"})).await, error(400, "invalid"));
}

/// A program that notes what it is asked, and answers always the same.
pub(crate) async fn program(answer: Value) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let (asked, heard) = mpsc::unbounded_channel();
    let answer = answer.to_string();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !whole(&request) && socket.read_buf(&mut request).await.unwrap_or(0) > 0 {}
            let _ = asked.send(String::from_utf8(request).unwrap());
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                answer.len()
            );
            let _ = socket.write_all(format!("{head}{answer}").as_bytes()).await;
        }
    });
    (url, heard)
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).and_then(|l| l.parse().ok());
    body.len() >= length.unwrap_or(0)
}

#[tokio::test]
async fn a_trigger_calls_the_program_and_its_answer_is_posted_once() {
    let place = place().await;
    let server = &place.server;
    let patch = json!({"ServiceSettings": {"AllowedUntrustedInternalConnections": "127.0.0.1"}});
    server.must(&place.ann, "PUT", "/config/patch", patch).await;
    let (url, mut heard) = program(json!({"text": "bang back", "response_type": "comment"})).await;
    let new = json!({"team_id": place.team, "channel_id": place.channel, "display_name": "out",
        "trigger_words": ["bang"], "callback_urls": [url], "content_type": "application/json"});
    assert_eq!(server.call(&place.bob, "POST", "/hooks/outgoing", new.clone()).await.0, StatusCode::FORBIDDEN);
    let hook = server.must(&place.ann, "POST", "/hooks/outgoing", new.clone()).await;
    assert_eq!(server.call(&place.ann, "POST", "/hooks/outgoing", new).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    let say = async |text: &str| {
        let post = json!({"channel_id": place.channel, "message": text});
        server.must(&place.bob, "POST", "/posts", post).await["id"].as_str().unwrap().to_owned()
    };
    say("banger").await;
    let id = say("bang now").await;
    backend::jobs::queue::settled(&server.backend.cx).await;
    let request = heard.recv().await.unwrap();
    let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((&body["token"], &body["post_id"], &body["trigger_word"]), (&hook["token"], &json!(id), &json!("bang")));
    assert_eq!((&body["user_name"], &body["file_ids"]), (&json!("bob"), &json!("")));
    let answers: Vec<Value> = place.posts().await.into_iter().filter(|p| p["message"] == "bang back").collect();
    assert_eq!((answers.len(), &answers[0]["root_id"]), (1, &json!(id)));
    assert!(heard.try_recv().is_err(), "neither another word nor the answer calls the program");

    let path = format!("/hooks/outgoing/{}", hook["id"].as_str().unwrap());
    for (method, path) in [("GET", path.clone()), ("DELETE", path.clone()), ("POST", format!("{path}/regen_token"))] {
        assert_eq!(server.call(&place.bob, method, &path, Value::Null).await.0, StatusCode::FORBIDDEN);
    }
    let changed = server.call(&place.bob, "PUT", &path, hook.clone()).await;
    assert_eq!(changed.0, StatusCode::FORBIDDEN);
    let renewed = server.must(&place.ann, "POST", &format!("{path}/regen_token"), Value::Null).await;
    assert_ne!(renewed["token"], hook["token"]);
    let list = format!("/hooks/outgoing?channel_id={}", place.channel);
    assert_eq!(server.must(&place.ann, "GET", &list, Value::Null).await[0]["token"], renewed["token"]);
    server.must(&place.ann, "DELETE", &path, Value::Null).await;
    say("bang again").await;
    backend::jobs::queue::settled(&server.backend.cx).await;
    assert!(heard.try_recv().is_err());
}
