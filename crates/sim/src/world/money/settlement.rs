//! A settlement: what was released in a fortnight of one group, what is held back of it, and what is paid out.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::group::Group;
use super::transaction::{MoneyLine, Transaction};

/// A closed settlement.
#[derive(Debug, Serialize)]
pub struct Settlement {
    /// Amazon's id, eleven digits.
    pub id: String,
    /// Id of its group of financial events.
    pub event_group_id: String,
    /// The account.
    pub group: &'static Group,
    /// 0 for the first of its group.
    pub number: u32,
    /// First moment.
    pub start: Timestamp,
    /// First moment that is no longer in it, which is when it closes.
    pub end: Timestamp,
    /// When its report is listed.
    pub listed_at: Timestamp,
    /// `deposit-date`: when the payout is begun, or would be.
    pub deposit_at: Timestamp,
    /// What its rows are made of, in order of time.
    #[serde(skip)]
    pub transactions: Vec<Arc<Transaction>>,
    /// Sum of its rows, in minor units: what is paid out, or owed if below nothing.
    pub total: i64,
    /// Held back by its last row, above nothing.
    pub reserve: i64,
    /// Debt of the settlement before that its first row repeats, above nothing.
    pub carried: i64,
    /// The payout; none where the total is not above nothing.
    pub payout: Option<Payout>,
}

/// Money on its way to the bank.
#[derive(Clone, Debug, Serialize)]
pub struct Payout {
    /// Amazon's id of the transfer.
    pub id: String,
    /// What the bank's text names.
    pub trace_id: String,
    /// Last digits of the bank account.
    pub account_tail: &'static str,
    /// What the bank gets, in minor units of [`Payout::currency`].
    pub amount: i64,
    /// Pounds: Amazon converts what is in another currency.
    pub currency: &'static str,
    /// When it arrives, or comes back.
    pub arrives_at: Timestamp,
    /// Whether the bank refuses it: then the settlement after has a row that brings it back.
    pub fails: bool,
}

/// A line of the seller's bank statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BankLine {
    /// When.
    pub at: Timestamp,
    /// In pence: received above nothing, paid below.
    pub amount: i64,
    /// What the bank writes.
    pub text: String,
    /// The settlement that was paid out, if it is a payout.
    pub settlement: Option<String>,
}

/// What Amazon holds for the seller in one group, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// What would be paid out now.
    pub available: i64,
    /// Posted, not yet released.
    pub deferred: i64,
    /// Kept against returns.
    pub reserve: i64,
}

impl Settlement {
    /// Its rows, in the order of its report.
    pub fn rows(&self) -> impl Iterator<Item = (&Arc<Transaction>, &MoneyLine)> {
        self.transactions.iter().flat_map(|transaction| transaction.lines.iter().map(move |line| (transaction, line)))
    }
}
