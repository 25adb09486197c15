//! Guests: whom and what they see, how they come, and what becomes of them.

use super::mail::{Mailbox, invited};
use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use model::config::Config;
use serde_json::{Value, json};

fn with_guests(mut config: Config) -> Config {
    config.guest_accounts.enable = true;
    config
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|u| u["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn who_is_invited_as_a_guest_sees_their_channels_and_who_is_there() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start_with(with_guests(mailbox.config())).await;
    let (ann, bob, nobody) = (server.user("ann").await, server.user("bob").await, TestUser::default());
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[]).await;
    let foreign = server.team(&ann, "foreign", &[]).await;
    let foreign = server.channel(&ann, &foreign, "far", &[]).await;
    let open = json!({"team_id": team, "name": "open", "display_name": "Open", "type": "O"});
    let open = server.must(&bob, "POST", "/channels", open).await["id"].as_str().unwrap().to_owned();

    let path = format!("/teams/{team}/invite-guests/email");
    let body = |channel: &str| json!({"emails": ["gail@example.com"], "channels": [channel], "message": "Do come in"});
    assert_eq!(server.call(&bob, "POST", &path, body(&talk)).await.0, StatusCode::FORBIDDEN);
    let (status, wrong) = server.call(&ann, "POST", &path, body(&foreign)).await;
    assert_eq!(
        (status, &wrong["id"]),
        (StatusCode::BAD_REQUEST, &json!("api.team.invite_guests.channel_in_invalid_team.app_error"))
    );
    let none = json!({"emails": ["gail@example.com"], "channels": []});
    assert_eq!(server.call(&ann, "POST", &path, none).await.0, StatusCode::BAD_REQUEST);
    server.must(&ann, "POST", &path, body(&talk)).await;
    let mail = mailbox.take(&server, "gail@example.com", "invited you to join garden").await;
    assert!(mail.contains("Do come in"), "{mail}");
    let new = json!({"username": "gail", "email": "gail@example.com", "password": "Passw0rd-tests"});
    let made = server.must(&nobody, "POST", &format!("/users?t={}", invited(&mail)), new).await;
    assert_eq!(made["roles"], "system_guest");
    let login = json!({"login_id": "gail", "password": "Passw0rd-tests"});
    let token = server.must(&nobody, "POST", "/users/login", login).await["token"].as_str().unwrap().to_owned();
    let gail = TestUser { id: made["id"].as_str().unwrap().to_owned(), username: "gail".into(), token };

    let member = server.must(&gail, "GET", &format!("/teams/{team}/members/me"), Value::Null).await;
    assert_eq!((&member["roles"], &member["scheme_guest"]), (&json!("team_guest"), &json!(true)));
    let member = server.must(&gail, "GET", &format!("/channels/{talk}/members/me"), Value::Null).await;
    assert_eq!((&member["roles"], &member["scheme_user"]), (&json!("channel_guest"), &json!(false)));
    let channels = server.must(&gail, "GET", &format!("/users/me/teams/{team}/channels"), Value::Null).await;
    assert_eq!(channels.as_array().unwrap().iter().map(|c| &c["name"]).collect::<Vec<_>>(), ["talk"]);
    server.must(&gail, "POST", "/posts", json!({"channel_id": talk, "message": "hello"})).await;

    // Nobody and nothing else.
    assert_eq!(
        names(&server.must(&gail, "GET", &format!("/users?in_team={team}"), Value::Null).await),
        ["ann", "gail"]
    );
    assert_eq!(names(&server.must(&gail, "GET", "/users", Value::Null).await), ["ann", "gail"]);
    let both = json!([ann.id, bob.id]);
    assert_eq!(names(&server.must(&gail, "POST", "/users/ids", both.clone()).await), ["ann"]);
    assert_eq!(names(&server.must(&gail, "POST", "/users/usernames", json!(["ann", "bob"])).await), ["ann"]);
    assert_eq!(names(&server.must(&gail, "POST", "/users/search", json!({"term": "b"})).await), Vec::<&str>::new());
    let offered = server.must(&gail, "GET", "/users/autocomplete?name=", Value::Null).await;
    assert_eq!(names(&offered["users"]), ["ann", "gail"]);
    assert_eq!(server.must(&gail, "GET", "/users/stats", Value::Null).await["total_users_count"], 2);
    for (path, body) in [("/users/status/ids", &both), (&*format!("/teams/{team}/members/ids"), &both)] {
        let seen = server.must(&gail, "POST", path, body.clone()).await;
        assert_eq!(seen.as_array().unwrap().iter().map(|s| &s["user_id"]).collect::<Vec<_>>(), [&*ann.id], "{path}");
    }
    assert_eq!(
        server.must(&gail, "GET", &format!("/teams/{team}/members"), Value::Null).await.as_array().unwrap().len(),
        2
    );
    let stats = server.must(&gail, "GET", &format!("/teams/{team}/stats"), Value::Null).await;
    assert_eq!(stats["total_member_count"], 2);
    for path in [
        format!("/users/{}", bob.id),
        "/users/username/bob".into(),
        "/users/email/bob@example.com".into(),
        format!("/users/{}/status", bob.id),
        format!("/users/{}/image", bob.id),
        format!("/teams/{team}/members/{}", bob.id),
        format!("/channels/{open}"),
        format!("/teams/{team}/channels"),
        format!("/channels/{open}/posts"),
    ] {
        let (status, answer) = server.call(&gail, "GET", &path, Value::Null).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}: {answer}");
    }
    let direct =
        async |other: &TestUser| server.call(&gail, "POST", "/channels/direct", json!([gail.id, other.id])).await.0;
    assert_eq!((direct(&bob).await, direct(&ann).await), (StatusCode::FORBIDDEN, StatusCode::CREATED));
    let group = json!([gail.id, ann.id, bob.id]);
    assert_eq!(server.call(&gail, "POST", "/channels/group", group).await.0, StatusCode::FORBIDDEN);
    let invite = server.must(&ann, "GET", &format!("/teams/{team}"), Value::Null).await["invite_id"].clone();
    let link = format!("/teams/members/invite?invite_id={}", invite.as_str().unwrap());
    assert_eq!(server.call(&gail, "POST", &link, Value::Null).await.0, StatusCode::FORBIDDEN);
    let join = json!({"user_id": gail.id});
    assert_eq!(server.call(&gail, "POST", &format!("/channels/{open}/members"), join).await.0, StatusCode::FORBIDDEN);

    // Nor do they hear of anybody else.
    let (mut at_gail, _at_ann, _at_bob) =
        (server.socket(&gail).await, server.socket(&ann).await, server.socket(&bob).await);
    for who in [&ann, &bob] {
        server.must(who, "PUT", "/users/me/patch", json!({"nickname": format!("{}!", who.username)})).await;
    }
    let heard = server.hear(&gail, &mut at_gail).await;
    let told: Vec<_> =
        heard.iter().filter(|e| e["event"] == "user_updated").map(|e| e["data"]["user"]["username"].clone()).collect();
    assert_eq!(told, ["ann"], "{heard:?}");
}

#[tokio::test]
async fn members_become_guests_and_guests_members() {
    let server = TestServer::start_with(with_guests(Config::default())).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "garden", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let (promote, demote) = (format!("/users/{}/promote", bob.id), format!("/users/{}/demote", bob.id));
    assert_eq!(server.call(&bob, "POST", &demote, Value::Null).await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.call(&ann, "POST", &promote, Value::Null).await.0, StatusCode::NOT_IMPLEMENTED);
    let list = format!("/teams/{team}/channels");
    server.must(&bob, "GET", &list, Value::Null).await;

    let mut at_bob = server.socket(&bob).await;
    server.must(&ann, "POST", &demote, Value::Null).await;
    let (status, again) = server.call(&ann, "POST", &demote, Value::Null).await;
    assert_eq!((status.as_u16(), &again["id"]), (501, &json!("api.user.demote_user_to_guest.already_guest.app_error")));
    assert_eq!(server.call(&bob, "GET", &list, Value::Null).await.0, StatusCode::FORBIDDEN, "at once");
    let roles = async || {
        let of_team = server.must(&ann, "GET", &format!("/teams/{team}/members/{}", bob.id), Value::Null).await;
        let of_talk = server.must(&ann, "GET", &format!("/channels/{talk}/members/{}", bob.id), Value::Null).await;
        let of_all = server.must(&ann, "GET", &format!("/users/{}", bob.id), Value::Null).await;
        [of_all, of_team, of_talk].map(|m| m["roles"].as_str().unwrap().to_owned())
    };
    assert_eq!(roles().await, ["system_guest", "team_guest", "channel_guest"]);
    let heard = server.hear(&bob, &mut at_bob).await;
    assert!(heard.iter().any(|e| e["event"] == "user_role_updated" && e["data"]["roles"] == "system_guest"));
    let square = server.must(&ann, "GET", &format!("/teams/{team}/channels/name/town-square"), Value::Null).await;
    let square = square["id"].as_str().unwrap();
    server.must(&bob, "DELETE", &format!("/channels/{square}/members/me"), Value::Null).await;

    server.must(&ann, "POST", &promote, Value::Null).await;
    assert_eq!(roles().await, ["system_user", "team_user", "channel_user"]);
    server.must(&bob, "GET", &format!("/channels/{square}/members/me"), Value::Null).await;
    server.must(&bob, "GET", &list, Value::Null).await;
}

#[tokio::test]
async fn guests_are_deactivated_when_there_are_to_be_none() {
    let server = TestServer::start_with(with_guests(Config::default())).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    server.must(&ann, "POST", &format!("/users/{}/demote", bob.id), Value::Null).await;
    let told = server.must(&ann, "GET", "/config/client?format=old", Value::Null).await;
    assert_eq!(told["EnableGuestAccounts"], "true");
    let licensed = server.must(&ann, "GET", "/license/client?format=old", Value::Null).await;
    assert_eq!(licensed["GuestAccounts"], "true");
    let mut at_ann = server.socket(&ann).await;
    let off = json!({"GuestAccountsSettings": {"Enable": false}});
    server.must(&ann, "PUT", "/config/patch", off).await;
    assert_eq!(server.call(&bob, "GET", "/users/me", Value::Null).await.0, StatusCode::UNAUTHORIZED);
    let gone = server.must(&ann, "GET", &format!("/users/{}", bob.id), Value::Null).await;
    assert!(gone["delete_at"].as_i64().unwrap() > 0);
    let heard = server.hear(&ann, &mut at_ann).await;
    assert!(heard.iter().any(|e| e["event"] == "guests_deactivated"), "{heard:?}");
    let (status, refused) = server.call(&ann, "POST", &format!("/users/{}/demote", ann.id), Value::Null).await;
    assert_eq!((status.as_u16(), &refused["id"]), (501, &json!("api.team.invite_guests_to_channels.disabled.error")));
    // Switched on again, they are still to be activated one by one.
    server.must(&ann, "PUT", "/config/patch", json!({"GuestAccountsSettings": {"Enable": true}})).await;
    let login = json!({"login_id": "bob", "password": "Passw0rd-tests"});
    let (status, _) = server.call(&TestUser::default(), "POST", "/users/login", login).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_guest_signs_in_by_links() {
    let mailbox = Mailbox::start().await;
    let server = TestServer::start_with(with_guests(mailbox.config())).await;
    let (ann, nobody) = (server.user("ann").await, TestUser::default());
    let team = server.team(&ann, "garden", &[]).await;
    let (talk, more) = (server.channel(&ann, &team, "talk", &[]).await, server.channel(&ann, &team, "more", &[]).await);
    let path = format!("/teams/{team}/invite-guests/email?guest_magic_link=true");
    let body = |channel: &str| json!({"emails": ["gail@example.com"], "channels": [channel]});
    let follow =
        async |token: &str| server.call(&nobody, "POST", "/users/login/one_time_link", json!({"token": token})).await;
    let (status, refused) = server.call(&ann, "POST", &path, body(&talk)).await;
    let off = json!("api.user.guest_magic_link.disabled.app_error");
    assert_eq!((status.as_u16(), &refused["id"]), (501, &off));
    let (status, refused) = follow(&"a".repeat(64)).await;
    assert_eq!((status.as_u16(), &refused["id"]), (501, &off));

    let on = json!({"GuestAccountsSettings": {"EnableGuestMagicLink": true}});
    server.must(&ann, "PUT", "/config/patch", on).await;
    let told = server.must(&ann, "GET", "/config/client?format=old", Value::Null).await;
    assert_eq!(told["EnableGuestMagicLink"], "true");
    server.must(&ann, "POST", &path, body(&talk)).await;
    let first = invited(&mailbox.take(&server, "gail@example.com", "invited you to join garden").await);

    // The first link makes the account; each works once.
    let invalid = json!("api.user.guest_magic_link.invalid_token.app_error");
    assert_eq!(follow(&"a".repeat(64)).await.1["id"], invalid);
    let (status, made) = follow(&first).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    assert_eq!(
        (&made["username"], &made["roles"], &made["auth_service"]),
        (&json!("gail"), &json!("system_guest"), &json!("magic_link"))
    );
    let token = made["token"].as_str().unwrap().to_owned();
    let gail = TestUser { id: made["id"].as_str().unwrap().to_owned(), username: "gail".into(), token };
    server.must(&gail, "POST", "/posts", json!({"channel_id": talk, "message": "hello"})).await;
    let (status, again) = follow(&first).await;
    assert_eq!((status, &again["id"]), (StatusCode::UNAUTHORIZED, &invalid));

    // There is no password to guess or to set.
    let login = json!({"login_id": "gail", "password": "Passw0rd-tests"});
    let (status, refused) = server.call(&nobody, "POST", "/users/login", login).await;
    let elsewhere = json!("api.user.login.use_auth_service.app_error");
    assert_eq!((status, &refused["id"]), (StatusCode::UNAUTHORIZED, &elsewhere));

    // Another link: asked for by its name, or where others ask for a password.
    let kind = async |who: &str| server.must(&nobody, "POST", "/users/login/type", json!({"login_id": who})).await;
    assert_eq!(kind("ann").await["auth_service"], "");
    assert_eq!(kind("nobody-at-all").await["auth_service"], "");
    assert_eq!(kind("gail@example.com").await["auth_service"], "magic_link");
    let link = invited(&mailbox.take(&server, "gail@example.com", "Your link to sign in").await);
    assert_eq!(follow(&link).await.1["id"], gail.id);
    assert_eq!(follow(&link).await.1["id"], invalid);
    server.must(&nobody, "POST", "/users/password/reset/send", json!({"email": "gail@example.com"})).await;
    let link = invited(&mailbox.take(&server, "gail@example.com", "Your link to sign in").await);
    server.backend.cx.clock.advance(std::time::Duration::from_mins(16));
    assert_eq!(follow(&link).await.1["id"], invalid, "too old");

    // Invited again, they are in one channel more, and are the same person.
    server.must(&ann, "POST", &path, body(&more)).await;
    let link = invited(&mailbox.take(&server, "gail@example.com", "invited you to join garden").await);
    assert_eq!(follow(&link).await.1["id"], gail.id);
    server.must(&gail, "POST", "/posts", json!({"channel_id": more, "message": "here too"})).await;

    // Whoever has a password signs in with it, and the invitation stays.
    let taken = json!({"emails": ["ann@example.com"], "channels": [talk]});
    server.must(&ann, "POST", &path, taken).await;
    let link = invited(&mailbox.take(&server, "ann@example.com", "invited you to join garden").await);
    let (status, refused) = follow(&link).await;
    let has = json!("api.user.guest_magic_link.has_account.app_error");
    assert_eq!((status, &refused["id"]), (StatusCode::UNAUTHORIZED, &has));

    // An invitation that is to be answered by a password signs nobody in.
    let plain = format!("/teams/{team}/invite-guests/email");
    server.must(&ann, "POST", &plain, json!({"emails": ["hal@example.com"], "channels": [talk]})).await;
    let link = invited(&mailbox.take(&server, "hal@example.com", "invited you to join garden").await);
    assert_eq!(follow(&link).await.1["id"], invalid);

    server.must(&ann, "DELETE", &format!("/users/{}", gail.id), Value::Null).await;
    assert_eq!(kind("gail").await["auth_service"], "");
}
