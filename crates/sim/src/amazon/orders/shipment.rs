//! confirmShipment and updateShipmentStatus of Orders v0: the only writes of these APIs.
//!
//! A confirmation is accepted at once and takes effect a little later. It moves units from what the world would have dispatched
//! later into a package of now.

use http::StatusCode;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::v0::{found, now};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::query::time;
use crate::world::{Event, Fulfilment, Happening, Package, Status, WorldOrder};

/// Seconds until a confirmation shows.
const EFFECT_S: i64 = 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    marketplace_id: String,
    package_detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    package_reference_id: String,
    carrier_code: String,
    carrier_name: Option<String>,
    shipping_method: Option<String>,
    tracking_number: String,
    ship_date: String,
    order_items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    order_item_id: String,
    quantity: u32,
}

pub(super) fn confirm(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let request: Request =
        serde_json::from_slice(call.body).map_err(|error| Answer::invalid_input(&format!("Invalid body: {error}.")))?;
    let order = found(amazon, call)?;
    let package = package(amazon, &order, request)?;
    let at = amazon.clock.now().checked_add(EFFECT_S.seconds()).unwrap_or(Timestamp::MAX);
    amazon.world.amend(&order.id, |order| dispatch(order, package, at));
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Pick-up in a store: the seller has no such orders.
pub(super) fn update_status(amazon: &Amazon, call: &Call<'_>) -> Answered {
    found(amazon, call)?;
    Err(Answer::invalid_input("The order is not a pick-up order."))
}

fn package(amazon: &Amazon, order: &WorldOrder, request: Request) -> Result<Package, Answer> {
    let view = now(amazon, order)?;
    let detail = request.package_detail;
    let invalid = |message: &str| Err(Answer::invalid_input(message));
    if order.fulfilment == Fulfilment::Fba {
        return invalid("Amazon-fulfilled orders cannot be confirmed.");
    }
    if request.marketplace_id != order.marketplace.id {
        return invalid("The order was placed on another marketplace.");
    }
    if !matches!(view.status, Status::Unshipped | Status::PartiallyShipped) {
        return invalid("The order cannot be shipped in its present status.");
    }
    let reference = &detail.package_reference_id;
    if !(1..=5).contains(&reference.len()) || !reference.bytes().all(|byte| byte.is_ascii_digit()) {
        return invalid("packageReferenceId must have one to five digits.");
    }
    if time(&detail.ship_date).is_none() || detail.tracking_number.is_empty() {
        return invalid("shipDate or trackingNumber is not valid.");
    }
    let carrier = if detail.carrier_code == "Other" { detail.carrier_name } else { Some(detail.carrier_code) };
    let Some(carrier) = carrier else { return invalid("carrierName is needed with carrierCode Other.") };
    let mut units = Vec::new();
    for item in detail.order_items {
        match order.items.iter().position(|known| known.item_id == item.order_item_id) {
            Some(index) if (1..=view.open(index)).contains(&item.quantity) => units.push((index, item.quantity)),
            _ => return invalid("An order item is unknown or its quantity is more than is open."),
        }
    }
    if units.is_empty() {
        return invalid("At least one order item must be in the package.");
    }
    let service = detail.shipping_method.unwrap_or_default();
    Ok(Package { reference: detail.package_reference_id, carrier, service, tracking: detail.tracking_number, units })
}

/// Dispatches `package` at `at`, taking its units out of the packages that were to come.
fn dispatch(order: &mut WorldOrder, package: Package, at: Timestamp) {
    for &(item, units) in &package.units {
        let mut left = units;
        for event in order.timeline.iter_mut().filter(|event| event.at > at) {
            if let Happening::Dispatched(later) = &mut event.what {
                for (_, units) in later.units.iter_mut().filter(|(of, _)| *of == item) {
                    let taken = left.min(*units);
                    *units -= taken;
                    left -= taken;
                }
                later.units.retain(|(_, units)| *units > 0);
            }
        }
    }
    order.timeline.retain(|event| !matches!(&event.what, Happening::Dispatched(package) if package.units.is_empty()));
    order.timeline.push(Event { at, what: Happening::Dispatched(package) });
    order.timeline.sort_by_key(|event| event.at);
}
