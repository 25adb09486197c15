//! The server itself: health, what clients are told of the configuration, and changing it.

use super::{
    Routes,
    extract::{Done, Json, MaybeCaller, Query},
    guard::Guard,
};
use crate::{access::Caller, cx::Cx, error::Result, settings};
use model::{
    Refusal, StringMap,
    endpoint::Method,
    event::{Announcement, Broadcast, Event},
    permission::Permission,
    system::{API_VERSION, FormatQuery, GetClientConfig, Ping},
};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn routes(r: Routes) -> Routes {
    let admin = Guard::System(Permission::ManageSystem);
    r.on::<Ping, _>(Guard::Public, ping)
        .on::<GetClientConfig, _>(Guard::Public, client_config)
        .at(Method::Get, "/license/client", Guard::Public, client_license)
        .at(Method::Get, "/config", admin, config)
        .at(Method::Put, "/config", admin, put_config)
        .at(Method::Put, "/config/patch", admin, patch_config)
        .at(Method::Post, "/config/reload", admin, reload_config)
        .at(Method::Get, "/plugins/webapp", Guard::Public, nothing)
        .at(Method::Get, "/plugins/statuses", admin, nothing)
        .at(Method::Get, "/limits/server", Guard::SignedIn, limits)
        .at(Method::Post, "/client_perf", Guard::SignedIn, accepted)
        .at(Method::Get, "/audits", Guard::System(Permission::ReadAudits), audits)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PingQuery {
    get_server_status: Option<String>,
}

async fn ping(cx: Cx, Query(query): Query<PingQuery>) -> Json<Value> {
    let mut answer = json!({
        "AndroidLatestVersion": "",
        "AndroidMinVersion": "",
        "IosLatestVersion": "",
        "IosMinVersion": "",
        "CanReceiveNotifications": "unknown",
        "status": "OK",
    });
    if query.get_server_status.as_deref() == Some("true") {
        let healthy = cx.store.ping().await.is_ok();
        let word = if healthy { "OK" } else { "UNHEALTHY" };
        answer["database_status"] = word.into();
        answer["status"] = word.into();
    }
    Json(answer)
}

/// Refuses any other form than the old one. Mattermost: without a form it is 501, with another 400.
fn old_format(query: &FormatQuery) -> Result<(), Refusal> {
    match query.format.as_str() {
        "old" => Ok(()),
        "" => Err(Refusal::FORMAT_MISSING),
        _ => Err(Refusal::url("format")),
    }
}

async fn client_config(
    cx: Cx,
    MaybeCaller(caller): MaybeCaller,
    Query(query): Query<FormatQuery>,
) -> Result<Json<StringMap>> {
    old_format(&query)?;
    Ok(Json(told(&cx, caller.is_some())))
}

/// What clients are told of the configuration: texts only, and less without a session.
fn told(cx: &Cx, signed_in: bool) -> StringMap {
    let config = cx.settings.get();
    let (service, team, email) = (&config.service, &config.team, &config.email);
    let mut told: Vec<(&str, String)> = vec![
        ("Version", API_VERSION.into()),
        ("BuildNumber", env!("CARGO_PKG_VERSION").into()),
        ("BuildDate", String::new()),
        ("BuildHash", String::new()),
        ("BuildEnterpriseReady", "false".into()),
        ("DiagnosticId", String::new()),
        ("DiagnosticsEnabled", "false".into()),
        ("TelemetryId", String::new()),
        ("SiteName", team.site_name.clone()),
        ("SiteURL", service.site_url.clone()),
        ("WebsocketURL", String::new()),
        ("WebsocketPort", "80".into()),
        ("WebsocketSecurePort", "443".into()),
        ("CustomDescriptionText", team.custom_description_text.clone()),
        ("EnableCustomBrand", "false".into()),
        ("EnableUserCreation", team.enable_user_creation.to_string()),
        ("EnableOpenServer", team.enable_open_server.to_string()),
        ("EnableSignUpWithEmail", email.enable_sign_up_with_email.to_string()),
        ("EnableSignInWithEmail", email.enable_sign_in_with_email.to_string()),
        ("EnableSignInWithUsername", email.enable_sign_in_with_username.to_string()),
        ("EnableSignUpWithGitLab", "false".into()),
        ("EnableSignUpWithGoogle", "false".into()),
        ("EnableSignUpWithOffice365", "false".into()),
        ("EnableSignUpWithOpenId", "false".into()),
        ("EnableLdap", "false".into()),
        ("EnableSaml", "false".into()),
        ("EnableMultifactorAuthentication", "false".into()),
        ("EnforceMultifactorAuthentication", "false".into()),
        ("EnableGuestAccounts", "false".into()),
        ("DefaultClientLocale", config.localization.default_client_locale.clone()),
        ("AvailableLocales", String::new()),
        ("PasswordMinimumLength", config.password.minimum_length.to_string()),
        ("PasswordRequireLowercase", config.password.lowercase.to_string()),
        ("PasswordRequireUppercase", config.password.uppercase.to_string()),
        ("PasswordRequireNumber", config.password.number.to_string()),
        ("PasswordRequireSymbol", config.password.symbol.to_string()),
        ("HasImageProxy", "false".into()),
        ("PluginsEnabled", "false".into()),
        ("NoAccounts", "false".into()),
        ("AppDownloadLink", String::new()),
        ("AsymmetricSigningPublicKey", String::new()),
        ("MobileExternalBrowser", "false".into()),
    ];
    if signed_in {
        told.extend([
            ("CollapsedThreads", service.collapsed_threads.clone()),
            ("ThreadAutoFollow", service.thread_auto_follow.to_string()),
            ("FeatureFlagCollapsedThreads", "true".into()),
            ("EnableUserTypingMessages", service.enable_user_typing_messages.to_string()),
            ("TimeBetweenUserTypingUpdatesMilliseconds", "5000".into()),
            ("EnableUserStatuses", "true".into()),
            ("EnableCustomUserStatuses", team.enable_custom_user_statuses.to_string()),
            ("PostEditTimeLimit", service.post_edit_time_limit.to_string()),
            ("MaxPostSize", model::posts::MESSAGE_MAX.to_string()),
            ("MaxFileSize", config.file.max_file_size.to_string()),
            ("EnableFileAttachments", "false".into()),
            ("MaxNotificationsPerChannel", team.max_notifications_per_channel.to_string()),
            ("MaxChannelsPerTeam", team.max_channels_per_team.to_string()),
            ("EnableTeamCreation", team.enable_team_creation.to_string()),
            ("RestrictDirectMessage", team.restrict_direct_message.clone()),
            ("TeammateNameDisplay", team.teammate_name_display.clone()),
            ("LockTeammateNameDisplay", "false".into()),
            ("ExperimentalViewArchivedChannels", team.experimental_view_archived_channels.to_string()),
            ("EnableCustomEmoji", "false".into()),
            ("EnableEmojiPicker", "true".into()),
            ("EnableGifPicker", "false".into()),
            ("EnableLinkPreviews", "false".into()),
            ("EnableIncomingWebhooks", "false".into()),
            ("EnableOutgoingWebhooks", "false".into()),
            ("EnableCommands", "false".into()),
            ("EnableBotAccountCreation", "false".into()),
            ("EnableUserAccessTokens", "false".into()),
            ("EnableOAuthServiceProvider", "false".into()),
            ("EnablePublicLink", "false".into()),
            ("SendEmailNotifications", "false".into()),
            ("SendPushNotifications", "false".into()),
            ("EnableChannelViewedMessages", "true".into()),
            ("ShowEmailAddress", config.privacy.show_email_address.to_string()),
            ("ShowFullName", config.privacy.show_full_name.to_string()),
            ("EnableReliableWebSockets", "true".into()),
            ("SQLDriverName", config.sql.driver_name.clone()),
            ("RunJobs", "true".into()),
        ]);
    }
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn client_license(Query(query): Query<FormatQuery>) -> Result<Json<StringMap>> {
    old_format(&query)?;
    Ok(Json([("IsLicensed".to_owned(), "false".to_owned())].into()))
}

async fn config(cx: Cx) -> Json<Value> {
    Json(cx.settings.shown())
}

async fn put_config(cx: Cx, Json(config): Json<Value>) -> Result<Json<Value>> {
    change(&cx, &config)
}

async fn patch_config(cx: Cx, Json(patch): Json<Value>) -> Result<Json<Value>> {
    change(&cx, &patch)
}

fn change(cx: &Cx, patch: &Value) -> Result<Json<Value>> {
    cx.settings.patch(patch).map_err(|error| match settings::invalid(&error) {
        Some(invalid) => Refusal::body("config").saying(invalid.to_string()).into(),
        None => crate::Error::Internal(error),
    })?;
    let event = Event::ConfigChanged { config: told(cx, true) };
    cx.hub.announce(&Announcement { event, to: Broadcast::all() });
    Ok(Json(cx.settings.shown()))
}

async fn reload_config(cx: Cx) -> Result<Done> {
    cx.settings.reload().map_err(crate::Error::Internal)?;
    Ok(Done)
}

async fn nothing() -> Json<Vec<Value>> {
    Json(Vec::new())
}

async fn limits(cx: Cx, caller: Caller) -> Result<Json<Value>> {
    let active = if caller.may(Permission::ManageSystem) { cx.store.users().count().await? } else { 0 };
    Ok(Json(json!({"activeUserCount": active, "maxUsersLimit": 0})))
}

async fn accepted() -> Done {
    Done
}

async fn audits(cx: Cx, paging: super::extract::Paging) -> Result<Json<Vec<Value>>> {
    let audits = cx.store.audits().page(paging.per_page, paging.page * paging.per_page).await?;
    let shown = audits.into_iter().map(|a| {
        json!({
            "id": a.id, "create_at": a.create_at, "user_id": a.user_id, "action": a.action,
            "extra_info": a.extra_info, "ip_address": a.ip_address, "session_id": a.session_id,
        })
    });
    Ok(Json(shown.collect()))
}
