//! Everything in one archive, and taken in by another server.

use crate::files::{form, png, send};
use backend::{
    jobs::queue::settled,
    testing::{TestServer, TestUser},
};
use http::StatusCode;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _, Write as _},
    time::Duration,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// Has a job done, and says how it ended.
async fn job(server: &TestServer, by: &TestUser, kind: &str, data: Value) -> Value {
    let ordered = server.must(by, "POST", "/jobs", json!({"type": kind, "data": data})).await;
    settled(&server.backend.cx).await;
    server.must(by, "GET", &format!("/jobs/{}", ordered["id"].as_str().unwrap()), Value::Null).await
}

/// Exports everything: the entries of the archive.
async fn exported(server: &TestServer, by: &TestUser) -> BTreeMap<String, Vec<u8>> {
    let all =
        ["include_attachments", "include_archived_channels", "include_profile_pictures", "include_roles_and_schemes"];
    let data: BTreeMap<&str, &str> = all.into_iter().map(|name| (name, "true")).collect();
    let done = job(server, by, "export_process", json!(data)).await;
    assert_eq!(done["status"], "success", "{done}");
    assert_eq!(done["data"]["include_attachments"], "true");
    let name = format!("{}_export.zip", done["id"].as_str().unwrap());
    let key = format!("export/{name}");
    let bytes = server.backend.cx.files.read(&key, 1 << 30).await.unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entries = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        entries.insert(entry.name().unwrap().into_owned(), bytes);
    }
    entries
}

fn lines(entries: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let text = std::str::from_utf8(&entries["import.jsonl"]).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Lines without what differs from server to server: ids in paths, when a file was written, and the order of channels.
fn comparable(entries: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    fn without_ids(value: &mut Value) {
        match value {
            Value::String(text) => {
                let is_id = |part: &str| part.len() == 26 && part.bytes().all(|c| c.is_ascii_alphanumeric());
                let parts = text.split('/').map(|part| if is_id(part) { "ID" } else { part });
                *text = parts.collect::<Vec<_>>().join("/");
            }
            Value::Array(values) => values.iter_mut().for_each(without_ids),
            Value::Object(fields) => fields.values_mut().for_each(without_ids),
            _ => {}
        }
    }
    let mut found: Vec<String> = lines(entries)
        .into_iter()
        .filter(|line| line["type"] != "version" && line["bot"]["username"] != "system-bot")
        .map(|mut line| {
            without_ids(&mut line);
            line.to_string()
        })
        .collect();
    found.sort();
    found
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Uploads an archive: its name among those to import.
async fn uploaded(server: &TestServer, by: &TestUser, archive: Vec<u8>) -> String {
    let new = json!({"type": "import", "filename": "all.zip", "file_size": archive.len()});
    let upload = server.must(by, "POST", "/uploads", new).await;
    let id = upload["id"].as_str().unwrap();
    let (status, _, text) = server.raw(by, "POST", &format!("/api/v4/uploads/{id}"), "", archive).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let name = format!("{id}_all.zip");
    assert_eq!(server.must(by, "GET", "/imports", Value::Null).await, json!([name]));
    name
}

async fn imported(server: &TestServer, by: &TestUser, archive: Vec<u8>) -> Value {
    let name = uploaded(server, by, archive).await;
    job(server, by, "import_process", json!({"import_file": name})).await
}

fn packed(entries: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    archive(&entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

/// A server on which much has happened, and its administrator.
async fn lived_in() -> (TestServer, TestUser) {
    let server = TestServer::start().await;
    let (ann, bob, cat) = (server.user("ann").await, server.user("bob").await, server.user("cat").await);
    let scheme = json!({"name": "quiet", "display_name": "Quiet", "scope": "team"});
    let scheme = server.must(&ann, "POST", "/schemes", scheme).await;
    let team = server.team(&ann, "garden", &[&bob, &cat]).await;
    server.must(&ann, "PUT", &format!("/teams/{team}/scheme"), json!({"scheme_id": scheme["id"]})).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let old = server.channel(&ann, &team, "old", &[&bob]).await;
    let patch = json!({"header": "about *plants*", "purpose": "growing"});
    server.must(&ann, "PUT", &format!("/channels/{talk}/patch"), patch).await;
    let emoji = json!({"name": "cactus_ours", "creator_id": ann.id}).to_string();
    send(&server, &ann, "/emoji", form(&[("emoji", &emoji)], &[("image/e.png", &png(20, 20))])).await;
    let picture = form(&[], &[("image/me.png", &png(64, 64))]);
    assert_eq!(send(&server, &bob, &format!("/users/{}/image", bob.id), picture).await.0, StatusCode::OK);
    let patch = json!({"nickname": "Bobby", "position": "Gardener", "locale": "de"});
    server.must(&bob, "PUT", "/users/me/patch", patch).await;
    let theme = json!({"sidebarBg": "#000000"}).to_string();
    let preferences = json!([
        {"user_id": bob.id, "category": "display_settings", "name": "use_military_time", "value": "true"},
        {"user_id": bob.id, "category": "theme", "name": team, "value": theme},
        {"user_id": bob.id, "category": "favorite_channel", "name": talk, "value": "true"},
    ]);
    server.must(&bob, "PUT", "/users/me/preferences", preferences).await;
    let bot = server.must(&ann, "POST", "/bots", json!({"username": "robot", "description": "helps"})).await;
    assert_eq!(bot["owner_id"], ann.id.as_str());

    let write = async |who: &TestUser, body: Value| {
        server.backend.cx.clock.advance(Duration::from_secs(1));
        server.must(who, "POST", "/posts", body).await["id"].as_str().unwrap().to_owned()
    };
    let files = form(&[("channel_id", &talk)], &[("files/plan.txt", b"water them"), ("files/leaf.png", &png(30, 20))]);
    let (_, sent) = send(&server, &ann, "/files", files).await;
    let ids: Vec<&Value> = sent["file_infos"].as_array().unwrap().iter().map(|file| &file["id"]).collect();
    let urgent = json!({"priority": {"priority": "urgent", "requested_ack": true}});
    let root =
        write(&ann, json!({"channel_id": talk, "message": "the plan", "file_ids": ids, "metadata": urgent})).await;
    for n in 0..3 {
        write(&bob, json!({"channel_id": talk, "message": format!("reply {n}"), "root_id": root})).await;
    }
    let gone = write(&bob, json!({"channel_id": talk, "message": "oops"})).await;
    server.must(&bob, "DELETE", &format!("/posts/{gone}"), Value::Null).await;
    let fixed = write(&bob, json!({"channel_id": talk, "message": "befor"})).await;
    server.must(&bob, "PUT", &format!("/posts/{fixed}/patch"), json!({"message": "before"})).await;
    server.must(&ann, "POST", &format!("/posts/{root}/pin"), Value::Null).await;
    for (who, emoji) in [(&bob, "rocket"), (&ann, "cactus_ours")] {
        let reaction = json!({"user_id": who.id, "post_id": root, "emoji_name": emoji});
        server.must(who, "POST", "/reactions", reaction).await;
    }
    let saved = json!([{"user_id": bob.id, "category": "flagged_post", "name": root, "value": "true"}]);
    server.must(&bob, "PUT", "/users/me/preferences", saved).await;
    write(&bob, json!({"channel_id": old, "message": "long ago"})).await;
    server.must(&ann, "DELETE", &format!("/channels/{old}"), Value::Null).await;
    let direct = server.must(&ann, "POST", "/channels/direct", json!([ann.id, bob.id])).await;
    write(&ann, json!({"channel_id": direct["id"], "message": "between us"})).await;
    let group = server.must(&ann, "POST", "/channels/group", json!([ann.id, bob.id, cat.id])).await;
    write(&cat, json!({"channel_id": group["id"], "message": "the three of us"})).await;
    let own = server.must(&cat, "POST", "/channels/direct", json!([cat.id, cat.id])).await;
    write(&cat, json!({"channel_id": own["id"], "message": "note to myself"})).await;
    server.must(&ann, "PUT", &format!("/users/{}/active", cat.id), json!({"active": false})).await;
    settled(&server.backend.cx).await;
    (server, ann)
}

#[tokio::test]
async fn what_is_exported_and_taken_in_elsewhere_is_the_same_there() {
    let (server, ann) = lived_in().await;
    let entries = exported(&server, &ann).await;
    let told = lines(&entries);
    assert_eq!(told[0]["version"], 1);
    let of = |kind: &str| told.iter().filter(|line| line["type"] == kind).map(|line| line[kind].clone()).collect();
    let posts: Vec<Value> = of("post");
    let plan = posts.iter().find(|post| post["message"] == "the plan").unwrap();
    assert_eq!((&plan["team"], &plan["channel"], &plan["user"]), (&json!("garden"), &json!("talk"), &json!("ann")));
    assert_eq!(plan["replies"].as_array().unwrap().len(), 3);
    assert_eq!(plan["flagged_by"], json!(["bob"]));
    assert_eq!(plan["is_pinned"], true);
    let path = plan["attachments"][0]["path"].as_str().unwrap();
    assert_eq!(entries[&format!("data/{path}")], b"water them");
    assert!(!posts.iter().any(|post| post["message"] == "oops"), "what was deleted is not exported");
    let people: Vec<Value> = of("user");
    let bob = people.iter().find(|user| user["username"] == "bob").unwrap();
    assert!(bob.get("password").is_none());
    assert_eq!(bob["military_time"], "true");
    let directs: Vec<Value> = of("direct_post");
    assert!(directs.iter().any(|post| post["channel_members"] == json!(["ann", "bob"])));

    // Its administrator has a name that the archive knows, as on a server that is moved to.
    let other = TestServer::start().await;
    let admin = other.user("root").await;
    // Its clock is not behind that of the first.
    other.backend.cx.clock.advance(Duration::from_hours(1));
    let done = imported(&other, &admin, packed(&entries)).await;
    assert_eq!(done["status"], "success", "{done}");
    assert_eq!(other.must(&admin, "GET", "/imports", Value::Null).await, json!([]), "what is in is removed");
    let without_root = |entries: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        comparable(entries).into_iter().filter(|line| !line.contains("\"username\":\"root\"")).collect()
    };
    let once = exported(&other, &admin).await;
    let (before, after) = (comparable(&entries), without_root(&once));
    for (a, b) in before.iter().zip(&after) {
        assert_eq!(a, b);
    }
    assert_eq!(before.len(), after.len());

    // And the second time changes nothing.
    let done = imported(&other, &admin, packed(&entries)).await;
    assert_eq!(done["status"], "success", "{done}");
    assert_eq!(without_root(&exported(&other, &admin).await), after);

    // The counters are right: what was read is read, and nothing else.
    let store = &other.backend.cx.store;
    let team = store.teams().by_name("garden").await.unwrap().unwrap();
    let talk = store.channels().by_name(team.id, "talk").await.unwrap().unwrap();
    let counted = store.channels().recount(talk.id).await.unwrap().unwrap();
    assert_eq!(counted.kept, counted.counted);
    let bob = store.users().by_username("bob").await.unwrap().unwrap();
    let unread = store.channel_members().unread(talk.id, bob.id).await.unwrap().unwrap();
    assert_eq!(unread.msg_count, 0, "he wrote last");
    let root = store.posts().pinned(talk.id).await.unwrap().remove(0);
    assert_eq!((root.reply_count, root.file_ids.len()), (3, 2));
    assert_eq!(store.posts().recount_replies(root.id).await.unwrap().reply_count, 3);
    let files = store.files().of_posts(&[root.id]).await.unwrap();
    assert_eq!(other.backend.cx.files.read(&files[0].path, 1 << 20).await.unwrap(), b"water them");
    let scheme = team.scheme_id.unwrap();
    assert_eq!(store.schemes().by_id(scheme.parse().unwrap()).await.unwrap().unwrap().name, "quiet");
}

#[tokio::test]
async fn an_archive_that_is_not_right_says_where_and_changes_nothing() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let version = r#"{"type":"version","version":1}"#;
    let team = r#"{"type":"team","team":{"name":"garden","display_name":"Garden","type":"O"}}"#;
    let with = |line: &str| [version, team, line].join("\n");
    let post = |more: &str| {
        format!(
            r#"{{"type":"post","post":{{"team":"garden","channel":"town-square","user":"ann","message":"m"{more}}}}}"#
        )
    };
    for (text, expected) in [
        (team.to_owned(), "Line 1: the first line has to say that this is version 1"),
        (with("{\"type\":"), "Line 3: it cannot be read"),
        (with(r#"{"type":"spaceship"}"#), "Line 3: there is no type \"spaceship\""),
        (with(r#"{"type":"channel"}"#), "Line 3: it says that it is of the type channel, and has nothing of it"),
        (with(&post("")), "Line 3: a message does not say when it was written"),
        (with(&post(r#","create_at":1700000000000000"#)), "Line 3: a message was written in the future"),
        (
            with(&post(&format!(r#","create_at":1,"props":{{"a":"{}"}}"#, "x".repeat(900_000)))),
            "Line 3: the properties",
        ),
        ("{\"type\":\"version\",\"version\":1}\n{\"type\":\"post\",\"user\":{}}".to_owned(), "Line 2: it says that"),
    ] {
        let done = imported(&server, &ann, archive(&[("import.jsonl", text.as_bytes())])).await;
        assert_eq!(done["status"], "error", "{done}");
        let error = done["data"]["error"].as_str().unwrap();
        assert!(error.starts_with(expected), "{error}");
        assert!(server.backend.cx.store.teams().by_name("garden").await.unwrap().is_none(), "nothing was changed");
        let left = server.must(&ann, "GET", "/imports", Value::Null).await;
        server.must(&ann, "DELETE", &format!("/imports/{}", left[0].as_str().unwrap()), Value::Null).await;
    }
    for (bytes, expected) in [
        (b"no archive".to_vec(), "no ZIP archive"),
        (archive(&[("sub/import.jsonl", version.as_bytes())]), "no file of lines"),
    ] {
        let done = imported(&server, &ann, bytes).await;
        assert!(done["data"]["error"].as_str().unwrap().contains(expected), "{done}");
        let left = server.must(&ann, "GET", "/imports", Value::Null).await;
        server.must(&ann, "DELETE", &format!("/imports/{}", left[0].as_str().unwrap()), Value::Null).await;
    }
    // What refers to somebody who is nobody is found on the way; what came before it stays, and does no harm.
    let text = with(&post(r#","create_at":1000"#).replace("\"ann\"", "\"nobody\""));
    let done = imported(&server, &ann, archive(&[("import.jsonl", text.as_bytes())])).await;
    assert_eq!(done["data"]["error"], "Line 3: there is nobody of the name nobody.");

    let left = server.must(&ann, "GET", "/imports", Value::Null).await;
    server.must(&ann, "DELETE", &format!("/imports/{}", left[0].as_str().unwrap()), Value::Null).await;
    // A file that is not there, or leads elsewhere, is done without, and said to be.
    let text = with(&post(r#","create_at":2000,"attachments":[{"path":"../../etc/passwd"},{"path":"gone.txt"}]"#));
    let done = imported(&server, &ann, archive(&[("import.jsonl", text.as_bytes())])).await;
    assert_eq!((&done["status"], &done["data"]["skipped_files"]), (&json!("success"), &json!("2")));

    let (status, refused) = server.call(&ann, "POST", "/jobs", json!({"type": "import_process", "data": {}})).await;
    let expected = (StatusCode::BAD_REQUEST, &json!("import_process.worker.do_job.missing_file"));
    assert_eq!((status, &refused["id"]), expected);
    let done = job(&server, &ann, "import_process", json!({"import_file": "../x.zip"})).await;
    assert_eq!(done["status"], "error");
}

#[tokio::test]
async fn a_file_of_another_server_is_taken_in_as_it_writes_it() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    // As Mattermost and tools that convert exports of Slack write it: with nulls, members only by name, no read state.
    let text = [
        r#"{"type":"version","version":1,"info":null}"#,
        r#"{"type":"team","team":{"name":"Garden","display_name":"Garden","type":"O","description":null}}"#,
        r#"{"type":"channel","channel":{"team":"garden","name":"talk","display_name":"Talk","type":"P","header":""}}"#,
        r#"{"type":"user","user":{"username":"Bob","email":"Bob@Example.com","auth_service":"","nickname":"","first_name":"Bob","last_name":"","position":"","roles":"system_user","locale":null,"password":"correct horse 7","teams":[{"name":"garden","roles":"team_user","channels":[{"name":"talk","roles":"channel_user channel_admin","notify_props":{"desktop":"none","mobile":"none","mark_unread":"all"},"favorite":true}]}],"military_time":"true","notify_props":{"mobile":"all"}}}"#,
        r#"{"type":"user","user":{"username":"cat","email":"cat@example.com","teams":null}}"#,
        r#"{"type":"post","post":{"team":"garden","channel":"talk","user":"bob","type":"","message":"first","props":{},"create_at":1140012340013,"edit_at":null,"flagged_by":null,"reactions":null,"replies":[{"user":"cat","message":"second","create_at":1140012340014}],"attachments":[{"path":"bulk-export-attachments/a.txt"}]}}"#,
        "",
        r#"{"type":"post","post":{"team":"garden","channel":"talk","user":"cat","message":"press","create_at":1140012340020,"props":{"attachments":[{"text":"?","actions":[{"id":"a","name":"OK","integration":{"url":"https://x.org/?token=secret","context":{"k":"v"}}}]}]}}}"#,
        r#"{"type":"direct_channel","direct_channel":{"members":["bob","cat"],"favorited_by":["cat"],"header":"us"}}"#,
        r#"{"type":"direct_post","direct_post":{"channel_members":["cat","bob"],"user":"cat","message":"hi","create_at":1140012340015}}"#,
    ];
    // Another server's null stands for nothing said.
    let entries: [(&str, &[u8]); 2] =
        [("mattermost_import.jsonl", &text.join("\n").into_bytes()), ("data/bulk-export-attachments/a.txt", b"hello")];
    let done = imported(&server, &ann, archive(&entries)).await;
    assert_eq!(done["status"], "success", "{done}");
    let login = json!({"login_id": "bob@example.com", "password": "correct horse 7"});
    let signed_in = server.must(&TestUser::default(), "POST", "/users/login", login).await;
    assert_eq!((&signed_in["first_name"], &signed_in["notify_props"]["push"]), (&json!("Bob"), &json!("all")));
    let bob = TestUser {
        id: signed_in["id"].as_str().unwrap().to_owned(),
        username: "bob".into(),
        token: signed_in["token"].as_str().unwrap().to_owned(),
    };
    let teams = server.must(&bob, "GET", "/users/me/teams", Value::Null).await;
    let team = teams[0]["id"].as_str().unwrap();
    let channels = server.must(&bob, "GET", &format!("/users/me/teams/{team}/channels"), Value::Null).await;
    let names: Vec<&str> = channels.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert!(["talk", "town-square"].iter().all(|name| names.contains(name)), "{names:?}");
    let talk = channels.as_array().unwrap().iter().find(|c| c["name"] == "talk").unwrap()["id"].as_str().unwrap();
    let members = server.must(&bob, "GET", &format!("/channels/{talk}/members/me"), Value::Null).await;
    assert_eq!((&members["scheme_admin"], &members["notify_props"]["push"]), (&json!(true), &json!("none")));
    let unread = server.must(&bob, "GET", &format!("/users/me/channels/{talk}/unread"), Value::Null).await;
    assert_eq!(unread["msg_count"], 0, "old messages are not new");
    let list = server.must(&bob, "GET", &format!("/channels/{talk}/posts"), Value::Null).await;
    let messages: Vec<&str> = list["order"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| list["posts"][id.as_str().unwrap()]["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages, ["press", "second", "first"]);
    let text = list.to_string();
    assert!(text.contains("\"OK\"") && !text.contains("token=secret"), "where buttons lead to is told to nobody");
    let direct = channels.as_array().unwrap().iter().find(|c| c["type"] == "D").unwrap();
    let path = format!("/users/me/channels/{}/unread", direct["id"].as_str().unwrap());
    assert_eq!(server.must(&bob, "GET", &path, Value::Null).await["msg_count"], 0, "nor are old conversations");
    let found = server.must(&bob, "POST", &format!("/teams/{team}/posts/search"), json!({"terms": "first"})).await;
    assert_eq!(found["order"].as_array().unwrap().len(), 1, "what came in is found");
}

#[tokio::test]
async fn archives_are_listed_downloaded_in_parts_and_removed_by_administrators() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let done = job(&server, &ann, "export_process", json!({})).await;
    let id = done["id"].as_str().unwrap();
    let name = format!("{id}_export.zip");
    assert_eq!(server.must(&ann, "GET", "/exports", Value::Null).await, json!([name]));
    let path = format!("/api/v4/exports/{name}");
    let (status, headers, _) = server.raw(&ann, "GET", &path, "", "").await;
    assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"application/zip".parse().unwrap()));
    assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let request = http::Request::get(&path).header("authorization", format!("Bearer {}", ann.token));
    let part = server.send(request.header("range", "bytes=0-1").body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(axum::body::to_bytes(part.into_body(), 10).await.unwrap(), "PK");
    let of_job = format!("/api/v4/jobs/{id}/download");
    assert_eq!(server.raw(&ann, "GET", &of_job, "", "").await.0, StatusCode::OK);
    assert_eq!(server.raw(&bob, "GET", &of_job, "", "").await.0, StatusCode::FORBIDDEN);
    let (status, refused) = server.call(&bob, "GET", &format!("/jobs/{}/download", bob.id), Value::Null).await;
    let expected = (StatusCode::NOT_IMPLEMENTED, &json!("app.job.download_export_results_not_enabled"));
    assert_eq!((status, &refused["id"]), expected);
    for (method, path) in [("GET", "/exports"), ("GET", &path[7..]), ("DELETE", &path[7..])] {
        assert_eq!(server.call(&bob, method, path, Value::Null).await.0, StatusCode::FORBIDDEN, "{method} {path}");
    }
    let (status, refused) = server.call(&ann, "GET", "/exports/other.zip", Value::Null).await;
    let expected = (StatusCode::NOT_FOUND, &json!("api.export.export_not_found.app_error"));
    assert_eq!((status, &refused["id"]), expected);
    assert_eq!(server.call(&ann, "GET", "/exports/..%2Fteams", Value::Null).await.0, StatusCode::NOT_FOUND);
    server.must(&ann, "DELETE", &path[7..], Value::Null).await;
    assert_eq!(server.must(&ann, "GET", "/exports", Value::Null).await, json!([]));

    // What nobody fetches goes after a while.
    job(&server, &ann, "export_process", json!({})).await;
    for (days, left) in [(29, 1), (2, 0)] {
        server.backend.cx.clock.advance(Duration::from_hours(24 * days));
        backend::actions::bulk::export::purge(&server.backend.cx).await.unwrap();
        assert_eq!(backend::actions::bulk::export::list(&server.backend.cx).await.unwrap().len(), left);
    }
}
