//! An invoice as KashFlow shows it. Only the number is certain to be there; list rows are summaries without lines.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::object::{Object, Unreadable};

/// A document with its lines.
#[derive(Debug)]
pub(crate) struct Invoice {
    pub(crate) number: u32,
    pub(crate) id: Option<i64>,
    pub(crate) customer_code: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) issued_on: Option<Date>,
    pub(crate) currency: Option<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) net: Option<Decimal>,
    pub(crate) vat: Option<Decimal>,
    pub(crate) paid: Option<Decimal>,
    pub(crate) vat_return: Option<i64>,
}

#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) rate: Option<Decimal>,
    pub(crate) vat_level: Option<Decimal>,
    pub(crate) vat_amount: Option<Decimal>,
    pub(crate) vat_exempt: bool,
    pub(crate) nominal: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct Payment {
    pub(crate) amount: Option<Decimal>,
    pub(crate) vat_return: Option<i64>,
}

/// A row of the list.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u32,
    /// `None` if the row does not have the field at all: then only the document itself tells.
    pub(crate) reference: Option<String>,
}

impl Invoice {
    pub(crate) fn read(object: &Object<'_>) -> Result<Invoice, Unreadable> {
        let currency = match object.object("Currency")? {
            Some(currency) => currency.text("Code")?.filter(|code| !code.is_empty()),
            None => None,
        };
        Ok(Invoice {
            number: number(object)?,
            id: object.integer("Id")?,
            customer_code: object.text("CustomerCode")?,
            reference: object.text("CustomerReference")?,
            issued_on: object.day("IssuedDate")?,
            currency,
            lines: object.objects("LineItems")?.iter().map(Line::read).collect::<Result<_, _>>()?,
            payments: object.objects("PaymentLines")?.iter().map(Payment::read).collect::<Result<_, _>>()?,
            net: object.decimal("NetAmount")?,
            vat: object.decimal("VATAmount")?,
            paid: object.decimal("TotalPaidAmount")?,
            vat_return: object.integer("VATReturnId")?,
        })
    }
}

impl Line {
    fn read(object: &Object<'_>) -> Result<Line, Unreadable> {
        Ok(Line {
            path: object.path().to_owned(),
            quantity: object.decimal("Quantity")?,
            rate: object.decimal("Rate")?,
            vat_level: object.decimal("VATLevel")?,
            vat_amount: object.decimal("VATAmount")?,
            vat_exempt: object.flag("VATExempt")?.unwrap_or(false),
            nominal: object.id("NominalCode")?,
        })
    }
}

impl Payment {
    fn read(object: &Object<'_>) -> Result<Payment, Unreadable> {
        Ok(Payment { amount: object.decimal("Amount")?, vat_return: object.integer("VATReturnId")? })
    }
}

impl Row {
    pub(crate) fn read(object: &Object<'_>) -> Result<Row, Unreadable> {
        let reference = if object.has("CustomerReference") {
            Some(object.text("CustomerReference")?.unwrap_or_default())
        } else {
            None
        };
        Ok(Row { number: number(object)?, reference })
    }
}

fn number(object: &Object<'_>) -> Result<u32, Unreadable> {
    object.id("Number")?.ok_or_else(|| object.missing("Number"))
}
