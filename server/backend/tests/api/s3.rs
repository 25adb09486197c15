//! Files in S3: on two servers that check signatures, and on one that hangs for a while.
//!
//! The second one is another program; `TEST_S3_URL` says where it is, as `http://KEY:SECRET@host:port/bucket`.

use crate::files::{form, send};
use backend::{
    files::{Failure, FileStore, transfer},
    testing::TestServer,
};
use http::StatusCode;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use model::config::{Config, FileSettings};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const KEY: &str = "AKIAEXAMPLE";
const SECRET: &str = "a-secret/for+tests";
const BUCKET: &str = "confab-files";

/// An S3 server that keeps objects in a folder, until the test ends.
async fn s3(folder: &Path) -> SocketAddr {
    std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    address
}

fn settings(at: SocketAddr) -> FileSettings {
    FileSettings {
        driver_name: "amazons3".into(),
        s3_access_key_id: KEY.into(),
        s3_secret_access_key: SECRET.into(),
        s3_bucket: BUCKET.into(),
        s3_path_prefix: "chat".into(),
        s3_endpoint: at.to_string(),
        s3_ssl: false,
        s3_request_timeout: 1_000,
        ..FileSettings::default()
    }
}

fn opened(settings: &FileSettings, folder: &Path) -> FileStore {
    FileStore::open(settings, folder).unwrap()
}

/// The second server, if there is one.
fn second() -> Option<FileSettings> {
    let url = std::env::var("TEST_S3_URL").ok().filter(|url| !url.is_empty())?;
    let (key, rest) = url.strip_prefix("http://").unwrap().split_once(':').unwrap();
    let (secret, rest) = rest.split_once('@').unwrap();
    let (endpoint, bucket) = rest.split_once('/').unwrap();
    Some(FileSettings {
        driver_name: "amazons3".into(),
        s3_access_key_id: key.into(),
        s3_secret_access_key: secret.into(),
        s3_bucket: bucket.into(),
        s3_path_prefix: backend::clock::new_id::<model::id::kind::Any>().to_string(),
        s3_endpoint: endpoint.into(),
        s3_ssl: false,
        s3_request_timeout: 30_000,
        ..FileSettings::default()
    })
}

#[tokio::test]
async fn objects_come_back_as_they_were_put() {
    let objects = tempfile::tempdir().unwrap();
    let settings = settings(s3(objects.path()).await);
    come_back(FileSettings { s3_request_timeout: 30_000, ..settings }).await;
}

#[tokio::test]
async fn objects_come_back_from_the_second_server_too() {
    match second() {
        Some(settings) => come_back(settings).await,
        None => eprintln!("TEST_S3_URL is not set: the second S3 server is not tested"),
    }
}

async fn come_back(settings: FileSettings) {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&settings, folder.path());
    store.check().await.unwrap();
    // Larger than one part.
    let large: Vec<u8> = (0..20_000_000_u32).map(|n| (n % 251) as u8).collect();
    store.put_bytes("posts/2026/09/large", large.clone()).await.unwrap();
    store.put_bytes("posts/2026/09/small", b"small one".to_vec()).await.unwrap();
    store.put_bytes("users/näme", b"x".to_vec()).await.unwrap();
    assert!(store.read("posts/2026/09/large", 1 << 30).await.unwrap() == large);
    let part = store.get("posts/2026/09/small", Some(2..5)).await.unwrap();
    assert_eq!((part.length, part.collect(10).await.unwrap()), (3, b"all".to_vec()));
    assert_eq!(store.size("posts/2026/09/large").await.unwrap(), Some(large.len() as u64));
    assert_eq!(store.size("posts/none").await.unwrap(), None);
    assert!(matches!(store.read("posts/none", 10).await, Err(Failure::Missing)));
    let keys = |items: Vec<backend::files::Item>| items.into_iter().map(|i| i.key).collect::<Vec<_>>();
    let all = ["posts/2026/09/large", "posts/2026/09/small", "users/näme"];
    assert_eq!(keys(store.list("", "", 10).await.unwrap()), all);
    assert_eq!(keys(store.list("posts/", "posts/2026/09/large", 10).await.unwrap()), all[1..2]);
    store.remove("users/näme").await.unwrap();
    store.remove("users/näme").await.unwrap();
    assert_eq!(keys(store.list("", "", 10).await.unwrap()), all[..2]);

    let wrong = FileSettings { s3_secret_access_key: "another".into(), ..settings.clone() };
    let refused = opened(&wrong, folder.path()).put_bytes("posts/x", b"x".to_vec()).await.unwrap_err();
    assert!(refused.to_string().contains("SignatureDoesNotMatch"), "{refused}");
    let nowhere = FileSettings { s3_bucket: "no-such-bucket".into(), ..settings };
    assert!(opened(&nowhere, folder.path()).check().await.is_err());
}

#[tokio::test]
async fn everything_is_carried_to_the_other_store_and_back() {
    let objects = tempfile::tempdir().unwrap();
    carried(settings(s3(objects.path()).await)).await;
}

#[tokio::test]
async fn everything_is_carried_to_the_second_server_too() {
    match second() {
        Some(settings) => carried(settings).await,
        None => eprintln!("TEST_S3_URL is not set: the second S3 server is not tested"),
    }
}

async fn carried(settings: FileSettings) {
    let folder = tempfile::tempdir().unwrap();
    let local = opened(&FileSettings::default(), folder.path());
    let remote = opened(&settings, folder.path());
    for n in 0..30 {
        local.put_bytes(&format!("posts/2026/{:02}/{n}", n % 3), vec![n; 100 + n as usize]).await.unwrap();
    }
    let carried = transfer::carry(&local, &remote, false, |_| {}).await.unwrap();
    assert_eq!((carried.copied, carried.skipped), (30, 0));
    local.put_bytes("posts/2026/01/later", b"later".to_vec()).await.unwrap();
    let carried = transfer::carry(&local, &remote, true, |_| {}).await.unwrap();
    assert_eq!((carried.copied, carried.bytes, carried.skipped), (1, 5, 30));
    assert_eq!(local.list("", "", 10).await.unwrap(), []);
    let carried = transfer::carry(&remote, &local, false, |_| {}).await.unwrap();
    assert_eq!(carried.copied, 31);
    assert_eq!(local.read("posts/2026/02/5", 1000).await.unwrap(), [5; 105]);
}

#[tokio::test]
async fn files_of_messages_are_kept_there() {
    let objects = tempfile::tempdir().unwrap();
    let file = settings(s3(objects.path()).await);
    let server = TestServer::start_with(Config { file: file.clone(), ..Config::default() }).await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let sent = form(&[("channel_id", &channel)], &[("files/a.txt", b"kept in S3")]);
    let (status, answer) = send(&server, &ann, "/files", sent).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    let path = format!("/api/v4/files/{}", answer["file_infos"][0]["id"].as_str().unwrap());
    assert_eq!(server.raw(&ann, "GET", &path, "", "").await.2, "kept in S3");
    assert!(objects.path().join(BUCKET).join("chat/posts").is_dir());

    server.must(&ann, "POST", "/file/test", Value::Null).await;
    server
        .must(
            &ann,
            "POST",
            "/file/s3_test",
            json!({"FileSettings": {"AmazonS3SecretAccessKey": "********************************"}}),
        )
        .await;
    for wrong in [json!({"AmazonS3SecretAccessKey": "another"}), json!({"AmazonS3Bucket": ""})] {
        let body = json!({"FileSettings": wrong});
        assert!(!server.call(&ann, "POST", "/file/s3_test", body).await.0.is_success());
    }
    let bob = server.user("bob").await;
    assert_eq!(server.call(&bob, "POST", "/file/s3_test", Value::Null).await.0, StatusCode::FORBIDDEN);
    let full = server.must(&ann, "GET", "/system/ping?get_server_status=true", Value::Null).await;
    assert_eq!(full["filestore_status"], "OK");
}

/// A way to a server that can be blocked: then connections are taken, and nothing is ever said.
async fn way_to(server: SocketAddr, blocked: Arc<AtomicBool>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let blocked = blocked.clone();
            tokio::spawn(async move {
                let mut to = TcpStream::connect(server).await.unwrap();
                let (mut there, mut back) = ([0; 16 * 1024], [0; 16 * 1024]);
                loop {
                    let (bytes, from_client) = tokio::select! {
                        n = from.read(&mut there) => (n.map(|n| &there[..n]), true),
                        n = to.read(&mut back) => (n.map(|n| &back[..n]), false),
                    };
                    let Ok(bytes) = bytes else { return };
                    while blocked.load(Ordering::Relaxed) {
                        // It hangs also in the middle of a request.
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                    let written = if from_client { to.write_all(bytes).await } else { from.write_all(bytes).await };
                    if bytes.is_empty() || written.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn chat_goes_on_while_the_store_hangs_and_files_work_when_it_is_back() {
    let objects = tempfile::tempdir().unwrap();
    let blocked = Arc::new(AtomicBool::new(false));
    let file = settings(way_to(s3(objects.path()).await, blocked.clone()).await);
    let server = TestServer::start_with(Config { file, ..Config::default() }).await;
    let ann = server.user("ann").await;
    let team = server.team(&ann, "team-a", &[]).await;
    let channel = server.channel(&ann, &team, "talk", &[]).await;
    let upload = async |name: &str| {
        let sent = form(&[("channel_id", &channel)], &[(name, b"some bytes")]);
        send(&server, &ann, "/files", sent).await
    };
    let read = async |answer: &Value| {
        let path = format!("/api/v4/files/{}", answer["file_infos"][0]["id"].as_str().unwrap());
        let (status, _, text) = server.raw(&ann, "GET", &path, "", "").await;
        (status, text)
    };
    let (status, before) = upload("files/before.txt").await;
    assert_eq!(status, StatusCode::CREATED, "{before}");

    blocked.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    let talk = async {
        for n in 0..20 {
            server.must(&ann, "POST", "/posts", json!({"channel_id": channel, "message": n.to_string()})).await;
        }
        begun.elapsed()
    };
    // Many who wait do not keep those out who only talk.
    let uploads = futures::future::join_all((0..40).map(|_| upload("files/a.txt")));
    let (refused, talked, (status, unread)) = tokio::join!(uploads, talk, read(&before));
    assert!(talked.as_millis() < 1_000, "talking took {talked:?}");
    let unavailable = json!("api.file.store_unavailable.app_error");
    for (status, answer) in refused {
        assert_eq!((status, &answer["id"]), (StatusCode::SERVICE_UNAVAILABLE, &unavailable));
    }
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{unread}");
    assert!(begun.elapsed().as_secs() < 8, "the uploads were given up after {:?}", begun.elapsed());
    let (status, ping) = server.call(&ann, "GET", "/system/ping?get_server_status=true", Value::Null).await;
    assert_eq!((status.as_u16(), &ping["filestore_status"]), (500, &json!("UNHEALTHY")));

    blocked.store(false, Ordering::Relaxed);
    let (status, after) = upload("files/after.txt").await;
    assert_eq!(status, StatusCode::CREATED, "{after}");
    for answer in [&before, &after] {
        assert_eq!(read(answer).await, (StatusCode::OK, "some bytes".to_owned()));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let full = server.must(&ann, "GET", "/system/ping?get_server_status=true", Value::Null).await;
    assert_eq!(full["filestore_status"], "OK");
}
