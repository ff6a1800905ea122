//! A small client of the sandbox, and sandboxes to point it at.

use std::sync::Mutex;

use clock::Clock;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sim::{AmazonCredentials, FaultLevel, KashflowOptions, Quotas, Sandbox, SandboxConfig};

pub struct Client {
    pub http: reqwest::Client,
    pub sandbox: Sandbox,
    pub clock: Clock,
    token: Mutex<String>,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or_default()
    }
}

/// The moment at which virtual sandboxes begin.
pub const BEGIN: &str = "2026-10-24T06:00:00Z";

pub fn config(seed: u64) -> SandboxConfig {
    let begin: Timestamp = BEGIN.parse().unwrap();
    SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed,
        days: 3,
        quiet_days: 0,
        orders_per_day: 150,
        orders: None,
        clock: Clock::virtual_at(begin),
        quotas: Quotas::Off,
        faults: FaultLevel::None,
        kashflow: KashflowOptions::default(),
    }
}

impl Client {
    /// A sandbox with a client that has the seller's token.
    pub async fn start(config: SandboxConfig) -> Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = config.clock.clone();
        let sandbox = Sandbox::start(config).await.unwrap();
        let client = Client { http: reqwest::Client::new(), sandbox, clock, token: Mutex::default() };
        client.log_in().await;
        client
    }

    pub fn credentials(&self) -> &AmazonCredentials {
        &self.sandbox.credentials().amazon
    }

    /// The seller's token.
    pub fn token(&self) -> String {
        self.token.lock().unwrap().clone()
    }

    pub async fn log_in(&self) {
        let refresh_token = self.credentials().refresh_token.clone();
        let reply = self.lwa(&[("grant_type", "refresh_token"), ("refresh_token", &refresh_token)]).await;
        *self.token.lock().unwrap() = reply.body["access_token"].as_str().unwrap().to_owned();
    }

    /// Asks for a token with the application's credentials.
    pub async fn lwa(&self, parameters: &[(&str, &str)]) -> Reply {
        let credentials = self.credentials();
        let own =
            [("client_id", credentials.client_id.as_str()), ("client_secret", credentials.client_secret.as_str())];
        let form: Vec<_> = own.iter().chain(parameters).collect();
        read(self.http.post(&credentials.lwa_url).form(&form).send().await.unwrap()).await
    }

    pub async fn grantless(&self) -> String {
        let reply =
            self.lwa(&[("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::notifications")]).await;
        reply.body["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, path_and_query: &str) -> Reply {
        self.call(Method::GET, path_and_query, &self.token(), None).await
    }

    pub async fn call(&self, method: Method, path_and_query: &str, token: &str, body: Option<Value>) -> Reply {
        let mut request = self.http.request(method, format!("{}{path_and_query}", self.credentials().base_url));
        request = request.header("x-amz-access-token", token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request.send().await.unwrap()).await
    }

    /// Lets virtual time pass, then takes a fresh token.
    pub async fn pass(&self, seconds: u64) {
        self.pass_with_the_same_token(seconds).await;
        self.log_in().await;
    }

    pub async fn pass_with_the_same_token(&self, seconds: u64) {
        let driver = tokio::spawn({
            let clock = self.clock.clone();
            async move { clock.drive().await }
        });
        self.clock.sleep(std::time::Duration::from_secs(seconds)).await;
        driver.abort();
    }

    /// All pages of a search of the 2026 API.
    pub async fn search_all(&self, query: &str) -> Vec<Value> {
        let mut orders = Vec::new();
        let mut token = String::new();
        loop {
            let reply = self.get(&format!("/orders/2026-01-01/orders?{query}{token}")).await;
            assert_eq!(reply.status, 200, "{}", reply.body);
            orders.extend(reply.body["orders"].as_array().unwrap().iter().cloned());
            let Some(next) = reply.body["pagination"]["nextToken"].as_str() else { return orders };
            token = format!("&paginationToken={}", encoded(next));
        }
    }

    /// Destination and subscription for order changes, to the sandbox's queue.
    pub async fn subscribe(&self) -> String {
        let grantless = self.grantless().await;
        let queue = reqwest::Url::parse(&self.credentials().queue_url).unwrap();
        let segments: Vec<&str> = queue.path_segments().unwrap().collect();
        let arn = format!("arn:aws:sqs:{}:{}:{}", self.credentials().aws_region, segments[0], segments[1]);
        let body = json!({"name": "orders", "resourceSpecification": {"sqs": {"arn": arn}}});
        let made = self.call(Method::POST, "/notifications/v1/destinations", &grantless, Some(body)).await;
        assert_eq!(made.status, 200, "{}", made.body);
        let body = json!({"payloadVersion": "1.0", "destinationId": made.body["payload"]["destinationId"]});
        let made =
            self.call(Method::POST, "/notifications/v1/subscriptions/ORDER_CHANGE", &self.token(), Some(body)).await;
        assert_eq!(made.status, 200, "{}", made.body);
        made.body["payload"]["subscriptionId"].as_str().unwrap().to_owned()
    }
}

pub async fn read(response: reqwest::Response) -> Reply {
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response.bytes().await.unwrap();
    Reply { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}

pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
