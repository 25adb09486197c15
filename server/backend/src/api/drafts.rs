//! Drafts, messages that are sent later, and reminders.

use super::{
    Routes,
    extract::{Connection, Created, Done, Found, Json, Path, Query},
    guard::{Guard, Whose},
};
use crate::{
    access::{self, Caller},
    actions::{drafts, reminders, scheduled_posts},
    cx::Cx,
    error::Result,
};
use model::{
    AnyId, ChannelId, PostId, Refusal, TeamId,
    drafts::{
        DeleteDraft, DeleteScheduledPost, DeleteThreadDraft, Draft, ListDrafts, ListScheduledPosts, Reminder,
        SaveDraft, SchedulePost, ScheduledPost, ScheduledQuery, SetReminder, UpdateScheduledPost,
    },
    permission::Permission,
    teams::Team,
};
use std::collections::BTreeMap;

pub(super) fn routes(r: Routes) -> Routes {
    r.on::<SaveDraft, _>(Guard::InAction("the channel is in the body"), save)
        .on::<ListDrafts, _>(Guard::InAction("oneself only, in a team one may see"), list)
        .on::<DeleteDraft, _>(Guard::InAction("oneself only"), delete)
        .on::<DeleteThreadDraft, _>(Guard::InAction("oneself only"), delete_in_thread)
        .on::<SchedulePost, _>(Guard::InAction("the channel is in the body"), schedule)
        .on::<UpdateScheduledPost, _>(Guard::InAction("one's own only"), reschedule)
        .on::<DeleteScheduledPost, _>(Guard::InAction("one's own only"), unschedule)
        .on::<ListScheduledPosts, _>(Guard::InTeam(Permission::ViewTeam), scheduled)
        .on::<SetReminder, _>(Guard::Me(Permission::EditOtherUsers), remind)
}

/// Drafts are nobody else's business, whatever one may do.
fn must_be_oneself(caller: &Caller, user: &str) -> Result<()> {
    if caller.resolve(user)? == caller.id() { Ok(()) } else { Err(Refusal::missing(Permission::EditOtherUsers).into()) }
}

async fn save(
    cx: Cx,
    caller: Caller,
    Connection(from): Connection,
    Json(draft): Json<Draft>,
) -> Result<Created<Draft>> {
    Ok(Created(drafts::save(&cx, &caller, draft, from).await?))
}

async fn list(cx: Cx, caller: Caller, Path((user, team)): Path<(String, TeamId)>) -> Result<Json<Vec<Draft>>> {
    must_be_oneself(&caller, &user)?;
    access::must_in_team(&cx, &caller, team, Permission::ViewTeam).await?;
    Ok(Json(drafts::list(&cx, &caller, team).await?))
}

async fn delete(
    cx: Cx,
    caller: Caller,
    Connection(from): Connection,
    Path((user, channel)): Path<(String, ChannelId)>,
) -> Result<Json<Draft>> {
    must_be_oneself(&caller, &user)?;
    let gone = drafts::delete(&cx, &caller, channel, PostId::NONE, from).await?;
    Ok(Json(gone.ok_or(Refusal::NO_DRAFT)?))
}

async fn delete_in_thread(
    cx: Cx,
    caller: Caller,
    Connection(from): Connection,
    Path((user, channel, root)): Path<(String, ChannelId, PostId)>,
) -> Result<Json<Draft>> {
    must_be_oneself(&caller, &user)?;
    let gone = drafts::delete(&cx, &caller, channel, root, from).await?;
    Ok(Json(gone.ok_or(Refusal::NO_DRAFT)?))
}

async fn schedule(
    cx: Cx,
    caller: Caller,
    Connection(from): Connection,
    Json(asked): Json<ScheduledPost>,
) -> Result<Created<ScheduledPost>> {
    Ok(Created(scheduled_posts::create(&cx, &caller, asked, from).await?))
}

async fn reschedule(
    cx: Cx,
    caller: Caller,
    Connection(from): Connection,
    Path(id): Path<AnyId>,
    Json(asked): Json<ScheduledPost>,
) -> Result<Json<ScheduledPost>> {
    Ok(Json(scheduled_posts::update(&cx, &caller, id, asked, from).await?))
}

async fn unschedule(
    cx: Cx,
    caller: Caller,
    Connection(from): Connection,
    Path(id): Path<AnyId>,
) -> Result<Json<ScheduledPost>> {
    Ok(Json(scheduled_posts::delete(&cx, &caller, id, from).await?))
}

async fn scheduled(
    cx: Cx,
    caller: Caller,
    Found(team): Found<Team>,
    Query(query): Query<ScheduledQuery>,
) -> Result<Json<BTreeMap<String, Vec<ScheduledPost>>>> {
    let direct = query.include_direct_channels.as_deref() == Some("true");
    Ok(Json(scheduled_posts::list(&cx, &caller, team.id, direct).await?))
}

async fn remind(
    cx: Cx,
    caller: Caller,
    Whose(user): Whose,
    Path((_, id)): Path<(String, PostId)>,
    Json(reminder): Json<Reminder>,
) -> Result<Done> {
    let (post, channel) = access::post_in_channel(&cx, id).await?.ok_or(Refusal::NO_POST)?;
    if !access::may_read(&cx, &caller, &channel).await? {
        return Err(Refusal::missing(Permission::ReadChannel).into());
    }
    reminders::set(&cx, user, post.id, reminder.target_time).await?;
    Ok(Done)
}
