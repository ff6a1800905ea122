//! Lists: a bare array or an envelope with pages, whichever KashFlow answers.

use ports::ConnectorError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use url::Url;

use crate::client::{Client, malformed};

/// Pages read at most: a remote that always names a next page must not hold us for ever.
const PAGES_MAX: usize = 2_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    meta_data: Option<Meta>,
    data: Option<Vec<Box<RawValue>>>,
}

/// The part of a list's meta data that matters.
#[derive(Deserialize, Default, Clone, Debug)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Meta {
    #[serde(alias = "NextPageURL")]
    next_page_url: Option<String>,
    #[serde(default)]
    invoice_limit_reached: Option<bool>,
}

/// A whole list, and whether the plan's invoice limit is reached.
pub(crate) struct Listed<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) limit_reached: bool,
}

impl Client {
    /// Reads every page of a list. A missing list (404) is an empty one.
    pub(crate) async fn list<T: DeserializeOwned>(&self, first: Url) -> Result<Listed<T>, ConnectorError> {
        let mut listed = Listed { rows: Vec::new(), limit_reached: false };
        let mut url = first;
        let mut seen = Vec::new();
        for _ in 0..PAGES_MAX {
            let answer = self.read(url.clone()).await?;
            if answer.status == 404 {
                return Ok(listed);
            }
            let (rows, meta) = parse(&answer.body)?;
            for row in rows {
                let read = serde_json::from_str(row.get())
                    .map_err(|error| malformed(&format!("a row of {}: {error}", url.path())))?;
                listed.rows.push(read);
            }
            listed.limit_reached |= meta.invoice_limit_reached.unwrap_or(false);
            let Some(next) = meta.next_page_url.filter(|next| !next.is_empty()) else { return Ok(listed) };
            seen.push(url.clone());
            url = self.next_page(&next)?;
            if seen.contains(&url) {
                return Err(malformed("a list names a page that was read already as its next"));
            }
        }
        Err(malformed("a list has more pages than can be read"))
    }

    /// Absolute, relative to the base, or relative to the host: all three are possible (facts §1.5).
    fn next_page(&self, next: &str) -> Result<Url, ConnectorError> {
        if next.contains("://") {
            return Url::parse(next).map_err(|_| malformed("NextPageUrl is not an address"));
        }
        let base = self.config.base_url.as_str().trim_end_matches('/');
        let path = self.config.base_url.path().trim_end_matches('/');
        let rest = next.strip_prefix(path).filter(|rest| !path.is_empty() && rest.starts_with('/')).unwrap_or(next);
        Url::parse(&format!("{base}/{}", rest.trim_start_matches('/')))
            .map_err(|_| malformed("NextPageUrl is not an address"))
    }
}

fn parse(body: &str) -> Result<(Vec<Box<RawValue>>, Meta), ConnectorError> {
    if body.trim_start().starts_with('[') {
        let rows = serde_json::from_str(body).map_err(|error| malformed(&format!("a list: {error}")))?;
        return Ok((rows, Meta::default()));
    }
    let envelope: Envelope = serde_json::from_str(body).map_err(|error| malformed(&format!("a list: {error}")))?;
    Ok((envelope.data.unwrap_or_default(), envelope.meta_data.unwrap_or_default()))
}
