//! Signing in to the programs of commands and webhooks by OAuth 2.0: connections, and the tokens that go with calls. The
//! addresses of buttons and dialogs are whoever's who writes a message, so no token goes there. A token is asked for at each call, as with Mattermost, so that what was taken back is never used.

use crate::{
    access::Caller,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    outbound::{Answer, Call},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderValue, StatusCode, header};
use model::{
    AnyId, Refusal,
    outgoing_oauth::{
        AUDIENCES_MAX, CLIENT_CREDENTIALS, NAME_MAX, OutgoingOAuthConnection, PASSWORD, SECRET_MAX, URL_MAX,
    },
    webhooks::{FORM, JSON},
};
use serde::Deserialize;
use std::time::Duration;
use url::{
    Url,
    form_urlencoded::{Serializer, byte_serialize},
};

/// The most connections that are looked through.
const LOOKED_THROUGH: i64 = 1000;
/// How long the server that gives tokens may take.
const WITHIN: Duration = Duration::from_secs(10);
/// The longest answer of it.
const ANSWER_MAX: usize = 64 * 1024;

/// Refuses everything where this is switched off.
///
/// # Errors
///
/// [`Refusal::OUTGOING_OAUTH_OFF`].
pub fn on(cx: &Cx) -> Result<()> {
    let on = cx.settings.get().service.enable_outgoing_oauth_connections;
    if on { Ok(()) } else { Err(Refusal::OUTGOING_OAUTH_OFF.into()) }
}

/// What may be told of a connection.
pub fn shown(c: OutgoingOAuthConnection) -> OutgoingOAuthConnection {
    OutgoingOAuthConnection { client_secret: String::new(), credentials_password: String::new(), ..c }
}

fn web(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn check(c: &OutgoingOAuthConnection) -> Result<(), Refusal> {
    let fits = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    if !fits(&c.name, NAME_MAX) {
        return Err(Refusal::OUTGOING_OAUTH_NAME);
    }
    if !fits(&c.client_id, SECRET_MAX) {
        return Err(Refusal::OUTGOING_OAUTH_CLIENT);
    }
    if !fits(&c.client_secret, SECRET_MAX) {
        return Err(Refusal::OUTGOING_OAUTH_SECRET);
    }
    if !fits(&c.oauth_token_url, URL_MAX) || web(&c.oauth_token_url).is_none() {
        return Err(Refusal::OUTGOING_OAUTH_URL);
    }
    match c.grant_type.as_str() {
        CLIENT_CREDENTIALS => {}
        PASSWORD => {
            if !fits(&c.credentials_username, SECRET_MAX) || !fits(&c.credentials_password, SECRET_MAX) {
                return Err(Refusal::OUTGOING_OAUTH_PASSWORD);
            }
        }
        _ => return Err(Refusal::OUTGOING_OAUTH_GRANT),
    }
    if c.audiences.is_empty() || c.audiences.len() > AUDIENCES_MAX {
        return Err(Refusal::OUTGOING_OAUTH_AUDIENCES);
    }
    let right = |text: &String| text.chars().count() <= URL_MAX && web(text).is_some();
    if c.audiences.iter().all(right) { Ok(()) } else { Err(Refusal::OUTGOING_OAUTH_AUDIENCE) }
}

/// A connection with its secrets.
///
/// # Errors
///
/// There is none.
pub async fn find(cx: &Cx, id: AnyId) -> Result<OutgoingOAuthConnection> {
    Ok(cx.store.outgoing_oauth().by_id(id).await?.ok_or(Refusal::NO_OUTGOING_OAUTH)?)
}

/// Makes a connection.
///
/// # Errors
///
/// It cannot be.
pub async fn create(cx: &Cx, caller: &Caller, new: OutgoingOAuthConnection) -> Result<OutgoingOAuthConnection> {
    let now = cx.clock.now();
    let made = OutgoingOAuthConnection { id: new_id(), creator_id: caller.id(), create_at: now, update_at: now, ..new };
    check(&made)?;
    let kept = made.clone();
    cx.store
        .write(move |tx| {
            let made = kept.clone();
            Box::pin(async move { tx.outgoing_oauth().insert(&made).await.map_err(Error::from) })
        })
        .await?;
    Ok(shown(made))
}

/// A changed connection; its secrets stay where the change has none.
fn merged(old: OutgoingOAuthConnection, new: OutgoingOAuthConnection) -> OutgoingOAuthConnection {
    let or = |new: String, old: String| if new.is_empty() { old } else { new };
    OutgoingOAuthConnection {
        name: or(new.name, old.name),
        client_id: or(new.client_id, old.client_id),
        client_secret: or(new.client_secret, old.client_secret),
        credentials_username: or(new.credentials_username, old.credentials_username),
        credentials_password: or(new.credentials_password, old.credentials_password),
        oauth_token_url: or(new.oauth_token_url, old.oauth_token_url),
        grant_type: or(new.grant_type, old.grant_type),
        audiences: if new.audiences.is_empty() { old.audiences } else { new.audiences },
        ..old
    }
}

/// Changes a connection.
///
/// # Errors
///
/// There is none; it cannot be so; it leads elsewhere, and does not bring its secrets along.
pub async fn update(cx: &Cx, id: AnyId, new: OutgoingOAuthConnection) -> Result<OutgoingOAuthConnection> {
    let old = find(cx, id).await?;
    // A kept secret goes nowhere but where it was kept for, and neither does a token.
    let asked = !new.oauth_token_url.is_empty() && new.oauth_token_url != old.oauth_token_url;
    let used = new.audiences.iter().any(|audience| !old.audiences.contains(audience));
    let password = old.credentials_password.is_empty() || !new.credentials_password.is_empty();
    if (asked || used) && (new.client_secret.is_empty() || !password) {
        return Err(Refusal::OUTGOING_OAUTH_SECRET.into());
    }
    let changed = OutgoingOAuthConnection { update_at: cx.clock.now(), ..merged(old, new) };
    check(&changed)?;
    let kept = changed.clone();
    let there = cx
        .store
        .write(move |tx| {
            let changed = kept.clone();
            Box::pin(async move { tx.outgoing_oauth().update(&changed).await.map_err(Error::from) })
        })
        .await?;
    if there { Ok(shown(changed)) } else { Err(Refusal::NO_OUTGOING_OAUTH.into()) }
}

/// Deletes a connection.
///
/// # Errors
///
/// There is none.
pub async fn delete(cx: &Cx, id: AnyId) -> Result<()> {
    let there =
        cx.store.write(move |tx| Box::pin(async move { tx.outgoing_oauth().delete(id).await.map_err(Error::from) }));
    if there.await? { Ok(()) } else { Err(Refusal::NO_OUTGOING_OAUTH.into()) }
}

/// Tries a connection by asking for a token.
///
/// # Errors
///
/// It cannot be; no token was given.
pub async fn validate(cx: &Cx, asked: OutgoingOAuthConnection) -> Result<()> {
    let tried = match asked.id.some() {
        Some(id) => {
            let kept = find(cx, id).await?;
            // A secret goes nowhere but where it was meant for.
            let elsewhere = !asked.oauth_token_url.is_empty() && asked.oauth_token_url != kept.oauth_token_url;
            if elsewhere { asked } else { merged(kept, asked) }
        }
        None => asked,
    };
    check(&tried)?;
    token(cx, &tried).await.map(drop)
}

/// The connection that is used for an address: the one whose audience fits it most closely.
///
/// # Errors
///
/// The database fails.
pub async fn of_address(cx: &Cx, address: &str) -> Result<Option<OutgoingOAuthConnection>> {
    let Some(url) = web(address) else { return Ok(None) };
    let all = cx.store.outgoing_oauth().after(AnyId::NONE, LOOKED_THROUGH).await?;
    let fit = |c: &OutgoingOAuthConnection| c.audiences.iter().filter_map(|audience| fits(&url, audience)).max();
    let best = all.into_iter().filter_map(|c| Some((fit(&c)?, c))).max_by_key(|(length, _)| *length);
    Ok(best.map(|(_, c)| c))
}

/// How long the part of an address is that an audience covers, if it does: it is the same, or above it.
fn fits(url: &Url, audience: &str) -> Option<usize> {
    let audience = web(audience.trim_end_matches('*'))?;
    if audience.origin() != url.origin() {
        return None;
    }
    let above = audience.path().trim_end_matches('/');
    let rest = url.path().strip_prefix(above)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(above.len())
}

/// The call with a token, if there is a connection for its address.
///
/// # Errors
///
/// No token was given.
pub async fn authorized(cx: &Cx, call: Call) -> Result<Call> {
    if on(cx).is_err() {
        return Ok(call);
    }
    let Some(connection) = of_address(cx, &call.url).await? else { return Ok(call) };
    Ok(call.header(header::AUTHORIZATION, token(cx, &connection).await?))
}

/// The answer of a server that gives tokens (RFC 6749, 5.1).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Token {
    access_token: String,
    token_type: String,
}

/// Asks for a token: what goes into a header. Servers want to know who asks by HTTP's Basic, or in the form; the standard
/// leaves it to them (RFC 6749, 2.3.1), so a refusal of the one is followed by the other.
async fn token(cx: &Cx, c: &OutgoingOAuthConnection) -> Result<HeaderValue> {
    let mut answer = ask(cx, c, true).await?;
    if matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) {
        answer = ask(cx, c, false).await?;
    }
    let refused = || Refusal::OUTGOING_OAUTH_TOKEN.saying(format!("{} gave no token ({}).", c.name, answer.status));
    let token: Token = serde_json::from_slice(&answer.body).unwrap_or_default();
    if !answer.status.is_success() || token.access_token.is_empty() {
        return Err(refused().into());
    }
    let bearer = token.token_type.is_empty() || token.token_type.eq_ignore_ascii_case("bearer");
    let kind = if bearer { "Bearer" } else { &token.token_type };
    let mut value =
        HeaderValue::from_str(&format!("{kind} {}", token.access_token)).map_err(|_| Error::from(refused()))?;
    value.set_sensitive(true);
    Ok(value)
}

async fn ask(cx: &Cx, c: &OutgoingOAuthConnection, basic: bool) -> Result<Answer> {
    let mut fields = vec![("grant_type", &c.grant_type)];
    if c.grant_type == PASSWORD {
        fields.extend([("username", &c.credentials_username), ("password", &c.credentials_password)]);
    }
    if !basic {
        fields.extend([("client_id", &c.client_id), ("client_secret", &c.client_secret)]);
    }
    let form = Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut call = Call::post(&c.oauth_token_url, FORM, form).within(WITHIN).at_most(ANSWER_MAX).staying();
    if basic {
        let part = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = BASE64_STANDARD.encode(format!("{}:{}", part(&c.client_id), part(&c.client_secret)));
        let value = HeaderValue::from_str(&format!("Basic {pair}")).map_err(Error::internal)?;
        call = call.header(header::AUTHORIZATION, value);
    }
    let call = call.header(header::ACCEPT, HeaderValue::from_static(JSON));
    cx.outbound.call(call).await.map_err(|failure| {
        tracing::warn!(connection = %c.id, %failure, "no token was given");
        Refusal::OUTGOING_OAUTH_TOKEN.saying(format!("{} gave no token: {failure}.", c.name)).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_covers_what_is_below_it_and_nothing_beside_it() {
        let fit = |url: &str, audience: &str| fits(&Url::parse(url).expect("an address"), audience);
        assert_eq!(fit("https://x.org/a/b?c=d", "https://x.org/a"), Some(2));
        assert_eq!(fit("https://x.org/a", "https://x.org/a/"), Some(2));
        assert_eq!(fit("https://x.org/a/b", "https://x.org/a/*"), Some(2));
        assert_eq!(fit("https://x.org/a/b", "https://x.org"), Some(0));
        assert_eq!(fit("https://x.org/ab", "https://x.org/a"), None);
        assert_eq!(fit("https://x.org.evil.net/a", "https://x.org/a"), None);
        assert_eq!(fit("http://x.org/a", "https://x.org/a"), None);
        assert_eq!(fit("https://x.org:8443/a", "https://x.org/a"), None);
    }
}
