//! Reading an archive: first all of its lines are looked at, and only if each is right it is taken in.
//!
//! Taking it in twice gives the same as once, so that what broke off midway is simply begun anew: people, teams and
//! channels are known by their names, messages by who wrote what, where and when. Nobody is notified of what comes in, and
//! it is not unread for anybody but those of whom the archive says so.

use super::{
    Pulse, Tell,
    archive::{Archive, Numbered},
    lines::{
        ChannelLine, DirectChannelLine, EmojiLine, Line, PostLine, Read, RoleLine, Said, SchemeLine, TeamLine, VERSION,
    },
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
    ChannelId, Millis, Refusal, UserId,
    channels::{Channel, ChannelType},
    emoji::CustomEmoji,
    event::Touched,
    permission::Permission,
    posts::{FILES_MAX, MESSAGE_MAX},
    preferences::Preference,
    roles::Role,
    schemes::NewScheme,
    teams::Team,
    text::emoji as standard,
    users::User,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use store::jobs::ImportProcess;

/// Messages that are taken in as one change, at least, and the bytes of their texts.
const BATCH: usize = 200;
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// The longest properties of a message, in characters. Mattermost's limit is higher than the one for what is sent here.
const IMPORTED_PROPS_MAX: usize = 800_000;
/// Moments of which the unread messages are written in one change.
const BEHIND: usize = 200;
const DAY: Millis = 24 * 60 * 60 * 1000;

/// Takes in an archive that was uploaded, and removes it when all is there. Says how many files it had to do without,
/// since the archive does not have them or they are too large.
///
/// # Errors
///
/// There is no such file; a line is not right, which the text tells; the database or the file store fails.
pub async fn run(cx: &Cx, wanted: &ImportProcess, tell: Tell) -> Result<usize> {
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
        fresh: BTreeSet::new(),
        looked: BTreeMap::new(),
        waiting: Vec::new(),
        bytes: 0,
        skipped: 0,
    };
    let taken = Box::pin(import.take_all(total, &mut pulse)).await;
    // What is in is to be counted rightly, even if something was wrong after it.
    import.finish().await?;
    taken?;
    uploads::remove_import(cx, name).await?;
    Ok(import.skipped)
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
        internal @ Error::Internal(_) => internal,
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
        // No database keeps it, so that a text with it would not be known again.
        Value::String(text) if text.contains('\0') => text.retain(|c| c != '\0'),
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.iter_mut().filter(|(name, _)| *name != "props").for_each(|(_, value)| drop_nulls(value));
        }
        Value::Array(values) => values.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Looks at all lines without changing anything; says how many there are.
async fn check(cx: &Cx, archive: &Archive, pulse: &mut Pulse) -> Result<usize> {
    let mut lines = archive.lines().await?;
    let latest = cx.clock.now() + DAY;
    let (mut count, mut first) = (0, true);
    while let Some(numbered) = lines.recv().await {
        let (number, text): Numbered = numbered?;
        count = number;
        let Some(line) = parsed(number, &text)? else { continue };
        if first && (line.kind != "version" || line.version != Some(VERSION)) {
            return Err(wrong(number, "the first line has to say that this is version 1 of the format.").into());
        }
        first = false;
        check_line(&line, latest).map_err(|why| wrong(number, &why))?;
        pulse.beat(0).await?;
    }
    if first {
        return Err(Refusal::IMPORT_NO_LINES.into());
    }
    Ok(count)
}

fn check_line(line: &Line, latest: Millis) -> Result<(), String> {
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
            if post.team.is_empty() || post.channel.is_empty() || !post.channel_members.is_empty() {
                return Err("the message is in no channel of a team.".to_owned());
            }
            check_thread(post, latest)
        }
        "direct_channel" => check_people(line.direct_channel.as_ref().ok_or_else(missing)?.people().len()),
        "direct_post" => {
            let post = line.direct_post.as_ref().ok_or_else(missing)?;
            check_people(post.channel_members.len())?;
            check_thread(post, latest)
        }
        other => Err(format!("there is no type {other:?}.")),
    }
}

fn check_people(count: usize) -> Result<(), String> {
    if (1..=8).contains(&count) { Ok(()) } else { Err("a conversation is of one to eight people.".to_owned()) }
}

fn check_thread(post: &PostLine, latest: Millis) -> Result<(), String> {
    std::iter::once(&post.said).chain(post.replies.iter().flatten()).try_for_each(|said| check_said(said, latest))
}

fn check_said(said: &Said, latest: Millis) -> Result<(), String> {
    if said.user.is_empty() {
        return Err("a message has no author.".to_owned());
    }
    if said.create_at <= 0 {
        return Err("a message does not say when it was written.".to_owned());
    }
    if said.create_at > latest {
        return Err("a message was written in the future: its time is in milliseconds since 1970.".to_owned());
    }
    if said.message.chars().count() > MESSAGE_MAX {
        return Err(format!("a message has more than {MESSAGE_MAX} letters."));
    }
    let props = said.props.as_ref().map_or(0, |props| serde_json::json!(props).to_string().chars().count());
    if props > IMPORTED_PROPS_MAX {
        return Err(format!("the properties of a message have more than {IMPORTED_PROPS_MAX} letters."));
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
    /// Conversations that were not there before.
    pub fresh: BTreeSet<ChannelId>,
    /// Of whom the archive says when they last looked: as many as memberships it has.
    pub looked: BTreeMap<ChannelId, Vec<(UserId, Millis)>>,
    /// Messages that wait to be written.
    pub waiting: Vec<Message>,
    /// The bytes of their texts.
    pub bytes: usize,
    /// Files that could not be used.
    pub skipped: usize,
}

impl Import<'_> {
    async fn take_all(&mut self, total: usize, pulse: &mut Pulse) -> Result<()> {
        let mut lines = self.archive.lines().await?;
        while let Some(numbered) = lines.recv().await {
            let (number, text) = numbered?;
            if let Some(line) = parsed(number, &text)? {
                self.take(number, line, text.len()).await?;
            }
            pulse.beat((number * 100 / total.max(1)) as i64).await?;
        }
        self.settle().await
    }

    async fn take(&mut self, number: usize, line: Line, bytes: usize) -> Result<()> {
        // What a line has besides what its type says was not looked at.
        let kind = line.kind.clone();
        if kind != "post" && kind != "direct_post" {
            self.settle().await?;
        }
        let taken = match (kind.as_str(), line) {
            ("role", Line { role: Some(role), .. }) => self.role(role).await,
            ("scheme", Line { scheme: Some(scheme), .. }) => self.scheme(*scheme).await,
            ("emoji", Line { emoji: Some(emoji), .. }) => self.emoji(emoji).await,
            ("team", Line { team: Some(team), .. }) => self.team(team).await,
            ("channel", Line { channel: Some(channel), .. }) => self.channel(channel).await,
            ("user", Line { user: Some(user), .. }) => self.person(*user).await,
            ("bot", Line { bot: Some(bot), .. }) => self.bot(bot).await,
            ("direct_channel", Line { direct_channel: Some(channel), .. }) => self.conversation(channel).await,
            ("post", Line { post: Some(post), .. }) | ("direct_post", Line { direct_post: Some(post), .. }) => {
                self.bytes += bytes;
                let queued = self.queue(number, *post).await;
                if queued.is_ok() && (self.waiting.len() >= BATCH || self.bytes >= BATCH_BYTES) {
                    return self.settle().await;
                }
                queued
            }
            _ => Ok(()),
        };
        taken.map_err(|error| at(number, error))
    }

    /// A role that belongs to no scheme: what it holds. Those of this server's own keep their names, and nobody takes
    /// anything from its administrators.
    async fn role(&mut self, line: RoleLine) -> Result<()> {
        let Some(permissions) = line.permissions.filter(|_| line.name != "system_admin") else { return Ok(()) };
        let now = self.cx.clock.now();
        let there = self.cx.store.roles().by_name(&line.name).await?;
        let role = Role {
            update_at: now,
            permissions: known(permissions),
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
        let mut scheme = if let Some(there) = there {
            there
        } else {
            let (name, scope) = (line.name, line.scope);
            let (display_name, description) = (line.display_name, line.description);
            schemes::create(self.cx, NewScheme { name, display_name, description, scope }).await?
        };
        let names: Vec<String> = scheme.roles_mut().map(|(_, name)| name.clone()).into();
        let mut held_by = self.cx.store.roles().by_names(&names).await?;
        for (part, name) in scheme.roles_mut() {
            let held = line.roles.get(&format!("default_{part}_role")).cloned().flatten();
            let held = held.and_then(|held| held.permissions);
            if let (Some(held), Some(role)) = (held, held_by.iter_mut().find(|role| role.name == *name)) {
                role.permissions = known(held);
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
        let there = self.cx.store.emoji().by_name(&line.name).await?.is_some();
        // What is somebody's own elsewhere may be among everybody's here.
        if there || standard::by_name(&line.name).is_some() {
            return Ok(());
        }
        let Some(picture) = self.picture(&line.image).await? else { return Ok(()) };
        let new = CustomEmoji { name: line.name, ..CustomEmoji::default() };
        emoji::create(self.cx, &self.by, new, picture).await.map(drop)
    }

    /// A small picture of the archive, if it can be used.
    pub(super) async fn picture(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        let extracted = self.archive.extract(self.cx, path, pictures::UPLOAD_MAX as u64).await;
        match self.usable(path, extracted)? {
            Some(spool) => Ok(Some(spool.bytes().await?)),
            None => Ok(None),
        }
    }

    /// Does without a file that cannot be used, and notes that.
    pub(super) fn usable<T>(&mut self, path: &str, used: Result<T>) -> Result<Option<T>> {
        match used {
            Ok(used) => Ok(Some(used)),
            Err(Error::Refused(why)) if why.status < 500 => {
                tracing::warn!(path, %why, "a file of an import was passed over");
                self.skipped += 1;
                Ok(None)
            }
            Err(error) => Err(error),
        }
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
        if new {
            teams::check_new(&team)?;
        } else {
            teams::check(&team)?;
        }
        let (cx, made) = (self.cx.clone(), team.clone());
        self.cx
            .store
            .write(move |tx| {
                let (cx, team) = (cx.clone(), made.clone());
                Box::pin(async move {
                    if new { teams::found(tx, &cx, &team).await } else { teams::update(tx, &team).await }
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
        if !line.display_name.is_empty() {
            channel.display_name = line.display_name;
        } else if new {
            channel.display_name.clone_from(&name);
        }
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
        let begun = self.cx.clock.now();
        let ids: Vec<UserId> = people.iter().map(|user| user.id).collect();
        let channel = channels::of_people(self.cx, people, self.by.id()).await?;
        self.channels.insert(key, channel.id);
        if channel.create_at >= begun && channel.total_msg_count == 0 {
            // What comes in is not new to its people, unless the archive says so.
            self.fresh.insert(channel.id);
            for id in ids {
                self.as_read(channel.id, id, None, Read::default()).await?;
            }
        }
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

    /// Counts what those have not read of whom the archive says when they last looked. Between two of these moments
    /// messages are counted once, however many people have looked at the same.
    async fn finish(&mut self) -> Result<()> {
        for (channel, looked) in std::mem::take(&mut self.looked) {
            let mut moments: BTreeMap<Millis, Vec<UserId>> = BTreeMap::new();
            for (user, at) in looked {
                moments.entry(at).or_default().push(user);
            }
            let (mut until, mut unread) = (Millis::MAX, (0, 0));
            let mut behind = Vec::with_capacity(moments.len());
            for (at, users) in moments.into_iter().rev() {
                let more = self.cx.store.posts().count_between(channel, at, until).await?;
                unread = (unread.0 + more.0, unread.1 + more.1);
                until = at;
                behind.push((at, users, unread));
            }
            for some in behind.chunks(BEHIND) {
                let some = Arc::new(some.to_vec());
                self.cx
                    .store
                    .write(move |tx| {
                        let some = some.clone();
                        Box::pin(async move {
                            for (at, users, (all, roots)) in some.iter() {
                                tx.channel_members().set_behind(channel, users, *at, *all, *roots).await?;
                            }
                            tx.touch(Touched::Channel(channel));
                            Ok::<_, Error>(())
                        })
                    })
                    .await?;
            }
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
