//! Lines and payments of an invoice, and their arithmetic.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::to_pence;

/// A line as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Text.
    pub description: String,
    /// Units, also fractions.
    pub quantity: Decimal,
    /// Net price of a unit in the document's currency, rounded to the account's scale.
    pub rate: Decimal,
    /// VAT percentage.
    pub vat_level: Decimal,
    /// VAT of the whole line, as given or computed.
    pub vat: Decimal,
    /// Exempt or outside the scope.
    pub vat_exempt: bool,
    /// Sales code.
    pub nominal: i64,
    /// Product: the sales code it belongs to, usually `nominal`, and its code.
    pub product: Option<(i64, String)>,
    /// Project.
    pub project: Option<i64>,
    /// Tax-disallowed.
    pub disallowed: bool,
}

/// A payment of an invoice.
#[derive(Clone, Debug, PartialEq)]
pub struct Payment {
    /// Internal id.
    pub id: i64,
    /// When.
    pub date: Date,
    /// How much, in the invoice's currency; negative on credit notes and refunds.
    pub amount: Decimal,
    /// Payment method.
    pub method: i64,
    /// Bank account.
    pub account: i64,
    /// Free text.
    pub reference: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// The bulk payment it is part of.
    pub bulk: Option<i64>,
    /// One half of an applied credit: no money moved, so the bank list does not show it.
    pub is_credit: bool,
}

impl Line {
    /// Net of the line, to the penny.
    pub fn net(&self) -> Decimal {
        to_pence(self.rate * self.quantity)
    }

    /// Units that this line takes out of stock. Negative quantities put back; a negative rate with a positive quantity is a
    /// discount or a money refund and moves nothing.
    pub fn units_out(&self) -> Decimal {
        if self.quantity > Decimal::ZERO && self.rate < Decimal::ZERO { Decimal::ZERO } else { self.quantity }
    }
}
