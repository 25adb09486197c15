//! People in teams. Who leaves stays as a row with a date, so that coming back brings the roles back.
//!
//! In `roles` only explicit roles are stored; a [`TeamMember`]'s `roles` is their sum with those of the scheme.

use crate::{
    Result, TeamMembers, TeamMembersMut, args,
    db::{Json, Query, Row, Sql},
    sql,
};
use model::{
    ChannelId, Millis, StringMap, TeamId, UserId,
    teams::{TeamMember, TeamUnread},
};

macro_rules! columns {
    () => {
        "SELECT m.team_id, m.user_id, m.delete_at, m.scheme_guest, m.scheme_user, m.scheme_admin, m.roles, \
         ss.team_guest, ss.team_user, ss.team_admin FROM team_members m LEFT JOIN teams st ON st.id = m.team_id \
         LEFT JOIN schemes ss ON ss.id = st.scheme_id "
    };
}

const ONE: &Sql = sql!(concat!(columns!(), "WHERE m.team_id = $1 AND m.user_id = $2"));
const PAGE: &Sql = sql!(concat!(
    columns!(),
    "JOIN users u ON u.id = m.user_id WHERE m.team_id = $1 AND m.delete_at = 0 \
     ORDER BY u.username LIMIT $2 OFFSET $3"
));
const OF_USER: &Sql = sql!(concat!(columns!(), "WHERE m.user_id = $1 ORDER BY m.team_id"));
const IDS: &Sql = sql!("SELECT user_id FROM team_members WHERE team_id = $1 AND delete_at = 0 ORDER BY user_id");
const TEAM_IDS: &Sql = sql!("SELECT team_id FROM team_members WHERE user_id = $1 AND delete_at = 0 ORDER BY team_id");
const COUNTS: &Sql = sql!(
    "SELECT COUNT(*), COUNT(CASE WHEN u.delete_at = 0 THEN 1 END) FROM team_members m \
     JOIN users u ON u.id = m.user_id WHERE m.team_id = $1 AND m.delete_at = 0"
);
const UNREADS: &Sql = sql!(
    "SELECT c.team_id, c.id, c.total_msg_count - cm.msg_count, c.total_msg_count_root - cm.msg_count_root, \
     cm.mention_count, cm.mention_count_root, cm.notify_props FROM channel_members cm \
     JOIN channels c ON c.id = cm.channel_id \
     JOIN team_members m ON m.team_id = c.team_id AND m.user_id = cm.user_id AND m.delete_at = 0 \
     WHERE cm.user_id = $1 AND c.delete_at = 0 ORDER BY c.team_id"
);
const SAVE: &Sql = sql! {
    all: "INSERT INTO team_members (team_id, user_id, create_at, delete_at, roles, scheme_guest, scheme_user, \
          scheme_admin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (team_id, user_id) DO UPDATE SET \
          delete_at = excluded.delete_at, roles = excluded.roles, scheme_guest = excluded.scheme_guest, \
          scheme_user = excluded.scheme_user, scheme_admin = excluded.scheme_admin",
    mysql: "INSERT INTO team_members (team_id, user_id, create_at, delete_at, roles, scheme_guest, scheme_user, \
            scheme_admin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON DUPLICATE KEY UPDATE \
            delete_at = VALUES(delete_at), roles = VALUES(roles), scheme_guest = VALUES(scheme_guest), \
            scheme_user = VALUES(scheme_user), scheme_admin = VALUES(scheme_admin)",
};
const SET_GUEST: &Sql = sql!(
    "UPDATE team_members SET scheme_guest = $1, scheme_user = $2, scheme_admin = FALSE, roles = '' WHERE user_id = $3"
);
const REMOVE: &Sql =
    sql!("UPDATE team_members SET delete_at = $1 WHERE team_id = $2 AND user_id = $3 AND delete_at = 0");

/// What one has not read of one channel, as a part of its team's sum.
struct Unread {
    team_id: TeamId,
    msg_count: i64,
    msg_count_root: i64,
    mention_count: i64,
    mention_count_root: i64,
    muted: bool,
}

impl TeamMembers<'_> {
    /// A membership, also one that has ended: look at `delete_at`.
    pub async fn get(&mut self, team: TeamId, user: UserId) -> Result<Option<TeamMember>> {
        self.db.one(ONE, args![team, user], member).await
    }

    /// A page of a team's members by user name; pages are counted from 0.
    pub async fn page(&mut self, team: TeamId, page: i64, per_page: i64) -> Result<Vec<TeamMember>> {
        self.db.all(PAGE, args![team, per_page, page.saturating_mul(per_page)], member).await
    }

    /// All memberships of a user, also those that have ended.
    pub async fn of_user(&mut self, user: UserId) -> Result<Vec<TeamMember>> {
        self.db.all(OF_USER, args![user], member).await
    }

    /// The memberships of several users that have not ended, in the order of users and teams.
    pub async fn of_users(&mut self, users: &[UserId]) -> Result<Vec<TeamMember>> {
        let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE m.delete_at = 0 AND m.user_id"));
        query.within(users).push(" ORDER BY m.user_id, m.team_id");
        let (text, args) = query.done();
        self.db.all(text, args, member).await
    }

    /// Those of the users who are members.
    pub async fn by_ids(&mut self, team: TeamId, users: &[UserId]) -> Result<Vec<TeamMember>> {
        let mut found = Vec::with_capacity(users.len());
        for chunk in users.chunks(1024) {
            let mut query =
                Query::new(self.db.dialect(), concat!(columns!(), "WHERE m.delete_at = 0 AND m.team_id = "));
            query.arg(team).push(" AND m.user_id").within(chunk);
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, member).await?);
        }
        Ok(found)
    }

    /// The ids of a team's members.
    pub async fn ids(&mut self, team: TeamId) -> Result<Vec<UserId>> {
        self.db.all(IDS, args![team], Row::take).await
    }

    /// The ids of the teams a user is in, archived teams among them.
    pub async fn team_ids(&mut self, user: UserId) -> Result<Vec<TeamId>> {
        self.db.all(TEAM_IDS, args![user], Row::take).await
    }

    /// How many members a team has, and how many of them are active.
    pub async fn counts(&mut self, team: TeamId) -> Result<(i64, i64)> {
        let counts = self.db.one(COUNTS, args![team], |row| Ok((row.take()?, row.take()?))).await?;
        Ok(counts.unwrap_or_default())
    }

    /// What a user has not read, team by team. Messages in muted channels do not count, mentions there do.
    /// Threads are not counted here.
    pub async fn unreads(&mut self, user: UserId) -> Result<Vec<TeamUnread>> {
        let mut sums: Vec<TeamUnread> = Vec::new();
        for channel in self.db.all(UNREADS, args![user], unread).await? {
            if sums.last().is_none_or(|sum| sum.team_id != channel.team_id) {
                sums.push(TeamUnread { team_id: channel.team_id, ..TeamUnread::default() });
            }
            let Some(sum) = sums.last_mut() else { continue };
            sum.mention_count += channel.mention_count;
            sum.mention_count_root += channel.mention_count_root;
            if !channel.muted {
                sum.msg_count += channel.msg_count;
                sum.msg_count_root += channel.msg_count_root;
            }
        }
        Ok(sums)
    }
}

impl TeamMembersMut<'_> {
    /// Makes somebody a guest in all of their teams, or a member; whatever else they were there, they are no more.
    pub async fn set_guest(&mut self, user: UserId, guest: bool) -> Result<u64> {
        self.db.execute(SET_GUEST, args![guest, !guest, user]).await
    }

    /// Writes a membership: a new one, one that has ended and begins again, or other roles. Of `roles` and
    /// `explicit_roles` the latter is kept.
    pub async fn save(&mut self, m: &TeamMember, at: Millis) -> Result<()> {
        let args = args![
            m.team_id,
            m.user_id,
            at,
            m.delete_at,
            &m.explicit_roles,
            m.scheme_guest,
            m.scheme_user,
            m.scheme_admin
        ];
        self.db.execute(SAVE, args).await.map(drop)
    }

    /// Ends a membership; false if there was none.
    pub async fn remove(&mut self, team: TeamId, user: UserId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(REMOVE, args![at, team, user]).await? == 1)
    }
}

fn member(row: &mut Row) -> Result<TeamMember> {
    let mut member = TeamMember {
        team_id: row.take()?,
        user_id: row.take()?,
        delete_at: row.take()?,
        scheme_guest: row.take()?,
        scheme_user: row.take()?,
        scheme_admin: row.take()?,
        explicit_roles: row.take()?,
        roles: String::new(),
    };
    member.roles = crate::channel_members::effective(
        &member.explicit_roles,
        [
            (member.scheme_guest, row.take::<Option<String>>()?.as_deref().unwrap_or("team_guest")),
            (member.scheme_user, row.take::<Option<String>>()?.as_deref().unwrap_or("team_user")),
            (member.scheme_admin, row.take::<Option<String>>()?.as_deref().unwrap_or("team_admin")),
        ],
    );
    Ok(member)
}

fn unread(row: &mut Row) -> Result<Unread> {
    let team_id = row.take()?;
    row.take::<ChannelId>()?;
    Ok(Unread {
        team_id,
        msg_count: row.take::<i64>()?.max(0),
        msg_count_root: row.take::<i64>()?.max(0),
        mention_count: row.take()?,
        mention_count_root: row.take()?,
        muted: row.take::<Json<StringMap>>()?.0.get("mark_unread").is_some_and(|v| v == "mention"),
    })
}
