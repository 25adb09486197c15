//! What one may do, and what the server offers.

use std::collections::BTreeSet;

use model::{StringMap, permission::Permission, roles::Role};

use super::{Model, Topic, Wanted};

/// The settings of the server that the screen depends on: they are on or off, and clients are told of them.
pub const SETTINGS: [&str; 17] = [
    "EnableBotAccountCreation",
    "EnableCommands",
    "EnableCustomGroups",
    "EnableEmailInvitations",
    "EnableGuestAccounts",
    "EnableGuestMagicLink",
    "EnableIncomingWebhooks",
    "EnableInlineLatex",
    "EnableLatex",
    "EnableOAuthServiceProvider",
    "EnableOutgoingWebhooks",
    "EnablePostIconOverride",
    "EnablePostUsernameOverride",
    "EnableSeenBy",
    "EnableUserAccessTokens",
    "HideGuestTags",
    "SendEmailNotifications",
];

/// Where replies are shown: what stands for this among the settings, followed by its value.
const THREADS: &str = "CollapsedThreads=";

/// What is on of what clients are told of the settings.
pub fn switched_on(config: &StringMap) -> Vec<String> {
    let is_on = |name: &&str| config.get(*name).is_some_and(|value| value == "true");
    let threads = config.get("CollapsedThreads").map(|value| [THREADS, value].concat());
    SETTINGS.into_iter().filter(is_on).map(ToOwned::to_owned).chain(threads).collect()
}

impl Model {
    /// The roles one has in the system and in the team on the screen.
    pub fn my_roles(&self) -> BTreeSet<String> {
        let of_system = self.my().map(|user| user.roles.as_str()).unwrap_or_default();
        let of_team = self.team_members.get(&self.team).map(|member| member.roles.as_str()).unwrap_or_default();
        of_system.split_whitespace().chain(of_team.split_whitespace()).map(ToOwned::to_owned).collect()
    }

    /// Whether one may do something in the team on the screen. While it is not known what a role allows, it is nothing.
    pub fn may(&self, permission: Permission) -> bool {
        let allows = |role: &String| self.roles.get(role).is_some_and(|allowed| allowed.contains(permission.name()));
        self.my_roles().iter().any(allows)
    }

    /// Whether a setting of the server is on: one of [`SETTINGS`].
    pub fn is_on(&self, setting: &str) -> bool {
        self.switched_on.contains(setting)
    }

    /// Takes what roles allow.
    pub fn take_roles(&mut self, roles: Vec<Role>) -> Vec<Topic> {
        self.roles.extend(roles.into_iter().map(|role| (role.name, role.permissions.into_iter().collect())));
        vec![Topic::Allowed]
    }

    /// A role allows something else. Only those are kept that one has.
    pub(super) fn role_changed(&mut self, role: Role) -> Vec<Topic> {
        if self.roles.contains_key(&role.name) { self.take_roles(vec![role]) } else { Vec::new() }
    }

    /// One has other roles, of which it may not be known what they allow.
    pub(super) fn my_roles_changed(&mut self) -> Vec<Topic> {
        if self.my_roles().iter().any(|role| !self.roles.contains_key(role)) {
            self.wanted.insert(Wanted::Roles);
        }
        vec![Topic::Allowed]
    }

    /// Takes what clients are told of the settings; what is absent stays.
    pub fn take_settings(&mut self, config: &StringMap) -> Vec<Topic> {
        for name in SETTINGS {
            match config.get(name).map(String::as_str) {
                Some("true") => self.switched_on.insert(name.to_owned()),
                Some(_) => self.switched_on.remove(name),
                None => false,
            };
        }
        if let Some(threads) = config.get("CollapsedThreads") {
            self.switched_on.retain(|name| !name.starts_with(THREADS));
            self.switched_on.insert([THREADS, threads].concat());
        }
        let guests = self.users.values().filter(|user| user.has_role("system_guest"));
        guests.map(|user| Topic::User(user.id)).chain([Topic::Allowed]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{TeamId, UserId, teams::TeamMember, users::User};

    #[test]
    fn roles_of_the_system_and_of_the_team_allow() {
        let (me, team) = (UserId::from_random([1; 16]), TeamId::from_random([2; 16]));
        let mut m = Model { me, team, ..Model::default() };
        m.users.insert(me, User { id: me, roles: "system_user".into(), ..User::default() });
        let role = |name: &str, of: Permission| Role {
            name: name.into(),
            permissions: vec![of.name().into(), "of_a_newer_server".into()],
            ..Role::default()
        };
        m.take_roles(vec![role("system_user", Permission::CreateBot), role("team_admin", Permission::ManageTeam)]);
        assert!(m.may(Permission::CreateBot));
        assert!(!m.may(Permission::ManageTeam));
        let member = TeamMember { team_id: team, roles: "team_user team_admin".into(), ..TeamMember::default() };
        m.team_members.insert(team, member);
        assert!(m.may(Permission::ManageTeam));
        // What `team_user` allows is not known yet.
        m.my_roles_changed();
        assert!(m.wanted.contains(&Wanted::Roles));
        m.role_changed(role("team_admin", Permission::ViewTeam));
        assert!(!m.may(Permission::ManageTeam));
    }

    #[test]
    fn settings_are_on_until_they_are_off() {
        let mut m = Model::default();
        let config = |value: &str| StringMap::from([("HideGuestTags".to_owned(), value.to_owned())]);
        m.take_settings(&config("true"));
        assert!(m.is_on("HideGuestTags"));
        m.take_settings(&StringMap::new());
        assert!(m.is_on("HideGuestTags"));
        m.take_settings(&config("false"));
        assert!(!m.is_on("HideGuestTags"));
    }
}
