//! Reading an archive: first all of its lines are looked at, and only if each is right it is taken in.
//!
//! Taking it in twice gives the same as once, so that what broke off midway is simply begun anew: people, teams and
//! channels are known by their names, messages by who wrote what, where and when. Nobody is notified of what comes in, and
//! it is not unread for anybody but those of whom the archive says so.

use super::{
    Pulse, Tell,
    archive::{Archive, Numbered},
    lines::{ChannelLine, DirectChannelLine, EmojiLine, Line, RoleLine, Said, SchemeLine, TeamLine, VERSION},
    messages::Message,
};
use crate::{
    access::{self, Caller},
    actions::{channels, emoji, pictures, roles, schemes, teams, uploads},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, Refusal,
    channels::{Channel, ChannelType},
    emoji::CustomEmoji,
    event::Touched,
    permission::Permission,
    posts::{FILES_MAX, MESSAGE_MAX, PROPS_MAX},
    preferences::Preference,
    roles::Role,
    schemes::NewScheme,
    teams::Team,
    users::User,
};
use serde_json::Value;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use store::jobs::ImportProcess;

/// Messages that are taken in as one change, at least.
const BATCH: usize = 200;

/// Takes in an archive that was uploaded, and removes it when all is there.
///
/// # Errors
///
/// There is no such file; a line is not right, which the text tells; the database or the file store fails.
pub async fn run(cx: &Cx, wanted: &ImportProcess, tell: Tell<'_>) -> Result<()> {
    let name = wanted.import_file.as_str();
    if name.contains('/') || !uploads::imports(cx).await?.iter().any(|known| known == name) {
        return Err(Refusal::NO_IMPORT.into());
    }
    let archive = Archive::open(cx, &format!("{}{name}", uploads::IMPORTS)).await?;
    let mut pulse = Pulse::new(tell);
    let total = check(cx, &archive, &mut pulse).await?;
    let mut import = Import {
        cx,
        by: access::acting_as(cx, wanted.by).await?,
        archive,
        users: HashMap::new(),
        teams: HashMap::new(),
        channels: HashMap::new(),
        touched: BTreeSet::new(),
        waiting: Vec::new(),
    };
    let mut lines = import.archive.lines().await?;
    while let Some(numbered) = lines.recv().await {
        let (number, text) = numbered?;
        if let Some(line) = parsed(number, &text)? {
            import.take(number, line).await?;
        }
        pulse.beat((number * 100 / total.max(1)) as i64).await?;
    }
    import.settle().await?;
    import.finish().await?;
    uploads::remove_import(cx, name).await
}

/// What is wrong with a line.
pub(super) fn wrong(number: usize, why: &str) -> Refusal {
    Refusal::IMPORT_LINE.saying(format!("Line {number}: {why}"))
}

/// A refusal that says at which line it came.
pub(super) fn at(number: usize, error: Error) -> Error {
    match error {
        Error::Refused(refusal) => {
            let message = format!("Line {number}: {}", refusal.message);
            Error::Refused(refusal.saying(message))
        }
        internal => internal,
    }
}

/// Reads a line; nothing if it is empty.
fn parsed(number: usize, text: &str) -> Result<Option<Line>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let read = serde_json::from_str(text).and_then(|mut line| {
        drop_nulls(&mut line);
        serde_json::from_value(line)
    });
    read.map(Some).map_err(|e| wrong(number, &format!("it cannot be read: {e}.")))
}

/// Drops fields that are null: other servers write so what they have nothing of. Properties are whoever's they are.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.iter_mut().filter(|(name, _)| *name != "props").for_each(|(_, value)| drop_nulls(value));
        }
        Value::Array(values) => values.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Looks at all lines without changing anything; says how many there are.
async fn check(cx: &Cx, archive: &Archive, pulse: &mut Pulse<'_>) -> Result<usize> {
    let mut lines = archive.lines().await?;
    let (mut count, mut first) = (0, true);
    while let Some(numbered) = lines.recv().await {
        let (number, text): Numbered = numbered?;
        count = number;
        let Some(line) = parsed(number, &text)? else { continue };
        if first && (line.kind != "version" || line.version != Some(VERSION)) {
            return Err(wrong(number, "the first line has to say that this is version 1 of the format.").into());
        }
        first = false;
        check_line(&line).map_err(|why| wrong(number, &why))?;
        let most = cx.settings.get().file.max_file_size.max(0) as u64;
        for path in paths(&line) {
            match archive.size(path).await? {
                None => return Err(wrong(number, &format!("the archive has no {path}.")).into()),
                Some(size) if size > most => {
                    return Err(wrong(number, &format!("{path} is larger than {most} bytes.")).into());
                }
                Some(_) => {}
            }
        }
        pulse.beat(0).await?;
    }
    if first {
        return Err(Refusal::IMPORT_NO_LINES.into());
    }
    Ok(count)
}

/// Where what a line names is in the archive.
fn paths(line: &Line) -> Vec<&str> {
    let of_messages = [&line.post, &line.direct_post].into_iter().flatten();
    let attached = of_messages
        .flat_map(|post| std::iter::once(&post.said).chain(post.replies.iter().flatten()))
        .flat_map(|said| said.attachments.iter().flatten())
        .map(|attachment| attachment.path.as_str());
    let pictures = line.user.iter().filter_map(|user| user.profile_image.as_deref());
    let of_bots = line.bot.iter().filter_map(|bot| bot.profile_image.as_deref());
    let of_emoji = line.emoji.iter().map(|emoji| emoji.image.as_str());
    attached.chain(pictures).chain(of_bots).chain(of_emoji).filter(|path| !path.is_empty()).collect()
}

fn check_line(line: &Line) -> Result<(), String> {
    let missing = || format!("it says that it is of the type {}, and has nothing of it.", line.kind);
    match line.kind.as_str() {
        "version" => line.version.map(drop).ok_or_else(missing),
        "role" => line.role.as_ref().map(drop).ok_or_else(missing),
        "scheme" => line.scheme.as_ref().map(drop).ok_or_else(missing),
        "emoji" => line.emoji.as_ref().map(drop).ok_or_else(missing),
        "team" => line.team.as_ref().map(drop).ok_or_else(missing),
        "channel" => {
            let channel = line.channel.as_ref().ok_or_else(missing)?;
            match ChannelType::parse(&channel.kind) {
                Some(ChannelType::Open | ChannelType::Private) => Ok(()),
                _ => Err("the type of a channel is O or P.".to_owned()),
            }
        }
        "user" => {
            let user = line.user.as_ref().ok_or_else(missing)?;
            if user.username.is_empty() { Err("the person has no user name.".to_owned()) } else { Ok(()) }
        }
        "bot" => line.bot.as_ref().map(drop).ok_or_else(missing),
        "post" => {
            let post = line.post.as_ref().ok_or_else(missing)?;
            if post.team.is_empty() || post.channel.is_empty() {
                return Err("the message is in no channel of a team.".to_owned());
            }
            std::iter::once(&post.said).chain(post.replies.iter().flatten()).try_for_each(check_said)
        }
        "direct_channel" => check_people(line.direct_channel.as_ref().ok_or_else(missing)?.people().len()),
        "direct_post" => {
            let post = line.direct_post.as_ref().ok_or_else(missing)?;
            check_people(post.channel_members.len())?;
            std::iter::once(&post.said).chain(post.replies.iter().flatten()).try_for_each(check_said)
        }
        other => Err(format!("there is no type {other:?}.")),
    }
}

fn check_people(count: usize) -> Result<(), String> {
    if (1..=8).contains(&count) { Ok(()) } else { Err("a conversation is of one to eight people.".to_owned()) }
}

fn check_said(said: &Said) -> Result<(), String> {
    if said.user.is_empty() {
        return Err("a message has no author.".to_owned());
    }
    if said.create_at <= 0 {
        return Err("a message does not say when it was written.".to_owned());
    }
    if said.message.chars().count() > MESSAGE_MAX {
        return Err(format!("a message has more than {MESSAGE_MAX} letters."));
    }
    let props = said.props.as_ref().map_or(0, |props| serde_json::json!(props).to_string().chars().count());
    if props > PROPS_MAX {
        return Err(format!("the properties of a message have more than {PROPS_MAX} letters."));
    }
    if said.attachments.as_ref().is_some_and(|files| files.len() > FILES_MAX) {
        return Err(format!("a message has more than {FILES_MAX} files."));
    }
    Ok(())
}

/// An archive that is being taken in.
pub(super) struct Import<'a> {
    pub cx: &'a Cx,
    /// Who ordered it.
    pub by: Caller,
    pub archive: Archive,
    /// People by their names: as many as accounts are named.
    pub users: HashMap<String, Arc<User>>,
    teams: HashMap<String, Arc<Team>>,
    /// Channels by the names of team and channel, and conversations by those of their people.
    channels: HashMap<(String, String), ChannelId>,
    /// Where what members have read is to be counted anew.
    pub touched: BTreeSet<ChannelId>,
    /// Messages that wait to be written.
    pub waiting: Vec<Message>,
}

impl Import<'_> {
    async fn take(&mut self, number: usize, line: Line) -> Result<()> {
        if line.post.is_none() && line.direct_post.is_none() {
            self.settle().await?;
        }
        let taken = match line {
            Line { role: Some(role), .. } => self.role(role).await,
            Line { scheme: Some(scheme), .. } => self.scheme(*scheme).await,
            Line { emoji: Some(emoji), .. } => self.emoji(emoji).await,
            Line { team: Some(team), .. } => self.team(team).await,
            Line { channel: Some(channel), .. } => self.channel(channel).await,
            Line { user: Some(user), .. } => self.person(*user).await,
            Line { bot: Some(bot), .. } => self.bot(bot).await,
            Line { direct_channel: Some(channel), .. } => self.conversation(channel).await,
            Line { post: Some(post), .. } | Line { direct_post: Some(post), .. } => {
                let queued = self.queue(number, *post).await;
                if self.waiting.len() >= BATCH && queued.is_ok() {
                    return self.settle().await;
                }
                queued
            }
            _ => Ok(()),
        };
        taken.map_err(|error| at(number, error))
    }

    /// A role that belongs to no scheme: what it holds. Those of this server's own keep their names.
    async fn role(&mut self, line: RoleLine) -> Result<()> {
        let now = self.cx.clock.now();
        let there = self.cx.store.roles().by_name(&line.name).await?;
        let role = Role {
            update_at: now,
            permissions: known(line.permissions),
            ..there.unwrap_or_else(|| Role {
                id: new_id(),
                create_at: now,
                name: line.name,
                display_name: line.display_name,
                description: line.description,
                scheme_managed: line.scheme_managed,
                ..Role::default()
            })
        };
        roles::save(self.cx, vec![role]).await
    }

    async fn scheme(&mut self, line: SchemeLine) -> Result<()> {
        let there = self.scheme_of(&line.name).await?;
        let mut scheme = match there {
            Some(there) => there,
            None => {
                let (name, scope) = (line.name, line.scope);
                let (display_name, description) = (line.display_name, line.description);
                schemes::create(self.cx, NewScheme { name, display_name, description, scope }).await?
            }
        };
        let names: Vec<String> = scheme.roles_mut().map(|(_, name)| name.clone()).into();
        let mut held_by = self.cx.store.roles().by_names(&names).await?;
        for (part, name) in scheme.roles_mut() {
            let held = line.roles.get(&format!("default_{part}_role")).cloned().flatten();
            if let (Some(held), Some(role)) = (held, held_by.iter_mut().find(|role| role.name == *name)) {
                role.permissions = known(held.permissions);
                role.update_at = self.cx.clock.now();
            }
        }
        roles::save(self.cx, held_by).await
    }

    async fn scheme_of(&self, name: &str) -> Result<Option<model::schemes::Scheme>> {
        let all = self.cx.store.schemes().page(None, 1000, 0).await?;
        Ok(all.into_iter().find(|scheme| scheme.name == name && scheme.delete_at == 0))
    }

    /// The id of a scheme by its name, where one is named.
    async fn scheme_id(&self, name: Option<&str>) -> Result<Option<String>> {
        match name.filter(|name| !name.is_empty()) {
            None => Ok(None),
            Some(name) => Ok(Some(self.scheme_of(name).await?.ok_or(Refusal::NO_SCHEME)?.id.to_string())),
        }
    }

    async fn emoji(&mut self, line: EmojiLine) -> Result<()> {
        if self.cx.store.emoji().by_name(&line.name).await?.is_some() {
            return Ok(());
        }
        let picture = self.picture(&line.image).await?;
        let new = CustomEmoji { name: line.name, ..CustomEmoji::default() };
        emoji::create(self.cx, &self.by, new, picture).await.map(drop)
    }

    /// A small picture of the archive.
    pub(super) async fn picture(&self, path: &str) -> Result<Vec<u8>> {
        let spool = self.archive.extract(self.cx, path, pictures::UPLOAD_MAX as u64).await?;
        Ok(spool.bytes().await?)
    }

    async fn team(&mut self, line: TeamLine) -> Result<()> {
        let now = self.cx.clock.now();
        let name = line.name.to_lowercase();
        let there = self.cx.store.teams().by_name(&name).await?;
        let new = there.is_none();
        let mut team = there.unwrap_or_else(|| teams::blank(name.clone(), now));
        team.display_name = line.display_name;
        team.kind = line.kind;
        team.description = line.description.unwrap_or(team.description);
        team.allow_open_invite = line.allow_open_invite.unwrap_or(team.allow_open_invite);
        team.scheme_id = self.scheme_id(line.scheme.as_deref()).await?.or(team.scheme_id);
        team.update_at = now;
        if new { teams::check_new(&team)? } else { teams::check(&team)? }
        let (cx, made) = (self.cx.clone(), team.clone());
        self.cx
            .store
            .write(move |tx| {
                let (cx, team) = (cx.clone(), made.clone());
                Box::pin(async move {
                    if new {
                        teams::found(tx, &cx, &team).await
                    } else {
                        teams::update(tx, &team).await
                    }
                })
            })
            .await?;
        self.teams.insert(name, Arc::new(team));
        Ok(())
    }

    /// A team by its name.
    pub(super) async fn team_of(&mut self, name: &str) -> Result<Arc<Team>> {
        let name = name.to_lowercase();
        if let Some(team) = self.teams.get(&name) {
            return Ok(team.clone());
        }
        let found = self.cx.store.teams().by_name(&name).await?;
        let missing = || Refusal::NO_TEAM.saying(format!("there is no team {name}."));
        let team = Arc::new(found.ok_or_else(missing)?);
        self.teams.insert(name, team.clone());
        Ok(team)
    }

    async fn channel(&mut self, line: ChannelLine) -> Result<()> {
        let (now, team) = (self.cx.clock.now(), self.team_of(&line.team).await?);
        let name = line.name.to_lowercase();
        let there = self.cx.store.channels().by_name(team.id, &name).await?;
        let new = there.is_none();
        let mut channel = there.unwrap_or_else(|| Channel {
            id: new_id(),
            create_at: now,
            team_id: team.id,
            name: name.clone(),
            ..Channel::default()
        });
        channel.kind = ChannelType::parse(&line.kind).unwrap_or(channel.kind);
        channel.display_name = if line.display_name.is_empty() { name.clone() } else { line.display_name };
        channel.header = line.header.unwrap_or(channel.header);
        channel.purpose = line.purpose.unwrap_or(channel.purpose);
        channel.delete_at = line.deleted_at.unwrap_or(channel.delete_at);
        channel.scheme_id = self.scheme_id(line.scheme.as_deref()).await?.or(channel.scheme_id);
        channel.update_at = now;
        channels::check(&channel)?;
        let id = channel.id;
        self.cx
            .store
            .write(move |tx| {
                let channel = channel.clone();
                Box::pin(async move {
                    if new { channels::insert(tx, &channel).await } else { channels::update(tx, &channel).await }
                })
            })
            .await?;
        self.channels.insert((team.name.clone(), name), id);
        Ok(())
    }

    /// A channel by its name and its team's.
    pub(super) async fn channel_of(&mut self, team: &str, name: &str) -> Result<ChannelId> {
        let key = (team.to_lowercase(), name.to_lowercase());
        if let Some(id) = self.channels.get(&key) {
            return Ok(*id);
        }
        let team = self.team_of(team).await?;
        let found = self.cx.store.channels().by_name(team.id, &key.1).await?;
        let missing = || Refusal::NO_CHANNEL.saying(format!("there is no channel {} in {}.", key.1, team.name));
        let id = found.ok_or_else(missing)?.id;
        self.channels.insert(key, id);
        Ok(id)
    }

    /// The conversation of people, made if there was none.
    pub(super) async fn conversation_of(&mut self, names: &[String]) -> Result<ChannelId> {
        let names: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let key = (String::new(), names.iter().cloned().collect::<Vec<_>>().join(" "));
        if let Some(id) = self.channels.get(&key) {
            return Ok(*id);
        }
        let mut people = Vec::with_capacity(names.len());
        for name in &names {
            people.push(self.user_of(name).await?);
        }
        let channel = channels::of_people(self.cx, people, self.by.id()).await?;
        self.channels.insert(key, channel.id);
        Ok(channel.id)
    }

    async fn conversation(&mut self, line: DirectChannelLine) -> Result<()> {
        let names: Vec<String> = line.people().into_iter().map(ToOwned::to_owned).collect();
        let id = self.conversation_of(&names).await?;
        let channel = access::channel(self.cx, id).await?;
        if let Some(header) = line.header.filter(|header| *header != channel.header) {
            let changed = Channel { header, update_at: self.cx.clock.now(), ..(*channel).clone() };
            channels::check(&changed)?;
            let write = self.cx.store.write(move |tx| {
                let channel = changed.clone();
                Box::pin(async move { channels::update(tx, &channel).await })
            });
            write.await?;
        }
        for person in line.participants.iter().flatten() {
            let user = self.user_of(&person.username).await?;
            self.as_read(id, user.id, person.notify_props.clone(), person.read).await?;
        }
        for name in line.favorited_by.iter().flatten() {
            let user = self.user_of(name).await?;
            self.prefer(user.id, vec![super::people::favourite(user.id, id)]).await?;
        }
        for name in line.shown_by.iter().flatten() {
            let user = self.user_of(name).await?;
            let (category, name) = match channel.teammate(user.id) {
                Some(other) if channel.kind == ChannelType::Direct => ("direct_channel_show", other.to_string()),
                _ => ("group_channel_show", id.to_string()),
            };
            let shown = Preference { user_id: user.id, category: category.into(), name, value: "true".into() };
            self.prefer(user.id, vec![shown]).await?;
        }
        Ok(())
    }

    /// Counts anew what the members of the channels have read.
    async fn finish(&self) -> Result<()> {
        for &channel in &self.touched {
            self.cx
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.channel_members().recount(channel).await?;
                        tx.touch(Touched::Channel(channel));
                        Ok::<_, Error>(())
                    })
                })
                .await?;
        }
        Ok(())
    }

    /// Somebody by their name.
    pub(super) async fn user_of(&mut self, name: &str) -> Result<Arc<User>> {
        let name = name.to_lowercase();
        if let Some(user) = self.users.get(&name) {
            return Ok(user.clone());
        }
        let user = self.cx.store.users().by_username(&name).await?.ok_or_else(|| nobody(&name))?;
        let user = Arc::new(user);
        self.users.insert(name, user.clone());
        Ok(user)
    }
}

/// Nobody has such a name.
pub(super) fn nobody(name: &str) -> Refusal {
    Refusal::NO_USER.saying(format!("there is nobody of the name {name}."))
}

/// The permissions that there are here.
fn known(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| Permission::from_name(name).is_some()).collect()
}
