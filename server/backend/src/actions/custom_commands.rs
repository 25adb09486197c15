//! Slash commands of teams: making and changing them, calling their programs, and what these answer.

use super::{
    interactive, outgoing_oauth, posts, slack, triggers,
    webhooks::{self, Said},
};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    outbound::{Answer, Call},
};
use http::{HeaderValue, header};
use model::{
    AnyId, ChannelId, Millis, Refusal, TeamId,
    channels::{Channel, ChannelType},
    commands::{Command, CommandForm, CommandResponse, GET, IN_CHANNEL, LaterAnswer, POST, TRIGGER_MAX},
    permission::Permission,
    posts::Post,
    teams::Team,
    webhooks::{DISPLAY_NAME_MAX, FORM, JSON, URL_MAX, USERNAME_MAX},
};
use std::{borrow::Cow, collections::BTreeSet};
use store::Tx;
use url::{Url, form_urlencoded::Serializer};

/// How long a program can answer later, and how often. Mattermost: the same.
pub const ANSWERS_FOR: Millis = 30 * 60 * 1000;
const ANSWERS: i64 = 5;
/// The most messages that one answer may ask for.
const EXTRA_MAX: usize = 20;
/// The most commands of a team.
const OF_TEAM_MAX: usize = 1_000;
/// The longest description, and the longest texts of completion, in characters.
const DESCRIPTION_MAX: usize = 128;
const HINT_MAX: usize = 1_024;
/// The most people and channels named in a command that its program is told the ids of.
const NAMED_MAX: usize = 100;

/// A team's commands as a caller may see them: with their secrets for who may change them.
///
/// # Errors
///
/// The caller is not in the team.
pub async fn of_team(cx: &Cx, caller: &Caller, team: TeamId) -> Result<Vec<Command>> {
    access::must_in_team(cx, caller, team, Permission::ViewTeam).await?;
    let own = access::may_in_team(cx, caller, team, Permission::ManageSlashCommands).await?;
    let others = own && access::may_in_team(cx, caller, team, Permission::ManageOthersSlashCommands).await?;
    let all = cx.store.commands().of_team(team).await?;
    let seen = |c: Command| {
        let whole = others || (own && c.creator_id == caller.id());
        if whole { c } else { outward(c) }
    };
    Ok(all.into_iter().filter(|c| own || c.auto_complete).map(seen).collect())
}

/// What everybody may know of a command.
fn outward(c: Command) -> Command {
    Command {
        id: c.id,
        create_at: c.create_at,
        update_at: c.update_at,
        team_id: c.team_id,
        trigger: c.trigger,
        auto_complete: c.auto_complete,
        auto_complete_desc: c.auto_complete_desc,
        auto_complete_hint: c.auto_complete_hint,
        display_name: c.display_name,
        description: c.description,
        ..Command::default()
    }
}

/// A team's commands that are offered while somebody types, as everybody may see them.
///
/// # Errors
///
/// The database fails.
pub async fn offered(cx: &Cx, team: TeamId) -> Result<Vec<Command>> {
    let all = cx.store.commands().of_team(team).await?;
    Ok(all.into_iter().filter(|c| c.auto_complete).map(outward).collect())
}

/// A command that the caller may change. What they may not manage at all is as if there were none.
///
/// # Errors
///
/// As said; or it is somebody else's.
pub async fn managed(cx: &Cx, caller: &Caller, id: AnyId) -> Result<Command> {
    let command = cx.store.commands().by_id(id).await?.ok_or(Refusal::NO_COMMAND)?;
    if !access::may_in_team(cx, caller, command.team_id, Permission::ManageSlashCommands).await? {
        return Err(Refusal::NO_COMMAND.into());
    }
    if command.creator_id != caller.id() {
        access::must_in_team(cx, caller, command.team_id, Permission::ManageOthersSlashCommands).await?;
    }
    Ok(command)
}

/// Refuses what a command cannot be.
fn check(c: &Command) -> Result<(), Refusal> {
    let longer = |text: &str, most: usize| text.chars().count() > most;
    let trigger_fits = !c.trigger.is_empty()
        && !longer(&c.trigger, TRIGGER_MAX)
        && !c.trigger.starts_with('/')
        && !c.trigger.contains(char::is_whitespace);
    if !trigger_fits {
        return Err(Refusal::COMMAND_TRIGGER);
    }
    if c.url.is_empty() || longer(&c.url, URL_MAX) {
        return Err(Refusal::COMMAND_URL);
    }
    if !Url::parse(&c.url).is_ok_and(|u| matches!(u.scheme(), "http" | "https")) {
        return Err(Refusal::COMMAND_URL_HTTP);
    }
    if c.method != POST && c.method != GET {
        return Err(Refusal::COMMAND_METHOD);
    }
    if longer(&c.display_name, DISPLAY_NAME_MAX) {
        return Err(Refusal::COMMAND_DISPLAY_NAME);
    }
    if longer(&c.description, DESCRIPTION_MAX) {
        return Err(Refusal::COMMAND_DESCRIPTION);
    }
    if longer(&c.auto_complete_desc, HINT_MAX) || longer(&c.auto_complete_hint, HINT_MAX) {
        return Err(Refusal::COMMAND_HINT);
    }
    if longer(&c.username, USERNAME_MAX) {
        return Err(Refusal::COMMAND_USERNAME);
    }
    if longer(&c.icon_url, URL_MAX) {
        return Err(Refusal::COMMAND_ICON);
    }
    Ok(())
}

/// Refuses a trigger that the server or another command of the team answers to.
async fn free(tx: &mut Tx, c: &Command) -> Result<()> {
    let others = tx.commands().of_team(c.team_id).await?;
    if super::commands::is_known(&c.trigger) || others.iter().any(|o| o.id != c.id && o.trigger == c.trigger) {
        return Err(Refusal::COMMAND_TAKEN.into());
    }
    let new = !others.iter().any(|o| o.id == c.id);
    if new && others.len() >= OF_TEAM_MAX { Err(Refusal::COMMAND_LIMIT.into()) } else { Ok(()) }
}

/// What a form makes of a command.
fn filled(form: CommandForm, old: Command) -> Command {
    Command {
        trigger: form.trigger.to_lowercase(),
        method: form.method,
        username: form.username,
        icon_url: form.icon_url,
        auto_complete: form.auto_complete,
        auto_complete_desc: form.auto_complete_desc,
        auto_complete_hint: form.auto_complete_hint,
        display_name: form.display_name,
        description: form.description,
        url: form.url,
        ..old
    }
}

/// Makes a command.
///
/// # Errors
///
/// The caller may not in that team; it cannot be what it is to be; its trigger is taken.
pub async fn create(cx: &Cx, caller: &Caller, form: CommandForm) -> Result<Command> {
    // Mattermost: an administrator is told that the team is none.
    let Ok(team) = form.team_id.parse::<TeamId>() else {
        caller.must(Permission::ManageSlashCommands)?;
        return Err(Refusal::COMMAND_TEAM.into());
    };
    access::must_in_team(cx, caller, team, Permission::ManageSlashCommands).await?;
    access::team(cx, team).await?;
    let now = cx.clock.now();
    let new = Command {
        id: new_id(),
        token: new_id::<()>().to_string(),
        create_at: now,
        update_at: now,
        creator_id: caller.id(),
        team_id: team,
        ..Command::default()
    };
    let command = filled(form, new);
    check(&command)?;
    let made = command.clone();
    cx.store
        .write(move |tx| {
            let command = made.clone();
            Box::pin(async move {
                free(tx, &command).await?;
                tx.commands().insert(&command).await.map_err(Error::from)
            })
        })
        .await?;
    Ok(command)
}

async fn save(cx: &Cx, command: Command) -> Result<Command> {
    let saved = command.clone();
    cx.store
        .write(move |tx| {
            let command = saved.clone();
            Box::pin(async move {
                if command.delete_at == 0 {
                    free(tx, &command).await?;
                }
                if tx.commands().update(&command).await? { Ok(()) } else { Err(Error::from(Refusal::NO_COMMAND)) }
            })
        })
        .await?;
    Ok(command)
}

/// Changes a command; its team, creator and token stay.
///
/// # Errors
///
/// It cannot be what it is to be; its trigger is taken.
pub async fn update(cx: &Cx, old: Command, form: CommandForm) -> Result<Command> {
    let command = Command { update_at: cx.clock.now(), ..filled(form, old) };
    check(&command)?;
    save(cx, command).await
}

/// Moves a command to another team.
///
/// # Errors
///
/// The caller may not make commands there; its trigger is taken there.
pub async fn move_to(cx: &Cx, caller: &Caller, command: Command, team: TeamId) -> Result<()> {
    access::must_in_team(cx, caller, team, Permission::ManageSlashCommands).await?;
    access::team(cx, team).await?;
    save(cx, Command { team_id: team, update_at: cx.clock.now(), ..command }).await.map(drop)
}

/// Gives a command another token.
///
/// # Errors
///
/// The database fails.
pub async fn renew(cx: &Cx, command: Command) -> Result<Command> {
    save(cx, Command { token: new_id::<()>().to_string(), update_at: cx.clock.now(), ..command }).await
}

/// Removes a command.
///
/// # Errors
///
/// The database fails.
pub async fn delete(cx: &Cx, command: Command) -> Result<()> {
    let now = cx.clock.now();
    save(cx, Command { delete_at: now, update_at: now, ..command }).await.map(drop)
}

/// Where a command was given.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub team: &'a Team,
    pub channel: &'a Channel,
    /// Of the thread; may be empty.
    pub root_id: &'a str,
}

/// Calls the program of a command with what was typed, and shows what it answers.
///
/// # Errors
///
/// No command of the team has this trigger; its program cannot be reached, or answers what cannot be shown.
pub async fn run(cx: &Cx, caller: &Caller, place: Place<'_>, typed: &str) -> Result<CommandResponse> {
    let (name, text) =
        typed.trim_start_matches('/').split_once(char::is_whitespace).unwrap_or((typed.trim_start_matches('/'), ""));
    let trigger = name.to_lowercase();
    let of_team = cx.store.commands().of_team(place.team.id).await?;
    let command = of_team.into_iter().find(|c| c.trigger == trigger).ok_or(Refusal::COMMAND_UNKNOWN)?;
    let trigger_id = triggers::make(cx, caller.id());
    let later = later(cx, caller, place, &command).await?;
    let call = call(cx, caller, place, &command, (text.trim(), &trigger_id, later)).await?;
    let call = outgoing_oauth::authorized(cx, call).await?;
    let answer = cx.outbound.call(call).await.map_err(|failure| {
        tracing::warn!(command = %command.id, %failure, "a command's program gave no answer");
        Refusal::COMMAND_FAILED.saying(format!("The program of /{trigger} gave no answer: {failure}."))
    })?;
    let said = read(&answer).inspect_err(|_| {
        tracing::warn!(command = %command.id, status = answer.status.as_u16(), "a command's program refused");
    })?;
    let mut said = show(cx, caller, place, &command, said).await?;
    said.trigger_id = trigger_id;
    Ok(said)
}

/// Notes where the program can answer later.
async fn later(cx: &Cx, caller: &Caller, place: Place<'_>, command: &Command) -> Result<AnyId> {
    let answer = LaterAnswer {
        id: new_id(),
        create_at: cx.clock.now(),
        command_id: command.id,
        user_id: caller.id(),
        channel_id: place.channel.id,
        root_id: place.root_id.parse().unwrap_or_default(),
        uses: 0,
    };
    let id = answer.id;
    cx.store
        .write(move |tx| {
            let answer = answer.clone();
            Box::pin(async move { tx.commands().insert_answer(&answer).await })
        })
        .await
        .map_err(Error::from)?;
    Ok(id)
}

/// The call of a command's program, with the text after the trigger, a trigger id, and where to answer later.
async fn call(
    cx: &Cx,
    caller: &Caller,
    place: Place<'_>,
    command: &Command,
    (text, trigger_id, later): (&str, &str, AnyId),
) -> Result<Call> {
    let config = cx.settings.get();
    let site = config.service.site_url.trim_end_matches('/');
    let mut fields: Vec<(&str, Cow<'_, str>)> = vec![
        ("channel_id", place.channel.id.as_str().to_owned().into()),
        ("channel_name", place.channel.name.as_str().into()),
        ("command", format!("/{}", command.trigger).into()),
        ("response_url", format!("{site}/hooks/commands/{later}").into()),
        ("team_domain", place.team.name.as_str().into()),
        ("team_id", place.team.id.as_str().to_owned().into()),
        ("text", text.into()),
        ("token", command.token.as_str().into()),
        ("trigger_id", trigger_id.into()),
        ("user_id", caller.id().as_str().to_owned().into()),
        ("user_name", caller.user.username.as_str().into()),
    ];
    if !place.root_id.is_empty() {
        fields.push(("root_id", place.root_id.into()));
    }
    for (name, value) in named(cx, place.team, text).await? {
        fields.push((name, value.into()));
    }
    let mut form = Serializer::new(String::new());
    form.extend_pairs(fields);
    let call = if command.method == GET {
        let mut url = Url::parse(&command.url).map_err(|_| Refusal::COMMAND_URL_HTTP)?;
        let query = [url.query().unwrap_or_default(), &form.finish()].join("&");
        url.set_query(Some(query.trim_start_matches('&')));
        Call::get(url)
    } else {
        Call::post(&command.url, FORM, form.finish())
    };
    let token = HeaderValue::from_str(&format!("Token {}", command.token)).map_err(Error::internal)?;
    let call = call.header(header::ACCEPT, HeaderValue::from_static(JSON)).header(header::AUTHORIZATION, token);
    Ok(call.within(cx.outbound.patience()))
}

/// The people and public channels that a text names, with their ids.
async fn named(cx: &Cx, team: &Team, text: &str) -> Result<Vec<(&'static str, String)>> {
    let names = |sign: char| -> Vec<String> {
        let words = text.split_whitespace().filter_map(|w| w.strip_prefix(sign));
        let bare = words.map(|w| w.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_lowercase());
        bare.filter(|n| !n.is_empty()).collect::<BTreeSet<_>>().into_iter().take(NAMED_MAX).collect()
    };
    let (people, channels) = (names('@'), names('~'));
    let mut fields = Vec::new();
    if !people.is_empty() {
        for user in cx.store.users().by_usernames(&people).await? {
            fields.push(("user_mentions", user.username));
            fields.push(("user_mentions_ids", user.id.to_string()));
        }
    }
    if !channels.is_empty() {
        for channel in cx.store.channels().by_names(team.id, &channels).await? {
            if channel.kind == ChannelType::Open {
                fields.push(("channel_mentions", channel.name));
                fields.push(("channel_mentions_ids", channel.id.to_string()));
            }
        }
    }
    Ok(fields)
}

/// What a program answered: JSON, or anything else as a text.
fn read(answer: &Answer) -> Result<CommandResponse, Refusal> {
    if !answer.status.is_success() {
        return Err(Refusal::COMMAND_ANSWER);
    }
    if answer.media_type() == JSON {
        return serde_json::from_slice(&answer.body).map_err(|_| Refusal::COMMAND_ANSWER);
    }
    Ok(CommandResponse { text: answer.text(), ..CommandResponse::default() })
}

/// Shows what a program answered, to all or to who gave the command.
///
/// # Errors
///
/// It cannot be posted there.
async fn show(
    cx: &Cx,
    caller: &Caller,
    place: Place<'_>,
    command: &Command,
    mut said: CommandResponse,
) -> Result<CommandResponse> {
    let mut extra = said.extra_responses.take().unwrap_or_default();
    show_one(cx, caller, place, command, &mut said).await?;
    extra.truncate(EXTRA_MAX);
    for one in &mut extra {
        show_one(cx, caller, place, command, one).await?;
    }
    said.extra_responses = (!extra.is_empty()).then_some(extra);
    Ok(said)
}

async fn show_one(
    cx: &Cx,
    caller: &Caller,
    place: Place<'_>,
    command: &Command,
    said: &mut CommandResponse,
) -> Result<()> {
    let mut attachments = said.attachments.take().unwrap_or_default();
    attachments.retain(serde_json::Value::is_object);
    if !said.skip_slack_parsing {
        slack::convert(cx, &mut said.text, &mut attachments).await?;
    }
    posts::complete_attachments(&mut attachments);
    said.attachments = (!attachments.is_empty()).then(|| interactive::without_integrations(&attachments));
    if said.text.trim().is_empty() && attachments.is_empty() {
        return Ok(());
    }
    let other = if said.channel_id.is_empty() {
        None
    } else {
        let id: ChannelId = said.channel_id.parse().map_err(|_| Refusal::body("channel_id"))?;
        Some(access::channel_for(cx, caller, id, Permission::ReadChannel).await?)
    };
    let root_id = if other.is_none() { place.root_id.to_owned() } else { String::new() };
    let channel = other.as_deref().unwrap_or(place.channel);
    let or = |own: &str, of_command: &str| if own.is_empty() { of_command.to_owned() } else { own.to_owned() };
    let mut words = Said {
        text: said.text.clone(),
        attachments,
        username: or(&said.username, &command.username),
        icon_url: or(&said.icon_url, &command.icon_url),
        props: said.props.clone().unwrap_or_default(),
        kind: said.kind.clone(),
        root_id,
        ..Said::default()
    };
    if said.response_type == IN_CHANNEL {
        return webhooks::post(cx, caller, channel, words).await;
    }
    let mut props = webhooks::props(cx, &mut words);
    if !words.attachments.is_empty() {
        props.insert("attachments".into(), words.attachments.into());
    }
    let post = Post {
        channel_id: channel.id,
        root_id: words.root_id.parse().unwrap_or_default(),
        message: words.text,
        props,
        ..Post::default()
    };
    posts::whisper(cx, caller.id(), caller.id(), post).await.map(drop)
}

/// Shows what a program answers later. Whoever knows the address may, for a while and a few times.
///
/// # Errors
///
/// There is no such address any more; what is answered cannot be posted.
pub async fn answer_later(cx: &Cx, id: &str, said: CommandResponse) -> Result<()> {
    let id: AnyId = id.parse().map_err(|_| Refusal::COMMAND_LATER)?;
    let later = cx.store.commands().answer(id).await?.ok_or(Refusal::COMMAND_LATER)?;
    let command = cx.store.commands().by_id(later.command_id).await?.ok_or(Refusal::COMMAND_LATER)?;
    let since = cx.clock.now() - ANSWERS_FOR;
    let counted = cx
        .store
        .write(move |tx| Box::pin(async move { tx.commands().use_answer(id, since, ANSWERS).await }))
        .await
        .map_err(Error::from)?;
    if !counted {
        return Err(Refusal::COMMAND_LATER.into());
    }
    let caller = access::acting_as(cx, later.user_id).await?;
    let channel = access::channel_for(cx, &caller, later.channel_id, Permission::UseSlashCommands).await?;
    let team = access::team(cx, command.team_id).await?;
    let root_id = later.root_id.some().map(|id| id.to_string()).unwrap_or_default();
    let place = Place { team: &team, channel: &channel, root_id: &root_id };
    show(cx, &caller, place, &command, said).await.map(drop)
}
