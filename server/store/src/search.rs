//! What can be found: the index of words over posts, and the queue of posts that have to be put into it.
//!
//! Words are made by `backend`: ASCII letters and digits only, so that the full-text indexes of three databases agree on
//! them. A post's place in the index grows with its time, so that "newest first" and dates need no sorting by the posts
//! themselves.

use crate::{
    Dialect, Result, Search, SearchMut, args,
    db::{Args, Query, Row, Sql},
    posts::post,
    sql,
};
use model::{ChannelId, Millis, PostId, TeamId, UserId, posts::Post};
use std::collections::BTreeSet;

const PENDING: &Sql = sql!("SELECT seq, post_id FROM search_pending ORDER BY seq LIMIT $1");
const ALL_PENDING: &Sql = sql!(
    "INSERT INTO search_pending (post_id) SELECT id FROM posts \
     WHERE seq > $1 AND seq <= $2 AND delete_at = 0 AND original_id = ''"
);
const LAST: &Sql = sql!("SELECT MAX(seq) FROM posts");

macro_rules! columns {
    () => {
        "SELECT p.id, p.create_at, p.update_at, p.edit_at, p.delete_at, p.is_pinned, p.user_id, p.channel_id, \
         p.root_id, p.original_id, p.message, p.kind, p.props, p.hashtags, p.file_ids, p.has_reactions, \
         p.reply_count, p.last_reply_at"
    };
}

/// Makes the index anew, from the first post to the last; ordered by administrators.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Reindex {}

impl crate::jobs::Order for Reindex {
    const KIND: &'static str = "search_indexing";
}

/// A post that waits to be put into the index, or taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    pub seq: i64,
    pub post_id: PostId,
}

/// A post as it is now, with its place in the index.
#[derive(Clone, Debug)]
pub struct Source {
    pub place: i64,
    pub post: Post,
}

/// What the index is to know of a post.
#[derive(Clone, Debug)]
pub struct Entry {
    pub place: i64,
    pub post_id: PostId,
    pub channel_id: ChannelId,
    pub user_id: UserId,
    /// Words with blanks between them.
    pub words: String,
}

/// Words that have to follow each other; the last may go on if it is a prefix, which only a single word can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    pub words: Vec<String>,
    pub prefix: bool,
}

/// What is looked for, and by whom.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only what is in this person's channels is found.
    pub reader: UserId,
    /// Only in this team's channels, and in those without a team.
    pub team: Option<TeamId>,
    pub terms: Vec<Term>,
    pub not_terms: Vec<Term>,
    /// One of the terms is enough.
    pub any: bool,
    /// By these people.
    pub from: Option<Vec<UserId>>,
    pub not_from: Vec<UserId>,
    /// In channels with these names or ids.
    pub within: Option<Vec<String>>,
    pub not_within: Vec<String>,
    /// Made at one of these stretches of time, each with its end excluded.
    pub during: Vec<(Millis, Millis)>,
    pub not_during: Vec<(Millis, Millis)>,
    /// In archived channels too.
    pub archived: bool,
}

/// Where a post that was made at a moment is in the index.
fn place_of(at: Millis, seq: i64) -> i64 {
    (at.clamp(0, (1 << 43) - 1) << 20) | (seq & 0xf_ffff)
}

impl Search<'_> {
    /// What waits, in its order.
    pub async fn pending(&mut self, limit: i64) -> Result<Vec<Pending>> {
        self.db.all(PENDING, args![limit], |row| Ok(Pending { seq: row.take()?, post_id: row.take()? })).await
    }

    /// The greatest number of a post; 0 if there is none.
    pub async fn last_seq(&mut self) -> Result<i64> {
        Ok(self.db.one(LAST, args![], Row::take::<Option<i64>>).await?.flatten().unwrap_or(0))
    }

    /// The posts found, newest first.
    pub async fn posts(&mut self, wanted: &Wanted, limit: i64, offset: i64) -> Result<Vec<Post>> {
        let query = search(self.db.dialect(), wanted, limit, offset);
        let (text, args) = query.done();
        self.db.all(text, args, post).await
    }
}

impl SearchMut<'_> {
    /// Takes posts out of the queue and out of the index, and says what they are now.
    pub async fn take(&mut self, pending: &[Pending]) -> Result<Vec<Source>> {
        let dialect = self.db.dialect();
        let mut query = Query::new(dialect, "DELETE FROM search_pending WHERE seq");
        query.within(pending.iter().map(|p| p.seq));
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        let ids: BTreeSet<PostId> = pending.iter().map(|p| p.post_id).collect();
        let mut query = Query::new(dialect, "SELECT place FROM indexed_posts WHERE post_id");
        query.within(ids.iter().copied());
        let (text, args) = query.done();
        let places: Vec<i64> = self.db.all(text, args, Row::take).await?;
        if !places.is_empty() {
            let mut query = Query::new(dialect, "DELETE FROM post_words WHERE ");
            query.push(place_column(dialect)).within(places.iter().copied());
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
            let mut query = Query::new(dialect, "DELETE FROM indexed_posts WHERE place");
            query.within(places);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        let mut query = Query::new(dialect, concat!(columns!(), ", p.seq FROM posts p WHERE p.delete_at = 0 AND p.id"));
        query.within(ids);
        let (text, args) = query.done();
        self.db
            .all(text, args, |row| {
                let post = post(row)?;
                Ok(Source { place: place_of(post.create_at, row.take()?), post })
            })
            .await
    }

    /// Puts posts into the index that are not in it.
    pub async fn put(&mut self, entries: &[Entry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let dialect = self.db.dialect();
        let mut query = Query::new(dialect, "INSERT INTO indexed_posts (place, post_id, channel_id, user_id)");
        query.rows(entries.iter().map(|e| args![e.place, e.post_id, e.channel_id, e.user_id]));
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        let rows = entries.iter().map(|e| -> Args { args![e.place, &e.words] });
        let mut query = match dialect {
            Dialect::Sqlite => Query::new(dialect, "INSERT INTO post_words (rowid, words)"),
            Dialect::MySql => Query::new(dialect, "INSERT INTO post_words (place, words)"),
            Dialect::Postgres => Query::new(
                dialect,
                "INSERT INTO post_words (place, words) SELECT v.place, to_tsvector('simple', v.words) FROM (",
            ),
        };
        query.rows(rows);
        if dialect == Dialect::Postgres {
            query.push(") AS v (place, words)");
        }
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    /// Queues the posts whose numbers are above one and not above another.
    pub async fn queue(&mut self, above: i64, to: i64) -> Result<u64> {
        self.db.execute(ALL_PENDING, args![above, to]).await
    }
}

fn place_column(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Sqlite { "rowid" } else { "place" }
}

fn search(dialect: Dialect, wanted: &Wanted, limit: i64, offset: i64) -> Query {
    let by_words = !wanted.terms.is_empty();
    let mut query = Query::new(dialect, columns!());
    // SQLite joins in the order written: from the words, which come newest first, so that it can stop early.
    match (by_words, dialect) {
        (true, Dialect::Sqlite) => query.push(
            " FROM post_words CROSS JOIN indexed_posts i ON i.place = post_words.rowid CROSS JOIN channel_members m \
             ON m.channel_id = i.channel_id CROSS JOIN channels c ON c.id = i.channel_id CROSS JOIN posts p \
             ON p.id = i.post_id WHERE m.user_id = ",
        ),
        (true, _) => query.push(
            " FROM post_words JOIN indexed_posts i ON i.place = post_words.place JOIN channel_members m \
             ON m.channel_id = i.channel_id JOIN channels c ON c.id = i.channel_id JOIN posts p \
             ON p.id = i.post_id WHERE m.user_id = ",
        ),
        (false, _) => query.push(
            " FROM indexed_posts i JOIN channel_members m ON m.channel_id = i.channel_id \
             JOIN channels c ON c.id = i.channel_id JOIN posts p ON p.id = i.post_id WHERE m.user_id = ",
        ),
    };
    query.arg(wanted.reader).push(" AND p.delete_at = 0");
    let place = match (by_words, dialect) {
        (true, Dialect::Sqlite) => "post_words.rowid",
        _ => "i.place",
    };
    if by_words {
        query.push(" AND ");
        matches(&mut query, &wanted.terms, wanted.any);
    }
    if !wanted.not_terms.is_empty() {
        query.push(" AND i.place NOT IN (SELECT ").push(place_column(dialect)).push(" FROM post_words WHERE ");
        matches(&mut query, &wanted.not_terms, true);
        query.push(")");
    }
    if let Some(team) = wanted.team {
        query.push(" AND c.team_id IN (").arg(team).push(", '')");
    }
    if !wanted.archived {
        query.push(" AND c.delete_at = 0");
    }
    if let Some(from) = &wanted.from {
        query.push(" AND i.user_id").within(from.iter().copied());
    }
    if !wanted.not_from.is_empty() {
        query.push(" AND NOT i.user_id").within(wanted.not_from.iter().copied());
    }
    if let Some(within) = &wanted.within {
        in_channels(query.push(" AND "), within);
    }
    if !wanted.not_within.is_empty() {
        in_channels(query.push(" AND NOT "), &wanted.not_within);
    }
    for (negated, stretches) in [(" AND ", &wanted.during), (" AND NOT ", &wanted.not_during)] {
        for (from, to) in stretches {
            query.push(negated).push("(").push(place).push(" >= ").arg(place_of(*from, 0));
            query.push(" AND ").push(place).push(" < ").arg(place_of(*to, 0)).push(")");
        }
    }
    query.push(" ORDER BY ").push(place).push(" DESC").page(limit, offset);
    query
}

fn in_channels(query: &mut Query, names: &[String]) {
    query.push("(c.name").within(names.iter().map(String::as_str));
    query.push(" OR c.id").within(names.iter().map(String::as_str)).push(")");
}

/// Adds the condition that words match, in the language of the database's index.
fn matches(query: &mut Query, terms: &[Term], any: bool) {
    let dialect = query.dialect();
    let each = terms.iter().map(|term| written(dialect, term, any));
    match dialect {
        Dialect::Sqlite => {
            let text = each.collect::<Vec<_>>().join(if any { " OR " } else { " AND " });
            query.push("post_words MATCH ").arg(text);
        }
        Dialect::Postgres => {
            let text = each.collect::<Vec<_>>().join(if any { " | " } else { " & " });
            query.push("post_words.words @@ CAST(").arg(text).push(" AS tsquery)");
        }
        Dialect::MySql => {
            let text = each.collect::<Vec<_>>().join(" ");
            query.push("MATCH (post_words.words) AGAINST (").arg(text).push(" IN BOOLEAN MODE)");
        }
    }
}

/// Words are letters and digits, so there is nothing to escape.
fn written(dialect: Dialect, term: &Term, any: bool) -> String {
    let star = term.prefix && term.words.len() == 1;
    match dialect {
        Dialect::Sqlite => format!("\"{}\"{}", term.words.join(" "), if star { " *" } else { "" }),
        Dialect::Postgres => {
            format!("({}{})", term.words.join(" <-> "), if star { ":*" } else { "" })
        }
        Dialect::MySql => {
            let must = if any { "" } else { "+" };
            match term.words.as_slice() {
                [word] => format!("{must}{word}{}", if star { "*" } else { "" }),
                words => format!("{must}\"{}\"", words.join(" ")),
            }
        }
    }
}
