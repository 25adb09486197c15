//! People and bots: their profile, their settings for notifications, and the calls about them.

use crate::{ChannelId, Millis, StringMap, TeamId, UserId, endpoint::Done, endpoints, is_false, is_zero, null_default};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest names, in characters. Mattermost's limits.
pub const NAME_MAX: usize = 64;
/// The longest position ("job title"), in characters.
pub const POSITION_MAX: usize = 128;
/// The longest email address, in characters.
pub const EMAIL_MAX: usize = 128;
/// Names nobody may take: they mean groups of people, or the system.
pub const RESERVED_USERNAMES: &[&str] = &["all", "channel", "here", "matterbot", "system"];

/// A person or bot, as much of it as the receiver may see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct User {
    pub id: UserId,
    pub create_at: Millis,
    pub update_at: Millis,
    /// 0 while the account is active.
    pub delete_at: Millis,
    pub username: String,
    /// Always empty on the wire, whoever asks.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub password: String,
    pub auth_data: String,
    pub auth_service: String,
    pub email: String,
    #[serde(skip_serializing_if = "is_false")]
    pub email_verified: bool,
    pub nickname: String,
    pub first_name: String,
    pub last_name: String,
    pub position: String,
    /// Names of roles, separated by blanks.
    pub roles: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_default")]
    pub props: StringMap,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_default")]
    pub notify_props: StringMap,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_password_update: Millis,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_picture_update: Millis,
    #[serde(skip_serializing_if = "is_zero")]
    pub failed_attempts: i64,
    pub locale: String,
    #[serde(deserialize_with = "null_default")]
    pub timezone: StringMap,
    #[serde(skip_serializing_if = "is_false")]
    pub mfa_active: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub is_bot: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bot_description: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_activity_at: Millis,
    pub disable_welcome_email: bool,
}

impl User {
    /// Whether one of the roles is `role`.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.split_whitespace().any(|r| r == role)
    }

    /// The name people see: the nickname, else first and last name, else the user name.
    pub fn display_name(&self) -> String {
        if !self.nickname.is_empty() {
            return self.nickname.clone();
        }
        let full = format!("{} {}", self.first_name, self.last_name);
        let full = full.trim();
        if full.is_empty() { self.username.clone() } else { full.to_owned() }
    }

    /// The notification settings of somebody who has not chosen any. Mattermost's defaults.
    pub fn default_notify_props() -> StringMap {
        [
            ("channel", "true"),
            ("comments", "never"),
            ("desktop", "mention"),
            ("desktop_sound", "true"),
            ("email", "true"),
            ("first_name", "false"),
            ("mention_keys", ""),
            ("push", "mention"),
            ("push_status", "away"),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into()
    }

    /// The time zone of somebody who has not chosen one.
    pub fn default_timezone() -> StringMap {
        [("automaticTimezone", ""), ("manualTimezone", ""), ("useAutomaticTimezone", "true")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into()
    }
}

/// Whether `name` can be a user name: 1 to 64 of `a-z 0-9 . - _`, a letter first, not reserved.
pub fn is_valid_username(name: &str) -> bool {
    (1..=NAME_MAX).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c))
        && !RESERVED_USERNAMES.contains(&name)
}

/// Whether `locale` can be a language's code: `en`, `pt-BR`.
pub fn is_valid_locale(locale: &str) -> bool {
    let (language, region) = locale.split_once('-').map_or((locale, None), |(l, r)| (l, Some(r)));
    (2..=3).contains(&language.len())
        && language.bytes().all(|c| c.is_ascii_lowercase())
        && region.is_none_or(|r| r.len() == 2 && r.bytes().all(|c| c.is_ascii_alphabetic()))
}

/// Whether `email` looks like one address: something, one `@`, a host without blanks.
pub fn is_valid_email(email: &str) -> bool {
    let Some((local, host)) = email.rsplit_once('@') else { return false };
    email.len() <= EMAIL_MAX
        && !local.is_empty()
        && !host.is_empty()
        && !local.contains('@')
        && email == email.to_lowercase()
        && !email.contains(|c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"\\".contains(c))
}

/// What somebody sends to sign up, or an administrator to make an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewUser {
    #[serde(skip_serializing_if = "UserId::is_none")]
    pub id: UserId,
    pub email: String,
    pub username: String,
    #[serde(deserialize_with = "null_default")]
    pub password: String,
    pub first_name: String,
    pub last_name: String,
    pub nickname: String,
    pub position: String,
    pub locale: String,
    pub auth_data: Option<String>,
    pub auth_service: String,
    #[serde(deserialize_with = "null_default")]
    pub notify_props: StringMap,
    #[serde(deserialize_with = "null_default")]
    pub timezone: StringMap,
    #[serde(deserialize_with = "null_default")]
    pub props: StringMap,
    pub disable_welcome_email: bool,
}

/// By which invitation somebody signs up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SignUpQuery {
    /// The id in a team's link; who signs up by it joins that team.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub iid: String,
    /// The secret of an invitation by mail.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub t: String,
}

/// The fields to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UserPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The current password; asked for when one's own address changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub props: Option<StringMap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_props: Option<StringMap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<StringMap>,
}

/// The body of a sign-in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Login {
    pub id: String,
    /// User name or email address.
    pub login_id: String,
    pub password: String,
    /// A code of the second factor.
    pub token: String,
    pub device_id: String,
}

/// A link that signs somebody in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OneTimeLink {
    /// What the link carries.
    pub token: String,
    pub device_id: String,
    /// A code of the second factor.
    pub code: String,
}

/// The body of a change of password.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PasswordChange {
    pub current_password: String,
    pub new_password: String,
}

/// Which users a list is of; what is absent does not restrict it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UsersQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_in_team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_in_channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_roles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_roles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A search for people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UserSearch {
    pub term: String,
    pub team_id: String,
    pub not_in_team_id: String,
    pub in_channel_id: String,
    pub not_in_channel_id: String,
    pub group_constrained: bool,
    pub allow_inactive: bool,
    pub without_team: bool,
    /// At most how many; 100 where 0.
    pub limit: i64,
    pub role: String,
    #[serde(deserialize_with = "null_default")]
    pub roles: Vec<String>,
    #[serde(deserialize_with = "null_default")]
    pub team_roles: Vec<String>,
    #[serde(deserialize_with = "null_default")]
    pub channel_roles: Vec<String>,
}

/// What is asked when somebody types a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AutocompleteQuery {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_team: Option<TeamId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_channel: Option<ChannelId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
}

/// People whose name fits: those in the channel, and others in the team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Autocompleted {
    pub users: Vec<User>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub out_of_channel: Vec<User>,
}

/// `{total_users_count}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UserCount {
    pub total_users_count: i64,
}

/// Whom a mail is asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ByEmail {
    pub email: String,
}

/// The secret of a mail's link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LinkToken {
    pub token: String,
}

/// The secret of a mail's link, and the password to set by it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PasswordReset {
    pub token: String,
    pub new_password: String,
}

/// A secret to set up in an authenticator app.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MfaSecret {
    /// In base 32.
    pub secret: String,
    /// The picture that the app reads: a PNG, in base 64.
    pub qr_code: String,
    /// The same as SVG. Ours.
    pub qr_svg: String,
    /// The same as an address: `otpauth://…`. Ours.
    pub address: String,
}

/// Whether a code is asked for at sign-in, and one of the new secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MfaChange {
    pub activate: bool,
    #[serde(deserialize_with = "null_default")]
    pub code: String,
}

/// Codes for the day the authenticator app is lost, each good once. Ours, in an answer that has nothing else to say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RecoveryCodes {
    /// `OK`.
    pub status: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recovery_codes: Vec<String>,
}

impl Default for RecoveryCodes {
    fn default() -> Self {
        Self { status: "OK".into(), recovery_codes: Vec::new() }
    }
}

/// By which service somebody signs in, and what that calls them. Mattermost: UserAuth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UserAuth {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_data: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub auth_service: String,
}

/// A change of the service by which somebody signs in. Mattermost: SwitchRequest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AuthSwitch {
    pub current_service: String,
    pub new_service: String,
    pub email: String,
    pub password: String,
    pub new_password: String,
    pub mfa_code: String,
    pub ldap_id: String,
}

endpoints! {
    /// A secret for a second factor, which is asked for once a code confirms it.
    GenerateMfa(user_id: String) POST "/users/{user_id}/mfa/generate" => MfaSecret;
    /// Switches the second factor on by a code, or off.
    SetMfa(user_id: String) PUT "/users/{user_id}/mfa" =MfaChange => RecoveryCodes;
    /// New recovery codes in the place of those made before. Ours.
    RenewRecoveryCodes(user_id: String) POST "/users/{user_id}/mfa/recovery_codes" => RecoveryCodes;
    /// Has a link for a new password sent, if there is an account with the address.
    SendPasswordReset() POST "/users/password/reset/send" =ByEmail => Done;
    /// Sets a password by a link.
    ResetPassword() POST "/users/password/reset" =PasswordReset => Done;
    /// Has a link sent that proves whose an address is.
    SendVerification() POST "/users/email/verify/send" =ByEmail => Done;
    /// Proves by a link whose an address is.
    VerifyEmail() POST "/users/email/verify" =LinkToken => Done;
    /// Makes an account; the first one ever becomes system administrator.
    CreateUser() POST "/users" ?SignUpQuery =NewUser => User;
    /// Signs in; the session's token is in the header `Token`.
    SignIn() POST "/users/login" =Login => User;
    /// Signs in a guest by a link that was sent by mail; the answer carries the session as [`SignIn`]'s does.
    SignInByLink() POST "/users/login/one_time_link" =OneTimeLink => User;
    /// Ends this session.
    SignOut() POST "/users/logout" => Done;
    /// A user by id, or oneself by `me`.
    GetUser(user_id: String) GET "/users/{user_id}" => User;
    /// Several users at once.
    UsersByIds() POST "/users/ids" =Vec<UserId> => Vec<User>;
    /// A page of users.
    ListUsers() GET "/users" ?UsersQuery => Vec<User>;
    /// People whose name fits what was typed.
    AutocompleteUsers() GET "/users/autocomplete" ?AutocompleteQuery => Autocompleted;
    /// Changes some fields of a profile.
    PatchUser(user_id: String) PUT "/users/{user_id}/patch" =UserPatch => User;
    /// Changes a password.
    ChangePassword(user_id: String) PUT "/users/{user_id}/password" =PasswordChange => Done;
}
