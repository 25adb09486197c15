//! Counts for administrators.

use crate::fixture::{channel_of, id, post, posted, team_of, users, write};
use model::TeamId;
use store::{Store, analytics::Daily};

const DAY: i64 = 86_400_000;

pub async fn counted(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "team", &[&ann]).await;
    let talk = channel_of(&store, team.id, "talk", &[&ann]).await;
    let direct = channel_of(&store, TeamId::NONE, "direct", &[&ann, &bob]).await;
    posted(&store, post(talk.id, ann.id, DAY + 5, "one")).await;
    posted(&store, post(talk.id, bob.id, DAY + 6, "two")).await;
    posted(&store, post(talk.id, bob.id, 2 * DAY, "three")).await;
    posted(&store, post(direct.id, bob.id, 2 * DAY, "four")).await;

    let of = Some(team.id);
    assert_eq!(store.analytics().posts(None).await.unwrap(), 4);
    assert_eq!(store.analytics().posts(of).await.unwrap(), 3);
    assert_eq!(store.analytics().people(None).await.unwrap(), 2);
    assert_eq!(store.analytics().people(of).await.unwrap(), 1);
    assert_eq!(store.analytics().deactivated().await.unwrap(), 0);
    assert_eq!(store.analytics().teams().await.unwrap(), 1);
    assert_eq!(store.analytics().channels("O", of).await.unwrap(), 1);
    assert_eq!(store.analytics().channels("P", None).await.unwrap(), 0);
    let mut status = store::statuses::Kept::default();
    (status.status.user_id, status.status.last_activity_at) = (ann.id, 7000);
    write!(store, [status], tx => tx.statuses().set(std::slice::from_ref(&status))).unwrap();
    assert_eq!(store.analytics().active_since(7000).await.unwrap(), 1);
    assert_eq!(store.analytics().active_since(7001).await.unwrap(), 0);

    assert_eq!(store.analytics().daily(Daily::Posts, None, 0).await.unwrap(), [(2, 2), (1, 2)]);
    assert_eq!(store.analytics().daily(Daily::Posts, of, 2 * DAY).await.unwrap(), [(2, 1)]);
    assert_eq!(store.analytics().daily(Daily::PeopleWhoPosted, of, 0).await.unwrap(), [(2, 1), (1, 2)]);
    assert_eq!(store.analytics().daily(Daily::PostsOfBots, None, 0).await.unwrap(), []);

    let lost = posted(&store, post(talk.id, id(), 3 * DAY, "of nobody")).await;
    let orphans = store.analytics().orphans().await.unwrap();
    let of_posts = orphans.iter().find(|(relation, _)| relation.name == "posts.channel_id").unwrap();
    assert!(of_posts.1.is_empty(), "its channel is there: {lost:?}");
}
