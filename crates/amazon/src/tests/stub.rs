//! A little Amazon: serves what a test tells it and remembers what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use clock::Clock;
use jiff::Timestamp;
use model::MarketplaceId;
use ports::{Limit, Permits, Urgency};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::{BuyerData, Client, Config, OrdersApi, QueueConfig, Secrets};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    /// Still percent-encoded.
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Call {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn form(&self) -> BTreeMap<String, String> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// What the stub answers.
pub struct Reply(pub u16, pub Vec<(&'static str, String)>, pub Vec<u8>);

impl Reply {
    pub fn json(status: u16, body: &Value) -> Reply {
        Reply(status, vec![("content-type", "application/json".into())], body.to_string().into_bytes())
    }

    pub fn html(status: u16) -> Reply {
        Reply(status, vec![("content-type", "text/html".into())], b"<html>Service busy</html>".to_vec())
    }

    pub fn error(status: u16, code: &str, message: &str, details: &str) -> Reply {
        Reply::json(status, &json!({"errors": [{"code": code, "message": message, "details": details}]}))
    }

    pub fn token(token: &str) -> Reply {
        Reply::json(200, &json!({"access_token": token, "token_type": "bearer", "expires_in": 3600}))
    }
}

type Answer = Arc<dyn Fn(&Call) -> Reply + Send + Sync>;

pub struct Stub {
    pub url: Url,
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Clone)]
struct Shared {
    answer: Answer,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Stub {
    /// Serves `answer`; requests for tokens are answered by itself unless `answer` is [`Stub::with_login`]'s.
    pub async fn serving(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Stub {
        Stub::with_login(
            move |call| if call.path == "/auth/o2/token" { Reply::token("Atza|invented") } else { answer(call) },
        )
        .await
    }

    pub async fn with_login(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Stub {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let shared = Shared { answer: Arc::new(answer), calls: calls.clone() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let router = Router::new().fallback(handle).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Stub { url, calls }
    }

    /// The calls so far, without those for tokens.
    pub fn calls(&self) -> Vec<Call> {
        self.all_calls().into_iter().filter(|call| call.path != "/auth/o2/token").collect()
    }

    pub fn logins(&self) -> Vec<Call> {
        self.all_calls().into_iter().filter(|call| call.path == "/auth/o2/token").collect()
    }

    fn all_calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub fn config(&self) -> Config {
        Config {
            base_url: self.url.clone(),
            lwa_url: self.url.clone(),
            seller_id: "AINVENTED".to_owned(),
            marketplaces: vec![MarketplaceId::parse("A1F83G8C2ARO7P").unwrap()],
            client_id: "amzn1.application-oa2-client.invented".to_owned(),
            application_id: Some("amzn1.sp.solution.invented".to_owned()),
            queue: None,
            buyer_data: BuyerData::Destination,
            orders_api: OrdersApi::V2026,
            reports: true,
            user_agent: "Tillbridge-Test/0.1 (Language=Rust)".to_owned(),
        }
    }

    pub fn queue(&self) -> QueueConfig {
        QueueConfig {
            url: self.url.join("/123456789012/orders").unwrap(),
            region: "eu-west-1".to_owned(),
            access_key_id: "AKIDINVENTED".to_owned(),
        }
    }

    pub fn client(&self) -> Client {
        self.client_with(|_| {})
    }

    pub fn client_with(&self, change: impl FnOnce(&mut Config)) -> Client {
        let mut config = self.config();
        change(&mut config);
        client_of(config, Arc::new(Plenty))
    }
}

pub fn secrets() -> Secrets {
    let secret = |text: &str| SecretString::from(text.to_owned());
    Secrets {
        client_secret: secret("invented-secret"),
        refresh_token: secret("Atzr|invented"),
        aws_secret_access_key: Some(secret("invented-key")),
    }
}

pub fn client_of(config: Config, permits: Arc<dyn Permits>) -> Client {
    Client::new(config, secrets(), Clock::real(), permits).unwrap()
}

async fn handle(
    State(shared): State<Shared>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let call = Call { method, path: uri.path().to_owned(), query, headers, body: body.to_vec() };
    shared.calls.lock().unwrap().push(call.clone());
    let Reply(status, headers, body) = (shared.answer)(&call);
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    response
}

/// Permits without end.
pub struct Plenty;

#[async_trait]
impl Permits for Plenty {
    async fn take(&self, _: &str, _: Limit, _: Urgency) -> Result<(), Timestamp> {
        Ok(())
    }
    async fn learn(&self, _: &str, _: Duration) {}
    async fn drain(&self, _: &str, _: Limit, _: Timestamp) {}
    async fn level(&self, _: &str, limit: Limit) -> u32 {
        limit.burst
    }
}

/// Permits that count, refuse after `left`, and remember what they were told.
#[derive(Default)]
pub struct Counting {
    pub left: Mutex<BTreeMap<String, u32>>,
    pub learned: Mutex<Vec<(String, Duration)>>,
    pub drained: Mutex<Vec<(String, Timestamp)>>,
}

#[async_trait]
impl Permits for Counting {
    async fn take(&self, bucket: &str, limit: Limit, _: Urgency) -> Result<(), Timestamp> {
        let mut left = self.left.lock().unwrap();
        let left = left.entry(bucket.to_owned()).or_insert(limit.burst);
        match left.checked_sub(1) {
            Some(rest) => {
                *left = rest;
                Ok(())
            }
            None => Err(clock::later(Clock::real().now(), limit.interval)),
        }
    }
    async fn learn(&self, bucket: &str, interval: Duration) {
        self.learned.lock().unwrap().push((bucket.to_owned(), interval));
    }
    async fn drain(&self, bucket: &str, _: Limit, until: Timestamp) {
        self.drained.lock().unwrap().push((bucket.to_owned(), until));
    }
    async fn level(&self, bucket: &str, limit: Limit) -> u32 {
        *self.left.lock().unwrap().get(bucket).unwrap_or(&limit.burst)
    }
}
