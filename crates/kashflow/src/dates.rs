//! KashFlow's dates: many forms, one meaning. The time part is noise (a constant `12:00:00`), so only the day is read.

use jiff::civil::Date;

/// The day in any of the forms that were seen, or `None` for "never" (1900-01-01, 1970-01-01, 0001-01-01) and for nonsense.
pub(crate) fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let head = text.get(..10)?;
    let date: Date = head.parse().ok()?;
    let never = matches!((date.year(), date.month(), date.day()), (1 | 1900 | 1970, 1, 1));
    (!never).then_some(date)
}

/// The form that is sent.
pub(crate) fn sent(date: Date) -> String {
    format!("{date} 00:00:00")
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
        ] {
            assert_eq!(day(text), Some(date(2026, 11, 5)), "{text}");
        }
    }

    #[test]
    fn the_sentinels_mean_never() {
        for text in ["1900-01-01 12:00:00", "1970-01-01 12:00:00", "0001-01-01T00:00:00", "", "soon"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = day(&text);
        }
    }
}
