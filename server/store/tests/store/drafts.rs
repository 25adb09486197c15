//! Drafts, and what is sent later.

use crate::fixture::{channel_of, id, users, write};
use model::{
    PostId, TeamId, UserId,
    drafts::{Draft, ScheduledPost},
};
use store::Store;

pub async fn kept_one_per_place(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let (user, team): (UserId, TeamId) = (ann.id, id());
    let channel = channel_of(&store, team, "talk", &[&ann]).await;
    let direct = channel_of(&store, TeamId::NONE, "pair", &[&ann]).await;
    let draft = |channel_id, root_id, message: &str, at| Draft {
        user_id: user,
        channel_id,
        root_id,
        message: message.into(),
        create_at: at,
        update_at: at,
        file_ids: vec![id()],
        ..Draft::default()
    };
    let root: PostId = id();
    let (one, two, three) = (
        draft(channel.id, PostId::NONE, "one", 1000),
        draft(channel.id, root, "two", 2000),
        draft(direct.id, PostId::NONE, "three", 3000),
    );
    write!(store, [one], tx => tx.drafts().save(&one)).unwrap();
    write!(store, [two], tx => tx.drafts().save(&two)).unwrap();
    write!(store, [three], tx => tx.drafts().save(&three)).unwrap();
    let changed = Draft { message: "one more".into(), create_at: 4000, update_at: 4000, ..one.clone() };
    write!(store, [changed], tx => tx.drafts().save(&changed)).unwrap();
    let kept = Draft { create_at: 1000, ..changed };
    assert_eq!(store.drafts().get(user, channel.id, PostId::NONE).await.unwrap(), Some(kept.clone()));
    assert_eq!(store.drafts().in_team(user, team, 10).await.unwrap(), [kept, three.clone(), two]);
    assert_eq!(store.drafts().in_team(user, id(), 10).await.unwrap(), [three], "to people, in any team");
    let place = channel.id;
    assert!(write!(store, [], tx => tx.drafts().delete(user, place, root)).unwrap());
    assert!(!write!(store, [], tx => tx.drafts().delete(user, place, root)).unwrap());
}

pub async fn sent_later(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let (user, team): (UserId, TeamId) = (ann.id, id());
    let channel = channel_of(&store, team, "talk", &[&ann]).await;
    let draft =
        Draft { user_id: user, channel_id: channel.id, message: "later".into(), create_at: 1000, ..Draft::default() };
    let mut scheduled = ScheduledPost { id: id(), draft, scheduled_at: 9000, ..ScheduledPost::default() };
    write!(store, [scheduled], tx => tx.scheduled_posts().insert(&scheduled)).unwrap();
    let key = scheduled.id;
    assert_eq!(store.scheduled_posts().by_id(key).await.unwrap(), Some(scheduled.clone()));
    assert_eq!(store.scheduled_posts().of_user(user, team, 10).await.unwrap(), [(scheduled.clone(), team)]);
    assert!(write!(store, [], tx => tx.scheduled_posts().fail(key, "channel_archived", 9500)).unwrap());
    let failed = store.scheduled_posts().by_id(key).await.unwrap().unwrap();
    assert_eq!((failed.processed_at, failed.error_code.as_str()), (9500, "channel_archived"));
    scheduled.scheduled_at = 10_000;
    scheduled.draft.message = "even later".into();
    assert!(write!(store, [scheduled], tx => tx.scheduled_posts().update(&scheduled)).unwrap());
    assert_eq!(store.scheduled_posts().by_id(key).await.unwrap(), Some(scheduled));
    assert!(write!(store, [], tx => tx.scheduled_posts().delete(key)).unwrap());
    assert!(!write!(store, [], tx => tx.scheduled_posts().delete(key)).unwrap());
}
