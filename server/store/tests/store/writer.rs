//! Changes: what is kept, what is not, and what is told.

use crate::fixture::{change, channel_of, id, post, user, write};
use model::{
    TeamId, UserId,
    event::{Announcement, Touched},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use store::{Error, Outlet, Store};

pub async fn an_error_takes_back_its_own_change_only(store: Store) {
    // All at once, so that on SQLite they share transactions.
    let all = (0..60).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            change(&store, move |tx| {
                Box::pin(async move {
                    tx.system().set(&format!("n{n}"), "x").await?;
                    match n % 6 {
                        1 => Err(Error::NotFound),
                        2 => panic!("on purpose"),
                        3 => {
                            let same = user("taken");
                            tx.users().insert(&same, "").await.map(drop)
                        }
                        _ => Ok(()),
                    }
                })
            })
            .await
        })
    });
    let outcomes = futures::future::join_all(all).await;
    let mut inserted = 0;
    for (n, outcome) in outcomes.into_iter().enumerate() {
        let there = store.system().get(&format!("n{n}")).await.unwrap().is_some();
        let outcome = outcome.unwrap();
        assert_eq!(there, outcome.is_ok(), "{n}");
        match (n % 6, outcome) {
            (1, Err(Error::NotFound)) | (2, Err(Error::Panicked)) | (0 | 4 | 5, Ok(())) => {}
            (3, Ok(())) => inserted += 1,
            (3, Err(error)) => {
                assert!(error.is_conflict("users_username") || error.is_conflict("users_email"), "{error:?}");
            }
            (_, other) => panic!("{n}: {other:?}"),
        }
    }
    assert_eq!(inserted, 1);
}

pub async fn what_failed_is_never_committed(store: Store) {
    // The second insert fails and the work says nothing of it.
    let outcome = change(&store, |tx| {
        Box::pin(async move {
            let (one, same) = (user("one"), user("one"));
            tx.users().insert(&one, "").await?;
            let _ = tx.users().insert(&same, "").await;
            Ok(())
        })
    });
    assert!(matches!(outcome.await, Err(Error::Conflict(_))));
    assert_eq!(store.users().count_all().await.unwrap(), 0);
}

pub async fn counters_survive_concurrency(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let user: UserId = id();
    let root = post(channel.id, user, 2000, "root");
    write!(store, [root], tx => tx.posts().insert(&root)).unwrap();
    let all = (0..100).map(|n| {
        let (store, mut new) = (store.clone(), post(channel.id, id(), 3000 + n, "x"));
        if n % 2 == 0 {
            new.root_id = root.id;
        }
        tokio::spawn(async move { write!(store, [new], tx => tx.posts().insert(&new)) })
    });
    for outcome in futures::future::join_all(all).await {
        outcome.unwrap().unwrap();
    }
    let recount = store.channels().recount(channel.id).await.unwrap().unwrap();
    assert_eq!(recount.kept, recount.counted);
    assert_eq!((recount.kept.total_msg_count, recount.kept.total_msg_count_root), (101, 51));
    let replies = store.posts().reply_counts(&[root.id]).await.unwrap();
    assert_eq!((replies[0].reply_count, replies[0].last_reply_at), (50, 3098));
}

pub async fn finished_without_its_caller(store: Store) {
    let impatient = change(&store, |tx| {
        Box::pin(async move {
            tx.system().set("patience", "no").await?;
            tokio::time::sleep(Duration::from_millis(50)).await;
            tx.system().set("done", "yes").await
        })
    });
    assert!(tokio::time::timeout(Duration::from_millis(20), impatient).await.is_err());
    for _ in 0..100 {
        if store.system().get("done").await.unwrap().is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the change was lost with its caller");
}

pub async fn those_who_lock_each_other_out_both_succeed(store: Store) {
    for name in ["a", "b"] {
        write!(store, [], tx => tx.system().set(name, "0")).unwrap();
    }
    let lock = |first: &'static str, second: &'static str| {
        change(&store, move |tx| {
            Box::pin(async move {
                tx.system().set(first, "1").await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
                tx.system().set(second, "1").await
            })
        })
    };
    let (one, two) = tokio::join!(lock("a", "b"), lock("b", "a"));
    one.unwrap();
    two.unwrap();
}

#[derive(Default)]
struct Heard(Mutex<Vec<Touched>>);

impl Outlet for Heard {
    fn released(&self, touched: Vec<Touched>, announcements: Vec<Announcement>) {
        assert!(announcements.is_empty());
        self.0.lock().unwrap().extend(touched);
    }
}

pub async fn nothing_is_announced_that_is_not_committed(store: Store) {
    let heard = Arc::new(Heard::default());
    store.set_outlet(heard.clone());
    let (good, bad): (UserId, UserId) = (id(), id());
    let all = (0..20).map(|n| {
        change(&store, move |tx| {
            Box::pin(async move {
                tx.touch(Touched::User(if n % 2 == 0 { good } else { bad }));
                tx.system().set("x", "y").await?;
                if n % 2 == 0 { Ok(()) } else { Err(Error::NotFound) }
            })
        })
    });
    futures::future::join_all(all).await;
    assert_eq!(*heard.0.lock().unwrap(), vec![Touched::User(good); 10]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_finishes_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["sqlite::memory:".to_owned(), format!("sqlite:{}", folder.path().join("x.db").display())] {
        let store = Store::open(&store::Options::new(url)).await.unwrap();
        let waiting: Vec<_> = (0..50)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    change(&store, move |tx| Box::pin(async move { tx.system().set(&format!("{n}"), "x").await })).await
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(5)).await;
        store.close().await;
        for outcome in futures::future::join_all(waiting).await {
            let outcome = outcome.unwrap();
            assert!(matches!(outcome, Ok(()) | Err(Error::Closed)), "{outcome:?}");
        }
        store.close().await;
    }
}
