//! Files and the posts they belong to, uploads, custom emoji.

use crate::fixture::{channel_of, id, post, posted, write};
use model::{
    TeamId,
    emoji::CustomEmoji,
    files::{FileInfo, UploadSession},
};
use store::{
    Store,
    files::{Pictures, StoredFile},
};

pub async fn belong_to_posts(store: Store) {
    let channel = channel_of(&store, TeamId::NONE, "talk", &[]).await;
    let author = id();
    let place = channel.id;
    let new = |name: &str, pictures| StoredFile {
        info: FileInfo {
            id: id(),
            user_id: author,
            create_at: 1000,
            update_at: 1000,
            name: name.into(),
            extension: "png".into(),
            size: 5,
            mime_type: "image/png".into(),
            width: 4,
            height: 3,
            ..FileInfo::default()
        },
        path: format!("posts/{name}"),
        pictures,
    };
    let (one, two) = (new("один.png", Pictures::Ordered), new("two", Pictures::None));
    for file in [&one, &two] {
        write!(store, [file], tx => tx.files().insert(&file, place)).unwrap();
    }
    let found = store.files().by_id(one.info.id).await.unwrap().unwrap();
    let expected = FileInfo { has_preview_image: true, ..one.info.clone() };
    assert_eq!((&found.info, found.path.as_str(), found.pictures), (&expected, "posts/один.png", Pictures::Ordered));
    assert_eq!(store.files().by_ids(&[one.info.id, two.info.id, id()]).await.unwrap().len(), 2);

    let (file, other) = (one.info.id, two.info.id);
    assert!(write!(store, [], tx => tx.files().pictured(file, Pictures::Made, "tiny", 1500)).unwrap());
    assert!(!write!(store, [], tx => tx.files().pictured(file, Pictures::Failed, "", 1500)).unwrap(), "only once");

    let written = posted(&store, post(channel.id, author, 2000, "with files")).await;
    let (to, stranger) = (written.id, id());
    assert_eq!(write!(store, [], tx => tx.files().attach(&[file, other], stranger, to, place, 2000)).unwrap(), 0);
    assert_eq!(write!(store, [], tx => tx.files().attach(&[file, other], author, to, place, 2000)).unwrap(), 2);
    assert_eq!(write!(store, [], tx => tx.files().attach(&[file], author, to, place, 2100)).unwrap(), 0, "only once");
    let of_post = store.files().of_posts(&[to, id()]).await.unwrap();
    assert_eq!(of_post.len(), 2);
    assert!(of_post.iter().all(|f| f.info.post_id == to && f.info.channel_id == place && f.info.update_at == 2000));
    assert!(of_post.iter().any(|f| f.pictures == Pictures::Made && f.info.mini_preview.as_deref() == Some("tiny")));

    let mut paths = write!(store, [], tx => tx.files().delete_of_posts(&[to], 3000)).unwrap();
    paths.sort();
    assert_eq!(paths, ["posts/two", "posts/один.png"]);
    assert_eq!(store.files().by_id(file).await.unwrap(), None);
    assert_eq!(write!(store, [], tx => tx.files().delete(&[file], 4000)).unwrap(), 0);
}

pub async fn uploads_go_on(store: Store) {
    let user = id();
    let session = UploadSession {
        id: id(),
        kind: "attachment".into(),
        create_at: 1000,
        user_id: user,
        channel_id: id(),
        filename: "größe.bin".into(),
        file_size: 30,
        ..UploadSession::default()
    };
    write!(store, [session], tx => tx.uploads().insert(&session)).unwrap();
    let mut upload = store.uploads().by_id(session.id).await.unwrap().unwrap();
    assert_eq!((&upload.session, upload.parts.len()), (&session, 0));
    upload.session.file_offset = 10;
    upload.parts.push("uploads/one".into());
    assert!(write!(store, [upload], tx => tx.uploads().grow(&upload, 0, 2000)).unwrap());
    assert!(!write!(store, [upload], tx => tx.uploads().grow(&upload, 0, 2000)).unwrap(), "another was quicker");
    assert_eq!(store.uploads().of_user(user, 10).await.unwrap(), std::slice::from_ref(&upload));
    assert_eq!(store.uploads().stale(2000, 10).await.unwrap(), []);
    assert_eq!(store.uploads().stale(2001, 10).await.unwrap().len(), 1);
    let id = session.id;
    assert!(!write!(store, [], tx => tx.uploads().delete(id, 0)).unwrap());
    assert!(write!(store, [], tx => tx.uploads().delete(id, 10)).unwrap());
    assert_eq!(store.uploads().by_id(id).await.unwrap(), None);
}

pub async fn emoji_are_found(store: Store) {
    let new = |name: &str, create_at| CustomEmoji {
        id: id(),
        creator_id: id(),
        create_at,
        update_at: create_at,
        name: name.into(),
        ..CustomEmoji::default()
    };
    let (party, ship) = (new("party_parrot", 2000), new("ship_it", 1000));
    for emoji in [&party, &ship] {
        write!(store, [emoji], tx => tx.emoji().insert(&emoji)).unwrap();
    }
    let again = new("ship_it", 3000);
    let taken = write!(store, [again], tx => tx.emoji().insert(&again)).unwrap_err();
    assert!(taken.is_conflict("custom_emoji_name_delete_at"), "{taken}");
    assert_eq!(store.emoji().by_id(party.id).await.unwrap(), Some(party.clone()));
    assert_eq!(store.emoji().by_name("ship_it").await.unwrap(), Some(ship.clone()));
    assert_eq!(store.emoji().by_names(["ship_it", "none"]).await.unwrap(), std::slice::from_ref(&ship));
    assert_eq!(store.emoji().page(true, 0, 10).await.unwrap(), [party.clone(), ship.clone()]);
    assert_eq!(store.emoji().page(false, 0, 1).await.unwrap(), std::slice::from_ref(&ship));
    assert_eq!(store.emoji().search("PAR", false, 10).await.unwrap(), std::slice::from_ref(&party));
    assert_eq!(store.emoji().search("rot", true, 10).await.unwrap(), []);
    assert_eq!(store.emoji().search("p_i", false, 10).await.unwrap(), std::slice::from_ref(&ship), "_ is no wildcard");
    let id = ship.id;
    assert!(write!(store, [], tx => tx.emoji().delete(id, 4000)).unwrap());
    assert!(!write!(store, [], tx => tx.emoji().delete(id, 5000)).unwrap());
    assert_eq!(store.emoji().by_name("ship_it").await.unwrap(), None);
    write!(store, [again], tx => tx.emoji().insert(&again)).unwrap();
}
