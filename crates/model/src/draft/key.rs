//! The natural key of a document: the same key is the same document, whatever happens on the way.

use std::fmt;

use money::Currency;
use serde::{Deserialize, Serialize};

use crate::OrderId;

/// The natural key of a document. Printed as `order/203-…/invoice/1`; a pair never has two documents with one key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentKey {
    /// What it belongs to.
    pub subject: Subject,
    /// What it is.
    pub kind: DocumentKind,
    /// Which of several of its kind (`2026-11/selling`, `2026-11-03/Amazon.co.uk/20`); empty if there is one for a subject.
    pub part: String,
    /// 1 for the first document of this kind and part, 2 for the next.
    pub ordinal: u32,
}

/// What a document belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A marketplace order.
    Order(OrderId),
    /// A settlement: the marketplace's id of it and its currency.
    Settlement {
        /// The marketplace's id.
        id: String,
        /// Currency of its amounts.
        currency: Currency,
    },
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A sales invoice: for one dispatch, for an order, or a summary of many.
    Invoice,
    /// A negative document that takes an earlier one back (cancellation after invoicing, undo, re-issue).
    Reversal,
    /// A negative invoice for a refund event, or a summary of many.
    Refund,
    /// A supplier's bill.
    Bill,
    /// A supplier's credit: a negative bill.
    BillCredit,
    /// Money into or out of a bank-type account against another account.
    Bank,
    /// Money between two bank-type accounts.
    Transfer,
    /// A journal.
    Journal,
    /// Money for documents that stand in the books already.
    Payment,
    /// A credit note set against an invoice.
    Allocation,
}

impl DocumentKey {
    /// The order it belongs to, if it belongs to one.
    pub fn order(&self) -> Option<&OrderId> {
        match &self.subject {
            Subject::Order(order) => Some(order),
            Subject::Settlement { .. } => None,
        }
    }
}

impl DocumentKind {
    /// The word used in keys and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentKind::Invoice => "invoice",
            DocumentKind::Reversal => "reversal",
            DocumentKind::Refund => "refund",
            DocumentKind::Bill => "bill",
            DocumentKind::BillCredit => "bill_credit",
            DocumentKind::Bank => "bank",
            DocumentKind::Transfer => "transfer",
            DocumentKind::Journal => "journal",
            DocumentKind::Payment => "payment",
            DocumentKind::Allocation => "allocation",
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Order(order) => write!(f, "order/{order}"),
            Subject::Settlement { id, currency } => write!(f, "settlement/{id}-{currency}"),
        }
    }
}

impl fmt::Display for DocumentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.subject, self.kind.as_str())?;
        if !self.part.is_empty() {
            write!(f, "/{}", self.part)?;
        }
        write!(f, "/{}", self.ordinal)
    }
}
