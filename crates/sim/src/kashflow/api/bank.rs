//! Bank accounts.

use super::call::Body;
use super::paging::{Page, envelope};
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::chart::{self, Class};
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{BankAccount, Extras, Ledger, Nominal};

/// All bank accounts, as a bare array.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    Ok(Reply::ok(Json::List(chosen(&ledger, call).map(|own| write(own, false)).collect())))
}

/// All bank accounts, paged.
pub fn page(account: &Account, call: &Call) -> Outcome {
    let page = Page::of(call, 1000, usize::MAX)?;
    let ledger = account.ledger();
    let all: Vec<&BankAccount> = chosen(&ledger, call).collect();
    let rows = page.of_slice(&all).iter().map(|own| write(own, false)).collect();
    Ok(Reply::ok(envelope(account, call, page, all.len(), rows)))
}

/// One bank account in full.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    Ok(Reply::ok(write(by_id(&ledger, call)?, true)))
}

/// A nominal code that is free for a new bank account, as a bare integer.
pub fn suggested_code(account: &Account, _: &Call) -> Outcome {
    Ok(Reply::ok(free_code(&account.ledger()).into()))
}

/// Creates a bank account and its nominal code.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let id = file(&mut ledger, &call.body)?;
    let own = ledger.banks.get(&id).ok_or_else(|| ApiError::not_found("The bank account"))?;
    Ok(Reply::created(format!("/bankaccounts/{id}"), write(own, true)))
}

/// Files what `body` says as a new bank account. Gives its id.
pub fn file(ledger: &mut Ledger, body: &Json) -> Result<i64, ApiError> {
    let name = body.text("AccountName").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| ApiError::invalid("AccountName is required."))?;
    let code = body.int("Code")?.unwrap_or_else(|| free_code(ledger));
    if ledger.bank_of_nominal(code).is_some() {
        return Err(ApiError::refused("DuplicateNominalCode", format!("Nominal code {code} is in use.")));
    }
    if ledger.balances.contains_key(&code) {
        return Err(ApiError::invalid(format!("Nominal code {code} has transactions of its own.")));
    }
    let id = ledger.fresh_id();
    let mut own = BankAccount::new(id, name.clone(), code);
    read(body, &mut own)?;
    if !ledger.nominals.contains_key(&code) {
        let id = ledger.fresh_id();
        let nominal = Nominal { id, code, name, class: Class::Bank, archived: false, extras: Extras::new() };
        ledger.nominals.insert(code, nominal);
    }
    ledger.banks.insert(id, own);
    Ok(id)
}

/// Changes a bank account, for example its lock date.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let mut own = by_id(&ledger, call)?.clone();
    if let Some(name) = call.body.text("AccountName") {
        own.name = name;
    }
    read(&call.body, &mut own)?;
    let body = write(&own, true);
    ledger.banks.insert(own.id, own);
    Ok(Reply::ok(body))
}

/// Deletes a bank account in which nothing moves.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let own = by_id(&ledger, call)?;
    if !own.is_empty() {
        return Err(ApiError::refused("BankAccountInUse", "The bank account has transactions and cannot be deleted."));
    }
    let (id, code) = (own.id, own.code);
    ledger.banks.remove(&id);
    if let Some(nominal) = ledger.nominals.get_mut(&code) {
        nominal.archived = true;
    }
    Ok(Reply::done())
}

fn chosen<'l>(ledger: &'l Ledger, call: &Call) -> impl Iterator<Item = &'l BankAccount> {
    let archived = call.query_flag("includeArchivedAccounts") == Some(true);
    ledger.banks.values().filter(move |own| archived || !own.archived)
}

pub fn by_id<'l>(ledger: &'l Ledger, call: &Call) -> Result<&'l BankAccount, ApiError> {
    let id = call.number(1, "The bank account")?;
    ledger.banks.get(&id).ok_or_else(|| ApiError::not_found("The bank account"))
}

fn free_code(ledger: &Ledger) -> i64 {
    (1201..).find(|code| !ledger.nominals.contains_key(code)).unwrap_or(1201)
}

/// Properties that are kept and given back.
const KEPT: &[&str] = &["Note", "IncludeOnDashBoard", "StartingDate", "StartingAmount", "IconId", "Period"];

fn read(body: &Json, own: &mut BankAccount) -> Result<(), ApiError> {
    if let Some(archived) = body.flag("IsArchived")? {
        own.archived = archived;
    }
    match (body.flag("TransactionLockEnabled")?, body.day("TransactionLockDate")?) {
        (Some(false), _) => own.locked_until = None,
        (_, Some(until)) => own.locked_until = Some(until),
        (_, None) => {}
    }
    for name in KEPT {
        if let Some(value) = body.get(name) {
            own.extras.insert(name, value.clone());
        }
    }
    Ok(())
}

fn write(own: &BankAccount, detail: bool) -> Json {
    let method = |id: i64| {
        let name = chart::PAYMENT_METHODS.iter().find(|(method, _)| *method == id).map_or("", |(_, name)| name);
        Json::object([("Id", id.into()), ("Name", name.into())])
    };
    let amazon = own.name.starts_with("Amazon");
    let default_method = if amazon { chart::AMAZON_METHOD } else { 700_103 };
    let mut members: Vec<(&'static str, Json)> = vec![
        ("Id", own.id.into()),
        ("AccountName", own.name.as_str().into()),
        ("Code", own.code.into()),
        ("IsDefaultAccount", (own.code == 1200).into()),
        ("TransactionLockEnabled", own.locked_until.is_some().into()),
        ("TransactionLockDate", own.locked_until.map_or("1900-01-01".into(), |until| until.to_string().into())),
        ("ReconcileDate", "1900-01-01".into()),
        ("IsArchived", own.archived.into()),
        ("FeedAccountNumber", "".into()),
        ("FeedSiteName", "".into()),
        ("LastTransactionImportDate", Json::Null),
        ("BankFeedsAccountId", 0.into()),
        ("BankBalance", own.balance().into()),
        ("IsBankEmpty", own.is_empty().into()),
        ("Order", own.id.into()),
        ("DefaultInvoicePaymentType", method(default_method)),
        ("DefaultPurchasePaymentType", method(default_method)),
    ];
    if detail {
        members.extend(own.extras.iter().map(|(name, value)| (*name, value.clone())));
    }
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
