//! Channels of all types.

use crate::fixture::{channel, channel_of, id, member, post, team_of, users, write};
use model::{
    TeamId,
    channels::{Channel, ChannelType},
};
use store::{
    Store,
    channels::{Deleted, Which},
};

fn names(channels: &[Channel]) -> String {
    channels.iter().map(|channel| channel.name.as_str()).collect::<Vec<_>>().join(" ")
}

pub async fn found_by_everything(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "one", &[&ann, &bob]).await;
    let open = channel_of(&store, team.id, "open", &[&ann]).await;
    let private = Channel {
        kind: ChannelType::Private,
        header: "h".into(),
        props: Some([("x".to_owned(), 1.into())].into_iter().collect()),
        group_constrained: Some(true),
        ..channel(team.id, "private")
    };
    write!(store, [private], tx => tx.channels().insert(&private)).unwrap();
    let direct = Channel { kind: ChannelType::Direct, ..channel(TeamId::NONE, "a__b") };
    write!(store, [direct], tx => tx.channels().insert(&direct)).unwrap();
    let membership = member(direct.id, ann.id);
    write!(store, [membership], tx => tx.channel_members().add(&membership)).unwrap();
    let same = channel(team.id, "OPEN");
    let refused = write!(store, [same], tx => tx.channels().insert(&same)).unwrap_err();
    assert!(refused.is_conflict("channels_team_id_name"), "{refused:?}");

    assert_eq!(store.channels().by_id(private.id).await.unwrap().unwrap(), private);
    assert_eq!(store.channels().by_id(id()).await.unwrap(), None);
    assert_eq!(store.channels().by_name(team.id, "Open").await.unwrap().unwrap(), open);
    assert_eq!(store.channels().by_name(TeamId::NONE, "a__b").await.unwrap().unwrap(), direct);
    assert_eq!(names(&store.channels().by_ids(&[private.id, open.id]).await.unwrap()), "open private");
    assert_eq!(names(&store.channels().by_names(team.id, &["OPEN".into(), "x".into()]).await.unwrap()), "open");
    assert_eq!(names(&store.channels().public(team.id, 0, 10).await.unwrap()), "open");
    assert_eq!(names(&store.channels().private(team.id, 0, 10).await.unwrap()), "private");
    assert_eq!(names(&store.channels().of_user_in(ann.id, team.id, None).await.unwrap()), "a__b open");
    assert_eq!(store.channels().count(ChannelType::Direct).await.unwrap(), 1);
    assert_eq!(store.channels().count_in(team.id).await.unwrap(), 2);
    assert_eq!(store.channels().count_in(team.id).await.unwrap(), 2);
    let stats = store.channels().stats(open.id).await.unwrap();
    assert_eq!((stats.member_count, stats.guest_count, stats.pinnedpost_count), (1, 0, 0));

    let changed = Channel { display_name: "Offen".into(), purpose: "p".into(), update_at: 2000, ..open.clone() };
    assert!(write!(store, [changed], tx => tx.channels().update(&changed)).unwrap());
    assert_eq!(store.channels().by_id(open.id).await.unwrap().unwrap(), changed);
    let (open_id, private_id) = (open.id, private.id);
    assert!(write!(store, [], tx => tx.channels().set_extra_update(open_id, 3000)).unwrap());
    assert!(write!(store, [], tx => tx.channels().set_deleted(open_id, 4000, 4000)).unwrap());
    assert!(write!(store, [], tx => tx.channels().set_deleted(private_id, 4000, 4000)).unwrap());
    assert_eq!(names(&store.channels().public(team.id, 0, 10).await.unwrap()), "");
    assert_eq!(names(&store.channels().archived(team.id, ann.id, 0, 10).await.unwrap()), "open");
    assert_eq!(names(&store.channels().of_user_in(ann.id, team.id, None).await.unwrap()), "a__b");
    assert_eq!(names(&store.channels().of_user_in(ann.id, team.id, Some(0)).await.unwrap()), "a__b open");
    assert_eq!(names(&store.channels().of_user(ann.id, Some(5000)).await.unwrap()), "a__b");
}

pub async fn searched(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let team = team_of(&store, "one", &[&ann]).await;
    channel_of(&store, team.id, "plans_2025", &[&ann]).await;
    channel_of(&store, team.id, "plansx2025", &[]).await;
    let secret = Channel { kind: ChannelType::Private, purpose: "Übersicht".into(), ..channel(team.id, "secret") };
    write!(store, [secret], tx => tx.channels().insert(&secret)).unwrap();

    let search = async |which: Which, term: &str| names(&store.channels().search(&which, term, 10, 0).await.unwrap());
    let all = Which { team: Some(team.id), ..Which::default() };
    assert_eq!(search(all.clone(), "").await, "plans_2025 plansx2025 secret");
    assert_eq!(search(all.clone(), "~PLANS_").await, "plans_2025");
    assert_eq!(search(all.clone(), "channel 2025").await, "plans_2025 plansx2025");
    assert_eq!(search(all.clone(), "bersicht").await, "");
    assert_eq!(search(Which { purposes: true, ..all.clone() }, "bersicht").await, "secret");
    assert_eq!(search(Which { kinds: vec![ChannelType::Private], ..all.clone() }, "").await, "secret");
    assert_eq!(search(Which { member: Some(ann.id), ..all.clone() }, "").await, "plans_2025");
    assert_eq!(search(Which { visible_to: Some(ann.id), ..all.clone() }, "").await, "plans_2025 plansx2025");
    let secret_id = secret.id;
    write!(store, [], tx => tx.channels().set_deleted(secret_id, 4000, 4000)).unwrap();
    assert_eq!(search(all.clone(), "").await, "plans_2025 plansx2025");
    assert_eq!(search(Which { deleted: Deleted::Only, ..all.clone() }, "").await, "secret");
    assert_eq!(search(Which { deleted: Deleted::With, ..all }, "se").await, "secret");
}

pub async fn gone_for_good(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let team = team_of(&store, "one", &[&ann]).await;
    let kept = channel_of(&store, team.id, "kept", &[&ann]).await;
    let gone = channel_of(&store, team.id, "gone", &[&ann]).await;
    let (kept_post, gone_post) = (post(kept.id, ann.id, 1000, "a"), post(gone.id, ann.id, 1000, "b"));
    write!(store, [kept_post], tx => tx.posts().insert(&kept_post)).unwrap();
    write!(store, [gone_post], tx => tx.posts().insert(&gone_post)).unwrap();
    let gone_id = gone.id;
    write!(store, [], tx => tx.channels().purge(gone_id)).unwrap();
    assert_eq!(store.channels().by_id(gone.id).await.unwrap(), None);
    assert_eq!(store.posts().by_id(gone_post.id).await.unwrap(), None);
    assert_eq!(store.channel_members().channel_ids(ann.id).await.unwrap(), [kept.id]);
    assert!(store.posts().by_id(kept_post.id).await.unwrap().is_some());

    let (kept_id, team_id) = (kept.id, team.id);
    write!(store, [], tx => tx.channels().purge(kept_id)).unwrap();
    write!(store, [], tx => tx.teams().purge(team_id)).unwrap();
    assert_eq!(store.teams().by_id(team.id).await.unwrap(), None);
    assert!(store.team_members().of_user(ann.id).await.unwrap().is_empty());
}

pub async fn moved_to_another_team(store: Store) {
    let [ann, bob, cat] = users(&store, ["ann", "bob", "cat"]).await;
    let (old, new) = (team_of(&store, "old", &[&ann, &bob, &cat]).await, team_of(&store, "new", &[&ann]).await);
    let talk = channel_of(&store, old.id, "talk", &[&ann, &bob, &cat]).await;
    let other = channel_of(&store, old.id, "other", &[&bob]).await;
    let cat_id = cat.id;
    write!(store, [], tx => tx.users().set_active(cat_id, 5000, 5000)).unwrap();
    let category = |name: &str, channel| store::sidebar::Category {
        id: name.into(),
        user_id: bob.id,
        team_id: old.id,
        kind: "custom".into(),
        channel_ids: vec![channel],
        ..Default::default()
    };
    for category in [category("a", talk.id), category("b", other.id)] {
        write!(store, [category], tx => tx.sidebar().insert(&category)).unwrap();
    }
    let hook = model::webhooks::IncomingWebhook {
        id: id(),
        channel_id: talk.id,
        team_id: old.id,
        ..model::webhooks::IncomingWebhook::default()
    };
    write!(store, [hook], tx => tx.webhooks().insert_incoming(&hook)).unwrap();

    let (talk_id, new_id) = (talk.id, new.id);
    assert_eq!(store.channel_members().outside(talk.id, new.id).await.unwrap(), [(bob.id, true), (cat.id, false)]);
    assert_eq!(write!(store, [], tx => tx.channel_members().remove_outside(talk_id, new_id)).unwrap(), 2);
    assert_eq!(write!(store, [], tx => tx.sidebar().remove_channel(talk_id)).unwrap(), 1);
    write!(store, [], tx => tx.webhooks().move_of_channel(talk_id, new_id, 6000)).unwrap();
    assert_eq!(store.channel_members().ids(talk.id).await.unwrap(), [ann.id]);
    assert_eq!(store.channel_members().ids(other.id).await.unwrap(), [bob.id]);
    let left = store.sidebar().of_team(bob.id, old.id).await.unwrap();
    assert_eq!(left.iter().flat_map(|c| c.channel_ids.clone()).collect::<Vec<_>>(), [other.id]);
    assert_eq!(store.webhooks().incoming(hook.id).await.unwrap().unwrap().team_id, new.id);
}
