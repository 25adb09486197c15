//! Who follows which thread.

use crate::fixture::{channel_of, id, post, posted, team_of, users, write};
use model::posts::Post;
use store::{
    Store,
    threads::{Counts, ThreadMember, Which},
};

pub async fn followed(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "one", &[&ann, &bob]).await;
    let talk = channel_of(&store, team.id, "talk", &[&ann, &bob]).await;
    let one = posted(&store, post(talk.id, ann.id, 2000, "one")).await;
    let two = posted(&store, post(talk.id, ann.id, 2001, "two")).await;
    for (root, at) in [(&one, 3000), (&two, 4000), (&one, 5000)] {
        posted(&store, Post { root_id: root.id, ..post(talk.id, bob.id, at, "re") }).await;
    }
    let (user, first, second, team_id) = (ann.id, one.id, two.id, team.id);
    assert_eq!(write!(store, [], tx => tx.threads().follow(first, &[user], 3500, 3500)).unwrap(), 1);
    assert_eq!(write!(store, [], tx => tx.threads().follow(first, &[user], 9000, 9000)).unwrap(), 0);
    assert_eq!(write!(store, [], tx => tx.threads().follow(second, &[user], 4000, 4000)).unwrap(), 1);
    assert_eq!(write!(store, [], tx => tx.threads().mention(first, &[user], 5000)).unwrap(), 1);

    let member = store.threads().get(first, user).await.unwrap().unwrap();
    let expected = ThreadMember {
        post_id: first,
        user_id: user,
        is_following: true,
        last_viewed: 3500,
        unread_mentions: 1,
        last_updated: 5000,
    };
    assert_eq!(member, expected);
    assert_eq!(store.threads().followers(first).await.unwrap(), [expected]);
    assert_eq!(store.threads().unread_by_user(first, &[user, bob.id]).await.unwrap(), [(user, 1)]);
    assert_eq!(store.threads().unread_by_user(second, &[user]).await.unwrap(), []);
    assert_eq!(store.threads().of_posts(&[first, id()], user).await.unwrap(), [expected]);
    let counts = store.threads().counts(user, team_id).await.unwrap();
    assert_eq!(counts, Counts { total: 2, unread: 1, unread_mentions: 1 });
    assert_eq!(store.threads().mentions(user, team_id).await.unwrap(), [(talk.id, 1)]);
    assert_eq!(store.threads().unread_replies(&[first, second], user).await.unwrap(), [(first, 1)]);
    let found = async |which: Which| {
        let found = store.threads().of_user(user, &Which { team: team_id, limit: 10, ..which }).await.unwrap();
        found.iter().map(|member| member.post_id).collect::<Vec<_>>()
    };
    assert_eq!(found(Which::default()).await, [first, second]);
    assert_eq!(found(Which { unread: true, ..Which::default() }).await, [first]);
    assert_eq!(found(Which { before: Some(5000), ..Which::default() }).await, [second]);
    assert_eq!(found(Which { after: Some(4000), ..Which::default() }).await, [first]);

    assert_eq!(write!(store, [], tx => tx.threads().read_all(user, team_id, 6000)).unwrap(), 2);
    let counts = store.threads().counts(user, team_id).await.unwrap();
    assert_eq!(counts, Counts { total: 2, unread: 0, unread_mentions: 0 });
    let left = ThreadMember { is_following: false, ..expected };
    write!(store, [left], tx => tx.threads().save(&left)).unwrap();
    assert_eq!(found(Which::default()).await, [second]);
    assert_eq!(write!(store, [], tx => tx.threads().follow(first, &[user], 1, 1)).unwrap(), 0);
    assert_eq!(store.threads().counts(bob.id, team_id).await.unwrap(), Counts::default());
}
