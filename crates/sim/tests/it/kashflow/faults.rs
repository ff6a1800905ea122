use reqwest::Method;
use serde_json::{Value, json};
use sim::KashflowOptions;
use sim::faults::{Fault, FaultKind, Point};

use super::{Remote, plain, plain_with, remote, remote_with};

const CREATE: Point = Point::KashflowWrite { operation: "createInvoice" };
const LIST: Point = Point::KashflowRead { operation: "listInvoices" };
const GET: Point = Point::KashflowRead { operation: "getInvoice" };

async fn ready() -> Remote {
    let remote = remote().await;
    remote.customer("C1").await;
    remote
}

fn body() -> Option<Value> {
    Some(plain_with("C1", json!({"Number": 1, "CustomerReference": "AMZ-1"})))
}

#[tokio::test]
async fn a_lost_answer_leaves_the_invoice_and_no_status() {
    let remote = ready().await;
    remote.faults.dial(CREATE, Fault::ResetAfterCommit);
    let lost = remote.try_call(Method::POST, "/invoices", body()).await.unwrap_err();
    assert_eq!(lost.status(), None, "{lost:?}");
    assert_eq!(remote.get("/invoices/1").await.status, 200);
    assert_eq!(remote.faults.fired()[&FaultKind::ResetAfterCommit], 1);
}

#[tokio::test]
async fn a_reset_before_work_leaves_nothing() {
    let remote = ready().await;
    remote.faults.dial(CREATE, Fault::ResetBeforeWork);
    assert!(remote.try_call(Method::POST, "/invoices", body()).await.is_err());
    assert_eq!(remote.get("/invoices/1").await.status, 404);
}

#[tokio::test]
async fn a_truncated_answer_has_a_status_but_no_whole_body() {
    let remote = ready().await;
    remote.faults.dial(CREATE, Fault::TruncatedBody);
    assert!(remote.try_call(Method::POST, "/invoices", body()).await.is_err());
    assert_eq!(remote.account.invoices().len(), 1);
}

#[tokio::test]
async fn a_sql_time_out_says_nothing_about_whether_the_write_was_done() {
    for after_commit in [false, true] {
        let remote = ready().await;
        remote.faults.dial(CREATE, Fault::SqlTimeout400 { after_commit });
        let answer = remote.post("/invoices", plain("C1")).await;
        Remote::refused(&answer, 400, "-2146232060");
        assert_eq!(remote.account.invoices().len(), usize::from(after_commit));
    }
}

#[tokio::test]
async fn a_create_in_flight_commits_after_its_client_has_gone() {
    let remote = remote_with(KashflowOptions { in_flight_s: 60, ..KashflowOptions::default() }).await;
    remote.customer("C1").await;
    remote.pass(2).await;
    remote.faults.dial(CREATE, Fault::CommitsLate);
    assert!(remote.try_call(Method::POST, "/invoices", body()).await.is_err());
    assert_eq!(remote.account.invoices().len(), 0);
    remote.pass(2).await;
    assert_eq!(remote.account.invoices().len(), 1);
}

#[tokio::test]
async fn a_slow_server_finishes_the_work_of_clients_that_gave_up() {
    let remote = remote_with(KashflowOptions { in_flight_s: 60, ..KashflowOptions::default() }).await;
    remote.customer("C1").await;
    for number in 1..=40 {
        let body = plain_with("C1", json!({"Number": number, "CustomerReference": "x".repeat(number)}));
        let call = remote.try_call(Method::POST, "/invoices", Some(body));
        tokio::select! {
            done = remote.clock.timeout(std::time::Duration::from_millis(500), call) => { let _ = done; }
            () = remote.clock.drive() => {}
        }
    }
    let at_once = remote.account.invoices().len();
    assert!((1..40).contains(&at_once), "some are still in flight: {at_once}");
    remote.pass(3).await;
    assert_eq!(remote.account.invoices().len(), 40);
}

#[tokio::test]
async fn throttles_pages_and_server_errors_do_no_work() {
    let remote = ready().await;
    remote.faults.dial(CREATE, Fault::Throttle429 { retry_after_s: 7 });
    remote.faults.dial(CREATE, Fault::ServerError5xx { status: 503 });
    remote.faults.dial(CREATE, Fault::HtmlBody { status: 502 });
    remote.faults.dial(CREATE, Fault::HtmlBody { status: 200 });
    remote.faults.dial(CREATE, Fault::Outage);
    for status in [429, 503, 502, 200, 503] {
        assert_eq!(remote.post("/invoices", plain("C1")).await.status, status);
    }
    assert!(remote.account.invoices().is_empty());
}

#[tokio::test]
async fn an_expired_session_in_mid_run_wants_a_new_log_in() {
    let remote = ready().await;
    remote.faults.dial(GET, Fault::ExpiredSession);
    Remote::refused(&remote.get("/invoices/1").await, 401, "InvalidSessionToken");
    Remote::refused(&remote.get("/invoices/1").await, 401, "InvalidSessionToken");
    let mut remote = remote;
    remote.token = remote.log_in().await;
    assert_eq!(remote.get("/invoices").await.status, 200);
}

#[tokio::test]
async fn a_stale_list_does_not_know_what_is_new() {
    let remote = ready().await;
    remote.invoice(plain("C1")).await;
    remote.pass(1).await;
    remote.faults.dial(LIST, Fault::StaleSearch { secs: 90 });
    assert_eq!(remote.get("/invoices").await.body["MetaData"]["TotalRecords"], 0);
    assert_eq!(remote.get("/invoices").await.body["MetaData"]["TotalRecords"], 1);
}

#[tokio::test]
async fn a_slow_answer_takes_virtual_time() {
    let remote = ready().await;
    remote.faults.dial(GET, Fault::Slow { secs: 45 });
    let before = remote.clock.now();
    tokio::select! {
        answer = remote.get("/invoices/1") => assert_eq!(answer.status, 404),
        () = remote.clock.drive() => {}
    }
    assert_eq!(remote.clock.now().duration_since(before).as_secs(), 45);
}
