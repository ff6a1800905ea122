//! A draft: what the books should hold. Made by the core, frozen in an intent, written by a connector.
//!
//! Every account is named by its nominal code, bank-type accounts too: that is the number a bookkeeper knows. A connector finds the
//! books' own id of it.

mod key;
mod marker;
mod money_movement;
mod payment;
mod purchase;
mod rate;
mod sales;

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

pub use key::{DocumentKey, DocumentKind, Subject};
pub use marker::Marker;
pub use money_movement::{BankDraft, JournalDraft, JournalLine, TransferDraft};
pub use payment::{AllocationDraft, DocumentRef, LaterPaymentDraft, PaidItem};
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
    /// Money for documents that stand in the books already.
    Payment(LaterPaymentDraft),
    /// A credit note set against an invoice that is not paid.
    Allocation(AllocationDraft),
}

/// What an entry of the books is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// An invoice or a credit note.
    Sales,
    /// A bill or a purchase credit.
    Purchase,
    /// Money into or out of a bank-type account.
    Bank,
    /// Money between two bank-type accounts.
    Transfer,
    /// A journal.
    Journal,
    /// A payment of documents that stood in the books already.
    Payment,
    /// A credit note set against an invoice.
    Allocation,
}

/// A series of numbers in the books. A number is unique in its series; what has no series has no number of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Invoices and credit notes.
    Sales,
    /// Bills and purchase credits.
    Purchases,
    /// Journals.
    Journals,
}

impl Series {
    /// Every series.
    pub const ALL: [Series; 3] = [Series::Sales, Series::Purchases, Series::Journals];

    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Series::Sales => "sales",
            Series::Purchases => "purchases",
            Series::Journals => "journals",
        }
    }
}

impl Draft {
    /// What it becomes in the books.
    pub fn kind(&self) -> EntryKind {
        match self {
            Draft::Sales(_) => EntryKind::Sales,
            Draft::Purchase(_) => EntryKind::Purchase,
            Draft::Bank(_) => EntryKind::Bank,
            Draft::Transfer(_) => EntryKind::Transfer,
            Draft::Journal(_) => EntryKind::Journal,
            Draft::Payment(_) => EntryKind::Payment,
            Draft::Allocation(_) => EntryKind::Allocation,
        }
    }

    /// The series from which it takes its number; `None` if a number of ours is not certain to be kept.
    pub fn series(&self) -> Option<Series> {
        match self {
            Draft::Sales(_) => Some(Series::Sales),
            Draft::Purchase(_) => Some(Series::Purchases),
            Draft::Journal(_) => Some(Series::Journals),
            Draft::Bank(_) | Draft::Transfer(_) | Draft::Payment(_) | Draft::Allocation(_) => None,
        }
    }

    /// By what it is found again in the books: the reference of a document, the marker of everything else. No two drafts of a
    /// pair have the same.
    pub fn mark(&self) -> String {
        match self {
            Draft::Sales(draft) => draft.reference.clone(),
            Draft::Purchase(draft) => draft.reference.clone(),
            Draft::Bank(_) | Draft::Transfer(_) | Draft::Journal(_) => Marker::of_entry(self.key()).to_string(),
            Draft::Payment(draft) => draft.marker().to_string(),
            Draft::Allocation(draft) => draft.reference.clone(),
        }
    }

    /// The key of the entry that it takes back, if it is a reversal.
    pub fn reverses(&self) -> Option<&DocumentKey> {
        match self {
            Draft::Sales(draft) => draft.reverses.as_ref(),
            Draft::Purchase(draft) => draft.reverses.as_ref(),
            Draft::Bank(draft) => draft.reverses.as_ref(),
            Draft::Transfer(draft) => draft.reverses.as_ref(),
            Draft::Journal(draft) => draft.reverses.as_ref(),
            Draft::Payment(draft) => draft.reverses.as_ref(),
            Draft::Allocation(_) => None,
        }
    }

    /// The entries that must stand in the books before this one can: what it pays, sets off or takes back.
    pub fn needs(&self) -> Vec<&DocumentKey> {
        let mut needs: Vec<&DocumentKey> = self.reverses().into_iter().collect();
        match self {
            Draft::Payment(draft) => needs.extend(draft.items.iter().map(|item| &item.document.key)),
            Draft::Allocation(draft) => needs.extend([&draft.invoice.key, &draft.credit.key]),
            _ => {}
        }
        needs
    }

    /// The draft as the books keep it: they keep money movements in `home` currency, documents in their own.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if a movement is in another currency and names no rate, or the result does not fit.
    pub fn kept_in(&self, home: Currency) -> Result<Draft, MoneyError> {
        let mut draft = self.clone();
        match &mut draft {
            Draft::Bank(bank) if bank.amount.currency() != home => {
                bank.vat = in_home(bank.rate.as_ref(), bank.vat, home)?;
                bank.amount = in_home(bank.rate.take().as_ref(), bank.amount, home)?;
            }
            Draft::Transfer(transfer) if transfer.amount.currency() != home => {
                transfer.amount = in_home(transfer.rate.take().as_ref(), transfer.amount, home)?;
            }
            Draft::Journal(journal) if journal.currency != home => {
                return Err(MoneyError::MixedCurrencies { left: journal.currency, right: home });
            }
            _ => {}
        }
        Ok(draft)
    }

    /// Its natural key.
    pub fn key(&self) -> &DocumentKey {
        match self {
            Draft::Sales(draft) => &draft.key,
            Draft::Purchase(draft) => &draft.key,
            Draft::Bank(draft) => &draft.key,
            Draft::Transfer(draft) => &draft.key,
            Draft::Journal(draft) => &draft.key,
            Draft::Payment(draft) => &draft.key,
            Draft::Allocation(draft) => &draft.key,
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
            Draft::Payment(draft) => &draft.reference,
            Draft::Allocation(draft) => &draft.reference,
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
            Draft::Payment(draft) => draft.on,
            Draft::Allocation(draft) => draft.on,
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
            Draft::Payment(draft) => draft.currency,
            Draft::Allocation(draft) => draft.amount.currency(),
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
            Draft::Payment(draft) => draft.sum(),
            Draft::Allocation(draft) => Ok(draft.amount),
        }
    }
}

fn in_home(rate: Option<&ExchangeRate>, amount: Money, home: Currency) -> Result<Money, MoneyError> {
    let rate = rate.ok_or(MoneyError::MixedCurrencies { left: amount.currency(), right: home })?;
    rate.to_home(amount, home).ok_or(MoneyError::TooLarge)
}
