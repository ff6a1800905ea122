//! Keys, references and names of segments.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use model::{DocumentKey, DocumentKind, Draft, OrderId, Subject};

use super::Desk;
use crate::settlement::book::{Doc, Group};
use crate::settlement::poster::Poster;

/// `2026-11` for a segment that ends with the month, else its last day; `all` if nothing is split.
pub(super) fn segments(poster: &Poster<'_>) -> Vec<String> {
    let name = |segment: u16| match poster.calendar.segment(segment) {
        None => "all".to_owned(),
        Some(end) if end == end.last_of_month() => format!("{:04}-{:02}", end.year(), end.month()),
        Some(end) => end.to_string(),
    };
    let count = poster.calendar.days().iter().map(|day| day.segment).max().map_or(0, |last| last + 1);
    (0..count).map(name).collect()
}

/// Documents of each order, refunds apart: their days and parts, which tell their order.
pub(super) fn events<'d>(poster: &'d Poster<'_>) -> HashMap<(&'d str, bool), Vec<(Date, String)>> {
    let mut events: HashMap<(&str, bool), Vec<(Date, String)>> = HashMap::new();
    for state in &poster.book.docs {
        if let Doc::Sales { refund, group: Group::Event { order, part, .. }, .. } = state.doc {
            let on = state.day.unwrap_or(Date::MIN);
            let part = poster.texts.get(part);
            let part = if part.is_empty() { on.to_string() } else { part.to_owned() };
            events.entry((poster.texts.get(order), refund)).or_default().push((on, part));
        }
    }
    events
}

/// The key of a document of the settlement.
pub(super) fn key(desk: &Desk<'_, '_>, kind: DocumentKind, part: String) -> DocumentKey {
    let subject = Subject::Settlement { id: desk.head.id.clone(), currency: desk.poster.currency };
    DocumentKey { subject, kind, part, ordinal: 1 }
}

/// The key of a document of an order; of the settlement, if the order's id is none.
pub(super) fn order_key(desk: &Desk<'_, '_>, kind: DocumentKind, order: &str, part: String) -> DocumentKey {
    match OrderId::parse(order) {
        Ok(order) => DocumentKey { subject: Subject::Order(order), kind, part, ordinal: 1 },
        Err(_) => key(desk, kind, format!("{order}/{part}")),
    }
}

/// Letters, digits and dashes of a text, for references.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= 40 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Gives the second of two documents with one key the next ordinal, and of two with one reference a number.
pub(super) fn apart(
    mut draft: Draft,
    keys: &mut BTreeMap<DocumentKey, u32>,
    references: &mut BTreeMap<String, u32>,
) -> Draft {
    let (key, reference) = match &mut draft {
        Draft::Sales(draft) => (&mut draft.key, &mut draft.reference),
        Draft::Purchase(draft) => (&mut draft.key, &mut draft.reference),
        Draft::Bank(draft) => (&mut draft.key, &mut draft.reference),
        Draft::Transfer(draft) => (&mut draft.key, &mut draft.reference),
        Draft::Journal(draft) => (&mut draft.key, &mut draft.reference),
        Draft::Payment(draft) => (&mut draft.key, &mut draft.reference),
        Draft::Allocation(draft) => (&mut draft.key, &mut draft.reference),
    };
    let count = keys.entry(key.clone()).or_default();
    *count += 1;
    key.ordinal = *count;
    let count = references.entry(reference.clone()).or_default();
    *count += 1;
    if *count > 1 {
        *reference = format!("{reference}-{count}");
    }
    // The note of the payment is made of the key.
    let key = draft.key().clone();
    let payment = match &mut draft {
        Draft::Sales(draft) => draft.payment.as_mut(),
        Draft::Purchase(draft) => draft.payment.as_mut(),
        _ => None,
    };
    if let Some(payment) = payment {
        payment.note = crate::sales::payment_marker(&key);
    }
    draft
}
