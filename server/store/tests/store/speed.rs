//! How quick it is. Not a test: `cargo test -p store --release -- --ignored --nocapture speed`.

use crate::fixture::{channel_of, id, post, write};
use model::TeamId;
use std::time::{Duration, Instant};
use store::{Options, Store};

/// Durable posts by 64 writers into a SQLite file, each with its pending id, then pages of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn speed() {
    let folder = tempfile::tempdir_in(std::env::var("SPEED_FOLDER").unwrap_or_else(|_| "/var/tmp".into())).unwrap();
    let url = std::env::var("SPEED_URL").unwrap_or_else(|_| format!("sqlite:{}", folder.path().join("x.db").display()));
    let store = Store::open(&Options::new(url)).await.unwrap();
    let channel = channel_of(&store, TeamId::NONE, id::<()>().as_str(), &[]).await.id;
    for writers in [1_usize, 64] {
        let until = Instant::now() + Duration::from_secs(5);
        let all = (0..writers).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let (mut done, mut slowest, user) = (0_u32, Duration::ZERO, id());
                while Instant::now() < until {
                    let (new, started) =
                        (post(channel, user, i64::from(done), "Some words that somebody says."), Instant::now());
                    let pending = new.id.to_string();
                    write!(store, [new, pending], tx => async {
                        tx.posts().claim(user, &pending, new.id, 1).await?;
                        tx.posts().insert(&new).await
                    })
                    .unwrap();
                    done += 1;
                    slowest = slowest.max(started.elapsed());
                }
                (done, slowest)
            })
        });
        let done: Vec<_> = futures::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
        let sum: u32 = done.iter().map(|(done, _)| done).sum();
        println!("{writers} writers: {} posts/s, slowest {:?}", sum / 5, done.iter().map(|(_, slowest)| slowest).max());
    }
    let started = Instant::now();
    for _ in 0..500 {
        assert_eq!(store.posts().page(channel, 0, 60, false).await.unwrap().len(), 60);
    }
    println!("a page of 60 posts: {:?}", started.elapsed() / 500);
    let started = Instant::now();
    for _ in 0..2000 {
        store.channels().by_id(channel).await.unwrap();
    }
    println!("a channel by id: {:?}", started.elapsed() / 2000);
    store.close().await;
}
