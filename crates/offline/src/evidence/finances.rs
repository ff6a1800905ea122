//! Finances: pages of `listTransactions` (2024-06-19) as they were answered.
//!
//! A settlement shows a deferred sale when its money is released; finances tell when the goods left. No amount is read here: what is
//! posted are the settlement's rows.

use std::collections::BTreeMap;

use bookkeeping::settlement::Deferral;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::EvidenceError;

/// Largest file that is read.
const BYTES_MAX: usize = 256 << 20;

/// Reads pages: one answer, a list of answers, a list of transactions, or one answer on each line. Gives deferred orders.
///
/// # Errors
///
/// What is not JSON, and transactions without what they must have.
pub fn finances(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, Deferral>, Vec<EvidenceError>> {
    if bytes.len() > BYTES_MAX {
        return Err(vec![EvidenceError::new(
            file,
            "the file is larger than 256 MiB",
            "Give the pages of one settlement's period",
        )]);
    }
    let pages = pages(file, bytes).map_err(|problem| vec![problem])?;
    let transactions: Vec<&Value> = pages.iter().flat_map(transactions).collect();
    if transactions.is_empty() && !pages.iter().any(is_page) {
        return Err(vec![EvidenceError::new(
            file,
            "there is no list of transactions in it",
            "Give what listTransactions of Finances 2024-06-19 answered: { \"payload\": { \"transactions\": [ … ] } }",
        )]);
    }
    let mut problems = Vec::new();
    let mut posted: BTreeMap<&str, Date> = BTreeMap::new();
    for transaction in &transactions {
        if let (Some(id), Some(on)) = (text(transaction, "transactionId"), day(transaction, "postedDate")) {
            posted.insert(id, on);
        }
    }
    let mut deferrals: BTreeMap<String, Deferral> = BTreeMap::new();
    for (index, transaction) in transactions.iter().enumerate() {
        match deferral(transaction, &posted) {
            Ok(Some((order, found))) => {
                let known = deferrals.entry(order).or_insert(found);
                known.shipped_on = earliest(known.shipped_on, found.shipped_on);
                known.released_on = known.released_on.max(found.released_on);
            }
            Ok(None) => {}
            Err(what) => problems.push(EvidenceError::new(
                file,
                format!("transaction {} {what}", index + 1),
                "Give the answer as Amazon sent it",
            )),
        }
    }
    if problems.is_empty() { Ok(deferrals) } else { Err(problems) }
}

fn pages(file: &str, bytes: &[u8]) -> Result<Vec<Value>, EvidenceError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(EvidenceError::new(file, "the file is empty", "Export it again"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut found = Vec::new();
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
        match value {
            Ok(Value::Array(list)) => found.extend(list),
            Ok(value) => found.push(value),
            Err(error) => {
                let line = u64::try_from(error.line()).unwrap_or(u64::MAX);
                return Err(EvidenceError::new(
                    file,
                    format!("this is not JSON: {error}"),
                    "Give the answer as Amazon sent it",
                )
                .at(line));
            }
        }
    }
    Ok(found)
}

fn is_page(page: &Value) -> bool {
    page.get("transactions").or_else(|| page.get("payload")).is_some()
}

fn transactions(page: &Value) -> Vec<&Value> {
    let body = page.get("payload").unwrap_or(page);
    match body.get("transactions").and_then(Value::as_array) {
        Some(list) => list.iter().collect(),
        None if body.get("transactionType").is_some() => vec![body],
        None => Vec::new(),
    }
}

fn deferral(transaction: &Value, posted: &BTreeMap<&str, Date>) -> Result<Option<(String, Deferral)>, String> {
    let Some(order) = identifier(transaction, "ORDER_ID") else { return Ok(None) };
    let status = text(transaction, "transactionStatus").unwrap_or("");
    let on = || match transaction.get("postedDate") {
        None => Err("has no postedDate".to_owned()),
        Some(_) => {
            day(transaction, "postedDate").map(Some).ok_or_else(|| "has a postedDate that is no moment".to_owned())
        }
    };
    let found = match status {
        "DEFERRED" => Deferral { shipped_on: on()?, released_on: None },
        "DEFERRED_RELEASED" => {
            let release = identifier(transaction, "RELEASE_TRANSACTION_ID").and_then(|id| posted.get(id).copied());
            Deferral { shipped_on: on()?, released_on: release.or_else(|| matures_on(transaction)) }
        }
        // The release of a deferred transaction: it refers back, and says when.
        _ if identifier(transaction, "DEFERRED_TRANSACTION_ID").is_some() => {
            let before = identifier(transaction, "DEFERRED_TRANSACTION_ID").and_then(|id| posted.get(id).copied());
            Deferral { shipped_on: before, released_on: on()? }
        }
        _ => return Ok(None),
    };
    Ok(Some((order.to_owned(), found)))
}

fn earliest(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.into_iter().chain(other).min()
}

fn matures_on(transaction: &Value) -> Option<Date> {
    let contexts = transaction.get("contexts")?.as_array()?;
    contexts.iter().find_map(|context| day(context, "maturityDate"))
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn day(value: &Value, key: &str) -> Option<Date> {
    let at: Timestamp = text(value, key)?.parse().ok()?;
    let london = TimeZone::get("Europe/London").ok()?;
    Some(at.to_zoned(london).date())
}

fn identifier<'v>(transaction: &'v Value, name: &str) -> Option<&'v str> {
    let all = transaction.get("relatedIdentifiers")?.as_array()?;
    let one = all.iter().find(|identifier| text(identifier, "relatedIdentifierName") == Some(name))?;
    text(one, "relatedIdentifierValue")
}
