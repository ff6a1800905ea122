//! What each answer of Amazon and of Login with Amazon makes us do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::OrderId;
use ports::{ConnectorError, Marketplace, Urgency};
use serde_json::{Value, json};

use super::stub::{Call, Counting, Reply, Stub, client_of};

fn id() -> OrderId {
    OrderId::parse("203-0000001-0000001").unwrap()
}

async fn error_of(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> ConnectorError {
    let stub = Stub::serving(answer).await;
    stub.client().order(&id(), Urgency::Event).await.unwrap_err()
}

async fn login_error(status: u16, body: Value) -> (ConnectorError, Stub) {
    let stub = Stub::with_login(move |_| Reply::json(status, &body)).await;
    let error = stub.client().order(&id(), Urgency::Event).await.unwrap_err();
    (error, stub)
}

#[tokio::test]
async fn each_refusal_of_the_api_has_its_own_reaction() {
    let denied = "Access to requested resource is denied.";
    let table: [(Reply, &str, &str); 12] = [
        (Reply::error(400, "InvalidInput", "Invalid Input", ""), "CON-005", "Invalid Input"),
        (Reply::error(403, "Unauthorized", denied, ""), "CON-004", "region"),
        (
            Reply::error(
                403,
                "Unauthorized",
                denied,
                "The access token you provided is revoked, malformed or invalid.",
            ),
            "CON-004",
            "again",
        ),
        (Reply::error(404, "NotFound", "no such order", ""), "CON-007", "order 203-0000001-0000001"),
        (Reply::error(409, "Conflict", "exists", ""), "CON-006", "order"),
        (Reply::error(413, "TooLarge", "too large", ""), "CON-005", "too large"),
        (Reply::error(500, "InternalFailure", "broken", ""), "CON-002", "broken"),
        (Reply::error(503, "ServiceUnavailable", "later", ""), "CON-002", "later"),
        (Reply::html(503), "CON-002", "HTML"),
        (Reply::html(200), "CON-002", "HTML"),
        (Reply(200, vec![], b"{\"order\": {\"orderId\": \"203".to_vec()), "CON-002", "cut off"),
        (Reply(200, vec![], b"{\"order\": nonsense}".to_vec()), "CON-008", "not JSON"),
    ];
    for (index, (Reply(status, headers, body), code, says)) in table.into_iter().enumerate() {
        let error = error_of(move |_| Reply(status, headers.clone(), body.clone())).await;
        assert_eq!(error.code(), code, "row {index}: {error}");
        assert!(error.to_string().contains(says), "row {index}: {error}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_request_for_amazons_support() {
    let error = error_of(|_| {
        let mut reply = Reply::error(500, "InternalFailure", "broken", "");
        reply.1.push(("x-amzn-requestid", "req-1".into()));
        reply.1.push(("x-amz-rid", "RID9".into()));
        reply
    })
    .await;
    assert!(error.to_string().contains("(request req-1, rid RID9)"), "{error}");
}

#[tokio::test]
async fn an_order_that_is_not_an_order_is_malformed() {
    let error = error_of(|_| Reply::json(200, &json!({"order": {"orderId": "203-1"}}))).await;
    assert_eq!(error.code(), "CON-008");
    assert!(error.to_string().contains("lastUpdatedTime"), "{error}");
}

#[tokio::test]
async fn an_expired_access_token_is_refreshed_once_and_the_call_repeated() {
    let logins = Arc::new(AtomicUsize::new(0));
    let counted = logins.clone();
    let stub = Stub::with_login(move |call| {
        if call.path == "/auth/o2/token" {
            return Reply::token(&format!("Atza|{}", counted.fetch_add(1, Ordering::SeqCst)));
        }
        match call.header("x-amz-access-token") {
            "Atza|0" => Reply::error(
                403,
                "Unauthorized",
                "Access to requested resource is denied.",
                "The access token you provided has expired.",
            ),
            _ => Reply::json(200, &json!({"order": {"orderId": "203-1", "lastUpdatedTime": "2026-11-01T00:00:00Z"}})),
        }
    })
    .await;
    stub.client().order(&id(), Urgency::Event).await.unwrap();
    assert_eq!((stub.logins().len(), stub.calls().len()), (2, 2));
}

#[tokio::test]
async fn a_token_that_stays_refused_is_not_refreshed_in_a_loop() {
    let denied = || Reply::error(403, "Unauthorized", "denied", "The access token you provided has expired.");
    let stub = Stub::serving(move |_| denied()).await;
    let error = stub.client().order(&id(), Urgency::Event).await.unwrap_err();
    assert_eq!(error.code(), "CON-004");
    assert_eq!((stub.logins().len(), stub.calls().len()), (2, 2));
}

#[tokio::test]
async fn each_refusal_of_the_login_has_its_own_reaction() {
    let table = [
        (400, "invalid_grant", "CON-004", "authorise again"),
        (400, "invalid_client", "CON-004", "current secret"),
        (401, "invalid_client", "CON-004", "current secret"),
        (401, "unauthorized_client", "CON-004", "client id that the token was made for"),
        (400, "unauthorized_client", "CON-004", "another application"),
        (400, "invalid_request", "CON-005", "invalid_request"),
        (400, "invalid_scope", "CON-005", "invalid_scope"),
        (400, "unsupported_grant_type", "CON-005", "unsupported_grant_type"),
        (500, "server_error", "CON-002", "server_error"),
        (503, "temporarily_unavailable", "CON-002", "temporarily_unavailable"),
        (429, "slow_down", "CON-001", "wait"),
    ];
    for (status, code, expected, says) in table {
        let (error, stub) = login_error(status, json!({"error": code, "error_description": "because"})).await;
        assert_eq!(error.code(), expected, "{code}: {error}");
        assert!(error.to_string().contains(says), "{code}: {error}");
        assert!(!error.to_string().contains("invented"), "{error}");
        assert_eq!((stub.logins().len(), stub.calls().len()), (1, 0), "{code}");
    }
}

#[tokio::test]
async fn callers_that_waited_for_a_refused_login_share_its_answer() {
    let stub = Stub::with_login(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        Reply::json(400, &json!({"error": "invalid_grant"}))
    })
    .await;
    let client = stub.client();
    let reads = futures_util::future::join_all((0..8).map(|_| client.participations())).await;
    assert!(reads.iter().all(|read| read.as_ref().is_err_and(|error| error.code() == "CON-004")));
    assert_eq!(stub.logins().len(), 1);
    // A later call asks again: a person may have signed in meanwhile.
    assert!(client.participations().await.is_err());
    assert_eq!(stub.logins().len(), 2);
}

#[tokio::test]
async fn one_login_serves_many_calls_at_once() {
    let stub = Stub::serving(|_| Reply::json(200, &json!({"payload": []}))).await;
    let client = stub.client();
    let reads = futures_util::future::join_all((0..8).map(|_| client.participations())).await;
    assert!(reads.iter().all(Result::is_ok));
    assert_eq!(stub.logins().len(), 1);
    let form = stub.logins()[0].form();
    assert_eq!((form["grant_type"].as_str(), form["refresh_token"].as_str()), ("refresh_token", "Atzr|invented"));
}

#[tokio::test]
async fn a_throttle_empties_the_bucket_and_waits_at_least_one_token() {
    let stub = Stub::serving(|_| {
        Reply::error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.", "")
    })
    .await;
    let permits = Arc::new(Counting::default());
    let client = client_of(stub.config(), permits.clone());
    let before = client.clock.now();
    let ConnectorError::Throttled { until, .. } = client.order(&id(), Urgency::Event).await.unwrap_err() else {
        panic!("throttled")
    };
    assert!(until.duration_since(before).as_secs() >= 2);
    let drained = permits.drained.lock().unwrap().clone();
    assert_eq!(drained.len(), 1);
    assert!(
        drained[0].0.starts_with("amazon/") && drained[0].0.ends_with("/AINVENTED/orders2026.getOrder"),
        "{}",
        drained[0].0
    );
    assert_eq!(client.throttle.level(crate::throttle::Operation::GetOrder, client.clock.now()).await, 0);
}

#[tokio::test]
async fn a_stated_rate_is_learned_once() {
    let stub = Stub::serving(|_| {
        let mut reply = Reply::json(200, &json!({"payload": []}));
        reply.1.push(("x-amzn-ratelimit-limit", "0.5".into()));
        reply
    })
    .await;
    let permits = Arc::new(Counting::default());
    let client = client_of(stub.config(), permits.clone());
    client.participations().await.unwrap();
    client.participations().await.unwrap();
    let learned = permits.learned.lock().unwrap().clone();
    assert_eq!(learned.iter().map(|(_, interval)| interval.as_secs()).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn a_refused_permit_makes_no_call() {
    let stub = Stub::serving(|_| Reply::json(200, &json!({"payload": []}))).await;
    let client = client_of(stub.config(), Arc::new(Counting::default()));
    for _ in 0..15 {
        client.participations().await.unwrap();
    }
    assert_eq!(client.participations().await.unwrap_err().code(), "CON-001");
    assert_eq!(stub.calls().len(), 15);
}

#[tokio::test]
async fn nobody_there_is_unavailable() {
    let stub = Stub::serving(|_| Reply::html(200)).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = listener.local_addr().unwrap();
    drop(listener);
    let client = stub.client_with(|config| config.base_url = format!("http://{free}/").parse().unwrap());
    assert_eq!(client.participations().await.unwrap_err().code(), "CON-002");
}

#[tokio::test]
async fn calls_carry_the_headers_that_amazon_asks_for() {
    let stub = Stub::serving(|_| Reply::json(200, &json!({"payload": []}))).await;
    stub.client().participations().await.unwrap();
    let call = stub.calls().remove(0);
    assert_eq!(call.header("x-amz-access-token"), "Atza|invented");
    assert_eq!(call.header("user-agent"), "Tillbridge-Test/0.1 (Language=Rust)");
    let date = call.header("x-amz-date");
    assert!(date.len() == 16 && date.ends_with('Z') && date.contains('T'), "{date}");
    assert_eq!(call.header("authorization"), "");
}

#[test]
fn credentials_go_to_amazon_or_this_machine_only() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stub = runtime.block_on(Stub::serving(|_| Reply::html(200)));
    for (url, good) in [
        ("https://sellingpartnerapi-eu.amazon.com/", true),
        ("http://localhost:8080/", true),
        ("http://sellingpartnerapi-eu.amazon.com/", false),
        ("https://sellingpartnerapi-eu.amazon.com.example.invalid/", false),
        ("https://10.0.0.1/", false),
        ("ftp://localhost/", false),
    ] {
        let config = crate::Config { base_url: url.parse().unwrap(), ..stub.config() };
        assert_eq!(config.check().is_ok(), good, "{url}");
    }
}

#[test]
fn the_configuration_survives_storage_and_refuses_typos() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = runtime.block_on(Stub::serving(|_| Reply::html(200))).config();
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<crate::Config>(&text).unwrap(), config);
    assert!(serde_json::from_str::<crate::Config>(&text.replace("seller_id", "sellerid")).is_err());
    assert!(!format!("{:?}", super::stub::secrets()).contains("invented"));
}
