//! Signed-in sessions.

use crate::{
    Result, Sessions, SessionsMut, args,
    db::{Json, Query, Row, Sql},
    sql,
};
use model::{Millis, SessionId, UserId, sessions::Session};

macro_rules! select {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, token, create_at, expires_at, last_activity_at, user_id, device_id, roles, is_oauth, \
             expired_notify, props FROM sessions ",
            $rest
        ))
    };
}

const BY_TOKEN: &Sql = select!("WHERE token = $1");
const BY_ID: &Sql = select!("WHERE id = $1");
const OF_USER: &Sql = select!("WHERE user_id = $1 ORDER BY last_activity_at DESC, id");
const COUNT: &Sql = sql!("SELECT COUNT(*) FROM sessions WHERE expires_at = 0 OR expires_at > $1");
const INSERT: &Sql = sql!(
    "INSERT INTO sessions (id, token, create_at, expires_at, last_activity_at, user_id, device_id, roles, is_oauth, \
     expired_notify, props) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
);
const TOUCH: &Sql = sql!("UPDATE sessions SET last_activity_at = $1 WHERE id = $2 AND last_activity_at < $3");
const EXTEND: &Sql = sql!("UPDATE sessions SET expires_at = $1 WHERE id = $2");
const SET_ROLES: &Sql = sql!("UPDATE sessions SET roles = $1 WHERE user_id = $2");
const SET_DEVICE: &Sql = sql!("UPDATE sessions SET device_id = $1, expires_at = $2 WHERE id = $3");
const SET_PROPS: &Sql = sql!("UPDATE sessions SET props = $1 WHERE id = $2");
const DELETE: &Sql = sql!("DELETE FROM sessions WHERE id = $1");
const DELETE_ALL: &Sql = sql!("DELETE FROM sessions WHERE user_id = $1");
const DELETE_EVERYBODYS: &Sql = sql!("DELETE FROM sessions");
const DELETE_GRANT: &Sql = sql!("DELETE FROM oauth_grants WHERE session_id = $1");
const DELETE_GRANTS: &Sql = sql!("DELETE FROM oauth_grants WHERE user_id = $1");
const DELETE_EVERYBODYS_GRANTS: &Sql = sql!("DELETE FROM oauth_grants");
const EXPIRED: &Sql = sql!("SELECT id FROM sessions WHERE expires_at <> 0 AND expires_at < $1 LIMIT $2");

impl Sessions<'_> {
    /// A session by its secret, expired or not.
    pub async fn by_token(&mut self, token: &str) -> Result<Option<Session>> {
        self.db.one(BY_TOKEN, args![token], session).await
    }

    /// A session by id.
    pub async fn by_id(&mut self, id: SessionId) -> Result<Option<Session>> {
        self.db.one(BY_ID, args![id], session).await
    }

    /// A user's sessions, last active first.
    pub async fn of_user(&mut self, user: UserId) -> Result<Vec<Session>> {
        self.db.all(OF_USER, args![user], session).await
    }

    /// How many sessions have not expired at a moment.
    pub async fn count(&mut self, now: Millis) -> Result<i64> {
        self.db.count(COUNT, args![now]).await
    }
}

impl SessionsMut<'_> {
    /// Adds a session.
    pub async fn insert(&mut self, s: &Session) -> Result<()> {
        let args = args![
            s.id,
            &s.token,
            s.create_at,
            s.expires_at,
            s.last_activity_at,
            s.user_id,
            &s.device_id,
            &s.roles,
            s.is_oauth,
            s.expired_notify,
            Json(&s.props),
        ];
        self.db.execute(INSERT, args).await.map(drop)
    }

    /// Notes that a session is in use; never goes back.
    pub async fn touch(&mut self, id: SessionId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(TOUCH, args![at, id, at]).await? == 1)
    }

    /// Moves the moment at which a session ends.
    pub async fn extend(&mut self, id: SessionId, expires_at: Millis) -> Result<bool> {
        Ok(self.db.execute(EXTEND, args![expires_at, id]).await? == 1)
    }

    /// Gives all sessions of a user new roles.
    pub async fn set_roles(&mut self, user: UserId, roles: &str) -> Result<u64> {
        self.db.execute(SET_ROLES, args![roles, user]).await
    }

    /// Ties a session to a device that gets push notifications.
    pub async fn set_device(&mut self, id: SessionId, device: &str, expires_at: Millis) -> Result<bool> {
        Ok(self.db.execute(SET_DEVICE, args![device, expires_at, id]).await? == 1)
    }

    /// Writes a session's properties.
    pub async fn set_props(&mut self, id: SessionId, props: &model::StringMap) -> Result<bool> {
        Ok(self.db.execute(SET_PROPS, args![Json(props), id]).await? == 1)
    }

    /// Ends a session; a program whose session it was cannot have it renewed.
    pub async fn delete(&mut self, id: SessionId) -> Result<bool> {
        self.db.execute(DELETE_GRANT, args![id]).await?;
        Ok(self.db.execute(DELETE, args![id]).await? == 1)
    }

    /// Ends all sessions of a user, those of programs for good, and says which they were.
    pub async fn delete_of(&mut self, user: UserId) -> Result<Vec<SessionId>> {
        self.db.execute(DELETE_GRANTS, args![user]).await?;
        let ids = self.of_user(user).await?.into_iter().map(|s| s.id).collect();
        self.db.execute(DELETE_ALL, args![user]).await?;
        Ok(ids)
    }

    /// Ends everybody's sessions, those of programs for good; tells how many.
    pub async fn delete_all(&mut self) -> Result<u64> {
        self.db.execute(DELETE_EVERYBODYS_GRANTS, args![]).await?;
        self.db.execute(DELETE_EVERYBODYS, args![]).await
    }

    /// Removes sessions that ended before a moment, at most so many; tells how many.
    pub async fn purge(&mut self, before: Millis, limit: i64) -> Result<u64> {
        let ids: Vec<SessionId> = self.db.all(EXPIRED, args![before, limit], Row::take).await?;
        self.delete_many(&ids).await
    }

    /// Removes sessions, and leaves it to programs to have theirs renewed; tells how many.
    pub async fn delete_many(&mut self, ids: &[SessionId]) -> Result<u64> {
        let mut removed = 0;
        for chunk in ids.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), "DELETE FROM sessions WHERE id");
            query.within(chunk.iter().copied());
            let (text, args) = query.done();
            removed += self.db.execute(text, args).await?;
        }
        Ok(removed)
    }
}

fn session(row: &mut Row) -> Result<Session> {
    Ok(Session {
        id: row.take()?,
        token: row.take()?,
        create_at: row.take()?,
        expires_at: row.take()?,
        last_activity_at: row.take()?,
        user_id: row.take()?,
        device_id: row.take()?,
        roles: row.take()?,
        is_oauth: row.take()?,
        expired_notify: row.take()?,
        props: row.take::<Json<_>>()?.0,
        ..Session::default()
    })
}
