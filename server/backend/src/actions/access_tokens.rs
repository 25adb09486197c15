//! Personal access tokens: making them, taking them back, and the sessions that are had by them.

use crate::{
    access::{self, Caller},
    auth::secrets,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, Refusal, UserId,
    access_tokens::{AccessToken, DESCRIPTION_MAX},
    event::Touched,
    permission::Permission,
    sessions::Session,
};

/// What the property `type` of a session had by a token is.
pub const SESSION: &str = "UserAccessToken";

/// Makes a token for the caller or a bot of theirs. The answer is the only one that has the secret.
///
/// # Errors
///
/// Tokens are switched off, but for bots; the caller may not do it; the description is missing or too long.
pub async fn create(cx: &Cx, caller: &Caller, user: UserId, description: String) -> Result<AccessToken> {
    let user = access::find_user(cx, user).await?.ok_or(Refusal::NO_USER)?;
    if caller.live.session.is_oauth {
        return Err(Refusal::missing(Permission::CreateUserAccessToken).into());
    }
    if description.is_empty() {
        return Err(Refusal::body("description").into());
    }
    caller.must(Permission::CreateUserAccessToken)?;
    access::must_act_for(cx, caller, user.id).await?;
    if !user.is_bot && !cx.settings.get().service.enable_user_access_tokens {
        return Err(Refusal::TOKENS_OFF.into());
    }
    if description.chars().count() > DESCRIPTION_MAX {
        return Err(Refusal::TOKEN_DESCRIPTION.into());
    }
    let secret: AnyId = new_id();
    let token = AccessToken { id: new_id(), token: secret.to_string(), user_id: user.id, description, is_active: true };
    let (kept, hash, now) = (token.clone(), secrets::hash(&token.token), cx.clock.now());
    cx.store
        .write(move |tx| {
            let (token, hash) = (kept.clone(), hash.clone());
            Box::pin(async move { tx.access_tokens().insert(&token, &hash, now).await.map_err(Error::from) })
        })
        .await?;
    Ok(token)
}

/// A token that the caller may see or change.
///
/// # Errors
///
/// The caller lacks the permission; there is none, or it is somebody else's.
pub async fn permitted(cx: &Cx, caller: &Caller, id: &str, needed: Permission) -> Result<AccessToken> {
    let id: AnyId = id.parse().map_err(|_| Refusal::body("token_id"))?;
    caller.must(needed)?;
    let token = cx.store.access_tokens().by_id(id).await?.ok_or(Refusal::NO_TOKEN)?;
    access::must_act_for(cx, caller, token.user_id).await?;
    Ok(token)
}

/// Makes a token valid or void; what was had by it ends at once.
///
/// # Errors
///
/// The database fails.
pub async fn set_active(cx: &Cx, token: AccessToken, active: bool) -> Result<()> {
    change(cx, token, Some(active)).await
}

/// Takes a token back for good.
///
/// # Errors
///
/// The database fails.
pub async fn revoke(cx: &Cx, token: AccessToken) -> Result<()> {
    change(cx, token, None).await
}

async fn change(cx: &Cx, token: AccessToken, active: Option<bool>) -> Result<()> {
    cx.store
        .write(move |tx| {
            Box::pin(async move {
                match active {
                    Some(active) => tx.access_tokens().set_active(token.id, active).await?,
                    None => tx.access_tokens().delete(token.id).await?,
                };
                tx.touch(Touched::SessionsEnded { user_id: token.user_id, session_ids: vec![token.id.cast()] });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The session that is had by a token. It is in no list of sessions and ends with the token only.
///
/// # Errors
///
/// The database fails.
pub async fn session(cx: &Cx, secret: &str) -> Result<Option<Session>> {
    let Some(token) = cx.store.access_tokens().by_hash(&secrets::hash(secret)).await? else { return Ok(None) };
    let Some(user) = access::find_user(cx, token.user_id).await? else { return Ok(None) };
    let now = cx.clock.now();
    Ok(Some(Session {
        id: token.id.cast(),
        token: secret.to_owned(),
        create_at: now,
        last_activity_at: now,
        user_id: token.user_id,
        roles: user.roles.clone(),
        props: [
            ("type".to_owned(), SESSION.to_owned()),
            ("user_access_token_id".to_owned(), token.id.to_string()),
            ("is_bot".to_owned(), user.is_bot.to_string()),
            ("is_guest".to_owned(), user.has_role("system_guest").to_string()),
        ]
        .into(),
        ..Session::default()
    }))
}
