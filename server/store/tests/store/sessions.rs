//! Signed-in sessions.

use crate::fixture::{id, write};
use model::sessions::Session;
use store::Store;

pub async fn all_end(store: Store) {
    let new = Session { id: id(), token: "one".into(), user_id: id(), ..Session::default() };
    write!(store, [new], tx => tx.sessions().insert(&new)).unwrap();
    write!(store, [], tx => tx.sessions().delete_all()).unwrap();
    assert_eq!(store.sessions().by_token("one").await.unwrap(), None);
}

pub async fn begin_and_end(store: Store) {
    let user = id();
    let session = |token: &str, expires_at| Session {
        id: id(),
        token: token.to_owned(),
        create_at: 1000,
        expires_at,
        last_activity_at: 1000,
        user_id: user,
        roles: "system_user".into(),
        props: [("csrf".to_owned(), "x".to_owned())].into(),
        ..Session::default()
    };
    let (first, second, third) = (session("a", 5000), session("b", 0), session("c", 9000));
    for new in [&first, &second, &third] {
        write!(store, [new], tx => tx.sessions().insert(&new)).unwrap();
    }
    assert_eq!(store.sessions().by_token("a").await.unwrap().unwrap(), first);
    assert_eq!(store.sessions().by_token("A").await.unwrap(), None);
    assert_eq!(store.sessions().by_id(second.id).await.unwrap().unwrap(), second);
    assert_eq!(store.sessions().count(6000).await.unwrap(), 2);
    let (a, b, c) = (first.id, second.id, third.id);
    assert!(write!(store, [], tx => tx.sessions().touch(b, 3000)).unwrap());
    assert!(!write!(store, [], tx => tx.sessions().touch(b, 2000)).unwrap());
    let of_user = store.sessions().of_user(user).await.unwrap();
    assert_eq!((of_user.len(), of_user[0].id), (3, b));
    assert!(write!(store, [], tx => tx.sessions().extend(c, 9500)).unwrap());
    assert!(write!(store, [], tx => tx.sessions().set_device(b, "apple:x", 7000)).unwrap());
    assert_eq!(write!(store, [], tx => tx.sessions().set_roles(user, "system_admin")).unwrap(), 3);
    let props: model::StringMap = [("os".to_owned(), "Linux".to_owned())].into();
    assert!(write!(store, [props], tx => tx.sessions().set_props(b, &props)).unwrap());
    let changed = store.sessions().by_id(b).await.unwrap().unwrap();
    assert_eq!(
        (changed.device_id.as_str(), changed.expires_at, changed.roles.as_str()),
        ("apple:x", 7000, "system_admin")
    );
    assert_eq!(changed.props, props);

    assert_eq!(write!(store, [], tx => tx.sessions().purge(6000, 10)).unwrap(), 1);
    assert_eq!(store.sessions().by_id(a).await.unwrap(), None);
    assert!(write!(store, [], tx => tx.sessions().delete(b)).unwrap());
    assert!(!write!(store, [], tx => tx.sessions().delete(b)).unwrap());
    assert_eq!(write!(store, [], tx => tx.sessions().delete_of(user)).unwrap(), [c]);
    assert_eq!(store.sessions().of_user(user).await.unwrap(), []);
}
