//! Finding messages: by what words, and by whom.

use backend::testing::{TestServer, TestUser};
use http::StatusCode;
use serde_json::{Value, json};

async fn say(server: &TestServer, who: &TestUser, channel: &str, message: &str) -> String {
    let post = server.must(who, "POST", "/posts", json!({"channel_id": channel, "message": message})).await;
    post["id"].as_str().unwrap().to_owned()
}

/// The messages found, newest first.
async fn found(server: &TestServer, who: &TestUser, path: &str, terms: &str) -> Vec<String> {
    let list = server.must(who, "POST", path, json!({"terms": terms})).await;
    let text = |id: &Value| list["posts"][id.as_str().unwrap()]["message"].as_str().unwrap().to_owned();
    list["order"].as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn words_find_messages_in_ones_own_channels() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[&bob]).await;
    let mine = server.channel(&ann, &team, "mine", &[]).await;
    say(&server, &ann, &talk, "Running Dogs at mail.example.org").await;
    say(&server, &bob, &talk, "a crème brûlée #sweet-food").await;
    say(&server, &ann, &mine, "dog food, 日本語のメッセージ").await;
    let path = format!("/teams/{team}/posts/search");

    let (dogs, food) = ("Running Dogs at mail.example.org", "dog food, 日本語のメッセージ");
    for (terms, expected) in [
        ("dog", vec![food, dogs]),
        ("DOGS runs", vec![dogs]),
        ("dog -run", vec![food]),
        ("\"dog food\"", vec![food]),
        ("\"food dog\"", vec![]),
        ("runn*", vec![dogs]),
        ("example.org", vec![dogs]),
        ("日本", vec![food]),
        ("本語の", vec![food]),
        ("ジ", vec![food]),
        ("創", vec![]),
        ("creme", vec!["a crème brûlée #sweet-food"]),
        ("#sweet-food", vec!["a crème brûlée #sweet-food"]),
        ("from:bob", vec!["a crème brûlée #sweet-food"]),
        ("from:nobody", vec![]),
        ("dog in:talk", vec![dogs]),
        ("dog -in:talk", vec![food]),
        ("dog before:1971-01-01", vec![]),
        ("dog after:1971-01-01", vec![food, dogs]),
        ("' OR 1=1) \" * ^ NEAR(", vec![]),
    ] {
        assert_eq!(found(&server, &ann, &path, terms).await, expected, "{terms}");
        assert_eq!(found(&server, &ann, "/posts/search", terms).await, expected, "{terms}");
    }
    // Not a member of one channel, of the team, of anything.
    assert_eq!(found(&server, &bob, &path, "dog").await, [dogs]);
    assert_eq!(server.call(&eve, "POST", &path, json!({"terms": "dog"})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(found(&server, &eve, "/posts/search", "dog").await, [""; 0]);
    assert_eq!(server.call(&ann, "POST", &path, json!({"terms": ""})).await.0, StatusCode::BAD_REQUEST);
    server.must(&bob, "DELETE", &format!("/channels/{talk}/members/me"), Value::Null).await;
    assert_eq!(found(&server, &bob, &path, "dog").await, [""; 0]);
}

#[tokio::test]
async fn the_index_follows_edits_deletions_and_archives() {
    let server = TestServer::start().await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let talk = server.channel(&ann, &team, "talk", &[]).await;
    let path = format!("/teams/{team}/posts/search");
    let id = say(&server, &ann, &talk, "before").await;
    assert_eq!(found(&server, &ann, &path, "before").await, ["before"]);
    server.must(&ann, "PUT", &format!("/posts/{id}/patch"), json!({"message": "afterwards"})).await;
    assert_eq!(found(&server, &ann, &path, "before").await, [""; 0]);
    assert_eq!(found(&server, &ann, &path, "afterwards").await, ["afterwards"]);
    server.must(&ann, "DELETE", &format!("/channels/{talk}"), Value::Null).await;
    assert_eq!(found(&server, &ann, &path, "afterwards").await, [""; 0]);
    let archived = json!({"terms": "afterwards", "include_deleted_channels": true});
    let list = server.must(&ann, "POST", &path, archived).await;
    assert_eq!(list["order"], json!([id]));

    let second = server.channel(&ann, &team, "second", &[]).await;
    let id = say(&server, &ann, &second, "short lived").await;
    server.must(&ann, "DELETE", &format!("/posts/{id}"), Value::Null).await;
    assert_eq!(found(&server, &ann, &path, "lived").await, [""; 0]);
}

#[tokio::test]
async fn administrators_make_the_index_anew() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let team = server.team(&ann, "team-a", &[]).await;
    let talk = server.channel(&ann, &team, "talk", &[]).await;
    say(&server, &ann, &talk, "still here").await;
    let order = json!({"type": "search_indexing"});
    assert_eq!(server.call(&bob, "POST", "/jobs", order.clone()).await.0, StatusCode::FORBIDDEN);
    let job = server.must(&ann, "POST", "/jobs", order).await;
    backend::jobs::queue::settled(&server.backend.cx).await;
    let path = format!("/jobs/{}", job["id"].as_str().unwrap());
    let job = server.must(&ann, "GET", &path, Value::Null).await;
    assert_eq!((&job["status"], &job["progress"]), (&"success".into(), &100.into()));
    assert_eq!(found(&server, &ann, &format!("/teams/{team}/posts/search"), "still").await, ["still here"]);
}

/// A PDF of one page with a line of text.
fn pdf(text: &str) -> Vec<u8> {
    use std::fmt::Write as _;
    let stream = format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let table = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(out, "{place:010} 00000 n ").unwrap();
    }
    let size = objects.len() + 1;
    write!(out, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").unwrap();
    out.into_bytes()
}

fn docx(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    write!(zip, "<w:document><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>").unwrap();
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn files_are_found_by_their_names_and_what_is_in_them() {
    let server = TestServer::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let team = server.team(&ann, "team-a", &[&bob]).await;
    let talk = server.channel(&ann, &team, "talk", &[]).await;
    let path = format!("/teams/{team}/files/search");
    let share = async |name: &str, bytes: Vec<u8>| {
        let path = format!("/api/v4/files?channel_id={talk}&filename={name}");
        let (status, _, text) = server.raw(&ann, "POST", &path, "application/octet-stream", bytes).await;
        assert_eq!(status, StatusCode::CREATED, "{text}");
        let file = serde_json::from_str::<Value>(&text).unwrap()["file_infos"][0]["id"].clone();
        let post = json!({"channel_id": talk, "message": "", "file_ids": [file]});
        server.must(&ann, "POST", "/posts", post).await["id"].as_str().unwrap().to_owned()
    };
    let post = share("plan.pdf", pdf("Quarterly budget")).await;
    share("letter.docx", docx("Dear budget committee")).await;
    share("notes-2026.txt", "the budget of mail.example.org, 日本語".into()).await;
    share("empty.bin", vec![0, 1, 2, 3]).await;

    let found = async |who: &TestUser, path: &str, terms: &str| {
        let list = server.must(who, "POST", path, json!({"terms": terms})).await;
        let name = |id: &Value| list["file_infos"][id.as_str().unwrap()]["name"].as_str().unwrap().to_owned();
        list["order"].as_array().unwrap().iter().map(name).collect::<Vec<_>>()
    };
    for (terms, expected) in [
        ("budget", vec!["notes-2026.txt", "letter.docx", "plan.pdf"]),
        ("quarterly", vec!["plan.pdf"]),
        ("budgets ext:docx", vec!["letter.docx"]),
        ("budget -ext:pdf -ext:txt", vec!["letter.docx"]),
        ("ext:bin", vec!["empty.bin"]),
        ("ext:pdf ext:docx", vec!["letter.docx", "plan.pdf"]),
        ("empty", vec!["empty.bin"]),
        ("notes", vec!["notes-2026.txt"]),
        ("example.org 日本", vec!["notes-2026.txt"]),
        ("\"budget committee\"", vec!["letter.docx"]),
        ("from:ann comm*", vec!["letter.docx"]),
        ("from:bob budget", vec![]),
        ("budget in:talk", vec!["notes-2026.txt", "letter.docx", "plan.pdf"]),
    ] {
        assert_eq!(found(&ann, &path, terms).await, expected, "{terms}");
        assert_eq!(found(&ann, "/files/search", terms).await, expected, "{terms}");
    }
    assert_eq!(found(&bob, &path, "budget").await, [""; 0]);
    assert_eq!(server.call(&eve, "POST", &path, json!({"terms": "budget"})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(found(&eve, "/files/search", "budget").await, [""; 0]);
    assert_eq!(server.call(&ann, "POST", &path, json!({"terms": ""})).await.0, StatusCode::BAD_REQUEST);
    // Of files there are kinds; of messages there are none.
    assert_eq!(server.must(&ann, "POST", "/posts/search", json!({"terms": "ext:pdf"})).await["order"], json!([]));

    server.must(&ann, "DELETE", &format!("/posts/{post}"), Value::Null).await;
    assert_eq!(found(&ann, &path, "quarterly").await, [""; 0]);
    backend::jobs::search::rebuild(&server.backend.cx, None, &|_| ()).await.unwrap();
    assert_eq!(found(&ann, &path, "budget").await, ["notes-2026.txt", "letter.docx"]);
}
