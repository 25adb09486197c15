//! OAuth 2.0: programs, the codes they exchange for tokens, and the access they were given. Codes and refresh tokens
//! are stored as hashes; an access token is a session's.

use crate::{
    OAuth, OAuthMut, Result, args,
    db::{Json, Query, Row, Sql},
    sql,
};
use model::{AnyId, Millis, SessionId, UserId, oauth::OAuthApp};

macro_rules! apps {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, creator_id, create_at, update_at, client_secret, name, description, icon_url, callback_urls, \
             homepage, is_trusted, is_dynamically_registered FROM oauth_apps ",
            $rest
        ))
    };
}

const APP: &Sql = apps!("WHERE id = $1");
const PAGE: &Sql = apps!("ORDER BY create_at, id LIMIT $1 OFFSET $2");
const PAGE_OF: &Sql = apps!("WHERE creator_id = $1 ORDER BY create_at, id LIMIT $2 OFFSET $3");
const INSERT_APP: &Sql = sql!(
    "INSERT INTO oauth_apps (id, creator_id, create_at, update_at, client_secret, name, description, icon_url, \
     callback_urls, homepage, is_trusted, is_dynamically_registered) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
const UPDATE_APP: &Sql = sql!(
    "UPDATE oauth_apps SET update_at = $1, client_secret = $2, name = $3, description = $4, icon_url = $5, \
     callback_urls = $6, homepage = $7, is_trusted = $8 WHERE id = $9"
);
const DELETE_APP: &Sql = sql!("DELETE FROM oauth_apps WHERE id = $1");
const CODE: &Sql = sql!(
    "SELECT hash, client_id, user_id, create_at, redirect_uri, scope, code_challenge FROM oauth_codes WHERE hash = $1"
);
const INSERT_CODE: &Sql = sql!(
    "INSERT INTO oauth_codes (hash, client_id, user_id, create_at, redirect_uri, scope, code_challenge) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)"
);
const DELETE_CODE: &Sql = sql!("DELETE FROM oauth_codes WHERE hash = $1");
const DELETE_CODES_OF: &Sql = sql!("DELETE FROM oauth_codes WHERE user_id = $1 AND client_id = $2");
const DELETE_CODES_TO: &Sql = sql!("DELETE FROM oauth_codes WHERE client_id = $1");
const PURGE_CODES: &Sql = sql!("DELETE FROM oauth_codes WHERE create_at < $1");
macro_rules! grants {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, refresh_hash, client_id, user_id, session_id, create_at, scope FROM oauth_grants ",
            $rest
        ))
    };
}
const GRANT: &Sql = grants!("WHERE refresh_hash = $1");
const GRANTS_OF: &Sql = grants!("WHERE user_id = $1 AND client_id = $2");
const GRANTS_TO: &Sql = grants!("WHERE client_id = $1");
const APPS_OF: &Sql = apps!(
    "WHERE id IN (SELECT g.client_id FROM oauth_grants g WHERE g.user_id = $1) OR id IN (SELECT p.name \
     FROM preferences p WHERE p.user_id = $2 AND p.category = 'oauth_app') ORDER BY create_at, id LIMIT $3 OFFSET $4"
);
const INSERT_GRANT: &Sql = sql!(
    "INSERT INTO oauth_grants (id, refresh_hash, client_id, user_id, session_id, create_at, scope) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)"
);
const RENEW_GRANT: &Sql = sql!(
    "UPDATE oauth_grants SET refresh_hash = $1, session_id = $2, create_at = $3 WHERE id = $4 AND refresh_hash = $5"
);

/// A code that a program exchanges for tokens, once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    pub hash: String,
    pub client_id: AnyId,
    pub user_id: UserId,
    pub create_at: Millis,
    pub redirect_uri: String,
    pub scope: String,
    /// What the verifier has to hash to; empty without PKCE.
    pub code_challenge: String,
}

/// Access that a program was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    pub id: AnyId,
    pub refresh_hash: String,
    pub client_id: AnyId,
    pub user_id: UserId,
    /// The session of the access token.
    pub session_id: SessionId,
    pub create_at: Millis,
    pub scope: String,
}

impl OAuth<'_> {
    /// A program.
    pub async fn app(&mut self, id: AnyId) -> Result<Option<OAuthApp>> {
        self.db.one(APP, args![id], app).await
    }

    /// Programs, oldest first: all, or those that somebody registered.
    pub async fn page(&mut self, of: Option<UserId>, limit: i64, offset: i64) -> Result<Vec<OAuthApp>> {
        match of {
            None => self.db.all(PAGE, args![limit, offset], app).await,
            Some(user) => self.db.all(PAGE_OF, args![user, limit, offset], app).await,
        }
    }

    /// The programs that have access to somebody's account.
    pub async fn apps_of(&mut self, user: UserId, limit: i64, offset: i64) -> Result<Vec<OAuthApp>> {
        self.db.all(APPS_OF, args![user, user, limit, offset], app).await
    }

    /// A code that has not been used.
    pub async fn code(&mut self, hash: &str) -> Result<Option<Code>> {
        self.db.one(CODE, args![hash], code).await
    }

    /// The access that a refresh token is of.
    pub async fn grant(&mut self, refresh_hash: &str) -> Result<Option<Grant>> {
        self.db.one(GRANT, args![refresh_hash], grant).await
    }

    /// The access that somebody gave a program.
    pub async fn grants_of(&mut self, user: UserId, client: AnyId) -> Result<Vec<Grant>> {
        self.db.all(GRANTS_OF, args![user, client], grant).await
    }

    /// All access that a program was given.
    pub async fn grants_to(&mut self, client: AnyId) -> Result<Vec<Grant>> {
        self.db.all(GRANTS_TO, args![client], grant).await
    }
}

impl OAuthMut<'_> {
    /// Adds a program.
    pub async fn insert_app(&mut self, a: &OAuthApp) -> Result<()> {
        let args = args![
            a.id,
            a.creator_id,
            a.create_at,
            a.update_at,
            &a.client_secret,
            &a.name,
            &a.description,
            &a.icon_url,
            Json(&a.callback_urls),
            &a.homepage,
            a.is_trusted,
            a.is_dynamically_registered,
        ];
        self.db.execute(INSERT_APP, args).await.map(drop)
    }

    /// Writes what can change of a program.
    pub async fn update_app(&mut self, a: &OAuthApp) -> Result<bool> {
        let args = args![
            a.update_at,
            &a.client_secret,
            &a.name,
            &a.description,
            &a.icon_url,
            Json(&a.callback_urls),
            &a.homepage,
            a.is_trusted,
            a.id,
        ];
        Ok(self.db.execute(UPDATE_APP, args).await? == 1)
    }

    /// Removes a program.
    pub async fn delete_app(&mut self, id: AnyId) -> Result<bool> {
        Ok(self.db.execute(DELETE_APP, args![id]).await? == 1)
    }

    /// Adds a code.
    pub async fn insert_code(&mut self, c: &Code) -> Result<()> {
        let args = args![&c.hash, c.client_id, c.user_id, c.create_at, &c.redirect_uri, &c.scope, &c.code_challenge];
        self.db.execute(INSERT_CODE, args).await.map(drop)
    }

    /// Uses a code up; false when somebody else was quicker.
    pub async fn delete_code(&mut self, hash: &str) -> Result<bool> {
        Ok(self.db.execute(DELETE_CODE, args![hash]).await? == 1)
    }

    /// Forgets codes that were made before a moment.
    pub async fn purge_codes(&mut self, before: Millis) -> Result<u64> {
        self.db.execute(PURGE_CODES, args![before]).await
    }

    /// Forgets the codes that somebody had a program given.
    pub async fn delete_codes_of(&mut self, user: UserId, client: AnyId) -> Result<u64> {
        self.db.execute(DELETE_CODES_OF, args![user, client]).await
    }

    /// Forgets all codes of a program.
    pub async fn delete_codes_to(&mut self, client: AnyId) -> Result<u64> {
        self.db.execute(DELETE_CODES_TO, args![client]).await
    }

    /// Adds access.
    pub async fn insert_grant(&mut self, g: &Grant) -> Result<()> {
        let args = args![g.id, &g.refresh_hash, g.client_id, g.user_id, g.session_id, g.create_at, &g.scope];
        self.db.execute(INSERT_GRANT, args).await.map(drop)
    }

    /// Puts another refresh token and session in the place of those of a grant; false when somebody was quicker.
    pub async fn renew_grant(&mut self, old: &Grant, hash: &str, session: SessionId, at: Millis) -> Result<bool> {
        let args = args![hash, session, at, old.id, &old.refresh_hash];
        Ok(self.db.execute(RENEW_GRANT, args).await? == 1)
    }

    /// Removes access.
    pub async fn delete_grants(&mut self, grants: &[Grant]) -> Result<()> {
        let ids: Vec<AnyId> = grants.iter().map(|g| g.id).collect();
        for chunk in ids.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), "DELETE FROM oauth_grants WHERE id");
            query.within(chunk);
            let (text, args) = query.done();
            self.db.execute(text, args).await?;
        }
        Ok(())
    }
}

fn app(row: &mut Row) -> Result<OAuthApp> {
    let mut app = OAuthApp {
        id: row.take()?,
        creator_id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        client_secret: row.take()?,
        name: row.take()?,
        description: row.take()?,
        icon_url: row.take()?,
        callback_urls: row.take::<Json<_>>()?.0,
        homepage: row.take()?,
        is_trusted: row.take()?,
        is_dynamically_registered: row.take()?,
        ..OAuthApp::default()
    };
    app.is_public = app.client_secret.is_empty();
    Ok(app)
}

fn code(row: &mut Row) -> Result<Code> {
    Ok(Code {
        hash: row.take()?,
        client_id: row.take()?,
        user_id: row.take()?,
        create_at: row.take()?,
        redirect_uri: row.take()?,
        scope: row.take()?,
        code_challenge: row.take()?,
    })
}

fn grant(row: &mut Row) -> Result<Grant> {
    Ok(Grant {
        id: row.take()?,
        refresh_hash: row.take()?,
        client_id: row.take()?,
        user_id: row.take()?,
        session_id: row.take()?,
        create_at: row.take()?,
        scope: row.take()?,
    })
}
