//! Custom emoji.

use crate::{
    Emoji, EmojiMut, Result, args,
    db::{Query, Row, Sql, like_anywhere},
    sql,
};
use model::{EmojiId, Millis, emoji::CustomEmoji};

macro_rules! columns {
    () => {
        "SELECT id, creator_id, create_at, update_at, delete_at, name FROM custom_emoji WHERE delete_at = 0"
    };
}

const INSERT: &Sql = sql!(
    "INSERT INTO custom_emoji (id, creator_id, create_at, update_at, delete_at, name) VALUES ($1, $2, $3, $4, 0, $5)"
);
const BY_ID: &Sql = sql!(concat!(columns!(), " AND id = $1"));
const BY_NAME: &Sql = sql!(concat!(columns!(), " AND name = $1"));
const BY_AGE: &Sql = sql!(concat!(columns!(), " ORDER BY create_at, id LIMIT $1 OFFSET $2"));
const BY_ALPHABET: &Sql = sql!(concat!(columns!(), " ORDER BY name LIMIT $1 OFFSET $2"));
const MATCHING: &Sql = sql!(concat!(columns!(), " AND LOWER(name) LIKE $1 ESCAPE '!' ORDER BY name LIMIT $2"));
const DELETE: &Sql = sql!("UPDATE custom_emoji SET delete_at = $1, update_at = $2 WHERE id = $3 AND delete_at = 0");

impl Emoji<'_> {
    /// An emoji by id.
    pub async fn by_id(&mut self, id: EmojiId) -> Result<Option<CustomEmoji>> {
        self.db.one(BY_ID, args![id], emoji).await
    }

    /// An emoji by name.
    pub async fn by_name(&mut self, name: &str) -> Result<Option<CustomEmoji>> {
        self.db.one(BY_NAME, args![name], emoji).await
    }

    /// Those of the names that are custom emoji, by name.
    pub async fn by_names<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<Vec<CustomEmoji>> {
        let names: Vec<&str> = names.into_iter().collect();
        let mut found = Vec::new();
        for chunk in names.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), concat!(columns!(), " AND name"));
            query.within(chunk.iter().copied()).push(" ORDER BY name");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, emoji).await?);
        }
        Ok(found)
    }

    /// A page, by name or in the order in which they were made; pages are counted from 0.
    pub async fn page(&mut self, by_name: bool, page: i64, per_page: i64) -> Result<Vec<CustomEmoji>> {
        let statement = if by_name { BY_ALPHABET } else { BY_AGE };
        self.db.all(statement, args![per_page, page.saturating_mul(per_page)], emoji).await
    }

    /// Those with something in their names, or at the beginning of them, by name.
    pub async fn search(&mut self, term: &str, at_beginning: bool, limit: i64) -> Result<Vec<CustomEmoji>> {
        let pattern = like_anywhere(&term.to_lowercase());
        let pattern = if at_beginning { pattern[1..].to_owned() } else { pattern };
        self.db.all(MATCHING, args![pattern, limit], emoji).await
    }
}

impl EmojiMut<'_> {
    /// Adds an emoji; its name may be taken (`custom_emoji_name_delete_at`).
    pub async fn insert(&mut self, e: &CustomEmoji) -> Result<()> {
        let args = args![e.id, e.creator_id, e.create_at, e.update_at, &e.name];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Deletes an emoji; false if it was gone.
    pub async fn delete(&mut self, id: EmojiId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(DELETE, args![at, at, id]).await? == 1)
    }
}

fn emoji(row: &mut Row) -> Result<CustomEmoji> {
    Ok(CustomEmoji {
        id: row.take()?,
        creator_id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        name: row.take()?,
    })
}
