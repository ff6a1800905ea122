//! Values of query parameters.

use jiff::Timestamp;

use crate::problem::Problem;

/// Rows of a page unless told otherwise.
const LIMIT_DEFAULT: u32 = 50;
/// Most rows of a page.
const LIMIT_MAX: u32 = 200;

/// The text, if it is there and not empty.
pub(crate) fn text(value: Option<String>) -> Option<String> {
    value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// One of the words that `parse` knows.
pub(crate) fn word<T>(
    name: &str,
    value: Option<String>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(value) = text(value) else { return Ok(None) };
    parse(&value)
        .map(Some)
        .ok_or_else(|| Problem::bad_request(format!("`{name}` does not know the word it was given.")))
}

/// A moment in RFC 3339.
pub(crate) fn time(name: &str, value: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let Some(value) = text(value) else { return Ok(None) };
    let time = value
        .parse()
        .map_err(|_| Problem::bad_request(format!("`{name}` must be a time such as 2026-11-23T09:30:00Z.")))?;
    Ok(Some(time))
}

/// A whole number.
pub(crate) fn number(name: &str, value: Option<String>) -> Result<Option<i64>, Problem> {
    let Some(value) = text(value) else { return Ok(None) };
    value.parse().map(Some).map_err(|_| Problem::bad_request(format!("`{name}` must be a whole number.")))
}

/// Rows of a page.
pub(crate) fn limit(value: Option<String>) -> Result<u32, Problem> {
    match number("limit", value)? {
        None => Ok(LIMIT_DEFAULT),
        Some(limit) => u32::try_from(limit)
            .ok()
            .filter(|limit| (1..=LIMIT_MAX).contains(limit))
            .ok_or_else(|| Problem::bad_request(format!("`limit` must be from 1 to {LIMIT_MAX}."))),
    }
}
