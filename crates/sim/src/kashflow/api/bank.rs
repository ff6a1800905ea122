//! Bank accounts and the payments listed in them.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::call::Body;
use super::paging::{Page, envelope, envelope_with};
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::chart::{self, Class};
use crate::kashflow::day;
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
    let name = call.body.text("AccountName").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| ApiError::invalid("AccountName is required."))?;
    let code = call.body.int("Code")?.unwrap_or_else(|| free_code(&ledger));
    if ledger.banks.values().any(|own| own.code == code) {
        return Err(ApiError::refused("DuplicateNominalCode", format!("Nominal code {code} is in use.")));
    }
    if !ledger.nominals.contains_key(&code) {
        let id = ledger.fresh_id();
        let nominal =
            Nominal { id, code, name: name.clone(), class: Class::Bank, archived: false, extras: Extras::new() };
        ledger.nominals.insert(code, nominal);
    }
    let id = ledger.banks.keys().next_back().map_or(9_001, |highest| highest + 1);
    let mut own = BankAccount { id, name, code, ..BankAccount::default() };
    read(&call.body, &mut own)?;
    let body = write(&own, true);
    ledger.banks.insert(id, own);
    Ok(Reply::created(format!("/bankaccounts/{id}"), body))
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

/// The payments in a bank account, newest first unless `order` says otherwise.
///
/// Applied credits move no money and are not shown. `Balance` runs in the order of date and payment id.
pub fn transactions(account: &Account, call: &Call) -> Outcome {
    let page = Page::of(call, 10, usize::try_from(account.options().per_page_max).unwrap_or(usize::MAX))?;
    let (from, to) =
        (call.query_day("startdate")?.unwrap_or(Date::MIN), call.query_day("enddate")?.unwrap_or(Date::MAX));
    let ledger = account.ledger();
    let own = by_id(&ledger, call)?;
    let rows = own.rows(from, to);
    let picked = if call.descending(true) { page.of_reversed(&rows) } else { page.of_slice(&rows).to_vec() };
    let opening = from.yesterday().map_or(Decimal::ZERO, |day| own.balance_until(day));
    let more = vec![("OpeningBalance", opening.into()), ("ClosingBalance", own.balance_until(to).into())];
    let shown = picked.iter().filter_map(|row| {
        let invoice = ledger.invoices.get(row.invoice)?;
        let payment = invoice.payments.iter().find(|payment| payment.id == row.payment)?;
        let amount = invoice.in_home(payment.amount);
        let (paid_in, paid_out) =
            if amount < Decimal::ZERO { (Decimal::ZERO, -amount) } else { (amount, Decimal::ZERO) };
        Some(Json::object([
            ("Id", row.payment.into()),
            ("AccountId", own.id.into()),
            ("Date", day::print(row.date)),
            ("TransactionType", 1.into()),
            ("MoneyType", ledger.nominals.get(&chart::DEBTORS).map(|nominal| nominal.id).into()),
            ("Type", ledger.nominals.get(&chart::DEBTORS).map(|nominal| nominal.name.as_str()).into()),
            ("PaidIn", paid_in.into()),
            ("PaidOut", paid_out.into()),
            ("Comment", payment.note.as_deref().into()),
            ("VATAble", false.into()),
            ("VATRate", Decimal::ZERO.into()),
            ("VATAmount", Decimal::ZERO.into()),
            ("CustomerCode", invoice.contact_code.as_str().into()),
            ("CustomerName", ledger.customers.by_id(invoice.contact_id).map(|customer| customer.name.as_str()).into()),
            ("PaymentId", row.payment.into()),
            ("ResourceNumber", invoice.number.into()),
            ("Balance", balance_after(&ledger, own, row.date, row.payment).into()),
            ("Reconciled", false.into()),
            ("IsSystemGeneratedTransaction", false.into()),
        ]))
    });
    let shown = shown.collect();
    Ok(Reply::ok(envelope_with(account, call, page, rows.len(), shown, more)))
}

fn balance_after(ledger: &Ledger, own: &BankAccount, day: Date, payment: i64) -> Decimal {
    let before = day.yesterday().map_or(Decimal::ZERO, |yesterday| own.balance_until(yesterday));
    let same_day = own.rows(day, day).into_iter().take_while(|row| row.payment <= payment);
    let amounts = same_day.filter_map(|row| {
        let invoice = ledger.invoices.get(row.invoice)?;
        let payment = invoice.payments.iter().find(|own| own.id == row.payment)?;
        Some(invoice.in_home(payment.amount))
    });
    before + amounts.sum::<Decimal>()
}

fn chosen<'l>(ledger: &'l Ledger, call: &Call) -> impl Iterator<Item = &'l BankAccount> {
    let archived = call.query_flag("includeArchivedAccounts") == Some(true);
    ledger.banks.values().filter(move |own| archived || !own.archived)
}

fn by_id<'l>(ledger: &'l Ledger, call: &Call) -> Result<&'l BankAccount, ApiError> {
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
        ("IsBankEmpty", own.payments.all().is_empty().into()),
        ("Order", own.id.into()),
        ("DefaultInvoicePaymentType", method(default_method)),
        ("DefaultPurchasePaymentType", method(default_method)),
    ];
    if detail {
        members.extend(own.extras.iter().map(|(name, value)| (*name, value.clone())));
    }
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
