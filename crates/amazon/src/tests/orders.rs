//! From Amazon's words to ours: what is read, what parks, what is kept of the buyer, and how it is asked for.

use std::sync::Mutex;

use model::{Fulfilment, Order, OrderId, OrderStatus, PriceBasis, Programme, TaxScheme};
use money::{Currency, Money};
use ports::{BulkJob, BulkState, Marketplace, Observed, Parked, Urgency};
use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::stub::{Reply, Stub};
use crate::marketplace::translate;
use crate::{BuyerData, OrdersApi, oauth, orders_2026, orders_v0, reports, setup};

fn fbm() -> Value {
    serde_json::from_str(include_str!("../../testdata/order_2026_fbm.json")).unwrap()
}

fn v0() -> Value {
    serde_json::from_str(include_str!("../../testdata/order_v0.json")).unwrap()
}

fn changed(mut order: Value, pointer: &str, value: Value) -> Value {
    *order.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    order
}

fn without(mut order: Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    order.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    order
}

fn read_2026(order: &Value) -> Result<Order, Parked> {
    translate(orders_2026::KIND, &order.to_string(), None)
}

fn read_v0(order: &Value) -> Result<Order, Parked> {
    translate(orders_v0::KIND, &order.to_string(), None)
}

fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

#[test]
fn an_order_that_the_seller_ships_has_one_dispatch_for_each_package_that_left() {
    let order = read_2026(&fbm()).unwrap();
    assert_eq!((order.status, order.fulfilment), (OrderStatus::Shipped, Fulfilment::BySeller));
    let parcels: Vec<_> = order
        .dispatches
        .iter()
        .map(|dispatch| {
            let lines = dispatch.lines.iter().map(|line| format!("{}x{}", line.quantity, line.line));
            format!("{:?} {} {}", dispatch.package, dispatch.at, lines.collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(
        parcels,
        [r#"Some("1") 2026-11-02T15:00:00Z 2xitem-1"#, r#"Some("2") 2026-11-03T15:00:00Z 1xitem-1 1xitem-2"#]
    );
    assert_eq!(order.programmes, [Programme::Business, Programme::Prime]);
    assert_eq!(
        (order.ship_from.unwrap().code(), order.ship_to.unwrap().code(), order.ship_to_area.as_deref()),
        ("GB", "GB", Some("BT"))
    );
    assert_eq!((order.total, order.currency), (Some(gbp(34_48)), Some(Currency::GBP)));
    assert_eq!(order.lines[0].sku.as_ref().unwrap().as_str(), "MUG/BLUE +1");
    assert_eq!(order.lines[1].sku, None);
    assert_eq!(order.buyer, None);
}

#[test]
fn charges_are_taken_as_stated_with_discounts_positive() {
    let order = read_2026(&fbm()).unwrap();
    let charges = order.lines[0].charges.as_ref().unwrap();
    let pair = |charge: model::Charge| (charge.amount.minor(), charge.tax.map(Money::minor));
    assert_eq!(pair(charges.item), (30_00, Some(5_00)));
    assert_eq!(pair(charges.delivery), (2_99, Some(50)));
    assert_eq!(pair(charges.gift_wrap), (1_50, Some(25)));
    assert_eq!(pair(charges.item_discount), (4_00, Some(83)));
    assert_eq!(pair(charges.delivery_discount), (1_00, Some(0)));
    assert_eq!((charges.stated_total, charges.basis), (Some(gbp(29_49)), PriceBasis::ByArithmetic));
    assert_eq!(charges.marketplace_tax, None);
    let towel = order.lines[1].charges.as_ref().unwrap();
    assert_eq!(pair(towel.item), (4_99, None));
    assert_eq!(towel.marketplace_tax.unwrap().scheme, Some(TaxScheme::ImportOss));
}

#[test]
fn an_order_that_amazon_ships_is_dispatched_at_its_last_change() {
    let fba = without(changed(fbm(), "/fulfillment/fulfilledBy", json!("AMAZON")), "/packages");
    let order = read_2026(&fba).unwrap();
    assert_eq!(order.dispatches.len(), 1);
    assert_eq!(order.dispatches[0].at, "2026-11-04T08:00:00.500Z".parse().unwrap());
    let partly = changed(fba.clone(), "/fulfillment/fulfillmentStatus", json!("PARTIALLY_SHIPPED"));
    let partly = changed(
        changed(partly, "/orderItems/0/fulfillment/quantityFulfilled", json!(2)),
        "/orderItems/1/fulfillment/quantityFulfilled",
        json!(0),
    );
    let order = read_2026(&partly).unwrap();
    let sent: Vec<_> = order.dispatches[0].lines.iter().map(|line| line.quantity).collect();
    assert_eq!((sent, order.lines[0].dispatched), (vec![2], 2));
    for status in ["PENDING", "PENDING_AVAILABILITY", "UNSHIPPED", "CANCELLED", "UNFULFILLABLE"] {
        let waiting = changed(fba.clone(), "/fulfillment/fulfillmentStatus", json!(status));
        assert!(read_2026(&waiting).unwrap().dispatches.is_empty(), "{status}");
    }
}

#[test]
fn a_pending_order_without_prices_is_read_without_charges() {
    let mut pending = changed(fbm(), "/fulfillment/fulfillmentStatus", json!("PENDING"));
    for pointer in ["/packages", "/proceeds", "/orderItems/0/proceeds", "/orderItems/1/proceeds", "/recipient"] {
        pending = without(pending, pointer);
    }
    let order = read_2026(&pending).unwrap();
    assert!(order.lines.iter().all(|line| line.charges.is_none()));
    assert_eq!((order.currency, order.total, order.ship_to), (None, None, None));
}

#[test]
fn a_replacement_names_the_order_it_replaces() {
    let mut order = fbm();
    order["associatedOrders"] = json!([{"orderId": "203-9", "associationType": "EXCHANGE_ORIGINAL_ID"}, {"orderId": "203-8", "associationType": "REPLACEMENT_ORIGINAL_ID"}]);
    let order = read_2026(&order).unwrap();
    assert_eq!(order.replaces.as_ref().map(OrderId::as_str), Some("203-8"));
    assert!(order.is(Programme::Replacement));
}

#[test]
fn whatever_matters_and_is_unknown_parks_the_order_at_its_path() {
    let breakdown = |kind: &str| json!({"type": kind, "subtotal": {"amount": "1.00", "currencyCode": "GBP"}});
    let table: Vec<(Value, &str, &str)> = vec![
        (
            changed(fbm(), "/fulfillment/fulfillmentStatus", json!("TELEPORTED")),
            "unknown_status",
            "$.fulfillment.fulfillmentStatus",
        ),
        (
            changed(fbm(), "/salesChannel/marketplaceId", json!("AMARS")),
            "unknown_marketplace",
            "$.salesChannel.marketplaceId",
        ),
        (
            changed(fbm(), "/salesChannel/channelName", json!("NON_AMAZON")),
            "not_sold_on_amazon",
            "$.salesChannel.channelName",
        ),
        (
            changed(fbm(), "/proceeds/grandTotal/currencyCode", json!("XQZ")),
            "unknown_currency",
            "$.proceeds.grandTotal",
        ),
        (changed(fbm(), "/proceeds/grandTotal/currencyCode", json!("EUR")), "bad_value", "$.proceeds.grandTotal"),
        (changed(fbm(), "/proceeds/grandTotal/amount", json!("1,50")), "bad_value", "$.proceeds.grandTotal"),
        (changed(fbm(), "/proceeds/grandTotal/amount", json!(34.48)), "bad_value", "$.proceeds.grandTotal.amount"),
        (changed(fbm(), "/fulfillment/fulfilledBy", json!("ELVES")), "bad_value", "$.fulfillment.fulfilledBy"),
        (without(fbm(), "/fulfillment"), "missing_field", "$.fulfillment.fulfillmentStatus"),
        (without(fbm(), "/orderItems/1/product"), "missing_field", "$.orderItems[1].product"),
        (changed(fbm(), "/orderItems/1/quantityOrdered", json!(-1)), "bad_value", "$.orderItems[1].quantityOrdered"),
        (
            changed(fbm(), "/orderItems/1/proceeds/breakdowns/0", breakdown("COD_FEE")),
            "unsupported_charge",
            "$.orderItems[1].proceeds.breakdowns[0]",
        ),
        (
            changed(fbm(), "/orderItems/1/proceeds/breakdowns/0", breakdown("SHIPPING")),
            "missing_field",
            "$.orderItems[1].proceeds.breakdowns[?(@.type=='ITEM')]",
        ),
        (
            changed(fbm(), "/orderItems/0/proceeds/breakdowns/1", breakdown("ITEM")),
            "bad_value",
            "$.orderItems[0].proceeds.breakdowns[1]",
        ),
        (
            changed(fbm(), "/orderItems/0/proceeds/breakdowns/3/subtotal/amount", json!("-6.00")),
            "breakdown_mismatch",
            "$.orderItems[0].proceeds.breakdowns[3]",
        ),
        (
            changed(fbm(), "/orderItems/0/proceeds/breakdowns/4/subtotal/amount", json!("9.00")),
            "breakdown_mismatch",
            "$.orderItems[0].proceeds.breakdowns[4]",
        ),
        (
            changed(fbm(), "/orderItems/0/proceeds/breakdowns/4/detailedBreakdowns", json!([])),
            "tax_not_split",
            "$.orderItems[0].proceeds",
        ),
        (
            changed(fbm(), "/orderItems/1/tax/taxCollections/0/model", json!("GIFT_TO_CROWN")),
            "bad_value",
            "$.orderItems[1].tax.taxCollections[0].model",
        ),
        (
            changed(fbm(), "/packages/0/packageStatus/status", json!("ABDUCTED")),
            "unknown_status",
            "$.packages[0].packageStatus.status",
        ),
        (without(fbm(), "/packages/0/shipTime"), "missing_field", "$.packages[0].shipTime"),
        (
            changed(fbm(), "/packages/0/packageItems/0/orderItemId", json!("item-9")),
            "bad_value",
            "$.packages[0].packageItems[0].orderItemId",
        ),
        (changed(fbm(), "/packages/1/packageItems/0/quantity", json!(5)), "dispatched_more_than_ordered", "$.packages"),
        (changed(fbm(), "/packages/1/packageItems/0/quantity", json!(1)), "packages_incomplete", "$.packages"),
        (without(fbm(), "/packages"), "packages_incomplete", "$.packages"),
        (changed(fbm(), "/orderItems", json!("none")), "bad_value", "$.orderItems"),
    ];
    for (order, code, path) in table {
        let parked = read_2026(&order).unwrap_err();
        assert_eq!((parked.code.as_str(), parked.path.as_str()), (code, path), "{parked}");
        assert!(!parked.fix.is_empty());
    }
    let mut tip = fbm();
    tip["proceeds"]["breakdowns"] =
        json!([{"type": "DELIVERY_TIP", "status": "PENDING", "subtotal": {"amount": "2.00", "currencyCode": "GBP"}}]);
    assert_eq!(read_2026(&tip).unwrap_err().code, "unsupported_charge");
}

#[test]
fn an_order_of_v0_says_the_same_in_other_words() {
    let order = read_v0(&v0()).unwrap();
    assert_eq!(
        (order.market.short.as_str(), order.status, order.fulfilment),
        ("DE", OrderStatus::Shipped, Fulfilment::ByMarketplace)
    );
    assert_eq!(order.total, Some(Money::new(27_49, order.currency.unwrap())));
    assert_eq!(order.programmes, [Programme::Business]);
    assert_eq!(order.dispatches[0].lines.iter().map(|line| line.quantity).collect::<Vec<_>>(), [2, 1]);
    let charges = order.lines[0].charges.as_ref().unwrap();
    let minor = [charges.item, charges.delivery, charges.gift_wrap, charges.item_discount, charges.delivery_discount]
        .map(|charge| charge.amount.minor());
    assert_eq!(minor, [24_00, 3_99, 1_50, 2_00, 3_99]);
    assert_eq!((charges.basis, charges.gift_wrap.tax.unwrap().minor()), (PriceBasis::Inclusive, 24));
    assert_eq!(charges.marketplace_tax.unwrap().scheme, Some(TaxScheme::UnionOss));
    assert_eq!(order.lines[1].charges, None);
    let us = changed(v0(), "/order/MarketplaceId", json!("ATVPDKIKX0DER"));
    assert_eq!(read_v0(&us).unwrap().lines[0].charges.as_ref().unwrap().basis, PriceBasis::Exclusive);
}

#[test]
fn an_order_of_v0_parks_on_what_it_does_not_know() {
    let table = [
        (changed(v0(), "/order/OrderStatus", json!("InvoiceUnconfirmed")), "unknown_status", "$.order.OrderStatus"),
        (changed(v0(), "/order/MarketplaceId", json!("AMARS")), "unknown_marketplace", "$.order.MarketplaceId"),
        (changed(v0(), "/order/SalesChannel", json!("Non-Amazon UK")), "not_sold_on_amazon", "$.order.SalesChannel"),
        (changed(v0(), "/items/2/ItemPrice/CurrencyCode", json!("XQZ")), "unknown_currency", "$.items[2].ItemPrice"),
        (changed(v0(), "/items/0/QuantityShipped", json!(3)), "bad_value", "$.items[0].QuantityShipped"),
        (changed(v0(), "/items/0/TaxCollection/Model", json!("Other")), "bad_value", "$.items[0].TaxCollection.Model"),
        (changed(v0(), "/items", json!([])), "missing_field", "$.items"),
    ];
    for (order, code, path) in table {
        let parked = read_v0(&order).unwrap_err();
        assert_eq!((parked.code.as_str(), parked.path.as_str()), (code, path), "{parked}");
    }
}

fn observe(order: Value, buyer: BuyerData) -> Observed {
    orders_2026::observed(order, buyer, "$").unwrap()
}

#[test]
fn buyer_data_is_kept_apart_or_not_at_all() {
    let personal =
        ["Invented", "PO-7", "relay-1", "2 Example Road", "9ZZ", "GB000000000", "0000 000000", "TRACK-2", "4AP"];
    for buyer in [BuyerData::None, BuyerData::Destination, BuyerData::Contacts] {
        let observed = observe(fbm(), buyer);
        for word in personal {
            assert!(!observed.payload.contains(word), "{buyer:?}: {word} stayed in {}", observed.payload);
        }
        assert_eq!(observed.buyer.is_some(), buyer == BuyerData::Contacts);
        let order = translate(&observed.kind, &observed.payload, observed.buyer.as_deref()).unwrap();
        let area = order.ship_to_area.as_deref();
        assert_eq!(area, (buyer != BuyerData::None).then_some("BT"), "{buyer:?}");
        assert_eq!(observed.version, order.updated_at);
    }
    let observed = observe(fbm(), BuyerData::Contacts);
    let buyer = translate(&observed.kind, &observed.payload, observed.buyer.as_deref()).unwrap().buyer.unwrap();
    assert_eq!(buyer.name.as_deref(), Some("Invented Person"));
    assert_eq!((buyer.company.as_deref(), buyer.vat_number.as_deref()), (Some("Invented Ltd"), Some("GB000000000")));
    let address = buyer.address.unwrap();
    assert_eq!(address.lines, ["Unit 1", "2 Example Road", "Industrial Estate", "Sampletown, Downshire"]);
    assert_eq!(address.postcode.as_deref(), Some("BT99 9ZZ"));
}

#[test]
fn buyer_data_of_v0_is_kept_apart_too_but_not_the_price_of_gift_wrap() {
    let fact = v0();
    let items = fact["items"].as_array().unwrap().clone();
    let observed = orders_v0::observed(fact["order"].clone(), items, BuyerData::Contacts, "$").unwrap();
    for word in ["Invented", "relay-2", "Beispielweg", "99999", "Erfunden", "PO-8", "Happy day"] {
        assert!(!observed.payload.contains(word), "{word} stayed in {}", observed.payload);
    }
    let order = translate(&observed.kind, &observed.payload, observed.buyer.as_deref()).unwrap();
    assert_eq!(order.lines[0].charges.as_ref().unwrap().gift_wrap.amount.minor(), 1_50);
    assert_eq!((order.ship_to.unwrap().code(), order.ship_to_area), ("DE", None));
    let buyer = order.buyer.unwrap();
    assert_eq!((buyer.company.as_deref(), buyer.purchase_order.as_deref()), (Some("Erfunden GmbH"), Some("PO-8")));
    assert_eq!(buyer.address.unwrap().lines, ["Beispielweg 1", "Musterstadt"]);
}

#[tokio::test]
async fn only_the_data_that_the_owner_wants_is_asked_for() {
    let stub = Stub::serving(|_| Reply::json(200, &json!({"order": fbm()}))).await;
    let id = OrderId::parse("203-1/a+%").unwrap();
    for (buyer, wanted) in [
        (BuyerData::None, [false, false]),
        (BuyerData::Destination, [false, true]),
        (BuyerData::Contacts, [true, true]),
    ] {
        stub.client_with(|config| config.buyer_data = buyer).order(&id, Urgency::Event).await.unwrap();
        let call = stub.calls().pop().unwrap();
        let included: Vec<&str> = call.query["includedData"].split(',').collect();
        assert_eq!(["BUYER", "RECIPIENT"].map(|part| included.contains(&part)), wanted, "{buyer:?}");
        for part in ["PROCEEDS", "PROMOTION", "TAX", "FULFILLMENT", "CANCELLATION", "EXPENSE", "PACKAGES"] {
            assert!(included.contains(&part), "{part}");
        }
        assert_eq!(call.path, "/orders/2026-01-01/orders/203-1%2Fa+%25", "a segment is encoded once");
    }
}

fn v0_stub(refuse_restricted: bool) -> impl Fn(&super::stub::Call) -> Reply + Send + Sync + 'static {
    move |call| match call.path.as_str() {
        "/tokens/2021-03-01/restrictedDataToken" if refuse_restricted => Reply::error(
            400,
            "InvalidInput",
            "Application does not have access to one or more requested data elements: [shippingAddress]",
            "",
        ),
        "/tokens/2021-03-01/restrictedDataToken" => {
            let path = call.json()["restrictedResources"][0]["path"].as_str().unwrap().len();
            Reply::json(200, &json!({"restrictedDataToken": format!("Atz.sprdt|{path}"), "expiresIn": 3600}))
        }
        path if path.ends_with("/orderItems") => Reply::json(200, &json!({"payload": {"OrderItems": v0()["items"]}})),
        _ => Reply::json(200, &json!({"payload": v0()["order"]})),
    }
}

#[tokio::test]
async fn orders_v0_uses_a_restricted_token_for_exactly_its_paths() {
    let stub = Stub::serving(v0_stub(false)).await;
    let client = stub.client_with(|config| config.orders_api = OrdersApi::V0);
    let id = OrderId::parse("203-0000002-0000002").unwrap();
    for _ in 0..2 {
        let observed = client.order(&id, Urgency::Event).await.unwrap();
        assert!(client.translate(&observed.kind, &observed.payload, None).is_ok());
    }
    let asked: Vec<_> =
        stub.calls().iter().map(|call| (call.path.clone(), call.header("x-amz-access-token").to_owned())).collect();
    assert_eq!(
        asked.iter().filter(|(path, _)| path.starts_with("/tokens")).count(),
        2,
        "one token each for orders and items"
    );
    for (path, token) in asked {
        let restricted = token.starts_with("Atz.sprdt|");
        assert_eq!(restricted, path.starts_with("/orders"), "{path}");
        if path.ends_with("/orderItems") {
            assert_eq!(token, format!("Atz.sprdt|{}", "/orders/v0/orders/{orderId}/orderItems".len()));
        }
    }
}

#[tokio::test]
async fn without_the_right_to_restricted_data_orders_v0_is_read_without_it() {
    let stub = Stub::serving(v0_stub(true)).await;
    let client = stub.client_with(|config| config.orders_api = OrdersApi::V0);
    let id = OrderId::parse("203-0000002-0000002").unwrap();
    client.order(&id, Urgency::Event).await.unwrap();
    client.order(&id, Urgency::Event).await.unwrap();
    let asked = stub.calls();
    assert_eq!(asked.iter().filter(|call| call.path.starts_with("/tokens")).count(), 2, "a refusal is remembered");
    assert!(asked.iter().all(|call| call.header("x-amz-access-token") == "Atza|invented"));
}

const REPORT: &[u8] = include_bytes!("../../testdata/all_orders_cp1252.txt");

fn report_orders() -> Vec<Observed> {
    let text = reports::decode(REPORT, Some("text/plain; charset=Cp1252"), false).unwrap();
    reports::read(&text, BuyerData::Destination).unwrap()
}

#[test]
fn a_report_gives_one_fact_for_each_order_without_the_buyer() {
    let orders = report_orders();
    assert_eq!(orders.len(), 3);
    for order in &orders {
        for word in ["Invented", "Sampletown", "Downshire", "3AB", "4AP", "PO-9"] {
            assert!(!order.payload.contains(word), "{word} stayed in {}", order.payload);
        }
    }
    let fba = translate(&orders[0].kind, &orders[0].payload, None).unwrap();
    assert_eq!((fba.lines.len(), fba.ship_to_area.as_deref()), (2, Some("JE")));
    assert_eq!(fba.lines[0].title, "Blue mug, \"café\"");
    let charges = fba.lines[0].charges.as_ref().unwrap();
    assert_eq!(
        (charges.item.amount, charges.item.tax, charges.item_discount.amount),
        (gbp(24_00), Some(gbp(4_00)), gbp(1_20))
    );
    assert!(fba.lines[1].charges.as_ref().unwrap().marketplace_tax.is_some());
    assert_eq!(fba.dispatches[0].at, "2026-08-18T09:12:44Z".parse().unwrap());
    let pending = translate(&orders[2].kind, &orders[2].payload, None).unwrap();
    assert_eq!(
        (pending.status, pending.lines[0].charges.clone(), pending.dispatches.len()),
        (OrderStatus::Pending, None, 0)
    );
}

#[test]
fn a_report_does_not_guess_when_the_seller_dispatched() {
    let orders = report_orders();
    let parked = translate(&orders[1].kind, &orders[1].payload, None).unwrap_err();
    assert_eq!((parked.code.as_str(), parked.path.as_str()), ("dispatch_unknown", "$.rows[0].fulfillment-channel"));
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
    let (mut state, mut orders) = (BulkState::Wanted, Vec::new());
    let mut seen = Vec::new();
    while !matches!(state, BulkState::Done | BulkState::Failed { .. }) {
        (state, orders) = client.bulk(&job(state)).await.unwrap();
        seen.push(state.clone());
        assert!(seen.len() < 10);
    }
    let requested = BulkState::Requested { report: "R1".to_owned() };
    assert_eq!(seen, [requested.clone(), requested, BulkState::Ready { document: "D1".to_owned() }, BulkState::Done]);
    assert_eq!(orders.len(), 3);
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
    let (state, _) = stub.client().bulk(&job(BulkState::Wanted)).await.unwrap();
    assert_eq!(state, BulkState::Requested { report: "R7".to_owned() });
}

#[tokio::test]
async fn a_report_that_is_refused_fails_so_that_listings_take_over() {
    for (status, says) in [("CANCELLED", "no data"), ("FATAL", "gave up")] {
        let stub =
            Stub::serving(move |_| Reply::json(200, &json!({"reportId": "R1", "processingStatus": status}))).await;
        let (state, orders) = stub.client().bulk(&job(BulkState::Requested { report: "R1".to_owned() })).await.unwrap();
        let BulkState::Failed { reason } = state else { panic!("{state:?}") };
        assert!(reason.contains(says) && orders.is_empty(), "{reason}");
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

const ARN: &str = "arn:aws:sqs:eu-west-1:123456789012:orders";

/// Amazon with a memory: destinations and a subscription, some of which exist already.
async fn notifications(destination: bool, subscribed_to: Option<&'static str>) -> Stub {
    let state = Mutex::new((destination, subscribed_to));
    Stub::with_login(move |call| {
        let mut state = state.lock().unwrap();
        let subscription =
            |to: &str| json!({"payload": {"subscriptionId": "S1", "payloadVersion": "1.0", "destinationId": to}});
        match (call.method.as_str(), call.path.as_str()) {
            (_, "/auth/o2/token") => Reply::token(if call.form()["grant_type"] == "client_credentials" {
                "Atza|grantless"
            } else {
                "Atza|seller"
            }),
            (_, path) if path.ends_with("/destinations") && call.header("x-amz-access-token") != "Atza|grantless" => {
                Reply::error(403, "Unauthorized", "denied", "")
            }
            (_, path) if path.contains("/subscriptions/") && call.header("x-amz-access-token") != "Atza|seller" => {
                Reply::error(403, "Unauthorized", "denied", "")
            }
            ("GET", "/notifications/v1/destinations") => {
                let entry = json!({"destinationId": "D1", "name": "x", "resource": {"sqs": {"arn": ARN}}});
                Reply::json(200, &json!({"payload": if state.0 { vec![entry] } else { vec![] }}))
            }
            ("POST", "/notifications/v1/destinations") => {
                assert_eq!(call.json()["resourceSpecification"]["sqs"]["arn"], ARN);
                state.0 = true;
                Reply::error(409, "Conflict", "it exists (somebody was faster)", "")
            }
            ("GET", _) => state
                .1
                .map_or_else(|| Reply::error(404, "NotFound", "none", ""), |to| Reply::json(200, &subscription(to))),
            ("POST", _) => {
                let filter = call.json()["processingDirective"]["eventFilter"].clone();
                assert_eq!(filter["eventFilterType"], "ORDER_CHANGE");
                state.1 = Some("D1");
                Reply::json(200, &subscription(call.json()["destinationId"].as_str().unwrap()))
            }
            other => panic!("{other:?}"),
        }
    })
    .await
}

#[tokio::test]
async fn setting_notifications_up_adopts_what_is_there_and_makes_the_rest() {
    let expected = setup::Subscribed { destination_id: "D1".to_owned(), subscription_id: "S1".to_owned() };
    for (destination, subscribed, posts) in [(false, None, 2), (true, None, 1), (true, Some("D1"), 0)] {
        let stub = notifications(destination, subscribed).await;
        let client = stub.client();
        assert_eq!(setup::ensure_destination_and_subscription(&client, ARN).await.unwrap(), expected);
        assert_eq!(stub.calls().iter().filter(|call| call.method == "POST").count(), posts);
        assert_eq!(
            setup::ensure_destination_and_subscription(&client, ARN).await.unwrap(),
            expected,
            "it can be run again"
        );
    }
    let stub = notifications(true, Some("D-other")).await;
    assert_eq!(setup::ensure_destination_and_subscription(&stub.client(), ARN).await.unwrap_err().code(), "CON-006");
}

#[tokio::test]
async fn the_website_workflow_gives_a_refresh_token() {
    let stub = Stub::with_login(|call| {
        let form = call.form();
        match form["code"].as_str() {
            "good" => Reply::json(200, &json!({"access_token": "a", "refresh_token": "Atzr|new", "expires_in": 3600})),
            _ => Reply::json(400, &json!({"error": "invalid_grant", "error_description": "too old"})),
        }
    })
    .await;
    let (secret, clock) = (SecretString::from("invented-secret".to_owned()), clock::Clock::real());
    let code = |text: &str| SecretString::from(text.to_owned());
    let token = oauth::exchange_code(&stub.config(), &secret, &code("good"), None, &clock).await.unwrap();
    assert_eq!(token.expose_secret(), "Atzr|new");
    let form = stub.logins()[0].form();
    assert_eq!(
        (form["grant_type"].as_str(), form["client_secret"].as_str()),
        ("authorization_code", "invented-secret")
    );
    let refused = oauth::exchange_code(&stub.config(), &secret, &code("old"), None, &clock).await.unwrap_err();
    assert_eq!(refused.code(), "CON-004");

    let mut config = stub.config();
    config.base_url = "https://sellingpartnerapi-eu.amazon.com/".parse().unwrap();
    let back = "https://books.example.invalid/back".parse().unwrap();
    let url = oauth::authorize_url(&config, "s t", true, Some(&back)).unwrap();
    assert_eq!(
        url.as_str(),
        "https://sellercentral-europe.amazon.com/apps/authorize/consent?application_id=amzn1.sp.solution.invented&state=s+t&version=beta&redirect_uri=https%3A%2F%2Fbooks.example.invalid%2Fback"
    );
    assert!(!oauth::authorize_url(&config, "s", false, None).unwrap().as_str().contains("beta"));
    let states = [oauth::new_state().unwrap(), oauth::new_state().unwrap()];
    assert!(states[0] != states[1] && states[0].len() == 43);
}

#[test]
fn every_site_of_the_table_is_a_market() {
    for site in crate::markets::SITES {
        let market = site.market().unwrap_or_else(|| panic!("{}", site.name));
        assert_eq!(crate::markets::by_id(site.id), Some(site));
        assert_eq!(crate::markets::by_name(&market.name.to_uppercase()), Some(site));
    }
    assert_eq!(crate::markets::SITES.len(), 23);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "GBP",
            "JPY",
            "1.00",
            "-5",
            "SHIPPED",
            "2026-11-01T00:00:00Z",
            "A1F83G8C2ARO7P",
            "item-1",
            "ITEM",
            "TAX"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z]{1,12}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The paths of all values below `value`.
fn pointers(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| pointers(value, &format!("{path}/{name}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| pointers(value, &format!("{path}/{index}"), found))
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Any bytes from a remote give a value or a parked fact, never a panic.
    #[test]
    fn whatever_arrives_is_read_or_parked(junk in any_json(), place in any::<prop::sample::Index>(), which in 0..3_usize, text in "\\PC{0,200}") {
        let rows = json!({"rows": [serde_json::from_str::<Value>(&report_orders()[0].payload).unwrap()["rows"][0].clone()]});
        let (kind, good) = [(orders_2026::KIND, fbm()), (orders_v0::KIND, v0()), (reports::KIND, rows)][which].clone();
        let mut found = Vec::new();
        pointers(&good, "", &mut found);
        let mut order = good;
        *order.pointer_mut(&found[place.index(found.len())]).unwrap() = junk.clone();
        for (payload, buyer) in [(order.to_string(), None), (order.to_string(), Some(junk.to_string())), (junk.to_string(), None), (text.clone(), Some(text.clone()))] {
            if let Err(parked) = translate(kind, &payload, buyer.as_deref()) {
                prop_assert!(!parked.path.is_empty() && !parked.code.is_empty());
            }
        }
        let _ = orders_2026::observed(order.clone(), BuyerData::Contacts, "$");
        let _ = orders_v0::observed(order.clone(), vec![junk], BuyerData::Contacts, "$");
        let _ = crate::notifications::read(&order.to_string());
        let _ = crate::notifications::read(&text);
        let _ = reports::read(&text, BuyerData::None);
        let _ = reports::decode(text.as_bytes(), Some(&text), true);
    }

    /// Redaction never invents and never leaves a name, a street or a phone, wherever they stand.
    #[test]
    fn no_person_survives_redaction_wherever_it_stands(name in "[A-Z]{8}", place in prop::sample::select(vec!["buyer", "recipient", "buyerContact", "shippingAddress", "newPhone", "contactEmail"])) {
        let mut order = fbm();
        order[place] = json!({"anything": name});
        order["nested"] = json!([{ place: name.clone() }]);
        let payload = observe(order, BuyerData::Destination).payload;
        prop_assert!(!payload.contains(&name), "{}", payload);
    }
}
