//! Links and files that a channel keeps at hand. Those that are not deleted are numbered from 0 without gaps.

use crate::{
    Bookmarks, BookmarksMut, Result, args,
    db::{Row, Sql},
    sql,
};
use model::{AnyId, ChannelId, Millis, bookmarks::Bookmark};

macro_rules! select {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, create_at, update_at, delete_at, channel_id, owner_id, file_id, display_name, sort_order, \
             link_url, image_url, emoji, kind FROM channel_bookmarks ",
            $rest
        ))
    };
}

const BY_ID: &Sql = select!("WHERE id = $1 AND delete_at = 0");
const OF_CHANNEL: &Sql = select!("WHERE channel_id = $1 AND delete_at = 0 ORDER BY sort_order, create_at, id");
const SINCE: &Sql = select!("WHERE channel_id = $1 AND update_at > $2 ORDER BY sort_order, create_at, id LIMIT 1000");
const COUNT: &Sql = sql!("SELECT COUNT(*) FROM channel_bookmarks WHERE channel_id = $1 AND delete_at = 0");
const INSERT: &Sql = sql!(
    "INSERT INTO channel_bookmarks (id, create_at, update_at, delete_at, channel_id, owner_id, file_id, display_name, \
     sort_order, link_url, image_url, emoji, kind) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
const UPDATE: &Sql = sql!(
    "UPDATE channel_bookmarks SET update_at = $1, owner_id = $2, file_id = $3, display_name = $4, link_url = $5, \
     image_url = $6, emoji = $7 WHERE id = $8 AND delete_at = 0"
);
const DELETE: &Sql =
    sql!("UPDATE channel_bookmarks SET delete_at = $1, update_at = $2 WHERE id = $3 AND delete_at = 0");
const CLOSE: &Sql = sql!(
    "UPDATE channel_bookmarks SET sort_order = sort_order - 1, update_at = $1 \
     WHERE channel_id = $2 AND delete_at = 0 AND sort_order > $3 AND sort_order <= $4"
);
const OPEN: &Sql = sql!(
    "UPDATE channel_bookmarks SET sort_order = sort_order + 1, update_at = $1 \
     WHERE channel_id = $2 AND delete_at = 0 AND sort_order >= $3 AND sort_order < $4"
);
const PLACE: &Sql = sql!("UPDATE channel_bookmarks SET sort_order = $1, update_at = $2 WHERE id = $3");

impl Bookmarks<'_> {
    /// A bookmark.
    pub async fn by_id(&mut self, id: AnyId) -> Result<Option<Bookmark>> {
        self.db.one(BY_ID, args![id], bookmark).await
    }

    /// A channel's, in their order.
    pub async fn of_channel(&mut self, channel: ChannelId) -> Result<Vec<Bookmark>> {
        self.db.all(OF_CHANNEL, args![channel], bookmark).await
    }

    /// A channel's that changed after a moment, deleted ones included.
    pub async fn since(&mut self, channel: ChannelId, at: Millis) -> Result<Vec<Bookmark>> {
        self.db.all(SINCE, args![channel, at], bookmark).await
    }

    /// How many a channel has.
    pub async fn count(&mut self, channel: ChannelId) -> Result<i64> {
        Ok(self.db.one(COUNT, args![channel], Row::take).await?.unwrap_or(0))
    }
}

impl BookmarksMut<'_> {
    /// Adds a bookmark at its place.
    pub async fn insert(&mut self, b: &Bookmark) -> Result<()> {
        let args = args![
            b.id,
            b.create_at,
            b.update_at,
            b.channel_id,
            b.owner_id,
            b.file_id,
            &b.display_name,
            b.sort_order,
            &b.link_url,
            &b.image_url,
            &b.emoji,
            &b.kind,
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes what can change of a bookmark, its place aside.
    pub async fn update(&mut self, b: &Bookmark) -> Result<bool> {
        let args =
            args![b.update_at, b.owner_id, b.file_id, &b.display_name, &b.link_url, &b.image_url, &b.emoji, b.id];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Moves a bookmark to a place; those between move by one.
    pub async fn place(&mut self, b: &Bookmark, to: i64, at: Millis) -> Result<()> {
        if to > b.sort_order {
            self.db.execute(CLOSE, args![at, b.channel_id, b.sort_order, to]).await?;
        } else {
            self.db.execute(OPEN, args![at, b.channel_id, to, b.sort_order]).await?;
        }
        self.db.execute(PLACE, args![to, at, b.id]).await.map(drop)
    }

    /// Deletes a bookmark; those behind it move up. False if it was gone.
    pub async fn delete(&mut self, b: &Bookmark, at: Millis) -> Result<bool> {
        if self.db.execute(DELETE, args![at, at, b.id]).await? == 0 {
            return Ok(false);
        }
        self.db.execute(CLOSE, args![at, b.channel_id, b.sort_order, i64::MAX]).await?;
        Ok(true)
    }
}

fn bookmark(row: &mut Row) -> Result<Bookmark> {
    Ok(Bookmark {
        id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        channel_id: row.take()?,
        owner_id: row.take()?,
        file_id: row.take()?,
        display_name: row.take()?,
        sort_order: row.take()?,
        link_url: row.take()?,
        image_url: row.take()?,
        emoji: row.take()?,
        kind: row.take()?,
        file: None,
    })
}
