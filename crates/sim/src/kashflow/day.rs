//! Calendar days in London and the remote's many ways to write them.

use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt};

use super::json::Json;

/// London's rule since 1996, spelled out so that no time zone database is needed.
const LONDON: &str = "GMT0BST,M3.5.0/1,M10.5.0";

/// The day in London at `at`.
pub fn london_day(at: Timestamp) -> Date {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    let zone = ZONE.get_or_init(|| TimeZone::posix(LONDON).unwrap_or(TimeZone::UTC));
    zone.to_datetime(at).date()
}

/// Reads a date in any form that live clients send. The time part means nothing unless it carries a zone.
///
/// `None` for text that is no date; `Some(None)` for the sentinels that mean "never".
pub fn parse(text: &str) -> Option<Option<Date>> {
    let text = text.trim();
    let day: Date = text.get(..10)?.parse().ok()?;
    if matches!((day.year(), day.month(), day.day()), (1 | 1900 | 1970, 1, 1)) {
        return Some(None);
    }
    Some(Some(with_zone(text).map_or(day, london_day)))
}

fn with_zone(text: &str) -> Option<Timestamp> {
    let (day, time) = (text.get(..10)?, text.get(11..)?);
    if !time.contains(['Z', 'z', '+', '-']) {
        return None;
    }
    let joined = format!("{day}T{}", time.replace(' ', ""));
    fmt::temporal::DateTimeParser::new().parse_timestamp(joined).ok()
}

/// How invoices, payments and bank rows print a day: the constant looks like midnight on a 12-hour clock.
pub fn print(day: Date) -> Json {
    Json::from(format!("{day} 12:00:00"))
}

/// How moments such as creation dates are printed: the London day with the same constant.
pub fn print_moment(at: Timestamp) -> Json {
    print(london_day(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_form_seen_is_read_as_a_london_day() {
        for text in [
            "2026-07-02",
            "2026-07-02 00:00:00",
            "2026-07-02 12:00:00",
            "2026-07-02T00:00:00",
            "2026-07-02 12:00:00 +05:30",
            "2026-07-02 00:00:00 +00:00",
            "2026-07-01T23:30:00Z",
        ] {
            assert_eq!(parse(text), Some(Some(jiff::civil::date(2026, 7, 2))), "{text}");
        }
        assert_eq!(parse("1900-01-01 12:00:00"), Some(None));
        assert_eq!(parse("yesterday"), None);
        assert_eq!(parse("2026-02-30"), None);
    }

    #[test]
    fn a_winter_evening_stays_on_its_day_and_a_summer_evening_does_not() {
        let at = |text: &str| london_day(text.parse().unwrap());
        assert_eq!(at("2026-01-31T23:30:00Z"), jiff::civil::date(2026, 1, 31));
        assert_eq!(at("2026-06-30T23:30:00Z"), jiff::civil::date(2026, 7, 1));
        assert_eq!(at("2026-10-25T00:30:00Z"), jiff::civil::date(2026, 10, 25));
    }
}
