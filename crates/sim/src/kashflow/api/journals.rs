//! Journals: list rows without lines, the detail with them, create, change, delete.
//!
//! The body is that of the vendor's published template model. What a real account takes is not known.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::call::Body;
use super::paging::{Page, envelope};
use super::{Call, Outcome, Reply};
use crate::NumberMode;
use crate::kashflow::Account;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Extras, Journal, JournalLine, Ledger, round};

/// Numbers beyond this are refused: the vendor's are 32-bit.
const NUMBER_MAX: i64 = 2_147_483_647;

/// Properties that are kept and given back, with what they are when nobody set them.
const KEPT: &[(&str, Json)] =
    &[("ExcludedFromProfitAndLoss", Json::Flag(false)), ("TradeBorderType", Json::Text(Cow::Borrowed("Domestic")))];

/// The kinds of journal by their number.
const CATEGORIES: [&str; 8] =
    ["Standard", "Year End", "Prepayment and Accruals", "Depreciation", "Wages", "VAT", "VAT MOSS", "FRS Adjustment"];

/// A page of summaries, newest number first unless `order` says otherwise.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let page = Page::of(call, 50, usize::try_from(account.options().per_page_max).unwrap_or(usize::MAX))?;
    let ledger = account.ledger();
    let hidden = ledger.recent.made_after(call.seen_until);
    let shown = |own: &&Journal| !hidden.contains(&own.id);
    let total = if hidden.is_empty() { ledger.journals.len() } else { ledger.journals.values().filter(shown).count() };
    let pick = |all: &mut dyn Iterator<Item = &Journal>| -> Vec<Json> {
        all.filter(shown).skip(page.skipped()).take(page.size).map(|own| row(&ledger, own)).collect()
    };
    let rows = if call.descending(true) {
        pick(&mut ledger.journals.values().rev())
    } else {
        pick(&mut ledger.journals.values())
    };
    Ok(Reply::ok(envelope(account, call, page, total, rows)))
}

/// One journal with its lines.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    Ok(Reply::ok(detail(&ledger, by_number(&ledger, call)?)))
}

/// Creates a journal.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let (number, replaces) = number_for(&ledger, number_sent(&call.body)?)?;
    let mut journal = Journal {
        id: 0,
        number,
        name: String::new(),
        date: account.today(),
        note: String::new(),
        category: 0,
        lines: Vec::new(),
        extras: Extras::new(),
    };
    read(&call.body, &mut journal)?;
    file(&mut ledger, journal, replaces)?;
    let body = detail(&ledger, ledger.journals.get(&number).ok_or_else(missing)?);
    Ok(Reply::created(format!("/journals/{number}"), body))
}

/// Changes a journal; 201 when its number changed.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let old = by_number(&ledger, call)?;
    let (mut journal, old_number) = (old.clone(), old.number);
    if let Some(wanted) = number_sent(&call.body)?.filter(|wanted| *wanted != old_number) {
        if ledger.journals.contains_key(&wanted) {
            return Err(duplicate(wanted));
        }
        journal.number = wanted;
    }
    read(&call.body, &mut journal)?;
    let number = journal.number;
    file(&mut ledger, journal, Some(old_number))?;
    let body = detail(&ledger, ledger.journals.get(&number).ok_or_else(missing)?);
    if number == old_number { Ok(Reply::ok(body)) } else { Ok(Reply::created(format!("/journals/{number}"), body)) }
}

/// Deletes a journal.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let number = by_number(&ledger, call)?.number;
    remove(&mut ledger, number)?;
    Ok(Reply::done())
}

/// Checks a journal, gives it and its lines their ids and files it.
pub fn file(ledger: &mut Ledger, mut journal: Journal, replaces: Option<i64>) -> Result<(), ApiError> {
    ledger.check_journal(&journal)?;
    if let Some(old) = replaces.and_then(|number| ledger.journals.get(&number)) {
        ledger.refuse_journal_locked(old)?;
    }
    if journal.id == 0 {
        journal.id = ledger.fresh_id();
    }
    for line in journal.lines.iter_mut().filter(|line| line.id == 0) {
        line.id = ledger.fresh_id();
    }
    ledger.put_journal(journal, replaces);
    Ok(())
}

/// Deletes a journal that is not locked.
pub fn remove(ledger: &mut Ledger, number: i64) -> Result<(), ApiError> {
    ledger.refuse_journal_locked(ledger.journals.get(&number).ok_or_else(missing)?)?;
    ledger.take_out_journal(number);
    Ok(())
}

/// The number a new journal gets, and the journal it overwrites: as with invoices.
pub fn number_for(ledger: &Ledger, sent: Option<i64>) -> Result<(i64, Option<i64>), ApiError> {
    let next = ledger.next_journal_number();
    match sent {
        None => Ok((next, None)),
        Some(number) if !ledger.journals.contains_key(&number) => Ok((number, None)),
        Some(number) => match ledger.options().numbers {
            NumberMode::Reject => Err(duplicate(number)),
            NumberMode::Overwrite => Ok((number, Some(number))),
            NumberMode::Renumber => Ok((next, None)),
        },
    }
}

/// That there is no such journal.
pub fn missing() -> ApiError {
    ApiError::not_found("The journal")
}

fn by_number<'l>(ledger: &'l Ledger, call: &Call) -> Result<&'l Journal, ApiError> {
    let number = call.number(1, "The journal")?;
    ledger.journals.get(&number).ok_or_else(missing)
}

fn number_sent(body: &Json) -> Result<Option<i64>, ApiError> {
    match body.int("Number")? {
        None | Some(0) => Ok(None),
        Some(number) if (1..=NUMBER_MAX).contains(&number) => Ok(Some(number)),
        Some(_) => Err(ApiError::invalid("Number is out of range.")),
    }
}

fn duplicate(number: i64) -> ApiError {
    ApiError::refused("DuplicateJournalNumber", format!("Journal number {number} is already in use."))
}

fn read(body: &Json, journal: &mut Journal) -> Result<(), ApiError> {
    if let Some(name) = body.text("Name") {
        journal.name = name;
    }
    if let Some(date) = body.day("Date")? {
        journal.date = date;
    }
    if let Some(note) = body.text("Note") {
        journal.note = note;
    }
    if let Some(category) = body.int("Category")? {
        if !(0..=7).contains(&category) {
            return Err(ApiError::invalid(format!("Category {category} does not exist.")));
        }
        journal.category = category;
    }
    if let Some(lines) = body.list("LineItems")? {
        let lines: Result<Vec<JournalLine>, ApiError> = lines.iter().map(|line| line_of(line, journal)).collect();
        journal.lines = lines?;
    }
    for (name, _) in KEPT {
        if let Some(value) = body.get(name) {
            journal.extras.insert(name, value.clone());
        }
    }
    Ok(())
}

/// Either debit or credit, above 0. An id that is one of the journal's lines stays.
fn line_of(sent: &Json, journal: &Journal) -> Result<JournalLine, ApiError> {
    let (debit, credit) = (sent.amount("Debit")?.unwrap_or_default(), sent.amount("Credit")?.unwrap_or_default());
    if debit.is_sign_negative() || credit.is_sign_negative() {
        return Err(ApiError::invalid("Debit and Credit must not be negative."));
    }
    if debit.is_zero() == credit.is_zero() {
        return Err(ApiError::invalid("A journal line needs either Debit or Credit."));
    }
    let nominal = sent.int("NominalCode")?.ok_or_else(|| ApiError::invalid("LineItems.NominalCode is required."))?;
    let known = sent.int("Id")?.filter(|id| journal.lines.iter().any(|line| line.id == *id));
    Ok(JournalLine {
        id: known.unwrap_or(0),
        nominal,
        amount: round(debit - credit, 4),
        comment: sent.text("Comment"),
        project: sent.int("ProjectNumber")?,
        disallowed: sent.flag("Disallowed")?.unwrap_or(false),
    })
}

fn row(ledger: &Ledger, own: &Journal) -> Json {
    let mut members = vec![
        ("Number", own.number.into()),
        ("JournalName", own.name.as_str().into()),
        ("JournalDate", format!("{}T00:00:00", own.date).into()),
        ("Comment", own.note.as_str().into()),
        ("Category", own.category.into()),
        ("CategoryDescription", category(own).into()),
        ("TotalAmount", own.total().into()),
        ("LockedBankLines", ledger.locked_bank_lines(own).into()),
        ("IsTemplate", false.into()),
        ("TemplateName", Json::Null),
        ("VATReturnId", ledger.vat_return_of(own.date).into()),
    ];
    members.extend(kept(own));
    object(members)
}

fn detail(ledger: &Ledger, own: &Journal) -> Json {
    let lines = own.lines.iter().map(|line| {
        let nominal = ledger.nominals.get(&line.nominal);
        Json::object([
            ("Id", line.id.into()),
            ("NominalCode", line.nominal.into()),
            ("NominalName", nominal.map(|nominal| nominal.name.as_str()).into()),
            ("Comment", line.comment.as_deref().into()),
            ("Debit", line.amount.max(Decimal::ZERO).into()),
            ("Credit", (-line.amount).max(Decimal::ZERO).into()),
            ("ProjectNumber", line.project.into()),
            ("Disallowed", line.disallowed.into()),
            ("DisableDisallowed", false.into()),
        ])
    });
    let mut members = vec![
        ("Number", own.number.into()),
        ("Name", own.name.as_str().into()),
        ("Date", format!("{}T00:00:00", own.date).into()),
        ("Note", own.note.as_str().into()),
        ("Category", own.category.into()),
        ("TotalAmount", own.total().into()),
        ("VATReturnId", ledger.vat_return_of(own.date).into()),
        ("LineItems", Json::List(lines.collect())),
    ];
    members.extend(kept(own));
    object(members)
}

fn category(own: &Journal) -> &'static str {
    usize::try_from(own.category).ok().and_then(|index| CATEGORIES.get(index)).unwrap_or(&"")
}

fn kept(own: &Journal) -> impl Iterator<Item = (&'static str, Json)> {
    KEPT.iter().map(|(name, otherwise)| (*name, own.extras.get(name).unwrap_or(otherwise).clone()))
}

fn object(members: Vec<(&'static str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
