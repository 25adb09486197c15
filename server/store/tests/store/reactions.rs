//! The emoji under posts.

use crate::fixture::{channel_of, id, post, posted, write};
use model::{
    TeamId,
    posts::{Acknowledgement, Priority},
    reactions::Reaction,
};
use store::Store;

pub async fn added_once(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let one = posted(&store, post(channel.id, id(), 2000, "one")).await;
    let two = posted(&store, post(channel.id, id(), 2000, "two")).await;
    let reaction = |post_id, emoji: &str, create_at| Reaction {
        user_id: channel.id.cast(),
        post_id,
        emoji_name: emoji.into(),
        create_at,
        update_at: create_at,
        channel_id: channel.id,
        ..Reaction::default()
    };
    let (rocket, eyes) = (reaction(one.id, "rocket", 3000), reaction(two.id, "eyes", 4000));
    assert!(write!(store, [rocket], tx => tx.reactions().add(&rocket)).unwrap());
    assert!(!write!(store, [rocket], tx => tx.reactions().add(&rocket)).unwrap());
    assert!(write!(store, [eyes], tx => tx.reactions().add(&eyes)).unwrap());
    assert_eq!(store.reactions().of_post(one.id).await.unwrap(), std::slice::from_ref(&rocket));
    assert_eq!(store.reactions().of_posts(&[one.id, two.id]).await.unwrap(), [rocket.clone(), eyes.clone()]);
    let kept = store.posts().by_id(one.id).await.unwrap().unwrap();
    assert_eq!((kept.has_reactions, kept.update_at), (true, 3000));

    let (user, post_id) = (rocket.user_id, one.id);
    assert!(store.reactions().one(user, post_id, "rocket").await.unwrap().is_some());
    assert!(write!(store, [], tx => tx.reactions().remove(user, post_id, "rocket", 5000)).unwrap());
    assert!(!write!(store, [], tx => tx.reactions().remove(user, post_id, "rocket", 6000)).unwrap());
    let kept = store.posts().by_id(one.id).await.unwrap().unwrap();
    assert_eq!((kept.has_reactions, kept.update_at), (false, 5000));
    let post_id = two.id;
    assert_eq!(write!(store, [], tx => tx.reactions().remove_all(post_id)).unwrap(), 1);
}

pub async fn acknowledged(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let mut asking = post(channel.id, id(), 2000, "seen?");
    let priority = Priority { priority: "urgent".into(), requested_ack: true, persistent_notifications: false };
    asking.metadata.priority = Some(priority.clone());
    let asking = posted(&store, asking).await;
    let kept = store.posts().by_id(asking.id).await.unwrap().unwrap();
    assert_eq!(kept.metadata.priority, Some(priority));
    let said = |acknowledged_at| Acknowledgement {
        user_id: channel.id.cast(),
        post_id: asking.id,
        channel_id: channel.id,
        acknowledged_at,
    };
    let (first, again) = (said(3000), said(4000));
    assert!(write!(store, [first], tx => tx.acknowledgements().add(&first)).unwrap());
    assert!(!write!(store, [again], tx => tx.acknowledgements().add(&again)).unwrap());
    assert_eq!(store.acknowledgements().of_posts(&[asking.id]).await.unwrap(), std::slice::from_ref(&first));
    let (post_id, user) = (first.post_id, first.user_id);
    assert_eq!(store.acknowledgements().one(post_id, user).await.unwrap(), Some(first));
    assert_eq!(store.posts().by_id(post_id).await.unwrap().unwrap().update_at, 3000);
    assert!(write!(store, [], tx => tx.acknowledgements().remove(post_id, user, 5000)).unwrap());
    assert!(!write!(store, [], tx => tx.acknowledgements().remove(post_id, user, 6000)).unwrap());
    assert_eq!(store.posts().by_id(post_id).await.unwrap().unwrap().update_at, 5000);
}
