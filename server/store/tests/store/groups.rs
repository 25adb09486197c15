//! Groups that people make to mention several at once.

use crate::fixture::{channel_of, id, user, write};
use model::{TeamId, groups::Group};
use store::{Store, groups::Which};

pub async fn mentioned_together(store: Store) {
    let (ann, bob) = (user("gann"), user("gbob"));
    for person in [ann.clone(), bob.clone()] {
        write!(store, [person], tx => tx.users().insert(&person, "")).unwrap();
    }
    let channel = channel_of(&store, TeamId::NONE, "talk", &[&ann]).await;
    let group = Group {
        id: id(),
        name: "crew".into(),
        display_name: "The Crew".into(),
        create_at: 5,
        update_at: 5,
        ..Group::default()
    };
    write!(store, [group], tx => tx.groups().insert(&group)).unwrap();
    let (of, people) = (group.id, vec![ann.id, bob.id]);
    write!(store, [people], tx => tx.groups().add(of, &people, 6)).unwrap();
    write!(store, [people], tx => tx.groups().add(of, &people, 7)).unwrap();
    let kept = store.groups().by_id(of).await.unwrap().unwrap();
    assert_eq!((kept.member_count, kept.source.as_str(), kept.allow_reference), (2, "custom", true));
    assert_eq!(store.groups().members(of, 10, 0).await.unwrap(), [ann.id, bob.id]);
    assert_eq!(store.groups().names_in(channel.id).await.unwrap(), [("crew".to_owned(), ann.id)]);
    let counts = store.groups().counts_in(channel.id).await.unwrap();
    assert_eq!((counts.len(), counts[0].channel_member_count, counts[0].channel_member_timezones_count), (1, 1, 1));
    assert_eq!(store.groups().of_user(bob.id).await.unwrap().len(), 1);
    assert_eq!(store.groups().by_names(&["crew".into(), "other".into()]).await.unwrap().len(), 1);
    let count = async |which: Which| store.groups().page(&which, 10, 0).await.unwrap().len();
    assert_eq!(count(Which { term: "CREW".into(), ..Which::default() }).await, 1);
    assert_eq!(count(Which { term: "nobody".into(), ..Which::default() }).await, 0);
    assert_eq!(count(Which { of: Some(bob.id), ..Which::default() }).await, 1);
    assert_eq!(count(Which { of: Some(id()), ..Which::default() }).await, 0);

    let gone = vec![bob.id];
    assert_eq!(write!(store, [gone], tx => tx.groups().remove(of, &gone, 8)).unwrap(), 1);
    assert_eq!(write!(store, [gone], tx => tx.groups().remove(of, &gone, 9)).unwrap(), 0);
    assert_eq!(store.groups().of_user(bob.id).await.unwrap().len(), 0);
    let deleted = Group { delete_at: 10, update_at: 10, ..kept };
    assert!(write!(store, [deleted], tx => tx.groups().update(&deleted)).unwrap());
    assert_eq!(count(Which::default()).await, 0);
    assert_eq!(count(Which { with_deleted: true, ..Which::default() }).await, 1);
    assert_eq!(count(Which { only_deleted: true, ..Which::default() }).await, 1);
    assert_eq!(count(Which { since: Some(9), ..Which::default() }).await, 1);
    assert_eq!(store.groups().names_in(channel.id).await.unwrap(), []);
}
