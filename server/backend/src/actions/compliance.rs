//! Reports of what was written in a time: a table of messages in an archive, with what has since been changed or deleted.

use super::{
    bulk::{Pulse, Tell, archive::Writer},
    reports::{moment, quoted},
};
use crate::{
    access::Caller,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, ChannelId, Millis, Refusal, TeamId, UserId,
    channels::Channel,
    compliance::{ADHOC, ComplianceReport, DAILY, DESCRIPTION_MAX, LIST_MAX, status},
    posts::Post,
    teams::Team,
    users::User,
};
use std::collections::{BTreeSet, HashMap};
use store::{compliance::Moment, jobs::WriteCompliance};

const DAY: Millis = 24 * 60 * 60 * 1000;
/// Messages that are looked at at once.
pub(super) const AT_ONCE: i64 = 5000;
/// The most addresses that a report is restricted to.
const EMAILS_MAX: usize = 100;
const HEADER: &str = "TeamName,TeamDisplayName,ChannelName,ChannelDisplayName,ChannelType,UserUsername,UserEmail,\
    UserNickname,UserType,PostId,PostCreateAt,PostEditAt,PostDeleteAt,PostRootId,PostOriginalId,PostMessage,PostType,\
    PostProps,PostHashtags,PostFileIds";

/// Refuses everything where reports are switched off.
///
/// # Errors
///
/// [`Refusal::COMPLIANCE_OFF`].
pub fn on(cx: &Cx) -> Result<()> {
    if cx.settings.get().compliance.enable { Ok(()) } else { Err(Refusal::COMPLIANCE_OFF.into()) }
}

/// Where the file of a report is.
pub fn key(id: AnyId) -> String {
    format!("compliance/{id}.zip")
}

/// What the file of a report is called.
pub fn name(report: &ComplianceReport) -> String {
    format!("{}-{}.zip", report.kind, report.id)
}

/// A report.
///
/// # Errors
///
/// There is none.
pub async fn find(cx: &Cx, id: AnyId) -> Result<ComplianceReport> {
    Ok(cx.store.compliance().by_id(id).await?.ok_or(Refusal::NO_COMPLIANCE)?)
}

/// Orders a report.
///
/// # Errors
///
/// It is of no time; a text is too long.
pub async fn order(cx: &Cx, caller: &Caller, new: ComplianceReport) -> Result<ComplianceReport> {
    let long = |text: &str, most: usize| text.chars().count() > most;
    if new.description.trim().is_empty() || long(&new.description, DESCRIPTION_MAX) {
        return Err(Refusal::COMPLIANCE_DESCRIPTION.into());
    }
    if new.start_at <= 0 {
        return Err(Refusal::COMPLIANCE_START.into());
    }
    if new.end_at <= new.start_at {
        return Err(Refusal::COMPLIANCE_END.into());
    }
    if long(&new.keywords, LIST_MAX) || long(&new.emails, LIST_MAX) || parts(&new.emails).count() > EMAILS_MAX {
        return Err(Refusal::COMPLIANCE_LIST.into());
    }
    let (user_id, kind) = (caller.id(), ADHOC.to_owned());
    make(cx, ComplianceReport { user_id, kind, ..new }).await
}

async fn make(cx: &Cx, new: ComplianceReport) -> Result<ComplianceReport> {
    let now = cx.clock.now();
    let status = status::CREATED.to_owned();
    let report = ComplianceReport { id: new_id(), create_at: now, status, count: 0, ..new };
    let made = report.clone();
    cx.store
        .write(move |tx| {
            let report = made.clone();
            Box::pin(async move {
                tx.compliance().insert(&report).await?;
                let order = WriteCompliance { report_id: report.id };
                tx.jobs().order(new_id(), &order, now, now).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(report)
}

/// Orders the report of the day that is over, unless there is one.
///
/// # Errors
///
/// The database fails.
pub async fn order_daily(cx: &Cx) -> Result<()> {
    let config = cx.settings.get().compliance.clone();
    if !config.enable || !config.enable_daily {
        return Ok(());
    }
    let end_at = cx.clock.now() / DAY * DAY;
    let start_at = end_at - DAY;
    if cx.store.compliance().has_day(start_at).await? {
        return Ok(());
    }
    let description = moment(start_at).chars().take(10).collect();
    make(cx, ComplianceReport { kind: DAILY.to_owned(), description, start_at, end_at, ..ComplianceReport::default() })
        .await
        .map(drop)
}

/// Words or addresses, which are separated by commas or blanks.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty())
}

/// Writes a report, and notes how it ended.
///
/// # Errors
///
/// The database or the file store fails; `tell` does.
pub async fn write(cx: &Cx, id: AnyId, tell: Tell) -> Result<()> {
    let report = find(cx, id).await?;
    set_status(cx, id, status::RUNNING, 0).await?;
    match filled(cx, &report, Pulse::new(tell)).await {
        Ok(count) => set_status(cx, id, status::FINISHED, count).await,
        Err(error) => {
            set_status(cx, id, status::FAILED, 0).await?;
            Err(error)
        }
    }
}

async fn set_status(cx: &Cx, id: AnyId, status: &'static str, count: i64) -> Result<()> {
    let set = cx.store.write(move |tx| {
        Box::pin(async move { tx.compliance().set_status(id, status, count).await.map_err(Error::from) })
    });
    set.await.map(drop)
}

async fn filled(cx: &Cx, report: &ComplianceReport, mut pulse: Pulse) -> Result<i64> {
    let words: Vec<String> = parts(&report.keywords).map(str::to_lowercase).collect();
    let mut by = Vec::new();
    for address in parts(&report.emails) {
        by.extend(cx.store.users().by_email(address).await?.map(|user| user.id));
    }
    let nobody = by.is_empty() && parts(&report.emails).next().is_some();
    let archive = Writer::new(&cx.files).await?;
    let mut table = cx.files.spool().await?;
    table.write(format!("{HEADER}\r\n").as_bytes()).await?;
    let end = if nobody { 0 } else { cx.store.search().last_seq().await? + 1 };
    let (mut count, mut next) = (0, 0);
    while next < end {
        let numbers = next..next + AT_ONCE;
        next = numbers.end;
        let page = cx.store.posts().written(numbers, Moment::Created, report.start_at, report.end_at, &by).await?;
        pulse.beat(next.saturating_mul(100) / end).await?;
        let fits = |post: &Post| {
            let text = post.message.to_lowercase();
            words.is_empty() || words.iter().any(|word| text.contains(word.as_str()))
        };
        let page: Vec<Post> = page.into_iter().filter(fits).collect();
        if page.is_empty() {
            continue;
        }
        count += page.len() as i64;
        let around = Around::of(cx, &page).await?;
        let lines: String = page.iter().map(|post| around.line(post)).collect();
        table.write(lines.as_bytes()).await?;
    }
    cx.files.put(&key(report.id), archive.finish("posts.csv", &table).await?).await?;
    Ok(count)
}

/// Where messages are, and whose.
pub(super) struct Around {
    pub channels: HashMap<ChannelId, Channel>,
    pub teams: HashMap<TeamId, Team>,
    pub people: HashMap<UserId, User>,
}

impl Around {
    pub async fn of(cx: &Cx, posts: &[Post]) -> Result<Self> {
        let channels: BTreeSet<ChannelId> = posts.iter().map(|p| p.channel_id).collect();
        let people: BTreeSet<UserId> = posts.iter().map(|p| p.user_id).collect();
        let channels = cx.store.channels().by_ids(&Vec::from_iter(channels)).await?;
        let teams: BTreeSet<TeamId> = channels.iter().filter_map(|c| c.team_id.some()).collect();
        let teams = cx.store.teams().by_ids(&Vec::from_iter(teams)).await?;
        let people = cx.store.users().by_ids(&Vec::from_iter(people)).await?;
        Ok(Self {
            channels: channels.into_iter().map(|c| (c.id, c)).collect(),
            teams: teams.into_iter().map(|t| (t.id, t)).collect(),
            people: people.into_iter().map(|u| (u.id, u)).collect(),
        })
    }

    fn line(&self, post: &Post) -> String {
        let channel = self.channels.get(&post.channel_id);
        let team = channel.and_then(|c| self.teams.get(&c.team_id));
        let person = self.people.get(&post.user_id);
        let of_channel = |text: fn(&Channel) -> &str| channel.map(text).unwrap_or_default().to_owned();
        let of_team = |text: fn(&Team) -> &str| team.map(text).unwrap_or_default().to_owned();
        let of_person = |text: fn(&User) -> &str| person.map(text).unwrap_or_default().to_owned();
        let file_ids: Vec<&str> = post.file_ids.iter().map(model::Id::as_str).collect();
        let cells = [
            of_team(|t| &t.name),
            of_team(|t| &t.display_name),
            of_channel(|c| &c.name),
            of_channel(|c| &c.display_name),
            of_channel(|c| c.kind.as_str()),
            of_person(|u| &u.username),
            of_person(|u| &u.email),
            of_person(|u| &u.nickname),
            if person.is_some_and(|u| u.is_bot) { "bot" } else { "user" }.to_owned(),
            post.id.to_string(),
            moment(post.create_at),
            moment(post.edit_at),
            moment(post.delete_at),
            post.root_id.to_string(),
            post.original_id.to_string(),
            post.message.clone(),
            post.kind.clone(),
            serde_json::json!(post.props).to_string(),
            post.hashtags.clone(),
            file_ids.join(" "),
        ];
        cells.map(|cell| quoted(&cell)).join(",") + "\r\n"
    }
}
