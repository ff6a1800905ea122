//! A row of a bank account's list, written to an answer.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::Call;
use crate::MoneyType;
use crate::kashflow::day;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{BankAccount, BankRow, BankTransaction, Ledger, Origin, Payment, Side};

/// Properties of a bank transaction that are kept and given back.
pub const KEPT: &[&str] = &["ProjectNumber", "Disallowed", "BFSTransactionId"];

/// The other half of a transfer, seen from the account it was not entered on.
const FAR_HALF: i64 = 6;

/// Whether the filters of `call` let a row through.
pub fn passes(ledger: &Ledger, row: &BankRow, call: &Call) -> bool {
    // Nothing is ever reconciled here.
    if call.query_flag("reconciled") == Some(true) {
        return false;
    }
    let journal = matches!(row.origin, Origin::Journal { .. });
    if journal && call.query_flag("includejournals") == Some(false) {
        return false;
    }
    let in_bulk = payment(ledger, row).is_some_and(|(_, payment)| payment.bulk.is_some());
    if in_bulk && call.query_flag("includebulk") == Some(false) {
        return false;
    }
    let Some(text) = call.query("searchtext") else { return true };
    comment(ledger, row).is_some_and(|comment| comment.to_lowercase().contains(&text.to_lowercase()))
}

/// The row as `bank` lists it.
pub fn write(ledger: &Ledger, bank: &BankAccount, row: &BankRow, balance: Decimal) -> Json {
    let mut members = vec![
        ("Id", row.id.into()),
        ("Date", day::print(row.date)),
        ("PaidIn", row.amount.max(Decimal::ZERO).into()),
        ("PaidOut", (-row.amount).max(Decimal::ZERO).into()),
        ("Comment", comment(ledger, row).into()),
        ("Balance", balance.into()),
        ("Reconciled", false.into()),
        ("IsSystemGeneratedTransaction", false.into()),
    ];
    match row.origin {
        Origin::Payment { side, number } => members.extend(of_payment(ledger, bank, row, side, number)),
        Origin::Journal { number } => members.extend([
            ("AccountId", bank.id.into()),
            ("MoneyType", 0.into()),
            ("Type", "Journal".into()),
            ("ResourceNumber", number.into()),
            ("VATReturnId", ledger.vat_return_of(row.date).into()),
        ]),
        Origin::BankTransaction | Origin::Transfer | Origin::Invoice { .. } => {
            if let Some(own) = ledger.transactions.get(&row.id) {
                members.extend(of_transaction(ledger, bank, own));
            }
        }
    }
    Json::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
}

fn of_payment(
    ledger: &Ledger,
    bank: &BankAccount,
    row: &BankRow,
    side: Side,
    number: i64,
) -> Vec<(&'static str, Json)> {
    let contact = ledger[side].invoices.get(number);
    let contact = contact.and_then(|own| ledger[side].contacts.by_id(own.contact_id));
    let (code, name) = contact_names(side);
    let transaction_type = match side {
        Side::Sales => 1,
        Side::Purchases => 2,
    };
    vec![
        ("AccountId", bank.id.into()),
        ("TransactionType", transaction_type.into()),
        ("MoneyType", money_type(ledger, side.control())),
        ("Type", name_of(ledger, side.control())),
        ("VATAble", false.into()),
        ("VATRate", Decimal::ZERO.into()),
        ("VATAmount", Decimal::ZERO.into()),
        (code, contact.map(|own| own.code.as_str()).into()),
        (name, contact.map(|own| own.name.as_str()).into()),
        ("PaymentId", row.id.into()),
        ("ResourceNumber", number.into()),
    ]
}

fn of_transaction(ledger: &Ledger, bank: &BankAccount, own: &BankTransaction) -> Vec<(&'static str, Json)> {
    let far = own.other_account == Some(bank.id);
    let against = if far { ledger.banks.get(&own.account).map_or(0, |entered| entered.code) } else { own.nominal };
    let name = match ledger.bank_of_nominal(against) {
        Some(other) => other.name.as_str().into(),
        None => name_of(ledger, against),
    };
    let in_return = ledger.vat_return_of(own.date).filter(|_| own.other_account.is_none());
    let mut members = vec![
        ("AccountId", own.account.into()),
        ("TransactionType", if far { FAR_HALF } else { 0 }.into()),
        ("MoneyType", money_type(ledger, against)),
        ("Type", name),
        ("VATAble", own.vatable.into()),
        ("VATRate", own.vat_level.into()),
        ("VATAmount", own.vat.abs().into()),
        ("VATReturnId", in_return.into()),
    ];
    for side in Side::BOTH {
        let contact = own.contact(side).and_then(|id| ledger[side].contacts.by_id(id));
        let (code, name) = contact_names(side);
        members.push((code, contact.map(|own| own.code.as_str()).into()));
        members.push((name, contact.map(|own| own.name.as_str()).into()));
    }
    members.extend(KEPT.iter().filter_map(|name| Some((*name, own.extras.get(name)?.clone()))));
    members
}

fn comment(ledger: &Ledger, row: &BankRow) -> Option<String> {
    match row.origin {
        Origin::Journal { number } => {
            let journal = ledger.journals.get(&number)?;
            let line = journal.lines.iter().find(|line| line.id == row.id);
            line.and_then(|line| line.comment.clone()).or_else(|| Some(journal.note.clone()))
        }
        Origin::Payment { .. } => payment(ledger, row)?.1.note.clone(),
        _ => Some(ledger.transactions.get(&row.id)?.comment.clone()),
    }
}

fn payment<'l>(ledger: &'l Ledger, row: &BankRow) -> Option<(Side, &'l Payment)> {
    let Origin::Payment { side, number } = row.origin else { return None };
    let invoice = ledger[side].invoices.get(number)?;
    Some((side, invoice.payments.iter().find(|own| own.id == row.id)?))
}

fn money_type(ledger: &Ledger, nominal: i64) -> Json {
    match ledger.options().money_type {
        MoneyType::NominalId => ledger.nominals.get(&nominal).map(|own| own.id).into(),
        MoneyType::NominalCode => nominal.into(),
    }
}

fn name_of(ledger: &Ledger, nominal: i64) -> Json {
    ledger.nominals.get(&nominal).map(|own| own.name.as_str()).into()
}

fn contact_names(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Sales => ("CustomerCode", "CustomerName"),
        Side::Purchases => ("SupplierCode", "SupplierName"),
    }
}
