//! Teams.

use crate::{
    Result, Teams, TeamsMut, args,
    db::{Query, Row, Sql, like_anywhere},
    sql,
};
use model::{ChannelId, Millis, TeamId, UserId, teams::Team};

macro_rules! columns {
    () => {
        "t.id, t.create_at, t.update_at, t.delete_at, t.display_name, t.name, t.description, t.email, t.kind, \
         t.company_name, t.allowed_domains, t.invite_id, t.allow_open_invite, t.last_team_icon_update, t.scheme_id, \
         t.group_constrained"
    };
}
macro_rules! select {
    ($rest:literal) => {
        sql!(concat!("SELECT ", columns!(), " FROM teams t ", $rest))
    };
}

const BY_ID: &Sql = select!("WHERE t.id = $1");
const AFTER: &Sql = select!("WHERE t.id > $1 ORDER BY t.id LIMIT $2");
const BY_NAME: &Sql = select!("WHERE t.name = $1");
const BY_INVITE: &Sql = select!("WHERE t.invite_id = $1 AND t.invite_id <> ''");
const OF_USER: &Sql = select!(
    "JOIN team_members m ON m.team_id = t.id WHERE m.user_id = $1 AND m.delete_at = 0 AND t.delete_at = 0 \
     ORDER BY t.display_name, t.id"
);
const COMMON: &Sql = select!(
    "JOIN team_members o ON o.team_id = t.id WHERE o.user_id = $1 AND o.delete_at = 0 AND t.delete_at = 0 \
     AND NOT EXISTS (SELECT c.user_id FROM channel_members c WHERE c.channel_id = $2 AND NOT EXISTS \
     (SELECT m.user_id FROM team_members m WHERE m.team_id = t.id AND m.user_id = c.user_id AND m.delete_at = 0)) \
     ORDER BY t.display_name, t.id"
);
const INSERT: &Sql = sql!(
    "INSERT INTO teams (id, create_at, update_at, delete_at, display_name, name, description, email, kind, \
     company_name, allowed_domains, invite_id, allow_open_invite, last_team_icon_update, scheme_id, \
     group_constrained, names) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
);
const UPDATE: &Sql = sql!(
    "UPDATE teams SET update_at = $1, delete_at = $2, display_name = $3, name = $4, description = $5, email = $6, \
     kind = $7, company_name = $8, allowed_domains = $9, invite_id = $10, allow_open_invite = $11, \
     last_team_icon_update = $12, scheme_id = $13, group_constrained = $14, names = $15 WHERE id = $16"
);
/// What a team leaves behind when its channels are gone, in the order in which it can go.
const PURGE: [&Sql; 3] = [
    sql!("DELETE FROM team_members WHERE team_id = $1"),
    sql!("DELETE FROM sidebar_categories WHERE team_id = $1"),
    sql!("DELETE FROM teams WHERE id = $1"),
];

/// Which teams.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Only those that anybody may join, or only those that need an invitation.
    pub open: Option<bool>,
    /// Those of which this user is a member are found in any case.
    pub member: Option<UserId>,
    /// Archived ones as well.
    pub with_deleted: bool,
    /// What their name or display name contains; case does not matter.
    pub term: String,
}

impl Teams<'_> {
    /// A team by id, archived ones too.
    pub async fn by_id(&mut self, id: TeamId) -> Result<Option<Team>> {
        self.db.one(BY_ID, args![id], team).await
    }

    /// Those of the ids that exist, by display name.
    pub async fn by_ids(&mut self, ids: &[TeamId]) -> Result<Vec<Team>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM teams t WHERE t.id"));
        query.within(ids).push(" ORDER BY t.display_name, t.id");
        let (text, args) = query.done();
        self.db.all(text, args, team).await
    }

    /// Teams by id, after one, archived ones too.
    pub async fn after(&mut self, id: TeamId, limit: i64) -> Result<Vec<Team>> {
        self.db.all(AFTER, args![id, limit], team).await
    }

    /// A team by the name in its address.
    pub async fn by_name(&mut self, name: &str) -> Result<Option<Team>> {
        self.db.one(BY_NAME, args![name.to_lowercase()], team).await
    }

    /// A team by the id in its invitation links.
    pub async fn by_invite(&mut self, invite: &str) -> Result<Option<Team>> {
        self.db.one(BY_INVITE, args![invite], team).await
    }

    /// The teams a user is in, archived ones apart, by display name.
    pub async fn of_user(&mut self, user: UserId) -> Result<Vec<Team>> {
        self.db.all(OF_USER, args![user], team).await
    }

    /// The teams of somebody in which everybody of a channel is.
    pub async fn common(&mut self, channel: ChannelId, user: UserId) -> Result<Vec<Team>> {
        self.db.all(COMMON, args![user, channel], team).await
    }

    /// A page of teams by display name; pages are counted from 0.
    pub async fn page(&mut self, which: &Which, page: i64, per_page: i64) -> Result<Vec<Team>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM teams t"));
        restrict(&mut query, which);
        query.push(" ORDER BY t.display_name, t.id").page(per_page, page.saturating_mul(per_page));
        let (text, args) = query.done();
        self.db.all(text, args, team).await
    }

    /// How many teams there are of those described.
    pub async fn count(&mut self, which: &Which) -> Result<i64> {
        let mut query = Query::new(self.db.dialect(), "SELECT COUNT(*) FROM teams t");
        restrict(&mut query, which);
        let (text, args) = query.done();
        self.db.count(text, args).await
    }
}

impl TeamsMut<'_> {
    /// Adds a team.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) on `teams_name`, also when the team of that name is archived.
    pub async fn insert(&mut self, t: &Team) -> Result<()> {
        let args = args![
            t.id,
            t.create_at,
            t.update_at,
            t.delete_at,
            &t.display_name,
            t.name.to_lowercase(),
            &t.description,
            &t.email,
            &t.kind,
            &t.company_name,
            &t.allowed_domains,
            &t.invite_id,
            t.allow_open_invite,
            t.last_team_icon_update,
            t.scheme_id.clone(),
            t.group_constrained,
            names(t),
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes the whole team.
    pub async fn update(&mut self, t: &Team) -> Result<bool> {
        let args = args![
            t.update_at,
            t.delete_at,
            &t.display_name,
            t.name.to_lowercase(),
            &t.description,
            &t.email,
            &t.kind,
            &t.company_name,
            &t.allowed_domains,
            &t.invite_id,
            t.allow_open_invite,
            t.last_team_icon_update,
            t.scheme_id.clone(),
            t.group_constrained,
            names(t),
            t.id,
        ];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Archives a team, or takes it back with a `delete_at` of 0.
    pub async fn set_deleted(&mut self, id: TeamId, delete_at: Millis, at: Millis) -> Result<bool> {
        const SET_DELETED: &Sql = sql!("UPDATE teams SET delete_at = $1, update_at = $2 WHERE id = $3");
        Ok(self.db.execute(SET_DELETED, args![delete_at, at, id]).await? == 1)
    }

    /// Removes a team for good. Its channels have to be gone.
    pub async fn purge(&mut self, id: TeamId) -> Result<()> {
        for statement in PURGE {
            self.db.execute(statement, args![id]).await?;
        }
        Ok(())
    }
}

fn restrict(query: &mut Query, which: &Which) {
    query.push(" WHERE 1 = 1");
    if !which.with_deleted {
        query.push(" AND t.delete_at = 0");
    }
    match (which.open, which.member) {
        (None, None) => {}
        (open, member) => {
            query.push(" AND (1 = 0");
            if let Some(open) = open {
                query.push(" OR t.allow_open_invite = ").arg(open);
            }
            if let Some(user) = member {
                query.push(" OR EXISTS (SELECT x.team_id FROM team_members x WHERE x.team_id = t.id");
                query.push(" AND x.delete_at = 0 AND x.user_id = ").arg(user).push(")");
            }
            query.push(")");
        }
    }
    if !which.term.is_empty() {
        query.push(" AND t.names LIKE ").arg(like_anywhere(&which.term.to_lowercase())).push(" ESCAPE '!'");
    }
}

fn names(t: &Team) -> String {
    format!("{}\n{}", t.name, t.display_name).to_lowercase()
}

pub(crate) fn team(row: &mut Row) -> Result<Team> {
    Ok(Team {
        id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        display_name: row.take()?,
        name: row.take()?,
        description: row.take()?,
        email: row.take()?,
        kind: row.take()?,
        company_name: row.take()?,
        allowed_domains: row.take()?,
        invite_id: row.take()?,
        allow_open_invite: row.take()?,
        last_team_icon_update: row.take()?,
        scheme_id: row.take()?,
        group_constrained: row.take()?,
        policy_id: None,
    })
}
