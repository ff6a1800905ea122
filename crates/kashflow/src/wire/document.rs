//! An invoice or a bill as KashFlow shows it: one shape, other names for the other side. Only the number is certain to be there; list
//! rows are summaries without lines.

use jiff::civil::Date;
use model::Series;
use rust_decimal::Decimal;

use super::object::{Object, Unreadable};

/// What the fields of a document are called, by series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// The route.
    pub(crate) route: &'static str,
    /// In sentences.
    pub(crate) noun: &'static str,
    /// The field with the code of the other side.
    pub(crate) party: &'static str,
    /// The field with our reference.
    pub(crate) reference: &'static str,
    /// Reads a row of the list.
    pub(crate) row: fn(&Object<'_>) -> Result<Row, Unreadable>,
}

pub(crate) static INVOICES: Names = Names {
    route: "invoices",
    noun: "invoice",
    party: "CustomerCode",
    reference: "CustomerReference",
    row: Row::invoice,
};
pub(crate) static PURCHASES: Names = Names {
    route: "purchases",
    noun: "bill",
    party: "SupplierCode",
    reference: "SupplierReference",
    row: Row::purchase,
};

/// A document with its lines.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) number: u32,
    pub(crate) id: Option<i64>,
    pub(crate) party: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) issued_on: Option<Date>,
    pub(crate) currency: Option<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) net: Option<Decimal>,
    pub(crate) vat: Option<Decimal>,
    pub(crate) paid: Option<Decimal>,
    pub(crate) due: Option<Decimal>,
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
    pub(crate) path: String,
    pub(crate) id: Option<i64>,
    pub(crate) account: Option<u32>,
    pub(crate) amount: Option<Decimal>,
    pub(crate) on: Option<Date>,
    pub(crate) note: Option<String>,
    /// The bulk payment that it is a part of.
    pub(crate) bulk: Option<u32>,
    /// Whether it is a credit note that was set off.
    pub(crate) credit: bool,
    pub(crate) vat_return: Option<i64>,
}

/// A row of the list.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u32,
    /// `None` if the row does not have the field at all: then only the document itself tells. As for the day.
    pub(crate) reference: Option<String>,
    pub(crate) on: Option<Date>,
}

impl Names {
    pub(crate) fn of(series: Series) -> Option<&'static Names> {
        match series {
            Series::Sales => Some(&INVOICES),
            Series::Purchases => Some(&PURCHASES),
            Series::Journals => None,
        }
    }
}

impl Document {
    pub(crate) fn read(object: &Object<'_>, names: &Names) -> Result<Document, Unreadable> {
        let currency = match object.object("Currency")? {
            Some(currency) => currency.text("Code")?.filter(|code| !code.is_empty()),
            None => None,
        };
        Ok(Document {
            number: number(object)?,
            id: object.integer("Id")?,
            party: object.text(names.party)?,
            reference: object.text(names.reference)?,
            issued_on: object.day("IssuedDate")?,
            currency,
            lines: object.objects("LineItems")?.iter().map(Line::read).collect::<Result<_, _>>()?,
            payments: object.objects("PaymentLines")?.iter().map(Payment::read).collect::<Result<_, _>>()?,
            net: object.decimal("NetAmount")?,
            vat: object.decimal("VATAmount")?,
            paid: object.decimal("TotalPaidAmount")?,
            due: object.decimal("DueAmount")?,
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
        Ok(Payment {
            path: object.path().to_owned(),
            id: object.integer("Id")?.filter(|id| *id != 0),
            account: object.id("AccountId")?.filter(|id| *id != 0),
            amount: object.decimal("Amount")?,
            // What cannot be read here decides nothing: it counts as not told.
            on: object.day("Date").unwrap_or_default(),
            note: object.text("Note")?,
            bulk: object.id("BulkPaymentNumber").unwrap_or_default().filter(|number| *number != 0),
            credit: object.flag("IsPaymentCreditNote")?.unwrap_or(false),
            vat_return: object.integer("VATReturnId")?,
        })
    }
}

impl Row {
    pub(crate) fn invoice(object: &Object<'_>) -> Result<Row, Unreadable> {
        Row::read(object, &INVOICES)
    }

    pub(crate) fn purchase(object: &Object<'_>) -> Result<Row, Unreadable> {
        Row::read(object, &PURCHASES)
    }

    fn read(object: &Object<'_>, names: &Names) -> Result<Row, Unreadable> {
        let reference =
            if object.has(names.reference) { Some(object.text(names.reference)?.unwrap_or_default()) } else { None };
        Ok(Row { number: number(object)?, reference, on: object.day("IssuedDate").unwrap_or_default() })
    }
}

fn number(object: &Object<'_>) -> Result<u32, Unreadable> {
    object.id("Number")?.ok_or_else(|| object.missing("Number"))
}
