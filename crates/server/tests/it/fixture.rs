//! A running server with a store of its own, and invented rows to look at.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use clock::Clock;
use jiff::{Timestamp, ToSpan};
use model::{DocumentNumber, PairId};
use money::{Currency, Money};
use ports::System;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use server::{Control, ControlError, Received, Services};
use store::intents::{Intent, State};
use store::orders::{OrderRow, Stage};
use store::{Store, audit, settlements, users};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub const PASSWORD: &str = "copper kettle quiet marsh";

/// A running server.
pub struct Server {
    pub store: Store,
    pub address: SocketAddr,
    pub workers: Arc<Workers>,
    pub client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    ended: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// Workers that write down what they were asked.
#[derive(Default)]
pub struct Workers {
    pub asked: Mutex<Vec<String>>,
    pub refuse_with: Mutex<Option<String>>,
}

impl Workers {
    fn answer(&self, asked: String) -> Result<(), ControlError> {
        self.asked.lock().unwrap().push(asked);
        self.refuse_with.lock().unwrap().clone().map_or(Ok(()), |why| Err(ControlError::Refused(why)))
    }
}

#[async_trait]
impl Control for Workers {
    async fn retry(&self, pair: &PairId, subject: &str) -> Result<(), ControlError> {
        self.answer(format!("retry {pair} {subject}"))
    }

    async fn resume_connection(&self, pair: &PairId, system: System, by: &str) -> Result<(), ControlError> {
        self.answer(format!("resume {pair} {system:?} by {by}"))
    }

    /// The first word of the file is a settlement that is new, the others are known.
    async fn receive_settlement(
        &self,
        pair: &PairId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Vec<Received>, ControlError> {
        self.answer(format!("receive {pair} {name} {}", bytes.len()))?;
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(20)]).into_owned();
        let one = |(at, id): (usize, &str)| Received {
            settlement: id.to_owned(),
            currency: Currency::GBP,
            stage: if at == 0 { settlements::Stage::Received } else { settlements::Stage::Posted },
            duplicate: at > 0,
        };
        Ok(text.split_whitespace().enumerate().map(one).collect())
    }

    async fn accept_amount(
        &self,
        pair: &PairId,
        settlement: &str,
        currency: Currency,
        line: u64,
        amount: &str,
    ) -> Result<(), ControlError> {
        self.answer(format!("accept {pair} {settlement} {currency} {line} {amount}"))
    }

    async fn retry_settlement(&self, pair: &PairId, settlement: &str, currency: Currency) -> Result<(), ControlError> {
        self.answer(format!("retry {pair} {settlement} {currency}"))
    }
}

impl Server {
    pub async fn start() -> Server {
        Server::start_at("http://127.0.0.1").await
    }

    pub async fn start_at(public_url: &str) -> Server {
        // Another test may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = Store::in_memory(Clock::real()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let workers = Arc::new(Workers::default());
        let services = Services {
            store: store.clone(),
            clock: Clock::real(),
            control: workers.clone(),
            public_url: public_url.to_owned(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(server::serve(listener, services, async {
            // A test that drops the server without stopping it stops it too.
            let _ = stopped.await;
        }));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Server { store, address, workers, client, stop: Some(stop), ended }
    }

    /// A server whose owner has a password, and the cookie of a session.
    pub async fn signed_in() -> (Server, Session) {
        let server = Server::start().await;
        let link = users::new_owner_link(&server.store).await.unwrap();
        assert!(users::set_password(&server.store, &link, PASSWORD.to_owned().into()).await.unwrap());
        let answer = server.post("/api/v1/session", json!({ "password": PASSWORD })).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        let cookie = cookie_of(&answer);
        let session = Session { cookie, base: server.base(), client: server.client.clone() };
        (server, session)
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base())).header("origin", self.base())
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.request(Method::POST, path).json(&body).send().await.unwrap()
    }

    /// Tells the server to stop and waits until it has.
    pub async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.ended.await.unwrap().unwrap();
    }

    /// What is in the audit trail, oldest first: actor, action, target, outcome, address.
    pub async fn trail(&self) -> Vec<String> {
        let mut rows = audit::page(&self.store, None, 100).await.unwrap();
        rows.reverse();
        let line = |row: audit::Recorded| {
            let entry = row.entry;
            let outcome = entry.detail["outcome"].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {} {}", entry.actor, entry.action, entry.target, outcome, entry.ip.unwrap_or_default())
        };
        rows.into_iter().map(line).collect()
    }
}

/// Requests of somebody who is signed in.
pub struct Session {
    pub cookie: String,
    base: String,
    client: reqwest::Client,
}

impl Session {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        request.header("origin", &self.base).header("cookie", &self.cookie)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// The JSON of an answer that must be good.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Option<Value>) -> Response {
        let request = self.request(Method::POST, path);
        body.map_or(request.try_clone().unwrap(), |body| request.json(&body)).send().await.unwrap()
    }
}

/// `name=value` of the cookie that an answer sets.
pub fn cookie_of(answer: &Response) -> String {
    answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// The code of a problem, after checking its shape.
pub async fn problem(answer: Response) -> String {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!((problem["type"].as_str(), problem["status"].as_u64()), (Some("about:blank"), Some(u64::from(status))));
    for field in ["title", "detail", "fix"] {
        assert!(!problem[field].as_str().unwrap().is_empty(), "{field} of {problem}");
    }
    problem["code"].as_str().unwrap().to_owned()
}

pub fn pair() -> PairId {
    PairId::parse("main").unwrap()
}

pub fn at(minute: i64) -> Timestamp {
    "2026-11-23T09:00:00Z".parse::<Timestamp>().unwrap() + minute.minutes()
}

/// An order that was placed `minute` minutes after nine.
pub fn order(id: &str, stage: Stage, minute: i64) -> OrderRow {
    OrderRow {
        pair: pair(),
        order_id: id.to_owned(),
        marketplace: "amazon.co.uk".to_owned(),
        status: "shipped".to_owned(),
        fulfilment: "FBA".to_owned(),
        business: false,
        placed_at: at(minute),
        updated_at: at(minute),
        total: Some(Money::new(24_00, Currency::parse("GBP").unwrap())),
        stage,
        stage_reason: None,
        first_seen_at: at(minute),
        ready_at: Some(at(minute)),
        invoiced_at: None,
        documents: String::new(),
    }
}

/// An invoice of an order, number 1042.
pub fn invoice(order_id: &str, state: State) -> Intent {
    Intent {
        id: format!("intent-of-{order_id}"),
        pair: pair(),
        key: format!("order/{order_id}/invoice/1"),
        version: 1,
        subject: order_id.to_owned(),
        kind: "invoice".to_owned(),
        number: Some(DocumentNumber(1042)),
        reference: format!("AMZ-{order_id}"),
        body: r#"{"reference":"AMZ"}"#.to_owned(),
        body_sha256: "00".to_owned(),
        fingerprint: "f".to_owned(),
        state,
        attempts: 1,
        epoch: 1,
        planned_at: at(2),
        sent_at: Some(at(3)),
        settle_until: None,
        empty_looks: 0,
        confirmed_at: None,
        adopted: false,
        receipt: None,
        reason: None,
        cause: None,
        next_sweep_at: None,
        sweeps: 0,
        updated_at: at(3),
    }
}

/// Writes orders.
pub async fn keep_orders(store: &Store, rows: Vec<OrderRow>) {
    let written = store.write(move |tx| {
        Box::pin(async move {
            for row in rows {
                store::orders::upsert(tx, &row).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
}
