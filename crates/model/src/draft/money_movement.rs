//! Movements of money without an invoice or a bill: bank transactions, transfers, journals.

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

use crate::{DocumentKey, ExchangeRate, NominalCode, VatRate};

/// Money into or out of a bank-type account against another account: a reimbursement, a fee of a seller who reclaims no VAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankDraft {
    /// Its natural key.
    pub key: DocumentKey,
    /// Our dedupe key; the connector keeps a marker made of it in the comment, since no number of ours is certain.
    pub reference: String,
    /// The bank-type account.
    pub account: NominalCode,
    /// Value day in Europe/London.
    pub on: Date,
    /// Gross amount: positive is money in.
    pub amount: Money,
    /// How to get to the books' home currency; `None` in home currency.
    pub rate: Option<ExchangeRate>,
    /// The account on the other side.
    pub nominal: NominalCode,
    /// VAT rate.
    pub vat_rate: VatRate,
    /// VAT contained in `amount`, with its sign.
    pub vat: Money,
    /// Text for a person.
    pub description: String,
    /// The key of the movement that a reversal takes back.
    pub reverses: Option<DocumentKey>,
}

/// Money from one bank-type account to another: deposit, reserve, deferral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferDraft {
    /// Its natural key.
    pub key: DocumentKey,
    /// Our dedupe key, kept as a marker in the comment.
    pub reference: String,
    /// Where the money leaves.
    pub from: NominalCode,
    /// Where it arrives.
    pub to: NominalCode,
    /// How much, above zero.
    pub amount: Money,
    /// How to get to the books' home currency; `None` in home currency.
    pub rate: Option<ExchangeRate>,
    /// Value day in Europe/London.
    pub on: Date,
    /// Text for a person.
    pub description: String,
    /// The key of the movement that a reversal takes back.
    pub reverses: Option<DocumentKey>,
}

/// A journal: lines that sum to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalDraft {
    /// Its natural key.
    pub key: DocumentKey,
    /// Our dedupe key, kept as a marker in the comment.
    pub reference: String,
    /// Day in Europe/London.
    pub on: Date,
    /// Currency of all its amounts: the books' home currency.
    pub currency: Currency,
    /// Its lines, in order.
    pub lines: Vec<JournalLine>,
    /// Text for a person.
    pub description: String,
    /// The key of the journal that a reversal takes back.
    pub reverses: Option<DocumentKey>,
}

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalLine {
    /// The account.
    pub nominal: NominalCode,
    /// Positive is debit, negative is credit.
    pub amount: Money,
    /// Text for a person.
    pub description: String,
}

impl JournalDraft {
    /// Sum of the debits, which is the sum of the credits.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if a line is in another currency or the sum does not fit.
    pub fn debits(&self) -> Result<Money, MoneyError> {
        let debits = self.lines.iter().map(|line| line.amount).filter(|amount| !amount.is_negative());
        Money::sum(self.currency, debits)
    }
}
