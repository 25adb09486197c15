//! What the server wrote about its own work, from the end of its log file, and what clients report of theirs.

use super::{
    Routes,
    extract::{Json, Query},
    guard::Guard,
};
use crate::error::{Error, Result};
use axum::response::{IntoResponse, Response};
use http::header;
use model::{StringMap, endpoint::Method, permission::Permission};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::SeekFrom;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

pub(super) fn routes(r: Routes) -> Routes {
    let read = Guard::System(Permission::GetLogs);
    r.at(Method::Get, "/logs", read, page)
        .at(Method::Post, "/logs", Guard::SignedIn, note)
        .at(Method::Post, "/logs/query", read, query)
        .at(Method::Get, "/logs/download", read, download)
}

/// How much of the file's end is looked at.
const LOOKED_AT: u64 = 8 * 1024 * 1024;
/// The most lines of an answer.
const MOST_LINES: usize = 10_000;

/// The last lines of the log file, oldest first; without a file none.
pub(super) async fn tail() -> Result<String> {
    let mut file = match tokio::fs::File::open(crate::LOG_FILE).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(Error::internal(error)),
    };
    let length = file.metadata().await.map_err(Error::internal)?.len();
    let from = length.saturating_sub(LOOKED_AT);
    file.seek(SeekFrom::Start(from)).await.map_err(Error::internal)?;
    let mut bytes = Vec::new();
    file.take(LOOKED_AT).read_to_end(&mut bytes).await.map_err(Error::internal)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // The first line may begin in the middle.
    Ok(if from == 0 { text } else { text.split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned()) })
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Which {
    page: Option<String>,
    logs_per_page: Option<String>,
}

async fn page(Query(which): Query<Which>) -> Result<Json<Vec<String>>> {
    let number = |text: Option<String>, other: usize| text.and_then(|t| t.parse().ok()).unwrap_or(other);
    let per_page = number(which.logs_per_page, 10_000).min(MOST_LINES);
    let skipped = number(which.page, 0).saturating_mul(per_page);
    let text = tail().await?;
    let mut lines: Vec<String> = text.lines().rev().skip(skipped).take(per_page).map(|l| format!("{l}\n")).collect();
    lines.reverse();
    Ok(Json(lines))
}

/// What a client reports. It may say anything, so it is written as a client's and never as more than a warning.
async fn note(Json(report): Json<StringMap>) -> Json<StringMap> {
    let level = report.get("level").map_or("", String::as_str);
    let message: String = report.get("message").map_or("", String::as_str).chars().take(400).collect();
    if level.eq_ignore_ascii_case("error") {
        tracing::warn!(message, "a client reports");
    } else {
        tracing::debug!(message, "a client reports");
    }
    Json(report)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Filter {
    log_levels: Vec<String>,
    date_from: String,
    date_to: String,
}

/// Lines by level and time. The answer has a list per server; there is one.
async fn query(Json(filter): Json<Filter>) -> Result<Json<Value>> {
    let text = tail().await?;
    let wanted = |line: &Value| {
        let text_of = |name: &str| line[name].as_str().unwrap_or_default();
        let level =
            filter.log_levels.is_empty() || filter.log_levels.iter().any(|l| l.eq_ignore_ascii_case(text_of("level")));
        let at = text_of("timestamp");
        level
            && (filter.date_from.is_empty() || at >= filter.date_from.as_str())
            && (filter.date_to.is_empty() || at <= filter.date_to.as_str())
    };
    let lines = text.lines().rev().filter_map(|l| serde_json::from_str::<Value>(l).ok()).filter(wanted);
    let mut found: Vec<Value> = lines.take(MOST_LINES).map(as_clients_read).collect();
    found.reverse();
    Ok(Json(json!({"default": found})))
}

/// A line in the words of the console: time, level, message, and where it comes from.
fn as_clients_read(line: Value) -> Value {
    let Value::Object(mut fields) = line["fields"].clone() else { return line };
    let message = fields.remove("message").unwrap_or_default();
    let level = line["level"].as_str().unwrap_or_default().to_lowercase();
    fields.insert("timestamp".into(), line["timestamp"].clone());
    fields.insert("level".into(), level.into());
    fields.insert("msg".into(), message);
    fields.insert("caller".into(), line["target"].clone());
    Value::Object(fields)
}

async fn download() -> Result<Response> {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"confab.log\""),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, tail().await?).into_response())
}
