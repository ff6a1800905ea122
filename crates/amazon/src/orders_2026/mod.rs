//! Orders API 2026-01-01: everything about an order in one call, no restricted token.

pub(crate) mod charges;
mod dispatch;
pub(crate) mod translate;
pub(crate) mod wire;

use jiff::Timestamp;
use model::OrderId;
use ports::{ChangeQuery, ConnectorError, Observed, Parked, Urgency};
use serde_json::{Map, Value};

use crate::BuyerData;
use crate::client::{Client, Request};
use crate::paging::RawPage;
use crate::read::{malformed, moment, order_id};
use crate::redact::redact;
use crate::throttle::Operation;

/// How facts of this API are marked.
pub(crate) const KIND: &str = "amazon.order.2026-01-01";
/// Orders on a full page.
const PAGE: &str = "100";

/// What the books need of an order, and of its buyer what the owner chose.
pub(crate) fn included(buyer: BuyerData) -> String {
    let books = "PROCEEDS,PROMOTION,TAX,FULFILLMENT,CANCELLATION,EXPENSE,PACKAGES";
    match buyer {
        BuyerData::None => books.to_owned(),
        BuyerData::Destination => format!("{books},RECIPIENT"),
        BuyerData::Contacts => format!("{books},BUYER,RECIPIENT"),
    }
}

/// `getOrder`.
pub(crate) async fn get(
    client: &Client,
    id: &OrderId,
    included: &str,
    urgency: Urgency,
) -> Result<Value, ConnectorError> {
    let path = ["orders", "2026-01-01", "orders", id.as_str()];
    let query = [("includedData", included.to_owned())];
    let request = Request { urgency, query: &query, ..Request::get(Operation::GetOrder, &path, format!("order {id}")) };
    let mut answer = client.call(&request).await?;
    match answer.get_mut("order").map(Value::take) {
        Some(order @ Value::Object(_)) => Ok(order),
        _ => Err(malformed("answer to getOrder", "$.order")),
    }
}

/// `searchOrders`. `window` holds the *After and *Before parameters of one family.
pub(crate) async fn search(
    client: &Client,
    window: &[(&'static str, String)],
    included: &str,
    token: Option<&str>,
    urgency: Urgency,
) -> Result<Value, ConnectorError> {
    let marketplaces: Vec<&str> = client.config.marketplaces.iter().map(|id| id.as_str()).collect();
    let mut query = window.to_vec();
    query.push(("marketplaceIds", marketplaces.join(",")));
    query.push(("includedData", included.to_owned()));
    query.push(("maxResultsPerPage", PAGE.to_owned()));
    query.extend(token.map(|token| ("paginationToken", token.to_owned())));
    let path = ["orders", "2026-01-01", "orders"];
    let what = "a page of changed orders";
    client.call(&Request { urgency, query: &query, ..Request::get(Operation::SearchOrders, &path, what) }).await
}

pub(crate) async fn order(client: &Client, id: &OrderId, urgency: Urgency) -> Result<Observed, ConnectorError> {
    let order = get(client, id, &included(client.config.buyer_data), urgency).await?;
    observed(order, client.config.buyer_data, "$.order").map_err(|parked| malformed("order", &parked.path))
}

pub(crate) async fn page(client: &Client, query: &ChangeQuery, urgency: Urgency) -> Result<RawPage, ConnectorError> {
    let mut window = vec![("lastUpdatedAfter", stamp(query.changed_after))];
    window.extend(query.changed_before.map(|before| ("lastUpdatedBefore", stamp(before))));
    let buyer = client.config.buyer_data;
    let answer = search(client, &window, &included(buyer), query.page_token.as_deref(), urgency).await?;
    read_page(answer, buyer)
}

fn read_page(mut answer: Value, buyer: BuyerData) -> Result<RawPage, ConnectorError> {
    let Some(Value::Array(orders)) = answer.get_mut("orders").map(Value::take) else {
        return Err(malformed("page of orders", "$.orders"));
    };
    let next = answer.pointer("/pagination/nextToken").and_then(Value::as_str).filter(|token| !token.is_empty());
    let up_to = answer.get("lastUpdatedBefore").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let mut page = RawPage { next: next.map(str::to_owned), up_to, orders: Vec::new(), unreadable: Vec::new() };
    for (index, order) in orders.into_iter().enumerate() {
        match observed(order, buyer, &format!("$.orders[{index}]")) {
            Ok(order) => page.orders.push(order),
            Err(parked) => page.unreadable.push(parked),
        }
    }
    Ok(page)
}

/// The order as a fact: id and version read, the buyer taken out.
pub(crate) fn observed(mut order: Value, buyer: BuyerData, path: &str) -> Result<Observed, Parked> {
    let text = |name: &str| order.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = order_id(text("orderId").as_ref(), &format!("{path}.orderId"))?;
    let version = moment(text("lastUpdatedTime").as_ref(), &format!("{path}.lastUpdatedTime"))?;
    let contacts = (buyer == BuyerData::Contacts).then(|| contacts(&order)).flatten();
    redact(&mut order);
    if buyer == BuyerData::None
        && let Some(fields) = order.as_object_mut()
    {
        fields.remove("recipient");
    }
    Ok(Observed {
        kind: KIND.to_owned(),
        external_id: id.to_string(),
        version,
        payload: order.to_string(),
        buyer: contacts.map(|contacts| contacts.to_string()),
    })
}

/// The parts about the buyer, as they came.
fn contacts(order: &Value) -> Option<Value> {
    let mut parts = Map::new();
    for (name, part) in
        [("buyer", order.get("buyer")), ("deliveryAddress", order.pointer("/recipient/deliveryAddress"))]
    {
        if let Some(part) = part.filter(|part| part.is_object()) {
            parts.insert(name.to_owned(), part.clone());
        }
    }
    let registrations = order.pointer("/tax/taxRegistrations").and_then(Value::as_array);
    let of_buyer: Vec<Value> = registrations
        .into_iter()
        .flatten()
        .filter(|entry| entry.get("entityType").and_then(Value::as_str) == Some("BUYER"))
        .cloned()
        .collect();
    if !of_buyer.is_empty() {
        parts.insert("taxRegistrations".to_owned(), Value::Array(of_buyer));
    }
    (!parts.is_empty()).then_some(Value::Object(parts))
}

/// A moment as Amazon reads it: ISO 8601 in UTC.
pub(crate) fn stamp(at: Timestamp) -> String {
    at.to_string()
}
