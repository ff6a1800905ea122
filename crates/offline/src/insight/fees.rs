//! Lines of orders with everything that was charged for them, for the audit of fees.
//!
//! A settlement has hundreds of thousands of lines, so they are kept small: texts in one string, charges in one list, some 200 bytes
//! for a line with its fees. What a break needs is put together when a line is looked at.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use jiff::civil::Date;
use model::SettlementRow;
use money::{Currency, Money, MoneyError};
use reconcile::{Break, Charge, FeeFacts, FeeKind, Part, RefundedLine, SoldLine, audit_fees};

use super::words::{Fee, Word};
use crate::evidence::FeeKnowledge;

/// Lines of orders of all settlements.
#[derive(Default)]
pub(super) struct Lines {
    /// Order and line of each.
    texts: String,
    lines: Vec<Line>,
    /// Hash of order and line → place.
    places: HashMap<u64, u32>,
    hasher: RandomState,
    charges: Vec<Charged>,
    refunds: HashMap<(u32, Box<str>), Refund>,
    skus: Names,
    fees: Names,
    settlements: Names,
}

/// A line of an order: its sale.
struct Line {
    begin: u32,
    lengths: (u16, u16),
    sku: u32,
    by_marketplace: bool,
    /// Rows of goods. Where there are several, equal fees may be one for each.
    goods: u32,
    quantity: i64,
    currency: Currency,
    price: i64,
    on: Option<Date>,
}

struct Charged {
    of: u32,
    fee: Fee,
    name: u32,
    settlement: u32,
    row: u64,
    /// Hash of the shipment; only compared.
    shipment: u32,
    minor: i64,
}

#[derive(Default)]
struct Refund {
    refunded: i64,
    referral_returned: i64,
    administration: i64,
    on: Option<Date>,
}

/// Texts that come again and again, by number.
#[derive(Default)]
struct Names {
    numbers: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }

    fn get(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }
}

impl Lines {
    /// Adds a row of an order.
    pub(super) fn add(
        &mut self,
        row: &SettlementRow<'_>,
        word: Word,
        settlement: &str,
        on: Option<Date>,
    ) -> Result<(), MoneyError> {
        let name = if row.order_line.is_empty() { row.sku } else { row.order_line };
        if row.order.is_empty() || name.is_empty() || word.part == Part::Other {
            return Ok(());
        }
        let at = self.place(row, name)?;
        let minor = row.amount.minor();
        if word.refund {
            let refund = self.refunds.entry((at, row.adjustment.into())).or_default();
            refund.on = refund.on.into_iter().chain(on).min();
            return match (word.part, word.fee) {
                (Part::Price | Part::Discount, _) => add(&mut refund.refunded, -minor),
                (_, Some(Fee::Referral)) => add(&mut refund.referral_returned, minor),
                (_, Some(Fee::RefundAdministration)) => add(&mut refund.administration, minor),
                _ => Ok(()),
            };
        }
        let line = &mut self.lines[at as usize];
        line.on = line.on.into_iter().chain(on).min();
        line.by_marketplace |= row.fulfilment == "AFN";
        if word.goods {
            line.quantity = line.quantity.saturating_add(row.quantity.unwrap_or(0));
            line.goods += 1;
        }
        match (word.part, word.fee) {
            (Part::Price | Part::Discount, _) => add(&mut line.price, minor)?,
            (_, Some(fee)) => self.charges.push(Charged {
                of: at,
                fee,
                name: self.fees.number(row.name),
                settlement: self.settlements.number(settlement),
                row: row.line,
                shipment: self.hasher.hash_one(row.shipment) as u32,
                minor,
            }),
            _ => {}
        }
        Ok(())
    }

    /// The place of a line, made if it is new. Two lines of one hash are told apart by their texts.
    fn place(&mut self, row: &SettlementRow<'_>, name: &str) -> Result<u32, MoneyError> {
        let mut hash = self.hasher.hash_one((row.order, name));
        while let Some(at) = self.places.get(&hash) {
            if self.texts_of(&self.lines[*at as usize]) == (row.order, name) {
                return Ok(*at);
            }
            hash = hash.wrapping_add(1);
        }
        let number = |length: usize| u32::try_from(length).map_err(|_| MoneyError::TooLarge);
        let short = |length: usize| u16::try_from(length).map_err(|_| MoneyError::TooLarge);
        let (at, begin) = (number(self.lines.len())?, number(self.texts.len())?);
        self.lines.push(Line {
            begin,
            lengths: (short(row.order.len())?, short(name.len())?),
            sku: self.skus.number(row.sku),
            by_marketplace: false,
            goods: 0,
            quantity: 0,
            currency: row.amount.currency(),
            price: 0,
            on: None,
        });
        self.texts.push_str(row.order);
        self.texts.push_str(name);
        self.places.insert(hash, at);
        Ok(at)
    }

    fn texts_of(&self, line: &Line) -> (&str, &str) {
        let (order, name) = (usize::from(line.lengths.0), usize::from(line.lengths.1));
        let begin = line.begin as usize;
        (&self.texts[begin..begin + order], &self.texts[begin + order..begin + order + name])
    }

    /// What the rate cards say against what was charged.
    pub(super) fn audit(mut self, knowledge: &FeeKnowledge, today: Date) -> Result<Vec<Break>, MoneyError> {
        let mut charges = std::mem::take(&mut self.charges);
        charges.sort_by_key(|charge| charge.of);
        let mut refunds: Vec<_> = std::mem::take(&mut self.refunds).into_iter().collect();
        refunds.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (mut charges, mut refunds) = (charges.as_slice(), refunds.as_slice());
        let mut breaks = Vec::new();
        for (at, line) in (0_u32..).zip(&self.lines) {
            let (own, rest) = charges.split_at(charges.partition_point(|charge| charge.of <= at));
            let (back, later) = refunds.split_at(refunds.partition_point(|(of, _)| of.0 <= at));
            (charges, refunds) = (rest, later);
            breaks.extend(self.audit_line(line, own, back, knowledge, today)?);
        }
        Ok(breaks)
    }

    fn audit_line(
        &self,
        line: &Line,
        charged: &[Charged],
        refunds: &[((u32, Box<str>), Refund)],
        knowledge: &FeeKnowledge,
        today: Date,
    ) -> Result<Vec<Break>, MoneyError> {
        let money = |minor| Money::new(minor, line.currency);
        let (order, name) = self.texts_of(line);
        let texts: Vec<(String, String)> = charged
            .iter()
            .map(|one| (format!("{}/{}", self.settlements.get(one.settlement), one.row), one.shipment.to_string()))
            .collect();
        let mut charges = Vec::with_capacity(charged.len());
        for (one, (id, shipment)) in charged.iter().zip(&texts) {
            charges.push(Charge {
                id,
                kind: match one.fee {
                    Fee::Referral => FeeKind::Referral,
                    Fee::Fulfilment => FeeKind::Fulfilment,
                    Fee::RefundAdministration => FeeKind::RefundAdministration,
                    Fee::Other => FeeKind::Other(self.fees.get(one.name)),
                },
                amount: money(one.minor),
                event: if line.goods == 1 { shipment } else { "" },
            });
        }
        let sku = self.skus.get(line.sku);
        let product = knowledge.product(sku);
        let sold = line.on.map(|on| SoldLine {
            order,
            line: name,
            sku,
            category: product.map_or("", |product| &product.category),
            size: product.and_then(|product| product.size()),
            by_marketplace: line.by_marketplace,
            cancelled: false,
            quantity: line.quantity.max(1),
            price: money(line.price),
            on,
            charges: &charges,
        });
        let referral = charges.iter().filter(|charge| charge.kind == FeeKind::Referral);
        let referral = Money::sum(line.currency, referral.map(|charge| charge.amount))?;
        let mut refunded = Vec::with_capacity(refunds.len());
        for ((_, event), refund) in refunds {
            let Some(on) = refund.on else { continue };
            refunded.push(RefundedLine {
                order,
                event,
                // Without its sale the referral fee that is due is not known, and only the cap is looked at.
                price: money(if line.on.is_some() { line.price } else { 0 }),
                refunded: money(refund.refunded),
                referral_charged: referral,
                referral_returned: money(refund.referral_returned),
                administration: money(refund.administration),
                on,
            });
        }
        let sold: Vec<SoldLine<'_>> = sold.into_iter().collect();
        let facts = FeeFacts { sold: &sold, refunded: &refunded, losses: &[], reimbursed: &[] };
        audit_fees(&facts, &knowledge.cards, today)
    }
}

fn add(sum: &mut i64, minor: i64) -> Result<(), MoneyError> {
    *sum = sum.checked_add(minor).ok_or(MoneyError::TooLarge)?;
    Ok(())
}
