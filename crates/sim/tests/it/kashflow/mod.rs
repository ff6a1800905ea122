//! KashFlow over HTTP.

mod bank;
mod books;
mod contract;
mod customers;
mod faults;
mod invoices;
mod journals;
mod lists;
mod payments;
mod people;
mod products;
mod purchases;
mod reference;
mod sessions;
mod soap;
mod speed;

use std::sync::Arc;

use clock::Clock;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sim::faults::Faults;
use sim::kashflow::{Account, router};
use sim::{FaultLevel, KashflowOptions};

/// A KashFlow on loopback and a client that is logged in.
pub struct Remote {
    pub account: Arc<Account>,
    pub faults: Arc<Faults>,
    pub clock: Clock,
    pub base: String,
    pub token: String,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: Value,
}

pub async fn remote() -> Remote {
    remote_with(KashflowOptions::default()).await
}

pub async fn remote_with(options: KashflowOptions) -> Remote {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let clock = Clock::virtual_at("2026-11-02T09:00:00Z".parse::<Timestamp>().unwrap());
    let account = Account::new(7, options, clock.clone());
    let faults = Arc::new(Faults::new(FaultLevel::None, 7, clock.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v2", listener.local_addr().unwrap());
    let app = router(Arc::clone(&account), Arc::clone(&faults), clock.clone());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let mut remote = Remote { account, faults, clock, base, token: String::new(), http: reqwest::Client::new() };
    remote.token = remote.log_in().await;
    remote
}

impl Remote {
    /// Both steps of the log-in; the session token.
    pub async fn log_in(&self) -> String {
        let credentials = self.account.credentials(&self.base);
        let step1 = json!({"username": credentials.username, "password": credentials.password});
        let challenge = self.post("/sessiontoken", step1).await;
        assert_eq!(challenge.status, 201, "{challenge:?}");
        let answer = answer_to(&challenge.body, &credentials.memorable_word.to_uppercase());
        let session = self.call(Method::PUT, "/sessiontoken", Some(answer)).await;
        assert_eq!(session.status, 200, "{session:?}");
        session.body["SessionToken"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.try_call(method, path, body).await.unwrap()
    }

    pub async fn try_call(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<Answer> {
        let _busy = self.clock.busy();
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("KfToken {}", self.token));
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status();
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        let text = response.text().await?;
        Ok(Answer { status, location, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }

    /// Lets time pass. Nobody else may have work.
    pub async fn pass(&self, minutes: i64) {
        let until = self.clock.now() + SignedDuration::from_mins(minutes);
        tokio::select! {
            () = self.clock.drive() => {}
            () = self.clock.sleep_until(until) => {}
        }
    }

    /// A customer with this code.
    pub async fn customer(&self, code: &str) {
        let made = self.post("/customers", json!({"Code": code, "Name": format!("Customer {code}")})).await;
        assert_eq!(made.status, 201, "{made:?}");
    }

    /// Creates an invoice and gives back what KashFlow says of it.
    pub async fn invoice(&self, body: Value) -> Value {
        let made = self.post("/invoices", body).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.body
    }

    /// The error that a refused request names.
    #[track_caller]
    pub fn refused(answer: &Answer, status: u16, error: &str) {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.body["Error"], error, "{answer:?}");
        assert!(answer.body["Message"].as_str().is_some_and(|message| !message.is_empty()));
    }
}

pub fn answer_to(challenge: &Value, word: &str) -> Value {
    let letters: Vec<char> = word.chars().collect();
    let asked = challenge["MemorableWordList"].as_array().unwrap().iter().map(|item| {
        let position = item["Position"].as_u64().unwrap();
        json!({"Position": position, "Value": letters[position as usize - 1].to_string()})
    });
    json!({"TemporaryToken": challenge["TemporaryToken"], "MemorableWordList": asked.collect::<Vec<_>>()})
}

/// An invoice for `code`: one line of 20.00 at 20 %.
pub fn plain(code: &str) -> Value {
    json!({
        "CustomerCode": code,
        "IssuedDate": "2026-11-02 00:00:00",
        "LineItems": [{"Quantity": 1, "Rate": 20.0, "VATLevel": 20, "VATAmount": 4.0, "NominalCode": 4000}],
    })
}

/// `plain` with more properties.
pub fn plain_with(code: &str, more: Value) -> Value {
    let mut body = plain(code);
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}
