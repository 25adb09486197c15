//! Writing everything into an archive.
//!
//! Files go into the archive as they are come upon, and the lines into a file beside it, which is added at the end: so
//! a line names only what is there, however much is deleted meanwhile.

use super::{
    DATA, Pulse, Tell,
    archive::Writer,
    lines::{
        Attachment, BotLine, ChannelLine, DirectChannelLine, EmojiLine, Follower, INTERVAL, Info, Line, PREFERENCES,
        Participant, PostLine, Reacted, Read, RoleLine, Said, SchemeLine, TeamLine, UserChannel, UserLine, UserTeam,
        VERSION, interval,
    },
};
use crate::{
    actions::{emoji, members::sum_of_roles, pictures, sidebar::FAVORITE},
    cx::Cx,
    error::{Error, Result},
    files::Spool,
};
use model::{
    AnyId, ChannelId, Millis, PostId, Refusal, StringMap, TeamId, UserId,
    channels::{Channel, ChannelMember},
    posts::Post,
    preferences::Preference,
    schemes::Scheme,
    teams::{SchemeRoles, Team},
    users::User,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    bots,
    files::StoredFile,
    jobs::{ExportProcess, Order as _},
    posts::Place,
};

/// Where exports are kept in the file store.
pub const EXPORTS: &str = "export/";
/// People, channels and threads that are read at once.
const AT_ONCE: i64 = 200;
/// The most exports that are listed.
const LISTED: usize = 1000;
/// Lines are written to the disk so many bytes at a time.
const BUFFER: usize = 256 * 1024;
/// The preference that saves a post.
pub(super) const SAVED: &str = "flagged_post";

/// The names of the exports that can be downloaded.
///
/// # Errors
///
/// The file store does not answer.
pub async fn list(cx: &Cx) -> Result<Vec<String>> {
    let items = cx.files.list(EXPORTS, "", LISTED).await?;
    Ok(items.into_iter().filter_map(|item| item.key.strip_prefix(EXPORTS).map(ToOwned::to_owned)).collect())
}

/// Where an export is in the file store, and how large it is.
///
/// # Errors
///
/// There is none of this name; the file store does not answer.
pub async fn find(cx: &Cx, name: &str) -> Result<(String, u64)> {
    let key = key(name).ok_or(Refusal::NO_EXPORT)?;
    let size = cx.files.size(&key).await?.ok_or(Refusal::NO_EXPORT)?;
    Ok((key, size))
}

/// Removes an export; none of this name is as good.
///
/// # Errors
///
/// The file store does not answer.
pub async fn remove(cx: &Cx, name: &str) -> Result<()> {
    match key(name) {
        Some(key) => Ok(cx.files.remove(&key).await?),
        None => Ok(()),
    }
}

fn key(name: &str) -> Option<String> {
    let sound = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0', ':']);
    sound.then(|| format!("{EXPORTS}{name}"))
}

/// The name of the archive that a job writes. Mattermost's.
pub fn name_of(job: AnyId) -> String {
    format!("{job}{NAME_END}")
}

const NAME_END: &str = "_export.zip";

/// Removes archives that are older than the settings say, and those whose job nobody remembers.
///
/// # Errors
///
/// The database or the file store fails.
pub async fn purge(cx: &Cx) -> Result<()> {
    let oldest = cx.clock.now() - cx.settings.get().export.retention_days.saturating_mul(24 * 60 * 60 * 1000);
    let jobs = cx.store.jobs().page_of_kind(ExportProcess::KIND, LISTED as i64, 0).await?;
    let young: BTreeSet<AnyId> = jobs.iter().filter(|job| job.create_at >= oldest).map(|job| job.id).collect();
    for name in list(cx).await? {
        let job = name.strip_suffix(NAME_END).and_then(|id| id.parse::<AnyId>().ok());
        if job.is_some_and(|job| !young.contains(&job)) {
            remove(cx, &name).await?;
        }
    }
    Ok(())
}

/// Writes an archive into the file store.
///
/// # Errors
///
/// As [`write`].
pub async fn run(cx: &Cx, job: AnyId, wanted: &ExportProcess, tell: Tell) -> Result<()> {
    let archive = write(cx, wanted, tell).await?;
    Ok(cx.files.put(&format!("{EXPORTS}{}", name_of(job)), archive).await?)
}

/// Writes an archive.
///
/// # Errors
///
/// The database or the file store fails; `tell` does.
pub async fn write(cx: &Cx, wanted: &ExportProcess, tell: Tell) -> Result<Spool> {
    let mut export = Export {
        cx,
        wanted,
        begun: cx.clock.now(),
        pulse: Pulse::new(tell),
        zip: Writer::new(&cx.files).await?,
        lines: cx.files.spool().await?,
        buffer: Vec::new(),
        teams: HashMap::new(),
        schemes: HashMap::new(),
    };
    export.write().await?;
    let Export { zip, mut lines, buffer, .. } = export;
    lines.write(&buffer).await?;
    zip.finish("import.jsonl", &lines).await
}

struct Export<'a> {
    cx: &'a Cx,
    wanted: &'a ExportProcess,
    /// Who and what came later is left out: it may be named where it is not told of.
    begun: Millis,
    pulse: Pulse,
    zip: Writer,
    lines: Spool,
    buffer: Vec<u8>,
    /// The names of the teams that are exported; a server has few of them.
    teams: HashMap<TeamId, String>,
    /// The names of the schemes that are exported.
    schemes: HashMap<String, String>,
}

impl Export<'_> {
    async fn write(&mut self) -> Result<()> {
        let info = Info {
            generator: "confab".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created: jiff::Timestamp::from_millisecond(self.cx.clock.now()).unwrap_or_default().to_string(),
        };
        self.line(Line { version: Some(VERSION), info: Some(info), ..of("version") }).await?;
        if self.wanted.include_roles_and_schemes {
            self.roles_and_schemes().await?;
        }
        self.emoji().await?;
        self.teams().await?;
        let total = self.channels(false).await?;
        self.people().await?;
        self.bots().await?;
        self.channels(true).await?;
        self.messages(total).await
    }

    async fn line(&mut self, line: Line) -> Result<()> {
        serde_json::to_writer(&mut self.buffer, &line).map_err(Error::internal)?;
        self.buffer.push(b'\n');
        if self.buffer.len() > BUFFER {
            self.lines.write(&self.buffer).await?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Puts something of the file store into the archive; false if it is not there.
    async fn file(&mut self, key: &str, name: &str) -> Result<bool> {
        self.zip.copy(&self.cx.files, key, format!("{DATA}/{name}")).await
    }

    async fn roles_and_schemes(&mut self) -> Result<()> {
        let roles = self.cx.store.roles().all().await?;
        let schemes = self.cx.store.schemes().page(None, i64::MAX >> 1, 0).await?;
        let shown = |role: &model::roles::Role| RoleLine {
            name: role.name.clone(),
            display_name: role.display_name.clone(),
            description: role.description.clone(),
            permissions: Some(role.permissions.clone()),
            scheme_managed: role.scheme_managed,
        };
        let of_schemes: BTreeSet<String> = schemes
            .iter()
            .cloned()
            .flat_map(|mut scheme| scheme.roles_mut().map(|(_, name)| std::mem::take(name)))
            .collect();
        for role in roles.iter().filter(|role| !of_schemes.contains(&role.name)) {
            self.line(Line { role: Some(shown(role)), ..of("role") }).await?;
        }
        for mut scheme in schemes {
            self.schemes.insert(scheme.id.to_string(), scheme.name.clone());
            let parts = scheme.roles_mut().map(|(part, name)| (part, roles.iter().find(|role| role.name == *name)));
            let parts = parts.into_iter().filter_map(|(part, role)| Some((format!("default_{part}_role"), role?)));
            let parts = parts.map(|(part, role)| (part, Some(shown(role)))).collect();
            let Scheme { name, display_name, description, scope, .. } = scheme;
            let line = SchemeLine { name, display_name, description, scope, roles: parts };
            self.line(Line { scheme: Some(Box::new(line)), ..of("scheme") }).await?;
        }
        Ok(())
    }

    async fn emoji(&mut self) -> Result<()> {
        let mut told = BTreeSet::new();
        for page in 0.. {
            let found = self.cx.store.emoji().page(true, page, AT_ONCE).await?;
            let more = found.len() as i64 == AT_ONCE;
            for one in found {
                let image = format!("emoji/{}/image", one.id);
                // One that is added meanwhile moves the pages.
                if told.insert(one.id) && self.file(&emoji::key(one.id), &image).await? {
                    self.line(Line { emoji: Some(EmojiLine { name: one.name, image }), ..of("emoji") }).await?;
                }
            }
            if !more {
                break;
            }
        }
        Ok(())
    }

    /// The teams that are not archived: the format cannot say that one is.
    async fn teams(&mut self) -> Result<()> {
        let mut last = TeamId::NONE;
        loop {
            let found = self.cx.store.teams().after(last, AT_ONCE).await?;
            let Some(end) = found.last() else { return Ok(()) };
            last = end.id;
            for team in found.into_iter().filter(|team| team.delete_at == 0) {
                self.teams.insert(team.id, team.name.clone());
                let scheme = self.scheme(team.scheme_id.as_deref());
                let Team { name, display_name, kind, description, allow_open_invite, .. } = team;
                let (description, allow_open_invite) = (Some(description), Some(allow_open_invite));
                let line = TeamLine { name, display_name, kind, description, allow_open_invite, scheme };
                self.line(Line { team: Some(line), ..of("team") }).await?;
            }
        }
    }

    fn scheme(&self, id: Option<&str>) -> Option<String> {
        self.schemes.get(id?).cloned()
    }

    /// Whether a channel and what is said in it is exported.
    fn wanted(&self, channel: &Channel) -> bool {
        channel.create_at <= self.begun
            && (channel.kind.is_personal() || self.teams.contains_key(&channel.team_id))
            && (channel.delete_at == 0 || self.wanted.include_archived_channels)
    }

    /// The channels of teams, or the conversations of fixed people; says how many channels of all kinds there are.
    async fn channels(&mut self, personal: bool) -> Result<usize> {
        let (mut last, mut total) = (ChannelId::NONE, 0);
        loop {
            let found = self.cx.store.channels().after(last, AT_ONCE).await?;
            let Some(end) = found.last() else { return Ok(total) };
            last = end.id;
            total += found.len();
            let found: Vec<_> =
                found.into_iter().filter(|c| c.kind.is_personal() == personal && self.wanted(c)).collect();
            if personal {
                self.conversations(found).await?;
                continue;
            }
            for channel in found {
                let scheme = self.scheme(channel.scheme_id.as_deref());
                let team = self.teams.get(&channel.team_id).cloned().unwrap_or_default();
                let line = ChannelLine {
                    team,
                    name: channel.name,
                    display_name: channel.display_name,
                    kind: channel.kind.as_str().to_owned(),
                    header: Some(channel.header),
                    purpose: Some(channel.purpose),
                    scheme,
                    deleted_at: (channel.delete_at != 0).then_some(channel.delete_at),
                };
                self.line(Line { channel: Some(line), ..of("channel") }).await?;
            }
        }
    }

    async fn conversations(&mut self, channels: Vec<Channel>) -> Result<()> {
        if channels.is_empty() {
            return Ok(());
        }
        let ids: Vec<ChannelId> = channels.iter().map(|c| c.id).collect();
        let members = self.cx.store.channel_members().in_channels(&ids).await?;
        let names = self.names(members.iter().map(|m| m.user_id)).await?;
        let keys: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let favourites = self.cx.store.preferences().about(FAVORITE, &keys).await?;
        for channel in channels {
            let of_channel: Vec<&ChannelMember> = members.iter().filter(|m| m.channel_id == channel.id).collect();
            let mut participants: Vec<Participant> = of_channel
                .iter()
                .filter_map(|m| {
                    let (username, notify_props) = (names.get(&m.user_id)?.clone(), Some(m.notify_props.clone()));
                    Some(Participant { username, notify_props, read: seen(m) })
                })
                .collect();
            if participants.is_empty() {
                continue;
            }
            participants.sort_by(|a, b| a.username.cmp(&b.username));
            let liked = favourites.iter().filter(|p| p.name == channel.id.as_str() && p.value != "false");
            let line = DirectChannelLine {
                members: Some(participants.iter().map(|p| p.username.clone()).collect()),
                participants: Some(participants),
                favorited_by: Some(liked.filter_map(|p| names.get(&p.user_id).cloned()).collect()),
                shown_by: None,
                header: Some(channel.header),
            };
            self.line(Line { direct_channel: Some(line), ..of("direct_channel") }).await?;
        }
        Ok(())
    }

    /// The user names behind ids.
    async fn names(&self, ids: impl IntoIterator<Item = UserId>) -> Result<HashMap<UserId, String>> {
        let ids: BTreeSet<UserId> = ids.into_iter().collect();
        let found = self.cx.store.users().by_ids(&ids.into_iter().collect::<Vec<_>>()).await?;
        let known = found.into_iter().filter(|user| user.create_at <= self.begun);
        Ok(known.map(|user| (user.id, user.username)).collect())
    }

    async fn people(&mut self) -> Result<()> {
        let mut last = UserId::NONE;
        loop {
            let mut found = self.cx.store.users().after(last, AT_ONCE).await?;
            let Some(end) = found.last() else { return Ok(()) };
            last = end.id;
            found.retain(|user| !user.is_bot && user.create_at <= self.begun);
            if found.is_empty() {
                continue;
            }
            let ids: Vec<UserId> = found.iter().map(|user| user.id).collect();
            let in_teams = self.cx.store.team_members().of_users(&ids).await?;
            let in_channels = self.cx.store.channel_members().of_users(&ids).await?;
            let preferences = self.cx.store.preferences().of_all(&ids).await?;
            let channels: BTreeSet<ChannelId> = in_channels.iter().map(|m| m.channel_id).collect();
            let channels = self.cx.store.channels().by_ids(&channels.into_iter().collect::<Vec<_>>()).await?;
            let channels: HashMap<ChannelId, Channel> =
                channels.into_iter().filter(|c| !c.kind.is_personal() && self.wanted(c)).map(|c| (c.id, c)).collect();
            for user in found {
                let own: Vec<&Preference> = preferences.iter().filter(|p| p.user_id == user.id).collect();
                let mut teams = Vec::new();
                for member in in_teams.iter().filter(|m| m.user_id == user.id) {
                    let Some(name) = self.teams.get(&member.team_id) else { continue };
                    let theme = own.iter().find(|p| p.category == "theme" && p.name == member.team_id.as_str());
                    let scheme = SchemeRoles {
                        scheme_admin: member.scheme_admin,
                        scheme_user: member.scheme_user,
                        scheme_guest: member.scheme_guest,
                    };
                    let of_team = in_channels.iter().filter(|m| m.user_id == user.id).filter_map(|m| {
                        let channel = channels.get(&m.channel_id).filter(|c| c.team_id == member.team_id)?;
                        Some(in_channel(m, channel, &own))
                    });
                    let mut channels: Vec<UserChannel> = of_team.collect();
                    channels.sort_by(|a, b| a.name.cmp(&b.name));
                    let roles = Some(sum_of_roles(&member.explicit_roles, "team", scheme));
                    teams.push(UserTeam { name: name.clone(), roles, theme: theme.map(|p| p.value.clone()), channels });
                }
                teams.sort_by(|a, b| a.name.cmp(&b.name));
                let picture = self.picture(&user).await?;
                let line = UserLine { teams, profile_image: picture, ..person(user, &own) };
                self.line(Line { user: Some(Box::new(line)), ..of("user") }).await?;
            }
            self.pulse.beat(5).await?;
        }
    }

    async fn picture(&mut self, user: &User) -> Result<Option<String>> {
        if !self.wanted.include_profile_pictures || user.last_picture_update == 0 {
            return Ok(None);
        }
        let path = format!("profile_pictures/{}", user.id);
        Ok(self.file(&pictures::user_key(user.id), &path).await?.then_some(path))
    }

    async fn bots(&mut self) -> Result<()> {
        for page in 0.. {
            let found = self.cx.store.bots().page(bots::Which::All, true, AT_ONCE, page * AT_ONCE).await?;
            let more = found.len() as i64 == AT_ONCE;
            let owners = self.names(found.iter().map(|bot| bot.owner_id)).await?;
            for bot in found {
                let line = BotLine {
                    profile_image: None,
                    username: bot.username,
                    owner: owners.get(&bot.owner_id).cloned().unwrap_or_else(|| bot.owner_id.to_string()),
                    display_name: Some(bot.display_name),
                    description: Some(bot.description),
                    delete_at: Some(bot.delete_at),
                };
                self.line(Line { bot: Some(line), ..of("bot") }).await?;
            }
            if !more {
                break;
            }
        }
        Ok(())
    }

    /// The messages, channel by channel: first those of teams, then those of conversations.
    async fn messages(&mut self, total: usize) -> Result<()> {
        let mut done = 0;
        for personal in [false, true] {
            let mut last = ChannelId::NONE;
            loop {
                let found = self.cx.store.channels().after(last, AT_ONCE).await?;
                let Some(end) = found.last() else { break };
                last = end.id;
                for channel in found.into_iter().filter(|c| c.kind.is_personal() == personal) {
                    if self.wanted(&channel) {
                        self.said_in(&channel, 10 + (done * 90 / total.max(1)) as i64).await?;
                    }
                    done += 1;
                }
            }
        }
        Ok(())
    }

    async fn said_in(&mut self, channel: &Channel, percent: i64) -> Result<()> {
        let mut place = Place { create_at: 0, seq: 0 };
        let mut line = PostLine::default();
        if channel.kind.is_personal() {
            let ids = self.cx.store.channel_members().ids(channel.id).await?;
            line.channel_members = self.names(ids).await?.into_values().collect();
            line.channel_members.sort();
            if line.channel_members.is_empty() {
                return Ok(());
            }
        } else {
            line.team = self.teams.get(&channel.team_id).cloned().unwrap_or_default();
            line.channel.clone_from(&channel.name);
        }
        loop {
            let roots = self.cx.store.posts().after(channel.id, place, 0, AT_ONCE, true).await?;
            let Some(newest) = roots.first() else { return Ok(()) };
            // Without its place, which it loses only when it is removed for good, the rest would be left out.
            let next = self.cx.store.posts().place(newest.id).await?;
            place = next.ok_or_else(|| Error::internal(anyhow::anyhow!("a message was removed in this moment")))?;
            let ids: Vec<PostId> = roots.iter().map(|p| p.id).collect();
            let with_replies: Vec<PostId> = roots.iter().filter(|p| p.reply_count > 0).map(|p| p.id).collect();
            let mut replies: BTreeMap<PostId, Vec<Post>> = BTreeMap::new();
            if !with_replies.is_empty() {
                for post in self.cx.store.posts().threads(&with_replies).await?.into_iter().rev() {
                    if post.root_id.is_some() {
                        replies.entry(post.root_id).or_default().push(post);
                    }
                }
            }
            let about = self.about(roots.iter().chain(replies.values().flatten()), &ids).await?;
            for root in roots.into_iter().rev() {
                let answers = replies.remove(&root.id).unwrap_or_default();
                let followers = about.followers(root.id);
                let Some(said) = self.said(root, &about).await? else { continue };
                let mut told = Vec::with_capacity(answers.len());
                for answer in answers {
                    told.extend(self.said(answer, &about).await?);
                }
                let post = Box::new(PostLine {
                    said,
                    replies: Some(told),
                    thread_followers: (!followers.is_empty()).then_some(followers),
                    ..line.clone()
                });
                self.line(if channel.kind.is_personal() {
                    Line { direct_post: Some(post), ..of("direct_post") }
                } else {
                    Line { post: Some(post), ..of("post") }
                })
                .await?;
            }
            self.pulse.beat(percent).await?;
        }
    }

    /// Reads what hangs on posts.
    async fn about(&self, posts: impl Iterator<Item = &Post> + Clone, roots: &[PostId]) -> Result<About> {
        let ids: Vec<PostId> = posts.clone().map(|p| p.id).collect();
        let reacted: Vec<PostId> = posts.clone().filter(|p| p.has_reactions).map(|p| p.id).collect();
        let with_files: Vec<PostId> = posts.clone().filter(|p| !p.file_ids.is_empty()).map(|p| p.id).collect();
        let keys: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let reactions = self.cx.store.reactions().of_posts(&reacted).await?;
        let files = self.cx.store.files().of_posts(&with_files).await?;
        let saved = self.cx.store.preferences().about(SAVED, &keys).await?;
        let followers = self.cx.store.threads().followers_of(roots).await?;
        let people = posts
            .map(|p| p.user_id)
            .chain(reactions.iter().map(|r| r.user_id))
            .chain(saved.iter().map(|p| p.user_id))
            .chain(followers.iter().map(|f| f.user_id));
        let names = self.names(people).await?;
        let mut about = About { names, ..About::default() };
        for reaction in reactions {
            if let Some(user) = about.names.get(&reaction.user_id).cloned() {
                let (emoji_name, create_at) = (reaction.emoji_name, reaction.create_at);
                about.reactions.entry(reaction.post_id).or_default().push(Reacted { user, emoji_name, create_at });
            }
        }
        for file in files {
            about.files.entry(file.info.post_id).or_default().push(file);
        }
        for preference in saved.into_iter().filter(|p| p.value != "false") {
            if let (Some(user), Ok(id)) = (about.names.get(&preference.user_id).cloned(), preference.name.parse()) {
                about.saved.entry(id).or_default().push(user);
            }
        }
        for follower in followers {
            if let Some(user) = about.names.get(&follower.user_id).cloned() {
                let (last_viewed, unread_mentions) = (Some(follower.last_viewed), Some(follower.unread_mentions));
                let follower_line = Follower { user, last_viewed, unread_mentions };
                about.followers.entry(follower.post_id).or_default().push(follower_line);
            }
        }
        Ok(about)
    }

    /// A message as a line says it; none if its author is gone.
    async fn said(&mut self, post: Post, about: &About) -> Result<Option<Said>> {
        let Some(user) = about.names.get(&post.user_id).cloned().filter(|_| post.create_at <= self.begun) else {
            return Ok(None);
        };
        let mut attachments = Vec::new();
        if self.wanted.include_attachments {
            let files = about.files.get(&post.id).into_iter().flatten();
            for file in post.file_ids.iter().filter_map(|id| files.clone().find(|file| file.info.id == *id)) {
                let path = format!("files/{}/{}", file.info.id, file.info.name);
                if self.file(&file.path, &path).await? {
                    attachments.push(Attachment { path });
                }
            }
        }
        Ok(Some(Said {
            user,
            kind: Some(post.kind),
            message: post.message,
            props: Some(post.props),
            create_at: post.create_at,
            edit_at: Some(post.edit_at),
            is_pinned: Some(post.is_pinned),
            flagged_by: about.saved.get(&post.id).cloned(),
            reactions: about.reactions.get(&post.id).cloned(),
            attachments: (!attachments.is_empty()).then_some(attachments),
            priority: post.metadata.priority,
        }))
    }
}

/// What hangs on posts.
#[derive(Default)]
struct About {
    names: HashMap<UserId, String>,
    reactions: HashMap<PostId, Vec<Reacted>>,
    files: HashMap<PostId, Vec<StoredFile>>,
    saved: HashMap<PostId, Vec<String>>,
    followers: HashMap<PostId, Vec<Follower>>,
}

impl About {
    fn followers(&self, root: PostId) -> Vec<Follower> {
        let mut followers = self.followers.get(&root).cloned().unwrap_or_default();
        followers.sort_by(|a, b| a.user.cmp(&b.user));
        followers
    }
}

fn of(kind: &str) -> Line {
    Line { kind: kind.to_owned(), ..Line::default() }
}

fn seen(member: &ChannelMember) -> Read {
    Read {
        last_viewed_at: Some(member.last_viewed_at),
        mention_count: Some(member.mention_count),
        mention_count_root: Some(member.mention_count_root),
        urgent_mention_count: Some(member.urgent_mention_count),
    }
}

fn in_channel(member: &ChannelMember, channel: &Channel, own: &[&Preference]) -> UserChannel {
    let scheme = SchemeRoles {
        scheme_admin: member.scheme_admin,
        scheme_user: member.scheme_user,
        scheme_guest: member.scheme_guest,
    };
    let liked = |p: &&&Preference| p.category == FAVORITE && p.name == channel.id.as_str() && p.value != "false";
    UserChannel {
        name: channel.name.clone(),
        roles: Some(sum_of_roles(&member.explicit_roles, "channel", scheme)),
        notify_props: Some(renamed(&member.notify_props, &[("push", "mobile")])),
        favorite: Some(own.iter().find(liked).is_some()),
        read: seen(member),
    }
}

/// Settings with some of them under other names.
pub(super) fn renamed(props: &StringMap, names: &[(&str, &str)]) -> StringMap {
    let name =
        |key: &String| names.iter().find(|(from, _)| from == key).map_or(key.clone(), |(_, to)| (*to).to_owned());
    props.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

/// What a line calls the settings of how a person is notified: our name, and its own.
pub(super) const NOTIFY: [(&str, &str); 2] = [("push", "mobile"), ("push_status", "mobile_push_status")];

fn person(user: User, own: &[&Preference]) -> UserLine {
    let mut more = BTreeMap::new();
    for (field, category, name) in PREFERENCES {
        let name = name.unwrap_or(user.id.as_str());
        if let Some(preference) = own.iter().find(|p| p.category == category && p.name == name) {
            let value = if field == INTERVAL { interval(&preference.value, false) } else { &preference.value };
            more.insert(field.to_owned(), value.into());
        }
    }
    UserLine {
        username: user.username,
        email: user.email,
        auth_service: Some(user.auth_service),
        auth_data: Some(user.auth_data).filter(|data| !data.is_empty()),
        nickname: Some(user.nickname),
        first_name: Some(user.first_name),
        last_name: Some(user.last_name),
        position: Some(user.position),
        roles: Some(user.roles),
        locale: Some(user.locale),
        delete_at: Some(user.delete_at),
        notify_props: Some(renamed(&user.notify_props, &NOTIFY)),
        custom_status: user.props.get("customStatus").and_then(|text| serde_json::from_str(text).ok()),
        more,
        ..UserLine::default()
    }
}
