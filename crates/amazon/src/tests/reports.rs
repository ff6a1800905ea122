//! Order reports: what is read of a file, and the job from wanted to done.

use std::sync::Mutex;

use model::OrderStatus;
use ports::{BulkJob, BulkState, BulkStep, Marketplace};
use serde_json::json;

use super::stub::{Reply, Stub};
use crate::marketplace::translate;
use crate::{BuyerData, reports};

const REPORT: &[u8] = include_bytes!("../../testdata/all_orders_cp1252.txt");

pub fn report() -> reports::Told {
    let text = reports::decode(REPORT, Some("text/plain; charset=Cp1252"), false).unwrap();
    reports::read(&text, BuyerData::Destination).unwrap()
}

#[test]
fn a_report_is_the_fact_of_an_order_of_which_nothing_has_left_without_the_buyer() {
    let orders = report().orders;
    assert_eq!(orders.len(), 1);
    for word in ["Invented", "Sampletown", "Downshire", "3AB", "4AP", "PO-9"] {
        assert!(!orders[0].payload.contains(word), "{word} stayed in {}", orders[0].payload);
    }
    let pending = translate(&orders[0].kind, &orders[0].payload, None).unwrap();
    assert_eq!(
        (pending.status, pending.lines[0].charges.clone(), pending.dispatches.len()),
        (OrderStatus::Pending, None, 0)
    );
}

#[test]
fn a_report_only_names_an_order_that_was_dispatched_whoever_dispatched_it() {
    let named: Vec<_> = report().discovered.into_iter().map(|found| found.order.to_string()).collect();
    assert_eq!(named, ["203-0000003-0000003", "203-0000004-0000004"], "one of Amazon's, one of the seller's");
    let changed = report().discovered[0].changed_at;
    assert_eq!(changed, "2026-08-18T09:12:44Z".parse().unwrap());
}

#[test]
fn no_date_of_a_report_passes_for_the_day_of_dispatch() {
    let shipped = |channel: &str| {
        json!({"rows": [{
            "amazon-order-id": "203-0000003-0000003", "purchase-date": "2026-08-17T21:40:02+00:00",
            "last-updated-date": "2026-08-21T09:12:44+00:00", "order-status": "Shipped", "item-status": "Shipped",
            "fulfillment-channel": channel, "sales-channel": "Amazon.co.uk", "sku": "MUG", "quantity": "1",
            "currency": "GBP", "item-price": "12.00", "item-tax": "2.00"
        }]})
    };
    for channel in ["Amazon", "Merchant"] {
        let parked = translate(reports::KIND, &shipped(channel).to_string(), None).unwrap_err();
        assert_eq!((parked.code.as_str(), parked.path.as_str()), ("dispatch_unknown", "$.rows[0].order-status"));
    }
}

fn job(state: BulkState) -> BulkJob {
    BulkJob { from: "2026-08-01T00:00:00Z".parse().unwrap(), to: "2026-08-20T00:00:00Z".parse().unwrap(), state }
}

#[tokio::test]
async fn a_report_job_goes_from_wanted_to_done_and_survives_a_dead_address() {
    let looks = Mutex::new(0);
    let downloads = Mutex::new(0);
    let base = Mutex::new(String::new());
    let stub = Stub::serving(move |call| match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/reports/2021-06-30/reports") => Reply::json(200, &json!({"reports": []})),
        ("POST", "/reports/2021-06-30/reports") => {
            *base.lock().unwrap() = format!("http://{}", call.header("host"));
            assert_eq!(call.json()["dataStartTime"], "2026-08-01T00:00:00.000Z");
            assert_eq!(call.json()["reportType"], reports::REPORT_TYPE);
            Reply::json(202, &json!({"reportId": "R1"}))
        }
        ("GET", "/reports/2021-06-30/reports/R1") => {
            let mut looks = looks.lock().unwrap();
            *looks += 1;
            let state = if *looks == 1 { json!({"reportId": "R1", "processingStatus": "IN_PROGRESS"}) } else { json!({"reportId": "R1", "processingStatus": "DONE", "reportDocumentId": "D1"}) };
            Reply::json(200, &state)
        }
        ("GET", "/reports/2021-06-30/documents/D1") => {
            Reply::json(200, &json!({"reportDocumentId": "D1", "url": format!("{}/document?signed=1", base.lock().unwrap()), "compressionAlgorithm": "GZIP"}))
        }
        ("GET", "/document") => {
            assert_eq!(call.header("x-amz-access-token"), "", "no header of ours goes to the presigned host");
            let mut downloads = downloads.lock().unwrap();
            *downloads += 1;
            if *downloads == 1 {
                return Reply(403, vec![("content-type", "application/xml".into())], b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>".to_vec());
            }
            let headers = vec![("content-type", "text/plain; charset=Cp1252".to_owned()), ("content-encoding", "identity".to_owned())];
            Reply(200, headers, REPORT.to_vec())
        }
        other => panic!("{other:?}"),
    })
    .await;
    let client = stub.client();
    let (mut state, mut told) = (BulkState::Wanted, (0, 0));
    let mut seen = Vec::new();
    while !matches!(state, BulkState::Done | BulkState::Failed { .. }) {
        let step = client.bulk(&job(state)).await.unwrap();
        (state, told) = (step.state, (step.orders.len(), step.discovered.len()));
        seen.push(state.clone());
        assert!(seen.len() < 10);
    }
    let requested = BulkState::Requested { report: "R1".to_owned() };
    assert_eq!(seen, [requested.clone(), requested, BulkState::Ready { document: "D1".to_owned() }, BulkState::Done]);
    assert_eq!(told, (1, 2));
}

#[tokio::test]
async fn a_report_over_the_same_window_is_adopted_not_made_twice() {
    let stub = Stub::serving(|call| {
        assert_eq!(call.method, "GET", "nothing is created");
        let report = |id: &str, from: &str, state: &str| json!({"reportId": id, "reportType": reports::REPORT_TYPE, "processingStatus": state, "dataStartTime": from, "dataEndTime": "2026-08-20T00:00:00+00:00"});
        match call.query.get("nextToken") {
            None => Reply::json(200, &json!({"reports": [report("R0", "2026-08-01T00:00:00Z", "CANCELLED"), report("R2", "2026-08-02T00:00:00Z", "DONE")], "nextToken": "p2"})),
            Some(_) => {
                assert_eq!(call.query.len(), 1, "the token stands alone");
                Reply::json(200, &json!({"reports": [report("R7", "2026-08-01T00:00:00.000Z", "IN_QUEUE")]}))
            }
        }
    })
    .await;
    let BulkStep { state, .. } = stub.client().bulk(&job(BulkState::Wanted)).await.unwrap();
    assert_eq!(state, BulkState::Requested { report: "R7".to_owned() });
}

#[tokio::test]
async fn a_report_that_is_refused_fails_so_that_listings_take_over() {
    for (status, says) in [("CANCELLED", "no data"), ("FATAL", "gave up")] {
        let stub =
            Stub::serving(move |_| Reply::json(200, &json!({"reportId": "R1", "processingStatus": status}))).await;
        let step = stub.client().bulk(&job(BulkState::Requested { report: "R1".to_owned() })).await.unwrap();
        let BulkState::Failed { reason } = step.state else { panic!("{:?}", step.state) };
        assert!(reason.contains(says) && step.discovered.is_empty(), "{reason}");
    }
    let stub = Stub::serving(|_| Reply::json(200, &json!({"reportId": "R1", "processingStatus": "DREAMING"}))).await;
    assert_eq!(
        stub.client().bulk(&job(BulkState::Requested { report: "R1".to_owned() })).await.unwrap_err().code(),
        "CON-008"
    );
    let stub =
        Stub::serving(|_| Reply::json(200, &json!({"reportDocumentId": "D", "url": "https://example.invalid/secret"})))
            .await;
    assert_eq!(
        stub.client().bulk(&job(BulkState::Ready { document: "D".to_owned() })).await.unwrap_err().code(),
        "CON-008"
    );
}

#[tokio::test]
async fn a_document_that_needs_a_restricted_token_is_asked_for_once_with_one() {
    let stub = Stub::serving(|call| match (call.path.as_str(), call.header("x-amz-access-token")) {
        ("/tokens/2021-03-01/restrictedDataToken", _) => {
            assert_eq!(call.json()["restrictedResources"][0]["path"], "/reports/2021-06-30/documents/D1");
            Reply::json(200, &json!({"restrictedDataToken": "Atz.sprdt|one", "expiresIn": 3600}))
        }
        (_, "Atz.sprdt|one") => {
            Reply::json(200, &json!({"reportDocumentId": "D1", "url": "https://x.s3.amazonaws.com/1"}))
        }
        _ => Reply::error(403, "Unauthorized", "Access to requested resource is denied.", ""),
    })
    .await;
    assert_eq!(reports::document(&stub.client(), "D1").await.unwrap().url.path(), "/1");
    assert_eq!(stub.calls().len(), 3);
    let stub =
        Stub::serving(|_| Reply::error(403, "Unauthorized", "Access to requested resource is denied.", "")).await;
    assert_eq!(reports::document(&stub.client(), "D1").await.unwrap_err().code(), "CON-004");
    assert_eq!(stub.calls().len(), 2);
}

#[tokio::test]
async fn a_lost_answer_to_a_creation_is_an_unknown_outcome() {
    let stub =
        Stub::serving(
            |call| if call.method == "POST" { Reply::html(502) } else { Reply::json(200, &json!({"reports": []})) },
        )
        .await;
    assert_eq!(stub.client().bulk(&job(BulkState::Wanted)).await.unwrap_err().code(), "CON-003");
}
