//! Slash commands that the server itself knows: what they do, and what is answered.

use super::{channels, custom_commands, members, posts, preferences, triggers, users};
use crate::{
    access::{self, Caller},
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, Refusal, StringMap, TeamId,
    channels::{Channel, ChannelPatch, GROUP_SIZE},
    commands::{Command, CommandResponse, EPHEMERAL, Given, Suggestion},
    permission::Permission,
    posts::{NewPost, Post, Props},
    preferences::Preference,
    status::{CustomStatus, Presence},
    teams::Team,
    users::{User, UserPatch},
};
use std::sync::Arc;

/// Commands with their hint and description, by name.
const KNOWN: &[(&str, &str, &str)] = &[
    ("away", "", "Show yourself as away"),
    ("code", "[text]", "Post a text as a block of code"),
    ("collapse", "", "Fold pictures and previews in messages"),
    ("dnd", "", "Ask not to be disturbed: no notifications"),
    ("echo", "[text]", "Post a text as it is"),
    ("expand", "", "Unfold pictures and previews in messages"),
    ("groupmsg", "@[name],@[name] [text]", "Write to several people at once"),
    ("header", "[text]", "Change the channel's header"),
    ("help", "", "List the commands"),
    ("invite", "@[name]", "Add somebody to this channel"),
    ("join", "~[channel]", "Join a channel"),
    ("kick", "@[name]", "Remove somebody from this channel"),
    ("leave", "", "Leave this channel"),
    ("me", "[text]", "Say what you do"),
    ("msg", "@[name] [text]", "Write to somebody directly"),
    ("mute", "~[channel]", "Mute a channel, or hear it again; without a name this one"),
    ("offline", "", "Show yourself as offline"),
    ("online", "", "Show yourself as online"),
    ("open", "~[channel]", "Join a channel"),
    ("purpose", "[text]", "Change the channel's purpose"),
    ("remove", "@[name]", "Remove somebody from this channel"),
    ("rename", "[text]", "Change the channel's name"),
    ("shrug", "[text]", r"Add ¯\_(ツ)_/¯ to a message"),
    ("status", "[:emoji:] [text], or clear", "Say in a few words what you are up to"),
];

/// The commands to offer in a team.
///
/// # Errors
///
/// The caller may not see the team.
pub async fn offered(cx: &Cx, caller: &Caller, team: TeamId) -> Result<Vec<Command>> {
    access::must_in_team(cx, caller, team, Permission::ViewTeam).await?;
    let command = |(name, hint, description): &(&str, &str, &str)| Command {
        trigger: (*name).into(),
        display_name: (*name).into(),
        auto_complete: true,
        auto_complete_hint: (*hint).into(),
        auto_complete_desc: (*description).into(),
        ..Command::default()
    };
    let mut all: Vec<Command> = KNOWN.iter().map(command).collect();
    all.extend(custom_commands::offered(cx, team).await?);
    all.sort_by(|a, b| a.trigger.cmp(&b.trigger));
    Ok(all)
}

/// Whether the server itself knows a command.
pub fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|(known, ..)| *known == name)
}

/// What could follow on what was typed, which may or may not begin with the slash.
pub fn suggestions(offered: Vec<Command>, typed: &str) -> Vec<Suggestion> {
    let typed = typed.trim_start_matches('/').to_lowercase();
    // A command that is written out is hinted at until its text is begun.
    let (word, complete) = typed.split_once(' ').map_or((typed.as_str(), false), |(word, _)| (word, true));
    let fits = |name: &str| if complete { name == word } else { name.starts_with(word) };
    let suggestion = |c: Command| Suggestion {
        complete: c.trigger.clone(),
        suggestion: c.trigger,
        hint: c.auto_complete_hint,
        description: c.auto_complete_desc,
        ..Suggestion::default()
    };
    offered.into_iter().filter(|c| fits(&c.trigger)).map(suggestion).collect()
}

/// Where a command was given, and by whom.
struct Place<'a> {
    cx: &'a Cx,
    caller: &'a Caller,
    channel: Arc<Channel>,
    team: Arc<Team>,
    root_id: String,
}

/// Does what somebody typed after a slash.
///
/// # Errors
///
/// Commands are switched off; it is none, or not known; the caller may not give commands there.
pub async fn execute(cx: &Cx, caller: &Caller, given: Given) -> Result<CommandResponse> {
    if !cx.settings.get().service.enable_commands {
        return Err(Refusal::COMMANDS_OFF.into());
    }
    let typed = given.command.trim();
    let typed = typed.strip_prefix('/').filter(|t| !t.is_empty()).ok_or(Refusal::COMMAND_START)?;
    let (name, text) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let id: ChannelId = given.channel_id.parse().map_err(|_| Refusal::body("channel_id"))?;
    let channel = access::channel_for(cx, caller, id, Permission::UseSlashCommands).await?;
    if channel.delete_at != 0 {
        return Err(Refusal::POST_ARCHIVED.into());
    }
    // Mattermost: where a channel has no team, the command has to say which one it is given in.
    let team = if channel.team_id.is_none() { given.team_id.parse().unwrap_or_default() } else { channel.team_id };
    access::must_in_team(cx, caller, team, Permission::ViewTeam).await?;
    let team = access::team(cx, team).await?;
    let name = name.to_lowercase();
    if !is_known(&name) {
        let place = custom_commands::Place { team: &team, channel: &channel, root_id: &given.root_id };
        return custom_commands::run(cx, caller, place, given.command.trim()).await;
    }
    let place = Place { cx, caller, channel, team, root_id: given.root_id };
    let answer = match place.run(&name, text.trim()).await {
        // What the command is not allowed or not able to do is said where it was given.
        Err(Error::Refused(refusal)) if refusal.status < 500 => CommandResponse::ephemeral(refusal.message),
        answer => answer?,
    };
    if answer.response_type == EPHEMERAL && !answer.text.is_empty() {
        place.whisper(&answer.text).await?;
    }
    Ok(CommandResponse { trigger_id: triggers::make(cx, caller.id()), ..answer })
}

/// A name without the sign that may stand before it.
fn bare(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().trim_start_matches(['@', '~', '#']).to_lowercase()
}

impl Place<'_> {
    async fn run(&self, name: &str, text: &str) -> Result<CommandResponse> {
        let header = |text: &str| ChannelPatch { header: Some(text.into()), ..ChannelPatch::default() };
        let purpose = |text: &str| ChannelPatch { purpose: Some(text.into()), ..ChannelPatch::default() };
        let rename = |text: &str| ChannelPatch { display_name: Some(text.into()), ..ChannelPatch::default() };
        match name {
            "away" => Ok(self.presence(Presence::Away, "You are shown as away.")),
            "dnd" => Ok(self.presence(Presence::Dnd, "You will not be disturbed.")),
            "offline" => Ok(self.presence(Presence::Offline, "You are shown as offline.")),
            "online" => Ok(self.presence(Presence::Online, "You are shown as online.")),
            "collapse" => self.previews("true", "Pictures and previews are folded now.").await,
            "expand" => self.previews("false", "Pictures and previews are unfolded now.").await,
            "me" if text.is_empty() => Ok(CommandResponse::ephemeral("Write /me and what you do.")),
            "me" => self.say(format!("*{text}*"), "me").await,
            "shrug" => self.say(format!(r"{text} ¯\\\_(ツ)\_/¯").trim().to_owned(), "").await,
            "code" | "echo" if text.is_empty() => Ok(CommandResponse::ephemeral("Write a text after the command.")),
            "code" => self.say(format!("    {}", text.replace('\n', "\n    ")), "").await,
            "echo" => self.echo(text).await,
            "header" => self.change(text, header(text)).await,
            "purpose" if self.channel.kind.is_personal() => {
                Ok(CommandResponse::ephemeral("A conversation has no purpose. Use /header instead."))
            }
            "purpose" => self.change(text, purpose(text)).await,
            "rename" if self.channel.kind.is_personal() => {
                Ok(CommandResponse::ephemeral("A conversation is named after its people and cannot be renamed."))
            }
            "rename" => self.change(text, rename(text)).await,
            "join" | "open" => self.join(text).await,
            "leave" => self.leave().await,
            "invite" => self.invite(text).await,
            "kick" | "remove" => self.kick(text).await,
            "msg" => self.msg(text).await,
            "mute" => self.mute(text).await,
            "groupmsg" => self.groupmsg(text).await,
            "help" => self.help().await,
            "status" => self.status(text).await,
            _ => Err(Refusal::COMMAND_UNKNOWN.into()),
        }
    }

    /// Says something that only who gave the command sees.
    async fn whisper(&self, text: &str) -> Result<()> {
        let post = Post {
            channel_id: self.channel.id,
            root_id: self.root_id.parse().unwrap_or_default(),
            message: text.to_owned(),
            ..Post::default()
        };
        posts::whisper(self.cx, self.caller.id(), self.caller.id(), post).await.map(drop)
    }

    fn presence(&self, presence: Presence, said: &str) -> CommandResponse {
        self.cx.statuses.set_manual(self.cx, self.caller.id(), presence, 0);
        CommandResponse::ephemeral(said)
    }

    async fn previews(&self, value: &str, said: &str) -> Result<CommandResponse> {
        let preference = Preference {
            user_id: self.caller.id(),
            category: "display_settings".into(),
            name: "collapse_previews".into(),
            value: value.into(),
        };
        preferences::set(self.cx, self.caller.id(), vec![preference]).await?;
        Ok(CommandResponse::ephemeral(said))
    }

    async fn post(&self, channel: ChannelId, message: String, kind: &str, root_id: String) -> Result<()> {
        let mut props = Props::new();
        if kind == "me" && self.cx.settings.get().service.enable_post_icon_override {
            // Mattermost: there, and empty.
            props.insert("override_icon_url".into(), "".into());
        }
        let new = NewPost { channel_id: channel, message, kind: kind.into(), root_id, props, ..NewPost::default() };
        posts::create(self.cx, self.caller, new, true).await.map(drop)
    }

    /// Says something where the command was given.
    async fn say(&self, text: String, kind: &str) -> Result<CommandResponse> {
        self.post(self.channel.id, text.clone(), kind, self.root_id.clone()).await?;
        Ok(CommandResponse { kind: kind.into(), ..CommandResponse::in_channel(text) })
    }

    /// Mattermost: a number at the end is a delay. Here a text is posted at once, since whoever waits may be gone.
    async fn echo(&self, text: &str) -> Result<CommandResponse> {
        let said = match text.rsplit_once(' ') {
            Some((said, delay)) if delay.parse::<u32>().is_ok() => said.trim(),
            _ => text,
        };
        self.post(self.channel.id, said.to_owned(), "", self.root_id.clone()).await?;
        Ok(CommandResponse::default())
    }

    async fn change(&self, text: &str, patch: ChannelPatch) -> Result<CommandResponse> {
        if text.is_empty() {
            return Ok(CommandResponse::ephemeral("Write the new text after the command."));
        }
        channels::patch(self.cx, self.caller, &self.channel, patch).await?;
        Ok(CommandResponse::default())
    }

    /// Where a client finds something of the team.
    fn location(&self, path: &str) -> CommandResponse {
        let config = self.cx.settings.get();
        let site = config.service.site_url.trim_end_matches('/');
        CommandResponse::goto(format!("{site}/{}/{path}", self.team.name))
    }

    /// A channel of the team by its name, if the caller may know that there is one.
    async fn named(&self, text: &str) -> Result<Option<Channel>> {
        let found = self.cx.store.channels().by_name(self.team.id, &bare(text)).await?;
        let Some(channel) = found.filter(|c| c.delete_at == 0) else { return Ok(None) };
        let known = access::may_read(self.cx, self.caller, &channel).await?;
        Ok(known.then_some(channel))
    }

    async fn join(&self, text: &str) -> Result<CommandResponse> {
        let Some(channel) = self.named(text).await? else { return Ok(no_channel()) };
        let channel = Arc::new(channel);
        members::add(self.cx, self.caller, &channel, self.caller.id()).await?;
        Ok(self.location(&format!("channels/{}", channel.name)))
    }

    async fn leave(&self) -> Result<CommandResponse> {
        members::remove(self.cx, self.caller, &self.channel, self.caller.id()).await?;
        Ok(self.location(&format!("channels/{}", model::channels::DEFAULT)))
    }

    /// Somebody with an account, by `@name`.
    async fn person(&self, text: &str) -> Result<Option<User>> {
        let found = self.cx.store.users().by_username(&bare(text)).await?;
        Ok(found.filter(|u| u.delete_at == 0))
    }

    async fn invite(&self, text: &str) -> Result<CommandResponse> {
        let Some(user) = self.person(text).await? else { return Ok(no_person()) };
        if access::channel_member(self.cx, self.channel.id, user.id).await?.is_some() {
            return Ok(CommandResponse::ephemeral(format!("{} is in the channel already.", user.username)));
        }
        members::add(self.cx, self.caller, &self.channel, user.id).await?;
        Ok(CommandResponse::default())
    }

    async fn kick(&self, text: &str) -> Result<CommandResponse> {
        let Some(user) = self.person(text).await? else { return Ok(no_person()) };
        members::remove(self.cx, self.caller, &self.channel, user.id).await?;
        Ok(CommandResponse::default())
    }

    async fn msg(&self, text: &str) -> Result<CommandResponse> {
        let Some(user) = self.person(text).await? else { return Ok(no_person()) };
        self.caller.must(Permission::CreateDirectChannel)?;
        let channel = channels::direct(self.cx, self.caller, &[self.caller.id(), user.id]).await?;
        let said = text.split_once(char::is_whitespace).map_or("", |(_, said)| said.trim());
        if !said.is_empty() {
            self.post(channel.id, said.to_owned(), "", String::new()).await?;
        }
        Ok(self.location(&format!("messages/@{}", user.username)))
    }

    /// `@ann, @bob text`: the people end where a word without the sign begins.
    async fn groupmsg(&self, text: &str) -> Result<CommandResponse> {
        let mut rest = text;
        let mut names = Vec::new();
        while let Some(after) = rest.trim_start_matches([',', ' ']).strip_prefix('@') {
            let end = after.find([',', ' ']).unwrap_or(after.len());
            names.push(after[..end].to_lowercase());
            rest = &after[end..];
        }
        if names.is_empty() || names.len() > *GROUP_SIZE.end() {
            return Ok(CommandResponse::ephemeral("Name the people with @ and commas between, and then say it."));
        }
        let people = self.cx.store.users().by_usernames(&names).await?;
        let missing = names.iter().find(|name| !people.iter().any(|u| u.delete_at == 0 && u.username == **name));
        if let Some(name) = missing {
            return Ok(CommandResponse::ephemeral(format!("There is nobody of the name @{name}.")));
        }
        let mut ids: Vec<_> = people.iter().map(|u| u.id).filter(|id| *id != self.caller.id()).collect();
        let channel = if let [other] = ids[..] {
            self.caller.must(Permission::CreateDirectChannel)?;
            channels::direct(self.cx, self.caller, &[self.caller.id(), other]).await?
        } else {
            self.caller.must(Permission::CreateGroupChannel)?;
            ids.push(self.caller.id());
            channels::group(self.cx, self.caller, &ids).await?
        };
        let said = rest.trim_start_matches([',', ' ']).trim();
        if !said.is_empty() {
            self.post(channel.id, said.to_owned(), "", String::new()).await?;
        }
        Ok(self.location(&format!("messages/{}", channel.name)))
    }

    async fn help(&self) -> Result<CommandResponse> {
        let line = |c: &Command| {
            let hint =
                if c.auto_complete_hint.is_empty() { String::new() } else { format!(" {}", c.auto_complete_hint) };
            format!("- `/{}{hint}` {}", c.trigger, c.auto_complete_desc)
        };
        let lines: Vec<String> = offered(self.cx, self.caller, self.team.id).await?.iter().map(line).collect();
        Ok(CommandResponse::ephemeral(lines.join("\n")))
    }

    /// `:emoji: text`, either of them, or `clear`.
    async fn status(&self, text: &str) -> Result<CommandResponse> {
        if !self.cx.settings.get().team.enable_custom_user_statuses {
            return Err(Refusal::CUSTOM_STATUS_OFF.into());
        }
        let me = self.caller.id();
        let mut props = access::user(self.cx, me).await?.props.clone();
        let said = if text == "clear" {
            props.remove(CustomStatus::PROP);
            "Your status is cleared."
        } else {
            let emoji = text.strip_prefix(':').and_then(|rest| rest.split_once(':'));
            let emoji = emoji.filter(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace));
            let (emoji, text) = emoji.map_or(("", text), |(name, rest)| (name, rest.trim()));
            let new = CustomStatus { emoji: emoji.into(), text: text.into(), ..CustomStatus::default() };
            let Some(new) = new.tidy() else {
                return Ok(CommandResponse::ephemeral("Write an emoji, a text or both after /status."));
            };
            let new = serde_json::to_string(&new).map_err(Error::internal)?;
            props.insert(CustomStatus::PROP.into(), new);
            "Your status is set."
        };
        users::patch(self.cx, self.caller, me, UserPatch { props: Some(props), ..UserPatch::default() }).await?;
        Ok(CommandResponse::ephemeral(said))
    }

    async fn mute(&self, text: &str) -> Result<CommandResponse> {
        let channel = if text.is_empty() { Some((*self.channel).clone()) } else { self.named(text).await? };
        let Some(channel) = channel else { return Ok(no_channel()) };
        let me = self.caller.id();
        let Some(member) = access::channel_member(self.cx, channel.id, me).await? else { return Ok(no_channel()) };
        let muted = member.notify_props.get("mark_unread").is_some_and(|v| v == "mention");
        let new: StringMap = [("mark_unread".into(), if muted { "all" } else { "mention" }.into())].into();
        members::set_notify_props(self.cx, channel.id, me, &new).await?;
        Ok(CommandResponse::ephemeral(if muted { "The channel is heard again." } else { "The channel is muted." }))
    }
}

fn no_channel() -> CommandResponse {
    CommandResponse::ephemeral("There is no such channel that you could join.")
}

fn no_person() -> CommandResponse {
    CommandResponse::ephemeral("There is nobody of this name.")
}
