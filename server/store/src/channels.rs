//! Channels of all types.
//!
//! `total_msg_count` and its kin belong to the posts: nothing here changes them, see [`PostsMut`](crate::PostsMut).

use crate::{
    Channels, ChannelsMut, Result, args,
    db::{Json, Query, Row, Sql, like_anywhere},
    sql,
};
use model::{
    ChannelId, Millis, TeamId, UserId,
    channels::{Channel, ChannelStats, ChannelType},
};

macro_rules! columns {
    () => {
        "c.id, c.create_at, c.update_at, c.delete_at, c.team_id, c.kind, c.display_name, c.name, c.header, \
         c.purpose, c.last_post_at, c.total_msg_count, c.extra_update_at, c.creator_id, c.scheme_id, c.props, \
         c.group_constrained, c.shared, c.total_msg_count_root, c.last_root_post_at"
    };
}
macro_rules! select {
    ($rest:literal) => {
        sql!(concat!("SELECT ", columns!(), " FROM channels c ", $rest))
    };
}

const BY_ID: &Sql = select!("WHERE c.id = $1");
const AFTER: &Sql = select!("WHERE c.id > $1 ORDER BY c.id LIMIT $2");
const BY_NAME: &Sql = select!("WHERE c.team_id = $1 AND c.name = $2");
const PAGE: &Sql = select!(
    "WHERE c.team_id = $1 AND c.kind = $2 AND c.delete_at = 0 ORDER BY c.display_name, c.id LIMIT $3 OFFSET $4"
);
const ARCHIVED: &Sql = select!(
    "WHERE c.team_id = $1 AND c.delete_at <> 0 AND (c.kind = 'O' OR EXISTS (SELECT m.user_id FROM channel_members m \
     WHERE m.channel_id = c.id AND m.user_id = $2)) ORDER BY c.display_name, c.id LIMIT $3 OFFSET $4"
);
const OF_USER_IN_TEAM: &Sql = select!(
    "JOIN channel_members m ON m.channel_id = c.id WHERE m.user_id = $1 AND c.team_id IN ('', $2) \
     AND (c.delete_at = 0 OR c.delete_at >= $3) ORDER BY c.display_name, c.id"
);
const OF_USER: &Sql = select!(
    "JOIN channel_members m ON m.channel_id = c.id WHERE m.user_id = $1 \
     AND (c.delete_at = 0 OR c.delete_at >= $2) ORDER BY c.display_name, c.id"
);
const NOT_JOINED: &Sql = select!(
    "WHERE c.team_id = $1 AND c.kind = 'O' AND c.delete_at = 0 AND NOT EXISTS (SELECT m.user_id FROM channel_members m \
     WHERE m.channel_id = c.id AND m.user_id = $2) ORDER BY c.last_post_at DESC, c.id LIMIT $3"
);
const COUNT: &Sql = sql!("SELECT COUNT(*) FROM channels WHERE kind = $1 AND delete_at = 0");
const COUNT_IN: &Sql = sql!("SELECT COUNT(*) FROM channels WHERE team_id = $1 AND delete_at = 0");
const MEMBERS: &Sql = sql!(
    "SELECT COUNT(*), COUNT(CASE WHEN m.scheme_guest = TRUE THEN 1 END) FROM channel_members m \
     JOIN users u ON u.id = m.user_id WHERE m.channel_id = $1 AND u.delete_at = 0"
);
const PINNED: &Sql = sql!("SELECT COUNT(*) FROM posts WHERE channel_id = $1 AND is_pinned = TRUE AND delete_at = 0");
const INSERT: &Sql = sql!(
    "INSERT INTO channels (id, create_at, update_at, delete_at, team_id, kind, display_name, name, header, purpose, \
     last_post_at, total_msg_count, extra_update_at, creator_id, scheme_id, props, group_constrained, shared, \
     total_msg_count_root, last_root_post_at, names) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
);
const UPDATE: &Sql = sql!(
    "UPDATE channels SET update_at = $1, delete_at = $2, team_id = $3, kind = $4, display_name = $5, name = $6, \
     header = $7, purpose = $8, extra_update_at = $9, scheme_id = $10, props = $11, group_constrained = $12, \
     names = $13 WHERE id = $14"
);
const SET_DELETED: &Sql = sql!("UPDATE channels SET delete_at = $1, update_at = $2 WHERE id = $3");
const TOUCH: &Sql = sql!("UPDATE channels SET extra_update_at = $1 WHERE id = $2");
/// What a channel leaves behind, in the order in which it can go.
const PURGE: [&Sql; 11] = [
    sql!("DELETE FROM reactions WHERE post_id IN (SELECT id FROM posts WHERE channel_id = $1)"),
    sql!("DELETE FROM thread_members WHERE post_id IN (SELECT id FROM posts WHERE channel_id = $1)"),
    sql!("DELETE FROM thread_participants WHERE post_id IN (SELECT id FROM posts WHERE channel_id = $1)"),
    sql!("DELETE FROM pending_posts WHERE post_id IN (SELECT id FROM posts WHERE channel_id = $1)"),
    sql!("DELETE FROM acknowledgements WHERE post_id IN (SELECT id FROM posts WHERE channel_id = $1)"),
    sql!("DELETE FROM post_actions WHERE post_id IN (SELECT id FROM posts WHERE channel_id = $1)"),
    sql!("DELETE FROM channel_bookmarks WHERE channel_id = $1"),
    sql!("DELETE FROM posts WHERE channel_id = $1"),
    sql!("DELETE FROM channel_members WHERE channel_id = $1"),
    sql!("DELETE FROM sidebar_channels WHERE channel_id = $1"),
    sql!("DELETE FROM channels WHERE id = $1"),
];
const RECOUNT: &Sql = sql!(
    "SELECT c.total_msg_count, c.total_msg_count_root, c.last_post_at, \
     COUNT(CASE WHEN p.is_counted = TRUE THEN 1 END), \
     COUNT(CASE WHEN p.is_counted = TRUE AND p.root_id = '' THEN 1 END), MAX(p.create_at) \
     FROM channels c LEFT JOIN posts p ON p.channel_id = c.id AND p.original_id = '' WHERE c.id = $1 \
     GROUP BY c.id, c.total_msg_count, c.total_msg_count_root, c.last_post_at"
);

/// Which channels a search goes through.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Only of this team.
    pub team: Option<TeamId>,
    /// Only of these types; all if empty.
    pub kinds: Vec<ChannelType>,
    /// Only those this user is in.
    pub member: Option<UserId>,
    /// Public ones, and private ones this user is in.
    pub visible_to: Option<UserId>,
    /// Archived ones as well, or only those.
    pub deleted: Deleted,
    /// Also looks into the purpose.
    pub purposes: bool,
}

/// What to do about what has been archived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deleted {
    /// Leave it out.
    #[default]
    Without,
    /// Find it as well.
    With,
    /// Find nothing else.
    Only,
}

/// A channel's counters as they are and as a recount gives them. Equal unless something is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    pub kept: Counters,
    pub counted: Counters,
}

/// The counters of a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub total_msg_count: i64,
    pub total_msg_count_root: i64,
    /// 0 in a channel without posts.
    pub last_post_at: Millis,
}

impl Channels<'_> {
    /// A channel by id, archived ones too.
    pub async fn by_id(&mut self, id: ChannelId) -> Result<Option<Channel>> {
        self.db.one(BY_ID, args![id], channel).await
    }

    /// Channels of all types by id, after one, archived ones too.
    pub async fn after(&mut self, id: ChannelId, limit: i64) -> Result<Vec<Channel>> {
        self.db.all(AFTER, args![id, limit], channel).await
    }

    /// Those of the ids that exist, archived ones too, by display name.
    pub async fn by_ids(&mut self, ids: &[ChannelId]) -> Result<Vec<Channel>> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(1024) {
            let mut query =
                Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM channels c WHERE c.id"));
            query.within(chunk).push(" ORDER BY c.display_name, c.id");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, channel).await?);
        }
        Ok(found)
    }

    /// A channel by the name in its address, archived ones too. Direct and group channels are in the team `NONE`.
    pub async fn by_name(&mut self, team: TeamId, name: &str) -> Result<Option<Channel>> {
        self.db.one(BY_NAME, args![team, name.to_lowercase()], channel).await
    }

    /// Several channels of a team by name, archived ones too.
    pub async fn by_names(&mut self, team: TeamId, names: &[String]) -> Result<Vec<Channel>> {
        let mut query =
            Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM channels c WHERE c.team_id = "));
        query.arg(team).push(" AND c.name").within(names.iter().map(|n| n.to_lowercase()));
        query.push(" ORDER BY c.name");
        let (text, args) = query.done();
        self.db.all(text, args, channel).await
    }

    /// A page of a team's public channels by display name; pages are counted from 0.
    pub async fn public(&mut self, team: TeamId, page: i64, per_page: i64) -> Result<Vec<Channel>> {
        self.of_kind(team, ChannelType::Open, page, per_page).await
    }

    /// A page of a team's private channels by display name, whoever is in them.
    pub async fn private(&mut self, team: TeamId, page: i64, per_page: i64) -> Result<Vec<Channel>> {
        self.of_kind(team, ChannelType::Private, page, per_page).await
    }

    async fn of_kind(&mut self, team: TeamId, kind: ChannelType, page: i64, per_page: i64) -> Result<Vec<Channel>> {
        self.db.all(PAGE, args![team, kind.as_str(), per_page, page.saturating_mul(per_page)], channel).await
    }

    /// A page of a team's archived channels: public ones, and those the user is in.
    pub async fn archived(&mut self, team: TeamId, user: UserId, page: i64, per_page: i64) -> Result<Vec<Channel>> {
        self.db.all(ARCHIVED, args![team, user, per_page, page.saturating_mul(per_page)], channel).await
    }

    /// A user's channels in a team, with direct and group channels. Archived ones only if they were archived at or
    /// after a moment; `None` leaves them all out, `Some(0)` none.
    pub async fn of_user_in(
        &mut self,
        user: UserId,
        team: TeamId,
        archived_since: Option<Millis>,
    ) -> Result<Vec<Channel>> {
        self.db.all(OF_USER_IN_TEAM, args![user, team, since(archived_since)], channel).await
    }

    /// The public channels of a team that a user is not in, those of the latest messages first.
    pub async fn not_joined(&mut self, user: UserId, team: TeamId, limit: i64) -> Result<Vec<Channel>> {
        self.db.all(NOT_JOINED, args![team, user, limit], channel).await
    }

    /// All of a user's channels, in whatever team. Archived ones as in [`Channels::of_user_in`].
    pub async fn of_user(&mut self, user: UserId, archived_since: Option<Millis>) -> Result<Vec<Channel>> {
        self.db.all(OF_USER, args![user, since(archived_since)], channel).await
    }

    /// Channels whose name, display name or purpose contains a text, by display name. Each word has to be in it; an
    /// empty text finds all.
    pub async fn search(&mut self, which: &Which, term: &str, limit: i64, offset: i64) -> Result<Vec<Channel>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM channels c"));
        restrict(&mut query, which);
        for word in term.trim_start_matches('~').to_lowercase().split_whitespace() {
            query.push(" AND (c.names LIKE ").arg(like_anywhere(word)).push(" ESCAPE '!'");
            if which.purposes {
                query.push(" OR LOWER(c.purpose) LIKE ").arg(like_anywhere(word)).push(" ESCAPE '!'");
            }
            query.push(")");
        }
        query.push(" ORDER BY c.display_name, c.id").page(limit, offset);
        let (text, args) = query.done();
        self.db.all(text, args, channel).await
    }

    /// How many channels of a type there are.
    pub async fn count(&mut self, kind: ChannelType) -> Result<i64> {
        self.db.count(COUNT, args![kind.as_str()]).await
    }

    /// How many channels a team has, archived ones apart.
    pub async fn count_in(&mut self, team: TeamId) -> Result<i64> {
        self.db.count(COUNT_IN, args![team]).await
    }

    /// How many active people are in a channel, and how much is pinned there.
    pub async fn stats(&mut self, id: ChannelId) -> Result<ChannelStats> {
        let members: Option<(i64, i64)> = self.db.one(MEMBERS, args![id], |row| Ok((row.take()?, row.take()?))).await?;
        let (member_count, guest_count) = members.unwrap_or_default();
        let pinnedpost_count = self.db.count(PINNED, args![id]).await?;
        Ok(ChannelStats { channel_id: id, member_count, guest_count, pinnedpost_count, files_count: 0 })
    }

    /// The counters beside what counting the posts gives, to see that they have not drifted apart.
    pub async fn recount(&mut self, id: ChannelId) -> Result<Option<Recount>> {
        self.db.one(RECOUNT, args![id], recount).await
    }
}

impl ChannelsMut<'_> {
    /// Adds a channel.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) on `channels_team_id_name`, also when the channel of that name is
    /// archived.
    pub async fn insert(&mut self, c: &Channel) -> Result<()> {
        let args = args![
            c.id,
            c.create_at,
            c.update_at,
            c.delete_at,
            c.team_id,
            c.kind.as_str(),
            &c.display_name,
            c.name.to_lowercase(),
            &c.header,
            &c.purpose,
            c.last_post_at,
            c.total_msg_count,
            c.extra_update_at,
            c.creator_id,
            c.scheme_id.clone(),
            Json(&c.props),
            c.group_constrained,
            c.shared,
            c.total_msg_count_root,
            c.last_root_post_at,
            names(c),
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes everything but the counters.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) as [`ChannelsMut::insert`].
    pub async fn update(&mut self, c: &Channel) -> Result<bool> {
        let args = args![
            c.update_at,
            c.delete_at,
            c.team_id,
            c.kind.as_str(),
            &c.display_name,
            c.name.to_lowercase(),
            &c.header,
            &c.purpose,
            c.extra_update_at,
            c.scheme_id.clone(),
            Json(&c.props),
            c.group_constrained,
            names(c),
            c.id,
        ];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Archives a channel, or takes it back with a `delete_at` of 0.
    pub async fn set_deleted(&mut self, id: ChannelId, delete_at: Millis, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_DELETED, args![delete_at, at, id]).await? == 1)
    }

    /// Removes a channel for good, with its posts and all that hangs on them.
    pub async fn purge(&mut self, id: ChannelId) -> Result<()> {
        for statement in PURGE {
            self.db.execute(statement, args![id]).await?;
        }
        Ok(())
    }

    /// Notes that who is in the channel has changed.
    pub async fn set_extra_update(&mut self, id: ChannelId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(TOUCH, args![at, id]).await? == 1)
    }
}

/// `None` is later than any archiving.
fn since(moment: Option<Millis>) -> Millis {
    moment.unwrap_or(Millis::MAX)
}

fn restrict(query: &mut Query, which: &Which) {
    if let Some(user) = which.member {
        query.push(" JOIN channel_members m ON m.channel_id = c.id AND m.user_id = ").arg(user);
    }
    query.push(" WHERE 1 = 1");
    if let Some(team) = which.team {
        query.push(" AND c.team_id = ").arg(team);
    }
    if !which.kinds.is_empty() {
        query.push(" AND c.kind").within(which.kinds.iter().map(|kind| kind.as_str()));
    }
    if let Some(user) = which.visible_to {
        query.push(" AND (c.kind = 'O' OR EXISTS (SELECT x.user_id FROM channel_members x");
        query.push(" WHERE x.channel_id = c.id AND x.user_id = ").arg(user).push("))");
    }
    query.push(match which.deleted {
        Deleted::Without => " AND c.delete_at = 0",
        Deleted::With => "",
        Deleted::Only => " AND c.delete_at <> 0",
    });
}

fn names(c: &Channel) -> String {
    format!("{}\n{}", c.name, c.display_name).to_lowercase()
}

pub(crate) fn channel(row: &mut Row) -> Result<Channel> {
    Ok(Channel {
        id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        team_id: row.take()?,
        kind: ChannelType::parse(&row.take::<String>()?).unwrap_or_default(),
        display_name: row.take()?,
        name: row.take()?,
        header: row.take()?,
        purpose: row.take()?,
        last_post_at: row.take()?,
        total_msg_count: row.take()?,
        extra_update_at: row.take()?,
        creator_id: row.take()?,
        scheme_id: row.take()?,
        props: row.take::<Json<_>>()?.0,
        group_constrained: row.take()?,
        shared: row.take()?,
        total_msg_count_root: row.take()?,
        last_root_post_at: row.take()?,
        policy_id: None,
    })
}

fn recount(row: &mut Row) -> Result<Recount> {
    let kept = Counters { total_msg_count: row.take()?, total_msg_count_root: row.take()?, last_post_at: row.take()? };
    let counted = Counters {
        total_msg_count: row.take()?,
        total_msg_count_root: row.take()?,
        last_post_at: row.take::<Option<i64>>()?.unwrap_or(0),
    };
    Ok(Recount { kept, counted })
}
