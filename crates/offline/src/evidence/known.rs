//! From evidence files to what the core takes: orders it knows.

use std::collections::BTreeMap;

use bookkeeping::settlement::{Deferral, KnownLine, KnownOrder};
use bookkeeping::{Policy, VatClass, vat_inside};
use money::Money;

use super::OrderItem;

/// Joins orders and deferrals. `items_of` tells the order-item-codes that settlements use for an order and SKU, for tables that do not
/// have them.
pub fn known_orders(
    items: &[OrderItem],
    deferrals: &BTreeMap<String, Deferral>,
    policy: &Policy,
    items_of: &BTreeMap<(String, String), String>,
) -> BTreeMap<String, KnownOrder> {
    let mut orders: BTreeMap<String, KnownOrder> = BTreeMap::new();
    for item in items {
        let order = orders.entry(item.order.clone()).or_default();
        order.ship_from = order.ship_from.or(item.ship_from);
        order.ship_to = order.ship_to.or(item.ship_to);
        if order.ship_to_area.is_none() && !item.postcode.is_empty() {
            order.ship_to_area = Some(item.postcode.clone());
        }
        if order.buyer_vat_number.is_none() && !item.buyer_vat_number.is_empty() {
            order.buyer_vat_number = Some(item.buyer_vat_number.clone());
        }
        let by_sku = || items_of.get(&(item.order.clone(), item.sku.clone())).cloned();
        let code = if item.item.is_empty() { by_sku().unwrap_or_default() } else { item.item.clone() };
        if let Some(line) = line(item, &code, policy) {
            order.lines.insert(code, line);
        }
    }
    for (order, deferral) in deferrals {
        orders.entry(order.clone()).or_default().deferral = Some(*deferral);
    }
    orders
}

/// What was charged for an item, if its price is known and its VAT is known or can be told from its class.
fn line(item: &OrderItem, code: &str, policy: &Policy) -> Option<KnownLine> {
    let gross = item.gross?;
    let class = policy.vat.of_line(&item.order, code, Some(item.sku.as_str()).filter(|sku| !sku.is_empty()));
    let vat = item.vat.or_else(|| class.map(|class| vat_inside(gross, VatClass::percent(class))))?;
    let refunded = item.refunded.unwrap_or(Money::zero(gross.currency()));
    Some(KnownLine { gross, vat, class, refunded, refunded_vat: share(vat, refunded, gross) })
}

/// VAT of what was refunded so far: the same share of the VAT, to the nearest penny.
fn share(vat: Money, refunded: Money, gross: Money) -> Money {
    let (vat_minor, refunded, gross) =
        (i128::from(vat.minor()), i128::from(refunded.minor()), i128::from(gross.minor()));
    if gross == 0 {
        return Money::zero(vat.currency());
    }
    let doubled = 2 * vat_minor * refunded;
    let rounded = (doubled.abs() + gross.abs()) / (2 * gross.abs()) * doubled.signum() * gross.signum();
    Money::new(i64::try_from(rounded).unwrap_or(0), vat.currency())
}
