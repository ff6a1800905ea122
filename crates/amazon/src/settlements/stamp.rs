//! Dates and moments as files write them: ISO, with dots, with slashes in either order, with and without time and zone.
//!
//! `03/04/2026` is two days. Which one is decided for the whole file ([`DayOrder`]) and where the file does not tell, by which of
//! the two lies in the settlement's period. A moment without a zone is read in the zone that the caller states (BEHAVIOR 24).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// Which of two small numbers in `03/04/2026` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DayOrder {
    DayFirst,
    MonthFirst,
}

/// A day, or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    At(Timestamp),
    On(Date),
}

impl Stamp {
    /// The day, in UTC for moments.
    pub(crate) fn day(self) -> Date {
        match self {
            Stamp::At(moment) => Offset::UTC.to_datetime(moment).date(),
            Stamp::On(day) => day,
        }
    }

    /// The moment; a day begins at midnight UTC.
    pub(crate) fn moment(self) -> Option<Timestamp> {
        match self {
            Stamp::At(moment) => Some(moment),
            Stamp::On(day) => Offset::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok(),
        }
    }
}

/// What a text says, before the order of day and month is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    day_first: Option<Date>,
    month_first: Option<Date>,
    time: Option<Time>,
    offset: Option<Offset>,
}

impl Written {
    /// Reads `text`, or `None` if it is neither a day nor a moment.
    pub(crate) fn parse(text: &str) -> Option<Written> {
        let text = text.trim();
        let date_len = text
            .find(|character: char| !(character.is_ascii_digit() || matches!(character, '-' | '/' | '.')))
            .unwrap_or(text.len());
        let (day_first, month_first) = dates(&text[..date_len])?;
        let rest = text[date_len..].trim_start_matches([' ', 'T', 't', ',', '\u{a0}']);
        if rest.is_empty() {
            return Some(Written { day_first, month_first, time: None, offset: None });
        }
        let time_len = rest.find(|character: char| !(character.is_ascii_digit() || matches!(character, ':' | '.')));
        let (clock, zone) = rest.split_at(time_len.unwrap_or(rest.len()));
        let (time, zone) = time_of(clock, zone)?;
        let offset = if zone.is_empty() { None } else { Some(offset_of(zone)?) };
        Some(Written { day_first, month_first, time: Some(time), offset })
    }

    /// The order of day and month that this text shows: the only one that gives a date.
    pub(crate) fn shows(&self) -> Option<DayOrder> {
        match (self.day_first, self.month_first) {
            (Some(_), None) => Some(DayOrder::DayFirst),
            (None, Some(_)) => Some(DayOrder::MonthFirst),
            _ => None,
        }
    }

    /// Whether it reads as two different days.
    pub(crate) fn is_ambiguous(&self) -> bool {
        matches!((self.day_first, self.month_first), (Some(a), Some(b)) if a != b)
    }

    /// The stamp with day and month in this order.
    pub(crate) fn read(&self, order: DayOrder, zoneless: &TimeZone) -> Option<Stamp> {
        let date = match order {
            DayOrder::DayFirst => self.day_first,
            DayOrder::MonthFirst => self.month_first,
        }?;
        let Some(time) = self.time else { return Some(Stamp::On(date)) };
        let moment = DateTime::from_parts(date, time);
        let moment = match self.offset {
            Some(offset) => offset.to_timestamp(moment).ok()?,
            None => zoneless.to_timestamp(moment).ok()?,
        };
        Some(Stamp::At(moment))
    }

    /// The reading that lies in the period, if only one does; a day of grace at both ends, for zones.
    pub(crate) fn within(&self, (first, last): (Date, Date), zoneless: &TimeZone) -> Option<Stamp> {
        let (first, last) = (first.yesterday().ok()?, last.tomorrow().ok()?);
        let inside = |order| self.read(order, zoneless).filter(|stamp| (first..=last).contains(&stamp.day()));
        match (inside(DayOrder::DayFirst), inside(DayOrder::MonthFirst)) {
            (Some(stamp), None) | (None, Some(stamp)) => Some(stamp),
            _ => None,
        }
    }

    /// The stamp if there is but one reading, or if `order` decides.
    pub(crate) fn decided(&self, order: Option<DayOrder>, zoneless: &TimeZone) -> Option<Stamp> {
        let order = match order.or(self.shows()) {
            Some(order) => order,
            None if self.is_ambiguous() => return None,
            None => DayOrder::DayFirst,
        };
        self.read(order, zoneless)
    }
}

/// The two readings of a date: day first and month first. Both are the same if the year comes first or dots are used.
fn dates(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let (separator, bytes) = match text.find(['-', '/', '.']) {
        Some(at) => (text.as_bytes()[at] as char, text.len()),
        None => (' ', text.len()),
    };
    if separator == ' ' {
        // 20260306
        let number: u32 = text.parse().ok().filter(|_| bytes == 8)?;
        let date = date((number / 10_000).to_string().as_str(), number / 100 % 100, number % 100)?;
        return Some((Some(date), Some(date)));
    }
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || second.is_empty() || second.len() > 2 {
        return None;
    }
    let second_number: u32 = second.parse().ok()?;
    if first.len() == 4 {
        let date = date(first, second_number, small(third)?)?;
        return Some((Some(date), Some(date)));
    }
    let first_number = small(first)?;
    let day_first = date(third, second_number, first_number);
    if separator == '.' {
        return day_first.map(|date| (Some(date), Some(date)));
    }
    let month_first = date(third, first_number, second_number);
    (day_first.is_some() || month_first.is_some()).then_some((day_first, month_first))
}

fn small(text: &str) -> Option<u32> {
    (1..=2).contains(&text.len()).then(|| text.parse().ok()).flatten()
}

/// Years have four digits, or two in this century.
fn date(year: &str, month: u32, day: u32) -> Option<Date> {
    let number: i16 = year.parse().ok()?;
    let year = match year.len() {
        4 if number >= 1995 => number,
        2 => 2000 + number,
        _ => return None,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The time, and what follows it.
fn time_of<'a>(clock: &str, behind: &'a str) -> Option<(Time, &'a str)> {
    let mut parts = clock.split(':');
    let hour: i8 = small(parts.next()?)?.try_into().ok()?;
    let minute: i8 = small(parts.next()?)?.try_into().ok()?;
    let second: i8 = match parts.next() {
        // Fractions of a second are not kept: nothing in the books is that fine.
        Some(second) => small(second.split('.').next()?)?.min(59).try_into().ok()?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    let behind = behind.trim();
    let lower = behind.get(..2).map(str::to_ascii_lowercase);
    let (hour, behind) = match lower.as_deref() {
        Some("am") => (hour % 12, behind[2..].trim_start()),
        Some("pm") => (hour % 12 + 12, behind[2..].trim_start()),
        _ => (hour, behind),
    };
    Some((Time::new(hour, minute, second, 0).ok()?, behind))
}

/// Zones by their short names, in hours: those that Amazon's files use. `IST` and `CST` mean several and are not read.
const ZONES: &[(&str, i8)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("WET", 0),
    ("WEST", 1),
    ("BST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("MEZ", 1),
    ("MESZ", 2),
    ("EET", 2),
    ("EEST", 3),
    ("TRT", 3),
    ("GST", 4),
    ("SGT", 8),
    ("JST", 9),
    ("AEST", 10),
    ("AEDT", 11),
    ("PST", -8),
    ("PDT", -7),
    ("MST", -7),
    ("MDT", -6),
    ("EST", -5),
    ("EDT", -4),
];

/// `UTC`, `JST`, `+01:00`, `-0800`, `GMT+2`.
fn offset_of(zone: &str) -> Option<Offset> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone)) {
        return Offset::from_hours(*hours).ok();
    }
    let digits = ["UTC", "GMT", ""].iter().find_map(|name| {
        let head = zone.get(..name.len()).filter(|head| head.eq_ignore_ascii_case(name))?;
        zone[head.len()..].starts_with(['+', '-', '\u{2212}']).then(|| &zone[head.len()..])
    })?;
    let negative = !digits.starts_with('+');
    let digits: String = digits.chars().skip(1).filter(|character| *character != ':').collect();
    let (hours, minutes): (i32, i32) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    let seconds = hours * 3600 + minutes * 60;
    Offset::from_seconds(if negative { -seconds } else { seconds }).ok()
}

/// Reads the three ISO forms in UTC without looking twice at a date that came before.
#[derive(Default)]
pub(crate) struct Quick {
    date: [u8; 10],
    days: Option<i64>,
}

impl Quick {
    /// `2026-03-06 08:52:26 UTC`, `2026-03-06T08:52:26+00:00` or `…Z`; `None` for every other form.
    #[inline]
    pub(crate) fn moment(&mut self, text: &str) -> Option<Timestamp> {
        let (head, zone) = text.as_bytes().split_first_chunk::<19>()?;
        let in_utc = match head[10] {
            b' ' => zone == b" UTC",
            b'T' => zone == b"+00:00" || zone == b"Z",
            _ => false,
        };
        if !in_utc || head[13] != b':' || head[16] != b':' {
            return None;
        }
        let (hour, minute, second) = (pair(head[11], head[12])?, pair(head[14], head[15])?, pair(head[17], head[18])?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = self.days_of(head.first_chunk::<10>()?)?;
        Timestamp::from_second(days * 86_400 + hour * 3600 + minute * 60 + second).ok()
    }

    /// `2026-03-06`.
    #[inline]
    pub(crate) fn is_day(&mut self, text: &str) -> bool {
        text.as_bytes().try_into().is_ok_and(|date: &[u8; 10]| self.days_of(date).is_some())
    }

    #[inline]
    fn days_of(&mut self, date: &[u8; 10]) -> Option<i64> {
        if self.date != *date {
            self.days = days(date);
            self.date = *date;
        }
        self.days
    }
}

fn pair(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

/// Days since 1970-01-01 of `2026-03-06`. Source: days before a year and a month of the Gregorian calendar, March first.
#[inline]
fn days(date: &[u8; 10]) -> Option<i64> {
    if date[4] != b'-' || date[7] != b'-' {
        return None;
    }
    let year = pair(date[0], date[1])? * 100 + pair(date[2], date[3])?;
    let (month, day) = (pair(date[5], date[6])?, pair(date[8], date[9])?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    if year < 1995 || !(1..=last).contains(&day) {
        return None;
    }
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        Stamp::At(text.parse().unwrap())
    }

    fn on(text: &str) -> Stamp {
        Stamp::On(text.parse().unwrap())
    }

    #[test]
    fn every_form_seen_in_files_is_read() {
        for (text, expected) in [
            ("2025-07-31T22:07:18+00:00", at("2025-07-31T22:07:18Z")),
            ("2026-03-06 08:52:26 UTC", at("2026-03-06T08:52:26Z")),
            ("06.03.2026 08:52:26 UTC", at("2026-03-06T08:52:26Z")),
            ("06.03.2026 08:52:26 MEZ", at("2026-03-06T07:52:26Z")),
            ("2026/03/06 08:52:26 JST", at("2026-03-05T23:52:26Z")),
            ("2026-03-06T08:52:26.123-08:00", at("2026-03-06T16:52:26Z")),
            ("2026-03-06 08:52:26", at("2026-03-06T08:52:26Z")),
            ("2026-03-06 8:52 PM PST", at("2026-03-07T04:52:00Z")),
            ("2026-03-06 12:00 am UTC", at("2026-03-06T00:00:00Z")),
            ("2026-03-06 08:52:26 GMT+2", at("2026-03-06T06:52:26Z")),
            ("06.03.2026", on("2026-03-06")),
            ("2026-03-06", on("2026-03-06")),
            ("2026/03/06", on("2026-03-06")),
            ("20260306", on("2026-03-06")),
            ("25/03/26", on("2026-03-25")),
            ("03/25/26", on("2026-03-25")),
        ] {
            assert_eq!(
                Written::parse(text).and_then(|written| written.decided(None, &TimeZone::UTC)),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_a_date_is_not_read() {
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "31.02.2026",
            "2026-03",
            "2026-03-06 25:00:00 UTC",
            "1/2/3/4",
            "46087.37",
            "99/99/2026",
        ] {
            assert_eq!(Written::parse(text).and_then(|written| written.decided(None, &TimeZone::UTC)), None, "{text}");
        }
        assert_eq!(Written::parse("2026-03-06 08:52:26 IST"), None);
    }

    #[test]
    fn a_date_that_reads_as_two_days_waits_for_the_order() {
        let written = Written::parse("03/04/2026").unwrap();
        assert!(written.is_ambiguous());
        assert_eq!(written.decided(None, &TimeZone::UTC), None);
        assert_eq!(written.decided(Some(DayOrder::DayFirst), &TimeZone::UTC), Some(on("2026-04-03")));
        assert_eq!(written.decided(Some(DayOrder::MonthFirst), &TimeZone::UTC), Some(on("2026-03-04")));
        assert_eq!(Written::parse("25/03/2026").unwrap().decided(Some(DayOrder::MonthFirst), &TimeZone::UTC), None);
    }

    #[test]
    fn days_are_counted_as_the_calendar_library_counts_them() {
        let mut date = Date::new(1995, 1, 1).unwrap();
        while date.year() < 2101 {
            let text = date.to_string();
            let expected = Offset::UTC.to_timestamp(date.to_datetime(Time::midnight())).unwrap().as_second() / 86_400;
            assert_eq!(days(text.as_bytes().try_into().unwrap()), Some(expected), "{text}");
            date = date.tomorrow().unwrap();
        }
        for text in [
            "2026-02-29",
            "2100-02-29",
            "2026-04-31",
            "2026-00-01",
            "2026-13-01",
            "2026-01-00",
            "1994-12-31",
            "2026/01/01",
        ] {
            assert_eq!(days(text.as_bytes().try_into().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn the_quick_way_reads_as_the_long_one_does() {
        let mut quick = Quick::default();
        for text in [
            "2026-03-06 08:52:26 UTC",
            "2026-03-06T23:59:59+00:00",
            "2024-02-29T00:00:00Z",
            "2026-02-29 00:00:00 UTC",
            "2026-03-06 08:52:26",
            "garbage garbage garbage",
        ] {
            let long =
                Written::parse(text).and_then(|written| written.decided(None, &TimeZone::UTC)).and_then(Stamp::moment);
            assert!(quick.moment(text).is_none_or(|moment| Some(moment) == long), "{text}");
        }
        assert_eq!(quick.moment("2026-03-06 08:52:26 UTC"), Some("2026-03-06T08:52:26Z".parse().unwrap()));
        assert_eq!(quick.moment("2026-02-29 00:00:00 UTC"), None);
        assert!(quick.is_day("2026-03-06") && !quick.is_day("06.03.2026"));
    }
}
