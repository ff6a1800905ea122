//! The judge of settlements: what the world settled against what the ledger holds of it.
//!
//! It asks what an accountant would at the end of a period: is every fee in the books, by kind and with its VAT; did refunds take back
//! what they should; does the clearing account hold the sales that are posted and not settled, less what is owed, and nothing else; did
//! each payout reach the bank once; is there nothing on suspense that is known. Sums may be grouped in any number of documents. Invoices
//! of orders are taken as they stand, since [`super::judge`] has compared each.
//!
//! Documents are compared in their own currency. What the books keep in pounds only may differ from the rate of its month by a penny for
//! each posting.

mod books;
mod compare;
mod refunds;
mod rules;
mod wanted;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::{Mismatch, OpenItem};
use crate::kashflow::Account;
use crate::world::World;

/// What the judge of settlements says.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Judgement {
    /// Whether the ledger is right. Open items are the caller's to compare.
    pub agrees: bool,
    /// Settlements whose reports are listed.
    pub closed: u64,
    /// Their rows.
    pub rows: u64,
    /// The clearing account in pounds, with what is deferred.
    pub clearing: Figure,
    /// Clearing accounts of other currencies with the differences of their conversion, in pounds.
    pub clearing_foreign: Figure,
    /// VAT to pay: output less input, of everything that is in the books.
    pub vat: Figure,
    /// Credit notes that the ledger holds.
    pub credit_notes: u64,
    /// Payments of documents that the ledger holds.
    pub payments: u64,
    /// Sum of all differences, each without its sign.
    pub unexplained_minor: u64,
    /// Every difference.
    pub mismatched: Vec<Mismatch>,
    /// What should be waiting for a person. Their `order` is the settlement they are about.
    pub expected_open_items: Vec<OpenItem>,
}

/// A figure as it should be and as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// As it should be, in pence.
    pub expected_minor: i64,
    /// As it is, in pence.
    pub actual_minor: i64,
    /// By how much the two may differ, because amounts in other currencies were rounded document by document.
    pub tolerance_minor: u64,
}

/// Judges what the ledger of `account` holds of the settlements that are listed by `now`.
pub fn judge(world: &World, account: &Account, now: Timestamp) -> Judgement {
    let listed = world.listed_settlements(now);
    let wanted = wanted::of(world, account, &listed, now);
    let held = books::of(account);
    let mut judgement = compare::compare(account, &wanted, &held);
    judgement.expected_open_items.extend(super::excused_settlements(account));
    judgement.expected_open_items.sort();
    judgement
}

/// ISO code.
type Currency = &'static str;

/// Year and month.
type Month = (i16, i8);

/// Every currency that has a clearing account.
const CURRENCIES: [Currency; 6] = ["GBP", "EUR", "USD", "SEK", "PLN", "TRY"];

fn month_of(day: Date) -> Month {
    (day.year(), day.month())
}

fn known_currency(code: &str) -> Currency {
    CURRENCIES.into_iter().find(|own| *own == code).unwrap_or("unknown")
}

#[cfg(test)]
mod tests;
