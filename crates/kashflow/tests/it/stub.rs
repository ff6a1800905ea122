//! A little KashFlow: serves what a test tells it over real HTTP and remembers what it was asked. Log-ins succeed by themselves.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use clock::Clock;
use futures_util::stream;
use jiff::Timestamp;
use kashflow::{AuthConfig, Client, Config, LoginLedger, MemoryLedger, Secrets};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

/// Long enough for each three characters: positions 2, 5 and 9 are asked for.
pub const WORD: &str = "saucepan-lid";
pub const PASSWORD: &str = "Kettle-horse-9";

/// A request as it arrived, with the path below `/v2`.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    pub body: String,
}

impl Call {
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn query(&self, name: &str) -> &str {
        self.query.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// What the stub answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Status and body text.
    Text(u16, String),
    /// A proxy's page.
    Html(u16),
    /// 429 with this `Retry-After`.
    Throttled(&'static str),
    /// The connection closes without an answer.
    Reset,
    /// The head and half of a body.
    Truncated(String),
    /// The answer comes after so many seconds of the clock.
    Slow(u64, String),
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Reply {
        Reply::Text(status, body.to_string())
    }

    pub fn error(status: u16, code: &str, message: &str) -> Reply {
        Reply::json(status, &json!({ "Error": code, "Message": message }))
    }

    pub fn not_there() -> Reply {
        Reply::error(404, "ResourceNotFound", "It was not found.")
    }

    /// The bank-type accounts of the account: one, with the nominal code that the drafts of these tests name.
    pub fn banks() -> Reply {
        Reply::json(200, &json!([{ "Id": 9002, "AccountName": "Amazon clearing", "Code": 1250 }]))
    }

    pub fn dead_session() -> Reply {
        Reply::error(401, "InvalidSessionToken", "Session token provided is invalid.")
    }
}

type Answer = Arc<dyn Fn(&Call) -> Reply + Send + Sync>;

#[derive(Clone)]
struct Shared {
    answer: Answer,
    calls: Arc<Mutex<Vec<Call>>>,
    clock: Clock,
    sessions: Arc<AtomicU32>,
    under_way: Arc<UnderWay>,
}

/// How many requests were worked on at the same time at most, reads and writes apart.
#[derive(Default)]
pub struct UnderWay {
    now: [AtomicU32; 2],
    most: [AtomicU32; 2],
}

impl UnderWay {
    pub fn most(&self) -> [u32; 2] {
        [0, 1].map(|index| self.most[index].load(Ordering::SeqCst))
    }
}

/// The stub and a client that talks to it.
pub struct World {
    pub base: Url,
    pub client: Arc<Client>,
    pub clock: Clock,
    pub ledger: Arc<MemoryLedger>,
    pub under_way: Arc<UnderWay>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl World {
    /// Everything but log-ins.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().iter().filter(|call| !call.path.starts_with("/sessiontoken")).cloned().collect()
    }

    pub fn log_ins(&self) -> Vec<Call> {
        self.calls.lock().unwrap().iter().filter(|call| call.path.starts_with("/sessiontoken")).cloned().collect()
    }

    pub fn writes(&self) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method != "GET").collect()
    }

    /// Another process with the same account and memory.
    pub fn restarted(&self) -> Client {
        connect(&self.base, self.clock.clone(), self.ledger.clone())
    }

    /// Lets time pass. Nobody may be busy.
    pub async fn pass(&self, duration: Duration) {
        tokio::select! {
            () = self.clock.sleep(duration) => {}
            () = self.clock.drive() => {}
        }
    }
}

pub fn config(base: &Url) -> Config {
    Config {
        base_url: base.clone(),
        auth: AuthConfig::KfSession { username: "demo.trader".into() },
        soap_url: None,
        soap_username: None,
        request_timeout_s: 60,
    }
}

pub fn secrets() -> Secrets {
    let secret = |name: &str, value: &str| (name.to_owned(), SecretString::from(value));
    Secrets::new(BTreeMap::from([secret("password", PASSWORD), secret("memorable_word", WORD)]))
}

pub fn connect(base: &Url, clock: Clock, ledger: Arc<dyn LoginLedger>) -> Client {
    Client::new(config(base), secrets(), clock, ledger).unwrap()
}

pub fn start() -> Timestamp {
    "2026-11-02T09:00:00Z".parse().unwrap()
}

/// A stub whose log-ins succeed, on a virtual clock that a test moves.
pub async fn kashflow(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> World {
    let clock = Clock::virtual_at(start());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let under_way = Arc::new(UnderWay::default());
    let shared = Shared {
        answer: Arc::new(answer),
        calls: calls.clone(),
        clock: clock.clone(),
        sessions: Arc::default(),
        under_way: under_way.clone(),
    };
    let base = serve(shared).await;
    let ledger = Arc::new(MemoryLedger::default());
    let client = Arc::new(connect(&base, clock.clone(), ledger.clone()));
    World { base, client, clock, ledger, under_way, calls }
}

async fn serve(shared: Shared) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v2", listener.local_addr().unwrap()).parse().unwrap();
    let router = Router::new().fallback(handle).with_state(shared);
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

async fn handle(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let call = Call {
        method: parts.method.to_string(),
        path: parts.uri.path().strip_prefix("/v2").unwrap_or("outside the base").to_owned(),
        query,
        headers: parts.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    shared.calls.lock().unwrap().push(call.clone());
    let kind = usize::from(call.method != "GET");
    let now = shared.under_way.now[kind].fetch_add(1, Ordering::SeqCst) + 1;
    shared.under_way.most[kind].fetch_max(now, Ordering::SeqCst);
    let mut reply = (shared.answer)(&call);
    if let (true, Reply::Text(404, _)) = (call.path.starts_with("/sessiontoken"), &reply) {
        reply = log_in(&call, &shared.sessions);
    }
    if let Reply::Slow(seconds, _) = &reply {
        shared.clock.sleep_in_request(Duration::from_secs(*seconds)).await;
    }
    shared.under_way.now[kind].fetch_sub(1, Ordering::SeqCst);
    respond(reply)
}

/// Two steps that succeed with the right characters: what a test leaves to the stub.
fn log_in(call: &Call, sessions: &AtomicU32) -> Reply {
    if call.method == "POST" {
        let places =
            json!([{ "Position": 2, "Value": "" }, { "Position": 5, "Value": "" }, { "Position": 9, "Value": "" }]);
        let token = "7c0f5f2e-5b1e-4c53-9a63-0f6a2a1f9d11";
        return Reply::json(
            201,
            &json!({ "TemporaryToken": token, "MemorableWordList": places, "IsLockedOut": false }),
        );
    }
    let given: Vec<String> = call.json()["MemorableWordList"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|place| format!("{}{}", place["Position"], place["Value"].as_str().unwrap_or_default()))
        .collect();
    if given != ["2a", "5e", "9-"] {
        return Reply::error(400, "InvalidCredentials", "Wrong.");
    }
    let number = sessions.fetch_add(1, Ordering::SeqCst) + 1;
    Reply::json(200, &json!({ "SessionToken": format!("session-{number}") }))
}

fn respond(reply: Reply) -> Response {
    let json = |status: u16, body: String| {
        (StatusCode::from_u16(status).unwrap(), [("content-type", "application/json")], body).into_response()
    };
    match reply {
        Reply::Text(status, body) => json(status, body),
        Reply::Slow(_, body) => json(200, body),
        Reply::Html(status) => {
            let page = "<html><body>Bad Gateway</body></html>";
            (StatusCode::from_u16(status).unwrap(), [("content-type", "text/html")], page).into_response()
        }
        Reply::Throttled(after) => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", after)], "").into_response(),
        Reply::Reset => Response::new(Body::from_stream(stream::once(async { Err::<Bytes, _>(reset()) }))),
        Reply::Truncated(body) => {
            let half = Bytes::from(body.as_bytes()[..body.len() / 2].to_vec());
            let pieces = stream::unfold(Some(half), |half| async move {
                match half {
                    Some(half) => Some((Ok(half), None)),
                    None => {
                        tokio::task::yield_now().await;
                        Some((Err(reset()), None))
                    }
                }
            });
            Response::new(Body::from_stream(pieces))
        }
    }
}

fn reset() -> std::io::Error {
    std::io::Error::from(std::io::ErrorKind::ConnectionReset)
}
