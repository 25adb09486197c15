//! Reports of what was written, for those who have to be able to show it.

use crate::{AnyId, Millis, UserId, endpoints, null_default, system::Page};
use serde::{Deserialize, Serialize};

/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 512;
/// The longest list of words or addresses, in characters.
pub const LIST_MAX: usize = 512;

/// Where a report is.
pub mod status {
    pub const CREATED: &str = "created";
    pub const RUNNING: &str = "running";
    pub const FINISHED: &str = "finished";
    pub const FAILED: &str = "failed";
}

/// Somebody ordered it.
pub const ADHOC: &str = "adhoc";
/// The server makes one of each day.
pub const DAILY: &str = "daily";

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ComplianceReport {
    pub id: AnyId,
    pub create_at: Millis,
    /// Who ordered it; empty if it is daily.
    pub user_id: UserId,
    /// One of [`status`].
    pub status: String,
    /// How many messages it has.
    pub count: i64,
    #[serde(rename = "desc", deserialize_with = "null_default")]
    pub description: String,
    /// [`ADHOC`] or [`DAILY`].
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    /// Messages from this moment on.
    pub start_at: Millis,
    /// Messages until this moment.
    pub end_at: Millis,
    /// Only messages with one of these words, separated by commas or blanks; empty: all.
    #[serde(deserialize_with = "null_default")]
    pub keywords: String,
    /// Only messages of the people of these addresses, separated by commas or blanks; empty: of all.
    #[serde(deserialize_with = "null_default")]
    pub emails: String,
}

endpoints! {
    /// Orders a report of what was written in a time.
    CreateComplianceReport() POST "/compliance/reports" =ComplianceReport => ComplianceReport;
    /// The reports, the newest first.
    ListComplianceReports() GET "/compliance/reports" ?Page => Vec<ComplianceReport>;
    /// A report: what it is of, and how far it is.
    GetComplianceReport(report_id: String) GET "/compliance/reports/{report_id}" => ComplianceReport;
}
