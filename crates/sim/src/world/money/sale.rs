//! Shipments: what a buyer paid for the units of a dispatch, and what Amazon takes of it.
//!
//! A line that leaves in several parcels is shared by running totals, rounded half up, so that its parts sum to the whole.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use super::fees::{self, Fee};
use super::transaction::{Deferral, DeferralReason, MoneyEvent, MoneyLine, Transaction, letters, opaque};
use super::{Group, half_up, whole_seconds};
use crate::faults::Dice;
use crate::world::{Fulfilment, Happening, Package, WorldItem, WorldOrder};

/// Orders in 100 whose money is held back until seven days after delivery.
const DEFERRED_PERCENT: u64 = 50;
/// Business orders in 100 that are paid by invoice.
const INVOICED_PERCENT: u64 = 40;
/// Days after dispatch on which the invoice of a business buyer is paid.
const INVOICE_DAYS: i64 = 30;

/// Whether an order is ever charged. One that is cancelled after its dispatch is not, nor is one that nobody can read.
pub(super) fn is_charged(order: &WorldOrder) -> bool {
    let cancelled_whole = order
        .timeline
        .iter()
        .any(|event| matches!(&event.what, Happening::Cancelled { items, .. } if items.len() == order.items.len()));
    !cancelled_whole && order.quirk.is_none() && order.replaces.is_none() && order.gross() > 0
}

/// Whether its parcels stay within the area of UK VAT.
pub(super) fn is_within_uk(order: &WorldOrder) -> bool {
    matches!(order.ship_to.country, "GB" | "IM")
}

/// The shipments of an order, one for each dispatch.
pub(super) fn shipments(seed: u64, dice: &Dice, order: &Arc<WorldOrder>) -> Vec<Transaction> {
    let Some(group) = Group::of(order.marketplace).filter(|_| is_charged(order)) else { return Vec::new() };
    let mut gone = vec![0; order.items.len()];
    let mut shipments = Vec::new();
    for (dispatch, (at, package)) in order.dispatches().enumerate() {
        let lines = lines(order, package, &gone);
        package.units.iter().for_each(|&(item, units)| gone[item] += units);
        if lines.is_empty() {
            continue;
        }
        let number = dispatch.to_string();
        let roll = |word, sides| dice.below(&[word, &order.id, &number], 0, sides);
        let minutes = i64::try_from(roll("charged", 85)).unwrap_or(0) + 5;
        let posted_at = whole_seconds(at.saturating_add(minutes.minutes()).unwrap_or(at));
        shipments.push(Transaction {
            id: opaque(seed, &["shipment", &order.id, &number]),
            group,
            marketplace: Some(order.marketplace),
            event: MoneyEvent::Shipment { dispatch },
            posted_at,
            deferral: deferral(dice, order, posted_at, &number),
            order: Some(Arc::clone(order)),
            shipment_id: Some(format!("D{}", letters(seed, &["package", &order.id, &number], 8))),
            adjustment_id: None,
            lines,
        });
    }
    shipments
}

fn deferral(dice: &Dice, order: &WorldOrder, posted_at: Timestamp, number: &str) -> Option<Deferral> {
    let later = |hours: i64| posted_at.saturating_add(hours.hours()).unwrap_or(posted_at);
    if order.buyer.business.is_some() && dice.below(&["invoiced", &order.id], 0, 100) < INVOICED_PERCENT {
        return Some(Deferral { reason: DeferralReason::BusinessInvoice, until: later(24 * INVOICE_DAYS) });
    }
    let held = dice.below(&["deferred", &order.id], 0, 100) < DEFERRED_PERCENT;
    let transit_h = 20 + i64::try_from(dice.below(&["transit", &order.id, number], 0, 70)).unwrap_or(0);
    held.then(|| Deferral { reason: DeferralReason::DeliveryDate, until: later(transit_h + 24 * 7) })
}

/// A part of a whole by units `from..to` of `of`.
#[derive(Clone, Copy)]
pub(super) struct Part {
    from: i64,
    to: i64,
    of: i64,
}

impl Part {
    fn units(from: u32, count: u32, of: u32) -> Part {
        Part { from: from.into(), to: (from + count).into(), of: of.max(1).into() }
    }

    /// All of it.
    pub(super) const WHOLE: Part = Part { from: 0, to: 1, of: 1 };

    fn share(self, whole: i64) -> i64 {
        half_up(whole * self.to, self.of) - half_up(whole * self.from, self.of)
    }
}

/// An amount that a buyer pays, without and with the tax that Amazon states of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Charge {
    /// Name of its row, and of the row of its tax.
    pub(super) name: &'static str,
    pub(super) tax_name: &'static str,
    pub(super) withheld_name: &'static str,
    /// What stands in its row: without tax if Amazon states one.
    pub(super) price: i64,
    pub(super) tax: i64,
    pub(super) is_promotion: bool,
}

/// Charges of part of a line. Promotions are below nothing.
pub(super) fn charges(item: &WorldItem, part: Part) -> [Charge; 5] {
    let tax = item.tax.unwrap_or_default();
    let charge = |name, tax_name, withheld_name, sign: i64, gross, tax| {
        // Where the marketplace collects the tax, revenue is shared; otherwise the price the buyer sees is.
        let price =
            if item.collected.is_some() { part.share(gross - tax) } else { part.share(gross) - part.share(tax) };
        let is_promotion = sign < 0;
        Charge { name, tax_name, withheld_name, price: sign * price, tax: sign * part.share(tax), is_promotion }
    };
    const GOODS: &str = "MarketplaceFacilitatorVAT-Principal";
    const CARRIAGE: &str = "MarketplaceFacilitatorVAT-Shipping";
    [
        charge("Principal", "Tax", GOODS, 1, item.price(), tax.item),
        charge("Shipping", "ShippingTax", CARRIAGE, 1, item.delivery, tax.delivery),
        charge("GiftWrap", "GiftWrapTax", "MarketplaceFacilitatorVAT-Giftwrap", 1, item.gift_wrap, tax.gift_wrap),
        charge("Principal", "TaxDiscount", GOODS, -1, item.item_promotion, tax.item_promotion),
        charge("Shipping", "TaxDiscount", CARRIAGE, -1, item.delivery_promotion, tax.delivery_promotion),
    ]
}

/// Rows of charges: prices, promotions, taxes, and the taxes that the marketplace keeps. `sign` -1 gives them back.
pub(super) fn charge_lines(
    kind: &'static str,
    item: &WorldItem,
    charges: &[Charge],
    sign: i64,
    line: &dyn Fn(MoneyLine) -> MoneyLine,
) -> Vec<MoneyLine> {
    let mut lines: Vec<MoneyLine> = Vec::new();
    let mut put = |amount_type, description, minor: i64, promotion: Option<&'static str>| {
        let same = |own: &&mut MoneyLine| (own.amount_type, own.description) == (amount_type, description);
        match lines.iter_mut().find(same) {
            Some(own) => own.minor += sign * minor,
            None => lines
                .push(line(MoneyLine { promotion, ..MoneyLine::plain(kind, amount_type, description, sign * minor) })),
        }
    };
    let promotion = |name| {
        let wanted = if name == "Shipping" { "Free-Delivery-Seller" } else { "PLM-SAVE-2026" };
        item.promotion_ids.iter().copied().find(|id| *id == wanted)
    };
    for charge in charges {
        if charge.is_promotion {
            put("Promotion", charge.name, charge.price, promotion(charge.name));
            put("Promotion", charge.tax_name, charge.tax, None);
        } else {
            put("ItemPrice", charge.name, charge.price, None);
            put("ItemPrice", charge.tax_name, charge.tax, None);
        }
        if item.collected.is_some() {
            put("ItemWithheldTax", charge.withheld_name, -charge.tax, None);
        }
    }
    lines.retain(|line| line.minor != 0);
    lines
}

/// What a buyer pays under these charges, the tax that the marketplace keeps aside.
fn paid(charges: &[Charge], names: &[&str]) -> i64 {
    charges.iter().filter(|charge| names.contains(&charge.name)).map(|charge| charge.price + charge.tax).sum()
}

/// The fee rows of part of a line: what Amazon calls each fee, and the fee.
pub(super) fn fees_of(
    order: &WorldOrder,
    item: &WorldItem,
    charges: &[Charge],
    units: u32,
) -> Vec<(&'static str, Fee)> {
    let within_uk = is_within_uk(order);
    let carriage = paid(charges, &["Shipping"]);
    let wrapping = paid(charges, &["GiftWrap"]);
    let fulfilled = |gross| if within_uk { Fee::containing_vat(gross) } else { Fee::zero_rated(gross) };
    let referral = fees::referral(&item.sku, paid(charges, &["Principal", "GiftWrap"]));
    let mut fees = vec![("Commission", referral), ("VariableClosingFee", fees::closing(&item.sku, units))];
    let digital = fees::has_digital_services_fee(order.marketplace);
    if digital {
        fees.push(("DigitalServicesFee", fees::digital_services(referral)));
    }
    match order.fulfilment {
        Fulfilment::Fba => {
            let parcel = fees::fulfilment(&item.sku, units, within_uk);
            fees.push(("FBAPerUnitFulfillmentFee", parcel));
            if digital {
                fees.push(("DigitalServicesFeeFBA", fees::digital_services(parcel)));
            }
            // Amazon delivers and wraps, so it keeps what the buyer paid for that.
            fees.push(("ShippingChargeback", fulfilled(carriage)));
            fees.push(("GiftwrapChargeback", fulfilled(wrapping)));
        }
        Fulfilment::Fbm => fees.push(("ShippingHB", fees::referral(&item.sku, carriage))),
    }
    fees.retain(|(_, fee)| fee.gross != 0);
    fees
}

fn lines(order: &WorldOrder, package: &Package, gone: &[u32]) -> Vec<MoneyLine> {
    const KIND: &str = "Order";
    let mut lines = Vec::new();
    for &(index, units) in &package.units {
        let Some(item) = order.items.get(index).filter(|item| item.gross() > 0) else { continue };
        let charges = charges(item, Part::units(gone[index], units, item.quantity));
        let own = |line| MoneyLine { item: Some(index), units: Some(units), sku: Some(Arc::clone(&item.sku)), ..line };
        lines.extend(charge_lines(KIND, item, &charges, 1, &own));
        lines.extend(fees_of(order, item, &charges, units).into_iter().map(|(name, fee)| MoneyLine {
            fee_vat: -fee.vat,
            ..own(MoneyLine::plain(KIND, "ItemFees", name, -fee.gross))
        }));
    }
    lines
}
