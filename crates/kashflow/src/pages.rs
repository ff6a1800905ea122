//! Lists: a bare array or an envelope with pages, whichever KashFlow answers.

use std::collections::HashSet;

use ports::ConnectorError;
use serde_json::value::RawValue;
use url::Url;

use crate::answer::malformed;
use crate::client::Client;
use crate::wire::object::{Object, Unreadable, objects};

/// Pages read at most: a remote that always names a next page must not hold us for ever.
const PAGES_MAX: usize = 10_000;

/// A whole list.
pub(crate) struct Listed<T> {
    pub(crate) rows: Vec<T>,
    /// How many rows the last page says there are.
    pub(crate) total: Option<u64>,
    /// Whether the plan's invoice limit is reached.
    pub(crate) limit_reached: bool,
}

/// One page.
struct Page<T> {
    rows: Vec<T>,
    total: Option<u64>,
    limit_reached: bool,
    next: Option<String>,
}

impl Client {
    /// Reads every page of a list, row by row; `what` names it in errors.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::NotFound`] if there is no such list: whether that means "empty" is the caller's to say.
    pub(crate) async fn list<T>(
        &self,
        first: Url,
        what: &str,
        read: fn(&Object<'_>) -> Result<T, Unreadable>,
    ) -> Result<Listed<T>, ConnectorError> {
        let mut listed = Listed { rows: Vec::new(), total: None, limit_reached: false };
        let mut seen = HashSet::new();
        let mut url = first;
        while seen.len() < PAGES_MAX {
            let answer = match self.read(url.clone(), what).await {
                Err(ConnectorError::Rejected { .. }) if seen.is_empty() && asks_for_a_size(&url) => {
                    // The largest page is undocumented (BEHAVIOR 15): what is refused is asked for in pages of the default size.
                    url = without_a_size(&url);
                    self.read(url.clone(), what).await?
                }
                answer => answer?,
            };
            let page = page(&answer.body, read).map_err(|error| error.of(what))?;
            listed.rows.extend(page.rows);
            listed.total = page.total;
            listed.limit_reached |= page.limit_reached;
            let Some(next) = page.next else { return Ok(listed) };
            seen.insert(url);
            url = self.next_page(&next)?;
            if seen.contains(&url) {
                return Err(malformed(&format!("{what}: a page that was read already is named as the next")));
            }
        }
        Err(malformed(&format!("{what}: more pages than can be read")))
    }

    /// Absolute, relative to the base, or relative to the host: all three are possible (BEHAVIOR 14).
    pub(crate) fn next_page(&self, next: &str) -> Result<Url, ConnectorError> {
        let broken = || malformed("NextPageUrl is not an address");
        let base = &self.config.base_url;
        if next.starts_with("//") || next.contains("://") {
            let named = base.join(next).map_err(|_| broken())?;
            if named.host_str() != base.host_str() {
                return Err(malformed("NextPageUrl points to another host; the session was not sent there"));
            }
            // Behind a proxy it may name another scheme or port: only its path and query are taken.
            let mut url = base.clone();
            url.set_path(named.path());
            url.set_query(named.query());
            return Ok(url);
        }
        let path = base.path().trim_end_matches('/');
        let rest = match next.strip_prefix(path) {
            Some(rest) if !path.is_empty() && rest.starts_with(['/', '?']) => rest,
            _ => next,
        };
        let (own_path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let mut url = base.clone();
        url.set_path(&format!("{path}/{}", own_path.trim_start_matches('/')));
        url.set_query(query);
        Ok(url)
    }
}

fn asks_for_a_size(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name == "perpage")
}

fn without_a_size(url: &Url) -> Url {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "perpage")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(kept);
    url
}

fn page<T>(body: &str, read: fn(&Object<'_>) -> Result<T, Unreadable>) -> Result<Page<T>, Unreadable> {
    if body.trim_start().starts_with('[') {
        let rows: Vec<&RawValue> = serde_json::from_str(body).map_err(|_| Unreadable::new("$", "a list"))?;
        let rows = objects(&rows, "$")?.iter().map(read).collect::<Result<_, _>>()?;
        return Ok(Page { rows, total: None, limit_reached: false, next: None });
    }
    let envelope = Object::parse(body, "$")?;
    if !envelope.has("Data") {
        return Err(envelope.missing("Data"));
    }
    let rows = envelope.objects("Data")?.iter().map(read).collect::<Result<_, _>>()?;
    let Some(meta) = envelope.object("MetaData")? else {
        return Ok(Page { rows, total: None, limit_reached: false, next: None });
    };
    Ok(Page {
        rows,
        total: meta.integer("TotalRecords")?.and_then(|total| u64::try_from(total).ok()),
        limit_reached: meta.flag("InvoiceLimitReached")?.unwrap_or(false),
        next: meta.text("NextPageUrl")?.filter(|next| !next.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::auth::MemoryLedger;
    use crate::{Config, Secrets};

    fn client(base: &str) -> Client {
        let json = format!(r#"{{"base_url": "{base}", "auth": {{"strategy": "kf_session", "username": "demo"}}}}"#);
        let config: Config = serde_json::from_str(&json).unwrap();
        let ledger = std::sync::Arc::new(MemoryLedger::default());
        Client::new(config, Secrets::default(), clock::Clock::real(), ledger).unwrap()
    }

    #[test]
    fn every_form_of_the_next_address_is_the_same_page() {
        let wanted = "http://127.0.0.1:8482/v2/customers?page=2&perpage=100";
        for base in ["http://127.0.0.1:8482/v2", "http://127.0.0.1:8482/v2/"] {
            let client = client(base);
            for next in [
                wanted,
                "/customers?page=2&perpage=100",
                "customers?page=2&perpage=100",
                "/v2/customers?page=2&perpage=100",
                "https://127.0.0.1/v2/customers?page=2&perpage=100",
                "//127.0.0.1:8482/v2/customers?page=2&perpage=100",
            ] {
                assert_eq!(client.next_page(next).unwrap().as_str(), wanted, "{next}");
            }
        }
    }

    #[test]
    fn a_path_that_only_begins_like_the_base_is_relative_to_it() {
        let next = client("http://127.0.0.1:8482/v2").next_page("/v2x?page=2").unwrap();
        assert_eq!(next.as_str(), "http://127.0.0.1:8482/v2/v2x?page=2");
    }

    #[test]
    fn another_host_is_refused() {
        let client = client("https://api.kashflow.com/v2");
        for next in [
            "https://example.invalid/v2/customers?page=2",
            "//example.invalid/v2/customers",
            "https://api.kashflow.com@example.invalid/v2/customers",
            "https://api.kashflow.com.example.invalid/v2",
        ] {
            assert!(client.next_page(next).is_err(), "{next}");
        }
    }

    #[test]
    fn arrays_and_envelopes_are_lists_and_other_things_are_not() {
        let read = |body: &str| page(body, |row| row.id("Id")).map(|page| (page.rows, page.total, page.next));
        let rows = vec![Some(1), Some(2)];
        assert_eq!(read(r#" [{"Id": 1}, {"Id": 2}]"#), Ok((rows.clone(), None, None)));
        let envelope =
            r#"{"MetaData": {"TotalRecords": 2, "NextPageURL": "/x?page=2"}, "Data": [{"Id": 1}, {"Id": 2}]}"#;
        assert_eq!(read(envelope), Ok((rows, Some(2), Some("/x?page=2".to_owned()))));
        assert_eq!(read(r#"{"Data": null}"#), Ok((vec![], None, None)));
        assert_eq!(read("{}").unwrap_err().to_string(), "$.Data is not there, and it cannot be done without");
        assert_eq!(read(r#"[1]"#).unwrap_err().to_string(), "$[0] is not an object");
    }

    proptest! {
        #[test]
        fn no_next_address_leaves_the_base(next in "[a-z0-9/:.@?#&=\\\\-]{0,40}") {
            let client = client("https://api.kashflow.com/v2");
            if let Ok(url) = client.next_page(&next) {
                prop_assert_eq!(url.origin(), client.config.base_url.origin());
                prop_assert_eq!(url.username(), "");
            }
        }
    }
}
