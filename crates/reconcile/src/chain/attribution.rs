//! Rows that name no marketplace, attributed by the transactions: same moment, currency and signed amount.
//!
//! Amazon leaves the marketplace empty on some rows of the account. In one audited sample (292 of 27,028 rows) all could be attributed so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use money::Money;

use crate::breaks::{self, Break, Code, Link};
use crate::days::london;
use crate::matching::Item;

/// A row without marketplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlankRow<'a> {
    /// The settlement, `id-currency`.
    pub settlement: &'a str,
    /// Physical line.
    pub line: u64,
    /// Its amount.
    pub amount: Money,
    /// When it was posted.
    pub at: Option<Timestamp>,
    /// The marketplace's words for what it is.
    pub text: &'a str,
}

/// How a row got its marketplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution<'a> {
    /// Position of the row in the input.
    pub row: usize,
    /// The marketplace.
    pub marketplace: &'a str,
    /// A transaction that says so.
    pub transaction: &'a str,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributions<'a> {
    /// Rows that have a marketplace now, in the order of the input.
    pub found: Vec<Attribution<'a>>,
    /// Rows that still have none.
    pub breaks: Vec<Break>,
}

/// Attributes each row to the marketplace on which all transactions of its moment, currency and amount agree.
///
/// Transactions are given with their text in [`Item::event`]; if they name several marketplaces, those with the row's text decide.
pub fn attribute_marketplaces<'a>(rows: &[BlankRow<'_>], transactions: &[Item<'a>]) -> Attributions<'a> {
    let mut by_moment: BTreeMap<(Timestamp, &str, i64), Vec<&Item<'a>>> = BTreeMap::new();
    for item in transactions.iter().filter(|item| !item.marketplace.is_empty()) {
        if let Some(at) = item.at {
            by_moment.entry((at, item.amount.currency().code(), item.amount.minor())).or_default().push(item);
        }
    }
    let mut answer = Attributions { found: Vec::new(), breaks: Vec::new() };
    for (position, row) in rows.iter().enumerate() {
        let key = row.at.map(|at| (at, row.amount.currency().code(), row.amount.minor()));
        let all = key.and_then(|key| by_moment.get(&key)).map(Vec::as_slice).unwrap_or_default();
        let same_text: Vec<&Item<'a>> =
            all.iter().copied().filter(|item| item.event.eq_ignore_ascii_case(row.text)).collect();
        let one = agreed(all).or_else(|| agreed(&same_text));
        match one {
            Some(item) => {
                answer.found.push(Attribution { row: position, marketplace: item.marketplace, transaction: item.id });
            }
            None => answer.breaks.push(unknown(row, all)),
        }
    }
    breaks::sort(&mut answer.breaks);
    answer
}

/// The first transaction, by id, if all name one marketplace.
fn agreed<'b, 'a>(items: &[&'b Item<'a>]) -> Option<&'b Item<'a>> {
    let first = items.iter().min_by_key(|item| item.id)?;
    items.iter().all(|item| item.marketplace == first.marketplace).then_some(first)
}

fn unknown(row: &BlankRow<'_>, candidates: &[&Item<'_>]) -> Break {
    let names: BTreeSet<&str> = candidates.iter().map(|item| item.marketplace).collect();
    let why = match names.len() {
        0 => "no transaction has this moment and amount".to_owned(),
        _ => format!("transactions of {} fit", names.into_iter().collect::<Vec<_>>().join(" and of ")),
    };
    let cause = format!("“{}” of {} names no marketplace, and {why}.", row.text, row.amount);
    Break::new(Code::MarketplaceUnknown, format!("settlement/{}/{}", row.settlement, row.line), row.amount, cause)
        .since(row.at.map(london))
        .evidence(Link::Row(row.settlement.to_owned(), row.line), row.text, Some(row.amount))
}
