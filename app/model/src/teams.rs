//! Teams and their members.

use crate::{Millis, TeamId, UserId, endpoint::Done, endpoints, is_zero, null_default};
use serde::{Deserialize, Serialize};

/// Anybody may find and join it.
pub const OPEN: &str = "O";
/// By invitation only.
pub const INVITE: &str = "I";
/// First words that a team's name may not have, for they are addresses of the server.
pub const RESERVED_NAMES: &[&str] = &[
    "admin",
    "api",
    "channel",
    "claim",
    "error",
    "files",
    "help",
    "hooks",
    "landing",
    "login",
    "logout",
    "messages",
    "mfa",
    "oauth",
    "plug",
    "plugins",
    "post",
    "preferences",
    "signup",
    "signup_email",
    "signup_user_complete",
    "static",
    "create_team",
    "boards",
    "playbooks",
    "_redirect",
];

/// A team: people who share channels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Team {
    pub id: TeamId,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    pub display_name: String,
    /// The name in addresses.
    pub name: String,
    pub description: String,
    /// Emptied for those who may not manage the team.
    pub email: String,
    /// [`OPEN`] or [`INVITE`].
    #[serde(rename = "type")]
    pub kind: String,
    pub company_name: String,
    pub allowed_domains: String,
    /// Emptied for those who may not invite.
    pub invite_id: String,
    pub allow_open_invite: bool,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_team_icon_update: Millis,
    pub scheme_id: Option<String>,
    pub group_constrained: Option<bool>,
    pub policy_id: Option<String>,
}

/// Whether `name` can stand in addresses: 2 to 64 of `a-z 0-9 -`, no `-` at the ends, no reserved first word.
pub fn is_valid_name(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !RESERVED_NAMES.contains(&name)
}

/// A person in a team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TeamMember {
    pub team_id: TeamId,
    pub user_id: UserId,
    /// Sum of scheme and explicit roles.
    pub roles: String,
    /// Other than 0 after leaving.
    pub delete_at: Millis,
    pub scheme_guest: bool,
    pub scheme_user: bool,
    pub scheme_admin: bool,
    pub explicit_roles: String,
}

/// The fields to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TeamPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domains: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_open_invite: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_constrained: Option<bool>,
}

/// What a member has not read in a team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TeamUnread {
    pub team_id: TeamId,
    pub msg_count: i64,
    pub mention_count: i64,
    pub mention_count_root: i64,
    pub msg_count_root: i64,
    pub thread_count: i64,
    pub thread_mention_count: i64,
}

/// How many people a team has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TeamStats {
    pub team_id: TeamId,
    pub total_member_count: i64,
    pub active_member_count: i64,
}

/// What somebody who has a link sees of a team before joining.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct InviteInfo {
    pub id: TeamId,
    pub name: String,
    pub display_name: String,
    pub description: String,
}

/// Joining by the id in an invitation link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct InviteQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub invite_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub token: String,
}

/// Whom to add.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewTeamMember {
    pub team_id: TeamId,
    pub user_id: UserId,
}

/// What became of adding one of many.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Added {
    pub user_id: UserId,
    pub member: Option<TeamMember>,
    pub error: Option<crate::system::ErrorBody>,
}

/// A page of teams, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CountedTeams {
    pub teams: Vec<Team>,
    pub total_count: i64,
}

/// Whether each of several is answered for itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GracefulQuery {
    /// `true`: what cannot be done keeps nobody else from being served.
    pub graceful: String,
}

impl GracefulQuery {
    /// Each is answered for itself.
    pub fn yes() -> Self {
        Self { graceful: "true".into() }
    }
}

/// How guests are invited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GuestQuery {
    /// `true`: what cannot be done keeps nobody else from being served.
    pub graceful: String,
    /// `true`: by links that sign them in, without a password.
    pub guest_magic_link: String,
}

/// What became of inviting an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EmailInvitation {
    pub email: String,
    pub error: Option<crate::system::ErrorBody>,
}

/// Whom to invite as guests, into which channels. Mattermost: GuestsInvite.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GuestInvitation {
    #[serde(deserialize_with = "null_default")]
    pub emails: Vec<String>,
    #[serde(deserialize_with = "null_default")]
    pub channels: Vec<String>,
    /// What the letter says besides.
    #[serde(deserialize_with = "null_default")]
    pub message: String,
}

/// Roles given by the scheme; what is absent is not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SchemeRoles {
    pub scheme_admin: bool,
    pub scheme_user: bool,
    pub scheme_guest: bool,
}

endpoints! {
    /// Makes a team; who makes it becomes its administrator.
    CreateTeam() POST "/teams" =Team => Team;
    /// A team by id.
    GetTeam(team_id: TeamId) GET "/teams/{team_id}" => Team;
    /// A team by the name in its address.
    GetTeamByName(name: String) GET "/teams/name/{name}" => Team;
    /// Changes some fields of a team.
    PatchTeam(team_id: TeamId) PUT "/teams/{team_id}/patch" =TeamPatch => Team;
    /// Makes a new link of invitation; the old one is void.
    RenewInvitation(team_id: TeamId) POST "/teams/{team_id}/regenerate_invite_id" => Team;
    /// Archives a team.
    ArchiveTeam(team_id: TeamId) DELETE "/teams/{team_id}" => Done;
    /// How many are in a team.
    GetTeamStats(team_id: TeamId) GET "/teams/{team_id}/stats" => TeamStats;
    /// Takes a team's picture away.
    DeleteTeamPicture(team_id: TeamId) DELETE "/teams/{team_id}/image" => Done;
    /// Members of a team by user id.
    TeamMembersByIds(team_id: TeamId) POST "/teams/{team_id}/members/ids" =Vec<String> => Vec<TeamMember>;
    /// Sets what a member of a team is: guest, member, administrator.
    SetTeamSchemeRoles(team_id: TeamId, user_id: String) PUT "/teams/{team_id}/members/{user_id}/schemeRoles" =SchemeRoles => Done;
    /// Invites people to a team by mail.
    InviteByEmail(team_id: TeamId) POST "/teams/{team_id}/invite/email" ?GracefulQuery =Vec<String> => Vec<EmailInvitation>;
    /// Invites guests into channels by mail.
    InviteGuestsByEmail(team_id: TeamId) POST "/teams/{team_id}/invite-guests/email" ?GuestQuery =GuestInvitation => Vec<EmailInvitation>;
    /// The teams a user is in.
    ListTeamsOf(user_id: String) GET "/users/{user_id}/teams" => Vec<Team>;
    /// The teams one can see.
    ListTeams() GET "/teams" ?crate::system::Page => Vec<Team>;
    /// One's memberships.
    ListTeamMembershipsOf(user_id: String) GET "/users/{user_id}/teams/members" => Vec<TeamMember>;
    /// Adds somebody, or joins an open team.
    AddTeamMember(team_id: TeamId) POST "/teams/{team_id}/members" =NewTeamMember => TeamMember;
    /// Joins by an invitation link.
    JoinTeamByInvite() POST "/teams/members/invite" ?InviteQuery => TeamMember;
    /// What an invitation link leads to.
    GetInvite(invite_id: String) GET "/teams/invite/{invite_id}" => InviteInfo;
    /// Removes somebody, or leaves.
    RemoveTeamMember(team_id: TeamId, user_id: String) DELETE "/teams/{team_id}/members/{user_id}" => Done;
    /// What one has not read, team by team.
    ListTeamUnreads(user_id: String) GET "/users/{user_id}/teams/unread" => Vec<TeamUnread>;
}
