//! Notes on customers, suppliers, invoices, purchases and journals.

use super::call::Body;
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Ledger, Note};

/// All notes of an object, as a bare array.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let key = key(&ledger, call)?;
    let notes = ledger.notes.get(&key).map(Vec::as_slice).unwrap_or_default();
    Ok(Reply::ok(Json::List(notes.iter().map(|note| write(account, note)).collect())))
}

/// One note.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let number = call.number(3, "The note")?;
    let ledger = account.ledger();
    let key = key(&ledger, call)?;
    let found = ledger.notes.get(&key).and_then(|notes| notes.iter().find(|note| note.number == number));
    Ok(Reply::ok(write(account, found.ok_or_else(|| ApiError::not_found("The note"))?)))
}

/// Adds a note.
pub fn add(account: &Account, call: &Call) -> Outcome {
    let text = call.body.text("Text").ok_or_else(|| ApiError::invalid("Text is required."))?;
    let mut ledger = account.ledger();
    let key = key(&ledger, call)?;
    let (object, name) = key.clone();
    let notes = ledger.notes.entry(key).or_default();
    let number = notes.last().map_or(1, |last| last.number + 1);
    let note = Note { number, text, at: call.now };
    let body = write(account, &note);
    notes.push(note);
    Ok(Reply::created(format!("/{object}/{name}/notes/{number}"), body))
}

fn key(ledger: &Ledger, call: &Call) -> Result<(&'static str, String), ApiError> {
    let (side, named) = (call.side(), |route: &str| call.segment(0).eq_ignore_ascii_case(route));
    if named("journals") {
        let number = call.number(1, "The journal")?;
        let journal = ledger.journals.get(&number).ok_or_else(|| ApiError::not_found("The journal"))?;
        return Ok(("journals", journal.number.to_string()));
    }
    if named(side.contact_route()) {
        let contact = ledger[side].contacts.by_code(call.segment(1));
        let contact = contact.ok_or_else(|| ApiError::not_found(&format!("The {}", side.contact())))?;
        return Ok((side.contact_route(), contact.code.clone()));
    }
    let missing = || ApiError::not_found(&format!("The {}", side.document()));
    let invoice = ledger[side].invoices.get(call.number(1, "The document")?).ok_or_else(missing)?;
    Ok((side.route(), invoice.number.to_string()))
}

fn write(account: &Account, note: &Note) -> Json {
    Json::object([
        ("Number", note.number.into()),
        ("Text", note.text.as_str().into()),
        ("Date", day::print_moment(note.at)),
        ("LastModifiedBy", account.credentials("").username.into()),
    ])
}
