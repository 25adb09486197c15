//! Times as people read them, without the browser's help, so that server and browser write the same.

use model::Millis;

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// A moment on the wall, `offset` minutes east of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wall {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    /// Days since 1970-01-01 there.
    pub days: i64,
}

impl Wall {
    /// What the wall shows.
    pub fn of(at: Millis, offset: i64) -> Self {
        let there = at + offset * MINUTE;
        let days = there.div_euclid(DAY);
        let minutes = there.rem_euclid(DAY) / MINUTE;
        // Days to civil date, eras of 400 years from the first of March.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let of_era = z.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            hour: minutes / 60,
            minute: minutes % 60,
            days,
        }
    }

    /// `10:41`.
    pub fn clock(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `Monday, 2 March`, with the year where it is not `current`.
    pub fn date(&self, current: i64) -> String {
        let weekday = WEEKDAYS[self.days.rem_euclid(7) as usize];
        let month = MONTHS[(self.month - 1).rem_euclid(12) as usize];
        let year = if self.year == current { String::new() } else { format!(" {}", self.year) };
        format!("{weekday}, {} {month}{year}", self.day)
    }

    /// The year.
    pub const fn year(&self) -> i64 {
        self.year
    }

    /// `2026-03-02`.
    pub fn iso_date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// `2026-03-02T10:41:00Z`, as `<time datetime>` has it.
pub fn iso(at: Millis) -> String {
    let wall = Wall::of(at, 0);
    format!("{}T{}:{:02}Z", wall.iso_date(), wall.clock(), at.rem_euclid(MINUTE) / 1000)
}

/// `now`, `12 min ago`, `3 h ago`, `4 d ago`.
pub fn ago(at: Millis, now: Millis) -> String {
    match (now - at) / MINUTE {
        ..1 => "just now".into(),
        minutes @ 1..60 => format!("{minutes} min ago"),
        minutes @ 60..1440 => format!("{} h ago", minutes / 60),
        minutes => format!("{} d ago", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let at = 1_709_164_860_000; // 2024-02-29 00:01 UTC
        let wall = Wall::of(at, 0);
        assert_eq!((wall.iso_date().as_str(), wall.clock().as_str()), ("2024-02-29", "00:01"));
        assert_eq!(wall.date(2024), "Thursday, 29 February");
        assert_eq!(Wall::of(at, -60).date(2025), "Wednesday, 28 February 2024");
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(ago(0, 3 * 3_600_000), "3 h ago");
    }
}
