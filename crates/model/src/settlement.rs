//! A settlement: a marketplace's statement of what it owes for one period and currency, and its rows.
//!
//! The vocabulary of a row is open: kind, class and name are the marketplace's own words, verbatim. What they mean for the books is
//! decided by `bookkeeping` with a vocabulary that is data. Rows are borrowed from the reader's buffer: a statement may have millions.

use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// The head of a settlement. Its natural key is `id` + `currency`: the same settlement may come in several files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The marketplace's id.
    pub id: String,
    /// Currency of every amount in it.
    pub currency: Currency,
    /// Begin of the period, inclusive.
    pub from: Option<Timestamp>,
    /// End of the period, exclusive.
    pub to: Option<Timestamp>,
    /// When the marketplace initiates the payout (or collects a negative total).
    pub deposit_on: Option<Timestamp>,
    /// What is paid out; negative when the seller owes. Equals the sum of all rows, exactly.
    pub total: Money,
}

/// One row of a settlement: one amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettlementRow<'a> {
    /// Physical line (1-based) on which the row begins in its file, for messages.
    pub line: u64,
    /// What happened (`Order`, `Refund`, `other-transaction`, …): open vocabulary, verbatim.
    pub kind: &'a str,
    /// Which sort of amount (`ItemPrice`, `ItemFees`, …): open vocabulary, verbatim.
    pub class: &'a str,
    /// Which amount (`Principal`, `Commission`, …): open vocabulary, verbatim.
    pub name: &'a str,
    /// The amount from the seller's point of view: positive is owed to the seller. Minor units of the settlement's currency.
    pub amount: Money,
    /// When it was posted, if the file says so with a time.
    pub posted_at: Option<Timestamp>,
    /// The day on which it was posted in the file's own zone, if there is no time.
    pub posted_on: Option<Date>,
    /// The order, empty if none.
    pub order: &'a str,
    /// The seller's own order id, empty if none.
    pub merchant_order: &'a str,
    /// Line of the order (`order-item-code`), empty if none.
    pub order_line: &'a str,
    /// Id of a refund or adjustment event, empty if none.
    pub adjustment: &'a str,
    /// Shipment, empty if none.
    pub shipment: &'a str,
    /// Name of the marketplace (`Amazon.co.uk`), empty if none.
    pub marketplace: &'a str,
    /// Who fulfils (`AFN`, `MFN`), empty if none.
    pub fulfilment: &'a str,
    /// SKU, empty if none.
    pub sku: &'a str,
    /// Units, if given.
    pub quantity: Option<i64>,
    /// Promotion, empty if none.
    pub promotion: &'a str,
    /// Why the amount belongs in suspense whatever the row seems to say, if it does.
    pub doubt: Option<RowDoubt>,
}

/// Why a row is not posted by what it says: its amount goes to suspense with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowDoubt {
    /// The file's own amount cannot be read; a person accepted this one in its place.
    AmountAccepted,
    /// A field other than the amount cannot be read and was left empty.
    FieldUnreadable {
        /// The marketplace's name of the column.
        column: &'static str,
    },
}
