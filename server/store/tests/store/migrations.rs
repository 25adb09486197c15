//! Migrations: twice, two at once, and the same columns everywhere.

use crate::fixture::Database;
use std::time::Instant;
use store::{Options, Store};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twice_and_two_at_once_and_the_same_everywhere() {
    let sqlite = Database::sqlite();
    let expected = check(&sqlite).await;
    assert!(expected.len() > 100);
    for variable in ["TEST_POSTGRES_URL", "TEST_MYSQL_URL"] {
        let Some(database) = Database::configured(variable).await else { continue };
        assert_eq!(check(&database).await, expected, "{variable}");
        database.drop().await;
    }
}

async fn check(database: &Database) -> Vec<(String, String)> {
    let options = database.options();
    let nodes = futures::future::join_all((0..3).map(|_| Store::open(&options))).await;
    for node in nodes {
        node.unwrap().close().await;
    }
    let started = Instant::now();
    let again = Store::open(&options).await.unwrap();
    println!("{}: opened in {:?}", again.dialect(), started.elapsed());
    again.close().await;
    assert!(matches!(again.ping().await, Err(store::Error::Closed)));
    database.columns().await
}

#[tokio::test]
async fn memory_is_quick_and_alone() {
    let started = Instant::now();
    let (one, two) = (Store::memory().await.unwrap(), Store::memory().await.unwrap());
    println!("two stores in memory: {:?}", started.elapsed());
    let done = one.write(|tx| Box::pin(async move { tx.system().set("a", "1").await })).await;
    assert!(matches!(done, Ok::<(), store::Error>(())));
    assert_eq!(one.system().get("a").await.unwrap().as_deref(), Some("1"));
    assert_eq!(two.system().get("a").await.unwrap(), None);
    one.close().await;
}

#[tokio::test]
async fn nonsense_is_refused() {
    for url in ["", "oracle://x", "postgres://["] {
        assert!(matches!(Store::open(&Options::new(url)).await, Err(store::Error::Config(_))), "{url}");
    }
}

/// The statements that every opening of a channel or thread runs find their rows by an index (SQLite).
#[tokio::test]
async fn posts_are_found_by_index() {
    let database = Database::sqlite();
    database.open().await.close().await;
    for statement in store::db::statements().filter(|sql| sql.at.contains("/posts.rs")) {
        let plan = database.plan(statement.sqlite).await;
        assert!(!plan.contains("SCAN p"), "{}: {plan}", statement.at);
        let pinned = statement.sqlite.contains("is_pinned = TRUE AND");
        assert!(!pinned || plan.contains("posts_channel_pinned"), "{}: {plan}", statement.at);
    }
}
