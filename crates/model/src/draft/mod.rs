//! A draft: what the books should hold. Made by the core, frozen in an intent, written by a connector.
//!
//! Every account is named by its nominal code, bank-type accounts too: that is the number a bookkeeper knows. A connector finds the
//! books' own id of it.

mod key;
mod money_movement;
mod purchase;
mod rate;
mod sales;

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

pub use key::{DocumentKey, DocumentKind, Subject};
pub use money_movement::{BankDraft, JournalDraft, JournalLine, TransferDraft};
pub use purchase::{PurchaseDraft, PurchaseLine, SupplierDraft};
pub use rate::{ExchangeRate, RateSource, VatRate};
pub use sales::{CustomerDraft, DraftLine, PaymentDraft, SalesDraft, TradeBorder};

/// Something that the books should hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "draft")]
pub enum Draft {
    /// An invoice or a credit note, with its payment.
    Sales(SalesDraft),
    /// A bill or a purchase credit, with its payment.
    Purchase(PurchaseDraft),
    /// Money into or out of a bank-type account against another account.
    Bank(BankDraft),
    /// Money from one bank-type account to another.
    Transfer(TransferDraft),
    /// A journal.
    Journal(JournalDraft),
}

impl Draft {
    /// Its natural key.
    pub fn key(&self) -> &DocumentKey {
        match self {
            Draft::Sales(draft) => &draft.key,
            Draft::Purchase(draft) => &draft.key,
            Draft::Bank(draft) => &draft.key,
            Draft::Transfer(draft) => &draft.key,
            Draft::Journal(draft) => &draft.key,
        }
    }

    /// Our dedupe key as it stands in the books.
    pub fn reference(&self) -> &str {
        match self {
            Draft::Sales(draft) => &draft.reference,
            Draft::Purchase(draft) => &draft.reference,
            Draft::Bank(draft) => &draft.reference,
            Draft::Transfer(draft) => &draft.reference,
            Draft::Journal(draft) => &draft.reference,
        }
    }

    /// Its day in Europe/London: the tax point of a document, the value day of a movement.
    pub fn on(&self) -> Date {
        match self {
            Draft::Sales(draft) => draft.issued_on,
            Draft::Purchase(draft) => draft.issued_on,
            Draft::Bank(draft) => draft.on,
            Draft::Transfer(draft) => draft.on,
            Draft::Journal(draft) => draft.on,
        }
    }

    /// Currency of all its amounts.
    pub fn currency(&self) -> Currency {
        match self {
            Draft::Sales(draft) => draft.currency,
            Draft::Purchase(draft) => draft.currency,
            Draft::Bank(draft) => draft.amount.currency(),
            Draft::Transfer(draft) => draft.amount.currency(),
            Draft::Journal(draft) => draft.currency,
        }
    }

    /// What it is about in money: the gross of a document, the amount of a movement, the debits of a journal.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if a line is in another currency or the sum does not fit.
    pub fn amount(&self) -> Result<Money, MoneyError> {
        match self {
            Draft::Sales(draft) => draft.gross(),
            Draft::Purchase(draft) => draft.gross(),
            Draft::Bank(draft) => Ok(draft.amount),
            Draft::Transfer(draft) => Ok(draft.amount),
            Draft::Journal(draft) => draft.debits(),
        }
    }
}
