//! Days in Europe/London: the only days that documents, periods and ages are counted in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day of a moment in Europe/London: 2026-03-31T23:30:00Z is 1 April.
pub(crate) fn london(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)).date()
}

/// Whole days from `from` to `to`, negative if `to` is earlier.
pub(crate) fn between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}
