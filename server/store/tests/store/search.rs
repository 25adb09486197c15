//! The index of words: the same answers from each database.

use crate::fixture::{change, channel_of, id, messages, post, posted, user, write};
use model::{FileId, TeamId, UserId, files::FileInfo};
use store::{
    Store,
    files::StoredFile,
    search::{Entry, Term, Wanted, place_of},
};

/// Puts what waits into the index; words are those of the message.
async fn index(store: &Store) {
    let pending = store.search().pending(100).await.unwrap();
    change(store, move |tx| {
        let pending = pending.clone();
        Box::pin(async move {
            let sources = tx.search().take(&pending).await?;
            let entry = |s: store::search::Source| Entry {
                place: s.place,
                id: s.post.id.cast(),
                channel_id: s.post.channel_id,
                user_id: s.post.user_id,
                words: s.post.message,
                loose: "wdloose".into(),
            };
            let entries: Vec<Entry> = sources.into_iter().map(entry).collect();
            tx.search().put(&entries).await
        })
    })
    .await
    .unwrap();
    assert_eq!(store.search().pending(1).await.unwrap(), []);
}

fn term(words: &str) -> Term {
    let prefix = words.ends_with('*');
    Term { words: words.trim_end_matches('*').split(' ').map(str::to_owned).collect(), prefix }
}

pub async fn files_come_and_go(store: Store) {
    let ann = user("ann");
    let talk = channel_of(&store, TeamId::NONE, "talk", &[&ann]).await;
    let said = posted(&store, post(talk.id, ann.id, 1000, "wdtwo")).await;
    let files: Vec<StoredFile> = ["one", "two"].into_iter().map(|name| file(name, ann.id)).collect();
    let ids: Vec<FileId> = files.iter().map(|f| f.info.id).collect();
    let (channel, by, post_id) = (talk.id, ann.id, said.id);
    for one in files {
        write!(store, [one], tx => tx.files().insert(&one, channel)).unwrap();
    }
    assert_eq!(store.search().pending_files(9).await.unwrap(), []);
    assert_eq!(store.search().files_after(FileId::NONE, 9).await.unwrap(), []);
    write!(store, [ids], tx => tx.files().attach(&ids, by, post_id, channel, 1000)).unwrap();
    let pending = store.search().pending_files(9).await.unwrap();
    assert_eq!(pending.iter().map(|p| p.file_id).collect::<Vec<_>>(), ids);
    for one in pending {
        let entry = Entry {
            place: place_of(1000, one.seq),
            id: one.file_id.cast(),
            channel_id: channel,
            user_id: by,
            words: "wdpaper".into(),
            loose: format!("ex{}", if one.file_id == ids[0] { "pdf" } else { "txt" }),
        };
        write!(store, [entry], tx => tx.search().put_file(one, Some(&entry))).unwrap();
    }
    let found = async |kinds: &[&str], not: &[&str]| {
        let words = |of: &[&str]| of.iter().map(|kind| (*kind).to_owned()).collect();
        let wanted = Wanted {
            reader: by,
            terms: vec![term("wdpaper")],
            kinds: words(kinds),
            not_kinds: words(not),
            ..Wanted::default()
        };
        store.search().files(&wanted, 9, 0).await.unwrap()
    };
    assert_eq!(found(&[], &[]).await, [ids[1], ids[0]]);
    assert_eq!(found(&["expdf"], &[]).await, [ids[0]]);
    assert_eq!(found(&["expdf", "extxt"], &[]).await, [ids[1], ids[0]]);
    assert_eq!(found(&[], &["expdf"]).await, [ids[1]]);
    assert_eq!(store.search().files_after(FileId::NONE, 9).await.unwrap().len(), 2);

    let first = vec![ids[0]];
    assert_eq!(write!(store, [first], tx => tx.files().delete(&first, 2000)).unwrap(), 1);
    assert_eq!(found(&[], &[]).await, [ids[1]]);
    let posts = vec![post_id];
    write!(store, [posts], tx => tx.files().delete_of_posts(&posts, 2000)).unwrap();
    assert_eq!(found(&[], &[]).await, []);
    for one in store.search().pending_files(9).await.unwrap() {
        write!(store, [], tx => tx.search().put_file(one, None)).unwrap();
    }
    write!(store, [ids], tx => tx.search().queue_files(&ids)).unwrap();
    assert_eq!(store.search().pending_files(9).await.unwrap().len(), 2);
}

fn file(name: &str, by: UserId) -> StoredFile {
    let info = FileInfo { id: id(), user_id: by, create_at: 1000, name: name.into(), ..FileInfo::default() };
    StoredFile { info, path: name.into(), ..StoredFile::default() }
}

pub async fn found_by_readers_only(store: Store) {
    let (ann, bob) = (user("ann"), user("bob"));
    let team: TeamId = id();
    let talk = channel_of(&store, team, "talk", &[&ann]).await;
    let other = channel_of(&store, TeamId::NONE, "other", &[&ann, &bob]).await;
    posted(&store, post(talk.id, ann.id, 2000, "wdbig wddog wdthe")).await;
    posted(&store, post(talk.id, bob.id, 1000, "wddog wdbig wdthe")).await;
    posted(&store, post(other.id, bob.id, 3000, "wddogma wdthe")).await;
    let mut edited = posted(&store, post(talk.id, ann.id, 4000, "wdold wdthe")).await;
    index(&store).await;

    let found = async |reader: UserId, wanted: Wanted| {
        let posts = store.search().posts(&Wanted { reader, ..wanted }, 10, 0).await.unwrap();
        messages(&posts).iter().map(|m| m.replace(" wdthe", "")).collect::<Vec<_>>().join(", ")
    };
    let terms = |all: &[&str]| Wanted { terms: all.iter().map(|t| term(t)).collect(), ..Wanted::default() };
    let without = |not: &str| Wanted { not_terms: vec![term(not)], ..Wanted::default() };
    assert_eq!(found(ann.id, terms(&["wdthe"])).await, "wdold, wddogma, wdbig wddog, wddog wdbig");
    assert_eq!(found(bob.id, terms(&["wdthe"])).await, "wddogma");
    assert_eq!(found(id(), terms(&["wdthe"])).await, "");
    assert_eq!(found(ann.id, terms(&["wddog"])).await, "wdbig wddog, wddog wdbig");
    assert_eq!(found(ann.id, terms(&["wddog*"])).await, "wddogma, wdbig wddog, wddog wdbig");
    assert_eq!(found(ann.id, terms(&["wdbig wddog"])).await, "wdbig wddog");
    assert_eq!(found(ann.id, terms(&["wdold", "wddog"])).await, "");
    assert_eq!(found(ann.id, Wanted { any: true, ..terms(&["wdold", "wddogma"]) }).await, "wdold, wddogma");
    assert_eq!(found(ann.id, Wanted { ..without("wdbig") }).await, "wdold, wddogma");
    assert_eq!(found(ann.id, Wanted { terms: vec![term("wdthe")], ..without("wddog*") }).await, "wdold");
    assert_eq!(found(ann.id, Wanted { from: Some(vec![bob.id]), ..terms(&["wdthe"]) }).await, "wddogma, wddog wdbig");
    assert_eq!(found(ann.id, Wanted { from: Some(vec![]), ..terms(&["wdthe"]) }).await, "");
    assert_eq!(found(ann.id, Wanted { not_from: vec![bob.id], ..terms(&["wdthe"]) }).await, "wdold, wdbig wddog");
    let within = Some(vec!["other".to_owned()]);
    assert_eq!(found(ann.id, Wanted { within, ..Wanted::default() }).await, "wddogma");
    let not_within = vec![talk.id.to_string()];
    assert_eq!(found(ann.id, Wanted { not_within, ..terms(&["wdthe"]) }).await, "wddogma");
    assert_eq!(
        found(ann.id, Wanted { during: vec![(1000, 3000)], ..Wanted::default() }).await,
        "wdbig wddog, wddog wdbig"
    );
    assert_eq!(found(ann.id, Wanted { not_during: vec![(1000, 3001)], ..terms(&["wdthe"]) }).await, "wdold");
    assert_eq!(found(ann.id, Wanted { team: Some(id()), ..terms(&["wdthe"]) }).await, "wddogma");

    edited.message = "wdnew wdthe".into();
    let changed = edited.clone();
    assert!(write!(store, [changed], tx => tx.posts().update(&changed)).unwrap());
    index(&store).await;
    assert_eq!(found(ann.id, terms(&["wdold"])).await, "");
    assert_eq!(found(ann.id, terms(&["wdnew"])).await, "wdnew");
    let by = ann.id;
    write!(store, [edited], tx => tx.posts().delete(&edited, by, 9000)).unwrap();
    assert_eq!(found(ann.id, terms(&["wdnew"])).await, "");
    index(&store).await;
    let last = store.search().last_seq().await.unwrap();
    assert_eq!(write!(store, [], tx => tx.search().queue(0, last)).unwrap(), 3);
    index(&store).await;
    assert_eq!(
        found(ann.id, Wanted { archived: true, ..terms(&["wdthe"]) }).await,
        "wddogma, wdbig wddog, wddog wdbig"
    );
}
