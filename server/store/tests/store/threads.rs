//! Who follows which thread.

use crate::fixture::{change, channel_of, id, messages, post, posted, team_of, users, write};
use model::{PostId, TeamId, posts::Post, preferences::Preference, reactions::Reaction};
use store::{
    Store,
    thread_moves::Moved,
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

pub async fn moved(store: Store) {
    let [ann, bob] = users(&store, ["ann", "bob"]).await;
    let from = channel_of(&store, TeamId::NONE, "from", &[&ann, &bob]).await;
    let to = channel_of(&store, TeamId::NONE, "to", &[&ann]).await;
    let mut root = post(from.id, ann.id, 2000, "root");
    root.is_pinned = true;
    let root = posted(&store, root).await;
    let mut reply = post(from.id, bob.id, 2001, "reply");
    reply.root_id = root.id;
    let reply = posted(&store, reply).await;
    let bystander = posted(&store, post(from.id, ann.id, 2002, "bystander")).await;
    let before = Post { id: id(), original_id: root.id, delete_at: 2003, message: "rot".into(), ..root.clone() };
    write!(store, [before], tx => tx.posts().keep_old(&before)).unwrap();
    let reaction = |post: &Post| Reaction {
        user_id: bob.id,
        post_id: post.id,
        emoji_name: "car".into(),
        create_at: 2004,
        channel_id: from.id,
        ..Reaction::default()
    };
    for reaction in [reaction(&reply), reaction(&bystander)] {
        write!(store, [reaction], tx => tx.reactions().add(&reaction)).unwrap();
    }
    for user in [&ann, &bob] {
        let member = ThreadMember {
            post_id: root.id,
            user_id: user.id,
            is_following: true,
            last_viewed: 2000,
            unread_mentions: 1,
            last_updated: 2000,
        };
        write!(store, [member], tx => tx.threads().save(&member)).unwrap();
    }
    let file = store::files::StoredFile {
        info: model::files::FileInfo { id: id(), user_id: ann.id, create_at: 1000, ..Default::default() },
        path: "a".into(),
        ..Default::default()
    };
    let (from_id, root_id, ann_id, file_id) = (from.id, root.id, ann.id, file.info.id);
    write!(store, [file], tx => tx.files().insert(&file, from_id)).unwrap();
    write!(store, [], tx => tx.files().attach(&[file_id], ann_id, root_id, from_id, 2000)).unwrap();
    let saved = Preference {
        user_id: bob.id,
        category: "flagged_post".into(),
        name: reply.id.to_string(),
        value: "true".into(),
    };
    write!(store, [saved], tx => tx.preferences().set(std::slice::from_ref(&saved))).unwrap();

    let root = store.posts().by_id(root.id).await.unwrap().unwrap();
    let (new_root, new_reply): (PostId, PostId) = (id(), id());
    let (to_id, posts) = (to.id, [root.clone(), reply.clone()]);
    change(&store, move |tx| {
        let posts = posts.clone();
        Box::pin(async move {
            let moved = [
                Moved { old: &posts[0], new: new_root, message: &posts[0].message },
                Moved { old: &posts[1], new: new_reply, message: "see the new one" },
            ];
            tx.posts().copy_thread(&moved, to_id, 9000).await?;
            tx.posts().delete(&posts[0], ann_id, 9000).await.map(drop)
        })
    })
    .await
    .unwrap();

    let there = store.posts().thread(new_root).await.unwrap();
    let wanted = |old: &Post, new: PostId, root_id: PostId| Post {
        id: new,
        channel_id: to.id,
        root_id,
        update_at: 9000,
        is_pinned: false,
        ..old.clone()
    };
    assert_eq!(there[0], wanted(&root, new_root, PostId::NONE));
    assert_eq!((there[1].id, there[1].root_id, there[1].create_at), (new_reply, new_root, 2001));
    assert_eq!(there[1].message, "see the new one");
    assert_eq!(store.posts().thread(root.id).await.unwrap(), []);
    for channel in [from.id, to.id] {
        let recount = store.channels().recount(channel).await.unwrap().unwrap();
        assert_eq!(recount.kept, recount.counted);
    }
    assert_eq!(store.channels().by_id(to.id).await.unwrap().unwrap().total_msg_count, 2);
    let replies = store.posts().recount_replies(new_root).await.unwrap();
    assert_eq!(store.posts().reply_counts(&[new_root]).await.unwrap(), [replies]);
    assert_eq!(store.threads().participants(&[new_root]).await.unwrap(), [(new_root, bob.id)]);
    let followers = store.threads().followers(new_root).await.unwrap();
    assert_eq!(followers.iter().map(|m| (m.user_id, m.unread_mentions)).collect::<Vec<_>>(), [(ann.id, 1)]);
    let reactions = store.reactions().of_posts(&[new_reply, reply.id, bystander.id]).await.unwrap();
    let places: Vec<_> = reactions.iter().map(|r| (r.post_id, r.channel_id)).collect();
    assert!(places.len() == 2 && places.contains(&(new_reply, to.id)) && places.contains(&(bystander.id, from.id)));
    let file = store.files().by_id(file_id).await.unwrap().unwrap();
    assert_eq!((file.info.post_id, file.info.channel_id), (new_root, to.id));
    assert_eq!(messages(&store.posts().history(new_root).await.unwrap()), ["rot"]);
    let saved = store.preferences().by_category(bob.id, "flagged_post").await.unwrap();
    assert_eq!(saved[0].name, new_reply.to_string());
}
