//! What clients are told of the configuration: texts only, and less without a session.

use model::{Millis, StringMap, system::API_VERSION};
use serde_json::Value;

/// What a client is told under a name, and the setting it is the value of. Also without a session: what the pages
/// before signing in show.
const PUBLIC: &[(&str, &str, &str)] = &[
    ("AboutLink", "SupportSettings", "AboutLink"),
    ("AndroidAppDownloadLink", "NativeAppSettings", "AndroidAppDownloadLink"),
    ("AndroidLatestVersion", "ClientRequirements", "AndroidLatestVersion"),
    ("AndroidMinVersion", "ClientRequirements", "AndroidMinVersion"),
    ("AppDownloadLink", "NativeAppSettings", "AppDownloadLink"),
    ("AvailableLocales", "LocalizationSettings", "AvailableLocales"),
    ("CustomBrandText", "TeamSettings", "CustomBrandText"),
    ("CustomDescriptionText", "TeamSettings", "CustomDescriptionText"),
    ("CustomUrlSchemes", "DisplaySettings", "CustomURLSchemes"),
    ("DefaultClientLocale", "LocalizationSettings", "DefaultClientLocale"),
    ("EmailLoginButtonBorderColor", "EmailSettings", "LoginButtonBorderColor"),
    ("EmailLoginButtonColor", "EmailSettings", "LoginButtonColor"),
    ("EmailLoginButtonTextColor", "EmailSettings", "LoginButtonTextColor"),
    ("EnableAskCommunityLink", "SupportSettings", "EnableAskCommunityLink"),
    ("EnableBotAccountCreation", "ServiceSettings", "EnableBotAccountCreation"),
    ("EnableClientMetrics", "MetricsSettings", "EnableClientMetrics"),
    ("EnableCustomBrand", "TeamSettings", "EnableCustomBrand"),
    ("EnableCustomEmoji", "ServiceSettings", "EnableCustomEmoji"),
    ("EnableCustomUserStatuses", "TeamSettings", "EnableCustomUserStatuses"),
    ("EnableLastActiveTime", "TeamSettings", "EnableLastActiveTime"),
    ("EnableDesktopLandingPage", "ServiceSettings", "EnableDesktopLandingPage"),
    ("EnableExperimentalLocales", "LocalizationSettings", "EnableExperimentalLocales"),
    ("EnableFile", "LogSettings", "EnableFile"),
    ("EnableGuestAccounts", "GuestAccountsSettings", "Enable"),
    ("EnableGuestMagicLink", "GuestAccountsSettings", "EnableGuestMagicLink"),
    ("EnableJoinLeaveMessageByDefault", "TeamSettings", "EnableJoinLeaveMessageByDefault"),
    ("EnableLdap", "LdapSettings", "Enable"),
    ("EnableMultifactorAuthentication", "ServiceSettings", "EnableMultifactorAuthentication"),
    ("EnforceMultifactorAuthentication", "ServiceSettings", "EnforceMultifactorAuthentication"),
    ("EnableOpenServer", "TeamSettings", "EnableOpenServer"),
    ("EnableSaml", "SamlSettings", "Enable"),
    ("EnableSeenBy", "PrivacySettings", "EnableSeenBy"),
    ("EnableSignInWithEmail", "EmailSettings", "EnableSignInWithEmail"),
    ("EnableSignInWithUsername", "EmailSettings", "EnableSignInWithUsername"),
    ("EnableSignUpWithEmail", "EmailSettings", "EnableSignUpWithEmail"),
    ("EnableSignUpWithGitLab", "GitLabSettings", "Enable"),
    ("EnableSignUpWithGoogle", "GoogleSettings", "Enable"),
    ("EnableSignUpWithOffice365", "Office365Settings", "Enable"),
    ("EnableSignUpWithOpenId", "OpenIdSettings", "Enable"),
    ("EnableUserCreation", "TeamSettings", "EnableUserCreation"),
    ("ForgotPasswordLink", "SupportSettings", "ForgotPasswordLink"),
    ("GitLabButtonColor", "GitLabSettings", "ButtonColor"),
    ("GitLabButtonText", "GitLabSettings", "ButtonText"),
    ("GuestAccountsEnforceMultifactorAuthentication", "GuestAccountsSettings", "EnforceMultifactorAuthentication"),
    ("HasImageProxy", "ImageProxySettings", "Enable"),
    ("HelpLink", "SupportSettings", "HelpLink"),
    ("HideGuestTags", "GuestAccountsSettings", "HideTags"),
    ("IosAppDownloadLink", "NativeAppSettings", "IosAppDownloadLink"),
    ("IosLatestVersion", "ClientRequirements", "IosLatestVersion"),
    ("IosMinVersion", "ClientRequirements", "IosMinVersion"),
    ("LdapLoginButtonBorderColor", "LdapSettings", "LoginButtonBorderColor"),
    ("LdapLoginButtonColor", "LdapSettings", "LoginButtonColor"),
    ("LdapLoginButtonTextColor", "LdapSettings", "LoginButtonTextColor"),
    ("LdapLoginFieldName", "LdapSettings", "LoginFieldName"),
    ("MobileAllowPdfLinkNavigation", "NativeAppSettings", "MobileAllowPdfLinkNavigation"),
    ("MobileEnableBiometrics", "NativeAppSettings", "MobileEnableBiometrics"),
    ("MobileEnableSecureFilePreview", "NativeAppSettings", "MobileEnableSecureFilePreview"),
    ("MobileExternalBrowser", "NativeAppSettings", "MobileExternalBrowser"),
    ("MobileJailbreakProtection", "NativeAppSettings", "MobileJailbreakProtection"),
    ("MobilePreventScreenCapture", "NativeAppSettings", "MobilePreventScreenCapture"),
    ("OpenIdButtonColor", "OpenIdSettings", "ButtonColor"),
    ("OpenIdButtonText", "OpenIdSettings", "ButtonText"),
    ("PasswordEnableForgotLink", "PasswordSettings", "EnableForgotLink"),
    ("PasswordMinimumLength", "PasswordSettings", "MinimumLength"),
    ("PasswordRequireLowercase", "PasswordSettings", "Lowercase"),
    ("PasswordRequireNumber", "PasswordSettings", "Number"),
    ("PasswordRequireSymbol", "PasswordSettings", "Symbol"),
    ("PasswordRequireUppercase", "PasswordSettings", "Uppercase"),
    ("PluginsEnabled", "PluginSettings", "Enable"),
    ("PrivacyPolicyLink", "SupportSettings", "PrivacyPolicyLink"),
    ("ReportAProblemLink", "SupportSettings", "ReportAProblemLink"),
    ("ReportAProblemMail", "SupportSettings", "ReportAProblemMail"),
    ("ReportAProblemType", "SupportSettings", "ReportAProblemType"),
    ("AllowDownloadLogs", "SupportSettings", "AllowDownloadLogs"),
    ("SamlLoginButtonBorderColor", "SamlSettings", "LoginButtonBorderColor"),
    ("SamlLoginButtonColor", "SamlSettings", "LoginButtonColor"),
    ("SamlLoginButtonText", "SamlSettings", "LoginButtonText"),
    ("SamlLoginButtonTextColor", "SamlSettings", "LoginButtonTextColor"),
    ("SiteName", "TeamSettings", "SiteName"),
    ("SiteURL", "ServiceSettings", "SiteURL"),
    ("SupportEmail", "SupportSettings", "SupportEmail"),
    ("TermsOfServiceLink", "SupportSettings", "TermsOfServiceLink"),
    ("WebsocketPort", "ServiceSettings", "WebsocketPort"),
    ("WebsocketSecurePort", "ServiceSettings", "WebsocketSecurePort"),
    ("WebsocketURL", "ServiceSettings", "WebsocketURL"),
];

/// The same, to those who are signed in.
const SIGNED_IN: &[(&str, &str, &str)] = &[
    ("AllowBannerDismissal", "AnnouncementSettings", "AllowBannerDismissal"),
    ("AllowCustomThemes", "ThemeSettings", "AllowCustomThemes"),
    ("AllowPersistentNotifications", "ServiceSettings", "AllowPersistentNotifications"),
    ("AllowPersistentNotificationsForGuests", "ServiceSettings", "AllowPersistentNotificationsForGuests"),
    ("AllowSyncedDrafts", "ServiceSettings", "AllowSyncedDrafts"),
    ("AllowedThemes", "ThemeSettings", "AllowedThemes"),
    ("BannerColor", "AnnouncementSettings", "BannerColor"),
    ("BannerText", "AnnouncementSettings", "BannerText"),
    ("BannerTextColor", "AnnouncementSettings", "BannerTextColor"),
    ("BurnOnReadDurationSeconds", "ServiceSettings", "BurnOnReadDurationSeconds"),
    ("BurnOnReadMaximumTimeToLiveSeconds", "ServiceSettings", "BurnOnReadMaximumTimeToLiveSeconds"),
    ("CollapsedThreads", "ServiceSettings", "CollapsedThreads"),
    ("CustomTermsOfServiceReAcceptancePeriod", "SupportSettings", "CustomTermsOfServiceReAcceptancePeriod"),
    ("DataRetentionEnableFileDeletion", "DataRetentionSettings", "EnableFileDeletion"),
    ("DataRetentionEnableMessageDeletion", "DataRetentionSettings", "EnableMessageDeletion"),
    ("DataRetentionFileRetentionDays", "DataRetentionSettings", "FileRetentionDays"),
    ("DataRetentionFileRetentionHours", "DataRetentionSettings", "FileRetentionHours"),
    ("DataRetentionMessageRetentionDays", "DataRetentionSettings", "MessageRetentionDays"),
    ("DataRetentionMessageRetentionHours", "DataRetentionSettings", "MessageRetentionHours"),
    ("DefaultTheme", "ThemeSettings", "DefaultTheme"),
    ("DelayChannelAutocomplete", "ExperimentalSettings", "DelayChannelAutocomplete"),
    ("DeleteAccountLink", "ServiceSettings", "DeleteAccountLink"),
    ("DisableAppBar", "ExperimentalSettings", "DisableAppBar"),
    ("DisableRefetchingOnBrowserFocus", "ExperimentalSettings", "DisableRefetchingOnBrowserFocus"),
    ("DisableWakeUpReconnectHandler", "ExperimentalSettings", "DisableWakeUpReconnectHandler"),
    ("EmailNotificationContentsType", "EmailSettings", "EmailNotificationContentsType"),
    ("EnableBanner", "AnnouncementSettings", "EnableBanner"),
    ("EnableBurnOnRead", "ServiceSettings", "EnableBurnOnRead"),
    ("EnableChannelCategorySorting", "TeamSettings", "EnableChannelCategorySorting"),
    ("EnableChannelViewedMessages", "ServiceSettings", "EnableChannelViewedMessages"),
    ("EnableClientPerformanceDebugging", "ServiceSettings", "EnableClientPerformanceDebugging"),
    ("EnableCluster", "ClusterSettings", "Enable"),
    ("EnableCommands", "ServiceSettings", "EnableCommands"),
    ("EnableCompliance", "ComplianceSettings", "Enable"),
    ("EnableComplianceExport", "MessageExportSettings", "EnableExport"),
    ("EnableConfirmNotificationsToChannel", "TeamSettings", "EnableConfirmNotificationsToChannel"),
    ("EnableCrossTeamSearch", "ServiceSettings", "EnableCrossTeamSearch"),
    ("EnableCustomGroups", "ServiceSettings", "EnableCustomGroups"),
    ("EnableCustomTermsOfService", "SupportSettings", "CustomTermsOfServiceEnabled"),
    ("EnableDeveloper", "ServiceSettings", "EnableDeveloper"),
    ("EnableEmailBatching", "EmailSettings", "EnableEmailBatching"),
    ("EnableEmailInvitations", "ServiceSettings", "EnableEmailInvitations"),
    ("EnableEmojiPicker", "ServiceSettings", "EnableEmojiPicker"),
    ("EnableFileAttachments", "FileSettings", "EnableFileAttachments"),
    ("EnableGifPicker", "ServiceSettings", "EnableGifPicker"),
    ("EnableIncomingWebhooks", "ServiceSettings", "EnableIncomingWebhooks"),
    ("EnableInlineLatex", "ServiceSettings", "EnableInlineLatex"),
    ("EnableLatex", "ServiceSettings", "EnableLatex"),
    ("EnableLinkPreviews", "ServiceSettings", "EnableLinkPreviews"),
    ("EnableMarketplace", "PluginSettings", "EnableMarketplace"),
    ("EnableMetrics", "MetricsSettings", "Enable"),
    ("EnableMobileFileDownload", "FileSettings", "EnableMobileDownload"),
    ("EnableMobileFileUpload", "FileSettings", "EnableMobileUpload"),
    ("EnableOAuthServiceProvider", "ServiceSettings", "EnableOAuthServiceProvider"),
    ("EnableOnboardingFlow", "ServiceSettings", "EnableOnboardingFlow"),
    ("EnableOutgoingOAuthConnections", "ServiceSettings", "EnableOutgoingOAuthConnections"),
    ("EnableOutgoingWebhooks", "ServiceSettings", "EnableOutgoingWebhooks"),
    ("EnablePermalinkPreviews", "ServiceSettings", "EnablePermalinkPreviews"),
    ("EnablePostIconOverride", "ServiceSettings", "EnablePostIconOverride"),
    ("EnablePostUsernameOverride", "ServiceSettings", "EnablePostUsernameOverride"),
    ("EnablePreviewModeBanner", "EmailSettings", "EnablePreviewModeBanner"),
    ("EnablePublicLink", "FileSettings", "EnablePublicLink"),
    ("EnableSVGs", "ServiceSettings", "EnableSVGs"),
    ("EnableTesting", "ServiceSettings", "EnableTesting"),
    ("EnableThemeSelection", "ThemeSettings", "EnableThemeSelection"),
    ("EnableTutorial", "ServiceSettings", "EnableTutorial"),
    ("EnableUserAccessTokens", "ServiceSettings", "EnableUserAccessTokens"),
    ("EnableUserDeactivation", "TeamSettings", "EnableUserDeactivation"),
    ("EnableUserStatuses", "ServiceSettings", "EnableUserStatuses"),
    ("EnableUserTypingMessages", "ServiceSettings", "EnableUserTypingMessages"),
    ("ExperimentalDisableAppBar", "ExperimentalSettings", "DisableAppBar"),
    ("ExperimentalEnableAuthenticationTransfer", "ServiceSettings", "ExperimentalEnableAuthenticationTransfer"),
    ("ExperimentalEnableAutomaticReplies", "TeamSettings", "ExperimentalEnableAutomaticReplies"),
    (
        "ExperimentalEnableDefaultChannelLeaveJoinMessages",
        "ServiceSettings",
        "ExperimentalEnableDefaultChannelLeaveJoinMessages",
    ),
    ("ExperimentalGroupUnreadChannels", "ServiceSettings", "ExperimentalGroupUnreadChannels"),
    ("ExperimentalPrimaryTeam", "TeamSettings", "ExperimentalPrimaryTeam"),
    ("ExperimentalRemoteClusterService", "ExperimentalSettings", "EnableRemoteClusterService"),
    ("ExperimentalSharedChannels", "ExperimentalSettings", "EnableSharedChannels"),
    ("ExperimentalViewArchivedChannels", "TeamSettings", "ExperimentalViewArchivedChannels"),
    ("ExtendSessionLengthWithActivity", "ServiceSettings", "ExtendSessionLengthWithActivity"),
    ("FileLevel", "LogSettings", "FileLevel"),
    ("GoogleDeveloperKey", "ServiceSettings", "GoogleDeveloperKey"),
    ("LockTeammateNameDisplay", "TeamSettings", "LockTeammateNameDisplay"),
    ("ManagedResourcePaths", "ServiceSettings", "ManagedResourcePaths"),
    ("MaxChannelsPerTeam", "TeamSettings", "MaxChannelsPerTeam"),
    ("MaxFileSize", "FileSettings", "MaxFileSize"),
    ("MaxMarkdownNodes", "DisplaySettings", "MaxMarkdownNodes"),
    ("MaxNotificationsPerChannel", "TeamSettings", "MaxNotificationsPerChannel"),
    ("MaximumPayloadSizeBytes", "ServiceSettings", "MaximumPayloadSizeBytes"),
    ("MinimumHashtagLength", "ServiceSettings", "MinimumHashtagLength"),
    ("PersistentNotificationIntervalMinutes", "ServiceSettings", "PersistentNotificationIntervalMinutes"),
    ("PersistentNotificationMaxCount", "ServiceSettings", "PersistentNotificationMaxCount"),
    ("PersistentNotificationMaxRecipients", "ServiceSettings", "PersistentNotificationMaxRecipients"),
    ("PostEditTimeLimit", "ServiceSettings", "PostEditTimeLimit"),
    ("PostPriority", "ServiceSettings", "PostPriority"),
    ("RequireEmailVerification", "EmailSettings", "RequireEmailVerification"),
    ("RestrictDirectMessage", "TeamSettings", "RestrictDirectMessage"),
    ("RestrictLinkPreviews", "ServiceSettings", "RestrictLinkPreviews"),
    ("RunJobs", "JobSettings", "RunJobs"),
    ("SQLDriverName", "SqlSettings", "DriverName"),
    ("ScheduledPosts", "ServiceSettings", "ScheduledPosts"),
    ("SendEmailNotifications", "EmailSettings", "SendEmailNotifications"),
    ("SendPushNotifications", "EmailSettings", "SendPushNotifications"),
    ("ShowEmailAddress", "PrivacySettings", "ShowEmailAddress"),
    ("ShowFullName", "PrivacySettings", "ShowFullName"),
    ("TeammateNameDisplay", "TeamSettings", "TeammateNameDisplay"),
    ("ThreadAutoFollow", "ServiceSettings", "ThreadAutoFollow"),
    ("TimeBetweenUserTypingUpdatesMilliseconds", "ServiceSettings", "TimeBetweenUserTypingUpdatesMilliseconds"),
    ("UniqueEmojiReactionLimitPerPost", "ServiceSettings", "UniqueEmojiReactionLimitPerPost"),
    ("UseAnonymousURLs", "PrivacySettings", "UseAnonymousURLs"),
    (
        "UsersStatusAndProfileFetchingPollIntervalMilliseconds",
        "ExperimentalSettings",
        "UsersStatusAndProfileFetchingPollIntervalMilliseconds",
    ),
    ("WranglerAllowedEmailDomain", "WranglerSettings", "AllowedEmailDomain"),
    (
        "WranglerMoveThreadFromDirectMessageChannelEnable",
        "WranglerSettings",
        "MoveThreadFromDirectMessageChannelEnable",
    ),
    ("WranglerMoveThreadFromGroupMessageChannelEnable", "WranglerSettings", "MoveThreadFromGroupMessageChannelEnable"),
    ("WranglerMoveThreadFromPrivateChannelEnable", "WranglerSettings", "MoveThreadFromPrivateChannelEnable"),
    ("WranglerMoveThreadMaxCount", "WranglerSettings", "MoveThreadMaxCount"),
    ("WranglerMoveThreadToAnotherTeamEnable", "WranglerSettings", "MoveThreadToAnotherTeamEnable"),
    ("WranglerPermittedWranglerRoles", "WranglerSettings", "PermittedWranglerRoles"),
    ("YoutubeReferrerPolicy", "ExperimentalSettings", "YoutubeReferrerPolicy"),
];

/// What a client is told whether a directory or an identity provider gives a field: not empty means yes.
const GIVEN: &[(&str, &str, &str)] = &[
    ("LdapFirstNameAttributeSet", "LdapSettings", "FirstNameAttribute"),
    ("LdapLastNameAttributeSet", "LdapSettings", "LastNameAttribute"),
    ("LdapNicknameAttributeSet", "LdapSettings", "NicknameAttribute"),
    ("LdapPictureAttributeSet", "LdapSettings", "PictureAttribute"),
    ("LdapPositionAttributeSet", "LdapSettings", "PositionAttribute"),
    ("SamlFirstNameAttributeSet", "SamlSettings", "FirstNameAttribute"),
    ("SamlLastNameAttributeSet", "SamlSettings", "LastNameAttribute"),
    ("SamlNicknameAttributeSet", "SamlSettings", "NicknameAttribute"),
    ("SamlPositionAttributeSet", "SamlSettings", "PositionAttribute"),
];

/// What never changes, for those who are not signed in.
const FIXED: &[(&str, &str)] = &[
    ("Version", API_VERSION),
    ("BuildNumber", env!("CARGO_PKG_VERSION")),
    ("BuildDate", ""),
    ("BuildHash", ""),
    ("BuildHashEnterprise", ""),
    // What others sell apart is part of every build.
    ("BuildEnterpriseReady", "true"),
    ("CWSURL", ""),
    ("DesktopLatestVersion", ""),
    ("DesktopMinVersion", ""),
    ("DiagnosticsEnabled", "false"),
    ("EnableDiagnostics", "false"),
    ("IsFipsEnabled", "false"),
    ("ServiceEnvironment", "production"),
    ("UpgradedFromTE", "false"),
];

/// What never changes, for those who are signed in: features that are always on, and those of older servers that
/// clients still ask for.
const FIXED_SIGNED_IN: &[(&str, &str)] = &[
    ("AppsPluginEnabled", "false"),
    ("CWSMock", "false"),
    ("CWSUrl", ""),
    ("CloseUnusedDirectMessages", "false"),
    ("CloudUserLimit", "0"),
    ("ContentFlaggingEnabled", "false"),
    ("EnableAttributeBasedAccessControl", "false"),
    ("EnableAutoTranslation", "false"),
    ("EnableLegacySidebar", "false"),
    ("EnablePreviewFeatures", "true"),
    ("EnableReliableWebSockets", "true"),
    ("EnableTimedDND", "true"),
    ("EnableUserManagedAttributes", "false"),
    ("EnableXToLeaveChannelsFromLHS", "false"),
    ("ExperimentalChannelOrganization", "true"),
    ("ExperimentalCloudBilling", "false"),
    ("ExperimentalCloudUserLimit", "0"),
    ("ExperimentalEnableClickToReply", "true"),
    ("ExperimentalEnablePostMetadata", "true"),
    ("ExperimentalHideTownSquareinLHS", "false"),
    ("ExperimentalTimezone", "true"),
    ("ExperimentalTownSquareIsReadOnly", "false"),
    ("GfycatApiKey", ""),
    ("GfycatApiSecret", ""),
    ("IsDefaultMarketplace", "false"),
    ("PostAcknowledgements", "true"),
    ("FeatureFlagCloudDelinquentEmailJobsEnabled", "false"),
    ("FeatureFlagCustomDataRetentionEnabled", "true"),
    ("FeatureFlagEnableRemoteClusterService", "false"),
    ("FeatureFlagMoveThreadsEnabled", "true"),
    ("FeatureFlagPluginApps", ""),
    ("FeatureFlagPluginFocalboard", ""),
    ("FeatureFlagPluginIncidentManagement", ""),
    ("FeatureFlagTestBoolFeature", "false"),
    ("FeatureFlagTestFeature", "off"),
];

/// What is told beside the configuration.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub signed_in: bool,
    /// Nobody has an account yet.
    pub no_accounts: bool,
    /// When the server was first started.
    pub installed_at: Millis,
    /// By which clients check that a push notification is ours; base64.
    pub signing_key: String,
}

/// What a client is told of a configuration.
pub fn told(config: &Value, facts: &Facts) -> StringMap {
    let setting = |section: &str, field: &str| config.get(section).and_then(|s| s.get(field)).map(text);
    let settings = |table: &'static [(&str, &str, &str)]| {
        table
            .iter()
            .map(move |(name, section, field)| ((*name).to_owned(), setting(section, field).unwrap_or_default()))
    };
    let fixed = |table: &'static [(&str, &str)]| table.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    let given = |(name, section, field): &(&str, &str, &str)| {
        let given = setting(section, field).is_some_and(|value| !value.is_empty());
        ((*name).to_owned(), given.to_string())
    };
    let flags = config.get("FeatureFlags").and_then(Value::as_object).into_iter().flatten();
    let mut told: StringMap = settings(PUBLIC).chain(fixed(FIXED)).chain(GIVEN.iter().map(given)).collect();
    told.extend(flags.map(|(name, value)| (format!("FeatureFlag{name}"), text(value))));
    told.insert("NoAccounts".into(), facts.no_accounts.to_string());
    told.insert("AsymmetricSigningPublicKey".into(), facts.signing_key.clone());
    // Clients tell servers apart by it, so it has to be the same on every node and after every start.
    let of_server = facts.installed_at.to_string();
    told.insert("DiagnosticId".into(), of_server.clone());
    told.insert("TelemetryId".into(), of_server.clone());
    if facts.signed_in {
        told.extend(settings(SIGNED_IN).chain(fixed(FIXED_SIGNED_IN)));
        told.insert("InstallationDate".into(), of_server);
        told.insert("MaxPostSize".into(), model::posts::MESSAGE_MAX.to_string());
    }
    told
}

/// A setting as clients read it. Mattermost: lists are joined by commas.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn every_name_is_told_once_and_is_a_setting_there_is() {
        let config = Settings::in_memory(model::config::Config::default()).whole();
        let mut names = std::collections::BTreeSet::new();
        for (name, section, field) in PUBLIC.iter().chain(SIGNED_IN).chain(GIVEN) {
            assert!(names.insert(*name), "{name} is told twice");
            assert!(config[section].get(field).is_some(), "{name}: there is no {section}.{field}");
        }
        for (name, _) in FIXED.iter().chain(FIXED_SIGNED_IN) {
            assert!(names.insert(name), "{name} is told twice");
        }
        assert!(names.len() > 220, "{}", names.len());
    }

    #[test]
    fn strangers_are_told_less_and_no_secret_is_told() {
        let settings = Settings::in_memory(model::config::Config::default());
        let secret = settings.whole()["FileSettings"]["PublicLinkSalt"].as_str().unwrap_or_default().to_owned();
        let stranger = told(&settings.whole(), &Facts::default());
        let known = told(&settings.whole(), &Facts { signed_in: true, ..Facts::default() });
        assert!(stranger.contains_key("SiteName") && !stranger.contains_key("MaxFileSize"));
        assert!(stranger.len() * 2 < known.len() + 40 && known.len() > 230, "{} {}", stranger.len(), known.len());
        assert!(!secret.is_empty() && known.values().all(|value| *value != secret));
    }
}
