//! Runs: one evaluation of a flow version for one order, with its trace.

use jiff::Timestamp;
use model::PairId;
use serde_json::Value;

use crate::columns::{Columns, damaged, us};
use crate::{Store, StoreError, Tx};

pub(crate) const RECORD: &str = "INSERT INTO run (id, pair, subject, flow, flow_version, mapping_version, outcome, reason, trace, fact_id, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
pub(crate) const OF_SUBJECT: &str = "SELECT * FROM run WHERE pair = $1 AND subject = $2 ORDER BY id DESC LIMIT $3";
pub(crate) const PAGE: &str = "SELECT * FROM run WHERE ($1 = '' OR outcome = $1) AND ($2 = '' OR subject LIKE $2) AND ($3 = '' OR id < $3) \
     ORDER BY id DESC LIMIT $4";
pub(crate) const GET: &str = "SELECT * FROM run WHERE id = $1";

/// One evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// UUIDv7: ids sort by time.
    pub id: String,
    /// The pair.
    pub pair: PairId,
    /// The order.
    pub subject: String,
    /// The flow's name.
    pub flow: String,
    /// Its version.
    pub flow_version: u32,
    /// The mapping's version.
    pub mapping_version: u32,
    /// `wants`, `nothing`, `waiting` or `parked`.
    pub outcome: String,
    /// Why, in a sentence.
    pub reason: Option<String>,
    /// Every step's decision, input and output. Never buyer data.
    pub trace: Value,
    /// The fact it decided on.
    pub fact_id: Option<i64>,
    /// When.
    pub at: Timestamp,
}

/// Which runs to list.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    /// Only this outcome.
    pub outcome: Option<String>,
    /// Only orders whose id begins so.
    pub subject_prefix: Option<String>,
}

/// Records a run.
///
/// # Errors
///
/// [`StoreError`].
pub async fn record(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    sqlx::query(RECORD)
        .bind(&run.id)
        .bind(run.pair.as_str())
        .bind(&run.subject)
        .bind(&run.flow)
        .bind(i64::from(run.flow_version))
        .bind(i64::from(run.mapping_version))
        .bind(&run.outcome)
        .bind(&run.reason)
        .bind(run.trace.to_string())
        .bind(run.fact_id)
        .bind(us(run.at))
        .execute(tx)
        .await?;
    Ok(())
}

/// The runs of an order, newest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn of_subject(store: &Store, pair: &PairId, subject: &str, limit: u32) -> Result<Vec<Run>, StoreError> {
    let query = sqlx::query(OF_SUBJECT).bind(pair.as_str()).bind(subject).bind(i64::from(limit));
    query.fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// Runs, newest first, after the id `after`.
///
/// # Errors
///
/// [`StoreError`].
pub async fn page(store: &Store, filter: &RunFilter, after: Option<&str>, limit: u32) -> Result<Vec<Run>, StoreError> {
    let prefix = filter.subject_prefix.as_deref().map(|text| format!("{}%", escaped(text))).unwrap_or_default();
    let query =
        sqlx::query(PAGE).bind(filter.outcome.clone().unwrap_or_default()).bind(prefix).bind(after.unwrap_or(""));
    query.bind(i64::from(limit)).fetch_all(store.readers()).await?.iter().map(|row| read(&Columns(row))).collect()
}

/// One run.
///
/// # Errors
///
/// [`StoreError`].
pub async fn get(store: &Store, id: &str) -> Result<Option<Run>, StoreError> {
    let row = sqlx::query(GET).bind(id).fetch_optional(store.readers()).await?;
    row.map(|row| read(&Columns(&row))).transpose()
}

/// Without the two characters that LIKE reads as wildcards.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().filter(|character| !matches!(character, '%' | '_')).collect()
}

fn read(row: &Columns<'_>) -> Result<Run, StoreError> {
    Ok(Run {
        id: row.text("id")?,
        pair: row.parsed("pair", PairId::parse)?,
        subject: row.text("subject")?,
        flow: row.text("flow")?,
        flow_version: row.count("flow_version")?,
        mapping_version: row.count("mapping_version")?,
        outcome: row.text("outcome")?,
        reason: row.opt_text("reason")?,
        trace: serde_json::from_str(&row.text("trace")?).map_err(|_| damaged("trace"))?,
        fact_id: row.opt_int("fact_id")?,
        at: row.time("at")?,
    })
}
