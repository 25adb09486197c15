//! People and bots.
//!
//! Names and addresses are stored lower-cased by us, whatever the caller sends. Passwords and secrets never leave in a
//! [`User`]: they have [`Credentials`] of their own. Which users someone may see is not decided here.

use crate::{
    Result, Users, UsersMut, args,
    db::{Arg, Json, Query, Row, Sql, like_anywhere},
    sql,
};
use model::{ChannelId, Millis, TeamId, UserId, users::User};

macro_rules! columns {
    () => {
        "u.id, u.create_at, u.update_at, u.delete_at, u.username, u.auth_data, u.auth_service, u.email, \
         u.email_verified, u.nickname, u.first_name, u.last_name, u.position, u.roles, u.props, u.notify_props, \
         u.last_password_update, u.last_picture_update, u.failed_attempts, u.locale, u.timezone, u.mfa_active, \
         u.is_bot, u.bot_description, u.last_activity_at, u.disable_welcome_email"
    };
}
pub(crate) use columns;
macro_rules! select {
    ($rest:literal) => {
        sql!(concat!("SELECT ", columns!(), " FROM users u ", $rest))
    };
}

const BY_ID: &Sql = select!("WHERE u.id = $1");
const AFTER: &Sql = select!("WHERE u.id > $1 ORDER BY u.id LIMIT $2");
const BY_USERNAME: &Sql = select!("WHERE u.username = $1");
const BY_EMAIL: &Sql = select!("WHERE u.email = $1");
const BY_LOGIN: &Sql = select!("WHERE u.username = $1 OR u.email = $2 ORDER BY u.username");
const BY_AUTH: &Sql = select!("WHERE u.auth_service = $1 AND u.auth_data = $2");
const CREDENTIALS: &Sql = sql!("SELECT password, mfa_active, mfa_secret, failed_attempts FROM users WHERE id = $1");
const COUNT: &Sql = sql!("SELECT COUNT(*) FROM users WHERE delete_at = 0 AND is_bot = FALSE");
const COUNT_ALL: &Sql = sql!("SELECT COUNT(*) FROM users");
const EXISTS: &Sql = sql!("SELECT EXISTS(SELECT id FROM users)");
const KNOWN: &Sql = sql!(
    "SELECT DISTINCT o.user_id FROM channel_members m JOIN channel_members o ON o.channel_id = m.channel_id \
     WHERE m.user_id = $1 AND o.user_id <> $2 ORDER BY o.user_id"
);
const GUESTS: &Sql =
    sql!("SELECT id FROM users WHERE delete_at = 0 AND roles LIKE '%system!_guest%' ESCAPE '!' ORDER BY id LIMIT $1");
const INSERT: &Sql = sql!(
    "INSERT INTO users (id, create_at, update_at, delete_at, username, auth_data, auth_service, email, \
     email_verified, nickname, first_name, last_name, position, roles, props, notify_props, last_password_update, \
     last_picture_update, failed_attempts, locale, timezone, mfa_active, is_bot, bot_description, last_activity_at, \
     disable_welcome_email, names, password, mfa_secret) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
     $23, $24, $25, $26, $27, $28, '')"
);
const UPDATE: &Sql = sql!(
    "UPDATE users SET update_at = $1, delete_at = $2, username = $3, auth_data = $4, auth_service = $5, email = $6, \
     email_verified = $7, nickname = $8, first_name = $9, last_name = $10, position = $11, roles = $12, props = $13, \
     notify_props = $14, last_picture_update = $15, locale = $16, timezone = $17, is_bot = $18, \
     bot_description = $19, disable_welcome_email = $20, names = $21 WHERE id = $22"
);
const SET_PASSWORD: &Sql = sql!(
    "UPDATE users SET password = $1, last_password_update = $2, update_at = $3, failed_attempts = 0, \
     auth_service = '', auth_data = '' WHERE id = $4"
);
const SET_AUTH: &Sql = sql!(
    "UPDATE users SET auth_service = $1, auth_data = $2, password = '', last_password_update = $3, update_at = $4, \
     failed_attempts = 0 WHERE id = $5"
);
const REHASH: &Sql = sql!("UPDATE users SET password = $1 WHERE id = $2");
const SET_ROLES: &Sql = sql!("UPDATE users SET roles = $1, update_at = $2 WHERE id = $3");
const SET_ACTIVE: &Sql = sql!("UPDATE users SET delete_at = $1, update_at = $2 WHERE id = $3");
const SET_FAILED: &Sql = sql!("UPDATE users SET failed_attempts = $1 WHERE id = $2");
const ADD_FAILED: &Sql = sql!("UPDATE users SET failed_attempts = failed_attempts + 1 WHERE id = $1");
const SET_ACTIVITY: &Sql = sql!("UPDATE users SET last_activity_at = $1 WHERE id = $2 AND last_activity_at < $3");
const SET_PICTURE: &Sql = sql!("UPDATE users SET last_picture_update = $1, update_at = $2 WHERE id = $3");
const SET_VERIFIED: &Sql = sql!("UPDATE users SET email_verified = TRUE, email = $1, update_at = $2 WHERE id = $3");
const SET_MFA: &Sql = sql!("UPDATE users SET mfa_active = $1, mfa_secret = $2, update_at = $3 WHERE id = $4");

/// What proves who someone is. Not printed by `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The password's hash; empty where there is none.
    pub password: String,
    /// Whether a second factor is asked for.
    pub mfa_active: bool,
    /// The secret of the second factor.
    pub mfa_secret: String,
    /// Wrong passwords since the last right one.
    pub failed_attempts: i64,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// The order of a list of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By name.
    #[default]
    Username,
    /// Newest account first.
    CreateAt,
    /// Those whose presence is known, last seen first; others are left out.
    LastActivity,
    /// Online, away, do not disturb, offline; by name among equals.
    Status,
    /// Administrators of the channel or team first; needs `in_channel` or `in_team`.
    Admin,
}

/// Which users; what is `None` or false does not restrict. Used by pages, searches and counts.
#[derive(Clone, Debug, Default)]
pub struct Which {
    pub in_team: Option<TeamId>,
    pub not_in_team: Option<TeamId>,
    pub in_channel: Option<ChannelId>,
    pub not_in_channel: Option<ChannelId>,
    /// Only those who are in no team.
    pub without_team: bool,
    /// Only accounts that are active, or only those that are not.
    pub active: Option<bool>,
    /// Only those whose own roles hold one of these.
    pub roles: Vec<String>,
    /// Only those who have one of these places.
    pub ranks: Vec<Rank>,
    /// Leaves bots out.
    pub no_bots: bool,
    /// Only those who share a channel with this person, who is one of them.
    pub known_to: Option<UserId>,
    /// Only these people.
    pub among: Option<Vec<UserId>>,
}

/// A place somebody has in the system, the team or the channel. Administrators of the system have none in the latter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// No more than a member of the system.
    SystemUser,
    SystemGuest,
    SystemAdmin,
    SystemUserManager,
    SystemReadOnlyAdmin,
    SystemManager,
    /// Of `in_team`.
    TeamAdmin,
    TeamUser,
    TeamGuest,
    /// Of `in_channel`.
    ChannelAdmin,
    ChannelUser,
    ChannelGuest,
}

/// What to look for in names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term<'a> {
    /// The beginning of a user name, first name, last name, nickname or full name; case does not matter.
    pub text: &'a str,
    /// Whether the beginning of the address counts as well.
    pub emails: bool,
    /// Whether first and last names count.
    pub full_names: bool,
}

impl Rank {
    /// The place that a role gives.
    pub fn of(role: &str) -> Option<Self> {
        Some(match role {
            "system_user" => Self::SystemUser,
            "system_guest" => Self::SystemGuest,
            "system_admin" => Self::SystemAdmin,
            "system_user_manager" => Self::SystemUserManager,
            "system_read_only_admin" => Self::SystemReadOnlyAdmin,
            "system_manager" => Self::SystemManager,
            "team_admin" => Self::TeamAdmin,
            "team_user" => Self::TeamUser,
            "team_guest" => Self::TeamGuest,
            "channel_admin" => Self::ChannelAdmin,
            "channel_user" => Self::ChannelUser,
            "channel_guest" => Self::ChannelGuest,
            _ => return None,
        })
    }
}

impl Users<'_> {
    /// A user by id, deactivated ones too.
    pub async fn by_id(&mut self, id: UserId) -> Result<Option<User>> {
        self.db.one(BY_ID, args![id], user).await
    }

    /// Those of the ids that exist, by name.
    pub async fn by_ids(&mut self, ids: &[UserId]) -> Result<Vec<User>> {
        self.within("u.id", ids).await
    }

    /// Users by id, after one: all there are, deactivated ones and bots too.
    pub async fn after(&mut self, id: UserId, limit: i64) -> Result<Vec<User>> {
        self.db.all(AFTER, args![id, limit], user).await
    }

    /// A user by name, whatever its case.
    pub async fn by_username(&mut self, username: &str) -> Result<Option<User>> {
        self.db.one(BY_USERNAME, args![username.to_lowercase()], user).await
    }

    /// Those of the names that exist, by name.
    pub async fn by_usernames(&mut self, names: &[String]) -> Result<Vec<User>> {
        let names: Vec<_> = names.iter().map(|name| name.to_lowercase()).collect();
        self.within("u.username", &names).await
    }

    /// A user by address, whatever its case.
    pub async fn by_email(&mut self, email: &str) -> Result<Option<User>> {
        self.db.one(BY_EMAIL, args![email.to_lowercase()], user).await
    }

    /// A user by what people type to sign in: a name if there is one, else an address.
    pub async fn by_login(&mut self, login: &str) -> Result<Option<User>> {
        let login = login.to_lowercase();
        let found = self.db.all(BY_LOGIN, args![&login, &login], user).await?;
        let named = found.iter().position(|user| user.username == login).unwrap_or(0);
        Ok(found.into_iter().nth(named))
    }

    /// A user by what another service calls them.
    pub async fn by_auth(&mut self, service: &str, data: &str) -> Result<Option<User>> {
        self.db.one(BY_AUTH, args![service, data], user).await
    }

    /// What proves that someone is this user.
    pub async fn credentials(&mut self, id: UserId) -> Result<Option<Credentials>> {
        self.db.one(CREDENTIALS, args![id], credentials).await
    }

    /// Who shares a channel with a user.
    pub async fn known(&mut self, id: UserId) -> Result<Vec<UserId>> {
        self.db.all(KNOWN, args![id, id], Row::take).await
    }

    /// Those of several people whom somebody shares a channel with, or who are they themselves.
    pub async fn known_among(&mut self, viewer: UserId, ids: &[UserId]) -> Result<Vec<UserId>> {
        let mut found = Vec::new();
        for chunk in ids.chunks(1024) {
            let which = Which { known_to: Some(viewer), among: Some(chunk.to_vec()), ..Which::default() };
            let mut query = Query::new(self.db.dialect(), "SELECT u.id FROM users u");
            restrict(&mut query, &which, Sort::Username);
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, Row::take::<UserId>).await?);
        }
        Ok(found)
    }

    /// Guests who are active, at most so many.
    pub async fn guests(&mut self, limit: i64) -> Result<Vec<UserId>> {
        self.db.all(GUESTS, args![limit], Row::take).await
    }

    /// How many active people there are, bots apart.
    pub async fn count(&mut self) -> Result<i64> {
        self.db.count(COUNT, args![]).await
    }

    /// How many accounts there are, bots and deactivated ones included.
    pub async fn count_all(&mut self) -> Result<i64> {
        self.db.count(COUNT_ALL, args![]).await
    }

    /// Whether there is any account at all.
    pub async fn exists(&mut self) -> Result<bool> {
        Ok(self.db.one(EXISTS, args![], Row::take).await?.unwrap_or(false))
    }

    /// How many users there are of those described.
    pub async fn count_of(&mut self, which: &Which) -> Result<i64> {
        let mut query = Query::new(self.db.dialect(), "SELECT COUNT(*) FROM users u");
        restrict(&mut query, which, Sort::Username);
        let (text, args) = query.done();
        self.db.count(text, args).await
    }

    /// A page of users; pages are counted from 0.
    pub async fn page(&mut self, which: &Which, sort: Sort, page: i64, per_page: i64) -> Result<Vec<User>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM users u"));
        restrict(&mut query, which, sort);
        order(&mut query, which, sort);
        query.page(per_page, page.saturating_mul(per_page));
        let (text, args) = query.done();
        self.db.all(text, args, user).await
    }

    /// Users whose names begin with a text, by name. An empty text finds all.
    pub async fn search(&mut self, which: &Which, term: Term<'_>, limit: i64) -> Result<Vec<User>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM users u"));
        restrict(&mut query, which, Sort::Username);
        for word in term.text.trim_start_matches('@').to_lowercase().split_whitespace() {
            matching(&mut query, word, term);
        }
        query.push(" ORDER BY u.username").page(limit, 0);
        let (text, args) = query.done();
        self.db.all(text, args, user).await
    }

    async fn within<T: Clone + Into<Arg>>(&mut self, column: &'static str, values: &[T]) -> Result<Vec<User>> {
        let mut found = Vec::with_capacity(values.len());
        for chunk in values.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM users u WHERE "));
            query.push(column).within(chunk.iter().cloned()).push(" ORDER BY u.username");
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, user).await?);
        }
        Ok(found)
    }
}

impl UsersMut<'_> {
    /// Adds an account with the hash of its password, empty for none.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) on `users_username` or `users_email`.
    pub async fn insert(&mut self, user: &User, password: &str) -> Result<()> {
        let args = args![
            user.id,
            user.create_at,
            user.update_at,
            user.delete_at,
            user.username.to_lowercase(),
            &user.auth_data,
            &user.auth_service,
            user.email.to_lowercase(),
            user.email_verified,
            &user.nickname,
            &user.first_name,
            &user.last_name,
            &user.position,
            &user.roles,
            Json(&user.props),
            Json(&user.notify_props),
            user.last_password_update,
            user.last_picture_update,
            user.failed_attempts,
            &user.locale,
            Json(&user.timezone),
            user.mfa_active,
            user.is_bot,
            &user.bot_description,
            user.last_activity_at,
            user.disable_welcome_email,
            names(user),
            password,
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Writes everything but what has a function of its own: password, failed attempts, second factor, activity.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) as [`UsersMut::insert`].
    pub async fn update(&mut self, user: &User) -> Result<bool> {
        let args = args![
            user.update_at,
            user.delete_at,
            user.username.to_lowercase(),
            &user.auth_data,
            &user.auth_service,
            user.email.to_lowercase(),
            user.email_verified,
            &user.nickname,
            &user.first_name,
            &user.last_name,
            &user.position,
            &user.roles,
            Json(&user.props),
            Json(&user.notify_props),
            user.last_picture_update,
            &user.locale,
            Json(&user.timezone),
            user.is_bot,
            &user.bot_description,
            user.disable_welcome_email,
            names(user),
            user.id,
        ];
        Ok(self.db.execute(UPDATE, args).await? == 1)
    }

    /// Sets the hash of a new password; from now on it is what counts, not another service.
    pub async fn set_password(&mut self, id: UserId, hash: &str, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_PASSWORD, args![hash, at, at, id]).await? == 1)
    }

    /// Says that another service knows the account, as `data`; there is no password from now on.
    pub async fn set_auth(&mut self, id: UserId, service: &str, data: &str, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_AUTH, args![service, data, at, at, id]).await? == 1)
    }

    /// Sets a better hash of the same password.
    pub async fn rehash(&mut self, id: UserId, hash: &str) -> Result<bool> {
        Ok(self.db.execute(REHASH, args![hash, id]).await? == 1)
    }

    /// Sets the roles of the account.
    pub async fn set_roles(&mut self, id: UserId, roles: &str, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_ROLES, args![roles, at, id]).await? == 1)
    }

    /// Deactivates an account (`delete_at` is the time) or activates it (0).
    pub async fn set_active(&mut self, id: UserId, delete_at: Millis, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_ACTIVE, args![delete_at, at, id]).await? == 1)
    }

    /// Sets how many wrong passwords there have been.
    pub async fn set_failed_attempts(&mut self, id: UserId, count: i64) -> Result<bool> {
        Ok(self.db.execute(SET_FAILED, args![count, id]).await? == 1)
    }

    /// Counts one more wrong password.
    pub async fn add_failed_attempt(&mut self, id: UserId) -> Result<bool> {
        Ok(self.db.execute(ADD_FAILED, args![id]).await? == 1)
    }

    /// Notes when they were last active; never goes back.
    pub async fn set_last_activity(&mut self, id: UserId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_ACTIVITY, args![at, id, at]).await? == 1)
    }

    /// Notes that their picture is a new one, or none (0).
    pub async fn set_picture(&mut self, id: UserId, picture_at: Millis, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_PICTURE, args![picture_at, at, id]).await? == 1)
    }

    /// Notes that an address is really theirs, and makes it their address.
    pub async fn set_verified(&mut self, id: UserId, email: &str, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_VERIFIED, args![email.to_lowercase(), at, id]).await? == 1)
    }

    /// Sets the second factor.
    pub async fn set_mfa(&mut self, id: UserId, active: bool, secret: &str, at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_MFA, args![active, secret, at, id]).await? == 1)
    }
}

/// Joins and conditions. A join comes before any condition, so both are added here.
pub(crate) fn restrict(query: &mut Query, which: &Which, sort: Sort) {
    if let Some(channel) = which.in_channel {
        query.push(" JOIN channel_members cm ON cm.user_id = u.id AND cm.channel_id = ").arg(channel);
    }
    if let Some(team) = which.in_team {
        query.push(" JOIN team_members tm ON tm.user_id = u.id AND tm.delete_at = 0 AND tm.team_id = ").arg(team);
    }
    match sort {
        Sort::Status => query.push(" LEFT JOIN statuses s ON s.user_id = u.id"),
        Sort::LastActivity => query.push(" JOIN statuses s ON s.user_id = u.id"),
        _ => query,
    };
    query.push(" WHERE 1 = 1");
    if let Some(team) = which.not_in_team {
        query.push(" AND NOT EXISTS (SELECT user_id FROM team_members x WHERE x.user_id = u.id AND x.delete_at = 0");
        query.push(" AND x.team_id = ").arg(team).push(")");
    }
    if let Some(channel) = which.not_in_channel {
        query.push(" AND NOT EXISTS (SELECT user_id FROM channel_members x WHERE x.user_id = u.id");
        query.push(" AND x.channel_id = ").arg(channel).push(")");
    }
    if which.without_team {
        query.push(" AND NOT EXISTS (SELECT user_id FROM team_members x WHERE x.user_id = u.id AND x.delete_at = 0)");
    }
    match which.active {
        Some(true) => query.push(" AND u.delete_at = 0"),
        Some(false) => query.push(" AND u.delete_at <> 0"),
        None => query,
    };
    if which.no_bots {
        query.push(" AND u.is_bot = FALSE");
    }
    if let Some(viewer) = which.known_to {
        query.push(" AND (u.id = ").arg(viewer);
        query.push(" OR EXISTS (SELECT o.user_id FROM channel_members o JOIN channel_members m");
        query.push(" ON m.channel_id = o.channel_id WHERE o.user_id = u.id AND m.user_id = ").arg(viewer).push("))");
    }
    if let Some(ids) = &which.among {
        query.push(" AND u.id").within(ids);
    }
    for (i, role) in which.roles.iter().enumerate() {
        query.push(if i == 0 { " AND (" } else { " OR " });
        // Blanks on both sides, so that `user` is not found in `guest_user`.
        query.push(match query.dialect() {
            crate::Dialect::MySql => "CONCAT(' ', u.roles, ' ') LIKE ",
            _ => "' ' || u.roles || ' ' LIKE ",
        });
        query.arg(like_anywhere(&format!(" {role} "))).push(" ESCAPE '!'");
    }
    if !which.roles.is_empty() {
        query.push(")");
    }
    let ranks = which.ranks.iter().filter(|rank| match rank {
        Rank::TeamAdmin | Rank::TeamUser | Rank::TeamGuest => which.in_team.is_some(),
        Rank::ChannelAdmin | Rank::ChannelUser | Rank::ChannelGuest => which.in_channel.is_some(),
        _ => true,
    });
    for (i, rank) in ranks.clone().enumerate() {
        query.push(if i == 0 { " AND (" } else { " OR " }).push(place(*rank));
    }
    if ranks.count() != 0 {
        query.push(")");
    }
}

/// The condition for a place.
fn place(rank: Rank) -> &'static str {
    match rank {
        Rank::SystemUser => "u.roles = 'system_user'",
        Rank::SystemGuest => "u.roles LIKE '%system!_guest%' ESCAPE '!'",
        Rank::SystemAdmin => "u.roles LIKE '%system!_admin%' ESCAPE '!'",
        Rank::SystemUserManager => "u.roles LIKE '%system!_user!_manager%' ESCAPE '!'",
        Rank::SystemReadOnlyAdmin => "u.roles LIKE '%system!_read!_only!_admin%' ESCAPE '!'",
        Rank::SystemManager => "u.roles LIKE '%system!_manager%' ESCAPE '!'",
        Rank::TeamAdmin => "(tm.scheme_admin = TRUE AND u.roles NOT LIKE '%system!_admin%' ESCAPE '!')",
        Rank::TeamUser => {
            "(tm.scheme_user = TRUE AND tm.scheme_admin = FALSE AND u.roles NOT LIKE '%system!_admin%' ESCAPE '!')"
        }
        Rank::TeamGuest => "tm.scheme_guest = TRUE",
        Rank::ChannelAdmin => "(cm.scheme_admin = TRUE AND u.roles NOT LIKE '%system!_admin%' ESCAPE '!')",
        Rank::ChannelUser => {
            "(cm.scheme_user = TRUE AND cm.scheme_admin = FALSE AND u.roles NOT LIKE '%system!_admin%' ESCAPE '!')"
        }
        Rank::ChannelGuest => "cm.scheme_guest = TRUE",
    }
}

fn order(query: &mut Query, which: &Which, sort: Sort) {
    query.push(match sort {
        Sort::CreateAt => " ORDER BY u.create_at DESC, u.id",
        Sort::LastActivity => " ORDER BY s.last_activity_at DESC, u.username",
        Sort::Status => {
            " ORDER BY CASE s.status WHEN 'online' THEN 1 WHEN 'away' THEN 2 WHEN 'dnd' THEN 3 ELSE 4 END, u.username"
        }
        Sort::Admin if which.in_channel.is_some() => " ORDER BY cm.scheme_admin DESC, u.username",
        Sort::Admin if which.in_team.is_some() => " ORDER BY tm.scheme_admin DESC, u.username",
        Sort::Username | Sort::Admin => " ORDER BY u.username",
    });
}

pub(crate) fn matching(query: &mut Query, word: &str, term: Term<'_>) {
    query.push(" AND (");
    if term.full_names {
        // In `names` every name begins a line.
        query.push("u.names LIKE ").arg(like_anywhere(&format!("\n{word}"))).push(" ESCAPE '!'");
    } else {
        query.push("u.username LIKE ").arg(crate::db::like_prefix(word)).push(" ESCAPE '!'");
        query.push(" OR LOWER(u.nickname) LIKE ").arg(crate::db::like_prefix(word)).push(" ESCAPE '!'");
    }
    if term.emails {
        query.push(" OR u.email LIKE ").arg(crate::db::like_prefix(word)).push(" ESCAPE '!'");
    }
    query.push(")");
}

/// Everything that a search finds people by, lower-cased by the rules of Unicode, which SQLite does not know: each
/// name, and each word of a name, begins a line.
fn names(user: &User) -> String {
    let mut names = String::new();
    for name in [&user.username, &user.nickname, &user.first_name, &user.last_name] {
        for word in name.to_lowercase().split_whitespace() {
            names.push('\n');
            names.push_str(word);
        }
    }
    names
}

pub(crate) fn user(row: &mut Row) -> Result<User> {
    Ok(User {
        id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        username: row.take()?,
        password: String::new(),
        auth_data: row.take()?,
        auth_service: row.take()?,
        email: row.take()?,
        email_verified: row.take()?,
        nickname: row.take()?,
        first_name: row.take()?,
        last_name: row.take()?,
        position: row.take()?,
        roles: row.take()?,
        props: row.take::<Json<_>>()?.0,
        notify_props: row.take::<Json<_>>()?.0,
        last_password_update: row.take()?,
        last_picture_update: row.take()?,
        failed_attempts: row.take()?,
        locale: row.take()?,
        timezone: row.take::<Json<_>>()?.0,
        mfa_active: row.take()?,
        is_bot: row.take()?,
        bot_description: row.take()?,
        last_activity_at: row.take()?,
        disable_welcome_email: row.take()?,
    })
}

fn credentials(row: &mut Row) -> Result<Credentials> {
    Ok(Credentials {
        password: row.take()?,
        mfa_active: row.take()?,
        mfa_secret: row.take()?,
        failed_attempts: row.take()?,
    })
}
