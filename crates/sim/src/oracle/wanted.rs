//! What the books should hold for an order.
//!
//! The rules, in our own words: one invoice for each dispatch, dated the London day of the dispatch; nothing for what was never
//! dispatched or cost nothing; a cancellation after a dispatch takes its invoice back. Goods that stay in the United Kingdom or
//! go to the Isle of Man carry the VAT of their class, everything else is a zero-rated export, and tax that the marketplace
//! collects is no revenue. VAT is what Amazon states, or half-up out of the whole line's gross where it states none. A line that
//! leaves in several parcels is shared by running totals, rounded half-up.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::kashflow::{Account, london_day};
use crate::world::{Happening, Package, Tax, World, WorldItem, WorldOrder};

/// Net and VAT in minor units, per (sales code, VAT percentage).
pub(super) type Sums = BTreeMap<(i64, i64), (i64, i64)>;

/// A document that the books should hold.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub order: String,
    pub reference: String,
    pub date: Date,
    pub marketplace: &'static str,
    pub currency: &'static str,
    pub rate: Decimal,
    pub sums: Sums,
    pub border: &'static str,
    pub clearing_account: Option<i64>,
    /// Units of each product whose stock the books count.
    pub units: Vec<(String, i64)>,
    pub is_reversal: bool,
    /// Wanted only if the document with this reference is there.
    pub only_with: Option<String>,
}

impl Wanted {
    pub fn gross(&self) -> i64 {
        self.sums.values().map(|(net, vat)| net + vat).sum()
    }
}

/// The documents for what has happened to `order` up to `now`.
pub(super) fn documents(world: &World, account: &Account, order: &WorldOrder, now: Timestamp) -> Vec<Wanted> {
    let mut invoices: Vec<(Wanted, Vec<usize>)> = Vec::new();
    let mut reversals = Vec::new();
    let mut gone = vec![0; order.items.len()];
    for event in order.timeline.iter().take_while(|event| event.at <= now) {
        match &event.what {
            Happening::Dispatched(package) => {
                let invoice = invoice(world, account, order, event.at, package, &gone, invoices.len() + 1);
                for &(item, units) in &package.units {
                    gone[item] += units;
                }
                if !invoice.sums.is_empty() {
                    invoices.push((invoice, package.units.iter().map(|(item, _)| *item).collect()));
                }
            }
            Happening::Cancelled { items, .. } => {
                for (invoice, lines) in &mut invoices {
                    if invoice.only_with.is_none() && lines.iter().all(|line| items.contains(line)) {
                        let reversal = reversal(world, order, invoice, event.at, reversals.len() + 1);
                        invoice.only_with = Some(reversal.reference.clone());
                        reversals.push(reversal);
                    }
                }
            }
            Happening::PaymentConfirmed | Happening::CancellationRequested => {}
        }
    }
    invoices.into_iter().map(|(invoice, _)| invoice).chain(reversals).collect()
}

fn invoice(
    world: &World,
    account: &Account,
    order: &WorldOrder,
    at: Timestamp,
    package: &Package,
    gone: &[u32],
    ordinal: usize,
) -> Wanted {
    let roles = account.roles();
    let code = |role: &str| roles.get(role).copied().unwrap_or_default();
    let own_vat = matches!(order.ship_to.country, "GB" | "IM");
    let goods = code(if own_vat { "SALES" } else { "SALES_EXPORT" });
    let mut sums = Sums::new();
    let mut units = Vec::new();
    for &(index, count) in &package.units {
        let item = &order.items[index];
        let range = (gone[index], gone[index] + count);
        let tax = |pick: fn(Tax) -> i64| item.tax.map(pick);
        for (nominal, sign, gross, stated) in [
            (goods, 1, item.price(), tax(|tax| tax.item)),
            (code("SHIP_INC"), 1, item.delivery, tax(|tax| tax.delivery)),
            (code("GIFT_INC"), 1, item.gift_wrap, tax(|tax| tax.gift_wrap)),
            (code("PROMO"), -1, item.item_promotion, tax(|tax| tax.item_promotion)),
            (code("PROMO"), -1, item.delivery_promotion, tax(|tax| tax.delivery_promotion)),
        ] {
            let charge = Charge::of(item, own_vat, gross, stated).part(range, item.quantity);
            add(&mut sums, (nominal, charge.rate), sign * charge.net, sign * charge.vat);
        }
        if let (true, Some(product)) = (item.sku.stock_managed, &item.sku.kashflow_product_code) {
            units.push((product.to_uppercase(), i64::from(count)));
        }
    }
    Wanted {
        order: order.id.clone(),
        reference: if ordinal == 1 { format!("AMZ-{}", order.id) } else { format!("AMZ-{}/{ordinal}", order.id) },
        date: london_day(at),
        marketplace: order.marketplace.id,
        currency: order.marketplace.currency,
        rate: rate_on(world, order, at),
        sums: without_nothing(sums),
        border: border(order.ship_to.country),
        clearing_account: account.clearing_account_id(order.marketplace.currency),
        units,
        is_reversal: false,
        only_with: None,
    }
}

/// Takes `invoice` back: the same sums with the other sign, on the day of the cancellation, at the rate of the invoice.
fn reversal(_: &World, order: &WorldOrder, invoice: &Wanted, at: Timestamp, ordinal: usize) -> Wanted {
    Wanted {
        reference: format!("AMZ-{}/C{ordinal}", order.id),
        date: london_day(at),
        sums: invoice.sums.iter().map(|(key, (net, vat))| (*key, (-net, -vat))).collect(),
        is_reversal: true,
        only_with: Some(invoice.reference.clone()),
        ..invoice.clone()
    }
}

/// A charge of a whole line: what the seller earns of it and the VAT that is on it.
struct Charge {
    rate: i64,
    net: i64,
    vat: i64,
}

impl Charge {
    fn of(item: &WorldItem, own_vat: bool, gross: i64, stated: Option<i64>) -> Charge {
        if !own_vat {
            let collected = if item.collected.is_some() { stated.unwrap_or(0) } else { 0 };
            return Charge { rate: 0, net: gross - collected, vat: 0 };
        }
        let rate = item.vat_class.rate();
        let vat = stated.unwrap_or_else(|| half_up(gross * rate, 100 + rate));
        Charge { rate, net: gross - vat, vat }
    }

    /// The part of units `from..to` of `of`: gross and VAT each by running totals, net is the rest.
    fn part(&self, (from, to): (u32, u32), of: u32) -> Charge {
        let (from, to, of) = (i64::from(from), i64::from(to), i64::from(of).max(1));
        let part = |whole: i64| half_up(whole * to, of) - half_up(whole * from, of);
        let (gross, vat) = (part(self.net + self.vat), part(self.vat));
        Charge { rate: self.rate, net: gross - vat, vat }
    }
}

/// `over / under` for two numbers that are not negative, half rounded up.
fn half_up(over: i64, under: i64) -> i64 {
    (2 * over + under).div_euclid(2 * under)
}

fn add(sums: &mut Sums, key: (i64, i64), net: i64, vat: i64) {
    let sum = sums.entry(key).or_default();
    sum.0 += net;
    sum.1 += vat;
}

pub(super) fn without_nothing(mut sums: Sums) -> Sums {
    sums.retain(|_, sum| *sum != (0, 0));
    sums
}

/// The published rate of the month of the tax point; 1 for pounds.
fn rate_on(world: &World, order: &WorldOrder, at: Timestamp) -> Decimal {
    let day = london_day(at);
    world.monthly_rate(day.year(), day.month(), order.marketplace.currency).unwrap_or(Decimal::ONE)
}

/// Where a buyer is, as KashFlow puts it.
fn border(country: &str) -> &'static str {
    match country {
        "GB" | "IM" => "Domestic",
        "DE" | "FR" | "IE" | "IT" | "ES" | "NL" | "BE" | "SE" | "PL" | "AT" | "DK" | "FI" | "PT" | "CZ" | "GR" => "EU",
        _ => "Rest of World",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up_and_parts_sum_to_the_whole() {
        assert_eq!((half_up(999 * 20, 120), half_up(5, 10), half_up(4, 10)), (167, 1, 0));
        let whole = Charge { rate: 20, net: 833, vat: 167 };
        let parts = [(0, 1), (1, 2), (2, 3)].map(|range| whole.part(range, 3));
        assert_eq!(parts.iter().map(|part| part.net).sum::<i64>(), 833);
        assert_eq!(
            parts.iter().map(|part| (part.net + part.vat, part.vat)).collect::<Vec<_>>(),
            [(333, 56), (334, 55), (333, 56)]
        );
    }
}
