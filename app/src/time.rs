//! Times as people read them, without the browser's help, so that server and browser write the same.

use model::Millis;

use crate::words;

pub const MINUTE: Millis = 60_000;
const DAY: i64 = 86_400_000;

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

    /// `10:41`, as programs and fields have it.
    pub fn clock(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `22:41`, or `10:41 PM` where clocks have twelve hours.
    pub fn shown(&self, twelve_hours: bool) -> String {
        if !twelve_hours {
            return self.clock();
        }
        let hour = if self.hour % 12 == 0 { 12 } else { self.hour % 12 };
        let clock = format!("{hour}:{:02}", self.minute);
        if self.hour < 12 { words::time_am(&clock) } else { words::time_pm(&clock) }
    }

    /// `Monday, 2 March`, with the year where it is not `current`.
    pub fn date(&self, current: i64) -> String {
        let of = |names: &'static str, n: i64| names.split('|').nth(n as usize).unwrap_or_default();
        let weekday = of(words::time_weekdays(), self.days.rem_euclid(7));
        let month = of(words::time_months(), self.month - 1);
        let day = self.day.to_string();
        if self.year == current {
            words::time_date(weekday, &day, month)
        } else {
            words::time_date_year(weekday, &day, month, &self.year.to_string())
        }
    }

    /// The year.
    pub const fn year(&self) -> i64 {
        self.year
    }

    /// How many days there are until the next Monday; seven on a Monday.
    pub const fn until_monday(&self) -> i64 {
        // The first of January 1970 was a Thursday.
        7 - (self.days + 3).rem_euclid(7)
    }

    /// `2026-03-02`.
    pub fn iso_date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// When the wall shows this: days since 1970-01-01 and minutes of the day; `offset` tells the minutes east of UTC at a
/// time. What the wall never shows, as in spring, is an hour later.
pub fn moment(days: i64, minutes: i64, offset: impl Fn(Millis) -> i64) -> Millis {
    let there = days * DAY + minutes * MINUTE;
    let about = there - offset(there) * MINUTE;
    there - offset(about) * MINUTE
}

/// When the wall shows a day and a time, as `2026-03-02` and `10:41`; nothing if they are none.
pub fn read(day: &str, clock: &str, offset: impl Fn(Millis) -> i64) -> Option<Millis> {
    let mut date = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute) = (time.next()??, time.next()??);
    let fits = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !fits || !(0..24).contains(&hour) || !(0..60).contains(&minute) {
        return None;
    }
    // The other way round than in [`Wall::of`]: years begin with March.
    let (shifted, year) = if month > 2 { (month - 3, year) } else { (month + 9, year - 1) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * shifted + 2) / 5 + day - 1 - 719_468;
    Some(moment(days, hour * 60 + minute, offset))
}

/// `2026-03-02T10:41:00Z`, as `<time datetime>` has it.
pub fn iso(at: Millis) -> String {
    let wall = Wall::of(at, 0);
    format!("{}T{}:{:02}Z", wall.iso_date(), wall.clock(), at.rem_euclid(MINUTE) / 1000)
}

/// The moment of a date and time of RFC 3339, to the second: `2026-03-02T10:41:00.5+01:00`.
pub fn from_iso(text: &str) -> Option<Millis> {
    let (day, rest) = text.split_once(['T', 't', ' '])?;
    let at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at(at);
    let offset = if zone.eq_ignore_ascii_case("z") {
        0
    } else {
        let (hours, minutes) = zone.get(1..)?.split_once(':')?;
        let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
        if zone.starts_with('-') { -minutes } else { minutes }
    };
    let seconds: Millis = clock.get(6..8)?.parse().ok()?;
    Some(read(day, clock.get(..5)?, |_| offset)? + seconds * 1_000)
}

/// `now`, `12 min ago`, `3 h ago`, `4 d ago`.
pub fn ago(at: Millis, now: Millis) -> String {
    match (now - at) / MINUTE {
        ..1 => words::time_now().to_owned(),
        minutes @ 1..60 => words::time_minutes(minutes),
        minutes @ 60..1440 => words::time_hours(minutes / 60),
        minutes => words::time_days(minutes / 1440),
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
        assert_eq!(read("2024-02-29", "00:01", |_| 0), Some(at));
        assert_eq!(read("2024-02-28", "23:01", |_| -60), Some(at));
        for day in 0..800_i64 {
            let wall = Wall::of(day * 40 * DAY, 0);
            assert_eq!(read(&wall.iso_date(), "00:00", |_| 0), Some(day * 40 * DAY));
        }
        assert_eq!(read("2024-13-01", "10:00", |_| 0), None);
        assert_eq!(read("", "10:00", |_| 0), None);
        assert_eq!([0, 3, 4].map(|days| Wall::of(days * DAY, 0).until_monday()), [4, 1, 7]);
        // Clocks go forward at two: what is after has another offset than what is before.
        let spring = |at: Millis| if at < 10 * DAY + 60 * MINUTE { 60 } else { 120 };
        assert_eq!(moment(10, 9 * 60, spring), 10 * DAY + 7 * 60 * MINUTE);
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(ago(0, 3 * 3_600_000), "3 h ago");
        assert_eq!(from_iso("2024-02-29T00:01:00Z"), Some(at));
        assert_eq!(from_iso("2024-02-29T01:01:30.999+01:00"), Some(at + 30_000));
        assert_eq!(from_iso("2024-02-29"), None);
        assert_eq!(from_iso("2024-02-29T00:01"), None);
    }

    #[test]
    fn clocks_have_twelve_hours_or_twice_as_many() {
        let shown = |minutes: i64, twelve| Wall::of(minutes * MINUTE, 0).shown(twelve);
        assert_eq!(
            [0, 9 * 60 + 5, 12 * 60, 23 * 60 + 59].map(|m| shown(m, true)),
            ["12:00 AM", "9:05 AM", "12:00 PM", "11:59 PM"]
        );
        assert_eq!([0, 9 * 60 + 5, 23 * 60 + 59].map(|m| shown(m, false)), ["00:00", "09:05", "23:59"]);
    }

    #[test]
    fn times_are_in_the_language_of_the_page() {
        let speaking = |code: &str, what: fn() -> String| {
            words::in_language(catalogue::find(code).unwrap_or(&catalogue::LANGUAGES[0]), what)
        };
        let date = || Wall::of(1_709_164_860_000, 0).date(2025);
        assert_eq!(speaking("de", date), "Donnerstag, 29. Februar 2024");
        assert_eq!(speaking("fr", date), "jeudi 29 février 2024");
        assert_eq!(speaking("de", || ago(0, 25 * 3_600_000)), "vor 1 Tag");
        assert_eq!(speaking("ar", || ago(0, 120_000)), "قبل دقيقتين");
    }
}
