//! Finances: pages of `listTransactions` (2024-06-19) as they were answered.
//!
//! A settlement shows a deferred sale when its money is released; finances tell when the goods left. What is posted are the settlement's
//! rows; amounts are read here only to forecast payouts and to compare.

use std::collections::BTreeMap;

use bookkeeping::settlement::Deferral;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::{Currency, Money};
use serde_json::Value;

use super::EvidenceError;

/// Largest file that is read.
const BYTES_MAX: usize = 256 << 20;

/// What finances tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finances {
    /// Deferred orders.
    pub deferrals: BTreeMap<String, Deferral>,
    /// Every transaction that says what it is, when and of what sum.
    pub transactions: Vec<Told>,
}

/// A transaction as far as it is compared. Texts are as Amazon writes them, empty if it says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// What happened: `Shipment`, `Refund`, ….
    pub kind: String,
    /// `RELEASED`, `DEFERRED`, `DEFERRED_RELEASED`.
    pub status: String,
    /// The order.
    pub order: String,
    /// The settlement that it says it is in.
    pub settlement: String,
    /// When it was posted.
    pub at: Timestamp,
    /// The day of it in Europe/London.
    pub on: Date,
    /// Its sum; `None`: the answer has none.
    pub amount: Option<Money>,
    /// The day on which deferred money is released.
    pub matures_on: Option<Date>,
    /// The deferred transaction that it releases.
    pub releases: Option<String>,
}

/// Reads pages: one answer, a list of answers, a list of transactions, or one answer on each line.
///
/// # Errors
///
/// What is not JSON, and transactions without what they must have.
pub fn finances(file: &str, bytes: &[u8]) -> Result<Finances, Vec<EvidenceError>> {
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
    let mut compared = Vec::new();
    for (index, transaction) in transactions.iter().enumerate() {
        let wrong = |what: String| {
            EvidenceError::new(file, format!("transaction {} {what}", index + 1), "Give the answer as Amazon sent it")
        };
        match told(transaction) {
            Ok(told) => compared.extend(told),
            Err(what) => problems.push(wrong(what)),
        }
        match deferral(transaction, &posted) {
            Ok(Some((order, found))) => {
                let known = deferrals.entry(order).or_insert(found);
                known.shipped_on = earliest(known.shipped_on, found.shipped_on);
                known.released_on = known.released_on.max(found.released_on);
            }
            Ok(None) => {}
            Err(what) => problems.push(wrong(what)),
        }
    }
    if problems.is_empty() { Ok(Finances { deferrals, transactions: compared }) } else { Err(problems) }
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

/// A transaction that has an id and a moment; without them there is nothing to compare.
fn told(transaction: &Value) -> Result<Option<Told>, String> {
    let Some(at) = text(transaction, "postedDate").and_then(|at| at.parse::<Timestamp>().ok()) else { return Ok(None) };
    let (Some(id), Some(on)) = (text(transaction, "transactionId"), day(transaction, "postedDate")) else {
        return Ok(None);
    };
    let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Ok(Some(Told {
        id: id.to_owned(),
        kind: own(text(transaction, "transactionType")),
        status: own(text(transaction, "transactionStatus")),
        order: own(identifier(transaction, "ORDER_ID")),
        settlement: own(identifier(transaction, "SETTLEMENT_ID")),
        at,
        on,
        amount: total(transaction)?,
        matures_on: matures_on(transaction),
        releases: identifier(transaction, "DEFERRED_TRANSACTION_ID").map(ToOwned::to_owned),
    }))
}

/// Its sum: `{ "currencyCode": "GBP", "currencyAmount": 19.6 }`, read from the digits that Amazon wrote.
fn total(transaction: &Value) -> Result<Option<Money>, String> {
    let Some(total) = transaction.get("totalAmount").filter(|total| !total.is_null()) else { return Ok(None) };
    let wrong = || "has a totalAmount that is no amount".to_owned();
    let currency = text(total, "currencyCode").and_then(|code| Currency::parse(code).ok()).ok_or_else(wrong)?;
    let digits = match total.get("currencyAmount") {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(digits)) => digits.clone(),
        _ => return Err(wrong()),
    };
    Money::parse(&digits, currency).map(Some).map_err(|error| format!("has a totalAmount of {digits}: {error}"))
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
