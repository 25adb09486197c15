//! The sections, in the order of the console.

use super::{Checked, Field, FieldKind, refuse_if, section};
use crate::Millis;
use serde::{Deserialize, Serialize};

section! {
    /// The web server and what it offers.
    ServiceSettings {
        /// The address people open in their browser, without a slash at the end. Empty: taken from the request.
        site_url / "SiteURL": Text String = "";
        /// Where the server listens: `host:port`, or `:port` for all addresses.
        listen_address / "ListenAddress": Text + restart String = ":8065";
        /// Days until a web session ends.
        session_length_web_in_days / "SessionLengthWebInDays": Number i64 = 180;
        /// Days until an app's session ends.
        session_length_mobile_in_days / "SessionLengthMobileInDays": Number i64 = 180;
        /// Days until the session of a program ends that somebody gave access by OAuth 2.0, or of who signs in elsewhere.
        session_length_sso_in_days / "SessionLengthSSOInDays": Number i64 = 30;
        /// Viewing a channel moves the end of the session to its whole length from then, at most once a day.
        extend_session_length_with_activity / "ExtendSessionLengthWithActivity": Flag bool = true;
        /// Failed sign-ins after which an account is locked.
        maximum_login_attempts / "MaximumLoginAttempts": Number i64 = 10;
        /// Seconds in which a post can be edited; -1: always.
        post_edit_time_limit / "PostEditTimeLimit": Number i64 = -1;
        /// People can add emoji of their own.
        enable_custom_emoji / "EnableCustomEmoji": Flag bool = true;
        /// Tell others that somebody is writing.
        enable_user_typing_messages / "EnableUserTypingMessages": Flag bool = true;
        /// Administrators may delete teams for good over the API.
        enable_api_team_deletion / "EnableAPITeamDeletion": Flag bool = false;
        /// Administrators may delete users for good over the API.
        enable_api_user_deletion / "EnableAPIUserDeletion": Flag bool = false;
        /// Administrators may delete channels for good over the API.
        enable_api_channel_deletion / "EnableAPIChannelDeletion": Flag bool = false;
        /// Seconds without a request or an event after which an idle connection is closed.
        read_timeout / "ReadTimeout": Number i64 = 300;
        /// Seconds that an answer may take to be written.
        write_timeout / "WriteTimeout": Number i64 = 300;
        /// The largest body of a request, in bytes, files aside.
        maximum_payload_size_bytes / "MaximumPayloadSizeBytes": Number i64 = 300_000;
        /// Threads beside the channel: disabled, default_off, default_on or always_on.
        collapsed_threads / "CollapsedThreads": Text String = "default_on";
        /// People follow the threads they start, answer or are mentioned in.
        thread_auto_follow / "ThreadAutoFollow": Flag bool = true;
        /// Origins that other pages may call the API from, separated by blanks; `*` for all.
        allow_cors_from / "AllowCorsFrom": Text String = "";
        /// The name of the proxy's header that carries the client's address; empty: no proxy is trusted.
        trusted_proxy_ip_header / "TrustedProxyIPHeader": List Vec<String> = Vec::new();
        /// Other programs can post by addresses of their own.
        enable_incoming_webhooks / "EnableIncomingWebhooks": Flag bool = true;
        /// Other programs are called when somebody writes certain words in a channel.
        enable_outgoing_webhooks / "EnableOutgoingWebhooks": Flag bool = true;
        /// Slash commands that other programs answer.
        enable_commands / "EnableCommands": Flag bool = true;
        /// Webhooks, commands and bots may post under another name.
        enable_post_username_override / "EnablePostUsernameOverride": Flag bool = true;
        /// Webhooks, commands and bots may post with another picture.
        enable_post_icon_override / "EnablePostIconOverride": Flag bool = true;
        /// Other programs can ask people for access to their accounts (OAuth 2.0).
        enable_oauth_service_provider / "EnableOAuthServiceProvider": Flag bool = true;
        /// Programs can register themselves as OAuth 2.0 clients, without an account here.
        enable_dynamic_client_registration / "EnableDynamicClientRegistration": Flag bool = false;
        /// Patterns that the redirect addresses of programs that register themselves have to fit; empty: all.
        dcr_redirect_uri_allowlist / "DCRRedirectURIAllowlist": List Vec<String> = Vec::new();
        /// The server signs in to the programs of commands and webhooks by OAuth 2.0 where a connection says so.
        enable_outgoing_oauth_connections / "EnableOutgoingOAuthConnections": Flag bool = false;
        /// Messages can be written whose text is shown only to who asks for it, and only for a while.
        enable_burn_on_read / "EnableBurnOnRead": Flag bool = false;
        /// Seconds for which such a text is shown to each of its readers.
        burn_on_read_duration_seconds / "BurnOnReadDurationSeconds": Number i64 = 600;
        /// Seconds after which such a message is deleted, read or not.
        burn_on_read_maximum_time_to_live_seconds / "BurnOnReadMaximumTimeToLiveSeconds": Number i64 = 604_800;
        /// Bots can be made.
        enable_bot_account_creation / "EnableBotAccountCreation": Flag bool = true;
        /// The bots of somebody who is deactivated are disabled too.
        disable_bots_when_owner_is_deactivated / "DisableBotsWhenOwnerIsDeactivated": Flag bool = true;
        /// People who are allowed to can make tokens by which programs act as them or as their bots.
        enable_user_access_tokens / "EnableUserAccessTokens": Flag bool = true;
        /// People can have signing in ask for a code of their phone too (TOTP).
        enable_multifactor_authentication / "EnableMultifactorAuthentication": Flag bool = true;
        /// Everybody has to.
        enforce_multifactor_authentication / "EnforceMultifactorAuthentication": Flag bool = false;
        /// People can change between a password here and another service by which they sign in.
        experimental_enable_authentication_transfer / "ExperimentalEnableAuthenticationTransfer": Flag bool = true;
        /// People can invite others into a team by mail.
        enable_email_invitations / "EnableEmailInvitations": Flag bool = true;
        /// What people have begun to write is the same on all of their devices.
        allow_synced_drafts / "AllowSyncedDrafts": Flag bool = true;
        /// People can make groups to mention several at once.
        enable_custom_groups / "EnableCustomGroups": Flag bool = true;
        /// Messages can be marked as important or urgent, and ask to be acknowledged.
        post_priority / "PostPriority": Flag bool = true;
        /// Urgent messages can notify those they mention again and again, until they acknowledge, react or reply.
        allow_persistent_notifications / "AllowPersistentNotifications": Flag bool = true;
        /// Guests can send such messages too.
        allow_persistent_notifications_for_guests / "AllowPersistentNotificationsForGuests": Flag bool = false;
        /// Minutes between two notifications of such a message.
        persistent_notification_interval / "PersistentNotificationIntervalMinutes": Number i64 = 5;
        /// How often such a message notifies at most.
        persistent_notification_max_count / "PersistentNotificationMaxCount": Number i64 = 6;
        /// The most people that such a message notifies.
        persistent_notification_max_recipients / "PersistentNotificationMaxRecipients": Number i64 = 5;
        /// Messages can be sent later.
        scheduled_posts / "ScheduledPosts": Flag bool = true;
        /// Seconds that another program may take to answer.
        outgoing_integration_requests_timeout / "OutgoingIntegrationRequestsTimeout": Number i64 = 30;
        /// A preview is shown under a message with a link: what the page says of itself.
        enable_link_previews / "EnableLinkPreviews": Flag bool = false;
        /// Domains whose pages have no preview, separated by commas.
        restrict_link_previews / "RestrictLinkPreviews": Text String = "";
        /// A message that links to another one here quotes it, for those who may read it.
        enable_permalink_previews / "EnablePermalinkPreviews": Flag bool = true;
        /// Inner hosts, addresses and networks (CIDR) that may be called all the same, separated by blanks or commas.
        allowed_untrusted_internal_connections / "AllowedUntrustedInternalConnections": Text String = "";
    }
}

section! {
    /// Teams, their people and channels.
    TeamSettings {
        /// The name on the sign-in page and in messages.
        site_name / "SiteName": Text String = "Confab";
        /// A line under the name.
        custom_description_text / "CustomDescriptionText": Text String = "";
        /// The most people a team may have.
        max_users_per_team / "MaxUsersPerTeam": Number i64 = 10_000;
        /// The most channels a team may have.
        max_channels_per_team / "MaxChannelsPerTeam": Number i64 = 20_000;
        /// Above this many members `@all`, `@channel` and `@here` notify nobody.
        max_notifications_per_channel / "MaxNotificationsPerChannel": Number i64 = 1_000;
        /// People may make accounts.
        enable_user_creation / "EnableUserCreation": Flag bool = true;
        /// Anybody may make an account, also without an invitation.
        enable_open_server / "EnableOpenServer": Flag bool = true;
        /// People may make teams.
        enable_team_creation / "EnableTeamCreation": Flag bool = true;
        /// Domains whose addresses may sign up, separated by commas; empty: all.
        restrict_creation_to_domains / "RestrictCreationToDomains": Text String = "";
        /// Whom people can write to directly: any or team.
        restrict_direct_message / "RestrictDirectMessage": Text String = "any";
        /// Archived channels can be read.
        experimental_view_archived_channels / "ExperimentalViewArchivedChannels": Flag bool = true;
        /// People can set a status of their own words.
        enable_custom_user_statuses / "EnableCustomUserStatuses": Flag bool = true;
        /// Seconds without activity after which somebody counts as away.
        user_status_away_timeout / "UserStatusAwayTimeout": Number i64 = 300;
        /// How names are shown: username, nickname_full_name or full_name.
        teammate_name_display / "TeammateNameDisplay": Text String = "username";
        /// Channels that everybody joins besides Town Square, by name.
        experimental_default_channels / "ExperimentalDefaultChannels": List Vec<String> = Vec::new();
    }
}

section! {
    /// The database.
    SqlSettings {
        /// sqlite, postgres or mysql.
        driver_name / "DriverName": Text + restart String = "sqlite";
        /// The file of the embedded database, or the address of a database server.
        data_source / "DataSource": Text + secret + restart String = "data/confab.db";
        /// The most connections to the database.
        max_open_conns / "MaxOpenConns": Number + restart i64 = 16;
    }
}

section! {
    /// What the server writes about its own work.
    LogSettings {
        /// Write to the terminal.
        enable_console / "EnableConsole": Flag + restart bool = true;
        /// The least important lines still written: ERROR, WARN, INFO or DEBUG.
        console_level / "ConsoleLevel": Text + restart String = "INFO";
        /// JSON on the terminal too; otherwise only where the output is no terminal.
        console_json / "ConsoleJson": Flag + restart bool = false;
        /// Write to `logs/confab.log`, as JSON.
        enable_file / "EnableFile": Flag + restart bool = true;
        /// The least important lines still written to the file.
        file_level / "FileLevel": Text + restart String = "INFO";
    }
}

section! {
    /// What passwords have to be.
    PasswordSettings {
        /// The fewest characters.
        minimum_length / "MinimumLength": Number i64 = 8;
        /// A lower-case letter is needed.
        lowercase / "Lowercase": Flag bool = false;
        /// A digit is needed.
        number / "Number": Flag bool = false;
        /// A capital is needed.
        uppercase / "Uppercase": Flag bool = false;
        /// A symbol is needed.
        symbol / "Symbol": Flag bool = false;
    }
}

section! {
    /// Where files are kept.
    FileSettings {
        /// The folder of files on the local disk.
        directory / "Directory": Text + restart String = "data/files/";
        /// The largest file, in bytes.
        max_file_size / "MaxFileSize": Number i64 = 104_857_600;
        /// People can attach files to messages.
        enable_file_attachments / "EnableFileAttachments": Flag bool = true;
        /// The largest picture, in pixels: width times height.
        max_image_resolution / "MaxImageResolution": Number i64 = 33_177_600;
        /// Where files are kept: `local` or `amazons3`.
        driver_name / "DriverName": Text + restart String = "local";
        /// Links to files that work without an account.
        enable_public_link / "EnablePublicLink": Flag bool = false;
        /// What those links are signed with; another value ends all of them.
        public_link_salt / "PublicLinkSalt": Text + secret String = "";
        /// The name of the key for S3.
        s3_access_key_id / "AmazonS3AccessKeyId": Text + restart String = "";
        /// The secret of the key for S3.
        s3_secret_access_key / "AmazonS3SecretAccessKey": Text + secret + restart String = "";
        /// The bucket in S3.
        s3_bucket / "AmazonS3Bucket": Text + restart String = "";
        /// What all keys in the bucket begin with.
        s3_path_prefix / "AmazonS3PathPrefix": Text + restart String = "";
        /// The region of the bucket.
        s3_region / "AmazonS3Region": Text + restart String = "us-east-1";
        /// The host of S3, with its port if it is another one.
        s3_endpoint / "AmazonS3Endpoint": Text + restart String = "s3.amazonaws.com";
        /// Speak to S3 over TLS.
        s3_ssl / "AmazonS3SSL": Flag + restart bool = true;
        /// Have S3 encrypt what it keeps.
        s3_sse / "AmazonS3SSE": Flag + restart bool = false;
        /// The class of storage in S3; empty for the bucket's own.
        s3_storage_class / "AmazonS3StorageClass": Text + restart String = "";
        /// How long one request to S3 may take, in milliseconds.
        s3_request_timeout / "AmazonS3RequestTimeoutMilliseconds": Number + restart i64 = 30_000;
    }
}

section! {
    /// Signing in and up by email, and the server's own mail.
    EmailSettings {
        /// Accounts can be made with an email address.
        enable_sign_up_with_email / "EnableSignUpWithEmail": Flag bool = true;
        /// Signing in with the email address.
        enable_sign_in_with_email / "EnableSignInWithEmail": Flag bool = true;
        /// Signing in with the user name.
        enable_sign_in_with_username / "EnableSignInWithUsername": Flag bool = true;
        /// An address has to be verified before one can sign in.
        require_email_verification / "RequireEmailVerification": Flag bool = false;
        /// Send mails about what happened; those that were asked for are always sent.
        send_email_notifications / "SendEmailNotifications": Flag bool = true;
        /// Gather several messages for one mail, as long as each person chose; else mails come within a minute.
        enable_email_batching / "EnableEmailBatching": Flag bool = true;
        /// How much mails about messages say: `full`, or `generic` for only that there are some.
        notification_contents_type / "EmailNotificationContentsType": Text String = "full";
        /// The name mails come from; the site's if empty.
        feedback_name / "FeedbackName": Text String = "";
        /// The address mails come from.
        feedback_email / "FeedbackEmail": Text String = "";
        /// The address answers go to; empty for none of its own.
        reply_to_address / "ReplyToAddress": Text String = "";
        /// The server that takes mail; empty while none is sent.
        smtp_server / "SMTPServer": Text String = "";
        /// The port of that server.
        smtp_port / "SMTPPort": Text String = "587";
        /// Sign in at that server.
        enable_smtp_auth / "EnableSMTPAuth": Flag bool = false;
        /// The name to sign in with.
        smtp_username / "SMTPUsername": Text String = "";
        /// The password to sign in with.
        smtp_password / "SMTPPassword": Text + secret String = "";
        /// How long that server may take to answer, in seconds.
        smtp_server_timeout / "SMTPServerTimeout": Number i64 = 10;
        /// How that server is spoken to: empty for plainly, `TLS`, or `STARTTLS`.
        connection_security / "ConnectionSecurity": Text String = "";
        /// Accept any certificate of that server.
        skip_server_certificate_verification / "SkipServerCertificateVerification": Flag bool = false;
    }
}

section! {
    /// How often one caller may use the API.
    RateLimitSettings {
        /// Answer 429 to callers who exceed the limits below.
        enable / "Enable": Flag bool = true;
        /// Requests allowed per second, on average.
        per_sec / "PerSec": Number i64 = 100;
        /// Requests allowed at once before the average counts.
        max_burst / "MaxBurst": Number i64 = 500;
    }
}

section! {
    /// Who sees what of others.
    PrivacySettings {
        /// Show email addresses to other people.
        show_email_address / "ShowEmailAddress": Flag bool = true;
        /// Show first and last names to other people.
        show_full_name / "ShowFullName": Flag bool = true;
        /// Whoever likes may see who has read a message, and lets others see what they have read.
        enable_seen_by / "EnableSeenBy": Flag bool = false;
    }
}

section! {
    /// People who see only the channels they were invited to, and who is in these with them.
    GuestAccountsSettings {
        /// There can be guests. Switched off, guests are deactivated.
        enable / "Enable": Flag bool = false;
        /// Apps do not mark guests by a tag.
        hide_tags / "HideTags": Flag bool = false;
        /// Guests are asked for two-step sign-in, where it is switched on.
        enforce_multifactor_authentication / "EnforceMultifactorAuthentication": Flag bool = false;
        /// Guests may be invited by links that sign them in, without a password.
        enable_guest_magic_link / "EnableGuestMagicLink": Flag bool = false;
        /// Domains whose addresses may be invited as guests, separated by commas; empty: all.
        restrict_creation_to_domains / "RestrictCreationToDomains": Text String = "";
    }
}

section! {
    /// How long messages and files are kept. Teams and channels can have policies of their own.
    DataRetentionSettings {
        /// Messages are removed when they are old.
        enable_message_deletion / "EnableMessageDeletion": Flag bool = false;
        /// Files are removed when they are old.
        enable_file_deletion / "EnableFileDeletion": Flag bool = false;
        /// For how many days messages are kept.
        message_retention_days / "MessageRetentionDays": Number i64 = 365;
        /// For how many hours instead; 0: for as many days as said above.
        message_retention_hours / "MessageRetentionHours": Number i64 = 0;
        /// For how many days files are kept.
        file_retention_days / "FileRetentionDays": Number i64 = 365;
        /// For how many hours instead; 0: for as many days as said above.
        file_retention_hours / "FileRetentionHours": Number i64 = 0;
        /// When what is old is removed each day, as `HH:MM` in UTC.
        deletion_job_start_time / "DeletionJobStartTime": Text String = "02:00";
        /// How many messages are removed at once, at most 1000.
        batch_size / "BatchSize": Number i64 = 1_000;
        /// Milliseconds between one batch and the next.
        time_between_batches / "TimeBetweenBatchesMilliseconds": Number i64 = 100;
        /// Pinned messages are kept.
        preserve_pinned_posts / "PreservePinnedPosts": Flag bool = false;
    }
}

impl DataRetentionSettings {
    /// The moments before which messages and files are old.
    pub fn cutoffs(&self, now: Millis) -> (Millis, Millis) {
        let before = |days: i64, hours: i64| now - (if hours > 0 { hours } else { days * 24 }) * 60 * 60 * 1000;
        (
            before(self.message_retention_days, self.message_retention_hours),
            before(self.file_retention_days, self.file_retention_hours),
        )
    }

    /// The next time after a moment at which it is done.
    pub fn next_start(&self, now: Millis) -> Millis {
        next_at(&self.deletion_job_start_time, now).unwrap_or(now)
    }
}

impl MessageExportSettings {
    /// The next time after a moment at which an archive is written.
    pub fn next_start(&self, now: Millis) -> Millis {
        next_at(&self.daily_run_time, now).unwrap_or(now)
    }
}

/// The next time after a moment at which a day is so old, said as `HH:MM` in UTC. None if that is no time of day.
fn next_at(time: &str, now: Millis) -> Option<Millis> {
    const DAY: Millis = 24 * 60 * 60 * 1000;
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let due = now - now.rem_euclid(DAY) + (hour * 60 + minute) * 60 * 1000;
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute);
    is_time.then_some(if due > now { due } else { due + DAY })
}

section! {
    /// Reports of what was written, for those who have to be able to show it.
    ComplianceSettings {
        /// Administrators can order reports.
        enable / "Enable": Flag bool = false;
        /// A report is made of each day, in UTC.
        enable_daily / "EnableDaily": Flag bool = false;
    }
}

section! {
    /// Archives of what was written, a day at a time, for those who have to keep it.
    MessageExportSettings {
        /// Archives are written: one each day, and whenever an administrator orders one.
        enable_export / "EnableExport": Flag bool = false;
        /// Archives can be downloaded.
        download_export_results / "DownloadExportResults": Flag bool = false;
        /// How messages are written: `csv`.
        export_format / "ExportFormat": Text String = "csv";
        /// When one is written each day, as `HH:MM` in UTC.
        daily_run_time / "DailyRunTime": Text String = "01:00";
        /// The moment that the first one begins at, in seconds since 1970.
        export_from_timestamp / "ExportFromTimestamp": Number i64 = 0;
    }
}

section! {
    /// Archives of everything.
    ExportSettings {
        /// Days after which an archive that was written is removed.
        retention_days / "RetentionDays": Number i64 = 30;
    }
}

section! {
    /// Moving threads to other channels.
    WranglerSettings {
        /// Roles in the system, team or channel that may move threads; empty: whoever may delete all of its messages.
        permitted_roles / "PermittedWranglerRoles": List Vec<String> = Vec::new();
        /// Domains of whose addresses one has to be, separated by commas or blanks; empty: all.
        allowed_email_domain / "AllowedEmailDomain": List Vec<String> = Vec::new();
        /// The most messages of a thread that can be moved; 0: 1000.
        move_thread_max_count / "MoveThreadMaxCount": Number i64 = 100;
        /// Threads can be moved to another team.
        to_another_team / "MoveThreadToAnotherTeamEnable": Flag bool = false;
        /// Threads can be moved out of private channels.
        from_private_channel / "MoveThreadFromPrivateChannelEnable": Flag bool = false;
        /// Threads can be moved out of direct conversations.
        from_direct_channel / "MoveThreadFromDirectMessageChannelEnable": Flag bool = false;
        /// Threads can be moved out of group conversations.
        from_group_channel / "MoveThreadFromGroupMessageChannelEnable": Flag bool = false;
    }
}

section! {
    /// Languages.
    LocalizationSettings {
        /// The language of those who have not chosen one.
        default_client_locale / "DefaultClientLocale": Text String = "en";
        /// The language of what the server says.
        default_server_locale / "DefaultServerLocale": Text String = "en";
    }
}

macro_rules! config {
    ($($field:ident / $name:ident $json:literal),* $(,)?) => {
        /// The whole configuration.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Config {
            $(#[serde(rename = $json)] pub $field: $name,)*
        }
        impl Config {
            /// All settings, section by section.
            pub fn fields() -> impl Iterator<Item = &'static Field> {
                [$($name::FIELDS),*].into_iter().flatten()
            }
            /// The sections: name, what it is about, its settings.
            pub fn sections() -> impl Iterator<Item = (&'static str, &'static str, &'static [Field])> {
                [$(($json, $name::ABOUT, $name::FIELDS)),*].into_iter()
            }
        }
    };
}

section! {
    /// Loading pictures of other servers by way of this one, so that those learn nothing of who looks at them.
    ImageProxySettings {
        /// Pictures in messages are loaded by this server.
        enable / "Enable": Flag bool = false;
        /// By whom: local, which is this server itself.
        image_proxy_type / "ImageProxyType": Text String = "local";
    }
}

config! {
    service / ServiceSettings "ServiceSettings",
    team / TeamSettings "TeamSettings",
    sql / SqlSettings "SqlSettings",
    log / LogSettings "LogSettings",
    password / PasswordSettings "PasswordSettings",
    file / FileSettings "FileSettings",
    email / EmailSettings "EmailSettings",
    rate_limit / RateLimitSettings "RateLimitSettings",
    privacy / PrivacySettings "PrivacySettings",
    guest_accounts / GuestAccountsSettings "GuestAccountsSettings",
    data_retention / DataRetentionSettings "DataRetentionSettings",
    compliance / ComplianceSettings "ComplianceSettings",
    message_export / MessageExportSettings "MessageExportSettings",
    export / ExportSettings "ExportSettings",
    wrangler / WranglerSettings "WranglerSettings",
    localization / LocalizationSettings "LocalizationSettings",
    image_proxy / ImageProxySettings "ImageProxySettings",
}

impl Config {
    /// Refuses what cannot be, beyond the kinds of values.
    pub fn check(&self) -> Checked {
        let one_of = |value: &str, of: &[&str], place: &str| {
            refuse_if(!of.contains(&value), place, &format!("has to be one of {}", of.join(", ")))
        };
        one_of(&self.sql.driver_name, &["sqlite", "postgres", "mysql"], "SqlSettings.DriverName")?;
        refuse_if(self.sql.max_open_conns < 1, "SqlSettings.MaxOpenConns", "has to be at least 1")?;
        one_of(
            &self.service.collapsed_threads,
            &["disabled", "default_off", "default_on", "always_on"],
            "ServiceSettings.CollapsedThreads",
        )?;
        refuse_if(
            self.service.maximum_login_attempts < 1,
            "ServiceSettings.MaximumLoginAttempts",
            "has to be at least 1",
        )?;
        for (seconds, place) in [
            (self.service.burn_on_read_duration_seconds, "ServiceSettings.BurnOnReadDurationSeconds"),
            (
                self.service.burn_on_read_maximum_time_to_live_seconds,
                "ServiceSettings.BurnOnReadMaximumTimeToLiveSeconds",
            ),
        ] {
            refuse_if(!(1..=31_536_000).contains(&seconds), place, "has to be from 1 to 31536000")?;
        }
        refuse_if(self.export.retention_days < 1, "ExportSettings.RetentionDays", "has to be at least 1")?;
        refuse_if(
            self.service.session_length_web_in_days < 1,
            "ServiceSettings.SessionLengthWebInDays",
            "has to be at least 1",
        )?;
        refuse_if(
            self.service.session_length_mobile_in_days < 1,
            "ServiceSettings.SessionLengthMobileInDays",
            "has to be at least 1",
        )?;
        refuse_if(
            self.service.session_length_sso_in_days < 1,
            "ServiceSettings.SessionLengthSSOInDays",
            "has to be at least 1",
        )?;
        refuse_if(
            !(1..=600).contains(&self.service.outgoing_integration_requests_timeout),
            "ServiceSettings.OutgoingIntegrationRequestsTimeout",
            "has to be 1 to 600",
        )?;
        for (value, range, place) in [
            (self.service.persistent_notification_interval, 2..=10_000, "PersistentNotificationIntervalMinutes"),
            (self.service.persistent_notification_max_count, 1..=1_000, "PersistentNotificationMaxCount"),
            (self.service.persistent_notification_max_recipients, 1..=1_000, "PersistentNotificationMaxRecipients"),
        ] {
            let reason = format!("has to be {} to {}", range.start(), range.end());
            refuse_if(!range.contains(&value), &format!("ServiceSettings.{place}"), &reason)?;
        }
        refuse_if(self.team.max_users_per_team < 1, "TeamSettings.MaxUsersPerTeam", "has to be at least 1")?;
        refuse_if(self.team.max_channels_per_team < 2, "TeamSettings.MaxChannelsPerTeam", "has to be at least 2")?;
        one_of(&self.team.restrict_direct_message, &["any", "team"], "TeamSettings.RestrictDirectMessage")?;
        one_of(
            &self.team.teammate_name_display,
            &["username", "nickname_full_name", "full_name"],
            "TeamSettings.TeammateNameDisplay",
        )?;
        refuse_if(
            !(5..=72).contains(&self.password.minimum_length),
            "PasswordSettings.MinimumLength",
            "has to be 5 to 72",
        )?;
        let retention = &self.data_retention;
        for (days, hours, what) in [
            (retention.message_retention_days, retention.message_retention_hours, "Message"),
            (retention.file_retention_days, retention.file_retention_hours, "File"),
        ] {
            let wrong = !(0..=876_000).contains(&hours) || !(1..=36_500).contains(&days);
            let place = format!("DataRetentionSettings.{what}RetentionDays");
            refuse_if(wrong, &place, "has to be 1 to 36500, and hours not below 0")?;
        }
        for (time, place) in [
            (&retention.deletion_job_start_time, "DataRetentionSettings.DeletionJobStartTime"),
            (&self.message_export.daily_run_time, "MessageExportSettings.DailyRunTime"),
        ] {
            refuse_if(next_at(time, 0).is_none(), place, "has to be a time of day: HH:MM")?;
        }
        refuse_if(retention.batch_size < 1, "DataRetentionSettings.BatchSize", "has to be at least 1")?;
        refuse_if(
            !(0..=60_000).contains(&retention.time_between_batches),
            "DataRetentionSettings.TimeBetweenBatchesMilliseconds",
            "has to be 0 to 60000",
        )?;
        refuse_if(
            !(0..=1_000).contains(&self.wrangler.move_thread_max_count),
            "WranglerSettings.MoveThreadMaxCount",
            "has to be 0 to 1000",
        )?;
        refuse_if(self.rate_limit.per_sec < 1, "RateLimitSettings.PerSec", "has to be at least 1")?;
        refuse_if(
            self.rate_limit.max_burst < self.rate_limit.per_sec,
            "RateLimitSettings.MaxBurst",
            "must not be below the rate",
        )?;
        for (level, place) in
            [(&self.log.console_level, "LogSettings.ConsoleLevel"), (&self.log.file_level, "LogSettings.FileLevel")]
        {
            one_of(&level.to_uppercase(), &["ERROR", "WARN", "INFO", "DEBUG"], place)?;
        }
        one_of(&self.email.connection_security, &["", "PLAIN", "TLS", "STARTTLS"], "EmailSettings.ConnectionSecurity")?;
        one_of(
            &self.email.notification_contents_type,
            &["full", "generic"],
            "EmailSettings.EmailNotificationContentsType",
        )?;
        refuse_if(self.email.smtp_port.parse::<u16>().is_err(), "EmailSettings.SMTPPort", "has to be 1 to 65535")?;
        refuse_if(
            !(1..=600).contains(&self.email.smtp_server_timeout),
            "EmailSettings.SMTPServerTimeout",
            "has to be 1 to 600",
        )?;
        refuse_if(
            self.image_proxy.enable && self.image_proxy.image_proxy_type != "local",
            "ImageProxySettings.ImageProxyType",
            "has to be local",
        )?;
        one_of(&self.file.driver_name, &["local", "amazons3"], "FileSettings.DriverName")?;
        refuse_if(self.file.max_file_size < 1, "FileSettings.MaxFileSize", "has to be at least 1")?;
        refuse_if(
            !(1..=1_000_000_000).contains(&self.file.max_image_resolution),
            "FileSettings.MaxImageResolution",
            "has to be 1 to 1000000000",
        )?;
        let url = &self.service.site_url;
        refuse_if(
            !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://"),
            "ServiceSettings.SiteURL",
            "has to begin with http:// or https://",
        )
    }
}
