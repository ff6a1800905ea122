//! Sales documents: invoices and credit notes, whom they are made out to, and the payment that goes with them.

use jiff::civil::Date;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::{
    Address, Country, CustomerCode, DocumentKey, ExchangeRate, NominalCode, OrderLineId, PaymentMethodId, ProductCode,
    Sku, VatRate,
};

/// A sales document that the books should hold: an invoice, or a credit note (a negative invoice).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesDraft {
    /// Its natural key.
    pub key: DocumentKey,
    /// Our dedupe key as it stands in the books' reference field: `AMZ-<order-id>`, `…/2`, `…/C1`, `…/R1`.
    pub reference: String,
    /// Whom it is made out to.
    pub customer: CustomerDraft,
    /// Tax point, a day in Europe/London.
    pub issued_on: Date,
    /// Due date.
    pub due_on: Date,
    /// Currency of all its amounts.
    pub currency: Currency,
    /// How to get from `currency` to the books' home currency; `None` in home currency.
    pub rate: Option<ExchangeRate>,
    /// Its lines, in order.
    pub lines: Vec<DraftLine>,
    /// The payment that goes with it.
    pub payment: Option<PaymentDraft>,
    /// Delivery address, only if contacts are on.
    pub delivery: Option<Address>,
    /// The key of the document that a reversal takes back.
    pub reverses: Option<DocumentKey>,
}

/// One line of a draft. `net` is exactly `unit_net` × `quantity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// Text for a person.
    pub description: String,
    /// Units, never zero. Negative on a reversal of a line with a product, so that the books give the stock back.
    pub quantity: i32,
    /// Net price of a unit, exact in minor units; negative for discounts and for reversals of lines without a product.
    pub unit_net: Money,
    /// Net of the line.
    pub net: Money,
    /// VAT rate.
    pub vat_rate: VatRate,
    /// VAT of the line.
    pub vat: Money,
    /// Where it is posted.
    pub nominal: NominalCode,
    /// The product whose stock the books decrement, if the books manage that stock (FBM only).
    pub product: Option<ProductCode>,
    /// The order line it comes from, for the held-quantity comparison.
    pub order_line: Option<OrderLineId>,
    /// Goods units of `order_line` that this line covers: non-zero only on goods lines, so that they can be summed.
    pub units: u32,
    /// The SKU, for the console.
    pub sku: Option<Sku>,
}

/// Whom a document is made out to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDraft {
    /// The code we chose; the same buyer or group always gets the same.
    pub code: CustomerCode,
    /// Name in the books.
    pub name: String,
    /// Currency of the customer.
    pub currency: Currency,
    /// Where the customer is, as far as VAT cares.
    pub border: TradeBorder,
    /// Country, if known.
    pub country: Option<Country>,
    /// Contact e-mail, only for per-buyer customers.
    pub email: Option<String>,
    /// VAT number, only for per-buyer customers.
    pub vat_number: Option<String>,
    /// Address, only for per-buyer customers.
    pub address: Option<Address>,
    /// Whether one customer stands for many buyers. A shared customer is never matched by e-mail or name.
    pub shared: bool,
}

/// Where a customer is (KashFlow `TradeBorderType`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TradeBorder {
    /// United Kingdom.
    #[default]
    Domestic,
    /// European Union.
    Eu,
    /// Elsewhere.
    RestOfWorld,
}

/// The payment that goes with a document: the marketplace has the money, so an invoice is paid into the clearing account and a
/// bill out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentDraft {
    /// The bank-type account, by its nominal code.
    pub account: NominalCode,
    /// How it was paid.
    pub method: PaymentMethodId,
    /// How much: the gross of the document, negative on a reversal, a credit note or a purchase credit.
    pub amount: Money,
    /// When.
    pub on: Date,
    /// Marker by which the payment line is found again.
    pub note: String,
}

impl SalesDraft {
    /// Net of all lines.
    ///
    /// # Errors
    ///
    /// [`money::MoneyError`] if a line is in another currency or the sum does not fit.
    pub fn net(&self) -> Result<Money, money::MoneyError> {
        Money::sum(self.currency, self.lines.iter().map(|line| line.net))
    }

    /// VAT of all lines: the sum of line VATs, never recomputed from a total.
    ///
    /// # Errors
    ///
    /// As [`SalesDraft::net`].
    pub fn vat(&self) -> Result<Money, money::MoneyError> {
        Money::sum(self.currency, self.lines.iter().map(|line| line.vat))
    }

    /// What the buyer paid.
    ///
    /// # Errors
    ///
    /// As [`SalesDraft::net`].
    pub fn gross(&self) -> Result<Money, money::MoneyError> {
        self.net()?.plus(self.vat()?)
    }
}
