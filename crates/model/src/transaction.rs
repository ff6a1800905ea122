//! What a marketplace says about money before a settlement closes: transactions, what they consist of, and payouts.
//!
//! The vocabulary is open, as in a settlement: kinds and the names of parts are the marketplace's own words. A transaction is stated
//! as a tree; only its leaves are kept, because each inner node repeats the sum of what is below it.

use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};

/// Whether the marketplace still holds the money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionStatus {
    /// Held back until [`Transaction::matures_at`]: income at its tax point all the same.
    Deferred,
    /// Available; never held back.
    Released,
    /// Was held back and is available now. Its release is a transaction of its own that moves the money and is no second sale.
    DeferredReleased,
}

/// One event of the seller's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The marketplace's id; it stays when the status changes.
    pub id: String,
    /// What happened (`Shipment`, `Refund`, `ServiceFee`, …): open vocabulary, verbatim.
    pub kind: String,
    /// Whether the money is held back.
    pub status: TransactionStatus,
    /// The marketplace's words for it; may be empty.
    pub description: String,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// What it adds to the seller's balance.
    pub total: Money,
    /// Id of the site; empty if it belongs to none.
    pub marketplace: String,
    /// The account within the seller's (`Standard Orders`, `PAYABLE`); may be empty.
    pub account: String,
    /// Ids of what it belongs to, by the marketplace's names (`ORDER_ID`, `SETTLEMENT_ID`, …), in its order.
    pub related: Vec<(String, String)>,
    /// Why it is held back (`DD7`, `B2B`), if it is or was.
    pub deferral: Option<String>,
    /// When money that is held back becomes available.
    pub matures_at: Option<Timestamp>,
    /// What it is about: one entry for each item.
    pub items: Vec<TransactionItem>,
    /// The amounts that make the total, none of which contains another. Their sum is [`Transaction::total`].
    pub parts: Vec<TransactionPart>,
}

/// An item of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionItem {
    /// SKU, empty if none.
    pub sku: String,
    /// Units, if given.
    pub quantity: Option<i64>,
    /// Who fulfils (`AFN`, `MFN`), empty if unknown.
    pub fulfilment: String,
    /// Ids of the item, by the marketplace's names.
    pub related: Vec<(String, String)>,
}

/// One amount of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionPart {
    /// Names from the top of the tree to this amount (`Expenses`, `AmazonFees`, `Commission`, `Base`): open vocabulary, verbatim.
    pub path: Vec<String>,
    /// The amount.
    pub amount: Money,
    /// Index of the item it belongs to, if it belongs to one.
    pub item: Option<usize>,
}

impl Transaction {
    /// The first related id of this name.
    pub fn related(&self, name: &str) -> Option<&str> {
        self.related.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, id)| id.as_str())
    }

    /// The transaction that this one releases: then it moves money from held back to available and is no sale.
    pub fn releases(&self) -> Option<&str> {
        self.related("DEFERRED_TRANSACTION_ID")
    }

    /// The transaction that released this one.
    pub fn released_by(&self) -> Option<&str> {
        self.related("RELEASE_TRANSACTION_ID")
    }
}

/// What a marketplace says that a settlement or a period came to: a cross-check of a settlement that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneySummary {
    /// Id of the site; empty if it belongs to none.
    pub marketplace: String,
    /// The account within the seller's.
    pub account: String,
    /// The settlement, if it is about one.
    pub settlement: Option<String>,
    /// What is left for the seller.
    pub net: Money,
    /// The amounts that make it, none of which contains another.
    pub parts: Vec<TransactionPart>,
}

/// A balance of the seller's account at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Id of the site; empty if it belongs to none.
    pub marketplace: String,
    /// The account within the seller's.
    pub account: String,
    /// Which balance (`AVAILABLE`, `DEFERRED`, `ACCOUNT_LEVEL_RESERVE`, …), verbatim.
    pub kind: String,
    /// The amount.
    pub amount: Money,
}

/// How far a payout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// The marketplace has begun.
    Started,
    /// The bank has been told.
    InTransit,
    /// It has arrived.
    Paid,
    /// It came back: the money is owed again.
    Failed,
    /// It was stopped before it was sent.
    Cancelled,
    /// Nothing is paid for the period.
    NoPayout,
}

/// A transfer to the seller's bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// The marketplace's id.
    pub id: String,
    /// How far it is.
    pub status: PayoutStatus,
    /// When it got there, if the marketplace says so.
    pub status_at: Option<Timestamp>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// What is paid, in the currency of the account; `None` if nothing is.
    pub amount: Option<Money>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// The bank's trace of the transfer, to find its line in a bank statement.
    pub trace: Option<String>,
    /// The last digits of the bank account.
    pub account_tail: Option<String>,
    /// The settlements that it pays.
    pub settlements: Vec<String>,
}
