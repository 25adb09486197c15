//! Taking in people: accounts, where they are members, what they prefer.

use super::{
    export::{NOTIFY, renamed},
    import::Import,
    lines::{BotLine, INTERVAL, PREFERENCES, Read, UserChannel, UserLine, UserTeam, interval},
};
use crate::{
    actions::{
        bots,
        members::{newcomer, roles_of},
        pictures, sidebar,
        teams::default_channels,
        users,
    },
    auth::passwords,
    clock::new_id,
    error::{Error, Result, taken},
};
use model::{
    ChannelId, Millis, Refusal, StringMap, UserId,
    channels::ChannelMember,
    event::{Announcement, Broadcast, Event, Touched},
    preferences::Preference,
    teams::{SchemeRoles, TeamMember},
    users::{NAME_MAX, User},
};
use std::sync::Arc;
use store::channel_members::Unread;

/// The preference that makes a channel a favourite.
pub(super) fn favourite(user_id: UserId, channel: ChannelId) -> Preference {
    Preference { user_id, category: sidebar::FAVORITE.into(), name: channel.to_string(), value: "true".into() }
}

impl Import<'_> {
    pub(super) async fn person(&mut self, line: UserLine) -> Result<()> {
        let there = self.cx.store.users().by_username(&line.username).await?;
        if let Some(bot) = there.clone().filter(|user| user.is_bot) {
            // Older files tell of bots as of people.
            self.users.insert(bot.username.clone(), Arc::new(bot));
            return Ok(());
        }
        let mut user = self.account(there.clone(), &line);
        self.roles_there(&user.roles).await?;
        check(&user)?;
        user = match there {
            None => self.join(user, line.password.as_deref()).await?,
            Some(there) => self.change(there, user).await?,
        };
        if let Some(path) = line.profile_image.as_deref().filter(|path| !path.is_empty()) {
            self.portray(user.id, path).await?;
        }
        let mut preferences = Vec::new();
        for (field, category, name) in PREFERENCES {
            let value = match line.more.get(field) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(value @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => value.to_string(),
                _ => continue,
            };
            let value = if field == INTERVAL { interval(&value, true).to_owned() } else { value };
            let name = name.map_or_else(|| user.id.to_string(), ToOwned::to_owned);
            preferences.push(Preference { user_id: user.id, category: category.to_owned(), name, value });
        }
        self.prefer(user.id, preferences).await?;
        let user = Arc::new(user);
        self.users.insert(user.username.clone(), user.clone());
        for team in line.teams {
            self.member(&user, team).await?;
        }
        Ok(())
    }

    /// What a line makes of an account, which there may be already.
    fn account(&self, there: Option<User>, line: &UserLine) -> User {
        let now = self.cx.clock.now();
        let mut user = there.unwrap_or_else(|| User {
            id: new_id(),
            create_at: now,
            username: line.username.to_lowercase(),
            roles: "system_user".to_owned(),
            notify_props: User::default_notify_props(),
            timezone: User::default_timezone(),
            locale: self.cx.settings.get().localization.default_client_locale.clone(),
            // Somebody has vouched for the address.
            email_verified: true,
            last_password_update: now,
            ..User::default()
        });
        let set = |field: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                field.clone_from(value);
            }
        };
        if !line.email.is_empty() {
            user.email = line.email.to_lowercase();
        }
        set(&mut user.auth_service, &line.auth_service);
        set(&mut user.auth_data, &line.auth_data);
        set(&mut user.nickname, &line.nickname);
        set(&mut user.first_name, &line.first_name);
        set(&mut user.last_name, &line.last_name);
        set(&mut user.position, &line.position);
        set(&mut user.locale, &line.locale);
        set(&mut user.roles, &line.roles.clone().filter(|roles| !roles.trim().is_empty()));
        if let Some(props) = &line.notify_props {
            let ours = NOTIFY.map(|(ours, theirs)| (theirs, ours));
            user.notify_props.extend(renamed(props, &ours));
        }
        if let Some(status) = &line.custom_status {
            user.props.insert("customStatus".to_owned(), status.to_string());
        }
        user.delete_at = line.delete_at.unwrap_or(user.delete_at);
        user.update_at = now;
        user
    }

    async fn roles_there(&self, roles: &str) -> Result<()> {
        let names: Vec<String> = roles.split_whitespace().map(ToOwned::to_owned).collect();
        let there = self.cx.store.roles().by_names(&names).await?;
        match names.iter().find(|name| !there.iter().any(|role| role.name == **name)) {
            Some(name) => Err(Refusal::ROLE_UNKNOWN.saying(format!("there is no role {name}.")).into()),
            None => Ok(()),
        }
    }

    /// Writes a new account. Without a password its owner has one set by mail.
    async fn join(&self, user: User, password: Option<&str>) -> Result<User> {
        let hash = match password.filter(|password| !password.is_empty()) {
            Some(password) => {
                passwords::check(password, &self.cx.settings.get().password)?;
                self.cx.passwords.hash(password).await?
            }
            None => String::new(),
        };
        self.cx
            .store
            .write(move |tx| {
                let (user, hash) = (user.clone(), hash.clone());
                Box::pin(async move {
                    tx.users().insert(&user, &hash).await.map_err(|e| {
                        taken(e, &[("users_username", Refusal::USERNAME_TAKEN), ("users_email", Refusal::EMAIL_TAKEN)])
                    })?;
                    tx.touch(Touched::User(user.id));
                    tx.announce(Announcement { event: Event::NewUser { user_id: user.id }, to: Broadcast::all() });
                    Ok::<_, Error>(user)
                })
            })
            .await
    }

    /// Makes an account what it is to be; whoever may do less with it, or nothing, may not with old sessions either.
    /// Their password is theirs.
    async fn change(&self, there: User, user: User) -> Result<User> {
        let same = User { roles: there.roles.clone(), delete_at: there.delete_at, ..user.clone() };
        users::save(self.cx, same).await?;
        if user.roles != there.roles {
            users::set_roles(self.cx, user.id, user.roles.clone()).await?;
        }
        if (user.delete_at == 0) != (there.delete_at == 0) {
            users::set_active(self.cx, user.id, user.delete_at == 0).await?;
        }
        Ok(user)
    }

    /// Gives somebody a picture, if it is one.
    async fn portray(&mut self, id: UserId, path: &str) -> Result<()> {
        if let Some(picture) = self.picture(path).await? {
            let set = pictures::set_of_user(self.cx, id, picture).await;
            self.usable(path, set)?;
        }
        Ok(())
    }

    /// Sets preferences, which favourites follow.
    pub(super) async fn prefer(&self, user: UserId, preferences: Vec<Preference>) -> Result<()> {
        if preferences.is_empty() {
            return Ok(());
        }
        self.cx
            .store
            .write(move |tx| {
                let preferences = preferences.clone();
                Box::pin(async move {
                    tx.preferences().set_all(&preferences).await?;
                    sidebar::follow_preferences(tx, user, &preferences, false).await?;
                    tx.touch(Touched::Preferences(user));
                    let event = Event::PreferencesChanged { preferences };
                    tx.announce(Announcement { event, to: Broadcast::user(user) });
                    Ok::<_, Error>(())
                })
            })
            .await
    }

    /// Makes somebody a member of a team and of its channels. Who is one keeps what the line does not say.
    async fn member(&mut self, user: &Arc<User>, line: UserTeam) -> Result<()> {
        let team = self.team_of(&line.name).await?;
        let guest = user.has_role("system_guest");
        let usual = SchemeRoles { scheme_guest: guest, scheme_user: !guest, scheme_admin: false };
        let given = match &line.roles {
            Some(roles) => Some(roles_of(self.cx, "team", roles).await?),
            None => None,
        };
        let (now, of_whom, id) = (self.cx.clock.now(), user.clone(), team.id);
        self.cx
            .store
            .write(move |tx| {
                let (user, given) = (of_whom.clone(), given.clone());
                Box::pin(async move {
                    let there = tx.team_members().get(id, user.id).await?.filter(|member| member.delete_at == 0);
                    let new = there.is_none();
                    let mut member = there.unwrap_or_else(|| TeamMember {
                        team_id: id,
                        user_id: user.id,
                        scheme_guest: usual.scheme_guest,
                        scheme_user: usual.scheme_user,
                        ..TeamMember::default()
                    });
                    if let Some(given) = given {
                        member.explicit_roles = given.explicit;
                        member.scheme_admin = given.scheme.scheme_admin;
                    }
                    tx.team_members().save(&member, now).await?;
                    if new {
                        tx.touch(Touched::TeamJoined { team_id: id, user_id: user.id });
                        let event = Event::AddedToTeam { team_id: id, user_id: user.id };
                        tx.announce(Announcement { event, to: Broadcast::user(user.id) });
                        sidebar::begin(tx, user.id, id).await?;
                    } else {
                        tx.touch(Touched::TeamMember { team_id: id, user_id: user.id });
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
        if let Some(value) = line.theme.filter(|theme| !theme.is_empty()) {
            let (category, name) = ("theme".to_owned(), team.id.to_string());
            self.prefer(user.id, vec![Preference { user_id: user.id, category, name, value }]).await?;
        }
        let mut channels = line.channels;
        if !guest {
            for (name, _) in default_channels(self.cx) {
                if !channels.iter().any(|channel| channel.name == name) {
                    channels.push(UserChannel { name, ..UserChannel::default() });
                }
            }
        }
        self.in_channels(user, &team.name, channels).await
    }

    /// Makes somebody a member of channels of a team, in one change.
    async fn in_channels(&mut self, user: &Arc<User>, team: &str, lines: Vec<UserChannel>) -> Result<()> {
        let now = self.cx.clock.now();
        let mut members = Vec::with_capacity(lines.len());
        let mut favourites = Vec::new();
        for line in lines {
            let id = self.channel_of(team, &line.name).await?;
            let given = match &line.roles {
                Some(roles) => Some(roles_of(self.cx, "channel", roles).await?),
                None => None,
            };
            if line.favorite == Some(true) {
                favourites.push(favourite(user.id, id));
            }
            members.push((id, given, line.notify_props, line.read));
        }
        let (of_whom, members) = (user.clone(), Arc::new(members));
        let told = members.clone();
        let came = self
            .cx
            .store
            .write(move |tx| {
                let (user, members) = (of_whom.clone(), members.clone());
                Box::pin(async move {
                    let mut came = Vec::new();
                    for (id, given, props, read) in members.iter() {
                        let channel = tx.channels().by_id(*id).await?.ok_or(Refusal::NO_CHANNEL)?;
                        let mut member = newcomer(&channel, &user, false, now);
                        let new = tx.channel_members().add(&member).await?;
                        if let Some(there) = tx.channel_members().get(*id, user.id).await? {
                            member = there;
                        }
                        if let Some(given) = given {
                            member.explicit_roles.clone_from(&given.explicit);
                            member.scheme_admin = given.scheme.scheme_admin;
                            tx.channel_members().set_roles(&member, now).await?;
                        }
                        note(tx, &member, props.as_ref(), *read, new, now).await?;
                        tx.touch(if new {
                            Touched::ChannelJoined { channel_id: *id, user_id: user.id }
                        } else {
                            Touched::ChannelMember { channel_id: *id, user_id: user.id }
                        });
                        if new {
                            came.push(*id);
                        }
                    }
                    Ok::<_, Error>(came)
                })
            })
            .await?;
        for (id, _, _, read) in told.iter().filter(|(id, ..)| came.contains(id)) {
            self.looked.entry(*id).or_default().extend(read.last_viewed_at.map(|at| (user.id, at)));
        }
        self.prefer(user.id, favourites).await
    }

    /// Notes how somebody wants to hear of a conversation that they are in, and what they have read of it.
    pub(super) async fn as_read(
        &mut self,
        channel: ChannelId,
        user: UserId,
        props: Option<StringMap>,
        read: Read,
    ) -> Result<()> {
        let (now, fresh) = (self.cx.clock.now(), self.fresh.contains(&channel));
        if let (true, Some(at)) = (fresh, read.last_viewed_at) {
            self.looked.entry(channel).or_default().push((user, at));
        }
        self.cx
            .store
            .write(move |tx| {
                let props = props.clone();
                Box::pin(async move {
                    let Some(member) = tx.channel_members().get(channel, user).await? else { return Ok(()) };
                    note(tx, &member, props.as_ref(), read, fresh, now).await?;
                    tx.touch(Touched::ChannelMember { channel_id: channel, user_id: user });
                    Ok::<_, Error>(())
                })
            })
            .await
    }

    pub(super) async fn bot(&mut self, line: BotLine) -> Result<()> {
        let owner = match self.user_of(&line.owner).await {
            Ok(owner) => owner.id,
            // A plugin of the server that the file comes from.
            Err(Error::Refused(why)) if why == Refusal::NO_USER => self.by.id(),
            Err(error) => return Err(error),
        };
        let there = self.cx.store.users().by_username(&line.username).await?;
        let there = match there {
            Some(user) if !user.is_bot => {
                return Err(Refusal::USERNAME_TAKEN.saying(format!("{} is no bot.", line.username)).into());
            }
            Some(user) => user,
            None => {
                let name = line.display_name.clone().unwrap_or_default();
                bots::join(self.cx, owner, line.username.clone(), name, String::new()).await?
            }
        };
        let now = self.cx.clock.now();
        let user = there.clone();
        let user = User {
            first_name: line.display_name.unwrap_or(user.first_name),
            bot_description: line.description.unwrap_or(user.bot_description),
            delete_at: line.delete_at.unwrap_or(user.delete_at),
            update_at: now,
            ..user
        };
        let user = self.change(there, user).await?;
        if let Some(path) = line.profile_image.as_deref().filter(|path| !path.is_empty()) {
            self.portray(user.id, path).await?;
        }
        self.users.insert(user.username.clone(), Arc::new(user));
        Ok(())
    }
}

/// Refuses what cannot be an account. User names may be what they may be elsewhere: they need not begin with a letter.
fn check(user: &User) -> Result<(), Refusal> {
    let part = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c);
    if !(1..=NAME_MAX).contains(&user.username.len()) || !user.username.bytes().all(part) {
        return Err(Refusal::USERNAME_INVALID);
    }
    users::check_profile(&User { username: "known".to_owned(), ..user.clone() })
}

/// Writes what a line says of a membership. What it does not say of a new one counts as read until now, so that old
/// messages that come in are not new to anybody.
async fn note(
    tx: &mut store::Tx,
    member: &ChannelMember,
    props: Option<&StringMap>,
    read: Read,
    new: bool,
    now: Millis,
) -> Result<()> {
    let (channel, user) = (member.channel_id, member.user_id);
    if let Some(props) = props {
        let mut all = member.notify_props.clone();
        all.extend(renamed(props, &[("mobile", "push")]));
        tx.channel_members().set_notify_props(channel, user, &all, now).await?;
    }
    if !new {
        return Ok(());
    }
    let unread = Unread {
        last_viewed_at: read.last_viewed_at.unwrap_or(now),
        msg_count: member.msg_count,
        msg_count_root: member.msg_count_root,
        mention_count: read.mention_count.unwrap_or(member.mention_count),
        mention_count_root: read.mention_count_root.unwrap_or(member.mention_count_root),
        urgent_mention_count: read.urgent_mention_count.unwrap_or(member.urgent_mention_count),
    };
    tx.channel_members().set_unread(channel, user, &unread, now).await?;
    Ok(())
}
