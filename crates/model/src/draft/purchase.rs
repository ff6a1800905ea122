//! Purchase documents: a supplier's bills and credits.

use jiff::civil::Date;
use money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

use crate::{Country, CustomerCode, DocumentKey, ExchangeRate, NominalCode, PaymentDraft, TradeBorder, VatRate};

/// A bill that the books should hold, or a purchase credit (all amounts negative).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseDraft {
    /// Its natural key.
    pub key: DocumentKey,
    /// Our dedupe key as it stands in the books' supplier reference: `AMZ-S-<settlement-id>-<segment>-<series>`.
    pub reference: String,
    /// Who billed it.
    pub supplier: SupplierDraft,
    /// Tax point, a day in Europe/London.
    pub issued_on: Date,
    /// Due date.
    pub due_on: Date,
    /// Currency of all its amounts.
    pub currency: Currency,
    /// How to get from `currency` to the books' home currency; `None` in home currency.
    pub rate: Option<ExchangeRate>,
    /// Its lines, in order.
    pub lines: Vec<PurchaseLine>,
    /// The payment that goes with it: its gross out of the clearing account.
    pub payment: Option<PaymentDraft>,
    /// The key of the document that a reversal takes back.
    pub reverses: Option<DocumentKey>,
}

/// One line of a purchase: quantity one, its net and its VAT as they are. VAT is never recomputed from a rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseLine {
    /// Text for a person.
    pub description: String,
    /// Net of the line; negative for what is given back.
    pub net: Money,
    /// VAT rate.
    pub vat_rate: VatRate,
    /// VAT of the line: the sum of the VAT of its rows.
    pub vat: Money,
    /// Where it is posted.
    pub nominal: NominalCode,
}

/// Who billed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierDraft {
    /// The code we chose, letters and digits.
    pub code: CustomerCode,
    /// Name in the books.
    pub name: String,
    /// Currency of the supplier.
    pub currency: Currency,
    /// Where the supplier is, as far as VAT cares.
    pub border: TradeBorder,
    /// Country.
    pub country: Option<Country>,
}

impl PurchaseDraft {
    /// Net of all lines.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if a line is in another currency or the sum does not fit.
    pub fn net(&self) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.lines.iter().map(|line| line.net))
    }

    /// VAT of all lines.
    ///
    /// # Errors
    ///
    /// As [`PurchaseDraft::net`].
    pub fn vat(&self) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.lines.iter().map(|line| line.vat))
    }

    /// What is owed.
    ///
    /// # Errors
    ///
    /// As [`PurchaseDraft::net`].
    pub fn gross(&self) -> Result<Money, MoneyError> {
        self.net()?.plus(self.vat()?)
    }
}
