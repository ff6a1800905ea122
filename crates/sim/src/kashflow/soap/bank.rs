//! Bank accounts and bank transactions in the shape of the SOAP API.

use rust_decimal::Decimal;

use super::Asked;
use super::company::nominal_of;
use crate::kashflow::Account;
use crate::kashflow::api::{Body as _, bank as rest_accounts, transactions as rest};
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{BankTransaction, Ledger, Side};

type Outcome = Result<Json, ApiError>;

/// The bank accounts in use.
pub fn accounts(account: &Account, _: &Asked) -> Outcome {
    let ledger = account.ledger();
    let rows = ledger.banks.values().filter(|own| !own.archived).map(|own| {
        let (id, name, code) = (own.id.into(), own.name.as_str().into(), own.code.into());
        Json::object([("AccountID", id), ("AccountName", name), ("AccountCode", code)])
    });
    Ok(Json::List(rows.collect()))
}

/// Adds a bank account on a nominal code, 0 for a free one; gives its id.
pub fn create_account(account: &Account, asked: &Asked) -> Outcome {
    let code = asked.args.int("NominalCode")?.filter(|code| *code != 0);
    let body = Json::object([("AccountName", asked.args.text("AccountName").into()), ("Code", code.into())]);
    rest_accounts::file(&mut account.ledger(), &body).map(Json::Int)
}

/// What a bank account came to at the end of a day.
pub fn balance(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    let bank = ledger.bank(by_id_or_code(&ledger, asked.args.int("AccountID")?.unwrap_or_default())?)?;
    let day = asked.args.day("BalanceDate")?.unwrap_or_else(|| account.today());
    Ok(bank.balance_until(day).into())
}

/// What a bank transaction can be raised against: every nominal code in use.
pub fn transaction_types(account: &Account, _: &Asked) -> Outcome {
    let ledger = account.ledger();
    let rows = ledger.nominals.values().filter(|own| !own.archived).map(|own| {
        let (id, name, code) = (own.id.into(), own.name.as_str().into(), own.code.into());
        Json::object([("TypeID", id), ("TypeName", name), ("TypeCode", code)])
    });
    Ok(Json::List(rows.collect()))
}

/// Files a bank transaction, or a transfer if it is against another bank account; gives its id.
pub fn insert(account: &Account, asked: &Asked) -> Outcome {
    let sent = sent(asked)?;
    let mut ledger = account.ledger();
    let bank = ledger.bank(by_id_or_code(&ledger, sent.int("accid")?.unwrap_or_default())?)?.id;
    let blank = BankTransaction::plain(0, bank, account.today(), 0, Decimal::ZERO, String::new());
    let mut own = read(&ledger, sent, blank)?;
    own.id = ledger.fresh_id();
    let id = own.id;
    ledger.put_transaction(own);
    Ok(id.into())
}

/// Replaces a bank transaction, found by its id.
pub fn update(account: &Account, asked: &Asked) -> Outcome {
    let sent = sent(asked)?;
    let mut ledger = account.ledger();
    let old = found(&ledger, sent.int("ID")?.unwrap_or_default())?.clone();
    rest::refuse_locked(&ledger, &old)?;
    let own = read(&ledger, sent, old)?;
    ledger.put_transaction(own);
    Ok("Updated".into())
}

/// Deletes a bank transaction by its id.
pub fn delete(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let own = found(&ledger, asked.args.int("TransactionID")?.unwrap_or_default())?;
    rest::refuse_locked(&ledger, own)?;
    let id = own.id;
    ledger.take_out_transaction(id);
    Ok(Json::Flag(true))
}

/// The stand-alone transactions of a bank account: no payments of invoices or purchases.
pub fn transactions(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    let bank = by_id_or_code(&ledger, asked.args.int("AccountID")?.unwrap_or_default())?;
    let hidden = ledger.recent.made_after(asked.seen_until);
    let here = ledger.transactions.values().filter(|own| own.account == bank || own.other_account == Some(bank));
    Ok(Json::List(here.filter(|own| !hidden.contains(&own.id)).map(|own| shown(&ledger, own, bank)).collect()))
}

fn sent(asked: &Asked) -> Result<&Json, ApiError> {
    asked.args.get("bp").ok_or_else(|| ApiError::invalid("bp is missing"))
}

fn found(ledger: &Ledger, id: i64) -> Result<&BankTransaction, ApiError> {
    let found = ledger.transactions.get(&id);
    found.ok_or_else(|| ApiError::invalid(format!("There is no bank transaction with id {id}")))
}

/// The bank account meant: the vendor's comments call the same number an id and a nominal code, so either is taken if only one
/// of the two matches.
fn by_id_or_code(ledger: &Ledger, key: i64) -> Result<i64, ApiError> {
    match (ledger.banks.get(&key), ledger.bank_of_nominal(key)) {
        (Some(own), None) | (None, Some(own)) => Ok(own.id),
        (Some(own), Some(other)) if own.id == other.id => Ok(own.id),
        _ => Err(ApiError::invalid(format!("There is no bank account {key}, or more than one"))),
    }
}

fn read(ledger: &Ledger, sent: &Json, mut own: BankTransaction) -> Result<BankTransaction, ApiError> {
    rest::aim(ledger, &mut own, nominal_of(ledger, sent.int("TransactionType")?.unwrap_or_default())?)?;
    let code = |side: Side, name: &str| -> Result<Json, ApiError> {
        let Some(id) = sent.int(name)?.filter(|id| *id != 0) else { return Ok(Json::Null) };
        let contact = ledger[side].contacts.by_id(id);
        contact
            .map(|own| own.code.as_str().into())
            .ok_or_else(|| ApiError::invalid(format!("{name} {id} does not exist")))
    };
    let value = |name: &str| sent.get(name).cloned().unwrap_or(Json::Null);
    let project = sent.int("ProjectID")?.filter(|project| *project != 0);
    let body = Json::object([
        ("Date", value("TransactionDate")),
        ("PaidIn", value("moneyin")),
        ("PaidOut", value("moneyout")),
        ("VATAble", (sent.int("Vatable")? == Some(1)).into()),
        ("VATRate", value("VatRate")),
        ("VATAmount", value("VatAmount")),
        ("Comment", sent.text("Comment").unwrap_or_default().into()),
        ("ProjectNumber", project.into()),
        ("CustomerCode", code(Side::Sales, "CustomerId")?),
        ("SupplierCode", code(Side::Purchases, "SupplierId")?),
    ]);
    rest::read(ledger, &body, &mut own)?;
    rest::refuse_locked(ledger, &own)?;
    Ok(own)
}

fn shown(ledger: &Ledger, own: &BankTransaction, bank: i64) -> Json {
    let far = own.other_account == Some(bank);
    let amount = if far { -own.amount } else { own.amount };
    let against = if far { ledger.banks.get(&own.account).map_or(0, |entered| entered.code) } else { own.nominal };
    Json::object([
        ("ID", own.id.into()),
        ("accid", bank.into()),
        ("TransactionDate", format!("{}T00:00:00", own.date).into()),
        ("moneyin", amount.max(Decimal::ZERO).into()),
        ("moneyout", (-amount).max(Decimal::ZERO).into()),
        ("Vatable", i64::from(own.vatable).into()),
        ("VatRate", own.vat_level.into()),
        ("VatAmount", own.vat.abs().into()),
        ("TransactionType", ledger.nominals.get(&against).map(|nominal| nominal.id).into()),
        ("Comment", own.comment.as_str().into()),
        ("ProjectID", own.extras.get("ProjectNumber").cloned().unwrap_or(Json::Null)),
        ("CustomerId", own.customer_id.into()),
        ("SupplierId", own.supplier_id.into()),
    ])
}
