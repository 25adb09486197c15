//! Reports for administrators.

use crate::{Millis, endpoint::Done, endpoints, is_zero, users::User};
use serde::{Deserialize, Serialize};

/// The most people on a page.
pub const PAGE_MAX: i64 = 100;

/// Which people, in which order, and from where on. Texts, as they stand in an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UserReportQuery {
    /// `Username`, `CreateAt`, `FirstName`, `LastName`, `Nickname`, `Email` or `Roles`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort_column: String,
    /// `desc` for the other way round.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort_direction: String,
    /// `prev` for the page before the cursor.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub direction: String,
    /// 1 to 100; 50 if there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page_size: String,
    /// The cursor: the value in the column of the last one of the page before, or the first one of the page after.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from_column_value: String,
    /// The cursor: their id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from_id: String,
    /// What they wrote counts in `last_30_days`, `previous_month`, `last_6_months`, or at any time.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date_range: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role_filter: String,
    /// The id of a team they are in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub team_filter: String,
    /// `true`: only those who are in no team.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub has_no_team: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hide_active: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hide_inactive: String,
    /// The beginning of names or of the address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search_term: String,
}

/// Somebody, and how active they have been.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UserReport {
    #[serde(flatten)]
    pub user: User,
    /// Of the sessions that are still kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub last_login: Millis,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_status_at: Millis,
    #[serde(skip_serializing_if = "is_zero")]
    pub last_post_date: Millis,
    /// On how many days they wrote.
    #[serde(skip_serializing_if = "is_zero")]
    pub days_active: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub total_posts: i64,
}

endpoints! {
    /// A page of people with how active they have been.
    ListUserReports() GET "/reports/users" ?UserReportQuery => Vec<UserReport>;
    /// How many people a report has.
    CountUserReports() GET "/reports/users/count" ?UserReportQuery => i64;
    /// Has a report written as a file, which the server sends to whoever ordered it.
    ExportUserReports() POST "/reports/users/export" ?UserReportQuery => Done;
}
