//! Files: what is known of them, and to which posts they belong. Their content is elsewhere.

use crate::{
    Files, FilesMut, Result, args,
    db::{Query, Row, Sql},
    jobs::Order,
    sql,
};
use model::{ChannelId, FileId, Millis, PostId, UserId, files::FileInfo};
use serde::{Deserialize, Serialize};

macro_rules! columns {
    () => {
        "SELECT f.id, f.user_id, f.post_id, f.channel_id, f.create_at, f.update_at, f.delete_at, f.name, f.extension, \
         f.size, f.mime_type, f.width, f.height, f.mini_preview, f.path, f.pictures FROM file_infos f "
    };
}

const INSERT: &Sql = sql!(
    "INSERT INTO file_infos (id, user_id, post_id, channel_id, create_at, update_at, delete_at, path, name, extension, \
     size, mime_type, width, height, pictures, mini_preview) \
     VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
);
const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE f.id = $1 AND f.delete_at = 0"));
const PICTURED: &Sql =
    sql!("UPDATE file_infos SET pictures = $1, mini_preview = $2, update_at = $3 WHERE id = $4 AND pictures = 1");

/// Makes the smaller pictures of an uploaded one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MakePictures {
    pub file_id: FileId,
}

impl Order for MakePictures {
    const KIND: &'static str = "make_pictures";
}

/// Removes the content of files that are gone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemoveContent {
    /// Where it lies in the file store.
    pub paths: Vec<String>,
}

impl Order for RemoveContent {
    const KIND: &'static str = "remove_content";
}

/// How it stands with the smaller pictures of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// It is no picture.
    #[default]
    None,
    /// They will be there in a moment.
    Ordered,
    Made,
    /// It looked like a picture, and is none that we can read.
    Failed,
}

impl Pictures {
    fn number(self) -> i64 {
        self as i64
    }

    fn of(number: i64) -> Self {
        [Self::None, Self::Ordered, Self::Made].get(number as usize).copied().unwrap_or(Self::Failed)
    }
}

/// A file, and where its content is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredFile {
    pub info: FileInfo,
    /// In the file store.
    pub path: String,
    pub pictures: Pictures,
}

impl Files<'_> {
    /// A file that has not been deleted.
    pub async fn by_id(&mut self, id: FileId) -> Result<Option<StoredFile>> {
        self.db.one(BY_ID, args![id], file).await
    }

    /// Those of the ids that exist, in no order.
    pub async fn by_ids(&mut self, ids: &[FileId]) -> Result<Vec<StoredFile>> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE f.delete_at = 0 AND f.id"));
            query.within(chunk);
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, file).await?);
        }
        Ok(found)
    }

    /// The files of posts, in the order in which they were uploaded.
    pub async fn of_posts(&mut self, posts: &[PostId]) -> Result<Vec<StoredFile>> {
        let mut found = Vec::new();
        for chunk in posts.chunks(1024) {
            let mut query = Query::new(
                self.db.dialect(),
                concat!(columns!(), "WHERE f.delete_at = 0 AND f.post_id <> '' AND f.post_id"),
            );
            query.within(chunk).push(" ORDER BY f.create_at, f.id");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, file).await?);
        }
        Ok(found)
    }
}

impl FilesMut<'_> {
    /// Adds a file that belongs to no post yet; its channel is where it was uploaded to.
    pub async fn insert(&mut self, file: &StoredFile, channel: ChannelId) -> Result<()> {
        let i = &file.info;
        let args = args![
            i.id,
            i.user_id,
            i.post_id,
            channel,
            i.create_at,
            i.update_at,
            &file.path,
            &i.name,
            &i.extension,
            i.size,
            &i.mime_type,
            i.width,
            i.height,
            file.pictures.number(),
            i.mini_preview.as_deref().unwrap_or_default(),
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Gives files of somebody that belong to no post to one; says how many it got.
    pub async fn attach(
        &mut self,
        ids: &[FileId],
        by: UserId,
        post: PostId,
        channel: ChannelId,
        at: Millis,
    ) -> Result<u64> {
        let mut query = Query::new(self.db.dialect(), "UPDATE file_infos SET post_id = ");
        query.arg(post).push(", channel_id = ").arg(channel).push(", update_at = ").arg(at);
        query.push(" WHERE post_id = '' AND delete_at = 0 AND user_id = ").arg(by).push(" AND id").within(ids);
        let (text, args) = query.done();
        let attached = self.db.execute(text, args).await?;
        self.queue_for_index(ids).await?;
        Ok(attached)
    }

    /// Lets files be found, or no more, as they are after this change.
    async fn queue_for_index(&mut self, ids: &[FileId]) -> Result<()> {
        let mut query = Query::new(self.db.dialect(), "INSERT INTO file_search_pending (file_id)");
        query.rows(ids.iter().map(|id| -> crate::db::Args { args![*id] }));
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    /// Notes that the smaller pictures were made, or cannot be.
    pub async fn pictured(&mut self, id: FileId, pictures: Pictures, mini_preview: &str, at: Millis) -> Result<bool> {
        Ok(self.db.execute(PICTURED, args![pictures.number(), mini_preview, at, id]).await? == 1)
    }

    /// Deletes the files of posts; says where the content lies of all they ever had, those included that an edit took
    /// away before.
    pub async fn delete_of_posts(&mut self, posts: &[PostId], at: Millis) -> Result<Vec<String>> {
        let mut paths = Vec::new();
        for chunk in posts.chunks(1024) {
            let dialect = self.db.dialect();
            let mut query = Query::new(dialect, "SELECT path FROM file_infos WHERE post_id <> '' AND post_id");
            query.within(chunk);
            let (text, args) = query.done();
            let found = self.db.all(text, args, Row::take::<String>).await?;
            if found.is_empty() {
                continue;
            }
            paths.extend(found);
            let mut query = Query::new(
                dialect,
                "INSERT INTO file_search_pending (file_id) SELECT id FROM file_infos WHERE post_id <> '' AND post_id",
            );
            query.within(chunk);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
            let mut query = Query::new(dialect, "UPDATE file_infos SET delete_at = ");
            query.arg(at).push(", update_at = ").arg(at);
            query.push(" WHERE delete_at = 0 AND post_id <> '' AND post_id").within(chunk);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(paths)
    }

    /// Brings back files that an edit took away from a post; says how many.
    pub async fn restore(&mut self, ids: &[FileId], post: PostId, at: Millis) -> Result<u64> {
        let mut query = Query::new(self.db.dialect(), "UPDATE file_infos SET delete_at = 0, update_at = ");
        query.arg(at).push(" WHERE delete_at <> 0 AND post_id = ").arg(post).push(" AND id").within(ids);
        let (text, args) = query.done();
        self.db.execute(text, args).await
    }

    /// Deletes files; what they hold is not removed by this.
    pub async fn delete(&mut self, ids: &[FileId], at: Millis) -> Result<u64> {
        let mut gone = 0;
        for chunk in ids.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), "UPDATE file_infos SET delete_at = ");
            query.arg(at).push(", update_at = ").arg(at).push(" WHERE delete_at = 0 AND id").within(chunk);
            let (text, args) = query.done();
            gone += self.db.execute(text, args).await?;
            self.queue_for_index(chunk).await?;
        }
        Ok(gone)
    }
}

fn file(row: &mut Row) -> Result<StoredFile> {
    let mut info = FileInfo {
        id: row.take()?,
        user_id: row.take()?,
        post_id: row.take()?,
        channel_id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        name: row.take()?,
        extension: row.take()?,
        size: row.take()?,
        mime_type: row.take()?,
        width: row.take()?,
        height: row.take()?,
        mini_preview: Some(row.take::<String>()?).filter(|text| !text.is_empty()),
        ..FileInfo::default()
    };
    let (path, pictures) = (row.take()?, Pictures::of(row.take()?));
    if info.post_id.is_none() {
        // Mattermost: a file is in no channel until it is posted.
        info.channel_id = ChannelId::NONE;
    }
    // Mattermost: a GIF may move, and is shown itself.
    info.has_preview_image = matches!(pictures, Pictures::Ordered | Pictures::Made) && info.mime_type != "image/gif";
    Ok(StoredFile { info, path, pictures })
}
