//! Plain HTTP with a deadline. Says of each failure whether the request can have reached KashFlow: a write that may have must
//! never be sent again blindly.

use std::time::Duration;

use clock::Clock;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::answer::{Answer, malformed};

/// Time to connect.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// A connection that was idle longer is not used again: servers close theirs, and a write on a closed one is of unknown outcome.
const IDLE_MAX: Duration = Duration::from_secs(15);

/// Largest answer: a page of 200 customers with all their addresses is below 1 MiB.
const ANSWER_BYTES_MAX: usize = 32 << 20;

/// Sends requests and reads their answers to the end.
pub(crate) struct Http {
    client: reqwest::Client,
    clock: Clock,
    timeout: Duration,
}

/// No answer, or not all of it.
#[derive(Debug)]
pub(crate) struct Broken {
    /// Whether anything of the request can have reached KashFlow.
    pub(crate) sent: bool,
    /// What was seen. Holds no address and no secret.
    pub(crate) reason: String,
}

/// A request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Body>,
}

#[derive(Clone)]
pub(crate) enum Body {
    Json(String),
    Form(String),
    /// A SOAP 1.1 envelope and its operation.
    Soap(String, String),
}

impl Call {
    pub(crate) fn get(url: Url) -> Call {
        Call { method: Method::GET, url, body: None }
    }

    pub(crate) fn json(method: Method, url: Url, body: String) -> Call {
        Call { method, url, body: Some(Body::Json(body)) }
    }

    pub(crate) fn soap(url: Url, operation: &str, envelope: String) -> Call {
        Call { method: Method::POST, url, body: Some(Body::Soap(format!("\"KashFlow/{operation}\""), envelope)) }
    }

    pub(crate) fn form(url: Url, body: String) -> Call {
        Call { method: Method::POST, url, body: Some(Body::Form(body)) }
    }
}

impl Http {
    pub(crate) fn new(clock: Clock, timeout: Duration) -> Result<Http, ports::ConnectorError> {
        // Idempotent: the first one in the process wins, and all of ours install the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_MAX)
            .pool_idle_timeout(IDLE_MAX)
            .user_agent(concat!("Tillbridge/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| malformed(&format!("no HTTP client: {}", error.without_url())))?;
        Ok(Http { client, clock, timeout })
    }

    pub(crate) async fn send(&self, call: Call, authorization: Option<&SecretString>) -> Result<Answer, Broken> {
        let accepted = if matches!(call.body, Some(Body::Soap(..))) { "text/xml" } else { "application/json" };
        let mut request = self.client.request(call.method, call.url).header(ACCEPT, accepted);
        if let Some(header) = authorization {
            let value = HeaderValue::from_str(header.expose_secret()).map(|mut value| {
                value.set_sensitive(true);
                value
            });
            let value = value.map_err(|_| not_sent("the session has characters that no session has"))?;
            request = request.header(AUTHORIZATION, value);
        }
        request = match call.body {
            Some(Body::Json(body)) => request.header(CONTENT_TYPE, "application/json").body(body),
            Some(Body::Form(body)) => request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body),
            Some(Body::Soap(action, envelope)) => {
                request.header(CONTENT_TYPE, "text/xml; charset=utf-8").header("SOAPAction", action).body(envelope)
            }
            None => request,
        };
        match self.clock.timeout(self.timeout, exchange(request)).await {
            Ok(Ok((status, retry_after, body))) => Ok(Answer::new(status, body, retry_after, self.clock.now())),
            Ok(Err(broken)) => Err(broken),
            Err(clock::Elapsed) => {
                Err(Broken { sent: true, reason: format!("no answer within {} s", self.timeout.as_secs()) })
            }
        }
    }
}

async fn exchange(request: reqwest::RequestBuilder) -> Result<(u16, Option<String>, String), Broken> {
    let mut response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            let reason = format!("an answer of more than {} MiB", ANSWER_BYTES_MAX >> 20);
            return Err(Broken { sent: true, reason });
        }
        body.extend_from_slice(&chunk);
    }
    let text = String::from_utf8_lossy(&body);
    Ok((status, retry_after, text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()))
}

fn not_sent(reason: &str) -> Broken {
    Broken { sent: false, reason: reason.to_owned() }
}

/// The error's own text may hold the address, which may hold a customer's name: only its class is kept.
fn broken(error: &reqwest::Error) -> Broken {
    if error.is_connect() {
        return not_sent(if error.is_timeout() { "no connection within 5 s" } else { "it could not be reached" });
    }
    if error.is_builder() {
        return not_sent("the request could not be made");
    }
    let reason = if error.is_body() || error.is_decode() { "the answer broke off" } else { "the connection broke" };
    Broken { sent: true, reason: reason.to_owned() }
}
