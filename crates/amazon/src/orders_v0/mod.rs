//! Orders API v0, the fallback: a list of orders, then one call for each order's items. Amazon removes it on 2027-03-27.
//!
//! A page of 100 orders needs 100 further calls, more than one burst. What was read of a page is therefore kept in memory
//! until it is whole: a call that ends with "wait" goes on where it stopped.

pub(crate) mod translate;
pub(crate) mod wire;

use model::OrderId;
use ports::{ChangeQuery, ConnectorError, Discovered, NamePage, Observed, Parked, Urgency};
use serde_json::{Map, Value, json};

use crate::BuyerData;
use crate::client::{Access, Client, Request};
use crate::paging::RawPage;
use crate::rdt::Scope;
use crate::read::{malformed, moment, order_id};
use crate::redact::redact;
use crate::throttle::Operation;

/// How facts of this API are marked.
pub(crate) const KIND: &str = "amazon.order.v0";

/// A page whose orders are read one by one.
pub(crate) struct PartialPage {
    query: ChangeQuery,
    waiting: std::collections::VecDeque<Value>,
    page: RawPage,
}

pub(crate) async fn order(client: &Client, id: &OrderId, urgency: Urgency) -> Result<Observed, ConnectorError> {
    // The order first: were its version read after the items, old items could pass for new ones.
    let order = get(client, id.as_str(), urgency).await?;
    let items = items(client, id.as_str(), urgency).await?;
    observed(order, items, client.config.buyer_data, "$.payload").map_err(|parked| malformed("order", &parked.path))
}

pub(crate) async fn page(client: &Client, query: &ChangeQuery, urgency: Urgency) -> Result<RawPage, ConnectorError> {
    let mut kept = client.clock.wait_for(client.v0_page.lock()).await;
    let mut partial = match kept.take().filter(|partial| partial.query == *query) {
        Some(partial) => partial,
        None => first_look(client, query, urgency).await?,
    };
    while let Some(order) = partial.waiting.front() {
        let id = order.get("AmazonOrderId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let path = format!("$.payload.Orders[?(@.AmazonOrderId=='{}')]", crate::answer::cut(&id, 40));
        if id.is_empty() {
            partial.page.unreadable.push(crate::read::missing("$.payload.Orders[*].AmazonOrderId"));
            partial.waiting.pop_front();
            continue;
        }
        let items = match items(client, &id, urgency).await {
            Ok(items) => items,
            Err(error) => {
                *kept = Some(partial);
                return Err(error);
            }
        };
        let order = partial.waiting.pop_front().unwrap_or_default();
        match observed(order, items, client.config.buyer_data, &path) {
            Ok(observed) => partial.page.orders.push(observed),
            Err(parked) => partial.page.unreadable.push(parked),
        }
    }
    Ok(partial.page)
}

fn window(query: &ChangeQuery) -> Vec<(&'static str, String)> {
    let mut window = vec![("LastUpdatedAfter", query.changed_after.to_string())];
    window.extend(query.changed_before.map(|before| ("LastUpdatedBefore", before.to_string())));
    window
}

/// One page of the list, for the names alone: nothing of an order is kept, so no restricted token is asked for. If one cannot be
/// read, none counts: a listing that trusted the rest would pass over it.
pub(crate) async fn names(client: &Client, query: &ChangeQuery) -> Result<NamePage, ConnectorError> {
    let token = query.page_token.as_deref();
    let payload = search_as(client, &window(query), token, Urgency::Backfill, Access::Seller).await?;
    let Some(orders) = payload.get("Orders").and_then(Value::as_array) else {
        return Err(malformed("page of orders", "$.payload.Orders"));
    };
    let name = |order: &Value| {
        let text = |name: &str| order.get(name).and_then(Value::as_str);
        Some(Discovered {
            order: OrderId::parse(text("AmazonOrderId")?).ok()?,
            changed_at: text("LastUpdateDate")?.parse().ok()?,
        })
    };
    let next = payload.get("NextToken").and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    if next.is_some() && next == query.page_token {
        return Err(malformed("page of orders", "an end: the same page comes again"));
    }
    let orders: Option<Vec<Discovered>> = orders.iter().map(name).collect();
    let orders = orders.ok_or_else(|| malformed("page of orders", "$.payload.Orders[*]: a name or its last change"))?;
    Ok(NamePage { orders, next })
}

async fn first_look(client: &Client, query: &ChangeQuery, urgency: Urgency) -> Result<PartialPage, ConnectorError> {
    let mut payload = search(client, &window(query), query.page_token.as_deref(), urgency).await?;
    let Some(Value::Array(orders)) = payload.get_mut("Orders").map(Value::take) else {
        return Err(malformed("page of orders", "$.payload.Orders"));
    };
    let text = |name: &str| payload.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let page = RawPage {
        orders: Vec::new(),
        unreadable: Vec::new(),
        next: text("NextToken").map(str::to_owned),
        up_to: text("LastUpdatedBefore").and_then(|text| text.parse().ok()),
    };
    Ok(PartialPage { query: query.clone(), waiting: orders.into(), page })
}

/// `getOrders`. `window` holds the *After and *Before parameters of one family.
pub(crate) async fn search(
    client: &Client,
    window: &[(&'static str, String)],
    token: Option<&str>,
    urgency: Urgency,
) -> Result<Value, ConnectorError> {
    search_as(client, window, token, urgency, Access::Restricted(Scope::Orders)).await
}

async fn search_as(
    client: &Client,
    window: &[(&'static str, String)],
    token: Option<&str>,
    urgency: Urgency,
    access: Access<'_>,
) -> Result<Value, ConnectorError> {
    let marketplaces: Vec<&str> = client.config.marketplaces.iter().map(|id| id.as_str()).collect();
    let mut query = window.to_vec();
    query.push(("MarketplaceIds", marketplaces.join(",")));
    query.push(("MaxResultsPerPage", "100".to_owned()));
    query.extend(token.map(|token| ("NextToken", token.to_owned())));
    let path = ["orders", "v0", "orders"];
    let request =
        Request { urgency, query: &query, ..Request::get(Operation::V0GetOrders, &path, "a page of changed orders") };
    payload(client.call(&Request { access, ..request }).await?, "page of orders")
}

/// `getOrder`.
pub(crate) async fn get(client: &Client, id: &str, urgency: Urgency) -> Result<Value, ConnectorError> {
    let path = ["orders", "v0", "orders", id];
    let request = Request { urgency, ..Request::get(Operation::V0GetOrder, &path, format!("order {id}")) };
    payload(client.call(&Request { access: Access::Restricted(Scope::Orders), ..request }).await?, "order")
}

/// `getOrderItems`, all pages.
pub(crate) async fn items(client: &Client, id: &str, urgency: Urgency) -> Result<Vec<Value>, ConnectorError> {
    let path = ["orders", "v0", "orders", id, "orderItems"];
    let mut items = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let query: Vec<_> = token.iter().map(|token| ("NextToken", token.clone())).collect();
        let request = Request {
            urgency,
            query: &query,
            ..Request::get(Operation::V0GetOrderItems, &path, format!("items of order {id}"))
        };
        let answer = client.call(&Request { access: Access::Restricted(Scope::Items), ..request }).await?;
        let mut payload = payload(answer, "items of an order")?;
        let Some(Value::Array(page)) = payload.get_mut("OrderItems").map(Value::take) else {
            return Err(malformed("items of an order", "$.payload.OrderItems"));
        };
        items.extend(page);
        let next = payload.get("NextToken").and_then(Value::as_str).filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_none() {
            return Ok(items);
        }
        if next == token {
            return Err(malformed("items of an order", "an end: the same page came again"));
        }
        token = next;
    }
}

fn payload(mut answer: Value, what: &str) -> Result<Value, ConnectorError> {
    match answer.get_mut("payload").map(Value::take) {
        Some(payload @ Value::Object(_)) => Ok(payload),
        _ => Err(malformed(what, "$.payload")),
    }
}

/// Order and items as one fact: `{"order": …, "items": […]}`.
pub(crate) fn observed(order: Value, items: Vec<Value>, buyer: BuyerData, path: &str) -> Result<Observed, Parked> {
    let text = |name: &str| order.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = order_id(text("AmazonOrderId").as_ref(), &format!("{path}.AmazonOrderId"))?;
    let version = moment(text("LastUpdateDate").as_ref(), &format!("{path}.LastUpdateDate"))?;
    let contacts = (buyer == BuyerData::Contacts).then(|| contacts(&order)).flatten();
    let mut fact = json!({ "order": order, "items": items });
    redact(&mut fact);
    if buyer == BuyerData::None
        && let Some(fields) = fact.get_mut("order").and_then(Value::as_object_mut)
    {
        fields.remove("ShippingAddress");
    }
    Ok(Observed {
        kind: KIND.to_owned(),
        external_id: id.to_string(),
        version,
        payload: fact.to_string(),
        buyer: contacts.map(|contacts| contacts.to_string()),
    })
}

fn contacts(order: &Value) -> Option<Value> {
    let parts: Map<String, Value> = ["BuyerInfo", "ShippingAddress", "BuyerTaxInformation"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), order.get(name).filter(|part| part.is_object())?.clone())))
        .collect();
    (!parts.is_empty()).then_some(Value::Object(parts))
}
