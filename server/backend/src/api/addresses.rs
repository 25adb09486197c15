//! What is done by mail: verifying an address, setting a forgotten password, trying the mail server.

use super::{
    Routes,
    extract::{Address, Done, Json},
    guard::Guard,
};
use crate::{
    access::Caller,
    actions::{addresses, sessions::slowly},
    cx::Cx,
    error::Result,
};
use axum::body::Bytes;
use model::{
    Refusal,
    config::Config,
    endpoint::Method,
    permission::Permission,
    users::{ByEmail, LinkToken, PasswordReset, ResetPassword, SendPasswordReset, SendVerification, VerifyEmail},
};
use serde_json::Value;

pub(super) fn routes(r: Routes) -> Routes {
    r.on::<SendPasswordReset, _>(Guard::Public, send_reset)
        .on::<ResetPassword, _>(Guard::Public, reset)
        .on::<SendVerification, _>(Guard::Public, send_verification)
        .on::<VerifyEmail, _>(Guard::Public, verify)
        .at(Method::Post, "/email/test", Guard::System(Permission::TestEmail), test)
}

async fn send_reset(cx: Cx, Address(address): Address, Json(to): Json<ByEmail>) -> Result<Done> {
    slowly(&cx, address)?;
    addresses::send_reset(&cx, &to.email).await?;
    Ok(Done)
}

async fn reset(cx: Cx, Address(address): Address, Json(reset): Json<PasswordReset>) -> Result<Done> {
    slowly(&cx, address)?;
    addresses::reset(&cx, &reset.token, &reset.new_password).await?;
    Ok(Done)
}

async fn send_verification(cx: Cx, Address(address): Address, Json(to): Json<ByEmail>) -> Result<Done> {
    slowly(&cx, address)?;
    addresses::send_verification(&cx, &to.email).await?;
    Ok(Done)
}

async fn verify(cx: Cx, Address(address): Address, Json(link): Json<LinkToken>) -> Result<Done> {
    slowly(&cx, address)?;
    addresses::verify(&cx, &link.token).await?;
    Ok(Done)
}

/// Tries the settings in the body, or those in force, by a mail to who asks.
async fn test(cx: Cx, caller: Caller, body: Bytes) -> Result<Done> {
    let mut config = Config::clone(&cx.settings.get());
    if let Ok(sent) = serde_json::from_slice::<Value>(&body)
        && sent.get("EmailSettings").is_some_and(Value::is_object)
    {
        let mut settings = Config::from_value(&sent).map_err(|e| Refusal::body(&e.to_string()))?.email;
        // A mask stands for the secret that is in force, which goes only to the server it was made for.
        if settings.smtp_password.chars().all(|c| c == '*') {
            let same = settings.smtp_server == config.email.smtp_server
                && settings.smtp_port == config.email.smtp_port
                && settings.smtp_username == config.email.smtp_username;
            settings.smtp_password = if same { config.email.smtp_password.clone() } else { String::new() };
        }
        config.email = settings;
    }
    let user = cx.store.users().by_id(caller.id()).await?.ok_or(Refusal::NO_USER)?;
    addresses::test(&config, &user.email).await?;
    Ok(Done)
}
