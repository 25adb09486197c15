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
struct Mailbox {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Mailbox {
    async fn start() -> Self {
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

    fn config(&self) -> Config {
        let mut config = Config::default();
        config.service.site_url = "https://chat.example.com".into();
        config.email.smtp_server = "127.0.0.1".into();
        config.email.smtp_port = self.port.to_string();
        config
    }

    /// Has what waits sent, and takes out the mail to somebody with a text in it.
    async fn take(&self, server: &TestServer, to: &str, text: &str) -> String {
        queue::settled(&server.backend.cx).await;
        let mut mails = self.mails.lock().await;
        let found = mails.iter().position(|m| m.contains(&format!("To: {to}")) && m.contains(text));
        let place = found.unwrap_or_else(|| panic!("no mail to {to} with {text}: {mails:?}"));
        mails.remove(place)
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
