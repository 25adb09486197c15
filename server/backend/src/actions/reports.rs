//! Reports about people, for administrators: read by pages, or written as a file that the server sends.

use super::{files::Incoming, system_bot};
use crate::{
    access::Caller,
    clock::new_id,
    cx::Cx,
    error::{Error, Result},
    files::Spool,
};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use model::{
    AnyId, Millis, Refusal, UserId,
    posts::Props,
    reports::{UserReport, UserReportQuery},
};
use std::collections::BTreeMap;
use store::{
    jobs::ExportUsers,
    user_reports::{Activity, Column, Cursor, Page},
    users::{Rank, Term, Which},
};

/// What a query asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub which: Which,
    term: String,
    column: Column,
    descending: bool,
    backwards: bool,
    pub cursor: Option<Cursor>,
    /// When what people wrote counts: from this moment on, and before that one.
    from: Millis,
    to: Millis,
}

impl Wanted {
    /// Reads a query at a moment.
    ///
    /// # Errors
    ///
    /// A value is none, or nobody could be left.
    pub fn of(query: &UserReportQuery, now: Millis) -> Result<Self, Refusal> {
        let column = match query.sort_column.as_str() {
            "" | "Username" => Column::Username,
            "CreateAt" => Column::CreateAt,
            "FirstName" => Column::FirstName,
            "LastName" => Column::LastName,
            "Nickname" => Column::Nickname,
            "Email" => Column::Email,
            "Roles" => Column::Roles,
            _ => return Err(Refusal::REPORT_COLUMN),
        };
        let team = Some(query.team_filter.as_str()).filter(|t| !t.is_empty());
        let in_team = team.map(str::parse).transpose().map_err(|_| Refusal::REPORT_TEAM)?;
        let (hide_active, hide_inactive) = (query.hide_active == "true", query.hide_inactive == "true");
        let active = match (hide_active, hide_inactive) {
            (true, true) => return Err(Refusal::REPORT_ACTIVE),
            (true, false) => Some(false),
            (false, true) => Some(true),
            (false, false) => None,
        };
        let role = query.role_filter.as_str();
        let ranks: Vec<Rank> = Rank::of(role).into_iter().collect();
        let roles = if role.is_empty() || !ranks.is_empty() { Vec::new() } else { vec![role.to_owned()] };
        let which = Which {
            in_team,
            without_team: query.has_no_team == "true",
            active,
            ranks,
            roles,
            no_bots: true,
            ..Which::default()
        };
        let (from, to) = range(&query.date_range, now);
        Ok(Self {
            which,
            term: query.search_term.clone(),
            column,
            descending: query.sort_direction == "desc",
            backwards: query.direction == "prev",
            cursor: query.from_id.parse().ok().map(|id| Cursor { value: query.from_column_value.clone(), id }),
            from,
            to,
        })
    }

    /// What is looked for in names and addresses.
    pub fn term(&self) -> Term<'_> {
        Term { text: &self.term, emails: true, full_names: true }
    }

    /// Whom the page after somebody goes on from.
    fn after(&self, report: &UserReport) -> Cursor {
        let user = &report.user;
        let value = match self.column {
            Column::Username => user.username.clone(),
            Column::CreateAt => user.create_at.to_string(),
            Column::FirstName => user.first_name.clone(),
            Column::LastName => user.last_name.clone(),
            Column::Nickname => user.nickname.clone(),
            Column::Email => user.email.clone(),
            Column::Roles => user.roles.clone(),
        };
        Cursor { value, id: user.id }
    }
}

/// The moments between which something counts, in UTC.
fn range(name: &str, now: Millis) -> (Millis, Millis) {
    let today = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned_datetime(TimeZone::UTC);
    let month = |back: i64| {
        let day = today.first_of_month().ok()?.start_of_day().ok()?;
        Some(day.checked_sub(back.months()).ok()?.timestamp().as_millisecond())
    };
    let since = |span: jiff::Span| today.checked_sub(span).map_or(0, |at| at.timestamp().as_millisecond());
    match name {
        "last_30_days" => (since(30.days()), Millis::MAX),
        "previous_month" => (month(1).unwrap_or(0), month(0).unwrap_or(Millis::MAX)),
        "last_6_months" => (since(6.months()), Millis::MAX),
        _ => (0, Millis::MAX),
    }
}

/// A page of a report.
///
/// # Errors
///
/// The database fails.
pub async fn page(cx: &Cx, wanted: &Wanted, from: Option<&Cursor>, limit: i64) -> Result<Vec<UserReport>> {
    let page = Page { column: wanted.column, descending: wanted.descending, from, backwards: wanted.backwards, limit };
    let users = cx.store.users().report(&wanted.which, wanted.term(), &page).await?;
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<UserId> = users.iter().map(|u| u.id).collect();
    let activity = cx.store.users().activity(&ids, wanted.from, wanted.to).await?;
    let mut activity: BTreeMap<UserId, Activity> = activity.into_iter().map(|a| (a.user_id, a)).collect();
    let report = |user: model::users::User| {
        let Activity { last_login, last_status_at, last_post_date, days_active, total_posts, .. } =
            activity.remove(&user.id).unwrap_or_default();
        UserReport { user, last_login, last_status_at, last_post_date, days_active, total_posts }
    };
    Ok(users.into_iter().map(report).collect())
}

/// Has a report written for the caller.
///
/// # Errors
///
/// The query is not right; one that they ordered before is being written.
pub async fn order(cx: &Cx, caller: &Caller, query: UserReportQuery) -> Result<()> {
    let (now, by) = (cx.clock.now(), caller.id());
    Wanted::of(&query, now)?;
    // A file is of everybody, whatever page somebody looks at.
    let query = UserReportQuery { from_id: String::new(), direction: String::new(), ..query };
    let order = ExportUsers { by, query };
    let ordered = cx
        .store
        .write(move |tx| {
            let order = order.clone();
            Box::pin(async move { tx.jobs().order_in(&format!("export-{by}"), new_id(), &order, now, now).await })
        })
        .await
        .map_err(Error::from)?;
    if ordered { Ok(()) } else { Err(Refusal::REPORT_EXPORT_WAITS.into()) }
}

/// People of an export that are read at once.
const AT_ONCE: i64 = 500;

/// An export that is being written.
pub struct Export {
    wanted: Wanted,
    spool: Spool,
    from: Option<Cursor>,
    written: i64,
    total: i64,
}

impl Export {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// The query is not right; the file store or the database fails.
    pub async fn begin(cx: &Cx, query: &UserReportQuery) -> Result<Self> {
        let wanted = Wanted::of(query, cx.clock.now())?;
        let total = cx.store.users().report_count(&wanted.which, wanted.term()).await?;
        let mut spool = cx.files.spool().await?;
        let header = "Id,Username,Email,CreateAt,Name,Roles,LastLogin,LastStatusAt,LastPostDate,DaysActive,TotalPosts";
        spool.write(format!("{header}\r\n").as_bytes()).await?;
        Ok(Self { wanted, spool, from: None, written: 0, total })
    }

    /// Writes some more; says how far it is in percent, none when all is written.
    ///
    /// # Errors
    ///
    /// The file store or the database fails.
    pub async fn go_on(&mut self, cx: &Cx) -> Result<Option<i64>> {
        let found = page(cx, &self.wanted, self.from.as_ref(), AT_ONCE).await?;
        let text: String = found.iter().map(line).collect();
        self.spool.write(text.as_bytes()).await?;
        self.written += found.len() as i64;
        self.from = found.last().map(|last| self.wanted.after(last));
        if (found.len() as i64) < AT_ONCE {
            return Ok(None);
        }
        Ok(Some((self.written * 100 / self.total.max(1)).clamp(0, 99)))
    }

    /// Sends the file to whoever ordered it.
    ///
    /// # Errors
    ///
    /// They are gone; the file store or the database fails.
    pub async fn send(self, cx: &Cx, to: UserId, job: AnyId) -> Result<()> {
        let day = moment(cx.clock.now());
        let name = format!("people-{}.csv", day.get(..10).unwrap_or_default());
        let message = format!("Here is the report about people that you ordered: {} of them.", self.written);
        let file = Incoming { name, spool: self.spool };
        system_bot::write_with(cx, to, message, Props::default(), format!("export-{job}"), vec![file]).await.map(drop)
    }
}

/// A row of the file.
fn line(report: &UserReport) -> String {
    let user = &report.user;
    let cells = [
        user.id.to_string(),
        user.username.clone(),
        user.email.clone(),
        moment(user.create_at),
        user.display_name(),
        user.roles.clone(),
        moment(report.last_login),
        moment(report.last_status_at),
        moment(report.last_post_date),
        report.days_active.to_string(),
        report.total_posts.to_string(),
    ];
    cells.map(|cell| quoted(&cell)).join(",") + "\r\n"
}

/// `2026-11-26T20:15:00Z`, or nothing for never.
pub(super) fn moment(at: Millis) -> String {
    if at == 0 {
        return String::new();
    }
    Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// A cell. What a table would take for a formula is text.
pub(super) fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas_and_end_where_they_end() {
        let cells = ["plain", "a,b", "say \"x\"", "=1+1", "@ann"].map(quoted);
        assert_eq!(cells, ["plain", "\"a,b\"", "\"say \"\"x\"\"\"", "'=1+1", "'@ann"]);
        assert_eq!((moment(0), moment(1_790_000_000_000)), (String::new(), "2026-09-21T14:13:20Z".to_owned()));
    }

    #[test]
    fn ranges_are_days_and_months_before_now() {
        let now = 1_790_000_000_000; // 21 September 2026
        let day = 24 * 60 * 60 * 1000;
        assert_eq!(range("last_30_days", now), (now - 30 * day, Millis::MAX));
        let (from, to) = range("previous_month", now);
        assert_eq!((moment(from), moment(to)), ("2026-08-01T00:00:00Z".into(), "2026-09-01T00:00:00Z".into()));
        assert_eq!(moment(range("last_6_months", now).0), "2026-03-21T14:13:20Z");
        assert_eq!(range("all_time", now), (0, Millis::MAX));
    }
}
