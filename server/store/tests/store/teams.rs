//! Teams and their members.

use crate::fixture::{channel_of, id, member, post, posted, team, team_member, team_of, users, write};
use model::teams::{Team, TeamMember};
use store::{Store, teams::Which};

pub async fn found_by_everything(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let one = team_of(&store, "one", &[&ann]).await;
    let two = Team { allow_open_invite: false, kind: "I".into(), scheme_id: Some("s".into()), ..team("two") };
    write!(store, [two], tx => tx.teams().insert(&two)).unwrap();
    let same = team("ONE");
    let refused = write!(store, [same], tx => tx.teams().insert(&same)).unwrap_err();
    assert!(refused.is_conflict("teams_name"), "{refused:?}");

    assert_eq!(store.teams().by_id(two.id).await.unwrap().unwrap(), two);
    assert_eq!(store.teams().by_name("One").await.unwrap().unwrap(), one);
    assert_eq!(store.teams().by_invite("invite-two").await.unwrap().unwrap(), two);
    assert_eq!(store.teams().by_invite("").await.unwrap(), None);
    assert_eq!(store.teams().by_ids(&[two.id, one.id]).await.unwrap(), [one.clone(), two.clone()]);
    assert_eq!(store.teams().of_user(ann.id).await.unwrap(), std::slice::from_ref(&one));

    let found = async |which: Which| {
        let page = store.teams().page(&which, 0, 10).await.unwrap();
        assert_eq!(store.teams().count(&which).await.unwrap(), page.len() as i64);
        page.iter().map(|team| team.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found(Which::default()).await, "one two");
    assert_eq!(found(Which { open: Some(false), ..Which::default() }).await, "two");
    assert_eq!(found(Which { open: Some(false), member: Some(ann.id), ..Which::default() }).await, "one two");
    assert_eq!(found(Which { member: Some(ann.id), ..Which::default() }).await, "one");
    assert_eq!(found(Which { term: "TEAM T".into(), ..Which::default() }).await, "two");

    let changed = Team { display_name: "Zwei".into(), update_at: 2000, ..two };
    assert!(write!(store, [changed], tx => tx.teams().update(&changed)).unwrap());
    assert_eq!(store.teams().by_id(changed.id).await.unwrap().unwrap(), changed);
    let gone = one.id;
    assert!(write!(store, [], tx => tx.teams().set_deleted(gone, 3000, 3000)).unwrap());
    assert_eq!(found(Which::default()).await, "two");
    assert_eq!(found(Which { with_deleted: true, ..Which::default() }).await, "one two");
    assert_eq!(store.teams().of_user(ann.id).await.unwrap(), []);
}

pub async fn members_come_back(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let one = team_of(&store, "one", &[&bob, &ann]).await;
    let admin = TeamMember {
        scheme_admin: true,
        explicit_roles: "custom".into(),
        roles: "custom team_user team_admin".into(),
        ..team_member(one.id, ann.id)
    };
    write!(store, [admin], tx => tx.team_members().save(&admin, 2000)).unwrap();
    assert_eq!(store.team_members().get(one.id, ann.id).await.unwrap().unwrap(), admin);
    let ids = |members: Vec<TeamMember>| members.iter().map(|m| m.user_id).collect::<Vec<_>>();
    assert_eq!(ids(store.team_members().page(one.id, 0, 10).await.unwrap()), [ann.id, bob.id]);
    assert_eq!(ids(store.team_members().page(one.id, 1, 1).await.unwrap()), [bob.id]);
    assert_eq!(ids(store.team_members().by_ids(one.id, &[bob.id, id()]).await.unwrap()), [bob.id]);
    assert_eq!(store.team_members().counts(one.id).await.unwrap(), (2, 2));

    let (team_id, user_id) = (one.id, ann.id);
    assert!(write!(store, [], tx => tx.team_members().remove(team_id, user_id, 5000)).unwrap());
    assert!(!write!(store, [], tx => tx.team_members().remove(team_id, user_id, 6000)).unwrap());
    assert_eq!(store.team_members().ids(one.id).await.unwrap(), [bob.id]);
    assert_eq!(store.team_members().team_ids(ann.id).await.unwrap(), []);
    assert_eq!(store.team_members().team_ids(bob.id).await.unwrap(), [one.id]);
    assert_eq!(store.team_members().of_user(ann.id).await.unwrap()[0].delete_at, 5000);
    write!(store, [admin], tx => tx.team_members().save(&admin, 7000)).unwrap();
    assert_eq!(store.team_members().ids(one.id).await.unwrap(), [ann.id, bob.id]);
}

pub async fn unreads(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let one = team_of(&store, "one", &[&ann]).await;
    let two = team_of(&store, "two", &[&ann]).await;
    let loud = channel_of(&store, one.id, "loud", &[&ann]).await;
    let muted = channel_of(&store, one.id, "muted", &[]).await;
    let other = channel_of(&store, two.id, "other", &[&ann]).await;
    let mut quiet = member(muted.id, ann.id);
    quiet.notify_props.insert("mark_unread".into(), "mention".into());
    write!(store, [quiet], tx => tx.channel_members().add(&quiet)).unwrap();
    for channel in [loud.id, loud.id, muted.id, other.id] {
        posted(&store, post(channel, id(), 2000, "hi")).await;
    }
    let (ann_id, muted_id) = (ann.id, muted.id);
    write!(store, [], tx => tx.channel_members().mention(muted_id, &[ann_id], true, false, 2000)).unwrap();
    let unreads = store.team_members().unreads(ann.id).await.unwrap();
    let of = |team| unreads.iter().find(|unread| unread.team_id == team).unwrap();
    assert_eq!((of(one.id).msg_count, of(one.id).mention_count, of(one.id).mention_count_root), (2, 1, 1));
    assert_eq!((of(two.id).msg_count, of(two.id).msg_count_root, of(two.id).mention_count), (1, 1, 0));
}
