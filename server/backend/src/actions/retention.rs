//! How long messages and files are kept: policies, and removing what is old in small pieces.

use crate::{
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{
    AnyId, Millis, PostId, Refusal,
    config::DataRetentionSettings,
    retention::{GlobalRetention, NAME_MAX, RetentionPatch, RetentionPolicy},
};
use std::collections::VecDeque;
use store::{
    files::RemoveContent,
    retention::{DataRetention, Old, Place, Scope},
};

const DAY: Millis = 24 * 60 * 60 * 1000;
/// The most posts that one change removes, whatever the settings say: others want to write, too.
const BATCH_MAX: i64 = 1_000;
/// Policies that are read at once.
const POLICIES: i64 = 200;
/// What is left of a message whose thread goes on.
const REMOVED: &str = "This message was removed because of its age.";

/// What holds where no policy says otherwise.
pub fn global(cx: &Cx) -> GlobalRetention {
    let config = cx.settings.get().data_retention.clone();
    let (message_retention_cutoff, file_retention_cutoff) = config.cutoffs(cx.clock.now());
    GlobalRetention {
        message_deletion_enabled: config.enable_message_deletion,
        file_deletion_enabled: config.enable_file_deletion,
        message_retention_cutoff,
        file_retention_cutoff,
    }
}

/// Makes a policy.
///
/// # Errors
///
/// A field is not right; a team or channel does not exist.
pub async fn create(cx: &Cx, new: RetentionPatch) -> Result<RetentionPolicy> {
    let mut policy = RetentionPolicy { id: new_id(), ..RetentionPolicy::default() };
    apply(&mut policy, &new)?;
    save(cx, policy, new, true).await
}

/// Changes a policy.
///
/// # Errors
///
/// There is none; as [`create`].
pub async fn patch(cx: &Cx, id: AnyId, patch: RetentionPatch) -> Result<RetentionPolicy> {
    let mut policy = cx.store.retention().by_id(id).await?.ok_or(Refusal::NO_RETENTION_POLICY)?;
    apply(&mut policy, &patch)?;
    save(cx, policy, patch, false).await
}

fn apply(policy: &mut RetentionPolicy, patch: &RetentionPatch) -> Result<(), Refusal> {
    if let Some(name) = &patch.display_name {
        name.trim().clone_into(&mut policy.display_name);
    }
    policy.post_duration = patch.post_duration.unwrap_or(policy.post_duration);
    if policy.display_name.is_empty() || policy.display_name.chars().count() > NAME_MAX {
        return Err(Refusal::RETENTION_NAME);
    }
    let sound = policy.post_duration == -1 || (1..=36_500).contains(&policy.post_duration);
    if sound { Ok(()) } else { Err(Refusal::RETENTION_DURATION) }
}

async fn save(cx: &Cx, policy: RetentionPolicy, patch: RetentionPatch, new: bool) -> Result<RetentionPolicy> {
    if let Some(teams) = &patch.team_ids {
        exist(cx, Place::Teams(teams)).await?;
    }
    if let Some(channels) = &patch.channel_ids {
        exist(cx, Place::Channels(channels)).await?;
    }
    let (id, now) = (policy.id, cx.clock.now());
    cx.store
        .write(move |tx| {
            let (policy, patch) = (policy.clone(), patch.clone());
            Box::pin(async move {
                if new {
                    tx.retention().insert(&policy, now).await?;
                } else {
                    tx.retention().update(&policy).await?;
                }
                if let Some(teams) = &patch.team_ids {
                    let before = tx.retention().teams(id, i64::MAX, 0).await?;
                    tx.retention().remove(Some(id), Place::Teams(&before)).await?;
                    tx.retention().add(id, Place::Teams(teams)).await?;
                }
                if let Some(channels) = &patch.channel_ids {
                    let before = tx.retention().channels(id, i64::MAX, 0).await?;
                    tx.retention().remove(Some(id), Place::Channels(&before)).await?;
                    tx.retention().add(id, Place::Channels(channels)).await?;
                }
                tx.retention().by_id(id).await?.ok_or_else(|| Error::from(Refusal::NO_RETENTION_POLICY))
            })
        })
        .await
}

/// Refuses teams and channels that are not there; conversations have no policies.
async fn exist(cx: &Cx, place: Place<'_>) -> Result<()> {
    match place {
        Place::Teams(ids) => {
            let found = cx.store.teams().by_ids(ids).await?;
            if ids.iter().all(|id| found.iter().any(|t| t.id == *id)) {
                Ok(())
            } else {
                Err(Refusal::RETENTION_TEAM.into())
            }
        }
        Place::Channels(ids) => {
            let found = cx.store.channels().by_ids(ids).await?;
            let there = |id| found.iter().any(|c| c.id == id && !c.kind.is_personal());
            if ids.iter().all(|id| there(*id)) { Ok(()) } else { Err(Refusal::RETENTION_CHANNEL.into()) }
        }
    }
}

/// Removes a policy.
///
/// # Errors
///
/// There is none.
pub async fn delete(cx: &Cx, id: AnyId) -> Result<()> {
    cx.store.retention().by_id(id).await?.ok_or(Refusal::NO_RETENTION_POLICY)?;
    cx.store.write(move |tx| Box::pin(async move { tx.retention().delete(id).await })).await.map_err(Error::from)
}

/// Gives teams or channels a policy, or takes it from them.
///
/// # Errors
///
/// There is no such policy, team or channel.
pub async fn set(cx: &Cx, id: AnyId, place: Place<'_>, on: bool) -> Result<()> {
    cx.store.retention().by_id(id).await?.ok_or(Refusal::NO_RETENTION_POLICY)?;
    if on {
        exist(cx, place).await?;
    }
    let (teams, channels) = match place {
        Place::Teams(ids) => (ids.to_vec(), Vec::new()),
        Place::Channels(ids) => (Vec::new(), ids.to_vec()),
    };
    cx.store
        .write(move |tx| {
            let (teams, channels) = (teams.clone(), channels.clone());
            Box::pin(async move {
                for place in [Place::Teams(&teams), Place::Channels(&channels)] {
                    if on {
                        tx.retention().add(id, place).await?;
                    } else {
                        tx.retention().remove(Some(id), place).await?;
                    }
                }
                Ok(())
            })
        })
        .await
        .map_err(|error: store::Error| error.into())
}

/// Orders the next night's removal, if anything is to be removed some day.
///
/// # Errors
///
/// The database fails.
pub async fn order_next(cx: &Cx) -> Result<()> {
    let config = cx.settings.get().data_retention.clone();
    let wanted =
        config.enable_message_deletion || config.enable_file_deletion || cx.store.retention().count().await? > 0;
    if !wanted {
        return Ok(());
    }
    let now = cx.clock.now();
    let due = config.next_start(now);
    cx.store
        .write(move |tx| {
            let slot = format!("data-retention-{}", due / DAY);
            Box::pin(async move { tx.jobs().order_in(&slot, new_id(), &DataRetention {}, now, due).await.map(drop) })
        })
        .await
        .map_err(Error::from)
}

/// What is to be removed of one kind.
#[derive(Clone, Copy, Debug)]
enum Task {
    /// Posts with all that hangs on them.
    Posts(Old),
    /// What posts say whose threads go on.
    Words(Old),
    /// Files from before a moment.
    Files(Millis),
}

/// A removal of what is old, which goes on in small pieces.
pub struct Removal {
    config: DataRetentionSettings,
    tasks: VecDeque<Task>,
}

impl Removal {
    /// Sees what there is to do.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn begin(cx: &Cx) -> Result<Self> {
        let config = cx.settings.get().data_retention.clone();
        let now = cx.clock.now();
        let keep_pinned = config.preserve_pinned_posts;
        let mut tasks = VecDeque::new();
        let mut add = |scope, before| {
            let old = Old { scope, before, keep_pinned };
            tasks.extend([Task::Posts(old), Task::Words(old)]);
        };
        let mut page = 0;
        loop {
            let policies = cx.store.retention().page(POLICIES, page * POLICIES).await?;
            for policy in policies.iter().filter(|p| p.post_duration > 0) {
                let before = now - policy.post_duration * DAY;
                add(Scope::Channels(policy.id), before);
                add(Scope::Teams(policy.id), before);
            }
            if (policies.len() as i64) < POLICIES {
                break;
            }
            page += 1;
        }
        let (before, files_before) = config.cutoffs(now);
        if config.enable_message_deletion {
            add(Scope::Rest, before);
        }
        if config.enable_file_deletion {
            tasks.push_back(Task::Files(files_before));
        }
        Ok(Self { config, tasks })
    }

    /// Removes a piece; false when nothing is left.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn go_on(&mut self, cx: &Cx) -> Result<bool> {
        let Some(task) = self.tasks.front().copied() else { return Ok(false) };
        let batch = self.config.batch_size.min(BATCH_MAX);
        let removed = match task {
            Task::Posts(old) => {
                let posts = cx.store.retention().old_posts(&old, batch).await?;
                remove(cx, posts, true).await?
            }
            Task::Words(old) => {
                let posts = cx.store.retention().old_roots(&old, batch).await?;
                remove(cx, posts, false).await?
            }
            Task::Files(before) => remove_files(cx, before, batch).await?,
        };
        if (removed as i64) < batch {
            self.tasks.pop_front();
        } else {
            // Leaves room for others.
            let pause = self.config.time_between_batches.unsigned_abs();
            tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        }
        Ok(true)
    }
}

/// Removes posts, or what they say; tells how many.
async fn remove(cx: &Cx, posts: Vec<PostId>, whole: bool) -> Result<usize> {
    let (count, now) = (posts.len(), cx.clock.now());
    if count == 0 {
        return Ok(0);
    }
    cx.store
        .write(move |tx| {
            let posts = posts.clone();
            Box::pin(async move {
                let paths = if whole {
                    tx.retention().purge(&posts, now).await?
                } else {
                    tx.retention().blank(&posts, REMOVED, now).await?
                };
                if !paths.is_empty() {
                    tx.jobs().order(new_id(), &RemoveContent { paths }, now, now).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(count)
}

/// Removes files; tells how many.
async fn remove_files(cx: &Cx, before: Millis, batch: i64) -> Result<usize> {
    let files = cx.store.retention().old_files(before, batch).await?;
    let (count, now) = (files.len(), cx.clock.now());
    if count == 0 {
        return Ok(0);
    }
    cx.store
        .write(move |tx| {
            let (ids, paths): (Vec<_>, Vec<_>) = files.iter().cloned().unzip();
            Box::pin(async move {
                tx.retention().purge_files(&ids).await?;
                tx.jobs().order(new_id(), &RemoveContent { paths }, now, now).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(count)
}
