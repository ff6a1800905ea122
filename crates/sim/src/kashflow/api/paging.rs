//! Pages and their envelope.

use super::Call;
use crate::kashflow::Account;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// From 1.
    pub number: usize,
    /// Rows on a page.
    pub size: usize,
}

impl Page {
    /// Reads `page` and `perpage`. Nonsense counts as the default, too much is refused.
    pub fn of(call: &Call, size: usize, largest: usize) -> Result<Page, ApiError> {
        let read = |name, otherwise| {
            call.query(name).and_then(|text| text.parse().ok()).filter(|n| *n > 0).unwrap_or(otherwise)
        };
        let page = Page { number: read("page", 1), size: read("perpage", size) };
        if page.size > largest && call.query_flag("skipperpagevalidation") != Some(true) {
            return Err(ApiError::refused("InvalidPerPage", format!("perpage must not be above {largest}.")));
        }
        Ok(page)
    }

    /// The rows of this page out of `all`.
    pub fn of_slice<T>(self, all: &[T]) -> &[T] {
        let (start, end) = self.bounds(all.len());
        all.get(start..end).unwrap_or_default()
    }

    /// The rows of this page out of `all` read backwards.
    pub fn of_reversed<T: Copy>(self, all: &[T]) -> Vec<T> {
        let (start, end) = self.bounds(all.len());
        let rows = all.get(all.len() - end..all.len() - start).unwrap_or_default();
        rows.iter().rev().copied().collect()
    }

    /// Rows before this page.
    pub fn skipped(self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }

    fn bounds(self, length: usize) -> (usize, usize) {
        let start = self.skipped().min(length);
        (start, start.saturating_add(self.size).min(length))
    }
}

/// Wraps the rows of a page.
pub fn envelope(account: &Account, call: &Call, page: Page, total: usize, rows: Vec<Json>) -> Json {
    envelope_with(account, call, page, total, rows, Vec::new())
}

/// Wraps the rows of a page, with further members of `MetaData`.
pub fn envelope_with(
    account: &Account,
    call: &Call,
    page: Page,
    total: usize,
    rows: Vec<Json>,
    more: Vec<(&'static str, Json)>,
) -> Json {
    let last = total.div_ceil(page.size).max(1);
    let url = |number| Json::from(call.url_of_page(number, account.options().next_url_relative));
    let mut meta = vec![
        ("TotalRecords", Json::from(i64::try_from(total).unwrap_or(i64::MAX))),
        ("FirstPageUrl", url(1)),
        ("LastPageUrl", url(last)),
        ("PreviousPageUrl", if page.number > 1 { url(page.number - 1) } else { Json::Null }),
        ("NextPageUrl", if page.number < last { url(page.number + 1) } else { Json::Null }),
    ];
    meta.extend(more);
    let meta = Json::Object(meta.into_iter().map(|(name, value)| (name.into(), value)).collect());
    Json::object([("MetaData", meta), ("Data", Json::List(rows))])
}
