//! What a settlement wants in the books, and what is known about it.

use jiff::civil::Date;
use model::{Draft, NominalCode};
use money::Money;

use super::ledger::Ledger;
use super::links::RowLinks;
use super::tasks::Task;

/// What a settlement wants in the books.
#[derive(Debug)]
pub struct Posted {
    /// Its documents, in the order in which they are best written: sales, refunds, bills, bank transactions, transfers, journals, payout.
    pub documents: Vec<Draft>,
    /// Their ledger effect.
    pub ledger: Ledger,
    /// What a person should see: what waits on suspense, and what deserves a look.
    pub tasks: Vec<Task>,
    /// From rows to lines of documents, and back.
    pub links: RowLinks,
    /// The clearing account.
    pub clearing: Clearing,
    /// Whether every penny on the clearing account is accounted for: its change is what the rows say, and reserve and debt chain.
    pub explained: bool,
    /// Rows that were taken.
    pub rows: u64,
    /// Documents that belong to a locked period and were moved to the first open day.
    pub late: Vec<LateEntry>,
    /// What it holds back, above zero, in the settlement's currency: the next one must release it.
    pub reserve: Money,
    /// What it paid and gave back of the orders that the evidence knows: evidence for the settlements after it.
    pub settled: Vec<SettledLine>,
}

/// What a settlement paid and gave back of one line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledLine {
    /// The marketplace's order id.
    pub order: String,
    /// The marketplace's id of the line; empty if its rows name none.
    pub line: String,
    /// Units that were paid for.
    pub units: u32,
    /// What was refunded, with VAT, above zero.
    pub refunded: Money,
    /// The VAT of that.
    pub refunded_vat: Money,
}

/// The clearing account, in the currency in which documents are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// Its nominal code.
    pub account: NominalCode,
    /// Balance before: the debt that was carried in, unless the evidence knows better.
    pub before: Money,
    /// What invoices posted at dispatch had put there already.
    pub posted_before: Money,
    /// What the documents move.
    pub change: Money,
    /// What they must move: sum of rows − debt carried in − posted before − still deferred − payout.
    pub expected: Money,
    /// Balance after: `before` + `posted_before` + `change`.
    pub after: Money,
}

/// A document whose true day lies in a locked period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateEntry {
    /// Its place in [`Posted::documents`].
    pub document: usize,
    /// The day it belongs to.
    pub true_on: Date,
    /// The day it is posted on.
    pub posted_on: Date,
}

impl Posted {
    /// Tasks whose sums wait on suspense.
    pub fn unmapped(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.in_suspense)
    }
}
