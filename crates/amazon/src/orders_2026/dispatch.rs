//! What was dispatched, and when: packages for orders that the seller ships, the order's own state where Amazon ships.
//!
//! Dispatch is the tax point. Units that Amazon counts as dispatched but no package holds would never be invoiced, so an
//! order whose packages do not explain its quantities is parked.

use jiff::Timestamp;
use model::{Country, Dispatch, DispatchedLine, Fulfilment, OrderLine, OrderStatus};
use ports::Parked;

use super::wire;
use crate::read::{bad, country, line_id, missing, moment, parked, required, units, unknown_status};

/// The dispatches of an order, in order of time.
pub(crate) fn dispatches(
    wire: &wire::Order,
    lines: &[OrderLine],
    status: OrderStatus,
    fulfilment: Fulfilment,
    updated_at: Timestamp,
) -> Result<Vec<Dispatch>, Parked> {
    let dispatches = match fulfilment {
        Fulfilment::ByMarketplace => by_amazon(wire, lines, status, updated_at)?,
        Fulfilment::BySeller => by_seller(wire, lines, status)?,
    };
    for line in lines {
        let sent = sent(&dispatches, line);
        // A cancelled order may state no units at all while its packages tell what had left before.
        if status != OrderStatus::Cancelled && sent > u64::from(line.ordered) {
            let reason = format!("{sent} units left but {} were ordered", line.ordered);
            return Err(parked("dispatched_more_than_ordered", "$.packages", reason, BY_HAND));
        }
    }
    Ok(dispatches)
}

const BY_HAND: &str =
    "Compare the parcels of the order in Seller Central; book the order by hand if they stay as they are";

/// Sets how many units of each line left: what the dispatches say, or where there are none what Amazon counts.
pub(crate) fn count(lines: &mut [OrderLine], dispatches: &[Dispatch]) {
    for line in lines.iter_mut().filter(|_| !dispatches.is_empty()) {
        line.dispatched = u32::try_from(sent(dispatches, line)).unwrap_or(line.ordered);
    }
}

/// Where the goods start, as far as packages tell.
pub(crate) fn ship_from(wire: &wire::Order) -> Result<Option<Country>, Parked> {
    for (index, package) in wire.packages.as_slice().iter().enumerate() {
        let code = package.ship_from_address.as_ref().and_then(|address| address.country_code.as_ref());
        if let Some(from) = country(code, &format!("$.packages[{index}].shipFromAddress.countryCode"))? {
            return Ok(Some(from));
        }
    }
    Ok(None)
}

/// BEHAVIOR 3: Amazon tells no package of its own; the order became shipped when it was last changed.
fn by_amazon(
    wire: &wire::Order,
    lines: &[OrderLine],
    status: OrderStatus,
    at: Timestamp,
) -> Result<Vec<Dispatch>, Parked> {
    if !matches!(status, OrderStatus::Shipped | OrderStatus::PartiallyShipped) {
        return Ok(Vec::new());
    }
    let mut sent = Vec::new();
    for (index, (line, item)) in lines.iter().zip(wire.order_items.as_slice()).enumerate() {
        let stated = item.fulfillment.as_ref().and_then(|part| part.quantity_fulfilled);
        let quantity = match (status, stated) {
            (OrderStatus::Shipped, None) => line.ordered,
            (_, None) => return Err(missing(format!("$.orderItems[{index}].fulfillment.quantityFulfilled"))),
            (_, Some(_)) => line.dispatched,
        };
        if quantity > 0 {
            sent.push(DispatchedLine { line: line.id.clone(), quantity });
        }
    }
    Ok(if sent.is_empty() { Vec::new() } else { vec![Dispatch { package: None, at, lines: sent }] })
}

fn by_seller(wire: &wire::Order, lines: &[OrderLine], status: OrderStatus) -> Result<Vec<Dispatch>, Parked> {
    let mut dispatches = Vec::new();
    for (index, package) in wire.packages.as_slice().iter().enumerate() {
        dispatches.extend(dispatch(package, &format!("$.packages[{index}]"), lines)?);
    }
    dispatches.sort_by(|left, right| (left.at, &left.package).cmp(&(right.at, &right.package)));
    if !matches!(status, OrderStatus::Shipped | OrderStatus::PartiallyShipped) {
        return Ok(dispatches);
    }
    for (index, (line, item)) in lines.iter().zip(wire.order_items.as_slice()).enumerate() {
        let stated = item.fulfillment.as_ref().and_then(|part| part.quantity_fulfilled).map(|_| line.dispatched);
        let expected = stated.or((status == OrderStatus::Shipped).then_some(line.ordered)).unwrap_or(0);
        if sent(&dispatches, line) < u64::from(expected.min(line.ordered)) {
            let reason = format!(
                "Amazon counts {expected} units of orderItems[{index}] as dispatched but its packages hold fewer"
            );
            return Err(parked("packages_incomplete", "$.packages", reason, BY_HAND));
        }
    }
    Ok(dispatches)
}

/// A package that left, or `None` for one that did not (yet).
fn dispatch(package: &wire::Package, path: &str, lines: &[OrderLine]) -> Result<Option<Dispatch>, Parked> {
    let status_path = format!("{path}.packageStatus.status");
    match required(package.package_status.as_ref().and_then(|state| state.status.as_ref()), &status_path)? {
        "PENDING" | "CANCELLED" => return Ok(None),
        "SHIPPED" | "IN_TRANSIT" | "DELIVERED" | "UNDELIVERABLE" => {}
        other => return Err(unknown_status(status_path, other)),
    }
    let mut sent: Vec<DispatchedLine> = Vec::new();
    for (index, item) in package.package_items.as_slice().iter().enumerate() {
        let path = format!("{path}.packageItems[{index}]");
        let line = line_id(item.order_item_id.as_ref(), &format!("{path}.orderItemId"))?;
        if !lines.iter().any(|known| known.id == line) {
            return Err(bad(format!("{path}.orderItemId"), "the package holds an item that the order does not have"));
        }
        let quantity = units(item.quantity, &format!("{path}.quantity"))?;
        match sent.iter_mut().find(|known| known.line == line) {
            Some(known) => {
                known.quantity =
                    known.quantity.checked_add(quantity).ok_or_else(|| bad(&path, "the quantity is absurd"))?;
            }
            None if quantity > 0 => sent.push(DispatchedLine { line, quantity }),
            None => {}
        }
    }
    if sent.is_empty() {
        return Err(missing(format!("{path}.packageItems")));
    }
    Ok(Some(Dispatch {
        package: package.package_reference_id.clone().filter(|id| !id.is_empty()),
        at: moment(package.ship_time.as_ref(), &format!("{path}.shipTime"))?,
        lines: sent,
    }))
}

fn sent(dispatches: &[Dispatch], line: &OrderLine) -> u64 {
    let parts = dispatches.iter().flat_map(|dispatch| &dispatch.lines).filter(|part| part.line == line.id);
    parts.map(|part| u64::from(part.quantity)).sum()
}
