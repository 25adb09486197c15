//! What a role may allow: every permission by name, sets of them, and the roles a new server starts with.
//!
//! Mattermost: names, scopes and default roles are those of 5.37 (team edition), which clients read and
//! administrators patch by name. Who holds which role where is the server's business, not this file's.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Where a permission is looked for: its holder's roles in the system, in the team, or in the channel.
///
/// A permission of a narrower scope is also given by a role of a wider one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    System,
    Team,
    Channel,
}

impl Scope {
    /// As the API writes it: `system_scope`, `team_scope`, `channel_scope`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system_scope",
            Self::Team => "team_scope",
            Self::Channel => "channel_scope",
        }
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $group:ident { $($name:ident = $text:literal, $scope:ident;)* })*) => {
        /// One thing that somebody may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Permission {
            $($($name,)*)*
        }

        impl Permission {
            /// Every permission, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The name on the wire and in the database: `create_post`.
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$name => $text,)*)*
                }
            }

            /// The permission of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($($text => Some(Self::$name),)*)*
                    _ => None,
                }
            }

            /// Where it is looked for.
            pub const fn scope(self) -> Scope {
                match self {
                    $($(Self::$name => Scope::$scope,)*)*
                }
            }
        }

        impl PermissionSet {
            $($(#[$doc])* pub const $group: Self = Self::of(&[$(Permission::$name,)*]);)*
        }
    };
}

permissions! {
    /// The permissions in use: what an administrator of the system has.
    CURRENT {
        AddLdapPrivateCert = "add_ldap_private_cert", System;
        AddLdapPublicCert = "add_ldap_public_cert", System;
        AddReaction = "add_reaction", Channel;
        AddSamlIdpCert = "add_saml_idp_cert", System;
        AddSamlPrivateCert = "add_saml_private_cert", System;
        AddSamlPublicCert = "add_saml_public_cert", System;
        AddUserToTeam = "add_user_to_team", Team;
        AssignBot = "assign_bot", System;
        AssignSystemAdminRole = "assign_system_admin_role", System;
        ConvertPrivateChannelToPublic = "convert_private_channel_to_public", Channel;
        ConvertPublicChannelToPrivate = "convert_public_channel_to_private", Channel;
        CreateBot = "create_bot", System;
        CreateComplianceExportJob = "create_compliance_export_job", System;
        CreateDataRetentionJob = "create_data_retention_job", System;
        CreateDirectChannel = "create_direct_channel", System;
        CreateElasticsearchPostAggregationJob = "create_elasticsearch_post_aggregation_job", System;
        CreateElasticsearchPostIndexingJob = "create_elasticsearch_post_indexing_job", System;
        CreateEmojis = "create_emojis", System;
        CreateGroupChannel = "create_group_channel", System;
        CreateLdapSyncJob = "create_ldap_sync_job", System;
        CreatePost = "create_post", Channel;
        CreatePostBleveIndexesJob = "create_post_bleve_indexes_job", System;
        CreatePostEphemeral = "create_post_ephemeral", Channel;
        CreatePostPublic = "create_post_public", Channel;
        CreatePrivateChannel = "create_private_channel", Team;
        CreatePublicChannel = "create_public_channel", Team;
        CreateTeam = "create_team", System;
        CreateUserAccessToken = "create_user_access_token", System;
        DeleteEmojis = "delete_emojis", System;
        DeleteOthersEmojis = "delete_others_emojis", System;
        DeleteOthersPosts = "delete_others_posts", Channel;
        DeletePost = "delete_post", Channel;
        DeletePrivateChannel = "delete_private_channel", Channel;
        DeletePublicChannel = "delete_public_channel", Channel;
        DemoteToGuest = "demote_to_guest", System;
        DownloadComplianceExportResult = "download_compliance_export_result", System;
        EditBrand = "edit_brand", System;
        EditOtherUsers = "edit_other_users", System;
        EditOthersPosts = "edit_others_posts", Channel;
        EditPost = "edit_post", Channel;
        GetAnalytics = "get_analytics", System;
        GetLogs = "get_logs", System;
        GetPublicLink = "get_public_link", System;
        GetSamlCertStatus = "get_saml_cert_status", System;
        GetSamlMetadataFromIdp = "get_saml_metadata_from_idp", System;
        ImportTeam = "import_team", Team;
        InvalidateCaches = "invalidate_caches", System;
        InvalidateEmailInvite = "invalidate_email_invite", System;
        InviteGuest = "invite_guest", Team;
        InviteUser = "invite_user", Team;
        JoinPrivateTeams = "join_private_teams", System;
        JoinPublicChannels = "join_public_channels", Team;
        JoinPublicTeams = "join_public_teams", System;
        ListPrivateTeams = "list_private_teams", System;
        ListPublicTeams = "list_public_teams", System;
        ListTeamChannels = "list_team_channels", Team;
        ListUsersWithoutTeam = "list_users_without_team", System;
        ManageBots = "manage_bots", System;
        ManageChannelRoles = "manage_channel_roles", Channel;
        ManageIncomingWebhooks = "manage_incoming_webhooks", Team;
        ManageJobs = "manage_jobs", System;
        ManageLicenseInformation = "manage_license_information", System;
        ManageOauth = "manage_oauth", System;
        ManageOthersBots = "manage_others_bots", System;
        ManageOthersIncomingWebhooks = "manage_others_incoming_webhooks", Team;
        ManageOthersOutgoingWebhooks = "manage_others_outgoing_webhooks", Team;
        ManageOthersSlashCommands = "manage_others_slash_commands", Team;
        ManageOutgoingWebhooks = "manage_outgoing_webhooks", Team;
        ManagePrivateChannelMembers = "manage_private_channel_members", Channel;
        ManagePrivateChannelProperties = "manage_private_channel_properties", Channel;
        ManagePublicChannelMembers = "manage_public_channel_members", Channel;
        ManagePublicChannelProperties = "manage_public_channel_properties", Channel;
        ManageRoles = "manage_roles", System;
        ManageSecureConnections = "manage_secure_connections", System;
        ManageSharedChannels = "manage_shared_channels", System;
        ManageSlashCommands = "manage_slash_commands", Team;
        ManageSystem = "manage_system", System;
        ManageSystemWideOauth = "manage_system_wide_oauth", System;
        ManageTeam = "manage_team", Team;
        ManageTeamRoles = "manage_team_roles", Team;
        PromoteGuest = "promote_guest", System;
        PurgeBleveIndexes = "purge_bleve_indexes", System;
        PurgeElasticsearchIndexes = "purge_elasticsearch_indexes", System;
        ReadAudits = "read_audits", System;
        ReadBots = "read_bots", System;
        ReadChannel = "read_channel", Channel;
        ReadComplianceExportJob = "read_compliance_export_job", System;
        ReadDataRetentionJob = "read_data_retention_job", System;
        ReadElasticsearchPostAggregationJob = "read_elasticsearch_post_aggregation_job", System;
        ReadElasticsearchPostIndexingJob = "read_elasticsearch_post_indexing_job", System;
        ReadJobs = "read_jobs", System;
        ReadLdapSyncJob = "read_ldap_sync_job", System;
        ReadLicenseInformation = "read_license_information", System;
        ReadOtherUsersTeams = "read_other_users_teams", System;
        ReadOthersBots = "read_others_bots", System;
        ReadPrivateChannelGroups = "read_private_channel_groups", Channel;
        ReadPublicChannel = "read_public_channel", Team;
        ReadPublicChannelGroups = "read_public_channel_groups", Channel;
        ReadUserAccessToken = "read_user_access_token", System;
        RecycleDatabaseConnections = "recycle_database_connections", System;
        ReloadConfig = "reload_config", System;
        RemoveLdapPrivateCert = "remove_ldap_private_cert", System;
        RemoveLdapPublicCert = "remove_ldap_public_cert", System;
        RemoveOthersReactions = "remove_others_reactions", Channel;
        RemoveReaction = "remove_reaction", Channel;
        RemoveSamlIdpCert = "remove_saml_idp_cert", System;
        RemoveSamlPrivateCert = "remove_saml_private_cert", System;
        RemoveSamlPublicCert = "remove_saml_public_cert", System;
        RemoveUserFromTeam = "remove_user_from_team", Team;
        RevokeUserAccessToken = "revoke_user_access_token", System;
        SysconsoleReadAboutEditionAndLicense = "sysconsole_read_about_edition_and_license", System;
        SysconsoleReadAuthenticationEmail = "sysconsole_read_authentication_email", System;
        SysconsoleReadAuthenticationGuestAccess = "sysconsole_read_authentication_guest_access", System;
        SysconsoleReadAuthenticationLdap = "sysconsole_read_authentication_ldap", System;
        SysconsoleReadAuthenticationMfa = "sysconsole_read_authentication_mfa", System;
        SysconsoleReadAuthenticationOpenid = "sysconsole_read_authentication_openid", System;
        SysconsoleReadAuthenticationPassword = "sysconsole_read_authentication_password", System;
        SysconsoleReadAuthenticationSaml = "sysconsole_read_authentication_saml", System;
        SysconsoleReadAuthenticationSignup = "sysconsole_read_authentication_signup", System;
        SysconsoleReadBilling = "sysconsole_read_billing", System;
        SysconsoleReadComplianceComplianceExport = "sysconsole_read_compliance_compliance_export", System;
        SysconsoleReadComplianceComplianceMonitoring = "sysconsole_read_compliance_compliance_monitoring", System;
        SysconsoleReadComplianceCustomTermsOfService = "sysconsole_read_compliance_custom_terms_of_service", System;
        SysconsoleReadComplianceDataRetentionPolicy = "sysconsole_read_compliance_data_retention_policy", System;
        SysconsoleReadEnvironmentDatabase = "sysconsole_read_environment_database", System;
        SysconsoleReadEnvironmentDeveloper = "sysconsole_read_environment_developer", System;
        SysconsoleReadEnvironmentElasticsearch = "sysconsole_read_environment_elasticsearch", System;
        SysconsoleReadEnvironmentFileStorage = "sysconsole_read_environment_file_storage", System;
        SysconsoleReadEnvironmentHighAvailability = "sysconsole_read_environment_high_availability", System;
        SysconsoleReadEnvironmentImageProxy = "sysconsole_read_environment_image_proxy", System;
        SysconsoleReadEnvironmentLogging = "sysconsole_read_environment_logging", System;
        SysconsoleReadEnvironmentPerformanceMonitoring = "sysconsole_read_environment_performance_monitoring", System;
        SysconsoleReadEnvironmentPushNotificationServer = "sysconsole_read_environment_push_notification_server", System;
        SysconsoleReadEnvironmentRateLimiting = "sysconsole_read_environment_rate_limiting", System;
        SysconsoleReadEnvironmentSessionLengths = "sysconsole_read_environment_session_lengths", System;
        SysconsoleReadEnvironmentSmtp = "sysconsole_read_environment_smtp", System;
        SysconsoleReadEnvironmentWebServer = "sysconsole_read_environment_web_server", System;
        SysconsoleReadExperimentalBleve = "sysconsole_read_experimental_bleve", System;
        SysconsoleReadExperimentalFeatureFlags = "sysconsole_read_experimental_feature_flags", System;
        SysconsoleReadExperimentalFeatures = "sysconsole_read_experimental_features", System;
        SysconsoleReadIntegrationsBotAccounts = "sysconsole_read_integrations_bot_accounts", System;
        SysconsoleReadIntegrationsCors = "sysconsole_read_integrations_cors", System;
        SysconsoleReadIntegrationsGif = "sysconsole_read_integrations_gif", System;
        SysconsoleReadIntegrationsIntegrationManagement = "sysconsole_read_integrations_integration_management", System;
        SysconsoleReadPlugins = "sysconsole_read_plugins", System;
        SysconsoleReadReportingServerLogs = "sysconsole_read_reporting_server_logs", System;
        SysconsoleReadReportingSiteStatistics = "sysconsole_read_reporting_site_statistics", System;
        SysconsoleReadReportingTeamStatistics = "sysconsole_read_reporting_team_statistics", System;
        SysconsoleReadSiteAnnouncementBanner = "sysconsole_read_site_announcement_banner", System;
        SysconsoleReadSiteCustomization = "sysconsole_read_site_customization", System;
        SysconsoleReadSiteEmoji = "sysconsole_read_site_emoji", System;
        SysconsoleReadSiteFileSharingAndDownloads = "sysconsole_read_site_file_sharing_and_downloads", System;
        SysconsoleReadSiteLocalization = "sysconsole_read_site_localization", System;
        SysconsoleReadSiteNotices = "sysconsole_read_site_notices", System;
        SysconsoleReadSiteNotifications = "sysconsole_read_site_notifications", System;
        SysconsoleReadSitePosts = "sysconsole_read_site_posts", System;
        SysconsoleReadSitePublicLinks = "sysconsole_read_site_public_links", System;
        SysconsoleReadSiteUsersAndTeams = "sysconsole_read_site_users_and_teams", System;
        SysconsoleReadUserManagementChannels = "sysconsole_read_user_management_channels", System;
        SysconsoleReadUserManagementGroups = "sysconsole_read_user_management_groups", System;
        SysconsoleReadUserManagementPermissions = "sysconsole_read_user_management_permissions", System;
        SysconsoleReadUserManagementSystemRoles = "sysconsole_read_user_management_system_roles", System;
        SysconsoleReadUserManagementTeams = "sysconsole_read_user_management_teams", System;
        SysconsoleReadUserManagementUsers = "sysconsole_read_user_management_users", System;
        SysconsoleWriteAboutEditionAndLicense = "sysconsole_write_about_edition_and_license", System;
        SysconsoleWriteAuthenticationEmail = "sysconsole_write_authentication_email", System;
        SysconsoleWriteAuthenticationGuestAccess = "sysconsole_write_authentication_guest_access", System;
        SysconsoleWriteAuthenticationLdap = "sysconsole_write_authentication_ldap", System;
        SysconsoleWriteAuthenticationMfa = "sysconsole_write_authentication_mfa", System;
        SysconsoleWriteAuthenticationOpenid = "sysconsole_write_authentication_openid", System;
        SysconsoleWriteAuthenticationPassword = "sysconsole_write_authentication_password", System;
        SysconsoleWriteAuthenticationSaml = "sysconsole_write_authentication_saml", System;
        SysconsoleWriteAuthenticationSignup = "sysconsole_write_authentication_signup", System;
        SysconsoleWriteBilling = "sysconsole_write_billing", System;
        SysconsoleWriteComplianceComplianceExport = "sysconsole_write_compliance_compliance_export", System;
        SysconsoleWriteComplianceComplianceMonitoring = "sysconsole_write_compliance_compliance_monitoring", System;
        SysconsoleWriteComplianceCustomTermsOfService = "sysconsole_write_compliance_custom_terms_of_service", System;
        SysconsoleWriteComplianceDataRetentionPolicy = "sysconsole_write_compliance_data_retention_policy", System;
        SysconsoleWriteEnvironmentDatabase = "sysconsole_write_environment_database", System;
        SysconsoleWriteEnvironmentDeveloper = "sysconsole_write_environment_developer", System;
        SysconsoleWriteEnvironmentElasticsearch = "sysconsole_write_environment_elasticsearch", System;
        SysconsoleWriteEnvironmentFileStorage = "sysconsole_write_environment_file_storage", System;
        SysconsoleWriteEnvironmentHighAvailability = "sysconsole_write_environment_high_availability", System;
        SysconsoleWriteEnvironmentImageProxy = "sysconsole_write_environment_image_proxy", System;
        SysconsoleWriteEnvironmentLogging = "sysconsole_write_environment_logging", System;
        SysconsoleWriteEnvironmentPerformanceMonitoring = "sysconsole_write_environment_performance_monitoring", System;
        SysconsoleWriteEnvironmentPushNotificationServer = "sysconsole_write_environment_push_notification_server", System;
        SysconsoleWriteEnvironmentRateLimiting = "sysconsole_write_environment_rate_limiting", System;
        SysconsoleWriteEnvironmentSessionLengths = "sysconsole_write_environment_session_lengths", System;
        SysconsoleWriteEnvironmentSmtp = "sysconsole_write_environment_smtp", System;
        SysconsoleWriteEnvironmentWebServer = "sysconsole_write_environment_web_server", System;
        SysconsoleWriteExperimentalBleve = "sysconsole_write_experimental_bleve", System;
        SysconsoleWriteExperimentalFeatureFlags = "sysconsole_write_experimental_feature_flags", System;
        SysconsoleWriteExperimentalFeatures = "sysconsole_write_experimental_features", System;
        SysconsoleWriteIntegrationsBotAccounts = "sysconsole_write_integrations_bot_accounts", System;
        SysconsoleWriteIntegrationsCors = "sysconsole_write_integrations_cors", System;
        SysconsoleWriteIntegrationsGif = "sysconsole_write_integrations_gif", System;
        SysconsoleWriteIntegrationsIntegrationManagement = "sysconsole_write_integrations_integration_management", System;
        SysconsoleWritePlugins = "sysconsole_write_plugins", System;
        SysconsoleWriteReportingServerLogs = "sysconsole_write_reporting_server_logs", System;
        SysconsoleWriteReportingSiteStatistics = "sysconsole_write_reporting_site_statistics", System;
        SysconsoleWriteReportingTeamStatistics = "sysconsole_write_reporting_team_statistics", System;
        SysconsoleWriteSiteAnnouncementBanner = "sysconsole_write_site_announcement_banner", System;
        SysconsoleWriteSiteCustomization = "sysconsole_write_site_customization", System;
        SysconsoleWriteSiteEmoji = "sysconsole_write_site_emoji", System;
        SysconsoleWriteSiteFileSharingAndDownloads = "sysconsole_write_site_file_sharing_and_downloads", System;
        SysconsoleWriteSiteLocalization = "sysconsole_write_site_localization", System;
        SysconsoleWriteSiteNotices = "sysconsole_write_site_notices", System;
        SysconsoleWriteSiteNotifications = "sysconsole_write_site_notifications", System;
        SysconsoleWriteSitePosts = "sysconsole_write_site_posts", System;
        SysconsoleWriteSitePublicLinks = "sysconsole_write_site_public_links", System;
        SysconsoleWriteSiteUsersAndTeams = "sysconsole_write_site_users_and_teams", System;
        SysconsoleWriteUserManagementChannels = "sysconsole_write_user_management_channels", System;
        SysconsoleWriteUserManagementGroups = "sysconsole_write_user_management_groups", System;
        SysconsoleWriteUserManagementPermissions = "sysconsole_write_user_management_permissions", System;
        SysconsoleWriteUserManagementSystemRoles = "sysconsole_write_user_management_system_roles", System;
        SysconsoleWriteUserManagementTeams = "sysconsole_write_user_management_teams", System;
        SysconsoleWriteUserManagementUsers = "sysconsole_write_user_management_users", System;
        TestElasticsearch = "test_elasticsearch", System;
        TestEmail = "test_email", System;
        TestLdap = "test_ldap", System;
        TestS3 = "test_s3", System;
        TestSiteUrl = "test_site_url", System;
        UploadFile = "upload_file", Channel;
        UseChannelMentions = "use_channel_mentions", Channel;
        UseGroupMentions = "use_group_mentions", Channel;
        UseSlashCommands = "use_slash_commands", Channel;
        ViewMembers = "view_members", Team;
        ViewTeam = "view_team", Team;
    }
    /// Names that older servers used; still accepted in a role, and no longer asked for.
    LEGACY {
        ManageEmojis = "manage_emojis", Team;
        ManageOthersEmojis = "manage_others_emojis", Team;
        ManageOthersWebhooks = "manage_others_webhooks", Team;
        ManageWebhooks = "manage_webhooks", Team;
        PermanentDeleteUser = "permanent_delete_user", System;
        SysconsoleReadAbout = "sysconsole_read_about", System;
        SysconsoleReadAuthentication = "sysconsole_read_authentication", System;
        SysconsoleReadCompliance = "sysconsole_read_compliance", System;
        SysconsoleReadEnvironment = "sysconsole_read_environment", System;
        SysconsoleReadExperimental = "sysconsole_read_experimental", System;
        SysconsoleReadIntegrations = "sysconsole_read_integrations", System;
        SysconsoleReadReporting = "sysconsole_read_reporting", System;
        SysconsoleReadSite = "sysconsole_read_site", System;
        SysconsoleWriteAbout = "sysconsole_write_about", System;
        SysconsoleWriteAuthentication = "sysconsole_write_authentication", System;
        SysconsoleWriteCompliance = "sysconsole_write_compliance", System;
        SysconsoleWriteEnvironment = "sysconsole_write_environment", System;
        SysconsoleWriteExperimental = "sysconsole_write_experimental", System;
        SysconsoleWriteIntegrations = "sysconsole_write_integrations", System;
        SysconsoleWriteReporting = "sysconsole_write_reporting", System;
        SysconsoleWriteSite = "sysconsole_write_site", System;
    }
    /// Names that servers after 5.37 added. Mattermost 5.37 gives them to no role of a system, team or channel.
    LATER {
        AddBookmarkPrivateChannel = "add_bookmark_private_channel", Channel;
        AddBookmarkPublicChannel = "add_bookmark_public_channel", Channel;
        CreateCustomGroup = "create_custom_group", System;
        DeleteBookmarkPrivateChannel = "delete_bookmark_private_channel", Channel;
        DeleteBookmarkPublicChannel = "delete_bookmark_public_channel", Channel;
        DeleteCustomGroup = "delete_custom_group", System;
        EditBookmarkPrivateChannel = "edit_bookmark_private_channel", Channel;
        EditBookmarkPublicChannel = "edit_bookmark_public_channel", Channel;
        EditCustomGroup = "edit_custom_group", System;
        ManageChannelAccessRules = "manage_channel_access_rules", Channel;
        ManageCustomGroupMembers = "manage_custom_group_members", System;
        ManageOutgoingOauthConnections = "manage_outgoing_oauth_connections", System;
        ManagePrivateChannelBanner = "manage_private_channel_banner", Channel;
        ManagePublicChannelBanner = "manage_public_channel_banner", Channel;
        OrderBookmarkPrivateChannel = "order_bookmark_private_channel", Channel;
        OrderBookmarkPublicChannel = "order_bookmark_public_channel", Channel;
        PlaybookPrivateCreate = "playbook_private_create", Team;
        PlaybookPrivateMakePublic = "playbook_private_make_public", Team;
        PlaybookPrivateManageMembers = "playbook_private_manage_members", Team;
        PlaybookPrivateManageProperties = "playbook_private_manage_properties", Team;
        PlaybookPrivateManageRoles = "playbook_private_manage_roles", Team;
        PlaybookPrivateView = "playbook_private_view", Team;
        PlaybookPublicCreate = "playbook_public_create", Team;
        PlaybookPublicMakePrivate = "playbook_public_make_private", Team;
        PlaybookPublicManageMembers = "playbook_public_manage_members", Team;
        PlaybookPublicManageProperties = "playbook_public_manage_properties", Team;
        PlaybookPublicManageRoles = "playbook_public_manage_roles", Team;
        PlaybookPublicView = "playbook_public_view", Team;
        ReadChannelContent = "read_channel_content", Channel;
        ReadDeletedPosts = "read_deleted_posts", Channel;
        RestoreCustomGroup = "restore_custom_group", System;
        RunCreate = "run_create", Team;
        RunManageMembers = "run_manage_members", Team;
        RunManageProperties = "run_manage_properties", Team;
        RunView = "run_view", Team;
        SysconsoleReadProductsBoards = "sysconsole_read_products_boards", System;
        SysconsoleReadSiteIpFilters = "sysconsole_read_site_ip_filters", System;
        SysconsoleWriteProductsBoards = "sysconsole_write_products_boards", System;
        SysconsoleWriteSiteIpFilters = "sysconsole_write_site_ip_filters", System;
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        Self::from_name(&name).ok_or_else(|| de::Error::custom(UnknownPermission(name.into_owned())))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Permission {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Permission".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<_> = Self::ALL.iter().map(|p| p.name()).collect();
        schemars::json_schema!({ "type": "string", "description": "The name of a permission.", "enum": names })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for PermissionSet {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PermissionSet".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<Permission>();
        schemars::json_schema!({ "type": "array", "items": one })
    }
}

/// A name that is no permission's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown permission {0:?}")]
pub struct UnknownPermission(pub String);

const WORDS: usize = 5;
const _: () = assert!(Permission::COUNT <= WORDS * 64, "PermissionSet has too few bits");

/// A set of permissions: small, `Copy`, and quick to ask.
///
/// Travels as a list of names. A list with an unknown name is refused when it comes in as JSON, so that a
/// patched role holds what its author wrote; text from the database is read leniently ([`PermissionSet::parse`]).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PermissionSet([u64; WORDS]);

impl PermissionSet {
    /// Nothing is allowed.
    pub const EMPTY: Self = Self([0; WORDS]);
    /// Everything that has a name, old and new.
    pub const ALL: Self = Self::CURRENT.union(Self::LEGACY).union(Self::LATER);

    /// The set of these.
    pub const fn of(permissions: &[Permission]) -> Self {
        let mut words = [0; WORDS];
        let mut i = 0;
        while i < permissions.len() {
            let number = permissions[i] as usize;
            words[number / 64] |= 1 << (number % 64);
            i += 1;
        }
        Self(words)
    }

    /// Reads names separated by white space; unknown ones, as a newer server may have left, are passed over.
    pub fn parse(text: &str) -> Self {
        text.split_ascii_whitespace().filter_map(Permission::from_name).collect()
    }

    /// The set of these names, or the first name that is no permission's.
    pub fn from_names<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Result<Self, UnknownPermission> {
        names
            .into_iter()
            .map(|name| {
                let name = name.as_ref();
                Permission::from_name(name).ok_or_else(|| UnknownPermission(name.to_owned()))
            })
            .collect()
    }

    /// Whether it is one of them.
    pub const fn contains(&self, permission: Permission) -> bool {
        let number = permission as usize;
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    /// Whether all of the other set are in this one.
    pub const fn contains_all(&self, other: Self) -> bool {
        other.without(*self).is_empty()
    }

    /// Adds one.
    pub const fn insert(&mut self, permission: Permission) {
        let number = permission as usize;
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Takes one away.
    pub const fn remove(&mut self, permission: Permission) {
        let number = permission as usize;
        self.0[number / 64] &= !(1 << (number % 64));
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        let mut words = self.0;
        let mut i = 0;
        while i < WORDS {
            words[i] |= other.0[i];
            i += 1;
        }
        Self(words)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        let mut words = self.0;
        let mut i = 0;
        while i < WORDS {
            words[i] &= other.0[i];
            i += 1;
        }
        Self(words)
    }

    /// What is in this one and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        let mut words = self.0;
        let mut i = 0;
        while i < WORDS {
            words[i] &= !other.0[i];
            i += 1;
        }
        Self(words)
    }

    /// Whether nothing is in it.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many are in it.
    pub const fn len(&self) -> usize {
        let mut count = 0;
        let mut i = 0;
        while i < WORDS {
            count += self.0[i].count_ones() as usize;
            i += 1;
        }
        count
    }

    /// All in it, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + use<> {
        let set = *self;
        Permission::ALL.iter().copied().filter(move |permission| set.contains(*permission))
    }

    /// The names with blanks between, as [`PermissionSet::parse`] reads them.
    pub fn to_text(&self) -> String {
        self.iter().map(Permission::name).collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut set = Self::EMPTY;
        set.extend(permissions);
        set
    }
}

impl Extend<Permission> for PermissionSet {
    fn extend<I: IntoIterator<Item = Permission>>(&mut self, permissions: I) {
        for permission in permissions {
            self.insert(permission);
        }
    }
}

impl std::ops::BitOr for PermissionSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl std::ops::BitOrAssign for PermissionSet {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.union(other);
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = PermissionSet;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names of permissions")
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut names: A) -> Result<PermissionSet, A::Error> {
                let mut set = PermissionSet::EMPTY;
                while let Some(permission) = names.next_element()? {
                    set.insert(permission);
                }
                Ok(set)
            }
            fn visit_unit<E: de::Error>(self) -> Result<PermissionSet, E> {
                Ok(PermissionSet::EMPTY)
            }
        }
        d.deserialize_any(Visitor)
    }
}

/// A role that every server has from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultRole {
    pub name: &'static str,
    /// Mattermost: the id of a text, and clients translate it.
    pub display_name: &'static str,
    pub description: &'static str,
    pub permissions: PermissionSet,
    /// Whether it comes with being a member, and a scheme may replace it.
    pub scheme_managed: bool,
    pub built_in: bool,
}

/// The roles of a new server. Mattermost: as 5.37 has them after its own migrations, with what later servers added.
pub const fn default_roles() -> &'static [DefaultRole] {
    ROLES
}

/// The default role of this name.
pub fn default_role(name: &str) -> Option<&'static DefaultRole> {
    ROLES.iter().find(|role| role.name == name)
}

use Permission as P;

macro_rules! role {
    ($name:literal, $text:literal, $permissions:expr, scheme_managed: $scheme_managed:literal, built_in: $built_in:literal) => {
        DefaultRole {
            name: $name,
            display_name: concat!("authentication.roles.", $text, ".name"),
            description: concat!("authentication.roles.", $text, ".description"),
            permissions: $permissions,
            scheme_managed: $scheme_managed,
            built_in: $built_in,
        }
    };
}

/// What comes with groups that people make themselves.
const CUSTOM_GROUPS: PermissionSet = PermissionSet::of(&[
    P::CreateCustomGroup,
    P::DeleteCustomGroup,
    P::EditCustomGroup,
    P::ManageCustomGroupMembers,
    P::RestoreCustomGroup,
]);

/// What comes with bookmarks of channels, and with reading a channel's posts.
const BOOKMARKS: PermissionSet = PermissionSet::of(&[
    P::AddBookmarkPrivateChannel,
    P::AddBookmarkPublicChannel,
    P::DeleteBookmarkPrivateChannel,
    P::DeleteBookmarkPublicChannel,
    P::EditBookmarkPrivateChannel,
    P::EditBookmarkPublicChannel,
    P::OrderBookmarkPrivateChannel,
    P::OrderBookmarkPublicChannel,
    P::ReadChannelContent,
]);

static ROLES: &[DefaultRole] = &[
    role!("system_admin", "global_admin", PermissionSet::CURRENT.union(PermissionSet::LATER), scheme_managed: true, built_in: true),
    role!("system_user", "global_user", PermissionSet::of(&[P::CreateDirectChannel, P::CreateEmojis, P::CreateGroupChannel, P::CreateTeam, P::DeleteEmojis, P::JoinPublicTeams, P::ListPublicTeams, P::ViewMembers]).union(CUSTOM_GROUPS), scheme_managed: true, built_in: true),
    role!("system_guest", "global_guest", PermissionSet::of(&[P::CreateDirectChannel, P::CreateGroupChannel]), scheme_managed: true, built_in: true),
    role!("system_post_all", "system_post_all", PermissionSet::of(&[P::CreatePost, P::UseChannelMentions, P::UseGroupMentions]), scheme_managed: false, built_in: true),
    role!("system_post_all_public", "system_post_all_public", PermissionSet::of(&[P::CreatePostPublic, P::UseChannelMentions, P::UseGroupMentions]), scheme_managed: false, built_in: true),
    role!("system_user_access_token", "system_user_access_token", PermissionSet::of(&[P::CreateUserAccessToken, P::ReadUserAccessToken, P::RevokeUserAccessToken]), scheme_managed: false, built_in: true),
    role!("system_user_manager", "system_user_manager", PermissionSet::of(&[P::AddUserToTeam, P::ConvertPrivateChannelToPublic, P::ConvertPublicChannelToPrivate, P::DeletePrivateChannel, P::DeletePublicChannel, P::JoinPrivateTeams, P::JoinPublicTeams, P::ListPrivateTeams, P::ListPublicTeams, P::ManageChannelRoles, P::ManagePrivateChannelMembers, P::ManagePrivateChannelProperties, P::ManagePublicChannelMembers, P::ManagePublicChannelProperties, P::ManageTeam, P::ManageTeamRoles, P::ReadChannel, P::ReadLdapSyncJob, P::ReadPrivateChannelGroups, P::ReadPublicChannel, P::ReadPublicChannelGroups, P::RemoveUserFromTeam, P::SysconsoleReadAuthenticationEmail, P::SysconsoleReadAuthenticationGuestAccess, P::SysconsoleReadAuthenticationLdap, P::SysconsoleReadAuthenticationMfa, P::SysconsoleReadAuthenticationOpenid, P::SysconsoleReadAuthenticationPassword, P::SysconsoleReadAuthenticationSaml, P::SysconsoleReadAuthenticationSignup, P::SysconsoleReadUserManagementChannels, P::SysconsoleReadUserManagementGroups, P::SysconsoleReadUserManagementPermissions, P::SysconsoleReadUserManagementTeams, P::SysconsoleWriteUserManagementChannels, P::SysconsoleWriteUserManagementGroups, P::SysconsoleWriteUserManagementTeams, P::TestLdap, P::ViewTeam]), scheme_managed: false, built_in: true),
    role!("system_read_only_admin", "system_read_only_admin", PermissionSet::of(&[P::DownloadComplianceExportResult, P::GetAnalytics, P::GetLogs, P::ListPrivateTeams, P::ListPublicTeams, P::ReadAudits, P::ReadChannel, P::ReadComplianceExportJob, P::ReadDataRetentionJob, P::ReadElasticsearchPostAggregationJob, P::ReadElasticsearchPostIndexingJob, P::ReadLdapSyncJob, P::ReadLicenseInformation, P::ReadOtherUsersTeams, P::ReadPrivateChannelGroups, P::ReadPublicChannel, P::ReadPublicChannelGroups, P::SysconsoleReadAboutEditionAndLicense, P::SysconsoleReadAuthenticationEmail, P::SysconsoleReadAuthenticationGuestAccess, P::SysconsoleReadAuthenticationLdap, P::SysconsoleReadAuthenticationMfa, P::SysconsoleReadAuthenticationOpenid, P::SysconsoleReadAuthenticationPassword, P::SysconsoleReadAuthenticationSaml, P::SysconsoleReadAuthenticationSignup, P::SysconsoleReadComplianceComplianceExport, P::SysconsoleReadComplianceComplianceMonitoring, P::SysconsoleReadComplianceCustomTermsOfService, P::SysconsoleReadComplianceDataRetentionPolicy, P::SysconsoleReadEnvironmentDatabase, P::SysconsoleReadEnvironmentDeveloper, P::SysconsoleReadEnvironmentElasticsearch, P::SysconsoleReadEnvironmentFileStorage, P::SysconsoleReadEnvironmentHighAvailability, P::SysconsoleReadEnvironmentImageProxy, P::SysconsoleReadEnvironmentLogging, P::SysconsoleReadEnvironmentPerformanceMonitoring, P::SysconsoleReadEnvironmentPushNotificationServer, P::SysconsoleReadEnvironmentRateLimiting, P::SysconsoleReadEnvironmentSessionLengths, P::SysconsoleReadEnvironmentSmtp, P::SysconsoleReadEnvironmentWebServer, P::SysconsoleReadExperimentalBleve, P::SysconsoleReadExperimentalFeatureFlags, P::SysconsoleReadExperimentalFeatures, P::SysconsoleReadIntegrationsBotAccounts, P::SysconsoleReadIntegrationsCors, P::SysconsoleReadIntegrationsGif, P::SysconsoleReadIntegrationsIntegrationManagement, P::SysconsoleReadPlugins, P::SysconsoleReadReportingServerLogs, P::SysconsoleReadReportingSiteStatistics, P::SysconsoleReadReportingTeamStatistics, P::SysconsoleReadSiteAnnouncementBanner, P::SysconsoleReadSiteCustomization, P::SysconsoleReadSiteEmoji, P::SysconsoleReadSiteFileSharingAndDownloads, P::SysconsoleReadSiteLocalization, P::SysconsoleReadSiteNotices, P::SysconsoleReadSiteNotifications, P::SysconsoleReadSitePosts, P::SysconsoleReadSitePublicLinks, P::SysconsoleReadSiteUsersAndTeams, P::SysconsoleReadUserManagementChannels, P::SysconsoleReadUserManagementGroups, P::SysconsoleReadUserManagementPermissions, P::SysconsoleReadUserManagementTeams, P::SysconsoleReadUserManagementUsers, P::TestLdap, P::ViewTeam]), scheme_managed: false, built_in: true),
    role!("system_manager", "system_manager", PermissionSet::of(&[P::AddUserToTeam, P::ConvertPrivateChannelToPublic, P::ConvertPublicChannelToPrivate, P::CreateElasticsearchPostAggregationJob, P::CreateElasticsearchPostIndexingJob, P::DeletePrivateChannel, P::DeletePublicChannel, P::EditBrand, P::GetAnalytics, P::GetLogs, P::InvalidateCaches, P::JoinPrivateTeams, P::JoinPublicTeams, P::ListPrivateTeams, P::ListPublicTeams, P::ManageChannelRoles, P::ManagePrivateChannelMembers, P::ManagePrivateChannelProperties, P::ManagePublicChannelMembers, P::ManagePublicChannelProperties, P::ManageTeam, P::ManageTeamRoles, P::PurgeElasticsearchIndexes, P::ReadChannel, P::ReadElasticsearchPostAggregationJob, P::ReadElasticsearchPostIndexingJob, P::ReadLdapSyncJob, P::ReadLicenseInformation, P::ReadPrivateChannelGroups, P::ReadPublicChannel, P::ReadPublicChannelGroups, P::RecycleDatabaseConnections, P::ReloadConfig, P::RemoveUserFromTeam, P::SysconsoleReadAboutEditionAndLicense, P::SysconsoleReadAuthenticationEmail, P::SysconsoleReadAuthenticationGuestAccess, P::SysconsoleReadAuthenticationLdap, P::SysconsoleReadAuthenticationMfa, P::SysconsoleReadAuthenticationOpenid, P::SysconsoleReadAuthenticationPassword, P::SysconsoleReadAuthenticationSaml, P::SysconsoleReadAuthenticationSignup, P::SysconsoleReadEnvironmentDatabase, P::SysconsoleReadEnvironmentDeveloper, P::SysconsoleReadEnvironmentElasticsearch, P::SysconsoleReadEnvironmentFileStorage, P::SysconsoleReadEnvironmentHighAvailability, P::SysconsoleReadEnvironmentImageProxy, P::SysconsoleReadEnvironmentLogging, P::SysconsoleReadEnvironmentPerformanceMonitoring, P::SysconsoleReadEnvironmentPushNotificationServer, P::SysconsoleReadEnvironmentRateLimiting, P::SysconsoleReadEnvironmentSessionLengths, P::SysconsoleReadEnvironmentSmtp, P::SysconsoleReadEnvironmentWebServer, P::SysconsoleReadIntegrationsBotAccounts, P::SysconsoleReadIntegrationsCors, P::SysconsoleReadIntegrationsGif, P::SysconsoleReadIntegrationsIntegrationManagement, P::SysconsoleReadPlugins, P::SysconsoleReadReportingServerLogs, P::SysconsoleReadReportingSiteStatistics, P::SysconsoleReadReportingTeamStatistics, P::SysconsoleReadSiteAnnouncementBanner, P::SysconsoleReadSiteCustomization, P::SysconsoleReadSiteEmoji, P::SysconsoleReadSiteFileSharingAndDownloads, P::SysconsoleReadSiteLocalization, P::SysconsoleReadSiteNotices, P::SysconsoleReadSiteNotifications, P::SysconsoleReadSitePosts, P::SysconsoleReadSitePublicLinks, P::SysconsoleReadSiteUsersAndTeams, P::SysconsoleReadUserManagementChannels, P::SysconsoleReadUserManagementGroups, P::SysconsoleReadUserManagementPermissions, P::SysconsoleReadUserManagementTeams, P::SysconsoleWriteEnvironmentDatabase, P::SysconsoleWriteEnvironmentDeveloper, P::SysconsoleWriteEnvironmentElasticsearch, P::SysconsoleWriteEnvironmentFileStorage, P::SysconsoleWriteEnvironmentHighAvailability, P::SysconsoleWriteEnvironmentImageProxy, P::SysconsoleWriteEnvironmentLogging, P::SysconsoleWriteEnvironmentPerformanceMonitoring, P::SysconsoleWriteEnvironmentPushNotificationServer, P::SysconsoleWriteEnvironmentRateLimiting, P::SysconsoleWriteEnvironmentSessionLengths, P::SysconsoleWriteEnvironmentSmtp, P::SysconsoleWriteEnvironmentWebServer, P::SysconsoleWriteIntegrationsBotAccounts, P::SysconsoleWriteIntegrationsCors, P::SysconsoleWriteIntegrationsGif, P::SysconsoleWriteIntegrationsIntegrationManagement, P::SysconsoleWriteSiteAnnouncementBanner, P::SysconsoleWriteSiteCustomization, P::SysconsoleWriteSiteEmoji, P::SysconsoleWriteSiteFileSharingAndDownloads, P::SysconsoleWriteSiteLocalization, P::SysconsoleWriteSiteNotices, P::SysconsoleWriteSiteNotifications, P::SysconsoleWriteSitePosts, P::SysconsoleWriteSitePublicLinks, P::SysconsoleWriteSiteUsersAndTeams, P::SysconsoleWriteUserManagementChannels, P::SysconsoleWriteUserManagementGroups, P::SysconsoleWriteUserManagementPermissions, P::SysconsoleWriteUserManagementTeams, P::TestElasticsearch, P::TestEmail, P::TestLdap, P::TestS3, P::TestSiteUrl, P::ViewTeam]), scheme_managed: false, built_in: true),
    role!("team_admin", "team_admin", PermissionSet::of(&[P::AddReaction, P::ConvertPrivateChannelToPublic, P::ConvertPublicChannelToPrivate, P::CreatePost, P::DeleteOthersPosts, P::DeletePost, P::ImportTeam, P::ManageChannelRoles, P::ManageIncomingWebhooks, P::ManageOthersIncomingWebhooks, P::ManageOthersOutgoingWebhooks, P::ManageOthersSlashCommands, P::ManageOutgoingWebhooks, P::ManagePrivateChannelMembers, P::ManagePublicChannelMembers, P::ManageSlashCommands, P::ManageTeam, P::ManageTeamRoles, P::ReadPrivateChannelGroups, P::ReadPublicChannelGroups, P::RemoveReaction, P::RemoveUserFromTeam, P::UseChannelMentions, P::UseGroupMentions]), scheme_managed: true, built_in: true),
    role!("team_user", "team_user", PermissionSet::of(&[P::AddUserToTeam, P::CreatePrivateChannel, P::CreatePublicChannel, P::InviteUser, P::JoinPublicChannels, P::ListTeamChannels, P::ReadPublicChannel, P::ViewTeam]), scheme_managed: true, built_in: true),
    role!("team_guest", "team_guest", PermissionSet::of(&[P::ViewTeam]), scheme_managed: true, built_in: true),
    role!("team_post_all", "team_post_all", PermissionSet::of(&[P::CreatePost, P::UseChannelMentions, P::UseGroupMentions]), scheme_managed: false, built_in: true),
    role!("team_post_all_public", "team_post_all_public", PermissionSet::of(&[P::CreatePostPublic, P::UseChannelMentions, P::UseGroupMentions]), scheme_managed: false, built_in: true),
    role!("channel_admin", "channel_admin", PermissionSet::of(&[P::AddReaction, P::CreatePost, P::ManageChannelRoles, P::ManagePrivateChannelMembers, P::ManagePublicChannelMembers, P::ReadPrivateChannelGroups, P::ReadPublicChannelGroups, P::RemoveReaction, P::UseChannelMentions, P::UseGroupMentions]), scheme_managed: true, built_in: true),
    role!("channel_user", "channel_user", PermissionSet::of(&[P::AddReaction, P::CreatePost, P::DeletePost, P::DeletePrivateChannel, P::DeletePublicChannel, P::EditPost, P::GetPublicLink, P::ManagePrivateChannelMembers, P::ManagePrivateChannelProperties, P::ManagePublicChannelMembers, P::ManagePublicChannelProperties, P::ReadChannel, P::ReadPrivateChannelGroups, P::ReadPublicChannelGroups, P::RemoveReaction, P::UploadFile, P::UseChannelMentions, P::UseGroupMentions, P::UseSlashCommands]).union(BOOKMARKS), scheme_managed: true, built_in: true),
    role!("channel_guest", "channel_guest", PermissionSet::of(&[P::AddReaction, P::CreatePost, P::EditPost, P::ReadChannel, P::RemoveReaction, P::UploadFile, P::UseChannelMentions, P::UseSlashCommands]), scheme_managed: true, built_in: true),
    role!("system_custom_group_admin", "system_custom_group_admin", CUSTOM_GROUPS, scheme_managed: false, built_in: true),
    role!("custom_group_user", "custom_group_user", PermissionSet::EMPTY, scheme_managed: false, built_in: false),
    role!("playbook_admin", "playbook_admin", PermissionSet::of(&[P::PlaybookPrivateManageMembers, P::PlaybookPrivateManageProperties, P::PlaybookPrivateManageRoles, P::PlaybookPublicMakePrivate, P::PlaybookPublicManageMembers, P::PlaybookPublicManageProperties, P::PlaybookPublicManageRoles]), scheme_managed: true, built_in: true),
    role!("playbook_member", "playbook_member", PermissionSet::of(&[P::PlaybookPrivateManageMembers, P::PlaybookPrivateManageProperties, P::PlaybookPrivateView, P::PlaybookPublicManageMembers, P::PlaybookPublicManageProperties, P::PlaybookPublicView, P::RunCreate]), scheme_managed: true, built_in: true),
    role!("run_admin", "run_admin", PermissionSet::of(&[P::RunManageMembers, P::RunManageProperties]), scheme_managed: true, built_in: true),
    role!("run_member", "run_member", PermissionSet::of(&[P::RunView]), scheme_managed: true, built_in: true),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn default(role: &str) -> &'static DefaultRole {
        default_role(role).expect("the role is there")
    }

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).expect("names can be written")
    }

    fn sorted(role: &str) -> Vec<&'static str> {
        let mut names: Vec<_> = default(role).permissions.iter().map(Permission::name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_name_is_its_variant_in_snake_case_and_leads_back() {
        for (number, permission) in Permission::ALL.iter().enumerate() {
            assert_eq!(*permission as usize, number);
            assert_eq!(Permission::from_name(permission.name()), Some(*permission));
            let camel: String =
                permission.name().split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            assert_eq!(format!("{permission:?}"), camel);
            assert_eq!(json(permission), format!("\"{permission}\""));
        }
        assert_eq!(Permission::from_name("nonsense"), None);
        assert_eq!(PermissionSet::ALL.len(), Permission::COUNT);
        assert_eq!(Permission::CreatePost.scope(), Scope::Channel);
        assert_eq!(Permission::ManageTeam.scope(), Scope::Team);
        assert_eq!(Permission::ManageSystem.scope().name(), "system_scope");
    }

    #[test]
    fn sets_add_take_away_and_compare() {
        let mut set = PermissionSet::of(&[P::CreatePost, P::ViewTeam]);
        assert_eq!(set.len(), 2);
        set.insert(P::ManageSystem);
        set.remove(P::ViewTeam);
        assert!(set.contains(P::ManageSystem) && !set.contains(P::ViewTeam));
        assert!(PermissionSet::ALL.contains_all(set) && !set.contains_all(PermissionSet::ALL));
        assert_eq!(set.union(PermissionSet::EMPTY), set);
        assert_eq!(set | set, set);
        assert_eq!(set.intersection(PermissionSet::of(&[P::CreatePost])).to_text(), "create_post");
        assert_eq!(set.without(set), PermissionSet::EMPTY);
        assert!(PermissionSet::EMPTY.is_empty());
        assert_eq!(set.iter().collect::<PermissionSet>(), set);
        // The last bit of the last word works as well as the first.
        let last = Permission::ALL[Permission::COUNT - 1];
        assert_eq!(PermissionSet::of(&[last]).iter().collect::<Vec<_>>(), [last]);
    }

    #[test]
    fn sets_travel_as_names_and_unknown_names_are_refused_or_passed_over() {
        let set = PermissionSet::of(&[P::CreatePost, P::AddReaction]);
        let text = json(&set);
        assert_eq!(text, r#"["add_reaction","create_post"]"#);
        assert_eq!(serde_json::from_str::<PermissionSet>(&text).ok(), Some(set));
        assert_eq!(serde_json::from_str::<PermissionSet>("null").ok(), Some(PermissionSet::EMPTY));
        assert!(
            serde_json::from_value::<PermissionSet>(serde_json::json!(["create_post"])).is_ok_and(|set| set.len() == 1)
        );
        assert!(serde_json::from_str::<PermissionSet>(r#"["nonsense"]"#).is_err());
        assert_eq!(PermissionSet::from_names(["x"]), Err(UnknownPermission("x".into())));
        assert_eq!(PermissionSet::parse(" create_post  nonsense add_reaction\n"), set);
        assert_eq!(PermissionSet::parse(&PermissionSet::ALL.to_text()), PermissionSet::ALL);
    }

    #[test]
    fn default_roles_are_those_of_a_real_server() {
        let admin = default("system_admin");
        assert_eq!(admin.permissions.intersection(PermissionSet::CURRENT).len(), 229);
        assert!(admin.permissions.contains_all(PermissionSet::LATER));
        assert_eq!(admin.display_name, "authentication.roles.global_admin.name");
        assert_eq!(admin.description, "authentication.roles.global_admin.description");
        assert_eq!(
            sorted("system_user"),
            [
                "create_custom_group",
                "create_direct_channel",
                "create_emojis",
                "create_group_channel",
                "create_team",
                "delete_custom_group",
                "delete_emojis",
                "edit_custom_group",
                "join_public_teams",
                "list_public_teams",
                "manage_custom_group_members",
                "restore_custom_group",
                "view_members"
            ]
        );
        let count = |role: &str| default(role).permissions.len();
        for (role, permissions) in [
            ("system_user_manager", 39),
            ("system_read_only_admin", 71),
            ("system_manager", 115),
            ("team_admin", 24),
            ("team_user", 8),
            ("channel_admin", 10),
            ("channel_user", 28),
        ] {
            assert_eq!(count(role), permissions, "{role}");
        }
        assert_eq!(sorted("system_guest"), ["create_direct_channel", "create_group_channel"]);
        assert_eq!(default("team_user").display_name, "authentication.roles.team_user.name");
        assert!(!default("system_manager").scheme_managed);
        assert!(default("channel_user").scheme_managed);
        assert!(default_role("nonsense").is_none());
    }

    #[test]
    fn no_default_role_is_there_twice_or_asks_for_what_is_no_longer_used() {
        for (i, role) in default_roles().iter().enumerate() {
            assert!(default_roles()[..i].iter().all(|other| other.name != role.name));
            assert!(role.permissions.intersection(PermissionSet::LEGACY).is_empty(), "{}", role.name);
        }
    }
}
