//! Reminders: somebody hears of a post again at a time they chose.

use super::system_bot;
use crate::{
    access,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
};
use model::{PostId, Refusal, UserId, posts::Props};
use store::jobs::Remind;

/// Reminds somebody of a post at a time, in seconds since 1970; instead of any time chosen before.
///
/// # Errors
///
/// The time has passed.
pub async fn set(cx: &Cx, user: UserId, post: PostId, target_time: i64) -> Result<()> {
    let now = cx.clock.now();
    let due = target_time.saturating_mul(1000);
    if due <= now {
        return Err(Refusal::REMINDER_TIME.into());
    }
    let (slot, job) = (format!("remind:{user}:{post}"), Remind { user_id: user, post_id: post, target_time });
    cx.store
        .write(move |tx| {
            let (slot, job) = (slot.clone(), job.clone());
            Box::pin(async move {
                tx.jobs().delete_slot(&slot).await?;
                tx.jobs().order_in(&slot, new_id(), &job, now, due).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Writes the reminder. What the person may no longer read is not spoken of.
///
/// # Errors
///
/// The database fails.
pub async fn tell(cx: &Cx, job: &Remind) -> Result<()> {
    let Some((post, channel)) = access::post_in_channel(cx, job.post_id).await? else { return Ok(()) };
    let caller = match access::acting_as(cx, job.user_id).await {
        Err(Error::Refused(_)) => return Ok(()),
        found => found?,
    };
    if !access::may_read(cx, &caller, &channel).await? {
        return Ok(());
    }
    let author = access::user(cx, post.user_id).await?;
    // A message to people belongs to no team; it is opened in any of the reader's.
    let team = if channel.team_id.is_some() {
        access::find_team(cx, channel.team_id).await?.map(|t| t.name.clone())
    } else {
        cx.store.teams().of_user(caller.id()).await?.into_iter().map(|t| t.name).next()
    };
    let team = team.unwrap_or_default();
    let site = cx.settings.get().service.site_url.trim_end_matches('/').to_owned();
    let link = if team.is_empty() { String::new() } else { format!(": {site}/{team}/pl/{}", post.id) };
    let message = format!("You asked to be reminded of a message from @{}{link}", author.username);
    let props = Props::from_iter([
        ("post_id".to_owned(), post.id.as_str().into()),
        ("team_name".to_owned(), team.into()),
        ("username".to_owned(), author.username.as_str().into()),
        ("target_time".to_owned(), job.target_time.into()),
    ]);
    let pending = format!("remind:{}:{}:{}", job.user_id, job.post_id, job.target_time);
    system_bot::write(cx, job.user_id, message, props, pending).await.map(drop)
}
