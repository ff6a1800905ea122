//! A bulk payment: one payment over several documents.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use super::object::{Object, Unreadable};

#[derive(Debug)]
pub(crate) struct BulkPayment {
    pub(crate) number: u32,
    pub(crate) on: Option<Date>,
    pub(crate) comment: Option<String>,
    pub(crate) account: Option<u32>,
    pub(crate) items: Vec<BulkItem>,
}

#[derive(Debug)]
pub(crate) struct BulkItem {
    pub(crate) path: String,
    pub(crate) document: u32,
    pub(crate) amount: Decimal,
}

impl BulkPayment {
    pub(crate) fn read(object: &Object<'_>) -> Result<BulkPayment, Unreadable> {
        let item = |item: &Object<'_>| {
            Ok(BulkItem {
                path: item.path().to_owned(),
                document: item.id("ObjectNumber")?.ok_or_else(|| item.missing("ObjectNumber"))?,
                amount: item.decimal("Amount")?.ok_or_else(|| item.missing("Amount"))?,
            })
        };
        Ok(BulkPayment {
            number: object.id("Number")?.ok_or_else(|| object.missing("Number"))?,
            on: object.day("Date")?,
            comment: object.text("Comment")?,
            account: object.id("AccountId")?.filter(|id| *id != 0),
            items: object.objects("PaymentItems")?.iter().map(item).collect::<Result<_, _>>()?,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewBulkPayment {
    pub(crate) date: String,
    pub(crate) account_id: u32,
    pub(crate) method: u32,
    pub(crate) comment: String,
    pub(crate) payment_items: Vec<NewBulkItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewBulkItem {
    pub(crate) object_number: u32,
    pub(crate) amount: Box<RawValue>,
    pub(crate) paid_date: String,
}
