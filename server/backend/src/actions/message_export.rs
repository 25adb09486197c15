//! Archives of what was written, one after another: each goes on where the one before it ended, and has what was written,
//! changed or deleted since, with the files that hang on it.

use super::{
    bulk::{Pulse, Tell, archive::Writer},
    compliance::{AT_ONCE, Around},
    previews::quoted_by,
    reports,
};
use crate::{
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use bytes::Bytes;
use model::{
    AnyId, ChannelId, Millis, PostId, Refusal,
    channels::{Channel, ChannelType},
    posts::Post,
    users::User,
};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use store::{
    compliance::Moment,
    files::StoredFile,
    jobs::{Job, MessageExport, Order as _, status},
};

const DAY: Millis = 24 * 60 * 60 * 1000;
/// What is so young is left to the next archive: it may have got its time and not be stored yet.
const UNSETTLED: Millis = 60 * 1000;
/// What a job notes: the moment its archive ends at. Mattermost's name.
pub const END: &str = "job_end_time";
/// Mattermost's columns.
const HEADER: &str = "Post Creation Time,Team Id,Team Name,Team Display Name,Channel Id,Channel Name,\
    Channel Display Name,Channel Type,User Id,User Email,Username,Post Id,Edited By Post Id,Replied to Post Id,\
    Post Message,Post Type,User Type,Previews Post Id";

/// Where the archive of a job is in the file store. They are kept for good.
pub fn key(job: AnyId) -> String {
    format!("message-export/{job}.zip")
}

/// Whether a job has written an archive.
pub fn is_written(job: &Job) -> bool {
    job.kind == MessageExport::KIND && job.status == status::SUCCESS
}

/// Orders the next day's archive, where there is to be one.
///
/// # Errors
///
/// The database fails.
pub async fn order_next(cx: &Cx) -> Result<()> {
    let config = cx.settings.get().message_export.clone();
    if !config.enable_export {
        return Ok(());
    }
    let now = cx.clock.now();
    let due = config.next_start(now);
    cx.store
        .write(move |tx| {
            let slot = format!("message-export-{}", due / DAY);
            Box::pin(async move { tx.jobs().order_in(&slot, new_id(), &MessageExport {}, now, due).await.map(drop) })
        })
        .await
        .map_err(Error::from)
}

/// What an archive has, as it says itself.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Contents {
    /// What was written or changed from this moment on, and before that one.
    pub start_time: Millis,
    pub end_time: Millis,
    pub messages_count: u64,
    pub attachments_count: u64,
    channels: BTreeMap<ChannelId, OfChannel>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OfChannel {
    team_id: String,
    team_name: String,
    team_display_name: String,
    channel_id: String,
    channel_name: String,
    channel_display_name: String,
    messages_count: u64,
    attachments_count: u64,
}

/// Writes the archive of a job.
///
/// # Errors
///
/// Archives are off, or are to be of a format that is not offered; the database or the file store fails; `tell` does.
pub async fn write(cx: &Cx, job: AnyId, tell: Tell) -> Result<Contents> {
    let config = cx.settings.get().message_export.clone();
    if !config.enable_export {
        return Err(Refusal::EXPORTS_OFF.into());
    }
    if config.export_format != "csv" {
        return Err(Refusal::EXPORT_FORMAT.into());
    }
    let first = config.export_from_timestamp.saturating_mul(1000);
    let mut export = Export {
        cx,
        contents: Contents {
            start_time: last_end(cx).await?.unwrap_or(first),
            end_time: cx.clock.now() - UNSETTLED,
            ..Contents::default()
        },
        archive: Writer::new(&cx.files).await?,
    };
    let mut table = cx.files.spool().await?;
    table.write(format!("{HEADER}\r\n").as_bytes()).await?;
    let mut pulse = Pulse::new(tell);
    let (mut next, end) = (0, cx.store.search().last_seq().await? + 1);
    while next < end {
        let numbers = next..next + AT_ONCE;
        next = numbers.end;
        let (from, until) = (export.contents.start_time, export.contents.end_time);
        let page = cx.store.posts().written(numbers, Moment::Changed, from, until, &[]).await?;
        pulse.beat(next.saturating_mul(100) / end).await?;
        if !page.is_empty() {
            table.write(export.lines(&page).await?.as_bytes()).await?;
        }
    }
    let Export { contents, mut archive, .. } = export;
    archive.begin("metadata.json".to_owned(), true).await?;
    archive.bytes(Bytes::from(serde_json::to_vec_pretty(&contents).map_err(Error::internal)?)).await?;
    cx.files.put(&key(job), archive.finish("posts.csv", &table).await?).await?;
    Ok(contents)
}

/// Where the last archive ended.
async fn last_end(cx: &Cx) -> Result<Option<Millis>> {
    let Some(last) = cx.store.jobs().last_done(MessageExport::KIND).await? else { return Ok(None) };
    let notes: serde_json::Value = serde_json::from_str(&last.result).map_err(Error::internal)?;
    Ok(notes[END].as_str().and_then(|end| end.parse().ok()))
}

/// An archive that is being written.
struct Export<'a> {
    cx: &'a Cx,
    contents: Contents,
    archive: Writer,
}

impl Export<'_> {
    /// The lines of messages, whose files go into the archive.
    async fn lines(&mut self, posts: &[Post]) -> Result<String> {
        let around = Around::of(self.cx, posts).await?;
        let ids: Vec<PostId> = posts.iter().filter(|p| !p.file_ids.is_empty()).map(|p| p.id).collect();
        let mut files: HashMap<PostId, Vec<StoredFile>> = HashMap::new();
        for file in self.cx.store.files().of_posts(&ids).await? {
            files.entry(file.info.post_id).or_default().push(file);
        }
        let mut lines = String::new();
        for post in posts {
            let quoted = quoted_by(self.cx, post);
            lines += &line(&around, post, quoted, &post.message, &post.kind);
            let mut attached = 0;
            for file in files.remove(&post.id).into_iter().flatten() {
                let name = format!("files/{}/{}-{}", post.id, file.info.id, file.info.name);
                if self.archive.copy(&self.cx.files, &file.path, name.clone()).await? {
                    lines += &line(&around, post, quoted, &name, "attachment");
                    attached += 1;
                }
            }
            self.contents.messages_count += 1;
            self.contents.attachments_count += attached;
            let of = self.contents.channels.entry(post.channel_id).or_insert_with(|| of_channel(&around, post));
            of.messages_count += 1;
            of.attachments_count += attached;
        }
        Ok(lines)
    }
}

fn of_channel(around: &Around, post: &Post) -> OfChannel {
    let channel = around.channels.get(&post.channel_id);
    let team = channel.and_then(|c| around.teams.get(&c.team_id));
    let (channel_name, channel_display_name) =
        channel.map(|c| (c.name.clone(), c.display_name.clone())).unwrap_or_default();
    let (team_name, team_display_name) = team.map(|t| (t.name.clone(), t.display_name.clone())).unwrap_or_default();
    OfChannel {
        team_id: team.map(|t| t.id.to_string()).unwrap_or_default(),
        team_name,
        team_display_name,
        channel_id: post.channel_id.to_string(),
        channel_name,
        channel_display_name,
        ..OfChannel::default()
    }
}

fn line(around: &Around, post: &Post, quoted: Option<PostId>, message: &str, kind: &str) -> String {
    let place = of_channel(around, post);
    let person = around.people.get(&post.user_id);
    let of_person = |text: fn(&User) -> &str| person.map(text).unwrap_or_default().to_owned();
    let cells = [
        post.create_at.to_string(),
        place.team_id,
        place.team_name,
        place.team_display_name,
        place.channel_id,
        place.channel_name,
        place.channel_display_name,
        around.channels.get(&post.channel_id).map(kind_of).unwrap_or_default().to_owned(),
        post.user_id.to_string(),
        of_person(|u| &u.email),
        of_person(|u| &u.username),
        post.id.to_string(),
        post.original_id.to_string(),
        post.root_id.to_string(),
        message.to_owned(),
        kind.to_owned(),
        if person.is_some_and(|u| u.is_bot) { "bot" } else { "user" }.to_owned(),
        quoted.unwrap_or(PostId::NONE).to_string(),
    ];
    cells.map(|cell| reports::quoted(&cell)).join(",") + "\r\n"
}

fn kind_of(channel: &Channel) -> &'static str {
    match channel.kind {
        ChannelType::Open => "public",
        ChannelType::Private => "private",
        ChannelType::Direct => "direct",
        ChannelType::Group => "group",
    }
}
