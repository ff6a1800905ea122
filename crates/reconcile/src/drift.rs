//! Drift: what we last confirmed in the books against what they hold now. Nothing is overwritten; a person decides.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::{DocumentKey, EntryKind, NominalCode, Receipt, VatRate};
use money::{Money, MoneyError};
use serde::{Deserialize, Serialize};

use crate::breaks::{self, Break, Code, Link};

/// A document or movement as the books hold it. Made from a [`Receipt`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The books' own number of it, unique among everything that is passed in: `invoice/1042`.
    pub id: String,
    /// Our dedupe key in its reference or comment.
    pub reference: String,
    /// Customer or supplier code; empty for a movement.
    pub party: String,
    /// Its date.
    pub on: Date,
    /// Its lines, in order.
    pub lines: Vec<HeldLine>,
    /// Paid so far; for a movement its amount.
    pub paid: Money,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLine {
    /// Net.
    pub net: Money,
    /// VAT.
    pub vat: Money,
    /// Rate.
    pub vat_rate: VatRate,
    /// Where it is posted.
    pub nominal: NominalCode,
}

/// What we confirmed: our key and what the books held then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Our key.
    pub key: DocumentKey,
    /// What was read back when it was confirmed.
    pub held: Held,
}

impl From<&Receipt> for Held {
    fn from(receipt: &Receipt) -> Held {
        let line = |line: &model::ReceiptLine| HeldLine {
            net: line.net,
            vat: line.vat,
            vat_rate: line.vat_rate,
            // Code 0 is no account of any books: it stands for "not told", then and now alike.
            nominal: line.nominal.unwrap_or(NominalCode(0)),
        };
        let is_document = matches!(receipt.kind, EntryKind::Sales | EntryKind::Purchase);
        Held {
            id: id(receipt),
            reference: receipt.reference.clone(),
            party: receipt.party.clone(),
            on: receipt.on,
            lines: receipt.lines.iter().map(line).collect(),
            paid: if is_document { receipt.paid } else { receipt.net.plus(receipt.vat).unwrap_or(receipt.net) },
        }
    }
}

/// By number, else by the books' own id of it, else by its mark.
fn id(receipt: &Receipt) -> String {
    let word = match receipt.kind {
        EntryKind::Sales => "invoice",
        EntryKind::Purchase => "bill",
        EntryKind::Bank => "bank",
        EntryKind::Transfer => "transfer",
        EntryKind::Journal => "journal",
        EntryKind::Payment => "payment",
        EntryKind::Allocation => "allocation",
    };
    match (receipt.number, receipt.remote_id) {
        (Some(number), _) => format!("{word}/{number}"),
        (None, Some(id)) => format!("{word}/{id}"),
        (None, None) => format!("{word}/{}", receipt.reference),
    }
}

/// Compares everything we confirmed with what the books hold now. `now` must hold all that was confirmed and still is there.
///
/// # Errors
///
/// [`MoneyError`] if lines or payments of one document are in different currencies.
pub fn find_drift(confirmed: &[Confirmed], now: &[Held]) -> Result<Vec<Break>, MoneyError> {
    let mut by_id: BTreeMap<&str, &Held> = BTreeMap::new();
    let mut by_reference: BTreeMap<&str, Vec<&Held>> = BTreeMap::new();
    for held in now {
        by_id.insert(&held.id, held);
        if !held.reference.is_empty() {
            by_reference.entry(&held.reference).or_default().push(held);
        }
    }
    let mut breaks = Vec::new();
    for one in confirmed {
        let then = &one.held;
        let ours: Vec<&Held> = by_reference.get(then.reference.as_str()).cloned().unwrap_or_default();
        // By its number; if that is gone, by our reference: the books may have renumbered it.
        let same = by_id.get(then.id.as_str()).copied();
        let same = same.or_else(|| ours.iter().min_by_key(|held| &held.id).copied());
        let Some(held) = same else {
            breaks.push(deleted(one)?);
            continue;
        };
        breaks.extend(edited(one, held)?);
        breaks.extend(paid(one, held)?);
        for double in ours.iter().filter(|other| other.id != held.id) {
            breaks.push(doubled(one, held, double));
        }
    }
    breaks::sort(&mut breaks);
    Ok(breaks)
}

fn gross(held: &Held) -> Result<Money, MoneyError> {
    held.lines.iter().try_fold(Money::zero(held.paid.currency()), |sum, line| sum.plus(line.net)?.plus(line.vat))
}

fn link(key: &DocumentKey) -> Link {
    Link::Document(key.clone())
}

fn deleted(one: &Confirmed) -> Result<Break, MoneyError> {
    let (gross, paid) = (gross(&one.held)?, one.held.paid);
    let cause = format!(
        "Document {} ({}) of {gross} was in the books and is gone, with its payment of {paid}.",
        one.held.id, one.held.reference
    );
    let found = Break::new(Code::DocumentDeleted, one.key.to_string(), gross.negated(), cause)
        .compare(gross, Money::zero(gross.currency()))
        .in_clearing(paid.negated())
        .since(Some(one.held.on))
        .evidence(link(&one.key), "confirmed", Some(gross));
    Ok(found)
}

fn edited(one: &Confirmed, now: &Held) -> Result<Option<Break>, MoneyError> {
    let then = &one.held;
    let mut changes = Vec::new();
    let mut note = |what: &str, then: String, now: String| {
        if then != now {
            changes.push(format!("{what} {then} is now {now}"));
        }
    };
    note("number", then.id.clone(), now.id.clone());
    note("reference", then.reference.clone(), now.reference.clone());
    note("party", then.party.to_uppercase(), now.party.to_uppercase());
    note("date", then.on.to_string(), now.on.to_string());
    note("number of lines", then.lines.len().to_string(), now.lines.len().to_string());
    for (at, (a, b)) in then.lines.iter().zip(&now.lines).enumerate() {
        let what = |field: &str| format!("{field} of line {}", at + 1);
        note(&what("net"), a.net.to_string(), b.net.to_string());
        note(&what("VAT"), a.vat.to_string(), b.vat.to_string());
        note(&what("VAT rate"), rate(a.vat_rate), rate(b.vat_rate));
        note(&what("account"), a.nominal.to_string(), b.nominal.to_string());
    }
    if changes.is_empty() {
        return Ok(None);
    }
    let (before, after) = (gross(then)?, gross(now)?);
    let cause = format!("Document {} ({}) was changed in the books: {}.", then.id, then.reference, changes.join("; "));
    let found = Break::new(Code::DocumentEdited, one.key.to_string(), after.minus(before)?, cause)
        .compare(before, after)
        .since(Some(then.on))
        .evidence(link(&one.key), "confirmed", Some(before))
        .evidence(Link::Books(now.id.clone()), "held now", Some(after));
    Ok(Some(found))
}

/// KashFlow keeps one flag for all that is no percentage, so a receipt cannot tell those apart.
fn rate(rate: VatRate) -> String {
    match rate {
        VatRate::Percent(percent) => format!("{} %", percent.normalize()),
        _ => "none".to_owned(),
    }
}

fn paid(one: &Confirmed, now: &Held) -> Result<Option<Break>, MoneyError> {
    let difference = now.paid.minus(one.held.paid)?;
    if difference.is_zero() {
        return Ok(None);
    }
    let cause = format!(
        "Document {} ({}) was paid with {}, now it is paid with {}.",
        one.held.id, one.held.reference, one.held.paid, now.paid
    );
    let found = Break::new(Code::PaidDifferently, one.key.to_string(), difference, cause)
        .compare(one.held.paid, now.paid)
        .in_clearing(difference)
        .since(Some(one.held.on))
        .evidence(link(&one.key), "confirmed", Some(one.held.paid))
        .evidence(Link::Books(now.id.clone()), "held now", Some(now.paid));
    Ok(Some(found))
}

fn doubled(one: &Confirmed, held: &Held, double: &Held) -> Break {
    let cause = format!("Documents {} and {} both have our reference {}.", held.id, double.id, double.reference);
    Break::new(Code::DocumentDuplicated, format!("{}/{}", one.key, double.id), double.paid, cause)
        .in_clearing(double.paid)
        .since(Some(double.on))
        .evidence(link(&one.key), "confirmed", Some(held.paid))
        .evidence(Link::Books(double.id.clone()), "has our reference", Some(double.paid))
}
