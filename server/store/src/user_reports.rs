//! Reports about people, for administrators: pages by cursor, and how active each has been.

use crate::{
    Result, Users,
    db::{Dialect, Query, Row},
    users::{Sort, Term, Which, columns, matching, restrict, user},
};
use model::{Millis, UserId, users::User};

/// What a report is in the order of; people of the same value are in the order of their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    #[default]
    Username,
    CreateAt,
    FirstName,
    LastName,
    Nickname,
    Email,
    Roles,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Username => "u.username",
            Self::CreateAt => "u.create_at",
            Self::FirstName => "u.first_name",
            Self::LastName => "u.last_name",
            Self::Nickname => "u.nickname",
            Self::Email => "u.email",
            Self::Roles => "u.roles",
        }
    }
}

/// Whom a page goes on from: their value in the column, and their id.
#[derive(Clone, Debug)]
pub struct Cursor {
    pub value: String,
    pub id: UserId,
}

/// A page of a report.
#[derive(Clone, Debug, Default)]
pub struct Page<'a> {
    pub column: Column,
    pub descending: bool,
    pub from: Option<&'a Cursor>,
    /// The page before `from` and not after it; in the same order.
    pub backwards: bool,
    pub limit: i64,
}

/// How active somebody has been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    pub user_id: UserId,
    pub last_login: Millis,
    pub last_status_at: Millis,
    pub last_post_date: Millis,
    /// On how many days, in UTC, they wrote.
    pub days_active: i64,
    pub total_posts: i64,
}

impl Users<'_> {
    /// A page of those described whose names fit a term.
    pub async fn report(&mut self, which: &Which, term: Term<'_>, page: &Page<'_>) -> Result<Vec<User>> {
        let mut query = Query::new(self.db.dialect(), concat!("SELECT ", columns!(), " FROM users u"));
        described(&mut query, which, term);
        let descends = page.descending != page.backwards;
        let column = page.column.name();
        if let Some(from) = page.from {
            query.push(" AND (").push(column).push(if descends { ", u.id) < (" } else { ", u.id) > (" });
            match page.column {
                Column::CreateAt => query.arg(from.value.parse::<Millis>().unwrap_or(0)),
                _ => query.arg(from.value.as_str()),
            };
            query.push(", ").arg(from.id).push(")");
        }
        query.push(" ORDER BY ").push(column).push(if descends { " DESC, u.id DESC" } else { ", u.id" });
        query.page(page.limit, 0);
        let (text, args) = query.done();
        let mut found = self.db.all(text, args, user).await?;
        if page.backwards {
            found.reverse();
        }
        Ok(found)
    }

    /// How many there are of those described whose names fit a term.
    pub async fn report_count(&mut self, which: &Which, term: Term<'_>) -> Result<i64> {
        let mut query = Query::new(self.db.dialect(), "SELECT COUNT(*) FROM users u");
        described(&mut query, which, term);
        let (text, args) = query.done();
        self.db.count(text, args).await
    }

    /// How active several people have been, in the order of their ids; what they wrote counts from a moment to another.
    pub async fn activity(&mut self, ids: &[UserId], from: Millis, to: Millis) -> Result<Vec<Activity>> {
        let dialect = self.db.dialect();
        let mut found: std::collections::BTreeMap<UserId, Activity> =
            ids.iter().map(|id| (*id, Activity { user_id: *id, ..Activity::default() })).collect();
        let mut query = Query::new(dialect, "SELECT user_id, MAX(create_at), COUNT(*), COUNT(DISTINCT ");
        // In MySQL the usual division makes a fraction.
        query.push(match dialect {
            Dialect::MySql => "create_at DIV 86400000",
            Dialect::Sqlite | Dialect::Postgres => "create_at / 86400000",
        });
        query.push(") FROM posts WHERE is_counted = TRUE AND create_at >= ").arg(from);
        query.push(" AND create_at < ").arg(to).push(" AND user_id").within(ids).push(" GROUP BY user_id");
        let (text, args) = query.done();
        let rows = self.db.all(text, args, |row| {
            Ok(Activity {
                user_id: row.take()?,
                last_post_date: row.take()?,
                total_posts: row.take()?,
                days_active: row.take()?,
                ..Activity::default()
            })
        });
        found.extend(rows.await?.into_iter().map(|row| (row.user_id, row)));
        for (id, at) in self.latest("SELECT user_id, MAX(create_at) FROM sessions WHERE user_id", ids).await? {
            found.entry(id).or_default().last_login = at;
        }
        for (id, at) in self.latest("SELECT user_id, MAX(last_activity_at) FROM statuses WHERE user_id", ids).await? {
            found.entry(id).or_default().last_status_at = at;
        }
        Ok(found.into_values().collect())
    }

    async fn latest(&mut self, select: &'static str, ids: &[UserId]) -> Result<Vec<(UserId, Millis)>> {
        let mut query = Query::new(self.db.dialect(), select);
        query.within(ids).push(" GROUP BY user_id");
        let (text, args) = query.done();
        self.db.all(text, args, |row: &mut Row| Ok((row.take()?, row.take()?))).await
    }
}

fn described(query: &mut Query, which: &Which, term: Term<'_>) {
    restrict(query, which, Sort::Username);
    for word in term.text.trim_start_matches('@').to_lowercase().split_whitespace() {
        matching(query, word, term);
    }
}
