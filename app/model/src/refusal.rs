//! Every way a request is refused: status, id and text, in one table.
//!
//! Clients act on the ids, which are Mattermost's where it has one; people read the text.

use crate::{permission::Permission, system::ErrorBody};
use std::{borrow::Cow, fmt};

/// Why the server did not do what it was asked.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What clients act on.
    pub id: &'static str,
    /// What people read.
    pub message: Cow<'static, str>,
}

impl PartialEq for Refusal {
    /// Two refusals are the same if clients would act the same.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.status == other.status
    }
}
impl Eq for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
impl std::error::Error for Refusal {}

impl Refusal {
    /// A field of the body is missing or cannot be what it is.
    pub fn body(field: &str) -> Self {
        let message = format!("Invalid or missing {field} in request body.");
        Self { status: 400, id: "api.context.invalid_body_param.app_error", message: message.into() }
    }

    /// A part of the address cannot be what it is.
    pub fn url(field: &str) -> Self {
        let message = format!("Invalid or missing {field} parameter in request URL.");
        Self { status: 400, id: "api.context.invalid_url_param.app_error", message: message.into() }
    }

    /// The caller's roles do not hold a permission.
    pub fn missing(permission: Permission) -> Self {
        let message = format!("You do not have the permission to do this ({}).", permission.name());
        Self { message: message.into(), ..Self::PERMISSION }
    }

    /// The same refusal with a text that says more.
    #[must_use]
    pub fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// The body of the answer.
    pub fn to_body(&self, request_id: &str) -> ErrorBody {
        ErrorBody {
            id: self.id.to_owned(),
            message: self.message.clone().into_owned(),
            detailed_error: String::new(),
            request_id: request_id.to_owned(),
            status_code: self.status,
        }
    }
}

macro_rules! refusals {
    ($($name:ident = $status:literal $id:literal $text:literal;)*) => {
        impl Refusal {
            $(#[doc = $text] pub const $name: Self = Self { status: $status, id: $id, message: Cow::Borrowed($text) };)*
            /// All that have a fixed text, for the documents.
            #[expect(clippy::large_stack_arrays, reason = "a constant, which lies in the program and on no stack")]
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

refusals! {
    SESSION_EXPIRED = 401 "api.context.session_expired.app_error" "Your session is invalid or has expired. Please sign in again.";
    TOKEN_IN_URL = 401 "api.context.token_provided.app_error" "A session's token is not accepted in the address.";
    PERMISSION = 403 "api.context.permissions.app_error" "You do not have the permission to do this.";
    LINK_PREVIEWS_OFF = 501 "api.post.link_preview_disabled.app_error" "Link previews are turned off on this server.";
    NO_LINKED_PICTURE = 404 "api.image.get.app_error" "There is no picture at this address that can be shown.";
    NO_ROUTE = 404 "api.context.404.app_error" "Sorry, we could not find that page.";
    RATE_LIMITED = 429 "api.context.rate_limit.app_error" "Too many requests. Please wait a moment.";
    BUSY = 503 "api.context.server_busy.app_error" "The server is busy. Please try again in a moment.";
    INTERNAL = 500 "api.context.internal.app_error" "Something went wrong on the server. The log has the details under the request's id.";
    STORAGE_UNAVAILABLE = 503 "api.context.storage_unavailable.app_error" "Writing is not possible at the moment. Nothing is lost; please try again.";
    TOO_LARGE = 413 "api.context.request_body_too_large.app_error" "The request is too large.";

    NO_USER = 404 "app.user.missing_account.const" "There is no such user.";
    USERNAME_INVALID = 400 "model.user.is_valid.username.app_error" "A user name has 1 to 64 of the characters a-z, 0-9, '.', '-' and '_', and begins with a letter.";
    USERNAME_TAKEN = 400 "app.user.save.username_exists.app_error" "This user name is taken.";
    EMAIL_TAKEN = 400 "app.user.save.email_exists.app_error" "There is an account with this email address already.";
    EMAIL_INVALID = 400 "model.user.is_valid.email.app_error" "This is not a valid email address.";
    EMAIL_DOMAIN = 400 "api.user.create_user.accepted_domain.app_error" "Addresses of this domain cannot sign up here.";
    NICKNAME_INVALID = 400 "model.user.is_valid.nickname.app_error" "A nickname has at most 64 characters.";
    FIRST_NAME_INVALID = 400 "model.user.is_valid.first_name.app_error" "A first name has at most 64 characters.";
    LAST_NAME_INVALID = 400 "model.user.is_valid.last_name.app_error" "A last name has at most 64 characters.";
    POSITION_INVALID = 400 "model.user.is_valid.position.app_error" "A position has at most 128 characters.";
    LOCALE_INVALID = 400 "model.user.is_valid.locale.app_error" "This is not a language's code.";
    PASSWORD_LENGTH = 400 "model.user.is_valid.pwd.app_error" "The password is too short or longer than 72 characters.";
    PASSWORD_CLASSES = 400 "model.user.is_valid.pwd_lowercase_uppercase_number_symbol.app_error" "The password has to be long enough, with lower-case and upper-case letters, digits and symbols as the administrator asks.";
    SIGN_UP_CLOSED = 501 "api.user.create_user.signup_email_disabled.app_error" "Signing up with an email address is switched off.";
    USER_CREATION_OFF = 501 "api.user.create_user.disabled.app_error" "Creating accounts is switched off.";
    SERVER_NOT_OPEN = 403 "api.user.create_user.no_open_server" "This server takes new people by invitation only. Ask an administrator for a link.";

    SIGN_IN_FAILED = 401 "api.user.login.invalid_credentials_email_username" "The name or the password is not right.";
    SIGN_IN_FAILED_EMAIL = 401 "api.user.login.invalid_credentials_email" "The address or the password is not right.";
    SIGN_IN_FAILED_USERNAME = 401 "api.user.login.invalid_credentials_username" "The name or the password is not right.";
    PASSWORD_BLANK = 400 "api.user.login.blank_pwd.app_error" "The password must not be empty.";
    TOO_MANY_ATTEMPTS = 401 "api.user.check_user_login_attempts.too_many.app_error" "This account is locked because of too many failed attempts. Set a new password to unlock it.";
    USER_INACTIVE = 401 "api.user.login.inactive.app_error" "This account has been deactivated. Please ask an administrator.";
    SIGN_IN_BOT = 401 "api.user.login.bot_login_forbidden.app_error" "Bots do not sign in with a password.";
    SIGN_IN_ELSEWHERE = 401 "api.user.login.use_auth_service.app_error" "This account signs in elsewhere.";
    SIGN_IN_NOT_VERIFIED = 401 "api.user.login.not_verified.app_error" "Please open the link in the mail that was sent to your address first.";
    MFA_OFF = 501 "mfa.mfa_disabled.app_error" "Two-step sign-in is switched off on this server.";
    MFA_MISSING = 401 "mfa.validate_token.authenticate.app_error" "This account asks for a code of its authenticator app too.";
    MFA_CODE_WRONG = 401 "api.user.check_user_mfa.bad_code.app_error" "The code is not right, or was used before. Please wait for the next one.";
    MFA_NOT_ACTIVE = 400 "api.user.mfa.not_active.app_error" "Two-step sign-in is not switched on.";
    SEEN_BY_OFF = 501 "api.post.seen_by.disabled.app_error" "This server does not say who has read a message.";
    SEEN_BY_NOT_SHARED = 403 "api.post.seen_by.not_shared.app_error" "Who wants to see what others have read lets them see it too. It is among the settings.";
    MFA_REQUIRED = 401 "api.context.mfa_required.app_error" "This server asks everybody for two-step sign-in. Please set it up first.";
    PASSWORD_WRONG = 400 "api.user.update_password.incorrect.app_error" "The current password is not right.";
    PASSWORD_CHECK_FAILED = 401 "api.user.check_user_password.invalid.app_error" "The password is not right.";
    PASSWORD_NOT_YOURS = 403 "api.user.update_password.context.app_error" "You can change your own password only.";
    ACTIVE_NOT_ENABLED = 401 "api.user.update_active.not_enable.app_error" "Deactivating one's own account is switched off.";
    ACTIVE_PERMISSION = 403 "api.user.update_active.permissions.app_error" "You do not have the permission to do this.";
    USER_DELETION_OFF = 401 "api.user.delete_user.not_enabled.app_error" "Deleting accounts for good is switched off.";
    GUESTS_OFF = 501 "api.team.invite_guests_to_channels.disabled.error" "Guest accounts are switched off.";
    GUEST_CHANNEL = 400 "api.team.invite_guests.channel_in_invalid_team.app_error" "A guest is invited to channels of the team.";
    GUEST_SIGN_IN_OFF = 401 "api.user.login.guest_accounts.disabled.error" "Guest accounts are switched off.";
    SIGN_IN_LINK_OFF = 501 "api.user.guest_magic_link.disabled.app_error" "Links that sign guests in are switched off.";
    SIGN_IN_LINK_INVALID = 401 "api.user.guest_magic_link.invalid_token.app_error" "This link is not valid, was used before, or is too old. Ask for another one.";
    SIGN_IN_LINK_TAKEN = 401 "api.user.guest_magic_link.has_account.app_error" "There is an account of this address already. Please sign in with its password.";
    NOT_GUEST = 501 "api.user.promote_guest_to_user.no_guest.app_error" "This is no guest.";
    ALREADY_GUEST = 501 "api.user.demote_user_to_guest.already_guest.app_error" "This is a guest already.";
    AUTH_TAKEN = 400 "app.user.update_auth_data.email_exists.app_error" "Another account belongs to this name of the other service.";
    AUTH_TRANSFER_OFF = 403 "api.user.email_to_oauth.not_available.app_error" "Changing how one signs in is switched off.";
    AUTH_SERVICE_OFF = 501 "api.user.get_authorization_code.unsupported.app_error" "This server does not offer to sign in by that service.";
    AUTH_NOT_YOURS = 403 "api.user.oauth_to_email.context.app_error" "This is not how you sign in.";
    RECENT_STATUS_NONE = 400 "api.custom_status.recent_custom_statuses.delete.app_error" "This is none of the recent statuses.";
    SITE_URL_FAILED = 400 "app.admin.test_site_url.failure" "There is no server like this one at that address.";
    MAIL_OFF = 501 "api.email.off.app_error" "This server sends no mail yet. An administrator can set up the mail server in the settings.";
    MAIL_REFUSED = 500 "api.admin.test_email.body" "The mail could not be sent.";
    RESET_LINK_INVALID = 400 "api.user.reset_password.invalid_link.app_error" "This link for a new password is not valid.";
    RESET_LINK_EXPIRED = 400 "api.user.reset_password.link_expired.app_error" "This link for a new password has expired. Please ask for another one.";
    RESET_ELSEWHERE = 400 "api.user.reset_password.sso.app_error" "This account signs in elsewhere; its password is set there.";
    VERIFY_LINK_INVALID = 400 "api.user.verify_email.bad_link.app_error" "This link is not valid or has expired. Please ask for another one.";
    PICTURE_MISSING = 400 "api.user.upload_profile_user.no_file.app_error" "The picture is missing.";
    PICTURE_SEVERAL = 400 "api.user.upload_profile_user.array.app_error" "One picture is enough.";
    PICTURE_KIND = 400 "api.user.upload_profile_user.decode.app_error" "A picture is a PNG, JPEG, GIF, WebP or BMP.";
    PICTURE_LARGE = 413 "api.user.upload_profile_user.too_large.app_error" "The picture is too large.";

    NO_BOT = 404 "store.sql_bot.get.missing.app_error" "There is no such bot.";
    BOT_CREATION_OFF = 403 "api.bot.create_disabled" "Making bots is switched off.";
    BOT_USERNAME = 400 "model.bot.is_valid.username.app_error" "A bot's user name has 1 to 64 of the characters a-z, 0-9, '.', '-' and '_', and begins with a letter.";
    BOT_DISPLAY_NAME = 400 "model.bot.is_valid.user_id.app_error" "A bot's name has at most 64 characters.";
    BOT_DESCRIPTION = 400 "model.bot.is_valid.description.app_error" "A bot's description has at most 1024 characters.";
    BOT_NO_PICTURE = 404 "api.bot.get_bot_icon_image.read.app_error" "The bot has no picture.";
    TOKENS_OFF = 501 "app.user_access_token.disabled" "Personal access tokens are switched off.";
    TOKEN_DESCRIPTION = 400 "model.user_access_token.is_valid.description.app_error" "A token's description has at most 255 characters.";
    NO_TOKEN = 404 "app.user_access_token.get_by_user.app_error" "There is no such token.";

    NO_TEAM = 404 "app.team.get.find.app_error" "There is no such team.";
    NO_TEAM_NAME = 404 "app.team.get_by_name.missing.app_error" "There is no team of this name.";
    NO_INVITE = 404 "app.team.get_by_invite_id.finding.app_error" "This invitation is not valid any more.";
    INVITE_LINK_INVALID = 400 "api.user.create_user.signup_link_invalid.app_error" "This invitation is not valid.";
    INVITATIONS_OFF = 501 "api.team.invite_members.disabled.app_error" "Invitations by mail are switched off.";
    INVITATIONS_MANY = 413 "app.email.rate_limit_exceeded.app_error" "Too many invitations at once. Please go on in an hour, or share the team's link.";
    INVITATION_DOMAIN = 400 "api.team.invite_members.invalid_email.app_error" "Addresses of this domain cannot join this team.";
    INVITE_LINK_EXPIRED = 400 "api.user.create_user.signup_link_expired.app_error" "This invitation has expired.";
    TEAM_NAME_INVALID = 400 "model.team.is_valid.characters.app_error" "A team's name in addresses has 2 to 64 of a-z, 0-9 and '-'.";
    TEAM_NAME_RESERVED = 400 "model.team.is_valid.reserved.app_error" "This name is reserved; please choose another one.";
    TEAM_NAME_TAKEN = 400 "app.team.save.existing.app_error" "There is a team of this name already.";
    TEAM_DISPLAY_NAME = 400 "model.team.is_valid.name.app_error" "A team's name has 1 to 64 characters.";
    TEAM_DESCRIPTION = 400 "model.team.is_valid.description.app_error" "A description has at most 255 characters.";
    TEAM_TYPE = 400 "model.team.is_valid.type.app_error" "A team is open (O) or by invitation (I).";
    TEAM_CREATION_OFF = 403 "api.team.is_team_creation_allowed.disabled.app_error" "Creating teams is switched off.";
    NO_TEAM_MEMBER = 404 "app.team.get_member.missing.app_error" "This person is not in the team.";
    TEAM_FULL = 400 "app.user.get_total_users_count.max_accounts.app_error" "The team is full.";
    TEAM_DOMAIN = 400 "api.team.join_user_to_team.allowed_domains.app_error" "This team takes addresses of certain domains only.";
    TEAM_ICON_MISSING = 404 "api.team.get_team_icon.read_file.app_error" "The team has no picture.";
    TEAM_ICON_FILE = 400 "api.team.set_team_icon.no_file.app_error" "The picture is missing.";
    TEAM_ICON_KIND = 400 "api.team.set_team_icon.decode.app_error" "A picture is a PNG, JPEG, GIF, WebP or BMP.";
    TEAM_ICON_LARGE = 413 "api.team.set_team_icon.too_large.app_error" "The picture is too large.";
    TEAM_NOT_LISTED = 403 "api.team.get_all_teams.insufficient_permissions" "You do not have the permission to list teams.";
    TEAM_NOT_OPEN = 403 "api.team.get_invite_info.not_open_team" "This team takes people by invitation only.";
    TEAM_NO_INVITATION = 400 "api.team.add_user_to_team.missing_parameter.app_error" "Joining a team this way needs an invitation.";
    TEAM_DELETION_OFF = 401 "api.user.delete_team.not_enabled.app_error" "Deleting teams for good is switched off.";
    TEAM_IMPORT_FILE = 400 "api.team.import_team.no_file.app_error" "The file to import is missing.";

    NO_CHANNEL = 404 "app.channel.get.existing.app_error" "There is no such channel.";
    NO_CHANNEL_NAME = 404 "app.channel.get_by_name.missing.app_error" "There is no channel of this name.";
    NO_CHANNEL_MEMBER = 404 "app.channel.get_member.missing.app_error" "This person is not in the channel.";
    CHANNEL_NAME_INVALID = 400 "model.channel.is_valid.2_or_more.app_error" "A channel's name in addresses has 2 to 64 of a-z, 0-9, '-' and '_'.";
    CHANNEL_DISPLAY_NAME = 400 "model.channel.is_valid.display_name.app_error" "A channel's name has at most 64 characters.";
    CHANNEL_HEADER = 400 "model.channel.is_valid.header.app_error" "A header has at most 1024 characters.";
    CHANNEL_PURPOSE = 400 "model.channel.is_valid.purpose.app_error" "A purpose has at most 250 characters.";
    CHANNEL_TYPE = 400 "model.channel.is_valid.type.app_error" "A channel is public (O) or private (P).";
    CHANNEL_TYPE_DIRECT = 400 "api.channel.create_channel.direct_channel.app_error" "Direct and group channels are made by calls of their own.";
    CHANNEL_TYPE_CHANGE = 400 "api.channel.update_channel.typechange.app_error" "A channel's type cannot be changed this way.";
    CHANNEL_NAME_TAKEN = 400 "store.sql_channel.save_channel.exists.app_error" "There is a channel of this name already.";
    CHANNEL_LIMIT = 400 "api.channel.create_channel.max_channel_limit.app_error" "The team has as many channels as it may have.";
    CHANNEL_NO_TEAM = 400 "app.channel.create_channel.no_team_id.app_error" "A channel needs a team.";
    CHANNELS_MISSING = 404 "app.channel.get_channels_by_ids.not_found.app_error" "There are no such channels.";
    CHANNEL_DELETION_OFF = 401 "api.user.delete_channel.not_enabled.app_error" "Deleting channels for good is switched off.";
    GROUP_CONVERT_TYPE = 400 "app.channel.group_message_conversion.original_channel_not_gm" "Only a group conversation can be made a channel.";
    GROUP_CONVERT_TEAM = 400 "app.channel.group_message_conversion.incorrect_team" "Not all of the conversation are in this team.";
    CHANNEL_CONVERT_TYPE = 400 "api.channel.convert_channel_to_private.private_channel_error" "Only a public channel can be made private.";
    CHANNEL_CONVERT_DEFAULT = 400 "api.channel.convert_channel_to_private.default_channel_error" "The default channel cannot be made private.";
    CHANNEL_ARCHIVED = 400 "api.channel.update_channel.deleted.app_error" "The channel is archived.";
    CHANNEL_ARCHIVED_ALREADY = 400 "api.channel.delete_channel.deleted.app_error" "The channel is archived already.";
    CHANNEL_RESTORED_ALREADY = 400 "api.channel.restore_channel.restored.app_error" "The channel is not archived.";
    CHANNEL_DEFAULT_ARCHIVE = 400 "api.channel.delete_channel.cannot.app_error" "The default channel cannot be archived.";
    CHANNEL_DEFAULT_LEAVE = 400 "api.channel.remove.default.app_error" "The default channel cannot be left.";
    CHANNEL_DEFAULT_PRIVACY = 400 "api.channel.update_channel_privacy.default_channel_error" "The default channel cannot be made private.";
    CHANNEL_DEFAULT_RENAME = 400 "api.channel.update_channel.tried.app_error" "The default channel's name cannot be changed.";
    CHANNEL_ARCHIVE_TYPE = 400 "api.channel.delete_channel.type.invalid" "Direct and group channels cannot be archived.";
    CHANNEL_ADD_TYPE = 400 "api.channel.add_user_to_channel.type.app_error" "Nobody can be added to a direct or group channel.";
    CHANNEL_REMOVE_TYPE = 400 "api.channel.remove_channel_member.type.app_error" "Nobody can be removed from a direct or group channel.";
    CHANNEL_ADD_ARCHIVED = 400 "api.channel.add_user_to_channel.deleted.app_error" "Nobody can be added to an archived channel.";
    CHANNEL_JOIN_TEAM = 403 "api.channel.add_user.to.channel.failed.deleted.app_error" "This person is not in the channel's team.";
    DIRECT_INVALID_USER = 400 "api.channel.create_direct_channel.invalid_user.app_error" "There is no such user to talk to.";
    DIRECT_NO_TEAM = 403 "api.channel.create_channel.direct_channel.team_restricted_error" "You can write directly to people of your teams only.";
    GROUP_SIZE = 400 "api.channel.create_group.bad_size.app_error" "A group has 3 to 8 people.";
    GROUP_USER = 400 "api.channel.create_group.bad_user.app_error" "One of these people does not exist.";
    MEMBER_NOTIFY_LEVEL = 400 "model.channel_member.is_valid.notify_level.app_error" "This is not a level of notification.";
    MEMBER_PUSH_LEVEL = 400 "model.channel_member.is_valid.push_level.app_error" "This is not a level of push notification.";
    MEMBER_UNREAD_LEVEL = 400 "model.channel_member.is_valid.unread_level.app_error" "This is not a level of unread marks.";
    MEMBER_EMAIL_LEVEL = 400 "model.channel_member.is_valid.email_value.app_error" "This is not a level of email notification.";
    MEMBER_IGNORE_LEVEL = 400 "model.channel_member.is_valid.ignore_channel_mentions_value.app_error" "This is not a value for ignoring channel mentions.";
    VIEW_CHANNEL = 400 "app.channel.update_last_viewed_at.app_error" "The channel could not be marked as read.";
    ROLE_UNKNOWN = 400 "app.role.get_by_name.app_error" "There is no such role.";
    ROLE_OF_SCHEME = 400 "api.channel.update_team_member_roles.scheme_role.app_error" "This role cannot be given here.";
    ROLE_GUEST = 400 "api.channel.update_team_member_roles.changing_guest_role.app_error" "Guests and members cannot be turned into each other this way.";
    CATEGORY_INVALID = 400 "app.channel.sidebar_categories.app_error" "The categories are not right.";
    NO_CATEGORY = 404 "app.channel.sidebar_categories.app_error" "There is no such category.";

    NO_POST = 404 "app.post.get.app_error" "There is no such post.";
    POST_TOO_LONG = 400 "model.post.is_valid.msg.app_error" "The message is too long.";
    POST_PROPS_TOO_LONG = 400 "model.post.is_valid.props.app_error" "The post's properties are too large.";
    POST_TYPE = 400 "model.post.is_valid.type.app_error" "This is not a type of post.";
    POST_TYPE_SYSTEM = 400 "api.post.create_post.system_type.app_error" "Posts of the system cannot be made by people.";
    POST_FILES = 400 "model.post.is_valid.file_ids.app_error" "A post has at most 10 files.";
    POST_ROOT = 400 "api.post.create_post.root_id.app_error" "The thread to answer in does not exist.";
    POST_ROOT_CHANNEL = 400 "api.post.create_post.channel_root_id.app_error" "The thread to answer in is in another channel.";
    POST_ARCHIVED = 400 "api.post.create_post.can_not_post_to_deleted.error" "The channel is archived; nobody can post there.";
    DRAFTS_OFF = 501 "api.drafts.disabled.app_error" "Drafts stay on the device: keeping them on the server is switched off.";
    DRAFT_ARCHIVED = 400 "api.draft.create_draft.can_not_draft_to_deleted.error" "The channel is archived; nobody can write there.";
    NO_DRAFT = 404 "app.draft.get_for_draft.missing.app_error" "There is no such draft.";
    SCHEDULED_OFF = 501 "api.scheduled_posts.feature_disabled" "Sending later is switched off.";
    SCHEDULED_TIME = 400 "model.scheduled_post.is_valid.scheduled_at.app_error" "The time to send it at has passed.";
    SCHEDULED_EMPTY = 400 "model.scheduled_post.is_valid.empty_post.app_error" "There is nothing to send.";
    NO_SCHEDULED = 404 "app.update_scheduled_post.existing_scheduled_post.not_exist" "There is no such message.";
    SCHEDULED_NOT_YOURS = 403 "app.update_scheduled_post.update_permission.error" "This message is another person's.";
    SCHEDULED_SENDING = 409 "app.update_scheduled_post.being_sent.app_error" "The message is being sent at this moment.";
    REMINDER_TIME = 400 "api.post.set_reminder.target_time.app_error" "The time to be reminded at has passed.";
    POST_EDIT_LATE = 400 "api.post.update_post.permissions_time_limit.app_error" "The time in which a post can be edited is over.";
    POST_EDIT_SYSTEM = 400 "api.post.update_post.system_message.app_error" "What the system said cannot be edited.";
    POST_EDIT_OFF = 403 "api.post.update_post.permissions_denied.app_error" "You cannot edit this post.";

    FILES_OFF = 501 "api.file.attachments.disabled.app_error" "Attaching files is switched off.";
    FILE_STORE_SETTINGS = 400 "api.file.test_connection.settings.app_error" "The file store has not been given what it needs.";
    FILE_STORE_TEST = 500 "api.file.test_connection.app_error" "The file store does not work with these settings.";
    FILES_UNAVAILABLE = 503 "api.file.store_unavailable.app_error" "Files cannot be reached at the moment. Please try again.";
    FILE_CONTENT_MISSING = 404 "api.file.read_file.reading_local.app_error" "The file is not in the store any more.";
    NO_FILE = 404 "app.file_info.get.app_error" "There is no such file.";
    FILE_TOO_LARGE = 413 "api.file.upload_file.too_large_detailed.app_error" "The file is too large.";
    FILE_PICTURE_LARGE = 400 "api.file.upload_file.large_image.app_error" "The picture has too many pixels.";
    FILE_REQUEST = 400 "api.file.upload_file.read_request.app_error" "The upload cannot be read.";
    FILE_CHANNELS = 400 "api.file.upload_file.multiple_channel_ids.app_error" "An upload is to one channel.";
    FILE_CLIENT_IDS = 400 "api.file.upload_file.incorrect_number_of_client_ids.app_error" "There have to be as many client_ids as files.";
    FILE_TOO_MANY = 400 "api.file.upload_file.too_many.app_error" "Too many files at once.";
    FILE_NO_THUMBNAIL = 400 "api.file.get_file_thumbnail.no_thumbnail.app_error" "There is no thumbnail of this file.";
    FILE_NO_PREVIEW = 400 "api.file.get_file_preview.no_preview.app_error" "There is no preview of this file.";
    PUBLIC_LINKS_OFF = 501 "api.file.get_public_link.disabled.app_error" "Public links are switched off.";
    PUBLIC_LINK_NO_POST = 400 "api.file.get_public_link.no_post.app_error" "A public link needs the file to be posted.";
    PUBLIC_LINK_INVALID = 400 "api.file.get_file.public_invalid.app_error" "This link is not valid.";
    NO_UPLOAD = 404 "app.upload.get.app_error" "There is no such upload.";
    UPLOAD_KIND = 400 "model.upload_session.is_valid.type.app_error" "This is not a kind of upload.";
    UPLOAD_NAME = 400 "model.upload_session.is_valid.filename.app_error" "A file's name has 1 to 255 characters.";
    UPLOAD_SIZE = 400 "model.upload_session.is_valid.file_size.app_error" "A file has at least one byte.";
    UPLOAD_TOO_LARGE = 413 "app.upload.create.upload_too_large.app_error" "The file is too large.";
    UPLOAD_FIRST_PIECE = 400 "app.upload.upload_data.first_part_too_small.app_error" "A first piece that is not the whole file has at least 5 MiB.";
    UPLOAD_CONCURRENT = 400 "app.upload.upload_data.concurrent.app_error" "Another piece of this file came in at the same time.";
    IMPORT_FILE = 400 "import_process.worker.do_job.missing_file" "The job does not say which file is to be imported.";
    IMPORT_ARCHIVE = 400 "import_process.worker.do_job.open_file" "The file is no ZIP archive that can be read.";
    IMPORT_NO_LINES = 400 "import_process.worker.do_job.missing_jsonl" "The archive has no file of lines (.jsonl).";
    IMPORT_LINE = 400 "app.import.import_line.app_error" "A line cannot be imported.";
    BURN_ON_READ_ROOT = 400 "api.post.fill_in_post_props.burn_on_read.app_error" "A message that burns after reading has a text, and answers nothing and has no files.";
    BURN_ON_READ_OTHER = 400 "api.post.reveal_post.user_or_post_type.app_error" "This message does not burn after reading.";
    BURN_ON_READ_OVER = 403 "app.reveal_post.read_receipt_expired.error" "The message is not shown to you, or not any more.";
    IMPORT_FILE_UNUSABLE = 400 "app.import.attachment.file_upload.error" "A file of the archive cannot be used.";
    NO_EXPORT = 404 "api.export.export_not_found.app_error" "There is no such export.";
    NO_IMPORT = 404 "api.import.delete_import.not_found.app_error" "There is no such file to import.";
    NO_BOT_ICON = 404 "api.bot.get_bot_icon_image.read.app_error" "The bot has no icon.";
    NO_BOT_ICON_TO_DELETE = 404 "api.bot.delete_bot_icon_image.app_error" "The bot has no icon.";
    BOT_ICON_FILE = 400 "api.bot.set_bot_icon_image.parse.app_error" "An icon is a PNG, JPEG, GIF, WebP or BMP.";
    BOT_ICON_LARGE = 413 "api.bot.set_bot_icon_image.too_large.app_error" "The icon is too large.";
    BRAND_FILE = 400 "api.admin.upload_brand_image.no_file.app_error" "The picture is missing.";
    BRAND_KIND = 400 "brand.save_brand_image.decode.app_error" "A picture is a PNG, JPEG, GIF, WebP or BMP.";
    BRAND_LARGE = 413 "api.admin.upload_brand_image.too_large.app_error" "The picture is too large.";
    NO_BRAND_TO_DELETE = 404 "api.admin.delete_brand_image.storage.not_found" "There is no picture of the organisation.";
    EMOJI_OFF = 501 "api.emoji.disabled.app_error" "Custom emoji are switched off.";
    NO_EMOJI = 404 "app.emoji.get.no_result" "There is no such emoji.";
    NO_EMOJI_NAME = 404 "app.emoji.get_by_name.no_result" "There is no custom emoji of this name.";
    NO_EMOJI_PICTURE = 404 "api.emoji.get_image.read.app_error" "The picture of this emoji is gone.";
    EMOJI_TAKEN = 400 "api.emoji.create.duplicate.app_error" "There is an emoji of this name already.";
    EMOJI_STANDARD = 400 "model.emoji.system_emoji_name.app_error" "This is the name of a standard emoji.";
    EMOJI_NAME = 400 "model.emoji.name.app_error" "A name has 1 to 64 of a-z, 0-9, '_', '+' and '-'.";
    EMOJI_OTHER = 403 "api.emoji.create.other_user.app_error" "You can add emoji for yourself only.";
    EMOJI_LARGE = 413 "api.emoji.create.too_large.app_error" "The picture is larger than 1 MB.";
    EMOJI_PICTURE = 400 "api.emoji.upload.image.app_error" "A picture is a PNG, JPEG, GIF, WebP or BMP.";
    EMOJI_NAMES = 400 "api.emoji.get_multiple_by_name_too_many.request_error" "Too many names at once.";
    POST_FILES_TAKEN = 400 "api.post.create_post.attach_files.error" "One of the files was posted elsewhere meanwhile.";

    INCOMING_OFF = 501 "web.incoming_webhook.disabled.app_error" "Incoming webhooks are switched off.";
    INCOMING_MANAGE_OFF = 501 "api.incoming_webhook.disabled.app_error" "Incoming webhooks are switched off.";
    NO_INCOMING = 404 "app.webhooks.get_incoming.app_error" "There is no such incoming webhook.";
    INCOMING_UNKNOWN = 400 "web.incoming_webhook.invalid.app_error" "There is no webhook at this address.";
    INCOMING_PARSE = 400 "web.incoming_webhook.parse.app_error" "What was sent cannot be read.";
    INCOMING_EMPTY = 400 "web.incoming_webhook.text.app_error" "There is neither text nor an attachment to post.";
    INCOMING_USER = 400 "web.incoming_webhook.user.app_error" "There is no such person to write to.";
    INCOMING_CHANNEL = 404 "web.incoming_webhook.channel.app_error" "There is no such channel.";
    INCOMING_LOCKED = 403 "web.incoming_webhook.channel_locked.app_error" "This webhook may post in its own channel only.";
    INCOMING_FORBIDDEN = 403 "web.incoming_webhook.permissions.app_error" "This webhook may not post in this channel.";
    INCOMING_DISPLAY_NAME = 400 "model.incoming_hook.display_name.app_error" "A title has at most 64 characters.";
    INCOMING_DESCRIPTION = 400 "model.incoming_hook.description.app_error" "A description has at most 500 characters.";
    INCOMING_USERNAME = 400 "model.incoming_hook.username.app_error" "A name to post under has at most 64 characters.";
    INCOMING_ICON = 400 "model.incoming_hook.icon_url.app_error" "The address of a picture has at most 1024 characters.";
    OUTGOING_OFF = 501 "api.outgoing_webhook.disabled.app_error" "Outgoing webhooks are switched off.";
    NO_OUTGOING = 404 "app.webhooks.get_outgoing.app_error" "There is no such outgoing webhook.";
    OUTGOING_CHANNEL = 403 "api.webhook.create_outgoing.not_open.app_error" "Outgoing webhooks hear public channels of their team only.";
    OUTGOING_TRIGGERS = 400 "api.webhook.create_outgoing.triggers.app_error" "Either a channel or words to listen for are needed.";
    OUTGOING_CLASH = 500 "api.webhook.create_outgoing.intersect.app_error" "Another webhook calls the same address for the same words.";
    OUTGOING_WORDS = 400 "model.outgoing_hook.is_valid.words.app_error" "Words to listen for are not empty, and have at most 1024 characters together.";
    OUTGOING_CALLBACK = 400 "model.outgoing_hook.is_valid.callback.app_error" "Addresses to call are needed, with at most 1024 characters together.";
    OUTGOING_URL = 400 "model.outgoing_hook.is_valid.url.app_error" "An address to call begins with http:// or https://.";
    OUTGOING_DISPLAY_NAME = 400 "model.outgoing_hook.is_valid.display_name.app_error" "A title has at most 64 characters.";
    OUTGOING_DESCRIPTION = 400 "model.outgoing_hook.is_valid.description.app_error" "A description has at most 500 characters.";
    OUTGOING_CONTENT_TYPE = 400 "model.outgoing_hook.is_valid.content_type.app_error" "A content type has at most 128 characters.";
    OUTGOING_WHEN = 400 "model.outgoing_hook.is_valid.trigger_when.app_error" "Words are compared as a whole (0) or by their beginning (1).";
    OUTGOING_USERNAME = 400 "model.outgoing_hook.username.app_error" "A name to post under has at most 64 characters.";
    OUTGOING_ICON = 400 "model.outgoing_hook.icon_url.app_error" "The address of a picture has at most 1024 characters.";
    COMMANDS_OFF = 501 "api.command.disabled.app_error" "Slash commands are switched off.";
    NO_COMMAND = 404 "store.sql_command.save.get.app_error" "There is no such command.";
    COMMAND_TEAM = 400 "model.command.is_valid.team_id.app_error" "A command belongs to a team.";
    COMMAND_OTHER_TEAM = 400 "api.command.team_mismatch.app_error" "The command is of another team.";
    COMMAND_TRIGGER = 400 "model.command.is_valid.trigger.app_error" "A command's word has 1 to 128 characters, without blanks and without the slash.";
    COMMAND_TAKEN = 400 "api.command.duplicate_trigger.app_error" "There is a command of this word already.";
    COMMAND_LIMIT = 400 "api.command.too_many.app_error" "A team has at most 1000 commands.";
    COMMAND_URL = 400 "model.command.is_valid.url.app_error" "The address of the program is needed, with at most 1024 characters.";
    COMMAND_URL_HTTP = 400 "model.command.is_valid.url_http.app_error" "The address of the program begins with http:// or https://.";
    COMMAND_METHOD = 400 "model.command.is_valid.method.app_error" "A program is called by P (POST) or G (GET).";
    COMMAND_DISPLAY_NAME = 400 "model.command.is_valid.display_name.app_error" "A title has at most 64 characters.";
    COMMAND_DESCRIPTION = 400 "model.command.is_valid.description.app_error" "A description has at most 128 characters.";
    COMMAND_HINT = 400 "model.command.is_valid.autocomplete_data.app_error" "Hint and description for completion have at most 1024 characters.";
    COMMAND_USERNAME = 400 "model.command.is_valid.username.app_error" "A name to post under has at most 64 characters.";
    COMMAND_ICON = 400 "model.command.is_valid.icon_url.app_error" "The address of a picture has at most 1024 characters.";
    COMMAND_FAILED = 400 "api.command.execute_command.failed.app_error" "The program of this command gave no answer.";
    COMMAND_ANSWER = 400 "api.command.execute_command.failed_resp.app_error" "The program of this command answered nothing that could be shown.";
    COMMAND_LATER = 404 "app.command_webhook.get.missing" "There is no command that waits for an answer here.";
    COMMAND_PARSE = 400 "web.command_webhook.parse.app_error" "What was sent cannot be read.";
    PRIORITY_OFF = 403 "api.post.post_priority.priority_post_not_allowed_for_user.request_error" "Messages cannot ask for this here.";
    PERSISTENT_OFF = 403 "api.post.post_priority.persistent_notification_disabled.request_error" "Messages cannot notify again and again here.";
    PERSISTENT_URGENT = 400 "api.post.post_priority.urgent_persistent_notification_post.request_error" "Only urgent messages notify again and again.";
    PERSISTENT_NOBODY = 400 "api.post.post_priority.min_recipients_persistent_notification_post.request_error" "A message that notifies again and again has to mention somebody.";
    PERSISTENT_MANY = 400 "api.post.post_priority.max_recipients_persistent_notification_post.request_error" "A message that notifies again and again mentions too many people.";
    PRIORITY_ROOT = 400 "api.post.post_priority.priority_post_only_allowed_for_root_post.request_error" "Only the first message of a thread can have a priority.";
    PRIORITY_UNKNOWN = 400 "model.post_priority.is_valid.priority.app_error" "A priority is important or urgent.";
    ACK_NOT_ASKED = 400 "api.acknowledgement.save.not_requested.app_error" "This message does not ask to be acknowledged.";
    ACK_ARCHIVED = 403 "api.acknowledgement.save.archived_channel.app_error" "The channel is archived.";
    ACK_LATE = 403 "api.acknowledgement.delete.deadline.app_error" "What was acknowledged can be taken back for five minutes only.";
    NO_ACK = 404 "app.acknowledgement.get.app_error" "This message was not acknowledged.";
    NO_VERSION = 404 "app.post.restore_post_version.get_single.app_error" "There is no such version of the message.";
    VERSION_OTHER = 400 "app.post.restore_post_version.not_an_history_item.app_error" "This is no version of the message.";
    VERSION_NOT_YOURS = 403 "app.post.restore_post_version.not_allowed.app_error" "Only your own messages can be restored.";
    GROUPS_OFF = 501 "api.custom_groups.feature_disabled" "Groups are switched off.";
    NO_GROUP = 404 "app.group.no_rows" "There is no such group.";
    GROUP_SOURCE = 400 "app.group.crud_permission" "Only groups of the source custom can be made.";
    GROUP_REFERENCE = 400 "api.custom_groups.must_be_referenceable" "A group can always be mentioned.";
    GROUP_REMOTE = 400 "api.custom_groups.no_remote_id" "A group made here is of no directory.";
    GROUP_NAME = 400 "model.group.name.invalid_chars.app_error" "A name to mention a group by has at most 64 of the characters a-z, 0-9, '.', '-' and '_'.";
    GROUP_NAME_TAKEN = 400 "app.custom_group.unique_name" "This name is taken.";
    GROUP_DISPLAY_NAME = 400 "model.group.display_name.app_error" "A group has a title of at most 128 characters.";
    GROUP_DESCRIPTION = 400 "model.group.description.app_error" "A description has at most 1024 characters.";
    GROUP_RESTORE = 404 "app.group.no_rows" "There is no such deleted group.";
    NO_BOOKMARK = 404 "app.channel.bookmark.get.existing.app_err" "There is no such bookmark.";
    BOOKMARK_LIMIT = 400 "app.channel.bookmark.save.limit.app_error" "A channel has at most 50 bookmarks.";
    BOOKMARK_ARCHIVED = 403 "api.channel.bookmark.create_channel_bookmark.deleted_channel.forbidden.app_error" "The channel is archived.";
    BOOKMARK_NAME = 400 "model.channel_bookmark.is_valid.display_name.missing_or_invalid.app_error" "A bookmark has a title of at most 64 characters.";
    BOOKMARK_TYPE = 400 "model.channel_bookmark.is_valid.type.app_error" "A bookmark is a link or a file.";
    BOOKMARK_LINK = 400 "model.channel_bookmark.is_valid.link_url.missing_or_invalid.app_error" "The address of a link begins with http:// or https://, and has at most 1024 characters.";
    BOOKMARK_FILE = 400 "model.channel_bookmark.is_valid.file_id.missing_or_invalid.app_error" "There is no such file that you uploaded and that is not used elsewhere.";
    BOOKMARK_IMAGE = 400 "model.channel_bookmark.is_valid.image_url.app_error" "The address of a picture begins with http:// or https://, and has at most 1024 characters.";
    BOOKMARK_EMOJI = 400 "model.channel_bookmark.is_valid.emoji.app_error" "This is not the name of an emoji.";
    BOOKMARK_ORDER = 400 "app.channel.bookmark.update_sort.invalid_input.app_error" "There is no such place among the bookmarks.";
    NO_ACTION = 404 "api.post.do_action.action_id.app_error" "There is no such action under this message any more.";
    ACTION_FAILED = 400 "api.post.do_action.action_integration.app_error" "The program of this action gave no answer that could be used.";
    DIALOG_FAILED = 400 "app.submit_interactive_dialog.json_error" "The program of this dialog gave no answer that could be used.";
    TRIGGER_DECODE = 400 "interactive_message.decode_trigger_id.base64_decode_failed" "This trigger id cannot be read.";
    TRIGGER_PARTS = 400 "interactive_message.decode_trigger_id.missing_data" "This trigger id is not whole.";
    TRIGGER_SIGNATURE = 400 "interactive_message.decode_trigger_id.verify_signature_failed" "This trigger id is not one of this server.";
    TRIGGER_EXPIRED = 400 "interactive_message.decode_trigger_id.expired" "This trigger id is too old. A dialog has to be opened within 3 seconds.";
    COMMAND_START = 400 "api.command.execute_command.start.app_error" "A command begins with a slash and its name.";
    COMMAND_UNKNOWN = 404 "api.command.execute_command.not_found.app_error" "There is no such command. To post a message that begins with a slash, put a space before it.";

    REPORT_PAGE_SIZE = 400 "api.getUsersForReporting.invalid_page_size" "A page has 1 to 100 people.";
    REPORT_TEAM = 400 "api.getUsersForReporting.invalid_team_filter" "This is not the id of a team.";
    REPORT_ACTIVE = 400 "api.getUsersForReporting.invalid_active_filter" "With neither active nor deactivated people nobody is left.";
    REPORT_COLUMN = 400 "model.user_report_options.is_valid.invalid_sort_column" "People cannot be sorted by this.";
    REPORT_EXPORT_WAITS = 400 "app.report.start_users_batch_export.job_exists" "A report that you ordered is being written.";
    NO_RETENTION_POLICY = 404 "app.retention_policy.get.app_error" "There is no such policy.";
    RETENTION_NAME = 400 "model.retention_policy.is_valid.display_name.app_error" "A policy has a name of at most 64 characters.";
    RETENTION_DURATION = 400 "model.retention_policy.is_valid.post_duration.app_error" "Messages are kept for at least a day, or for ever (-1).";
    RETENTION_TEAM = 400 "app.retention_policy.team.app_error" "There is no such team.";
    RETENTION_CHANNEL = 400 "app.retention_policy.channel.app_error" "There is no such channel, or it is a conversation.";
    MOVE_THREAD = 400 "app.post.move_thread_command.error" "This thread cannot be moved there.";
    MOVE_THREAD_ROLE = 403 "api.post.move_thread.no_permission" "You may not move threads.";
    MOVE_CHANNEL_TYPE = 400 "api.channel.move_channel.type.invalid" "Conversations belong to no team.";
    MOVE_CHANNEL_DEFAULT = 400 "api.channel.move_channel.default.app_error" "The default channel stays in its team.";
    MOVE_CHANNEL_MEMBERS = 400 "app.channel.move_channel.members_do_not_match.error" "Not everybody in the channel is in that team.";
    OAUTH_REGISTER_OFF = 501 "api.oauth.register_oauth_app.turn_off.app_error" "Programs cannot ask people for access here.";
    OAUTH_OFF = 501 "api.oauth.allow_oauth.turn_off.app_error" "Programs cannot ask people for access here.";
    OAUTH_TOKENS_OFF = 501 "api.oauth.get_access_token.disabled.app_error" "Programs cannot ask people for access here.";
    OAUTH_SELF_REGISTER_OFF = 501 "api.oauth.register_client.disabled.app_error" "Programs cannot register themselves here.";
    OAUTH_LIST = 403 "api.command.admin_only.app_error" "You may not look after programs that ask people for access.";
    OAUTH_NAME = 400 "model.oauth.is_valid.name.app_error" "A program has a name of at most 64 characters.";
    OAUTH_DESCRIPTION = 400 "model.oauth.is_valid.description.app_error" "A description has at most 512 characters.";
    OAUTH_HOMEPAGE = 400 "model.oauth.is_valid.homepage.app_error" "A program has a page that begins with http:// or https://, with at most 256 characters.";
    OAUTH_CALLBACK = 400 "model.oauth.is_valid.callback.app_error" "Addresses to come back to begin with http:// or https:// and have no fragment; there is at least one.";
    OAUTH_ICON = 400 "model.oauth.is_valid.icon_url.app_error" "The address of a picture begins with http:// or https://, and has at most 512 characters.";
    OAUTH_NO_SECRET = 400 "api.oauth.regenerate_secret.public_client.app_error" "This program cannot keep a secret, and has none.";
    NO_OAUTH_APP = 404 "app.oauth.get_app.find.app_error" "There is no such program.";
    OAUTH_ASK_CLIENT = 400 "model.authorize.is_valid.client_id.app_error" "This is not the id of a program.";
    OAUTH_ASK_TYPE = 400 "model.authorize.is_valid.response_type.app_error" "The program does not say what it wants back.";
    OAUTH_ASK_REDIRECT = 400 "model.authorize.is_valid.redirect_uri.app_error" "The program does not say where to come back to.";
    OAUTH_ASK_STATE = 400 "model.authorize.is_valid.state.app_error" "The state has more than 1024 characters.";
    OAUTH_ASK_SCOPE = 400 "model.authorize.is_valid.scope.app_error" "The scope has more than 128 characters.";
    OAUTH_REDIRECT = 400 "api.oauth.allow_oauth.redirect_callback.app_error" "The program wants you to come back to an address that it has not registered.";
    OAUTH_GRANT = 400 "api.oauth.get_access_token.bad_grant.app_error" "Tokens are given for a code or a refresh token.";
    OAUTH_CODE_MISSING = 400 "api.oauth.get_access_token.missing_code.app_error" "The code is missing.";
    OAUTH_REFRESH_MISSING = 400 "api.oauth.get_access_token.missing_refresh_token.app_error" "The refresh token is missing.";
    OAUTH_CLIENT = 400 "api.oauth.get_access_token.bad_client_id.app_error" "This is not the id of a program.";
    OAUTH_SECRET = 400 "api.oauth.get_access_token.bad_client_secret.app_error" "The program's secret is missing.";
    OAUTH_NO_CLIENT = 404 "api.oauth.get_access_token.credentials.app_error" "There is no such program, or this is not its secret.";
    OAUTH_WRONG_SECRET = 403 "api.oauth.get_access_token.credentials.app_error" "There is no such program, or this is not its secret.";
    OAUTH_NO_CODE = 400 "api.oauth.get_access_token.expired_code.app_error" "The code was used, is too old, or never was.";
    OAUTH_OLD_CODE = 403 "api.oauth.get_access_token.expired_code.app_error" "The code was used, is too old, or never was.";
    OAUTH_TOKEN_REDIRECT = 400 "api.oauth.get_access_token.redirect_uri.app_error" "The code was not made for this address.";
    OAUTH_VERIFIER = 400 "api.oauth.get_access_token.pkce_invalid.app_error" "The verifier does not fit the code.";
    OAUTH_NO_USER = 404 "api.oauth.get_access_token.internal_user.app_error" "Whoever gave access is not here any more.";
    OAUTH_NO_REFRESH = 404 "api.oauth.get_access_token.refresh_token.app_error" "The refresh token was used, taken back, or never was.";
    OUTGOING_OAUTH_OFF = 501 "api.context.outgoing_oauth_connection.not_available.configuration_disabled" "Commands do not sign in elsewhere by OAuth.";
    OUTGOING_OAUTH_LIST = 400 "api.context.outgoing_oauth_connection.list_connections.input_error" "The limit is a number from 1 to 100.";
    NO_OUTGOING_OAUTH = 404 "app.outgoing_oauth_connection.get.not_found.app_error" "There is no such connection.";
    OUTGOING_OAUTH_NAME = 400 "model.outgoing_oauth_connection.is_valid.name.error" "The connection has no name, or one that is too long.";
    OUTGOING_OAUTH_CLIENT = 400 "model.outgoing_oauth_connection.is_valid.client_id.error" "The client id is missing or too long.";
    OUTGOING_OAUTH_SECRET = 400 "model.outgoing_oauth_connection.is_valid.client_secret.error" "The client secret is missing or too long.";
    OUTGOING_OAUTH_URL = 400 "model.outgoing_oauth_connection.is_valid.oauth_token_url.error" "This is not where tokens can be asked for.";
    OUTGOING_OAUTH_GRANT = 400 "model.outgoing_oauth_connection.is_valid.grant_type.error" "The grant type is client_credentials or password.";
    OUTGOING_OAUTH_PASSWORD = 400 "model.outgoing_oauth_connection.is_valid.password_credentials.error" "The name or the password is missing or too long.";
    OUTGOING_OAUTH_AUDIENCES = 400 "model.outgoing_oauth_connection.is_valid.audience.empty" "The connection is for no address, or for too many.";
    OUTGOING_OAUTH_AUDIENCE = 400 "model.outgoing_oauth_connection.is_valid.audience.error" "An audience is not the address of a program.";
    OUTGOING_OAUTH_TOKEN = 400 "api.context.outgoing_oauth_connection.validate_connection_credentials.app_error" "No token was given.";
    REACTION_USER = 403 "api.reaction.save_reaction.user_id.app_error" "You can react for yourself only.";
    REACTION_INVALID = 400 "api.reaction.save_reaction.invalid.app_error" "The reaction is not right.";
    REACTION_EMOJI = 400 "model.reaction.is_valid.emoji_name.app_error" "This is not the name of an emoji.";
    REACTION_ARCHIVED = 403 "api.reaction.save.archived_channel.app_error" "The channel is archived.";

    PREFERENCE_CATEGORY = 400 "model.preference.is_valid.category.app_error" "A category has 1 to 32 characters.";
    PREFERENCE_NAME = 400 "model.preference.is_valid.name.app_error" "A name has at most 32 characters.";
    PREFERENCE_VALUE = 400 "model.preference.is_valid.value.app_error" "A value has at most 2000 characters.";
    PREFERENCE_THEME = 400 "model.preference.is_valid.theme.app_error" "A theme is an object of colours.";
    NO_PREFERENCE = 400 "app.preference.get.app_error" "There is no such preference.";

    CUSTOM_STATUS_OFF = 501 "api.custom_status.disabled" "Custom statuses are switched off.";
    FORMAT_MISSING = 501 "api.config.client.old_format.app_error" "Only format=old is offered.";
    CLOUD_OFF = 501 "api.cloud.license_error" "This server runs here and not in anybody's cloud.";
    LDAP_OFF = 501 "api.ldap_groups.license_error" "No directory is connected.";
    SAML_OFF = 501 "api.admin.saml.not_available.app_error" "Signing in by SAML is not offered.";
    ELASTICSEARCH_OFF = 501 "ent.elasticsearch.test_config.license.error" "This server searches by itself, without Elasticsearch.";
    BLEVE_OFF = 501 "bleveengine.purge.not_offered.app_error" "This server searches by itself, without Bleve.";
    COMPLIANCE_OFF = 501 "ent.compliance.licence_disable.app_error" "Compliance reports are not offered.";
    EXPORTS_OFF = 501 "api.export.license.error" "Exporting is switched off.";
    EXPORT_FORMAT = 501 "ent.message_export.format.app_error" "Messages are exported as `csv` only.";
    NO_DOWNLOAD = 400 "api.job.unable_to_download_job" "This job has written nothing that can be downloaded.";
    PRESIGN_OFF = 501 "app.export.generate_presigned_url.featureflag.app_error" "Archives are downloaded from this server.";
    NO_COMPLIANCE = 404 "app.compliance.get.finding.app_error" "There is no such report.";
    COMPLIANCE_DESCRIPTION = 400 "model.compliance.is_valid.desc.app_error" "The report has no description, or one that is too long.";
    COMPLIANCE_START = 400 "model.compliance.is_valid.start_at.app_error" "The report does not say from when on it is.";
    COMPLIANCE_END = 400 "model.compliance.is_valid.start_end_at.app_error" "The report ends before it begins.";
    COMPLIANCE_LIST = 400 "model.compliance.is_valid.keywords.app_error" "The words or addresses are too long, or too many.";
    COMPLIANCE_UNFINISHED = 404 "api.compliance.download.not_finished.app_error" "The report is not finished.";
    INSIGHTS_OFF = 501 "api.insights.license.error" "Insights are not offered.";
    REMOTE_CLUSTER_OFF = 501 "api.remote_cluster.service_not_enabled.app_error" "Sharing channels with other servers is not offered.";
    IP_FILTERING_OFF = 501 "api.context.ip_filtering.not_available.app_error" "Filtering by address is the proxy's business.";
    UPGRADE_OFF = 501 "api.upgrade_to_enterprise.app_error" "Whoever runs the service replaces and restarts it.";
    WARN_METRICS_OFF = 501 "api.warn_metrics.license.error" "There are no such warnings.";
    AUDIT_CERTIFICATE_OFF = 501 "api.audit_logs.certificate.license.error" "Audit logs are not sent elsewhere.";
    ACCESS_CONTROL_OFF = 501 "api.access_control_policy.license.error" "Access by attributes is not offered.";
    CONTENT_FLAGGING_OFF = 501 "api.content_flagging.error.license" "Reporting messages to reviewers is not offered.";
    PROFILE_ATTRIBUTES_OFF = 501 "api.custom_profile_attributes.license_error" "Profiles have no attributes of your own.";
    AGENTS_OFF = 501 "api.agents.license.error" "Agents are not offered.";
    BURN_ON_READ_OFF = 501 "api.post.burn_on_read.license.error" "Messages that vanish after reading are not offered.";
    LICENSE_RENEWAL = 501 "api.license.request_renewal_link.app_error" "There is no licence to renew.";
    LICENSE_UPLOAD = 501 "api.license.add_license.not_needed.app_error" "Everything is offered without a licence.";
    LICENSE_REMOVE = 501 "api.license.remove_license.not_needed.app_error" "There is no licence to remove.";
    LICENSE_TRIAL = 501 "api.license.request-trial.not_needed.app_error" "Everything is offered without a trial.";
    NOT_OFFERED = 501 "api.not_offered.license.error" "This server does not offer this.";
    PLUGINS_OFF = 501 "app.plugin.disabled.app_error" "Plugins are not offered.";
    PUSH_OFF = 501 "api.push_notification.disabled.app_error" "Push notifications are switched off.";
    PUSH_ACK = 400 "api.push_notifications_ack.message.parse.app_error" "What was acknowledged cannot be read.";
    TERMS_NONE = 404 "app.terms_of_service.get.no_rows.app_error" "There are no terms of service.";
    TERMS_NOT_ACCEPTED = 404 "app.user_terms_of_service.get_by_user.no_rows.app_error" "There are no terms of service to accept.";
    ROLE_PERMISSIONS = 501 "api.roles.patch_roles.license.error" "This permission cannot be given or taken away.";
    NO_ROLE = 404 "app.role.get.app_error" "There is no such role.";
    SYSTEM_BRAND_MISSING = 404 "api.admin.get_brand_image.storage.app_error" "There is no picture of the organisation.";

    JOB_KIND = 400 "api.job.unable_to_create_job.incorrect_job_type" "Jobs of this type cannot be ordered.";
    JOB_OVER = 400 "app.job.request_cancellation.status.error" "The job is over.";
    NO_JOB = 404 "app.job.get.app_error" "There is no such job.";
    JOB_DOWNLOAD_OFF = 501 "app.job.download_export_results_not_enabled" "There is nothing of this job to download.";
    NO_SCHEME = 404 "app.scheme.get.app_error" "There is no such scheme.";
    SCHEME_NAME = 400 "app.scheme.save.name_exists.app_error" "There is a scheme of this name already.";
    SCHEME_OF_TEAM = 400 "api.team.update_team_scheme.scheme_scope.error" "This is not a scheme of teams.";
    SCHEME_OF_CHANNEL = 400 "api.channel.update_channel_scheme.scheme_scope.error" "This is not a scheme of channels.";
    JOB_TAKEN = 409 "app.job.taken.app_error" "The job was canceled or is done elsewhere.";

    SOCKET_NO_ACTION = 400 "api.web_socket_router.no_action.app_error" "The request has no action.";
    SOCKET_BAD_ACTION = 500 "api.web_socket_router.bad_action.app_error" "There is no such action.";
    SOCKET_BAD_SEQ = 400 "api.web_socket_router.bad_seq.app_error" "The request has no number.";
    SOCKET_NOT_AUTHENTICATED = 401 "api.web_socket_router.not_authenticated.app_error" "The connection is not signed in.";
    SOCKET_PARAM = 400 "api.websocket_handler.invalid_param.app_error" "A value of the request is not right.";
    SOCKET_SESSION = 401 "api.context.invalid_token.error" "Your session is invalid or has expired.";
    SOCKET_UPGRADE = 400 "api.web_socket.connect.upgrade.app_error" "This address is for WebSocket connections.";
}
