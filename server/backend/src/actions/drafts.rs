//! Drafts: what somebody has begun to write, told to their other devices.

use super::files;
use crate::{
    access::{self, Caller},
    cx::Cx,
    error::{Error, Result},
};
use model::{
    ChannelId, ConnectionId, FileId, PostId, Refusal, TeamId,
    drafts::Draft,
    event::{Announcement, Broadcast, Event},
    files::FileInfo,
    permission::Permission,
    posts::{FILES_MAX, MESSAGE_MAX, PROPS_MAX},
};
use std::collections::BTreeMap;

/// The most drafts that are listed.
const LISTED: i64 = 1_000;

/// Refuses where drafts are not kept here.
///
/// # Errors
///
/// [`Refusal::DRAFTS_OFF`].
pub fn must_be_on(cx: &Cx) -> Result<(), Refusal> {
    if cx.settings.get().service.allow_synced_drafts { Ok(()) } else { Err(Refusal::DRAFTS_OFF) }
}

/// Keeps what the caller has begun to write, or replaces it; one without text and files is forgotten. All of their
/// connections but the one it came from are told.
///
/// # Errors
///
/// The caller may not write there, or it could not be posted for its size.
pub async fn save(cx: &Cx, caller: &Caller, asked: Draft, from: ConnectionId) -> Result<Draft> {
    must_be_on(cx)?;
    if asked.channel_id.is_none() {
        return Err(Refusal::body("channel_id").into());
    }
    let channel = access::channel_for(cx, caller, asked.channel_id, Permission::CreatePost).await?;
    if channel.delete_at != 0 {
        return Err(Refusal::DRAFT_ARCHIVED.into());
    }
    if asked.is_empty() {
        let (channel, root) = (asked.channel_id, asked.root_id);
        let gone = delete(cx, caller, channel, root, from).await?;
        return Ok(gone.unwrap_or(Draft { user_id: caller.id(), ..asked }));
    }
    check(&asked)?;
    let attached = files::for_post(cx, caller, &channel, &asked.file_ids).await?;
    let now = cx.clock.now();
    let before = cx.store.drafts().get(caller.id(), channel.id, asked.root_id).await?;
    let mut draft = Draft {
        user_id: caller.id(),
        create_at: before.as_ref().map_or(now, |d| d.create_at),
        update_at: now,
        delete_at: 0,
        file_ids: attached.iter().map(|f| f.id).collect(),
        metadata: model::posts::Metadata::default(),
        ..asked
    };
    draft.metadata.files = attached;
    let told = Box::new(draft.clone());
    let event =
        if before.is_some() { Event::DraftUpdated { draft: told } } else { Event::DraftCreated { draft: told } };
    let (kept, announced) = (draft.clone(), told_to(&draft, event, from));
    cx.store
        .write(move |tx| {
            let (draft, announced) = (kept.clone(), announced.clone());
            Box::pin(async move {
                tx.drafts().save(&draft).await?;
                tx.announce(announced);
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(draft)
}

fn check(draft: &Draft) -> Result<(), Refusal> {
    if draft.message.chars().count() > MESSAGE_MAX {
        return Err(Refusal::POST_TOO_LONG);
    }
    let length = |value| serde_json::to_string(value).map_or(usize::MAX, |text| text.chars().count());
    if length(&draft.props) > PROPS_MAX || length(&draft.priority) > PROPS_MAX {
        return Err(Refusal::POST_PROPS_TOO_LONG);
    }
    if draft.file_ids.len() > FILES_MAX {
        return Err(Refusal::POST_FILES);
    }
    Ok(())
}

fn told_to(draft: &Draft, event: Event, from: ConnectionId) -> Announcement {
    let to = Broadcast { channel_id: draft.channel_id, omit_connection_id: from, ..Broadcast::user(draft.user_id) };
    Announcement { event, to }
}

/// Forgets a draft, and says what it was.
///
/// # Errors
///
/// The database fails.
pub async fn delete(
    cx: &Cx,
    caller: &Caller,
    channel: ChannelId,
    root: PostId,
    from: ConnectionId,
) -> Result<Option<Draft>> {
    must_be_on(cx)?;
    let Some(mut draft) = cx.store.drafts().get(caller.id(), channel, root).await? else { return Ok(None) };
    draft.delete_at = cx.clock.now();
    let announced = told_to(&draft, Event::DraftDeleted { draft: Box::new(draft.clone()) }, from);
    let user = caller.id();
    cx.store
        .write(move |tx| {
            let announced = announced.clone();
            Box::pin(async move {
                if tx.drafts().delete(user, channel, root).await? {
                    tx.announce(announced);
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(Some(draft))
}

/// What the caller has begun to write in a team and to people, the latest first.
///
/// # Errors
///
/// Drafts are not kept here.
pub async fn list(cx: &Cx, caller: &Caller, team: TeamId) -> Result<Vec<Draft>> {
    must_be_on(cx)?;
    let mut drafts = cx.store.drafts().in_team(caller.id(), team, LISTED).await?;
    show_files(cx, drafts.iter_mut()).await?;
    Ok(drafts)
}

/// Adds what is known of the files of drafts, in one query; those that have been posted meanwhile are left out.
///
/// # Errors
///
/// The database fails.
pub async fn show_files<'d>(cx: &Cx, drafts: impl IntoIterator<Item = &'d mut Draft>) -> Result<()> {
    let mut drafts: Vec<&mut Draft> = drafts.into_iter().filter(|d| !d.file_ids.is_empty()).collect();
    let ids: Vec<FileId> = drafts.iter().flat_map(|d| d.file_ids.iter().copied()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let found = cx.store.files().by_ids(&ids).await?;
    let found: BTreeMap<FileId, FileInfo> =
        found.into_iter().filter(|f| f.info.post_id.is_none()).map(|f| (f.info.id, f.info)).collect();
    for draft in &mut drafts {
        let user = draft.user_id;
        draft.file_ids.retain(|id| found.get(id).is_some_and(|f| f.user_id == user));
        draft.metadata.files = draft.file_ids.iter().filter_map(|id| found.get(id).cloned()).collect();
    }
    Ok(())
}
