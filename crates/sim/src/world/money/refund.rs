//! Money that goes back to buyers, and what follows from it: refunds whole and in part, chargebacks, A-to-z claims, SAFE-T.
//!
//! Where Amazon states tax, the tax of the refunds of a line is counted up with them, so that all of them together give back exactly
//! what was charged. Rows that have no tax row of their own (restocking, goodwill, return postage) occur only on lines without stated
//! tax: what Amazon writes otherwise is not known.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::fees::{self, Fee};
use super::sale::{Charge, Part, charge_lines, charges, fees_of, is_charged, is_within_uk};
use super::transaction::{MoneyEvent, MoneyLine, Transaction, digits, opaque};
use super::{Group, half_up, whole_seconds};
use crate::faults::Dice;
use crate::world::{Fulfilment, WorldItem, WorldOrder};

/// What becomes of an order after it was delivered. Chances in 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// A line, or all lines, refunded in full. 40.
    Full,
    /// Part of a line refunded. 14.
    Partial,
    /// A line refunded in three parts. 10.
    InParts,
    /// Refunded in full but for a fifth of the price. 10.
    Restocking,
    /// A little given back as goodwill. 8.
    Goodwill,
    /// Part of a line refunded, and the postage of the return paid. 8.
    ReturnPostage,
    /// Charged back. 6.
    Chargeback,
    /// Refunded by Amazon under its guarantee; half of these are won back. 8.
    Guarantee,
    /// Nothing. The rest.
    Kept,
}

fn fate(dice: &Dice, order: &WorldOrder) -> Fate {
    match dice.below(&["refund", &order.id], 0, 1_000) {
        0..40 => Fate::Full,
        40..54 => Fate::Partial,
        54..64 => Fate::InParts,
        64..74 => Fate::Restocking,
        74..82 => Fate::Goodwill,
        82..90 => Fate::ReturnPostage,
        90..96 => Fate::Chargeback,
        96..104 => Fate::Guarantee,
        _ => Fate::Kept,
    }
}

/// Everything that goes back of an order, and what follows.
pub(super) fn refunds(seed: u64, dice: &Dice, order: &Arc<WorldOrder>) -> Vec<Transaction> {
    let Some(group) = Group::of(order.marketplace).filter(|_| is_charged(order)) else { return Vec::new() };
    let Some((left_at, _)) = order.dispatches().last() else { return Vec::new() };
    let mut after = After { seed, dice, order, group, left_at, made: Vec::new() };
    after.live(fate(dice, order));
    after.made
}

struct After<'a> {
    seed: u64,
    dice: &'a Dice,
    order: &'a Arc<WorldOrder>,
    group: &'static Group,
    left_at: Timestamp,
    made: Vec<Transaction>,
}

impl After<'_> {
    fn live(&mut self, fate: Fate) {
        let lines = self.returnable();
        let Some(&first) = lines.get(self.below("line", lines.len() as u64) as usize) else { return };
        let untaxed = lines.iter().copied().find(|&line| self.item(line).tax_total() == 0);
        match (fate, untaxed) {
            (Fate::Kept, _) => {}
            (Fate::Full, _) => {
                let all = self.below("all", 3) == 0;
                self.in_full(MoneyEvent::Refund, if all { &lines } else { std::slice::from_ref(&first) }, 0);
            }
            (Fate::Restocking, Some(line)) => {
                self.in_full(MoneyEvent::Refund, &[line], half_up(self.item(line).price(), 5));
            }
            (Fate::Goodwill, Some(line)) => {
                let amount = (self.item(line).gross() / 10).max(1);
                self.extra(line, "Goodwill", amount);
            }
            (Fate::ReturnPostage, Some(line)) => {
                let item = self.item(line);
                let postage = (item.gross() / 10).min(3_20);
                let (goods, day) = (item.gross() / 2, self.day(6, 22));
                let mut refund = self.partial(line, goods, 0, day);
                if postage > 0 {
                    refund.lines.push(self.line("Refund", line, "ItemPrice", "ReturnShipping", -postage));
                }
                self.made.push(refund);
            }
            (Fate::InParts, _) => self.in_parts(first),
            (Fate::Chargeback, _) => self.in_full(MoneyEvent::Chargeback, &[first], 0),
            (Fate::Guarantee, _) => {
                self.in_full(MoneyEvent::Guarantee, &[first], 0);
                if self.below("appeal", 2) == 0 {
                    self.claim("Refund Reimbursal", self.earned(first), 10, 12);
                }
            }
            (Fate::Partial | Fate::Restocking | Fate::Goodwill | Fate::ReturnPostage, _) => {
                let amount = self.item(first).gross() * (20 + self.below("share", 40) as i64) / 100;
                let day = self.day(4, 20);
                let refund = self.partial(first, amount, 0, day);
                self.made.push(refund);
            }
        }
        self.made.retain(|refund| !refund.lines.is_empty());
    }

    /// Lines that were paid for and left in full.
    fn returnable(&self) -> Vec<usize> {
        let order = self.order;
        let left = |index: usize| -> u32 {
            order
                .dispatches()
                .flat_map(|(_, package)| &package.units)
                .filter(|(item, _)| *item == index)
                .map(|(_, units)| units)
                .sum()
        };
        let whole = |&index: &usize| order.items[index].gross() > 0 && left(index) == order.items[index].quantity;
        (0..order.items.len()).filter(whole).collect()
    }

    fn item(&self, index: usize) -> &WorldItem {
        &self.order.items[index]
    }

    /// What the seller had of a line: what the buyer paid, less the tax that the marketplace kept.
    fn earned(&self, index: usize) -> i64 {
        let item = self.item(index);
        item.gross() - if item.collected.is_some() { item.tax_total() } else { 0 }
    }

    fn below(&self, word: &str, sides: u64) -> u64 {
        self.dice.below(&["refund", word, &self.order.id], 0, sides)
    }

    /// A moment some days after everything has left.
    fn day(&self, from: i64, more: u64) -> Timestamp {
        let minutes = self.below("day", more * 1_440) as i64 + from * 1_440;
        self.later(self.left_at, minutes)
    }

    fn later(&self, at: Timestamp, minutes: i64) -> Timestamp {
        whole_seconds(at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(at))
    }

    /// Lines refunded in full, less what is kept for restocking.
    fn in_full(&mut self, event: MoneyEvent, lines: &[usize], kept: i64) {
        let kind = kind(event);
        let mut refund = self.event(event, self.day(5, 25));
        for &index in lines {
            let item = self.item(index);
            let whole = charges(item, Part::WHOLE);
            let own = |line| self.of_item(index, line);
            refund.lines.extend(charge_lines(kind, item, &whole, -1, &own));
            if kept > 0 {
                refund.lines.push(self.line(kind, index, "ItemPrice", "RestockingFee", kept));
            }
            refund.lines.extend(self.fees_back(kind, index, &whole, item.gross(), event));
        }
        let at = refund.posted_at;
        self.made.push(refund);
        let paid: i64 = lines.iter().map(|&line| self.earned(line)).sum();
        if event == MoneyEvent::Refund && self.order.fulfilment == Fulfilment::Fbm && self.below("safe-t", 3) == 0 {
            self.claim_at("SAFE-T Reimbursement", paid / 2, self.later(at, 8 * 1_440));
        }
    }

    /// Three refunds of one line that add up to all of it.
    fn in_parts(&mut self, index: usize) {
        let whole = self.item(index).gross();
        let third = whole / 3;
        if third == 0 {
            return self.in_full(MoneyEvent::Refund, &[index], 0);
        }
        let first = self.day(4, 8);
        for (number, amount) in [third, third, whole - 2 * third].into_iter().enumerate() {
            let number = number as i64;
            let refund = self.partial(index, amount, third * number, self.later(first, number * 4_500));
            self.made.push(refund);
        }
    }

    /// Part of a line, `before` of which was refunded already. Its tax is what all refunds so far owe, less what those before gave.
    fn partial(&self, index: usize, amount: i64, before: i64, at: Timestamp) -> Transaction {
        const KIND: &str = "Refund";
        let item = self.item(index);
        let mut refund = self.event(MoneyEvent::Refund, at);
        refund.id = opaque(self.seed, &["refund", &self.order.id, &before.to_string()]);
        refund.adjustment_id = Some(digits(self.seed, &["adjustment", &refund.id], 14));
        if amount <= 0 {
            return refund;
        }
        let owed = |to_date: i64| half_up(item.tax_total() * to_date, item.gross().max(1));
        let tax = owed(before + amount) - owed(before);
        let charge = Charge {
            name: "Principal",
            tax_name: "Tax",
            withheld_name: "MarketplaceFacilitatorVAT-Principal",
            price: amount - tax,
            tax,
            is_promotion: false,
        };
        let own = |line| self.of_item(index, line);
        refund.lines.extend(charge_lines(KIND, item, &[charge], -1, &own));
        let whole = charges(item, Part::WHOLE);
        refund.lines.extend(self.fees_back(KIND, index, &whole, amount, MoneyEvent::Refund));
        refund
    }

    /// One row besides the price.
    fn extra(&mut self, index: usize, description: &'static str, amount: i64) {
        let mut refund = self.event(MoneyEvent::Refund, self.day(4, 14));
        refund.lines.push(self.line("Refund", index, "ItemPrice", description, -amount));
        self.made.push(refund);
    }

    /// The fees that come back with `refunded` of a line, less what Amazon keeps of them.
    fn fees_back(
        &self,
        kind: &'static str,
        index: usize,
        whole: &[Charge],
        refunded: i64,
        event: MoneyEvent,
    ) -> Vec<MoneyLine> {
        let item = self.item(index);
        let mut lines = Vec::new();
        let mut put = |name, gross: i64, vat: i64| {
            if gross != 0 {
                lines.push(MoneyLine { fee_vat: vat, ..self.line(kind, index, "ItemFees", name, gross) });
            }
        };
        let all = fees_of(self.order, item, whole, item.quantity);
        let of = |name: &str| all.iter().find(|(own, _)| *own == name).map_or(0, |(_, fee)| fee.gross);
        let back = |name: &str| Fee::containing_vat(of(name) * refunded / item.gross().max(1));
        let commission = back("Commission");
        put("Commission", commission.gross, commission.vat);
        if event == MoneyEvent::Refund {
            let digital = back("DigitalServicesFee");
            put("DigitalServicesFee", digital.gross, digital.vat);
            let kept = fees::refund_administration(commission.gross);
            put("RefundCommission", -kept.gross, -kept.vat);
            if self.order.fulfilment == Fulfilment::Fba && self.below("returned", 5) == 0 {
                let net = 1_85;
                let fee = if is_within_uk(self.order) { Fee::with_vat(net) } else { Fee::zero_rated(net) };
                put("FBACustomerReturnPerUnitFee", -fee.gross, -fee.vat);
            }
        }
        lines
    }

    /// Compensation, some days after the refunds.
    fn claim(&mut self, name: &'static str, amount: i64, from: i64, more: u64) {
        let last = self.made.last().map_or(self.left_at, |refund| refund.posted_at);
        let minutes = from * 1_440 + self.below(name, more * 1_440) as i64;
        self.claim_at(name, amount, self.later(last, minutes));
    }

    fn claim_at(&mut self, name: &'static str, amount: i64, at: Timestamp) {
        if amount > 0 {
            let mut claim = self.event(MoneyEvent::Claim, at);
            claim.id = opaque(self.seed, &["claim", &self.order.id]);
            claim.adjustment_id = None;
            claim.lines.push(MoneyLine::plain("other-transaction", "other-transaction", name, amount));
            self.made.push(claim);
        }
    }

    fn event(&self, event: MoneyEvent, posted_at: Timestamp) -> Transaction {
        let id = opaque(self.seed, &["refund", &self.order.id]);
        Transaction {
            adjustment_id: Some(digits(self.seed, &["adjustment", &id], 14)),
            id,
            group: self.group,
            marketplace: Some(self.order.marketplace),
            event,
            posted_at,
            deferral: None,
            order: Some(Arc::clone(self.order)),
            shipment_id: None,
            lines: Vec::new(),
        }
    }

    fn of_item(&self, index: usize, line: MoneyLine) -> MoneyLine {
        MoneyLine { item: Some(index), sku: Some(Arc::clone(&self.item(index).sku)), ..line }
    }

    fn line(
        &self,
        kind: &'static str,
        index: usize,
        amount_type: &'static str,
        description: &'static str,
        minor: i64,
    ) -> MoneyLine {
        self.of_item(index, MoneyLine::plain(kind, amount_type, description, minor))
    }
}

/// `transaction-type` of the rows of an event of an order.
fn kind(event: MoneyEvent) -> &'static str {
    match event {
        MoneyEvent::Chargeback => "Chargeback Refund",
        MoneyEvent::Guarantee => "A-to-z Guarantee Refund",
        _ => "Refund",
    }
}
