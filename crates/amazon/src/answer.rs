//! From an HTTP answer of Amazon to a value or to the one thing we do about a failure (facts: Amazon §2.3, §3).
//!
//! Two answers are transient although they look final: an HTML page (a proxy spoke, not the API) and JSON that ends too
//! early (the connection broke). Neither says anything about our request.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use ports::{ConnectorError, System};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// An answer read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why an answer is not a value, before quotas and tokens are looked after.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The access token is old or withdrawn: refresh once, then believe it.
    StaleToken(ConnectorError),
    /// 429.
    Throttled { retry_after: Option<Duration> },
    /// Everything else.
    Failed(ConnectorError),
}

#[derive(Deserialize)]
struct ErrorList {
    errors: Vec<ErrorItem>,
}

#[derive(Deserialize)]
struct ErrorItem {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    details: Option<String>,
}

/// What a person does about a 403 that gives no details. Amazon answers the same for each of these causes.
const CHECKLIST: &str = "Check that the region of the connection is the seller's own, that the application has the roles it needs \
     (Inventory and Order Tracking; for addresses Direct to Consumer Shipping), and that the seller authorised it again after \
     a role was added; then sign in again";

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads the answer to a request for `what`.
    pub(crate) fn read(&self, what: &str) -> Result<Value, Refusal> {
        match self.status.as_u16() {
            204 => Ok(Value::Null),
            _ => self.success(what)?.value().map_err(Refusal::Failed),
        }
    }

    /// Reads the answer to a request for `what` as JSON text.
    pub(crate) fn text(&self, what: &str) -> Result<String, Refusal> {
        let success = self.success(what)?;
        // Whatever is not JSON is told as everywhere else.
        success.value().map_err(Refusal::Failed)?;
        String::from_utf8(success.body.clone())
            .map_err(|_| Refusal::Failed(self.unavailable("an answer that is not text")))
    }

    fn success(&self, what: &str) -> Result<&Answer, Refusal> {
        match self.status.as_u16() {
            200..=299 => Ok(self),
            429 => Err(Refusal::Throttled { retry_after: self.retry_after() }),
            status => Err(self.refusal(status, what)),
        }
    }

    /// The body as JSON.
    pub(crate) fn value(&self) -> Result<Value, ConnectorError> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Null);
        }
        if self.is_html() {
            return Err(self.unavailable("an HTML page instead of data"));
        }
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            serde_json::error::Category::Eof => self.unavailable("an answer that was cut off"),
            _ => ConnectorError::Malformed {
                system: System::Amazon,
                reason: format!("not JSON at line {}, column {} {}", error.line(), error.column(), self.trace()),
            },
        })
    }

    fn refusal(&self, status: u16, what: &str) -> Refusal {
        let reason = self.reason();
        Refusal::Failed(match status {
            401 | 403 => return self.forbidden(reason),
            404 | 410 => ConnectorError::NotFound { system: System::Amazon, what: what.to_owned() },
            409 => ConnectorError::Duplicate { system: System::Amazon, what: what.to_owned() },
            408 | 500..=599 => self.unavailable(&reason),
            400..=499 if !self.is_html() => {
                ConnectorError::Rejected { system: System::Amazon, what: what.to_owned(), reason: cut(&reason, 500) }
            }
            _ => self.unavailable(&reason),
        })
    }

    fn forbidden(&self, reason: String) -> Refusal {
        let details = self.details().to_ascii_lowercase();
        let unauthorized = |fix: &str| ConnectorError::Unauthorized {
            system: System::Amazon,
            reason: cut(&reason, 500),
            fix: fix.to_owned(),
        };
        if self.is_html() {
            return Refusal::Failed(self.unavailable("an HTML page instead of data"));
        }
        if details.contains("expired") || details.contains("revoked") || details.contains("malformed") {
            return Refusal::StaleToken(unauthorized("Ask the seller to authorise the application again"));
        }
        Refusal::Failed(unauthorized(CHECKLIST))
    }

    /// What Amazon said and how its support finds it: "InvalidInput: Invalid Input (request 1f…, rid 2e…)".
    fn reason(&self) -> String {
        let said = match serde_json::from_slice::<ErrorList>(&self.body) {
            Ok(list) if !list.errors.is_empty() => {
                list.errors.iter().map(ErrorItem::text).collect::<Vec<_>>().join("; ")
            }
            _ => self.fingerprint(),
        };
        format!("HTTP {}: {} {}", self.status.as_u16(), cut(&said, 400), self.trace())
    }

    fn details(&self) -> String {
        let list = serde_json::from_slice::<ErrorList>(&self.body).map(|list| list.errors).unwrap_or_default();
        list.into_iter().filter_map(|error| error.details).collect::<Vec<_>>().join(" ")
    }

    /// A body that is not an error list is not shown (it may hold anything): its size and hash identify it.
    fn fingerprint(&self) -> String {
        if self.body.is_empty() {
            return "no body".to_owned();
        }
        let digest: String = Sha256::digest(&self.body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let kind = if self.is_html() { "an HTML page" } else { "an unknown body" };
        format!("{kind} of {} bytes, SHA-256 {digest}…", self.body.len())
    }

    fn trace(&self) -> String {
        let request = self.header("x-amzn-requestid").unwrap_or("unknown");
        match self.header("x-amz-rid") {
            Some(rid) => format!("(request {}, rid {})", cut(request, 60), cut(rid, 40)),
            None => format!("(request {})", cut(request, 60)),
        }
    }

    pub(crate) fn unavailable(&self, reason: &str) -> ConnectorError {
        let reason = if reason.starts_with("HTTP ") {
            reason.to_owned()
        } else {
            format!("HTTP {}: {reason} {}", self.status.as_u16(), self.trace())
        };
        ConnectorError::Unavailable { system: System::Amazon, reason: cut(&reason, 500) }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }

    fn is_html(&self) -> bool {
        let says_so = self.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
        let first = self.body.iter().find(|byte| !byte.is_ascii_whitespace());
        says_so || first == Some(&b'<')
    }
}

impl ErrorItem {
    fn text(&self) -> String {
        match self.details.as_deref().filter(|details| !details.is_empty() && *details != self.message) {
            Some(details) => format!("{}: {} ({details})", self.code, self.message),
            None => format!("{}: {}", self.code, self.message),
        }
    }
}

/// At most `length` characters of `text`, without control characters.
pub(crate) fn cut(text: &str, length: usize) -> String {
    text.chars().filter(|character| !character.is_control()).take(length).collect()
}

/// A connection that broke or never was. The text of the cause carries no address, query or body.
pub(crate) fn not_reached(error: &reqwest::Error) -> ConnectorError {
    let class = if error.is_connect() {
        "the connection was not made"
    } else if error.is_timeout() {
        "the connection timed out"
    } else if error.is_body() || error.is_decode() {
        "the answer broke off"
    } else {
        "the connection broke"
    };
    ConnectorError::Unavailable { system: System::Amazon, reason: class.to_owned() }
}
