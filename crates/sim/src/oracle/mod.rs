//! The oracle: what the books should hold, from what the world knows, against what the ledger holds.
//!
//! It shares no code with the product, not even its money type: amounts are whole pennies in `i64`, the rules are stated again
//! in `wanted`, and the ledger is read directly. It compares what a tax inspector would: sums per account and VAT rate,
//! dates, currency, kind of customer, payment, stock. Texts and the splitting of lines are free.

mod held;
pub mod settlements;
mod stock;
mod wanted;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::Serialize;

use crate::kashflow::people::{Aim, Deed};
use crate::kashflow::{Account, Invoice};
use crate::world::{Quirk, World};

use wanted::Wanted;

/// What our references begin with.
const PREFIX: &str = "AMZ-";

/// Length of the id of a settlement.
const SETTLEMENT_DIGITS: usize = 11;

/// The oracle's judgement.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verdict {
    /// Whether the ledger is right. Open items are the caller's to compare.
    pub agrees: bool,
    /// Documents the books should hold.
    pub wanted: u64,
    /// Of those, the ones that are there and right.
    pub confirmed: u64,
    /// References of documents that should be there and are not.
    pub missing: Vec<String>,
    /// References that stand on more than one document.
    pub duplicated: Vec<String>,
    /// What is there but wrong.
    pub mismatched: Vec<Mismatch>,
    /// What should be waiting for a person.
    pub expected_open_items: Vec<OpenItem>,
    /// Numbers of documents with a reference of our form that nothing in the world accounts for.
    pub unknown_documents: Vec<i64>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// The order, or the product for stock.
    pub order: String,
    /// Which figure.
    pub what: String,
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub found: String,
}

/// One thing that should be waiting for a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OpenItem {
    /// The order it is about, or the settlement.
    pub order: String,
    /// What it is.
    pub kind: OpenItemKind,
}

/// Why something waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenItemKind {
    /// A person changed our document.
    EditedInBooks,
    /// A person deleted our document.
    DeletedInBooks,
    /// The document's date is locked.
    LockedPeriod,
    /// A person made a document with our reference and other content.
    ForeignDocument,
    /// The order has a status that nobody knows.
    UnknownStatus,
    /// The order has a currency that nobody knows.
    UnknownCurrency,
    /// The order is from a marketplace that nobody knows.
    UnknownMarketplace,
    /// The order was dispatched without a price.
    MissingPrice,
    /// A settlement has rows that nobody knows.
    UnknownRow,
}

impl OpenItemKind {
    /// The codes under which the product may show it: any of them counts as one named item.
    pub fn codes(self) -> &'static [&'static str] {
        match self {
            OpenItemKind::EditedInBooks => &["changed_in_books"],
            OpenItemKind::DeletedInBooks => &["deleted_in_books"],
            OpenItemKind::LockedPeriod => &["period_locked", "rejected_by_books"],
            OpenItemKind::ForeignDocument => &["differs_in_books"],
            OpenItemKind::UnknownStatus => &["unknown_status"],
            OpenItemKind::UnknownCurrency => &["unknown_currency"],
            OpenItemKind::UnknownMarketplace => &["unknown_marketplace"],
            OpenItemKind::MissingPrice => &["no_price", "missing_field"],
            OpenItemKind::UnknownRow => &["unknown_row"],
        }
    }
}

/// Judges the ledger of `account` by what has happened in `world` up to `now`.
pub fn judge(world: &World, account: &Account, now: Timestamp) -> Verdict {
    let mut verdict = Verdict::default();
    let held = by_reference(account);
    let excused = excused(account);
    let mut known = BTreeSet::new();
    let mut confirmed = Vec::new();
    let mut disturbed = BTreeSet::new();
    let orders = world.orders();
    for order in orders.iter().filter(|order| order.placed_at <= now) {
        if let Some(quirk) = order.quirk {
            if order.dispatches().any(|(at, _)| at <= now) {
                verdict.expected_open_items.push(OpenItem { order: order.id.clone(), kind: of_quirk(quirk) });
            }
            continue;
        }
        for wanted in wanted::documents(world, account, order, now) {
            known.insert(wanted.reference.clone());
            if excused.contains_key(&wanted.reference) {
                disturbed.extend(wanted.units.iter().map(|(product, _)| product.clone()));
            }
            if let Some(invoice) = verdict.look_for(account, &held, &excused, &wanted) {
                confirmed.push((wanted, invoice));
            }
        }
    }
    for (reference, invoices) in &held {
        if !known.contains(reference) {
            verdict.unknown_documents.extend(invoices.iter().map(|invoice| invoice.number));
        }
    }
    verdict.mismatched.extend(held::customers_of_two_marketplaces(&confirmed));
    verdict.mismatched.extend(stock::mismatches(account, &confirmed, &disturbed));
    verdict.expected_open_items.sort();
    verdict.agrees = verdict.missing.is_empty()
        && verdict.duplicated.is_empty()
        && verdict.mismatched.is_empty()
        && verdict.unknown_documents.is_empty();
    verdict
}

impl Verdict {
    /// Finds `wanted` in the ledger and gives it back if it is there and right, else notes what is wrong.
    fn look_for<'l>(
        &mut self,
        account: &Account,
        held: &'l BTreeMap<String, Vec<Invoice>>,
        excused: &HashMap<String, (String, OpenItemKind)>,
        wanted: &Wanted,
    ) -> Option<&'l Invoice> {
        let found = held.get(&wanted.reference).map(Vec::as_slice).unwrap_or_default();
        if found.is_empty() && wanted.only_with.as_ref().is_some_and(|other| !held.contains_key(other)) {
            // Cancelled before anybody looked: neither invoice nor reversal is right too.
            return None;
        }
        self.wanted += 1;
        if let [_, _, ..] = found {
            self.duplicated.push(wanted.reference.clone());
            return None;
        }
        if let Some((order, kind)) = excused.get(&wanted.reference) {
            self.expected_open_items.push(OpenItem { order: order.clone(), kind: *kind });
            return None;
        }
        let Some(invoice) = found.first() else {
            if account.locked_until().is_some_and(|until| wanted.date <= until) {
                self.expected_open_items
                    .push(OpenItem { order: wanted.order.clone(), kind: OpenItemKind::LockedPeriod });
            } else {
                self.missing.push(wanted.reference.clone());
            }
            return None;
        };
        let mismatches = held::mismatches(account, wanted, invoice);
        if mismatches.is_empty() {
            self.confirmed += 1;
            return Some(invoice);
        }
        self.mismatched.extend(mismatches);
        None
    }
}

/// Documents of orders with a reference of our form, by reference. Those of settlements are judged by their sums.
fn by_reference(account: &Account) -> BTreeMap<String, Vec<Invoice>> {
    let mut held: BTreeMap<String, Vec<Invoice>> = BTreeMap::new();
    for invoice in account.invoices() {
        let reference = invoice.reference.trim().to_uppercase();
        if is_of_order(&reference) {
            held.entry(reference).or_default().push(invoice);
        }
    }
    held
}

/// Whether a reference of an invoice is that of an order: `AMZ-<order>`, `/2` for its second dispatch, `/C1` for a reversal. Refunds
/// (`/R1`) and documents of a whole settlement (`AMZ-S-…`) come with settlements.
fn is_of_order(reference: &str) -> bool {
    let reference = reference.trim().to_uppercase();
    let Some(rest) = reference.strip_prefix(PREFIX) else { return false };
    let is_refund = rest.rsplit_once('/').is_some_and(|(_, part)| part.starts_with('R'));
    !is_refund && !rest.starts_with("S-")
}

/// What should be waiting because people disturbed documents of settlements.
fn excused_settlements(account: &Account) -> Vec<OpenItem> {
    let done = account.people_done().into_iter().filter_map(|done| {
        let (aim, kind) = match done.deed {
            Deed::EditOther { aim } => (aim, OpenItemKind::EditedInBooks),
            Deed::DeleteOther { aim } => (aim, OpenItemKind::DeletedInBooks),
            _ => return None,
        };
        let text = match aim {
            Aim::Purchase { reference } => reference,
            Aim::PurchaseWith { text } | Aim::Bank { text } | Aim::Journal { text } => text,
        };
        let digits = text.split(|sign: char| !sign.is_ascii_digit()).find(|part| part.len() == SETTLEMENT_DIGITS);
        Some(OpenItem { order: digits.unwrap_or(&text).to_owned(), kind })
    });
    done.collect()
}

/// References of documents that people have disturbed, with the order and what should be waiting.
fn excused(account: &Account) -> HashMap<String, (String, OpenItemKind)> {
    let done = account.people_done().into_iter().filter_map(|done| {
        let (reference, kind) = match done.deed {
            Deed::Edit { reference } => (reference, OpenItemKind::EditedInBooks),
            Deed::Delete { reference } => (reference, OpenItemKind::DeletedInBooks),
            Deed::UseReference { reference } => (reference, OpenItemKind::ForeignDocument),
            // These are for the judge of settlements.
            Deed::EditOther { .. } | Deed::DeleteOther { .. } => return None,
            Deed::Lock { .. } | Deed::LockBank { .. } | Deed::SubmitVatReturn { .. } | Deed::TakeNextNumber => {
                return None;
            }
        };
        let order = reference.trim_start_matches(PREFIX).to_owned();
        Some((reference, (order, kind)))
    });
    done.collect()
}

fn of_quirk(quirk: Quirk) -> OpenItemKind {
    match quirk {
        Quirk::UnknownStatus => OpenItemKind::UnknownStatus,
        Quirk::UnknownCurrency => OpenItemKind::UnknownCurrency,
        Quirk::UnknownMarketplace => OpenItemKind::UnknownMarketplace,
        Quirk::MissingPrice => OpenItemKind::MissingPrice,
    }
}

#[cfg(test)]
mod tests;
