//! Messages that are sent later: kept, changed, sent by a job at their time.

use super::{drafts, files, posts};
use crate::{
    access::{self, Caller},
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, ConnectionId, Millis, Refusal, TeamId,
    drafts::{Draft, ScheduledPost},
    event::{Announcement, Broadcast, Event},
    posts::{Metadata, NewPost},
};
use std::collections::BTreeMap;
use store::{Tx, scheduled_posts::SendScheduled};

/// The most that are listed.
const LISTED: i64 = 1_000;

fn must_be_on(cx: &Cx) -> Result<(), Refusal> {
    if cx.settings.get().service.scheduled_posts { Ok(()) } else { Err(Refusal::SCHEDULED_OFF) }
}

/// The slot of the job that sends one: at most one waits.
fn slot(id: AnyId) -> String {
    format!("scheduled_post:{id}")
}

fn told(scheduled: &ScheduledPost, event: fn(Box<ScheduledPost>) -> Event, from: ConnectionId) -> Announcement {
    let to = Broadcast { omit_connection_id: from, ..Broadcast::user(scheduled.draft.user_id) };
    Announcement { event: event(Box::new(scheduled.clone())), to }
}

fn updated(scheduled: Box<ScheduledPost>) -> Event {
    Event::ScheduledPostUpdated { scheduled }
}

fn deleted(scheduled: Box<ScheduledPost>) -> Event {
    Event::ScheduledPostDeleted { scheduled }
}

/// What could be sent, with the files that are the caller's to send.
async fn checked(cx: &Cx, caller: &Caller, mut asked: ScheduledPost) -> Result<ScheduledPost> {
    must_be_on(cx)?;
    if asked.scheduled_at <= cx.clock.now() {
        return Err(Refusal::SCHEDULED_TIME.into());
    }
    if asked.draft.is_empty() {
        return Err(Refusal::SCHEDULED_EMPTY.into());
    }
    let channel = posts::sendable(cx, caller, asked.draft.to_post()).await?;
    let attached = files::for_post(cx, caller, &channel, &asked.draft.file_ids).await?;
    asked.draft.file_ids = attached.iter().map(|f| f.id).collect();
    asked.draft.metadata = Metadata { files: attached, ..Metadata::default() };
    asked.draft.user_id = caller.id();
    asked.draft.delete_at = 0;
    asked.processed_at = 0;
    asked.error_code.clear();
    Ok(asked)
}

/// Keeps a message to be sent at its time.
///
/// # Errors
///
/// The time has passed, or it could not be posted now.
pub async fn create(cx: &Cx, caller: &Caller, asked: ScheduledPost, from: ConnectionId) -> Result<ScheduledPost> {
    let mut scheduled = checked(cx, caller, asked).await?;
    let now = cx.clock.now();
    scheduled.id = new_id();
    scheduled.draft.create_at = now;
    scheduled.draft.update_at = now;
    let made = scheduled.clone();
    let announced = told(&made, |scheduled| Event::ScheduledPostCreated { scheduled }, from);
    cx.store
        .write(move |tx| {
            let (scheduled, announced) = (made.clone(), announced.clone());
            Box::pin(async move {
                tx.scheduled_posts().insert(&scheduled).await?;
                order(tx, &scheduled, now).await?;
                tx.announce(announced);
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(scheduled)
}

async fn order(tx: &mut Tx, scheduled: &ScheduledPost, now: Millis) -> Result<()> {
    let job = SendScheduled { id: scheduled.id };
    let ordered = tx.jobs().order_in(&slot(scheduled.id), new_id(), &job, now, scheduled.scheduled_at).await?;
    // Whoever does the job has it in its slot.
    if ordered { Ok(()) } else { Err(Refusal::SCHEDULED_SENDING.into()) }
}

/// One of the caller's own.
async fn own(cx: &Cx, caller: &Caller, id: AnyId) -> Result<ScheduledPost> {
    let there = cx.store.scheduled_posts().by_id(id).await?.ok_or(Refusal::NO_SCHEDULED)?;
    if there.draft.user_id == caller.id() { Ok(there) } else { Err(Refusal::SCHEDULED_NOT_YOURS.into()) }
}

/// Changes the text, the files or the time; what could not be sent waits again.
///
/// # Errors
///
/// It is not the caller's, is being sent, or as for [`create`].
pub async fn update(
    cx: &Cx,
    caller: &Caller,
    id: AnyId,
    asked: ScheduledPost,
    from: ConnectionId,
) -> Result<ScheduledPost> {
    let there = own(cx, caller, id).await?;
    // Where it goes stays.
    let draft = Draft {
        channel_id: there.draft.channel_id,
        root_id: there.draft.root_id,
        kind: there.draft.kind,
        create_at: there.draft.create_at,
        ..asked.draft
    };
    let mut scheduled = checked(cx, caller, ScheduledPost { id, draft, ..asked }).await?;
    let now = cx.clock.now();
    scheduled.draft.update_at = now;
    let (made, announced) = (scheduled.clone(), told(&scheduled, updated, from));
    cx.store
        .write(move |tx| {
            let (scheduled, announced) = (made.clone(), announced.clone());
            Box::pin(async move {
                if !tx.scheduled_posts().update(&scheduled).await? {
                    return Err(Error::from(Refusal::NO_SCHEDULED));
                }
                tx.jobs().delete_slot(&slot(id)).await?;
                order(tx, &scheduled, now).await?;
                tx.announce(announced);
                Ok(())
            })
        })
        .await?;
    Ok(scheduled)
}

/// Does not send it after all.
///
/// # Errors
///
/// It is not the caller's.
pub async fn delete(cx: &Cx, caller: &Caller, id: AnyId, from: ConnectionId) -> Result<ScheduledPost> {
    must_be_on(cx)?;
    let there = own(cx, caller, id).await?;
    remove(cx, &there, from).await?;
    Ok(there)
}

async fn remove(cx: &Cx, scheduled: &ScheduledPost, from: ConnectionId) -> Result<()> {
    let (id, announced) = (scheduled.id, told(scheduled, deleted, from));
    cx.store
        .write(move |tx| {
            let announced = announced.clone();
            Box::pin(async move {
                tx.jobs().delete_slot(&slot(id)).await?;
                if tx.scheduled_posts().delete(id).await? {
                    tx.announce(announced);
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The caller's in a team, and those to people if they are wanted, each the next to be sent first.
///
/// # Errors
///
/// Sending later is switched off.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    team: TeamId,
    direct: bool,
) -> Result<BTreeMap<String, Vec<ScheduledPost>>> {
    must_be_on(cx)?;
    let mut all = cx.store.scheduled_posts().of_user(caller.id(), team, LISTED).await?;
    drafts::show_files(cx, all.iter_mut().map(|(scheduled, _)| &mut scheduled.draft)).await?;
    let mut by_team: BTreeMap<String, Vec<ScheduledPost>> = [(team.to_string(), Vec::new())].into();
    if direct {
        by_team.insert("directChannels".into(), Vec::new());
    }
    for (scheduled, of) in all {
        let key = if of.is_none() { "directChannels".to_owned() } else { of.to_string() };
        if let Some(list) = by_team.get_mut(&key) {
            list.push(scheduled);
        }
    }
    Ok(by_team)
}

/// Sends what is due: safe to repeat, since the message's id is its pending id. What is refused stays in the list with
/// the reason; where something else fails, it is tried again.
///
/// # Errors
///
/// The database fails.
pub async fn send(cx: &Cx, id: AnyId) -> Result<()> {
    let Some(scheduled) = cx.store.scheduled_posts().by_id(id).await? else { return Ok(()) };
    if scheduled.processed_at != 0 || scheduled.scheduled_at > cx.clock.now() {
        return Ok(());
    }
    let sent = async {
        let caller = access::acting_as(cx, scheduled.draft.user_id).await?;
        let new = NewPost { pending_post_id: format!("scheduled:{id}"), ..scheduled.draft.to_post() };
        posts::create(cx, &caller, new, false).await
    };
    match sent.await {
        Ok(_) => remove(cx, &scheduled, ConnectionId::NONE).await,
        Err(Error::Refused(refusal)) if refusal.status < 500 => fail(cx, scheduled, code(&refusal)).await,
        Err(error) => Err(error),
    }
}

/// How clients know a refusal.
fn code(refusal: &Refusal) -> &'static str {
    if *refusal == Refusal::USER_INACTIVE {
        "user_deleted"
    } else if *refusal == Refusal::POST_ARCHIVED {
        "channel_archived"
    } else if *refusal == Refusal::NO_CHANNEL {
        "channel_not_found"
    } else if *refusal == Refusal::POST_ROOT {
        "thread_deleted"
    } else if *refusal == Refusal::PERMISSION {
        "no_channel_permission"
    } else {
        "invalid_post"
    }
}

async fn fail(cx: &Cx, mut scheduled: ScheduledPost, code: &'static str) -> Result<()> {
    let (id, now) = (scheduled.id, cx.clock.now());
    code.clone_into(&mut scheduled.error_code);
    scheduled.processed_at = now;
    let announced = told(&scheduled, updated, ConnectionId::NONE);
    cx.store
        .write(move |tx| {
            let announced = announced.clone();
            Box::pin(async move {
                if tx.scheduled_posts().fail(id, code, now).await? {
                    tx.announce(announced);
                }
                Ok::<_, Error>(())
            })
        })
        .await
}
