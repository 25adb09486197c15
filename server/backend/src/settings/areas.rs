//! Which settings belong to which page of the console, so that a delegated administrator sees and changes only those
//! of the pages they hold. What is listed nowhere is for those who manage the whole system.

use model::permission::{Permission, PermissionSet};
use serde_json::{Map, Value};

/// A section that belongs to pages as a whole: names of pages as in `sysconsole_read_<page>`.
const SECTIONS: &[(&str, &[&str])] = &[
    ("AnalyticsSettings", &["reporting_site_statistics"]),
    ("AnnouncementSettings", &["site_announcement_banner", "site_notices"]),
    ("BleveSettings", &["experimental_bleve"]),
    ("ClusterSettings", &["environment_high_availability"]),
    ("ComplianceSettings", &["compliance_compliance_monitoring"]),
    ("DataRetentionSettings", &["compliance_data_retention_policy"]),
    ("DisplaySettings", &["site_posts"]),
    ("ElasticsearchSettings", &["environment_elasticsearch"]),
    ("ExperimentalAuditSettings", &["experimental_features"]),
    ("ExperimentalSettings", &["experimental_features"]),
    ("FeatureFlags", &["experimental_feature_flags"]),
    ("FileSettings", &["environment_file_storage", "site_file_sharing_and_downloads", "site_public_links"]),
    ("GitLabSettings", &["authentication_openid"]),
    ("GoogleSettings", &["authentication_openid"]),
    ("GuestAccountsSettings", &["authentication_guest_access"]),
    ("ImageProxySettings", &["environment_image_proxy"]),
    ("LdapSettings", &["authentication_ldap"]),
    ("LocalizationSettings", &["site_localization"]),
    ("LogSettings", &["environment_logging"]),
    ("MessageExportSettings", &["compliance_compliance_export"]),
    ("MetricsSettings", &["environment_performance_monitoring"]),
    ("NativeAppSettings", &["site_customization"]),
    ("NotificationLogSettings", &["environment_logging"]),
    ("Office365Settings", &["authentication_openid"]),
    ("OpenIdSettings", &["authentication_openid"]),
    ("PasswordSettings", &["authentication_password"]),
    ("PluginSettings", &["plugins"]),
    ("PrivacySettings", &["site_users_and_teams"]),
    ("RateLimitSettings", &["environment_rate_limiting"]),
    ("SamlSettings", &["authentication_saml"]),
    ("SqlSettings", &["environment_database"]),
    ("SupportSettings", &["site_customization", "site_notifications"]),
    ("ThemeSettings", &["experimental_features"]),
    ("WranglerSettings", &["site_posts"]),
];

/// Settings whose section is spread over many pages.
const FIELDS: &[(&str, &str, &[&str])] = &[
    (
        "ServiceSettings",
        "environment_web_server",
        &[
            "SiteURL",
            "ListenAddress",
            "ConnectionSecurity",
            "TLSCertFile",
            "TLSKeyFile",
            "TLSMinVer",
            "TLSStrictTransport",
            "TLSStrictTransportMaxAge",
            "UseLetsEncrypt",
            "LetsEncryptCertificateCacheFile",
            "Forward80To443",
            "ReadTimeout",
            "WriteTimeout",
            "IdleTimeout",
            "WebsocketURL",
            "WebsocketPort",
            "WebsocketSecurePort",
            "WebserverMode",
            "MaximumPayloadSizeBytes",
            "MaximumURLLength",
        ],
    ),
    (
        "ServiceSettings",
        "environment_session_lengths",
        &[
            "ExtendSessionLengthWithActivity",
            "SessionLengthWebInDays",
            "SessionLengthWebInHours",
            "SessionLengthMobileInDays",
            "SessionLengthMobileInHours",
            "SessionLengthSSOInDays",
            "SessionLengthSSOInHours",
            "SessionCacheInMinutes",
            "SessionIdleTimeoutInMinutes",
            "TerminateSessionsOnPasswordChange",
        ],
    ),
    ("ServiceSettings", "environment_developer", &["EnableTesting", "EnableDeveloper", "DeveloperFlags"]),
    ("ServiceSettings", "environment_database", &["MinimumHashtagLength"]),
    (
        "ServiceSettings",
        "integrations_integration_management",
        &[
            "EnableOAuthServiceProvider",
            "EnableIncomingWebhooks",
            "EnableOutgoingWebhooks",
            "EnableCommands",
            "EnablePostUsernameOverride",
            "EnablePostIconOverride",
            "EnableUserAccessTokens",
            "OutgoingIntegrationRequestsTimeout",
            "EnableOutgoingOAuthConnections",
        ],
    ),
    (
        "ServiceSettings",
        "integrations_bot_accounts",
        &["EnableBotAccountCreation", "DisableBotsWhenOwnerIsDeactivated"],
    ),
    ("ServiceSettings", "integrations_gif", &["EnableGifPicker"]),
    (
        "ServiceSettings",
        "integrations_cors",
        &["AllowCorsFrom", "CorsExposedHeaders", "CorsAllowCredentials", "CorsDebug"],
    ),
    ("ServiceSettings", "authentication_mfa", &["EnableMultifactorAuthentication", "EnforceMultifactorAuthentication"]),
    ("ServiceSettings", "authentication_password", &["MaximumLoginAttempts"]),
    ("ServiceSettings", "authentication_signup", &["EnableEmailInvitations"]),
    (
        "ServiceSettings",
        "site_posts",
        &[
            "EnableLinkPreviews",
            "EnablePermalinkPreviews",
            "RestrictLinkPreviews",
            "EnableSVGs",
            "EnableLatex",
            "EnableInlineLatex",
            "GoogleDeveloperKey",
            "PostEditTimeLimit",
            "PostPriority",
            "AllowPersistentNotifications",
            "AllowPersistentNotificationsForGuests",
            "PersistentNotificationIntervalMinutes",
            "PersistentNotificationMaxCount",
            "PersistentNotificationMaxRecipients",
            "ScheduledPosts",
            "AllowSyncedDrafts",
            "UniqueEmojiReactionLimitPerPost",
            "ThreadAutoFollow",
            "CollapsedThreads",
            "EnableUserTypingMessages",
        ],
    ),
    ("ServiceSettings", "site_emoji", &["EnableCustomEmoji", "EnableEmojiPicker"]),
    (
        "ServiceSettings",
        "site_users_and_teams",
        &["EnableCustomGroups", "EnableUserStatuses", "EnableChannelViewedMessages"],
    ),
    (
        "TeamSettings",
        "site_customization",
        &["SiteName", "CustomDescriptionText", "EnableCustomBrand", "CustomBrandText"],
    ),
    (
        "TeamSettings",
        "site_users_and_teams",
        &[
            "MaxUsersPerTeam",
            "MaxChannelsPerTeam",
            "RestrictDirectMessage",
            "TeammateNameDisplay",
            "LockTeammateNameDisplay",
            "ExperimentalViewArchivedChannels",
            "EnableCustomUserStatuses",
            "EnableLastActiveTime",
            "EnableJoinLeaveMessageByDefault",
        ],
    ),
    ("TeamSettings", "site_notifications", &["MaxNotificationsPerChannel", "EnableConfirmNotificationsToChannel"]),
    (
        "TeamSettings",
        "authentication_signup",
        &["EnableUserCreation", "EnableOpenServer", "RestrictCreationToDomains", "EnableTeamCreation"],
    ),
    (
        "TeamSettings",
        "experimental_features",
        &[
            "ExperimentalDefaultChannels",
            "ExperimentalPrimaryTeam",
            "ExperimentalEnableAutomaticReplies",
            "UserStatusAwayTimeout",
            "EnableUserDeactivation",
        ],
    ),
    ("EmailSettings", "authentication_signup", &["RequireEmailVerification"]),
    (
        "EmailSettings",
        "authentication_email",
        &["EnableSignUpWithEmail", "EnableSignInWithEmail", "EnableSignInWithUsername"],
    ),
    (
        "EmailSettings",
        "site_notifications",
        &[
            "SendEmailNotifications",
            "EnablePreviewModeBanner",
            "EnableEmailBatching",
            "EmailNotificationContentsType",
            "FeedbackName",
            "FeedbackEmail",
            "ReplyToAddress",
            "FeedbackOrganization",
            "PushNotificationContents",
        ],
    ),
    (
        "EmailSettings",
        "environment_smtp",
        &[
            "SMTPServer",
            "SMTPPort",
            "EnableSMTPAuth",
            "SMTPUsername",
            "SMTPPassword",
            "SMTPServerTimeout",
            "ConnectionSecurity",
            "SkipServerCertificateVerification",
        ],
    ),
    (
        "EmailSettings",
        "environment_push_notification_server",
        &["SendPushNotifications", "PushNotificationServer", "PushNotificationBuffer"],
    ),
];

/// What one wants to do with a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

impl Access {
    fn permission(self, page: &str) -> Option<Permission> {
        let verb = if self == Self::Read { "read" } else { "write" };
        Permission::from_name(&format!("sysconsole_{verb}_{page}"))
    }
}

/// Whether a delegated administrator with these permissions may reach a setting.
pub fn allows(held: PermissionSet, access: Access, section: &str, field: &str) -> bool {
    let by = |page: &str| access.permission(page).is_some_and(|p| held.contains(p));
    held.contains(Permission::ManageSystem)
        || SECTIONS.iter().any(|(s, pages)| *s == section && pages.iter().any(|page| by(page)))
        || FIELDS.iter().any(|(s, page, fields)| *s == section && fields.contains(&field) && by(page))
}

/// Whether any page of the console is open to these permissions.
pub fn any(held: PermissionSet, access: Access) -> bool {
    let pages = SECTIONS.iter().flat_map(|(_, pages)| pages.iter()).chain(FIELDS.iter().map(|(_, page, _)| page));
    held.contains(Permission::ManageSystem)
        || pages.into_iter().any(|page| access.permission(page).is_some_and(|p| held.contains(p)))
}

/// The part of a configuration that these permissions reach.
pub fn within(held: PermissionSet, access: Access, config: &Value) -> Value {
    let Value::Object(sections) = config else { return Value::Null };
    let reached = sections.iter().map(|(section, fields)| {
        let fields = fields.as_object().into_iter().flatten();
        let reached: Map<String, Value> = fields
            .filter(|(field, _)| allows(held, access, section, field))
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect();
        (section.clone(), Value::Object(reached))
    });
    Value::Object(reached.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_page_has_both_permissions() {
        let known = |page: &&str| Access::Read.permission(page).is_some() && Access::Write.permission(page).is_some();
        let pages = SECTIONS.iter().flat_map(|(_, pages)| pages.iter().copied()).chain(FIELDS.iter().map(|f| f.1));
        let unknown: Vec<_> = pages.filter(|page| !known(page)).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    #[test]
    fn a_delegated_administrator_reaches_the_settings_of_their_pages_only() {
        let held = PermissionSet::of(&[Permission::SysconsoleWriteSitePosts, Permission::SysconsoleReadSitePosts]);
        let config = json!({"ServiceSettings": {"EnableLinkPreviews": true, "EnableAPIUserDeletion": true}, "SqlSettings": {"DataSource": "x"}});
        let reached = within(held, Access::Write, &config);
        assert_eq!(reached, json!({"ServiceSettings": {"EnableLinkPreviews": true}, "SqlSettings": {}}));
        let all = PermissionSet::of(&[Permission::ManageSystem]);
        assert_eq!(within(all, Access::Read, &config), config);
    }
}
