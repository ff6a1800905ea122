//! What happens to documents that stand in the books already: they are paid later, or set off against each other.

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

use super::Series;
use crate::{DocumentKey, DocumentNumber, Marker, NominalCode, PaymentMethodId};

/// A document of ours that stands in the books: named by key, and by number as soon as it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRef {
    /// Its natural key.
    pub key: DocumentKey,
    /// The number under which the books hold it. The core leaves it `None`; it is filled in before anything is sent.
    pub number: Option<DocumentNumber>,
}

/// Money for documents that stand in the books already. One document gets a payment line; several get one bulk payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterPaymentDraft {
    /// Its natural key.
    pub key: DocumentKey,
    /// Our dedupe key, for people; the books carry a marker made of `key`.
    pub reference: String,
    /// Whether invoices or bills are paid.
    pub series: Series,
    /// The bank-type account.
    pub account: NominalCode,
    /// How it was paid.
    pub method: PaymentMethodId,
    /// When, a day in Europe/London.
    pub on: Date,
    /// Currency of all its amounts.
    pub currency: Currency,
    /// What is paid, at least one document, none twice.
    pub items: Vec<PaidItem>,
    /// Text for a person.
    pub description: String,
    /// The key of the payment that a reversal takes back.
    pub reverses: Option<DocumentKey>,
}

/// A document and how much of it is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidItem {
    /// The document.
    pub document: DocumentRef,
    /// How much, with the sign of the document: negative for a credit note.
    pub amount: Money,
}

/// A credit note set against an invoice that is not paid: no money moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationDraft {
    /// Its natural key.
    pub key: DocumentKey,
    /// Our dedupe key, for people. The books keep none: a credit note is set against an invoice once at most.
    pub reference: String,
    /// The invoice, unpaid.
    pub invoice: DocumentRef,
    /// The credit note.
    pub credit: DocumentRef,
    /// How much, above zero.
    pub amount: Money,
    /// When, a day in Europe/London. The books date it themselves.
    pub on: Date,
}

impl LaterPaymentDraft {
    /// Sum of all items.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if an item is in another currency or the sum does not fit.
    pub fn sum(&self) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.items.iter().map(|item| item.amount))
    }

    /// The marker in the note of the payment line, or in the comment of the bulk payment.
    pub fn marker(&self) -> Marker {
        match self.items.as_slice() {
            [_] => Marker::of_payment_line(&self.key),
            _ => Marker::of_entry(&self.key),
        }
    }
}
