//! A row of a bank account's list, and the body of a new one.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use super::object::{Object, Unreadable};

/// A row of the list of one bank account.
#[derive(Clone, Debug)]
pub(crate) struct BankRow {
    pub(crate) path: String,
    pub(crate) id: i64,
    pub(crate) on: Option<Date>,
    pub(crate) paid_in: Decimal,
    pub(crate) paid_out: Decimal,
    pub(crate) comment: String,
    /// What it is against: an id or a code of a nominal (BEHAVIOR 35).
    pub(crate) money_type: Option<i64>,
    /// The name of that nominal or bank account.
    pub(crate) type_name: Option<String>,
    pub(crate) vatable: bool,
    pub(crate) vat_rate: Option<Decimal>,
    pub(crate) vat: Option<Decimal>,
    pub(crate) vat_return: Option<i64>,
    /// Whether it is the payment of a document or a line of a journal: those are looked for elsewhere.
    pub(crate) belongs_elsewhere: bool,
}

impl BankRow {
    pub(crate) fn read(object: &Object<'_>) -> Result<BankRow, Unreadable> {
        let kind = object.integer("TransactionType")?;
        let of_a_document = object.integer("ResourceNumber")?.is_some_and(|number| number != 0)
            || object.integer("PaymentId")?.is_some_and(|id| id != 0);
        Ok(BankRow {
            path: object.path().to_owned(),
            id: object.integer("Id")?.ok_or_else(|| object.missing("Id"))?,
            on: object.day("Date")?,
            paid_in: object.decimal("PaidIn")?.unwrap_or_default(),
            paid_out: object.decimal("PaidOut")?.unwrap_or_default(),
            comment: object.text("Comment")?.unwrap_or_default(),
            money_type: object.integer("MoneyType")?.filter(|id| *id != 0),
            type_name: object.text("Type")?.filter(|name| !name.is_empty()),
            vatable: object.flag("VATAble")?.unwrap_or(false),
            vat_rate: object.decimal("VATRate")?,
            vat: object.decimal("VATAmount")?,
            vat_return: object.integer("VATReturnId")?.filter(|id| *id != 0),
            belongs_elsewhere: of_a_document || matches!(kind, Some(1 | 2)),
        })
    }
}

/// The body of a bank transaction or a transfer. One of the two amounts is zero.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewBankRow {
    pub(crate) date: String,
    pub(crate) transaction_type: u8,
    pub(crate) money_type: i64,
    pub(crate) paid_in: Box<RawValue>,
    pub(crate) paid_out: Box<RawValue>,
    pub(crate) comment: String,
    #[serde(rename = "VATAble")]
    pub(crate) vatable: bool,
    #[serde(rename = "VATRate")]
    pub(crate) vat_rate: Box<RawValue>,
    #[serde(rename = "VATAmount")]
    pub(crate) vat_amount: Box<RawValue>,
}
