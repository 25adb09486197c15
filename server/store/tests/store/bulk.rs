//! Much at once: read to the end in pages, written by the hundred.

use crate::fixture::{channel_of, id, messages, names, post, team_of, users, write};
use model::{PostId, TeamId, channels::Channel, posts::Post, preferences::Preference, reactions::Reaction};
use store::{Store, threads::ThreadMember};

pub async fn read_to_the_end(store: Store) {
    let [ann, bob, cat] = users(&store, ["ann", "bob", "cat"]).await;
    let team = team_of(&store, "garden", &[&ann, &bob]).await;
    let talk = channel_of(&store, team.id, "talk", &[&ann, &bob]).await;
    let own = channel_of(&store, TeamId::NONE, "own", &[&cat]).await;
    let mut all: Vec<_> = [&ann, &bob, &cat].into_iter().cloned().collect();
    all.sort_by_key(|user| user.id);
    let first = store.users().after(model::UserId::NONE, 2).await.unwrap();
    assert_eq!(names(&first), names(&all[..2]));
    assert_eq!(names(&store.users().after(first[1].id, 2).await.unwrap()), names(&all[2..]));
    assert_eq!(store.teams().after(TeamId::NONE, 5).await.unwrap(), std::slice::from_ref(&team));
    assert_eq!(store.teams().after(team.id, 5).await.unwrap(), []);
    let mut channels = [talk.id, own.id];
    channels.sort();
    let ids = |found: Vec<Channel>| found.into_iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!(ids(store.channels().after(model::ChannelId::NONE, 5).await.unwrap()), channels);
    assert_eq!(ids(store.channels().after(channels[0], 5).await.unwrap()), channels[1..]);
    assert_eq!(ids(store.channels().not_joined(cat.id, team.id, 5).await.unwrap()), [talk.id]);
    assert_eq!(ids(store.channels().not_joined(ann.id, team.id, 5).await.unwrap()), []);
    let in_teams = store.team_members().of_users(&[ann.id, bob.id, cat.id]).await.unwrap();
    assert_eq!(in_teams.len(), 2);
    let in_channels = store.channel_members().of_users(&[ann.id, cat.id]).await.unwrap();
    assert_eq!(in_channels.len(), 2);
    let there = store.channel_members().in_channels(&[talk.id]).await.unwrap();
    let mut people = [ann.id, bob.id];
    people.sort();
    assert_eq!(there.iter().map(|m| m.user_id).collect::<Vec<_>>(), people);
}

pub async fn written_by_the_hundred(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let team = team_of(&store, "garden", &[&ann, &bob]).await;
    let talk = channel_of(&store, team.id, "talk", &[&ann, &bob]).await;
    let root = Post { is_pinned: true, ..post(talk.id, ann.id, 1000, "root") };
    let reply = |n: i64, text: &str| Post { root_id: root.id, ..post(talk.id, bob.id, 1000 + n, text) };
    let mut all = vec![root.clone(), reply(1, "one"), reply(2, "two")];
    all.extend((0..1200).map(|n| post(talk.id, ann.id, 5000 + n, "more")));
    let written = all.clone();
    write!(store, [written], tx => tx.posts().insert_all(&written, 9000)).unwrap();
    let counted = store.channels().recount(talk.id).await.unwrap().unwrap();
    assert_eq!((counted.kept, counted.kept.total_msg_count), (counted.counted, 1203));
    let kept = store.posts().by_id(root.id).await.unwrap().unwrap();
    assert_eq!((kept.reply_count, kept.last_reply_at, kept.update_at, kept.is_pinned), (2, 1002, 9000, true));
    assert_eq!(store.threads().participants(&[root.id]).await.unwrap(), [(root.id, bob.id)]);
    // More replies to what is there, an older one among them.
    let later = vec![reply(5, "five"), reply(0, "earliest")];
    write!(store, [later], tx => tx.posts().insert_all(&later, 9500)).unwrap();
    let kept = store.posts().by_id(root.id).await.unwrap().unwrap();
    assert_eq!((kept.reply_count, kept.last_reply_at), (4, 1005));
    assert_eq!(store.posts().recount_replies(root.id).await.unwrap().reply_count, 4);
    let found = store.posts().made_at(talk.id, &[1000, 1002]).await.unwrap();
    assert_eq!(messages(&found), ["root", "earliest", "two"]);
    assert_eq!(store.search().pending(5000).await.unwrap().len(), 1205, "all of it will be found");
    write!(store, [], tx => tx.posts().insert_all(&[], 1)).unwrap();

    let channel = talk.id;
    let unread = async |user| {
        let unread = store.channel_members().unread(talk.id, user).await.unwrap().unwrap();
        (unread.msg_count, unread.msg_count_root)
    };
    assert_eq!(unread(ann.id).await, (1205, 1201));
    assert_eq!(write!(store, [], tx => tx.channel_members().read_more(channel, 1200, 1200)).unwrap(), 2);
    assert_eq!(unread(bob.id).await, (5, 1));
    assert_eq!(store.posts().count_between(channel, 1001, 5099).await.unwrap(), (102, 100));
    let (reader, looked) =
        (ann.id, store.channel_members().get(channel, ann.id).await.unwrap().unwrap().last_viewed_at);
    let behind =
        async |at| write!(store, [], tx => tx.channel_members().set_behind(channel, &[reader], at, 7, 6)).unwrap();
    assert_eq!((behind(looked + 1).await, behind(looked).await), (0, 1));
    assert_eq!((unread(ann.id).await, unread(bob.id).await), ((7, 6), (5, 1)));

    let reaction = |user_id, emoji: &str| Reaction {
        user_id,
        post_id: root.id,
        emoji_name: emoji.into(),
        create_at: 3000,
        update_at: 3000,
        channel_id: talk.id,
        ..Reaction::default()
    };
    let reactions = vec![reaction(ann.id, "eyes"), reaction(bob.id, "eyes"), reaction(ann.id, "eyes")];
    for _ in 0..2 {
        write!(store, [reactions], tx => tx.reactions().add_all(&reactions, 9600)).unwrap();
    }
    assert_eq!(store.reactions().of_post(root.id).await.unwrap().len(), 2);
    assert!(store.posts().by_id(root.id).await.unwrap().unwrap().has_reactions);

    let saved = |value: &str, post: PostId| Preference {
        user_id: bob.id,
        category: "flagged_post".into(),
        name: post.to_string(),
        value: value.into(),
    };
    for value in ["true", "false"] {
        let preferences = vec![saved(value, root.id), saved(value, all[1].id)];
        write!(store, [preferences], tx => tx.preferences().set_all(&preferences)).unwrap();
    }
    let about =
        store.preferences().about("flagged_post", &[root.id.to_string(), id::<()>().to_string()]).await.unwrap();
    assert_eq!(about, [saved("false", root.id)]);
    assert_eq!(store.preferences().of_all(&[ann.id, bob.id]).await.unwrap().len(), 2);

    let member = |user_id, last_viewed| ThreadMember {
        post_id: root.id,
        user_id,
        is_following: true,
        last_viewed,
        unread_mentions: 3,
        last_updated: 1,
    };
    let first = vec![member(ann.id, 10)];
    assert_eq!(write!(store, [first], tx => tx.threads().add_all(&first)).unwrap(), 1);
    let both = vec![member(ann.id, 20), member(bob.id, 20)];
    assert_eq!(write!(store, [both], tx => tx.threads().add_all(&both)).unwrap(), 1, "what is known stays");
    let followers = store.threads().followers_of(&[root.id, all[4].id]).await.unwrap();
    let mut expected = vec![member(ann.id, 10), member(bob.id, 20)];
    expected.sort_by_key(|m| m.user_id);
    assert_eq!(followers, expected);
}
