//! Posts: their order, their counters, their replies.

use crate::fixture::{change, channel_of, id, messages, post, posted, team_of, users, write};
use model::{
    ChannelId, PostId, TeamId, UserId,
    posts::{LETS_SEE, Post},
    preferences::Preference,
};
use store::{
    Store,
    posts::{Place, Stretch},
};

/// Counters equal to a recount, whatever has happened.
async fn sound(store: &Store, channel: ChannelId) {
    let recount = store.channels().recount(channel).await.unwrap().unwrap();
    assert_eq!(recount.kept, recount.counted);
}

async fn root_sound(store: &Store, root: PostId) {
    assert_eq!(
        store.posts().reply_counts(&[root]).await.unwrap(),
        [store.posts().recount_replies(root).await.unwrap()]
    );
}

pub async fn kept_whole(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let mut whole = post(channel.id, id(), 2000, "Grüße \u{1F600} 'quoted' \"twice\" \\ $1 ?");
    whole.props.insert("from_webhook".into(), "true".into());
    whole.hashtags = "#a #b".into();
    whole.file_ids = vec![id(), id()];
    whole.kind = "custom_x".into();
    whole.is_pinned = true;
    posted(&store, whole.clone()).await;
    assert_eq!(store.posts().by_id(whole.id).await.unwrap().unwrap(), whole);
    let long = "ü".repeat(model::posts::MESSAGE_MAX);
    let long = posted(&store, post(channel.id, id(), 3000, &long)).await;
    assert_eq!(store.posts().by_id(long.id).await.unwrap().unwrap(), long);
    let newest_first = [long.clone(), whole.clone()];
    assert_eq!(store.posts().by_ids(&[whole.id, long.id, id()]).await.unwrap(), newest_first);
    let again = long.clone();
    assert!(matches!(write!(store, [again], tx => tx.posts().insert(&again)), Err(store::Error::Conflict(_))));
    sound(&store, channel.id).await;
}

pub async fn listed_in_order(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let other = channel_of(&store, TeamId::NONE, "other", &[]).await;
    let user = id();
    let mut all = Vec::new();
    for n in 0..6 {
        // Two to a moment: only their order of arrival tells them apart.
        all.push(posted(&store, post(channel.id, user, 2000 + n / 2, &n.to_string())).await);
        posted(&store, post(other.id, user, 2000, "elsewhere")).await;
    }
    let mut reply = post(channel.id, user, 2009, "re");
    reply.root_id = all[0].id;
    let reply = posted(&store, reply).await;
    let ch = channel.id;

    assert_eq!(messages(&store.posts().page(ch, 0, 3, false).await.unwrap()), ["re", "5", "4"]);
    assert_eq!(messages(&store.posts().page(ch, 1, 3, false).await.unwrap()), ["3", "2", "1"]);
    assert_eq!(messages(&store.posts().page(ch, 0, 2, true).await.unwrap()), ["5", "4"]);
    let at = store.posts().place(all[3].id).await.unwrap().unwrap();
    assert_eq!(at.create_at, 2001);
    assert_eq!(messages(&store.posts().before(ch, at, 0, 2, false).await.unwrap()), ["2", "1"]);
    assert_eq!(messages(&store.posts().before(ch, at, 1, 2, false).await.unwrap()), ["0"]);
    assert_eq!(messages(&store.posts().after(ch, at, 0, 2, false).await.unwrap()), ["5", "4"]);
    assert_eq!(messages(&store.posts().after(ch, at, 1, 2, false).await.unwrap()), ["re"]);
    assert_eq!(messages(&store.posts().after(ch, at, 1, 2, true).await.unwrap()), [""; 0]);
    assert_eq!(store.posts().previous(ch, at, false).await.unwrap(), Some(all[2].id));
    assert_eq!(store.posts().next(ch, at, true).await.unwrap(), Some(all[4].id));
    let first = store.posts().place(all[0].id).await.unwrap().unwrap();
    assert_eq!(store.posts().previous(ch, first, false).await.unwrap(), None);
    assert_eq!(store.posts().next(ch, Place { create_at: 2009, seq: i64::MAX }, false).await.unwrap(), None);
    assert_eq!(store.posts().first_after(ch, 2000, false).await.unwrap(), Some(all[2].id));
    assert_eq!(store.posts().first_after(ch, 2002, true).await.unwrap(), None);
    assert_eq!(messages(&store.posts().made_since(ch, 2002, 10).await.unwrap()), ["4", "5", "re"]);
    // The reply has changed its root too.
    assert_eq!(messages(&store.posts().changed_since(ch, 2002, 10, false).await.unwrap()), ["re", "0"]);
    assert_eq!(messages(&store.posts().changed_since(ch, 2002, 10, true).await.unwrap()), ["0"]);
    assert_eq!(messages(&store.posts().thread(all[0].id).await.unwrap()), ["0", "re"]);
    assert_eq!(messages(&store.posts().threads(&[all[0].id, all[5].id]).await.unwrap()), ["re", "5", "0"]);
    assert_eq!(store.posts().place(id()).await.unwrap(), None);

    let mut more = post(channel.id, user, 2010, "re 2");
    more.root_id = all[0].id;
    posted(&store, more).await;
    let stretch = async |from, backwards, limit| {
        let replies = store.posts().replies(all[0].id, Stretch { from, backwards, limit }).await.unwrap();
        messages(&replies).join(", ")
    };
    assert_eq!(stretch(None, false, 1).await, "re");
    assert_eq!(stretch(None, true, 1).await, "re 2");
    let from = store.posts().place(reply.id).await.unwrap();
    assert_eq!(stretch(from, false, 5).await, "re 2");
    assert_eq!(stretch(from, true, 5).await, "");
}

pub async fn counted_where_they_belong(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let (ann, bob): (UserId, UserId) = (id(), id());
    let root = posted(&store, post(channel.id, ann, 2000, "root")).await;
    let reply = posted(&store, Post { root_id: root.id, ..post(channel.id, bob, 4000, "reply") }).await;
    posted(&store, Post { kind: "system_join_channel".into(), ..post(channel.id, bob, 5000, "joined") }).await;
    // Comes late: times do not go back.
    posted(&store, Post { root_id: root.id, ..post(channel.id, ann, 3000, "late") }).await;
    let now = store.channels().by_id(channel.id).await.unwrap().unwrap();
    assert_eq!((now.total_msg_count, now.total_msg_count_root), (3, 1));
    assert_eq!((now.last_post_at, now.last_root_post_at), (5000, 5000));
    let root = store.posts().by_id(root.id).await.unwrap().unwrap();
    assert_eq!((root.reply_count, root.last_reply_at, root.update_at), (2, 4000, 4000));
    assert_eq!(store.threads().participants(&[root.id]).await.unwrap(), [(root.id, bob), (root.id, ann)]);
    sound(&store, channel.id).await;
    root_sound(&store, root.id).await;

    assert_eq!(write!(store, [reply], tx => tx.posts().delete(&reply, bob, 6000)).unwrap(), [reply.id]);
    let root = store.posts().by_id(root.id).await.unwrap().unwrap();
    assert_eq!((root.reply_count, root.last_reply_at, root.update_at), (1, 3000, 6000));
    assert_eq!(store.threads().participants(&[root.id]).await.unwrap(), [(root.id, ann)]);
    assert_eq!(store.channels().by_id(channel.id).await.unwrap().unwrap().total_msg_count, 3);
    sound(&store, channel.id).await;
    root_sound(&store, root.id).await;
}

pub async fn deleted_with_their_replies(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let user: UserId = id();
    let root = posted(&store, post(channel.id, user, 2000, "root")).await;
    let reply = posted(&store, Post { root_id: root.id, ..post(channel.id, user, 3000, "reply") }).await;
    assert_eq!(write!(store, [root], tx => tx.posts().delete(&root, user, 4000)).unwrap(), [root.id, reply.id]);
    assert_eq!(write!(store, [root], tx => tx.posts().delete(&root, user, 5000)).unwrap(), []);
    let gone = store.posts().by_id(root.id).await.unwrap().unwrap();
    assert_eq!((gone.delete_at, gone.update_at, gone.prop("deleteBy")), (4000, 4000, Some(user.as_str())));
    assert_eq!(store.posts().by_id(reply.id).await.unwrap().unwrap().delete_at, 4000);
    assert_eq!(store.posts().page(channel.id, 0, 10, false).await.unwrap(), []);
    assert_eq!(store.posts().by_ids(&[root.id]).await.unwrap(), []);
    assert_eq!(store.posts().thread(root.id).await.unwrap(), []);
    // Who was away is told.
    assert_eq!(store.posts().changed_since(channel.id, 3500, 10, false).await.unwrap().len(), 2);
    sound(&store, channel.id).await;
}

pub async fn edited_and_pinned(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let user: UserId = id();
    let first = posted(&store, post(channel.id, user, 2000, "frist")).await;
    let edited = Post { message: "first".into(), edit_at: 3000, update_at: 3000, ..first.clone() };
    let old = Post { id: id(), original_id: first.id, delete_at: 3000, edit_at: 3000, ..first.clone() };
    let saved = change(&store, {
        let (old, edited) = (old.clone(), edited.clone());
        move |tx| {
            let (old, edited) = (old.clone(), edited.clone());
            Box::pin(async move {
                tx.posts().keep_old(&old).await?;
                tx.posts().update(&edited).await
            })
        }
    });
    assert!(saved.await.unwrap());
    assert_eq!(store.posts().by_id(first.id).await.unwrap().unwrap(), edited);
    assert_eq!(store.posts().history(first.id).await.unwrap(), [old]);
    assert_eq!(messages(&store.posts().page(channel.id, 0, 10, false).await.unwrap()), ["first"]);
    assert_eq!(store.posts().changed_since(channel.id, 2500, 10, false).await.unwrap(), std::slice::from_ref(&edited));
    sound(&store, channel.id).await;

    let post_id = first.id;
    assert!(write!(store, [], tx => tx.posts().set_pinned(post_id, true, 4000)).unwrap());
    assert_eq!(
        store.posts().pinned(channel.id).await.unwrap(),
        [Post { is_pinned: true, update_at: 4000, ..edited.clone() }]
    );
    assert_eq!(store.channels().stats(channel.id).await.unwrap().pinnedpost_count, 1);
    assert!(write!(store, [], tx => tx.posts().set_pinned(post_id, false, 5000)).unwrap());
    assert_eq!(store.posts().pinned(channel.id).await.unwrap(), []);
    write!(store, [edited], tx => tx.posts().delete(&edited, user, 6000)).unwrap();
    assert!(!write!(store, [edited], tx => tx.posts().update(&edited)).unwrap());
    assert!(!write!(store, [], tx => tx.posts().set_pinned(post_id, true, 7000)).unwrap());
}

pub async fn sent_once(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let user: UserId = id();
    let send = |pending: &'static str| {
        let new = post(channel.id, user, 2000, "once");
        change(&store, move |tx| {
            let new = new.clone();
            Box::pin(async move {
                if let Some(first) = tx.posts().claim(user, pending, new.id, 2000).await? {
                    return Ok(first);
                }
                tx.posts().insert(&new).await?;
                Ok(new.id)
            })
        })
    };
    let sent = futures::future::join_all((0..8).map(|_| send("p1"))).await;
    let first = *sent[0].as_ref().unwrap();
    assert!(sent.iter().all(|id| *id.as_ref().unwrap() == first));
    assert_eq!(messages(&store.posts().page(channel.id, 0, 10, false).await.unwrap()), ["once"]);
    assert_ne!(send("p2").await.unwrap(), first);
    assert_eq!(store.posts().pending(user, "p1").await.unwrap(), Some(first));
    assert_eq!(write!(store, [], tx => tx.posts().purge_pending(2001)).unwrap(), 2);
    assert_eq!(store.posts().pending(user, "p1").await.unwrap(), None);
    sound(&store, channel.id).await;
}

pub async fn seen_by_those_who_let_it_be_seen(store: Store) {
    let [ann, bob, cid] = users(&store, ["ann", "bob", "cid"]).await;
    let team = team_of(&store, "one", &[&ann, &bob, &cid]).await;
    let talk = channel_of(&store, team.id, "talk", &[&ann, &bob, &cid]).await;
    let root = posted(&store, post(talk.id, ann.id, 2000, "root")).await;
    let reply = posted(&store, Post { root_id: root.id, ..post(talk.id, ann.id, 3000, "reply") }).await;
    let (channel, first) = (talk.id, root.id);
    let (category, name) = (LETS_SEE.0.to_owned(), LETS_SEE.1.to_owned());
    for user_id in [ann.id, bob.id, cid.id] {
        let value = if user_id == cid.id { "false" } else { "true" }.to_owned();
        let some = Preference { user_id, category: category.clone(), name: name.clone(), value };
        write!(store, [some], tx => tx.preferences().set(std::slice::from_ref(&some))).unwrap();
    }
    let by = async |post: &Post| store.posts().seen_by(post, 10).await.unwrap();
    assert_eq!((by(&root).await, by(&reply).await), (vec![], vec![]));
    for user in [ann.id, bob.id, cid.id] {
        write!(store, [], tx => tx.channel_members().view(user, &[channel], 4000)).unwrap();
    }
    assert_eq!((by(&root).await, by(&reply).await), (vec![bob.id], vec![]), "neither its author nor who hides it");
    let user = bob.id;
    write!(store, [], tx => tx.threads().follow(first, &[user], 3000, 3000)).unwrap();
    assert_eq!(by(&reply).await, [bob.id]);
    write!(store, [], tx => tx.channel_members().remove(channel, user)).unwrap();
    assert_eq!((by(&root).await, by(&reply).await), (vec![], vec![]), "who has left");
}
