//! What a request costs when the ledger is full, with documents dated about when they are made. (A back-dated one moves the tail
//! of two sorted lists: tens of microseconds more.) Figures mean something in a release build only:
//! `cargo test -p sim --release --test it speed -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use sim::faults::Faults;
use sim::kashflow::router;
use sim::{FaultLevel, KashflowOptions};
use tower::ServiceExt;

use super::{plain_with, remote_with};

const FULL: u32 = 100_000;
const SAMPLES: u32 = 2_000;
const CPU_MAX: Duration = Duration::from_micros(100);

#[tokio::test]
#[ignore = "measures; run it in a release build"]
#[expect(clippy::disallowed_methods, reason = "measures a wall time for a report")]
async fn a_request_costs_less_than_a_hundred_microseconds_at_a_hundred_thousand_invoices() {
    let remote = remote_with(KashflowOptions::default()).await;
    remote.customer("C1").await;
    let faults = Arc::new(Faults::new(FaultLevel::None, 7, remote.clock.clone()));
    let app = router(Arc::clone(&remote.account), faults, remote.clock.clone());
    let call = async |method: &str, path: String, body: String| {
        let request =
            Request::builder().method(method).uri(path).header("Authorization", format!("KfToken {}", remote.token));
        let response = app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
    };
    let invoice = |number: u32| {
        let line = json!({"Description": "Mug", "Quantity": 1, "Rate": 20.0, "VATLevel": 20, "VATAmount": 4, "NominalCode": 4000});
        let more = json!({
            "Number": number, "CustomerReference": format!("AMZ-203-{:07}-{number:07}", number % 977),
            "IssuedDate": format!("2026-{:02}-{:02}", 1 + number / 10_000, 1 + number / 400 % 25), "LineItems": [line, line, line],
            "PaymentLines": [{"Date": "2026-11-02", "Amount": 72, "Method": 700_105, "AccountId": 9002}],
        });
        plain_with("C1", more).to_string()
    };
    for number in 1..=FULL {
        call("POST", "/v2/invoices".into(), invoice(number)).await;
    }
    let mut slowest = Duration::ZERO;
    let nominal = remote.get("/nominals/4950").await.body["Id"].clone();
    let moved = |sample: u32| {
        json!({"Date": "2026-11-02", "MoneyType": nominal, "PaidIn": 1, "Comment": format!("AMZB:{sample}")})
            .to_string()
    };
    let journal = json!({"Date": "2026-11-02", "LineItems": [{"NominalCode": 1255, "Debit": 1}, {"NominalCode": 2999, "Credit": 1}]});
    for (name, method, path) in [
        ("create", "POST", "/v2/invoices"),
        ("get", "GET", "/v2/invoices/{n}"),
        ("search by reference", "GET", "/v2/invoices?searchtext=AMZ-203-{m}"),
        ("first page of one row", "GET", "/v2/invoices?perpage=1&sortby=Number&order=desc"),
        ("a page of one in the middle", "GET", "/v2/invoices?perpage=1&page=50000&sortby=InvoiceDate&order=asc"),
        ("next number", "GET", "/v2/nextavailableinvoicenumber"),
        ("customer", "GET", "/v2/customers/C1"),
        ("bank transaction", "POST", "/v2/bankaccounts/9008/transactions"),
        (
            "a day of a bank account",
            "GET",
            "/v2/bankaccounts/9008/transactions?startdate=2026-11-02&enddate=2026-11-02&perpage=10",
        ),
        ("journal", "POST", "/v2/journals"),
        ("first page of journals", "GET", "/v2/journals?perpage=10"),
    ] {
        let start = Instant::now();
        for sample in 0..SAMPLES {
            let number = FULL + 1 + sample;
            let body = match (method, name) {
                ("POST", "bank transaction") => moved(sample),
                ("POST", "journal") => journal.to_string(),
                ("POST", _) => invoice(number),
                _ => String::new(),
            };
            let middle = format!("{:07}-{:07}", (sample * 7) % 977, sample * 7);
            call(method, path.replace("{n}", &(1 + sample * 7).to_string()).replace("{m}", &middle), body).await;
        }
        let each = start.elapsed() / SAMPLES;
        println!("{name}: {each:?}");
        slowest = slowest.max(each);
    }
    assert!(slowest < CPU_MAX, "{slowest:?}");
}
