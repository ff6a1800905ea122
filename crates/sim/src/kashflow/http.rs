//! HTTP in front of the account: paths, tokens, faults, delays and broken connections.
//!
//! One fallback handler serves every path, because paths are matched without case. Virtual time: a request is its client's
//! work, so delays go through [`Clock::sleep_in_request`]; work that outlives its client runs in a task of its own that counts
//! as busy only while it works.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use clock::Clock;
use futures_util::stream;
use jiff::{SignedDuration, Timestamp};
use url::form_urlencoded;

use super::Account;
use super::api::{self, Call, Kind, Operation, Outcome, Reply};
use super::error::ApiError;
use super::json::Json;
use super::soap::{self, Blame};
use crate::faults::{Dice, Fault, Faults, Point};

/// Largest request body.
const BODY_MAX: usize = 4 << 20;

/// The remote's base path.
const BASE: &str = "v2";

/// REST v2 of `account` under `/v2` and SOAP at `/api/service.asmx`, with faults drawn from `faults`. `clock` must be the account's own.
pub fn router(account: Arc<Account>, faults: Arc<Faults>, clock: Clock) -> Router {
    let face = Arc::new(Face { dice: Dice::new(account.seed()), account, faults, clock });
    Router::new().fallback(serve).with_state(face)
}

struct Face {
    account: Arc<Account>,
    faults: Arc<Faults>,
    clock: Clock,
    dice: Dice,
}

async fn serve(State(face): State<Arc<Face>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else {
        return answer(Err(ApiError::refused("RequestTooLarge", "The request body could not be read.")), "");
    };
    face.serve(&parts.method, &parts.uri, &parts.headers, &body).await
}

impl Face {
    async fn serve(self: &Arc<Face>, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
        self.account.let_people_act();
        let base = base_url(headers);
        let path = segments(uri);
        let lower: Vec<String> = path.iter().map(|segment| segment.to_ascii_lowercase()).collect();
        let below: Vec<&str> = lower.iter().map(String::as_str).collect();
        if below == soap::PATH {
            return self.serve_soap(method, uri, headers, body).await;
        }
        let found = match below.split_first() {
            Some((&BASE, below)) => api::find(method, below),
            _ => Err(ApiError::not_found("The resource")),
        };
        let operation = match found {
            Ok(operation) => operation,
            Err(refused) => return answer(Err(refused), &base),
        };
        let now = self.clock.now();
        let call = Call {
            path: path.into_iter().skip(1).collect(),
            query: form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect(),
            body: Json::Null,
            base,
            token: token(headers),
            now,
            seen_until: earlier(now, self.account.options().search_lag_s),
        };
        let (name, kind) = (operation.name, operation.kind);
        let size = body.len() as u64;
        let (seen_until, task) = (call.seen_until, Task::Rest(Box::new(Rest { operation, call, body: body.clone() })));
        self.with_faults(Work { face: Arc::clone(self), name, kind, now, seen_until, size, task }).await
    }

    async fn serve_soap(self: &Arc<Face>, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
        if *method == Method::GET {
            let wants_wsdl = uri.query().is_some_and(|query| query.eq_ignore_ascii_case("wsdl"));
            return soap_answer(if wants_wsdl { soap::wsdl(&origin(headers)) } else { soap::page() });
        }
        if *method != Method::POST {
            return answer(Err(ApiError::wrong_method()), "");
        }
        let request = match soap::read(body, &soap_action(headers)) {
            Ok(request) => request,
            Err(fault) => return soap_answer(fault),
        };
        let now = self.clock.now();
        let seen_until = earlier(now, self.account.options().search_lag_s);
        let (name, kind, size) = (request.name(), request.effect(), body.len() as u64);
        let task = Task::Soap(Box::new(request));
        self.with_faults(Work { face: Arc::clone(self), name, kind, now, seen_until, size, task }).await
    }

    async fn with_faults(self: &Arc<Face>, mut work: Work) -> Response {
        let fault = self.faults.draw(point(work.kind, work.name));
        match fault {
            Some(Fault::Throttle429 { retry_after_s }) => return throttled(retry_after_s),
            Some(Fault::ServerError5xx { status }) => return work.refused(server_error(status)),
            Some(Fault::HtmlBody { status }) => return html(status),
            Some(Fault::Outage) => return html(503),
            Some(Fault::ResetBeforeWork) => return broken(),
            Some(Fault::SqlTimeout400 { after_commit: false }) => return work.refused(ApiError::sql_timeout()),
            Some(Fault::ExpiredSession) => self.account.end_sessions(),
            Some(Fault::StaleSearch { secs }) => work.seen_until = work.seen_until.min(earlier(work.now, secs)),
            _ => {}
        }
        let timed_out = work.refused(ApiError::sql_timeout());
        if fault == Some(Fault::CommitsLate) {
            let delay_s = self.in_flight_s(&work).unwrap_or(0);
            work.later(&self.clock, delay_s);
            return broken();
        }
        let response = match self.in_flight_now_and_then(&work) {
            None => work.run(),
            Some(delay_s) => work.run_after(&self.clock, delay_s).await,
        };
        match fault {
            Some(Fault::ResetAfterCommit) => broken(),
            Some(Fault::TruncatedBody) => truncated(response).await,
            Some(Fault::SqlTimeout400 { after_commit: true }) => timed_out,
            Some(Fault::Slow { secs }) => {
                self.clock.sleep_in_request(std::time::Duration::from_secs(u64::from(secs))).await;
                response
            }
            _ => response,
        }
    }

    /// How long a create that is in flight takes to commit: 1 to the option's seconds; `None` when the option is off.
    fn in_flight_s(&self, work: &Work) -> Option<u64> {
        let longest = u64::from(self.account.options().in_flight_s);
        let words = [work.name];
        let counter = u64::try_from(work.now.as_nanosecond().unsigned_abs() % (1 << 63)).unwrap_or(0);
        (longest > 0).then(|| 1 + self.dice.below(&words, counter ^ work.size, longest))
    }

    /// One write in four is worked on for a while when the option is on, whether its client waits or not.
    fn in_flight_now_and_then(&self, work: &Work) -> Option<u64> {
        let delay_s = self.in_flight_s(work)?;
        let chosen = self.dice.roll(&["in-flight"], delay_s ^ work.size).is_multiple_of(4);
        (chosen && work.kind == Kind::Write).then_some(delay_s)
    }
}

/// A request that is ready to be done.
struct Work {
    face: Arc<Face>,
    name: &'static str,
    kind: Kind,
    now: Timestamp,
    seen_until: Timestamp,
    /// Length of its body.
    size: u64,
    task: Task,
}

/// What there is to do, by face.
enum Task {
    Rest(Box<Rest>),
    Soap(Box<soap::Request>),
}

/// A request to REST.
struct Rest {
    operation: Operation,
    call: Call,
    body: Bytes,
}

impl Work {
    fn run(self) -> Response {
        match self.task {
            Task::Rest(mut rest) => {
                rest.call.seen_until = self.seen_until;
                let base = rest.call.base.clone();
                answer(rest.run(&self.face.account), &base)
            }
            Task::Soap(request) => soap_answer(request.run(&self.face.account, self.seen_until)),
        }
    }

    /// What its client is told when the work is not done.
    fn refused(&self, error: ApiError) -> Response {
        match &self.task {
            Task::Rest(rest) => answer(Err(error), &rest.call.base),
            Task::Soap(request) => {
                let why = format!("Server was unable to process request. ---> {}", error.message);
                let mut response = soap_answer(soap::fault(request.version(), Blame::Server, &why));
                if error.status >= 500 {
                    *response.status_mut() = status(error.status);
                }
                response
            }
        }
    }
}

impl Rest {
    fn run(mut self, account: &Account) -> Outcome {
        if self.operation.kind != Kind::LogIn {
            account.sessions().touch(self.call.token.as_deref().unwrap_or_default(), self.call.now)?;
        }
        if api::rest_is_off(account) {
            return Err(ApiError { status: 401, code: "RestApiDisabled", message: "The REST API is disabled.".into() });
        }
        if !self.body.is_empty() {
            self.call.body =
                Json::parse(&self.body).map_err(|not_json| ApiError::refused("InvalidJson", not_json.to_string()))?;
        }
        (self.operation.run)(account, &self.call)
    }
}

impl Work {
    /// Does the work in `delay_s`, in a task of its own.
    fn later(self, clock: &Clock, delay_s: u64) {
        let clock = clock.clone();
        let due = clock::later(clock.now(), std::time::Duration::from_secs(delay_s));
        if clock.now() >= due {
            let _ = self.run();
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            clock.sleep_until(due).await;
            let _busy = clock.busy();
            // Nobody is left to tell.
            let _ = self.run();
        });
    }

    /// Does the work after `delay_s`, also if the client gives up meanwhile.
    async fn run_after(self, clock: &Clock, delay_s: u64) -> Response {
        let mut waiting = Waiting {
            clock: clock.clone(),
            due: clock::later(clock.now(), std::time::Duration::from_secs(delay_s)),
            work: Some(self),
        };
        clock.sleep_in_request(std::time::Duration::from_secs(delay_s)).await;
        match waiting.work.take() {
            Some(work) => work.run(),
            None => answer(Err(server_error(500)), ""),
        }
    }
}

/// Work whose client may go away: dropped with work left, it is done anyway when it is due.
struct Waiting {
    clock: Clock,
    due: Timestamp,
    work: Option<Work>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            let left = self.due.duration_since(self.clock.now()).as_secs();
            work.later(&self.clock, u64::try_from(left).unwrap_or(0));
        }
    }
}

fn point(kind: Kind, operation: &'static str) -> Point {
    match kind {
        Kind::Read => Point::KashflowRead { operation },
        Kind::Write => Point::KashflowWrite { operation },
        Kind::LogIn => Point::KashflowLogin,
    }
}

fn earlier(now: Timestamp, secs: u32) -> Timestamp {
    now.checked_sub(SignedDuration::from_secs(i64::from(secs))).unwrap_or(now)
}

/// Decoded path segments, empty ones left out.
fn segments(uri: &Uri) -> Vec<String> {
    let decode = |segment: &str| {
        // A path has no plus for a space, which the form decoder would make of it.
        let kept = segment.replace('+', "%2B");
        form_urlencoded::parse(kept.as_bytes())
            .next()
            .map(|(name, value)| if value.is_empty() { name.into_owned() } else { format!("{name}={value}") })
    };
    uri.path().split('/').filter(|segment| !segment.is_empty()).filter_map(decode).collect()
}

fn token(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("KfToken").then(|| token.trim().to_owned())
}

fn base_url(headers: &HeaderMap) -> String {
    format!("{}/{BASE}", origin(headers))
}

fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    format!("http://{host}")
}

/// `SOAPAction`, or the `action` of a SOAP 1.2 content type, without quotes.
fn soap_action(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let in_type = || {
        let parameters = text(CONTENT_TYPE.as_str())?.split(';');
        parameters.filter_map(|own| own.trim().split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("action"))
    };
    let action = text("soapaction").or_else(|| in_type().map(|(_, value)| value));
    action.unwrap_or_default().trim().trim_matches('"').to_owned()
}

fn soap_answer(answer: soap::Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = status(answer.status);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    response
}

fn answer(outcome: Outcome, base: &str) -> Response {
    let reply =
        outcome.unwrap_or_else(|refused| Reply { status: refused.status, location: None, body: Some(refused.body()) });
    let mut text = String::new();
    if let Some(body) = &reply.body {
        body.write(&mut text);
    }
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status(reply.status);
    if reply.body.is_some() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    if let Some(location) = reply.location.and_then(|path| HeaderValue::try_from(format!("{base}{path}")).ok()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn server_error(status: u16) -> ApiError {
    ApiError { status, code: "InternalServerError", message: "An error has occurred.".into() }
}

fn throttled(retry_after_s: u32) -> Response {
    let refused = ApiError { status: 429, code: "TooManyRequests", message: "Too many requests.".into() };
    let mut response = answer(Err(refused), "");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
    response
}

fn html(code: u16) -> Response {
    let page = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status(code);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// A response that never gets onto the wire: its body fails before anything was flushed, so the connection just closes.
fn broken() -> Response {
    Response::new(Body::from_stream(stream::once(async {
        Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    })))
}

/// The head and the first half of `whole`, then the connection closes.
async fn truncated(whole: Response) -> Response {
    let (parts, body) = whole.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = bytes.slice(..bytes.len() / 2);
    let pieces = stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                // Lets the half be flushed before the connection breaks.
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}
