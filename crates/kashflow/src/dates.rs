//! KashFlow's dates: many forms, one meaning. The time part is noise (a constant `12:00:00`), so only the day counts
//! (BEHAVIOR 10).

use jiff::civil::Date;

/// A text that is no date in any form that was ever seen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotADate;

/// The day in any of the forms that were seen; `None` for "never" (1900-01-01, 1970-01-01, 0001-01-01, empty).
pub(crate) fn day(text: &str) -> Result<Option<Date>, NotADate> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let head = text.get(..10).ok_or(NotADate)?;
    let rest = text.get(10..).unwrap_or_default();
    if !(rest.is_empty() || rest.starts_with(' ') || rest.starts_with(['T', 't'])) {
        return Err(NotADate);
    }
    let date: Date = head.parse().map_err(|_| NotADate)?;
    let never = matches!((date.year(), date.month(), date.day()), (1 | 1900 | 1970, 1, 1));
    Ok((!never).then_some(date))
}

/// The form that is sent.
pub(crate) fn sent(date: Date) -> String {
    format!("{date} 00:00:00")
}

/// The form of a filter.
pub(crate) fn filter(date: Date) -> String {
    date.to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_that_was_seen_is_the_same_day() {
        for text in [
            "2026-11-05 12:00:00 +05:30",
            "2026-11-05 12:00:00",
            "2026-11-05",
            "2026-11-05T00:00:00",
            " 2026-11-05T10:00:00Z",
            "2026-11-05 00:00:00 +00:00",
            "2026-11-05T23:30:00.123+01:00",
        ] {
            assert_eq!(day(text), Ok(Some(date(2026, 11, 5))), "{text}");
        }
    }

    #[test]
    fn the_sentinels_mean_never() {
        for text in ["1900-01-01 12:00:00", "1970-01-01 12:00:00", "0001-01-01T00:00:00", "", "  "] {
            assert_eq!(day(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn nonsense_is_not_never() {
        for text in ["soon", "2026-13-01", "05/11/2026", "2026-11-051", "2026-02-30 12:00:00", "£2026-11-05"] {
            assert_eq!(day(text), Err(NotADate), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sent_is_read_as_the_same_day(days in 1_i32..60_000) {
            let sent_day = date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            prop_assert_eq!(day(&sent(sent_day)), Ok(Some(sent_day)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = day(&text);
        }

        #[test]
        fn no_text_that_begins_like_a_date_makes_the_reader_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}.{0,20}") {
            let _ = day(&text);
        }
    }
}
