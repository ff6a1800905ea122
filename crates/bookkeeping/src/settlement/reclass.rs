//! What other rules would change: the difference of two postings of the same rows, as one journal to propose.
//!
//! Documents that are in the books stay as they are; a person applies the journal, or reverses and posts again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::{DocumentKey, DocumentKind, Draft, JournalDraft, JournalLine, Settlement, Subject};
use money::{Currency, Money, MoneyError};

use super::posted::Posted;
use crate::Accounts;

/// What other rules would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reclass {
    /// Balances that would move, debit positive.
    pub changes: Vec<(model::NominalCode, Money)>,
    /// The journal that moves them, unless VAT control accounts are touched: those belong on documents.
    pub journal: Option<JournalDraft>,
    /// Documents that would not be there, to be reversed where no journal can be used.
    pub gone: Vec<DocumentKey>,
    /// Documents that would be there instead. One that only changed is in both.
    pub new: Vec<Draft>,
}

impl Reclass {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.gone.is_empty() && self.new.is_empty()
    }
}

/// Compares what is posted with what the same rows would be under other rules. `on` is the day of the journal, an open one.
///
/// # Errors
///
/// [`MoneyError`] if a difference does not fit.
pub fn reclass(
    posted: &Posted,
    wanted: &Posted,
    head: &Settlement,
    accounts: &Accounts,
    currency: Currency,
    on: Date,
) -> Result<Reclass, MoneyError> {
    let (before, after) = (&posted.ledger, &wanted.ledger);
    let codes: BTreeSet<_> = before.iter().chain(after.iter()).map(|(code, _)| code).collect();
    let mut changes = Vec::new();
    for code in codes {
        let change = after.balance(code, currency).minus(before.balance(code, currency))?;
        if !change.is_zero() {
            changes.push((code, change));
        }
    }
    let controls: Vec<_> = [crate::Role::VatIn, crate::Role::VatOut]
        .iter()
        .filter_map(|role| accounts.general.get(role).copied())
        .collect();
    let touches_vat = changes.iter().any(|(code, _)| controls.contains(code));
    let journal = (!changes.is_empty() && !touches_vat).then(|| JournalDraft {
        key: DocumentKey {
            subject: Subject::Settlement { id: head.id.clone(), currency: head.currency },
            kind: DocumentKind::Journal,
            part: format!("reclass/{on}"),
            ordinal: 1,
        },
        reference: format!("S-{}-reclass-{on}", head.id),
        on,
        currency,
        lines: changes
            .iter()
            .map(|(nominal, amount)| JournalLine {
                nominal: *nominal,
                amount: *amount,
                description: accounts.title(*nominal),
            })
            .collect(),
        description: format!("Settlement {}: rows that were read otherwise before", head.id),
        reverses: None,
    });
    let by_key = |documents: &[Draft]| -> BTreeMap<DocumentKey, Draft> {
        documents.iter().map(|document| (document.key().clone(), document.clone())).collect()
    };
    let (before, after) = (by_key(&posted.documents), by_key(&wanted.documents));
    let differs =
        |document: &Draft, others: &BTreeMap<DocumentKey, Draft>| others.get(document.key()) != Some(document);
    let gone = before.values().filter(|document| differs(document, &after)).map(|document| document.key().clone());
    let new = after.values().filter(|document| differs(document, &before)).cloned();
    Ok(Reclass { changes, journal, gone: gone.collect(), new: new.collect() })
}
