//! The list of a bank account, its bank transactions and its transfers.
//!
//! The list has rows of every kind: payments of invoices and purchases, bank transactions, both halves of transfers, journal
//! lines on the account. Only bank transactions and transfers are made, changed and deleted here.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::bank::by_id;
use super::bank_rows as rows;
use super::call::Body;
use super::paging::{Page, envelope_with};
use super::{Call, Outcome, Reply};
use crate::MoneyType;
use crate::kashflow::Account;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{BankRow, BankTransaction, Ledger, Nominal, Origin, Side, round, to_pence};

/// A page of the account's rows, newest first unless `order` says otherwise. Applied credits move no money and are not shown.
///
/// `OpeningBalance` and `ClosingBalance` are those of the window asked for; `Balance` runs in the order of date and id.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let page = Page::of(call, 10, usize::try_from(account.options().per_page_max).unwrap_or(usize::MAX))?;
    let (from, to) =
        (call.query_day("startdate")?.unwrap_or(Date::MIN), call.query_day("enddate")?.unwrap_or(Date::MAX));
    let ledger = account.ledger();
    let own = by_id(&ledger, call)?;
    let opening = from.yesterday().map_or(Decimal::ZERO, |day| own.balance_until(day));
    let more = vec![("OpeningBalance", opening.into()), ("ClosingBalance", own.balance_until(to).into())];
    let descending = call.descending(true);
    let pick = |all: &[BankRow]| if descending { page.of_reversed(all) } else { page.of_slice(all).to_vec() };
    let hidden = ledger.recent.made_after(call.seen_until);
    let narrowed =
        ["searchtext", "reconciled", "includejournals", "includebulk"].iter().any(|name| call.query(name).is_some());
    let all = own.rows(from, to);
    let (total, picked) = if narrowed || !hidden.is_empty() || account.options().shuffle_ties {
        let mut found: Vec<BankRow> = all.iter().copied().filter(|row| !hidden.contains(&row.id)).collect();
        found.retain(|row| rows::passes(&ledger, row, call));
        if account.options().shuffle_ties {
            account.shuffle_ties(&mut found);
        }
        (found.len(), pick(&found))
    } else {
        (all.len(), pick(all))
    };
    let balances = own.balances_after(&picked);
    let balance = |row: &BankRow| balances.get(&row.id).copied().unwrap_or_default();
    let shown = picked.iter().map(|row| rows::write(&ledger, own, row, balance(row))).collect();
    Ok(Reply::ok(envelope_with(account, call, page, total, shown, more)))
}

/// One row.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let id = call.number(3, "The bank transaction")?;
    row(&ledger, call, id).map(Reply::ok)
}

/// Makes a bank transaction, or a transfer if `MoneyType` is another bank account.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let bank = ledger.bank(by_id(&ledger, call)?.id)?.id;
    let mut own = BankTransaction::plain(0, bank, account.today(), 0, Decimal::ZERO, String::new());
    read(&ledger, &call.body, &mut own)?;
    refuse_locked(&ledger, &own)?;
    own.id = ledger.fresh_id();
    let id = own.id;
    ledger.put_transaction(own);
    let body = row(&ledger, call, id)?;
    Ok(Reply::created(format!("/bankaccounts/{bank}/transactions/{id}"), body))
}

/// Changes a bank transaction or transfer. What the body does not say stays.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let mut own = found(&ledger, call)?.clone();
    refuse_locked(&ledger, &own)?;
    // From the far account of a transfer money in is money out.
    let far = own.other_account == Some(by_id(&ledger, call)?.id);
    if far && (call.body.get("PaidIn").is_some() || call.body.get("PaidOut").is_some()) {
        return Err(ApiError::invalid("Change the amount of a transfer on the account that it was entered on."));
    }
    read(&ledger, &call.body, &mut own)?;
    refuse_locked(&ledger, &own)?;
    let id = own.id;
    ledger.put_transaction(own);
    row(&ledger, call, id).map(Reply::ok)
}

/// Deletes a bank transaction, or both halves of a transfer.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let own = found(&ledger, call)?;
    refuse_locked(&ledger, own)?;
    let id = own.id;
    ledger.take_out_transaction(id);
    Ok(Reply::done())
}

fn found<'l>(ledger: &'l Ledger, call: &Call) -> Result<&'l BankTransaction, ApiError> {
    let (bank, id) = (by_id(ledger, call)?.id, call.number(3, "The bank transaction")?);
    let missing = || ApiError::not_found("The bank transaction");
    let here = |own: &&BankTransaction| own.account == bank || own.other_account == Some(bank);
    if let Some(own) = ledger.transactions.get(&id).filter(here) {
        return Ok(own);
    }
    let row = ledger.banks.get(&bank).and_then(|own| own.row(id)).ok_or_else(missing)?;
    let what = match row.origin {
        Origin::Payment { side, number } => format!("a payment of {} {number}", side.document()),
        _ => "part of a journal".to_owned(),
    };
    Err(ApiError::refused("NotABankTransaction", format!("Transaction {id} is {what} and is changed there.")))
}

fn row(ledger: &Ledger, call: &Call, id: i64) -> Result<Json, ApiError> {
    let bank = by_id(ledger, call)?;
    let row = bank.row(id).ok_or_else(|| ApiError::not_found("The bank transaction"))?;
    let balance = bank.balances_after(&[row]).get(&id).copied().unwrap_or_default();
    Ok(rows::write(ledger, bank, &row, balance))
}

/// Refuses to make, change or delete a bank transaction inside a lock of the company, of a VAT return or of an account it moves.
pub fn refuse_locked(ledger: &Ledger, own: &BankTransaction) -> Result<(), ApiError> {
    if own.other_account.is_none() {
        ledger.refuse_locked(own.date)?;
    }
    ledger.refuse_bank_locked(own.account, own.date)?;
    own.other_account.map_or(Ok(()), |other| ledger.refuse_bank_locked(other, own.date))
}

/// Takes over what `body` says about a bank transaction.
pub fn read(ledger: &Ledger, body: &Json, own: &mut BankTransaction) -> Result<(), ApiError> {
    if let Some(date) = body.day("Date")? {
        own.date = date;
    }
    if let Some(money_type) = body.int("MoneyType")?.filter(|money_type| *money_type != 0) {
        aim(ledger, own, by_money_type(ledger, money_type)?)?;
    }
    if own.nominal == 0 {
        return Err(ApiError::invalid("MoneyType is required."));
    }
    if let Some(amount) = amount(body)? {
        own.amount = amount;
    }
    if own.amount.is_zero() {
        return Err(ApiError::invalid("PaidIn or PaidOut is required."));
    }
    if let Some(comment) = body.text("Comment") {
        own.comment = comment;
    }
    read_vat(ledger, body, own)?;
    for (side, name) in [(Side::Sales, "CustomerCode"), (Side::Purchases, "SupplierCode")] {
        if let Some(code) = body.text(name).filter(|code| !code.is_empty()) {
            let known = ledger[side].contacts.by_code(&code);
            let contact = known.ok_or_else(|| ApiError::invalid(format!("{name} {code} does not exist.")))?;
            own.set_contact(side, Some(contact.id));
        }
    }
    for name in rows::KEPT {
        if let Some(value) = body.get(name) {
            own.extras.insert(name, value.clone());
        }
    }
    Ok(())
}

/// Raises a transaction against this nominal code: one of another bank account makes it a transfer.
pub fn aim(ledger: &Ledger, own: &mut BankTransaction, nominal: i64) -> Result<(), ApiError> {
    let other = ledger.bank_of_nominal(nominal);
    if other.is_some_and(|other| other.id == own.account) {
        return Err(ApiError::invalid("A bank transaction cannot be against its own account."));
    }
    if other.is_some_and(|other| other.archived) {
        return Err(ApiError::invalid(format!("The bank account with nominal code {nominal} is archived.")));
    }
    own.nominal = nominal;
    own.other_account = other.map(|other| other.id);
    Ok(())
}

fn by_money_type(ledger: &Ledger, money_type: i64) -> Result<i64, ApiError> {
    let is_it = |own: &&Nominal| match ledger.options().money_type {
        MoneyType::NominalId => own.id == money_type,
        MoneyType::NominalCode => own.code == money_type,
    };
    let known = ledger.nominals.values().find(is_it).filter(|own| !own.archived);
    known.map(|own| own.code).ok_or_else(|| ApiError::invalid(format!("MoneyType {money_type} does not exist.")))
}

/// The amount sent: in above 0, out below; `None` if neither is sent.
fn amount(body: &Json) -> Result<Option<Decimal>, ApiError> {
    let (paid_in, paid_out) = (body.amount("PaidIn")?, body.amount("PaidOut")?);
    if paid_in.is_none() && paid_out.is_none() {
        return Ok(None);
    }
    let (paid_in, paid_out) = (round(paid_in.unwrap_or_default(), 4), round(paid_out.unwrap_or_default(), 4));
    if paid_in.is_sign_negative() && !paid_in.is_zero() || paid_out.is_sign_negative() && !paid_out.is_zero() {
        return Err(ApiError::invalid("PaidIn and PaidOut must not be negative."));
    }
    if !paid_in.is_zero() && !paid_out.is_zero() {
        return Err(ApiError::invalid("Either PaidIn or PaidOut, not both."));
    }
    Ok(Some(paid_in - paid_out))
}

/// VAT is inside the amount: as given, else computed, half away from zero.
fn read_vat(ledger: &Ledger, body: &Json, own: &mut BankTransaction) -> Result<(), ApiError> {
    if let Some(vatable) = body.flag("VATAble")? {
        own.vatable = vatable;
    }
    if let Some(level) = body.amount("VATRate")? {
        own.vat_level = level;
    }
    if !own.vatable {
        (own.vat_level, own.vat) = (Decimal::ZERO, Decimal::ZERO);
        return Ok(());
    }
    if own.other_account.is_some() {
        return Err(ApiError::invalid("A transfer between bank accounts has no VAT."));
    }
    if !ledger.has_vat_level(own.vat_level) {
        return Err(ApiError::invalid(format!("VAT rate {} does not exist on this account.", own.vat_level)));
    }
    let computed = || to_pence(own.amount * own.vat_level / (Decimal::ONE_HUNDRED + own.vat_level));
    let sign = if own.amount.is_sign_negative() { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    own.vat = body.amount("VATAmount")?.map_or_else(computed, |vat| round(vat.abs(), 4) * sign);
    if own.vat.abs() > own.amount.abs() {
        return Err(ApiError::invalid("VATAmount is more than the amount it is in."));
    }
    Ok(())
}
