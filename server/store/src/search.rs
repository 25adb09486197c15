//! What can be found: the indexes of words over posts and files, and the queues of what has to be put into them.
//!
//! Words are made by `backend`: ASCII letters and digits only, so that the full-text indexes of three databases agree on
//! them. A post's place in the index grows with its time, so that "newest first" and dates need no sorting by the posts
//! themselves. Its author and channel are words too: who reads few channels does not wade through those of the others.

use crate::{
    Dialect, Result, Search, SearchMut, args,
    db::{Args, Query, Row, Sql},
    posts::{columns, post},
    sql,
};
use model::{AnyId, ChannelId, FileId, Id, Millis, PostId, TeamId, UserId, posts::Post};
use std::collections::BTreeSet;

const PENDING: &Sql = sql!("SELECT seq, post_id FROM search_pending ORDER BY seq LIMIT $1");
const QUEUE: &Sql = sql!(
    "INSERT INTO search_pending (post_id) SELECT id FROM posts \
     WHERE seq > $1 AND seq <= $2 AND delete_at = 0 AND original_id = ''"
);
const PENDING_FILES: &Sql = sql!("SELECT seq, file_id FROM file_search_pending ORDER BY seq LIMIT $1");
const TAKEN_FILE: &Sql = sql!("DELETE FROM file_search_pending WHERE seq = $1");
const FILES_AFTER: &Sql =
    sql!("SELECT id FROM file_infos WHERE id > $1 AND delete_at = 0 AND post_id <> '' ORDER BY id LIMIT $2");
const LAST: &Sql = sql!("SELECT MAX(seq) FROM posts");

/// An index of words: its tables, and what they lead to.
struct Index {
    /// Where things are, by their places; with the words on PostgreSQL and MySQL.
    table: &'static str,
    /// Which column of it has the id.
    id: &'static str,
    /// The words on SQLite.
    words: &'static str,
    /// What is read.
    columns: &'static str,
    /// From an entry to the thing.
    thing: &'static str,
}

const POSTS: Index = Index {
    table: "indexed_posts",
    id: "post_id",
    words: "post_words",
    columns: concat!("SELECT ", columns!()),
    thing: "posts p ON p.id = i.post_id WHERE p.delete_at = 0",
};
const FILES: Index = Index {
    table: "indexed_files",
    id: "file_id",
    words: "file_words",
    columns: "SELECT f.id",
    thing: "file_infos f ON f.id = i.file_id WHERE f.delete_at = 0 AND f.post_id <> ''",
};

/// How many channels are named in a query; of whoever is in more, the database looks them up as it goes.
const CHANNELS_NAMED: usize = 1000;
/// How many channels are looked for as words.
const CHANNELS_AS_WORDS: usize = 64;
/// The word of every post.
const EVERY: &str = "zall";

/// Makes the indexes anew, from the first post and file to the last; ordered by administrators.
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

/// A file that waits to be put into the index, or taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingFile {
    pub seq: i64,
    pub file_id: FileId,
}

/// A post as it is now, with its place in the index.
#[derive(Clone, Debug)]
pub struct Source {
    pub place: i64,
    pub post: Post,
}

/// What the index is to know of a post or file.
#[derive(Clone, Debug)]
pub struct Entry {
    pub place: i64,
    pub id: AnyId,
    pub channel_id: ChannelId,
    pub user_id: UserId,
    /// The text's words in order, with blanks between them.
    pub words: String,
    /// Words that are in no order: other forms, hashtags.
    pub loose: String,
}

/// Words that have to follow each other; a single one may be the beginning of what is looked for.
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
    /// Files with one of these words for their kind.
    pub kinds: Vec<String>,
    pub not_kinds: Vec<String>,
}

/// Where a post that was made at a moment is in the index.
pub fn place_of(at: Millis, seq: i64) -> i64 {
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
        self.found(&POSTS, wanted, limit, offset, post).await
    }

    /// The files found, newest first.
    pub async fn files(&mut self, wanted: &Wanted, limit: i64, offset: i64) -> Result<Vec<FileId>> {
        self.found(&FILES, wanted, limit, offset, Row::take).await
    }

    /// Files that wait, in their order.
    pub async fn pending_files(&mut self, limit: i64) -> Result<Vec<PendingFile>> {
        let read = |row: &mut Row| Ok(PendingFile { seq: row.take()?, file_id: row.take()? });
        self.db.all(PENDING_FILES, args![limit], read).await
    }

    /// Posted files whose ids come after one, in the order of ids.
    pub async fn files_after(&mut self, id: FileId, limit: i64) -> Result<Vec<FileId>> {
        self.db.all(FILES_AFTER, args![id, limit], Row::take).await
    }

    async fn found<T>(
        &mut self,
        index: &Index,
        wanted: &Wanted,
        limit: i64,
        offset: i64,
        read: fn(&mut Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        if wanted.from.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Vec::new());
        }
        let dialect = self.db.dialect();
        let mut query = Query::new(dialect, "SELECT m.channel_id, c.total_msg_count");
        readable(&mut query, wanted);
        query.push(" LIMIT ").arg(CHANNELS_NAMED as i64 + 1);
        let (text, args) = query.done();
        let read_channel = |row: &mut Row| Ok((row.take::<ChannelId>()?, row.take::<i64>()?));
        let channels = self.db.all(text, args, read_channel).await?;
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let theirs: i64 = channels.iter().map(|(_, posts)| posts).sum();
        let few = channels.len() <= CHANNELS_AS_WORDS && theirs < self.last_seq().await? / 4;
        let channels = Channels { ids: channels.into_iter().map(|(id, _)| id).collect(), few };
        let (text, args) = found(dialect, index, wanted, &channels, limit, offset).done();
        self.db.all(text, args, read).await
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
        self.forget(&POSTS, ids.iter().copied()).await?;
        let mut query =
            Query::new(dialect, concat!("SELECT ", columns!(), ", p.seq FROM posts p WHERE p.delete_at = 0"));
        query.push(" AND p.original_id = '' AND p.id").within(ids);
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
        self.add(&POSTS, entries).await
    }

    /// Takes a file out of the queue and out of the index, and puts it in again as it is now, if it is there.
    pub async fn put_file(&mut self, pending: PendingFile, entry: Option<&Entry>) -> Result<()> {
        self.db.execute(TAKEN_FILE, args![pending.seq]).await?;
        self.forget(&FILES, [pending.file_id]).await?;
        self.add(&FILES, entry.map(std::slice::from_ref).unwrap_or_default()).await
    }

    /// Queues files.
    pub async fn queue_files(&mut self, ids: &[FileId]) -> Result<()> {
        for chunk in ids.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), "INSERT INTO file_search_pending (file_id)");
            query.rows(chunk.iter().map(|id| -> Args { args![*id] }));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    async fn forget<K>(&mut self, index: &Index, ids: impl IntoIterator<Item = Id<K>>) -> Result<()> {
        let dialect = self.db.dialect();
        let mut query = Query::new(dialect, "SELECT place FROM ");
        query.push(index.table).push(" WHERE ").push(index.id).within(ids);
        let (text, args) = query.done();
        let places: Vec<i64> = self.db.all(text, args, Row::take).await?;
        if places.is_empty() {
            return Ok(());
        }
        if dialect == Dialect::Sqlite {
            let mut query = Query::new(dialect, "DELETE FROM ");
            query.push(index.words).push(" WHERE rowid").within(places.iter().copied());
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        let mut query = Query::new(dialect, "DELETE FROM ");
        query.push(index.table).push(" WHERE place").within(places);
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    async fn add(&mut self, index: &Index, entries: &[Entry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let dialect = self.db.dialect();
        let words = |e: &Entry| format!("{} {EVERY} us{} ch{} {}", e.words, e.user_id, e.channel_id, e.loose);
        let without = |e: &Entry| -> Args { args![e.place, e.id, e.channel_id] };
        let with = |e: &Entry| -> Args { args![e.place, e.id, e.channel_id, words(e)] };
        let mut query = Query::new(dialect, "INSERT INTO ");
        query.push(index.table).push(" (place, ").push(index.id).push(", channel_id");
        match dialect {
            Dialect::Sqlite => query.push(")").rows(entries.iter().map(without)),
            Dialect::MySql => query.push(", words)").rows(entries.iter().map(with)),
            Dialect::Postgres => query
                .push(", words) SELECT v.place, v.id, v.channel_id, to_tsvector('simple', v.words) FROM (")
                .rows(entries.iter().map(with))
                .push(") AS v (place, id, channel_id, words)"),
        };
        let (text, args) = query.done();
        self.db.execute(text, args).await?;
        if dialect == Dialect::Sqlite {
            let mut query = Query::new(dialect, "INSERT INTO ");
            query
                .push(index.words)
                .push(" (rowid, words)")
                .rows(entries.iter().map(|e| -> Args { args![e.place, words(e)] }));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }

    /// Queues the posts whose numbers are above one and not above another.
    pub async fn queue(&mut self, above: i64, to: i64) -> Result<u64> {
        self.db.execute(QUEUE, args![above, to]).await
    }
}

/// The channels in which something may be found.
struct Channels {
    ids: Vec<ChannelId>,
    /// Whether they hold so little of everything that the index is best asked for them as words. Otherwise the long
    /// lists of their posts would be read, only to leave out next to nothing.
    few: bool,
}

/// Adds the rest of a query for the channels in which something may be found: `m` are the reader's memberships, `c` their
/// channels.
fn readable(query: &mut Query, wanted: &Wanted) {
    query.push(" FROM channel_members m JOIN channels c ON c.id = m.channel_id WHERE m.user_id = ");
    query.arg(wanted.reader);
    if let Some(team) = wanted.team {
        query.push(" AND c.team_id IN (").arg(team).push(", '')");
    }
    if !wanted.archived {
        query.push(" AND c.delete_at = 0");
    }
    let named = |query: &mut Query, names: &[String]| {
        query.push("(c.name").within(names.iter().map(String::as_str));
        query.push(" OR c.id").within(names.iter().map(String::as_str)).push(")");
    };
    if let Some(within) = &wanted.within {
        named(query.push(" AND "), within);
    }
    if !wanted.not_within.is_empty() {
        named(query.push(" AND NOT "), &wanted.not_within);
    }
}

fn found(dialect: Dialect, index: &Index, wanted: &Wanted, channels: &Channels, limit: i64, offset: i64) -> Query {
    let words = matching(dialect, wanted, channels);
    let by_words = dialect == Dialect::Sqlite && words.is_some();
    let mut query = Query::new(dialect, index.columns);
    if by_words {
        // SQLite joins in the order written: from the words, which come newest first, so that it can stop early.
        query.push(" FROM ").push(index.words).push(" w CROSS JOIN ").push(index.table);
        query.push(" i ON i.place = w.rowid CROSS JOIN ").push(index.thing);
    } else {
        query.push(" FROM ").push(index.table).push(" i JOIN ").push(index.thing);
    }
    let place = if by_words { "w.rowid" } else { "i.place" };
    if let Some(words) = words {
        match dialect {
            Dialect::Sqlite => query.push(" AND ").push(index.words).push(" MATCH ").arg(words),
            Dialect::Postgres => query.push(" AND i.words @@ CAST(").arg(words).push(" AS tsquery)"),
            Dialect::MySql => query.push(" AND MATCH (i.words) AGAINST (").arg(words).push(" IN BOOLEAN MODE)"),
        };
    }
    query.push(" AND i.channel_id");
    if channels.ids.len() > CHANNELS_NAMED {
        query.push(" IN (SELECT m.channel_id");
        readable(&mut query, wanted);
        query.push(")");
    } else {
        query.within(channels.ids.iter().copied());
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

/// The condition on words, in the language of the database's index; `None`: there is none.
///
/// Words are letters and digits, so there is nothing to escape.
fn matching(dialect: Dialect, wanted: &Wanted, channels: &Channels) -> Option<String> {
    let term = |term: &Term| written(dialect, term);
    let authors = |ids: &[UserId]| ids.iter().map(|id| format!("us{id}")).collect::<Vec<_>>();
    let terms = wanted.terms.iter().map(term);
    // One of each group has to be there.
    let mut groups: Vec<Vec<String>> = Vec::new();
    if wanted.any && !wanted.terms.is_empty() {
        groups.push(terms.collect());
    } else {
        groups.extend(terms.map(|one| vec![one]));
    }
    groups.extend(wanted.from.as_deref().map(authors));
    groups.extend((!wanted.kinds.is_empty()).then(|| wanted.kinds.clone()));
    if channels.few {
        groups.push(channels.ids.iter().map(|id| format!("ch{id}")).collect());
    }
    let mut nots: Vec<String> = wanted.not_terms.iter().map(term).collect();
    nots.extend(authors(&wanted.not_from));
    nots.extend(wanted.not_kinds.iter().cloned());
    if groups.is_empty() {
        if nots.is_empty() {
            return None;
        }
        groups.push(vec![EVERY.to_owned()]);
    }
    let joined = |each: &str, between: &str| {
        groups.iter().map(|group| format!("({})", group.join(each))).collect::<Vec<_>>().join(between)
    };
    Some(match (dialect, nots.is_empty()) {
        (Dialect::Sqlite, true) => joined(" OR ", " AND "),
        (Dialect::Sqlite, false) => format!("({}) NOT ({})", joined(" OR ", " AND "), nots.join(" OR ")),
        (Dialect::Postgres, true) => joined(" | ", " & "),
        (Dialect::Postgres, false) => format!("{} & !({})", joined(" | ", " & "), nots.join(" | ")),
        (Dialect::MySql, _) => {
            let mut text = format!("+{}", joined(" ", " +"));
            for not in nots {
                text.extend([" -", &not]);
            }
            text
        }
    })
}

fn written(dialect: Dialect, term: &Term) -> String {
    match (dialect, term.words.as_slice(), term.prefix) {
        (Dialect::Sqlite | Dialect::MySql, [word], true) => format!("{word}*"),
        (Dialect::Postgres, [word], true) => format!("{word}:*"),
        (_, [word], false) => word.clone(),
        (Dialect::Postgres, words, _) => format!("({})", words.join(" <-> ")),
        (_, words, _) => format!("\"{}\"", words.join(" ")),
    }
}
