//! From Amazon's words to ours: what is read, what parks, what is kept of the buyer, and how it is asked for.

use model::{Fulfilment, Order, OrderId, OrderStatus, PriceBasis, Programme, TaxScheme};
use money::{Currency, Money};
use ports::{Marketplace, Observed, Parked, Urgency};
use serde_json::{Value, json};

use super::stub::{Reply, Stub};
use crate::marketplace::translate;
use crate::{BuyerData, OrdersApi, orders_2026, orders_v0};

pub fn fbm() -> Value {
    serde_json::from_str(include_str!("../../testdata/order_2026_fbm.json")).unwrap()
}

pub fn v0() -> Value {
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

pub fn gbp(minor: i64) -> Money {
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
    assert_eq!(pair(charges.item_discount), (4_00, Some(66)));
    assert_eq!(pair(charges.delivery_discount), (1_00, Some(17)));
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

pub fn observe(order: Value, buyer: BuyerData) -> Observed {
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

#[test]
fn every_site_of_the_table_is_a_market() {
    for site in crate::markets::SITES {
        let market = site.market().unwrap_or_else(|| panic!("{}", site.name));
        assert_eq!(crate::markets::by_id(site.id), Some(site));
        assert_eq!(crate::markets::by_name(&market.name.to_uppercase()), Some(site));
    }
    assert_eq!(crate::markets::SITES.len(), 23);
}
