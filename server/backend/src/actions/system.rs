//! The server itself: what it notes of its own life.

use crate::{
    access,
    cx::Cx,
    error::{Error, Result},
    settings::client::Facts,
};
use model::Millis;

/// The value under which the moment of the first start is kept.
const INSTALLED_AT: &str = "InstallationDate";

/// Notes when the server was first started.
///
/// # Errors
///
/// The database fails.
pub async fn note_installation(cx: &Cx) -> Result<()> {
    if cx.store.system().get(INSTALLED_AT).await?.is_some() {
        return Ok(());
    }
    let now = cx.clock.now().to_string();
    cx.store
        .write(move |tx| {
            let now = now.clone();
            Box::pin(async move { tx.system().add(INSTALLED_AT, &now).await.map(drop).map_err(Error::from) })
        })
        .await
}

/// When the server was first started.
///
/// # Errors
///
/// The database fails.
pub async fn installed_at(cx: &Cx) -> Result<Millis> {
    let load = async { Ok(cx.store.system().get(INSTALLED_AT).await?.and_then(|text| text.parse().ok())) };
    Ok(cx.caches.installed_at.find((), load).await?.unwrap_or_default())
}

/// What clients are told beside the configuration.
///
/// # Errors
///
/// The database fails.
pub async fn facts(cx: &Cx, signed_in: bool) -> Result<Facts> {
    Ok(Facts {
        signed_in,
        no_accounts: !access::any_account(cx).await?,
        installed_at: installed_at(cx).await?,
        signing_key: String::new(),
    })
}

/// Notes that something was done once and for all.
///
/// # Errors
///
/// The database fails.
pub async fn note(cx: &Cx, name: &'static str) -> Result<()> {
    cx.store.write(move |tx| Box::pin(async move { tx.system().set(name, "true").await.map_err(Error::from) })).await
}
