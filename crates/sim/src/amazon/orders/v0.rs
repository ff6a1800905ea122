//! getOrders, getOrder and the restricted parts of an order, Orders v0 (fact sheet §5.3).

use std::sync::Arc;

use serde_json::{Value, json};

use super::search::{By, Window, is_order_id, page, window};
use super::v0_order::{Shown, address, buyer_info, channel, order, status, time};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::page::PageToken;
use crate::amazon::query::Query;
use crate::amazon::tokens::Grant;
use crate::world::{View, WorldOrder};

const STATUSES: [&str; 8] = [
    "PendingAvailability",
    "Pending",
    "Unshipped",
    "PartiallyShipped",
    "Shipped",
    "InvoiceUnconfirmed",
    "Canceled",
    "Unfulfillable",
];

/// The restricted parts that the call's token opens.
pub(super) fn shown(call: &Call<'_>) -> Shown {
    let Grant::Restricted(resources) = &call.grant else { return Shown::default() };
    let has = |element: &str| resources.iter().any(|resource| resource.elements.iter().any(|given| given == element));
    Shown { buyer: has("buyerInfo"), address: has("shippingAddress"), tax: has("buyerTaxInformation") }
}

/// The order that the path names.
pub(super) fn found(amazon: &Amazon, call: &Call<'_>) -> Result<Arc<WorldOrder>, Answer> {
    let id = call.path.first().map(String::as_str).unwrap_or_default();
    if !is_order_id(id) {
        return Err(Answer::invalid_input("Invalid value for parameter orderId."));
    }
    amazon.world.order(id).ok_or_else(no_order)
}

/// The order as it is now.
pub(super) fn now<'a>(amazon: &Amazon, order: &'a WorldOrder) -> Result<View<'a>, Answer> {
    order.at(amazon.clock.now()).ok_or_else(no_order)
}

pub(super) fn get_order(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let found = found(amazon, call)?;
    Ok(Answer::payload(&order(&now(amazon, &found)?, shown(call))))
}

pub(super) fn get_buyer_info(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let found = found(amazon, call)?;
    let mut info = buyer_info(&now(amazon, &found)?, Shown { buyer: true, address: true, tax: true });
    info["AmazonOrderId"] = found.id.as_str().into();
    Ok(Answer::payload(&info))
}

pub(super) fn get_address(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let found = found(amazon, call)?;
    let view = now(amazon, &found)?;
    let mut payload = json!({"AmazonOrderId": found.id});
    if view.status != crate::world::Status::Pending {
        payload["ShippingAddress"] = address(&found.ship_to, true);
    }
    Ok(Answer::payload(&payload))
}

/// No product of the seller is regulated.
pub(super) fn get_regulated_info(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let found = found(amazon, call)?;
    Ok(Answer::payload(&json!({
        "AmazonOrderId": found.id,
        "RegulatedInformation": {"Fields": []},
        "RequiresDosageLabel": false,
        "RegulatedOrderVerificationStatus": {"Status": "Approved", "RequiresMerchantAction": false, "ValidRejectionReasons": []},
    })))
}

pub(super) fn get_orders(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let query = &call.query;
    if query.list("MarketplaceIds").is_none_or(|ids| ids.len() > 50) {
        return Err(Answer::invalid_input("Between 1 and 50 MarketplaceIds must be specified."));
    }
    if let Some(ids) = query.list("AmazonOrderIds") {
        return by_id(amazon, call, &ids);
    }
    let at = amazon.clock.now();
    let limit = query.number("MaxResultsPerPage", 1, 100)?.unwrap_or(100);
    let from = query.get("NextToken").and_then(|text| token(text, amazon, query));
    // A token holds the filters of its first page. One that cannot be read gives page one again, as users report.
    let filters = from
        .as_ref()
        .map_or_else(|| query.canonical(&["NextToken", "MaxResultsPerPage"]), |token| token.filters.clone());
    let kept = Query::of(filters.clone());
    let mut window = dates(&kept, at)?;
    if let Some(token) = &from {
        window.before = token.before;
    }
    let filter = Filter::of(&kept)?;
    let (found, next) = page(amazon, &window, from.as_ref(), limit, at, &|view| filter.keeps(view));
    let orders: Vec<Value> = found.iter().filter_map(|found| Some(order(&found.at(at)?, shown(call)))).collect();
    let mut payload = json!({"Orders": orders});
    payload[if window.by == By::Updated { "LastUpdatedBefore" } else { "CreatedBefore" }] = time(window.before).into();
    if let Some((mark, number)) = next {
        let expires_at = PageToken::day_after(at);
        let token =
            PageToken { of: "getOrders".to_owned(), filters, before: window.before, at: mark, number, expires_at };
        payload["NextToken"] = token.seal(amazon.world.seed()).into();
    }
    Ok(Answer::payload(&payload))
}

/// Reads a token whose filters are not contradicted by those sent along.
fn token(text: &str, amazon: &Amazon, query: &Query) -> Option<PageToken> {
    let token =
        PageToken::open(text, amazon.world.seed(), amazon.clock.now()).filter(|token| token.of == "getOrders")?;
    query
        .canonical(&["NextToken", "MaxResultsPerPage"])
        .iter()
        .all(|sent| token.filters.contains(sent))
        .then_some(token)
}

fn dates(query: &Query, at: jiff::Timestamp) -> Result<Window, Answer> {
    window(query, at, ["CreatedAfter", "CreatedBefore", "LastUpdatedAfter", "LastUpdatedBefore"])
}

/// A cheap re-read of up to fifty orders.
fn by_id(amazon: &Amazon, call: &Call<'_>, ids: &[&str]) -> Answered {
    if ids.len() > 50 {
        return Err(Answer::invalid_input("At most 50 AmazonOrderIds can be specified."));
    }
    let at = amazon.clock.now();
    let found: Vec<Arc<WorldOrder>> = ids.iter().filter_map(|id| amazon.world.order(id)).collect();
    let orders: Vec<Value> = found.iter().filter_map(|found| Some(order(&found.at(at)?, shown(call)))).collect();
    Ok(Answer::payload(&json!({"Orders": orders, "CreatedBefore": time(at)})))
}

struct Filter<'a> {
    statuses: Option<Vec<&'a str>>,
    channels: Option<Vec<&'a str>>,
    marketplaces: Option<Vec<&'a str>>,
}

impl<'a> Filter<'a> {
    fn of(query: &'a Query) -> Result<Filter<'a>, Answer> {
        let checked = |name: &str, known: &[&str]| match query.list(name) {
            Some(values) if values.iter().any(|value| !known.contains(value)) => {
                Err(Answer::invalid_input(&format!("Invalid value for parameter {name}.")))
            }
            values => Ok(values),
        };
        Ok(Filter {
            statuses: checked("OrderStatuses", &STATUSES)?,
            channels: checked("FulfillmentChannels", &["AFN", "MFN"])?,
            marketplaces: query.list("MarketplaceIds"),
        })
    }

    fn keeps(&self, view: &View<'_>) -> bool {
        let in_list = |list: &Option<Vec<&str>>, value: &str| list.as_ref().is_none_or(|list| list.contains(&value));
        in_list(&self.statuses, status(view))
            && in_list(&self.channels, channel(view))
            && in_list(&self.marketplaces, view.order.marketplace.id)
    }
}

fn no_order() -> Answer {
    Answer::not_found("The requested order was not found.")
}
