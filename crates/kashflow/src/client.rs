//! The transport: one request, one answer, one reading of what went wrong.
//!
//! Reads and writes fail differently: a read that got no answer did nothing, a write that got none may have done everything.

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use jiff::Timestamp;
use ports::{ConnectorError, System};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Semaphore;
use url::Url;

use crate::auth::{LoginLedger, Sessions};
use crate::config::{Config, Secrets};

/// KashFlow's SQL time-out, which it answers as 400 (facts §1.2): transient for a read, of unknown outcome for a write.
pub(crate) const SQL_TIMEOUT: &str = "-2146232060";

/// Reads under way at the same time; one write.
const READS: usize = 4;

/// Wait after a 429 that does not say how long.
const THROTTLED_FOR: Duration = Duration::from_secs(30);

/// Characters of a remote's words that are kept.
const REASON_MAX: usize = 500;

/// One account of KashFlow.
pub struct Client {
    pub(crate) config: Config,
    clock: Clock,
    http: Http,
    sessions: Sessions,
    reads: Semaphore,
    writes: Semaphore,
}

impl Client {
    /// A client; nothing is called yet.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::Malformed`] if no HTTP client can be made.
    pub fn new(
        config: Config,
        secrets: Secrets,
        clock: Clock,
        ledger: Arc<dyn LoginLedger>,
    ) -> Result<Client, ConnectorError> {
        let http = Http::new(clock.clone(), Duration::from_secs(config.request_timeout_s))?;
        let sessions = Sessions::new(config.clone(), secrets, clock.clone(), ledger);
        Ok(Client { config, clock, http, sessions, reads: Semaphore::new(READS), writes: Semaphore::new(1) })
    }

    /// An address below the base; each segment is percent-encoded once.
    pub(crate) fn url(&self, segments: &[&str]) -> Result<Url, ConnectorError> {
        let mut url = self.config.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| malformed("the base address cannot have a path"))?
            .pop_if_empty()
            .extend(segments);
        Ok(url)
    }

    /// Reads. Any failure is [`ConnectorError::Unavailable`] or clearer: nothing was written.
    pub(crate) async fn read(&self, url: Url) -> Result<Answer, ConnectorError> {
        let _permit =
            self.clock.wait_for(self.reads.acquire()).await.map_err(|_| malformed("the client was closed"))?;
        let answer = self.authorized(Method::GET, url, None).await?;
        if answer.is_success() || answer.status == 404 {
            return Ok(answer);
        }
        Err(answer.failure_of_read())
    }

    /// Writes, once. Whenever the write may have been done the error is [`ConnectorError::OutcomeUnknown`].
    pub(crate) async fn write(
        &self,
        method: Method,
        url: Url,
        body: String,
        what: &str,
    ) -> Result<Answer, ConnectorError> {
        let _permit =
            self.clock.wait_for(self.writes.acquire()).await.map_err(|_| malformed("the client was closed"))?;
        let answer = self.authorized(method, url, Some(body)).await.map_err(|error| match error {
            // The transport says "not reached" only if no byte of the request left; anything else is open.
            ConnectorError::Unavailable { system, reason } if reason != NOT_REACHED => {
                ConnectorError::OutcomeUnknown { system, reason }
            }
            other => other,
        })?;
        if answer.is_success() { Ok(answer) } else { Err(answer.failure_of_write(what)) }
    }

    async fn authorized(&self, method: Method, url: Url, body: Option<String>) -> Result<Answer, ConnectorError> {
        // The session belongs to this host alone: a list's NextPageUrl must never carry it elsewhere.
        if url.host_str() != self.config.base_url.host_str() || url.scheme() != self.config.base_url.scheme() {
            return Err(malformed("the answer points to another host; the session was not sent there"));
        }
        let header = self.sessions.authorization(&self.http).await?;
        let answer = self.http.send(method.clone(), url.clone(), Some(&header), body.clone()).await?;
        if !answer.is_dead_session() {
            return Ok(answer);
        }
        // A refused session did nothing, so the call may be repeated once with a new one, a write too.
        self.sessions.expire(&header).await;
        let header = self.sessions.authorization(&self.http).await?;
        let answer = self.http.send(method, url, Some(&header), body).await?;
        if answer.is_dead_session() {
            return Err(ConnectorError::Unauthorized {
                system: System::KashFlow,
                reason: "a new session was refused at once".to_owned(),
                fix: "Check that the REST API is enabled and this computer's address is allowed (Apps > API Settings), then press Resume.".to_owned(),
            });
        }
        Ok(answer)
    }
}

/// What the transport says when the request never left.
const NOT_REACHED: &str = "KashFlow could not be reached";

/// Plain HTTP with a deadline.
pub(crate) struct Http {
    client: reqwest::Client,
    clock: Clock,
    timeout: Duration,
}

/// An answer, whatever it is.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    retry_at: Option<Timestamp>,
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody {
    #[serde(default)]
    error: serde_json::Value,
    #[serde(default)]
    message: Option<String>,
}

impl Http {
    fn new(clock: Clock, timeout: Duration) -> Result<Http, ConnectorError> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Tillbridge/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| malformed(&format!("no HTTP client: {}", error.without_url())))?;
        Ok(Http { client, clock, timeout })
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        url: Url,
        authorization: Option<&SecretString>,
        body: Option<String>,
    ) -> Result<Answer, ConnectorError> {
        let mut request = self.client.request(method, url).header(ACCEPT, "application/json");
        if let Some(header) = authorization {
            request = request.header(AUTHORIZATION, header.expose_secret());
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        self.perform(request).await
    }

    pub(crate) async fn form(&self, url: Url, body: String) -> Result<Answer, ConnectorError> {
        let request = self.client.post(url).header(ACCEPT, "application/json");
        self.perform(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)).await
    }

    async fn perform(&self, request: reqwest::RequestBuilder) -> Result<Answer, ConnectorError> {
        let exchange = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let retry_after =
                response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
            let body = response.text().await?;
            Ok::<_, reqwest::Error>((status, retry_after, body))
        };
        let ended = self.clock.timeout(self.timeout, exchange).await;
        let now = self.clock.now();
        match ended {
            Ok(Ok((status, retry_after, body))) => {
                let retry_at = retry_after.and_then(|text| retry_at(&text, now));
                Ok(Answer { status, body, retry_at, now })
            }
            Ok(Err(error)) if error.is_connect() => Err(unavailable(NOT_REACHED)),
            Ok(Err(error)) => Err(unavailable(&format!("the connection broke: {}", error.without_url()))),
            Err(clock::Elapsed) => Err(unavailable(&format!("no answer within {} s", self.timeout.as_secs()))),
        }
    }
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn is_dead_session(&self) -> bool {
        self.status == 401 && self.error().0 != "AccountLocked"
    }

    /// `Error` and `Message`, as far as the body is KashFlow's.
    pub(crate) fn error(&self) -> (String, String) {
        match serde_json::from_str::<ErrorBody>(&self.body) {
            Ok(body) => {
                let code = match body.error {
                    serde_json::Value::String(code) => code,
                    serde_json::Value::Null => String::new(),
                    other => other.to_string(),
                };
                (code, body.message.unwrap_or_default().chars().take(REASON_MAX).collect())
            }
            Err(_) => (String::new(), String::new()),
        }
    }

    /// Why a read failed.
    pub(crate) fn failure_of_read(&self) -> ConnectorError {
        let (code, message) = self.error();
        match self.status {
            429 => self.throttled(),
            400 if code == SQL_TIMEOUT => unavailable("KashFlow's database timed out (400 -2146232060)"),
            401 if code == "AccountLocked" => locked(),
            401 | 403 => no_permission(&message),
            400 | 404 | 405 | 422 => rejected("the request", &code, &message),
            status => unavailable(&format!("HTTP {status}{}", described(&code))),
        }
    }

    /// Why a write failed. The default for what is not understood is "unknown", except where KashFlow clearly refused.
    fn failure_of_write(&self, what: &str) -> ConnectorError {
        let (code, message) = self.error();
        let unknown = |reason: String| ConnectorError::OutcomeUnknown { system: System::KashFlow, reason };
        match self.status {
            429 => self.throttled(),
            400 if code == SQL_TIMEOUT => unknown("KashFlow's database timed out (400 -2146232060)".to_owned()),
            401 if code == "AccountLocked" => locked(),
            401 | 403 => no_permission(&message),
            400 | 409 | 422 if is_duplicate(&code) => {
                ConnectorError::Duplicate { system: System::KashFlow, what: what.to_owned() }
            }
            400 | 402 | 422 if code.to_ascii_lowercase().contains("limit") => ConnectorError::LimitReached {
                system: System::KashFlow,
                reason: if message.is_empty() { "KashFlow's plan allows no more invoices in this cycle".to_owned() } else { message },
                fix: "Upgrade the KashFlow plan or wait for the next cycle, then press Retry; summary posting needs far fewer invoices.".to_owned(),
            },
            // A 400 with KashFlow's own error body is a refusal; one without (a proxy's page) says nothing.
            400 | 404 | 405 | 422 if !code.is_empty() || !message.is_empty() => rejected(what, &code, &message),
            409 => ConnectorError::Duplicate { system: System::KashFlow, what: what.to_owned() },
            status => unknown(format!("HTTP {status}{}", described(&code))),
        }
    }

    fn throttled(&self) -> ConnectorError {
        let until = self.retry_at.unwrap_or_else(|| clock::later(self.now, THROTTLED_FOR));
        ConnectorError::Throttled { system: System::KashFlow, until }
    }
}

/// The names of duplicate errors are unpublished (facts §18): anything that says so counts.
fn is_duplicate(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    code.contains("duplicate") || code.contains("alreadyexists") || code.contains("notunique")
}

/// `Retry-After` as seconds or as an HTTP date.
fn retry_at(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(clock::later(now, Duration::from_secs(seconds.min(86_400))));
    }
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

fn described(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!(" ({code})") }
}

fn unavailable(reason: &str) -> ConnectorError {
    ConnectorError::Unavailable { system: System::KashFlow, reason: reason.to_owned() }
}

fn rejected(what: &str, code: &str, message: &str) -> ConnectorError {
    let reason = match (code.is_empty(), message.is_empty()) {
        (true, true) => "no reason was given".to_owned(),
        (true, false) => message.to_owned(),
        (false, true) => code.to_owned(),
        (false, false) => format!("{message} ({code})"),
    };
    ConnectorError::Rejected { system: System::KashFlow, what: what.to_owned(), reason }
}

fn locked() -> ConnectorError {
    ConnectorError::Unauthorized {
        system: System::KashFlow,
        reason: "the account is locked after too many wrong log-ins".to_owned(),
        fix: "Unlock it in KashFlow, check the credentials here, then press Resume. Nothing was tried again."
            .to_owned(),
    }
}

fn no_permission(message: &str) -> ConnectorError {
    ConnectorError::Unauthorized {
        system: System::KashFlow,
        reason: if message.is_empty() { "the user may not do this".to_owned() } else { message.to_owned() },
        fix: "Give the KashFlow user the role for it, or allow this computer's address (Apps > API Settings), then press Resume.".to_owned(),
    }
}

pub(crate) fn malformed(reason: &str) -> ConnectorError {
    ConnectorError::Malformed { system: System::KashFlow, reason: reason.to_owned() }
}
