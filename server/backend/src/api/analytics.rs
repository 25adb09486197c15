//! Statistics for administrators, and how much of everything there is.

use super::{
    Routes,
    extract::{Json, Query},
    guard::Guard,
};
use crate::{cx::Cx, error::Result};
use model::{Millis, Refusal, TeamId, endpoint::Method, permission::Permission};
use serde::Deserialize;
use serde_json::{Value, json};
use store::analytics::Daily;

pub(super) fn routes(r: Routes) -> Routes {
    r.at(Method::Get, "/analytics/old", Guard::System(Permission::GetAnalytics), counts)
        .at(Method::Get, "/usage/posts", Guard::SignedIn, posts)
        .at(Method::Get, "/usage/storage", Guard::SignedIn, storage)
        .at(Method::Get, "/usage/teams", Guard::SignedIn, teams)
}

const DAY: Millis = 24 * 60 * 60 * 1000;

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Asked {
    name: String,
    team_id: TeamId,
}

async fn counts(cx: Cx, Query(asked): Query<Asked>) -> Result<Json<Value>> {
    let team = Some(asked.team_id).filter(|id| !id.is_none());
    let key = (asked.name.clone(), asked.team_id);
    if let Some(kept) = cx.caches.analytics.get(&key) {
        return Ok(Json(kept));
    }
    let rows = match asked.name.as_str() {
        "" | "standard" => standard(&cx, team).await?,
        "extra_counts" => extra(&cx).await?,
        "post_counts_day" => daily(&cx, Daily::Posts, team).await?,
        "bot_post_counts_day" => daily(&cx, Daily::PostsOfBots, team).await?,
        "user_counts_with_posts_day" => daily(&cx, Daily::PeopleWhoPosted, team).await?,
        _ => return Err(Refusal::body("name").into()),
    };
    let rows: Vec<Value> = rows.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let answer = Value::from(rows);
    cx.caches.analytics.insert(key, answer.clone());
    Ok(Json(answer))
}

type Rows = Vec<(String, i64)>;

async fn standard(cx: &Cx, team: Option<TeamId>) -> Result<Rows> {
    let (store, now) = (&cx.store, cx.clock.now());
    let rows = [
        ("channel_open_count", store.analytics().channels("O", team).await?),
        ("channel_private_count", store.analytics().channels("P", team).await?),
        ("post_count", store.analytics().posts(team).await?),
        ("unique_user_count", store.analytics().people(team).await?),
        ("team_count", store.analytics().teams().await?),
        ("total_websocket_connections", cx.hub.count() as i64),
        ("total_master_db_connections", cx.settings.get().sql.max_open_conns),
        ("total_read_db_connections", 0),
        ("daily_active_users", store.analytics().active_since(now - DAY).await?),
        ("monthly_active_users", store.analytics().active_since(now - 31 * DAY).await?),
        ("inactive_user_count", store.analytics().deactivated().await?),
    ];
    Ok(rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

async fn extra(cx: &Cx) -> Result<Rows> {
    Ok(vec![("session_count".to_owned(), cx.store.sessions().count(cx.clock.now()).await?)])
}

async fn daily(cx: &Cx, what: Daily, team: Option<TeamId>) -> Result<Rows> {
    let since = cx.clock.now() - 31 * DAY;
    let counts = cx.store.analytics().daily(what, team, since).await?;
    let dated = |(day, count): (i64, i64)| {
        let date = jiff::Timestamp::from_millisecond(day * DAY).ok()?.strftime("%Y-%m-%d").to_string();
        Some((date, count))
    };
    Ok(counts.into_iter().filter_map(dated).collect())
}

/// Mattermost: everybody may ask, so the number is rounded.
async fn posts(cx: Cx) -> Result<Json<Value>> {
    let key = ("usage/posts".to_owned(), TeamId::NONE);
    if let Some(kept) = cx.caches.analytics.get(&key) {
        return Ok(Json(kept));
    }
    let count = cx.store.analytics().posts(None).await?;
    let answer = json!({"count": rounded(count)});
    cx.caches.analytics.insert(key, answer.clone());
    Ok(Json(answer))
}

/// The same of the bytes of all files.
async fn storage(cx: Cx) -> Result<Json<Value>> {
    let key = ("usage/storage".to_owned(), TeamId::NONE);
    if let Some(kept) = cx.caches.analytics.get(&key) {
        return Ok(Json(kept));
    }
    let bytes = cx.store.analytics().bytes().await?;
    let answer = json!({"bytes": rounded(bytes)});
    cx.caches.analytics.insert(key, answer.clone());
    Ok(Json(answer))
}

/// To the number of its first digit: 1234 is 1000.
fn rounded(count: i64) -> i64 {
    let digits = count.max(1).ilog10();
    let unit = 10_i64.pow(digits);
    count / unit * unit
}

async fn teams(cx: Cx) -> Result<Json<Value>> {
    Ok(Json(json!({"active": cx.store.analytics().teams().await?, "cloud_archived": 0})))
}
