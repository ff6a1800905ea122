//! Query strings as Amazon reads them: unknown parameters ignored, arrays as one comma-joined value (or repeated), lenient dates.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::answer::Answer;

/// The parameters of a request, decoded once.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(raw: Option<&str>) -> Query {
        Query(url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// Parameters that are decoded already.
    pub(super) fn of(pairs: Vec<(String, String)>) -> Query {
        Query(pairs)
    }

    /// The value, if the parameter is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The values of an array parameter; `None` if it is not there.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&str>> {
        let values = self.0.iter().filter(|(key, _)| key == name || key.strip_suffix("[]") == Some(name));
        let values: Vec<&str> =
            values.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|value| !value.is_empty()).collect();
        (!values.is_empty()).then_some(values)
    }

    /// A moment.
    ///
    /// # Errors
    ///
    /// 400 if it is no ISO 8601 date.
    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, Answer> {
        let invalid =
            || Answer::invalid_input(&format!("Invalid value for parameter {name}: it must be an ISO 8601 date-time."));
        self.get(name).map(|text| time(text).ok_or_else(invalid)).transpose()
    }

    /// A whole number within limits.
    ///
    /// # Errors
    ///
    /// 400 if it is no number or outside.
    pub(super) fn number(&self, name: &str, from: usize, to: usize) -> Result<Option<usize>, Answer> {
        let invalid = || {
            Answer::invalid_input(&format!("Invalid value for parameter {name}: it must lie between {from} and {to}."))
        };
        let read = |text: &str| text.parse().ok().filter(|number| (from..=to).contains(number)).ok_or_else(invalid);
        self.get(name).map(read).transpose()
    }

    /// All parameters but `without`, in a canonical form: what a page token is bound to.
    pub(super) fn canonical(&self, without: &[&str]) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = self
            .0
            .iter()
            .filter(|(key, value)| !without.contains(&key.as_str()) && !value.is_empty())
            .cloned()
            .collect();
        pairs.sort();
        pairs
    }
}

/// Reads a date-time with an offset, without one (then UTC) or a bare date. A `+` that was not percent-encoded arrives as a blank.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Some((at, offset)) = text.rsplit_once(' ')
        && let Ok(at) = format!("{at}+{offset}").parse::<Timestamp>()
    {
        return Some(at);
    }
    let civil = text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(DateTime::from))?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// One segment of a path, percent-decoded.
pub(super) fn decoded_segment(segment: &str) -> String {
    let with_plus_kept = segment.replace('+', "%2B");
    url::form_urlencoded::parse(with_plus_kept.as_bytes()).map(|(key, _)| key.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_comma_joined_encoded_or_not_or_repeated() {
        let list = |raw| Query::parse(Some(raw)).list("ids").map(|values| values.join(" "));
        assert_eq!(list("ids=A,B").as_deref(), Some("A B"));
        assert_eq!(list("ids=A%2CB").as_deref(), Some("A B"));
        assert_eq!(list("ids=A&ids=B").as_deref(), Some("A B"));
        assert_eq!(list("ids="), None);
    }

    #[test]
    fn dates_come_in_every_spelling_that_clients_send() {
        for text in [
            "2026-11-20T09:00:00Z",
            "2026-11-20T09:00:00.000Z",
            "2026-11-20T10:00:00+01:00",
            "2026-11-20T10:00:00 01:00",
            "2026-11-20T09:00:00",
        ] {
            assert_eq!(time(text), time("2026-11-20T09:00:00Z"), "{text}");
        }
        assert_eq!(time("2026-11-20"), time("2026-11-20T00:00:00Z"));
        assert_eq!(time("TEST_CASE_200"), None);
    }
}
