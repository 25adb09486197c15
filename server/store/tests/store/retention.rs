//! How long messages and files are kept.

use crate::fixture::{change, channel_of, id, post, posted, team_of, users, write};
use model::{
    AnyId, PostId, TeamId,
    files::FileInfo,
    posts::Post,
    preferences::Preference,
    reactions::Reaction,
    retention::{ChannelRetention, RetentionPolicy, TeamRetention},
};
use store::{
    Store,
    files::StoredFile,
    retention::{Old, Place, REMOVED, Scope},
};

fn policy(name: &str, days: i64) -> RetentionPolicy {
    RetentionPolicy { id: id(), display_name: name.into(), post_duration: days, ..RetentionPolicy::default() }
}

pub async fn policies(store: Store) {
    let [ann] = users(&store, ["ann"]).await;
    let team = team_of(&store, "one", &[&ann]).await;
    let talk = channel_of(&store, team.id, "talk", &[&ann]).await;
    let (short, long) = (policy("a short", 1), policy("b long", 365));
    for policy in [&short, &long] {
        write!(store, [policy], tx => tx.retention().insert(&policy, 1000)).unwrap();
    }
    let (short_id, long_id, team_id, talk_id) = (short.id, long.id, team.id, talk.id);
    write!(store, [], tx => tx.retention().add(short_id, Place::Teams(&[team_id]))).unwrap();
    write!(store, [], tx => tx.retention().add(short_id, Place::Channels(&[talk_id]))).unwrap();
    // The other one takes its place.
    write!(store, [], tx => tx.retention().add(long_id, Place::Channels(&[talk_id]))).unwrap();
    let renamed = RetentionPolicy { display_name: "c".into(), ..short.clone() };
    assert!(write!(store, [renamed], tx => tx.retention().update(&renamed)).unwrap());
    assert_eq!(store.retention().count().await.unwrap(), 2);
    let all = store.retention().page(9, 0).await.unwrap();
    assert_eq!(
        all,
        [
            RetentionPolicy { channel_count: 1, ..long.clone() },
            RetentionPolicy { team_count: 1, display_name: "c".into(), ..short.clone() },
        ]
    );
    assert_eq!(store.retention().by_id(long.id).await.unwrap().as_ref(), Some(&all[0]));
    assert_eq!(store.retention().teams(short.id, 9, 0).await.unwrap(), [team.id]);
    assert_eq!(store.retention().channels(long.id, 9, 0).await.unwrap(), [talk.id]);
    let of_team = TeamRetention { team_id: team.id, post_duration: 1 };
    assert_eq!(store.retention().teams_of(ann.id, 9, 0).await.unwrap(), (vec![of_team], 1));
    let of_channel = ChannelRetention { channel_id: talk.id, post_duration: 365 };
    assert_eq!(store.retention().channels_of(ann.id, 9, 0).await.unwrap(), (vec![of_channel], 1));
    write!(store, [], tx => tx.retention().remove(Some(short_id), Place::Channels(&[talk_id]))).unwrap();
    assert_eq!(store.retention().channels(long.id, 9, 0).await.unwrap(), [talk.id], "it is another's");
    write!(store, [], tx => tx.retention().delete(long_id)).unwrap();
    assert_eq!(store.retention().by_id(long.id).await.unwrap(), None);
    assert_eq!(store.retention().channels_of(ann.id, 9, 0).await.unwrap().1, 0);
}

pub async fn old_is_removed(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "one", &[&ann, &bob]).await;
    let free = team_of(&store, "two", &[&ann]).await;
    let own = channel_of(&store, team.id, "own", &[&ann]).await;
    let common = channel_of(&store, team.id, "common", &[&ann]).await;
    let rest = channel_of(&store, free.id, "rest", &[&ann]).await;
    let direct = channel_of(&store, TeamId::NONE, "direct", &[&ann]).await;
    let (of_channel, of_team) = (policy("c", 1), policy("t", 1));
    let (channel_policy, team_policy, team_id, own_id): (AnyId, AnyId, _, _) =
        (of_channel.id, of_team.id, team.id, own.id);
    for policy in [&of_channel, &of_team] {
        write!(store, [policy], tx => tx.retention().insert(&policy, 1000)).unwrap();
    }
    write!(store, [], tx => tx.retention().add(channel_policy, Place::Channels(&[own_id]))).unwrap();
    write!(store, [], tx => tx.retention().add(team_policy, Place::Teams(&[team_id]))).unwrap();

    let mut old = Vec::new();
    for channel in [&own, &common, &rest, &direct] {
        old.push(posted(&store, post(channel.id, ann.id, 2000, "old")).await.id);
        posted(&store, post(channel.id, ann.id, 5000, "new")).await;
    }
    let found = async |scope, before| {
        let old = Old { scope, before, keep_pinned: true };
        store.retention().old_posts(&old, 9).await.unwrap()
    };
    assert_eq!(found(Scope::Channels(channel_policy), 3000).await, [old[0]]);
    assert_eq!(found(Scope::Teams(team_policy), 3000).await, [old[1]]);
    let mut others = found(Scope::Rest, 3000).await;
    others.sort();
    assert_eq!(others, [old[2], old[3]]);
    assert_eq!(found(Scope::Rest, 2000).await, []);

    // A thread of which a part is old.
    let root = posted(&store, post(rest.id, ann.id, 2500, "root")).await;
    let reply = |at, who, text: &str| Post { root_id: root.id, ..post(rest.id, who, at, text) };
    let first = posted(&store, reply(2600, bob.id, "first")).await;
    posted(&store, reply(6000, ann.id, "second")).await;
    let pinned = posted(&store, Post { is_pinned: true, ..post(rest.id, ann.id, 2700, "pinned") }).await;
    let version = Post { id: id(), original_id: pinned.id, is_pinned: false, delete_at: 2800, ..pinned.clone() };
    write!(store, [version], tx => tx.posts().keep_old(&version)).unwrap();
    for of in [root.id, first.id] {
        let reaction = Reaction {
            user_id: ann.id,
            post_id: of,
            emoji_name: "car".into(),
            create_at: 2900,
            channel_id: rest.id,
            ..Reaction::default()
        };
        write!(store, [reaction], tx => tx.reactions().add(&reaction)).unwrap();
    }
    let saved = Preference {
        user_id: ann.id,
        category: "flagged_post".into(),
        name: first.id.to_string(),
        value: "true".into(),
    };
    write!(store, [saved], tx => tx.preferences().set(std::slice::from_ref(&saved))).unwrap();
    let file = |path: &str, at| StoredFile {
        info: FileInfo { id: id(), user_id: ann.id, create_at: at, ..FileInfo::default() },
        path: path.into(),
        ..StoredFile::default()
    };
    let (of_root, late) = (file("a", 2500), file("b", 6000));
    let (rest_id, root_id, ann_id) = (rest.id, root.id, ann.id);
    for file in [&of_root, &late] {
        let file_id = file.info.id;
        write!(store, [file], tx => tx.files().insert(&file, rest_id)).unwrap();
        write!(store, [], tx => tx.files().attach(&[file_id], ann_id, root_id, rest_id, 6000)).unwrap();
    }
    assert_eq!(store.retention().old_files(3000, 9).await.unwrap(), [(of_root.info.id, "a".to_owned())]);

    let old = Old { scope: Scope::Rest, before: 3000, keep_pinned: true };
    let posts = store.retention().old_posts(&old, 99).await.unwrap();
    assert!(posts.contains(&first.id) && posts.contains(&version.id));
    assert!(!posts.contains(&root.id) && !posts.contains(&pinned.id));
    let paths = change(&store, move |tx| {
        let posts = posts.clone();
        Box::pin(async move { tx.retention().purge(&posts, 9000).await })
    });
    assert_eq!(paths.await.unwrap(), [""; 0]);
    assert_eq!(store.posts().by_id(first.id).await.unwrap(), None);
    assert_eq!(store.posts().history(pinned.id).await.unwrap(), []);
    assert_eq!(store.reactions().of_post(first.id).await.unwrap(), []);
    assert_eq!(store.preferences().by_category(ann.id, "flagged_post").await.unwrap(), []);
    let replies = store.posts().recount_replies(root.id).await.unwrap();
    assert_eq!((replies.reply_count, replies.last_reply_at), (1, 6000));
    assert_eq!(store.posts().reply_counts(&[root.id]).await.unwrap(), [replies]);
    assert_eq!(store.threads().participants(&[root.id]).await.unwrap(), [(root.id, ann.id)]);

    let roots: Vec<PostId> = store.retention().old_roots(&old, 9).await.unwrap();
    assert_eq!(roots, [root.id]);
    let paths = change(&store, move |tx| {
        let roots = roots.clone();
        Box::pin(async move { tx.retention().blank(&roots, "removed", 9500).await })
    });
    let mut paths = paths.await.unwrap();
    paths.sort();
    assert_eq!(paths, ["a", "b"]);
    let left = store.posts().by_id(root.id).await.unwrap().unwrap();
    assert_eq!((left.message.as_str(), left.kind.as_str(), left.reply_count), ("removed", REMOVED, 1));
    assert!(!left.has_reactions && left.file_ids.is_empty());
    assert_eq!(store.retention().old_roots(&old, 9).await.unwrap(), [], "once is enough");
    assert_eq!(store.files().by_id(of_root.info.id).await.unwrap(), None);
    let file_id = late.info.id;
    write!(store, [], tx => tx.retention().purge_files(&[file_id])).unwrap();
    assert_eq!(store.retention().old_files(9000, 9).await.unwrap(), []);
}
