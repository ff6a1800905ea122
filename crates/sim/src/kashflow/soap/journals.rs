//! Journals in the shape of the SOAP API: signed amounts, debits above 0.

use super::Asked;
use super::company::nominal_of;
use crate::kashflow::Account;
use crate::kashflow::api::{Body as _, journals as rest};
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Extras, Journal, JournalLine, Ledger, round};

type Outcome = Result<Json, ApiError>;

/// Files a journal; gives its number. 0 takes the next one.
pub fn insert(account: &Account, asked: &Asked) -> Outcome {
    let sent = sent(asked)?;
    let mut ledger = account.ledger();
    let wanted = sent.int("JournalNumber")?.filter(|number| *number != 0);
    if wanted.is_some_and(i64::is_negative) {
        return Err(ApiError::invalid("JournalNumber must be above 0"));
    }
    let (number, replaces) = rest::number_for(&ledger, wanted)?;
    let journal = Journal {
        id: 0,
        number,
        name: String::new(),
        date: sent.day("JournalDate")?.unwrap_or_else(|| account.today()),
        note: sent.text("Comment").unwrap_or_default(),
        category: 0,
        lines: lines(&ledger, sent)?,
        extras: Extras::new(),
    };
    rest::file(&mut ledger, journal, replaces)?;
    Ok(number.into())
}

/// Replaces date, comment and lines of a journal, found by its internal id, else by its number.
pub fn update(account: &Account, asked: &Asked) -> Outcome {
    let sent = sent(asked)?;
    let mut ledger = account.ledger();
    let (id, number) = (sent.int("DBID")?.unwrap_or_default(), sent.int("JournalNumber")?.unwrap_or_default());
    let old = ledger.journals.values().find(|own| own.id == id).or_else(|| ledger.journals.get(&number));
    let mut journal = old.ok_or_else(rest::missing)?.clone();
    journal.date = sent.day("JournalDate")?.unwrap_or(journal.date);
    journal.note = sent.text("Comment").unwrap_or_default();
    journal.lines = lines(&ledger, sent)?;
    let number = journal.number;
    rest::file(&mut ledger, journal, Some(number))?;
    Ok("Updated".into())
}

/// The journal with a number.
pub fn by_number(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    let found = ledger.journals.get(&asked.args.int("JournalNumber")?.unwrap_or_default());
    found.map(|own| shown(&ledger, own)).ok_or_else(rest::missing)
}

/// All journals, by number.
pub fn all(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    let hidden = ledger.recent.made_after(asked.seen_until);
    let found = ledger.journals.values().filter(|own| !hidden.contains(&own.id));
    Ok(Json::List(found.map(|own| shown(&ledger, own)).collect()))
}

/// Deletes the journal with a number.
pub fn delete(account: &Account, asked: &Asked) -> Outcome {
    let number = asked.args.int("JournalNumber")?.unwrap_or_default();
    rest::remove(&mut account.ledger(), number).map(|()| Json::Flag(true))
}

/// Deletes the journal with an internal id.
pub fn delete_by_id(account: &Account, asked: &Asked) -> Outcome {
    let id = asked.args.int("JournalID")?.unwrap_or_default();
    let mut ledger = account.ledger();
    let number = ledger.journals.values().find(|own| own.id == id).map(|own| own.number).ok_or_else(rest::missing)?;
    rest::remove(&mut ledger, number).map(|()| Json::Flag(true))
}

fn sent(asked: &Asked) -> Result<&Json, ApiError> {
    asked.args.get("Jnl").ok_or_else(|| ApiError::invalid("Jnl is missing"))
}

fn lines(ledger: &Ledger, sent: &Json) -> Result<Vec<JournalLine>, ApiError> {
    let mut lines = Vec::new();
    for line in sent.list("Lines")?.unwrap_or_default() {
        let amount = round(line.amount("Amount")?.unwrap_or_default(), 4);
        if amount.is_zero() {
            return Err(ApiError::invalid("A journal line needs an Amount"));
        }
        lines.push(JournalLine {
            id: 0,
            nominal: nominal_of(ledger, line.int("NominalID")?.unwrap_or_default())?,
            amount,
            comment: line.text("Comment"),
            project: line.int("ProjId")?.filter(|project| *project != 0),
            disallowed: false,
        });
    }
    Ok(lines)
}

fn shown(ledger: &Ledger, own: &Journal) -> Json {
    let lines = own.lines.iter().map(|line| {
        Json::object([
            ("NominalID", ledger.nominals.get(&line.nominal).map(|nominal| nominal.id).into()),
            ("Amount", line.amount.into()),
            ("Comment", line.comment.as_deref().into()),
            ("ProjId", line.project.into()),
        ])
    });
    Json::object([
        ("DBID", own.id.into()),
        ("JournalNumber", own.number.into()),
        ("JournalDate", format!("{}T00:00:00", own.date).into()),
        ("Comment", own.note.as_str().into()),
        ("Lines", Json::List(lines.collect())),
    ])
}
