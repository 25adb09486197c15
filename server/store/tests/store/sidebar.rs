//! How people arrange their channels.

use crate::fixture::{id, write};
use model::{ChannelId, TeamId, UserId};
use store::{Store, sidebar::Category};

pub async fn arranged(store: Store) {
    let (user, team): (UserId, TeamId) = (id(), id());
    let channels: Vec<ChannelId> = (0..3).map(|_| id()).collect();
    let category = |name: &str, sort_order, channel_ids: &[ChannelId]| Category {
        id: format!("{name}_{user}_{team}"),
        user_id: user,
        team_id: team,
        sort_order,
        sorting: "alpha".into(),
        kind: "custom".into(),
        display_name: name.into(),
        channel_ids: channel_ids.into(),
        ..Category::default()
    };
    let (mut a, b) = (category("a", 10, &[channels[2], channels[0]]), category("b", 0, &[]));
    for new in [&a, &b] {
        write!(store, [new], tx => tx.sidebar().insert(&new)).unwrap();
    }
    assert_eq!(store.sidebar().of_team(user, team).await.unwrap(), [b.clone(), a.clone()]);
    assert_eq!(store.sidebar().by_id(&a.id).await.unwrap().unwrap(), a);

    // A channel moves with the category that takes it.
    let changed = Category { collapsed: true, muted: true, channel_ids: vec![channels[2], channels[1]], ..b };
    assert!(write!(store, [changed], tx => tx.sidebar().update(&changed)).unwrap());
    a.channel_ids = vec![channels[0]];
    assert_eq!(store.sidebar().of_team(user, team).await.unwrap(), [changed.clone(), a.clone()]);
    let order = vec![a.id.clone(), changed.id.clone()];
    write!(store, [order], tx => tx.sidebar().set_order(user, &order)).unwrap();
    let ids = store.sidebar().of_team(user, team).await.unwrap().into_iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!(ids, order);
    let first = channels[0];
    assert_eq!(write!(store, [], tx => tx.sidebar().remove(user, first)).unwrap(), 1);
    assert!(write!(store, [changed], tx => tx.sidebar().delete(&changed.id)).unwrap());
    assert!(!write!(store, [changed], tx => tx.sidebar().update(&changed)).unwrap());
    assert_eq!(store.sidebar().by_id(&changed.id).await.unwrap(), None);
}
