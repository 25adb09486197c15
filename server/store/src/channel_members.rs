//! People in channels: what they have read, and how they want to hear of it.
//!
//! What is unread is the difference between the channel's counters and what a member has seen of them, so that a post
//! changes one row, not one per member; only mentions are counted for each, in one statement.
//!
//! In `roles` only explicit roles are stored; a [`ChannelMember`]'s `roles` is their sum with those of the scheme.

use crate::{
    ChannelMembers, ChannelMembersMut, Result, args,
    db::{Json, Query, Row, Sql},
    sql,
};
use model::{
    ChannelId, Millis, StringMap, TeamId, UserId,
    channels::{ChannelMember, ChannelUnread},
};

macro_rules! columns {
    () => {
        "m.channel_id, m.user_id, m.last_viewed_at, m.msg_count, m.mention_count, m.mention_count_root, \
         m.msg_count_root, m.urgent_mention_count, m.notify_props, m.last_update_at, m.scheme_guest, m.scheme_user, \
         m.scheme_admin, m.roles, ss.channel_guest, ss.channel_user, ss.channel_admin"
    };
}
macro_rules! from {
    () => {
        " FROM channel_members m LEFT JOIN channels sc ON sc.id = m.channel_id LEFT JOIN teams st ON st.id = sc.team_id \
         LEFT JOIN schemes ss ON ss.id = COALESCE(sc.scheme_id, st.scheme_id) "
    };
}
macro_rules! select {
    ($rest:literal) => {
        sql!(concat!("SELECT ", columns!(), from!(), $rest))
    };
}

const ONE: &Sql = select!("WHERE m.channel_id = $1 AND m.user_id = $2");
const PAGE: &Sql = select!("WHERE m.channel_id = $1 ORDER BY m.user_id LIMIT $2 OFFSET $3");
const ALL: &Sql = select!("WHERE m.channel_id = $1 ORDER BY m.user_id");
const OF_USER_IN_TEAM: &Sql = select!(
    "JOIN channels c ON c.id = m.channel_id WHERE m.user_id = $1 AND c.team_id IN ('', $2) AND c.delete_at = 0 \
     ORDER BY m.channel_id"
);
const OF_USER: &Sql = select!("WHERE m.user_id = $1 ORDER BY m.channel_id LIMIT $2 OFFSET $3");
const IDS: &Sql = sql!("SELECT user_id FROM channel_members WHERE channel_id = $1 ORDER BY user_id");
const CHANNEL_IDS: &Sql = sql!("SELECT channel_id FROM channel_members WHERE user_id = $1 ORDER BY channel_id");
const UNREAD: &Sql = sql!(
    "SELECT c.team_id, c.id, c.total_msg_count - m.msg_count, m.mention_count, m.mention_count_root, \
     c.total_msg_count_root - m.msg_count_root, m.urgent_mention_count FROM channel_members m \
     JOIN channels c ON c.id = m.channel_id WHERE m.channel_id = $1 AND m.user_id = $2"
);
const ADD: &Sql = sql! {
    all: "INSERT INTO channel_members (channel_id, user_id, roles, last_viewed_at, msg_count, mention_count, \
          mention_count_root, msg_count_root, urgent_mention_count, notify_props, last_update_at, scheme_guest, \
          scheme_user, scheme_admin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
          ON CONFLICT (channel_id, user_id) DO NOTHING",
    mysql: "INSERT IGNORE INTO channel_members (channel_id, user_id, roles, last_viewed_at, msg_count, \
            mention_count, mention_count_root, msg_count_root, urgent_mention_count, notify_props, last_update_at, \
            scheme_guest, scheme_user, scheme_admin) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
};
const OUTSIDE: &Sql = sql!(
    "SELECT m.user_id, u.delete_at FROM channel_members m JOIN users u ON u.id = m.user_id WHERE m.channel_id = $1 \
     AND NOT EXISTS (SELECT t.user_id FROM team_members t WHERE t.team_id = $2 AND t.user_id = m.user_id \
     AND t.delete_at = 0) ORDER BY m.user_id"
);
const REMOVE_OUTSIDE: &Sql = sql!(
    "DELETE FROM channel_members WHERE channel_id = $1 AND user_id NOT IN \
     (SELECT user_id FROM team_members WHERE team_id = $2 AND delete_at = 0)"
);
const REMOVE: &Sql = sql!("DELETE FROM channel_members WHERE channel_id = $1 AND user_id = $2");
const SET_ROLES: &Sql = sql!(
    "UPDATE channel_members SET roles = $1, scheme_guest = $2, scheme_user = $3, scheme_admin = $4, \
     last_update_at = $5 WHERE channel_id = $6 AND user_id = $7"
);
const SET_GUEST: &Sql = sql!(
    "UPDATE channel_members SET scheme_guest = $1, scheme_user = $2, scheme_admin = FALSE, roles = '', \
     last_update_at = $3 WHERE user_id = $4"
);
const SET_NOTIFY: &Sql =
    sql!("UPDATE channel_members SET notify_props = $1, last_update_at = $2 WHERE channel_id = $3 AND user_id = $4");
const SET_UNREAD: &Sql = sql!(
    "UPDATE channel_members SET last_viewed_at = $1, msg_count = $2, msg_count_root = $3, mention_count = $4, \
     mention_count_root = $5, urgent_mention_count = $6, last_update_at = $7 WHERE channel_id = $8 AND user_id = $9"
);
const VIEWED: &Sql = sql!(
    "UPDATE channel_members SET \
     msg_count = CASE WHEN msg_count > $1 THEN msg_count ELSE $2 END, \
     msg_count_root = CASE WHEN msg_count_root > $3 THEN msg_count_root ELSE $4 END, \
     mention_count = 0, mention_count_root = 0, urgent_mention_count = 0, \
     last_viewed_at = CASE WHEN last_viewed_at > $5 THEN last_viewed_at ELSE $6 END, \
     last_update_at = CASE WHEN last_update_at > $7 THEN last_update_at ELSE $8 END \
     WHERE channel_id = $9 AND user_id = $10"
);
const UNREAD_IN_TEAM: &Sql = sql!(
    "SELECT c.id, c.last_post_at FROM channel_members m JOIN channels c ON c.id = m.channel_id \
     WHERE m.user_id = $1 AND c.team_id = $2 AND c.delete_at = 0 \
     AND (m.msg_count < c.total_msg_count OR m.mention_count > 0 OR m.last_viewed_at < c.last_post_at) ORDER BY c.id"
);
const READ_ALL: &str = "UPDATE channel_members SET \
     msg_count = (SELECT c.total_msg_count FROM channels c WHERE c.id = channel_members.channel_id), \
     msg_count_root = (SELECT c.total_msg_count_root FROM channels c WHERE c.id = channel_members.channel_id), \
     last_viewed_at = (SELECT c.last_post_at FROM channels c WHERE c.id = channel_members.channel_id), \
     mention_count = 0, mention_count_root = 0, urgent_mention_count = 0, last_update_at = ";
const IN_TEAM: &Sql = sql!("SELECT id FROM channels WHERE id = $1 AND team_id = $2");
const END: &Sql = sql!("SELECT id, total_msg_count, total_msg_count_root, last_post_at FROM channels WHERE id = $1");
const READ_MORE: &Sql = sql!(
    "UPDATE channel_members SET msg_count = msg_count + $1, msg_count_root = msg_count_root + $2 WHERE channel_id = $3"
);
/// Users in one statement that counts mentions.
const MENTIONED: usize = 8192;

/// What somebody has read of a channel: its counters at that moment. See [`ChannelMembersMut::viewed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub channel_id: ChannelId,
    pub user_id: UserId,
    /// The channel's `total_msg_count` as far as it has been read.
    pub msg_count: i64,
    /// The same of `total_msg_count_root`.
    pub msg_count_root: i64,
    /// The time of the last post that was seen.
    pub last_viewed_at: Millis,
}

/// Where a member's reading stands after marking as unread. See [`ChannelMembersMut::set_unread`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    pub last_viewed_at: Millis,
    pub msg_count: i64,
    pub msg_count_root: i64,
    pub mention_count: i64,
    pub mention_count_root: i64,
    pub urgent_mention_count: i64,
}

impl ChannelMembers<'_> {
    /// A membership.
    pub async fn get(&mut self, channel: ChannelId, user: UserId) -> Result<Option<ChannelMember>> {
        self.db.one(ONE, args![channel, user], member).await
    }

    /// A page of a channel's members by id; pages are counted from 0.
    pub async fn page(&mut self, channel: ChannelId, page: i64, per_page: i64) -> Result<Vec<ChannelMember>> {
        self.db.all(PAGE, args![channel, per_page, page.saturating_mul(per_page)], member).await
    }

    /// All of a channel's members.
    pub async fn all(&mut self, channel: ChannelId) -> Result<Vec<ChannelMember>> {
        self.db.all(ALL, args![channel], member).await
    }

    /// Those of the users who are members.
    pub async fn by_ids(&mut self, channel: ChannelId, users: &[UserId]) -> Result<Vec<ChannelMember>> {
        let mut found = Vec::with_capacity(users.len());
        for chunk in users.chunks(1024) {
            let mut query =
                Query::new(self.db.dialect(), concat!("SELECT ", columns!(), from!(), "WHERE m.channel_id = "));
            query.arg(channel).push(" AND m.user_id").within(chunk);
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, member).await?);
        }
        Ok(found)
    }

    /// A user's memberships in a team's channels, and in direct and group channels.
    pub async fn of_user_in(&mut self, user: UserId, team: TeamId) -> Result<Vec<ChannelMember>> {
        self.db.all(OF_USER_IN_TEAM, args![user, team], member).await
    }

    /// A page of all of a user's memberships; pages are counted from 0.
    pub async fn of_user(&mut self, user: UserId, page: i64, per_page: i64) -> Result<Vec<ChannelMember>> {
        self.db.all(OF_USER, args![user, per_page, page.saturating_mul(per_page)], member).await
    }

    /// All memberships of several users, in the order of users and channels.
    pub async fn of_users(&mut self, users: &[UserId]) -> Result<Vec<ChannelMember>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), from!(), "WHERE m.user_id"));
        query.within(users).push(" ORDER BY m.user_id, m.channel_id");
        let (text, args) = query.done();
        self.db.all(text, args, member).await
    }

    /// All memberships in several channels, in the order of channels and users.
    pub async fn in_channels(&mut self, channels: &[ChannelId]) -> Result<Vec<ChannelMember>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), from!(), "WHERE m.channel_id"));
        query.within(channels).push(" ORDER BY m.channel_id, m.user_id");
        let (text, args) = query.done();
        self.db.all(text, args, member).await
    }

    /// The ids of a channel's members.
    pub async fn ids(&mut self, channel: ChannelId) -> Result<Vec<UserId>> {
        self.db.all(IDS, args![channel], Row::take).await
    }

    /// The ids of a user's channels.
    pub async fn channel_ids(&mut self, user: UserId) -> Result<Vec<ChannelId>> {
        self.db.all(CHANNEL_IDS, args![user], Row::take).await
    }

    /// How many members each of several channels has; channels without any are left out.
    pub async fn counts(&mut self, channels: &[ChannelId]) -> Result<Vec<(ChannelId, i64)>> {
        let mut query =
            Query::new(self.db.dialect(), "SELECT channel_id, COUNT(*) FROM channel_members WHERE channel_id");
        query.within(channels).push(" GROUP BY channel_id ORDER BY channel_id");
        let (text, args) = query.done();
        self.db.all(text, args, |row| Ok((row.take()?, row.take()?))).await
    }

    /// What a member has not read of a channel.
    pub async fn unread(&mut self, channel: ChannelId, user: UserId) -> Result<Option<ChannelUnread>> {
        self.db.one(UNREAD, args![channel, user], unread).await
    }

    /// Who is in a channel and not in a team, and whether they are active.
    pub async fn outside(&mut self, channel: ChannelId, team: TeamId) -> Result<Vec<(UserId, bool)>> {
        self.db.all(OUTSIDE, args![channel, team], |row| Ok((row.take()?, row.take::<Millis>()? == 0))).await
    }
}

impl ChannelMembersMut<'_> {
    /// Lets everybody in a channel have read so much more of it: after posts were added that are new to nobody.
    pub async fn read_more(&mut self, channel: ChannelId, all: i64, roots: i64) -> Result<u64> {
        self.db.execute(READ_MORE, args![all, roots, channel]).await
    }

    /// Says how much some members have not read, all of whom looked last at that moment. Who has looked since is left out.
    pub async fn set_behind(
        &mut self,
        channel: ChannelId,
        users: &[UserId],
        looked_at: Millis,
        all: i64,
        roots: i64,
    ) -> Result<u64> {
        let mut query = Query::new(
            self.db.dialect(),
            "UPDATE channel_members SET msg_count = \
             (SELECT c.total_msg_count FROM channels c WHERE c.id = channel_members.channel_id) - ",
        );
        query.arg(all).push(
            ", msg_count_root = \
             (SELECT c.total_msg_count_root FROM channels c WHERE c.id = channel_members.channel_id) - ",
        );
        query.arg(roots).push(" WHERE channel_id = ").arg(channel);
        query.push(" AND last_viewed_at = ").arg(looked_at).push(" AND user_id").within(users);
        let (text, args) = query.done();
        self.db.execute(text, args).await
    }

    /// Adds a member and tells whether they are new. Of `roles` and `explicit_roles` the latter is kept.
    pub async fn add(&mut self, m: &ChannelMember) -> Result<bool> {
        let args = args![
            m.channel_id,
            m.user_id,
            &m.explicit_roles,
            m.last_viewed_at,
            m.msg_count,
            m.mention_count,
            m.mention_count_root,
            m.msg_count_root,
            m.urgent_mention_count,
            Json(&m.notify_props),
            m.last_update_at,
            m.scheme_guest,
            m.scheme_user,
            m.scheme_admin,
        ];
        Ok(self.db.execute(ADD, args).await? == 1)
    }

    /// Removes a member; false if they were none.
    pub async fn remove(&mut self, channel: ChannelId, user: UserId) -> Result<bool> {
        Ok(self.db.execute(REMOVE, args![channel, user]).await? == 1)
    }

    /// Removes those who are not in a team.
    pub async fn remove_outside(&mut self, channel: ChannelId, team: TeamId) -> Result<u64> {
        self.db.execute(REMOVE_OUTSIDE, args![channel, team]).await
    }

    /// Removes a member from every channel of a team and says which those were.
    pub async fn remove_from_team(&mut self, user: UserId, team: TeamId) -> Result<Vec<ChannelId>> {
        let mine = self.of_user_in(user, team).await?;
        let mut left = Vec::new();
        for member in mine {
            let there = self.db.one(IN_TEAM, args![member.channel_id, team], Row::take::<ChannelId>).await?;
            if there.is_some() && self.remove(member.channel_id, user).await? {
                left.push(member.channel_id);
            }
        }
        Ok(left)
    }

    /// Sets explicit roles and the roles of the scheme.
    pub async fn set_roles(&mut self, m: &ChannelMember, at: Millis) -> Result<bool> {
        let args = args![&m.explicit_roles, m.scheme_guest, m.scheme_user, m.scheme_admin, at, m.channel_id, m.user_id];
        Ok(self.db.execute(SET_ROLES, args).await? == 1)
    }

    /// Makes somebody a guest in all of their channels, or a member; whatever else they were there, they are no more.
    pub async fn set_guest(&mut self, user: UserId, guest: bool, at: Millis) -> Result<u64> {
        self.db.execute(SET_GUEST, args![guest, !guest, at, user]).await
    }

    /// Sets how a member wants to hear of a channel.
    pub async fn set_notify_props(
        &mut self,
        channel: ChannelId,
        user: UserId,
        props: &StringMap,
        at: Millis,
    ) -> Result<bool> {
        Ok(self.db.execute(SET_NOTIFY, args![Json(props), at, channel, user]).await? == 1)
    }

    /// Marks a channel as read up to what was seen; mentions are gone with it. Nothing ever goes backwards, so views
    /// may be written late and in any order.
    pub async fn viewed(&mut self, v: &View, at: Millis) -> Result<bool> {
        let args = args![
            v.msg_count,
            v.msg_count,
            v.msg_count_root,
            v.msg_count_root,
            v.last_viewed_at,
            v.last_viewed_at,
            at,
            at,
            v.channel_id,
            v.user_id,
        ];
        Ok(self.db.execute(VIEWED, args).await? == 1)
    }

    /// Marks channels as read up to their present end.
    pub async fn view(&mut self, user: UserId, channels: &[ChannelId], at: Millis) -> Result<Vec<View>> {
        let mut views = Vec::with_capacity(channels.len());
        for &channel in channels {
            let Some(view) = self.db.one(END, args![channel], |row| end(row, user)).await? else { continue };
            if self.viewed(&view, at).await? {
                views.push(view);
            }
        }
        Ok(views)
    }

    /// Marks all of somebody's channels of a team as read, or with none their conversations; says which were not, and
    /// up to when they are now.
    pub async fn read_all(&mut self, user: UserId, team: TeamId, at: Millis) -> Result<Vec<(ChannelId, Millis)>> {
        let unread =
            self.db.all(UNREAD_IN_TEAM, args![user, team], |row| Ok((row.take::<ChannelId>()?, row.take()?))).await?;
        for chunk in unread.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), READ_ALL);
            query.arg(at).push(" WHERE user_id = ").arg(user);
            query.push(" AND channel_id").within(chunk.iter().map(|(id, _)| *id));
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(unread)
    }

    /// Marks a channel as unread from a post on; the only thing that goes backwards.
    pub async fn set_unread(&mut self, channel: ChannelId, user: UserId, to: &Unread, at: Millis) -> Result<bool> {
        let args = args![
            to.last_viewed_at,
            to.msg_count,
            to.msg_count_root,
            to.mention_count,
            to.mention_count_root,
            to.urgent_mention_count,
            at,
            channel,
            user,
        ];
        Ok(self.db.execute(SET_UNREAD, args).await? == 1)
    }

    /// Counts one more mention for each of the users, in one statement for some thousands of them.
    pub async fn mention(
        &mut self,
        channel: ChannelId,
        users: &[UserId],
        is_root: bool,
        is_urgent: bool,
        at: Millis,
    ) -> Result<u64> {
        let mut changed = 0;
        for chunk in users.chunks(MENTIONED) {
            let mut query = Query::new(
                self.db.dialect(),
                "UPDATE channel_members SET mention_count = mention_count + 1, \
                 mention_count_root = mention_count_root + ",
            );
            query.arg(i64::from(is_root)).push(", urgent_mention_count = urgent_mention_count + ");
            query.arg(i64::from(is_urgent)).push(", last_update_at = ").arg(at);
            query.push(" WHERE channel_id = ").arg(channel).push(" AND user_id").within(chunk);
            let (text, args) = query.done();
            changed += self.db.execute(text, args).await?;
        }
        Ok(changed)
    }
}

/// The sum of explicit roles and those that a scheme gives.
pub(crate) fn effective(explicit: &str, scheme: [(bool, &str); 3]) -> String {
    let given = scheme.into_iter().filter(|(given, _)| *given).map(|(_, role)| role);
    let mut roles: Vec<&str> = explicit.split_whitespace().collect();
    for role in given {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles.join(" ")
}

fn member(row: &mut Row) -> Result<ChannelMember> {
    let mut member = ChannelMember {
        channel_id: row.take()?,
        user_id: row.take()?,
        last_viewed_at: row.take()?,
        msg_count: row.take()?,
        mention_count: row.take()?,
        mention_count_root: row.take()?,
        msg_count_root: row.take()?,
        urgent_mention_count: row.take()?,
        notify_props: row.take::<Json<_>>()?.0,
        last_update_at: row.take()?,
        scheme_guest: row.take()?,
        scheme_user: row.take()?,
        scheme_admin: row.take()?,
        explicit_roles: row.take()?,
        roles: String::new(),
    };
    member.roles = effective(
        &member.explicit_roles,
        [
            (member.scheme_guest, row.take::<Option<String>>()?.as_deref().unwrap_or("channel_guest")),
            (member.scheme_user, row.take::<Option<String>>()?.as_deref().unwrap_or("channel_user")),
            (member.scheme_admin, row.take::<Option<String>>()?.as_deref().unwrap_or("channel_admin")),
        ],
    );
    Ok(member)
}

fn unread(row: &mut Row) -> Result<ChannelUnread> {
    Ok(ChannelUnread {
        team_id: row.take()?,
        channel_id: row.take()?,
        msg_count: row.take::<i64>()?.max(0),
        mention_count: row.take()?,
        mention_count_root: row.take()?,
        msg_count_root: row.take::<i64>()?.max(0),
        urgent_mention_count: row.take()?,
    })
}

fn end(row: &mut Row, user_id: UserId) -> Result<View> {
    Ok(View {
        channel_id: row.take()?,
        user_id,
        msg_count: row.take()?,
        msg_count_root: row.take()?,
        last_viewed_at: row.take()?,
    })
}
