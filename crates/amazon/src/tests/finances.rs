//! Transactions, summaries and payouts: what is asked, what is read, and what is refused.

use jiff::{SignedDuration, Timestamp};
use model::{OrderId, TransactionStatus};
use ports::{ConnectorError, Marketplace, PayoutQuery, SettlementQuery, TransactionQuery, TransactionsOf, Urgency};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::stub::{Reply, Stub};
use crate::finances::{KIND, translate, windows};

fn money(amount: &str) -> Value {
    json!({"currencyCode": "GBP", "currencyAmount": serde_json::from_str::<Value>(amount).unwrap()})
}

fn node(kind: &str, amount: &str, below: &[Value]) -> Value {
    json!({"breakdownType": kind, "breakdownAmount": money(amount), "breakdowns": below})
}

/// A dispatch of one mug: 20.00 and 4.00 VAT, less commission 3.00 and its VAT 0.60.
fn shipment() -> Value {
    json!({
        "sellingPartnerMetadata": {"sellingPartnerId": "AINVENTED", "accountType": "Standard Orders", "marketplaceId": "A1F83G8C2ARO7P"},
        "relatedIdentifiers": [
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "202-1234567-1234567"},
            {"relatedIdentifierName": "RELEASE_TRANSACTION_ID", "relatedIdentifierValue": "T-2"},
        ],
        "transactionType": "Shipment", "transactionId": "T-1", "transactionStatus": "DEFERRED", "description": "Order Payment",
        "postedDate": "2026-03-06T08:52:26Z", "totalAmount": money("20.40"),
        "marketplaceDetails": {"marketplaceId": "A1F83G8C2ARO7P", "marketplaceName": "Amazon.co.uk"},
        "contexts": [{"contextType": "DeferredContext", "deferralReason": "DD7", "maturityDate": "2026-03-15T00:00:00Z"}, {"contextType": "Unheard"}],
        "breakdowns": [
            node("Sales", "24.00", &[node("Tax", "4.00", &[]), node("ProductCharges", "20.00", &[])]),
            node("Expenses", "-3.60", &[node("AmazonFees", "-3.60", &[])]),
        ],
        "items": [{
            "totalAmount": money("20.40"),
            "relatedIdentifiers": [{"itemRelatedIdentifierName": "ORDER_ADJUSTMENT_ITEM_ID", "itemRelatedIdentifierValue": "A-1"}],
            "breakdowns": [
                node("Tax", "4.00", &[node("OurPriceTax", "4.00", &[])]),
                node("ProductCharges", "20.00", &[node("OurPricePrincipal", "20.00", &[]), node("Nothing", "0", &[])]),
                node("AmazonFees", "-3.60", &[node("Commission", "-3.60", &[node("Base", "-3.00", &[]), node("Tax", "-0.60", &[])])]),
            ],
            "contexts": [{"contextType": "ProductContext", "asin": "B0INVENTED", "sku": "MUG-BLUE", "quantityShipped": 1, "fulfillmentNetwork": "AFN"}],
        }],
    })
}

fn told(payload: &Value) -> Vec<String> {
    let read = translate::transaction(&payload.to_string()).unwrap();
    read.parts.iter().map(|part| format!("{} {} {:?}", part.path.join("/"), part.amount, part.item)).collect()
}

#[test]
fn a_transaction_gives_its_leaves_which_sum_to_its_total() {
    assert_eq!(
        told(&shipment()),
        [
            "Tax/OurPriceTax 4.00 GBP Some(0)",
            "ProductCharges/OurPricePrincipal 20.00 GBP Some(0)",
            "AmazonFees/Commission/Base -3.00 GBP Some(0)",
            "AmazonFees/Commission/Tax -0.60 GBP Some(0)",
        ]
    );
    let read = translate::transaction(&shipment().to_string()).unwrap();
    assert_eq!(read.status, TransactionStatus::Deferred);
    assert_eq!(
        (read.deferral.as_deref(), read.matures_at.unwrap().to_string().as_str()),
        (Some("DD7"), "2026-03-15T00:00:00Z")
    );
    assert_eq!(
        (read.related("ORDER_ID"), read.released_by(), read.releases()),
        (Some("202-1234567-1234567"), Some("T-2"), None)
    );
    assert_eq!((read.items[0].sku.as_str(), read.items[0].quantity), ("MUG-BLUE", Some(1)));
}

#[test]
fn items_that_do_not_make_the_whole_leave_it_to_the_whole_s_own_breakdown() {
    let mut with_delivery = shipment();
    with_delivery["totalAmount"] = money("22.40");
    with_delivery["breakdowns"][0] = node(
        "Sales",
        "26.00",
        &[node("Tax", "4.00", &[]), node("ProductCharges", "20.00", &[]), node("Shipping", "2.00", &[])],
    );
    assert_eq!(
        told(&with_delivery),
        [
            "Sales/Tax 4.00 GBP None",
            "Sales/ProductCharges 20.00 GBP None",
            "Sales/Shipping 2.00 GBP None",
            "Expenses/AmazonFees -3.60 GBP None",
        ]
    );
    let mut bare = shipment();
    bare["breakdowns"] = Value::Null;
    bare["items"] = json!([]);
    assert_eq!(told(&bare), [" 20.40 GBP None"]);
    let mut nested = bare.clone();
    nested["breakdowns"] = json!({"breakdowns": [node("Sales", "20.40", &[])]});
    assert_eq!(told(&nested), ["Sales 20.40 GBP None"]);
}

#[test]
fn what_does_not_add_up_or_is_not_known_parks_with_its_path() {
    let parked = |change: &dyn Fn(&mut Value)| {
        let mut payload = shipment();
        change(&mut payload);
        let parked = translate::transaction(&payload.to_string()).unwrap_err();
        (parked.code, parked.path)
    };
    let code = |code: &str, path: &str| (code.to_owned(), path.to_owned());
    let inner = parked(&|payload| {
        payload["items"][0]["breakdowns"][2]["breakdowns"][0]["breakdowns"][1]["breakdownAmount"] = money("-0.61")
    });
    assert_eq!(inner, code("breakdown_mismatch", "$.items[0].breakdowns[2].breakdowns[0]"));
    assert_eq!(parked(&|payload| payload["totalAmount"] = money("20.41")), code("breakdown_mismatch", "$.totalAmount"));
    assert_eq!(
        parked(&|payload| payload["transactionStatus"] = json!("MAYBE")),
        code("unknown_status", "$.transactionStatus")
    );
    assert_eq!(parked(&|payload| payload["transactionId"] = Value::Null), code("missing_field", "$.transactionId"));
    assert_eq!(parked(&|payload| payload["postedDate"] = json!("soon")), code("bad_value", "$.postedDate"));
    assert_eq!(
        parked(&|payload| payload["totalAmount"]["currencyCode"] = json!("ZZZ")),
        code("unknown_currency", "$.totalAmount.currencyCode")
    );
    let foreign = parked(&|payload| payload["breakdowns"][0]["breakdownAmount"]["currencyCode"] = json!("EUR"));
    assert_eq!(foreign, code("bad_value", "$.breakdowns[0].breakdownAmount"));
}

#[tokio::test]
async fn a_token_is_asked_with_the_arguments_of_its_listing_and_an_empty_page_is_not_the_last() {
    let stub = Stub::serving(|call| match call.query.get("nextToken").map(String::as_str) {
        None => Reply::json(200, &json!({"payload": {"transactions": [], "nextToken": "N1"}})),
        Some("N1") => Reply::json(
            200,
            &json!({"payload": {"transactions": [shipment(), {"transactionType": "Shipment"}], "nextToken": null}}),
        ),
        _ => Reply::json(200, &json!({"payload": {"nextToken": "N9"}})),
    })
    .await;
    let client = stub.client();
    let from: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    let of = TransactionsOf::Posted { from, to: Some("2026-03-10T00:00:00Z".parse().unwrap()) };
    let first = TransactionQuery { of, page_token: None };
    let page = client.transactions(&first, Urgency::Event).await.unwrap();
    assert!(page.transactions.is_empty());
    let second = TransactionQuery { page_token: page.next, ..first.clone() };
    let page = client.transactions(&second, Urgency::Event).await.unwrap();
    assert_eq!((page.transactions.len(), page.next), (1, None));
    assert_eq!(page.unreadable[0].path, "$.payload.transactions[1].transactionId");
    let observed = &page.transactions[0];
    assert_eq!((observed.kind.as_str(), observed.external_id.as_str()), (KIND, "T-1"));
    assert_eq!(client.translate_transaction(&observed.kind, &observed.payload).unwrap().id, "T-1");
    for call in stub.calls() {
        assert_eq!(call.query["postedAfter"], "2026-03-01T00:00:00Z");
        assert_eq!(call.query["postedBefore"], "2026-03-10T00:00:00Z");
    }
    let endless = TransactionQuery {
        of: TransactionsOf::Order(OrderId::parse("202-1234567-1234567").unwrap()),
        page_token: Some("N9".to_owned()),
    };
    let error = client.transactions(&endless, Urgency::Event).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Malformed { .. }), "{error}");
    assert_eq!(stub.calls().last().unwrap().query["relatedIdentifierName"], "ORDER_ID");
}

#[tokio::test]
async fn pennies_that_no_binary_float_holds_arrive() {
    let body = shipment().to_string().replace("20.4", "90071992547409.93");
    let text = format!("{{\"payload\":{{\"transactions\":[{body}]}}}}");
    let stub = Stub::serving(move |_| {
        Reply(200, vec![("content-type", "application/json".into())], text.clone().into_bytes())
    })
    .await;
    let query = TransactionQuery { of: TransactionsOf::Group("G-1".to_owned()), page_token: None };
    let page = stub.client().transactions(&query, Urgency::Backfill).await.unwrap();
    assert!(page.transactions[0].payload.contains("90071992547409.93"));
}

#[tokio::test]
async fn payouts_and_summaries_are_read_to_the_penny() {
    let stub = Stub::serving(|call| match call.path.as_str() {
        "/finances/transfers/2024-06-01/payouts" => Reply::json(200, &json!({"payouts": [
            {"id": "P-1", "partnerMetadata": {}, "currentStatus": "PAID", "statusHistory": [{"status": "PAID", "lastUpdatedDate": "2026-03-19T00:00:00Z"}],
             "amount": money("1234.56"), "traceId": "TRACE", "accountTail": "123",
             "relatedIdentifiers": [{"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": "S-1"}]},
            {"id": "P-2", "partnerMetadata": {}, "currentStatus": "LOST", "statusHistory": []},
        ]})),
        "/finances/2024-06-19/summary" => match call.query.get("nextToken") {
            None => Reply::json(200, &json!({"summaries": [], "nextToken": "N1"})),
            Some(_) => Reply::json(200, &json!({"summaries": [
                {"partnerMetadata": {"accountType": "Standard Orders"}, "netProceeds": money("16.25"),
                 "relatedIdentifiers": [{"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": "S-1"}],
                 "breakdowns": [node("Sales", "24", &[]), node("Expenses", "-7.75", &[])]},
            ]})),
        },
        _ => Reply::error(404, "NotFound", "nothing here", ""),
    })
    .await;
    let client = stub.client();
    let query =
        PayoutQuery { made_after: "2026-03-01T00:00:00Z".parse().unwrap(), made_before: None, page_token: None };
    let page = client.payouts(&query).await.unwrap();
    let paid = &page.payouts[0];
    assert_eq!(
        (paid.amount.unwrap().minor(), paid.trace.as_deref(), paid.settlements[0].as_str()),
        (1234_56, Some("TRACE"), "S-1")
    );
    assert_eq!(page.unreadable[0].path, "$.payouts[1].currentStatus");
    let summaries = client.settlement_summary("S-1").await.unwrap();
    assert_eq!(
        (summaries[0].net.minor(), summaries[0].parts.len(), summaries[0].settlement.as_deref()),
        (16_25, 2, Some("S-1"))
    );
    let asked = stub.calls();
    assert!(asked[1..].iter().all(|call| call.query["relatedIdentifierValue"] == "S-1"));
}

#[tokio::test]
async fn settlement_files_are_listed_by_type_and_those_given_up_are_left_out() {
    let report = |id: &str, status: &str, document: Option<&str>| {
        json!({"reportId": id, "reportType": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2", "processingStatus": status,
            "createdTime": "2026-03-16T03:00:00Z", "dataStartTime": "2026-03-01T00:00:00+00:00", "reportDocumentId": document})
    };
    let listed = json!([
        report("R1", "DONE", Some("D1")),
        report("R2", "IN_PROGRESS", None),
        report("R3", "FATAL", Some("D3")),
        report("R4", "CANCELLED", None)
    ]);
    let stub = Stub::serving(move |call| match call.query.get("nextToken") {
        None => Reply::json(200, &json!({"reports": listed, "nextToken": "N1"})),
        Some(_) => Reply::json(200, &json!({"reports": []})),
    })
    .await;
    let client = stub.client();
    let query = SettlementQuery { made_after: "2000-01-01T00:00:00Z".parse().unwrap(), page_token: None };
    let page = client.settlement_files(&query).await.unwrap();
    let told: Vec<_> = page.files.iter().map(|file| (file.report.as_str(), file.document.as_deref())).collect();
    assert_eq!(told, [("R1", Some("D1")), ("R2", None)]);
    let page = client.settlement_files(&SettlementQuery { page_token: page.next, ..query }).await.unwrap();
    assert_eq!((page.files.len(), page.next), (0, None));
    let calls = stub.calls();
    assert_eq!(calls[0].query["reportTypes"], "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2");
    let since: Timestamp = calls[0].query["createdSince"].parse().unwrap();
    assert!(
        since > clock::Clock::real().now().saturating_sub(SignedDuration::from_hours(90 * 24)).unwrap(),
        "no older than Amazon keeps"
    );
    assert_eq!(calls[1].query.keys().collect::<Vec<_>>(), ["nextToken"], "a token stands alone");
}

proptest! {
    #[test]
    fn windows_cover_all_since_45_days_before_without_gap_or_overlap(complete in 0..2_000_000_000_i64, ahead in -1_000_000..100_000_000_i64) {
        let (complete, now) = (Timestamp::from_second(complete).unwrap(), Timestamp::from_second(complete + ahead).unwrap());
        let windows = windows(complete, now);
        let mut at = None;
        for window in &windows {
            let TransactionsOf::Posted { from, to: Some(to) } = window.of else { panic!("a window") };
            prop_assert!(at.is_none_or(|at| at == from) && from < to);
            prop_assert!(from.duration_until(to) <= SignedDuration::from_hours(180 * 24));
            at = Some(to);
        }
        let TransactionsOf::Posted { from, .. } = windows[0].of else { panic!("a window") };
        prop_assert!(from.duration_until(complete) >= SignedDuration::from_hours(45 * 24));
        prop_assert!(at.unwrap().duration_until(now) >= SignedDuration::from_secs(120), "nothing younger than two minutes");
    }

    #[test]
    fn any_json_gives_a_transaction_or_a_path(cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = shipment().to_string().into_bytes();
        let at = cut.index(bytes.len());
        bytes[at] = byte;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Err(parked) = translate::transaction(&text) {
            prop_assert!(parked.path.starts_with('$') && !parked.reason.is_empty());
        }
    }
}
