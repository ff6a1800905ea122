//! The settlement before: its file, or what `post --json` printed about it.

use amazon::settlements::{Checked, Input, Options, SettlementFile};
use bookkeeping::settlement::vocabulary::{Category, Known, Vocabulary};
use jiff::Timestamp;
use money::{Currency, Money};
use serde_json::Value;

use super::EvidenceError;
use crate::given::source;

/// What is known of an earlier settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The marketplace's id.
    pub id: String,
    /// End of its period.
    pub to: Option<Timestamp>,
    /// Its total.
    pub total: Money,
    /// What it held back, above zero.
    pub reserve: Option<Money>,
    /// Balance of the clearing account after it.
    pub clearing: Option<Money>,
}

/// Reads an earlier settlement, or the pack of it.
///
/// # Errors
///
/// [`EvidenceError`] if it is neither.
pub fn previous(file: &str, bytes: &[u8]) -> Result<Vec<Previous>, Vec<EvidenceError>> {
    let start = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if start == Some(&b'{') {
        return summary(file, bytes).map_err(|problem| vec![problem]);
    }
    let refused = |what: String| {
        vec![EvidenceError::new(
            file,
            what,
            "Give the settlement before, or what `settlement post --json` printed about it",
        )]
    };
    let open = SettlementFile::open(Input::Bytes(bytes), Options::default())
        .map_err(|refusal| refused(refusal.to_string()))?;
    let settlements = open.check(1).map_err(|refusal| refused(refusal.to_string()))?;
    let mut found = Vec::new();
    for checked in &settlements {
        let Some(head) = checked.settlement.as_ref().filter(|_| checked.balanced) else {
            return Err(refused("the settlement does not balance, so nothing can be told from it".to_owned()));
        };
        found.push(Previous {
            id: checked.id.clone(),
            to: head.to,
            total: head.total,
            reserve: Some(reserve(checked)),
            clearing: None,
        });
    }
    Ok(found)
}

/// What a settlement holds back, above zero.
pub(crate) fn reserve(checked: &Checked) -> Money {
    let vocabulary = Vocabulary::default();
    let held = checked.tally.triples().filter(|triple| {
        let known = vocabulary.look_up(source(checked.format), triple.kind(), triple.class(), triple.name());
        matches!(known, Known::Yes(meaning) if meaning.category == Category::ReserveHold)
    });
    let sum: i128 = held.map(|triple| triple.sum_minor).sum();
    // Sums of rows of a balanced settlement fit: they are parts of a total that does.
    Money::new(i64::try_from(-sum).unwrap_or(i64::MAX), checked.currency)
}

fn summary(file: &str, bytes: &[u8]) -> Result<Vec<Previous>, EvidenceError> {
    let wrong = |what: String| {
        EvidenceError::new(file, what, "Give what `settlement post --json` printed about the settlement before")
    };
    let pack: Value = serde_json::from_slice(bytes).map_err(|error| wrong(format!("this is not JSON: {error}")))?;
    let Some(settlements) = pack.get("settlements").and_then(Value::as_array) else {
        return Err(wrong("it has no list of settlements".to_owned()));
    };
    let mut found = Vec::new();
    for settlement in settlements {
        let text = |key: &str| settlement.get(key).and_then(Value::as_str);
        if text("state") != Some("posted") {
            continue;
        }
        let currency = text("currency")
            .and_then(|code| Currency::parse(code).ok())
            .ok_or_else(|| wrong("a settlement has no currency".to_owned()))?;
        let amount = |key: &str, currency: Currency| match text(key) {
            None => Ok(None),
            Some(digits) => Money::parse(digits, currency).map(Some).map_err(|error| wrong(format!("{key}: {error}"))),
        };
        let home = pack
            .get("currency")
            .and_then(Value::as_str)
            .and_then(|code| Currency::parse(code).ok())
            .unwrap_or(currency);
        found.push(Previous {
            id: text("settlement").unwrap_or_default().to_owned(),
            to: text("to").and_then(|moment| moment.parse().ok()),
            total: amount("total", currency)?.ok_or_else(|| wrong("a settlement has no total".to_owned()))?,
            reserve: amount("reserve_after", currency)?,
            clearing: amount("clearing_after", home)?,
        });
    }
    Ok(found)
}
