//! Mail, over a real connection to a small SMTP server: what is sent to whom, and what its links do.

use backend::{
    jobs::queue,
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use model::config::Config;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

/// A server that takes every mail: the lines of each, headers included.
pub struct Mailbox {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Mailbox {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = mails.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(receive(stream, kept.clone()));
            }
        });
        Self { port, mails }
    }

    pub fn config(&self) -> Config {
        let mut config = Config::default();
        config.service.site_url = "https://chat.example.com".into();
        config.email.smtp_server = "127.0.0.1".into();
        config.email.smtp_port = self.port.to_string();
        config
    }

    /// Has what waits sent, and takes out the mail to somebody with a text in it.
    pub async fn take(&self, server: &TestServer, to: &str, text: &str) -> String {
        queue::settled(&server.backend.cx).await;
        let mut mails = self.mails.lock().await;
        let found = mails.iter().position(|m| m.contains(&format!("To: {to}")) && m.contains(text));
        let place = found.unwrap_or_else(|| panic!("no mail to {to} with {text}: {mails:?}"));
        mails.remove(place)
    }

    /// Has what waits sent, and tells how many mails to somebody have a text in them.
    async fn count(&self, server: &TestServer, to: &str, text: &str) -> usize {
        queue::settled(&server.backend.cx).await;
        let mails = self.mails.lock().await;
        mails.iter().filter(|m| m.contains(&format!("To: {to}")) && m.contains(text)).count()
    }
}

async fn receive(stream: TcpStream, mails: Arc<Mutex<Vec<String>>>) {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        if line == "DATA" {
            writing.write_all(b"354 go on\r\n").await.unwrap();
            let mut mail = String::new();
            while let Ok(Some(line)) = lines.next_line().await {
                if line == "." {
                    break;
                }
                // Undoes the wrapping of quoted-printable, which is all that a test needs.
                mail.push_str(line.strip_suffix('=').unwrap_or(&line));
                if !line.ends_with('=') {
                    mail.push('\n');
                }
            }
            mails.lock().await.push(mail.replace("=3D", "="));
        }
        writing.write_all(b"250 fine\r\n").await.unwrap();
    }
}

/// The secret in the link of an invitation.
pub fn invited(mail: &str) -> String {
    mail.split("?t=").nth(1).unwrap().chars().take(64).collect()
}

/// The secret in the link of a mail.
fn secret(mail: &str) -> String {
    let rest = mail.split("token=").nth(1).unwrap();
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_link_that_works_once() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start_with(mailbox.config()).await;
    let (ann, nobody) = (server.user("ann").await, TestUser::default());
    let ask = |email: &str| json!({"email": email});
    server.must(&nobody, "POST", "/users/password/reset/send", ask("ghost@example.com")).await;
    server.must(&nobody, "POST", "/users/password/reset/send", ask("Ann@example.com")).await;
    let mail = mailbox.take(&server, "ann@example.com", "Reset your password").await;
    assert!(mail.contains("multipart/alternative") && mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    assert!(mail.contains("https://chat.example.com/reset_password_complete?token="), "{mail}");
    let token = secret(&mail);
    assert_eq!(token.len(), 64);
    let reset = |token: &str, password: &str| json!({"token": token, "new_password": password});

    let (status, body) =
        server.call(&nobody, "POST", "/users/password/reset", reset("short", "Another-passw0rd")).await;
    assert_eq!(
        (status, body["id"].as_str()),
        (StatusCode::BAD_REQUEST, Some("api.context.invalid_body_param.app_error"))
    );
    let wrong = "x".repeat(64);
    let (_, body) = server.call(&nobody, "POST", "/users/password/reset", reset(&wrong, "Another-passw0rd")).await;
    assert_eq!(body["id"], "api.user.reset_password.invalid_link.app_error");
    server.must(&nobody, "POST", "/users/password/reset", reset(&token, "Another-passw0rd")).await;
    mailbox.take(&server, "ann@example.com", "has been changed").await;
    let (status, _) = server.call(&ann, "GET", "/users/me", Value::Null).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "its sessions have ended");
    let (_, body) = server.call(&nobody, "POST", "/users/password/reset", reset(&token, "A-third-passw0rd")).await;
    assert_eq!(body["id"], "api.user.reset_password.invalid_link.app_error");
    server.must(&nobody, "POST", "/users/login", json!({"login_id": "ann", "password": "Another-passw0rd"})).await;
}

#[tokio::test]
async fn a_link_for_a_password_is_good_for_a_day() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start_with(mailbox.config()).await;
    let (_, nobody) = (server.user("ann").await, TestUser::default());
    server.must(&nobody, "POST", "/users/password/reset/send", json!({"email": "ann@example.com"})).await;
    let token = secret(&mailbox.take(&server, "ann@example.com", "Reset your password").await);
    server.backend.cx.clock.advance(Duration::from_hours(25));
    let body = json!({"token": token, "new_password": "Another-passw0rd"});
    let (status, body) = server.call(&nobody, "POST", "/users/password/reset", body).await;
    assert_eq!(
        (status, body["id"].as_str()),
        (StatusCode::BAD_REQUEST, Some("api.user.reset_password.link_expired.app_error"))
    );
}

#[tokio::test]
async fn an_address_is_verified_before_one_signs_in() {
    let mailbox = Mailbox::start().await;
    let mut config = mailbox.config();
    config.email.require_email_verification = true;
    let server = TestServer::start_with(config).await;
    let nobody = TestUser::default();
    let new = json!({"username": "bob", "email": "bob@example.com", "password": "Passw0rd-tests"});
    server.must(&nobody, "POST", "/users", new).await;
    let login = json!({"login_id": "bob", "password": "Passw0rd-tests"});
    let (status, body) = server.call(&nobody, "POST", "/users/login", login.clone()).await;
    assert_eq!(
        (status, body["id"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("api.user.login.not_verified.app_error"))
    );
    let first = secret(&mailbox.take(&server, "bob@example.com", "Email Verification").await);
    server.must(&nobody, "POST", "/users/email/verify/send", json!({"email": "bob@example.com"})).await;
    let second = secret(&mailbox.take(&server, "bob@example.com", "Email Verification").await);
    assert_ne!(first, second);
    server.must(&nobody, "POST", "/users/email/verify", json!({"token": second})).await;
    let (status, body) = server.call(&nobody, "POST", "/users/email/verify", json!({"token": second})).await;
    assert_eq!(
        (status, body["id"].as_str()),
        (StatusCode::BAD_REQUEST, Some("api.user.verify_email.bad_link.app_error"))
    );
    server.must(&nobody, "POST", "/users/login", login).await;
}

#[tokio::test]
async fn administrators_try_mail_settings_and_others_do_not() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut config = server.must(&ann, "GET", "/config", Value::Null).await;
    let (status, body) = server.call(&ann, "POST", "/email/test", Value::Null).await;
    assert_eq!((status, body["id"].as_str()), (StatusCode::NOT_IMPLEMENTED, Some("api.email.off.app_error")));
    config["EmailSettings"]["SMTPServer"] = "127.0.0.1".into();
    config["EmailSettings"]["SMTPPort"] = mailbox.port.to_string().into();
    server.must(&ann, "POST", "/email/test", config.clone()).await;
    mailbox.take(&server, "ann@example.com", "Testing Email Setup").await;
    let (status, _) = server.call(&bob, "POST", "/email/test", config.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    config["EmailSettings"]["SMTPPort"] = "1".into();
    let (status, _) = server.call(&ann, "POST", "/email/test", config).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn an_invitation_by_mail_is_for_one_address_and_good_once() {
    let mailbox = Mailbox::start().await;
    let mut config = mailbox.config();
    config.team.enable_open_server = false;
    let server = TestServer::start_with(config).await;
    let (ann, nobody) = (server.user("ann").await, TestUser::default());
    let team = server.team(&ann, "garden", &[]).await;
    let path = format!("/teams/{team}/invite/email");
    server.must(&ann, "POST", &path, json!(["New@example.com"])).await;
    let mail = mailbox.take(&server, "new@example.com", "invited you to join garden").await;
    let token: String = mail.split("?t=").nth(1).unwrap().chars().take(64).collect();
    let new = |email: &str, name: &str| json!({"email": email, "username": name, "password": "Passw0rd-tests"});
    let sign_up = format!("/users?t={token}");
    let invalid = "api.user.create_user.signup_link_invalid.app_error";
    let (status, body) = server.call(&nobody, "POST", &sign_up, new("other@example.com", "other")).await;
    assert_eq!((status, body["id"].as_str()), (StatusCode::BAD_REQUEST, Some(invalid)));
    let made = server.must(&nobody, "POST", &sign_up, new("new@example.com", "new")).await;
    assert_eq!(made["email_verified"], true, "the link went to this address");
    let members = server.must(&ann, "GET", &format!("/teams/{team}/members"), Value::Null).await;
    assert!(members.as_array().unwrap().iter().any(|m| m["user_id"] == made["id"]), "{members}");
    let (_, body) = server.call(&nobody, "POST", &sign_up, new("new@example.com", "again")).await;
    assert_eq!(body["id"], invalid);

    // Old ones, and those that were made void.
    for (email, void) in [("old@example.com", false), ("void@example.com", true)] {
        server.must(&ann, "POST", &path, json!([email])).await;
        let mail = mailbox.take(&server, email, "invited you").await;
        let token: String = mail.split("?t=").nth(1).unwrap().chars().take(64).collect();
        if void {
            server.must(&ann, "DELETE", "/teams/invites/email", Value::Null).await;
        } else {
            server.backend.cx.clock.advance(Duration::from_hours(49));
        }
        let (_, body) = server.call(&nobody, "POST", &format!("/users?t={token}"), new(email, "late")).await;
        let expired = "api.user.create_user.signup_link_expired.app_error";
        assert_eq!(body["id"], if void { invalid } else { expired });
    }
}

#[tokio::test]
async fn whoever_invites_is_told_which_addresses_cannot_be() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start_with(mailbox.config()).await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let path = format!("/teams/{team}/invite/email");
    let (status, _) = server.call(&eve, "POST", &path, json!(["x@example.com"])).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = server.call(&bob, "DELETE", "/teams/invites/email", Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    for emails in [json!([]), json!(["x@example.com", "no address"])] {
        let (status, _) = server.call(&bob, "POST", &path, emails).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    let graceful = format!("{path}?graceful=true");
    let answers = server.must(&bob, "POST", &graceful, json!(["x@example.com", "no address"])).await;
    assert_eq!(
        (answers[0]["email"].as_str(), answers[0]["error"]["status_code"].as_i64()),
        (Some("no address"), Some(400))
    );
    assert_eq!((answers[1]["email"].as_str(), &answers[1]["error"]), (Some("x@example.com"), &Value::Null));
    mailbox.take(&server, "x@example.com", "invited you").await;
    let many: Vec<String> = (0..20).map(|i| format!("many{i}@example.com")).collect();
    let (status, body) = server.call(&bob, "POST", &path, json!(many)).await;
    let wanted = (StatusCode::PAYLOAD_TOO_LARGE, Some("app.email.rate_limit_exceeded.app_error"));
    assert_eq!((status, body["id"].as_str()), wanted, "one was sent already this hour");
    let off = json!({"ServiceSettings": {"EnableEmailInvitations": false}});
    server.must(&ann, "PUT", "/config/patch", off).await;
    let (status, _) = server.call(&bob, "POST", &path, json!(["y@example.com"])).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn who_is_away_gets_what_concerns_them_in_one_mail() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start_with(mailbox.config()).await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "garden", &[&bob, &eve]).await;
    let channel = server.channel(&ann, &team, "plants", &[&bob, &eve]).await;
    let say = async |text: &str| {
        let id =
            server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": text})).await["id"].clone();
        queue::settled(&server.backend.cx).await;
        id
    };
    let first = say("@bob the first thing").await;
    assert_eq!(mailbox.count(&server, "bob@example.com", "first thing").await, 0, "more may come");
    say("@bob the second thing").await;
    say("what concerns nobody").await;
    server.backend.cx.clock.advance(Duration::from_mins(16));
    let mail = mailbox.take(&server, "bob@example.com", "2 new messages for you").await;
    assert!(mail.contains("the first thing") && mail.contains("the second thing"), "{mail}");
    assert!(mail.contains(&format!("/garden/pl/{}", first.as_str().unwrap())), "{mail}");
    assert!(!mail.contains("concerns nobody"), "{mail}");
    assert_eq!(mailbox.count(&server, "eve@example.com", "thing").await, 0);

    // What was read, deleted, or is of a channel that was left is no news.
    say("@bob something read").await;
    server.must(&bob, "POST", "/channels/members/me/view", json!({"channel_id": channel})).await;
    let gone = say("@bob something deleted").await;
    server.must(&ann, "DELETE", &format!("/posts/{}", gone.as_str().unwrap()), Value::Null).await;
    say("@eve something secret").await;
    server.must(&ann, "DELETE", &format!("/channels/{channel}/members/{}", eve.id), Value::Null).await;
    server.backend.cx.clock.advance(Duration::from_mins(16));
    for name in ["bob", "eve"] {
        assert_eq!(mailbox.count(&server, &format!("{name}@example.com"), "something").await, 0, "{name}");
    }
}

#[tokio::test]
async fn mails_about_messages_come_as_often_as_one_chose_and_not_at_all_if_one_likes() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start_with(mailbox.config()).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let direct = server.must(&ann, "POST", "/channels/direct", json!([ann.id, bob.id])).await["id"].clone();
    let say = async |text: &str| {
        server.must(&ann, "POST", "/posts", json!({"channel_id": direct, "message": text})).await;
        queue::settled(&server.backend.cx).await;
        server.backend.cx.clock.advance(Duration::from_mins(2));
    };
    let chosen = json!([{"user_id": bob.id, "category": "notifications", "name": "email_interval", "value": "30"}]);
    server.must(&bob, "PUT", "/users/me/preferences", chosen).await;
    say("at once").await;
    let mail = mailbox.take(&server, "bob@example.com", "ann wrote to you").await;
    assert!(mail.contains("at once"), "{mail}");

    server
        .must(&ann, "PUT", "/config/patch", json!({"EmailSettings": {"EmailNotificationContentsType": "generic"}}))
        .await;
    say("a secret").await;
    let mail = mailbox.take(&server, "bob@example.com", "A new message for you").await;
    assert!(!mail.contains("a secret") && !mail.contains("ann wrote"), "{mail}");

    let off = json!({"notify_props": {"email": "false"}});
    server.must(&bob, "PUT", "/users/me/patch", off).await;
    say("not wanted").await;
    server.must(&bob, "PUT", "/users/me/patch", json!({"notify_props": {"email": "true"}})).await;
    server.must(&ann, "PUT", "/config/patch", json!({"EmailSettings": {"SendEmailNotifications": false}})).await;
    say("not sent").await;
    assert_eq!(mailbox.count(&server, "bob@example.com", "A new message").await, 0);
}
