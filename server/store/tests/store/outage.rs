//! A database that stops answering and comes back: whoever waits is told within a second, and within a second of its
//! return all is well.

use crate::fixture::{Database, write};
use std::{
    future::pending,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{Error, Options, Store};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How soon a caller has to be told, and how soon after its return the database has to be used again.
const SOON: Duration = Duration::from_secs(1);

/// What stands between the store and its database.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Open,
    /// Accepts and holds everything, passes on nothing: a stopped process, a dead network.
    Frozen,
    /// Hangs up on everybody: a killed process.
    Cut,
}

/// Passes connections on to a server, as long as it may.
async fn proxy(server: String, line: watch::Receiver<Line>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (inner, _) = listener.accept().await.unwrap();
            tokio::spawn(one(inner, server.clone(), line.clone()));
        }
    });
    port
}

async fn one(mut near: TcpStream, server: String, mut line: watch::Receiver<Line>) {
    let mut far = TcpStream::connect(server).await.unwrap();
    loop {
        let now = *line.borrow_and_update();
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far), if now == Line::Open => return,
            changed = line.changed() => changed.unwrap(),
            () = pending(), if now == Line::Frozen => {}
            () = std::future::ready(()), if now == Line::Cut => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    if let Some(database) = Database::configured("TEST_POSTGRES_URL").await {
        outage(database).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mysql() {
    if let Some(database) = Database::configured("TEST_MYSQL_URL").await {
        outage(database).await;
    }
}

async fn outage(database: Database) {
    let options = database.options();
    let authority = options.url.split("://").nth(1).unwrap().split('/').next().unwrap();
    let server = authority.rsplit('@').next().unwrap().to_owned();
    let (switch, line) = watch::channel(Line::Open);
    let port = proxy(server.clone(), line).await;
    let url = options.url.replace(&server, &format!("127.0.0.1:{port}"));
    let store = Store::open(&Options { url, ..options }).await.unwrap();
    set(&store, "before").await.unwrap();

    for state in [Line::Frozen, Line::Cut] {
        // Some are in the middle of something when it happens.
        let waiting: Vec<_> = (0..8)
            .map(|_| {
                let store = Arc::new(store.clone());
                tokio::spawn(async move { while set(&store, "meanwhile").await.is_ok() {} })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        switch.send_replace(state);
        let began = Instant::now();
        let outcome = set(&store, "lost").await;
        assert!(matches!(outcome, Err(Error::Unavailable(_))), "a change: {outcome:?}");
        assert!(began.elapsed() < SOON, "a change was answered after {:?}", began.elapsed());
        for task in waiting {
            task.await.unwrap();
        }
        assert!(began.elapsed() < SOON, "those under way were answered after {:?}", began.elapsed());
        // The first to be refused may have been so before the database was found to be away.
        tokio::time::sleep(SOON.saturating_sub(began.elapsed())).await;
        let began = Instant::now();
        let outcome = store.system().get("key").await;
        assert!(matches!(outcome, Err(Error::Unavailable(_))), "a read: {outcome:?}");
        assert!(began.elapsed() < Duration::from_millis(50), "nobody waits for it any more: {:?}", began.elapsed());

        switch.send_replace(Line::Open);
        let began = Instant::now();
        while set(&store, "after").await.is_err() {
            assert!(began.elapsed() < SOON, "it is back, and not used");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for _ in 0..50 {
            set(&store, "well").await.unwrap();
            assert_eq!(store.system().get("key").await.unwrap().as_deref(), Some("well"));
        }
    }
    store.close().await;
    database.drop().await;
}

async fn set(store: &Store, value: &'static str) -> Result<(), Error> {
    write!(store, [], tx => tx.system().set("key", value))
}

/// Another process holds the SQLite file: changes are refused within a second and nothing is lost, reads go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_locked_by_somebody_else() {
    let database = Database::sqlite();
    let store = database.open().await;
    set(&store, "before").await.unwrap();
    let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&database.options().url).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let began = Instant::now();
    let outcome = set(&store, "lost").await;
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    assert!(began.elapsed() < SOON + Duration::from_millis(200), "answered after {:?}", began.elapsed());
    assert_eq!(store.system().get("key").await.unwrap().as_deref(), Some("before"), "reading goes on");
    assert!(matches!(store.ping().await, Err(Error::Unavailable(_))), "who asks is told that writing does not");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    set(&store, "after").await.unwrap();
    store.close().await;
}
