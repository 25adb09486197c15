//! What linked pages and pictures say of themselves, by the hashes of their addresses.

use crate::{
    LinkPreviews, LinkPreviewsMut, Result, args,
    db::{Json, Query, Row, Sql},
    jobs::Order,
    sql,
};
use model::{Millis, PostId, opengraph::Preview};
use serde::{Deserialize, Serialize};

const PUT: &Sql = sql! {
    all: "INSERT INTO link_previews (hash, body, fetch_at) VALUES ($1, $2, $3) \
          ON CONFLICT (hash) DO UPDATE SET body = excluded.body, fetch_at = excluded.fetch_at",
    mysql: "INSERT INTO link_previews (hash, body, fetch_at) VALUES ($1, $2, $3) \
            ON DUPLICATE KEY UPDATE body = VALUES(body), fetch_at = VALUES(fetch_at)",
};
const PURGE: &Sql = sql!("DELETE FROM link_previews WHERE fetch_at < $1");

/// Looks at what a post links to, after it was saved.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewLinks {
    pub post_id: PostId,
}

impl Order for PreviewLinks {
    const KIND: &'static str = "preview_links";
}

/// What was found at an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    pub hash: String,
    pub preview: Preview,
    pub fetch_at: Millis,
}

impl LinkPreviews<'_> {
    /// Those of the addresses that have been looked at.
    pub async fn by_hashes(&mut self, hashes: &[String]) -> Result<Vec<Kept>> {
        let mut all = Vec::new();
        for chunk in hashes.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), "SELECT hash, body, fetch_at FROM link_previews WHERE hash");
            query.within(chunk.iter().map(String::as_str));
            let (text, args) = query.done();
            all.extend(self.db.all(text, args, kept).await?);
        }
        Ok(all)
    }
}

impl LinkPreviewsMut<'_> {
    /// Keeps what was found, in the place of what was found before.
    pub async fn put(&mut self, k: &Kept) -> Result<()> {
        self.db.execute(PUT, args![&k.hash, Json(&k.preview), k.fetch_at]).await.map(drop)
    }

    /// Forgets what was found before a moment.
    pub async fn purge(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE, args![before]).await
    }
}

fn kept(row: &mut Row) -> Result<Kept> {
    Ok(Kept { hash: row.take()?, preview: row.take::<Json<_>>()?.0, fetch_at: row.take()? })
}
