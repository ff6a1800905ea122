//! The transport: one call, one deadline, one permit, one token. It never retries, but refreshes a stale token once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clock::Clock;
use http::Method;
use ports::{ConnectorError, Permits, System, Urgency};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::answer::{Answer, Refusal, not_reached};
use crate::lwa::{Grant, Lwa};
use crate::paging::Pages;
use crate::rdt::{RestrictedTokens, Scope};
use crate::sqs::Queue;
use crate::throttle::{Operation, Throttle};
use crate::{Config, Secrets, orders_v0};

/// Time for one request (facts: reliability §6).
pub(crate) const REQUEST_MAX: Duration = Duration::from_secs(30);
/// Time to connect.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// Largest answer of an API (a page of 100 orders is well below 1 MiB).
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// A seller's account on Amazon. Cheap to share behind an [`Arc`]; all calls may run in parallel.
pub struct Client {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) http: Http,
    pub(crate) lwa: Lwa,
    pub(crate) restricted: RestrictedTokens,
    pub(crate) throttle: Throttle,
    pub(crate) queue: Option<Queue>,
    pub(crate) pages: Mutex<Pages>,
    pub(crate) v0_page: tokio::sync::Mutex<Option<orders_v0::PartialPage>>,
}

/// With which token a call is made.
#[derive(Clone, Copy)]
pub(crate) enum Access<'a> {
    /// The seller's.
    Seller,
    /// The application's own (grantless).
    Application,
    /// A restricted data token for Orders v0, or the seller's if the data elements were refused.
    Restricted(Scope),
    /// A token made for this one call.
    Given(&'a SecretString),
}

/// Whether a lost answer may have changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    Writes,
}

/// One call.
pub(crate) struct Request<'a> {
    pub(crate) operation: Operation,
    pub(crate) urgency: Urgency,
    pub(crate) access: Access<'a>,
    pub(crate) effect: Effect,
    pub(crate) method: Method,
    /// Path segments, not encoded.
    pub(crate) path: &'a [&'a str],
    /// Query parameters; arrays are comma-joined values.
    pub(crate) query: &'a [(&'a str, String)],
    pub(crate) body: Option<Value>,
    /// What is asked for, in words, for messages: "order 203-…".
    pub(crate) what: String,
}

/// How an answer to a request for something is read.
type Read<T> = fn(&Answer, &str) -> Result<T, Refusal>;

impl<'a> Request<'a> {
    pub(crate) fn get(operation: Operation, path: &'a [&'a str], what: impl Into<String>) -> Request<'a> {
        Request {
            operation,
            urgency: Urgency::Event,
            access: Access::Seller,
            effect: Effect::Reads,
            method: Method::GET,
            path,
            query: &[],
            body: None,
            what: what.into(),
        }
    }

    pub(crate) fn post(operation: Operation, path: &'a [&'a str], body: Value, what: impl Into<String>) -> Request<'a> {
        let get = Request::get(operation, path, what);
        Request { method: Method::POST, effect: Effect::Writes, body: Some(body), ..get }
    }
}

impl Client {
    /// A client for `config`. Nothing is called yet.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::Rejected`] if the configuration names a host that is not Amazon's (or this machine), or a queue
    /// without its secret key.
    pub fn new(
        config: Config,
        secrets: Secrets,
        clock: Clock,
        permits: Arc<dyn Permits>,
    ) -> Result<Client, ConnectorError> {
        config.check()?;
        let http = Http::new(clock.clone(), &config.user_agent)?;
        let host = config.base_url.host_str().unwrap_or_default().to_owned();
        let throttle = Throttle::new(permits, clock.clone(), &config.seller_id, &config.client_id, &host);
        let queue = match (&config.queue, &secrets.aws_secret_access_key) {
            (Some(queue), Some(secret)) => Some(Queue::new(queue.clone(), secret.clone(), http.clone())),
            (Some(_), None) => {
                return Err(ConnectorError::Rejected {
                    system: System::Amazon,
                    what: "the queue settings".to_owned(),
                    reason: "the secret access key of the AWS user is missing".to_owned(),
                });
            }
            (None, _) => None,
        };
        let lwa = Lwa::new(config.token_url(), config.client_id.clone(), secrets, http.clone());
        Ok(Client {
            config,
            clock,
            http,
            lwa,
            restricted: RestrictedTokens::default(),
            throttle,
            queue,
            pages: Mutex::default(),
            v0_page: tokio::sync::Mutex::default(),
        })
    }

    /// Makes the call and gives the answer as JSON. Numbers go through a binary float: amounts need [`Client::call_text`].
    pub(crate) async fn call(&self, request: &Request<'_>) -> Result<Value, ConnectorError> {
        self.call_as(request, Answer::read).await
    }

    /// Makes the call and gives the answer as JSON text, with every digit as it came.
    pub(crate) async fn call_text(&self, request: &Request<'_>) -> Result<String, ConnectorError> {
        self.call_as(request, Answer::text).await
    }

    /// Makes the call, with a fresh token if the first was stale.
    async fn call_as<T>(&self, request: &Request<'_>, read: Read<T>) -> Result<T, ConnectorError> {
        let token = self.token(request.access).await?;
        let stale = match self.call_once(request, &token, read).await {
            Ok(value) => return Ok(value),
            Err(Refusal::StaleToken(error)) => error,
            Err(refusal) => return Err(self.settle(request, refusal).await),
        };
        tracing::debug!(
            operation = request.operation.name(),
            "the access token was refused ({stale}); refreshing it once"
        );
        self.forget(request.access, &token).await;
        let fresh = self.token(request.access).await?;
        match self.call_once(request, &fresh, read).await {
            Ok(value) => Ok(value),
            Err(refusal) => {
                if matches!(refusal, Refusal::StaleToken(_)) {
                    self.forget(request.access, &fresh).await;
                }
                Err(self.settle(request, refusal).await)
            }
        }
    }

    async fn call_once<T>(&self, request: &Request<'_>, token: &SecretString, read: Read<T>) -> Result<T, Refusal> {
        self.throttle.take(request.operation, request.urgency).await.map_err(Refusal::Failed)?;
        let url = self.url(request.path, request.query);
        let mut call = self
            .http
            .api
            .request(request.method.clone(), url)
            .header("x-amz-access-token", secret_header(token).map_err(Refusal::Failed)?)
            .header("x-amz-date", self.clock.now().strftime("%Y%m%dT%H%M%SZ").to_string());
        if let Some(body) = &request.body {
            call = call.json(body);
        }
        let answer = self.http.answer(call, REQUEST_MAX).await.map_err(|error| {
            Refusal::Failed(match request.effect {
                Effect::Reads => error,
                Effect::Writes => unknown_outcome(error),
            })
        })?;
        if answer.status != http::StatusCode::TOO_MANY_REQUESTS {
            self.throttle.learn(request.operation, answer.header("x-amzn-ratelimit-limit")).await;
        }
        read(&answer, &request.what).map_err(|refusal| match (refusal, request.effect) {
            (Refusal::Failed(error), Effect::Writes) => Refusal::Failed(unknown_outcome(error)),
            (refusal, _) => refusal,
        })
    }

    async fn settle(&self, request: &Request<'_>, refusal: Refusal) -> ConnectorError {
        match refusal {
            Refusal::Throttled { retry_after } => self.throttle.refused(request.operation, retry_after).await,
            Refusal::StaleToken(error) | Refusal::Failed(error) => error,
        }
    }

    async fn token(&self, access: Access<'_>) -> Result<SecretString, ConnectorError> {
        match access {
            Access::Seller => self.lwa.token(Grant::Seller).await,
            Access::Application => self.lwa.token(Grant::Notifications).await,
            Access::Restricted(scope) => match self.restricted_token(scope).await? {
                Some(token) => Ok(token),
                None => self.lwa.token(Grant::Seller).await,
            },
            Access::Given(token) => Ok(token.clone()),
        }
    }

    async fn forget(&self, access: Access<'_>, token: &SecretString) {
        match access {
            Access::Seller => self.lwa.forget(Grant::Seller, token).await,
            Access::Application => self.lwa.forget(Grant::Notifications, token).await,
            Access::Restricted(_) => {
                self.restricted.forget(token).await;
                self.lwa.forget(Grant::Seller, token).await;
            }
            Access::Given(_) => {}
        }
    }

    fn url(&self, path: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = self.config.base_url.clone();
        // Cannot fail for http and https, which `Config::check` demands.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query.iter().map(|(name, value)| (*name, value.as_str())));
        }
        url
    }
}

/// After a write, a fault says nothing about whether it was done.
fn unknown_outcome(error: ConnectorError) -> ConnectorError {
    match error {
        ConnectorError::Unavailable { system, reason } | ConnectorError::Malformed { system, reason } => {
            ConnectorError::OutcomeUnknown { system, reason }
        }
        error => error,
    }
}

fn secret_header(token: &SecretString) -> Result<http::HeaderValue, ConnectorError> {
    let mut value = http::HeaderValue::from_str(token.expose_secret()).map_err(|_| ConnectorError::Malformed {
        system: System::Amazon,
        reason: "the access token has characters that no token has".to_owned(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Two HTTP clients on one clock: for APIs, and for documents whose bytes must come as they are.
#[derive(Clone)]
pub(crate) struct Http {
    pub(crate) clock: Clock,
    pub(crate) api: reqwest::Client,
    pub(crate) raw: reqwest::Client,
}

impl Http {
    pub(crate) fn new(clock: Clock, user_agent: &str) -> Result<Http, ConnectorError> {
        // Idempotent: the first one in the process wins, and all of ours install the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .connect_timeout(CONNECT_MAX)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
        };
        let built = |built: Result<reqwest::Client, reqwest::Error>| {
            built.map_err(|error| ConnectorError::Unavailable {
                system: System::Amazon,
                reason: format!("the HTTP client could not be built: {error}"),
            })
        };
        Ok(Http { clock, api: built(builder().build())?, raw: built(builder().gzip(false).build())? })
    }

    /// Sends `call` and reads its answer to the end, within `limit`.
    pub(crate) async fn answer(
        &self,
        call: reqwest::RequestBuilder,
        limit: Duration,
    ) -> Result<Answer, ConnectorError> {
        self.answer_of(call, limit, ANSWER_BYTES_MAX).await
    }

    /// As [`Http::answer`], for answers of at most `bytes_max` bytes.
    pub(crate) async fn answer_of(
        &self,
        call: reqwest::RequestBuilder,
        limit: Duration,
        bytes_max: usize,
    ) -> Result<Answer, ConnectorError> {
        let exchange = async {
            let mut response = call.send().await.map_err(|error| not_reached(&error))?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(|error| not_reached(&error))? {
                if body.len() + chunk.len() > bytes_max {
                    return Err(ConnectorError::Malformed {
                        system: System::Amazon,
                        reason: format!("an answer of more than {bytes_max} bytes"),
                    });
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Answer { status, headers, body })
        };
        self.clock.timeout(limit, exchange).await.unwrap_or_else(|_| {
            let reason = format!("no answer within {} s", limit.as_secs());
            Err(ConnectorError::Unavailable { system: System::Amazon, reason })
        })
    }
}
