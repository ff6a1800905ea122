//! A journal as KashFlow shows it, in the list and by itself, and the body of a new one (the template model, BEHAVIOR 38).

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use super::object::{Object, Unreadable};

/// A journal with its lines, or a row of the list without.
#[derive(Debug)]
pub(crate) struct Journal {
    pub(crate) number: u32,
    pub(crate) on: Option<Date>,
    /// Where our marker is: `Note` by itself, `Comment` in the list.
    pub(crate) comment: Option<String>,
    pub(crate) vat_return: bool,
    pub(crate) lines: Vec<JournalLine>,
}

#[derive(Debug)]
pub(crate) struct JournalLine {
    pub(crate) path: String,
    pub(crate) nominal: Option<u32>,
    pub(crate) debit: Decimal,
    pub(crate) credit: Decimal,
}

impl Journal {
    pub(crate) fn read(object: &Object<'_>) -> Result<Journal, Unreadable> {
        let first_of = |names: [&str; 2]| -> Result<Option<String>, Unreadable> {
            for name in names {
                if let Some(text) = object.text(name)?.filter(|text| !text.is_empty()) {
                    return Ok(Some(text));
                }
            }
            Ok(None)
        };
        Ok(Journal {
            number: object.id("Number")?.ok_or_else(|| object.missing("Number"))?,
            on: match object.day("Date")? {
                Some(on) => Some(on),
                None => object.day("JournalDate")?,
            },
            comment: first_of(["Note", "Comment"])?,
            vat_return: object.integer("VATReturnId")?.is_some_and(|id| id != 0),
            lines: object.objects("LineItems")?.iter().map(JournalLine::read).collect::<Result<_, _>>()?,
        })
    }
}

impl JournalLine {
    fn read(object: &Object<'_>) -> Result<JournalLine, Unreadable> {
        Ok(JournalLine {
            path: object.path().to_owned(),
            nominal: object.id("NominalCode")?.filter(|code| *code != 0),
            debit: object.decimal("Debit")?.unwrap_or_default(),
            credit: object.decimal("Credit")?.unwrap_or_default(),
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewJournal {
    pub(crate) number: u32,
    pub(crate) date: String,
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) category: u8,
    pub(crate) line_items: Vec<NewJournalLine>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewJournalLine {
    pub(crate) nominal_code: u32,
    pub(crate) comment: String,
    pub(crate) debit: Box<RawValue>,
    pub(crate) credit: Box<RawValue>,
}
