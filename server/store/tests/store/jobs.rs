//! Jobs: ordered with a change, claimed once, tried again, taken back.

use crate::fixture::{id, write};
use serde::{Deserialize, Serialize};
use store::{
    Store,
    jobs::{Order, status},
};

#[derive(Clone, Serialize, Deserialize)]
struct Greet {
    name: String,
}

impl Order for Greet {
    const KIND: &'static str = "greet";
}

pub async fn done_once_and_again(store: Store) {
    let (first, second, greet) = (id(), id(), Greet { name: "ann".into() });
    write!(store, [greet], tx => tx.jobs().order(first, &greet, 1000, 5000)).unwrap();
    assert!(store.jobs().due(4999, 10).await.unwrap().is_empty(), "not before its time");
    let due = store.jobs().due(5000, 10).await.unwrap();
    assert_eq!((due.len(), due[0].id, due[0].kind.as_str()), (1, first, "greet"));
    assert_eq!(due[0].body, r#"{"name":"ann"}"#);
    assert_eq!(store.jobs().count_due(5000).await.unwrap(), 1);

    assert!(write!(store, [], tx => tx.jobs().claim(first, 5001)).unwrap());
    assert!(!write!(store, [], tx => tx.jobs().claim(first, 5001)).unwrap(), "it is taken");
    assert!(write!(store, [], tx => tx.jobs().beat(first, 1, 40, 5002)).unwrap());
    assert!(!write!(store, [], tx => tx.jobs().beat(first, 2, 41, 5002)).unwrap(), "another attempt is another's");
    write!(store, [], tx => tx.jobs().release(first, 9000, r#"{"error":"no"}"#)).unwrap();
    let again = store.jobs().by_id(first).await.unwrap().unwrap();
    assert_eq!((again.status.as_str(), again.due_at, again.attempts, again.progress), (status::PENDING, 9000, 1, 40));

    assert!(write!(store, [], tx => tx.jobs().claim(first, 9000)).unwrap());
    assert_eq!(write!(store, [], tx => tx.jobs().take_back(9000, 9500)).unwrap(), 0, "it is alive");
    assert_eq!(write!(store, [], tx => tx.jobs().take_back(9001, 9500)).unwrap(), 1, "it is dead");
    assert!(write!(store, [], tx => tx.jobs().claim(first, 9600)).unwrap());
    write!(store, [], tx => tx.jobs().finish(first, status::SUCCESS, "{}", 9700)).unwrap();
    assert_eq!(store.jobs().page_of_kind("greet", 10, 0).await.unwrap().len(), 1);
    assert_eq!(store.jobs().page(10, 0).await.unwrap()[0].progress, 100);
    assert_eq!(store.jobs().last_done("greet").await.unwrap().unwrap().id, first);
    assert_eq!(store.jobs().last_done("part").await.unwrap(), None);

    write!(store, [greet], tx => tx.jobs().order(second, &greet, 9800, 9800)).unwrap();
    assert!(
        write!(store, [], tx => tx.jobs().set_status(second, status::PENDING, status::CANCELED)).unwrap(),
        "what waits can be canceled"
    );
    assert_eq!(write!(store, [], tx => tx.jobs().purge(9701)).unwrap(), 2);
    assert_eq!(store.jobs().by_id(first).await.unwrap(), None);
}

pub async fn slots_hold_one(store: Store) {
    let (first, second, third, greet) = (id(), id(), id(), Greet { name: "bob".into() });
    assert!(write!(store, [greet], tx => tx.jobs().order_in("daily", first, &greet, 1, 1)).unwrap());
    assert!(!write!(store, [greet], tx => tx.jobs().order_in("daily", second, &greet, 1, 1)).unwrap());
    assert!(write!(store, [], tx => tx.jobs().delete_slot("daily")).unwrap());
    assert!(write!(store, [greet], tx => tx.jobs().order_in("daily", third, &greet, 1, 1)).unwrap());
    write!(store, [], tx => tx.jobs().delete(third)).unwrap();
    assert_eq!(store.jobs().by_id(third).await.unwrap(), None);
    let many = vec![(id(), greet.clone()), (id(), greet)];
    write!(store, [many], tx => tx.jobs().order_all(&many, 5)).unwrap();
    assert_eq!(store.jobs().due(5, 10).await.unwrap().len(), 2);
}
