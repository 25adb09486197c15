//! Files and the posts they belong to.

use crate::fixture::{channel_of, id, post, posted, write};
use model::{TeamId, files::FileInfo};
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
