//! [`Item`]: one thing on one side of a match, whatever it was before: an order, an invoice, a transaction, rows of a settlement.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use money::Money;
use serde::{Deserialize, Serialize};

/// What happened. Things of different kinds never match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Goods sold.
    Sale,
    /// Money given back to a buyer, claims and chargebacks included.
    Refund,
    /// A charge that belongs to no order: storage, subscription, advertising.
    Charge,
    /// Compensation paid to the seller.
    Reimbursement,
    /// Money moved, nothing earned: reserve, debt, transfer, loan.
    Balance,
    /// Anything else.
    Other,
}

/// One thing on one side of a match. Texts are borrowed and empty if unknown: an unknown key never contradicts.
///
/// # Examples
///
/// ```
/// use money::{Currency, Money};
/// use reconcile::{Item, Kind};
///
/// let invoice = Item {
///     id: "order/203-1234567-7654321/invoice/1",
///     order: "203-1234567-7654321",
///     ..Item::new(Kind::Sale, Money::new(24_00, Currency::GBP))
/// };
/// assert_eq!(invoice.sku, "");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The caller's own id of it: shown as evidence, and breaks ties between things that are otherwise alike.
    pub id: &'a str,
    /// What happened.
    pub kind: Kind,
    /// Amount from the seller's side: a sale is positive, a refund or fee negative.
    pub amount: Money,
    /// The order.
    pub order: &'a str,
    /// The line of the order.
    pub line: &'a str,
    /// What tells events of one line apart: shipment of a sale, adjustment of a refund.
    pub event: &'a str,
    /// The product.
    pub sku: &'a str,
    /// The marketplace.
    pub marketplace: &'a str,
    /// Units.
    pub quantity: Option<i64>,
    /// The day in Europe/London.
    pub on: Option<Date>,
    /// The moment, if it is known to the second.
    pub at: Option<Timestamp>,
}

impl<'a> Item<'a> {
    /// A thing of which nothing but kind and amount is known.
    pub fn new(kind: Kind, amount: Money) -> Item<'a> {
        Item {
            id: "",
            kind,
            amount,
            order: "",
            line: "",
            event: "",
            sku: "",
            marketplace: "",
            quantity: None,
            on: None,
            at: None,
        }
    }

    /// Whether a key that both know is different: then they are not the same thing, whatever else fits.
    pub(crate) fn contradicts(&self, other: &Item<'_>) -> bool {
        let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
        self.kind != other.kind
            || self.amount.currency() != other.amount.currency()
            || differ(self.order, other.order)
            || differ(self.sku, other.sku)
            || differ(self.marketplace, other.marketplace)
    }

    /// The one order in which things are looked at, so that the order of the inputs leaves no trace.
    pub(crate) fn canonical(&self, other: &Item<'_>) -> Ordering {
        let key = |item: &Item<'a>| (item.kind, item.amount.currency(), item.amount.minor());
        (self.order, self.line, self.event, self.sku)
            .cmp(&(other.order, other.line, other.event, other.sku))
            .then_with(|| key(self).cmp(&(other.kind, other.amount.currency(), other.amount.minor())))
            .then_with(|| (self.on, self.at, self.quantity).cmp(&(other.on, other.at, other.quantity)))
            .then_with(|| (self.marketplace, self.id).cmp(&(other.marketplace, other.id)))
    }
}

/// Where an item stands in the merge join: orders in the marketplace's form as their digits, others as a hash that only groups.
///
/// Equal orders and kinds have equal ranks; equal ranks of other forms must be compared in full (see [`is_unique`]).
pub(crate) fn rank(order: &str, kind: Kind) -> u64 {
    let kind = kind as u64;
    let bytes = order.as_bytes();
    let mut digits: u64 = 0;
    if bytes.len() == 19 && bytes[3] == b'-' && bytes[11] == b'-' {
        let mut plain = true;
        for (index, byte) in bytes.iter().enumerate() {
            if index == 3 || index == 11 {
                continue;
            }
            let digit = byte.wrapping_sub(b'0');
            plain &= digit <= 9;
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        }
        if plain {
            return digits << 3 | kind;
        }
    }
    // FNV-1a, only to bring equal texts together.
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    1 << 63 | (hash << 3 & !(1 << 63)) | kind
}

/// Whether items of this rank have the same order and kind for certain; else their orders must be compared.
pub(crate) fn is_unique(rank: u64) -> bool {
    rank >> 63 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_in_the_usual_form_have_a_rank_of_their_own_and_others_are_compared() {
        let usual = rank("203-1234567-7654321", Kind::Sale);
        assert!(is_unique(usual));
        assert_ne!(usual, rank("203-1234567-7654322", Kind::Sale));
        assert_ne!(usual, rank("203-1234567-7654321", Kind::Refund));
        assert!(!is_unique(rank("S01-1234567-7654321", Kind::Sale)));
        assert!(!is_unique(rank("", Kind::Sale)));
    }
}
