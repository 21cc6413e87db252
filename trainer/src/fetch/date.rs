//! Days of the calendar: where slices of release dates begin and end, and when a server's wait does.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

const SECONDS_A_DAY: u64 = 86_400;

/// A day of the Gregorian calendar, of the years 0001 to 9999; written `2001-12-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(
    /// Days since 1970-01-01.
    i32,
);

impl Day {
    /// The day of that year, month (1–12) and day of the month (1–31), where there is one.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        let possible = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1;
        let candidate = Day(days_since_1970(year, month, day));
        // 31 April would come back as 1 May
        (possible && candidate.year_month_day() == (year, month, day)).then_some(candidate)
    }

    /// Today, in UTC.
    pub fn today() -> Day {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // a clock before 1970 is wrong: its day is only the end of the default slice
        Day((since.unwrap_or_default().as_secs() / SECONDS_A_DAY) as i32)
    }

    /// Reads `2001-12-31`, or `2001` as that year's first day.
    ///
    /// # Errors
    ///
    /// What a day looks like, where it is none.
    pub fn first(text: &str) -> Result<Day, String> {
        Day::of_year(text, 1, 1)
    }

    /// Reads `2001-12-31`, or `2001` as that year's last day.
    ///
    /// # Errors
    ///
    /// What a day looks like, where it is none.
    pub fn last(text: &str) -> Result<Day, String> {
        Day::of_year(text, 12, 31)
    }

    fn of_year(text: &str, month: u32, day: u32) -> Result<Day, String> {
        match text.len() {
            4 => digits(text).and_then(|year| Day::new(year as i32, month, day)),
            _ => text.parse().ok(),
        }
        .ok_or_else(|| NO_DAY.to_owned())
    }

    /// How many days after `earlier`; negative where it is before.
    pub fn days_since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// 1 to 9999.
    pub fn year(self) -> i32 {
        self.year_month_day().0
    }

    /// The day so many days later. Stays a day of four-digit years only if the caller sees to it.
    pub(super) fn plus(self, days: i32) -> Day {
        Day(self.0 + days)
    }

    fn year_month_day(self) -> (i32, u32, u32) {
        // Hinnant's civil_from_days: years begin in March, so that a leap day is a year's last.
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 {
            march_month + 3
        } else {
            march_month - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month as u32, day as u32)
    }
}

const NO_DAY: &str = "write a year such as 1999 or a day such as 1999-12-31";

/// Hinnant's days_from_civil.
fn days_since_1970(year: i32, month: u32, day: u32) -> i32 {
    let (month, day) = (month as i32, day as i32);
    let year = year - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let of_year = (153 * march_month + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else {
            return Err(NO_DAY.to_owned());
        };
        let whole = [year, month, day].map(str::len) == [4, 2, 2];
        let read = || Day::new(digits(year)? as i32, digits(month)?, digits(day)?);
        whole.then(read).flatten().ok_or_else(|| NO_DAY.to_owned())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Day, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

/// Reads a date of HTTP, such as `Sun, 06 Nov 1994 08:49:37 GMT`; not the two forms that servers
/// must no longer send (RFC 9110, 5.6.7).
pub(super) fn http_date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = parts[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)? as u32 + 1;
    let day = Day::new(digits(year)? as i32, month, digits(day)?)?;
    let time: Vec<u32> = time.split(':').map(digits).collect::<Option<_>>()?;
    let [hour @ 0..=23, minute @ 0..=59, second @ 0..=60] = time[..] else {
        return None;
    };
    let days = u64::try_from(day.0).ok()?;
    let seconds = days * SECONDS_A_DAY + u64::from(hour * 3600 + minute * 60 + second);
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_days_are_known() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        assert_eq!(day("1970-01-01").0, 0);
        assert_eq!(day("2000-03-01").days_since(day("2000-02-28")), 2);
        assert_eq!(day("1900-03-01").days_since(day("1900-02-28")), 1);
        assert_eq!(Day::first("1999"), Ok(day("1999-01-01")));
        assert_eq!(Day::last("1999"), Ok(day("1999-12-31")));
        for wrong in [
            "",
            "99",
            "1999-13-01",
            "2001-02-29",
            "1999-1-1",
            "+999",
            "199a",
            "0000-01-01",
        ] {
            assert!(Day::first(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates_of_http_are_read() {
        // the example of RFC 9110
        let read = http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
        let since = read
            .duration_since(SystemTime::UNIX_EPOCH)
            .expect("after 1970");
        assert_eq!(since.as_secs(), 784_111_777);
        for wrong in [
            "",
            "120",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1894 08:49:37 GMT",
        ] {
            assert_eq!(http_date(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn days_survive_being_written(days in -700_000..2_900_000) {
            let day = Day(days);
            prop_assert_eq!(day.to_string().parse(), Ok(day));
            prop_assert!(day.to_string() < day.plus(1).to_string());
        }
    }
}
